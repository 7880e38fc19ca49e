//! What is printed over a table: title, code, legal basis, unit of measure.

use crate::compile::page::Page;
use crate::text::measure::stated;
use crate::text::{is_roman, normalise};

/// The lines over a table.
#[derive(Debug, Default, Clone)]
pub(super) struct Title {
    pub(super) title: Option<String>,
    pub(super) code: Option<String>,
    pub(super) legal_basis: Option<String>,
    pub(super) unit: Option<String>,
}

/// Reads the rows over a header.
pub(super) fn read(page: &Page<'_>, rows: std::ops::Range<u32>) -> Title {
    let mut title = Title::default();
    let mut lines: Vec<&str> = Vec::new();
    let mut other: Option<&str> = None;
    for row in rows {
        let texts: Vec<(u32, &str)> = page.row(row).collect();
        for text in texts.iter().flat_map(|(_, text)| text.lines()) {
            let plain = normalise(text);
            if let Some(code) = code(text, &plain) {
                title.code.get_or_insert(code);
                // "Mẫu số B 02 - DN (Ban hành theo Thông tư ...)"
                if let Some((_, behind)) =
                    text.split_once('(').filter(|_| plain.contains("ban hành"))
                {
                    title.legal_basis.get_or_insert(basis(behind));
                }
            } else if is_legal_basis(text) {
                title.legal_basis.get_or_insert(basis(text));
            } else if let Some(unit) = unit(text, &plain) {
                title.unit = Some(unit);
            } else if texts.len() == 1 && !is_letterhead(text, &plain) {
                match is_capitals(text) {
                    true => lines.push(text),
                    false => other = other.or(Some(text)),
                }
            }
        }
    }
    // Who reports is printed over what is reported, where both are.
    let offices = lines.iter().take_while(|line| may_be_office(line)).count();
    if offices < lines.len() {
        lines.drain(..offices);
    }
    title.title = match lines.is_empty() {
        true => other.map(one_line),
        false => Some(one_line(&lines.join(" "))),
    };
    title
}

