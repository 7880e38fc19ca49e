//! Vietnamese words for titles, headers, rows, units and what people type.

use super::seed::Rng;

const THINGS: [&str; 28] = [
    "hồ sơ",
    "văn bản",
    "học sinh",
    "lớp học",
    "giáo viên",
    "trạm y tế",
    "trẻ em dưới 5 tuổi",
    "liều vắc xin",
    "công trình",
    "tuyến đường",
    "hộ nghèo",
    "hộ cận nghèo",
    "đơn thư",
    "tài khoản định danh",
    "chữ ký số",
    "cuộc họp trực tuyến",
    "hợp tác xã",
    "doanh nghiệp",
    "thôn, ấp",
    "cán bộ, công chức",
    "lượt khám bệnh",
    "thẻ bảo hiểm",
    "cây xanh",
    "ha rừng trồng",
    "vụ việc hòa giải",
    "buổi tuyên truyền",
    "nhà văn hóa",
    "giếng nước",
];

const STATES: [&str; 20] = [
    "tiếp nhận",
    "đã giải quyết",
    "đang giải quyết",
    "quá hạn",
    "trước hạn",
    "cấp mới",
    "thu hồi",
    "đạt chuẩn",
    "chưa đạt",
    "nộp trực tuyến",
    "nộp trực tiếp",
    "tăng thêm",
    "giảm đi",
    "được hỗ trợ",
    "đủ điều kiện",
    "ngoài công lập",
    "công lập",
    "thuộc vùng khó khăn",
    "do huyện bàn giao",
    "qua bưu chính",
];

const PEOPLE: [&str; 6] = [
    "Nữ",
    "Dân tộc thiểu số",
    "Đảng viên",
    "Dưới 30 tuổi",
    "Người khuyết tật",
    "Tạm trú",
];

const PLACES: [&str; 16] = [
    "An Bình",
    "Tân Phú",
    "Hòa Thuận",
    "Long Đức",
    "Mỹ Phước",
    "Phú Khương",
    "Thạnh Trị",
    "Châu Thành",
    "Lộc Hòa",
    "Vĩnh Xuân",
    "Bình Đại",
    "Giồng Trôm",
    "Hưng Mỹ",
    "Nhơn Phú",
    "Trung Ngãi",
    "Quới Thiện",
];

/// A header or row label: "Hồ sơ quá hạn".
pub fn label(rng: &mut Rng) -> String {
    let thing = rng.word(&THINGS);
    match rng.below(5) {
        0 => capital(thing),
        1 => format!("Số {thing} {}", rng.word(&STATES)),
        2 => capital(rng.word(&STATES)),
        _ => format!("{} {}", capital(thing), rng.word(&STATES)),
    }
}

/// What is part of people: "Nữ".
pub fn part(rng: &mut Rng) -> String {
    match rng.below(3) {
        0 => rng.word(&PEOPLE).to_owned(),
        _ => capital(rng.word(&STATES)),
    }
}

/// A name of something a unit lists: "Tuyến đường Lộc Hòa số 3".
pub fn item(rng: &mut Rng, number: usize) -> String {
    let (thing, place) = (capital(rng.word(&THINGS)), rng.word(&PLACES));
    match rng.below(4) {
        0 => format!("{thing} {place} số {number}"),
        1 => format!("{thing} ấp {number}, {place}"),
        2 => format!("{number}. {thing} {place}"),
        _ => format!("{thing} {place} (đợt {number})"),
    }
}

/// The name of the n-th unit of a campaign.
pub fn place(number: usize) -> &'static str {
    PLACES[number % PLACES.len()]
}

/// Words somebody types into a cell of words.
pub fn remark(rng: &mut Rng) -> String {
    let (thing, state) = (rng.word(&THINGS), rng.word(&STATES));
    match rng.below(4) {
        0 => format!("Đang rà soát {thing}"),
        1 => format!("{} {state}; có kế hoạch số 12/KH-UBND", capital(thing)),
        2 => format!("Theo Nghị quyết 08 & hướng dẫn <{state}>"),
        _ => capital(state),
    }
}

/// With a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
