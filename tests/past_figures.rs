//! A figure of a closed period is what the period itself had: random facts are consolidated as this
//! period's, closed, archived and read back, and every expression must yield the same.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use tonghop::consolidate::past::{self, PastReader};
use tonghop::consolidate::{Figure, Filing, FormTable, LineState, figures, form_table};
use tonghop::extract::{CellState, Table, TableCell, TableRow};
use tonghop::history::{Archive, Closing, FormStamp, LeftOut, Manifest, Units, write_csv};
use tonghop::model::{CellAddress, Fact, Number, Period, Value};
use tonghop::roster::Roster;
use tonghop::schema::campaign::FigureText;
use tonghop::schema::expression::{Expr, Function};
use tonghop::schema::parser;
use tonghop::schema::{FieldType, Form};

const FORMS: [(&str, &str); 3] = [
    ("co_dinh", include_str!("past_figures/co_dinh.toml")),
    ("chu", include_str!("past_figures/chu.toml")),
    ("tu_do", include_str!("past_figures/tu_do.toml")),
];
/// A and B went into M after the period was closed; S was split; the others go on.
const ROSTER: &str = "code,name,kind,group,active_from,active_to,aliases,predecessors\n\
    A,Xã A,xa,Vùng 1,,2025-09-30,,\nB,Xã B,xa,Vùng 1,,2025-09-30,,\n\
    C,Phường C,phuong,,,,,\nS,Xã S,xa,Vùng 2,,2025-09-30,,\n\
    M,Xã M,xa,Vùng 1,2025-10-01,,,A|B\nS1,Xã S1,xa,Vùng 2,2025-10-01,,,S\n\
    S2,Xã S2,xa,Vùng 2,2025-10-01,,,S\n";
const UNITS: [&str; 4] = ["A", "B", "C", "S"];

fn forms() -> Vec<Arc<Form>> {
    let form = |(id, text): (&str, &str)| Arc::new(Form::parse(id, text).unwrap());
    FORMS.map(form).to_vec()
}

fn roster() -> Roster {
    Roster::parse(ROSTER.as_bytes(), "roster.csv").unwrap()
}

fn period() -> Period {
    "2025-09".parse().unwrap()
}

/// What a unit filed: a state and a table for each form.
type Filed = Vec<(LineState, Table)>;

/// A cell of a type; now and then blank.
fn cell(kind: FieldType, choices: &[String], negative: bool) -> BoxedStrategy<Option<Value>> {
    let number = move |scale: u32| {
        let least = if negative { -5_000i64 } else { 0 };
        prop_oneof![Just(0i64), least..5_000, 0..9_000_000_000_000i64]
            .prop_map(move |figure| Value::Number(Number::new(figure, scale)))
            .boxed()
    };
    let text = |texts: Vec<String>| select(texts).prop_map(Value::Text).boxed();
    let words = [
        "việc",
        "Việc",
        "=1+1",
        "không",
        "x",
        "12",
        "2025-09-01",
        "a;b\nc",
    ];
    let words: Vec<String> = words.map(str::to_owned).to_vec();
    let value = match kind {
        FieldType::Count => number(0),
        FieldType::Amount if negative => number(6),
        FieldType::Amount => number(3),
        FieldType::Percent | FieldType::Ratio => number(2),
        FieldType::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldType::Date => (1u32..28)
            .prop_map(|day| Value::Date(chrono::NaiveDate::from_ymd_opt(2025, 9, day).unwrap()))
            .boxed(),
        FieldType::Choice => text(choices.to_vec()),
        FieldType::Text | FieldType::Code => text(words),
    };
    prop::option::weighted(0.6, value).boxed()
}

/// Values of all cells of a row, without what names it.
fn row(form: &Arc<Form>, at: Option<usize>) -> BoxedStrategy<Vec<Option<Value>>> {
    let cells: Vec<_> = (0..form.file.columns.len())
        .map(|column| match form.field(at, column) {
            Some(field) if Some(column) != form.key_column() => {
                cell(field.kind, &field.choices, field.negative)
            }
            _ => Just(None).boxed(),
        })
        .collect();
    cells.boxed()
}

fn table_row(form: &Form, row: Option<usize>, key: &str, values: &[Option<Value>]) -> TableRow {
    let cells = values.iter().enumerate().map(|(column, value)| TableCell {
        address: Some(CellAddress::new(9, u32::try_from(column).unwrap())),
        state: match value {
            Some(value) => CellState::Value(value.clone()),
            None if form.field(row, column).is_none() => CellState::Absent,
            None => CellState::Blank,
        },
    });
    TableRow {
        row,
        key: key.into(),
        cells: cells.collect(),
    }
}

