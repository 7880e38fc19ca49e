//! Random figures that agree, one random mistake in each form: the live checks that turn red in
//! LibreOffice are the rules the tool itself finds broken, at the same places. Needs LibreOffice
//! (`soffice`) and Python with openpyxl; see `common/peers.rs` for what happens without them.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tonghop::campaign::Campaign;
use tonghop::extract::{CellState, Table, TableCell, TableRow, identity, locate, read_table};
use tonghop::model::{
    Allowance, CellAddress, Fact, Filer, Finding, Number, ReportingUnit, Severity, Value,
};
use tonghop::model::{Period, template_names};
use tonghop::rules::{PreviousFigures, UnitTables, check_unit};
use tonghop::rules::{change, size, unchanged, zeros};
use tonghop::schema::{FieldType, Form, RuleScope, builtin};
use tonghop::workbook::Workbook;
use tonghop::write::{CheckPlace, TemplateInput, TemplateLayout, write_template};

use office::{Filled, Job, able, fill, text, workbook};

/// Workbooks filled in; each holds every form, and a mistake in each.
const WORKBOOKS: usize = 26;

/// SplitMix64: the same figures on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A form's cells by row and column of the form; free rows have names.
#[derive(Clone)]
struct Sheet {
    form: Arc<Form>,
    rows: Vec<(String, Vec<Option<Value>>)>,
}

type Cell = (usize, usize, usize);

impl Sheet {
    fn index(&self, row: usize) -> Option<usize> {
        (!self.form.is_free()).then_some(row)
    }

