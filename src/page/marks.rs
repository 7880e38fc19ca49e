//! Which cells of a file its findings name, and how each is coloured.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{CellAddress, Finding, Severity, Value};

/// Why a cell is coloured, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mark {
    /// An error is at it.
    Error,
    /// A warning is at it.
    Warning,
    /// It is suspected to be the cause of another's.
    Suspect,
    /// Something at it follows from a mistake elsewhere.
    Follows,
    /// A note is at it.
    Note,
}

/// A coloured cell.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    pub(super) mark: Mark,
    /// Id of the finding whose card tells of it.
    pub(super) card: String,
    /// What the cell holds, where the finding is at it and says so.
    pub(super) says: Option<Value>,
}

/// Coloured cells of a file by sheet.
pub(super) type Marks = HashMap<Arc<str>, HashMap<CellAddress, Marked>>;

/// The marks of one mistake: the finding that reports it, then those that follow from it.
pub(super) fn add(marks: &mut Marks, lead: &Finding, follow: &[&Finding]) {
    let card = lead.id();
    let mut put = |sheet: &Arc<str>, cell: CellAddress, mark: Mark, says: &Option<Value>| {
        let cells = marks.entry(sheet.clone()).or_default();
        let before = cells.get(&cell);
        if before.is_none_or(|before| mark < before.mark) {
            let (card, says) = (card.clone(), says.clone());
            cells.insert(cell, Marked { mark, card, says });
        }
    };
    let own = match lead.severity {
        _ if !lead.is_open() => Mark::Note,
        Severity::Error => Mark::Error,
        Severity::Warning => Mark::Warning,
        Severity::Info => Mark::Note,
    };
    if let Some(place) = lead.place() {
        put(&place.sheet, place.cell, own, &lead.value);
    }
    if lead.is_open() {
        for suspect in &lead.review.suspects {
            put(&suspect.sheet, suspect.cell, Mark::Suspect, &suspect.value);
        }
    }
    for finding in follow {
        if let Some(place) = finding.place() {
            put(&place.sheet, place.cell, Mark::Follows, &finding.value);
        }
    }
}
