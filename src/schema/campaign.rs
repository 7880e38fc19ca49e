//! The types of `campaign.toml`: one period x forms x roster.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::checks::Checks;
use super::control::ControlText;
use super::file::{Orientation, Rounding};
use crate::model::{PartLength, Period, ReportingUnit};

/// `campaign.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignFile {
    /// Short name: letters, digits, `-`.
    pub name: String,
    /// Title of the report.
    pub title: String,
    /// The reference period.
    #[schemars(with = "String")]
    pub period: Period,
    /// The closed periods of the archive the period is put together from, instead of files that
    /// units send: `months` or `quarters`.
    #[schemars(with = "Option<PartLength>")]
    pub made_of: Option<Spanned<PartLength>>,
    /// The period that `PREV()` reads, if it is not the calendar's previous one.
    #[schemars(with = "Option<String>")]
    pub previous: Option<Period>,
    /// Folder of the closed periods, relative to the campaign, where campaigns share one:
    /// `../history`. `history` if absent.
    #[schemars(with = "Option<String>")]
    pub history: Option<Spanned<String>>,
    /// The office above the issuing office, printed at the top left.
    pub parent_office: Option<String>,
    /// The issuing office.
    pub office: String,
    /// Where it is signed.
    pub place: String,
    /// The last day on which units may file.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<NaiveDate>,
    /// Whom units ask, printed in the copies that go back to them: a name, a telephone number.
    pub contact: Option<String>,
    /// Kinds of unit of the roster with their names, in the order tables list them.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
    /// Forms of the campaign, in order.
    #[serde(rename = "form")]
    pub forms: Vec<CampaignForm>,
    /// Figures of the report.
    #[serde(default, rename = "figure")]
    pub figures: Vec<FigureText>,
    /// Appendix tables.
    #[serde(default, rename = "appendix")]
    pub appendices: Vec<AppendixText>,
    /// Indicators whose first and last units the master workbook charts; the first figure that is
    /// a field of a form many units file, if absent.
    #[serde(default, rename = "chart")]
    pub charts: Vec<ChartText>,
    /// Errors the office accepts by name; the master workbook prints each.
    #[serde(default, rename = "accept")]
    pub accepts: Vec<Accept>,
    /// Figures known from elsewhere that units' figures and totals must equal.
    #[serde(default, rename = "control")]
    pub controls: Vec<ControlText>,
    /// Settings of the checks of unusual figures; they go before those of the forms.
    #[serde(default)]
    pub checks: Checks,
    /// Rules this campaign switches off; the master workbook prints each with its reason.
    #[serde(default, rename = "rule_off")]
    pub off: Vec<RuleOff>,
}

impl CampaignFile {
    /// The period that `PREV()` reads.
    pub fn previous_period(&self) -> Period {
        self.previous.unwrap_or_else(|| self.period.previous())
    }

    /// Must this unit file this form, as it is on a day?
    pub fn expects(&self, unit: &ReportingUnit, form: &str, day: NaiveDate) -> bool {
        let asked = self.forms.iter().find(|asked| asked.id.get_ref() == form);
        unit.active_on(day)
            && asked.is_some_and(|asked| match (&asked.units, &asked.kinds) {
                (Some(units), _) => units.contains(&unit.code),
                (None, Some(kinds)) => kinds.contains(&unit.kind),
                (None, None) => true,
            })
    }
}

/// A rule of a form that this campaign switches off.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleOff {
    /// Id of the form.
    #[schemars(with = "String")]
    pub form: Spanned<String>,
    /// Id of the rule.
    #[schemars(with = "String")]
    pub rule: Spanned<String>,
    /// Why it is switched off.
    pub reason: String,
    /// Who decided it.
    pub by: String,
    /// The day on which it was decided.
    #[schemars(with = "String")]
    pub on: NaiveDate,
}

/// An indicator by which the master workbook ranks units.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartText {
    /// A field of a form: `form!row.column`, or `form!column` of a free-row form.
    #[schemars(with = "String")]
    pub value: Spanned<String>,
    /// Title of the chart; as the form calls the field if absent.
    pub title: Option<String>,
    /// Number of units at either end, 1 to 50; 10 if absent.
    #[schemars(with = "Option<usize>", range(min = 1, max = 50))]
    pub top: Option<usize>,
}

