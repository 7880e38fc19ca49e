//! Cells that show something else than they store: what a person sees is asked about, in every
//! format alike. The workbook is made by openpyxl and saved in other formats by LibreOffice.

mod common;
#[path = "common/office.rs"]
mod office;

use std::sync::Arc;

use common::peers::{Peer, python};
use tonghop::judge::{Judged, Judging, judge, no_hurry};
use tonghop::model::Severity;
use tonghop::schema::Form;
use tonghop::workbook::Limits;

const FORM: &str = "id = \"c\"\nversion = \"1\"\ntitle = \"Chung\"\nsheet = \"Chung\"\n\
    [layout]\nrows = \"fixed\"\nordinal = \"STT\"\nlabel = \"Lĩnh vực\"\n\
    [[column]]\nid = \"dem\"\nlabel = \"Số hồ sơ\"\ntype = \"count\"\nunit = \"hồ sơ\"\n\
    [[column]]\nid = \"tien\"\nlabel = \"Kinh phí\"\ntype = \"amount\"\ndecimals = 1\n\
    unit = \"triệu đồng\"\nnegative = true\n\
    [[column]]\nid = \"chu\"\nlabel = \"Ghi chú\"\ntype = \"text\"\nblank = \"nothing\"\n";

const LABELS: [&str; 7] = [
    "Đất đai",
    "Hộ tịch",
    "Xây dựng",
    "Chứng thực",
    "Bảo trợ xã hội",
    "Kinh doanh",
    "Lao động",
];

const SAVE: &str = r##"
import datetime, openpyxl, sys
wb = openpyxl.Workbook()
ws = wb.active
ws.title = 'Chung'
ws.append(['STT', 'Lĩnh vực', 'Số hồ sơ', 'Kinh phí', 'Ghi chú'])
day = datetime.datetime(2025, 9, 5)
rows = [
    ('Đất đai', (120, '#,##0'), (15.5, '#,##0.0'), (day, 'mm/yyyy')),
    ('Hộ tịch', (3259000, '#,##0,'), (2500000, '#,##0,'), (0.5, '0%')),
    ('Xây dựng', (7, '0"000"'), (15.5, '0.0" tỷ đồng"'), (day.replace(hour=14, minute=5), 'dd/mm/yyyy hh:mm')),
    ('Chứng thực', (3259, ';;;'), (15.5, '[$$-409]#,##0.0'), (day, 'dd/mm/yyyy')),
    ('Bảo trợ xã hội', (12.4, '0'), (-5, '0;0'), ('chữ', 'General')),
    ('Kinh doanh', (3259, '[h]:mm'), (1250.3, '0'), (None, 'General')),
    ('Lao động', (8, '0'), (15.5, '#,##0.0" đồng"'), (None, 'General')),
]
for i, (label, *cells) in enumerate(rows):
    ws.cell(i + 2, 1, i + 1)
    ws.cell(i + 2, 2, label)
    for j, (value, look) in enumerate(cells):
        ws.cell(i + 2, j + 3, value).number_format = look
wb.save(sys.argv[1])
"##;

fn form() -> Arc<Form> {
    let rows: String = LABELS
        .iter()
        .enumerate()
        .map(|(at, label)| format!("[[row]]\nid = \"r{at}\"\nlabel = \"{label}\"\n"))
        .collect();
    Arc::new(Form::parse("c.toml", &format!("{FORM}{rows}")).unwrap())
}

fn judged(name: &str, bytes: &[u8]) -> Judged {
    let limits = Limits::default();
    let form = form();
    let judging = Judging {
        forms: std::slice::from_ref(&form),
        campaign: None,
        limits: &limits,
        watch: &no_hurry,
        copy: false,
    };
    judge(name, bytes, judging)
}

