//! Units of measure as people print them: "triệu đồng", "1.000 đồng", "trđ".

use super::{fold, label_key, normalise};
use crate::model::Number;

/// Is the text a unit of measure, and nothing else?
pub fn is_known(text: &str) -> bool {
    dong(text).is_some() || is_certain(text.trim())
}

/// The unit of measure of money that a label prints in brackets: "Kinh phí (nghìn đồng)".
pub fn in_label(label: &str) -> Option<&str> {
    let mut brackets = label.match_indices('(').filter_map(|(at, _)| {
        let (inside, _) = label[at + 1..].split_once(')')?;
        let folded = fold(inside);
        let named = ["don vi tinh:", "dvt:"];
        let named = named
            .iter()
            .any(|prefix| folded.trim_start().starts_with(prefix));
        let unit = match named {
            true => inside.split_once(':')?.1,
            false => inside,
        };
        Some(unit.trim())
    });
    brackets.rfind(|unit| dong(unit).is_some())
}

/// How many đồng one of an amount's unit of measure is; `None` if it is not one of money.
pub fn dong(text: &str) -> Option<Number> {
    let measure = Measure::parse(text).filter(|measure| measure.per.is_none())?;
    let of_money = match &measure.base {
        Base::Kind(Kind::Money) => true,
        Base::Unsaid => measure.power.rem_euclid(3) == 0,
        _ => false,
    };
    let power = u32::try_from(measure.power).ok().filter(|_| of_money)?;
    (0..power).try_fold(Number::ONE, |factor, _| factor.checked_mul(Number::TEN))
}

/// Signs and letters beside a figure that make another figure of it where đồng, or things, are
/// counted, and what they stand for.
const FOREIGN: [(&str, &[&str]); 9] = [
    ("USD", &["$", "US$", "USD"]),
    ("EUR", &["€", "EUR"]),
    ("JPY", &["¥", "￥", "JPY"]),
    ("CNY", &["元", "CNY"]),
    ("GBP", &["£", "GBP"]),
    ("K", &["K", "k"]),
    ("M", &["M"]),
    ("‰", &["‰"]),
    ("%", &["%"]),
];

/// The foreign currency, the size («K», «M») or the part of a whole («%», «‰») that a text names.
pub fn foreign(text: &str) -> Option<&'static str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-' | '/');
    text.split(apart).find_map(|word| {
        let names = |(_, words): &&(&str, &[&str])| words.contains(&word);
        FOREIGN.iter().find(names).map(|(name, _)| *name)
    })
}

/// How a printed unit of measure relates to the form's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same one, perhaps written otherwise.
    Same,
    /// One of the same things, of another size: figures in it are wrong by a power of ten.
    Multiple,
    /// Other words, of which nobody knows whether they mean the same.
    Other,
}

/// Compares a printed unit of measure with the form's. What is printed of percentages beside another
/// unit («triệu đồng; %») says nothing of that.
pub fn compare(ours: &str, printed: &str) -> Likeness {
    match (without_shares(ours), without_shares(printed)) {
        (Some(own), Some(other)) => compare_one(own, other),
        (Some(own), None) => compare_one(own, printed),
        (None, Some(other)) => compare_one(ours, other),
        (None, None) => compare_one(ours, printed),
    }
}

/// The one unit of measure in a list of several whose others are shares: «triệu đồng, tỷ lệ: %».
fn without_shares(text: &str) -> Option<&str> {
    let is_share = |part: &&str| {
        let unit = part.rsplit(':').next().unwrap_or(part);
        Measure::parse(unit).is_some_and(|one| one.base == Base::Kind(Kind::Share))
    };
    let text = bare(text);
    let parts = text.split([';', ',']).map(str::trim);
    let (shares, others): (Vec<&str>, Vec<&str>) = parts.partition(is_share);
    match others.as_slice() {
        [one] if !shares.is_empty() => Some(one),
        _ => None,
    }
}

fn compare_one(ours: &str, printed: &str) -> Likeness {
    let own = label_key(bare(ours));
    if own == label_key(bare(printed)) {
        return Likeness::Same;
    }
    let (Some(own), Some(other)) = (Measure::parse(ours), Measure::parse(printed)) else {
        return Likeness::Other;
    };
    own.against(&other)
}

