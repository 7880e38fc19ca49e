//! Blocks of figures pasted into other rows, of tables as CSV.

use serde_json::Value as Json;

use super::campaign::Campaign;
use super::named_sums::{FORM as LIST, found_in};
use super::{rules, suggested, told_of};

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
    found_of(FORM, rows)
}

/// The form with two rows more.
fn longer() -> String {
    let row = |n| format!("[[row]]\nid = \"l{n}\"\nlabel = \"Lớp {n}\"\n");
    let rule = "[[rule]]\nid = \"tong";
    let form = FORM.replace(rule, &format!("{}{}{rule}", row(5), row(6)));
    form.replace("l1:l4", "l1:l6")
}

/// The same for another form.
fn found_of(form: &str, rows: &[&str]) -> (i32, Json) {
    let campaign = Campaign {
        form,
        id: "lop",
        unit: ("X1", "Xã Một"),
    };
    let head = "Đơn vị báo cáo: Xã Một;;;\nKhối lớp;Học sinh;Nữ;Tỷ lệ nữ (%)\n";
    campaign.found("x1.csv", format!("{head}{}", rows.join("\n")))
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
    assert_eq!(mistakes(&told), 1, "{told:#}");
}

/// Errors that follow from no other.
fn mistakes(told: &Json) -> usize {
    let found = told["findings"].as_array().unwrap().iter();
    let found = found.filter(|one| one["severity"] == "error" && one["consequence"] == false);
    found.count()
}

#[test]
fn a_block_two_rows_too_low_or_one_too_high_is_told_as_that() {
    let (_, told) = found_of(
        &longer(),
        &[
            "Tổng số;503;250;49,7",
            "Lớp 1;;;46,88",
            "Lớp 2;;;50,51",
            "Lớp 3;96;45;47,66",
            "Lớp 4;99;50;48,89",
            "Lớp 5;128;61;50",
            "Lớp 6;90;44;50",
        ],
    );
    let blanks = told_of(&told, "thieu-so-lieu");
    assert!(blanks[0].2.contains("xuống thấp hai dòng"), "{told:#}");
    assert_eq!(mistakes(&told), 1, "{told:#}");
    let (_, told) = found_of(
        &longer(),
        &[
            "Tổng số;96;45;48,54",
            "Lớp 1;99;50;46,88",
            "Lớp 2;128;61;50,51",
            "Lớp 3;90;44;47,66",
            "Lớp 4;45;22;48,89",
            "Lớp 5;45;22;48,89",
            "Lớp 6;;;48,89",
        ],
    );
    let blanks = told_of(&told, "thieu-so-lieu");
    assert!(blanks[0].2.contains("lên cao một dòng"), "{told:#}");
    assert_eq!(blanks[0].1, "B9");
}

/// A mistake within one row of the block stays one when the block is moved.
#[test]
fn what_a_block_has_wrong_in_itself_does_not_follow_from_where_it_stands() {
    let rule = "[[rule]]\nid = \"it-hoc-sinh\"\ncheck = \"hs >= 60\"\n[[rule]]\n";
    let form = longer().replacen("[[rule]]\n", rule, 1);
    let rows = [
        "Tổng số;463;225;48,6",
        "Lớp 1;;;46,88",
        "Lớp 2;96;45;50,51",
        "Lớp 3;99;50;47,66",
        "Lớp 4;128;61;48,89",
        "Lớp 5;90;44;50",
        "Lớp 6;50;25;51",
    ];
    let (_, told) = found_of(&form, &rows);
    let findings = told["findings"].as_array().unwrap();
    let more = findings.iter().filter(|one| one["rule"] == "it-hoc-sinh");
    let follows: Vec<bool> = more.map(|one| one["consequence"] == true).collect();
    assert_eq!(follows, [false], "{told:#}");
}

/// The unit was told to write a name, and every figure went under the name of the row above.
#[test]
fn a_block_pasted_too_low_into_a_list_is_no_row_without_a_name() {
    let rows = [
        "Đường A;xã;;",
        "Đường B;xã;1503;157",
        "Trường C;tỉnh;412;41",
        "Trạm D;xã;307;33",
        "|;;95;12",
        "Tổng cộng;;2317;243",
    ];
    let (code, told) = found_in(LIST, &rows);
    assert_eq!(code, 1);
    let nameless = told_of(&told, "dong-khong-ten");
    let (_, cell, message) = &nameless[0];
    assert_eq!(*cell, "B8");
    assert!(
        message.contains("dòng 5 đến 8 đã bị dán xuống thấp một dòng"),
        "{message}"
    );
    assert!(message.contains("«Đường A»"), "{message}");
    let moved = [("D4", "1503"), ("E4", "157")];
    let moved = moved.map(|(cell, figure)| (cell.to_owned(), figure.to_owned()));
    assert_eq!(suggested(&told), moved, "{told:#}");
    assert_eq!(mistakes(&told), 1, "{told:#}");
    // Two rows lower.
    let low = [
        rows[0],
        "Đường E;xã;;",
        rows[1],
        rows[2],
        rows[4],
        "|;;77;6",
        "Tổng cộng;;2087;216",
    ];
    let (_, told) = found_in(LIST, &low);
    let message = told_of(&told, "dong-khong-ten")[0].2;
    assert!(message.contains("xuống thấp hai dòng"), "{message}");
    assert_eq!(mistakes(&told), 1, "{told:#}");
}

/// One mistake alone is no block: a name left out, a row without figures, a heading, a sum.
#[test]
fn a_single_row_without_a_name_is_no_block_pasted_too_low() {
    let of = |rows: &[&str]| {
        let (_, told) = found_in(LIST, rows);
        let nameless = told_of(&told, "dong-khong-ten");
        nameless
            .iter()
            .any(|(_, _, message)| message.contains("thấp"))
    };
    let named = ["Đường B;xã;1503;157", "Trường C;tỉnh;412;41"];
    // All rows above have figures.
    assert!(!of(&[named[0], named[1], "|;;95;12"]));
    // What has a source or an ordinal is a row whose name was forgotten.
    assert!(!of(&["Đường A;xã;;", named[0], named[1], ";xã;95;12"]));
    assert!(!of(&["Đường A;xã;;", named[0], named[1], "4|;;95;12"]));
    // A heading, and the sum of what is below it.
    assert!(!of(&[
        "I|Giao thông;;;",
        "1|Đường A;xã;1503;157",
        "2|Đường B;xã;412;41",
        "|;;95;12"
    ]));
    assert!(!of(&["Đường A;xã;;", named[0], named[1], "|;;1915;198"]));
    // More names than figures.
    assert!(!of(&["Đường A;xã;;", "Đường E;xã;;", named[0], "|;;95;12"]));
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
