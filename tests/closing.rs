//! From one period to the next: periods closed into one archive, units merged in between, and what
//! the rules of the new period then check.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tonghop::campaign::{Campaign, CloseOutcome, close};
use tonghop::model::{Fact, Finding, Severity, UnitStatus, Value};
use tonghop::workbook::{Content, Limits, read_workbook};
use tonghop::write::{Fill, GridRow, Input, TemplateInput, write_template};

const BEFORE: &str =
    "A,Xã An Bình,xa,,,2025-02-28,,\nB,Xã Bình An,xa,,,2025-02-28,,\nC,Xã Chánh Hội,xa,,,,,\n";
const MERGED: &str = "M,Xã Mỹ Bình,xa,,2025-03-01,,,A|B\n";

/// A campaign of one month in `root`, with the form of the guide and the shared archive.
fn campaign(root: &Path, period: &str, roster: &str) -> PathBuf {
    let folder = root.join(period);
    fs::create_dir_all(folder.join("schemas")).unwrap();
    fs::create_dir_all(folder.join("inbox")).unwrap();
    fs::create_dir_all(root.join("history")).unwrap();
    let form = include_str!("data/forms/don_thu.toml");
    fs::write(folder.join("schemas/don_thu.toml"), form).unwrap();
    let header = "code,name,kind,group,active_from,active_to,aliases,predecessors\n";
    fs::write(folder.join("roster.csv"), format!("{header}{roster}")).unwrap();
    let text = format!(
        "name = \"don-thu\"\ntitle = \"Đơn thư\"\nperiod = \"{period}\"\nhistory = \"../history\"\n\
         office = \"Văn phòng\"\nplace = \"Vĩnh Long\"\n\
         [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"don_thu\"\n"
    );
    fs::write(folder.join("campaign.toml"), text).unwrap();
    folder
}

/// One row of figures: left over, received, settled, left, year to date.
type Figures = [u32; 5];

struct Filled(Option<Figures>);

impl Fill for Filled {
    fn cell(&self, _: &str, _: GridRow<'_>, column: &str) -> Option<Input> {
        if column == "ty_le" {
            let [_, received, settled, ..] = self.0?.map(f64::from);
            return Some(Input::Number((1e4 * settled / received).round() / 100.0));
        }
        let columns = ["ton_dau", "trong_ky", "da_xong", "ton_cuoi", "luy_ke"];
        let at = columns.iter().position(|id| *id == column)?;
        Some(Input::Number(f64::from(self.0?[at])))
    }
}

/// The template of a unit, filled with the same figures in both rows, or as it is handed out.
fn write(folder: &Path, unit: &str, figures: Option<Figures>, to: &Path) {
    let campaign = Campaign::load(folder).unwrap();
    let filled = Filled(figures);
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: campaign.roster.by_code(unit).map(|unit| &**unit),
        forms: &campaign.forms,
        fill: figures.is_some().then_some(&filled as &dyn Fill),
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    let stamp = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    write_template(&input, stamp, to).unwrap();
}

fn file(folder: &Path, unit: &str, figures: Figures) {
    write(
        folder,
        unit,
        Some(figures),
        &folder.join(format!("inbox/{unit}.xlsx")),
    );
}

fn close_period(folder: &Path, provisional: bool) -> CloseOutcome {
    let campaign = Campaign::load(folder).unwrap();
    let run = common::run(folder);
    close(
        &campaign,
        &run,
        "2025-03-05T08:00:00+07:00",
        provisional,
        false,
    )
    .unwrap()
}

fn closed(folder: &Path) {
    let outcome = close_period(folder, false);
    assert!(matches!(outcome, CloseOutcome::Closed(..)), "{outcome:?}");
}

/// January and February, closed by the three old communes.
fn two_months(root: &Path) {
    let january = campaign(root, "2025-01", BEFORE);
    file(&january, "A", [0, 10, 8, 2, 10]);
    file(&january, "B", [0, 20, 17, 3, 20]);
    file(&january, "C", [0, 5, 5, 0, 5]);
    closed(&january);
    let february = campaign(root, "2025-02", BEFORE);
    file(&february, "A", [2, 10, 9, 3, 20]);
    file(&february, "B", [3, 10, 9, 4, 30]);
    file(&february, "C", [0, 5, 5, 0, 10]);
    closed(&february);
}

