//! Returned copies as two programs that are not ours see them: openpyxl and LibreOffice open each
//! and find in it all the unit had, and every part of the package that did not have to change is
//! the received one byte for byte. Needs LibreOffice (`soffice`), Gnumeric and Python with
//! openpyxl; see `common/peers.rs` for what happens without them.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tonghop::campaign::{Campaign, check};
use tonghop::model::Severity;
use tonghop::workbook::Limits;

use common::peers::Peer;
use office::able;

/// A unit's own workbook with what units put into theirs: a chart, a picture, a note, a table, a
/// link, colours by condition, a sheet of their own.
const ENRICH: &str = r#"
import base64, json, sys
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
class Picture(Image):
    def __init__(self):
        self.ref, self.format, self.anchor, self.width, self.height = None, "png", "H2", 40, 40
    def _data(self): return PIXEL
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["from"])
    sheet = book["Văn bản điện tử"]
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=11, max_row=12))
    sheet.add_chart(chart, "H12")
    sheet.add_image(Picture())
    sheet["D11"].comment = Comment("Số tạm tính", "Cán bộ xã")
    sheet["E12"].comment = Comment("Đã hỏi văn thư", "Cán bộ xã")
    red = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("D11:D13", CellIsRule(operator="greaterThan", formula=["999"], fill=red))
    own = book.create_sheet("Ghi riêng, của xã", 1)
    for row in [["Ngày", "Số"], ["1/9", 12], ["2/9", 30]]: own.append(row)
    own["B4"] = "=SUM(B2:B3)"
    own["A5"].hyperlink = "https://example.vn/"
    own["A5"] = "Trang riêng"
    own.add_table(Table(displayName="BangRieng", ref="A1:B3"))
    book.save(job["to"])
"#;

/// What openpyxl sees in a copy and in the workbook it was made of, and which parts of the package
/// are the same; ends with an error at the first difference.
const COMPARE: &str = r#"
import json, posixpath, re, struct, sys, zipfile
import xml.etree.ElementTree as tree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROOT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

def packed(package, name):
    info = package.getinfo(name)
    package.fp.seek(info.header_offset + 26)
    name_length, extra = struct.unpack("<HH", package.fp.read(4))
    package.fp.seek(info.header_offset + 30 + name_length + extra)
    return package.fp.read(info.compress_size), info.compress_type, info.CRC

def related(package, part):
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in package.namelist(): return rels, {}
    at = lambda target: target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return rels, {r.get("Id"): at(r.get("Target")) for r in tree.fromstring(package.read(rels)) if r.get("TargetMode") != "External"}

def parts(job):
    received, returned = zipfile.ZipFile(job["received"]), zipfile.ZipFile(job["returned"])
    rels, targets = related(received, "xl/workbook.xml")
    # What any copy changes, and what the marked sheets consist of.
    touched = {"[Content_Types].xml", "xl/workbook.xml", rels, "xl/styles.xml"}
    sheets = tree.fromstring(received.read("xl/workbook.xml")).find(MAIN + "sheets")
    for sheet in sheets:
        part = targets[sheet.get(ROOT + "id")]
        if sheet.get("name") in job["marks"]:
            own, others = related(received, part)
            touched |= {part, own} | {p for p in others.values() if "comment" in p.lower() or p.endswith(".vml")}
        elif packed(received, part) != packed(returned, part):
            plain = lambda package: re.sub(rb' tabSelected="(1|0|true|false)"', b"", package.read(part))
            assert plain(received) == plain(returned), f"{part}: more than the sheet in front"
            touched.add(part)
    kept = [name for name in received.namelist() if name not in touched]
    for name in kept:
        assert packed(received, name) == packed(returned, name), f"{name} is not the received one"
    added = set(returned.namelist()) - set(received.namelist())
    extra = {name for name in added if "tonghop" not in name and not name.endswith(".xml.rels")}
    assert not extra, extra
    assert not set(received.namelist()) - set(returned.namelist())
    return len(kept)

def looks(cell, marked, known):
    key = (marked, *cell._style)
    if key not in known:
        own = [cell.font, cell.border, cell.number_format, cell.alignment, cell.protection]
        known[key] = [repr(look) for look in (own if marked else own + [cell.fill])]
    return known[key]

