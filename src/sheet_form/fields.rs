//! The sheet «Chỉ tiêu»: settings of the form, its columns and rows.

use std::collections::HashMap;

use super::cells::Entry;
use super::lines::{Line, Lines, short};
use super::names::{Axis, Named, Names};
use super::other;
use super::pairs::{expression_of, plain, said_once};
use super::terms::{Bare, resolve};
use super::text::{Sort, Text, list, quoted};
use super::told::Told;
use super::value;
use super::words::{FIELDS, Key, Kind, SETTINGS, SORTS, Word};
use crate::model::{Message, Place};
use crate::text::{fold, nearest, slug};

/// Headings the sheet cannot do without.
pub(super) const NEEDED: [&str; 3] = [SORT, ID, LABEL];
pub(super) const SORT: &str = "Loại";
pub(super) const ID: &str = "Mã";
pub(super) const LABEL: &str = "Tên";

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineSort {
    Setting,
    Defaults,
    Column,
    Row,
    Heading,
}

impl LineSort {
    fn axis(self) -> Option<Axis> {
        match self {
            LineSort::Column => Some(Axis::Columns),
            LineSort::Row | LineSort::Heading => Some(Axis::Rows),
            LineSort::Setting | LineSort::Defaults => None,
        }
    }
}

/// A line with what it is about and its id.
struct Field<'l, 'a> {
    line: &'l Line<'a>,
    sort: LineSort,
    id: String,
}

/// The settings of a sheet, by path.
struct Settings<'l> {
    by_path: HashMap<&'static str, &'l Entry>,
}

/// Reads the sheet into the text; gives what its rows and columns are called.
pub(super) fn read(lines: &Lines<'_>, text: &mut Text, told: &mut Told) -> Names<'static> {
    let all = lines.read(told);
    let fields = sorted(&all, told);
    let settings = settings(&fields, lines, text, told);
    let names = names(&fields, &settings);
    for field in fields
        .iter()
        .filter(|field| field.sort != LineSort::Setting)
    {
        write(field, &names, text, told);
    }
    if fields.iter().all(|field| field.sort != LineSort::Column) {
        told.error(
            &lines.heading_place(SORT),
            Message::new(
                "chưa có dòng nào có loại «Cột»; mỗi cột của biểu là một dòng của trang này",
                "there is no line «Cột»; each column of the form is a line of this sheet",
            ),
        );
        // So that the rest can be looked at.
        let place = lines.heading_place(SORT);
        text.begin(Sort::Field, "", "[[column]]", &place);
        text.pair("id", "\"chua_ghi\"", &place);
        text.pair("label", "\"?\"", &place);
    }
    names
}

/// The lines with their sort and id; those without are told.
fn sorted<'l, 'a>(lines: &'l [Line<'a>], told: &mut Told) -> Vec<Field<'l, 'a>> {
    let mut used: HashMap<String, Place> = HashMap::new();
    let mut fields = Vec::new();
    let mut before = LineSort::Column;
    for line in lines {
        // One without a sort is taken for one like the line above, so that what names it elsewhere
        // is not told too.
        let sort = sort(line, told).unwrap_or(before);
        before = sort;
        let id = match sort.axis() {
            None => String::new(),
            Some(_) => id(line, &mut used, told),
        };
        fields.push(Field { line, sort, id });
    }
    fields
}

fn sort(line: &Line<'_>, told: &mut Told) -> Option<LineSort> {
    let key = &FIELDS[0];
    let Some(entry) = line.get(SORT) else {
        told.error(
            &line.place(SORT),
            Message::new(
                "dòng chưa ghi loại; ghi Biểu, Mặc định, Cột, Dòng hay Đề mục",
                "the line has no sort; write Biểu, Mặc định, Cột, Dòng or Đề mục",
            ),
        );
        return None;
    };
    match value::choice(key, SORTS, entry) {
        Err(message) => {
            told.error(&entry.place, message);
            value::near(SORTS, entry).map(sort_of)
        }
        Ok(word) => Some(sort_of(word)),
    }
}

fn sort_of(word: &Word) -> LineSort {
    match word.value {
        "form" => LineSort::Setting,
        "defaults" => LineSort::Defaults,
        "column" => LineSort::Column,
        "row" => LineSort::Row,
        _ => LineSort::Heading,
    }
}

/// The id of a column or row: as written, once. A missing one is made from the label so that what
/// names it elsewhere is not told too.
fn id(line: &Line<'_>, used: &mut HashMap<String, Place>, told: &mut Told) -> String {
    let made = || {
        let label = line.get(LABEL).map_or("", |label| label.trimmed());
        slug(label).replace('-', "_")
    };
    let Some(entry) = line.get(ID) else {
        let made = made();
        told.error(
            &line.place(ID),
            Message::new(
                format!("chưa ghi mã; ví dụ {made}"),
                format!("there is no id; write one, such as {made}"),
            ),
        );
        return made;
    };
    if let Err(unknown) = entry.known() {
        told.error(&entry.place, unknown);
        return made();
    }
    let id = entry.trimmed().to_owned();
    if id.len() < entry.text.len() {
        told.note(
            &entry.place,
            Message::new(
                format!("thừa dấu cách quanh mã «{id}»; đã bỏ qua"),
                format!("spaces around the id «{id}» are passed over"),
            ),
        );
    }
    if let Some(first) = used.get(&id) {
        told.error(
            &entry.place,
            Message::new(
                format!(
                    "mã «{id}» đã có ở ô {}; cột và dòng dùng chung một bộ mã",
                    first.cell
                ),
                format!(
                    "the id «{id}» is used in {} already; columns and rows share ids",
                    first.cell
                ),
            ),
        );
        return format!("{id}_{}", line.row + 1);
    }
    used.insert(id.clone(), entry.place.clone());
    id
}

