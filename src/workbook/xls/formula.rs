//! Formulas of BIFF8 spelled out from their tokens, as far as a workbook's own formula can be
//! computed again: operators, references to cells of the workbook, common functions.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use super::called::Called;
use super::globals::Listed;
use crate::model::CellAddress;
use crate::workbook::FileProblem;
use crate::workbook::bytes::Bytes;

/// Functions by their number: the name, and how many arguments they take where that is fixed.
const FUNCTIONS: [(u16, &str, usize); 32] = [
    (0, "COUNT", 0),
    (1, "IF", 0),
    (3, "ISERROR", 1),
    (4, "SUM", 0),
    (5, "AVERAGE", 0),
    (6, "MIN", 0),
    (7, "MAX", 0),
    (8, "ROW", 0),
    (24, "ABS", 1),
    (25, "INT", 1),
    (27, "ROUND", 2),
    (34, "TRUE", 0),
    (35, "FALSE", 0),
    (36, "AND", 0),
    (37, "OR", 0),
    (29, "INDEX", 0),
    (38, "NOT", 1),
    (48, "TEXT", 2),
    (78, "OFFSET", 0),
    (126, "ISERR", 1),
    (128, "ISNUMBER", 1),
    (129, "ISBLANK", 1),
    (131, "N", 1),
    (169, "COUNTA", 0),
    (183, "PRODUCT", 0),
    (212, "ROUNDUP", 2),
    (213, "ROUNDDOWN", 2),
    (228, "SUMPRODUCT", 0),
    (336, "CONCATENATE", 0),
    (344, "SUBTOTAL", 0),
    (345, "SUMIF", 0),
    (347, "COUNTBLANK", 1),
];

/// The number of functions that have none, but a name.
const NAMED_FUNCTION: u16 = 255;

/// Functions whose result is always a number.
const GIVE_NUMBERS: [u16; 18] = [
    0, 4, 5, 6, 7, 24, 25, 26, 27, 33, 131, 169, 212, 213, 228, 345, 346, 347,
];

/// The cell at which a formula that several cells share is stored, if this is such a formula.
pub(super) fn shared_at(mut tokens: Bytes) -> Option<CellAddress> {
    let kind = tokens.u8().ok()?;
    let (row, column) = (tokens.u16().ok()?, tokens.u16().ok()?);
    (kind == 0x01).then(|| CellAddress::new(row.into(), column.into()))
}

/// What formulas call sheets and functions by.
#[derive(Clone, Copy, Default)]
pub(super) struct Book<'a> {
    pub(super) sheets: &'a [Listed],
    pub(super) called: Option<&'a Called>,
}

impl Book<'_> {
    /// The name of a sheet, as it is written before a cell.
    fn sheet(self, number: u16) -> Option<String> {
        let sheet = self.called?.sheet(number)?;
        let name = self.sheets.get(sheet)?.name.replace('\'', "\'\'");
        Some(format!("'{name}'!"))
    }
}

/// A formula without its `=`, as the cell at `at` has it; nothing where it uses what is not spelled
/// out here.
pub(super) fn spelled(tokens: Bytes, at: CellAddress, book: Book<'_>) -> Option<String> {
    let mut speller = Speller {
        at,
        book,
        stack: Vec::new(),
    };
    let mut rest = tokens;
    while !rest.0.is_empty() {
        speller.token(&mut rest).ok()??;
    }
    match speller.stack.as_slice() {
        [formula] => Some(formula.text.clone()),
        _ => None,
    }
}

/// Is the result of a formula a number, whatever its cells hold? Its last token says so.
pub(super) fn gives_number(tokens: Bytes) -> bool {
    let mut rest = tokens;
    let mut gives = false;
    while !rest.0.is_empty() {
        let start = rest;
        let mut speller = Speller {
            at: CellAddress::new(0, 0),
            book: Book::default(),
            stack: vec![Spelling::whole(String::new()); 40],
        };
        let Ok(kind) = rest.u8() else { return false };
        let mut whole = start;
        if !matches!(speller.token(&mut whole), Ok(Some(()))) {
            // Functions that are not spelled out are of known length.
            let length = match based(kind) {
                0x21 => 2,
                0x22 => 3,
                0x3A => 6,
                0x3B => 10,
                0x23 => 4,
                _ => return false,
            };
            whole = rest;
            if whole.take(length).is_err() {
                return false;
            }
        }
        let number = |mut bytes: Bytes| bytes.u16().is_ok_and(|id| GIVE_NUMBERS.contains(&id));
        gives = match based(kind) {
            0x03..=0x07 | 0x12..=0x14 | 0x1E | 0x1F => true,
            0x21 => number(rest),
            0x22 => rest.take(1).is_ok() && number(rest),
            // Brackets, spaces and jumps give what is before them; one of them adds up.
            0x15 => gives,
            0x19 => gives || rest.u8().is_ok_and(|flags| flags & 0x10 != 0),
            _ => false,
        };
        rest = whole;
    }
    gives
}

