//! The template of a form that the office has drawn itself: its workbook with everything in it, and
//! laid over it what makes a template of it: formulas, what may be typed, live checks, protection,
//! the names of cells, the sheets that say whose workbook it is and how to fill it.
//!
//! What is laid over is written as a workbook of its own, with its cells where the office's table has
//! them (`template::over`), and put into a copy of the office's package.

mod book;
mod cells;
mod columns;
mod edited;
mod ranked;
mod sheet;
mod styles;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDateTime;

use self::book::{Book, RELATIONS, SheetEntry};
use self::cells::{Cells, format_of};
use self::columns::Columns;
use self::ranked::{Ranked, items};
use self::sheet::Overlay;
use self::styles::Styles;
use super::formula::last_rows::LastRows;
use super::formula::layout::{FormSheet, TemplateLayout};
use super::paper::error::WriteError;
use super::paper::grid::{Grid, GridOptions, Line};
use super::template::fill::TemplateInput;
use super::template::{over, write};
use super::worksheet::CHILDREN;
use crate::extract::given::{Given, said};
use crate::extract::identity::Identity;
use crate::extract::{Located, locate, open_title};
use crate::model::template_names::IDENTITY_SHEET;
use crate::model::{CellAddress, Message, ReportingUnit};
use crate::package::edit::Element;
use crate::package::{PackageCopy, PackageProblem};
use crate::schema::{Field, FieldType, Form};
use crate::sheet_form::owners_sheets;
use crate::workbook::{Content, Format, Limits, Sheet, Workbook, workbook_from_bytes};

pub use self::edited::{NewCell, edited_bytes};

const SHEET_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
/// Width of a column that says none, in digits.
const USUAL_WIDTH: f64 = 8.43;

/// A workbook that the office has drawn for its units to fill.
#[derive(Debug, Clone, Copy)]
pub struct OwnWorkbook<'a> {
    /// Name of the file, as messages show it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// The bytes of the template of a unit, made of the office's own workbook without the sheets that are
/// for the owner of the form, stamped `created`, and where everything is in it. `input` has the forms that are in that workbook.
///
/// # Errors
/// The workbook cannot be read or changed, or does not show a form as its file describes it.
pub fn own_template_bytes(
    input: &TemplateInput<'_>,
    own: OwnWorkbook<'_>,
    created: NaiveDateTime,
) -> Result<(TemplateLayout, Vec<u8>), WriteError> {
    let limits = Limits::default();
    let workbook = workbook_from_bytes(own.name, own.bytes, &limits);
    let workbook = workbook.map_err(|problem| about(own, problem.message()))?;
    check(&workbook).map_err(|why| about(own, why))?;
    let opened = open(own, &limits).map_err(|problem| about(own, not_kept(&problem)));
    let (mut package, mut book) = opened?;
    let without = book.leave_out(&mut package, &owners_sheets(&workbook));
    without.map_err(|problem| about(own, not_kept(&problem)))?;

    let mut layout = lay_out(input, own, &workbook, &mut package, &book)?;
    let ours = write::book(input, created, &mut layout, over::lay_over)?;
    let overlays = layout.sheets.iter();
    let overlays = overlays.map(|place| (place.sheet.as_str(), overlay(input, &workbook, place)));
    let bytes = join(package, book, &ours, &overlays.collect::<Vec<_>>());
    let bytes = bytes.map_err(|problem| about(own, not_kept(&problem)))?;
    Ok((layout, bytes))
}

fn open<'a>(
    own: OwnWorkbook<'a>,
    limits: &Limits,
) -> Result<(PackageCopy<'a>, Book), PackageProblem> {
    let mut package = PackageCopy::of(own.bytes, limits.part_bytes)?;
    package.check_sizes(limits.part_bytes, limits.unpacked_bytes)?;
    let book = Book::read(&mut package)?;
    Ok((package, book))
}

