//! Every form file carries figures that are right and figures that break named rules.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tonghop::extract::{CellState, Table, TableCell, TableRow};
use tonghop::model::{CellAddress, Fact, Severity, Value};
use tonghop::rules::{PeriodFigures, PreviousFigures, UnitTables, check_unit};
use tonghop::schema::form::Example;
use tonghop::schema::{Form, builtin};

fn value(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::Integer(number) => Value::Number((*number).into()),
        toml::Value::Float(number) => Value::Number(number.to_string().parse().unwrap()),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        toml::Value::String(text) if text == "x" => Value::Flag(true),
        toml::Value::String(text) => Value::Text(text.clone()),
        other => panic!("an example holds no {other}"),
    }
}

fn row(
    form: &Form,
    row: Option<usize>,
    key: &str,
    at: u32,
    cells: &HashMap<String, Value>,
) -> TableRow {
    let cell = |(i, column): (usize, &tonghop::schema::Indicator)| {
        if form.field(row, i).is_none() {
            return TableCell::ABSENT;
        }
        let state = cells.get(column.id.get_ref()).cloned();
        TableCell {
            address: Some(CellAddress::new(at, u32::try_from(i).unwrap())),
            state: state.map_or(CellState::Blank, CellState::Value),
        }
    };
    let cells = form.file.columns.iter().enumerate().map(cell).collect();
    TableRow {
        row,
        key: key.into(),
        cells,
    }
}

fn table(form: &Arc<Form>, example: &Example) -> Table {
    let mut rows = Vec::new();
    if form.is_free() {
        for (at, cells) in (0u32..).zip(&example.rows) {
            let cells: HashMap<String, Value> =
                cells.iter().map(|(k, v)| (k.clone(), value(v))).collect();
            let key = &form.file.columns[form.key_column().unwrap()].id;
            let key = cells
                .get(key.get_ref())
                .map_or(format!("dòng {at}"), ToString::to_string);
            rows.push(row(form, None, &key, at, &cells));
        }
    } else {
        for (i, indicator) in form.file.rows.iter().enumerate() {
            let id = indicator.id.get_ref();
            let own = example.cells.iter().filter_map(|(name, v)| {
                let (row, column) = name.split_once('.')?;
                (row == id).then(|| (column.to_owned(), value(v)))
            });
            rows.push(row(
                form,
                Some(i),
                id,
                u32::try_from(i).unwrap(),
                &own.collect(),
            ));
        }
    }
    Table {
        form: form.clone(),
        file: "ví dụ".into(),
        sheet: "ví dụ".into(),
        rows,
        total: None,
        incomplete: false,
        overwritten: BTreeSet::new(),
    }
}

fn previous(form: &Form, example: &Example) -> PreviousFigures {
    let this_year = (!example.year_to_date.is_empty())
        .then(|| vec![period_figures(form, &example.year_to_date)]);
    PreviousFigures::of_periods(
        period_figures(form, &example.previous),
        period_figures(form, &example.year_before),
        this_year,
    )
}

fn period_figures(form: &Form, cells: &toml::Table) -> PeriodFigures {
    let facts: Vec<Fact> = cells
        .iter()
        .map(|(name, v)| {
            let (row, column) = name.rsplit_once('.').expect("row.column");
            Fact {
                period: Some("2025-08".parse().unwrap()),
                unit: "u".into(),
                form: form.id().into(),
                row: row.into(),
                column: column.into(),
                value: value(v),
                source: None,
            }
        })
        .collect();
    PeriodFigures::new(&facts)
}

#[test]
fn the_rules_over_periods_in_the_guide_are_those_of_the_tested_form() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/bieu-mau.md")).unwrap();
    let form = include_str!("data/forms/don_thu.toml");
    let (from, to) = (
        form.find("[[rule]]").unwrap(),
        form.find("[[example]]").unwrap(),
    );
    assert!(guide.contains(form[from..to].trim()));
}

#[test]
fn examples_break_the_rules_they_say_and_no_others() {
    let mut examples = 0;
    // A form of the guide, with rules that reach into every closed period.
    let guide = ("don_thu", include_str!("data/forms/don_thu.toml"));
    let built_in = builtin::ids().into_iter();
    for (id, text) in built_in
        .map(|id| (id, builtin::text(id).unwrap()))
        .chain([guide])
    {
        let form = Arc::new(Form::parse(id, text).unwrap());
        assert!(!form.file.examples.is_empty(), "form `{id}` has no example");
        for example in &form.file.examples {
            examples += 1;
            let tables = [table(&form, example)];
            let previous = previous(&form, example);
            let unit = UnitTables {
                unit: "u",
                tables: &tables,
                previous: Some(&previous),
            };
            let findings = check_unit(&unit).findings;
            let broken: BTreeSet<&str> = findings
                .iter()
                .filter(|finding| finding.severity != Severity::Info)
                .map(|finding| finding.rule.as_str())
                .collect();
            let expected: BTreeSet<&str> = example.breaks.iter().map(String::as_str).collect();
            assert_eq!(
                broken, expected,
                "form `{id}`, example «{}»: {findings:#?}",
                example.name
            );
        }
    }
    assert!(examples >= 20, "{examples}");
}
