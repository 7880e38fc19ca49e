//! The lines of a blank's title block that leave room for what is known: the unit's name and code,
//! the period. "Đơn vị báo cáo: ......", "Tháng ... năm 20...".

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::{CellAddress, Period, ReportingUnit};
use crate::workbook::{Content, Sheet};

static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(\s*(?:tên )?(?:đơn vị|cơ quan)(?: báo cáo| gửi báo cáo| gửi)?\s*:)\s*[.…_]{2,}[\s.…_]*$|^(\s*(?:tên đơn vị|đơn vị báo cáo|đơn vị gửi báo cáo)\s*:)\s*$",
    )
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\s*mã (?:số )?đơn vị(?: báo cáo)?\s*:)[\s.…_]*$()"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\s*\(?kỳ báo cáo\s*:)[\s.…_]*$()"));
static MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(tháng)\s*[.…_]+\s*(?:năm|/)\s*(?:20)?[.…_]*"));
static QUARTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(quý)\s*[.…_]+\s*(?:năm|/)\s*(?:20)?[.…_]*"));
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(năm)\s*(?:20)?[.…_]{2,}"));

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?i){text}")).expect("the pattern is a constant")
}

/// The lines above row `header` (from 0) that have room for what is known, with that in it.
pub fn fill_in(
    sheet: &Sheet,
    header: u32,
    unit: Option<&ReportingUnit>,
    period: Period,
) -> BTreeMap<CellAddress, String> {
    let lines = sheet.cells.range(..CellAddress::new(header, 0));
    let filled = lines.filter_map(|(at, cell)| match &cell.content {
        Content::Text(text) => Some((*at, filled(text, unit, period)?)),
        _ => None,
    });
    filled.collect()
}

fn filled(line: &str, unit: Option<&ReportingUnit>, period: Period) -> Option<String> {
    let behind = |pattern: &Regex, known: &str| {
        let parts = pattern.captures(line)?;
        let label = parts.get(1).or(parts.get(2))?.as_str().trim_end();
        Some(format!("{label} {known}"))
    };
    let name = unit.and_then(|unit| behind(&UNIT, &unit.name));
    let code = || unit.and_then(|unit| behind(&CODE, &unit.code));
    let known = period.vietnamese();
    name.or_else(code)
        .or_else(|| behind(&PERIOD, &known))
        .or_else(|| within(line, period, &known))
}

/// A line with the period where it leaves room for one. The date of a signature is none.
fn within(line: &str, period: Period, known: &str) -> Option<String> {
    let room = match period {
        Period::Month { .. } => &*MONTH,
        Period::Quarter { .. } => &*QUARTER,
        Period::Year { .. } => &*YEAR,
        _ => return None,
    };
    let dated = line.to_lowercase().contains("ngày");
    if dated || !room.is_match(line) {
        return None;
    }
    let put =
        |parts: &Captures<'_>| written_as(known, parts.get(1).map_or("", |word| word.as_str()));
    Some(room.replace(line, put).into_owned())
}

/// A period in capitals, or with a capital, as the word it replaces is written.
fn written_as(known: &str, word: &str) -> String {
    let mut letters = known.chars();
    match letters.next() {
        _ if word == word.to_lowercase() => known.to_owned(),
        _ if word == word.to_uppercase() => known.to_uppercase(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(line: &str) -> Option<String> {
        filled(
            line,
            None,
            Period::Month {
                year: 2025,
                month: 9,
            },
        )
    }

    #[test]
    fn the_period_is_put_where_a_line_leaves_room_for_it() {
        assert_eq!(
            month("THÁNG … NĂM 20…").as_deref(),
            Some("THÁNG 9 NĂM 2025")
        );
        assert_eq!(
            month("(Tháng ..... năm .......)").as_deref(),
            Some("(Tháng 9 năm 2025)")
        );
        assert_eq!(
            month("Số liệu tháng .../20...").as_deref(),
            Some("Số liệu tháng 9 năm 2025")
        );
        assert_eq!(
            month("Kỳ báo cáo: ........").as_deref(),
            Some("Kỳ báo cáo: tháng 9 năm 2025")
        );
        assert_eq!(
            month("..., ngày ... tháng ... năm 20..."),
            None,
            "the date of a signature"
        );
        assert_eq!(month("Quý ... năm 20..."), None, "a form of another period");
        assert_eq!(month("Tháng 8 năm 2025"), None);
    }

    #[test]
    fn the_unit_is_put_where_a_line_leaves_room_for_it() {
        let unit = ReportingUnit {
            code: "28870".to_owned(),
            name: "Xã Chợ Lách".to_owned(),
            kind: "xa".to_owned(),
            group: String::new(),
            active_from: None,
            active_to: None,
            aliases: Vec::new(),
            predecessors: Vec::new(),
            summed_by: None,
        };
        let line = |line| filled(line, Some(&unit), Period::Year { year: 2025 });
        assert_eq!(
            line("Đơn vị báo cáo: ........").as_deref(),
            Some("Đơn vị báo cáo: Xã Chợ Lách")
        );
        assert_eq!(
            line("Tên đơn vị:").as_deref(),
            Some("Tên đơn vị: Xã Chợ Lách")
        );
        assert_eq!(line("Mã đơn vị: ……").as_deref(), Some("Mã đơn vị: 28870"));
        assert_eq!(line("Đơn vị: triệu đồng"), None);
        assert_eq!(line("Đơn vị:"), None, "the unit of measure may be meant");
        assert_eq!(line("NĂM 20...").as_deref(), Some("NĂM 2025"));
        assert_eq!(line("Kết quả cả năm."), None, "a dot ends a sentence");
    }
}
