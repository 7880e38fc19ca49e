//! Why there is no returned copy.

use std::fmt;

use crate::model::{Allowance, Message};
use crate::package::PackageProblem;
use crate::workbook::{FileProblem, Format};

/// Why there is no returned copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnError {
    /// Not an Excel workbook of 2007 or later, the only kind that can be marked in place.
    NotKeepable(Format),
    /// The workbook cannot even be read.
    Unreadable(FileProblem),
    /// The workbook is put together in a way that marking might damage; the detail says which,
    /// for whoever debugs it.
    Broken(String),
    /// The unit's time was up before the copy was made.
    TooSlow,
}

impl ReturnError {
    /// The workbook is put together in a way that marking might damage.
    pub(super) fn broken(detail: impl fmt::Display) -> Self {
        Self::Broken(detail.to_string())
    }

    /// [`ReturnError::TooSlow`] once time is up.
    pub(super) fn if_late(allowance: &Allowance<'_>) -> Result<(), Self> {
        match allowance.is_late() {
            true => Err(Self::TooSlow),
            false => Ok(()),
        }
    }

    /// The message about it.
    pub fn message(&self) -> Message {
        match self {
            Self::NotKeepable(format) => {
                let (vi, en) = format.names();
                Message::new(
                    format!("Tệp là {vi}, không thể đánh dấu ngay trong tệp"),
                    format!("The file is {en}, which cannot be marked in place"),
                )
            }
            Self::Unreadable(problem) => problem.message(),
            Self::TooSlow => Message::new(
                "Đánh dấu vào tệp mất quá nhiều thời gian",
                "Marking the file took too long",
            ),
            Self::Broken(_) => Message::new(
                "Không đánh dấu được vào tệp của đơn vị",
                "The unit's file cannot be marked",
            ),
        }
    }
}

impl From<PackageProblem> for ReturnError {
    fn from(problem: PackageProblem) -> Self {
        Self::broken(problem)
    }
}

impl fmt::Display for ReturnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for ReturnError {}
