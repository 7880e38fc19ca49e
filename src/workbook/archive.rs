//! Archives of workbooks: an office sends one zip instead of twenty attachments.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::open::exceeds;
use super::sniff::is_lock_file;
use super::{FileProblem, Format, Limits, TooLarge, sniff};
use crate::text::decode::decode;

/// A file in an archive, unpacked in memory; its name is only for display and is never used as a
/// path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Its folders and name, for people to find it: `/` between them, `..` left out. No two files
    /// of an archive have the same.
    pub name: String,
    /// Its content, or why it cannot be had: one damaged or locked file is one bad file.
    pub content: Result<Vec<u8>, FileProblem>,
}

/// Is this an archive that [`read_archive`] opens: a zip that is no office document?
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") && sniff("", bytes) == Format::ZipOther
}

/// Unpacks the files of a zip archive, in the order of the archive. Traces of operating systems
/// and open programs are left out. An archive within the archive is a file like any other:
/// reading it says what it is.
///
/// # Errors
/// The bytes are no zip archive, or one that unpacks to too much.
pub fn read_archive(bytes: &[u8], limits: &Limits) -> Result<Vec<ArchivedFile>, FileProblem> {
    if exceeds(bytes.len(), limits.file_bytes) {
        return Err(FileProblem::TooLarge(TooLarge::File(limits.file_bytes)));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut names = HashSet::new();
    let mut files = Vec::new();
    let mut left = limits.unpacked_bytes;
    for at in 0..archive.len() {
        let entry = archive.by_index_data(at)?;
        // A program that does not say its names are UTF-8 may have written them in any encoding.
        let name = match entry.name() {
            Ok(name) => plain_name(&name),
            Err(_) => plain_name(&decode(entry.name_raw())),
        };
        if entry.is_dir() || is_trace(&name) {
            continue;
        }
        if files.len() >= limits.files {
            return Err(FileProblem::TooLarge(TooLarge::Files(limits.files)));
        }
        let content = unpack(&mut archive, at, limits.file_bytes.min(left));
        let content = match content {
            // The limit for the archive as a whole is used up.
            Err(FileProblem::TooLarge(_)) if left < limits.file_bytes => {
                let most = TooLarge::Unpacked(limits.unpacked_bytes);
                return Err(FileProblem::TooLarge(most));
            }
            other => other,
        };
        let length = content.as_ref().map_or(0, Vec::len);
        left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
        files.push(ArchivedFile {
            name: unlike(name, &mut names),
            content,
        });
    }
    match files.is_empty() {
        true => Err(FileProblem::NotASpreadsheet(Format::ZipOther)),
        false => Ok(files),
    }
}

/// One file of the archive. The size an archive declares may lie.
fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    at: usize,
    most: u64,
) -> Result<Vec<u8>, FileProblem> {
    let part = archive.by_index(at).map_err(|error| match error.into() {
        FileProblem::Encrypted => FileProblem::EncryptedArchive,
        other => other,
    })?;
    let mut bytes = Vec::new();
    part.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(FileProblem::broken)?;
    match exceeds(bytes.len(), most) {
        true => Err(FileProblem::TooLarge(TooLarge::File(most))),
        false => Ok(bytes),
    }
}

/// A name no other file has: `a.xlsx`, `a (2).xlsx`.
fn unlike(name: String, names: &mut HashSet<String>) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    let numbered = (2_usize..).map(|number| format!("{stem} ({number}){extension}"));
    let free = std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !names.contains(name))
        .unwrap_or_else(|| name.clone());
    names.insert(free.clone());
    free
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
    path.starts_with("__MACOSX/") || name.is_empty() || is_system_file(name) || is_lock_file(name)
}

