//! What all sheets of a binary workbook share: its texts, formats and the list of sheets.

use std::sync::Arc;

use super::records::{Records, rich_text, text};
use crate::workbook::bytes::Bytes;
use crate::workbook::looks::{Font, Looks};
use crate::workbook::runs::Runs;
use crate::workbook::{FileProblem, Limits, TooLarge, Visibility};

const SHARED_STRING: u32 = 19;
const FONT: u32 = 43;
const NUMBER_FORMAT: u32 = 44;
const CELL_FORMAT: u32 = 47;
const WORKBOOK_PROPERTIES: u32 = 153;
const BUNDLED_SHEET: u32 = 156;
const BEGIN_CELL_FORMATS: u32 = 617;
const END_CELL_FORMATS: u32 = 618;

/// The workbook part.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) since_1904: bool,
    pub(super) sheets: Vec<Listed>,
}

/// A sheet in the list of sheets.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Id of the relation that leads to its part.
    pub(super) relation: String,
}

/// Reads the list of sheets.
///
/// # Errors
/// The part is missing or damaged.
pub(super) fn workbook(part: &[u8], limits: &Limits) -> Result<Listing, FileProblem> {
    let mut listing = Listing::default();
    let mut records = Records::new(part);
    while let Some((kind, mut data)) = records.next()? {
        match kind {
            WORKBOOK_PROPERTIES => listing.since_1904 = data.u32()? & 1 != 0,
            BUNDLED_SHEET => {
                if listing.sheets.len() >= limits.sheets {
                    return Err(FileProblem::TooLarge(TooLarge::Sheets(limits.sheets)));
                }
                let visibility = match data.u32()? {
                    0 => Visibility::Visible,
                    1 => Visibility::Hidden,
                    _ => Visibility::VeryHidden,
                };
                data.take(4)?;
                listing.sheets.push(Listed {
                    relation: text(&mut data)?,
                    name: text(&mut data)?,
                    visibility,
                });
            }
            _ => {}
        }
    }
    Ok(listing)
}

/// Texts and looks.
pub(super) struct Shared {
    pub(super) looks: Looks,
    pub(super) strings: Vec<(Arc<str>, Option<Runs>)>,
}

impl Shared {
    pub(super) fn new(since_1904: bool) -> Self {
        Self {
            looks: Looks::new(since_1904),
            strings: Vec::new(),
        }
    }

    /// Reads the formats of cells.
    ///
    /// # Errors
    /// The part is damaged.
    pub(super) fn read_styles(&mut self, part: &[u8]) -> Result<(), FileProblem> {
        // Named styles consist of the same records and are not what cells refer to.
        let mut for_cells = false;
        let mut records = Records::new(part);
        while let Some((kind, data)) = records.next()? {
            match kind {
                FONT => {
                    self.looks.add_font(font(data).unwrap_or_default());
                }
                NUMBER_FORMAT => self.number_format(data),
                BEGIN_CELL_FORMATS => for_cells = true,
                END_CELL_FORMATS => for_cells = false,
                CELL_FORMAT if for_cells => self.cell_format(data)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Looks are no figures: one that cannot be read is left out.
    fn number_format(&mut self, mut data: Bytes) {
        let Ok(id) = data.u16() else { return };
        if let Ok(code) = text(&mut data) {
            self.looks.add_format(id, &code);
        }
    }

    fn cell_format(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        data.take(2)?;
        let (format, font) = (data.u16()?, data.u16()?);
        self.looks.add_pair(usize::from(font), format);
        Ok(())
    }

    /// The count that the file declares is not trusted.
    ///
    /// # Errors
    /// The part is damaged.
    pub(super) fn read_strings(&mut self, part: &[u8], limits: &Limits) -> Result<(), FileProblem> {
        let mut records = Records::new(part);
        while let Some((kind, mut data)) = records.next()? {
            if kind == SHARED_STRING {
                if self.strings.len() >= limits.cells {
                    return Err(FileProblem::TooLarge(TooLarge::Cells(limits.cells)));
                }
                let (text, starts) = rich_text(&mut data)?;
                let runs = self.looks.runs(&text, &starts);
                self.strings.push((text.into(), runs));
            }
        }
        Ok(())
    }
}

/// The bit of a font's flags for letters that are struck out.
const STRUCK_OUT: u16 = 8;

fn font(mut data: Bytes) -> Result<Font, FileProblem> {
    data.take(2)?;
    let struck = data.u16()? & STRUCK_OUT != 0;
    data.take(2)?;
    let raised = data.u16()? == 1;
    data.take(13)?;
    Ok(Font {
        name: text(&mut data)?,
        raised,
        struck,
    })
}
