//! Blocks of figures that were pasted a few rows too low or too high: rows are blank, and the rows below
//! (above) them hold what belongs to them. In fixed rows the ratios typed beside them tell; in a list a
//! name without figures and figures without a name do, as the reader has told.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::missing::{place, tells_row};
use crate::extract::{BARE, NAMELESS, NO_FIGURE};
use crate::model::{
    Finding, Message, Number, Place, Severity, Suspect, Value, few_rows, rows_from,
};
use crate::rules::instance::Instance;
use crate::rules::ratio::{self, RatioAt};
use crate::rules::scope::{CellRef, RowRef, UnitTables};

/// Ratios that must hold once the figures are moved, and do not hold now.
const LEAST_TOLD: usize = 3;
/// Cells of a row that must be blank together.
const LEAST_BLANK: usize = 2;
/// How many rows a block may be off.
const FARTHEST: usize = 3;

/// The ratios of each row of each table.
type Ratios<'a> = BTreeMap<(usize, usize), Vec<RatioAt<'a>>>;

/// A block of figures that belongs to other rows.
struct Shift {
    table: usize,
    /// Columns that were pasted.
    columns: Vec<usize>,
    /// The blank rows, in the order of the table.
    blank: Vec<usize>,
    /// Rows whose figures stand elsewhere, the blank ones among them.
    rows: RangeInclusive<usize>,
    /// Do their figures stand below them, or above?
    is_low: bool,
}

/// Has the reader told of a list that a block may stand too low in it?
pub(super) fn is_told(read: &[Finding]) -> bool {
    read.iter().any(|finding| told_block(finding).is_some())
}

/// Tells blanks beside a block that was pasted too low or too high as that, in `read`; what was `reported`
/// of the rows of the block follows from it.
pub(super) fn tell(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    read: &mut [Finding],
    reported: &mut [Finding],
) {
    for block in lists(unit, read) {
        block.follow(unit, instances, read, reported);
    }
    let ratios = ratios(unit, instances);
    if ratios.is_empty() {
        return;
    }
    for shift in shifts(unit, &ratios) {
        if let Some(block) = shift.tell(unit, read) {
            block.follow(unit, instances, read, reported);
        }
    }
}

fn ratios<'a>(unit: &'a UnitTables<'a>, instances: &'a [Instance]) -> Ratios<'a> {
    let mut ratios = Ratios::new();
    for of in instances.iter().filter_map(|one| ratio::of(one, unit)) {
        if let RowRef::Row(row) = of.at.row {
            ratios.entry((of.at.table, row)).or_default().push(of);
        }
    }
    ratios
}

/// Rows of the sheet (from 0) where a list has names and no figures, to where it has figures and no
/// names.
fn told_block(finding: &Finding) -> Option<RangeInclusive<u32>> {
    let (first, cell) = (finding.review.suspects.first()?, finding.cell?);
    let is_low = finding.rule == NAMELESS && first.cell.row < cell.row;
    is_low.then_some(first.cell.row..=cell.row)
}

/// Blocks of lists, as the reader has told them.
fn lists(unit: &UnitTables<'_>, read: &[Finding]) -> Vec<Block> {
    let told = read.iter().filter_map(|finding| {
        let (rows, lead) = (told_block(finding)?, finding.place()?);
        let mut tables = unit.tables.iter();
        let table = tables.position(|table| {
            table.file == finding.file
                && table.sheet == lead.sheet
                && Some(table.form.id()) == finding.form.as_deref()
        })?;
        let columns = finding.review.suspects.iter().map(|one| one.cell.column);
        Some(Block {
            table,
            columns: columns.collect(),
            rows,
            lead,
        })
    });
    told.collect()
}

/// Everything that ratios tell to be pasted elsewhere.
fn shifts(unit: &UnitTables<'_>, ratios: &Ratios<'_>) -> Vec<Shift> {
    let mut shifts = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let blank = |row: usize| -> Vec<usize> {
            let columns = 0..read.form.file.columns.len();
            let at = |column: usize| CellRef {
                table,
                row: RowRef::Row(row),
                column,
            };
            columns.filter(|column| unit.is_open(at(*column))).collect()
        };
        let mut next = 0;
        while next < read.rows.len() {
            let (first, columns) = (next, blank(next));
            next += 1;
            if columns.len() < LEAST_BLANK {
                continue;
            }
            while next < read.rows.len() && blank(next) == columns {
                next += 1;
            }
            let run = first..next;
            if run.len() <= FARTHEST {
                let sides = [true, false].into_iter();
                shifts.extend(sides.filter_map(|is_low| {
                    Shift::beside(
                        unit,
                        ratios,
                        (table, &columns),
                        run.clone().collect(),
                        is_low,
                    )
                }));
            }
        }
    }
    shifts
}