/// The token without its class: 0x44 and 0x64 are 0x24.
fn based(kind: u8) -> u8 {
    match kind {
        0x20..=0x7F => kind & 0x1F | 0x20,
        other => other,
    }
}

/// A part of a formula, and how tightly its last operation binds.
#[derive(Clone)]
struct Spelling {
    text: String,
    binds: u8,
}

/// How tightly cells, figures, functions and brackets are bound.
const WHOLE: u8 = 9;

impl Spelling {
    fn whole(text: String) -> Spelling {
        Spelling { text, binds: WHOLE }
    }

    /// The text as an operand of what binds so tightly.
    fn within(self, binds: u8) -> String {
        match self.binds < binds {
            true => format!("({})", self.text),
            false => self.text,
        }
    }
}

struct Speller<'a> {
    at: CellAddress,
    book: Book<'a>,
    stack: Vec<Spelling>,
}

impl Speller<'_> {
    fn token(&mut self, rest: &mut Bytes) -> Result<Option<()>, FileProblem> {
        let spelled = match based(rest.u8()?) {
            kind @ 0x03..=0x0E => return Ok(self.operator(kind)),
            0x12 => return Ok(self.around("(+", ")")),
            0x13 => return Ok(self.around("(-", ")")),
            0x14 => return Ok(self.around("(", "%)")),
            // Brackets are put where they are needed.
            0x15 => return Ok(Some(())),
            0x16 => String::new(),
            0x17 => {
                let (count, wide) = (usize::from(rest.u8()?), rest.u8()? & 1 != 0);
                let text = match wide {
                    true => {
                        UTF_16LE
                            .decode_without_bom_handling(rest.take(count * 2)?)
                            .0
                    }
                    false => {
                        WINDOWS_1252
                            .decode_without_bom_handling(rest.take(count)?)
                            .0
                    }
                };
                format!("\"{}\"", text.replace('"', "\"\""))
            }
            0x19 => {
                let (flags, data) = (rest.u8()?, rest.u16()?);
                if flags & 0x04 != 0 {
                    rest.take((usize::from(data) + 1) * 2)?;
                }
                return Ok(match flags & 0x10 != 0 {
                    true => self.around("SUM(", ")"),
                    false => Some(()),
                });
            }
            0x1D => if rest.u8()? == 0 { "FALSE" } else { "TRUE" }.to_owned(),
            0x1E => rest.u16()?.to_string(),
            0x1F => rest.f64()?.to_string(),
            0x21 => {
                let id = rest.u16()?;
                return Ok(function(id).and_then(|(name, count)| self.call(name, count)));
            }
            0x22 => {
                let (count, id) = (rest.u8()? & 0x7F, rest.u16()? & 0x7FFF);
                if id == NAMED_FUNCTION {
                    return Ok(self.call_named(count.into()));
                }
                return Ok(function(id).and_then(|(name, _)| self.call(name, count.into())));
            }
            // The name of a function, before its arguments.
            0x23 => {
                let (number, _) = (rest.u16()?, rest.u16()?);
                match self.book.called.and_then(|called| called.function(number)) {
                    Some(name) => name.to_owned(),
                    None => return Ok(None),
                }
            }
            0x39 => {
                let (book, number, _) = (rest.u16()?, rest.u16()?, rest.u16()?);
                let called = self.book.called;
                match called.and_then(|called| called.function_of(book, number)) {
                    Some(name) => name.to_owned(),
                    None => return Ok(None),
                }
            }
            0x24 => place(rest.u16()?, rest.u16()?),
            0x25 => {
                let (first, last) = (rest.u16()?, rest.u16()?);
                let (left, right) = (rest.u16()?, rest.u16()?);
                format!("{}:{}", place(first, left), place(last, right))
            }
            0x2C => {
                let (row, column) = (rest.u16()?, rest.u16()?);
                let Some(cell) = self.beside(row, column) else {
                    return Ok(None);
                };
                cell
            }
            0x2D => {
                let (first, last) = (rest.u16()?, rest.u16()?);
                let (left, right) = (rest.u16()?, rest.u16()?);
                let corners = self.beside(first, left).zip(self.beside(last, right));
                let Some((from, to)) = corners else {
                    return Ok(None);
                };
                format!("{from}:{to}")
            }
            0x3A => {
                let (sheet, row, column) = (rest.u16()?, rest.u16()?, rest.u16()?);
                let Some(sheet) = self.book.sheet(sheet) else {
                    return Ok(None);
                };
                format!("{sheet}{}", place(row, column))
            }
            0x3B => {
                let (sheet, first, last) = (rest.u16()?, rest.u16()?, rest.u16()?);
                let (left, right) = (rest.u16()?, rest.u16()?);
                let Some(sheet) = self.book.sheet(sheet) else {
                    return Ok(None);
                };
                format!("{sheet}{}:{}", place(first, left), place(last, right))
            }
            _ => return Ok(None),
        };
        self.stack.push(Spelling::whole(spelled));
        Ok(Some(()))
    }

    fn operator(&mut self, kind: u8) -> Option<()> {
        let (sign, binds) = match kind {
            0x03 => ("+", 4),
            0x04 => ("-", 4),
            0x05 => ("*", 5),
            0x06 => ("/", 5),
            0x07 => ("^", 6),
            0x08 => ("&", 3),
            0x09 => ("<", 2),
            0x0A => ("<=", 2),
            0x0B => ("=", 2),
            0x0C => (">=", 2),
            0x0D => (">", 2),
            _ => ("<>", 2),
        };
        let (right, left) = (self.stack.pop()?, self.stack.pop()?);
        let (left, right) = (left.within(binds), right.within(binds + 1));
        let text = format!("{left}{sign}{right}");
        self.stack.push(Spelling { text, binds });
        Some(())
    }

    fn around(&mut self, before: &str, behind: &str) -> Option<()> {
        // A sign before it binds more tightly than any operation but brackets.
        let inner = match before.ends_with(['+', '-']) || behind.starts_with('%') {
            true => self.stack.pop()?.within(WHOLE),
            false => self.stack.pop()?.text,
        };
        let text = format!("{before}{inner}{behind}");
        self.stack.push(Spelling::whole(text));
        Some(())
    }

    fn call(&mut self, name: &str, count: usize) -> Option<()> {
        let first = self.stack.len().checked_sub(count)?;
        let arguments = self.stack.split_off(first).into_iter();
        let arguments: Vec<String> = arguments.map(|argument| argument.text).collect();
        let text = format!("{name}({})", arguments.join(","));
        self.stack.push(Spelling::whole(text));
        Some(())
    }

    /// A function that is called by its name, which is before the other arguments.
    fn call_named(&mut self, count: usize) -> Option<()> {
        let name = self.stack.len().checked_sub(count)?;
        let name = (count > 0).then(|| self.stack.remove(name))?;
        self.call(&name.text, count - 1)
    }

    /// A reference of a shared formula: as far from the cell as it says, unless it is fixed.
    fn beside(&self, row: u16, column: u16) -> Option<String> {
        let (row_moves, column_moves) = (column & 0x8000 != 0, column & 0x4000 != 0);
        let own_row = u16::try_from(self.at.row).ok()?;
        let row = if row_moves {
            own_row.wrapping_add(row)
        } else {
            row
        };
        let [low, _] = column.to_le_bytes();
        let own_column = u8::try_from(self.at.column).ok()?;
        let column = if column_moves {
            own_column.wrapping_add(low)
        } else {
            low
        };
        Some(place(row, column.into()))
    }
}

