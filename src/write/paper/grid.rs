//! The layout of a form on its sheet: title block, header, rows, total, notes. Computed from the
//! form file alone, before anything is written.

use super::count::count;
use super::measure::{MOTTO_WIDTH, widths};
use crate::extract::Places;
use crate::model::{CellAddress, Filer};
use crate::schema::{Form, Indicator};

/// What a grid depends on besides the form.
#[derive(Debug, Clone, Copy, Default)]
pub struct GridOptions<'a> {
    /// The unit; rows that it need not fill are left out. `None`: all rows.
    pub filer: Option<Filer<'a>>,
    /// Number of rows of a free-row form, if more than the form prepares.
    pub free_rows: usize,
    /// Leave the total row out, as some people do.
    pub without_total: bool,
}

/// A block of cells with one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Top left cell.
    pub first: CellAddress,
    /// Bottom right cell.
    pub last: CellAddress,
    /// Its content.
    pub text: String,
}

/// A row of a form's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GridRow<'a> {
    /// A fixed row by id.
    Fixed(&'a str),
    /// A row the unit adds, counted from 0.
    Free(usize),
    /// The total row.
    Total,
}

/// What a row of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A fixed row that only heads others; index into the form's rows.
    Heading(usize),
    /// A fixed row; index into the form's rows.
    Fixed(usize),
    /// A row the unit adds; counted from 0.
    Free(usize),
}

/// Rows of the title block, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TitleRows {
    /// Office above and Quốc hiệu.
    pub office: u32,
    /// Name of the unit and Tiêu ngữ.
    pub unit: u32,
    /// Code of the form, if it has one.
    pub code: Option<u32>,
    /// The text the form comes from, if it says one.
    pub legal_basis: Option<u32>,
    /// Title.
    pub title: u32,
    /// "Kỳ báo cáo: ...".
    pub period: u32,
    /// "Đơn vị báo cáo: ...".
    pub unit_name: u32,
    /// "Mã đơn vị: ...".
    pub unit_code: u32,
    /// "Đơn vị tính: ...", if the whole table has one; beside the code.
    pub measure: Option<u32>,
}

/// Where everything of a form lies on its sheet; rows and columns from 0.
#[derive(Debug, Clone)]
pub struct Grid {
    /// Width of each column of the sheet, in digits.
    pub widths: Vec<f64>,
    /// Last column of the left block of the title.
    pub split: u32,
    /// Row that says how many live checks fail, for the screen only.
    pub counter: u32,
    /// Rows of the title block, from 0; all 0 where somebody else drew it.
    pub title: TitleRows,
    /// Column of ordinal numbers.
    pub ordinal: Option<u32>,
    /// Column of row labels (fixed rows).
    pub label: Option<u32>,
    /// Column of units of measure (fixed rows).
    pub measure: Option<u32>,
    /// Column of the names of rows, where they stand in the row above the figures.
    pub names: Option<u32>,
    /// Columns of the sheet that the form's columns are, in form order.
    pub columns: Vec<u32>,
    /// Header cells.
    pub header: Vec<Span>,
    /// First and last row of the header, without the numbering row.
    pub header_rows: (u32, u32),
    /// The row (1), (2), (3)...
    pub numbering: Option<u32>,
    /// First row of the body.
    pub first_row: u32,
    /// Row from which the total row adds up: the one above the body, so that rows inserted right
    /// under the header are counted; the first of the body where figures stand above it.
    pub added_from: u32,
    /// Rows of the body, top to bottom, without the total row.
    pub body: Vec<Line>,
    /// Rows of the sheet that those of the body are; one for each, without its name where names stand
    /// above.
    pub rows: Vec<u32>,
    /// The total row.
    pub total: Option<u32>,
    /// First row under the table.
    pub below: u32,
}

