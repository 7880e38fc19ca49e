//! Layout of the first sheet of a returned copy, shared by its writer (`write::returned`) and its
//! reader (`extract::explanations`).
//!
//! The sheet is found by its name and the mark in its first row. Below the row of
//! [`HEADERS`] each row is one finding; the columns from [`column::KEY`] on are hidden.

/// Name of the first sheet of a returned copy; ` (2)` and so on is added if the unit has a sheet
/// of that name.
pub const RESULT_SHEET: &str = "Kết quả kiểm tra";

/// The text in column [`column::KEY`] of the first row; the figure is the version of this layout.
pub const MARK: &str = "tonghop:ket-qua-kiem-tra:1";

/// Headers of the columns a reader sees, then of the hidden ones.
pub const HEADERS: [&str; 12] = [
    "STT",
    "Mức",
    "Biểu/trang",
    "Ô",
    "Nội dung",
    "Đang ghi",
    "Nên là",
    "Giải trình",
    "Mã phát hiện",
    "Quy tắc",
    "Biểu mẫu",
    "Để trả lại nguyên trạng",
];

/// Columns of the sheet, from 0.
pub mod column {
    /// Running number.
    pub const NUMBER: u32 = 0;
    /// How much it matters.
    pub const SEVERITY: u32 = 1;
    /// Sheet of the finding.
    pub const SHEET: u32 = 2;
    /// Cell of the finding.
    pub const CELL: u32 = 3;
    /// What is wrong.
    pub const MESSAGE: u32 = 4;
    /// The text of the cell.
    pub const FOUND: u32 = 5;
    /// What it probably should be.
    pub const SUGGESTION: u32 = 6;
    /// Where the unit writes its reason.
    pub const EXPLANATION: u32 = 7;
    /// Id of the finding (hidden, as all that follow).
    pub const KEY: u32 = 8;
    /// Rule of the finding.
    pub const RULE: u32 = 9;
    /// Form of the finding.
    pub const FORM: u32 = 10;
    /// What the workbook looked like before it was marked.
    pub const STATE: u32 = 11;
}

/// First line of our part of a note.
pub const NOTE_START: &str = "▼ Kết quả kiểm tra (tonghop)";
/// Last line of our part of a note; what follows is the unit's.
pub const NOTE_END: &str = "▲ tonghop";
