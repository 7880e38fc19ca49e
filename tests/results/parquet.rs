//! Parquet as another program reads it: the same facts, column by column, as the CSV beside it.

use std::path::Path;

use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::common::peers::{Peer, python};
use crate::small::Small;
use crate::{first_column, guide};

/// Columns and their types, then both files' rows with what guards CSV from Excel taken away.
const READ: &str = r#"
import csv, json, sys
import duckdb
parquet = sys.argv[1].replace("'", "''")
columns = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{parquet}')").fetchall()
rows = duckdb.sql(f"SELECT * FROM read_parquet('{parquet}')").fetchall()
with open(sys.argv[2], newline="", encoding="utf-8") as file:
    records = list(csv.reader(file, strict=True))[1:]
def plain(text):
    bare = text[1:] if text.startswith("'") else text
    return bare if bare.lstrip("'")[:1] in tuple("=+-@") and bare else text
def record(fields):
    value = None if fields[5] == "" else float(fields[5])
    texts = [plain(field) for field in fields]
    optional = [text or None for text in texts[6:]]
    return texts[:5] + [value] + optional
print(json.dumps({
    "columns": [[name, kind] for name, kind, *_ in columns],
    "rows": [list(row) for row in rows],
    "records": [record(fields) for fields in records],
}))
"#;

fn read(parquet: &Path, csv: &Path) -> Json {
    serde_json::from_str(&python(Peer::DuckDb, READ, &[parquet, csv])).unwrap()
}

#[test]
fn duckdb_reads_the_facts_of_a_run_and_of_a_closed_period() {
    if !Peer::DuckDb.found() {
        return;
    }
    let small = Small::complete();
    assert_eq!(tonghop(small.root(), &["consolidate", "dot"]).code, 0);
    assert_eq!(tonghop(small.root(), &["close", "dot"]).code, 0);
    let csv = small.folder().join("out/facts.csv");
    let columns = first_column(&guide(), "`facts.csv` và `facts.parquet`:");
    for parquet in ["out/facts.parquet", "history/2025-09/facts.parquet"] {
        let read = read(&small.folder().join(parquet), &csv);
        let told = read["columns"].as_array().unwrap().iter();
        let told: Vec<(&str, &str)> = told
            .map(|column| (column[0].as_str().unwrap(), column[1].as_str().unwrap()))
            .collect();
        let kind = |name: &str| if name == "value" { "DOUBLE" } else { "VARCHAR" };
        let expected: Vec<(&str, &str)> = columns
            .iter()
            .map(|name| (name.as_str(), kind(name)))
            .collect();
        assert_eq!(told, expected, "{parquet}");
        let rows = read["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 21, "{parquet}");
        assert_eq!(read["rows"], read["records"], "{parquet}");
        // The unit's own words, without a quote before them; 0.1 as the double nearest to it.
        assert_eq!(rows[0][3], "=Kỹ năng \"số\", cơ bản", "{parquet}");
        assert_eq!(rows[3][5], 0.1, "{parquet}");
    }
}

/// The archive of the sample, as it is committed.
#[test]
fn duckdb_reads_the_archive_of_the_sample() {
    if !Peer::DuckDb.found() {
        return;
    }
    let small = Small::empty();
    let sample = crate::common::sample("vinh-long-2025-09");
    let out = small.root().join("ra");
    let consolidate = [
        "consolidate".as_ref(),
        sample.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    assert_eq!(tonghop(small.root(), &consolidate).code, 1);
    let read = read(&out.join("facts.parquet"), &out.join("facts.csv"));
    assert!(read["rows"].as_array().unwrap().len() > 5000);
    assert_eq!(read["rows"], read["records"]);
}
