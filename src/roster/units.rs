//! The units of a roster, and whose name something is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::headings::EMAIL;
use super::names::{bare_folded, split_kind, split_tight, squeezed};
use crate::model::ReportingUnit;
use crate::text::list::meaning;
use crate::text::{distance, fold, label_key};

/// The dated list of reporting units.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Every unit, in the order of the file.
    pub units: Vec<Arc<ReportingUnit>>,
    /// The province of the units, which may be printed behind their names; blank if not known.
    pub province: String,
    /// Columns of the office's own (email, phone...) by the code of a unit: title and text.
    pub(super) own: BTreeMap<String, Vec<(String, String)>>,
    pub(super) by_code: BTreeMap<String, usize>,
    pub(super) by_name: BTreeMap<String, Vec<Bearer>>,
    /// The same by names as [`squeezed`] leaves them.
    pub(super) by_squeezed: BTreeMap<String, Vec<Bearer>>,
    /// Places in `units` by names without marks, for near matches.
    pub(super) by_folded: BTreeMap<String, Vec<usize>>,
}

/// A unit that goes by a name: which kind of unit the name says it is, and its place in `units`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) kind: String,
    pub(super) unit: usize,
}

/// Which unit a name means on a given day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Exactly this unit.
    Exact(Arc<ReportingUnit>),
    /// The name alone does not distinguish these (a xã and a phường of one name).
    Several(Vec<Arc<ReportingUnit>>),
    /// This unit, which does not exist on that day.
    Inactive(Arc<ReportingUnit>),
    /// No unit. A person must decide.
    None {
        /// Units whose names are close, the closest first; at most three. Never to be taken for
        /// a match.
        nearest: Vec<Arc<ReportingUnit>>,
    },
}

impl Roster {
    /// What the office's own columns say of a unit: title and text, in the order of the file.
    pub fn own(&self, code: &str) -> &[(String, String)] {
        self.own.get(code).map_or(&[], Vec::as_slice)
    }

    /// The mail addresses of a unit as its list has them, several of them separated by commas,
    /// semicolons, `|` or blanks; nobody has looked whether they are addresses.
    pub fn emails(&self, code: &str) -> Vec<&str> {
        let own = self.own(code).iter();
        let written = own.filter(|(title, _)| meaning(title, &[EMAIL]).is_some());
        let parts = written.flat_map(|(_, text)| text.split([',', ';', '|', ' ', '\n', '\t']));
        parts.filter(|part| !part.is_empty()).collect()
    }

    /// The unit with this code.
    pub fn by_code(&self, code: &str) -> Option<&Arc<ReportingUnit>> {
        self.units.get(*self.by_code.get(code.trim())?)
    }

    /// Whose name `name` is on `day`. Equal are: spellings that [`crate::text::normalise`] makes
    /// equal, the prefix forms (UBND xã X, Ủy ban nhân dân xã X, Xã X, X. X), spaces and dashes
    /// forgotten or added, commas, `&` and `và` between the parts of a name, the unit's aliases, and
    /// names with the unit's own code or the roster's province added. A name that says its kind must agree with the unit's: phường An Hội is not xã An
    /// Hội.
    pub fn find(&self, name: &str, day: NaiveDate) -> Match {
        let mut active = Vec::new();
        let mut inactive = Vec::new();
        let mut bearers = self.bearers(name);
        if let (true, Some(bare)) = (bearers.is_empty(), self.without_additions(name)) {
            bearers = self.bearers(&bare);
        }
        for bearer in bearers {
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

    /// The units of any day that bear a name.
    pub(super) fn bearers(&self, name: &str) -> Vec<Bearer> {
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

    /// The units of `day` whose names stand in a longer one, word for word, the longest first: «Văn
    /// phòng HĐND và UBND xã Tân Phú».
    fn within(&self, name: &str, day: NaiveDate) -> Vec<usize> {
        let words = |text: &str| {
            let plain = fold(text);
            let words = plain.split(|c: char| !c.is_alphanumeric());
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            format!(" {} ", words.join(" "))
        };
        let whole = words(name);
        let units = self.units.iter().enumerate();
        let mut found: Vec<(usize, String)> = Vec::new();
        for (at, unit) in units.filter(|(_, unit)| unit.active_on(day)) {
            let own = words(&unit.name);
            // One word alone is no name.
            if own.trim().contains(' ') && whole.contains(&own) {
                found.push((at, own));
            }
        }
        let is_part = |own: &str| {
            let mut longer = found.iter().map(|(_, other)| other);
            longer.any(|other| other.len() > own.len() && other.contains(own))
        };
        let longest = found.iter().filter(|(_, own)| !is_part(own));
        longest.map(|(at, _)| *at).collect()
    }

    /// The units of `day` whose names stand in the one asked for, then those whose folded names are a
    /// slip or two away, the closest first.
    fn nearest(&self, name: &str, day: NaiveDate) -> Vec<Arc<ReportingUnit>> {
        const SHOWN: usize = 3;
        let wanted = bare_folded(name);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut close: Vec<(usize, usize)> = Vec::new();
        for (bare, bearers) in &self.by_folded {
            let Some(slips) = distance(&wanted, bare) else {
                continue;
            };
            let here = bearers.iter().copied();
            close.extend(
                here.filter(|at| self.units[*at].active_on(day))
                    .map(|at| (slips, at)),
            );
        }
        close.sort_unstable();
        let mut nearest: Vec<Arc<ReportingUnit>> = Vec::new();
        let close = close.into_iter().map(|(_, at)| at);
        for at in self.within(name, day).into_iter().chain(close) {
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
