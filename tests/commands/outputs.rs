//! The outputs of one run belong together: all old or all new, and a record of what they are made
//! of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tonghop::campaign::Reading;
use tonghop::commands;
use tonghop::workbook::Limits;

use crate::cli::{Answer, tonghop};
use crate::small::{self, Small};

const BOTH: [&str; 4] = ["consolidate", "dot", "--return", "tra-ve"];

/// What a run writes for a campaign without appendices.
const NAMES: [&str; 8] = [
    "facts.csv",
    "facts.parquet",
    "figures.csv",
    "findings.csv",
    "findings.json",
    "justifications.csv",
    "run.json",
    "tong-hop.xlsx",
];

/// The program at a moment.
fn at(moment: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tonghop"));
    command.current_dir(folder).args(arguments);
    command.env("TONGHOP_NOW", moment);
    command
}

/// Every file below a folder, the hidden ones, too; empty if it is not there.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            (name.to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

fn run_json(folder: &Path) -> Json {
    serde_json::from_slice(&fs::read(folder.join("run.json")).unwrap()).unwrap()
}

/// The run failed and named `file`; what was there before is there still, and nothing else.
fn refused(answer: &Answer, file: &str, small: &Small, before: &[BTreeMap<String, Vec<u8>>; 2]) {
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains(file), "{answer:?}");
    let now = both(small);
    for (before, now) in before.iter().zip(&now) {
        assert!(before == now, "{:?}", now.keys());
    }
}

fn both(small: &Small) -> [BTreeMap<String, Vec<u8>>; 2] {
    ["dot/out", "tra-ve"].map(|folder| contents(&small.root().join(folder)))
}

#[test]
fn the_record_says_what_was_read_and_written() {
    let small = Small::filled();
    let own = small.folder().join("schemas/lop.toml");
    let older = fs::read_to_string(&own).unwrap();
    let older = older.replacen("version = \"", "version = \"0-", 1);
    fs::write(small.folder().join("schemas/lop-cu.toml"), older).unwrap();
    let moment = "2025-10-06T08:05:11+07:00";
    let done = at(moment, small.root(), &BOTH).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let out = small.folder().join("out");
    assert_eq!(names(&out), NAMES);
    let record = run_json(&out);
    assert_eq!(record["time"], moment);
    assert_eq!(record["tonghop"], env!("CARGO_PKG_VERSION"));
    assert_eq!(record["command"], "consolidate");
    let hashed = |folder: &Path, listed: &Json, expected: &[&str]| {
        let listed = listed.as_object().unwrap();
        assert!(listed.keys().eq(expected), "{listed:?}");
        for (name, hash) in listed {
            let bytes = fs::read(folder.join(name)).unwrap();
            assert_eq!(*hash, tonghop::model::sha256(&bytes), "{name}");
        }
    };
    hashed(
        &small.folder(),
        &record["inputs"],
        &[
            "inbox/dot-1/a.xls",
            "inbox/dot-1/b, \"hai\".xls",
            "inbox/dot-1/s.xls",
        ],
    );
    hashed(
        &small.folder(),
        &record["definition"],
        &[
            "campaign.toml",
            "roster.csv",
            "schemas/lop-cu.toml",
            "schemas/lop.toml",
            "schemas/so_lieu.toml",
        ],
    );
    let written: Vec<&str> = NAMES.into_iter().filter(|n| *n != "run.json").collect();
    hashed(&out, &record["outputs"], &written);
    let copies = run_json(&small.root().join("tra-ve"));
    assert_eq!(copies["inputs"], record["inputs"]);
    assert!(copies["outputs"]["dot-1/b, _hai_.xlsx"].is_string());
}

#[test]
fn a_moment_that_is_none_is_refused() {
    let small = Small::filled();
    let done = at("hôm qua", small.root(), &BOTH).output().unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&done.stderr).contains("hôm qua"));
    assert!(!small.folder().join("out").exists());
}

/// Killed at any moment, a run leaves the old set or the new one once somebody looks again.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_all_old_or_all_new() {
    let small = Small::filled();
    let (old, new) = ("2025-10-06T08:00:00+07:00", "2025-10-07T08:00:00+07:00");
    let run = |moment: &str| at(moment, small.root(), &BOTH).output().unwrap();
    let wrong = fs::read(small.folder().join("inbox/dot-1/b, \"hai\".xls")).unwrap();
    run(old);
    let first = both(&small);
    let mend = || fs::remove_file(small.folder().join("inbox/dot-1/b, \"hai\".xls")).unwrap();
    mend();
    run(new);
    let second = both(&small);
    assert!(first[0] != second[0] && first[1] != second[1]);
    fs::write(small.root().join("mau.md"), "{{ T01 }}").unwrap();
    let mut seen = [0, 0];
    for tries in 0..24 {
        fs::write(small.folder().join("inbox/dot-1/b, \"hai\".xls"), &wrong).unwrap();
        run(old);
        assert!(both(&small) == first, "the same inbox gives the same bytes");
        mend();
        let mut command = at(new, small.root(), &BOTH);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut killed = command.spawn().unwrap();
        // Until files are about to be replaced, then a little longer each time.
        let announced = small.folder().join("out/.tonghop/nhat-ky.json");
        while killed.try_wait().unwrap().is_none() && !announced.exists() {
            thread::sleep(Duration::from_micros(20));
        }
        thread::sleep(Duration::from_micros(tries * 40));
        let _ = killed.kill();
        killed.wait().unwrap();
        // Whoever looks at the results finishes them first.
        let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
        tonghop(small.root(), &report);
        let now = both(&small).map(|mut files| {
            files.retain(|name, _| !name.starts_with(".tonghop"));
            files
        });
        let which = [&first, &second].iter().position(|set| **set == now);
        let which = which.unwrap_or_else(|| panic!("a mixture after {tries}"));
        seen[which] += 1;
    }
    assert!(seen[1] > 0, "{seen:?}");
}

