//! The records a BIFF stream consists of, and texts in them, which may go on in the next record.

use std::sync::Arc;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::workbook::FileProblem;
use crate::workbook::bytes::{Bytes, utf16};

/// Goes on with what the record before had no room for.
const CONTINUE: u16 = 0x003C;

/// Records one after the other.
#[derive(Debug)]
pub(super) struct Records<'a> {
    rest: Bytes<'a>,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: Bytes<'a>,
}

impl<'a> Records<'a> {
    /// The records from the byte `place` of the stream on.
    ///
    /// # Errors
    /// The place is beyond the end of the stream.
    pub(super) fn from(stream: &'a [u8], place: usize) -> Result<Self, FileProblem> {
        let rest = stream
            .get(place..)
            .ok_or_else(|| FileProblem::broken("a sheet is missing at the end"))?;
        Ok(Self { rest: Bytes(rest) })
    }

    /// The next record. There must be one: a stream says itself where it ends.
    ///
    /// # Errors
    /// The stream ends before the record does.
    pub(super) fn next(&mut self) -> Result<Record<'a>, FileProblem> {
        let kind = self.rest.u16()?;
        let length = self.rest.u16()?;
        let data = Bytes(self.rest.take(usize::from(length))?);
        Ok(Record { kind, data })
    }

    /// The data of the next record, if it continues the last one.
    fn continued(&mut self) -> Option<Bytes<'a>> {
        let mut ahead = Self { rest: self.rest };
        let record = ahead.next().ok()?;
        (record.kind == CONTINUE).then(|| {
            self.rest = ahead.rest;
            record.data
        })
    }
}

/// Reads over the border between a record and those that continue it.
pub(super) struct Long<'r, 'a> {
    pub(super) records: &'r mut Records<'a>,
    pub(super) data: Bytes<'a>,
}

impl<'a> Long<'_, 'a> {
    /// Makes sure that something is left in the current record; false at the end of all.
    pub(super) fn has_more(&mut self) -> bool {
        while self.data.0.is_empty() {
            match self.records.continued() {
                Some(data) => self.data = data,
                None => return false,
            }
        }
        true
    }

    /// Fields of the head of a text, which is never torn apart.
    fn head(&mut self) -> Result<&mut Bytes<'a>, FileProblem> {
        self.has_more();
        Ok(&mut self.data)
    }

    fn skip(&mut self, mut count: usize) -> Result<(), FileProblem> {
        while count > 0 {
            if !self.has_more() {
                return Err(FileProblem::broken("a text ends too early"));
            }
            let here = count.min(self.data.0.len());
            self.data.take(here)?;
            count -= here;
        }
        Ok(())
    }

    /// Fields behind a text, which may be torn apart.
    fn u16(&mut self) -> Result<u16, FileProblem> {
        let mut bytes = [0; 2];
        for byte in &mut bytes {
            self.has_more();
            *byte = self.data.u8()?;
        }
        Ok(u16::from_le_bytes(bytes))
    }

    /// A text of BIFF8 and where in it which font begins. Its pronunciation is passed over.
    ///
    /// # Errors
    /// The record ends before the text does.
    pub(super) fn rich_text(&mut self) -> Result<(String, Starts), FileProblem> {
        let count = usize::from(self.head()?.u16()?);
        let flags = self.head()?.u8()?;
        let runs = if flags & 8 == 0 {
            0
        } else {
            self.head()?.u16()?
        };
        let extra = if flags & 4 == 0 {
            0
        } else {
            self.head()?.size()?
        };
        let text = self.characters(count, flags)?;
        let mut starts = Starts::new();
        for _ in 0..runs {
            let start = usize::from(self.u16()?);
            starts.push((start, font_place(self.u16()?)));
        }
        self.skip(extra)?;
        Ok((text, starts))
    }

    /// `count` characters, of one byte each or two; a continuing record says anew which.
    fn characters(&mut self, mut count: usize, mut flags: u8) -> Result<String, FileProblem> {
        let mut text = String::new();
        loop {
            let width = if flags & 1 == 0 { 1 } else { 2 };
            let here = count.min(self.data.0.len() / width);
            text.push_str(&characters(self.data.take(here * width)?, flags));
            count -= here;
            if count == 0 {
                return Ok(text);
            }
            // A lone byte before the border belongs to no character.
            self.data = Bytes(&[]);
            if !self.has_more() {
                return Err(FileProblem::broken("a text ends too early"));
            }
            flags = self.data.u8()?;
        }
    }
}

