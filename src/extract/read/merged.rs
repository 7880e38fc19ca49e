//! Figures in a cell merged over several cells of the table: which of them the figure belongs to is
//! not known, so none gets it.

use std::collections::BTreeMap;

use super::blanks;
use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::table::{CellState, Table};
use crate::model::{CellAddress, Class, Message, Severity};
use crate::schema::{Field, FieldType};
use crate::workbook::{Content, Merge};

const NO_FIGURE: ReadCheck = ReadCheck::new(blanks::NO_FIGURE, Class::Type, Severity::Error);

/// The merged range that hides a cell of the table behind a figure of another cell; `None` for the
/// cell that shows the figure itself, for words (a note may well cover several rows) and for cells
/// that a label covers.
pub(super) fn hiding(
    context: &ReadContext<'_>,
    address: CellAddress,
    field: &Field,
) -> Option<Merge> {
    if matches!(field.kind, FieldType::Text | FieldType::Code) {
        return None;
    }
    let merge = context.sheet.merge_at(address)?;
    let shown = context.sheet.cells.get(&merge.first)?;
    let in_table = context
        .located
        .header
        .columns
        .iter()
        .enumerate()
        .any(|(column, place)| {
            let field = context.form.field(Some(0), column);
            let words = field.is_some_and(|field| field.kind == FieldType::Text);
            *place == Some(merge.first.column) && !words
        });
    let hides = merge.first != address
        && merge.first.row >= context.located.header.data
        && shown.content != Content::EmptyText
        && in_table;
    hides.then_some(*merge)
}

/// One finding for each merged range, at the first cell it hides; the figure it shows is not used.
pub(super) fn report_merged(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let mut ranges: BTreeMap<CellAddress, (Merge, Vec<(CellAddress, String)>)> = BTreeMap::new();
    for (merge, address, label) in std::mem::take(&mut log.merged) {
        let range = ranges.entry(merge.first).or_insert((merge, Vec::new()));
        range.1.push((address, label));
    }
    for (first, (merge, hidden)) in ranges {
        let Some((address, label)) = hidden.first() else {
            continue;
        };
        let shown = table
            .rows
            .iter_mut()
            .chain(&mut table.total)
            .flat_map(|row| &mut row.cells)
            .find(|cell| cell.address == Some(first));
        let figure = match shown {
            Some(cell) => {
                let figure = cell.value().map(ToString::to_string);
                cell.state = CellState::Unreadable;
                figure
            }
            None => None,
        };
        let (says_vi, says_en) = match figure {
            Some(figure) => (format!(" (ghi {figure})"), format!(" ({figure})")),
            None => (String::new(), String::new()),
        };
        let range = format!("{}:{}", merge.first, merge.last);
        let message = Message::new(
            format!(
                "«{label}»: ô này bị gộp với ô {first}{says_vi} thành một ô {range}, nên không rõ số ấy là của ô nào; chưa lấy số cho ô nào trong đó. Hãy bỏ gộp ô, ghi riêng số của từng ô; nếu không phát sinh thì ghi 0."
            ),
            format!(
                "`{label}`: the cell is merged with {first}{says_en} into {range}; nobody can say whose figure it is. Unmerge the cells and fill in each."
            ),
        );
        log.report(context, NO_FIGURE, Some(*address), message);
    }
}
