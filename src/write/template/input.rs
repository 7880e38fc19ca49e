//! What Excel hints at and refuses while a template is being filled, and the names of its cells.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula, Workbook,
};

use super::choices;
use super::computed::Role;
use super::painter::Painter;
use crate::model::{CellAddress, address::column_letters, template_names};
use crate::schema::{Field, FieldType, Indicator, Meaning};
use crate::write::formula::layout::{FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::{GridRow, Line};
use crate::write::paper::sheet::{column_number, sheet_reference};

/// Excel's limits, in UTF-16 units.
const TITLE_ROOM: usize = 32;
const MESSAGE_ROOM: usize = 255;

/// Cells with the same hint and the same validation.
struct Asked {
    title: String,
    message: String,
    field: Field,
    cells: Vec<(CellAddress, CellAddress)>,
}

impl Painter<'_, '_> {
    /// Adds a hint to a cell outside the table (row and column from 0), where anything may be
    /// typed.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn prompt(
        &mut self,
        row: u32,
        column: u32,
        title: &str,
        message: &str,
    ) -> Result<(), WriteError> {
        if !self.input.aids() {
            return Ok(());
        }
        let column = column_number(column)?;
        let said = DataValidation::new()
            .allow_any_value()
            .set_input_title(title)?
            .set_input_message(message)?;
        self.sheet
            .0
            .add_data_validation(row, column, row, column, &said)?;
        Ok(())
    }

    /// One validation for all cells with the same hint.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn validations(&mut self) -> Result<(), WriteError> {
        let mut asked: Vec<Asked> = Vec::new();
        for column in 0..self.form().file.columns.len() {
            self.asked_in_column(column, &mut asked);
        }
        for one in asked {
            let Some((first, last)) = one.cells.first().copied() else {
                continue;
            };
            let ranges: Vec<String> = one.cells.iter().map(|(a, b)| format!("{a}:{b}")).collect();
            let validation = with_texts(by_type(&one.field, self.layout)?, &one)?
                .set_multi_range(ranges.join(" "));
            self.sheet.0.add_data_validation(
                first.row,
                column_number(first.column)?,
                last.row,
                column_number(last.column)?,
                &validation,
            )?;
        }
        Ok(())
    }

    fn asked_in_column(&self, column: usize, asked: &mut Vec<Asked>) {
        let form = self.form();
        let grid = &self.place.grid;
        let Some(of_column) = form.file.columns.get(column) else {
            return;
        };
        for (index, line) in grid.body.iter().enumerate() {
            let row = match line {
                Line::Heading(_) => continue,
                Line::Fixed(row) => Some(*row),
                Line::Free(_) => None,
            };
            let Some(field) = form.field(row, column) else {
                continue;
            };
            let at = grid.at(grid.body_row(index), column);
            if row.is_some() && self.role(row, at.row, column) != Role::Input {
                continue;
            }
            let of_row = row.and_then(|row| form.file.rows.get(row));
            let title = of_row.filter(|row| row.help.is_some()).unwrap_or(of_column);
            let title = cut(title.label.own(), TITLE_ROOM);
            let message = cut(&message(of_row, of_column, field), MESSAGE_ROOM);
            put(asked, title, message, field, at);
        }
    }
}

/// Adds a cell to those with the same hint, to the range right above it if there is one.
fn put(asked: &mut Vec<Asked>, title: String, message: String, field: &Field, at: CellAddress) {
    let same = |one: &&mut Asked| {
        one.title == title
            && one.message == message
            && one.field.kind == field.kind
            && one.field.choices == field.choices
            && one.field.khong == field.khong
            && one.field.negative == field.negative
            && one.field.decimals == field.decimals
    };
    let Some(one) = asked.iter_mut().find(same) else {
        asked.push(Asked {
            title,
            message,
            field: field.clone(),
            cells: vec![(at, at)],
        });
        return;
    };
    match one.cells.last_mut() {
        Some((_, last)) if last.column == at.column && last.row + 1 == at.row => *last = at,
        _ => one.cells.push((at, at)),
    }
}

