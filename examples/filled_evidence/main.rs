//! What figures alone say of a form: compiles a blank, forgets every rule it states, and proposes
//! what holds in a folder of filled workbooks.
//!
//!     filled_evidence BLANK FOLDER
//!
//! prints a JSON document: columns and rows of the sheet by id, and the proposals.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use tonghop::campaign::read_filled;
use tonghop::compile::{Blank, compile};
use tonghop::evidence::{Proposed, proposed};
use tonghop::extract::Table;
use tonghop::schema::Form;
use tonghop::workbook::Limits;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(blank), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: filled_evidence BLANK FOLDER".into());
    };
    let limits = Limits::default();
    let bytes = fs::read(&blank)?;
    let blank = Blank {
        name: &blank,
        bytes: &bytes,
        aside: &[],
    };
    let compiled = compile(&[blank], &limits).map_err(|error| format!("{error:?}"))?;
    let forms = compiled.forms.iter().map(|form| {
        let text = without_rules(&form.toml);
        Form::parse(&form.id, &text).map(Arc::new)
    });
    let forms: Vec<Arc<Form>> = forms
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{error}"))?;
    let start = Instant::now();
    let received = read_filled(Path::new(&folder), &forms, &limits);
    let received = received.map_err(|error| format!("{error:?}"))?;
    let read = start.elapsed();
    let tables: Vec<Vec<Table>> = received
        .into_iter()
        .map(|file| file.tables.into_iter().map(|(table, _)| table).collect())
        .collect();
    let workbooks: Vec<&[Table]> = tables.iter().map(Vec::as_slice).collect();
    let mut answers = Vec::new();
    for (form, compiled) in forms.iter().zip(&compiled.forms) {
        let proposals = proposed(form, &workbooks);
        let places = |places: &[(String, u32)]| {
            let places = places.iter().map(|(id, at)| (id.clone(), json!(at)));
            places.collect::<serde_json::Map<_, _>>()
        };
        let rule = |one: &Proposed| {
            let over = one.places.as_ref().map(|(key, _)| *key);
            json!({ "check": one.check, "tested": one.tested, "files": one.files, "places": over })
        };
        answers.push(json!({
            "id": form.id(),
            "sheet": compiled.sheet,
            "columns": places(&compiled.columns),
            "rows": places(&compiled.rows),
            "proposals": proposals.iter().map(rule).collect::<Vec<_>>(),
        }));
    }
    let all = start.elapsed();
    println!(
        "{}",
        json!({ "files": tables.len(), "read_ms": read.as_millis(), "all_ms": all.as_millis(), "forms": answers })
    );
    Ok(())
}

/// The text of a form file without its rules, the operands of ratios and the total row.
fn without_rules(text: &str) -> String {
    let mut kept = String::new();
    for section in text.split("\n\n") {
        let is_rule = section.lines().any(|line| line == "[[rule]]");
        if is_rule {
            continue;
        }
        let said = ["numerator =", "denominator =", "per =", "total ="];
        for line in section.lines() {
            if !said.iter().any(|key| line.starts_with(key)) {
                kept += line;
                kept += "\n";
            }
        }
        kept += "\n";
    }
    kept
}
