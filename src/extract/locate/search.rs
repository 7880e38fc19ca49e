//! Which sheet of a workbook holds which form.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::above::NamesBeside;
use super::anchors::{self, Anchors};
use super::continued::is_continued;
use super::header::{self, Header};
use super::renamed::without_headers;
use super::rows;
use crate::extract::explanations::is_result_sheet;
use crate::extract::given::{Given, said};
use crate::extract::grid::Texts;
use crate::extract::identity::Identity;
use crate::model::CellAddress;
use crate::model::template_names::is_own_sheet;
use crate::schema::Form;
use crate::text::label_key;
use crate::workbook::{Sheet, Visibility, Workbook};

/// A form's table, found.
#[derive(Debug, Clone)]
pub struct Located {
    /// The form.
    pub form: Arc<Form>,
    /// Index of the sheet in the workbook.
    pub sheet: usize,
    /// The place of its header.
    pub header: Header,
    /// Last row that can belong to it, from 0.
    pub last: u32,
    /// Where the template's names say its cells are, if it still has them.
    pub anchors: Option<Anchors>,
    /// Row names (normalised) that the template wrote itself, so that they are no answer of the
    /// unit.
    pub prepared: BTreeSet<String>,
    /// Cells that the office has filled itself in its own template, in the order of their places.
    pub given: Vec<Given>,
}

/// What was found in a workbook.
#[derive(Debug, Default)]
pub struct FoundTables {
    /// Tables, in the order of the forms looked for.
    pub tables: Vec<Located>,
    /// Forms for which two tables fit; the unit has to say which one is meant.
    pub ambiguous: Vec<(Arc<Form>, [TablePlace; 2])>,
    /// Tables that may be either of two forms.
    pub undecided: Vec<(TablePlace, [Arc<Form>; 2])>,
    /// Forms that were not found, with the nearest thing that was.
    pub nearest: Vec<Nearest>,
    /// Sheets with a copy of a form's table that is not read: it says the same, or is hidden.
    pub copies: Vec<(Arc<Form>, usize)>,
}

/// Where a table's header begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePlace {
    /// Index of the sheet in the workbook.
    pub sheet: usize,
    /// The first cell of the header's first row.
    pub cell: CellAddress,
}

/// A table that has some of a form's columns, too few to be read as the form.
#[derive(Debug)]
pub struct Nearest {
    /// The form.
    pub form: Arc<Form>,
    /// Where the table is.
    pub place: TablePlace,
    /// Index of the form's columns that it has.
    pub columns: Vec<usize>,
}

#[derive(Clone)]
struct Candidate {
    form: usize,
    sheet: usize,
    header: Header,
    rank: Rank,
    anchors: Option<Anchors>,
}

/// Evidence that a table is of a form, strongest first; compared field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The template's own record says the form is on this sheet.
    named: bool,
    /// Share of columns and rows found, in thousandths.
    fit: usize,
    /// The form's title or code is printed on the sheet, or its tab bears the form's sheet name.
    titled: bool,
}

/// Below this share of columns and rows a table is not taken for the form, in thousandths.
const LEAST_FIT: usize = 600;
/// With this share of columns a table is worth naming as the nearest thing, in thousandths.
const WORTH_NAMING: usize = 300;

/// Finds the forms of a campaign in a workbook.
pub fn locate(workbook: &Workbook, identity: &Identity, forms: &[Arc<Form>]) -> FoundTables {
    let anchors: Vec<Option<Anchors>> = forms
        .iter()
        .map(|form| anchors::find(workbook, form))
        .collect();
    let mut candidates = Vec::new();
    for (s, sheet) in workbook.sheets.iter().enumerate() {
        if is_own_sheet(&sheet.name) || is_result_sheet(sheet) {
            continue;
        }
        let texts = Texts::new(sheet);
        for (f, form) in forms.iter().enumerate() {
            let own = anchors[f].as_ref().filter(|anchors| anchors.sheet == s);
            let headers = header::find_all(form, &form.keys, &texts);
            let named = identity
                .forms
                .iter()
                .any(|(id, _, name)| id == form.id() && *name == *sheet.name);
            let titled = is_titled(form, sheet, &texts);
            let candidate = |header, fit, named, anchors: Option<&Anchors>| Candidate {
                form: f,
                sheet: s,
                header,
                rank: Rank { named, fit, titled },
                anchors: anchors.cloned(),
            };
            if let Some(own) = own {
                let by_text = own.nearest_header(headers);
                candidates.push(candidate(
                    own.header(form, by_text, &texts),
                    1000,
                    true,
                    Some(own),
                ));
                continue;
            }
            let last = last_row(sheet);
            let begins = |header: &&Header| {
                let mut others = headers.iter();
                !others.any(|first| is_continued(form, &texts, first, header, last))
            };
            let first: Vec<&Header> = headers.iter().filter(begins).collect();
            for header in first.iter().copied() {
                let below = first.iter().map(|h| h.top).filter(|top| *top > header.top);
                let end = below.min().map_or(last, |below| below.saturating_sub(1));
                let fit = fit(form, &texts, header, end);
                candidates.push(candidate(header.clone(), fit, named, None));
            }
        }
    }
    let mut found = choose(workbook, forms, candidates);
    for table in &mut found.tables {
        let rows = identity.rows.iter();
        let own = rows.filter(|(form, _)| form == table.form.id());
        table.prepared = own.map(|(_, name)| name.clone()).collect();
        let given = identity.given.iter();
        let own = given.filter(|(form, _)| form == table.form.id());
        table.given = own.map(|(_, given)| given.clone()).collect();
        table
            .given
            .sort_by(|one, other| one.place().cmp(&other.place()));
    }
    found
}

