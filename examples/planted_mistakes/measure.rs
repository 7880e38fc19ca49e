//! Lets the product look at a case, and measures how well it reported what was wrong. Nothing here
//! tells the product where the mistake is.

use std::sync::Arc;
use std::thread;

use tonghop::campaign::Campaign;
use tonghop::model::{CellAddress, Finding, Severity, Value};

use super::book::{Book, Typed, Variant, Way, ask};
use super::judge::{Judged, judge};
use super::plant::Case;

/// How the product ranked the wrong cell among those it named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Before all others.
    First,
    /// First, with others as likely.
    Tied,
    /// Second or third.
    InThree,
    /// Further down, or not at all.
    Lost,
}

/// The outcome of one case.
pub struct Outcome {
    pub way: Way,
    pub kinds: Vec<usize>,
    pub judged: Judged,
    /// Is an error reported that was not reported before?
    pub hard: bool,
    /// Is a warning?
    pub soft: bool,
    pub rank: Rank,
    /// Is the right figure suggested for the wrong cell, which is ranked first?
    pub value: bool,
    /// Does no error that follows from none of the others name another cell first?
    pub straight: bool,
    /// How many mistakes the errors are reported as: those that follow from none of the others.
    pub groups: usize,
    /// The mistake, and what was reported of it, for whoever looks for the reason of a miss.
    pub trace: String,
}

/// Asks the product about every case, on all cores.
pub fn measure(campaign: &Campaign, books: &[Book], cases: &[Case]) -> Vec<Outcome> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let share = cases.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = cases
            .chunks(share)
            .map(|part| {
                scope.spawn(move || -> Vec<Outcome> {
                    part.iter().map(|case| one(campaign, books, case)).collect()
                })
            })
            .collect();
        let done = parts.into_iter().map(|part| part.join());
        done.flat_map(|part| part.expect("a case was measured"))
            .collect()
    })
}

fn one(campaign: &Campaign, books: &[Book], case: &Case) -> Outcome {
    let book = &books[case.book];
    let variant = book.variant(case.way);
    let workbook = variant.planted(campaign, &book.unit, &case.changes);
    let answer = ask(campaign, &book.file, &workbook);
    let judged = judge(
        variant,
        &book.unit,
        campaign.previous.as_ref(),
        answer.tables,
        &answer.reading,
        &case.changes,
    );
    let new: Vec<&Finding> = answer
        .findings
        .iter()
        .filter(|finding| !variant.knows(finding))
        .collect();
    let of = |severity| new.iter().copied().filter(move |f| f.severity == severity);
    // What follows from another finding is listed under it: nobody starts there.
    let hard: Vec<&Finding> = of(Severity::Error).collect();
    let told: Vec<&Finding> = hard
        .iter()
        .copied()
        .filter(|f| !f.review.consequence)
        .collect();
    let wrong = wrong_cells(variant, case, &judged);
    let named = named(&told);
    let (rank, value) = rank(&named, &wrong);
    let trace = trace(variant, case, book, &named, &told);
    Outcome {
        trace,
        way: case.way,
        kinds: case.kinds.clone(),
        judged,
        hard: !hard.is_empty(),
        soft: of(Severity::Warning).next().is_some(),
        rank,
        value,
        straight: told.iter().all(|finding| leads_to(finding, &wrong)),
        groups: told.len(),
    }
}

/// Unit, what was typed where, which cells were named, and the findings.
fn trace(
    variant: &Variant,
    case: &Case,
    book: &Book,
    named: &[Named],
    told: &[&Finding],
) -> String {
    let cell = |place: &(Arc<str>, CellAddress)| format!("{}!{}", place.0, place.1);
    let changes = case.changes.iter().map(|change| {
        let at = variant.place(change.at).map(|place| cell(&place));
        let (right, typed) = (variant.truth(change.at), change.typed);
        format!("{} {right:?} -> {typed:?}", at.unwrap_or_default())
    });
    let changes: Vec<String> = changes.collect();
    let named = named.iter().map(|named| {
        let suggestion = named.suggestion.as_ref().map(ToString::to_string);
        let suggestion = suggestion.unwrap_or_default();
        format!(
            "{} #{}x{} {suggestion}",
            cell(&named.place),
            named.best,
            named.times
        )
    });
    let named: Vec<String> = named.collect();
    let told: Vec<String> = told
        .iter()
        .map(|finding| {
            let at = finding.cell.map(|cell| cell.to_string());
            let at = at.unwrap_or_default();
            format!("{at} [{}] {}", finding.rule, finding.message.vi)
        })
        .collect();
    format!(
        "{} {}\n  {}\n  {}",
        book.unit,
        changes.join(", "),
        named.join(" | "),
        told.join("\n  ")
    )
}

