//! The reader interface, and the reader that works in this process.

use std::panic::catch_unwind;
use std::sync::Arc;

use crate::campaign::definition::Campaign;
use crate::campaign::error::ToolError;
use crate::judge::receive::{Received, ReceivedFile, receive_caught};
use crate::schema::{Form, builtin};
use crate::workbook::{ArchivedFile, FileProblem, Limits, is_archive, read_archive};

/// Called for every file as it is done: files done, files in all.
pub type Progress<'a> = &'a dyn Fn(usize, usize);

/// What the files of a run are read against.
#[derive(Clone, Copy)]
pub(in crate::campaign) struct Against<'a> {
    pub(in crate::campaign) campaign: Option<&'a Campaign>,
    /// Forms to look for.
    pub(in crate::campaign) forms: &'a [Arc<Form>],
}

/// What a file turned out to be.
pub(in crate::campaign) enum Opened {
    /// A workbook, or something that is none: what was received.
    One(Box<Received>),
    /// An archive, whose files are read one by one.
    Archive(Vec<ArchivedFile>),
}

/// What reads files.
pub(in crate::campaign) trait Reader {
    /// Reads one; `nested` says that it came out of an archive, and so is not unpacked again.
    fn open(
        &mut self,
        file: &ReceivedFile,
        bytes: &[u8],
        nested: bool,
    ) -> Result<Opened, ToolError>;
}

/// Reads in this process.
pub(in crate::campaign) struct Here<'a> {
    pub(in crate::campaign) against: Against<'a>,
    pub(in crate::campaign) limits: &'a Limits,
}

impl Reader for Here<'_> {
    fn open(
        &mut self,
        file: &ReceivedFile,
        bytes: &[u8],
        nested: bool,
    ) -> Result<Opened, ToolError> {
        let Against { campaign, forms } = self.against;
        if nested || !is_archive(bytes) {
            let definition = campaign.map(|campaign| &campaign.definition);
            let received = receive_caught(file, bytes, forms, definition, self.limits);
            return Ok(Opened::One(Box::new(received)));
        }
        let opened = catch_unwind(|| read_archive(bytes, self.limits));
        let opened = opened.unwrap_or(Err(FileProblem::ReaderStopped));
        Ok(match opened {
            Ok(files) => Opened::Archive(files),
            Err(problem) => Opened::One(Box::new(Received::unreadable(file, &problem))),
        })
    }
}

/// The forms a workbook is read against without a campaign.
///
/// # Errors
/// A built-in form is wrong.
pub(in crate::campaign) fn built_in_forms() -> Result<Vec<Arc<Form>>, ToolError> {
    let load = |id: &str| {
        let mut form = Form::parse(id, builtin::text(id).unwrap_or_default())?;
        form.set_aside(None, &[]);
        Ok(Arc::new(form))
    };
    builtin::ids().into_iter().map(load).collect()
}
