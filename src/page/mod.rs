//! The pages a reporting unit sees: what is due, the answer to a workbook it sent, a receipt,
//! refusals; and those of the office (`office`). What was judged goes in, HTML comes out; nothing here reads a file or a clock, so that a
//! page in a browser renders the same answer.
//!
//! `answer` turns findings and tables into what is shown (`card`, `sheet`, `fault`); the rest are
//! pages around it. Templates and styles lie in `html/` and are compiled in.

mod answer;
mod assets;
mod card;
mod change;
mod engine;
mod fault;
mod frame;
mod marks;
#[cfg(feature = "full")]
pub mod office;
mod plain;
mod receipt;
mod refusal;
#[cfg(feature = "full")]
mod rule;
mod sheet;
mod state;
mod unit;
mod words;

pub use answer::{Answer, Asked, Download, Downloads, Sent};
pub use assets::{Asset, CONTENT_SECURITY_POLICY, assets};
pub use change::{Change, OpenFinding};
pub use engine::in_lang;
pub use frame::Frame;
pub use receipt::{Receipt, ReceiptFile, receipt_page};
pub use refusal::{Refusal, refusal_page};
#[cfg(feature = "full")]
pub use rule::rule_page;
pub use state::{AnswerState, FormState};
pub use unit::{Earlier, EarlierLinks, FormLine, UnitLinks, UnitPage, unit_page};