fn last_row(sheet: &Sheet) -> u32 {
    sheet.cells.keys().next_back().map_or(0, |cell| cell.row)
}

/// Columns and, in a fixed-row form, rows found, in thousandths.
fn fit(form: &Form, texts: &Texts<'_>, header: &Header, last: u32) -> usize {
    let (columns, wanted) = header.found();
    let columns = columns * 1000 / wanted.max(1);
    if form.is_free() {
        return columns;
    }
    let beside = NamesBeside::new(form, texts.sheet, header, last);
    let rows = match &beside.sheet {
        Cow::Borrowed(_) => rows::fixed(form, texts, header, last),
        Cow::Owned(sheet) => rows::fixed(form, &Texts::new(sheet), header, last),
    };
    let found = rows.iter().flatten().count();
    // Rows that only some units have may be absent.
    let due = rows.iter().zip(&form.file.rows);
    let due = due.filter(|(found, row)| found.is_some() || row.filers().are_all());
    let found = found * 1000 / due.count().max(1);
    (columns + found) / 2
}

fn is_titled(form: &Form, sheet: &Sheet, texts: &Texts<'_>) -> bool {
    let title = label_key(&form.file.title);
    let code = form.file.code.as_deref().map(label_key);
    label_key(&sheet.name) == label_key(&form.file.sheet)
        || texts
            .keys()
            .any(|(_, key)| key == title || code.as_deref() == Some(key))
}

/// The table of each form. A header is used for one form only, the one it fits best. A form for
/// which several headers fit is reported as ambiguous, unless the template's own record says which
/// is meant: then only a visible table with other figures is.
fn choose(workbook: &Workbook, forms: &[Arc<Form>], all: Vec<Candidate>) -> FoundTables {
    let mut found = FoundTables::default();
    let fits = |c: &&Candidate| c.rank.fit >= LEAST_FIT;
    let named = |form: usize| {
        all.iter()
            .filter(fits)
            .any(|c| c.form == form && c.rank.named)
    };
    let mut candidates: Vec<&Candidate> = all
        .iter()
        .filter(fits)
        .filter(|c| c.rank.named || !named(c.form))
        .collect();
    candidates.sort_by_key(|c| (std::cmp::Reverse(c.rank), c.form, c.sheet, c.header.top));
    let mut reported: Vec<&Candidate> = Vec::new();
    for (f, form) in forms.iter().enumerate() {
        let rivals = |c: &Candidate| candidates.iter().find(|r| r.form != f && r.rivals(c));
        let own = candidates.iter().filter(|c| c.form == f);
        let mut own = own.filter(|c| rivals(c).is_none_or(|rival| rival.rank == c.rank));
        let (Some(first), second) = (own.next().copied(), own.next().copied()) else {
            continue;
        };
        reported.push(first);
        let second = second.or_else(|| {
            let copies = all
                .iter()
                .filter(|c| first.rank.named && c.is_copy_of(first));
            let copies = copies.filter(|c| !all.iter().any(|r| r.rank.named && r.shares_rows(c)));
            let says = |c: &Candidate| answers(&workbook.sheets[c.sheet], &c.header);
            let (mut own, mut other) = (None, None);
            for copy in copies {
                let visible = workbook.sheets[copy.sheet].visibility == Visibility::Visible;
                let mut differs = || *own.get_or_insert_with(|| says(first)) != says(copy);
                if other.is_none() && visible && differs() {
                    other = Some(copy);
                } else {
                    reported.push(copy);
                    found.copies.push((form.clone(), copy.sheet));
                }
            }
            other
        });
        if let Some(second) = second {
            reported.push(second);
            let places = [first.place(workbook), second.place(workbook)];
            found.ambiguous.push((form.clone(), places));
        } else if let Some(rival) = rivals(first) {
            if f < rival.form {
                let forms = [form.clone(), forms[rival.form].clone()];
                found.undecided.push((first.place(workbook), forms));
            }
        } else {
            found.tables.push(Located {
                form: form.clone(),
                sheet: first.sheet,
                header: first.header.clone(),
                last: last_row(&workbook.sheets[first.sheet]),
                anchors: first.anchors.clone(),
                prepared: BTreeSet::new(),
                given: Vec::new(),
            });
        }
    }
    found.nearest = nearest(workbook, forms, &all, &reported);
    bound_stacked_tables(&mut found.tables);
    found
}

