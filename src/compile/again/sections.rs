//! The sections of a form file with their comments, as lines.

use toml::{Table, Value};

/// A section: its header, its keys and the comments before it.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// `column`, `rule`, `layout`...; nothing for the keys at the top of the file.
    pub(super) kind: String,
    /// One of many (`[[rule]]`)?
    pub(super) many: bool,
    /// Lines before the header: comments and blank lines.
    pub(super) comments: Vec<String>,
    /// The header and what is below it.
    pub(super) body: Vec<String>,
    /// What it says.
    pub(super) table: Table,
}

impl Section {
    /// Its id, if it has one.
    pub(super) fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.table.get(key).and_then(Value::as_str)
    }
}

/// A form file taken apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Sections {
    pub(super) all: Vec<Section>,
    /// Comments after the last section.
    pub(super) tail: Vec<String>,
}

impl Sections {
    /// Takes a text apart; `None` if it is no TOML, or not written section by section.
    pub(super) fn of(text: &str) -> Option<Sections> {
        text.parse::<Table>().ok()?;
        let mut sections = Sections::default();
        let mut own: Vec<String> = Vec::new();
        let mut head = (String::new(), false);
        let mut comments: Vec<String> = Vec::new();
        let mut pending: Vec<String> = Vec::new();
        for line in text.lines() {
            match header(line) {
                // A table inside the section that is open: `[column.checks]`.
                Some((name, _)) if !head.0.is_empty() && inside(&name, &head.0) => {
                    own.append(&mut pending);
                    own.push(line.to_owned());
                }
                Some(next) => {
                    let before = std::mem::take(&mut comments);
                    sections.close(&head, before, std::mem::take(&mut own))?;
                    comments = std::mem::take(&mut pending);
                    head = next;
                    own.push(line.to_owned());
                }
                None if is_comment(line) => pending.push(line.to_owned()),
                None => {
                    // Comments before the keys at the top stay before them.
                    match own.is_empty() {
                        true => comments.append(&mut pending),
                        false => own.append(&mut pending),
                    }
                    own.push(line.to_owned());
                }
            }
        }
        sections.close(&head, comments, own)?;
        sections.tail = pending;
        Some(sections)
    }

    fn close(
        &mut self,
        (kind, many): &(String, bool),
        comments: Vec<String>,
        body: Vec<String>,
    ) -> Option<()> {
        if body.is_empty() {
            return Some(());
        }
        let table = read(kind, *many, &body)?;
        self.all.push(Section {
            kind: kind.clone(),
            many: *many,
            comments,
            body,
            table,
        });
        Some(())
    }

    /// Every section of a kind.
    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Section> {
        self.all.iter().filter(move |section| section.kind == kind)
    }

    /// Every line of a comment.
    pub(super) fn comments(&self) -> impl Iterator<Item = &String> {
        let before = self.all.iter().flat_map(|section| &section.comments);
        before.chain(&self.tail)
    }
}

/// What a section says; `None` if it cannot be read by itself.
pub(super) fn read(kind: &str, many: bool, body: &[String]) -> Option<Table> {
    let mut table = body.join("\n").parse::<Table>().ok()?;
    if kind.is_empty() {
        return Some(table);
    }
    match (many, table.remove(kind)?) {
        (true, Value::Array(mut one)) if one.len() == 1 => match one.pop()? {
            Value::Table(table) => Some(table),
            _ => None,
        },
        (false, Value::Table(table)) => Some(table),
        _ => None,
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The name in a header, and whether it is one of many.
fn header(line: &str) -> Option<(String, bool)> {
    let line = line.split('#').next()?.trim();
    let (name, many) = match line.strip_prefix("[[").and_then(|l| l.strip_suffix("]]")) {
        Some(name) => (name, true),
        None => (line.strip_prefix('[')?.strip_suffix(']')?, false),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let name = name.trim();
    (!name.is_empty() && name.chars().all(plain)).then(|| (name.to_owned(), many))
}

fn inside(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('.'))
}
