//! The title block printed above a table: reporting unit, period, unit of measure. Each sheet is
//! read by itself, because sheets are copied from one workbook into another.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::grid::LONGEST_LABEL;
use super::printed_period::{alone, named, told};
use crate::model::{CellAddress, Period};
use crate::text::{measure, normalise};
use crate::workbook::{Cell, Content, Sheet};

/// A text of the title block and its place.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PrintedText {
    /// The text after the colon, or the whole line where there is none.
    pub text: String,
    /// Sheet.
    pub sheet: Arc<str>,
    /// Cell.
    pub cell: CellAddress,
}

/// The lines of a title block, sorted by kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TitleBlock {
    /// "Đơn vị báo cáo: …".
    pub names: Vec<PrintedText>,
    /// "Mã đơn vị: …".
    pub codes: Vec<PrintedText>,
    /// "Kỳ báo cáo: …".
    pub periods: Vec<PrintedText>,
    /// "Đơn vị tính: …".
    pub measures: Vec<PrintedText>,
    /// Lines without such a label: the organ's name, the title.
    pub others: Vec<PrintedText>,
}

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:tên )?(?:đơn vị|cơ quan|đơn vị báo cáo|đơn vị gửi báo cáo)\s*:\s*(.*)$")
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^mã (?:đơn vị|định danh)(?: báo cáo)?\s*:\s*(.*)$"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\(?k[ỳì] báo cáo\s*(?::\s*|$)(.*)$"));
static MEASURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\(?(?:đơn vị tính|đvt|đơn vị)\s*[:.]\s*(.*)$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

/// What a line of a title block is about.
enum TitleKind {
    Name,
    Code,
    Period,
    Measure,
}

/// Reads the lines in some rows of a sheet (from 0), from top to bottom and left to right.
pub fn read(sheet: &Sheet, rows: Range<u32>) -> TitleBlock {
    let mut block = TitleBlock::default();
    let first = CellAddress::new(rows.start, 0);
    // The last cell of a line that was read together with cells to its left.
    let mut told = None;
    for (address, cell) in sheet.cells.range(first..) {
        if address.row >= rows.end {
            break;
        }
        if told.is_some_and(|last| *address <= last) {
            continue;
        }
        let Some(text) = line(cell) else {
            continue;
        };
        let text = &*text;
        if text.len() > LONGEST_LABEL {
            continue;
        }
        let plain = normalise(text);
        let Some((kind, rest)) = label(&plain) else {
            let dated =
                plain.len() <= LONGEST_PART && DATED.iter().any(|word| plain.contains(word));
            let spread = dated.then(|| spread(sheet, *address, text)).flatten();
            told = spread.as_ref().map(|(_, last)| *last).or(told);
            block.others.push(PrintedText {
                text: spread.map_or_else(|| text.trim().to_owned(), |(whole, _)| whole),
                sheet: sheet.name.clone(),
                cell: *address,
            });
            continue;
        };
        let Some(mut printed) = behind(sheet, *address, text, &rest) else {
            continue;
        };
        if let TitleKind::Period = kind
            && let Some((whole, last)) = spread(sheet, printed.cell, &printed.text)
        {
            printed.text = whole;
            told = Some(last);
        }
        match kind {
            // "Đơn vị: triệu đồng" names no unit that reports.
            TitleKind::Name if measure::is_known(&printed.text) => block.measures.push(printed),
            TitleKind::Name => block.names.push(printed),
            TitleKind::Code => block.codes.push(printed),
            TitleKind::Period => block.periods.push(printed),
            TitleKind::Measure => block.measures.push(printed),
        }
    }
    block
}

/// What a cell says in words: a text, a month («Tháng 9 năm 2025» may be a date), a figure with words.
fn line(cell: &Cell) -> Option<Cow<'_, str>> {
    match &cell.content {
        Content::Text(text) => Some(Cow::Borrowed(text)),
        Content::Date(_) => cell.seen_month().map(Cow::Owned),
        Content::Number(_) => {
            let worded = cell
                .seen()
                .filter(|seen| seen.contains(char::is_alphabetic));
            worded.map(Cow::Owned)
        }
        _ => None,
    }
}

/// The kind of a labelled line and the text after its label, normalised.
fn label(plain: &str) -> Option<(TitleKind, String)> {
    let behind = |pattern: &Regex| {
        let rest = pattern.captures(plain)?.get(1)?;
        Some(rest.as_str().to_owned())
    };
    (behind(&NAME).map(|rest| (TitleKind::Name, rest)))
        .or_else(|| behind(&CODE).map(|rest| (TitleKind::Code, rest)))
        .or_else(|| behind(&PERIOD).map(|rest| (TitleKind::Period, rest)))
        .or_else(|| behind(&MEASURE).map(|rest| (TitleKind::Measure, rest)))
}

