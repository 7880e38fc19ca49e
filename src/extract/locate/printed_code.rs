//! Codes of forms printed on sheets. A code alone does not identify the form: people copy a title
//! block and change the table below it, so code and header must agree.

use std::sync::Arc;

use super::search::{FoundTables, Located};
use crate::extract::explanations::is_result_sheet;
use crate::extract::grid::LONGEST_LABEL;
use crate::model::CellAddress;
use crate::model::template_names::is_own_sheet;
use crate::schema::Form;
use crate::text::label_key;
use crate::workbook::Workbook;

/// A form's code printed over a table that is not the form's.
#[derive(Debug)]
pub struct ForeignCode {
    /// The form whose code it is.
    pub form: Arc<Form>,
    /// Index of the sheet in the workbook.
    pub sheet: usize,
    /// Where it is printed.
    pub cell: CellAddress,
    /// The form whose table lies below it; `None` if it is no form's.
    pub table: Option<Arc<Form>>,
}

/// Every printed code that its table contradicts.
pub fn foreign_codes(
    workbook: &Workbook,
    found: &FoundTables,
    forms: &[Arc<Form>],
) -> Vec<ForeignCode> {
    let coded: Vec<(&Arc<Form>, String)> = forms
        .iter()
        .filter_map(|form| Some((form, label_key(form.file.code.as_deref()?))))
        .collect();
    let mut foreign = Vec::new();
    for (s, sheet) in workbook.sheets.iter().enumerate() {
        if is_own_sheet(&sheet.name) || is_result_sheet(sheet) {
            continue;
        }
        let asked = |form: &Arc<Form>| {
            let twice = found
                .ambiguous
                .iter()
                .any(|(other, _)| Arc::ptr_eq(other, form));
            let either = found
                .undecided
                .iter()
                .any(|(_, forms)| forms.iter().any(|other| Arc::ptr_eq(other, form)));
            let copied =
                |(other, sheet): &(Arc<Form>, usize)| Arc::ptr_eq(other, form) && *sheet == s;
            twice || either || found.copies.iter().any(copied)
        };
        for (cell, content) in &sheet.cells {
            let Some(text) = content.text() else { continue };
            if text.len() > LONGEST_LABEL {
                continue;
            }
            let key = label_key(text);
            // Several tables of a form have its code.
            let printed = || coded.iter().filter(|(_, code)| is_code(&key, code));
            let Some((form, _)) = printed().next().filter(|(form, _)| !asked(form)) else {
                continue;
            };
            let table = table_at(found, s, cell.row);
            let is_of = |table: &Located| printed().any(|(form, _)| Arc::ptr_eq(&table.form, form));
            if !table.is_some_and(is_of) {
                foreign.push(ForeignCode {
                    form: Arc::clone(form),
                    sheet: s,
                    cell: *cell,
                    table: table.map(|table| table.form.clone()),
                });
            }
        }
    }
    foreign
}

/// Is the text the code, in brackets or behind a word or two ("Mẫu", "Biểu số:"), rather than a
/// sentence that mentions it?
fn is_code(text: &str, code: &str) -> bool {
    const WORDS_AROUND: usize = 12;
    let bare = text.trim_matches(['(', ')']);
    let longest = code.chars().count() + WORDS_AROUND;
    bare == code || bare.ends_with(code) && bare.chars().count() <= longest
}

/// The table whose title block a row belongs to, or in which it lies: the first that has not ended
/// above it; under the last table, that one.
fn table_at(found: &FoundTables, sheet: usize, row: u32) -> Option<&Located> {
    let mut tables: Vec<&Located> = found.tables.iter().filter(|t| t.sheet == sheet).collect();
    tables.sort_by_key(|table| table.header.top);
    let below = tables.iter().position(|table| table.header.top > row);
    match below {
        Some(below) => Some(tables[below]),
        None => tables.last().copied(),
    }
}
