//! A campaign and a workbook from texts and bytes alone, judged as a page in a browser would: no
//! folder, no file, no clock. Also runs without the feature `full` (`.ci/run`), so it uses nothing
//! that the core lacks.

use std::sync::Arc;

use tonghop::judge::{Definition, Judged, Judging, judge, no_hurry};
use tonghop::model::SubmissionStatus;
use tonghop::roster::Roster;
use tonghop::schema::Form;
use tonghop::schema::campaign::CampaignFile;
use tonghop::schema::source::Source;
use tonghop::workbook::Limits;

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!("data/dot-nho/", $file))
    };
}

fn definition() -> Definition {
    let source = Source {
        name: "campaign.toml",
        text: text!("campaign.toml"),
    };
    let file: CampaignFile = source.parse().unwrap();
    let form = |name: &str, text: &str| {
        let mut form = Form::parse(name, text).unwrap();
        form.set_aside(Some(file.period), &file.off);
        Arc::new(form)
    };
    let forms = vec![
        form("lop.toml", text!("schemas/lop.toml")),
        form("so_lieu.toml", text!("schemas/so_lieu.toml")),
    ];
    let roster = Roster::parse(text!("roster.csv").as_bytes(), "roster.csv").unwrap();
    Definition::new(file, forms, roster)
}

/// A commune's table of classes with `total` as the sum of its participants.
fn workbook(total: u32) -> String {
    format!(
        "Đơn vị báo cáo:;Xã An Bình\n\
         Mã đơn vị:;A\n\
         Kỳ báo cáo:;tháng 9 năm 2025\n\
         Tên lớp;Số người dự;Trong đó nữ;Tỷ lệ nữ (%);Kinh phí;Ngày khai giảng;Trực tuyến\n\
         Lớp một;20;10;50;1,5;08/9/2025;x\n\
         Lớp hai;30;15;50;0,5;09/9/2025;\n\
         Tổng cộng;{total};25;50;2;;\n"
    )
}

fn judged(definition: &Definition, total: u32) -> Judged {
    let limits = Limits::default();
    let judging = Judging {
        forms: &[],
        campaign: Some(definition),
        limits: &limits,
        watch: &no_hurry,
        copy: true,
    };
    judge("an-binh.csv", workbook(total).as_bytes(), judging)
}

#[test]
fn a_workbook_is_judged_without_the_world_outside() {
    let definition = definition();
    let right = judged(&definition, 50);
    let said = |judged: &Judged| {
        let findings = judged.findings.iter();
        let lines = findings.map(|found| format!("{}: {}", found.rule, found.message.vi));
        lines.collect::<Vec<_>>().join("\n")
    };
    let submission = &right.submission;
    assert_eq!(submission.unit.as_ref().unwrap().code, "A");
    assert_eq!(
        submission.status,
        SubmissionStatus::Accepted,
        "{}",
        said(&right)
    );
    assert_eq!(right.facts.len(), 11, "{:?}", right.facts);

    let wrong = judged(&definition, 60);
    assert_eq!(wrong.submission.status, SubmissionStatus::Returned);
    let found = wrong.findings.iter().find(|found| found.blocks()).unwrap();
    assert_eq!(found.cell.unwrap().to_string(), "B7", "{}", said(&wrong));
    assert!(found.message.vi.contains("60"), "{}", said(&wrong));
    let copy = wrong.returned.unwrap().unwrap();
    assert!(copy.starts_with(b"PK"));
}
