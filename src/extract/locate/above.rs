//! Names that stand alone in the row above the figures, read as if they stood beside them: a copy of
//! the sheet in which they do, so that nothing else need know.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::header::Header;
use super::row_figures::has_figures;
use super::rows::{has_values, has_words, sum_label};
use crate::extract::grid::Texts;
use crate::model::CellAddress;
use crate::schema::Form;
use crate::text::label_key;
use crate::workbook::{Cell, Content, Merges, Sheet};

/// A sheet whose names stand beside the figures.
pub struct NamesBeside<'a> {
    /// The sheet, or the copy with the names moved.
    pub sheet: Cow<'a, Sheet>,
    /// Of cells that were moved, where they stand on the sheet itself.
    moved: BTreeMap<CellAddress, CellAddress>,
}

impl<'a> NamesBeside<'a> {
    /// The table of a form below `header`, down to row `last` (from 0).
    pub fn new(form: &Form, sheet: &'a Sheet, header: &Header, last: u32) -> NamesBeside<'a> {
        let key = form.key_column().and_then(|key| header.columns[key]);
        let names = match header.label.or(key) {
            Some(column) if form.names_above() => {
                let texts = Texts::new(sheet);
                let above = Above {
                    form,
                    texts: &texts,
                    header,
                    column,
                    last,
                };
                match form.is_free() {
                    true => above.free(),
                    false => above.fixed(),
                }
            }
            _ => Vec::new(),
        };
        let mut beside = NamesBeside {
            sheet: Cow::Borrowed(sheet),
            moved: BTreeMap::new(),
        };
        if let (Some(column), false) = (header.label.or(key), names.is_empty()) {
            let others = [header.ordinal, header.measure].into_iter().flatten();
            let others: Vec<u32> = others.filter(|other| *other != column).collect();
            let copy = moved(sheet, &names, column, &others, &mut beside.moved);
            beside.sheet = Cow::Owned(copy);
        }
        beside
    }

    /// Where a cell of the copy stands on the sheet itself.
    pub fn origin(&self, at: CellAddress) -> CellAddress {
        self.moved.get(&at).copied().unwrap_or(at)
    }
}

/// A name, where it stands, and the row (from 0) of its figures.
struct Name {
    at: CellAddress,
    text: String,
    figures: u32,
}

fn moved(
    sheet: &Sheet,
    names: &[Name],
    column: u32,
    others: &[u32],
    moved: &mut BTreeMap<CellAddress, CellAddress>,
) -> Sheet {
    let mut copy = sheet.clone();
    for name in names {
        copy.cells.remove(&name.at);
    }
    for name in names {
        let Some(cell) = sheet.cells.get(&name.at) else {
            continue;
        };
        let to = CellAddress::new(name.figures, column);
        let content = Content::Text(name.text.as_str().into());
        let cell = Cell {
            content,
            ..cell.clone()
        };
        copy.cells.insert(to, cell);
        moved.insert(to, name.at);
        copy.struck.remove(&name.at);
        if let Some(struck) = sheet.struck.get(&name.at) {
            copy.struck.insert(to, struck.clone());
        }
        for other in others {
            let (from, to) = (
                CellAddress::new(name.at.row, *other),
                CellAddress::new(name.figures, *other),
            );
            if from != name.at
                && !copy.cells.contains_key(&to)
                && let Some(cell) = copy.cells.remove(&from)
            {
                copy.cells.insert(to, cell);
                moved.insert(to, from);
            }
        }
    }
    let is_of_name = |first: CellAddress| names.iter().any(|name| name.at == first);
    let kept = sheet.merges.iter().filter(|merge| !is_of_name(merge.first));
    let mut merges = Merges::default();
    kept.for_each(|merge| merges.push(*merge));
    copy.merges = merges;
    copy
}

/// The number that a name begins with where it has no column of its own: "1. ", "II) ", "a. ".
static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\d+(?:\.\d+)*|[IVXLivxl]+|\p{L})\s*[.)]\s*")
        .expect("the pattern is a constant")
});

struct Above<'a> {
    form: &'a Form,
    texts: &'a Texts<'a>,
    header: &'a Header,
    /// Column of names, from 0.
    column: u32,
    last: u32,
}

impl Above<'_> {
    /// What stands in the column of names, in a cell merged with it, or to the left where ordinals
    /// are.
    fn text(&self, row: u32) -> Option<(CellAddress, &str)> {
        let sheet = self.texts.sheet;
        let text = |at: CellAddress| {
            let text = sheet.text_at(at)?.trim();
            (!text.is_empty()).then_some((at, text))
        };
        let own = CellAddress::new(row, self.column);
        let first = sheet.merge_at(own).map_or(own, |merge| merge.first);
        let spilt = || {
            let at = CellAddress::new(row, self.header.ordinal?);
            let words = |text: &str| {
                text.split_whitespace().count() > 1 && text.chars().any(char::is_alphabetic)
            };
            text(at).filter(|(_, text)| words(text))
        };
        text(first).filter(|(at, _)| at.row == row).or_else(spilt)
    }

    /// The name without its number, if that is not in a column of its own.
    fn bare<'t>(&self, at: CellAddress, text: &'t str) -> &'t str {
        let apart = self
            .header
            .ordinal
            .is_some_and(|ordinal| ordinal != at.column);
        let bare = match (apart, ORDINAL.find(text)) {
            (false, Some(number)) => &text[number.end()..],
            _ => text,
        };
        if bare.is_empty() { text } else { bare }
    }

    fn fixed(&self) -> Vec<Name> {
        let rows = &self.form.keys.rows;
        let of = |text: &str| {
            let key = label_key(text);
            let mut rows = rows.iter().zip(&self.form.file.rows);
            rows.find_map(|(keys, row)| keys.contains(&key).then_some(row))
        };
        let is_name = |row: u32| {
            let (at, text) = self.text(row)?;
            let numberless = ORDINAL.replace(text, "");
            let wordings = [text, &numberless];
            let (row, text) = wordings.iter().find_map(|text| Some((of(text)?, *text)))?;
            Some((at, text.to_owned(), row))
        };
        let rows = self.header.data..self.last;
        let names = rows.filter_map(|row| {
            let (at, text, named) = is_name(row)?;
            let alone = !named.heading && !has_figures(self.form, self.texts, self.header, row);
            let figures = row + 1;
            (alone && is_name(figures).is_none()).then_some(Name { at, text, figures })
        });
        names.collect()
    }

    fn free(&self) -> Vec<Name> {
        let several = self.form.key_columns().nth(1).is_some();
        let mut names: Vec<Name> = Vec::new();
        let mut above: Option<(CellAddress, String)> = None;
        let mut is_fresh = false;
        for row in self.header.data..=self.last {
            let (form, texts, header) = (self.form, self.texts, self.header);
            if sum_label(form, texts, header, row).is_some() {
                above = None;
                continue;
            }
            let own = self.text(row);
            let filled = has_values(form, texts, header, row)
                || own.is_none() && has_words(form, texts, header, row);
            match (own, &above) {
                (Some((at, text)), _) if !filled => {
                    above = Some((at, self.bare(at, text).to_owned()));
                    is_fresh = true;
                }
                (own, Some((at, text))) => {
                    if is_fresh || several && filled && own.is_none() {
                        names.push(Name {
                            at: *at,
                            text: text.clone(),
                            figures: row,
                        });
                    }
                    is_fresh = false;
                }
                (_, None) => {}
            }
        }
        names
    }
}
