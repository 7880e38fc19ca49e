//! How the rows of a list are numbered on several levels: «A», «I», «1», «a)», «-».

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::ReadContext;
use crate::model::CellAddress;
use crate::text::is_roman;
use crate::workbook::Content;

/// What the rows of a level are counted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter { upper: bool },
    Roman { upper: bool },
    Number,
    Mark(char),
}

/// How the rows of a level are counted: «1.2» by numbers of two parts.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Style {
    kind: Kind,
    parts: usize,
}

impl Style {
    /// Whatever comes first: capitals are above all others, dashes below.
    fn class(self) -> u8 {
        match (self.kind, self.parts) {
            (Kind::Letter { upper: true } | Kind::Roman { upper: true }, 1) => 0,
            (Kind::Mark(_), _) => 2,
            _ => 1,
        }
    }
}

/// The ordinal of a row.
#[derive(Clone, Copy)]
struct Ordinal {
    style: Style,
    /// The letter, if it is one.
    letter: Option<char>,
}

/// The levels of the rows of a table.
pub(super) struct Outline {
    styles: Vec<Option<Style>>,
    /// Of each row with an ordinal, how many levels are above it.
    levels: Vec<Option<usize>>,
}

impl Outline {
    /// `lines`: the rows of the sheet (from 0) that the rows of the table are.
    pub(super) fn new(context: &ReadContext<'_>, lines: &[u32]) -> Outline {
        let mut letter: Option<char> = None;
        let mut styles: Vec<Option<Style>> = Vec::new();
        for line in lines {
            let text = text(context, *line);
            let ordinal = text.and_then(|text| ordinal(&text, letter));
            letter = ordinal.and_then(|ordinal| ordinal.letter).or(letter);
            styles.push(ordinal.map(|ordinal| ordinal.style));
        }
        Outline::of(styles)
    }

    /// Of one class, the style that comes first is that of the higher level.
    fn of(styles: Vec<Option<Style>>) -> Outline {
        let mut ranks: Vec<Style> = Vec::new();
        for style in styles.iter().flatten() {
            if !ranks.contains(style) {
                ranks.push(*style);
            }
        }
        ranks.sort_by_key(|style| style.class());
        let level = |style: &Option<Style>| ranks.iter().position(|rank| Some(*rank) == *style);
        let levels = styles.iter().map(level).collect();
        Outline { styles, levels }
    }

    /// Is the row below one of a lower level? One without an ordinal is below a capital.
    fn has_rows(&self, at: usize) -> bool {
        let (Some(style), Some(level)) = (self.styles[at], self.levels[at]) else {
            return false;
        };
        match self.levels.get(at + 1) {
            Some(Some(below)) => *below > level,
            Some(None) => style.class() == 0,
            None => false,
        }
    }

    /// The rows of the levels on which some have rows below them, each with the rows down to the
    /// next of its level or a higher one; none where that follows at once.
    pub(super) fn groups(&self) -> Vec<(usize, Range<usize>)> {
        let rows = 0..self.levels.len();
        let with_rows = rows.clone().filter(|at| self.has_rows(*at));
        let levels: BTreeSet<usize> = with_rows.filter_map(|at| self.levels[at]).collect();
        let group = |at: usize| {
            let own = self.levels[at].filter(|level| levels.contains(level))?;
            let ends = |at: &usize| self.levels[*at].is_some_and(|level| level <= own);
            let end = match self.has_rows(at) {
                true => (at + 1..rows.end).find(ends).unwrap_or(rows.end),
                false => at + 1,
            };
            Some((at, at + 1..end))
        };
        rows.clone().filter_map(group).collect()
    }

    /// Which row of its level each is since the last one of a higher level, from 1; `None` for one
    /// without an ordinal.
    pub(super) fn counted(&self) -> Vec<Option<u32>> {
        let mut counts: Vec<u32> = Vec::new();
        let mut counted = Vec::new();
        for level in &self.levels {
            counted.push(level.map(|level| {
                counts.resize(level + 1, 0);
                counts[level] += 1;
                counts[level]
            }));
        }
        counted
    }
}