/// The text after a label: in its own cell, or in the next one to the right.
fn behind(sheet: &Sheet, address: CellAddress, text: &str, rest: &str) -> Option<PrintedText> {
    let (text, cell) = if rest.is_empty() {
        neighbour(sheet, address)?
    } else {
        let own = text.split_once([':', '.']).map_or("", |(_, rest)| rest);
        let own = match text.trim_start().starts_with('(') {
            true => own.trim_end().trim_end_matches(')'),
            false => own,
        };
        (own.trim().to_owned(), address)
    };
    Some(PrintedText {
        text,
        sheet: sheet.name.clone(),
        cell,
    })
}

/// The text to the right of a label whose own cell ends at the colon.
fn neighbour(sheet: &Sheet, address: CellAddress) -> Option<(String, CellAddress)> {
    let (cell, text) = to_the_right(sheet, address).next()?;
    let text = text.filter(|text| !text.is_empty())?;
    Some((text, cell))
}

/// Texts, numbers and dates in the next columns of a row; `None` for anything else.
fn to_the_right(
    sheet: &Sheet,
    address: CellAddress,
) -> impl Iterator<Item = (CellAddress, Option<String>)> {
    let from = CellAddress::new(address.row, address.column + 1);
    let to = CellAddress::new(address.row, address.column + 8);
    let cells = sheet.cells.range(from..=to);
    cells.map(|(at, cell)| {
        let text = line(cell).or_else(|| match &cell.content {
            Content::Number(number) => Some(number.to_string().into()),
            Content::Date(day) => Some(day.format("%d/%m/%Y").to_string().into()),
            _ => None,
        });
        (*at, text.map(|text| text.trim().to_owned()))
    })
}

/// Words that a period in several cells begins with, and bytes of the first cell.
const DATED: [&str; 7] = ["tháng", "quý", "năm", "tuần", "ngày", "kỳ", "nửa"];
const LONGEST_PART: usize = 60;

/// A period in several cells of a row («Tháng», 9, «năm», 2025), `text` being the first: the whole of
/// it and its last cell. `None` where one cell says it all, or several say nothing.
fn spread(sheet: &Sheet, address: CellAddress, text: &str) -> Option<(String, CellAddress)> {
    let plain = |text: &str| text.trim().trim_end_matches(':').trim_end().to_owned();
    let mut whole = plain(text);
    if !named(&whole).is_empty() {
        return None;
    }
    for (at, text) in to_the_right(sheet, address) {
        whole = format!("{whole} {}", plain(&text?));
        if whole.len() > LONGEST_LABEL {
            return None;
        }
        if alone(&whole).is_some() {
            return Some((whole, at));
        }
    }
    None
}

/// The period that the title of a table names ("BÁO CÁO THÁNG 8 NĂM 2025"). A line that refers to
/// another paper, compares periods or is dated names none.
pub fn titled_period(line: &str) -> Option<Period> {
    static REFERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:ngay|cong van|ke hoach|quyet dinh|nghi quyet|thong tu|nghi dinh|kem theo|so[ :.]*\d|so[:.]|so voi|so sanh|cung ky|truoc|luy ke|uoc|den|tu dau)",
        )
    });
    // «Từ ngày … đến ngày …» is a period; what it has beside it may refer to another paper.
    let (periods, beside) = told(line);
    match periods.as_slice() {
        [one] if !REFERS.is_match(&beside) => Some(*one),
        _ => None,
    }
}

/// Does a line begin as the title of a report does?
pub fn is_title(line: &str) -> bool {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\(?(?:báo cáo|biểu|bảng|số liệu|kết quả|tình hình|tổng hợp|thống kê|danh sách) ")
    });
    TITLE.is_match(&normalise(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_title_names_a_period() {
        let of = |text: &str| titled_period(text).map(|period| period.to_string());
        assert_eq!(of("BÁO CÁO THÁNG 8 NĂM 2025").as_deref(), Some("2025-08"));
        assert_eq!(of("KẾT QUẢ QUÝ III/2025").as_deref(), Some("2025-Q3"));
        assert_eq!(of("Vĩnh Long, ngày 05 tháng 10 năm 2025"), None);
        assert_eq!(of("(Kèm theo Công văn số 12/UBND ngày 05/8/2025)"), None);
        assert_eq!(of("So với tháng 8 năm 2025"), None);
        assert_eq!(of("Số liệu tháng 8 năm 2025").as_deref(), Some("2025-08"));
        assert_eq!(of("Số 12/BC, tháng 8 năm 2025"), None);
        assert_eq!(of("Ước thực hiện tháng 10 năm 2025"), None);
        let august = Some("2025-08-01..2025-08-31".to_owned());
        assert_eq!(of("KẾT QUẢ (từ ngày 01/8/2025 đến ngày 31/8/2025)"), august);
        assert_eq!(of("So với từ ngày 01/8/2025 đến ngày 31/8/2025"), None);
    }
}
