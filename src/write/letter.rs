//! Letters as one Word document, each on a page of its own.

use std::io::Cursor;

use docx_rs::{AlignmentType, BreakType, Docx, PageMargin, Paragraph, Run, RunFonts};

use super::paper::error::{WriteError, unforeseen};
use crate::model::Message;

/// Half points of the text and of the title.
const TEXT: usize = 28;
const TITLE: usize = 30;

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about.
    pub title: String,
    /// What it says; lines are paragraphs.
    pub text: String,
}

/// The letters as a document, laid out as an office writes (A4, margins of Nghị định 30/2020/NĐ-CP,
/// Times New Roman 14), headed by the office; `stamp` is when they were made (RFC 3339).
///
/// # Errors
/// The document cannot be packed.
pub fn letters_document(
    letters: &[Letter],
    office: &str,
    stamp: &str,
) -> Result<Vec<u8>, WriteError> {
    let font = RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia("Times New Roman");
    let mut document = Docx::new()
        .default_fonts(font)
        .default_size(TEXT)
        .page_size(11_906, 16_838)
        .page_margin(
            PageMargin::new()
                .top(1_134)
                .bottom(1_134)
                .left(1_701)
                .right(850),
        )
        .created_at(stamp)
        .updated_at(stamp);
    for (at, letter) in letters.iter().enumerate() {
        let mut head = Run::new().add_text(office.to_uppercase()).bold();
        if at > 0 {
            head = Run::new()
                .add_break(BreakType::Page)
                .add_text(office.to_uppercase())
                .bold();
        }
        document = document.add_paragraph(Paragraph::new().add_run(head));
        let title = Run::new().add_text(&letter.title).bold().size(TITLE);
        let title = Paragraph::new().add_run(title).align(AlignmentType::Center);
        document = document
            .add_paragraph(Paragraph::new())
            .add_paragraph(title)
            .add_paragraph(Paragraph::new());
        for line in letter.text.lines() {
            let paragraph = Paragraph::new().add_run(Run::new().add_text(line));
            document = document.add_paragraph(paragraph.align(AlignmentType::Both));
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    document.build().pack(&mut bytes).map_err(|_| {
        let Message { vi, en } = unforeseen();
        WriteError::new(
            format!("không tạo được văn bản Word: {vi}"),
            format!("the Word document cannot be built: {en}"),
        )
    })?;
    Ok(bytes.into_inner())
}
