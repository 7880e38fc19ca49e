//! Lists that an office keeps: a heading and rows, as CSV however a program has saved it, or taken
//! from a sheet.

use csv::{ReaderBuilder, Trim};
use unicode_normalization::UnicodeNormalization;

use super::decode::decode;
use super::{fold, nearest};

/// A list as it was read: nothing in it has been understood yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Titles of the columns.
    pub heading: ListRow,
    /// The rows below, blank ones left out.
    pub rows: Vec<ListRow>,
    /// Is the decimal separator a comma? So it is where semicolons separate columns.
    pub decimal_comma: bool,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Its line in the file, or its row on the sheet, from 1.
    pub line: u64,
    /// Its fields without spaces around them, as many as the row has.
    pub fields: Vec<String>,
}

impl Default for ListRow {
    /// The first line, with nothing in it.
    fn default() -> ListRow {
        ListRow {
            line: 1,
            fields: Vec::new(),
        }
    }
}

/// A column that is known, and what people call it.
#[derive(Debug, Clone, Copy)]
pub struct KnownColumn {
    /// Its name in the guide.
    pub name: &'static str,
    /// Vietnamese titles that mean it, without marks: as [`fold`] leaves them.
    pub also: &'static [&'static str],
}

/// Error: the text of a list is UTF-8 and damaged in this line (from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged(pub u64);

impl List {
    /// The list as CSV in UTF-8, separated by commas.
    ///
    /// # Errors
    /// It cannot be written, which memory never refuses.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        for row in std::iter::once(&self.heading).chain(&self.rows) {
            writer.write_record(&row.fields)?;
        }
        let written = writer.into_inner();
        written.map_err(|error| csv::Error::from(error.into_error()))
    }

    /// Reads CSV: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or windows-1258, with a
    /// byte order mark or without one.
    ///
    /// # Errors
    /// The text is UTF-8 and damaged.
    pub fn from_csv(bytes: &[u8]) -> Result<List, Damaged> {
        refuse_damaged(bytes)?;
        let text: String = decode(bytes).nfc().collect();
        let text = text.as_str();
        let (separator, skipped) = separator(text);
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(&text.as_bytes()[skipped..]);
        let mut list = List {
            decimal_comma: separator == b';',
            ..List::default()
        };
        let mut lines = Lines::new(text);
        let mut heading = None;
        for record in reader.records().flatten() {
            let start = record.position().map_or(0, |at| at.byte());
            let line = lines.at(skipped + usize::try_from(start).unwrap_or(usize::MAX));
            if record.iter().all(str::is_empty) {
                continue; // what Excel leaves of a cleared row
            }
            let fields = record.iter().map(str::to_owned).collect();
            let row = ListRow { line, fields };
            match &heading {
                None => heading = Some(row),
                Some(_) => list.rows.push(row),
            }
        }
        list.heading = heading.unwrap_or_default();
        Ok(list)
    }
}

/// The column that a title means.
pub fn meaning(title: &str, known: &[KnownColumn]) -> Option<&'static str> {
    let plain = plain(title);
    let is = |column: &&KnownColumn| column.name == title || column.also.contains(&plain.as_str());
    known.iter().find(is).map(|column| column.name)
}

/// The column that a title nobody knows was probably meant to be; a title unlike all of them is a
/// column of the office's own.
pub fn nearly(title: &str, known: &[KnownColumn]) -> Option<&'static str> {
    let names = || known.iter().map(|column| column.name);
    let name = nearest(title, names())?;
    names().find(|known| *known == name)
}