def sheets(job):
    before, after = load_workbook(job["received"]), load_workbook(job["returned"])
    assert after.sheetnames[0].startswith("Kết quả kiểm tra"), after.sheetnames
    assert after.sheetnames[1:] == before.sheetnames, after.sheetnames
    names = lambda book: {n: book.defined_names[n].attr_text for n in [d.name for d in book.defined_names.definedName]}
    assert names(before).items() <= names(after).items()
    seen, known_before, known_after = 0, {}, {}
    for name in before.sheetnames:
        old, new = before[name], after[name]
        if not isinstance(old, Worksheet): continue
        marks = set(job["marks"].get(name, []))
        for place in set(old._cells) | set(new._cells):
            a, b = old.cell(*place), new.cell(*place)
            at = a.coordinate
            assert a.value == b.value, (name, at, a.value, b.value)
            assert looks(a, at in marks, known_before) == looks(b, at in marks, known_after), (name, at)
            theirs, note = a.comment and a.comment.text or "", b.comment and b.comment.text or ""
            assert theirs in note and (at in marks or theirs == note), (name, at, note)
            seen += 1
        for at in marks:
            cell = new[at]
            assert "▼ Kết quả kiểm tra" in cell.comment.text, (name, at)
            assert cell.fill.fill_type == "solid", (name, at)
        same = lambda what: [repr(what(sheet)) for sheet in (old, new)]
        for what in [
            lambda s: sorted(map(str, s.merged_cells.ranges)),
            lambda s: sorted(map(repr, s.data_validations.dataValidation)),
            lambda s: sorted((str(c.sqref), [repr(r) for r in c.rules]) for c in s.conditional_formatting),
            lambda s: (s.freeze_panes, s.print_area, s.print_title_rows, s.sheet_state, s.auto_filter.ref),
            lambda s: {k: (v.width, v.hidden) for k, v in s.column_dimensions.items()},
            lambda s: {k: (v.height, v.hidden) for k, v in s.row_dimensions.items() if v.height or v.hidden},
            lambda s: (len(s._charts), sorted(s.tables)),
            lambda s: s.protection,
        ]:
            a, b = same(what)
            assert a == b, (name, a, b)
    return seen

told = []
for job in json.load(open(sys.argv[1])):
    try:
        told.append([job["name"], parts(job), sheets(job)])
    except AssertionError as error:
        sys.exit(f"{job['name']}: {error}")
json.dump(told, open(sys.argv[1] + ".told", "w"))
"#;

/// What every cell shows in two workbooks LibreOffice has saved, the first sheet of the second left
/// out.
const SHOWN: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    before, after = [load_workbook(job[which], data_only=True) for which in ("received", "returned")]
    shown = lambda sheet: {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value not in (None, "")}
    names = after.sheetnames[1:]
    if names != before.sheetnames: sys.exit(f"{job['name']}: {after.sheetnames}")
    for name in names:
        a, b = shown(before[name]), shown(after[name])
        if a != b: sys.exit(f"{job['name']} {name}: {[(k, a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)][:5]}")
    pictures = lambda book: sum(len(sheet._charts) for sheet in book if hasattr(sheet, "_charts"))
    if pictures(before) != pictures(after): sys.exit(f"{job['name']}: charts")
"#;

/// A received workbook and the copy that goes back.
struct Copy {
    name: String,
    received: PathBuf,
    returned: PathBuf,
    /// Cells with a finding, by sheet.
    marks: BTreeMap<String, BTreeSet<String>>,
}

/// Checks workbooks together and writes a copy of each that has findings.
fn copies(campaign: &Campaign, received: &[PathBuf], to: &Path) -> Vec<Copy> {
    let limits = Limits::default();
    let run = check(received, Some(campaign), &limits, &|_, _| {}).unwrap();
    let written = common::returns::write(&run, Some(&campaign.file), to);
    let told = |file: &PathBuf| {
        let of = |returned: &&PathBuf| returned.file_stem() == file.file_stem();
        let returned = written.iter().find(of)?.clone();
        let mut marks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let own = run.findings.iter();
        for finding in own.filter(|finding| Path::new(&*finding.file) == file) {
            if let (Some(sheet), Some(cell)) = (&finding.sheet, finding.cell) {
                let cells = marks.entry(sheet.to_string()).or_default();
                cells.insert(cell.to_string());
            }
            // The suspected cell is marked wherever the mistake is reported.
            if let (Some(cause), false) = (&finding.review.cause, finding.review.consequence)
                && finding.severity != Severity::Info
                && finding.is_open()
            {
                let cells = marks.entry(cause.sheet.to_string()).or_default();
                cells.insert(cause.cell.to_string());
            }
        }
        Some(Copy {
            name: String::new(),
            received: file.clone(),
            returned,
            marks,
        })
    };
    received.iter().filter_map(told).collect()
}

