//! What a column is for, by the words of its header.

use super::measures::is_measured_in_time;
use super::plain::plain;
use crate::text::normalise;

/// Header of the column of ordinals.
pub(in crate::compile) fn is_ordinal_header(text: &str) -> bool {
    matches!(
        plain(text).as_str(),
        "stt" | "tt" | "số tt" | "số thứ tự" | "thứ tự" | "s tt"
    )
}

/// Header of the column of codes.
pub(in crate::compile) fn is_code_header(text: &str) -> bool {
    let text = plain(text);
    matches!(
        text.as_str(),
        "mã số" | "mã" | "ms" | "mã chỉ tiêu" | "mã số chỉ tiêu" | "mã dòng"
    )
}

/// Header of the column that prints units of measure.
pub(in crate::compile) fn is_unit_header(text: &str) -> bool {
    let text = plain(text);
    matches!(
        text.as_str(),
        "đơn vị tính" | "đvt" | "đv tính" | "đơn vị đo"
    )
}

/// «Đơn vị», which heads units of measure where such are printed under it, else the names of units.
pub(in crate::compile) fn may_head_units(text: &str) -> bool {
    plain(text) == "đơn vị"
}

/// Header of the column that names rows.
pub(in crate::compile) fn is_label_header(text: &str) -> bool {
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
pub(in crate::compile) fn is_method_header(text: &str) -> bool {
    let text = plain(text);
    ["cách tính", "công thức", "phương pháp tính", "cách lập"]
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// Header of a column of words, whatever is below it.
pub(in crate::compile) fn is_text_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 29] = [
        "ghi chú",
        "nguồn thông tin",
        "nguồn số liệu",
        "số, ngày",
        "số, ký hiệu",
        "số ký hiệu",
        "số/ngày",
        "thuyết minh",
        "ký nhận",
        "ký tên",
        "chữ ký",
        "lý do",
        "địa chỉ",
        "căn cứ",
        "họ và tên",
        "họ tên",
        "tên",
        "năm sinh",
        "đặc điểm",
        "giải trình",
        "mô tả",
        "chức vụ",
        "kiến nghị",
        "đề xuất",
        "vướng mắc",
        "khó khăn",
        "ý kiến",
        "người phụ trách",
        "đánh giá",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
        || is_method_header(&text)
}

/// Header that names where something comes from or happens: words, unless the form counts or adds up
/// what it names («Chia theo nguyên nhân», «Nguồn ngân sách» beside «Tổng số»).
pub(in crate::compile) fn may_be_text_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["nguyên nhân", "nguồn", "địa điểm", "nơi", "cơ quan"];
    let own = plain(text);
    let begins = |beginning: &&str| own.starts_with(beginning);
    BEGINNINGS.iter().any(begins) || tells_in_words(text)
}

/// Header that asks how something stands, which is told in words even where the form numbers all its
/// columns: «Tiến độ thực hiện», «Tình trạng», «Kết quả».
pub(in crate::compile) fn tells_in_words(text: &str) -> bool {
    const BEGINNINGS: [&str; 16] = [
        "tình trạng",
        "hiện trạng",
        "hình thức",
        "tiến độ",
        "phương án",
        "phương thức",
        "phương hướng",
        "biện pháp",
        "giải pháp",
        "nhận xét",
        "đề nghị",
        "hạn chế",
        "tồn tại",
        "người thực hiện",
        "người chịu trách nhiệm",
        "thời gian",
    ];
    const WHOLE: [&str; 5] = [
        "nguyên nhân",
        "xếp loại",
        "trạng thái",
        "chủ đầu tư",
        "đơn vị thực hiện",
    ];
    let own = plain(text);
    let begins = BEGINNINGS
        .iter()
        .any(|beginning| own.starts_with(beginning));
    begins && !is_measured_in_time(text) || WHOLE.contains(&own.as_str()) || is_result_header(text)
}

