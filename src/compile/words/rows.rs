//! Words that say how rows and columns hang together: sums, what they are divided into, parts.

use std::sync::LazyLock;

use regex::Regex;

use super::plain::without_marks;
use crate::text::normalise;

/// `I`, `1.`, `a)`, `1.1`, `-`
pub(in crate::compile) fn is_ordinal(text: &str) -> bool {
    let plain = text.trim_matches(['(', ')', '.', ' ', '/', '-', '+', '*']);
    plain.chars().count() <= 6
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        && (plain.chars().filter(char::is_ascii_alphabetic).count() <= 1
            || plain.chars().all(|c| "IVXivx.".contains(c)))
}

/// «Tổng số», «Tổng cộng», «Cộng», «Tổng cộng toàn xã», «Cả trường»: a column or row that is a sum, by
/// its name alone. What is counted («Tổng số hồ sơ») says nothing about what it is the sum of.
pub(in crate::compile) fn is_total(text: &str) -> bool {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let sum = "(?:tổng|cộng)(?: (?:số|cộng|chung|tổng|các mục))*";
        let whole = "(?:toàn|cả|chung|(?:trên )?(?:toàn )?địa bàn)";
        let place = "(?:(?:xã|phường|thị trấn|huyện|tỉnh|thành phố|đặc khu|trường|ngành|đơn vị|trung tâm|bệnh viện|trạm|phòng|cơ quan)(?:, )?)";
        Regex::new(&format!(
            "^(?:{sum}|{sum} {whole}(?: {place})*|{whole} {place}+)$"
        ))
        .ok()
    });
    let text = without_marks(text);
    NAME.as_ref().is_some_and(|name| name.is_match(&text))
}

/// «Cộng I», «Cộng mục II»: the ordinal of the rows that a row adds up.
pub(in crate::compile) fn subtotal_of(text: &str) -> Option<String> {
    let text = without_marks(text);
    let rest = text
        .strip_prefix("tổng cộng")
        .or_else(|| text.strip_prefix("cộng"))?;
    let rest = rest.trim_start();
    let words = ["mục", "phần", "nhóm", "khoản"].iter();
    let code = words
        .clone()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    let code = code.trim_matches([' ', '(', ')', '.', ':']);
    let short = (1..=4).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
    short.then(|| code.to_uppercase())
}

/// The name of the rows that a row adds up: «khu vực 1» of «cộng khu vực 1», which is without marks.
pub(in crate::compile) fn summed_name(label: &str) -> Option<&str> {
    label
        .strip_prefix("tổng cộng ")
        .or_else(|| label.strip_prefix("cộng "))
        .or_else(|| label.strip_prefix("tổng "))
}

/// «Chia ra», «Chia theo», «Bao gồm:»: what follows adds up to what is before. «Bao gồm cả thuế» says
/// what is counted.
pub(in crate::compile) fn is_division(text: &str) -> bool {
    let text = without_marks(text);
    let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let lists = |rest: &str| rest.is_empty() || rest.trim_start().starts_with(':');
    text.strip_prefix("chia ra").is_some_and(ends)
        || text.starts_with("chia theo")
        || CONTAINS
            .iter()
            .any(|word| text.strip_prefix(word).is_some_and(lists))
}

/// How it is written that something consists of what follows.
const CONTAINS: [&str; 3] = ["bao gồm", "gồm có", "gồm"];

/// What is behind «Chia ra» or «Bao gồm», if anything.
pub(in crate::compile) fn behind_division(text: &str) -> String {
    let text = without_marks(text);
    let mut words = CONTAINS.iter().chain(&["chia ra"]);
    let rest = words.find_map(|word| text.strip_prefix(word));
    rest.unwrap_or_default()
        .trim_matches([':', '-', ' ', '.'])
        .to_owned()
}

/// «Phân theo giới tính»: beside a «Tổng số», what follows adds up to it.
pub(in crate::compile) fn divides_a_total(text: &str) -> bool {
    without_marks(text).starts_with("phân theo")
}

/// Does a row begin a list of what the row above it is divided into: «Chia ra:», «Phân theo địa bàn:»?
pub(in crate::compile) fn divides_rows(text: &str) -> bool {
    is_division(text) || divides_a_total(text)
}

/// How «Trong đó» is written.
const PARTS: [&str; 8] = [
    "trong đó",
    "tr.đó",
    "tr. đó",
    "t.đó",
    "t. đó",
    "trong tổng số",
    "trđ",
    "tđ",
];

/// «Trong đó»: what follows is a part of what is before.
pub(in crate::compile) fn is_part(text: &str) -> bool {
    let text = without_marks(text);
    PARTS.iter().any(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// «Tổng số hộ, chia ra:», «Tổng số hộ (trong đó):»: does a label begin a list of what it is divided
/// into (`true`), or of its parts?
pub(in crate::compile) fn begins_list(text: &str) -> Option<bool> {
    // «Tổng kinh phí, bao gồm:» begins a list, «phí bao gồm» does not.
    let listed = text.trim_end().trim_end_matches(')').ends_with(':');
    let text = without_marks(text);
    let ends = |word: &str| {
        let rest = text.strip_suffix(word);
        rest.is_some_and(|rest| rest.ends_with([' ', '(', ',', '.', ':', ';']))
    };
    match () {
        () if ends("chia ra") => Some(true),
        () if listed && CONTAINS.iter().any(|word| ends(word)) => Some(true),
        () if PARTS.iter().any(|word| ends(word)) => Some(false),
        () => None,
    }
}

/// What is behind «Trong đó», if anything.
pub(in crate::compile) fn behind_part(text: &str) -> String {
    let text = without_marks(text);
    let rest = PARTS.iter().find_map(|word| text.strip_prefix(word));
    rest.unwrap_or_default()
        .trim_matches([':', '-', ' ', '.'])
        .to_owned()
}

/// «Lũy kế», written either way, and «cộng dồn».
pub(in crate::compile) fn is_cumulative(text: &str) -> bool {
    let text = normalise(text);
    ["lũy kế", "luỹ kế", "cộng dồn"]
        .iter()
        .any(|word| text.contains(word))
}
