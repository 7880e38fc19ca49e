//! The first and the last sheet of a template: how to fill it, and where to explain.

use chrono::Datelike;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, Url, Workbook};

use super::fill::TemplateInput;
use crate::model::template_names::{EXPLANATION_HEADERS, EXPLANATION_SHEET, GUIDE_SHEET};
use crate::model::{CellAddress, Severity};
use crate::schema::{FieldType, Indicator, Meaning, Orientation};
use crate::write::formula::layout::{FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{PORTRAIT_WIDTH, lines};
use crate::write::paper::sheet::{SheetWriter, sheet_reference};
use crate::write::paper::style;

/// Empty lines of the explanation sheet.
const EXPLANATIONS: u32 = 20;

/// Widths of the guide: number or sheet, what it is, how to fill it.
const GUIDE_WIDTHS: [f64; 3] = [5.0, 30.0, PORTRAIT_WIDTH - 35.0];

/// Writes the sheet "Hướng dẫn".
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn guide(
    workbook: &mut Workbook,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
) -> Result<(), WriteError> {
    let mut sheet = SheetWriter::add(workbook, GUIDE_SHEET)?;
    sheet.widths(&GUIDE_WIDTHS)?;
    let mut guide = Guide {
        sheet: &mut sheet,
        row: 0,
    };
    guide.whole("HƯỚNG DẪN ĐIỀN BIỂU", &style::title())?;
    guide.whole(&input.campaign.title, &style::heading())?;
    let period = format!("Kỳ báo cáo: {}", input.campaign.period.vietnamese());
    guide.whole(&period, &style::subtitle())?;
    if let Some(unit) = input.unit {
        let unit = format!("Đơn vị: {} (mã {})", unit.name, unit.code);
        guide.whole(&unit, &style::subtitle())?;
    }
    guide.row += 1;
    guide.steps(input, layout)?;
    for place in &layout.sheets {
        guide.form(input, place)?;
    }
    sheet.print(Orientation::Portrait, None)?;
    sheet.page_footer();
    sheet.0.set_screen_gridlines(false);
    sheet.protect(input.password, false);
    Ok(())
}

struct Guide<'a, 'b> {
    sheet: &'a mut SheetWriter<'b>,
    row: u32,
}

impl Guide<'_, '_> {
    /// A merged line over the whole width.
    fn whole(&mut self, text: &str, format: &Format) -> Result<(), WriteError> {
        let tall = lines(text, PORTRAIT_WIDTH * 0.88);
        self.sheet.line(self.row, (0, 2), text, format)?;
        self.sheet.height(self.row, tall)?;
        self.row += 1;
        Ok(())
    }

    fn steps(
        &mut self,
        input: &TemplateInput<'_>,
        layout: &TemplateLayout,
    ) -> Result<(), WriteError> {
        self.whole("Các bước", &style::line().set_bold())?;
        for (number, step) in (1u32..).zip(steps(input, layout)) {
            let at = CellAddress::new(self.row, 0);
            let top = style::centred().set_align(rust_xlsxwriter::FormatAlign::Top);
            self.sheet.text(at, &format!("{number}."), &top)?;
            self.sheet
                .line(self.row, (1, 2), &step, &style::paragraph())?;
            let room = (PORTRAIT_WIDTH - GUIDE_WIDTHS[0]) * 0.95;
            self.sheet.height(self.row, lines(&step, room))?;
            self.row += 1;
        }
        Ok(())
    }

    /// One form: its title with a link, its help, and the help of each column and row.
    fn form(&mut self, input: &TemplateInput<'_>, place: &FormSheet) -> Result<(), WriteError> {
        self.row += 1;
        let file = &place.form.file;
        let link = Url::new(format!("internal:{}!A1", sheet_reference(&place.sheet)))
            .set_text(format!("Trang «{}»", place.sheet));
        let format = style::paragraph_link().set_bold();
        self.sheet.line(self.row, (0, 2), "", &format)?;
        self.sheet
            .0
            .write_url_with_format(self.row, 0, link, &format)?;
        self.row += 1;
        self.whole(&file.title, &style::paragraph().set_bold())?;
        let help = file.help.as_deref().unwrap_or_default();
        for line in help.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.whole(line, &style::paragraph())?;
        }
        let columns = file.columns.iter().enumerate();
        for (index, column) in columns.filter(|(_, column)| column.help.is_some()) {
            let number = || format!("({})", place.grid.column(index) + 1);
            let numbered = file.layout.numbering;
            let number = numbered.then(|| column.no.clone().unwrap_or_else(number));
            let given = given(input, place, index);
            self.indicator(number.as_deref(), "Cột", column, given)?;
        }
        let asked = |row: &&Indicator| {
            let index = place.form.row(row.id.get_ref());
            let fixed = index.map(crate::write::paper::grid::Line::Fixed);
            row.help.is_some() && fixed.is_some_and(|line| place.grid.body.contains(&line))
        };
        for row in file.rows.iter().filter(asked) {
            self.indicator(row.no.as_deref(), "Dòng", row, false)?;
        }
        Ok(())
    }

    fn indicator(
        &mut self,
        number: Option<&str>,
        what: &str,
        of: &Indicator,
        given: bool,
    ) -> Result<(), WriteError> {
        let label = format!("{what} «{}»", of.label.full());
        let mut help = of.help.as_deref().unwrap_or_default().trim().to_owned();
        if given {
            help.push_str(" Đã điền sẵn từ số đã chốt kỳ trước.");
        }
        let at = |column| CellAddress::new(self.row, column);
        let format = style::label().set_indent(1);
        self.sheet
            .text(at(0), number.unwrap_or_default(), &style::centred_cell())?;
        self.sheet.text(at(1), &label, &format)?;
        self.sheet.text(at(2), &help, &format)?;
        let tall = lines(&label, GUIDE_WIDTHS[1] - 4.0).max(lines(&help, GUIDE_WIDTHS[2] - 5.0));
        self.sheet.height(self.row, tall)?;
        self.row += 1;
        Ok(())
    }
}

