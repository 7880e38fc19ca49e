//! Every link of the master workbook leads somewhere: inside it to a cell that is written, outside
//! it to a file that was received.

mod common;

use std::process::Command;

use common::package::{attributes, parts};

fn without_percents(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_of_the_master_workbook_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    for name in common::CAMPAIGNS {
        let campaign = folder.path().join(name);
        common::copy(name, &campaign, |_| true);
        let status = Command::new(env!("CARGO_BIN_EXE_tonghop"))
            .arg("consolidate")
            .arg(&campaign)
            .output()
            .unwrap()
            .status;
        assert!(matches!(status.code(), Some(0 | 1)), "{status}");
        let out = campaign.join("out");
        let parts = parts(&out.join("tong-hop.xlsx"));
        let book = parts["xl/workbook.xml"].split("<sheets>").nth(1);
        let sheets = attributes(book.unwrap().split("</sheets>").next().unwrap(), "name");
        let (mut inside, mut outside) = (0, 0);
        for number in 1..=sheets.len() {
            let text = &parts[&format!("xl/worksheets/sheet{number}.xml")];
            let links = text.split("<hyperlinks>").nth(1).unwrap_or_default();
            for link in links.split("<hyperlink ").skip(1) {
                let link = format!(" {link}");
                if link.contains(" r:id=") {
                    continue;
                }
                let target = attributes(&link, "location").remove(0);
                let (sheet, cell) = target.rsplit_once('!').unwrap();
                let sheet = sheet.trim_matches('\'').replace("''", "'");
                // A block of cells is what a total adds up.
                let cell = cell.split_once(':').map_or(cell, |(first, _)| first);
                let at = sheets.iter().position(|other| *other == sheet);
                let at = at.unwrap_or_else(|| panic!("{name}: no sheet for {target}")) + 1;
                let there = &parts[&format!("xl/worksheets/sheet{at}.xml")];
                let written = there.split(&format!("<c r=\"{cell}\"")).nth(1);
                let written = written.unwrap_or_else(|| panic!("{name}: nothing at {target}"));
                let written = written.split("<c ").next().unwrap();
                assert!(written.contains("<v>"), "{name}: blank at {target}");
                inside += 1;
            }
            let rels = format!("xl/worksheets/_rels/sheet{number}.xml.rels");
            let Some(rels) = parts.get(&rels) else {
                continue;
            };
            for link in rels.split("<Relationship ").skip(1) {
                let link = format!(" {link}");
                if !link.contains("TargetMode=\"External\"") {
                    continue;
                }
                let target = attributes(&link, "Target").remove(0);
                let file = target.split('#').next().unwrap();
                let file = without_percents(file.trim_start_matches("file:///"));
                assert!(out.join(&file).is_file(), "{name}: {target} leads nowhere");
                outside += 1;
            }
        }
        assert!(inside > 20 && outside > 0, "{name}: {inside} {outside}");
        println!("{name}: {inside} links inside, {outside} to files");
    }
}
