//! The appendices as a Word document: one section each, real tables, the same lines as the
//! workbook's.
//!
//! Laid out by Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, margins 20, 20, 30 and 15 mm, Times New
//! Roman, page numbers centred in the top margin from the second page on, each appendix numbered
//! for itself.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Header, HeightRule, LineSpacing, PageMargin, PageNum, PageNumType,
    PageOrientationType, PageSize, Paragraph, Run, RunFonts, Section, Table, TableCell,
    TableCellMargins, TableLayoutType, TableRow, VAlignType, VMergeType, WidthType, XMLDocx,
};

use super::lines::{AppendixLine, lines};
use super::sheet::{header_paths, widths};
use super::table::{Appendix, AppendixColumn, Row, attached};
use crate::model::value::format_fixed;
use crate::model::{CellAddress, Message, Value};
use crate::schema::campaign::CampaignFile;
use crate::schema::{FieldType, Orientation};
use crate::write::formula::shown::ShownCell;
use crate::write::paper::count::{count, roman};
use crate::write::paper::error::{WriteError, unforeseen};
use crate::write::paper::grid::header_spans;
use crate::write::paper::words::provisional_text;

/// Twips (twentieths of a point) in a millimetre.
const TWIPS: f64 = 56.692_9;
/// Long and short side of A4, in twips.
const A4: (u32, u32) = (16_838, 11_906);

/// Builds the document; its bytes.
///
/// # Errors
/// The document cannot be packed.
pub(super) fn document(
    campaign: &CampaignFile,
    appendices: &[Appendix<'_>],
    stamp: &str,
) -> Result<Vec<u8>, WriteError> {
    let mut document = Docx::new()
        .default_fonts(fonts())
        .default_size(half_points(13))
        .created_at(stamp)
        .updated_at(stamp);
    let Some((last, before)) = appendices.split_last() else {
        return Ok(Vec::new());
    };
    for appendix in before {
        document = document.add_section(section(campaign, appendix));
    }
    // The last section is the document's own: a section behind it would add an empty page.
    document = own_section(document, last);
    for part in body(campaign, last) {
        document = match part {
            Part::Words(paragraph) => document.add_paragraph(*paragraph),
            Part::Table(table) => document.add_table(*table),
        };
    }
    pack(document.build())
}

fn pack(mut built: XMLDocx) -> Result<Vec<u8>, WriteError> {
    // docx-rs can mark a row as not to be split, but not as a repeated header. Only header rows are
    // marked so here, so the mark is replaced by that of a repeated header.
    let document = String::from_utf8_lossy(&built.document);
    built.document = document
        .replace("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />")
        .into_bytes();
    let mut bytes = Cursor::new(Vec::new());
    built.pack(&mut bytes).map_err(|_| {
        let Message { vi, en } = unforeseen();
        WriteError::new(
            format!("không tạo được văn bản Word: {vi}"),
            format!("the Word document cannot be built: {en}"),
        )
    })?;
    Ok(bytes.into_inner())
}

fn fonts() -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia("Times New Roman")
}

/// Word counts sizes in half points.
fn half_points(points: usize) -> usize {
    points * 2
}

/// A whole number of twips; sizes here are far below what an `i32` holds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn twips(millimetres: f64) -> u32 {
    (millimetres * TWIPS).round() as u32
}

fn margins() -> PageMargin {
    let at = |millimetres| i32::try_from(twips(millimetres)).unwrap_or(i32::MAX);
    PageMargin {
        top: at(20.0),
        left: at(30.0),
        bottom: at(20.0),
        right: at(15.0),
        header: at(10.0),
        footer: at(10.0),
        gutter: 0,
    }
}

/// Width between the margins, in twips.
fn text_room(orientation: Orientation) -> u32 {
    let page = match orientation {
        Orientation::Portrait => A4.1,
        Orientation::Landscape => A4.0,
    };
    page - twips(30.0) - twips(15.0)
}

