//! What can be wrong with one message in its two languages.

use std::collections::BTreeSet;

use regex::Regex;
use tonghop::model::Message;

/// Texts that come from forms, files and names and appear so in both languages.
#[derive(Default)]
pub struct Quoted {
    texts: BTreeSet<(std::cmp::Reverse<usize>, String)>,
}

impl Quoted {
    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        if text.chars().count() > 1 {
            self.texts
                .insert((std::cmp::Reverse(text.len()), text.to_owned()));
        }
    }

    /// Every text of a TOML or CSV file: between quotes, and between commas.
    pub fn add_texts_of(&mut self, file: &str) {
        for text in file.split(['"', '\n']) {
            self.add(text);
            self.add(text.trim_end_matches('.'));
            text.split([',', ';']).for_each(|text| self.add(text));
        }
    }

    /// The text without quotations, longest first.
    fn left(&self, text: &str) -> String {
        let quotations = Regex::new(r#"«[^»]*»|`[^`]*`|"[^"]*""#).unwrap();
        let mut text = text.to_owned();
        for (_, known) in &self.texts {
            if text.contains(known.as_str()) && is_vietnamese(known) {
                text = text.replace(known.as_str(), "…");
            }
        }
        quotations.replace_all(&text, "…").into_owned()
    }
}

/// A message and where it was said.
pub struct Pair<'a> {
    at: String,
    message: &'a Message,
}

/// Words by which a Vietnamese message says what to do.
const ADVICE: &str = r"(?i)\b(hãy|đề nghị|nên là|kiểm tra lại|sửa lại)\b";
/// Verbs by which an English one does.
const ADVISES: &str = r"(?i)\b(add|ask|check|choose|close|compare|compute|convert|copy|correct|count|delete|explain|fill|give|keep|leave|make|mend|move|open|paste|put|remove|run|save|see|send|show|take|type|unhide|unpack|use|write)\b";
/// What libraries say, and how Rust prints its values.
const FOREIGN: [&str; 20] = [
    "TokenSpan",
    "valid UTF-8",
    "EOCD",
    "invalid characters",
    "entity not found",
    "is unknown",
    "Err(",
    "Some(",
    "None,",
    "invalid digit",
    "Kind(",
    "os error",
    "unexpected token",
    "central directory",
    "end of stream",
    "deflate",
    "checksum",
    "panicked",
    "XmlError",
    "trailing characters",
];

impl<'a> Pair<'a> {
    pub fn new(at: String, message: &'a Message) -> Self {
        Self { at, message }
    }

    pub fn shown(&self) -> String {
        format!(
            "{}\n  vi {}\n  en {}",
            self.at, self.message.vi, self.message.en
        )
    }

    /// All that is wrong with it.
    pub fn faults(&self, quoted: &Quoted) -> Vec<String> {
        let mut faults = self.libraries();
        let en = quoted.left(&self.message.en);
        let mut say = |what: &str| faults.push(format!("{what}: {}\n  left {en}", self.shown()));
        if is_vietnamese(&en) {
            say("Vietnamese words");
        }
        if let Some(figure) = self.foreign_figure(&en) {
            say(&format!("the figure {figure} is not English"));
        }
        let asks = Regex::new(ADVICE)
            .unwrap()
            .is_match(&quoted.left(&self.message.vi));
        if asks && !Regex::new(ADVISES).unwrap().is_match(&en) {
            say("no advice");
        }
        if self.message.vi.contains("ó phải") && !en.contains('?') {
            say("nothing is asked");
        }
        faults
    }

    /// Words of libraries and endless numbers, in either language.
    pub fn libraries(&self) -> Vec<String> {
        let endless = Regex::new(r"\d{41}").unwrap();
        let texts = [&self.message.vi, &self.message.en];
        let foreign = FOREIGN.iter().filter(|word| {
            let said = |text: &&String| text.contains(**word);
            texts.iter().any(said)
        });
        let mut faults: Vec<String> = foreign
            .map(|word| format!("{word}: {}", self.shown()))
            .collect();
        if texts.iter().any(|text| endless.is_match(text)) {
            faults.push(format!("a number of more than 40 digits: {}", self.shown()));
        }
        faults
    }

    /// A figure with a separator must be the Vietnamese one with its separators exchanged.
    fn foreign_figure(&self, en: &str) -> Option<String> {
        let figure = Regex::new(r"\d+(?:[.,]\d+)+").unwrap();
        let exchanged = |text: &str| -> String {
            let exchange = |c| match c {
                '.' => ',',
                ',' => '.',
                c => c,
            };
            text.chars().map(exchange).collect()
        };
        let figures = figure.find_iter(en).map(|found| found.as_str());
        figures
            .filter(|figure| !self.message.vi.contains(&exchanged(figure)))
            .map(str::to_owned)
            .next()
    }

    /// A Vietnamese side without a Vietnamese letter.
    pub fn vi_is_english(&self) -> bool {
        !is_vietnamese(&self.message.vi)
    }
}

/// Has a text letters that English lacks?
fn is_vietnamese(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_alphabetic() && !c.is_ascii() && !matches!(c, 'µ' | 'º' | 'ª'))
}
