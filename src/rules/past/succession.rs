//! Last period's figures of units that have since been merged, as those of the unit they went into.
//!
//! What can be added up is added up; a ratio is computed anew from what was added up; flags
//! and words of several units are not one unit's. If one of them lacks a figure there is no sum,
//! and the figures of a split unit cannot be divided among its successors.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::previous::{Figures, FormFigures, PeriodFigures};
use super::sums::add_ratios;
use crate::model::{Message, Number, Period, ReportingUnit, Value};
use crate::roster::{Roster, Split};
use crate::schema::form::Aggregate;
use crate::schema::{FieldType, Form};
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

/// What a unit of now has of a form in a closed period, where that is not what it filed itself.
pub(super) struct Heir<'a> {
    pub(super) unit: &'a Arc<ReportingUnit>,
    pub(super) form: &'a Arc<Form>,
    pub(super) legacy: Legacy,
}

/// What is known of the figures a unit took over.
pub(super) enum Legacy {
    /// All of its sources that had to file did: their figures added up.
    Sum {
        sources: Vec<Arc<ReportingUnit>>,
        figures: FormFigures,
    },
    /// Some of its sources did not file: there is no sum.
    Lacking {
        sources: Vec<Arc<ReportingUnit>>,
        lacking: Vec<Arc<ReportingUnit>>,
    },
    /// One of its sources was split, and nobody knows what part went where.
    Split(Split),
}

/// Every form of every unit of `now` that is not, or not alone, the unit of that code in `period`.
pub(super) fn heirs<'a>(
    figures: &PeriodFigures,
    period: Period,
    roster: &'a Roster,
    forms: &'a [Arc<Form>],
    now: NaiveDate,
) -> Vec<Heir<'a>> {
    let mut heirs = Vec::new();
    for unit in roster.units.iter().filter(|unit| unit.active_on(now)) {
        let sources = match roster.sources(unit, period.last_day(), now) {
            Ok(sources) => sources,
            Err(split) => {
                heirs.extend(forms.iter().map(|form| Heir {
                    unit,
                    form,
                    legacy: Legacy::Split(split.clone()),
                }));
                continue;
            }
        };
        if sources.is_empty() || sources.as_slice() == std::slice::from_ref(unit) {
            continue;
        }
        for form in forms {
            let filed = |of: &Arc<ReportingUnit>| figures.units.get(&of.code)?.get(form.id());
            let parts: Vec<&FormFigures> = sources.iter().filter_map(filed).collect();
            if parts.is_empty() {
                continue;
            }
            // A unit that did not have to file the form adds nothing to it.
            let counts = |of: &&Arc<ReportingUnit>| {
                filed(of).is_some() || figures.was_due(&of.code, form.id())
            };
            let sources: Vec<_> = sources.iter().filter(counts).cloned().collect();
            let legacy = if parts.len() == sources.len() {
                let figures = add_up(form, &parts);
                Legacy::Sum { sources, figures }
            } else {
                let without = sources.iter().filter(|of| filed(of).is_none());
                let lacking = without.cloned().collect();
                Legacy::Lacking { sources, lacking }
            };
            heirs.push(Heir { unit, form, legacy });
        }
    }
    heirs
}

