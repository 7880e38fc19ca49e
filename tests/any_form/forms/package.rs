//! A workbook's package as zip entries of XML text: cells found by defined names and addresses,
//! and put in by editing the text. Shares nothing with the product's reader and writer.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What is put into a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Put {
    /// A number, in digits.
    Number(String),
    /// Words.
    Text(String),
    /// Nothing.
    Blank,
    /// The result of the formula there.
    Result(String),
    /// The formula there shows nothing.
    NoResult,
}

/// A workbook being edited.
#[derive(Clone)]
pub struct Package {
    entries: Vec<(String, Vec<u8>)>,
    /// Part of each sheet, by its name.
    sheets: HashMap<String, String>,
    /// Sheet and first and last cell of each defined name.
    names: BTreeMap<String, (String, String, String)>,
    strings: Vec<String>,
}

/// A cell as it is in the package.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    pub formula: Option<String>,
    /// The stored value; of words the words.
    pub value: Option<String>,
    /// Are these words?
    pub is_text: bool,
}

impl Package {
    /// Opens a workbook.
    pub fn open(path: &Path) -> Package {
        let file = File::open(path).expect("the workbook is there");
        let mut archive = ZipArchive::new(file).expect("it is a zip file");
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).expect("the entry is there");
            let name = entry.name().expect("its name is a path").into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("it can be unpacked");
            entries.push((name, bytes));
        }
        let mut package = Package {
            entries,
            sheets: HashMap::new(),
            names: BTreeMap::new(),
            strings: Vec::new(),
        };
        package.index();
        package
    }

    fn part(&self, name: &str) -> &str {
        let entry = self.entries.iter().find(|(other, _)| other == name);
        let bytes = entry.map_or(&[][..], |(_, bytes)| bytes);
        std::str::from_utf8(bytes).expect("parts are UTF-8")
    }

    fn index(&mut self) {
        let workbook = self.part("xl/workbook.xml").to_owned();
        let relations = self.part("xl/_rels/workbook.xml.rels").to_owned();
        let mut targets = HashMap::new();
        for element in relations.split("<Relationship ").skip(1) {
            let target = attribute(element, "Target")
                .trim_start_matches("/xl/")
                .to_owned();
            targets.insert(attribute(element, "Id"), format!("xl/{target}"));
        }
        for element in workbook.split("<sheet ").skip(1) {
            let part = targets.get(&attribute(element, "r:id")).cloned();
            self.sheets
                .insert(attribute(element, "name"), part.unwrap_or_default());
        }
        for element in workbook.split("<definedName ").skip(1) {
            let (head, rest) = element.split_once('>').unwrap_or_default();
            let text = unescaped(rest.split('<').next().unwrap_or_default());
            let Some((sheet, cells)) = text.rsplit_once('!') else {
                continue;
            };
            let cells = cells.replace('$', "");
            let (first, last) = cells.split_once(':').unwrap_or((&cells, &cells));
            let sheet = sheet.trim_matches('\'').replace("''", "'");
            self.names.insert(
                attribute(head, "name"),
                (sheet, first.to_owned(), last.to_owned()),
            );
        }
        let strings = self.part("xl/sharedStrings.xml").to_owned();
        self.strings = strings
            .split("<si>")
            .skip(1)
            .map(|item| words(item.split("</si>").next().unwrap_or_default()))
            .collect();
    }

    /// Where a defined name is: sheet, first and last cell.
    pub fn name(&self, name: &str) -> Option<&(String, String, String)> {
        self.names.get(name)
    }

    /// Every defined name.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.names.keys()
    }

    /// Names of the sheets.
    pub fn sheets(&self) -> impl Iterator<Item = &String> {
        self.sheets.keys()
    }

    /// Every cell of a sheet that is written, by its address.
    pub fn cells(&self, sheet: &str) -> HashMap<String, Cell> {
        let part = self.sheets.get(sheet).expect("the sheet is there");
        let text = self.part(part);
        let mut cells = HashMap::new();
        for piece in Pieces(text) {
            if let Piece::Cell { address, xml } = piece {
                cells.insert(address.to_owned(), self.cell(xml));
            }
        }
        cells
    }

    fn cell(&self, xml: &str) -> Cell {
        let between = |start: &str, end: &str| {
            let rest = &xml[xml.find(start)? + start.len()..];
            Some(unescaped(&rest[..rest.find(end)?]))
        };
        let head = xml.split('>').next().unwrap_or_default();
        let kind = attribute(head, "t");
        let stored = between("<v>", "</v>");
        let formula = between("<f>", "</f>").or_else(|| {
            let start = xml.find("<f ")?;
            let rest = &xml[start..];
            let body = &rest[rest.find('>')? + 1..];
            Some(unescaped(body.split("</f>").next().unwrap_or_default()))
        });
        let value = match kind.as_str() {
            "s" => stored
                .and_then(|index| index.parse::<usize>().ok())
                .and_then(|index| self.strings.get(index).cloned()),
            "inlineStr" => Some(words(xml)),
            _ => stored,
        };
        Cell {
            formula,
            value,
            is_text: matches!(kind.as_str(), "s" | "inlineStr" | "str"),
        }
    }

    /// Puts values into cells of a sheet; gives the addresses that the sheet does not have.
    pub fn put(&mut self, sheet: &str, cells: &BTreeMap<String, Put>) -> Vec<String> {
        let part = self.sheets.get(sheet).expect("the sheet is there").clone();
        let text = self.part(&part).to_owned();
        let mut out = String::with_capacity(text.len() + cells.len() * 40);
        let mut found = 0;
        for piece in Pieces(&text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Cell { address, xml } => match cells.get(address) {
                    None => out.push_str(xml),
                    Some(put) => {
                        found += 1;
                        out.push_str(&edited(xml, address, put));
                    }
                },
            }
        }
        let entry = self.entries.iter_mut().find(|(name, _)| *name == part);
        entry.expect("the part is there").1 = out.into_bytes();
        if found == cells.len() {
            return Vec::new();
        }
        let there = self.cells(sheet);
        let missing = cells.keys().filter(|address| !there.contains_key(*address));
        missing.cloned().collect()
    }

    /// Writes the workbook.
    pub fn save(&self, path: &Path) {
        let file = File::create(path).expect("the file can be made");
        let mut writer = ZipWriter::new(file);
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in &self.entries {
            writer
                .start_file(name.as_str(), options)
                .expect("an entry can be begun");
            writer.write_all(bytes).expect("an entry can be written");
        }
        writer.finish().expect("the package can be finished");
    }
}

