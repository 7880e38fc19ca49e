//! Labels and names as they are typed, made comparable.
//!
//! Spellings that a reader takes for one word become one string; different words stay different.
//! Similarity is a matter for [`nearest`], which is used in messages and never to decide.

pub mod decode;
pub mod legacy;
pub mod list;
pub mod measure;
pub mod safe;
mod syllable;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The normal form in which labels and names are compared:
///
/// - composed characters: repairs names from macOS (NFD) and from UniKey's "Unicode tổ hợp";
/// - every kind of space, line break and no-break space is one space, none at the ends;
/// - zero-width characters and soft hyphens are dropped;
/// - lower case; Ð and ð (which look the same) are Đ and đ; straight quotes; plain hyphens;
/// - one place for the tone mark: hòa = hoà, khỏe = khoẻ, thủy = thuỷ.
pub fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut push = |c: char| match plain_character(c) {
        ' ' if plain.is_empty() || plain.ends_with(' ') => {}
        c => plain.push(c),
    };
    let visible = text.chars().filter(|c| !is_invisible(*c));
    match text.chars().all(is_composed) {
        true => visible.flat_map(char::to_lowercase).for_each(&mut push),
        false => visible
            .nfc()
            .flat_map(char::to_lowercase)
            .for_each(&mut push),
    }
    plain.truncate(plain.trim_end().len());
    place_tones(&plain)
}

/// Is the character one that never combines with another, as nearly all that is typed here? Below
/// U+0300 there are no combining marks, and U+1EA0 to U+1EF9 are Vietnamese letters. Texts of these
/// are composed already.
fn is_composed(c: char) -> bool {
    c < '\u{300}' || ('\u{1EA0}'..='\u{1EF9}').contains(&c)
}

