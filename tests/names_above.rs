//! Forms whose row names stand alone in the row above the figures, as blanks of investment
//! departments have them: «1. Dự án đường liên xã A» across the table, its figures below.

#[path = "common/peers.rs"]
mod peers;

use std::sync::Arc;

use peers::Peer;
use tonghop::judge::{Judged, Judging, judge, no_hurry};
use tonghop::model::Severity;
use tonghop::schema::Form;
use tonghop::workbook::Limits;

const HEAD: &str = "id = \"da\"\nversion = \"1\"\ntitle = \"Vốn đầu tư\"\nsheet = \"Vốn đầu tư\"\n";
const COLUMNS: &str = "[defaults]\ntype = \"count\"\n\
    [[column]]\nid = \"kh\"\nlabel = \"Kế hoạch vốn\"\n[[column]]\nid = \"gn\"\nlabel = \"Giải ngân\"\n\
    [[rule]]\nid = \"vuot\"\ncheck = \"gn <= kh\"\n";

fn fixed() -> Arc<Form> {
    form(&format!(
        "{HEAD}[layout]\nrows = \"fixed\"\nordinal = \"STT\"\nlabel = \"Dự án\"\nnames = \"above\"\n{COLUMNS}\
         [[row]]\nid = \"nhom\"\nlabel = \"A. Nhóm chuyển tiếp\"\nheading = true\n\
         [[row]]\nid = \"duong\"\nlabel = \"Dự án đường liên xã A\"\n\
         [[row]]\nid = \"cau\"\nlabel = \"Dự án cầu B\"\n"
    ))
}

fn free(further: &str) -> Arc<Form> {
    form(&format!(
        "{HEAD}[layout]\nrows = \"free\"\nordinal = \"STT\"\nnames = \"above\"\ntotal = \"Tổng số\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Dự án\"\ntype = \"text\"\nkey = true\n{further}{COLUMNS}"
    ))
}

