//! What is different between two submissions or two periods, as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::held::JsonValue;
use crate::campaign::Compared;
use crate::campaign::compare::Named;
use crate::history::{Change, ChangeKind, KeptFinding};
use crate::model::{Lang, Period, Severity, Value};
use crate::report::diff::{Labels, taken_over};

/// What is different in the second of two submissions, folders or periods.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffDocument<'a> {
    /// Version of the program.
    tonghop: &'a str,
    /// What came before.
    first: SideEntry<'a>,
    /// What came after.
    second: SideEntry<'a>,
    /// Number of figures that are the same in both.
    same: usize,
    /// Codes of units that only the first has.
    only_first: Vec<&'a str>,
    /// Codes of units that only the second has.
    only_second: Vec<&'a str>,
    /// Units of the later period that were made of others, in words.
    mergers: Vec<String>,
    /// Every figure that differs.
    figures: Vec<ChangeEntry<'a>>,
    /// Findings; null where a period has none kept.
    findings: Option<FindingsEntry<'a>>,
}

/// One side of the comparison.
#[derive(Debug, Serialize, JsonSchema)]
struct SideEntry<'a> {
    /// A file or folder as given, or a version of a closed period.
    name: &'a str,
    /// Whose figures, if they are one unit's.
    unit: Option<&'a str>,
    /// Of when, if it is known.
    #[schemars(with = "Option<String>")]
    period: Option<Period>,
}

/// A figure that differs.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangeEntry<'a> {
    /// Code of the unit.
    unit: &'a str,
    /// Id of the form.
    form: &'a str,
    /// Id of the row, or the row's name as typed.
    row: &'a str,
    /// Id of the column.
    column: &'a str,
    /// Row and column in words.
    label: String,
    /// What happened to it.
    change: ChangeKind,
    /// What it was.
    old: Option<JsonValue>,
    /// What it is.
    new: Option<JsonValue>,
    /// `new` minus `old`.
    difference: Option<JsonValue>,
    /// Where it was read.
    file: Option<&'a str>,
    /// Where it was read.
    sheet: Option<&'a str>,
    /// Where it was read, as `C12`.
    cell: Option<String>,
}

/// Findings of both sides.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingsEntry<'a> {
    /// Only the first has them, and the second has their form.
    solved: Vec<KeptEntry<'a>>,
    /// Only the first has them; the second lacks the unit or its form.
    not_filed: Vec<KeptEntry<'a>>,
    /// Both have them; explained or accepted in the second.
    explained: Vec<KeptEntry<'a>>,
    /// Both have them, and they are open.
    open: Vec<KeptEntry<'a>>,
    /// Only the second has them.
    new: Vec<KeptEntry<'a>>,
}

/// A finding of a side.
#[derive(Debug, Serialize, JsonSchema)]
struct KeptEntry<'a> {
    /// Stays the same as long as unit, form, rule and cell do.
    id: String,
    /// Code of the unit.
    unit: Option<&'a str>,
    /// Id of the form.
    form: Option<&'a str>,
    /// Id of the rule or check.
    rule: &'a str,
    /// How much it matters.
    severity: Severity,
    /// Sheet.
    sheet: Option<&'a str>,
    /// Cell, as `C12`.
    cell: Option<&'a str>,
    /// What was reported.
    message: String,
}

/// The comparison.
pub fn document<'a>(compared: &'a Compared, labels: &Labels<'_>, lang: Lang) -> DiffDocument<'a> {
    let difference = &compared.difference;
    let list = |list: &'a [KeptFinding]| list.iter().map(|one| kept(one, lang)).collect();
    let figures = difference.figures.iter();
    let mergers = compared.mergers.iter();
    DiffDocument {
        tonghop: env!("CARGO_PKG_VERSION"),
        first: side(&compared.first),
        second: side(&compared.second),
        same: difference.same,
        only_first: difference.only_first.keys().map(|unit| &**unit).collect(),
        only_second: difference.only_second.keys().map(|unit| &**unit).collect(),
        mergers: mergers.map(|merger| taken_over(merger, lang)).collect(),
        figures: figures.map(|change| figure(change, labels)).collect(),
        findings: difference.findings.as_ref().map(|change| FindingsEntry {
            solved: list(&change.solved),
            not_filed: list(&change.not_filed),
            explained: list(&change.explained),
            open: list(&change.open),
            new: list(&change.new),
        }),
    }
}

fn side(side: &Named) -> SideEntry<'_> {
    SideEntry {
        name: &side.name,
        unit: side.unit.as_deref(),
        period: side.period,
    }
}

fn figure<'a>(change: &'a Change, labels: &Labels<'_>) -> ChangeEntry<'a> {
    let source = change.source.as_ref();
    let difference = change.difference().map(Value::Number);
    ChangeEntry {
        unit: &change.unit,
        form: &change.form,
        row: &change.row,
        column: &change.column,
        label: labels.cell(&change.form, &change.row, &change.column),
        change: change.kind(),
        old: change.old.as_ref().map(JsonValue::of),
        new: change.new.as_ref().map(JsonValue::of),
        difference: difference.as_ref().map(JsonValue::of),
        file: source.map(|source| &*source.file),
        sheet: source.map(|source| &*source.sheet),
        cell: source.map(|source| source.cell.to_string()),
    }
}

fn kept(finding: &KeptFinding, lang: Lang) -> KeptEntry<'_> {
    KeptEntry {
        id: finding.id(),
        unit: finding.unit.as_deref(),
        form: finding.form.as_deref(),
        rule: &finding.rule,
        severity: finding.severity,
        sheet: finding.sheet.as_deref(),
        cell: finding.cell.as_deref(),
        message: lang.of(&finding.message()).to_owned(),
    }
}