fn table(form: &Arc<Form>, rows: Vec<TableRow>) -> Table {
    Table {
        form: form.clone(),
        file: "inbox/a.xlsx".into(),
        sheet: "Trang".into(),
        rows,
        total: None,
        incomplete: false,
        overwritten: Default::default(),
        formulas: Default::default(),
        texts: Default::default(),
    }
}

fn fixed(form: Arc<Form>, kind: &'static str) -> BoxedStrategy<Table> {
    let rows: Vec<_> = (0..form.file.rows.len())
        .map(|at| {
            let asked = form.file.rows[at].kinds.as_ref();
            let asked = asked.is_none_or(|kinds| kinds.iter().any(|asked| asked == kind));
            match asked {
                true => row(&form, Some(at)),
                false => Just(vec![None; form.file.columns.len()]).boxed(),
            }
        })
        .collect();
    rows.prop_map(move |rows| {
        let rows = rows.iter().enumerate().map(|(at, values)| {
            let id = form.file.rows[at].id.get_ref();
            table_row(&form, Some(at), id, values)
        });
        table(&form, rows.collect())
    })
    .boxed()
}

/// Rows of few names, so that one name comes again: the reader numbers it then.
fn free(form: Arc<Form>) -> BoxedStrategy<Table> {
    let name = select(vec!["Đường số 1", "đường  số 1", "Cầu", "-5 xã", "2025"]);
    let rows = prop::collection::vec((name, row(&form, None)), 0..5);
    rows.prop_map(move |rows| {
        let key = form.key_column().unwrap();
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        let rows = rows.into_iter().map(|(name, mut values)| {
            values[key] = Some(Value::Text(name.to_owned()));
            let count = names.entry(tonghop::text::normalise(name)).or_default();
            *count += 1;
            let unique = match count {
                1 => name.to_owned(),
                more => format!("{name} ({more})"),
            };
            table_row(&form, None, &unique, &values)
        });
        table(&form, rows.collect())
    })
    .boxed()
}

fn filed(kind: &'static str) -> BoxedStrategy<Filed> {
    let states = || {
        prop_oneof![
            6 => Just(LineState::Accepted),
            1 => Just(LineState::Returned),
            1 => Just(LineState::Missing),
        ]
    };
    let forms = forms().into_iter().map(|form| match form.is_free() {
        true => (states(), free(form)),
        false => (states(), fixed(form, kind)),
    });
    let forms: Vec<_> = forms.collect();
    forms.boxed()
}

fn period_of_units() -> impl Strategy<Value = Vec<Filed>> {
    let kinds = ["xa", "xa", "phuong", "xa"];
    kinds.map(filed).to_vec()
}

/// Who must file a form: a unit that is not of its kind does not.
fn must_file(form: &Form, unit: &str) -> bool {
    form.id() != "chu" || unit != "S"
}

fn this_period(filed: &[Filed]) -> Vec<FormTable> {
    let roster = roster();
    let forms = forms().into_iter().enumerate();
    forms
        .map(|(at, form)| {
            let filings: Vec<Filing<'_>> = UNITS
                .iter()
                .zip(filed)
                .filter(|(unit, _)| must_file(&form, unit))
                .map(|(unit, filed)| Filing {
                    sums: false,
                    unit: roster.by_code(unit).unwrap().clone(),
                    state: filed[at].0,
                    table: (filed[at].0 != LineState::Missing).then_some(&filed[at].1),
                })
                .collect();
            form_table(&form, &filings).unwrap()
        })
        .collect()
}

fn facts(filed: &[Filed]) -> Vec<Fact> {
    let units = UNITS.iter().zip(filed);
    units
        .flat_map(|(unit, filed)| {
            let unit: Arc<str> = (*unit).into();
            let accepted = filed.iter().filter(|(state, table)| {
                *state == LineState::Accepted && must_file(&table.form, &unit)
            });
            let facts = accepted.map(|(_, table)| table.facts(&unit, Some(period())));
            facts.collect::<Vec<_>>().concat()
        })
        .collect()
}

