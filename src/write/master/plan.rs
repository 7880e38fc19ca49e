//! The layout of the master workbook, fixed before anything is written, so that any sheet can link
//! to any other.

use std::collections::HashMap;

use rust_xlsxwriter::Url;

use super::book::{FormSheets, Master, SheetNames};
use super::detail::Detail;
use super::fold::{Column, Folder};
use super::head::{TOP, internal, internal_block};
use super::list;
use super::tree::{Level, Node, Summands, Tree};
use crate::consolidate::{FigureScope, FormTable, LineState, UnitLine};
use crate::model::{CellAddress, address::column_letters};
use crate::schema::expression::{Expr, Name};
use crate::schema::{FieldType, Form};
use crate::write::paper::count::count;
use crate::write::paper::grid::{Span, header_spans};
use crate::write::paper::measure::{figure_width, text_width};
use crate::write::paper::sheet::sheet_reference;

/// First columns (header, width in digits): ordinal, code and name of the unit, status.
pub(super) const LEAD: [(&str, f64); 4] = [
    ("STT", 6.0),
    ("Mã đơn vị", 12.0),
    ("Đơn vị", 34.0),
    ("Tình trạng", 11.0),
];

/// The sheet of a form before it is painted.
pub(super) struct Plan<'a> {
    /// Name of the sheet.
    pub sheet: String,
    pub table: &'a FormTable,
    /// Sheet of the rows of a free-row form.
    pub detail: Option<Detail>,
    pub folder: Folder<'a>,
    pub widths: Vec<f64>,
    pub spans: Vec<Span>,
    /// Row (from 0) of units of measure under the header, where they differ.
    pub measures: Option<u32>,
    /// First row of the body, from 0.
    pub first: u32,
    pub tree: Tree<'a>,
}

impl<'a> Plan<'a> {
    fn new(master: &Master<'_>, table: &'a FormTable, names: &FormSheets) -> Self {
        let folder = Folder::new(table, count(LEAD.len()));
        let spans = header_spans(&header_paths(&folder), CellAddress::new(TOP, 0));
        let below = spans.iter().map(|span| span.last.row).max().unwrap_or(TOP) + 1;
        let differ =
            table.form.file.unit.is_none() && folder.columns.iter().any(|c| c.field.unit.is_some());
        let first = below + u32::from(differ);
        Plan {
            sheet: names.table.clone(),
            table,
            detail: names
                .detail
                .as_deref()
                .map(|sheet| Detail::new(table, sheet)),
            widths: widths(table, &folder),
            folder,
            spans,
            measures: differ.then_some(below),
            first,
            tree: Tree::new(master, table, first),
        }
    }

    /// Column of the file, the last one, from 0.
    pub fn last(&self) -> u32 {
        count(self.widths.len()) - 1
    }

    /// The row of a unit's line, from 0.
    pub fn line(&self, code: &str) -> Option<u32> {
        let own = |line: &UnitLine| line.unit.code == code;
        match self.table.lines.iter().position(own) {
            Some(index) => self.tree.rows.get(index).copied(),
            None => self.table.sums.iter().position(own).map(|at| self.sum(at)),
        }
    }

    /// The row of a unit that files the sum of others (index in the table), from 0: under the total,
    /// where nothing is added, below a heading.
    pub fn sum(&self, index: usize) -> u32 {
        self.tree.total + 2 + count(index)
    }

    /// The first row under the total and the sums, from 0.
    pub fn below(&self) -> u32 {
        match self.table.sums.len() {
            0 => self.tree.total + 1,
            sums => self.sum(sums),
        }
    }

    /// The total of a field.
    pub fn total(&self, field: usize) -> Option<CellAddress> {
        let column = self.folder.columns.get(field)?;
        Some(CellAddress::new(self.tree.total, column.at))
    }

