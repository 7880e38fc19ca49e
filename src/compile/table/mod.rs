//! A table of a blank form: where it lies on its sheet, its columns and rows, what is printed
//! around it.

mod columns;
mod decimals;
mod frame;
mod header;
mod headless;
mod kinds;
mod numbering;
mod read;
mod rows;
mod title;
mod types;

pub(super) use headless::lists;
pub(super) use read::tables;
pub(super) use types::{Column, Figures, Part, Role, Row, RowKind, Table};
