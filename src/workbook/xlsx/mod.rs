//! Excel 2007 and later (`.xlsx`, `.xlsm`), read cell by cell, so that a sheet with one cell in
//! each far corner needs the memory of two cells.

mod bare;
mod guard;
mod layout;
mod mend;
mod rich;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;
use std::sync::Arc;

use calamine::{
    DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellFormulaMetadataRecord, XlsxError,
    XlsxFormulaMetadata, expand_shared_formula,
};

use self::layout::{SheetLayout, Stored};
use super::content::{builtin_format, date_content, iso_date};
use super::{
    Cell, CellStyle, Content, DefinedName, FileProblem, Format, Limits, Sheet, TooLarge,
    Visibility, Workbook,
};
use crate::model::CellAddress;
use crate::package::Package;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads a workbook.
///
/// # Errors
/// The workbook is damaged, locked, or larger than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let within = bare::within(bytes, limits)?;
    let bytes = &*within;
    let mut package = Package::open(Cursor::new(bytes))?;
    let utf8 = mend::in_utf8(&mut package, bytes, limits)?;
    let bytes = &*utf8;
    let mut package = Package::open(Cursor::new(bytes))?;
    let mended = mend::mend(&mut package, bytes, limits)?;
    let bytes = &*mended.bytes;
    let mut package = Package::open(Cursor::new(bytes))?;
    guard::check(&mut package, limits.part_bytes)?;
    let parts = layout::sheet_parts(&mut package, limits)?;
    let rich = rich::shared(&mut package)?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes))?;
    let listed = book.sheets_metadata().to_vec();
    if listed.len() != parts.len() {
        return Err(FileProblem::broken("its list of sheets is ambiguous"));
    }
    let mut names = HashSet::new();
    let mut reader = CellReader {
        left: *limits,
        limits,
        styles: HashMap::new(),
    };
    let mut sheets = Vec::new();
    for (sheet, part) in listed.into_iter().zip(parts) {
        if !names.insert(sheet.name.clone()) {
            return Err(FileProblem::broken(format!(
                "two sheets named `{}`",
                sheet.name
            )));
        }
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut layout = layout::read(package.needed(&part)?, &rich)?;
        let cells = reader.read(&mut book, &sheet.name, &std::mem::take(&mut layout.cells))?;
        sheets.push(to_sheet(&sheet, layout, cells));
    }
    Ok(Workbook {
        sheets,
        // A workbook may well lack its properties, or have them garbled: nothing depends on them.
        saved_at: book
            .workbook_properties()
            .ok()
            .and_then(|properties| properties.modified),
        format: Format::Xlsx,
        names: book
            .defined_names()
            .iter()
            .filter_map(|(name, refers_to)| DefinedName::parse(name, refers_to))
            .collect(),
        has_macros: mended.macro_sheets
            || package.names().any(|name| name.ends_with("vbaproject.bin")),
    })
}

fn to_sheet(
    listed: &calamine::Sheet,
    layout: SheetLayout,
    cells: BTreeMap<CellAddress, Cell>,
) -> Sheet {
    Sheet {
        visibility: match listed.visible {
            SheetVisible::Visible => Visibility::Visible,
            SheetVisible::Hidden => Visibility::Hidden,
            SheetVisible::VeryHidden => Visibility::VeryHidden,
        },
        cells,
        merges: layout.merges.into(),
        hidden_rows: layout.hidden_rows,
        hidden_columns: layout.hidden_columns,
        runs: layout.runs,
        ..Sheet::new(listed.name.as_str())
    }
}

/// Reads the cells of one sheet after the other, within what is left of the limits.
struct CellReader<'a> {
    limits: &'a Limits,
    /// `cells` and `unpacked_bytes` (the latter for formulas) are counted down.
    left: Limits,
    styles: HashMap<usize, Option<Arc<CellStyle>>>,
}

