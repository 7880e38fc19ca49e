//! Consolidation: the facts of all units added up to the province's tables (lines, subtotals,
//! totals) and the report's figures.

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
    Consolidated, Figure, FormTable, FreeRow, LineState, Subtotal, TableField, UnitLine,
};
