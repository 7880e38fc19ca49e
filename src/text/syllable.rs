//! What a syllable of Vietnamese can look like. Distinguishes text from what only uses its letters:
//! text of an old font read as Unicode, or the other way round, hardly ever consists of syllables.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a syllable may begin with, or nothing. The last row is of names of the highlands.
const ONSETS: &str = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x \
                      bl br dr đr gr kl kr pl";

/// What a syllable may end with, without its tone.
const RHYMES: &str = "\
    a ac ach ai ak am an ang anh ao ap at au ay \
    ăc ăk ăm ăn ăng ăp ăt âc âk âm ân âng âp ât âu ây \
    e ec ek em en eng eo ep et ê êch êm ên ênh êp êt êu \
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt \
    oc oe oen oeo oet oi ok om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt \
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uơ uy uya uych uynh uyt uyp uyu \
    uyên uyêt uôc uôi uôm uôn uông uôt \
    ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu";

/// Only behind `qu`, whose u belongs to them.
const RHYMES_OF_QU: &str = "ych ynh yt";

/// What carries a tone mark: a vowel, or the circumflex, breve or horn of one.
const VOWELS_AND_MARKS: [char; 9] = [
    'a', 'e', 'i', 'o', 'u', 'y', '\u{302}', '\u{306}', '\u{31B}',
];

/// Is every word with letters outside ASCII Vietnamese? Words of ASCII letters only are not looked
/// at.
pub(super) fn is_vietnamese(text: &str) -> bool {
    let composed: String = text.nfc().collect();
    composed
        .split(|c: char| !c.is_alphabetic() && !is_combining_mark(c))
        .filter(|word| !word.is_ascii())
        .all(is_word)
}

/// A syllable, an abbreviation such as HĐND, or one behind the other: BVĐKMường Khương.
fn is_word(word: &str) -> bool {
    let initials = |c: char| c == 'Đ' || c.is_ascii_uppercase();
    let consonants = |c: char| "bcdđghklmnpqrstvx".contains(c);
    if word.chars().all(initials) || word.chars().flat_map(char::to_lowercase).all(consonants) {
        return true;
    }
    let abbreviated = word.find(|c| !initials(c)).unwrap_or(word.len());
    let starts = word
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= abbreviated);
    starts
        .filter(|at| word[*at..].starts_with(char::is_uppercase) || *at == 0)
        .any(|at| is_syllable(&word[at..]))
}

fn is_syllable(word: &str) -> bool {
    let (mut bare, mut tones) = (String::new(), Vec::new());
    for c in word.chars().flat_map(char::to_lowercase).nfd() {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => {
                if !bare.ends_with(VOWELS_AND_MARKS) {
                    return false;
                }
                tones.push(c);
            }
            c => bare.push(c),
        }
    }
    let bare: String = bare.nfc().collect();
    let stopped = bare.ends_with(['c', 'k', 'p', 't']) || bare.ends_with("ch");
    let fitting = match tones.as_slice() {
        [] => !stopped,
        [tone] => !stopped || matches!(tone, '\u{301}' | '\u{323}'),
        _ => false,
    };
    let is_rhyme = |rest: &str, rhymes: &str| rhymes.split_whitespace().any(|rhyme| rhyme == rest);
    let behind = |onset: &str| {
        bare.strip_prefix(onset).is_some_and(|rest| {
            is_rhyme(rest, RHYMES) || onset == "qu" && is_rhyme(rest, RHYMES_OF_QU)
        })
    };
    fitting && (behind("") || ONSETS.split_whitespace().any(behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_and_what_is_none() {
        for text in [
            "Phường Nguyệt Hóa",
            "Lưu Nghiệp Anh",
            "giếng",
            "gìn giữ",
            "quỳnh",
            "quyết",
            "khuỷu",
            "Đắk Lắk",
            "HĐND",
            "BVĐKMường Khương",
            "UBNDXÃ",
            "đ/c",
            "QĐ-UBND",
            "tổng số",
            "thuở",
            "nghiêng",
            "Ủy ban",
            "kiểm",
            "ngoằn",
            "25 °C",
            "Unicode",
        ] {
            assert!(is_vietnamese(text), "{text}");
        }
        for text in [
            "Bỡnh",
            "phơng",
            "PHƠNG",
            "Phêc",
            "µg",
            "Tỳc",
            "bạn̉",
            "cat\u{309}",
            "ñy",
            "Tæng",
        ] {
            assert!(!is_vietnamese(text), "{text}");
        }
    }
}
