//! Texts as a reader sees them: old fonts converted to Unicode, and raised footnote marks behind
//! figures and labels left out. One pass over a workbook of any format.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::runs::{RunFont, Runs, TextRun};
use super::{Cell, Content, Sheet, Workbook};
use crate::model::CellAddress;
use crate::text::legacy::{OldFont, OldText, read_old};

/// Reads the texts of a workbook.
pub(super) fn read(workbook: &mut Workbook) {
    let mut texts = FontTexts::default();
    let keys: Vec<BTreeMap<CellAddress, usize>> = workbook
        .sheets
        .iter_mut()
        .map(|sheet| texts.of(sheet))
        .collect();
    let habit = Habit::of(&texts.list);
    let shown: Vec<Shown> = texts.list.iter().map(|text| text.shown(habit)).collect();
    for (sheet, keys) in workbook.sheets.iter_mut().zip(keys) {
        for (address, text) in keys {
            shown[text].put(sheet, address);
        }
    }
}

/// Every text that needs reading, once however many cells share it.
#[derive(Default)]
struct FontTexts {
    list: Vec<Text>,
    places: HashMap<(*const str, *const TextRun, Option<OldFont>), usize>,
}

/// A text in stretches of one look each.
struct Text {
    stored: Arc<str>,
    /// Kept so that their place in memory, by which the text is known, stays their own.
    _runs: Option<Runs>,
    stretches: Vec<Stretch>,
    old: OldText,
}

struct Stretch {
    place: Range<usize>,
    font: Option<OldFont>,
    raised: bool,
}

/// Looks that a text may have. Nobody types one with more, but a small file can hold many.
const MOST_LOOKS: usize = 256;

impl FontTexts {
    /// The texts of a sheet that need reading: in an old font, of several looks, or with a raised
    /// figure.
    fn of(&mut self, sheet: &mut Sheet) -> BTreeMap<CellAddress, usize> {
        let runs = std::mem::take(&mut sheet.runs);
        let texts = sheet.cells.iter().filter_map(|(address, cell)| {
            let Content::Text(text) = &cell.content else {
                return None;
            };
            let font = old_font(cell);
            let runs = runs.get(address).filter(|runs| make_up(runs, text));
            let matters = |run: &TextRun| run.raised || matches!(run.font, RunFont::Own(Some(_)));
            let runs = runs.filter(|runs| font.is_some() || runs.iter().any(matters));
            let plain = font.is_none() && runs.is_none() && !text.ends_with(is_raised_digit);
            (!plain).then(|| (*address, self.place(text, runs, font)))
        });
        texts.collect()
    }

    fn place(&mut self, text: &Arc<str>, runs: Option<&Runs>, font: Option<OldFont>) -> usize {
        let key = (
            Arc::as_ptr(text),
            runs.map_or(std::ptr::null(), |runs| runs.as_ptr()),
            font,
        );
        let list = &mut self.list;
        *self.places.entry(key).or_insert_with(|| {
            let stretches = stretches(text, runs, font);
            let parts: Vec<(&str, Option<OldFont>)> = stretches
                .iter()
                .map(|stretch| (&text[stretch.place.clone()], stretch.font))
                .collect();
            list.push(Text {
                old: read_old(&parts),
                stored: text.clone(),
                _runs: runs.cloned(),
                stretches,
            });
            list.len() - 1
        })
    }
}

fn old_font(cell: &Cell) -> Option<OldFont> {
    OldFont::of(cell.style.as_ref()?.font.as_deref()?)
}

/// Are these the runs of that text? Other spaces at their ends would shift what is raised.
fn make_up(runs: &[TextRun], text: &str) -> bool {
    let mut rest = text;
    runs.len() <= MOST_LOOKS
        && runs.iter().all(|run| {
            let split = rest.split_at_checked(run.length);
            rest = split.map_or(rest, |(_, after)| after);
            split.is_some()
        })
        && rest.is_empty()
}

/// The text in stretches; neighbours of one look are one, for a letter of VNI takes two characters.
fn stretches(text: &str, runs: Option<&Runs>, font: Option<OldFont>) -> Vec<Stretch> {
    let Some(runs) = runs else {
        return vec![Stretch {
            place: 0..text.len(),
            font,
            raised: false,
        }];
    };
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut end = 0;
    for run in runs.iter() {
        let font = match run.font {
            RunFont::OfCell => font,
            RunFont::Own(own) => own,
        };
        let place = end..end + run.length;
        end = place.end;
        match stretches.last_mut() {
            Some(last) if (last.font, last.raised) == (font, run.raised) => last.place.end = end,
            _ => stretches.push(Stretch {
                place,
                font,
                raised: run.raised,
            }),
        }
    }
    stretches
}

/// How texts in old fonts are stored in this workbook, judged by the unambiguous ones; a text that
/// makes sense both ways is read the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// In the old encoding, as the font says.
    Old,
    /// Unicode typed in cells whose font was left over.
    Unicode,
    /// Some in the old encoding, some in Unicode.
    Both,
}

