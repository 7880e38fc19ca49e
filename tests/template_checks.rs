//! Templates filled by another program and recalculated by another: every live check agrees with
//! the tool's own rules. Needs LibreOffice (`soffice`) and Python with openpyxl; see
//! `common/peers.rs` for what happens without them.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tonghop::campaign::{Campaign, check};
use tonghop::extract::{identity, locate, read_table};
use tonghop::model::{
    Allowance, CellAddress, Fact, Filer, ReportingUnit, Severity, Value, template_names,
};
use tonghop::rules::{PreviousFigures, UnitTables, check_unit};
use tonghop::schema::rule_text::Example;
use tonghop::schema::{Form, builtin};
use tonghop::workbook::{Limits, Workbook};
use tonghop::write::{TemplateInput, TemplateLayout, write_template};

use office::{Filled, Job, able, figures, fill, text, workbook};

/// What each live check of a workbook shows, by rule; those of other workbooks left out.
fn shown(book: &Workbook, layout: &TemplateLayout) -> Vec<(String, String)> {
    let checks = layout.sheets.iter().flat_map(|place| {
        let here = place.checks.iter().filter(|check| !check.elsewhere);
        here.map(|check| (check.rule.clone(), text(book, &place.sheet, check.cell)))
    });
    checks.collect()
}

/// Rules whose check says that something is wrong or to be explained.
fn turned(shown: &[(String, String)]) -> BTreeSet<String> {
    let wrong = |text: &str| text.starts_with("Sai") || text.starts_with("Xem lại");
    let turned = shown.iter().filter(|(_, text)| wrong(text));
    turned.map(|(rule, _)| rule.clone()).collect()
}

fn toml_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(true) => json!("x"),
        toml::Value::Boolean(false) => Json::Null,
        toml::Value::String(text) => json!(text),
        other => panic!("an example holds no {other}"),
    }
}

fn model_value(value: &toml::Value) -> Value {
    match value {
        toml::Value::Integer(number) => Value::Number((*number).into()),
        toml::Value::Float(number) => Value::Number(number.to_string().parse().unwrap()),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        other => Value::Text(other.as_str().unwrap_or_default().to_owned()),
    }
}

fn cells(form: &Form, example: &Example) -> Vec<Filled> {
    let fixed = example.cells.iter().map(|(name, value)| {
        let (row, column) = name.get_ref().split_once('.').unwrap();
        Filled::new(
            template_names::cell(form.id(), row, column),
            0,
            toml_json(value),
        )
    });
    let rows = (0i64..).zip(&example.rows).flat_map(|(at, row)| {
        row.iter().map(move |(column, value)| {
            // Names may stand alone in the row above their figures.
            let is_name = form.key_column() == form.column(column.get_ref());
            let down = match form.names_above() {
                true => 2 * at - i64::from(is_name),
                false => at,
            };
            Filled::new(
                template_names::column(form.id(), column.get_ref()),
                down,
                toml_json(value),
            )
        })
    });
    fixed.chain(rows).collect()
}

fn previous(form: &Form, example: &Example) -> PreviousFigures {
    let facts = example.previous.iter().map(|(name, value)| {
        let (row, column) = name.get_ref().rsplit_once('.').unwrap();
        Fact {
            period: Some("2025-08".parse().unwrap()),
            unit: "u".into(),
            form: form.id().into(),
            row: row.into(),
            column: column.into(),
            value: model_value(value),
            source: None,
        }
    });
    PreviousFigures::new(&facts.collect::<Vec<_>>())
}

fn unit() -> ReportingUnit {
    ReportingUnit::new("u", "Xã Thử", "xa")
}

/// Rules that the tool itself finds broken in a workbook of one form.
fn found(book: &Workbook, form: &Arc<Form>, previous: &PreviousFigures) -> BTreeSet<String> {
    let forms = [form.clone()];
    let located = locate(book, &identity::read(book), &forms);
    let read = located.tables.iter();
    let read = read.map(|table| {
        read_table(
            book,
            &"thử.xlsx".into(),
            table,
            Some(Filer {
                code: "",
                kind: "xa",
            }),
            None,
        )
        .0
    });
    let tables: Vec<_> = read.collect();
    let outcome = check_unit(
        &UnitTables {
            unit: "u",
            kind: None,
            tables: &tables,
            previous: Some(previous),
        },
        &Allowance::default(),
    );
    let told = outcome
        .findings
        .iter()
        .filter(|f| f.severity != Severity::Info);
    told.map(|finding| finding.rule.clone()).collect()
}

