//! Excel 5 to 2003 (`.xls`, BIFF5 and BIFF8), read record by record.
//!
//! calamine reads these too, but lays each sheet out as a rectangle before anyone can check how
//! large, drops number formats, and follows chains that do not end; none of which a guard in
//! front of it mends. What a form needs of the format is small enough to read here.

mod called;
mod doubted;
mod formula;
mod globals;
mod records;
mod saved;
mod sheet;
mod spelled;

use self::records::TextCoding;
use super::cfb::Compound;
use super::limits::Budget;
use super::{FileProblem, Format, Limits, Workbook};

/// What every compound file begins with.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Reads a workbook.
///
/// # Errors
/// The workbook is damaged, locked, or larger than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    opened(bytes, limits, false)
}

/// Reads a workbook with its formulas spelled out, as far as they can be.
///
/// # Errors
/// As for [`read`].
pub(super) fn read_spelled(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    opened(bytes, limits, true)
}

fn opened(bytes: &[u8], limits: &Limits, spelled: bool) -> Result<Workbook, FileProblem> {
    if !bytes.starts_with(&COMPOUND) {
        return read_stream(bytes, limits, spelled);
    }
    let file = Compound::open(bytes)?;
    let stream = file
        .stream(&["Workbook", "Book"])
        .ok_or_else(|| FileProblem::broken("no workbook in it"))?;
    let mut workbook = read_stream(&stream, limits, spelled)?;
    workbook.has_macros = file.has("_VBA_PROJECT_CUR");
    workbook.saved_at = file
        .stream(&["\u{5}SummaryInformation"])
        .and_then(|properties| saved::saved_at(&properties).ok().flatten());
    Ok(workbook)
}

fn read_stream(stream: &[u8], limits: &Limits, spelled: bool) -> Result<Workbook, FileProblem> {
    let mut globals = globals::read(stream, limits)?;
    globals.spells = spelled && matches!(globals.texts, TextCoding::Unicode);
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for listed in globals.sheets.clone() {
        let sheet = sheet::read(stream, &listed, &mut globals, &mut budget)?;
        budget.push_sheet(&mut sheets, sheet)?;
    }
    Ok(Workbook {
        sheets,
        saved_at: None,
        format: Format::Xls,
        has_macros: false,
        names: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
