//! Written workbooks, read back.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::{NaiveDate, NaiveDateTime};

use super::*;
use crate::model::{CellAddress, ReportingUnit};
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::schema::source::Source;
use crate::write::paper::workbook::sheet_name;

pub(super) const CAMPAIGN: &str = r#"
name = "vinh-long-2025-09"
title = "Báo cáo kết quả chuyển đổi số"
period = "2025-09"
parent_office = "Ủy ban nhân dân tỉnh Vĩnh Long"
office = "Tổ công tác chuyển đổi số"
place = "Vĩnh Long"

[[kind]]
id = "so"
name = "Sở, ban, ngành"

[[kind]]
id = "xa"
name = "Xã"

[[form]]
id = "tthc"
"#;

pub(super) const TTHC: &str = r#"
id = "tthc"
version = "1"
code = "Biểu số II.06a/VPCP/KSTT"
title = "Tình hình, kết quả giải quyết TTHC"
sheet = "II.06a"
unit = "hồ sơ"
legal_basis = "Thông tư số 01/2020/TT-VPCP"
notes = ["Cột (3) = (4) + (5)."]

[layout]
rows = "free"
ordinal = "STT"
numbering = true
total = "TỔNG CỘNG"
prepared_rows = 4
orientation = "landscape"

[defaults]
type = "count"

[[column]]
id = "linh_vuc"
label = "Lĩnh vực"
key = true
type = "text"

[[column]]
id = "tong"
label = ["Số hồ sơ nhận giải quyết", "Tổng số"]

[[column]]
id = "truc_tuyen"
label = ["Số hồ sơ nhận giải quyết", "Trong đó", "Trực tuyến"]

[[column]]
id = "truc_tiep"
label = ["Số hồ sơ nhận giải quyết", "Trong đó", "Trực tiếp, dịch vụ bưu chính"]

[[column]]
id = "ty_le"
label = "Tỷ lệ trực tuyến"
type = "percent"
rounding = "truncate"
numerator = "truc_tuyen"
denominator = "tong"
"#;

pub(super) const FIXED: &str = r#"
id = "van_ban"
version = "2"
title = "Văn bản điện tử"
sheet = "Văn bản"

[layout]
rows = "fixed"
ordinal = "STT"
label = "Chỉ tiêu"
unit_column = "Đơn vị tính"

[defaults]
type = "count"

[[column]]
id = "ky_truoc"
label = "Lũy kế kỳ trước"

[[column]]
id = "trong_ky"
label = "Trong kỳ"

[[row]]
id = "nhom"
label = "Văn bản"
heading = true
no = "I"

[[row]]
id = "gui"
label = "Văn bản gửi"
no = "1"
unit = "văn bản"

[[row]]
id = "qua_truc"
label = "Gửi qua trục"
no = "1.1"
unit = "văn bản"
columns = ["trong_ky"]

[[row]]
id = "chi_xa"
label = "Văn bản của xã"
kinds = ["xa"]

[[row]]
id = "dat"
label = "Đạt"
type = "flag"
"#;

pub(super) fn form(text: &str) -> Arc<Form> {
    Arc::new(Form::parse("test.toml", text).unwrap())
}

pub(super) fn campaign() -> CampaignFile {
    let source = Source {
        name: "campaign.toml",
        text: CAMPAIGN,
    };
    source.parse().unwrap()
}

pub(super) fn unit(code: &str, name: &str, kind: &str, group: &str) -> Arc<ReportingUnit> {
    Arc::new(ReportingUnit {
        group: group.to_owned(),
        ..ReportingUnit::new(code, name, kind)
    })
}

pub(super) fn created() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2025, 9, 8)
        .unwrap()
        .and_hms_opt(8, 30, 0)
        .unwrap()
}

/// A workbook read back: values and formulas by sheet and address.
pub(super) struct Written {
    pub values: HashMap<(String, String), Data>,
    pub formulas: HashMap<(String, String), String>,
}

impl Written {
    pub fn open(path: &Path) -> Written {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let (mut values, mut formulas) = (HashMap::new(), HashMap::new());
        for sheet in book.sheet_names() {
            let range = book.worksheet_range(&sheet).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let at = CellAddress::new(
                    top + paper::count::count(row),
                    left + paper::count::count(column),
                );
                values.insert((sheet.clone(), at.to_string()), value.clone());
            }
            let range = book.worksheet_formula(&sheet).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, formula) in range.used_cells() {
                let at = CellAddress::new(
                    top + paper::count::count(row),
                    left + paper::count::count(column),
                );
                formulas.insert((sheet.clone(), at.to_string()), formula.clone());
            }
        }
        Written { values, formulas }
    }

    pub fn value(&self, sheet: &str, cell: &str) -> String {
        let found = self.values.get(&(sheet.to_owned(), cell.to_owned()));
        found.map(ToString::to_string).unwrap_or_default()
    }

    pub fn is_number(&self, sheet: &str, cell: &str) -> bool {
        let found = self.values.get(&(sheet.to_owned(), cell.to_owned()));
        found.is_some_and(|value| matches!(value, Data::Float(_) | Data::Int(_)))
    }

    pub fn formula(&self, sheet: &str, cell: &str) -> &str {
        let found = self.formulas.get(&(sheet.to_owned(), cell.to_owned()));
        found.map_or("", String::as_str)
    }
}

