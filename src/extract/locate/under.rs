//! Which of several rows of one label a row of the sheet is, by the row above that tells them apart.

use super::header::Header;
use super::row_figures::has_figures;
use crate::extract::grid::Texts;
use crate::schema::Form;
use crate::schema::parents::Above;

/// How well a row of the sheet fits a row of the form with its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It stands under another row.
    No,
    /// The row that would tell is not on the sheet.
    Maybe,
    /// It stands where it should.
    Yes,
}

/// The labelled rows of a sheet.
pub(super) struct Labelled<'a> {
    form: &'a Form,
    texts: &'a Texts<'a>,
    header: &'a Header,
    /// Row of the sheet (from 0) and its label, top to bottom.
    pub(super) rows: Vec<(u32, &'a str)>,
}

impl<'a> Labelled<'a> {
    /// Those below a header, down to row `last` (from 0).
    pub(super) fn new(
        form: &'a Form,
        texts: &'a Texts<'a>,
        header: &'a Header,
        label_column: u32,
        last: u32,
    ) -> Labelled<'a> {
        let rows = header.data..=last;
        let rows = rows.filter_map(|row| Some((row, texts.effective(row, label_column)?)));
        Labelled {
            form,
            texts,
            header,
            rows: rows.collect(),
        }
    }

    /// Is it the label of this row of the form?
    pub(super) fn is(&self, row: usize, label: &str) -> bool {
        self.form.keys.rows[row].iter().any(|own| own == label)
    }

    /// Does the row of the sheet, which has the label of the form's `row`, stand where that should?
    pub(super) fn fit(&self, row: usize, sheet_row: u32) -> Fit {
        let parents = &self.form.keys.parents;
        let wanted = match parents[row] {
            Above::Anything => return Fit::Yes,
            Above::Nothing => None,
            Above::Row(above) => Some(above),
        };
        let twins = (0..parents.len()).filter(|other| {
            let labels = &self.form.keys.rows[*other];
            labels.iter().any(|label| self.is(row, label))
        });
        let tell: Vec<usize> = twins
            .filter_map(|twin| match parents[twin] {
                Above::Row(above) => Some(above),
                Above::Anything | Above::Nothing => None,
            })
            .collect();
        match (self.above(&tell, sheet_row), wanted) {
            (Stands::Under(found), Some(wanted)) if found == wanted => Fit::Yes,
            (Stands::Alone, None) => Fit::Yes,
            (_, Some(wanted)) if !self.has(wanted) => Fit::Maybe,
            (Stands::Foreign, None) => Fit::Maybe,
            _ => Fit::No,
        }
    }

    fn has(&self, row: usize) -> bool {
        self.rows.iter().any(|(_, label)| self.is(row, label))
    }

    /// The nearest row above that is one of these, or a heading that the form does not know.
    fn above(&self, tell: &[usize], sheet_row: u32) -> Stands {
        let above = self.rows.iter().rev().filter(|(row, _)| *row < sheet_row);
        for (row, label) in above {
            if let Some(found) = tell.iter().find(|one| self.is(**one, label)) {
                return Stands::Under(*found);
            }
            let known = (0..self.form.keys.rows.len()).any(|row| self.is(row, label));
            let note = label.starts_with(['(', '*', '-', '+']) || label.starts_with("ghi chú");
            if !known && !note && !has_figures(self.form, self.texts, self.header, *row) {
                return Stands::Foreign;
            }
        }
        Stands::Alone
    }
}

/// What a row of the sheet stands under.
enum Stands {
    /// This row of the form.
    Under(usize),
    /// A heading that the form does not know.
    Foreign,
    /// Nothing that tells.
    Alone,
}