    /// Indices of the lines a totalled row adds up.
    pub fn lines_of(&self, node: &Node<'_>) -> Vec<usize> {
        match &node.parts {
            Summands::Lines(lines) => lines.clone().collect(),
            Summands::Nodes(nodes) => {
                let nodes = nodes.iter().filter_map(|node| self.tree.nodes.get(*node));
                nodes.flat_map(|node| self.lines_of(node)).collect()
            }
        }
    }

    /// A link to the rows a totalled row adds up; none if there are none.
    pub fn summed(&self, node: &Node<'_>) -> Option<Url> {
        let (first, last) = match node.level {
            Level::Total => (self.first, node.row.checked_sub(1)?),
            Level::Kind | Level::Group => {
                let lines = self.lines_of(node);
                (node.row + 1, *self.tree.rows.get(*lines.last()?)?)
            }
        };
        let right = self.last().checked_sub(1)?;
        (first <= last).then(|| {
            let (first, last) = (CellAddress::new(first, 0), CellAddress::new(last, right));
            internal_block(&self.sheet, first, last)
        })
    }

    /// The cells beside the units in a column (from 0): as many as there are units, and the
    /// headings' cells.
    pub fn beside(&self, column: u32) -> String {
        let letters = column_letters(column);
        let sheet = sheet_reference(&self.sheet);
        let (first, last) = (self.first + 1, self.tree.total.max(self.first + 1));
        format!("{sheet}!{letters}{first}:{letters}{last}")
    }

    /// How many units the sheet lists, counted by their codes: headings have none.
    pub fn unit_count(&self) -> String {
        const CODES: u32 = 1;
        format!("COUNTA({})", self.beside(CODES))
    }

    /// Names of the units a totalled row lacks.
    pub fn lacking(&self, node: &Node<'_>) -> Vec<&'a str> {
        let lines = self.lines_of(node).into_iter();
        lines
            .filter_map(|index| self.table.lines.get(index))
            .filter(|line| line.state != LineState::Accepted)
            .map(|line| line.unit.name.as_str())
            .collect()
    }
}

/// The places of the forms' sheets and of the rows of the lists.
pub(super) struct SheetPlaces<'a> {
    /// One a form, in order.
    pub plans: Vec<Plan<'a>>,
    submissions: HashMap<&'a str, u32>,
    units: HashMap<&'a str, u32>,
    /// The submission of each unit that counts.
    filed: HashMap<&'a str, &'a str>,
}

impl<'a> SheetPlaces<'a> {
    /// Lays out the forms' sheets.
    pub fn new(master: &Master<'a>, names: &SheetNames) -> Self {
        let input = master.input;
        let tables = input.consolidated.forms.iter().zip(&names.forms);
        let submissions = input.submissions.iter().enumerate();
        let units = input.units.iter().enumerate();
        let filed = input
            .units
            .iter()
            .filter_map(|filing| Some((filing.unit.code.as_str(), filing.file.as_deref()?)));
        SheetPlaces {
            plans: tables
                .map(|(table, name)| Plan::new(master, table, name))
                .collect(),
            submissions: submissions
                .map(|(index, submission)| (&*submission.file, list::row_of(index)))
                .collect(),
            units: units
                .map(|(index, filing)| (filing.unit.code.as_str(), list::row_of(index)))
                .collect(),
            filed: filed.collect(),
        }
    }

