//! Formulas that tell right from wrong: `IF(C5=D5+E5,"Đúng","Sai")` beside a row of the table or
//! under it. What they call right is a rule.

use super::cells::Cells;
use super::guard::{mirrored, nothing_if, opposite};
use super::places::{column_rule, localised, row_rule};
use crate::compile::found::Found;
use crate::compile::page::Page;
use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::Table;
use crate::model::Number;
use crate::schema::expression::{Comparison, Operator};
use crate::schema::rule::sheet_formula::{SheetFormula, parse};
use crate::text::normalise;

/// A comparison that must hold.
type Demand<'a> = (&'a SheetFormula, Comparison, &'a SheetFormula);

const ZERO: &SheetFormula = &SheetFormula::Number(Number::ZERO);

/// What the words of a branch say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    /// Nothing yet.
    Open,
}

/// Reads the checks of a sheet that are about this table.
pub(super) fn read(
    page: &Page<'_>,
    table: &Table,
    (others, taken): (&[&Table], &mut Vec<String>),
    found: &mut Found,
) {
    let mut rules: Vec<Candidate> = Vec::new();
    for (cell, held) in &page.sheet.cells {
        let Some(text) = held.formula.as_deref() else {
            continue;
        };
        let Some(formula) = parse(text, *cell) else {
            continue;
        };
        let evidence = Evidence {
            source: Source::Check,
            cell: *cell,
            words: format!("={text}"),
        };
        let mut reader = Cells::new(page, table, others, taken);
        let Some(demands) = demanded(&formula, &mut reader) else {
            continue;
        };
        let demands = demands.into_iter();
        let said: Option<Vec<Candidate>> = demands
            .map(|demand| rule(&mut reader, demand, &evidence))
            .collect();
        rules.extend(said.into_iter().flatten());
    }
    found.rules.extend(gathered(table, rules));
}

/// The rules at single cells, those that say the same of a column or a row as one.
fn gathered(table: &Table, rules: Vec<Candidate>) -> Vec<Candidate> {
    let mut groups: Vec<(Candidate, Vec<(usize, usize)>)> = Vec::new();
    for rule in rules {
        let Place::Cell(row, column) = rule.left else {
            continue;
        };
        let local = localised(&rule);
        let canonical = local.canonical();
        let same = groups.iter_mut().find(|(first, _)| {
            first.left == local.left && canonical.is_some() && first.canonical() == canonical
        });
        match same {
            Some((_, cells)) => cells.push((row, column)),
            None => groups.push((local, vec![(row, column)])),
        }
    }
    let rules = groups.into_iter().map(|(rule, cells)| match rule.left {
        Place::Column(column) => {
            let rows: Vec<usize> = cells.iter().map(|(row, _)| *row).collect();
            column_rule(table, &rule, column, &sheet_rows(table, &rows))
        }
        Place::Row(row) => {
            let columns = cells.iter().map(|(_, column)| *column).collect();
            row_rule(table, &rule, row, columns)
        }
        Place::Cell(..) | Place::Other(_) => rule,
    });
    rules.collect()
}

/// Rows of the sheet behind rows of places.
fn sheet_rows(table: &Table, rows: &[usize]) -> Vec<u32> {
    let of = |row: &usize| match table.is_free() {
        true => u32::try_from(*row).ok(),
        false => table.rows.get(*row).map(|row| row.at),
    };
    rows.iter().filter_map(of).collect()
}

/// A demand over the cells of the table; `None` if one side is not a cell of it.
fn rule(reader: &mut Cells<'_, '_>, demand: Demand<'_>, evidence: &Evidence) -> Option<Candidate> {
    let (left, relation, right) = demand;
    let (left, right) = (reader.term(left).ok()?, reader.term(right).ok()?);
    let (left, relation, right) = match (unrounded(&left), unrounded(&right)) {
        (Some(left @ Place::Cell(..)), _) => (left, relation, right),
        (_, Some(right @ Place::Cell(..))) => (right, mirrored(relation), left),
        _ => return None,
    };
    let mut places = Vec::new();
    right.places(&mut places);
    (!places.contains(&left)).then(|| Candidate {
        left,
        relation,
        right,
        at: None,
        within_year: false,
        evidence: vec![evidence.clone()],
    })
}

/// The one cell that a term is, rounded or not.
fn unrounded(term: &Term) -> Option<Place> {
    match term {
        Term::At(place) => Some(*place),
        Term::Round(inner, _) => unrounded(inner),
        _ => None,
    }
}

