//! Two levels of reporting (`tests/data/hai-cap`): communes file their figures, departments the sum
//! of theirs.

mod common;
#[path = "common/small.rs"]
mod small;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;
use tonghop::campaign::past_figures::previous;
use tonghop::campaign::{Campaign, Run, check, close};
use tonghop::consolidate::FormTable;
use tonghop::model::{Finding, Lang, Severity, UnitStatus, Value};
use tonghop::report::text::render;
use tonghop::workbook::Limits;

use small::Cell::{Number, Text};
use small::{Sheet, book};

const COMMUNES: [&str; 5] = ["A", "B", "C", "D", "E"];
const UPPERS: [(&str, &[&str]); 2] = [("P1", &["A", "B", "C"]), ("P2", &["D", "E"])];

/// What a unit files: pupils, girls and money (in tenths) of the two kinds of school, and the people
/// of its classes.
#[derive(Debug, Clone, PartialEq)]
struct Filed {
    schools: [[i64; 3]; 2],
    classes: Vec<(String, i64)>,
}

impl Filed {
    fn sum(parts: &[&Filed]) -> Filed {
        let mut schools = [[0; 3]; 2];
        for part in parts {
            for (row, own) in schools.iter_mut().zip(&part.schools) {
                for (figure, own) in row.iter_mut().zip(own) {
                    *figure += own;
                }
            }
        }
        let mut classes: Vec<(String, i64)> = Vec::new();
        for (name, people) in parts.iter().flat_map(|part| &part.classes) {
            match classes.iter_mut().find(|(own, _)| own == name) {
                Some((_, sum)) => *sum += people,
                None => classes.push((name.clone(), *people)),
            }
        }
        Filed { schools, classes }
    }

    fn total(&self, column: usize) -> i64 {
        self.schools.iter().map(|row| row[column]).sum()
    }

    fn people(&self) -> i64 {
        self.classes.iter().map(|(_, people)| people).sum()
    }
}

/// The campaign with a file of each of these units, and where it lies.
struct Office {
    root: TempDir,
}

impl Office {
    fn new(filed: &BTreeMap<&str, Filed>) -> Office {
        let root = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hai-cap");
        fs::create_dir_all(root.path().join("schemas")).unwrap();
        fs::create_dir_all(root.path().join("inbox/dot-1")).unwrap();
        for name in [
            "campaign.toml",
            "roster.csv",
            "schemas/truong.toml",
            "schemas/lop_boi_duong.toml",
        ] {
            fs::copy(from.join(name), root.path().join(name)).unwrap();
        }
        let office = Office { root };
        for (code, filed) in filed {
            fs::write(office.file(code), workbook(code, filed)).unwrap();
        }
        office
    }

    fn folder(&self) -> &Path {
        self.root.path()
    }

    fn file(&self, code: &str) -> PathBuf {
        self.folder().join(format!("inbox/dot-1/{code}.xls"))
    }

    fn replace(&self, name: &str, old: &str, new: &str) {
        let path = self.folder().join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{text}");
        fs::write(path, text.replace(old, new)).unwrap();
    }

    fn run(&self) -> Run {
        common::run(self.folder())
    }
}

/// A figure in tenths as a workbook holds it.
fn tenths(figure: i64) -> String {
    format!("{}.{}", figure / 10, figure % 10)
}