impl CellReader<'_> {
    /// `places` are the cells in the order in which calamine meets them too.
    fn read(
        &mut self,
        book: &mut Book,
        sheet: &str,
        places: &[Stored],
    ) -> Result<BTreeMap<CellAddress, Cell>, FileProblem> {
        let mut stream = match book.worksheet_cells_reader(sheet) {
            Ok(stream) => stream,
            // A sheet that has no place for cells has no cells.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.into()),
        };
        let mut cells = BTreeMap::new();
        let mut texts = SharedTexts::default();
        let mut formulas = SharedFormulas::default();
        for Stored {
            at: address,
            style,
            is_untyped,
        } in places
        {
            let (content, formula) = match stream.next_cell_with_formula_metadata() {
                Ok(Some(record)) => {
                    let formula = formulas.expand(&record, *address)?;
                    let content = content(record.value, formula.is_some(), &mut texts);
                    let content = match is_untyped {
                        true => content.map(without_blanks),
                        false => content,
                    };
                    (content, formula)
                }
                // One cell whose value makes no sense is one bad cell, not a bad file.
                Err(XlsxError::CellError(text)) => (Some(Content::Error(text)), None),
                Err(XlsxError::ParseFloat(error)) => {
                    (Some(Content::Error(error.to_string())), None)
                }
                Err(XlsxError::Unrecognized { val, .. }) => (Some(Content::Error(val)), None),
                Err(error) => return Err(error.into()),
                Ok(None) => return Err(FileProblem::broken("a sheet ends before its cells do")),
            };
            let Some(content) = content else { continue };
            self.spend(formula.as_deref())?;
            let style = self.style(stream.styles(), *style);
            cells.insert(
                *address,
                Cell {
                    content,
                    formula,
                    style,
                },
            );
        }
        Ok(cells)
    }

    fn spend(&mut self, formula: Option<&str>) -> Result<(), FileProblem> {
        let too_large = FileProblem::TooLarge(TooLarge::Cells(self.limits.cells));
        self.left.cells = self.left.cells.checked_sub(1).ok_or(too_large)?;
        // A shared formula is stored once and spelt out for each of its cells.
        let length = formula.map_or(0, str::len);
        let bytes = u64::try_from(length).ok();
        let left = bytes.and_then(|bytes| self.left.unpacked_bytes.checked_sub(bytes));
        let too_large = TooLarge::Unpacked(self.limits.unpacked_bytes);
        self.left.unpacked_bytes = left.ok_or(FileProblem::TooLarge(too_large))?;
        Ok(())
    }

    fn style(&mut self, palette: &[calamine::Style], index: usize) -> Option<Arc<CellStyle>> {
        let make = || {
            let style = palette.get(index)?;
            let format = style.number_format.as_ref().map(|format| {
                machine_format(format)
                    .unwrap_or(&format.format_code)
                    .to_owned()
            });
            let number_format = format.filter(|code| !code.eq_ignore_ascii_case("General"));
            let font = style.font.as_ref();
            let look = CellStyle {
                number_format,
                font: font.and_then(|font| font.name.clone()),
                struck: font.is_some_and(|font| font.strikethrough),
                unseen: is_unseen(style),
            };
            (look != CellStyle::default()).then(|| Arc::new(look))
        };
        self.styles.entry(index).or_insert_with(make).clone()
    }
}

/// The format of a built-in id that depends on the machine and that the file does not define:
/// calamine gives what the standard says of machines in America.
fn machine_format(format: &calamine::NumberFormat) -> Option<&'static str> {
    let id = format.format_id.and_then(|id| u16::try_from(id).ok())?;
    let code = format.format_code.as_str();
    let american = match id {
        14 => code == "mm-dd-yy",
        22 => code == "m/d/yy h:mm",
        42 | 44 => code.starts_with("_($*"),
        _ => false,
    };
    american.then(|| builtin_format(id)).flatten()
}

