//! Small steps over XML and over archives of XML that readers share.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use crate::workbook::FileProblem;

/// What an element means to whoever walks the part.
pub(super) enum Step<'a> {
    /// An element begins.
    Open(&'a BytesStart<'a>),
    /// An element ends; its local name.
    Close(&'a str),
    /// Text between elements, entities resolved; only in [`walk_texts`].
    Text(&'a str),
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
    visit: impl FnMut(Step) -> Result<Walk, FileProblem>,
) -> Result<(), FileProblem> {
    walk_events(part, false, visit)
}

/// Walks all elements and the texts between them.
pub(super) fn walk_texts(
    part: impl BufRead,
    visit: impl FnMut(Step) -> Result<Walk, FileProblem>,
) -> Result<(), FileProblem> {
    walk_events(part, true, visit)
}

fn walk_events(
    part: impl BufRead,
    texts: bool,
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
            Event::Text(text) if texts => visit(Step::Text(&text.xml10_content()))?,
            Event::CData(text) if texts => visit(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(entity) if texts => visit(Step::Text(&resolve(&entity)?))?,
            Event::Eof => Walk::Done,
            _ => Walk::On,
        };
        if walk == Walk::Done {
            return Ok(());
        }
    }
}

/// What `&name;` stands for; itself if only a document type, which is never read, could tell.
fn resolve(entity: &BytesRef) -> Result<String, FileProblem> {
    if let Some(character) = entity.resolve_char_ref()? {
        return Ok(character.to_string());
    }
    let name = entity.xml10_content();
    Ok(match quick_xml::escape::resolve_xml_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    })
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
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl BufRead>, FileProblem> {
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

/// A part that another part refers to.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
}

/// What a `.rels` part lists.
pub(super) fn relations<R: Read + Seek>(
    package: &mut Package<R>,
    part: &str,
) -> Result<Vec<Relation>, FileProblem> {
    let mut relations = Vec::new();
    walk(package.needed(part)?, |step| {
        if let Step::Open(element) = step
            && element.local_name().as_ref() == "Relationship"
        {
            let read = |name| Ok::<_, FileProblem>(attribute(element, name)?.unwrap_or_default());
            relations.push(Relation {
                id: read("Id")?,
                kind: read("Type")?,
                target: read("Target")?,
            });
        }
        Ok(Walk::On)
    })?;
    Ok(relations)
}

/// The text of the first element of a local name.
pub(super) fn text_of(part: impl BufRead, name: &str) -> Result<Option<String>, FileProblem> {
    let mut found = None;
    walk_texts(part, |step| {
        match step {
            Step::Open(element) if element.local_name().as_ref() == name => {
                found = Some(String::new());
            }
            Step::Close(closed) if closed == name => return Ok(Walk::Done),
            Step::Text(text) => found.iter_mut().for_each(|found| found.push_str(text)),
            _ => {}
        }
        Ok(Walk::On)
    })?;
    Ok(found.filter(|text| !text.is_empty()))
}
