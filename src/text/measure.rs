//! Units of measure as people print them: "triệu đồng", "1.000 đồng", "trđ".

use super::fold;
use crate::model::Number;

/// Is the text a unit of measure of money, and nothing else?
pub fn is_known(text: &str) -> bool {
    dong(text).is_some()
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
    brackets.rfind(|unit| is_known(unit))
}

/// How many đồng one of an amount's unit of measure is; `None` if it is not one of money.
pub fn dong(text: &str) -> Option<Number> {
    let plain: String = fold(&text.replace('₫', "đ"))
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let plain = plain.strip_suffix("vietnam").unwrap_or(&plain);
    let thousands = match plain {
        "dong" | "d" | "vnd" => 0,
        "nghin" | "ngan" | "nghindong" | "ngandong" | "1000dong" | "1000d" | "nghind" | "ngand"
        | "1000vnd" => 1,
        "trieudong" | "trieu" | "trd" | "tr" | "1000000dong" | "trieud" | "trieuvnd" => 2,
        "tydong" | "tidong" | "ty" | "ti" | "tyd" | "1000000000dong" | "tyvnd" => 3,
        _ => return None,
    };
    Some((0..thousands).fold(Number::ONE, |factor, _| factor * Number::ONE_THOUSAND))
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
        for text in ["nghìn đồng", "ngàn đồng", "1.000 đ", "1000đ", "nghìn"] {
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
}
