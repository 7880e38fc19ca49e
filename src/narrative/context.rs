//! The names available in a report template: figures, campaign, units, findings, lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::Value;

use super::figure::{ShownFigure, printed, template_number};
use super::filters::common_noun;
use crate::campaign::{Campaign, Run, ToolError};
use crate::consolidate::{Consolidated, PastFigures};
use crate::model::period::day;
use crate::model::{Finding, ReportingUnit, Severity, UnitStatus, Value as Cell};
use crate::write::{ListedAppendix, ListedRow, appendix_lists};

/// Everything a template may name.
pub(super) struct Context {
    /// The names and their values.
    pub root: BTreeMap<String, Value>,
    /// Names of the report's figures.
    pub figure_ids: BTreeSet<String>,
    figures: Vec<Arc<ShownFigure>>,
}

impl Context {
    pub fn has(&self, name: &str) -> bool {
        self.root.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.root.keys().map(String::as_str)
    }

    /// Ids of figures that are not there.
    pub fn without_value(&self) -> impl Iterator<Item = &str> {
        let figures = self.figures.iter().map(|shown| &shown.figure);
        let lacking = figures.filter(|figure| figure.value.is_none());
        lacking.map(|figure| figure.id.as_str())
    }

    /// Ids of provisional figures the text has used.
    pub fn provisional_shown(&self) -> Vec<String> {
        let used = |figure: &&Arc<ShownFigure>| figure.used.load(Ordering::Relaxed);
        let shown = self.figures.iter().filter(used);
        shown
            .filter(|figure| figure.is_provisional())
            .map(|figure| figure.figure.id.clone())
            .collect()
    }
}

/// Gathers what the template may name.
///
/// # Errors
/// A figure of the report cannot be computed.
pub(super) fn of(
    campaign: &Campaign,
    run: &Run,
    previous: Option<&PastFigures>,
) -> Result<Context, ToolError> {
    let mut root = BTreeMap::from([
        ("dot".to_owned(), about(campaign)),
        ("don_vi".to_owned(), units(run)),
        ("phat_hien".to_owned(), findings(campaign, run)),
    ]);
    let mut figures = Vec::new();
    if let Some(consolidated) = &run.consolidated {
        root.insert("danh_sach".to_owned(), lists(campaign, consolidated)?);
        figures = shown(consolidated, previous);
    }
    let figure_ids = figures
        .iter()
        .map(|figure| figure.figure.id.clone())
        .collect();
    for figure in &figures {
        let value = Value::from_dyn_object(figure.clone());
        root.insert(figure.figure.id.clone(), value);
    }
    Ok(Context {
        root,
        figure_ids,
        figures,
    })
}

fn shown(consolidated: &Consolidated, previous: Option<&PastFigures>) -> Vec<Arc<ShownFigure>> {
    let figures = consolidated.figures.iter().enumerate();
    figures
        .map(|(index, figure)| {
            let before = |past: &PastFigures| past.figures.get(index).cloned();
            Arc::new(ShownFigure {
                figure: figure.clone(),
                before: previous.and_then(before),
                used: AtomicBool::new(false),
            })
        })
        .collect()
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::from_iter(entries)
}

fn about(campaign: &Campaign) -> Value {
    let file = &campaign.file;
    let deadline = file.deadline.map(day).unwrap_or_default();
    map([
        ("ten", file.name.as_str().into()),
        ("tieu_de", file.title.as_str().into()),
        ("ky", file.period.vietnamese().into()),
        ("ky_truoc", file.previous_period().vietnamese().into()),
        ("co_quan", file.office.as_str().into()),
        (
            "co_quan_cap_tren",
            file.parent_office.as_deref().unwrap_or_default().into(),
        ),
        ("noi_ky", file.place.as_str().into()),
        ("han_nop", deadline.into()),
    ])
}

