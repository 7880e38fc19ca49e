//! Facts of many units become the province's tables.

pub mod table;

pub use table::{
    Consolidated, FieldRef, Figure, FormTable, FreeRow, LineState, Subtotal, UnitLine,
};
