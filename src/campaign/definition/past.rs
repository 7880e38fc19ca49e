//! Loads the figures of closed periods that a campaign's rules read, added up for today's units,
//! and records what the archive lacks, so that a rule not evaluated is never mistaken for one that
//! holds.

use std::sync::Arc;

use crate::campaign::error::ToolError;
use crate::campaign::parts::{Parts, expected};
use crate::extract::retype;
use crate::history::Archive;
use crate::judge::definition::PastLack;
use crate::model::{Message, Period};
use crate::roster::Roster;
use crate::rules::succession::inherit;
use crate::rules::{PeriodFigures, PreviousFigures};
use crate::schema::campaign::CampaignFile;
use crate::schema::expression::Past as Reach;
use crate::schema::{Form, Rule};

/// Figures of closed periods, and which are missing.
#[derive(Default)]
pub struct LoadedPast {
    /// `None` if the archive has none of the periods.
    pub figures: Option<PreviousFigures>,
    /// Why some rules cannot be evaluated.
    pub lacks: Vec<PastLack>,
}

/// Loads what the rules of the forms reach into.
///
/// # Errors
/// A period in the archive cannot be read.
pub fn load(
    archive: &Archive,
    file: &CampaignFile,
    roster: &Roster,
    forms: &[Arc<Form>],
) -> Result<LoadedPast, ToolError> {
    let mut loader = Loader {
        archive,
        file,
        now: file.period,
        roster,
        forms,
        any: false,
        lacks: Vec::new(),
    };
    let previous = loader.period(file.previous_period(), Reach::Previous)?;
    let year_before = loader.year_before()?;
    let this_year = loader.this_year()?;
    loader.lacks.dedup();
    let figures = (loader.any || this_year.is_some()).then(|| {
        PreviousFigures::of_periods(
            previous.unwrap_or_default(),
            year_before.unwrap_or_default(),
            this_year,
        )
    });
    Ok(LoadedPast {
        figures,
        lacks: loader.lacks,
    })
}

struct Loader<'a> {
    archive: &'a Archive,
    file: &'a CampaignFile,
    now: Period,
    roster: &'a Roster,
    forms: &'a [Arc<Form>],
    /// Has the archive had anything so far?
    any: bool,
    lacks: Vec<PastLack>,
}

impl Loader<'_> {
    /// The figures of a period as today's units'; `None` if the archive does not have it.
    fn period(&mut self, period: Period, reach: Reach) -> Result<Option<PeriodFigures>, ToolError> {
        let Some(closed) = self.archive.period(period)? else {
            let parts = Parts {
                archive: self.archive,
                file: self.file,
                roster: self.roster,
                forms: self.forms,
            };
            let whole = parts.whole(period)?.ok();
            self.any |= whole.is_some();
            return Ok(whole.map(|whole| whole.composed.figures));
        };
        self.any = true;
        let expected = expected(closed.manifest.as_ref());
        let mut facts = closed.facts;
        retype(&mut facts, self.forms);
        let mut figures = PeriodFigures::new(&facts).expecting(expected);
        let now = self.now.last_day();
        for gap in inherit(&mut figures, period, self.roster, self.forms, now) {
            let concerns =
                |form: &&Arc<Form>| gap.form.as_ref().is_none_or(|of| **of == *form.id());
            let mut concerned = self.forms.iter().filter(concerns);
            if concerned.any(|form| !rules_of(form, reach).is_empty()) {
                self.lacks.push(PastLack {
                    unit: Some(gap.unit),
                    form: gap.form,
                    message: gap.message,
                });
            }
        }
        Ok(Some(figures))
    }

    fn year_before(&mut self) -> Result<Option<PeriodFigures>, ToolError> {
        if !reached(self.forms, Reach::YearBefore) {
            return Ok(None);
        }
        let before = self.now.year_before();
        let figures = match before {
            Some(before) => self.period(before, Reach::YearBefore)?,
            None => None,
        };
        if figures.is_none() {
            let lack = missing_periods(self.forms, Reach::YearBefore, before.into_iter());
            self.lacks.push(lack);
        }
        Ok(figures)
    }

    /// Every period of the year before this one, or none at all.
    fn this_year(&mut self) -> Result<Option<Vec<PeriodFigures>>, ToolError> {
        if !reached(self.forms, Reach::YearToDate) {
            return Ok(None);
        }
        let chain = self.now.earlier_this_year();
        let (mut found, mut absent) = (Vec::new(), Vec::new());
        for earlier in chain.iter().flatten() {
            match self.period(*earlier, Reach::YearToDate)? {
                Some(figures) => found.push(figures),
                None => absent.push(*earlier),
            }
        }
        if chain.is_some() && absent.is_empty() {
            return Ok(Some(found));
        }
        let lack = missing_periods(self.forms, Reach::YearToDate, absent.into_iter());
        self.lacks.push(lack);
        Ok(None)
    }
}

fn reached(forms: &[Arc<Form>], reach: Reach) -> bool {
    forms.iter().any(|form| !rules_of(form, reach).is_empty())
}

fn rules_of(form: &Form, reach: Reach) -> Vec<&Rule> {
    let reads = |rule: &&Rule| rule.exprs().any(|expr| expr.reads_past(reach));
    form.rules.iter().filter(reads).collect()
}

fn missing_periods(
    forms: &[Arc<Form>],
    reach: Reach,
    periods: impl Iterator<Item = Period>,
) -> PastLack {
    let periods: Vec<String> = periods.map(|period| period.to_string()).collect();
    let mut rules: Vec<&str> = Vec::new();
    for form in forms {
        rules.extend(rules_of(form, reach).iter().map(|rule| rule.id.as_str()));
    }
    let rules = rules.join(", ");
    let (vi, en) = match (reach, periods.is_empty()) {
        (Reach::YearToDate, true) => (
            "Kỳ này không nối tiếp những kỳ cùng độ dài từ đầu năm nên không cộng được lũy kế từ đầu năm".to_owned(),
            "No periods of this length fill the year up to this one, so there is no year to date".to_owned(),
        ),
        (_, true) => (
            "Năm trước không có kỳ nào như kỳ này".to_owned(),
            "The year before has no such period".to_owned(),
        ),
        (Reach::YearToDate, false) => (
            format!("Kho lưu trữ chưa có kỳ {}, nên chưa cộng được lũy kế từ đầu năm (không bao giờ cộng thiếu kỳ)", periods.join(", ")),
            format!("The archive has no {}, so there is no year to date (never a part of it)", periods.join(", ")),
        ),
        (_, false) => (
            format!("Kho lưu trữ chưa có kỳ {}", periods.join(", ")),
            format!("The archive has no {}", periods.join(", ")),
        ),
    };
    PastLack {
        unit: None,
        form: None,
        message: Message::new(
            format!("{vi}. Các quy tắc này chưa được hỏi: {rules}."),
            format!("{en}. These rules are not asked: {rules}."),
        ),
    }
}