/// What a table says: the content of its cells by row (from its first) and column of the form.
fn answers(sheet: &Sheet, header: &Header) -> BTreeMap<(u32, usize), String> {
    let columns = header.columns.iter().enumerate();
    let columns: BTreeMap<u32, usize> = columns.filter_map(|(i, at)| Some(((*at)?, i))).collect();
    let below = sheet.cells.range(CellAddress::new(header.data, 0)..);
    let answers = below.filter_map(|(at, cell)| {
        let column = columns.get(&at.column)?;
        Some(((at.row - header.data, *column), said(&cell.content)?))
    });
    answers.collect()
}

impl Candidate {
    /// Has it all columns and rows of the same form, on another sheet?
    fn is_copy_of(&self, other: &Candidate) -> bool {
        self.form == other.form && self.sheet != other.sheet && self.rank.fit == 1000
    }

    /// Is it the same header, and is it at least as likely to be this one's form?
    fn rivals(&self, other: &Candidate) -> bool {
        let meet = self.header.shares_columns(&other.header);
        self.shares_rows(other) && meet && self.rank >= other.rank
    }

    fn shares_rows(&self, other: &Candidate) -> bool {
        self.sheet == other.sheet && self.header.overlaps(&other.header)
    }

    fn place(&self, workbook: &Workbook) -> TablePlace {
        let row =
            CellAddress::new(self.header.top, 0)..=CellAddress::new(self.header.top, u32::MAX);
        let first = workbook.sheets[self.sheet].cells.range(row).next();
        TablePlace {
            sheet: self.sheet,
            cell: first.map_or(CellAddress::new(self.header.top, 0), |(cell, _)| *cell),
        }
    }
}

/// Of each form that was not found: the table that has most of its columns and is no form's.
fn nearest(
    workbook: &Workbook,
    forms: &[Arc<Form>],
    all: &[Candidate],
    reported: &[&Candidate],
) -> Vec<Nearest> {
    let unfound = (0..forms.len()).filter(|form| reported.iter().all(|t| t.form != *form));
    unfound
        .filter_map(|form| {
            let without_marks = folded(workbook, forms, form, reported);
            let own = all.iter().filter(|c| c.form == form);
            let free = own
                .chain(&without_marks)
                .filter(|c| !reported.iter().any(|t| t.shares_rows(c)));
            let is_worth = |candidate: &&Candidate| {
                let (found, wanted) = candidate.header.found();
                found * 1000 >= wanted * WORTH_NAMING
            };
            // Of equally good ones the first.
            let best = free.rev().max_by_key(|c| c.header.found().0);
            let Some(best) = best.filter(is_worth) else {
                let others = reported.iter().map(|table| table.sheet).collect();
                let (sheet, cell) = without_headers(workbook, &forms[form], &others)?;
                return Some(Nearest {
                    form: forms[form].clone(),
                    place: TablePlace { sheet, cell },
                    columns: Vec::new(),
                });
            };
            let columns = best.header.columns.iter().enumerate();
            Some(Nearest {
                form: forms[form].clone(),
                place: best.place(workbook),
                columns: columns.filter_map(|(i, place)| place.map(|_| i)).collect(),
            })
        })
        .collect()
}

/// Tables whose headers are a form's without the diacritics, on sheets that hold no form.
fn folded(
    workbook: &Workbook,
    forms: &[Arc<Form>],
    form: usize,
    reported: &[&Candidate],
) -> Vec<Candidate> {
    let keys = forms[form].keys.folded();
    let mut found = Vec::new();
    for (sheet, texts) in workbook.sheets.iter().enumerate() {
        let claimed = reported.iter().any(|t| t.sheet == sheet);
        if claimed || is_own_sheet(&texts.name) || is_result_sheet(texts) {
            continue;
        }
        let headers = header::find_all(&forms[form], &keys, &Texts::new(texts).folded());
        found.extend(headers.into_iter().map(|header| Candidate {
            form,
            sheet,
            header,
            rank: Rank {
                named: false,
                fit: 0,
                titled: false,
            },
            anchors: None,
        }));
    }
    found
}

/// A table ends where the next one on the same sheet begins.
fn bound_stacked_tables(tables: &mut [Located]) {
    let tops: Vec<(usize, u32)> = tables.iter().map(|t| (t.sheet, t.header.top)).collect();
    for table in tables {
        let below = tops
            .iter()
            .filter(|(sheet, top)| *sheet == table.sheet && *top > table.header.top)
            .map(|(_, top)| top.saturating_sub(1))
            .min();
        table.last = below.map_or(table.last, |below| below.min(table.last));
    }
}
