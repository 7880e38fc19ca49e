//! Rows of a template's free tables, and forms of marks without a mark, as clerks leave them.

mod common;
#[path = "common/office.rs"]
mod office;

use serde_json::{Value as Json, json};
use tonghop::campaign::{Campaign, Run, check};
use tonghop::model::{Severity, template_names};
use tonghop::workbook::Limits;
use tonghop::write::{GridRow, TemplateInput, TemplateLayout, write_template};

use office::{Filled, Job, able, fill};

/// What Excel does when a row is inserted: cells move down, and so does every reference to them.
const INSERT: &str = r#"
import json, re, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["path"])
    sheet, at = book[job["sheet"]], job["row"]
    for row in job["nameless"]: sheet.cell(row, 2).value = None
    def moved(formula, own):
        def shift(found):
            mine = found[1] is None and own or found[1] == "'" + job["sheet"] + "'!"
            row = int(found[4])
            return (found[1] or "") + found[2] + found[3] + str(row + (mine and row >= at))
        parts = re.split(r'("[^"]*")', formula)
        cell = r"('[^']+'!)?(\$?[A-Z]{1,3})(\$?)(\d+)\b(?!\()"
        return "".join(p if p.startswith('"') else re.sub(cell, shift, p) for p in parts)
    merged = [str(m) for m in sheet.merged_cells.ranges]
    for one in merged: sheet.unmerge_cells(one)
    sheet.insert_rows(at)
    for one in merged: sheet.merge_cells(moved(one, True))
    for other in book:
        for row in other.iter_rows():
            for cell in row:
                if cell.data_type == "f": cell.value = moved(cell.value, other is sheet)
    for name in book.defined_names.definedName:
        name.attr_text = moved(name.attr_text, False)
    for column, value in job["values"]: sheet.cell(at, column).value = value
    book.save(job["path"])
"#;

fn template(campaign: &Campaign, folder: &std::path::Path, form: &str) -> TemplateLayout {
    let forms: Vec<_> = campaign
        .forms
        .iter()
        .filter(|f| f.id() == form)
        .cloned()
        .collect();
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: campaign.roster.by_code("28870").map(|unit| &**unit),
        forms: &forms,
        fill: None,
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    write_template(&input, created, &folder.join("mau.xlsx")).unwrap()
}

fn checked(campaign: &Campaign, path: &std::path::Path, form: &str) -> (Run, Vec<String>) {
    let files = [path.to_owned()];
    let run = check(&files, Some(campaign), &Limits::default(), &|_, _| {}).unwrap();
    let own = run.findings.iter().filter(|f| f.severity != Severity::Info);
    let own = own.filter(|f| f.form.as_deref() == Some(form) && f.rule != "thieu-bieu");
    let rules = own.map(|f| f.rule.clone()).collect();
    (run, rules)
}

fn row(down: u32, values: &[(&str, Json)]) -> Vec<Filled> {
    let cell = |(column, value): &(&str, Json)| {
        Filled::new(template_names::column("tthc", column), down, value.clone())
    };
    values.iter().map(cell).collect()
}

const WRITE: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["path"])
    for row, column, value in job["cells"]: book[job["sheet"]].cell(row, column).value = value
    book.save(job["path"])
"#;

/// The figures of the item were told to be wrong totals.
#[test]
fn an_item_written_over_the_total_row_is_told_as_such() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let layout = template(&campaign, folder.path(), "tthc");
    let (sheet, total) = layout.cell("tthc", GridRow::Total, "tong").unwrap();
    let (_, first) = layout.cell("tthc", GridRow::Free(0), "tong").unwrap();
    let figures = [5, 3, 2, 0, 5, 4, 1, 0, 0, 0, 0];
    let row = |row: u32, name: &str| {
        let figures = (3u32..)
            .zip(figures)
            .map(|(column, figure)| json!([row + 1, column, figure]));
        let cells = [json!([row + 1, 2, name])].into_iter().chain(figures);
        cells.collect::<Vec<_>>()
    };
    let written = |name: &str, over: &str| {
        let path = folder.path().join(name);
        std::fs::copy(folder.path().join("mau.xlsx"), &path).unwrap();
        let cells = [row(first.row, "Môi trường"), row(total.row, over)].concat();
        let job = json!({"path": path, "sheet": sheet, "cells": cells});
        office::python(folder.path(), WRITE, &[job]);
        let (run, found) = checked(&campaign, &path, "tthc");
        let message = run.findings.iter().find(|f| f.rule == "ghi-de-dong-tong");
        (found, message.map(|found| found.message.vi.clone()))
    };
    let (found, message) = written("item.xlsx", "Đất đai");
    assert!(
        !found.iter().any(|rule| rule == "tong-cong-lech"),
        "{found:?}"
    );
    assert!(message.unwrap().contains("nay ghi «Đất đai»"));
    for name in ["Tổng cộng", "Cộng toàn xã", "TỔNG CỘNG (I+II)"] {
        let (_, message) = written("sum.xlsx", name);
        assert_eq!(message, None, "{name}");
    }
}

