//! Blocks of figures pasted one row too low, into a table as CSV.

use std::fs;

use serde_json::Value as Json;

use super::{check, rules, suggested, told_of};

const FORM: &str = r#"
id = "lop"
version = "1"
title = "Lớp học"
sheet = "Lớp học"
[layout]
rows = "fixed"
label = "Khối lớp"
[defaults]
type = "count"
blank = "missing"
[[column]]
id = "hs"
label = "Học sinh"
[[column]]
id = "nu"
label = "Nữ"
[[column]]
id = "ty_le"
label = "Tỷ lệ nữ (%)"
type = "percent"
decimals = 2
numerator = "nu"
denominator = "hs"
[[row]]
id = "tong"
label = "Tổng số"
[[row]]
id = "l1"
label = "Lớp 1"
[[row]]
id = "l2"
label = "Lớp 2"
[[row]]
id = "l3"
label = "Lớp 3"
[[row]]
id = "l4"
label = "Lớp 4"
[[rule]]
id = "tong-cac-khoi"
check = "tong = SUM(l1:l4)"
columns = ["hs", "nu"]
"#;

fn found(rows: &[&str]) -> (i32, Json) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("schemas")).unwrap();
    let campaign = "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\nplace = \"V\"\n\
        [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"lop\"\n";
    fs::write(root.join("campaign.toml"), campaign).unwrap();
    fs::write(root.join("roster.csv"), "code,name,kind\nX1,Xã Một,xa\n").unwrap();
    fs::write(root.join("schemas/lop.toml"), FORM).unwrap();
    let file = root.join("x1.csv");
    let head = "Đơn vị báo cáo: Xã Một;;;\nKhối lớp;Học sinh;Nữ;Tỷ lệ nữ (%)\n";
    fs::write(&file, format!("{head}{}", rows.join("\n"))).unwrap();
    check(&[file], root)
}

/// The sums of the columns asked for the figures that were pasted over, and a unit that obeyed sent a
/// wrong form that agreed with itself.
#[test]
fn a_block_pasted_one_row_too_low_is_told_as_that() {
    let (code, told) = found(&[
        "Tổng số;413;200;48,43",
        "Lớp 1;96;45;46,88",
        "Lớp 2;99;50;50,51",
        "Lớp 3;128;61;47,66",
        "Lớp 4;90;44;48,89",
    ]);
    assert_eq!((code, rules(&told)), (0, vec!["so-dang-chu"]), "{told:#}");
    let (code, told) = found(&[
        "Tổng số;413;200;48,43",
        "Lớp 1;;;46,88",
        "Lớp 2;96;45;50,51",
        "Lớp 3;99;50;47,66",
        "Lớp 4;128;61;48,89",
    ]);
    assert_eq!(code, 1);
    let moved = [
        ("B4".to_owned(), "96".to_owned()),
        ("C4".to_owned(), "45".to_owned()),
    ];
    assert_eq!(suggested(&told), moved, "{told:#}");
    let blanks = told_of(&told, "thieu-so-lieu");
    assert!(blanks[0].2.contains("thấp một dòng"), "{told:#}");
    let mistakes = told["findings"].as_array().unwrap().iter();
    let mistakes = mistakes.filter(|one| one["severity"] == "error" && one["consequence"] == false);
    assert_eq!(mistakes.count(), 1, "{told:#}");
}

/// What the columns ask for is no suggestion where the ratio of the row says otherwise.
#[test]
fn a_blank_is_not_filled_in_against_the_ratio_of_its_row() {
    let (code, told) = found(&[
        "Tổng số;413;200;48,43",
        "Lớp 1;;;46,88",
        "Lớp 2;99;50;50,51",
        "Lớp 3;128;61;47,66",
        "Lớp 4;100;50;50",
    ]);
    assert_eq!((code, suggested(&told)), (1, Vec::new()), "{told:#}");
}
