//! Text typed in the fonts of before Unicode, TCVN3 (`.VnTime`) and VNI (`VNI-Times`).
//!
//! In such a font the byte of one letter shows another: "Ph­êng" reads "Phường". A byte alone says
//! nothing (µ and ° are real signs, ã and í real letters), so the font decides, and then only for
//! a text that can be read as a whole.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

use super::syllable::is_vietnamese;

/// A kind of font from before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OldFont {
    /// `.VnTime`, `VnArial`...
    Tcvn3,
    /// `.VnTimeH`...: shows small letters as capitals, of which TCVN3 has none with a tone.
    Tcvn3Capitals,
    /// `VNI-Times`, `VNI Helve`...
    Vni,
}

impl OldFont {
    /// Which kind a font of that name is; `None` for fonts of Unicode.
    pub fn of(font: &str) -> Option<Self> {
        let name = font.trim().to_ascii_lowercase();
        if name.starts_with("vni") {
            return Some(Self::Vni);
        }
        let name = name.strip_prefix('.').unwrap_or(&name);
        let style = name.strip_prefix("vn")?;
        Some(match style.ends_with('h') {
            true => Self::Tcvn3Capitals,
            false => Self::Tcvn3,
        })
    }

    /// The name of the encoding, as UniKey's menu has it.
    pub fn charset(self) -> &'static str {
        match self {
            Self::Tcvn3 | Self::Tcvn3Capitals => "TCVN3 (ABC)",
            Self::Vni => "VNI Windows",
        }
    }
}

/// How a text with stretches in old fonts is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OldText {
    /// The same in both: nothing but ASCII and signs.
    Same,
    /// Unicode text that merely kept an old font.
    Unicode,
    /// Text in the old encoding: the stretches converted to Unicode.
    Old(Vec<String>),
    /// Makes sense both as Unicode and in the old encoding; holds the stretches converted from the
    /// old encoding.
    Either(Vec<String>),
    /// Makes sense in neither: some letter or syllable is not Vietnamese.
    Unreadable,
}

/// Reads a text that consists of stretches, each with the old font it is in, if it is in one.
pub fn read_old(stretches: &[(&str, Option<OldFont>)]) -> OldText {
    let text: String = stretches.iter().map(|(text, _)| *text).collect();
    let differs = |(text, font): &(&str, Option<OldFont>)| {
        font.is_some_and(|font| text.chars().any(|c| means_another(c, font)))
    };
    let stands = is_unicode(&text);
    if !stretches.iter().any(differs) {
        return match stands {
            true => OldText::Unicode,
            false => OldText::Same,
        };
    }
    let through = |page: fn(char) -> char| {
        let convert = |(text, font): &(&str, Option<OldFont>)| match font {
            Some(font) => convert(&text.chars().map(page).collect::<String>(), *font),
            None => Some((*text).to_owned()),
        };
        let converted: Option<Vec<String>> = stretches.iter().map(convert).collect();
        converted.filter(|converted| makes_sense(stretches, converted))
    };
    match (through(|c| c), stands) {
        (Some(old), false) => OldText::Old(old),
        (Some(old), true) => OldText::Either(old),
        (None, true) => OldText::Unicode,
        (None, false) => through(unmistaken).map_or(OldText::Unreadable, OldText::Old),
    }
}

/// Are they syllables? Units of measure in stretches of other fonts need not be.
fn makes_sense(stretches: &[(&str, Option<OldFont>)], converted: &[String]) -> bool {
    let words = stretches.iter().zip(converted);
    let words = words.map(|((_, font), text)| match font {
        Some(_) => text.clone(),
        None => text.replace(['µ', 'μ', 'ª', 'º'], " "),
    });
    is_vietnamese(&words.collect::<String>())
}

