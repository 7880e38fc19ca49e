//! Lists beside `campaign.toml` as offices keep them: CSV, or a sheet of a workbook.

use std::path::Path;

use crate::campaign::error::ToolError;
use crate::model::campaign_files::ROSTER;
use crate::model::{CellAddress, Message};
use crate::roster::{self, Roster, RosterError};
use crate::sheet_form::without_value;
use crate::text::fold;
use crate::text::list::{Damaged, List, ListRow};
use crate::workbook::{Cell, Content, Limits, Sheet, Visibility, workbook_from_bytes};

/// What the list of units may be called.
pub(super) const ROSTERS: [&str; 4] = [ROSTER, "roster.xlsx", "roster.ods", "roster.xls"];

/// The list of units beside a campaign's file, as it is written.
///
/// # Errors
/// There is none, there are several, or it cannot be read.
pub fn unit_list(folder: &Path) -> Result<List, ToolError> {
    let path = folder.join(name_of(folder)?);
    let bytes = std::fs::read(&path).map_err(ToolError::io(&path))?;
    let shown = path.display().to_string();
    let list = read(&shown, &bytes, is_of_roster);
    Ok(units(
        list.map_err(|(line, why)| at_line(&path, line, &why))?,
    ))
}

/// Which file the list of units is.
fn name_of(folder: &Path) -> Result<&'static str, ToolError> {
    let there = |name: &&str| folder.join(name).is_file();
    let mut found = ROSTERS.into_iter().filter(there);
    let name = found.next().unwrap_or(ROSTER);
    match found.next() {
        None => Ok(name),
        Some(other) => {
            let folder = folder.display();
            Err(ToolError::Other(Message::new(
                format!(
                    "{folder}: có cả {name} và {other}; không rõ danh sách nào đúng, hãy để lại một tệp"
                ),
                format!("{folder}: there are {name} and {other}; keep the one that is right"),
            )))
        }
    }
}

/// The list of units of a campaign: its name and its bytes.
///
/// # Errors
/// There is none, there are several, or it cannot be read.
pub(super) fn roster(folder: &Path) -> Result<(&'static str, Roster, Vec<u8>), ToolError> {
    let name = name_of(folder)?;
    let path = folder.join(name);
    if name == ROSTER {
        let roster = Roster::load(&path)?;
        let bytes = std::fs::read(&path).map_err(ToolError::io(&path))?;
        return Ok((name, roster, bytes));
    }
    let bytes = std::fs::read(&path).map_err(ToolError::io(&path))?;
    let (roster, _) = roster_of_book(&path, &bytes)?;
    Ok((name, roster, bytes))
}

/// The units of a workbook, and the list of them.
///
/// # Errors
/// It cannot be read, or something is wrong with the list.
pub fn roster_of_book(path: &Path, bytes: &[u8]) -> Result<(Roster, List), ToolError> {
    let shown = path.display().to_string();
    let list = read(&shown, bytes, is_of_roster);
    let list = units(list.map_err(|(line, why)| at_line(path, line, &why))?);
    let roster = Roster::from_list(&list, &shown);
    let roster = roster.map_err(|error: RosterError| ToolError::from(error.of_sheet()))?;
    Ok((roster, list))
}

/// Is a title that of a column of units that the tool reads?
pub(super) fn is_of_roster(title: &str) -> bool {
    roster::sheet_heading(title).is_some()
}

fn at_line(path: &Path, line: u64, why: &Message) -> ToolError {
    ToolError::of_file(format!("{}:{line}", path.display()), why)
}

/// Reads a list, whatever kind of file it is, of which columns with these titles are read; an error
/// has the number of its line (or row of the sheet), from 1.
///
/// # Errors
/// It is damaged text, a workbook that cannot be read, or one with a formula without a value in a
/// column that is read.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    is_read: impl Fn(&str) -> bool,
) -> Result<List, (u64, Message)> {
    if name.to_lowercase().ends_with(".csv") || name.to_lowercase().ends_with(".txt") {
        return List::from_csv(bytes).map_err(|Damaged(line)| (line, damaged()));
    }
    let workbook = workbook_from_bytes(name, bytes, &Limits::default());
    let workbook = workbook.map_err(|problem| (1, problem.message()))?;
    let seen = |sheet: &&Sheet| sheet.visibility == Visibility::Visible && !sheet.cells.is_empty();
    let mut sheets = workbook.sheets.iter().filter(seen);
    match (sheets.next(), sheets.next()) {
        (Some(sheet), None) => {
            let list = of_sheet(sheet, &is_read);
            let unknown = without_values(sheet, &list, is_read).next();
            match unknown {
                None => Ok(list),
                Some((at, Message { vi, en })) => {
                    let message = Message::new(format!("ô {at}: {vi}"), format!("cell {at}: {en}"));
                    Err((u64::from(at.row) + 1, message))
                }
            }
        }
        (None, _) => Ok(List::default()),
        (Some(one), Some(other)) => Err((1, two_sheets(&one.name, &other.name))),
    }
}

fn two_sheets(one: &str, other: &str) -> Message {
    Message::new(
        format!(
            "danh sách phải nằm trên một trang; tệp có chữ ở cả trang «{one}» và «{other}», hãy xóa hoặc ẩn trang không phải danh sách"
        ),
        format!(
            "a list is one sheet; `{one}` and `{other}` both hold something: delete or hide what is no list"
        ),
    )
}

