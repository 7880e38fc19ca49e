//! Notes on the formulas of a table: a formula that differs from its column's, a figure typed over
//! one, one that shows nothing, one that reads another workbook.
//!
//! Works on what the readers report: whether a cell holds a formula is known of every format but
//! CSV; the text of formulas, which differing formulas and links need, of xlsx, xlsm, ods and
//! Excel's own HTML.

use std::collections::{BTreeMap, HashMap};

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::relative::{is_linked, relative};
use super::shares::{computes_nothing, place_of};
use crate::extract::table::{Table, TableRow};
use crate::model::{CellAddress, Class, Message, Severity};
use crate::schema::expression::{Expr, Past};
use crate::schema::resolve::Site;
use crate::schema::rule::sheet_formula::parse;
use crate::schema::{Form, RuleScope};
use crate::workbook::{Cell, Content};

const DRIFT: ReadCheck = ReadCheck::new("cong-thuc-khac-cot", Class::Structure, Severity::Info);
const OVERWRITTEN: ReadCheck =
    ReadCheck::new("cong-thuc-bi-ghi-de", Class::Structure, Severity::Info);
const SHOWS_NOTHING: ReadCheck = ReadCheck::new("cong-thuc-ra-trong", Class::Parse, Severity::Info);
const LINKED: ReadCheck = ReadCheck::new("cong-thuc-lay-tu-tep-khac", Class::Parse, Severity::Info);

/// Cells that hold the same formula, seen from each, if they are filled as the form means.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Run {
    /// Down a column; what computes them, if the form says they are computed.
    Down(usize, Option<String>),
    /// Along a fixed row.
    Along(usize, Option<String>),
}

/// Cells and their formulas.
type Formulas<'a> = Vec<(CellAddress, &'a str)>;

/// Adds all notes on formulas to the log; records in `table` which cells hold formulas, and which
/// hold constants in place of one.
pub(super) fn report_formulas(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let cells = table.rows.iter().chain(&table.total);
    let cells = cells.flat_map(|row| &row.cells);
    let formulas = cells
        .filter_map(|cell| cell_at(context, cell.address))
        .filter(|(_, cell)| cell.formula.is_some());
    table.formulas = formulas.map(|(address, _)| address).collect();
    report_overwritten(context, log, table);
    report_drift(context, log, table);
    report_empty_results(context, log);
    report_links(context, log, table);
}

fn cell_at<'a>(
    context: &ReadContext<'a>,
    address: Option<CellAddress>,
) -> Option<(CellAddress, &'a Cell)> {
    let address = address?;
    Some((address, context.sheet.cells.get(&address)?))
}

/// Figures where the template has formulas. If none of its formulas is left, the whole table
/// was typed or pasted as figures, and no single cell is special; nor is one of a row or column of
/// ratios none of which is a formula: older templates left them to be typed.
fn report_overwritten(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let form = &table.form;
    let mut families: BTreeMap<Option<Run>, Vec<(CellAddress, &Cell)>> = BTreeMap::new();
    let computed = table.rows.iter().flat_map(|row| {
        // Last period's figure is printed by the template itself, as a figure.
        let computes = move |column: usize| {
            let field = form.field(row.row, column);
            field.is_some_and(|field| field.computed) && form.opening(row.row, column).is_none()
        };
        let cells = row.cells.iter().enumerate();
        let computed = cells.filter(move |(column, _)| computes(*column));
        computed.map(move |(column, cell)| (row.row, column, cell))
    });
    for (row, column, cell) in computed {
        if let Some(found) = cell_at(context, cell.address) {
            let family = ratios(form, row, column);
            families.entry(family).or_default().push(found);
        }
    }
    let has_formula = |cells: &Vec<(CellAddress, &Cell)>| apart(cells.iter().copied()).0 > 0;
    let any = families.values().any(has_formula);
    let kept = families.iter().filter(|(family, cells)| match family {
        Some(_) => has_formula(cells),
        None => any,
    });
    let mut overwritten: Vec<CellAddress> = kept
        .flat_map(|(_, cells)| apart(cells.iter().copied()).1)
        .collect();
    // Where a formula has nothing to show, a 0 had to be typed.
    overwritten.retain(|at| {
        let cell = context.sheet.cells.get(at);
        let zero = cell.is_some_and(|cell| cell.content == Content::Number(0.0));
        let place = place_of(table, *at).filter(|_| zero);
        place.is_none_or(|(row, column)| !computes_nothing(table, row, column))
    });
    overwritten.sort();
    if let Some(total) = &table.total {
        let (formulas, typed) = apart(
            total
                .cells
                .iter()
                .filter_map(|cell| cell_at(context, cell.address)),
        );
        if formulas > typed.len() {
            overwritten.extend(typed);
        }
    }
    if let Some(first) = overwritten.first().copied() {
        let (count, cells) = (overwritten.len(), listed(&overwritten));
        let message = Message::new(
            format!(
                "{count} ô trong mẫu tự tính bằng công thức, nay là số gõ vào: {cells}. Số gõ vào vẫn được đọc và kiểm tra; sửa các số khác thì ô này không tự đổi theo."
            ),
            format!(
                "{count} cells that the template computes by formulas now hold typed figures: {cells}. They are read and checked all the same, but do not follow when other figures are corrected."
            ),
        );
        log.report(context, OVERWRITTEN, Some(first), message);
    }
    table.overwritten = overwritten.into_iter().collect();
}

