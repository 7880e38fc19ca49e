//! The sheet of reporting units of a campaign's workbook.

use std::sync::Arc;

use super::lists;
use crate::model::{CellAddress, Message, Place, Severity};
use crate::roster::{self, Roster, RosterFault};
use crate::schema::campaign::CampaignFile;
use crate::sheet_form::Mistake;
use crate::text::list::List;
use crate::text::nearest;
use crate::workbook::Sheet;

/// How often what is wrong is mended for what it hides.
const ROUNDS: usize = 8;

/// Reporting units as a sheet lists them.
pub(super) struct BookUnits {
    sheet: Arc<str>,
    list: List,
    /// Cells whose value nobody knows.
    unknown: Vec<Mistake>,
}

impl BookUnits {
    pub(super) fn of(sheet: &Sheet) -> BookUnits {
        let list = lists::units_of_sheet(sheet);
        BookUnits {
            sheet: sheet.name.clone(),
            unknown: unknown(sheet, &list),
            list,
        }
    }

    /// The code of the first unit.
    pub(super) fn first(&self) -> Option<&str> {
        let code = column(&self.list, "code")?;
        let codes = self.list.rows.iter().filter_map(|row| row.fields.get(code));
        codes.map(String::as_str).find(|code| !code.is_empty())
    }

    /// The units; where mistakes have been told, as if what is wrong were right.
    ///
    /// # Errors
    /// Everything that is wrong with the sheet, at its cell.
    pub(super) fn roster(&self, file: &CampaignFile, told: bool) -> Result<Roster, Vec<Mistake>> {
        let (mut list, mut mistakes) = self.with_known_headings();
        mistakes.extend(self.unknown.iter().cloned());
        self.kinds(&list, file, &mut mistakes);
        with_known_kinds(&mut list, file);
        let mut roster = Roster::from_list(&list, &self.sheet);
        // What is wrong is mended once it is told, so that the rest is looked at.
        for _ in 0..ROUNDS {
            let Err(error) = &roster else { break };
            for fault in &error.faults {
                let fault = self.fault(&list, fault);
                if !mistakes.contains(&fault) {
                    mistakes.push(fault);
                }
            }
            for fault in &error.faults {
                mend(&mut list, fault, file);
            }
            roster = Roster::from_list(&list, &self.sheet);
        }
        // Of a cell whose value nobody knows, nothing else is told.
        let unknown = |one: &Mistake| self.unknown.iter().any(|other| other.place == one.place);
        mistakes.retain(|one| self.unknown.contains(one) || !unknown(one));
        let coded = column(&self.list, "code").is_some();
        match roster {
            Ok(roster) if told && coded || mistakes.is_empty() => Ok(roster),
            _ => Err(mistakes),
        }
    }

    /// The list with headings that are slips of the pen mended and told.
    fn with_known_headings(&self) -> (List, Vec<Mistake>) {
        let mut list = self.list.clone();
        let mut mistakes = Vec::new();
        let there: Vec<&str> = list
            .heading
            .fields
            .iter()
            .filter_map(|title| roster::sheet_heading(title))
            .collect();
        let row = row_of(list.heading.line);
        for (field, title) in list.heading.fields.iter_mut().enumerate() {
            let missing = roster::HEADINGS
                .into_iter()
                .filter(|name| !there.contains(name));
            if roster::sheet_heading(title).is_some() {
                continue;
            }
            let Some(near) = nearest(title, missing) else {
                continue;
            };
            let message = Message::new(
                format!("không có tiêu đề «{title}»; có phải «{near}»?"),
                format!("unknown heading «{title}»; did you mean «{near}»?"),
            );
            mistakes.push(self.mistake(row, Some(field), message));
            near.clone_into(title);
        }
        (list, mistakes)
    }

    /// A fault of the roster at its cell.
    fn fault(&self, list: &List, fault: &RosterFault) -> Mistake {
        let row = row_of(fault.line.unwrap_or(list.heading.line));
        let column = fault.column.and_then(|name| column(list, name));
        let Message { vi, en } = &fault.what;
        let (mut vi, mut en) = (roster::in_sheet_words(vi), roster::in_sheet_words(en));
        // Of a column that is there the cell says which.
        if let (Some(name), None) = (fault.column.and_then(roster::sheet_heading), column) {
            vi = format!("cột «{name}»: {vi}");
            en = format!("column «{name}»: {en}");
        }
        self.mistake(row, fault.field.or(column), Message::new(vi, en))
    }

