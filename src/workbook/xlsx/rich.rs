//! Texts whose stretches look different: a footnote mark set as superscript, a word in another
//! font. calamine gives their letters only.

use std::collections::HashMap;
use std::io::{Read, Seek};

use crate::package::Package;
use crate::package::xml::{BytesStart, Step, Walk, attribute, walk_texts};
use crate::workbook::FileProblem;
use crate::workbook::runs::{RunFont, Runs, TextRun, worthwhile};

/// Shared texts of more than one look, by their numbers.
pub(super) type SharedRuns = HashMap<usize, Runs>;

/// Reads the shared texts of a workbook for their looks.
///
/// # Errors
/// The part is no well-formed XML.
pub(super) fn shared<R: Read + Seek>(package: &mut Package<R>) -> Result<SharedRuns, FileProblem> {
    let Some(part) = package.part("xl/sharedStrings.xml")? else {
        return Ok(SharedRuns::new());
    };
    let mut shared = SharedRuns::new();
    let mut number = 0;
    let mut current: Option<RichText> = None;
    walk_texts(part, |step| {
        match (step, &mut current) {
            (Step::Open(element), None) if element.local_name().as_ref() == "si" => {
                current = Some(RichText::default());
            }
            (Step::Open(element), Some(text)) => text.open(element)?,
            (Step::Text(text), Some(rich)) => rich.text(text),
            (Step::Close("si"), _) => {
                if let Some(runs) = current.take().and_then(RichText::finish) {
                    shared.insert(number, runs);
                }
                number += 1;
            }
            (Step::Close(name), Some(text)) => text.close(name),
            _ => {}
        }
        Ok::<_, FileProblem>(Walk::On)
    })?;
    Ok(shared)
}

/// A text as it is read, element by element.
#[derive(Debug, Default)]
pub(super) struct RichText {
    runs: Vec<TextRun>,
    run: Option<TextRun>,
    /// The text of the innermost element, and whether spaces at its ends count.
    captured: Option<(String, bool)>,
    /// Inside the pronunciation.
    phonetic: bool,
}

impl RichText {
    /// Takes in the beginning of an element.
    ///
    /// # Errors
    /// The attributes are malformed.
    pub(super) fn open(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let value = || attribute(element, "val");
        match (element.local_name().as_ref(), &mut self.run) {
            ("r", _) => self.run = Some(TextRun::default()),
            ("rPh", _) => self.phonetic = true,
            ("rFont", Some(run)) => {
                run.font = value()?.map_or(RunFont::OfCell, |font| RunFont::named(&font));
            }
            // Where a run has looks of its own, they are all of its looks.
            ("rPr", Some(run)) => run.struck = Some(false),
            ("strike", Some(run)) => {
                let off = matches!(value()?.as_deref(), Some("0" | "false"));
                run.struck = Some(!off);
            }
            ("vertAlign", Some(run)) => run.raised = value()?.as_deref() == Some("superscript"),
            ("t", _) if !self.phonetic => {
                let preserve = attribute(element, "space")?.as_deref() == Some("preserve");
                self.captured = Some((String::new(), preserve));
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some((captured, _)) = &mut self.captured {
            captured.push_str(text);
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "rPh" => self.phonetic = false,
            "r" => self.runs.extend(self.run.take()),
            "t" => {
                let Some((text, preserve)) = self.captured.take() else {
                    return;
                };
                // As calamine has it, or the runs would not make up the text.
                let length = match preserve {
                    true => text.len(),
                    false => text.trim_matches([' ', '\t', '\r', '\n']).len(),
                };
                match &mut self.run {
                    Some(run) => run.length += length,
                    None => self.runs.push(TextRun {
                        length,
                        ..TextRun::default()
                    }),
                }
            }
            _ => {}
        }
    }

    /// The runs, if any looks other than its cell.
    pub(super) fn finish(self) -> Option<Runs> {
        worthwhile(self.runs)
    }
}
