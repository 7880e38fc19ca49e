//! Everything said of one table weighed together: equal rules become one with all their evidence,
//! what contradicts the table or something else said is asked about and adopted by nobody.

use std::collections::BTreeSet;

use super::found::Found;
use super::objection::objection;
use super::reach::{everywhere, limit, without_crossings};
use super::rule::{Candidate, Canonical, Evidence, Place, Source, Term};
use super::table::{Role, Table};
use super::words;
use crate::model::{CellAddress, Message, Number};
use crate::schema::FieldType;
use crate::schema::expression::{Comparison, Operator};

/// Settles what was found in a table. Columns of free rows that turn out to be computed with become
/// columns of figures.
pub(super) fn settle(table: &mut Table, found: &mut Found) {
    let mut rules = std::mem::take(&mut found.rules);
    figures(table, &rules);
    for rule in &mut rules {
        as_percent(table, rule);
    }
    let rules = of_one_numbering(table, rules, found);
    let rules = sensible(table, rules, found);
    let rules = limit(table, rules, found);
    let rules = without_divided(rules, found);
    let rules = without_subsets(rules, found);
    let rules = without_contradictions(table, rules, found);
    let rules = with_formulas(table, rules, found);
    found.rules = merged(rules);
    if !table.is_free() {
        without_crossings(table, &mut found.rules);
    }
    let adopted: Vec<Place> = found
        .rules
        .iter()
        .filter(|rule| rule.is_equal())
        .map(|rule| rule.left)
        .collect();
    found
        .proposals
        .retain(|proposal| !adopted.contains(&proposal.rule.left));
}

/// A column that something is computed from holds figures, whatever its header is called.
fn figures(table: &mut Table, rules: &[Candidate]) {
    if !table.is_free() {
        return;
    }
    let measured = table.unit.as_deref().is_some_and(words::is_measured);
    for place in rules.iter().flat_map(Candidate::places) {
        let Place::Column(column) = place else {
            continue;
        };
        let column = &mut table.columns[column];
        if column.role == Role::Value && matches!(column.kind, FieldType::Text | FieldType::Code) {
            column.kind = match measured {
                true => FieldType::Amount,
                false => FieldType::Count,
            };
            column.decimals = measured.then_some(2);
            column.any_decimals = measured;
        }
    }
}

/// `5=3/1` in a column of percentages is 3 over 1 times 100.
fn as_percent(table: &Table, rule: &mut Candidate) {
    if rule.is_of_cells() || !rule.is_equal() {
        return;
    }
    let percent = match rule.left {
        Place::Column(column) | Place::Cell(_, column) => {
            table.columns[column].kind == FieldType::Percent
        }
        Place::Row(row) => table.is_percent_row(row),
        Place::Other(_) => false,
    };
    let plain = rule
        .right
        .quotient()
        .is_some_and(|(_, _, by)| by == Number::ONE);
    if percent && plain {
        let right = std::mem::replace(&mut rule.right, Term::Number(Number::ZERO));
        rule.right = Term::join(Operator::Multiply, right, Term::Number(Number::ONE_HUNDRED));
    }
}

/// Where an equation of the numbering row reads the figure it computes, the numbers are likely those of
/// an older form: the others of that row are asked about, too, unless something else says the same.
fn of_one_numbering(table: &Table, rules: Vec<Candidate>, found: &mut Found) -> Vec<Candidate> {
    let numbered = |rule: &Candidate| {
        rule.evidence.iter().all(|evidence| {
            evidence.source == Source::Annotation && table.numbering == Some(evidence.cell.row)
        })
    };
    let own = |rule: &&Candidate| numbered(rule) && rule.right.reads_now(rule.left);
    let Some(wrong) = rules.iter().find(own) else {
        return rules;
    };
    let words = wrong.evidence.first();
    let words = words.map_or(String::new(), |evidence| evidence.words.clone());
    let why = Message::new(
        format!(
            "dòng số cột có «{words}» lấy chính cột được tính, nên các số cột có thể là của mẫu cũ"
        ),
        format!(
            "the row of column numbers has «{words}», which reads itself; its numbers may be of an older form"
        ),
    );
    let confirmed = |rule: &Candidate| {
        let canonical = rule.canonical();
        let mut others = rules.iter().filter(|other| !numbered(other));
        canonical.is_some() && others.any(|other| other.canonical() == canonical)
    };
    let keeps: Vec<bool> = rules
        .iter()
        .map(|rule| !numbered(rule) || rule.right.reads_now(rule.left) || confirmed(rule))
        .collect();
    let mut kept = Vec::new();
    for (rule, keeps) in rules.into_iter().zip(keeps) {
        match keeps {
            true => kept.push(rule),
            false => ask(&rule, why.clone(), found),
        }
    }
    kept
}

