//! Who must report, and whose name that is.
//!
//! A name either *is* a unit's (after spelling, prefix forms and listed aliases) or it is nobody's:
//! one letter separates Hương Mỹ from Hưng Mỹ and both exist, so likeness only ever suggests.

mod parse;
mod succession;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::{Message, ReportingUnit};
use crate::text::{distance, fold, label_key};

pub use succession::Split;

/// The dated list of reporting units.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Every unit, in the order of the file.
    pub units: Vec<Arc<ReportingUnit>>,
    by_code: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Vec<Bearer>>,
    /// The same by names as [`squeezed`] leaves them.
    by_squeezed: BTreeMap<String, Vec<Bearer>>,
}

/// A unit that goes by a name: which kind of unit the name says it is, and its place in `units`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bearer {
    kind: String,
    unit: usize,
}

/// Whose name something is on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This unit's, and nobody else's.
    Exact(Arc<ReportingUnit>),
    /// The name alone does not tell these apart (a xã and a phường of one name).
    Several(Vec<Arc<ReportingUnit>>),
    /// This unit's, which does not exist on that day.
    Inactive(Arc<ReportingUnit>),
    /// Nobody's. A person must decide.
    None {
        /// Units whose names are close, the closest first; at most three. Never to be taken for
        /// a match.
        nearest: Vec<Arc<ReportingUnit>>,
    },
}

/// Everything that is wrong with a roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterError {
    /// One entry a mistake, in the order of the file; at least one.
    pub faults: Vec<RosterFault>,
}

/// One mistake in a roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFault {
    /// The file as it was named to the tool.
    pub file: String,
    /// Line of the file, from 1; `None` if it is about the file as a whole.
    pub line: Option<u64>,
    /// Name of the column, if it is about one.
    pub column: Option<&'static str>,
    /// What is wrong and what to do, opening with file, line and column.
    pub message: Message,
}

impl fmt::Display for RosterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self
            .faults
            .iter()
            .map(|fault| fault.message.vi.as_str())
            .collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for RosterError {}

impl Roster {
    /// Reads a roster file; see [`Roster::parse`].
    pub fn load(path: &Path) -> Result<Self, RosterError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::parse(&bytes, &name),
            Err(error) => Err(parse::unreadable(&name, &error)),
        }
    }

    /// Reads a roster: CSV in UTF-8 with the columns code, name, kind, group, active_from,
    /// active_to, aliases, and predecessors if the office wants. Days are written 2025-07-01,
    /// aliases and predecessors are separated by `|`.
    pub fn parse(bytes: &[u8], display_name: &str) -> Result<Self, RosterError> {
        parse::parse(bytes, display_name)
    }

    /// The unit with this code.
    pub fn by_code(&self, code: &str) -> Option<&Arc<ReportingUnit>> {
        self.units.get(*self.by_code.get(code.trim())?)
    }

    /// Whose name `name` is on `day`. Equal are: spellings that [`crate::text::normalise`] makes
    /// equal, the prefix forms (UBND xã X, Ủy ban nhân dân xã X, Xã X, X. X), spaces and dashes
    /// forgotten or added, commas, `&` and `và` between the parts of a name, and the unit's aliases. A name that says its kind must agree with the unit's: phường An Hội is not xã An
    /// Hội.
    pub fn find(&self, name: &str, day: NaiveDate) -> Match {
        let mut active = Vec::new();
        let mut inactive = Vec::new();
        for bearer in self.bearers(name) {
            let unit = &self.units[bearer.unit];
            let list = if unit.active_on(day) {
                &mut active
            } else {
                &mut inactive
            };
            if !list.contains(unit) {
                list.push(unit.clone());
            }
        }
        let closest = inactive.into_iter().min_by_key(|unit| days_away(unit, day));
        match (active.len(), closest) {
            (0, Some(unit)) => Match::Inactive(unit),
            (0, None) => Match::None {
                nearest: self.nearest(name, day),
            },
            (1, _) => Match::Exact(active.remove(0)),
            _ => Match::Several(active),
        }
    }

    /// Who goes by a name, on any day.
    fn bearers(&self, name: &str) -> Vec<Bearer> {
        let key = label_key(name);
        let (kind, bare) = split_kind(&key);
        let tight = squeezed(bare);
        let (inner_kind, inner) = split_tight(&tight);
        let inner_kind = kind.or(inner_kind);
        let among = |names: &'_ BTreeMap<String, Vec<Bearer>>, bare: &str, kind: Option<&str>| {
            let fits = |bearer: &&Bearer| kind.is_none_or(|kind| kind == bearer.kind);
            let bearers = names.get(bare).map_or(&[][..], Vec::as_slice);
            bearers.iter().filter(fits).cloned().collect::<Vec<_>>()
        };
        [
            (&self.by_name, bare, kind),
            (&self.by_squeezed, &*tight, kind),
            (&self.by_squeezed, inner, inner_kind),
        ]
        .into_iter()
        .map(|(names, bare, kind)| among(names, bare, kind))
        .find(|bearers| !bearers.is_empty())
        .unwrap_or_default()
    }

    /// The units of `day` whose folded names are a slip or two away, the closest first.
    fn nearest(&self, name: &str, day: NaiveDate) -> Vec<Arc<ReportingUnit>> {
        const SHOWN: usize = 3;
        let wanted = bare_folded(name);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut close: Vec<(usize, usize)> = Vec::new();
        for (bare, bearers) in &self.by_name {
            let Some(slips) = distance(&wanted, &fold(bare)) else {
                continue;
            };
            let here = bearers.iter().map(|bearer| bearer.unit);
            close.extend(
                here.filter(|at| self.units[*at].active_on(day))
                    .map(|at| (slips, at)),
            );
        }
        close.sort_unstable();
        let mut nearest: Vec<Arc<ReportingUnit>> = Vec::new();
        for (_, at) in close {
            if nearest.len() < SHOWN && !nearest.contains(&self.units[at]) {
                nearest.push(self.units[at].clone());
            }
        }
        nearest
    }
}

