//! Blanks that are saved as Excel 97-2003: their formulas are stored as tokens.

use std::process::Command;

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use tonghop::compile::{Blank, Compiled, compile};
use tonghop::workbook::Limits;

use crate::peers::Peer;

/// A table with formulas of all kinds, and a second sheet that takes its figures from it.
fn blank() -> Vec<u8> {
    let mut book = Workbook::new();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    let page = book.add_worksheet().set_name("Chi tiết").unwrap();
    page.write(0, 0, "SỐ HỘ NGHÈO").unwrap();
    let heads = ["STT", "Thôn", "Số hộ", "Nghèo", "Cận nghèo", "Tỷ lệ (%)"];
    for (column, text) in (0..).zip(heads) {
        page.write_with_format(2, column, text, &ruled).unwrap();
    }
    for (row, name) in (3..).zip(["Thôn Đông", "Thôn Tây", "Thôn Nam"]) {
        let at = row + 1;
        page.write_with_format(row, 0, row - 2, &ruled).unwrap();
        page.write_with_format(row, 1, name, &ruled).unwrap();
        page.write_blank(row, 2, &ruled).unwrap();
        page.write_blank(row, 3, &ruled).unwrap();
        let rest = format!("=C{at}-D{at}");
        let share = format!("=IFERROR(ROUND((D{at}+E{at})/C{at}*100,1),\"\")");
        page.write_formula_with_format(row, 4, rest.as_str(), &ruled)
            .unwrap();
        page.write_formula_with_format(row, 5, share.as_str(), &ruled)
            .unwrap();
    }
    page.write_with_format(6, 1, "Tổng cộng", &ruled).unwrap();
    for (column, letter) in (2..).zip(["C", "D", "E"]) {
        let sum = format!("=SUBTOTAL(9,{letter}4:{letter}6)");
        page.write_formula_with_format(6, column, sum.as_str(), &ruled)
            .unwrap();
    }
    let page = book.add_worksheet().set_name("Chung").unwrap();
    page.write(0, 0, "TỔNG HỢP CHUNG").unwrap();
    for (column, text) in (0..).zip(["STT", "Nội dung", "Số liệu"]) {
        page.write_with_format(2, column, text, &ruled).unwrap();
    }
    let rows = [
        ("Số hộ", "='Chi tiết'!C7"),
        ("Số hộ nghèo", "='Chi tiết'!D7"),
    ];
    for (row, (name, formula)) in (3..).zip(rows) {
        page.write_with_format(row, 0, row - 2, &ruled).unwrap();
        page.write_with_format(row, 1, name, &ruled).unwrap();
        page.write_formula_with_format(row, 2, formula, &ruled)
            .unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn rules(name: &str, bytes: &[u8]) -> Vec<String> {
    let blank = Blank {
        name,
        bytes,
        aside: &[],
    };
    let Compiled { forms, asked, .. } = compile(&[blank], &Limits::default()).unwrap();
    assert!(asked.is_empty(), "{name}: {asked:?}");
    let rules = forms.iter().flat_map(|form| &form.rules);
    let mut rules: Vec<String> = rules.map(|rule| rule.text.clone()).collect();
    rules.sort();
    rules
}

#[test]
fn formulas_of_old_files_are_the_rules_that_those_of_new_ones_are() {
    if !Peer::LibreOffice.found() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bieu.xlsx");
    std::fs::write(&file, blank()).unwrap();
    let profile = folder.path().join("profile");
    let office = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--norestore", "--convert-to"])
        .args(["xls:MS Excel 97", "--outdir"])
        .arg(folder.path())
        .arg(&file)
        .output()
        .unwrap();
    assert!(office.status.success(), "{office:?}");
    let old = std::fs::read(folder.path().join("bieu.xls")).unwrap();
    let new = rules("bieu.xlsx", &blank());
    assert!(new.len() >= 5, "{new:?}");
    assert_eq!(rules("bieu.xls", &old), new);
}

#[test]
fn a_formula_of_an_old_file_that_differs_from_its_column_is_asked_about() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path.join("tests/data/formats/mau.xls")).unwrap();
    let compiled = crate::kinds::compiled(&bytes);
    let asked: Vec<String> = compiled
        .asked
        .iter()
        .map(|(words, _)| format!("{} {}", words.cell, words.words))
        .collect();
    assert_eq!(asked, ["E9 =C9/C8"]);
}
