//! Sums of groups under names of their own: a list of projects as CSV, where every row is one.

use serde_json::Value as Json;

use super::campaign::Campaign;
use super::{rules, statuses, told_of};

pub(super) const FORM: &str = r#"
id = "du_an"
version = "1"
title = "Dự án"
sheet = "Dự án"
[layout]
rows = "free"
ordinal = "STT"
total = "Tổng cộng"
[[column]]
id = "ten"
label = "Tên dự án"
key = true
[[column]]
id = "nguon"
label = "Nguồn vốn"
type = "choice"
choices = ["tỉnh", "xã"]
blank = "missing"
[[column]]
id = "von"
label = "Kế hoạch vốn"
type = "count"
[[column]]
id = "chi"
label = "Đã giải ngân"
type = "count"
blank = "missing"
"#;

/// What is found in a table of these rows: name, source, plan, spent; before a `|`, the ordinal.
fn found(rows: &[&str]) -> (i32, Json) {
    found_in(FORM, rows)
}

/// The same of another form.
pub(super) fn found_in(form: &str, rows: &[&str]) -> (i32, Json) {
    let campaign = Campaign {
        form,
        id: "du_an",
        unit: ("28870", "Xã Chợ Lách"),
    };
    let mut text = String::from(
        "Đơn vị báo cáo: Xã Chợ Lách;;;;\nTháng 9 năm 2025;;;;\nSTT;Tên dự án;Nguồn vốn;Kế hoạch vốn;Đã giải ngân\n",
    );
    for (no, row) in rows.iter().enumerate() {
        let (own, row) = match row.split_once('|') {
            Some((own, row)) => (Some(own), row),
            None => (None, *row),
        };
        let ordinal = match (own, row.split(';').next()) {
            (Some(own), _) => own.to_owned(),
            (None, Some("Tổng cộng")) => String::new(),
            (None, Some("Tên dự án")) => "STT".to_owned(),
            (None, _) => (no + 1).to_string(),
        };
        text += &format!("{ordinal};{row}\n");
    }
    campaign.found("28870-xa-cho-lach.csv", text)
}

/// What is found beside the note that a CSV file has its figures as text.
pub(super) fn structure(told: &Json) -> Vec<&str> {
    let found = rules(told).into_iter();
    found.filter(|rule| *rule != "so-dang-chu").collect()
}

pub(super) fn of(told: &Json, rule: &str) -> Vec<String> {
    let found = told_of(told, rule).into_iter();
    found.map(|(_, cell, _)| cell.to_owned()).collect()
}

#[test]
fn a_sum_of_a_group_is_known_by_its_name_and_its_figures_and_not_counted() {
    for name in [
        "Cộng đường liên thôn",
        "Cộng (I)",
        "Tiểu cộng",
        "Tổng số giao thông",
    ] {
        let sum = format!("{name};;700;70");
        let rows = ["Đường A;xã;500;50", "Đường B;xã;200;20", &sum];
        let rest = ["Trường C;tỉnh;70;7", "Tổng cộng;;770;77"];
        let (code, told) = found(&[&rows[..], &rest[..]].concat());
        assert_eq!(
            (code, structure(&told)),
            (0, vec!["dong-cong-nhom"]),
            "{told:#}"
        );
        assert_eq!(statuses(&told), ["accepted"]);
    }
    // A heading with the figures of the rows below it.
    let rows = [
        "I. Giao thông;;700;70",
        "Đường A;xã;500;50",
        "Đường B;xã;200;20",
        "Tổng cộng;;700;70",
    ];
    let (code, told) = found(&rows);
    assert_eq!(
        (code, structure(&told)),
        (0, vec!["dong-cong-nhom"]),
        "{told:#}"
    );
}

#[test]
fn a_total_that_counts_a_sum_of_a_group_too_says_which_row_to_delete() {
    let rows = [
        "Đường A;xã;500;50",
        "Đường B;xã;200;20",
        "Cộng đường liên thôn;;700;70",
        "Trường C;tỉnh;70;7",
        "Tổng cộng;;1470;147",
    ];
    let (code, told) = found(&rows);
    assert_eq!(code, 1, "{told:#}");
    let errors = ["dong-cong-nhom", "tong-cong-ca-dong-cong-nhom"];
    assert_eq!(structure(&told), errors, "{told:#}");
    let one = &told_of(&told, "tong-cong-ca-dong-cong-nhom")[0];
    assert_eq!(one.1, "D8");
    assert!(
        one.2.contains("ghi 1.470, không kể các dòng ấy là 770"),
        "{one:?}"
    );
    assert!(one.2.contains("xóa dòng 6"), "{one:?}");
}

