//! Figures of closed periods in a campaign of three forms and two months, with units that merged in
//! between (`tests/cases/dot-moi`). The archive of 2025-09 was closed before the manifest kept who
//! had to file each form.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tonghop::campaign::{self, Campaign, past_figures};
use tonghop::consolidate::{Figure, PastFigures};
use tonghop::model::{Fact, Number, Value};
use tonghop::schema::expression::Past;

const MORE: &str = r#"
[[figure]]
id = "U01"
label = "Đơn vị phải báo cáo trường lớp"
value = "UNITS(truong_lop)"

[[figure]]
id = "U02"
label = "Đơn vị phải báo cáo tiêm chủng"
value = "UNITS(tiem_chung)"

[[figure]]
id = "M01"
label = "Đơn vị đông học sinh nhất"
value = "MAX(truong_lop!tong.hoc_sinh)"

[[figure]]
id = "M02"
label = "Công trình lớn nhất"
value = "MAX(cong_trinh!tong_muc)"

[[figure]]
id = "M03"
label = "Đơn vị có học sinh"
value = "COUNT(truong_lop!tong.hoc_sinh)"
"#;

/// The campaign with more figures, in a folder of its own.
fn october() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dot-moi");
    copy(&case, folder.path());
    let campaign = folder.path().join("t10");
    edit(
        &campaign.join("campaign.toml"),
        "\n[[appendix]]",
        &format!("{MORE}\n[[appendix]]"),
    );
    (folder, campaign)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Replaces the first of a text in a file.
fn edit(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "{}: no {old}", path.display());
    fs::write(path, text.replacen(old, new, 1)).unwrap();
}

fn value(past: &PastFigures, id: &str) -> Option<Number> {
    let mut figures = past.figures.iter();
    figures.find(|figure| figure.id == id).unwrap().number()
}

/// How many facts of a column of the works' form are so.
fn count(facts: &[Fact], column: &str, wanted: impl Fn(&Value) -> bool) -> Option<Number> {
    let of = |fact: &&Fact| (&*fact.form, &*fact.column) == ("cong_trinh", column);
    let found = facts.iter().filter(of).filter(|fact| wanted(&fact.value));
    Some(Number::from(found.count()))
}

#[test]
fn marks_words_and_rows_of_an_old_archive_are_counted() {
    let (_folder, campaign) = october();
    let campaign = Campaign::load(&campaign).unwrap();
    let past = past_figures::previous(&campaign).unwrap().unwrap();
    let facts = campaign.archive.facts(past.period).unwrap().unwrap();
    let is = |wanted: &'static str| move |value: &Value| value.to_string() == wanted;
    assert_eq!(value(&past, "C07"), Some(3.into()));
    assert_eq!(value(&past, "C07"), count(&facts, "hoan_thanh", is("x")));
    assert_eq!(
        value(&past, "C06"),
        count(&facts, "loai", is("Nhà ở hộ nghèo"))
    );
    assert_eq!(value(&past, "C05"), count(&facts, "tong_muc", |_| true));
    let amounts = facts.iter().filter(|fact| &*fact.column == "tong_muc");
    assert_eq!(
        value(&past, "M02"),
        amounts.filter_map(|fact| fact.value.as_number()).max()
    );
    // All twelve units filed the first form; who had to file the second, the manifest does not say.
    assert_eq!(value(&past, "U01"), Some(12.into()));
    assert_eq!(value(&past, "U02"), None);
    assert_eq!(value(&past, "M03"), Some(12.into()));
}

#[test]
fn a_unit_that_merged_has_in_figures_what_it_has_in_rules() {
    let (_folder, campaign) = october();
    let campaign = Campaign::load(&campaign).unwrap();
    let past = past_figures::previous(&campaign).unwrap().unwrap();
    let previous = campaign.previous.as_ref().unwrap();
    let units = campaign.roster.units.iter();
    let today = units.filter(|unit| unit.active_on(campaign.file.period.last_day()));
    let sum: Number = today
        .map(|unit| {
            let code = &unit.code;
            let value = previous.past(Past::Previous, code, "truong_lop", "tong", "hoc_sinh");
            value.and_then(|value| value.as_number()).unwrap()
        })
        .sum();
    assert_eq!(value(&past, "G01"), Some(sum));
}

