//! «Tổng số», «Chia ra» and «Trong đó» among headers.

use std::collections::BTreeSet;

use super::rule::rule;
use crate::compile::found::Found;
use crate::compile::names::without_equation;
use crate::compile::rule::{Candidate, Place, Term};
use crate::compile::table::{Column, Part, Role, Table};
use crate::compile::words;
use crate::model::{CellAddress, Message};
use crate::schema::expression::Comparison;
use crate::text::normalise;

/// Columns under one spanning header.
struct Group<'a> {
    part: &'a Part,
    /// Index of the header in the paths of its columns.
    depth: usize,
    columns: Vec<usize>,
}

pub(super) fn read(table: &Table, found: &mut Found) {
    for group in groups(table) {
        let division = words::is_division(&group.part.text) || divides_a_total(table, &group);
        if !division && !words::is_part(&group.part.text) {
            continue;
        }
        if division && by_measure(table, &group, found) {
            continue;
        }
        let base = base(table, group.columns[0], group.depth);
        let base = base.filter(|base| division || !is_addend(table, *base, group.depth, found));
        let base = match division {
            true => base,
            false => base.and_then(|base| counted_alike(table, base, &group.columns, group.depth)),
        };
        let Some(base) = base else {
            if !division {
                ask(group.part, &group.columns, found);
            }
            continue;
        };
        let own = &table.columns[base].path;
        let Some(over) = own.last().filter(|_| table.columns[base].is_additive()) else {
            continue;
        };
        if division {
            let Some(members) = members(table, &group) else {
                continue;
            };
            let places = members.into_iter().map(Place::Column).collect();
            let sum = Term::sum_of(places);
            let words = [over, group.part];
            found
                .rules
                .push(rule(Place::Column(base), Comparison::Equal, sum, &words));
            continue;
        }
        for column in &group.columns {
            at_most(table, *column, base, group.part, found);
        }
    }
    for (index, column) in table.columns.iter().enumerate() {
        let Some(own) = column.path.last().filter(|part| words::is_part(&part.text)) else {
            continue;
        };
        let spans = table
            .columns
            .iter()
            .filter(|other| other.path.contains(own))
            .count()
            > 1;
        if spans || words::behind_part(&own.text).is_empty() {
            continue;
        }
        let depth = column.path.len() - 1;
        let base = base(table, index, depth);
        let base = base.filter(|base| !is_addend(table, *base, depth, found));
        match base.and_then(|base| counted_alike(table, base, &[index], depth)) {
            Some(base) => at_most(table, index, base, own, found),
            None => ask(own, &[index], found),
        }
    }
}

/// «Phân theo giới tính» beside «Tổng số».
fn divides_a_total(table: &Table, group: &Group<'_>) -> bool {
    let base = || base(table, group.columns[0], group.depth);
    words::divides_a_total(&group.part.text)
        && base().is_some_and(|base| words::is_total(without_equation(table.columns[base].own())))
}

/// «Tổng số» over «Số vụ» and «Số tiền», divided into groups over the same: each of them is the sum of
/// those of its name. `false` if the group divides no such total.
fn by_measure(table: &Table, group: &Group<'_>, found: &mut Found) -> bool {
    let head = |column: usize, depth: usize| table.columns[column].path.get(depth);
    let Some(before) = group.columns[0].checked_sub(1) else {
        return false;
    };
    let outer = |column: usize| table.columns[column].path.iter().take(group.depth);
    let Some(over) = head(before, group.depth).filter(|over| {
        words::is_total(without_equation(&over.text)) && outer(before).eq(outer(group.columns[0]))
    }) else {
        return false;
    };
    let totals = (0..=before).rev();
    let totals =
        totals.take_while(|at| head(*at, group.depth).is_some_and(|own| own.cell == over.cell));
    let totals: Vec<usize> = totals.collect();
    let named = |column: usize| normalise(without_equation(table.columns[column].own()));
    let leaves = |column: usize, depth: usize| table.columns[column].path.len() == depth + 2;
    let mut parts: Vec<(CellAddress, usize)> = Vec::new();
    for column in &group.columns {
        let Some(part) = head(*column, group.depth + 1) else {
            return false;
        };
        if !leaves(*column, group.depth + 1) {
            return false;
        }
        parts.push((part.cell, *column));
    }
    let heads: BTreeSet<CellAddress> = parts.iter().map(|(head, _)| *head).collect();
    if totals.len() < 2 || heads.len() < 2 || !totals.iter().all(|at| leaves(*at, group.depth)) {
        return false;
    }
    let mut sums = Vec::new();
    for total in totals.into_iter().rev() {
        let same = parts.iter().filter(|(_, at)| named(*at) == named(total));
        let same: Vec<(CellAddress, usize)> = same.copied().collect();
        let of: BTreeSet<CellAddress> = same.iter().map(|(head, _)| *head).collect();
        if of != heads || same.len() != heads.len() {
            return false;
        }
        sums.push((total, same));
    }
    let is_figure = |column: usize| table.columns[column].is_additive();
    for (total, same) in sums {
        if is_figure(total) && same.iter().all(|(_, at)| is_figure(*at)) {
            let places = same.iter().map(|(_, at)| Place::Column(*at)).collect();
            let sum = Term::sum_of(places);
            let left = Place::Column(total);
            found
                .rules
                .push(rule(left, Comparison::Equal, sum, &[over, group.part]));
        }
    }
    true
}

