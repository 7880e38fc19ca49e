//! Built-in checks that a form or a campaign may switch off, by the ids of their findings, and those
//! that it may not.

use crate::model::Severity;

/// Checks whose errors judge figures that were read.
const JUDGING: [&str; 7] = [
    "tong-cong-lech",
    "ty-le-sai",
    "cong-nhom-lech",
    "tong-cong-ca-dong-cong-nhom",
    "thieu-dong-tong",
    "mau-ky-khac",
    "khac-tong-don-vi-duoi",
];

/// Checks that ask and note. Where one is an error, something could not be read, and that stays.
const ASKING: [&str; 48] = [
    "nhan-da-doi",
    "hai-tep-khac-so",
    "hai-tep-giong-so",
    "dong-khong-so",
    "trung-ten-dong",
    "sai-don-vi-tinh-ghi-tren-bieu",
    "dong-cong-nhom",
    "cong-nhom-chua-so",
    "nghi-dong-cong-nhom",
    "so-thu-tu-lech",
    "trang-an",
    "so-cung-mau-nen",
    "dong-cot-an",
    "cong-thuc-khac-cot",
    "cong-thuc-bi-ghi-de",
    "so-cua-mau-bi-doi",
    "cot-ngoai-mau",
    "cot-khong-tieu-de",
    "ten-dong-nhu-tren",
    "dem-dau-lech",
    "so-ngoai-bang",
    "so-bi-gach-ngang",
    "ngay-thang-dao",
    "cong-thuc-ra-trong",
    "cong-thuc-lay-tu-tep-khac",
    "dau-chu-thich",
    "phong-chu-cu",
    "phong-chu-cu-khong-doi-duoc",
    "so-dang-chu",
    "so-hien-lam-tron",
    "nhieu-chu-so-thap-phan",
    "khong-ro-ky-bao-cao",
    "ten-don-vi-la",
    "tep-co-macro",
    "bang-gan-giong-bieu",
    "bieu-khong-yeu-cau",
    "trung-tep",
    "kho-thieu-ky",
    "ky-truoc-khong-gop-duoc",
    "ty-le-lam-tron-khac",
    "thay-doi-lon-so-ky-truoc",
    "lech-nghin-lan",
    "so-tien-lon-khac-thuong",
    "so-lieu-ky-truoc-gui-lai",
    "moi-so-deu-tan-cung-0",
    "khac-xa-don-vi-cung-loai",
    "chua-doi-chieu-don-vi-duoi",
    "cong-ca-hai-cap",
];

/// What says that a figure, its unit or its period is not known: without it figures would be missing
/// and nobody told.
const FIXED: [&str; 58] = [
    "tep-khong-mo-duoc",
    "tep-rong",
    "tep-khoa-tam",
    "tep-co-mat-khau",
    "khong-phai-bang-tinh",
    "khong-co-trang-hien",
    "doc-tep-qua-lau",
    "doc-tep-bi-dung",
    "tep-hong",
    "tep-mat-chu",
    "tep-qua-lon",
    "o-ngoai-bang-tinh",
    "khong-ro-don-vi",
    "tep-cua-don-vi-khac",
    "don-vi-khong-co-trong-danh-sach",
    "ten-don-vi-khong-ro",
    "don-vi-khong-con",
    "don-vi-mau-thuan",
    "sai-ky-bao-cao",
    "mau-cu",
    "khong-thay-bieu",
    "bang-qua-dai",
    "thieu-bieu",
    "hai-bang-giong-nhau",
    "bang-cua-hai-bieu",
    "ma-bieu-khac-bang",
    "bieu-chua-dien",
    "khong-thay-cot",
    "khong-thay-dong",
    "dong-khong-ten",
    "o-khong-phai-bao-cao",
    "dong-trong-do",
    "ghi-de-dong-tong",
    "dong-khong-phai-muc",
    "cot-trung-tieu-de",
    "dong-ngoai-bieu",
    "so-khong-ro",
    "ty-le-chua-nhan-100",
    "o-loi-cong-thuc",
    "cong-thuc-chua-tinh",
    "cong-thuc-chua-tinh-lai",
    "so-kem-dau-chu-thich",
    "so-dang-chu-bi-bo-qua",
    "thieu-so-lieu",
    "sai-kieu-du-lieu",
    "so-le-trong-o-dem",
    "so-am",
    "so-qua-lon",
    "ngoai-danh-muc",
    "thieu-ky-thanh-phan",
    "ky-thanh-phan-tam-chot",
    "ky-thanh-phan-khong-yeu-cau",
    "hai-tep-mot-don-vi",
    "chap-nhan-thua",
    "ban-tra-ve-khong-giu-dinh-dang",
    "bieu-mau-viet-sai",
    "hoi-quy-tac-qua-lau",
    "chua-tim-het-o-nghi-sai",
];

/// Every check that may be switched off.
pub fn switchable() -> Vec<&'static str> {
    JUDGING.into_iter().chain(ASKING).collect()
}

/// Is it a built-in check, whether or not it may be switched off?
pub fn is_built_in(check: &str) -> bool {
    FIXED.contains(&check) || switchable().contains(&check)
}

/// May a finding of a check go where the check is switched off?
pub fn goes(check: &str, severity: Severity) -> bool {
    JUDGING.contains(&check) || severity != Severity::Error && ASKING.contains(&check)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The guide lists every built-in check once by its id; form files' own rules have their form
    /// before them.
    #[test]
    fn every_built_in_check_of_the_guide_can_be_switched_off_or_is_said_to_be_fixed() {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quy-tac.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let rows = guide.lines().filter_map(|line| line.strip_prefix("| "));
        // Suspects have a page of their own, which the list of checks does not name.
        let mut ids = BTreeSet::from(["chua-tim-het-o-nghi-sai"]);
        for row in rows {
            let own = row.strip_prefix('`').and_then(|row| row.split_once("` | "));
            ids.extend(
                own.filter(|(_, rest)| !rest.starts_with('`'))
                    .map(|(id, _)| id),
            );
            let pages = row
                .contains("](quy-tac/")
                .then(|| row.split('`').skip(1).step_by(2));
            ids.extend(pages.into_iter().flatten());
        }
        let known: BTreeSet<&str> = switchable().into_iter().chain(FIXED).collect();
        let missing: Vec<_> = ids.difference(&known).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let gone: Vec<_> = known.difference(&ids).collect();
        assert!(gone.is_empty(), "{gone:?}");
    }
}
