//! Figures in cells below a header, whatever they are stored as.

use std::sync::LazyLock;

use regex::Regex;

use crate::schema::Form;
use crate::workbook::{Cell, Content};

/// The figure in a cell below a column's header, whatever row it is in; one stored as text counts
/// in columns of figures only.
pub(in crate::extract) fn typed_figure(form: &Form, column: usize, cell: &Cell) -> Option<f64> {
    match &cell.content {
        Content::Text(text) if holds_figures(form, column) => figure_as_text(text),
        _ => figure(cell),
    }
}

/// Is a column of the form one of figures, in any row?
pub(in crate::extract) fn holds_figures(form: &Form, column: usize) -> bool {
    let rows = 0..form.file.rows.len().max(1);
    let mut fields = rows.filter_map(|row| form.field(Some(row), column));
    fields.any(|field| field.kind.is_numeric())
}

/// The figure in a cell of which nothing else is known, a number or digits written as one.
pub(in crate::extract) fn any_figure(cell: &Cell) -> Option<f64> {
    match &cell.content {
        Content::Text(text) => figure_as_text(text),
        _ => figure(cell),
    }
}

/// 3.259, 3 259, 53,22 or 53,22%: digits as figures are written here, and nothing else.
fn figure_as_text(text: &str) -> Option<f64> {
    static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^'?(-?\d{1,3}(?:[. \u{a0}]\d{3})+|-?\d+)(?:,(\d+))?\s*%?$")
            .expect("the pattern is a constant")
    });
    let text = text.trim();
    let parts = FIGURE.captures(text).filter(|_| !is_telephone(text))?;
    let whole: String = parts[1]
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '-')
        .collect();
    let decimals = parts.get(2).map_or("0", |decimals| decimals.as_str());
    format!("{whole}.{decimals}").parse().ok()
}

/// 0901234567: no figure begins with 0 and goes on with as many digits.
fn is_telephone(text: &str) -> bool {
    (9..=11).contains(&text.len())
        && text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit())
}

/// The number a cell reports. The 0 of a formula in a row prepared in advance and never filled is
/// none: LibreOffice, saving as .xls, turns formulas that show nothing into 0.
pub(in crate::extract) fn figure(cell: &Cell) -> Option<f64> {
    match cell.content {
        Content::Number(number) if !cell.is_computed_zero() => Some(number),
        _ => None,
    }
}
