//! A table as it stands on its sheet, in small: column letters, row numbers, headers, figures, the
//! figures of the last period, cells that findings name coloured.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use super::marks::{Mark, Marks};
use super::words;
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::address::column_letters;
use crate::model::{Lang, Place};
use crate::rules::PreviousFigures;
use crate::text::slug;

/// Rows without findings that are shown at most; longer tables say that they are cut.
const QUIET_ROWS: usize = 200;

/// A table in small.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MiniSheet {
    /// Begins the anchors of its cells; unique on the page.
    slug: String,
    sheet: String,
    /// Title of the form.
    title: String,
    /// Column letters.
    letters: Vec<String>,
    /// Header of the column of row labels, which has no cells of its own; `None`: there is none.
    stub: Option<String>,
    /// Rows of headers, top to bottom.
    heads: Vec<Vec<Head>>,
    rows: Vec<Row>,
    /// Rows without findings.
    quiet: usize,
    /// Rows without findings that are left out.
    left_out: usize,
    /// Does any cell show the figure of the last period?
    has_past: bool,
}

impl MiniSheet {
    /// Does any finding name one of its cells?
    pub(super) fn is_marked(&self) -> bool {
        self.rows.len() > self.quiet
    }

    /// How its cells are coloured.
    pub(super) fn marks(&self) -> impl Iterator<Item = Mark> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.filter_map(|cell| cell.mark)
    }
}

#[derive(Debug, Clone, Serialize)]
struct Head {
    text: String,
    columns: usize,
    rows: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    /// Row number, as Excel shows it; empty if the row was not found on the sheet.
    number: String,
    label: String,
    total: bool,
    quiet: bool,
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
struct Cell {
    /// Anchor, for cells that a card names.
    id: Option<String>,
    address: String,
    text: String,
    /// Is it a figure?
    number: bool,
    /// Does the form have no cell here?
    absent: bool,
    mark: Option<Mark>,
    /// Anchor of the card.
    card: Option<String>,
    past: Option<String>,
}

/// A cell that is shown beside the cards.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) id: String,
    /// How the form calls it.
    pub(super) label: String,
    pub(super) is_blank: bool,
    /// Is it the place of a figure?
    pub(super) is_numeric: bool,
    /// Was a value read from it?
    pub(super) is_filled: bool,
}

/// The cells of a file that are shown beside the cards.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors(HashMap<Place, Shown>);

impl Anchors {
    pub(super) fn get(&self, place: &Place) -> Option<&Shown> {
        self.0.get(place)
    }
}

/// Whose figures of the last period are shown.
#[derive(Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) figures: &'a PreviousFigures,
    pub(super) unit: &'a str,
}