#[test]
fn a_row_that_only_its_figures_make_a_sum_is_one_where_the_total_leaves_it_out() {
    let rows = [
        "Đường A;xã;500;150",
        "Đường B;xã;200;120",
        "Giao thông;xã;700;270",
    ];
    let (code, told) = found(&[&rows[..], &["Tổng cộng;;700;270"]].concat());
    assert_eq!(
        (code, structure(&told)),
        (0, vec!["dong-cong-nhom"]),
        "{told:#}"
    );
    // Where the total counts it, it may be an item that happens to be as large.
    let (_, told) = found(&[&rows[..], &["Tổng cộng;;1400;540"]].concat());
    assert_eq!(of(&told, "nghi-dong-cong-nhom"), ["B6"], "{told:#}");
    // Small counts are sums of one another all the time.
    let rows = ["Đường A;xã;13;8", "Đường B;xã;4;3", "Giao thông;xã;17;11"];
    let (_, told) = found(&[&rows[..], &["Tổng cộng;;34;22"]].concat());
    assert_eq!(structure(&told), Vec::<&str>::new(), "{told:#}");
    let (_, told) = found(&[&rows[..], &["Tổng cộng;;17;11"]].concat());
    assert_eq!(structure(&told), ["tong-cong-lech"; 2], "{told:#}");
}

#[test]
fn items_that_are_called_like_sums_and_are_none_stay_rows() {
    let rows = [
        "Đường A;xã;501;51",
        "Tổng kho xã;xã;501;51",
        "Cộng đồng dân cư;xã;1002;93",
        "Tổng cộng;;2004;195",
    ];
    let (code, told) = found(&rows);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
    let (code, told) = found(&[
        "Đường A;xã;500;50",
        "Trong đó: vốn xã;xã;100;10",
        "Tổng cộng;;600;60",
    ]);
    assert_eq!(
        (code, of(&told, "dong-trong-do")),
        (1, vec!["B5".to_owned()]),
        "{told:#}"
    );
}

/// Rows without a figure were compared with the total all the same, and the total, which was right,
/// was to become 0.
#[test]
fn a_total_over_several_blanks_is_a_consequence_of_these() {
    let rows = [
        "Đường A;xã;501;",
        "Đường B;xã;202;",
        "Trường C;tỉnh;73;",
        "Tổng cộng;;776;95",
    ];
    let (code, told) = found(&rows);
    assert_eq!(code, 1);
    let findings = told["findings"].as_array().unwrap().iter();
    let total: Vec<&Json> = findings
        .filter(|one| one["rule"] == "tong-cong-lech")
        .collect();
    assert_eq!(total.len(), 1, "{told:#}");
    assert_eq!(total[0]["consequence"], true, "{told:#}");
    let suspects = total[0]["suspects"].as_array().unwrap();
    assert!(
        suspects.iter().all(|one| one["suggestion"].is_null()),
        "{told:#}"
    );
}

/// A header repeated for another printed page, in a workbook without the template's names, was
/// taken for a second table, which the unit was to delete.
#[test]
fn rows_below_a_header_repeated_for_another_page_belong_to_the_table() {
    let header = "Tên dự án;Nguồn vốn;Kế hoạch vốn;Đã giải ngân";
    let rows = [
        "Đường A;xã;501;51",
        header,
        "Đường B;xã;202;23",
        "Tổng cộng;;703;74",
    ];
    let (code, told) = found(&rows);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
    let (code, told) = found(&[rows[0], header, rows[2], "Tổng cộng;;502;74"]);
    assert_eq!(
        (code, structure(&told)),
        (1, vec!["tong-cong-lech"]),
        "{told:#}"
    );
}

