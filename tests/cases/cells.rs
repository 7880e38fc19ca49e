//! Cells that do not hold what a person sees in them: struck-out figures, results that were not
//! computed again, percentages without a denominator.

use super::{asked, case, changed, check, rules, statuses, suggested, told_of};

/// 56 with the 5 struck out is read as 6 by everybody but a program.
#[test]
fn struck_out_digits_are_asked_about_in_every_format() {
    for name in ["bao-cao.xlsx", "bao-cao.xls", "bao-cao.ods"] {
        let file = case("13-so-gach-ngang-va-so-moi").join(name);
        let (code, told) = check(&[file], &case("dot/dn"));
        assert_eq!((code, asked(&told).len()), (1, 1), "{name}: {told:#}");
        let found = told_of(&told, "so-bi-gach-ngang");
        assert_eq!((found.len(), found[0].1), (1, "D11"), "{name}: {told:#}");
        assert!(
            found[0].2.contains("«5» bị gạch ngang, còn lại «6»"),
            "{found:?}"
        );
        // The totals still go by 56; what a person sees is 6.
        assert_eq!(suggested(&told), [("D11".to_owned(), "6".to_owned())]);
    }
}

#[test]
fn a_struck_out_row_is_one_question_and_no_figure() {
    for (name, row) in [("bao-cao.xlsx", 17), ("bao-cao.html", 24)] {
        let file = case("13b-o-gach-ngang-ca-o").join(name);
        let (code, told) = check(&[file], &case("dot/vl"));
        assert_eq!(code, 1);
        let found = told_of(&told, "so-bi-gach-ngang");
        assert_eq!(
            (asked(&told).len(), found.len()),
            (1, 1),
            "{name}: {told:#}"
        );
        assert!(
            found[0].2.contains(&format!("Cả dòng {row} bị gạch ngang")),
            "{found:?}"
        );
        assert!(found[0].2.contains("Dòng tổng không cộng"), "{found:?}");
    }
}

#[test]
fn a_total_that_was_not_computed_again_is_told_as_that() {
    let file = case("35-tong-cu-chua-tinh-lai").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/dn"));
    let errors = asked(&told);
    assert_eq!((code, errors.len()), (1, 1), "{told:#}");
    assert_eq!(errors[0].0, "cong-thuc-chua-tinh-lai");
    for part in ["=E11+E12", "2.424", "2.400", "F9"] {
        assert!(errors[0].1.contains(part), "{part}: {errors:?}");
    }
}

/// A figure stored as text that the workbook's own total passes over, or shows nothing for.
#[test]
fn a_text_that_formulas_pass_over_is_the_one_mistake() {
    let text = (
        r#"<c r="E12" s="31" t="n"><v>2028</v></c>"#,
        r#"<c r="E12" s="31" t="inlineStr"><is><t>2028</t></is></c>"#,
    );
    let total = r#"<c r="E13" s="31"><f>E11\+E12</f><v>2400</v></c>"#;
    for (formula, shows) in [
        (
            r#"<c r="E13" s="31"><f>SUM(E11:E12)</f><v>396</v></c>"#,
            "ô E13 đang là 396, phải là 2.424",
        ),
        (
            r#"<c r="E13" s="31" t="str"><f>IF(COUNT(E11:E12)&lt;2,"",E11+E12)</f><v></v></c>"#,
            "ô E13 đang trống, phải là 2.424",
        ),
    ] {
        let workbook = case("35-tong-cu-chua-tinh-lai").join("bao-cao.xlsx");
        let (_folder, file) = changed(&workbook, &[text, (total, formula)]);
        let (code, told) = check(&[file], &case("dot/dn"));
        let errors = asked(&told);
        assert_eq!((code, errors.len()), (1, 1), "{told:#}");
        assert_eq!(errors[0].0, "so-dang-chu-bi-bo-qua");
        assert!(errors[0].1.contains(shows), "{errors:?}");
        let cells = told_of(&told, "so-dang-chu-bi-bo-qua");
        assert_eq!(cells[0].1, "E12");
        let suspected = [("E12".to_owned(), "2028".to_owned())];
        assert_eq!(suggested(&told), suspected);
    }
}