fn unit(unit: &ReportingUnit) -> Value {
    map([
        ("ma", unit.code.as_str().into()),
        ("ten", unit.name.as_str().into()),
        ("ten_thuong", common_noun(&unit.name).into()),
        ("loai", unit.kind.as_str().into()),
        ("nhom", unit.group.as_str().into()),
    ])
}

/// Units by status; `phai_nop` are all units that have to file.
fn units(run: &Run) -> Value {
    let of = |wanted: &dyn Fn(UnitStatus) -> bool| -> Value {
        let units = run.units.iter().filter(|filing| wanted(filing.status));
        units.map(|filing| unit(&filing.unit)).collect()
    };
    map([
        ("phai_nop", of(&|status| status != UnitStatus::NotExpected)),
        ("da_dat", of(&|status| status == UnitStatus::Accepted)),
        ("bi_tra_lai", of(&|status| status == UnitStatus::Returned)),
        ("chua_nop", of(&|status| status == UnitStatus::Missing)),
    ])
}

/// Open findings: how many, and each.
fn findings(campaign: &Campaign, run: &Run) -> Value {
    let open = || run.findings.iter().filter(|finding| finding.is_open());
    let count = |severity| open().filter(|f| f.severity == severity).count();
    let listed = open().filter(|finding| finding.severity != Severity::Info);
    map([
        ("loi", Value::from(count(Severity::Error))),
        ("canh_bao", Value::from(count(Severity::Warning))),
        (
            "danh_sach",
            listed.map(|finding| told(campaign, finding)).collect(),
        ),
    ])
}

fn told(campaign: &Campaign, finding: &Finding) -> Value {
    let unit = finding.unit.as_ref();
    let unit = unit.and_then(|code| campaign.roster.by_code(code));
    let text = |text: Option<String>| Value::from(text.unwrap_or_default());
    map([
        ("don_vi", text(unit.map(|unit| unit.name.clone()))),
        ("bieu", text(finding.form.as_ref().map(ToString::to_string))),
        ("o", text(finding.cell.map(|cell| cell.to_string()))),
        ("noi_dung", finding.message.vi.as_str().into()),
        ("quy_tac", finding.rule.as_str().into()),
    ])
}

/// The lines of the appendices that have an id, as printed there.
fn lists(campaign: &Campaign, consolidated: &Consolidated) -> Result<Value, ToolError> {
    let lists = appendix_lists(&campaign.file, consolidated)?;
    let named = lists
        .into_iter()
        .map(|list| (list.id.clone(), listed(&list)));
    Ok(named.collect())
}

fn listed(list: &ListedAppendix) -> Value {
    let rows = || list.groups.iter().flat_map(|group| &group.rows);
    let groups = list.groups.iter().map(|group| {
        map([
            ("ten", group.title.as_str().into()),
            ("so", group.rows.len().into()),
            ("dong", group.rows.iter().map(row).collect()),
        ])
    });
    map([
        ("tieu_de", list.title.as_str().into()),
        ("so", rows().count().into()),
        ("nhom", groups.collect()),
        ("dong", rows().map(row).collect()),
    ])
}

fn row(row: &ListedRow) -> Value {
    let cell = |value: &Cell| match value {
        Cell::Number(number) => template_number(*number),
        Cell::Flag(flag) => Value::from(*flag),
        other => Value::from(other.to_string()),
    };
    let text = |value: &Cell| match value {
        Cell::Number(number) => printed(*number),
        other => other.to_string(),
    };
    let columns = || row.values.iter();
    let values = columns().filter_map(|(name, value)| Some((name.clone(), cell(value.as_ref()?))));
    let texts = columns().map(|(name, value)| {
        let text = value.as_ref().map_or(String::new(), text);
        (name.clone(), Value::from(text))
    });
    map([
        ("ten", row.name.as_str().into()),
        ("ten_thuong", common_noun(&row.name).into()),
        ("gia_tri", values.collect()),
        ("chu", texts.collect()),
    ])
}
