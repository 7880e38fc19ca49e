//! A package opened for reading.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek};

use zip::ZipArchive;

use super::problem::PackageProblem;
use super::xml::{Step, Walk, attribute, walk};

/// Parts of a package by name, upper and lower case alike and `\` as `/`, as Office and calamine
/// find them.
pub(crate) struct Package<R: Read + Seek> {
    pub(super) archive: ZipArchive<R>,
    /// Comparable name -> name as spelled in the package; of two that compare equal the later, as
    /// in calamine.
    real: HashMap<String, String>,
}

impl<R: Read + Seek> Package<R> {
    /// Reads the list of parts.
    ///
    /// # Errors
    /// The bytes are no zip archive.
    pub(crate) fn open(source: R) -> Result<Self, PackageProblem> {
        let archive = ZipArchive::new(source)?;
        let mut real = HashMap::with_capacity(archive.len());
        for name in archive.file_names() {
            let name = name?;
            real.insert(comparable(&name), name.into_owned());
        }
        Ok(Self { archive, real })
    }

    /// Unpacks every part and counts, because the sizes a package declares may lie: no part may
    /// have more than `part_bytes` bytes, all together not more than `all_bytes`. Nothing is kept;
    /// a damaged part is found here too, by its checksum.
    ///
    /// # Errors
    /// A part is damaged, locked, or unpacks to more.
    pub(crate) fn check_sizes(
        &mut self,
        part_bytes: u64,
        all_bytes: u64,
    ) -> Result<(), PackageProblem> {
        let mut total = 0;
        for at in 0..self.archive.len() {
            let part = self.archive.by_index(at)?;
            let left = all_bytes.saturating_sub(total);
            let most = part_bytes.min(left);
            let mut counted = part.take(most.saturating_add(1));
            let size = std::io::copy(&mut counted, &mut std::io::sink())
                .map_err(PackageProblem::broken)?;
            if size > most {
                let limit = if size > left { all_bytes } else { part_bytes };
                return Err(PackageProblem::TooLarge(limit));
            }
            total += size;
        }
        Ok(())
    }

    /// Comparable names of all parts, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.real.keys().map(String::as_str)
    }

    /// The name of a part as the package spells it.
    pub(super) fn real_name(&self, name: &str) -> Option<&String> {
        self.real.get(&comparable(name))
    }

    /// A part, if there is one of that name.
    ///
    /// # Errors
    /// The part is locked or damaged.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<impl BufRead>, PackageProblem> {
        match self.real.get(&comparable(name)) {
            Some(real) => Ok(Some(BufReader::new(self.archive.by_name(real)?))),
            None => Ok(None),
        }
    }

    /// A part that must be there.
    ///
    /// # Errors
    /// The part is missing, locked or damaged.
    pub(crate) fn needed(&mut self, name: &str) -> Result<impl BufRead, PackageProblem> {
        self.part(name)?
            .ok_or_else(|| PackageProblem::broken(format!("no part `{name}`")))
    }

    /// Where a part leads; nowhere if it has no relationships.
    ///
    /// # Errors
    /// The relationships part cannot be read.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relationship>, PackageProblem> {
        match self.part(&relations_of(part))? {
            Some(lines) => read_relations(part, lines),
            None => Ok(Vec::new()),
        }
    }
}

/// Names as Office compares them.
pub(super) fn comparable(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// A line of a relationships part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    /// The last word of its type: `worksheet`, `comments`.
    pub(crate) kind: String,
    /// Where it leads, as it is written.
    pub(crate) target: String,
    /// The part it leads to; empty if that is outside the package.
    pub(crate) part: String,
}

/// What a relationships part lists, seen from the part it belongs to.
///
/// # Errors
/// The part is no well-formed XML.
pub(super) fn read_relations(
    from: &str,
    lines: impl BufRead,
) -> Result<Vec<Relationship>, PackageProblem> {
    let mut relations = Vec::new();
    walk(lines, |step| {
        if let Step::Open(element) = step
            && element.local_name().as_ref() == "Relationship"
        {
            let read =
                |name| Ok::<_, PackageProblem>(attribute(element, name)?.unwrap_or_default());
            let (kind, target) = (read("Type")?, read("Target")?);
            let part = match read("TargetMode")?.as_str() {
                "External" => String::new(),
                _ => resolve(from, &target),
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let id = read("Id")?;
            relations.push(Relationship {
                id,
                kind,
                target,
                part,
            });
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    Ok(relations)
}

/// The relationships part of a part: `xl/_rels/workbook.xml.rels`. The package as a whole is the
/// part without a name.
pub(crate) fn relations_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{file}.rels")
}

/// The part that a target means, seen from the part it belongs to.
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
