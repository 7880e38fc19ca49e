//! Conditions with blanks: what a template's live checks show, calculated by LibreOffice, against
//! what the tool makes of the same workbook. Hundreds of random conditions of AND, OR, NOT and IF.
//! Needs LibreOffice (`soffice`) and Python with openpyxl; see `common/peers.rs`.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tonghop::campaign::Campaign;
use tonghop::extract::{identity, locate, read_table};
use tonghop::model::{Allowance, Filer, template_names};
use tonghop::rules::{Outcome, UnitTables, check_unit};
use tonghop::schema::Form;
use tonghop::write::{CheckPlace, GridRow, TemplateInput, TemplateLayout, write_template};

use office::{Filled, Job, able, fill, text, workbook};

/// Chance from a seed: the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let at = self.roll(u64::try_from(choices.len()).unwrap());
        choices[usize::try_from(at).unwrap()]
    }

    fn figure(&mut self, depth: u32) -> String {
        match self.roll(if depth == 0 { 6 } else { 10 }) {
            0..=3 => self.of(&["a", "b", "c", "d"]).to_owned(),
            4 => self.of(&["v", "w"]).to_owned(),
            5 => self.roll(4).to_string(),
            6 => format!("{} + {}", self.of(&["a", "c"]), self.of(&["b", "d"])),
            7 => match self.roll(8) {
                0 | 1 => format!("SUM({})", self.of(&["a, b", "a:c", "b, d", "a, b + c"])),
                2 => format!("AVERAGE({})", self.of(&["a:c", "b", "a:d", "a, b, d"])),
                3 | 4 => {
                    let what =
                        self.of(&["a, b", "a, c, 2", "a:c", "b, d", "a - b, 0", "d", "a, b:d"]);
                    format!("{}({what})", self.of(&["MIN", "MAX"]))
                }
                5 => {
                    let what = self.of(&["a, n", "f, t, a", "n", "a:d", "b", "a:c, t"]);
                    format!("{}({what})", self.of(&["COUNT", "COUNTA"]))
                }
                _ => self
                    .of(&[
                        "COUNTIF(a, \">1\")",
                        "COUNTIF(a:c, \">=2\")",
                        "COUNTIF(b:d, 0)",
                        "COUNTIFS(a, \">=1\", f, \"x\")",
                        "COUNTIFS(t, \"có\", b, \"<3\", g, \"x\")",
                        "SUMIFS(b, t, \"c*\", f, \"x\")",
                        "SUMIFS(b, t, \"có\")",
                        "COUNTIF(n, DATE(2025, 9, 30))",
                        "SUMIFS(a, n, DATE(2025, 9, 15))",
                        "SUMIFS(a, b, \">1\")",
                    ])
                    .to_owned(),
            },
            8 => format!("(a - {})", self.of(&["b", "d", "2"])),
            _ => {
                // Where rounding leaves it open which way IF takes, the template says nothing.
                let condition = self.condition(depth - 1);
                let condition = condition.replace('v', "a").replace('w', "b");
                format!(
                    "IF({condition}, {}, {})",
                    self.of(&["a", "b", "0"]),
                    self.of(&["c", "d"])
                )
            }
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        match self.roll(if depth == 0 { 8 } else { 16 }) {
            0..=4 => {
                let symbol = self.of(&["=", "<>", "<", "<=", ">", ">="]);
                format!("{} {symbol} {}", self.figure(depth), self.figure(0))
            }
            5 => self.of(&["f", "g", "f = \"x\""]).to_owned(),
            6 => self
                .of(&[
                    "t = \"có\"",
                    "t <> \"có\"",
                    "n <= DATE(2025, 9, 15)",
                    "n >= PERIODSTART()",
                    "n = PERIODEND()",
                    "AND(n >= PERIODSTART(), n <= PERIODEND())",
                    "n - PERIODSTART() > 10",
                    "n + 20 < PERIODEND()",
                ])
                .to_owned(),
            7 => format!("ISBLANK({})", self.of(&["a", "b", "t", "f"])),
            8..=10 => format!(
                "AND({}, {})",
                self.condition(depth - 1),
                self.condition(depth - 1)
            ),
            11..=13 => format!(
                "OR({}, {})",
                self.condition(depth - 1),
                self.condition(depth - 1)
            ),
            14 => format!("NOT({})", self.condition(depth - 1)),
            _ => format!(
                "IF({}, {}, {})",
                self.condition(depth - 1),
                self.condition(depth - 1),
                self.condition(0)
            ),
        }
    }

    /// A rule, as a form file has it.
    fn rule(&mut self, id: usize) -> String {
        let check = self.condition(2);
        let when = match self.roll(3) {
            0 => format!("when = '{}'\n", self.condition(1)),
            _ => String::new(),
        };
        let blank = match self.roll(4) {
            0 => "blank = \"skip-all\"\n",
            1 => "blank = \"zero\"\n",
            _ => "",
        };
        format!("[[rule]]\nid = \"r{id}\"\ncheck = '{check}'\n{when}{blank}")
    }

    /// What is written into a cell; blank as often as not.
    fn cell(&mut self, column: &str) -> Json {
        if self.roll(2) == 0 {
            return Json::Null;
        }
        match column {
            "f" | "g" => json!("x"),
            "t" => json!(self.of(&["có", "khác"])),
            // 31/8, 1/9, 15/9 at noon, 30/9 at three and 1/10/2025, as Excel counts days.
            "n" => {
                let days = [45900.0, 45901.0, 45915.5, 45930.625, 45931.0];
                json!(days[usize::try_from(self.roll(5)).unwrap()])
            }
            // Not 0: a live check gives 0 room below zero, the tool does not.
            "v" | "w" => json!([0.5, 1.0, 1.1, 2.0][usize::try_from(self.roll(4)).unwrap()]),
            _ => json!(self.roll(4)),
        }
    }
}

