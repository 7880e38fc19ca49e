//! Columns with figures that a unit added to a table, inside it or right beside it. They are not
//! read; one under a heading of the form must not be passed over.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::locate::figures;
use crate::extract::table::{Table, TableCell};
use crate::model::template_names::REPEATED;
use crate::model::value::message;
use crate::model::{CellAddress, Message, Severity};

const OWN_COLUMN: ReadCheck = ReadCheck::structure("cot-ngoai-mau", Severity::Info);
const HEADLESS: ReadCheck = ReadCheck::structure("cot-khong-tieu-de", Severity::Warning);
const HEADER_MOVED: ReadCheck = ReadCheck::structure("cot-khong-tieu-de", Severity::Error);
const SAME_HEADING: ReadCheck = ReadCheck::structure("cot-trung-tieu-de", Severity::Error);

/// Notes columns that the form does not have and that hold figures: inside the table, or headed and
/// adjoining it on the right. If one has a heading of the form and other figures than the column
/// that is read, asks which counts.
pub(super) fn report_own_columns(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let header = &context.located.header;
    if header.columns.iter().any(Option::is_none) {
        return;
    }
    let known: BTreeSet<u32> = header.columns.iter().copied().flatten().collect();
    let others = [header.ordinal, header.label, header.measure];
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let rows: BTreeSet<u32> = cells.filter_map(|cell| Some(cell.address?.row)).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return;
    };
    let own = |column: u32| OwnColumn::at(context, &rows, column);
    let inside = (*first..*last)
        .filter(|column| !known.contains(column) && !others.contains(&Some(*column)));
    let beside = (last.saturating_add(1)..)
        .map_while(|column| own(column).filter(|own| own.heading.is_some()));
    let told = |own: &OwnColumn| !own.repeats(context);
    for own in inside.filter_map(own).chain(beside).filter(told) {
        match own.rival(context, &rows) {
            Some((column, place)) => own.ask(context, log, column, place),
            None if own.heading.is_none() => own.tell(context, log, table),
            None => own.note(context, log),
        }
    }
}

/// A column that the form does not have.
struct OwnColumn {
    column: u32,
    /// The cells of the table's rows that hold figures; at least one.
    figures: Vec<CellAddress>,
    /// The lowest cell of words above it.
    heading: Option<CellAddress>,
}

impl OwnColumn {
    /// The column, if it holds figures.
    fn at(context: &ReadContext<'_>, rows: &BTreeSet<u32>, column: u32) -> Option<OwnColumn> {
        let cells = rows.iter().map(|row| CellAddress::new(*row, column));
        let figures: Vec<CellAddress> = cells.filter(|at| figure(context, *at).is_some()).collect();
        let header = &context.located.header;
        // A text that spans columns of the form is none of this one's.
        let spans = |at: CellAddress| {
            let merge = context.sheet.merge_at(at);
            let mut columns = header.columns.iter().flatten();
            merge.is_some_and(|merge| {
                columns.any(|column| (merge.first.column..=merge.last.column).contains(column))
            })
        };
        let words = |at: &CellAddress| {
            let text = context.sheet.effective(*at).and_then(|cell| cell.text());
            text.is_some_and(|text| text.chars().any(char::is_alphabetic)) && !spans(*at)
        };
        let above = (header.top..header.data).rev();
        let heading = above.map(|row| CellAddress::new(row, column)).find(words);
        (!figures.is_empty()).then_some(OwnColumn {
            column,
            figures,
            heading,
        })
    }

    /// Has the template put it there, with figures of last period?
    fn repeats(&self, context: &ReadContext<'_>) -> bool {
        let text = |at| context.sheet.effective(at).and_then(|cell| cell.text());
        let heading = self.heading.and_then(text);
        heading.is_some_and(|heading| heading.trim_start().starts_with(REPEATED))
    }

    /// The form's column (index, and place on the sheet) with the same headings and other figures.
    fn rival(&self, context: &ReadContext<'_>, rows: &BTreeSet<u32>) -> Option<(usize, u32)> {
        let header = &context.located.header;
        let heading = self.heading?;
        let text = context.texts.effective(heading.row, heading.column)?;
        let under = |spanning: &String| {
            (header.top..heading.row).any(|row| {
                let above = context.texts.effective(row, self.column);
                above.or_else(|| context.texts.left_of(row, self.column)) == Some(spanning)
            })
        };
        let differs = |place: u32| {
            let both = |row: &u32| {
                let at = |column| figure(context, CellAddress::new(*row, column));
                at(self.column) != at(place)
            };
            rows.iter().any(both)
        };
        // Under a heading of its own above the header, as «Kỳ trước» over a block, it is another column.
        let over = |column: u32| {
            let row = header.top.checked_sub(1)?;
            let at = CellAddress::new(row, column);
            let merged = context.sheet.merge_at(at).is_some();
            context.texts.effective(row, column).filter(|_| merged)
        };
        let columns = header.columns.iter().zip(&context.form.keys.columns);
        let mut same = columns
            .enumerate()
            .filter_map(|(i, (place, (own, spanning)))| {
                let same = own.iter().any(|label| label == text) && spanning.iter().all(under);
                Some((i, (*place)?)).filter(|_| same)
            });
        same.find(|(_, place)| differs(*place) && over(self.column) == over(*place))
    }