impl Grid {
    /// Lays a form out.
    pub fn new(form: &Form, options: GridOptions<'_>) -> Grid {
        let file = &form.file;
        let fixed = !form.is_free();
        let mut next = 0u32;
        let mut take = |wanted: bool| {
            wanted.then(|| {
                next += 1;
                next - 1
            })
        };
        let ordinal = take(file.layout.ordinal.is_some());
        let label = take(fixed);
        let measure = take(fixed && file.layout.unit_column.is_some());
        let columns: Vec<u32> = (next..).take(file.columns.len()).collect();
        let widths = widths(form);
        let title = title_rows(form);
        let top = title.unit_code + if title.measure.is_some() { 1 } else { 2 };
        let header = header_spans(&header_paths(form), CellAddress::new(top, 0));
        let bottom = header.iter().map(|span| span.last.row).max().unwrap_or(top);
        let numbering = file.layout.numbering.then_some(bottom + 1);
        let first_row = numbering.unwrap_or(bottom) + 1;
        let body = body(form, options);
        let mut after = first_row;
        let row = |line: &Line| {
            let named = form.names_above() && !matches!(line, Line::Heading(_));
            after += 1 + u32::from(named);
            after - 1
        };
        let rows = body.iter().map(row).collect();
        let total = (file.layout.total.is_some() && !options.without_total).then_some(after);
        Grid {
            split: split(&widths),
            widths,
            counter: 0,
            title,
            ordinal,
            label,
            measure,
            names: names(form, label, &columns),
            columns,
            header,
            header_rows: (top, bottom),
            numbering,
            first_row,
            added_from: first_row.saturating_sub(1),
            rows,
            body,
            total,
            below: total.map_or(after, |total| total + 1),
        }
    }

    /// The places of a form on a sheet that somebody else drew: `widths` of its columns in digits,
    /// as many as it uses; `below` is the first row under everything on it.
    pub fn drawn(
        form: &Form,
        options: GridOptions<'_>,
        places: &Places,
        widths: Vec<f64>,
        below: u32,
    ) -> Grid {
        let body = body(form, options);
        // The total row may lead the table.
        let first = match places.total {
            Some(total) if total == places.data => total + 1,
            _ => places.data,
        };
        let end = places.total.filter(|total| *total > first);
        let apart = if form.names_above() { 2 } else { 1 };
        let free = (first..end.unwrap_or(u32::MAX)).skip(apart - 1);
        let free = free.step_by(apart).take(body.len());
        let rows: Vec<u32> = match form.is_free() {
            true => free.collect(),
            false => body
                .iter()
                .filter_map(|line| drawn_row(places, *line))
                .collect(),
        };
        let body = body.into_iter().take(rows.len()).collect();
        Grid {
            split: split(&widths),
            widths,
            counter: below + 1,
            title: TitleRows::default(),
            ordinal: places.ordinal,
            label: places.label,
            measure: places.measure,
            names: names(form, places.label, &places.columns),
            columns: places.columns.clone(),
            header: Vec::new(),
            header_rows: (places.top, places.data.saturating_sub(1)),
            numbering: None,
            first_row: first,
            added_from: first.saturating_sub(1),
            body,
            rows,
            total: places.total,
            below,
        }
    }

    /// Last column of the table, from 0.
    pub fn last_column(&self) -> u32 {
        count(self.widths.len()).saturating_sub(1)
    }

    /// The sheet's column (from 0) of a column of the form file, from 0.
    ///
    /// # Panics
    /// The form has no such column.
    pub fn column(&self, index: usize) -> u32 {
        self.columns[index]
    }

    /// The sheet's column (from 0) of the form's first column.
    pub fn first_column(&self) -> u32 {
        self.columns.first().copied().unwrap_or_default()
    }

    /// The sheet's row (from 0) of the row of the body with this index, from 0.
    ///
    /// # Panics
    /// The body has no such row.
    pub fn body_row(&self, index: usize) -> u32 {
        self.rows[index]
    }

    /// The cell of a column of the form file (from 0) on a row of the body, from 0 on the sheet: that
    /// of its name may stand above.
    ///
    /// # Panics
    /// The form has no such column.
    pub fn at(&self, row: u32, column: usize) -> CellAddress {
        let column = self.column(column);
        CellAddress::new(row - self.above(column), column)
    }

    /// How many rows above its figures a column of the sheet has what belongs to them.
    pub fn above(&self, column: u32) -> u32 {
        u32::from(self.names == Some(column))
    }