/// The column beside others that parts are of: the one that counts what they do, «Số hộ» of «Hộ nghèo»
/// beside «Số khẩu», else the nearest, `base`. `None` where the columns count different things and the
/// parts do not say which, or where a total stands before them.
fn counted_alike(table: &Table, base: usize, parts: &[usize], depth: usize) -> Option<usize> {
    let outer = |column: &Column| column.path.get(depth.wrapping_sub(1)).map(|part| part.cell);
    let group = outer(&table.columns[base]);
    let mut before = (0..=base)
        .rev()
        .take_while(|at| table.columns[*at].role == Role::Value)
        .take_while(|at| outer(&table.columns[*at]) == group);
    let plain = |at: &usize| {
        let column = &table.columns[*at];
        let own = column.own();
        column.path.len() == depth + 1
            && column.is_additive()
            && !words::is_part(own)
            && !words::is_division(own)
    };
    let beside: Vec<usize> = before.by_ref().take_while(plain).collect();
    let total = |at: usize| words::is_total(without_equation(table.columns[at].own()));
    let noun = |at: usize| words::counted_in(without_equation(table.columns[at].own()));
    let says = |at: &usize| {
        noun(*at).is_some_and(|noun| {
            parts.iter().all(|part| {
                let own = format!(" {} ", normalise(table.columns[*part].own()));
                own.contains(&format!(" {noun} "))
            })
        })
    };
    let named: Vec<usize> = beside.iter().copied().filter(says).collect();
    match named.as_slice() {
        [one] => return Some(*one),
        [] => {}
        _ => return Some(base),
    }
    let others = beside.iter().filter_map(|at| noun(*at));
    let differ = noun(base).is_some_and(|own| others.into_iter().any(|other| other != own));
    let of_people = noun(base).is_some_and(words::counts_people)
        && parts
            .iter()
            .all(|part| words::names_people(table.columns[*part].own()));
    // The total of groups between: «Tổng số», «Nam», «Nữ» under a header of their own, «Đăng ký lại».
    let whole = !total(base) && before.any(total);
    ((!differ || of_people) && !whole).then_some(base)
}

/// Asks of which column columns are parts, unless the form says elsewhere what they are at most.
fn ask(part: &Part, columns: &[usize], found: &mut Found) {
    let bounded = |column: &usize| {
        let left = Place::Column(*column);
        let bound = |rule: &Candidate| rule.left == left && !rule.is_equal();
        found.rules.iter().any(bound)
    };
    if columns.iter().all(bounded) {
        return;
    }
    let why = Message::new(
        "không rõ «Trong đó» là một phần của cột nào",
        "which column it is a part of is not clear",
    );
    found.ask(part.cell, &part.text, why);
}