/// Sums above their rows, numbered as groups are: the total is right without them, whatever they are
/// called and however small they are.
#[test]
fn rows_numbered_as_groups_are_sums_of_the_rows_below_them() {
    let rows = [
        "I|Trên hệ thống các bộ;;20;300",
        "1|Chứng thực;xã;12;100",
        "2|Hộ tịch;xã;8;200",
        "II|Trên hệ thống thành phố;;30;700",
        "1|Đất đai;xã;10;300",
        "2|Xây dựng;xã;20;400",
        "Tổng cộng;;50;1000",
    ];
    let (code, told) = found(&rows);
    let both = vec!["dong-cong-nhom"; 2];
    assert_eq!((code, structure(&told)), (0, both), "{told:#}");

    // The total counts them as well.
    let mut twice = rows;
    twice[6] = "Tổng cộng;;100;2000";
    let (code, told) = found(&twice);
    assert_eq!(code, 1, "{told:#}");
    assert!(
        structure(&told).contains(&"tong-cong-ca-dong-cong-nhom"),
        "{told:#}"
    );

    // One of them is wrong; the right total must not be called so.
    let mut wrong = rows;
    wrong[3] = "II|Trên hệ thống thành phố;;31;700";
    let (code, told) = found(&wrong);
    assert_eq!(code, 1, "{told:#}");
    assert_eq!(of(&told, "cong-nhom-lech"), ["D7"], "{told:#}");
    assert!(!structure(&told).contains(&"tong-cong-lech"), "{told:#}");

    // Items that are numbered so, each with figures of its own.
    let items = [
        "I|Đường A;xã;21;305",
        "II|Đường B;xã;32;713",
        "III|Đường C;xã;53;1018",
        "Tổng cộng;;106;2036",
    ];
    let (code, told) = found(&items);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
}

/// Without a total row the heads are sums only if all of them have rows and most agree with them;
/// one that does not is told at its cell, and items of their own stay.
#[test]
fn groups_of_a_list_without_a_total_are_told_by_all_their_heads() {
    let form = FORM.replace("total = \"Tổng cộng\"\n", "");
    let of_rows = |rows: &[&str]| {
        let (_, told) = found_in(&form, rows);
        let found: Vec<String> = structure(&told)
            .iter()
            .map(|rule| (*rule).to_owned())
            .collect();
        (found, of(&told, "cong-nhom-lech"))
    };
    let groups = [
        "I|Giao thông;;41;410",
        "1|Đường A;xã;13;130",
        "2|Đường B;xã;28;280",
        "II|Giáo dục;;17;171",
        "1|Trường C;xã;17;171",
    ];
    assert_eq!(of_rows(&groups).0, ["dong-cong-nhom"; 2]);

    let mut wrong = groups;
    wrong[0] = "I|Giao thông;;42;410";
    let (rules, cells) = of_rows(&wrong);
    assert_eq!(rules, ["cong-nhom-lech", "dong-cong-nhom"]);
    assert_eq!(cells, ["D4"]);

    let nested = [
        "A|Vốn tỉnh;;41;411",
        "I|Giao thông;;41;411",
        "1|Đường A;xã;13;131",
        "2|Đường B;xã;28;280",
        "B|Vốn xã;;17;171",
        "I|Giáo dục;;17;171",
        "1|Trường C;xã;17;171",
    ];
    assert_eq!(of_rows(&nested).0, ["dong-cong-nhom"; 4]);

    // I and II have no rows: the third may be an item, too, and is asked about.
    let items = [
        "I|Đường A;xã;113;131",
        "II|Đường B;xã;28;280",
        "III|Đường C;xã;241;411",
        "|Đường D;xã;113;131",
        "|Đường E;xã;128;280",
    ];
    assert_eq!(of_rows(&items).0, ["nghi-dong-cong-nhom"]);
    // The sum of the first rows below it by chance: asked about, and counted.
    let part = [
        "I|Đường A;xã;500;510",
        "1|Đoạn 1;xã;200;210",
        "2|Đoạn 2;xã;300;300",
        "3|Cầu;xã;17;71",
    ];
    assert_eq!(of_rows(&part).0, ["nghi-dong-cong-nhom"]);
}

/// Without a total nothing else says whether the only head is a sum: never silent.
#[test]
fn a_single_wrong_head_in_a_list_without_a_total_is_asked_about() {
    let form = FORM.replace("total = \"Tổng cộng\"\n", "");
    let rows = [
        "I|Giao thông;xã;41;410",
        "1|Đường A;xã;12;130",
        "2|Đường B;xã;28;280",
    ];
    let (code, told) = found_in(&form, &rows);
    assert_eq!(
        (code, structure(&told)),
        (0, vec!["nghi-dong-cong-nhom"]),
        "{told:#}"
    );
    assert_eq!(of(&told, "nghi-dong-cong-nhom"), ["D4"], "{told:#}");
    // A heading over a group has no figures to ask about.
    let heading = ["I|Giao thông;;;", rows[1], rows[2]];
    let (_, told) = found_in(&form, &heading);
    assert!(
        !structure(&told).contains(&"nghi-dong-cong-nhom"),
        "{told:#}"
    );
    // A total that counts the head as well says no more.
    let counted = [rows[0], rows[1], rows[2], "Tổng cộng;;81;820"];
    let (_, told) = found(&counted);
    assert_eq!(of(&told, "nghi-dong-cong-nhom"), ["D4"], "{told:#}");
}

