//! A campaign without what is wrong in it, so that the rest can be looked at: errors come one at a
//! time, and all of them are told in one go.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::campaign::{NEEDED, SheetCampaign};
use super::read_words::in_words;
use super::text::quoted;
use super::told::Mistake;
use crate::model::{Place, Severity};
use crate::schema::SchemaError;
use crate::schema::source::About;

/// The text of a campaign from which mistakes are left out one by one.
pub struct LeftOut<'c> {
    campaign: &'c SheetCampaign,
    lines: Vec<String>,
    /// A unit that is there.
    unit: Option<&'c str>,
    /// Has a form been left out, so that others may name it in vain?
    lost_form: bool,
    /// Tables that lack a line, by the first line of each.
    lacking: BTreeSet<usize>,
}

impl<'c> LeftOut<'c> {
    /// The whole text; `unit` stands in for one that is not there.
    pub fn of(campaign: &'c SheetCampaign, unit: Option<&'c str>) -> LeftOut<'c> {
        LeftOut {
            campaign,
            lines: campaign.toml.lines().map(str::to_owned).collect(),
            unit,
            lost_form: false,
            lacking: BTreeSet::new(),
        }
    }

    /// The text as it is now, line for line as at first.
    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// Leaves out what an error at a place of the text (line and character from 1) is about. Gives
    /// the mistake, unless it follows from one that has been left out, and whether there is anything
    /// left to look at.
    pub fn without(&mut self, at: (usize, usize), error: &SchemaError) -> (Option<Mistake>, bool) {
        let told_at = at.0.saturating_sub(1);
        let line = self.cause(told_at, error.about.as_deref());
        let column = if line == told_at { at.1 } else { 1 };
        let follows =
            self.follows(line) || self.lacks(line) || self.lost_key(line, error.about.as_deref());
        let place = self.campaign.places.at(line + 1, column);
        let mistake = place.filter(|_| !follows).map(|place| Mistake {
            place: place.clone(),
            severity: Severity::Error,
            message: in_words(&error.message, &place.sheet),
        });
        let goes_on = self.leave_out(line);
        (mistake, goes_on)
    }

    /// Leaves out the form that a file is of; `false` if no table names it.
    pub fn without_form(&mut self, file: &str) -> bool {
        let path = Path::new(file);
        let (Some(name), Some(stem)) = (path.file_name(), path.file_stem()) else {
            return false;
        };
        let id = format!("id = {}", quoted(&stem.to_string_lossy()));
        let is_of = |text: &str| {
            let named = text.strip_prefix("path = ");
            let path = named.map(|path| Path::new(path.trim_matches(['"', '\''])));
            text == id || path.is_some_and(|path| path.file_name() == Some(name))
        };
        let mut blocks = self.campaign.blocks.iter();
        let form = blocks.find(|block| {
            let mut lines = block.lines.clone().map(|line| self.line(line));
            lines.next() == Some("[[form]]") && lines.any(is_of)
        });
        let Some(lines) = form.map(|form| form.lines.clone()) else {
            return false;
        };
        self.lost_form = true;
        self.clear(lines);
        true
    }

    /// The block of lines that a line is in.
    fn block(&self, line: usize) -> Option<Range<usize>> {
        let mut blocks = self.campaign.blocks.iter();
        let block = blocks.find(|block| block.lines.contains(&line));
        block.map(|block| block.lines.clone())
    }

    fn line(&self, line: usize) -> &str {
        self.lines.get(line).map_or("", String::as_str)
    }

    /// The line an error is about: of one told at the head of a table that of the key it is about.
    fn cause(&self, line: usize, about: Option<&About>) -> usize {
        let Some(About::Key(key)) = about else {
            return line;
        };
        let begins = format!("{key} = ");
        let mut own = self.block(line).into_iter().flatten();
        own.find(|own| self.line(*own).starts_with(&begins))
            .unwrap_or(line)
    }

    /// Is an error told at the head of a control total that lacks a line, which it is about?
    fn lacks(&self, line: usize) -> bool {
        let block = self
            .block(line)
            .filter(|block| self.lacking.contains(&block.start));
        block.is_some_and(|block| self.line(block.start) == "[[control]]") && self.is_head(line)
    }

    /// Is an error that a key is missing in a table that has lost one?
    fn lost_key(&self, line: usize, about: Option<&About>) -> bool {
        let block = self.block(line);
        matches!(about, Some(About::Lacks(_)))
            && block.is_some_and(|block| self.lacking.contains(&block.start))
    }

    /// Does a line say which table of its kind it is in?
    fn is_head(&self, line: usize) -> bool {
        let text = self.line(line);
        text.starts_with("[[") || text.starts_with("id = ")
    }

    /// Does a table name a form that has been left out?
    fn follows(&self, line: usize) -> bool {
        if !self.lost_form {
            return false;
        }
        let forms: BTreeSet<String> = self.form_ids();
        let Some(block) = self.block(line) else {
            return false;
        };
        let lines = match self.line(block.start).starts_with("[[") {
            true => block,
            // What is said once stands by itself.
            false => line..line + 1,
        };
        let mut text = lines.map(|line| self.line(line));
        text.any(|text| {
            let whole = text
                .strip_prefix("form = ")
                .map(|id| id.trim_matches('"').to_owned());
            let before = text.split('!').rev().skip(1).map(last_name);
            whole
                .into_iter()
                .chain(before)
                .any(|id| !forms.contains(&id))
        })
    }

    fn form_ids(&self) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for block in &self.campaign.blocks {
            if self.line(block.lines.start) == "[[form]]" {
                let mut lines = block.lines.clone().map(|line| self.line(line));
                let id = lines.find_map(|line| line.strip_prefix("id = "));
                ids.extend(id.map(|id| id.trim_matches('"').to_owned()));
            }
        }
        ids
    }

    /// Leaves out a line, or the table it begins or names; `false` if there is nothing to leave out.
    fn leave_out(&mut self, line: usize) -> bool {
        let Some(block) = self.block(line) else {
            return false;
        };
        let written = self.line(line).to_owned();
        if written.is_empty() {
            return false;
        }
        let table = self.line(block.start).to_owned();
        if !table.starts_with("[[") {
            return self.stand_in(line);
        }
        // Without its unit a control total is another one.
        let is_other = table == "[[control]]" && written.starts_with("unit = ");
        let other = self.unit.map(|unit| format!("unit = {}", quoted(unit)));
        let other = other.filter(|other| is_other && *other != written);
        if let (Some(other), Some(line)) = (other, self.lines.get_mut(line)) {
            *line = other;
            return true;
        }
        // What an appendix is ordered by is one of its columns.
        let is_columns = written.starts_with("columns = ");
        if self.is_head(line) || is_other {
            self.lost_form |= table == "[[form]]";
            self.clear(block);
            return true;
        }
        self.lacking.insert(block.start);
        let mut order = block.filter(|own| is_columns && self.line(*own).starts_with("order = "));
        let order = order.next();
        for line in std::iter::once(line).chain(order) {
            self.clear(line..line + 1);
        }
        true
    }

    fn clear(&mut self, lines: Range<usize>) {
        if let Some(lines) = self.lines.get_mut(lines) {
            lines.iter_mut().for_each(String::clear);
        }
    }

    /// Leaves out what is said once, or puts something in its place that a campaign cannot do without;
    /// `false` if that is what is wrong.
    fn stand_in(&mut self, line: usize) -> bool {
        let Some(written) = self.lines.get_mut(line) else {
            return false;
        };
        let mut needed = NEEDED.into_iter();
        let needed = needed.find(|(key, _)| written.starts_with(&format!("{key} = ")));
        let new = needed.map_or(String::new(), |(key, text)| {
            format!("{key} = {}", quoted(text))
        });
        let is_new = *written != new;
        *written = new;
        is_new
    }
}

/// The name at the end of a text.
fn last_name(text: &str) -> String {
    let is_letter = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let letters: Vec<char> = text.chars().rev().take_while(is_letter).collect();
    letters.into_iter().rev().collect()
}

/// The order in which mistakes are told: as they were found, sheet by sheet, from the top.
pub fn in_order(mistakes: &mut [Mistake]) {
    let mut sheets: Vec<std::sync::Arc<str>> = Vec::new();
    for Mistake {
        place: Place { sheet, .. },
        ..
    } in mistakes.iter()
    {
        if !sheets.contains(sheet) {
            sheets.push(sheet.clone());
        }
    }
    mistakes.sort_by_key(|mistake| {
        let Place { sheet, cell } = &mistake.place;
        (sheets.iter().position(|known| known == sheet), *cell)
    });
}
