//! How the files of a run are read: one after the other here, or by processes of their own that a
//! file may end without ending the run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use sha2::{Digest, Sha256};

use super::inbox::ReceivedFile;
use super::pool::{Apart, Workers};
use super::reader::{Against, Here, Opened, Progress, Reader};
use crate::campaign::error::ToolError;
use crate::campaign::receive::Received;
use crate::workbook::{FileProblem, Limits, read_bytes};

/// Within which limits files are read, and where.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The most that is read of one file.
    pub limits: Limits,
    /// The processes that read; `None` to read in this one, where nothing limits time and memory
    /// but the readers themselves.
    pub workers: Option<Workers>,
}

impl Reading {
    /// Reading in this process.
    pub fn here(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            workers: None,
        }
    }
}

/// Reads every file, in the order of the list; an archive becomes as many submissions as it has
/// files.
///
/// # Errors
/// A file of the list cannot be opened, or the processes to read in cannot be started.
pub(in crate::campaign) fn receive_all(
    files: &[ReceivedFile],
    against: Against<'_>,
    reading: &Reading,
    progress: Progress<'_>,
) -> Result<Vec<Received>, ToolError> {
    let limits = &reading.limits;
    let Some(workers) = &reading.workers else {
        let mut here = Here { against, limits };
        let mut received = Vec::with_capacity(files.len());
        for (i, file) in files.iter().enumerate() {
            progress(i, files.len());
            received.extend(receive_file(&mut here, file, limits)?);
        }
        progress(files.len(), files.len());
        return Ok(received);
    };
    let mut slots: Vec<Vec<Received>> = Vec::new();
    slots.resize_with(files.len(), Vec::new);
    let next = AtomicUsize::new(0);
    let (to, done) = mpsc::channel();
    progress(0, files.len());
    thread::scope(|scope| {
        for _ in 0..workers.count.min(files.len()) {
            let (to, next) = (to.clone(), &next);
            scope.spawn(move || {
                let mut apart = Apart::new(workers, against, limits);
                while let Some((i, file)) = take(files, next) {
                    // Nobody listens any more: the run has failed.
                    if to
                        .send((i, receive_file(&mut apart, file, limits)))
                        .is_err()
                    {
                        break;
                    }
                }
            });
        }
        drop(to);
        for (count, (i, received)) in done.into_iter().enumerate() {
            slots[i] = received?;
            progress(count + 1, files.len());
        }
        Ok::<(), ToolError>(())
    })?;
    Ok(slots.into_iter().flatten().collect())
}

/// The next file that nobody has taken.
fn take<'a>(files: &'a [ReceivedFile], next: &AtomicUsize) -> Option<(usize, &'a ReceivedFile)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    files.get(i).map(|file| (i, file))
}

/// One file, or the files of one archive.
fn receive_file(
    reader: &mut dyn Reader,
    file: &ReceivedFile,
    limits: &Limits,
) -> Result<Vec<Received>, ToolError> {
    let bytes = match read_bytes(&file.path, limits) {
        Ok(bytes) => bytes,
        Err(problem) => return Ok(vec![Received::unreadable(file, &problem)]),
    };
    let archive = match reader.open(file, &bytes, false)? {
        Opened::One(received) => return Ok(vec![hashed(*received, &bytes)]),
        Opened::Archive(files) => files,
    };
    drop(bytes);
    let mut received = Vec::with_capacity(archive.len());
    for packed in archive {
        let inside = ReceivedFile {
            path: file.path.clone(),
            name: format!("{}/{}", file.name, packed.name).into(),
            round: file.round,
        };
        let mut one = match packed.content {
            Err(problem) => Received::unreadable(&inside, &problem),
            Ok(bytes) => match reader.open(&inside, &bytes, true)? {
                Opened::One(received) => hashed(*received, &bytes),
                // A reader does not unpack what is nested.
                Opened::Archive(_) => Received::unreadable(&inside, &FileProblem::ReaderStopped),
            },
        };
        one.submission.archive = Some(file.name.clone());
        received.push(one);
    }
    Ok(received)
}

/// The hash is of the bytes received, whatever became of them: copies of a file nobody can read
/// are copies too.
fn hashed(mut received: Received, bytes: &[u8]) -> Received {
    let digest = Sha256::digest(bytes);
    received.submission.sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    received
}
