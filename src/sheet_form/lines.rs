//! The heading of a sheet and the lines under it.

use super::cells::{Entry, entry, place};
use super::told::Told;
use super::words::{Key, Kind};
use crate::model::{CellAddress, Message, Place};
use crate::text::{fold, nearest};
use crate::workbook::Sheet;

/// Rows of a sheet in which a heading is looked for.
const DEEPEST_HEADING: u32 = 40;
/// Behind the heading of a second column of rows, or of columns.
const RIGHT: &str = " (vế phải)";
/// Begins the heading of a column that is not read.
const IGNORED: char = '#';

/// A sheet whose heading has been understood.
pub(super) struct Lines<'a> {
    pub(super) sheet: &'a Sheet,
    keys: &'static [Key],
    /// Row of the heading, from 0.
    pub(super) heading: u32,
    /// Columns that are read, with the key each is of.
    columns: Vec<(u32, &'static Key)>,
    /// Columns that are there and not read.
    aside: Vec<u32>,
    /// Rows with something in them.
    rows: Vec<u32>,
}

/// One line under the heading.
pub(super) struct Line<'a> {
    sheet: &'a Sheet,
    pub(super) row: u32,
    columns: Vec<(u32, &'static Key)>,
    entries: Vec<(&'static Key, Entry)>,
}

impl<'a> Lines<'a> {
    /// Finds the heading of a sheet and tells what is wrong with it.
    pub(super) fn find(
        sheet: &'a Sheet,
        keys: &'static [Key],
        needed: &[&str],
        told: &mut Told,
    ) -> Option<Lines<'a>> {
        let heading = heading_row(sheet, keys);
        let Some(heading) = heading else {
            // Any of the first will do where none is needed.
            let first = keys.iter().filter(|key| key.kind == Kind::Own).take(4);
            let first: Vec<&str> = first.map(|key| key.heading).collect();
            let names = if needed.is_empty() { &first } else { needed };
            let names: Vec<String> = names.iter().map(|name| format!("«{name}»")).collect();
            let names = names.join(", ");
            told.error(
                &place(&sheet.name, 0, 0),
                Message::new(
                    format!(
                        "trang «{}» không thấy hàng tiêu đề; cần một hàng có các tiêu đề {names}",
                        sheet.name
                    ),
                    format!("sheet «{}» has no heading row with {names}", sheet.name),
                ),
            );
            return None;
        };
        let mut lines = Lines {
            sheet,
            keys,
            heading,
            columns: Vec::new(),
            aside: Vec::new(),
            rows: Vec::new(),
        };
        lines.read_heading(told);
        lines.check_needed(needed, told);
        lines.read_rows(told);
        Some(lines)
    }

    fn read_heading(&mut self, told: &mut Told) {
        let texts = row_texts(self.sheet, self.heading);
        let known = |key: &'static Key| texts.iter().any(|(_, text)| is_of(key, text));
        let mut columns: Vec<(u32, &'static Key)> = Vec::new();
        for (column, text) in &texts {
            let at = place(&self.sheet.name, self.heading, *column);
            if text.trim_start().starts_with(IGNORED) {
                self.aside.push(*column);
                continue;
            }
            let exact = self.keys.iter().filter(|key| is_of(key, text));
            let exact: Vec<&'static Key> = exact.collect();
            let free = |key: &&'static Key| !columns.iter().any(|(_, other)| other == key);
            let found = exact.iter().copied().find(free).or_else(|| {
                let right = exact.first()?.heading;
                let right = format!("{right}{RIGHT}");
                self.keys
                    .iter()
                    .find(|key| key.heading == right)
                    .filter(free)
            });
            match found {
                Some(key) => columns.push((*column, key)),
                None if !exact.is_empty() => {
                    told.error(&at, twice(text));
                    self.aside.push(*column);
                }
                None => {
                    let open = self.keys.iter().filter(free).filter(|key| !known(key));
                    let near = nearest(text, open.map(|key| key.heading));
                    told.error(&at, unknown(text, near));
                    match near.and_then(|near| self.keys.iter().find(|key| key.heading == near)) {
                        Some(key) => columns.push((*column, key)),
                        None => self.aside.push(*column),
                    }
                }
            }
        }
        self.columns = columns;
    }

    fn check_needed(&self, needed: &[&str], told: &mut Told) {
        for name in needed {
            if self.columns.iter().any(|(_, key)| key.heading == *name) {
                continue;
            }
            told.error(
                &place(&self.sheet.name, self.heading, 0),
                Message::new(
                    format!("hàng tiêu đề thiếu cột «{name}»; thêm một cột có tiêu đề ấy"),
                    format!("the heading lacks the column «{name}»; add one"),
                ),
            );
        }
    }

    fn read_rows(&mut self, told: &mut Told) {
        let mut last = None;
        let addresses: Vec<CellAddress> = self.sheet.cells.keys().copied().collect();
        for at in addresses {
            if at.row <= self.heading || self.aside.contains(&at.column) {
                continue;
            }
            let Some(written) = entry(self.sheet, at, &mut Told::default()) else {
                continue;
            };
            if !self.columns.iter().any(|(column, _)| *column == at.column) {
                told.error(
                    &written.place,
                    Message::new(
                        format!(
                            "cột {} không có tiêu đề nên «{}» không được đọc; ghi tiêu đề ở ô {}, hoặc xóa",
                            at.column_letters(),
                            short(written.trimmed()),
                            CellAddress::new(self.heading, at.column)
                        ),
                        format!(
                            "column {} has no heading, so «{}» is not read",
                            at.column_letters(),
                            short(written.trimmed())
                        ),
                    ),
                );
                continue;
            }
            let aside = self.columns.iter();
            let aside = aside.filter(|(_, key)| key.kind == Kind::Aside);
            if aside.clone().any(|(column, _)| *column == at.column) {
                continue;
            }
            if last != Some(at.row) {
                self.rows.push(at.row);
                last = Some(at.row);
            }
        }
        self.odd_rows(told);
    }

    /// Blank lines in the middle, hidden ones, merged ones, ones struck out.
    fn odd_rows(&self, told: &mut Told) {
        let first = self.columns.first().map_or(0, |(column, _)| *column);
        let mut before = self.heading;
        for row in &self.rows {
            if *row > before + 1 && before > self.heading {
                told.note(
                    &place(&self.sheet.name, before + 1, first),
                    Message::new(
                        "dòng trống ở giữa bảng; các dòng dưới vẫn được đọc",
                        "a blank line in the middle; the lines below are read all the same",
                    ),
                );
            }
            before = *row;
            if self.sheet.hidden_rows.contains(row) {
                told.warning(
                    &place(&self.sheet.name, *row, first),
                    Message::new(
                        "dòng này bị ẩn mà vẫn được đọc; bỏ ẩn, hoặc xóa nếu không dùng",
                        "this line is hidden and read all the same; show it, or delete it",
                    ),
                );
            }
            for (column, _) in &self.columns {
                let at = CellAddress::new(*row, *column);
                let merge = self.sheet.merge_at(at);
                if merge.is_some_and(|merge| merge.first == at && merge.last.row > at.row) {
                    told.warning(
                        &place(&self.sheet.name, *row, *column),
                        Message::new(
                            "ô gộp qua nhiều dòng chỉ là của dòng đầu; bỏ gộp, ghi ở từng dòng",
                            "a cell merged over several lines counts for the first only; unmerge it",
                        ),
                    );
                }
                if self.sheet.struck.contains_key(&at) {
                    told.warning(
                        &place(&self.sheet.name, *row, *column),
                        Message::new(
                            "chữ bị gạch ngang mà vẫn được đọc; xóa nếu đã bỏ",
                            "the words are struck out and read all the same; delete them if void",
                        ),
                    );
                }
            }
        }
    }

    /// The lines, top to bottom, with what is written in them.
    pub(super) fn read(&self, told: &mut Told) -> Vec<Line<'a>> {
        let line = |row: &u32| {
            let entries = self.columns.iter().filter_map(|(column, key)| {
                Some((
                    *key,
                    entry(self.sheet, CellAddress::new(*row, *column), told)?,
                ))
            });
            Line {
                sheet: self.sheet,
                row: *row,
                entries: entries.collect(),
                columns: self.columns.clone(),
            }
        };
        self.rows.iter().map(line).collect()
    }

    /// The place of a column's heading; of the heading row if there is none.
    pub(super) fn heading_place(&self, name: &str) -> Place {
        let column = self.columns.iter().find(|(_, key)| key.heading == name);
        place(
            &self.sheet.name,
            self.heading,
            column.map_or(0, |(column, _)| *column),
        )
    }
}

