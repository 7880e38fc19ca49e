//! Merges what a form says now, what it said then and what people made of its file.

use std::collections::HashSet;

use toml::{Table, Value};

use super::sections::{Section, Sections, read};
use crate::model::Message;

/// A merged form file.
#[derive(Debug)]
pub struct Merged {
    /// Its text.
    pub text: String,
    /// What a person must decide: the ids that it is about (of a rule, and of what that computes; of
    /// a column or row; none for the head of the file), and why.
    pub asked: Vec<(Vec<String>, Message)>,
    /// Rules that have another id in the file: as compiled, as it is there.
    pub renamed: Vec<(String, String)>,
    /// Number of sections that people wrote or changed and that stay so.
    pub kept: usize,
}

/// Kinds of sections whose entries are known by their ids, in the order they are written.
const LISTED: [&str; 3] = ["column", "row", "rule"];
/// The key by which rules and people name a section: it stays as it is in the file.
const ID: &str = "id";
/// The key of the workbook that units are sent: whoever keeps that workbook writes it, no blank says
/// it.
const TEMPLATE: &str = "template";
/// The key of a rule's words.
const MESSAGE: &str = "message";

/// Merges three texts of one form file; `None` if one of them cannot be taken apart.
pub fn merge(then: &str, now: &str, new: &str) -> Option<Merged> {
    let then = Sections::of(then)?;
    let now = Sections::of(now)?;
    let new = Sections::of(new)?;
    let mut merge = Merge {
        generated: then.comments().cloned().collect(),
        out: String::new(),
        asked: Vec::new(),
        renamed: Vec::new(),
        kept: 0,
    };
    merge.single(&then, &now, &new);
    for kind in LISTED {
        merge.listed(kind, &then, &now, &new);
    }
    let other = |section: &&Section| section.many && !LISTED.contains(&section.kind.as_str());
    for section in now.all.iter().filter(other) {
        let comments = merge.own_comments(section);
        merge.put(&comments, &section.body);
        merge.kept += 1;
    }
    merge.tail(&now, &new);
    Some(Merged {
        text: merge.out,
        asked: merge.asked,
        renamed: merge.renamed,
        kept: merge.kept,
    })
}

struct Merge {
    /// Comments that were generated: people's are all others.
    generated: HashSet<String>,
    out: String,
    asked: Vec<(Vec<String>, Message)>,
    renamed: Vec<(String, String)>,
    kept: usize,
}

impl Merge {
    /// The keys at the top, `[layout]`, `[defaults]` and the like.
    fn single(&mut self, then: &Sections, now: &Sections, new: &Sections) {
        let is_single = |section: &&Section| !section.many;
        for own in now.all.iter().filter(is_single) {
            let of = |sections: &Sections| sections.of_kind(&own.kind).next().cloned();
            self.one(of(then).as_ref(), own, of(new).as_ref());
        }
        for section in new.all.iter().filter(is_single) {
            let there = now.of_kind(&section.kind).next().is_some();
            if !there && then.of_kind(&section.kind).next().is_none() {
                self.put(&section.comments, &section.body);
            }
        }
    }

    /// Columns, rows or rules: in the order of the form, what people added behind what they put it
    /// behind.
    fn listed(&mut self, kind: &str, then: &Sections, now: &Sections, new: &Sections) {
        let before: Vec<&Section> = then.of_kind(kind).collect();
        let own: Vec<&Section> = now.of_kind(kind).collect();
        let said: Vec<&Section> = new.of_kind(kind).collect();
        let of_own = pairs(&own, &before);
        let of_said = pairs(&said, &own);
        let said_before = pairs(&said, &before);
        let mut written = vec![false; own.len()];
        let is_form = |at: usize| of_own[at].is_some() || of_said.contains(&Some(at));
        self.added(&own, &is_form, 0, &mut written);
        for (at, section) in said.iter().enumerate() {
            let base = |at: Option<usize>| at.and_then(|at| before.get(at)).copied();
            match of_said[at] {
                Some(place) => {
                    written[place] = true;
                    let base = base(of_own[place]).or(base(said_before[at]));
                    self.one(base, own[place], Some(section));
                    self.added(&own, &is_form, place + 1, &mut written);
                }
                None => match base(said_before[at]) {
                    // People took it out.
                    Some(base) if base.table == section.table => self.kept += 1,
                    Some(_) => self.taken_out(section),
                    None => self.put(&section.comments, &section.body),
                },
            }
        }
        for (at, section) in own.iter().enumerate() {
            if !written[at] {
                let base = of_own[at].and_then(|at| before.get(at)).copied();
                self.one(base, section, None);
            }
        }
    }

    /// Writes what people added from a place on, up to the next section that was generated.
    fn added(
        &mut self,
        own: &[&Section],
        is_form: &dyn Fn(usize) -> bool,
        from: usize,
        written: &mut [bool],
    ) {
        for at in from..own.len() {
            if is_form(at) || written[at] {
                return;
            }
            written[at] = true;
            self.one(None, own[at], None);
        }
    }

