//! How wide texts are and how wide columns must be, in digits of the house font.

use unicode_normalization::UnicodeNormalization;

use super::count::count;
use crate::schema::{FieldType, Form, Orientation};

/// Width between the margins of an A4 sheet in digits, printed at 93 % so that the title block has
/// room.
pub const PORTRAIT_WIDTH: f64 = 84.0;
/// The same with the sheet on its side.
pub const LANDSCAPE_WIDTH: f64 = 126.0;
/// Width of Quốc hiệu on one line, in digits.
pub const MOTTO_WIDTH: f64 = 44.0;
/// The least a column of words takes.
const WORDS_WIDTH: f64 = 24.0;

/// Column widths: figures take what their header needs, words share what is left of the page.
pub fn widths(form: &Form) -> Vec<f64> {
    let layout = &form.file.layout;
    let mut widths = Vec::new();
    let mut words = Vec::new();
    if layout.ordinal.is_some() {
        widths.push(6.0);
    }
    if !form.is_free() {
        words.push(widths.len());
        widths.push(WORDS_WIDTH + 6.0);
        if layout.unit_column.is_some() {
            widths.push(12.0);
        }
    }
    let lead = widths.len();
    for (index, column) in form.file.columns.iter().enumerate() {
        if is_words(form, index) {
            words.push(widths.len());
            widths.push(WORDS_WIDTH);
        } else {
            widths.push(figure_width(column.label.own()).max(least_width(form, index)));
        }
    }
    let page = match layout.orientation {
        Orientation::Portrait => PORTRAIT_WIDTH,
        Orientation::Landscape => LANDSCAPE_WIDTH,
    };
    share(&mut widths, &words, page);
    widen_tail(&mut widths, lead, form.is_free());
    widths
}

/// Number of pages side by side that a table needs so that it is not printed smaller than about
/// half size; widths in digits.
pub fn pages_wide(widths: &[f64]) -> u16 {
    const ROOM: f64 = 2.1 * LANDSCAPE_WIDTH / 1.07;
    let (mut pages, mut left) = (1, widths.iter().sum::<f64>() - ROOM);
    while left > 0.0 && pages < 50 {
        pages += 1;
        left -= ROOM;
    }
    pages
}

/// Does a column hold words, at least in some row?
fn is_words(form: &Form, column: usize) -> bool {
    let rows = 0..form.file.rows.len().max(1);
    rows.filter_map(|row| form.field(Some(row), column))
        .any(|field| matches!(field.kind, FieldType::Text | FieldType::Choice))
}

/// The least a column of figures takes: money has room for 10 digits with their dots, because a
/// clerk who writes đồng for triệu đồng must see it.
fn least_width(form: &Form, column: usize) -> f64 {
    let rows = 0..form.file.rows.len().max(1);
    let money = rows
        .filter_map(|row| form.field(Some(row), column))
        .any(|field| field.kind == FieldType::Amount);
    if money { 17.0 } else { 0.0 }
}

/// What a column of figures takes: its header's longest word, and room for six digits.
pub fn figure_width(header: &str) -> f64 {
    let longest = header
        .split_whitespace()
        .map(text_width)
        .fold(0.0, f64::max);
    // A header of many words would be very tall in a narrow column.
    let shared = text_width(header) / 3.0;
    (longest.max(shared) * 1.08 + 1.5).clamp(9.5, 18.0)
}

/// Gives what is left of the page to the columns of words.
fn share(widths: &mut [f64], words: &[usize], page: f64) {
    let left = page - widths.iter().sum::<f64>();
    let takers = f64::from(count(words.len()));
    if left <= 0.0 || takers == 0.0 {
        return;
    }
    for index in words {
        widths[*index] += left / takers;
    }
}

/// In a table of few columns those behind the label are widened at its cost, so that Quốc hiệu
/// fits over them on one line.
fn widen_tail(widths: &mut [f64], lead: usize, free: bool) {
    let label = lead.min(2);
    if free || lead == 0 {
        return;
    }
    let (head, tail) = widths.split_at_mut(label);
    let have: f64 = tail.iter().sum();
    let spare = head.last().map_or(0.0, |width| width - 28.0);
    let want = (MOTTO_WIDTH - have).min(spare);
    let takers = &mut tail[lead - label..];
    if want <= 0.0 || takers.is_empty() {
        return;
    }
    let each = want / f64::from(count(takers.len()));
    takers.iter_mut().for_each(|width| *width += each);
    if let Some(last) = head.last_mut() {
        *last -= want;
    }
}