#[test]
fn a_row_inserted_right_above_the_total_is_inside_it() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let layout = template(&campaign, folder.path(), "tthc");
    let (sheet, total) = layout.cell("tthc", GridRow::Total, "tong").unwrap();
    let (_, first) = layout.cell("tthc", GridRow::Free(0), "tong").unwrap();
    let values: Vec<(u32, Json)> = [json!("Môi trường"), json!(5), json!(3), json!(2), json!(0)]
        .into_iter()
        .chain([
            json!(5),
            json!(4),
            json!(1),
            json!(0),
            json!(0),
            json!(0),
            json!(0),
        ])
        .zip(2u32..)
        .map(|(value, column)| (column, value))
        .collect();
    let job = json!({
        "path": folder.path().join("mau.xlsx"),
        "sheet": sheet,
        "row": total.row + 1,
        "values": values,
        // The unit has none of last period's rows, which is asked about.
        "nameless": (first.row + 1..total.row + 1).collect::<Vec<u32>>(),
    });
    office::python(folder.path(), INSERT, &[job]);
    let done = office::recalculate(folder.path(), folder.path(), &["mau"]);
    let book = office::workbook(&done["mau"]);
    let counted = book.sheets.iter().find(|s| *s.name == *sheet).unwrap();
    let below = tonghop::model::CellAddress::new(total.row + 1, total.column);
    let shown = &counted.cell(below).unwrap().content;
    assert_eq!(*shown, tonghop::workbook::Content::Number(5.0));
    let (_, rules) = checked(&campaign, &done["mau"], "tthc");
    assert_eq!(rules, ["tu-ky-truoc-lech-ky-truoc"]);
}

#[test]
fn a_row_of_last_period_may_lose_its_name() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    template(&campaign, folder.path(), "tthc");
    let figures = [
        "truc_tuyen",
        "truc_tiep",
        "truoc_han",
        "dung_han",
        "da_qua_han",
    ];
    let last = campaign.previous.as_ref().unwrap().rows("28870", "tthc");
    let last: Vec<_> = last.collect();
    let open = last[0]
        .value("dang_giai_quyet")
        .unwrap()
        .as_number()
        .unwrap();
    let mut cells: Vec<Filled> = figures
        .iter()
        .flat_map(|column| row(0, &[(*column, json!(0))]))
        .collect();
    let open: f64 = open.to_string().parse().unwrap();
    cells.extend(row(
        0,
        &[("trong_han", json!(open)), ("dang_qua_han", json!(0))],
    ));
    for down in 1..u32::try_from(last.len()).unwrap() {
        cells.extend(row(down, &[("linh_vuc", Json::Null)]));
    }
    let done = fill(
        folder.path(),
        &[Job {
            name: "mau".into(),
            keep: true,
            cells,
        }],
    );
    let (run, rules) = checked(&campaign, &done["mau"], "tthc");
    // Rows that had something left are asked about, and nothing is wrong.
    assert_eq!(rules, ["tu-ky-truoc-lech-ky-truoc"], "{:#?}", run.findings);
    assert!(run.facts.iter().any(|fact| &*fact.column == "ky_truoc"));
}

#[test]
fn a_commune_that_meets_no_criterion_can_say_so() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    template(&campaign, folder.path(), "kh02");
    let count = template_names::cell("kh02", "so_tieu_chi_dat", "ket_qua");
    let cells = vec![Filled::new(count, 0, json!(0))];
    let done = fill(
        folder.path(),
        &[Job {
            name: "mau".into(),
            keep: true,
            cells,
        }],
    );
    let (run, rules) = checked(&campaign, &done["mau"], "kh02");
    assert_eq!(rules, Vec::<String>::new());
    assert!(run.facts.iter().any(|fact| &*fact.row == "so_tieu_chi_dat"));
}

