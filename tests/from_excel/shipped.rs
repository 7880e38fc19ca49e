//! The shipped forms from their own templates, of which only what a person sees is left: columns,
//! rows, types and rules are those of the form file, but for what the sheet does not say.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use tonghop::compile::{Blank, Compiled, CompiledRule, compile};
use tonghop::schema::{Form, Indicator};
use tonghop::workbook::Limits;

use crate::cli::tonghop;
use crate::peers::{Peer, python};

/// Takes out of a workbook what nobody sees: hidden sheets, names, and what the library drops.
const STRIP: &str = r"
import sys
from openpyxl import load_workbook
book = load_workbook(sys.argv[1])
for sheet in list(book):
    if sheet.sheet_state != 'visible':
        book.remove(sheet)
book.defined_names = type(book.defined_names)()
for sheet in book:
    getattr(sheet, 'defined_names', {}).clear()
    sheet._print_area = None
    sheet.print_title_rows = sheet.print_title_cols = None
book.save(sys.argv[2])
";

#[test]
fn shipped_forms_come_back_from_what_their_templates_show() {
    if !Peer::Openpyxl.found() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let compiled = stripped(root.path());
    assert_eq!(compiled.forms.len(), RULES.len());
    let mut told = Vec::new();
    for ((id, rules), own) in RULES.iter().zip(&compiled.forms) {
        let path = format!("schemas/{id}.toml");
        let form = Form::parse(&path, &fs::read_to_string(&path).unwrap()).unwrap();
        let again = Form::parse(&own.id, &own.toml).unwrap();
        told.extend(
            layout(&form, &again)
                .into_iter()
                .map(|one| format!("{id}: {one}")),
        );
        told.extend(
            missing(&form, &again, rules, &own.rules)
                .into_iter()
                .map(|one| format!("{id}: {one}")),
        );
    }
    let asked = compiled
        .asked
        .iter()
        .map(|(words, why)| format!("asked: {words:?} {why:?}"));
    told.extend(asked);
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Where columns, rows, types and decimals differ.
fn layout(form: &Form, again: &Form) -> Vec<String> {
    let mut told = Vec::new();
    let ids = |all: &[Indicator]| {
        all.iter()
            .map(|one| one.label.path().join(" › "))
            .collect::<Vec<_>>()
    };
    for (own, other) in [
        (&form.file.columns, &again.file.columns),
        (&form.file.rows, &again.file.rows),
    ] {
        if ids(own) != ids(other) {
            told.push(format!("{:?} against {:?}", ids(own), ids(other)));
        }
        for (own, other) in own.iter().zip(other) {
            // A unit of measure is shown above the table or in a column, or nowhere.
            let unit = |of: &Form, one: &Indicator| {
                let unit = one.unit.as_ref().or(of.file.unit.as_ref());
                unit.map(|unit| unit.to_lowercase())
            };
            let shown = form.file.layout.unit_column.is_some() || again.file.unit.is_some();
            if own.heading != other.heading || shown && unit(form, own) != unit(again, other) {
                told.push(format!("{:?} against {:?}", own.id, other.id));
            }
        }
    }
    let rows: Vec<Option<usize>> = match form.is_free() {
        true => vec![None],
        false => (0..form.file.rows.len()).map(Some).collect(),
    };
    for row in rows {
        for column in 0..form.file.columns.len() {
            let kind = |of: &Form| {
                of.field(row, column)
                    .map(|field| (field.kind, field.decimals))
            };
            if kind(form) != kind(again) {
                let name = &form.file.columns[column].id;
                told.push(format!(
                    "{row:?} {}: {:?} against {:?}",
                    name.get_ref(),
                    kind(form),
                    kind(again)
                ));
            }
        }
    }
    told
}

/// Rules that are not accounted for, missed or invented; compiled ones in the names of the form file.
fn missing(form: &Form, again: &Form, wanted: &[Said], own: &[CompiledRule]) -> Vec<String> {
    let pairs = |one: &[Indicator], other: &[Indicator]| -> Vec<(String, String)> {
        let both = one.iter().zip(other);
        both.map(|(one, other)| (other.id.get_ref().clone(), one.id.get_ref().clone()))
            .collect()
    };
    let names: HashMap<String, String> = pairs(&form.file.columns, &again.file.columns)
        .into_iter()
        .chain(pairs(&form.file.rows, &again.file.rows))
        .collect();
    let renamed = |text: &str| {
        let mut out = String::new();
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            out += names.get(&word).unwrap_or(&word);
            word.clear();
            out.push(c);
        }
        out.trim_end().to_owned()
    };
    let mut found: Vec<(String, Vec<String>)> = own
        .iter()
        .map(|rule| {
            let at = rule.at.iter().flatten().map(|id| renamed(id));
            (renamed(&rule.text), at.collect())
        })
        .collect();
    let mut told = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for said in wanted {
        let (id, text, at) = match said {
            As(id, text, at) => (id, text, at),
            Not(id, why) => {
                assert!(!why.is_empty());
                known.insert(id);
                continue;
            }
        };
        known.insert(id);
        match found
            .iter()
            .position(|(own, places)| own == text && places == at)
        {
            Some(place) => drop(found.remove(place)),
            None => told.push(format!("missed {id}: {text}")),
        }
    }
    let unknown = form.rules.iter().filter(|rule| !known.contains(&*rule.id));
    told.extend(unknown.map(|rule| format!("not accounted for: {}", rule.id)));
    told.extend(found.iter().map(|rule| format!("invented {rule:?}")));
    told
}

