//! Two queues: what is wrong by kind, where the same mistake at the same place in many units is one
//! line, and by unit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::extract::Query;
use axum::response::Response;

use super::board::{Now, heads};
use super::history::{column_words, row_words};
use super::officer::{Fields, Officer};
use super::shown::{self, moment_of};
use super::unit::base;
use crate::commands::rule_words;
use crate::consolidate::TableField;
use crate::model::{CellAddress, Finding, Lang, Severity};
use crate::page::FormState;
use crate::page::office::{MistakeKind, Mistakes, QueuedUnit, Room, mistakes_page};
use crate::serve::refusal::Refusal;

/// From so many units on, and this share (a third) of those that filed, a mistake is the form's.
const MANY: usize = 5;
const SHARE: usize = 3;
/// Kinds that are shown at most.
const MOST: usize = 300;

/// The page of mistakes.
pub(super) async fn show(
    officer: Officer,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let now = officer.now().await?;
    let fields = Fields(fields);
    let lang = officer.manner.lang;
    let (form, severity) = (fields.get("bieu"), fields.get("muc"));
    let by_unit = fields.get("theo") == "don-vi";
    let asked = |finding: &&Finding| {
        let of_form = form.is_empty() || finding.form.as_deref() == Some(form);
        let grave = match severity {
            "error" => finding.severity == Severity::Error,
            "warning" => finding.severity == Severity::Warning,
            _ => true,
        };
        of_form && grave
    };
    let count = |severity| {
        open(&now)
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let forms = now
        .stand
        .campaign
        .forms
        .iter()
        .map(|form| form.id().to_owned());
    let page = Mistakes {
        by_unit,
        kinds: if by_unit {
            Vec::new()
        } else {
            kinds(&now, open(&now).filter(asked), lang)
        },
        units: if by_unit {
            units(&now, lang)
        } else {
            Vec::new()
        },
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        forms: forms.zip(heads(&now.stand)).collect(),
        form: form.to_owned(),
        severity: severity.to_owned(),
    };
    let place = ("/loi", Room::Mistakes);
    let campaign = &now.stand.campaign;
    shown::page_of(
        &officer,
        campaign,
        place,
        shown::Said::default(),
        |frame, nav| mistakes_page(frame, nav, &page),
    )
}

/// Mistakes that wait for somebody: what follows from another is none, nor that nothing was filed.
pub(super) fn open(now: &Now) -> impl Iterator<Item = &Finding> {
    now.stand
        .run
        .findings
        .iter()
        .filter(|finding| finding.asks() && finding.unit.is_some() && !finding.file.is_empty())
}

/// What is the same in several units: rule, form, and the field, or else the cell.
type Key<'a> = (&'a str, Option<&'a str>, Where);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    /// Row of the form, if its rows are fixed, and column.
    Field(Option<usize>, usize),
    Cell(Option<CellAddress>),
}

fn kinds<'a>(
    now: &'a Now,
    findings: impl Iterator<Item = &'a Finding>,
    lang: Lang,
) -> Vec<MistakeKind> {
    let fields = fields_of_cells(now);
    let mut groups: BTreeMap<Key<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let place = finding.sheet.as_deref().zip(finding.cell);
        let field = place.and_then(|(sheet, cell)| fields.get(&(&*finding.file, sheet, cell)));
        let place = field.copied().unwrap_or(Where::Cell(finding.cell));
        let key = (&*finding.rule, finding.form.as_deref(), place);
        groups.entry(key).or_default().push(finding);
    }
    let filed = filed(now);
    let mut kinds: Vec<MistakeKind> = groups
        .into_iter()
        .map(|((rule, form, place), of)| kind(now, rule, form, place, &of, &filed, lang))
        .collect();
    kinds.sort_by_key(|kind| {
        std::cmp::Reverse((kind.widespread, kind.error, kind.units.len(), kind.count))
    });
    kinds.truncate(MOST);
    kinds
}

