//! A campaign written in a workbook: «Đợt» says what is said once, every other sheet is a list.

use std::collections::HashMap;

use super::called::{Ours, tell_unread, unread};
use super::cells::{Entry, place};
use super::lines::{Line, Lines, short};
use super::other;
use super::pairs::{expression_of, plain, said_once};
use super::text::{Block, Places, Sort, Text, quoted};
use super::told::{Mistake, Told};
use super::words::campaign::{
    CAMPAIGN, CAMPAIGN_LINES, CAMPAIGN_SHEET, EXPRESSIONS, FORMS_SHEET, KIND_LINE, TABLES,
    TableSheet, UNITS_SHEET, VALUE, WHAT,
};
use super::words::{Key, Kind, is_called};
use crate::model::{Message, Place};
use crate::text::{fold, nearest};
use crate::workbook::{Sheet, Workbook};

const KIND_NAME: &str = "Tên loại";

/// What a campaign cannot do without, and what stands there so that the rest can be looked at.
pub(super) const NEEDED: [(&str, &str); 5] = [
    ("name", "-"),
    ("title", "-"),
    ("period", "2025-01"),
    ("office", "-"),
    ("place", "-"),
];

/// A campaign read from a workbook.
#[derive(Debug)]
pub struct SheetCampaign {
    /// Its text in the language of campaign files.
    pub toml: String,
    /// The cells behind the text.
    pub places: Places,
    /// What is wrong, cell by cell.
    pub mistakes: Vec<Mistake>,
    /// The tables of the text.
    pub(super) blocks: Vec<Block>,
}

/// Reads the campaign of a workbook; `None` if it is none.
pub fn read_campaign(workbook: &Workbook) -> Option<SheetCampaign> {
    let own = OWN.find(workbook)?;
    let mut text = Text::default();
    let mut told = Told::default();
    sheet_names(workbook, own, &mut told);
    if let Some(lines) = Lines::find(own, CAMPAIGN, &[WHAT, VALUE], &mut told) {
        once(&lines, &mut text, &mut told);
    }
    for table in TABLES {
        if let Some(sheet) = sheet_of(workbook, table)
            && let Some(lines) = Lines::find(sheet, table.keys, table.needed, &mut told)
        {
            list(table, &lines, &mut text, &mut told);
        }
    }
    Some(SheetCampaign {
        toml: text.toml,
        places: text.places,
        mistakes: told.mistakes,
        blocks: text.blocks,
    })
}

const OWN: Ours = Ours {
    name: CAMPAIGN_SHEET,
    keys: CAMPAIGN,
    known_by: &[WHAT, VALUE],
};

fn ours(table: &TableSheet) -> Ours {
    Ours {
        name: table.name,
        keys: table.keys,
        known_by: table.needed,
    }
}

fn sheet_of<'a>(workbook: &'a Workbook, table: &TableSheet) -> Option<&'a Sheet> {
    let exact = || workbook.sheet_named(table.name);
    ours(table).find(workbook).or_else(exact)
}

/// The list of units of a workbook, however the name of its sheet is spelled.
pub fn units_sheet(workbook: &Workbook) -> Option<&Sheet> {
    let of_table = |sheet: &Sheet| {
        let mut tables = TABLES.iter();
        tables.any(|table| sheet_of(workbook, table).is_some_and(|own| own.name == sheet.name))
    };
    let called = |sheet: &&Sheet| is_called(&sheet.name, UNITS_SHEET) && !of_table(sheet);
    let exact = workbook.sheet_named(UNITS_SHEET);
    exact.or_else(|| workbook.sheets.iter().find(called))
}

