//! `samples/loi-thuong-gap`: one folder for each kind of mistake people make, and for what looks
//! like a mistake and is none. What each shows is described in its `README.md`, written by hand.

use std::collections::BTreeSet;
use std::path::Path;

use super::draft::{Draft, Sample};
use super::drawn::zip_of;
use super::file_cases;
use super::filled::{Filing, Input, PreviousFact, TOTAL_ROW};
use super::mistakes::{MistakeKind, cell, dotted, set, transposed, truncated_share};
use super::names;
use super::patch::{self, Change, Content, Patch, Place};
use super::reading_cases;
use super::rounds;
use super::text_cases;

/// One folder.
pub(super) struct Case {
    pub(super) folder: &'static str,
    pub(super) campaign: &'static str,
    pub(super) unit: &'static str,
    pub(super) files: Vec<(&'static str, Vec<Edit>)>,
}

/// Turns the bytes of a workbook into others.
type Damage = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// What makes a workbook other than the right one.
pub(super) enum Edit {
    Mistake(MistakeKind),
    PrintedName(&'static str),
    PrintedPeriod(&'static str),
    /// The sheet of a form bears another name.
    SheetName(&'static str, &'static str),
    /// Nothing is filled in.
    Blank,
    /// The sheet of a form is deleted.
    LeftOut(&'static str),
    Patch(Patch),
    /// Something else instead of the workbook.
    Instead(Vec<u8>),
    /// The workbook as another program saved it; made by hand and kept.
    Kept,
    /// The workbooks of these units in one archive, each under a name.
    Zipped(Vec<(&'static str, &'static str)>),
    /// The bytes of the workbook changed.
    Bytes(Damage),
    /// The figures of the period before, in this period's workbook.
    LastPeriod,
}

/// The commune whose workbook most cases are.
const COMMUNE: &str = "29266";
pub(super) const WORKBOOK: &str = "bao-cao.xlsx";
/// The campaign of cases that need no more than one form.
const SMALL: &str = "dot-nho";

/// Writes every case; returns how many there are.
pub fn write(samples: &[&Sample], previous: &[PreviousFact], folder: &Path) -> usize {
    let cases = cases(samples[0].filing(COMMUNE));
    let mut expected = BTreeSet::from(["README.md".to_owned(), SMALL.to_owned()]);
    write_roster(samples[0], &folder.join(SMALL));
    for case in &cases {
        let sample = samples.iter().find(|sample| sample.name == case.campaign);
        let sample = sample.expect("a sample campaign");
        let own = folder.join(case.folder);
        assert!(
            own.join("README.md").is_file(),
            "{} has no README.md",
            own.display()
        );
        for (name, edits) in &case.files {
            write_file(sample, previous, case.unit, edits, &own.join(name));
        }
        assert!(
            expected.insert(case.folder.to_owned()),
            "{} twice",
            case.folder
        );
    }
    let there = std::fs::read_dir(folder).expect("the folder is there");
    let there: BTreeSet<String> = there
        .map(|entry| {
            let name = entry.expect("can be listed").file_name();
            name.into_string().expect("plain names")
        })
        .collect();
    assert_eq!(there, expected, "folders and cases differ");
    cases.len()
}

/// The units of the small campaign: those of the province, and one that is no more.
fn write_roster(province: &Sample, folder: &Path) {
    let own = folder.with_file_name("..").join(province.name);
    let roster = std::fs::read_to_string(own.join("roster.csv")).expect("a roster");
    let gone = "29266-cu,Thị trấn Càng Long,xa,Xã,,2025-06-30,\n";
    std::fs::write(folder.join("roster.csv"), roster + gone).expect("can be written");
}

fn right(sample: &Sample, unit: &str) -> Draft {
    let filing = sample.filing(unit);
    let saved_at = names::saved_at(&filing.unit, 1);
    let signed = names::signed(&filing.unit, saved_at.date());
    Draft::right(filing, signed, saved_at)
}

fn write_file(sample: &Sample, previous: &[PreviousFact], unit: &str, edits: &[Edit], path: &Path) {
    let mut draft = right(sample, unit);
    let mut patches = Vec::new();
    let mut last = Vec::new();
    for edit in edits {
        match edit {
            Edit::Mistake(kind) => rounds::make(&mut draft, kind),
            Edit::PrintedName(name) => draft.printed_name = Some(name),
            Edit::PrintedPeriod(period) => draft.printed_period = Some(period),
            Edit::SheetName(form, name) => draft.sheets.push((form, name)),
            Edit::Blank => draft.blank = true,
            Edit::LeftOut(form) => draft.left_out = Some(form),
            Edit::Patch(patch) => patches.push(patch),
            Edit::LastPeriod => repeat(&mut draft.filing, previous),
            Edit::Bytes(change) => last.push(change),
            Edit::Instead(bytes) => return save(path, bytes),
            Edit::Zipped(files) => return save(path, &zipped(sample, files, path)),
            Edit::Kept => {
                assert!(path.is_file(), "{} is not kept", path.display());
                return;
            }
        }
    }
    let layout = sample.write(&draft, path);
    if !patches.is_empty() {
        patch::apply(path, &layout, &patches);
    }
    for change in last {
        save(path, &change(&load(path)));
    }
}

fn load(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("the file was just written")
}

fn save(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file can be written");
}

/// The right workbooks of some units in one archive.
fn zipped(sample: &Sample, files: &[(&str, &str)], path: &Path) -> Vec<u8> {
    let write = |(name, unit): &(&'_ str, &str)| {
        sample.write(&right(sample, unit), path);
        ((*name).to_owned(), load(path))
    };
    let files: Vec<(String, Vec<u8>)> = files.iter().map(write).collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (&**name, &**bytes))
        .collect();
    zip_of(&files)
}

/// Puts the figures of the period before into a filing.
fn repeat(filing: &mut Filing, previous: &[PreviousFact]) {
    let code = filing.unit.code.clone();
    for form in &mut filing.forms {
        let of = |fact: &&PreviousFact| fact.unit == code && fact.form == form.form;
        let facts: Vec<&PreviousFact> = previous.iter().filter(of).collect();
        for row in &mut form.rows {
            for (column, input) in &mut row.cells {
                let same = |fact: &&&PreviousFact| fact.row == row.row && fact.column == *column;
                let fact = facts.iter().find(same);
                *input = fact.map_or(Input::Blank, |fact| fact.value.clone());
            }
        }
    }
}

fn cases(right: &Filing) -> Vec<Case> {
    let mut cases = arithmetic(right);
    cases.extend(typing(right));
    cases.extend(layout());
    cases.extend(identity(right));
    cases.extend(reading_cases::cases(right));
    cases.extend(text_cases::cases(right));
    cases.extend(file_cases::cases(right));
    cases
}

/// Figures that do not agree.
fn arithmetic(right: &Filing) -> Vec<Case> {
    let f = |form, row, column| right.number(form, row, column);
    let share = f("tthc_ky", "ty_le_truc_tuyen", "trong_ky");
    let percent = |number| set("tthc_ky", "ty_le_truc_tuyen", "trong_ky", number);
    let direct = f("tthc_ky", "truc_tiep", "trong_ky");
    let looked_up = f("tthc_ky", "vneid", "trong_ky");
    let total: f64 = right
        .form("tthc")
        .expect("filed")
        .rows
        .iter()
        .map(|row| f("tthc", &row.row, "tong"))
        .sum();
    vec![
        case(
            "tong-cong-sai",
            cells([set("tthc", TOTAL_ROW, "tong", total + 10.0)]),
        ),
        case(
            "dao-chu-so",
            cells([set(
                "van_ban",
                "nhan",
                "luy_ke",
                transposed(f("van_ban", "nhan", "luy_ke")),
            )]),
        ),
        case("ty-le-cat-bot", cells([percent(truncated_share(right))])),
        // The share of the others instead.
        case(
            "ty-le-sai",
            cells([percent((10_000.0 - 100.0 * share).round() / 100.0)]),
        ),
        case(
            "ty-le-chua-nhan-100",
            cells([percent((100.0 * share).round() / 10_000.0)]),
        ),
        case(
            "luy-ke-sai",
            cells([set(
                "tthc_ky",
                "vneid",
                "luy_ke",
                f("tthc_ky", "vneid", "ky_truoc"),
            )]),
        ),
        case(
            "ky-truoc-khac-so-da-bao-cao",
            cells([
                set(
                    "tai_khoan",
                    "qlvb",
                    "ky_truoc",
                    f("tai_khoan", "qlvb", "ky_truoc") + 4.0,
                ),
                set(
                    "tai_khoan",
                    "qlvb",
                    "luy_ke",
                    f("tai_khoan", "qlvb", "luy_ke") + 4.0,
                ),
            ]),
        ),
        case(
            "hai-bieu-lech-nhau",
            cells([
                set("tthc_ky", "truc_tiep", "trong_ky", direct - 2.0),
                set(
                    "tthc_ky",
                    "truc_tuyen",
                    "trong_ky",
                    f("tthc_ky", "truc_tuyen", "trong_ky") + 2.0,
                ),
                percent(
                    (10_000.0 * (f("tthc_ky", "truc_tuyen", "trong_ky") + 2.0)
                        / f("tthc_ky", "tiep_nhan", "trong_ky"))
                    .round()
                        / 100.0,
                ),
            ]),
        ),
        case(
            "go-thua-chu-so",
            cells([
                set("tthc_ky", "vneid", "trong_ky", looked_up * 10.0 + 3.0),
                set(
                    "tthc_ky",
                    "vneid",
                    "luy_ke",
                    f("tthc_ky", "vneid", "ky_truoc") + looked_up * 10.0 + 3.0,
                ),
            ]),
        ),
        case("gui-lai-so-ky-truoc", vec![Edit::LastPeriod]),
        case(
            "so-tieu-chi-lech-dau-x",
            cells([set(
                "kh02",
                "so_tieu_chi_dat",
                "ket_qua",
                f("kh02", "so_tieu_chi_dat", "ket_qua") + 1.0,
            )]),
        ),
    ]
}

/// Cells that say something else than the clerk meant.
fn typing(right: &Filing) -> Vec<Case> {
    let opening = right.number("tthc_ky", "tiep_nhan", "ky_truoc");
    let [sent_before, sent, got_before, got] = [
        ("gui", "ky_truoc"),
        ("gui", "trong_ky"),
        ("nhan", "ky_truoc"),
        ("nhan", "trong_ky"),
    ]
    .map(|(row, column)| right.number("van_ban", row, column));
    let received = |input| cells([cell("tthc_ky", "tiep_nhan", "ky_truoc", input)]);
    vec![
        case("so-dang-chu", received(Input::Text(dotted(opening)))),
        case(
            "dau-phay-khong-ro",
            received(Input::Text(dotted(opening).replace('.', ","))),
        ),
        case(
            "dau-cham-thanh-so-le",
            received(Input::Number(opening / 1000.0)),
        ),
        case(
            "lech-nghin-lan",
            cells([
                set("van_ban", "nhan", "trong_ky", got * 1000.0),
                set("van_ban", "nhan", "luy_ke", got_before + got * 1000.0),
                set("van_ban", "tong", "trong_ky", sent + got * 1000.0),
                set(
                    "van_ban",
                    "tong",
                    "luy_ke",
                    sent_before + got_before + sent + got * 1000.0,
                ),
            ]),
        ),
        Case {
            campaign: "vpubnd-2025-07",
            unit: "H61.01",
            ..case("so-2000-thanh-so-2", cells(thousands_lost()))
        },
        case(
            "bo-trong",
            cells([cell("chu_ky_so", "to_chuc", "thu_hoi", Input::Blank)]),
        ),
        case(
            "dau-x-o-o-so",
            cells([cell(
                "chu_ky_so",
                "ca_nhan",
                "thay_doi",
                Input::Text("x".to_owned()),
            )]),
        ),
        case(
            "so-am",
            cells([set("chu_ky_so", "ca_nhan", "thu_hoi", -1.0)]),
        ),
        Case {
            campaign: "vpubnd-2025-07",
            unit: "H61.01",
            ..case(
                "ghi-bang-dong",
                cells([set(
                    "kinh_phi",
                    "Nâng cấp Hệ thống thông tin báo cáo",
                    "su_nghiep",
                    2e9,
                )]),
            )
        },
        case(
            "loi-ref",
            patched(
                "tthc",
                Place::Total("tong"),
                Content::Fails("SUM(#REF!)", "#REF!"),
            ),
        ),
        case(
            "cong-thuc-chua-tinh",
            patched(
                "tthc_ky",
                Place::Fixed {
                    row: "tiep_nhan",
                    column: "luy_ke",
                },
                Content::Uncomputed("{ky_truoc}+{trong_ky}"),
            ),
        ),
        case(
            "so-o-o-khong-hoi",
            patched(
                "tthc_ky",
                Place::Fixed {
                    row: "truc_tuyen",
                    column: "ky_truoc",
                },
                Content::Figure(1204.0),
            ),
        ),
        case(
            "so-ngoai-bang",
            patched(
                "van_ban",
                Place::Below {
                    rows: 0,
                    column: "luy_ke",
                },
                Content::Figure(1500.0),
            ),
        ),
    ]
}

/// "2.000" and "1.000" typed where the dot is the decimal point: 2 and 1 are stored.
fn thousands_lost() -> [super::mistakes::CellChange; 4] {
    [
        ("Nâng cấp Cổng thông tin điện tử tỉnh", 2.0),
        ("Nâng cấp Hệ thống thông tin báo cáo", 2.0),
        ("Nâng cấp Tổng đài 1022", 1.0),
        ("Nâng cấp Họp không giấy", 1.0),
    ]
    .map(|(row, stored)| set("kinh_phi", row, "su_nghiep", stored))
}

/// Tables that are no longer the form's.
fn layout() -> Vec<Case> {
    let key = |row, input| cells([cell("tthc", row, "linh_vuc", input)]);
    let change = |form, change| Edit::Patch(Patch { form, change });
    vec![
        case(
            "mat-dong-tong",
            vec![Edit::Mistake(MistakeKind::DropTotalRow { form: "tthc" })],
        ),
        case(
            "doi-tieu-de-cot",
            patched(
                "van_ban",
                Place::Header("ky_truoc"),
                Content::Words("Số tồn đầu kỳ"),
            ),
        ),
        case(
            "doi-ten-dong",
            patched(
                "van_ban",
                Place::Label("nhan"),
                Content::Words("Công văn đến"),
            ),
        ),
        case(
            "chen-dong-chen-cot",
            vec![
                change(
                    "tthc_ky",
                    Change::InsertRow {
                        above: "truc_tiep",
                        label: "Trong đó:",
                    },
                ),
                change(
                    "van_ban",
                    Change::InsertColumn {
                        before: "luy_ke",
                        header: "Ghi chú",
                        words: "đến 30/9",
                    },
                ),
            ],
        ),
        case("dong-khong-ten", key("Đất đai", Input::Blank)),
        case(
            "trung-ten-linh-vuc",
            key("Chứng thực", Input::Text("Hộ tịch".to_owned())),
        ),
        case("xoa-mat-trang", vec![Edit::LeftOut("chu_ky_so")]),
        case("chua-dien", vec![Edit::Blank]),
    ]
}

/// Whose workbook it is, and of when.
fn identity(right: &Filing) -> Vec<Case> {
    let of = |unit, folder, edits| Case {
        unit,
        ..case(folder, edits)
    };
    let name_only = |printed_name| vec![Edit::Mistake(MistakeKind::NameOnly { printed_name })];
    let boxes = |column| right.number("tai_khoan", "thu_dien_tu", column) + 3.0;
    vec![
        of(
            "28861",
            "ten-dat-dau-kieu-moi",
            name_only("UBND xã Tiên Thuỷ"),
        ),
        of("29536", "xa-long-hai", name_only("UBND xã Long Hải")),
        of(
            "29461",
            "hai-ten-don-vi",
            vec![Edit::PrintedName("Xã Lưu Nghiệp Anh")],
        ),
        case("sai-ky", vec![Edit::PrintedPeriod("tháng 8 năm 2025")]),
        Case {
            files: vec![
                (WORKBOOK, Vec::new()),
                (
                    "so-lieu-gui-lai.xlsx",
                    cells([
                        set("tai_khoan", "thu_dien_tu", "trong_ky", boxes("trong_ky")),
                        set("tai_khoan", "thu_dien_tu", "luy_ke", boxes("luy_ke")),
                    ]),
                ),
            ],
            ..case("hai-tep-mot-don-vi", Vec::new())
        },
    ]
}

pub(super) fn case(folder: &'static str, edits: Vec<Edit>) -> Case {
    Case {
        folder,
        campaign: "vinh-long-2025-09",
        unit: COMMUNE,
        files: vec![(WORKBOOK, edits)],
    }
}

pub(super) fn cells<const N: usize>(changes: [super::mistakes::CellChange; N]) -> Vec<Edit> {
    vec![Edit::Mistake(MistakeKind::SetCells(changes.into()))]
}

pub(super) fn patched(form: &'static str, place: Place, content: Content) -> Vec<Edit> {
    vec![Edit::Patch(Patch {
        form,
        change: Change::Cell(place, content),
    })]
}