/// Which field each cell that was read is.
fn fields_of_cells(now: &Now) -> HashMap<(&str, &str, CellAddress), Where> {
    let mut fields = HashMap::new();
    for table in &now.stand.run.tables {
        for row in table.rows.iter().chain(&table.total) {
            for (column, cell) in row.cells.iter().enumerate() {
                if let Some(address) = cell.address {
                    let place = (&*table.file, &*table.sheet, address);
                    fields.insert(place, Where::Field(row.row, column));
                }
            }
        }
    }
    fields
}

/// How many units filed each form.
fn filed(now: &Now) -> HashMap<&str, usize> {
    let mut filed = HashMap::new();
    for table in &now.stand.run.tables {
        *filed.entry(table.form.id()).or_default() += 1;
    }
    filed
}

fn kind(
    now: &Now,
    rule: &str,
    form: Option<&str>,
    place: Where,
    of: &[&Finding],
    filed: &HashMap<&str, usize>,
    lang: Lang,
) -> MistakeKind {
    let campaign = &now.stand.campaign;
    let codes: BTreeSet<&str> = of
        .iter()
        .filter_map(|finding| finding.unit.as_deref())
        .collect();
    let units = campaign.units_in_order();
    let units = units.iter().filter(|unit| codes.contains(&*unit.code));
    let units: Vec<(String, String)> = units
        .map(|unit| (unit.name.clone(), base(&unit.code)))
        .collect();
    let known = campaign.forms.iter().find(|known| Some(known.id()) == form);
    let words = |row, column| {
        let (form, field) = (known?, TableField { row, column });
        let words = [row_words(form, &field), column_words(form, &field)];
        let words: Vec<String> = words
            .into_iter()
            .filter(|words| !words.is_empty())
            .collect();
        Some(words.join(" / "))
    };
    let all = form
        .and_then(|form| filed.get(form).copied())
        .unwrap_or(units.len());
    let first = of.first().and_then(|finding| finding.cell);
    let same = of.iter().all(|finding| finding.cell == first);
    MistakeKind {
        rule: rule.to_owned(),
        checks: rule_words(rule, campaign).unwrap_or_else(|| rule.to_owned()),
        rule_href: format!("/quy-tac/{}", super::address::encoded(rule)),
        error: of.iter().any(|finding| finding.severity == Severity::Error),
        form: known.map_or(String::new(), |form| form.file.title.clone()),
        place: match place {
            Where::Field(row, column) => words(row, column).unwrap_or_default(),
            Where::Cell(_) => String::new(),
        },
        cell: first.filter(|_| same).map(|cell| cell.to_string()),
        example: of.first().map_or(String::new(), |finding| {
            lang.of(&finding.message).to_owned()
        }),
        widespread: units.len() >= MANY && units.len() * SHARE >= all,
        count: of.len(),
        filed: all,
        units,
    }
}

fn units(now: &Now, lang: Lang) -> Vec<QueuedUnit> {
    let mut first: HashMap<&str, &Finding> = HashMap::new();
    for finding in open(now) {
        let Some(unit) = finding.unit.as_deref() else {
            continue;
        };
        let known = first.get(unit);
        if known.is_none_or(|known| finding.severity < known.severity) {
            first.insert(unit, finding);
        }
    }
    let waits = |state| matches!(state, FormState::Returned | FormState::ToExplain);
    let mut queue: Vec<_> = now
        .units
        .iter()
        .filter(|one| waits(one.state) || one.errors > 0)
        .collect();
    queue.sort_by_key(|one| std::cmp::Reverse((one.errors, one.warnings)));
    queue
        .into_iter()
        .map(|one| QueuedUnit {
            name: one.unit.name.clone(),
            href: base(&one.unit.code),
            state: one.state,
            word: lang.of(&one.state.word()).to_owned(),
            errors: one.errors,
            warnings: one.warnings,
            filed: one.filed.map(|at| moment_of(at, lang)),
            first: first
                .get(&*one.unit.code)
                .map(|found| lang.of(&found.message).to_owned()),
        })
        .collect()
}