/// The row or column of ratios that a cell belongs to, if it is one.
fn ratios(form: &Form, row: Option<usize>, column: usize) -> Option<Run> {
    Some(match (form.ratio(row, column)?.site, row) {
        (Site::Column(_), Some(row)) => Run::Along(row, None),
        _ => Run::Down(column, None),
    })
}

/// Formulas that are not what most of their column's are.
fn report_drift(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let mut runs: BTreeMap<(Run, Vec<usize>), Formulas<'_>> = BTreeMap::new();
    for row in &table.rows {
        for (column, cell) in row.cells.iter().enumerate() {
            let Some((address, cell)) = cell_at(context, cell.address) else {
                continue;
            };
            let formula = cell.formula.as_deref().unwrap_or_default();
            if !formula.is_empty()
                && let Some(run) = run(context, row, column)
                && !(matches!(run.0, Run::Down(_, None)) && is_of_rows(row, formula, address))
            {
                runs.entry(run).or_default().push((address, formula));
            }
        }
    }
    let drifts: Vec<_> = runs
        .iter()
        .flat_map(|((run, _), cells)| drifts(run, cells))
        .collect();
    for (cells, message) in drifts {
        log.report(context, DRIFT, cells.first().copied(), message);
        log.drifted.extend(cells);
    }
}

/// Is a fixed row computed from other rows of the column that the formula is in? Then it says nothing
/// of the rest of the column.
fn is_of_rows(row: &TableRow, formula: &str, at: CellAddress) -> bool {
    let ranges = parse(formula, at).map(|whole| whole.reads());
    row.row.is_some()
        && ranges.is_some_and(|ranges| {
            let own = |(first, last): &(CellAddress, CellAddress)| {
                first.column == at.column && last.column == at.column
            };
            !ranges.is_empty() && ranges.iter().all(own)
        })
}

/// The run a formula belongs to, and the rows or columns of the form (from 0) that it reads; `None`
/// if it is alone. Where a row has not all columns, its formula reads other cells than its column's,
/// as the form means it.
fn run(context: &ReadContext<'_>, row: &TableRow, column: usize) -> Option<(Run, Vec<usize>)> {
    let form = &context.form;
    let Some(fixed) = row.row else {
        let column_id = || form.file.columns[column].id.get_ref().clone();
        let computed = form.field(None, column)?.computed;
        return Some((Run::Down(column, computed.then(column_id)), Vec::new()));
    };
    let field = form.field(row.row, column)?;
    if !field.computed {
        return Some((Run::Down(column, None), Vec::new()));
    }
    if field.ratio.is_some() {
        return Some((Run::Along(fixed, None), Vec::new()));
    }
    let computes = |right: &Expr, _| !matches!(right.as_past(), Some((Past::Previous, _)));
    let found = form.determined_by(row.row, column, &computes)?;
    let reads = found.right.reads().into_iter();
    let cells = reads.flat_map(|read| form.own_cells(read.name, read.folded, found.site));
    let id = Some(found.rule.id.clone());
    match found.rule.scope {
        RuleScope::EachRow => {
            let columns = cells.map(|cell| cell.column);
            Some((Run::Down(column, id), columns.collect()))
        }
        RuleScope::EachColumn => {
            let rows = cells.filter_map(|cell| cell.row());
            Some((Run::Along(fixed, id), rows.collect()))
        }
        RuleScope::Once | RuleScope::At(_) => None,
    }
}