/// Nữ in % of học sinh, half up to two decimals.
fn share(girls: i64, pupils: i64) -> String {
    let hundredths = (girls * 20_000 + pupils) / (2 * pupils);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn workbook(code: &str, filed: &Filed) -> String {
    let head = |title: &str| {
        let own = |label: &str, text: &str| vec![label.to_owned(), text.to_owned()];
        vec![
            vec![title.to_owned()],
            own("Mã đơn vị:", code),
            own("Kỳ báo cáo:", "tháng 9 năm 2025"),
        ]
    };
    let mut schools = head("Trường, học sinh");
    let words = |row: &[&str]| row.iter().map(|text| (*text).to_owned()).collect();
    schools.push(words(&[
        "Cấp học",
        "Học sinh",
        "Nữ",
        "Tỷ lệ nữ (%)",
        "Kinh phí",
    ]));
    let totals = [filed.total(0), filed.total(1), filed.total(2)];
    let rows = [filed.schools[0], filed.schools[1], totals];
    for (label, [pupils, girls, money]) in ["Mầm non", "Tiểu học", "Tổng số"].iter().zip(rows)
    {
        schools.push(vec![
            (*label).to_owned(),
            pupils.to_string(),
            girls.to_string(),
            share(girls, pupils),
            tenths(money),
        ]);
    }
    let mut classes = head("Lớp bồi dưỡng");
    classes.push(words(&["Tên lớp", "Số người học"]));
    for (name, people) in &filed.classes {
        classes.push(vec![name.clone(), people.to_string()]);
    }
    classes.push(vec!["Tổng cộng".to_owned(), filed.people().to_string()]);
    book(&[sheet("Trường", &schools), sheet("Lớp", &classes)])
}

fn sheet<'a>(name: &'a str, rows: &'a [Vec<String>]) -> Sheet<'a> {
    fn cell(text: &str) -> small::Cell<'_> {
        match text.parse::<f64>() {
            Ok(_) => Number(text),
            Err(_) => Text(text),
        }
    }
    let rows = rows
        .iter()
        .map(|row| row.iter().map(|text| cell(text)).collect());
    (name, rows.collect())
}

fn filed(seed: i64, classes: &[(&str, i64)]) -> Filed {
    let row = |base: i64| [base, base / 2 + seed, base * 3 + seed];
    Filed {
        schools: [row(100 * seed + 7), row(210 * seed + 13)],
        classes: classes
            .iter()
            .map(|(name, people)| ((*name).to_owned(), *people))
            .collect(),
    }
}

/// Every unit's file, all of it right.
fn right() -> BTreeMap<&'static str, Filed> {
    let mut all: BTreeMap<&str, Filed> = BTreeMap::from([
        ("A", filed(2, &[("Tin học", 30)])),
        ("B", filed(3, &[("Tin học", 25), ("Ngoại ngữ", 41)])),
        ("C", filed(5, &[("Quản lý", 12)])),
        ("D", filed(1, &[("Tin học", 9)])),
        ("E", filed(4, &[("Ngoại ngữ", 17)])),
        ("P3", filed(6, &[("Quản lý", 20)])),
    ]);
    for (upper, below) in UPPERS {
        let parts: Vec<&Filed> = below.iter().map(|code| &all[code]).collect();
        let sum = Filed::sum(&parts);
        all.insert(upper, sum);
    }
    all
}

/// The total of a form at `row.column`, or at a column of a free-row form.
fn total(run: &Run, form: &str, name: &str) -> Option<Value> {
    let tables = &run.consolidated.as_ref().unwrap().forms;
    let of = |table: &&FormTable| table.form.id() == form;
    let table = tables.iter().find(of).unwrap();
    let at = table.fields.iter();
    let at = at
        .into_iter()
        .position(|field| field.name(&table.form) == name);
    table.total[at.unwrap()].clone()
}

fn number(figure: i64) -> Option<Value> {
    Some(Value::Number(figure.into()))
}

fn of_rule<'a>(run: &'a Run, rule: &str) -> Vec<&'a Finding> {
    let findings = run.findings.iter();
    findings.filter(|finding| finding.rule == rule).collect()
}

const UNEQUAL: &str = "khac-tong-don-vi-duoi";
const NOT_COMPARED: &str = "chua-doi-chieu-don-vi-duoi";