/// Is the printed unit of measure one of thousands, millions... of things, where the form counts
/// the things themselves?
pub fn is_of_many(printed: &str) -> bool {
    Measure::parse(printed).is_some_and(|measure| {
        let counts = matches!(measure.base, Base::Unsaid | Base::Things(_));
        counts && measure.per.is_none() && measure.power != 0
    })
}

/// The unit of measure that a header states: in brackets, behind "ĐVT:" or a dash, as its last
/// words or as the whole of it. `None` if it states none that is certainly one.
pub fn stated(header: &str) -> Option<&str> {
    let trimmed = header.trim();
    let brackets = trimmed.match_indices('(').filter_map(|(at, _)| {
        let inside = trimmed[at + 1..].split(')').next()?;
        Some(inside.trim())
    });
    let last = trimmed
        .rsplit([',', '-', '–', '—', '\n', ':', ';'])
        .next()
        .map(str::trim);
    let words = trimmed.match_indices(char::is_whitespace).rev();
    let tails = words.take(3).map(|(at, _)| trimmed[at..].trim());
    // "đồng" alone may be the end of "hợp đồng".
    let of_money = |tail: &&str| {
        let measure = Measure::parse(tail);
        measure.is_some_and(|one| one.base == Base::Kind(Kind::Money) && one.power > 0)
    };
    let tail = tails.filter(of_money).last();
    let mut candidates: Vec<&str> = brackets.collect();
    candidates.reverse();
    candidates.extend(last);
    candidates.extend(tail.filter(|tail| {
        // "thu nhập dưới 5 triệu đồng" states no unit of measure.
        let before = trimmed[..trimmed.len() - tail.len()].trim_end();
        !before.ends_with(|c: char| c.is_ascii_digit())
    }));
    candidates.into_iter().find(|text| is_certain(text))
}

/// Can a text in brackets be nothing else than a unit of measure? A single letter may be an
/// enumerator.
fn is_certain(text: &str) -> bool {
    let long = bare(text).chars().filter(|c| !c.is_whitespace()).count() > 1 || bare(text) == "%";
    let named = bare(text).len() < text.len() && !text.starts_with('(');
    let measure = Measure::parse(text).filter(|_| long || named);
    measure.is_some_and(|measure| match measure.base {
        Base::Kind(_) => true,
        Base::Unsaid | Base::Things(_) => measure.power != 0,
    })
}

/// The text without brackets around it and without "Đơn vị tính:" before it.
fn bare(text: &str) -> &str {
    let mut bare = text.trim();
    if let Some(inside) = bare.strip_prefix('(') {
        bare = inside.strip_suffix(')').unwrap_or(inside).trim();
    }
    match bare.split_once(':') {
        Some((before, after)) if NAMES.contains(&fold(before).trim()) => after.trim(),
        _ => bare,
    }
}

const NAMES: [&str; 5] = ["don vi tinh", "dvt", "don vi", "dv tinh", "d.v.t"];

/// What is measured, where figures can be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Money,
    Area,
    Mass,
    Length,
    Volume,
    Share,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Base {
    Kind(Kind),
    /// Things that are counted, as a comparison key: "người", "lượt".
    Things(String),
    /// "nghìn", "triệu": of whatever the table is about.
    Unsaid,
}

/// A unit of measure, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Measure {
    base: Base,
    /// How many of the kind's smallest unit (or of the things) one is, as a power of ten.
    power: i32,
    /// What is behind the slash, as a comparison key: "tạ/ha".
    per: Option<String>,
}

