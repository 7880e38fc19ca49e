//! What a person read out of a form, and how much of it a compiled form has.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tonghop::compile::{Compiled, CompiledForm, CompiledRule};
use tonghop::model::CellAddress;

use crate::meaning::{At, Check, Named, Names};

/// A rule of `truth.json`.
struct Rule {
    id: String,
    check: String,
    over: String,
    at: Vec<String>,
    expect: String,
    evidence: String,
    table: Option<String>,
}

/// A table of `truth.json`.
struct Table {
    id: String,
    sheet: String,
    names: Names,
}

pub struct Truth {
    tables: Vec<Table>,
    rules: Vec<Rule>,
    /// Rules somebody may wrongly read into the form.
    wrong: Vec<Rule>,
    /// Rules over several forms, as they are compiled.
    across: Vec<String>,
}

/// How many rules are right, missed and invented, with which.
#[derive(Default)]
pub struct Score {
    right: usize,
    wanted: usize,
    found: usize,
    missed: Vec<String>,
    invented: Vec<String>,
    not_asked: Vec<String>,
}

impl Score {
    pub fn is_right(&self) -> bool {
        self.missed.is_empty() && self.invented.is_empty() && self.not_asked.is_empty()
    }

    pub fn add(&mut self, other: Score) {
        self.right += other.right;
        self.wanted += other.wanted;
        self.found += other.found;
        self.missed.extend(other.missed);
        self.invented.extend(other.invented);
        self.not_asked.extend(other.not_asked);
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, whole: usize| match whole {
            0 => 1.0,
            whole => part as f64 / whole as f64,
        };
        let precise = self.found - self.invented.len();
        write!(
            f,
            "precision {:.2} ({precise}/{}), recall {:.2} ({}/{})",
            share(precise, self.found),
            self.found,
            share(self.right, self.wanted),
            self.right,
            self.wanted
        )?;
        for (word, rules) in [
            ("missed", &self.missed),
            ("invented", &self.invented),
            ("not asked", &self.not_asked),
        ] {
            for rule in rules {
                write!(f, "\n  {word}: {rule}")?;
            }
        }
        Ok(())
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn rule(value: &Value) -> Rule {
    let at = value["at"].as_array().into_iter().flatten();
    Rule {
        id: text(value, "id"),
        check: text(value, "check"),
        over: text(value, "over"),
        at: at
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        expect: text(value, "expect"),
        evidence: text(value, "evidence"),
        table: value["table"].as_str().map(str::to_owned),
    }
}

fn table(value: &Value) -> Table {
    let mut names = Names::new();
    for column in value["columns"].as_array().into_iter().flatten() {
        let letter = format!("{}1", text(column, "letter"));
        let at: CellAddress = letter.parse().unwrap();
        names.insert(text(column, "id"), Named::Column(at.column));
    }
    for row in value["rows_list"].as_array().into_iter().flatten() {
        let at = u32::try_from(row["sheet_row"].as_u64().unwrap()).unwrap();
        names.insert(text(row, "id"), Named::Row(at - 1));
    }
    Table {
        id: text(value, "id"),
        sheet: text(value, "sheet"),
        names,
    }
}

impl Truth {
    pub fn read(path: &Path) -> Truth {
        let value: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let rules = |key: &str| {
            value[key]
                .as_array()
                .into_iter()
                .flatten()
                .map(rule)
                .collect()
        };
        Truth {
            tables: value["tables"]
                .as_array()
                .unwrap()
                .iter()
                .map(table)
                .collect(),
            rules: rules("rules"),
            wrong: rules("not_rules"),
            across: value["across"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect(),
        }
    }

    /// Compares what was compiled with the truth.
    pub fn score(&self, compiled: &Compiled) -> Score {
        let mut score = Score::default();
        let mut matched: BTreeSet<(usize, usize)> = BTreeSet::new();
        for rule in &self.rules {
            let found = self.found(rule, compiled);
            let said = format!("{} ({}, {})", rule.id, rule.check, rule.evidence);
            match rule.expect.as_str() {
                "emit" => {
                    score.wanted += 1;
                    match found.is_empty() {
                        true => score.missed.push(said),
                        false => score.right += 1,
                    }
                    matched.extend(found);
                }
                "ask" => {
                    let cell = rule.evidence.split([' ', '«']).next().unwrap_or_default();
                    let cell = cell.rsplit('!').next().unwrap_or_default();
                    let asked = compiled
                        .asked
                        .iter()
                        .any(|(words, _)| words.cell.to_string() == cell);
                    if !asked {
                        score.not_asked.push(said.clone());
                    }
                    if !found.is_empty() {
                        score.invented.push(said);
                    }
                }
                _ => matched.extend(found),
            }
        }
        score.wanted += self.across.len();
        for (at, form) in compiled.forms.iter().enumerate() {
            for (index, rule) in form.rules.iter().enumerate() {
                score.found += 1;
                if self.across.contains(&rule.text) {
                    score.right += 1;
                    continue;
                }
                if !matched.contains(&(at, index)) {
                    let known = self
                        .wrong
                        .iter()
                        .any(|wrong| self.found(wrong, compiled).contains(&(at, index)));
                    let why = if known { " (known to be wrong)" } else { "" };
                    score
                        .invented
                        .push(format!("{} {}{why}", rule.id, rule.text));
                }
            }
        }
        score
    }

    /// The compiled rules that say what a rule of the truth says, by form and index.
    fn found(&self, rule: &Rule, compiled: &Compiled) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for table in &self.tables {
            if rule.table.as_ref().is_some_and(|id| *id != table.id) {
                continue;
            }
            for (at, form) in compiled.forms.iter().enumerate() {
                if form.sheet != table.sheet {
                    continue;
                }
                let names = names(form);
                for (index, own) in form.rules.iter().enumerate() {
                    if same(rule, table, own, &names, form) {
                        found.push((at, index));
                    }
                }
            }
        }
        found
    }
}

fn names(form: &CompiledForm) -> Names {
    let columns = form
        .columns
        .iter()
        .map(|(id, at)| (id.clone(), Named::Column(*at)));
    columns
        .chain(
            form.rows
                .iter()
                .map(|(id, at)| (id.clone(), Named::Row(*at))),
        )
        .collect()
}

fn same(
    rule: &Rule,
    table: &Table,
    own: &CompiledRule,
    names: &Names,
    form: &CompiledForm,
) -> bool {
    let total = own.id.starts_with("tong-cong-lech");
    if rule.check.contains("SUM(lines)") || total {
        let id = own.text.split(' ').next().unwrap_or_default();
        let listed = rule
            .at
            .iter()
            .any(|at| table.names.get(at) == names.get(id));
        return total && rule.check.contains("SUM(lines)") && listed;
    }
    let places: Vec<At> = match rule.over.as_str() {
        "once" => vec![At::Once],
        "cols" => rule
            .at
            .iter()
            .filter_map(|id| match table.names.get(id) {
                Some(Named::Column(at)) => Some(At::Column(*at)),
                _ => None,
            })
            .collect(),
        // Lines of free rows are all alike.
        _ if form.rows.is_empty() => vec![At::Row(1_000)],
        _ => rule
            .at
            .iter()
            .filter_map(|id| match table.names.get(id) {
                Some(Named::Row(at)) => Some(At::Row(*at)),
                _ => None,
            })
            .collect(),
    };
    let evaluated = |place: &At| {
        own.at.as_ref().is_none_or(|ids| {
            ids.iter().any(|id| match (names.get(id), place) {
                (Some(Named::Row(at)), At::Row(wanted)) => at == wanted,
                (Some(Named::Column(at)), At::Column(wanted)) => at == wanted,
                _ => false,
            })
        })
    };
    let truth = Check {
        text: &rule.check,
        names: &table.names,
    };
    let compiled = Check {
        text: &own.text,
        names,
    };
    !places.is_empty()
        && places
            .iter()
            .all(|place| evaluated(place) && truth.same(&compiled, *place))
}
