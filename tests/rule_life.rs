//! A campaign switches a rule off, a form has a rule on trial: what becomes of both.

mod common;

use std::fs;
use std::path::Path;

use tonghop::campaign::{Campaign, consolidate};
use tonghop::model::Severity;
use tonghop::schema::builtin;
use tonghop::workbook::Limits;

/// A rule of `tthc`.
const RULE: &str = "da-giai-quyet-lech-tong";
/// A rule of `van_ban` that the sample workbook breaks.
const SUM: &str = "luy-ke-lech-ky-truoc-va-trong-ky";

/// The sample campaign with its first round, with more written into `campaign.toml`.
fn campaign(folder: &Path, more: &str) {
    let sample = common::sample("vinh-long-2025-09");
    for name in ["roster.csv", "campaign.toml", "controls.csv"] {
        fs::copy(sample.join(name), folder.join(name)).unwrap();
    }
    let path = folder.join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\n{more}")).unwrap();
}

fn off(form: &str, rule: &str) -> String {
    format!(
        "[[rule_off]]\nform = \"{form}\"\nrule = \"{rule}\"\nreason = \"Đếm khác\"\nby = \"Phòng Tổng hợp\"\non = \"2025-10-06\"\n"
    )
}

#[test]
fn a_rule_switched_off_is_not_asked_and_keeps_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    campaign(folder.path(), &off("tthc", RULE));
    let campaign = Campaign::load(folder.path()).unwrap();
    let form = campaign
        .forms
        .iter()
        .find(|form| form.id() == "tthc")
        .unwrap();
    assert!(form.rules.iter().all(|rule| rule.id != RULE));
    let (rule, idle) = &form.idle[0];
    assert_eq!(rule.id, RULE);
    assert!(
        idle.words()
            .vi
            .contains("Đếm khác (Phòng Tổng hợp, 06/10/2025)"),
        "{idle:?}"
    );
}

#[test]
fn a_rule_that_does_not_exist_cannot_be_switched_off() {
    for (form, rule, near) in [
        ("tthc", "da-giai-quyet-lech-tonh", RULE),
        ("tthcc", RULE, "tthc"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        campaign(folder.path(), &off(form, rule));
        let error = Campaign::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains(&format!("có phải `{near}`")), "{error}");
        assert!(error.contains("campaign.toml:"), "{error}");
    }
}

#[test]
fn a_built_in_check_named_as_a_rule_leads_to_its_own_switch() {
    let folder = tempfile::tempdir().unwrap();
    campaign(folder.path(), &off("tthc", "ty-le-sai"));
    let error = Campaign::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("`[checks]`"), "{error}");
}

/// Severity and severity on trial of what [`SUM`] reports with more written into it, and how many
/// errors the sample workbook has.
fn found(more: &str) -> (Vec<(Severity, Option<Severity>)>, usize) {
    let folder = tempfile::tempdir().unwrap();
    campaign(folder.path(), "");
    with_rule(folder.path(), more);
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let file = common::sample("loi-thuong-gap/dao-chu-so/bao-cao.xlsx");
    fs::copy(file, inbox.join("bao-cao.xlsx")).unwrap();
    let campaign = Campaign::load(folder.path()).unwrap();
    let run = consolidate(&campaign, &Limits::default(), &|_, _| {}).unwrap();
    let told = run.findings.iter().filter(|finding| finding.rule == SUM);
    let told: Vec<_> = told.map(|f| (f.severity, f.trial)).collect();
    let failed = run.tallies.of("van_ban", SUM).map_or(0, |of| of.failed);
    assert_eq!(failed, told.len());
    (told, run.submissions[0].errors)
}

/// The campaign has a form of its own in which more is written into [`SUM`].
fn with_rule(folder: &Path, more: &str) {
    let text = builtin::text("van_ban").unwrap();
    let id = format!("id = \"{SUM}\"");
    assert!(text.contains(&id));
    let schemas = folder.join("schemas");
    fs::create_dir_all(&schemas).unwrap();
    let text = text.replace(&id, &format!("{id}\n{more}"));
    fs::write(schemas.join("van_ban.toml"), text).unwrap();
}

#[test]
fn a_rule_on_trial_is_told_and_keeps_nobody_out() {
    let (firm, errors) = found("");
    let (trial, fewer) = found("status = \"beta\"");
    assert!(!firm.is_empty());
    assert!(firm.iter().all(|told| *told == (Severity::Error, None)));
    assert!(
        trial
            .iter()
            .all(|told| *told == (Severity::Info, Some(Severity::Error)))
    );
    assert_eq!(trial.len(), firm.len());
    assert_eq!(errors - fewer, firm.len());
}

#[test]
fn a_rule_for_some_units_is_evaluated_on_theirs_alone() {
    let (all, _) = found("");
    assert_eq!(found("kinds = [\"xa\"]").0, all);
    assert_eq!(found("kinds = [\"so\"]\nunits = [\"29266\"]").0, all);
    assert_eq!(found("kinds = [\"so\"]").0, []);
    assert_eq!(found("units = [\"H61.01\"]").0, []);
}

#[test]
fn a_rule_may_name_only_units_and_kinds_that_there_are() {
    for (more, says) in [
        (
            "units = [\"khong-co\"]",
            "danh sách đơn vị không có mã `khong-co`",
        ),
        ("units = [\"29 266\"]", "có phải `29266`?"),
        ("kinds = [\"xaa\"]", "có phải `xa`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        campaign(folder.path(), "");
        with_rule(folder.path(), more);
        let error = Campaign::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(SUM), "{error}");
    }
}