/// Units by kind, with the power of ten that each is of the first.
const UNITS: [(&str, Kind, i32); 46] = [
    ("đồng", Kind::Money, 0),
    ("đ", Kind::Money, 0),
    ("vnd", Kind::Money, 0),
    ("vnđ", Kind::Money, 0),
    ("đồng vn", Kind::Money, 0),
    ("đồng việt nam", Kind::Money, 0),
    ("việt nam đồng", Kind::Money, 0),
    ("m2", Kind::Area, 0),
    ("mét vuông", Kind::Area, 0),
    ("ha", Kind::Area, 4),
    ("hecta", Kind::Area, 4),
    ("héc ta", Kind::Area, 4),
    ("héc-ta", Kind::Area, 4),
    ("hec-ta", Kind::Area, 4),
    ("km2", Kind::Area, 6),
    ("ki lô mét vuông", Kind::Area, 6),
    ("kilômét vuông", Kind::Area, 6),
    ("mg", Kind::Mass, -6),
    ("g", Kind::Mass, -3),
    ("gam", Kind::Mass, -3),
    ("gram", Kind::Mass, -3),
    ("kg", Kind::Mass, 0),
    ("kilôgam", Kind::Mass, 0),
    ("ki lô gam", Kind::Mass, 0),
    ("yến", Kind::Mass, 1),
    ("tạ", Kind::Mass, 2),
    ("tấn", Kind::Mass, 3),
    ("mm", Kind::Length, -3),
    ("cm", Kind::Length, -2),
    ("dm", Kind::Length, -1),
    ("m", Kind::Length, 0),
    ("mét", Kind::Length, 0),
    ("km", Kind::Length, 3),
    ("ki lô mét", Kind::Length, 3),
    ("kilômét", Kind::Length, 3),
    ("ml", Kind::Volume, -6),
    ("l", Kind::Volume, -3),
    ("lít", Kind::Volume, -3),
    ("m3", Kind::Volume, 0),
    ("mét khối", Kind::Volume, 0),
    ("%", Kind::Share, 0),
    ("phần trăm", Kind::Share, 0),
    ("tỷ lệ %", Kind::Share, 0),
    ("tỉ lệ %", Kind::Share, 0),
    ("‰", Kind::Share, -1),
    ("phần nghìn", Kind::Share, -1),
];

/// Words and figures before a unit, longest first.
const MULTIPLIERS: [(&str, i32); 17] = [
    ("1000000000", 9),
    ("1000000", 6),
    ("100000", 5),
    ("10000", 4),
    ("1000", 3),
    ("triệu", 6),
    ("nghìn", 3),
    ("ngàn", 3),
    ("chục", 1),
    ("trăm", 2),
    ("vạn", 4),
    ("trieu", 6),
    ("nghin", 3),
    ("ngan", 3),
    ("tỷ", 9),
    ("tỉ", 9),
    ("tr", 6),
];

impl Measure {
    fn parse(text: &str) -> Option<Measure> {
        const LONGEST: usize = 60;
        let text = bare(text);
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let signs = text.replace('₫', "đ").replace('²', "2").replace('³', "3");
        let plain = normalise(&signs);
        let (own, per) = match plain.split_once('/') {
            Some((own, per)) => (own.trim(), Some(label_key(per))),
            None => (plain.as_str(), None),
        };
        let own = joined_figures(own);
        let mut rest = own.trim_start_matches(['x', '×']).trim_start();
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            rest = &own;
        }
        // «1 triệu đồng»
        if let Some(one) = rest.strip_prefix("1 ") {
            rest = one;
        }
        let mut power = 0;
        while kind_of(rest).is_none() {
            let Some((behind, more)) = multiplied(rest) else {
                break;
            };
            power += more;
            rest = behind;
        }
        let (base, own) = match kind_of(rest) {
            Some((kind, own)) => (Base::Kind(kind), own),
            None if rest.is_empty() => (Base::Unsaid, 0),
            None => (Base::Things(thing(rest)), 0),
        };
        Some(Measure {
            base,
            power: power + own,
            per,
        })
    }

    fn against(&self, printed: &Measure) -> Likeness {
        let (alike, known) = match (&self.base, &printed.base) {
            (Base::Kind(own), Base::Kind(other)) => (own == other, own == other),
            (Base::Things(own), Base::Things(other)) => (own == other, true),
            (Base::Unsaid, Base::Kind(kind)) | (Base::Kind(kind), Base::Unsaid) => {
                (*kind == Kind::Money, *kind == Kind::Money)
            }
            (Base::Unsaid, _) | (_, Base::Unsaid) => (true, true),
            _ => (false, false),
        };
        match () {
            () if self.per != printed.per || !known => Likeness::Other,
            () if self.power != printed.power => Likeness::Multiple,
            () if alike => Likeness::Same,
            () => Likeness::Other,
        }
    }
}

