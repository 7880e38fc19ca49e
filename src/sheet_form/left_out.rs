//! A campaign without what is wrong in it, so that the rest can be looked at: errors come one at a
//! time, and all of them are told in one go.

use std::collections::BTreeSet;

use super::campaign::SheetCampaign;
use super::read_words::in_words;
use super::told::Mistake;
use crate::model::{Message, Place, Severity};

/// The text of a campaign from which mistakes are left out one by one.
pub struct LeftOut<'c> {
    campaign: &'c SheetCampaign,
    lines: Vec<String>,
    /// Has a form been left out, so that others may name it in vain?
    lost_form: bool,
}

impl<'c> LeftOut<'c> {
    /// The whole text.
    pub fn of(campaign: &'c SheetCampaign) -> LeftOut<'c> {
        LeftOut {
            campaign,
            lines: campaign.toml.lines().map(str::to_owned).collect(),
            lost_form: false,
        }
    }

    /// The text as it is now, line for line as at first.
    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// Leaves out what an error at a place of the text (line and character from 1) is about. Gives
    /// the mistake, unless it follows from one that has been left out, and whether there is anything
    /// left to look at.
    pub fn without(&mut self, at: (usize, usize), message: &Message) -> (Option<Mistake>, bool) {
        let line = self.cause(at.0.saturating_sub(1), &message.vi);
        let column = if line + 1 == at.0 { at.1 } else { 1 };
        let follows = self.follows(line);
        let place = self.campaign.places.at(line + 1, column);
        let mistake = place.filter(|_| !follows).map(|place| Mistake {
            place: place.clone(),
            severity: Severity::Error,
            message: in_words(message, &place.sheet),
        });
        let goes_on = self.leave_out(line);
        (mistake, goes_on)
    }

    /// The block of lines that a line is in.
    fn block(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let mut blocks = self.campaign.blocks.iter();
        let block = blocks.find(|block| block.lines.contains(&line));
        block.map(|block| block.lines.clone())
    }

    fn line(&self, line: usize) -> &str {
        self.lines.get(line).map_or("", String::as_str)
    }

    /// The line an error is about: of one told at the head of a table that with the key or the value
    /// the message names.
    fn cause(&self, line: usize, message: &str) -> usize {
        let told_at = self.line(line);
        let Some(block) = self.block(line) else {
            return line;
        };
        let is_head = ["[[", "id = ", "form = "];
        if !is_head.iter().any(|start| told_at.starts_with(start)) {
            return line;
        }
        let named = message.split('`').skip(1).step_by(2);
        let mut named = named.filter(|word| !word.is_empty());
        let found = named.find_map(|word| {
            let (key, value) = (format!("{word} = "), format!("\"{word}\""));
            let holds = |own: &usize| {
                let text = self.line(*own);
                *own != line && (text.starts_with(&key) || text.contains(&value))
            };
            block.clone().find(holds)
        });
        found.unwrap_or(line)
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

    /// Leaves out a line, or the table it begins or names; `false` if the campaign cannot do without.
    fn leave_out(&mut self, line: usize) -> bool {
        let Some(block) = self.block(line) else {
            return false;
        };
        let is_table = self.line(block.start).starts_with("[[");
        let written = self.line(line);
        if written.is_empty() {
            return false;
        }
        let can_go = [
            "kinds = ",
            "units = ",
            "path = ",
            "severity = ",
            "tolerance = ",
        ];
        let is_form = self.line(block.start) == "[[form]]";
        if !is_table || is_form && can_go.iter().any(|key| written.starts_with(key)) {
            let needed = ["name", "title", "period", "office", "place"];
            let is_needed = needed
                .iter()
                .any(|key| written.starts_with(&format!("{key} = ")));
            if is_needed && !is_table {
                return false;
            }
            if let Some(line) = self.lines.get_mut(line) {
                line.clear();
            }
            return true;
        }
        self.lost_form |= is_form;
        if let Some(lines) = self.lines.get_mut(block) {
            lines.iter_mut().for_each(String::clear);
        }
        true
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
