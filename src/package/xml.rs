//! The walk over the XML of a part.

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesCData, BytesRef, BytesText, Event};

pub(crate) use quick_xml::events::BytesStart;

use super::problem::PackageProblem;

/// Should the walk go on?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    /// Yes.
    On,
    /// No: nothing further is wanted of this part.
    Done,
}

/// What an element means to a reader that does not care how it is spelled: `<a/>` is an element
/// that begins and ends.
pub(crate) enum Step<'a> {
    /// An element begins.
    Open(&'a BytesStart<'a>),
    /// An element ends; its local name.
    Close(&'a str),
    /// Text between elements, entities resolved; only in [`walk_texts`].
    Text(&'a str),
}

/// A piece of XML as it is spelled.
pub(crate) enum Piece<'a> {
    /// `<row>`
    Open(&'a BytesStart<'a>),
    /// `<row/>`
    Empty(&'a BytesStart<'a>),
    /// `</row>`; the name with its prefix.
    Close(&'a str),
    /// Text between elements. One text may come in several pieces.
    Text(Text<'a>),
}

/// A piece of text, read only when it is wanted.
pub(crate) enum Text<'a> {
    /// Without entities.
    Plain(&'a BytesText<'a>),
    /// `<![CDATA[...]]>`
    Literal(&'a BytesCData<'a>),
    /// `&amp;` or `&#160;`
    Entity(&'a BytesRef<'a>),
}

impl Text<'_> {
    /// The text with entities resolved. A document type is never read, so an entity that one would
    /// define is left as it is written.
    ///
    /// # Errors
    /// An entity or a character in it is malformed.
    pub(crate) fn read(&self) -> Result<Cow<'_, str>, PackageProblem> {
        let entity = match self {
            Self::Plain(text) => return Ok(text.xml10_content()),
            Self::Literal(text) => return Ok(text.xml10_content()),
            Self::Entity(entity) => entity,
        };
        if let Some(character) = entity.resolve_char_ref()? {
            return Ok(character.to_string().into());
        }
        let name = entity.xml10_content();
        Ok(match quick_xml::escape::resolve_xml_entity(&name) {
            Some(text) => text.into(),
            None => format!("&{name};").into(),
        })
    }
}

/// Walks all elements of a part, in the way calamine does, so that both see the same elements in
/// the same order.
///
/// # Errors
/// The part is no well-formed XML, or `visit` fails.
pub(crate) fn walk<E: From<PackageProblem>>(
    part: impl BufRead,
    visit: impl FnMut(Step) -> Result<Walk, E>,
) -> Result<(), E> {
    walk_steps(part, false, visit)
}

/// Walks all elements and the texts between them.
///
/// # Errors
/// The part is no well-formed XML, or `visit` fails.
pub(crate) fn walk_texts<E: From<PackageProblem>>(
    part: impl BufRead,
    visit: impl FnMut(Step) -> Result<Walk, E>,
) -> Result<(), E> {
    walk_steps(part, true, visit)
}

fn walk_steps<E: From<PackageProblem>>(
    part: impl BufRead,
    texts: bool,
    mut visit: impl FnMut(Step) -> Result<Walk, E>,
) -> Result<(), E> {
    let reader = Reader::from_reader(part);
    walk_reader(reader, |piece, _| match piece {
        Piece::Open(element) => visit(Step::Open(element)),
        Piece::Empty(element) => match visit(Step::Open(element))? {
            Walk::On => visit(Step::Close(element.local_name().as_ref())),
            Walk::Done => Ok(Walk::Done),
        },
        Piece::Close(name) => visit(Step::Close(local(name))),
        Piece::Text(text) if texts => visit(Step::Text(&text.read()?)),
        Piece::Text(_) => Ok(Walk::On),
    })
}

/// Walks a part that is in memory and passes the byte range of each piece. Comments, declarations
/// and the like are the gaps between the pieces. Ends without a beginning are let pass: the
/// drawings of notes are XML in name only, their `<br>` is never closed.
///
/// # Errors
/// The part is no XML, or `visit` fails.
pub(crate) fn walk_places<E: From<PackageProblem>>(
    text: &str,
    visit: impl FnMut(Piece, Range<usize>) -> Result<Walk, E>,
) -> Result<(), E> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_unmatched_ends = true;
    walk_reader(reader, visit)
}

