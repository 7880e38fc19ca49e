//! The lines of a blank's title block that leave room for what is known: the unit's name and code,
//! the period. "Đơn vị báo cáo: ......", "Tháng ... năm 20...".

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::printed_period;
use crate::model::{CellAddress, Period, ReportingUnit};
use crate::workbook::{Content, Sheet};

static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(\s*(?:tên )?(?:đơn vị|cơ quan)(?: báo cáo| gửi báo cáo| gửi)?\s*:)\s*(?:{COMMUNE}|{NOUN}){ROOM}{{2,}}[\s.…_]*$|^(\s*(?:tên đơn vị|đơn vị báo cáo|đơn vị gửi báo cáo)\s*:)\s*$"
    ))
});
static COMMITTEE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(\s*(?:ubnd|ủy ban nhân dân))\s+{COMMUNE}:?\s*{ROOM}{{2,}}[\s.…_]*$()"
    ))
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\s*mã (?:số )?đơn vị(?: báo cáo)?\s*:)[\s.…_]*$()"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\s*\(?kỳ(?: báo cáo)?\s*:)(.*)$"));
static MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(tháng)\s*{ROOM}+\s*{YEAR_BEHIND}")));
static QUARTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(quý)\s*{ROOM}+\s*{YEAR_BEHIND}")));
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(năm)\s*(?:20\d?)?[.…_]{2,}"));

static COMMUNE_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(\s*(?:xã|phường|thị trấn|đặc khu)(?:\s*[/,]\s*(?:xã|phường|thị trấn|đặc khu))*\s*:)\s*{ROOM}{{2,}}[\s.…_]*$()"
    ))
});
static CODE_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(.*[.…_])(\s+mã (?:số )?đơn vị(?: báo cáo)?\s*:[\s.…_]*)$"));
static OLD_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\(?\s*(tháng)\s*\d{1,2}\s*(?:năm|/)\s*\d{4}\s*\)?\s*$"));

/// Dots and lines to write on.
const ROOM: &str = r"[.…_]";
/// What a commune's name begins with, as blanks for all of them print it.
const COMMUNE: &str = r"(?:(?:ubnd |ủy ban nhân dân )?(?:xã|phường|thị trấn|đặc khu)(?:\s*[/,]\s*(?:xã|phường|thị trấn|đặc khu))*\s*)?";
/// What another kind of unit is called before the room for its name: «Trạm Y tế», «Trường».
const NOUN: &str = r"\p{L}[\p{L} ]{2,60}?\s*";
/// A year behind a month or quarter, as far as it is printed.
const YEAR_BEHIND: &str = r"(?:năm|/)\s*[\d.…_]*";

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
    let filled = lines.filter_map(|(at, cell)| {
        let Content::Text(text) = &cell.content else {
            return None;
        };
        let new = filled(text, unit, period)?;
        // A label with the room beside it stays as it is.
        match room_beside(sheet, *at).filter(|_| text.trim_end().ends_with(':')) {
            Some(beside) => {
                let known = new.get(text.trim_end().len()..)?.trim();
                Some((beside, known.to_owned()))
            }
            None => Some((*at, new)),
        }
    });
    filled.collect()
}

/// The next cell to the right, if all it holds is room to write.
fn room_beside(sheet: &Sheet, at: CellAddress) -> Option<CellAddress> {
    let from = CellAddress::new(at.row, at.column + 1);
    let to = CellAddress::new(at.row, u32::MAX);
    let (beside, cell) = sheet.cells.range(from..to).next()?;
    let is_room = match &cell.content {
        Content::Text(text) => text.trim().chars().all(|c| ".…_ ".contains(c)),
        _ => false,
    };
    is_room.then_some(*beside)
}

fn filled(line: &str, unit: Option<&ReportingUnit>, period: Period) -> Option<String> {
    let behind = |pattern: &Regex, known: &str| {
        let parts = pattern.captures(line)?;
        let label = parts.get(1).or(parts.get(2))?.as_str().trim_end();
        Some(format!("{label} {known}"))
    };
    let name = unit.and_then(|unit| behind(&UNIT, &unit.name));
    let committee = || {
        let name = &unit?.name;
        let named = behind(&COMMITTEE, name)?;
        let capitals = line.trim() == line.trim().to_uppercase();
        Some(if capitals {
            named.to_uppercase()
        } else {
            named
        })
    };
    let code = || unit.and_then(|unit| behind(&CODE, &unit.code));
    let commune = || unit.and_then(|unit| behind(&COMMUNE_NAME, &unit.name));
    // Name and code in one line.
    let both = || {
        let parts = CODE_BEHIND.captures(line).filter(|_| unit.is_some())?;
        let fill = |part| filled(parts.get(part)?.as_str(), unit, period);
        Some(format!("{} {}", fill(1)?, fill(2)?.trim_start()))
    };
    let known = period.vietnamese();
    name.or_else(both)
        .or_else(committee)
        .or_else(commune)
        .or_else(code)
        .or_else(|| replaced(line, period, &known))
        .or_else(|| labelled(line, &known))
        .or_else(|| within(line, period, &known))
}

