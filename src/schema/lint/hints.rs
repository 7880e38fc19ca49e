//! What is doubtful in a form file without being wrong enough to refuse it: names in examples,
//! meanings that do not fit a type, kinds of unit nobody is of, figures no rule touches.

use std::collections::BTreeSet;
use std::ops::Range;

pub use super::hint::Hint;
use super::hint::hint;
use super::{places, ratios};
use crate::model::Severity;
use crate::schema::checked::{Form, RuleScope};
use crate::schema::field::Field;
use crate::schema::file::Indicator;
use crate::schema::resolve::{Site, Target, bind};
use crate::schema::source::{did_you_mean, suggestion};
use crate::text::fold;

/// Everything doubtful in one form by itself.
pub fn of(form: &Form) -> Vec<Hint> {
    let mut hints = units(form);
    hints.extend(left_out(form));
    hints.extend(ratios::without_a_total(form));
    hints
}

/// Rules that leave out rows or columns of ratios and averages without naming them.
fn left_out(form: &Form) -> Vec<Hint> {
    let mut hints = Vec::new();
    for rule in form.written() {
        let left_out = places::left_out_unsaid(form, rule);
        if left_out.is_empty() {
            continue;
        }
        let (key, vi, all) = match rule.scope {
            RuleScope::EachRow => ("rows", "dòng", &form.file.rows),
            _ => ("columns", "cột", &form.file.columns),
        };
        let ids = |wanted: &dyn Fn(usize) -> bool| {
            let all = all.iter().enumerate();
            let ids = all.filter(|(index, one)| wanted(*index) && !one.heading);
            let ids = ids.map(|(_, one)| format!("`{}`", one.id.get_ref()));
            ids.collect::<Vec<_>>().join(", ")
        };
        let out = ids(&|index| left_out.contains(&index));
        let only = rule.places.only.as_ref();
        let runs = ids(&|index| only.is_none_or(|only| only.contains(&index)));
        let id = &rule.id;
        hints.push(Hint {
            rule: Some(id.clone()),
            ..hint(
                Severity::Info,
                span_of(form, id),
                format!(
                    "quy tắc `{id}` được hỏi ở {vi} {runs}; không ở {out}, vì tỷ lệ, tỷ số và bình quân không cộng được; muốn hỏi cả ở đó thì kể tên trong `{key} = [...]`"
                ),
                format!(
                    "rule `{id}` is evaluated on the {key} {runs}; not on {out}, as ratios and averages do not add up; to have it there, too, name them in `{key} = [...]`"
                ),
            )
        });
    }
    hints
}

/// `UNITS()` in a rule: no rule about one unit's figures knows how many units there are.
fn units(form: &Form) -> Vec<Hint> {
    form.rules
        .iter()
        .filter(|rule| rule.exprs().any(|expr| !expr.units().is_empty()))
        .map(|rule| Hint {
            rule: Some(rule.id.clone()),
            ..hint(
                Severity::Error,
                span_of(form, &rule.id),
                format!(
                    "quy tắc `{}` không bao giờ được hỏi: UNITS() chỉ có giá trị trong `[[figure]]` của campaign.toml",
                    rule.id
                ),
                format!("rule `{}` is never asked: UNITS() has a value in `[[figure]]` only", rule.id),
            )
        })
        .collect()
}

/// Byte range of a rule's id in its file.
pub fn span_of(form: &Form, rule: &str) -> Option<Range<usize>> {
    let mut texts = form.file.rules.iter();
    texts
        .find(|text| text.id.get_ref() == rule)
        .map(|text| text.id.span())
}

/// Codes of units that rows and rules name and no unit of the campaign has; `known`: code and name
/// of each unit.
pub fn unit_codes(form: &Form, known: &[(&str, &str)]) -> Vec<Hint> {
    let rows = form.file.rows.iter();
    let rows = rows.map(|row| (("hàng", "row"), &row.id, &row.units));
    let rules = form.file.rules.iter();
    let rules = rules.map(|rule| (("quy tắc", "rule"), &rule.id, &rule.units));
    let codes: Vec<&str> = known.iter().map(|(code, _)| *code).collect();
    let mut hints = Vec::new();
    for ((vi, en), id, units) in rows.chain(rules) {
        let unknown = |code: &&String| !codes.contains(&code.as_str());
        for code in units.iter().flatten().filter(unknown) {
            let spelt = |text: &str| fold(text).split_whitespace().collect::<String>();
            let meant = known
                .iter()
                .find(|(other, name)| [spelt(other), spelt(name)].contains(&spelt(code)));
            let near = match meant {
                Some((meant, _)) => did_you_mean(meant),
                None => suggestion(code, &codes),
            };
            let (span, id) = (Some(id.span()), id.get_ref());
            hints.push(hint(
                Severity::Error,
                span,
                format!(
                    "{vi} `{id}`: danh sách đơn vị không có mã `{code}`{}",
                    near.vi
                ),
                format!(
                    "{en} `{id}`: no unit of the roster has the code `{code}`{}",
                    near.en
                ),
            ));
        }
    }
    hints
}

