//! Page numbers from the second page on (Nghị định 30/2020/NĐ-CP, Phụ lục I): the spreadsheet
//! writer has no word for a first page that differs, so the finished package is given it.

use std::io::{Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::write::paper::error::WriteError;

/// The workbook with no header on the first page of its sheets; every other part byte for byte.
pub(super) fn without_number(workbook: &[u8]) -> Result<Vec<u8>, WriteError> {
    edit(workbook).map_err(|error| {
        WriteError::new(
            format!("không tạo được bảng tính: {error}"),
            format!("the workbook cannot be built: {error}"),
        )
    })
}

fn edit(workbook: &[u8]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(workbook))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index)?;
        let name = part.name()?.into_owned();
        if !name.starts_with("xl/worksheets/sheet") {
            out.raw_copy_file(part)?;
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        let options = SimpleFileOptions::default()
            .last_modified_time(part.last_modified().unwrap_or_default());
        out.start_file(name, options)?;
        // A first header that is not there is an empty one.
        let text = text.replace("<headerFooter>", "<headerFooter differentFirst=\"1\">");
        out.write_all(text.as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}