/// "Kỳ báo cáo:" with room behind it, or with the period that the blank was last used for.
fn labelled(line: &str, known: &str) -> Option<String> {
    let parts = PERIOD.captures(line)?;
    let (label, rest) = (parts.get(1)?.as_str(), parts.get(2)?.as_str());
    let is_room = rest.chars().all(|c| ".…_ ()".contains(c));
    let has_room = rest.contains(['…', '_']) || rest.contains("..");
    let is_period = !printed_period::named(rest).is_empty();
    let open = label.trim_start().starts_with('(') && rest.trim_end().ends_with(')');
    let end = if open { ")" } else { "" };
    (is_room || has_room || is_period).then(|| format!("{} {known}{end}", label.trim_end()))
}

/// A line that is nothing but the month for which the blank was last used.
fn replaced(line: &str, period: Period, known: &str) -> Option<String> {
    let parts = OLD_MONTH
        .captures(line)
        .filter(|_| matches!(period, Period::Month { .. }))?;
    let known = written_as(known, parts.get(1)?.as_str());
    let bracketed = line.trim().starts_with('(') && line.trim().ends_with(')');
    Some(if bracketed {
        format!("({known})")
    } else {
        known
    })
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
        for (line, wanted) in [
            (
                "(Kỳ báo cáo: tháng ..... năm .......)",
                "(Kỳ báo cáo: tháng 9 năm 2025)",
            ),
            ("Kỳ: ........", "Kỳ: tháng 9 năm 2025"),
            ("(Tháng 8 năm 2025)", "(Tháng 9 năm 2025)"),
        ] {
            assert_eq!(month(line).as_deref(), Some(wanted));
        }
        assert_eq!(month("So với tháng 8 năm 2025"), None);
        // As much of the year as is printed is no second year.
        assert_eq!(
            month("tháng ….. năm 2025").as_deref(),
            Some("tháng 9 năm 2025")
        );
        assert_eq!(
            month("Tháng ..../2025").as_deref(),
            Some("Tháng 9 năm 2025")
        );
        assert_eq!(
            month("Tháng ... năm 202...").as_deref(),
            Some("Tháng 9 năm 2025")
        );
        for line in [
            "Kỳ báo cáo: Tháng 8/2025",
            "Kỳ báo cáo: từ ngày …/…/… đến ngày …/…/…",
        ] {
            assert_eq!(month(line).as_deref(), Some("Kỳ báo cáo: tháng 9 năm 2025"));
        }
        assert_eq!(month("Kỳ báo cáo: hằng tháng"), None);
    }

    #[test]
    fn the_unit_is_put_where_a_line_leaves_room_for_it() {
        let unit = ReportingUnit::new("28870", "Xã Chợ Lách", "xa");
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
        assert_eq!(
            line("Đơn vị báo cáo: ..... Mã đơn vị: .....").as_deref(),
            Some("Đơn vị báo cáo: Xã Chợ Lách Mã đơn vị: 28870")
        );
        assert_eq!(
            line("Xã, phường: .....").as_deref(),
            Some("Xã, phường: Xã Chợ Lách")
        );
        assert_eq!(
            line("Đơn vị báo cáo: UBND xã ……").as_deref(),
            Some("Đơn vị báo cáo: Xã Chợ Lách")
        );
        assert_eq!(
            line("UBND XÃ ..........").as_deref(),
            Some("UBND XÃ CHỢ LÁCH")
        );
        assert_eq!(
            line("UBND xã/phường: ....").as_deref(),
            Some("UBND Xã Chợ Lách")
        );
        assert_eq!(
            line("ỦY BAN NHÂN DÂN TỈNH ......"),
            None,
            "of another level"
        );
        assert_eq!(line("Đơn vị: triệu đồng"), None);
        assert_eq!(line("Đơn vị:"), None, "the unit of measure may be meant");
        assert_eq!(line("NĂM 20...").as_deref(), Some("NĂM 2025"));
        assert_eq!(line("Kết quả cả năm."), None, "a dot ends a sentence");
    }
}