/// Is it the name of a file that systems and programs keep in folders for themselves: thumbnails,
/// settings of the folder, shortcuts, downloads that have not ended, what was saved in between, locks
/// of documents that are no workbooks?
pub fn is_system_file(name: &str) -> bool {
    const ENDS: [&str; 8] = [
        ".lnk",
        ".tmp",
        ".part",
        ".partial",
        ".crdownload",
        ".download",
        "~",
        ":zone.identifier",
    ];
    let name = name.to_ascii_lowercase();
    let of_word = [".doc", ".docx", ".docm", ".rtf", ".ppt", ".pptx"];
    name.starts_with("._")
        || ENDS.iter().any(|end| name.ends_with(end))
        || name.starts_with("~$") && of_word.iter().any(|end| name.ends_with(end))
        || matches!(
            name.as_str(),
            ".ds_store" | "thumbs.db" | "ehthumbs.db" | "desktop.ini" | "icon\r" | "$recycle.bin"
        )
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
        assert!(is_archive(files[2].content.as_ref().unwrap()));
    }

    #[test]
    fn what_programs_leave_in_folders_is_no_submission() {
        for name in [
            "~WRL0001.tmp",
            "thu.xlsx.tmp",
            "thu.xlsx.part",
            "thu.xlsx.crdownload",
            "~$thu.docx",
            "thu.xlsx:Zone.Identifier",
            "Icon\r",
            "thu.xlsx~",
            "$RECYCLE.BIN",
        ] {
            assert!(is_system_file(name), "{name}");
        }
        for name in ["thu.xlsx", "~$thu.xlsx", "biểu (tmp).xlsx", "icon.xlsx"] {
            assert!(!is_system_file(name), "{name}");
        }
    }

    #[test]
    fn names_are_unlike_and_in_no_known_encoding() {
        let mut bytes = zip_of(&[("a.xlsx", b"1"), ("x/../a.xlsx", b"2"), ("Xa ?.xlsx", b"3")]);
        // A tone of windows-1258 in place of the question mark, in both places of the name.
        for at in 0..bytes.len() - 9 {
            if bytes[at..].starts_with(b"Xa ?.xlsx") {
                bytes[at + 3] = 0xEC;
            }
        }
        let files = read_archive(&bytes, &Limits::default()).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(&names[..2], ["a.xlsx", "x/a.xlsx"]);
        assert!(names[2].starts_with("Xa "), "{names:?}");
        let twice = zip_of(&[("a.xlsx", b"1"), ("./a.xlsx", b"2"), ("/a.xlsx", b"3")]);
        let files = read_archive(&twice, &Limits::default()).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]);
    }

    #[test]
    fn one_bad_file_is_one_bad_file() {
        let mut bytes = zip_of(&[("a.xlsx", b"first text"), ("b.xlsx", b"second text")]);
        let at = bytes.windows(10).position(|w| w == b"first text");
        match at {
            Some(at) => bytes[at] ^= 1,
            // Packed: any byte behind the first header will do.
            None => bytes[38] ^= 0x55,
        }
        let files = read_archive(&bytes, &Limits::default()).unwrap();
        assert!(matches!(files[0].content, Err(FileProblem::Broken(_))));
        assert_eq!(files[1].content.as_deref(), Ok(&b"second text"[..]));
    }

    #[test]
    fn a_locked_file_of_an_archive_is_told() {
        let mut bytes = zip_of(&[("a.xlsx", b"1"), ("b.xlsx", b"2")]);
        // The bit that says a file is encrypted, in both headers of the first.
        bytes[6] |= 1;
        let central = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        bytes[central + 8] |= 1;
        let files = read_archive(&bytes, &Limits::default()).unwrap();
        assert_eq!(files[0].content, Err(FileProblem::EncryptedArchive));
        assert!(files[1].content.is_ok());
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
        for file in read_archive(&bytes, &file).unwrap() {
            let told = FileProblem::TooLarge(TooLarge::File(200_000));
            assert_eq!(file.content, Err(told));
        }
        let files = Limits {
            files: 1,
            ..Limits::default()
        };
        assert_eq!(problem(files), FileProblem::TooLarge(TooLarge::Files(1)));
        assert!(read_archive(&bytes[..bytes.len() / 2], &Limits::default()).is_err());
        assert!(read_archive(b"Rar!", &Limits::default()).is_err());
    }
}