/// Are letters of the colour that the cell is filled with? A cell without a fill is white.
fn is_unseen(style: &calamine::Style) -> bool {
    let rgb = |of: calamine::Color| (of.red, of.green, of.blue);
    let white = (255, 255, 255);
    let ground = match &style.fill {
        None => white,
        Some(fill) => match (&fill.pattern, fill.foreground_color) {
            (calamine::FillPattern::None, _) => white,
            (calamine::FillPattern::Solid, Some(colour)) => rgb(colour),
            _ => return false,
        },
    };
    let letters = style.font.as_ref().and_then(|font| font.color);
    letters.is_some_and(|letters| rgb(letters) == ground)
}

/// Texts of one sheet; a shared string is kept once however many cells show it.
#[derive(Default)]
struct SharedTexts {
    shared: HashMap<*const str, Arc<str>>,
}

impl SharedTexts {
    fn shared(&mut self, text: &str) -> Arc<str> {
        let place: *const str = text;
        self.shared
            .entry(place)
            .or_insert_with(|| text.into())
            .clone()
    }
}

/// What a cell holds; `None` for a blank.
fn content(value: DataRef, has_formula: bool, texts: &mut SharedTexts) -> Option<Content> {
    let text = |text: Arc<str>| match (text.is_empty(), has_formula) {
        (false, _) => Some(Content::Text(text)),
        (true, true) => Some(Content::EmptyText),
        (true, false) => None,
    };
    match value {
        DataRef::Empty => has_formula.then_some(Content::Uncached),
        DataRef::Float(number) => Some(Content::Number(number)),
        // xlsx has no integers of its own; should calamine ever distinguish them, digits are exact.
        DataRef::Int(number) => number.to_string().parse().ok().map(Content::Number),
        DataRef::Bool(flag) => Some(Content::Bool(flag)),
        DataRef::String(owned) => text(owned.into()),
        DataRef::SharedString(shared) => text(texts.shared(shared)),
        DataRef::DateTime(date) => Some(date_content(&date)),
        DataRef::DateTimeIso(iso) => match iso_date(&iso) {
            Some(date) => Some(Content::Date(date)),
            None => text(iso.into()),
        },
        DataRef::DurationIso(iso) => text(iso.into()),
        DataRef::Error(error) => Some(Content::Error(error.to_string())),
    }
}

/// A number that is stored without a type, with blanks around it: they are no part of it.
fn without_blanks(content: Content) -> Content {
    let Content::Text(text) = &content else {
        return content;
    };
    // Blanks as XML knows them, and a number as its schema does.
    let bare = text.trim_matches([' ', '\t', '\r', '\n']);
    let is_number = bare
        .bytes()
        .all(|c| c.is_ascii_digit() || b"+-.eE".contains(&c));
    match bare.parse() {
        Ok(number) if is_number => Content::Number(number),
        _ => content,
    }
}

/// The templates of shared formulas met so far on a sheet. calamine can spell them out itself,
/// but keeps them in a list as long as the largest number the file gives one.
#[derive(Default)]
struct SharedFormulas {
    templates: HashMap<usize, (String, CellAddress)>,
}

impl SharedFormulas {
    fn expand(
        &mut self,
        record: &XlsxCellFormulaMetadataRecord,
        address: CellAddress,
    ) -> Result<Option<String>, FileProblem> {
        match &record.formula {
            None => Ok(None),
            Some(XlsxFormulaMetadata::Normal { formula }) => Ok(Some(formula.clone())),
            Some(XlsxFormulaMetadata::Shared {
                shared_index,
                formula,
                ..
            }) => {
                self.templates
                    .insert(*shared_index, (formula.clone(), address));
                Ok(Some(formula.clone()))
            }
            Some(XlsxFormulaMetadata::SharedDerived { shared_index }) => {
                let Some((template, home)) = self.templates.get(shared_index) else {
                    return Ok(Some(String::new()));
                };
                let (from, to) = ((home.row, home.column), (address.row, address.column));
                Ok(Some(expand_shared_formula(template, from, to)?))
            }
            Some(_) => Ok(Some(String::new())),
        }
    }
}

#[cfg(test)]
mod tests;
