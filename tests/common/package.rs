//! The parts of a workbook's package, and attributes in them.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

/// Every part by its name; the text of those that are XML.
pub fn parts(workbook: &Path) -> HashMap<String, String> {
    let mut archive = ZipArchive::new(File::open(workbook).unwrap()).unwrap();
    let mut parts = HashMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        if [".xml", ".rels", ".vml"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            part.read_to_string(&mut text).unwrap();
        }
        parts.insert(name, text);
    }
    parts
}

/// The values of an attribute wherever it occurs.
pub fn attributes(text: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let found = text.split(&start).skip(1);
    found
        .map(|rest| unescaped(rest.split('"').next().unwrap()))
        .collect()
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&apos;", "'").replace("&lt;", "<");
    text.replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
