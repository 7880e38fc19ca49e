//! Adds and removes the marks of one sheet of the unit.

use std::collections::{BTreeMap, HashMap};

use super::book::{Book, Dialect};
use super::colours::Shade;
use super::error::ReturnError;
use super::outline::Outline;
use super::styles::Styles;
use super::{cells, drawings, notes};
use crate::model::CellAddress;
use crate::package::PackageCopy;
use crate::package::edit::{Edits, TagKind, walk_tags};
use crate::package::xml::Walk;

/// How the parts with the boxes of notes are called, and what they are.
pub(super) const DRAWING_ENDING: &str = "vml";
pub(super) const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const COMMENTS_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";

/// What is put on one cell.
pub(super) struct Mark {
    pub(super) shade: Shade,
    pub(super) note: String,
}

/// Marks cells of a sheet: a fill and a note on each. Two findings inside one merged range are
/// marked at its first cell, which is the one that is seen, so `note` is called for those together.
///
/// # Errors
/// A part of the sheet cannot be read or changed.
pub(super) fn put_on<T>(
    package: &mut PackageCopy<'_>,
    dialect: Dialect,
    part: &str,
    findings: BTreeMap<CellAddress, Vec<T>>,
    mark: impl Fn(&[T]) -> Mark,
    styles: &mut Styles,
) -> Result<(), ReturnError> {
    let text = package.needed(part)?;
    let outline = Outline::read(&text)?;
    let mut together: BTreeMap<CellAddress, Vec<T>> = BTreeMap::new();
    for (cell, found) in findings {
        together
            .entry(outline.shown(cell))
            .or_default()
            .extend(found);
    }
    let marks: BTreeMap<CellAddress, Mark> = together
        .iter()
        .map(|(cell, found)| (*cell, mark(found)))
        .collect();
    let shades = marks
        .iter()
        .map(|(cell, mark)| (*cell, mark.shade))
        .collect();
    let mut edits = Edits::default();
    let format = |own, shade| styles.marked(own, shade);
    cells::restyle(&text, &outline, &shades, format, &mut edits)?;
    let texts = marks
        .into_iter()
        .map(|(cell, mark)| (cell, mark.note))
        .collect();
    put_notes(package, dialect, part, &outline, &texts, &mut edits)?;
    Ok(package.edit(part, &text, edits)?)
}

fn put_notes(
    package: &mut PackageCopy<'_>,
    dialect: Dialect,
    part: &str,
    outline: &Outline,
    texts: &BTreeMap<CellAddress, String>,
    edits: &mut Edits,
) -> Result<(), ReturnError> {
    let relations = package.relations(part)?;
    let known = relations
        .iter()
        .find(|relation| relation.kind == "comments");
    let comments = match known {
        Some(known) => known.part.clone(),
        None => {
            let name = package.free_name("xl/comments_tonghop", ".xml");
            package.declare(&name, COMMENTS_TYPE)?;
            package.relate(part, dialect.relations, "comments", &name)?;
            package.set(&name, notes::empty(dialect.main));
            name
        }
    };
    let old = package.needed(&comments)?;
    let added = notes::add(&old, texts)?;
    package.set(&comments, added.text);
    if added.new.is_empty() {
        return Ok(());
    }
    let drawing = drawing_part(package, dialect, part, outline, edits)?;
    let old = package.needed(&drawing)?;
    let boxes = added
        .new
        .iter()
        .filter_map(|cell| Some((*cell, texts.get(cell)?.as_str())));
    let boxes = drawings::add(&old, outline, boxes)?;
    package.set(&drawing, boxes);
    Ok(())
}

