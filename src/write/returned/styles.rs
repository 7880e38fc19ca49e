//! The styles part: fonts and formats for the result sheet, and for every marked cell a copy of
//! its own format in which only the fill is another.

use std::collections::HashMap;
use std::ops::Range;

use super::colours::{self, MOST, NO_FILL, Shade};
use super::error::ReturnError;
use super::list::{StyleList, complete};
use super::look::{self, Look};
use crate::package::edit::{Edits, Element, prefix, with_attribute};

/// Formats that Excel opens a workbook with (its documented limit, less a few).
const MOST_FORMATS: usize = 65_000;

/// The styles part, being added to.
pub(super) struct Styles {
    text: String,
    pub(super) prefix: String,
    pub(super) fonts: StyleList,
    pub(super) fills: StyleList,
    pub(super) borders: StyleList,
    pub(super) formats: StyleList,
    style_formats: StyleList,
    /// Number of each fill that marked cells had.
    numbers: HashMap<String, u32>,
    /// Fills that marked cells had, by number from [`NO_FILL`] + 1 on.
    replaced: Vec<String>,
    /// Format of a cell and what it is marked as: the marked format.
    marked: HashMap<(String, Shade), usize>,
}

impl Styles {
    /// Reads the styles part.
    ///
    /// # Errors
    /// The part is no well-formed XML, or lacks what a style sheet must have.
    pub(super) fn read(text: String) -> Result<Self, ReturnError> {
        let (text, root) = complete(text)?;
        let list = |name| StyleList::read(&root, &text, name);
        Ok(Self {
            prefix: prefix(&text[root.open.clone()]).to_owned(),
            fonts: list("fonts"),
            fills: list("fills"),
            borders: list("borders"),
            formats: list("cellXfs"),
            style_formats: list("cellStyleXfs"),
            numbers: HashMap::new(),
            replaced: Vec::new(),
            marked: HashMap::new(),
            text,
        })
    }

    /// Is anything to be written?
    pub(super) fn changed(&self) -> bool {
        let lists = [&self.fonts, &self.fills, &self.borders, &self.formats];
        lists.into_iter().any(StyleList::is_changed)
    }

    /// The part as it is now.
    ///
    /// # Errors
    /// Two changes overlap.
    pub(super) fn finish(self) -> Result<String, ReturnError> {
        let mut edits = Edits::default();
        for list in [&self.fonts, &self.fills, &self.borders, &self.formats] {
            list.write(&self.text, &mut edits);
        }
        Ok(edits.apply(&self.text)?)
    }

    /// Adds the formats of the result sheet; see [`look`].
    pub(super) fn add_look(&mut self) -> Look {
        let look = Look::after(&self.fonts, &self.fills, &self.borders, &self.formats);
        self.fonts.items.extend(look::fonts(&self.prefix));
        self.fills.items.extend(look::fills(&self.prefix));
        self.borders.items.extend(look::borders(&self.prefix));
        self.formats.items.extend(look.formats(&self.prefix));
        look
    }

    /// The index of the format `current` (index, from 0) with the fill of `shade`; `None` if there
    /// is no room for one more.
    pub(super) fn marked(&mut self, current: usize, shade: Shade) -> Option<usize> {
        let format = self
            .formats
            .items
            .get(current)
            .or(self.formats.items.first())?
            .clone();
        if let Some(known) = self.marked.get(&(format.clone(), shade)) {
            return Some(*known);
        }
        if self.formats.items.len() >= MOST_FORMATS {
            return None;
        }
        let own = self
            .fills
            .items
            .get(self.fill_id(&format)?)
            .cloned()
            .unwrap_or_default();
        let number = self.number(&own)?;
        let fill = self.marking_fill(shade, number);
        let fill = match self.fills.items.iter().position(|known| *known == fill) {
            Some(known) => known,
            None => self.fills.push(fill),
        };
        let marked = self.formats.push(with_fill(&format, &fill.to_string()));
        self.marked.insert((format, shade), marked);
        Some(marked)
    }

    /// Fills to be remembered for a later undoing, with their numbers.
    pub(super) fn replaced(&self) -> impl Iterator<Item = (u32, &str)> {
        (NO_FILL + 1..).zip(self.replaced.iter().map(String::as_str))
    }

    fn number(&mut self, fill: &str) -> Option<u32> {
        if is_none(fill) {
            return Some(NO_FILL);
        }
        if let Some(known) = self.numbers.get(fill) {
            return Some(*known);
        }
        let number = NO_FILL + 1 + u32::try_from(self.replaced.len()).ok()?;
        if number > MOST {
            return None;
        }
        self.replaced.push(fill.to_owned());
        self.numbers.insert(fill.to_owned(), number);
        Some(number)
    }

    fn marking_fill(&self, shade: Shade, number: u32) -> String {
        let (p, colour) = (&self.prefix, colours::marker(shade, number));
        format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{colour:06X}\"/>\
             <{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        )
    }

