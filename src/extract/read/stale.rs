//! Formulas whose stored results are out of date: Excel was set to manual calculation and figures
//! were changed afterwards.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::recomputed::{Recomputed, differs};
use crate::extract::table::{CellState, Table};
use crate::model::value::{message, number_from_f64};
use crate::model::{CellAddress, Class, Severity, Value};
use crate::workbook::Content;

const NOT_RECALCULATED: ReadCheck =
    ReadCheck::new("cong-thuc-chua-tinh-lai", Class::Parse, Severity::Error);

/// One error a table for all its formulas that were not computed again; what they store is not used.
pub(super) fn report_stale(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let again = Recomputed::new(context.sheet);
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
            let figure = again.figure(address)?;
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
