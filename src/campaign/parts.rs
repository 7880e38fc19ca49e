//! Periods that are put together from closed ones: `made_of` in `campaign.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::ToolError;
use crate::consolidate::past;
use crate::extract::retype;
use crate::history::{Archive, ClosedFacts, FormStamp, LeftOut, Manifest, Units};
use crate::judge::definition::summed;
use crate::model::{PartLength, Period};
use crate::roster::Roster;
use crate::rules::Expected;
use crate::rules::compose::{ClosedPart, Composed, compose};
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;

/// What is needed to put periods of a campaign together.
pub(super) struct Parts<'a> {
    pub(super) archive: &'a Archive,
    pub(super) file: &'a CampaignFile,
    pub(super) roster: &'a Roster,
    pub(super) forms: &'a [Arc<Form>],
}

/// A period that was put together.
pub(super) struct Whole {
    /// Its figures, and which are missing.
    pub(super) composed: Composed,
    /// The closed periods that were closed while units were lacking.
    pub(super) provisional: Vec<Period>,
    /// SHA-256 of what was read of the archive, by its path in it.
    pub(super) inputs: BTreeMap<Arc<str>, Option<String>>,
}

/// Why a period is not put together.
pub(super) enum Absent {
    /// The campaign does not say of what, or it is not made of such periods.
    NotMade,
    /// The archive lacks these.
    Periods(Vec<Period>),
}

impl Parts<'_> {
    /// A period put together from the closed ones the campaign names.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub(super) fn whole(&self, period: Period) -> Result<Result<Whole, Absent>, ToolError> {
        let length = self.file.made_of.as_ref().map(|length| *length.get_ref());
        let Some(periods) = length.and_then(|length: PartLength| period.parts(length)) else {
            return Ok(Err(Absent::NotMade));
        };
        let (mut parts, mut absent) = (Vec::new(), Vec::new());
        let (mut provisional, mut inputs) = (Vec::new(), BTreeMap::new());
        for part in periods {
            let Some(closed) = self.archive.period(part)? else {
                absent.push(part);
                continue;
            };
            if let Some((name, hash)) = self.archive.stamp(part)? {
                inputs.insert(name.into(), Some(hash));
            }
            if closed
                .manifest
                .as_ref()
                .is_some_and(|manifest| manifest.provisional)
            {
                provisional.push(part);
            }
            let mut part = as_part(closed);
            retype(&mut part.facts, self.forms);
            parts.push(part);
        }
        if !absent.is_empty() {
            return Ok(Err(Absent::Periods(absent)));
        }
        Ok(Ok(Whole {
            composed: compose(period, &parts, self.roster, self.forms),
            provisional,
            inputs,
        }))
    }

    /// What the archive has of a period: closed as such, else put together; `None` if it has
    /// neither.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub(super) fn closed(&self, period: Period) -> Result<Option<ClosedFacts>, ToolError> {
        if let Some(closed) = self.archive.period(period)? {
            return Ok(Some(closed));
        }
        let whole = self.whole(period)?.ok();
        Ok(whole.map(|whole| ClosedFacts {
            period,
            manifest: Some(self.manifest(period, &whole)),
            facts: whole.composed.facts,
        }))
    }

    /// Who is in a period that was put together, as its own manifest would say.
    fn manifest(&self, period: Period, whole: &Whole) -> Manifest {
        let day = period.last_day();
        let complete = &whole.composed.complete;
        let is_complete =
            |unit: &str, form: &Form| complete.contains(&(unit.to_owned(), form.id().to_owned()));
        let mut units = Units::default();
        for unit in &self.roster.units {
            let due = self.forms.iter();
            let due: Vec<_> = due
                .filter(|form| self.file.expects(unit, form.id(), day))
                .collect();
            let lacking = due.iter().filter(|form| !is_complete(&unit.code, form));
            let lacking: Vec<String> = lacking.map(|form| form.id().to_owned()).collect();
            match (due.len(), lacking.len()) {
                (0, _) => continue,
                (_, 0) => units.accepted += 1,
                (due, lacks) if due == lacks => units.missing.push(unit.code.clone()),
                _ => units.returned.push(LeftOut {
                    unit: unit.code.clone(),
                    forms: lacking,
                }),
            }
            units.expected += 1;
        }
        let stamp = |form: &Arc<Form>| {
            let due = self.roster.units.iter();
            let due = due.filter(|unit| self.file.expects(unit, form.id(), day));
            let sums = due.clone().filter(|unit| {
                let below = summed(unit, form, self.file, self.roster, day);
                !below.is_empty()
            });
            FormStamp {
                sums: sums.map(|unit| unit.code.clone()).collect(),
                id: form.id().to_owned(),
                version: form.file.version.clone(),
                sha256: form.sha256.clone(),
                expected: Some(due.map(|unit| unit.code.clone()).collect()),
                cells: Some(past::names(form).collect()),
            }
        };
        Manifest {
            period,
            campaign: self.file.name.clone(),
            closed_at: String::new(),
            tonghop: env!("CARGO_PKG_VERSION").to_owned(),
            provisional: !whole.provisional.is_empty(),
            units,
            facts: whole.composed.facts.len(),
            files: BTreeMap::new(),
            forms: self.forms.iter().map(stamp).collect(),
            definition: BTreeMap::new(),
            inputs: Vec::new(),
        }
    }
}

/// A closed period and who is in it; where its manifest does not say, those that have figures.
fn as_part(closed: ClosedFacts) -> ClosedPart {
    let mut accepted = Vec::new();
    let manifest = closed.manifest.as_ref();
    for form in manifest.iter().flat_map(|manifest| &manifest.forms) {
        let units = manifest.map(|manifest| &manifest.units);
        let out = |code: &String| {
            units.is_some_and(|units| {
                let returned = |left: &LeftOut| left.unit == *code && left.forms.contains(&form.id);
                units.missing.contains(code) || units.returned.iter().any(returned)
            })
        };
        let expected = form.expected.iter().flatten();
        let filed = expected.filter(|code| !out(code));
        accepted.extend(filed.map(|code| (code.clone(), form.id.clone())));
    }
    ClosedPart {
        period: closed.period,
        facts: closed.facts,
        accepted,
        expected: expected(manifest),
    }
}

/// The units that had to file each form of a closed period.
pub(super) fn expected(manifest: Option<&Manifest>) -> Expected {
    let forms = manifest.into_iter().flat_map(|manifest| &manifest.forms);
    forms
        .filter_map(|form| {
            let units = form.expected.as_ref()?;
            Some((form.id.clone(), units.iter().cloned().collect()))
        })
        .collect()
}
