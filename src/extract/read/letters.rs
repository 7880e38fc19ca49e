//! Findings on texts that were not read as they are stored: old fonts, footnote marks.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::cell;
use super::context::{ReadCheck, ReadContext, ReadLog};
use super::reading::{CellProblem, CellReading};
use crate::model::template_names::is_own_sheet;
use crate::model::value::message;
use crate::model::{CellAddress, Class, Finding, Message, Severity, Value};
use crate::schema::Field;
use crate::text::legacy::OldFont;
use crate::workbook::{Cell, Content, Sheet, Workbook};

/// Cells named in a note that gathers many.
const NAMED: usize = 5;

/// One note a sheet for what was typed in fonts from before Unicode, and one for what could not be
/// read so.
pub fn old_fonts(workbook: &Workbook, file: &Arc<str>) -> Vec<Finding> {
    let sheets = workbook.sheets.iter();
    sheets
        .filter(|sheet| !is_own_sheet(&sheet.name))
        .flat_map(|sheet| [read_note(sheet, file), unread_note(sheet, file)])
        .flatten()
        .collect()
}

fn read_note(sheet: &Sheet, file: &Arc<str>) -> Option<Finding> {
    let cells = &sheet.old_fonts.read;
    let (first, _) = cells.first_key_value()?;
    let (named, charsets) = (gathered(cells.keys()), charsets(cells.values()));
    let message = Message::new(
        format!(
            "{} ô gõ bằng phông chữ cũ ({charsets}), đã đọc theo Unicode: {named}.",
            cells.len()
        ),
        format!(
            "{} cells are typed in an old font ({charsets}) and were read as Unicode: {named}.",
            cells.len()
        ),
    );
    let finding = Finding::new("phong-chu-cu", Class::Parse, Severity::Info, file, message);
    Some(finding.at(&sheet.name, *first))
}

fn unread_note(sheet: &Sheet, file: &Arc<str>) -> Option<Finding> {
    let cells = &sheet.old_fonts.unread;
    let (first, font) = cells.first_key_value()?;
    let named = gathered(cells.keys());
    let text = sheet.text_at(*first).unwrap_or_default().trim();
    let charset = font.charset();
    let message = Message::new(
        format!(
            "{} ô gõ bằng phông chữ cũ ({charset}) nhưng có chữ bị mất hoặc lẫn, không đổi được sang Unicode, nên giữ nguyên như «{text}»: {named}. Nếu là tên đơn vị, tiêu đề hay nội dung báo cáo, hãy gõ lại bằng Unicode.",
            cells.len()
        ),
        format!(
            "{} cells are in an old font ({charset}) but letters are missing or mixed; they stay as stored, such as `{text}`: {named}. Type them anew in Unicode.",
            cells.len()
        ),
    );
    let rule = "phong-chu-cu-khong-doi-duoc";
    let finding = Finding::new(rule, Class::Parse, Severity::Warning, file, message);
    Some(
        finding
            .at(&sheet.name, *first)
            .value(Some(Value::Text(text.to_owned()))),
    )
}

fn gathered<'a>(cells: impl ExactSizeIterator<Item = &'a CellAddress>) -> String {
    let more = if cells.len() > NAMED { "..." } else { "" };
    let named: Vec<String> = cells.take(NAMED).map(ToString::to_string).collect();
    format!("{}{more}", named.join(", "))
}

fn charsets<'a>(fonts: impl Iterator<Item = &'a OldFont>) -> String {
    let names: BTreeSet<&str> = fonts.map(|font| font.charset()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// How to turn a text that seems to be in an old font, but is in none, into Unicode.
pub fn advice(text: &str) -> Option<Message> {
    let (font, meant) = crate::text::legacy::suspected_old(text)?;
    let charset = font.charset();
    Some(Message::new(
        format!(
            " Chữ này giống chữ gõ bằng bảng mã {charset} (có phải «{meant}»?); hãy gõ lại bằng Unicode, hoặc chép ô đó, bấm Ctrl+Shift+F6 để UniKey đổi sang Unicode, rồi dán lại."
        ),
        format!(
            " It looks like {charset} text (`{meant}`?); type it anew in Unicode, or convert it with UniKey (Ctrl+Shift+F6)."
        ),
    ))
}

/// 66* or 66 (2): a figure, and behind it what may be a mark.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(.*?\d)\s*(\*{1,3}|[(\[](?:\d{1,2}|[a-z]|\*{1,3})[)\]])$")
        .expect("the pattern is a constant")
});

/// Questions a figure with a mark on the line behind it, which a person could take for part of
/// it; any other reading stays as it is.
pub(super) fn with_plain_mark(
    reading: CellReading,
    cell: Option<&Cell>,
    field: &Field,
) -> CellReading {
    let (CellReading::Problem(problem), Some(cell)) = (&reading, cell) else {
        return reading;
    };
    let asked = (problem.suggestion.is_none() && field.kind.is_numeric())
        .then(|| cell.text())
        .flatten()
        .and_then(|text| {
            let parts = MARKED.captures(text.trim())?;
            let bare = Cell {
                content: Content::Text(parts[1].into()),
                ..cell.clone()
            };
            match cell::read(Some(&bare), field) {
                CellReading::Value(figure) | CellReading::Noted(figure) => {
                    Some((figure, text.trim()))
                }
                _ => None,
            }
        });
    let Some((figure, text)) = asked else {
        return reading;
    };
    let message = message!(
    figure;
    "Ô ghi «{text}», có dấu chú thích liền sau số. Có phải {figure} không? Hãy chỉ để số trong ô.",
    "`{text}` has a footnote mark behind the figure. Is it {figure}? Keep the figure only."
    );
    CellReading::Problem(Box::new(CellProblem {
        rule: "so-kem-dau-chu-thich",
        class: Class::Parse,
        severity: Severity::Error,
        found: Some(Value::Text(text.to_owned())),
        suggestion: Some(figure),
        message,
        usable: None,
    }))
}

const FOOTNOTE_MARK: ReadCheck = ReadCheck::new("dau-chu-thich", Class::Parse, Severity::Info);

/// Notes every figure whose footnote mark was left out, and once all labels of the table.
pub(super) fn report_marks(context: &ReadContext<'_>, log: &mut ReadLog) {
    let first = CellAddress::new(context.located.header.top, 0);
    let last = CellAddress::new(context.located.last, u32::MAX);
    let (mut findings, mut labels) = (Vec::new(), Vec::new());
    for (address, mark) in context.sheet.marks.range(first..=last) {
        let text = context.sheet.text_at(*address).unwrap_or_default().trim();
        if !log.seen.contains(address) || !text.starts_with(|c: char| c.is_ascii_digit()) {
            labels.push(*address);
            continue;
        }
        let message = Message::new(
            format!("Ô ghi {text} kèm dấu chú thích «{mark}» ở trên; đã đọc là {text}."),
            format!("{text} carries the footnote mark `{mark}`; it was read as {text}."),
        );
        findings.push((*address, message));
    }
    if let Some(at) = labels.first() {
        let named = gathered(labels.iter());
        let message = Message::new(
            format!("Chữ trong bảng có dấu chú thích, đã bỏ qua dấu: {named}."),
            format!("Texts of the table carry footnote marks, which were left out: {named}."),
        );
        findings.push((*at, message));
    }
    for (address, message) in findings {
        log.report(context, FOOTNOTE_MARK, Some(address), message);
    }
}
