//! Imputes the figure of a cell that is blank or unreadable from the rules it is in; only as a
//! suggestion.

use std::collections::{BTreeMap, BTreeSet};

use super::slip::as_value;
use super::system::defined;
use crate::extract::{NO_FIGURE, STRUCK_OUT, to_type_again};
use crate::model::value::Shown;
use crate::model::value::message;
use crate::model::{CellAddress, Finding, Lang, Number, Place, Severity, Suspect, Value};
use crate::rules::equation::Equation;
use crate::rules::instance::Instance;
use crate::rules::ratio;
use crate::rules::scope::{CellRef, RowRef, UnitTables};

/// Adds the figure of each of these cells, which are blank or unreadable, to what is found there.
pub(super) fn impute(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    open: &[CellRef],
    read: &mut [Finding],
    reported: &mut [Finding],
) {
    follow_parts(unit, instances, open, read);
    let sums: Vec<Equation> = instances
        .iter()
        .filter(|i| i.rule.severity == Severity::Error && !i.rule.beta && i.rule.when.is_none())
        .filter(|instance| !follows(unit, instance))
        .filter_map(|instance| Equation::of(instance, unit))
        .collect();
    let known = |at: &CellRef| Some((*at, agreed(unit, &sums, open, *at)?));
    let figures: BTreeMap<CellRef, Number> = open.iter().filter_map(known).collect();
    let doubtful = doubtful(unit, instances, &figures);
    for at in open {
        let file = &unit.tables[at.table].file;
        let Some(place) = place(unit, *at) else {
            continue;
        };
        let is_doubtful = doubtful.contains(&(at.table, at.row));
        if is_doubtful {
            unsuggest(reported, &place);
        }
        let figure = blamed(reported, &place).or_else(|| {
            let figure = figures.get(at).filter(|_| !is_doubtful)?;
            Some(as_value(*figure, unit.is_flag(*at)))
        });
        let told = |finding: &Finding| {
            finding.file == *file
                && finding.sheet.as_ref() == Some(&place.sheet)
                && finding.severity == Severity::Error
        };
        let here = |finding: &Finding| told(finding) && finding.cell == Some(place.cell);
        if read.iter().any(here) {
            let mut own = read.iter_mut();
            let own = own.find(|finding| here(finding) && is_of(finding, &place));
            if let (Some(figure), Some(finding)) = (figure, own) {
                suggest(finding, &place, figure);
            }
            continue;
        }
        let mut rows = read.iter_mut();
        if let Some(row) = rows.find(|finding| told(finding) && tells_row(finding, place.cell)) {
            if let Some(figure) = figure {
                suggest(row, &place, figure);
            }
            follow_row(reported, &place, row.place());
        } else if let Some(all) = told_together(read, &told) {
            follow_row(reported, &place, all);
        }
    }
}

/// Rows whose blanks, filled in with what their columns ask for, contradict a ratio that is written
/// there.
fn doubtful(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    figures: &BTreeMap<CellRef, Number>,
) -> BTreeSet<(usize, RowRef)> {
    let mut rows = BTreeSet::new();
    for instance in instances {
        let Some(of) = ratio::of(instance, unit) else {
            continue;
        };
        let filled = instance.cells.iter().filter_map(|at| {
            let figure = figures.get(at)?;
            Some((*at, Value::Number(*figure)))
        });
        let filled: Vec<(CellRef, Value)> = filled.collect();
        if !filled.is_empty() && of.agrees(&filled) == Some(false) {
            rows.extend(filled.iter().map(|(at, _)| (at.table, at.row)));
        }
    }
    rows
}

/// Takes back what is suggested for a cell.
fn unsuggest(reported: &mut [Finding], place: &Place) {
    let here = |one: &Suspect| one.sheet == place.sheet && one.cell == place.cell;
    for finding in reported {
        finding.review.suspects.retain(|one| !here(one));
    }
}

/// Where all blanks of a table are told at once, if they are: in no finding of its own rows is any.
fn told_together(read: &[Finding], told: &dyn Fn(&Finding) -> bool) -> Option<Option<Place>> {
    let mut blanks = read.iter().filter(|one| told(one) && one.rule == NO_FIGURE);
    let (all, None) = (blanks.next()?, blanks.next()) else {
        return None;
    };
    Some(all.place())
}

