//! The receipt of a submission: a page to print.

use chrono::NaiveDateTime;
use serde::Serialize;

use super::engine;
use super::frame::Frame;
use super::state::AnswerState;
use super::words;
use crate::model::{Message, Period};

/// What was received, when, from whom.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Number of the submission.
    pub number: String,
    /// When it was received, by the office's clock.
    pub at: NaiveDateTime,
    /// Name of the unit.
    pub unit: String,
    /// Code of the unit.
    pub code: String,
    /// The reference period.
    pub period: Period,
    /// What was received.
    pub files: Vec<ReceiptFile>,
    /// What became of it.
    pub state: AnswerState,
    /// Places to correct.
    pub errors: usize,
    /// Places to explain.
    pub warnings: usize,
    /// Address of the unit's page.
    pub back: String,
}

/// A file that was received.
#[derive(Debug, Clone)]
pub struct ReceiptFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Titles of the forms found in it.
    pub forms: Vec<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    number: String,
    at: String,
    unit: String,
    code: String,
    period: String,
    files: Vec<ShownFile>,
    state: AnswerState,
    word: String,
    errors: usize,
    warnings: usize,
    back: &'a str,
}

#[derive(Serialize)]
struct ShownFile {
    name: String,
    size: String,
    sha256: String,
    forms: Vec<String>,
}

/// The receipt as a page.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn receipt_page(frame: &Frame<'_>, receipt: &Receipt) -> Result<String, Message> {
    let lang = frame.lang;
    let file = |file: &ReceiptFile| ShownFile {
        name: words::name(&file.name),
        size: words::size(file.bytes, lang),
        sha256: words::name(&file.sha256),
        forms: file.forms.iter().map(|form| words::name(form)).collect(),
    };
    let shown = Shown {
        number: words::name(&receipt.number),
        at: words::moment(receipt.at, lang),
        unit: words::name(&receipt.unit),
        code: words::name(&receipt.code),
        period: words::period(receipt.period, lang),
        files: receipt.files.iter().map(file).collect(),
        state: receipt.state,
        word: lang.of(&receipt.state.word()).to_owned(),
        errors: receipt.errors,
        warnings: receipt.warnings,
        back: &receipt.back,
    };
    engine::render("receipt.html", frame, &shown)
}
