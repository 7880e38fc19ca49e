//! Formulas seen from their own cell, so that what was filled down a column reads the same in
//! every row: `I8/G8*100` in J8 and `I9/G9*100` in J9 are both `R[0]C[-1]/R[0]C[-3]*100`.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::CellAddress;

/// A text in quotes, a quoted sheet name, a word, or any one other character.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| regex(r#""[^"]*"?|'[^']*'?|[\p{L}\p{N}_.$\\]+|\s+|."#));
/// A link into another workbook: `[1]Tờ!A1`, `'C:\bc\[thang8.xlsx]Tờ'!A1`, `'file:///bc.ods'#`.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\[[^\[\]]+\][^\[\]!]*!|'(?:file|https?):"));
static TEXT: LazyLock<Regex> = LazyLock::new(|| regex(r#""[^"]*""#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
}

/// The formula with its references counted from `at`; case and spaces that say nothing are gone.
pub(super) fn relative(formula: &str, at: CellAddress) -> String {
    let tokens: Vec<&str> = TOKEN
        .find_iter(formula)
        .map(|token| token.as_str())
        .collect();
    let mut seen = String::with_capacity(formula.len());
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).copied().unwrap_or_default();
        let before = i.checked_sub(1).map_or("", |before| tokens[before]);
        let is_name = matches!(next, "(" | "!");
        let in_range = before == ":" || next == ":";
        let moved = if is_name {
            None
        } else {
            reference(token, at).or_else(|| in_range.then(|| half(token, at)).flatten())
        };
        match moved {
            Some(moved) => seen.push_str(&moved),
            None if token.starts_with('"') => seen.push_str(token),
            None if token.trim().is_empty() => {}
            None => seen.push_str(&token.to_uppercase()),
        }
    }
    seen
}

/// Does the formula take figures out of another workbook?
pub(super) fn is_linked(formula: &str) -> bool {
    LINK.is_match(&TEXT.replace_all(formula, ""))
}

/// `$C7` in D9 is `R[-2]C3`; `None` for what is no cell.
fn reference(token: &str, at: CellAddress) -> Option<String> {
    let cell: CellAddress = token.parse().ok()?;
    let digits = token.find(|c: char| c.is_ascii_digit())?;
    let fixed_row = token[..digits].ends_with('$');
    let fixed_column = token.starts_with('$');
    Some(format!(
        "{}{}",
        part('R', cell.row, at.row, fixed_row),
        part('C', cell.column, at.column, fixed_column)
    ))
}

/// One side of `A:A` or `7:7`.
fn half(token: &str, at: CellAddress) -> Option<String> {
    let fixed = token.starts_with('$');
    let bare = token.trim_start_matches('$');
    let column = || format!("{bare}1").parse::<CellAddress>().ok();
    if let Ok(row) = bare.parse::<u32>() {
        return Some(part('R', row.checked_sub(1)?, at.row, fixed));
    }
    Some(part('C', column()?.column, at.column, fixed))
}

fn part(letter: char, there: u32, here: u32, fixed: bool) -> String {
    if fixed {
        format!("{letter}{}", there + 1)
    } else {
        format!("{letter}[{}]", i64::from(there) - i64::from(here))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(formula: &str, at: &str) -> String {
        relative(formula, at.parse().unwrap())
    }

    #[test]
    fn what_is_filled_down_reads_the_same() {
        assert_eq!(seen("I8/G8*100", "J8"), "R[0]C[-1]/R[0]C[-3]*100");
        assert_eq!(seen("i9 / G9*100", "J9"), seen("I8/G8*100", "J8"));
        assert_ne!(seen("H9/G9*100", "J9"), seen("I8/G8*100", "J8"));
        assert_eq!(seen("SUM(C$7:$D9)", "C10"), "SUM(R7C[0]:R[-1]C4)");
        assert_eq!(
            seen("SUM(B:B)+SUM($3:3)", "C3"),
            "SUM(C[-1]:C[-1])+SUM(R3:R[0])"
        );
    }

    #[test]
    fn names_texts_and_functions_are_no_references() {
        assert_eq!(
            seen("LOG10(A1)&\"a B2\"", "A2"),
            "LOG10(R[-1]C[0])&\"a B2\""
        );
        assert_eq!(
            seen("'Biểu B2'!C3+th_a__b", "C3"),
            "'BIỂU B2'!R[0]C[0]+TH_A__B"
        );
        assert_eq!(seen("BM01!C3", "C3"), "BM01!R[0]C[0]");
        assert_eq!(seen("1E5+2.5", "A1"), "1E5+2.5");
    }

    #[test]
    fn links_into_other_workbooks_are_known() {
        for formula in [
            "[1]TTHC!C7",
            "SUM('[thang8.xlsx]Tờ 1'!A1:A3)",
            r"'C:\bc\[a.xlsx]b'!A1",
            "'file:///bc/a.ods'#$Tờ!A1",
        ] {
            assert!(is_linked(formula), "{formula}");
        }
        for formula in ["TTHC!C7", "Bảng1[Tổng số]", "\"[1]a!\"&A1", ""] {
            assert!(!is_linked(formula), "{formula}");
        }
    }

    proptest! {
        #[test]
        fn a_formula_moved_with_its_cell_stays_the_same(
            row in 0u32..500, column in 0u32..200, down in 0u32..500, right in 0u32..200,
            other_row in 0u32..500, other_column in 0u32..200,
        ) {
            let here = CellAddress::new(row, column);
            let there = CellAddress::new(row + down, column + right);
            let one = CellAddress::new(other_row, other_column);
            let other = CellAddress::new(other_row + down, other_column + right);
            prop_assert_eq!(
                relative(&format!("SUM({one}:{one})*$A$1"), here),
                relative(&format!("SUM({other}:{other})*$A$1"), there)
            );
        }

        #[test]
        fn no_formula_is_too_odd(formula in "\\PC{0,40}") {
            let _ = relative(&formula, CellAddress::new(0, 0));
            let _ = is_linked(&formula);
        }
    }
}
