//! A form read from a workbook, with everything that is wrong with it.

use super::mend;
use super::text::{Places, Text, quoted};
use super::told::{Mistake, Told};
use super::words::{EXAMPLES_SHEET, FIELDS_SHEET, RULES_SHEET, is_called};
use crate::compile::CompileError;
use crate::model::{Message, Place, Severity};
use crate::schema::Form;
use crate::workbook::FileProblem;

/// A form read from a workbook.
#[derive(Debug)]
pub struct SheetForm {
    /// The form's id.
    pub id: String,
    /// Its text in the form language. Where there are mistakes, what is wrong is left out of it.
    pub toml: String,
    /// The cells behind the text.
    pub places: Places,
    /// What is wrong, sheet by sheet and cell by cell.
    pub mistakes: Vec<Mistake>,
    /// The form, unless something keeps it from being one even without what is wrong.
    pub form: Option<Form>,
}

impl SheetForm {
    /// Is there a mistake that must be mended first?
    pub fn is_wrong(&self) -> bool {
        let mut mistakes = self.mistakes.iter();
        self.form.is_none() || mistakes.any(|mistake| mistake.severity == Severity::Error)
    }

    /// Every error, a line each with its cell.
    pub fn wrong(&self, file: &str) -> Message {
        wrong(file, &self.mistakes)
    }

    /// The cell in which a rule has its id, or says what must hold.
    pub fn cell_of(&self, rule: &str) -> Option<&Place> {
        let id = format!("id = {}", quoted(rule));
        let line = self.toml.lines().position(|line| line == id)?;
        self.places.at(line + 1, 1)
    }
}

/// The errors among the mistakes of a file, a line each with its cell.
pub fn wrong(file: &str, mistakes: &[Mistake]) -> Message {
    let errors = mistakes.iter();
    let errors = errors.filter(|mistake| mistake.severity == Severity::Error);
    let lines = errors.map(|mistake| {
        let Place { sheet, cell } = &mistake.place;
        let Message { vi, en } = &mistake.message;
        (
            format!("{file}: trang «{sheet}», ô {cell}: {vi}"),
            format!("{file}: sheet «{sheet}», cell {cell}: {en}"),
        )
    });
    let (vi, en): (Vec<String>, Vec<String>) = lines.unzip();
    Message::new(vi.join("\n"), en.join("\n"))
}

/// Why a workbook gives no form.
#[derive(Debug)]
pub enum SheetError {
    /// It cannot be read.
    File(FileProblem),
    /// It has neither a sheet «Chỉ tiêu» nor a sheet «Quy tắc».
    NoForm(Message),
    /// The blank in it cannot be compiled.
    Blank(CompileError),
}

/// The text as a form, with everything that the form language refuses told at its cell.
pub(super) fn finished(name: &str, mut text: Text, mut told: Told, lost: Vec<String>) -> SheetForm {
    let form = mend::parse(name, &mut text, &mut told, lost);
    let order = |mistake: &Mistake| (sheet_order(&mistake.place), mistake.place.cell);
    told.mistakes.sort_by_key(order);
    SheetForm {
        id: form
            .as_ref()
            .map_or(String::new(), |form| form.id().to_owned()),
        toml: text.toml,
        places: text.places,
        mistakes: told.mistakes,
        form,
    }
}

fn sheet_order(place: &Place) -> usize {
    let sheets = [FIELDS_SHEET, RULES_SHEET, EXAMPLES_SHEET];
    sheets
        .iter()
        .position(|sheet| is_called(&place.sheet, sheet))
        .unwrap_or(sheets.len())
}
