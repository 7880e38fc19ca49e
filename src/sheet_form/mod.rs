//! Forms written in spreadsheets by the people who own them: a workbook is read into the text of a
//! form file, with the cell behind every part of it, and a form file is laid out as such sheets.
//!
//! Files in order of dependence: `words` (headings and choices), `told`, `text` (the form text and
//! the cells behind it), `formula`, `cells`, `lines` (a heading and what is under it), `called` (which sheet is which), `value`, `names`,
//! `terms` (expressions in cells), `other`, `pairs` (keys and values), `fields`, `rules`, `examples` (one sheet each),
//! `read_words`, `mend` (what the form language refuses), `finish`, `beside` (a blank with rules),
//! `read`, `campaign` (a whole campaign),
//! `left_out` (it without its mistakes), `places`,
//! then the way back: `split` (a rule into columns), `shown` (values in cells), `lay_examples`, `lay`, `lay_campaign`,
//! and `same` (is it still the same form).

pub mod beside;
mod called;
pub mod campaign;
mod cells;
mod examples;
mod fields;
mod finish;
mod formula;
pub mod lay;
pub mod lay_campaign;
mod lay_examples;
pub mod left_out;
mod lines;
mod mend;
mod names;
mod other;
mod pairs;
pub mod places;
mod read;
mod read_words;
mod rule_faults;
mod rules;
pub mod same;
mod shown;
mod split;
mod terms;
mod text;
mod told;
mod value;
pub mod words;

pub use finish::{SheetError, SheetForm, wrong};
pub use formula::without_value;
pub use read::{owners_sheets, read, sheets};
pub use read_words::in_words;
pub use text::{Places, quoted};
pub use told::Mistake;
