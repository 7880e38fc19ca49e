//! Lists into which a block of figures was pasted too low: above it a name has no figures, at its end
//! figures have no name. Whoever only wrote the name would have every figure under another row's.

use std::collections::BTreeSet;

use super::complain::NAMELESS;
use super::context::{ReadContext, ReadLog};
use super::group_heads;
use crate::extract::locate::figures::typed_figure;
use crate::model::value::number_from_f64;
use crate::model::{CellAddress, Message, Number, Suspect, Value, few_rows, rows_from};
use crate::workbook::Content;

/// Rows of a list on its sheet, from 0, top to bottom.
#[derive(Default)]
pub(super) struct ListRows {
    /// Rows of the table.
    pub(super) named: Vec<u32>,
    /// Rows with a name and nothing else, which may be headings.
    pub(super) bare: Vec<u32>,
    /// Rows with figures and no name.
    pub(super) nameless: Vec<u32>,
}

/// A block of figures that seems to stand so many rows too low.
struct Block {
    /// The first row without figures.
    first: u32,
    /// The first row without a name.
    end: u32,
    by: u32,
    /// Are the rows without figures surely no headings?
    is_sure: bool,
}

/// Tells rows without a name as the end of a block that was pasted too low, where it was.
pub(super) fn report(context: &ReadContext<'_>, log: &mut ReadLog, rows: &ListRows) {
    let mut nameless = rows.nameless.iter().copied().peekable();
    while let Some(end) = nameless.next() {
        let mut by = 1;
        while nameless.next_if_eq(&(end + by)).is_some() {
            by += 1;
        }
        if let Some(block) = block(context, rows, end, by) {
            tell(context, log, &block);
        }
    }
}

/// The block whose last rows have no name: as many rows of names have no figures right above the rows
/// that have both.
fn block(context: &ReadContext<'_>, rows: &ListRows, end: u32, by: u32) -> Option<Block> {
    let named: BTreeSet<u32> = rows.named.iter().chain(&rows.bare).copied().collect();
    let above = |row: u32, filled: bool| {
        let above = row.checked_sub(1).filter(|above| named.contains(above))?;
        (figures(context, above).is_empty() != filled).then_some(above)
    };
    let mut filled = end;
    while let Some(above) = above(filled, true) {
        filled = above;
    }
    let mut first = filled;
    while let Some(above) = above(first, false) {
        first = above;
    }
    let nameless = end..end + by;
    if filled - first != by || nameless.clone().any(|row| has_more(context, row, end + by)) {
        return None;
    }
    let heads = group_heads::heads(context, &rows.named);
    let heads = heads.iter().filter_map(|head| rows.named.get(head.at()));
    let is_head = heads.into_iter().any(|head| (first..filled).contains(head));
    if is_head || adds_up(context, filled..end, end) {
        return None;
    }
    let worded = (filled..end).any(|row| has_words(context, row));
    let is_row = |row: u32| !rows.bare.contains(&row) && (!worded || has_words(context, row));
    Some(Block {
        first,
        end,
        by,
        is_sure: (first..filled).all(is_row),
    })
}

/// The figures of a row with their places.
fn figures(context: &ReadContext<'_>, row: u32) -> Vec<(CellAddress, Number)> {
    let columns = context.located.header.columns.iter().enumerate();
    let figure = |(column, place): (usize, &Option<u32>)| {
        let field = context.form.field(None, column)?;
        let at = CellAddress::new(row, (*place)?);
        let cell = context
            .sheet
            .cells
            .get(&at)
            .filter(|_| field.kind.is_numeric())?;
        Some((
            at,
            number_from_f64(typed_figure(context.form, column, cell)?)?,
        ))
    };
    columns.filter_map(figure).collect()
}

/// Are there words or dates beside the name of a row?
fn has_words(context: &ReadContext<'_>, row: u32) -> bool {
    let columns = context.located.header.columns.iter().enumerate();
    let mut places = columns.filter_map(|(column, place)| {
        let field = context.form.field(None, column)?;
        let words = !field.kind.is_numeric() && field.kind != crate::schema::FieldType::Flag;
        (*place).filter(|_| words && !context.form.file.columns[column].key)
    });
    places.any(|column| {
        let cell = context.sheet.cells.get(&CellAddress::new(row, column));
        cell.is_some_and(|cell| cell.content != Content::EmptyText)
    })
}

/// Has a row without a name more of a row than figures: words, or an ordinal that rows below the table
/// (`below`) do not have?
fn has_more(context: &ReadContext<'_>, row: u32, below: u32) -> bool {
    let numbered = |row: u32| {
        let column = context.located.header.ordinal?;
        let cell = context.sheet.cells.get(&CellAddress::new(row, column))?;
        (cell.content != Content::EmptyText).then_some(())
    };
    has_words(context, row) || numbered(row).is_some() && numbered(below).is_none()
}

