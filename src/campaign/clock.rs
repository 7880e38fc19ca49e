//! The only source of time: the time stamp of a run, and the stopwatch for its parts.

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, Local, NaiveDateTime, SecondsFormat};

use super::error::ToolError;
use crate::model::Message;
use crate::workbook::Limits;

/// What time it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    fixed: Option<DateTime<FixedOffset>>,
}

impl Clock {
    /// The system's clock.
    pub const SYSTEM: Clock = Clock { fixed: None };

    /// A clock that always shows `moment`, written as `2025-10-06T08:05:11+07:00`.
    ///
    /// # Errors
    /// If `moment` is not written so.
    pub fn fixed(moment: &str) -> Result<Clock, ToolError> {
        let fixed = DateTime::parse_from_rfc3339(moment).map_err(|_| {
            ToolError::Other(Message::new(
                format!("«{moment}» không phải là thời điểm; viết như 2025-10-06T08:05:11+07:00"),
                format!("`{moment}` is no moment; write it as 2025-10-06T08:05:11+07:00"),
            ))
        })?;
        Ok(Clock { fixed: Some(fixed) })
    }

    /// The moment in whole seconds, as RFC 3339 with the local offset.
    pub fn now(&self) -> String {
        self.time().to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    /// Whole seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.time().timestamp()
    }

    /// The moment as a clock on the wall shows it.
    pub fn moment(&self) -> NaiveDateTime {
        self.time().naive_local()
    }

    /// The moment with the local offset.
    pub fn time(&self) -> DateTime<FixedOffset> {
        self.fixed.unwrap_or_else(|| Local::now().fixed_offset())
    }
}

/// Starts the clock of one unit's part of a run, which may take [`Limits::seconds`].
pub(super) fn stopwatch(limits: &Limits) -> Box<dyn Fn() -> bool> {
    let (begun, most) = (Instant::now(), Duration::from_secs(limits.seconds));
    Box::new(move || begun.elapsed() >= most)
}