/// What must hold for a formula to say that all is right; `None` if it says no such thing, or says it
/// under a condition other than that the figures are there.
fn demanded<'a>(formula: &'a SheetFormula, reader: &mut Cells<'_, '_>) -> Option<Vec<Demand<'a>>> {
    let SheetFormula::Call(name, args) = formula else {
        return None;
    };
    match (name.as_str(), args.as_slice()) {
        ("IFERROR" | "IFNA", [one, _]) => demanded(one, reader),
        ("IF", [test, then, other]) => match (verdict(then), verdict(other)) {
            (Some(Verdict::Right | Verdict::Open), Some(Verdict::Wrong)) => held(test, true),
            (Some(Verdict::Wrong), Some(Verdict::Right | Verdict::Open)) => held(test, false),
            (Some(Verdict::Open), None) if is_guard(test, true, reader) => demanded(other, reader),
            (None, Some(Verdict::Open)) if is_guard(test, false, reader) => demanded(then, reader),
            _ => None,
        },
        _ => None,
    }
}

/// Does it test only whether there are figures to compare?
fn is_guard(test: &SheetFormula, holds: bool, reader: &mut Cells<'_, '_>) -> bool {
    let mut read = |formula: &SheetFormula| reader.term(formula).ok();
    nothing_if(test, holds, &mut read).is_some()
}

/// What the words of a branch say; `None` if it is more than words, or words of another kind:
/// «Đạt» and «Chưa đạt» say how a plan was met, not whether figures are right.
fn verdict(branch: &SheetFormula) -> Option<Verdict> {
    const RIGHT: [&str; 7] = ["✓", "√", "đúng", "khớp", "ok", "hợp lệ", "cân"];
    const WRONG: [&str; 11] = [
        "✗",
        "sai",
        "lệch",
        "lỗi",
        "nhầm",
        "không đúng",
        "chưa đúng",
        "không khớp",
        "chưa khớp",
        "không cân",
        "chưa cân",
    ];
    match branch {
        SheetFormula::Text(text) => {
            let text = normalise(text);
            let word = text.trim_matches(|c: char| c.is_ascii_punctuation() || c == '…');
            let begins = |words: &[&str]| {
                words.iter().any(|one| {
                    word.strip_prefix(one)
                        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
                })
            };
            match () {
                () if word.trim().is_empty() => Some(Verdict::Open),
                () if begins(&WRONG) => Some(Verdict::Wrong),
                () if begins(&RIGHT) => Some(Verdict::Right),
                () => None,
            }
        }
        SheetFormula::Call(name, args) if name == "CONCATENATE" || name == "CONCAT" => {
            verdict(args.first()?)
        }
        _ => None,
    }
}

/// The comparisons of a test that must hold, or must not.
fn held(test: &SheetFormula, holds: bool) -> Option<Vec<Demand<'_>>> {
    match test {
        SheetFormula::Call(name, args) => match (name.as_str(), args.as_slice(), holds) {
            ("NOT", [inner], _) => held(inner, !holds),
            ("AND", tests, true) | ("OR", tests, false) => {
                let parts: Option<Vec<_>> = tests.iter().map(|test| held(test, holds)).collect();
                Some(parts?.concat())
            }
            _ => None,
        },
        SheetFormula::Binary(Operator::Compare(relation), left, right) => {
            let relation = match holds {
                true => *relation,
                false => opposite(*relation),
            };
            let demand = plain(left, relation, right)?;
            (demand.1 != Comparison::NotEqual).then(|| vec![demand])
        }
        _ => None,
    }
}

/// `ROUND(x-y,6)=0` and `ABS(x-y)<0,5` are `x = y`; `ABS(x-y)<=1` lets them be apart, which no rule
/// here says.
fn plain<'a>(
    left: &'a SheetFormula,
    relation: Comparison,
    right: &'a SheetFormula,
) -> Option<Demand<'a>> {
    let SheetFormula::Number(than) = right else {
        return match left {
            SheetFormula::Number(_) => plain(right, mirrored(relation), left),
            _ => Some((left, relation, right)),
        };
    };
    let near = than.is_sign_positive() && *than < Number::ONE;
    match left {
        SheetFormula::Call(name, args) => match (name.as_str(), args.as_slice(), relation) {
            ("ROUND", [inner, _], _) if than.is_zero() => plain(inner, relation, right),
            ("ABS", [inner], Comparison::Less | Comparison::LessOrEqual) if near => {
                plain(inner, Comparison::Equal, ZERO)
            }
            ("ABS", [inner], Comparison::Equal) if than.is_zero() => plain(inner, relation, right),
            _ => None,
        },
        SheetFormula::Binary(Operator::Subtract, one, other) if than.is_zero() => {
            Some((one, relation, other))
        }
        _ => Some((left, relation, right)),
    }
}