/// The copy of a workbook checked alone, if it has findings.
fn copy(campaign: &Campaign, received: &Path, to: &Path) -> Option<Copy> {
    copies(campaign, &[received.to_owned()], to).pop()
}

/// The workbooks of a sample folder.
fn workbooks(folder: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(common::sample(folder)).sort_by_file_name();
    let paths = entries.into_iter().map(|entry| entry.unwrap().into_path());
    let wanted = |path: &PathBuf| path.extension().is_some_and(|e| e == "xlsx");
    paths.filter(wanted).collect()
}

/// Copies of the first round of the sample campaign, of the common mistakes, and of a workbook
/// with everything.
fn all_copies(campaign: &Campaign, folder: &Path) -> Vec<Copy> {
    let round = "vinh-long-2025-09/inbox/dot-1";
    let rich = folder.join("nhieu-thu.xlsx");
    let from = common::sample(round).join("28870-xa-cho-lach-2025-09.xlsx");
    office::python(folder, ENRICH, &[json!({ "from": from, "to": rich })]);
    let mut all = copies(campaign, &workbooks(round), &folder.join("tra"));
    // Every third is enough for programs that take their time.
    let mistakes = workbooks("loi-thuong-gap").into_iter().step_by(3);
    let alone = mistakes.chain([rich]);
    for (number, file) in alone.enumerate() {
        all.extend(copy(campaign, &file, &folder.join(format!("tra-{number}"))));
    }
    for (number, copy) in all.iter_mut().enumerate() {
        copy.name = format!("{number:03}");
    }
    all
}

/// Two packages, part by part, whatever the compression.
fn same_parts(one: &Path, other: &Path) -> bool {
    let parts = |path: &Path| -> BTreeMap<String, Vec<u8>> {
        let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        let mut parts = BTreeMap::new();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
            parts.insert(part.name().unwrap().into_owned(), bytes);
        }
        parts
    };
    parts(one) == parts(other)
}

#[test]
fn openpyxl_and_libreoffice_find_all_the_unit_had_and_the_rest_is_byte_for_byte() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copies = all_copies(&campaign, folder.path());
    assert!(copies.len() > 30, "{}", copies.len());
    let jobs: Vec<Json> = copies
        .iter()
        .map(|copy| {
            json!({
                "name": format!("{} ({})", copy.name, copy.received.display()),
                "received": copy.received,
                "returned": copy.returned,
                "marks": copy.marks,
            })
        })
        .collect();
    office::python(folder.path(), COMPARE, &jobs);
    let told = fs::read_to_string(folder.path().join("jobs.json.told")).unwrap();
    let told: Vec<(String, usize, usize)> = serde_json::from_str(&told).unwrap();
    let cells: usize = told.iter().map(|(.., cells)| cells).sum();
    let parts: usize = told.iter().map(|(_, parts, _)| parts).sum();
    // Some samples are a form of a few rows; the others are whole reports.
    for (name, parts, cells) in &told {
        assert!(
            *parts > 2 && *cells > 10,
            "{name}: {parts} parts, {cells} cells"
        );
    }
    assert!(cells > 200 * told.len() && parts > 5 * told.len());
    println!("{} copies, {cells} cells, {parts} parts kept", told.len());

    shown_alike(folder.path(), &copies);
    gnumeric_opens(folder.path(), &copies);
}

