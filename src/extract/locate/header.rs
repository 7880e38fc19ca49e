//! Finds a form's header on a sheet by its texts: over merged and multi-row headers, shifted by
//! inserted rows and columns. Order is kept, so that three columns called "Tổng số" stay apart.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::any_figure;
use crate::extract::grid::{FIRST_NUMBER, Texts, best_alignment};
use crate::model::CellAddress;
use crate::schema::Form;
use crate::schema::checked::LabelKeys;

/// The place of a form's header, and which sheet column is which.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Sheet column (from 0) of each form column; `None` where it was not found.
    pub columns: Vec<Option<u32>>,
    /// Sheet column (from 0) of the ordinals, if the form has them and they were found.
    pub ordinal: Option<u32>,
    /// Sheet column (from 0) of the row labels of a fixed-row form.
    pub label: Option<u32>,
    /// Sheet column (from 0) of the rows' units of measure, if the form prints them and it was
    /// found.
    pub measure: Option<u32>,
    /// First row of the header, from 0.
    pub top: u32,
    /// First row behind the header and the row of column numbers, from 0.
    pub data: u32,
}

impl Header {
    /// Do the rows of two headers overlap?
    pub fn overlaps(&self, other: &Header) -> bool {
        self.top < other.data && other.top < self.data
    }

    /// Is a column of figures of one also one of the other? Tables side by side share none.
    pub fn shares_columns(&self, other: &Header) -> bool {
        let mut own = self.columns.iter().flatten();
        own.any(|column| other.columns.contains(&Some(*column)))
    }

    /// The form's columns that were found, and how many there are.
    pub fn found(&self) -> (usize, usize) {
        (self.columns.iter().flatten().count(), self.columns.len())
    }
}

/// The columns a header prints, left to right.
enum Role {
    Ordinal,
    Label,
    Unit,
    Column(usize),
}

struct Slot<'a> {
    role: Role,
    /// Own text and aliases, as comparison keys.
    own: &'a [String],
    /// Texts that span it, outermost first.
    parents: &'a [String],
}

/// Rows further down than this are not searched for a header.
const SEARCHED_ROWS: u32 = 1_000;

/// Texts of a form's header on a sheet: row -> column -> key.
type Hits<'a> = BTreeMap<u32, BTreeMap<u32, &'a str>>;

/// Every place on a sheet where the texts `keys` may be `form`'s header, best first: rows that do
/// not overlap, with at least half as many of the form's columns as the best has.
pub fn find_all(form: &Form, keys: &LabelKeys, texts: &Texts<'_>) -> Vec<Header> {
    let slots = slots(keys);
    let depth = slots
        .iter()
        .map(|slot| slot.parents.len() + 1)
        .max()
        .unwrap_or(1);
    let wanted: BTreeSet<&str> = slots
        .iter()
        .flat_map(|s| s.own)
        .map(String::as_str)
        .collect();
    let mut hits: Hits<'_> = BTreeMap::new();
    for (address, key) in texts.keys() {
        if address.row < SEARCHED_ROWS && wanted.contains(key) {
            hits.entry(address.row)
                .or_default()
                .insert(address.column, key);
        }
    }
    let mut scored: Vec<(u32, Header)> = hits
        .keys()
        .map(|&top| {
            let rows = top..=top.saturating_add(u32::try_from(depth).unwrap_or(1));
            let window = Window {
                texts,
                hits: &hits,
                rows,
            };
            window.align(&slots, form)
        })
        .collect();
    scored.sort_by_key(|(score, header)| (std::cmp::Reverse(*score), header.top));
    let most = scored.first().map_or(0, |(_, header)| header.found().0);
    let mut found: Vec<Header> = Vec::new();
    for (_, header) in scored {
        let columns = header.found().0;
        if columns > 0 && columns * 2 >= most && !found.iter().any(|h| h.overlaps(&header)) {
            found.push(header);
        }
    }
    found
}

fn slots(keys: &LabelKeys) -> Vec<Slot<'_>> {
    let [ordinal, label, unit] = &keys.fixed;
    let mut slots = Vec::new();
    for (role, text) in [
        (Role::Ordinal, ordinal),
        (Role::Label, label),
        (Role::Unit, unit),
    ] {
        if let Some(text) = text {
            slots.push(Slot {
                role,
                own: std::slice::from_ref(text),
                parents: &[],
            });
        }
    }
    for (i, (own, parents)) in keys.columns.iter().enumerate() {
        slots.push(Slot {
            role: Role::Column(i),
            own,
            parents,
        });
    }
    slots
}

/// Score of a slot's own text, and of each text that spans it.
const OWN_TEXT: u32 = 4;
const SPANNING_TEXT: u32 = 2;

/// How well a slot fits a column that has all its texts.
fn whole(slot: &Slot<'_>) -> u32 {
    OWN_TEXT + SPANNING_TEXT * u32::try_from(slot.parents.len()).unwrap_or(0)
}

