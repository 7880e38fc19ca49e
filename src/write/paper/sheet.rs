//! A worksheet being written, in the model's own addresses and figures.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_xlsxwriter::{Format, Formula, Note, ProtectionOptions, Url, Workbook, Worksheet};

use super::count::count;
use super::error::WriteError;
use super::style;
use crate::model::value::{LARGEST_EXACT, exact_f64};
use crate::model::{CellAddress, Number, Value};
use crate::schema::Orientation;

/// A worksheet being written.
pub struct SheetWriter<'a>(pub &'a mut Worksheet);

/// What a formula yields, stored with it so that a reader need not compute.
#[derive(Debug, Clone, PartialEq)]
pub enum Cached {
    Number(Number),
    /// Words.
    Text(String),
    /// A formula that shows nothing.
    Empty,
}

impl From<Option<Number>> for Cached {
    fn from(number: Option<Number>) -> Self {
        number.map_or(Cached::Empty, Cached::Number)
    }
}

/// The nearest double of an exact figure. Through its decimal text: dividing by a power of ten
/// would round twice.
pub fn to_f64(number: Number) -> Option<f64> {
    number.normalize().to_string().parse().ok()
}

/// Does a spreadsheet hold the figure as it is? Beyond 2^53 its last digits would be lost.
pub fn is_holdable(number: Number) -> bool {
    number.abs() <= Number::from(LARGEST_EXACT) || exact_f64(number).is_some()
}

/// Days since the spreadsheet's epoch, 30/12/1899.
pub fn serial(moment: NaiveDateTime) -> f64 {
    const EPOCH: i32 = 693_594;
    let date = moment.date();
    let days = f64::from(chrono::Datelike::num_days_from_ce(&date) - EPOCH);
    let seconds = chrono::Timelike::num_seconds_from_midnight(&moment.time());
    days + f64::from(seconds) / 86_400.0
}

