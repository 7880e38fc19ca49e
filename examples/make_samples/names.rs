//! What offices call their files, when they save them and where they sign: all of it invented.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use tonghop::text::slug;

use super::filled::Unit;
use super::spread::draw;

/// Files called in people's own ways; everybody else keeps the name the template came with.
const OWN_NAMES: [(&str, &str); 15] = [
    ("28861", "BC thang 9 - xa Tien Thuy.xlsx"),
    ("29536", "BAO CAO THANG 9 XA LONG HAI.xlsx"),
    ("H61.15", "Báo cáo CĐS T9 (1).xlsx"),
    ("H61.06", "SNNMT_BC_CNTT_T9.2025.xlsx"),
    ("H61.09", "VHTTDL thang 9.xlsx"),
    ("29266", "xa cang long.xlsx"),
    ("28783", "Book1.xlsx"),
    ("29590", "Biểu mẫu báo cáo tháng 9 - phường Thanh Đức.xlsx"),
    ("29713", "BC T9 HIEU THANH (ban chinh).xlsx"),
    ("29308", "Bao cao thang 9 gui So KHCN.xlsx"),
    ("29044", "bieu_mau_thang_9_hung_nhuong_final.xlsx"),
    ("28777", "UBND phường An Hội - báo cáo tháng 9-2025.xlsx"),
    ("29371", "Copy of Bieu mau T9.xlsx"),
    ("29410", "số liệu cđs hòa minh.xlsx"),
    ("29110", "Ba Tri bc 9.xlsx"),
];

/// Corrected workbooks whose names say so.
const CORRECTED_NAMES: [(&str, &str); 3] = [
    ("29551", "29551-phuong-long-chau-2025-09 (sửa).xlsx"),
    ("H61.11", "SYT - bao cao thang 9 (dinh chinh).xlsx"),
    ("29536", "BC T9 xã Đông Hải - sửa tên đơn vị.xlsx"),
];

/// Units that copied the tables into workbooks of their own: no identity sheet, other sheet names.
pub const HANDMADE: [&str; 6] = ["29590", "29713", "29308", "28777", "H61.09", "29371"];

/// Sheet names of [`HANDMADE`] workbooks, three ways of them.
const SHEETS: [[(&str, &str); 6]; 3] = [
    [
        ("tthc", "TTHC T9"),
        ("tthc_ky", "Trong kỳ T9"),
        ("van_ban", "VB điện tử"),
        ("tai_khoan", "TK, thư điện tử"),
        ("chu_ky_so", "CKS"),
        ("kh02", "KH 02"),
    ],
    [
        ("tthc", "Biểu 1"),
        ("tthc_ky", "Biểu 2"),
        ("van_ban", "Biểu 3"),
        ("tai_khoan", "Biểu 4"),
        ("chu_ky_so", "Biểu 5"),
        ("kh02", "Biểu 6"),
    ],
    [
        ("tthc", "Sheet1"),
        ("tthc_ky", "Sheet2"),
        ("van_ban", "Sheet3"),
        ("tai_khoan", "Sheet4"),
        ("chu_ky_so", "Sheet5"),
        ("kh02", "Sheet1 (2)"),
    ],
];

/// Sheet names of a handmade workbook; the n-th of [`HANDMADE`].
pub fn sheets(n: usize) -> Vec<(&'static str, &'static str)> {
    SHEETS[n % SHEETS.len()].to_vec()
}

/// The name the template came with: `29551-phuong-long-chau-2025-09.xlsx`.
pub fn template_name(unit: &Unit, period: &str) -> String {
    format!("{}-{}-{period}.xlsx", unit.code, slug(&unit.name))
}

/// The name of a first or corrected workbook for September 2025.
pub fn file_name(unit: &Unit, round: u32) -> String {
    let own: &[(&str, &str)] = if round == 1 {
        &OWN_NAMES
    } else {
        &CORRECTED_NAMES
    };
    match own.iter().find(|(code, _)| *code == unit.code) {
        Some((_, name)) => (*name).to_owned(),
        None => template_name(unit, "2025-09"),
    }
}

/// When a unit saved its workbook for September 2025: on a working day, in office hours.
pub fn saved_at(unit: &Unit, round: u32) -> NaiveDateTime {
    const FIRST: [(u32, u32); 6] = [(9, 26), (9, 29), (9, 30), (10, 1), (10, 2), (10, 3)];
    const SECOND: [(u32, u32); 4] = [(10, 6), (10, 7), (10, 8), (10, 9)];
    let days: &[(u32, u32)] = if round == 1 { &FIRST } else { &SECOND };
    let key = format!("{} {round}", unit.code);
    let last = days.len() as u64 - 1;
    // Most people wait until the last days.
    let day = draw(&format!("day {key}"), 0, last).max(draw(&format!("late {key}"), 0, last));
    let (month, day) = days[usize::try_from(day).expect("an index")];
    let seconds = match draw(&format!("half {key}"), 0, 1) {
        0 => draw(&format!("clock {key}"), 7 * 3600 + 1800, 11 * 3600 + 1800),
        _ => draw(&format!("clock {key}"), 13 * 3600 + 1800, 17 * 3600),
    };
    let seconds = u32::try_from(seconds).expect("within a day");
    at(
        2025,
        month,
        day,
        [seconds / 3600, seconds / 60 % 60, seconds % 60],
    )
}

/// A moment.
pub fn at(year: i32, month: u32, day: u32, [hour, minute, second]: [u32; 3]) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, month, day)
        .and_then(|date| date.and_hms_opt(hour, minute, second))
        .expect("a moment")
}

/// The line above the signature: "Càng Long, ngày 03 tháng 10 năm 2025" (Nghị định 30: a leading 0
/// for days below 10 and months 1 and 2).
pub fn signed(unit: &Unit, day: NaiveDate) -> String {
    let bare = ["Xã ", "Phường "]
        .iter()
        .find_map(|kind| unit.name.strip_prefix(kind));
    let month = match day.month() {
        month @ (1 | 2) => format!("0{month}"),
        month => month.to_string(),
    };
    format!(
        "{}, ngày {:02} tháng {month} năm {}",
        bare.unwrap_or("Vĩnh Long"),
        day.day(),
        day.year()
    )
}
