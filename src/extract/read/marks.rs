//! Marks that a person reads at sight: ticks of symbol fonts, and figures below 0 that carry their
//! sign in another way than by a minus in front.

use super::number_text::{self, TextFigure};
use super::reading::{CellReading, problem};
use crate::model::value::{echoed, message};
use crate::model::{Class, Number, Value};
use crate::schema::Field;
use crate::text::normalise;
use crate::workbook::Cell;

/// What a box to tick says by a mark: ticked or not; nothing where the mark says neither.
pub(super) fn ticked(text: &str, cell: &Cell) -> Option<bool> {
    let font = cell.style.as_ref().and_then(|style| style.font.as_deref());
    let font = font.unwrap_or_default().to_ascii_lowercase();
    // Symbol fonts have their signs among the letters, or in the private part of Unicode.
    let sign = text.trim().chars().map(|c| match c {
        '\u{F020}'..='\u{F0FF}' => char::from_u32(u32::from(c) - 0xF000).unwrap_or(c),
        c => c,
    });
    let sign: String = sign.collect();
    match (font.as_str(), sign.as_str()) {
        ("wingdings", "ü" | "þ" | "x") | ("wingdings 2", "P" | "R") | ("webdings", "a") => {
            Some(true)
        }
        ("wingdings", "o" | "¨" | "q") | ("wingdings 2", "£") => Some(false),
        ("wingdings" | "wingdings 2" | "wingdings 3" | "webdings", _) => None,
        _ => match normalise(text).as_str() {
            "có" | "đạt" | "✓" | "✔" | "√" | "☑" | "☒" | "×" | "х" => Some(true),
            "☐" | "□" => Some(false),
            _ => None,
        },
    }
}

/// (12), 12-, ▼12 or «giảm 12» where a figure is asked: mostly meant as -12.
pub(super) fn below_zero_in_words(text: &str, field: &Field) -> Option<CellReading> {
    let plain = normalise(text);
    let inside = |before, behind| plain.strip_prefix(before)?.strip_suffix(behind);
    let bare = inside("(", ")")
        .or_else(|| plain.strip_suffix("(giảm)"))
        .or_else(|| plain.strip_prefix("giảm"))
        .or_else(|| plain.strip_prefix(['▼', '▽', '—']))
        .or_else(|| plain.strip_suffix(['-', '−']))?;
    let bare = bare.trim().trim_start_matches(['-', '−']);
    if !bare.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let TextFigure::Read(figure) = number_text::read(bare, field) else {
        return None;
    };
    let (figure, text): (Number, _) = (-figure, echoed(text));
    let (meant, message) = match field.negative {
        true => (
            Some(Value::Number(figure)),
            message!(
                figure;
                "Ô ghi «{text}», cách ghi này thường chỉ số âm. Có phải {figure} không? Hãy gõ dấu trừ liền trước số.",
                "`{text}` mostly stands for a figure below 0. Is it {figure}? Type a minus sign in front of the figure."
            ),
        ),
        false => (
            None,
            message!(
                figure;
                "Ô ghi «{text}», cách ghi này thường chỉ số âm ({figure}), mà chỉ tiêu này không thể âm. Hãy chỉ gõ số đúng vào ô.",
                "`{text}` mostly stands for a figure below 0 ({figure}), which this indicator cannot be. Type the right figure only."
            ),
        ),
    };
    Some(problem(
        "so-khong-ro",
        Class::Parse,
        Some(Value::Text(text)),
        meant,
        message,
    ))
}