/// Writes the settings.
fn settings<'l>(
    fields: &[Field<'l, '_>],
    lines: &Lines<'_>,
    text: &mut Text,
    told: &mut Told,
) -> Settings<'l> {
    let mut by_path: HashMap<&'static str, &'l Entry> = HashMap::new();
    let top = lines.heading_place(ID);
    text.begin(Sort::Head, "", "", &top);
    for field in fields
        .iter()
        .filter(|field| field.sort == LineSort::Setting)
    {
        let line = field.line;
        for (key, entry) in line.entries() {
            if ![SORT, ID, LABEL].contains(&key.heading) {
                told.error(&entry.place, misplaced(key, "Biểu"));
            }
        }
        let Some(key) = setting(line, told) else {
            continue;
        };
        let Some(entry) = line.get(LABEL) else {
            if key.kind != Kind::Other {
                told.note(
                    &line.place(LABEL),
                    Message::new(
                        format!(
                            "«{}» chưa có giá trị ở cột «{LABEL}»; coi như không ghi",
                            key.heading
                        ),
                        format!("«{}» has no value under «{LABEL}»", key.heading),
                    ),
                );
            }
            continue;
        };
        said_once(key, entry, &mut by_path, text, told);
    }
    for path in ["id", "version", "title", "sheet", "layout.rows"] {
        let begins = format!("{path} ");
        if text.toml.lines().any(|line| line.starts_with(&begins)) {
            continue;
        }
        let key = SETTINGS.iter().find(|key| key.path == path);
        if let Some(key) = key.filter(|_| !by_path.contains_key(path)) {
            told.error(
                &top,
                Message::new(
                    format!(
                        "thiếu dòng loại «Biểu» có mã «{}»: {}",
                        key.heading, key.help
                    ),
                    format!("a line «Biểu» for «{}» is missing", key.heading),
                ),
            );
        }
        // So that the rest can be looked at.
        let stand_in = if path == "layout.rows" {
            "\"fixed\""
        } else {
            "\"chua_ghi\""
        };
        text.pair(path, stand_in, &top);
    }
    Settings { by_path }
}

