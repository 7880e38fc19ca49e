//! Figures stored as text that the workbook's own formulas pass over: every figure is right, and what
//! is computed from these is blank, too small or not there.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::recomputed::{Recomputed, differs};
use crate::extract::table::{CellState, Table, TableCell};
use crate::model::value::{echoed, exact_f64, message, number_from_f64};
use crate::model::{CellAddress, Class, Finding, Message, Severity, Suspect, Value};
use crate::schema::rule::sheet_formula::reads;
use crate::workbook::Content;

const PASSED_OVER: ReadCheck =
    ReadCheck::new("so-dang-chu-bi-bo-qua", Class::Parse, Severity::Error);

/// Texts of a table that are told one by one.
const MOST_SINGLE: usize = 5;

/// A formula of the table that gives another figure once texts are numbers.
struct Formula {
    at: CellAddress,
    /// What it would give; `None` if that cannot be computed.
    right: Option<f64>,
    texts: BTreeSet<CellAddress>,
}

/// What is to be done with a figure stored as text.
pub fn to_type_again() -> Message {
    Message::new(
        "số này ghi dạng chữ nên công thức trong tệp không cộng nó; gõ lại đúng số này vào ô (dạng số), các ô tính từ nó sẽ tự đúng",
        "this figure is stored as text, so formulas of the workbook leave it out; type the same figure again as a number, and the cells computed from it will be right",
    )
}

/// Reports texts that formulas of the table pass over, each once. What these formulas show is not
/// used, and nothing else is said of their cells.
pub(super) fn settle(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let texts = figures_as_text(context, table);
    let wrong = wrong_formulas(context, table, &texts);
    if wrong.is_empty() {
        return;
    }
    let cells: BTreeSet<CellAddress> = wrong.iter().map(|formula| formula.at).collect();
    let follows = |cell: Option<CellAddress>| cell.is_some_and(|cell| cells.contains(&cell));
    log.missing.retain(|one| !cells.contains(&one.address));
    log.empty_results.retain(|at| !cells.contains(at));
    log.findings
        .retain(|finding| finding.severity != Severity::Error || !follows(finding.cell));
    let rows = table.rows.iter_mut().chain(&mut table.total);
    for cell in rows.flat_map(|row| &mut row.cells) {
        if follows(cell.address) {
            cell.state = CellState::Unreadable;
        }
    }
    let behind: BTreeSet<CellAddress> = wrong.iter().flat_map(|one| &one.texts).copied().collect();
    log.noted.retain(|at| !behind.contains(at));
    let groups: Vec<Vec<CellAddress>> = match behind.len() > MOST_SINGLE {
        true => vec![behind.into_iter().collect()],
        false => behind.into_iter().map(|at| vec![at]).collect(),
    };
    for group in groups {
        let over = wrong.iter();
        let over: Vec<&Formula> = over
            .filter(|formula| group.iter().any(|at| formula.texts.contains(at)))
            .collect();
        let found = finding(context, &texts, &group, &over);
        log.findings.extend(found);
    }
}

/// Cells of a table that hold a figure as text.
pub(super) fn figures_as_text(
    context: &ReadContext<'_>,
    table: &Table,
) -> BTreeMap<CellAddress, Value> {
    let as_text = |address: &CellAddress| {
        let cell = context.sheet.cells.get(address);
        cell.is_some_and(|cell| matches!(cell.content, Content::Text(_)))
    };
    let figure = |cell: &TableCell| {
        let address = cell.address.filter(as_text)?;
        let figure = cell.value().filter(|v| matches!(v, Value::Number(_)))?;
        Some((address, figure.clone()))
    };
    cells(table).filter_map(figure).collect()
}

fn cells(table: &Table) -> impl Iterator<Item = &TableCell> {
    let rows = table.rows.iter().chain(&table.total);
    rows.flat_map(|row| &row.cells)
}

/// Formulas of the table that read a text and would show another figure if it were a number.
fn wrong_formulas(
    context: &ReadContext<'_>,
    table: &Table,
    texts: &BTreeMap<CellAddress, Value>,
) -> Vec<Formula> {
    // 12,5% typed as a number is 0.125 to a formula; no total is made of percentages.
    let number = |(at, figure): (&CellAddress, &Value)| match figure {
        Value::Number(figure) if !text(context, *at).contains('%') => {
            Some((*at, exact_f64(*figure)?))
        }
        _ => None,
    };
    let texts: BTreeMap<CellAddress, f64> = texts.iter().filter_map(number).collect();
    if texts.is_empty() {
        return Vec::new();
    }
    let again = Recomputed::with_texts(context.sheet, texts);
    let formulas = cells(table).filter_map(|cell| {
        let at = cell.address?;
        let right = again.figure(at)?;
        let texts = again.texts_behind(at);
        let is_wrong = match context.sheet.cells.get(&at)?.content {
            Content::Number(stored) => differs(stored, right),
            Content::EmptyText | Content::Error(_) | Content::Text(_) => true,
            Content::Bool(_) | Content::Date(_) | Content::Uncached => false,
        };
        let right = Some(right);
        (is_wrong && !texts.is_empty()).then_some(Formula { at, right, texts })
    });
    let mut wrong: Vec<Formula> = formulas.collect();
    let mut unknown = uncomputed(context, table, &again);
    let mut looked_at = 0;
    while let Some(texts) = wrong.get(looked_at).map(|formula| formula.texts.clone()) {
        let at = wrong[looked_at].at;
        unknown.retain(|(formula, reads)| {
            let is_read = |cell: CellAddress| reads.iter().any(|range| cell.is_within(*range));
            let follows = is_read(at) || texts.iter().any(|text| is_read(*text));
            if follows && *formula != at {
                wrong.push(Formula {
                    at: *formula,
                    right: None,
                    texts: texts.clone(),
                });
            }
            !follows
        });
        looked_at += 1;
    }
    wrong
}

