//! Errors that the office accepts on its page, for a campaign that is written as a workbook: a list
//! beside it. Such a workbook may be open in Excel, and has no place for them.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::campaign::error::ToolError;
use crate::history::{flush, guard, unguard};
use crate::model::campaign_files::ACCEPTED;
use crate::model::{Message, sha256, write_failure};
use crate::schema::campaign::Accept;
use crate::text::list::{List, ListRow};

/// The titles of the columns, in order.
const COLUMNS: [&str; 7] = [
    "Mã đơn vị",
    "Quy tắc",
    "Biểu",
    "Ô",
    "Lý do",
    "Người chấp nhận",
    "Ngày",
];

/// The errors that a campaign's list accepts; `stamps` gets its hash.
///
/// # Errors
/// The list cannot be read, or a line of it is none.
pub(super) fn load(
    folder: &Path,
    stamps: &mut BTreeMap<String, String>,
) -> Result<Vec<Accept>, ToolError> {
    let path = folder.join(ACCEPTED);
    let Some(bytes) = given(&path)? else {
        return Ok(Vec::new());
    };
    stamps.insert(ACCEPTED.to_owned(), sha256(&bytes));
    read(&path, &bytes)
}

/// The bytes of the list; nothing if there is none.
fn given(path: &Path) -> Result<Option<Vec<u8>>, ToolError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ToolError::io(path)(error)),
    }
}

fn read(path: &Path, bytes: &[u8]) -> Result<Vec<Accept>, ToolError> {
    let list = List::from_csv(bytes).map_err(|damaged| wrong(path, damaged.0))?;
    let rows = list.rows.iter();
    let read = rows.map(|row| accept(row).ok_or_else(|| wrong(path, row.line)));
    read.collect()
}

fn accept(row: &ListRow) -> Option<Accept> {
    let field = |at: usize| {
        let text = row.fields.get(at).map(|text| unguard(text).to_owned());
        text.filter(|text| !text.is_empty())
    };
    Some(Accept {
        unit: field(0)?,
        rule: field(1)?,
        form: field(2),
        cell: field(3),
        reason: field(4)?,
        by: field(5)?,
        on: field(6)?.parse().ok()?,
    })
}

fn wrong(path: &Path, line: u64) -> ToolError {
    let columns = COLUMNS.join(", ");
    ToolError::of_file(
        path.display(),
        &Message::new(
            format!(
                "dòng {line} không đọc được; mỗi dòng cần các cột {columns}, trong đó chỉ «Biểu» và «Ô» được để trống, ngày viết như 2025-10-06. Sửa hoặc xóa dòng này"
            ),
            format!(
                "line {line} cannot be read; the columns are {columns}, of which only the form and the cell may be blank, the day as 2025-10-06. Correct or remove the line"
            ),
        ),
    )
}

/// Adds errors to those that the list of a campaign accepts. The file is replaced as a whole once the
/// disk has it; two that add at once must take turns.
///
/// # Errors
/// The list cannot be read or written; it is as it was then.
pub fn add_accepted(folder: &Path, new: &[Accept]) -> Result<(), ToolError> {
    let path = folder.join(ACCEPTED);
    let mut all = match given(&path)? {
        Some(bytes) => read(&path, &bytes)?,
        None => Vec::new(),
    };
    all.extend_from_slice(new);
    let row = |fields: Vec<String>| ListRow { line: 1, fields };
    let lines = all.iter().map(|one| {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let fields = [
            one.unit.clone(),
            one.rule.clone(),
            optional(&one.form),
            optional(&one.cell),
            one.reason.clone(),
            one.by.clone(),
            one.on.to_string(),
        ];
        row(fields.iter().map(|text| guard(text)).collect())
    });
    let list = List {
        heading: row(COLUMNS.map(str::to_owned).to_vec()),
        rows: lines.collect(),
        decimal_comma: false,
    };
    let written = || -> std::io::Result<()> {
        // Without the mark Excel takes the letters for others.
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        bytes.extend(list.to_csv().map_err(std::io::Error::other)?);
        flush::replace(&path, &bytes)
    };
    written().map_err(|error| ToolError::Other(write_failure(&path, &error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_reason_says_is_read_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let one = |reason: &str, cell: Option<&str>| Accept {
            unit: "H01.2".into(),
            rule: "nu <= so_nguoi".into(),
            form: Some("lop".into()),
            cell: cell.map(str::to_owned),
            reason: reason.into(),
            by: "an".into(),
            on: chrono::NaiveDate::from_ymd_opt(2025, 10, 6).unwrap(),
        };
        let (first, second) = (
            one("=hai dòng;\n\"có\" dấu, phẩy", Some("C5")),
            one("'đúng", None),
        );
        add_accepted(folder.path(), std::slice::from_ref(&first)).unwrap();
        add_accepted(folder.path(), std::slice::from_ref(&second)).unwrap();
        let mut stamps = BTreeMap::new();
        let read = load(folder.path(), &mut stamps).unwrap();
        let told = |all: &[Accept]| format!("{all:?}");
        assert_eq!(told(&read), told(&[first, second]));
        assert!(stamps.contains_key(ACCEPTED));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_and_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ACCEPTED);
        fs::write(&path, "Mã đơn vị,Quy tắc\nA,r\n").unwrap();
        let error = load(folder.path(), &mut BTreeMap::new()).unwrap_err();
        assert!(error.message().vi.contains("dòng 2"), "{error}");
        assert!(add_accepted(folder.path(), &[]).is_err());
        assert_eq!(
            fs::read(&path).unwrap(),
            "Mã đơn vị,Quy tắc\nA,r\n".as_bytes()
        );
    }
}
