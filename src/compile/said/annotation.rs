//! Equations in numbering rows, headers, codes, labels and notes of cells.

use std::collections::BTreeSet;

use super::build::{Context, Refused, rule};
use super::prose::conditional;
use super::resolve::{Resolver, same_code};
use crate::compile::equation::{self, Which};
use crate::compile::found::Found;
use crate::compile::page::Page;
use crate::compile::rule::{Candidate, Evidence, Place, Source};
use crate::compile::table::{Column, Part, Role, Table};
use crate::compile::words;
use crate::model::{CellAddress, Message};
use crate::schema::FieldType;

/// Reads every annotation of a table.
pub(crate) fn read(page: &Page<'_>, table: &Table, found: &mut Found) {
    for (index, column) in table.columns.iter().enumerate() {
        if let Some(row) = table.numbering
            && let Some((cell, text)) = page.seen(row, column.at)
        {
            at(table, Place::Column(index), &part(cell, text), found);
        }
        if column.role == Role::Value
            && let Some(own) = column.path.last()
        {
            at(table, Place::Column(index), own, found);
        }
    }
    spanning(table, found);
    let code = table
        .columns
        .iter()
        .find(|column| column.role == Role::Code);
    let written = table.columns.iter();
    let written: Vec<&Column> = written
        .filter(|column| column.role == Role::Value && column.kind == FieldType::Text)
        .collect();
    for (index, row) in table.rows.iter().enumerate() {
        at(table, Place::Row(index), &row.label, found);
        for column in code.iter().chain(&written) {
            if let Some((cell, text)) = page.seen(row.at, column.at)
                && (column.role == Role::Code || says_equation(column, text))
            {
                at(table, Place::Row(index), &part(cell, text), found);
            }
        }
    }
    notes(page, table, found);
}

/// Is what a column of words prints on a row an equation: under «Cách tính», or with a sign of equality
/// under another header?
fn says_equation(column: &Column, text: &str) -> bool {
    words::is_method_header(column.own()) || text.contains('=')
}

/// Equations in headers that span columns: they name the column they are about.
fn spanning(table: &Table, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for column in &table.columns {
        let outer = column.path.len().saturating_sub(1);
        for part in &column.path[..outer] {
            if !seen.insert(part.cell) {
                continue;
            }
            for equation in equation::find(&part.text) {
                let resolver = Resolver::of(table);
                let context = Context {
                    resolver,
                    which: Which::Column,
                };
                let evidence = Evidence {
                    source: Source::Annotation,
                    cell: part.cell,
                    words: part.text.clone(),
                };
                match rule(context, &equation, evidence) {
                    Ok(rule) => found.rules.push(rule),
                    Err(Refused::Asked(why)) => found.ask(part.cell, &part.text, why),
                    Err(Refused::Unread) => found.not_understood(part.cell, &part.text),
                }
            }
        }
    }
}

fn part(cell: CellAddress, text: &str) -> Part {
    Part {
        cell,
        text: text.to_owned(),
    }
}

/// Reads the equations of one text that belongs to a row or column.
fn at(table: &Table, place: Place, text: &Part, found: &mut Found) {
    let which = match place {
        Place::Column(_) => Which::Column,
        _ => Which::Row,
    };
    let mut equations = equation::find(&text.text);
    if equations.is_empty() {
        // Without brackets it may be a name with a sign in it.
        let implied = equation::implied(&text.text)
            .filter(|equation| text.text.contains('(') || is_understood(table, place, equation));
        let divided = || {
            let percent = words::is_percent(&text.text) || words::is_rate_header(&text.text);
            let divided = equation::implied_quotient(&text.text).filter(|_| percent);
            divided.filter(|equation| is_understood(table, place, equation))
        };
        equations.extend(implied.or_else(divided));
    }
    if equations.is_empty() {
        return;
    }
    if words::is_conditional(&text.text) {
        return found.ask(text.cell, &text.text, conditional());
    }
    let named = equations.iter().find_map(|equation| equation.left.as_ref());
    let by_ordinal = named.is_some_and(|left| is_ordinal(table, place, &left.text));
    let resolver = Resolver {
        table,
        at: Some(place),
        by_ordinal,
    };
    let context = Context { resolver, which };
    let mut rules = Vec::new();
    for equation in &equations {
        let evidence = Evidence {
            source: Source::Annotation,
            cell: text.cell,
            words: text.text.clone(),
        };
        let left = equation.left.as_ref().filter(|left| !left.label);
        let own = left.is_none_or(|left| is_own(table, place, &left.text));
        let equation = match own {
            // The code before the sign is the place's own.
            true => equation::Equation {
                left: None,
                ..equation.clone()
            },
            false => equation.clone(),
        };
        match rule(context, &equation, evidence) {
            Ok(rule) if rule.left == place => rules.push(rule),
            // "Cột 2 + cột 3 = cột 4 + cột 5", written at any of them.
            Ok(rule) if equation.balances && rule.places().contains(&place) => rules.push(rule),
            Ok(_) => {
                let why = Message::new(
                    "phép tính đặt ở chỗ này lại nói về cột hoặc dòng khác",
                    "the equation written here is about another column or row",
                );
                return found.ask(text.cell, &text.text, why);
            }
            Err(Refused::Asked(why)) => return found.ask(text.cell, &text.text, why),
            // "bằng" in a label need not be a relation.
            Err(Refused::Unread) if !is_relation(&text.text) => return,
            Err(Refused::Unread) => return found.not_understood(text.cell, &text.text),
        }
    }
    found.rules.extend(rules);
}

