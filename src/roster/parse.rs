//! The roster file: CSV to units, reporting everything that is wrong with it in one go.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::faults::{Faults, RosterError, placed};
use super::headings::{
    ALIASES, CODE, COLUMNS, Column, FORMER, FROM, GROUP, HEADINGS, KIND, KNOWN, NAME, NEEDED, TO,
    UPPER, layout, sheet_heading,
};
use super::levels;
use super::names::{split_kind, squeezed};
use super::succession;
use super::units::{Bearer, Roster};
use crate::model::{Message, ReportingUnit};
use crate::text::list::{Damaged, List, ListRow, meaning, nearly};
use crate::text::{fold, label_key};

impl RosterError {
    /// As it is told of a sheet: by the headings of its columns.
    pub fn of_sheet(mut self) -> RosterError {
        for fault in &mut self.faults {
            let Message { vi, en } = &fault.what;
            let what = Message::new(in_sheet_words(vi), in_sheet_words(en));
            let heading = fault.column.and_then(sheet_heading);
            fault.message = placed(&fault.file, fault.line, heading, &what);
            fault.what = what;
        }
        self
    }
}

/// What is said of the columns of a text file alone.
const SEPARATED: [&str; 2] = [
    ", cách nhau bằng dấu phẩy hoặc chấm phẩy",
    ", separated by commas or semicolons",
];

/// A message about columns with the headings they have in a sheet, and quotation marks of people.
pub fn in_sheet_words(text: &str) -> String {
    let mut text = text.replace(&layout(), &HEADINGS.join(", "));
    for words in SEPARATED {
        text = text.replace(words, "");
    }
    for Column { known, heading } in COLUMNS {
        let heading = format!("«{heading}»");
        text = text.replace(&format!("`{}`", known.name), &heading);
        // No other word has one of these.
        if known.name.contains('_') {
            text = text.replace(known.name, &heading);
        }
    }
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("«{part}»"),
    });
    parts.collect()
}

impl Roster {
    /// Reads a roster from CSV, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or
    /// windows-1258; see [`Roster::from_list`].
    ///
    /// # Errors
    /// Every mistake in the file, each with its line.
    pub fn parse(bytes: &[u8], display_name: &str) -> Result<Self, RosterError> {
        match List::from_csv(bytes) {
            Ok(list) => Roster::from_list(&list, display_name),
            Err(Damaged(line)) => {
                let mut faults = Faults::new(display_name);
                faults.add(
                    Some(line),
                    None,
                    "chữ ở dòng này hỏng (mã UTF-8 sai); mở bằng Excel, sửa chữ rồi lưu với kiểu \"CSV UTF-8\"",
                    "the text of this line is damaged UTF-8; mend it and save it from Excel as \"CSV UTF-8\"",
                );
                Err(faults.into())
            }
        }
    }

    /// Understands a roster: the columns code, name, kind, and as the office wants group,
    /// active_from, active_to, aliases, predecessors, summed_by, by these names or Vietnamese ones;
    /// other columns are the office's own and kept. Days are written 2025-07-01 or 01/7/2025, aliases
    /// and predecessors are separated by `|`; the unit of summed_by goes by its code or name.
    ///
    /// # Errors
    /// Every mistake in the list, each with its line.
    pub fn from_list(list: &List, display_name: &str) -> Result<Self, RosterError> {
        let mut faults = Faults::new(display_name);
        let roster = read_units(list, &mut faults);
        match roster {
            Some(roster) if faults.list.is_empty() => Ok(roster),
            _ => Err(faults.into()),
        }
    }
}

fn read_units(list: &List, faults: &mut Faults) -> Option<Roster> {
    let columns = find_columns(&list.heading, faults)?;
    let mut builder = Builder {
        columns,
        ..Builder::default()
    };
    for row in &list.rows {
        builder.add(row, faults);
    }
    if builder.roster.units.is_empty() && faults.list.is_empty() {
        faults.add(
            None,
            None,
            "danh sách không có đơn vị nào; mỗi đơn vị ghi một dòng",
            "the roster lists no unit; write one line for each",
        );
    }
    builder.refuse_shared_names(faults);
    succession::check(&builder.roster, &builder.lines, faults);
    levels::settle(&mut builder.roster, &builder.lines, faults);
    Some(builder.roster)
}

/// Where each column is in the file.
#[derive(Default)]
struct Columns {
    /// Those of [`KNOWN`].
    known: [Option<usize>; 9],
    /// The office's own, with their titles.
    own: Vec<(usize, String)>,
    /// How many the file has.
    count: usize,
}

