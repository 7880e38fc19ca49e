//! Figures against last period, other units and control totals, on the sample campaigns: the
//! archive, the roster of peers and the control totals are changed, the workbooks stay.

mod common;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use tempfile::TempDir;
use tonghop::campaign::{Campaign, Run};
use tonghop::model::{Class, Finding, Number, Severity, UnitStatus, Value};

const PROVINCE: &str = "vinh-long-2025-09";
const COMMUNE: &str = "29266";

/// The province as it is, run once for all tests.
static RIGHT: LazyLock<Run> = LazyLock::new(|| common::run(&common::sample(PROVINCE)));

/// The province, with other control totals: TOML tables and lines of `controls.csv`.
fn province(controls: &str, lines: &str) -> TempDir {
    province_of(|_| true, controls, lines)
}

/// The commune among some of its peers: enough to compare it with.
fn commune(controls: &str, lines: &str) -> TempDir {
    let own = RIGHT
        .units
        .iter()
        .find(|filing| filing.unit.code == COMMUNE);
    let own = own.unwrap().file.as_deref().unwrap();
    let mut files: Vec<&str> = RIGHT
        .units
        .iter()
        .filter_map(|u| u.file.as_deref())
        .collect();
    files.sort_unstable();
    let kept: Vec<&str> = files.into_iter().step_by(4).chain([own]).collect();
    province_of(
        |file| kept.iter().any(|kept| file.ends_with(kept)),
        controls,
        lines,
    )
}

fn province_of(keep: impl Fn(&Path) -> bool, controls: &str, lines: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    common::copy(PROVINCE, folder.path(), keep);
    with_controls(folder.path(), controls);
    fs::write(folder.path().join("controls.csv"), lines).unwrap();
    folder
}

fn with_controls(folder: &Path, controls: &str) {
    let path = folder.join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once("# Số kiểm soát").unwrap();
    let (_, after) = after.split_once("\n# Phụ lục").unwrap();
    fs::write(path, format!("{before}\n{controls}\n# Phụ lục{after}")).unwrap();
}

fn controls(run: &Run) -> Vec<&Finding> {
    let of = |finding: &&Finding| finding.class == Class::ControlTotal;
    run.findings.iter().filter(of).collect()
}

fn figure(run: &Run, unit: &str, form: &str, row: &str, column: &str) -> Number {
    let fact = run
        .facts
        .iter()
        .find(|f| (&*f.unit, &*f.form, &*f.row, &*f.column) == (unit, form, row, column));
    fact.unwrap().value.as_number().unwrap()
}

/// Replaces the archive by a few facts of one commune: row, column, figure.
fn archive(folder: &Path, form: &str, facts: &[(&str, &str, Number)]) {
    let history = folder.join("history/2025-08");
    // An office's first period is written by hand, without a manifest.
    fs::remove_dir_all(&history).unwrap();
    fs::create_dir_all(&history).unwrap();
    let mut text = "period,unit,form,row,column,value,text,file,sheet,cell\n".to_owned();
    for (row, column, figure) in facts {
        text += &format!("2025-08,{COMMUNE},{form},{row},{column},{figure},,,,\n");
    }
    fs::write(history.join("facts.csv"), text).unwrap();
}

fn warnings(run: &Run) -> Vec<&Finding> {
    let of = |f: &&Finding| f.severity == Severity::Warning && f.unit.as_deref() == Some(COMMUNE);
    run.findings.iter().filter(of).collect()
}

#[test]
fn clean_workbooks_raise_no_false_alarm() {
    let (mut warnings, mut counted) = (0, 0);
    for name in common::CAMPAIGNS {
        let other;
        let run = match name == PROVINCE {
            true => &*RIGHT,
            false => {
                other = common::run(&common::sample(name));
                &other
            }
        };
        let open = |severity| {
            run.findings
                .iter()
                .filter(|f| f.severity == severity)
                .count()
        };
        warnings += open(Severity::Warning);
        counted += run.units.iter().filter(|unit| unit.file.is_some()).count();
        // The only error is the unit that gave a name nobody has, in the round before.
        let errors: Vec<&Finding> = run
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        assert!(
            errors
                .iter()
                .all(|f| f.rule == "don-vi-khong-co-trong-danh-sach"),
            "{errors:#?}"
        );
    }
    assert_eq!((warnings, counted), (0, 140), "warnings, units that filed");
}

#[test]
fn without_an_archive_peers_are_asked_and_fewer_than_one_workbook_in_a_hundred_is_warned() {
    let folder = tempfile::tempdir().unwrap();
    common::copy(PROVINCE, folder.path(), |_| true);
    fs::remove_dir_all(folder.path().join("history")).unwrap();
    let run = common::run(folder.path());
    let warned = run
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Warning)
        .count();
    assert!(warned * 100 < 139, "{warned} of 139");
}