    fn fill_id(&self, format: &str) -> Option<usize> {
        let root = Element::read(format).ok()?;
        root.attribute(format, "fillId")
            .map_or(Some(0), |id| id.parse().ok())
    }

    /// Takes marks off: returns for each format that is gone which one its cells had, and removes
    /// what was added to this part as far as it is still at the end of its lists. Formats that
    /// another program has put elsewhere get their old fill back where they are. `remembered` are
    /// the fills by number.
    pub(super) fn unmark(&mut self, remembered: &HashMap<u32, String>) -> HashMap<usize, usize> {
        let marks: Vec<Option<u32>> = self
            .formats
            .items
            .iter()
            .map(|format| self.mark_of(format, remembered))
            .collect();
        let tail = marks
            .iter()
            .rposition(Option::is_none)
            .map_or(0, |last| last + 1);
        let known = self.known_formats(&marks, tail, remembered);
        let gone = self.formats.items[tail..].to_vec();
        gone.iter().for_each(|_| self.formats.pop());
        self.pop_marking_fills(remembered);
        for (at, number) in marks[..tail].iter().enumerate() {
            if let Some(number) = number {
                let fill = self.fill_index(remembered.get(number));
                let format = with_fill(&self.formats.items[at], &fill.to_string());
                self.formats.put(at, format);
            }
        }
        let mut before = HashMap::new();
        for ((at, format), known) in (tail..).zip(gone).zip(known) {
            let original = known.unwrap_or_else(|| {
                let fill = self.fill_index(marks[at].and_then(|number| remembered.get(&number)));
                self.formats.push(with_fill(&format, &fill.to_string()))
            });
            before.insert(at, original);
        }
        if !self.formats.has_new() && !self.fills.has_new() {
            self.drop_look();
        }
        before
    }

    /// The number in a format's fill, if that is a mark that can be taken off.
    fn mark_of(&self, format: &str, remembered: &HashMap<u32, String>) -> Option<u32> {
        let number = number_of(self.fills.items.get(self.fill_id(format)?)?)?;
        (number == NO_FILL || remembered.contains_key(&number)).then_some(number)
    }

    /// For each marking format from `tail` on, the one it was made of, if that is still there.
    fn known_formats(
        &self,
        marks: &[Option<u32>],
        tail: usize,
        remembered: &HashMap<u32, String>,
    ) -> Vec<Option<usize>> {
        let mut alike: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, format) in self.formats.items.iter().enumerate() {
            if marks[at].is_none() {
                alike.entry(with_fill(format, "")).or_default().push(at);
            }
        }
        let known = |at: usize| {
            let same = alike.get(&with_fill(&self.formats.items[at], ""))?;
            let fill = marks[at].and_then(|number| remembered.get(&number));
            same.iter()
                .copied()
                .find(|at| self.has_fill(&self.formats.items[*at], fill))
        };
        (tail..marks.len()).map(known).collect()
    }

    fn has_fill(&self, format: &str, fill: Option<&String>) -> bool {
        let own = self.fill_id(format).and_then(|id| self.fills.items.get(id));
        own.is_some_and(|own| fill.map_or(is_none(own), |fill| own == fill))
    }

    /// Index of a fill, which is added if saving the workbook has dropped it.
    fn fill_index(&mut self, fill: Option<&String>) -> usize {
        let Some(fill) = fill else { return 0 }; // the first fill is "none" by definition
        let known = self.fills.items.iter().position(|known| known == fill);
        known.unwrap_or_else(|| self.fills.push(fill.clone()))
    }

    fn pop_marking_fills(&mut self, remembered: &HashMap<u32, String>) {
        // A named style made from a marked cell keeps its fill.
        let formats = &self.style_formats.items;
        let used = formats
            .iter()
            .filter_map(|format| self.fill_id(format))
            .max()
            .unwrap_or(0);
        while let Some(last) = self.fills.items.last()
            && self.fills.items.len() - 1 > used.max(1)
            && number_of(last).is_some_and(|n| n == NO_FILL || remembered.contains_key(&n))
        {
            self.fills.pop();
        }
    }

    /// Removes the formats of the result sheet if they are what the lists end with.
    pub(super) fn drop_look(&mut self) {
        let p = self.prefix.clone();
        let (fonts, fills, borders) = (look::fonts(&p), look::fills(&p), look::borders(&p));
        let ends = |list: &StyleList, items: &[String]| list.items.ends_with(items);
        if !(ends(&self.fonts, &fonts)
            && ends(&self.fills, &fills)
            && ends(&self.borders, &borders))
        {
            return;
        }
        let base = |list: &StyleList, items: &[String]| list.items.len() - items.len();
        let look = Look {
            font: base(&self.fonts, &fonts),
            fill: base(&self.fills, &fills),
            border: base(&self.borders, &borders),
            format: 0,
        };
        let formats = look.formats(&p);
        if !ends(&self.formats, &formats) {
            return;
        }
        for (list, items) in [
            (&mut self.fonts, fonts),
            (&mut self.fills, fills),
            (&mut self.borders, borders),
            (&mut self.formats, formats),
        ] {
            items.iter().for_each(|_| list.pop());
        }
    }
}

