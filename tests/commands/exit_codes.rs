//! The exit codes of the guide: 0 nothing wrong, 1 something is, 2 wrong usage, 3 it cannot be done.

use std::fs;

use crate::cli::{Answer, tonghop};
use crate::small::{self, Small};

const COMMANDS: [&str; 11] = [
    "consolidate",
    "check",
    "close",
    "history",
    "diff",
    "template",
    "report",
    "new",
    "next",
    "explain",
    "forms",
];

fn run(small: &Small, line: &str) -> Answer {
    let arguments: Vec<&str> = line.split(' ').collect();
    tonghop(small.root(), &arguments)
}

#[test]
fn nothing_wrong_is_0() {
    let small = Small::complete();
    for line in [
        "consolidate dot",
        "check dot/inbox --campaign dot",
        "template dot --out mau",
        "forms lint dot",
        "close dot",
        "history dot",
        "diff dot/inbox/dot-1/B.xls dot/inbox/dot-1/C.xls --campaign dot",
        "new khac",
        "next dot 2025-10",
        "explain tep-rong",
        "--version",
        "--help",
        "consolidate --help",
    ] {
        let answer = run(&small, line);
        assert_eq!(
            (answer.code, answer.err.as_str()),
            (0, ""),
            "{line}: {answer:?}"
        );
        assert!(!answer.out.is_empty(), "{line}");
    }
}

/// Warnings and notes alone change nothing; a difference is no mistake.
#[test]
fn a_warning_and_a_difference_are_0() {
    let small = Small::complete();
    let rows = vec![small::class("Lớp một", "2001", "1000", "49.98", "1.5")];
    let total = small::class("Tổng cộng", "2001", "1000", "49.98", "1.5");
    let table = small::table("Lớp học", "Phường Châu Thành", "C", rows, total);
    small.receive("C.xls", &small::book(&[table]));
    let answer = run(&small, "consolidate dot --format json");
    let findings = answer.json()["findings"].clone();
    let open = findings.as_array().unwrap().iter();
    let open: Vec<_> = open.filter(|one| one["justification"].is_null()).collect();
    assert_eq!((answer.code, open.len()), (0, 1), "{findings:#}");
    assert_eq!(open[0]["severity"], "warning");
    let diff = run(
        &small,
        "diff dot/inbox/dot-1/B.xls dot/inbox/dot-1/C.xls --campaign dot --format json",
    );
    assert_eq!(diff.code, 0);
    assert_ne!(diff.json()["figures"].as_array().unwrap().len(), 0);
}

#[test]
fn an_error_or_a_unit_that_owes_is_1() {
    let wrong = Small::filled();
    for line in ["consolidate dot", "check dot/inbox/dot-1 --campaign dot"] {
        assert_eq!(run(&wrong, line).code, 1, "{line}");
    }
    let owing = Small::complete();
    fs::remove_file(owing.folder().join("inbox/dot-1/C.xls")).unwrap();
    let answer = run(&owing, "consolidate dot --format json");
    assert_eq!(
        answer.json()["findings"].as_array().unwrap().len(),
        1,
        "the explained one"
    );
    assert_eq!(answer.code, 1);
    let refused = run(&owing, "close dot");
    assert_eq!(refused.code, 1);
    assert!(refused.out.contains("Phường Châu Thành (C)"), "{refused:?}");
    assert_eq!(run(&owing, "close dot --provisional").code, 0);
}

#[test]
fn an_archive_that_was_changed_is_1_for_history_and_3_for_who_needs_it() {
    let small = Small::complete();
    assert_eq!(run(&small, "close dot").code, 0);
    let facts = small.folder().join("history/2025-09/facts.parquet");
    fs::write(&facts, b"other").unwrap();
    let listed = run(&small, "history dot");
    assert_eq!(listed.code, 1);
    assert!(listed.out.contains("facts.parquet"), "{listed:?}");
    let compared = run(&small, "diff dot 2025-09 2025-09");
    assert_eq!(compared.code, 3);
    assert!(compared.err.contains("facts.parquet"), "{compared:?}");
}

