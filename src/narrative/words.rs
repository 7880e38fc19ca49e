//! Numbers in Vietnamese words, as money is written out on vouchers.

use crate::model::Number;

const DIGITS: [&str; 10] = [
    "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
];

/// "bảy nghìn ba trăm"; decimals digit by digit behind "phẩy".
pub(super) fn in_words(number: Number) -> String {
    let plain = number.normalize().to_string();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("âm ", rest),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = format!("{sign}{}", whole_in_words(whole));
    if !fraction.is_empty() {
        text.push_str(" phẩy");
        for digit in digits_of(fraction) {
            text.push(' ');
            text.push_str(DIGITS[digit]);
        }
    }
    text
}

fn digits_of(text: &str) -> Vec<usize> {
    text.bytes().map(|b| usize::from(b - b'0')).collect()
}

/// Nine digits up to a tỷ, and again for each tỷ of tỷ: "một nghìn hai trăm tỷ".
fn whole_in_words(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return DIGITS[0].to_owned();
    }
    let billions = digits.len().saturating_sub(9);
    let (high, low) = digits.split_at(billions);
    let mut parts = Vec::new();
    if !high.is_empty() {
        parts.push(format!("{} tỷ", whole_in_words(high)));
    }
    let groups: Vec<Vec<usize>> = low
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| group.iter().map(|b| usize::from(b - b'0')).collect())
        .collect();
    let names = ["triệu", "nghìn", ""];
    let named = names.iter().skip(3 - groups.len());
    for (group, name) in groups.iter().zip(named) {
        if group.iter().all(|digit| *digit == 0) {
            continue;
        }
        parts.push(group_in_words(group, !parts.is_empty()));
        if !name.is_empty() {
            parts.push((*name).to_owned());
        }
    }
    parts.join(" ")
}

/// Up to three digits; `after` says that larger groups precede them.
fn group_in_words(group: &[usize], after: bool) -> String {
    let mut padded = [0; 3];
    padded[3 - group.len()..].copy_from_slice(group);
    let [hundreds, tens, ones] = padded;
    let mut words: Vec<&str> = Vec::new();
    if hundreds > 0 || after {
        words.extend([DIGITS[hundreds], "trăm"]);
    }
    match tens {
        0 if ones > 0 && !words.is_empty() => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([DIGITS[tens], "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(DIGITS[ones]),
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::in_words;

    #[test]
    fn numbers_are_read_as_people_read_them() {
        let cases = [
            (dec!(0), "không"),
            (dec!(5), "năm"),
            (dec!(15), "mười lăm"),
            (dec!(21), "hai mươi mốt"),
            (dec!(24), "hai mươi tư"),
            (dec!(105), "một trăm linh năm"),
            (dec!(1005), "một nghìn không trăm linh năm"),
            (dec!(7300), "bảy nghìn ba trăm"),
            (dec!(1000000), "một triệu"),
            (
                dec!(1543644),
                "một triệu năm trăm bốn mươi ba nghìn sáu trăm bốn mươi tư",
            ),
            (dec!(2000000005), "hai tỷ không trăm linh năm"),
            (dec!(1200000000000), "một nghìn hai trăm tỷ"),
            (dec!(-53.22), "âm năm mươi ba phẩy hai hai"),
        ];
        for (number, words) in cases {
            assert_eq!(in_words(number), words);
        }
    }
}
