//! Workbooks the tool writes: the template of each unit, the master workbook, the appendices, and
//! the returned copy of a received workbook. The only place that names the spreadsheet writer.
//!
//! Rooms, from the ground up; each uses those before it, the last four never each other:
//!
//! - `paper`: sheets, looks, widths, where a form's cells lie;
//! - `formula`: rules and folds of a form as live formulas;
//! - `template`, `master`, `appendix`, `returned`: one kind of workbook each.

mod appendix;
mod formula;
mod master;
mod paper;
pub mod returned;
mod template;

pub use appendix::write::{
    Listed, ListedGroup, ListedRow, appendix_lists, write_appendices, write_appendix_document,
};
pub use formula::layout::{CheckCell, CheckPlace, FormSheet, Layout};
pub use master::book::MasterInput;
pub use master::write::write_master;
pub use paper::error::WriteError;
pub use paper::grid::{Grid, Line, RowRef};
pub use paper::save::{save, write_whole};
pub use template::fill::{Fill, Input, TemplateInput};
pub use template::write::write_template;

#[cfg(test)]
mod tests;