const COLUMNS: [&str; 10] = ["a", "b", "c", "d", "v", "w", "f", "g", "t", "n"];

const FIXED: &str = "label = \"Chỉ tiêu\"\n";
const FREE: &str = "prepared_rows = 4\n";

/// A form with such rows and rules.
fn form(rows: &str, layout: &str, rules: &str) -> Result<Form, String> {
    let mut text = format!(
        "id = \"dk\"\nversion = \"1\"\ntitle = \"Điều kiện\"\nsheet = \"Điều kiện\"\n[layout]\nrows = \"{rows}\"\n{layout}[defaults]\ntype = \"count\"\nblank = \"nothing\"\n"
    );
    if rows == "free" {
        text.push_str("[[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\nblank = \"missing\"\n");
    }
    for column in COLUMNS {
        let kind = match column {
            "d" => "negative = true\n",
            "v" | "w" => "type = \"amount\"\ndecimals = 1\nrounding = \"half-up\"\n",
            "f" | "g" => "type = \"flag\"\nblank = \"no\"\n",
            "t" => "type = \"text\"\n",
            "n" => "type = \"date\"\n",
            _ => "",
        };
        text.push_str(&format!(
            "[[column]]\nid = \"{column}\"\nlabel = \"Cột {}\"\n{kind}",
            column.to_uppercase()
        ));
    }
    if rows == "fixed" {
        text.push_str("[[row]]\nid = \"mot\"\nlabel = \"Một\"\n");
    }
    text.push_str(rules);
    let mut form = Form::parse("dk.toml", &text).map_err(|error| error.to_string())?;
    form.set_aside(Some("2025-09".parse().unwrap()), &[]);
    Ok(form)
}

/// A form with `count` random rules that a form may have.
fn with_rules(
    dice: &mut Dice,
    rows: &str,
    layout: &str,
    count: usize,
) -> (Arc<Form>, BTreeMap<String, String>) {
    let mut rules = BTreeMap::new();
    let mut refused = 0;
    while rules.len() < count {
        let rule = dice.rule(rules.len());
        match form(rows, layout, &rule) {
            Ok(_) => {
                rules.insert(format!("r{}", rules.len()), rule);
            }
            Err(error) => {
                refused += 1;
                assert!(refused < 20 * count, "{rule}: {error}");
            }
        }
    }
    let all: String = rules.values().cloned().collect();
    (Arc::new(form(rows, layout, &all).unwrap()), rules)
}

