//! One cell of a table on a page.

use std::sync::Arc;

use chrono::Datelike;
use html5ever::tokenizer::Tag;

use super::rich::{RichText, named_font};
use super::style::Css;
use super::tag::attribute;
use crate::model::CellAddress;
use crate::model::value::number_from_f64;
use crate::workbook::content::{number_content, shows_moment};
use crate::workbook::number_format::section_of;
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
    /// The number format that LibreOffice noted.
    format: Option<String>,
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
            // Two languages precede it.
            format: attribute(tag, "sdnum")
                .and_then(|noted| noted.splitn(3, ';').nth(2))
                .filter(|format| !format.is_empty())
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
        let format = self.css.number_format.or(self.format);
        let noted = self.number.as_deref();
        // LibreOffice notes 0 beside `#DIV/0!`.
        let number = noted
            .filter(|_| !is_error(&shown))
            .and_then(|noted| stored_number(noted, &shown, format.as_deref()));
        let content = match (self.error, number) {
            (Some(error), _) => Content::Error(error),
            (None, Some(number)) if format.as_deref() == Some("BOOLEAN") => {
                Content::Bool(number != 0.0)
            }
            // A day may be digits and dashes only: 2025-09-02.
            (None, Some(number)) => number_content(number, format.as_deref(), false),
            (None, None) if shown.is_empty() => {
                self.formula.as_ref()?;
                Content::EmptyText
            }
            (None, None) if noted.is_some() && is_error(&shown) => Content::Error(shown.clone()),
            (None, None) => Content::Text(shown.as_str().into()),
        };
        let number_format = match number {
            Some(number) => format_seen(number, &shown, format),
            None => format,
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

/// The number that was noted of a cell that shows it as a figure: what shows a date is read as it
/// is shown, unless it names the month, and so is what shows words without a format that says why.
fn stored_number(noted: &str, shown: &str, format: Option<&str>) -> Option<f64> {
    let is_figure = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-+.,()%".contains(c);
    if !shown.chars().all(is_figure) && format.is_none_or(shows_moment) {
        return noted
            .trim()
            .parse()
            .ok()
            .filter(|noted| names_day(*noted, shown, format));
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

/// Is a noted number the day that is shown with its month by name (15-Sep-25) or its year in short
/// (15/9/25), by the figures that are shown?
fn names_day(noted: f64, shown: &str, format: Option<&str>) -> bool {
    let Content::Date(moment) = number_content(noted, format, false) else {
        return false;
    };
    let figures = shown.split(|c: char| !c.is_ascii_digit());
    let figures: Vec<u32> = figures.filter_map(|digits| digits.parse().ok()).collect();
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    let years = [year, year % 100].map(i32::unsigned_abs);
    match figures.as_slice() {
        [first, last] => {
            shown.contains(char::is_alphabetic) && *first == day && years.contains(last)
        }
        [first, middle, last] => *first == day && *middle == month && years[1] == *last,
        _ => false,
    }
}

/// The format by which a person sees what the page shows of a number: the one that was noted if it
/// explains that, else one that does.
fn format_seen(number: f64, shown: &str, noted: Option<String>) -> Option<String> {
    // Excel stores a percentage as a fraction and shows it with the sign.
    let of_percent = shown.ends_with('%');
    let format = match noted {
        None if of_percent => Some("0.00%".to_owned()),
        noted => noted,
    };
    let section = section_of(format.as_deref().unwrap_or("General"), number);
    let scaled = if section.percent {
        number * 100.0
    } else {
        number
    };
    // Fractions and powers of ten show other digits, and so may the words beside a figure.
    let has_digits = section.words.contains(|c: char| c.is_ascii_digit());
    let explained = section.hidden_thousands > 0
        || !section.shows_figure
        || format.is_some() && (section.decimals.is_none() || has_digits);
    match decimals_shown(scaled, shown) {
        _ if explained => format,
        Some(decimals) if format.is_none() && !same(scaled, decimals) => Some(
            format!("0.{}", "0".repeat(decimals))
                .trim_end_matches('.')
                .to_owned(),
        ),
        Some(_) => format,
        None => Some(format!("\"{}\"", shown.replace('"', ""))),
    }
}

/// Decimals kept of the numbers that pages show.
const MOST_DECIMALS: usize = 15;

/// To how many decimals a text shows a number, if its digits are those of the number.
fn decimals_shown(number: f64, shown: &str) -> Option<usize> {
    let bare = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let shown = bare(shown);
    (0..=MOST_DECIMALS).find(|decimals| bare(&format!("{:.decimals$}", number.abs())) == shown)
}

/// Does a number have no more than these decimals?
fn same(number: f64, decimals: usize) -> bool {
    number_from_f64(number)
        .is_none_or(|number| usize::try_from(number.scale()).is_ok_and(|scale| scale <= decimals))
}

/// `#DIV/0!`, as LibreOffice writes the result of a formula.
fn is_error(shown: &str) -> bool {
    shown == "#N/A" || shown.starts_with('#') && shown.ends_with(['!', '?'])
}

/// Number of columns and of rows that a cell spans.
pub(super) fn spans(tag: &Tag) -> (u32, u32) {
    let span = |name, most| {
        let span = attribute(tag, name).and_then(|span| span.trim().parse().ok());
        span.unwrap_or(1).clamp(1, most)
    };
    (span("colspan", MOST_COLUMNS), span("rowspan", MOST_ROWS))
}