/// The same file, recalculated: nothing is left to say.
#[test]
fn a_total_that_was_computed_again_is_right() {
    let (_folder, file) = changed(
        &case("35-tong-cu-chua-tinh-lai").join("bao-cao.xlsx"),
        &[(r#"(<c r="E13"[^>]*>.*?<v>)2400(</v>)"#, "${1}2424${2}")],
    );
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
}

/// N/A and #DIV/0! say what a blank says where there is nothing to divide by.
#[test]
fn a_percentage_without_a_denominator_may_be_written_in_any_way() {
    for name in ["50d-mau-so-0-3", "50f-mau-so-0-5"] {
        let (code, told) = check(&[case(name).join("bao-cao.xlsx")], &case("dot/vl"));
        assert_eq!((code, rules(&told)), (0, vec![]), "{name}: {told:#}");
        assert_eq!(statuses(&told), ["accepted"]);
    }
}

/// One of two percentages is left blank, the other has nothing to divide by.
#[test]
fn a_percentage_whose_operands_are_there_is_due() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["campaign.toml", "roster.csv", "schemas/b1.toml"] {
        let text = std::fs::read_to_string(case("ty-le-cot").join(name)).unwrap();
        let text = text.replace("computed = true", "blank = \"nothing\"");
        std::fs::create_dir_all(folder.path().join("schemas")).unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (_folder, file) = changed(
        &case("ty-le-cot").join("x1.xlsx"),
        &[
            (r#"<c r="D12"[^>]*><v>99</v></c>"#, ""),
            (r#"(<c r="B13"[^>]*><v>)200"#, "${1}0"),
            (r#"(<c r="C13"[^>]*><v>)100"#, "${1}0"),
            (r#"<c r="D13"[^>]*><v>99</v></c>"#, ""),
        ],
    );
    let (code, told) = check(&[file], folder.path());
    let found = told_of(&told, "thieu-so-lieu");
    assert_eq!((code, asked(&told).len()), (1, 1), "{told:#}");
    assert_eq!((found.len(), found[0].1), (1, "D12"), "{told:#}");
    assert!(found[0].2.contains("100 : 200 = 50%"), "{found:?}");
}

/// A row left out is one thing to do, with what the total says of each of its cells.
#[test]
fn blanks_of_one_row_are_one_finding_with_the_figures_that_the_total_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("schemas")).unwrap();
    write(
        "campaign.toml",
        "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\nplace = \"V\"\n\
         [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"lop\"\n",
    );
    write("roster.csv", "code,name,kind\n28870,Xã Chợ Lách,xa\n");
    write(
        "schemas/lop.toml",
        "id = \"lop\"\nversion = \"1\"\ntitle = \"Lớp\"\nsheet = \"Lớp\"\n\
         [layout]\nrows = \"free\"\ntotal = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\nblank = \"missing\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên lớp\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"loai\"\nlabel = \"Loại\"\ntype = \"text\"\nblank = \"nothing\"\n\
         [[column]]\nid = \"a\"\nlabel = \"Người dự\"\n[[column]]\nid = \"b\"\nlabel = \"Nữ\"\n",
    );
    write(
        "28870.csv",
        "Đơn vị báo cáo: Xã Chợ Lách;;;\nTháng 9 năm 2025;;;\nTên lớp;Loại;Người dự;Nữ\n\
         Lớp A;x;45;20\nLớp B;y;;\nTổng cộng;;85;35\n",
    );
    let (code, told) = check(&[folder.path().join("28870.csv")], folder.path());
    let found = told_of(&told, "thieu-so-lieu");
    assert_eq!((code, found.len()), (1, 1), "{told:#}");
    assert_eq!(found[0].1, "C5");
    // The totals that leave it out are no further mistakes.
    let errors = told["findings"].as_array().unwrap().iter();
    let mut errors = errors.filter(|one| one["severity"] == "error");
    assert!(errors.all(|one| one["cause"]["cell"] == "C5"), "{told:#}");
    let says = "Dòng 5 («Lớp B»): 2 ô để trống, ở đây phải có số liệu: C5:D5.";
    assert!(found[0].2.starts_with(says), "{found:?}");
    let both =
        [("C5", "40"), ("D5", "15")].map(|(cell, figure)| (cell.to_owned(), figure.to_owned()));
    assert_eq!(suggested(&told)[..2], both, "{told:#}");
}

/// A campaign of one form with a total row, in which checks are set as written in `more`.
fn small(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("schemas")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "campaign.toml",
        &format!(
            "name = \"a\"\ntitle = \"A\"\nperiod = \"2025-09\"\noffice = \"B\"\nplace = \"C\"\n\
             [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"lop\"\n{more}"
        ),
    );
    write("roster.csv", "code,name,kind\n28870,Xã Chợ Lách,xa\n");
    write(
        "schemas/lop.toml",
        "id = \"lop\"\nversion = \"1\"\ntitle = \"Lớp\"\nsheet = \"Lớp\"\n\
         [layout]\nrows = \"free\"\ntotal = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\nblank = \"missing\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên lớp\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"a\"\nlabel = \"Người dự\"\n[[column]]\nid = \"b\"\nlabel = \"Nữ\"\n\
         [[column]]\nid = \"p\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\nblank = \"nothing\"\nnumerator = \"b\"\ndenominator = \"a\"\n",
    );
    folder
}

fn checked(campaign: &tempfile::TempDir, lines: &str) -> serde_json::Value {
    let file = campaign.path().join("28870.csv");
    let head = "Đơn vị báo cáo: Xã Chợ Lách;;;\n";
    std::fs::write(&file, format!("{head}{lines}")).unwrap();
    check(&[file], campaign.path()).1
}

const ROWS: &str = "Tên lớp;Người dự;Nữ;Tỷ lệ\nLớp A;45;20;44,44\nLớp B;40;15;37,5\n";

/// «Tháng», 9, «Năm», 2025 in cells of their own are the period that they say.
#[test]
fn a_period_in_several_cells_is_read() {
    let campaign = small("");
    for (line, wrong) in [
        ("Tháng;9;Năm;2025\n", None),
        ("Kỳ báo cáo:;Tháng;9;năm 2025\n", None),
        ("Tháng;8;Năm;2025\n", Some("sai-ky-bao-cao")),
    ] {
        let told = checked(&campaign, &format!("{line}{ROWS}Tổng cộng;85;35;41,18\n"));
        let asked = asked(&told);
        assert_eq!(asked.first().map(|one| one.0), wrong, "{line}: {told:#}");
    }
}

/// A percentage of the total row is left blank beside both of its operands.
#[test]
fn a_blank_percentage_of_a_total_row_is_told() {
    let told = checked(&small(""), &format!("{ROWS}Tổng cộng;85;35;\n"));
    let found = told_of(&told, "thieu-so-lieu");
    assert_eq!((asked(&told).len(), found.len()), (1, 1), "{told:#}");
    assert!(found[0].2.contains("35 : 85 = 41,18%"), "{found:?}");
}

/// Blanks told at once, and the total row that follows from them, are one mistake.
#[test]
fn what_follows_from_blanks_told_at_once_is_no_further_mistake() {
    let campaign = small("");
    let form = campaign.path().join("schemas/lop.toml");
    let with_kind = std::fs::read_to_string(&form).unwrap()
        + "[[column]]\nid = \"loai\"\nlabel = \"Loại\"\ntype = \"text\"\nblank = \"nothing\"\n";
    std::fs::write(&form, with_kind).unwrap();
    let head = "Tên lớp;Người dự;Nữ;Tỷ lệ;Loại\n";
    let rows = "Lớp A;;;;x\nLớp B;;;;y\nLớp C;;;;z\nLớp D;12;7;58,33;t\n";
    let told = checked(&campaign, &format!("{head}{rows}Tổng cộng;85;35;41,18;\n"));
    let errors = told["findings"].as_array().unwrap().iter();
    let errors = errors.filter(|one| one["severity"] == "error");
    let lead = errors.filter(|one| one["consequence"] != true).count();
    assert_eq!(lead, 1, "{told:#}");
}

#[test]
fn a_built_in_check_that_is_switched_off_says_nothing() {
    let lines = format!("{ROWS}Tổng cộng;95;35;36,84\n");
    let told = checked(&small(""), &lines);
    assert_eq!(told_of(&told, "tong-cong-lech").len(), 1, "{told:#}");
    let off = small("[checks]\noff = [\"tong-cong-lech\"]\n");
    let told = checked(&off, &lines);
    assert_eq!(asked(&told), vec![], "{told:#}");
    assert_eq!(statuses(&told), ["accepted"]);
}

/// In CSV every figure is a text; one that belongs to no row is reported all the same.
#[test]
fn figures_of_a_csv_outside_its_rows_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "Đơn vị báo cáo: Phường Phú Khương,,,\nKỳ báo cáo: tháng 9 năm 2025,,,\n\
                STT,Tên lớp,Người dự,\n,,Tổng số,Trong đó nữ\n1,Lớp A,45,20\n2,Lớp B,40,15\n";
    let file = folder.path().join("bao-cao.csv");
    std::fs::write(&file, format!("{rows},,30,10\n,Tổng cộng,85,35\n,,1250,\n")).unwrap();
    let (code, told) = check(&[file], &case("dot/th"));
    assert_eq!(code, 1, "{told:#}");
    assert_eq!(told_of(&told, "dong-khong-ten")[0].1, "B7", "{told:#}");
    let strays = told_of(&told, "so-ngoai-bang");
    assert_eq!(strays[0].1, "C9", "{told:#}");
    assert!(strays[0].2.contains("1.250"), "{strays:?}");
}