/// Rule and cell of what is asked or noted; the page of a website begins further down.
fn told(judged: &Judged, above: u32) -> Vec<String> {
    let about = judged.findings.iter().filter(|finding| {
        finding.severity == Severity::Error || finding.rule == "so-hien-lam-tron"
    });
    let mut told: Vec<String> = about
        .filter_map(|finding| {
            let mut cell = finding.cell?;
            cell.row -= above;
            Some(format!("{cell} {}", finding.rule))
        })
        .collect();
    told.sort();
    told
}

fn words(judged: &Judged) -> Vec<String> {
    let texts = judged.facts.iter().filter(|fact| &*fact.column == "chu");
    texts.map(|fact| fact.value.to_string()).collect()
}

#[test]
fn what_a_cell_shows_and_what_it_stores_is_told_in_every_format() {
    if !office::able() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("t.xlsx");
    python(Peer::Openpyxl, SAVE, &[&made]);
    let asked = [
        "C3 so-khong-ro",
        "C4 so-khong-ro",
        "C5 so-khong-ro",
        "C6 so-le-trong-o-dem",
        "C7 so-khong-ro",
        "D3 so-khong-ro",
        "D4 so-khong-ro",
        "D5 so-khong-ro",
        "D6 so-khong-ro",
        "D7 so-hien-lam-tron",
        "D8 so-khong-ro",
    ];
    let seen = ["09/2025", "50%", "05/09/2025 14:05", "05/09/2025", "chữ"];
    for kind in ["xlsx", "ods", "fods", "xls"] {
        if kind != "xlsx" {
            office::convert(folder.path(), &made, kind, folder.path());
        }
        let name = format!("t.{kind}");
        let judged = judged(&name, &std::fs::read(folder.path().join(&name)).unwrap());
        assert_eq!(told(&judged, 0), asked, "{kind}: {:#?}", judged.findings);
        assert_eq!(words(&judged), seen, "{kind}");
        let of = |rule: &str| {
            let mut findings = judged.findings.iter();
            let finding = findings.find(|finding| finding.rule == rule).unwrap();
            finding.message.vi.clone()
        };
        let message = of("so-hien-lam-tron");
        assert!(
            message.contains("D7 (hiện 1.250, lưu 1.250,3)"),
            "{message}"
        );
        let message = of("so-le-trong-o-dem");
        assert!(
            message.contains("hiện 12, còn số lưu trong ô là 12,4"),
            "{message}"
        );
    }
}

/// A page shows what it shows; what Excel or LibreOffice noted beside it is another figure.
#[test]
fn a_page_that_notes_other_figures_than_it_shows_is_asked_about() {
    let table = |cells: &[&str]| {
        let rows: String = LABELS
            .iter()
            .zip(cells)
            .enumerate()
            .map(|(at, (label, cell))| {
                format!(
                    "<tr><td>{}</td><td>{label}</td>{cell}<td>5</td><td></td></tr>",
                    at + 1
                )
            })
            .collect();
        format!(
            "<html><meta charset=\"utf-8\"><table><tr><td>STT</td><td>Lĩnh vực</td><td>Số hồ sơ</td>\
             <td>Kinh phí</td><td>Ghi chú</td></tr>{rows}</table></html>"
        )
    };
    let page = table(&[
        "<td x:num=\"3259\">3.259</td>",
        "<td x:num=\"9999\">3.259</td>",
        "<td style='mso-number-format:\"\\#\\,\\#\\#0\\,\"' x:num=\"3259000\">3,259</td>",
        "<td sdval=\"3259\" sdnum=\"1033;0;;;;\"></td>",
        "<td sdval=\"12.4\" sdnum=\"1033;0;0\">12</td>",
        "<td style='mso-number-format:\"0_\\)\\;0\"' x:num=\"-5\">5</td>",
        "<td sdval=\"7\" sdnum=\"1033;0;0&quot;000&quot;\">7000</td>",
    ]);
    let judged = judged("t.xls", page.as_bytes());
    assert_eq!(
        told(&judged, 0),
        [
            "C3 so-khong-ro",
            "C4 so-khong-ro",
            "C5 so-khong-ro",
            "C6 so-le-trong-o-dem",
            "C7 so-khong-ro",
            "C8 so-khong-ro",
        ],
        "{:#?}",
        judged.findings
    );
}

