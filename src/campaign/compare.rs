//! Two submissions or two closed periods, ready to be compared.

use std::collections::BTreeSet;
use std::path::Path;

use super::close::kept;
use super::definition::Campaign;
use super::error::ToolError;
use super::parts::expected;
use super::reading::Reading;
use super::run::{Run, check_by};
use crate::history::{self, ChangeKind, DiffFilter, Difference, Side, Version};
use crate::model::{Message, Period};
use crate::rules::recast::{Merger, cell_key, recast};

/// What was compared, and what is different.
#[derive(Debug)]
pub struct Compared {
    /// The first side's name: a file or folder as given, or a version of a period.
    pub first: Named,
    /// The second side's.
    pub second: Named,
    /// What is different in the second.
    pub difference: Difference,
    /// Are there several units on a side?
    pub by_unit: bool,
    /// Units of the later of two periods that were made of others; the earlier one's figures are
    /// compared as theirs.
    pub mergers: Vec<Merger>,
}

/// What one side is called.
#[derive(Debug)]
pub struct Named {
    /// A file, a folder, or a version of a closed period.
    pub name: String,
    /// Whose figures, if they are one unit's.
    pub unit: Option<String>,
    /// Of when, if they say.
    pub period: Option<Period>,
}

/// Compares two workbooks, or two folders of workbooks of a campaign.
///
/// # Errors
/// A path is missing, or neither both workbooks nor both folders.
pub fn files(
    first: &Path,
    second: &Path,
    campaign: Option<&Campaign>,
    reading: &Reading,
    wanted: &DiffFilter<'_>,
) -> Result<Compared, ToolError> {
    let by_unit = first.is_dir() || second.is_dir();
    if by_unit && campaign.is_none() {
        return Err(ToolError::Other(Message::new(
            "so hai thư mục thì phải có --campaign, để biết tệp nào của đơn vị nào",
            "comparing folders needs --campaign, to know whose files they are",
        )));
    }
    let read = |path: &Path| check_by(&[path.to_owned()], campaign, reading, &|_, _| {});
    let (a, b) = (read(first)?, read(second)?);
    let difference = history::compare(&side(&a, wanted), &side(&b, wanted), by_unit);
    Ok(Compared {
        first: named(first, &a, by_unit),
        second: named(second, &b, by_unit),
        difference,
        by_unit,
        mergers: Vec::new(),
    })
}

fn side(run: &Run, wanted: &DiffFilter<'_>) -> Side {
    let mut side = Side {
        facts: run.facts.clone(),
        findings: Some(kept(&run.findings, &run.facts)),
    };
    side.choose(wanted);
    side
}

fn named(path: &Path, run: &Run, by_unit: bool) -> Named {
    let first = run.facts.first();
    let identified = run.submissions.first().and_then(|s| s.unit.as_ref());
    let recorded = first.map(|fact| fact.unit.to_string());
    let unit = identified
        .map(|unit| format!("{} ({})", unit.name, unit.code))
        .or(recorded.filter(|code| !code.is_empty()));
    Named {
        name: path.display().to_string(),
        unit: unit.filter(|_| !by_unit),
        period: first.and_then(|fact| fact.period),
    }
}

/// Compares two versions of closed periods, named `2025-08` or `2025-08.ban-1`. Figures of the
/// earlier period are those of the units of the later one: units merged in between add up.
///
/// # Errors
/// A version is not in the archive or cannot be read.
pub fn versions(
    campaign: &Campaign,
    first: &str,
    second: &str,
    wanted: &DiffFilter<'_>,
) -> Result<Compared, ToolError> {
    let (a, b) = (version(campaign, first)?, version(campaign, second)?);
    let (older, newer) = match a.period.last_day() <= b.period.last_day() {
        true => (a.period, b.period),
        false => (b.period, a.period),
    };
    let (mut mergers, mut without_sum) = (Vec::new(), BTreeSet::new());
    let mut side = |version: &Version| -> Result<Side, ToolError> {
        let mut facts = campaign.archive.facts_of(version)?;
        if version.period == older && older != newer {
            let now = newer.last_day();
            let expected = expected(version.manifest.as_ref());
            let recast = recast(
                &facts,
                expected,
                older,
                &campaign.roster,
                &campaign.forms,
                now,
            );
            facts = recast.facts;
            mergers = recast.mergers;
            without_sum = recast.without_sum;
            mergers.retain(|merger| {
                let mut forms = campaign.forms.iter();
                forms.any(|form| wanted(Some(&merger.unit.code), Some(form.id())))
            });
        }
        let findings = campaign.archive.findings(version)?;
        let mut side = Side { facts, findings };
        side.choose(wanted);
        Ok(side)
    };
    let named = |version: &Version| Named {
        name: version.name.clone(),
        unit: None,
        period: Some(version.period),
    };
    let mut difference = history::compare(&side(&a)?, &side(&b)?, true);
    // Neither new nor gone: the sources had it, and there is nothing to compare it with.
    difference.figures.retain(|change| {
        let at = cell_key(&change.unit, &change.form, &change.row, &change.column);
        change.kind() == ChangeKind::Changed || !without_sum.contains(&at)
    });
    Ok(Compared {
        first: named(&a),
        second: named(&b),
        difference,
        by_unit: true,
        mergers,
    })
}

fn version(campaign: &Campaign, name: &str) -> Result<Version, ToolError> {
    if let Some(version) = campaign.archive.named(name)? {
        return Ok(version);
    }
    let mut known = Vec::new();
    for closed in campaign.archive.list()? {
        known.extend(closed.replaced.iter().map(|version| version.name.clone()));
        known.push(closed.current.name);
    }
    let folder = campaign.archive.folder().display();
    let (vi, en) = match known.is_empty() {
        true => (
            "chưa chốt kỳ nào".to_owned(),
            "nothing is closed yet".to_owned(),
        ),
        false => (
            format!("có: {}", known.join(", ")),
            format!("there are: {}", known.join(", ")),
        ),
    };
    Err(ToolError::Other(Message::new(
        format!("kho lưu trữ {folder} không có kỳ `{name}` ({vi})"),
        format!("the archive {folder} has no `{name}` ({en})"),
    )))
}