impl Shift {
    /// The block below (above) blank rows, if it belongs to them and the rows that follow.
    fn beside(
        unit: &UnitTables<'_>,
        ratios: &Ratios<'_>,
        (table, columns): (usize, &[usize]),
        blank: Vec<usize>,
        is_low: bool,
    ) -> Option<Shift> {
        let (first, last) = (*blank.first()?, *blank.last()?);
        let mut shift = Shift {
            table,
            columns: columns.to_vec(),
            rows: first..=last,
            blank,
            is_low,
        };
        let rows: Vec<usize> = match is_low {
            true => (first..unit.tables[table].rows.len()).collect(),
            false => (0..=last).rev().collect(),
        };
        let (mut told, mut end) = (0, None);
        for row in rows {
            let fits = ratios.get(&(table, row)).zip(shift.moved(unit, row));
            let fits = fits.and_then(|(own, moved)| newly_right(own, &moved));
            let Some(right) = fits else {
                break;
            };
            told += right;
            end = Some(row);
        }
        let end = end.filter(|_| told >= LEAST_TOLD)?;
        shift.rows = if is_low { first..=end } else { end..=last };
        Some(shift)
    }

    /// The row where the figures of a row stand.
    fn source(&self, row: usize) -> Option<usize> {
        match self.is_low {
            true => row.checked_add(self.blank.len()),
            false => row.checked_sub(self.blank.len()),
        }
    }

    fn line(&self, unit: &UnitTables<'_>, row: usize) -> Option<u32> {
        let column = *self.columns.first()?;
        Some(unit.cell(self.at(row, column))?.address?.row)
    }

    fn at(&self, row: usize, column: usize) -> CellRef {
        CellRef {
            table: self.table,
            row: RowRef::Row(row),
            column,
        }
    }

    /// What a row would hold.
    fn moved(&self, unit: &UnitTables<'_>, row: usize) -> Option<Vec<(CellRef, Value)>> {
        let from = self.source(row)?;
        let apart = self.line(unit, from)?.abs_diff(self.line(unit, row)?);
        if usize::try_from(apart).ok()? != self.blank.len() {
            return None;
        }
        let figure = |column: &usize| -> Option<(CellRef, Value)> {
            let figure: Number = unit.figure(self.at(from, *column))?;
            Some((self.at(row, *column), Value::Number(figure)))
        };
        self.columns.iter().map(figure).collect()
    }

    /// Says so at the first blank row, unless that has been told otherwise.
    fn tell(&self, unit: &UnitTables<'_>, read: &mut [Finding]) -> Option<Block> {
        let suspects = self.suspects(unit)?;
        let first = suspects.first()?;
        let file = &unit.tables[self.table].file;
        let finding = read.iter_mut().find(|finding| {
            finding.file == *file
                && finding.sheet.as_ref() == Some(&first.sheet)
                && finding.review.cause.is_none()
                && tells_row(finding, first.cell)
        })?;
        let line = |row: usize| self.line(unit, row);
        let from = line(self.source(*self.rows.start())?)?;
        let to = line(self.source(*self.rows.end())?)?;
        let (start, end) = (line(*self.rows.start())?, line(*self.rows.end())?);
        let block = Block {
            table: self.table,
            columns: suspects.iter().map(|one| one.cell.column).collect(),
            rows: from.min(start)..=to.max(end),
            lead: finding.place()?,
        };
        *finding = finding.clone().adding(&self.words(from + 1, to + 1));
        finding.review.suspects = suspects;
        Some(block)
    }

    /// The blank cells, each with the figure that stands elsewhere.
    fn suspects(&self, unit: &UnitTables<'_>) -> Option<Vec<Suspect>> {
        let mut suspects = Vec::new();
        for row in &self.blank {
            let from = self.line(unit, self.source(*row)?)? + 1;
            for (at, figure) in self.moved(unit, *row)? {
                let place = place(unit, at)?;
                suspects.push(Suspect {
                    sheet: place.sheet,
                    cell: place.cell,
                    value: None,
                    suggestion: Some(figure),
                    rank: suspects.len() + 1,
                    together: !suspects.is_empty(),
                    reason: self.reason(from),
                });
            }
        }
        Some(suspects)
    }

    /// What the figures in these rows of the sheet (from 1) tell.
    fn words(&self, from: u32, to: u32) -> Message {
        let count = self.count();
        let by = few_rows(count);
        let more = count.saturating_sub(1);
        let [of, pasted, to_move] = match self.is_low {
            true => [("trên", "above"), ("xuống thấp", "low"), ("lên", "up")],
            false => [("dưới", "below"), ("lên cao", "high"), ("xuống", "down")],
        };
        let again = match self.is_low {
            true => rows_from(to.saturating_sub(more), to),
            false => rows_from(from, from.saturating_add(more)),
        };
        let block = rows_from(from, to);
        let beside = match count {
            1 => format!("dòng ngay {} chúng", of.0),
            _ => format!("dòng ở {} chúng {}", of.0, by.vi),
        };
        Message::new(
            format!(
                " Các số ở {} khớp với tỷ lệ của {beside}: có lẽ cả khối đã bị dán {} {}. Hãy chuyển các số ấy {} {}, rồi gõ lại số của {}.",
                block.vi, pasted.0, by.vi, to_move.0, by.vi, again.vi
            ),
            format!(
                " The figures in {} fit the ratios {} {} them: the block may have been pasted {} too {}. Move it {} by {}, then type {} again.",
                block.en, by.en, of.1, by.en, pasted.1, to_move.1, by.en, again.en
            ),
        )
    }

