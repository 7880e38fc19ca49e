//! A unit's reason makes a warning justified, and lapses when the figure changes; an error remains
//! until the office accepts it by name.

mod common;
#[path = "common/office.rs"]
mod office;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::json;
use tonghop::campaign::{Campaign, Run, check};
use tonghop::model::{Severity, UnitStatus, template_names};
use tonghop::workbook::Limits;
use tonghop::write::{TemplateInput, write_template};

fn check_one(campaign: &Campaign, file: &Path) -> Run {
    check(
        &[file.to_owned()],
        Some(campaign),
        &Limits::default(),
        &|_, _| {},
    )
    .unwrap()
}

/// Rewrites the texts of a workbook's parts.
fn edit(from: &Path, to: &Path, change: impl Fn(&str, String) -> String) {
    let mut archive = zip::ZipArchive::new(fs::File::open(from).unwrap()).unwrap();
    let mut writer = zip::ZipWriter::new(fs::File::create(to).unwrap());
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        writer
            .start_file(&name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(change(&name, text).as_bytes()).unwrap();
    }
    writer.finish().unwrap();
}

/// What a clerk does: types a reason beside the first finding of the list.
fn explain(from: &Path, to: &Path, reason: &str) {
    edit(from, to, |name, text| {
        if !name.ends_with("sheet_tonghop1.xml") {
            return text;
        }
        let filled = format!(r#"<c r="H9" t="inlineStr"><is><t>{reason}</t></is></c>"#);
        let blank = regex::Regex::new(r#"<c r="H9" s="\d+"/>"#).unwrap();
        assert!(
            blank.is_match(&text),
            "the first finding has a cell for the reason"
        );
        blank.replace(&text, filled).into_owned()
    });
}

#[test]
fn a_reason_stands_while_the_figure_does() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let received = common::sample("loi-thuong-gap/so-ngoai-bang/bao-cao.xlsx");
    let folder = tempfile::tempdir().unwrap();
    let first = check_one(&campaign, &received);
    assert_eq!(first.submissions[0].warnings, 1);
    let before = fs::read(&received).unwrap();
    let returns = common::returns::write(&first, Some(&campaign.file), folder.path());
    assert_eq!(
        fs::read(&received).unwrap(),
        before,
        "the received file is untouched"
    );

    let answered = folder.path().join("trả lời.xlsx");
    explain(&returns[0], &answered, "Số ghi chú riêng");
    let second = check_one(&campaign, &answered);
    let given = second.findings[0].review.justification.as_ref().unwrap();
    assert_eq!(
        (given.reason.as_str(), given.by.as_str()),
        ("Số ghi chú riêng", "Xã Càng Long")
    );
    assert_eq!(
        (second.findings.len(), second.submissions[0].warnings),
        (1, 0)
    );

    // The reason was for 1.500; with 1.501 in its place it says nothing.
    let changed = folder.path().join("đổi số.xlsx");
    edit(&answered, &changed, |name, text| {
        if name.contains("sheet_tonghop") {
            text
        } else {
            text.replace("<v>1500</v>", "<v>1501</v>")
        }
    });
    let third = check_one(&campaign, &changed);
    assert_eq!(
        (third.findings.len(), third.submissions[0].warnings),
        (1, 1)
    );
    assert!(
        third.findings[0].message.vi.contains("không còn hiệu lực"),
        "{:?}",
        third.findings[0]
    );
}

#[test]
fn an_error_stands_until_the_office_accepts_it() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |file| {
        file.starts_with("inbox/dot-1")
    });
    let status = |run: &Run| {
        run.units
            .iter()
            .find(|filing| filing.unit.code == "28903")
            .unwrap()
            .status
    };
    assert_eq!(status(&common::run(folder.path())), UnitStatus::Returned);
    let path = folder.path().join("campaign.toml");
    let accepted = r#"
