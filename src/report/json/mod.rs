//! What is printed or written as JSON. Keys are fixed: other tools read them. Each document is a
//! type, so that its JSON Schema (`docs/json`) is made from what is written and not beside it.

pub mod archive;
pub mod commands;
pub mod diff;
mod held;
pub mod links;
pub mod run;
pub mod submit;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::campaign::RunRecord;
use crate::history::{KeptFinding, Manifest};
use crate::text::safe::is_unsafe;

/// A document as text, safe for a terminal, with a line feed at its end.
///
/// # Errors
/// The document has a key that is no text.
pub fn print(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let document = serde_json::to_value(document)?;
    Ok(format!("{}\n", plain(&format!("{document:#}"))))
}

/// JSON safe for a terminal: what JSON itself leaves unescaped of the characters that control one,
/// or that turn the order of text around.
pub fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        match c != '\n' && is_unsafe(c) {
            true => plain.extend(
                c.encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|u| format!("\\u{u:04x}")),
            ),
            false => plain.push(c),
        }
    }
    plain
}

/// File name and text of the schema of every document that is printed or written.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("run.schema.json", schema::<run::RunDocument<'_>>()),
        (
            "findings.schema.json",
            schema::<Vec<run::FindingEntry<'_>>>(),
        ),
        (
            "template.schema.json",
            schema::<commands::TemplatesDocument>(),
        ),
        (
            "forms-to-excel.schema.json",
            schema::<commands::ToExcelDocument<'_>>(),
        ),
        (
            "report.schema.json",
            schema::<commands::ReportDocument<'_>>(),
        ),
        ("new.schema.json", schema::<commands::Created<'_>>()),
        ("explain.schema.json", schema::<commands::Explained<'_>>()),
        (
            "forms-lint.schema.json",
            schema::<commands::LintDocument<'_>>(),
        ),
        (
            "forms-from-excel.schema.json",
            schema::<commands::FromExcelDocument<'_>>(),
        ),
        ("close.schema.json", schema::<archive::CloseDocument<'_>>()),
        (
            "history.schema.json",
            schema::<archive::HistoryDocument<'_>>(),
        ),
        ("diff.schema.json", schema::<diff::DiffDocument<'_>>()),
        ("links.schema.json", schema::<links::LinksDocument<'_>>()),
        ("submit.schema.json", schema::<submit::SubmitDocument<'_>>()),
        ("run-record.schema.json", schema::<RunRecord>()),
        ("manifest.schema.json", schema::<Manifest>()),
        ("closed-findings.schema.json", schema::<Vec<KeptFinding>>()),
    ]
}

/// The schema of what is written, in which every key is required.
fn schema<T: JsonSchema>() -> String {
    let generator = SchemaSettings::default().for_serialize().into_generator();
    let schema = generator.into_root_schema_for::<T>();
    format!("{:#}\n", schema.to_value())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Set `TONGHOP_WRITE_SCHEMAS=1` to write them anew after a change of the types.
    #[test]
    fn the_schemas_in_the_repository_are_those_of_the_documents() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json");
        let mut names: Vec<String> = Vec::new();
        for (name, text) in super::schemas() {
            let path = folder.join(name);
            if std::env::var_os("TONGHOP_WRITE_SCHEMAS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                kept == text,
                "{name} is not that of the document; see this test's comment"
            );
            names.push(name.to_owned());
        }
        names.sort();
        let kept = std::fs::read_dir(folder).unwrap();
        let mut kept: Vec<String> = kept
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".json"))
            .collect();
        kept.sort();
        assert_eq!(kept, names);
    }
}
