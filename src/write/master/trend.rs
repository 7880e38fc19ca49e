//! "Diễn biến": the report's figures in the closed periods and now, with a line to look at.

use rust_xlsxwriter::{Sparkline, SparklineType};

use super::book::{Master, OVERVIEW};
use super::head::{internal, sheet_title, way_back};
use super::overview::OverviewRows;
use crate::consolidate::Figure;
use crate::model::{CellAddress, Number};
use crate::schema::Orientation;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{lines, lines_on_paper};
use crate::write::paper::sheet::{Cached, SheetWriter, column_number, sheet_reference};
use crate::write::paper::style;

/// First columns: id, words and unit of measure.
const LEAD: [(&str, f64); 3] = [("Mã", 8.0), ("Số liệu", 60.0), ("Đơn vị tính", 12.0)];
/// Width of a column of figures.
const FIGURE_WIDTH: f64 = 14.0;
/// Row of the header.
const TOP: u32 = 3;
/// Digits the change is kept with; far beyond what is shown.
const CHANGE_DIGITS: u32 = 10;

/// The row of the n-th figure.
pub(super) fn row_of(index: usize) -> u32 {
    TOP + 1 + count(index)
}

/// The column (from 0) of the change against the newest closed period.
pub(super) fn change_column(master: &Master<'_>) -> u32 {
    count(LEAD.len() + master.input.past.len()) + 1
}

/// By how much the n-th figure has changed since the newest closed period, in percent.
pub(super) fn change(master: &Master<'_>, index: usize) -> Option<Number> {
    let now = master.input.consolidated.figures.get(index)?.number()?;
    let last = master.input.past.last()?.number(index)?;
    let change = now.checked_sub(last)?.checked_mul(Number::ONE_HUNDRED)?;
    Some(change.checked_div(last.abs())?.round_dp(CHANGE_DIGITS))
}

/// Writes the sheet.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    overview: &OverviewRows,
) -> Result<(), WriteError> {
    let past = master.input.past;
    let mut headers: Vec<(String, f64)> = LEAD
        .iter()
        .map(|(text, width)| ((*text).to_owned(), *width))
        .collect();
    headers.extend(
        past.iter()
            .map(|past| (past.period.vietnamese(), FIGURE_WIDTH)),
    );
    headers.push((
        format!("{} (kỳ này)", master.input.period.vietnamese()),
        FIGURE_WIDTH,
    ));
    let newest = past.last().map(|past| past.period.vietnamese());
    let against = format!("Tăng, giảm so với {} (%)", newest.unwrap_or_default());
    headers.push((against, FIGURE_WIDTH));
    headers.push(("Diễn biến".to_owned(), 24.0));
    headers.push(("Ghi chú".to_owned(), 30.0));
    let widths: Vec<f64> = headers.iter().map(|(_, width)| *width).collect();
    sheet.widths(&widths)?;
    sheet_title(
        sheet,
        master,
        "Diễn biến số liệu của báo cáo qua các kỳ",
        None,
    )?;
    way_back(sheet, CellAddress::new(2, 0))?;
    for (column, (text, _)) in (0u32..).zip(&headers) {
        sheet.text(CellAddress::new(TOP, column), text, &style::header())?;
    }
    let tallest = headers
        .iter()
        .map(|(text, width)| lines(text, width / 1.12));
    sheet.height(TOP, tallest.max().unwrap_or(1))?;
    let figures = &master.input.consolidated.figures;
    for (index, figure) in figures.iter().enumerate() {
        trend(sheet, master, overview, (index, figure))?;
    }
    let last = count(headers.len()) - 1;
    let bottom = row_of(figures.len()) - 1;
    sheet.0.autofilter(TOP, 0, bottom, column_number(last)?)?;
    sheet.0.set_freeze_panes(TOP + 1, 2)?;
    sheet.print(Orientation::Landscape, Some((TOP, TOP)))?;
    sheet.page_footer();
    Ok(())
}

fn trend(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    overview: &OverviewRows,
    (index, figure): (usize, &Figure),
) -> Result<(), WriteError> {
    let row = row_of(index);
    let at = |column: u32| CellAddress::new(row, column);
    let told = CellAddress::new(overview.figures + count(index), 0);
    let link = internal(OVERVIEW, told);
    sheet.link_as(at(0), Some(link), &figure.id, &style::centred_cell())?;
    sheet.text(at(1), &figure.label, &style::label())?;
    let unit = figure.unit.as_deref().unwrap_or_default();
    sheet.text(at(2), unit, &style::centred_cell())?;
    let past: Vec<Option<Number>> = master
        .input
        .past
        .iter()
        .map(|past| past.number(index))
        .collect();
    let scales = past.iter().flatten().copied().chain(figure.number());
    let scale = scales.map(|number| number.normalize().scale()).max();
    let format = style::figure(figure.decimals.or(scale).unwrap_or(0));
    let first = count(LEAD.len());
    for (column, number) in (first..).zip(&past) {
        match number {
            Some(number) => sheet.number(at(column), *number, &format)?,
            None => sheet.blank(at(column), &format)?,
        }
    }
    let now = first + count(past.len());
    let provisional = !figure.lacking.is_empty();
    let format = if provisional {
        style::provisional_figure(format)
    } else {
        format
    };
    match figure.number() {
        Some(number) => {
            let value = CellAddress::new(overview.figures + count(index), 2);
            let formula = format!("={}!{value}", sheet_reference(OVERVIEW));
            sheet.formula(at(now), &formula, &Cached::Number(number), &format)?;
        }
        None => sheet.value(at(now), figure.value.as_ref(), &style::label())?,
    }
    let (is, was) = (at(now), at(now - 1));
    let formula = format!(
        "=IF(COUNT({was},{is})<2,\"\",IF({was}=0,\"\",ROUND(100*({is}-{was})/ABS({was}),{CHANGE_DIGITS})))"
    );
    let cached = Cached::from(change(master, index));
    sheet.formula(at(now + 1), &formula, &cached, &style::figure(2))?;
    sheet.blank(at(now + 2), &style::label())?;
    if figure.number().is_some() && past.iter().any(Option::is_some) {
        let (left, right) = (column_number(first)?, column_number(now)?);
        let line = Sparkline::new()
            .set_range((super::book::TREND, row, left, row, right))
            .set_type(SparklineType::Line)
            .show_markers(true)
            .show_last_point(true);
        sheet.0.add_sparkline(row, column_number(now + 2)?, &line)?;
    }
    let note = if provisional {
        format!("tạm tính, thiếu {} đơn vị", figure.lacking.len())
    } else {
        String::new()
    };
    sheet.text(at(now + 3), &note, &style::alarm())?;
    let tall =
        lines_on_paper(&figure.label, LEAD[1].1).max(lines_on_paper(&figure.text(), FIGURE_WIDTH));
    sheet.height(row, tall)
}