fn walk_reader<E: From<PackageProblem>>(
    mut reader: Reader<impl BufRead>,
    mut visit: impl FnMut(Piece, Range<usize>) -> Result<Walk, E>,
) -> Result<(), E> {
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut start = 0;
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(PackageProblem::from)?;
        let end = usize::try_from(reader.buffer_position()).map_err(PackageProblem::broken)?;
        let place = start..end;
        start = end;
        let walk = match &event {
            Event::Start(element) => visit(Piece::Open(element), place)?,
            Event::Empty(element) => visit(Piece::Empty(element), place)?,
            Event::End(element) => visit(Piece::Close(element.name().as_ref()), place)?,
            Event::Text(text) => visit(Piece::Text(Text::Plain(text)), place)?,
            Event::CData(text) => visit(Piece::Text(Text::Literal(text)), place)?,
            Event::GeneralRef(entity) => visit(Piece::Text(Text::Entity(entity)), place)?,
            Event::Eof => return Ok(()),
            _ => Walk::On,
        };
        if walk == Walk::Done {
            return Ok(());
        }
    }
}

/// XML without comments, with CDATA as ordinary text, and with every character that needs no
/// reference as it is: `&#49;2` is 12.
pub(crate) fn plain_text(xml: &str) -> String {
    unreferenced(&unmarked(xml))
}

fn unreferenced(xml: &str) -> String {
    let mut pieces = xml.split("&#");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let of = |number: &str| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let letter = char::from_u32(code.ok()?)?;
            let needless =
                letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '&' | '"' | '\'');
            needless.then_some(letter)
        };
        let referred = piece.split_once(';');
        match referred.and_then(|(number, behind)| Some((of(number)?, behind))) {
            Some((letter, behind)) => {
                plain.push(letter);
                plain.push_str(behind);
            }
            None => {
                plain.push_str("&#");
                plain.push_str(piece);
            }
        }
    }
    plain
}

fn unmarked(xml: &str) -> String {
    const COMMENT: (&str, &str) = ("<!--", "-->");
    const CDATA: (&str, &str) = ("<![CDATA[", "]]>");
    let mut plain = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(at) = rest.find("<!") {
        let (before, mark) = rest.split_at(at);
        plain.push_str(before);
        let inner = |(open, _): (&str, &str)| mark.strip_prefix(open);
        let (inner, close, is_text) = if let Some(inner) = inner(COMMENT) {
            (inner, COMMENT.1, false)
        } else if let Some(inner) = inner(CDATA) {
            (inner, CDATA.1, true)
        } else {
            plain.push_str("<!");
            rest = &mark[2..];
            continue;
        };
        // A mark without an end is for the reader to report, and looked for once only.
        let Some((text, behind)) = inner.split_once(close) else {
            plain.push_str(mark);
            return plain;
        };
        if is_text {
            plain.push_str(&quick_xml::escape::escape(text));
        }
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The attributes of an element: names with their prefixes, and what the values say.
pub(crate) fn attributes<'a>(
    element: &'a BytesStart,
) -> impl Iterator<Item = Result<(&'a str, Cow<'a, str>), PackageProblem>> {
    raw_attributes(element).map(|attribute| {
        let (name, value) = attribute?;
        Ok((name, said(value)?))
    })
}

/// The value of an attribute by its local name, `r:id` as `id`.
///
/// # Errors
/// The attributes are malformed.
pub(crate) fn attribute(
    element: &BytesStart,
    name: &str,
) -> Result<Option<String>, PackageProblem> {
    for attribute in raw_attributes(element) {
        let (key, value) = attribute?;
        if local(key) == name {
            return Ok(Some(said(value)?.into_owned()));
        }
    }
    Ok(None)
}

fn raw_attributes<'a>(
    element: &'a BytesStart,
) -> impl Iterator<Item = Result<(&'a str, Cow<'a, str>), PackageProblem>> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    attributes.map(|attribute| {
        let attribute = attribute.map_err(PackageProblem::broken)?;
        Ok((attribute.key.into_inner(), attribute.value))
    })
}

fn said(raw: Cow<'_, str>) -> Result<Cow<'_, str>, PackageProblem> {
    let said = match raw {
        Cow::Borrowed(raw) => quick_xml::escape::unescape(raw),
        Cow::Owned(raw) => quick_xml::escape::unescape(&raw).map(|said| said.into_owned().into()),
    };
    said.map_err(PackageProblem::broken)
}

/// A boolean attribute; false if absent.
///
/// # Errors
/// The attributes are malformed.
pub(crate) fn flag(element: &BytesStart, name: &str) -> Result<bool, PackageProblem> {
    Ok(attribute(element, name)?.is_some_and(|value| value == "1" || value == "true"))
}

/// The text of the first element of a local name.
///
/// # Errors
/// The part is no well-formed XML.
pub(crate) fn text_of(part: impl BufRead, name: &str) -> Result<Option<String>, PackageProblem> {
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
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    Ok(found.filter(|text| !text.is_empty()))
}

/// Text as XML spells it; characters that XML has no way to write become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if u32::from(c) < 0x20 || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// What a piece of XML without tags says; the piece itself if it names an entity nobody knows.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}
