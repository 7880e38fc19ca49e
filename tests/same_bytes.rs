//! The same inbox gives the same bytes of every output, whenever it is consolidated.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

/// Consolidates a campaign into `to` with everything the command can write.
fn consolidate(campaign: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg("consolidate")
        .arg(campaign)
        .arg("--out")
        .arg(to.join("out"))
        .arg("--return")
        .arg(to.join("tra-lai"))
        .arg("--facts")
        .arg(to.join("facts.csv"))
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Every file below a folder; of a run's own record all but when it ran.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).unwrap();
            let mut bytes = fs::read(entry.path()).unwrap();
            if name.ends_with("run.json") {
                let mut run: Json = serde_json::from_slice(&bytes).unwrap();
                run.as_object_mut().unwrap().remove("time").unwrap();
                bytes = run.to_string().into_bytes();
            }
            (name.to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn the_same_inbox_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for name in common::CAMPAIGNS {
        let campaign = folder.path().join(name);
        common::copy(name, &campaign, |_| true);
        let [first, second] = ["mot", "hai"].map(|run| folder.path().join(run).join(name));
        consolidate(&campaign, &first);
        // Longer than the two seconds to which a zip archive rounds times.
        thread::sleep(Duration::from_millis(2_100));
        consolidate(&campaign, &second);
        let [first, second] = [&first, &second].map(|to| outputs(to));
        assert!(first.len() > 9, "{:?}", first.keys());
        assert!(first.keys().eq(second.keys()), "{name}: other files");
        for (file, bytes) in &first {
            assert!(bytes == &second[file], "{name}: {file} differs");
        }
    }
}
