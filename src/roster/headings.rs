//! What the columns of a roster are called, in files and in sheets.

use super::faults::{PREDECESSORS, SUMMED_BY};
use crate::text::list::{KnownColumn, meaning};

/// A column of a roster.
#[derive(Clone, Copy)]
pub(super) struct Column {
    /// Its name, and what else people call it.
    pub(super) known: KnownColumn,
    /// Its heading in a sheet.
    pub(super) heading: &'static str,
}

const fn column(
    name: &'static str,
    heading: &'static str,
    also: &'static [&'static str],
) -> Column {
    Column {
        known: KnownColumn { name, also },
        heading,
    }
}

/// The columns, the first three of which a roster needs.
pub(super) const COLUMNS: [Column; 9] = [
    column(
        "code",
        "Mã đơn vị",
        &["ma", "ma don vi", "ma dv", "ma so", "ma so don vi"],
    ),
    column(
        "name",
        "Tên đơn vị",
        &[
            "ten",
            "ten don vi",
            "don vi",
            "don vi bao cao",
            "ten xa",
            "ten xa, phuong",
            "ten xa phuong",
            "ten xa/phuong",
            "xa, phuong",
            "ten truong",
            "ten co so",
            "ten co quan",
        ],
    ),
    column(
        "kind",
        "Loại đơn vị",
        &["loai", "loai don vi", "loai hinh", "loai hinh don vi"],
    ),
    column("group", "Nhóm", &["nhom", "nhom don vi", "cum"]),
    column(
        "active_from",
        "Từ ngày",
        &["tu ngay", "ngay bat dau", "hoat dong tu"],
    ),
    column(
        "active_to",
        "Đến ngày",
        &["den ngay", "ngay cuoi", "ngay ket thuc", "hoat dong den"],
    ),
    column("aliases", "Tên khác", &["ten khac", "ten goi khac"]),
    column(
        PREDECESSORS,
        "Đơn vị cũ",
        &["don vi cu", "ma don vi cu", "tien than"],
    ),
    column(
        SUMMED_BY,
        "Tổng hợp bởi",
        &[
            "tong hop boi",
            "don vi tong hop",
            "ma don vi tong hop",
            "nop cho",
            "nop bao cao cho",
            "bao cao cho",
            "gui bao cao cho",
            "sums up by",
            "reports to",
        ],
    ),
];
/// The column of mail addresses, one of the office's own.
pub(super) const EMAIL: KnownColumn = KnownColumn {
    name: "email",
    also: &[
        "email",
        "e-mail",
        "mail",
        "thu dien tu",
        "hop thu",
        "hop thu dien tu",
        "dia chi thu dien tu",
        "dia chi email",
        "dia chi e-mail",
        "email don vi",
        "email lien he",
    ],
};
/// As titles are compared.
pub(super) const KNOWN: [KnownColumn; 9] = {
    let mut known = [COLUMNS[0].known; 9];
    let mut at = 0;
    while at < known.len() {
        known[at] = COLUMNS[at].known;
        at += 1;
    }
    known
};
/// How many of them a roster needs.
pub(super) const NEEDED: usize = 3;
pub(super) const CODE: usize = 0;
pub(super) const NAME: usize = 1;
pub(super) const KIND: usize = 2;
pub(super) const GROUP: usize = 3;
pub(super) const FROM: usize = 4;
pub(super) const TO: usize = 5;
pub(super) const ALIASES: usize = 6;
pub(super) const FORMER: usize = 7;
pub(super) const UPPER: usize = 8;
/// What the columns of a roster are called in a sheet, those it needs first.
pub const HEADINGS: [&str; 9] = {
    let mut headings = [""; 9];
    let mut at = 0;
    while at < headings.len() {
        headings[at] = COLUMNS[at].heading;
        at += 1;
    }
    headings
};

/// The names of the columns as the first line of a file has them.
pub(super) fn layout() -> String {
    KNOWN.map(|column| column.name).join(",")
}

/// The heading of a column in a sheet, by its name or any other title for it; `None` for a column
/// of the office's own.
pub fn sheet_heading(title: &str) -> Option<&'static str> {
    let name = meaning(title, &KNOWN)?;
    let mut columns = COLUMNS.iter();
    let column = columns.find(|column| column.known.name == name)?;
    Some(column.heading)
}

/// Is a title that of the column of codes?
pub fn is_code_title(title: &str) -> bool {
    meaning(title, &KNOWN) == Some(KNOWN[CODE].name)
}