/// A cell's XML with something else in it, its format kept.
fn edited(xml: &str, address: &str, put: &Put) -> String {
    let head = xml.split('>').next().unwrap_or_default();
    let style = match attribute(head, "s") {
        style if style.is_empty() => String::new(),
        style => format!(" s=\"{style}\""),
    };
    let formula = || {
        let start = xml.find("<f").expect("there is a formula to keep");
        let end = xml.find("</f>").expect("a formula ends") + "</f>".len();
        &xml[start..end]
    };
    let start = format!("<c r=\"{address}\"{style}");
    match put {
        Put::Number(digits) => format!("{start}><v>{digits}</v></c>"),
        Put::Text(text) => format!(
            "{start} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
            escaped(text)
        ),
        Put::Blank => format!("{start}/>"),
        Put::Result(digits) => format!("{start}>{}<v>{digits}</v></c>", formula()),
        Put::NoResult => format!("{start} t=\"str\">{}<v></v></c>", formula()),
    }
}

/// A sheet's XML in order: cells, and what is between them.
struct Pieces<'a>(&'a str);

enum Piece<'a> {
    Text(&'a str),
    Cell { address: &'a str, xml: &'a str },
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let text = self.0;
        if text.is_empty() {
            return None;
        }
        let cell = text.find("<c r=\"").unwrap_or(text.len());
        if cell > 0 {
            self.0 = &text[cell..];
            return Some(Piece::Text(&text[..cell]));
        }
        let head = text.find('>').expect("a tag ends");
        let end = match text[..head].ends_with('/') {
            true => head + 1,
            false => text.find("</c>").expect("a cell ends") + "</c>".len(),
        };
        self.0 = &text[end..];
        let xml = &text[..end];
        let address = &xml["<c r=\"".len()..];
        let address = &address[..address.find('"').expect("an attribute ends")];
        Some(Piece::Cell { address, xml })
    }
}

fn attribute(head: &str, name: &str) -> String {
    let head = head.split('>').next().unwrap_or_default();
    let start = format!("{name}=\"");
    let found = head
        .match_indices(&start)
        .find(|(at, _)| *at == 0 || head[..*at].ends_with(char::is_whitespace));
    let Some((at, _)) = found else {
        return String::new();
    };
    let rest = &head[at + start.len()..];
    unescaped(rest.split('"').next().unwrap_or_default())
}

/// The words of all `<t>` in a piece of XML.
fn words(xml: &str) -> String {
    let mut words = String::new();
    for piece in xml.split("<t").skip(1) {
        let Some(body) = piece.strip_prefix('>').or_else(|| {
            let inside = piece.starts_with(' ').then_some(piece)?;
            Some(&inside[inside.find('>')? + 1..])
        }) else {
            continue;
        };
        words.push_str(&unescaped(body.split("</t>").next().unwrap_or_default()));
    }
    words
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
