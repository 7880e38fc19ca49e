//! The returned copy: a unit's own workbook with its mistakes marked.
//!
//! The workbook is not read and written anew, which no library does without losing something.
//! Its package is copied part by part, compressed bytes and all; only what must change is edited,
//! as text, at the places concerned. What is put in can be taken out again ([`strip`]), also after
//! Excel has saved the workbook since, so marking twice is marking once:
//!
//! - a marked cell's fill is known by its colour ([`colours`]);
//! - our notes are known by their first and last line ([`notes`]);
//! - the result sheet is known by its name and a mark in it, and remembers in a hidden column
//!   what else there is to put back ([`state`]).

mod book;
mod cells;
mod colours;
mod drawings;
mod error;
mod fallback;
mod list;
mod look;
mod marks;
mod notes;
mod notice;
mod outline;
mod result_sheet;
mod state;
mod styles;
mod subject;
mod wording;

use std::collections::{BTreeMap, HashMap};

pub use self::error::ReturnError;
pub use self::fallback::{PlainCopy, plain_copy};
pub use self::notice::Notice;
pub use self::subject::Subject;

use self::book::Book;
use self::colours::Shade;
use self::marks::Mark;
use self::state::State;
use self::styles::Styles;
use crate::model::address::column_letters;
use crate::model::returned::{RESULT_SHEET, column};
use crate::model::{Allowance, CellAddress, Finding, Severity};
use crate::package::PackageCopy;
use crate::workbook::{Format, Limits, sniff};

const SHEET_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";

/// The unit's workbook with the findings of `notice` marked, and those of earlier rounds gone.
///
/// # Errors
/// The workbook is of a kind that cannot be marked in place, or is put together in a way that
/// marking might damage.
pub fn annotate(original: &[u8], notice: &Notice<'_>) -> Result<Vec<u8>, ReturnError> {
    annotate_within(original, notice, &Limits::default(), &Allowance::default())
}

/// [`annotate`], within other limits than the usual, as long as `allowance` has time.
///
/// # Errors
/// As for [`annotate`], or time is up.
pub fn annotate_within(
    original: &[u8],
    notice: &Notice<'_>,
    limits: &Limits,
    allowance: &Allowance<'_>,
) -> Result<Vec<u8>, ReturnError> {
    let mut package = open(original, limits)?;
    take_off(&mut package, original, limits, allowance)?;
    put_on(&mut package, notice, allowance)?;
    ReturnError::if_late(allowance)?;
    Ok(package.finish()?)
}

/// The unit's workbook without what earlier rounds put in it.
///
/// # Errors
/// The workbook cannot be read or changed.
pub fn strip(returned: &[u8]) -> Result<Vec<u8>, ReturnError> {
    let limits = Limits::default();
    let mut package = open(returned, &limits)?;
    take_off(&mut package, returned, &limits, &Allowance::default())?;
    Ok(package.finish()?)
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<PackageCopy<'a>, ReturnError> {
    match sniff("", bytes) {
        Format::Xlsx => {}
        other => return Err(ReturnError::NotKeepable(other)),
    }
    let mut package = PackageCopy::of(bytes, limits.part_bytes)?;
    package
        .check_sizes(limits.part_bytes, limits.unpacked_bytes)
        .map_err(|problem| ReturnError::Unreadable(problem.into()))?;
    Ok(package)
}

fn put_on(
    package: &mut PackageCopy<'_>,
    notice: &Notice<'_>,
    allowance: &Allowance<'_>,
) -> Result<(), ReturnError> {
    let book = Book::read(package)?;
    let styles_part = styles_part(package, &book)?;
    let mut styles = Styles::read(package.needed(&styles_part)?)?;
    let look = styles.add_look();
    let mut state = State {
        selected: marks::deselect_all(package, &book)?,
        ..State::default()
    };
    for sheet in book.sheets.iter().filter(|sheet| sheet.has_cells) {
        ReturnError::if_late(allowance)?;
        let told = told_on(notice, &sheet.name);
        if !told.is_empty() {
            let mark = |told: &[Told<'_>]| mark(notice, told);
            marks::put_on(package, book.dialect, &sheet.part, told, mark, &mut styles)?;
        }
    }
    state.fills = styles
        .replaced()
        .map(|(number, fill)| (number, fill.to_owned()))
        .collect();
    package.set(&styles_part, styles.finish()?);
    add_result_sheet(package, notice, &look, state)
}

fn add_result_sheet(
    package: &mut PackageCopy<'_>,
    notice: &Notice<'_>,
    look: &look::Look,
    mut state: State,
) -> Result<(), ReturnError> {
    // Read again: it may have been given a styles part.
    let book = Book::read(package)?;
    let part = package.free_name("xl/worksheets/sheet_tonghop", ".xml");
    package.declare(&part, SHEET_TYPE)?;
    let relation = package.relate(&book.part, book.dialect.relations, "worksheet", &part)?;
    let name = book.free_sheet_name(RESULT_SHEET);
    let links = |name: &str| {
        book.sheets
            .iter()
            .any(|sheet| sheet.has_cells && sheet.name == name)
    };
    state.view = book.view();
    let sheet = result_sheet::write(notice, look, &state, book.dialect, links);
    let corner = format!(
        "${}${}",
        column_letters(column::EXPLANATION),
        sheet.last_row
    );
    let text = book.insert_first(&name, &relation, sheet.header_row, &corner)?;
    package.set(&part, sheet.xml);
    package.set(&book.part, text);
    Ok(())
}

/// The styles part; a workbook without one gets one.
fn styles_part(package: &mut PackageCopy<'_>, book: &Book) -> Result<String, ReturnError> {
    if let Some(part) = book.related("styles") {
        return Ok(part.to_owned());
    }
    let part = package.free_name("xl/styles_tonghop", ".xml");
    package.declare(&part, STYLES_TYPE)?;
    package.relate(&book.part, book.dialect.relations, "styles", &part)?;
    package.set(&part, list::least(book.dialect.main));
    Ok(part)
}

/// What is marked at a cell: a finding, or that a finding elsewhere makes it suspect.
enum Told<'a> {
    Here(&'a Finding),
    Suspect(&'a Finding),
}

fn told_on<'a>(notice: &Notice<'a>, sheet: &str) -> BTreeMap<CellAddress, Vec<Told<'a>>> {
    let mut told: BTreeMap<CellAddress, Vec<Told<'_>>> = BTreeMap::new();
    for finding in notice.findings {
        if let Some(cell) = finding.cell
            && finding.sheet.as_deref() == Some(sheet)
        {
            told.entry(cell).or_default().push(Told::Here(finding));
        }
        if let Some(cause) = notice.suspected_elsewhere(finding)
            && &*cause.sheet == sheet
        {
            let told = told.entry(cause.cell).or_default();
            told.push(Told::Suspect(finding));
        }
    }
    told
}

