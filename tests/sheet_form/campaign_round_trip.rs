//! From a campaign's text into a workbook and back, through other programs, and on to the next period.

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::campaign::{Campaign, Clock};
use tonghop::commands::{campaign_into_excel, forms_to_excel, next};
use tonghop::schema::campaign::CampaignFile;
use tonghop::sheet_form::campaign::read_campaign;
use tonghop::sheet_form::lay_campaign::lay_campaign;
use tonghop::sheet_form::same::differences;
use tonghop::text::list::List;
use tonghop::workbook::{Limits, workbook_from_bytes};
use tonghop::write::{CampaignWorkbook, campaign_workbook_bytes};

use crate::round_trip::saved;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn clock() -> Clock {
    Clock::fixed("2025-10-06T08:05:11+07:00").unwrap()
}

/// What a workbook does not say as a text does.
fn lost(text: &str, bytes: &[u8]) -> Vec<String> {
    let workbook = workbook_from_bytes("", bytes, &Limits::default()).unwrap();
    let back = read_campaign(&workbook).unwrap();
    let mistakes = back.mistakes.iter();
    let mut lost: Vec<String> = mistakes.map(|one| one.message.vi.clone()).collect();
    lost.extend(differences(text, &back.toml).unwrap());
    lost
}

#[test]
fn no_campaign_of_the_repository_loses_anything_in_a_workbook() {
    let folders =
        ["src", "samples", "tests"].map(|folder| walkdir::WalkDir::new(root().join(folder)));
    let files = folders.into_iter().flatten().filter_map(Result::ok);
    let files = files.filter(|file| file.file_name() == "campaign.toml");
    let (mut tried, mut told) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(file.path()).unwrap();
        let text = text.replace("@KY@", "2025-09");
        if toml::from_str::<CampaignFile>(&text).is_err() {
            continue;
        }
        let laid = lay_campaign(&text).unwrap();
        let input = CampaignWorkbook {
            title: "",
            laid: &laid,
            units: &List::default(),
            kinds: &["xa", "so"],
        };
        let bytes = campaign_workbook_bytes(&input, chrono::NaiveDateTime::default()).unwrap();
        let lost = lost(&text, &bytes);
        if !lost.is_empty() {
            told.push(format!("{}: {}", file.path().display(), lost.join("; ")));
        }
        tried += 1;
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(tried >= 15, "only {tried} campaigns");
}

/// Everything a campaign file may say, most of it without a column of its own.
const RARE: &str = r#"
name = "q3"
title = "Quý \"III\""
period = "2025-Q3"
made_of = "months"
previous = "2025-Q1"
history = "../kho"
parent_office = "Ủy ban\nnhân dân"
office = "Sở"
place = "Cần Thơ"
deadline = "2025-10-10"
contact = "Bà Lan, 0292"
chart = [{ value = "a!b", title = "x, y", top = 3 }, { value = "a!c" }]
[checks]
size = { factor = 2, least = 1000 }
[[kind]]
id = "xa"
name = "Xã"
above = "UBND"
[[form]]
id = "a"
path = "../a.toml"
units = ["01", "02"]
[[form]]
id = "b"
kinds = []
[[figure]]
id = "A01"
label = " có khoảng trắng "
value = "a!b / a!c * 100"
decimals = 2
rounding = "truncate"
[[appendix]]
title = "PL"
sheet = "PL1"
form = "a"
list = "rows"
columns = ["b", "ty"]
where = 'ten = "x"'
order = "-b"
top = 5
divide = 1000
decimals = 1
by_group = true
notes = ["Một;", "Hai"]
signature = ["KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", ""]
orientation = "landscape"
headers = { b = "Tên, dài" }
computed.ty = { value = "b / c", header = "Tỷ lệ", decimals = 2 }
[[control]]
id = "k1"
cell = "a!b"
value = 53.22
tolerance = "0.123456789012345678"
source = "HT"
severity = "warning"
[[control]]
id = "k2"
path = "so.csv"
[[accept]]
unit = "01"
rule = "r"
reason = "vì"
by = "A"
on = "2025-10-01"
[[rule_off]]
form = "a"
rule = "r"
reason = "vì"
by = "A"
on = "2025-10-01"
"#;