/// Heads are known by how the rows below them are counted, whichever signs count them.
#[test]
fn groups_counted_by_small_letters_and_numerals_are_sums_too() {
    let of_heads = |heads: [&str; 2], rows: [&str; 4], total: &str| {
        let lines = [
            format!("{}|Giao thông;;1503;157", heads[0]),
            format!("{}|Đường A;xã;1201;101", rows[0]),
            format!("{}|Đường B;xã;302;56", rows[1]),
            format!("{}|Trường học;;719;74", heads[1]),
            format!("{}|Trường B;xã;412;41", rows[2]),
            format!("{}|Trường C;xã;307;33", rows[3]),
            total.to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (code, told) = found(&lines);
        (
            code,
            structure(&told)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    };
    let styles = [
        (["i", "ii"], ["1", "2", "1", "2"]),
        (["d)", "đ)"], ["-", "-", "-", "-"]),
        (["D", "Đ"], ["1", "2", "1", "2"]),
        (["1", "2"], ["a", "b", "a", "b"]),
        (["1", "2"], ["1.1", "1.2", "2.1", "2.2"]),
        (["H", "I"], ["I.1", "I.2", "I.1", "I.2"]),
    ];
    for (heads, rows) in styles {
        let both = vec!["dong-cong-nhom".to_owned(); 2];
        let told = of_heads(heads, rows, "Tổng cộng;;2222;231");
        assert_eq!(told, (0, both), "{heads:?}");
        let (code, told) = of_heads(heads, rows, "Tổng cộng;;4444;462");
        assert_eq!(code, 1, "{heads:?}: {told:?}");
        let counted = "tong-cong-ca-dong-cong-nhom".to_owned();
        assert!(told.contains(&counted), "{heads:?}: {told:?}");
    }
}

/// A row that is called a sum and has no ordinal where others do is one, over one row and wrong, too.
#[test]
fn a_named_sum_without_an_ordinal_is_never_a_row() {
    let rows = [
        "1|Đường A;xã;1503;157",
        "|Cộng giao thông;;1503;157",
        "2|Trường B;xã;412;41",
        "3|Trường C;xã;307;33",
        "|Cộng;;719;74",
        "Tổng cộng;;2222;231",
    ];
    let (code, told) = found(&rows);
    let both = vec!["dong-cong-nhom"; 2];
    assert_eq!((code, structure(&told)), (0, both), "{told:#}");

    let mut wrong = rows;
    wrong[1] = "|Cộng giao thông;;1513;157";
    let (code, told) = found(&wrong);
    assert_eq!(code, 1, "{told:#}");
    assert_eq!(of(&told, "cong-nhom-lech"), ["D5"], "{told:#}");
    assert!(!structure(&told).contains(&"tong-cong-lech"), "{told:#}");

    let mut twice = rows;
    twice[5] = "Tổng cộng;;4444;462";
    let (_, told) = found(&twice);
    assert!(
        structure(&told).contains(&"tong-cong-ca-dong-cong-nhom"),
        "{told:#}"
    );
}

#[test]
fn figures_in_a_row_that_says_there_are_none_are_asked_about() {
    let (code, told) = found(&["1|Không phát sinh;;500;50", "Tổng cộng;;500;50"]);
    assert_eq!(code, 1, "{told:#}");
    assert_eq!(of(&told, "dong-khong-ten"), ["B4"], "{told:#}");
}

/// Names of groups without an ordinal, with the sums of the rows below them beside them.
#[test]
fn rows_without_an_ordinal_that_the_total_leaves_out_are_heads() {
    let rows = [
        "|Giao thông;;1503;157",
        "1|Đường A;xã;1503;157",
        "|Trường học;;719;74",
        "2|Trường B;xã;412;41",
        "3|Trường C;xã;307;33",
        "Tổng cộng;;2222;231",
    ];
    let (code, told) = found(&rows);
    let both = vec!["dong-cong-nhom"; 2];
    assert_eq!((code, structure(&told)), (0, both), "{told:#}");
    // Rows below may be in no group.
    let partly = [
        "|Giao thông;;1503;157",
        "1|Đường A;xã;1100;100",
        "2|Đường C;xã;403;57",
        "3|Trường B;xã;412;41",
        "4|Trường C;xã;307;33",
        "Tổng cộng;;2222;231",
    ];
    let (code, told) = found(&partly);
    assert_eq!(
        (code, structure(&told)),
        (0, vec!["dong-cong-nhom"]),
        "{told:#}"
    );
    // Rows that nobody numbered are rows: the total counts them.
    let mut unnumbered = rows;
    unnumbered[0] = "|Đường D;xã;1504;158";
    unnumbered[2] = "|Trường D;xã;720;75";
    unnumbered[5] = "Tổng cộng;;4446;464";
    let (_, told) = found(&unnumbered);
    assert!(!structure(&told).contains(&"dong-cong-nhom"), "{told:#}");
    assert!(!structure(&told).contains(&"tong-cong-lech"), "{told:#}");
}

/// In a list whose form has no total row, the total that a unit wrote itself was counted as a row.
#[test]
fn a_total_of_a_list_without_one_is_never_a_row() {
    let form = FORM.replace("total = \"Tổng cộng\"\n", "");
    let of_rows = |rows: &[&str]| {
        let (code, told) = found_in(&form, rows);
        let found = structure(&told).into_iter().map(str::to_owned);
        (code, found.collect::<Vec<_>>(), of(&told, "cong-nhom-lech"))
    };
    let notes = |count| (0, vec!["dong-cong-nhom".to_owned(); count], vec![]);
    let wrong_at = |cell: &str| (1, vec!["cong-nhom-lech".to_owned()], vec![cell.to_owned()]);
    let groups = [
        "1|Gỗ đước;xã;12;34",
        "2|Gỗ bần;xã;7;12",
        "|Cộng gỗ ngập mặn;;19;46",
        "3|Gỗ tràm;xã;9;20",
        "4|Gỗ keo;xã;5;9",
    ];
    let of_two = ["|Cộng gỗ khác;;14;29", "|Tổng cộng;;33;75"];
    assert_eq!(of_rows(&[&groups[..], &of_two].concat()), notes(3));
    for name in ["Cộng toàn hạt", "Tổng cộng", "Cộng"] {
        let total = format!("|{name};;33;75");
        assert_eq!(
            of_rows(&[&groups[..], &[&*total]].concat()),
            notes(2),
            "{name}"
        );
    }
    for name in ["Cộng", "Tổng cộng", "Cộng toàn hạt"] {
        // Also where the template's formula has numbered it as a row.
        for ordinal in ["", "2"] {
            let one = ["1|Gỗ đước;xã;12;34", &format!("{ordinal}|{name};;12;34")];
            assert_eq!(of_rows(&one), notes(1), "{name}");
            let wrong = ["1|Gỗ đước;xã;12;34", &format!("{ordinal}|{name};;13;34")];
            assert_eq!(of_rows(&wrong), wrong_at("D5"), "{name}");
        }
    }
    // A label across ordinal and name.
    assert_eq!(
        of_rows(&["1|Gỗ đước;xã;12;34", "Tổng cộng|;;12;34"]),
        notes(1)
    );
    let (code, found, _) = of_rows(&["1|Cộng đồng dân cư;xã;12;34", "2|Tổng kho xã;xã;12;34"]);
    assert_eq!((code, found), (0, vec![]));
}

/// The telephone number of who signs became a row.
#[test]
fn what_stands_below_the_signatures_is_no_row() {
    let form = FORM
        .replace("total = \"Tổng cộng\"\n", "")
        .replace("ordinal = \"STT\"\n", "");
    let rows = [
        "|Gỗ đước;xã;12;34",
        "|Gỗ bần;xã;7;12",
        "|;;;",
        "|Người lập biểu;;Thủ trưởng;",
        "|Nguyễn Văn A;;0901234567;",
    ];
    let (code, told) = found_in(&form, &rows);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
    // A post is an item, and rows go on below it.
    let posts = [
        "|Kế toán trưởng;xã;1;34",
        "|Giám đốc;xã;1;12",
        "|Thủ kho;xã;2;12",
    ];
    let (code, told) = found_in(&form, &posts);
    assert_eq!((code, structure(&told)), (0, vec![]), "{told:#}");
}