/// Kinds of unit in rows and rules that the campaign does not have.
pub fn kinds(form: &Form, known: &[&str]) -> Vec<Hint> {
    let rows = form.file.rows.iter();
    let rows = rows.map(|row| (("hàng", "row"), &row.id, &row.kinds, &row.units));
    let rules = form.file.rules.iter();
    let rules = rules.map(|rule| (("quy tắc", "rule"), &rule.id, &rule.kinds, &rule.units));
    let mut hints = Vec::new();
    for ((vi, en), id, kinds, units) in rows.chain(rules) {
        let Some(kinds) = kinds else { continue };
        let unknown = |kind: &&String| !known.contains(&kind.as_str());
        let all = units.is_none() && kinds.iter().all(|kind| unknown(&kind));
        for kind in kinds.iter().filter(unknown) {
            let near = suggestion(kind, known);
            let severity = match all || !near.vi.is_empty() {
                true => Severity::Error,
                false => Severity::Warning,
            };
            let (span, id) = (Some(id.span()), id.get_ref());
            hints.push(hint(
                severity,
                span,
                format!(
                    "{vi} `{id}`: đợt này không có loại đơn vị `{kind}`{}",
                    near.vi
                ),
                format!(
                    "{en} `{id}`: the campaign has no kind of unit `{kind}`{}",
                    near.en
                ),
            ));
        }
    }
    hints
}

/// Rules that name a form the campaign does not have: never evaluated in it.
pub fn other_forms(form: &Form, forms: &[&str]) -> Vec<Hint> {
    let mut hints = Vec::new();
    for rule in &form.rules {
        let reads = rule.reads();
        let others = reads.filter_map(|read| read.name.form.as_deref());
        let missing: BTreeSet<&str> = others.filter(|other| !forms.contains(other)).collect();
        for other in missing {
            hints.push(Hint {
                rule: Some(rule.id.clone()),
                ..hint(
                    Severity::Warning,
                    span_of(form, &rule.id),
                    format!(
                        "quy tắc `{}` không bao giờ được hỏi: không có biểu `{other}`",
                        rule.id
                    ),
                    format!(
                        "rule `{}` is never asked: there is no form `{other}`",
                        rule.id
                    ),
                )
            });
        }
    }
    hints
}

/// Figures of a form that no rule looks at. `others` may name them, too.
pub fn untouched(form: &Form, others: &[&Form]) -> Vec<Hint> {
    let (mut columns, mut rows) = (BTreeSet::new(), BTreeSet::new());
    let mut touch = |target: Target| match target {
        Target::Column(column) => columns.extend(column..=column),
        Target::Row(row) => rows.extend(row..=row),
        Target::Columns(span) => columns.extend(span),
        Target::Rows(span) => rows.extend(span),
        Target::Cell(row, column) => {
            columns.insert(column);
            rows.insert(row);
        }
    };
    let all = std::iter::once(&form).chain(others);
    for rule in all.flat_map(|from| from.rules.iter().map(move |rule| (from.id(), rule))) {
        let (own, rule) = rule;
        for read in rule.reads() {
            if read.name.form.as_deref().unwrap_or(own) == form.id() {
                bind(form, &read.name.path).into_iter().for_each(&mut touch);
            }
        }
    }
    let runs_at = |scope: RuleScope, site: Site| {
        let mut rules = form.rules.iter();
        rules.any(|rule| rule.scope == scope && rule.places.has(site))
    };
    let by_row = |column: usize| runs_at(RuleScope::EachColumn, Site::Column(column));
    let by_column = |row: usize| runs_at(RuleScope::EachRow, Site::Row(row));
    let holds_figures = |cells: &mut dyn Iterator<Item = Option<&Field>>| {
        cells.flatten().any(|field| field.kind.is_numeric())
    };
    let mut hints = Vec::new();
    let row_count = if form.is_free() {
        1
    } else {
        form.file.rows.len()
    };
    for (column, indicator) in form.file.columns.iter().enumerate() {
        let mut cells = (0..row_count).map(|row| form.field(Some(row), column));
        if !columns.contains(&column) && !by_row(column) && holds_figures(&mut cells) {
            hints.push(no_rule(indicator, "cột", "column"));
        }
    }
    for (row, indicator) in form.file.rows.iter().enumerate() {
        let mut cells = (0..form.file.columns.len()).map(|column| form.field(Some(row), column));
        if !rows.contains(&row) && !by_column(row) && holds_figures(&mut cells) {
            hints.push(no_rule(indicator, "dòng", "row"));
        }
    }
    hints
}

fn no_rule(indicator: &Indicator, vi: &str, en: &str) -> Hint {
    let id = indicator.id.get_ref();
    hint(
        Severity::Info,
        Some(indicator.id.span()),
        format!("không quy tắc nào kiểm tra {vi} `{id}`: gõ nhầm ở đó thì không thấy được"),
        format!("no rule touches {en} `{id}`: a mistake in it cannot be seen"),
    )
}
