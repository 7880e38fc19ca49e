//! Rows that add others up, by what they are called.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::label_key;

/// Words that begin with "cộng" and are no sums: «Cộng đồng dân cư», «Cộng tác viên».
const COMPOUNDS: [&str; 12] = [
    "đồng", "tác", "sự", "hòa", "hoà", "sản", "hưởng", "sinh", "điểm", "dồn", "lực", "thêm",
];

/// Can a row of this name be nothing else than the sum of others? «Tổng cộng», «Cộng (I)», «Cộng toàn
/// xã». A name such as «Tổng số hộ» may be an item's.
pub(super) fn is_sum(name: &str) -> bool {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:tổng(?: số| chung)?|(?:tổng |tiểu )?cộng|[∑σς]|(?:grand |sub)?total)(?: ?[(:].*)?$",
        )
    });
    static OF: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:tổng toàn |(?:tổng |tiểu )?cộng (\S+))"));
    let name = label_key(name);
    let of = || {
        let parts = OF.captures(&name)?;
        let next = parts.get(1).map(|next| next.as_str());
        Some(name.starts_with("tổng") || next.is_none_or(|next| !COMPOUNDS.contains(&next)))
    };
    SUM.is_match(&name) || of().unwrap_or(false)
}

/// Is it called the sum of the whole table?
pub(super) fn is_of_all(name: &str) -> bool {
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:tổng(?: cộng| số| chung)?(?:$| ?[(:])|tổng (?:cộng )?toàn |cộng (?:chung|toàn)\b)",
        )
    });
    ALL.is_match(&label_key(name))
}

/// May a row of this name be the sum of others, if its figures are?
pub(super) fn may_be_sum(name: &str) -> bool {
    static MAYBE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:tiểu )?(?:cộng|tổng)(?:[ :(]|$)|^t\.?c\.?$|^[ivx]+ ?[.)/-]|^[∑σς]|^(?:sub|grand )?total\b|^(?:chung )?(?:toàn|cả) (?:trung tâm|xã|phường|huyện|tỉnh|thành phố|trường|đơn vị|cơ quan|ngành|bộ|khu|thôn|ấp|vùng|phòng|sở|khối)\b",
        )
    });
    MAYBE.is_match(&crate::text::normalise(name))
}

/// Is it called what one printed page hands on to the next («Mang sang trang sau», «Trang trước
/// chuyển sang»)?
pub(super) fn is_carry(name: &str) -> bool {
    static CARRY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:(?:tổng )?cộng |số |số liệu )?(?:(?:trang (?:trước|này) )?(?:mang|chuyển) sang(?: trang (?:sau|trước|kế|tiếp)(?: theo)?)?|(?:mang|chuyển) (?:từ )?trang (?:sau|trước)(?: sang)?|từ trang trước(?: sang)?|trang (?:trước|này|\d+))$",
        )
    });
    CARRY.is_match(&label_key(name))
}

/// Is it called what no item of a list is: an average, another time's figure, a comparison?
pub(super) fn is_no_item(name: &str) -> bool {
    static NO_ITEM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:bình quân|trung bình)(?:$| ?[/(]| (?:chung|cộng|mỗi|một|1)\b)|^(?:số liệu |thực hiện )?(?:cùng kỳ|(?:kỳ|tháng|quý|năm) (?:trước|ngoái)|(?:lũy|luỹ) kế|cộng dồn)\b|^(?:so (?:với|sánh)|chênh lệch)\b|^(?:tỷ|tỉ) lệ(?:$| ?[%(])|^tăng ?(?:[,/(+]|hoặc|hay)",
        )
    });
    // «Trung Bình» is a place.
    NO_ITEM.is_match(&label_key(name)) && !name.trim_start().starts_with("Trung Bình")
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_whose_names_begin_as_those_of_sums_do_are_none() {
        for sum in [
            "Tổng cộng",
            "CỘNG:",
            "Tổng",
            "Tổng số",
            "Cộng (I)",
            "Tiểu cộng",
            "Cộng gỗ ngập mặn",
            "Cộng toàn xã",
            "Tổng cộng toàn huyện",
            "Tổng cộng (I+II)",
            "∑",
            "Total:",
        ] {
            assert!(is_sum(sum), "{sum}");
        }
        for item in [
            "Cộng đồng dân cư",
            "Cộng tác viên",
            "Tổng công ty Điện lực",
            "Tổng kho xã",
            "Tổng số hộ",
            "Tổng đài 1022",
            "TC",
            "Công an xã",
        ] {
            assert!(!is_sum(item), "{item}");
        }
        assert!(is_of_all("Cộng toàn xã") && is_of_all("Tổng cộng:") && is_of_all("Cộng chung"));
        for carry in [
            "Cộng mang sang",
            "Mang sang trang sau:",
            "Trang trước chuyển sang",
            "Cộng trang 1",
            "Số trang trước mang sang",
            "Chuyển sang trang sau",
        ] {
            assert!(is_carry(carry), "{carry}");
        }
        for other in ["Chuyển sang hộ cận nghèo", "Trang trại", "Mang thai"] {
            assert!(!is_carry(other), "{other}");
        }
        for no_item in [
            "Bình quân",
            "Bình quân/lớp",
            "Trung bình chung",
            "Cùng kỳ năm trước",
            "Năm trước",
            "Lũy kế từ đầu năm",
            "So với cùng kỳ (%)",
            "Tăng (+), giảm (-)",
            "Tỷ lệ (%)",
        ] {
            assert!(is_no_item(no_item), "{no_item}");
        }
        for item in ["Tăng cường cơ sở vật chất", "Trung Bình", "Tỷ lệ hộ nghèo"]
        {
            assert!(!is_no_item(item), "{item}");
        }
        assert!(may_be_sum("Toàn trung tâm") && !may_be_sum("Toàn dân đoàn kết"));
        assert!(!is_of_all("Cộng gỗ khác") && !is_of_all("Tổng số giao thông"));
    }
}
