//! `--facts` of `check` and `consolidate`: every figure read, in a file of its own.

use std::fs;

use crate::cli::tonghop;
use crate::common;
use crate::small::Small;

const HEADER: &str = "period,unit,form,row,column,value,text,file,sheet,cell";

#[test]
fn consolidate_writes_the_same_facts_twice() {
    let small = Small::filled();
    let answer = tonghop(
        small.root(),
        &["consolidate", "dot", "--facts", "so-lieu.csv"],
    );
    assert_eq!(answer.code, 1, "{answer:?}");
    let own = fs::read_to_string(small.root().join("so-lieu.csv")).unwrap();
    assert_eq!(own.lines().next(), Some(HEADER));
    let kept = fs::read_to_string(small.folder().join("out/facts.csv")).unwrap();
    assert_eq!(own, kept);
}

/// What `check` reads counts for nobody yet, so the figures of a form that goes back are there too.
#[test]
fn check_writes_what_it_read_whether_it_counts_or_not() {
    let small = Small::filled();
    let check = [
        "check",
        "dot/inbox",
        "--campaign",
        "dot",
        "--facts",
        "so-lieu.csv",
    ];
    assert_eq!(tonghop(small.root(), &check).code, 1);
    let facts = fs::read_to_string(small.root().join("so-lieu.csv")).unwrap();
    let of = |unit: &str| {
        facts
            .lines()
            .filter(|line| line.starts_with(&format!("2025-09,{unit},")))
            .count()
    };
    assert_eq!((of("A"), of("S")), (11, 2), "{facts}");
    assert!(facts.contains("2025-09,B,lop,Lớp một,nu,45,,"), "{facts}");
}

/// Without a campaign, period and unit are those the template carries.
#[test]
fn check_alone_takes_period_and_unit_from_the_template() {
    let root = tempfile::tempdir().unwrap();
    let file = common::sample("vinh-long-2025-09/inbox/dot-2/28870-xa-cho-lach-2025-09.xlsx");
    let check = ["check", file.to_str().unwrap(), "--facts", "so-lieu.csv"];
    let answer = tonghop(root.path(), &check);
    assert_eq!(answer.code, 0, "{answer:?}");
    let facts = fs::read_to_string(root.path().join("so-lieu.csv")).unwrap();
    let mut lines = facts.lines();
    assert_eq!(lines.next(), Some(HEADER));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() > 20, "{facts}");
    for line in lines {
        assert!(line.starts_with("2025-09,28870,"), "{line}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let small = Small::filled();
    let facts = ["consolidate", "dot", "--facts", "khong/co/so-lieu.csv"];
    let answer = tonghop(small.root(), &facts);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("so-lieu.csv"), "{answer:?}");
}