fn errors(folder: &Path) -> Vec<Finding> {
    let findings = common::run(folder).findings.into_iter();
    findings
        .filter(|finding| finding.severity == Severity::Error)
        .collect()
}

fn rules(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect()
}

fn notes(folder: &Path) -> Vec<String> {
    let findings = common::run(folder).findings.into_iter();
    let notes = findings.filter(|finding| finding.severity == Severity::Info);
    notes
        .map(|note| format!("{}: {}", note.rule, note.message.vi))
        .collect()
}

#[test]
fn the_old_communes_figures_add_up_into_the_new_one() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}"));
    file(&march, "C", [0, 6, 6, 0, 16]);
    // Left over 3 + 4; the year to date 10 + 10 + 20 + 10, and 12 of March.
    file(&march, "M", [7, 12, 9, 10, 62]);
    assert_eq!(rules(&errors(&march)), Vec::<&str>::new());
    closed(&march);
    let compared = ["diff", "2025-03", "2025-02", "2025-03"];
    let (code, text) = tonghop(&compared, root.path());
    assert_eq!(code, 0, "{text}");
    for line in [
        "Xã Mỹ Bình (M): số liệu kỳ cũ là của Xã An Bình, Xã Bình An, cộng lại;",
        // 20 and 30 to date in February.
        "lũy kế từ đầu năm: 50 → 62 (+12)",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("Chỉ có ở bản"), "{text}");

    fs::remove_dir_all(root.path().join("history/2025-03")).unwrap();
    file(&march, "M", [7, 12, 9, 10, 42]);
    let errors = errors(&march);
    let wrong = |finding: &&Finding| finding.rule == "luy-ke-lech-cac-ky-da-chot";
    let found = errors.iter().find(wrong).unwrap();
    assert_eq!(found.expected, Some(Value::Number(62.into())));
    let told = &found.message.vi;
    assert!(
        told.contains(
            "50 (lũy kế từ đầu năm đến hết kỳ trước đã chốt của Xã An Bình, Xã Bình An cộng lại) + 12"
        ),
        "{told}"
    );
}

#[test]
fn the_new_communes_template_opens_with_what_the_old_ones_left() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}"));
    let path = root.path().join("M.xlsx");
    write(&march, "M", None, &path);
    let book = read_workbook(&path, &Limits::default()).unwrap();
    let sheet = book
        .sheets
        .iter()
        .find(|sheet| &*sheet.name == "Đơn thư")
        .unwrap();
    let sevens: Vec<u32> = sheet
        .cells
        .iter()
        .filter(|(_, cell)| matches!(cell.content, Content::Number(number) if number == 7.0))
        .map(|(address, _)| address.column)
        .collect();
    // 3 + 4 in both rows: what the period opens with, and in grey what the last one closed with.
    let opening = *sevens.iter().min().unwrap();
    let (opens, beside): (Vec<u32>, Vec<u32>) = sevens.iter().partition(|at| **at == opening);
    assert_eq!((opens.len(), beside.len()), (2, 2));
    let checks = sheet
        .cells
        .values()
        .filter_map(|cell| cell.formula.as_deref());
    let checks: Vec<&str> = checks.filter(|formula| formula.contains("50")).collect();
    assert!(!checks.is_empty(), "the year to date is in a live check");
}

#[test]
fn a_month_missing_in_the_archive_leaves_the_year_to_date_unasked() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    fs::remove_dir_all(root.path().join("history/2025-01")).unwrap();
    let march = campaign(root.path(), "2025-03", BEFORE);
    fs::write(
        march.join("roster.csv"),
        "code,name,kind,group,active_from,active_to,aliases\nC,Xã Chánh Hội,xa,,,,\n",
    )
    .unwrap();
    file(&march, "C", [0, 6, 6, 0, 999]);
    assert_eq!(rules(&errors(&march)), Vec::<&str>::new());
    let notes = notes(&march);
    let year = notes.iter().find(|note| note.contains("2025-01")).unwrap();
    assert!(
        year.starts_with("kho-thieu-ky: Kho lưu trữ chưa có kỳ 2025-01"),
        "{year}"
    );
    assert!(
        year.contains("luy-ke-lech-cac-ky-da-chot, luy-ke-giam"),
        "{year}"
    );
    let before = notes.iter().find(|note| note.contains("2024-03")).unwrap();
    assert!(before.contains("tang-nhieu-so-voi-cung-ky"), "{before}");
}