#[test]
fn the_report_says_no_change_only_where_both_figures_are_known() {
    let (folder, campaign) = october();
    let (template, out) = (folder.path().join("mau.md"), folder.path().join("ra.md"));
    fs::write(
        &template,
        "{{ C07|so_sanh_so }}\n{{ C07|so_sanh }}\n{{ U02|so_sanh }}\n{{ U02|so_sanh_so }}\n\
         {{ U02|tang_giam }}\n{% if U02.co_ky_truoc %}có{% else %}không{% endif %}\n",
    )
    .unwrap();
    let report = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg("report")
        .arg(&campaign)
        .arg("--template")
        .arg(&template)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let text = fs::read_to_string(&out).unwrap_or_else(|_| panic!("{report:?}"));
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("giảm 3 công trình so với kỳ trước"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("giảm 100,00% so với kỳ trước"),
        "{text}"
    );
    let unknown = "không có số kỳ trước";
    assert_eq!(lines[2..], [unknown, unknown, unknown, "không"]);
}

/// What this period prints now is what the next one reads, whoever merges in between.
#[test]
fn a_period_closed_now_is_read_back_whole() {
    let (folder, campaign) = october();
    let october = Campaign::load(&campaign).unwrap();
    let run = common::run(&campaign);
    let moment = "2025-11-06T08:00:00+07:00";
    let campaign::CloseOutcome::Closed(_, manifest) =
        campaign::close(&october, &run, moment, true, false).unwrap()
    else {
        panic!("not closed");
    };
    let expected: Vec<(&str, usize)> = manifest
        .forms
        .iter()
        .map(|form| (form.id.as_str(), form.expected.as_ref().unwrap().len()))
        .collect();
    assert_eq!(
        expected,
        [("truong_lop", 11), ("tiem_chung", 7), ("cong_trinh", 7)]
    );

    let next = folder.path().join("t11");
    copy(&campaign, &next);
    edit(
        &next.join("campaign.toml"),
        "period = \"2025-10\"",
        "period = \"2025-11\"",
    );
    let roster = next.join("roster.csv");
    edit(
        &roster,
        "TH03,Xã Tân Phú,xa,Vùng 1,,,,",
        "TH03,Xã Tân Phú,xa,Vùng 1,,2025-10-31,,",
    );
    edit(
        &roster,
        "TH05,Xã Long Hưng,xa,Vùng 2,,,,",
        "TH05,Xã Long Hưng,xa,Vùng 2,,2025-10-31,,",
    );
    let merged = "TH21,Xã Tân Long,xa,Vùng 1,2025-11-01,,,TH03|TH05\n";
    fs::write(&roster, fs::read_to_string(&roster).unwrap() + merged).unwrap();
    let november = Campaign::load(&next).unwrap();
    let past = past_figures::previous(&november).unwrap().unwrap();
    let said = |figures: &[Figure]| -> Vec<_> {
        let figures = figures.iter();
        figures
            .map(|f| (f.id.clone(), f.value.clone(), f.lacking.clone()))
            .collect()
    };
    let now = run.consolidated.unwrap().figures;
    assert!(now.iter().all(|figure| figure.value.is_some()));
    assert_eq!(said(&past.figures), said(&now));
    let trend = past_figures::trend(&november).unwrap();
    let periods: Vec<String> = trend.iter().map(|past| past.period.to_string()).collect();
    assert_eq!(periods, ["2025-08", "2025-09", "2025-10"]);
    assert_eq!(said(&trend[2].figures), said(&now));
}
