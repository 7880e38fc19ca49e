//! How the files of a run are read: one after the other here, or by processes of their own that a
//! file may end without ending the run.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::pool::{Apart, Workers};
use super::reader::{Against, Here, Opened, Progress, Reader};
use crate::campaign::error::ToolError;
use crate::campaign::originals::Originals;
use crate::judge::receive::{Received, ReceivedFile};
use crate::model::sha256;
use crate::workbook::{FileProblem, Limits, read_bytes};

/// Within which limits files are read, and where.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The most that is read of one file.
    pub limits: Limits,
    /// The processes that read; `None` to read in this one, where nothing limits time and memory
    /// but the readers themselves.
    pub workers: Option<Workers>,
    /// Keep the bytes of every file, for the copies that go back?
    pub keep: bool,
}

impl Reading {
    /// Reading in this process.
    pub fn here(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            workers: None,
            keep: true,
        }
    }
}

/// The outcome of receiving the files of a run.
#[derive(Default)]
pub(in crate::campaign) struct AllReceived {
    /// One for each file, in the order of their names; an archive becomes as many as it has files.
    pub(in crate::campaign) received: Vec<Received>,
    /// SHA-256 of every file, by name; `None` if not even its bytes could be read.
    pub(in crate::campaign) inputs: BTreeMap<Arc<str>, Option<String>>,
    /// Bytes of the submissions, if they are to be kept.
    pub(in crate::campaign) originals: Originals,
}

impl AllReceived {
    fn add(&mut self, file: &ReceivedFile, one: OneReceived, keep: bool) -> Result<(), ToolError> {
        self.inputs.insert(file.name.clone(), one.sha256);
        for (received, bytes) in one.submissions {
            if let (true, Some(bytes)) = (keep, bytes) {
                let name = received.submission.file.clone();
                let kept = self.originals.keep(name, bytes);
                kept.map_err(ToolError::io(Path::new("tmp")))?;
            }
            self.received.push(received);
        }
        Ok(())
    }
}

/// The outcome of receiving one file.
struct OneReceived {
    /// Hash of its bytes; `None` if they could not be read.
    sha256: Option<String>,
    /// Each with its bytes, if there are any.
    submissions: Vec<(Received, Option<Vec<u8>>)>,
}

/// Reads every file, in the order of the list.
///
/// # Errors
/// The processes to read in cannot be started, or the bytes of a file cannot be kept.
pub(in crate::campaign) fn receive_all(
    files: &[ReceivedFile],
    against: Against<'_>,
    reading: &Reading,
    progress: Progress<'_>,
) -> Result<AllReceived, ToolError> {
    let limits = &reading.limits;
    let mut all = AllReceived::default();
    let Some(workers) = &reading.workers else {
        let mut here = Here { against, limits };
        for (i, file) in files.iter().enumerate() {
            progress(i, files.len());
            all.add(file, receive_file(&mut here, file, limits)?, reading.keep)?;
        }
        progress(files.len(), files.len());
        return Ok(all);
    };
    let mut slots: Vec<Option<OneReceived>> = Vec::new();
    slots.resize_with(files.len(), || None);
    let next = AtomicUsize::new(0);
    let (to, done) = mpsc::channel();
    progress(0, files.len());
    thread::scope(|scope| {
        for _ in 0..workers.count.min(files.len()) {
            let (to, next) = (to.clone(), &next);
            scope.spawn(move || {
                let mut apart = Apart::new(workers, against, limits);
                while let Some((i, file)) = take(files, next) {
                    let one = receive_file(&mut apart, file, limits);
                    let one = one.map(|one| one.keeping(reading.keep));
                    // The receiver is gone, because the run has failed.
                    if to.send((i, one)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(to);
        for (count, (i, one)) in done.into_iter().enumerate() {
            slots[i] = Some(one?);
            progress(count + 1, files.len());
        }
        Ok::<(), ToolError>(())
    })?;
    for (file, one) in files.iter().zip(slots) {
        if let Some(one) = one {
            all.add(file, one, reading.keep)?;
        }
    }
    Ok(all)
}

impl OneReceived {
    /// Drops the bytes unless copies are to be made of them.
    fn keeping(mut self, keep: bool) -> Self {
        if !keep {
            for (_, bytes) in &mut self.submissions {
                *bytes = None;
            }
        }
        self
    }

    fn unreadable(file: &ReceivedFile, problem: &FileProblem) -> Self {
        OneReceived {
            sha256: None,
            submissions: vec![(Received::unreadable(file, problem), None)],
        }
    }
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
) -> Result<OneReceived, ToolError> {
    let bytes = match read_bytes(&file.path, limits) {
        Ok(bytes) => bytes,
        Err(problem) => return Ok(OneReceived::unreadable(file, &problem)),
    };
    let sha256 = Some(sha256(&bytes));
    let archive = match reader.open(file, &bytes, false)? {
        Opened::One(received) => {
            let submissions = vec![(hashed(*received, &bytes), Some(bytes))];
            return Ok(OneReceived {
                sha256,
                submissions,
            });
        }
        Opened::Archive(files) => files,
    };
    drop(bytes);
    let mut submissions = Vec::with_capacity(archive.len());
    for packed in archive {
        let inside = ReceivedFile {
            path: file.path.clone(),
            name: format!("{}/{}", file.name, packed.name).into(),
            round: file.round,
        };
        let (mut one, bytes) = match packed.content {
            Err(problem) => (Received::unreadable(&inside, &problem), None),
            Ok(bytes) => match reader.open(&inside, &bytes, true)? {
                Opened::One(received) => (hashed(*received, &bytes), Some(bytes)),
                // A reader does not unpack what is nested.
                Opened::Archive(_) => {
                    let problem = FileProblem::ReaderStopped;
                    (Received::unreadable(&inside, &problem), None)
                }
            },
        };
        one.submission.archive = Some(file.name.clone());
        submissions.push((one, bytes));
    }
    Ok(OneReceived {
        sha256,
        submissions,
    })
}

/// The hash is of the bytes received, whatever became of them: copies of a file nobody can read
/// are copies too.
fn hashed(mut received: Received, bytes: &[u8]) -> Received {
    received.submission.sha256 = sha256(bytes);
    received
}
