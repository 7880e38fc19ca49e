//! A Word document with placeholders: its text parts become templates, everything else stays byte
//! for byte.
//!
//! Word cuts the text of a paragraph into runs wherever it likes, also inside a placeholder, so a
//! tag is first gathered into the run in which it begins. A paragraph that holds nothing but `{% %}`
//! tags is a line of logic: it disappears and the tags work on the paragraphs around it; so does a
//! row of a table, which is how rows are repeated.

use std::io::{Cursor, Read, Write};

use minijinja::AutoEscape;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::context::Context;
use super::document_text::{Part, closed_cells};
use super::engine::render;
use super::place::Place;
use crate::campaign::ToolError;
use crate::model::Message;

/// Most bytes a part may unpack to; a report of a thousand pages has fewer.
const LARGEST_PART: u64 = 64 << 20;

/// Fills the placeholders of a document; the bytes of the finished one.
pub(super) fn fill(name: &str, bytes: &[u8], context: &Context) -> Result<Vec<u8>, ToolError> {
    let broken = |detail: &dyn std::fmt::Display| {
        ToolError::Other(Message::new(
            format!(
                "{name}: không đọc được văn bản Word ({detail}); mở bằng Word, lưu lại thành .docx"
            ),
            format!("{name}: not a readable Word document ({detail})"),
        ))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(&error))?;
        let path = part.name().map_err(|error| broken(&error))?.into_owned();
        let Some(called) = text_part(&path) else {
            out.raw_copy_file(part).map_err(|error| broken(&error))?;
            continue;
        };
        found |= path == "word/document.xml";
        let stamp = part.last_modified().unwrap_or_default();
        let mut text = String::new();
        let mut bounded = part.take(LARGEST_PART + 1);
        bounded
            .read_to_string(&mut text)
            .map_err(|error| broken(&error))?;
        if text.len() as u64 > LARGEST_PART {
            return Err(broken(&format!("{path} quá lớn")));
        }
        let filled = fill_part(name, called, &text, context)?;
        let options = SimpleFileOptions::default().last_modified_time(stamp);
        out.start_file(path, options)
            .map_err(|error| broken(&error))?;
        out.write_all(filled.as_bytes())
            .map_err(|error| broken(&error))?;
    }
    if !found {
        return Err(broken(&"không có word/document.xml"));
    }
    let done = out.finish().map_err(|error| broken(&error))?;
    Ok(done.into_inner())
}

/// What a part with text is called in messages; `None` for any other part.
fn text_part(path: &str) -> Option<&'static str> {
    let file = path.strip_prefix("word/")?.strip_suffix(".xml")?;
    match file.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "document" => Some(""),
        "header" => Some("đầu trang, "),
        "footer" => Some("chân trang, "),
        "footnotes" | "endnotes" => Some("chú thích, "),
        _ => None,
    }
}

fn fill_part(name: &str, called: &str, xml: &str, context: &Context) -> Result<String, ToolError> {
    let part = Part::read(xml, &context.figure_ids).map_err(|fault| {
        let at = fault.paragraph.map_or(String::new(), |number| {
            let place = Place::Paragraph {
                part: called.to_owned(),
                number,
                words: fault.words.clone(),
            };
            format!("{place}: ")
        });
        ToolError::Other(Message::new(
            format!("{name}: {at}{}", fault.message.vi),
            format!("{name}: {at}{}", fault.message.en),
        ))
    })?;
    let place = |line: usize| Place::Paragraph {
        part: called.to_owned(),
        number: line.saturating_sub(1),
        words: part.words(line.saturating_sub(1)),
    };
    let filled = render(name, &part.template, context, AutoEscape::Html, &place)?;
    closed_cells(&filled).map_err(|detail| {
        ToolError::Other(Message::new(
            format!(
                "{name}: vòng lặp hay điều kiện bắt đầu và kết thúc ở hai chỗ không cân nhau (ví dụ mở trong một ô của bảng, đóng ở ô khác): {detail}"
            ),
            format!("{name}: a loop or condition begins and ends at different depths: {detail}"),
        ))
    })
}