#[test]
fn a_sum_is_compared_and_not_added_again() {
    let office = Office::new(&right());
    let run = office.run();
    assert!(run.findings.is_empty(), "{:#?}", run.findings);
    // P3 has no unit below it: its figures count as any unit's.
    let all = right();
    let own = ["A", "B", "C", "D", "E", "P3"].map(|code| &all[code]);
    let sum = Filed::sum(&own);
    assert_eq!(total(&run, "truong", "tong.hoc_sinh"), number(sum.total(0)));
    assert_eq!(
        total(&run, "truong", "mam_non.nu"),
        number(sum.schools[0][1])
    );
    assert_eq!(
        total(&run, "lop_boi_duong", "nguoi_hoc"),
        number(sum.people())
    );
    let figures = &run.consolidated.as_ref().unwrap().figures;
    assert_eq!(figures[0].value, number(sum.total(0)));
    assert_eq!(
        figures[1].text().replace(',', "."),
        share(sum.total(1), sum.total(0))
    );
    let each = figures[3].number().unwrap() * tonghop::model::Number::from(6);
    assert!(
        (each - tonghop::model::Number::from(sum.total(0))).abs() < 1.into(),
        "{each}"
    );
    assert!(
        run.units
            .iter()
            .all(|unit| unit.status == UnitStatus::Accepted)
    );
}

/// A text without the colours of a terminal.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap().to_owned();
    first
        + &parts
            .map(|part| part.split_once('m').unwrap().1)
            .collect::<String>()
}

#[test]
fn the_sample_prints_what_the_office_reads() {
    let mut all = right();
    // P1 forgot commune C, P2 typed one figure too large by 9.
    let forgot = Filed::sum(&[&all["A"], &all["B"]]);
    all.insert("P1", forgot);
    all.get_mut("P2").unwrap().schools[1][0] += 9;
    let office = Office::new(&all);
    let campaign = Campaign::load(office.folder()).unwrap();
    let run = office.run();
    let printed = plain(&render(&run, Some(&campaign), Lang::Vi));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hai-cap/ket-qua.txt");
    if std::env::var_os("TONGHOP_WRITE_DOCS").is_some() {
        fs::write(&path, &printed).unwrap();
    }
    assert_eq!(printed, fs::read_to_string(path).unwrap());
    // The totals are those of the communes all the same.
    let own = COMMUNES.iter().chain(&["P3"]).map(|code| &all[code]);
    let sum = Filed::sum(&own.collect::<Vec<_>>());
    assert_eq!(total(&run, "truong", "tong.hoc_sinh"), number(sum.total(0)));
    let figures = &run.consolidated.as_ref().unwrap().figures;
    assert!(figures.iter().all(|figure| figure.lacking.is_empty()));
}

#[test]
fn the_one_unit_left_out_is_named_where_several_explain_one_figure() {
    let mut all = right();
    // B and C have one figure in common, and differ elsewhere.
    all.get_mut("B").unwrap().schools[0][0] = 507;
    let parts = [&all["A"], &all["B"]];
    let forgot = Filed::sum(&parts);
    all.insert("P1", forgot);
    let run = Office::new(&all).run();
    let found = of_rule(&run, UNEQUAL);
    // One for each row, however many of its columns lack the unit.
    assert_eq!(found.len(), 4, "{found:#?}");
    let schools = found
        .iter()
        .find(|one| one.form.as_deref() == Some("truong"));
    let row = &schools.unwrap().message.vi;
    assert!(row.contains("Cũng vậy: «Nữ» ("), "{row}");
    assert!(row.contains("; «Kinh phí» ("), "{row}");
    for finding in &found {
        assert!(
            finding.message.vi.contains("Xã Châu Thành (C)"),
            "{}",
            finding.message.vi
        );
        assert!(
            finding.message.vi.contains("bỏ sót"),
            "{}",
            finding.message.vi
        );
    }
}

