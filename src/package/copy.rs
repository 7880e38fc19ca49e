//! A copy of a package in which parts are rewritten, added and removed. All other parts are copied
//! as they are, compressed bytes included.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::edit::{Edits, Element};
use super::parts::{Package, Relationship, comparable, read_relations, relations_of};
use super::problem::PackageProblem;
use super::xml::escape;

const CONTENT_TYPES: &str = "[Content_Types].xml";

/// A package and the changes to make in its copy.
pub(crate) struct PackageCopy<'a> {
    package: Package<Cursor<&'a [u8]>>,
    /// Most bytes of a part that is read as a text.
    text_bytes: u64,
    /// New texts of parts of the original; `None` for a part to remove.
    changed: BTreeMap<String, Option<String>>,
    /// New parts in the order they came.
    added: Vec<(String, String)>,
}

impl<'a> PackageCopy<'a> {
    /// A copy without a change. A part that is read as a text may unpack to at most `text_bytes`
    /// bytes.
    ///
    /// # Errors
    /// The bytes are no zip archive.
    pub(crate) fn of(bytes: &'a [u8], text_bytes: u64) -> Result<Self, PackageProblem> {
        Ok(Self {
            package: Package::open(Cursor::new(bytes))?,
            text_bytes,
            changed: BTreeMap::new(),
            added: Vec::new(),
        })
    }

    /// Refuses a package of which one part unpacks to more than `part_bytes` or all to more than
    /// `all_bytes`; see [`Package::check_sizes`].
    ///
    /// # Errors
    /// A part is damaged, locked, or unpacks to more.
    pub(crate) fn check_sizes(
        &mut self,
        part_bytes: u64,
        all_bytes: u64,
    ) -> Result<(), PackageProblem> {
        self.package.check_sizes(part_bytes, all_bytes)
    }

    /// Is there a part of that name now?
    pub(crate) fn has(&self, part: &str) -> bool {
        let wanted = comparable(part);
        self.added
            .iter()
            .any(|(name, _)| comparable(name) == wanted)
            || self
                .package
                .real_name(part)
                .is_some_and(|real| self.changed.get(real) != Some(&None))
    }

