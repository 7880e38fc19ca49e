//! Files as programs leave them: twice in two formats, without their letters, with days and ratios in
//! spellings of their own.

use std::fs;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::stated::Campaign;
use super::{asked, check, rules, statuses, suggested, told_of};

const FORM: &str = r#"
id = "thu"
version = "1"
title = "Công trình"
sheet = "Công trình"
[layout]
rows = "free"
total = "Tổng cộng"
[defaults]
type = "amount"
blank = "zero"
[[column]]
id = "ten"
label = "Tên công trình"
type = "text"
key = true
[[column]]
id = "ngay"
label = "Ngày khởi công"
type = "date"
blank = "nothing"
[[column]]
id = "von"
label = "Tổng mức"
[[column]]
id = "chi"
label = "Giải ngân"
[[column]]
id = "ty_le"
label = "Tỷ lệ (%)"
type = "percent"
decimals = 1
numerator = "chi"
denominator = "von"
[[column]]
id = "xong"
label = "Đã xong"
type = "flag"
blank = "no"
"#;

fn csv(rows: &[&str]) -> String {
    let head = "Đơn vị báo cáo: Trung tâm Học tập;;;;;\nTháng 9 năm 2025;;;;;\n\
        Tên công trình;Ngày khởi công;Tổng mức;Giải ngân;Tỷ lệ (%);Đã xong\n";
    format!("{head}{}\n", rows.join("\n"))
}

/// What is told of a file of this content.
fn told(name: &str, content: &[u8]) -> Option<(i32, Json)> {
    let campaign = Campaign::of(FORM)?;
    let file = campaign.root().join(name);
    fs::write(&file, content).unwrap();
    Some(check(&[file], campaign.root()))
}

/// A right operand was suspected to be a thousand times too large.
#[test]
fn a_blank_ratio_with_both_operands_is_the_blank_cell() {
    let rows = ["Đường A;05/3/2025;1500;600;;", "Tổng cộng;;1500;600;40;"];
    let Some((code, told)) = told("a.csv", csv(&rows).as_bytes()) else {
        return;
    };
    assert_eq!(code, 1);
    let found: Vec<&str> = asked(&told).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(found.len(), 1, "{told:#}");
    let (_, cell, message) = told_of(&told, found[0])[0];
    assert_eq!(cell, "E4");
    assert!(
        message.contains("để trống") && message.contains("= 40%"),
        "{message}"
    );
    assert_eq!(suggested(&told)[0].0, "E4");
}

/// LibreOffice exports the days of a cell formatted so, and a person may type them so.
#[test]
fn days_that_begin_with_the_year_are_days() {
    for day in [
        "2025-03-05",
        "2025/3/5",
        "2025-03-05T00:00:00",
        "2025-03-05 14:30",
    ] {
        let rows = [
            &format!("Đường A;{day};1500;600;40;"),
            "Tổng cộng;;1500;600;40;",
        ];
        let Some((code, told)) = told("a.csv", csv(&rows).as_bytes()) else {
            return;
        };
        assert_eq!((code, asked(&told)), (0, vec![]), "{day}: {told:#}");
    }
    for day in ["2025-13-05", "05-2025-03", "2025-03", "2025-03-05-01"] {
        let rows = [
            &format!("Đường A;{day};1500;600;40;"),
            "Tổng cộng;;1500;600;40;",
        ];
        let Some((code, told)) = told("a.csv", csv(&rows).as_bytes()) else {
            return;
        };
        assert_eq!((code, asked(&told).len()), (1, 1), "{day}: {told:#}");
    }
}

/// It was said that the unit's name and the form were not there.
#[test]
fn a_csv_file_whose_letters_became_question_marks_is_told_as_such() {
    let rows = [
        "Đường ấp 1;05/3/2025;1500;600;40;",
        "Tổng cộng;;1500;600;40;",
    ];
    let western = |c: char| {
        if c as u32 > 0xFF {
            b'?'
        } else {
            c as u32 as u8
        }
    };
    let lost: Vec<u8> = csv(&rows).chars().map(western).collect();
    let Some((code, told)) = told("a.csv", &lost) else {
        return;
    };
    assert_eq!((code, rules(&told)), (1, vec!["tep-mat-chu"]), "{told:#}");
    let message = told_of(&told, "tep-mat-chu")[0].2;
    assert!(
        message.contains("CSV UTF-8") && message.contains(".xlsx"),
        "{message}"
    );
}

