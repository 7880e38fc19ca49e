//! Where results may not go, and the messages where they cannot be written.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cli::{Answer, tonghop};
use crate::small::Small;

/// Every file below the campaign's folder with its bytes.
fn campaign(small: &Small) -> Vec<(String, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(small.folder()).sort_by_file_name();
    let files = entries.into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap();
            (entry.path().to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

/// Runs a command that must be refused, with `said` in its error, and must change nothing.
fn refused(small: &Small, arguments: &[&str], said: &str) -> Answer {
    let before = campaign(small);
    let answer = tonghop(small.root(), arguments);
    assert_eq!(answer.code, 3, "{arguments:?}: {answer:?}");
    assert!(answer.err.contains(said), "{arguments:?}: {answer:?}");
    assert!(campaign(small) == before, "{arguments:?}");
    answer
}

#[test]
fn results_among_what_units_sent_are_refused() {
    let small = Small::filled();
    fs::write(small.root().join("mau.md"), "{{ T01 }}").unwrap();
    let among = "nơi để tệp các đơn vị gửi";
    for folder in [
        "dot/inbox",
        "dot/inbox/ket-qua",
        "dot/INBOX/x",
        "dot/out/../inbox",
    ] {
        for line in [
            ["consolidate", "dot", "--out", folder],
            ["consolidate", "dot", "--return", folder],
            ["template", "dot", "--out", folder],
        ] {
            let answer = refused(&small, &line, among);
            assert!(answer.err.contains(folder), "{answer:?}");
            assert_eq!(answer.out, "", "before anything is read");
        }
    }
    let facts = ["consolidate", "dot", "--facts", "dot/inbox/dot-1/facts.csv"];
    refused(&small, &facts, among);
    let out = "dot/inbox/ra.md";
    let report = ["report", "dot", "--template", "mau.md", "--out", out];
    refused(&small, &report, among);
    // The inbox inside the results.
    for folder in ["dot", "."] {
        let line = ["consolidate", "dot", "--out", folder];
        refused(&small, &line, "thư mục kết quả phải là thư mục riêng");
    }
    let line = ["consolidate", "dot", "--out", "dot/inbox", "--lang", "en"];
    refused(&small, &line, "would be read as submissions the next time");
    assert_eq!(
        tonghop(small.root(), &["consolidate", "dot", "--out", "inbox"]).code,
        1
    );
}

#[cfg(unix)]
#[test]
fn a_link_into_the_inbox_is_the_inbox() {
    let small = Small::filled();
    let link = small.root().join("ket-qua");
    std::os::unix::fs::symlink(small.folder().join("inbox"), link).unwrap();
    for folder in ["ket-qua", "ket-qua/moi"] {
        let line = ["consolidate", "dot", "--out", folder];
        refused(&small, &line, "nơi để tệp các đơn vị gửi");
    }
}

#[test]
fn the_archive_is_written_by_close_alone() {
    let small = Small::filled();
    fs::create_dir_all(small.folder().join("history/2025-08")).unwrap();
    let line = ["consolidate", "dot", "--out", "dot/history/2025-08"];
    refused(&small, &line, "kho lưu trữ các kỳ đã chốt");
}

#[test]
fn a_run_replaces_no_file_that_it_reads() {
    let small = Small::filled();
    let read = "lần chạy này đọc tệp ấy";
    for file in [
        "dot/roster.csv",
        "dot/campaign.toml",
        "dot/schemas/lop.toml",
    ] {
        refused(&small, &["consolidate", "dot", "--facts", file], read);
    }
    // A copy of the file's own name in the file's own folder.
    let received = small.root().join("nhan");
    fs::create_dir(&received).unwrap();
    let book = fs::read(common_workbook()).unwrap();
    fs::write(received.join("a.xlsx"), &book).unwrap();
    for line in [
        ["check", "a.xlsx", "--return", "."],
        ["check", "./a.xlsx", "--return", "../nhan"],
        ["check", "a.xlsx", "--facts", "a.xlsx"],
    ] {
        let answer = tonghop(&received, &line);
        assert_eq!(answer.code, 3, "{line:?}: {answer:?}");
        assert!(answer.err.contains(read), "{line:?}: {answer:?}");
        assert!(fs::read(received.join("a.xlsx")).unwrap() == book);
    }
    for folder in ["nhan", "nhan/tra-ve"] {
        let answer = tonghop(small.root(), &["check", "nhan", "--return", folder]);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert_eq!(fs::read_dir(&received).unwrap().count(), 1);
    }
    let answer = tonghop(small.root(), &["check", "nhan", "--return", "tra-ve"]);
    assert_eq!(answer.code, 1, "{answer:?}");
}

/// A workbook of a built-in form with a mistake in it.
fn common_workbook() -> std::path::PathBuf {
    let inbox = "samples/vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx";
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inbox)
}

/// The program where no file may be larger than `blocks` (512 bytes each).
#[cfg(unix)]
fn within(blocks: u32, folder: &Path, line: &str) -> Answer {
    // The signal would end the process before it could say anything.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {line}");
    let program = env!("CARGO_BIN_EXE_tonghop");
    let mut command = Command::new("sh");
    let command = command.args(["-c", &script, program]).current_dir(folder);
    let output = command.env_remove("TONGHOP_LANG").output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Wherever writing fails, the file the user named is reported, and everything is as it was.
#[cfg(unix)]
#[test]
fn a_file_that_does_not_fit_is_named_and_nothing_is_replaced() {
    let small = Small::filled();
    let line = "consolidate dot --return tra-ve --facts so-lieu.csv";
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(tonghop(small.root(), &words).code, 1);
    let before = campaign(&small);
    let mut named = Vec::new();
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64] {
        let answer = within(blocks, small.root(), line);
        if answer.code == 1 {
            continue;
        }
        assert!(campaign(&small) == before, "{blocks}");
        assert_eq!(answer.code, 3, "{answer:?}");
        let said = "không ghi được: hệ thống không cho ghi tệp lớn như vậy ở đó; hãy chọn";
        assert!(answer.err.contains(said), "{answer:?}");
        assert!(answer.err.contains("Kết quả lần trước"), "{answer:?}");
        assert!(!answer.err.contains(".tonghop"), "{answer:?}");
        named.push(answer.err.split(": ").nth(1).unwrap().to_owned());
    }
    assert!(named.len() >= 4, "{named:?}");
    assert!(
        named.iter().any(|name| name == "dot/out/tong-hop.xlsx"),
        "{named:?}"
    );
    let english = within(1, small.root(), &format!("{line} --lang en"));
    assert!(
        english
            .err
            .contains("the system does not allow a file of that size"),
        "{english:?}"
    );
}