fn find_columns(heading: &ListRow, faults: &mut Faults) -> Option<Columns> {
    let (line, heading) = (Some(heading.line), &heading.fields);
    let layout = layout();
    let meant: Vec<Option<&str>> = heading.iter().map(|t| meaning(t, &KNOWN)).collect();
    let mut own = Vec::new();
    for (at, title) in heading.iter().enumerate() {
        let Some(name) = meant[at] else {
            // A column that lacks and a title close to it: a slip.
            match nearly(title, &KNOWN).filter(|near| !meant.contains(&Some(near))) {
                Some(near) => {
                    faults.add(
                    line,
                    None,
                    format!("không có cột nào tên `{title}`; có phải là `{near}`? Các cột chương trình dùng: {layout}"),
                    format!("unknown column `{title}`; did you mean `{near}`? The columns in use are: {layout}"),
                    );
                    faults.in_field(at);
                }
                None => own.push((at, title.clone())),
            }
            continue;
        };
        if meant[..at].contains(&Some(name)) {
            faults.add(
                line,
                None,
                format!("cột `{title}` lặp lại; hãy bỏ bớt một"),
                format!("column `{title}` stands twice; remove one"),
            );
            faults.in_field(at);
        }
    }
    let mut known = [None; 9];
    for (at, column) in KNOWN.iter().enumerate() {
        known[at] = meant.iter().position(|name| *name == Some(column.name));
        if at < NEEDED && known[at].is_none() {
            let called = column.also[0];
            faults.add(
                line,
                Some(column.name),
                format!("thiếu cột này (tên tiếng Việt không dấu cũng được: `{called}`); các cột: {layout}{}", SEPARATED[0]),
                format!("this column is missing; the columns are: {layout}{}", SEPARATED[1]),
            );
        }
    }
    faults.list.is_empty().then_some(Columns {
        known,
        own,
        count: heading.len(),
    })
}

/// The roster while its lines come in.
#[derive(Default)]
struct Builder {
    columns: Columns,
    roster: Roster,
    /// Line of each unit of the roster.
    lines: Vec<u64>,
}