fn template(campaign: &Campaign, form: &Arc<Form>, path: &Path) -> TemplateLayout {
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: Some(&campaign.roster.units[0]),
        forms: std::slice::from_ref(form),
        fill: None,
        identity: true,
        previous: None,
        password: None,
    };
    write_template(&input, created, path).unwrap()
}

/// What the tool makes of a filled workbook.
fn outcome(book: &tonghop::workbook::Workbook, form: &Arc<Form>) -> Outcome {
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
    assert_eq!(tables.len(), 1);
    let unit = UnitTables {
        unit: "u",
        kind: None,
        tables: &tables,
        previous: None,
    };
    check_unit(&unit, &Allowance::default())
}

/// Is every cell that a rule reads blank in every row? Such a rule waits for the form to be begun.
fn nothing_read(rule: &str, rows: &[Vec<Json>]) -> bool {
    let parts = rule.split(|c: char| !c.is_alphanumeric());
    let mut named: Vec<&str> = parts.filter(|part| COLUMNS.contains(part)).collect();
    for (range, between) in [("a:c", "b"), ("a:d", "b"), ("a:d", "c"), ("b:d", "c")] {
        named.extend(rule.contains(range).then_some(between));
    }
    rows.iter().all(|row| {
        let of = |name: &&str| &row[COLUMNS.iter().position(|column| column == name).unwrap()];
        named.iter().all(|name| of(name).is_null())
    })
}