/// Is there a sign of a relation, or one that adds two codes? "Tăng (+), giảm (-)" and "(UV2+)" add
/// nothing.
fn is_relation(text: &str) -> bool {
    let is_code = |digit: Option<char>| digit.is_some_and(|digit| digit.is_ascii_digit());
    let mut added = text.match_indices('+').map(|(at, sign)| {
        let (before, behind) = (text[..at].trim_end(), text[at + sign.len()..].trim_start());
        let before = before.trim_end_matches([')', ']']);
        let behind = behind.trim_start_matches(['(', '[']);
        is_code(before.chars().next_back()) && is_code(behind.chars().next())
    });
    text.contains(['=', '≤', '≥']) || added.any(|added| added)
}

/// Does every code of what the end of a label implies name something?
fn is_understood(table: &Table, place: Place, equation: &equation::Equation) -> bool {
    let resolver = Resolver {
        table,
        at: Some(place),
        by_ordinal: false,
    };
    let which = match place {
        Place::Column(_) => Which::Column,
        _ => Which::Row,
    };
    let evidence = Evidence {
        source: Source::Annotation,
        cell: CellAddress::new(0, 0),
        words: String::new(),
    };
    rule(Context { resolver, which }, equation, evidence).is_ok()
}

/// Is a code the ordinal of the row, beside a code of its own that is another?
fn is_ordinal(table: &Table, place: Place, code: &str) -> bool {
    let Place::Row(row) = place else { return false };
    let row = &table.rows[row];
    let same = |own: &Option<String>| own.as_ref().is_some_and(|own| same_code(own, code));
    row.code.is_some() && !same(&row.code) && same(&row.ordinal)
}

/// Is a code that of the place itself?
fn is_own(table: &Table, place: Place, code: &str) -> bool {
    let same = |own: &Option<String>| own.as_ref().is_some_and(|own| same_code(own, code));
    match place {
        // A number that two columns have says nothing of either.
        Place::Column(column) => Resolver::of(table)
            .column(code)
            .is_ok_and(|found| found == column),
        Place::Row(row) | Place::Cell(row, _) => {
            let row = &table.rows[row];
            same(&row.code) || same(&row.ordinal)
        }
        Place::Other(_) => false,
    }
}

/// Notes of cells: of a header about its column, of a label about its row, of others about both.
fn notes(page: &Page<'_>, table: &Table, found: &mut Found) {
    for (cell, text) in &page.dressing.notes {
        let column = table.column_at(cell.column);
        let row = table.row_at(cell.row);
        let header = table.top <= cell.row
            && table.rows.first().map_or_else(
                || table.lines.is_some_and(|(first, _)| cell.row < first),
                |row| cell.row < row.at,
            );
        let place = match (header, row, column) {
            (true, _, Some(column)) if table.columns[column].role == Role::Value => {
                Place::Column(column)
            }
            (false, Some(row), Some(column)) if table.columns[column].role != Role::Value => {
                Place::Row(row)
            }
            (false, Some(row), Some(column)) => Place::Cell(row, column),
            _ => continue,
        };
        note(table, place, &part(*cell, text), found);
    }
}

/// The note of a cell. At a cell to be filled its equations are about the row if its codes are
/// those of rows, else about the column.
fn note(table: &Table, place: Place, text: &Part, found: &mut Found) {
    let Place::Cell(row, column) = place else {
        return at(table, place, text, found);
    };
    let mut tried: Vec<Found> = Vec::new();
    for place in [Place::Row(row), Place::Column(column)] {
        let mut one = Found::default();
        at(table, place, text, &mut one);
        if !one.rules.is_empty() {
            found
                .rules
                .extend(one.rules.into_iter().map(|rule| Candidate {
                    // Said at one cell only.
                    at: Some(vec![match place {
                        Place::Row(_) => column,
                        _ => row,
                    }]),
                    ..rule
                }));
            return;
        }
        tried.push(one);
    }
    for one in tried.into_iter().take(1) {
        for doubt in one.asked {
            found.ask(doubt.cell, &doubt.words, doubt.why);
        }
        found.unread.extend(one.unread);
    }
}
