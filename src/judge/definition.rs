//! Everything submissions are judged against (campaign file, forms, roster, closed periods, control
//! totals), wherever it was loaded from.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::campaign_files::TEXT;
use crate::model::{Class, Finding, Message, Reason, ReportingUnit, Severity};
use crate::roster::Roster;
use crate::rules::PreviousFigures;
use crate::rules::control::Control;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;

/// What submissions are judged against.
#[derive(Debug)]
pub struct Definition {
    /// `campaign.toml`, or what a workbook says in its place.
    pub file: CampaignFile,
    /// Name of the file that is written in, for findings about it.
    pub written_in: Arc<str>,
    /// Its forms, in order.
    pub forms: Vec<Arc<Form>>,
    /// Older versions of them that the campaign still has.
    pub older: Vec<Arc<Form>>,
    /// Its units.
    pub roster: Roster,
    /// Figures of the closed periods that rules reach into; `None` if the archive has none.
    pub previous: Option<PreviousFigures>,
    /// Figures of closed periods that rules need and the archive lacks.
    pub lacks: Vec<PastLack>,
    /// Reasons given in the closed previous period.
    pub reasons: Vec<Reason>,
    /// Figures known from elsewhere.
    pub controls: Vec<Control>,
}

impl Definition {
    /// A campaign without a past: no closed periods, reasons or control totals.
    pub fn new(file: CampaignFile, forms: Vec<Arc<Form>>, roster: Roster) -> Definition {
        Definition {
            file,
            written_in: TEXT.into(),
            forms,
            older: Vec::new(),
            roster,
            previous: None,
            lacks: Vec::new(),
            reasons: Vec::new(),
            controls: Vec::new(),
        }
    }

    /// Must this unit file this form in this campaign?
    pub fn expects(&self, unit: &ReportingUnit, form: &str) -> bool {
        self.file.expects(unit, form, self.file.period.last_day())
    }

    /// The units whose sum a unit files in a form, those nearest below it that must file the form,
    /// too; none if the unit files its own figures.
    pub fn summed(&self, unit: &ReportingUnit, form: &str) -> Vec<Arc<ReportingUnit>> {
        let own = self.forms.iter().find(|own| own.id() == form);
        own.map_or(Vec::new(), |form| {
            let day = self.file.period.last_day();
            summed(unit, form, &self.file, &self.roster, day)
        })
    }

    /// The units below a unit that must file a form as it does, though the form does not say whether
    /// the one files the sum of the others.
    pub fn unsettled(&self, unit: &ReportingUnit, form: &Form) -> Vec<Arc<ReportingUnit>> {
        if form.file.sums_up.is_some() || !self.roster.has_levels() {
            return Vec::new();
        }
        let asked = |below: &ReportingUnit| self.expects(below, form.id());
        self.roster.below(unit, self.file.period.last_day(), &asked)
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

/// The units whose sum a unit files in a form, as things are on a day; none if it files its own
/// figures.
pub(crate) fn summed(
    unit: &ReportingUnit,
    form: &Form,
    file: &CampaignFile,
    roster: &Roster,
    day: NaiveDate,
) -> Vec<Arc<ReportingUnit>> {
    if form.file.sums_up != Some(true) {
        return Vec::new();
    }
    roster.below(unit, day, &|below| file.expects(below, form.id(), day))
}

/// Figures of closed periods that rules need and the archive lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct PastLack {
    /// Whose figures; `None`: everybody's.
    pub unit: Option<Arc<str>>,
    /// Of which form; `None`: of all.
    pub form: Option<Arc<str>>,
    /// What is lacking, and the rules not evaluated because of it.
    pub message: Message,
}

/// Id of the finding for a period that the archive lacks.
pub const MISSING_PERIOD: &str = "kho-thieu-ky";
/// Id of the finding for a unit whose figures of a closed period cannot be put together.
pub const MISSING_SOURCE: &str = "ky-truoc-khong-gop-duoc";

/// Findings for what the archive lacks: one for what concerns all units; for what concerns one
/// unit, one at its file.
pub(crate) fn lacking(
    lacks: &[PastLack],
    own: &Arc<str>,
    file_of: &dyn Fn(&str) -> Option<Arc<str>>,
) -> impl Iterator<Item = Finding> {
    lacks.iter().filter_map(|lack| {
        let (rule, file) = match &lack.unit {
            None => (MISSING_PERIOD, own.clone()),
            Some(unit) => (MISSING_SOURCE, file_of(unit)?),
        };
        let message = lack.message.clone();
        let mut finding = Finding::new(rule, Class::History, Severity::Info, &file, message);
        if let Some(unit) = &lack.unit {
            finding = finding.of_unit(unit);
        }
        if let Some(form) = &lack.form {
            finding = finding.of_form(form);
        }
        Some(finding)
    })
}
