//! Text with separators (`.csv`, `.tsv`, and whatever else people call it). All cells are text:
//! only the form knows which are figures.

use std::collections::HashMap;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::limits::Budget;
use super::lost_letters;
use super::{Cell, Content, FileProblem, Format, Limits, Sheet, TooLarge, Workbook};
use crate::model::CellAddress;
use crate::text::decode::decode;

/// What separates fields; where several would do, the later.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// How many separators there may be for each cell allowed. The reader keeps a note of every field
/// of a record, and a file of nothing but separators is one record.
const FIELDS_PER_CELL: usize = 8;
/// How many lines the separator is guessed from.
const SAMPLE: usize = 50;
/// And how much of the file at most.
const SAMPLE_BYTES: usize = 65_536;

/// Reads the one sheet there is.
///
/// # Errors
/// The text has more cells than the limits allow, or has lost its letters.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let decoded = decode(bytes);
    if lost_letters::are_lost(&decoded) {
        return Err(FileProblem::LettersLost);
    }
    let (separator, text) = separator(&decoded);
    let fields = text.bytes().filter(|byte| *byte == separator).count();
    if fields / FIELDS_PER_CELL > limits.cells {
        return Err(FileProblem::TooLarge(TooLarge::Cells(limits.cells)));
    }
    let mut budget = Budget::new(limits);
    let mut sheet = Sheet::new("CSV");
    let mut reader = reader(separator, text);
    let mut record = StringRecord::new();
    let mut row = 0_u32;
    while reader
        .read_record(&mut record)
        .map_err(FileProblem::broken)?
    {
        row = row.saturating_add(blank_lines_before(&record, text));
        for (column, field) in (0_u32..).zip(&record) {
            if field.is_empty() {
                continue;
            }
            let cell = Cell {
                content: content(field),
                formula: None,
                style: None,
            };
            budget.put(&mut sheet, CellAddress::new(row, column), cell)?;
        }
        row = row.saturating_add(1);
    }
    Ok(Workbook {
        sheets: vec![sheet],
        saved_at: None,
        format: Format::Csv,
        has_macros: false,
        names: Vec::new(),
    })
}

/// What spreadsheets show for a field: a formula that only keeps a text from being taken for a figure
/// (`="01"`) is that text, and the words for what a formula found true or false are that.
fn content(field: &str) -> Content {
    let text = field
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    match (text, field) {
        (Some(text), _) if !text.contains('"') => Content::Text(text.into()),
        (_, "TRUE") => Content::Bool(true),
        (_, "FALSE") => Content::Bool(false),
        _ => Content::Text(field.into()),
    }
}

fn reader(separator: u8, text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The reader leaves out blank lines, but they are rows to whoever counts them in Excel.
fn blank_lines_before(record: &StringRecord, text: &str) -> u32 {
    let start = record
        .position()
        .and_then(|at| usize::try_from(at.byte()).ok());
    let (before, mut rest) = start
        .and_then(|start| text.split_at_checked(start))
        .unwrap_or_default();
    // The reader may stop between the two characters of a Windows line end.
    if before.ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut lines = 0_u32;
    while let Some(after) = ["\r\n", "\n", "\r"]
        .iter()
        .find_map(|end| rest.strip_prefix(end))
    {
        rest = after;
        lines = lines.saturating_add(1);
    }
    lines
}

/// The separator and what is to be read: a first line `sep=;` is a word to Excel and no data.
fn separator(text: &str) -> (u8, &str) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let [separator @ (b',' | b';' | b'\t'), b'\r' | b'\n', ..] = rest.as_bytes()
    {
        let rest = rest[1..].trim_start_matches('\r');
        return (*separator, rest.strip_prefix('\n').unwrap_or(rest));
    }
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let best = SEPARATORS
        .into_iter()
        .max_by_key(|separator| agreement(*separator, &text[..end]));
    (best.unwrap_or(b','), text)
}

/// How many lines fall into the same number of fields, more than one.
fn agreement(separator: u8, text: &str) -> usize {
    let mut widths: HashMap<usize, usize> = HashMap::new();
    for record in reader(separator, text).records().take(SAMPLE).flatten() {
        if record.len() > 1 {
            *widths.entry(record.len()).or_default() += 1;
        }
    }
    widths.into_values().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(String, String)> {
        let workbook = read(bytes, &Limits::default()).unwrap();
        let cells = workbook.sheets[0].cells.iter();
        cells
            .map(|(at, cell)| (at.to_string(), cell.text().unwrap().to_owned()))
            .collect()
    }

    fn expect(bytes: &[u8], expected: &[(&str, &str)]) {
        let owned = |(at, text): &(&str, &str)| ((*at).to_owned(), (*text).to_owned());
        assert_eq!(cells(bytes), expected.iter().map(owned).collect::<Vec<_>>());
    }

    #[test]
    fn the_separator_is_what_lines_agree_on() {
        let table = [
            ("A1", "Xã"),
            ("B1", "Tỷ lệ"),
            ("A2", "Long Hồ"),
            ("B2", "53,22"),
        ];
        expect("Xã;Tỷ lệ\nLong Hồ;53,22\n".as_bytes(), &table);
        expect("Xã\tTỷ lệ\r\nLong Hồ\t53,22".as_bytes(), &table);
        expect("Xã,Tỷ lệ\nLong Hồ,\"53,22\"".as_bytes(), &table);
        expect("sep=;\r\nXã;Tỷ lệ\r\nLong Hồ;53,22".as_bytes(), &table);
    }

    #[test]
    fn rows_are_those_a_person_counts() {
        expect(
            b"Bao cao\r\n\r\n\r\na;\"two\nlines\"\r\n\r\nb;;3\r\n",
            &[
                ("A1", "Bao cao"),
                ("A4", "a"),
                ("B4", "two\nlines"),
                ("A6", "b"),
                ("C6", "3"),
            ],
        );
    }

    #[test]
    fn a_text_kept_by_a_formula_and_a_truth_are_what_is_shown() {
        expect(
            b"a;=\"0123\"\nb;x\n",
            &[("A1", "a"), ("B1", "0123"), ("A2", "b"), ("B2", "x")],
        );
        let workbook = read(b"a;TRUE\nb;FALSE\n", &Limits::default()).unwrap();
        let flags = workbook.sheets[0].cells.values();
        let flags = flags.filter(|cell| matches!(cell.content, Content::Bool(_)));
        assert_eq!(flags.count(), 2);
    }

    #[test]
    fn too_many_cells_are_told() {
        let limits = Limits {
            cells: 3,
            ..Limits::default()
        };
        assert!(read(b"1;2\n3;4\n", &limits).is_err());
        assert!(read(b"1;2\n;4\n", &limits).is_ok());
    }
}