/// Tells of a sheet that is missing, of one that looks like ours and is not read, and of one whose name
/// is probably a slip of the pen.
fn sheet_names(workbook: &Workbook, own: &Sheet, told: &mut Told) {
    let of_tables = TABLES.iter().filter_map(|table| sheet_of(workbook, table));
    let read: Vec<&Sheet> = [Some(own), units_sheet(workbook)]
        .into_iter()
        .flatten()
        .chain(of_tables)
        .collect();
    let all: Vec<Ours> = TABLES.iter().map(ours).collect();
    tell_unread(workbook, &all, &read, told);
    let unread = unread(workbook, &all, &read);
    let known = [CAMPAIGN_SHEET, UNITS_SHEET].into_iter();
    let known: Vec<&str> = known.chain(TABLES.iter().map(|table| table.name)).collect();
    let is_there = |name: &str| read.iter().any(|sheet| is_called(&sheet.name, name));
    let mut renamed: Vec<&str> = unread.iter().map(|(_, name)| *name).collect();
    for sheet in &workbook.sheets {
        let told_of = unread.iter().any(|(other, _)| other.name == sheet.name);
        if told_of || read.iter().any(|other| other.name == sheet.name) {
            continue;
        }
        let missing = known.iter().copied().filter(|name| !is_there(name));
        let Some(near) = nearest(&sheet.name, missing) else {
            continue;
        };
        renamed.push(near);
        told.error(
            &place(&sheet.name, 0, 0),
            Message::new(
                format!(
                    "trang «{}» không được đọc; có phải «{near}»? Hãy đổi tên trang",
                    sheet.name
                ),
                format!(
                    "the sheet «{}» is not read; is it «{near}»? Rename it",
                    sheet.name
                ),
            ),
        );
    }
    let name = FORMS_SHEET;
    if !is_there(name) && !renamed.contains(&name) {
        told.error(
            &place(&own.name, 0, 0),
            Message::new(
                format!("tệp thiếu trang «{name}»; thêm trang ấy, mỗi biểu một dòng"),
                format!("the sheet «{name}» is missing; add it, one form a line"),
            ),
        );
    }
}

/// What is said once, then the kinds of unit.
fn once(lines: &Lines<'_>, text: &mut Text, told: &mut Told) {
    let all = lines.read(told);
    text.begin(Sort::Head, "", "", &lines.heading_place(WHAT));
    let mut kinds = Vec::new();
    let mut given: HashMap<&'static str, &Entry> = HashMap::new();
    let mut blank = Vec::new();
    for line in &all {
        let Some(what) = line.get(WHAT) else {
            told.error(
                &line.place(WHAT),
                Message::new(
                    format!("chưa ghi mục; ví dụ «{}»", CAMPAIGN_LINES[0].heading),
                    "the line does not say what it gives",
                ),
            );
            continue;
        };
        if fold(KIND_LINE) == what.folded() {
            kinds.push(line);
            continue;
        }
        let Some(key) = meant(what, told) else {
            continue;
        };
        let Some(value) = line.get(VALUE) else {
            blank.push((key.path, line.place(VALUE)));
            continue;
        };
        said_once(key, value, &mut given, text, told);
    }
    // A line that does not say what it gives may give anything.
    let is_unread = all
        .iter()
        .any(|line| line.get(WHAT).is_some_and(|what| what.known().is_err()));
    for (path, stand_in) in NEEDED {
        let key = CAMPAIGN_LINES.iter().find(|key| key.path == path);
        let is_missing = !is_unread && !given.contains_key(path) && !text.has(path);
        if let Some(key) = key.filter(|_| is_missing) {
            needed(key, &blank, lines, told);
        }
        // So that the rest can be looked at; with a mistake told, the text is not used.
        if let Some(key) = key.filter(|key| !text.has(key.path)) {
            text.pair(key.path, &quoted(stand_in), &lines.heading_place(WHAT));
        }
    }
    if kinds.is_empty() {
        told.error(
            &lines.heading_place(WHAT),
            Message::new(
                format!(
                    "thiếu dòng «{KIND_LINE}»: mỗi loại một dòng, mã loại ở «{VALUE}», tên ở «{KIND_NAME}»"
                ),
                format!("the line «{KIND_LINE}» is missing"),
            ),
        );
    }
    for line in kinds {
        kind(line, text, told);
    }
}

/// Tells of a line that a campaign cannot do without.
fn needed(key: &Key, blank: &[(&str, Place)], lines: &Lines<'_>, told: &mut Told) {
    let (name, help) = (key.heading, key.help);
    match blank.iter().find(|(path, _)| *path == key.path) {
        Some((_, place)) => told.error(
            place,
            Message::new(
                format!("chưa ghi giá trị của «{name}»: {help}"),
                format!("«{name}» has no value"),
            ),
        ),
        None => told.error(
            &lines.heading_place(WHAT),
            Message::new(
                format!("thiếu dòng «{name}»: {help}"),
                format!("the line «{name}» is missing"),
            ),
        ),
    }
}

