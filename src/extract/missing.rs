//! Columns and rows that were not found, each told together with the nearest thing that was.

use std::collections::BTreeSet;

use super::complain::Check;
use super::read::Reader;
use crate::model::{CellAddress, Message, Severity};
use crate::text::nearest;

const NO_COLUMN: Check = Check::structure("khong-thay-cot", Severity::Error);
const NO_ROW: Check = Check::structure("khong-thay-dong", Severity::Error);

impl Reader<'_> {
    pub(super) fn report_missing_columns(&mut self) {
        let form = self.form.clone();
        for (i, place) in self.located.header.columns.iter().enumerate() {
            if place.is_some() {
                continue;
            }
            let label = form.file.columns[i].label.full();
            let near = self.header_in_place(i, form.file.columns[i].label.own());
            let cell = near.as_ref().map(|(cell, _)| *cell);
            let near = told_nearest(near);
            let message = Message::new(
                format!(
                    "Không thấy cột «{label}»{}. Hãy giữ nguyên tiêu đề cột của biểu mẫu.",
                    near.vi
                ),
                format!(
                    "Column `{label}` was not found{}. Keep the form's own headers.",
                    near.en
                ),
            );
            self.report(NO_COLUMN, cell, message);
        }
    }

    /// The header that stands where a missing column's should: among the columns between its
    /// neighbours that are none of the form's, the nearest text, or else the only one.
    fn header_in_place(&self, missing: usize, label: &str) -> Option<(CellAddress, String)> {
        let header = &self.located.header;
        let beside = [header.ordinal, header.label];
        let taken: BTreeSet<u32> = header
            .columns
            .iter()
            .chain(&beside)
            .flatten()
            .copied()
            .collect();
        let free = |cell: CellAddress| {
            (header.top..header.data).contains(&cell.row) && !taken.contains(&cell.column)
        };
        let before = header.columns[..missing].iter().flatten().next_back();
        let from = before.copied().or(header.label).or(header.ordinal);
        let to = header.columns[missing..].iter().flatten().next().copied();
        let between = |cell: CellAddress| {
            free(cell)
                && from.is_none_or(|from| cell.column > from)
                && to.is_none_or(|to| cell.column < to)
        };
        self.nearest_text(label, between)
            .or_else(|| self.nearest_text(label, free))
            .or_else(|| {
                // Of a header of several rows, the lowest text is the column's own.
                let words = |text: &str| text.chars().any(char::is_alphabetic);
                let texts = self.texts_among(between);
                let (last, text) = texts.iter().rfind(|(_, text)| words(text))?;
                let only = texts
                    .iter()
                    .all(|(cell, text)| cell.column == last.column || !words(text));
                only.then(|| (*last, (*text).to_owned()))
            })
    }

    pub(super) fn report_missing_rows(&mut self, places: &[Option<u32>]) {
        let form = self.form.clone();
        for (i, (row, place)) in form.file.rows.iter().zip(places).enumerate() {
            if place.is_some() || row.heading || !self.asks(row, false) {
                continue;
            }
            let label = row.label.own();
            let near = self.stranger_in_place(places, i, label);
            if let Some((cell, _)) = &near {
                // Its figures are told once, here, not again as figures outside the table.
                let columns = self.located.header.columns.iter().flatten();
                self.seen
                    .extend(columns.map(|column| CellAddress::new(cell.row, *column)));
            }
            let cell = near.as_ref().map(|(cell, _)| *cell);
            let near = told_nearest(near);
            let message = Message::new(
                format!(
                    "Không thấy dòng «{label}»{}. Hãy giữ nguyên các dòng của biểu mẫu.",
                    near.vi
                ),
                format!(
                    "Row `{label}` was not found{}. Keep the form's own rows.",
                    near.en
                ),
            );
            self.report(NO_ROW, cell, message);
        }
    }

    /// The label that stands where a missing row should: among the rows between its neighbours
    /// that are no row of the form, the only one, or else the nearest.
    pub(super) fn stranger_in_place(
        &self,
        places: &[Option<u32>],
        missing: usize,
        label: &str,
    ) -> Option<(CellAddress, String)> {
        let taken: BTreeSet<u32> = places.iter().flatten().copied().collect();
        let before = places[..missing].iter().flatten().next_back();
        let after = places[missing..].iter().flatten().next();
        let from = before.map_or(self.located.header.data, |row| row + 1);
        let to = after.map_or(self.located.last, |row| row.saturating_sub(1));
        let stranger = |cell: CellAddress| {
            Some(cell.column) == self.located.header.label
                && (from..=to).contains(&cell.row)
                && !taken.contains(&cell.row)
        };
        let labels = self.texts_among(stranger);
        match (labels.as_slice(), after) {
            ([(cell, text)], Some(_)) => Some((*cell, (*text).to_owned())),
            _ => self.nearest_text(label, stranger),
        }
    }

    /// The text nearest to `wanted` among some cells.
    pub(super) fn nearest_text(
        &self,
        wanted: &str,
        among: impl Fn(CellAddress) -> bool,
    ) -> Option<(CellAddress, String)> {
        let texts = self.texts_among(among);
        let near = nearest(wanted, texts.iter().map(|(_, text)| *text))?;
        let (cell, text) = texts.iter().find(|(_, text)| *text == near)?;
        Some((*cell, (*text).to_owned()))
    }

    /// The texts of some cells, row by row.
    fn texts_among(&self, among: impl Fn(CellAddress) -> bool) -> Vec<(CellAddress, &str)> {
        let cells = self.sheet.cells.iter();
        cells
            .filter(|(address, _)| among(**address))
            .filter_map(|(address, cell)| Some((*address, cell.text()?.trim())))
            .collect()
    }
}

/// "; gần nhất: «Trực tiếp» ở ô F6".
fn told_nearest(near: Option<(CellAddress, String)>) -> Message {
    match near {
        Some((cell, text)) => Message::new(
            format!("; gần nhất: «{text}» ở ô {cell}"),
            format!("; nearest: `{text}` at {cell}"),
        ),
        None => Message::new("", ""),
    }
}
