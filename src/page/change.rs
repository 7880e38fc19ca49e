//! What is different between the findings of two submissions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{CellAddress, Finding};

/// A finding that asks for something, by what makes it the same one in another submission, whose
/// file may have another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OpenFinding {
    form: Option<String>,
    sheet: Option<String>,
    cell: Option<CellAddress>,
    rule: String,
}

impl OpenFinding {
    /// Form, sheet, cell and rule of a finding.
    pub(super) fn of(finding: &Finding) -> OpenFinding {
        OpenFinding {
            form: finding.form.as_deref().map(str::to_owned),
            sheet: finding.sheet.as_deref().map(str::to_owned),
            cell: finding.cell,
            rule: finding.rule.clone(),
        }
    }

    /// The findings that ask for something: open errors and warnings. What follows from another
    /// mistake is none of them.
    pub fn among<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> BTreeSet<OpenFinding> {
        let asking = findings.into_iter().filter(|finding| finding.asks());
        asking.map(OpenFinding::of).collect()
    }
}

/// How many errors and warnings are solved, still open and new since the submission before.
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
    /// Compares what is open in two submissions.
    pub fn between(before: &BTreeSet<OpenFinding>, after: &BTreeSet<OpenFinding>) -> Change {
        Change {
            solved: before.difference(after).count(),
            open: before.intersection(after).count(),
            new: after.difference(before).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Class, Message, Severity};

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
        let (before, after) = (OpenFinding::among(&before), OpenFinding::among(&after));
        assert_eq!(Change::between(&before, &after), expected);
    }
}
