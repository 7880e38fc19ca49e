//! A page laid out on a sheet, tag by tag. Pages forget end tags: a cell ends where the next
//! begins, a row likewise.

use std::collections::HashMap;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSinkResult};

use super::cell::{OpenCell, spans};
use super::rich::RichText;
use super::style::{Css, classes};
use super::tag::attribute;
use crate::model::CellAddress;
use crate::workbook::limits::Budget;
use crate::workbook::{Cell, Content, FileProblem, Limits, Sheet};

/// Tables within tables; deeper ones go on in the innermost of these.
const DEEPEST: usize = 32;
/// Where a line ends inside a text, until white space is dealt with.
const LINE_END: char = '\u{2028}';

/// What is known of a page so far.
pub(super) struct HtmlPage {
    sheet: Sheet,
    budget: Budget,
    /// The row being filled, or the next one to be.
    row: u32,
    tables: Vec<Table>,
    /// Text outside of cells.
    loose: RichText,
    /// The element whose text is not shown, and that text.
    unseen: Option<(String, String)>,
    classes: HashMap<String, Css>,
    hidden_rows: Vec<(u32, u32)>,
    problem: Option<FileProblem>,
}

/// A table that has begun and not ended.
#[derive(Default)]
struct Table {
    in_row: bool,
    /// Column of the next cell.
    column: u32,
    /// For each column the first row that no cell from above reaches into.
    free_from: Vec<u32>,
    /// Merged ranges, as far down as they say.
    spans: Vec<(CellAddress, CellAddress)>,
    cell: Option<OpenCell>,
    /// The looks of the table, of the part of it being filled, and of the row.
    own: Css,
    part: Css,
    line: Css,
}