[[accept]]
unit = "28903"
rule = "ky-truoc-lech-so-da-bao-cao"
cell = "D12"
reason = "Đã đối chiếu: kỳ trước báo thiếu bốn tài khoản"
by = "Phòng Tổng hợp"
on = "2025-10-06"

[[accept]]
unit = "28903"
rule = "khong-con"
reason = "đã sửa"
by = "Phòng Tổng hợp"
on = "2025-10-06"
"#;
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + accepted).unwrap();
    let run = common::run(folder.path());
    assert_eq!(status(&run), UnitStatus::Accepted);
    let finding = run
        .findings
        .iter()
        .find(|finding| {
            finding.unit.as_deref() == Some("28903") && finding.severity == Severity::Error
        })
        .unwrap();
    assert_eq!(
        finding.review.justification.as_ref().unwrap().by,
        "Phòng Tổng hợp, 06/10/2025"
    );
    assert!(
        run.findings
            .iter()
            .any(|finding| finding.rule == "chap-nhan-thua")
    );
}

/// A clerk who explains beforehand, on the template's own sheet.
const EXPLAIN: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["path"])
    for column, value in zip("BCDE", job["line"]): book["Giải trình"][f"{column}5"] = value
    book.save(job["path"])
"#;

#[test]
fn a_reason_on_the_templates_own_sheet_counts_while_the_figure_is_the_one_it_names() {
    if !office::able() {
        return;
    }
    let sample = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&sample).unwrap();
    let own = sample.join("inbox/dot-2/28870-xa-cho-lach-2025-09.xlsx");
    let facts = check_one(&campaign, &own).facts;
    let unit = campaign.roster.by_code("28870").unwrap();
    let asked = campaign.forms.iter();
    let asked = asked.filter(|form| campaign.expects(unit, form.id()));
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
    let created = campaign.file.period.last_day();
    let created = created.and_hms_opt(8, 0, 0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mau.xlsx");
    write_template(&input, created, &path).unwrap();
    for (figure, counts) in [(900, true), (901, false)] {
        // Far more sent than last period.
        let mut cells = office::figures(&facts, &unit.code, &forms);
        let sent = template_names::cell("van_ban", "gui", "trong_ky");
        let cell = cells.iter_mut().find(|cell| cell.name == sent).unwrap();
        cell.value = json!(figure);
        let job = office::Job {
            name: "mau".to_owned(),
            keep: true,
            cells,
        };
        let done = office::fill(folder.path(), &[job])["mau"].clone();
        let before = check_one(&campaign, &done);
        let asked = before.findings.iter();
        let asked: Vec<_> = asked.filter(|f| f.severity == Severity::Warning).collect();
        assert_eq!(asked.len(), 1, "{:#?}", before.findings);
        let (sheet, cell) = (asked[0].sheet.clone().unwrap(), asked[0].cell.unwrap());
        let line = json!([
            sheet.to_string(),
            cell.to_string(),
            900,
            "Chiến dịch cấp thẻ"
        ]);
        // LibreOffice's file, so that formulas keep their results once openpyxl has been at it.
        let explained = folder.path().join("giai-trinh.xlsx");
        fs::copy(folder.path().join("filled/mau.xlsx"), &explained).unwrap();
        let job = json!({ "path": explained, "line": line });
        office::python(folder.path(), EXPLAIN, &[job]);
        let saved = office::recalculate(folder.path(), folder.path(), &["giai-trinh"]);
        let after = check_one(&campaign, &saved["giai-trinh"]);
        let warned = after.findings.iter();
        let warned: Vec<_> = warned.filter(|f| f.severity == Severity::Warning).collect();
        let given = warned[0].review.justification.as_ref();
        let given = given.map(|given| (given.reason.as_str(), given.by.as_str()));
        let expected = counts.then_some(("Chiến dịch cấp thẻ", unit.name.as_str()));
        assert_eq!((given, warned.len()), (expected, 1), "{warned:#?}");
        assert_eq!(after.submissions[0].warnings, usize::from(!counts));
    }
}