fn manifest(tables: &[FormTable]) -> Manifest {
    let mut open: BTreeMap<&str, (bool, Vec<String>)> = BTreeMap::new();
    for line in tables.iter().flat_map(|table| &table.lines) {
        open.entry(&line.unit.code).or_insert((true, Vec::new()));
    }
    for table in tables {
        for line in &table.lines {
            let (nothing, forms) = open.get_mut(line.unit.code.as_str()).unwrap();
            *nothing &= line.state == LineState::Missing;
            if line.state != LineState::Accepted {
                forms.push(table.form.id().to_owned());
            }
        }
    }
    let mut units = Units {
        expected: open.len(),
        ..Units::default()
    };
    for (unit, (nothing, forms)) in open {
        match (nothing, forms.is_empty()) {
            (true, _) => units.missing.push(unit.to_owned()),
            (_, true) => units.accepted += 1,
            _ => units.returned.push(LeftOut {
                unit: unit.to_owned(),
                forms,
            }),
        }
    }
    let stamp = |table: &FormTable| FormStamp {
        id: table.form.id().to_owned(),
        version: table.form.file.version.clone(),
        sha256: String::new(),
        expected: Some(
            table
                .lines
                .iter()
                .map(|line| line.unit.code.clone())
                .collect(),
        ),
        sums: Vec::new(),
        cells: Some(past::names(&table.form).collect()),
    };
    Manifest {
        period: period(),
        campaign: "dot".into(),
        closed_at: "2025-10-05T08:00:00+07:00".into(),
        tonghop: "0".into(),
        provisional: false,
        units,
        facts: 0,
        files: BTreeMap::new(),
        forms: tables.iter().map(stamp).collect(),
        definition: BTreeMap::new(),
        inputs: Vec::new(),
    }
}

/// The figures read back from an archive that was closed with this manifest.
fn read_back(manifest: Manifest, facts: &[Fact], texts: &[FigureText]) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().join("history"));
    let closing = Closing {
        manifest,
        facts,
        reasons: &[],
        findings: &[],
    };
    archive.close(closing, false).unwrap();
    past_figures(&archive, texts)
}

/// The figures of an archive written by hand.
fn read_by_hand(facts: &[Fact], texts: &[FigureText]) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join(period().to_string());
    fs::create_dir(&closed).unwrap();
    let file = fs::File::create(closed.join("facts.csv")).unwrap();
    write_csv(facts, file).unwrap();
    past_figures(&Archive::new(folder.path().to_owned()), texts)
}

fn past_figures(archive: &Archive, texts: &[FigureText]) -> Vec<Figure> {
    let (forms, roster) = (forms(), roster());
    let reader = PastReader {
        forms: &forms,
        older: &[],
        roster: &roster,
    };
    let closed = archive.period(period()).unwrap().unwrap();
    reader.figures(&closed, texts, &parsed(texts)).figures
}

fn parsed(texts: &[FigureText]) -> Vec<Expr> {
    let parse = |text: &FigureText| parser::parse(text.value.get_ref()).unwrap();
    texts.iter().map(parse).collect()
}

fn texts(expressions: &[String]) -> Vec<FigureText> {
    let text = expressions.iter().enumerate().map(|(at, expression)| {
        let table = format!("id = \"F{at}\"\nlabel = \"Số\"\nvalue = '''{expression}'''\n");
        toml::from_str(&table).unwrap()
    });
    text.collect()
}

const CELLS: [&str; 12] = [
    "co_dinh!thu.so",
    "co_dinh!thu.ty_le",
    "co_dinh!nguoi.so",
    "co_dinh!nguoi.muc",
    "co_dinh!nguoi.ty_le",
    "co_dinh!rieng.so",
    "chu!tu.gia_tri",
    "chu!phan.gia_tri",
    "chu!co.gia_tri",
    "tu_do!so",
    "tu_do!tien",
    "tu_do!dat",
];
const OTHERS: [&str; 10] = [
    "chu!ngay.gia_tri",
    "chu!loi.gia_tri",
    "chu!cuoi.gia_tri",
    "chu!ma.gia_tri",
    "tu_do!ten",
    "tu_do!loai",
    "tu_do!xong",
    "tu_do!ngay",
    "tu_do!ghi_chu",
    "chu!co.gia_tri",
];
const WANTED: [&str; 8] = [
    "\"x\"",
    "\"Đường\"",
    "\"việc\"",
    "\"đường số 1\"",
    "\"12\"",
    "0",
    "\"2025\"",
    "TRUE",
];