    /// Names of all parts there are now, in the order of the package.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let old = self.package.archive.file_names().flatten();
        old.filter(|name| self.changed.get(&**name) != Some(&None))
            .chain(self.added.iter().map(|(name, _)| name.as_str().into()))
    }

    /// The text of a part as it is now.
    ///
    /// # Errors
    /// The part is damaged, locked, too large or no UTF-8.
    pub(crate) fn text(&mut self, part: &str) -> Result<Option<String>, PackageProblem> {
        let wanted = comparable(part);
        if let Some((_, text)) = self
            .added
            .iter()
            .find(|(name, _)| comparable(name) == wanted)
        {
            return Ok(Some(text.clone()));
        }
        let Some(real) = self.package.real_name(part) else {
            return Ok(None);
        };
        if let Some(text) = self.changed.get(real) {
            return Ok(text.clone());
        }
        let Some(entry) = self.package.part(part)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let mut counted = entry.take(self.text_bytes.saturating_add(1));
        counted
            .read_to_end(&mut bytes)
            .map_err(PackageProblem::broken)?;
        if bytes.len() as u64 > self.text_bytes {
            return Err(PackageProblem::TooLarge(self.text_bytes));
        }
        decoded(bytes).map(Some)
    }

    /// The text of a part that must be there.
    ///
    /// # Errors
    /// The part is missing, or cannot be read.
    pub(crate) fn needed(&mut self, part: &str) -> Result<String, PackageProblem> {
        self.text(part)?
            .ok_or_else(|| PackageProblem::broken(format!("no part `{part}`")))
    }

    /// Gives a part a new text; a part that is not there comes last in the package.
    pub(crate) fn set(&mut self, part: &str, text: String) {
        let wanted = comparable(part);
        let old = self
            .package
            .real_name(part)
            .and_then(|real| match self.changed.get(real) {
                Some(None) => None,
                _ => Some(real.clone()),
            });
        if let Some(real) = old {
            self.changed.insert(real, Some(text));
        } else if let Some(added) = self
            .added
            .iter_mut()
            .find(|(name, _)| comparable(name) == wanted)
        {
            added.1 = text;
        } else {
            self.added.push((part.to_owned(), text));
        }
    }

    /// Takes a part out, with its own relationships and its content type.
    ///
    /// # Errors
    /// The content types cannot be read or changed.
    pub(crate) fn remove(&mut self, part: &str) -> Result<(), PackageProblem> {
        self.drop_entry(&relations_of(part));
        self.drop_entry(part);
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let mut edits = Edits::default();
        for line in root.all("Override") {
            let name = line.attribute(&types, "PartName").unwrap_or_default();
            if comparable(name.trim_start_matches('/')) == comparable(part) {
                edits.remove(line.outer.clone());
            }
        }
        self.edit(CONTENT_TYPES, &types, edits)
    }

    fn drop_entry(&mut self, part: &str) {
        let wanted = comparable(part);
        self.added.retain(|(name, _)| comparable(name) != wanted);
        if let Some(real) = self.package.real_name(part) {
            self.changed.insert(real.clone(), None);
        }
    }

    /// Applies changes to a part's text.
    ///
    /// # Errors
    /// Two changes overlap.
    pub(crate) fn edit(
        &mut self,
        part: &str,
        text: &str,
        edits: Edits,
    ) -> Result<(), PackageProblem> {
        if !edits.is_empty() {
            self.set(part, edits.apply(text)?);
        }
        Ok(())
    }

    /// A name like `xl/comments_tonghop1.xml` that no part has.
    pub(crate) fn free_name(&self, start: &str, end: &str) -> String {
        let mut number = 1_u32;
        loop {
            let name = format!("{start}{number}{end}");
            if !self.has(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// Declares what a new part is.
    ///
    /// # Errors
    /// The content types cannot be read or changed.
    pub(crate) fn declare(&mut self, part: &str, content_type: &str) -> Result<(), PackageProblem> {
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let prefix = root.tag(&types).prefix();
        let line = format!(
            "<{prefix}Override PartName=\"/{}\" ContentType=\"{content_type}\"/>",
            escape(part)
        );
        let mut edits = Edits::default();
        root.append(&types, &mut edits, &line);
        self.edit(CONTENT_TYPES, &types, edits)
    }

    /// Declares what parts with an ending are (`vml`), unless that is declared.
    ///
    /// # Errors
    /// The content types cannot be read or changed.
    pub(crate) fn declare_ending(
        &mut self,
        ending: &str,
        content_type: &str,
    ) -> Result<(), PackageProblem> {
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let known = |line: &Element| {
            line.attribute(&types, "Extension")
                .is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
        };
        let mut edits = Edits::default();
        if !root.all("Default").any(known) {
            let line = ending_line(root.tag(&types).prefix(), ending, content_type);
            root.append(&types, &mut edits, &line);
        }
        self.edit(CONTENT_TYPES, &types, edits)
    }

    /// Takes back what [`Self::declare_ending`] wrote, once no part with that ending is left.
    ///
    /// # Errors
    /// The content types cannot be read or changed.
    pub(crate) fn undeclare_ending(
        &mut self,
        ending: &str,
        content_type: &str,
    ) -> Result<(), PackageProblem> {
        let dotted = format!(".{ending}");
        if self
            .parts()
            .any(|part| comparable(&part).ends_with(&dotted))
        {
            return Ok(());
        }
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let ours = ending_line(root.tag(&types).prefix(), ending, content_type);
        let mut edits = Edits::default();
        if let Some(last) = root.children.last()
            && types[last.outer.clone()] == ours
        {
            edits.remove(last.outer.clone());
        }
        self.edit(CONTENT_TYPES, &types, edits)
    }

    /// Where the relationships of a part lead.
    ///
    /// # Errors
    /// The relationships part cannot be read.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relationship>, PackageProblem> {
        match self.text(&relations_of(part))? {
            Some(lines) => read_relations(part, lines.as_bytes()),
            None => Ok(Vec::new()),
        }
    }

    /// Adds a relationship and returns its id.
    ///
    /// # Errors
    /// The relationships part cannot be read or changed.
    pub(crate) fn relate(
        &mut self,
        part: &str,
        kind_namespace: &str,
        kind: &str,
        target: &str,
    ) -> Result<String, PackageProblem> {
        const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
            <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>";
        let taken = self.relations(part)?;
        let id = (1_u32..)
            .map(|number| format!("rIdTonghop{number}"))
            .find(|id| taken.iter().all(|relation| relation.id != *id))
            .unwrap_or_default();
        let rels = relations_of(part);
        let text = self.text(&rels)?.unwrap_or_else(|| EMPTY.to_owned());
        let root = Element::read(&text)?;
        let line = format!(
            "<{}Relationship Id=\"{id}\" Type=\"{kind_namespace}/{kind}\" Target=\"/{}\"/>",
            root.tag(&text).prefix(),
            escape(target)
        );
        let mut edits = Edits::default();
        root.append(&text, &mut edits, &line);
        self.edit(&rels, &text, edits)?;
        Ok(id)
    }

    /// Removes a relationship; a relationships part without any goes too.
    ///
    /// # Errors
    /// The relationships part cannot be read or changed.
    pub(crate) fn unrelate(&mut self, part: &str, id: &str) -> Result<(), PackageProblem> {
        let rels = relations_of(part);
        let Some(text) = self.text(&rels)? else {
            return Ok(());
        };
        let root = Element::read(&text)?;
        let goes = |line: &&Element| line.attribute(&text, "Id").as_deref() == Some(id);
        if root.children.iter().all(|line| goes(&line)) {
            self.drop_entry(&rels);
            return Ok(());
        }
        let mut edits = Edits::default();
        for line in root.children.iter().filter(goes) {
            edits.remove(line.outer.clone());
        }
        self.edit(&rels, &text, edits)
    }

    /// Writes the package: every entry in its old place, new ones behind.
    ///
    /// # Errors
    /// An entry cannot be copied.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, PackageProblem> {
        // What we write has the mode of any file and, where it is new, one fixed day, so that the
        // same copy has the same bytes.
        let new = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..self.package.archive.len() {
            let entry = self.package.archive.by_index_raw(at)?;
            let name = entry.name()?.into_owned();
            match self.changed.get(&name) {
                None => writer.raw_copy_file(entry)?,
                Some(None) => {}
                Some(Some(text)) => {
                    let day = entry.last_modified().unwrap_or_default();
                    add(&mut writer, &name, text, new.last_modified_time(day))?;
                }
            }
        }
        for (name, text) in &self.added {
            add(&mut writer, name, text, new)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// The text of a part; in UTF-8 henceforth if it was in UTF-16, which XML allows as well.
fn decoded(bytes: Vec<u8>) -> Result<String, PackageProblem> {
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        _ => String::from_utf8(bytes).map_err(PackageProblem::broken)?,
    };
    let plain = text.strip_prefix('\u{feff}').map(str::to_owned);
    Ok(plain.unwrap_or(text))
}

fn wide(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<String, PackageProblem> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(PackageProblem::broken(
            "half a character at the end of UTF-16",
        ));
    };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).map_err(PackageProblem::broken)?;
    let Some((declaration, rest)) = text.split_once("?>") else {
        return Ok(text);
    };
    let declaration = declaration
        .replace("UTF-16", "UTF-8")
        .replace("utf-16", "UTF-8");
    Ok(format!("{declaration}?>{rest}"))
}

fn add(
    writer: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    text: &str,
    options: SimpleFileOptions,
) -> Result<(), PackageProblem> {
    writer.start_file(name, options)?;
    writer
        .write_all(text.as_bytes())
        .map_err(PackageProblem::broken)
}

fn ending_line(prefix: &str, ending: &str, content_type: &str) -> String {
    format!("<{prefix}Default Extension=\"{ending}\" ContentType=\"{content_type}\"/>")
}