/// Does the template fill a column itself, with what the closed period says?
fn given(input: &TemplateInput<'_>, place: &FormSheet, column: usize) -> bool {
    let form = &place.form;
    if form.is_free() {
        return place.last_rows.is_some() && form.opening(None, column).is_some();
    }
    let Some((previous, unit)) = input.previous.zip(input.unit) else {
        return false;
    };
    let ids = || form.file.columns.iter().map(|column| column.id.get_ref());
    form.file.rows.iter().enumerate().any(|(index, row)| {
        let reported = |id: &String| {
            let row = row.id.get_ref();
            previous.value(&unit.code, form.id(), row, id).is_some()
        };
        form.opening(Some(index), column).is_some() && ids().any(reported)
    })
}

/// What to do, in plain words and in order.
fn steps(input: &TemplateInput<'_>, layout: &TemplateLayout) -> Vec<String> {
    let names: Vec<String> = layout
        .sheets
        .iter()
        .map(|place| format!("«{}»", place.sheet))
        .collect();
    let mut steps = vec![format!(
        "Điền đủ {} trang: {}. Bấm vào tên trang ở dưới để đến trang đó.",
        names.len(),
        names.join(", ")
    )];
    // In a workbook of the office's own nothing is grey, and the verdict stands below the table.
    let mut sheets = layout.sheets.iter();
    let drawn = sheets.any(|place| place.grid.header.is_empty());
    let (cells, verdict) = match drawn {
        true => (
            "Chỉ ghi vào những ô còn trống của bảng. Ô có công thức hoặc số in sẵn đã khóa, không phải ghi. Bấm vào một ô để xem cách ghi ô đó.",
            "Dưới mỗi bảng có dòng cho biết còn mấy chỗ chưa đúng, rồi đến phần Kiểm tra; «Sai» thì phải sửa, «…» là chưa đủ số liệu để kiểm tra.",
        ),
        false => (
            "Chỉ ghi vào ô nền trắng. Ô nền xám có công thức hoặc số đã chốt của kỳ trước, không phải ghi. Bấm vào một ô để xem cách ghi ô đó.",
            "Dòng đầu mỗi trang cho biết còn mấy chỗ chưa đúng. Bấm vào đó để xem phần Kiểm tra ở cuối trang; «Sai» thì phải sửa, «…» là chưa đủ số liệu để kiểm tra.",
        ),
    };
    steps.push(cells.to_owned());
    steps.push(
        "Số chỉ gõ chữ số, không gõ dấu chấm ngăn cách hàng nghìn, không gõ đơn vị tính vào ô."
            .to_owned(),
    );
    steps.extend(blank_words(layout));
    if layout
        .sheets
        .iter()
        .any(|place| place.form.is_free() && place.form.names_above())
    {
        steps.push(
            "Bảng có tên ở dòng trên: ghi tên vào dòng gộp ô, ghi số vào dòng ngay dưới tên. Thiếu dòng thì chép cả hai dòng của một mục rồi chèn vào giữa bảng."
                .to_owned(),
        );
    }
    if layout
        .sheets
        .iter()
        .any(|place| place.form.is_free() && !place.form.names_above())
    {
        steps.push(
            "Bảng tự thêm dòng: thiếu dòng thì chèn dòng ngay trên dòng tổng hoặc ở giữa bảng, rồi chép công thức của dòng trên xuống."
                .to_owned(),
        );
    }
    steps.push(verdict.to_owned());
    let doubts = layout.sheets.iter().flat_map(|place| &place.form.rules);
    if doubts
        .clone()
        .any(|rule| rule.severity == Severity::Warning && !rule.beta)
    {
        steps.push(format!(
            "Chỗ ghi «Xem lại» là số liệu bất thường: nếu đúng thì giữ nguyên và ghi lý do vào trang «{EXPLANATION_SHEET}»."
        ));
    }
    let day = input.campaign.deadline.map(|day| {
        format!(
            " trước hết ngày {:02}/{:02}/{}",
            day.day(),
            day.month(),
            day.year()
        )
    });
    steps.push(format!(
        "Lưu tệp, giữ nguyên tên tệp và tên các trang, gửi về {}{}.",
        input.campaign.office,
        day.unwrap_or_default()
    ));
    steps
}