/// Formulas that cannot be computed again, with the cells that they read: where these are wrong, nobody
/// knows what the formula should give.
fn uncomputed(
    context: &ReadContext<'_>,
    table: &Table,
    again: &Recomputed<'_>,
) -> Vec<(CellAddress, Vec<(CellAddress, CellAddress)>)> {
    let formulas = cells(table).filter_map(|cell| {
        let at = cell.address?;
        let formula = context.sheet.cells.get(&at)?.formula.as_deref()?;
        let is_known = again.figure(at).is_some() && again.is_computed(at);
        (!is_known).then_some((at, reads(formula, at)?))
    });
    formulas.collect()
}

fn text<'a>(context: &ReadContext<'a>, at: CellAddress) -> &'a str {
    context.sheet.text_at(at).unwrap_or_default()
}

/// One mistake: the texts of `group`, over which formulas pass.
fn finding(
    context: &ReadContext<'_>,
    texts: &BTreeMap<CellAddress, Value>,
    group: &[CellAddress],
    over: &[&Formula],
) -> Option<Finding> {
    let (first, formula) = (
        *group.first()?,
        over.iter().find(|one| one.right.is_some())?,
    );
    let figure = texts.get(&first)?.clone();
    let (shown, wrong) = (echoed(text(context, first)), wrong(context, formula)?);
    let cells: Vec<CellAddress> = over.iter().map(|formula| formula.at).collect();
    let cells = listed(&cells);
    let (texts_vi, texts_en) = match group.len() {
        1 => (
            format!("Ô ghi «{shown}» dạng chữ"),
            format!("The cell holds `{shown}` as text"),
        ),
        count => {
            let list = listed(group);
            (
                format!("{count} ô ghi số dạng chữ ({list})"),
                format!("{count} cells hold figures as text ({list})"),
            )
        }
    };
    let message = Message::new(
        format!(
            "{texts_vi}, nên công thức của tệp ở {cells} bỏ qua: {}. Hãy gõ lại dạng số (nếu ô để định dạng Text thì đổi sang General trước); các ô công thức sẽ tự đúng, không phải sửa.",
            wrong.vi
        ),
        format!(
            "{texts_en}, so the workbook's formulas at {cells} leave it out: {}. Type it again as a number (a cell formatted as Text has to become General first); the formulas will then be right by themselves.",
            wrong.en
        ),
    );
    let suspect = |at: &CellAddress| {
        let figure = texts.get(at)?.clone();
        Some(Suspect {
            sheet: context.sheet.name.clone(),
            cell: *at,
            value: Some(figure.clone()),
            suggestion: Some(figure),
            rank: 1,
            together: false,
            reason: to_type_again(),
        })
    };
    let suspects = group.iter().take(1).filter_map(suspect).collect();
    let found = context.finding(PASSED_OVER, Some(first), message);
    Some(found.value(Some(figure)).suspecting(suspects))
}

/// What a formula shows, and what it should.
fn wrong(context: &ReadContext<'_>, formula: &Formula) -> Option<Message> {
    let at = formula.at;
    let number = |figure: f64| match number_from_f64(figure) {
        Some(figure) => Value::Number(figure.round_dp(6).normalize()),
        None => Value::Text(figure.to_string()),
    };
    let right = number(formula.right?);
    let content = context.sheet.cells.get(&at).map(|cell| &cell.content);
    let shown = match content {
        Some(Content::Number(stored)) => Some(number(*stored)),
        Some(Content::Error(code)) => Some(Value::Text(code.to_string())),
        _ => None,
    };
    Some(match shown {
        Some(shown) => message!(
            shown, right;
            "ô {at} đang là {shown}, phải là {right}",
            "{at} shows {shown} in place of {right}"
        ),
        None => message!(
            right;
            "ô {at} đang trống, phải là {right}",
            "{at} shows nothing in place of {right}"
        ),
    })
}
