//! A closed period consolidated again from its archived facts: the same tables and figures that the
//! period itself had, by the same code.
//!
//! What the archive does not record has no figure. Archives closed before the manifest kept who had
//! to file and which cells were expected are read as far as the facts show it: see [`expected`] and
//! [`Asked`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::figures::figures;
use super::form_table::{Filing, fields, tabulate};
use super::table::{Figure, FormTable, LineState, TableField};
use crate::extract::Table;
use crate::history::{ClosedFacts, FormStamp, Manifest};
use crate::model::{Fact, Number, Period, ReportingUnit};
use crate::roster::Roster;
use crate::schema::Form;
use crate::schema::campaign::FigureText;
use crate::schema::expression::Expr;

/// The report's figures as a closed period has them.
#[derive(Debug, Clone)]
pub struct PastFigures {
    /// The closed period.
    pub period: Period,
    /// One a figure of the campaign, in order; without a value where the archive does not determine
    /// it.
    pub figures: Vec<Figure>,
}

impl PastFigures {
    /// The figure of this index (from 0), if it is known and a number.
    pub fn number(&self, index: usize) -> Option<Number> {
        self.figures.get(index)?.number()
    }
}

/// How a campaign of today reads what was closed before it.
pub struct PastReader<'a> {
    /// Its forms.
    pub forms: &'a [Arc<Form>],
    /// Older versions of them.
    pub older: &'a [Arc<Form>],
    /// Its roster, which still lists units that have ended.
    pub roster: &'a Roster,
}

impl PastReader<'_> {
    /// The report's figures as a closed period has them; `parsed` holds the expressions of `texts`,
    /// in order. Units are those of that period: a merger changes no figure of the past.
    pub fn figures(
        &self,
        closed: &ClosedFacts,
        texts: &[FigureText],
        parsed: &[Expr],
    ) -> PastFigures {
        PastFigures {
            period: closed.period,
            figures: figures(texts, parsed, &self.tables(closed)),
        }
    }

    /// The tables of a closed period, laid out as the campaign's forms are. A form that the period
    /// did not have, or whose figures cannot be added up, has none.
    pub fn tables(&self, closed: &ClosedFacts) -> Vec<FormTable> {
        let forms = self.forms.iter();
        forms.filter_map(|form| self.table(form, closed)).collect()
    }

    fn table(&self, form: &Arc<Form>, closed: &ClosedFacts) -> Option<FormTable> {
        let mut filed: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in closed.facts.iter().filter(|fact| *fact.form == *form.id()) {
            filed.entry(&*fact.unit).or_default().push(fact);
        }
        let manifest = closed.manifest.as_ref();
        let stamp = manifest.and_then(|manifest| {
            let stamps = manifest.forms.iter();
            stamps.into_iter().find(|stamp| stamp.id == form.id())
        });
        if filed.is_empty() && stamp.is_none() {
            return None;
        }
        let asked = Asked::of(form, stamp, self.older, &closed.facts);
        let asked = fields(form).into_iter().filter(|at| asked.has(form, at));
        let tables: BTreeMap<&str, Table> = filed
            .iter()
            .map(|(unit, facts)| (*unit, Table::from_facts(form, facts.iter().copied())))
            .collect();
        let codes: BTreeSet<&str> = filed.keys().copied().collect();
        let filings: Vec<Filing<'_>> = self
            .in_order(form, &codes, manifest, stamp)
            .into_iter()
            .map(|unit| {
                let table = tables.get(unit.code.as_str());
                let empty = || state(manifest, &unit.code, form.id());
                Filing {
                    state: table.map_or_else(empty, |_| LineState::Accepted),
                    table,
                    sums: files_sum(stamp, &unit.code),
                    unit,
                }
            })
            .collect();
        let expected = expected(form, manifest, stamp, &codes);
        tabulate(form, asked.collect(), &filings, expected).ok()
    }

    /// The units of a form's lines: as the manifest lists them, else those that filed or were sent
    /// their form back, in roster order.
    fn in_order(
        &self,
        form: &Form,
        filed: &BTreeSet<&str>,
        manifest: Option<&Manifest>,
        stamp: Option<&FormStamp>,
    ) -> Vec<Arc<ReportingUnit>> {
        let listed = stamp.and_then(|stamp| stamp.expected.as_ref());
        let mut codes: Vec<&str> = listed.into_iter().flatten().map(String::as_str).collect();
        let mut others: Vec<&str> = filed
            .iter()
            .copied()
            .chain(sent_back(manifest, form))
            .collect();
        let place = |code: &str| {
            let units = self.roster.units.iter();
            let at = units.into_iter().position(|unit| unit.code == code);
            at.unwrap_or(usize::MAX)
        };
        others.sort_by_key(|code| (place(code), *code));
        for code in others {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.into_iter().map(|code| self.unit(code)).collect()
    }

    /// A unit by its code; one that the roster does not list any more goes by its code alone.
    fn unit(&self, code: &str) -> Arc<ReportingUnit> {
        let unknown = || ReportingUnit::new(code, code, "");
        let known = self.roster.by_code(code).cloned();
        known.unwrap_or_else(|| Arc::new(unknown()))
    }
}

