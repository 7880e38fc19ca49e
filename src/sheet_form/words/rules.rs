//! Columns of the sheets of rules and examples.

use super::choices::{BLANKS, SEVERITIES, STATUSES};
use super::key::{Key, Kind, OTHER, key};

/// Columns of the sheet of rules. Rows and columns of the right side have the headings of the left
/// one, or these.
pub const RULES: &[Key] = &[
    key("", "STT", &["tt", "so tt", "so thu tu"], Kind::Aside, ""),
    key(
        "",
        "Biểu",
        &["bieu mau", "ma bieu"],
        Kind::Own,
        "khi tệp có nhiều biểu: mã hoặc tên trang của biểu",
    ),
    key(
        "",
        "Dòng",
        &["hang", "ma so", "chi tieu", "dong (ve trai)"],
        Kind::Own,
        "số, mã hoặc tên dòng; * là mọi dòng; * trừ 2; 5 là mọi dòng trừ hai dòng",
    ),
    key(
        "",
        "Cột",
        &["cot (ve trai)"],
        Kind::Own,
        "số, mã hoặc tên cột; * là mọi cột",
    ),
    key(
        "",
        "Phép so",
        &["quan he", "dau", "phep so sanh", "so sanh"],
        Kind::Own,
        "=, <>, <, <=, >, >=",
    ),
    key(
        "",
        "Dòng (vế phải)",
        &["so voi dong", "dong 2", "hang (ve phai)"],
        Kind::Own,
        "số, mã hoặc tên dòng; cộng trừ được: 6 + 13 - 5; để trống hoặc * là như vế trái",
    ),
    key(
        "",
        "Cột (vế phải)",
        &["so voi cot", "cot 2"],
        Kind::Own,
        "số, mã hoặc tên cột; cộng trừ được: 4 + 5; một con số thì viết: số 200",
    ),
    key(
        "check",
        "Biểu thức",
        &["cong thuc", "quy tac", "dieu phai dung"],
        Kind::Own,
        "cả quy tắc trong một ô, thay cho sáu cột bên trái",
    ),
    key(
        "when",
        "Điều kiện",
        &["khi", "chi khi"],
        Kind::Own,
        "chỉ hỏi khi điều này đúng",
    ),
    key(
        "message",
        "Lời báo",
        &["thong bao", "noi dung", "loi nhan", "giai thich"],
        Kind::Text,
        "vì sao phải đúng, bằng lời của người điền",
    ),
    key(
        "severity",
        "Mức",
        &["muc do", "muc loi"],
        Kind::Word(SEVERITIES),
        "lỗi: trả lại; cảnh báo: hỏi lại; ghi chú",
    ),
    key(
        "since",
        "Từ kỳ",
        &["ap dung tu", "ky bat dau", "tu"],
        Kind::Period,
        "kỳ đầu áp dụng: 2025-07, tháng 7/2025, quý 3/2025",
    ),
    key(
        "until",
        "Đến kỳ",
        &["ap dung den", "ky ket thuc", "den"],
        Kind::Period,
        "kỳ cuối áp dụng",
    ),
    key(
        "blank",
        "Khi có ô trống",
        &["o trong", "gap o trong"],
        Kind::Word(BLANKS),
        "khi ô mà quy tắc đọc để trống",
    ),
    key(
        "total_row",
        "Hỏi ở dòng tổng",
        &["dong tong"],
        Kind::Flag,
        "có hỏi ở dòng tổng không; không ghi thì tự xét",
    ),
    key(
        "kinds",
        "Loại đơn vị",
        &["cac loai don vi"],
        Kind::Codes,
        "chỉ hỏi các loại đơn vị này",
    ),
    key(
        "units",
        "Mã đơn vị",
        &["cac don vi", "don vi"],
        Kind::Codes,
        "chỉ hỏi các đơn vị này",
    ),
    key(
        "status",
        "Tình trạng",
        &["trang thai"],
        Kind::Word(STATUSES),
        "áp dụng hay thử nghiệm",
    ),
    key(
        "id",
        "Mã quy tắc",
        &["ma", "ten quy tac"],
        Kind::Id,
        "tên, mô tả điều sai; không ghi thì tự đặt",
    ),
    key(
        "",
        OTHER,
        &["cac khoa khac"],
        Kind::Other,
        "khóa hiếm dùng, viết khóa = giá trị, mỗi dòng một khóa",
    ),
];

/// Columns of the sheet of examples.
pub const EXAMPLES: &[Key] = &[
    key(
        "name",
        "Ví dụ",
        &["ten vi du", "ten"],
        Kind::Own,
        "ví dụ nói gì; để trống là tiếp ví dụ trên",
    ),
    key(
        "period",
        "Kỳ",
        &["ky bao cao"],
        Kind::Period,
        "kỳ của số liệu",
    ),
    key(
        "breaks",
        "Phạm quy tắc",
        &["quy tac bi pham", "sai quy tac"],
        Kind::Rules,
        "mã các quy tắc bị phạm; để trống nếu số liệu đúng",
    ),
    key(
        "",
        "Số liệu của",
        &["phan", "so lieu"],
        Kind::Own,
        "số liệu, kỳ trước, cùng kỳ năm trước, các kỳ đã chốt trong năm",
    ),
    key(
        "",
        "Dòng",
        &["hang"],
        Kind::Own,
        "mã dòng; với dòng tự thêm: 1, 2, 3",
    ),
    key("", "Cột", &["chi tieu"], Kind::Own, "mã cột"),
    key("", "Giá trị", &["so", "ghi"], Kind::Own, "giá trị của ô"),
    key(
        "",
        OTHER,
        &["cac khoa khac"],
        Kind::Other,
        "khóa hiếm dùng, viết khóa = giá trị, mỗi dòng một khóa",
    ),
];
