//! What formulas call things outside of their own sheet: other sheets, and functions that are younger
//! than the format. What cannot be read of it names nothing.

use crate::workbook::FileProblem;
use crate::workbook::bytes::Bytes;

/// What stands for the name of a workbook in its own list of workbooks.
const OWN_BOOK: u16 = 0x0401;
/// What stands before the name of a younger function.
const YOUNGER: &str = "_xlfn.";

/// The lists that formulas refer to by numbers.
#[derive(Default)]
pub(super) struct Called {
    /// Workbooks: is it this one, and its names.
    books: Vec<(bool, Vec<String>)>,
    /// Names of this workbook.
    names: Vec<String>,
    /// A workbook of the list, its first and its last sheet.
    referred: Vec<(u16, u16, u16)>,
    /// Sheets of any kind in the order of the workbook: worksheets by their index.
    pub(super) tabs: Vec<Option<usize>>,
}

impl Called {
    /// The index of the worksheet that is called by a number.
    pub(super) fn sheet(&self, number: u16) -> Option<usize> {
        let (book, first, last) = *self.referred.get(usize::from(number))?;
        let (own, _) = self.books.get(usize::from(book))?;
        let tab = self.tabs.get(usize::from(first)).copied().flatten();
        tab.filter(|_| *own && first == last)
    }

    /// The younger function that is the name of this workbook with a number from 1.
    pub(super) fn function(&self, number: u16) -> Option<&str> {
        let at = usize::from(number).checked_sub(1)?;
        self.names.get(at)?.strip_prefix(YOUNGER)
    }

    /// The younger function that is the name of another book with a number from 1.
    pub(super) fn function_of(&self, reference: u16, number: u16) -> Option<&str> {
        let (book, ..) = *self.referred.get(usize::from(reference))?;
        let (_, names) = self.books.get(usize::from(book))?;
        let at = usize::from(number).checked_sub(1)?;
        names.get(at)?.strip_prefix(YOUNGER)
    }

    /// A workbook that formulas refer to.
    pub(super) fn book(&mut self, mut data: Bytes) {
        let name = data.u16().and_then(|_| data.u16());
        let own = name.is_ok_and(|name| name == OWN_BOOK);
        self.books.push((own, Vec::new()));
    }

    /// What sheets are called by.
    pub(super) fn refer(&mut self, mut data: Bytes) {
        let count = data.u16().unwrap_or_default();
        for _ in 0..count {
            let (Ok(book), Ok(first), Ok(last)) = (data.u16(), data.u16(), data.u16()) else {
                return;
            };
            self.referred.push((book, first, last));
        }
    }

    /// A name of this workbook.
    pub(super) fn name(&mut self, mut data: Bytes) {
        let length = data.take(3).and_then(|_| data.u8());
        let length = length.and_then(|length| data.take(10).map(|_| length));
        let name = length.and_then(|length| text(&mut data, length));
        self.names.push(name.unwrap_or_default());
    }

    /// A name of the workbook that was listed last.
    pub(super) fn name_of_book(&mut self, mut data: Bytes) {
        let length = data.take(6).and_then(|_| data.u8());
        let name = length.and_then(|length| text(&mut data, length));
        if let Some((_, names)) = self.books.last_mut() {
            names.push(name.unwrap_or_default());
        }
    }
}

/// A text of so many letters; those that are no Latin ones are none of a function.
fn text(data: &mut Bytes, length: u8) -> Result<String, FileProblem> {
    let wide = data.u8()? & 1 != 0;
    let letter = |data: &mut Bytes| match wide {
        true => data.u16(),
        false => data.u8().map(u16::from),
    };
    let letters: Result<Vec<u16>, FileProblem> = (0..length).map(|_| letter(data)).collect();
    Ok(String::from_utf16_lossy(&letters?))
}