fn stripped(root: &Path) -> Compiled {
    let run = |arguments: &[&str]| assert_eq!(tonghop(root, arguments).code, 0);
    run(&["new", "dot", "--empty", "--period", "2025-09"]);
    let dot = root.join("dot");
    let mut text = "name = \"dot\"\ntitle = \"Báo cáo tháng 9 năm 2025\"\nperiod = \"2025-09\"\n\
                    office = \"Sở A\"\nplace = \"Vĩnh Long\"\n"
        .to_owned();
    for kind in ["xa", "phuong", "so"] {
        text.push_str(&format!("[[kind]]\nid = \"{kind}\"\nname = \"{kind}\"\n"));
    }
    for (id, _) in RULES {
        fs::copy(
            format!("schemas/{id}.toml"),
            dot.join(format!("schemas/{id}.toml")),
        )
        .unwrap();
        text.push_str(&format!("[[form]]\nid = \"{id}\"\n"));
    }
    fs::write(dot.join("campaign.toml"), text).unwrap();
    run(&["template", "dot", "--blank", "--out", "mau"]);
    let bare = root.join("mau/trang.xlsx");
    python(
        Peer::Openpyxl,
        STRIP,
        &[&root.join("mau/mau-chung-2025-09.xlsx"), &bare],
    );
    let bytes = fs::read(bare).unwrap();
    let blank = Blank {
        name: "trang.xlsx",
        bytes: &bytes,
        aside: &[],
    };
    compile(&[blank], &Limits::default()).unwrap()
}

/// A rule of a form file, and what is compiled of its template in its own names; or why the sheet
/// does not say it.
enum Said {
    /// The rule, as compiled, with the rows or columns it is evaluated at if not all.
    As(&'static str, &'static str, &'static [&'static str]),
    /// Nothing on the sheet of the form says it in words or formulas that name its figures.
    Not(&'static str, &'static str),
}

use Said::{As, Not};

/// Shown on a live check alone, as a formula of an array, or not checked on one sheet.
const PREVIOUS: &str = "of the period before: the live check says that it cannot be checked here";
const WARNING: &str = "a warning: the live check says «Xem lại», which nobody must follow";
const MARKS: &str = "counts marks: the live check counts, no figure equals another";
const LINES: &str = "on rows that units add the live check is one formula over all of them";

