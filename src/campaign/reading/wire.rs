//! The protocol between a run and its worker processes.
//!
//! Everything is a frame: its length in four bytes, then its content. The run sends [`Start`]; the
//! reader loads the campaign and answers with [`Ready`]. Then, for each file, the run sends an
//! [`Ask`] and the file's bytes, and the reader answers with a [`Sent`] and, for an archive, one
//! frame of bytes for each file that could be unpacked. Values travel as postcard. A reader ends
//! when nothing more comes.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::reader::Against;
use crate::campaign::definition::Campaign;
use crate::extract::{Explanation, Identity, Table, TableRow};
use crate::judge::receive::Received;
use crate::model::{CellAddress, Finding, Submission};
use crate::schema::Form;
use crate::workbook::{FileProblem, Limits};

/// The first word of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) limits: Limits,
}

/// The first word of a reader: the hash of every form it knows, so that a table can be placed by
/// the number of its form, and of the other files of the campaign that reading depends on.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Ready {
    /// SHA-256 of form files, in the order of [`known_forms`].
    forms: Vec<String>,
    /// SHA-256 of `campaign.toml` and `roster.csv`; `None` without a campaign.
    definition: Option<[String; 2]>,
}

/// A file to read; its bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) name: Arc<str>,
    pub(super) round: u32,
    pub(super) nested: bool,
}

/// The outcome of one file.
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
    texts: BTreeSet<CellAddress>,
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
    pub(super) fn with(forms: &[Arc<Form>], campaign: Option<&Campaign>) -> Ready {
        let both = |campaign: &Campaign| {
            Some([
                campaign.own_stamp()?.1.clone(),
                campaign.roster_stamp()?.1.clone(),
            ])
        };
        Ready {
            forms: forms.iter().map(|form| form.sha256.clone()).collect(),
            definition: campaign.and_then(both),
        }
    }
}

impl SentFile {
    /// The file as it is sent.
    ///
    /// # Errors
    /// A table is of a form that was not part of the job.
    pub(super) fn of(received: Received, known: &[Arc<Form>]) -> io::Result<SentFile> {
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
                texts,
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
                texts,
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

    /// The outcome of the requested file, with its forms looked up by number.
    ///
    /// # Errors
    /// What was sent names a form that was not part of the job.
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
                texts,
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
                texts,
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
///
/// # Errors
/// The other process no longer reads, or the frame is too long.
pub(super) fn send(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)
}

/// Sends a value as a frame.
///
/// # Errors
/// The value cannot be encoded, or the other process no longer reads.
pub(super) fn send_value(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    send(to, &postcard::to_stdvec(value).map_err(io::Error::other)?)
}

/// The next frame; `None` at the end.
///
/// # Errors
/// The stream ends within a frame or cannot be read.
pub(super) fn next_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from(u32::from_le_bytes(length));
    // The buffer grows with the bytes received; the announced length is not trusted.
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|come| come == length) {
        true => Ok(Some(bytes)),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// A frame as a value.
///
/// # Errors
/// The bytes are no such value.
pub(super) fn value<T: DeserializeOwned>(frame: &[u8]) -> io::Result<T> {
    postcard::from_bytes(frame).map_err(io::Error::other)
}
