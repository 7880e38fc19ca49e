//! The words by which forms are laid out: headers of ordinals, codes and units, totals, ends of
//! tables. All texts are compared as [`normalise`] writes them.

use crate::text::normalise;

/// A header as it is compared: without a printed code behind it, `(3)` or `(3)=(4)+(5)`.
fn plain(text: &str) -> String {
    let text = normalise(text);
    let code = |(at, _): (usize, &str)| {
        let inside = text[at + 1..].split(')').next().unwrap_or_default();
        let rest = text[at + 1 + inside.len()..]
            .trim_start_matches(')')
            .trim_start();
        let short = inside.len() <= 3 && inside.chars().all(|c| c.is_ascii_alphanumeric());
        (at > 0 && short && (rest.is_empty() || rest.starts_with('='))).then_some(at)
    };
    match text.match_indices('(').find_map(code) {
        Some(at) => text[..at].trim_end().to_owned(),
        None => text,
    }
}

/// Header of the column of ordinals.
pub(super) fn is_ordinal_header(text: &str) -> bool {
    matches!(
        plain(text).as_str(),
        "stt" | "tt" | "số tt" | "số thứ tự" | "thứ tự" | "s tt"
    )
}

/// `I`, `1.`, `a)`, `1.1`, `-`
pub(super) fn is_ordinal(text: &str) -> bool {
    let plain = text.trim_matches(['(', ')', '.', ' ', '/', '-', '+', '*']);
    plain.chars().count() <= 6
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        && (plain.chars().filter(char::is_ascii_alphabetic).count() <= 1
            || plain.chars().all(|c| "IVXivx.".contains(c)))
}

/// Header of the column of codes.
pub(super) fn is_code_header(text: &str) -> bool {
    let text = plain(text);
    matches!(
        text.as_str(),
        "mã số" | "mã" | "ms" | "mã chỉ tiêu" | "mã số chỉ tiêu" | "mã dòng"
    )
}

/// Header of the column that prints units of measure.
pub(super) fn is_unit_header(text: &str) -> bool {
    let text = plain(text);
    matches!(
        text.as_str(),
        "đơn vị tính" | "đvt" | "đv tính" | "đơn vị đo"
    )
}

/// «Đơn vị», which heads units of measure where such are printed under it, else the names of units.
pub(super) fn may_head_units(text: &str) -> bool {
    plain(text) == "đơn vị"
}

/// Header of the column that names rows.
pub(super) fn is_label_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "chỉ tiêu",
        "nội dung",
        "tên",
        "họ và tên",
        "họ tên",
        "danh mục",
        "diễn giải",
        "đơn vị",
        "khoản mục",
        "loại",
        "lĩnh vực",
        "tổ chức",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
        && !is_unit_header(&text)
}

/// Header of a column that prints how each row is computed.
pub(super) fn is_method_header(text: &str) -> bool {
    let text = plain(text);
    ["cách tính", "công thức", "phương pháp tính", "cách lập"]
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// Header of a column of words.
pub(super) fn is_text_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 21] = [
        "ghi chú",
        "thuyết minh",
        "ký nhận",
        "ký tên",
        "chữ ký",
        "lý do",
        "nguyên nhân",
        "địa chỉ",
        "căn cứ",
        "nguồn",
        "họ và tên",
        "họ tên",
        "tên",
        "năm sinh",
        "đặc điểm",
        "giải trình",
        "mô tả",
        "địa điểm",
        "chức vụ",
        "nơi",
        "cơ quan",
    ];
    const CODES: [&str; 14] = [
        "số quyết định",
        "số hiệu",
        "số cccd",
        "số cmnd",
        "số điện thoại",
        "số tài khoản",
        "số nhà",
        "số sổ",
        "số giấy",
        "số thẻ",
        "số định danh",
        "số hợp đồng",
        "số chứng từ",
        "số văn bản, ngày",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .chain(&CODES)
        .any(|beginning| text.starts_with(beginning))
        || is_method_header(&text)
}

/// Header of a column of numbers by which papers are known, if a day is beside it.
pub(super) fn is_number_of_paper(text: &str) -> bool {
    const QUANTITIES: [&str; 7] = [
        "số tiền",
        "số lượng",
        "số người",
        "số ngày",
        "số hộ",
        "số lần",
        "số dư",
    ];
    let text = plain(text);
    text.starts_with("số ")
        && !QUANTITIES.iter().any(|word| text.starts_with(word))
        && !text.contains('(')
}