fn about(own: OwnWorkbook<'_>, why: Message) -> WriteError {
    WriteError::new(
        format!("{}: {}", own.name, why.vi),
        format!("{}: {}", own.name, why.en),
    )
}

fn not_kept(problem: &PackageProblem) -> Message {
    Message::new(
        "không thêm được phần kiểm tra vào tệp này; hãy mở tệp bằng Excel, lưu lại thành .xlsx rồi thử lại".to_owned(),
        format!("the workbook cannot be made a template; save it again with Excel ({problem})"),
    )
}

/// Refuses what cannot be filled in place.
fn check(workbook: &Workbook) -> Result<(), Message> {
    if workbook.format != Format::Xlsx || workbook.has_macros {
        let (vi, en) = workbook.format.names();
        return Err(Message::new(
            format!(
                "tệp là {vi}; hãy mở bằng Excel, lưu thành .xlsx không có macro rồi ghi tên tệp ấy"
            ),
            format!("the file is {en}; save it as an .xlsx workbook without macros"),
        ));
    }
    match workbook
        .sheets
        .iter()
        .any(|sheet| *sheet.name == *IDENTITY_SHEET)
    {
        true => Err(Message::new(
            "tệp này là mẫu do tonghop làm ra; hãy dùng biểu trắng gốc",
            "the file is a template that tonghop has made; name the blank it was made from",
        )),
        false => Ok(()),
    }
}

fn lay_out(
    input: &TemplateInput<'_>,
    own: OwnWorkbook<'_>,
    workbook: &Workbook,
    package: &mut PackageCopy<'_>,
    book: &Book,
) -> Result<TemplateLayout, WriteError> {
    let found = locate(workbook, &Identity::default(), input.forms);
    let mut sheets: Vec<FormSheet> = Vec::new();
    let mut hidden_rows = 0;
    for form in input.forms {
        let here = |table: &&Located| table.form.id() == form.id();
        let located = found.tables.iter().find(here).ok_or_else(|| {
            let title = &form.file.title;
            about(own, Message::new(
                format!("không thấy bảng của biểu «{title}»; biểu mẫu và tệp phải có cùng tiêu đề cột và dòng"),
                format!("no table of the form `{}` in it", form.id()),
            ))
        })?;
        let drawn = drawn(package, book, workbook, located);
        let drawn = drawn.map_err(|problem| about(own, not_kept(&problem)))?;
        let place = place(input, form, workbook, located, &drawn, hidden_rows);
        let place = place.map_err(|why| about(own, why))?;
        if sheets.iter().any(|other| other.sheet == place.sheet) {
            return Err(about(
                own,
                Message::new(
                    format!(
                        "trang «{}» có hai biểu; chính tệp của cơ quan chỉ gửi được khi mỗi biểu ở một trang. Muốn gửi tệp ấy thì chép trang này thành hai trang, mỗi trang để lại một bảng, rồi dịch lại; không thì bỏ dòng template trong tệp biểu mẫu, mẫu sẽ được vẽ theo biểu mẫu",
                        place.sheet
                    ),
                    format!(
                        "the sheet `{}` has two forms; the office's own workbook can only be sent with each form on a sheet of its own. To send it, copy the sheet, leave one table on each and compile again; or else take the line `template` out of the form file, and the template is drawn",
                        place.sheet
                    ),
                ),
            ));
        }
        hidden_rows += place.last_rows.as_ref().map_or(0, LastRows::height);
        sheets.push(place);
    }
    Ok(TemplateLayout { sheets })
}

/// What the office has drawn on a sheet, apart from its cells.
struct Drawn {
    columns: Columns,
    cells: Cells,
    /// Formats (indices, from 0) that show percentages.
    percentages: BTreeSet<usize>,
    /// The last cells that pictures and charts reach to.
    ends: Vec<CellAddress>,
}