#[test]
fn if_one_file_cannot_be_replaced_none_is() {
    let small = Small::filled();
    tonghop(small.root(), &BOTH);
    let before = both(&small);
    // A folder where a file belongs.
    let figures = small.folder().join("out/figures.csv");
    let kept = fs::read(&figures).unwrap();
    fs::remove_file(&figures).unwrap();
    fs::create_dir(&figures).unwrap();
    let answer = tonghop(small.root(), &BOTH);
    fs::remove_dir(&figures).unwrap();
    fs::write(&figures, kept).unwrap();
    refused(&answer, "dot/out/figures.csv", &small, &before);
    assert!(answer.err.contains("có một thư mục cùng tên"), "{answer:?}");
    // Found out before anything is read.
    assert_eq!(answer.out, "");
    // Read-only, as a file that Excel has open seems to be on a share.
    let read_only = |path: &Path, yes: bool| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(yes);
        fs::set_permissions(path, permissions).unwrap();
    };
    let copy = small.root().join("tra-ve/dot-1/b, _hai_.xlsx");
    for path in [&small.folder().join("out/tong-hop.xlsx"), &copy] {
        read_only(path, true);
        let answer = tonghop(small.root(), &BOTH);
        read_only(path, false);
        let name = path.file_name().unwrap().to_str().unwrap();
        refused(&answer, name, &small, &before);
        assert!(answer.err.contains("hãy đóng lại"), "{answer:?}");
    }
    // A file or a link where a folder of copies belongs.
    let folder = small.root().join("tra-ve/dot-1");
    let aside = small.root().join("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "").unwrap();
    let answer = tonghop(small.root(), &BOTH);
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    refused(&answer, "dot-1", &small, &before);
}

#[test]
fn results_that_cannot_go_where_they_should_are_refused_before_anything_is_read() {
    let small = Small::filled();
    fs::write(small.root().join("tep"), "").unwrap();
    let out = ["consolidate", "dot", "--out", "tep"];
    let answer = tonghop(small.root(), &out);
    assert_eq!((answer.code, answer.out.as_str()), (3, ""), "{answer:?}");
    assert!(answer.err.contains("tep: không ghi được"), "{answer:?}");
    assert_eq!(fs::read(small.root().join("tep")).unwrap(), b"");
}

/// Links in the folder of results, wherever they lead, are replaced and not written through.
#[cfg(unix)]
#[test]
fn links_are_not_written_through() {
    use std::os::unix::fs::symlink;
    let small = Small::filled();
    let (out, theirs) = (small.folder().join("out"), small.root().join("cua-ho"));
    fs::create_dir_all(out.join(".tonghop")).unwrap();
    fs::create_dir(&theirs).unwrap();
    let victim = theirs.join("tep");
    fs::write(&victim, "của họ").unwrap();
    for name in ["facts.csv", "DANG-GHI-KET-QUA.txt", ".tonghop/khoa"] {
        symlink(&victim, out.join(name)).unwrap();
    }
    symlink(&theirs, out.join(".tonghop/moi")).unwrap();
    assert_eq!(tonghop(small.root(), &BOTH).code, 1);
    assert_eq!(names(&out), NAMES);
    symlink(&theirs, out.join(".tonghop")).unwrap();
    assert_eq!(tonghop(small.root(), &BOTH).code, 1);
    assert_eq!(names(&theirs), ["tep"]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "của họ");
}

#[test]
fn another_run_in_the_same_folder_is_waited_for() {
    let small = Small::filled();
    let waiting = small.folder().join("out/.tonghop");
    fs::create_dir_all(&waiting).unwrap();
    let lock = fs::File::create(waiting.join("khoa")).unwrap();
    lock.lock().unwrap();
    let answer = tonghop(small.root(), &BOTH);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("một lần chạy tonghop khác đang ghi"));
    drop(lock);
    // What a dead run left half written is cleared away.
    fs::create_dir_all(waiting.join("moi")).unwrap();
    fs::write(waiting.join("moi/facts.csv"), "dở dang").unwrap();
    assert_eq!(tonghop(small.root(), &BOTH).code, 1);
    assert_eq!(names(&small.folder().join("out")), NAMES);
}

