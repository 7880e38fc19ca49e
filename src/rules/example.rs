//! Runs a form's own `[[example]]`s: figures laid out as a table without a workbook, asked like any
//! unit's.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Outcome, PeriodFigures, PreviousFigures, UnitTables, check_unit};
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{CellAddress, Fact, Finding, Severity, Value};
use crate::schema::example::value;
use crate::schema::{Form, form::Example};

/// What an example came to.
#[derive(Debug)]
pub struct Ran {
    /// Rules that its figures break, as errors or warnings (on trial or not).
    pub broken: BTreeSet<String>,
    /// Everything found.
    pub findings: Vec<Finding>,
}

/// Asks a form's rules of one of its examples. A name or value the form cannot have is passed
/// over: [`crate::schema::hints`] tells it.
pub fn run(form: &Arc<Form>, example: &Example) -> Ran {
    let tables = [table(form, example)];
    let previous = previous(form, example);
    let Outcome { findings, .. } = check_unit(&UnitTables {
        unit: UNIT,
        tables: &tables,
        previous: Some(&previous),
    });
    let counts = |finding: &&Finding| finding.trial.unwrap_or(finding.severity) != Severity::Info;
    Ran {
        broken: findings
            .iter()
            .filter(counts)
            .map(|f| f.rule.clone())
            .collect(),
        findings,
    }
}

/// The unit whose figures examples are.
const UNIT: &str = "vi-du";