/// Gives every unit of `now` the figures of `period` of the units it was made of.
pub fn inherit(
    figures: &mut PeriodFigures,
    period: Period,
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for Heir { unit, form, legacy } in heirs(figures, period, roster, forms, now) {
        let own = figures.units.entry(unit.code.clone()).or_default();
        match legacy {
            Legacy::Sum {
                sources,
                mut figures,
            } => {
                figures.inherited = sources.iter().map(|of| of.name.clone()).collect();
                own.insert(form.id().to_owned(), figures);
                continue;
            }
            Legacy::Lacking { sources, lacking } => {
                gaps.push(lacking_gap(unit, &sources, lacking.iter(), form, period));
            }
            Legacy::Split(split) => {
                let gap = split_gap(unit, &split, period);
                if !gaps.contains(&gap) {
                    gaps.push(gap);
                }
            }
        }
        own.remove(form.id());
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

/// One form of several units as one unit's. Rows that units add are one row where they share their
/// name and nothing else they say of themselves differs: two projects of one name stay two.
fn add_up(form: &Form, filed: &[&FormFigures]) -> FormFigures {
    let unrelated = unrelated_rows(form, filed);
    let mut sum = put_together(form, filed, &|key, column, parts| {
        let field = form.field(form.row(key), column)?;
        let additive = field.aggregate == Aggregate::Sum;
        match form.is_free() && !field.kind.is_numeric() {
            _ if unrelated.contains(key) => {
                (additive || !field.kind.is_numeric()).then(|| apart(parts))
            }
            true => agreed(parts),
            false => additive.then(|| together(parts)),
        }
    });
    add_ratios(form, &mut sum);
    sum
}

/// Keys of added rows that several units have and that differ in a code, a date, a choice or words.
fn unrelated_rows(form: &Form, filed: &[&FormFigures]) -> BTreeSet<String> {
    let columns = form.file.columns.iter().enumerate();
    let telling: Vec<&str> = columns
        .filter(|(at, _)| Some(*at) != form.key_column() && form.is_free())
        .filter(|(at, _)| {
            form.field(None, *at)
                .is_some_and(|field| tells_apart(field.kind))
        })
        .map(|(_, column)| column.id.get_ref().as_str())
        .collect();
    let keys: BTreeSet<&String> = filed.iter().flat_map(|form| form.rows.keys()).collect();
    let differs = |key: &&String| {
        telling.iter().any(|column| {
            let said = filed
                .iter()
                .filter_map(|form| form.rows.get(*key)?.get(*column)?.one());
            let said: BTreeSet<String> = said.map(|value| normalise(&value.to_string())).collect();
            said.len() > 1
        })
    };
    keys.into_iter().filter(differs).cloned().collect()
}

fn tells_apart(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Text | FieldType::Choice | FieldType::Date | FieldType::Code
    )
}

/// What all that have it say alike.
fn agreed(parts: &[Option<&Figures>]) -> Option<Figures> {
    let mut said = parts.iter().flatten().map(|part| part.one());
    let first = said.next()??;
    said.all(|other| other == Some(first)).then(|| Figures {
        all: vec![first.clone()],
        partial: false,
    })
}

/// Figures of rows that have nothing in common but their name: each counts in its column.
fn apart(parts: &[Option<&Figures>]) -> Figures {
    let there = parts.iter().flatten();
    Figures {
        all: there.flat_map(|part| part.all.clone()).collect(),
        partial: true,
    }
}

/// Makes one figure of what several forms have in a cell, given by its row's key and its column,
/// from 0; `None` leaves the cell out.
pub(super) type Combine<'a> = dyn Fn(&str, usize, &[Option<&Figures>]) -> Option<Figures> + 'a;

/// One form made of several, cell by cell as `combine` says, which is given the row's key, the
/// column, and what each of them has; what it does not combine is left out.
pub(super) fn put_together(
    form: &Form,
    filed: &[&FormFigures],
    combine: &Combine<'_>,
) -> FormFigures {
    let mut sum = FormFigures::default();
    let keys: BTreeSet<&String> = filed.iter().flat_map(|form| form.rows.keys()).collect();
    for key in keys {
        for (at, column) in form.file.columns.iter().enumerate() {
            let id = column.id.get_ref();
            let parts = filed.iter().map(|form| form.rows.get(key)?.get(id));
            let parts: Vec<Option<&Figures>> = parts.collect();
            let found = combine(key, at, &parts);
            let Some(figures) = found.filter(|found| !found.all.is_empty()) else {
                continue;
            };
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
    sum
}

/// The sum of what each unit has under one row and column. A row only some of them have stays in
/// its column; its sum over all of them is not known.
pub(super) fn together(parts: &[Option<&Figures>]) -> Figures {
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
            [[column]]\nid = \"o_dau\"\nlabel = \"Ở đâu\"\ntype = \"text\"\n\
            [[column]]\nid = \"dau\"\nlabel = \"Dấu\"\ntype = \"flag\"\n";
        let mut facts = Vec::new();
        for (unit, row, number) in [
            ("A", "Hộ tịch", 3),
            ("B", "HỘ TỊCH", 4),
            ("C", "Hộ tịch", 5),
            ("A", "Đất đai", 7),
        ] {
            facts.push(fact(unit, "lop", row, "so", count(number)));
            facts.push(fact(unit, "lop", row, "dau", Value::Flag(unit != "B")));
            facts.push(fact(
                unit,
                "lop",
                row,
                "o_dau",
                Value::Text("Xã".to_owned()),
            ));
        }
        let (figures, gaps) = inherited(&facts, FREE, ROSTER);
        assert!(gaps.is_empty());
        assert_eq!(figures.value("M", "lop", "Hộ tịch", "so"), Some(&count(12)));
        // Whether the other unit had no such row or left it out is not known; the figure still
        // counts in the column's sum.
        assert_eq!(figures.value("M", "lop", "Đất đai", "so"), None);
        let all = figures.column("M", "lop", "so").unwrap();
        let sum: Number = all.iter().filter_map(Value::as_number).sum();
        assert_eq!(sum, Number::from(19));
        // What all of them say alike is the merged unit's, what they say differently nobody's.
        let place = Value::Text("Xã".to_owned());
        assert_eq!(figures.value("M", "lop", "Hộ tịch", "o_dau"), Some(&place));
        assert_eq!(figures.value("M", "lop", "Hộ tịch", "dau"), None);

        // Two works of one name in two places are two works.
        let mut facts = Vec::new();
        for (unit, place, number) in [("A", "Ấp 1", 3), ("B", "Ấp 2", 4), ("C", "Ấp 2", 5)] {
            facts.push(fact(unit, "lop", "Cầu", "so", count(number)));
            facts.push(fact(
                unit,
                "lop",
                "Cầu",
                "o_dau",
                Value::Text(place.to_owned()),
            ));
        }
        let (figures, _) = inherited(&facts, FREE, ROSTER);
        assert_eq!(figures.value("M", "lop", "Cầu", "so"), None);
        assert_eq!(figures.value("M", "lop", "Cầu", "o_dau"), None);
        let all = figures.column("M", "lop", "so").unwrap();
        assert_eq!(
            all.iter().filter_map(Value::as_number).sum::<Number>(),
            Number::from(12)
        );
    }
}