#[test]
fn a_unit_added_twice_is_named() {
    let mut all = right();
    let twice = Filed::sum(&[&all["D"], &all["E"], &all["D"]]);
    all.insert("P2", twice);
    let run = Office::new(&all).run();
    let found = of_rule(&run, UNEQUAL);
    assert!(!found.is_empty());
    for finding in found {
        let said = &finding.message.vi;
        assert!(
            said.contains("Xã Đồng Khởi (D)") && said.contains("hai lần"),
            "{said}"
        );
    }
}

#[test]
fn a_sum_is_not_compared_while_units_below_are_lacking() {
    let mut all = right();
    all.remove("A");
    // More girls than pupils: B goes back.
    let b = all.get_mut("B").unwrap();
    b.schools[0][1] = b.schools[0][0] + 1;
    let office = Office::new(&all);
    let run = office.run();
    assert!(of_rule(&run, UNEQUAL).is_empty());
    let notes = of_rule(&run, NOT_COMPARED);
    let schools = notes
        .iter()
        .find(|note| note.form.as_deref() == Some("truong"));
    let said = &schools.unwrap().message.vi;
    for words in [
        "Xã An Bình (A) chưa có biểu này",
        "Xã Bình Đại (B) có lỗi",
        "2 đơn vị",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(schools.unwrap().severity, Severity::Info);
    let p1 = run
        .units
        .iter()
        .find(|unit| unit.unit.code == "P1")
        .unwrap();
    assert_eq!(p1.status, UnitStatus::Accepted);
    // The total lacks A and B, and P1's sum does not stand in for them.
    let own = ["C", "D", "E", "P3"].map(|code| &all[code]);
    assert_eq!(
        total(&run, "truong", "tong.hoc_sinh"),
        number(Filed::sum(&own).total(0))
    );
    let figures = &run.consolidated.as_ref().unwrap().figures;
    let lacking: Vec<&str> = figures[0].lacking.iter().map(|code| &**code).collect();
    assert_eq!(lacking, ["A", "B"]);
}

#[test]
fn a_sum_that_is_lacking_leaves_the_totals_whole() {
    let mut all = right();
    all.remove("P1");
    let run = Office::new(&all).run();
    let p1 = run
        .units
        .iter()
        .find(|unit| unit.unit.code == "P1")
        .unwrap();
    assert_eq!(p1.status, UnitStatus::Missing);
    assert!(run.has_errors());
    let figures = &run.consolidated.as_ref().unwrap().figures;
    assert!(figures.iter().all(|figure| figure.lacking.is_empty()));
}

#[test]
fn a_rounded_sum_may_be_off_by_what_rounding_explains() {
    for (off, told) in [(1, 0), (2, 2)] {
        let mut all = right();
        // Three communes and one sum, each half a tenth: less than two tenths.
        all.get_mut("P1").unwrap().schools[0][2] += off;
        let run = Office::new(&all).run();
        assert_eq!(of_rule(&run, UNEQUAL).len(), told, "{off}");
    }
}

#[test]
fn a_wrong_ratio_of_a_sum_is_told_once_by_the_form_itself() {
    let office = Office::new(&right());
    let sum = &right()["P1"];
    let own = share(sum.schools[0][1], sum.schools[0][0]);
    office.replace("inbox/dot-1/P1.xls", &format!(">{own}<"), ">91.5<");
    let run = office.run();
    assert!(of_rule(&run, UNEQUAL).is_empty());
    assert_eq!(run.findings.len(), 1, "{:#?}", run.findings);
}

#[test]
fn a_total_that_follows_a_wrong_part_is_no_second_mistake() {
    let mut all = right();
    all.get_mut("P2").unwrap().schools[1][0] += 9;
    let run = Office::new(&all).run();
    let found = of_rule(&run, UNEQUAL);
    let cells: Vec<(String, bool)> = found
        .iter()
        .map(|finding| {
            (
                finding.cell.unwrap().to_string(),
                finding.review.consequence,
            )
        })
        .collect();
    assert_eq!(cells, [("B6".to_owned(), false), ("B7".to_owned(), true)]);
    let said = &found[0].message.vi;
    assert!(said.contains("Xã Đồng Khởi 223, Phường Em 853"), "{said}");
}

#[test]
fn a_form_that_is_not_summed_up_adds_both_levels() {
    let office = Office::new(&right());
    for form in ["schemas/truong.toml", "schemas/lop_boi_duong.toml"] {
        office.replace(form, "sums_up = true\n", "");
    }
    let run = office.run();
    let all = right();
    let sum = Filed::sum(&all.values().collect::<Vec<_>>());
    assert_eq!(total(&run, "truong", "tong.hoc_sinh"), number(sum.total(0)));
    let asked = |run: &Run| {
        let findings = run.findings.iter();
        let asked = findings.filter(|finding| finding.rule == "cong-ca-hai-cap");
        asked.cloned().collect::<Vec<_>>()
    };
    // Nobody has said so: it is asked, of no unit, once a form.
    let questions = asked(&run);
    assert_eq!(questions.len(), 2, "{questions:?}");
    let question = &questions[0];
    assert_eq!(
        (question.severity, &question.unit),
        (Severity::Warning, &None)
    );
    let said = &question.message.vi;
    assert!(said.contains("(P1), ") && said.contains("(P2)"), "{said}");
    assert!(
        said.contains("`sums_up = true`") && said.contains("`truong`"),
        "{said}"
    );
    for form in ["schemas/truong.toml", "schemas/lop_boi_duong.toml"] {
        office.replace(form, "version = ", "sums_up = false\nversion = ");
    }
    assert_eq!(asked(&office.run()).len(), 0);
}

#[test]
fn a_unit_that_need_not_file_is_stood_for_by_those_below_it() {
    // A sums up D, and need not file: D stands for A.
    let office = Office::new(&right());
    office.replace(
        "roster.csv",
        "D,Xã Đồng Khởi,xa,phòng giáo dục huyện Thuỷ Nguyên",
        "D,Xã Đồng Khởi,xa,A",
    );
    office.replace("roster.csv", "A,Xã An Bình,xa,P1", "A,Xã An Bình,tram,P1");
    office.replace(
        "campaign.toml",
        "[[kind]]\nid = \"xa\"",
        "[[kind]]\nid = \"tram\"\nname = \"Trạm\"\n\n[[kind]]\nid = \"xa\"",
    );
    office.replace(
        "campaign.toml",
        "id = \"truong\"",
        "id = \"truong\"\nkinds = [\"phong\", \"xa\"]",
    );
    fs::remove_file(office.file("A")).unwrap();
    let run = office.run();
    let found = of_rule(&run, UNEQUAL);
    let schools: Vec<_> = found
        .iter()
        .filter(|f| f.form.as_deref() == Some("truong"))
        .collect();
    // P1 filed A + B + C and must have filed D + B + C; P2 filed D + E and must have filed E.
    assert!(
        schools
            .iter()
            .any(|f| f.unit.as_deref() == Some("P2") && f.message.vi.contains("1 đơn vị"))
    );
    let p1 = schools
        .iter()
        .find(|f| f.unit.as_deref() == Some("P1"))
        .unwrap();
    assert!(p1.message.vi.contains("3 đơn vị"), "{}", p1.message.vi);
}

#[test]
fn what_check_says_of_files_alone_is_that_units_are_lacking() {
    let mut all = right();
    let forgot = Filed::sum(&[&all["A"], &all["B"]]);
    all.insert("P1", forgot);
    let office = Office::new(&all);
    let campaign = Campaign::load(office.folder()).unwrap();
    let checked = |codes: &[&str]| {
        let files: Vec<PathBuf> = codes.iter().map(|code| office.file(code)).collect();
        check(&files, Some(&campaign), &Limits::default(), &|_, _| {}).unwrap()
    };
    let alone = checked(&["P1"]);
    assert!(of_rule(&alone, UNEQUAL).is_empty());
    assert_eq!(of_rule(&alone, NOT_COMPARED).len(), 2);
    let together = checked(&["P1", "A", "B", "C"]);
    assert!(!of_rule(&together, UNEQUAL).is_empty());
}

#[test]
fn a_closed_period_knows_which_figures_were_sums() {
    let office = Office::new(&right());
    let campaign = Campaign::load(office.folder()).unwrap();
    let run = office.run();
    let outcome = close(&campaign, &run, "2025-10-05T08:00:00+07:00", false, false);
    outcome.unwrap();
    office.replace(
        "campaign.toml",
        "period = \"2025-09\"",
        "period = \"2025-10\"",
    );
    let next = Campaign::load(office.folder()).unwrap();
    let past = previous(&next).unwrap().unwrap();
    let now = &run.consolidated.as_ref().unwrap().figures;
    let then = &past.figures;
    for (then, now) in then.iter().zip(now) {
        assert_eq!((&then.id, &then.value), (&now.id, &now.value));
    }
}

/// Figures of a commune.
fn commune() -> impl Strategy<Value = Filed> {
    let row = (1i64..5_000, 0i64..1_000, 0i64..90_000);
    let row = row.prop_map(|(pupils, girls, money)| [pupils, girls.min(pupils), money]);
    let classes = prop::collection::vec(0i64..400, 1..4);
    ([row.clone(), row], classes).prop_map(|(schools, classes)| Filed {
        schools,
        classes: (0..)
            .zip(classes)
            .map(|(at, people)| (format!("Lớp {at}"), people))
            .collect(),
    })
}

/// Whatever the units file, totals are an independent sum of the lowest, sums that are right are
/// accepted, and one that is wrong is told at its cell and nowhere else.
#[test]
fn totals_are_the_sum_of_the_lowest_units() {
    let cases = (
        prop::collection::vec(commune(), 6),
        0usize..2,
        0usize..2,
        1i64..700,
    );
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let law = |(units, row, column, off): (Vec<Filed>, usize, usize, i64)| {
        let codes = ["A", "B", "C", "D", "E", "P3"];
        let mut all: BTreeMap<&str, Filed> = codes.into_iter().zip(units).collect();
        let sum = Filed::sum(&all.values().collect::<Vec<_>>());
        for (upper, below) in UPPERS {
            let parts: Vec<&Filed> = below.iter().map(|code| &all[code]).collect();
            let own = Filed::sum(&parts);
            all.insert(upper, own);
        }
        let totals = |run: &Run| {
            prop_assert_eq!(total(run, "truong", "tong.hoc_sinh"), number(sum.total(0)));
            prop_assert_eq!(
                total(run, "truong", "tieu_hoc.nu"),
                number(sum.schools[1][1])
            );
            prop_assert_eq!(
                total(run, "lop_boi_duong", "nguoi_hoc"),
                number(sum.people())
            );
            Ok(())
        };
        let run = Office::new(&all).run();
        let errors = run
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error);
        prop_assert_eq!(errors.count(), 0, "{:#?}", run.findings);
        totals(&run)?;
        let p1 = all.get_mut("P1").unwrap();
        // Girls stay fewer than pupils.
        p1.schools[row][column] += if column == 0 {
            off
        } else {
            -off.min(p1.schools[row][1])
        };
        let changed = column == 0
            || p1.schools[row][1] != Filed::sum(&[&all["A"], &all["B"], &all["C"]]).schools[row][1];
        let run = Office::new(&all).run();
        let found = of_rule(&run, UNEQUAL);
        let cells: Vec<String> = found.iter().map(|f| f.cell.unwrap().to_string()).collect();
        let letter = ["B", "C"][column];
        let wanted = [format!("{letter}{}", row + 5), format!("{letter}7")];
        prop_assert_eq!(&cells[..], if changed { &wanted[..] } else { &[] });
        totals(&run)
    };
    runner.run(&cases, law).unwrap();
}
