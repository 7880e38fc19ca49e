//! What a form sends: its workbooks, put on the disk as they come in.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use tempfile::TempDir;
use tokio::task::block_in_place;
use tokio::time::timeout;

use super::refusal::Refusal;
use super::settings::Bounds;
use crate::campaign::file_names::usable;
use crate::judge::ReceivedFile;
use crate::model::write_failure;

/// Workbooks as they were sent, in a folder that goes when this is dropped.
pub(super) struct Upload {
    pub(super) files: Vec<ReceivedFile>,
    _folder: TempDir,
}

/// The field of workbooks.
const FILE: &str = "file";
/// Files with the names of their fields, as they came.
type Files = Vec<(String, ReceivedFile)>;
/// Words with the names of their fields.
type Words = Vec<(String, String)>;

/// All that a form has sent; files lie in `folder`, which goes when this is dropped.
pub(super) struct Sent {
    pub(super) files: Files,
    pub(super) words: Words,
    pub(super) folder: TempDir,
}

/// What is taken of a form; the rest is passed over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Fields that send files.
    pub(super) files: &'static [&'static str],
    /// Words, too?
    pub(super) words: bool,
}

impl Fields {
    /// Workbooks alone.
    const FILES: Fields = Fields {
        files: &[FILE],
        words: false,
    };
}

/// Takes the workbooks of a form, the fields `file`, into a folder of their own below `scratch`.
///
/// # Errors
/// None came, or too many, too much, too slowly, cut off; or they could not be written.
pub(super) async fn receive(
    form: Multipart,
    scratch: &Path,
    bounds: &Bounds,
) -> Result<Upload, Refusal> {
    let sent = receive_with(form, Fields::FILES, scratch, bounds).await?;
    // As the command line has them.
    let mut files: Vec<ReceivedFile> = sent.files.into_iter().map(|(_, file)| file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    match files.is_empty() {
        true => Err(Refusal::NoFile),
        false => Ok(Upload {
            files,
            _folder: sent.folder,
        }),
    }
}

/// Takes what is wanted of a form: files into a folder of their own below `scratch`, and words.
///
/// # Errors
/// As for [`receive`], but that there may be no file.
pub(super) async fn receive_with(
    form: Multipart,
    wanted: Fields,
    scratch: &Path,
    bounds: &Bounds,
) -> Result<Sent, Refusal> {
    let folder = TempDir::new_in(scratch).map_err(|error| not_written(scratch, &error))?;
    let taken = timeout(bounds.body_time, take(form, wanted, folder.path(), bounds));
    let (files, words) = taken.await.map_err(|_| Refusal::TooSlow)??;
    Ok(Sent {
        files,
        words,
        folder,
    })
}

async fn take(
    mut form: Multipart,
    wanted: Fields,
    folder: &Path,
    bounds: &Bounds,
) -> Result<(Files, Words), Refusal> {
    let broken = |error: MultipartError| broken(&error, bounds);
    let mut names = BTreeSet::new();
    let (mut files, mut words) = (Files::new(), Words::new());
    while let Some(field) = form.next_field().await.map_err(&broken)? {
        let own = field.name().unwrap_or_default().to_owned();
        if !wanted.files.contains(&&*own) {
            // Words lie in memory: only who is signed in may send them here.
            if wanted.words {
                words.push((own, field.text().await.map_err(&broken)?));
            }
            continue;
        }
        let sent = field.file_name().unwrap_or_default().to_owned();
        // The name on the disk has nothing of the sender's.
        let path = folder.join(files.len().to_string());
        let length = write(field, &path, &broken).await?;
        // A form whose field was left empty sends a file without name and bytes.
        if sent.is_empty() && length == 0 {
            continue;
        }
        if files.len() >= bounds.files {
            return Err(Refusal::TooManyFiles(bounds.files));
        }
        let file = ReceivedFile {
            path,
            name: free_name(&sent, &mut names),
            round: 0,
        };
        files.push((own, file));
    }
    Ok((files, words))
}

/// The fields of a form that sends words, by name.
///
/// # Errors
/// It is cut off, too long, or takes too long.
pub(super) async fn words(
    mut form: Multipart,
    bounds: &Bounds,
) -> Result<Vec<(String, String)>, Refusal> {
    let taking = async {
        let broken = |error: MultipartError| broken(&error, bounds);
        let mut words = Vec::new();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            words.push((name, field.text().await.map_err(broken)?));
        }
        Ok(words)
    };
    timeout(bounds.body_time, taking)
        .await
        .map_err(|_| Refusal::TooSlow)?
}

async fn write(
    mut field: Field<'_>,
    path: &Path,
    broken: impl Fn(MultipartError) -> Refusal,
) -> Result<usize, Refusal> {
    let mut file = File::create(path).map_err(|error| not_written(path, &error))?;
    let mut length = 0;
    while let Some(bytes) = field.chunk().await.map_err(&broken)? {
        length += bytes.len();
        let written = block_in_place(|| file.write_all(&bytes));
        written.map_err(|error| not_written(path, &error))?;
    }
    Ok(length)
}

/// A name to show, without folders; two files never have the same.
fn free_name(sent: &str, taken: &mut BTreeSet<String>) -> Arc<str> {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = match last.trim() {
        "" => "tep".to_owned(),
        last => usable(last),
    };
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name.as_str(), String::new()),
    };
    let mut free = name.clone();
    let mut number = 2;
    while !taken.insert(free.to_lowercase()) {
        free = format!("{stem} ({number}){extension}");
        number += 1;
    }
    free.into()
}

fn broken(error: &MultipartError, bounds: &Bounds) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => bounds.too_big(),
        _ => Refusal::Broken,
    }
}

fn not_written(path: &Path, error: &std::io::Error) -> Refusal {
    super::log::failed("tonghop serve", &write_failure(path, error).vi);
    Refusal::Failed(super::log::not_stored())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders_and_differ() {
        let mut taken = BTreeSet::new();
        let mut name = |sent: &str| free_name(sent, &mut taken).to_string();
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\bao cao\\Xã A.xlsx"), "Xã A.xlsx");
        assert_eq!(name("xã a.XLSX"), "xã a (2).XLSX");
        assert_eq!(name(".."), "_");
        assert_eq!(name("a\r\nX: b.xlsx"), "a__X_ b.xlsx");
        assert_eq!(name(""), "tep");
    }
}
