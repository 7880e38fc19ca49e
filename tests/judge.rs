//! One workbook judged from its bytes gives what `check` gives for the file.

mod common;

use tonghop::campaign::{Campaign, check};
use tonghop::judge::{Judging, judge};
use tonghop::workbook::Limits;

#[test]
fn bytes_are_judged_as_the_file_is() {
    let sample = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&sample).unwrap();
    let path = sample.join("inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx");
    let limits = Limits::default();
    let run = check(
        std::slice::from_ref(&path),
        Some(&campaign),
        &limits,
        &|_, _| {},
    )
    .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let judging = Judging {
        forms: &campaign.forms,
        campaign: Some(&campaign.definition),
        limits: &limits,
        watch: &|| Box::new(|| false),
        copy: true,
    };
    let judged = judge(&run.submissions[0].file, &bytes, judging);
    let told = |findings: &[tonghop::model::Finding]| -> Vec<(String, String, String)> {
        let told = findings.iter().map(|finding| {
            let cell = finding.cell.map_or(String::new(), |cell| cell.to_string());
            (finding.rule.clone(), cell, finding.message.vi.clone())
        });
        told.collect()
    };
    assert!(run.findings.len() >= 2, "{:?}", told(&run.findings));
    assert_eq!(told(&judged.findings), told(&run.findings));
    assert_eq!(judged.facts.len(), run.facts.len());
    assert_eq!(judged.submission.status, run.submissions[0].status);
    assert_eq!(judged.submission.sha256, run.submissions[0].sha256);
    let copy = judged.returned.unwrap().unwrap();
    assert_ne!(copy, bytes);
    assert!(copy.starts_with(b"PK"));
}