/// A sheet's name as formulas write it: `'II.06a'`.
pub fn sheet_reference(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// A column number as the writer wants it.
///
/// # Errors
/// The column is beyond the grid of Excel.
pub fn column_number(column: u32) -> Result<u16, WriteError> {
    u16::try_from(column).map_err(|_| {
        WriteError::new(
            format!("bảng có {column} cột, nhiều hơn số cột của Excel"),
            format!("a table of {column} columns is wider than Excel's grid"),
        )
    })
}

/// The most characters a cell holds, as Excel counts them (UTF-16).
const LONGEST_TEXT: usize = 32_767;

/// A text cut to what a cell holds. Texts from received files may be longer, and must not make
/// writing the results fail.
pub fn fitting(text: &str) -> Cow<'_, str> {
    let units = |text: &str| text.encode_utf16().count();
    if text.len() <= LONGEST_TEXT || units(text) <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    let mut left = LONGEST_TEXT - 1;
    let fits = |c: &char| {
        let room = left.checked_sub(c.len_utf16());
        left = room.unwrap_or_default();
        room.is_some()
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    Cow::Owned(short)
}

impl<'a> SheetWriter<'a> {
    /// A new sheet behind the others.
    ///
    /// # Errors
    /// Excel would not take the name of the sheet.
    pub fn add(workbook: &'a mut Workbook, name: &str) -> Result<Self, WriteError> {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(name)?;
        // The writer stores 0 for a result that is an empty text unless set otherwise.
        worksheet.set_formula_result_default("");
        Ok(SheetWriter(worksheet))
    }

    /// Words, as text even if they look like a number.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn text(&mut self, at: CellAddress, text: &str, format: &Format) -> Result<(), WriteError> {
        let column = column_number(at.column)?;
        if text.is_empty() {
            self.0.write_blank(at.row, column, format)?;
        } else {
            self.0
                .write_string_with_format(at.row, column, &*fitting(text), format)?;
        }
        Ok(())
    }

    /// An empty cell with a format.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn blank(&mut self, at: CellAddress, format: &Format) -> Result<(), WriteError> {
        self.text(at, "", format)
    }

    /// A double as it is.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn double(
        &mut self,
        at: CellAddress,
        number: f64,
        format: &Format,
    ) -> Result<(), WriteError> {
        let column = column_number(at.column)?;
        self.0
            .write_number_with_format(at.row, column, number, format)?;
        Ok(())
    }

    /// A figure as a number.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn number(
        &mut self,
        at: CellAddress,
        number: Number,
        format: &Format,
    ) -> Result<(), WriteError> {
        match to_f64(number).filter(|_| is_holdable(number)) {
            Some(double) => self.double(at, double, format),
            None => self.text(at, &Value::Number(number).to_string(), format),
        }
    }

    /// A value: figures as numbers, days as days, a ticked flag as "x", anything else as text.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn value(
        &mut self,
        at: CellAddress,
        value: Option<&Value>,
        format: &Format,
    ) -> Result<(), WriteError> {
        match value {
            None => self.blank(at, format),
            Some(Value::Number(number)) => self.number(at, *number, format),
            // A flag expressly not ticked is left blank: a table of "x" must be readable at a
            // glance.
            Some(Value::Flag(false)) => self.blank(at, format),
            Some(Value::Date(date)) => self.day(at, *date, format),
            Some(value) => self.text(at, &value.to_string(), format),
        }
    }

    /// A day as a day, not as words.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn day(
        &mut self,
        at: CellAddress,
        day: NaiveDate,
        format: &Format,
    ) -> Result<(), WriteError> {
        let format = format.clone().set_num_format("dd/mm/yyyy");
        self.double(at, serial(day.and_time(NaiveTime::MIN)), &format)
    }

    /// A moment to the minute.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn moment(
        &mut self,
        at: CellAddress,
        moment: NaiveDateTime,
        format: &Format,
    ) -> Result<(), WriteError> {
        let format = format.clone().set_num_format("dd/mm/yyyy hh:mm");
        self.double(at, serial(moment), &format)
    }

    /// A note that shows when the mouse rests on the cell.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn note(&mut self, at: CellAddress, text: &str) -> Result<(), WriteError> {
        // Excel's longest note has 32767 characters; nobody reads that many.
        let text: String = text.chars().take(1_000).collect();
        let lines = count(text.chars().count() / 36 + text.lines().count() + 1);
        let note = Note::new(text)
            .add_author_prefix(false)
            .set_font_name(style::FONT)
            .set_font_size(11)
            .set_width(280)
            .set_height((lines * 19).clamp(60, 500));
        self.0
            .insert_note(at.row, column_number(at.column)?, &note)?;
        Ok(())
    }

    /// A link that keeps the look of the cells beside it.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn link_as(
        &mut self,
        at: CellAddress,
        link: Option<Url>,
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        match link {
            Some(link) if !text.is_empty() => {
                let column = column_number(at.column)?;
                let link = link.set_text(text);
                self.0.write_url_with_format(
                    at.row,
                    column,
                    link,
                    &style::linked(format.clone()),
                )?;
                Ok(())
            }
            _ => self.text(at, text, format),
        }
    }

    /// A live formula with the result it has now.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn formula(
        &mut self,
        at: CellAddress,
        formula: &str,
        cached: &Cached,
        format: &Format,
    ) -> Result<(), WriteError> {
        let result = match cached {
            Cached::Number(number) => number.normalize().to_string(),
            Cached::Text(text) => text.clone(),
            Cached::Empty => String::new(),
        };
        let column = column_number(at.column)?;
        let formula = Formula::new(formula).set_result(result);
        self.0
            .write_formula_with_format(at.row, column, formula, format)?;
        Ok(())
    }

    /// A link, or its text alone if there is none to follow.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn link(
        &mut self,
        at: CellAddress,
        link: Option<Url>,
        text: &str,
    ) -> Result<(), WriteError> {
        let Some(link) = link else {
            return self.text(at, text, &style::label());
        };
        let column = column_number(at.column)?;
        self.0
            .write_url_with_format(at.row, column, link, &style::link())?;
        Ok(())
    }

    /// One text over a block of cells, merged if it is more than one.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn span(
        &mut self,
        first: CellAddress,
        last: CellAddress,
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        if first == last {
            return self.text(first, text, format);
        }
        let (left, right) = (column_number(first.column)?, column_number(last.column)?);
        self.0
            .merge_range(first.row, left, last.row, right, &fitting(text), format)?;
        Ok(())
    }

    /// One text over the columns `columns` (first, last; from 0) of a row, from 0.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn line(
        &mut self,
        row: u32,
        columns: (u32, u32),
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        let at = |column| CellAddress::new(row, column);
        self.span(at(columns.0), at(columns.1), text, format)
    }

    /// Column widths, in digits of the house font.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn widths(&mut self, widths: &[f64]) -> Result<(), WriteError> {
        for (column, width) in (0u32..).zip(widths) {
            self.0.set_column_width(column_number(column)?, *width)?;
        }
        Ok(())
    }

    /// One live formula over the columns `columns` (first, last; from 0) of a row, from 0.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn formula_line(
        &mut self,
        row: u32,
        columns: (u32, u32),
        formula: &str,
        cached: &Cached,
        format: &Format,
    ) -> Result<(), WriteError> {
        self.line(row, columns, "", format)?;
        self.formula(CellAddress::new(row, columns.0), formula, cached, format)
    }

    /// Sets the height of a row (from 0) in points.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn thin(&mut self, row: u32, points: f64) -> Result<(), WriteError> {
        self.0.set_row_height(row, points)?;
        Ok(())
    }

    /// Locks all cells except those to fill in. Without a password anybody can lift the protection:
    /// it only guards against accidental typing.
    pub fn protect(&mut self, password: Option<&str>, insert_rows: bool) {
        if let Some(password) = password {
            self.0.protect_with_password(password);
        }
        self.0.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            insert_rows,
            ..ProtectionOptions::default()
        });
    }

    /// Sets the height of a row (from 0) to hold so many lines of text.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn height(&mut self, row: u32, lines: u32) -> Result<(), WriteError> {
        let height = style::LINE_HEIGHT * f64::from(lines.max(1)) + 3.0;
        // Excel's tallest row.
        self.0.set_row_height(row, height.min(409.0))?;
        Ok(())
    }

    /// A4, margins of Nghị định 30, one page wide; the rows `repeat` (first, last; from 0) are
    /// repeated on every page.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn print(
        &mut self,
        orientation: Orientation,
        repeat: Option<(u32, u32)>,
    ) -> Result<(), WriteError> {
        const A4: u8 = 9;
        self.0.set_paper_size(A4);
        match orientation {
            Orientation::Portrait => self.0.set_portrait(),
            Orientation::Landscape => self.0.set_landscape(),
        };
        // Left 30 mm, right 15 mm, top and bottom 20 mm.
        self.0.set_margins(1.18, 0.59, 0.79, 0.79, 0.39, 0.39);
        self.0.set_print_fit_to_pages(1, 0);
        self.0.set_print_center_horizontally(true);
        if let Some((first, last)) = repeat {
            self.0.set_repeat_rows(first, last)?;
        }
        Ok(())
    }

    /// Page numbers at the foot: "Trang 1/3".
    pub fn page_footer(&mut self) {
        self.0
            .set_footer("&C&\"Times New Roman,Regular\"&11Trang &P/&N");
    }

    /// The page's number in the middle of the top margin, counted from 1 on every sheet (Nghị định
    /// 30/2020/NĐ-CP); `first_page` leaves it out on the first.
    pub fn page_header(&mut self) {
        self.0.set_header("&C&\"Times New Roman,Regular\"&13&P");
        self.0.set_print_first_page_number(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_is_cut() {
        assert_eq!(fitting("Hương Mỹ"), "Hương Mỹ");
        for letter in ["x", "ệ", "😀"] {
            let long = letter.repeat(LONGEST_TEXT + 1);
            let cut = fitting(&long);
            assert!(cut.ends_with('…'));
            assert!((LONGEST_TEXT - 1..=LONGEST_TEXT).contains(&cut.encode_utf16().count()));
        }
        let just = "ệ".repeat(LONGEST_TEXT);
        assert_eq!(fitting(&just), just);
    }

    #[test]
    fn what_a_double_would_change_is_not_holdable() {
        let figure = |text: &str| text.parse::<Number>().unwrap();
        for held in [
            "9007199254740992",
            "12000000000000000",
            "33.333333333333333333",
        ] {
            assert!(is_holdable(figure(held)), "{held}");
        }
        assert!(!is_holdable(figure("9007199254740993")));
    }
}
