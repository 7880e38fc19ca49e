//! What people and programs do to a workbook that the template writer never would: formulas that
//! fail or were never computed, other words in a header, inserted rows and columns. Done on the
//! XML of a sheet as the writer leaves it.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use tonghop::model::{CellAddress, address::column_letters};
use tonghop::write::FormSheet;
use tonghop::write::{GridRow, TemplateLayout};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Something done to the sheet of a form.
pub struct Patch {
    pub form: &'static str,
    pub change: Change,
}

/// What is done.
pub enum Change {
    /// Another content for a cell.
    Cell(Place, Content),
    /// A row above a fixed row, with words in its label column.
    InsertRow {
        above: &'static str,
        label: &'static str,
    },
    /// The row of a fixed row is hidden.
    HideRow(&'static str),
    /// A column is hidden.
    HideColumn(&'static str),
    /// The sheet is hidden.
    HideSheet,
    /// Merged cells are taken apart.
    Unmerge,
    /// A column before a column of the form, with a header and words in the first row.
    InsertColumn {
        before: &'static str,
        header: &'static str,
        words: &'static str,
    },
}

/// A cell of the sheet of a form.
pub enum Place {
    /// A cell of a fixed row.
    Fixed {
        row: &'static str,
        column: &'static str,
    },
    /// A cell of the total row.
    Total(&'static str),
    /// The header right above a column.
    Header(&'static str),
    /// The label of a fixed row.
    Label(&'static str),
    /// The first cell above the title of the form.
    Title,
    /// In a column, so many rows below the table.
    Below { rows: u32, column: &'static str },
}

/// What a cell holds.
pub enum Content {
    /// A formula that fails, and how; other columns of the same row are written `{column}`.
    Fails(&'static str, &'static str),
    /// A formula without a result; other columns of the same row are written `{column}`.
    Uncomputed(&'static str),
    Words(&'static str),
    Figure(f64),
    /// A share that shows as a percentage.
    Percentage(f64),
    /// A formula and its result; other columns of the same row are written `{column}`.
    Computed(&'static str, f64),
    /// A formula whose result is the empty text.
    ShowsNothing(&'static str),
    /// A figure typed as text, and a footnote mark set as superscript.
    Marked(String, &'static str),
    /// Words in a font of their own.
    InFont(&'static str, &'static str),
}

/// Patches a workbook that was just written.
pub fn apply(path: &Path, layout: &TemplateLayout, patches: &[&Patch]) {
    let bytes = std::fs::read(path).expect("the workbook was just written");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip file");
    let mut out = ZipWriter::new(File::create(path).expect("the workbook can be written"));
    let mut styles = String::new();
    let mut part = archive.by_name("xl/styles.xml").expect("looks");
    part.read_to_string(&mut styles).expect("XML is text");
    drop(part);
    let (styles, percentage) = with_percentages(&styles);
    let shares = patches
        .iter()
        .any(|patch| matches!(patch.change, Change::Cell(_, Content::Percentage(_))));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part of the zip file");
        let name = part.name().expect("plain names").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content)
            .expect("a part can be unpacked");
        if name == "xl/workbook.xml" {
            let mut xml = String::from_utf8(content).expect("XML is text");
            for patch in patches {
                let sheet = layout.sheets.iter().find(|s| s.form.id() == patch.form);
                let sheet = sheet.expect("a sheet");
                xml = names_moved(&xml, sheet, &patch.change);
                if let Change::HideSheet = patch.change {
                    let name = format!("<sheet name=\"{}\"", sheet.sheet);
                    assert!(xml.contains(&name), "{} is listed", sheet.sheet);
                    xml = xml.replace(&name, &format!("{name} state=\"hidden\""));
                }
            }
            content = xml.into_bytes();
        }
        if shares && name == "xl/styles.xml" {
            content = styles.clone().into_bytes();
        }
        for patch in patches {
            let sheet = layout
                .sheets
                .iter()
                .position(|s| s.form.id() == patch.form)
                .unwrap_or_else(|| panic!("no sheet of {}", patch.form));
            let sheet = &layout.sheets[sheet];
            if name == format!("xl/worksheets/sheet{}.xml", sheet.index + 1) {
                let xml = String::from_utf8(content).expect("XML is text");
                content = changed(&xml, sheet, &patch.change, percentage).into_bytes();
            }
        }
        out.start_file(name, options)
            .expect("a part can be started");
        out.write_all(&content).expect("a part can be written");
    }
    out.finish().expect("the workbook can be closed");
}

/// The look of percentages, added behind those of the template; and its number.
fn with_percentages(styles: &str) -> (String, usize) {
    let (before, after) = styles.split_once("<cellXfs count=\"").expect("looks");
    let (count, looks) = after.split_once("\">").expect("a count");
    let last: usize = count.parse().expect("a number");
    let look = "<xf numFmtId=\"10\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\"/>";
    let looks = looks.replace("</cellXfs>", &format!("{look}</cellXfs>"));
    let styles = format!("{before}<cellXfs count=\"{}\">{looks}", last + 1);
    (styles, last)
}

/// Moves the defined names of a sheet with its cells.
fn names_moved(xml: &str, sheet: &FormSheet, change: &Change) -> String {
    static CELL: LazyLock<Regex> = LazyLock::new(|| regex(r"\$([A-Z]{1,3})\$(\d+)"));
    let moved = |cell: CellAddress| match change {
        Change::Cell(..)
        | Change::HideRow(_)
        | Change::HideColumn(_)
        | Change::HideSheet
        | Change::Unmerge => cell,
        Change::InsertRow { above, .. } => {
            let above = sheet.grid.row(&sheet.form, GridRow::Fixed(above));
            let down = above.is_some_and(|above| cell.row >= above);
            CellAddress::new(cell.row + u32::from(down), cell.column)
        }
        Change::InsertColumn { before, .. } => {
            let before = sheet.form.column(before).expect("a column");
            let right = cell.column >= sheet.grid.column(before);
            CellAddress::new(cell.row, cell.column + u32::from(right))
        }
    };
    let of_sheet = format!("'{}'!", sheet.sheet);
    let bare = format!(">{}!", sheet.sheet);
    xml.split_inclusive("</definedName>")
        .map(|name| {
            if !name.contains(&of_sheet) && !name.contains(&bare) {
                return name.to_owned();
            }
            CELL.replace_all(name, |found: &Captures<'_>| {
                let cell: CellAddress = format!("{}{}", &found[1], &found[2])
                    .parse()
                    .expect("an address");
                let cell = moved(cell);
                format!("${}${}", column_letters(cell.column), cell.row + 1)
            })
            .into_owned()
        })
        .collect()
}

fn changed(xml: &str, sheet: &FormSheet, change: &Change, percentage: usize) -> String {
    let column = |id: &str| sheet.grid.column(sheet.form.column(id).expect("a column"));
    let row = |id: &'static str| {
        let row = sheet.grid.row(&sheet.form, GridRow::Fixed(id));
        row.expect("a row of the sheet")
    };
    match change {
        Change::Cell(place, content) => {
            let at = find(place, sheet);
            let body = match content {
                Content::Fails(formula, error) => {
                    let formula = in_row(formula, at, column);
                    format!(" t=\"e\"><f>{formula}</f><v>{error}</v></c>")
                }
                Content::Uncomputed(formula) => {
                    format!("><f>{}</f></c>", in_row(formula, at, column))
                }
                Content::Words(words) => inline(words),
                Content::Figure(figure) => format!("><v>{figure}</v></c>"),
                Content::Percentage(share) => {
                    let cell = set_cell(xml, at, &format!("><v>{share}</v></c>"));
                    let own = style(&cell, at).expect("a look").to_owned();
                    let (opening, look) =
                        (format!("<c r=\"{at}\""), format!(" s=\"{percentage}\""));
                    return cell.replace(&format!("{opening}{own}"), &format!("{opening}{look}"));
                }
                Content::Computed(formula, result) => {
                    format!("><f>{}</f><v>{result}</v></c>", in_row(formula, at, column))
                }
                Content::ShowsNothing(formula) => format!(
                    " t=\"str\"><f>{}</f><v></v></c>",
                    in_row(formula, at, column)
                ),
                Content::Marked(figure, mark) => {
                    runs(&[("", figure), ("<vertAlign val=\"superscript\"/>", mark)])
                }
                Content::InFont(font, words) => {
                    runs(&[(&format!("<rFont val=\"{font}\"/>"), words)])
                }
            };
            set_cell(xml, at, &body)
        }
        Change::HideRow(id) => {
            let opening = format!("<row r=\"{}\"", row(id) + 1);
            assert!(xml.contains(&opening), "row {id} is written");
            xml.replace(&opening, &format!("{opening} hidden=\"1\""))
        }
        Change::HideSheet => xml.to_owned(),
        Change::HideColumn(id) => hidden_column(xml, column(id) + 1),
        Change::Unmerge => {
            static MERGES: LazyLock<Regex> = LazyLock::new(|| regex(r"<mergeCells.*</mergeCells>"));
            MERGES.replace(xml, "").into_owned()
        }
        Change::InsertRow { above, label } => {
            let at = CellAddress::new(row(above), sheet.grid.label.expect("labels"));
            let xml = shifted(xml, |cell| {
                CellAddress::new(cell.row + u32::from(cell.row >= at.row), cell.column)
            });
            set_cell(&xml, at, &inline(label))
        }
        Change::InsertColumn {
            before,
            header,
            words,
        } => {
            let new = column(before);
            let xml = shifted(xml, |cell| {
                CellAddress::new(cell.row, cell.column + u32::from(cell.column >= new))
            });
            let xml = set_cell(
                &xml,
                CellAddress::new(sheet.grid.header_rows.1, new),
                &inline(header),
            );
            set_cell(
                &xml,
                CellAddress::new(sheet.grid.first_row, new),
                &inline(words),
            )
        }
    }
}

/// The widths of the columns, with one column listed separately and hidden.
fn hidden_column(xml: &str, hidden: u32) -> String {
    static WIDTH: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"<col min="(\d+)" max="(\d+)"([^>]*)/>"#));
    WIDTH
        .replace_all(xml, |found: &Captures<'_>| {
            let number = |text: &str| text.parse::<u32>().expect("a column number");
            let (first, last) = (number(&found[1]), number(&found[2]));
            let parts = [
                (first, hidden - 1, ""),
                (hidden, hidden, " hidden=\"1\""),
                (hidden + 1, last, ""),
            ];
            if !(first..=last).contains(&hidden) {
                return found[0].to_owned();
            }
            let part = |(first, last, how): &(u32, u32, &str)| {
                format!("<col min=\"{first}\" max=\"{last}\"{}{how}/>", &found[3])
            };
            parts
                .iter()
                .filter(|(first, last, _)| first <= last)
                .map(part)
                .collect()
        })
        .into_owned()
}

fn inline(words: &str) -> String {
    format!(" t=\"inlineStr\"><is><t>{words}</t></is></c>")
}

/// A text in stretches, each with what is said of its look.
fn runs(runs: &[(&str, &str)]) -> String {
    let runs: String = runs
        .iter()
        .map(|(look, text)| {
            let look = match *look {
                "" => String::new(),
                look => format!("<rPr>{look}</rPr>"),
            };
            format!("<r>{look}<t xml:space=\"preserve\">{text}</t></r>")
        })
        .collect();
    format!(" t=\"inlineStr\"><is>{runs}</is></c>")
}

fn find(place: &Place, sheet: &FormSheet) -> CellAddress {
    let (form, grid) = (&sheet.form, &sheet.grid);
    let column = |id: &str| grid.column(form.column(id).expect("a column"));
    match place {
        // Cells that the form does not require, too.
        Place::Fixed { row, column: id } => grid
            .row(form, GridRow::Fixed(row))
            .map(|row| CellAddress::new(row, column(id))),
        Place::Total(column) => grid.cell(form, GridRow::Total, column),
        Place::Header(id) => {
            let column = column(id);
            let above = grid
                .header
                .iter()
                .filter(|s| s.first.column <= column && column <= s.last.column);
            above.map(|span| span.first).max_by_key(|first| first.row)
        }
        Place::Label(row) => grid
            .row(form, GridRow::Fixed(row))
            .zip(grid.label)
            .map(|(row, column)| CellAddress::new(row, column)),
        Place::Title => Some(CellAddress::new(3, 0)),
        Place::Below { rows, column: id } => Some(CellAddress::new(grid.below + rows, column(id))),
    }
    .expect("a cell of the sheet")
}

/// `{ky_truoc}+{trong_ky}` with the addresses of a row.
fn in_row(formula: &str, at: CellAddress, column: impl Fn(&str) -> u32) -> String {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"\{(\w+)\}"));
    let address = |name: &Captures<'_>| CellAddress::new(at.row, column(&name[1])).to_string();
    NAME.replace_all(formula, address).into_owned()
}

/// Replaces a cell but for its style, or puts a new one into its place. `body` is what is behind
/// the cell's own attributes.
fn set_cell(xml: &str, at: CellAddress, body: &str) -> String {
    let opening = format!("<c r=\"{at}\"");
    if let Some(start) = xml.find(&opening) {
        let tag = start + xml[start..].find('>').expect("a tag ends") + 1;
        let end = if xml[..tag].ends_with("/>") {
            tag
        } else {
            tag + xml[tag..].find("</c>").expect("a cell ends") + "</c>".len()
        };
        let style = style(xml, at).unwrap_or_default();
        return format!("{}{opening}{style}{body}{}", &xml[..start], &xml[end..]);
    }
    // As Excel does: looks like its neighbour.
    let neighbours = [
        CellAddress::new(at.row, at.column + 1),
        CellAddress::new(at.row + 1, at.column),
    ];
    let style = neighbours.iter().find_map(|near| style(xml, *near));
    let cell = format!("{opening}{}{body}", style.unwrap_or_default());
    let Some(start) = xml.find(&format!("<row r=\"{}\"", at.row + 1)) else {
        let (before, after) = xml.split_at(next_row(xml, at.row));
        return format!("{before}<row r=\"{}\">{cell}</row>{after}", at.row + 1);
    };
    let tag = start + xml[start..].find('>').expect("a tag ends");
    if xml[..tag].ends_with('/') {
        return format!("{}>{cell}</row>{}", &xml[..tag - 1], &xml[tag + 1..]);
    }
    let end = start + xml[start..].find("</row>").expect("an open row ends");
    static CELL: LazyLock<Regex> = LazyLock::new(|| regex(r#"<c r="([A-Z]+\d+)""#));
    let behind = CELL.captures_iter(&xml[start..end]).find_map(|found| {
        let there: CellAddress = found[1].parse().expect("an address");
        (there.column > at.column).then(|| start + found.get(0).expect("the match").start())
    });
    let (before, after) = xml.split_at(behind.unwrap_or(end));
    format!("{before}{cell}{after}")
}

/// The style attribute of a cell.
fn style(xml: &str, at: CellAddress) -> Option<&str> {
    static STYLE: LazyLock<Regex> = LazyLock::new(|| regex(r#" s="\d+""#));
    let (_, cell) = xml.split_once(&format!("<c r=\"{at}\""))?;
    let (attributes, _) = cell.split_once('>')?;
    STYLE.find(attributes).map(|style| style.as_str())
}

/// Where in the XML the first row behind `row` begins.
fn next_row(xml: &str, row: u32) -> usize {
    static ROW: LazyLock<Regex> = LazyLock::new(|| regex(r#"<row r="(\d+)""#));
    let behind = ROW.captures_iter(xml).find(|found| {
        let number: u32 = found[1].parse().expect("a row number");
        number > row + 1
    });
    behind.map_or_else(
        || xml.find("</sheetData>").expect("rows end"),
        |found| found.get(0).expect("the match").start(),
    )
}

/// Moves every cell, merge and reference as Excel does when rows or columns are inserted.
fn shifted(xml: &str, to: impl Fn(CellAddress) -> CellAddress) -> String {
    static SPANS: LazyLock<Regex> = LazyLock::new(|| regex(r#" spans="[^"]*""#));
    static ROW: LazyLock<Regex> = LazyLock::new(|| regex(r#"<row r="(\d+)""#));
    static PLACE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#" (?:r|ref|topLeftCell|sqref)="[A-Z]+\d+[^"]*"|<f>[^<]*</f>"#));
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| regex(r"(\$?)\b([A-Z]{1,3})(\$?)(\d+)\b"));
    static WIDTH: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"<col min="(\d+)" max="(\d+)"([^>]*)>"#));
    let xml = SPANS.replace_all(xml, "");
    let xml = ROW.replace_all(&xml, |found: &Captures<'_>| {
        let row: u32 = found[1].parse().expect("a row number");
        format!("<row r=\"{}\"", to(CellAddress::new(row - 1, 0)).row + 1)
    });
    let xml = WIDTH.replace_all(&xml, |found: &Captures<'_>| {
        let moved = |column: &str| {
            let column: u32 = column.parse().expect("a column number");
            to(CellAddress::new(0, column - 1)).column + 1
        };
        let (first, last) = (moved(&found[1]), moved(&found[2]));
        format!("<col min=\"{first}\" max=\"{last}\"{}>", &found[3])
    });
    PLACE
        .replace_all(&xml, |place: &Captures<'_>| {
            let moved = |found: &Captures<'_>| {
                let cell: CellAddress = format!("{}{}", &found[2], &found[4])
                    .parse()
                    .expect("an address");
                let cell = to(cell);
                let letters = column_letters(cell.column);
                format!("{}{letters}{}{}", &found[1], &found[3], cell.row + 1)
            };
            REFERENCE.replace_all(&place[0], moved).into_owned()
        })
        .into_owned()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
}