/// The built-in accounting formats have the currency of the machine, which the file does not say.
#[test]
fn a_built_in_format_names_no_currency() {
    if !Peer::Openpyxl.found() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("t.xlsx");
    let save = SAVE.replace(
        "wb.save",
        "from openpyxl.styles.numbers import BUILTIN_FORMATS\n\
         for row in ws.iter_rows(min_row=2, min_col=3, max_col=4):\n    \
             for cell in row:\n        cell.value, cell.number_format = 5, BUILTIN_FORMATS[44]\nwb.save",
    );
    python(Peer::Openpyxl, &save, &[&made]);
    let judged = judged("t.xlsx", &std::fs::read(&made).unwrap());
    assert_eq!(told(&judged, 0), Vec::<String>::new());
}

/// LibreOffice stores 0 in `.xls` for formulas that give a text or show nothing.
#[test]
fn formulas_without_a_figure_are_no_zeros_in_xls_of_libreoffice() {
    if !office::able() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("t.xlsx");
    let save = SAVE.replace(
        "wb.save",
        "cells = {'C2': '=\"\"', 'C3': '=IF(C8=0,\"\",C8*2)', 'C4': '=TEXT(C8,\"0\")', 'C5': '=C8-C8',\n\
         \x20        'C6': '=IF(C8=8,0,\"\")', 'C7': '=IF(C9=0,\"\",1)'}\n\
         for row in ws.iter_rows(min_row=2, min_col=3, max_col=4):\n    \
             for cell in row:\n        cell.value, cell.number_format = 8, '#,##0'\n\
         for at, formula in cells.items():\n    ws[at] = formula\nwb.save",
    );
    python(Peer::Openpyxl, &save, &[&made]);
    office::convert(folder.path(), &made, "xls", folder.path());
    let judged = judged(
        "t.xls",
        &std::fs::read(folder.path().join("t.xls")).unwrap(),
    );
    let facts = judged.facts.iter().filter(|fact| &*fact.column == "dem");
    let facts: Vec<String> = facts
        .map(|fact| format!("{}={}", fact.row, fact.value))
        .collect();
    assert_eq!(
        facts,
        ["r1=16", "r3=0", "r4=0", "r6=8"],
        "{:#?}",
        judged.findings
    );
    assert_eq!(told(&judged, 0), ["C4 cong-thuc-chua-tinh"]);
}

const LIST: &str = "id = \"ds\"\nversion = \"1\"\ntitle = \"Công trình\"\nsheet = \"Chung\"\n\
    [layout]\nrows = \"free\"\nordinal = \"STT\"\ntotal = \"Tổng cộng\"\n\
    [[column]]\nid = \"ten\"\nlabel = \"Tên công trình\"\ntype = \"text\"\nkey = true\n\
    [[column]]\nid = \"ho\"\nlabel = \"Số hộ\"\ntype = \"count\"\n\
    [[column]]\nid = \"ngay\"\nlabel = \"Ngày xong\"\ntype = \"date\"\nblank = \"nothing\"\n\
    [[column]]\nid = \"dat\"\nlabel = \"Đạt\"\ntype = \"flag\"\n";

/// A list saved by openpyxl: the rows as Python writes them, and further statements.
fn list(rows: &str, further: &str) -> Option<Judged> {
    if !Peer::Openpyxl.found() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("t.xlsx");
    let program = format!(
        "import datetime, openpyxl, sys\nfrom openpyxl.styles import Font\nwb = openpyxl.Workbook()\n\
         ws = wb.active\nws.title = 'Chung'\n\
         ws.append(['STT', 'Tên công trình', 'Số hộ', 'Ngày xong', 'Đạt'])\n\
         for row in [{rows}]:\n    ws.append(row)\n{further}\nwb.save(sys.argv[1])\n"
    );
    python(Peer::Openpyxl, &program, &[&made]);
    let bytes = std::fs::read(&made).unwrap();
    let limits = Limits::default();
    let form = Arc::new(Form::parse("ds.toml", LIST).unwrap());
    let judging = Judging {
        forms: std::slice::from_ref(&form),
        campaign: None,
        limits: &limits,
        watch: &no_hurry,
        copy: false,
    };
    Some(judge("t.xlsx", &bytes, judging))
}

