//! The text of the report: the office's own Word or Markdown file with its placeholders filled.

mod context;
mod document;
mod document_text;
mod figure;
mod filters;
mod operands;
mod place;
mod words;

use std::path::Path;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use crate::campaign::{Campaign, Run, ToolError};
use crate::consolidate::PastFigures;
use crate::model::value::number_from_f64;
use crate::model::{Message, value};
use place::Place;

/// What a report came to.
pub struct Report {
    /// The bytes of the finished file.
    pub bytes: Vec<u8>,
    /// Ids of the figures it shows that are provisional or not there at all, in campaign order.
    pub provisional: Vec<String>,
}

/// Sort of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A Word document (.docx).
    Word,
    /// Plain text with Markdown (.md, .txt).
    Markdown,
}

impl Sort {
    /// By the name's ending.
    pub fn of(path: &Path) -> Result<Sort, ToolError> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_lowercase).as_deref() {
            Some("docx") => Ok(Sort::Word),
            Some("md" | "txt") => Ok(Sort::Markdown),
            _ => Err(ToolError::Other(Message::new(
                format!(
                    "`{}`: mẫu báo cáo phải là tệp .docx hoặc .md; tệp .doc cũ thì mở bằng Word, lưu thành .docx",
                    path.display()
                ),
                format!(
                    "`{}`: a report template is a .docx or .md file",
                    path.display()
                ),
            ))),
        }
    }
}

/// Fills the template of a report. Everything unknown in it is told at once, with its place.
/// `previous`: the figures of the period before, if the archive has it.
pub fn write(
    template: &Path,
    campaign: &Campaign,
    run: &Run,
    previous: Option<&PastFigures>,
) -> Result<Report, ToolError> {
    let sort = Sort::of(template)?;
    let bytes = std::fs::read(template).map_err(ToolError::io(template))?;
    let name = template.display().to_string();
    let context = context::of(campaign, run, previous)?;
    let filled = match sort {
        Sort::Word => document::fill(&name, &bytes, &context)?,
        Sort::Markdown => markdown(&name, bytes, &context)?.into_bytes(),
    };
    Ok(Report {
        bytes: filled,
        provisional: context.provisional_shown(),
    })
}

fn markdown(name: &str, bytes: Vec<u8>, context: &context::Context) -> Result<String, ToolError> {
    let text = String::from_utf8(bytes).map_err(|_| {
        ToolError::Other(Message::new(
            format!(
                "{name}: không phải là chữ UTF-8; mở bằng trình soạn thảo, lưu lại với mã UTF-8"
            ),
            format!("{name}: not UTF-8 text"),
        ))
    })?;
    let text = operands::in_template(&text, &context.figure_ids);
    let place = |line: usize| Place::Line(line);
    render(name, &text, context, AutoEscape::None, &place)
}

/// Renders one template text. `place` tells where a line of it stands in the office's file.
fn render(
    name: &str,
    text: &str,
    context: &context::Context,
    escape: AutoEscape,
    place: &dyn Fn(usize) -> Place,
) -> Result<String, ToolError> {
    let mut env = environment(escape);
    env.add_template_owned(name.to_owned(), text.to_owned())
        .map_err(|error| place::told(name, &error, text, place))?;
    let template = env
        .get_template(name)
        .map_err(|error| place::told(name, &error, text, place))?;
    let globals: Vec<&str> = env.globals().map(|(global, _)| global).collect();
    let mut unknown: Vec<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !context.has(name) && !globals.contains(&name.as_str()))
        .collect();
    unknown.sort();
    if !unknown.is_empty() {
        return Err(place::unknown(name, &unknown, text, context, place));
    }
    template
        .render(&context.root)
        .map_err(|error| place::told(name, &error, text, place))
}

fn environment<'a>(escape: AutoEscape) -> Environment<'a> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_keep_trailing_newline(true);
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(move |_| escape);
    env.set_formatter(|out, state, value| {
        let shown = plain_number(value).map_or_else(
            || Value::from(printable(&value.to_string())),
            |number| Value::from(value::format_number(number)),
        );
        if value.is_undefined() {
            return minijinja::escape_formatter(out, state, value);
        }
        minijinja::escape_formatter(out, state, &shown)
    });
    filters::add(&mut env);
    env
}

/// A number computed in the template, printed the Vietnamese way.
fn plain_number(value: &Value) -> Option<crate::model::Number> {
    if value.kind() != ValueKind::Number {
        return None;
    }
    match i64::try_from(value.clone()) {
        Ok(whole) if value.is_integer() => Some(whole.into()),
        _ => number_from_f64(f64::try_from(value.clone()).ok()?),
    }
}

/// Text from workbooks without characters that no document may hold.
fn printable(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(kept).collect()
}
