//! Last period's figures of units that have since been merged, as those of the unit they went into.
//!
//! What can be added up is added up; a percentage is computed anew from what was added up; flags
//! and words of several units are not one unit's. Where a figure of one of them lacks there is no
//! sum, and what a split unit left cannot be shared out.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::previous::{Figures, FormFigures, PeriodFigures};
use crate::model::{Message, Number, Period, ReportingUnit, Value};
use crate::roster::{Roster, Split};
use crate::schema::Form;
use crate::schema::form::Aggregate;
use crate::schema::percentage::Percentage;
use crate::schema::resolve::{FieldRef, Forms, Rows};
use crate::schema::rule::trouble::{Lack, Trouble};
use crate::schema::scope::{self, At};
use crate::text::normalise;

/// Figures of a closed period that a unit of now should have and has not, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Code of the unit.
    pub unit: Arc<str>,
    /// Form; `None`: all of them.
    pub form: Option<Arc<str>>,
    /// Why.
    pub message: Message,
}

/// Gives every unit of `now` the figures of `period` of the units it was made of.
pub fn inherit(
    figures: &mut PeriodFigures,
    period: Period,
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> Vec<Gap> {
    let day = period.last_day();
    let mut gaps = Vec::new();
    let mut merged = Vec::new();
    for unit in roster.units.iter().filter(|unit| unit.active_on(now)) {
        let sources = match roster.sources(unit, day, now) {
            Ok(sources) => sources,
            Err(split) => {
                gaps.push(split_gap(unit, &split, period));
                merged.extend(forms.iter().map(|form| (unit.code.clone(), form, None)));
                continue;
            }
        };
        if sources.is_empty() || sources.as_slice() == std::slice::from_ref(unit) {
            continue;
        }
        for form in forms {
            let tables = |of: &Arc<ReportingUnit>| figures.units.get(&of.code)?.get(form.id());
            let filed: Vec<&FormFigures> = sources.iter().filter_map(tables).collect();
            if filed.is_empty() {
                continue;
            }
            let whole = filed.len() == sources.len();
            if !whole {
                let lacking = sources.iter().filter(|of| tables(of).is_none());
                gaps.push(lacking_gap(unit, &sources, lacking, form, period));
            }
            let sum = whole.then(|| add_up(form, &filed));
            merged.push((unit.code.clone(), form, sum));
        }
    }
    for (unit, form, sum) in merged {
        let unit = figures.units.entry(unit).or_default();
        match sum {
            Some(sum) => unit.insert(form.id().to_owned(), sum),
            None => unit.remove(form.id()),
        };
    }
    gaps
}

fn split_gap(unit: &ReportingUnit, split: &Split, period: Period) -> Gap {
    let period = (period.vietnamese(), period);
    let (was, heirs) = (&split.unit.name, names(split.heirs.iter()));
    Gap {
        unit: unit.code.as_str().into(),
        form: None,
        message: Message::new(
            format!(
                "{was} đã chia cho {heirs} nên số liệu {} của {was} không biết chia cho ai: các quy tắc so với kỳ đó chưa được hỏi.",
                period.0
            ),
            format!(
                "{was} was split between {heirs}, so its figures of {} cannot be shared out; rules that compare with that period are not asked.",
                period.1
            ),
        ),
    }
}

fn lacking_gap<'a>(
    unit: &ReportingUnit,
    sources: &[Arc<ReportingUnit>],
    lacking: impl Iterator<Item = &'a Arc<ReportingUnit>>,
    form: &Form,
    period: Period,
) -> Gap {
    let (all, lacking) = (names(sources.iter()), names(lacking));
    let title = &form.file.title;
    Gap {
        unit: unit.code.as_str().into(),
        form: Some(form.id().into()),
        message: Message::new(
            format!(
                "Số liệu {} của {} là tổng của {all}, nhưng kho lưu trữ không có biểu «{title}» của {lacking}: không cộng thiếu, nên các quy tắc của biểu so với kỳ đó chưa được hỏi.",
                period.vietnamese(),
                unit.name
            ),
            format!(
                "The figures of {period} of {} are those of {all}, but the archive has no form `{}` of {lacking}; rules that compare with that period are not asked.",
                unit.name,
                form.id()
            ),
        ),
    }
}