fn page_number() -> Header {
    let number = Paragraph::new()
        .align(AlignmentType::Center)
        .add_page_num(PageNum::new());
    Header::new().add_paragraph(number)
}

fn no_page_number() -> Header {
    Header::new().add_paragraph(Paragraph::new())
}

fn page(orientation: Orientation) -> (u32, u32, PageOrientationType) {
    match orientation {
        Orientation::Portrait => (A4.1, A4.0, PageOrientationType::Portrait),
        Orientation::Landscape => (A4.0, A4.1, PageOrientationType::Landscape),
    }
}

fn section(campaign: &CampaignFile, appendix: &Appendix<'_>) -> Section {
    let (width, height, orient) = page(appendix.text.orientation);
    let section = Section::new()
        .page_size(PageSize::new().size(width, height))
        .page_margin(margins())
        .page_orient(orient)
        .page_num_type(PageNumType::new().start(1))
        .title_pg()
        .header(page_number())
        .first_header(no_page_number());
    let parts = body(campaign, appendix).into_iter();
    parts.fold(section, |section, part| match part {
        Part::Words(paragraph) => section.add_paragraph(*paragraph),
        Part::Table(table) => section.add_table(*table),
    })
}

fn own_section(document: Docx, appendix: &Appendix<'_>) -> Docx {
    let (width, height, orient) = page(appendix.text.orientation);
    document
        .page_size(width, height)
        .page_margin(margins())
        .page_orient(orient)
        .page_num_type(PageNumType::new().start(1))
        .header(page_number())
        .first_header(no_page_number())
}

/// The content of a section, top to bottom.
enum Part {
    Words(Box<Paragraph>),
    Table(Box<Table>),
}

fn body(campaign: &CampaignFile, appendix: &Appendix<'_>) -> Vec<Part> {
    let centred = |text: &str, letters| words(text, letters).align(AlignmentType::Center);
    let title = Letters::of(14).bold();
    let mut parts = vec![
        centred(&appendix.name(), title),
        centred(&appendix.text.title.to_uppercase(), title),
        centred(&attached(campaign), Letters::of(14).italic()),
    ];
    if appendix.lacking > 0 {
        parts.push(centred(&provisional_text(appendix.lacking), title));
    }
    let unit = appendix.unit().map(|unit| format!("ĐVT: {unit}"));
    let unit = words(
        unit.as_deref().unwrap_or_default(),
        Letters::of(13).italic(),
    );
    parts.push(spaced(unit.align(AlignmentType::Right)).keep_next(true));
    let mut parts: Vec<Part> = parts
        .into_iter()
        .map(|part| Part::Words(Box::new(part)))
        .collect();
    parts.push(Part::Table(Box::new(table(appendix))));
    parts.extend(
        notes(&appendix.notes())
            .into_iter()
            .map(|part| Part::Words(Box::new(part))),
    );
    let signers = &appendix.text.signature;
    if !signers.is_empty() {
        let table = signatures(signers, text_room(appendix.text.orientation));
        parts.push(Part::Table(Box::new(table)));
        parts.push(Part::Words(Box::new(words("", Letters::of(13)))));
    }
    parts
}

fn notes(notes: &[String]) -> Vec<Paragraph> {
    if notes.is_empty() {
        // Word wants a paragraph behind a table at the end of a section.
        return vec![words("", Letters::of(13))];
    }
    let mut parts = vec![spaced(words("Ghi chú:", Letters::of(13).bold())).keep_next(true)];
    for note in notes {
        let note = words(&format!("- {note}"), Letters::of(13).italic());
        parts.push(note.align(AlignmentType::Both));
    }
    parts
}

/// Who signs, side by side, in a table without lines that stays on one page.
fn signatures(signers: &[String], room: u32) -> Table {
    let room = usize::try_from(room).unwrap_or_default();
    let width = room / signers.len();
    let cells = signers.iter().map(|signer| {
        let cell = TableCell::new().width(width, WidthType::Dxa);
        signer.lines().fold(cell, |cell, line| {
            let line = words(line, Letters::of(13).bold());
            cell.add_paragraph(line.align(AlignmentType::Center))
        })
    });
    let row = TableRow::new(cells.collect());
    Table::without_borders(vec![row])
        .set_grid(vec![width; signers.len()])
        .layout(TableLayoutType::Fixed)
}