/// How many days before `day` the unit ended, or after it begins.
fn days_away(unit: &ReportingUnit, day: NaiveDate) -> i64 {
    let since = unit.active_to.map_or(0, |to| (day - to).num_days());
    let until = unit.active_from.map_or(0, |from| (from - day).num_days());
    since.max(until)
}

/// What a name may open with, as [`label_key`] leaves it, and the kind of unit it says; an empty
/// kind says only that an office of the unit is meant.
const PREFIXES: [(&str, &str); 16] = [
    ("uỷ ban nhân dân ", ""),
    ("ubnd ", ""),
    ("ubnd.", ""),
    ("phường ", "phuong"),
    ("thị trấn ", "thitran"),
    ("đặc khu ", "dackhu"),
    ("xã ", "xa"),
    ("tt.", "thitran"),
    ("p.", "phuong"),
    ("x.", "xa"),
    ("thị xã ", "thixa"),
    ("tx.", "thixa"),
    ("tt ", "thitran"),
    ("tx ", "thixa"),
    ("p ", "phuong"),
    ("x ", "xa"),
];

/// Splits a name (as [`label_key`] leaves it) into the kind it says, if it says one, and the rest.
fn split_kind(key: &str) -> (Option<&'static str>, &str) {
    let mut bare = key;
    let mut said = None;
    while let Some((rest, kind)) = PREFIXES.iter().find_map(|(prefix, kind)| {
        let rest = bare.strip_prefix(prefix)?.trim_start();
        // Two kinds in a row are no prefix: the second belongs to the name.
        (!rest.is_empty() && (kind.is_empty() || said.is_none())).then_some((rest, *kind))
    }) {
        bare = rest;
        said = said.or(Some(kind).filter(|kind| !kind.is_empty()));
    }
    (said, bare)
}

/// A key without what people leave out or put in between the parts of a name: spaces, dashes,
/// commas, `&`, and the word `và`.
fn squeezed(key: &str) -> String {
    key.split(|c: char| !c.is_alphanumeric())
        .filter(|word| *word != "và")
        .collect()
}

/// Splits a name without spaces (`ubndxãtràôn`) as [`split_kind`] does. Single letters are no
/// prefix there: they may as well begin the name.
fn split_tight(tight: &str) -> (Option<&'static str>, &str) {
    let mut bare = tight;
    let mut said = None;
    while let Some((rest, kind)) = PREFIXES.iter().find_map(|(prefix, kind)| {
        let prefix = squeezed(prefix);
        let long = prefix == "xã" || prefix.chars().count() > 2;
        let rest = bare.strip_prefix(prefix.as_str()).filter(|_| long)?;
        (!rest.is_empty() && (kind.is_empty() || said.is_none())).then_some((rest, *kind))
    }) {
        bare = rest;
        said = said.or(Some(kind).filter(|kind| !kind.is_empty()));
    }
    (said, bare)
}

/// The name without marks and without the prefixes, which may have lost their marks too.
fn bare_folded(name: &str) -> String {
    let key = fold(&label_key(name));
    let mut bare = key.as_str();
    while let Some(rest) = PREFIXES.iter().find_map(|(prefix, _)| {
        let rest = bare.strip_prefix(fold(prefix).as_str())?;
        (!prefix.ends_with(' ') || rest.starts_with(' ')).then(|| rest.trim_start())
    }) {
        bare = rest;
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests;