#[test]
fn what_has_no_column_of_its_own_survives_a_workbook_too() {
    toml::from_str::<CampaignFile>(RARE).unwrap();
    let laid = lay_campaign(RARE).unwrap();
    let input = CampaignWorkbook {
        title: "",
        laid: &laid,
        units: &List::default(),
        kinds: &["xa"],
    };
    let bytes = campaign_workbook_bytes(&input, chrono::NaiveDateTime::default()).unwrap();
    assert_eq!(lost(RARE, &bytes), Vec::<String>::new());
}

#[test]
fn a_campaign_reads_the_same_after_openpyxl_and_libreoffice_have_saved_it() {
    let folder = tempfile::tempdir().unwrap();
    let sample = root().join("samples/vinh-long-2025-09");
    let text = fs::read_to_string(sample.join("campaign.toml")).unwrap();
    let files = forms_to_excel(std::slice::from_ref(&sample), folder.path(), &clock()).unwrap();
    for (peer, bytes) in saved(folder.path(), &files[0]) {
        assert_eq!(lost(&text, &bytes), Vec::<String>::new(), "{peer:?}");
        let copy = folder.path().join(format!("{peer:?}"));
        copied(&sample, &copy);
        for old in ["campaign.toml", "roster.csv"] {
            fs::remove_file(copy.join(old)).unwrap();
        }
        fs::write(copy.join("campaign.xlsx"), &bytes).unwrap();
        let (one, other) = (
            Campaign::load(&sample).unwrap(),
            Campaign::load(&copy).unwrap(),
        );
        assert_eq!(one.roster.units, other.roster.units, "{peer:?}");
    }
}

fn copied(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from)
        .into_iter()
        .filter_map(Result::ok)
    {
        let to = to.join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(to).unwrap(),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

#[test]
fn the_next_period_carries_a_campaigns_workbook_on() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("2025-09");
    copied(&root().join("samples/vinh-long-2025-09"), &old);
    let text = fs::read_to_string(old.join("campaign.toml")).unwrap();
    campaign_into_excel(&old, &clock()).unwrap();
    assert!(!old.join("campaign.toml").exists() && !old.join("roster.csv").exists());
    let from = Campaign::load(&old).unwrap();
    let made = next(&old, "2025-10".parse().unwrap(), None).unwrap();
    assert_eq!(made.folder, folder.path().join("2025-10"));
    assert_eq!(made.left_out, [("control", 1)]);
    let (file, was) = (&made.campaign.file, &from.file);
    assert_eq!(file.period.to_string(), "2025-10");
    assert_eq!(file.deadline.is_some(), was.deadline.is_some());
    assert_eq!(made.campaign.roster.units, from.roster.units);
    let bytes = fs::read(made.folder.join("campaign.xlsx")).unwrap();
    let changed = [
        "name", "title", "period", "history", "deadline", "control", "previous",
    ];
    for path in lost(&text, &bytes) {
        let key = path.trim_start_matches('.').split('.').next().unwrap();
        assert!(changed.contains(&key), "{path}");
    }
    // Nothing else of the workbook has changed.
    let was = fs::read(old.join("campaign.xlsx")).unwrap();
    let mut differ: Vec<String> = Vec::new();
    let [mut one, mut other] =
        [was, bytes].map(|bytes| zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap());
    for index in 0..one.len() {
        let read = |archive: &mut zip::ZipArchive<std::io::Cursor<Vec<u8>>>, name: &str| {
            let mut text = Vec::new();
            std::io::copy(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let name = one.by_index(index).unwrap().name().unwrap().into_owned();
        if read(&mut one, &name) != read(&mut other, &name) {
            differ.push(name);
        }
    }
    assert_eq!(
        differ,
        ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet6.xml"]
    );
}
