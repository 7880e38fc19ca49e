//! Sheets of a campaign workbook: what their columns are, and what the lines of «Đợt» are about.

use super::called::is_called;
use super::choices::{LISTS, ORIENTATIONS, PARTS_OF_YEAR, ROUNDINGS, SEVERITIES};
use super::key::{Key, Kind, OTHER, key};

/// A sheet whose lines are tables of one name.
#[derive(Debug, Clone, Copy)]
pub struct TableSheet {
    /// Its name.
    pub name: &'static str,
    /// The table in the campaign file.
    pub table: &'static str,
    /// Its columns.
    pub keys: &'static [Key],
    /// Headings it cannot do without.
    pub needed: &'static [&'static str],
}

/// Sheet of what is said once of a campaign.
pub const CAMPAIGN_SHEET: &str = "Đợt";
/// Sheet of forms.
pub const FORMS_SHEET: &str = "Biểu";
/// Sheet of reporting units.
pub const UNITS_SHEET: &str = "Đơn vị";

/// Heading of what a line of the sheet «Đợt» gives.
pub const WHAT: &str = "Mục";
/// Heading of the value it gives.
pub const VALUE: &str = "Giá trị";

const OTHERS: Key = key(
    "",
    OTHER,
    &["cac khoa khac"],
    Kind::Other,
    "khóa hiếm dùng, viết khóa = giá trị, mỗi dòng một khóa",
);
const ASIDE: Key = key("", "STT", &["tt", "so tt", "so thu tu"], Kind::Aside, "");

/// Columns of the sheet «Đợt».
pub const CAMPAIGN: &[Key] = &[
    key(
        "",
        WHAT,
        &["dieu khai", "noi dung"],
        Kind::Own,
        "điều được khai, ví dụ Kỳ báo cáo",
    ),
    key(
        "",
        VALUE,
        &["ghi", "la"],
        Kind::Own,
        "giá trị của điều ấy; với Loại đơn vị là mã loại",
    ),
    key(
        "name",
        "Tên loại",
        &["ten"],
        Kind::Text,
        "với Loại đơn vị: tên in ra, ví dụ Xã, phường",
    ),
    key(
        "above",
        "In phía trên",
        &["co quan tren"],
        Kind::Text,
        "với Loại đơn vị: dòng in ở góc trái phía trên tên đơn vị",
    ),
];

/// The line of the sheet «Đợt» that gives a kind of unit.
pub const KIND_LINE: &str = "Loại đơn vị";

/// What lines of the sheet «Đợt» may give.
pub const CAMPAIGN_LINES: &[Key] = &[
    key(
        "name",
        "Mã đợt",
        &["ma", "ten dot"],
        Kind::Id,
        "chữ không dấu, chữ số và -",
    ),
    key(
        "title",
        "Tên báo cáo",
        &["tieu de", "ten"],
        Kind::Text,
        "tiêu đề của báo cáo",
    ),
    key(
        "period",
        "Kỳ báo cáo",
        &["ky"],
        Kind::Period,
        "2025-09, tháng 9/2025, quý 3/2025",
    ),
    key(
        "made_of",
        "Cộng từ",
        &["cong tu cac ky"],
        Kind::Word(PARTS_OF_YEAR),
        "các tháng hay các quý đã chốt",
    ),
    key(
        "previous",
        "Kỳ trước",
        &[],
        Kind::Period,
        "nếu không phải kỳ liền trước theo lịch",
    ),
    key(
        "history",
        "Kho lưu trữ",
        &["thu muc luu tru"],
        Kind::Text,
        "thư mục các kỳ đã chốt, nếu không phải history",
    ),
    key(
        "parent_office",
        "Cơ quan cấp trên",
        &["cap tren"],
        Kind::Text,
        "in ở góc trái, phía trên tên cơ quan",
    ),
    key(
        "office",
        "Cơ quan",
        &["co quan ra bao cao", "don vi tong hop"],
        Kind::Text,
        "cơ quan ra báo cáo",
    ),
    key(
        "place",
        "Nơi ký",
        &["dia danh"],
        Kind::Text,
        "địa danh ghi trước ngày ký",
    ),
    key(
        "deadline",
        "Hạn gửi",
        &["thoi han", "han nop"],
        Kind::Day,
        "ngày cuối cùng được gửi",
    ),
    key(
        "contact",
        "Người liên hệ",
        &["lien he"],
        Kind::Text,
        "tên, số điện thoại để đơn vị hỏi",
    ),
    OTHERS,
];

const FORMS: &[Key] = &[
    ASIDE,
    key(
        "id",
        "Mã biểu",
        &["ma", "bieu"],
        Kind::Id,
        "mã của biểu mẫu",
    ),
    key(
        "path",
        "Tệp",
        &["tep bieu mau"],
        Kind::Text,
        "tệp biểu mẫu, nếu không phải schemas/<mã>",
    ),
    key(
        "kinds",
        "Loại đơn vị",
        &["loai"],
        Kind::Codes,
        "loại đơn vị phải gửi; không ghi là mọi đơn vị",
    ),
    key(
        "units",
        "Mã đơn vị",
        &["don vi"],
        Kind::Codes,
        "mã các đơn vị phải gửi, thay cho loại",
    ),
    OTHERS,
];