#[test]
fn copies_of_what_is_mended_go_away_and_others_stay() {
    let small = Small::filled();
    tonghop(small.root(), &BOTH);
    let copies = small.root().join("tra-ve");
    let copy = copies.join("dot-1/b, _hai_.xlsx");
    assert!(copy.is_file(), "{:?}", names(&copies));
    let mine = copies.join("ghi-chu.txt");
    fs::write(&mine, "của tôi").unwrap();
    // A check of another file leaves it.
    let check = |file: &str| {
        let file = format!("dot/inbox/dot-1/{file}");
        let line = ["check", &file, "--campaign", "dot", "--return", "tra-ve"];
        tonghop(small.root(), &line)
    };
    check("s.xls");
    assert!(copy.is_file());
    // What somebody wrote into a copy is not thrown away.
    let marked = fs::read(&copy).unwrap();
    fs::write(&copy, "đã ghi lý do").unwrap();
    let rows = vec![small::class("Lớp một", "20", "10", "50", "1.5")];
    let total = small::class("Tổng cộng", "20", "10", "50", "1.5");
    let right = small::table("Lớp học", "Xã Bình \"Mới\", An", "B", rows, total);
    small.receive("b, \"hai\".xls", &small::book(&[right]));
    let answer = tonghop(small.root(), &BOTH);
    assert!(copy.is_file());
    let told = "đã bị sửa nên không xóa: tra-ve/dot-1/b, _hai_.xlsx";
    assert!(answer.out.contains(told), "{answer:?}");
    // As it was written, it goes.
    small.receive("b, \"hai\".xls", &small::wrong());
    tonghop(small.root(), &BOTH);
    assert!(fs::read(&copy).unwrap() == marked);
    let right = small::table(
        "Lớp học",
        "Xã Bình \"Mới\", An",
        "B",
        vec![small::class("Lớp một", "20", "10", "50", "1.5")],
        small::class("Tổng cộng", "20", "10", "50", "1.5"),
    );
    small.receive("b, \"hai\".xls", &small::book(&[right]));
    let answer = tonghop(small.root(), &BOTH);
    assert!(!copy.exists(), "{answer:?}");
    assert!(
        answer.out.contains("không còn phát hiện nào: 1"),
        "{answer:?}"
    );
    assert!(mine.is_file());
}

#[test]
fn a_copy_is_made_of_the_bytes_that_were_judged() {
    let small = Small::filled();
    let file = small.folder().join("inbox/dot-1/b, \"hai\".xls");
    let judged = |replace: bool, folder: &str| {
        let options = commands::check::Options {
            campaign: Some(small.folder()),
            facts: None,
            returns: Some(small.root().join(folder)),
            reading: Reading::here(&Limits::default()),
            clock: tonghop::campaign::Clock::SYSTEM,
        };
        let progress = |done: usize, all: usize| {
            if replace && done == all {
                fs::write(&file, "đơn vị vừa gửi đè").unwrap();
            }
        };
        let done = commands::check(std::slice::from_ref(&file), &options, &progress).unwrap();
        let written = done.written.unwrap().returns.unwrap().written;
        fs::read(&written[0]).unwrap()
    };
    assert!(judged(false, "mot") == judged(true, "hai"));
}

#[test]
fn close_and_report_say_what_has_changed_since_the_results() {
    let small = Small::complete();
    fs::write(small.root().join("mau.md"), "{{ T01 }}").unwrap();
    let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
    let notice = "không còn là những gì lần consolidate lúc";
    // Nothing to compare with.
    assert!(!tonghop(small.root(), &report).out.contains(notice));
    tonghop(small.root(), &["consolidate", "dot"]);
    assert!(!tonghop(small.root(), &report).out.contains(notice));
    // A file more, a file changed, another form.
    small.receive("them.xls", &small::wrong());
    small.receive("C.xls", &small::department());
    let form = small.folder().join("schemas/so_lieu.toml");
    let text = fs::read_to_string(&form).unwrap() + "\n# sửa\n";
    fs::write(&form, text).unwrap();
    let close = ["close", "dot", "--provisional"];
    for line in [&report[..], &close[..]] {
        let answer = tonghop(small.root(), line);
        let out = &answer.out;
        assert!(out.contains(notice), "{answer:?}");
        let changed = "đã đổi: inbox/dot-1/C.xls, schemas/so_lieu.toml\n";
        assert!(out.contains(changed), "{answer:?}");
        assert!(out.contains("mới có: inbox/dot-1/them.xls\n"), "{answer:?}");
    }
    let line = [&report[..], &["--format", "json"]].concat();
    let since = &tonghop(small.root(), &line).json()["since_results"];
    let changed = json!(["inbox/dot-1/C.xls", "schemas/so_lieu.toml"]);
    assert_eq!(since["changed"], changed);
    assert_eq!(since["added"], json!(["inbox/dot-1/them.xls"]));
    // Results elsewhere are named.
    tonghop(small.root(), &["consolidate", "dot", "--out", "ket-qua"]);
    let line = [&report[..], &["--results", "ket-qua"]].concat();
    let answer = tonghop(small.root(), &line);
    assert!(!answer.out.contains(notice), "{answer:?}");
}
