//! What makes Excel offer to repair a workbook is never in one that the tool writes: names, merges,
//! filters, links, formulas, styles and parts are as the file format and Excel's own limits
//! require. And what the overview says, it computes.

mod common;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use common::package::{attributes, parts};
use tonghop::model::CellAddress;

/// Excel's limits.
const SHEET_NAME: usize = 31;
const LINKS: usize = 65_530;
const FORMULA: usize = 8_192;
const TEXT_IN_FORMULA: usize = 255;
const TEXT: usize = 32_767;
const VALIDATION: usize = 255;

type Block = (CellAddress, CellAddress);

/// The block of cells of a reference: `A1` or `A1:C3`.
fn block(reference: &str) -> Block {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let at = |text: &str| text.replace('$', "").parse().unwrap();
    (at(first), at(last))
}

fn overlap(a: Block, b: Block) -> bool {
    let rows = a.0.row <= b.1.row && b.0.row <= a.1.row;
    rows && a.0.column <= b.1.column && b.0.column <= a.1.column
}

/// Elements of a name, from their `<` to the next element of that name.
fn elements<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name} ");
    text.split(&start).skip(1).collect()
}

/// The opening tag of an element.
fn tag(element: &str) -> String {
    format!(" {}", element.split('>').next().unwrap())
}

fn one(element: &str, attribute: &str) -> String {
    attributes(&tag(element), attribute).remove(0)
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn sheets_are_named(told: &str, book: &str) {
    let sheets = book.split("</sheets>").next().unwrap();
    let names: Vec<String> = elements(sheets, "sheet")
        .iter()
        .map(|sheet| one(sheet, "name"))
        .collect();
    for name in &names {
        assert!((1..=SHEET_NAME).contains(&units(name)), "{told}: {name}");
        assert!(
            !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
            "{told}: {name}"
        );
        assert!(
            !name.starts_with('\'') && !name.ends_with('\''),
            "{told}: {name}"
        );
    }
    let different: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(different.len(), names.len(), "{told}: {names:?}");
    let mut defined = HashSet::new();
    for name in elements(book, "definedName") {
        let sheet = attributes(&tag(name), "localSheetId");
        assert!(defined.insert((one(name, "name"), sheet)), "{told}: {name}");
    }
}

fn cells_stand_in_order(told: &str, sheet: &str, styles: usize) {
    let mut last: Option<CellAddress> = None;
    for cell in elements(sheet, "c") {
        let at: CellAddress = one(cell, "r").parse().unwrap();
        let order = |at: &CellAddress| (at.row, at.column);
        assert!(
            last.is_none_or(|last| order(&last) < order(&at)),
            "{told}: {at}"
        );
        last = Some(at);
        for style in attributes(&tag(cell), "s") {
            assert!(style.parse::<usize>().unwrap() < styles, "{told}: {at}");
        }
        let formula = cell
            .split("<f>")
            .nth(1)
            .map(|f| f.split("</f>").next().unwrap());
        if let Some(formula) = formula {
            let formula = formula.replace("&quot;", "\"").replace("&amp;", "&");
            assert!(units(&formula) < FORMULA, "{told}: {at}");
            let texts = formula.split('"').skip(1).step_by(2);
            assert!(
                texts.map(units).all(|text| text <= TEXT_IN_FORMULA),
                "{told}: {at}"
            );
            assert!(!formula.contains("#REF!"), "{told}: {at}");
        }
    }
}

fn blocks_keep_apart(told: &str, sheet: &str) {
    let merged: Vec<Block> = elements(sheet, "mergeCell")
        .iter()
        .map(|merge| block(&one(merge, "ref")))
        .collect();
    for (index, merge) in merged.iter().enumerate() {
        let others = &merged[index + 1..];
        assert!(
            !others.iter().any(|other| overlap(*merge, *other)),
            "{told}: {merge:?}"
        );
    }
    let filters = elements(sheet, "autoFilter");
    assert!(filters.len() <= 1, "{told}");
    for filter in filters {
        let (first, last) = block(&one(filter, "ref"));
        let body = (CellAddress::new(first.row + 1, first.column), last);
        assert!(
            !merged.iter().any(|merge| overlap(*merge, body)),
            "{told}: filter over merges"
        );
    }
    let links = elements(sheet, "hyperlink");
    assert!(links.len() <= LINKS, "{told}");
    let places: HashSet<String> = links.iter().map(|link| one(link, "ref")).collect();
    assert_eq!(places.len(), links.len(), "{told}: two links in one cell");
    for link in links {
        let tip = attributes(&tag(link), "tooltip");
        assert!(tip.iter().all(|tip| units(tip) <= 255), "{told}");
    }
    for validation in elements(sheet, "dataValidation") {
        for (name, most) in [
            ("prompt", VALIDATION),
            ("error", VALIDATION),
            ("promptTitle", 32),
        ] {
            let texts = attributes(&tag(validation), name);
            assert!(
                texts.iter().all(|text| units(text) <= most),
                "{told}: {name}"
            );
        }
    }
}

/// Every relation leads to a part, and every part has a type.
fn parts_are_declared(told: &str, parts: &HashMap<String, String>) {
    let types = &parts["[Content_Types].xml"];
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml") {
        let ending = name.rsplit('.').next().unwrap();
        let known = types.contains(&format!("PartName=\"/{name}\""))
            || types.contains(&format!("Extension=\"{ending}\""));
        assert!(known, "{told}: {name} has no type");
    }
    for (name, text) in parts.iter().filter(|(name, _)| name.ends_with(".rels")) {
        let folder = Path::new(name).parent().unwrap().parent().unwrap();
        let mut ids = HashSet::new();
        for relation in elements(text, "Relationship") {
            assert!(ids.insert(one(relation, "Id")), "{told}: {name}");
            if tag(relation).contains("External") {
                continue;
            }
            let target = one(relation, "Target");
            let mut path = PathBuf::new();
            for step in folder.join(target.trim_start_matches('/')).components() {
                match step.as_os_str().to_str().unwrap() {
                    ".." => assert!(path.pop()),
                    step => path.push(step),
                }
            }
            let absolute = target.trim_start_matches('/').to_owned();
            let found = parts.contains_key(path.to_str().unwrap()) || parts.contains_key(&absolute);
            assert!(found, "{told}: {name} leads to {target}");
        }
    }
}

