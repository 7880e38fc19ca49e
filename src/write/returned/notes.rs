//! Adds and removes our notes in the comments part of a sheet. The unit's own text stays, above or
//! below ours in the same note if they share a cell.

use std::collections::{BTreeMap, BTreeSet};

use super::error::ReturnError;
use crate::model::CellAddress;
use crate::model::returned::{NOTE_END, NOTE_START};
use crate::package::edit::{Edits, Element};
use crate::package::xml::{escape, unescape};

/// Author of notes that are ours alone.
const AUTHOR: &str = "tonghop";

/// A comments part without comments.
pub(super) fn empty(main_namespace: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"{main_namespace}\"><authors></authors><commentList></commentList></comments>"
    )
}

/// A comments part with our notes in it.
pub(super) struct Added {
    pub(super) text: String,
    /// Cells that had no comment: those need a drawing.
    pub(super) new: Vec<CellAddress>,
}

/// Adds notes to a comments part that has none of ours.
///
/// # Errors
/// The part cannot be changed.
pub(super) fn add(text: &str, notes: &BTreeMap<CellAddress, String>) -> Result<Added, ReturnError> {
    let root = Element::read(text)?;
    let p = root.tag(text).prefix();
    let missing = || ReturnError::broken("a comments part without its lists");
    let authors = root.child("authors").ok_or_else(missing)?;
    let list = root.child("commentList").ok_or_else(missing)?;
    let mut edits = Edits::default();
    let theirs: BTreeMap<CellAddress, &Element> = list
        .all("comment")
        .filter_map(|comment| Some((comment.attribute(text, "ref")?.parse().ok()?, comment)))
        .collect();
    let author = author(text, authors);
    let mut comments = String::new();
    let mut new = Vec::new();
    for (cell, note) in notes {
        match theirs.get(cell) {
            Some(comment) => append(text, comment, p, note, &mut edits)?,
            None => {
                let runs = runs(p, note);
                comments.push_str(&format!(
                    "<{p}comment ref=\"{cell}\" authorId=\"{author}\"><{p}text>{runs}</{p}text></{p}comment>"
                ));
                new.push(*cell);
            }
        }
    }
    if !new.is_empty() {
        list.append(text, &mut edits, &comments);
        if author == authors.all("author").count() {
            authors.append(
                text,
                &mut edits,
                &format!("<{p}author>{AUTHOR}</{p}author>"),
            );
        }
    }
    Ok(Added {
        text: edits.apply(text)?,
        new,
    })
}

/// Index of our author; behind the others if we are not among them yet.
fn author(text: &str, authors: &Element) -> usize {
    let ours = |author: &Element| unescape(&text[author.inner.clone()]) == AUTHOR;
    let count = authors.all("author").count();
    authors.all("author").position(ours).unwrap_or(count)
}

/// Puts our note below what the comment says.
fn append(
    text: &str,
    comment: &Element,
    p: &str,
    note: &str,
    edits: &mut Edits,
) -> Result<(), ReturnError> {
    let body = comment
        .child("text")
        .ok_or_else(|| ReturnError::broken("a comment without text"))?;
    let ours = runs(p, &format!("\n{note}"));
    // A text is either plain or in runs, so plain text becomes a run.
    for plain in body.all("t") {
        edits.replace(plain.outer.start..plain.outer.start, format!("<{p}r>"));
        edits.replace(plain.outer.end..plain.outer.end, format!("</{p}r>"));
    }
    let phonetic = body
        .children
        .iter()
        .find(|child| !matches!(child.local.as_str(), "t" | "r"));
    let end = phonetic.map_or(body.inner.end, |first| first.outer.start);
    body.tag(text).fill(edits, end, &ours);
    Ok(())
}

/// A note as runs: its first line bold.
fn runs(p: &str, note: &str) -> String {
    let line_end = note
        .trim_start()
        .find('\n')
        .map(|end| end + note.len() - note.trim_start().len());
    let (head, rest) = note.split_at(line_end.unwrap_or(note.len()));
    let run = |bold: &str, text: &str| {
        format!(
            "<{p}r><{p}rPr>{bold}<{p}sz val=\"10\"/><{p}color indexed=\"81\"/>\
             <{p}rFont val=\"Tahoma\"/><{p}family val=\"2\"/></{p}rPr>\
             <{p}t xml:space=\"preserve\">{}</{p}t></{p}r>",
            escape(text)
        )
    };
    format!("{}{}", run(&format!("<{p}b/>"), head), run("", rest))
}

/// A comments part without our notes.
pub(super) struct StrippedNotes {
    pub(super) text: String,
    /// Cells whose comment is gone: their drawings go too.
    pub(super) gone: BTreeSet<CellAddress>,
    /// Is any comment left?
    pub(super) empty: bool,
}

/// Takes our notes out of a comments part; `None` if there are none.
///
/// # Errors
/// The part cannot be changed.
pub(super) fn strip(text: &str) -> Result<Option<StrippedNotes>, ReturnError> {
    // Most parts hold none of ours, and the mark has no character that XML would spell otherwise.
    if !text.contains(NOTE_START) {
        return Ok(None);
    }
    let root = Element::read(text)?;
    let Some(list) = root.child("commentList") else {
        return Ok(None);
    };
    let mut edits = Edits::default();
    let mut gone = BTreeSet::new();
    let (mut left, mut authors_left) = (0_usize, BTreeSet::new());
    for comment in list.all("comment") {
        let cell = comment
            .attribute(text, "ref")
            .and_then(|cell| cell.parse::<CellAddress>().ok());
        let body = comment.child("text");
        let emptied = match body {
            Some(body) => cut(text, body, &mut edits),
            None => false,
        };
        if emptied {
            gone.extend(cell);
            edits.remove(comment.outer.clone());
        } else {
            left += 1;
            authors_left.extend(comment.attribute(text, "authorId"));
        }
    }
    let last = root.child("authors").and_then(|authors| {
        let count = authors.all("author").count();
        Some((
            count.checked_sub(1)?.to_string(),
            authors.all("author").last()?,
        ))
    });
    if let Some((id, author)) = last
        && unescape(&text[author.inner.clone()]) == AUTHOR
        && !authors_left.iter().any(|used| *used == id)
    {
        edits.remove(author.outer.clone());
    }
    Ok(Some(StrippedNotes {
        text: edits.apply(text)?,
        gone,
        empty: left == 0,
    }))
}