/// Is a column one of several that a total to its left is the sum of? What is behind it may be a
/// part of it or of the total.
fn is_addend(table: &Table, base: usize, depth: usize, found: &Found) -> bool {
    let said = found.rules.iter().any(|rule| {
        let adds = rule.right.plain_sum().filter(|places| places.len() > 1);
        matches!(rule.left, Place::Column(left) if left < base)
            && rule.is_equal()
            && adds.is_some_and(|places| places.contains(&Place::Column(base)))
    });
    let outer = |column: &Column| column.path.get(depth.wrapping_sub(1)).map(|part| part.cell);
    let beside = (0..base).rev().take_while(|other| {
        let other = &table.columns[*other];
        other.role == Role::Value && outer(other) == outer(&table.columns[base])
    });
    let plain = |other: &usize| table.columns[*other].path.len() == depth + 1;
    let total = beside
        .take_while(plain)
        .position(|other| words::is_total(without_equation(table.columns[other].own())));
    let itself = words::is_total(without_equation(table.columns[base].own()));
    !itself && (said || total.is_some_and(|between| between > 0))
}

/// `column <= base`, if both are figures that can be compared.
fn at_most(table: &Table, column: usize, base: usize, said: &Part, found: &mut Found) {
    let is_figure = |column: usize| table.columns[column].is_additive();
    if !is_figure(column) || !is_figure(base) {
        return;
    }
    let own = table.columns[column].path.last().filter(|own| *own != said);
    let words: Vec<&Part> = [Some(said), own].into_iter().flatten().collect();
    let (left, right) = (Place::Column(column), Term::At(Place::Column(base)));
    found
        .rules
        .push(rule(left, Comparison::LessOrEqual, right, &words));
}

/// Every header that spans columns to be filled, or has another header below it.
fn groups(table: &Table) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        if column.role != Role::Value {
            continue;
        }
        for (depth, part) in column.path.iter().enumerate() {
            if depth + 1 == column.path.len() {
                continue;
            }
            match groups.iter_mut().find(|group| group.part.cell == part.cell) {
                Some(group) => group.columns.push(index),
                None => groups.push(Group {
                    part,
                    depth,
                    columns: vec![index],
                }),
            }
        }
    }
    groups
}

/// The column that a «Chia ra» or «Trong đó» from `first` on is about: the nearest to the left under
/// the same spanning headers that is neither divided nor a part itself.
fn base(table: &Table, first: usize, depth: usize) -> Option<usize> {
    let outer = |column: &Column| -> Vec<crate::model::CellAddress> {
        column
            .path
            .iter()
            .take(depth)
            .map(|part| part.cell)
            .collect()
    };
    let of = outer(&table.columns[first]);
    for index in (0..first).rev() {
        let column = &table.columns[index];
        if column.role != Role::Value || outer(column) != of {
            return None;
        }
        let here = column.path.get(depth)?;
        if words::is_division(&here.text) || words::is_part(&here.text) {
            continue;
        }
        if column.path.len() == depth + 1 {
            return Some(index);
        }
        // A group of its own: its total, if it has one.
        let inside = (0..=index).rev().take_while(|at| {
            table.columns[*at]
                .path
                .get(depth)
                .is_some_and(|part| part.cell == here.cell)
        });
        let mut totals = inside.filter(|at| words::is_total(table.columns[*at].own()));
        let total = totals.next();
        return total.filter(|_| totals.next().is_none());
    }
    None
}

/// The columns a division adds up: of each header under it the column, or its total; `None` if
/// that is not clear.
fn members(table: &Table, group: &Group<'_>) -> Option<Vec<usize>> {
    let mut members = Vec::new();
    let mut at = 0;
    while at < group.columns.len() {
        let column = &table.columns[group.columns[at]];
        let head = column.path.get(group.depth + 1)?;
        let same: Vec<usize> = group.columns[at..]
            .iter()
            .copied()
            .take_while(|other| {
                table.columns[*other]
                    .path
                    .get(group.depth + 1)
                    .is_some_and(|part| part.cell == head.cell)
            })
            .collect();
        at += same.len();
        if words::is_part(&head.text) {
            continue;
        }
        match same.as_slice() {
            [one] => members.push(*one),
            several => {
                let totals = several
                    .iter()
                    .filter(|at| words::is_total(table.columns[**at].own()));
                let totals: Vec<&usize> = totals.collect();
                let added = several
                    .iter()
                    .filter(|at| table.columns[**at].is_additive());
                let added: Vec<&usize> = added.collect();
                match (totals.as_slice(), added.as_slice()) {
                    // «Số lượng» beside «%»
                    ([one], _) | ([], [one]) => members.push(**one),
                    _ => return None,
                }
            }
        }
    }
    let all = members
        .iter()
        .all(|member| table.columns[*member].is_additive());
    (all && members.len() >= 2).then_some(members)
}