/// The reading of a text of unknown font in the old encoding it may be in: for suggestions, never
/// to decide.
pub fn suspected_old(text: &str) -> Option<(OldFont, String)> {
    let differs = |font| text.chars().any(|c| means_another(c, font));
    if is_unicode(text) {
        return None;
    }
    let read: Vec<(OldFont, String)> = [OldFont::Tcvn3, OldFont::Vni]
        .into_iter()
        .filter(|font| differs(*font))
        .filter_map(|font| Some((font, convert(text, font)?)))
        .collect();
    let best = read.iter().find(|(_, text)| is_vietnamese(text));
    best.or(read.first()).cloned()
}

/// Is the text Vietnamese as it is? Many letters of TCVN3 appear as signs, which words do not
/// contain; but in a text that has letters only Unicode has, signs are signs.
fn is_unicode(text: &str) -> bool {
    let of_unicode = |c: char| matches!(c, '\u{100}'..='\u{1B0}' | '\u{1EA0}'..='\u{1EF9}');
    let is_sign = |c: char| !c.is_alphabetic() && tcvn3(c).is_some();
    let has_letters = text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    let clear = text.chars().any(of_unicode) || !text.chars().any(is_sign);
    has_letters && clear && is_vietnamese(text)
}

/// Does that font show a character as something else?
fn means_another(c: char, font: OldFont) -> bool {
    let old = |c| match font {
        OldFont::Tcvn3 | OldFont::Tcvn3Capitals => tcvn3(c).is_some(),
        OldFont::Vni => vni_letter(c).is_some() || vni_marks(c).is_some(),
    };
    old(c) || old(unmistaken(c))
}

/// A whole text in Unicode; `None` if any of its characters has no place in the old way of writing.
fn convert(text: &str, font: OldFont) -> Option<String> {
    let passes = |c: char| c.is_ascii() || "\u{A0}²³".contains(c) || PUNCTUATION.contains(&c);
    match font {
        OldFont::Tcvn3 => text
            .chars()
            .map(|c| tcvn3(c).or(passes(c).then_some(c)))
            .collect(),
        OldFont::Tcvn3Capitals => Some(convert(text, OldFont::Tcvn3)?.to_uppercase()),
        OldFont::Vni => {
            let mut letters = String::with_capacity(text.len());
            for c in text.chars() {
                match (vni_marks(c), vni_letter(c)) {
                    (Some((bases, marks)), _) => {
                        let base = letters.chars().next_back()?;
                        let base = base.to_lowercase().next()?;
                        bases.contains(base).then(|| letters.push_str(marks))?;
                    }
                    (None, Some(letter)) => letters.push(letter),
                    (None, None) => letters.push(passes(c).then_some(c)?),
                }
            }
            Some(letters.nfc().collect())
        }
    }
}

/// Dashes, quotes and the like, which Excel puts into a text of any font.
const PUNCTUATION: RangeInclusive<char> = '\u{2010}'..='\u{203A}';

/// TCVN 5712:1993, VN3, as `.VnTime` shows it; each character over the letter it shows.
const TCVN3: [(&str, &str); 8] = [
    ("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ"),
    ("¨©®ª«¬\u{AD}", "ăâđêôơư"),
    ("µ¸¶·¹»¾¼½ÆÇÊÈÉË", "àáảãạằắẳẵặầấẩẫậ"),
    ("ÌÐÎÏÑÒÕÓÔÖ", "èéẻẽẹềếểễệ"),
    ("×ÝØÜÞ", "ìíỉĩị"),
    ("ßãáâäåèæçéêíëìî", "òóỏõọồốổỗộờớởỡợ"),
    ("ïóñòôõøö÷ù", "ùúủũụừứửữự"),
    ("úýûüþ", "ỳýỷỹỵ"),
];

fn tcvn3(c: char) -> Option<char> {
    TCVN3.iter().find_map(|(old, new)| {
        let at = old.chars().position(|old| old == c)?;
        new.chars().nth(at)
    })
}

