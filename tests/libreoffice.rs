//! A hard recalculation in LibreOffice gives every numeric cell the value the workbook was written
//! with. Where LibreOffice (`soffice`) is missing the test is skipped, or fails under
//! `TONGHOP_REQUIRE_PEERS`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};

use common::peers::Peer;

/// LibreOffice with a profile of its own that always recalculates what it loads.
struct Office {
    profile: tempfile::TempDir,
}

const ALWAYS_RECALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

impl Office {
    fn new() -> Option<Office> {
        if !Peer::LibreOffice.found() {
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        fs::create_dir_all(profile.path().join("user")).unwrap();
        fs::write(
            profile.path().join("user/registrymodifications.xcu"),
            ALWAYS_RECALCULATE,
        )
        .unwrap();
        Some(Office { profile })
    }

    /// Loads, recalculates and saves a workbook; the result is in `to`.
    fn recalculate(&self, workbook: &Path, to: &Path) -> PathBuf {
        let output = Command::new("soffice")
            .arg(format!(
                "-env:UserInstallation=file://{}",
                self.profile.path().display()
            ))
            .args([
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
            ])
            .arg(to)
            .arg(workbook)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        to.join(workbook.file_name().unwrap())
    }
}

/// Consolidates a sample into `out`: all it received, or the first round alone, when units are
/// missing, forms are returned and totals are provisional.
fn consolidate(name: &str, campaign: &Path, all: bool, out: &Path) {
    let wanted = |path: &Path| all || !path.to_string_lossy().contains("dot-2");
    common::copy(name, campaign, wanted);
    let status = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg("consolidate")
        .arg(campaign)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
        .status;
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
}

/// How many sheets a workbook has.
fn sheets(path: &Path) -> usize {
    let workbook: Xlsx<_> = open_workbook(path).unwrap();
    workbook.sheet_names().len()
}

/// Every numeric cell: sheet, place, value.
fn numbers(path: &Path) -> Vec<(String, u32, u32, f64)> {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let mut found = Vec::new();
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            let value = match cell {
                Data::Float(value) => *value,
                Data::Int(value) => value.to_string().parse().unwrap(),
                _ => continue,
            };
            let row = top + u32::try_from(row).unwrap();
            let column = left + u32::try_from(column).unwrap();
            found.push((sheet.clone(), row, column, value));
        }
    }
    found
}

/// Rewrites all cached results of a workbook, to prove that the recalculation is one; how many.
fn spoil(from: &Path, to: &Path) -> usize {
    let mut archive = zip::ZipArchive::new(fs::File::open(from).unwrap()).unwrap();
    let mut writer = zip::ZipWriter::new(fs::File::create(to).unwrap());
    let mut spoiled = 0;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(bytes).unwrap();
            spoiled += text.matches("</f><v>").count();
            bytes = text.replace("</f><v>", "</f><v>4").into_bytes();
        }
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut writer, &bytes).unwrap();
    }
    writer.finish().unwrap();
    spoiled
}

#[test]
fn recalculated_values_are_the_written_ones() {
    let Some(office) = Office::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, all) in common::CAMPAIGNS
        .map(|name| [(name, true), (name, false)])
        .concat()
    {
        let state = if all { "all rounds" } else { "round one" };
        let out = folder.path().join(name).join(state);
        consolidate(
            name,
            &folder.path().join("campaign").join(name).join(state),
            all,
            &out,
        );
        for workbook in ["tong-hop.xlsx", "phu-luc.xlsx"] {
            let told = format!("{name}, {state}, {workbook}");
            let written = numbers(&out.join(workbook));
            let spoiled = folder.path().join(workbook);
            // The appendix of the only unit has no total as long as it is returned.
            if spoil(&out.join(workbook), &spoiled) == 0 {
                assert!(!all && workbook == "phu-luc.xlsx", "{told}: no formula");
                println!("{told}: no formula");
                continue;
            }
            assert_ne!(numbers(&spoiled), written, "{told}");
            let back = office.recalculate(&spoiled, &folder.path().join("back"));
            let recalculated = numbers(&back);
            assert_eq!(sheets(&back), sheets(&out.join(workbook)), "{told}");
            for (was, is) in written.iter().zip(&recalculated) {
                assert_eq!((&was.0, was.1, was.2), (&is.0, is.1, is.2), "{told}");
                assert!((was.3 - is.3).abs() < 1e-9, "{told}: {was:?} {is:?}");
            }
            assert_eq!(recalculated.len(), written.len(), "{told}");
            println!("{told}: {} numeric cells agree", written.len());
        }
    }
}
