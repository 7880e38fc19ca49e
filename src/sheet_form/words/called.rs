//! How names of sheets are spelled: «Qui tắc», «CÁC QUY TẮC» and «Quy tắt» are «Quy tắc».

use crate::text::{fold, nearest};

/// Is a sheet of this name the one called `wanted`, but for how that is spelled?
pub fn is_called(name: &str, wanted: &str) -> bool {
    let (name, wanted) = (bare(name), bare(wanted));
    !name.is_empty()
        && (name.starts_with(&wanted) || nearest(&name, std::iter::once(wanted.as_str())).is_some())
}

/// Without accents, spaces, what is often put around a name, and the difference of i and y.
fn bare(name: &str) -> String {
    const BEFORE: [&str; 8] = [
        "cac", "nhung", "bang", "trang", "danh", "muc", "sach", "sheet",
    ];
    let plain = fold(name).replace('y', "i");
    let words = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: String = words.skip_while(|word| BEFORE.contains(word)).collect();
    words
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_may_be_spelled_otherwise() {
        for name in [
            "Quy tắc",
            "Qui tắc",
            "Quy tắt",
            "Các quy tắc",
            "QUY TAC ",
            "quytac",
            "Quy tắc (2)",
            "Quy tắc kiểm tra",
            "Bảng quy tắc",
        ] {
            assert!(is_called(name, "Quy tắc"), "{name}");
        }
        for name in ["Biểu 01", "Hướng dẫn", "Chỉ tiêu", "", "Bảng", "Sheet1"] {
            assert!(!is_called(name, "Quy tắc"), "{name}");
        }
        assert!(is_called("Danh mục chỉ tiêu", "Chỉ tiêu"));
        assert!(is_called("Danh sách đơn vị", "Đơn vị"));
        assert!(!is_called("Đơn vị", "Đợt"));
    }
}
