//! What is different between the findings of two submissions.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{CellAddress, Finding, Severity};

/// What makes a finding the same one in another submission, whose file may have another name.
pub(super) type Key<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<CellAddress>,
    &'a str,
);

/// Form, sheet, cell and rule of a finding.
pub(super) fn key(finding: &Finding) -> Key<'_> {
    let (form, sheet) = (finding.form.as_deref(), finding.sheet.as_deref());
    (form, sheet, finding.cell, &finding.rule)
}

/// How many errors and warnings are solved, still open and new since the submission before. What
/// follows from another mistake is not counted beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Were open before and are no more.
    pub solved: usize,
    /// Were open before and still are.
    pub open: usize,
    /// Are open and were not before.
    pub new: usize,
}

impl Change {
    /// Compares two lists of findings by form, sheet, cell and rule.
    pub fn between(before: &[Finding], after: &[Finding]) -> Change {
        Change::of(&asking(before.iter()), &asking(after.iter()))
    }

    pub(super) fn of(before: &BTreeSet<Key<'_>>, after: &BTreeSet<Key<'_>>) -> Change {
        Change {
            solved: before.difference(after).count(),
            open: before.intersection(after).count(),
            new: after.difference(before).count(),
        }
    }
}

/// The findings that ask for something.
pub(super) fn asking<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<Key<'a>> {
    let asks = |finding: &&Finding| {
        finding.severity != Severity::Info && finding.is_open() && !finding.review.consequence
    };
    findings.filter(asks).map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Class, Message};

    fn finding(file: &str, rule: &str, cell: &str, severity: Severity) -> Finding {
        let message = Message::new("", "");
        Finding::new(rule, Class::Rule, severity, &file.into(), message)
            .at(&"A".into(), cell.parse().unwrap())
    }

    #[test]
    fn a_file_of_another_name_has_the_same_mistakes() {
        use Severity::{Error, Info, Warning};
        let before = [
            finding("a.xlsx", "tong", "C4", Error),
            finding("a.xlsx", "thay-doi", "C5", Warning),
            finding("a.xlsx", "ghi-chu", "C6", Info),
        ];
        let after = [
            finding("a (2).xlsx", "tong", "C4", Error),
            finding("a (2).xlsx", "tong", "D4", Error),
        ];
        let expected = Change {
            solved: 1,
            open: 1,
            new: 1,
        };
        assert_eq!(Change::between(&before, &after), expected);
    }
}
