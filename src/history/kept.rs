//! Findings as archived and compared: identified by unit, form, row, column and rule, not by the
//! file they were in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Finding, Message, Severity, sha256};
use crate::text::normalise;

/// A finding that needs an answer, apart from the workbook it was found in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeptFinding {
    /// Unit code, if known.
    pub unit: Option<String>,
    /// Form id, if it is about one form.
    pub form: Option<String>,
    /// Id of the rule or check.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// Sheet, if it is about one.
    pub sheet: Option<String>,
    /// Cell, if it is about one.
    pub cell: Option<String>,
    /// Row of the form that the cell belongs to, if a figure is there.
    pub row: Option<String>,
    /// Column of the form.
    pub column: Option<String>,
    /// Has it been explained or accepted?
    pub settled: bool,
    /// What was said.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

impl KeptFinding {
    /// A finding with the place in the form that its cell has, as (row, column).
    pub fn of(finding: &Finding, place: Option<(&str, &str)>) -> KeptFinding {
        let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(str::to_owned);
        KeptFinding {
            unit: text(&finding.unit),
            form: text(&finding.form),
            rule: finding.rule.clone(),
            severity: finding.severity,
            sheet: text(&finding.sheet),
            cell: finding.cell.map(|cell| cell.to_string()),
            row: place.map(|(row, _)| row.to_owned()),
            column: place.map(|(_, column)| column.to_owned()),
            settled: !finding.is_open(),
            vi: finding.message.vi.clone(),
            en: finding.message.en.clone(),
        }
    }

    /// What it is about. The same mistake has the same key in the next workbook and the next
    /// period, wherever the cell has moved. Without `by_unit` two workbooks of one unit are
    /// compared, whoever they say they are from.
    pub(super) fn key(&self, by_unit: bool) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let unit = if by_unit {
            text(&self.unit)
        } else {
            String::new()
        };
        let place = match (&self.row, &self.column) {
            (Some(row), Some(column)) => [normalise(row), column.clone()],
            _ => [text(&self.sheet), text(&self.cell)],
        };
        let [row, column] = place;
        vec![unit, text(&self.form), self.rule.clone(), row, column]
    }

    /// Ten hex digits that stay the same from workbook to workbook and period to period.
    pub fn id(&self) -> String {
        let mut id = sha256(self.key(true).join("\0").as_bytes());
        id.truncate(10);
        id
    }

    /// What was said.
    pub fn message(&self) -> Message {
        Message::new(self.vi.clone(), self.en.clone())
    }
}
