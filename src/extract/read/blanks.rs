//! Blank cells where figures are due: one finding a row, or one for all if many are blank, because
//! then a whole part of the table was left out.

use std::collections::BTreeMap;

use super::context::{Due, MissingFigure, ReadCheck, ReadContext, ReadLog};
use crate::model::{CellAddress, Class, Message, Severity};
use crate::workbook::Content;

/// Id of the finding for blank cells where figures are due.
pub const NO_FIGURE: &str = "thieu-so-lieu";
const BLANK: ReadCheck = ReadCheck::new(NO_FIGURE, Class::Type, Severity::Error);

/// Blank cells of a table that are named one by one.
const MOST_SINGLE: usize = 5;

pub(super) fn report_missing_figures(context: &ReadContext<'_>, log: &mut ReadLog) {
    let shows_nothing = |address: &CellAddress| {
        let cell = context.sheet.cells.get(address);
        cell.is_some_and(|cell| cell.content == Content::EmptyText)
    };
    let missing = std::mem::take(&mut log.missing);
    let blank: Vec<&MissingFigure> = missing
        .iter()
        .filter(|one| !shows_nothing(&one.address))
        .collect();
    if blank.len() > MOST_SINGLE {
        // Formulas over these cells show nothing because of them, so they are not reported
        // separately.
        report_many(context, log, &blank);
        return;
    }
    let mut rows: BTreeMap<u32, Vec<&MissingFigure>> = BTreeMap::new();
    for one in blank {
        rows.entry(one.address.row).or_default().push(one);
    }
    rows.retain(|_, cells| cells.len() > 1);
    for cells in rows.values() {
        report_many(context, log, cells);
    }
    let gathered = |one: &&MissingFigure| rows.contains_key(&one.address.row);
    for one in missing
        .iter()
        .filter(|one| shows_nothing(&one.address) || !gathered(one))
    {
        let label = &one.label;
        let message = if one.due.is_numeric() && shows_nothing(&one.address) {
            Message::new(
                format!(
                    "«{label}»: công thức ở ô này chưa cho ra số (ô hiện trống), ở đây phải có số liệu. Hãy điền đủ các ô mà công thức dùng, hoặc gõ số vào ô."
                ),
                format!(
                    "`{label}`: the formula gives no figure (the cell looks blank), and a figure is due. Fill in the cells that the formula uses, or type the figure."
                ),
            )
        } else {
            what_is_due(label, &one.due)
        };
        log.report(context, BLANK, Some(one.address), message);
    }
}

/// That a cell is blank, and how to fill it. Only where a figure is due is 0 an answer.
fn what_is_due(label: &str, due: &Due) -> Message {
    let (vi, en) = match due {
        Due::Ratio => (
            "phải có số. Hãy ghi tử số chia mẫu số; chỉ để trống khi mẫu số bằng 0.".to_owned(),
            "a figure is due. Write the numerator divided by the denominator; leave it blank only where the denominator is 0.".to_owned(),
        ),
        Due::Figure => (
            "phải có số liệu. Nếu không phát sinh, hãy ghi 0.".to_owned(),
            "a figure is due. Write 0 if there is none.".to_owned(),
        ),
        Due::Choice(choices) => {
            let choices: Vec<String> = choices.iter().map(|one| format!("«{one}»")).collect();
            let choices = choices.join(", ");
            (
                format!("phải chọn một giá trị. Hãy chọn một trong: {choices}."),
                format!("a choice is due. Choose one of: {choices}."),
            )
        }
        Due::Date => (
            "phải có ngày. Hãy ghi ngày/tháng/năm, ví dụ 08/9/2025.".to_owned(),
            "a date is due. Write day/month/year, such as 08/9/2025.".to_owned(),
        ),
        Due::Mark => (
            "phải đánh dấu. Hãy ghi «x» nếu có, «không» nếu không.".to_owned(),
            "a mark is due. Write `x` for yes, `không` for no.".to_owned(),
        ),
        Due::Words => (
            "phải ghi chữ. Hãy ghi nội dung vào ô.".to_owned(),
            "words are due. Write them into the cell.".to_owned(),
        ),
    };
    Message::new(
        format!("«{label}»: ô để trống, ở đây {vi}"),
        format!("`{label}`: blank, and {en}"),
    )
}

fn report_many(context: &ReadContext<'_>, log: &mut ReadLog, blank: &[&MissingFigure]) {
    let mut cells: Vec<CellAddress> = blank.iter().map(|one| one.address).collect();
    cells.sort_unstable();
    let (count, ranges) = (cells.len(), ranges(&cells).join(", "));
    let figures = blank.iter().filter(|one| one.due.is_numeric()).count();
    let (due, advice) = match figures {
        0 => (
            ("nội dung", "contents"),
            (
                "chọn, ghi chữ hoặc ngày như cột yêu cầu",
                "Choose, or write the words or the date that the column asks for",
            ),
        ),
        figures if figures == count => (
            ("số liệu", "figures"),
            (
                "ô nào không phát sinh thì ghi 0",
                "Write 0 where there is none",
            ),
        ),
        _ => (
            ("số liệu hoặc nội dung", "figures or other contents"),
            (
                "ô số nào không phát sinh thì ghi 0, ô khác thì chọn, ghi chữ hoặc ngày như cột yêu cầu",
                "Write 0 where there is no figure to report; elsewhere choose, or write the words or the date that the column asks for",
            ),
        ),
    };
    // Cells of one row are a row left out.
    let row = (cells.first().map(|cell| cell.row))
        .filter(|row| cells.iter().all(|cell| cell.row == *row));
    let name = blank.iter().find_map(|one| one.row.as_deref());
    let (name_vi, name_en) = name.map_or((String::new(), String::new()), |name| {
        (format!(" («{name}»)"), format!(" (`{name}`)"))
    });
    let (row_vi, row_en) = row.map_or((String::new(), String::new()), |row| {
        let line = row + 1;
        (
            format!("Dòng {line}{name_vi}: "),
            format!("Row {line}{name_en}: "),
        )
    });
    let message = Message::new(
        format!(
            "{row_vi}{count} ô để trống, ở đây phải có {}: {ranges}. Hãy điền từng ô; {}.",
            due.0, advice.0
        ),
        format!(
            "{row_en}{count} cells are blank, and {} are due: {ranges}. {}.",
            due.1, advice.1
        ),
    );
    log.report(context, BLANK, cells.first().copied(), message);
    if let Some(first) = cells.first().copied() {
        log.blanks
            .extend(cells.into_iter().map(|cell| (cell, first)));
    }
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

    #[test]
    fn a_0_is_advised_only_where_a_figure_is_due() {
        let choices = vec!["Ngân sách tỉnh".to_owned(), "Ngân sách xã".to_owned()];
        let vi = |due: &Due| what_is_due("a", due).vi;
        assert!(vi(&Due::Figure).contains("ghi 0"));
        assert!(vi(&Due::Choice(choices)).ends_with("«Ngân sách tỉnh», «Ngân sách xã»."));
        assert!(vi(&Due::Date).contains("08/9/2025"));
        for due in [Due::Choice(Vec::new()), Due::Date, Due::Mark, Due::Words] {
            assert!(!vi(&due).contains("ghi 0"));
        }
    }
}