fn report_empty_results(context: &ReadContext<'_>, log: &mut ReadLog) {
    let Some(first) = log.empty_results.first().copied() else {
        return;
    };
    let (count, cells) = (log.empty_results.len(), listed(&log.empty_results));
    let message = Message::new(
        format!("{count} ô có công thức nhưng không hiện gì, coi là ô trống: {cells}."),
        format!("{count} formulas show nothing, and their cells count as blank: {cells}."),
    );
    log.report(context, SHOWS_NOTHING, Some(first), message);
}

fn report_links(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let rows = table.rows.iter().chain(&table.total);
    let cells = rows.flat_map(|row| &row.cells);
    let linked: Vec<CellAddress> = cells
        .filter_map(|cell| cell_at(context, cell.address))
        .filter(|(_, cell)| cell.formula.as_deref().is_some_and(is_linked))
        .map(|(address, _)| address)
        .collect();
    let Some(first) = linked.first().copied() else {
        return;
    };
    let (count, cells) = (linked.len(), listed(&linked));
    let message = Message::new(
        format!(
            "{count} ô lấy số từ một tệp khác: {cells}. Chương trình không mở tệp kia, chỉ đọc số đã lưu trong tệp này; hãy xem các số đó có còn đúng không, tốt nhất là dán thành giá trị."
        ),
        format!(
            "{count} cells take their figures from another workbook: {cells}. That workbook is not opened; the figures stored in this one are read. See whether they are still right, or better paste them as values."
        ),
    );
    log.report(context, LINKED, Some(first), message);
}

/// How many cells hold formulas, and which hold typed figures.
fn apart<'a>(cells: impl Iterator<Item = (CellAddress, &'a Cell)>) -> (usize, Vec<CellAddress>) {
    let mut formulas = 0;
    let mut typed = Vec::new();
    for (address, cell) in cells {
        match (&cell.formula, &cell.content) {
            (Some(_), _) => formulas += 1,
            (None, Content::Number(_)) => typed.push(address),
            (None, _) => {}
        }
    }
    (formulas, typed)
}

/// The cells of a run that differ from most of it, by what they hold, each with its note.
fn drifts(run: &Run, cells: &[(CellAddress, &str)]) -> Vec<(Vec<CellAddress>, Message)> {
    let mut patterns: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, (address, formula)) in cells.iter().enumerate() {
        let pattern = relative(formula, *address);
        patterns.entry(pattern).or_default().push(i);
    }
    // In cells that the form does not compute, the unit's own formulas may differ for good reasons.
    let least = match run {
        Run::Down(_, None) => 3,
        _ => 2,
    };
    let usual = patterns.values().max_by_key(|places| places.len());
    let Some(usual) = usual.filter(|u| u.len() >= least && u.len() * 2 > cells.len()) else {
        return Vec::new();
    };
    let (usual_at, usual_text) = cells[usual[0]];
    let mut others: Vec<&Vec<usize>> = patterns.values().filter(|p| *p != usual).collect();
    others.sort_unstable();
    let drift = |places: &Vec<usize>| {
        let addresses: Vec<CellAddress> = places.iter().map(|place| cells[*place].0).collect();
        let (at, text) = cells[places[0]];
        let (list, count) = (listed(&addresses), places.len());
        let message = Message::new(
            format!(
                "Công thức ở ô {at} là «={text}», khác các ô cùng cột (ô {usual_at}: «={usual_text}»). Có {count} ô như vậy: {list}. Hãy xem công thức nào đúng."
            ),
            format!(
                "The formula at {at} is `={text}`, unlike those of the same column (`={usual_text}` at {usual_at}). Cells like this: {count} ({list}). See which formula is right."
            ),
        );
        (addresses, message)
    };
    others.into_iter().map(drift).collect()
}
