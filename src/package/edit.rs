//! Edits of XML text by byte ranges: what is not changed is copied byte for byte, never serialised
//! anew.

use std::borrow::Cow;
use std::ops::Range;

use super::problem::PackageProblem;
use super::xml::{Piece, Walk, escape, local, unescape, walk_places};

/// Elements within one another. Office writes some twenty.
const DEEPEST: usize = 200;
/// Elements of a part that is looked at as a whole; sheets are not. Excel's own limits on formats
/// and what people write in notes stay far below.
const MOST_ELEMENTS: usize = 1_000_000;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `<row>`
    Open,
    /// `</row>`
    Close,
    /// `<row/>`
    Empty,
}

/// One tag and its place.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'a> {
    pub(crate) kind: TagKind,
    /// Name without prefix.
    pub(crate) local: &'a str,
    /// Bytes of the tag in the text, `<` to `>`.
    pub(crate) range: Range<usize>,
    /// Its text.
    pub(crate) text: &'a str,
}

impl<'a> Tag<'a> {
    /// Prefix of the name with its colon; empty if there is none.
    pub(crate) fn prefix(&self) -> &'a str {
        prefix(self.text)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        attribute(self.text, name)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.attribute(name).as_deref(), Some("1" | "true"))
    }

    /// Replaces or adds an attribute of this tag.
    pub(crate) fn set(&self, edits: &mut Edits, name: &str, value: &str) {
        let (range, text) = setting(self.text, name, value);
        let at = self.range.start;
        edits.replace(at + range.start..at + range.end, text);
    }

    /// Removes an attribute of this tag with the space before it.
    pub(crate) fn unset(&self, edits: &mut Edits, name: &str) {
        if let Some(found) = attributes(self.text).find(|found| found.name(self.text) == name) {
            let at = self.range.start;
            edits.replace(at + found.name.start - 1..at + found.value.end + 1, "");
        }
    }
}

/// Shows every tag of a part to `visit`, in order.
///
/// # Errors
/// The part is no well-formed XML, or `visit` fails.
pub(crate) fn walk_tags<'a, E: From<PackageProblem>>(
    text: &'a str,
    mut visit: impl FnMut(Tag<'a>) -> Result<Walk, E>,
) -> Result<(), E> {
    walk_places(text, |piece, range| {
        let kind = match piece {
            Piece::Open(_) => TagKind::Open,
            Piece::Empty(_) => TagKind::Empty,
            Piece::Close(_) => TagKind::Close,
            Piece::Text(_) => return Ok(Walk::On),
        };
        let tag = text.get(range.clone()).unwrap_or_default();
        visit(Tag {
            kind,
            local: local(name(tag)),
            range,
            text: tag,
        })
    })
}

/// An element of a small part that is looked at as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Name without prefix.
    pub(crate) local: String,
    /// Bytes of its first tag in the text.
    pub(crate) open: Range<usize>,
    /// Bytes between its tags; an empty range behind the tag if it is an empty element.
    pub(crate) inner: Range<usize>,
    /// Bytes of the whole element.
    pub(crate) outer: Range<usize>,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a whole part.
    ///
    /// # Errors
    /// The part is no well-formed XML.
    pub(crate) fn read(text: &str) -> Result<Self, PackageProblem> {
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        let mut count = 0_usize;
        walk_tags(text, |tag| {
            count += 1;
            if tag.kind != TagKind::Close {
                let end = tag.range.end;
                open.push(Element {
                    local: tag.local.to_owned(),
                    open: tag.range.clone(),
                    inner: end..end,
                    outer: tag.range.clone(),
                    children: Vec::new(),
                });
            }
            if open.len() > DEEPEST || count > MOST_ELEMENTS {
                return Err(PackageProblem::broken(
                    "too many elements, or nested too deeply",
                ));
            }
            if tag.kind == TagKind::Open {
                return Ok(Walk::On);
            }
            let mut done = open
                .pop()
                .ok_or_else(|| PackageProblem::broken("a stray end tag"))?;
            if tag.kind == TagKind::Close {
                if done.local != tag.local {
                    return Err(PackageProblem::broken(format!(
                        "<{}> is not closed",
                        done.local
                    )));
                }
                done.inner.end = tag.range.start;
                done.outer.end = tag.range.end;
            }
            match open.last_mut() {
                Some(parent) => parent.children.push(done),
                None => root = Some(done),
            }
            Ok::<_, PackageProblem>(Walk::On)
        })?;
        root.ok_or_else(|| PackageProblem::broken("a part holds no XML"))
    }

    pub(crate) fn child(&self, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.local == local)
    }

    /// Children of a name.
    pub(crate) fn all<'a>(&'a self, local: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children
            .iter()
            .filter(move |child| child.local == local)
    }

    pub(crate) fn attribute<'a>(&self, text: &'a str, name: &str) -> Option<Cow<'a, str>> {
        attribute(text.get(self.open.clone())?, name)
    }

    pub(crate) fn tag<'a>(&'a self, text: &'a str) -> Tag<'a> {
        let kind = if self.open == self.outer {
            TagKind::Empty
        } else {
            TagKind::Open
        };
        let range = self.open.clone();
        Tag {
            kind,
            local: &self.local,
            text: &text[range.clone()],
            range,
        }
    }

    /// Adds `content` at the end of this element.
    pub(crate) fn append(&self, text: &str, edits: &mut Edits, content: &str) {
        self.tag(text).fill(edits, self.inner.end, content);
    }
}

