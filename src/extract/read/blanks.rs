//! Blank cells where figures are due: one finding a cell, or one for all if many are blank, because
//! then a whole part of the table was left out.

use std::collections::BTreeMap;

use super::context::{MissingFigure, ReadCheck, ReadContext, ReadLog};
use crate::model::{CellAddress, Class, Message, Severity};
use crate::workbook::Content;

const NO_FIGURE: ReadCheck = ReadCheck::new("thieu-so-lieu", Class::Type, Severity::Error);

/// Blank cells of a table that are named one by one.
const MOST_SINGLE: usize = 5;

pub(super) fn report_missing_figures(context: &ReadContext<'_>, log: &mut ReadLog) {
    let shows_nothing = |address: &CellAddress| {
        let cell = context.sheet.cells.get(address);
        cell.is_some_and(|cell| cell.content == Content::EmptyText)
    };
    let missing = std::mem::take(&mut log.missing);
    let blank: Vec<CellAddress> = missing
        .iter()
        .map(|one| one.address)
        .filter(|address| !shows_nothing(address))
        .collect();
    if blank.len() > MOST_SINGLE {
        // Formulas over these cells show nothing because of them, so they are not reported
        // separately.
        report_many(context, log, blank);
        return;
    }
    for MissingFigure {
        address,
        label,
        is_ratio,
    } in missing
    {
        let message = if is_ratio {
            Message::new(
                format!(
                    "«{label}»: ô để trống, ở đây phải có số. Hãy ghi tử số chia mẫu số; chỉ để trống khi mẫu số bằng 0."
                ),
                format!(
                    "`{label}`: blank, and a figure is due. Write the numerator divided by the denominator; leave it blank only where the denominator is 0."
                ),
            )
        } else if shows_nothing(&address) {
            Message::new(
                format!(
                    "«{label}»: công thức ở ô này chưa cho ra số (ô hiện trống), ở đây phải có số liệu. Hãy điền đủ các ô mà công thức dùng, hoặc gõ số vào ô."
                ),
                format!(
                    "`{label}`: the formula gives no figure (the cell looks blank), and a figure is due. Fill in the cells that the formula uses, or type the figure."
                ),
            )
        } else {
            Message::new(
                format!(
                    "«{label}»: ô để trống, ở đây phải có số liệu. Nếu không phát sinh, hãy ghi 0."
                ),
                format!("`{label}`: blank, and a figure is due. Write 0 if there is none."),
            )
        };
        log.report(context, NO_FIGURE, Some(address), message);
    }
}

fn report_many(context: &ReadContext<'_>, log: &mut ReadLog, mut blank: Vec<CellAddress>) {
    blank.sort_unstable();
    let (count, ranges) = (blank.len(), ranges(&blank).join(", "));
    let message = Message::new(
        format!(
            "{count} ô để trống, ở đây phải có số liệu: {ranges}. Hãy điền từng ô; ô nào không phát sinh thì ghi 0."
        ),
        format!(
            "{count} cells are blank, and figures are due: {ranges}. Write 0 where there is none."
        ),
    );
    log.report(context, NO_FIGURE, blank.first().copied(), message);
}

/// Cells (in order) as rectangles: `C23:G26, C30`.
fn ranges(cells: &[CellAddress]) -> Vec<String> {
    // Stretches of one row, then rows with the same stretch.
    let mut stretches: Vec<(u32, u32, u32)> = Vec::new();
    for cell in cells {
        match stretches.last_mut() {
            Some((row, _, last)) if *row == cell.row && *last + 1 == cell.column => {
                *last = cell.column;
            }
            _ => stretches.push((cell.row, cell.column, cell.column)),
        }
    }
    let mut blocks: Vec<(CellAddress, CellAddress)> = Vec::new();
    let mut open: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (row, first, last) in stretches {
        let above = open.get(&(first, last)).copied();
        let above = above.filter(|block| blocks[*block].1.row + 1 == row);
        match above {
            Some(block) => blocks[block].1.row = row,
            None => {
                open.insert((first, last), blocks.len());
                blocks.push((CellAddress::new(row, first), CellAddress::new(row, last)));
            }
        }
    }
    let named = |(first, last): &(CellAddress, CellAddress)| match first == last {
        true => first.to_string(),
        false => format!("{first}:{last}"),
    };
    blocks.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_listed_as_rectangles() {
        let cells: Vec<CellAddress> = ["B2", "C2", "E2", "B3", "C3", "C5"]
            .iter()
            .map(|cell| cell.parse().unwrap())
            .collect();
        assert_eq!(ranges(&cells), ["B2:C3", "E2", "C5"]);
    }
}