/// What follows from a blank that is told with others of its row follows from the first of these.
fn follow_row(reported: &mut [Finding], blank: &Place, first: Option<Place>) {
    let follow = |finding: &&mut Finding| finding.review.cause.as_ref() == Some(blank);
    for finding in reported.iter_mut().filter(follow) {
        finding.review.cause.clone_from(&first);
    }
}

/// Does it follow from no other cell?
fn is_of(finding: &Finding, place: &Place) -> bool {
    let cause = finding.review.cause.as_ref();
    cause.is_none_or(|cause| cause == place)
}

/// Is it about all blank cells of a row, of which this is one?
pub(super) fn tells_row(finding: &Finding, cell: CellAddress) -> bool {
    let first = finding.cell.is_some_and(|first| first.row == cell.row);
    finding.rule == NO_FIGURE && first
}

/// A formula over a cell that is blank, unreadable or a figure stored as text may yield nothing that
/// can be read, either: what is found at it follows from the cell behind it.
fn follow_parts(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    open: &[CellRef],
    read: &mut [Finding],
) {
    let mut parts: BTreeMap<CellRef, Vec<CellRef>> = BTreeMap::new();
    for instance in instances {
        let percentage = ratio::of(instance, unit).map(|of| of.at);
        let at = percentage.or_else(|| defined(unit, instance));
        let Some(at) = at.filter(|at| open.contains(at) && unit.is_formula(*at)) else {
            continue;
        };
        let read: Vec<CellRef> = match percentage {
            Some(_) => instance.cells.clone(),
            None => Equation::of(instance, unit)
                .map_or(Vec::new(), |sum| sum.terms.into_keys().collect()),
        };
        let silent = |part: &CellRef| open.contains(part) || unit.is_text(*part);
        let behind = read.into_iter().filter(|part| *part != at && silent(part));
        parts.entry(at).or_default().extend(behind);
    }
    for at in parts.keys() {
        let Some(behind) = root(&parts, *at) else {
            continue;
        };
        let (Some(here), Some(cause)) = (place(unit, *at), place(unit, behind)) else {
            continue;
        };
        let file = &unit.tables[at.table].file;
        let reported = |finding: &&mut Finding| {
            finding.file == *file
                && finding.sheet.as_ref() == Some(&here.sheet)
                && finding.cell == Some(here.cell)
                && finding.severity == Severity::Error
        };
        for finding in read.iter_mut().filter(reported) {
            finding.review.cause = Some(cause.clone());
            finding.review.suspects = stored_as_text(unit, behind, &cause);
        }
    }
}

/// The figure behind a formula that shows nothing, where it is there and stored as text.
fn stored_as_text(unit: &UnitTables<'_>, at: CellRef, place: &Place) -> Vec<Suspect> {
    let figure = unit.cell(at).and_then(|cell| cell.value());
    let figure = figure.filter(|_| unit.is_text(at)).cloned();
    let suspect = figure.map(|figure| Suspect {
        sheet: place.sheet.clone(),
        cell: place.cell,
        value: Some(figure.clone()),
        suggestion: Some(figure),
        rank: 1,
        together: false,
        reason: to_type_again(),
    });
    suspect.into_iter().collect()
}

/// The cell at the end of the chain of first open parts. Rows and columns are added up in few
/// steps; a circle of formulas ends the search.
fn root(parts: &BTreeMap<CellRef, Vec<CellRef>>, at: CellRef) -> Option<CellRef> {
    let mut path = vec![at];
    let mut bottom = *parts.get(&at)?.first()?;
    while let Some(next) = parts.get(&bottom).and_then(|parts| parts.first()) {
        if path.contains(&bottom) {
            return None;
        }
        path.push(bottom);
        bottom = *next;
    }
    Some(bottom)
}

pub(super) fn place(unit: &UnitTables<'_>, at: CellRef) -> Option<Place> {
    Some(Place {
        sheet: unit.tables[at.table].sheet.clone(),
        cell: unit.cell(at)?.address?,
    })
}

