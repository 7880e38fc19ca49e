//! The report's figures of closed periods, as the campaign's archive gives them.

use std::mem::discriminant;

use super::definition::Campaign;
use super::error::ToolError;
use super::parts::Parts;
use crate::consolidate::past::PastReader;
use crate::consolidate::{FormTable, PastFigures};
use crate::history::ClosedFacts;
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
    let mut past = Vec::new();
    for period in newest(campaign)? {
        past.extend(of(campaign, period)?);
    }
    Ok(past)
}

/// The tables of the newest closed periods of the same length as this one, the oldest first, with
/// one line for each unit as it is now.
///
/// # Errors
///
/// An archive that cannot be read, or was changed after it was closed.
pub fn tables(campaign: &Campaign) -> Result<Vec<(Period, Vec<FormTable>)>, ToolError> {
    let mut past = Vec::new();
    for period in newest(campaign)? {
        let closed = closed(campaign, period)?;
        past.extend(closed.map(|closed| (period, reader(campaign).tables(&closed))));
    }
    Ok(past)
}

/// The newest closed periods of the same length as this one, the oldest first.
fn newest(campaign: &Campaign) -> Result<Vec<Period>, ToolError> {
    let now = campaign.file.period;
    let closed = campaign.archive.list()?;
    let mut periods: Vec<Period> = closed.iter().map(|c| c.current.period).collect();
    periods.retain(|period| {
        discriminant(period) == discriminant(&now) && period.last_day() < now.last_day()
    });
    Ok(periods.split_off(periods.len().saturating_sub(PERIODS)))
}

fn closed(campaign: &Campaign, period: Period) -> Result<Option<ClosedFacts>, ToolError> {
    let parts = Parts {
        archive: &campaign.archive,
        file: &campaign.file,
        roster: &campaign.roster,
        forms: &campaign.forms,
    };
    parts.closed(period)
}

fn reader(campaign: &Campaign) -> PastReader<'_> {
    PastReader {
        forms: &campaign.forms,
        older: &campaign.older,
        roster: &campaign.roster,
    }
}

fn of(campaign: &Campaign, period: Period) -> Result<Option<PastFigures>, ToolError> {
    let figures =
        |closed| reader(campaign).figures(&closed, &campaign.file.figures, &campaign.figures);
    Ok(closed(campaign, period)?.map(figures))
}