/// How to fill a cell: what its row and its column say.
fn message(row: Option<&Indicator>, column: &Indicator, field: &Field) -> String {
    let parts: Vec<&str> = row
        .and_then(|row| row.help.as_deref())
        .into_iter()
        .chain(column.help.as_deref())
        .map(str::trim)
        .collect();
    let computed =
        "Ô có công thức, thường không phải ghi. Dòng chèn thêm thì chép công thức từ dòng trên.";
    let measure = match &field.unit {
        Some(unit) if field.kind.is_numeric() => format!("Đơn vị tính: {unit}. "),
        _ => String::new(),
    };
    let how = match (parts.is_empty(), field.computed) {
        (true, true) => computed.to_owned(),
        (false, true) => format!("{} {computed}", parts.join(" ")),
        (true, false) => refusal(field).1,
        (false, false) => parts.join(" "),
    };
    format!("{measure}{how}")
}

/// A text cut to Excel's room, at the end of a sentence or a word.
fn cut(text: &str, room: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let units = |text: &str| text.encode_utf16().count();
    if units(&text) <= room {
        return text;
    }
    let mut kept = String::new();
    let mut sentence = 0;
    for word in text.split(' ') {
        if units(&kept) + units(word) + 2 > room {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
        if word.ends_with('.') {
            sentence = kept.len();
        }
    }
    // Cut at the end of a sentence if that keeps more than half of what fits.
    if sentence * 2 > kept.len() {
        kept.truncate(sentence);
        return kept;
    }
    if kept.is_empty() {
        kept = text.chars().take(room / 2).collect();
    }
    let bare = kept.trim_end_matches([',', ';', '-', ' ']).len();
    kept.truncate(bare);
    kept.push('…');
    kept
}

/// What Excel lets into a cell.
fn by_type(field: &Field, layout: &TemplateLayout) -> Result<DataValidation, WriteError> {
    // Whole numbers up to here are exact in a spreadsheet.
    let whole = || {
        let most = Formula::new("=999999999999999");
        let least = Formula::new(if field.negative {
            "=-999999999999999"
        } else {
            "=0"
        });
        DataValidation::new().allow_whole_number_formula(DataValidationRule::Between(least, most))
    };
    Ok(match field.kind {
        FieldType::Count => whole(),
        FieldType::Amount if field.decimals == 0 => whole(),
        FieldType::Percent if field.ratio.is_some() && !field.negative => {
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(0.0, 100.0))
        }
        FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            let least = if field.negative { -1e15 } else { 0.0 };
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, 1e15))
        }
        FieldType::Flag if field.khong == Meaning::No => {
            DataValidation::new().allow_list_strings(&["x", "không"])?
        }
        FieldType::Flag => DataValidation::new().allow_list_strings(&["x"])?,
        FieldType::Choice => match choices::range(layout, &field.choices) {
            Some(range) => DataValidation::new().allow_list_formula(Formula::new(range)),
            None => DataValidation::new().allow_list_strings(&field.choices)?,
        },
        FieldType::Date => DataValidation::new().allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(2000, 1, 1)?,
            ExcelDateTime::from_ymd(2099, 12, 31)?,
        )),
        FieldType::Text | FieldType::Code => DataValidation::new().allow_any_value(),
    })
}

fn with_texts(validation: DataValidation, asked: &Asked) -> Result<DataValidation, WriteError> {
    let validation = validation
        .set_input_title(asked.title.as_str())?
        .set_input_message(asked.message.as_str())?;
    let (title, message) = refusal(&asked.field);
    Ok(match asked.field.kind {
        FieldType::Text | FieldType::Code => validation,
        _ => validation
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title(title)?
            .set_error_message(cut(&message, MESSAGE_ROOM))?,
    })
}