impl Drawn {
    /// Is a figure in a cell shown as a percentage?
    fn is_share(&self, at: CellAddress) -> bool {
        let row = self.cells.0.get(&at.row);
        let own = row.and_then(|row| Some(format_of(row.cells.get(&at.column)?)));
        let format = own.or_else(|| row?.format());
        self.percentages
            .contains(&format.unwrap_or(self.columns.format(at.column)))
    }
}

/// What is drawn on the sheet of a table.
fn drawn(
    package: &mut PackageCopy<'_>,
    book: &Book,
    workbook: &Workbook,
    located: &Located,
) -> Result<Drawn, PackageProblem> {
    let name = &workbook.sheets[located.sheet].name;
    let entry = book.place(name).and_then(|place| book.sheets.get(place));
    let entry = entry.ok_or_else(|| PackageProblem::broken("a sheet has no part"))?;
    let sheet = Ranked::read(&package.needed(&entry.part)?, &CHILDREN)?;
    let percentages = match book.related("styles") {
        Some((part, _)) => styles::percentages(&package.needed(part)?)?,
        None => BTreeSet::new(),
    };
    Ok(Drawn {
        columns: Columns::read(sheet.get("cols"))?,
        cells: Cells::read(sheet.get("sheetData"))?,
        percentages,
        ends: drawings(package, &entry.part)?,
    })
}

fn place(
    input: &TemplateInput<'_>,
    form: &Arc<Form>,
    workbook: &Workbook,
    located: &Located,
    drawn: &Drawn,
    hidden_rows: u32,
) -> Result<FormSheet, Message> {
    let sheet = &workbook.sheets[located.sheet];
    let places = located.places(workbook).map_err(|missing| {
        Message::new(
            format!(
                "trang «{}» không có cột hoặc dòng «{}» của biểu: tệp Excel này và biểu mẫu không cùng một bản; biểu đã đổi thì biên dịch lại biểu trắng mới bằng `tonghop forms from-excel`, hoặc để biểu trắng đúng bản vào chỗ tệp này",
                sheet.name, missing.0
            ),
            format!(
                "the sheet `{}` has no column or row `{}`: this workbook and the form file are not of one version; compile the new blank with `tonghop forms from-excel`, or put the right blank in the place of this workbook",
                sheet.name, missing.0
            ),
        )
    })?;
    let filer = input.unit.map(ReportingUnit::filer);
    let unit = input.unit.map(|unit| unit.code.as_str());
    let used = sheet.cells.keys().chain(&drawn.ends);
    let (below, right) = used.fold((0, 0), |(row, column), at| {
        (row.max(at.row + 1), column.max(at.column))
    });
    let below = below + SIGNATURE_ROWS;
    let right = places.columns.iter().copied().fold(right, u32::max);
    let widths = (0..=right).map(|column| drawn.columns.width(column).unwrap_or(USUAL_WIDTH));
    let options = GridOptions {
        filer,
        ..GridOptions::default()
    };
    let mut grid = Grid::drawn(form, options, &places, widths.collect(), below);
    // A row of column numbers may hold figures.
    let above = grid.columns.iter();
    let above = above.filter_map(|column| {
        let at = CellAddress::new(grid.added_from, *column);
        sheet.cells.get(&at)
    });
    if above
        .into_iter()
        .any(|cell| !matches!(cell.content, Content::Text(_) | Content::EmptyText))
    {
        grid.added_from = grid.first_row;
    }
    let is_share = |column: &usize| {
        let mut rows = grid.rows.iter();
        rows.any(|row| drawn.is_share(CellAddress::new(*row, grid.column(*column))))
    };
    let given = given(form, sheet, &grid);
    Ok(FormSheet {
        shares: (0..form.file.columns.len()).filter(is_share).collect(),
        grid,
        form: Form::of_filer(form, filer),
        sheet: sheet.name.to_string(),
        index: located.sheet,
        last_rows: LastRows::find(form, input.previous.zip(unit), hidden_rows),
        given,
        checks: Vec::new(),
    })
}

