//! Finds a form's cells by the template's defined names. Excel moves names along when rows and
//! columns are inserted, so they are right even where headers and labels were retyped.

use std::collections::{BTreeMap, HashMap};

use super::figures::typed_figure;
use super::header::Header;
use super::under::{Fit, Labelled};
use crate::extract::grid::Texts;
use crate::model::{CellAddress, template_names};
use crate::schema::Form;
use crate::workbook::{DefinedName, Workbook};

/// The cells of one form, by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchors {
    /// Index of the sheet.
    pub sheet: usize,
    /// Sheet column (from 0) of each form column that has a name.
    pub columns: Vec<Option<u32>>,
    /// Sheet row (from 0) of each fixed row that has a name.
    pub rows: Vec<Option<u32>>,
    /// First row of a free-row table, from 0.
    pub first: Option<u32>,
    /// Last row of a free-row table that the template prepared, from 0.
    pub last: Option<u32>,
    /// Total row of a free-row table, from 0.
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
        last: None,
        total: None,
    };
    let mut sheets: Vec<&str> = Vec::new();
    let mut columns = vec![Votes::default(); form.file.columns.len()];
    let mut rows = vec![Votes::default(); form.file.rows.len()];
    for (j, column) in form.file.columns.iter().enumerate() {
        let column = column.id.get_ref();
        for (i, row) in form.file.rows.iter().enumerate() {
            let Some(name) =
                names.get(template_names::cell(form.id(), row.id.get_ref(), column).as_str())
            else {
                continue;
            };
            sheets.push(&name.sheet);
            rows[i].add(name.first.row);
            columns[j].add(name.first.column);
        }
        if let Some(name) = names.get(template_names::column(form.id(), column).as_str()) {
            sheets.push(&name.sheet);
            found.columns[j] = Some(name.first.column);
            found.first = Some(name.first.row);
            found.last = Some(name.last.row);
        }
        if let Some(name) = names.get(template_names::total(form.id(), column).as_str()) {
            found.total = Some(name.first.row);
        }
    }
    sheets.dedup();
    let [sheet] = sheets.as_slice() else {
        return None;
    };
    for (place, votes) in found.columns.iter_mut().zip(&columns) {
        *place = place.or(votes.majority());
    }
    for (place, votes) in found.rows.iter_mut().zip(&rows) {
        *place = votes.majority();
    }
    found.sheet = workbook
        .sheets
        .iter()
        .position(|other| *other.name == **sheet)?;
    Some(found)
}

/// The rows (or columns) of the sheet to which the names of one row's (or column's) cells refer,
/// counted. A dragged cell takes its name along; the majority decides, so that it does not move the
/// whole row or column.
#[derive(Debug, Clone, Default)]
struct Votes(BTreeMap<u32, usize>);

impl Votes {
    fn add(&mut self, place: u32) {
        *self.0.entry(place).or_default() += 1;
    }

    /// The row or column with most names; of several with equally many the first.
    fn majority(&self) -> Option<u32> {
        let places = self.0.iter().rev();
        places
            .max_by_key(|(_, votes)| **votes)
            .map(|(place, _)| *place)
    }
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

    /// The header according to the names. Columns without a name (ordinals, labels) keep the place
    /// of their text. So does a column whose name is at another column's text, or at any text but its
    /// own while its own stands above another column: something was pasted over the table, or the one
    /// cell with the name was dragged. One dragged header cell leaves the figures behind: a column that
    /// has lost its header and not its figures stays.
    pub fn header(&self, form: &Form, by_text: Option<Header>, texts: &Texts<'_>) -> Header {
        let first = self.first_row();
        let mut header = by_text.unwrap_or(Header {
            columns: vec![None; self.columns.len()],
            ordinal: None,
            label: None,
            measure: None,
            top: first.saturating_sub(1),
            data: first,
        });
        let printed = header.columns.clone();
        let others = |column: usize, place: u32| {
            let mut others = printed.iter().enumerate();
            others.any(|(other, at)| other != column && *at == Some(place))
        };
        let rows = header.top..header.data;
        let blank = |place: u32| {
            rows.clone()
                .all(|row| texts.effective(row, place).is_none())
        };
        let own = |column: usize, place: u32| {
            let (own, _) = &form.keys.columns[column];
            let mut texts = rows.clone().filter_map(|row| texts.effective(row, place));
            texts.any(|text| own.iter().any(|label| label == text))
        };
        // Of two columns with one heading, the one that was renamed does not take the other's.
        let anothers = |column: usize, place: u32| {
            let mut named = self.columns.iter().enumerate();
            named.any(|(other, at)| other != column && *at == Some(place) && own(other, place))
        };
        for (i, named) in self.columns.iter().enumerate() {
            let Some(named) = *named else { continue };
            let elsewhere = printed[i]
                .is_some_and(|printed| printed != named && (blank(named) || !anothers(i, printed)));
            let dragged = || {
                let filled = |column: u32| self.is_filled(form, texts, i, column);
                blank(named) && filled(named) && printed[i].is_some_and(|printed| !filled(printed))
            };
            let is_elsewhere = elsewhere && (others(i, named) || !own(i, named));
            if !is_elsewhere || dragged() {
                header.columns[i] = Some(named);
            }
        }
        self.part(&mut header.columns);
        header.data = header.data.min(first);
        header
    }

