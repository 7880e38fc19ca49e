//! Which sheet of a workbook is which. Names are recognised however they are spelled if the heading is
//! there, too; a sheet of ours under another name is told, never passed over.

use super::cells::place;
use super::lines::{has_headings, heading_row};
use super::told::Told;
use super::words::{Key, is_called};
use crate::model::Message;
use crate::workbook::{Sheet, Workbook};

/// A sheet that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ours {
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key],
    /// Headings by which it is known under any name.
    pub(super) known_by: &'static [&'static str],
}

impl Ours {
    /// The sheet of that name with the heading, else the first one called nearly so.
    pub(super) fn find<'a>(&self, workbook: &'a Workbook) -> Option<&'a Sheet> {
        let headed = |sheet: &&Sheet| heading_row(sheet, self.keys).is_some();
        let called = |sheet: &&Sheet| is_called(&sheet.name, self.name);
        let exact = workbook.sheet_named(self.name).filter(headed);
        exact.or_else(|| workbook.sheets.iter().filter(called).find(headed))
    }

    /// Has a sheet the headings of this one?
    fn is(&self, sheet: &Sheet) -> bool {
        has_headings(sheet, self.keys, self.known_by)
    }
}

/// The first sheet that is not read although it has the headings of one of ours, with the name that
/// it should have.
pub(super) fn unread<'a>(
    workbook: &'a Workbook,
    ours: &[Ours],
    read: &[&Sheet],
) -> Vec<(&'a Sheet, &'static str)> {
    let is_read = |sheet: &&Sheet| !read.iter().any(|other| other.name == sheet.name);
    let sheets = workbook.sheets.iter().filter(is_read);
    sheets
        .filter_map(|sheet| Some((sheet, ours.iter().find(|one| one.is(sheet))?.name)))
        .collect()
}

/// Tells of sheets that are not read although they have the headings of one of ours.
pub(super) fn tell_unread(workbook: &Workbook, ours: &[Ours], read: &[&Sheet], told: &mut Told) {
    for (sheet, name) in unread(workbook, ours, read) {
        let own = &sheet.name;
        let other = read.iter().find(|read| is_called(&read.name, name));
        let message = match other {
            Some(other) => Message::new(
                format!(
                    "trang «{own}» có tiêu đề của trang «{name}» mà không được đọc, vì đã có trang «{}»; hãy gộp hai trang, hoặc xóa trang không dùng",
                    other.name
                ),
                format!(
                    "the sheet «{own}» has the headings of «{name}» and is not read, because there is «{}»; join the two, or remove one",
                    other.name
                ),
            ),
            None => Message::new(
                format!(
                    "trang «{own}» có tiêu đề của trang «{name}» mà không được đọc; hãy đổi tên trang thành «{name}»"
                ),
                format!(
                    "the sheet «{own}» has the headings of «{name}» and is not read; rename it to «{name}»"
                ),
            ),
        };
        told.error(&place(own, 0, 0), message);
    }
}
