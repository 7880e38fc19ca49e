//! Facts of many units become the province's tables and the report's figures.

pub mod apportion;
pub mod figures;
pub mod form_table;
pub mod frame;
pub mod past;
pub mod table;

pub use figures::{FigureScope, figures};
pub use form_table::{Filing, form_table};
pub use past::PastFigures;
pub use table::{
    Consolidated, FieldRef, Figure, FormTable, FreeRow, LineState, Subtotal, UnitLine,
};