    /// First and last row (from 0) of the body; `None` for an empty table.
    pub fn column_rows(&self) -> Option<(u32, u32)> {
        Some((*self.rows.first()?, *self.rows.last()?))
    }

    /// A column of a table the unit adds rows to, from below its header to above its total, as a
    /// formula on another sheet (`prefix`) or the same names it. Both ends hang on cells that stay:
    /// rows inserted right under the header or right above the total are inside.
    pub fn reach(&self, column: u32, prefix: &str) -> Option<String> {
        let (_, last) = self.column_rows()?;
        let above = self.first_row.checked_sub(1)?;
        let at = |row| format!("{prefix}{}", CellAddress::new(row, column));
        let total = self.total.filter(|total| *total > last);
        let below = total.unwrap_or(last + 1);
        // Names that stand above their figures and the figures are as many cells, in step.
        let (down, up) = match (self.names, self.above(column)) {
            (None, _) => (1, 1),
            (Some(_), 0) => (2, 1),
            (Some(_), _) => (1, 2),
        };
        Some(format!(
            "OFFSET({},{down},0):OFFSET({},-{up},0)",
            at(above),
            at(below)
        ))
    }

    /// The sheet's row (from 0) of a row of the form.
    pub fn row(&self, form: &Form, row: GridRow<'_>) -> Option<u32> {
        let wanted = match row {
            GridRow::Total => return self.total,
            GridRow::Fixed(id) => Line::Fixed(form.row(id)?),
            GridRow::Free(index) => Line::Free(index),
        };
        self.body
            .iter()
            .position(|line| *line == wanted)
            .map(|index| self.body_row(index))
    }

    /// Where a cell of the form is; `None` if the sheet has no such cell.
    pub fn cell(&self, form: &Form, row: GridRow<'_>, column: &str) -> Option<CellAddress> {
        let index = form.column(column)?;
        if let GridRow::Fixed(id) = row {
            form.field(form.row(id), index)?;
        }
        let place = self.row(form, row)?;
        Some(match row {
            GridRow::Total => CellAddress::new(place, self.column(index)),
            GridRow::Fixed(_) | GridRow::Free(_) => self.at(place, index),
        })
    }

    /// Width of columns `first` to `last` (from 0, both included) together, in digits.
    pub fn width_of(&self, first: u32, last: u32) -> f64 {
        let columns = (0u32..).zip(&self.widths);
        columns
            .filter(|(column, _)| (first..=last).contains(column))
            .map(|(_, width)| width)
            .sum()
    }
}

/// The column of names that stand above their figures.
fn names(form: &Form, label: Option<u32>, columns: &[u32]) -> Option<u32> {
    let key = || Some(columns[form.key_column()?]);
    label.or_else(key).filter(|_| form.names_above())
}

/// The row, on a sheet that somebody else drew, of a row of the form.
fn drawn_row(places: &Places, line: Line) -> Option<u32> {
    match line {
        Line::Heading(row) | Line::Fixed(row) => places.rows.get(row).copied(),
        Line::Free(_) => None,
    }
}

fn title_rows(form: &Form) -> TitleRows {
    let mut next = 3;
    let mut take = |skip: u32| {
        next += skip + 1;
        next - 1
    };
    let code = form.file.code.is_some().then(|| take(0));
    let legal_basis = form.file.legal_basis.is_some().then(|| take(0));
    let title = take(1);
    let period = take(0);
    let unit_name = take(1);
    let unit_code = take(0);
    TitleRows {
        office: 1,
        unit: 2,
        code,
        legal_basis,
        title,
        period,
        unit_name,
        unit_code,
        // To the right of the code.
        measure: form.file.unit.is_some().then_some(unit_code),
    }
}

fn body(form: &Form, options: GridOptions<'_>) -> Vec<Line> {
    if form.is_free() {
        let prepared = usize::try_from(form.file.layout.prepared_rows).unwrap_or(0);
        return (0..prepared.max(options.free_rows))
            .map(Line::Free)
            .collect();
    }
    let asks = |row: &Indicator| {
        let filer = options.filer;
        filer.is_none_or(|filer| row.filers().have(filer))
    };
    let rows = form.file.rows.iter().enumerate();
    rows.filter(|(_, row)| asks(row))
        .map(|(index, row)| {
            if row.heading {
                Line::Heading(index)
            } else {
                Line::Fixed(index)
            }
        })
        .collect()
}