fn names<'a>(units: impl Iterator<Item = &'a Arc<ReportingUnit>>) -> String {
    let names: Vec<&str> = units.map(|unit| unit.name.as_str()).collect();
    names.join(", ")
}

/// One form of several units as one unit's.
fn add_up(form: &Form, filed: &[&FormFigures]) -> FormFigures {
    let mut sum = FormFigures::default();
    let keys: BTreeSet<&String> = filed.iter().flat_map(|form| form.rows.keys()).collect();
    for key in keys {
        for (at, column) in form.file.columns.iter().enumerate() {
            let row = form.row(key);
            let additive = form
                .field(row, at)
                .is_some_and(|f| f.aggregate == Aggregate::Sum);
            if !additive {
                continue;
            }
            let id = column.id.get_ref();
            let parts = filed.iter().map(|form| form.rows.get(key)?.get(id));
            let figures = together(parts.collect());
            if figures.all.is_empty() {
                continue;
            }
            if figures.partial && !form.is_free() {
                sum.broken.insert(id.clone());
            }
            let row = sum.rows.entry(key.clone()).or_default();
            row.insert(id.clone(), figures);
        }
    }
    for key in filed.iter().flat_map(|form| &form.keys) {
        let plain = normalise(key);
        let known = sum.keys.iter().any(|known| normalise(known) == plain);
        if sum.rows.contains_key(&plain) && !known {
            sum.keys.push(key.clone());
        }
    }
    sum.broken
        .extend(filed.iter().flat_map(|form| form.broken.iter().cloned()));
    add_ratios(form, &mut sum);
    sum
}

/// The sum of what each unit has under one row and column. A row only some of them have stays in
/// its column; its sum over all of them is not known.
fn together(parts: Vec<Option<&Figures>>) -> Figures {
    let there: Vec<&Figures> = parts.iter().copied().flatten().collect();
    let numbers: Option<Vec<Number>> = there.iter().map(|part| part.one()?.as_number()).collect();
    let sum = numbers
        .filter(|numbers| !numbers.is_empty())
        .and_then(|numbers| {
            let mut numbers = numbers.into_iter();
            numbers.try_fold(Number::ZERO, |sum, figure| sum.checked_add(figure))
        });
    match sum {
        Some(sum) => Figures {
            all: vec![Value::Number(sum)],
            partial: there.len() < parts.len(),
        },
        None => Figures {
            all: there.iter().flat_map(|part| part.all.clone()).collect(),
            partial: true,
        },
    }
}

/// Percentages of the sums, where all their operands are there.
fn add_ratios(form: &Form, sum: &mut FormFigures) {
    // A fixed row may hold nothing but a percentage, and so have no sums of its own.
    let fixed = form.file.rows.iter().map(|row| row.id.get_ref().clone());
    let keys: BTreeSet<String> = sum.rows.keys().cloned().chain(fixed).collect();
    let mut found = Vec::new();
    for row in &keys {
        for (column, indicator) in form.file.columns.iter().enumerate() {
            let field = form.field(form.row(row), column);
            let is_ratio = field.is_some_and(|field| field.aggregate == Aggregate::Ratio);
            let percentage = form.percentage(form.row(row), column);
            let percentage = percentage.filter(|_| is_ratio);
            if let Some(value) = percentage.and_then(|of| recomputed(form, &of, sum, row)) {
                found.push((row, indicator.id.get_ref(), value));
            }
        }
    }
    for (row, column, percentage) in found {
        let figures = Figures {
            all: vec![Value::Number(percentage)],
            partial: false,
        };
        let cells = sum.rows.entry(row.clone()).or_default();
        cells.insert(column.clone(), figures);
    }
}

fn recomputed(form: &Form, of: &Percentage<'_>, sum: &FormFigures, row: &str) -> Option<Number> {
    of.value(&At {
        figures: &Sums { form, sum, row },
        own: Some(form),
        site: of.site,
        blank_is_zero: false,
    })
}

