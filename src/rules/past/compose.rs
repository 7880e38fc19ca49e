//! A quarter, half or year put together from the closed periods it is made of: flows are added up,
//! stocks are those of the first or the last of them, ratios are computed anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::as_facts::facts_of;
pub use super::course::concluded_last;
use super::course::{Course, courses};
use super::previous::{Expected, Figures, FormFigures, PeriodFigures};
use super::succession::{inherit, put_together};
use super::sums::{Pending, add_ratios, by_rule};
use crate::model::{Fact, Number, Period, ReportingUnit, Value};
use crate::roster::Roster;
use crate::schema::determined::Determined;
use crate::schema::form::{Aggregate, OverTime};
use crate::schema::{Field, Form, Meaning};

/// One closed period.
#[derive(Debug, Clone)]
pub struct ClosedPart {
    /// The period.
    pub period: Period,
    /// Its facts.
    pub facts: Vec<Fact>,
    /// (unit code, form id) of every form that was accepted; also of one with nothing to report.
    pub accepted: Vec<(String, String)>,
    /// The units that had to file each form.
    pub expected: Expected,
}

/// The parts put together.
#[derive(Debug, Clone, Default)]
pub struct Composed {
    /// As rules of later periods read them.
    pub figures: PeriodFigures,
    /// As facts of the whole period, by unit and form.
    pub facts: Vec<Fact>,
    /// (unit code, form id) of every form that is complete.
    pub complete: BTreeSet<(String, String)>,
    /// What could not be put together.
    pub gaps: Vec<PartGap>,
    /// What parts have of units that no unit of the last day is or was made of, by form.
    pub left_behind: Vec<LeftBehind>,
}

/// Figures of a form that belong to no unit of the whole period's last day.
#[derive(Debug, Clone)]
pub struct LeftBehind {
    /// The form.
    pub form: Arc<Form>,
    /// Codes of the units that filed them.
    pub units: BTreeSet<String>,
    /// The periods they filed them in.
    pub periods: BTreeSet<Period>,
}

/// Something of one form of one unit that has no figure for the whole period.
#[derive(Debug, Clone)]
pub struct PartGap {
    /// The unit.
    pub unit: Arc<ReportingUnit>,
    /// The form.
    pub form: Arc<Form>,
    /// What it is.
    pub lacking: Lacking,
}

/// What could not be put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacking {
    /// The form: these periods do not have it.
    Form(Vec<Period>),
    /// These cells, in words: a period lacks the figure, or has several rows of the name.
    Cells(Vec<String>),
}

/// Columns of a form, as rules name them, for which neither the form nor its rules determine
/// whether a quarter has the sum of its months or the last of them.
pub fn without_course(form: &Form) -> Vec<String> {
    let unknown = courses(form)
        .into_iter()
        .filter(|(_, course)| course.is_none());
    let columns: BTreeSet<usize> = unknown.map(|((_, column), _)| column).collect();
    let columns = columns
        .into_iter()
        .filter_map(|at| form.file.columns.get(at));
    columns.map(|column| column.id.get_ref().clone()).collect()
}

/// Puts `whole` together from its parts, for the units of its last day. A unit that did not exist
/// in the first parts begins with the first in which it did.
pub fn compose(
    whole: Period,
    parts: &[ClosedPart],
    roster: &Roster,
    forms: &[Arc<Form>],
) -> Composed {
    let now = whole.last_day();
    let figures: Vec<(Period, PeriodFigures)> = parts
        .iter()
        .map(|part| (part.period, figures_of(part, roster, forms, now)))
        .collect();
    let mut composed = Composed::default();
    for unit in roster.units.iter().filter(|unit| unit.active_on(now)) {
        for form in forms {
            // In a part where neither it nor what it was made of existed or had to file it has
            // nothing and lacks nothing.
            let counts = |period: Period, figures: &PeriodFigures| {
                let sources = roster.sources(unit, period.last_day(), now);
                let due = |of: &Arc<ReportingUnit>| figures.was_due(&of.code, form.id());
                sources.map_or(true, |sources| sources.iter().any(due))
                    || figures.has(&unit.code, form.id())
            };
            let own: Vec<&(Period, PeriodFigures)> = figures
                .iter()
                .filter(|(period, figures)| counts(*period, figures))
                .collect();
            compose_form(&mut composed, whole, unit, form, &own);
        }
    }
    composed.left_behind = left_behind(parts, roster, forms, now);
    composed
}

