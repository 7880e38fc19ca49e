//! The form file of a table: without the rules for which nothing would be accepted.

use super::emit::{self, Parts, Written};
use super::found::Found;
use super::rule::Candidate;
use super::table::Table;
use crate::schema::{Form, SchemaError};

/// A form file as it is written, with its rules.
pub(super) struct Emitted {
    pub(super) written: Vec<Written>,
    pub(super) toml: String,
}

/// Writes the form file of a table. A rule that no form file can hold, such as a ratio of ratios, is
/// asked about at its cells; all others stay.
///
/// # Errors
/// No rule is at fault: a fault of the compiler.
pub(super) fn emitted(
    file: &str,
    table: &Table,
    not_added: &[usize],
    found: &mut Found,
) -> Result<Emitted, SchemaError> {
    loop {
        let error = match attempt(file, table, not_added, (found, &found.rules)) {
            Ok(emitted) => return Ok(emitted),
            Err(error) => error,
        };
        let without = |at: &usize| {
            let mut rules = found.rules.clone();
            rules.remove(*at);
            let other = attempt(file, table, not_added, (found, &rules)).err();
            other.is_none_or(|other| other.message.vi != error.message.vi)
        };
        let Some(at) = (0..found.rules.len()).find(without) else {
            return Err(error);
        };
        let rule = found.rules.remove(at);
        for evidence in &rule.evidence {
            found.ask(evidence.cell, &evidence.words, error.message.clone());
        }
    }
}

fn attempt(
    file: &str,
    table: &Table,
    not_added: &[usize],
    (found, rules): (&Found, &[Candidate]),
) -> Result<Emitted, SchemaError> {
    let (written, ratios) = emit::write(table, rules, not_added);
    let toml = emit::toml(&Parts {
        table,
        file,
        rules,
        written: &written,
        ratios: &ratios,
        proposals: &found.proposals,
        not_added,
        odd: !found.odd.is_empty(),
    });
    Form::parse(&format!("{}.toml", table.id), &toml)?;
    Ok(Emitted { written, toml })
}
