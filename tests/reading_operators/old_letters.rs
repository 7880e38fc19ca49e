//! Vietnamese as it was typed before Unicode: each letter in the place where a font shows it.

use unicode_normalization::UnicodeNormalization;

/// TCVN 5712 (VN3): letters, and the characters they were stored as.
const TCVN3: [(&str, &str); 7] = [
    ("ĂÂĐÊÔƠƯăâđêôơư", "¡¢§£¤¥¦¨©®ª«¬\u{AD}"),
    ("àáảãạằắẳẵặầấẩẫậ", "µ¸¶·¹»¾¼½ÆÇÊÈÉË"),
    ("èéẻẽẹềếểễệ", "ÌÐÎÏÑÒÕÓÔÖ"),
    ("ìíỉĩị", "×ÝØÜÞ"),
    ("òóỏõọồốổỗộờớởỡợ", "ßãáâäåèæçéêíëìî"),
    ("ùúủũụừứửữự", "ïóñòôõøö÷ù"),
    ("ỳýỷỹỵ", "úýûüþ"),
];

/// A text in TCVN3, which has no capitals with a tone.
pub fn tcvn3(text: &str) -> String {
    let place = |letter: char| {
        TCVN3.iter().find_map(|(new, old)| {
            let at = new.chars().position(|new| new == letter)?;
            old.chars().nth(at)
        })
    };
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    text.nfc()
        .map(|letter| {
            place(letter)
                .or_else(|| place(small(letter)))
                .unwrap_or(letter)
        })
        .collect()
}

/// Letters for which VNI has a character of its own.
const VNI_LETTERS: (&str, &str) = ("ơưđìíỉĩịỵ", "ôöñìíæóòî");

/// A text in VNI: a letter, and behind it one character for its marks.
pub fn vni(text: &str) -> String {
    text.nfc().map(vni_letter).collect()
}

fn vni_letter(letter: char) -> String {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let cased = |old: &str| match letter == small {
        true => old.to_owned(),
        false => old.to_uppercase(),
    };
    let own = |letter: char| {
        let at = VNI_LETTERS.0.chars().position(|own| own == letter)?;
        VNI_LETTERS.1.chars().nth(at)
    };
    if let Some(old) = own(small) {
        return cased(&old.to_string());
    }
    let marks: Vec<char> = small.nfd().collect();
    let has = |mark: char| marks.contains(&mark);
    let base = if has('\u{31B}') {
        own([marks[0], '\u{31B}']
            .iter()
            .collect::<String>()
            .nfc()
            .next()
            .unwrap())
        .unwrap()
    } else {
        marks[0]
    };
    let tone = ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}']
        .iter()
        .position(|tone| has(*tone));
    let row = match (has('\u{302}'), has('\u{306}')) {
        (true, _) => ["á", "à", "å", "ã", "ä", "â"],
        (_, true) => ["é", "è", "ú", "ü", "ë", "ê"],
        _ => ["ù", "ø", "û", "õ", "ï", ""],
    };
    cased(&format!("{base}{}", row[tone.unwrap_or(5)]))
}
