//! A campaign: one period, its forms, its units.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::past;
use crate::history::Archive;
use crate::model::{Reason, ReportingUnit};
use crate::roster::Roster;
use crate::rules::PreviousFigures;
use crate::rules::control::Control;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::schema::expression::Expr;

/// A loaded campaign.
#[derive(Debug)]
pub struct Campaign {
    /// Its folder.
    pub folder: PathBuf,
    /// `campaign.toml`.
    pub file: CampaignFile,
    /// Its forms, in order.
    pub forms: Vec<Arc<Form>>,
    /// Older versions of them that the campaign's `schemas/` still has.
    pub older: Vec<Arc<Form>>,
    /// `roster.csv`.
    pub roster: Roster,
    /// The closed periods.
    pub archive: Archive,
    /// Figures of the closed periods that rules reach into; `None` if the archive has none.
    pub previous: Option<PreviousFigures>,
    /// What rules need of the archive and do not get.
    pub lacks: Vec<past::Lack>,
    /// SHA-256 of the files it was loaded from, by their path in its folder: `campaign.toml`,
    /// `roster.csv`, form files (older versions, too), files of control totals.
    pub stamps: BTreeMap<String, String>,
    /// The figures' expressions, in order.
    pub figures: Vec<Expr>,
    /// Reasons given in the closed previous period.
    pub reasons: Vec<Reason>,
    /// Figures known from elsewhere.
    pub controls: Vec<Control>,
}

impl Campaign {
    /// Must this unit file this form in this campaign?
    pub fn expects(&self, unit: &ReportingUnit, form: &str) -> bool {
        let asked = self
            .file
            .forms
            .iter()
            .find(|asked| asked.id.get_ref() == form);
        unit.active_on(self.file.period.last_day())
            && asked.is_some_and(|asked| match (&asked.units, &asked.kinds) {
                (Some(units), _) => units.contains(&unit.code),
                (None, Some(kinds)) => kinds.contains(&unit.kind),
                (None, None) => true,
            })
    }

    /// Units of the campaign by kind (in the order of `campaign.toml`), group and roster order.
    pub fn units_in_order(&self) -> Vec<Arc<ReportingUnit>> {
        let kind = |unit: &ReportingUnit| {
            self.file
                .kinds
                .iter()
                .position(|kind| kind.id == unit.kind)
                .unwrap_or(usize::MAX)
        };
        let group = |unit: &ReportingUnit| {
            self.roster
                .units
                .iter()
                .position(|other| other.kind == unit.kind && other.group == unit.group)
        };
        let mut units = self.roster.units.clone();
        units.sort_by_key(|unit| (kind(unit), group(unit)));
        units
    }
}