/// A few rows that may hold a header.
struct Window<'a> {
    texts: &'a Texts<'a>,
    hits: &'a Hits<'a>,
    rows: std::ops::RangeInclusive<u32>,
}

impl Window<'_> {
    fn align(&self, slots: &[Slot<'_>], form: &Form) -> (u32, Header) {
        let columns: BTreeSet<u32> = self
            .hits
            .range(self.rows.clone())
            .flat_map(|(_, hits)| hits.keys().copied())
            .collect();
        let columns: Vec<u32> = columns.into_iter().collect();
        let (score, pairs) = best_alignment(slots.len(), columns.len(), |slot, column| {
            self.agreement(&slots[slot], columns[column])
        });
        let places = self.with_moved(slots, &columns, &pairs);
        let places = self.nearest(slots, &columns, places);
        let mut header = Header {
            columns: vec![None; form.file.columns.len()],
            ordinal: None,
            label: None,
            measure: None,
            top: *self.rows.start(),
            data: 0,
        };
        let mut bottom = *self.rows.start();
        for (slot, column) in slots.iter().zip(places) {
            let Some(column) = column else { continue };
            match slot.role {
                Role::Ordinal => header.ordinal = Some(column),
                Role::Label => header.label = Some(column),
                Role::Unit => header.measure = Some(column),
                Role::Column(i) => header.columns[i] = Some(column),
            }
            if let Some(row) = self.own_row(slot, column) {
                let last = self
                    .texts
                    .sheet
                    .merge_at(CellAddress::new(row, column))
                    .map_or(row, |m| m.last.row);
                bottom = bottom.max(last);
            }
        }
        header.data = after_numbering(form, self.texts, &header, bottom + 1);
        header.label = header
            .label
            .or_else(|| label_column(form, self.texts, &header));
        (score, header)
    }

    /// The sheet column of each slot as aligned. A slot that the alignment leaves out (columns were
    /// exchanged together with their headers) gets the only column that has all its texts.
    fn with_moved(
        &self,
        slots: &[Slot<'_>],
        columns: &[u32],
        pairs: &[(usize, usize)],
    ) -> Vec<Option<u32>> {
        let mut places = vec![None; slots.len()];
        for (slot, column) in pairs {
            places[*slot] = Some(columns[*column]);
        }
        if pairs.len() == slots.len() {
            return places;
        }
        let fits = |slot: &Slot<'_>, column: u32| self.agreement(slot, column) == whole(slot);
        let only: Vec<Option<u32>> = slots
            .iter()
            .map(|slot| {
                let mut own = columns.iter().filter(|column| fits(slot, **column));
                own.next().filter(|_| own.next().is_none()).copied()
            })
            .collect();
        let claims = |column: u32| only.iter().filter(|place| **place == Some(column)).count();
        let sure: Vec<Option<u32>> = only
            .iter()
            .map(|place| place.filter(|column| claims(*column) == 1))
            .collect();
        let taken: BTreeSet<u32> = sure.iter().flatten().copied().collect();
        let rest = |place: Option<u32>| place.filter(|column| !taken.contains(column));
        let both = sure.iter().zip(places);
        both.map(|(sure, aligned)| sure.or_else(|| rest(aligned)))
            .collect()
    }

    /// Where tables stand side by side, several columns are headed «STT» or «Chỉ tiêu»: those of a
    /// table are the ones nearest to the left of its figures.
    fn nearest(
        &self,
        slots: &[Slot<'_>],
        columns: &[u32],
        mut places: Vec<Option<u32>>,
    ) -> Vec<Option<u32>> {
        let is_figure = |slot: &Slot<'_>| matches!(slot.role, Role::Column(_));
        let figures = slots.iter().zip(&places);
        let figures = figures.filter(|(slot, _)| is_figure(slot));
        let Some(mut next) = figures.filter_map(|(_, place)| *place).min() else {
            return places;
        };
        for (slot, place) in slots.iter().zip(&mut places).rev() {
            let Some(own) = place.filter(|_| !is_figure(slot)) else {
                continue;
            };
            let least = self.agreement(slot, own);
            let between = columns
                .iter()
                .copied()
                .filter(|column| (own..next).contains(column));
            let near = between.filter(|column| self.agreement(slot, *column) >= least);
            if let Some(near) = near.max() {
                *place = Some(near);
                next = near;
            }
        }
        places
    }

    /// The row of the window that holds a slot's own text in a column.
    fn own_row(&self, slot: &Slot<'_>, column: u32) -> Option<u32> {
        self.hits.range(self.rows.clone()).find_map(|(row, hits)| {
            let key = hits.get(&column)?;
            slot.own.iter().any(|own| own == key).then_some(*row)
        })
    }

    /// How well a slot fits a sheet column: 0 if its own text is not there, more for each spanning
    /// text above it, merged or only written once at the left.
    fn agreement(&self, slot: &Slot<'_>, column: u32) -> u32 {
        let rows: Vec<u32> = self
            .hits
            .range(self.rows.clone())
            .filter(|(_, hits)| {
                let key = hits.get(&column);
                key.is_some_and(|key| slot.own.iter().any(|own| own == key))
            })
            .map(|(row, _)| *row)
            .collect();
        rows.iter()
            .map(|row| OWN_TEXT + SPANNING_TEXT * self.parents_above(slot, *row, column))
            .max()
            .unwrap_or(0)
    }

    fn parents_above(&self, slot: &Slot<'_>, row: u32, column: u32) -> u32 {
        let first = row.saturating_sub(u32::try_from(slot.parents.len()).unwrap_or(0) + 1);
        let above = |parent: &&String| {
            (first..row).any(|r| {
                self.texts
                    .effective(r, column)
                    .or_else(|| self.texts.left_of(r, column))
                    == Some(parent)
            })
        };
        u32::try_from(slot.parents.iter().filter(above).count()).unwrap_or(0)
    }
}

/// The column of the row labels by what is in it, where its own header was retyped: the one left of
/// the figures that has at least half of the form's labels.
fn label_column(form: &Form, texts: &Texts<'_>, header: &Header) -> Option<u32> {
    let labels = form.keys.of_rows();
    let first = header.columns.iter().flatten().min().copied()?;
    let mut found: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (at, key) in texts.keys() {
        if at.row >= header.data && at.column < first && labels.contains(key) {
            found.entry(at.column).or_default().insert(key);
        }
    }
    let (column, own) = found.iter().max_by_key(|(_, own)| own.len())?;
    (own.len() * 2 >= form.keys.rows.len()).then_some(*column)
}

/// Rows of instructions that may lie between a header and its row of column numbers.
const ROWS_BEFORE_NUMBERS: u32 = 2;

/// Steps over a row of column numbers: (1), (2), (3)... or 1, 2, 3... or A, B, 1, 2... and over
/// what the form's makers wrote between it and the header.
fn after_numbering(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> u32 {
    // Where names stand above their figures, a row without a name below a row with one has figures.
    let before = match form.names_above() {
        true => 0,
        false => ROWS_BEFORE_NUMBERS,
    };
    let numbered = (row..=row + before).find(|row| is_numbering(form, texts, header, *row));
    // A row of figures must not be skipped in search of a row of column numbers below it.
    match numbered {
        Some(numbered) if (row..numbered).all(|row| !has_figure(texts, header, row)) => {
            numbered + 1
        }
        _ => row,
    }
}

fn has_figure(texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let columns = header.columns.iter().chain([&header.ordinal]).flatten();
    columns
        .filter_map(|column| texts.sheet.cells.get(&CellAddress::new(row, *column)))
        .any(|cell| any_figure(cell).is_some())
}

fn is_numbering(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let columns: Vec<u32> = header
        .ordinal
        .into_iter()
        .chain(header.label)
        .chain(header.columns.iter().flatten().copied())
        .collect();
    let mark = |column: &u32| texts.column_mark(row, *column);
    let marks: Vec<Option<u32>> = columns.iter().map(mark).collect();
    let numbered: Vec<u32> = marks.iter().flatten().copied().collect();
    // When columns are exchanged their numbers may have moved along or stayed.
    let by_place: BTreeSet<u32> = columns.iter().copied().collect();
    let by_place: Vec<u32> = by_place.iter().filter_map(mark).collect();
    // Letters may go on behind the numbers: A, B, 1, 2, C.
    let rising = [&numbered, &by_place].iter().any(|marks| {
        let (letters, numbers): (Vec<u32>, Vec<u32>) =
            marks.iter().partition(|mark| **mark < FIRST_NUMBER);
        [letters, numbers]
            .iter()
            .all(|marks| marks.windows(2).all(|pair| pair[0] < pair[1]))
    });
    let key = form.key_column().and_then(|key| header.columns[key]);
    let words = header.label.or(key);
    // Numbers of the columns to be filled alone begin with 1, a row's figures with any.
    let fronted = header
        .ordinal
        .iter()
        .chain(&words)
        .any(|column| mark(column).is_some());
    if marks.len() < 2
        || numbered.len() * 3 < marks.len() * 2
        || !rising
        || !fronted && numbered.first() != Some(&FIRST_NUMBER)
    {
        return false;
    }
    // A first data row "1 | Hộ tịch | 3 | 5" has words where a numbering row has a number.
    let blank = |column: u32| texts.sheet.cell(CellAddress::new(row, column)).is_none();
    let all_figures = || {
        let mut figures = header
            .columns
            .iter()
            .flatten()
            .filter(|at| Some(**at) != words);
        figures.all(|column| texts.column_mark(row, *column).is_some())
    };
    words.is_none_or(|column| {
        // Some forms number only the columns to be filled: no data row has figures 1, 2, 3...
        // everywhere and no label.
        texts.column_mark(row, column).is_some() || blank(column) && all_figures()
    })
}
