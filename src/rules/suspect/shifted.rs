//! Figures that were pasted one row too low: a row is blank, and the rows below hold what belongs to the
//! rows above them, as the ratios typed beside them tell.

use super::missing::{place, tells_row};
use crate::model::{Finding, Message, Number, Place, Severity, Suspect, Value};
use crate::rules::instance::{self, Instance};
use crate::rules::ratio::{self, RatioAt};
use crate::rules::scope::{CellRef, RowRef, UnitTables};

/// Ratios that must hold once the figures are moved up, and do not hold now.
const LEAST_TOLD: usize = 3;

/// A block of figures that belongs one row higher.
struct Shift {
    table: usize,
    /// The blank row, and the last whose figures are in the row below.
    rows: (usize, usize),
    /// The blank cells, with the figures below them.
    blanks: Vec<(CellRef, Number)>,
}

/// Tells blanks over a block that was pasted one row too low as that, in `read`; what was `reported` of
/// the rows of the block follows from it.
pub fn tell_shifts(unit: &UnitTables<'_>, read: &mut [Finding], reported: &mut [Finding]) {
    if read.is_empty() || reported.is_empty() {
        return;
    }
    let instances = instance::all(unit);
    for table in 0..unit.tables.len() {
        for row in 0..unit.tables[table].rows.len() {
            if let Some(shift) = shift(unit, &instances, table, row) {
                tell(unit, &shift, read, reported);
            }
        }
    }
}

/// The block below a blank row, if it belongs one row higher.
fn shift(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    table: usize,
    first: usize,
) -> Option<Shift> {
    let at = |row: usize, column: usize| CellRef {
        table,
        row: RowRef::Row(row),
        column,
    };
    let columns = 0..unit.tables[table].form.file.columns.len();
    let blank: Vec<usize> = columns
        .filter(|column| unit.is_open(at(first, *column)))
        .collect();
    if blank.len() < 2 {
        return None;
    }
    let sheet_row = |row: usize| Some(unit.cell(at(row, blank[0]))?.address?.row);
    // What a row would hold, taken from the one below it.
    let from_below = |row: usize| -> Option<Vec<(CellRef, Number)>> {
        if sheet_row(row)? + 1 != sheet_row(row + 1)? {
            return None;
        }
        let figure = |column: &usize| Some((at(row, *column), unit.figure(at(row + 1, *column))?));
        blank.iter().map(figure).collect()
    };
    let (mut told, mut last) = (0, None);
    for row in first..unit.tables[table].rows.len() - 1 {
        let Some(moved) = from_below(row) else {
            break;
        };
        let figures = moved
            .iter()
            .map(|(at, figure)| (*at, Value::Number(*figure)));
        let figures: Vec<(CellRef, Value)> = figures.collect();
        let own = instances.iter().filter_map(|one| ratio::of(one, unit));
        let own = own.filter(|of| (of.at.table, of.at.row) == (table, RowRef::Row(row)));
        let own: Vec<RatioAt<'_>> = own.filter(|of| of.agrees(&figures).is_some()).collect();
        if own.is_empty() || own.iter().any(|of| of.agrees(&figures) != Some(true)) {
            break;
        }
        told += own.iter().filter(|of| of.agrees(&[]) != Some(true)).count();
        last = Some(row);
    }
    let (rows, blanks) = ((first, last?), from_below(first)?);
    (told >= LEAST_TOLD).then_some(Shift {
        table,
        rows,
        blanks,
    })
}

fn tell(unit: &UnitTables<'_>, shift: &Shift, read: &mut [Finding], reported: &mut [Finding]) {
    let places: Option<Vec<Place>> = shift
        .blanks
        .iter()
        .map(|(at, _)| place(unit, *at))
        .collect();
    let Some(places) = places.filter(|places| !places.is_empty()) else {
        return;
    };
    let (file, sheet) = (&unit.tables[shift.table].file, places[0].sheet.clone());
    let of_table = |finding: &Finding| {
        finding.file == *file
            && finding.sheet.as_ref() == Some(&sheet)
            && finding.severity == Severity::Error
    };
    // Rows of the sheet, as people count them: the blank one, and the last that is filled.
    let blank = places[0].cell.row + 1;
    let count = u32::try_from(shift.rows.1 - shift.rows.0 + 1).unwrap_or(u32::MAX);
    let last = blank.saturating_add(count);
    let told = |finding: &Finding| of_table(finding) && tells_row(finding, places[0].cell);
    let Some(finding) = read.iter_mut().find(|finding| told(finding)) else {
        return;
    };
    let (from, to) = (blank + 1, last);
    let more = Message::new(
        format!(
            " Các số ở dòng {from} đến {to} khớp với tỷ lệ của dòng ngay trên chúng: có lẽ cả khối đã bị dán xuống thấp một dòng. Hãy chuyển các số ấy lên một dòng, rồi gõ lại số của dòng {to}."
        ),
        format!(
            " The figures in rows {from} to {to} fit the ratios of the rows above them: the block may have been pasted one row too low. Move it up by one row, then type row {to} again."
        ),
    );
    *finding = finding.clone().adding(&more);
    let reason = Message::new(
        format!("số này đang ở dòng {from}: nghi cả khối bị dán xuống thấp một dòng"),
        format!("it stands in row {from}: the block may have been pasted one row too low"),
    );
    let blanks = shift.blanks.iter().zip(&places).enumerate();
    let suspects = blanks.map(|(rank, ((_, figure), place))| Suspect {
        sheet: place.sheet.clone(),
        cell: place.cell,
        value: None,
        suggestion: Some(Value::Number(*figure)),
        rank: rank + 1,
        reason: reason.clone(),
    });
    finding.review.suspects = suspects.collect();
    let first = finding.place();
    let follows = |finding: &&mut Finding| {
        let row = finding.cell.map(|cell| cell.row + 1);
        let in_block = row.is_some_and(|row| (blank..=last).contains(&row));
        of_table(finding) && (in_block || finding.review.cause == first)
    };
    for follower in reported.iter_mut().filter(follows) {
        follower.review.suspects.clear();
        follower.review.cause.clone_from(&first);
    }
}
