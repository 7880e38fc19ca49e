//! Which sheet of a workbook holds which form.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::anchors::{self, Anchors};
use super::explanations::is_result_sheet;
use super::grid::Texts;
use super::header::{self, Header};
use super::identity::Identity;
use super::rows;
use crate::model::template_names::is_own_sheet;
use crate::schema::Form;
use crate::workbook::Workbook;

/// A form's table, found.
#[derive(Debug, Clone)]
pub struct Located {
    /// The form.
    pub form: Arc<Form>,
    /// Index of the sheet in the workbook.
    pub sheet: usize,
    /// Where its header stands.
    pub header: Header,
    /// Last row that can belong to it.
    pub last: u32,
    /// Where the template's names say its cells are, if it still has them.
    pub anchors: Option<Anchors>,
}

/// What was found in a workbook.
#[derive(Debug, Default)]
pub struct Found {
    /// Tables, in the order of the forms asked for.
    pub tables: Vec<Located>,
    /// Forms that two sheets hold equally well; nobody chooses for the unit.
    pub ambiguous: Vec<(Arc<Form>, [Arc<str>; 2])>,
}

struct Candidate {
    form: usize,
    sheet: usize,
    header: Header,
    /// Share of columns and rows found, in thousandths.
    fit: usize,
    /// The template's own record says the form is on this sheet.
    named: bool,
    anchors: Option<Anchors>,
}

/// Below this share of columns and rows a table is not taken for the form, in thousandths.
const LEAST_FIT: usize = 600;

/// Finds the forms of a campaign in a workbook.
pub fn locate(workbook: &Workbook, identity: &Identity, forms: &[Arc<Form>]) -> Found {
    let anchors: Vec<Option<Anchors>> = forms
        .iter()
        .map(|form| anchors::find(workbook, form))
        .collect();
    let mut candidates = Vec::new();
    for (s, sheet) in workbook.sheets.iter().enumerate() {
        if is_own_sheet(&sheet.name) || is_result_sheet(sheet) {
            continue;
        }
        let texts = Texts::new(sheet);
        let last = sheet.cells.keys().next_back().map_or(0, |cell| cell.row);
        for (f, form) in forms.iter().enumerate() {
            let anchors = anchors[f].as_ref().filter(|anchors| anchors.sheet == s);
            let by_text = header::find(form, &texts);
            let Some(header) = anchors.map(|a| a.header(by_text.clone())).or(by_text) else {
                continue;
            };
            let fit = match anchors {
                Some(_) => 1000,
                None => fit(form, &texts, &header, last),
            };
            let named = identity
                .forms
                .iter()
                .any(|(id, _, name)| id == form.id() && *name == *sheet.name);
            if fit >= LEAST_FIT {
                candidates.push(Candidate {
                    form: f,
                    sheet: s,
                    header,
                    fit,
                    named: named || anchors.is_some(),
                    anchors: anchors.cloned(),
                });
            }
        }
    }
    choose(workbook, forms, candidates)
}

/// Columns and, in a fixed-row form, rows found, in thousandths.
fn fit(form: &Form, texts: &Texts<'_>, header: &Header, last: u32) -> usize {
    let (columns, wanted) = header.found();
    let columns = columns * 1000 / wanted.max(1);
    if form.is_free() {
        return columns;
    }
    let rows = rows::fixed(form, texts, header, last);
    let found = rows.iter().flatten().count() * 1000 / rows.len().max(1);
    (columns + found) / 2
}

/// The best table for each form; a header serves one form only.
fn choose(workbook: &Workbook, forms: &[Arc<Form>], mut candidates: Vec<Candidate>) -> Found {
    candidates.sort_by_key(|c| (std::cmp::Reverse((c.named, c.fit)), c.form, c.sheet));
    let mut taken_forms: BTreeSet<usize> = BTreeSet::new();
    let mut taken_headers: BTreeSet<(usize, u32)> = BTreeSet::new();
    let mut found = Found::default();
    for (i, candidate) in candidates.iter().enumerate() {
        let header = (candidate.sheet, candidate.header.top);
        if taken_forms.contains(&candidate.form) || taken_headers.contains(&header) {
            continue;
        }
        taken_forms.insert(candidate.form);
        taken_headers.insert(header);
        let twin = candidates[i + 1..].iter().find(|other| {
            other.form == candidate.form
                && (other.named, other.fit) == (candidate.named, candidate.fit)
                && !taken_headers.contains(&(other.sheet, other.header.top))
        });
        let form = forms[candidate.form].clone();
        if let Some(twin) = twin {
            let name = |sheet: usize| workbook.sheets[sheet].name.clone();
            found
                .ambiguous
                .push((form, [name(candidate.sheet), name(twin.sheet)]));
            continue;
        }
        let last = workbook.sheets[candidate.sheet]
            .cells
            .keys()
            .next_back()
            .map_or(0, |c| c.row);
        found.tables.push(Located {
            form,
            sheet: candidate.sheet,
            header: candidate.header.clone(),
            last,
            anchors: candidate.anchors.clone(),
        });
    }
    bound_stacked_tables(&mut found.tables);
    found
        .tables
        .sort_by_key(|table| forms.iter().position(|form| Arc::ptr_eq(form, &table.form)));
    found
}

/// A table ends where the next one on the same sheet begins.
fn bound_stacked_tables(tables: &mut [Located]) {
    let tops: Vec<(usize, u32)> = tables.iter().map(|t| (t.sheet, t.header.top)).collect();
    for table in tables {
        let below = tops
            .iter()
            .filter(|(sheet, top)| *sheet == table.sheet && *top > table.header.top)
            .map(|(_, top)| top.saturating_sub(1))
            .min();
        table.last = below.map_or(table.last, |below| below.min(table.last));
    }
}
