//! Where the template's defined names say a form's cells are. Excel moves names along when rows
//! and columns are inserted, so they hold even where headers and labels were retyped.

use std::collections::HashMap;

use super::header::Header;
use crate::extract::grid::Texts;
use crate::model::template_names;
use crate::schema::Form;
use crate::workbook::{DefinedName, Workbook};

/// The cells of one form, by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchors {
    /// Index of the sheet.
    pub sheet: usize,
    /// Sheet column of each form column that has a name.
    pub columns: Vec<Option<u32>>,
    /// Sheet row of each fixed row that has a name.
    pub rows: Vec<Option<u32>>,
    /// First row of a free-row table.
    pub first: Option<u32>,
    /// Total row of a free-row table.
    pub total: Option<u32>,
}

/// The names a workbook holds for a form; `None` if it holds none, or if they are on two sheets.
pub fn find(workbook: &Workbook, form: &Form) -> Option<Anchors> {
    let names: HashMap<&str, &DefinedName> = workbook
        .names
        .iter()
        .map(|name| (name.name.as_str(), name))
        .collect();
    let mut found = Anchors {
        sheet: usize::MAX,
        columns: vec![None; form.file.columns.len()],
        rows: vec![None; form.file.rows.len()],
        first: None,
        total: None,
    };
    let mut sheets: Vec<&str> = Vec::new();
    for (j, column) in form.file.columns.iter().enumerate() {
        let column = column.id.get_ref();
        for (i, row) in form.file.rows.iter().enumerate() {
            let Some(name) =
                names.get(template_names::cell(form.id(), row.id.get_ref(), column).as_str())
            else {
                continue;
            };
            sheets.push(&name.sheet);
            found.rows[i] = Some(name.first.row);
            found.columns[j] = Some(name.first.column);
        }
        if let Some(name) = names.get(template_names::column(form.id(), column).as_str()) {
            sheets.push(&name.sheet);
            found.columns[j] = Some(name.first.column);
            found.first = Some(name.first.row);
        }
        if let Some(name) = names.get(template_names::total(form.id(), column).as_str()) {
            found.total = Some(name.first.row);
        }
    }
    sheets.dedup();
    let [sheet] = sheets.as_slice() else {
        return None;
    };
    found.sheet = workbook
        .sheets
        .iter()
        .position(|other| *other.name == **sheet)?;
    Some(found)
}

impl Anchors {
    /// Of the headers found by their texts, the one above the named cells.
    pub fn nearest_header(&self, headers: Vec<Header>) -> Option<Header> {
        let first = self.first_row();
        let best = headers.first().cloned();
        let above = headers.into_iter().filter(|header| header.top < first);
        above.max_by_key(|header| header.top).or(best)
    }

    /// The first row of the table that has a name.
    fn first_row(&self) -> u32 {
        let fixed = self.rows.iter().flatten().min().copied();
        fixed.or(self.first).unwrap_or(0)
    }

    /// The header as the names have it; what has no name (ordinals, labels) stays where its text
    /// was found.
    pub fn header(&self, by_text: Option<Header>) -> Header {
        let first = self.first_row();
        let mut header = by_text.unwrap_or(Header {
            columns: vec![None; self.columns.len()],
            ordinal: None,
            label: None,
            top: first.saturating_sub(1),
            data: first,
        });
        for (column, named) in header.columns.iter_mut().zip(&self.columns) {
            *column = named.or(*column);
        }
        header.data = header.data.min(first);
        header
    }

    /// Rows of a fixed-row form: by name, unless the label there is another row's (somebody sorted
    /// or pasted over the table); else by label.
    pub fn rows(
        &self,
        form: &Form,
        texts: &Texts<'_>,
        header: &Header,
        by_label: Vec<Option<u32>>,
    ) -> Vec<Option<u32>> {
        let labels = &form.keys.rows;
        let contradicted = |i: usize, row: u32| {
            let there = header.label.and_then(|column| texts.effective(row, column));
            let is = |labels: &[String], text: &str| labels.iter().any(|label| label == text);
            there.is_some_and(|there| {
                !is(&labels[i], there) && labels.iter().any(|other| is(other, there))
            })
        };
        self.rows
            .iter()
            .zip(by_label)
            .enumerate()
            .map(|(i, (named, by_label))| named.filter(|row| !contradicted(i, *row)).or(by_label))
            .collect()
    }
}