/// What a blank and a mark mean, for the sorts of cells there are.
fn blank_words(layout: &TemplateLayout) -> Vec<String> {
    let fields: Vec<_> = layout
        .sheets
        .iter()
        .flat_map(|place| {
            let form = &place.form;
            let rows = 0..form.file.rows.len().max(1);
            rows.flat_map(move |row| {
                (0..form.file.columns.len()).filter_map(move |column| form.field(Some(row), column))
            })
        })
        .collect();
    let figures = || {
        fields
            .iter()
            .filter(|field| field.kind.is_numeric() && !field.computed)
    };
    let mut words = Vec::new();
    if figures().any(|field| field.blank == Meaning::Missing) {
        words.push(
            "Không phát sinh thì ghi 0, không để trống (trừ nơi hướng dẫn của biểu nói khác)."
                .to_owned(),
        );
    }
    let flags = || fields.iter().filter(|field| field.kind == FieldType::Flag);
    if flags().any(|field| field.khong == Meaning::No) {
        words.push(
            "Ô đánh dấu: ghi x nếu đúng; nếu không thì để trống hoặc ghi: không. Cả biểu không có dấu x nào thì vẫn phải ghi: không (hoặc số 0 ở ô số), để biết là biểu đã điền."
                .to_owned(),
        );
    } else if flags().next().is_some() {
        words.push("Ô đánh dấu: ghi x nếu đúng, để trống nếu không.".to_owned());
    }
    words
}

/// What is said at the cells of an explanation: which sheet, which cell, which figure, why.
fn asked(layout: &TemplateLayout) -> Result<[DataValidation; 4], WriteError> {
    let any = || DataValidation::new().allow_any_value();
    let names: Vec<&str> = layout.sheets.iter().map(|p| p.sheet.as_str()).collect();
    // A name with a comma, or more names than Excel's list holds, are typed.
    let commas = names.iter().any(|name| name.contains([',', '"']));
    let list = DataValidation::new().allow_list_strings(&names);
    let sheet = match list {
        Ok(list) if !commas => list
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title("Không có trang này")?
            .set_error_message(
                "Hãy chọn tên trang trong danh sách, đúng như tên ở cuối màn hình.",
            )?,
        _ => any(),
    };
    Ok([
        sheet
            .set_input_title("Trang")?
            .set_input_message("Tên trang có số liệu cần giải trình.")?,
        any()
            .set_input_title("Ô")?
            .set_input_message("Cột và dòng của ô, ví dụ D12.")?,
        any()
            .set_input_title("Số liệu")?
            .set_input_message("Số đang ghi ở ô đó. Số đổi thì lý do này hết hiệu lực.")?,
        any()
            .set_input_title("Lý do")?
            .set_input_message("Vì sao số liệu khác thường mà vẫn đúng.")?,
    ])
}

/// Writes the sheet "Giải trình": empty lines for the reasons of unusual figures.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn explanations(
    workbook: &mut Workbook,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
) -> Result<(), WriteError> {
    let mut sheet = SheetWriter::add(workbook, EXPLANATION_SHEET)?;
    let widths = [5.0, 20.0, 9.0, 14.0, PORTRAIT_WIDTH - 48.0];
    sheet.widths(&widths)?;
    sheet.line(0, (0, 4), "GIẢI TRÌNH SỐ LIỆU", &style::title())?;
    let how = "Mỗi số liệu cần giải trình ghi một dòng: tên trang, địa chỉ ô (ví dụ D12), số liệu đang ghi và lý do. Không có thì để trống trang này.";
    sheet.line(1, (0, 4), how, &style::paragraph().set_italic())?;
    sheet.height(1, lines(how, PORTRAIT_WIDTH * 0.95))?;
    let header = 3;
    let at = CellAddress::new;
    let headers = std::iter::once("STT").chain(EXPLANATION_HEADERS);
    for (column, text) in (0u32..).zip(headers) {
        sheet.text(at(header, column), text, &style::header())?;
    }
    for number in 1..=EXPLANATIONS {
        let row = header + number;
        sheet.double(at(row, 0), f64::from(number), &style::centred_cell())?;
        let words = style::label().set_indent(1).set_unlocked();
        let code = style::centred_cell().set_unlocked();
        let figure = style::label()
            .set_align(rust_xlsxwriter::FormatAlign::Right)
            .set_indent(1)
            .set_unlocked();
        for (column, format) in (1u32..).zip([&words, &code, &figure, &words]) {
            sheet.blank(at(row, column), format)?;
        }
    }
    for (column, asked) in (1u16..).zip(asked(layout)?) {
        let rows = (header + 1, header + EXPLANATIONS);
        sheet
            .0
            .add_data_validation(rows.0, column, rows.1, column, &asked)?;
    }
    sheet.print(Orientation::Portrait, Some((header, header)))?;
    sheet.page_footer();
    sheet.0.set_screen_gridlines(false);
    sheet.0.set_freeze_panes(header + 1, 0)?;
    sheet.protect(input.password, true);
    Ok(())
}
