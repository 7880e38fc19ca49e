//! What the form language refuses, all of it at once and at its cell: it tells the first mistake
//! only, so what is wrong is left out and the rest looked at again.

use super::read_words::in_words;
use super::text::{Block, Sort, Text};
use super::told::Told;
use crate::model::Place;
use crate::schema::Form;

/// Mistakes told of one workbook at most.
const MOST: usize = 300;

/// The form of a text; what is refused is told and left out of the text, line for line. `lost` are
/// rules that could not be read.
pub(super) fn parse(
    name: &str,
    text: &mut Text,
    told: &mut Told,
    lost: Vec<String>,
) -> Option<Form> {
    let mut lines: Vec<String> = text.toml.lines().map(str::to_owned).collect();
    for rule in &lost {
        without_examples(rule, &text.blocks, &mut lines);
    }
    let mut form = None;
    for _ in 0..MOST {
        let toml = lines.join("\n") + "\n";
        let error = match Form::parse(name, &toml) {
            Ok(read) => {
                form = Some(read);
                break;
            }
            Err(error) => error,
        };
        let Some((line, column)) = error.place else {
            told.error(&first(text), in_words(&error.message, ""));
            break;
        };
        let key_line = key_line(line - 1, &error.message.vi, &text.blocks, &lines);
        let (line, column) = key_line.map_or((line, column), |line| (line + 1, 1));
        let place = text.places.at(line, column).cloned();
        let place = place.unwrap_or_else(|| first(text));
        told.error(&place, in_words(&error.message, &place.sheet));
        if !leave_out(line - 1, &text.blocks, &mut lines) {
            break;
        }
    }
    text.toml = lines.join("\n") + "\n";
    form
}

/// Of a mistake told at the id of a column, row or rule: the line of the key that its message names,
/// which is the cell to look at.
fn key_line(line: usize, message: &str, blocks: &[Block], lines: &[String]) -> Option<usize> {
    let block = blocks.iter().find(|block| block.lines.contains(&line))?;
    let told_at = lines.get(line)?;
    let at_id = told_at.starts_with("id = ") || told_at.starts_with("[[");
    if !at_id || !matches!(block.sort, Sort::Field | Sort::Rule) {
        return None;
    }
    let mut named = message.split('`').skip(1).step_by(2);
    named.find_map(|part| {
        let key = part.split(" = ").next()?;
        let starts = format!("{key} = ");
        let mut own = block.lines.clone();
        own.find(|own| {
            lines
                .get(*own)
                .is_some_and(|line| line.starts_with(&starts))
                && *own != line
        })
    })
}

/// The first cell the text comes from.
fn first(text: &Text) -> Place {
    let mut lines = 1..=text.toml.lines().count();
    let place = lines.find_map(|line| text.places.at(line, 1).cloned());
    place.unwrap_or_else(|| super::cells::place(&"".into(), 0, 0))
}

/// Leaves out what is wrong in a line: the line, or all of the rule or example it is of. `false` if
/// nothing would be left to look at.
fn leave_out(line: usize, blocks: &[Block], lines: &mut [String]) -> bool {
    let Some(block) = blocks.iter().find(|block| block.lines.contains(&line)) else {
        return false;
    };
    let Some(written) = lines.get_mut(line) else {
        return false;
    };
    match block.sort {
        Sort::Rule | Sort::Example => {
            if let Some(lines) = lines.get_mut(block.lines.clone()) {
                lines.iter_mut().for_each(String::clear);
            }
            if block.sort == Sort::Rule {
                without_examples(&block.id, blocks, lines);
            }
            true
        }
        Sort::Head | Sort::Defaults | Sort::Field => {
            const NEEDED: [&str; 7] = [
                "id",
                "label",
                "version",
                "title",
                "sheet",
                "layout.rows",
                "[",
            ];
            let needed = NEEDED.iter().any(|key| {
                written.starts_with(key) && (*key == "[" || written[key.len()..].starts_with(" ="))
            });
            if needed || written.is_empty() {
                return false;
            }
            written.clear();
            true
        }
    }
}

/// Leaves out the examples that a rule takes part in.
fn without_examples(rule: &str, blocks: &[Block], lines: &mut [String]) {
    let named = [format!("\"{rule}\""), format!("'{rule}'")];
    for block in blocks.iter().filter(|block| block.sort == Sort::Example) {
        let Some(lines) = lines.get_mut(block.lines.clone()) else {
            continue;
        };
        let takes_part = lines.iter().any(|line| {
            line.starts_with("breaks") && named.iter().any(|named| line.contains(named))
        });
        if takes_part {
            lines.iter_mut().for_each(String::clear);
        }
    }
}
