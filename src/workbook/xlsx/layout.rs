//! What calamine does not report of a worksheet: where its cells really are, their formats, merges,
//! hidden rows and columns. One extra pass over the sheet's XML.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read, Seek};

use super::rich::{RichText, SharedRuns};
use crate::model::CellAddress;
use crate::model::address::{MAX_COLUMNS, MAX_ROWS, column_letters};
use crate::package::Package;
use crate::package::xml::{BytesStart, Step, Walk, attribute, flag, walk, walk_texts};
use crate::workbook::runs::Runs;
use crate::workbook::{FileProblem, Limits, Merge, TooLarge};

/// A cell as it is stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) at: CellAddress,
    /// Index of its format.
    pub(super) style: usize,
    /// Is the type of its value not said? Then it is a number.
    pub(super) is_untyped: bool,
}

/// Everything about a worksheet but what its cells hold.
#[derive(Debug, Default)]
pub(super) struct SheetLayout {
    /// Every cell element in the order of the file, with the index of its format; blanks too.
    pub(super) cells: Vec<Stored>,
    pub(super) merges: Vec<Merge>,
    pub(super) hidden_rows: BTreeSet<u32>,
    pub(super) hidden_columns: BTreeSet<u32>,
    /// Texts of more than one look.
    pub(super) runs: BTreeMap<CellAddress, Runs>,
    in_data: bool,
    row: u32,
    column: u32,
    /// The number of a shared text, while it is read.
    shared: Option<String>,
    /// Does the current cell show a shared text?
    is_shared: bool,
    /// The text inside the current cell.
    inline: Option<RichText>,
}

/// Names of the parts that hold the sheets, in the order of the tabs.
///
/// # Errors
/// A part is missing or no well-formed XML.
pub(super) fn sheet_parts<R: Read + Seek>(
    package: &mut Package<R>,
    limits: &Limits,
) -> Result<Vec<String>, FileProblem> {
    let office = package
        .relations("")?
        .into_iter()
        .rfind(|relation| relation.kind == "officeDocument")
        .ok_or_else(|| FileProblem::broken("no workbook in it"))?;
    let workbook = office
        .target
        .strip_prefix('/')
        .unwrap_or(&office.target)
        .to_owned();
    let folder = match workbook.rfind('/') {
        Some(slash) => &workbook[..=slash],
        None => "",
    };
    let relations = package.relations(&workbook)?;
    let mut ids = Vec::new();
    walk(package.needed(&workbook)?, |step| {
        if let Step::Open(element) = step
            && element.local_name().as_ref() == "sheet"
        {
            ids.push(attribute(element, "id")?.unwrap_or_default());
            if ids.len() > limits.sheets {
                return Err(FileProblem::TooLarge(TooLarge::Sheets(limits.sheets)));
            }
        }
        Ok::<_, FileProblem>(Walk::On)
    })?;
    ids.iter()
        .map(|id| {
            let relation = relations.iter().rfind(|relation| relation.id == *id);
            let target = &relation
                .ok_or_else(|| FileProblem::broken("a sheet has no part"))?
                .target;
            Ok(match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("{folder}{target}"),
            })
        })
        .collect()
}

/// calamine counts with what a sheet says of its size, and overflows if that is no range.
fn check_dimension(range: &str) -> Result<(), FileProblem> {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    let corners = first
        .parse::<CellAddress>()
        .ok()
        .zip(last.parse::<CellAddress>().ok());
    match corners {
        Some((first, last)) if first.row <= last.row && first.column <= last.column => Ok(()),
        _ if range.is_empty() => Ok(()),
        _ => Err(FileProblem::broken("the size of a sheet is no range")),
    }
}

/// Reads the layout of a worksheet part.
///
/// # Errors
/// The part is no well-formed XML, or holds more than the limits allow.
pub(super) fn read(part: impl BufRead, shared: &SharedRuns) -> Result<SheetLayout, FileProblem> {
    let mut layout = SheetLayout::default();
    walk_texts(part, |step| {
        match step {
            Step::Open(element) => layout.open(element)?,
            Step::Text(text) => layout.text(text),
            Step::Close(name) => layout.close(name, shared),
        }
        Ok::<_, FileProblem>(Walk::On)
    })?;
    layout.merges.sort_unstable_by_key(|merge| merge.first);
    Ok(layout)
}

