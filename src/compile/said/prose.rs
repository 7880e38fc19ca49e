//! Sentences under and over a table that say rules: "Cột (3) = (4) + (5)", "Dòng A lấy theo dòng D
//! của kỳ trước".

use super::build::{Context, Refused, rule};
use super::resolve::Resolver;
use super::total_note;
use crate::compile::equation::{self, Symbol, Which};
use crate::compile::found::Found;
use crate::compile::rule::{Evidence, Source};
use crate::compile::table::{Part, Table};
use crate::compile::words;
use crate::model::Message;
use crate::text::{begins_example, normalise};

/// Characters of a note that is read.
const LONGEST_NOTE: usize = 3_000;

/// Reads every note of a table.
pub(crate) fn read(table: &Table, found: &mut Found) {
    for note in &table.notes {
        if note.text.len() <= LONGEST_NOTE {
            read_note(table, note, found);
        }
    }
}

fn read_note(table: &Table, note: &Part, found: &mut Found) {
    for clause in clauses(&note.text) {
        if begins_example(clause) || total_note::read(table, note, clause, found) {
            continue;
        }
        // "(5) = (4)/(3), nếu (3) = 0 thì để trống"
        let clause = without_undefined(clause);
        for equation in equation::find(clause) {
            let Some(left) = &equation.left else { continue };
            if words::is_conditional(clause) {
                if says_rule(clause, left) {
                    found.ask(note.cell, clause, conditional());
                }
                continue;
            }
            let which = kind(table, left);
            let resolver = Resolver { table, at: None };
            let evidence = Evidence {
                source: Source::Prose,
                cell: note.cell,
                words: note.text.clone(),
            };
            match rule(Context { resolver, which }, &equation, evidence) {
                Ok(rule) => found.rules.push(rule),
                Err(Refused::Asked(why)) => found.ask(note.cell, clause, why),
                Err(Refused::Unread) if says_rule(clause, left) => {
                    found.not_understood(note.cell, clause);
                }
                Err(Refused::Unread) => {}
            }
        }
    }
}

/// Why what holds under a condition is not adopted.
pub(crate) fn conditional() -> Message {
    Message::new(
        "phép tính có điều kiện, không rõ đúng ở những dòng nào; hãy viết thành quy tắc có `when`",
        "the equation holds under a condition; where is not clear. Write a rule with `when`",
    )
}

/// A clause without the words about where there is nothing to compute.
fn without_undefined(clause: &str) -> &str {
    const NOTHING: [&str; 6] = [
        "để trống",
        "bỏ trống",
        "không ghi",
        "không tính",
        "ghi 0",
        "ghi dấu",
    ];
    let lower = clause.to_lowercase();
    // Lower case changes the length of some letters; then places are not the same.
    if lower.len() != clause.len() {
        return clause;
    }
    let at = ["nếu ", "trường hợp ", "khi "]
        .iter()
        .filter_map(|word| lower.find(word))
        .min();
    match at {
        Some(at) if at > 0 && NOTHING.iter().any(|words| lower[at..].contains(words)) => {
            clause[..at].trim_end_matches([' ', ',', '(', '-'])
        }
        _ => clause,
    }
}

/// The parts of a note that are read by themselves.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split([';', '\n']);
    text.flat_map(|part| part.split(". ")).map(|clause| {
        let clause = clause.trim();
        let behind = clause.split_once(':').filter(|(head, _)| {
            let head = normalise(head);
            ["ghi chú", "lưu ý", "trong đó", "chú thích", "hướng dẫn"].contains(&head.as_str())
        });
        behind
            .map_or(clause, |(_, rest)| rest.trim())
            .trim_start_matches(['-', '+', '*', ' '])
    })
}

/// Codes without a word before them: of columns if the first is in brackets or only columns have
/// it, else of rows.
fn kind(table: &Table, left: &Symbol) -> Which {
    if let Some(which) = left.which {
        return which;
    }
    let resolver = Resolver { table, at: None };
    match resolver.column(&left.text) {
        Ok(_) => Which::Column,
        Err(_) => Which::Row,
    }
}

/// Does a clause that was not understood look like a rule at all?
fn says_rule(clause: &str, left: &Symbol) -> bool {
    let signed = clause.contains(['=', '≤', '≥']);
    if left.label && signed {
        return true;
    }
    let plain = normalise(clause);
    let named = ["cột", "dòng", "mã số", "chỉ tiêu"]
        .iter()
        .any(|word| plain.contains(word));
    named
        && (signed || !left.label)
        && clause
            .chars()
            .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
}