/// Works of communes: one name in several communes, told apart by a second column.
const WORKS: &str = r#"
id = "cong_trinh"
version = "1"
title = "Công trình"
sheet = "Công trình"
[layout]
rows = "free"
ordinal = "STT"
total = "Tổng cộng"
[[column]]
id = "ten"
label = "Tên công trình"
key = true
[[column]]
id = "xa"
label = "Địa bàn"
type = "text"
key = true
[[column]]
id = "dau_ky"
label = "Đầu kỳ"
type = "count"
[[column]]
id = "tang"
label = "Tăng trong kỳ"
type = "count"
[[column]]
id = "cuoi_ky"
label = "Cuối kỳ"
type = "count"
computed = true
[[rule]]
id = "noi-ky"
check = "dau_ky = PREV(cuoi_ky)"
blank = "skip-any"
[[rule]]
id = "cong"
check = "cuoi_ky = dau_ky + tang"
blank = "skip-any"
"#;

#[test]
fn rows_of_one_name_are_told_apart_by_a_second_column() {
    if !able() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("dot");
    let history = root.join("history/2025-08");
    std::fs::create_dir_all(&history).unwrap();
    std::fs::create_dir_all(root.join("schemas")).unwrap();
    let campaign = "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\nplace = \"V\"\n\
        [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"cong_trinh\"\n";
    std::fs::write(root.join("campaign.toml"), campaign).unwrap();
    std::fs::write(
        root.join("roster.csv"),
        "code,name,kind\n28870,Xã Chợ Lách,xa\n",
    )
    .unwrap();
    std::fs::write(root.join("schemas/cong_trinh.toml"), WORKS).unwrap();
    let mut facts = String::from("period,unit,form,row,column,value,text,file,sheet,cell\n");
    for (name, place, figure) in [("Đường 902", "Ấp 1", 7), ("Đường 902", "Ấp 2", 40)] {
        let row = format!("2025-08,28870,cong_trinh,{name} · {place}");
        facts +=
            &format!("{row},ten,,{name},,,\n{row},xa,,{place},,,\n{row},cuoi_ky,{figure},,,,\n");
    }
    std::fs::write(history.join("facts.csv"), facts).unwrap();
    let campaign = Campaign::load(&root).unwrap();
    let layout = template(&campaign, folder.path(), "cong_trinh");
    let (sheet, _) = layout.cell("cong_trinh", GridRow::Free(0), "ten").unwrap();
    let cell = |column: &str, down: u32, value: Json| {
        Filled::new(template_names::column("cong_trinh", column), down, value)
    };
    let filled = |place: &str| {
        let cells = vec![
            cell("tang", 0, json!(1)),
            cell("tang", 1, json!(2)),
            cell("ten", 2, json!("Đường 902")),
            cell("xa", 2, json!(place)),
            cell("dau_ky", 2, json!(5)),
            cell("tang", 2, json!(3)),
        ];
        let job = Job {
            name: "mau".into(),
            keep: true,
            cells,
        };
        fill(folder.path(), &[job])
    };
    let done = filled("Ấp 3");
    // The template names the rows and carries the figures of each.
    let book = office::workbook(&done["mau"]);
    let shown = book.sheets.iter().find(|s| *s.name == *sheet).unwrap();
    let figure = |row: usize, column: &str| {
        let (_, at) = layout
            .cell("cong_trinh", GridRow::Free(row), column)
            .unwrap();
        shown.cell(at).map(|cell| cell.content.clone())
    };
    let number = |figure: f64| Some(tonghop::workbook::Content::Number(figure));
    assert_eq!(
        [figure(0, "dau_ky"), figure(1, "dau_ky")],
        [number(7.0), number(40.0)]
    );
    assert_eq!(
        [figure(0, "cuoi_ky"), figure(1, "cuoi_ky")],
        [number(8.0), number(42.0)]
    );
    let (run, rules) = checked(&campaign, &done["mau"], "cong_trinh");
    assert_eq!(rules, Vec::<String>::new(), "{:#?}", run.findings);
    let rows: std::collections::BTreeSet<&str> = run.facts.iter().map(|f| &*f.row).collect();
    let wanted = ["Đường 902 · Ấp 1", "Đường 902 · Ấp 2", "Đường 902 · Ấp 3"];
    assert_eq!(rows.into_iter().collect::<Vec<_>>(), wanted);
    let (run, rules) = checked(&campaign, &filled("Ấp 2")["mau"], "cong_trinh");
    assert_eq!(rules, ["trung-ten-dong"], "{:#?}", run.findings);
}