impl SheetLayout {
    fn open(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        if let Some(inline) = &mut self.inline {
            return inline.open(element);
        }
        match element.local_name().as_ref() {
            "v" if self.is_shared => self.shared = Some(String::new()),
            "is" if self.in_data => self.inline = Some(RichText::default()),
            "sheetData" => self.in_data = true,
            "dimension" => check_dimension(&attribute(element, "ref")?.unwrap_or_default())?,
            "row" if self.in_data => self.open_row(element)?,
            "c" if self.in_data => self.open_cell(element)?,
            "col" if flag(element, "hidden")? || is_zero(element, "width")? => {
                let [first, last] = ["min", "max"].map(|name| column_number(element, name));
                self.hidden_columns.extend(first?..=last?);
            }
            "mergeCell" => {
                let range = attribute(element, "ref")?.unwrap_or_default();
                self.merges.extend(read_merge(&range)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(inline) = &mut self.inline {
            inline.text(text);
        } else if let Some(number) = &mut self.shared {
            number.push_str(text);
        }
    }

    fn close(&mut self, name: &str, shared: &SharedRuns) {
        match name {
            "sheetData" => self.in_data = false,
            "row" => {
                self.row += 1;
                self.column = 0;
            }
            "v" => {
                let index = self
                    .shared
                    .take()
                    .and_then(|number| number.trim().parse().ok());
                let runs = index.and_then(|index: usize| shared.get(&index));
                self.put_runs(runs.cloned());
            }
            "is" => {
                let runs = self.inline.take().and_then(RichText::finish);
                self.put_runs(runs);
            }
            name => {
                if let Some(inline) = &mut self.inline {
                    inline.close(name);
                }
            }
        }
    }

    fn put_runs(&mut self, runs: Option<Runs>) {
        if let (Some(runs), Some(cell)) = (runs, self.cells.last()) {
            self.runs.insert(cell.at, runs);
        }
    }

    fn open_row(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        if let Some(number) = attribute(element, "r")? {
            self.row = match number.parse::<u32>() {
                Ok(row @ 1..=MAX_ROWS) => row - 1,
                _ => return Err(FileProblem::BeyondGrid(number)),
            };
        }
        if flag(element, "hidden")? || is_zero(element, "ht")? {
            self.hidden_rows.insert(self.row);
        }
        Ok(())
    }

    fn open_cell(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let mut address = CellAddress::new(self.row, self.column);
        let mut style = 0;
        self.is_shared = false;
        let mut is_untyped = true;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(FileProblem::broken)?;
            match attribute.key.as_ref() {
                "r" => address = read_address(&attribute.value)?,
                "s" => style = attribute.value.parse().unwrap_or_default(),
                "t" => {
                    is_untyped = false;
                    self.is_shared = attribute.value.as_ref() == "s";
                }
                _ => {}
            }
        }
        if address.row >= MAX_ROWS || address.column >= MAX_COLUMNS {
            return Err(FileProblem::beyond_grid(address));
        }
        self.column = address.column + 1;
        self.cells.push(Stored {
            at: address,
            style,
            is_untyped,
        });
        Ok(())
    }
}

fn column_number(element: &BytesStart, name: &str) -> Result<u32, FileProblem> {
    let number = attribute(element, name)?.unwrap_or_default();
    match number.parse::<u32>() {
        Ok(column @ 1..=MAX_COLUMNS) => Ok(column - 1),
        _ => Err(FileProblem::BeyondGrid(number)),
    }
}

fn read_address(text: &str) -> Result<CellAddress, FileProblem> {
    text.parse()
        .map_err(|_| FileProblem::BeyondGrid(text.to_owned()))
}

/// `B5:D6`, `B:D` (whole columns) or `5:6` (whole rows); nothing for a "merge" of one cell, which
/// some exporters write.
fn read_merge(range: &str) -> Result<Option<Merge>, FileProblem> {
    let (one, other) = range.split_once(':').unwrap_or((range, range));
    let is = |kind: fn(&u8) -> bool| [one, other].iter().all(|end| end.bytes().all(|b| kind(&b)));
    let (first, last) = if is(u8::is_ascii_alphabetic) {
        (format!("{one}1"), format!("{other}{MAX_ROWS}"))
    } else if is(u8::is_ascii_digit) {
        (
            format!("A{one}"),
            format!("{}{other}", column_letters(MAX_COLUMNS - 1)),
        )
    } else {
        (one.to_owned(), other.to_owned())
    };
    let (one, other) = (read_address(&first)?, read_address(&last)?);
    let corner = |pick: fn(u32, u32) -> u32| {
        CellAddress::new(pick(one.row, other.row), pick(one.column, other.column))
    };
    let merge = Merge {
        first: corner(u32::min),
        last: corner(u32::max),
    };
    Ok((merge.first != merge.last).then_some(merge))
}

/// Is a height or width 0? Excel shows nothing of such a row or column.
fn is_zero(element: &BytesStart, name: &str) -> Result<bool, FileProblem> {
    let size = attribute(element, name)?.and_then(|text| text.trim().parse::<f64>().ok());
    Ok(size.is_some_and(|size| size <= 0.0))
}