impl Builder {
    fn add(&mut self, row: &ListRow, faults: &mut Faults) {
        let line = row.line;
        if !self.well_formed(row, faults) {
            return;
        }
        let at = |place: usize| row.fields.get(place).map_or("", String::as_str);
        let field = |column: usize| self.columns.known[column].map_or("", at);
        let list = |text: &str| -> Vec<String> {
            let parts = text.split('|').map(str::trim);
            parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let before = faults.list.len();
        for (at, column) in KNOWN.iter().enumerate().take(NEEDED) {
            if field(at).is_empty() {
                faults.add(
                    Some(line),
                    Some(column.name),
                    "để trống; đơn vị nào cũng phải có mã, tên và loại",
                    "blank; every unit needs a code, a name and a kind",
                );
            }
        }
        let unit = ReportingUnit {
            code: field(CODE).to_owned(),
            name: field(NAME).to_owned(),
            kind: field(KIND).to_owned(),
            group: field(GROUP).to_owned(),
            active_from: read_day(field(FROM), line, KNOWN[FROM].name, faults),
            active_to: read_day(field(TO), line, KNOWN[TO].name, faults),
            aliases: list(field(ALIASES)),
            predecessors: list(field(FORMER)),
            summed_by: Some(field(UPPER).to_owned()).filter(|upper| !upper.is_empty()),
        };
        if let (Some(from), Some(to)) = (unit.active_from, unit.active_to)
            && to < from
        {
            faults.add(
                Some(line),
                Some(KNOWN[TO].name),
                format!("ngày kết thúc {to} trước ngày bắt đầu {from}; hãy sửa một trong hai"),
                format!("the last day {to} is before the first day {from}; correct one of them"),
            );
        }
        if faults.list.len() == before {
            let own = self.columns.own.iter();
            let own = own.map(|(place, title)| (title.clone(), at(*place).to_owned()));
            self.roster.own.insert(unit.code.clone(), own.collect());
            self.insert(unit, line, faults);
        }
    }

    fn well_formed(&self, row: &ListRow, faults: &mut Faults) -> bool {
        let line = row.line;
        let mut fields = row.fields.iter();
        if fields.any(|field| field.contains(['\n', '\r'])) {
            faults.add(
                Some(line),
                None,
                "có ô xuống dòng; thường do thừa một dấu nháy kép (\"), hãy bỏ đi",
                "a field runs over several lines, mostly because of a stray quote (\"); remove it",
            );
            return false;
        }
        let (found, wanted) = (row.fields.len(), self.columns.count);
        if found != wanted {
            faults.add(
                Some(line),
                None,
                format!(
                    "có {found} cột, phải là {wanted}; tên có dấu ngăn cột thì đặt trong dấu nháy kép"
                ),
                format!(
                    "has {found} columns instead of {wanted}; put a name with a separator in quotes"
                ),
            );
            return false;
        }
        true
    }

    fn insert(&mut self, unit: ReportingUnit, line: u64, faults: &mut Faults) {
        let at = self.roster.units.len();
        if let Some(earlier) = self.roster.by_code.get(&unit.code) {
            let earlier = self.lines[*earlier];
            let code = &unit.code;
            faults.add(
                Some(line),
                Some(KNOWN[CODE].name),
                format!("mã `{code}` đã dùng ở dòng {earlier}; mỗi đơn vị một mã riêng"),
                format!("code `{code}` is already used in line {earlier}; every unit has its own"),
            );
            return;
        }
        for (name, kind) in names(&unit) {
            let tight = squeezed(&name);
            let by_folded = self.roster.by_folded.entry(fold(&name)).or_default();
            if !by_folded.contains(&at) {
                by_folded.push(at);
            }
            let bearer = Bearer { kind, unit: at };
            let by_squeezed = self.roster.by_squeezed.entry(tight).or_default();
            for bearers in [self.roster.by_name.entry(name).or_default(), by_squeezed] {
                if !bearers.contains(&bearer) {
                    bearers.push(bearer.clone());
                }
            }
        }
        self.roster.by_code.insert(unit.code.clone(), at);
        self.roster.units.push(Arc::new(unit));
        self.lines.push(line);
    }

    /// Two units of one kind may bear one name only if they never exist on the same day.
    fn refuse_shared_names(&self, faults: &mut Faults) {
        let mut shared: BTreeMap<(usize, usize), &str> = BTreeMap::new();
        for (name, bearers) in &self.roster.by_name {
            for (i, later) in bearers.iter().enumerate() {
                let clash = bearers.iter().take(i).find(|earlier| {
                    let units = &self.roster.units;
                    earlier.kind == later.kind
                        && units[earlier.unit].exists_beside(&units[later.unit])
                });
                if let Some(earlier) = clash.filter(|earlier| earlier.unit != later.unit) {
                    shared.entry((later.unit, earlier.unit)).or_insert(name);
                }
            }
        }
        for ((later, earlier), name) in shared {
            let line = self.lines[earlier];
            faults.add(
                Some(self.lines[later]),
                Some(KNOWN[NAME].name),
                format!(
                    "tên hoặc tên gọi khác \"{name}\" trùng với đơn vị ở dòng {line} trong cùng thời \
                     gian; hãy sửa tên, bớt tên gọi khác hoặc ghi active_from, active_to"
                ),
                format!(
                    "the name or alias \"{name}\" is also that of the unit in line {line} at the \
                     same time; change a name, remove an alias, or set active_from and active_to"
                ),
            );
        }
    }
}

/// Every name a unit goes by, bare, with the kind it goes with.
fn names(unit: &ReportingUnit) -> Vec<(String, String)> {
    let official = label_key(&unit.name);
    let (said, bare) = split_kind(&official);
    // `thi_tran`, `thi-tran` and `Thị trấn` are one kind.
    let letters = |kind: &str| {
        fold(kind)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    let own_kind: String = said.map_or_else(|| letters(&unit.kind), str::to_owned);
    let mut names = vec![(bare.to_owned(), own_kind.clone())];
    for alias in &unit.aliases {
        let alias = label_key(alias);
        let (said, bare) = split_kind(&alias);
        names.push((
            bare.to_owned(),
            said.map_or_else(|| own_kind.clone(), str::to_owned),
        ));
    }
    names
}

fn read_day(text: &str, line: u64, column: &'static str, faults: &mut Faults) -> Option<NaiveDate> {
    if text.is_empty() {
        return None;
    }
    let day = day(text);
    if day.is_none() {
        faults.add(
            Some(line),
            Some(column),
            format!(
                "`{text}` không phải là ngày; hãy ghi ngày/tháng/năm như 01/7/2025, hoặc 2025-07-01"
            ),
            format!("`{text}` is not a day; write day/month/year such as 01/7/2025, or 2025-07-01"),
        );
    }
    day
}

/// A day as 2025-07-01, or as 01/7/2025: day, month, year of four digits.
fn day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts[..] else {
        return None;
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, day) = match (first.len(), last.len()) {
        (4, 2) if text.len() == 10 && !text.contains(['/', '.']) => (first, last),
        (1 | 2, 4) => (last, first),
        _ => return None,
    };
    let number = |part: &str| all_digits(part).then(|| part.parse().ok()).flatten();
    let year: u32 = number(year)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)
}