/// What is counted, as a comparison key.
fn thing(text: &str) -> String {
    /// Things by a longer and a shorter name.
    const SHORTER: [(&str, &str); 2] = [("trẻ em", "trẻ"), ("hộ gia đình", "hộ")];
    let key = label_key(text);
    let short = SHORTER.iter().find(|(long, _)| label_key(long) == key);
    short.map_or(key, |(_, short)| label_key(short))
}

/// "1.000 đồng" and "1 000 000 đ" with their figures in one piece.
fn joined_figures(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let separates = |at: usize| {
        matches!(characters[at], '.' | ',' | ' ')
            && at > 0
            && is_digit(at - 1)
            && (1..=3).all(|next| is_digit(at + next))
            && !is_digit(at + 4)
    };
    let kept = (0..characters.len()).filter(|at| !separates(*at));
    kept.map(|at| characters[at]).collect()
}

/// The kind of a unit, and the power of ten it is of that kind's first. Texts without any marks are
/// compared without marks.
fn kind_of(text: &str) -> Option<(Kind, i32)> {
    let text = text.trim_start_matches('.').trim_end_matches('.').trim();
    let is = |name: &str| name == text || (text.is_ascii() && fold(name) == text);
    let found = UNITS.iter().find(|(name, _, _)| is(name))?;
    Some((found.1, found.2))
}

