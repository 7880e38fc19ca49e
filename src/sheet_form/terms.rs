//! Expressions as people write them in a cell: `6 + 13 - 5`, `cột 3 + «Trong đó nữ»`, `SUM(4:7)`, or
//! the language of rules itself. Names become ids; all else is left as it is.

use super::names::{Axis, Names};
use crate::model::Message;
use crate::text::fold;

/// What a bare number in a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// The number or code of a row or column.
    Code(Axis),
    /// A figure.
    Figure,
}

/// Signs that end a word.
const SIGNS: &str = "+-*/(),;:=<>≤≥≠×÷%&^{}[]\n";

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A word, with the spaces around it.
    Word(&'a str),
    /// In quotation marks.
    Quoted(&'a str),
    Sign(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '"' => Some('"'),
            '«' => Some('»'),
            '“' => Some('”'),
            _ => None,
        };
        if let Some(close) = close {
            let inside = &rest[first.len_utf8()..];
            let end = inside
                .find(close)
                .map_or(rest.len(), |at| first.len_utf8() + at + close.len_utf8());
            let (quoted, after) = rest.split_at(end);
            tokens.push(Token::Quoted(quoted));
            rest = after;
        } else if SIGNS.contains(first) {
            tokens.push(Token::Sign(first));
            rest = &rest[first.len_utf8()..];
        } else {
            let ends = |c: char| SIGNS.contains(c) || matches!(c, '"' | '«' | '“');
            let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            tokens.push(Token::Word(word));
            rest = after;
        }
    }
    tokens
}

/// The expression with ids for names.
///
/// # Errors
/// A word names no row or column.
pub(super) fn resolve(text: &str, bare: Bare, names: &Names<'_>) -> Result<String, Message> {
    // A label that has signs in it, alone in its cell.
    if let Bare::Code(axis) = bare
        && text.contains(|c| SIGNS.contains(c))
        && let Ok(id) = names.find(text, axis)
    {
        return Ok(id);
    }
    let tokens = tokens(text);
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(sign) => {
                match sign {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                // Excel parts arguments by a semicolon where decimals have a comma.
                out.push(if *sign == ';' && depth > 0 {
                    ','
                } else {
                    *sign
                });
            }
            Token::Quoted(quoted) if quoted.starts_with('"') && bare == Bare::Figure => {
                out.push_str(quoted);
            }
            Token::Quoted(quoted) => out.push_str(&word(quoted, bare, names)?),
            Token::Word(spaced) => {
                let inner = spaced.trim();
                let called = matches!(tokens.get(index + 1), Some(Token::Sign('(')));
                let function = called && inner.chars().all(|c| c.is_ascii_alphanumeric());
                let (before, after) = around(spaced, inner);
                out.push_str(before);
                match (inner.is_empty(), function) {
                    (true, _) => {}
                    (false, true) => out.push_str(&inner.to_uppercase()),
                    (false, false) => out.push_str(&word(inner, bare, names)?),
                }
                out.push_str(after);
            }
        }
    }
    Ok(out.replace('\n', " "))
}

/// The spaces before and after.
fn around<'a>(spaced: &'a str, inner: &str) -> (&'a str, &'a str) {
    let before = spaced.len() - spaced.trim_start().len();
    match inner.is_empty() {
        true => (spaced, ""),
        false => spaced
            .split_at(before)
            .0
            .len()
            .checked_add(inner.len())
            .map_or(("", ""), |end| (&spaced[..before], &spaced[end..])),
    }
}

fn word(word: &str, bare: Bare, names: &Names<'_>) -> Result<String, Message> {
    let is_number =
        |text: &str| text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit());
    if let Some(figure) = figure(word).filter(|figure| is_number(figure)) {
        return Ok(figure.to_owned());
    }
    // Another form's names are not known here; the check of the form looks at them.
    if word.contains('!') || names.is_cell(word) || matches!(word, "TRUE" | "FALSE") {
        return Ok(word.to_owned());
    }
    match bare {
        Bare::Code(axis) => names.find(word, axis),
        Bare::Figure if word.starts_with(|c: char| c.is_ascii_digit()) => Ok(word.to_owned()),
        Bare::Figure => {
            let column = names.find(word, Axis::Columns);
            match (column, names.find(word, Axis::Rows)) {
                (Ok(id), _) | (Err(_), Ok(id)) => Ok(id),
                // Left to the check of the form, which knows what else a name may be.
                (Err(_), Err(_)) if is_id(word) => Ok(word.to_owned()),
                (Err(why), Err(_)) => Err(why),
            }
        }
    }
}