    /// One section that is in the file: with what it was and what the form says now, if it does.
    fn one(&mut self, base: Option<&Section>, own: &Section, new: Option<&Section>) {
        let mut comments = self.own_comments(own);
        match (base, new) {
            (base, Some(new)) => {
                if let (Some(as_compiled), Some(id)) = (new.id(), own.id())
                    && as_compiled != id
                {
                    self.renamed.push((as_compiled.to_owned(), id.to_owned()));
                }
                let nothing = Table::new();
                let base_table = base.map_or(&nothing, |base| &base.table);
                let (table, clashes) = keys(base_table, &own.table, &new.table);
                if base.is_none_or(|base| edited(&base.table, &own.table)) {
                    self.kept += 1;
                }
                let adopted = base.is_none();
                for clash in clashes.into_iter().filter(|_| !adopted) {
                    self.asked.push((about(own), clash));
                }
                comments.extend(new.comments.iter().cloned());
                self.put(&comments, &lines(own, &table));
            }
            // The form does not say it any more.
            (Some(base), None) if base.table == own.table => {}
            (Some(_), None) => {
                self.kept += 1;
                self.asked.push((
                    about(own),
                    Message::new(
                        format!(
                            "biểu không còn ghi điều này, nhưng mục {} trong tệp biểu mẫu đã được sửa tay nên được giữ; không cần nữa thì xóa mục ấy",
                            shown(own)
                        ),
                        format!(
                            "the form does not say this any more, but {} in the form file was changed by hand and stays; delete it if it is not needed",
                            shown(own)
                        ),
                    ),
                ));
                self.put(&comments, &own.body);
            }
            (None, None) => {
                self.kept += 1;
                self.put(&comments, &own.body);
            }
        }
    }

    /// Something that people took out and the form now says differently.
    fn taken_out(&mut self, section: &Section) {
        let what = shown(section);
        self.kept += 1;
        self.asked.push((
            about(section),
            Message::new(
                format!("mục {what} đã bị xóa khỏi tệp biểu mẫu, nay biểu ghi khác trước; mục ấy không được viết lại"),
                format!("{what} was deleted from the form file, and the form now says it differently; it is not written again"),
            ),
        ));
    }

    /// People's comments before a section.
    fn own_comments(&self, section: &Section) -> Vec<String> {
        let own = section.comments.iter();
        let own = own.filter(|line| !line.trim().is_empty() && !self.generated.contains(*line));
        own.cloned().collect()
    }

    fn put(&mut self, comments: &[String], body: &[String]) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let start = comments.iter().skip_while(|line| line.trim().is_empty());
        for line in start.chain(body) {
            self.out += line;
            self.out.push('\n');
        }
    }

    /// What is after the last section: people's comments, then the proposals that nobody adopted.
    fn tail(&mut self, now: &Sections, new: &Sections) {
        let own: Vec<String> = now
            .tail
            .iter()
            .filter(|line| !line.trim().is_empty() && !self.generated.contains(*line))
            .cloned()
            .collect();
        let proposed = not_adopted(now, &new.tail);
        for lines in [&own, &proposed] {
            if lines.iter().any(|line| !line.trim().is_empty()) {
                self.put(lines, &[]);
            }
        }
    }
}

/// The comments of proposals without those that are rules of the file by now.
fn not_adopted(now: &Sections, tail: &[String]) -> Vec<String> {
    let adopted = |line: &str| {
        let check = line.strip_prefix("# check = ").unwrap_or_default();
        let check = format!("check = {check}").parse::<Table>().ok();
        let check = check.and_then(|table| Some(table.get("check")?.as_str()?.to_owned()));
        check.is_some_and(|check| {
            let mut rules = now.of_kind("rule");
            rules.any(|rule| rule.text("check") == Some(check.as_str()))
        })
    };
    let mut kept: Vec<String> = Vec::new();
    let mut rest = tail;
    while let Some(at) = rest.iter().position(|line| line == "# [[rule]]") {
        let is_key = |line: &&String| {
            let key = line.strip_prefix("# ").unwrap_or_default();
            let keys = ["[[rule]]", "id = ", "check = ", "rows = ", "columns = "];
            keys.iter().any(|own| key.starts_with(own))
        };
        let end = at + rest[at..].iter().take_while(is_key).count();
        match rest[at..end].iter().any(|line| adopted(line)) {
            // The line before says why it is proposed.
            true => kept.extend(rest[..at.saturating_sub(1)].iter().cloned()),
            false => kept.extend(rest[..end].iter().cloned()),
        }
        rest = &rest[end..];
    }
    kept.extend(rest.iter().cloned());
    match kept.iter().any(|line| line == "# [[rule]]") || !tail.contains(&"# [[rule]]".to_owned()) {
        true => kept,
        false => Vec::new(),
    }
}

/// Are two sections the same, before and after?
type Alike<'a> = &'a dyn Fn(&Section, &Section) -> bool;

