//! The workbook of a campaign, carried on to the next period.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use crate::campaign::ToolError;
use crate::model::Place;
use crate::sheet_form::places::{ValueCell, list_cells, new_line, value_cells};
use crate::sheet_form::quoted;
use crate::sheet_form::words::campaign::CAMPAIGN_LINES;
use crate::workbook::{Limits, Workbook, workbook_from_bytes};
use crate::write::{NewCell, OwnWorkbook, edited_bytes};

/// What is other in the next period.
pub(super) struct Moved<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) period: &'a str,
    pub(super) history: &'a str,
    pub(super) deadline: Option<NaiveDate>,
    /// Tables that are of one period.
    pub(super) of_one_period: &'a [&'static str],
}

/// The bytes of the workbook of the next period: its values changed in their cells, tables of one
/// period blanked, everything else as it was.
///
/// # Errors
/// The workbook cannot be read or changed.
pub(super) fn moved_on(path: &Path, moved: &Moved<'_>) -> Result<Vec<u8>, ToolError> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(ToolError::io(path))?;
    let workbook = workbook_from_bytes(&shown, &bytes, &Limits::default());
    let workbook = workbook.map_err(|problem| ToolError::of_file(&shown, &problem.message()))?;
    let own = OwnWorkbook {
        name: &shown,
        bytes: &bytes,
    };
    Ok(edited_bytes(own, &changes(&workbook, moved))?)
}

fn changes(workbook: &Workbook, moved: &Moved<'_>) -> Vec<(Place, NewCell)> {
    let cells = value_cells(workbook);
    let mut changes = Vec::new();
    for cell in &cells {
        let text = |text: &str| Some(NewCell::Text(text.to_owned()));
        let new = match cell.path {
            "name" => text(moved.name),
            "title" => text(moved.title),
            "period" => text(moved.period),
            "history" => text(moved.history),
            "previous" => Some(NewCell::Blank),
            "deadline" => moved.deadline.map(|day| match cell.is_day {
                true => NewCell::Day(day),
                false => NewCell::Text(day.format("%d/%m/%Y").to_string()),
            }),
            "" => other_lines(cell, moved),
            _ => None,
        };
        changes.extend(new.map(|new| (cell.place.clone(), new)));
    }
    let heading = CAMPAIGN_LINES.iter().find(|key| key.path == "history");
    if !cells.iter().any(|cell| cell.path == "history")
        && let Some((key, (what, value))) = heading.zip(new_line(workbook))
    {
        changes.push((what, NewCell::Text(key.heading.to_owned())));
        changes.push((value, NewCell::Text(moved.history.to_owned())));
    }
    let tables = moved.of_one_period.iter();
    let lines = tables.flat_map(|table| list_cells(workbook, table));
    changes.extend(lines.map(|place| (place, NewCell::Blank)));
    changes
}

/// Lines `key = value` of the next period, without those that are of one period.
fn other_lines(cell: &ValueCell, moved: &Moved<'_>) -> Option<NewCell> {
    let line = |line: &str| {
        let key = line.split(['=', '.', '[']).next();
        let deadline = moved.deadline.map(|day| day.to_string());
        let new = match key.unwrap_or_default().trim() {
            "previous" | "history" => return None,
            key if moved.of_one_period.contains(&key) => return None,
            key @ "name" => Some((key, moved.name)),
            key @ "title" => Some((key, moved.title)),
            key @ "period" => Some((key, moved.period)),
            key @ "deadline" => Some((key, deadline.as_deref()?)),
            _ => None,
        };
        Some(new.map_or(line.to_owned(), |(key, text)| {
            format!("{key} = {}", quoted(text))
        }))
    };
    let kept: Vec<String> = cell.text.lines().filter_map(line).collect();
    let kept = kept.join("\n");
    match (kept.trim().is_empty(), kept.trim() == cell.text.trim()) {
        (_, true) => None,
        (true, false) => Some(NewCell::Blank),
        (false, false) => Some(NewCell::Text(kept)),
    }
}
