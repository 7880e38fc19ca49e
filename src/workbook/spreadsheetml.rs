//! XML spreadsheets of Excel 2003, mostly saved as `.xls` by older reporting systems.

use std::collections::HashMap;
use std::sync::Arc;

use super::content::{iso_date, named_format};
use super::limits::Budget;
use super::runs::{Growing, RunFont, TextRun};
use super::{Cell, CellStyle, Content, FileProblem, Format, Limits, Sheet, Visibility, Workbook};
use crate::model::CellAddress;
use crate::model::address::{MAX_COLUMNS, MAX_ROWS};
use crate::package::xml::{BytesStart, Step, Walk, attribute, flag, walk_texts};
use crate::text::decode::decode;

/// Reads a workbook.
///
/// # Errors
/// The file is damaged, or larger than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let text = decode(bytes);
    let mut book = Book {
        budget: Budget::new(limits),
        sheets: Vec::new(),
        styles: HashMap::new(),
        style: None,
        sheet: None,
        in_table: false,
        row: 0,
        column: 0,
        hidden_rows: Vec::new(),
        cell: None,
        captured: None,
        looks: Growing::default(),
        saved_at: None,
    };
    let mut complete = false;
    walk_texts(text.as_bytes(), |step| {
        match step {
            Step::Open(element) => book.open(element)?,
            Step::Text(text) => book.text(text),
            Step::Close(name) => {
                complete |= name == "Workbook";
                book.close(name)?;
            }
        }
        Ok::<_, FileProblem>(Walk::On)
    })?;
    if !complete {
        return Err(FileProblem::broken("it ends too early"));
    }
    Ok(Workbook {
        sheets: book.sheets,
        saved_at: book.saved_at,
        format: Format::SpreadsheetMl,
        has_macros: false,
        names: Vec::new(),
    })
}

struct Book {
    budget: Budget,
    sheets: Vec<Sheet>,
    styles: HashMap<String, Arc<CellStyle>>,
    /// The style being defined, and its name.
    style: Option<(String, CellStyle)>,
    sheet: Option<Sheet>,
    in_table: bool,
    /// The current row, and after it the next.
    row: u32,
    /// The next column.
    column: u32,
    hidden_rows: Vec<(u32, u32)>,
    cell: Option<OpenCell>,
    /// Text of the element whose text is wanted: data of a cell, or a property.
    captured: Option<String>,
    /// The looks of that text.
    looks: Growing,
    saved_at: Option<String>,
}

/// A cell that has begun and not ended.
struct OpenCell {
    address: CellAddress,
    style: Option<Arc<CellStyle>>,
    has_formula: bool,
    /// The type of its data and the data.
    data: Option<(String, String)>,
    in_comment: bool,
}