/// The letters without their marks: `Phường Đông Hải` is `phuong dong hai`. For suggestions and
/// file names only: folding makes different words equal.
pub fn fold(text: &str) -> String {
    normalise(text)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// The key under which a header or row label is looked up: [`normalise`], without spaces around
/// punctuation and without what people hang on the end of a label (a colon, a full stop, a
/// footnote star or superscript). A number in brackets is part of the label.
pub fn label_key(text: &str) -> String {
    let normal = normalise(text);
    let mut key = String::with_capacity(normal.len());
    for c in normal.chars() {
        if c == ' ' && key.ends_with(is_joint) {
            continue;
        }
        if is_joint(c) && key.ends_with(' ') {
            key.pop();
        }
        key.push(c);
    }
    match trim_decorations(&key) {
        "" => key, // nothing but decoration: then that is the label
        bare => bare.to_owned(),
    }
}

/// The candidate closest to `wanted`, if any is close enough to be what was meant. For "did you
/// mean" in messages; never decides anything.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(wanted);
    candidates
        .filter_map(|candidate| Some((distance(&wanted, &fold(candidate))?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the keyboard separate two folded texts (optimal string alignment: letters
/// added, lost, changed, or two swapped); `None` when they are too far apart to be worth showing.
/// One slip in three letters is the most that still helps.
pub(crate) fn distance(wanted: &str, candidate: &str) -> Option<usize> {
    /// Labels are short; the cost grows with the square of the length.
    const LONGEST: usize = 200;
    let length = wanted.chars().count();
    let bound = length.max(3) / 3;
    if length > LONGEST || candidate.chars().count().abs_diff(length) > bound {
        return None;
    }
    Some(strsim::osa_distance(wanted, candidate)).filter(|distance| *distance <= bound)
}

/// A name for a file: lower-case ASCII letters and digits, with `-` between words.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Is it a number as groups are numbered: I, IV, XL? A single L or C is a letter of a run A, B, C.
pub fn is_roman(text: &str) -> bool {
    !matches!(text, "" | "L" | "C") && text.chars().all(|c| "IVXLC".contains(c))
}

/// Does the character leave no trace on paper, although it is in the text?
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' // soft hyphen
            | '\u{034F}' // combining grapheme joiner
            | '\u{180E}' // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}' // zero-width space and joiners, direction marks
            | '\u{202A}'..='\u{202E}' // direction embedding
            | '\u{2060}'..='\u{2064}' // word joiner, invisible operators
            | '\u{2066}'..='\u{2069}' // direction isolates
            | '\u{FE00}'..='\u{FE0F}' // variation selectors
            | '\u{FEFF}' // byte order mark
    )
}

fn plain_character(c: char) -> char {
    match c {
        'ð' | 'ɖ' => 'đ', // what Ð (U+00D0) and Ɖ (U+0189) become in lower case
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => '\'',
        '“' | '”' | '„' | '‟' | '″' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

/// Moves the tone mark to the second vowel of oa, oe and uy, where the newer spelling puts it:
/// hòa, khỏe, thủy become hoà, khoẻ, thuỷ. Only a marked o or u directly before a plain vowel is
/// touched, so quý, giỏi, của and mua stay. It also mends the slip `tòan` for `toàn`; no two
/// words of Vietnamese differ only in this.
fn place_tones(text: &str) -> String {
    const MARKED: [(char, &str); 2] = [('o', "òóỏõọ"), ('u', "ùúủũụ")];
    let place = |first: char, second: char| -> Option<(char, char)> {
        if !matches!(second, 'a' | 'e' | 'y') {
            return None;
        }
        let (bare, tone) = MARKED.iter().find_map(|(bare, marked)| {
            let tone = marked.chars().position(|c| c == first)?;
            Some((*bare, tone))
        })?;
        let toned = match (bare, second) {
            ('o', 'a') => "àáảãạ",
            ('o', 'e') => "èéẻẽẹ",
            ('u', 'y') => "ỳýỷỹỵ",
            _ => return None,
        };
        Some((bare, toned.chars().nth(tone)?))
    };
    let mut placed = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        match rest.peek().and_then(|second| place(first, *second)) {
            Some((bare, toned)) => {
                placed.push(bare);
                placed.push(toned);
                rest.next();
            }
            None => placed.push(first),
        }
    }
    placed
}

/// Punctuation around which a space says nothing.
fn is_joint(c: char) -> bool {
    matches!(
        c,
        ',' | ';' | ':' | '.' | '/' | '-' | '(' | ')' | '[' | ']' | '+' | '=' | '&' | '%'
    )
}

fn trim_decorations(label: &str) -> &str {
    let is_mark = |c: char| matches!(c, ':' | '.' | ',' | ';' | '*' | '¹' | '²' | '³' | '⁰'..='⁹');
    let mut bare = label;
    loop {
        let shorter = bare.trim_end_matches(|c| is_mark(c) || c == ' ');
        let shorter = match shorter
            .strip_suffix(')')
            .map(|inner| inner.trim_end_matches('*'))
        {
            Some(starred) if starred.len() + 1 < shorter.len() => {
                starred.strip_suffix('(').unwrap_or(shorter)
            }
            _ => shorter,
        };
        if shorter.len() == bare.len() {
            return bare;
        }
        bare = shorter;
    }
}

/// Does a text announce an example: "Ví dụ: ...", "VD", "Thí dụ"?
pub fn begins_example(text: &str) -> bool {
    let plain = normalise(text);
    ["ví dụ", "vd", "thí dụ"].iter().any(|word| {
        plain
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_equal(spellings: &[&str]) {
        for spelling in spellings {
            assert_eq!(normalise(spelling), normalise(spellings[0]), "{spelling}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        // Composed; macOS; UniKey "tổ hợp" (ê + combining dot below).
        all_equal(&[
            "Tiếp nhận hệ",
            "Tie\u{302}\u{301}p nha\u{323}\u{302}n he\u{323}\u{302}",
            "Tiê\u{301}p nhâ\u{323}n hê\u{323}",
        ]);
        all_equal(&[
            "Xã Yên Thành",
            "Xã\u{a0}Yên  Thành ",
            " xã\nyên\u{200b} thành",
            "XÃ YÊN THÀNH",
        ]);
        all_equal(&["Sơn Đông", "Sơn \u{d0}ông", "Sơn \u{189}ông"]);
        all_equal(&["hồ sơ \"một cửa\" - 2025", "hồ sơ “một cửa” – 2025"]);
    }

    #[test]
    fn both_schools_of_tone_marks_agree() {
        all_equal(&["Hòa Minh", "Hoà Minh", "HOÀ MINH", "HO\u{300}A MINH"]);
        all_equal(&["Tiên Thủy", "Tiên Thuỷ"]);
        all_equal(&["khỏe", "khoẻ"]);
        all_equal(&["Ủy ban", "Uỷ ban"]);
        all_equal(&["Nguyệt Hóa", "Nguyệt Hoá"]);
        all_equal(&["loé", "lóe"]);
    }

    #[test]
    fn tones_elsewhere_are_left_alone() {
        for word in [
            "quý", "quỳ", "giỏi", "của", "hòn", "múa", "quả", "nguyễn", "toàn", "hoài",
        ] {
            assert_eq!(normalise(word), word);
        }
    }

    #[test]
    fn different_names_stay_different() {
        assert_ne!(normalise("Hương Mỹ"), normalise("Hưng Mỹ"));
        assert_ne!(normalise("Lục Sĩ Thành"), normalise("Lục Sỹ Thành"));
        assert_ne!(normalise("66²"), normalise("662"));
    }

    #[test]
    fn labels_shed_what_people_hang_on_them() {
        for label in [
            "Tổng số",
            "Tổng số :",
            "Tổng số*",
            "Tổng số (*)",
            "Tổng số².",
            "TỔNG  SỐ (**):",
        ] {
            assert_eq!(label_key(label), "tổng số", "{label}");
        }
        assert_eq!(label_key("Cộng (1)"), label_key("Cộng(1)"));
        assert_ne!(label_key("Cộng (1)"), label_key("Cộng"));
        assert_eq!(label_key("Tỷ lệ ( % )"), label_key("Tỷ lệ (%)"));
        assert_eq!(label_key("(3) = (1)+(2)"), label_key("(3)=(1) + (2)"));
        assert_eq!(
            label_key("Hợp tác xã / tổ hợp tác"),
            label_key("Hợp tác xã/tổ hợp tác")
        );
        assert_eq!(label_key(" * "), "*");
    }

    #[test]
    fn suggestions_are_close_or_absent() {
        let columns = ["truc_tuyen", "truc_tiep", "ky_truoc"];
        assert_eq!(
            nearest("truc_tuyn", columns.into_iter()),
            Some("truc_tuyen")
        );
        assert_eq!(nearest("trực_tiếp", columns.into_iter()), Some("truc_tiep"));
        assert_eq!(nearest("tong", columns.into_iter()), None);
        assert_eq!(nearest("", columns.into_iter()), None);
    }

    #[test]
    fn file_names_are_plain() {
        assert_eq!(
            slug("  Sở Văn hóa, Thể thao & Du lịch "),
            "so-van-hoa-the-thao-du-lich"
        );
        assert_eq!(slug("Xã Đông Hải (mới)"), "xa-dong-hai-moi");
        assert_eq!(slug("***"), "");
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in "\\PC{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert_eq!(label_key(&label_key(&text)), label_key(&text));
        }

        #[test]
        fn what_never_combines_is_composed_already(text in "[\u{0}-\u{2ff}\u{1ea0}-\u{1ef9}]{0,40}") {
            prop_assert!(text.chars().all(is_composed));
            prop_assert_eq!(text.nfc().collect::<String>(), text);
        }

        #[test]
        fn decomposed_text_is_the_same_text(text in "[a-zàáảãạăằâầđèêềệìòôồơờùưừỳA-ZĐ ]{0,20}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(normalise(&decomposed), normalise(&text));
        }
    }
}
