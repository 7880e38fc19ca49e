use super::*;
use crate::history::manifest::Units;
use crate::model::Value;

fn period() -> Period {
    "2025-08".parse().unwrap()
}

fn fact(value: i64) -> Fact {
    Fact {
        period: Some(period()),
        unit: "u".into(),
        form: "b".into(),
        row: "gui".into(),
        column: "so".into(),
        value: Value::Number(value.into()),
        source: None,
    }
}

fn manifest() -> Manifest {
    Manifest {
        period: period(),
        campaign: "dot".into(),
        closed_at: "2025-09-05T08:00:00+07:00".into(),
        tonghop: "0.1.0".into(),
        provisional: false,
        units: Units::default(),
        facts: 0,
        files: Default::default(),
        forms: Vec::new(),
        definition: Default::default(),
        inputs: Vec::new(),
    }
}

fn close(archive: &Archive, value: i64, reopen: bool) -> Result<WrittenPeriod, HistoryError> {
    let closing = Closing {
        manifest: manifest(),
        facts: &[fact(value)],
        reasons: &[],
        findings: &[],
    };
    archive.close(closing, reopen)
}

fn archive(folder: &tempfile::TempDir) -> Archive {
    Archive::new(folder.path().join("history"))
}

fn value(archive: &Archive) -> Option<Value> {
    archive
        .facts(period())
        .unwrap()
        .map(|facts| facts[0].value.clone())
}

#[test]
fn a_closed_period_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    assert!(archive.list().unwrap().is_empty());
    close(&archive, 5, false).unwrap();
    assert_eq!(archive.facts(period()).unwrap(), Some(vec![fact(5)]));
    let listed = archive.list().unwrap();
    let manifest = listed[0].current.manifest.as_ref().unwrap();
    assert_eq!((manifest.facts, manifest.files.len()), (1, 3));
    assert!(listed[0].current.changed.is_empty());
}

#[test]
fn closing_twice_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    close(&archive, 5, false).unwrap();
    let error = close(&archive, 6, false).unwrap_err();
    assert!(error.message.vi.contains("--reopen"), "{error}");
    assert_eq!(value(&archive), Some(Value::Number(5.into())));
    assert_eq!(fs::read_dir(archive.folder()).unwrap().count(), 1);
}

#[test]
fn reopening_keeps_every_version_it_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    close(&archive, 5, false).unwrap();
    close(&archive, 6, true).unwrap();
    let written = close(&archive, 7, true).unwrap();
    assert!(written.replaced.unwrap().ends_with("2025-08.ban-2"));
    assert_eq!(value(&archive), Some(Value::Number(7.into())));
    let closed = archive.closed(period()).unwrap().unwrap();
    let names: Vec<&str> = closed.replaced.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["2025-08.ban-1", "2025-08.ban-2"]);
    let first = archive.named("2025-08.ban-1").unwrap().unwrap();
    assert_eq!(archive.facts_of(&first).unwrap(), [fact(5)]);
    assert!(archive.named("2025-08.ban-3").unwrap().is_none());
    assert!(archive.named("2025-09").unwrap().is_none());
}

#[test]
fn what_a_crash_left_unfinished_is_never_read() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    // Died while writing the files: half a folder under its temporary name.
    let unfinished = archive.folder().join(".dang-chot-2025-08-x1");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join(FACTS), b"PAR1 half").unwrap();
    assert_eq!(value(&archive), None);
    close(&archive, 5, false).unwrap();
    assert_eq!(value(&archive), Some(Value::Number(5.into())));
}

#[test]
fn a_crash_between_the_two_renames_leaves_the_old_state() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    close(&archive, 5, false).unwrap();
    let standing = archive.folder().join("2025-08");
    fs::rename(&standing, archive.folder().join("2025-08.ban-1")).unwrap();
    assert_eq!(value(&archive), Some(Value::Number(5.into())));
    assert!(close(&archive, 6, false).is_err(), "it is still closed");
    close(&archive, 6, true).unwrap();
    assert_eq!(value(&archive), Some(Value::Number(6.into())));
    let closed = archive.closed(period()).unwrap().unwrap();
    assert_eq!(closed.replaced.len(), 1);
    assert_eq!(archive.facts_of(&closed.replaced[0]).unwrap(), [fact(5)]);
}

#[test]
fn a_file_changed_after_closing_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    let written = close(&archive, 5, false).unwrap();
    let path = written.folder.join(FACTS);
    parquet_file::write_facts(&[fact(50)], fs::File::create(&path).unwrap()).unwrap();
    let error = archive.facts(period()).unwrap_err();
    assert!(error.file.ends_with("2025-08/facts.parquet"), "{error}");
    assert!(error.message.vi.contains("đã bị sửa"), "{error}");
    let version = archive.named("2025-08").unwrap().unwrap();
    assert_eq!(version.changed, std::slice::from_ref(&path));
    fs::remove_file(&path).unwrap();
    assert!(archive.facts(period()).is_err(), "deleted is not absent");
    // The office closes the period again; what was tampered with is kept as it is.
    close(&archive, 5, true).unwrap();
    assert_eq!(value(&archive), Some(Value::Number(5.into())));
}