impl Line<'_> {
    /// What is written under a heading.
    pub(super) fn get(&self, heading: &str) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries
            .find(|(key, _)| key.heading == heading)
            .map(|(_, entry)| entry)
    }

    /// The cell under a heading, blank or not; the line's first if there is no such column.
    pub(super) fn place(&self, heading: &str) -> Place {
        let column = self.columns.iter().find(|(_, key)| key.heading == heading);
        let column = column.or(self.columns.first());
        place(
            &self.sheet.name,
            self.row,
            column.map_or(0, |(column, _)| *column),
        )
    }

    /// Everything written in it, left to right.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static Key, &Entry)> {
        self.entries.iter().map(|(key, entry)| (*key, entry))
    }
}

/// Is a text the heading of a key?
fn is_of(key: &Key, text: &str) -> bool {
    let text = fold(text);
    let text = text.trim_end_matches([':', '*', '.', ' ']);
    text == fold(key.heading) || key.also.contains(&text)
}

fn row_texts(sheet: &Sheet, row: u32) -> Vec<(u32, String)> {
    let range = CellAddress::new(row, 0)..CellAddress::new(row + 1, 0);
    let cells = sheet.cells.range(range);
    cells
        .filter_map(|(at, cell)| Some((at.column, cell.text()?.to_owned())))
        .filter(|(_, text)| !text.trim().is_empty())
        .collect()
}