/// What is written in the ordinal column of a row of the sheet, from 0.
fn text(context: &ReadContext<'_>, row: u32) -> Option<String> {
    let at = CellAddress::new(row, context.located.header.ordinal?);
    match &context.sheet.cells.get(&at)?.content {
        Content::Text(text) => Some(text.to_string()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `before`: the last letter that counted a row.
fn ordinal(text: &str, before: Option<char>) -> Option<Ordinal> {
    let bare = text.trim().trim_start_matches('(');
    let bare = bare.trim_end_matches(['.', ')', '/', ' ']);
    let one = |kind, parts| {
        let style = Style { kind, parts };
        Some(Ordinal {
            style,
            letter: None,
        })
    };
    if let "-" | "–" | "+" | "*" = bare {
        return one(Kind::Mark(bare.chars().next()?), 1);
    }
    let parts = bare.split('.').count();
    let last = bare.rsplit('.').next()?;
    if !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()) {
        return one(Kind::Number, parts);
    }
    let mut letters = last.chars();
    let (first, more) = (letters.next()?, letters.next());
    let upper = first.is_uppercase();
    let roman = match upper {
        true => is_roman(last),
        false => is_roman(&last.to_uppercase()),
    };
    let is_next_letter = more.is_none() && follows(first, before);
    if roman && !is_next_letter {
        return one(Kind::Roman { upper }, parts);
    }
    let style = Style {
        kind: Kind::Letter { upper },
        parts,
    };
    (more.is_none() && first.is_alphabetic()).then_some(Ordinal {
        style,
        letter: Some(first),
    })
}

/// Is a letter that is a Roman numeral, too, the next of the alphabet?
fn follows(letter: char, before: Option<char>) -> bool {
    let Some(before) = before.filter(|before| before.is_uppercase() == letter.is_uppercase())
    else {
        return false;
    };
    matches!(
        (before.to_ascii_lowercase(), letter.to_ascii_lowercase()),
        ('h', 'i') | ('u', 'v') | ('v' | 'w', 'x')
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(ordinals: &[&str]) -> Vec<(usize, Range<usize>)> {
        let mut letter = None;
        let mut styles = Vec::new();
        for text in ordinals {
            let found = ordinal(text, letter);
            letter = found.and_then(|ordinal| ordinal.letter).or(letter);
            styles.push(found.map(|ordinal| ordinal.style));
        }
        Outline::of(styles).groups()
    }

    #[test]
    fn levels_are_told_by_how_rows_are_counted() {
        assert_eq!(
            outline(&["A", "I", "1", "2", "B", "I", "1"]),
            [(0, 1..4), (1, 2..4), (4, 5..7), (5, 6..7)]
        );
        assert_eq!(outline(&["1", "2", "3"]), []);
        assert_eq!(outline(&["i", "1", "2", "ii", "1"]), [(0, 1..3), (3, 4..5)]);
        assert_eq!(
            outline(&["1", "a)", "b)", "2", "3"]),
            [(0, 1..3), (3, 4..4), (4, 5..5)]
        );
        assert_eq!(
            outline(&["1", "1.1", "1.2", "2", "2.1"]),
            [(0, 1..3), (3, 4..5)]
        );
        assert_eq!(outline(&["1", "-", "-", "2", "-"]), [(0, 1..3), (3, 4..5)]);
        // What comes first is above: numbers under letters, letters under numbers.
        assert_eq!(outline(&["a", "1", "đ", "1"]), [(0, 1..2), (2, 3..4)]);
        assert_eq!(outline(&["1", "2", "II", "1"]), [(2, 3..4)]);
        // Rows without an ordinal are below capitals only.
        assert_eq!(outline(&["I", "", "II", ""]), [(0, 1..2), (2, 3..4)]);
        assert_eq!(outline(&["1", "", "2", ""]), []);
    }

    #[test]
    fn letters_that_are_roman_numerals_too_are_told_by_the_alphabet() {
        let letters = ["A", "1", "H", "1", "I", "1", "K", "1"];
        assert_eq!(
            outline(&letters),
            [(0, 1..2), (2, 3..4), (4, 5..6), (6, 7..8)]
        );
        assert_eq!(outline(&["A", "I", "1"]), [(0, 1..3), (1, 2..3)]);
    }
}
