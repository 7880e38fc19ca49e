//! What may be written where: every heading of the sheets of a form workbook with its choices.

use crate::model::CellAddress;
use crate::schema::Orientation;
use crate::sheet_form::words::campaign::{CAMPAIGN, CAMPAIGN_LINES, CAMPAIGN_SHEET, TABLES};
use crate::sheet_form::words::{
    EXAMPLES, EXAMPLES_SHEET, FIELDS, FIELDS_SHEET, Key, RULES, RULES_SHEET, SETTINGS, choices_of,
};
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::style;

const WIDTHS: [f64; 3] = [34.0, 56.0, 46.0];

/// Paints the sheet of a form.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn form(sheet: &mut SheetWriter<'_>) -> Result<(), WriteError> {
    let parts: [(&str, &[Key]); 4] = [
        (FIELDS_SHEET, FIELDS),
        (
            "Dòng loại «Biểu» của trang Chỉ tiêu: ghi tên ở cột «Mã», giá trị ở cột «Tên»",
            SETTINGS,
        ),
        (RULES_SHEET, RULES),
        (EXAMPLES_SHEET, EXAMPLES),
    ];
    paint(sheet, "Tệp này là một biểu mẫu", &INTRODUCTION, &parts)
}

/// Paints the sheet of a campaign.
///
/// # Errors
/// As [`form`].
pub(super) fn campaign(sheet: &mut SheetWriter<'_>) -> Result<(), WriteError> {
    let own: [(&str, &[Key]); 2] = [
        (CAMPAIGN_SHEET, CAMPAIGN),
        ("Cột «Mục» của trang Đợt", CAMPAIGN_LINES),
    ];
    let lists = TABLES.iter().map(|table| (table.name, table.keys));
    let parts: Vec<(&str, &[Key])> = own.into_iter().chain(lists).collect();
    paint(sheet, "Tệp này là một đợt báo cáo", &OF_CAMPAIGNS, &parts)
}

fn paint(
    sheet: &mut SheetWriter<'_>,
    title: &str,
    introduction: &[&str],
    parts: &[(&str, &[Key])],
) -> Result<(), WriteError> {
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
    whole(sheet, title, true)?;
    for text in introduction {
        whole(sheet, text, false)?;
    }
    let mut row = row + 1;
    for (name, keys) in parts {
        sheet.line(row, (0, 2), name, &style::paragraph().set_bold())?;
        sheet.height(row, 1)?;
        row += 1;
        for (column, text) in (0_u32..).zip(["Tiêu đề", "Ghi gì", "Các lựa chọn"]) {
            sheet.text(CellAddress::new(row, column), text, &style::header())?;
        }
        row += 1;
        for key in *keys {
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

const OF_CAMPAIGNS: [&str; 4] = [
    "Tệp campaign.xlsx nằm trong thư mục của đợt, thay cho campaign.toml và roster.csv; không để hai thứ cùng lúc. Thứ tự cột tùy ý, chữ hoa, chữ thường, dấu không quan trọng. Cột ghi cho riêng mình thì đặt dấu # trước tiêu đề (trang «Đơn vị» thì thêm cột nào cũng được).",
    "Trang «Đợt»: mỗi điều một dòng, dòng nào không dùng thì để trống giá trị. Mỗi loại đơn vị một dòng «Loại đơn vị»: mã loại ở «Giá trị», tên in ra ở «Tên loại». Trang «Đơn vị» ghi mã loại ấy ở cột «Loại đơn vị».",
    "Trang «Biểu»: mã của biểu mẫu trong thư mục schemas, và loại đơn vị phải gửi. Một ô có nhiều mã thì cách nhau bằng dấu phẩy. Ô của biểu viết là biểu!dòng.cột, bằng mã.",
    "Soát tệp: tonghop forms lint THƯ_MỤC_ĐỢT. Thêm --return THƯ_MỤC để có bản ghi lời nhắc ngay ở ô sai.",
];