/// Leaves out rules that cannot be meant, and asks about them.
fn sensible(table: &Table, rules: Vec<Candidate>, found: &mut Found) -> Vec<Candidate> {
    let mut kept = Vec::new();
    for rule in rules {
        match objection(table, &rule) {
            Some(why) => ask(&rule, why, found),
            None => kept.push(rule),
        }
    }
    kept
}

fn ask(rule: &Candidate, why: Message, found: &mut Found) {
    if let Some(evidence) = rule.evidence.first() {
        found.ask(evidence.cell, &evidence.words, why);
    }
}

/// An equation that contradicts the «Chia ra» of its column: neither is adopted. What is computed from
/// other figures, and not as a sum, may also be divided: both hold.
fn without_divided(rules: Vec<Candidate>, found: &mut Found) -> Vec<Candidate> {
    let is_structure = |rule: &Candidate| rule.is_from(Source::Structure);
    let mut dropped: Vec<usize> = Vec::new();
    for (at, layout) in rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| is_structure(rule) && rule.is_equal())
    {
        let said: Vec<usize> = (0..rules.len())
            .filter(|other| {
                let other = &rules[*other];
                !is_structure(other)
                    && !other.is_from(Source::Check)
                    && other.is_equal()
                    && other.left == layout.left
            })
            .filter(|other| !holds_beside(&rules[*other], layout))
            .collect();
        let agrees = said
            .iter()
            .any(|other| rules[*other].canonical() == layout.canonical());
        if said.is_empty() || agrees {
            continue;
        }
        dropped.push(at);
        let divided = matches!(layout.left, Place::Column(_)) && layout.right.plain_sum().is_some();
        if !divided {
            // Which rows a total adds up is better known to whoever wrote it.
            continue;
        }
        for other in said {
            let header = layout
                .evidence
                .last()
                .map_or("", |evidence| evidence.words.as_str());
            let why = Message::new(
                format!("phép tính không khớp với tiêu đề «{header}»"),
                format!("the equation does not agree with the header «{header}»"),
            );
            ask(&rules[other], why, found);
            dropped.push(other);
        }
    }
    let mut at = 0..;
    rules
        .into_iter()
        .filter(|_| at.next().is_none_or(|at| !dropped.contains(&at)))
        .collect()
}

/// Does an equation that is no sum read nothing that the layout adds up?
fn holds_beside(rule: &Candidate, layout: &Candidate) -> bool {
    let Some(members) = layout.right.plain_sum() else {
        return false;
    };
    let mut read = Vec::new();
    rule.right.places(&mut read);
    let apart = read.iter().all(|place| !members.contains(place));
    apart && rule.right.plain_sum().is_none() && matches!(layout.left, Place::Column(_))
}