impl Tag<'_> {
    /// Puts `content` at the byte `inside` of the text, within this element; an empty element gets
    /// an end tag.
    pub(crate) fn fill(&self, edits: &mut Edits, inside: usize, content: &str) {
        if self.kind != TagKind::Empty {
            edits.replace(inside..inside, content);
            return;
        }
        let slash = self.range.end - 2;
        edits.replace(
            slash..self.range.end,
            format!(">{content}</{}>", name(self.text)),
        );
    }
}

/// Changes to a text, by place in the old one.
#[derive(Debug, Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(crate) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    pub(crate) fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Replaces or adds an attribute of an element.
    pub(crate) fn set(&mut self, text: &str, element: &Element, name: &str, value: &str) {
        element.tag(text).set(self, name, value);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with the changes made; those at one place in the order they were made.
    ///
    /// # Errors
    /// Two changes overlap.
    pub(crate) fn apply(mut self, text: &str) -> Result<String, PackageProblem> {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let added: usize = self.0.iter().map(|(_, new)| new.len()).sum();
        let mut changed = String::with_capacity(text.len() + added);
        let mut at = 0;
        for (range, new) in &self.0 {
            let kept = text.get(at..range.start);
            changed.push_str(kept.ok_or_else(|| PackageProblem::broken("changes overlap"))?);
            changed.push_str(new);
            at = range.end;
        }
        changed.push_str(text.get(at..).unwrap_or_default());
        Ok(changed)
    }
}

/// The place of an attribute in its tag: its full name and its value without quotes.
pub(crate) struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
}

impl Attribute {
    pub(crate) fn name<'a>(&self, tag: &'a str) -> &'a str {
        &tag[self.name.clone()]
    }

    fn value<'a>(&self, tag: &'a str) -> &'a str {
        &tag[self.value.clone()]
    }
}

/// The attributes of a tag.
pub(crate) fn attributes(tag: &str) -> impl Iterator<Item = Attribute> + '_ {
    let bytes = tag.as_bytes();
    let mut at = 1 + name(tag).len();
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let start = at + rest.iter().position(|b| !b.is_ascii_whitespace())?;
        let equals = start + bytes.get(start..)?.iter().position(|b| *b == b'=')?;
        let open = equals
            + bytes
                .get(equals..)?
                .iter()
                .position(|b| matches!(b, b'"' | b'\''))?;
        let quote = bytes[open];
        let close = open + 1 + bytes.get(open + 1..)?.iter().position(|b| *b == quote)?;
        at = close + 1;
        let name_end = start + tag.get(start..equals)?.trim_end().len();
        Some(Attribute {
            name: start..name_end,
            value: open + 1..close,
        })
    })
}

/// The value of an attribute by its name, with or without prefix: `r:id` is found as `id` too.
fn attribute<'a>(tag: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let found = attributes(tag).find(|found| {
        let name = found.name(tag);
        name == wanted || (!name.starts_with("xmlns") && name.rsplit(':').next() == Some(wanted))
    })?;
    let raw = found.value(tag);
    Some(unescape(raw))
}

/// The change that gives an attribute a value: in place, else as the first of the tag, which
/// shows a later undoing that there was none.
fn setting(tag: &str, name: &str, value: &str) -> (Range<usize>, String) {
    let escaped = escape(value);
    match attributes(tag).find(|found| found.name(tag) == name) {
        Some(found) => (found.value, escaped),
        None => {
            let at = 1 + self::name(tag).len();
            (at..at, format!(" {name}=\"{escaped}\""))
        }
    }
}

/// A tag's text with an attribute given a value.
pub(crate) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let (range, new) = setting(tag, name, value);
    format!("{}{new}{}", &tag[..range.start], &tag[range.end..])
}

/// Name of a tag, with its prefix.
fn name(tag: &str) -> &str {
    let bare = tag.trim_start_matches('<').trim_start_matches('/');
    let end = bare.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    &bare[..end.unwrap_or(bare.len())]
}

/// Prefix of a tag's name with its colon.
pub(crate) fn prefix(tag: &str) -> &str {
    let name = name(tag);
    name.find(':').map_or("", |colon| &name[..=colon])
}