/// From which unit of UTF-16 on a text is in which font.
pub(super) type Starts = Vec<(usize, usize)>;

/// Characters of BIFF8: UTF-16, or only its lower bytes.
fn characters(bytes: &[u8], flags: u8) -> String {
    if flags & 1 == 0 {
        bytes.iter().copied().map(char::from).collect()
    } else {
        utf16(bytes)
    }
}

/// How texts are written in a stream.
#[derive(Debug, Clone, Copy)]
pub(super) enum TextCoding {
    /// BIFF8: Unicode.
    Unicode,
    /// BIFF5: bytes of a code page.
    Old(&'static Encoding),
}

impl TextCoding {
    /// A text without more to it, its length in one byte (names of fonts and sheets).
    ///
    /// # Errors
    /// The record ends before the text does.
    pub(super) fn short(self, data: &mut Bytes) -> Result<String, FileProblem> {
        let count = usize::from(data.u8()?);
        self.plain(count, data)
    }

    /// The same, its length in two bytes in BIFF8 (number formats).
    ///
    /// # Errors
    /// The record ends before the text does.
    pub(super) fn format(self, data: &mut Bytes) -> Result<String, FileProblem> {
        let count = match self {
            Self::Unicode => usize::from(data.u16()?),
            Self::Old(_) => usize::from(data.u8()?),
        };
        self.plain(count, data)
    }

    fn plain(self, count: usize, data: &mut Bytes) -> Result<String, FileProblem> {
        match self {
            Self::Unicode => {
                let flags = data.u8()?;
                let width = if flags & 1 == 0 { 1 } else { 2 };
                Ok(characters(data.take(count * width)?, flags))
            }
            Self::Old(encoding) => Ok(decode(encoding, data.take(count)?)),
        }
    }

    /// The text of a cell; `is_rich` says that fonts follow it even where a text has no more to it.
    ///
    /// # Errors
    /// The record ends before the text does.
    pub(super) fn cell(
        self,
        mut long: Long,
        is_rich: bool,
    ) -> Result<(Arc<str>, Starts), FileProblem> {
        match self {
            Self::Unicode => {
                let (text, starts) = long.rich_text()?;
                Ok((text.into(), starts))
            }
            Self::Old(encoding) => {
                let mut count = usize::from(long.head()?.u16()?);
                let mut bytes = Vec::new();
                while count > 0 {
                    if !long.has_more() {
                        return Err(FileProblem::broken("a text ends too early"));
                    }
                    let here = count.min(long.data.0.len());
                    bytes.extend_from_slice(long.data.take(here)?);
                    count -= here;
                }
                let mut starts = Starts::new();
                // What is cut off here is only the look.
                if is_rich && long.has_more() {
                    for _ in 0..long.data.u8()? {
                        let (Ok(start), Ok(font)) = (long.data.u8(), long.data.u8()) else {
                            break;
                        };
                        starts.push((usize::from(start), font_place(font.into())));
                    }
                }
                Ok((decode(encoding, &bytes).into(), starts))
            }
        }
    }
}

fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding of a Windows code page. Text typed in TCVN3 or VNI fonts says 1252 and is
/// recognised by its font later.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 | 32_768 => "macintosh".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// Index (from 0) into the list of fonts of the font numbered `number` in the file: number 4 is
/// skipped by an old convention, so 5 is the fifth font.
pub(super) fn font_place(number: u16) -> usize {
    let number = usize::from(number);
    if number > 4 { number - 1 } else { number }
}
