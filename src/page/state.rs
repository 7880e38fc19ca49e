//! How far a workbook or a form has come, in the words of the office.

use serde::Serialize;

use crate::model::Message;

/// What became of the workbooks of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// Nothing has to be done.
    Fine,
    /// Warnings wait for a correction or a reason.
    ToExplain,
    /// At least one error: goes back to the unit.
    ToCorrect,
    /// No workbook of it can be used: none could be read, or none is what the unit has to file.
    Refused,
}

impl AnswerState {
    /// In words, for lists and receipts.
    pub fn word(self) -> Message {
        let (vi, en) = match self {
            AnswerState::Fine => ("đã nhận", "received"),
            AnswerState::ToExplain => ("đã nhận, chờ giải trình", "received, to be explained"),
            AnswerState::ToCorrect => ("trả lại để sửa", "returned for correction"),
            AnswerState::Refused => ("không dùng được", "not usable"),
        };
        Message::new(vi, en)
    }
}

/// The state of one form of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormState {
    /// Nothing was received.
    NotFiled,
    /// Received, with nothing open.
    Received,
    /// Received with errors: goes back.
    Returned,
    /// Received; warnings wait for a reason.
    ToExplain,
    /// The office accepted it as it is.
    Accepted,
    /// The period is closed.
    Closed,
}

impl FormState {
    /// In words.
    pub fn word(self) -> Message {
        let (vi, en) = match self {
            FormState::NotFiled => ("chưa nộp", "not filed"),
            FormState::Received => ("đã nhận", "received"),
            FormState::Returned => ("trả lại", "returned"),
            FormState::ToExplain => ("chờ giải trình", "to be explained"),
            FormState::Accepted => ("chấp nhận", "accepted"),
            FormState::Closed => ("chốt", "closed"),
        };
        Message::new(vi, en)
    }
}