#[test]
fn years_that_cannot_be_meant_are_asked_about() {
    let rows = "[1, 'Cầu', 5, '13/9/1025'], [2, 'Chợ', 6, datetime.datetime(9839, 12, 5)],\
                [3, 'Đình', 7, datetime.datetime(1935, 12, 5)], ['Tổng cộng', None, 18]";
    let Some(judged) = list(rows, "") else { return };
    assert_eq!(
        told(&judged, 0),
        ["D2 sai-kieu-du-lieu", "D3 sai-kieu-du-lieu"],
        "{:#?}",
        judged.findings
    );
    let message = &judged.findings[0].message.vi;
    assert!(message.contains("năm 1025 chắc là gõ nhầm"), "{message}");
}

#[test]
fn a_row_added_some_rows_below_the_total_of_a_list_is_an_error() {
    let rows =
        "[1, 'Cầu', 5], [2, 'Chợ', 6], ['Tổng cộng', None, 11], [], [], [None, 'Nhà văn hóa', 9]";
    let Some(judged) = list(rows, "") else { return };
    assert_eq!(
        told(&judged, 0),
        ["C7 dong-ngoai-bieu"],
        "{:#?}",
        judged.findings
    );
}

#[test]
fn ticks_of_symbol_fonts_are_ticks() {
    let rows = "[1, 'Cầu', 5, None, 'ü'], [2, 'Chợ', 6, None, 'P'], [3, 'Đình', 7, None, 'o'],\
                [4, 'Đường', 7, None, 'ü'], ['Tổng cộng', None, 25]";
    let fonts = "ws['E2'].font = Font(name='Wingdings')\nws['E3'].font = Font(name='Wingdings 2')\n\
                 ws['E4'].font = Font(name='Wingdings')";
    let Some(judged) = list(rows, fonts) else {
        return;
    };
    assert_eq!(
        told(&judged, 0),
        ["E5 sai-kieu-du-lieu"],
        "{:#?}",
        judged.findings
    );
    let ticks = judged.facts.iter().filter(|fact| &*fact.column == "dat");
    let ticks: Vec<String> = ticks.map(|fact| fact.value.to_string()).collect();
    assert_eq!(ticks, ["x", "x", "không"]);
}

/// Cells without a value down to the end of the grid unpack to more than is read of a file.
#[test]
fn a_sheet_formatted_to_the_end_of_the_grid_is_read() {
    let rows = "[1, 'Cầu', 5], ['Tổng cộng', None, 5]";
    let blank = "import zipfile\nwb.save(sys.argv[1])\nfrom_ = zipfile.ZipFile(sys.argv[1])\n\
        parts = {name: from_.read(name) for name in from_.namelist()}\n\
        rows = ''.join(f'<row r=\"{r}\" spans=\"1:6\" ht=\"15.75\" customHeight=\"1\"><c r=\"A{r}\" s=\"0\"/><c r=\"B{r}\" s=\"0\"/>\
        <c r=\"C{r}\" s=\"0\"/></row>' for r in range(9, 1048577))\n\
        sheet = 'xl/worksheets/sheet1.xml'\n\
        parts[sheet] = parts[sheet].replace(b'</sheetData>', rows.encode() + b'</sheetData>')\n\
        to = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n\
        [to.writestr(name, part) for name, part in parts.items()]\nto.close()\nsys.exit()";
    let Some(judged) = list(rows, blank) else {
        return;
    };
    assert_eq!(
        told(&judged, 0),
        Vec::<String>::new(),
        "{:#?}",
        judged.findings
    );
    assert!(
        judged.facts.iter().any(|fact| &*fact.row == "Cầu"),
        "{:#?}",
        judged.facts
    );
}