/// Two equations of one place that read the same figures and compute differently, a percentage of the
/// whole in its part, and a total of the layout where the form says something that was asked about:
/// none of them is adopted.
fn without_contradictions(
    table: &Table,
    rules: Vec<Candidate>,
    found: &mut Found,
) -> Vec<Candidate> {
    let read = |rule: &Candidate| {
        let mut places = Vec::new();
        rule.right.places(&mut places);
        places.sort_unstable();
        places
    };
    let said = |rule: &Candidate| rule.is_equal() && !rule.is_from(Source::Structure);
    let contradicts = |one: &Candidate, other: &Candidate| {
        one.left == other.left
            && said(one)
            && said(other)
            && one.at == other.at
            && read(one) == read(other)
            && one.canonical() != other.canonical()
    };
    let is_part = |part: Place, whole: Place| {
        let bound = |rule: &Candidate| {
            rule.left == part
                && rule.relation == Comparison::LessOrEqual
                && matches!(rule.right, Term::At(of) if of == whole)
        };
        rules.iter().any(bound)
    };
    let why = |rule: &Candidate| {
        if rules.iter().any(|other| contradicts(rule, other)) {
            return Some(Message::new(
                "biểu ghi hai phép tính khác nhau cho cùng một chỉ tiêu",
                "the form has two different equations for one figure",
            ));
        }
        match rule.right.quotient() {
            Some((Term::At(whole), Term::At(part), _)) if said(rule) && is_part(*part, *whole) => {
                Some(Message::new(
                    "phép tính chia tổng số cho một phần của nó, kết quả luôn từ 100% trở lên",
                    "the equation divides a whole by its part, which gives 100% or more",
                ))
            }
            _ => None,
        }
    };
    let doubts: Vec<Option<Message>> = rules.iter().map(why).collect();
    let asked: BTreeSet<CellAddress> = found.asked.iter().map(|doubt| doubt.cell).collect();
    let mut kept = Vec::new();
    for (rule, doubt) in rules.into_iter().zip(doubts) {
        let layout = rule.is_from(Source::Structure) && rule.is_equal();
        let own = match rule.left {
            Place::Row(row) => Some(table.rows[row].label.cell),
            _ => None,
        };
        match doubt {
            Some(why) => ask(&rule, why, found),
            None if layout && own.is_some_and(|own| asked.contains(&own)) => {}
            None => kept.push(rule),
        }
    }
    kept
}

/// Two sums of one place, one of which leaves out some of the other: neither is adopted.
fn without_subsets(rules: Vec<Candidate>, found: &mut Found) -> Vec<Candidate> {
    let sum = |rule: &Candidate| {
        let places = rule
            .right
            .plain_sum()
            .filter(|_| rule.is_equal() && !rule.is_of_cells())?;
        (places.len() > 1).then_some(places)
    };
    let mut dropped = vec![false; rules.len()];
    for (at, one) in rules.iter().enumerate() {
        let Some(places) = sum(one) else { continue };
        for (other_at, other) in rules.iter().enumerate() {
            let Some(more) = sum(other).filter(|_| other.left == one.left) else {
                continue;
            };
            let less = places.len() < more.len() && places.iter().all(|place| more.contains(place));
            if less {
                let why = Message::new(
                    "hai phép cộng của cùng một chỉ tiêu không khớp nhau",
                    "two sums of one figure do not agree",
                );
                ask(one, why.clone(), found);
                ask(other, why, found);
                dropped[at] = true;
                dropped[other_at] = true;
            }
        }
    }
    let mut flags = dropped.into_iter();
    rules
        .into_iter()
        .filter(|_| flags.next() != Some(true))
        .collect()
}

/// Formulas against what is said in words of the same place: where they differ, neither holds.
fn with_formulas(table: &Table, rules: Vec<Candidate>, found: &mut Found) -> Vec<Candidate> {
    let (formulas, mut said): (Vec<Candidate>, Vec<Candidate>) = rules
        .into_iter()
        .partition(|rule| rule.is_from(Source::Formula));
    let mut kept = Vec::new();
    for formula in formulas {
        let same: Vec<usize> = (0..said.len())
            .filter(|at| said[*at].left == formula.left && said[*at].is_equal())
            .filter(|at| !said[*at].is_from(Source::Structure) && !said[*at].is_from(Source::Check))
            .collect();
        let canonical = formula.canonical();
        let agrees = same.iter().any(|at| said[*at].canonical() == canonical)
            || same.is_empty()
            || follows(&formula, &said);
        if agrees {
            kept.push(formula);
            continue;
        }
        let first = same.first().and_then(|at| said[*at].evidence.first());
        let words = first.map_or(String::new(), |evidence| evidence.words.clone());
        let why = Message::new(
            format!("công thức khác điều biểu ghi «{words}»"),
            format!("the formula differs from what the form says, «{words}»"),
        );
        ask(&formula, why, found);
        let places = formula
            .at
            .clone()
            .unwrap_or_else(|| everywhere(table, formula.left));
        for at in same {
            let rule = &mut said[at];
            let own = rule
                .at
                .clone()
                .unwrap_or_else(|| everywhere(table, rule.left));
            rule.at = Some(
                own.into_iter()
                    .filter(|place| !places.contains(place))
                    .collect(),
            );
        }
    }
    said.retain(|rule| rule.at.as_ref().is_none_or(|at| !at.is_empty()) || table.is_free());
    kept.extend(said);
    kept
}

