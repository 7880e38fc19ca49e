//! What a run leaves for other programs, read back by other programs: CSV and JSON by Python,
//! JSON against its schemas, Parquet by DuckDB.

#[path = "../common/cli.rs"]
mod cli;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/small.rs"]
mod small;

mod json_documents;
mod lists;
mod parquet;

use std::fs;
use std::path::Path;

/// The guide for analysts.
fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/chuyen-vien.md");
    fs::read_to_string(path).unwrap()
}

/// The words in backticks in the first column of the table after `heading`.
fn first_column(guide: &str, heading: &str) -> Vec<String> {
    let (_, after) = guide
        .split_once(heading)
        .unwrap_or_else(|| panic!("{heading}"));
    let rows = after
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| quoted(row.split('|').nth(1).unwrap()))
        .collect()
}

/// The words in backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}
