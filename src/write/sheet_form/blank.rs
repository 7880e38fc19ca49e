//! The blank of a form, drawn plainly: what columns and rows look like.

use rust_xlsxwriter::FormatAlign;

use crate::model::CellAddress;
use crate::schema::Form;
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::{Grid, GridOptions, Line};
use crate::write::paper::header::header_heights;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::style;

/// Paints the blank.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn paint(sheet: &mut SheetWriter<'_>, form: &Form) -> Result<(), WriteError> {
    let grid = Grid::new(form, GridOptions::default());
    sheet.widths(&grid.widths)?;
    title(sheet, form, &grid)?;
    header(sheet, &grid)?;
    for (index, line) in grid.body.iter().enumerate() {
        body(sheet, form, &grid, grid.body_row(index), *line)?;
    }
    total(sheet, form, &grid)?;
    let all = (0, grid.last_column());
    let width = grid.width_of(all.0, all.1);
    for (row, note) in (grid.below + 1..).zip(&form.file.notes) {
        sheet.line(row, all, note, &style::note())?;
        sheet.height(row, lines(note, width * 0.9))?;
    }
    let bottom = grid.numbering.unwrap_or(grid.header_rows.1);
    sheet.print(
        form.file.layout.orientation,
        Some((grid.header_rows.0, bottom)),
    )
}

fn title(sheet: &mut SheetWriter<'_>, form: &Form, grid: &Grid) -> Result<(), WriteError> {
    let file = &form.file;
    let all = (0, grid.last_column());
    let rows = &grid.title;
    let mut put = |row: Option<u32>, text: &Option<String>, format| match (row, text) {
        (Some(row), Some(text)) => sheet.line(row, all, text, &format),
        _ => Ok(()),
    };
    put(rows.code, &file.code, style::line())?;
    put(
        rows.legal_basis,
        &file.legal_basis,
        style::line().set_italic(),
    )?;
    let measure = file
        .unit
        .as_ref()
        .map(|unit| format!("Đơn vị tính: {unit}"));
    put(rows.measure, &measure, style::measure())?;
    put(Some(rows.title), &Some(file.title.clone()), style::title())?;
    let tall = lines(&file.title, grid.width_of(all.0, all.1) * 0.8);
    sheet.height(rows.title, tall)
}

fn header(sheet: &mut SheetWriter<'_>, grid: &Grid) -> Result<(), WriteError> {
    let mut texts = Vec::new();
    for span in &grid.header {
        sheet.span(span.first, span.last, &span.text, &style::header())?;
        let width = grid.width_of(span.first.column, span.last.column);
        texts.push((
            span.first.row,
            span.last.row,
            lines(&span.text, width / 1.12),
        ));
    }
    header_heights(sheet, &texts, grid.header_rows)?;
    if let Some(row) = grid.numbering {
        for column in 0..=grid.last_column() {
            let text = format!("({})", column + 1);
            sheet.text(CellAddress::new(row, column), &text, &style::numbering())?;
        }
    }
    Ok(())
}

fn body(
    sheet: &mut SheetWriter<'_>,
    form: &Form,
    grid: &Grid,
    row: u32,
    line: Line,
) -> Result<(), WriteError> {
    let at = |column: u32| CellAddress::new(row, column);
    let index = match line {
        Line::Heading(index) | Line::Fixed(index) => Some(index),
        Line::Free(_) => None,
    };
    let named = match line {
        Line::Heading(_) => row,
        Line::Fixed(_) | Line::Free(_) => row - u32::from(grid.names.is_some()),
    };
    for (row, column) in
        (named..=row).flat_map(|row| (0..=grid.last_column()).map(move |c| (row, c)))
    {
        sheet.blank(CellAddress::new(row, column), &style::label())?;
    }
    let Some((index, indicator)) =
        index.and_then(|index| Some((index, form.file.rows.get(index)?)))
    else {
        return sheet.height(row, 1);
    };
    if let Some(column) = grid.ordinal {
        let counted = form
            .file
            .rows
            .iter()
            .take(index + 1)
            .filter(|row| !row.heading)
            .count();
        let no = indicator.no.clone();
        let no = no.or_else(|| (!indicator.heading).then(|| counted.to_string()));
        let at = CellAddress::new(named, column);
        sheet.text(at, &no.unwrap_or_default(), &style::centred_cell())?;
    }
    let mut tall = 1;
    if let Some(column) = grid.label {
        let format = match indicator.heading {
            true => style::label().set_bold(),
            false => style::label(),
        };
        let last = if named < row {
            grid.last_column()
        } else {
            column
        };
        sheet.line(named, (column, last), indicator.label.own(), &format)?;
        tall = lines(indicator.label.own(), grid.width_of(column, column) * 0.95);
    }
    if let (Some(column), Some(unit)) = (grid.measure, &indicator.unit) {
        sheet.text(at(column), unit, &style::centred_cell())?;
    }
    for column in 0..form.file.columns.len() {
        if form.field(Some(index), column).is_none() && !indicator.heading {
            sheet.blank(at(grid.column(column)), &style::absent())?;
        }
    }
    sheet.height(row, tall)
}

fn total(sheet: &mut SheetWriter<'_>, form: &Form, grid: &Grid) -> Result<(), WriteError> {
    let (Some(row), Some(label)) = (grid.total, &form.file.layout.total) else {
        return Ok(());
    };
    let key = form.key_column().map(|key| grid.column(key));
    let named = grid.label.or(key).unwrap_or(0);
    for column in 0..=grid.last_column() {
        let text = if column == named { label.as_str() } else { "" };
        let format = style::total(style::label()).set_align(FormatAlign::Center);
        sheet.text(CellAddress::new(row, column), text, &format)?;
    }
    Ok(())
}
