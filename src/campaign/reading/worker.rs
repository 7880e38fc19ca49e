//! A process that reads files for a run: its loop.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;

use super::reader::{Against, Here, Opened, Reader, built_in_forms};
use super::wire::{
    Ask, Ready, Sent, SentFile, Start, known_forms, next_frame, send, send_value, value,
};
use crate::campaign::definition::Campaign;
use crate::campaign::error::ToolError;
use crate::judge::receive::ReceivedFile;
use crate::schema::Form;
use crate::workbook::ArchivedFile;

/// Reads files for a run until it sends no more. A failure here ends this process, and the run
/// reports it as a finding about the file.
///
/// # Errors
/// The campaign cannot be loaded, or the run sends what cannot be decoded or no longer reads.
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
    send_value(&mut to, &Ready::with(&known, against.campaign))?;
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
    // macOS accepts this limit without enforcing it; the readers' own limits apply in any case.
    let _ = setrlimit(Resource::As, limit);
}

#[cfg(not(unix))]
fn limit_memory(_most: u64) {}