#[test]
fn wrong_usage_is_2_and_does_nothing() {
    let small = Small::complete();
    let mut lines: Vec<String> = [
        "",
        "tong-hop dot",
        "consolidate",
        "consolidate dot khac",
        "consolidate dot --outt ra",
        "consolidate dot --max-file 0",
        "consolidate dot --max-file nhieu",
        "consolidate dot --max-seconds -1",
        "consolidate dot --max-memory 1000000001",
        "check",
        "check --campaign dot",
        "close",
        "history",
        "diff dot/inbox/dot-1/a.xls",
        "diff dot 2025-08 2025-09 2025-10",
        "template dot",
        "template dot --out mau --blank --unit A",
        "report dot --template mau.md",
        "report dot --out ra.md",
        "new",
        "new khac --from khong-co",
        "next dot",
        "next dot 2025-13",
        "explain",
        "forms",
        "forms soat",
        "forms lint dot dot",
    ]
    .map(str::to_owned)
    .into();
    for command in COMMANDS {
        lines.push(format!("{command} --lang fr"));
        lines.push(format!("{command} --format xml"));
    }
    for line in lines {
        let answer = run(&small, &line);
        assert_eq!(
            (answer.code, answer.out.as_str()),
            (2, ""),
            "{line}: {answer:?}"
        );
        assert!(!answer.err.is_empty(), "{line}");
    }
    for made in ["mau", "ra", "ra.md", "khac", "dot/out", "dot/history"] {
        assert!(!small.root().join(made).exists(), "{made}");
    }
}

/// What is wrong, where: a file, with line and column where there is one.
#[test]
fn what_cannot_be_done_is_3_and_names_the_place() {
    let spoil = |file: &str, from: &str, to: &str, line: &str, told: &str| {
        let small = Small::complete();
        let path = small.folder().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {file}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let answer = run(&small, line);
        assert_eq!((answer.code, answer.out.as_str()), (3, ""), "{answer:?}");
        assert!(answer.err.starts_with("Không làm được: "), "{answer:?}");
        assert!(answer.err.contains(told), "{told}: {answer:?}");
    };
    let every = [
        "consolidate dot",
        "check dot/inbox --campaign dot",
        "close dot",
        "template dot --out mau",
        "report dot --template mau.md --out ra.md",
        "diff dot 2025-08 2025-09",
    ];
    for line in every {
        let report = line.starts_with("report");
        if !report {
            spoil(
                "schemas/lop.toml",
                "nu <= so_nguoi",
                "nu <= so_nguoii",
                line,
                "schemas/lop.toml:60:16: ",
            );
            spoil(
                "campaign.toml",
                "id = \"lop\"",
                "id = \"lopp\"",
                line,
                "campaign.toml:16:6: ",
            );
            spoil("roster.csv", "\nA,", "\nS,", line, "roster.csv, dòng ");
        }
    }
    spoil(
        "campaign.toml",
        "2025-09",
        "2025-13",
        "history dot",
        "campaign.toml:3:10: ",
    );
    for (line, told) in [
        ("consolidate khong-co", "khong-co"),
        ("check khong-co.xlsx", "khong-co.xlsx"),
        ("check dot/inbox --campaign khong-co", "khong-co"),
        ("next khong-co 2025-10", "khong-co"),
        ("next dot 2025-09", "2025-09"),
        ("explain khong-co-quy-tac", "khong-co-quy-tac"),
        ("forms lint khong-co.toml", "khong-co.toml"),
        ("forms lint dot/inbox", "dot/inbox"),
        ("template dot --out dot/roster.csv", "dot/roster.csv"),
        ("consolidate dot --out dot/roster.csv", "dot/roster.csv"),
        ("diff dot/inbox dot/inbox", "--campaign"),
        ("diff dot 2025-08 2025-09", "2025-08"),
    ] {
        let small = Small::complete();
        let answer = run(&small, line);
        assert_eq!(
            (answer.code, answer.out.as_str()),
            (3, ""),
            "{line}: {answer:?}"
        );
        assert!(answer.err.contains(told), "{line}: {answer:?}");
    }
    let small = Small::complete();
    assert_eq!(run(&small, "close dot").code, 0);
    let again = run(&small, "close dot");
    assert_eq!(again.code, 3);
    assert!(again.err.contains("--reopen"), "{again:?}");
    assert_eq!(run(&small, "close dot --reopen").code, 0);
    assert!(small.folder().join("history/2025-09.ban-1").is_dir());
}
