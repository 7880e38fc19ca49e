//! A doubt about a form file, and how one is made.

use std::ops::Range;

use crate::model::{Message, Severity};

/// A doubt about a form file.
#[derive(Debug, Clone)]
pub struct Hint {
    /// How bad it is.
    pub severity: Severity,
    /// Byte range in the form file, where one is known.
    pub span: Option<Range<usize>>,
    /// The rule it is about, if it is about one.
    pub rule: Option<String>,
    /// What is doubtful and what to write instead.
    pub message: Message,
}

pub(super) fn hint(severity: Severity, span: Option<Range<usize>>, vi: String, en: String) -> Hint {
    Hint {
        severity,
        span,
        rule: None,
        message: Message { vi, en },
    }
}