/// The key that a line of «Đợt» gives.
pub(super) fn known_line(what: &Entry) -> Option<&'static Key> {
    let folded = what.folded();
    let is = |key: &&Key| fold(key.heading) == folded || key.also.contains(&&*folded);
    CAMPAIGN_LINES.iter().find(is)
}

fn meant(what: &Entry, told: &mut Told) -> Option<&'static Key> {
    if let Err(unknown) = what.known() {
        told.error(&what.place, unknown);
        return None;
    }
    let known = known_line(what);
    let headings = CAMPAIGN_LINES.iter().map(|key| key.heading);
    let near = nearest(what.trimmed(), headings.chain([KIND_LINE]));
    if known.is_none() {
        let hint = near.map_or(String::new(), |near| format!("; có phải «{near}»?"));
        let text = short(what.trimmed());
        told.error(
            &what.place,
            Message::new(
                format!("đợt không có mục «{text}»{hint}"),
                format!("a campaign has no «{text}»{hint}"),
            ),
        );
    }
    // What was probably meant, so that it is not told as missing, too.
    known.or_else(|| CAMPAIGN_LINES.iter().find(|key| Some(key.heading) == near))
}

fn kind(line: &Line<'_>, text: &mut Text, told: &mut Told) {
    let place = line.place(VALUE);
    let Some(id) = line.get(VALUE) else {
        told.error(
            &place,
            Message::new(
                "chưa ghi mã loại đơn vị, như trong danh sách đơn vị",
                "the kind of unit has no id",
            ),
        );
        return;
    };
    if let Err(unknown) = id.known() {
        return told.error(&place, unknown);
    }
    text.begin(Sort::Field, id.trimmed(), "[[kind]]", &place);
    text.pair("id", &quoted(id.trimmed()), &place);
    if line.get(KIND_NAME).is_none() {
        told.error(
            &line.place(KIND_NAME),
            Message::new(
                format!("chưa ghi tên của loại «{}» như in ra", id.trimmed()),
                format!("the kind «{}» has no name", id.trimmed()),
            ),
        );
        text.pair("name", &quoted(id.trimmed()), &place);
    }
    for (key, entry) in line.entries() {
        plain(key, entry, text, told);
    }
}

/// A list: one table a line.
fn list(table: &TableSheet, lines: &Lines<'_>, text: &mut Text, told: &mut Told) {
    let all = lines.read(told);
    if all.is_empty() && table.name == FORMS_SHEET {
        told.error(
            &lines.heading_place("Mã biểu"),
            Message::new(
                "chưa có biểu nào; ghi mỗi biểu một dòng",
                "there is no form; write one a line",
            ),
        );
    }
    for line in all {
        let first = table.needed.first().copied().unwrap_or_default();
        let place = line.place(first);
        let id = line.get(first).map_or("", Entry::trimmed);
        text.begin(Sort::Field, id, &format!("[[{}]]", table.table), &place);
        for heading in table.needed {
            if line.get(heading).is_none() {
                told.error(
                    &line.place(heading),
                    Message::new(
                        format!("chưa ghi «{heading}»"),
                        format!("«{heading}» is not given"),
                    ),
                );
            }
        }
        for (key, entry) in line.entries() {
            match key.kind {
                Kind::Other => other::lines(entry, text, told),
                Kind::Text if EXPRESSIONS.contains(&key.path) => expression(key, entry, text, told),
                _ => plain(key, entry, text, told),
            }
        }
    }
}

/// An expression, also one that begins with `=`: what is said counts, not what Excel makes of it.
fn expression(key: &Key, entry: &Entry, text: &mut Text, told: &mut Told) {
    let Some(said) = expression_of(entry) else {
        return plain(key, entry, text, told);
    };
    if entry.formula.is_some() {
        let (vi, en) = match entry.known() {
            Ok(()) => (
                format!("giá trị «{}»", short(entry.trimmed())),
                format!("the value «{}»", short(entry.trimmed())),
            ),
            Err(_) => (
                "giá trị (chưa biết)".to_owned(),
                "a value (it is not known)".to_owned(),
            ),
        };
        told.note(
            &entry.place,
            Message::new(
                format!("ô này là công thức; đọc chữ «{said}» làm biểu thức, không lấy {vi}"),
                format!("the cell is a formula; «{said}» is read as an expression, not {en}"),
            ),
        );
    }
    text.pair(key.path, &quoted(said), &entry.place);
}