fn function(id: u16) -> Option<(&'static str, usize)> {
    let found = FUNCTIONS.iter().find(|(number, ..)| *number == id)?;
    Some((found.1, found.2))
}

fn place(row: u16, column: u16) -> String {
    CellAddress::new(row.into(), u32::from(column & 0xFF)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_spelled_from_their_tokens() {
        let at = CellAddress::new(11, 2);
        for (tokens, spelled_out, number) in [
            (&[0x17, 0, 0][..], Some("\"\""), false),
            (
                &[0x1E, 0xBB, 0x0C, 0x17, 1, 0, 0x30, 0x41, 0x30, 0],
                Some("TEXT(3259,\"0\")"),
                false,
            ),
            (
                &[0x44, 10, 0, 2, 0xC0, 0x1E, 2, 0, 0x05],
                Some("C11*2"),
                true,
            ),
            // =SUM(C2:C3) as one attribute, and of a shared formula the cell above.
            (
                &[0x25, 1, 0, 2, 0, 2, 0xC0, 2, 0xC0, 0x19, 0x10, 0, 0],
                Some("SUM(C2:C3)"),
                true,
            ),
            (&[0x2C, 0xFF, 0xFF, 0, 0xC0], Some("C11"), false),
            // A name, and a function that is not spelled out.
            (&[0x23, 1, 0, 0, 0], None, false),
            (&[0x1E, 1, 0, 0x41, 26, 0], None, true),
            (&[0x17, 9, 0], None, false),
        ] {
            assert_eq!(
                spelled(Bytes(tokens), at, Book::default()).as_deref(),
                spelled_out
            );
            assert_eq!(gives_number(Bytes(tokens)), number, "{spelled_out:?}");
        }
    }
}