/// Forms with what no built-in form has: rounded figures, pairs, days, codes, lists of choices,
/// ratios of other decimals, names in the row above.
const OWN: [(&str, &str); 6] = [
    ("lam_tron", include_str!("data/forms/lam_tron.toml")),
    ("cap_doi", include_str!("data/forms/cap_doi.toml")),
    ("du_kieu", include_str!("data/forms/du_kieu.toml")),
    ("ty_le", include_str!("data/forms/ty_le.toml")),
    ("ten_tren", include_str!("data/forms/ten_tren.toml")),
    (
        "ten_tren_tu_do",
        include_str!("data/forms/ten_tren_tu_do.toml"),
    ),
];

#[test]
fn live_checks_turn_where_the_rules_do() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut jobs, mut cases) = (Vec::new(), Vec::new());
    let built_in = builtin::ids().into_iter();
    let texts = built_in.map(|id| (id, builtin::text(id).unwrap()));
    for (id, text) in texts.chain(OWN) {
        let form = Arc::new(Form::parse(id, text).unwrap());
        for (number, example) in form.file.examples.iter().enumerate() {
            let previous = previous(&form, example);
            let name = format!("{id}-{number}");
            let input = TemplateInput {
                campaign: &campaign.file,
                unit: Some(&unit()),
                forms: std::slice::from_ref(&form),
                fill: None,
                identity: true,
                previous: Some(&previous),
                password: None,
            };
            let path = folder.path().join(format!("{name}.xlsx"));
            let layout = write_template(&input, created, &path).unwrap();
            jobs.push(Job {
                name: name.clone(),
                keep: example.breaks.is_empty(),
                cells: cells(&form, example),
            });
            cases.push((name, form.clone(), number, previous, layout));
        }
    }
    let done = fill(folder.path(), &jobs);
    for (name, form, number, previous, layout) in &cases {
        let example = &form.file.examples[*number];
        let book = workbook(&done[name]);
        let shown = shown(&book, layout);
        let expected: BTreeSet<String> = example
            .breaks
            .iter()
            .map(|rule| rule.get_ref().clone())
            .collect();
        assert_eq!(
            turned(&shown),
            expected,
            "{name} «{}»: {shown:#?}",
            example.name.get_ref()
        );
        assert_eq!(found(&book, form, previous), expected, "{name}");
        let held = shown.iter().filter(|(_, text)| text == "✓").count();
        assert!(held > 0 || !expected.is_empty(), "{name}: {shown:#?}");
    }
    assert!(cases.len() >= 20, "{}", cases.len());
}

#[test]
fn an_untouched_template_is_not_filled_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut looked_at = 0;
    for name in common::CAMPAIGNS {
        let campaign = Campaign::load(&common::sample(name)).unwrap();
        let created = campaign
            .file
            .period
            .last_day()
            .and_hms_opt(8, 0, 0)
            .unwrap();
        for kind in &campaign.file.kinds {
            let mut units = campaign.roster.units.iter();
            let Some(unit) = units.find(|unit| unit.kind == kind.id) else {
                continue;
            };
            looked_at += 1;
            let asked = campaign
                .forms
                .iter()
                .filter(|form| campaign.expects(unit, form.id()));
            let forms: Vec<_> = asked.cloned().collect();
            for previous in [None, campaign.previous.as_ref()] {
                let input = TemplateInput {
                    campaign: &campaign.file,
                    unit: Some(unit),
                    forms: &forms,
                    fill: None,
                    identity: true,
                    previous,
                    password: Some("mật khẩu"),
                };
                let path = folder.path().join("mau.xlsx");
                write_template(&input, created, &path).unwrap();
                let run = check(
                    std::slice::from_ref(&path),
                    Some(&campaign),
                    &Limits::default(),
                    &|_, _| {},
                )
                .unwrap();
                let told: Vec<_> = run.findings.iter().map(|f| (&f.form, &f.rule)).collect();
                assert!(
                    run.findings.iter().all(|f| f.rule == "bieu-chua-dien"),
                    "{told:?}"
                );
                assert_eq!(told.len(), forms.len(), "{told:?}");
                assert!(run.facts.is_empty(), "{:?}", run.facts);
            }
        }
    }
    assert!(looked_at >= 4, "departments, wards, communes, the office");
}