/// The part with the boxes of a sheet's notes; a sheet without one gets one.
fn drawing_part(
    package: &mut PackageCopy<'_>,
    dialect: Dialect,
    part: &str,
    outline: &Outline,
    edits: &mut Edits,
) -> Result<String, ReturnError> {
    if let Some((_, id)) = &outline.notes {
        let relations = package.relations(part)?;
        if let Some(known) = relations.into_iter().find(|relation| relation.id == *id) {
            return Ok(known.part);
        }
    }
    let name = package.free_name("xl/drawings/drawing_tonghop", ".vml");
    package.declare_ending(DRAWING_ENDING, DRAWING_TYPE)?;
    let id = package.relate(part, dialect.relations, "vmlDrawing", &name)?;
    let (p, namespace) = (&outline.prefix, dialect.relations);
    let element = format!("<{p}legacyDrawing xmlns:r=\"{namespace}\" r:id=\"{id}\"/>");
    match &outline.notes {
        Some((broken, _)) => edits.replace(broken.clone(), element),
        None => edits.replace(outline.notes_at..outline.notes_at, element),
    }
    package.set(&name, drawings::EMPTY.to_owned());
    Ok(name)
}

/// Takes notes and fills of earlier rounds off a sheet.
///
/// # Errors
/// A part of the sheet cannot be read or changed.
pub(super) fn take_off(
    package: &mut PackageCopy<'_>,
    part: &str,
    before: &HashMap<usize, usize>,
) -> Result<(), ReturnError> {
    take_notes(package, part)?;
    if before.is_empty() {
        return Ok(());
    }
    let text = package.needed(part)?;
    let outline = Outline::read(&text)?;
    let mut edits = Edits::default();
    cells::unmark(&text, &outline, before, &mut edits)?;
    Ok(package.edit(part, &text, edits)?)
}

fn take_notes(package: &mut PackageCopy<'_>, part: &str) -> Result<(), ReturnError> {
    let relations = package.relations(part)?;
    let Some(comments) = relations
        .iter()
        .find(|relation| relation.kind == "comments")
    else {
        return Ok(());
    };
    let Some(text) = package.text(&comments.part)? else {
        return Ok(());
    };
    let Some(stripped) = notes::strip(&text)? else {
        return Ok(());
    };
    match stripped.empty {
        true => {
            package.unrelate(part, &comments.id)?;
            package.remove(&comments.part)?;
        }
        false => package.set(&comments.part, stripped.text),
    }
    let sheet = package.needed(part)?;
    let Some((element, id)) = Outline::read(&sheet)?.notes else {
        return Ok(());
    };
    let Some(drawing) = relations.iter().find(|relation| relation.id == id) else {
        return Ok(());
    };
    let Some(text) = package.text(&drawing.part)? else {
        return Ok(());
    };
    let boxes = drawings::strip(&text, &stripped.gone)?;
    if !boxes.empty {
        package.set(&drawing.part, boxes.text);
        return Ok(());
    }
    let mut edits = Edits::default();
    edits.remove(element);
    package.edit(part, &sheet, edits)?;
    package.unrelate(part, &id)?;
    Ok(package.remove(&drawing.part)?)
}

/// Sets whether a sheet is among the selected ones; true if that was a change.
///
/// # Errors
/// The part of the sheet cannot be read or changed.
pub(super) fn select(
    package: &mut PackageCopy<'_>,
    part: &str,
    selected: bool,
) -> Result<bool, ReturnError> {
    let text = package.needed(part)?;
    let mut edits = Edits::default();
    walk_tags(&text, |tag| {
        if tag.local == "sheetView"
            && tag.kind != TagKind::Close
            && tag.flag("tabSelected") != selected
        {
            tag.set(&mut edits, "tabSelected", if selected { "1" } else { "0" });
        }
        let seen =
            tag.local == "sheetData" || (tag.local == "sheetViews" && tag.kind == TagKind::Close);
        Ok::<_, ReturnError>(if seen { Walk::Done } else { Walk::On })
    })?;
    let changed = !edits.is_empty();
    package.edit(part, &text, edits)?;
    Ok(changed)
}

/// Takes the selection off every sheet that has it and returns their names.
///
/// # Errors
/// The part of a sheet cannot be read or changed.
pub(super) fn deselect_all(
    package: &mut PackageCopy<'_>,
    book: &Book,
) -> Result<Vec<String>, ReturnError> {
    let mut names = Vec::new();
    for sheet in &book.sheets {
        if package.has(&sheet.part) && select(package, &sheet.part, false)? {
            names.push(sheet.name.clone());
        }
    }
    Ok(names)
}