#[test]
fn live_checks_decide_where_the_rules_do_whatever_is_blank() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(2025);
    let (mut jobs, mut cases) = (Vec::new(), Vec::new());
    for number in 0..24 {
        let free = number % 3 == 2;
        let (rows, layout, height) = if free {
            ("free", FREE, 3)
        } else {
            ("fixed", FIXED, 1)
        };
        let (form, rules) = with_rules(&mut dice, rows, layout, 40);
        let name = format!("mau-{number}");
        let layout = template(
            &campaign,
            &form,
            &folder.path().join(format!("{name}.xlsx")),
        );
        let mut cells = Vec::new();
        let mut figures = Vec::new();
        for down in 0..height {
            let row: Vec<Json> = COLUMNS.iter().map(|column| dice.cell(column)).collect();
            if free {
                let name = template_names::column("dk", "ten");
                cells.push(Filled::new(name, down, json!(format!("Dòng {down}"))));
            }
            for (column, value) in COLUMNS.iter().zip(&row) {
                let name = match free {
                    true => template_names::column("dk", column),
                    false => template_names::cell("dk", "mot", column),
                };
                cells.push(Filled::new(name, down, value.clone()));
            }
            figures.push(row);
        }
        jobs.push(Job {
            name: name.clone(),
            keep: true,
            cells,
        });
        cases.push((name, form, rules, layout, figures));
    }
    let done = fill(folder.path(), &jobs);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, form, rules, layout, figures) in &cases {
        let book = workbook(&done[name]);
        let outcome = outcome(&book, form);
        let place = &layout.sheets[0];
        for check in place
            .checks
            .iter()
            .filter(|check| rules.contains_key(&check.rule))
        {
            if check.elsewhere {
                *seen.entry("elsewhere".to_owned()).or_default() += 1;
                continue;
            }
            let tally = outcome
                .tallies
                .of("dk", &check.rule)
                .cloned()
                .unwrap_or_default();
            let shown = text(&book, &place.sheet, check.cell);
            let (rule, failed) = (&rules[&check.rule], tally.failed);
            let expected = match (form.is_free(), failed, tally.held) {
                (true, 1.., _) => format!("Sai {failed} dòng"),
                (false, 1.., _) => "Sai".to_owned(),
                (_, 0, held) if held > 0 || tally.asked == 0 => "✓".to_owned(),
                _ => "…".to_owned(),
            };
            // A table all of whose rows are set aside by the rule's condition has nothing to show.
            let nothing = nothing_read(rule, figures) || form.is_free() && tally.held + failed == 0;
            let agrees =
                shown.starts_with(&expected) || nothing && ["…", "✓"].contains(&shown.as_str());
            let kind = if nothing {
                "nothing".to_owned()
            } else {
                shown.chars().take(3).collect()
            };
            *seen.entry(kind).or_default() += 1;
            if !agrees {
                wrong.push(format!(
                    "{name} {rule}: {figures:?}: shows {shown}, expected {expected} {tally:?}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {seen:?}: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(12)]
    );
    assert!(
        seen["…"] > 100 && seen["✓"] > 100 && seen["Sai"] > 100,
        "{seen:?}"
    );
    assert!(
        seen.get("elsewhere").copied().unwrap_or_default() < 60,
        "{seen:?}"
    );
}

/// Rules that a total row may be asked.
const OF_TOTALS: [&str; 10] = [
    "a <= b",
    "a = b + c",
    "a + b <= c + d",
    "SUM(a, b) <= c",
    "SUM(a:c) >= d",
    "AND(a <= b, b <= c)",
    "a - 2 * b <= c",
    "a > 0",
    "a <= v",
    "b >= 0.5 * a",
];

/// A total row is wrong in the template where it is for the tool: not where a row has some of the
/// figures of a rule and lacks others.
#[test]
fn live_checks_of_total_rows_ask_what_follows_from_the_rows() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(711);
    let rules: String = (0..3 * OF_TOTALS.len())
        .map(|number| {
            let (check, blank) = (
                OF_TOTALS[number / 3],
                ["skip-any", "skip-all", "zero"][number % 3],
            );
            format!("[[rule]]\nid = \"r{number}\"\ncheck = '{check}'\nblank = \"{blank}\"\n")
        })
        .collect();
    let form = Arc::new(form("free", "prepared_rows = 4\ntotal = \"Cộng\"\n", &rules).unwrap());
    let (mut jobs, mut layouts) = (Vec::new(), Vec::new());
    for number in 0..4 {
        let name = format!("tong-{number}");
        let path = folder.path().join(format!("{name}.xlsx"));
        layouts.push(template(&campaign, &form, &path));
        let mut cells = Vec::new();
        for down in 0..3 {
            let named = |column: &str| template_names::column("dk", column);
            cells.push(Filled::new(
                named("ten"),
                down,
                json!(format!("Dòng {down}")),
            ));
            for column in ["a", "b", "c", "d", "v"] {
                // Every other workbook is whole.
                let value = match (number % 2, dice.cell(column)) {
                    (0, Json::Null) => json!(2),
                    (_, value) => value,
                };
                cells.push(Filled::new(named(column), down, value));
            }
        }
        jobs.push(Job {
            name,
            keep: true,
            cells,
        });
    }
    let done = fill(folder.path(), &jobs);
    let (mut wrong, mut failed, mut left_out) = (Vec::new(), 0, 0);
    for (job, layout) in jobs.iter().zip(&layouts) {
        let book = workbook(&done[&job.name]);
        let outcome = outcome(&book, &form);
        let (sheet, total) = layout.cell("dk", GridRow::Total, "a").unwrap();
        let of_total = layout.sheets[0].checks.iter();
        for check in of_total.filter(|check| check.place == CheckPlace::Total) {
            let finding = outcome.findings.iter().any(|finding| {
                let row = finding.cell.map(|cell| cell.row);
                finding.rule == check.rule && row == Some(total.row)
            });
            let shown = text(&book, sheet, check.cell);
            failed += usize::from(finding);
            left_out += usize::from(!finding && shown == "✓");
            if finding != shown.starts_with("Sai") {
                wrong.push(format!(
                    "{} {}: {shown} {:?}",
                    check.rule, finding, job.cells
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(6)]
    );
    assert!(failed > 10 && left_out > 10, "{failed} {left_out}");
}