/// "(Ban hành kèm theo Thông tư số 08/2013/TT-TTCP)": the document alone, as templates print what
/// it is before it.
fn basis(text: &str) -> String {
    const BEGINNINGS: [&str; 6] = ["ban", "hành", "kèm", "theo", "tại", "của"];
    let text = text.trim().trim_start_matches('(');
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins = |word: &&&str| BEGINNINGS.contains(&normalise(word).as_str());
    let skipped = words.iter().take_while(begins).count();
    let document = words[skipped..].join(" ");
    let document = document.trim_start_matches([':', '(', ' ']);
    let opened = document.matches('(').count() >= document.matches(')').count();
    match opened {
        true => document.to_owned(),
        false => document.trim_end_matches([')', '.']).to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "Biểu số: 01/XLD", "Mẫu số B 02 - DN", "Mẫu 01", "Phụ lục II".
fn code(text: &str, plain: &str) -> Option<String> {
    const BEGINNINGS: [&str; 10] = [
        "phụ biểu số",
        "phụ biểu",
        "phụ lục số",
        "phụ lục",
        "biểu mẫu số",
        "biểu số",
        "mẫu số",
        "mẫu biểu số",
        "biểu",
        "mẫu",
    ];
    let beginning = BEGINNINGS
        .iter()
        .find(|beginning| plain.starts_with(*beginning))?;
    let words = beginning.split(' ').count();
    let rest: Vec<&str> = text.split_whitespace().skip(words).collect();
    let rest = rest.join(" ");
    let rest = rest.trim_start_matches([':', '.', ' ']);
    let code = match rest.find(" (") {
        Some(at) => &rest[..at],
        None => rest,
    };
    let code = code.trim_end_matches(['.', ':', ')', ' ']);
    // "Mẫu nước thải của 6 cơ sở" is a title.
    let first = code.split_whitespace().next().unwrap_or_default();
    let named = match *beginning {
        "mẫu" | "phụ lục" => is_short_code(first),
        _ => code.chars().any(|c| c.is_ascii_digit()) || is_roman(first),
    };
    (named && code.chars().count() <= 30).then(|| code.to_owned())
}

/// `01`, `TL-02`, `7a`, `II`
fn is_short_code(word: &str) -> bool {
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-/.Đđ".contains(c));
    let digits = word.chars().any(|c| c.is_ascii_digit());
    plain && digits && !word.chars().any(|c| c == 'đ') || is_roman(word)
}

/// "Đơn vị tính: triệu đồng", "(ĐVT: người)".
fn unit(text: &str, plain: &str) -> Option<String> {
    let plain = plain.trim_start_matches('(');
    let labelled = ["đơn vị tính", "đvt", "đv tính"]
        .iter()
        .any(|label| plain.starts_with(label));
    let (_, unit) = text.split_once(':')?;
    let unit = unit.trim().trim_end_matches(')').trim();
    // «Đơn vị: ha», but «Đơn vị: Xã An Bình».
    let measure = plain.starts_with("đơn vị:") && (stated(&format!("({unit})")).is_some());
    if !(labelled || measure) {
        return None;
    }
    (!unit.is_empty() && !unit.contains("..")).then(|| unit.to_lowercase())
}

/// Lines that are printed over any form: who reports to whom and when, not what.
fn is_letterhead(text: &str, plain: &str) -> bool {
    const WORDS: [&str; 9] = [
        "cộng hòa xã hội",
        "độc lập - tự do",
        "kỳ báo cáo",
        "đơn vị báo cáo",
        "địa chỉ",
        "ngày nhận",
        "....",
        "đơn vị gửi",
        "đơn vị nhận",
    ];
    const OFFICES: [&str; 9] = [
        "đơn vị:",
        "tên đơn vị",
        "kính gửi",
        "ủy ban nhân dân",
        "uỷ ban nhân dân",
        "của ủy ban",
        "của uỷ ban",
        "sở ",
        "bộ ",
    ];
    // «Sở hữu nhà ở», «Bộ chỉ số cải cách hành chính»
    const THINGS: [&str; 6] = [
        "sở hữu",
        "sở thích",
        "bộ chỉ số",
        "bộ tiêu chí",
        "bộ đơn giá",
        "bộ thủ tục",
    ];
    let begins = |words: &[&str]| words.iter().any(|word| plain.starts_with(word));
    // «KẾT QUẢ 6 THÁNG ĐẦU NĂM» says what is reported, «Tháng 6 năm 2026» when.
    let dated = plain.contains("tháng ")
        && (!is_capitals(text) || begins(&["tháng", "(tháng", "ngày", "quý", "kỳ"]));
    let said = WORDS.iter().any(|word| plain.contains(word)) || dated;
    said && !begins(&["báo cáo"]) || begins(&OFFICES) && !begins(&THINGS)
}

/// «UBND XÃ AN BÌNH», «CHI CỤC THUỶ LỢI»: a title only where no other is.
fn may_be_office(text: &str) -> bool {
    const OFFICES: [&str; 11] = [
        "ubnd",
        "hđnd",
        "hội đồng nhân dân",
        "phòng giáo dục",
        "phòng kinh tế",
        "phòng nội vụ",
        "phòng tài chính",
        "phòng văn hóa",
        "phòng y tế",
        "chi cục ",
        "công an ",
    ];
    let plain = normalise(text);
    OFFICES.iter().any(|office| plain.starts_with(office))
}

/// "(Ban hành kèm theo Thông tư số 08/2013/TT-TTCP)", "Quyết định ban hành ngày 5/4/2022"; not «Số
/// văn bản ban hành» or «BAN HÀNH VĂN BẢN QUY PHẠM PHÁP LUẬT».
pub(super) fn is_legal_basis(text: &str) -> bool {
    const SAID: [&str; 4] = ["kèm theo", "ban hành kèm", "ban hành theo", "ban hành tại"];
    let plain = normalise(text);
    let dated = plain.contains('/') || plain.contains("ngày ");
    SAID.iter().any(|words| plain.contains(words))
        || plain.contains("ban hành") && dated && !is_capitals(text)
}

/// Is nearly every letter a capital?
fn is_capitals(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    letters.len() >= 4 && capitals * 10 >= letters.len() * 8
}
