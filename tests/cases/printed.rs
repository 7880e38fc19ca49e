//! What is printed around a table: titles of another period, a header for every printed page, crossed
//! out and hidden texts on pages.

use serde_json::Value as Json;

use super::campaign::Campaign;
use super::{asked, rules, statuses, told_of};

const FIXED: &str = r#"
id = "rung"
version = "1"
title = "Diện tích rừng"
sheet = "Rừng"
[layout]
rows = "fixed"
label = "Loại rừng"
[defaults]
type = "count"
blank = "missing"
[[column]]
id = "dau"
label = "Đầu kỳ"
[[column]]
id = "tang"
label = "Tăng"
[[column]]
id = "cuoi"
label = "Cuối kỳ"
[[row]]
id = "dd"
label = "Rừng đặc dụng"
[[row]]
id = "ph"
label = "Rừng phòng hộ"
[[row]]
id = "sx"
label = "Rừng sản xuất"
"#;

const HEADER: &str = "Loại rừng;Đầu kỳ;Tăng;Cuối kỳ";
const ROWS: [&str; 3] = [
    "Rừng đặc dụng;1203;10;1213",
    "Rừng phòng hộ;880;0;880",
    "Rừng sản xuất;455;22;477",
];

/// What is found in a file of this name and content, for the form of forests in September 2025.
fn found_in(name: &str, content: &str) -> (i32, Json) {
    found_of(FIXED, name, content)
}

/// The same for another form.
fn found_of(form: &str, name: &str, content: &str) -> (i32, Json) {
    let campaign = Campaign {
        form,
        id: "rung",
        unit: ("K01", "Hạt Một"),
    };
    campaign.found(name, content)
}

/// The same of a CSV file with these lines above the table, and below.
fn found(above: &[&str], table: &[&str]) -> (i32, Json) {
    let unit = ["Đơn vị báo cáo: Hạt Một;;;"];
    let lines = [&unit[..], above, table].concat();
    found_in("k01.csv", &lines.join("\n"))
}

#[test]
fn a_title_of_another_period_is_told_where_no_line_says_the_period() {
    let table = [&[HEADER][..], &ROWS].concat();
    for title in [
        "(Từ ngày 01/8/2025 đến ngày 31/8/2025)",
        "Quý III năm 2025",
        "9 tháng đầu năm 2025",
        "Năm 2024",
        "tháng 8-9/2025",
        "Tháng 8 và 9 năm 2025",
        "Số liệu tháng 8 năm 2025",
        "BÁO CÁO THÁNG 8 NĂM 2025",
        "BÁO CÁO QUÝ III NĂM 2025",
    ] {
        let (code, told) = found(&[title], &table);
        assert_eq!(
            (code, rules(&told).contains(&"sai-ky-bao-cao")),
            (1, true),
            "{title}: {told:#}"
        );
        // A line that says the period settles it, except against another month.
        if !title.to_lowercase().contains("tháng 8") && !title.contains("/8/") {
            let (code, told) = found(&[title, "Kỳ báo cáo: tháng 9 năm 2025"], &table);
            assert_eq!((code, asked(&told)), (0, vec![]), "{title}");
        }
    }
    for title in [
        "từ 15/8 đến 14/9/2025",
        "Tuần 35",
        "6 tháng đầu năm",
        "BÁO CÁO DIỆN TÍCH RỪNG QUÝ III NĂM 2025",
    ] {
        let (code, told) = found(&[title], &table);
        assert_eq!(
            (code, told_of(&told, "khong-ro-ky-bao-cao").len()),
            (0, 1),
            "{title}: {told:#}"
        );
    }
    for line in [
        "Tháng 9 năm 2025",
        "Năm 2025",
        "BÁO CÁO NĂM 2025",
        "Thực hiện kế hoạch năm 2024",
        "(Kèm theo Công văn số 12/UBND ngày 05/8/2025)",
        "Vĩnh Long, ngày 05 tháng 10 năm 2025",
        "DIỆN TÍCH RỪNG",
        "-----",
        "Mẫu số 3",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ] {
        let (code, told) = found(&[line], &table);
        assert_eq!((code, asked(&told)), (0, vec![]), "{line}");
    }
}