const RULES: [(&str, &[Said]); 10] = [
    (
        "chu_ky_so",
        &[
            As(
                "ca-nhan-to-chuc-lech-tong",
                "tong = SUM(ca_nhan, to_chuc)",
                &[],
            ),
            As(
                "cuoi-ky-lech-dau-ky",
                "cuoi_ky = SUM(dau_ky, cap_moi) - thu_hoi",
                &[],
            ),
            Not("dau-ky-lech-so-da-bao-cao", PREVIOUS),
            Not("thay-doi-nhieu-hon-chu-ky-so-dang-co", WARNING),
        ],
    ),
    (
        "kh02",
        &[
            Not("so-tieu-chi-dat-lech-dau-x", MARKS),
            Not("dat-16-16-lech-so-tieu-chi", MARKS),
        ],
    ),
    (
        "kinh_phi",
        &[
            As(
                "tong-cong-lech",
                "nguon_von_dau_tu = SUM(nguon_von_dau_tu)",
                &[],
            ),
            As("tong-cong-lech", "su_nghiep = SUM(su_nghiep)", &[]),
            Not("hang-muc-khong-co-kinh-phi", LINES),
            Not("von-dau-tu-ghi-bang-dong", LINES),
            Not("kinh-phi-su-nghiep-ghi-bang-dong", LINES),
            Not("kinh-phi-su-nghiep-lon-bat-thuong", WARNING),
        ],
    ),
    (
        "nen_tang",
        &[
            Not("ten-mien-hien-co-lech-ky-truoc", PREVIOUS),
            As(
                "tram-bts-lech-tong",
                "bts_tong = SUM(bts_vinh_long:bts_tra_vinh)",
                &[],
            ),
        ],
    ),
    (
        "pakn",
        &[
            As(
                "tiep-nhan-lech-tong",
                "tiep_nhan = SUM(da_chuyen, tu_choi, khong_du_thong_tin)",
                &[],
            ),
            As(
                "da-chuyen-lech-tong",
                "da_chuyen = SUM(da_tra_loi:qua_han)",
                &[],
            ),
        ],
    ),
    (
        "tai_khoan",
        &[
            As(
                "luy-ke-lech-ky-truoc-va-trong-ky",
                "luy_ke = SUM(ky_truoc, trong_ky)",
                &[],
            ),
            Not("ky-truoc-lech-so-da-bao-cao", PREVIOUS),
        ],
    ),
    (
        "tthc",
        &[
            // What «Trong đó» says, and no rule of the form file: it follows from the sum.
            As("tiep-nhan-lech-tong", "truc_tuyen <= tong", &[]),
            As("tiep-nhan-lech-tong", "truc_tiep <= tong", &[]),
            As(
                "tiep-nhan-lech-tong",
                "tong = SUM(truc_tuyen:ky_truoc)",
                &[],
            ),
            As(
                "da-giai-quyet-lech-tong",
                "da_giai_quyet = SUM(truoc_han:da_qua_han)",
                &[],
            ),
            As(
                "dang-giai-quyet-lech-tong",
                "dang_giai_quyet = SUM(trong_han, dang_qua_han)",
                &[],
            ),
            As(
                "nhan-lech-da-va-dang-giai-quyet",
                "tong = SUM(da_giai_quyet, dang_giai_quyet)",
                &[],
            ),
            As(
                "tu-ky-truoc-lech-ky-truoc",
                "ky_truoc = PREV(dang_giai_quyet)",
                &[],
            ),
            As("tong-cong-lech", "tong = SUM(tong)", &[]),
            As("tong-cong-lech", "truc_tuyen = SUM(truc_tuyen)", &[]),
            As("tong-cong-lech", "truc_tiep = SUM(truc_tiep)", &[]),
            As("tong-cong-lech", "ky_truoc = SUM(ky_truoc)", &[]),
            As("tong-cong-lech", "da_giai_quyet = SUM(da_giai_quyet)", &[]),
            As("tong-cong-lech", "truoc_han = SUM(truoc_han)", &[]),
            As("tong-cong-lech", "dung_han = SUM(dung_han)", &[]),
            As("tong-cong-lech", "da_qua_han = SUM(da_qua_han)", &[]),
            As(
                "tong-cong-lech",
                "dang_giai_quyet = SUM(dang_giai_quyet)",
                &[],
            ),
            As("tong-cong-lech", "trong_han = SUM(trong_han)", &[]),
            As("tong-cong-lech", "dang_qua_han = SUM(dang_qua_han)", &[]),
        ],
    ),
    (
        "tthc_ky",
        &[
            As(
                "tiep-nhan-lech-tong",
                "tiep_nhan = SUM(truc_tiep, truc_tuyen)",
                &["trong_ky"],
            ),
            As(
                "lien-thong-lech-tong",
                "lien_thong = SUM(khai_sinh, khai_tu)",
                &["trong_ky"],
            ),
            As(
                "luy-ke-lech-ky-truoc-va-trong-ky",
                "luy_ke = SUM(ky_truoc, trong_ky)",
                &[],
            ),
            As(
                "ty-le-sai",
                "ty_le_truc_tuyen = ROUND(100 * truc_tuyen / SUM(truc_tiep, truc_tuyen), 2)",
                &[],
            ),
            Not("ky-truoc-lech-so-da-bao-cao", PREVIOUS),
            Not("truc-tuyen-lech-bieu-ii-06a", LINES),
            Not("truc-tiep-lech-bieu-ii-06a", LINES),
        ],
    ),
    (
        "van_ban",
        &[
            As("gui-nhan-lech-tong", "tong = SUM(gui, nhan)", &[]),
            As(
                "luy-ke-lech-ky-truoc-va-trong-ky",
                "luy_ke = SUM(ky_truoc, trong_ky)",
                &[],
            ),
            Not("ky-truoc-lech-so-da-bao-cao", PREVIOUS),
        ],
    ),
    (
        "van_hanh",
        &[
            As(
                "da-giai-quyet-nhieu-hon-tiep-nhan",
                "ho_so_da_giai_quyet <= ho_so_tiep_nhan",
                &[],
            ),
            As(
                "ty-le-sai",
                "ty_le_giai_quyet = ROUND(100 * ho_so_da_giai_quyet / ho_so_tiep_nhan, 2)",
                &[],
            ),
            Not("tin-chuyen-doi-so-nhieu-hon-tin-bai", WARNING),
            Not("tin-an-toan-nhieu-hon-tin-bai", WARNING),
            Not("co-tai-lieu-ma-khong-co-cuoc-hop", "under a condition"),
        ],
    ),
];