/// Units that together file every form of the sample campaigns: one of each kind, and those that
/// file what others do not.
fn filers(campaign: &Campaign) -> Vec<Arc<ReportingUnit>> {
    let mut left: BTreeSet<&str> = campaign.forms.iter().map(|form| form.id()).collect();
    let mut kinds = BTreeSet::new();
    let mut filers = Vec::new();
    for unit in &campaign.roster.units {
        let own = left.iter().filter(|form| campaign.expects(unit, form));
        let own: Vec<&str> = own.copied().collect();
        if kinds.insert(unit.kind.as_str()) || !own.is_empty() {
            left.retain(|form| !own.contains(form));
            filers.push(unit.clone());
        }
    }
    filers
}

#[test]
fn every_form_filled_with_the_samples_figures_is_clean_and_every_live_check_holds() {
    if !able() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for name in common::CAMPAIGNS {
        let sample = common::sample(name);
        let campaign = Campaign::load(&sample).unwrap();
        let facts = common::run(&sample).facts;
        let created = campaign.file.period.last_day();
        let created = created.and_hms_opt(8, 0, 0).unwrap();
        let (mut jobs, mut layouts) = (Vec::new(), HashMap::new());
        for unit in filers(&campaign) {
            let forms = campaign.forms.iter();
            let forms = forms.filter(|form| campaign.expects(&unit, form.id()));
            let forms: Vec<_> = forms.cloned().collect();
            asked.extend(forms.iter().map(|form| form.id().to_owned()));
            let input = TemplateInput {
                campaign: &campaign.file,
                unit: Some(&unit),
                forms: &forms,
                fill: None,
                identity: true,
                previous: campaign.previous.as_ref(),
                password: None,
            };
            let path = folder.path().join(format!("{}.xlsx", unit.code));
            let layout = write_template(&input, created, &path).unwrap();
            layouts.insert(unit.code.clone(), layout);
            jobs.push(Job {
                name: unit.code.clone(),
                keep: true,
                cells: figures(&facts, &unit.code, &forms),
            });
        }
        for (code, path) in fill(folder.path(), &jobs) {
            let shown = shown(&workbook(&path), &layouts[&code]);
            let not: Vec<_> = shown.iter().filter(|(_, text)| text != "✓").collect();
            assert!(not.is_empty() && shown.len() > 5, "{name} {code}: {not:#?}");
            let run = check(&[path], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
            let told = run.findings.iter().filter(|f| f.severity != Severity::Info);
            let told: Vec<_> = told.collect();
            assert!(told.is_empty(), "{name} {code}: {told:#?}");
            assert!(!run.facts.is_empty(), "{name} {code}");
        }
    }
    let every: BTreeSet<String> = builtin::ids().into_iter().map(str::to_owned).collect();
    assert_eq!(asked, every);
}

#[test]
fn a_filled_template_is_clean_and_one_mistake_is_told_alone() {
    if !able() {
        return;
    }
    let sample = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&sample).unwrap();
    let facts = common::run(&sample).facts;
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut jobs, mut layouts) = (Vec::new(), HashMap::new());
    for code in ["28870", "H61.06", "H61.08"] {
        let unit = campaign.roster.by_code(code).unwrap();
        let asked = campaign
            .forms
            .iter()
            .filter(|form| campaign.expects(unit, form.id()));
        let forms: Vec<_> = asked.cloned().collect();
        let input = TemplateInput {
            campaign: &campaign.file,
            unit: Some(unit),
            forms: &forms,
            fill: None,
            identity: true,
            previous: campaign.previous.as_ref(),
            password: None,
        };
        let right = figures(&facts, code, &forms);
        for (name, mistake) in [("right", false), ("wrong", true)] {
            let name = format!("{code}-{name}");
            let path = folder.path().join(format!("{name}.xlsx"));
            layouts.insert(
                name.clone(),
                write_template(&input, created, &path).unwrap(),
            );
            let mut cells = right.clone();
            if mistake {
                // One more received online than II.06a says.
                let online = template_names::cell("tthc_ky", "truc_tuyen", "trong_ky");
                let cell = cells.iter_mut().find(|cell| cell.name == online).unwrap();
                cell.value = json!(cell.value.as_f64().unwrap() + 1.0);
            }
            jobs.push(Job {
                name,
                keep: true,
                cells,
            });
        }
    }
    let done = fill(folder.path(), &jobs);
    for (name, path) in &done {
        let shown = shown(&workbook(path), &layouts[name]);
        let run = check(
            std::slice::from_ref(path),
            Some(&campaign),
            &Limits::default(),
            &|_, _| {},
        )
        .unwrap();
        let told = run.findings.iter().filter(|f| f.severity != Severity::Info);
        let told: BTreeSet<String> = told.map(|finding| finding.rule.clone()).collect();
        assert_eq!(
            turned(&shown),
            told,
            "{name}: {shown:#?} {:#?}",
            run.findings
        );
        if name.ends_with("right") {
            let not: Vec<_> = shown.iter().filter(|(_, text)| text != "✓").collect();
            assert!(
                not.is_empty() && told.is_empty(),
                "{name}: {not:#?} {:#?}",
                run.findings
            );
        } else {
            let expected = ["tiep-nhan-lech-tong", "truc-tuyen-lech-bieu-ii-06a"];
            assert_eq!(
                told,
                expected.map(str::to_owned).into(),
                "{name}: {shown:#?}"
            );
        }
    }
}

