//! One cell of a table on a page.

use std::sync::Arc;

use html5ever::tokenizer::Tag;

use super::rich::{RichText, named_font};
use super::style::Css;
use super::tag::attribute;
use crate::model::CellAddress;
use crate::workbook::runs::Runs;
use crate::workbook::{Cell, CellStyle, Content};

/// Spans larger than these are taken for these, as browsers do.
const MOST_COLUMNS: u32 = 1_000;
const MOST_ROWS: u32 = 65_534;

/// A cell that has begun and not ended.
#[derive(Debug)]
pub(super) struct OpenCell {
    pub(super) address: CellAddress,
    pub(super) text: RichText,
    css: Css,
    /// What Excel (`x:num`) or LibreOffice (`sdval`) noted of the value; empty if the text is the
    /// number.
    number: Option<String>,
    error: Option<String>,
    /// The logical value that Excel noted.
    flag: Option<bool>,
    formula: Option<String>,
}

impl OpenCell {
    pub(super) fn new(address: CellAddress, tag: &Tag, css: Css) -> Self {
        let formula = attribute(tag, "x:fmla");
        Self {
            address,
            text: RichText::default(),
            css,
            number: attribute(tag, "x:num")
                .or(attribute(tag, "sdval"))
                .map(str::to_owned),
            error: attribute(tag, "x:err").map(str::to_owned),
            flag: match attribute(tag, "x:bool").map(str::trim) {
                Some("TRUE" | "true" | "1") => Some(true),
                Some("FALSE" | "false" | "0") => Some(false),
                _ => None,
            },
            formula: formula.map(|formula| formula.trim_start_matches('=').to_owned()),
        }
    }

    /// An element inside the cell begins. The font it names is the cell's, if that names none.
    pub(super) fn begin(&mut self, tag: &Tag, css: &Css) {
        if self.css.font.is_none() {
            self.css.font = named_font(tag);
        }
        self.text.begin(tag, css);
    }

    /// The cell, if it holds anything. A lone `&nbsp;` is how pages write an empty cell.
    pub(super) fn finish(self) -> Option<(CellAddress, Cell, Option<Runs>)> {
        let (shown, runs) = self.text.finish();
        let number = self
            .number
            .as_deref()
            .and_then(|number| stored_number(number, &shown));
        let content = match (self.error, number) {
            (Some(error), _) => Content::Error(error),
            (None, Some(number)) => Content::Number(number),
            (None, None) if shown.is_empty() => {
                self.formula.as_ref()?;
                Content::EmptyText
            }
            (None, None) => Content::Text(shown.as_str().into()),
        };
        // Excel stores a percentage as a fraction and shows it with the sign.
        let percent = number.is_some() && self.css.number_format.is_none() && shown.ends_with('%');
        let number_format = match percent {
            true => Some("0.00%".to_owned()),
            false => self.css.number_format,
        };
        let content = self.flag.map_or(content, Content::Bool);
        let look = CellStyle {
            number_format,
            font: self.css.font,
            struck: self.css.struck,
            unseen: false,
        };
        let style = (look != CellStyle::default()).then(|| Arc::new(look));
        let cell = Cell {
            content,
            formula: self.formula,
            style,
        };
        Some((self.address, cell, runs))
    }
}

/// The number Excel noted, where the text shows a figure. What shows a date is read as shown.
fn stored_number(noted: &str, shown: &str) -> Option<f64> {
    let is_figure = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-+.,()%".contains(c);
    if !shown.chars().all(is_figure) {
        return None;
    }
    let is_whole = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let number = match noted.trim() {
        "" if is_whole(shown) => shown,
        "" => return None,
        number => number,
    };
    number
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Number of columns and of rows that a cell spans.
pub(super) fn spans(tag: &Tag) -> (u32, u32) {
    let span = |name, most| {
        let span = attribute(tag, name).and_then(|span| span.trim().parse().ok());
        span.unwrap_or(1).clamp(1, most)
    };
    (span("colspan", MOST_COLUMNS), span("rowspan", MOST_ROWS))
}