/// The setting a line gives.
fn setting(line: &Line<'_>, told: &mut Told) -> Option<&'static Key> {
    let Some(entry) = line.get(ID) else {
        told.error(
            &line.place(ID),
            Message::new(
                format!("dòng «Biểu» phải ghi ở cột «{ID}» điều được khai, ví dụ «Tên biểu»"),
                format!("a line «Biểu» must say under «{ID}» what it gives, such as «Tên biểu»"),
            ),
        );
        return None;
    };
    if let Err(unknown) = entry.known() {
        told.error(&entry.place, unknown);
        return None;
    }
    let folded = entry.folded();
    let named = SETTINGS.iter().find(|key| fold(key.heading) == folded);
    let known = named.or_else(|| {
        SETTINGS
            .iter()
            .find(|key| key.also.contains(&&*folded) || key.path == entry.trimmed())
    });
    if known.is_none() {
        let near = nearest(entry.trimmed(), SETTINGS.iter().map(|key| key.heading));
        let hint = near.map_or(String::new(), |near| format!("; có phải «{near}»?"));
        let text = short(entry.trimmed());
        told.error(
            &entry.place,
            Message::new(
                format!("biểu không có điều khai nào tên «{text}»{hint}"),
                format!("a form has no setting «{text}»{hint}"),
            ),
        );
    }
    known
}

/// A value in a column that the line does not take.
fn misplaced(key: &Key, sort: &str) -> Message {
    Message::new(
        format!(
            "dòng loại «{sort}» không ghi gì ở cột «{}»; có lẽ ghi nhầm cột",
            key.heading
        ),
        format!("a line «{sort}» has nothing under «{}»", key.heading),
    )
}

/// What rows and columns are called.
fn names(fields: &[Field<'_, '_>], settings: &Settings<'_>) -> Names<'static> {
    let has = |path: &str| settings.by_path.contains_key(path);
    let is_free = settings.by_path.get("layout.rows").is_some_and(|rows| {
        let rows = rows.folded();
        rows == "free" || rows.contains("tu")
    });
    let numbered = settings
        .by_path
        .get("layout.numbering")
        .is_some_and(|entry| {
            value::meant(super::words::FLAGS, &entry.text).is_some_and(|flag| flag.value == "true")
        });
    let before = usize::from(has("layout.ordinal"))
        + usize::from(!is_free && has("layout.label"))
        + usize::from(!is_free && has("layout.unit_column"));
    let mut names = Names::default();
    let mut counted = 0_usize;
    for field in fields {
        let labels = labels(field.line);
        let id = field.id.clone();
        match field.sort.axis() {
            Some(Axis::Columns) => {
                let code = before + names.columns.len() + 1;
                let no = field.line.get("Số in ở dòng");
                let no = no.map(|no| no.trimmed().to_owned());
                let no = no.or_else(|| numbered.then(|| code.to_string()));
                names.columns.push(Named {
                    id,
                    codes: no.into_iter().collect(),
                    labels,
                });
            }
            Some(Axis::Rows) => {
                counted += usize::from(field.sort == LineSort::Row);
                let no = field.line.get("Số in ở dòng");
                let no = no.map(|no| no.trimmed().to_owned());
                let no = no.or_else(|| has("layout.ordinal").then(|| counted.to_string()));
                names.rows.push(Named {
                    id,
                    codes: no.into_iter().collect(),
                    labels,
                });
            }
            None => {}
        }
    }
    names
}

/// The label of a line: its own, its whole path, other names.
fn labels(line: &Line<'_>) -> Vec<String> {
    let label = line.get(LABEL).map_or("", |label| label.trimmed());
    let own = label.rsplit('›').next().unwrap_or(label).trim();
    let mut labels = vec![own.to_owned()];
    if own != label {
        labels.push(label.to_owned());
    }
    if let Some(aliases) = line.get("Tên khác") {
        labels.extend(value::texts(&aliases.text));
    }
    labels
}

/// Writes a column, a row or the defaults.
fn write(field: &Field<'_, '_>, names: &Names<'_>, text: &mut Text, told: &mut Told) {
    let line = field.line;
    let place = line.place(ID);
    match field.sort {
        LineSort::Column => text.begin(Sort::Field, &field.id, "[[column]]", &place),
        LineSort::Row | LineSort::Heading => text.begin(Sort::Field, &field.id, "[[row]]", &place),
        LineSort::Defaults => text.begin(Sort::Defaults, "", "[defaults]", &place),
        LineSort::Setting => return,
    }
    if field.sort != LineSort::Defaults {
        text.pair("id", &quoted(&field.id), &place);
        match line.get(LABEL).map(|label| (label, value::words(label))) {
            Some((entry, Ok(label))) => text.pair("label", &value::label(&label), &entry.place),
            Some((entry, Err(message))) => {
                told.error(&entry.place, message);
                text.pair("label", "\"?\"", &entry.place);
            }
            None if other::has(line.get(super::words::OTHER), "label") => {}
            None => {
                let place = line.place(LABEL);
                told.error(
                    &place,
                    Message::new(
                        format!("chưa ghi tên của «{}» như in trên biểu", field.id),
                        format!("«{}» has no label", field.id),
                    ),
                );
                text.pair("label", &quoted(&field.id), &place);
            }
        }
    }
    if field.sort == LineSort::Heading {
        text.pair("heading", "true", &line.place(SORT));
    }
    for (key, entry) in line.entries() {
        match key.kind {
            Kind::Own if field.sort == LineSort::Defaults && key.heading != SORT => {
                told.error(&entry.place, misplaced(key, "Mặc định"));
            }
            Kind::Own | Kind::Aside => {}
            Kind::Other => other::lines(entry, text, told),
            Kind::Columns => named(key, entry, names, text, told),
            Kind::Expression => operand(key, entry, field.sort, names, text, told),
            _ => plain(key, entry, text, told),
        }
    }
}

/// Columns by whatever they are called.
fn named(key: &Key, entry: &Entry, names: &Names<'_>, text: &mut Text, told: &mut Told) {
    match super::terms::list(&entry.text, Axis::Columns, names) {
        Ok(ids) => text.pair(key.path, &list(&ids), &entry.place),
        Err(message) => told.error(&entry.place, message),
    }
}

/// What is divided, or by what: over columns on a column's line, over rows on a row's.
fn operand(
    key: &Key,
    entry: &Entry,
    sort: LineSort,
    names: &Names<'_>,
    text: &mut Text,
    told: &mut Told,
) {
    let axis = sort.axis().unwrap_or(Axis::Columns);
    let resolved = match expression_of(entry) {
        Some(whole) => resolve(whole, Bare::Figure, names),
        None => {
            let own = resolve(&entry.text, Bare::Code(axis), names);
            own.or_else(|why| {
                resolve(&entry.text, Bare::Code(axis.other()), names).map_err(|_| why)
            })
        }
    };
    match resolved {
        Ok(resolved) => text.pieces(
            key.path,
            &[(resolved.trim().to_owned(), entry.place.clone())],
        ),
        Err(message) => {
            told.error(&entry.place, message);
            // So that the rest can be looked at.
            if let Some(any) = names.of(axis).first() {
                text.pair(key.path, &quoted(&any.id), &entry.place);
            }
        }
    }
}
