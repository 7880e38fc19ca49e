//! Spreadsheets read from files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::limits::Limits;
use super::open::{exceeds, workbook_from_bytes};
use super::problem::{FileProblem, TooLarge};
use super::sheet::Workbook;
use super::sniff::is_lock_file;
use crate::model::why::Why;

/// Reads a spreadsheet file of any kind we know.
///
/// # Errors
/// The file cannot be opened, or cannot be read as a spreadsheet.
pub fn read_workbook(path: &Path, limits: &Limits) -> Result<Workbook, FileProblem> {
    let bytes = read_bytes(path, limits)?;
    workbook_from_bytes(&file_name(path), &bytes, limits)
}

/// The bytes of a file, if there are not too many; for callers who hash them too.
///
/// # Errors
/// The file cannot be opened, or is too large.
pub fn read_bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, FileProblem> {
    // Excel keeps its lock files from being read, which must not be taken for a fault.
    if is_lock_file(&file_name(path)) {
        return Err(FileProblem::LockFile);
    }
    let unopenable = |error: std::io::Error| FileProblem::Unopenable(error.why());
    let file = File::open(path).map_err(unopenable)?;
    let mut bytes = Vec::new();
    let most = limits.file_bytes;
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unopenable)?;
    if exceeds(bytes.len(), most) {
        return Err(FileProblem::TooLarge(TooLarge::File(most)));
    }
    Ok(bytes)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::workbook::Format;

    #[test]
    fn a_workbook_is_known_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("báo cáo (tháng9.xls");
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "Xã").unwrap();
        book.save(&path).unwrap();
        let workbook = read_workbook(&path, &Limits::default()).unwrap();
        assert_eq!((workbook.format, workbook.sheets.len()), (Format::Xlsx, 1));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str, limits: &Limits| {
            read_workbook(&folder.path().join(name), limits)
                .unwrap_err()
                .rule_id()
        };
        assert_eq!(
            open("khong-co.xlsx", &Limits::default()),
            "tep-khong-mo-duoc"
        );
        assert_eq!(open("~$khong-co.xlsx", &Limits::default()), "tep-khoa-tam");
        fs::write(folder.path().join("to.xlsx"), [b' '; 100]).unwrap();
        let small = Limits {
            file_bytes: 99,
            ..Limits::default()
        };
        assert_eq!(open("to.xlsx", &small), "tep-qua-lon");
    }
}
