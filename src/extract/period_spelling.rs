//! Months, quarters and years in short, in English and in words, in figures: "tháng 8/25", "01/8/25",
//! "Aug-25", "tháng tám năm hai nghìn không trăm hai mươi lăm", "tháng IX/2025", "01-30/9/2025".

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// The first letters of the months in English, which Excel shows on many machines.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A text without marks, its months in figures and its years in four digits.
pub(super) fn spelled_out(plain: &str) -> String {
    // "may 2025" with a space is «máy 2025», too.
    static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
        let short = MONTHS.join("|");
        pattern(&format!(
            r"\b(?:({short}|sept)\.?\s*[-/]\s*|(january|february|march|april|june|july|august|september|october|november|december)[ ,]+)((?:20)?[1-4]\d)\b"
        ))
    });
    static SHORT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(\b(?:(?:th(?:an)?g\.?\s*|t\.?\s?)\d\d?(?:\s*(?:-|,|va)\s*\d\d?)?|quy\s*[ivx1-4]+|\d\d?/\d\d?)(?:/|\s*,?\s*nam\s*)|\b\d\d?(?:\.\d\d?\.|-\d\d?-))['’]?([2-4]\d)\b",
        )
    });
    let english = ENGLISH.replace_all(plain, |parts: &Captures<'_>| {
        let name = parts.get(1).or(parts.get(2));
        let is_its = |month: &&str| name.is_some_and(|name| name.as_str().starts_with(*month));
        let before = MONTHS.iter().take_while(|month| !is_its(month)).count();
        format!(
            "thang {}/20{}",
            before + 1,
            parts[3].trim_start_matches("20")
        )
    });
    in_figures(&SHORT_YEAR.replace_all(&english, "${1}20${2}"))
}

/// The words for 1 to 12, without marks; several for some. Those of months end with «giêng» for 1 and
/// «chạp» for 12.
const WORDS: [&[&str]; 12] = [
    &["mot", "gieng"],
    &["hai"],
    &["ba"],
    &["bon", "tu"],
    &["nam", "lam", "nham"],
    &["sau"],
    &["bay"],
    &["tam"],
    &["chin"],
    &["muoi"],
    &["muoi mot"],
    &["muoi hai", "chap"],
];
const ROMAN: [&str; 12] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
];

fn number_of(word: &str) -> Option<usize> {
    let of_words = || WORDS.iter().position(|words| words.contains(&word));
    let of_roman = || ROMAN.iter().position(|roman| *roman == word);
    Some(of_words().or_else(of_roman)? + 1)
}

/// A month or a quarter in words or Roman numerals, and a year in words, in figures; days of one month
/// («01-30/9/2025») as two dates.
fn in_figures(text: &str) -> String {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bnam hai (?:nghin|ngan)(?: khong tram)? (hai|ba|bon) muoi(?: (mot|hai|ba|bon|tu|lam|nam|nham|sau|bay|tam|chin))?\b",
        )
    });
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bthang (muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|[ivx]+)(\s*,?\s*nam \d|\s*/\s*\d)",
        )
    });
    static QUARTER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bquy (mot|hai|ba|bon|tu)(\s*,?\s*nam \d|\s*/\s*\d)"));
    static DAYS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(^|[^/\d])(\d\d?)\s*-\s*(\d\d?)/(\d\d?)/(20\d\d)\b"));
    let year = YEAR.replace_all(text, |parts: &Captures<'_>| {
        let ones = parts.get(2).and_then(|word| number_of(word.as_str()));
        match (number_of(&parts[1]), ones) {
            (Some(tens), ones) => format!("nam 20{tens}{}", ones.unwrap_or_default()),
            (None, _) => parts[0].to_owned(),
        }
    });
    let in_words = |parts: &Captures<'_>, of: &str| match number_of(&parts[1]) {
        Some(number) => format!("{of} {number}{}", &parts[2]),
        None => parts[0].to_owned(),
    };
    let month = MONTH.replace_all(&year, |parts: &Captures<'_>| in_words(parts, "thang"));
    let quarter = QUARTER.replace_all(&month, |parts: &Captures<'_>| in_words(parts, "quy"));
    let days = DAYS.replace_all(&quarter, "${1}tu $2/$4/$5 den $3/$4/$5");
    days.into_owned()
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

#[cfg(test)]
mod tests {
    use super::spelled_out;

    #[test]
    fn only_months_and_years_are_spelled_out() {
        for (text, long) in [
            ("aug-25", "thang 8/2025"),
            ("sept-2025", "thang 9/2025"),
            ("dec-20", "thang 12/2020"),
            ("august 2025", "thang 8/2025"),
            ("thang 8/25", "thang 8/2025"),
            ("thg 8/'25", "thg 8/2025"),
            ("thang 8 nam 25", "thang 8 nam 2025"),
            ("quy iii/25", "quy iii/2025"),
            ("tu 01/8/25 den 31/8/25", "tu 01/8/2025 den 31/8/2025"),
            (
                "thang chin nam hai nghin khong tram hai muoi lam",
                "thang 9 nam 2025",
            ),
            ("thang nam nam 2025", "thang 5 nam 2025"),
            ("thang muoi hai/2025", "thang 12/2025"),
            ("thang ix/2025", "thang 9/2025"),
            ("quy ba nam hai ngan khong tram ba muoi", "quy 3 nam 2030"),
            ("01-30/9/2025", "tu 01/9/2025 den 30/9/2025"),
        ] {
            assert_eq!(spelled_out(text), long);
        }
        for same in [
            "may 2025",
            "thang 8/2025",
            "01/8/2025",
            "01/8 den 31/8/2025",
            "thang 8",
            "so 12/25",
            "thang 9 25 lop",
            "2025-09-25",
            "01/09 - 30/09/2025",
            "01/9-30/9/2025",
            "1.9 - 30.9.2025",
            "thang nam 2025",
            "thang hai muoi",
        ] {
            assert_eq!(spelled_out(same), same);
        }
    }
}
