//! What is known of a table before rules are looked for.

use std::collections::BTreeSet;

use crate::compile::words;
use crate::model::CellAddress;
use crate::schema::FieldType;

/// One header text over a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) cell: CellAddress,
    pub(crate) text: String,
}

/// What a column of the sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// STT
    Ordinal,
    /// The labels of fixed rows, the key of free ones.
    Label,
    /// What several rows are about, merged over them: «Lợn» beside «Số con» and «Sản lượng».
    Subject,
    /// The unit of measure of each row.
    Unit,
    /// The printed code of each row.
    Code,
    /// To be filled.
    Value,
}

/// A column of the sheet.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Sheet column, from 0.
    pub(crate) at: u32,
    /// Headers, spanning one first.
    pub(crate) path: Vec<Part>,
    /// Its number as printed (`3`, `A`, `1a`), and where.
    pub(crate) code: Option<(String, CellAddress)>,
    pub(crate) role: Role,
    pub(crate) kind: FieldType,
    pub(crate) decimals: Option<u32>,
    /// Does the form leave open how many decimals its amounts have?
    pub(crate) any_decimals: bool,
    /// Decimals that its number format shows; `None` where that is not known.
    pub(crate) shown: Option<u32>,
    pub(crate) choices: Vec<String>,
    /// Do its cells take whole numbers from 0 on only?
    pub(crate) whole: bool,
    /// Are its figures shown as percentages by their number format?
    pub(crate) percent_format: bool,
    pub(crate) id: String,
}

impl Column {
    /// Its own header, without what spans it.
    pub(crate) fn own(&self) -> &str {
        self.path.last().map_or("", |part| part.text.as_str())
    }

    /// Can its figures be added up?
    pub(crate) fn is_additive(&self) -> bool {
        self.role == Role::Value && matches!(self.kind, FieldType::Count | FieldType::Amount)
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// To be filled.
    Line,
    /// Prints its label only.
    Heading,
}

/// What the cells of a row take, as they are prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figures {
    /// As its columns have them.
    OfColumns,
    /// Whole numbers only.
    Whole,
    /// None, but words: it has no unit and its cells no format of figures, while all others have.
    Words,
}

/// A row of a table with fixed rows.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Sheet row, from 0.
    pub(crate) at: u32,
    /// As printed in the ordinal column, or before the label: `I`, `1.1`, `a`.
    pub(crate) ordinal: Option<String>,
    /// Printed code.
    pub(crate) code: Option<String>,
    pub(crate) label: Part,
    /// What this row and others are about, merged over them beside their labels.
    pub(crate) subject: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) kind: RowKind,
    /// Columns (by index) where the form prints a mark: no figure is wanted there.
    pub(crate) closed: BTreeSet<usize>,
    /// What the form says of its figures by what its cells take and how they look.
    pub(crate) figures: Figures,
    /// How deep it is in the outline, from 0; `None` if its label begins with a dash or says that it
    /// is a part.
    pub(crate) level: Option<u8>,
    pub(crate) id: String,
}

/// A table of a blank form.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) sheet_name: String,
    pub(crate) title: String,
    pub(crate) code: Option<String>,
    pub(crate) legal_basis: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) landscape: bool,
    /// First sheet row of the header, and the row of column numbers if there is one.
    pub(crate) top: u32,
    pub(crate) numbering: Option<u32>,
    pub(crate) columns: Vec<Column>,
    /// Fixed rows; empty if units add rows.
    pub(crate) rows: Vec<Row>,
    /// Rows prepared for units to fill: first and last sheet row.
    pub(crate) lines: Option<(u32, u32)>,
    /// Names of rows that show how to fill the prepared ones; blank for one without a name.
    pub(crate) examples: Vec<String>,
    /// The total row under free rows.
    pub(crate) total: Option<Part>,
    /// Texts under and over the table that may say rules.
    pub(crate) notes: Vec<Part>,
    /// What its formulas take from other tables, as the language of rules names it.
    pub(crate) others: Vec<String>,
    pub(crate) id: String,
}

impl Table {
    /// Do units add rows?
    pub(crate) fn is_free(&self) -> bool {
        self.lines.is_some()
    }

    /// Does a cell lie in its body, the total row included?
    pub(crate) fn holds(&self, cell: CellAddress) -> bool {
        let rows = self.rows.first().zip(self.rows.last());
        let rows = rows.map(|(first, last)| (first.at, last.at)).or(self.lines);
        let total = self
            .total
            .as_ref()
            .is_some_and(|total| total.cell.row == cell.row);
        let row = rows.is_some_and(|(first, last)| (first..=last).contains(&cell.row));
        (row || total) && self.column_at(cell.column).is_some()
    }

    /// The index of the column at a sheet column.
    pub(crate) fn column_at(&self, at: u32) -> Option<usize> {
        self.columns.iter().position(|column| column.at == at)
    }

    /// The index of the row at a sheet row.
    pub(crate) fn row_at(&self, at: u32) -> Option<usize> {
        self.rows.iter().position(|row| row.at == at)
    }

    /// Does the form say that a row's figures are percentages?
    pub(crate) fn is_percent_row(&self, row: usize) -> bool {
        let row = &self.rows[row];
        row.unit.as_deref().is_some_and(|unit| unit.trim() == "%")
            || words::is_percent(&row.label.text)
    }

    /// Has the form a figure in this column on this row?
    pub(crate) fn wants(&self, row: usize, column: usize) -> bool {
        let row = &self.rows[row];
        row.kind == RowKind::Line && !row.closed.contains(&column)
    }
}
