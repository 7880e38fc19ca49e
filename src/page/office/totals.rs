//! Totals, what they are made of, results to download, closing.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::frame::Frame;

/// The page of totals.
#[derive(Debug, Clone, Serialize)]
pub struct Totals {
    /// When it was looked at, in words.
    pub at: String,
    /// When the period was closed, and whether units were lacking then.
    pub closed: Option<(String, bool)>,
    /// Figures of the report.
    pub figures: Vec<TotalFigure>,
    /// Forms.
    pub forms: Vec<TotalForm>,
    /// Files of the last results, and when they were made.
    pub results: Vec<ResultFile>,
    pub made: Option<String>,
    /// Has something come in since?
    pub outdated: bool,
    /// Templates of the report.
    pub reports: Vec<ReportTemplate>,
    /// Units that lack, with why, for whoever closes.
    pub missing: Vec<Lacking>,
    pub returned: Vec<Lacking>,
    /// Units with something to be explained still.
    pub unexplained: Vec<Lacking>,
}

/// A figure of the report.
#[derive(Debug, Clone, Serialize)]
pub struct TotalFigure {
    /// Id and what it is.
    pub id: String,
    pub label: String,
    /// The figure and its unit of measure; `None` if it cannot be told yet.
    pub value: Option<String>,
    pub unit: Option<String>,
    /// Units that it lacks.
    pub lacking: usize,
}

/// A form in the totals.
#[derive(Debug, Clone, Serialize)]
pub struct TotalForm {
    /// Its title and official code.
    pub title: String,
    pub code: Option<String>,
    /// A name for the place on the page.
    pub anchor: String,
    /// Units in the totals, and all that must file it.
    pub accepted: usize,
    pub all: usize,
    /// Units that are not in it.
    pub lacking: Vec<Lacking>,
    /// Heads of the value columns.
    pub columns: Vec<String>,
    /// Rows: words, and one cell a column; `None` where there is no such field.
    pub rows: Vec<(String, Vec<Option<TotalCell>>)>,
}

/// A total.
#[derive(Debug, Clone, Serialize)]
pub struct TotalCell {
    /// The figure; blank if nothing was filed.
    pub value: Option<String>,
    /// Address of what it is made of.
    pub href: String,
}

/// A unit that is not in a total.
#[derive(Debug, Clone, Serialize)]
pub struct Lacking {
    /// Its name, and address of its page.
    pub name: String,
    pub href: String,
    /// Why, in words; the state for its colour.
    pub why: String,
    pub returned: bool,
}

/// A file of results.
#[derive(Debug, Clone, Serialize)]
pub struct ResultFile {
    /// Its name.
    pub name: String,
    /// Its size, in words.
    pub size: String,
    /// What it is, in words.
    pub about: String,
    /// Its address.
    pub href: String,
}

/// A template of the report.
#[derive(Debug, Clone, Serialize)]
pub struct ReportTemplate {
    /// Its path in the campaign.
    pub path: String,
}

/// What a total is made of.
#[derive(Debug, Clone, Serialize)]
pub struct Parts {
    /// Title of the form.
    pub form: String,
    /// The row and the column, in the form's words.
    pub row: String,
    pub column: String,
    /// The total.
    pub total: Option<String>,
    /// Units in it, greatest first or in the order of the campaign.
    pub parts: Vec<Part>,
    /// Units that lack.
    pub lacking: Vec<Lacking>,
    /// Ordered by figure?
    pub by_figure: bool,
    /// Addresses in either order.
    pub in_order: String,
    pub in_figures: String,
}

/// A unit's part of a total.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name, and address of its page.
    pub name: String,
    pub href: String,
    /// Its figure.
    pub value: Option<String>,
    /// Its share of the total in percent, where that can be told.
    pub share: Option<String>,
    /// Where it was read: file, sheet, cell.
    pub file: Option<String>,
    pub sheet: Option<String>,
    pub cell: Option<String>,
    /// Rows it is the sum of, in a form whose rows units add.
    pub rows: Vec<(String, String, String)>,
}

/// The page of totals.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn totals_page(frame: &Frame<'_>, nav: &Nav, page: &Totals) -> Result<String, Message> {
    render("office-totals.html", frame, nav, page)
}

/// The page of what a total is made of.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn parts_page(frame: &Frame<'_>, nav: &Nav, page: &Parts) -> Result<String, Message> {
    render("office-parts.html", frame, nav, page)
}
