//! A quarter, half or year put together from the closed periods it is made of: flows are added up,
//! stocks are those of the first or the last of them, percentages are computed anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::as_facts::facts_of;
use super::course::{Course, courses};
use super::previous::{Figures, FormFigures, PeriodFigures};
use super::succession::{inherit, put_together};
use super::sums::{Pending, add_ratios, by_rule};
use crate::model::{Fact, Number, Period, ReportingUnit, Value};
use crate::roster::Roster;
use crate::schema::determined::Determined;
use crate::schema::form::{Aggregate, OverTime};
use crate::schema::{Field, Form, Meaning};

/// One closed period.
#[derive(Debug, Clone)]
pub struct Part {
    /// The period.
    pub period: Period,
    /// Its facts.
    pub facts: Vec<Fact>,
    /// (unit code, form id) of every form that was accepted; also of one with nothing to report.
    pub accepted: Vec<(String, String)>,
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
pub fn compose(whole: Period, parts: &[Part], roster: &Roster, forms: &[Arc<Form>]) -> Composed {
    let now = whole.last_day();
    let figures: Vec<(Period, PeriodFigures)> = parts
        .iter()
        .map(|part| (part.period, figures_of(part, roster, forms, now)))
        .collect();
    let mut composed = Composed::default();
    for unit in roster.units.iter().filter(|unit| unit.active_on(now)) {
        let existed = |period: Period| {
            let sources = roster.sources(unit, period.last_day(), now);
            !sources.is_ok_and(|sources| sources.is_empty())
        };
        let own: Vec<&(Period, PeriodFigures)> = figures
            .iter()
            .filter(|(period, _)| existed(*period))
            .collect();
        for form in forms {
            compose_form(&mut composed, whole, unit, form, &own);
        }
    }
    composed.left_behind = left_behind(parts, roster, forms, now);
    composed
}

fn left_behind(
    parts: &[Part],
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

fn figures_of(part: &Part, roster: &Roster, forms: &[Arc<Form>], now: NaiveDate) -> PeriodFigures {
    let mut figures = PeriodFigures::new(&part.facts);
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FORM: &str = "id = \"so\"\nversion = \"1\"\ntitle = \"Sổ\"\nsheet = \"Sổ\"\n\
        [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\n\
        [defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"dau\"\nlabel = \"Đầu kỳ\"\nover_time = \"first\"\n\
        [[column]]\nid = \"vao\"\nlabel = \"Nhận\"\nover_time = \"sum\"\n\
        [[column]]\nid = \"xong\"\nlabel = \"Xong\"\nover_time = \"sum\"\n\
        [[column]]\nid = \"cuoi\"\nlabel = \"Cuối kỳ\"\nover_time = \"last\"\n\
        [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\n\
        numerator = \"xong\"\ndenominator = \"vao\"\n\
        [[row]]\nid = \"don\"\nlabel = \"Đơn\"\n";
    const ROSTER: &str = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
        A,Xã A cũ,xa,,,2025-08-31,,\nB,Xã B cũ,xa,,,2025-08-31,,\n\
        M,Xã Mới,xa,,2025-09-01,,,A|B\nX,Xã Khác,xa,,,,,\nN,Xã Lập Sau,xa,,2025-08-01,,,\n";
    const COLUMNS: [&str; 4] = ["dau", "vao", "xong", "cuoi"];

    fn form(text: &str) -> Arc<Form> {
        Arc::new(Form::parse("form.toml", text).unwrap())
    }

    fn fact(unit: &str, row: &str, column: &str, value: u32) -> Fact {
        Fact {
            period: None,
            unit: unit.into(),
            form: "so".into(),
            row: row.into(),
            column: column.into(),
            value: Value::Number(value.into()),
            source: None,
        }
    }

    fn part(period: &str, filed: &[(&str, [u32; 4])]) -> Part {
        let facts = filed.iter().flat_map(|(unit, figures)| {
            let cells = COLUMNS.iter().zip(figures);
            cells.map(|(column, value)| fact(unit, "don", column, *value))
        });
        Part {
            period: period.parse().unwrap(),
            facts: facts.collect(),
            accepted: filed
                .iter()
                .map(|(unit, _)| ((*unit).into(), "so".into()))
                .collect(),
        }
    }

    fn third_quarter(parts: &[Part], form: &Arc<Form>) -> Composed {
        let roster = Roster::parse(ROSTER.as_bytes(), "roster.csv").unwrap();
        let whole = "2025-Q3".parse().unwrap();
        compose(whole, parts, &roster, std::slice::from_ref(form))
    }

    fn value(composed: &Composed, unit: &str, row: &str, column: &str) -> Option<Number> {
        let at = |fact: &&Fact| *fact.unit == *unit && *fact.row == *row && *fact.column == *column;
        let found: Vec<&Fact> = composed.facts.iter().filter(at).collect();
        assert!(found.len() < 2, "{found:?}");
        found.first()?.value.as_number()
    }

    proptest! {
        /// Flows add up, stocks are those of the ends, the percentage is that of the sums; and a
        /// stock that moves by its flows in every month does so over the quarter.
        #[test]
        fn a_quarter_has_the_flows_of_its_months_and_the_stocks_of_its_ends(
            opening in 0u32..1000,
            flows in prop::collection::vec((1u32..100, 0u32..50), 3),
        ) {
            let mut stock = opening + 200;
            let mut parts = Vec::new();
            for (month, (received, settled)) in ["2025-07", "2025-08", "2025-09"].iter().zip(&flows) {
                let after = stock + received - settled;
                parts.push(part(month, &[("X", [stock, *received, *settled, after])]));
                stock = after;
            }
            let composed = third_quarter(&parts, &form(FORM));
            let of = |column| value(&composed, "X", "don", column).unwrap();
            let received: u32 = flows.iter().map(|(received, _)| received).sum();
            let settled: u32 = flows.iter().map(|(_, settled)| settled).sum();
            prop_assert_eq!(of("dau"), Number::from(opening + 200));
            prop_assert_eq!(of("vao"), Number::from(received));
            prop_assert_eq!(of("xong"), Number::from(settled));
            prop_assert_eq!(of("cuoi"), Number::from(stock));
            prop_assert_eq!(of("dau") + of("vao") - of("xong"), of("cuoi"));
            let exact = Number::from(settled) * Number::ONE_HUNDRED / Number::from(received);
            let rounded = crate::schema::evaluate::round(exact, 2, crate::schema::form::Rounding::HalfUp);
            prop_assert_eq!(of("ty_le"), rounded);
            prop_assert!(composed.gaps.is_empty());
        }
    }

    #[test]
    fn units_merged_in_between_bring_their_months_and_a_new_one_begins_with_its_first() {
        let parts = [
            part("2025-07", &[("A", [1, 10, 5, 6]), ("B", [2, 20, 7, 15])]),
            part(
                "2025-08",
                &[
                    ("A", [6, 1, 1, 6]),
                    ("B", [15, 1, 1, 15]),
                    ("N", [0, 4, 1, 3]),
                ],
            ),
            part("2025-09", &[("M", [21, 9, 10, 20]), ("N", [3, 5, 0, 8])]),
        ];
        let composed = third_quarter(&parts, &form(FORM));
        let all = |unit| COLUMNS.map(|column| value(&composed, unit, "don", column));
        let numbers = |figures: [u32; 4]| figures.map(|figure| Some(Number::from(figure)));
        assert_eq!(all("M"), numbers([3, 41, 24, 20]));
        assert_eq!(all("N"), numbers([0, 9, 1, 8]));
        assert_eq!(all("A"), [None; 4]);
        assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
    }

    #[test]
    fn a_month_that_a_unit_lacks_is_named_and_nothing_is_added_up_without_it() {
        let parts = [
            part("2025-07", &[("X", [1, 1, 1, 1])]),
            part("2025-08", &[]),
            part("2025-09", &[("X", [1, 1, 1, 1])]),
        ];
        let composed = third_quarter(&parts, &form(FORM));
        assert_eq!(composed.facts, []);
        assert!(composed.complete.is_empty());
        let [gap] = composed.gaps.as_slice() else {
            panic!("{:?}", composed.gaps)
        };
        assert_eq!(gap.lacking, Lacking::Form(vec!["2025-08".parse().unwrap()]));
    }

    #[test]
    fn a_figure_that_is_due_and_lacks_in_one_month_has_no_sum() {
        let due = FORM.replace("[defaults]\n", "[defaults]\nblank = \"missing\"\n");
        let mut months =
            ["2025-07", "2025-08", "2025-09"].map(|month| part(month, &[("X", [1, 1, 1, 1])]));
        months[1].facts.retain(|fact| &*fact.column != "vao");
        let composed = third_quarter(&months, &form(&due));
        assert_eq!(composed.facts, []);
        assert!(composed.complete.is_empty());
        let lacking: Vec<&Lacking> = composed.gaps.iter().map(|gap| &gap.lacking).collect();
        assert_eq!(lacking, [&Lacking::Cells(vec!["Đơn › Nhận".into()])]);
        // Where a blank is rightly nothing the other months count.
        let composed = third_quarter(&months, &form(FORM));
        assert_eq!(value(&composed, "X", "don", "vao"), Some(2.into()));
    }

    #[test]
    fn rows_that_units_add_are_followed_by_their_names() {
        const FREE: &str = "id = \"so\"\nversion = \"1\"\ntitle = \"Sổ\"\nsheet = \"Sổ\"\n\
            [layout]\nrows = \"free\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"vao\"\nlabel = \"Nhận\"\ntype = \"count\"\nover_time = \"sum\"\n\
            [[column]]\nid = \"cuoi\"\nlabel = \"Cuối\"\ntype = \"count\"\nover_time = \"last\"\n";
        let month = |period: &str, rows: &[(&str, u32)]| Part {
            period: period.parse().unwrap(),
            facts: rows
                .iter()
                .flat_map(|(row, figure)| {
                    ["vao", "cuoi"].map(|column| fact("X", row, column, *figure))
                })
                .collect(),
            accepted: vec![("X".into(), "so".into())],
        };
        let months = [
            month("2025-07", &[("Hộ tịch", 3), ("Đất đai", 1)]),
            month("2025-08", &[("hộ tịch", 4), ("Thuế", 2), ("Thuế", 2)]),
            month("2025-09", &[("Hộ tịch", 5)]),
        ];
        let composed = third_quarter(&months, &form(FREE));
        assert_eq!(value(&composed, "X", "Hộ tịch", "vao"), Some(12.into()));
        assert_eq!(value(&composed, "X", "Hộ tịch", "cuoi"), Some(5.into()));
        assert_eq!(value(&composed, "X", "Đất đai", "vao"), Some(1.into()));
        assert_eq!(value(&composed, "X", "Đất đai", "cuoi"), None);
        let merged = Part {
            facts: vec![fact("A", "Chợ", "vao", 6)],
            accepted: vec![("A".into(), "so".into()), ("B".into(), "so".into())],
            ..month("2025-07", &[])
        };
        let later = ["2025-08", "2025-09"].map(|period| Part {
            accepted: vec![
                ("A".into(), "so".into()),
                ("B".into(), "so".into()),
                ("M".into(), "so".into()),
            ],
            ..month(period, &[])
        });
        let parts = [&[merged][..], &later].concat();
        let of_merged = third_quarter(&parts, &form(FREE));
        assert_eq!(value(&of_merged, "M", "Chợ", "vao"), Some(6.into()));
        // Rows of one name all count.
        assert_eq!(value(&composed, "X", "Thuế", "vao"), Some(4.into()));
        assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
    }

    #[test]
    fn openings_closings_and_computed_cells_follow_from_the_forms_rules() {
        let mut text = FORM.to_owned();
        for (column, word) in [("Đầu kỳ", "first"), ("Cuối kỳ", "last"), ("Xong", "sum")] {
            let told = format!("label = \"{column}\"\nover_time = \"{word}\"\n");
            assert!(text.contains(&told), "{told}");
            let computed = if column == "Xong" {
                "computed = true\n"
            } else {
                ""
            };
            text = text.replace(&told, &format!("label = \"{column}\"\n{computed}"));
        }
        text += "[[rule]]\nid = \"dau\"\ncheck = \"dau = PREV(cuoi)\"\n\
                 [[rule]]\nid = \"xong\"\ncheck = \"xong = dau + vao - cuoi\"\n";
        let text = text.replace("id = \"dau\"\ncheck", "id = \"dau-ky\"\ncheck");
        let text = text.replace("id = \"xong\"\ncheck", "id = \"da-xong\"\ncheck");
        let parts = [
            part("2025-07", &[("X", [5, 10, 8, 7])]),
            part("2025-08", &[("X", [7, 10, 9, 8])]),
            part("2025-09", &[("X", [8, 10, 6, 12])]),
        ];
        let composed = third_quarter(&parts, &form(&text));
        let all = COLUMNS.map(|column| value(&composed, "X", "don", column));
        assert_eq!(
            all,
            [5, 30, 23, 12].map(|figure| Some(Number::from(figure)))
        );
        assert_eq!(
            value(&composed, "X", "don", "ty_le"),
            Some("76.67".parse().unwrap())
        );
        assert!(composed.gaps.is_empty(), "{:?}", composed.gaps);
    }

    #[test]
    fn columns_whose_course_in_time_nobody_said_are_named() {
        let text = FORM.replace("label = \"Nhận\"\nover_time = \"sum\"", "label = \"Nhận\"");
        assert_eq!(without_course(&form(&text)), ["vao"]);
        assert!(without_course(&form(FORM)).is_empty());
    }
}
