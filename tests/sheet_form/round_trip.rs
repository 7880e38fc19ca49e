//! From a form file into a workbook and back, and through other programs.

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::campaign::Clock;
use tonghop::commands::{forms_from_excel, forms_to_excel};
use tonghop::schema::Form;
use tonghop::sheet_form::lay::lay;
use tonghop::sheet_form::read;
use tonghop::sheet_form::same::{differences, read_back};
use tonghop::workbook::Limits;

use crate::peers::Peer;

/// Every form file of the repository that is one.
fn forms() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["schemas", "samples", "tests"].map(|folder| walkdir::WalkDir::new(root.join(folder)));
    let files = folders.into_iter().flatten().filter_map(Result::ok);
    let mut forms = Vec::new();
    for file in files.filter(|file| {
        file.path()
            .extension()
            .is_some_and(|ending| ending == "toml")
    }) {
        let text = fs::read_to_string(file.path()).unwrap();
        if text.contains("[layout]") && Form::parse("", &text).is_ok() {
            forms.push((file.path().to_owned(), text));
        }
    }
    assert!(forms.len() >= 30, "only {} forms", forms.len());
    forms
}

#[test]
fn no_form_of_the_repository_loses_anything_in_sheets() {
    let mut told = Vec::new();
    for (path, text) in forms() {
        let back = read_back(&lay(&text).unwrap());
        let mistakes = back.mistakes.iter().map(|one| one.message.vi.clone());
        let lost = differences(&text, &back.toml).unwrap();
        let all: Vec<String> = mistakes.chain(lost).collect();
        if !all.is_empty() {
            told.push(format!("{}: {}", path.display(), all.join("; ")));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn a_workbook_that_is_read_and_written_again_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed("2025-10-06T08:05:11+07:00").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let first: Vec<PathBuf> = ["tthc_ky", "van_hanh", "kh02"]
        .iter()
        .map(|id| root.join(format!("{id}.toml")))
        .collect();
    let once = forms_to_excel(&first, &folder.path().join("mot"), &clock).unwrap();
    let twice = forms_to_excel(&once, &folder.path().join("hai"), &clock).unwrap();
    for (one, other) in once.iter().zip(&twice) {
        assert!(
            fs::read(one).unwrap() == fs::read(other).unwrap(),
            "{}",
            one.display()
        );
    }
    let occupied = forms_to_excel(&first, &folder.path().join("mot"), &clock);
    assert!(occupied.unwrap_err().message().vi.contains("đã có tệp này"));
}

/// What a form workbook says after another program has opened and saved it.
fn saved_by(peer: Peer, arguments: &[&str], folder: &Path, file: &Path) -> Vec<u8> {
    let out = folder.join("luu");
    fs::create_dir_all(&out).unwrap();
    let mut command = std::process::Command::new(peer.program());
    command.args(arguments).current_dir(&out).arg(file);
    let done = command.output().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    fs::read(out.join(file.file_name().unwrap())).unwrap()
}

/// What a workbook says after each program that is there has opened and saved it.
pub fn saved(folder: &Path, file: &Path) -> Vec<(Peer, Vec<u8>)> {
    let save = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[1].rsplit('/')[-1])";
    let profile = format!("-env:UserInstallation=file://{}/lo", folder.display());
    let office = [
        &profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        ".",
    ];
    let programs: [(Peer, &[&str]); 2] = [
        (Peer::Openpyxl, &["-c", save]),
        (Peer::LibreOffice, &office),
    ];
    let there = programs.into_iter().filter(|(peer, _)| peer.found());
    there
        .map(|(peer, arguments)| (peer, saved_by(peer, arguments, folder, file)))
        .collect()
}

#[test]
fn a_form_reads_the_same_after_openpyxl_and_libreoffice_have_saved_it() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed("2025-10-06T08:05:11+07:00").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for id in ["tthc_ky", "kh02", "nen_tang"] {
        let form = root.join(format!("{id}.toml"));
        let text = fs::read_to_string(&form).unwrap();
        let files = forms_to_excel(&[form], folder.path(), &clock).unwrap();
        for (peer, bytes) in saved(folder.path(), &files[0]) {
            let back = read("", &bytes, &Limits::default()).unwrap();
            assert_eq!(back[0].mistakes, Vec::new(), "{id} {peer:?}");
            assert_eq!(
                differences(&text, &back[0].toml).unwrap(),
                Vec::<String>::new(),
                "{id} {peer:?}"
            );
        }
    }
}

#[test]
fn the_workbook_that_units_are_sent_stays_the_one_that_the_form_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let text = fs::read_to_string(root.join("pakn.toml")).unwrap();
    let named = text.replacen("\nsheet = ", "\ntemplate = \"mau/goc.xlsx\"\nsheet = ", 1);
    assert_ne!(named, text);
    let own = folder.path().join("pakn.toml");
    fs::write(&own, &named).unwrap();
    let clock = Clock::fixed("2025-10-06T08:05:11+07:00").unwrap();
    let sheets = folder.path().join("sheets");
    forms_to_excel(&[own], &sheets, &clock).unwrap();
    let back = folder.path().join("back");
    forms_from_excel(&[sheets.join("pakn.xlsx")], Some(&back), None).unwrap();
    let back = fs::read_to_string(back.join("pakn.toml")).unwrap();
    assert!(back.contains("template = \"mau/goc.xlsx\""), "{back}");
}
