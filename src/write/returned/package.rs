//! A zipped workbook whose parts can be looked at, rewritten, added and removed. What nobody
//! touches goes out as it came in, compressed bytes and all.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::error::ReturnError;
use super::xml::{Edits, Element, escape};
use crate::workbook::Limits;

const CONTENT_TYPES: &str = "[Content_Types].xml";

/// A package and what is to become of it.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Real names by comparable ones.
    names: HashMap<String, String>,
    /// New texts of parts that were there; `None` for one that goes.
    changed: BTreeMap<String, Option<String>>,
    /// New parts in the order they came.
    added: Vec<(String, String)>,
}

/// A line of a relationships part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of its type: `worksheet`, `comments`.
    pub(super) kind: String,
    /// Part it leads to; empty if that is outside the package.
    pub(super) part: String,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReturnError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(ReturnError::broken)?;
        limits
            .check_parts(&mut archive)
            .map_err(ReturnError::Unreadable)?;
        let mut names = HashMap::new();
        for name in archive.file_names() {
            let name = name.map_err(ReturnError::broken)?.into_owned();
            names.insert(comparable(&name), name);
        }
        let (changed, added) = (BTreeMap::new(), Vec::new());
        Ok(Self {
            archive,
            names,
            changed,
            added,
        })
    }

    /// Is there a part of that name now?
    pub(super) fn has(&self, part: &str) -> bool {
        let wanted = comparable(part);
        self.added
            .iter()
            .any(|(name, _)| comparable(name) == wanted)
            || self
                .names
                .get(&wanted)
                .is_some_and(|real| self.changed.get(real) != Some(&None))
    }

    /// Names of all parts there are now.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        let old = self
            .names
            .values()
            .filter(|real| self.changed.get(*real) != Some(&None));
        old.chain(self.added.iter().map(|(name, _)| name))
            .map(String::as_str)
    }

    /// The text of a part as it is now.
    pub(super) fn text(&mut self, part: &str) -> Result<Option<String>, ReturnError> {
        let wanted = comparable(part);
        if let Some((_, text)) = self
            .added
            .iter()
            .find(|(name, _)| comparable(name) == wanted)
        {
            return Ok(Some(text.clone()));
        }
        let Some(real) = self.names.get(&wanted) else {
            return Ok(None);
        };
        if let Some(text) = self.changed.get(real) {
            return Ok(text.clone());
        }
        let mut bytes = Vec::new();
        let mut entry = self.archive.by_name(real).map_err(ReturnError::broken)?;
        entry.read_to_end(&mut bytes).map_err(ReturnError::broken)?;
        let text = String::from_utf8(bytes).map_err(ReturnError::broken)?;
        Ok(Some(
            text.strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text),
        ))
    }

    /// The text of a part that must be there.
    pub(super) fn needed(&mut self, part: &str) -> Result<String, ReturnError> {
        self.text(part)?
            .ok_or_else(|| ReturnError::broken(format!("no part `{part}`")))
    }

    /// Gives a part a new text; a part that is not there comes last in the package.
    pub(super) fn set(&mut self, part: &str, text: String) {
        let wanted = comparable(part);
        let old = self
            .names
            .get(&wanted)
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
    pub(super) fn remove(&mut self, part: &str) -> Result<(), ReturnError> {
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
        if let Some(real) = self.names.get(&wanted) {
            self.changed.insert(real.clone(), None);
        }
    }

    /// Applies changes to a part's text.
    pub(super) fn edit(&mut self, part: &str, text: &str, edits: Edits) -> Result<(), ReturnError> {
        if !edits.is_empty() {
            self.set(part, edits.apply(text)?);
        }
        Ok(())
    }

    /// A name like `xl/comments_tonghop1.xml` that no part has.
    pub(super) fn free_name(&self, start: &str, end: &str) -> String {
        let mut number = 1_u32;
        loop {
            let name = format!("{start}{number}{end}");
            if !self.has(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// Declares what a new part is: by its name, or for drawings of notes by the ending.
    pub(super) fn declare(&mut self, part: &str, content_type: &str) -> Result<(), ReturnError> {
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let prefix = root.tag(&types).prefix();
        let mut edits = Edits::default();
        if part.ends_with(".vml") {
            let known = |line: &Element| {
                line.attribute(&types, "Extension")
                    .is_some_and(|e| e.eq_ignore_ascii_case("vml"))
            };
            if !root.all("Default").any(known) {
                root.append(&types, &mut edits, &vml_default(prefix));
            }
        } else {
            let line = format!(
                "<{prefix}Override PartName=\"/{}\" ContentType=\"{content_type}\"/>",
                escape(part)
            );
            root.append(&types, &mut edits, &line);
        }
        self.edit(CONTENT_TYPES, &types, edits)
    }

    /// Takes back the declaration of drawings once none is left, if it is the one we write.
    pub(super) fn undeclare_drawings(&mut self) -> Result<(), ReturnError> {
        if self.parts().any(|part| comparable(part).ends_with(".vml")) {
            return Ok(());
        }
        let types = self.needed(CONTENT_TYPES)?;
        let root = Element::read(&types)?;
        let ours = vml_default(root.tag(&types).prefix());
        let mut edits = Edits::default();
        if let Some(last) = root.children.last()
            && types[last.outer.clone()] == ours
        {
            edits.remove(last.outer.clone());
        }
        self.edit(CONTENT_TYPES, &types, edits)
    }

    /// Where the relationships of a part lead.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ReturnError> {
        let Some(text) = self.text(&relations_of(part))? else {
            return Ok(Vec::new());
        };
        let root = Element::read(&text)?;
        let lines = root.all("Relationship").map(|line| {
            let read = |name| line.attribute(&text, name).unwrap_or_default().into_owned();
            let outside = read("TargetMode") == "External";
            Relation {
                id: read("Id"),
                kind: read("Type")
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                part: if outside {
                    String::new()
                } else {
                    resolve(part, &read("Target"))
                },
            }
        });
        Ok(lines.collect())
    }

    /// Adds a relationship and returns its id.
    pub(super) fn relate(
        &mut self,
        part: &str,
        kind_namespace: &str,
        kind: &str,
        target: &str,
    ) -> Result<String, ReturnError> {
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
    pub(super) fn unrelate(&mut self, part: &str, id: &str) -> Result<(), ReturnError> {
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
    pub(super) fn finish(mut self) -> Result<Vec<u8>, ReturnError> {
        // One fixed day and mode for what we write, so that the same copy has the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(at).map_err(ReturnError::broken)?;
            let name = entry.name().map_err(ReturnError::broken)?.into_owned();
            match self.changed.get(&name) {
                None => writer.raw_copy_file(entry).map_err(ReturnError::broken)?,
                Some(None) => {}
                Some(Some(text)) => {
                    writer
                        .start_file(name, options)
                        .map_err(ReturnError::broken)?;
                    writer
                        .write_all(text.as_bytes())
                        .map_err(ReturnError::broken)?;
                }
            }
        }
        for (name, text) in &self.added {
            writer
                .start_file(name, options)
                .map_err(ReturnError::broken)?;
            writer
                .write_all(text.as_bytes())
                .map_err(ReturnError::broken)?;
        }
        Ok(writer.finish().map_err(ReturnError::broken)?.into_inner())
    }
}

fn vml_default(prefix: &str) -> String {
    const VML: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
    format!("<{prefix}Default Extension=\"vml\" ContentType=\"{VML}\"/>")
}

/// Names as Office compares them.
fn comparable(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// The relationships part of a part: `xl/_rels/workbook.xml.rels`.
fn relations_of(part: &str) -> String {
    let (folder, file) = part
        .rsplit_once('/')
        .map_or(("", part), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{file}.rels")
}

/// The part a relationship's target means, seen from the part it belongs to.
fn resolve(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                folders.pop();
            }
            step => folders.push(step),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_where_they_are_named() {
        assert_eq!(
            resolve("xl/worksheets/sheet1.xml", "../comments1.xml"),
            "xl/comments1.xml"
        );
        assert_eq!(
            resolve("xl/workbook.xml", "/xl/styles.xml"),
            "xl/styles.xml"
        );
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(
            relations_of("xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels"
        );
        assert_eq!(relations_of(""), "_rels/.rels");
    }
}
