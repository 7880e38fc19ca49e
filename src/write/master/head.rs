//! What every sheet of the master workbook opens with: title, way back, header; links within it.

use rust_xlsxwriter::Url;

use super::book::{CONTENTS, Master};
use crate::model::CellAddress;
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::Span;
use crate::write::paper::header::header_heights;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{SheetWriter, sheet_reference};
use crate::write::paper::style;

/// First row of the header, from 0.
pub(super) const TOP: u32 = 3;

/// A link to the table of contents.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn way_back(sheet: &mut SheetWriter<'_>, at: CellAddress) -> Result<(), WriteError> {
    if sheet.0.name() == CONTENTS {
        return Ok(());
    }
    let link = internal(CONTENTS, CellAddress::new(0, 0));
    sheet.link_as(at, Some(link), "← Mục lục", &style::way_back())
}

/// Title and period at the top left, unmerged: a title centred over sixty columns is never seen.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn sheet_title(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    title: &str,
    unit: Option<&str>,
) -> Result<(), WriteError> {
    let format = style::base().set_bold().set_font_size(14);
    sheet.text(CellAddress::new(0, 0), &title.to_uppercase(), &format)?;
    let unit = unit.map(|unit| format!("; đơn vị tính: {unit}"));
    let text = format!(
        "Kỳ báo cáo: {}{}",
        master.input.period.vietnamese(),
        unit.unwrap_or_default()
    );
    sheet.text(CellAddress::new(1, 0), &text, &style::base().set_italic())
}

/// Header cells and their heights.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn paint_header(
    sheet: &mut SheetWriter<'_>,
    spans: &[Span],
    widths: &[f64],
) -> Result<(), WriteError> {
    let mut texts = Vec::new();
    let mut bottom = TOP;
    for span in spans {
        sheet.span(span.first, span.last, &span.text, &style::header())?;
        let columns = (0u32..).zip(widths);
        let inside =
            columns.filter(|(column, _)| (span.first.column..=span.last.column).contains(column));
        let width: f64 = inside.map(|(_, width)| width).sum();
        texts.push((
            span.first.row,
            span.last.row,
            lines(&span.text, width / 1.12),
        ));
        bottom = bottom.max(span.last.row);
    }
    header_heights(sheet, &texts, (TOP, bottom))
}

/// A link to a cell of the workbook itself.
pub(super) fn internal(sheet: &str, at: CellAddress) -> Url {
    Url::new(format!("internal:{}!{at}", sheet_reference(sheet)))
}

/// A link to a block of cells of the workbook itself: who follows it has them selected.
pub(super) fn internal_block(sheet: &str, first: CellAddress, last: CellAddress) -> Url {
    Url::new(format!(
        "internal:{}!{first}:{last}",
        sheet_reference(sheet)
    ))
    .set_tip("Bấm để chọn các dòng được cộng")
}
