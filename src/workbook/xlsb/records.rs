//! The records a part of a binary workbook consists of.

use crate::workbook::FileProblem;
use crate::workbook::bytes::{Bytes, utf16};

/// Records one after the other.
#[derive(Debug)]
pub(super) struct Records<'a> {
    rest: Bytes<'a>,
}

impl<'a> Records<'a> {
    pub(super) fn new(part: &'a [u8]) -> Self {
        Self { rest: Bytes(part) }
    }

    /// The kind of the next record and its data; nothing at the end of the part.
    ///
    /// # Errors
    /// The part ends before the record does.
    pub(super) fn next(&mut self) -> Result<Option<(u32, Bytes<'a>)>, FileProblem> {
        if self.rest.0.is_empty() {
            return Ok(None);
        }
        // Both are written seven bits at a time; the eighth says that more follow.
        let low = u32::from(self.rest.u8()?);
        let kind = match low & 0x80 {
            0 => low,
            _ => (low & 0x7F) | u32::from(self.rest.u8()? & 0x7F) << 7,
        };
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.rest.u8()?;
            length |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(Some((kind, Bytes(self.rest.take(length)?))))
    }
}

/// A text: the number of its characters, then those. A text that is not there has the length -1.
///
/// # Errors
/// The record ends before the text does.
pub(super) fn text(data: &mut Bytes) -> Result<String, FileProblem> {
    let count = data.u32()?;
    if count == u32::MAX {
        return Ok(String::new());
    }
    let bytes = usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(2))
        .ok_or_else(|| FileProblem::broken("a text too long"))?;
    Ok(utf16(data.take(bytes)?))
}

/// A text, and the fonts in it: start (UTF-16 unit, from 0) and index of the font. One that is cut
/// off behind its letters keeps them.
///
/// # Errors
/// The record ends before the text does.
pub(super) fn rich_text(data: &mut Bytes) -> Result<(String, Vec<(usize, usize)>), FileProblem> {
    let is_rich = data.u8()? & 1 != 0;
    let text = text(data)?;
    let mut starts = Vec::new();
    let count = if is_rich { data.u32() } else { Ok(0) };
    for _ in 0..count.unwrap_or_default() {
        let (Ok(start), Ok(font)) = (data.u16(), data.u16()) else {
            break;
        };
        starts.push((start.into(), font.into()));
    }
    Ok((text, starts))
}
