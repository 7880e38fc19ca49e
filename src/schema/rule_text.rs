//! The rules of a form file as they are written, and the examples that show what they find.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::model::{Period, Severity};

/// A rule as it is written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// Id; names the defect: `tiep-nhan-lech-tong`.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// What must hold: an Excel comparison over names.
    #[schemars(with = "String")]
    pub check: Spanned<String>,
    /// The rule is evaluated only where this holds.
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<String>>,
    /// Of a rule over columns: the only rows it is evaluated on, ids or ranges `first:last`.
    #[schemars(with = "Option<Vec<String>>")]
    pub rows: Option<Vec<Spanned<String>>>,
    /// Of a rule over columns: rows it is not evaluated on.
    #[schemars(with = "Option<Vec<String>>")]
    pub except_rows: Option<Vec<Spanned<String>>>,
    /// Of a rule over rows: the only columns it is evaluated on, ids or ranges `first:last`. Columns
    /// of percentages, ratios and averages are left out unless they are named here.
    #[schemars(with = "Option<Vec<String>>")]
    pub columns: Option<Vec<Spanned<String>>>,
    /// Of a rule over rows: columns it is not evaluated on.
    #[schemars(with = "Option<Vec<String>>")]
    pub except_columns: Option<Vec<Spanned<String>>>,
    /// Of a rule over columns of a free-row form: is it evaluated on the total row? If absent, it
    /// is where what holds on each row holds for their sum.
    #[schemars(with = "Option<bool>")]
    pub total_row: Option<Spanned<bool>>,
    /// Kinds of unit whose figures must satisfy it; with `units`, these and those. All units if
    /// neither is there.
    pub kinds: Option<Vec<String>>,
    /// Codes of the units whose figures must satisfy it, beside those of `kinds`.
    pub units: Option<Vec<String>>,
    /// How bad it is if it does not.
    #[serde(default = "error")]
    pub severity: Severity,
    /// What a blank among the names does.
    #[serde(default)]
    pub blank: BlankPolicy,
    /// Why it must hold, in the clerk's words; the figures are added to it.
    pub message: Option<String>,
    /// The first period it is in force; all if absent.
    #[schemars(with = "Option<String>")]
    pub since: Option<Period>,
    /// The last period it is in force; all if absent.
    #[schemars(with = "Option<String>")]
    pub until: Option<Period>,
    /// In force, or on trial.
    #[serde(default)]
    pub status: RuleStatus,
}

/// How far a rule is to be trusted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleStatus {
    /// In force.
    #[default]
    Active,
    /// On trial: evaluated and reported, never counted against a unit.
    Beta,
}

fn error() -> Severity {
    Severity::Error
}

/// What a rule does when a cell it needs is blank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlankPolicy {
    /// Not evaluated if any cell it names is blank.
    #[default]
    SkipAny,
    /// Not evaluated if all cells it names are blank; a single blank counts as 0.
    SkipAll,
    /// A blank counts as 0.
    Zero,
}

/// Figures of an example by the name of their cell.
pub type Cells = BTreeMap<Spanned<String>, toml::Value>;

/// Figures and the rules they break; checked whenever the form's tests run.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The period of the figures, such as "2025-09", for rules that read its days or are not always
    /// in force; if absent, that of the campaign, if there is one.
    #[schemars(with = "Option<String>")]
    pub period: Option<Period>,
    /// Fixed rows: `"row.column" = figure`.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub cells: Cells,
    /// Free rows: one table a row, `column = figure`.
    #[serde(default)]
    #[schemars(with = "Vec<std::collections::BTreeMap<String, serde_json::Value>>")]
    pub rows: Vec<Cells>,
    /// The period before, in the same notation as `cells` (fixed rows).
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub previous: Cells,
    /// The same period of the year before, as `previous`.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub year_before: Cells,
    /// The sums over the periods of this year before this one, as `previous`.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub year_to_date: Cells,
    /// Ids of the rules these figures break; none if they are right.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub breaks: Vec<Spanned<String>>,
}