/// How wide a text is, in digits of the house font: the sum of its letters' own widths.
pub fn text_width(text: &str) -> f64 {
    text.chars().map(|c| letter_width(c) / 500.0).sum()
}

/// Width of a letter of Times New Roman in thousandths of its size (a digit has 500); marks above
/// and below take no room.
fn letter_width(letter: char) -> f64 {
    match letter.nfd().next().unwrap_or(letter) {
        ' ' | '.' | ',' => 250.0,
        'i' | 'j' | 'l' | 't' | '/' | ':' | ';' | '\'' | '|' => 278.0,
        'f' | 'r' | 'I' | '(' | ')' | '-' => 333.0,
        's' | 'J' => 389.0,
        'a' | 'c' | 'e' | 'z' => 444.0,
        'P' | 'F' | 'S' => 556.0,
        'E' | 'L' | 'T' | 'Z' => 611.0,
        'B' | 'C' | 'R' => 667.0,
        'w' | 'A' | 'D' | 'Đ' | 'G' | 'H' | 'K' | 'N' | 'O' | 'Q' | 'U' | 'V' | 'X' | 'Y' => 722.0,
        'm' => 778.0,
        'M' => 889.0,
        'W' => 944.0,
        c if c.is_uppercase() || c == '%' || c == '→' => 800.0,
        _ => 500.0,
    }
}

/// How many lines a text takes in a column so wide, broken between words.
pub fn lines(text: &str, width: f64) -> u32 {
    let room = (width - 0.5).max(1.0);
    text.lines()
        .map(|line| wrapped(line, room))
        .sum::<u32>()
        .max(1)
}

/// How many lines a text may take on paper, where letters are set a little wider than on a screen.
pub fn lines_on_paper(text: &str, width: f64) -> u32 {
    lines(text, width * 0.94)
}

/// A text that takes more than one line of `width` digits, broken so that its lines are about
/// equally long: no word is left alone on the last.
pub fn balanced(text: &str, width: f64) -> String {
    let needed = lines(text, width);
    if needed < 2 {
        return text.to_owned();
    }
    // The narrowest width that still takes no more lines.
    let mut narrow = width;
    while narrow > 4.0 && lines(text, narrow - 1.0) == needed {
        narrow -= 1.0;
    }
    let room = (narrow - 0.5).max(1.0);
    let mut broken = String::new();
    let mut used = 0.0;
    for word in text.split_whitespace() {
        let wide = text_width(word);
        if used > 0.0 && used + 0.5 + wide > room {
            broken.push('\n');
            used = 0.0;
        } else if used > 0.0 {
            broken.push(' ');
            used += 0.5;
        }
        broken.push_str(word);
        used += wide;
    }
    broken
}

fn wrapped(line: &str, room: f64) -> u32 {
    let (mut lines, mut used) = (1, 0.0);
    for word in line.split_whitespace() {
        let word = text_width(word);
        let with_space = if used > 0.0 { used + 0.5 + word } else { word };
        if with_space > room && used > 0.0 {
            lines += 1;
            used = word;
        } else {
            used = with_space;
        }
        // A word longer than a line, such as the name of a file, is broken wherever the line ends.
        while used > room {
            lines += 1;
            used -= room;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_takes_more_lines() {
        assert_eq!(lines("Tổng số", 12.0), 1);
        assert!(lines("Trực tiếp, dịch vụ bưu chính", 10.0) >= 3);
        // Seven digits fill a column seven digits wide; marks take no room.
        assert!((text_width("1234567") - 7.0).abs() < 1e-9);
        assert!((text_width("ệ") - text_width("e")).abs() < 1e-9);
        assert_eq!(lines("một\nhai", 20.0), 2);
        assert_eq!(lines(&"0123456789".repeat(5), 20.5), 3);
        assert_eq!(lines(&format!("tệp {}", "0123456789".repeat(2)), 20.5), 2);
    }

    #[test]
    fn no_word_is_left_alone() {
        let office = "ỦY BAN NHÂN DÂN TỈNH VĨNH LONG";
        let width = text_width(office) - 2.0;
        assert_eq!(balanced(office, width), "ỦY BAN NHÂN DÂN\nTỈNH VĨNH LONG");
        assert_eq!(balanced(office, width + 5.0), office);
    }
}
