//! A rule in the columns of a table of control ratios, if it is a comparison of sums of rows, columns
//! or cells.

use super::names::{Axis, Names};
use super::rules::each_id;
use super::terms::{Token, tokens};

/// A rule by the columns it is written in: rows and columns of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Split {
    /// What it is over; `None` if it is over cells.
    pub(super) axis: Option<Axis>,
    pub(super) left: (String, String),
    pub(super) relation: &'static str,
    pub(super) right: (String, String),
}

/// What the names of a side are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Axis(Axis),
    Cells,
}

/// The rule in two sides; `None` if it has to stay in one cell.
pub(super) fn split(check: &str, names: &Names<'_>) -> Option<Split> {
    let (left, relation, right) = compared(check)?;
    let of = names_of(left, names)?;
    if names_of(right, names)? != of {
        return None;
    }
    let plain = |text: &str| text.trim().to_owned();
    Some(match of {
        Of::Axis(Axis::Columns) => Split {
            axis: Some(Axis::Columns),
            left: (String::new(), plain(left)),
            relation,
            right: (String::new(), plain(right)),
        },
        Of::Axis(Axis::Rows) => Split {
            axis: Some(Axis::Rows),
            left: (plain(left), String::new()),
            relation,
            right: (plain(right), String::new()),
        },
        Of::Cells => Split {
            axis: None,
            left: crossed(left)?,
            relation,
            right: crossed(right)?,
        },
    })
}

/// The sides of the only comparison, which is not inside brackets.
fn compared(check: &str) -> Option<(&str, &'static str, &str)> {
    let mut depth = 0_i32;
    let mut at = 0;
    let mut found: Option<(usize, usize)> = None;
    for token in tokens(check) {
        let length = match token {
            Token::Word(word) => word.len(),
            Token::Quoted(_) => return None,
            Token::Sign(sign) => {
                match sign {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    '<' | '>' | '=' if depth == 0 => match &mut found {
                        None => found = Some((at, at + 1)),
                        Some((_, end)) if *end == at => *end = at + 1,
                        Some(_) => return None,
                    },
                    '+' | '-' | '*' | '/' | ',' | ':' => {}
                    _ => return None,
                }
                sign.len_utf8()
            }
        };
        at += length;
    }
    let (start, end) = found?;
    let relation = ["=", "<>", "<=", ">=", "<", ">"]
        .into_iter()
        .find(|known| *known == &check[start..end])?;
    Some((&check[..start], relation, &check[end..]))
}

/// What the names of a side are, if they are all of one sort and there are no figures.
fn names_of(side: &str, names: &Names<'_>) -> Option<Of> {
    let tokens = tokens(side);
    let mut of = None;
    for (index, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let word = word.trim();
        let called = matches!(tokens.get(index + 1), Some(Token::Sign('(')));
        if word.is_empty() || called {
            continue;
        }
        let own = if names.has_id(Axis::Columns, word) {
            Of::Axis(Axis::Columns)
        } else if names.has_id(Axis::Rows, word) {
            Of::Axis(Axis::Rows)
        } else if names.is_cell(word) {
            Of::Cells
        } else {
            return None;
        };
        if of.is_some_and(|of| of != own) {
            return None;
        }
        of = Some(own);
    }
    of
}

/// The rows and the columns of a side over cells, if one of them is always the same.
fn crossed(side: &str) -> Option<(String, String)> {
    let side = side.trim();
    let mut rows = Vec::new();
    let mut columns = Vec::new();
    for token in tokens(side) {
        if let Token::Word(word) = token
            && let Some((row, column)) = word.trim().split_once('.')
        {
            rows.push(row.to_owned());
            columns.push(column.to_owned());
        }
    }
    let same = |ids: &[String]| ids.iter().all(|id| *id == ids[0]).then(|| ids[0].clone());
    let part = |index: usize| {
        each_id(side, |id| {
            id.split('.')
                .nth(if id.contains('.') { index } else { 0 })
                .unwrap_or(id)
                .to_owned()
        })
    };
    match (rows.is_empty(), same(&columns)) {
        (true, _) => None,
        (false, Some(column)) => Some((part(0), column)),
        (false, None) => Some((same(&rows)?, part(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet_form::names::Named;

    #[test]
    fn only_comparisons_of_names_are_split() {
        let named = |id: &&str| Named {
            id: (*id).to_owned(),
            ..Named::default()
        };
        let names = Names {
            columns: ["a", "b", "c"].iter().map(named).collect(),
            rows: ["r1", "r2", "r3"].iter().map(named).collect(),
            printed: None,
        };
        let split = |check: &str| split(check, &names);
        let over = |check: &str| split(check).map(|split| split.axis);
        assert_eq!(over("a <= b + c"), Some(Some(Axis::Columns)));
        assert_eq!(over("r1 = SUM(r2:r3)"), Some(Some(Axis::Rows)));
        assert_eq!(over("a = PREV(b)"), Some(Some(Axis::Columns)));
        for whole in [
            "a <= 200",
            "a = r1",
            "a = t!b",
            "AND(a = b, b = c)",
            "a",
            "a = b = c",
        ] {
            assert_eq!(split(whole), None, "{whole}");
        }
        let cells = split("r1.a = r2.a + r3.a").unwrap();
        assert_eq!(cells.left, ("r1".to_owned(), "a".to_owned()));
        assert_eq!(cells.right, ("r2 + r3".to_owned(), "a".to_owned()));
        let cells = split("r1.a >= r2.b - r2.c").unwrap();
        assert_eq!(cells.right, ("r2".to_owned(), "b - c".to_owned()));
        assert_eq!(split("r1.a = r2.b + r3.c"), None);
    }
}