#[test]
fn a_deleted_list_of_reasons_is_not_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    let written = close(&archive, 5, false).unwrap();
    assert!(archive.reasons(period()).unwrap().is_empty());
    fs::remove_file(written.folder.join(REASONS)).unwrap();
    assert!(archive.reasons(period()).is_err());
    fs::remove_file(written.folder.join(FINDINGS)).unwrap();
    let version = archive.named("2025-08").unwrap().unwrap();
    assert!(archive.findings(&version).is_err());
}

#[test]
fn a_damaged_manifest_hides_no_other_period() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    let written = close(&archive, 5, false).unwrap();
    let other = archive.folder().join("2025-07");
    fs::create_dir_all(&other).unwrap();
    fs::copy(written.folder.join(FACTS), other.join(FACTS)).unwrap();
    let manifest = written.folder.join(manifest::FILE);
    // Closed as 2025-08 and copied to the place of 2025-07.
    fs::copy(&manifest, other.join(manifest::FILE)).unwrap();
    fs::write(&manifest, b"{\"period\": \"2025-").unwrap();
    let listed = archive.list().unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        listed[0]
            .current
            .changed
            .contains(&other.join(manifest::FILE))
    );
    assert_eq!(listed[1].current.changed, [manifest]);
    let error = archive.facts(period()).unwrap_err();
    assert!(error.message.vi.contains("tệp hỏng"), "{error}");
    assert!(error.message.vi.contains("--reopen"), "{error}");
}

#[test]
fn an_emptied_folder_does_not_bring_back_what_it_had_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    close(&archive, 5, false).unwrap();
    let written = close(&archive, 6, true).unwrap();
    for entry in fs::read_dir(&written.folder).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let error = archive.facts(period()).unwrap_err();
    assert!(error.message.vi.contains("không còn tệp"), "{error}");
    let listed = archive.closed(period()).unwrap().unwrap();
    assert_eq!(
        listed.current.changed,
        std::slice::from_ref(&written.folder)
    );
    fs::remove_dir(&written.folder).unwrap();
    assert_eq!(value(&archive), Some(Value::Number(5.into())));
}

#[test]
fn reopening_names_the_periods_closed_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    assert!(close(&archive, 5, false).unwrap().later.is_empty());
    for after in ["2025-09", "2025-10", "2025-07"] {
        let by_hand = archive.folder().join(after);
        fs::create_dir_all(&by_hand).unwrap();
        fs::write(by_hand.join(FACTS_BY_HAND), "").unwrap();
    }
    let later = close(&archive, 6, true).unwrap().later;
    let later: Vec<String> = later.iter().map(ToString::to_string).collect();
    assert_eq!(later, ["2025-09", "2025-10"]);
}

#[test]
fn figures_put_there_by_hand_need_no_manifest_but_the_right_period() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    let by_hand = archive.folder().join("2025-08");
    fs::create_dir_all(&by_hand).unwrap();
    let csv = |period: &str| {
        format!(
            "{}\n{period},u,b,gui,so,5,,,,\n",
            super::super::COLUMNS.join(",")
        )
    };
    fs::write(by_hand.join(FACTS_BY_HAND), csv("2025-08")).unwrap();
    assert_eq!(archive.facts(period()).unwrap(), Some(vec![fact(5)]));
    assert!(archive.list().unwrap()[0].current.manifest.is_none());
    assert!(close(&archive, 6, false).is_err());
    fs::write(by_hand.join(FACTS_BY_HAND), csv("2025-07")).unwrap();
    let error = archive.facts(period()).unwrap_err();
    assert!(error.message.vi.contains("kỳ 2025-07"), "{error}");
}

#[test]
fn periods_written_with_dots_have_versions_too() {
    assert_eq!(
        version_name("2025-01-01..2025-07-31.ban-2"),
        Some(("2025-01-01..2025-07-31".parse().unwrap(), Some(2)))
    );
    assert_eq!(version_name("2025-08.ban-01"), None);
    assert_eq!(version_name(".dang-chot-2025-08-x1"), None);
}

#[test]
fn a_period_closed_again_with_the_same_figures_leaves_longer_ones_valid() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(&folder);
    close(&archive, 5, false).unwrap();
    let (file, sha256) = archive.stamp(period()).unwrap().unwrap();
    let quarter: Period = "2025-Q3".parse().unwrap();
    let mut of_quarter = manifest();
    of_quarter.period = quarter;
    of_quarter.inputs = vec![crate::history::manifest::InputStamp {
        file,
        sha256,
        unit: String::new(),
    }];
    let fact = Fact {
        period: Some(quarter),
        ..fact(5)
    };
    let closing = Closing {
        manifest: of_quarter,
        facts: &[fact],
        reasons: &[],
        findings: &[],
    };
    archive.close(closing, false).unwrap();
    let outdated = || archive.closed(quarter).unwrap().unwrap().outdated;
    let again = |value: i64, at: &str| {
        let mut manifest = manifest();
        manifest.closed_at = at.into();
        let facts = [super::tests::fact(value)];
        let closing = Closing {
            manifest,
            facts: &facts,
            reasons: &[],
            findings: &[],
        };
        archive.close(closing, true).unwrap();
    };
    again(5, "2025-09-06T08:00:00+07:00");
    assert_eq!(outdated(), []);
    again(6, "2025-09-07T08:00:00+07:00");
    assert_eq!(outdated(), [period()]);
    again(5, "2025-09-08T08:00:00+07:00");
    assert_eq!(outdated(), []);
}