    fn table(&self, sheet: usize) -> Table {
        let cell = |row: usize, column: usize, value: &Option<Value>| {
            if self.form.field(self.index(row), column).is_none() {
                return TableCell::ABSENT;
            }
            TableCell {
                address: Some(CellAddress::new(number(row), number(column))),
                state: value.clone().map_or(CellState::Blank, CellState::Value),
            }
        };
        let rows = self.rows.iter().enumerate().map(|(row, (key, values))| {
            let cells = values.iter().enumerate();
            TableRow {
                row: self.index(row),
                key: key.as_str().into(),
                cells: cells.map(|(column, v)| cell(row, column, v)).collect(),
            }
        });
        Table {
            overwritten: std::collections::BTreeSet::new(),
            formulas: std::collections::BTreeSet::new(),
            texts: std::collections::BTreeSet::new(),
            form: self.form.clone(),
            file: "thử".into(),
            sheet: sheet.to_string().into(),
            rows: rows.collect(),
            total: None,
            incomplete: false,
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap()
}

fn findings(sheets: &[Sheet], previous: Option<&PreviousFigures>) -> Vec<Finding> {
    let tables: Vec<Table> = sheets.iter().enumerate().map(|(i, s)| s.table(i)).collect();
    let unit = UnitTables {
        unit: "u",
        kind: None,
        tables: &tables,
        previous,
    };
    let findings = check_unit(&unit, &Allowance::default()).findings;
    findings.into_iter().filter(is_checked_live).collect()
}

/// Is it of a rule that templates check? How likely a figure is beside last period's and the others
/// of its form, the tool weighs when it reads.
fn is_checked_live(finding: &Finding) -> bool {
    let weighed = [
        change::CHANGED,
        size::SIZE,
        unchanged::UNCHANGED,
        zeros::ZEROS,
    ];
    finding.severity != Severity::Info && !weighed.contains(&finding.rule.as_str())
}

/// The right figures of the form's own first right example, so many times.
fn example(form: &Arc<Form>, dice: &mut Dice) -> Sheet {
    let right = form.file.examples.iter().find(|e| e.breaks.is_empty());
    let right = right.unwrap_or_else(|| panic!("`{}` has no right example", form.id()));
    let value = |toml: &toml::Value, by: u64| match toml {
        toml::Value::Integer(n) => Some(Value::Number(Number::from(*n) * Number::from(by))),
        toml::Value::Float(n) => Some(Value::Number(n.to_string().parse::<Number>().unwrap())),
        toml::Value::Boolean(ticked) => Some(Value::Flag(*ticked)),
        other => Some(Value::Text(other.as_str().unwrap().to_owned())),
    };
    let columns = &form.file.columns;
    let rows = if form.is_free() {
        let key = columns[form.key_column().unwrap()].id.get_ref();
        let mut rows = Vec::new();
        for copy in 0..2 {
            for row in &right.rows {
                let by = 1 + dice.roll() % 4;
                let name = format!("{} {}", row[key.as_str()].as_str().unwrap(), copy + 1);
                let cell = |c: &tonghop::schema::Indicator| match c.id.get_ref() {
                    id if id == key => Some(Value::Text(name.clone())),
                    id => row.get(id.as_str()).and_then(|v| value(v, by)),
                };
                rows.push((name.clone(), columns.iter().map(cell).collect()));
            }
        }
        rows
    } else {
        let by = 1 + dice.roll() % 4;
        let row = |row: &tonghop::schema::Indicator| {
            let id = row.id.get_ref();
            let cell = |c: &tonghop::schema::Indicator| {
                let name = format!("{id}.{}", c.id.get_ref());
                right.cells.get(name.as_str()).and_then(|v| value(v, by))
            };
            (id.clone(), columns.iter().map(cell).collect())
        };
        form.file.rows.iter().map(row).collect()
    };
    Sheet {
        form: form.clone(),
        rows,
    }
}

/// Every cell whose value is of a sort.
fn cells(sheets: &[Sheet], wanted: impl Fn(&Value) -> bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (s, sheet) in sheets.iter().enumerate() {
        for (r, (_, values)) in sheet.rows.iter().enumerate() {
            for (c, value) in values.iter().enumerate() {
                if value.as_ref().is_some_and(&wanted) {
                    cells.push((s, r, c));
                }
            }
        }
    }
    cells
}

/// Mends what does not agree, finding by finding, as the tool suggests; false if that ends nowhere.
fn mend(sheets: &mut [Sheet], previous: Option<&PreviousFigures>, dice: &mut Dice) -> bool {
    for _ in 0..40 {
        let found = findings(sheets, previous);
        let Some(finding) = found.first() else {
            return true;
        };
        let at = |finding: &Finding, cell: CellAddress| {
            let sheet: usize = finding.sheet.as_ref().unwrap().parse().unwrap();
            (sheet, cell.row as usize, cell.column as usize)
        };
        let mut ways: Vec<(Cell, Option<Value>)> = Vec::new();
        if let (Some(cell), Some(expected)) = (finding.cell, &finding.expected) {
            ways.push((at(finding, cell), Some(expected.clone())));
        }
        for suspect in &finding.review.suspects {
            let sheet: usize = suspect.sheet.parse().unwrap();
            let cell = (
                sheet,
                suspect.cell.row as usize,
                suspect.cell.column as usize,
            );
            ways.extend(suspect.suggestion.clone().map(|v| (cell, Some(v))));
        }
        if ways.is_empty() {
            let (s, r, c) = at(finding, finding.cell.unwrap());
            match &sheets[s].rows[r].1[c] {
                Some(Value::Flag(ticked)) => ways.push(((s, r, c), Some(Value::Flag(!ticked)))),
                // A percentage of nothing.
                _ => ways.push(((s, r, c), None)),
            }
        }
        let ((s, r, c), value) = dice.pick(&ways).clone();
        if value
            .as_ref()
            .and_then(Value::as_number)
            .is_some_and(|n| n.is_sign_negative())
        {
            return false;
        }
        sheets[s].rows[r].1[c] = value;
    }
    false
}

/// Figures that agree: the examples', moved about form by form, then brought to agree with each
/// other.
fn agreeing(
    forms: &[Arc<Form>],
    previous: Option<&PreviousFigures>,
    dice: &mut Dice,
) -> Vec<Sheet> {
    for _ in 0..50 {
        let mut sheets: Vec<Sheet> = forms
            .iter()
            .map(|form| moved_about(form, previous, dice))
            .collect();
        if mend(&mut sheets, previous, dice) {
            return sheets;
        }
    }
    panic!("the forms cannot be brought to agree");
}

fn moved_about(form: &Arc<Form>, previous: Option<&PreviousFigures>, dice: &mut Dice) -> Sheet {
    let mut sheet = (0..50)
        .find_map(|_| {
            let mut one = [example(form, dice)];
            mend(&mut one, previous, dice).then(|| one[0].clone())
        })
        .unwrap_or_else(|| panic!("the example of `{}` cannot be mended", form.id()));
    for _ in 0..3 {
        let mut tried = [sheet.clone()];
        let all = cells(&tried, |v| matches!(v, Value::Number(_) | Value::Flag(_)));
        let (s, r, c) = *dice.pick(&all);
        let value = match tried[s].rows[r].1[c] {
            Some(Value::Flag(ticked)) => Value::Flag(!ticked),
            _ => Value::Number((dice.roll() % 60).into()),
        };
        tried[s].rows[r].1[c] = Some(value);
        if mend(&mut tried, previous, dice) {
            [sheet] = tried;
        }
    }
    sheet
}

/// The archive of a closed period with these figures.
fn archived(sheets: &[Sheet]) -> PreviousFigures {
    let period: Period = "2025-08".parse().unwrap();
    let mut facts = Vec::new();
    for sheet in sheets {
        for (key, values) in &sheet.rows {
            for (column, value) in sheet.form.file.columns.iter().zip(values) {
                if let Some(value) = value.as_ref().filter(|_| !column.key) {
                    facts.push(Fact {
                        period: Some(period),
                        unit: "u".into(),
                        form: sheet.form.id().into(),
                        row: key.as_str().into(),
                        column: column.id.get_ref().as_str().into(),
                        value: value.clone(),
                        source: None,
                    });
                }
            }
        }
    }
    PreviousFigures::new(&facts)
}

/// A slip of a clerk's that Excel lets through: what a figure becomes.
fn slip(figure: Number, percent: bool, dice: &mut Dice) -> Json {
    let digits = figure.trunc().to_string();
    let mut swapped: Vec<char> = digits.chars().collect();
    let end = swapped.len();
    if end > 1 {
        swapped.swap(end - 1, end - 2);
    }
    let text = match dice.below(8) {
        0 => swapped.into_iter().collect(),
        1 => format!("{digits}{}", dice.below(10)),
        2 => digits[..end - 1].to_owned(),
        3 => (figure.trunc() + Number::ONE).to_string(),
        4 => (figure.trunc() * Number::TWO).to_string(),
        5 => "0".to_owned(),
        6 => return Json::Null,
        _ => dice.below(1000).to_string(),
    };
    // Below 1 a percentage is reported when it is read; above 100 Excel refuses it.
    let number = text.parse::<u64>().unwrap_or(0);
    json!(if percent { number % 101 } else { number })
}

/// Sheets as cells to fill in, in a form's order; names the template wrote and nobody has are
/// cleared.
fn filled(sheets: &[Sheet], previous: &PreviousFigures, dice: &mut Dice) -> Vec<Filled> {
    let mut list = Vec::new();
    for sheet in sheets {
        let form = &sheet.form;
        for (r, (key, values)) in sheet.rows.iter().enumerate() {
            for (column, value) in form.file.columns.iter().zip(values) {
                let id = column.id.get_ref();
                let (name, down) = match form.is_free() {
                    true => (template_names::column(form.id(), id), number(r)),
                    false => (template_names::cell(form.id(), key, id), 0),
                };
                let value = match value {
                    None | Some(Value::Flag(false)) => Json::Null,
                    Some(Value::Flag(true)) => json!("x"),
                    Some(Value::Number(n)) => json!(n.to_string().parse::<f64>().unwrap()),
                    Some(Value::Text(text)) if column.key => json!(retyped(text, dice)),
                    Some(other) => json!(other.to_string()),
                };
                let asked = form
                    .field(sheet.index(r), form.column(id).unwrap())
                    .is_some();
                list.extend(asked.then(|| Filled::new(name, down, value)));
            }
        }
        if let Some(key) = form.key_column() {
            let id = form.file.columns[key].id.get_ref();
            for row in sheet.rows.len()..previous.rows("u", form.id()).len() {
                let name = template_names::column(form.id(), id);
                list.push(Filled::new(name, number(row), Json::Null));
            }
        }
    }
    list
}

/// A row's name as people type it again.
fn retyped(name: &str, dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => name.to_uppercase(),
        1 => format!(" {name}  "),
        2 => name.replace(' ', "\u{a0}"),
        _ => name.to_owned(),
    }
}

/// Rule and place -> how many are wrong there.
type Wrong = BTreeMap<(String, String, CheckPlace), usize>;

/// What the live checks say.
fn live(book: &Workbook, layout: &TemplateLayout) -> Wrong {
    let mut wrong = Wrong::new();
    for place in &layout.sheets {
        for check in place.checks.iter().filter(|check| !check.elsewhere) {
            let shown = text(book, &place.sheet, check.cell);
            assert!(
                !shown.is_empty() && !shown.starts_with("Error"),
                "{check:?}: {shown}"
            );
            let rest = shown.strip_prefix("Sai").or(shown.strip_prefix("Xem lại"));
            let Some(rest) = rest else { continue };
            let rows = rest.trim().split(' ').next().and_then(|n| n.parse().ok());
            let count = match check.place {
                CheckPlace::AddedRows => rows.unwrap_or_else(|| panic!("{check:?}: {shown}")),
                _ => 1,
            };
            let key = (place.form.id().to_owned(), check.rule.clone(), check.place);
            *wrong.entry(key).or_default() += count;
        }
    }
    wrong
}

/// What the tool itself says of the same workbook.
fn told(book: &Workbook, layout: &TemplateLayout, previous: &PreviousFigures) -> Wrong {
    let forms: Vec<Arc<Form>> = layout
        .sheets
        .iter()
        .map(|place| place.form.clone())
        .collect();
    let located = locate(book, &identity::read(book), &forms);
    assert_eq!(located.tables.len(), forms.len());
    let read = located.tables.iter();
    let (tables, mut findings) = (Vec::new(), Vec::new());
    let mut tables: Vec<Table> = tables;
    for table in read {
        let (table, asked) = read_table(
            book,
            &"thử".into(),
            table,
            Some(Filer {
                code: "",
                kind: "xa",
            }),
            None,
        );
        tables.push(table);
        // Results a formula may have although Excel refuses them where they are typed.
        findings.extend(asked.into_iter().filter(|f| f.rule == "so-am"));
    }
    let unit = UnitTables {
        unit: "u",
        kind: None,
        tables: &tables,
        previous: Some(previous),
    };
    let mut wrong = Wrong::new();
    findings.extend(check_unit(&unit, &Allowance::default()).findings);
    for finding in findings.into_iter().filter(is_checked_live) {
        let form = finding.form.as_deref().unwrap();
        let place = layout.sheets.iter().find(|p| p.form.id() == form).unwrap();
        let cell = finding.cell.unwrap();
        let scope = place.form.rules.iter().find(|r| r.id == finding.rule);
        let at = match scope.map(|rule| rule.scope) {
            _ if finding.rule == "so-am" => CheckPlace::Once,
            _ if place.form.is_free() && place.grid.total == Some(cell.row) => CheckPlace::Total,
            Some(RuleScope::Once) => CheckPlace::Once,
            Some(RuleScope::EachColumn) => CheckPlace::Column(cell.column),
            _ if place.form.is_free() => CheckPlace::AddedRows,
            Some(RuleScope::EachRow) => CheckPlace::Row(cell.row),
            // A percentage is reported at its own cell.
            Some(RuleScope::At(_)) | None => CheckPlace::Column(cell.column),
        };
        let count = wrong
            .entry((form.to_owned(), finding.rule.clone(), at))
            .or_default();
        // One line for all columns of the total row, one for all figures below zero.
        *count = if ["tong-cong-lech", "so-am"].contains(&finding.rule.as_str()) {
            1
        } else {
            *count + 1
        };
    }
    wrong
}

/// A mistake in each form: the cell it is made in is written over, formula or not.
fn plant(sheets: &[Sheet], list: &mut Vec<Filled>, dice: &mut Dice) -> Vec<String> {
    let mut planted = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let form = &sheet.form;
        let own: Vec<Cell> = cells(sheets, |v| matches!(v, Value::Number(_)))
            .into_iter()
            .filter(|(s, ..)| *s == index)
            .collect();
        let (_, r, c) = *dice.pick(&own);
        let Some(Value::Number(figure)) = sheet.rows[r].1[c].clone() else {
            continue;
        };
        let percent = form.field(sheet.index(r), c).unwrap().kind == FieldType::Percent;
        let value = slip(figure, percent, dice);
        let id = form.file.columns[c].id.get_ref();
        let (name, down) = match form.is_free() {
            true if dice.below(6) == 0 => (template_names::total(form.id(), id), 0),
            true => (template_names::column(form.id(), id), number(r)),
            false => (template_names::cell(form.id(), &sheet.rows[r].0, id), 0),
        };
        planted.push(format!("{name}+{down}: {figure} -> {value}"));
        list.push(Filled {
            over: true,
            ..Filled::new(name, down, value)
        });
    }
    planted
}

