//! Lengths as numbers of rows and columns, and Roman numerals.

/// A length as a number of rows or columns; no form comes near the limit.
pub fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A number from 1 in Roman numerals: I, II, III...
pub fn roman(number: usize) -> String {
    const STEPS: [(usize, &str); 9] = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in STEPS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_in_roman() {
        let numbers: Vec<String> = [1, 4, 9, 14, 44].map(roman).to_vec();
        assert_eq!(numbers, ["I", "IV", "IX", "XIV", "XLIV"]);
    }
}
