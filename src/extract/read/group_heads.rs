//! Rows whose ordinal is that of a group («I», «II», «A») and whose figures are the sums of the rows
//! below them, as figures and the total row tell.

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::ReadContext;
use super::sums::{Amounts, Compared, LARGE, Sum, plus};
use crate::model::{CellAddress, Number};

/// How groups are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Roman,
    Letter,
}

/// The style of the ordinal of a row of the sheet (from 0), if it is that of a group.
fn style(context: &ReadContext<'_>, row: u32) -> Option<Style> {
    let at = CellAddress::new(row, context.located.header.ordinal?);
    let text = context.sheet.cells.get(&at)?.text()?;
    let text = text.trim().trim_end_matches(['.', ')']);
    let mut letters = text.chars();
    match (letters.next()?, letters.next()) {
        _ if text.chars().all(|c| "IVX".contains(c)) => Some(Style::Roman),
        (letter, None) if letter.is_uppercase() => Some(Style::Letter),
        _ => None,
    }
}

/// Is the ordinal of a row of the sheet (from 0) that of a group?
pub(super) fn is_head(context: &ReadContext<'_>, row: u32) -> bool {
    style(context, row).is_some()
}

/// A row with the ordinal of a group.
pub(super) struct Head {
    at: usize,
    /// The rows down to the next head of its level or a higher one.
    of: Range<usize>,
}

impl Head {
    /// Its place among the rows of the table, from 0.
    pub(super) fn at(&self) -> usize {
        self.at
    }
}

/// The rows with ordinals of groups; `lines`: the rows of the sheet (from 0) that the rows of the
/// table are. The style that comes first is that of the higher level.
pub(super) fn heads(context: &ReadContext<'_>, lines: &[u32]) -> Vec<Head> {
    let rows = lines.iter().enumerate();
    let styled: Vec<(usize, Style)> = rows
        .filter_map(|(at, line)| Some((at, style(context, *line)?)))
        .collect();
    let higher = styled.first().map(|(_, style)| *style);
    let ends = |index: usize| {
        let own = styled[index].1;
        let mut next = styled[index + 1..].iter();
        let next = next.find(|(_, style)| *style == own || Some(*style) == higher);
        next.map_or(lines.len(), |(at, _)| *at)
    };
    let head = |(index, (at, _)): (usize, &(usize, Style))| Head {
        at: *at,
        of: at + 1..ends(index),
    };
    styled.iter().enumerate().map(head).collect()
}

/// Rows as heads of groups, each with the rows down to the next, in a table of so many rows.
pub(super) fn heads_at(places: &[usize], rows: usize) -> Vec<Head> {
    let ends = places.iter().skip(1).chain([&rows]);
    let heads = places.iter().zip(ends);
    heads
        .map(|(at, end)| Head {
            at: *at,
            of: at + 1..*end,
        })
        .collect()
}

/// What the heads of a table are.
pub(super) enum Groups {
    /// Sums, none of which is counted.
    Sums(Vec<Sum>),
    /// Rows that are sums by their figures, and may be items of their own.
    Maybe(Vec<Sum>),
}

/// Judges the heads by the figures of the rows; `is_total_without`: is the total row, if there
/// is one, right without the rows at some places?
pub(super) fn judge(
    heads: &[Head],
    rows: &[Option<Amounts>],
    has_total: bool,
    is_total_without: &dyn Fn(&[usize]) -> bool,
) -> Groups {
    let places: BTreeSet<usize> = heads.iter().map(|head| head.at).collect();
    let leaves = |head: &Head| head.of.clone().filter(|at| !places.contains(at)).collect();
    let mut groups: Vec<Sum> = Vec::new();
    for head in heads {
        let leaves: Vec<usize> = leaves(head);
        if !leaves.is_empty() {
            let figures = compared(rows, head.at, &leaves);
            groups.push(Sum {
                at: head.at,
                of: head.of.clone(),
                figures,
            });
        }
    }
    // One without rows is an item, and then others may be.
    let all_are_groups = groups.len() == heads.len();
    let of_groups: Vec<usize> = groups.iter().map(|sum| sum.at).collect();
    let equal = groups.iter().filter(|sum| sum.is_equal()).count();
    let is_told = groups.iter().any(|sum| is_no_chance(rows, sum));
    let are_sums = match has_total {
        true if is_total_without(&of_groups) => true,
        true => all_are_groups && equal == groups.len(),
        false => all_are_groups && is_told && equal * 2 >= groups.len(),
    };
    match are_sums && !groups.is_empty() {
        true => Groups::Sums(groups),
        false => {
            groups.retain(|sum| is_no_chance(rows, sum));
            Groups::Maybe(groups)
        }
    }
}

/// Is a row the sum of others in every column?
fn compared(rows: &[Option<Amounts>], at: usize, of: &[usize]) -> Compared {
    let sum = || {
        let own = rows[at].as_ref()?;
        let mut sums = vec![Number::ZERO; own.len()];
        for other in of {
            sums = plus(&sums, rows[*other].as_ref()?)?;
        }
        let filled = own.iter().filter(|figure| !figure.is_zero()).count();
        (sums == *own && filled > 0).then_some(filled)
    };
    sum().map_or(Compared::NotYet, Compared::Equal)
}

/// Is it the sum in several columns, or of figures that are large enough?
fn is_no_chance(rows: &[Option<Amounts>], sum: &Sum) -> bool {
    let mut own = rows[sum.at].iter().flatten();
    match sum.figures {
        Compared::Equal(columns) => columns > 1 || own.any(|figure| figure.abs() >= LARGE),
        Compared::NotYet => false,
    }
}