    /// The sheet of a form.
    pub fn plan(&self, form: &str) -> Option<&Plan<'a>> {
        self.plans.iter().find(|plan| plan.table.form.id() == form)
    }

    /// The submission a unit's figures come from, or would come from; its row in the list.
    pub fn submission(&self, code: &str) -> Option<Url> {
        let row = self.submissions.get(self.filed.get(code)?)?;
        Some(internal(
            super::book::SUBMISSIONS,
            CellAddress::new(*row, 0),
        ))
    }

    /// The row of a unit in the list of units.
    pub fn unit(&self, code: &str) -> Option<Url> {
        let row = self.units.get(code)?;
        Some(internal(super::book::UNITS, CellAddress::new(*row, 0)))
    }

    /// The line of a unit in a form's sheet.
    pub fn line(&self, form: &str, code: &str) -> Option<Url> {
        let plan = self.plan(form)?;
        let row = plan.line(code)?;
        Some(internal(&plan.sheet, CellAddress::new(row, 0)))
    }

    /// The field of the consolidated tables that a name of a figure means: its sheet and index.
    pub fn field(&self, name: &Name) -> Option<(&Plan<'a>, usize)> {
        let plan = self.plan(name.form.as_deref()?)?;
        let tables = std::slice::from_ref(plan.table);
        let (_, field) = FigureScope {
            tables,
            unrounded: false,
        }
        .field(name)?;
        Some((plan, field))
    }

    /// The total a figure starts from.
    pub fn total_of(&self, expr: &Expr) -> Option<(&Plan<'a>, CellAddress)> {
        let mut found = None;
        expr.names(&mut |name, _| {
            if found.is_none() {
                found = self
                    .field(name)
                    .and_then(|(plan, field)| Some((plan, plan.total(field)?)));
            }
        });
        found
    }
}

/// Header paths: a fixed-row form is turned on its side, its headings over its rows over its
/// columns.
fn header_paths<'a>(folder: &'a Folder<'_>) -> Vec<Vec<&'a str>> {
    let file = &folder.form.file;
    let mut paths: Vec<Vec<&str>> = LEAD.iter().map(|(text, _)| vec![*text]).collect();
    for column in &folder.columns {
        let mut path = Vec::new();
        if let Some(row) = column.row {
            let above = file.rows.get(..row).unwrap_or_default();
            path.extend(
                above
                    .iter()
                    .rev()
                    .find(|row| row.heading)
                    .map(|row| row.label.own()),
            );
            path.extend(file.rows.get(row).map(|row| row.label.own()));
        }
        // The header of a form's only column is left out: the row labels already say it.
        if column.row.is_none() || file.columns.len() > 1 {
            let own = file.columns.get(column.column);
            path.extend(
                own.into_iter()
                    .flat_map(|own| own.label.path())
                    .map(String::as_str),
            );
        }
        paths.push(path);
    }
    paths.push(vec!["Tệp"]);
    paths
}

fn widths(table: &FormTable, folder: &Folder<'_>) -> Vec<f64> {
    let mut widths: Vec<f64> = LEAD.iter().map(|(_, width)| *width).collect();
    for (index, column) in folder.columns.iter().enumerate() {
        let units = table.lines.iter().chain(&table.sums);
        let units = units.map(|line| &line.values);
        let totals = table.subtotals.iter().map(|subtotal| &subtotal.values);
        let all = units.chain(totals).chain(std::iter::once(&table.total));
        let texts = all.filter_map(|values| values.get(index)?.as_ref());
        // Totals are bold.
        let widest = texts
            .map(|value| text_width(&value.to_string()) * 1.1)
            .fold(0.0, f64::max)
            + 2.0;
        let leaf = leaf_header(folder.form, column);
        let words = matches!(column.field.kind, FieldType::Text | FieldType::Choice);
        widths.push(if words {
            widest.clamp(16.0, 40.0)
        } else {
            widest
                .max(figure_width(leaf))
                .max(figure_width(&alone_header(folder, column)))
        });
    }
    widths.push(40.0);
    widths
}

/// The row's label, if no other column of the row is beside this one to share it.
fn alone_header(folder: &Folder<'_>, column: &Column<'_>) -> String {
    let beside = folder
        .columns
        .iter()
        .filter(|other| other.row == column.row)
        .count();
    let row = column.row.and_then(|row| folder.form.file.rows.get(row));
    row.filter(|_| beside == 1)
        .map(|row| row.label.own().to_owned())
        .unwrap_or_default()
}

/// The header right over a column.
fn leaf_header<'a>(form: &'a Form, column: &Column<'_>) -> &'a str {
    let file = &form.file;
    match column.row.and_then(|row| file.rows.get(row)) {
        Some(row) if file.columns.len() == 1 => row.label.own(),
        _ => file
            .columns
            .get(column.column)
            .map_or("", |own| own.label.own()),
    }
}