struct Sample;

impl Fill for Sample {
    fn cell(&self, form: &str, row: GridRow<'_>, column: &str) -> Option<Input> {
        let text = |text: &str| Some(Input::Text(text.to_owned()));
        match (form, row, column) {
            ("tthc", GridRow::Free(0), "linh_vuc") => text("Hộ tịch"),
            ("tthc", GridRow::Free(0), "tong") => Some(Input::Number(124.0)),
            ("tthc", GridRow::Free(0), "truc_tuyen") => Some(Input::Number(66.0)),
            ("tthc", GridRow::Free(1), "linh_vuc") => text("Đất đai"),
            ("tthc", GridRow::Free(1), "tong") => text("3.259"),
            ("van_ban", GridRow::Fixed("gui"), "trong_ky") => Some(Input::Number(1606.0)),
            _ => None,
        }
    }

    fn unit_name(&self) -> Option<String> {
        Some("Xã Tiên Thuỷ".to_owned())
    }
}

fn template(fill: Option<&dyn Fill>, identity: bool) -> (Written, TemplateLayout, Vec<u8>) {
    let campaign = campaign();
    let unit = unit("29001", "Xã Tiên Thủy", "so", "Khu vực Bến Tre");
    let forms = [form(TTHC), form(FIXED)];
    let input = TemplateInput {
        campaign: &campaign,
        unit: Some(&unit),
        forms: &forms,
        fill,
        identity,
        previous: None,
        password: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mau.xlsx");
    let layout = write_template(&input, created(), &path).unwrap();
    (Written::open(&path), layout, std::fs::read(&path).unwrap())
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(
        template(Some(&Sample), true).2,
        template(Some(&Sample), true).2
    );
}

#[test]
fn a_template_says_whose_it_is() {
    let (blank, _, _) = template(None, true);
    assert_eq!(blank.value("II.06a", "A10"), "Đơn vị báo cáo: Xã Tiên Thủy");
    assert_eq!(blank.value("II.06a", "A11"), "Mã đơn vị: 29001");
    assert_eq!(blank.value("II.06a", "A8"), "Kỳ báo cáo: tháng 9 năm 2025");
    assert_eq!(blank.value("_tonghop", "B1"), "1");
    assert_eq!(blank.value("_tonghop", "B3"), "2025-09");
    assert_eq!(blank.value("_tonghop", "B4"), "29001");
    assert_eq!(blank.value("_tonghop", "D6"), "Văn bản");
    let (filled, _, _) = template(Some(&Sample), false);
    assert_eq!(
        filled.value("II.06a", "A10"),
        "Đơn vị báo cáo: Xã Tiên Thuỷ"
    );
    assert_eq!(filled.value("_tonghop", "B1"), "");
}

#[test]
fn inputs_land_where_the_layout_says() {
    let (book, layout, _) = template(Some(&Sample), true);
    let (sheet, at) = layout.cell("tthc", GridRow::Free(0), "tong").unwrap();
    assert_eq!(book.value(sheet, &at.to_string()), "124");
    let (sheet, at) = layout.cell("tthc", GridRow::Free(1), "tong").unwrap();
    assert!(!book.is_number(sheet, &at.to_string()));
    let (sheet, at) = layout
        .cell("van_ban", GridRow::Fixed("gui"), "trong_ky")
        .unwrap();
    assert_eq!(book.value(sheet, &at.to_string()), "1606");
    // A cell the row lacks, and a row that is not for this kind of unit.
    assert_eq!(
        layout.cell("van_ban", GridRow::Fixed("qua_truc"), "ky_truoc"),
        None
    );
    assert_eq!(
        layout.cell("van_ban", GridRow::Fixed("chi_xa"), "trong_ky"),
        None
    );
}

#[test]
fn the_total_row_is_live_and_has_its_result() {
    let (book, layout, _) = template(Some(&Sample), true);
    let total = |column| {
        let (sheet, at) = layout.cell("tthc", GridRow::Total, column).unwrap();
        let cell = at.to_string();
        (
            book.formula(sheet, &cell).to_owned(),
            book.value(sheet, &cell),
        )
    };
    assert_eq!(total("linh_vuc").1, "TỔNG CỘNG");
    // Text is not added, as in Excel.
    assert_eq!(
        total("tong"),
        (
            "IF(COUNT(C15:INDEX(C:C,ROW()-1))=0,\"\",SUM(C15:INDEX(C:C,ROW()-1)))".to_owned(),
            "124".to_owned()
        )
    );
    assert_eq!(total("truc_tiep").1, "");
    assert_eq!(
        total("ty_le"),
        (
            "IF(COUNT(D20,C20)<2,\"\",IF(C20=0,\"\",ROUNDDOWN(100*D20/C20,2)))".to_owned(),
            "53.22".to_owned()
        )
    );
}

#[test]
fn computed_cells_show_nothing_in_rows_without_a_name_and_flags_as_marks() {
    let computed = form(
        r#"
id = "tinh"
version = "1"
title = "Tính"
sheet = "Tính"
[layout]
rows = "free"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "so"
label = "Số"
[[column]]
id = "ca_cot"
label = "Cả cột"
computed = true
[[column]]
id = "dat"
label = "Đạt"
type = "flag"
blank = "no"
computed = true
[[column]]
id = "cong"
label = "Cộng"
computed = true
[[column]]
id = "gap_doi"
label = "Gấp đôi"
computed = true
[[rule]]
id = "r1"
check = "ca_cot = SUM(so)"
[[rule]]
id = "r2"
check = "dat = (so >= 5)"
[[rule]]
id = "r3"
check = "gap_doi = 2 * so"
[[rule]]
id = "r4"
check = "cong = SUM(so, gap_doi)"
"#,
    );
    let campaign = campaign();
    let input = TemplateInput {
        campaign: &campaign,
        unit: None,
        forms: std::slice::from_ref(&computed),
        fill: None,
        identity: true,
        previous: None,
        password: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mau.xlsx");
    let layout = write_template(&input, created(), &path).unwrap();
    let book = Written::open(&path);
    let formula = |column| {
        let (sheet, at) = layout.cell("tinh", GridRow::Free(0), column).unwrap();
        book.formula(sheet, &at.to_string()).to_owned()
    };
    let (_, name) = layout.cell("tinh", GridRow::Free(0), "ten").unwrap();
    let named = format!("IF(${name}=\"\",\"\",");
    assert!(
        formula("ca_cot").starts_with(&named),
        "{}",
        formula("ca_cot")
    );
    assert!(formula("dat").starts_with(&named), "{}", formula("dat"));
    assert!(
        formula("dat").contains(",\"x\",\"\")"),
        "{}",
        formula("dat")
    );
    // A row without its figure shows nothing anyway.
    for column in ["gap_doi", "cong"] {
        let formula = formula(column);
        assert!(
            formula.starts_with("IF(") && !formula.starts_with(&named),
            "{formula}"
        );
    }
}

#[test]
fn sheet_names_fit_excel_and_differ() {
    let mut taken = Vec::new();
    for wanted in [
        "Vận hành các nền tảng số dùng chung của tỉnh",
        "Vận hành các nền tảng số dùng chung của xã",
        "a/b",
        "",
    ] {
        let name = sheet_name(wanted, &taken);
        assert!(name.chars().count() <= 31);
        assert!(!taken.contains(&name));
        taken.push(name);
    }
    assert_eq!(taken[2], "a-b");
}

#[test]
fn units_of_measure_of_columns_are_printed_under_the_table() {
    let text = "id = \"lop\"\nversion = \"1\"\ntitle = \"Lớp\"\nsheet = \"Lớp\"\n\
        [layout]\nrows = \"free\"\n[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"nguoi\"\nlabel = \"Số người\"\nunit = \"người\"\n\
        [[column]]\nid = \"chi\"\nlabel = \"Kinh phí\"\ntype = \"amount\"\nunit = \"triệu đồng\"\n";
    let campaign = campaign();
    let unit = unit("29001", "Xã Tiên Thủy", "so", "Khu vực Bến Tre");
    let input = TemplateInput {
        campaign: &campaign,
        unit: Some(&unit),
        forms: &[form(text)],
        fill: None,
        identity: true,
        previous: None,
        password: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mau.xlsx");
    write_template(&input, created(), &path).unwrap();
    let book = Written::open(&path);
    let mut texts = book.values.values().map(ToString::to_string);
    // "Số người" says what it is counted in.
    let said = "- Đơn vị tính: cột «Kinh phí»: triệu đồng.";
    assert!(texts.any(|text| text == said), "{:?}", book.values);
}
