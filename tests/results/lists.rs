//! The lists of a run: their columns as the guide has them, what they hold, and what Python reads
//! from them.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::common::peers::{Peer, python};
use crate::small::Small;
use crate::{first_column, guide, quoted};

/// Every record of a CSV file, strictly: a stray quote is an error.
const READ: &str = r#"
import csv, json, sys
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    print(json.dumps(list(csv.reader(file, strict=True))))
"#;

/// A folder of results, consolidated from the small campaign.
fn consolidated() -> Small {
    let small = Small::filled();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    small
}

/// Header and records, as Python reads them.
fn records(small: &Small, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let path = small.folder().join("out").join(name);
    assert!(fs::read(&path).unwrap().ends_with(b"\n"), "{name}");
    let read = python(Peer::Python, READ, &[&path]);
    let mut records: Vec<Vec<String>> = serde_json::from_str(&read).unwrap();
    let header = records.remove(0);
    for record in &records {
        assert_eq!(record.len(), header.len(), "{name}: {record:?}");
    }
    (header, records)
}

const SHEET: &str = "Lớp, \"hai\"";

#[test]
fn findings_csv_is_as_the_guide_says() {
    if !Peer::Python.found() {
        return;
    }
    let small = consolidated();
    let (header, records) = records(&small, "findings.csv");
    assert_eq!(header, first_column(&guide(), "`findings.csv`:"));
    let file = "inbox/dot-1/b, \"hai\".xls";
    let told: Vec<Vec<&str>> = records
        .iter()
        .map(|record| record[1..12].iter().map(String::as_str).collect())
        .collect();
    let nu = "nu-nhieu-hon-tong";
    let expected: [[&str; 11]; 4] = [
        [
            "warning",
            "rule",
            "lop-dong-bat-thuong",
            "A",
            "lop",
            "inbox/dot-1/a.xls",
            "Lớp học",
            "B5",
            "3259",
            "",
            "1259",
        ],
        [
            "error", "rule", nu, "B", "lop", file, SHEET, "C5", "45", "", "25",
        ],
        [
            "error", "rule", nu, "B", "lop", file, SHEET, "C7", "45", "", "25",
        ],
        [
            "error",
            "type",
            "so-qua-lon",
            "B",
            "lop",
            file,
            SHEET,
            "B6",
            "9007199254740993",
            "",
            "",
        ],
    ];
    assert_eq!(told, expected);
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let of = |at: usize, name: &str| records[at][column(name)].as_str();
    // What a spreadsheet would compute carries a quote; a line feed stays one.
    assert_eq!(of(0, "justification"), "'=Mở \"cả tỉnh\",\nhai buổi");
    assert_eq!(of(0, "justified_by"), "Xã An Bình");
    // That one figure is not above another determines neither.
    assert_eq!((of(1, "suspect_cell"), of(1, "suggestion")), ("", ""));
    assert_eq!(of(1, "reason"), "");
    let cause = |at| {
        (
            of(at, "cause_sheet"),
            of(at, "cause_cell"),
            of(at, "consequence"),
        )
    };
    assert_eq!(cause(1), (SHEET, "C5", "false"));
    assert_eq!(cause(2), (SHEET, "C5", "true"));
    assert_eq!(of(0, "beta"), "");
    assert!(of(0, "message").contains("«=Kỹ năng \"số\", cơ bản › Số người dự»"));
}

/// One by one, as Python reads both, with every number as an exact decimal.
const SAME: &str = r#"
import csv, json, sys
from decimal import Decimal
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file, strict=True))
with open(sys.argv[2], encoding="utf-8") as file:
    findings = json.load(file, parse_float=Decimal, parse_int=Decimal)
if len(sys.argv) > 3:
    with open(sys.argv[3], encoding="utf-8") as file:
        printed = json.load(file, parse_float=Decimal, parse_int=Decimal)["findings"]
    assert printed == findings, "findings.json is not what was printed"
def text(value):
    value = "" if value is None else value
    guarded = value.lstrip("'")[:1] in tuple("=+-@\t\r\n") and value != ""
    return "'" + value if guarded else value
def figure(value):
    return "" if value is None else value if isinstance(value, str) else format(value.normalize(), "f")
assert len(rows) == len(findings) and rows, (len(rows), len(findings))
for row, one in zip(rows, findings):
    for key in ["id", "severity", "class", "rule", "unit", "form", "file", "sheet", "message"]:
        assert row[key] == text(one[key]), (key, row[key], one[key])
    assert row["cell"] == (one["cell"] or "")
    for key in ["value", "expected", "difference"]:
        assert row[key] == figure(one[key]), (key, row[key], one[key])
    first = one["suspects"][0] if one["suspects"] else {}
    assert row["suspect_cell"] == first.get("cell", "")
    assert row["suggestion"] == figure(first.get("suggestion"))
    assert row["reason"] == text(first.get("reason"))
    given = one["justification"] or {}
    assert row["justification"] == text(given.get("reason"))
    assert row["justified_by"] == text(given.get("by"))
    assert row["beta"] == (one["beta"] or "")
    cause = one["cause"] or {}
    assert row["cause_sheet"] == text(cause.get("sheet"))
    assert row["cause_cell"] == cause.get("cell", "")
    assert row["consequence"] == ("true" if one["consequence"] else "false")
print(len(rows))
"#;