/// The unit was to delete the table that was too many, which was half of its figures.
#[test]
fn a_fixed_table_goes_on_below_a_header_repeated_for_another_page() {
    let (code, told) = found(&[], &[HEADER, ROWS[0], ROWS[1], HEADER, ROWS[2]]);
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
    assert_eq!(statuses(&told), ["accepted"]);
    // Its numbers are no figures.
    let numbers = "A;1;2;3";
    let (code, told) = found(
        &[],
        &[HEADER, numbers, ROWS[0], HEADER, numbers, ROWS[1], ROWS[2]],
    );
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
    // A wrong figure below it is told.
    let (code, told) = found(
        &[],
        &[HEADER, ROWS[0], ROWS[1], HEADER, "Rừng sản xuất;455;x2;477"],
    );
    assert_eq!(
        (code, told_of(&told, "sai-kieu-du-lieu").len()),
        (1, 1),
        "{told:#}"
    );
    // The same rows twice are two tables; neither may be advised away as a page of one.
    let twice = [&[HEADER][..], &ROWS, &[HEADER], &ROWS].concat();
    let (code, told) = found(&[], &twice);
    let asked = told_of(&told, "hai-bang-giong-nhau");
    assert_eq!((code, asked.len()), (1, 1), "{told:#}");
    assert!(!asked[0].2.contains("xóa bảng thừa"), "{asked:?}");
}

/// A page with rows of these attributes and cells.
fn page(rows: &[(&str, &str)]) -> String {
    let cells = |row: &str| {
        let cells = row.split(';').map(|cell| format!("<td>{cell}</td>"));
        cells.collect::<String>()
    };
    let rows = rows
        .iter()
        .map(|(of, row)| format!("<tr {of}>{}</tr>", cells(row)));
    format!(
        "<html><head><meta charset=utf-8><style>.st{{text-decoration:line-through}} .an{{display:none}}</style></head><body><table>{}</table></body></html>",
        rows.collect::<String>()
    )
}

#[test]
fn rows_crossed_out_on_a_page_are_no_figures() {
    let table = |of: &'static str, row: &'static str| {
        let rows = [
            ("", "Đơn vị báo cáo: Hạt Một"),
            ("", HEADER),
            ("", ROWS[0]),
            (of, row),
            ("", ROWS[2]),
        ];
        found_in("k01.html", &page(&rows))
    };
    let (code, told) = table("", ROWS[1]);
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
    for of in ["style=\"text-decoration:line-through\"", "class=st"] {
        let (code, told) = table(of, ROWS[1]);
        assert_eq!(code, 1, "{told:#}");
        assert!(
            rules(&told).iter().any(|rule| rule.contains("gach")),
            "{told:#}"
        );
    }
    // A part of a text that is not shown.
    for hidden in [
        "<span style=\"display:none\">9</span>",
        "<span class=an>9</span>",
    ] {
        let row = ROWS[1].replace("880;0", &format!("88{hidden}0;0"));
        let (code, told) = table("", row.leak());
        assert_eq!((code, asked(&told)), (0, vec![]), "{hidden}: {told:#}");
    }
}

#[test]
fn a_table_whose_headers_were_all_renamed_is_not_only_called_missing() {
    let title = "DIỆN TÍCH RỪNG";
    let table = [&["Tên;Số A;Số B;Số C"][..], &ROWS].concat();
    let (code, told) = found(&[title], &table);
    let near = told_of(&told, "bang-gan-giong-bieu");
    assert_eq!((code, near.len()), (1, 1), "{told:#}");
    assert!(near[0].2.contains("tiêu đề các cột đã bị đổi"), "{near:?}");
}