/// VNI has characters of their own for these letters.
const VNI_LETTERS: (&str, &str) = ("ôöñíìæóòîÔÖÑÍÌÆÓÒÎ", "ơưđíìỉĩịỵƠƯĐÍÌỈĨỊỴ");

fn vni_letter(c: char) -> Option<char> {
    let at = VNI_LETTERS.0.chars().position(|old| old == c)?;
    VNI_LETTERS.1.chars().nth(at)
}

/// And for all others marks behind a letter, small or capital alike.
const VNI_MARKS: [(char, &str, &str); 17] = [
    ('ù', TONED, "\u{301}"),
    ('ø', TONED, "\u{300}"),
    ('û', TONED, "\u{309}"),
    ('õ', TONED, "\u{303}"),
    ('ï', "aeouơư", "\u{323}"),
    ('â', "aeo", "\u{302}"),
    ('á', "aeo", "\u{302}\u{301}"),
    ('à', "aeo", "\u{302}\u{300}"),
    ('å', "aeo", "\u{302}\u{309}"),
    ('ã', "aeo", "\u{302}\u{303}"),
    ('ä', "aeo", "\u{302}\u{323}"),
    ('ê', "a", "\u{306}"),
    ('é', "a", "\u{306}\u{301}"),
    ('è', "a", "\u{306}\u{300}"),
    ('ú', "a", "\u{306}\u{309}"),
    ('ü', "a", "\u{306}\u{303}"),
    ('ë', "a", "\u{306}\u{323}"),
];
/// Letters that take their tone from a mark.
const TONED: &str = "aeouyơư";

/// The letters a mark may follow, and the marks of Unicode it is.
fn vni_marks(c: char) -> Option<(&'static str, &'static str)> {
    let small = c.to_lowercase().next()?;
    let (_, bases, marks) = VNI_MARKS.iter().find(|(mark, ..)| *mark == small)?;
    Some((bases, marks))
}

