//! A Word document with placeholders: its text parts become templates, everything else stays byte
//! for byte.
//!
//! Word cuts the text of a paragraph into runs wherever it likes, also inside a placeholder, so a
//! tag is first gathered into the run in which it begins. A paragraph that holds nothing but `{% %}`
//! tags is a line of logic: it disappears and the tags work on the paragraphs around it; so does a
//! row of a table, which is how rows are repeated.

use std::borrow::Cow;

use minijinja::AutoEscape;

use super::context::Context;
use super::document_text::{TextPart, closed_cells};
use super::engine::render;
use super::place::{Called, TemplatePlace};
use crate::campaign::ToolError;
use crate::model::Message;
use crate::model::value::message;
use crate::package::{PackageCopy, PackageProblem};

/// Most bytes a part may unpack to; a report of a thousand pages has fewer.
const LARGEST_PART: u64 = 64 << 20;
/// The part with the body of the text.
const MAIN_PART: &str = "word/document.xml";

/// Fills the placeholders of a document; the bytes of the finished one.
///
/// # Errors
/// The document is damaged, or its template is wrong.
pub(super) fn fill(name: &str, bytes: &[u8], context: &Context) -> Result<Vec<u8>, ToolError> {
    let broken = |problem: PackageProblem| {
        let (vi, en) = match problem {
            PackageProblem::Encrypted => (
                "văn bản Word có mật khẩu; bỏ mật khẩu rồi lưu lại",
                "the Word document has a password; remove it and save again",
            ),
            PackageProblem::TooLarge(_) | PackageProblem::Broken(_) => (
                "không đọc được văn bản Word; mở bằng Word, lưu lại thành .docx",
                "the Word document cannot be read; open it in Word and save it as .docx",
            ),
        };
        ToolError::Other(Message::new(
            format!("{name}: {vi}"),
            format!("{name}: {en}"),
        ))
    };
    let mut copy = PackageCopy::of(bytes, LARGEST_PART).map_err(broken)?;
    let parts: Vec<String> = copy.parts().map(Cow::into_owned).collect();
    for path in &parts {
        let Some(called) = text_part(path) else {
            continue;
        };
        let text = copy.needed(path).map_err(broken)?;
        copy.set(path, fill_part(name, called, &text, context)?);
    }
    if !copy.has(MAIN_PART) {
        return Err(broken(PackageProblem::broken(format!(
            "không có {MAIN_PART}"
        ))));
    }
    copy.finish().map_err(broken)
}

/// What a part with text is called in messages, in Vietnamese and English; `None` for any other
/// part.
fn text_part(path: &str) -> Option<Called> {
    let file = path.strip_prefix("word/")?.strip_suffix(".xml")?;
    match file.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "document" => Some(("", "")),
        "header" => Some(("đầu trang, ", "page header, ")),
        "footer" => Some(("chân trang, ", "page footer, ")),
        "footnotes" | "endnotes" => Some(("chú thích, ", "notes, ")),
        _ => None,
    }
}

fn fill_part(
    name: &str,
    called: Called,
    xml: &str,
    context: &Context,
) -> Result<String, ToolError> {
    let part = TextPart::read(xml, &context.figure_ids).map_err(|fault| {
        let at = fault.paragraph.map_or(Message::new("", ""), |number| {
            let place = TemplatePlace::Paragraph {
                part: called,
                number,
                words: fault.words.clone(),
            };
            message!(place; "{place}: ", "{place}: ")
        });
        let fault = fault.message;
        ToolError::Other(message!(at, fault; "{name}: {at}{fault}", "{name}: {at}{fault}"))
    })?;
    let place = |line: usize| TemplatePlace::Paragraph {
        part: called,
        number: line.saturating_sub(1),
        words: part.words(line.saturating_sub(1)),
    };
    let filled = render(name, &part.template, context, AutoEscape::Html, &place)?;
    closed_cells(&filled).map_err(|fault| {
        let Message { vi, en } = fault.message;
        ToolError::Other(Message::new(
            format!(
                "{name}: vòng lặp hay điều kiện bắt đầu và kết thúc ở hai chỗ không cân nhau (ví dụ mở trong một ô của bảng, đóng ở ô khác): {vi}"
            ),
            format!("{name}: a loop or a condition begins and ends at places that do not match (begun in one cell of a table and ended in another, for example): {en}"),
        ))
    })
}
