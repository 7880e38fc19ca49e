//! The state kept in the result sheet so that a later round can remove this round's marks.

use std::collections::HashMap;

use super::book::View;
use crate::model::CellAddress;
use crate::model::returned::column;
use crate::workbook::Sheet;

/// What the workbook looked like before it was marked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The tab in front.
    pub(super) view: View,
    /// Sheets that were selected.
    pub(super) selected: Vec<String>,
    /// Fills that marks took the place of, by the number in the mark's colour.
    pub(super) fills: HashMap<u32, String>,
}

/// Longest fill that is remembered; a cell takes 32,767 characters.
const LONGEST: usize = 30_000;

impl State {
    /// One line for each thing to remember.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |key: &str, value: &str| lines.push(format!("{key}={value}"));
        if let Some(active) = &self.view.active {
            line("active", active);
        }
        if let Some(first) = &self.view.first {
            line("first", first);
        }
        self.selected.iter().for_each(|name| line("selected", name));
        let mut fills: Vec<_> = self.fills.iter().collect();
        fills.sort_unstable();
        for (number, fill) in fills.into_iter().filter(|(_, fill)| fill.len() < LONGEST) {
            line(&format!("fill{number}"), fill);
        }
        lines
    }

    /// Reads the lines again.
    pub(super) fn read(sheet: &Sheet) -> Self {
        let mut state = Self::default();
        let cells = sheet
            .cells
            .iter()
            .filter(|(at, _): &(&CellAddress, _)| at.column == column::STATE);
        for line in cells.filter_map(|(_, cell)| cell.text()) {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            match key {
                "active" => state.view.active = Some(value.to_owned()),
                "first" => state.view.first = Some(value.to_owned()),
                "selected" => state.selected.push(value.to_owned()),
                _ => {
                    if let Some(number) = key.strip_prefix("fill").and_then(|n| n.parse().ok()) {
                        state.fills.insert(number, value.to_owned());
                    }
                }
            }
        }
        state
    }
}
