//! One card per mistake: where it is, what is there, what should be, which cell is suspected, what
//! follows from it.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::change::OpenFinding;
use super::sheet::Anchors;
use super::words;
use crate::model::{Finding, Lang, Severity, Suspect};

/// A mistake.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Card {
    /// Id of the finding that reports it.
    pub(super) id: String,
    /// Name of its sheet, if it is on one.
    sheet: Option<String>,
    /// Its cell, as Excel names it.
    cell: Option<String>,
    /// Anchor of the cell beside the cards, if it is shown there.
    anchor: Option<String>,
    /// How the form calls the cell: row and column.
    label: Option<String>,
    /// What the cell holds.
    says: Option<String>,
    /// What should be there, as far as it is known.
    should: Option<String>,
    /// Is another cell than its own suspected alone?
    elsewhere: bool,
    message: String,
    /// How many cells are equally suspect, if more than one is.
    undecided: Option<usize>,
    suspects: Vec<SuspectCell>,
    follows: Vec<Follows>,
    rule_href: Option<String>,
    /// Name of the field for a reason.
    field: Option<String>,
    /// The reason for which it no longer counts.
    given: Option<Given>,
    on_trial: bool,
    /// Was it there in the submission before? `None`: there was none.
    still: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
struct SuspectCell {
    sheet: Option<String>,
    cell: String,
    anchor: Option<String>,
    says: Option<String>,
    suggestion: Option<String>,
    reason: String,
}

/// A finding that follows from the mistake.
#[derive(Debug, Clone, Serialize)]
struct Follows {
    id: String,
    sheet: Option<String>,
    cell: Option<String>,
    anchor: Option<String>,
    message: String,
}

#[derive(Debug, Clone, Serialize)]
struct Given {
    reason: String,
    by: String,
    accepted: bool,
}

/// What cards of a file are made with.
pub(super) struct Making<'a> {
    pub(super) lang: Lang,
    /// Anchors of the cells that are shown beside the cards.
    pub(super) anchors: &'a Anchors,
    /// Are there boxes for reasons?
    pub(super) boxes: bool,
    /// What asked for something in the submission before.
    pub(super) before: Option<&'a BTreeSet<OpenFinding>>,
    pub(super) rule_base: Option<&'a str>,
}

impl Making<'_> {
    /// Address of the page about a rule.
    pub(super) fn rule_href(&self, rule: &str) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let base = self.rule_base.filter(|_| rule.chars().all(is_plain))?;
        Some(format!("{base}{rule}"))
    }

    /// The card of a mistake: the finding that reports it and those that follow from it.
    pub(super) fn card(&self, lead: &Finding, follow: &[&Finding]) -> Card {
        let value = |value: &crate::model::Value| words::value(value, self.lang);
        let asks = lead.is_open() && lead.severity != Severity::Info;
        let place = lead.place();
        let cell = place.as_ref().and_then(|place| self.anchors.get(place));
        let suspects: Vec<&Suspect> = match lead.is_open() {
            true => lead.review.suspects.iter().collect(),
            false => Vec::new(),
        };
        let suspects = one_of_each_cell(suspects);
        let equal = suspects.iter().filter(|s| s.rank == 1).count();
        let own = |s: &&Suspect| Some(s.cell) == lead.cell && Some(&s.sheet) == lead.sheet.as_ref();
        let other = suspects.iter().copied().find(own).and_then(Suspect::other);
        let expected = lead.expected.as_ref();
        let expected = expected.filter(|value| other.is_none_or(|other| other == *value));
        let says = lead.value.as_ref().map(value);
        let blank = cell.filter(|cell| cell.is_blank);
        let blank = blank.map(|_| self.lang.pick("để trống", "blank").to_owned());
        Card {
            id: lead.id(),
            sheet: lead.sheet.as_deref().map(words::name),
            cell: lead.cell.map(|cell| cell.to_string()),
            anchor: cell.map(|cell| cell.id.clone()),
            label: cell.map(|cell| cell.label.clone()),
            says: says.or(blank),
            should: expected.map(value),
            elsewhere: equal > 0 && !suspects.iter().any(own),
            message: words::message(&lead.message, self.lang),
            undecided: Some(equal).filter(|equal| *equal > 1),
            suspects: suspects.iter().map(|s| self.suspect(lead, s)).collect(),
            follows: follow.iter().map(|finding| self.follows(finding)).collect(),
            rule_href: self.rule_href(&lead.rule),
            field: (self.boxes && asks && lead.severity == Severity::Warning)
                .then(|| format!("reason.{}", lead.id())),
            given: lead.review.justification.as_ref().map(|given| Given {
                reason: words::sentence(&given.reason),
                by: words::name(&given.by),
                accepted: given.accepted,
            }),
            on_trial: lead.trial.is_some(),
            still: self
                .before
                .filter(|_| asks)
                .map(|before| before.contains(&OpenFinding::of(lead))),
        }
    }

    fn suspect(&self, lead: &Finding, suspect: &Suspect) -> SuspectCell {
        let place = crate::model::Place {
            sheet: suspect.sheet.clone(),
            cell: suspect.cell,
        };
        let elsewhere = lead.sheet.as_ref() != Some(&suspect.sheet);
        SuspectCell {
            sheet: elsewhere.then(|| words::name(&suspect.sheet)),
            cell: suspect.cell.to_string(),
            anchor: self.anchors.get(&place).map(|cell| cell.id.clone()),
            says: suspect.value.as_ref().map(|v| words::value(v, self.lang)),
            suggestion: suspect.other().map(|v| words::value(v, self.lang)),
            reason: words::message(&suspect.reason, self.lang),
        }
    }

    fn follows(&self, finding: &Finding) -> Follows {
        let cell = finding.place().and_then(|place| self.anchors.get(&place));
        Follows {
            id: finding.id(),
            sheet: finding.sheet.as_deref().map(words::name),
            cell: finding.cell.map(|cell| cell.to_string()),
            anchor: cell.map(|cell| cell.id.clone()),
            message: words::message(&finding.message, self.lang),
        }
    }
}

/// The likeliest of the figures that one cell could hold: two would contradict each other.
fn one_of_each_cell(suspects: Vec<&Suspect>) -> Vec<&Suspect> {
    let mut seen = HashSet::new();
    let first = |s: &&Suspect| seen.insert((s.sheet.clone(), s.cell));
    suspects.into_iter().filter(first).collect()
}