/// A cell with its right content.
struct Wrong {
    place: (Arc<str>, CellAddress),
    right: Option<Value>,
}

/// The cells that are wrong: of several planted, those that matter.
fn wrong_cells(variant: &Variant, case: &Case, judged: &Judged) -> Vec<Wrong> {
    let planted = case.changes.iter().map(|change| change.at);
    let cells: Vec<_> = match judged.needed.is_empty() {
        true => planted.collect(),
        false => judged.needed.clone(),
    };
    let wrong = cells.into_iter().filter_map(|at| {
        let right = match variant.truth(at) {
            Typed::Number(number) => Some(Value::Number(number)),
            Typed::Flag(flag) => Some(Value::Flag(flag)),
            Typed::Blank => None,
        };
        Some(Wrong {
            place: variant.place(at)?,
            right,
        })
    });
    wrong.collect()
}

/// A cell the product names.
struct Named {
    place: (Arc<str>, CellAddress),
    /// The best place any finding gives it, 0 being first.
    best: usize,
    /// How many findings give it that place.
    times: usize,
    suggestion: Option<Value>,
}

/// A cell a finding leads to: where, its place counted from 0, what is suggested for it.
type Lead = ((Arc<str>, CellAddress), usize, Option<Value>);

/// The cells a finding leads to: its suspects as they are ranked; without any, its own cell and
/// what is expected there.
fn led_to(finding: &Finding) -> Vec<Lead> {
    if !finding.review.suspects.is_empty() {
        let suspects = finding.review.suspects.iter();
        return suspects
            .map(|suspect| {
                let place = (suspect.sheet.clone(), suspect.cell);
                (
                    place,
                    suspect.rank.saturating_sub(1),
                    suspect.suggestion.clone(),
                )
            })
            .collect();
    }
    let place = finding.sheet.clone().zip(finding.cell);
    place
        .map(|place| (place, 0, finding.expected.clone()))
        .into_iter()
        .collect()
}

/// All cells the findings lead to, best first: a cell that one finding puts first goes before one
/// that none does; among those, the one that more findings put there.
fn named(findings: &[&Finding]) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for finding in findings {
        for (place, best, suggestion) in led_to(finding) {
            match named.iter_mut().find(|named| named.place == place) {
                Some(known) if known.best == best => known.times += 1,
                Some(known) if known.best < best => {}
                Some(known) => {
                    *known = Named {
                        place,
                        best,
                        times: 1,
                        suggestion,
                    }
                }
                None => named.push(Named {
                    place,
                    best,
                    times: 1,
                    suggestion,
                }),
            }
        }
    }
    named.sort_by_key(|named| (named.best, std::cmp::Reverse(named.times)));
    named
}

/// The best rank of a wrong cell, and whether its suggestion is right.
fn rank(named: &[Named], wrong: &[Wrong]) -> (Rank, bool) {
    let score = |at: usize| (named[at].best, named[at].times);
    let is = |wrong: &Wrong, named: &Named| wrong.place == named.place;
    let at = named
        .iter()
        .position(|named| wrong.iter().any(|wrong| is(wrong, named)));
    let Some(at) = at else {
        return (Rank::Lost, false);
    };
    let before = (0..named.len()).filter(|i| score(*i) == score(at) || *i < at);
    let strangers = before.filter(|i| !wrong.iter().any(|wrong| is(wrong, &named[*i])));
    let strangers: Vec<usize> = strangers.collect();
    let right = wrong
        .iter()
        .find(|wrong| is(wrong, &named[at]))
        .is_some_and(|wrong| wrong.right.is_some() && wrong.right == named[at].suggestion);
    let ahead = strangers.iter().filter(|i| score(**i) != score(at)).count();
    match (ahead, strangers.len()) {
        (0, 0) => (Rank::First, right),
        (0, _) => (Rank::Tied, right),
        (1 | 2, _) => (Rank::InThree, false),
        _ => (Rank::Lost, false),
    }
}

/// Does a finding put a wrong cell first, and no other beside it?
fn leads_to(finding: &Finding, wrong: &[Wrong]) -> bool {
    let leads = led_to(finding);
    let mut first = leads.iter().filter(|(_, best, _)| *best == 0);
    first.all(|(place, ..)| wrong.iter().any(|wrong| wrong.place == *place)) && !leads.is_empty()
}
