//! The same workbook as other programs save it (M40, M41), under another name (M43); M42 is in
//! [`super::names`], because no library writes the old binary format.

use std::fmt::Write;

use tonghop::model::CellAddress;
use tonghop::workbook::{Cell, Content, Limits, Sheet, Workbook, workbook_from_bytes};

use crate::Verdict;
use crate::edits::Edit;

pub fn all(clean: &Workbook, edits: &mut Vec<Edit>) {
    let saved = [
        ("M40", "HTML đặt tên .xls", html(clean)),
        ("M41", "SpreadsheetML đặt tên .xls", spreadsheetml(clean)),
    ];
    for (id, what, text) in saved {
        let workbook =
            workbook_from_bytes("bao-cao.xls", text.as_bytes(), &Limits::default()).unwrap();
        edits.push(Edit {
            id,
            what,
            workbook,
            truth: None,
            want: Verdict::Right,
            cell: None,
            note: None,
        });
    }
}

/// What a cell shows, and its number if it is one.
fn shown(cell: &Cell) -> (String, Option<f64>) {
    match &cell.content {
        Content::Number(number) => (number.to_string(), Some(*number)),
        Content::Text(text) => (escaped(text), None),
        _ => (String::new(), None),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

fn size(sheet: &Sheet) -> (u32, u32) {
    let rows = sheet.cells.keys().map(|at| at.row).max().unwrap_or(0);
    let columns = sheet.cells.keys().map(|at| at.column).max().unwrap_or(0);
    (rows, columns)
}

/// One table a sheet, spans for merges, as portals write it.
fn html(workbook: &Workbook) -> String {
    let mut page = String::from("<html><head><meta charset=\"utf-8\"></head><body>");
    for sheet in &workbook.sheets {
        let (rows, columns) = size(sheet);
        page.push_str("<table>");
        for row in 0..=rows {
            page.push_str("<tr>");
            for column in 0..=columns {
                let at = CellAddress::new(row, column);
                let merge = sheet.merge_at(at);
                if merge.is_some_and(|merge| merge.first != at) {
                    continue;
                }
                let (down, right) = merge.map_or((1, 1), |m| {
                    (
                        m.last.row - m.first.row + 1,
                        m.last.column - m.first.column + 1,
                    )
                });
                let (text, _) = sheet.cell(at).map(shown).unwrap_or_default();
                write!(page, "<td rowspan={down} colspan={right}>{text}</td>").unwrap();
            }
            page.push_str("</tr>");
        }
        page.push_str("</table>");
    }
    page.push_str("</body></html>");
    page
}

/// The XML of Excel 2003.
fn spreadsheetml(workbook: &Workbook) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">",
    );
    for sheet in &workbook.sheets {
        let (rows, columns) = size(sheet);
        write!(
            xml,
            "<Worksheet ss:Name=\"{}\"><Table>",
            escaped(&sheet.name)
        )
        .unwrap();
        for row in 0..=rows {
            write!(xml, "<Row ss:Index=\"{}\">", row + 1).unwrap();
            for column in 0..=columns {
                let at = CellAddress::new(row, column);
                let Some(cell) = sheet.cell(at) else { continue };
                let (text, number) = shown(cell);
                let kind = if number.is_some() { "Number" } else { "String" };
                let merge = sheet.merge_at(at).map_or(String::new(), |m| {
                    format!(
                        " ss:MergeAcross=\"{}\" ss:MergeDown=\"{}\"",
                        m.last.column - m.first.column,
                        m.last.row - m.first.row
                    )
                });
                write!(
                    xml,
                    "<Cell ss:Index=\"{}\"{merge}><Data ss:Type=\"{kind}\">{text}</Data></Cell>",
                    column + 1
                )
                .unwrap();
            }
            xml.push_str("</Row>");
        }
        xml.push_str("</Table></Worksheet>");
    }
    xml.push_str("</Workbook>");
    xml
}
