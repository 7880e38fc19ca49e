//! Sheets and cells, in the order of the document.

use std::io::BufRead;

use super::formula::readable;
use super::looks::Looks;
use crate::model::CellAddress;
use crate::model::address::{MAX_COLUMNS, MAX_ROWS};
use crate::package::xml::{BytesStart, Step, Walk, attribute, attributes, walk_texts};
use crate::workbook::content::iso_date;
use crate::workbook::limits::Budget;
use crate::workbook::runs::{Growing, Runs};
use crate::workbook::{Cell, Content, FileProblem, Limits, Sheet, Visibility};

/// Spaces written as a number of them, at most.
const MOST_SPACES: usize = 1_000;

/// Reads all sheets; `empty_result` is what a formula without a value holds.
///
/// # Errors
/// The part is no well-formed XML, or holds more than the limits allow.
pub(super) fn read(
    part: impl BufRead,
    looks: Looks,
    empty_result: Content,
    limits: &Limits,
) -> Result<Vec<Sheet>, FileProblem> {
    let mut reader = ContentReader {
        looks,
        empty_result,
        budget: Budget::new(limits),
        sheets: Vec::new(),
        sheet: None,
        columns: Vec::new(),
        hidden_rows: Vec::new(),
        row: Row::default(),
        cell: None,
        ignored: 0,
    };
    let mut complete = false;
    walk_texts(part, |step| {
        match step {
            Step::Open(element) => reader.open(element)?,
            Step::Text(text) => reader.text(text),
            Step::Close(name) => {
                complete |= name == "spreadsheet";
                reader.close(name)?;
            }
        }
        Ok::<_, FileProblem>(Walk::On)
    })?;
    match complete {
        true => Ok(reader.sheets),
        false => Err(FileProblem::broken("its content ends too early")),
    }
}

struct ContentReader {
    looks: Looks,
    /// What a formula without a value holds.
    empty_result: Content,
    budget: Budget,
    sheets: Vec<Sheet>,
    sheet: Option<Sheet>,
    /// Column after the last of a run of columns, and the style of its cells.
    columns: Vec<(u32, Option<String>)>,
    hidden_rows: Vec<(u32, u32)>,
    row: Row,
    cell: Option<OpenCell>,
    /// How deep in something that is no part of a cell's text: a note, a drawing.
    ignored: usize,
}

/// The current row, to be repeated when it is complete.
#[derive(Default)]
struct Row {
    first: u32,
    repeated: u32,
    /// Column of the next cell.
    column: u32,
    /// Cells with their column and how often they are repeated.
    cells: Vec<(u32, u32, Cell, Option<Runs>)>,
    merges: Vec<(CellAddress, CellAddress)>,
}

/// A cell that has begun and not ended.
#[derive(Default)]
struct OpenCell {
    style: Option<String>,
    repeated: u32,
    columns_spanned: u32,
    rows_spanned: u32,
    formula: Option<String>,
    kind: String,
    /// Kind of what LibreOffice adds to the standard: `error`.
    extended_kind: String,
    value: Option<String>,
    paragraphs: usize,
    in_paragraph: bool,
    text: String,
    looks: Growing,
}