/// What the office has put into the cells of the table that units fill: no answer of theirs.
fn given(form: &Form, sheet: &Sheet, grid: &Grid) -> Vec<Given> {
    let mut given = Vec::new();
    let says = |at: CellAddress| {
        let cell = sheet.cells.get(&at).filter(|cell| cell.formula.is_none())?;
        said(&cell.content)
    };
    for (line, sheet_row) in grid.body.iter().zip(&grid.rows) {
        let (row, name) = match line {
            Line::Heading(_) => continue,
            Line::Fixed(row) => {
                let id = form.file.rows.get(*row).map(|row| row.id.get_ref().clone());
                (Some(*row), id)
            }
            Line::Free(_) => {
                let key = form.key_column().map(|key| grid.at(*sheet_row, key));
                (None, key.and_then(says))
            }
        };
        let Some(name) = name else { continue };
        for (index, column) in form.file.columns.iter().enumerate() {
            let asked = form.field(row, index).is_some_and(|field| !field.computed);
            let is_last = form.opening(row, index).is_some();
            let says = says(grid.at(*sheet_row, index)).filter(|_| asked && !is_last);
            given.extend(says.map(|says| Given {
                row: name.clone(),
                column: column.id.get_ref().clone(),
                says,
            }));
        }
    }
    given
}

/// Rows left free below what the office has drawn, for signatures.
const SIGNATURE_ROWS: u32 = 6;

/// What is done to the sheet of a form: which cells may be typed into, and where the title block has
/// room for what is known.
fn overlay(input: &TemplateInput<'_>, workbook: &Workbook, place: &FormSheet) -> Overlay {
    let (form, grid) = (&place.form, &place.grid);
    let mut sheets = workbook.sheets.iter();
    let sheet = sheets.find(|sheet| *sheet.name == *place.sheet);
    let printed = |at: CellAddress| sheet.is_some_and(|sheet| sheet.cells.contains_key(&at));
    let mut open = BTreeMap::new();
    for (index, line) in grid.body.iter().enumerate() {
        let row = match line {
            Line::Heading(_) => continue,
            Line::Fixed(row) => Some(*row),
            Line::Free(_) => None,
        };
        // A code that the form prints on a row is no answer.
        let asked = |column: &usize| {
            let code = |field: &Field| field.kind == FieldType::Code && row.is_some();
            let at = CellAddress::new(grid.body_row(index), grid.column(*column));
            let field = form.field(row, *column);
            field.is_some_and(|field| !(code(field) && printed(at)))
        };
        let columns = (0..form.file.columns.len()).filter(asked);
        let columns = columns.map(|column| grid.at(grid.body_row(index), column));
        // Rows that the unit adds are numbered by it.
        let ordinal = grid.ordinal.filter(|_| row.is_none());
        let named = grid.body_row(index) - u32::from(grid.names.is_some());
        let ordinal = ordinal.map(|column| CellAddress::new(named, column));
        let guarded = row.is_some();
        open.extend(columns.chain(ordinal).map(|at| (at, guarded)));
    }
    if let Some(row) = grid.total {
        let added = |column: &usize| {
            let field = form.field(None, *column);
            field.is_some_and(|field| field.kind.is_numeric())
        };
        let columns = (0..form.file.columns.len()).filter(added);
        let columns = columns.map(|column| grid.column(column));
        open.extend(columns.map(|column| (CellAddress::new(row, column), true)));
    }
    // Whoever signs writes below the table.
    let end = grid
        .total
        .into_iter()
        .chain(grid.rows.last().copied())
        .max();
    for row in end.map_or(grid.below, |end| end + 1)..grid.below {
        let at = |column| (CellAddress::new(row, column), false);
        open.extend((0..=grid.last_column()).map(at));
    }
    let texts = sheet.map(|sheet| {
        open_title::fill_in(sheet, grid.header_rows.0, input.unit, input.campaign.period)
    });
    Overlay {
        below: grid.below,
        beside: grid.last_column() + 1,
        open,
        texts: texts.unwrap_or_default(),
    }
}