/// Units whose form was sent back and is not in the closed period.
fn sent_back<'a>(manifest: Option<&'a Manifest>, form: &'a Form) -> impl Iterator<Item = &'a str> {
    let returned = manifest.into_iter().flat_map(|m| &m.units.returned);
    returned
        .filter(|left_out| left_out.forms.iter().any(|id| id == form.id()))
        .map(|left_out| left_out.unit.as_str())
}

/// Why a unit that had to file a form has no facts in it: it was sent back, or never filed; or it
/// filed with nothing to report, which is a form accepted like any other.
fn state(manifest: Option<&Manifest>, unit: &str, form: &str) -> LineState {
    let Some(units) = manifest.map(|manifest| &manifest.units) else {
        return LineState::Missing;
    };
    let returned = |left_out: &&crate::history::LeftOut| {
        left_out.unit == unit && left_out.forms.iter().any(|id| id == form)
    };
    if units.missing.iter().any(|code| code == unit) {
        LineState::Missing
    } else if units.returned.iter().find(returned).is_some() {
        LineState::Returned
    } else {
        LineState::Accepted
    }
}

/// Did the unit file the sum of others?
fn files_sum(stamp: Option<&FormStamp>, unit: &str) -> bool {
    stamp.is_some_and(|stamp| stamp.sums.iter().any(|code| code == unit))
}

/// How many units had to file figures of their own in a form. From a manifest that does not list them it is known only if
/// every unit of the period filed the form; else `None`.
fn expected(
    form: &Form,
    manifest: Option<&Manifest>,
    stamp: Option<&FormStamp>,
    filed: &BTreeSet<&str>,
) -> Option<usize> {
    if let Some(listed) = stamp.and_then(|stamp| stamp.expected.as_ref()) {
        let own = listed.iter().filter(|code| !files_sum(stamp, code));
        return Some(own.count());
    }
    let known = filed.iter().copied().chain(sent_back(manifest, form));
    let known = known.collect::<BTreeSet<&str>>().len();
    (manifest?.units.expected == known).then_some(known)
}

/// The cells of a form that were expected in a closed period.
enum Asked {
    /// All that are expected now.
    All,
    /// These, as rules name them: the manifest says so, an older version of the form, or, where
    /// neither is there, the facts. A cell that nobody filled is then not known to have been expected.
    Named(BTreeSet<String>),
}

impl Asked {
    fn of(form: &Form, stamp: Option<&FormStamp>, older: &[Arc<Form>], facts: &[Fact]) -> Asked {
        if let Some(cells) = stamp.and_then(|stamp| stamp.cells.as_ref()) {
            return Asked::Named(cells.iter().cloned().collect());
        }
        let version = stamp.map(|stamp| stamp.version.as_str());
        if version == Some(form.file.version.as_str()) {
            return Asked::All;
        }
        let same = |other: &&Arc<Form>| {
            other.id() == form.id() && version == Some(other.file.version.as_str())
        };
        if let Some(then) = older.iter().find(same) {
            return Asked::Named(names(then).collect());
        }
        let seen = facts.iter().filter(|fact| *fact.form == *form.id());
        let name = |fact: &Fact| match form.is_free() {
            true => fact.column.to_string(),
            false => format!("{}.{}", fact.row, fact.column),
        };
        Asked::Named(seen.map(name).collect())
    }

    fn has(&self, form: &Form, field: &TableField) -> bool {
        match self {
            Asked::All => true,
            Asked::Named(names) => names.contains(&field.name(form)),
        }
    }
}

/// The cells of a form as rules name them, which is what the archive records.
pub fn names(form: &Form) -> impl Iterator<Item = String> {
    fields(form).into_iter().map(|field| field.name(form))
}