/// Is there a row with all these headings, and with four of the sheet's at least?
pub(super) fn has_headings(sheet: &Sheet, keys: &[Key], wanted: &[&str]) -> bool {
    const LEAST: usize = 4;
    (0..DEEPEST_HEADING).any(|row| {
        let texts = row_texts(sheet, row);
        let there: Vec<&str> = keys
            .iter()
            .filter(|key| texts.iter().any(|(_, text)| is_of(key, text)))
            .map(|key| key.heading)
            .collect();
        there.len() >= LEAST.min(keys.len()) && wanted.iter().all(|one| there.contains(one))
    })
}

/// The row in which most headings are.
pub(super) fn heading_row(sheet: &Sheet, keys: &[Key]) -> Option<u32> {
    let score = |row: u32| {
        let texts = row_texts(sheet, row);
        let exact = |text: &str| keys.iter().any(|key| is_of(key, text));
        let near = |text: &str| nearest(text, keys.iter().map(|key| key.heading)).is_some();
        let exact = texts.iter().filter(|(_, text)| exact(text)).count();
        let near = texts.iter().filter(|(_, text)| near(text)).count();
        exact * 2 + near
    };
    // Two headings that are exactly right, or as many that are nearly so.
    const LEAST: usize = 5;
    let best = (0..DEEPEST_HEADING)
        .map(|row| (score(row), std::cmp::Reverse(row)))
        .max()?;
    (best.0 >= LEAST).then_some(best.1.0)
}

fn twice(text: &str) -> Message {
    Message::new(
        format!("tiêu đề «{}» có hai lần; bỏ bớt một cột", text.trim()),
        format!(
            "the heading «{}» is there twice; remove one column",
            text.trim()
        ),
    )
}

fn unknown(text: &str, near: Option<&str>) -> Message {
    let text = short(text.trim());
    Message::new(
        format!(
            "không có tiêu đề «{text}»{}; cột ghi cho riêng mình thì đặt {IGNORED} trước tiêu đề",
            near.map_or(String::new(), |near| format!("; có phải «{near}»?")),
        ),
        format!(
            "no heading «{text}»{}; put {IGNORED} before that of a column for yourself",
            near.map_or(String::new(), |near| format!("; did you mean «{near}»?")),
        ),
    )
}

/// A text cut for a message.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