fn form(text: &str) -> Arc<Form> {
    Arc::new(Form::parse("da.toml", text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

fn judged(form: &Arc<Form>, name: &str, bytes: &[u8]) -> Judged {
    let limits = Limits::default();
    let judging = Judging {
        forms: std::slice::from_ref(form),
        campaign: None,
        limits: &limits,
        watch: &no_hurry,
        copy: false,
    };
    judge(name, bytes, judging)
}

/// A table saved by openpyxl: a row for each list, `merge` ranges merged. `None` without openpyxl.
fn saved(rows: &str, merges: &str) -> Option<Vec<u8>> {
    if !Peer::Openpyxl.found() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xlsx");
    let program = format!(
        "import openpyxl, sys\nwb = openpyxl.Workbook()\nws = wb.active\nws.title = 'Vốn đầu tư'\n\
         for row in [{rows}]:\n    ws.append(row)\n\
         for merge in '{merges}'.split():\n    ws.merge_cells(merge)\nwb.save(sys.argv[1])\n"
    );
    peers::python(Peer::Openpyxl, &program, &[&path]);
    Some(std::fs::read(&path).unwrap())
}

fn facts(judged: &Judged) -> Vec<String> {
    let facts = judged.facts.iter();
    facts
        .map(|fact| format!("{}.{}={}", fact.row, fact.column, fact.value))
        .collect()
}

/// Rule and cell of what is wrong.
fn told(judged: &Judged) -> Vec<String> {
    let wrong = judged.findings.iter();
    let wrong = wrong
        .filter(|finding| finding.severity != Severity::Info && finding.rule != "khong-ro-don-vi");
    wrong
        .map(|finding| {
            let cell = finding.cell.map_or(String::new(), |cell| cell.to_string());
            format!("{} {cell}", finding.rule)
        })
        .collect()
}

const FIXED: &str = "['STT', 'Dự án', 'Kế hoạch vốn', 'Giải ngân'], ['A. Nhóm chuyển tiếp'],\
    ['1. Dự án đường liên xã A'], [None, None, 100, 40],\
    ['2. Dự án cầu B'], [None, 'Triệu đồng', 30, 35]";

#[test]
fn figures_of_fixed_rows_stand_below_their_names() {
    let Some(bytes) = saved(FIXED, "A2:D2 A3:D3 A5:D5") else {
        return;
    };
    let judged = judged(&fixed(), "t.xlsx", &bytes);
    assert_eq!(
        facts(&judged),
        ["duong.kh=100", "duong.gn=40", "cau.kh=30", "cau.gn=35"]
    );
    assert_eq!(told(&judged), ["vuot D6"]);
}

#[test]
fn names_that_are_not_merged_and_figures_beside_their_names_are_read_too() {
    let rows = "['STT', 'Dự án', 'Kế hoạch vốn', 'Giải ngân'], [None, 'A. Nhóm chuyển tiếp'],\
        [1, 'Dự án đường liên xã A'], [None, None, 100, 40], [2, 'Dự án cầu B', 30, 15]";
    let Some(bytes) = saved(rows, "") else { return };
    let judged = judged(&fixed(), "t.xlsx", &bytes);
    assert_eq!(
        facts(&judged),
        ["duong.kh=100", "duong.gn=40", "cau.kh=30", "cau.gn=15"]
    );
    assert_eq!(told(&judged), Vec::<String>::new());
}

#[test]
fn rows_that_units_add_are_named_by_the_row_above() {
    let rows = "['STT', 'Dự án', 'Kế hoạch vốn', 'Giải ngân'], ['A. Công trình chuyển tiếp'],\
        ['1. Dự án đường liên xã A'], [None, None, 100, 40],\
        ['2. Dự án cầu B'], [None, 'Triệu đồng', 30, 35],\
        ['3. Dự án chợ C'], [None, None, None, None],\
        [None, 'Tổng số', 130, 75]";
    let Some(bytes) = saved(rows, "A2:D2 A3:D3 A5:D5 A7:D7") else {
        return;
    };
    let judged = judged(&free(""), "t.xlsx", &bytes);
    assert_eq!(
        facts(&judged),
        [
            "Dự án đường liên xã A.kh=100",
            "Dự án đường liên xã A.gn=40",
            "Dự án cầu B.kh=30",
            "Dự án cầu B.gn=35"
        ]
    );
    // The project without figures is asked about at its name.
    assert_eq!(told(&judged), ["vuot D6", "dong-khong-so A7"]);
}

#[test]
fn lines_of_one_name_are_told_apart_by_their_further_key() {
    let rows = "['STT', 'Dự án', 'Nguồn', 'Kế hoạch vốn', 'Giải ngân'],\
        [1, 'Dự án đường'], [None, None, 'Tỉnh', 100, 40], [None, None, 'Xã', 10, 4],\
        [2, 'Dự án cầu'], [None, None, 'Tỉnh', 30, 5], [None, 'Tổng số', None, 140, 49]";
    let Some(bytes) = saved(rows, "B2:E2 B5:E5") else {
        return;
    };
    let further = "[[column]]\nid = \"nguon\"\nlabel = \"Nguồn\"\ntype = \"text\"\nkey = true\n";
    let judged = judged(&free(further), "t.xlsx", &bytes);
    let figures = facts(&judged);
    let plans: Vec<&String> = figures
        .iter()
        .filter(|fact| fact.contains(".kh="))
        .collect();
    assert_eq!(
        plans,
        [
            "Dự án đường · Tỉnh.kh=100",
            "Dự án đường · Xã.kh=10",
            "Dự án cầu · Tỉnh.kh=30"
        ]
    );
    assert_eq!(told(&judged), Vec::<String>::new());
}

#[test]
fn figures_below_figures_have_no_name() {
    let rows = "['STT', 'Dự án', 'Kế hoạch vốn', 'Giải ngân'],\
        [1, 'Dự án đường'], [None, None, 100, 40], [None, None, 7, 4], [None, 'Tổng số', 107, 44]";
    let Some(bytes) = saved(rows, "B2:D2") else {
        return;
    };
    let judged = judged(&free(""), "t.xlsx", &bytes);
    assert_eq!(told(&judged), ["dong-khong-ten B4"]);
}
