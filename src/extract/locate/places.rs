//! Where the parts of a table lie on a blank that somebody else drew, for who writes into it.

use super::above::NamesBeside;
use super::rows::{self, RowContent};
use super::search::Located;
use crate::extract::grid::Texts;
use crate::schema::{Form, Indicator};
use crate::workbook::Workbook;

/// Where the parts of a table lie on its sheet; rows and columns from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Column of each of the form's columns.
    pub columns: Vec<u32>,
    /// Column of ordinal numbers.
    pub ordinal: Option<u32>,
    /// Column of row labels.
    pub label: Option<u32>,
    /// Column of units of measure.
    pub measure: Option<u32>,
    /// First row of the header.
    pub top: u32,
    /// First row behind the header, the row of column numbers, and what a list prints as examples.
    pub data: u32,
    /// Row of each of the form's rows; none for a table the unit adds rows to.
    pub rows: Vec<u32>,
    /// The total row.
    pub total: Option<u32>,
}

/// The label of a column or row of the form that a blank does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotShown(pub String);

impl Located {
    /// The places of every column and row of the form.
    ///
    /// # Errors
    /// The sheet does not show one of them.
    pub fn places(&self, workbook: &Workbook) -> Result<Places, NotShown> {
        let (form, header) = (&*self.form, &self.header);
        let sheet = &workbook.sheets[self.sheet];
        let beside = NamesBeside::new(form, sheet, header, self.last);
        let texts = Texts::new(&beside.sheet);
        let shown = |(place, label): (&Option<u32>, String)| place.ok_or(NotShown(label));
        let labels = |of: &[Indicator]| {
            let labels = of.iter().map(|one| one.label.full());
            labels.collect::<Vec<_>>()
        };
        let columns = header.columns.iter().zip(labels(&form.file.columns));
        let rows = rows::fixed(form, &texts, header, self.last);
        let rows = rows.iter().zip(labels(&form.file.rows));
        Ok(Places {
            columns: columns.map(shown).collect::<Result<_, _>>()?,
            ordinal: header.ordinal,
            label: header.label,
            measure: header.measure,
            top: header.top,
            data: rows::first(form, &texts, header, self.last),
            rows: rows.map(shown).collect::<Result<_, _>>()?,
            total: self.total(form, &texts),
        })
    }

    fn total(&self, form: &Form, texts: &Texts<'_>) -> Option<u32> {
        if !form.is_free() {
            return None;
        }
        let anchors = self.anchors.as_ref();
        let rows = rows::free(form, texts, &self.header, anchors, self.last);
        rows.into_iter().find_map(|row| match row {
            RowContent::Total { row } => Some(row),
            _ => None,
        })
    }
}
