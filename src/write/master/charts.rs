//! "Biểu đồ": who files when, which units are first and last, this period against the last one.
//! Each chart has its figures beside it, and they refer to the cells of the other sheets.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartLegendPosition, ChartSolidFill, ChartType,
};

use super::book::{Master, OVERVIEW, TREND, UNITS};
use super::chart_look::{axis_title, bars_downwards, chart, label, series};
use super::head::{sheet_title, way_back};
use super::list;
use super::lists::{FIRST_DAY, first_days};
use super::overview::OverviewRows;
use super::plan::{Plan, SheetPlaces};
use super::trend;
use crate::consolidate::LineState;
use crate::model::{CellAddress, Number, UnitStatus, address::column_letters};
use crate::schema::Orientation;
use crate::schema::expression::Expr;
use crate::schema::parser::parse;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{Cached, SheetWriter, column_number, sheet_reference};
use crate::write::paper::style;
use crate::write::paper::words::provisional_text;

/// Words, then figures; the charts are to their right.
const WIDTHS: [f64; 5] = [34.0, 14.0, 14.0, 14.0, 3.0];
/// Column of the charts.
const CHART_COLUMN: u32 = 5;
/// Rows a chart takes.
const CHART_ROWS: u32 = 18;
/// Pixels between a chart and the edges of its rows.
const EDGE: u32 = 4;
/// Pixels a row of the house font takes.
const ROW_PIXELS: u32 = 24;
/// Charts a page holds.
const CHARTS_PER_PAGE: usize = 2;
/// Percent at which they fit an A4 sheet on its side.
const SCALE: u16 = 60;
/// Longest stretch shown day by day; beyond it only days on which something was saved.
const DAYS: usize = 62;
/// Units at either end of an indicator, unless the campaign says.
const TOP: usize = 10;
/// Figures compared with the last period.
const CHANGES: usize = 15;

/// A cell of the figures beside a chart.
enum Data {
    Day(NaiveDate),
    /// A live reference to words.
    WordsAt(String, String),
    /// A live formula.
    Figure(String, Number, u32),
}

struct Charts<'a, 'b, 'c> {
    sheet: &'a mut SheetWriter<'b>,
    master: &'a Master<'c>,
    row: u32,
    /// First row of each chart.
    tops: Vec<u32>,
}

/// Writes the charts.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
    overview: &OverviewRows,
) -> Result<(), WriteError> {
    sheet.widths(&WIDTHS)?;
    sheet_title(sheet, master, "Biểu đồ", None)?;
    way_back(sheet, CellAddress::new(2, 0))?;
    let mut charts = Charts {
        sheet,
        master,
        row: 4,
        tops: Vec::new(),
    };
    charts.days()?;
    charts.kinds(overview)?;
    charts.indicators(places)?;
    charts.changes()?;
    let tops = charts.tops.into_iter().step_by(CHARTS_PER_PAGE);
    let breaks: Vec<u32> = tops.skip(1).collect();
    sheet.0.set_screen_gridlines(false);
    sheet.print(Orientation::Landscape, None)?;
    // Excel ignores manual page breaks on a page fitted to its width, so a fixed scale is set.
    sheet.0.set_print_scale(SCALE);
    if !breaks.is_empty() {
        sheet.0.set_page_breaks(&breaks)?;
    }
    sheet.page_footer();
    Ok(())
}