fn is_id(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// `200` of «số 200».
pub(super) fn figure(text: &str) -> Option<&str> {
    let (first, rest) = text.trim().split_once(' ')?;
    (fold(first) == "so").then(|| rest.trim())
}

/// Which rows or columns a rule is asked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// All of them.
    All,
    /// All but these, ids or ranges.
    But(Vec<String>),
    /// These.
    These(Vec<String>),
    /// An expression: not a list.
    One(String),
}

/// Reads what stands under «Dòng» or «Cột».
///
/// # Errors
/// A word names no row or column.
pub(super) fn which(text: &str, axis: Axis, names: &Names<'_>) -> Result<Which, Message> {
    let text = text.trim();
    let plain = fold(text);
    let all = |text: &str| {
        let text = text.trim().trim_end_matches([',', ';', ':', ' ']).trim();
        text.is_empty()
            || text == "*"
            || ["moi dong", "moi cot", "tat ca", "moi hang"].contains(&text)
    };
    if all(&plain) {
        return Ok(Which::All);
    }
    if let Some(but) = but(text).filter(|(before, _)| all(&fold(before))) {
        return Ok(Which::But(list(but.1, axis, names)?));
    }
    if text.contains([';', '\n', ',']) && !text.contains('(') && names.find(text, axis).is_err() {
        return Ok(Which::These(list(text, axis, names)?));
    }
    Ok(Which::One(text.to_owned()))
}

/// What stands before and after the word «trừ».
fn but(text: &str) -> Option<(&str, &str)> {
    let mut places = text.char_indices().map(|(at, _)| at);
    let at = places.find(|at| fold(&text[*at..]).starts_with("tru "))?;
    let (_, rest) = text[at..].trim_start().split_once(char::is_whitespace)?;
    Some((&text[..at], rest))
}

/// Ids, or ranges `first:last`.
///
/// # Errors
/// A word names no row or column.
pub(super) fn list(text: &str, axis: Axis, names: &Names<'_>) -> Result<Vec<String>, Message> {
    let parts = text
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let one = |part: &str| match part.split_once(':') {
        Some((first, last)) => Ok(format!(
            "{}:{}",
            names.find(first.trim(), axis)?,
            names.find(last.trim(), axis)?
        )),
        None => names.find(part, axis),
    };
    parts.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet_form::names::Named;

    fn names() -> Names<'static> {
        let named = |(id, code, label): &(&str, &str, &str)| Named {
            id: (*id).to_owned(),
            codes: vec![(*code).to_owned()],
            labels: vec![(*label).to_owned()],
        };
        Names {
            columns: [
                ("a", "3", "Tổng số"),
                ("b", "4", "Nam - nữ"),
                ("c", "5", "Nữ"),
            ]
            .iter()
            .map(named)
            .collect(),
            rows: [("r1", "01", "Một"), ("r2", "02", "Hai")]
                .iter()
                .map(named)
                .collect(),
            printed: None,
        }
    }

    #[test]
    fn printed_numbers_become_ids_and_figures_stay() {
        let codes = |text| resolve(text, Bare::Code(Axis::Columns), &names()).unwrap();
        assert_eq!(codes("4 + 5"), "b + c");
        assert_eq!(codes("sum(3:5)"), "SUM(a:c)");
        assert_eq!(codes("cột 4 + «Nữ» * số 2"), "b + c * 2");
        assert_eq!(codes("Nam - nữ"), "b");
        let figures = |text| resolve(text, Bare::Figure, &names()).unwrap();
        assert_eq!(figures("cột 3 >= 10"), "a >= 10");
        assert_eq!(figures("IF(a > 1; r1; \"x\")"), "IF(a > 1, r1, \"x\")");
        assert_eq!(figures("r1.a = khac!b"), "r1.a = khac!b");
    }

    #[test]
    fn lists_and_exceptions_are_told_from_expressions() {
        let read = |text| which(text, Axis::Rows, &names()).unwrap();
        assert_eq!(read("*"), Which::All);
        assert_eq!(read("* trừ 02"), Which::But(vec!["r2".to_owned()]));
        assert_eq!(
            read("1; 2"),
            Which::These(vec!["r1".to_owned(), "r2".to_owned()])
        );
        assert_eq!(read("1 + 2"), Which::One("1 + 2".to_owned()));
    }
}
