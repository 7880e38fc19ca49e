//! The workbook a unit receives and fills.

pub mod check_lines;
pub mod check_parts;
pub mod check_rows;
pub mod checks;
pub mod choices;
pub mod complete;
pub mod computed;
pub mod fill;
pub mod frame;
pub mod guide;
pub mod input;
pub mod name_row;
pub mod over;
pub mod painter;
pub mod previous;
pub mod sheet;
pub mod text;
pub mod total;
pub mod write;
