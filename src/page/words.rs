//! Words from workbooks and figures as pages show them.

use chrono::{NaiveDate, NaiveDateTime};

use crate::model::value::{Shown, echoed};
use crate::model::{Lang, Message, Period, Value};
use crate::text::safe::{is_unsafe, plain};

/// The longest message that is shown whole. Those made here are shorter; words of a workbook that
/// one repeats may not be.
const MOST: usize = 1_500;

/// A name or the content of a cell: one line, without characters that change how the page reads,
/// cut where it is longer than anyone reads.
pub(super) fn name(text: &str) -> String {
    echoed(&plain(text))
}

/// A message in the language of the page.
pub(super) fn message(message: &Message, lang: Lang) -> String {
    sentence(lang.of(message))
}

/// A sentence, cut where it is longer than anyone reads. Line breaks stay.
pub(super) fn sentence(text: &str) -> String {
    let mut lines: String = text
        .chars()
        .take(MOST + 1)
        .map(|c| if c != '\n' && is_unsafe(c) { '·' } else { c })
        .collect();
    if let Some((cut, _)) = lines.char_indices().nth(MOST) {
        lines.truncate(cut);
        lines.push('…');
    }
    lines
}

/// A value as a reader of the language writes it.
pub(super) fn value(value: &Value, lang: Lang) -> String {
    name(&value.shown(lang))
}

/// The period, in words where the language has them.
pub(super) fn period(period: Period, lang: Lang) -> String {
    match lang {
        Lang::Vi => period.vietnamese(),
        Lang::En => period.to_string(),
    }
}

/// A calendar day.
pub(super) fn day(day: NaiveDate, lang: Lang) -> String {
    let format = lang.pick("%d/%m/%Y", "%Y-%m-%d");
    day.format(format).to_string()
}

/// A moment of the office's clock, to the second.
pub(super) fn moment(at: NaiveDateTime, lang: Lang) -> String {
    let format = lang.pick("%H:%M:%S ngày %d/%m/%Y", "%Y-%m-%d %H:%M:%S");
    at.format(format).to_string()
}

/// A size in the unit people know it by.
pub(super) fn size(bytes: u64, lang: Lang) -> String {
    const KILO: u64 = 1 << 10;
    const MEGA: u64 = 1 << 20;
    match bytes {
        0..KILO => format!("{bytes} {}", lang.pick("byte", "bytes")),
        KILO..MEGA => format!("{} KB", bytes.div_ceil(KILO)),
        _ => format!("{} MB", bytes.div_ceil(MEGA)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_workbook_do_not_change_how_a_page_reads() {
        assert_eq!(name("a\u{202E}b\nc"), "a·b·c");
        assert_eq!(name(&"x".repeat(1 << 20)).chars().count(), 81);
        assert_eq!(sentence("hai\ndòng\u{2066}"), "hai\ndòng·");
        assert_eq!(sentence(&"ậ".repeat(1 << 20)).chars().count(), MOST + 1);
    }

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(size(17, Lang::Vi), "17 byte");
        assert_eq!(size(1_025, Lang::Vi), "2 KB");
        assert_eq!(size(20 << 20, Lang::En), "20 MB");
    }
}