/// The sums of a form, seen from one of its rows.
struct Sums<'a> {
    form: &'a Form,
    sum: &'a FormFigures,
    row: &'a str,
}

impl Sums<'_> {
    fn of_row(&self, row: &str, at: &FieldRef<'_>) -> Result<Option<Value>, Trouble> {
        let figures = self
            .sum
            .rows
            .get(row)
            .and_then(|row| row.get(at.column_id()));
        let one = figures.and_then(Figures::one).cloned();
        one.map(Some).ok_or(Trouble::Missing(Lack::Blank))
    }
}

impl<'a> Forms<'a> for Sums<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        (self.form.id() == id).then_some(self.form)
    }
}

impl<'a> scope::Figures<'a> for Sums<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        self.of_row(at.row_id().unwrap_or(self.row), at)
    }

    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let rows: Vec<&str> = match (at.rows, at.row_id()) {
            (Rows::Each, _) => self.sum.rows.keys().map(String::as_str).collect(),
            (_, row) => vec![row.unwrap_or(self.row)],
        };
        let rows = rows.into_iter().enumerate();
        rows.map(|(place, row)| Ok((place, self.of_row(row, at)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;
    use crate::rules::PreviousFigures;
    use proptest::prelude::*;

    const FORM: &str = include_str!("../../../tests/data/forms/don_thu.toml");
    const ROSTER: &str = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
        A,Xã A cũ,xa,,,2025-06-30,,\nB,Xã B cũ,xa,,,2025-06-30,,\n\
        C,Xã C cũ,xa,,,2025-06-30,,\nM,Xã Mới,xa,,2025-07-01,,,A|B|C\n";
    const COUNTS: [&str; 5] = ["ton_dau", "trong_ky", "da_xong", "ton_cuoi", "luy_ke"];

    fn period() -> Period {
        "2025-06".parse().unwrap()
    }

    fn fact(unit: &str, form: &str, row: &str, column: &str, value: Value) -> Fact {
        Fact {
            period: Some(period()),
            unit: unit.into(),
            form: form.into(),
            row: row.into(),
            column: column.into(),
            value,
            source: None,
        }
    }

    fn inherited(facts: &[Fact], form: &str, roster: &str) -> (PreviousFigures, Vec<Gap>) {
        let forms = [Arc::new(Form::parse("form.toml", form).unwrap())];
        let roster = Roster::parse(roster.as_bytes(), "roster.csv").unwrap();
        let mut figures = PeriodFigures::new(facts);
        let now = "2025-07-31".parse().unwrap();
        let gaps = inherit(&mut figures, period(), &roster, &forms, now);
        let nothing = PeriodFigures::default();
        (PreviousFigures::of_periods(figures, nothing, None), gaps)
    }

    fn count(number: u32) -> Value {
        Value::Number(number.into())
    }

    proptest! {
        /// Every figure of the merged unit is the sum of its parts' or, where a part has none,
        /// nothing; a percentage is that of the sums.
        #[test]
        fn a_merged_unit_has_the_sum_of_its_parts(
            parts in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.9, 0u32..1000), 5), 3)
        ) {
            let mut facts = Vec::new();
            for (unit, cells) in ["A", "B", "C"].iter().zip(&parts) {
                // One figure each is always there, so that each has filed the form.
                facts.push(fact(unit, "don_thu", "to_cao", "luy_ke", count(1)));
                for (column, cell) in COUNTS.iter().zip(cells) {
                    let cell = cell.map(|cell| fact(unit, "don_thu", "khieu_nai", column, count(cell)));
                    facts.extend(cell);
                }
            }
            let (figures, gaps) = inherited(&facts, FORM, ROSTER);
            prop_assert!(gaps.is_empty());
            let value = |column| figures.value("M", "don_thu", "khieu_nai", column).cloned();
            let sum = |at: usize| parts.iter().map(|cells| cells[at]).sum::<Option<u32>>();
            for (at, column) in COUNTS.iter().enumerate() {
                prop_assert_eq!(value(column), sum(at).map(count));
                let lacks = parts.iter().any(|cells| cells[at].is_none());
                let none = parts.iter().all(|cells| cells[at].is_none());
                let column = figures.column("M", "don_thu", column);
                prop_assert_eq!(column.is_none(), lacks && !none, "no part of a sum");
            }
            let ratio = match (sum(2), sum(1)) {
                (Some(n), Some(d)) if d > 0 => {
                    let exact = Number::from(n) * Number::ONE_HUNDRED / Number::from(d);
                    Some(Value::Number(crate::schema::evaluate::round(exact, 2, crate::schema::form::Rounding::HalfUp)))
                }
                _ => None,
            };
            prop_assert_eq!(value("ty_le"), ratio);
            prop_assert_eq!(figures.value("A", "don_thu", "to_cao", "luy_ke"), Some(&count(1)));
        }
    }

    #[test]
    fn a_form_one_part_did_not_file_is_not_added_up_and_said_so() {
        let facts = [
            fact("A", "don_thu", "to_cao", "trong_ky", count(3)),
            fact("B", "don_thu", "to_cao", "trong_ky", count(4)),
        ];
        let (figures, gaps) = inherited(&facts, FORM, ROSTER);
        assert_eq!(figures.value("M", "don_thu", "to_cao", "trong_ky"), None);
        assert_eq!(figures.column("M", "don_thu", "trong_ky"), None);
        let told = &gaps[0].message.vi;
        assert!(
            told.contains("tổng của Xã A cũ, Xã B cũ, Xã C cũ"),
            "{told}"
        );
        assert!(told.contains("của Xã C cũ: không cộng thiếu"), "{told}");
    }

    #[test]
    fn what_a_split_unit_had_goes_to_nobody() {
        let roster = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
            A,Xã A,xa,,,,,\nB,Xã B,xa,,2025-07-01,,,A\n";
        let facts = [fact("A", "don_thu", "to_cao", "trong_ky", count(3))];
        let (figures, gaps) = inherited(&facts, FORM, roster);
        for unit in ["A", "B"] {
            assert_eq!(figures.value(unit, "don_thu", "to_cao", "trong_ky"), None);
        }
        let units: Vec<&str> = gaps.iter().map(|gap| &*gap.unit).collect();
        assert_eq!(units, ["A", "B"]);
        assert!(gaps[0].message.vi.contains("Xã A đã chia cho Xã B, Xã A"));
    }

    #[test]
    fn rows_that_units_add_are_merged_by_name_and_none_is_lost() {
        const FREE: &str = "id = \"lop\"\nversion = \"1\"\ntitle = \"Lớp\"\nsheet = \"Lớp\"\n\
            [layout]\nrows = \"free\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"so\"\nlabel = \"Số\"\ntype = \"count\"\n\
            [[column]]\nid = \"dau\"\nlabel = \"Dấu\"\ntype = \"flag\"\n";
        let mut facts = Vec::new();
        for (unit, row, number) in [
            ("A", "Hộ tịch", 3),
            ("B", "HỘ TỊCH", 4),
            ("C", "Hộ tịch", 5),
            ("A", "Đất đai", 7),
        ] {
            facts.push(fact(unit, "lop", row, "so", count(number)));
            facts.push(fact(unit, "lop", row, "dau", Value::Flag(true)));
        }
        let (figures, gaps) = inherited(&facts, FREE, ROSTER);
        assert!(gaps.is_empty());
        assert_eq!(figures.value("M", "lop", "Hộ tịch", "so"), Some(&count(12)));
        // Whether the others had none of it, or left it out, nobody knows; it still counts below.
        assert_eq!(figures.value("M", "lop", "Đất đai", "so"), None);
        let all = figures.column("M", "lop", "so").unwrap();
        let sum: Number = all.iter().filter_map(Value::as_number).sum();
        assert_eq!(sum, Number::from(19));
        assert_eq!(figures.value("M", "lop", "Hộ tịch", "dau"), None);
    }
}
