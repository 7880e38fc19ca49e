//! A unit's reason makes a warning justified, and lapses when the figure changes; an error stands
//! until the office accepts it by name.

mod common;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use tonghop::campaign::{Campaign, Run, check, write_returns};
use tonghop::model::{Severity, UnitStatus};
use tonghop::workbook::Limits;

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
    let returns = write_returns(
        &first,
        Some(&campaign.file),
        Path::new(""),
        folder.path(),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        fs::read(&received).unwrap(),
        before,
        "the received file is untouched"
    );

    let answered = folder.path().join("trả lời.xlsx");
    explain(&returns.written[0], &answered, "Số ghi chú riêng");
    let second = check_one(&campaign, &answered);
    let given = second.findings[0].justification.as_ref().unwrap();
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
        finding.justification.as_ref().unwrap().by,
        "Phòng Tổng hợp, 06/10/2025"
    );
    assert!(
        run.findings
            .iter()
            .any(|finding| finding.rule == "chap-nhan-thua")
    );
}
