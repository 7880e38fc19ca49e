//! The facts of a closed period as the units of a later day have them, to be compared with theirs.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::as_facts::facts_of;
use super::previous::{Expected, PeriodFigures};
use super::succession::{Heir, Legacy, heirs};
use crate::model::{Fact, Period, ReportingUnit};
use crate::roster::Roster;
use crate::schema::Form;
use crate::text::normalise;

/// Facts of a closed period, by the units of a later day.
#[derive(Debug, Clone)]
pub struct Recast {
    /// Those of merged units are sums; what cannot be added up stays with the unit that filed it.
    pub facts: Vec<Fact>,
    /// The units that changed in between.
    pub mergers: Vec<Merger>,
    /// Cells of merged units that a source has and that have no sum: words, marks, and cells of
    /// fixed rows that another source left blank.
    pub without_sum: BTreeSet<ReportedCell>,
}

/// Codes and ids of unit, form, row (normalised) and column.
pub type ReportedCell = (String, String, String, String);

/// The cell of a fact.
pub fn cell_key(unit: &str, form: &str, row: &str, column: &str) -> ReportedCell {
    (unit.into(), form.into(), normalise(row), column.into())
}

/// A unit that was made of others, or of parts of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// The unit of the later day.
    pub unit: Arc<ReportingUnit>,
    /// The units whose figures it took over.
    pub sources: Vec<Arc<ReportingUnit>>,
    /// Units because of which some or all figures could not be added up: they did not file, or were
    /// split.
    pub unknown: Vec<Arc<ReportingUnit>>,
}

/// The facts of `period`, in which the units of `expected` had to file, as the units of `now` have
/// them.
pub fn recast(
    facts: &[Fact],
    expected: Expected,
    period: Period,
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> Recast {
    let figures = PeriodFigures::new(facts).expecting(expected);
    let mut replaced: BTreeSet<(String, &str)> = BTreeSet::new();
    // A free row that one of the units has alone is the merged unit's; a cell of a fixed row that
    // one of them left blank has no sum.
    let mut sums = Vec::new();
    let mut mergers: Vec<Merger> = Vec::new();
    let mut without_sum = BTreeSet::new();
    for Heir { unit, form, legacy } in heirs(&figures, period, roster, forms, now) {
        let (sources, unknown) = match legacy {
            Legacy::Sum { sources, figures } => {
                replaced.extend(sources.iter().map(|of| (of.code.clone(), form.id())));
                let own = facts_of(&unit.code, form, &figures, period, form.is_free());
                let of_sources = facts.iter().filter(|fact| {
                    *fact.form == *form.id() && sources.iter().any(|of| *of.code == *fact.unit)
                });
                let key = |fact: &Fact| cell_key(&unit.code, &fact.form, &fact.row, &fact.column);
                let had = of_sources.map(key);
                let known: BTreeSet<ReportedCell> = own.iter().map(key).collect();
                without_sum.extend(had.filter(|key| !known.contains(key)));
                sums.extend(own);
                (sources, Vec::new())
            }
            Legacy::Lacking { sources, lacking } => (sources, lacking),
            Legacy::Split(split) => (vec![split.unit.clone()], vec![split.unit]),
        };
        match mergers.iter_mut().find(|merger| merger.unit == *unit) {
            Some(merger) => {
                let more = unknown.into_iter();
                let new = more.filter(|one| !merger.unknown.contains(one));
                let new: Vec<_> = new.collect();
                merger.unknown.extend(new);
            }
            None => mergers.push(Merger {
                unit: unit.clone(),
                sources,
                unknown,
            }),
        }
    }
    let kept = facts
        .iter()
        .filter(|fact| !replaced.contains(&(fact.unit.to_string(), &*fact.form)));
    Recast {
        facts: kept.cloned().chain(sums).collect(),
        mergers,
        without_sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Number, Value};

    const FREE: &str = "id = \"lop\"\nversion = \"1\"\ntitle = \"Lớp\"\nsheet = \"Lớp\"\n\
        [layout]\nrows = \"free\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"so\"\nlabel = \"Số\"\ntype = \"count\"\n";
    const ROSTER: &str = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
        A,Xã A cũ,xa,,,2025-06-30,,\nB,Xã B cũ,xa,,,2025-06-30,,\n\
        M,Xã Mới,xa,,2025-07-01,,,A|B\nX,Xã Khác,xa,,,,,\n";

    fn recast_of(filed: &[(&str, &str, u32)]) -> (Vec<(String, String, Number)>, Vec<Merger>) {
        let form = Arc::new(Form::parse("form.toml", FREE).unwrap());
        let roster = Roster::parse(ROSTER.as_bytes(), "roster.csv").unwrap();
        let fact = |(unit, row, number): &(&str, &str, u32)| Fact {
            period: None,
            unit: (*unit).into(),
            form: "lop".into(),
            row: (*row).into(),
            column: "so".into(),
            value: Value::Number((*number).into()),
            source: None,
        };
        let facts: Vec<Fact> = filed.iter().map(fact).collect();
        let period = "2025-06".parse().unwrap();
        let now = "2025-07-31".parse().unwrap();
        let recast = recast(&facts, Expected::new(), period, &roster, &[form], now);
        let shown = recast.facts.iter().map(|fact| {
            let number = fact.value.as_number().unwrap();
            (fact.unit.to_string(), fact.row.to_string(), number)
        });
        (shown.collect(), recast.mergers)
    }

    fn figure(unit: &str, row: &str, number: u32) -> (String, String, Number) {
        (unit.into(), row.into(), number.into())
    }

    #[test]
    fn a_merged_unit_has_its_sources_rows_and_the_others_keep_theirs() {
        let filed = [
            ("A", "Đất đai", 3),
            ("B", "ĐẤT ĐAI", 4),
            ("B", "Hộ tịch", 5),
            ("X", "Đất đai", 7),
        ];
        let (facts, mergers) = recast_of(&filed);
        let expected = [
            figure("X", "Đất đai", 7),
            figure("M", "Đất đai", 7),
            figure("M", "Hộ tịch", 5),
        ];
        assert_eq!(facts, expected);
        let [merger] = mergers.as_slice() else {
            panic!("{mergers:?}")
        };
        assert_eq!(merger.unit.code, "M");
        assert_eq!(merger.sources.len(), 2);
        assert!(merger.unknown.is_empty());
    }

    #[test]
    fn figures_that_lack_a_part_stay_with_the_unit_that_filed_them() {
        let (facts, mergers) = recast_of(&[("A", "Đất đai", 3)]);
        assert_eq!(facts, [figure("A", "Đất đai", 3)]);
        assert_eq!(mergers[0].unknown[0].code, "B");
    }
}