#[test]
fn what_one_old_commune_did_not_file_is_never_half_a_sum() {
    let root = tempfile::tempdir().unwrap();
    let february = campaign(root.path(), "2025-02", BEFORE);
    file(&february, "A", [2, 10, 9, 3, 20]);
    let CloseOutcome::Lacking(units) = close_period(&february, false) else {
        panic!("closed while two communes are missing");
    };
    assert_eq!(units.missing, ["B", "C"]);
    assert!(!root.path().join("history/2025-02").exists());
    let CloseOutcome::Closed(written, manifest) = close_period(&february, true) else {
        panic!("not closed");
    };
    assert!(manifest.provisional && written.replaced.is_none());
    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}"));
    file(&march, "M", [999, 12, 9, 1002, 62]);
    assert_eq!(rules(&errors(&march)), Vec::<&str>::new());
    let notes = notes(&march);
    let told = notes
        .iter()
        .find(|note| note.starts_with("ky-truoc-khong-gop-duoc"))
        .unwrap();
    assert!(
        told.contains("không có biểu «Tiếp nhận, giải quyết đơn thư» của Xã Bình An"),
        "{told}"
    );
}

#[test]
fn a_split_communes_figures_are_asked_of_nobody() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let other = "N,Xã Nhị Long,xa,,2025-03-01,,,B\n";
    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}{other}"));
    file(&march, "M", [999, 12, 9, 1002, 62]);
    file(&march, "N", [0, 1, 1, 0, 1]);
    assert_eq!(rules(&errors(&march)), Vec::<&str>::new());
    let notes = notes(&march).join("\n");
    assert!(
        notes.contains("Xã Bình An đã chia cho Xã Mỹ Bình, Xã Nhị Long"),
        "{notes}"
    );
}

#[test]
fn a_changed_archive_stops_the_next_period_by_name() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let march = campaign(root.path(), "2025-03", BEFORE);
    let path = root.path().join("history/2025-02/facts.parquet");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = Campaign::load(&march).unwrap_err().to_string();
    assert!(
        error.contains("2025-02/facts.parquet: tệp đã bị sửa"),
        "{error}"
    );
}

#[test]
fn an_archive_that_is_not_there_is_told_at_its_key() {
    let root = tempfile::tempdir().unwrap();
    let march = campaign(root.path(), "2025-03", BEFORE);
    fs::remove_dir_all(root.path().join("history")).unwrap();
    let error = Campaign::load(&march).unwrap_err().to_string();
    assert!(
        error.contains("campaign.toml:4:11: không có thư mục"),
        "{error}"
    );
}

fn tonghop(arguments: &[&str], folder: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text)
}