/// An error the office accepts: it no longer keeps the unit's form out of the totals.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Code of the unit.
    pub unit: String,
    /// Id of the rule.
    pub rule: String,
    /// Form, where the same rule and cell occur in several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Cell of the finding; absent if the finding has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepts it.
    pub by: String,
    /// The day on which it was accepted.
    #[schemars(with = "String")]
    pub on: NaiveDate,
}

/// A kind of reporting unit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// As in the roster: `so`, `xa`, `phuong`.
    pub id: String,
    /// As printed: "Sở, ban, ngành".
    pub name: String,
    /// What the names of its units follow at the top left of their forms, instead of
    /// `parent_office`: `Ủy ban nhân dân` for communes, whose committee has no office above it
    /// there (Nghị định 30/2020/NĐ-CP).
    pub above: Option<String>,
}

/// A form of the campaign and who must file it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignForm {
    /// Form id: `schemas/<id>.toml` of the campaign if there is one, else the built-in form.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Form file, relative to the campaign, if it is somewhere else.
    pub path: Option<String>,
    /// Kinds of unit that must file it; all if absent.
    pub kinds: Option<Vec<String>>,
    /// Codes of the units that must file it, instead of `kinds`.
    pub units: Option<Vec<String>>,
}

/// A figure of the report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureText {
    /// Id that the report's text uses: `A01`.
    pub id: String,
    /// What it is.
    pub label: String,
    /// An Excel expression over consolidated facts: `form!row.column`.
    #[schemars(with = "String")]
    pub value: Spanned<String>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// Declared decimals; as computed if absent.
    pub decimals: Option<u32>,
    /// How it is brought to its decimals.
    #[serde(default)]
    pub rounding: Rounding,
}

/// An appendix table of the report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppendixText {
    /// Name by which the text of the report uses its lines: lower-case letters, digits and `_`.
    pub id: Option<String>,
    /// Title of the table.
    pub title: String,
    /// Sheet name.
    pub sheet: String,
    /// Form it is made of.
    #[schemars(with = "String")]
    pub form: Spanned<String>,
    /// What a line of it is.
    pub list: AppendixList,
    /// `list = "rows"`: columns of the form. `list = "units"`: fields of the form shown for each
    /// unit, as `row.column` (fixed rows) or `column` (totals of free rows). May be empty.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Header texts that replace the form's own, by name in `columns`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Columns computed from figures of the same line, by the name they have in `columns`.
    #[serde(default)]
    pub computed: BTreeMap<String, ComputedColumn>,
    /// Only lines for which this holds: a flag (`row.column`) or a condition (`tong > 0`).
    #[serde(rename = "where")]
    #[schemars(with = "Option<String>")]
    pub filter: Option<Spanned<String>>,
    /// Name in `columns` whose figures order the lines within their group, smallest first; with
    /// `-` before it largest first. Lines without a figure come last. Roster order if absent.
    #[schemars(with = "Option<String>")]
    pub order: Option<Spanned<String>>,
    /// At most this many lines in each group, after ordering; all if absent. Totals are of the
    /// lines shown.
    pub top: Option<usize>,
    /// Amounts are shown divided by this number (1000 shows triệu đồng as tỷ đồng), rounded so that
    /// they add up as shown.
    pub divide: Option<u32>,
    /// Decimals of divided figures.
    #[serde(default)]
    pub decimals: u32,
    /// Group the lines of units under the roster's groups, numbered I, II, III.
    #[serde(default)]
    pub by_group: bool,
    /// Label of the total row; none if absent.
    pub total: Option<String>,
    /// Unit of measure, printed right above the table.
    pub unit: Option<String>,
    /// Notes under the table.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Who signs under the table, left to right; `\n` begins a new line: "KT. GIÁM ĐỐC\nPHÓ GIÁM
    /// ĐỐC". Not signed by itself if absent.
    #[serde(default)]
    pub signature: Vec<String>,
    /// Paper orientation.
    #[serde(default)]
    pub orientation: Orientation,
}

/// A column of an appendix that is computed from figures of its line; in subtotals and totals it
/// is computed anew from their figures.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputedColumn {
    /// An Excel expression over names of the form, or of other forms (`form!row.column`).
    #[schemars(with = "String")]
    pub value: Spanned<String>,
    /// Header text.
    pub header: String,
    /// Decimals it is rounded to.
    #[serde(default)]
    pub decimals: u32,
    /// How it is brought to its decimals.
    #[serde(default)]
    pub rounding: Rounding,
}

/// What a line of an appendix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AppendixList {
    /// A row of a free-row form.
    Rows,
    /// A reporting unit.
    Units,
}