/// A free-row form with a required figure, and a ratio that may stay blank.
const COMPLETE: &str = r#"
id = "lop"
version = "1"
title = "Lớp tập huấn"
sheet = "Lớp"
[layout]
rows = "free"
prepared_rows = 4
[defaults]
type = "count"
blank = "missing"
[[column]]
id = "ten"
label = "Tên lớp"
type = "text"
key = true
[[column]]
id = "nguoi"
label = "Người dự"
[[column]]
id = "nu"
label = "Nữ"
[[column]]
id = "ty_le"
label = "Tỷ lệ nữ (%)"
type = "percent"
numerator = "nu"
denominator = "nguoi"
blank = "nothing"
[[rule]]
id = "nu-nhieu-hon"
check = "nu <= nguoi"
message = "Nữ không thể nhiều hơn người dự."
"#;

#[test]
fn a_blank_or_words_in_a_named_row_are_not_called_right() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    let form = Arc::new(Form::parse("lop.toml", COMPLETE).unwrap());
    let (right, waits) = (
        "Không còn chỗ nào chưa đúng.",
        "Chưa thấy chỗ nào sai; còn ",
    );
    let wrong = "Còn 1 chỗ chưa đúng.";
    let cases = [
        ("right", [json!(20), json!(10), json!(50)], right),
        ("blank", [json!(20), Json::Null, Json::Null], waits),
        ("words", [json!("20 người"), json!(10), Json::Null], wrong),
        ("ratio", [json!(20), json!(10), Json::Null], waits),
        (
            "ratio-words",
            [json!(20), json!(10), json!("một nửa")],
            wrong,
        ),
        ("none", [json!(0), json!(0), Json::Null], right),
        ("no-ratio", [json!(0), json!(0), json!("-")], right),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (mut jobs, mut layouts) = (Vec::new(), Vec::new());
    for (name, figures, _) in &cases {
        let input = TemplateInput {
            campaign: &campaign.file,
            unit: Some(&unit()),
            forms: std::slice::from_ref(&form),
            fill: None,
            identity: true,
            previous: None,
            password: None,
        };
        let path = folder.path().join(format!("{name}.xlsx"));
        layouts.push(write_template(&input, created, &path).unwrap());
        let filled =
            |id: &str, value: Json| Filled::new(template_names::column(form.id(), id), 0, value);
        let mut cells = vec![filled("ten", json!("Lớp A"))];
        let ids = ["nguoi", "nu", "ty_le"].into_iter().zip(figures);
        cells.extend(ids.map(|(id, value)| filled(id, value.clone())));
        jobs.push(Job {
            name: (*name).to_owned(),
            keep: true,
            cells,
        });
    }
    let done = fill(folder.path(), &jobs);
    for ((name, _, verdict), layout) in cases.iter().zip(&layouts) {
        let book = workbook(&done[*name]);
        let place = &layout.sheets[0];
        let at = CellAddress::new(place.grid.counter, 0);
        let told = text(&book, &place.sheet, at);
        let shown = shown(&book, layout);
        assert!(told.starts_with(verdict), "{name}: {told} {shown:#?}");
    }
}