/// «Kết quả», «Kết quả thực hiện»: words beside what was to be done, a figure beside what was planned.
pub(in crate::compile) fn is_result_header(text: &str) -> bool {
    const RESULTS: [&str; 6] = [
        "kết quả",
        "kết quả thực hiện",
        "kết quả đạt được",
        "kết quả giải quyết",
        "kết quả xử lý",
        "kết quả triển khai",
    ];
    RESULTS.contains(&plain(text).as_str())
}

/// Header of what figures are set against: «Kế hoạch», «Cùng kỳ».
pub(in crate::compile) fn is_plan_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "kế hoạch",
        "chỉ tiêu",
        "mục tiêu",
        "dự toán",
        "cùng kỳ",
        "kỳ trước",
        "năm trước",
        "tháng trước",
    ];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// Header of the numbers by which papers and people are known; in a table of indicators, or with
/// what became of them («Số thẻ đã cấp»), it counts them.
pub(in crate::compile) fn may_be_code_header(text: &str) -> bool {
    const CODES: [&str; 10] = [
        "số quyết định",
        "số tài khoản",
        "số nhà",
        "số sổ",
        "số giấy",
        "số thẻ",
        "số hợp đồng",
        "số chứng từ",
        "số văn bản, ngày",
        "số hiệu",
    ];
    let text = plain(text);
    CODES.iter().any(|beginning| text.starts_with(beginning))
}

/// Header of numbers that are never counted.
pub(in crate::compile) fn is_identity_header(text: &str) -> bool {
    const CODES: [&str; 4] = ["số cccd", "số cmnd", "số điện thoại", "số định danh"];
    let text = plain(text);
    CODES.iter().any(|beginning| text.starts_with(beginning))
}

/// Does a header say what became of things, so that it counts them: «Số thẻ đã cấp»?
pub(in crate::compile) fn says_done(text: &str) -> bool {
    const DONE: [&str; 6] = ["đã", "được", "phải", "chưa", "cấp", "còn"];
    plain(text).split(' ').any(|word| DONE.contains(&word))
}

/// Header of a column of numbers by which papers are known, if a day is beside it.
pub(in crate::compile) fn is_number_of_paper(text: &str) -> bool {
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
pub(in crate::compile) fn is_place_header(text: &str) -> bool {
    let text = plain(text);
    ["thôn", "ấp", "bản", "xóm", "khu phố", "tổ dân phố"]
        .iter()
        .any(|word| text == *word || text.starts_with(&format!("{word},")))
        || text.starts_with("trình độ")
}

/// Header of a column of figures, where nothing else says so.
pub(in crate::compile) fn is_figure_header(text: &str) -> bool {
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
    !(is_text_header(text) || may_be_text_header(text) || is_identity_header(text))
        && WORDS.iter().any(|word| match *word {
            "nam" | "nữ" => plain == *word,
            "số " | "mức" => begins(word),
            word => plain.contains(word),
        })
}

/// Header of a column of prices, rates and the like, which no total adds up.
pub(in crate::compile) fn is_rate_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "đơn giá",
        "giá ",
        "hệ số",
        "định mức",
        "năng suất",
        "thuế suất",
        "lãi suất",
        "mức ",
        "mật độ",
        "trung bình",
        "tỷ lệ",
        "tỉ lệ",
    ];
    // What is added up all the same; «Mức độ 3» is a group of services.
    const ADDED: [&str; 2] = ["giá trị", "mức độ"];
    let text = plain(text);
    let begins = |words: &[&str]| words.iter().any(|beginning| text.starts_with(beginning));
    begins(&BEGINNINGS) && !begins(&ADDED)
        || text.contains("bình quân")
        || text.contains("trung bình")
}

/// Header of prices of one thing each: «Giá bán lẻ», «Đơn giá».
pub(in crate::compile) fn is_price_header(text: &str) -> bool {
    let text = plain(text);
    ["đơn giá", "giá "]
        .iter()
        .any(|word| text.starts_with(word))
        && !text.starts_with("giá trị")
}

