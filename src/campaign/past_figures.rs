//! The report's figures of closed periods, as the campaign's archive gives them.

use std::mem::discriminant;

use super::definition::Campaign;
use super::error::ToolError;
use super::parts::Parts;
use crate::consolidate::PastFigures;
use crate::consolidate::past::PastReader;
use crate::model::Period;

/// Most closed periods shown beside this one: a year of months.
const PERIODS: usize = 12;

/// The figures of the period before this one; `None` if the archive does not have it.
///
/// # Errors
///
/// An archive that cannot be read, or was changed after it was closed.
pub fn previous(campaign: &Campaign) -> Result<Option<PastFigures>, ToolError> {
    of(campaign, campaign.file.previous_period())
}

/// The figures of the newest closed periods of the same length as this one, the oldest first.
///
/// # Errors
///
/// An archive that cannot be read, or was changed after it was closed.
pub fn trend(campaign: &Campaign) -> Result<Vec<PastFigures>, ToolError> {
    let now = campaign.file.period;
    let closed = campaign.archive.list()?;
    let mut periods: Vec<Period> = closed.iter().map(|c| c.current.period).collect();
    periods.retain(|period| {
        discriminant(period) == discriminant(&now) && period.last_day() < now.last_day()
    });
    let mut past = Vec::new();
    for period in periods.split_off(periods.len().saturating_sub(PERIODS)) {
        past.extend(of(campaign, period)?);
    }
    Ok(past)
}

fn of(campaign: &Campaign, period: Period) -> Result<Option<PastFigures>, ToolError> {
    let parts = Parts {
        archive: &campaign.archive,
        file: &campaign.file,
        roster: &campaign.roster,
        forms: &campaign.forms,
    };
    let Some(closed) = parts.closed(period)? else {
        return Ok(None);
    };
    let reader = PastReader {
        forms: &campaign.forms,
        older: &campaign.older,
        roster: &campaign.roster,
    };
    let figures = reader.figures(&closed, &campaign.file.figures, &campaign.figures);
    Ok(Some(figures))
}
