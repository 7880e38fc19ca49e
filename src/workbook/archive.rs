//! Archives of workbooks: an office sends one zip instead of twenty attachments.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::open::exceeds;
use super::sniff::is_lock_file;
use super::{FileProblem, Format, Limits, TooLarge, sniff};

/// A file in an archive. Nothing is written to disk, so the name leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Its folders and name, for people to find it: `/` between them, `..` left out.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Unpacks the files of a zip archive, in the order of the archive. Traces of operating systems
/// and open programs are left out. An archive within the archive is a file like any other:
/// reading it says what it is.
pub fn read_archive(bytes: &[u8], limits: &Limits) -> Result<Vec<ArchivedFile>, FileProblem> {
    if exceeds(bytes.len(), limits.file_bytes) {
        return Err(FileProblem::TooLarge(TooLarge::File(limits.file_bytes)));
    }
    if !bytes.starts_with(b"PK") {
        return Err(FileProblem::NotASpreadsheet(sniff("", bytes)));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = Vec::new();
    let mut left = limits.unpacked_bytes;
    for at in 0..archive.len() {
        let part = archive.by_index(at)?;
        let name = plain_name(&part.name()?);
        if part.is_dir() || is_trace(&name) {
            continue;
        }
        if files.len() >= limits.files {
            return Err(FileProblem::TooLarge(TooLarge::Files(limits.files)));
        }
        // The size an archive declares may lie.
        let most = limits.file_bytes.min(left);
        let mut bytes = Vec::new();
        part.take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(FileProblem::broken)?;
        if exceeds(bytes.len(), most) {
            let limit = match most == left {
                true => TooLarge::Unpacked(limits.unpacked_bytes),
                false => TooLarge::File(limits.file_bytes),
            };
            return Err(FileProblem::TooLarge(limit));
        }
        left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        files.push(ArchivedFile { name, bytes });
    }
    match files.is_empty() {
        true => Err(FileProblem::NotASpreadsheet(Format::ZipOther)),
        false => Ok(files),
    }
}

/// A name to show: neither control characters nor ways out of a folder.
fn plain_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| match c {
            '\\' => '/',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect();
    let steps = name
        .split('/')
        .filter(|step| !matches!(*step, "" | "." | ".."));
    steps.collect::<Vec<_>>().join("/")
}

/// What macOS, Windows and open programs leave behind.
fn is_trace(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("__MACOSX/")
        || name.is_empty()
        || name.starts_with("._")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || is_lock_file(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn files_come_out_by_name_and_lead_nowhere() {
        let inner = zip_of(&[("c.xlsx", b"3")]);
        let bytes = zip_of(&[
            ("Xã A/báo cáo.xlsx", b"1"),
            ("..\\..\\etc/b.xlsx", b"2"),
            ("__MACOSX/._b.xlsx", b"x"),
            ("~$b.xlsx", b"x"),
            ("trong.zip", &inner),
        ]);
        let files = read_archive(&bytes, &Limits::default()).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["Xã A/báo cáo.xlsx", "etc/b.xlsx", "trong.zip"]);
        assert_eq!(sniff(&files[2].name, &files[2].bytes), Format::ZipOther);
    }

    #[test]
    fn bombs_are_told() {
        let bytes = zip_of(&[("a.xlsx", &[b' '; 300_000]), ("b.xlsx", &[b' '; 300_000])]);
        let problem = |limits: Limits| read_archive(&bytes, &limits).unwrap_err();
        let unpacked = Limits {
            unpacked_bytes: 500_000,
            ..Limits::default()
        };
        assert_eq!(
            problem(unpacked),
            FileProblem::TooLarge(TooLarge::Unpacked(500_000))
        );
        let file = Limits {
            file_bytes: 200_000,
            ..Limits::default()
        };
        assert_eq!(
            problem(file),
            FileProblem::TooLarge(TooLarge::File(200_000))
        );
        let files = Limits {
            files: 1,
            ..Limits::default()
        };
        assert_eq!(problem(files), FileProblem::TooLarge(TooLarge::Files(1)));
        assert!(read_archive(&bytes[..bytes.len() / 2], &Limits::default()).is_err());
        assert!(read_archive(b"Rar!", &Limits::default()).is_err());
    }
}
