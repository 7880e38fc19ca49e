//! A sheet of columns and rows, of rules or of examples: headings, lines, choices to pick from.

use rust_xlsxwriter::{DataValidation, Format};

use crate::model::CellAddress;
use crate::schema::Orientation;
use crate::sheet_form::lay::{LaidSheet, Shown};
use crate::sheet_form::words::campaign::{self, CAMPAIGN_SHEET, VALUE};
use crate::sheet_form::words::{Key, Kind, SETTINGS, choices_of};
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{lines, pages_wide};
use crate::write::paper::sheet::{SheetWriter, column_number};
use crate::write::paper::style;

/// Blank lines under the last one that are ruled, too.
const RULED: u32 = 12;
/// Lines under the last one in which choices can be picked.
const PICKED: u32 = 500;

/// Headings that are written whether or not a line has something under them.
const USUAL: [&str; 27] = [
    "Loại",
    "Mã",
    "Tên",
    "Kiểu",
    "Số lẻ",
    "Ô trống là",
    "Tổng hợp",
    "Tự tính",
    "Cách điền",
    "STT",
    "Dòng",
    "Cột",
    "Phép so",
    "Dòng (vế phải)",
    "Cột (vế phải)",
    "Biểu thức",
    "Điều kiện",
    "Lời báo",
    "Mức",
    "Từ kỳ",
    "Đến kỳ",
    "Mã quy tắc",
    "Ví dụ",
    "Phạm quy tắc",
    "Số liệu của",
    "Giá trị",
    "Khác",
];

/// Paints a sheet.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn paint(sheet: &mut SheetWriter<'_>, laid: &LaidSheet) -> Result<(), WriteError> {
    // The sheets of a campaign are few, and show everything that may be written.
    let is_campaign = campaign::keys_of(laid.name).is_some();
    let is_used = |key: &&Key| {
        let heading = key.heading;
        let mut cells = laid.lines.iter().flatten();
        is_campaign || USUAL.contains(&heading) || cells.any(|(under, _)| *under == heading)
    };
    let keys: Vec<&Key> = laid.keys.iter().filter(is_used).collect();
    let widths: Vec<f64> = keys.iter().map(|key| width(laid.name, key)).collect();
    sheet.widths(&widths)?;
    headings(sheet, &keys, &widths)?;
    let last = count(laid.lines.len());
    for (row, line) in (1_u32..).zip(&laid.lines) {
        let mut tall = 1;
        for ((column, key), width) in (0_u32..).zip(&keys).zip(&widths) {
            let shown = line.iter().find(|(under, _)| *under == key.heading);
            let shown = shown.map(|(_, shown)| shown);
            cell(
                sheet,
                CellAddress::new(row, column),
                shown,
                &look(key, line),
            )?;
            if let Some(Shown::Text(text)) = shown {
                tall = tall.max(lines(text, width * 0.95));
            }
        }
        sheet.height(row, tall)?;
        setting_choices(sheet, row, line)?;
    }
    for row in last + 1..=last + RULED {
        for (column, key) in (0_u32..).zip(&keys) {
            sheet.blank(CellAddress::new(row, column), &look(key, &[]))?;
        }
    }
    for (column, key) in (0_u32..).zip(&keys) {
        pick(sheet, (1, last + PICKED), column, key)?;
    }
    sheet.print(Orientation::Landscape, Some((0, 0)))?;
    // A wide sheet goes on beside the first page, with what its lines are about.
    let named = named_columns(&keys);
    sheet.0.set_print_fit_to_pages(pages_wide(&widths), 0);
    sheet.0.set_repeat_columns(0, named - 1)?;
    sheet.page_footer();
    sheet.0.set_freeze_panes(1, named)?;
    Ok(())
}

fn headings(sheet: &mut SheetWriter<'_>, keys: &[&Key], widths: &[f64]) -> Result<(), WriteError> {
    let mut tall = 1;
    for ((column, key), width) in (0_u32..).zip(keys).zip(widths) {
        sheet.text(CellAddress::new(0, column), key.heading, &style::header())?;
        tall = tall.max(lines(key.heading, width / 1.12));
        if !key.help.is_empty() {
            let said = DataValidation::new()
                .allow_any_value()
                .set_input_title(key.heading)?
                .set_input_message(key.help)?;
            let column = column_number(column)?;
            sheet.0.add_data_validation(0, column, 0, column, &said)?;
        }
    }
    sheet.height(0, tall)
}