fn damaged() -> Message {
    Message::new(
        "chữ ở dòng này hỏng (mã UTF-8 sai); mở bằng Excel, sửa chữ rồi lưu với kiểu \"CSV UTF-8\"",
        "the text of this line is damaged UTF-8; mend it and save it from Excel as \"CSV UTF-8\"",
    )
}

/// The list of a sheet: its heading is the first row with two titles that are read, under whatever
/// titles of its own; else the first row with two fields, or with any.
pub(super) fn of_sheet(sheet: &Sheet, is_read: &impl Fn(&str) -> bool) -> List {
    let mut rows = rows_of(sheet);
    let filled = |row: &ListRow| row.fields.iter().filter(|field| !field.is_empty()).count();
    let heading = heading_of(&rows, is_read);
    let heading = heading.or_else(|| rows.iter().position(|row| filled(row) > 1));
    let mut list = List::default();
    if !rows.is_empty() {
        let rest = rows.split_off(heading.map_or(1, |heading| heading + 1));
        list.heading = rows.pop().unwrap_or_default();
        list.rows = rest;
    }
    list
}

/// A list of units: without what adds it up at its end.
pub fn units_of_sheet(sheet: &Sheet) -> List {
    units(of_sheet(sheet, &is_of_roster))
}

fn units(mut list: List) -> List {
    let titles = list.heading.fields.iter();
    let codes: Vec<bool> = titles.map(|title| roster::is_code_title(title)).collect();
    let is_sum = |row: &ListRow| {
        let fields = || row.fields.iter().zip(&codes);
        let coded = fields().any(|(field, code)| *code && !field.is_empty());
        !coded && fields().any(|(field, _)| is_total(field))
    };
    while list.rows.pop_if(|row| is_sum(row)).is_some() {}
    list
}

/// "Tổng cộng", "Cộng: 124 xã"; xã Cộng Hòa and Công ty are units.
fn is_total(field: &str) -> bool {
    let plain = fold(field);
    let rest_of = |total: &str| {
        let rest = plain.strip_prefix(total)?;
        (!rest.starts_with(char::is_alphanumeric)).then(|| rest.trim_start())
    };
    let counts = |rest: &str| !rest.starts_with(char::is_alphabetic);
    ["tong cong", "tong so"]
        .iter()
        .any(|total| rest_of(total).is_some())
        || rest_of("cong").is_some_and(counts)
}

/// Which row is the heading: one of the first with two titles that are read.
fn heading_of(rows: &[ListRow], is_read: &impl Fn(&str) -> bool) -> Option<usize> {
    const DEEPEST: usize = 20;
    let known = |row: &ListRow| row.fields.iter().filter(|title| is_read(title)).count();
    rows.iter().take(DEEPEST).position(|row| known(row) > 1)
}

/// The rows of a sheet in which something is written.
fn rows_of(sheet: &Sheet) -> Vec<ListRow> {
    let width = sheet
        .cells
        .keys()
        .map(|at| at.column + 1)
        .max()
        .unwrap_or(0);
    let mut rows: Vec<ListRow> = Vec::new();
    for (at, cell) in &sheet.cells {
        let line = u64::from(at.row) + 1;
        if rows.last().is_none_or(|row| row.line != line) {
            let fields = (0..width).map(|_| String::new()).collect();
            rows.push(ListRow { line, fields });
        }
        let field = usize::try_from(at.column).ok();
        let row = rows.last_mut();
        if let Some(field) = row.zip(field).and_then(|(row, at)| row.fields.get_mut(at)) {
            *field = typed(cell);
        }
    }
    rows.retain(|row| row.fields.iter().any(|field| !field.is_empty()));
    rows
}

/// Cells of a list whose value nobody knows, in columns whose titles are read, with why.
pub(super) fn without_values<'l>(
    sheet: &'l Sheet,
    list: &'l List,
    is_read: impl Fn(&str) -> bool + 'l,
) -> impl Iterator<Item = (CellAddress, Message)> + 'l {
    let title = |at: &CellAddress| {
        let field = usize::try_from(at.column).ok()?;
        list.heading.fields.get(field)
    };
    let cells = sheet.cells.iter();
    let cells = cells.filter(move |(at, _)| title(at).is_some_and(|title| is_read(title)));
    cells.filter_map(|(at, cell)| Some((*at, without_value(cell)?)))
}

/// A cell as somebody would type it into CSV.
fn typed(cell: &Cell) -> String {
    match &cell.content {
        Content::Text(text) => text.trim().to_owned(),
        Content::Number(number) => number.to_string(),
        Content::Date(moment) => moment.date().to_string(),
        Content::Bool(yes) => yes.to_string().to_uppercase(),
        Content::Error(text) => text.clone(),
        Content::Uncached | Content::EmptyText => String::new(),
    }
}

/// Is the number written with points between groups of three digits?
pub(super) fn is_grouped(text: &str) -> bool {
    let mut groups = text.trim_start_matches('-').split('.');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len())
        && digits(first)
        && !rest.is_empty()
        && rest.iter().all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_whose_name_begins_with_cong_is_no_total() {
        for total in [
            "TỔNG CỘNG",
            "Tổng số: 3 đơn vị",
            "Cộng",
            "Cộng: 124 xã",
            "Cộng 124 xã",
        ] {
            assert!(is_total(total), "{total}");
        }
        for unit in ["Cộng Hòa", "Cộng Lạc", "Công ty Cấp nước", "Xã Cộng Hòa"] {
            assert!(!is_total(unit), "{unit}");
        }
    }
}