/// Two files of one unit with the same figures were both refused.
#[test]
fn the_same_figures_in_two_files_count_once_without_anybody_choosing() {
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    let write = |name: &str, rows: &[&str]| {
        let file = campaign.root().join(name);
        fs::write(&file, csv(rows)).unwrap();
        file
    };
    let rows = ["Đường A;05/3/2025;1500;600;40;", "Tổng cộng;;1500;600;40;"];
    let other = ["Đường A;05/3/2025;1500;750;50;", "Tổng cộng;;1500;750;50;"];
    let (one, same) = (
        write("a.csv", &rows),
        write("b.txt", &[rows[0], rows[1], ";;;;;"]),
    );
    let (code, told) = check(&[one.clone(), same], campaign.root());
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
    assert_eq!(told_of(&told, "hai-tep-giong-so").len(), 1);
    assert_eq!(statuses(&told), ["accepted", "superseded"]);
    let (code, told) = check(&[one, write("c.txt", &other)], campaign.root());
    assert_eq!(
        (code, told_of(&told, "hai-tep-mot-don-vi").len()),
        (1, 2),
        "{told:#}"
    );
}

#[test]
fn what_programs_leave_beside_a_workbook_is_no_submission() {
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    let folder = campaign.root().join("nhan");
    fs::create_dir(&folder).unwrap();
    let rows = json!([
        ["Đơn vị báo cáo: Trung tâm Học tập"],
        ["Tháng 9 năm 2025"],
        [
            "Tên công trình",
            "Ngày khởi công",
            "Tổng mức",
            "Giải ngân",
            "Tỷ lệ (%)",
            "Đã xong"
        ],
        ["Đường A", [2025, 3, 5, "yyyy-mm-dd"], 1500, 600, 40, true],
        ["Tổng cộng", null, 1500, 600, 40]
    ]);
    let book = campaign.books(&[json!([["Công trình", rows]])]);
    fs::rename(&book[0], folder.join("thu.xlsx")).unwrap();
    for name in [
        "~WRL0001.tmp",
        "thu.xlsx.part",
        "thu.xlsx.crdownload",
        "thu.xlsx~",
        "thu.xlsx:Zone.Identifier",
        "~$thu.docx",
        "Icon\r",
    ] {
        fs::write(folder.join(name), "x").unwrap();
    }
    let (code, told) = check(&[folder], campaign.root());
    assert_eq!((code, statuses(&told)), (0, vec!["accepted"]), "{told:#}");
    assert_eq!(asked(&told), []);
}

/// It was said that the name was blank, which nobody sees.
#[test]
fn a_name_merged_with_the_one_above_is_told_as_merged() {
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    let file = campaign.root().join("a.xlsx");
    let program = "import openpyxl, sys\nb = openpyxl.Workbook()\ns = b.active\n\
        for row in [['Đơn vị báo cáo: Trung tâm Học tập'], ['Tháng 9 năm 2025'],\n\
        ['Tên công trình', 'Ngày khởi công', 'Tổng mức', 'Giải ngân', 'Tỷ lệ (%)', 'Đã xong'],\n\
        ['Đường A', None, 1500, 600, 40], [None, None, 500, 200, 40],\n\
        ['Tổng cộng', None, 2000, 800, 40]]: s.append(row)\n\
        s.merge_cells('A4:A5')\nb.save(sys.argv[1])\n";
    super::peers::python(super::peers::Peer::Openpyxl, program, &[&file]);
    let (code, told) = check(&[file], campaign.root());
    let found = told_of(&told, "dong-khong-ten");
    assert_eq!((code, found.len()), (1, 1), "{told:#}");
    assert!(
        found[0].2.contains("gộp chung với dòng trên (các ô A4:A5)"),
        "{found:?}"
    );
}

/// Days with their month by name, and TRUE, were taken for words on LibreOffice's pages.
#[test]
fn days_and_marks_on_pages_of_libreoffice_are_those_of_the_workbook() {
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    if !super::peers::Peer::LibreOffice.found() {
        return;
    }
    let head = [
        "Tên công trình",
        "Ngày khởi công",
        "Tổng mức",
        "Giải ngân",
        "Tỷ lệ (%)",
        "Đã xong",
    ];
    let formats = [
        "dd/mm/yyyy",
        "yyyy-mm-dd",
        "d-mmm-yy",
        "dd mmmm yyyy",
        "d/m/yy",
    ];
    let mut rows = vec![
        json!(["Đơn vị báo cáo: Trung tâm Học tập"]),
        json!(["Tháng 9 năm 2025"]),
        json!(head),
    ];
    for (number, format) in formats.iter().enumerate() {
        let day = json!([2025, 3, 25, format]);
        rows.push(json!([
            format!("Đường {number}"),
            day,
            100,
            50,
            50,
            [1, "BOOLEAN"]
        ]));
    }
    rows.push(json!(["Tổng cộng", null, 500, 250, 50]));
    let book = campaign.books(&[json!([["Công trình", rows]])]);
    let office = Command::new("soffice")
        .arg("--headless")
        .arg(format!(
            "-env:UserInstallation=file://{}/lo",
            campaign.root().display()
        ))
        .args(["--convert-to", "html", "--outdir"])
        .arg(campaign.root())
        .arg(&book[0])
        .output()
        .unwrap();
    assert!(office.status.success());
    let page = campaign.root().join("0.html");
    assert!(fs::read_to_string(&page).unwrap().contains("25-Mar-25"));
    let (code, told) = check(&[page], campaign.root());
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
}