impl Charts<'_, '_, '_> {
    /// A heading, a remark, the figures; gives the first and last row of the figures.
    fn figures(
        &mut self,
        title: &str,
        remark: &str,
        headers: &[&str],
        rows: &[Vec<Data>],
    ) -> Result<(u32, u32), WriteError> {
        let bold = style::base().set_bold().set_font_size(13);
        self.sheet
            .text(CellAddress::new(self.row, 0), title, &bold)?;
        let remark_format = style::legend().set_text_wrap();
        self.sheet
            .line(self.row + 1, (0, 3), remark, &remark_format)?;
        let room = WIDTHS.iter().take(4).sum();
        self.sheet.height(self.row + 1, lines(remark, room))?;
        let top = self.row + 2;
        for (column, header) in (0u32..).zip(headers) {
            self.sheet
                .text(CellAddress::new(top, column), header, &style::header())?;
        }
        let tallest = headers
            .iter()
            .zip(WIDTHS)
            .map(|(header, width)| lines(header, width / 1.12));
        self.sheet.height(top, tallest.max().unwrap_or(1))?;
        for (row, data) in (top + 1..).zip(rows) {
            for (column, cell) in (0u32..).zip(data) {
                self.data(CellAddress::new(row, column), cell)?;
            }
        }
        Ok((top + 1, top + count(rows.len())))
    }

    fn data(&mut self, at: CellAddress, data: &Data) -> Result<(), WriteError> {
        match data {
            Data::Day(day) => self.sheet.day(at, *day, &style::centred_cell()),
            Data::WordsAt(cell, words) => {
                let cached = Cached::Text(words.clone());
                self.sheet
                    .formula(at, &format!("={cell}"), &cached, &style::label())
            }
            Data::Figure(formula, number, decimals) => {
                let cached = Cached::Number(*number);
                let format = style::figure(*decimals);
                self.sheet
                    .formula(at, &format!("={formula}"), &cached, &format)
            }
        }
    }

    /// Puts a chart beside its figures and goes on below both. It keeps off the rows' edges, where
    /// pages may end.
    fn put(&mut self, chart: &mut Chart, last: u32) -> Result<(), WriteError> {
        chart
            .set_width(760)
            .set_height(CHART_ROWS * ROW_PIXELS - 2 * EDGE);
        self.tops.push(self.row);
        let column = column_number(CHART_COLUMN)?;
        self.sheet
            .0
            .insert_chart_with_offset(self.row, column, chart, 0, EDGE)?;
        self.row = (self.row + CHART_ROWS + 1).max(last + 2);
        Ok(())
    }

    /// Units whose first workbook was saved on each day.
    fn days(&mut self) -> Result<(), WriteError> {
        let first = first_days(self.master);
        let due: Vec<&str> = self
            .master
            .input
            .units
            .iter()
            .filter(|filing| filing.status != UnitStatus::NotExpected)
            .map(|filing| filing.unit.code.as_str())
            .collect();
        // The list of units names them all; a unit that owes nothing may have filed.
        let listed = self.master.input.units.iter();
        let mut by_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for filing in listed {
            if let Some(day) = first.get(filing.unit.code.as_str()) {
                *by_day.entry(*day).or_default() += 1;
            }
        }
        if by_day.is_empty() {
            return Ok(());
        }
        let cells = list::cells(UNITS, FIRST_DAY, self.master.input.units.len());
        let first_row = self.row + 4;
        let mut so_far = 0;
        let mut rows = Vec::new();
        for (index, day) in shown_days(&by_day).into_iter().enumerate() {
            let saved = by_day.get(&day).copied().unwrap_or_default();
            so_far += saved;
            let row = first_row + count(index);
            rows.push(vec![
                Data::Day(day),
                Data::Figure(format!("COUNTIF({cells},A{row})"), saved.into(), 0),
                Data::Figure(format!("SUM(B${first_row}:B{row})"), so_far.into(), 0),
            ]);
        }
        let silent = due
            .iter()
            .filter(|code| !first.contains_key(**code))
            .count();
        let remark = format!(
            "Ngày lưu ghi trong tệp đầu tiên của mỗi đơn vị, không phải ngày nhận; phải gửi: {} đơn vị, \
             chưa rõ ngày hoặc chưa gửi: {silent}.",
            due.len()
        );
        let headers = ["Ngày", "Số đơn vị", "Lũy kế"];
        let title = "Tiến độ gửi báo cáo theo ngày";
        let (first, last) = self.figures(title, &remark, &headers, &rows)?;
        let mut chart = chart(ChartType::Column, title);
        series(&mut chart, "Số đơn vị trong ngày", (first, last), 1)?;
        let mut line = Chart::new(ChartType::Line);
        series(&mut line, "Lũy kế", (first, last), 2)?;
        chart.combine(&line);
        chart.x_axis().set_num_format("dd/mm");
        axis_title(chart.x_axis(), "Ngày lưu tệp đầu tiên");
        axis_title(chart.y_axis(), "Số đơn vị");
        chart.legend().set_position(ChartLegendPosition::Bottom);
        self.put(&mut chart, last)
    }

    /// Received, returned and missing by kind of unit, from the overview.
    fn kinds(&mut self, overview: &OverviewRows) -> Result<(), WriteError> {
        let input = self.master.input;
        let sheet = sheet_reference(OVERVIEW);
        let mut rows = Vec::new();
        for (index, kind) in input.campaign.kinds.iter().enumerate() {
            let row = overview.kinds + count(index) + 1;
            let with = |status| {
                let units = input.units.iter();
                let of_kind = units.filter(|filing| filing.unit.kind == kind.id);
                let count = of_kind.filter(|filing| filing.status == status).count();
                Number::from(count)
            };
            let figure = |column: &str, status| {
                Data::Figure(format!("{sheet}!{column}{row}"), with(status), 0)
            };
            rows.push(vec![
                Data::WordsAt(format!("{sheet}!B{row}"), kind.name.clone()),
                figure("D", UnitStatus::Accepted),
                figure("E", UnitStatus::Returned),
                figure("F", UnitStatus::Missing),
            ]);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let headers = ["Loại đơn vị", "Đã nhận đủ", "Trả lại", "Chưa gửi"];
        let title = "Tình hình gửi báo cáo theo loại đơn vị (số đơn vị)";
        let (first, last) = self.figures(title, "", &headers, &rows)?;
        let mut chart = chart(ChartType::BarStacked, title);
        for (column, (name, colour)) in (1u32..).zip(headers[1..].iter().zip(style::STANDING)) {
            let series = series(&mut chart, name, (first, last), column)?;
            series.set_format(ChartSolidFill::new().set_color(colour));
            // A segment of no units has no label.
            series.set_data_label(&label("#,##0;;;")).set_gap(60);
        }
        bars_downwards(&mut chart);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        self.put(&mut chart, last)
    }

    /// The indicators the campaign names, or the first figure of the report that many units give.
    fn indicators(&mut self, places: &SheetPlaces<'_>) -> Result<(), WriteError> {
        let declared = &self.master.input.campaign.charts;
        if declared.is_empty() {
            let mut expressions = self.master.input.expressions.iter();
            let usual = expressions.find_map(|expr| Indicator::new(places, expr, TOP));
            return usual.map_or(Ok(()), |indicator| self.indicator(&indicator, None));
        }
        for chart in declared {
            // The campaign was checked when it was loaded.
            let Ok(expr) = parse(chart.value.get_ref()) else {
                continue;
            };
            if let Some(indicator) = Indicator::new(places, &expr, chart.top.unwrap_or(TOP)) {
                self.indicator(&indicator, chart.title.as_deref())?;
            }
        }
        Ok(())
    }

    fn indicator(
        &mut self,
        indicator: &Indicator<'_, '_>,
        title: Option<&str>,
    ) -> Result<(), WriteError> {
        let title = title.map_or_else(|| indicator.label(), str::to_owned);
        let unit = indicator.unit();
        let measure = unit.map_or(String::new(), |unit| format!(" ({unit})"));
        let table = std::iter::once(indicator.plan.table);
        let provisional = match self.master.lacking(table).len() {
            0 => String::new(),
            lacking => format!(" {}.", provisional_text(lacking)),
        };
        let ends = [("cao nhất", true), ("thấp nhất", false)];
        for (word, from_top) in ends {
            let rows = indicator.rows(from_top);
            let title = format!("{title}{measure}: {} đơn vị {word}", rows.len());
            let remark = format!(
                "Theo trang \"{}\", chỉ tính đơn vị đã nhận và có số; thứ tự lúc lập sổ.{provisional}",
                indicator.plan.sheet
            );
            let header = format!("Giá trị{measure}");
            let (first, last) = self.figures(&title, &remark, &["Đơn vị", &header], &rows)?;
            let mut chart = chart(ChartType::Bar, &title);
            let bars = series(&mut chart, "Giá trị", (first, last), 1)?;
            bars.set_data_label(&label(&indicator.number_format()))
                .set_gap(40);
            bars_downwards(&mut chart);
            chart.legend().set_hidden();
            self.put(&mut chart, last)?;
        }
        Ok(())
    }

    /// The figures that changed most against the newest closed period.
    fn changes(&mut self) -> Result<(), WriteError> {
        let master = self.master;
        let Some(newest) = master.input.past.last() else {
            return Ok(());
        };
        let figures = master.input.consolidated.figures.iter().enumerate();
        let mut changed: Vec<(usize, &str, Number)> = figures
            .filter_map(|(index, figure)| {
                let change = trend::change(master, index)?;
                Some((index, figure.label.as_str(), change))
            })
            .filter(|(_, _, change)| !change.is_zero())
            .collect();
        changed.sort_by_key(|(index, _, change)| (std::cmp::Reverse(change.abs()), *index));
        changed.truncate(CHANGES);
        if changed.is_empty() {
            return Ok(());
        }
        let figures = &master.input.consolidated.figures;
        let whole = |(index, ..): &(usize, &str, Number)| {
            figures
                .get(*index)
                .is_none_or(|figure| figure.lacking.is_empty())
        };
        let remark = match changed.iter().all(whole) {
            true => "",
            false => {
                "Có số liệu tạm tính, còn thiếu đơn vị: mức tăng, giảm chưa phản ánh đúng thực tế."
            }
        };
        let sheet = sheet_reference(TREND);
        let column = column_letters(trend::change_column(master));
        let rows: Vec<Vec<Data>> = changed
            .into_iter()
            .map(|(index, label, change)| {
                let row = trend::row_of(index) + 1;
                vec![
                    Data::WordsAt(format!("{sheet}!B{row}"), label.to_owned()),
                    Data::Figure(format!("{sheet}!{column}{row}"), change, 2),
                ]
            })
            .collect();
        let title = format!(
            "Tăng, giảm so với {} (%): {} số liệu thay đổi nhiều nhất",
            newest.period.vietnamese(),
            rows.len()
        );
        let (first, last) = self.figures(&title, remark, &["Số liệu", "Tăng, giảm (%)"], &rows)?;
        for (row, data) in (first..).zip(&rows) {
            if let Some(Data::WordsAt(_, words)) = data.first() {
                self.sheet.height(row, lines(words, WIDTHS[0]))?;
            }
        }
        let mut chart = chart(ChartType::Bar, &title);
        let bars = series(&mut chart, "Tăng, giảm (%)", (first, last), 1)?;
        bars.set_data_label(&label("#,##0.0"))
            .set_gap(40)
            .set_format(ChartSolidFill::new().set_color(style::RISEN))
            .set_invert_if_negative_color(style::FALLEN);
        bars_downwards(&mut chart);
        chart
            .y_axis()
            .set_label_position(ChartAxisLabelPosition::Low);
        chart.legend().set_hidden();
        self.put(&mut chart, last)
    }
}

