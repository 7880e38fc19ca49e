//! Formulas whose stored results are out of date: Excel was set to manual calculation and figures
//! were changed afterwards.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use crate::extract::table::{CellState, Table};
use crate::model::value::{message, number_from_f64};
use crate::model::{CellAddress, Class, Severity, Value};
use crate::schema::calculation::{Calculation, Held};
use crate::workbook::{Cell, Content};

const NOT_RECALCULATED: ReadCheck =
    ReadCheck::new("cong-thuc-chua-tinh-lai", Class::Parse, Severity::Error);

/// Formulas behind formulas that are followed.
const DEEPEST: usize = 16;

/// One error a table for all its formulas that were not computed again; what they store is not used.
pub(super) fn report_stale(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let again = Again {
        context,
        known: RefCell::new(BTreeMap::new()),
    };
    let cells = table.rows.iter().chain(&table.total);
    let cells = cells.flat_map(|row| &row.cells);
    let mut stale: Vec<(CellAddress, f64, f64)> = cells
        .filter(|cell| matches!(cell.state, CellState::Value(Value::Number(_))))
        .filter_map(|cell| cell.address)
        // The result of such a formula is reported as it is.
        .filter(|address| !log.drifted.contains(address))
        .filter_map(|address| {
            let cell = context.sheet.cells.get(&address)?;
            let Content::Number(stored) = cell.content else {
                return None;
            };
            let figure = again.figure(address, cell)?;
            differs(stored, figure).then_some((address, stored, figure))
        })
        .collect();
    stale.sort_by_key(|(address, ..)| *address);
    let Some((first, stored, figure)) = stale.first().copied() else {
        return;
    };
    let places: Vec<CellAddress> = stale.iter().map(|(address, ..)| *address).collect();
    let formula = context.sheet.cells.get(&first);
    let formula = formula
        .and_then(|cell| cell.formula.clone())
        .unwrap_or_default();
    let (stored, figure) = (shown(stored), shown(figure));
    let mut message = message!(
        figure, stored;
        "Tệp chưa được tính lại: công thức ={formula} với các số đang có cho {figure}, nhưng tệp vẫn lưu số cũ {stored}.",
        "The file was not recalculated: ={formula} gives {figure} with the figures there are, the file still holds {stored}."
    );
    if places.len() > 1 {
        let (count, cells) = (places.len(), listed(&places));
        message
            .vi
            .push_str(&format!(" Có {count} ô như vậy: {cells}."));
        message
            .en
            .push_str(&format!(" {count} cells are so: {cells}."));
    }
    message.vi.push_str(" Hãy mở tệp bằng Excel, bấm F9 (nên đặt Formulas, Calculation Options là Automatic), kiểm tra rồi lưu lại.");
    message.en.push_str(" Open it in Excel, press F9 (Formulas, Calculation Options should be Automatic), check it and save it.");
    log.report_value(context, NOT_RECALCULATED, first, None, message);
    let places: BTreeSet<CellAddress> = places.into_iter().collect();
    let rows = table.rows.iter_mut().chain(&mut table.total);
    for cell in rows.flat_map(|row| &mut row.cells) {
        if cell.address.is_some_and(|at| places.contains(&at)) {
            cell.state = CellState::Unreadable;
        }
    }
}

fn shown(figure: f64) -> Value {
    let exact = number_from_f64(figure).map(Value::Number);
    exact.unwrap_or_else(|| Value::Text(figure.to_string()))
}

/// Programs differ in the last digits of a double.
fn differs(one: f64, other: f64) -> bool {
    const ROOM: f64 = 1e-6;
    (one - other).abs() > ROOM * one.abs().max(1.0)
}

/// The formulas of a sheet computed again, each once.
struct Again<'a, 'b> {
    context: &'a ReadContext<'b>,
    known: RefCell<BTreeMap<CellAddress, Option<Held>>>,
}

impl Again<'_, '_> {
    /// What the formula of a cell gives; `None` if that cannot be said, or it is no figure.
    fn figure(&self, address: CellAddress, cell: &Cell) -> Option<f64> {
        cell.formula.as_ref()?;
        match self.held(address, DEEPEST)? {
            Held::Number(figure) if figure.is_finite() => Some(figure),
            _ => None,
        }
    }

    fn held(&self, address: CellAddress, depth: usize) -> Option<Held> {
        let Some(cell) = self.context.sheet.cells.get(&address) else {
            return Some(Held::Blank);
        };
        let Some(formula) = cell.formula.as_deref() else {
            return stored(cell);
        };
        if let Some(known) = self.known.borrow().get(&address) {
            return known.clone();
        }
        // Circular formulas find `None` here, which ends the recursion.
        self.known.borrow_mut().insert(address, None);
        let below = depth.checked_sub(1)?;
        let sheet = &self.context.sheet.name;
        let computed = Calculation::parse(formula)
            .and_then(|formula| formula.result(sheet, &|at| self.held(at, below)));
        // Only a figure goes before what is stored: a guard of a template's formula that shows
        // nothing is no sign of a file that was not calculated again.
        let held = match computed {
            Some(figure @ Held::Number(_)) => Some(figure),
            other => stored(cell).or(other),
        };
        self.known.borrow_mut().insert(address, held.clone());
        held
    }
}

/// What a file stores of a cell.
fn stored(cell: &Cell) -> Option<Held> {
    Some(match &cell.content {
        Content::Number(number) => Held::Number(*number),
        Content::Text(text) => Held::Text(text.to_string()),
        Content::Bool(flag) => Held::Flag(*flag),
        Content::Error(_) => Held::Error,
        Content::EmptyText => Held::Text(String::new()),
        Content::Date(_) | Content::Uncached => return None,
    })
}