/// Cuts our part out of a comment's text; true if nothing would be left, in which case nothing
/// is changed.
fn cut(text: &str, body: &Element, edits: &mut Edits) -> bool {
    let pieces: Vec<(&Element, &Element)> = body
        .children
        .iter()
        .filter_map(|child| match child.local.as_str() {
            "t" => Some((child, child)),
            "r" => Some((child, child.child("t")?)),
            _ => None,
        })
        .collect();
    let says: Vec<String> = pieces
        .iter()
        .map(|(_, said)| unescape(&text[said.inner.clone()]).into_owned())
        .collect();
    let whole = says.concat();
    let Some(start) = whole.find(NOTE_START) else {
        return false;
    };
    let end = whole[start..]
        .find(NOTE_END)
        .map_or(whole.len(), |at| start + at + NOTE_END.len());
    let (before, after) = (&whole[..start], &whole[end..]);
    if before.trim().is_empty() && after.trim().is_empty() {
        return true;
    }
    // The line break before our part is ours too.
    let start = before.strip_suffix('\n').map_or(start, str::len);
    let mut at = 0;
    let mut kept = Vec::new();
    for ((outer, said), words) in pieces.iter().zip(&says) {
        let inside = |place: usize| place.clamp(at, at + words.len()) - at;
        let (from, to) = (inside(start), inside(end));
        at += words.len();
        if from == to {
            kept.push(*outer);
            continue;
        }
        let rest = format!("{}{}", &words[..from], &words[to..]);
        if rest.is_empty() {
            edits.remove(outer.outer.clone());
        } else {
            edits.replace(said.inner.clone(), escape(&rest));
            kept.push(*outer);
        }
    }
    unwrap_plain(&kept, edits);
    false
}

/// A text that is one run without looks was a plain text before we came.
fn unwrap_plain(kept: &[&Element], edits: &mut Edits) {
    if let [only] = kept
        && only.local == "r"
        && let [plain] = only.children.as_slice()
        && plain.local == "t"
    {
        edits.remove(only.outer.start..plain.outer.start);
        edits.remove(plain.outer.end..only.outer.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(cells: &[&str]) -> BTreeMap<CellAddress, String> {
        let note = format!("{NOTE_START}\nLỗi: 1 < 2 & 3.\n{NOTE_END}");
        cells
            .iter()
            .map(|cell| (cell.parse().unwrap(), note.clone()))
            .collect()
    }

    fn part(text: &str) -> String {
        let comment = format!("<comment ref=\"B2\" authorId=\"0\"><text>{text}</text></comment>");
        empty("main")
            .replace(
                "<authors></authors>",
                "<authors><author>Lan</author></authors>",
            )
            .replace(
                "<commentList></commentList>",
                &format!("<commentList>{comment}</commentList>"),
            )
    }

    #[test]
    fn notes_come_and_go_and_theirs_stay() {
        for theirs in [
            "<t>Số liệu tạm tính</t>",
            "<r><rPr><b/></rPr><t>Lan:</t></r><r><rPr/><t xml:space=\"preserve\">\ntạm &amp; tính</t></r>",
        ] {
            let part = part(theirs);
            let added = add(&part, &notes(&["B2", "C3"])).unwrap();
            assert_eq!(added.new, ["C3".parse().unwrap()]);
            assert!(
                added.text.contains("1 &lt; 2 &amp; 3") && added.text.contains("tonghop</author>")
            );
            let stripped = strip(&added.text).unwrap().unwrap();
            assert_eq!(stripped.text, part);
            assert!(!stripped.empty && stripped.gone == BTreeSet::from(["C3".parse().unwrap()]));
        }
        assert!(strip(&part("<t>Số liệu tạm tính</t>")).unwrap().is_none());
    }

    #[test]
    fn what_is_typed_into_our_note_stays() {
        let added = add(&empty("main"), &notes(&["C3"])).unwrap().text;
        let answered = added.replace("▲ tonghop", "▲ tonghop\nĐã kiểm tra, số đúng");
        let stripped = strip(&answered).unwrap().unwrap();
        assert!(stripped.gone.is_empty() && stripped.text.contains("Đã kiểm tra, số đúng"));
        assert!(!stripped.text.contains(NOTE_START) && !stripped.text.contains("Lỗi"));
        // A program that saves the note as one plain text changes nothing of that.
        let plain = part(&format!("<t>Lan: tạm\n{NOTE_START}\nLỗi\n{NOTE_END}</t>"));
        assert_eq!(
            strip(&plain).unwrap().unwrap().text,
            part("<t>Lan: tạm</t>")
        );
    }

    #[test]
    fn nothing_is_left_of_our_own() {
        let added = add(&empty("main"), &notes(&["A1", "C3"])).unwrap();
        let stripped = strip(&added.text).unwrap().unwrap();
        assert_eq!((stripped.text, stripped.empty), (empty("main"), true));
        assert_eq!(stripped.gone.len(), 2);
    }
}