/// Is a row without a name the sum of the rows above it?
fn adds_up(context: &ReadContext<'_>, above: std::ops::Range<u32>, row: u32) -> bool {
    let rows: Vec<Vec<(CellAddress, Number)>> = above.map(|row| figures(context, row)).collect();
    let sum = |column: u32| {
        let own = rows.iter().flatten().filter(|(at, _)| at.column == column);
        own.map(|(_, figure)| *figure).sum::<Number>()
    };
    let own = figures(context, row);
    rows.len() > 1
        && own
            .iter()
            .any(|(at, figure)| !figure.is_zero() && sum(at.column) == *figure)
}

fn tell(context: &ReadContext<'_>, log: &mut ReadLog, block: &Block) {
    let told = |at: u32| {
        move |finding: &crate::model::Finding| {
            finding.rule == NAMELESS && finding.cell.is_some_and(|cell| cell.row == at)
        }
    };
    let Some(at) = log.findings.iter().position(told(block.end)) else {
        return;
    };
    let words = words(context, block);
    let mut finding = log.findings.remove(at);
    finding = match block.is_sure {
        true => finding.saying(words),
        false => finding.adding(&words),
    };
    if block.is_sure {
        finding.review.suspects = suspects(context, block);
    }
    let lead = finding.place();
    log.findings.insert(at, finding);
    for row in block.end + 1..block.end + block.by {
        for follower in log.findings.iter_mut().filter(|one| told(row)(one)) {
            follower.review.cause.clone_from(&lead);
        }
    }
}

/// The cells without figures, each with the figure that stands too low.
fn suspects(context: &ReadContext<'_>, block: &Block) -> Vec<Suspect> {
    let rows = block.first..block.first + block.by;
    let places = rows.flat_map(|row| {
        let below = figures(context, row + block.by).into_iter();
        below.map(move |(at, figure)| (CellAddress { row, ..at }, figure))
    });
    // What the template computes needs no typing.
    let typed = places.filter(|(at, _)| {
        let cell = context.sheet.cells.get(at);
        cell.is_none_or(|cell| cell.formula.is_none())
    });
    let suspect = |(rank, (cell, figure)): (usize, (CellAddress, Number))| {
        let from = cell.row + block.by + 1;
        let by = few_rows(block.by);
        Suspect {
            sheet: context.sheet.name.clone(),
            cell,
            value: None,
            suggestion: Some(Value::Number(figure)),
            rank: rank + 1,
            together: rank > 0,
            reason: Message::new(
                format!(
                    "số này đang ở dòng {from}: nghi cả khối bị dán xuống thấp {}",
                    by.vi
                ),
                format!(
                    "it stands in row {from}: the block may have been pasted {} too low",
                    by.en
                ),
            ),
        }
    };
    typed.enumerate().map(suspect).collect()
}

fn words(context: &ReadContext<'_>, block: &Block) -> Message {
    let from = block.first + block.by;
    let last = block.end + block.by;
    let named = rows_from(block.first + 1, from);
    let nameless = rows_from(block.end + 1, last);
    let moved = rows_from(from + 1, last);
    let by = few_rows(block.by);
    let name = context.row_name(None, block.first).unwrap_or_default();
    match block.is_sure {
        true => Message::new(
            format!(
                "Ở {} có số liệu mà không có tên, còn {} («{name}») có tên mà không có số liệu: có lẽ các số ở {} đã bị dán xuống thấp {}, nên nằm sai dòng. Hãy đối chiếu với sổ gốc; nếu đúng vậy, chuyển các số ấy lên {}, không ghi thêm tên. Nếu không phải, hãy ghi tên {}, hoặc xóa số liệu nếu thừa.",
                nameless.vi, named.vi, moved.vi, by.vi, by.vi, nameless.vi
            ),
            format!(
                "There are figures and no name in {}, and a name (`{name}`) and no figures in {}: the figures in {} may have been pasted {} too low. Look them up; if so, move them up by {} and write no name. If not, write the name of {}, or delete the figures.",
                nameless.en, named.en, moved.en, by.en, by.en, nameless.en
            ),
        ),
        false => Message::new(
            format!(
                " Nếu {} («{name}») không phải tiêu đề của một nhóm mà là một dòng phải có số, thì có lẽ các số ở {} đã bị dán xuống thấp {}: hãy chuyển chúng lên, không ghi thêm tên.",
                named.vi, moved.vi, by.vi
            ),
            format!(
                " If {} (`{name}`) is no heading and should have figures, those in {} may have been pasted {} too low: move them up and write no name.",
                named.en, moved.en, by.en
            ),
        ),
    }
}
