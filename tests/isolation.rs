//! A file that ends the process reading it, or takes too long, is one finding; the rest is read.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const GOOD: &str = "inbox/dot-2/28870-xa-cho-lach-2025-09.xlsx";

/// `file -> status` and `file -> rules` of `check`.
fn check(paths: &[&Path], options: &[&str]) -> Vec<(String, String, Vec<String>)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tonghop"));
    command.arg("check").args(paths).args(["--format", "json"]);
    command
        .arg("--campaign")
        .arg(common::sample("vinh-long-2025-09"));
    let output = command.args(options).output().unwrap();
    let run: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rules = |file: &str| {
        let findings = run["findings"].as_array().unwrap().iter();
        let own = findings.filter(|finding| finding["file"] == file);
        own.map(|finding| text(&finding["rule"])).collect()
    };
    let all = run["submissions"].as_array().unwrap().iter();
    all.map(|one| {
        let file = text(&one["file"]);
        let rules = rules(&file);
        (file, text(&one["status"]), rules)
    })
    .collect()
}

/// Text of many fields: cheap to write, dear to read.
fn heavy(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("nang.csv");
    fs::write(&path, "so lieu;1;2;3;4;5;6;7;8;9\n".repeat(90_000)).unwrap();
    path
}

/// Systems without a limit on addresses read the file to its end.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_needs_too_much_memory_ends_its_reader_alone() {
    let folder = tempfile::tempdir().unwrap();
    let good = common::sample("vinh-long-2025-09").join(GOOD);
    let heavy = heavy(folder.path());
    let read = check(&[&heavy, &good, &heavy], &["--max-memory", "260"]);
    let of = |end: &str| read.iter().find(|(file, ..)| file.ends_with(end)).unwrap();
    assert_eq!(of("nang.csv").2, ["doc-tep-bi-dung"]);
    assert_eq!(of("cho-lach-2025-09.xlsx").1, "accepted");
}

#[test]
fn a_file_that_takes_too_long_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let good = common::sample("vinh-long-2025-09").join(GOOD);
    let heavy = heavy(folder.path());
    let read = check(&[&heavy, &good], &["--max-seconds", "1"]);
    let of = |end: &str| read.iter().find(|(file, ..)| file.ends_with(end)).unwrap();
    assert_eq!(of("nang.csv").2, ["doc-tep-qua-lau"]);
    assert_eq!(of("cho-lach-2025-09.xlsx").1, "accepted");
}

/// A workbook whose one sheet unpacks to more than 1 MB.
fn wide(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("rong.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..40_000_u32 {
        sheet.write(row, 0, row).unwrap();
    }
    book.save(&path).unwrap();
    path
}

