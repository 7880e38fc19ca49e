//! The text of the report: the office's own Word or Markdown file with its placeholders filled.

mod context;
mod document;
mod document_text;
mod engine;
mod figure;
mod filters;
mod operands;
mod place;
mod report;
mod words;

pub use report::{Report, TemplateSort, write};