const FIGURES: &[Key] = &[
    ASIDE,
    key(
        "id",
        "Mã",
        &["ma so lieu"],
        Kind::Id,
        "mã mà lời báo cáo dùng: A01",
    ),
    key(
        "label",
        "Tên",
        &["ten so lieu", "noi dung"],
        Kind::Text,
        "số liệu nói gì",
    ),
    key(
        "value",
        "Biểu thức",
        &["cach tinh", "cong thuc"],
        Kind::Text,
        "biểu!dòng.cột, cộng trừ nhân chia được",
    ),
    key("unit", "Đơn vị tính", &["dvt"], Kind::Text, ""),
    key("decimals", "Số lẻ", &["le"], Kind::Whole, ""),
    key("rounding", "Làm tròn", &[], Kind::Word(ROUNDINGS), ""),
    OTHERS,
];

const APPENDICES: &[Key] = &[
    ASIDE,
    key(
        "id",
        "Mã",
        &["ma phu luc"],
        Kind::Id,
        "để lời báo cáo dùng các dòng",
    ),
    key("title", "Tên", &["tieu de", "ten phu luc"], Kind::Text, ""),
    key("sheet", "Tên trang", &["trang"], Kind::Text, ""),
    key("form", "Biểu", &["ma bieu"], Kind::Id, "biểu lấy số liệu"),
    key("list", "Mỗi dòng là", &["moi dong"], Kind::Word(LISTS), ""),
    key(
        "columns",
        "Các cột",
        &["cot"],
        Kind::Codes,
        "mã cột, hoặc dòng.cột",
    ),
    key(
        "where",
        "Điều kiện",
        &["chi cac dong"],
        Kind::Text,
        "chỉ các dòng đúng điều này",
    ),
    key(
        "order",
        "Xếp theo",
        &["thu tu"],
        Kind::Text,
        "mã cột; dấu - đằng trước là từ lớn xuống",
    ),
    key("top", "Nhiều nhất (dòng)", &["so dong"], Kind::Whole, ""),
    key(
        "divide",
        "Chia cho",
        &[],
        Kind::Whole,
        "1000: triệu đồng in thành tỷ đồng",
    ),
    key("decimals", "Số lẻ", &["le"], Kind::Whole, ""),
    key("by_group", "Theo nhóm", &["xep theo nhom"], Kind::Flag, ""),
    key(
        "total",
        "Dòng tổng",
        &["ten dong tong"],
        Kind::Text,
        "chữ in ở dòng ấy, ví dụ Tổng cộng; không ghi là không có dòng tổng",
    ),
    key("unit", "Đơn vị tính", &["dvt"], Kind::Text, ""),
    key("notes", "Ghi chú", &["ghi chu duoi bang"], Kind::Texts, ""),
    key("orientation", "Khổ giấy", &[], Kind::Word(ORIENTATIONS), ""),
    OTHERS,
];

const CONTROLS: &[Key] = &[
    ASIDE,
    key(
        "id",
        "Mã",
        &["ma so kiem soat"],
        Kind::Id,
        "tên, mô tả điều sai",
    ),
    key("label", "Tên", &["noi dung"], Kind::Text, ""),
    key(
        "unit",
        "Mã đơn vị",
        &["don vi"],
        Kind::Id,
        "không ghi là tổng các đơn vị",
    ),
    key(
        "kinds",
        "Loại đơn vị",
        &["loai"],
        Kind::Codes,
        "chỉ cộng các loại này",
    ),
    key(
        "cell",
        "Ô",
        &["so lieu", "chi tieu"],
        Kind::Text,
        "biểu!dòng.cột",
    ),
    key(
        "value",
        "Giá trị",
        &["so"],
        Kind::Figure,
        "số ở hệ thống khác",
    ),
    key(
        "equals",
        "Bằng",
        &["bang bieu thuc"],
        Kind::Text,
        "biểu thức phải bằng",
    ),
    key("path", "Tệp", &[], Kind::Text, "tệp CSV có nhiều số"),
    key("source", "Nguồn", &["lay tu dau"], Kind::Text, ""),
    key(
        "tolerance",
        "Lệch cho phép",
        &["sai lech", "dung sai"],
        Kind::Figure,
        "",
    ),
    key("severity", "Mức", &["muc do"], Kind::Word(SEVERITIES), ""),
    OTHERS,
];

/// The sheets of a campaign whose lines are tables.
pub const TABLES: &[TableSheet] = &[
    TableSheet {
        name: FORMS_SHEET,
        table: "form",
        keys: FORMS,
        needed: &["Mã biểu"],
    },
    TableSheet {
        name: "Số liệu báo cáo",
        table: "figure",
        keys: FIGURES,
        needed: &["Mã", "Tên", "Biểu thức"],
    },
    TableSheet {
        name: "Phụ lục",
        table: "appendix",
        keys: APPENDICES,
        needed: &["Tên", "Tên trang", "Biểu", "Mỗi dòng là"],
    },
    TableSheet {
        name: "Số kiểm soát",
        table: "control",
        keys: CONTROLS,
        needed: &["Mã"],
    },
];

/// Keys of campaign sheets whose text is an expression, or the name of a cell.
pub const EXPRESSIONS: [&str; 4] = ["value", "equals", "where", "cell"];

/// What the lines of a campaign's sheet may give; `None` for other sheets.
pub fn keys_of(sheet: &str) -> Option<&'static [Key]> {
    if is_called(sheet, CAMPAIGN_SHEET) {
        return Some(CAMPAIGN_LINES);
    }
    let mut tables = TABLES.iter();
    tables
        .find(|table| is_called(sheet, table.name))
        .map(|table| table.keys)
}
