//! Random forms and the figures of units that fill them: what a form may be, rules evaluated
//! without the product, campaign folders, templates filled by editing their XML. A library for
//! tests and examples; nothing in it reads or writes a workbook by the product's own code.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

pub mod additive;
pub mod blocks;
pub mod evaluate;
pub mod exact;
pub mod expression;
pub mod folder;
pub mod generate;
pub mod instances;
pub mod package;
pub mod past;
pub mod rounding;
pub mod rows;
pub mod seed;
pub mod sheet;
pub mod spec;
pub mod time;
pub mod totals;
pub mod words;
pub mod world;