#[test]
fn findings_json_says_what_findings_csv_says() {
    if !Peer::Python.found() {
        return;
    }
    let small = Small::filled();
    let answer = tonghop(small.root(), &["consolidate", "dot", "--format", "json"]);
    let printed = small.root().join("in-ra.json");
    fs::write(&printed, &answer.out).unwrap();
    let out = small.folder().join("out");
    let (csv, json) = (out.join("findings.csv"), out.join("findings.json"));
    assert_eq!(python(Peer::Python, SAME, &[&csv, &json, &printed]), "4\n");
}

/// A figure that no double holds is text in JSON and whole in CSV.
#[test]
fn a_figure_no_double_holds_is_whole_everywhere() {
    let small = consolidated();
    let out = small.folder().join("out");
    let text = fs::read_to_string(out.join("findings.json")).unwrap();
    let findings: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(findings[3]["value"], "9007199254740993");
    let csv = fs::read_to_string(out.join("findings.csv")).unwrap();
    assert!(csv.contains(",B6,9007199254740993,"), "{csv}");
}

#[test]
fn figures_csv_is_for_programs_and_for_people() {
    if !Peer::Python.found() {
        return;
    }
    let (header, records) = records(&consolidated(), "figures.csv");
    let guide = guide();
    let line = guide
        .lines()
        .find(|line| line.starts_with("`figures.csv`:"))
        .unwrap();
    assert_eq!(header, quoted(line)[1..]);
    let expected = [
        ["T01", "Số người dự, \"cả năm\"", "3289", "3.289", "người"],
        ["T02", "'=Tỷ lệ nữ", "50.44", "50,44", "%"],
        // 0.1 + 0.2.
        ["T03", "Kinh phí", "0.3", "0,300", "triệu đồng"],
        ["T04", "Văn bản gửi", "1944", "1.944", ""],
    ];
    assert_eq!(records, expected);
}

#[test]
fn justifications_csv_keeps_every_reason_given() {
    if !Peer::Python.found() {
        return;
    }
    let (header, records) = records(&consolidated(), "justifications.csv");
    let columns = [
        "unit", "form", "rule", "sheet", "cell", "value", "reason", "by",
    ];
    assert_eq!(header, columns);
    assert_eq!(header, first_column(&guide(), "`justifications.csv`:"));
    let reason = "'=Mở \"cả tỉnh\",\nhai buổi";
    let expected = ["A", "", "", "Lớp học", "B5", "3.259", reason, "Xã An Bình"];
    assert_eq!(records, [expected]);
}

#[test]
fn facts_csv_has_a_line_for_every_figure_that_counts() {
    if !Peer::Python.found() {
        return;
    }
    let (header, records) = records(&consolidated(), "facts.csv");
    assert_eq!(
        header,
        first_column(&guide(), "`facts.csv` và `facts.parquet`:")
    );
    let class = |row, column, value, text, cell| {
        [
            "2025-09",
            "A",
            "lop",
            row,
            column,
            value,
            text,
            "inbox/dot-1/a.xls",
            "Lớp học",
            cell,
        ]
    };
    let (first, second) = ("'=Kỹ năng \"số\", cơ bản", "'-An toàn");
    let sent = |row, value, cell| {
        [
            "2025-09",
            "S",
            "so_lieu",
            row,
            "trong_ky",
            value,
            "",
            "inbox/dot-1/s.xls",
            "Văn bản",
            cell,
        ]
    };
    let expected = [
        class(first, "so_nguoi", "3259", "", "B5"),
        class(first, "nu", "1629", "", "C5"),
        class(first, "ty_le_nu", "49.98", "", "D5"),
        class(first, "kinh_phi", "0.1", "", "E5"),
        class(first, "khai_giang", "", "2025-09-08", "F5"),
        class(first, "truc_tuyen", "", "x", "G5"),
        class(second, "so_nguoi", "30", "", "B6"),
        class(second, "nu", "30", "", "C6"),
        class(second, "ty_le_nu", "100", "", "D6"),
        class(second, "kinh_phi", "0.2", "", "E6"),
        class(second, "khai_giang", "", "2025-09-30", "F6"),
        sent("gui", "1944", "B5"),
        sent("nhan", "12", "B6"),
    ];
    assert_eq!(records, expected);
}

/// `diff --csv`: the same rules for figures and texts.
#[test]
fn the_list_of_differences_is_as_the_guide_says() {
    if !Peer::Python.found() {
        return;
    }
    let small = Small::complete();
    let diff = [
        "diff",
        "dot/inbox/dot-1/B.xls",
        "dot/inbox/dot-1/a.xls",
        "--campaign",
        "dot",
        "--csv",
        "dot/out.csv",
    ];
    assert_eq!(tonghop(small.root(), &diff).code, 0);
    let read = python(
        Peer::Python,
        READ,
        &[Path::new(&small.root().join("dot/out.csv"))],
    );
    let records: Vec<Vec<String>> = serde_json::from_str(&read).unwrap();
    let header = [
        "unit",
        "form",
        "row",
        "column",
        "label",
        "change",
        "old",
        "new",
        "difference",
        "file",
        "sheet",
        "cell",
    ];
    assert_eq!(records[0], header);
    let new = records
        .iter()
        .find(|record| record[2] == "'=Kỹ năng \"số\", cơ bản" && record[3] == "kinh_phi");
    let new = new.unwrap_or_else(|| panic!("{records:?}"));
    assert_eq!(new[5..9], ["new", "", "0.1", ""]);
    let gone = records
        .iter()
        .find(|record| record[2] == "Lớp một" && record[3] == "kinh_phi");
    assert_eq!(gone.unwrap()[5..9], ["gone", "1.5", "", ""]);
}
