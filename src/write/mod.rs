//! Workbooks the tool writes: the template of each unit, the master workbook, the appendices, and
//! the returned copy of a received workbook. The only place that names the spreadsheet writer.
//!
//! Folders in order of dependence; each imports only from those before it, the last ones never from
//! each other, but that `own` builds on `template`:
//!
//! - `paper`: sheets, looks, widths, where a form's cells lie; `worksheet`: what a sheet's part holds;
//! - `formula`: rules and folds of a form as live formulas;
//! - `template`, `master`, `appendix`, `returned`, `sheet_form`: one kind of workbook each;
//! - `list`, `letter`: plain lists of the office's pages, letters to units;
//! - `own`: the template of a form that the office has drawn itself.

#[cfg(feature = "full")]
mod appendix;
#[cfg(feature = "full")]
mod formula;
#[cfg(feature = "full")]
mod letter;
#[cfg(feature = "full")]
mod list;
#[cfg(feature = "full")]
mod master;
#[cfg(feature = "full")]
mod own;
mod paper;
pub mod returned;
#[cfg(feature = "full")]
mod sheet_form;
#[cfg(feature = "full")]
mod template;
mod worksheet;

#[cfg(feature = "full")]
pub use appendix::write::{
    ListedAppendix, ListedGroup, ListedRow, appendix_lists, write_appendices,
    write_appendix_document,
};
#[cfg(feature = "full")]
pub use formula::layout::{CheckCell, CheckPlace, FormSheet, TemplateLayout};
#[cfg(feature = "full")]
pub use letter::{Letter, letters_document};
#[cfg(feature = "full")]
pub use list::{ListBook, ListCell, ListColumn, ListSheet, list_bytes};
#[cfg(feature = "full")]
pub use master::book::MasterInput;
#[cfg(feature = "full")]
pub use master::write::write_master;
#[cfg(feature = "full")]
pub use own::{NewCell, OwnWorkbook, edited_bytes, own_template_bytes};
pub use paper::error::WriteError;
pub use paper::grid::{Grid, GridRow, Line};
#[cfg(feature = "full")]
pub use paper::save::write_whole;
#[cfg(feature = "full")]
pub use sheet_form::{
    CampaignWorkbook, FormWorkbook, campaign_workbook_bytes, form_workbook_bytes,
};
#[cfg(feature = "full")]
pub use template::fill::{Fill, Input, TemplateInput};
#[cfg(feature = "full")]
pub use template::write::{template_bytes, write_template};

#[cfg(test)]
mod tests;