#[test]
fn a_figure_a_thousand_times_last_periods_is_a_slip_and_not_also_a_change() {
    let right = &*RIGHT;
    let now = figure(right, COMMUNE, "van_ban", "nhan", "trong_ky");
    let folder = commune("", "");
    let last = now * Number::ONE_THOUSAND + Number::from(321);
    archive(folder.path(), "van_ban", &[("nhan", "trong_ky", last)]);
    let run = common::run(folder.path());
    let found = warnings(&run);
    let rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["lech-nghin-lan"]);
    assert_eq!(found[0].class, Class::History);
    let meant = Value::Number(now * Number::ONE_THOUSAND);
    assert_eq!(found[0].review.suspects[0].suggestion, Some(meant));
    let status = run
        .units
        .iter()
        .find(|u| u.unit.code == COMMUNE)
        .unwrap()
        .status;
    assert_eq!(
        status,
        UnitStatus::Accepted,
        "a warning never keeps a form out"
    );
}

#[test]
fn a_control_total_that_agrees_silences_weaker_evidence() {
    let right = &*RIGHT;
    let now = figure(right, COMMUNE, "van_ban", "nhan", "trong_ky");
    let line =
        format!("unit,cell,value,source\n{COMMUNE},van_ban!nhan.trong_ky,{now},Trục liên thông\n");
    let folder = commune(
        "[[control]]\nid = \"lech-truc\"\npath = \"controls.csv\"\n",
        &line,
    );
    let last = now * Number::ONE_THOUSAND;
    archive(folder.path(), "van_ban", &[("nhan", "trong_ky", last)]);
    let run = common::run(folder.path());
    assert_eq!(warnings(&run).len(), 0, "{:#?}", warnings(&run));
    assert_eq!(controls(&run).len(), 0);
}

#[test]
fn last_periods_figures_sent_again_are_one_warning() {
    let right = &*RIGHT;
    let folder = commune("", "");
    let of = |column: &str| figure(right, COMMUNE, "van_ban", "nhan", column);
    let sent = figure(right, COMMUNE, "van_ban", "gui", "trong_ky");
    let same = [
        ("gui", "trong_ky", sent),
        ("nhan", "trong_ky", of("trong_ky")),
    ];
    // Two small figures are no evidence unless the form says so.
    archive(folder.path(), "van_ban", &same);
    assert_eq!(warnings(&common::run(folder.path())).len(), 0);
    let form = tonghop::schema::builtin::text("van_ban").unwrap();
    let form = form.replace(
        "[defaults]",
        "[checks]\nunchanged = { least = 3 }\n\n[defaults]",
    );
    fs::create_dir_all(folder.path().join("schemas")).unwrap();
    fs::write(folder.path().join("schemas/van_ban.toml"), form).unwrap();
    let run = common::run(folder.path());
    let rules: Vec<&str> = warnings(&run).iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["so-lieu-ky-truoc-gui-lai"]);
}

#[test]
fn a_control_total_of_every_unit_names_the_source_and_the_slip() {
    let right = &*RIGHT;
    let mut lines = "unit,cell,value,source\n".to_owned();
    for filing in &right.units {
        let code = &filing.unit.code;
        let mut value = figure(right, code, "tai_khoan", "qlvb", "luy_ke");
        if code == COMMUNE {
            value *= Number::ONE_THOUSAND;
        }
        if code == "29110" {
            value += Number::from(7);
        }
        lines += &format!("{code},tai_khoan!qlvb.luy_ke,{value},Hệ thống quản lý văn bản\n");
    }
    let folder = province(
        "[[control]]\nid = \"lech-he-thong\"\npath = \"controls.csv\"\n",
        &lines,
    );
    let run = common::run(folder.path());
    let found = controls(&run);
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|f| (f.unit.as_deref().unwrap(), f.rule.as_str()))
        .collect();
    assert_eq!(
        told,
        [("29110", "lech-he-thong"), (COMMUNE, "lech-nghin-lan")]
    );
    assert!(
        found[0].message.vi.contains("Hệ thống quản lý văn bản"),
        "{}",
        found[0].message.vi
    );
    assert_eq!(found[0].difference, Some(Value::Number(Number::from(-7))));
    assert_eq!(found[1].review.suspects.len(), 1);
    let status = |code: &str| {
        run.units
            .iter()
            .find(|u| u.unit.code == code)
            .unwrap()
            .status
    };
    assert_eq!(status("29110"), UnitStatus::Returned);
}