    /// Lets no column of the sheet be two columns of the form: the one that has its name there stays,
    /// the other goes back to its own name.
    fn part(&self, columns: &mut [Option<u32>]) {
        for _ in 0..columns.len() {
            let clashes = |i: &usize| {
                let mut others = columns.iter().enumerate();
                columns[*i].is_some() && others.any(|(j, at)| j != *i && *at == columns[*i])
            };
            let moved = |i: &usize| self.columns[*i].is_some() && self.columns[*i] != columns[*i];
            let Some(i) = (0..columns.len()).filter(clashes).find(moved) else {
                return;
            };
            columns[i] = self.columns[i];
        }
    }

    /// Are there figures below the header in a column of the sheet, for a column of the form?
    fn is_filled(&self, form: &Form, texts: &Texts<'_>, column: usize, place: u32) -> bool {
        let rows = self.rows.iter().flatten().copied();
        // A name may reach to the end of the grid.
        let end = texts.sheet.cells.keys().next_back();
        let end = end.map_or(0, |cell| cell.row);
        let list = self
            .first
            .into_iter()
            .zip(self.last)
            .flat_map(|(first, last)| first..=last.min(end));
        let mut cells = rows.chain(list).filter_map(|row| {
            let at = CellAddress::new(row, place);
            texts.sheet.cells.get(&at)
        });
        cells.any(|cell| typed_figure(form, column, cell).is_some())
    }

    /// Sheet row (from 0) of each row of a fixed-row form: by name, unless the label there is
    /// another row's (somebody sorted or pasted over the table), also one of the same label under
    /// another heading, or is not its own while that is found elsewhere (rows were pasted over the
    /// table, or the one cell that bears the name was dragged); else by label.
    pub fn rows(
        &self,
        form: &Form,
        texts: &Texts<'_>,
        header: &Header,
        by_label: Vec<Option<u32>>,
        last: u32,
    ) -> Vec<Option<u32>> {
        let labels = &form.keys.rows;
        let sheet = header
            .label
            .map(|column| Labelled::new(form, texts, header, column, last));
        let contradicted = |i: usize, row: u32| {
            let there = header.label.and_then(|column| texts.effective(row, column));
            let is = |labels: &[String], text: &str| labels.iter().any(|label| label == text);
            let misplaced = || {
                sheet
                    .as_ref()
                    .is_some_and(|sheet| sheet.fit(i, row) == Fit::No)
            };
            there.is_some_and(|there| match is(&labels[i], there) {
                true => misplaced(),
                false => labels.iter().any(|other| is(other, there)),
            })
        };
        let own = |i: usize, row: u32| {
            let there = header.label.and_then(|column| texts.effective(row, column));
            there.is_some_and(|there| labels[i].iter().any(|label| label == there))
        };
        let anothers = |i: usize, row: u32| {
            let mut named = self.rows.iter().enumerate();
            named.any(|(other, at)| other != i && *at == Some(row) && own(other, row))
        };
        self.rows
            .iter()
            .zip(by_label)
            .enumerate()
            .map(|(i, (named, by_label))| {
                let elsewhere = by_label.is_some_and(|row| !anothers(i, row));
                let stays = |row: &u32| !contradicted(i, *row) && (!elsewhere || own(i, *row));
                named.filter(stays).or(by_label)
            })
            .collect()
    }
}
