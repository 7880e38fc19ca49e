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

/// Reporting units as a sheet lists them.
pub(super) struct BookUnits {
    sheet: Arc<str>,
    list: List,
}

impl BookUnits {
    pub(super) fn of(sheet: &Sheet) -> BookUnits {
        BookUnits {
            sheet: sheet.name.clone(),
            list: lists::of_sheet(sheet),
        }
    }

    /// The units; where mistakes have been told, as if kinds and headings were right.
    ///
    /// # Errors
    /// Everything that is wrong with the sheet, at its cell.
    pub(super) fn roster(&self, file: &CampaignFile, told: bool) -> Result<Roster, Vec<Mistake>> {
        let (mut list, mut mistakes) = self.with_known_headings();
        if told {
            mistakes.clear();
            with_known_kinds(&mut list, file);
        }
        let roster = match Roster::from_list(&list, &self.sheet) {
            Ok(roster) => Some(roster),
            Err(error) => {
                let told = error.faults.iter().map(|fault| self.fault(&list, fault));
                mistakes.extend(told);
                None
            }
        };
        self.kinds(&list, file, &mut mistakes);
        match roster {
            Some(roster) if mistakes.is_empty() => Ok(roster),
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

/// Gives units whose kind the campaign does not declare one that it does.
fn with_known_kinds(list: &mut List, file: &CampaignFile) {
    let (Some(column), Some(first)) = (column(list, "kind"), file.kinds.first()) else {
        return;
    };
    for row in &mut list.rows {
        if let Some(kind) = row.fields.get_mut(column)
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