    fn ask(&self, context: &ReadContext<'_>, log: &mut ReadLog, column: usize, place: u32) {
        let label = context.form.file.columns[column].label.full();
        let at = self.heading.or(self.figures.first().copied());
        let letters = |column| CellAddress::new(0, column).column_letters();
        let (own, read) = (letters(self.column), letters(place));
        let vi = format!(
            "Có hai cột cùng tiêu đề «{label}» với số khác nhau: cột {read} và cột {own}. Không biết cột nào là số của biểu; hãy giữ lại cột đúng, xóa cột kia hoặc đổi tiêu đề của nó."
        );
        let en = format!(
            "Two columns are headed `{label}` and their figures differ: column {read} and column {own}. Which one counts is not known; keep the right one, delete the other or change its heading."
        );
        log.report(context, SAME_HEADING, at, Message::new(vi, en));
    }

    /// Tells of figures inside the table that are under no header: an error where a column of the form
    /// has none, as its header may have been dragged there from here.
    fn tell(&self, context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
        let letters = |column| CellAddress::new(0, column).column_letters();
        let (own, count) = (letters(self.column), self.figures.len());
        let empty = context.located.header.columns.iter().enumerate();
        let empty = empty.filter_map(|(column, place)| Some((column, (*place)?)));
        let empty = empty
            .filter(|(column, _)| {
                let mut cells = table.rows.iter().filter_map(|row| row.cells.get(*column));
                let numeric = figures::holds_figures(context.form, *column);
                numeric && !cells.any(|cell| is_filled(context, cell))
            })
            .min_by_key(|(_, place)| place.abs_diff(self.column));
        let at = self.figures.first().copied();
        let Some((column, place)) = empty else {
            let message = message!(
                count;
                "Cột {own} nằm trong bảng, có {count} số mà không có tiêu đề: các số này không được tính. Nếu là số liệu của biểu, hãy ghi lại tiêu đề của cột theo mẫu; nếu là cột riêng của đơn vị, hãy ghi tiêu đề riêng hoặc xóa cột.",
                "Column {own} is inside the table and has {count} figures under no header: they are not counted. If they are the form's, write the header of the column again; if the column is the unit's own, give it a header or delete it."
            );
            log.report(context, HEADLESS, at, message);
            return;
        };
        let (label, empty) = (
            context.form.file.columns[column].label.full(),
            letters(place),
        );
        let message = message!(
            count;
            "Cột {own} nằm trong bảng, có {count} số mà không có tiêu đề, còn cột {empty} có tiêu đề «{label}» mà không có số nào. Có thể tiêu đề đã bị kéo sang cột khác; hãy ghi tiêu đề «{label}» trên đúng cột có số của nó.",
            "Column {own} is inside the table and has {count} figures under no header, and column {empty} has the header `{label}` and no figure. The header may have been dragged; write `{label}` above the column that has its figures."
        );
        log.report(context, HEADER_MOVED, at, message);
    }

    fn note(&self, context: &ReadContext<'_>, log: &mut ReadLog) {
        let text = |at| context.sheet.effective(at).and_then(|cell| cell.text());
        let letters = CellAddress::new(0, self.column).column_letters();
        let named = match self.heading.and_then(text) {
            None => letters,
            Some(title) => format!("{letters} («{}»)", title.trim()),
        };
        let count = self.figures.len();
        let message = message!(
            count;
            "Cột {named} không có trong biểu mẫu: {count} số ở đó không được đọc. Nếu là cột riêng của đơn vị thì không phải làm gì; nếu là số liệu của biểu, hãy chuyển vào đúng cột.",
            "Column {named} is not in the form: its {count} figures are not read. Nothing has to be done if it is the unit's own; else move the figures to their column."
        );
        log.report(context, OWN_COLUMN, self.figures.first().copied(), message);
    }
}

fn is_filled(context: &ReadContext<'_>, cell: &TableCell) -> bool {
    cell.address
        .is_some_and(|at| context.sheet.cell(at).is_some())
}

fn figure(context: &ReadContext<'_>, at: CellAddress) -> Option<f64> {
    figures::any_figure(context.sheet.cells.get(&at)?)
}