impl Habit {
    fn of(texts: &[Text]) -> Self {
        let any = |is: fn(&OldText) -> bool| texts.iter().any(|text| is(&text.old));
        let has_font = |text: &Text| text.stretches.iter().any(|part| part.font.is_some());
        let unicode = texts
            .iter()
            .any(|text| text.old == OldText::Unicode && has_font(text));
        match (any(|old| matches!(old, OldText::Old(_))), unicode) {
            (true, true) => Self::Both,
            (false, true) => Self::Unicode,
            (_, false) => Self::Old,
        }
    }
}

/// A text as it is shown.
struct Shown {
    text: Arc<str>,
    mark: Option<Arc<str>>,
    /// The old font it was in, and whether it could be read.
    old: Option<(OldFont, bool)>,
}

impl Text {
    fn shown(&self, habit: Habit) -> Shown {
        let (converted, read) = match (&self.old, habit) {
            (OldText::Old(text), _) | (OldText::Either(text), Habit::Old) => {
                (Some(text), Some(true))
            }
            (OldText::Either(_), Habit::Both) | (OldText::Unreadable, _) => (None, Some(false)),
            _ => (None, None),
        };
        let parts: Vec<(&str, bool)> = self
            .stretches
            .iter()
            .enumerate()
            .map(|(i, part)| {
                let text = converted.and_then(|texts| texts.get(i)).map(String::as_str);
                let stored = &self.stored[part.place.clone()];
                (text.unwrap_or(stored), part.raised)
            })
            .collect();
        let (text, mark) = without_marks(&parts);
        let font = self.stretches.iter().find_map(|part| part.font);
        Shown {
            text: text.into(),
            mark: (!mark.is_empty()).then(|| mark.into()),
            old: font.zip(read),
        }
    }
}

impl Shown {
    fn put(&self, sheet: &mut Sheet, address: CellAddress) {
        match self.old {
            Some((font, true)) => sheet.old_fonts.read.insert(address, font),
            Some((font, false)) => sheet.old_fonts.unread.insert(address, font),
            None => None,
        };
        if let Some(mark) = &self.mark {
            sheet.marks.insert(address, mark.clone());
        }
        if let Some(cell) = sheet.cells.get_mut(&address) {
            cell.content = Content::Text(self.text.clone());
        }
    }
}

/// The text without its footnote marks, and the marks. Raised are stretches set so, and the
/// superscript figures of Unicode at the end. What is raised and no mark (m², 10³ đồng) becomes
/// superscript figures, which no reader takes for the figure before.
fn without_marks(parts: &[(&str, bool)]) -> (String, String) {
    let whole: String = parts.iter().map(|(text, _)| *text).collect();
    let on_the_line = parts.iter().filter(|(_, raised)| !raised);
    let alone = on_the_line.clone().all(|(text, _)| text.trim().is_empty());
    if alone {
        return (whole, String::new());
    }
    let (mut text, mut mark) = (String::new(), String::new());
    for (part, raised) in parts {
        let bare = part.trim();
        if !raised || bare.is_empty() {
            text.push_str(part);
        } else if is_mark(bare) && !is_exponent(&text, bare, &whole) {
            mark.push_str(bare);
        } else {
            text.extend(part.chars().map(raised_digit));
        }
    }
    let before = text.trim_end_matches(is_raised_digit).len();
    let (line, behind) = text.split_at(before);
    let behind: String = behind.chars().map(plain_digit).collect();
    if behind.is_empty()
        || line.trim().is_empty()
        || !is_mark(&behind)
        || is_exponent(line, &behind, &whole)
    {
        return (text, mark);
    }
    mark.push_str(&behind);
    (line.to_owned(), mark)
}

/// A figure of one or two digits, a letter, stars, or a list of such, in brackets or not. More
/// digits may as well belong to the figure.
fn is_mark(raised: &str) -> bool {
    const LONGEST: usize = 8;
    let bare = raised.trim_matches(['(', ')', '[', ']', ' ']);
    raised.chars().count() <= LONGEST
        && bare.split([',', ';', ' ']).all(|mark| {
            let of = |is: fn(char) -> bool| !mark.is_empty() && mark.chars().all(is);
            let short = mark.chars().count() <= 2;
            of(|c| c.is_ascii_digit()) && short
                || of(|c| "*†‡#".contains(c))
                || of(char::is_alphabetic) && mark.chars().count() == 1
        })
}

/// Is it part of a unit of measure (m², km³) or of a power of ten among words?
fn is_exponent(before: &str, raised: &str, whole: &str) -> bool {
    const LENGTHS: [&str; 7] = ["m", "mm", "cm", "dm", "hm", "km", "µm"];
    let start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| {
            at + before[at..].chars().next().map_or(0, char::len_utf8)
        });
    let word = &before[start..];
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let of_length = matches!(raised, "2" | "3") && LENGTHS.contains(&unit.to_lowercase().as_str());
    of_length || word == "10" && whole.contains(char::is_alphabetic)
}

/// The superscript figures of Unicode, from 0 to 9.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

fn is_raised_digit(c: char) -> bool {
    RAISED.contains(&c)
}

fn raised_digit(c: char) -> char {
    let digit = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
    digit.map_or(c, |digit| RAISED[digit])
}

fn plain_digit(c: char) -> char {
    let digit = RAISED.iter().position(|raised| *raised == c);
    let digit = digit.and_then(|digit| u32::try_from(digit).ok());
    digit
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

#[cfg(test)]
mod format_tests;
#[cfg(test)]
mod tests;
