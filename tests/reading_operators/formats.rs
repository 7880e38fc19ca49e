//! The same workbook as other programs save it (M40, M41), with looks that the operators on letters
//! and marks need (M07, M17–M19); M42 and M43 are in [`super::names`].

use std::fmt::Write;

use tonghop::model::CellAddress;
use tonghop::workbook::{Cell, Content, Limits, Sheet, Workbook, workbook_from_bytes};

use crate::edits::{Edit, Target};
use crate::{Verdict, old_letters};

pub fn all(clean: &Workbook, target: &Target, edits: &mut Vec<Edit>) {
    edits.push(saved("M40", "HTML đặt tên .xls", &html(clean)));
    let plain = spreadsheetml(clean, &Looks::default());
    edits.push(saved("M41", "SpreadsheetML đặt tên .xls", &plain));
    marks(clean, target, edits);
    old_fonts(clean, edits);
}

/// A file as it was saved, which is to be read rightly.
fn saved(id: &'static str, what: &'static str, text: &str) -> Edit {
    let read = workbook_from_bytes("bao-cao.xls", text.as_bytes(), &Limits::default());
    Edit {
        id,
        what,
        workbook: read.unwrap(),
        truth: None,
        want: Verdict::Right,
        cell: None,
        note: None,
    }
}

fn marks(clean: &Workbook, target: &Target, edits: &mut Vec<Edit>) {
    let looks = Looks {
        font: None,
        mark: Some((target.cell, "2")),
    };
    let file = spreadsheetml(clean, &looks);
    let what = "dấu chú thích là chỉ số trên";
    edits.push(Edit {
        note: Some("dau-chu-thich"),
        ..saved("M07", what, &file)
    });
}

/// Every text in letters from before Unicode.
fn old_fonts(clean: &Workbook, edits: &mut Vec<Edit>) {
    let in_font = |font, encode: &dyn Fn(&str) -> String| {
        let mut old = clean.clone();
        for cell in old.sheets.iter_mut().flat_map(|s| s.cells.values_mut()) {
            if let Some(text) = cell.text().map(encode) {
                cell.content = Content::Text(text.into());
            }
        }
        spreadsheetml(&old, &Looks { font, mark: None })
    };
    let noted = Some("phong-chu-cu");
    let tcvn3 = in_font(Some(".VnTime"), &old_letters::tcvn3);
    edits.push(Edit {
        note: noted,
        ..saved("M17", "TCVN3, có phông", &tcvn3)
    });
    let vni = in_font(Some("VNI-Times"), &old_letters::vni);
    edits.push(Edit {
        note: noted,
        ..saved("M19", "VNI, có phông", &vni)
    });
    let bare = in_font(None, &|text| old_letters::tcvn3(text).replace('\u{AD}', ""));
    edits.push(Edit {
        want: Verdict::Asked,
        ..saved("M18", "TCVN3, mất phông, mất ư", &bare)
    });
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

/// How the texts of a workbook look.
#[derive(Default)]
struct Looks {
    /// The font of every text.
    font: Option<&'static str>,
    /// A cell of the first sheet whose figure bears a raised mark.
    mark: Option<(CellAddress, &'static str)>,
}

/// The XML of Excel 2003.
pub fn spreadsheetml_plain(workbook: &Workbook) -> String {
    spreadsheetml(workbook, &Looks::default())
}

fn spreadsheetml(workbook: &Workbook, looks: &Looks) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">",
    );
    let font = looks.font.unwrap_or("Times New Roman");
    write!(
        xml,
        "<Styles><Style ss:ID=\"s\"><Font ss:FontName=\"{font}\"/></Style></Styles>"
    )
    .unwrap();
    for (place, sheet) in workbook.sheets.iter().enumerate() {
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
                let data = match looks.mark.filter(|(marked, _)| place == 0 && *marked == at) {
                    Some((_, mark)) => format!(
                        "<ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\">{text}<Sup>{mark}</Sup></ss:Data>"
                    ),
                    None => format!("<Data ss:Type=\"{kind}\">{text}</Data>"),
                };
                let look = if number.is_some() {
                    ""
                } else {
                    " ss:StyleID=\"s\""
                };
                write!(
                    xml,
                    "<Cell ss:Index=\"{}\"{look}{merge}>{data}</Cell>",
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
