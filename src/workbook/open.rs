//! The entry point for every file: recognises the format, checks the limits, reads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{FileProblem, Format, Limits, TooLarge, Workbook, sniff};
use super::{
    default_password, html, letters, ods, separated, spreadsheetml, struck, xls, xlsb, xlsx,
};

/// Reads a spreadsheet from memory. `file_name` serves only to know lock files.
///
/// # Errors
/// The bytes are no spreadsheet, a damaged or locked one, or one larger than the limits allow.
pub fn workbook_from_bytes(
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Workbook, FileProblem> {
    opened(file_name, bytes, limits, &dispatch)
}

/// Reads a blank form from memory: as [`workbook_from_bytes`], with the formulas of an `.xls` spelled
/// out, as far as they can be.
///
/// # Errors
/// As for [`workbook_from_bytes`].
pub fn blank_from_bytes(
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Workbook, FileProblem> {
    opened(
        file_name,
        bytes,
        limits,
        &|format, bytes, limits| match format {
            Format::Xls => xls::read_spelled(bytes, limits),
            format => dispatch(format, bytes, limits),
        },
    )
}

/// How the bytes of a format are read.
type Reading = dyn Fn(Format, &[u8], &Limits) -> Result<Workbook, FileProblem>;

fn opened(
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
    read: &Reading,
) -> Result<Workbook, FileProblem> {
    if exceeds(bytes.len(), limits.file_bytes) {
        return Err(FileProblem::TooLarge(TooLarge::File(limits.file_bytes)));
    }
    // Parsing libraries have panicked on damaged files before; such a file becomes a finding and
    // the run goes on. Nothing is shared with the outside of the call, so no half-changed state is
    // seen after a panic.
    catch_unwind(AssertUnwindSafe(|| {
        let mut workbook = read(sniff(file_name, bytes), bytes, limits)?;
        struck::read(&mut workbook);
        letters::read(&mut workbook);
        Ok(workbook)
    }))
    .unwrap_or_else(|_| Err(FileProblem::broken("the reader gave up")))
}

/// Reads a spreadsheet of a format that has been recognised.
///
/// # Errors
/// As for [`workbook_from_bytes`].
pub(super) fn dispatch(
    format: Format,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Workbook, FileProblem> {
    match format {
        Format::Xlsx => xlsx::read(bytes, limits),
        Format::Xlsb => xlsb::read(bytes, limits),
        Format::Xls => xls::read(bytes, limits),
        Format::Ods => ods::read(bytes, limits),
        Format::FlatOds => ods::read_flat(bytes, limits),
        Format::Html => html::read(bytes, limits),
        Format::SpreadsheetMl => spreadsheetml::read(bytes, limits),
        Format::Csv => separated::read(bytes, limits),
        Format::EncryptedOffice => {
            let inside = default_password::decrypted(bytes)?;
            match sniff("", &inside) {
                Format::EncryptedOffice => Err(FileProblem::Encrypted),
                format => dispatch(format, &inside, limits),
            }
        }
        Format::Empty => Err(FileProblem::Empty),
        Format::LockFile => Err(FileProblem::LockFile),
        Format::ZipOther
        | Format::Rar
        | Format::SevenZip
        | Format::Pdf
        | Format::Docx
        | Format::Slides
        | Format::WebArchive
        | Format::WebPage
        | Format::Link
        | Format::Numbers
        | Format::Sylk
        | Format::Image
        | Format::Text
        | Format::Unknown => Err(FileProblem::NotASpreadsheet(format)),
    }
}

/// Are there more bytes than allowed?
pub(super) fn exceeds(length: usize, most: u64) -> bool {
    u64::try_from(length).map_or(true, |length| length > most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_workbook_says_what_it_is() {
        let open = |name: &str, bytes: &[u8]| {
            let problem = workbook_from_bytes(name, bytes, &Limits::default()).unwrap_err();
            (problem.rule_id(), problem.message().vi)
        };
        let pdf = open("bao-cao.xlsx", b"%PDF-1.7");
        assert_eq!(pdf.0, "khong-phai-bang-tinh");
        assert!(pdf.1.contains("tệp PDF"));
        assert_eq!(open("bao-cao.xlsx", b"").0, "tep-rong");
        assert_eq!(open("~$bao-cao.xlsx", b"\x05user").0, "tep-khoa-tam");
        let mut docx = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        docx.start_file(
            "word/document.xml",
            zip::write::SimpleFileOptions::default(),
        )
        .unwrap();
        let docx = open("bao-cao.xlsx", &docx.finish().unwrap().into_inner());
        assert_eq!(docx.0, "khong-phai-bang-tinh");
        assert!(docx.1.contains("văn bản Word"));
    }
}
