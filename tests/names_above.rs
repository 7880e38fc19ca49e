//! Forms whose row names stand alone in the row above the figures, as blanks of investment
//! departments have them: «1. Dự án đường liên xã A» across the table, its figures below.

#[path = "common/peers.rs"]
mod peers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use peers::Peer;
use tonghop::campaign::{Campaign, CloseOutcome, check, consolidate};
use tonghop::judge::{Judged, Judging, judge, no_hurry};
use tonghop::model::{CellAddress, Severity};
use tonghop::schema::Form;
use tonghop::workbook::{Content, Limits, read_workbook};
use tonghop::write::{TemplateInput, write_template};

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

/// Stocks of projects, carried on from month to month.
const STOCKS: &str = "id = \"da\"\nversion = \"1\"\ntitle = \"Vốn đầu tư\"\nsheet = \"Vốn đầu tư\"\n\
    [layout]\nrows = \"free\"\nordinal = \"STT\"\nnames = \"above\"\nprepared_rows = 4\n\
    [defaults]\ntype = \"count\"\nblank = \"missing\"\n\
    [[column]]\nid = \"ten\"\nlabel = \"Dự án\"\ntype = \"text\"\nkey = true\n\
    [[column]]\nid = \"dau\"\nlabel = \"Đầu kỳ\"\n[[column]]\nid = \"them\"\nlabel = \"Thêm\"\n\
    [[column]]\nid = \"cuoi\"\nlabel = \"Cuối kỳ\"\n\
    [[rule]]\nid = \"dau-lech\"\ncheck = \"dau = PREV(cuoi)\"\n\
    [[rule]]\nid = \"cuoi-lech\"\ncheck = \"cuoi = dau + them\"\n";

/// A campaign folder of a month with its roster and the shared archive.
fn month(root: &Path, period: &str, roster: &str) -> PathBuf {
    let folder = root.join(period);
    std::fs::create_dir_all(folder.join("schemas")).unwrap();
    std::fs::create_dir_all(folder.join("inbox/dot-1")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("schemas/da.toml", STOCKS);
    write(
        "campaign.toml",
        &format!(
            "name = \"d\"\ntitle = \"D\"\nperiod = \"{period}\"\noffice = \"S\"\nplace = \"V\"\n\
             history = \"../history\"\n[[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"da\"\n"
        ),
    );
    write("roster.csv", roster);
    folder
}

/// A unit's projects: name, stock at the beginning, what came, stock at the end.
fn file(folder: &Path, unit: &str, period: &str, rows: &[(&str, u32, u32, u32)]) -> PathBuf {
    let mut text = format!(
        "Đơn vị báo cáo: {unit};;;;\nKỳ báo cáo: {period};;;;\nSTT;Dự án;Đầu kỳ;Thêm;Cuối kỳ\n"
    );
    for (at, (name, before, more, after)) in rows.iter().enumerate() {
        text += &format!("{};{name};;;\n;;{before};{more};{after}\n", at + 1);
    }
    let path = folder.join(format!("inbox/dot-1/{unit}.csv"));
    std::fs::write(&path, text).unwrap();
    path
}

/// What merged units had is known by the names above the figures, in the template and by the rules.
#[test]
fn projects_of_merged_units_are_carried_on_under_their_names() {
    let root = tempfile::tempdir().unwrap();
    let head = "code,name,kind,active_from,active_to,predecessors\n";
    let august = month(
        root.path(),
        "2025-08",
        &format!("{head}1,Xã An,xa,,,\n2,Xã Bình,xa,,,\n"),
    );
    file(
        &august,
        "Xã An",
        "tháng 8 năm 2025",
        &[("Dự án đường", 7, 5, 12)],
    );
    file(
        &august,
        "Xã Bình",
        "tháng 8 năm 2025",
        &[("Dự án cầu", 20, 3, 23)],
    );
    let campaign = Campaign::load(&august).unwrap();
    let run = consolidate(&campaign, &Limits::default(), &|_, _| {}).unwrap();
    let at = "2025-09-01T08:00:00+07:00";
    let closed = tonghop::campaign::close(&campaign, &run, at, false, false).unwrap();
    assert!(
        matches!(closed, CloseOutcome::Closed(..)),
        "{:#?}",
        run.findings
    );

    let merged = format!(
        "{head}1,Xã An,xa,,2025-08-31,\n2,Xã Bình,xa,,2025-08-31,\n3,Xã Chung,xa,2025-09-01,,1|2\n"
    );
    let september = month(root.path(), "2025-09", &merged);
    let campaign = Campaign::load(&september).unwrap();
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: campaign.roster.by_code("3").map(|unit| &**unit),
        forms: &campaign.forms,
        fill: None,
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    let path = root.path().join("mau.xlsx");
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    write_template(&input, created, &path).unwrap();
    let book = read_workbook(&path, &Limits::default()).unwrap();
    let sheet = book
        .sheets
        .iter()
        .find(|one| &*one.name == "Vốn đầu tư")
        .unwrap();
    for (name, stock) in [("Dự án đường", 12.0), ("Dự án cầu", 23.0)] {
        let mut cells = sheet.cells.iter();
        let at = cells.find_map(|(at, cell)| (cell.text() == Some(name)).then_some(*at));
        let at = at.unwrap_or_else(|| panic!("{name} is not in the template"));
        let below = CellAddress::new(at.row + 1, at.column + 1);
        let figure = sheet.cells.get(&below).map(|cell| &cell.content);
        assert_eq!(figure, Some(&Content::Number(stock)), "{name} at {below}");
    }

    let rows = [("Dự án đường", 12, 1, 13), ("Dự án cầu", 22, 1, 23)];
    let filed = file(&september, "Xã Chung", "tháng 9 năm 2025", &rows);
    let run = check(&[filed], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    let wrong = run
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error);
    let wrong: Vec<(&str, String)> = wrong
        .map(|one| {
            (
                &*one.rule,
                one.cell.map(|cell| cell.to_string()).unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        wrong,
        [("dau-lech", "C7".to_owned())],
        "{:#?}",
        run.findings
    );
}