impl HtmlPage {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            sheet: Sheet::new("HTML"),
            budget: Budget::new(limits),
            row: 0,
            tables: Vec::new(),
            loose: RichText::default(),
            unseen: None,
            classes: HashMap::new(),
            hidden_rows: Vec::new(),
            problem: None,
        }
    }

    /// Has anything gone wrong so far?
    ///
    /// # Errors
    /// The first problem met so far.
    pub(super) fn check(&self) -> Result<(), FileProblem> {
        self.problem.clone().map_or(Ok(()), Err)
    }

    /// The sheet, when the page is over.
    ///
    /// # Errors
    /// The first problem met on the page.
    pub(super) fn finish(mut self) -> Result<Sheet, FileProblem> {
        self.check()?;
        while !self.tables.is_empty() {
            self.end_table()?;
        }
        self.end_line()?;
        self.budget.hide_rows(&mut self.sheet, &self.hidden_rows)?;
        self.sheet.merges.sort();
        Ok(self.sheet)
    }

    pub(super) fn token(&mut self, token: Token) -> TokenSinkResult<()> {
        if self.problem.is_some() {
            return TokenSinkResult::Continue;
        }
        let done = match token {
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => {
                    if let Some(raw) = self.begin_unseen(&tag) {
                        return TokenSinkResult::RawData(raw);
                    }
                    self.begin(&tag)
                }
                TagKind::EndTag => self.end(&tag.name),
            },
            Token::CharacterTokens(text) => {
                self.text(&text);
                Ok(())
            }
            Token::CommentToken(comment) => {
                self.comment(&comment);
                Ok(())
            }
            _ => Ok(()),
        };
        self.problem = done.err();
        TokenSinkResult::Continue
    }

    /// Elements whose text is not on the page, and how it is to be tokenized.
    fn begin_unseen(&mut self, tag: &Tag) -> Option<RawKind> {
        let raw = match &*tag.name {
            "script" => RawKind::ScriptData,
            "style" | "iframe" | "noframes" => RawKind::Rawtext,
            "title" | "textarea" => RawKind::Rcdata,
            _ => return None,
        };
        self.unseen = Some((tag.name.to_string(), String::new()));
        Some(raw)
    }

    fn begin(&mut self, tag: &Tag) -> Result<(), FileProblem> {
        match &*tag.name {
            "table" => self.begin_table(tag),
            "thead" | "tbody" | "tfoot" => {
                let css = self.css_of(tag);
                if let Some(table) = self.tables.last_mut() {
                    table.part = css;
                }
                Ok(())
            }
            "tr" => self.begin_row(tag),
            "td" | "th" => self.begin_cell(tag),
            "br" | "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.begin_inner(tag);
                self.end_line()
            }
            _ => {
                self.begin_inner(tag);
                Ok(())
            }
        }
    }

    fn end(&mut self, name: &str) -> Result<(), FileProblem> {
        if let Some((unseen, text)) = self.unseen.take() {
            if unseen == "style" {
                self.classes.extend(classes(&text));
            }
            if unseen == name {
                return Ok(());
            }
        }
        self.end_inner(name);
        match name {
            "table" => self.end_table(),
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.end_line(),
            _ => Ok(()),
        }
    }

    fn begin_inner(&mut self, tag: &Tag) {
        let css = self.css_of(tag);
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.begin(tag, &css),
            None => self.loose.begin(tag, &css),
        }
    }

    fn end_inner(&mut self, name: &str) {
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.text.end(name),
            None => self.loose.end(name),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((element, unseen)) = &mut self.unseen {
            // Only styles are of use.
            if element == "style" {
                unseen.push_str(text);
            }
            return;
        }
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.text.push_str(text),
            None => self.loose.push_str(text),
        }
    }

    /// Exporters copy the name of the sheet from each other in a comment for Excel only.
    fn comment(&mut self, comment: &str) {
        let name = comment
            .split_once("<x:Name>")
            .and_then(|(_, rest)| rest.split_once("</x:Name>"));
        if let Some((name, _)) = name
            && !name.trim().is_empty()
        {
            self.sheet.name = name.trim().chars().take(255).collect::<String>().into();
        }
    }

    /// A line ends: inside a cell a line of it, outside a row of the sheet.
    fn end_line(&mut self) -> Result<(), FileProblem> {
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            if !cell.text.text.trim().is_empty() {
                cell.text.text.push(LINE_END);
            }
            return Ok(());
        }
        // Text between the cells of a row, where none belongs, waits for the end of the row.
        if self.tables.iter().any(|table| table.in_row) {
            self.loose.text.push(LINE_END);
            return Ok(());
        }
        let (line, runs) = self.loose.take_line();
        if line.is_empty() {
            return Ok(());
        }
        let cell = Cell {
            content: Content::Text(line.into()),
            formula: None,
            style: None,
        };
        let address = CellAddress::new(self.row, 0);
        self.budget.put(&mut self.sheet, address, cell)?;
        self.sheet.runs.extend(runs.map(|runs| (address, runs)));
        self.row += 1;
        Ok(())
    }

    /// A table inside a cell is placed below what the cell held so far.
    fn begin_table(&mut self, tag: &Tag) -> Result<(), FileProblem> {
        self.end_cell()?;
        let around = self.tables.last().map(Table::looks);
        let own = self.css_of(tag).or(around.as_ref());
        if let Some(outer) = self.tables.last()
            && outer.in_row
            && self
                .sheet
                .cells
                .last_key_value()
                .is_some_and(|(at, _)| at.row == self.row)
        {
            self.row += 1;
        }
        self.end_line()?;
        if self.tables.len() < DEEPEST {
            self.tables.push(Table {
                own,
                ..Table::default()
            });
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), FileProblem> {
        self.end_row()?;
        let Some(table) = self.tables.pop() else {
            return Ok(());
        };
        // A span that reaches below its table would swallow what follows.
        let last_row = self.row.saturating_sub(1);
        for (first, mut last) in table.spans {
            last.row = last.row.min(last_row).max(first.row);
            self.budget.merge(&mut self.sheet, first, last)?;
        }
        Ok(())
    }

    fn begin_row(&mut self, tag: &Tag) -> Result<(), FileProblem> {
        self.end_row()?;
        if self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        let line = self.css_of(tag);
        if let Some(table) = self.tables.last_mut() {
            table.in_row = true;
            table.column = 0;
            table.line = line;
            if table.looks().hidden {
                self.hidden_rows.push((self.row, self.row));
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), FileProblem> {
        self.end_cell()?;
        if let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.in_row)
        {
            self.row += 1;
        }
        self.end_line()
    }

    fn begin_cell(&mut self, tag: &Tag) -> Result<(), FileProblem> {
        self.end_cell()?;
        let mut css = self.css_of(tag).or(self.classes.get("td"));
        let (columns, rows) = spans(tag);
        if self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        if !std::mem::replace(&mut table.in_row, true) {
            table.column = 0;
            table.line = Css::default();
        }
        let first = CellAddress::new(self.row, table.free_column(self.row));
        let last = CellAddress::new(self.row + rows - 1, first.column + columns - 1);
        table.occupy(first, last)?;
        if first != last {
            table.spans.push((first, last));
        }
        css.struck |= table.looks().struck;
        table.cell = Some(OpenCell::new(first, tag, css));
        Ok(())
    }

    /// What a tag's style and classes say.
    fn css_of(&self, tag: &Tag) -> Css {
        let mut css = Css::parse(attribute(tag, "style").unwrap_or_default());
        css.hidden |= attribute(tag, "hidden").is_some();
        for class in attribute(tag, "class")
            .unwrap_or_default()
            .split_whitespace()
        {
            css = css.or(self.classes.get(class));
        }
        css
    }

    fn end_cell(&mut self) -> Result<(), FileProblem> {
        let open = self.tables.last_mut().and_then(|table| table.cell.take());
        match open.and_then(OpenCell::finish) {
            Some((address, cell, runs)) => {
                self.sheet.runs.extend(runs.map(|runs| (address, runs)));
                self.budget.put(&mut self.sheet, address, cell)
            }
            None => Ok(()),
        }
    }
}

impl Table {
    /// What the row being filled, its part of the table and the table say of the looks of cells.
    fn looks(&self) -> Css {
        self.line.clone().or(Some(&self.part)).or(Some(&self.own))
    }

    /// The next column that no cell from above reaches into.
    fn free_column(&self, row: u32) -> u32 {
        let mut column = self.column;
        while self.free_from(column).is_some_and(|free| free > row) {
            column += 1;
        }
        column
    }

    fn free_from(&self, column: u32) -> Option<u32> {
        self.free_from.get(usize::try_from(column).ok()?).copied()
    }

    fn occupy(&mut self, first: CellAddress, last: CellAddress) -> Result<(), FileProblem> {
        if last.column >= crate::model::address::MAX_COLUMNS {
            return Err(FileProblem::beyond_grid(last));
        }
        let column = |at: u32| usize::try_from(at).map_err(FileProblem::broken);
        let (from, to) = (column(first.column)?, column(last.column)? + 1);
        if self.free_from.len() < to {
            self.free_from.resize(to, 0);
        }
        for free in &mut self.free_from[from..to] {
            *free = (*free).max(last.row + 1);
        }
        self.column = last.column + 1;
        Ok(())
    }
}