/// Numbers: names, and every function that yields one.
fn expression() -> impl Strategy<Value = String> {
    let name = || select([CELLS.as_slice(), OTHERS.as_slice()].concat());
    let folds = select(vec!["SUM", "MIN", "MAX", "COUNT", "COUNTA", "AVERAGE"]);
    let leaf = prop_oneof![
        2 => select(CELLS.to_vec()).prop_map(str::to_owned),
        1 => name().prop_map(str::to_owned),
        3 => (folds, name(), name()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
        2 => (name(), select(WANTED.to_vec())).prop_map(|(a, w)| format!("COUNTIF({a}, {w})")),
        2 => (
            select(vec!["tu_do!so", "tu_do!tien", "tu_do!dat"]),
            select(vec!["tu_do!loai", "tu_do!ghi_chu", "tu_do!ten", "tu_do!xong", "tu_do!ngay"]),
            select(vec!["\"Đường\"", "\"đường*\"", "\"x\"", "\"*\"", "\"0*\""]),
        ).prop_map(|(a, b, w)| format!("SUMIFS({a}, {b}, {w})")),
        1 => (
            select(vec!["tu_do!loai", "tu_do!ten", "tu_do!xong"]),
            select(vec!["\"Đường\"", "\"đường*\"", "\"x\""]),
            select(vec!["tu_do!so, \">1\"", "tu_do!ngay, DATE(2025, 7, 5)", "tu_do!dat, \"<=50\""]),
        ).prop_map(|(a, w, more)| format!("COUNTIFS({a}, {w}, {more})")),
        1 => select(vec!["UNITS(co_dinh)", "UNITS(chu)", "UNITS(tu_do)"]).prop_map(str::to_owned),
        1 => select(vec!["PREV(tu_do!so)", "PREVYEAR(tu_do!so)", "YTD(tu_do!so)"]).prop_map(str::to_owned),
        1 => (0u32..50).prop_map(|number| number.to_string()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let operator = select(vec!["+", "-", "*", "/"]);
        let comparison = select(vec!["=", "<>", "<", "<=", ">", ">="]);
        let name = select([CELLS.as_slice(), OTHERS.as_slice()].concat());
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            (inner.clone(), comparison, inner.clone(), inner.clone())
                .prop_map(|(a, c, b, d)| format!("IF({a} {c} {b}, {a}, {d})")),
            (inner.clone(), name, inner.clone()).prop_map(|(a, n, b)| format!(
                "IF(AND(NOT(ISBLANK({n})), OR({a} > 0, {b} > 0)), 1, {a})"
            )),
            (inner.clone(), 0u32..4).prop_map(|(a, n)| format!("ROUND({a}, {n})")),
            (inner.clone(), 0u32..4).prop_map(|(a, n)| format!("ROUNDDOWN(-{a}, {n})")),
            inner.prop_map(|a| format!("ABS({a})")),
        ]
    })
}

/// Everything a figure says.
fn said(figure: &Figure) -> (String, Option<Value>, Vec<Arc<str>>) {
    (
        figure.id.clone(),
        figure.value.clone(),
        figure.lacking.clone(),
    )
}

/// The same without those it lacks.
fn values(figures: &[Figure]) -> Vec<Option<Value>> {
    figures.iter().map(|figure| figure.value.clone()).collect()
}

/// Where the archive says less, a figure is the same or not known; never another.
fn same_or_unknown(
    now: &[Figure],
    past: &[Figure],
    texts: &[FigureText],
) -> Result<(), TestCaseError> {
    for ((now, past), text) in values(now).iter().zip(values(past)).zip(texts) {
        prop_assert!(
            past.is_none() || past == *now,
            "{}: {now:?} was {past:?}",
            text.value.get_ref()
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_past_figure_is_what_the_period_itself_had(
        filed in period_of_units(),
        expressions in prop::collection::vec(expression(), 8..24),
    ) {
        let (tables, facts, texts) = (this_period(&filed), facts(&filed), texts(&expressions));
        prop_assume!(!facts.is_empty());
        let now = figures(&texts, &parsed(&texts), &tables);
        let closed = manifest(&tables);

        let past = read_back(closed.clone(), &facts, &texts);
        let both = now.iter().map(said).zip(past.iter().map(said)).zip(&texts);
        for ((now, past), text) in both {
            prop_assert_eq!(now, past, "{}", text.value.get_ref());
        }

        // A manifest of before who had to file what was kept: only UNITS may be unknown.
        let mut old = closed;
        for stamp in &mut old.forms {
            (stamp.expected, stamp.cells) = (None, None);
        }
        let past = read_back(old, &facts, &texts);
        same_or_unknown(&now, &past, &texts)?;
        for ((now, past), text) in values(&now).iter().zip(values(&past)).zip(&texts) {
            let counts_units = text.value.get_ref().contains("UNITS");
            prop_assert!(counts_units || past == *now, "{}", text.value.get_ref());
        }

        let past = read_by_hand(&facts, &texts);
        same_or_unknown(&now, &past, &texts)?;
    }
}

/// A new function of the rule language must be tried above, too.
#[test]
fn every_function_is_tried() {
    let error = parser::parse("KHONGCO(1)").unwrap_err().message.en;
    let (_, known) = error.split_once("Known: ").unwrap();
    let source = include_str!("past_figures.rs");
    // The days of the period are for rules alone: a figure of a closed period has other days.
    let of_figures =
        |function: &&str| !["PERIODSTART", "PERIODEND", "FIRSTPERIOD"].contains(function);
    for function in known.split(", ").filter(of_figures) {
        let called = [format!("{function}("), format!("\"{function}\"")];
        assert!(
            called.iter().any(|call| source.contains(call)),
            "{function}"
        );
    }
    assert_eq!(Function::Units.name(), "UNITS");
}
