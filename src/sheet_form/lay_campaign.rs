//! A campaign file laid out as the sheets that are read back into it.

use toml::Table;

use super::names::{Axis, Names};
use super::shown::{
    LaidSheet, Line, Shown, keyed, leaves, literal, parsed, refuse_long, show, tables, text_of,
    words,
};
use super::words::campaign::{
    CAMPAIGN, CAMPAIGN_LINES, CAMPAIGN_SHEET, KIND_LINE, TABLES, TableSheet, VALUE, WHAT,
};
use super::words::{Key, Kind, OTHER};
use crate::model::Message;

/// Lays out the text of a campaign that has been read without a mistake: «Đợt», then every list.
///
/// # Errors
/// The text is no TOML, or something in it is longer than a cell holds.
pub fn lay_campaign(text: &str) -> Result<Vec<LaidSheet>, Message> {
    let table = parsed(text)?;
    let own = LaidSheet {
        name: CAMPAIGN_SHEET,
        keys: CAMPAIGN,
        lines: own_lines(&table),
    };
    let lists = TABLES.iter().map(|of| list(&table, of));
    let sheets: Vec<LaidSheet> = std::iter::once(own).chain(lists).collect();
    refuse_long(sheets.iter())?;
    Ok(sheets)
}

/// What is said once, kinds of unit, what has no line of its own. Lines that the campaign does not
/// give are there without a value, to be filled in.
fn own_lines(table: &Table) -> Vec<Line> {
    let mut without = vec!["kind"];
    without.extend(TABLES.iter().map(|of| of.table));
    let mut found: Vec<(&Key, Shown)> = Vec::new();
    let mut rest = Vec::new();
    for (path, value) in leaves(table, &without) {
        let key = CAMPAIGN_LINES.iter().find(|key| key.path == path);
        match key.and_then(|key| Some((key, show(key, value)?))) {
            Some(one) => found.push(one),
            None => rest.push(format!("{path} = {}", literal(value))),
        }
    }
    let mut lines = Vec::new();
    let given_otherwise = |key: &Key| {
        let start = format!("{} = ", key.path);
        rest.iter().any(|line| line.starts_with(&start))
    };
    for key in CAMPAIGN_LINES.iter().filter(|key| key.kind != Kind::Other) {
        if given_otherwise(key) {
            continue;
        }
        let mut line = vec![(WHAT, words(key.heading))];
        let shown = found.iter().find(|(of, _)| of.path == key.path);
        line.extend(shown.map(|(_, shown)| (VALUE, shown.clone())));
        lines.push(line);
    }
    for kind in tables(table, "kind") {
        let mut line = vec![(WHAT, words(KIND_LINE))];
        line.push((VALUE, words(text_of(kind, "id").unwrap_or_default())));
        keyed(
            kind,
            &["id"],
            CAMPAIGN,
            Axis::Columns,
            &Names::default(),
            &mut line,
        );
        lines.push(line);
    }
    if !rest.is_empty() {
        lines.push(vec![(WHAT, words(OTHER)), (VALUE, words(rest.join("\n")))]);
    }
    lines
}

fn list(table: &Table, of: &TableSheet) -> LaidSheet {
    let line = |(number, one): (u32, &Table)| {
        let mut line = vec![("STT", Shown::Number(f64::from(number)))];
        keyed(
            one,
            &[],
            of.keys,
            Axis::Columns,
            &Names::default(),
            &mut line,
        );
        line
    };
    LaidSheet {
        name: of.name,
        keys: of.keys,
        lines: (1..).zip(tables(table, of.table)).map(line).collect(),
    }
}