fn check(told: &str, workbook: &Path) {
    let parts = parts(workbook);
    parts_are_declared(told, &parts);
    for (name, text) in &parts {
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{told}: {name}: {error}"),
            }
        }
    }
    sheets_are_named(told, &parts["xl/workbook.xml"]);
    let styles = &parts["xl/styles.xml"];
    let counted = |list: &str| -> usize {
        elements(styles, list)
            .first()
            .map_or(0, |list| one(list, "count").parse().unwrap())
    };
    let (cell_styles, conditional) = (counted("cellXfs"), counted("dxfs"));
    if let Some(texts) = parts.get("xl/sharedStrings.xml") {
        let longest = texts.split("<si>").map(units).max();
        assert!(longest.is_some_and(|longest| longest < TEXT), "{told}");
    }
    let mut sheets = 0;
    let is_sheet = |name: &str| name.starts_with("xl/worksheets/sheet");
    for (name, sheet) in parts.iter().filter(|(name, _)| is_sheet(name)) {
        let told = format!("{told}, {name}");
        cells_stand_in_order(&told, sheet, cell_styles);
        blocks_keep_apart(&told, sheet);
        for rule in elements(sheet, "cfRule") {
            for style in attributes(&tag(rule), "dxfId") {
                assert!(style.parse::<usize>().unwrap() < conditional, "{told}");
            }
        }
        sheets += 1;
    }
    let listed = elements(&parts["xl/workbook.xml"], "sheet").len();
    assert!(sheets > 0 && sheets == listed, "{told}: {sheets} {listed}");
    println!("{told}: {sheets} sheets");
}

/// Every figure and count of the overview is a formula.
fn overview_is_live(told: &str, workbook: &Path) {
    let mut book: Xlsx<_> = open_workbook(workbook).unwrap();
    let formulas = book.worksheet_formula("Tổng quan").unwrap();
    let values = book.worksheet_range("Tổng quan").unwrap();
    let text = |row: u32, column: u32| -> String {
        let value = values.get_value((row, column));
        value.map(ToString::to_string).unwrap_or_default()
    };
    let mut live = 0;
    let (rows, columns) = values.end().unwrap();
    for (row, column) in (0..=rows).flat_map(|row| (2..=columns).map(move |c| (row, c))) {
        if !matches!(values.get_value((row, column)), Some(Data::Float(_))) {
            continue;
        }
        // The list shows no form for what is about a whole file, so no formula could count it.
        let of_file = text(row, 1).contains('-') && text(row, 4).is_empty();
        let formula = formulas.get_value((row, column));
        let is_live = formula.is_some_and(|formula| !formula.is_empty());
        assert!(
            is_live || of_file,
            "{told}: {} {}",
            text(row, 0),
            text(row, 1)
        );
        live += u32::from(is_live);
    }
    assert!(live > 40, "{told}: only {live} formulas");
}

#[test]
fn excel_finds_nothing_to_repair_and_the_overview_is_live() {
    let folder = tempfile::tempdir().unwrap();
    for name in common::CAMPAIGNS {
        for (state, wanted) in [("all rounds", ""), ("round one", "dot-2")] {
            let campaign = folder.path().join(name).join(state);
            let late = |path: &Path| !wanted.is_empty() && path.to_string_lossy().contains(wanted);
            common::copy(name, &campaign, |path| !late(path));
            let status = Command::new(env!("CARGO_BIN_EXE_tonghop"))
                .arg("consolidate")
                .arg(&campaign)
                .output()
                .unwrap()
                .status;
            assert!(matches!(status.code(), Some(0 | 1)), "{status}");
            for workbook in ["tong-hop.xlsx", "phu-luc.xlsx"] {
                let told = format!("{name}, {state}, {workbook}");
                check(&told, &campaign.join("out").join(workbook));
            }
            let told = format!("{name}, {state}");
            overview_is_live(&told, &campaign.join("out/tong-hop.xlsx"));
        }
    }
}