#[test]
fn every_limit_has_its_option() {
    let folder = tempfile::tempdir().unwrap();
    let heavy = heavy(folder.path());
    let good = common::sample("vinh-long-2025-09").join(GOOD);
    let packed = folder.path().join("tep.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&packed).unwrap());
    for name in ["a.csv", "b.csv"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&fs::read(&heavy).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    let wide = wide(folder.path());
    for (path, option, most) in [
        (&heavy, "--max-file", "1"),
        (&heavy, "--max-cells", "10"),
        (&good, "--max-sheets", "1"),
        (&packed, "--max-files", "1"),
        (&packed, "--max-unpacked", "1"),
        (&wide, "--max-part", "1"),
    ] {
        for isolation in [&[option, most][..], &[option, most, "--no-isolation"]] {
            let read = check(&[path], isolation);
            assert_eq!(read[0].2, ["tep-qua-lon"], "{isolation:?}");
        }
    }
}

#[test]
fn an_archive_is_as_many_submissions_and_read_alike_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("tep.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&packed).unwrap());
    let inbox = common::sample("vinh-long-2025-09").join("inbox/dot-1");
    let mut own: Vec<_> = fs::read_dir(inbox)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    own.sort();
    for path in &own[..6] {
        let name = format!("Xã/{}", path.file_name().unwrap().to_str().unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&fs::read(path).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    let apart = check(&[&packed], &[]);
    assert_eq!(apart.len(), 6);
    assert!(apart.iter().all(|(file, ..)| file.contains("tep.zip/Xã/")));
    assert_eq!(apart, check(&[&packed], &["--no-isolation"]));
}

/// A program that reads files as `tonghop` does, but that is cut off in the middle of a file: the
/// first time it is started, or every time. It leaves a line in `starts` whenever it is started.
#[cfg(unix)]
fn cut_off(folder: &Path, always: bool) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("tonghop.sh");
    let whole = match always {
        true => "",
        false => "[ $(wc -l <\"$0.starts\") -gt 1 ] && exec \"$program\" \"$@\"\n",
    };
    let text = format!(
        "#!/bin/sh\nprogram='{}'\necho x >>\"$0.starts\"\n{whole}dd bs=1 count=2000 2>/dev/null | \"$program\" \"$@\"\n",
        env!("CARGO_BIN_EXE_tonghop")
    );
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn a_file_whose_reader_ended_gets_one_more_try() {
    use tonghop::campaign::{Campaign, Reading, Workers, check_by};
    use tonghop::model::SubmissionStatus;
    use tonghop::workbook::Limits;

    let sample = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&sample).unwrap();
    for always in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let program = cut_off(folder.path(), always);
        let reading = Reading {
            workers: Some(Workers { program, count: 1 }),
            ..Reading::here(&Limits::default())
        };
        let run = check_by(&[sample.join(GOOD)], Some(&campaign), &reading, &|_, _| {}).unwrap();
        let starts = fs::read_to_string(folder.path().join("tonghop.sh.starts")).unwrap();
        assert_eq!(starts.lines().count(), 2);
        let rules: Vec<&str> = run.findings.iter().map(|f| &*f.rule).collect();
        let (status, blamed) = match always {
            false => (SubmissionStatus::Accepted, false),
            true => (SubmissionStatus::Unreadable, true),
        };
        assert_eq!(run.submissions[0].status, status, "{rules:?}");
        assert_eq!(rules.contains(&"doc-tep-bi-dung"), blamed, "{rules:?}");
    }
}

/// What README says of the limits is what holds without any option.
#[test]
fn the_limits_in_the_readme_are_those_that_hold() {
    let readme = include_str!("../README.md");
    let limits = tonghop::workbook::Limits::default();
    let million = 1_000_000;
    for (words, option, most) in [
        (
            "Mỗi tệp nhiều nhất {} MB",
            "--max-file",
            limits.file_bytes / million,
        ),
        (
            "giải nén ra nhiều nhất {} MB",
            "--max-unpacked",
            limits.unpacked_bytes / million,
        ),
        ("mỗi phần {} MB", "--max-part", limits.part_bytes / million),
        ("{} ô có dữ liệu", "--max-cells", limits.cells as u64),
        ("{} trang tính", "--max-sheets", limits.sheets as u64),
        (
            "{} tệp trong một tệp nén",
            "--max-files",
            limits.files as u64,
        ),
    ] {
        let mut figure = most.to_string();
        for at in (1..figure.len())
            .rev()
            .filter(|at| (most.to_string().len() - at) % 3 == 0)
        {
            figure.insert(at, '.');
        }
        let sentence = format!("{} (`{option}`)", words.replace("{}", &figure));
        assert!(readme.contains(&sentence), "{sentence}");
    }
    let seconds = format!(
        "{} giây để đọc một tệp và {} giây",
        limits.seconds, limits.seconds
    );
    assert!(readme.contains(&seconds), "{seconds}");
    assert_eq!(limits.memory_bytes, 1_500_000_000);
    assert!(readme.contains("1,5 GB bộ nhớ để đọc (`--max-memory`"));
}