    /// Why a blank cell is suspected whose figure stands in a row of the sheet (from 1).
    fn reason(&self, line: u32) -> Message {
        let by = few_rows(self.count());
        let (vi, en) = match self.is_low {
            true => ("xuống thấp", "low"),
            false => ("lên cao", "high"),
        };
        Message::new(
            format!(
                "số này đang ở dòng {line}: nghi cả khối bị dán {vi} {}",
                by.vi
            ),
            format!(
                "it stands in row {line}: the block may have been pasted {} too {en}",
                by.en
            ),
        )
    }

    /// How many rows it is off.
    fn count(&self) -> u32 {
        u32::try_from(self.blank.len()).unwrap_or(u32::MAX)
    }
}

/// How many ratios of a row hold only with other figures in it; `None` if one does not hold with them, or
/// none reads them.
fn newly_right(own: &[RatioAt<'_>], moved: &[(CellRef, Value)]) -> Option<usize> {
    let mut asked = own
        .iter()
        .filter(|of| of.agrees(moved).is_some())
        .peekable();
    asked.peek()?;
    let asked: Vec<&RatioAt<'_>> = asked.collect();
    let all = asked.iter().all(|of| of.agrees(moved) == Some(true));
    let newly = asked.iter().filter(|of| of.agrees(&[]) != Some(true));
    all.then(|| newly.count())
}

/// Rules, each with a cell that it reads somewhere.
type Rules<'a> = BTreeSet<(&'a str, Option<Place>)>;

/// A block of a sheet that was told to stand in the wrong rows.
struct Block {
    table: usize,
    /// Columns of the sheet that were pasted, from 0.
    columns: BTreeSet<u32>,
    /// Its rows with the blank ones, of the sheet, from 0.
    rows: RangeInclusive<u32>,
    /// Where it is told.
    lead: Place,
}

impl Block {
    /// What is found in its rows follows from it, except where a rule reads nothing but figures that were
    /// moved together.
    fn follow(
        &self,
        unit: &UnitTables<'_>,
        instances: &[Instance],
        read: &mut [Finding],
        reported: &mut [Finding],
    ) {
        let file = &unit.tables[self.table].file;
        let within =
            |place: &Place| place.sheet == self.lead.sheet && self.rows.contains(&place.cell.row);
        let is_here = |finding: &Finding| {
            finding.file == *file
                && finding.severity != Severity::Info
                && finding.place().as_ref() != Some(&self.lead)
        };
        let about = |finding: &Finding| {
            let causes = [finding.place(), finding.review.cause.clone()];
            is_here(finding) && causes.iter().flatten().any(within)
        };
        let blanks = read.iter_mut().filter(|finding| {
            [BARE, NAMELESS, NO_FIGURE].contains(&finding.rule.as_str()) && about(finding)
        });
        let (own, others) = self.rules(unit, instances);
        let among = |rules: &Rules<'_>, finding: &Finding| {
            let place = finding.place();
            rules.contains(&(finding.rule.as_str(), place))
        };
        let rules = reported.iter_mut().filter(|finding| {
            !among(&own, finding) && (about(finding) || among(&others, finding) && is_here(finding))
        });
        for follower in blanks.chain(rules) {
            follower.review.suspects.clear();
            follower.review.cause = Some(self.lead.clone());
        }
    }

    /// Rules that read figures of the block, each with the cells it reads: first those that read nothing
    /// but figures of one row and period, which hold or fail wherever the block stands.
    fn rules<'a>(
        &self,
        unit: &UnitTables<'_>,
        instances: &'a [Instance],
    ) -> (Rules<'a>, Rules<'a>) {
        let (mut own, mut others) = (Rules::new(), Rules::new());
        let in_block = |place: &Place| {
            place.sheet == self.lead.sheet
                && self.rows.contains(&place.cell.row)
                && self.columns.contains(&place.cell.column)
        };
        for instance in instances.iter().filter(|one| one.table == self.table) {
            let places = instance.cells.iter().filter_map(|at| place(unit, *at));
            let places: Vec<Place> = places.collect();
            let rows: BTreeSet<u32> = places.iter().map(|place| place.cell.row).collect();
            let mut reads = instance.rule.check.reads().into_iter();
            let is_own = instance.rule.when.is_none()
                && rows.len() == 1
                && places.iter().all(in_block)
                && reads.all(|read| read.past.is_none());
            let rules = if is_own { &mut own } else { &mut others };
            if places.iter().any(in_block) {
                let rule = instance.rule.id.as_str();
                rules.extend(places.into_iter().map(|place| (rule, Some(place))));
            }
        }
        (own, others)
    }
}
