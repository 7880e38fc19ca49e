//! Styles: the font and the number format of a cell, and which sheets are hidden.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;
use std::sync::Arc;

use super::formats::Formats;
use crate::package::xml::{BytesStart, Step, Walk, attribute, walk_texts};
use crate::workbook::number_format::section_of;
use crate::workbook::runs::{RunFont, TextRun};
use crate::workbook::{CellStyle, FileProblem};

/// Styles that styles may be based on, one on the other.
const DEEPEST: usize = 16;
/// The style of cells that name none.
const DEFAULT: &str = "Default";

/// What the styles of a document say.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Font families by the names the document gives them.
    families: HashMap<String, String>,
    formats: Formats,
    cells: HashMap<String, CellLook>,
    /// Of stretches of a text.
    texts: HashMap<String, TextRun>,
    hidden_tables: HashSet<String>,
    made: HashMap<(String, bool), Option<Arc<CellStyle>>>,
}

#[derive(Debug, Default)]
struct CellLook {
    parent: Option<String>,
    font: Option<String>,
    struck: Option<bool>,
    /// The name of its data style, until the part is read that names it.
    data_style: Option<String>,
    format: Option<String>,
}

impl Looks {
    /// Reads the styles in a part; those of another part read before stay.
    ///
    /// # Errors
    /// The part is no well-formed XML.
    pub(super) fn read(&mut self, part: impl BufRead) -> Result<(), FileProblem> {
        let mut current: Option<(String, String)> = None;
        walk_texts(part, |step| {
            match step {
                Step::Open(element) => match element.local_name().as_ref() {
                    "font-face" => self.font_face(element)?,
                    "style" => current = self.style(element)?,
                    "text-properties" => self.font(current.as_ref(), element)?,
                    "table-properties" => {
                        if let Some((family, name)) = &current
                            && family == "table"
                            && attribute(element, "display")?.as_deref() == Some("false")
                        {
                            self.hidden_tables.insert(name.clone());
                        }
                    }
                    "spreadsheet" => return Ok(Walk::Done),
                    _ => {}
                },
                Step::Close("style") => current = None,
                Step::Close(name) => self.formats.end(name),
                Step::Text(text) => self.formats.text(text),
            }
            if let Step::Open(element) = step {
                self.formats.begin(element)?;
            }
            Ok::<_, FileProblem>(Walk::On)
        })?;
        // Another part may have other formats of the same names.
        for look in self.cells.values_mut() {
            let format = look.data_style.take();
            let format = format.and_then(|name| self.formats.code(&name).cloned());
            look.format = format.or(look.format.take());
        }
        Ok(())
    }

    fn font_face(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let family = attribute(element, "font-family")?;
        if let (Some(name), Some(family)) = (attribute(element, "name")?, family) {
            self.families.insert(name, bare(&family));
        }
        Ok(())
    }

    /// A style begins: its family and name.
    fn style(&mut self, element: &BytesStart) -> Result<Option<(String, String)>, FileProblem> {
        let (Some(family), Some(name)) =
            (attribute(element, "family")?, attribute(element, "name")?)
        else {
            return Ok(None);
        };
        if family == "table-cell" {
            let look = CellLook {
                parent: attribute(element, "parent-style-name")?,
                data_style: attribute(element, "data-style-name")?,
                ..CellLook::default()
            };
            self.cells.insert(name.clone(), look);
        }
        Ok(Some((family, name)))
    }

    fn font(
        &mut self,
        current: Option<&(String, String)>,
        element: &BytesStart,
    ) -> Result<(), FileProblem> {
        let Some((family, name)) = current else {
            return Ok(());
        };
        let named = attribute(element, "font-name")?;
        let named = named.map(|name| self.families.get(&name).cloned().unwrap_or(name));
        let font = match named {
            Some(named) => Some(named),
            None => attribute(element, "font-family")?.map(|family| bare(&family)),
        };
        let line = match attribute(element, "text-line-through-style")? {
            None => attribute(element, "text-line-through-type")?,
            style => style,
        };
        let struck = line.map(|line| line != "none");
        if family == "text" {
            let position = attribute(element, "text-position")?.unwrap_or_default();
            let font = font.map_or(RunFont::OfCell, |font| RunFont::named(&font));
            let run = TextRun {
                font,
                raised: is_raised(&position),
                struck,
                ..TextRun::default()
            };
            self.texts.insert(name.clone(), run);
        } else if let Some(look) = self.cells.get_mut(name)
            && family == "table-cell"
        {
            look.font = font.or(look.font.take());
            look.struck = struck.or(look.struck);
        }
        Ok(())
    }

    /// What a stretch of that style looks like.
    pub(super) fn stretch(&self, style: &str) -> TextRun {
        self.texts.get(style).copied().unwrap_or_default()
    }

    /// Is a sheet of that style hidden?
    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden_tables.contains(style)
    }

    /// The looks of a cell of that style that shows a percentage or not.
    pub(super) fn cell(&mut self, style: Option<&str>, percent: bool) -> Option<Arc<CellStyle>> {
        let key = (style.unwrap_or(DEFAULT).to_owned(), percent);
        if let Some(made) = self.made.get(&key) {
            return made.clone();
        }
        let format = self.inherited(&key.0, |look| look.format.clone());
        let format = format.filter(|format| !format.eq_ignore_ascii_case("General"));
        let says_percent = |format: &String| section_of(format, 1.0).percent;
        let look = CellStyle {
            // What the cell says of its value goes before its style.
            number_format: match percent && !format.as_ref().is_some_and(says_percent) {
                true => Some("0.00%".to_owned()),
                false => format,
            },
            font: self.inherited(&key.0, |look| look.font.clone()),
            struck: self.inherited(&key.0, |look| look.struck) == Some(true),
            unseen: false,
        };
        let look = (look != CellStyle::default()).then(|| Arc::new(look));
        self.made.insert(key, look.clone());
        look
    }

    /// What a style says, or the nearest it is based on.
    fn inherited<T>(&self, style: &str, of: impl Fn(&CellLook) -> Option<T>) -> Option<T> {
        let mut look = self.cells.get(style)?;
        for _ in 0..DEEPEST {
            if let Some(said) = of(look) {
                return Some(said);
            }
            look = self.cells.get(look.parent.as_ref()?)?;
        }
        None
    }
}

/// `super 58%`, or `33% 58%`: how far above the line, and how large.
fn is_raised(position: &str) -> bool {
    let height = position.split_whitespace().next().unwrap_or_default();
    let percent = height
        .strip_suffix('%')
        .and_then(|height| height.parse().ok());
    height == "super" || percent.is_some_and(|percent: f64| percent > 0.0)
}

/// A family without quotes, which those with a space have.
fn bare(family: &str) -> String {
    family.trim_matches(['\'', '"']).chars().take(255).collect()
}
