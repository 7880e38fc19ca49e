//! What passes between a run and the processes that read its files, and such a process's loop.
//!
//! Everything is a frame: its length in four bytes, then its content. The run sends [`Start`]; the
//! reader loads the campaign and answers with [`Ready`]. Then, for each file, the run sends an
//! [`Ask`] and the file's bytes, and the reader answers with a [`Sent`] and, for an archive, one
//! frame of bytes for each file that could be unpacked. Values travel as postcard. A reader ends
//! when nothing more comes.

use std::collections::BTreeSet;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::definition::Campaign;
use super::error::ToolError;
use super::inbox::ReceivedFile;
use super::reading::{Against, Here, Opened, Reader};
use super::receive::Received;
use super::run::built_in_forms;
use crate::extract::{Explanation, Identity, Table, TableRow};
use crate::model::{CellAddress, Finding, Submission};
use crate::schema::Form;
use crate::workbook::{ArchivedFile, FileProblem, Limits};

/// The first word of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) limits: Limits,
}

/// The first word of a reader: id and version of every form it knows, so that a table can be
/// placed by the number of its form.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) forms: Vec<(String, String)>,
}

/// A file to read; its bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) name: Arc<str>,
    pub(super) round: u32,
    pub(super) nested: bool,
}

/// What a file came to.
#[derive(Serialize, Deserialize)]
pub(super) enum Sent {
    One(Box<SentFile>),
    /// Names of the files in an archive; the bytes of those without a problem follow.
    Archive(Vec<(String, Option<FileProblem>)>),
}

/// [`Received`] without references to forms.
#[derive(Serialize, Deserialize)]
pub(super) struct SentFile {
    submission: Submission,
    tables: Vec<(SentTable, Vec<Finding>)>,
    findings: Vec<Finding>,
    explanations: Vec<Explanation>,
    identity: Identity,
}

#[derive(Serialize, Deserialize)]
struct SentTable {
    /// Place in [`known_forms`].
    form: usize,
    file: Arc<str>,
    sheet: Arc<str>,
    rows: Vec<TableRow>,
    total: Option<TableRow>,
    incomplete: bool,
    overwritten: BTreeSet<CellAddress>,
    formulas: BTreeSet<CellAddress>,
}

/// Every form that tables may be of, in the same order on both sides.
pub(super) fn known_forms(against: Against<'_>) -> Vec<Arc<Form>> {
    let older = against
        .campaign
        .into_iter()
        .flat_map(|campaign| &campaign.older);
    against.forms.iter().chain(older).cloned().collect()
}

impl Ready {
    pub(super) fn with(forms: &[Arc<Form>]) -> Ready {
        let told = |form: &Arc<Form>| (form.id().to_owned(), form.file.version.clone());
        Ready {
            forms: forms.iter().map(told).collect(),
        }
    }
}

impl SentFile {
    fn of(received: Received, known: &[Arc<Form>]) -> io::Result<SentFile> {
        // Named one by one, so that a new field is not forgotten.
        let Received {
            submission,
            tables,
            findings,
            explanations,
            identity,
        } = received;
        let tables = tables.into_iter().map(|(table, found)| {
            let form = known.iter().position(|form| Arc::ptr_eq(form, &table.form));
            let Table {
                form: _,
                file,
                sheet,
                rows,
                total,
                incomplete,
                overwritten,
                formulas,
            } = table;
            let table = SentTable {
                form: form.ok_or_else(|| io::Error::other("a table of an unknown form"))?,
                file,
                sheet,
                rows,
                total,
                incomplete,
                overwritten,
                formulas,
            };
            Ok((table, found))
        });
        Ok(SentFile {
            tables: tables.collect::<io::Result<_>>()?,
            submission,
            findings,
            explanations,
            identity,
        })
    }

    pub(super) fn place(self, known: &[Arc<Form>]) -> io::Result<Received> {
        let SentFile {
            submission,
            tables,
            findings,
            explanations,
            identity,
        } = self;
        let tables = tables.into_iter().map(|(table, found)| {
            let SentTable {
                form,
                file,
                sheet,
                rows,
                total,
                incomplete,
                overwritten,
                formulas,
            } = table;
            let form = known.get(form).cloned();
            let table = Table {
                form: form.ok_or_else(|| io::Error::other("a table of an unknown form"))?,
                file,
                sheet,
                rows,
                total,
                incomplete,
                overwritten,
                formulas,
            };
            Ok((table, found))
        });
        Ok(Received {
            tables: tables.collect::<io::Result<_>>()?,
            submission,
            findings,
            explanations,
            identity,
        })
    }
}

/// Sends bytes as a frame.
pub(super) fn send(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)
}

/// Sends a value as a frame.
pub(super) fn send_value(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    send(to, &postcard::to_stdvec(value).map_err(io::Error::other)?)
}

/// The next frame; `None` at the end.
pub(super) fn next_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from(u32::from_le_bytes(length));
    // Grows with what comes, not with what is announced.
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|come| come == length) {
        true => Ok(Some(bytes)),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// A frame as a value.
pub(super) fn value<T: DeserializeOwned>(frame: &[u8]) -> io::Result<T> {
    postcard::from_bytes(frame).map_err(io::Error::other)
}

/// Reads files for a run until it sends no more. What goes wrong here ends this process; the run
/// says so of the file.
pub fn serve(campaign: Option<&Path>, from: impl Read, to: impl Write) -> Result<(), ToolError> {
    let campaign = campaign.map(Campaign::load_to_read).transpose()?;
    let built_in;
    let forms = match &campaign {
        Some(campaign) => &campaign.forms,
        None => {
            built_in = built_in_forms()?;
            &built_in
        }
    };
    let against = Against {
        campaign: campaign.as_ref(),
        forms,
    };
    answer_all(against, BufReader::new(from), BufWriter::new(to))
        .map_err(ToolError::io(Path::new("worker")))
}

fn answer_all(against: Against<'_>, mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let Some(start) = next_frame(&mut from)? else {
        return Ok(());
    };
    let Start { limits } = value(&start)?;
    limit_memory(limits.memory_bytes);
    let known = known_forms(against);
    send_value(&mut to, &Ready::with(&known))?;
    to.flush()?;
    let mut here = Here {
        against,
        limits: &limits,
    };
    while let Some(ask) = next_frame(&mut from)? {
        let Ask {
            name,
            round,
            nested,
        } = value(&ask)?;
        let bytes = next_frame(&mut from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let file = ReceivedFile {
            path: Path::new(&*name).to_owned(),
            name,
            round,
        };
        let opened = here.open(&file, &bytes, nested).map_err(io::Error::other)?;
        drop(bytes);
        answer(&mut to, opened, &known)?;
        to.flush()?;
    }
    Ok(())
}

fn answer(to: &mut impl Write, opened: Opened, known: &[Arc<Form>]) -> io::Result<()> {
    match opened {
        Opened::One(received) => {
            send_value(to, &Sent::One(Box::new(SentFile::of(*received, known)?)))
        }
        Opened::Archive(files) => {
            let listed = |file: &ArchivedFile| (file.name.clone(), file.content.clone().err());
            send_value(to, &Sent::Archive(files.iter().map(listed).collect()))?;
            files
                .iter()
                .filter_map(|file| file.content.as_ref().ok())
                .try_for_each(|bytes| send(to, bytes))
        }
    }
}

/// From here on an allocation beyond `most` bytes fails, which ends this process.
#[cfg(unix)]
fn limit_memory(most: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    // macOS knows the limit and does not keep it; without one the limits of the readers hold.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
fn limit_memory(_most: u64) {}