/// The office's package with ours in it.
fn join(
    mut package: PackageCopy<'_>,
    mut book: Book,
    ours: &[u8],
    overlays: &[(&str, Overlay)],
) -> Result<Vec<u8>, PackageProblem> {
    let mut added = PackageCopy::of(ours, u64::MAX)?;
    let our_book = Book::read(&mut added)?;
    let no_part = || PackageProblem::broken("a workbook lacks a part");
    let styles_part = book.related("styles").ok_or_else(no_part)?.0.to_owned();
    let our_styles = our_book.related("styles").ok_or_else(no_part)?.0;
    let mut styles = Styles::joined(&package.needed(&styles_part)?, &added.needed(our_styles)?)?;
    let strings = match our_book.related("sharedStrings") {
        Some((part, _)) => texts(&added.needed(part)?)?,
        None => Vec::new(),
    };
    for sheet in &our_book.sheets {
        let text = sheet::carried(&added.needed(&sheet.part)?, &styles, &strings)?;
        let overlay = overlays.iter().find(|(name, _)| *name == sheet.name);
        match (book.place(&sheet.name), overlay) {
            (Some(place), Some((_, overlay))) => {
                let part = book.sheets[place].part.clone();
                let own = package.needed(&part)?;
                let joined = sheet::laid_over(&own, &text, overlay, &mut styles)?;
                package.set(&part, joined);
                let corner = CellAddress::new(overlay.below - 1, overlay.beside - 1);
                book.print_only(place, corner)?;
            }
            // The office has a sheet of that name: its own guide goes before ours.
            (Some(_), None) => {}
            (None, _) => add(&mut package, &mut book, sheet, text)?,
        }
    }
    book.take_names(&our_book)?;
    // Which cells to compute in which order is found out anew.
    if let Some((part, id)) = book.related("calcChain") {
        package.remove(part)?;
        package.unrelate(&book.part, id)?;
    }
    package.set(&styles_part, styles.finish());
    let part = book.part.clone();
    package.set(&part, book.finish());
    package.finish()
}

/// The last cells that pictures and charts of a sheet reach to.
fn drawings(
    package: &mut PackageCopy<'_>,
    sheet: &str,
) -> Result<Vec<CellAddress>, PackageProblem> {
    let mut ends = Vec::new();
    let relations = package.relations(sheet)?.into_iter();
    for relation in relations.filter(|relation| relation.kind == "drawing") {
        let text = package.needed(&relation.part)?;
        let root = Element::read(&text)?;
        for anchor in &root.children {
            let end = anchor.child("to").or_else(|| anchor.child("from"));
            let number = |name| {
                let number = end.and_then(|end| end.child(name));
                number.and_then(|number| text[number.inner.clone()].trim().parse().ok())
            };
            if let (Some(row), Some(column)) = (number("row"), number("col")) {
                ends.push(CellAddress::new(row, column));
            }
        }
    }
    Ok(ends)
}

/// Adds a sheet of ours behind the office's.
fn add(
    package: &mut PackageCopy<'_>,
    book: &mut Book,
    sheet: &SheetEntry,
    text: String,
) -> Result<(), PackageProblem> {
    let part = package.free_name("xl/worksheets/sheet_tonghop", ".xml");
    package.declare(&part, SHEET_TYPE)?;
    let relation = package.relate(&book.part, RELATIONS, "worksheet", &part)?;
    package.set(&part, text);
    book.add(sheet, part, &relation)
}

/// The texts that cells name by number, as the inside of each.
fn texts(part: &str) -> Result<Vec<String>, PackageProblem> {
    let all = items(Some(part))?.into_iter();
    let inside = all.map(|text| Ok(text[Element::read(&text)?.inner].to_owned()));
    inside.collect()
}
