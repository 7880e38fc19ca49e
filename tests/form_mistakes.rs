//! A form file with a mistake is refused with its place and the nearest valid name.

use tonghop::schema::Form;

const GOOD: &str = r#"
id = "mau"
version = "1"
title = "Mẫu"
sheet = "Mẫu"

[layout]
rows = "free"
total = "Tổng cộng"

[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true

[[column]]
id = "tong"
label = "Tổng số"
type = "count"

[[column]]
id = "truc_tuyen"
label = "Trực tuyến"
type = "count"

[[rule]]
id = "tong-lech"
check = "tong = truc_tuyen"
"#;

/// The error for the good form with one text replaced.
fn error(from: &str, to: &str) -> String {
    let text = GOOD.replacen(from, to, 1);
    assert_ne!(text, GOOD, "`{from}` is not in the form");
    Form::parse("mau.toml", &text).expect_err(to).to_string()
}

#[test]
fn the_form_without_a_mistake_loads() {
    Form::parse("mau.toml", GOOD).unwrap();
}

#[test]
fn unknown_names_are_told_with_place_and_suggestion() {
    assert_eq!(
        error("tong = truc_tuyen", "tong = truc_tuyn"),
        "mau.toml:29:17: không có hàng, cột hay ô nào tên `truc_tuyn`; có phải `truc_tuyen`?"
    );
    let unknown_key = error("title = ", "titel = ");
    assert!(unknown_key.starts_with("mau.toml:4:1: "), "{unknown_key}");
    assert!(unknown_key.ends_with("có phải `title`?"), "{unknown_key}");
    let unknown_function = error("tong = truc_tuyen", "tong = SUMM(truc_tuyen)");
    assert!(
        unknown_function.contains(":29:17: không có hàm `SUMM`; có phải `SUM`?"),
        "{unknown_function}"
    );
}

#[test]
fn wrong_types_ids_and_keys_are_refused() {
    for (from, to, line, part) in [
        ("type = \"count\"", "type = \"cuont\"", 20, "count"),
        ("id = \"truc_tuyen\"", "id = \"tong\"", 23, "khai hai lần"),
        ("id = \"tong\"", "id = \"Tổng\"", 18, "chữ thường không dấu"),
        ("key = true", "key = false", 2, "key = true"),
        ("rows = \"free\"", "rows = \"fixed\"", 2, "[[row]]"),
        ("type = \"count\"", "type = \"choice\"", 18, "choices"),
        (
            "type = \"count\"",
            "type = \"amount\"\ndecimals = 9",
            18,
            "decimals",
        ),
    ] {
        let message = error(from, to);
        assert!(
            message.starts_with(&format!("mau.toml:{line}:")),
            "{message}"
        );
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_further_key_takes_its_type_from_the_defaults() {
    let further = |defaults: &str| {
        let text = GOOD
            .replacen(
                "label = \"Tổng số\"\ntype = \"count\"",
                "label = \"Tổng số\"\nkey = true",
                1,
            )
            .replacen(
                "check = \"tong = truc_tuyen\"",
                "check = \"truc_tuyen <= 10\"",
                1,
            )
            .replacen("[[column]]", &format!("{defaults}\n[[column]]"), 1);
        Form::parse("mau.toml", &text)
    };
    further("").unwrap();
    further("[defaults]\ntype = \"code\"").unwrap();
    let refused = further("[defaults]\ntype = \"count\"").expect_err("a key of figures");
    assert!(
        refused.to_string().contains("thứ hai trở đi phải là chữ"),
        "{refused}"
    );
}

#[test]
fn a_rule_that_can_never_hold_is_refused() {
    for rule in [
        "tong = tong + 1",
        "tong < 0",
        "tong > tong",
        "truc_tuyen + 1 = -tong",
    ] {
        let message = error("tong = truc_tuyen", rule);
        assert!(message.starts_with("mau.toml:29:10: "), "{message}");
        assert!(message.contains("không bao giờ đúng"), "{message}");
    }
}

#[test]
fn words_are_not_added_up_or_compared_with_figures() {
    for (rule, part) in [
        ("tong = ten + 1", "`ten` không phải là số"),
        ("tong = SUM(ten)", "`ten` không phải là số"),
        ("ten = 5", "`ten` (chữ) với `5` (số)"),
        ("tong = \"x\"", "`tong` (số) với `\"x\"` (chữ)"),
    ] {
        let message = error("tong = truc_tuyen", &rule.replace('"', "\\\""));
        assert!(message.starts_with("mau.toml:29:10: "), "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    let message = error("tong = truc_tuyen", "tong + truc_tuyen");
    assert!(message.contains("phép so sánh"), "{message}");
    let message = error("tong = truc_tuyen", "tong = (truc_tuyen");
    assert!(message.contains("thiếu dấu đóng ngoặc"), "{message}");
}

#[test]
fn names_and_values_of_examples_are_the_forms_own() {
    let example = |text: &str| error("[[rule]]", &format!("[[example]]\n{text}\n[[rule]]"));
    for (text, told) in [
        (
            "name = \"v\"\nrows = [{ tongg = 3 }]",
            "mau.toml:29:11: ví dụ «v»: biểu không có ô, cột nào tên `tongg`; có phải `tong`?",
        ),
        (
            "name = \"v\"\nrows = [{ tong = \"ba\" }]",
            "mau.toml:29:11: ví dụ «v»: `tong` không thể là \"ba\"; phải là một số, ví dụ 12",
        ),
        (
            "name = \"v\"\nrows = []\nbreaks = [\"tong-lehc\"]",
            "mau.toml:30:11: ví dụ «v»: không có quy tắc `tong-lehc`; có phải `tong-lech`?",
        ),
        (
            "name = \"v\"\nrows = []\nprevious = { \"a.tng\" = 3 }",
            "mau.toml:30:14: ví dụ «v»: biểu không có ô, cột nào tên `a.tng`; có phải `a.tong`?",
        ),
        (
            "name = \"v\"\ncells = { \"a.tong\" = 3 }",
            "mau.toml:29:11: ví dụ «v»: biểu có dòng tự thêm viết ví dụ bằng `rows = [{ cột = số }]`, không bằng `cells`",
        ),
    ] {
        assert_eq!(example(text), told);
    }
}

#[test]
fn a_meaning_that_no_cell_of_the_column_can_have_is_refused() {
    assert_eq!(
        error(
            "label = \"Trực tuyến\"",
            "label = \"Trực tuyến\"\nx = \"yes\""
        ),
        "mau.toml:23:6: `truc_tuyen`: `x = \"yes\"` không hợp với `type = \"count\"`; dùng được: `missing`, `nothing`, `zero`, `refused`"
    );
    let text = error("key = true", "key = true\nblank = \"zero\"");
    assert!(
        text.contains("`blank = \"zero\"` không hợp với `type = \"text\"`"),
        "{text}"
    );
    let text = error(
        "[[rule]]",
        "[[column]]\nid = \"co\"\nlabel = \"Có\"\ntype = \"flag\"\nblank = \"missing\"\n[[rule]]",
    );
    assert!(
        text.contains(
            "`blank = \"missing\"` không hợp với `type = \"flag\"`; dùng được: `nothing`, `yes`, `no`, `refused`"
        ),
        "{text}"
    );
}

#[test]
fn a_ratio_declares_operands_that_add_up() {
    let ratio = |more: &str| {
        let to = format!("label = \"Trực tuyến\"\ntype = \"ratio\"\n{more}");
        error("label = \"Trực tuyến\"\ntype = \"count\"", &to)
    };
    let operands = "numerator = \"tong\"\ndenominator = ";
    let other = format!(
        "{operands}\"tong\"\n[[column]]\nid = \"lai\"\nlabel = \"Lại\"\ntype = \"percent\"\n\
         numerator = \"truc_tuyen\"\ndenominator = \"tong\""
    );
    for (more, said) in [
        ("", "phải có `numerator` và `denominator`"),
        ("numerator = \"tong\"", "phải có cả"),
        (&format!("{operands}\"tong\"\nper = 0"), "`per` phải từ 1"),
        (&format!("{operands}\"tog\""), "có phải `tong`?"),
        (&format!("{operands}\"ten\""), "`ten` không phải là số"),
        (&format!("{operands}\"abc!x\""), "`cột = abc!x`"),
        (&other, "`truc_tuyen` đã là tỷ lệ, tỷ số"),
        (
            &format!("{operands}\"tong\"\naggregate = \"sum\""),
            "hãy dùng `aggregate = \"ratio\"`",
        ),
    ] {
        let text = ratio(more);
        assert!(text.contains(said), "{more}: {text}");
    }
    let percent = "type = \"percent\"\nper = 10\nnumerator = \"tong\"\ndenominator = \"tong\"";
    let text = error(
        "type = \"count\"\n\n[[rule]]",
        &format!("{percent}\n\n[[rule]]"),
    );
    assert!(text.contains("luôn tính trên 100"), "{text}");
}

#[test]
fn percentages_are_not_added_up() {
    let percent = "label = \"Trực tuyến\"\ntype = \"percent\"\nnumerator = \"tong\"\ndenominator = \"tong\"\naggregate = \"sum\"";
    assert_eq!(
        error("label = \"Trực tuyến\"\ntype = \"count\"", percent),
        "mau.toml:23:6: `truc_tuyen`: `aggregate = \"sum\"` không hợp với `type = \"percent\"`; hãy dùng `aggregate = \"ratio\"` hoặc \"none\""
    );
    let text = error("key = true", "key = true\naggregate = \"count\"");
    assert!(text.contains("hãy dùng `aggregate = \"list\"`"), "{text}");
}

#[test]
fn a_percentage_where_a_row_meets_a_column_of_sums_is_not_added_up() {
    let text = r#"
id = "mau"
version = "1"
title = "Mẫu"
sheet = "Mẫu"

[layout]
rows = "fixed"
label = "Chỉ tiêu"

[[column]]
id = "so"
label = "Số"
type = "count"
aggregate = "sum"

[[row]]
id = "a"
label = "A"

[[row]]
id = "b"
label = "B"

[[row]]
id = "ty_le"
label = "Tỷ lệ"
type = "percent"
numerator = "a"
denominator = "b"
"#;
    let error = Form::parse("mau.toml", text).unwrap_err().to_string();
    assert!(
        error.contains("`so` (ô giao với `ty_le`): `aggregate = \"sum\"` không hợp"),
        "{error}"
    );
    let own = text.replace("denominator", "aggregate = \"ratio\"\ndenominator");
    Form::parse("mau.toml", &own).unwrap();
}

#[test]
fn signs_of_mathematics_are_read_as_those_of_excel() {
    for check in ["tong ≥ truc_tuyen", "tong − truc_tuyen ≥ 0", "tong × 2 ≠ 7"] {
        let text = GOOD.replacen("tong = truc_tuyen", check, 1);
        Form::parse("mau.toml", &text).unwrap_or_else(|error| panic!("{check}: {error}"));
    }
    assert_eq!(
        error("tong = truc_tuyen", "tong ≥ truc_tuyenn"),
        "mau.toml:29:17: không có hàng, cột hay ô nào tên `truc_tuyenn`; có phải `truc_tuyen`?"
    );
}

#[test]
fn a_rule_that_cannot_be_read_is_told_without_the_parsers_words() {
    for check in [
        "tong truc_tuyen",
        "tong = ",
        "= tong",
        "tong = (+)",
        "tong = {1}",
        "tong = [a]",
        "tong ? truc_tuyen",
        "tong = #REF!",
    ] {
        let text = error(
            "check = \"tong = truc_tuyen\"",
            &format!("check = '{check}'"),
        );
        for foreign in ["Token", "position", "Unexpected", "Expected", "Invalid"] {
            assert!(!text.contains(foreign), "{check}: {text}");
        }
    }
    let twice = error("tong = truc_tuyen", "0 <= tong <= truc_tuyen");
    assert!(twice.contains("`AND(a <= b, b <= c)`"), "{twice}");
}

#[test]
fn a_percent_sign_beside_a_percentage_is_refused_with_the_right_form() {
    let percent = "[[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\nnumerator = \"truc_tuyen\"\ndenominator = \"tong\"\n\n[[rule]]";
    let form = GOOD.replacen("[[rule]]", percent, 1);
    for check in ["ty_le <= 80%", "80% >= ty_le", "PREV(ty_le) + 5% >= ty_le"] {
        let text = form.replacen("tong = truc_tuyen", check, 1);
        let error = Form::parse("mau.toml", &text).expect_err(check).to_string();
        assert!(
            error.contains("ghi theo phần trăm: viết `"),
            "{check}: {error}"
        );
    }
    for check in [
        "ty_le <= 80",
        "truc_tuyen <= 80% * tong",
        "ty_le * 80% <= 90",
    ] {
        let text = form.replacen("tong = truc_tuyen", check, 1);
        Form::parse("mau.toml", &text).unwrap_or_else(|error| panic!("{check}: {error}"));
    }
}

#[test]
fn what_can_never_match_is_refused_with_the_right_form() {
    let more = "[[column]]\nid = \"loai\"\nlabel = \"Loại\"\ntype = \"text\"\n\n[[column]]\nid = \"xong\"\nlabel = \"Xong\"\ntype = \"flag\"\n\n[[rule]]";
    let form = GOOD.replacen("[[rule]]", more, 1);
    let with = |condition: &str| {
        let check = format!("tong >= {}", condition.replace('"', "\\\""));
        Form::parse("mau.toml", &form.replacen("tong = truc_tuyen", &check, 1))
    };
    for (condition, right) in [
        ("COUNTIF(tong, \"x\")", "`\">200\"`"),
        ("COUNTIF(tong, \"<>5\")", "không dùng `<>`"),
        ("COUNTIFS(tong, \">5\", loai, 5)", "chữ trong nháy kép"),
        ("COUNTIFS(xong, 1)", "`\"x\"`"),
        ("SUMIFS(tong, loai, \">a\")", "chữ trong nháy kép"),
        ("SUMIFS(tong, loai, \"*nhà*\")", "`*` ở cuối"),
        ("COUNTIFS(loai, \"nh?\")", "`*` ở cuối"),
        ("COUNTIFS(loai, \"\")", "`*` ở cuối"),
        ("SUMIFS(loai, loai, \"a\")", "không phải là số"),
        ("COUNTIF(tong, \">1.000\")", "hàng nghìn thì viết `1000`"),
        ("COUNTIF(tong, \">=1.000.000\")", "`1000000`"),
        ("SUMIFS(tong, tong, \"<1,5\")", "`\"<1.5\"`"),
        (
            "SUMIFS(tong:truc_tuyen, loai, \"A\")",
            "viết `SUMIFS(tong, loai, \"A\") + SUMIFS(truc_tuyen, loai, \"A\")`",
        ),
        ("DATE(2025, 9, 31)", "DATE(năm, tháng, ngày)"),
        ("DATE(2025, 9, 30)", "không so sánh được"),
        ("(loai - PERIODSTART())", "không phải là số"),
    ] {
        let error = with(condition).expect_err(condition).to_string();
        assert!(error.contains(right), "{condition}: {error}");
    }
    for condition in [
        "COUNTIFS(tong, \">=5\", loai, \"a*\", xong, \"x\")",
        "SUMIFS(tong, xong, \"x\", truc_tuyen, 0)",
        "AVERAGE(tong)",
        "MAX(tong, truc_tuyen, 0)",
        "COUNTIF(tong, \">=0.125\")",
        "COUNTIFS(tong:truc_tuyen, \">5\", tong:truc_tuyen, \"<9\")",
        "(PERIODEND() - PERIODSTART())",
    ] {
        with(condition).unwrap_or_else(|error| panic!("{condition}: {error}"));
    }
}

#[test]
fn cells_of_a_row_beside_one_cell_of_the_form_are_refused_with_the_right_form() {
    let form = "id = \"f\"\nversion = \"1\"\ntitle = \"T\"\nsheet = \"T\"\n[layout]\nrows = \"fixed\"\nlabel = \"D\"\n[defaults]\ntype = \"count\"\n[[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n[[row]]\nid = \"mot\"\nlabel = \"Một\"\n[[row]]\nid = \"tong\"\nlabel = \"Tổng\"\n[[rule]]\nid = \"r\"\n";
    let with = |check: &str| Form::parse("f.toml", &format!("{form}check = \"{check}\"\n"));
    for check in ["tong.a = SUM(a, b)", "MAX(mot, tong) <= tong.b"] {
        let error = with(check).expect_err(check).to_string();
        assert!(error.contains("`SUM(a) + SUM(b)`"), "{check}: {error}");
    }
    let error = with("a <= MAX(mot, tong)").expect_err("rows and columns");
    assert!(error.to_string().contains("hàng.cột"), "{error}");
    for check in [
        "tong.a = SUM(a) + SUM(b)",
        "b <= MAX(a, tong.a)",
        "MAX(a, b) <= 5",
        "tong.a <= MAX(mot.a, mot.b)",
    ] {
        with(check).unwrap_or_else(|error| panic!("{check}: {error}"));
    }
}

#[test]
fn cell_addresses_and_ranges_written_backwards_are_told_as_such() {
    let address = error("tong = truc_tuyen", "C5 = truc_tuyen");
    assert!(address.contains("không dùng địa chỉ ô"), "{address}");
    let backwards = error("tong = truc_tuyen", "tong = SUM(truc_tuyen:tong)");
    assert!(
        backwards.ends_with("viết theo thứ tự của biểu: `tong:truc_tuyen`"),
        "{backwards}"
    );
}