/// Does the instance only restate a formula over the blank? Its result is then no evidence for the
/// blank's figure.
fn follows(unit: &UnitTables<'_>, instance: &Instance) -> bool {
    defined(unit, instance).is_some_and(|at| unit.is_formula(at))
}

/// The figure that findings which follow from this very cell suggest for it.
fn blamed(reported: &[Finding], place: &Place) -> Option<Value> {
    let caused = |finding: &&Finding| finding.review.cause.as_ref() == Some(place);
    let first = reported.iter().find(caused)?.review.suspects.first()?;
    first.suggestion.clone()
}

/// Cells whose figure is due and not known.
pub(super) fn open_cells(unit: &UnitTables<'_>) -> Vec<CellRef> {
    let mut open = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let rows = (0..read.rows.len()).map(RowRef::Row);
        let rows = rows.chain(read.total.as_ref().map(|_| RowRef::Total));
        for row in rows {
            let cells =
                (0..read.form.file.columns.len()).map(|column| CellRef { table, row, column });
            open.extend(cells.filter(|at| unit.is_open(*at)));
        }
    }
    open
}

/// The figure that every equality in which only this cell is unknown requires.
fn agreed(
    unit: &UnitTables<'_>,
    sums: &[Equation],
    open: &[CellRef],
    at: CellRef,
) -> Option<Number> {
    let solved = sums.iter().filter_map(|sum| {
        let coefficient = sum.terms.get(&at)?;
        let known = sum
            .terms
            .keys()
            .all(|other| *other == at || !open.contains(other) && unit.figure(*other).is_some());
        if !known {
            return None;
        }
        let rest = sum.value(|at| unit.figure(at))?;
        (-rest).checked_div(*coefficient)
    });
    let mut figures: Vec<Number> = solved.map(|figure| figure.normalize()).collect();
    figures.dedup();
    let field = unit.field(at)?;
    match figures.as_slice() {
        [figure]
            if figure.scale() <= field.decimals && (field.negative || *figure >= Number::ZERO) =>
        {
            Some(*figure)
        }
        _ => None,
    }
}

fn suggest(finding: &mut Finding, place: &Place, suggestion: Value) {
    // Of a cell with struck-out letters a person sees the rest. If the totals agree with all of it,
    // they were added up before the figure was corrected.
    let seen = finding.review.suspects.first();
    if finding.rule == STRUCK_OUT
        && seen.is_some_and(|seen| seen.suggestion.as_ref() != Some(&suggestion))
    {
        for suspect in &mut finding.review.suspects {
            suspect.reason.vi.push_str(&format!("; nhưng các số khác của đơn vị vẫn tính theo {suggestion}, sửa ô này thì xem lại cả các số ấy"));
            let figure = suggestion.shown(Lang::En);
            suspect.reason.en.push_str(&format!(
                "; but the unit's other figures still go by {figure}, so look at these, too"
            ));
        }
        return;
    }
    let same = |suspect: &&mut Suspect| {
        suspect.cell == place.cell && suspect.suggestion.as_ref() == Some(&suggestion)
    };
    let reason = message!(
    suggestion;
    "các số khác của đơn vị cho biết ô này phải là {suggestion}",
    "the unit's other figures ask for {suggestion} here"
    );
    if let Some(suspect) = finding.review.suspects.iter_mut().find(same) {
        suspect
            .reason
            .vi
            .push_str("; các số khác của đơn vị cũng cho biết như vậy");
        suspect
            .reason
            .en
            .push_str("; the unit's other figures ask for it too");
        return;
    }
    let own = finding.cell == Some(place.cell);
    let first = Suspect {
        sheet: place.sheet.clone(),
        cell: place.cell,
        value: finding.value.clone().filter(|_| own),
        suggestion: Some(suggestion),
        rank: 1,
        together: false,
        reason,
    };
    let suspects = &mut finding.review.suspects;
    // Each blank of a row left out has a figure of its own: they are no alternatives to one another.
    if !own {
        let rank = suspects.len() + 1;
        let together = rank > 1;
        suspects.push(Suspect {
            rank,
            together,
            ..first
        });
        return;
    }
    suspects.iter_mut().for_each(|suspect| suspect.rank += 1);
    suspects.insert(0, first);
}