/// Header of a column that says where or what somebody is in a list; elsewhere it may count
/// villages, or people.
pub(super) fn is_place_header(text: &str) -> bool {
    let text = plain(text);
    ["thôn", "ấp", "bản", "xóm", "khu phố", "tổ dân phố"]
        .iter()
        .any(|word| text == *word || text.starts_with(&format!("{word},")))
        || text.starts_with("trình độ")
}

/// Header of a column of figures, where nothing else says so.
pub(super) fn is_figure_header(text: &str) -> bool {
    const WORDS: [&str; 26] = [
        "số ",
        "tổng",
        "cộng",
        "tiền",
        "mức",
        "kinh phí",
        "giá",
        "diện tích",
        "hệ số",
        "tỷ lệ",
        "tỉ lệ",
        "lượng",
        "%",
        "chi phí",
        "doanh thu",
        "thuế",
        "vốn",
        "dự toán",
        "quyết toán",
        "thực hiện",
        "kế hoạch",
        "lũy kế",
        "luỹ kế",
        "nam",
        "nữ",
        "phụ cấp",
    ];
    let plain = plain(text);
    let begins = |word: &str| plain.starts_with(word);
    !is_text_header(text)
        && WORDS.iter().any(|word| match *word {
            "nam" | "nữ" => plain == *word,
            "số " | "mức" => begins(word),
            word => plain.contains(word),
        })
}

/// Header of a column of prices, rates and the like, which no total adds up.
pub(super) fn is_rate_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 10] = [
        "đơn giá",
        "giá ",
        "hệ số",
        "định mức",
        "năng suất",
        "thuế suất",
        "lãi suất",
        "mức ",
        "tỷ lệ",
        "tỉ lệ",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
        && !text.starts_with("giá trị")
        || text.contains("bình quân")
}

/// Header of a column that counts people or things: «Số người chết», «Số hộ», «Số lượng (hộ)».
pub(super) fn is_count_header(text: &str) -> bool {
    let own = plain(text);
    let counts = |rest: &str| {
        COUNTED.iter().any(|thing| {
            let behind = rest.strip_prefix(thing);
            behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
        })
    };
    own.strip_prefix("số ").is_some_and(counts) || unit_in(text).is_some_and(|unit| counts(&unit))
}

/// Does a header ask for one of two words: "Đã khởi tố (có/không)"?
pub(super) fn is_yes_or_no(header: &str) -> bool {
    let joined: String = normalise(header).split_whitespace().collect();
    [
        "có/không",
        "có,không)",
        "cóhaykhông)",
        "cóhoặckhông)",
        "có-không)",
    ]
    .iter()
    .any(|words| joined.contains(words))
}

/// Does a header ask for a mark: "Đã hoàn thành (đánh dấu x)", "Đạt (x)"?
pub(super) fn is_mark_header(header: &str) -> bool {
    let plain = normalise(header);
    let said = [
        "đánh dấu",
        "dấu x",
        "dấu (x)",
        "dấu \"x\"",
        "(x)",
        "tích x",
        "ghi x ",
    ];
    said.iter().any(|words| plain.contains(words))
}

/// Header of a column of days.
pub(super) fn is_date_header(text: &str) -> bool {
    let text = plain(text);
    text.starts_with("ngày") && !text.starts_with("ngày công")
        || ["từ ngày", "đến ngày"].contains(&text.as_str())
        || text.starts_with("thời hạn")
        || text.starts_with("thời điểm")
}

/// «Tổng số», «Tổng cộng», «Cộng»: a column or row that is a sum, by its name alone.
pub(super) fn is_total(text: &str) -> bool {
    let text = without_marks(text);
    matches!(
        text.as_str(),
        "tổng số"
            | "tổng cộng"
            | "cộng"
            | "tổng"
            | "toàn xã"
            | "toàn huyện"
            | "toàn tỉnh"
            | "tổng cộng các mục"
            | "cộng tổng"
            | "tổng chung"
    )
}