/// What is behind a multiplier, and the multiplier's power of ten.
fn multiplied(text: &str) -> Option<(&str, i32)> {
    let text = text.trim_start_matches(['.', ' ']);
    MULTIPLIERS.iter().find_map(|(word, power)| {
        let behind = text.strip_prefix(word)?;
        let ends = !behind.starts_with(char::is_alphanumeric);
        let rest = behind.trim_start_matches(['.', ' ']).trim_end_matches('.');
        let measured = rest.is_empty() || kind_of(rest).is_some();
        let fits = match *word {
            // "tỷ lệ", "trạm" and "tr.em" are no multiples of anything.
            "tỷ" | "tỉ" | "tr" => measured,
            // "triệu chứng", "triệu tập"; without marks words are ambiguous.
            "trieu" | "nghin" | "ngan" | "triệu" | "trăm" | "chục" | "vạn" => {
                ends && !rest.starts_with("chứng") && !rest.starts_with("tập")
                    || rest.starts_with('đ') && measured
            }
            _ => ends || measured,
        };
        (fits && (ends || measured)).then_some((rest, *power))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_counted_in_dong_however_it_is_written() {
        let of = |text: &str| dong(text).map(|factor| factor.to_string());
        for text in ["Triệu đồng", "triệu", "trđ", "Tr.đ", "1.000.000 đồng"] {
            assert_eq!(of(text).as_deref(), Some("1000000"), "{text}");
        }
        for text in [
            "nghìn đồng",
            "ngàn đồng",
            "1.000 đ",
            "1000đ",
            "nghìn",
            "nghin dong",
        ] {
            assert_eq!(of(text).as_deref(), Some("1000"), "{text}");
        }
        assert_eq!(of(" ₫").as_deref(), Some("1"));
        assert_eq!(of("đồng Việt Nam").as_deref(), Some("1"));
        assert_eq!(of("tỷ đồng").as_deref(), Some("1000000000"));
        assert_eq!(of("người"), None);
    }

    #[test]
    fn a_label_prints_its_unit_in_brackets() {
        assert_eq!(in_label("Kinh phí (nghìn đồng)"), Some("nghìn đồng"));
        let both = "Vốn (trung ương) (ĐVT: triệu đồng)";
        assert_eq!(in_label(both), Some("triệu đồng"));
        for label in ["Kinh phí", "Nữ (người)", "Vốn (nghìn", ")("] {
            assert_eq!(in_label(label), None, "{label}");
        }
    }

    #[test]
    fn units_of_one_kind_are_compared_however_they_are_written() {
        let same = [
            ("triệu đồng", "Tr.đ"),
            ("triệu đồng", "(Đơn vị tính: Triệu đồng)"),
            ("triệu đồng", "trđ"),
            ("triệu đồng", "triệu"),
            ("đồng", "đồng VN"),
            ("đồng", "VNĐ"),
            ("ha", "héc ta"),
            ("ha", "HA"),
            ("m2", "m²"),
            ("%", "phần trăm"),
            ("nghìn người", "1.000 người"),
            ("tạ/ha", "Tạ / ha"),
            ("người", "Người."),
            ("trẻ", "trẻ em"),
            ("triệu đồng", "triệu đồng; %"),
            ("triệu đồng", "triệu đồng, tỷ lệ: %"),
            ("triệu đồng; %", "triệu đồng"),
            ("triệu đồng", "1 triệu đồng"),
        ];
        for (ours, printed) in same {
            assert_eq!(compare(ours, printed), Likeness::Same, "{ours} {printed}");
        }
        let multiple = [
            ("triệu đồng", "nghìn đồng"),
            ("triệu đồng", "nghìn đồng; %"),
            ("triệu đồng", "1 nghìn đồng"),
            ("triệu đồng", "trăm triệu đồng"),
            ("triệu đồng", "nghìn tỷ đồng"),
            ("triệu đồng", "đồng VN"),
            ("triệu đồng", "x 1.000 đồng"),
            ("triệu đồng", "nghìn"),
            ("triệu đồng/ha", "nghìn đồng/ha"),
            ("ha", "m²"),
            ("ha", "m2"),
            ("ha", "nghìn ha"),
            ("tấn", "kg"),
            ("tấn", "tạ"),
            ("km", "m"),
            ("trẻ", "nghìn trẻ"),
            ("trẻ", "nghìn em"),
            ("mũi", "nghìn mũi"),
            ("nghìn người", "người"),
            ("%", "‰"),
        ];
        for (ours, printed) in multiple {
            assert_eq!(
                compare(ours, printed),
                Likeness::Multiple,
                "{ours} {printed}"
            );
        }
        let other = [
            ("trẻ", "em"),
            ("trẻ", "trẻ; người"),
            ("mũi", "liều"),
            ("triệu đồng", "m2"),
            ("người", "kg"),
            ("trạm", "trạm y tế"),
            ("văn bản", "bản"),
            ("tạ/ha", "tạ/sào"),
            ("ca", "triệu chứng"),
            ("lượt", "tỷ lệ"),
        ];
        for (ours, printed) in other {
            assert_eq!(compare(ours, printed), Likeness::Other, "{ours} {printed}");
        }
    }

    #[test]
    fn a_header_states_its_unit_of_measure() {
        let some = [
            ("Vốn đầu tư (nghìn đồng)", "nghìn đồng"),
            ("Học sinh (nghìn em)", "nghìn em"),
            ("Giải ngân (m2)", "m2"),
            ("Kế hoạch - tr.đ", "tr.đ"),
            ("Kế hoạch\nnghìn đồng", "nghìn đồng"),
            ("Vốn đầu tư, ĐVT: nghìn đồng", "nghìn đồng"),
            ("Vốn tính bằng trăm triệu đồng", "trăm triệu đồng"),
            ("Tỷ lệ (%)", "%"),
            ("Vốn (trung ương) (ngàn đồng)", "ngàn đồng"),
        ];
        for (header, unit) in some {
            assert_eq!(stated(header), Some(unit), "{header}");
        }
        for header in [
            "Vốn đầu tư",
            "Nữ (người)",
            "Hộ có thu nhập dưới 5 triệu đồng",
            "Chỉ tiêu (d)",
            "Đã tiêm năm 2024",
            "Trạm y tế",
            "Số hợp đồng",
            "Văn bản (bản giấy)",
            "Tổng số (12 tháng)",
            "",
        ] {
            assert_eq!(stated(header), None, "{header}");
        }
        assert!(is_of_many("nghìn em") && !is_of_many("em") && !is_of_many("ha"));
    }
}