/// Columns that stay in view: what a line is about.
fn named_columns(keys: &[&Key]) -> u16 {
    match keys.first().map(|key| key.heading) {
        Some("Loại") => 3,
        _ => 1,
    }
}

/// Choices of the value of a setting.
fn setting_choices(
    sheet: &mut SheetWriter<'_>,
    row: u32,
    line: &[(&'static str, Shown)],
) -> Result<(), WriteError> {
    let named = line.iter().find_map(|(under, shown)| match shown {
        Shown::Text(text) if *under == "Mã" => Some(text.as_str()),
        _ => None,
    });
    let key = SETTINGS.iter().find(|key| Some(key.heading) == named);
    match key.filter(|_| is_setting(line)) {
        Some(key) => pick(sheet, (row, row), 2, key),
        None => Ok(()),
    }
}

fn is_setting(line: &[(&'static str, Shown)]) -> bool {
    line.contains(&("Loại", Shown::Text("Biểu".to_owned())))
}

/// Lets choices of a key be picked; other words may be typed, too.
fn pick(
    sheet: &mut SheetWriter<'_>,
    rows: (u32, u32),
    column: u32,
    key: &Key,
) -> Result<(), WriteError> {
    let choices: Vec<&str> = choices_of(key).iter().map(|word| word.says).collect();
    if choices.is_empty() {
        return Ok(());
    }
    let list = DataValidation::new()
        .allow_list_strings(&choices)?
        .show_error_message(false);
    let column = column_number(column)?;
    sheet
        .0
        .add_data_validation(rows.0, column, rows.1, column, &list)?;
    Ok(())
}

fn cell(
    sheet: &mut SheetWriter<'_>,
    at: CellAddress,
    shown: Option<&Shown>,
    format: &Format,
) -> Result<(), WriteError> {
    match shown {
        None => sheet.blank(at, format),
        Some(Shown::Text(text)) => sheet.text(at, text, format),
        Some(Shown::Number(number)) => {
            sheet.double(at, *number, &format.clone().set_num_format("General"))
        }
        Some(Shown::Day(day)) => sheet.day(at, *day, format),
        Some(Shown::Flag(flag)) => {
            let column = column_number(at.column)?;
            let format = format.clone().set_num_format("General");
            sheet
                .0
                .write_boolean_with_format(at.row, column, *flag, &format)?;
            Ok(())
        }
    }
}

/// Words stay words when they are typed: `01`, `1.1`, `2025-07`, `=a + b`.
fn look(key: &Key, line: &[(&'static str, Shown)]) -> Format {
    let plain = match key.kind {
        Kind::Word(_) | Kind::Flag | Kind::Aside | Kind::Whole => style::centred_cell(),
        _ => style::label(),
    };
    let plain = match is_setting(line) && key.heading == "Mã" {
        true => plain.set_italic(),
        false => plain,
    };
    match key.kind {
        Kind::Whole | Kind::Aside => plain,
        _ if key.heading == "Giá trị" => plain,
        _ => plain.set_num_format("@"),
    }
}

/// Width of a column, in digits.
fn width(sheet: &str, key: &Key) -> f64 {
    match key.heading {
        VALUE if sheet == CAMPAIGN_SHEET => 56.0,
        "Tên loại" | "In phía trên" => 24.0,
        "Các cột" | "Mục" => 20.0,
        "Ô" => 26.0,
        "Tên" | "Ví dụ" => 34.0,
        "Lời báo" | "Cách điền" => 38.0,
        "Biểu thức" => 34.0,
        "Mã quy tắc" | "Phạm quy tắc" => 24.0,
        "Điều kiện" | "Khác" | "Tên khác" | "Mã" => 20.0,
        "Cột" | "Cột (vế phải)" | "Dòng (vế phải)" | "Dòng" | "Các lựa chọn" => {
            17.0
        }
        "STT" | "Phép so" | "Số lẻ" => 8.0,
        _ => 11.0,
    }
}