/// «Cộng I», «Cộng mục II»: the ordinal of the rows that a row adds up.
pub(super) fn subtotal_of(text: &str) -> Option<String> {
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

/// «Chia ra», «Chia theo»: what follows adds up to what is before.
pub(super) fn is_division(text: &str) -> bool {
    let text = without_marks(text);
    let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    text.strip_prefix("chia ra").is_some_and(ends) || text.starts_with("chia theo")
}

/// "Tỷ lệ (%)"; not "hưởng 100%".
pub(super) fn is_percent(header: &str) -> bool {
    let digit_before = |at: usize| {
        header[..at]
            .trim_end()
            .ends_with(|c: char| c.is_ascii_digit())
    };
    let sign = header.match_indices('%').any(|(at, _)| !digit_before(at));
    let plain = normalise(header);
    sign || plain.starts_with("tỷ lệ") || plain.starts_with("tỉ lệ")
}

/// «Bao gồm», «Phân theo»: what follows may add up to what is before.
pub(super) fn may_divide(text: &str) -> bool {
    let text = without_marks(text);
    text == "gồm"
        || ["bao gồm", "gồm có", "phân theo"]
            .iter()
            .any(|beginning| text.starts_with(beginning))
}

/// How «Trong đó» is written.
const PARTS: [&str; 5] = ["trong đó", "tr.đó", "tr. đó", "trong tổng số", "trđ"];

/// «Trong đó»: what follows is a part of what is before.
pub(super) fn is_part(text: &str) -> bool {
    let text = without_marks(text);
    PARTS.iter().any(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// What is behind «Trong đó», if anything.
pub(super) fn behind_part(text: &str) -> String {
    let text = without_marks(text);
    let rest = PARTS.iter().find_map(|word| text.strip_prefix(word));
    rest.unwrap_or_default()
        .trim_matches([':', '-', ' ', '.'])
        .to_owned()
}

/// A label without dashes, brackets and marks around it.
pub(super) fn without_marks(text: &str) -> String {
    let text = plain(text);
    text.trim_matches([' ', '-', '+', '*', '•', ':', '.', '(', ')', '–', ';'])
        .to_owned()
}

/// A line under a table: notes, signatures, "Nơi nhận".
pub(super) fn is_end(text: &str) -> bool {
    const BEGINNINGS: [&str; 22] = [
        "ghi chú",
        "chú thích",
        "lưu ý",
        "người lập",
        "lập biểu",
        "lập, ngày",
        "thủ trưởng",
        "kế toán",
        "nơi nhận",
        "(ký",
        "ký, ghi",
        "chủ tịch",
        "tm.",
        "kt.",
        "xác nhận",
        "giám đốc",
        "tổng số tiền (viết bằng chữ",
        "số tiền bằng chữ",
        "bằng chữ",
        "hướng dẫn",
        "giải thích",
        "người kiểm",
    ];
    let text = normalise(text);
    // «Ghi chú» alone is the header of a column.
    text != "ghi chú"
        && BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        || is_dated(&text)
}

/// "........., ngày ..... tháng ..... năm ......."
fn is_dated(text: &str) -> bool {
    text.contains("ngày")
        && text.contains("tháng")
        && text.contains("năm")
        && text.len() < 120
        && (text.contains("..") || text.contains('…'))
}

/// Things that are counted.
const COUNTED: [&str; 24] = [
    "vụ",
    "người",
    "lượt",
    "lượt người",
    "hồ sơ",
    "đơn",
    "hộ",
    "cái",
    "chiếc",
    "trường",
    "lớp",
    "học sinh",
    "cơ sở",
    "buổi",
    "ca",
    "con",
    "cuốn",
    "cuộc",
    "văn bản",
    "dự án",
    "công trình",
    "lao động",
    "khẩu",
    "%",
];

/// The unit of measure in the last brackets of a header, as it is compared.
pub(super) fn unit_in(header: &str) -> Option<String> {
    let inside = header.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    let unit = normalise(inside);
    (COUNTED.contains(&unit.as_str()) || is_measured(&unit)).then_some(unit)
}

/// A unit of measure of money or of things that are measured, not counted.
pub(super) fn is_measured(unit: &str) -> bool {
    const WORDS: [&str; 24] = [
        "đồng",
        "ha",
        "tấn",
        "kg",
        "m2",
        "m²",
        "m3",
        "m³",
        "km",
        "tạ",
        "lít",
        "kwh",
        "usd",
        "vnđ",
        "vnd",
        "độ",
        "m",
        "tỷ",
        "triệu",
        "hecta",
        "héc-ta",
        "mét",
        "điểm",
        "hệ số",
    ];
    let unit = normalise(unit);
    unit.split(|c: char| !c.is_alphanumeric() && c != '²' && c != '³' && c != '-')
        .any(|word| WORDS.contains(&word))
}

/// Does a sentence say under which condition it holds?
pub(super) fn is_conditional(text: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "nếu",
        "trường hợp",
        "đối với",
        "riêng",
        "khi",
        "chỉ khi",
        "trong trường hợp",
        "trừ trường hợp",
    ];
    let text = normalise(text);
    let words = format!(" {text} ");
    BEGINNINGS
        .iter()
        .any(|word| words.contains(&format!(" {word} ")))
}

/// «Lũy kế», written either way, and «cộng dồn».
pub(super) fn is_cumulative(text: &str) -> bool {
    let text = normalise(text);
    ["lũy kế", "luỹ kế", "cộng dồn"]
        .iter()
        .any(|word| text.contains(word))
}