/// LibreOffice saves received workbooks and copies anew: every cell shows the same.
fn shown_alike(folder: &Path, copies: &[Copy]) {
    let of = |which: &str, file: &dyn Fn(&Copy) -> PathBuf| {
        let from = folder.join(which);
        fs::create_dir_all(&from).unwrap();
        for copy in copies {
            fs::copy(file(copy), from.join(format!("{}.xlsx", copy.name))).unwrap();
        }
        let names: Vec<&str> = copies.iter().map(|copy| copy.name.as_str()).collect();
        let to = folder.join(format!("{which}-luu-lai"));
        fs::create_dir_all(&to).unwrap();
        office::recalculate(&to, &from, &names)
    };
    let received = of("nhan", &|copy| copy.received.clone());
    let returned = of("tra-lai", &|copy| copy.returned.clone());
    let jobs: Vec<Json> = copies
        .iter()
        .map(|copy| {
            let name = &copy.name;
            json!({ "name": copy.received, "received": received[name], "returned": returned[name] })
        })
        .collect();
    office::python(folder, SHOWN, &jobs);
}

/// Gnumeric reads every copy without a complaint.
fn gnumeric_opens(folder: &Path, copies: &[Copy]) {
    if !Peer::Gnumeric.found() {
        return;
    }
    for copy in copies {
        let to = folder.join("gnumeric.xlsx");
        let run = Command::new("ssconvert")
            .arg(&copy.returned)
            .arg(&to)
            .output();
        let run = run.unwrap();
        let told = String::from_utf8_lossy(&run.stderr);
        let wrong = ["rror", "orrupt", "CRITICAL"]
            .iter()
            .any(|w| told.contains(w));
        assert!(run.status.success() && !wrong, "{}: {told}", copy.name);
    }
}

#[test]
fn marking_a_copy_again_changes_nothing() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut marked = 0;
    for file in workbooks("loi-thuong-gap") {
        // Findings go by the name of their file, so it must be the same both times.
        let received = folder.path().join("bao-cao.xlsx");
        fs::copy(&file, &received).unwrap();
        let Some(once) = copy(&campaign, &received, &folder.path().join("mot")) else {
            continue;
        };
        fs::copy(&once.returned, &received).unwrap();
        let twice = copy(&campaign, &received, &folder.path().join("hai")).unwrap();
        assert_eq!(once.marks, twice.marks, "{}", file.display());
        let same = same_parts(&once.returned, &twice.returned);
        assert!(same, "{}", file.display());
        marked += 1;
    }
    assert!(marked > 40, "{marked}");
}

#[test]
fn a_copy_whose_format_cannot_be_kept_says_so_and_carries_every_value() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let from = common::sample("vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx");
    fs::copy(from, folder.path().join("bao-cao.xlsx")).unwrap();
    for (kind, named) in [("xls", "xls"), ("ods", "ods"), ("html", "xls")] {
        let to = folder.path().join(kind);
        office::convert(
            folder.path(),
            &folder.path().join("bao-cao.xlsx"),
            kind,
            &to,
        );
        let mut received = to.join(format!("bao-cao.{kind}"));
        if kind != named {
            // As portals do: a web page that is called a workbook.
            fs::rename(&received, received.with_extension(named)).unwrap();
            received.set_extension(named);
        }
        let copy = copy(&campaign, &received, &to.join("tra")).unwrap();
        let (old, new) = (
            office::workbook(&received),
            office::workbook(&copy.returned),
        );
        let result = &new.sheets[0];
        let says = |what: &str| {
            let mut texts = result.cells.values().filter_map(|cell| cell.text());
            texts.any(|text| text.contains(what))
        };
        assert!(says("chỉ giữ số liệu và bố cục"), "{kind}");
        assert!(says("phải bằng 956"), "{kind}");
        for (before, after) in old.sheets.iter().zip(&new.sheets[1..]) {
            assert_eq!(before.name, after.name, "{kind}");
            assert_eq!(before.merges, after.merges, "{kind} {}", before.name);
            for (at, cell) in &before.cells {
                use tonghop::workbook::Content::{EmptyText, Uncached};
                if !matches!(cell.content, EmptyText | Uncached) {
                    let copied = after.cells.get(at).map(|cell| &cell.content);
                    assert_eq!(copied, Some(&cell.content), "{kind} {} {at}", before.name);
                }
            }
        }
        // The copy is a workbook like any other.
        let seen =
            office::recalculate(folder.path(), copy.returned.parent().unwrap(), &["bao-cao"]);
        assert_eq!(
            office::workbook(&seen["bao-cao"]).sheets.len(),
            new.sheets.len()
        );
    }
}