/// For each section its counterpart: what says the same first, then what has the same id, then what
/// is called the same.
pub(super) fn pairs(of: &[&Section], with: &[&Section]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; of.len()];
    let says = |one: &Section, two: &Section| {
        let same = |key: &str| one.table.get(key) == two.table.get(key);
        one.table.contains_key("check")
            && ["check", "rows", "columns", "when"].into_iter().all(same)
    };
    let same_id = |one: &Section, two: &Section| one.id().is_some() && one.id() == two.id();
    let both = |one: &Section, two: &Section| says(one, two) && same_id(one, two);
    // A column that people gave another id.
    let same_label = |one: &Section, two: &Section| {
        let label = one.table.get("label");
        label.is_some() && label == two.table.get("label")
    };
    let ways: [Alike<'_>; 4] = [&both, &says, &same_id, &same_label];
    for way in ways {
        for at in 0..of.len() {
            if pairs[at].is_none() {
                let free = |place: &usize| !pairs.contains(&Some(*place));
                pairs[at] = (0..with.len())
                    .filter(free)
                    .find(|place| way(of[at], with[*place]));
            }
        }
    }
    pairs
}

/// Did people change a section?
fn edited(base: &Table, own: &Table) -> bool {
    let keys = base.keys().chain(own.keys());
    let mut keys = keys.filter(|key| *key != TEMPLATE);
    keys.any(|key| base.get(key) != own.get(key))
}

/// The keys of a section: changed by the form, by people, or by both.
fn keys(base: &Table, own: &Table, new: &Table) -> (Table, Vec<Message>) {
    let mut table = own.clone();
    let mut clashes = Vec::new();
    let all: HashSet<&String> = base.keys().chain(own.keys()).chain(new.keys()).collect();
    let mut all: Vec<&String> = all.into_iter().collect();
    all.sort_unstable();
    for key in all {
        let (was, is, says) = (base.get(key), own.get(key), new.get(key));
        if key == ID || key == TEMPLATE || is == says || was == says {
            continue;
        }
        if is == was {
            match says {
                Some(value) => table.insert(key.clone(), value.clone()),
                None => table.remove(key),
            };
            continue;
        }
        // People's words for a rule that says what it said stay without a question: those that are
        // generated follow every label.
        let says_the_same = [base, own].map(|table| table.get("check") == new.get("check"));
        if key == MESSAGE && says_the_same.contains(&true) {
            continue;
        }
        let text = |value: Option<&Value>| value.map_or("-".to_owned(), Value::to_string);
        let (was, is, says) = (text(was), text(is), text(says));
        clashes.push(Message::new(
            format!("{key}: trước đây biểu ghi {was}, nay ghi {says}, còn tệp biểu mẫu đã sửa tay thành {is}; giữ theo tệp, hãy xem cái nào đúng"),
            format!("{key}: the form said {was} and now says {says}, the form file was changed by hand to {is}; the file's stays, see which is right"),
        ));
    }
    (table, clashes)
}

/// The lines of a section with other values: lines of keys that do not change stay as they are.
fn lines(own: &Section, table: &Table) -> Vec<String> {
    if own.table == *table {
        return own.body.clone();
    }
    let mut left: Vec<(&String, &Value)> = table
        .iter()
        .filter(|(key, value)| own.table.get(*key) != Some(value))
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for line in &own.body {
        let key = line.split('=').next().unwrap_or_default().trim();
        let changed = own.table.contains_key(key) && own.table.get(key) != table.get(key);
        if !changed || line.trim_start().starts_with('[') {
            lines.push(line.clone());
            continue;
        }
        if let Some(at) = left.iter().position(|(own, _)| *own == key) {
            let (key, value) = left.remove(at);
            lines.push(format!("{key} = {value}"));
        }
    }
    let end = lines
        .iter()
        .skip(1)
        .position(|line| line.trim_start().starts_with('['))
        .map_or(lines.len(), |at| at + 1);
    let added = left.iter().map(|(key, value)| format!("{key} = {value}"));
    lines.splice(end..end, added.collect::<Vec<_>>());
    if read(&own.kind, own.many, &lines).as_ref() == Some(table) {
        return lines;
    }
    // A value over several lines: the section is written anew.
    let header = own.body.first().filter(|_| !own.kind.is_empty()).cloned();
    let keys = table.iter().map(|(key, value)| format!("{key} = {value}"));
    header.into_iter().chain(keys).collect()
}

fn about(section: &Section) -> Vec<String> {
    let computed = section
        .text("check")
        .and_then(|check| check.split(['=', '<', '>']).next());
    let ids = section
        .id()
        .filter(|_| section.many)
        .into_iter()
        .chain(computed);
    ids.map(|id| id.trim().to_owned()).collect()
}

/// What a section is called in a message.
fn shown(section: &Section) -> String {
    let kind = &section.kind;
    match (section.many, section.id()) {
        (true, Some(id)) => format!("[[{kind}]] {id}"),
        (true, None) => format!("[[{kind}]]"),
        (false, _) => format!("[{kind}]"),
    }
}
