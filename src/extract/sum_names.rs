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
    static SUM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:tổng(?: số| chung)?|(?:tổng |tiểu )?cộng)(?: ?[(:].*)?$"));
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
        pattern(r"^(?:tiểu )?(?:cộng|tổng)(?:[ :(]|$)|^t\.?c\.?$|^[ivx]+ ?[.)/-]")
    });
    MAYBE.is_match(&crate::text::normalise(name))
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
        assert!(!is_of_all("Cộng gỗ khác") && !is_of_all("Tổng số giao thông"));
    }
}