/// Header path of every column of the sheet.
fn header_paths(form: &Form) -> Vec<Vec<&str>> {
    let layout = &form.file.layout;
    let mut paths: Vec<Vec<&str>> = Vec::new();
    paths.extend(layout.ordinal.iter().map(|text| vec![text.as_str()]));
    if !form.is_free() {
        paths.push(vec![layout.label.as_deref().unwrap_or("Chỉ tiêu")]);
        paths.extend(layout.unit_column.iter().map(|text| vec![text.as_str()]));
    }
    let columns = form.file.columns.iter();
    paths.extend(columns.map(|column| column.label.path().iter().map(String::as_str).collect()));
    paths
}

/// Lays header paths out as merged cells: equal parents side by side become one cell, a path that
/// ends early reaches down to the last header row.
pub fn header_spans(paths: &[Vec<&str>], top_left: CellAddress) -> Vec<Span> {
    let depth = paths.iter().map(Vec::len).max().unwrap_or(0);
    let mut spans = Vec::new();
    for level in 0..depth {
        let mut index = 0;
        while let Some(path) = paths.get(index) {
            let Some(text) = path.get(level) else {
                index += 1;
                continue;
            };
            let leaf = level + 1 == path.len();
            let same = paths[index..]
                .iter()
                .take_while(|other| {
                    !leaf && other.len() > level + 1 && other[..=level] == path[..=level]
                })
                .count()
                .max(1);
            let at = |row: usize, column: usize| {
                CellAddress::new(top_left.row + count(row), top_left.column + count(column))
            };
            spans.push(Span {
                first: at(level, index),
                last: at(if leaf { depth - 1 } else { level }, index + same - 1),
                text: (*text).to_owned(),
            });
            index += same;
        }
    }
    spans
}

/// Where the left block of the title ends: as near to the middle as leaves Quốc hiệu its room.
fn split(widths: &[f64]) -> u32 {
    let total: f64 = widths.iter().sum();
    let mut left = 0.0;
    let mut best = (f64::MAX, 0);
    for (column, width) in (0u32..).zip(widths.iter().take(widths.len().saturating_sub(1))) {
        left += width;
        let short = (MOTTO_WIDTH - (total - left)).max(0.0);
        let cost = (left - total * 0.45).abs() + short * 3.0;
        if cost < best.0 {
            best = (cost, column);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(paths: &[Vec<&str>]) -> Vec<String> {
        header_spans(paths, CellAddress::new(0, 0))
            .iter()
            .map(|span| format!("{}:{} {}", span.first, span.last, span.text))
            .collect()
    }

    #[test]
    fn equal_parents_side_by_side_become_one_cell() {
        let paths = [
            vec!["STT"],
            vec!["Nhận", "Tổng số"],
            vec!["Nhận", "Trong đó", "Trực tuyến"],
            vec!["Nhận", "Trong đó", "Trực tiếp"],
            vec!["Nhận", "Từ kỳ trước"],
            vec!["Đã giải quyết", "Tổng số"],
        ];
        assert_eq!(
            spans(&paths),
            [
                "A1:A3 STT",
                "B1:E1 Nhận",
                "F1:F1 Đã giải quyết",
                "B2:B3 Tổng số",
                "C2:D2 Trong đó",
                "E2:E3 Từ kỳ trước",
                "F2:F3 Tổng số",
                "C3:C3 Trực tuyến",
                "D3:D3 Trực tiếp",
            ]
        );
    }

    #[test]
    fn columns_with_the_same_header_stay_apart() {
        assert_eq!(spans(&[vec!["A"], vec!["A"]]), ["A1:A1 A", "B1:B1 A"]);
        assert_eq!(
            spans(&[vec!["A", "x"], vec!["B", "x"]]),
            ["A1:A1 A", "B1:B1 B", "A2:A2 x", "B2:B2 x"]
        );
    }
}
