//! The roster file: CSV to units, reporting everything that is wrong with it in one go.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use csv::StringRecord;

use super::faults::{Faults, PREDECESSORS, RosterError};
use super::names::{split_kind, squeezed};
use super::succession;
use super::units::{Bearer, Roster};
use crate::model::ReportingUnit;
use crate::model::why::Why;
use crate::text::{fold, label_key, nearest};

const COLUMNS: [&str; 7] = [
    "code",
    "name",
    "kind",
    "group",
    "active_from",
    "active_to",
    "aliases",
];
const LAYOUT: &str = "code,name,kind,group,active_from,active_to,aliases";

impl Roster {
    /// Reads a roster: CSV in UTF-8 with the columns code, name, kind, group, active_from,
    /// active_to, aliases, and predecessors if the office wants. Days are written 2025-07-01,
    /// aliases and predecessors are separated by `|`.
    ///
    /// # Errors
    /// Every mistake in the file, each with its line.
    pub fn parse(bytes: &[u8], display_name: &str) -> Result<Self, RosterError> {
        parse(bytes, display_name)
    }
}

fn parse(bytes: &[u8], file: &str) -> Result<Roster, RosterError> {
    let mut faults = Faults {
        file,
        list: Vec::new(),
    };
    let roster = read_text(bytes, &mut faults).and_then(|text| read_units(text, &mut faults));
    match roster {
        Some(roster) if faults.list.is_empty() => Ok(roster),
        _ => Err(RosterError {
            faults: faults.list,
        }),
    }
}

fn read_text<'a>(bytes: &'a [u8], faults: &mut Faults) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let breaks = before.iter().filter(|byte| **byte == b'\n');
            let line = 1 + breaks.map(|_| 1).sum::<u64>();
            faults.add(
                Some(line),
                None,
                "tệp không phải mã UTF-8; trong Excel hãy lưu lại với kiểu \"CSV UTF-8\"",
                "not UTF-8; save it again from Excel as \"CSV UTF-8\"",
            );
            None
        }
    }
}

fn read_units(text: &str, faults: &mut Faults) -> Option<Roster> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().ok()?.clone();
    let columns = find_columns(&header, faults)?;
    let mut builder = Builder {
        columns,
        ..Builder::default()
    };
    for record in reader.records() {
        match record {
            Ok(record) => builder.add(&record, faults),
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                let why = error.why();
                faults.add(
                    line,
                    None,
                    format!("dòng hỏng: {}", why.vi),
                    format!("bad line: {}", why.en),
                );
            }
        }
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
    Some(builder.roster)
}

/// The position of each column in the file.
#[derive(Default)]
struct Columns {
    /// Those of [`COLUMNS`].
    known: [usize; 7],
    predecessors: Option<usize>,
    /// How many the file has.
    count: usize,
}

