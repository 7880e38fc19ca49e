//! The row of column numbers under a header: `(1)`, `A`, `1=2+3`.

use crate::compile::equation;
use crate::compile::page::Page;

/// Reads what is printed in a cell of a numbering row: the code of the column, without what the
/// column is computed from. `None` if it is no such cell.
pub(super) fn code(text: &str) -> Option<String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("ms") {
        return Some(text.to_owned());
    }
    let bare = match equation::find(text).first() {
        Some(equation) => {
            let left = equation.left.as_ref()?;
            if text[..equation.start].chars().any(char::is_alphanumeric) {
                return None;
            }
            left.text.clone()
        }
        None => text.trim_matches(['(', ')', '[', ']', ' ']).to_owned(),
    };
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let plain = bare
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".'Đđ".contains(c));
    (plain && letters <= 2 && digits <= 3 && !bare.is_empty()).then_some(bare)
}

/// Is it a row of column numbers? Nearly every cell is one, and they count up from 1 (or A), or go
/// on from the numbers of a table before.
pub(super) fn is_numbering(page: &Page<'_>, row: u32) -> bool {
    let (mut cells, mut codes) = (0_usize, Vec::new());
    for (_, text) in page.row(row) {
        cells += 1;
        codes.extend(code(text));
    }
    let numbers: Vec<u32> = codes.iter().filter_map(|code| number(code)).collect();
    let first = numbers.first().copied().unwrap_or(u32::MAX);
    let letters = codes.iter().any(|code| code == "A" || code == "a");
    let climbs = numbers.windows(2).all(|two| two[0] <= two[1]);
    // A B C D 1 E: columns of words are lettered, on either side of those of figures; A (a) (b)
    // (c)=(a)+(b): those of figures may be, too.
    let lettered: Vec<char> = codes.iter().filter_map(|code| letter(code)).collect();
    let in_order = lettered.len() >= 3
        && matches!(lettered.first(), Some('A' | 'a'))
        && lettered.windows(2).all(|two| two[0] < two[1]);
    if in_order && codes.len() == cells && numbers.first().is_none_or(|first| *first == 1) {
        return climbs;
    }
    // A B 1: one column of figures.
    let single = numbers == [1] && lettered.len() + 1 == cells && lettered.first() == Some(&'A');
    let single = single && lettered.windows(2).all(|two| two[0] < two[1]);
    if single && codes.len() == cells && codes.last().is_some_and(|code| code == "1") {
        return true;
    }
    cells >= 2
        && codes.len() * 10 >= cells * 8
        && numbers.len() >= 2
        && (first == 1
            || first == 2
            || letters && first <= 3
            || codes.len() == cells && goes_on(&numbers, letters))
        && (climbs || numbers.windows(2).filter(|two| two[0] > two[1]).count() * 5 <= cells)
}

/// Do numbers go on one by one from those of another table: `A B 4=1 5 6=4-5`, `(6) (7) (8)`? None
/// is left out, and there are letters before them or more than two of them.
fn goes_on(numbers: &[u32], letters: bool) -> bool {
    let least = if letters { 2 } else { 3 };
    let next = |two: &[u32]| (two[0]..=two[0] + 1).contains(&two[1]);
    numbers.len() >= least && numbers.windows(2).all(next) && numbers.first() != numbers.last()
}

/// The letter that a code is; capitals go before small ones.
fn letter(code: &str) -> Option<char> {
    let mut chars = code.chars();
    let first = chars.next().filter(char::is_ascii_alphabetic)?;
    chars.next().is_none().then_some(first)
}

/// The number in `3`, `1a`, `2.1`.
fn number(code: &str) -> Option<u32> {
    let end = code
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(code.len());
    code[..end].parse().ok()
}