fn values<'a>(cells: impl Iterator<Item = (&'a str, Option<Value>)>) -> HashMap<String, Value> {
    cells
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn table(form: &Arc<Form>, example: &Example) -> Table {
    let mut rows = Vec::new();
    if form.is_free() {
        for (at, cells) in (0u32..).zip(&example.rows) {
            let cells = values(cells.iter().map(|(name, of)| (name.as_str(), value(of))));
            let key = form.key_column().map(|key| &form.file.columns[key].id);
            let key = key.and_then(|key| cells.get(key.get_ref()));
            let key = key.map_or(format!("dòng {}", at + 1), ToString::to_string);
            rows.push(row(form, None, &key, at, &cells));
        }
    } else {
        for (at, (index, indicator)) in (0u32..).zip(form.file.rows.iter().enumerate()) {
            let id = indicator.id.get_ref();
            let own = example.cells.iter().filter_map(|(name, of)| {
                let (row, column) = name.split_once('.')?;
                (row == id).then_some((column, value(of)))
            });
            rows.push(row(form, Some(index), id, at, &values(own)));
        }
    }
    Table {
        form: form.clone(),
        file: "ví dụ".into(),
        sheet: "ví dụ".into(),
        rows,
        total: None,
        incomplete: false,
        overwritten: Default::default(),
        formulas: Default::default(),
    }
}

fn row(
    form: &Form,
    row: Option<usize>,
    key: &str,
    at: u32,
    cells: &HashMap<String, Value>,
) -> TableRow {
    let cell = |(column, index): (u32, usize)| {
        if form.field(row, index).is_none() {
            return TableCell::ABSENT;
        }
        let value = cells.get(form.file.columns[index].id.get_ref()).cloned();
        TableCell {
            address: Some(CellAddress::new(at, column)),
            state: value.map_or(CellState::Blank, CellState::Value),
        }
    };
    TableRow {
        row,
        key: key.into(),
        cells: (0u32..).zip(0..form.file.columns.len()).map(cell).collect(),
    }
}

fn previous(form: &Form, example: &Example) -> PreviousFigures {
    let figures = |written: Vec<(&str, Option<Value>)>| {
        let fact = |(name, value): (&str, Option<Value>)| {
            let (row, column) = name.rsplit_once('.')?;
            Some(Fact {
                period: None,
                unit: UNIT.into(),
                form: form.id().into(),
                row: row.into(),
                column: column.into(),
                value: value?,
                source: None,
            })
        };
        let facts: Vec<Fact> = written.into_iter().filter_map(fact).collect();
        PeriodFigures::new(&facts)
    };
    let [previous, year_before, this_year] = [
        &example.previous,
        &example.year_before,
        &example.year_to_date,
    ]
    .map(|cells| {
        figures(
            cells
                .iter()
                .map(|(name, of)| (&**name, value(of)))
                .collect(),
        )
    });
    let this_year = (!example.year_to_date.is_empty()).then(|| vec![this_year]);
    PreviousFigures::of_periods(previous, year_before, this_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &str = r#"
id = "b"
version = "1"
title = "B"
sheet = "B"
[layout]
rows = "free"
[[column]]
id = "ten"
label = "Tên"
key = true
[[column]]
id = "so"
label = "Số văn bản"
[[column]]
id = "ngay"
label = "Ngày ký"
type = "date"
[[column]]
id = "von"
label = "Vốn"
type = "count"
[[column]]
id = "du_an"
label = "Số dự án"
type = "count"
[[column]]
id = "moi"
label = "Lập mới"
type = "flag"
[[column]]
id = "cu"
label = "Chuyển tiếp"
type = "flag"
[[column]]
id = "luy_ke"
label = "Lũy kế"
type = "count"
[[rule]]
id = "so-va-ngay-khong-di-cung"
check = "ISBLANK(so) = ISBLANK(ngay)"
message = "Đã ghi số văn bản thì phải ghi ngày ký, và ngược lại."
[[rule]]
id = "von-ma-khong-co-du-an"
blank = "zero"
check = "(von > 0) = (du_an > 0)"
message = "Có vốn thì phải có dự án."
[[rule]]
id = "vua-moi-vua-cu"
check = "NOT(AND(moi, cu))"
message = "Một việc chỉ là lập mới hoặc chuyển tiếp."
[[rule]]
id = "du-an-ma-khong-co-so"
when = "du_an > 0"
check = "NOT(ISBLANK(so))"
message = "Có dự án thì phải ghi số văn bản."
[[rule]]
id = "luy-ke-giam"
check = "luy_ke >= PREV(luy_ke)"
message = "Lũy kế không thể giảm."
"#;

    fn told(example: &str) -> Vec<(String, String, String)> {
        let text = format!("{PAIRS}\n[[example]]\nname = \"n\"\n{example}");
        let form = Arc::new(Form::parse("b.toml", &text).unwrap());
        let ran = run(&form, &form.file.examples[0]);
        let told = ran.findings.into_iter().map(|finding| {
            let cell = finding.cell.unwrap().to_string();
            (finding.rule, cell, finding.message.vi)
        });
        told.collect()
    }

    #[test]
    fn a_pair_is_told_at_the_cell_that_is_missing() {
        assert!(
            told("rows = [{ ten = \"a\" }, { ten = \"b\", so = \"12/HD\", ngay = 2025-09-02 }]")
                .is_empty()
        );
        let [(rule, cell, message)] = &told("rows = [{ ten = \"a\", so = \"12/HD\" }]")[..] else {
            panic!()
        };
        assert_eq!(
            (rule.as_str(), cell.as_str()),
            ("so-va-ngay-khong-di-cung", "C1")
        );
        assert_eq!(
            message,
            "Đã ghi số văn bản thì phải ghi ngày ký, và ngược lại. «a › Ngày ký» để trống, trong khi «a › Số văn bản» (ô B1) ghi «12/HD»."
        );
        let [(rule, cell, message)] = &told("rows = [{ ten = \"a\", von = 5, du_an = 0 }]")[..]
        else {
            panic!()
        };
        assert_eq!(
            (rule.as_str(), cell.as_str()),
            ("von-ma-khong-co-du-an", "E1")
        );
        assert!(
            message.ends_with("«a › Số dự án» ghi 0, trong khi «a › Vốn» (ô D1) ghi 5."),
            "{message}"
        );
    }

    #[test]
    fn what_excludes_one_another_is_told_at_the_last_of_it() {
        let found = told("rows = [{ ten = \"a\", moi = true, cu = true }]");
        assert_eq!(
            (found[0].0.as_str(), found[0].1.as_str()),
            ("vua-moi-vua-cu", "G1")
        );
        assert!(told("rows = [{ ten = \"a\", moi = true }, { ten = \"b\" }]").is_empty());
    }

    #[test]
    fn a_conditional_rule_is_asked_only_where_its_condition_holds() {
        assert!(told("rows = [{ ten = \"a\", von = 0, du_an = 0 }]").is_empty());
        let found = told("rows = [{ ten = \"a\", von = 1, du_an = 2 }]");
        assert_eq!(
            (found[0].0.as_str(), found[0].1.as_str()),
            ("du-an-ma-khong-co-so", "B1")
        );
    }

    #[test]
    fn a_cumulated_figure_does_not_fall() {
        let found = told("rows = [{ ten = \"a\", luy_ke = 5 }]\nprevious = { \"a.luy_ke\" = 7 }");
        assert_eq!(
            found[0].2,
            "Lũy kế không thể giảm. «a › Lũy kế» ghi 5, không được nhỏ hơn 7 (số đã chốt kỳ trước)."
        );
        assert!(
            told("rows = [{ ten = \"a\", luy_ke = 7 }]\nprevious = { \"a.luy_ke\" = 7 }")
                .is_empty()
        );
    }

    #[test]
    fn what_could_not_be_asked_is_counted_with_its_reason() {
        use crate::rules::tally::Lack;
        let text = format!(
            "{PAIRS}\n[[example]]\nname = \"n\"\nrows = [{{ ten = \"a\", luy_ke = 5 }}, {{ ten = \"b\" }}]"
        );
        let form = Arc::new(Form::parse("b.toml", &text).unwrap());
        let tables = [table(&form, &form.file.examples[0])];
        let asked = |previous: Option<&PreviousFigures>| {
            let outcome = check_unit(&UnitTables {
                unit: UNIT,
                tables: &tables,
                previous,
            });
            assert!(outcome.findings.is_empty());
            outcome.tallies.of("b", "luy-ke-giam").cloned().unwrap()
        };
        assert_eq!(asked(None).not_evaluated.get(&Lack::NoPrevious), Some(&2));
        // A condition that cannot be told is not one that does not hold.
        let tally = check_unit(&UnitTables {
            unit: UNIT,
            tables: &tables,
            previous: None,
        })
        .tallies;
        let when = tally.of("b", "du-an-ma-khong-co-so").unwrap();
        assert_eq!((when.asked, when.held, when.unknown()), (2, 0, 2));
        assert_eq!(when.not_evaluated.get(&Lack::Blank), Some(&2));
    }
}
