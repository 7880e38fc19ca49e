//! Formulas that stand in the blank: the same one down a column is one rule over columns, the same
//! one along a row is one rule over rows.

mod cells;
mod checks;
mod guard;
mod places;
mod total;

use self::cells::{Cells, Why};
use self::places::{body_rows, column_rule, localised, row_rule};
pub(crate) use self::total::not_added;
use crate::compile::found::Found;
use crate::compile::page::Page;
use crate::compile::rule::{Candidate, Canonical, Evidence, Place, Source, Term};
use crate::compile::table::{Role, RowKind, Table};
use crate::model::{CellAddress, Message, Number};
use crate::schema::FieldType;
use crate::schema::expression::{Comparison, Operator};
use crate::schema::rule::sheet_formula::parse;

/// A formula of a cell to be filled, as a rule.
struct Read {
    /// Sheet row and index of the column.
    row: u32,
    column: usize,
    cell: CellAddress,
    words: String,
    rule: Candidate,
}

/// A formula that is no rule.
struct Refused {
    column: usize,
    cell: CellAddress,
    words: String,
    why: Why,
}

/// Reads every formula of a table. The formulas of a total row under free rows are only compared
/// with what a total is. `others` are the other tables of the file, and what is taken from them is
/// listed in the table. A column whose formulas give words is one of words.
pub(crate) fn read(page: &Page<'_>, table: &mut Table, others: &[&Table], found: &mut Found) {
    let mut taken = Vec::new();
    unknown(page, table, found);
    let (formulas, refused) = formulas(page, table, others, &mut taken);
    checks::read(page, table, (others, &mut taken), found);
    table.others = taken;
    by_column(table, &formulas, found);
    by_row(table, &formulas, found);
    total::read(page, table, found);
    digits(table, &formulas);
    let (words, refused): (Vec<Refused>, Vec<Refused>) =
        refused.into_iter().partition(|one| one.why == Why::Words);
    for one in words {
        table.columns[one.column].kind = FieldType::Text;
        table.columns[one.column].decimals = None;
    }
    refuse(refused, found);
    for formula in &formulas {
        if !matches!(formula.rule.left, Place::Cell(..)) {
            continue;
        }
        match is_slip(formula, &formulas) {
            true => {
                let cell = formula.rule.evidence.first().map(|evidence| evidence.cell);
                found.odd.extend(cell);
                ask_of(formula, found);
            }
            false => found.rules.push(formula.rule.clone()),
        }
    }
}

/// Does a formula read cells of other rows and columns of the table although those beside it read only
/// their own row or column?
fn is_slip(formula: &Read, formulas: &[Read]) -> bool {
    let cell = |one: &Read| one.rule.evidence.first().map(|evidence| evidence.cell);
    let mut places = Vec::new();
    formula.rule.right.places(&mut places);
    let own = !places.iter().any(|place| matches!(place, Place::Other(_)));
    own && formulas.iter().any(|other| match other.rule.left {
        Place::Column(_) => other.column == formula.column,
        Place::Row(_) => cell(other).map(|cell| cell.row) == cell(formula).map(|cell| cell.row),
        Place::Cell(..) | Place::Other(_) => false,
    })
}

fn ask_of(formula: &Read, found: &mut Found) {
    let why = Message::new(
        "công thức khác các ô cùng cột hoặc cùng dòng",
        "the formula differs from those of the same column or row",
    );
    if let Some(evidence) = formula.rule.evidence.first() {
        found.ask(evidence.cell, &evidence.words, why);
    }
}

/// Old formats say that cells hold formulas, not which: that is told once, and the layout says nothing
/// of such cells in fixed rows.
fn unknown(page: &Page<'_>, table: &Table, found: &mut Found) {
    let rows = body_rows(table).into_iter();
    let rows = rows.chain(table.total.as_ref().map(|total| total.cell.row));
    let cells = rows.flat_map(|row| {
        let columns = table.columns.iter();
        columns.map(move |column| CellAddress::new(row, column.at))
    });
    let is_unknown = |cell: &CellAddress| {
        let formula = page.formula(cell.row, cell.column);
        formula.is_some_and(|formula| formula.trim().is_empty())
    };
    let unknown: Vec<CellAddress> = cells.filter(is_unknown).collect();
    if !table.is_free() {
        found.odd.extend(&unknown);
    }
    if let Some(cell) = unknown.first() {
        let why = Message::new(
            "tệp loại này không cho biết công thức trong ô; hãy lưu thành .xlsx rồi làm lại để đọc được các công thức",
            "files of this kind do not say which formula a cell holds; save it as .xlsx to have the formulas read",
        );
        found.ask(*cell, "(công thức)", why);
    }
}