/// How letters look.
#[derive(Clone, Copy)]
struct Letters {
    half_points: usize,
    bold: bool,
    italic: bool,
}

impl Letters {
    fn of(points: usize) -> Self {
        Letters {
            half_points: half_points(points),
            bold: false,
            italic: false,
        }
    }

    fn bold(self) -> Self {
        Letters { bold: true, ..self }
    }

    fn italic(self) -> Self {
        Letters {
            italic: true,
            ..self
        }
    }
}

fn words(text: &str, letters: Letters) -> Paragraph {
    let mut run = Run::new().size(letters.half_points);
    if letters.bold {
        run = run.bold();
    }
    if letters.italic {
        run = run.italic();
    }
    if !text.is_empty() {
        run = run.add_text(text);
    }
    Paragraph::new().add_run(run)
}

fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().before(120))
}

/// How a cell of a table is emphasised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Plain,
    /// Never the last row of a page: the total is below it.
    Kept,
    Bold,
    /// Bold, and never the last row of a page.
    Heading,
}

/// Painter of one table: how wide its columns are, how large its letters.
struct DocumentPainter<'a> {
    appendix: &'a Appendix<'a>,
    /// Widths in twips, ordinal and name first.
    widths: Vec<usize>,
    /// Columns before the appendix' own.
    lead: usize,
    letters: Letters,
}

