//! What the figures of a column are: counted or measured, in which unit.

use super::plain::plain;
use crate::text::normalise;

/// Header of a column that counts people or things: «Số người chết», «Số hộ», «Số lượng (hộ)».
pub(in crate::compile) fn is_count_header(text: &str) -> bool {
    let own = plain(text);
    let counts = |rest: &str| {
        COUNTED.iter().any(|thing| {
            let behind = rest.strip_prefix(thing);
            behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
        })
    };
    own.strip_prefix("số ").is_some_and(counts) || unit_in(text).is_some_and(|unit| counts(&unit))
}

/// What a header counts: «hộ» of «Số hộ», «Tổng số hộ nghèo».
pub(in crate::compile) fn counted_in(text: &str) -> Option<&'static str> {
    let own = plain(text);
    let own = own.strip_prefix("tổng ").unwrap_or(&own);
    let rest = own.strip_prefix("số ")?;
    let things = COUNTED.iter().copied().filter(|thing| {
        let behind = rest.strip_prefix(thing);
        behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
    });
    things.max_by_key(|thing| thing.len())
}

/// Does a word for what is counted name people?
pub(in crate::compile) fn counts_people(thing: &str) -> bool {
    ["người", "lượt người", "học sinh", "lao động", "khẩu"].contains(&thing)
}

/// Does a header name some of the people that are counted beside it: «Nữ», «Dân tộc thiểu số»?
pub(in crate::compile) fn names_people(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "nữ",
        "nam",
        "dân tộc",
        "dtts",
        "trẻ em",
        "khuyết tật",
        "đảng viên",
        "người",
    ];
    let own = format!(" {} ", normalise(text));
    WORDS.iter().any(|word| own.contains(&format!(" {word} ")))
}

/// A unit of things that are counted.
pub(in crate::compile) fn is_counted(unit: &str) -> bool {
    let unit = normalise(unit);
    COUNTED.contains(&unit.as_str()) && unit != "%"
}

/// Header of what is measured, so that it may have decimals: «Diện tích», «Thời gian (giờ)».
pub(in crate::compile) fn is_measure_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 40] = [
        "hệ số",
        "diện tích",
        "năng suất",
        "sản lượng",
        "bình quân",
        "điểm",
        "số điểm",
        "đơn giá",
        "giá ",
        "mật độ",
        "bán kính",
        "nhiệt độ",
        "độ ",
        "dung tích",
        "dung lượng",
        "thể tích",
        "công suất",
        "chiều ",
        "khoảng cách",
        "thời gian",
        "thời lượng",
        "số giờ",
        "số km",
        "số ha",
        "số tấn",
        "số kg",
        "số ngày công",
        "chỉ số",
        "tuổi thọ",
        "tốc độ",
        "cự ly",
        "lượng",
        "mực nước",
        "trữ lượng",
        "lưu lượng",
        "hàm lượng",
        "nồng độ",
        "tần suất",
        "định mức",
        "xếp hạng",
    ];
    const WORDS: [&str; 16] = [
        "trọng lượng",
        "khối lượng",
        "doanh thu",
        "doanh số",
        "kinh phí",
        "vốn",
        "tiền",
        "giá trị",
        "thu nhập",
        "chiều dài",
        "ngân sách",
        "lợi nhuận",
        "chi phí",
        "dư nợ",
        "trung bình",
        "bình quân",
    ];
    // «Độ tuổi 18-35», «Độ 3» of a service, and what counts things: «Số dự án vốn ODA».
    const COUNTING: [&str; 4] = ["độ tuổi", "điểm trường", "điểm bán", "điểm du lịch"];
    let own = plain(text);
    let begins = |words: &[&str]| words.iter().any(|word| own.starts_with(word));
    let numbered = own
        .strip_prefix("độ ")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (begins(&BEGINNINGS) || WORDS.iter().any(|word| own.contains(word)))
        && !begins(&COUNTING)
        && !numbered
        || is_measured_in_time(text)
}

/// Header that says of which plan or account figures are, but not of what: they may have decimals
/// unless something else says that things are counted.
pub(in crate::compile) fn is_open_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 25] = [
        "kế hoạch",
        "chỉ tiêu",
        "mục tiêu",
        "thực hiện",
        "ước thực hiện",
        "dự toán",
        "quyết toán",
        "giải ngân",
        "thanh toán",
        "tồn đầu",
        "tồn cuối",
        "số dư",
        "phát sinh",
        "dư đầu",
        "dư cuối",
        "nợ",
        "thu ",
        "chi ",
        "thuế",
        "phí",
        "cùng kỳ",
        "kỳ trước",
        "kỳ này",
        "tạm ứng",
        "lương",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// «Thời gian (giờ)»
pub(super) fn is_measured_in_time(text: &str) -> bool {
    const UNITS: [&str; 5] = ["giờ", "phút", "ngày công", "công", "ngày"];
    unit_in_brackets(text).is_some_and(|unit| UNITS.contains(&unit.as_str()))
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

/// What the last brackets of a header hold, as it is compared.
fn unit_in_brackets(header: &str) -> Option<String> {
    let inside = header.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    Some(normalise(inside))
}

/// The unit of measure in the last brackets of a header, as it is compared.
pub(in crate::compile) fn unit_in(header: &str) -> Option<String> {
    let unit = unit_in_brackets(header)?;
    (COUNTED.contains(&unit.as_str()) || is_measured(&unit)).then_some(unit)
}

/// A unit of measure of money or of things that are measured, not counted.
pub(in crate::compile) fn is_measured(unit: &str) -> bool {
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
