//! What all sheets of a BIFF workbook share: its texts, formats and the list of sheets.

use std::collections::HashMap;
use std::sync::Arc;

use super::called::Called;
use super::records::{Long, Records, TextCoding, code_page, font_place};
use crate::workbook::bytes::Bytes;
use crate::workbook::looks::{Font, Looks};
use crate::workbook::runs::Runs;
use crate::workbook::{FileProblem, Limits, TooLarge, Visibility};

pub(super) const BEGIN: u16 = 0x0809;
pub(super) const END: u16 = 0x000A;
const REFERRED: u16 = 0x0017;
const BOOK: u16 = 0x01AE;
const NAME: u16 = 0x0018;
const NAME_OF_BOOK: u16 = 0x0023;
const DATE_MODE: u16 = 0x0022;
const FILE_PASS: u16 = 0x002F;
const FONT: u16 = 0x0031;
const CODE_PAGE: u16 = 0x0042;
const BOUND_SHEET: u16 = 0x0085;
const CELL_FORMAT: u16 = 0x00E0;
const SHARED_STRINGS: u16 = 0x00FC;
const NUMBER_FORMAT: u16 = 0x041E;

/// The vertical position of a font's letters.
const SUPERSCRIPT: u16 = 1;
/// The bit of a font's flags for letters that are struck out.
const STRUCK_OUT: u16 = 8;

const BIFF5: u16 = 0x0500;
const BIFF8: u16 = 0x0600;

/// What all sheets share.
pub(super) struct Globals {
    pub(super) texts: TextCoding,
    pub(super) looks: Looks,
    pub(super) strings: Vec<Arc<str>>,
    /// Runs of the shared strings that have more than one look, by index from 0.
    pub(super) runs: HashMap<usize, Runs>,
    pub(super) sheets: Vec<Listed>,
    /// Does the program that wrote it store 0 for formulas that give no number?
    pub(super) doubts_zeros: bool,
    /// Are formulas spelled out?
    pub(super) spells: bool,
    /// What formulas call sheets and functions by.
    pub(super) called: Called,
}

/// A worksheet in the list of sheets.
#[derive(Clone)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Byte of the stream at which its records begin.
    pub(super) place: usize,
}

/// Reads what precedes the sheets.
///
/// # Errors
/// A record is damaged, or the workbook is locked.
pub(super) fn read(stream: &[u8], limits: &Limits) -> Result<Globals, FileProblem> {
    let mut records = Records::from(stream, 0)?;
    let mut first = records.next()?;
    if first.kind != BEGIN {
        return Err(FileProblem::broken("written by Excel 4 or older"));
    }
    let texts = match first.data.u16()? {
        BIFF8 => TextCoding::Unicode,
        BIFF5 => TextCoding::Old(encoding_rs::WINDOWS_1252),
        other => return Err(FileProblem::broken(format!("BIFF version {other:04X}"))),
    };
    let texts_are_unicode = matches!(texts, TextCoding::Unicode);
    let mut globals = Globals {
        texts,
        looks: Looks::default(),
        strings: Vec::new(),
        runs: HashMap::new(),
        sheets: Vec::new(),
        doubts_zeros: texts_are_unicode && is_imitation(first.data),
        spells: false,
        called: Called::default(),
    };
    loop {
        let mut record = records.next()?;
        match record.kind {
            END => return Ok(globals),
            FILE_PASS => return Err(FileProblem::Encrypted),
            BOOK => globals.called.book(record.data),
            REFERRED => globals.called.refer(record.data),
            NAME => globals.called.name(record.data),
            NAME_OF_BOOK => globals.called.name_of_book(record.data),
            CODE_PAGE => {
                if let TextCoding::Old(encoding) = &mut globals.texts {
                    *encoding = code_page(record.data.u16()?);
                }
            }
            DATE_MODE => globals.looks.since_1904 = record.data.u16()? == 1,
            FONT => globals.font(record.data),
            NUMBER_FORMAT => globals.number_format(record.data),
            CELL_FORMAT => globals.cell_format(record.data)?,
            BOUND_SHEET => globals.bound_sheet(&mut record.data, limits)?,
            SHARED_STRINGS => globals.shared_strings(
                Long {
                    records: &mut records,
                    data: record.data,
                },
                limits,
            )?,
            _ => {}
        }
    }
}

/// Was it written by LibreOffice or a program of its kind? They claim to be Excel 97, without the
/// history of versions that Excel writes. What follows the version and the kind is passed.
fn is_imitation(mut data: Bytes) -> bool {
    const BUILD_OF_EXCEL_97: u16 = 0x0DBB;
    let said = data
        .take(2)
        .and_then(|_| Ok((data.u16()?, data.u16()?, data.u32()?)));
    said.is_ok_and(|(build, _, history)| (build, history) == (BUILD_OF_EXCEL_97, 0))
}

impl Globals {
    /// Looks are no figures: one that cannot be read is left out.
    fn font(&mut self, mut data: Bytes) {
        let (mut flags, mut look) = (data, data);
        let flags = flags.take(2).and_then(|_| flags.u16()).unwrap_or_default();
        let raised = look.take(8).and_then(|_| look.u16()).ok() == Some(SUPERSCRIPT);
        let name = data.take(14).and_then(|_| self.texts.short(&mut data));
        self.looks.add_font(Font {
            name: name.unwrap_or_default(),
            raised,
            struck: flags & STRUCK_OUT != 0,
        });
    }

    fn number_format(&mut self, mut data: Bytes) {
        let Ok(id) = data.u16() else { return };
        if let Ok(code) = self.texts.format(&mut data) {
            self.looks.add_format(id, &code);
        }
    }

    fn cell_format(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        let font = font_place(data.u16()?);
        self.looks.add_pair(font, data.u16()?);
        Ok(())
    }

    fn bound_sheet(&mut self, data: &mut Bytes, limits: &Limits) -> Result<(), FileProblem> {
        let place = data.size()?;
        let visibility = match data.u8()? & 3 {
            0 => Visibility::Visible,
            1 => Visibility::Hidden,
            _ => Visibility::VeryHidden,
        };
        let is_worksheet = data.u8()? == 0;
        let name = self.texts.short(data)?;
        self.called
            .tabs
            .push(is_worksheet.then_some(self.sheets.len()));
        if is_worksheet {
            if self.sheets.len() >= limits.sheets {
                return Err(FileProblem::TooLarge(TooLarge::Sheets(limits.sheets)));
            }
            self.sheets.push(Listed {
                name,
                visibility,
                place,
            });
        }
        Ok(())
    }

    /// The count that the file declares is not trusted.
    fn shared_strings(&mut self, mut long: Long, limits: &Limits) -> Result<(), FileProblem> {
        long.data.take(4)?;
        let count = long.data.size()?;
        for _ in 0..count {
            if !long.has_more() {
                break;
            }
            if self.strings.len() >= limits.cells {
                return Err(FileProblem::TooLarge(TooLarge::Cells(limits.cells)));
            }
            let (text, starts) = long.rich_text()?;
            if let Some(runs) = self.looks.runs(&text, &starts) {
                self.runs.insert(self.strings.len(), runs);
            }
            self.strings.push(text.into());
        }
        Ok(())
    }
}