fn table(appendix: &Appendix<'_>) -> Table {
    let room = f64::from(text_room(appendix.text.orientation));
    let mut shares = widths(appendix);
    // Word breaks a header it has no room for in the middle of a word.
    if let Some(ordinal) = shares.first_mut() {
        *ordinal += 2.0;
    }
    let whole: f64 = shares.iter().sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let widths: Vec<usize> = shares
        .iter()
        .map(|share| (room * share / whole).floor() as usize)
        .collect();
    let painter = DocumentPainter {
        appendix,
        lead: 1 + usize::from(appendix.names.is_some()),
        // A table may be set smaller than the text; ten columns and more need it.
        letters: Letters::of(if widths.len() > 9 { 11 } else { 12 }),
        widths,
    };
    let lead = count(painter.lead);
    let mut rows = painter.header();
    let mut lines = lines(appendix, lead, 0).into_iter().peekable();
    while let Some(line) = lines.next() {
        let weight = match lines.peek() {
            Some(AppendixLine::Total { .. }) => Weight::Kept,
            _ => Weight::Plain,
        };
        rows.push(match line {
            AppendixLine::Group {
                number,
                text,
                cells,
            } => painter.totalled(Some(number), &text, &cells),
            AppendixLine::Row(number, row) => painter.row(number, row, weight),
            AppendixLine::Total { text, cells } => painter.totalled(None, &text, &cells),
        });
    }
    Table::new(rows)
        .set_grid(painter.widths.clone())
        .width(painter.widths.iter().sum(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(30, 70, 30, 70))
}

impl DocumentPainter<'_> {
    fn cell(
        &self,
        text: &str,
        align: AlignmentType,
        weight: Weight,
        columns: (usize, usize),
    ) -> TableCell {
        let letters = Letters {
            bold: matches!(weight, Weight::Bold | Weight::Heading),
            ..self.letters
        };
        let paragraph = words(text, letters)
            .align(align)
            .keep_lines(true)
            .keep_next(matches!(weight, Weight::Kept | Weight::Heading));
        let (first, last) = columns;
        let width = self
            .widths
            .get(first..=last)
            .unwrap_or_default()
            .iter()
            .sum();
        let cell = TableCell::new()
            .add_paragraph(paragraph)
            .vertical_align(VAlignType::Center)
            .width(width, WidthType::Dxa);
        if last > first {
            cell.grid_span(last - first + 1)
        } else {
            cell
        }
    }

    /// Header rows, repeated on every page.
    fn header(&self) -> Vec<TableRow> {
        let spans = header_spans(&header_paths(self.appendix), CellAddress::new(0, 0));
        let bottom = spans.iter().map(|span| span.last.row).max().unwrap_or(0);
        (0..=bottom)
            .map(|row| {
                let mut inside: Vec<_> = spans
                    .iter()
                    .filter(|span| (span.first.row..=span.last.row).contains(&row))
                    .collect();
                inside.sort_by_key(|span| span.first.column);
                let cells = inside.into_iter().map(|span| {
                    let column = |at: CellAddress| usize::try_from(at.column).unwrap_or_default();
                    let begins = span.first.row == row;
                    let text = if begins { span.text.as_str() } else { "" };
                    let columns = (column(span.first), column(span.last));
                    let cell = self.cell(text, AlignmentType::Center, Weight::Bold, columns);
                    match (span.last.row > span.first.row, begins) {
                        (false, _) => cell,
                        (true, true) => cell.vertical_merge(VMergeType::Restart),
                        (true, false) => cell.vertical_merge(VMergeType::Continue),
                    }
                });
                TableRow::new(cells.collect())
                    .height_rule(HeightRule::AtLeast)
                    .cant_split()
            })
            .collect()
    }

    fn row(&self, number: u32, row: &Row, weight: Weight) -> TableRow {
        let mut cells = vec![self.cell(&number.to_string(), AlignmentType::Center, weight, (0, 0))];
        if self.appendix.names.is_some() {
            cells.push(self.cell(&row.shown_name(), AlignmentType::Left, weight, (1, 1)));
        }
        for (i, column) in self.appendix.columns.iter().enumerate() {
            let at = self.lead + i;
            let value = row.values.get(i).and_then(Option::as_ref);
            let mark = if row.moved.contains(&i) { " *" } else { "" };
            let text = format!("{}{mark}", shown(column, value));
            cells.push(self.cell(&text, align(column), weight, (at, at)));
        }
        TableRow::new(cells)
    }

    /// A group's heading with its subtotals, or the total row.
    fn totalled(&self, group: Option<usize>, text: &str, totals: &[ShownCell]) -> TableRow {
        let until = self.appendix.words_until(count(self.lead), totals);
        let until = usize::try_from(until).unwrap_or_default();
        // A group's heading keeps to its rows, the total to the notes.
        let weight = match group.is_some() || !self.appendix.notes().is_empty() {
            true => Weight::Heading,
            false => Weight::Bold,
        };
        let mut cells = Vec::new();
        match group {
            Some(number) => {
                cells.push(self.cell(&roman(number), AlignmentType::Center, weight, (0, 0)));
                cells.push(self.cell(text, AlignmentType::Left, weight, (1, until.max(1))));
            }
            None => cells.push(self.cell(text, AlignmentType::Center, weight, (0, until))),
        }
        for (i, (column, total)) in self.appendix.columns.iter().zip(totals).enumerate() {
            let at = self.lead + i;
            if at <= until {
                continue;
            }
            let value = match total {
                ShownCell::Live(live) => live.result.map(Value::Number),
                ShownCell::Value(value) => value.clone(),
            };
            cells.push(self.cell(
                &shown(column, value.as_ref()),
                align(column),
                weight,
                (at, at),
            ));
        }
        TableRow::new(cells)
    }
}

fn align(column: &AppendixColumn<'_>) -> AlignmentType {
    match column.field.kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            AlignmentType::Right
        }
        FieldType::Text => AlignmentType::Left,
        FieldType::Flag | FieldType::Choice | FieldType::Date | FieldType::Code => {
            AlignmentType::Center
        }
    }
}

/// A value as the workbook's number format shows it.
fn shown(column: &AppendixColumn<'_>, value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) if column.field.kind != FieldType::Flag => {
            format_fixed(*number, column.decimals)
        }
        Some(Value::Flag(false)) | None => String::new(),
        Some(value) => value.to_string(),
    }
}