impl ContentReader {
    fn open(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let name = element.local_name();
        let name = name.as_ref();
        if self.ignored > 0 {
            self.ignored += 1;
        } else if let Some(cell) = &mut self.cell {
            if !cell.open(name, element, &self.looks)? {
                self.ignored = 1;
            }
        } else if name == "table" {
            self.open_table(element)?;
        } else if let Some(sheet) = &mut self.sheet {
            match name {
                "table-column" => open_column(&mut self.columns, sheet, element)?,
                "table-row" => self.open_row(element)?,
                "table-cell" | "covered-table-cell" => {
                    self.cell = Some(OpenCell::new(element)?);
                }
                // Drawings of a sheet have texts and tables of their own.
                "shapes" | "forms" => self.ignored = 1,
                _ => {}
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.in_paragraph)
            && self.ignored == 0
        {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), FileProblem> {
        if self.ignored > 0 {
            self.ignored -= 1;
            return Ok(());
        }
        match name {
            "span" => self
                .cell
                .iter_mut()
                .for_each(|cell| cell.looks.end(cell.text.len())),
            "p" => self
                .cell
                .iter_mut()
                .for_each(|cell| cell.in_paragraph = false),
            "table-cell" | "covered-table-cell" => self.close_cell(),
            "table-row" => self.close_row()?,
            "table" => {
                if let Some(mut sheet) = self.sheet.take() {
                    self.budget.hide_rows(&mut sheet, &self.hidden_rows)?;
                    self.budget.push_sheet(&mut self.sheets, sheet)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open_table(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        // Tables without a name are caches of other documents.
        let Some(name) = attribute(element, "name")? else {
            return Ok(());
        };
        let mut sheet = Sheet::new(name);
        let style = attribute(element, "style-name")?;
        if style.is_some_and(|style| self.looks.is_hidden(&style)) {
            sheet.visibility = Visibility::Hidden;
        }
        self.sheet = Some(sheet);
        self.columns.clear();
        self.hidden_rows.clear();
        self.row = Row::default();
        Ok(())
    }

    fn open_row(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        self.row = Row {
            first: self.row.first.saturating_add(self.row.repeated),
            repeated: repetition(element, "number-rows-repeated")?,
            ..Row::default()
        };
        if is_hidden(element)? {
            let last = self.row.first.saturating_add(self.row.repeated - 1);
            self.hidden_rows.push((self.row.first, last));
        }
        Ok(())
    }

    fn close_cell(&mut self) {
        let Some(mut open) = self.cell.take() else {
            return;
        };
        let (row, column, repeated) = (self.row.first, self.row.column, open.repeated);
        self.row.column = column.saturating_add(repeated);
        if (open.columns_spanned, open.rows_spanned) != (1, 1) {
            let last = CellAddress::new(
                row.saturating_add(open.rows_spanned - 1),
                column.saturating_add(open.columns_spanned - 1),
            );
            self.row.merges.push((CellAddress::new(row, column), last));
        }
        let percent = open.kind == "percentage";
        let style = open.style.take();
        let runs = open.looks.runs(open.text.len());
        let Some((content, formula)) = open.finish(&self.empty_result) else {
            return;
        };
        let style = style.as_deref().or_else(|| {
            let run = self.columns.partition_point(|(after, _)| *after <= column);
            self.columns.get(run)?.1.as_deref()
        });
        let style = self.looks.cell(style, percent);
        let cell = Cell {
            content,
            formula,
            style,
        };
        self.row.cells.push((column, repeated, cell, runs));
    }

    fn close_row(&mut self) -> Result<(), FileProblem> {
        let Some(sheet) = &mut self.sheet else {
            return Ok(());
        };
        let cells = std::mem::take(&mut self.row.cells);
        for (first, last) in std::mem::take(&mut self.row.merges) {
            self.budget.merge(sheet, first, last)?;
        }
        // However often it is repeated, an empty row is nothing.
        if cells.is_empty() {
            return Ok(());
        }
        for row in (0..self.row.repeated).map(|at| self.row.first.saturating_add(at)) {
            for (column, repeated, cell, runs) in &cells {
                for column in (0..*repeated).map(|at| column.saturating_add(at)) {
                    let address = CellAddress::new(row, column);
                    self.budget.put(sheet, address, cell.clone())?;
                    let runs = runs.clone();
                    sheet.runs.extend(runs.map(|runs| (address, runs)));
                }
            }
        }
        Ok(())
    }
}

impl OpenCell {
    fn new(element: &BytesStart) -> Result<Self, FileProblem> {
        let mut cell = Self {
            repeated: 1,
            columns_spanned: 1,
            rows_spanned: 1,
            ..Self::default()
        };
        for attribute in attributes(element) {
            let (name, value) = attribute?;
            // With prefixes, which nobody changes: what LibreOffice adds has the same local names.
            match name {
                "table:style-name" => cell.style = Some(value.into_owned()),
                "table:number-columns-repeated" => cell.repeated = count(&value)?,
                "table:number-columns-spanned" => cell.columns_spanned = count(&value)?,
                "table:number-rows-spanned" => cell.rows_spanned = count(&value)?,
                "table:formula" => cell.formula = Some(readable(&value)),
                "office:value-type" => cell.kind = value.into_owned(),
                "calcext:value-type" => cell.extended_kind = value.into_owned(),
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => {
                    cell.value = Some(value.into_owned());
                }
                _ => {}
            }
        }
        Ok(cell)
    }

    /// Something inside the cell begins; false if it is no part of its text.
    fn open(
        &mut self,
        name: &str,
        element: &BytesStart,
        looks: &Looks,
    ) -> Result<bool, FileProblem> {
        if !self.in_paragraph {
            if name != "p" {
                return Ok(false);
            }
            if self.paragraphs > 0 {
                self.text.push('\n');
            }
            self.paragraphs += 1;
            self.in_paragraph = true;
            return Ok(true);
        }
        match name {
            "s" => {
                let count = attribute(element, "c")?.and_then(|count| count.parse().ok());
                let count = count.unwrap_or(1).min(MOST_SPACES);
                self.text.extend(std::iter::repeat_n(' ', count));
            }
            "span" => {
                let style = attribute(element, "style-name")?;
                let look = style.map(|style| looks.stretch(&style)).unwrap_or_default();
                self.looks.begin(self.text.len(), look);
            }
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            "annotation" | "note" | "frame" | "ruby-text" => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    /// What the cell holds and its formula; nothing for a blank.
    fn finish(self, empty_result: &Content) -> Option<(Content, Option<String>)> {
        let text = match &self.value {
            Some(value) if self.kind == "string" && self.text.is_empty() => value.clone(),
            _ => self.text,
        };
        let value = self.value.unwrap_or_default();
        // LibreOffice stores the TRUE of an Excel workbook as a formula whose result is 1.
        let truth = match self.formula.as_deref() {
            Some("TRUE()") => Some(true),
            Some("FALSE()") => Some(false),
            _ => None,
        };
        let content = match self.kind.as_str() {
            _ if let Some(truth) = truth => Content::Bool(truth),
            _ if self.extended_kind == "error" => Content::Error(text),
            "float" | "currency" | "percentage" => number(&value),
            "boolean" => Content::Bool(value == "true"),
            "date" => match iso_date(&value) {
                Some(moment) => Content::Date(moment),
                None => Content::Text(text.into()),
            },
            "time" => match days(&value) {
                Some(days) => Content::Number(days),
                None => Content::Text(text.into()),
            },
            "" if text.is_empty() && self.formula.is_some() => empty_result.clone(),
            _ if !text.is_empty() => Content::Text(text.into()),
            _ if self.formula.is_some() => Content::EmptyText,
            _ => return None,
        };
        let formula = self.formula.filter(|_| truth.is_none());
        Some((content, formula))
    }
}

fn number(value: &str) -> Content {
    match value.parse::<f64>() {
        Ok(number) => Content::Number(number),
        Err(_) => Content::Error(value.to_owned()),
    }
}

/// `PT08H30M00S` as a fraction of a day.
fn days(duration: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut digits = String::new();
    for c in duration.strip_prefix("PT")?.chars() {
        let unit = match c {
            'H' => 3_600.0,
            'M' => 60.0,
            'S' => 1.0,
            digit => {
                digits.push(digit);
                continue;
            }
        };
        seconds += std::mem::take(&mut digits).parse::<f64>().ok()? * unit;
    }
    Some(seconds / 86_400.0)
}

fn open_column(
    columns: &mut Vec<(u32, Option<String>)>,
    sheet: &mut Sheet,
    element: &BytesStart,
) -> Result<(), FileProblem> {
    let first = columns.last().map_or(0, |(after, _)| *after);
    let after = first
        .saturating_add(repetition(element, "number-columns-repeated")?)
        .min(MAX_COLUMNS);
    if is_hidden(element)? {
        sheet.hidden_columns.extend(first..after);
    }
    if first < after {
        columns.push((after, attribute(element, "default-cell-style-name")?));
    }
    Ok(())
}

/// Hidden by hand or by a filter.
fn is_hidden(element: &BytesStart) -> Result<bool, FileProblem> {
    let visibility = attribute(element, "visibility")?;
    Ok(matches!(visibility.as_deref(), Some("collapse" | "filter")))
}

fn repetition(element: &BytesStart, name: &str) -> Result<u32, FileProblem> {
    attribute(element, name)?.map_or(Ok(1), |value| count(&value))
}

/// How often something is repeated or how far it spans; no more than a sheet has rows.
fn count(value: &str) -> Result<u32, FileProblem> {
    let count: u32 = value.parse().map_err(FileProblem::broken)?;
    Ok(count.clamp(1, MAX_ROWS))
}