    /// Kinds of unit that the campaign does not declare.
    fn kinds(&self, list: &List, file: &CampaignFile, mistakes: &mut Vec<Mistake>) {
        let Some(column) = column(list, "kind") else {
            return;
        };
        let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
        for row in &list.rows {
            let Some(kind) = row.fields.get(column).filter(|kind| !kind.is_empty()) else {
                continue;
            };
            if known.contains(&kind.as_str()) {
                continue;
            }
            let hint = match nearest(kind, known.iter().copied()) {
                Some(near) => format!("; có phải «{near}»?"),
                None => format!(" (đã khai: {})", known.join(", ")),
            };
            let message = Message::new(
                format!("loại đơn vị «{kind}» chưa khai ở trang «Đợt»{hint}"),
                format!("the kind of unit «{kind}» is not declared on the sheet «Đợt»{hint}"),
            );
            mistakes.push(self.mistake(row_of(row.line), Some(column), message));
        }
    }

    /// A mistake at a field of a row (both from 0), or at its beginning.
    fn mistake(&self, row: u32, field: Option<usize>, message: Message) -> Mistake {
        let column = field.and_then(|field| u32::try_from(field).ok());
        Mistake {
            place: Place {
                sheet: self.sheet.clone(),
                // A line without a field of its own is marked at its beginning.
                cell: CellAddress::new(row, column.map_or(0, |column| column)),
            },
            severity: Severity::Error,
            message,
        }
    }
}

/// Cells of a sheet whose value nobody knows.
fn unknown(sheet: &Sheet, list: &List) -> Vec<Mistake> {
    let told = lists::without_values(sheet, list, lists::is_of_roster);
    let told = told.map(|(cell, message)| Mistake {
        place: Place {
            sheet: sheet.name.clone(),
            cell,
        },
        severity: Severity::Error,
        message,
    });
    told.collect()
}

/// Puts something right in the place of what a fault is about; nothing can stand in for codes, which
/// are named elsewhere.
fn mend(list: &mut List, fault: &RosterFault, file: &CampaignFile) {
    let at = fault.column.and_then(|name| column(list, name));
    let stand_in = |name: &str, was: &str, line: u64| match name {
        "code" | "name" => format!("{was} {line}").trim().to_owned(),
        "kind" => file
            .kinds
            .first()
            .map_or(String::new(), |kind| kind.id.clone()),
        _ => String::new(),
    };
    let row = list
        .rows
        .iter_mut()
        .find(|row| Some(row.line) == fault.line);
    match (row, fault.column, at) {
        (Some(row), Some(name), Some(at)) => {
            if let Some(field) = row.fields.get_mut(at) {
                *field = stand_in(name, field, row.line);
            }
        }
        (Some(row), ..) => {
            for field in &mut row.fields {
                *field = field.replace(['\n', '\r'], " ");
            }
        }
        // Whatever names units by codes cannot be looked at without them; the rest of the list can.
        (None, Some(name), None) => {
            list.heading.fields.push(name.to_owned());
            for row in &mut list.rows {
                let field = stand_in(name, "", row.line);
                row.fields.push(field);
            }
        }
        _ => {
            let field = fault.field.and_then(|at| list.heading.fields.get_mut(at));
            if let Some(field) = field {
                field.insert(0, '#');
            }
        }
    }
}

/// Gives units whose kind the campaign does not declare one that it does.
fn with_known_kinds(list: &mut List, file: &CampaignFile) {
    let (Some(column), Some(first)) = (column(list, "kind"), file.kinds.first()) else {
        return;
    };
    for row in &mut list.rows {
        if let Some(kind) = row.fields.get_mut(column)
            && !kind.is_empty()
            && !file.kinds.iter().any(|known| known.id == *kind)
        {
            first.id.clone_into(kind);
        }
    }
}

/// Which field of a list a column is, by any of its names.
fn column(list: &List, name: &str) -> Option<usize> {
    let heading = roster::sheet_heading(name)?;
    let mut titles = list.heading.fields.iter();
    titles.position(|title| roster::sheet_heading(title) == Some(heading))
}

/// The row (from 0) of a line (from 1).
fn row_of(line: u64) -> u32 {
    u32::try_from(line.saturating_sub(1)).map_or(u32::MAX, |row| row)
}