/// Maps a character decoded as windows-1258 to that of the same byte in windows-1252. Files without
/// a declared encoding are decoded as windows-1258, but the tables of the old fonts are over
/// windows-1252.
fn unmistaken(c: char) -> char {
    const MISTAKEN: &str = "ĂĐƠƯăđơư₫\u{300}\u{309}\u{303}\u{301}\u{323}";
    const MEANT: &str = "ÃÐÕÝãðõýþÌÒÞìò";
    let at = MISTAKEN.chars().position(|mistaken| mistaken == c);
    at.and_then(|at| MEANT.chars().nth(at)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, font: &str) -> OldText {
        read_old(&[(text, OldFont::of(font))])
    }

    fn old(text: &str) -> OldText {
        OldText::Old(vec![text.to_owned()])
    }

    #[test]
    fn fonts_are_told_by_their_names() {
        for name in [".VnTime", "VnTime", ".VnArial", ".vntime"] {
            assert_eq!(OldFont::of(name), Some(OldFont::Tcvn3), "{name}");
        }
        for name in [".VnTimeH", ".VnArial NarrowH"] {
            assert_eq!(OldFont::of(name), Some(OldFont::Tcvn3Capitals), "{name}");
        }
        for name in ["VNI-Times", "VNI Helve", "Vni-Times"] {
            assert_eq!(OldFont::of(name), Some(OldFont::Vni), "{name}");
        }
        for name in ["Times New Roman", "Calibri", "Verdana", ""] {
            assert_eq!(OldFont::of(name), None, "{name}");
        }
    }

    #[test]
    fn tcvn3_reads_as_it_looks() {
        assert_eq!(read("X· H\u{AD}¬ng Mü", ".VnTime"), old("Xã Hương Mỹ"));
        assert_eq!(read("ñy ban nh©n d©n", ".VnTimeH"), old("ỦY BAN NHÂN DÂN"));
        assert_eq!(
            read("Q§-UBND “vÒ viÖc” – H§ND", "VnTime"),
            old("QĐ-UBND “về việc” – HĐND")
        );
        let mixed = [
            ("ñ", OldFont::of(".VnTimeH")),
            ("y ban", OldFont::of(".VnTime")),
        ];
        assert_eq!(
            read_old(&mixed),
            OldText::Old(vec!["Ủ".to_owned(), "y ban".to_owned()])
        );
    }

    #[test]
    fn vni_reads_as_it_looks() {
        assert_eq!(read("Xaõ Höông Myõ", "VNI-Times"), old("Xã Hương Mỹ"));
        assert_eq!(
            read("PHÖÔØNG NGUYEÄT HOÙA", "VNI-Times"),
            old("PHƯỜNG NGUYỆT HÓA")
        );
        assert_eq!(
            read("Ñaëng Vaên Kyø, kî", "VNI-Times"),
            old("Đặng Văn Kỳ, kỵ")
        );
    }

    /// All letters of Vietnamese there and back.
    #[test]
    fn no_letter_is_missing() {
        let letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy".chars();
        let vowels = "aăâeêioôơuưy";
        let (mut from_tcvn3, mut from_vni) = (Vec::new(), Vec::new());
        for codes in '\u{20}'..='\u{FF}' {
            from_tcvn3.extend(tcvn3(codes).or(codes.is_ascii().then_some(codes)));
            for first in "aeiouyôöAEIOUYÔÖ".chars() {
                from_vni.extend(convert(&format!("{first}{codes}"), OldFont::Vni));
            }
            from_vni.extend(convert(&codes.to_string(), OldFont::Vni));
        }
        for letter in letters {
            let tones = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
            for tone in tones
                .iter()
                .filter(|tone| tone.is_empty() || vowels.contains(letter))
            {
                let small: String = format!("{letter}{tone}").nfc().collect();
                let capital = small.to_uppercase();
                assert!(
                    from_tcvn3.contains(&small.chars().next().unwrap()),
                    "{small}"
                );
                assert!(from_vni.contains(&small), "{small}");
                assert!(from_vni.contains(&capital), "{capital}");
            }
        }
    }

    #[test]
    fn unicode_in_an_old_font_stays() {
        for text in [
            "Tổng số",
            "Bình",
            "Phú Túc",
            "Nguyệt Hóa",
            "Tổng cộng: 5 m²",
            "«Tổng số»",
        ] {
            assert_eq!(read(text, ".VnTime"), OldText::Unicode, "{text}");
        }
        for text in ["3.259", "Long Phu", "25 °C"] {
            assert_eq!(read(text, ".VnTime"), OldText::Same, "{text}");
        }
        assert!(matches!(read("Sè", ".VnTime"), OldText::Either(_)));
    }

    #[test]
    fn a_text_that_does_not_map_as_a_whole_is_left() {
        for text in ["X· H¬ng", "®Ó 25 °C", "12 µg/m³", "X· \u{1F600}"] {
            assert_eq!(read(text, ".VnTime"), OldText::Unreadable, "{text}");
        }
        assert_eq!(read("Höông õ", "VNI-Times"), OldText::Unreadable);
    }

    #[test]
    fn a_mistaken_code_page_is_undone() {
        let (through, ..) = encoding_rs::WINDOWS_1258.decode(b"t\xDDnh t\xF5 ng\xB5y");
        assert_eq!(read(&through, ".VnTime"), old("tính từ ngày"));
    }

    #[test]
    fn without_a_font_it_is_only_suspected() {
        let suspected = |text| suspected_old(text).map(|(font, text)| (font.charset(), text));
        assert_eq!(
            suspected("X· H¬ng Mü"),
            Some(("TCVN3 (ABC)", "Xã Hơng Mỹ".to_owned()))
        );
        assert_eq!(
            suspected("Xaõ Höng Myõ"),
            Some(("VNI Windows", "Xã Hưng Mỹ".to_owned()))
        );
        assert_eq!(suspected("Xã Hưng Mỹ"), None);
        assert_eq!(suspected("Long Phu"), None);
    }
}