impl Book {
    fn open(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let name = element.local_name();
        if let Some(cell) = &mut self.cell {
            match name.as_ref() {
                "Comment" => cell.in_comment = true,
                "Data" if !cell.in_comment => {
                    let kind = attribute(element, "Type")?.unwrap_or_default();
                    cell.data = Some((kind, String::new()));
                    self.captured = Some(String::new());
                    self.looks = Growing::default();
                }
                "Font" | "Sup" | "S" => {
                    if let Some(captured) = &self.captured {
                        let font = attribute(element, "Face")?;
                        let font = font.map_or(RunFont::OfCell, |font| RunFont::named(&font));
                        let look = TextRun {
                            font,
                            raised: name.as_ref() == "Sup",
                            struck: (name.as_ref() == "S").then_some(true),
                            ..TextRun::default()
                        };
                        self.looks.begin(captured.len(), look);
                    }
                }
                _ => {} // other marks inside a text
            }
            return Ok(());
        }
        match name.as_ref() {
            "Style" => self.open_style(element)?,
            "NumberFormat" | "Font" => self.style_part(element)?,
            "Worksheet" => self.open_sheet(element)?,
            "Table" => self.in_table = self.sheet.is_some(),
            "Column" if self.in_table => self.open_column(element)?,
            "Row" if self.in_table => self.open_row(element)?,
            "Cell" if self.in_table => self.open_cell(element)?,
            "Visible" | "LastSaved" => self.captured = Some(String::new()),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(captured) = &mut self.captured {
            captured.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), FileProblem> {
        match name {
            "Font" | "Sup" | "S" if self.cell.is_some() => {
                if let Some(captured) = &self.captured {
                    self.looks.end(captured.len());
                }
            }
            "Data" => {
                let data = self.cell.as_mut().filter(|cell| !cell.in_comment);
                if let Some((_, text)) = data.and_then(|cell| cell.data.as_mut()) {
                    *text = self.captured.take().unwrap_or_default();
                }
            }
            "Comment" => self
                .cell
                .iter_mut()
                .for_each(|cell| cell.in_comment = false),
            "Cell" => self.close_cell()?,
            "Row" if self.in_table => self.row = self.row.saturating_add(1),
            "Table" => self.in_table = false,
            "Style" => {
                if let Some((id, style)) = self.style.take() {
                    self.styles.insert(id, Arc::new(style));
                }
            }
            "Visible" => {
                let visible = self.captured.take();
                if let Some(sheet) = &mut self.sheet {
                    sheet.visibility = match visible.as_deref() {
                        Some("SheetHidden") => Visibility::Hidden,
                        Some("SheetVeryHidden") => Visibility::VeryHidden,
                        _ => Visibility::Visible,
                    };
                }
            }
            "LastSaved" => self.saved_at = self.captured.take(),
            "Worksheet" => {
                if let Some(mut sheet) = self.sheet.take() {
                    self.budget.hide_rows(&mut sheet, &self.hidden_rows)?;
                    self.budget.push_sheet(&mut self.sheets, sheet)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open_style(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let parent = attribute(element, "Parent")?.unwrap_or_else(|| "Default".to_owned());
        let style = self
            .styles
            .get(&parent)
            .map(|parent| CellStyle::clone(parent));
        let id = attribute(element, "ID")?.unwrap_or_default();
        self.style = Some((id, style.unwrap_or_default()));
        Ok(())
    }

    fn style_part(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let Some((_, style)) = &mut self.style else {
            return Ok(());
        };
        if let Some(format) = attribute(element, "Format")? {
            style.number_format = number_format(&format);
        }
        if let Some(font) = attribute(element, "FontName")? {
            style.font = Some(font.chars().take(255).collect());
        }
        if let Some(struck) = attribute(element, "StrikeThrough")? {
            style.struck = struck == "1";
        }
        Ok(())
    }

    fn open_sheet(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let name = attribute(element, "Name")?.unwrap_or_default();
        self.sheet = Some(Sheet::new(name));
        self.hidden_rows.clear();
        (self.row, self.column) = (0, 0);
        Ok(())
    }

    fn open_column(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let first = place(element, MAX_COLUMNS)?.unwrap_or(self.column);
        let last = first
            .saturating_add(number(element, "Span")?)
            .min(MAX_COLUMNS - 1);
        if flag(element, "Hidden")?
            && let Some(sheet) = &mut self.sheet
        {
            sheet.hidden_columns.extend(first..=last);
        }
        self.column = last + 1;
        Ok(())
    }

    fn open_row(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        self.row = place(element, MAX_ROWS)?.unwrap_or(self.row);
        self.column = 0;
        // A span repeats the looks of an empty row.
        let last = self.row.saturating_add(number(element, "Span")?);
        if flag(element, "Hidden")? {
            self.hidden_rows.push((self.row, last));
        }
        Ok(())
    }

    fn open_cell(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let column = place(element, MAX_COLUMNS)?.unwrap_or(self.column);
        let first = CellAddress::new(self.row, column);
        let last = CellAddress::new(
            self.row.saturating_add(number(element, "MergeDown")?),
            column.saturating_add(number(element, "MergeAcross")?),
        );
        if let Some(sheet) = &mut self.sheet {
            self.budget.merge(sheet, first, last)?;
        }
        self.column = last.column.saturating_add(1);
        let style = attribute(element, "StyleID")?.unwrap_or_else(|| "Default".to_owned());
        self.cell = Some(OpenCell {
            address: first,
            style: self.styles.get(&style).cloned(),
            has_formula: attribute(element, "Formula")?.is_some(),
            data: None,
            in_comment: false,
        });
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), FileProblem> {
        let (Some(open), Some(sheet)) = (self.cell.take(), &mut self.sheet) else {
            return Ok(());
        };
        let length = open.data.as_ref().map_or(0, |(_, text)| text.len());
        let runs = std::mem::take(&mut self.looks).runs(length);
        sheet.runs.extend(runs.map(|runs| (open.address, runs)));
        let content = match open.data {
            Some((kind, text)) => content(&kind, text, open.has_formula),
            None => open.has_formula.then_some(Content::Uncached),
        };
        let Some(content) = content else {
            return Ok(());
        };
        let cell = Cell {
            content,
            // Written in rows and columns relative to the cell, not as people know it.
            formula: open.has_formula.then(String::new),
            style: open.style,
        };
        self.budget.put(sheet, open.address, cell)
    }
}

fn content(kind: &str, text: String, has_formula: bool) -> Option<Content> {
    if text.is_empty() {
        return has_formula.then_some(Content::EmptyText);
    }
    Some(match kind {
        "Number" => match text.trim().parse::<f64>() {
            Ok(number) => Content::Number(number),
            Err(_) => Content::Error(text),
        },
        "Boolean" => Content::Bool(text.trim() == "1"),
        "Error" => Content::Error(text),
        "DateTime" => match iso_date(&text) {
            Some(moment) => Content::Date(moment),
            None => Content::Text(text.into()),
        },
        _ => Content::Text(text.into()),
    })
}

/// `ss:Index`, which counts from one.
fn place(element: &BytesStart, most: u32) -> Result<Option<u32>, FileProblem> {
    let Some(index) = attribute(element, "Index")? else {
        return Ok(None);
    };
    match index.trim().parse::<u32>() {
        Ok(index) if (1..=most).contains(&index) => Ok(Some(index - 1)),
        _ => Err(FileProblem::BeyondGrid(index)),
    }
}

fn number(element: &BytesStart, name: &str) -> Result<u32, FileProblem> {
    let Some(number) = attribute(element, name)? else {
        return Ok(0);
    };
    number.trim().parse().map_err(FileProblem::broken)
}

/// Some formats go by a name.
fn number_format(format: &str) -> Option<String> {
    match format {
        "" | "General" => None,
        other => Some(
            named_format(other).map_or_else(|| other.chars().take(255).collect(), str::to_owned),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMESPACE: &str = "urn:schemas-microsoft-com:office:spreadsheet";

    fn open(inner: &str) -> Result<Workbook, FileProblem> {
        let xml = format!(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
             <Workbook xmlns=\"{NAMESPACE}\" xmlns:ss=\"{NAMESPACE}\">{inner}</Workbook>"
        );
        super::super::workbook_from_bytes("bao-cao.xls", xml.as_bytes(), &Limits::default())
    }

    fn at(address: &str) -> CellAddress {
        address.parse().unwrap()
    }

    #[test]
    fn a_report_is_read_as_it_stands() {
        let workbook = open(
            "<Styles><Style ss:ID=\"Default\"><Font ss:FontName=\".VnTime\"/></Style>\
             <Style ss:ID=\"p\"><NumberFormat ss:Format=\"Percent\"/></Style></Styles>\
             <Worksheet ss:Name=\"BM01\"><Table>\
             <Column ss:Index=\"3\" ss:Hidden=\"1\"/>\
             <Row ss:Index=\"2\"><Cell ss:MergeAcross=\"1\" ss:MergeDown=\"1\">\
             <Data ss:Type=\"String\">Ti&#7871;p <B>nh&#7853;n</B> &amp; tr\u{1ea3}</Data>\
             <Comment><ss:Data>ghi chú</ss:Data></Comment></Cell>\
             <Cell><Data ss:Type=\"Number\">3259</Data></Cell>\
             <Cell ss:Index=\"6\" ss:StyleID=\"p\"><Data ss:Type=\"Number\">0.5322</Data></Cell></Row>\
             <Row ss:Index=\"5\" ss:Hidden=\"1\">\
             <Cell><Data ss:Type=\"DateTime\">2025-09-30T00:00:00.000</Data></Cell>\
             <Cell ss:Formula=\"=RC[-1]\"><Data ss:Type=\"Error\">#DIV/0!</Data></Cell>\
             <Cell ss:Formula=\"=RC[-1]\"/><Cell ss:Formula=\"=RC\"><Data ss:Type=\"String\"/></Cell>\
             <Cell><Data ss:Type=\"Number\">3.259.000</Data></Cell></Row></Table>\
             <WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>",
        )
        .unwrap();
        let sheet = &workbook.sheets[0];
        assert_eq!(
            (&*sheet.name, sheet.visibility),
            ("BM01", Visibility::Hidden)
        );
        let shown = |address: &str| &sheet.cell(at(address)).unwrap().content;
        assert_eq!(
            sheet.effective(at("B3")).unwrap().text(),
            Some("Tiếp nhận & trả")
        );
        assert_eq!(*shown("C2"), Content::Number(3259.0));
        assert!(
            sheet
                .cell(at("F2"))
                .unwrap()
                .style
                .as_ref()
                .unwrap()
                .shown(1.0)
                .percent
        );
        let font = sheet
            .cell(at("F2"))
            .unwrap()
            .style
            .as_ref()
            .unwrap()
            .font
            .as_deref();
        assert_eq!(font, Some(".VnTime"));
        assert!(matches!(shown("A5"), Content::Date(_)));
        assert_eq!(*shown("B5"), Content::Error("#DIV/0!".into()));
        assert_eq!(*shown("C5"), Content::Uncached);
        assert_eq!(*shown("D5"), Content::EmptyText);
        assert_eq!(*shown("E5"), Content::Error("3.259.000".into()));
        assert!(sheet.is_hidden(at("A5")) && sheet.is_hidden(at("C1")));
    }

    #[test]
    fn what_is_damaged_or_outside_the_grid_is_told() {
        let row = |row: &str| open(&format!("<Worksheet><Table>{row}</Table></Worksheet>"));
        let far = "<Row><Cell ss:Index=\"16385\"/></Row>";
        assert!(matches!(row(far), Err(FileProblem::BeyondGrid(_))));
        let span = "<Row><Cell ss:MergeDown=\"4000000000\"/></Row>";
        assert!(matches!(row(span), Err(FileProblem::BeyondGrid(_))));
        let hidden = "<Row ss:Hidden=\"1\" ss:Span=\"4294967295\"><Cell/></Row>";
        assert!(row(hidden).is_ok());
        let cut = format!("<?xml version=\"1.0\"?><Workbook xmlns=\"{NAMESPACE}\"><Worksheet>");
        assert!(super::read(cut.as_bytes(), &Limits::default()).is_err());
    }
}