/// One mark for all that is wrong at a cell, in the colour of the most urgent of it.
fn mark(notice: &Notice<'_>, told: &[Told<'_>]) -> Mark {
    let shade = |told: &Told<'_>| match told {
        Told::Suspect(finding) if finding.severity == Severity::Error => Shade::Wrong,
        Told::Suspect(_) => Shade::Doubtful,
        Told::Here(finding) => notice.shade(finding),
    };
    let here = told.iter().filter_map(|told| match told {
        Told::Here(finding) => {
            let elsewhere = wording::elsewhere(finding, notice.suspected_elsewhere(finding));
            Some((*finding, notice.standing(finding), elsewhere))
        }
        Told::Suspect(_) => None,
    });
    let suspect = told.iter().filter_map(|told| match told {
        Told::Suspect(finding) => Some(*finding),
        Told::Here(_) => None,
    });
    Mark {
        shade: told.iter().map(shade).min().unwrap_or(Shade::Known),
        note: wording::note(notice.subject, here, suspect),
    }
}

fn take_off(
    package: &mut PackageCopy<'_>,
    bytes: &[u8],
    limits: &Limits,
    allowance: &Allowance<'_>,
) -> Result<(), ReturnError> {
    let book = Book::read(package)?;
    let result = result_of(&book, bytes, limits);
    let before = match book.related("styles") {
        Some(part) => unmark_styles(package, part, result.as_ref().map(|(_, state)| state))?,
        None => HashMap::new(),
    };
    let result_at = result.as_ref().map(|(at, _)| *at);
    for (at, sheet) in book.sheets.iter().enumerate() {
        ReturnError::if_late(allowance)?;
        if sheet.has_cells && Some(at) != result_at && package.has(&sheet.part) {
            marks::take_off(package, &sheet.part, &before)?;
        }
    }
    match result {
        Some((at, state)) => {
            remove_result_sheet(package, &book, at, &state)?;
            Ok(package.undeclare_ending(marks::DRAWING_ENDING, marks::DRAWING_TYPE)?)
        }
        None => Ok(()),
    }
}

/// Place of the result sheet of an earlier round, and what it remembers.
fn result_of(book: &Book, bytes: &[u8], limits: &Limits) -> Option<(usize, State)> {
    let named = book
        .sheets
        .iter()
        .any(|sheet| sheet.name.starts_with(RESULT_SHEET));
    if !named {
        return None;
    }
    let workbook = crate::workbook::workbook_from_bytes("", bytes, limits).ok()?;
    let sheet = crate::extract::explanations::result_sheet(&workbook)?;
    let at = book
        .sheets
        .iter()
        .position(|entry| *entry.name == *sheet.name)?;
    Some((at, State::read(sheet)))
}

fn unmark_styles(
    package: &mut PackageCopy<'_>,
    part: &str,
    state: Option<&State>,
) -> Result<HashMap<usize, usize>, ReturnError> {
    let Some(text) = package.text(part)? else {
        return Ok(HashMap::new());
    };
    let mut styles = Styles::read(text)?;
    let fills = state.map(|state| &state.fills).into_iter().flatten();
    let fills = fills.filter(|(_, fill)| styles::is_fill(fill, &styles.prefix));
    let fills = fills
        .map(|(number, fill)| (*number, fill.clone()))
        .collect();
    let before = styles.unmark(&fills);
    if styles.changed() {
        package.set(part, styles.finish()?);
    }
    Ok(before)
}

fn remove_result_sheet(
    package: &mut PackageCopy<'_>,
    book: &Book,
    at: usize,
    state: &State,
) -> Result<(), ReturnError> {
    let (text, was_in_front) = book.without(at, &state.view)?;
    package.set(&book.part, text);
    package.unrelate(&book.part, &book.sheets[at].relation)?;
    package.remove(&book.sheets[at].part)?;
    if was_in_front {
        for sheet in book
            .sheets
            .iter()
            .filter(|sheet| state.selected.contains(&sheet.name))
        {
            marks::select(package, &sheet.part, true)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
