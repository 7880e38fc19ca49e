//! Small steps over XML that the xlsx readers share.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::workbook::FileProblem;

/// What an element means to whoever walks the part.
pub(super) enum Step<'a> {
    /// An element begins.
    Open(&'a BytesStart<'a>),
    /// An element ends; its local name.
    Close(&'a str),
}

/// Should the walk go on?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// Yes.
    On,
    /// No: nothing further is wanted of this part.
    Done,
}

/// Walks all elements of a part, in the way calamine does, so that both see the same elements in
/// the same order.
pub(super) fn walk(
    part: impl BufRead,
    mut visit: impl FnMut(Step) -> Result<Walk, FileProblem>,
) -> Result<(), FileProblem> {
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let walk = match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => visit(Step::Open(&element))?,
            Event::End(element) => visit(Step::Close(element.local_name().as_ref()))?,
            Event::Eof => Walk::Done,
            _ => Walk::On,
        };
        if walk == Walk::Done {
            return Ok(());
        }
    }
}

/// The value of an attribute by its local name, `r:id` as `id`.
pub(super) fn attribute(element: &BytesStart, name: &str) -> Result<Option<String>, FileProblem> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(FileProblem::broken)?;
        if attribute.key.local_name().as_ref() == name {
            let value =
                quick_xml::escape::unescape(&attribute.value).map_err(FileProblem::broken)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// A true-or-false attribute; false if absent.
pub(super) fn flag(element: &BytesStart, name: &str) -> Result<bool, FileProblem> {
    Ok(attribute(element, name)?.is_some_and(|value| value == "1" || value == "true"))
}

/// Parts of an archive by name, upper and lower case alike and `\` as `/`, as calamine finds them.
pub(super) struct Package<R: Read + Seek> {
    archive: ZipArchive<R>,
    /// The real name of each comparable one; of two alike the later, as calamine has it.
    names: HashMap<String, String>,
}

impl<R: Read + Seek> Package<R> {
    pub(super) fn new(archive: ZipArchive<R>) -> Result<Self, FileProblem> {
        let mut names = HashMap::with_capacity(archive.len());
        for name in archive.file_names() {
            let name = name?;
            names.insert(comparable(&name), name.into_owned());
        }
        Ok(Self { archive, names })
    }

    /// Comparable names of all parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// A part, if there is one of that name.
    fn part(&mut self, name: &str) -> Result<Option<impl BufRead>, FileProblem> {
        match self.names.get(&comparable(name)) {
            Some(real) => Ok(Some(BufReader::new(self.archive.by_name(real)?))),
            None => Ok(None),
        }
    }

    /// A part that must be there.
    pub(super) fn needed(&mut self, name: &str) -> Result<impl BufRead, FileProblem> {
        self.part(name)?
            .ok_or_else(|| FileProblem::broken(format!("no part `{name}`")))
    }
}

fn comparable(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}