/// A format with another fill, said so that every program heeds it.
fn with_fill(format: &str, fill: &str) -> String {
    let end = format.find('>').map_or(format.len(), |end| end + 1);
    let (tag, rest) = format.split_at(end);
    let tag = with_attribute(tag, "fillId", fill);
    format!("{}{rest}", with_attribute(&tag, "applyFill", "1"))
}

/// Does a fill fill nothing?
fn is_none(fill: &str) -> bool {
    let Ok(root) = Element::read(fill) else {
        return true;
    };
    root.children.iter().all(|pattern| {
        pattern.local == "patternFill"
            && pattern
                .attribute(fill, "patternType")
                .is_none_or(|kind| kind == "none")
    })
}

/// The number in one of our fills.
fn number_of(fill: &str) -> Option<u32> {
    let root = Element::read(fill).ok()?;
    let pattern = root.child("patternFill")?;
    if pattern.attribute(fill, "patternType").as_deref() != Some("solid") {
        return None;
    }
    let colour = pattern.child("fgColor")?.attribute(fill, "rgb")?;
    colours::number(u32::from_str_radix(&colour, 16).ok()?)
}

/// Is this text, which comes out of a workbook's cell, a fill and nothing else?
pub(super) fn is_fill(text: &str, prefix: &str) -> bool {
    const KNOWN: [&str; 6] = [
        "patternFill",
        "gradientFill",
        "fgColor",
        "bgColor",
        "stop",
        "color",
    ];
    fn known(element: &Element) -> bool {
        element
            .children
            .iter()
            .all(|child| KNOWN.contains(&child.local.as_str()) && known(child))
    }
    let Ok(root) = Element::read(text) else {
        return false;
    };
    let whole: Range<usize> = 0..text.len();
    root.outer == whole && root.local == "fill" && known(&root) && root.tag(text).prefix() == prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = "<styleSheet><fonts count=\"1\"><font/></fonts><fills count=\"3\">\
        <fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/>\
        </fill><fill><gradientFill><stop position=\"0\"><color theme=\"0\"/></stop></gradientFill>\
        </fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/>\
        </cellStyleXfs><cellXfs count=\"3\"><xf fillId=\"0\"/><xf numFmtId=\"4\" fillId=\"2\">\
        <protection locked=\"0\"/></xf><xf fillId=\"2\" applyFill=\"0\"/></cellXfs></styleSheet>";

    fn marked() -> (String, HashMap<u32, String>, [usize; 2]) {
        let mut styles = Styles::read(PART.to_owned()).unwrap();
        styles.add_look();
        let marked = [0, 1].map(|at| styles.marked(at, Shade::Wrong).unwrap());
        assert_eq!(
            styles.marked(1, Shade::Wrong),
            Some(marked[1]),
            "one format for all alike"
        );
        let fills = styles
            .replaced()
            .map(|(n, fill)| (n, fill.to_owned()))
            .collect();
        (styles.finish().unwrap(), fills, marked)
    }

    #[test]
    fn marks_leave_the_part_as_it_was() {
        let (part, fills, marked) = marked();
        let mut styles = Styles::read(part).unwrap();
        let before = styles.unmark(&fills);
        assert_eq!(before, HashMap::from([(marked[0], 0), (marked[1], 1)]));
        assert_eq!(styles.finish().unwrap(), PART);
    }

    #[test]
    fn formats_that_another_program_has_moved_get_their_fill_back() {
        let (part, fills, marked) = marked();
        // It drops the format the mark was made of and adds one of its own at the end.
        let part = part.replace("numFmtId=\"4\" fillId=\"2\"", "numFmtId=\"9\" fillId=\"0\"");
        let part = part.replace("</cellXfs>", "<xf fillId=\"0\" numFmtId=\"1\"/></cellXfs>");
        let mut styles = Styles::read(part).unwrap();
        assert!(styles.unmark(&fills).is_empty(), "cells keep their formats");
        let styles = Styles::read(styles.finish().unwrap()).unwrap();
        let restored = &styles.formats.items[marked[1]];
        assert!(
            restored.contains("fillId=\"2\"") && restored.contains("locked=\"0\""),
            "{restored}"
        );
        assert!(styles.marks_left().is_empty());
    }

    #[test]
    fn a_fill_is_nothing_but_a_fill() {
        assert!(is_fill(
            "<fill><patternFill patternType=\"none\"/></fill>",
            ""
        ));
        for bad in [
            "<fill/><x/>",
            "<fill><script/></fill>",
            "<x:fill/>",
            "<fill>",
            "",
            "1",
        ] {
            assert!(!is_fill(bad, ""), "{bad}");
        }
    }

    impl Styles {
        fn marks_left(&self) -> Vec<u32> {
            let fill = |format: &String| self.fills.items.get(self.fill_id(format)?);
            self.formats
                .items
                .iter()
                .filter_map(fill)
                .filter_map(|fill| number_of(fill))
                .collect()
        }
    }
}