#[test]
fn a_total_that_disagrees_names_the_unit_whose_slip_explains_it() {
    let right = &*RIGHT;
    // A figure no other unit has; where several have the same, all of them would explain it.
    let unit = "H61.06";
    let looked_up = figure(right, unit, "tthc_ky", "vneid", "trong_ky");
    let wanted = Number::from(2101) + looked_up * Number::from(999);
    let lines = format!(
        "unit,cell,value,source,id\n,tthc_ky!vneid.trong_ky,{wanted},Công an tỉnh,vneid-lech\n"
    );
    let folder = province("[[control]]\nid = \"x\"\npath = \"controls.csv\"\n", &lines);
    let run = common::run(folder.path());
    let found = controls(&run);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule.as_str(), found[0].unit.as_deref()),
        ("vneid-lech", None)
    );
    assert_eq!(&*found[0].file, "controls.csv");
    let told = found[0]
        .review
        .suspects
        .iter()
        .any(|s| s.reason.vi.contains(unit));
    assert!(told, "{:#?}", found[0].review.suspects);
    assert!(run.has_errors());
    let accepted = run.units.iter().all(|u| u.status == UnitStatus::Accepted);
    assert!(accepted, "a total sends nobody's form back");
}

#[test]
fn a_total_that_lacks_units_is_not_evaluated_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    common::copy(PROVINCE, folder.path(), |file| {
        file.starts_with("inbox/dot-1")
    });
    let run = common::run(folder.path());
    let found = controls(&run);
    assert_eq!(found.len(), 6);
    for finding in found {
        assert_eq!(finding.severity, Severity::Info);
        assert!(
            finding.message.vi.starts_with("Chưa đối chiếu"),
            "{}",
            finding.message.vi
        );
    }
}

#[test]
fn a_departments_own_figure_must_be_the_sum_of_its_units() {
    let control = |row: &str| {
        format!(
            "[[control]]\nid = \"so-khac-tong\"\nunit = \"H61.08\"\ncell = \"nen_tang!{row}.ket_qua\"\n\
             equals = \"SUM(kh02!duoc_ho_tro.ket_qua) + 470\"\nkinds = [\"xa\", \"phuong\"]\n"
        )
    };
    // 66 communes are supported; 536 names are registered.
    let run = common::run(province(&control("dns_hien_co"), "").path());
    assert_eq!(controls(&run).len(), 0, "66 + 470 is 536");
    let run = common::run(province(&control("don_vi_phan_quyen"), "").path());
    let found = controls(&run);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].unit.as_deref(), Some("H61.08"));
    assert_eq!(found[0].expected, Some(Value::Number(536.into())));
    assert!(found[0].cell.is_some());
}

#[test]
fn mistaken_control_totals_are_told_with_their_place() {
    let said = |controls: &str, lines: &str| {
        let folder = province(controls, lines);
        Campaign::load(folder.path()).unwrap_err().message().vi
    };
    let csv = "[[control]]\nid = \"x\"\npath = \"controls.csv\"\n";
    let text = said(
        csv,
        "unit,cell,value,source\n\
         29266,tthc_ky!vneid.trong_ky,1.494,CA\n\
         29266,tthc_ky!vneit.trong_ky,15,CA\n\
         99999,tthc_ky!vneid.trong_ky,15,CA\n\
         29266,tthc_ky!vneid.trong_ky,mười lăm,CA\n\
         ,tthc_ky!vneid.trong_ky,15,CA\n\
         29266,tthc_ky!vneid.trong_ky,15,\n",
    );
    for (line, wanted) in [
        (2, "có phải 1494?"),
        (3, "có phải `vneid`?"),
        (4, "không có đơn vị mã `99999`"),
        (5, "«mười lăm» không phải là số"),
        (6, "phải có `id` riêng"),
        (7, "thiếu `source`"),
    ] {
        let told = text
            .lines()
            .find(|told| told.contains(&format!("controls.csv:{line}:")));
        assert!(
            told.is_some_and(|told| told.contains(wanted)),
            "{line}: {text}"
        );
    }
    assert!(said(csv, "unit,cel,value\n").contains("có phải `cell`?"));
    let own = |rest: &str| said(&format!("[[control]]\nid = \"x\"\n{rest}"), "");
    assert!(own("cell = \"van_ban!gui.trong_ky\"\n").contains("đúng một trong"));
    assert!(own("cell = \"van_ban!gui.trong_ky\"\nvalue = 5\n").contains("`source`"));
    assert!(
        own("cell = \"van_bann!gui.trong_ky\"\nvalue = 5\nsource = \"s\"\n")
            .contains("có phải `van_ban`?")
    );
    assert!(
        own("cell = \"van_ban!gui.trong_ky\"\nvalue = 5\nsource = \"s\"\nkinds = [\"xaa\"]\n")
            .contains("có phải `xa`?")
    );
    assert!(
        own("cell = \"tthc_ky!ty_le_truc_tuyen.trong_ky\"\nvalue = 5\nsource = \"s\"\n")
            .contains("không cộng được")
    );
}