/// «Mức hỗ trợ»: what each gets, which is a rate beside what it is multiplied with.
pub(in crate::compile) fn is_level_header(text: &str) -> bool {
    plain(text).starts_with("mức ") && is_rate_header(text)
}

/// Header of a column of how many of something there are, counted in its own unit.
pub(in crate::compile) fn is_quantity_header(text: &str) -> bool {
    let text = plain(text);
    ["số lượng", "khối lượng", "sl"].contains(&text.as_str())
}

/// Header of a column of averages, which are computed and rounded: «Năng suất», «Mật độ».
pub(in crate::compile) fn is_average_header(text: &str) -> bool {
    const BEGINNINGS: [&str; 4] = ["năng suất", "mật độ", "trung bình", "bình quân"];
    let text = plain(text);
    BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
        || text.contains("bình quân")
        || text.contains("trung bình")
}

/// Header or label of what compares two periods: «Tăng, giảm», «Chênh lệch», «So với kế hoạch». Of a
/// part it may be more than of the whole.
pub(in crate::compile) fn is_change(text: &str) -> bool {
    let text = plain(text);
    text.contains("tăng") && text.contains("giảm")
        || ["chênh lệch", "so với", "so sánh"]
            .iter()
            .any(|beginning| text.starts_with(beginning))
}

/// Does a header ask for one of two words: "Đã khởi tố (có/không)"?
pub(in crate::compile) fn is_yes_or_no(header: &str) -> bool {
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

/// Does a header ask for one of two words of which one denies the other: «Tự đánh giá (Đạt/Chưa đạt)»?
pub(in crate::compile) fn is_one_or_other(header: &str) -> bool {
    let inside = header
        .trim_end()
        .strip_suffix(')')
        .and_then(|header| header.rsplit_once('('));
    let inside = inside.map(|(_, inside)| normalise(inside));
    let denies = |one: &str, other: &str| {
        ["chưa ", "không "]
            .iter()
            .any(|no| other.strip_prefix(no) == Some(one))
    };
    inside.is_some_and(|inside| {
        let words: Vec<&str> = inside.split(['/', ',', ';']).map(str::trim).collect();
        matches!(words.as_slice(), [one, other] if denies(one, other) || denies(other, one))
    })
}

/// Does a header ask for a mark: "Đã hoàn thành (đánh dấu x)", "Đạt (x)"?
pub(in crate::compile) fn is_mark_header(header: &str) -> bool {
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

/// Header of a column of differences, which may be below zero: «Tăng (+), giảm (-)», «Chênh lệch».
pub(in crate::compile) fn may_be_negative(text: &str) -> bool {
    let text = plain(text);
    is_change(&text)
        || text.contains("chênh lệch")
        || [
            "so sánh",
            "so với",
            "so cùng kỳ",
            "lãi",
            "lỗ",
            "lợi nhuận",
            "thặng dư",
            "thừa, thiếu",
        ]
        .iter()
        .any(|beginning| text.starts_with(beginning))
        || text.contains("(+")
        || text.contains('±')
}

/// Header of a column of days.
pub(in crate::compile) fn is_date_header(text: &str) -> bool {
    let text = plain(text);
    text.starts_with("ngày") && !text.starts_with("ngày công")
        || ["từ ngày", "đến ngày"].contains(&text.as_str())
        || text.starts_with("thời hạn")
        || text.starts_with("thời điểm")
}

/// "Tỷ lệ (%)"; not "hưởng 100%".
pub(in crate::compile) fn is_percent(header: &str) -> bool {
    let digit_before = |at: usize| {
        header[..at]
            .trim_end()
            .ends_with(|c: char| c.is_ascii_digit())
    };
    let sign = header.match_indices('%').any(|(at, _)| !digit_before(at));
    let plain = normalise(header);
    sign || plain.starts_with("tỷ lệ") || plain.starts_with("tỉ lệ")
}