fn left_behind(
    parts: &[ClosedPart],
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> Vec<LeftBehind> {
    let mut found: Vec<LeftBehind> = Vec::new();
    for part in parts {
        let day = part.period.last_day();
        let active = roster.units.iter().filter(|unit| unit.active_on(now));
        let carried: BTreeSet<String> = active
            .flat_map(|unit| match roster.sources(unit, day, now) {
                Ok(sources) => sources,
                Err(split) => vec![split.unit],
            })
            .map(|unit| unit.code.clone())
            .collect();
        let filed = part.facts.iter();
        let filed = filed.filter(|fact| !carried.contains(&*fact.unit));
        for fact in filed {
            let Some(form) = forms.iter().find(|form| *form.id() == *fact.form) else {
                continue;
            };
            let at = found.iter().position(|one| one.form.id() == form.id());
            let at = at.unwrap_or_else(|| {
                found.push(LeftBehind {
                    form: form.clone(),
                    units: BTreeSet::new(),
                    periods: BTreeSet::new(),
                });
                found.len() - 1
            });
            found[at].units.insert(fact.unit.to_string());
            found[at].periods.insert(part.period);
        }
    }
    found
}

fn figures_of(
    part: &ClosedPart,
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> PeriodFigures {
    let mut figures = PeriodFigures::new(&part.facts).expecting(part.expected.clone());
    for (unit, form) in &part.accepted {
        let unit = figures.units.entry(unit.clone()).or_default();
        unit.entry(form.clone()).or_default();
    }
    inherit(&mut figures, part.period, roster, forms, now);
    // What only some of the merged units have is the merged unit's, where the others may rightly
    // have none: a row they do not have, a cell that may be blank.
    for (id, of_form) in figures.units.values_mut().flat_map(|unit| unit.iter_mut()) {
        let Some(form) = forms.iter().find(|form| form.id() == id) else {
            continue;
        };
        for (key, row) in &mut of_form.rows {
            for (column, cell) in row.iter_mut().filter(|(_, cell)| cell.all.len() == 1) {
                let at = form.column(column);
                let field = at.and_then(|at| form.field(form.row(key), at));
                cell.partial &= field.is_some_and(|field| is_due(form, field));
            }
        }
    }
    figures
}

/// Is a blank in a cell an error? In a row that units add it only counts where the row is there.
fn is_due(form: &Form, field: &Field) -> bool {
    field.blank == Meaning::Missing && !form.is_free()
}

fn compose_form(
    composed: &mut Composed,
    whole: Period,
    unit: &Arc<ReportingUnit>,
    form: &Arc<Form>,
    parts: &[&(Period, PeriodFigures)],
) {
    let filed = |figures: &PeriodFigures| -> Option<FormFigures> {
        figures.units.get(&unit.code)?.get(form.id()).cloned()
    };
    let (there, lacking): (Vec<_>, Vec<_>) = parts
        .iter()
        .map(|(period, figures)| (*period, filed(figures)))
        .partition(|(_, filed)| filed.is_some());
    if there.is_empty() {
        return;
    }
    let gap = |lacking| PartGap {
        unit: unit.clone(),
        form: form.clone(),
        lacking,
    };
    if !lacking.is_empty() {
        let periods = lacking.into_iter().map(|(period, _)| period).collect();
        composed.gaps.push(gap(Lacking::Form(periods)));
        return;
    }
    let filed: Vec<FormFigures> = there.into_iter().filter_map(|(_, filed)| filed).collect();
    let filed: Vec<&FormFigures> = filed.iter().collect();
    let courses = courses(form);
    let course = |row, column| courses.get(&(row, column)).copied().flatten();
    let mut sum = put_together(form, &filed, &|key, column, parts| {
        let row = form.row(key);
        let field = form.field(row, column)?;
        match course(row, column)? {
            Course::OverTime(over_time) => {
                let has_row: Vec<bool> = filed.iter().map(|of| of.rows.contains_key(key)).collect();
                over(form, field, over_time, parts, &has_row)
            }
            Course::Ratio | Course::ByRule(_) => None,
        }
    });
    let lost = follow_rules(form, &filed, &course, &mut sum);
    add_ratios(form, &mut sum);
    let cells: Vec<String> = unknown_cells(form, &sum).into_iter().chain(lost).collect();
    if !cells.is_empty() {
        composed.gaps.push(gap(Lacking::Cells(cells)));
        return;
    }
    composed
        .facts
        .extend(facts_of(&unit.code, form, &sum, whole, false));
    composed
        .complete
        .insert((unit.code.clone(), form.id().to_owned()));
    let own = composed.figures.units.entry(unit.code.clone()).or_default();
    own.insert(form.id().to_owned(), sum);
}

/// Computes what the form's rules determine from what has been put together, in whatever order the
/// rules need one another; returns the cells, in words, that some part has and that have no figure.
fn follow_rules<'f>(
    form: &'f Form,
    filed: &[&FormFigures],
    course: &dyn Fn(Option<usize>, usize) -> Option<Course<'f>>,
    sum: &mut FormFigures,
) -> Vec<String> {
    let rows: BTreeSet<&String> = filed.iter().flat_map(|form| form.rows.keys()).collect();
    let mut open: Vec<(&String, usize, Determined<'_>)> = Vec::new();
    for row in rows {
        for (column, indicator) in form.file.columns.iter().enumerate() {
            let id = indicator.id.get_ref();
            let filled =
                |form: &&FormFigures| form.rows.get(row).is_some_and(|row| row.contains_key(id));
            if let Some(Course::ByRule(says)) = course(form.row(row), column)
                && filed.iter().any(filled)
            {
                open.push((row, column, says));
            }
        }
    }
    let id = |column: usize| form.file.columns[column].id.get_ref().clone();
    let pending = |open: &[(&String, usize, Determined<'_>)]| -> Pending {
        let cells = open.iter();
        cells
            .map(|(row, column, _)| ((*row).clone(), id(*column)))
            .collect()
    };
    loop {
        let before = open.len();
        let mut still = Vec::new();
        for (row, column, says) in open.iter().copied() {
            let waiting = pending(&open);
            let Some(number) = by_rule(form, sum, row, column, &says, &waiting) else {
                still.push((row, column, says));
                continue;
            };
            let figures = Figures {
                all: vec![Value::Number(number)],
                partial: false,
            };
            let cells = sum.rows.entry(row.clone()).or_default();
            cells.insert(id(column), figures);
        }
        open = still;
        if open.len() == before {
            break;
        }
    }
    let lost = open.iter();
    lost.map(|(row, column, _)| words(form, row, *column))
        .collect()
}

/// "row › column" of a cell.
fn words(form: &Form, key: &str, column: usize) -> String {
    let label = form.cell_label(form.row(key), column);
    match form.is_free() {
        true => format!("{key} › {label}"),
        false => label,
    }
}

/// What a cell has over the parts; `has_row`: which of them have its row. A row that units add
/// begins with the first part that has it; where the last part lacks it, nothing is left of its
/// stocks, and its words are those it had last.
fn over(
    form: &Form,
    field: &Field,
    over_time: OverTime,
    parts: &[Option<&Figures>],
    has_row: &[bool],
) -> Option<Figures> {
    let free = form.is_free();
    let at = match over_time {
        OverTime::Sum => return Some(added_up(form, field, parts)),
        OverTime::First if free => has_row.iter().position(|has| *has)?,
        OverTime::First => 0,
        OverTime::Last if free && !field.kind.is_numeric() => {
            has_row.iter().rposition(|has| *has)?
        }
        OverTime::Last => parts.len().checked_sub(1)?,
    };
    match parts.get(at).copied().flatten() {
        Some(figures) if free && field.aggregate == Aggregate::Sum => {
            Some(added_up(form, field, &[Some(figures)]))
        }
        Some(figures) => Some(figures.clone()),
        None if is_due(form, field) => Some(Figures {
            all: parts
                .iter()
                .flatten()
                .flat_map(|part| part.all.clone())
                .collect(),
            partial: true,
        }),
        None => None,
    }
}

/// The sum over the parts. A cell that may rightly be blank counts where it is filled; one that is
/// due and lacks in a part has no sum. Rows of one name that units add all count.
fn added_up(form: &Form, field: &Field, parts: &[Option<&Figures>]) -> Figures {
    let there: Vec<&Figures> = parts.iter().copied().flatten().collect();
    let known = |part: &&Figures| form.is_free() || part.one().is_some();
    let numbers = || {
        there
            .iter()
            .flat_map(|part| &part.all)
            .map(Value::as_number)
    };
    let sum = (!there.is_empty() && there.iter().all(known))
        .then(|| numbers().try_fold(Number::ZERO, |sum, figure| sum.checked_add(figure?)));
    match sum.flatten() {
        Some(sum) => Figures {
            all: vec![Value::Number(sum)],
            partial: is_due(form, field) && there.len() < parts.len(),
        },
        None => Figures {
            all: there.iter().flat_map(|part| part.all.clone()).collect(),
            partial: true,
        },
    }
}

/// Cells that have no figure for the whole period though some part has one, as "row › column".
fn unknown_cells(form: &Form, sum: &FormFigures) -> Vec<String> {
    let mut cells = Vec::new();
    for (key, row) in &sum.rows {
        for (at, column) in form.file.columns.iter().enumerate() {
            let figures = row.get(column.id.get_ref());
            if figures.is_some_and(|figures| figures.partial) {
                cells.push(words(form, key, at));
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests;