/// Does an equation follow from the others said of the table? `60 = 30 + 40 - 51` does from
/// `50 = 30 + 40` and `60 = 50 - 51`.
fn follows(formula: &Candidate, said: &[Candidate]) -> bool {
    const ROUNDS: usize = 6;
    let same = said
        .iter()
        .filter(|rule| rule.left == formula.left && rule.is_equal());
    let whole = |right: &Term| {
        let mut right = right.clone();
        for _ in 0..ROUNDS {
            right = replaced(&right, said);
        }
        Candidate {
            right,
            ..formula.clone()
        }
        .canonical()
    };
    let target = whole(&formula.right);
    target.is_some() && same.into_iter().any(|rule| whole(&rule.right) == target)
}

/// A term with every place that an equation computes replaced by what it is computed from.
fn replaced(term: &Term, said: &[Candidate]) -> Term {
    let of = |place: &Place| {
        let mut equations = said
            .iter()
            .filter(|rule| rule.left == *place && rule.is_equal());
        match (equations.next(), equations.next()) {
            (Some(rule), None) if !matches!(rule.right, Term::Previous(_)) => {
                Some(rule.right.clone())
            }
            _ => None,
        }
    };
    match term {
        Term::At(place) => of(place).unwrap_or_else(|| term.clone()),
        Term::Negate(inner) => Term::Negate(Box::new(replaced(inner, said))),
        Term::Round(inner, digits) => Term::Round(Box::new(replaced(inner, said)), *digits),
        Term::Join(operator, left, right) => {
            Term::join(*operator, replaced(left, said), replaced(right, said))
        }
        Term::Sum(places) => {
            let mut terms = places.iter().map(|place| replaced(&Term::At(*place), said));
            let first = terms.next().unwrap_or(Term::Number(Number::ZERO));
            terms.fold(first, |sum, term| Term::join(Operator::Add, sum, term))
        }
        Term::Number(_) | Term::Previous(_) => term.clone(),
    }
}

/// Equal rules as one, with the evidence of all.
fn merged(rules: Vec<Candidate>) -> Vec<Candidate> {
    let mut merged: Vec<(Option<Canonical>, Candidate)> = Vec::new();
    for rule in rules {
        let canonical = rule.canonical();
        let same = merged.iter_mut().find(|(other, first)| {
            canonical.is_some() && *other == canonical && same_kind(first.left, rule.left)
        });
        let Some((_, first)) = same else {
            merged.push((canonical, rule));
            continue;
        };
        first.at = match (first.at.take(), rule.at) {
            (Some(mut one), Some(other)) => {
                one.extend(other);
                one.sort_unstable();
                one.dedup();
                Some(one)
            }
            // An exception said in words holds against a formula that stands everywhere else.
            (Some(one), None) | (None, Some(one))
                if first
                    .evidence
                    .iter()
                    .chain(&rule.evidence)
                    .any(is_spoken_exception) =>
            {
                Some(one)
            }
            _ => None,
        };
        first.evidence.extend(rule.evidence);
    }
    let mut rules: Vec<Candidate> = merged.into_iter().map(|(_, rule)| rule).collect();
    for rule in &mut rules {
        rule.evidence
            .sort_by_key(|evidence| (evidence.source.clone(), evidence.cell));
        rule.evidence.dedup();
    }
    rules.sort_by_key(|rule| rule.evidence.first().map(|evidence| evidence.cell));
    rules
}

fn is_spoken_exception(evidence: &Evidence) -> bool {
    evidence.source == Source::Prose && evidence.words.contains("(trừ")
}

fn same_kind(one: Place, other: Place) -> bool {
    matches!(
        (one, other),
        (Place::Column(_), Place::Column(_))
            | (Place::Row(_), Place::Row(_))
            | (Place::Cell(..), Place::Cell(..))
    )
}