/// The formulas of cells to be filled: those that are rules, and those that are none.
fn formulas(
    page: &Page<'_>,
    table: &Table,
    others: &[&Table],
    taken: &mut Vec<String>,
) -> (Vec<Read>, Vec<Refused>) {
    let (mut formulas, mut refused) = (Vec::new(), Vec::new());
    for row in body_rows(table) {
        for (column, of) in table.columns.iter().enumerate() {
            if of.role != Role::Value {
                continue;
            }
            let Some(text) = page.formula(row, of.at) else {
                continue;
            };
            let cell = CellAddress::new(row, of.at);
            if text.trim().is_empty() {
                continue;
            }
            let words = format!("={text}");
            match one(page, table, (others, taken), (row, column), text) {
                Ok(Some(rule)) => formulas.push(Read {
                    row,
                    column,
                    cell,
                    words,
                    rule,
                }),
                Ok(None) => {}
                Err(why) => refused.push(Refused {
                    column,
                    cell,
                    words,
                    why,
                }),
            }
        }
    }
    (formulas, refused)
}

/// Tells of the formulas that are no rule, those of one column at once.
fn refuse(refused: Vec<Refused>, found: &mut Found) {
    let mut groups: Vec<Vec<Refused>> = Vec::new();
    for one in refused {
        found.odd.insert(one.cell);
        let same = |group: &&mut Vec<Refused>| {
            let first = group.first();
            first.is_some_and(|first| first.column == one.column && first.why == one.why)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for group in &groups {
        let cells: Vec<CellAddress> = group.iter().map(|one| one.cell).collect();
        let Some(first) = group.first() else { continue };
        let words = in_range(&first.words, &cells);
        let why = match first.why {
            Why::Outside => Message::new(
                "công thức lấy số ở ngoài bảng này",
                "the formula takes figures from outside this table",
            ),
            Why::Conditional => Message::new(
                "công thức tính theo điều kiện, không rõ đúng ở những dòng nào",
                "the formula computes under a condition; where it holds is not clear",
            ),
            Why::Unread | Why::Words => {
                found.not_understood(first.cell, &words);
                continue;
            }
        };
        found.ask(first.cell, &words, why);
    }
}

/// The words of the first of some cells, with the range that they are in.
fn in_range(words: &str, cells: &[CellAddress]) -> String {
    match (cells.first(), cells.last()) {
        (Some(first), Some(last)) if first != last => format!("{words} ({first}:{last})"),
        _ => words.to_owned(),
    }
}

/// The decimals that every formula of a column rounds to are those of the column.
fn digits(table: &mut Table, formulas: &[Read]) {
    for (index, column) in table.columns.iter_mut().enumerate() {
        let own = formulas.iter().filter(|formula| formula.column == index);
        let mut digits = own.map(|formula| match formula.rule.right {
            Term::Round(_, digits) => u32::try_from(digits).ok(),
            _ => None,
        });
        let Some(Some(first)) = digits.next() else {
            continue;
        };
        if !digits.all(|other| other == Some(first)) {
            continue;
        }
        match column.kind {
            FieldType::Count if first > 0 => column.kind = FieldType::Amount,
            FieldType::Amount | FieldType::Percent | FieldType::Ratio => {}
            _ => continue,
        }
        // Other cells of a column of amounts may have more.
        if column.kind != FieldType::Amount || column.decimals.is_none_or(|own| own < first) {
            column.decimals = Some(first);
        }
        column.shown = Some(first);
    }
}

/// The other tables of a file, and what formulas take from them.
type Others<'a, 'b> = (&'a [&'a Table], &'b mut Vec<String>);

/// The rule a formula says; `None` if it says nothing (a constant, the cell itself).
fn one(
    page: &Page<'_>,
    table: &Table,
    (others, taken): Others<'_, '_>,
    (row, column): (u32, usize),
    text: &str,
) -> Result<Option<Candidate>, Why> {
    let cell = CellAddress::new(row, table.columns[column].at);
    let formula = parse(text, cell).ok_or(Why::Unread)?;
    let mut reader = Cells::new(page, table, others, taken);
    let term = reader.term(&formula)?;
    let mut places = Vec::new();
    term.places(&mut places);
    if places.is_empty() {
        return Ok(None);
    }
    let own = reader.place(cell)?;
    if places.contains(&own) {
        return Err(Why::Unread);
    }
    let rule = localised(&Candidate {
        left: own,
        relation: Comparison::Equal,
        right: term,
        at: None,
        within_year: false,
        evidence: vec![Evidence {
            source: Source::Formula,
            cell,
            words: format!("={text}"),
        }],
    });
    Ok(Some(Candidate {
        right: shown_as_percent(table, column, rule.right),
        ..rule
    }))
}

/// A quotient in a cell shown as a percentage is read times 100.
fn shown_as_percent(table: &Table, column: usize, right: Term) -> Term {
    let plain = right.quotient().is_some_and(|(_, _, by)| by == Number::ONE);
    if !table.columns[column].percent_format || !plain {
        return right;
    }
    let times_hundred =
        |term| Term::join(Operator::Multiply, term, Term::Number(Number::ONE_HUNDRED));
    match right {
        Term::Round(inner, digits) => Term::Round(Box::new(times_hundred(*inner)), digits - 2),
        right => times_hundred(right),
    }
}

/// Formulas over their own row, column by column.
fn by_column(table: &Table, formulas: &[Read], found: &mut Found) {
    for column in 0..table.columns.len() {
        let own = formulas
            .iter()
            .filter(|formula| formula.rule.left == Place::Column(column));
        let own: Vec<&Read> = own.collect();
        agree(&own, found, |rule, cells| {
            let rows: Vec<u32> = cells.iter().map(|formula| formula.row).collect();
            column_rule(table, rule, column, &rows)
        });
    }
}

/// Formulas over their own column, row by row.
fn by_row(table: &Table, formulas: &[Read], found: &mut Found) {
    for (index, row) in table.rows.iter().enumerate() {
        if row.kind == RowKind::Heading {
            continue;
        }
        let own = formulas
            .iter()
            .filter(|formula| formula.rule.left == Place::Row(index));
        let own: Vec<&Read> = own.collect();
        agree(&own, found, |rule, cells| {
            let columns = cells.iter().map(|formula| formula.column).collect();
            row_rule(table, rule, index, columns)
        });
    }
}

/// The rule most formulas agree on is adopted; a formula that differs from more than half of the
/// others is asked about.
fn agree(
    formulas: &[&Read],
    found: &mut Found,
    rule_of: impl Fn(&Candidate, &[&Read]) -> Candidate,
) {
    let mut groups: Vec<(Option<Canonical>, Vec<&Read>)> = Vec::new();
    for formula in formulas {
        let canonical = formula.rule.canonical();
        match groups.iter_mut().find(|(other, _)| *other == canonical) {
            Some((_, group)) => group.push(formula),
            None => groups.push((canonical, vec![formula])),
        }
    }
    let most = groups
        .iter()
        .map(|(_, group)| group.len())
        .max()
        .unwrap_or(0);
    for (_, group) in &groups {
        let Some(first) = group.first() else { continue };
        if groups.len() == 1 || group.len() * 2 > formulas.len() {
            found.rules.push(rule_of(&first.rule, group));
            continue;
        }
        let why = match most * 2 > formulas.len() {
            true => Message::new(
                "công thức khác các ô cùng cột hoặc cùng dòng",
                "the formula differs from those of the same column or row",
            ),
            false => Message::new(
                "công thức trong cột hoặc dòng này không giống nhau",
                "the formulas of this column or row are not alike",
            ),
        };
        let cells: Vec<CellAddress> = group.iter().map(|formula| formula.cell).collect();
        found.odd.extend(&cells);
        found.ask(first.cell, &in_range(&first.words, &cells), why);
    }
}
