//! How charts look: the house font, titles of axes, figures on bars.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartDataLabel, ChartFont, ChartSeries, ChartType,
};

use super::book::CHARTS;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::column_number;
use crate::write::paper::style;

/// The house font in charts.
fn font() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(style::FONT).set_size(11);
    font
}

/// Figures at the ends of bars.
pub(super) fn label(number_format: &str) -> ChartDataLabel {
    let mut label = ChartDataLabel::new();
    label
        .show_value()
        .set_font(&font())
        .set_num_format(number_format);
    label
}

/// What an axis shows.
pub(super) fn axis_title(axis: &mut ChartAxis, title: &str) {
    axis.set_name(title).set_name_font(&font());
}

/// Bars in the order of their rows, from the top; their figures are printed on them, so the axis of
/// figures and its lines would only be in the way.
pub(super) fn bars_downwards(chart: &mut Chart) {
    chart
        .y_axis()
        .set_reverse()
        .set_crossing(ChartAxisCrossing::Max);
    chart.x_axis().set_hidden(true).set_major_gridlines(false);
}

/// An empty chart in the house font.
pub(super) fn chart(kind: ChartType, title: &str) -> Chart {
    let mut chart = Chart::new(kind);
    chart
        .title()
        .set_name(title)
        .set_font(font().set_bold().set_size(13));
    chart.x_axis().set_font(&font());
    chart.y_axis().set_font(&font());
    chart.legend().set_font(&font());
    chart.set_alt_text(title);
    chart
}

/// A series over rows of a column of the figures, named by the first column.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn series<'a>(
    chart: &'a mut Chart,
    name: &str,
    (first, last): (u32, u32),
    column: u32,
) -> Result<&'a mut ChartSeries, WriteError> {
    let column = column_number(column)?;
    Ok(chart
        .add_series()
        .set_name(name)
        .set_categories((CHARTS, first, 0, last, 0))
        .set_values((CHARTS, first, column, last, column)))
}