#[test]
fn a_random_mistake_turns_the_live_checks_of_the_rules_it_breaks() {
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
    let forms: Vec<Arc<Form>> = builtin::ids()
        .into_iter()
        .map(|id| Arc::new(Form::parse(id, builtin::text(id).unwrap()).unwrap()))
        .collect();
    let unit = ReportingUnit::new("u", "Xã Thử", "xa");
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(20_251_003);
    let (mut jobs, mut cases) = (Vec::new(), Vec::new());
    for workbook in 0..WORKBOOKS {
        let previous = archived(&agreeing(&forms, None, &mut dice));
        let sheets = agreeing(&forms, Some(&previous), &mut dice);
        let input = TemplateInput {
            campaign: &campaign.file,
            unit: Some(&unit),
            forms: &forms,
            fill: None,
            identity: true,
            previous: Some(&previous),
            password: None,
        };
        let name = format!("thu-{workbook}");
        let path = folder.path().join(format!("{name}.xlsx"));
        let layout = write_template(&input, created, &path).unwrap();
        let mut list = filled(&sheets, &previous, &mut dice);
        let planted = match workbook {
            0 | 1 => Vec::new(),
            _ => plant(&sheets, &mut list, &mut dice),
        };
        jobs.push(Job {
            name: name.clone(),
            keep: workbook % 2 == 0,
            cells: list,
        });
        cases.push((name, planted, layout, previous));
    }
    let done = fill(folder.path(), &jobs);
    let mut broken = BTreeSet::new();
    for (name, planted, layout, previous) in &cases {
        let book = workbook(&done[name]);
        let (live, told) = (live(&book, layout), told(&book, layout, previous));
        assert_eq!(live, told, "{name}: {planted:#?}");
        assert_eq!(told.is_empty(), planted.is_empty(), "{name}: {told:#?}");
        broken.extend(told.into_keys().map(|(form, rule, _)| (form, rule)));
    }
    let rules: usize = forms.iter().map(|form| form.written().count()).sum();
    assert!(
        broken.len() * 2 > rules,
        "{} of {rules} rules: {broken:?}",
        broken.len()
    );
}