/// Title and text of the message for what is refused.
fn refusal(field: &Field) -> (&'static str, String) {
    let nothing = match field.blank {
        _ if field.ratio.is_some() => " Chỉ để trống khi mẫu số bằng 0.",
        Meaning::Missing => " Không phát sinh thì gõ 0.",
        Meaning::Nothing => " Không có thì để trống.",
        Meaning::Zero | Meaning::Yes | Meaning::No | Meaning::Refused => "",
    };
    let least = if field.negative {
        ""
    } else {
        " từ 0 trở lên"
    };
    match field.kind {
        FieldType::Count => (
            "Ô này chỉ nhận số nguyên",
            format!(
                "Hãy gõ một số nguyên{least}: chỉ gõ chữ số, không gõ dấu chấm ngăn cách hàng nghìn.{nothing}"
            ),
        ),
        FieldType::Amount if field.decimals == 0 => (
            "Ô này chỉ nhận số nguyên",
            format!(
                "Hãy gõ một số nguyên{least} theo đơn vị tính của biểu, không gõ dấu chấm ngăn cách hàng nghìn.{nothing}"
            ),
        ),
        FieldType::Ratio => (
            "Ô này chỉ nhận số",
            format!("Hãy gõ một số{least}, không gõ dấu ngăn cách hàng nghìn.{nothing}"),
        ),
        FieldType::Amount => (
            "Ô này chỉ nhận số",
            format!(
                "Hãy gõ một số{least} theo đơn vị tính của biểu, không gõ dấu ngăn cách hàng nghìn.{nothing}"
            ),
        ),
        FieldType::Percent => (
            "Ô này chỉ nhận tỷ lệ phần trăm",
            format!("Hãy gõ số phần trăm, ví dụ 53,22 cho 53,22%; không gõ dấu %.{nothing}"),
        ),
        FieldType::Flag if field.khong == Meaning::No => (
            "Ô này nhận x hoặc không",
            "Hãy gõ x (chữ thường) nếu đúng; nếu không thì để trống hoặc ghi: không.".to_owned(),
        ),
        FieldType::Flag => (
            "Ô này chỉ nhận dấu x",
            "Hãy gõ x (chữ thường) nếu đúng, để trống nếu không.".to_owned(),
        ),
        FieldType::Choice => (
            "Hãy chọn trong danh sách",
            format!("Chỉ nhận một trong các mục: {}.", field.choices.join("; ")),
        ),
        FieldType::Date => (
            "Ô này chỉ nhận ngày",
            "Hãy gõ ngày, tháng, năm, ví dụ 30/9/2025.".to_owned(),
        ),
        FieldType::Text | FieldType::Code => {
            ("Ghi bằng chữ", format!("Ghi ngắn gọn bằng chữ.{nothing}"))
        }
    }
}

/// Defines the names of a form's cells, by the scheme of [`template_names`].
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn define_names(workbook: &mut Workbook, place: &FormSheet) -> Result<(), WriteError> {
    let (form, grid) = (&place.form, &place.grid);
    let sheet = sheet_reference(&place.sheet);
    let fixed = |at: CellAddress| format!("${}${}", column_letters(at.column), at.row + 1);
    let mut define = |name: String, first: CellAddress, last: CellAddress| {
        let cells = match first == last {
            true => fixed(first),
            false => format!("{}:{}", fixed(first), fixed(last)),
        };
        workbook
            .define_name(name, &format!("={sheet}!{cells}"))
            .map(|_| ())
    };
    for (index, column) in form.file.columns.iter().enumerate() {
        let id = column.id.get_ref();
        let at = |row: u32| CellAddress::new(row, grid.column(index));
        if form.is_free() {
            if let Some((first, last)) = grid.column_rows() {
                define(template_names::column(form.id(), id), at(first), at(last))?;
            }
            if let Some(total) = grid.total {
                define(template_names::total(form.id(), id), at(total), at(total))?;
            }
        }
        for row in &form.file.rows {
            let row = row.id.get_ref();
            if let Some(cell) = grid.cell(form, GridRow::Fixed(row), id) {
                define(template_names::cell(form.id(), row, id), cell, cell)?;
            }
        }
    }
    if let (Some(first), Some(last)) = (place.checks.first(), place.checks.last()) {
        define(template_names::checks(form.id()), first.cell, last.cell)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn texts_are_cut_where_they_can_be() {
        assert_eq!(cut("Tổng số", 32), "Tổng số");
        assert_eq!(cut("Một câu. Hai câu dài hơn nhiều.", 14), "Một câu.");
        assert_eq!(
            cut("Khai sinh - đăng ký thường trú - cấp thẻ", 32),
            "Khai sinh - đăng ký thường trú…"
        );
        let long = "x".repeat(400);
        assert!(cut(&long, 255).encode_utf16().count() <= 255);
    }
}