/// A date that is crossed out was told as an empty figure, to be replaced by 0.
#[test]
fn a_date_crossed_out_is_told_as_the_date_it_is() {
    let form = FIXED.replace("id = \"tang\"\n", "id = \"tang\"\ntype = \"date\"\n");
    let cell = |text: &str| match text.strip_prefix("2025-") {
        Some(_) => format!(
            "<Cell ss:StyleID=\"g\"><Data ss:Type=\"DateTime\">{text}T00:00:00.000</Data></Cell>"
        ),
        None if text.parse::<u32>().is_ok() => {
            format!("<Cell><Data ss:Type=\"Number\">{text}</Data></Cell>")
        }
        None => format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>"),
    };
    let rows = [
        "Đơn vị báo cáo: Hạt Một",
        HEADER,
        "Rừng đặc dụng;1203;2025-09-10;1213",
        "Rừng phòng hộ;880;;880",
        "Rừng sản xuất;455;;477",
    ];
    let rows = rows.map(|row| {
        format!(
            "<Row>{}</Row>",
            row.split(';').map(cell).collect::<String>()
        )
    });
    let book = format!(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles><Style ss:ID=\"g\"><Font ss:StrikeThrough=\"1\"/><NumberFormat ss:Format=\"dd/mm/yyyy\"/></Style></Styles><Worksheet ss:Name=\"Rừng\"><Table>{}</Table></Worksheet></Workbook>",
        rows.concat()
    );
    let (_, told) = found_of(&form, "k01.xml", &book);
    let struck = told_of(&told, "so-bi-gach-ngang");
    assert_eq!(struck.len(), 1, "{told:#}");
    assert!(
        struck[0].2.contains("10/09/2025") && !struck[0].2.contains("ghi 0"),
        "{struck:?}"
    );
}

#[test]
fn a_logical_value_that_excel_noted_on_a_page_is_a_mark() {
    let form = FIXED.replace("id = \"tang\"\n", "id = \"tang\"\ntype = \"flag\"\n");
    let rows = [
        ("", "Đơn vị báo cáo: Hạt Một"),
        ("", HEADER),
        ("", "Rừng đặc dụng;1203;TRUE;1213"),
        ("", "Rừng phòng hộ;880;FALSE;880"),
        ("", "Rừng sản xuất;455;;477"),
    ];
    let mut html = page(&rows);
    for value in ["TRUE", "FALSE"] {
        let noted = format!("<td x:bool=\"{value}\">{value}</td>");
        html = html.replace(&format!("<td>{value}</td>"), &noted);
    }
    let (code, told) = found_of(&form, "k01.html", &html);
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn a_template_of_another_period_with_a_corrected_line_is_told_as_that() {
    let told = |line: &str| {
        let cell = |text: &str| match text.parse::<u32>() {
            Ok(_) => format!("<Cell><Data ss:Type=\"Number\">{text}</Data></Cell>"),
            Err(_) => format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>"),
        };
        let row = |line: &&str| {
            let cells: String = line.split(';').map(cell).collect();
            format!("<Row>{cells}</Row>")
        };
        let sheet = |name: &str, rows: &[&str]| {
            let rows: String = rows.iter().map(row).collect();
            format!("<Worksheet ss:Name=\"{name}\"><Table>{rows}</Table></Worksheet>")
        };
        let table = [&["Đơn vị báo cáo: Hạt Một", line, HEADER][..], &ROWS].concat();
        let own = ["unit;K01", "period;2025-08", "form;rung;1;Rừng"];
        let sheets = sheet("Rừng", &table) + &sheet("_tonghop", &own);
        let book = format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">{sheets}</Workbook>"
        );
        found_in("k01.xml", &book).1
    };
    // The line is right: nobody is asked to mend it.
    let corrected = told("Kỳ báo cáo: tháng 9 năm 2025");
    assert_eq!(rules(&corrected), ["mau-ky-khac"], "{corrected:#}");
    assert_eq!(told_of(&corrected, "mau-ky-khac").len(), 1);
    let untouched = told("Kỳ báo cáo: tháng 8 năm 2025");
    let rules = rules(&untouched);
    assert!(rules.contains(&"sai-ky-bao-cao") && !rules.contains(&"mau-ky-khac"));
}
