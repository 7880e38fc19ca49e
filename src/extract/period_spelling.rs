//! Months and years in short and in English, spelled out: "tháng 8/25", "01/8/25", "Aug-25".

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
            r"(\b(?:(?:th(?:an)?g\.?\s*|t\.?\s?)\d\d?|quy\s*[ivx1-4]+|\d\d?/\d\d?)(?:/|\s*,?\s*nam\s*)|\b\d\d?(?:\.\d\d?\.|-\d\d?-))['’]?([2-4]\d)\b",
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
    SHORT_YEAR.replace_all(&english, "${1}20${2}").into_owned()
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
        ] {
            assert_eq!(spelled_out(same), same);
        }
    }
}
