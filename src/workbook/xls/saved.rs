//! When an `.xls` was last saved, from the properties kept beside the workbook.

use chrono::{DateTime, SecondsFormat};

use crate::workbook::FileProblem;
use crate::workbook::bytes::Bytes;

/// The property "last saved".
const LAST_SAVED: u32 = 13;
/// A property that is a moment: tenths of microseconds since 1601.
const MOMENT: u32 = 0x40;
const TICKS_PER_SECOND: u64 = 10_000_000;
const SECONDS_FROM_1601_TO_1970: i64 = 11_644_473_600;

/// The moment of saving in RFC 3339, if the file has it.
///
/// # Errors
/// The property stream is damaged.
pub(super) fn saved_at(properties: &[u8]) -> Result<Option<String>, FileProblem> {
    let mut header = Bytes(properties);
    header.take(44)?;
    let section = properties.get(header.size()?..).unwrap_or_default();
    let mut list = Bytes(section);
    list.take(4)?;
    for _ in 0..list.u32()? {
        let (id, place) = (list.u32()?, list.size()?);
        if id != LAST_SAVED {
            continue;
        }
        let mut value = Bytes(section.get(place..).unwrap_or_default());
        if value.u32()? != MOMENT {
            break;
        }
        let seconds = value.u64()? / TICKS_PER_SECOND;
        let moment = i64::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds > SECONDS_FROM_1601_TO_1970)
            .and_then(|seconds| DateTime::from_timestamp(seconds - SECONDS_FROM_1601_TO_1970, 0));
        return Ok(moment.map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true)));
    }
    Ok(None)
}
