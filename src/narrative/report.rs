//! Fills a report template, Word or Markdown.

use std::path::Path;

use minijinja::AutoEscape;

use super::context::{self, Context};
use super::engine::render;
use super::place::TemplatePlace;
use super::{document, operands};
use crate::campaign::{Campaign, Run, ToolError};
use crate::consolidate::PastFigures;
use crate::model::Message;

/// The outcome of filling in a report.
pub struct Report {
    /// The bytes of the finished file.
    pub bytes: Vec<u8>,
    /// Ids of the figures it shows that are provisional or not there at all, in campaign order.
    pub provisional: Vec<String>,
}

/// Sort of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateSort {
    /// A Word document (.docx).
    Word,
    /// Plain text with Markdown (.md, .txt).
    Markdown,
}

impl TemplateSort {
    /// By the name's ending.
    ///
    /// # Errors
    /// The ending is none that can be written.
    pub fn of(path: &Path) -> Result<TemplateSort, ToolError> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_lowercase).as_deref() {
            Some("docx") => Ok(TemplateSort::Word),
            Some("md" | "txt") => Ok(TemplateSort::Markdown),
            _ => Err(ToolError::Other(Message::new(
                format!(
                    "`{}`: mẫu báo cáo phải là tệp .docx hoặc .md; tệp .doc cũ thì mở bằng Word, lưu thành .docx",
                    path.display()
                ),
                format!(
                    "`{}`: a report template must be a .docx or .md file; open an old .doc file in Word and save it as .docx",
                    path.display()
                ),
            ))),
        }
    }
}

/// Fills the template of a report. Everything unknown in it is reported at once, with its place.
/// `previous`: the figures of the period before, if the archive has it.
///
/// # Errors
/// The template cannot be read or names what is unknown, or the report cannot be written.
pub fn write(
    template: &Path,
    campaign: &Campaign,
    run: &Run,
    previous: Option<&PastFigures>,
) -> Result<Report, ToolError> {
    let sort = TemplateSort::of(template)?;
    let bytes = std::fs::read(template).map_err(ToolError::io(template))?;
    let name = template.display().to_string();
    let context = context::of(campaign, run, previous)?;
    let filled = match sort {
        TemplateSort::Word => document::fill(&name, &bytes, &context)?,
        TemplateSort::Markdown => markdown(&name, bytes, &context)?.into_bytes(),
    };
    Ok(Report {
        bytes: filled,
        provisional: context.provisional_shown(),
    })
}

fn markdown(name: &str, bytes: Vec<u8>, context: &Context) -> Result<String, ToolError> {
    let text = String::from_utf8(bytes).map_err(|_| {
        ToolError::Other(Message::new(
            format!(
                "{name}: không phải là chữ UTF-8; mở bằng trình soạn thảo, lưu lại với mã UTF-8"
            ),
            format!("{name}: the text is not UTF-8; open it in an editor and save it as UTF-8"),
        ))
    })?;
    let text = operands::in_template(&text, &context.figure_ids);
    let place = |line: usize| TemplatePlace::Line(line);
    render(name, &text, context, AutoEscape::None, &place)
}
