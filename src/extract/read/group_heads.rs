//! Rows whose ordinal is that of a group («I» over «1», «a)» over «-») and whose figures are the sums
//! of the rows below them, as figures and the total row tell.

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::ReadContext;
use super::outline::Outline;
use super::sums::{Amounts, Compared, LARGE, Sum, added, plus};
use crate::model::Number;

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

/// The rows with ordinals of groups, some of which may have no rows; `lines`: the rows of the sheet
/// (from 0) that the rows of the table are.
pub(super) fn heads(context: &ReadContext<'_>, lines: &[u32]) -> Vec<Head> {
    let groups = Outline::new(context, lines).groups();
    let head = |(at, of)| Head { at, of };
    groups.into_iter().map(head).collect()
}

/// Rows as heads of groups, each with the rows down to the next, or with the first of them that it is
/// the sum of: the others may stand in no group.
pub(super) fn heads_at(places: &[usize], rows: &[Option<Amounts>]) -> Vec<Head> {
    let ends = places.iter().skip(1).copied().chain([rows.len()]);
    let heads = places.iter().zip(ends);
    heads
        .map(|(at, end)| Head {
            at: *at,
            of: at + 1..sum_ends(rows, *at, end).unwrap_or(end),
        })
        .collect()
}

/// Behind which row, before `end`, two or more rows below a head add up to it, if all of them do not.
fn sum_ends(rows: &[Option<Amounts>], at: usize, end: usize) -> Option<usize> {
    let own = rows[at].as_ref()?;
    let mut sums: Option<Amounts> = None;
    let mut found = None;
    for (other, row) in (at + 1..end).zip(&rows[at + 1..end]) {
        let row = row.as_ref()?;
        sums = Some(match sums {
            None => row.clone(),
            Some(sums) => plus(&sums, row)?,
        });
        if other > at + 1 && sums.as_ref() == Some(own) {
            found = found.or(Some(other + 1));
        }
    }
    found.filter(|_| sums.as_ref() != Some(own))
}

/// What the heads of a table are.
pub(super) enum Groups {
    /// Sums, none of which is counted.
    Sums(Vec<Sum>),
    /// Rows that may be items of their own: those that are sums by their figures, and those that
    /// are not.
    Maybe(Vec<Sum>, Vec<Unequal>),
}

/// A head with another figure than its rows add up to.
pub(super) struct Unequal {
    /// Its place among the rows of the table, from 0.
    pub(super) at: usize,
    /// The rows below it.
    pub(super) of: Range<usize>,
    /// The first such column, of those that are added up, from 0.
    pub(super) column: usize,
    pub(super) own: Number,
    pub(super) added: Number,
}

/// Judges the heads by the figures of the rows; `is_total_without`: is the total row, if there
/// is one, right without the rows at some places?
pub(super) fn judge(
    heads: &[Head],
    rows: &[Option<Amounts>],
    has_total: bool,
    is_total_without: &dyn Fn(&[usize]) -> bool,
) -> Groups {
    let with_rows = || heads.iter().filter(|head| !head.of.is_empty());
    let places: BTreeSet<usize> = with_rows().map(|head| head.at).collect();
    let mut groups: Vec<Sum> = Vec::new();
    let mut unequal: Vec<Unequal> = Vec::new();
    for head in with_rows() {
        let leaves = head.of.clone().filter(|at| !places.contains(at));
        let sums = added(rows, leaves);
        let figures = compared(rows[head.at].as_deref(), sums.as_deref());
        unequal.extend(differing(head, rows[head.at].as_deref(), sums.as_deref()));
        groups.push(Sum {
            at: head.at,
            of: head.of.clone(),
            figures,
        });
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
            Groups::Maybe(groups, unequal)
        }
    }
}

/// Is a row the sum of others in every column?
fn compared(own: Option<&[Number]>, sums: Option<&[Number]>) -> Compared {
    let (Some(own), Some(sums)) = (own, sums) else {
        return Compared::NotYet;
    };
    let filled = own.iter().filter(|figure| !figure.is_zero()).count();
    match sums == own && filled > 0 {
        true => Compared::Equal(filled),
        false => Compared::NotYet,
    }
}

/// Where a head has a figure that is not the sum of its rows; a heading without figures has none.
fn differing(head: &Head, own: Option<&[Number]>, sums: Option<&[Number]>) -> Option<Unequal> {
    let mut columns = own?.iter().zip(sums?).enumerate();
    let (column, (own, added)) =
        columns.find(|(_, (own, added))| !own.is_zero() && own != added)?;
    Some(Unequal {
        at: head.at,
        of: head.of.clone(),
        column,
        own: *own,
        added: *added,
    })
}

/// Is it the sum in several columns, or of figures that are large enough?
fn is_no_chance(rows: &[Option<Amounts>], sum: &Sum) -> bool {
    let mut own = rows[sum.at].iter().flatten();
    match sum.figures {
        Compared::Equal(columns) => columns > 1 || own.any(|figure| figure.abs() >= LARGE),
        Compared::NotYet => false,
    }
}
