//! What may be written where: every heading of the sheets of a form workbook with its choices.

use crate::model::CellAddress;
use crate::schema::Orientation;
use crate::sheet_form::words::{
    EXAMPLES, EXAMPLES_SHEET, FIELDS, FIELDS_SHEET, Key, RULES, RULES_SHEET, SETTINGS, choices_of,
};
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::style;

const WIDTHS: [f64; 3] = [34.0, 56.0, 46.0];

/// Paints the sheet.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn paint(sheet: &mut SheetWriter<'_>) -> Result<(), WriteError> {
    sheet.widths(&WIDTHS)?;
    let mut row = 0;
    let mut whole = |sheet: &mut SheetWriter<'_>, text: &str, bold: bool| {
        let format = match bold {
            true => style::paragraph().set_bold(),
            false => style::paragraph(),
        };
        let width: f64 = WIDTHS.iter().sum();
        sheet.line(row, (0, 2), text, &format)?;
        sheet.height(row, lines(text, width * 0.9))?;
        row += 1;
        Ok::<u32, WriteError>(row)
    };
    whole(sheet, "Tệp này là một biểu mẫu", true)?;
    for text in INTRODUCTION {
        whole(sheet, text, false)?;
    }
    let parts: [(&str, &[Key]); 4] = [
        (FIELDS_SHEET, FIELDS),
        (
            "Dòng loại «Biểu» của trang Chỉ tiêu: ghi tên ở cột «Mã», giá trị ở cột «Tên»",
            SETTINGS,
        ),
        (RULES_SHEET, RULES),
        (EXAMPLES_SHEET, EXAMPLES),
    ];
    let mut row = row + 1;
    for (name, keys) in parts {
        sheet.line(row, (0, 2), name, &style::paragraph().set_bold())?;
        sheet.height(row, 1)?;
        row += 1;
        for (column, text) in (0_u32..).zip(["Tiêu đề", "Ghi gì", "Các lựa chọn"]) {
            sheet.text(CellAddress::new(row, column), text, &style::header())?;
        }
        row += 1;
        for key in keys {
            let choices: Vec<&str> = choices_of(key).iter().map(|word| word.says).collect();
            let texts = [
                key.heading.to_owned(),
                key.help.to_owned(),
                choices.join("; "),
            ];
            let mut tall = 1;
            for ((column, text), width) in (0_u32..).zip(&texts).zip(WIDTHS) {
                sheet.text(CellAddress::new(row, column), text, &style::label())?;
                tall = tall.max(lines(text, width * 0.95));
            }
            sheet.height(row, tall)?;
            row += 1;
        }
        row += 1;
    }
    sheet.print(Orientation::Landscape, None)?;
    sheet.page_footer();
    Ok(())
}

const INTRODUCTION: [&str; 5] = [
    "Trang đầu vẽ biểu trắng để xem; sửa biểu thì sửa ở trang «Chỉ tiêu» và «Quy tắc». Thêm, bớt cột nào của hai trang này cũng được, miễn tiêu đề đúng như danh sách dưới đây (chữ hoa, chữ thường, dấu không quan trọng). Cột ghi cho riêng mình thì đặt dấu # trước tiêu đề.",
    "Quy tắc ghi như bảng chỉ tiêu kiểm soát: dòng, cột ở vế trái; phép so; dòng, cột ở vế phải. Dòng, cột ghi bằng số in trên biểu (3, cột 3, 01), bằng mã, hoặc bằng tên đặt trong dấu « ». Dấu * là mọi dòng hoặc mọi cột; «* trừ 2; 5» là mọi dòng trừ hai dòng; «1; 4» là chỉ các dòng ấy.",
    "Vế nào cũng cộng trừ được: 6 + 13 - 5, SUM(4:7). So với một con số thì ghi «số 200» để khỏi lẫn với cột 200. Vế phải để trống dòng (hoặc cột) là như vế trái.",
    "Quy tắc dài hơn thì ghi cả trong một ô ở cột «Biểu thức», bằng mã, như công thức Excel: so_nguoi <= 200; ở đó số là con số, cột ghi bằng số in thì viết «cột 3».",
    "Soát tệp: tonghop forms lint TỆP. Thêm --return THƯ_MỤC để có bản ghi lời nhắc ngay ở ô sai.",
];