#[test]
fn a_late_correction_names_the_next_period_and_is_asked_there() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let (january, february) = (root.path().join("2025-01"), root.path().join("2025-02"));
    assert_eq!(rules(&errors(&february)), Vec::<&str>::new());
    // One more was left over in January than was closed.
    file(&january, "C", [0, 5, 4, 1, 5]);
    let (code, text) = tonghop(&["close", "2025-01", "--reopen"], root.path());
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("Kỳ sau đã chốt theo số liệu cũ của kỳ này: 2025-02."),
        "{text}"
    );
    let errors = errors(&february);
    let found = rules(&errors);
    assert!(
        found.contains(&"con-lai-dau-ky-lech-cuoi-ky-truoc"),
        "{found:?}"
    );
    assert!(
        errors[0]
            .message
            .en
            .contains("should equal 1 (closed last period)")
    );
    let (code, text) = tonghop(&["consolidate", "2025-02", "--lang", "en"], root.path());
    assert_eq!(code, 1, "{text}");
    // What is Vietnamese there are the form's and the campaign's own words.
    for word in ["(ô ", "số đã chốt", "tổng các ô", "trống", "tháng 2"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn the_commands_close_list_and_compare() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let tonghop = |arguments: &[&str]| tonghop(arguments, root.path());
    let (code, text) = tonghop(&["close", "2025-02"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("đã chốt rồi"), "{text}");
    file(&root.path().join("2025-02"), "C", [0, 7, 5, 2, 12]);
    let (code, text) = tonghop(&["close", "2025-02", "--reopen"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2025-02.ban-1"), "{text}");
    let (code, text) = tonghop(&["history", "2025-02"]);
    assert_eq!((code, text.matches("3/3 đơn vị").count()), (0, 3), "{text}");
    let (code, text) = tonghop(&["diff", "2025-02", "2025-02.ban-1", "2025-02"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Nhận trong kỳ: 5 → 7 (+2)"), "{text}");
    assert!(
        text.contains("Số liệu: 8 đổi, 0 mới, 0 không còn"),
        "{text}"
    );
    let csv = root.path().join("khac.csv");
    let csv_text = csv.to_str().unwrap();
    let (_, text) = tonghop(&[
        "diff", "2025-02", "2025-01", "2025-02", "--unit", "A", "--csv", csv_text, "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let figures = json["figures"].as_array().unwrap();
    assert!(figures.iter().all(|figure| figure["unit"] == "A"), "{text}");
    assert_eq!(
        fs::read_to_string(csv).unwrap().lines().count(),
        figures.len() + 1
    );
    let (code, text) = tonghop(&["diff", "2025-02", "2025-01", "2024-12"]);
    assert_eq!(code, 3);
    assert!(
        text.contains("có: 2025-01, 2025-02.ban-1, 2025-02"),
        "{text}"
    );
}

#[test]
fn a_manifest_names_every_file_that_counted() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let path = root.path().join("history/2025-02/manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap();
    let files: Vec<&str> = inputs
        .iter()
        .map(|input| input["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["inbox/A.xlsx", "inbox/B.xlsx", "inbox/C.xlsx"]);
    let bytes = fs::read(root.path().join("2025-02/inbox/B.xlsx")).unwrap();
    assert_eq!(inputs[1]["sha256"], tonghop::history::sha256(&bytes));
    let form = include_bytes!("data/forms/don_thu.toml");
    assert_eq!(
        manifest["forms"][0]["sha256"],
        tonghop::history::sha256(form)
    );
}

#[test]
fn the_pages_on_comparing_say_what_the_commands_say() {
    trycmd::TestCases::new().case("samples/so-sanh/README.md");
}

/// A campaign of the first quarter, put together from the closed months.
fn quarter(root: &Path) -> PathBuf {
    let folder = campaign(root, "2025-Q1", &format!("{BEFORE}{MERGED}"));
    fs::remove_dir_all(folder.join("inbox")).unwrap();
    let file = folder.join("campaign.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("[[kind]]", "made_of = \"months\"\n[[kind]]");
    let figures =
        "[[figure]]\nid = \"A01\"\nlabel = \"Nhận\"\nvalue = \"don_thu!khieu_nai.trong_ky\"\n";
    fs::write(&file, format!("{text}{figures}")).unwrap();
    folder
}

/// Says in the campaign's form what a quarter has of its months, as far as no rule does.
fn say_course(folder: &Path) {
    let form = folder.join("schemas/don_thu.toml");
    let mut text = fs::read_to_string(&form).unwrap();
    for (id, word) in [("trong_ky", "sum"), ("da_xong", "sum"), ("luy_ke", "last")] {
        let id = format!("id = \"{id}\"\n");
        text = text.replacen(&id, &format!("{id}over_time = \"{word}\"\n"), 1);
    }
    fs::write(&form, text).unwrap();
}

#[test]
fn a_quarter_is_put_together_from_its_closed_months() {
    let root = tempfile::tempdir().unwrap();
    let tonghop = |arguments: &[&str]| tonghop(arguments, root.path());
    two_months(root.path());
    let quarter = quarter(root.path());
    let (code, text) = tonghop(&["consolidate", "2025-Q1"]);
    assert_eq!(code, 3, "{text}");
    let columns =
        "`don_thu` chưa nói cả kỳ có gì từ số của các tháng ở cột: trong_ky, da_xong, luy_ke";
    assert!(text.contains(columns), "{text}");
    say_course(&quarter);
    let (code, text) = tonghop(&["consolidate", "2025-Q1"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("chưa có kỳ 2025-03, nên chưa cộng được 2025-Q1"),
        "{text}"
    );

    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}"));
    file(&march, "C", [0, 6, 6, 0, 16]);
    file(&march, "M", [7, 12, 9, 10, 62]);
    closed(&march);
    let (code, text) = tonghop(&["consolidate", "2025-Q1", "--format", "json"]);
    assert_eq!(code, 0, "{text}");
    let figures = fs::read_to_string(quarter.join("out/figures.csv")).unwrap();
    // 10 + 20 + 5, 10 + 10 + 5, 12 + 6.
    assert!(figures.contains("A01,Nhận,78"), "{figures}");
    let run = common::run(&quarter);
    let value = |unit: &str, column: &str| {
        let is =
            |fact: &&Fact| (&*fact.unit, &*fact.row, &*fact.column) == (unit, "khieu_nai", column);
        run.facts.iter().find(is).map(|fact| fact.value.clone())
    };
    let columns = [
        "ton_dau", "trong_ky", "da_xong", "ton_cuoi", "luy_ke", "ty_le",
    ];
    let numbers = |numbers: [&str; 6]| numbers.map(|n| Some(Value::Number(n.parse().unwrap())));
    let merged = numbers(["0", "62", "52", "10", "62", "83.87"]);
    assert_eq!(columns.map(|column| value("M", column)), merged);
    let other = numbers(["0", "16", "16", "0", "16", "100"]);
    assert_eq!(columns.map(|column| value("C", column)), other);
    assert_eq!(value("A", "trong_ky"), None);
    let record = fs::read_to_string(quarter.join("out/run.json")).unwrap();
    assert!(record.contains("2025-02/manifest.json"), "{record}");

    // A corrected month is reported, and the quarter is closed like any period.
    file(&root.path().join("2025-02"), "C", [0, 7, 5, 2, 12]);
    let (code, text) = tonghop(&["close", "2025-02", "--reopen"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = tonghop(&["close", "2025-Q1"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2025-02/manifest.json"), "{text}");
    assert!(root.path().join("history/2025-Q1/manifest.json").exists());
    let (code, text) = tonghop(&["template", "2025-Q1", "--out", "mau"]);
    assert_eq!(code, 3, "{text}");
    let (_, text) = tonghop(&["history", "2025-Q1"]);
    assert!(!text.contains("kỳ đã chốt lại"), "{text}");
    file(&root.path().join("2025-02"), "C", [0, 7, 6, 1, 12]);
    let (code, text) = tonghop(&["close", "2025-02", "--reopen"]);
    assert_eq!(code, 0, "{text}");
    let (_, text) = tonghop(&["history", "2025-Q1"]);
    assert!(
        text.contains("kỳ đã chốt lại (hoặc không còn trong kho): 2025-02."),
        "{text}"
    );

    // Files nobody would read are not passed over.
    fs::create_dir_all(quarter.join("inbox")).unwrap();
    fs::copy(march.join("inbox/C.xlsx"), quarter.join("inbox/C.xlsx")).unwrap();
    let (code, text) = tonghop(&["consolidate", "2025-Q1"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("không nhận tệp, nhưng trong inbox có 1 tệp"),
        "{text}"
    );
}

#[test]
fn a_month_closed_without_a_unit_leaves_its_quarter_without_it() {
    let root = tempfile::tempdir().unwrap();
    two_months(root.path());
    let march = campaign(root.path(), "2025-03", &format!("{BEFORE}{MERGED}"));
    file(&march, "M", [7, 12, 9, 10, 62]);
    let (code, text) = tonghop(&["close", "2025-03", "--provisional"], root.path());
    assert_eq!(code, 0, "{text}");
    let quarter = quarter(root.path());
    say_course(&quarter);
    let run = common::run(&quarter);
    let found: Vec<(&str, &str)> = run
        .findings
        .iter()
        .map(|finding| {
            (
                finding.rule.as_str(),
                finding.unit.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [("ky-thanh-phan-tam-chot", ""), ("thieu-ky-thanh-phan", "C")]
    );
    assert!(
        run.findings[1]
            .message
            .vi
            .contains("trong kỳ đã chốt 2025-03")
    );
    let units: Vec<_> = run
        .units
        .iter()
        .map(|unit| (unit.unit.code.as_str(), unit.status))
        .collect();
    assert!(units.contains(&("M", UnitStatus::Accepted)), "{units:?}");
    assert!(units.contains(&("C", UnitStatus::Missing)), "{units:?}");
    assert!(run.facts.iter().all(|fact| &*fact.unit == "M"));
    let opening = run
        .facts
        .iter()
        .find(|fact| &*fact.column == "ton_dau")
        .unwrap();
    assert_eq!(opening.value, Value::Number(0.into()));
}
