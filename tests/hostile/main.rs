//! A folder of files made to harm whoever opens them, with one good report among them. The program
//! says of each what is wrong, within its limits, and consolidates the good one.

mod archives;
mod damaged;
mod office;
mod old;
mod text;

#[path = "../common/mod.rs"]
mod common;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A file's name and content.
type Made = (String, Vec<u8>);

const CAMPAIGN: &str = "vinh-long-2025-09";
const GOOD: &str = "28870-xa-cho-lach-2025-09.xlsx";

/// What the whole run may take, in a debug build and beside other tests: a minute of computing.
const SOON: Duration = Duration::from_secs(300);

fn made() -> Vec<Made> {
    let mut files = office::files();
    files.extend(old::files());
    files.extend(text::files());
    files.extend(archives::files());
    files.extend(damaged::files());
    files
}

/// Runs the program; on Unix neither it nor what it starts may take more than 3 GB of addresses.
fn tonghop(arguments: &[&str]) -> std::process::Output {
    let program = env!("CARGO_BIN_EXE_tonghop");
    let mut command = match cfg!(unix) {
        true => {
            let mut shell = Command::new("sh");
            shell.args(["-c", "ulimit -v 3000000 && exec \"$@\"", "sh", program]);
            shell
        }
        false => Command::new(program),
    };
    command.args(arguments).output().unwrap()
}

#[test]
fn no_file_harms_the_run() {
    let folder = tempfile::tempdir().unwrap();
    common::copy(CAMPAIGN, folder.path(), |file| {
        file.ends_with(Path::new("dot-2").join(GOOD))
    });
    let inbox = folder.path().join("inbox/dot-1");
    fs::create_dir_all(&inbox).unwrap();
    let files = made();
    assert!(files.len() >= 100, "{}", files.len());
    for (name, bytes) in &files {
        fs::write(inbox.join(name), bytes).unwrap();
    }
    let started = Instant::now();
    let output = tonghop(&[
        "consolidate",
        folder.path().to_str().unwrap(),
        "--return",
        folder.path().join("ra").to_str().unwrap(),
        "--format",
        "json",
        "--max-seconds",
        "20",
        "--max-memory",
        "1000",
    ]);
    let took = started.elapsed();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    assert!(took < SOON, "{took:?}");

    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Nothing ended a process, took too long, or was only held up by catching a panic.
    let findings = run["findings"].as_array().unwrap();
    let lost: Vec<&Value> = findings
        .iter()
        .filter(|finding| {
            let rule = finding["rule"].as_str().unwrap();
            let message = finding["message"].as_str().unwrap();
            matches!(rule, "doc-tep-qua-lau" | "doc-tep-bi-dung")
                || message.contains("the reader gave up")
        })
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let submissions = run["submissions"].as_array().unwrap();
    let told: Vec<&str> = submissions
        .iter()
        .filter_map(|one| one["file"].as_str())
        .collect();
    for (name, _) in &files {
        let about = format!("inbox/dot-1/{name}");
        let known = told.iter().any(|file| file.starts_with(&about));
        assert!(known, "nothing is said of {name}");
    }
    let good = submissions
        .iter()
        .find(|one| one["file"].as_str().unwrap() == format!("inbox/dot-2/{GOOD}"));
    assert_eq!(good.unwrap()["status"], "accepted");
    assert!(folder.path().join("out/tong-hop.xlsx").is_file());
}
