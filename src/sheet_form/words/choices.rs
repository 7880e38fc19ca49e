//! Choices of keys and their words.

use super::key::{Word, word};

/// What a line of the sheet of columns and rows is about.
pub const SORTS: &[Word] = &[
    word("form", "Biểu", &["bieu mau", "thong tin bieu"]),
    word("defaults", "Mặc định", &["mac dinh chung"]),
    word("column", "Cột", &["chi tieu cot"]),
    word("row", "Dòng", &["hang", "chi tieu dong", "chi tieu"]),
    word("heading", "Đề mục", &["tieu de", "dong de muc", "muc"]),
];

/// Yes and no.
pub const FLAGS: &[Word] = &[
    word("true", "có", &["x", "dung", "true", "yes", "1"]),
    word("false", "không", &["sai", "false", "no", "0"]),
];

pub(super) const TYPES: &[Word] = &[
    word("count", "số đếm", &["so nguyen", "dem", "so luong"]),
    word(
        "amount",
        "số đo",
        &["so tien", "tien", "so le", "so do, so tien"],
    ),
    word(
        "percent",
        "tỷ lệ %",
        &["ty le", "phan tram", "%", "ti le", "ti le %"],
    ),
    word("ratio", "tỷ số", &["ti so", "binh quan", "so binh quan"]),
    word("text", "chữ", &["van ban", "chu viet"]),
    word("date", "ngày", &["ngay thang"]),
    word("flag", "đánh dấu", &["dau x", "danh dau x"]),
    word("choice", "lựa chọn", &["chon", "danh muc"]),
    word("code", "mã", &["ma so"]),
];

pub(super) const NAME_PLACES: &[Word] = &[
    word("beside", "bên cạnh", &["cung dong", "canh so lieu"]),
    word(
        "above",
        "dòng trên",
        &["o tren", "o dong tren", "dong rieng o tren"],
    ),
];

pub(super) const ROUNDINGS: &[Word] = &[
    word(
        "half-up",
        "nửa lên",
        &["thong thuong", "lam tron", "lam tron thuong"],
    ),
    word("truncate", "cắt bỏ", &["cat", "cat bot", "bo phan le"]),
];

pub(super) const MEANINGS: &[Word] = &[
    word("missing", "thiếu", &["thieu so lieu", "phai co so"]),
    word(
        "nothing",
        "không có gì",
        &["de trong", "khong phat sinh", "bo qua", "duoc trong"],
    ),
    word("zero", "số 0", &["bang 0", "0", "khong (0)", "so khong"]),
    word("yes", "có đánh dấu", &["co", "danh dau"]),
    word("no", "không đánh dấu", &["khong danh"]),
    word(
        "refused",
        "không nhận",
        &["bao loi", "sai", "khong duoc ghi"],
    ),
];

pub(super) const AGGREGATES: &[Word] = &[
    word("sum", "cộng", &["tong", "cong lai"]),
    word("ratio", "tính lại tỷ lệ", &["tinh lai", "ty le"]),
    word("count", "đếm", &["dem so don vi"]),
    word("last", "lấy số cuối", &["so cuoi", "cuoi cung"]),
    word("list", "liệt kê", &["ke ra", "noi lai"]),
    word("none", "không tổng hợp", &["khong", "khong cong"]),
];

pub(super) const OVER_TIME: &[Word] = &[
    word("sum", "cộng các kỳ", &["cong", "tong"]),
    word("first", "số kỳ đầu", &["so dau ky", "dau ky", "ky dau"]),
    word("last", "số kỳ cuối", &["so cuoi ky", "cuoi ky", "ky cuoi"]),
];

pub(super) const ROW_KINDS: &[Word] = &[
    word("fixed", "dòng cố định", &["co dinh"]),
    word("free", "dòng tự thêm", &["tu them", "tu do"]),
];

pub(super) const ORIENTATIONS: &[Word] = &[
    word("portrait", "dọc", &["kho doc", "giay doc"]),
    word("landscape", "ngang", &["kho ngang", "giay ngang"]),
];

pub(super) const LISTS: &[Word] = &[
    word("rows", "dòng của biểu", &["dong", "dong tu them"]),
    word("units", "đơn vị", &["don vi bao cao"]),
];

pub(super) const PARTS_OF_YEAR: &[Word] = &[
    word("months", "các tháng", &["thang"]),
    word("quarters", "các quý", &["quy"]),
];

pub(super) const SEVERITIES: &[Word] = &[
    word(
        "error",
        "lỗi",
        &["khong duoc phep", "khong cho phep", "bat buoc", "sai"],
    ),
    word("warning", "cảnh báo", &["can giai trinh", "cho phep"]),
    word("info", "ghi chú", &["thong tin", "luu y"]),
];

pub(super) const BLANKS: &[Word] = &[
    word("skip-any", "một ô trống là bỏ qua", &["bo qua"]),
    word(
        "skip-all",
        "mọi ô trống mới bỏ qua",
        &["trong het moi bo qua"],
    ),
    word("zero", "tính là 0", &["so 0", "bang 0", "0"]),
];

pub(super) const STATUSES: &[Word] = &[
    word("active", "áp dụng", &["chinh thuc", "dang ap dung"]),
    word("beta", "thử nghiệm", &["thu"]),
];

/// Signs and words of comparing.
pub const RELATIONS: &[Word] = &[
    word("=", "=", &["bang", "phai bang", "=="]),
    word("<>", "<>", &["khac", "≠", "!=", "><"]),
    word("<", "<", &["nho hon", "it hon", "be hon"]),
    word(
        "<=",
        "<=",
        &[
            "≤",
            "khong lon hon",
            "khong qua",
            "nho hon hoac bang",
            "=<",
            "khong vuot",
        ],
    ),
    word(">", ">", &["lon hon", "nhieu hon"]),
    word(
        ">=",
        ">=",
        &[
            "≥",
            "khong nho hon",
            "khong it hon",
            "lon hon hoac bang",
            "=>",
            "it nhat",
        ],
    ),
];

/// Parts of an example's figures.
pub const PARTS: &[Word] = &[
    word("cells", "số liệu", &["ky nay"]),
    word("previous", "kỳ trước", &[]),
    word(
        "year_before",
        "cùng kỳ năm trước",
        &["cung ky", "nam truoc"],
    ),
    word(
        "year_to_date",
        "các kỳ đã chốt trong năm",
        &["luy ke", "tu dau nam"],
    ),
];