fn plain(title: &str) -> String {
    let letters = fold(title).replace(['_', '-', '.', ':', '*', '(', ')'], " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// UTF-8 with a byte lost is not taken for an old encoding: its names would all be other names.
fn refuse_damaged(bytes: &[u8]) -> Result<(), Damaged> {
    let (mut letters, mut wrong, mut first) = (0_usize, 0_usize, None);
    let mut line = 1;
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        line += breaks(chunk.valid());
        if !chunk.invalid().is_empty() {
            wrong += 1;
            first.get_or_insert(line);
        }
    }
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    match first {
        Some(line) if letters > wrong && !marked => Err(Damaged(line)),
        _ => Ok(()),
    }
}

/// What separates the columns, by the first line, and where the list begins: behind `sep=;`, which
/// only Excel reads.
fn separator(text: &str) -> (u8, usize) {
    let mut lines = text.split(['\n', '\r']);
    let first = lines.find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
    if let Some(separator) = first
        .strip_prefix("sep=")
        .and_then(|rest| rest.bytes().next())
    {
        let begun = text.find("sep=").unwrap_or_default();
        return (separator, begun + first.len());
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(byte == *separator && !quoted);
        }
    }
    // Of two that occur as often the earlier one.
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    (best.map_or(b',', |(separator, _)| separator), 0)
}

/// Line numbers (from 1) of places in a text; places must be looked up in ascending order. The CSV
/// reader's own numbers are one too low after a Windows line end, and for a record after blank
/// lines they are those of the first blank line.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        Lines {
            text,
            at: 0,
            line: 1,
        }
    }

    /// The line of the first character at or behind `start` that ends no line.
    fn at(&mut self, start: usize) -> u64 {
        let rest = self.text.get(start..).unwrap_or_default();
        let begun = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        self.line += breaks(self.text.get(self.at..begun).unwrap_or_default());
        self.at = begun;
        self.line
    }
}

/// How many lines end in a text.
fn breaks(text: &str) -> u64 {
    let ends = text.bytes().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
        let list = List::from_csv(bytes).unwrap();
        let rows = list.rows.into_iter();
        (
            list.heading.fields,
            rows.map(|row| (row.line, row.fields)).collect(),
        )
    }

    #[test]
    fn however_it_was_saved_it_is_the_same_list() {
        let text = "code,name\n1,Xã Hương Mỹ\n2,Phường Bến Tre\n";
        let wanted = read(text.as_bytes());
        assert_eq!(wanted.1[1], (3, vec!["2".into(), "Phường Bến Tre".into()]));
        let marked = format!("\u{feff}{text}");
        let semicolons = text.replace(',', ";");
        let tabs = text.replace(',', "\t");
        let windows = text.replace('\n', "\r\n");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decomposed: String = text.nfd().collect();
        for same in [&marked, &semicolons, &tabs, &windows, &decomposed] {
            assert_eq!(read(same.as_bytes()), wanted, "{same:?}");
        }
        assert_eq!(read(&utf16), wanted);
        // windows-1258 writes a tone behind its letter.
        let old = b"code,name\n1,Xa\xDE H\xFD\xF5ng My\xDE\n2,Ph\xFD\xF5\xCCng B\xEA\xECn Tre\n";
        assert_eq!(read(old), wanted);
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = [
                "sep=;", "", "a;b", "1;2", "", ";", "3;\"4", "5\"", "6;7", "",
            ]
            .join(end);
            let (heading, rows) = read(text.as_bytes());
            assert_eq!(heading, ["a", "b"]);
            let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [4, 7, 9], "{end:?}: {rows:?}");
        }
    }

    #[test]
    fn damaged_text_is_refused_at_its_line() {
        let damaged = [
            b"code,name\r\n1,".as_slice(),
            "Xã Mỹ".as_bytes(),
            b"\r\n2,\xc3\r\n",
        ];
        assert_eq!(List::from_csv(&damaged.concat()), Err(Damaged(3)));
    }

    #[test]
    fn titles_are_known_in_both_languages() {
        let known = [KnownColumn {
            name: "code",
            also: &["ma don vi", "ma"],
        }];
        for title in ["code", "Mã đơn vị", "MÃ", "Mã_đơn_vị:"] {
            assert_eq!(meaning(title, &known), Some("code"), "{title}");
        }
        assert_eq!(meaning("Mã số thuế", &known), None);
        assert_eq!(nearly("coed", &known), Some("code"));
        assert_eq!(nearly("email", &known), None);
    }
}