/// Anchors of all cells of a file's tables; `file` is its number on the page, from 1.
pub(super) fn anchors(tables: &[&Table], file: usize) -> (Anchors, HashMap<Arc<str>, String>) {
    let mut slugs: HashMap<Arc<str>, String> = HashMap::new();
    let mut taken = HashSet::new();
    let mut anchors = HashMap::new();
    for table in tables {
        let name = slugs.entry(table.sheet.clone()).or_insert_with(|| {
            let name = sheet_slug(&table.sheet);
            let numbered = (2..).map(|n| format!("{name}-{n}"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            let free = names.find(|name| taken.insert(name.clone()));
            let prefix = match file {
                1 => "o".to_owned(),
                file => format!("o{file}"),
            };
            format!("{prefix}-{}", free.unwrap_or(name))
        });
        for (row, cell, column) in cells(table) {
            let Some(address) = cell.address else {
                continue;
            };
            let field = table.form.field(row.row, column);
            let place = Place {
                sheet: table.sheet.clone(),
                cell: address,
            };
            let label = match (row.row, table.form.is_free()) {
                (Some(row), false) => table.form.cell_label(Some(row), column),
                _ => format!(
                    "{} › {}",
                    row_label(table, row),
                    table.form.cell_label(None, column)
                ),
            };
            let shown = Shown {
                id: format!("{name}-{address}"),
                label: words::name(&label),
                is_blank: cell.state == CellState::Blank,
                is_numeric: field.is_some_and(|field| field.kind.is_numeric()),
                is_filled: matches!(cell.state, CellState::Value(_)),
            };
            anchors.entry(place).or_insert(shown);
        }
    }
    (Anchors(anchors), slugs)
}

/// How many cells of the tables hold figures.
pub(super) fn figures(anchors: &Anchors) -> usize {
    let cells = anchors.0.values();
    cells
        .filter(|cell| cell.is_numeric && cell.is_filled)
        .count()
}

fn cells(table: &Table) -> impl Iterator<Item = (&TableRow, &TableCell, usize)> {
    let rows = table.rows.iter().chain(&table.total);
    rows.flat_map(|row| {
        let cells = row.cells.iter().enumerate();
        cells.map(move |(column, cell)| (row, cell, column))
    })
}

/// The name of a sheet as part of an anchor: `VAN-BAN`.
fn sheet_slug(sheet: &str) -> String {
    let short: String = sheet.chars().take(60).collect();
    match slug(&short).to_uppercase() {
        name if name.is_empty() => "TRANG".to_owned(),
        name => name,
    }
}

fn row_label(table: &Table, row: &TableRow) -> String {
    let total = || table.form.file.layout.total.clone();
    match row.row {
        Some(row) => table.form.row_label(row),
        None if is_total(table, row) => total().unwrap_or_else(|| "Tổng cộng".to_owned()),
        None => row.key.to_string(),
    }
}

fn is_total(table: &Table, row: &TableRow) -> bool {
    let total = table.total.as_ref();
    total.is_some_and(|total| std::ptr::eq(total, row))
}

/// What tables in small are made with.
pub(super) struct Drawing<'a> {
    pub(super) lang: Lang,
    pub(super) anchors: &'a Anchors,
    pub(super) slugs: &'a HashMap<Arc<str>, String>,
    pub(super) marks: &'a Marks,
    pub(super) past: Option<Past<'a>>,
}

impl Drawing<'_> {
    /// A table in small. `used` are the anchors that stand on the page already.
    pub(super) fn sheet(&self, table: &Table, used: &mut HashSet<String>) -> MiniSheet {
        let columns = table.form.file.columns.len();
        let rows = table.rows.iter().chain(&table.total);
        let mut rows: Vec<Row> = rows.map(|row| self.row(table, row, used)).collect();
        let quiet = rows.iter().filter(|row| row.quiet).count();
        let mut kept = 0;
        rows.retain(|row| {
            kept += usize::from(row.quiet);
            !row.quiet || kept <= QUIET_ROWS
        });
        let shown = quiet.min(QUIET_ROWS);
        let file = &table.form.file;
        let stub = (!table.form.is_free()).then(|| file.layout.label.clone().unwrap_or_default());
        MiniSheet {
            slug: self.slugs.get(&table.sheet).cloned().unwrap_or_default(),
            sheet: words::name(&table.sheet),
            title: words::name(&file.title),
            letters: (0..columns).map(|column| letters(table, column)).collect(),
            stub,
            heads: heads(table),
            quiet: shown,
            left_out: quiet - shown,
            has_past: rows
                .iter()
                .flat_map(|row| &row.cells)
                .any(|cell| cell.past.is_some()),
            rows,
        }
    }

    fn row(&self, table: &Table, row: &TableRow, used: &mut HashSet<String>) -> Row {
        let cells = row.cells.iter().enumerate();
        let cells: Vec<Cell> = cells
            .map(|(column, cell)| self.cell(table, row, column, cell, used))
            .collect();
        let number = row.cells.iter().find_map(|cell| cell.address);
        Row {
            number: number.map_or(String::new(), |cell| (cell.row + 1).to_string()),
            label: words::name(&row_label(table, row)),
            total: is_total(table, row),
            quiet: cells.iter().all(|cell| cell.mark.is_none()),
            cells,
        }
    }

    fn cell(
        &self,
        table: &Table,
        row: &TableRow,
        column: usize,
        cell: &TableCell,
        used: &mut HashSet<String>,
    ) -> Cell {
        let place = cell.address.map(|address| Place {
            sheet: table.sheet.clone(),
            cell: address,
        });
        let shown = place.as_ref().and_then(|place| self.anchors.get(place));
        let marked = place
            .as_ref()
            .and_then(|place| self.marks.get(&place.sheet)?.get(&place.cell));
        let id = shown
            .filter(|_| marked.is_some())
            .map(|shown| shown.id.clone());
        let field = table.form.field(row.row, column);
        let text = match &cell.state {
            CellState::Value(value) => words::value(value, self.lang),
            CellState::Unreadable => marked
                .and_then(|marked| marked.says.as_ref())
                .map_or("?".to_owned(), |says| words::value(says, self.lang)),
            CellState::Absent | CellState::Blank => String::new(),
        };
        Cell {
            id: id.filter(|id| used.insert(id.clone())),
            address: cell.address.map_or(String::new(), |cell| cell.to_string()),
            text,
            number: field.is_some_and(|field| field.kind.is_numeric()),
            absent: cell.state == CellState::Absent,
            mark: marked.map(|marked| marked.mark),
            card: marked.map(|marked| marked.card.clone()),
            past: self.past(table, row, column),
        }
    }

    /// The figure of the last period in this cell.
    fn past(&self, table: &Table, row: &TableRow, column: usize) -> Option<String> {
        let past = self.past.filter(|_| !is_total(table, row))?;
        table
            .form
            .field(row.row, column)
            .filter(|field| field.kind.is_numeric())?;
        let column = table.form.file.columns.get(column)?.id.get_ref();
        let value = past
            .figures
            .value(past.unit, table.form.id(), &row.key, column)?;
        Some(words::value(value, self.lang))
    }
}

/// The letters of the column of the sheet in which most cells of a form's column are.
fn letters(table: &Table, column: usize) -> String {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let rows = table.rows.iter().chain(&table.total);
    for address in rows.filter_map(|row| row.cells.get(column)?.address) {
        *counts.entry(address.column).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or(String::new(), |(column, _)| column_letters(column))
}

/// Headers as they span one another.
fn heads(table: &Table) -> Vec<Vec<Head>> {
    let columns = &table.form.file.columns;
    let depth = columns.iter().map(|column| column.label.depth()).max();
    let depth = depth.unwrap_or(0);
    let level = |level: usize| -> Vec<Head> {
        let mut heads: Vec<(Head, &[String])> = Vec::new();
        for path in columns.iter().map(|column| column.label.path()) {
            let Some(text) = path.get(level) else {
                continue;
            };
            let is_own = level + 1 == path.len();
            let above = &path[..=level];
            match heads.last_mut() {
                Some((head, spans)) if !is_own && *spans == above => head.columns += 1,
                _ => heads.push((
                    Head {
                        text: words::name(text),
                        columns: 1,
                        rows: if is_own { depth - level } else { 1 },
                    },
                    if is_own { &[] } else { above },
                )),
            }
        }
        heads.into_iter().map(|(head, _)| head).collect()
    };
    (0..depth).map(level).collect()
}