fn find_columns(header: &StringRecord, faults: &mut Faults) -> Option<Columns> {
    let line = Some(1);
    if header.len() == 1 && header.iter().any(|name| name.contains(';')) {
        faults.add(
            line,
            None,
            format!("các cột cách nhau bằng dấu chấm phẩy; phải là dấu phẩy: {LAYOUT}"),
            format!("columns are separated by semicolons; use commas: {LAYOUT}"),
        );
        return None;
    }
    for (at, name) in header.iter().enumerate() {
        if !COLUMNS.contains(&name) && name != PREDECESSORS {
            let meant = nearest(name, COLUMNS.into_iter().chain([PREDECESSORS]));
            let vi = meant
                .map(|meant| format!("; có phải là `{meant}`?"))
                .unwrap_or_default();
            let en = meant
                .map(|meant| format!("; did you mean `{meant}`?"))
                .unwrap_or_default();
            faults.add(
                line,
                None,
                format!("không có cột nào tên `{name}`{vi} Các cột phải là: {LAYOUT}"),
                format!("unknown column `{name}`{en} The columns are: {LAYOUT}"),
            );
        } else if header.iter().take(at).any(|earlier| earlier == name) {
            faults.add(
                line,
                None,
                format!("cột `{name}` lặp lại; hãy bỏ bớt một"),
                format!("column `{name}` stands twice; remove one"),
            );
        }
    }
    let mut columns = [0; 7];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        match header.iter().position(|there| there == name) {
            Some(at) => *column = at,
            None => faults.add(
                line,
                Some(name),
                format!("thiếu cột này; các cột phải là: {LAYOUT}"),
                format!("this column is missing; the columns are: {LAYOUT}"),
            ),
        }
    }
    faults.list.is_empty().then(|| Columns {
        known: columns,
        predecessors: header.iter().position(|there| there == PREDECESSORS),
        count: header.len(),
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
    fn add(&mut self, record: &StringRecord, faults: &mut Faults) {
        let line = record
            .position()
            .map(csv::Position::line)
            .unwrap_or_default();
        if record.iter().all(str::is_empty) {
            return; // what Excel leaves of a cleared row
        }
        if !self.well_formed(record, line, faults) {
            return;
        }
        let field = |column: usize| record.get(self.columns.known[column]).unwrap_or_default();
        let list = |text: &str| -> Vec<String> {
            let parts = text.split('|').map(str::trim);
            parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let predecessors = self.columns.predecessors.and_then(|at| record.get(at));
        let before = faults.list.len();
        for (at, column) in COLUMNS.into_iter().enumerate().take(3) {
            if field(at).is_empty() {
                faults.add(
                    Some(line),
                    Some(column),
                    "để trống; đơn vị nào cũng phải có mã, tên và loại",
                    "blank; every unit needs a code, a name and a kind",
                );
            }
        }
        let unit = ReportingUnit {
            code: field(0).to_owned(),
            name: field(1).to_owned(),
            kind: field(2).to_owned(),
            group: field(3).to_owned(),
            active_from: read_day(field(4), line, COLUMNS[4], faults),
            active_to: read_day(field(5), line, COLUMNS[5], faults),
            aliases: list(field(6)),
            predecessors: list(predecessors.unwrap_or_default()),
        };
        if let (Some(from), Some(to)) = (unit.active_from, unit.active_to)
            && to < from
        {
            faults.add(
                Some(line),
                Some(COLUMNS[5]),
                format!("ngày kết thúc {to} trước ngày bắt đầu {from}; hãy sửa một trong hai"),
                format!("the last day {to} is before the first day {from}; correct one of them"),
            );
        }
        if faults.list.len() == before {
            self.insert(unit, line, faults);
        }
    }

    fn well_formed(&self, record: &StringRecord, line: u64, faults: &mut Faults) -> bool {
        if record.iter().any(|field| field.contains(['\n', '\r'])) {
            faults.add(
                Some(line),
                None,
                "có ô xuống dòng; thường do thừa một dấu nháy kép (\"), hãy bỏ đi",
                "a field runs over several lines, mostly because of a stray quote (\"); remove it",
            );
            return false;
        }
        let (found, wanted) = (record.len(), self.columns.count);
        if found != wanted {
            faults.add(
                Some(line),
                None,
                format!(
                    "có {found} cột, phải là {wanted}; tên có dấu phẩy thì đặt trong dấu nháy kép"
                ),
                format!(
                    "has {found} columns instead of {wanted}; put a name with a comma in quotes"
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
                Some(COLUMNS[0]),
                format!("mã `{code}` đã dùng ở dòng {earlier}; mỗi đơn vị một mã riêng"),
                format!("code `{code}` is already used in line {earlier}; every unit has its own"),
            );
            return;
        }
        for (name, kind) in names(&unit) {
            let tight = squeezed(&name);
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
                    earlier.kind == later.kind && overlap(&units[earlier.unit], &units[later.unit])
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
                Some(COLUMNS[1]),
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

fn overlap(one: &ReportingUnit, other: &ReportingUnit) -> bool {
    let starts_by_end = |a: &ReportingUnit, b: &ReportingUnit| match (a.active_from, b.active_to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    starts_by_end(one, other) && starts_by_end(other, one)
}

fn read_day(text: &str, line: u64, column: &'static str, faults: &mut Faults) -> Option<NaiveDate> {
    if text.is_empty() {
        return None;
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| text.len() == 10);
    if day.is_none() {
        faults.add(
            Some(line),
            Some(column),
            format!("`{text}` không phải là ngày; hãy ghi năm-tháng-ngày như 2025-07-01"),
            format!("`{text}` is not a day; write year-month-day such as 2025-07-01"),
        );
    }
    day
}
