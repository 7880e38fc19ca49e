//! Notes in the cells of workbooks, as openpyxl reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::peers::{Peer, python};

const READ: &str = r#"
import json, sys
from openpyxl import load_workbook
def notes(path):
    return {sheet.title + "!" + cell.coordinate: cell.comment.text
            for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.comment}
print(json.dumps([notes(line.strip()) for line in open(sys.argv[1]) if line.strip()]))
"#;

/// The notes of each workbook by `sheet!cell`; `None` where there is no openpyxl.
pub fn notes(folder: &Path, books: &[PathBuf]) -> Option<Vec<BTreeMap<String, String>>> {
    if !Peer::Openpyxl.found() {
        return None;
    }
    let list = folder.join("ban-tra.txt");
    let lines: Vec<String> = books
        .iter()
        .map(|book| book.display().to_string())
        .collect();
    std::fs::write(&list, lines.join("\n")).unwrap();
    let read = python(Peer::Openpyxl, READ, &[&list]);
    Some(serde_json::from_str(&read).unwrap())
}