/// A field of a form that units are ranked by.
struct Indicator<'a, 'b> {
    plan: &'a Plan<'b>,
    field: usize,
    /// Units that gave a figure, largest first: index of the line, figure.
    ranked: Vec<(usize, Number)>,
    top: usize,
}

impl<'a, 'b> Indicator<'a, 'b> {
    /// `None` unless the expression is a field that more units gave than either end would show.
    fn new(places: &'a SheetPlaces<'b>, expr: &Expr, top: usize) -> Option<Self> {
        let (plan, field) = places.field(expr.as_name()?)?;
        let lines = plan.table.lines.iter().enumerate();
        let mut ranked: Vec<(usize, Number)> = lines
            .filter(|(_, line)| line.state == LineState::Accepted)
            .filter_map(|(index, line)| {
                let value = line.values.get(field)?.as_ref()?;
                Some((index, value.as_number()?))
            })
            .collect();
        ranked.sort_by_key(|(index, number)| (std::cmp::Reverse(*number), *index));
        (ranked.len() > top && top > 0).then_some(Indicator {
            plan,
            field,
            ranked,
            top,
        })
    }

    /// What the form calls it.
    fn label(&self) -> String {
        let column = self.plan.folder.columns.get(self.field);
        let file = &self.plan.folder.form.file;
        let own = column.and_then(|column| file.columns.get(column.column));
        let row = column.and_then(|column| file.rows.get(column.row?));
        let words = [
            row.map(|row| row.label.own()),
            own.map(|own| own.label.own()),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What it is measured in.
    fn unit(&self) -> Option<&str> {
        let column = self.plan.folder.columns.get(self.field)?;
        let whole = self.plan.folder.form.file.unit.as_deref();
        column.field.unit.as_deref().or(whole)
    }

    /// How its figures are printed.
    fn number_format(&self) -> String {
        let column = self.plan.folder.columns.get(self.field);
        style::number_format(column.map_or(0, |column| column.decimals))
    }

    fn rows(&self, from_top: bool) -> Vec<Vec<Data>> {
        let sheet = sheet_reference(&self.plan.sheet);
        let ranked: Vec<&(usize, Number)> = if from_top {
            self.ranked.iter().take(self.top).collect()
        } else {
            self.ranked.iter().rev().take(self.top).collect()
        };
        let column = self.plan.folder.columns.get(self.field);
        let row = |(index, number): &&(usize, Number)| {
            let (line, column) = (self.plan.table.lines.get(*index)?, column?);
            let row = self.plan.tree.rows.get(*index)? + 1;
            let letters = column_letters(column.at);
            Some(vec![
                Data::WordsAt(format!("{sheet}!C{row}"), line.unit.name.clone()),
                Data::Figure(format!("{sheet}!{letters}{row}"), *number, column.decimals),
            ])
        };
        ranked.iter().filter_map(row).collect()
    }
}

/// Every day from the first to the last, or only those with something if that is too long.
fn shown_days(by_day: &BTreeMap<NaiveDate, usize>) -> Vec<NaiveDate> {
    let busy = || by_day.keys().copied().collect();
    let (Some(first), Some(last)) = (by_day.keys().next(), by_day.keys().next_back()) else {
        return busy();
    };
    let within = first
        .checked_add_days(Days::new(DAYS as u64))
        .is_some_and(|limit| *last < limit);
    if within {
        first.iter_days().take_while(|day| day <= last).collect()
    } else {
        busy()
    }
}
