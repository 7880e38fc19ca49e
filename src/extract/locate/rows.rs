//! Finds a form's rows below its header.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::anchors::Anchors;
use super::header::Header;
use super::row_figures::has_figures;
use super::under::{Fit, Labelled};
use crate::extract::grid::{Texts, best_alignment};
use crate::extract::sum_names;
use crate::model::CellAddress;
use crate::schema::checked::joined_key;
use crate::schema::{FieldType, Form};
use crate::text::label_key;
use crate::workbook::{Cell, Content};

/// The sheet row (from 0) of each row of a fixed-row form; `None` where it was not found. `last`:
/// the last row that may belong to the table.
pub fn fixed(form: &Form, texts: &Texts<'_>, header: &Header, last: u32) -> Vec<Option<u32>> {
    let Some(label_column) = header.label else {
        return vec![None; form.file.rows.len()];
    };
    let sheet = Labelled::new(form, texts, header, label_column, last);
    let wanted = form.keys.rows.len();
    let (_, pairs) = best_alignment(wanted, sheet.rows.len(), |i, j| {
        let (row, label) = sheet.rows[j];
        match sheet.is(i, label).then(|| sheet.fit(i, row)) {
            Some(Fit::Yes) => 2,
            Some(Fit::Maybe) => 1,
            Some(Fit::No) | None => 0,
        }
    });
    let mut found = vec![None; wanted];
    for &(i, j) in &pairs {
        found[i] = Some(sheet.rows[j].0);
    }
    place_moved_rows(&sheet, &mut found);
    found
}

/// A row that was moved out of order is still that row if its label occurs only once where it fits.
fn place_moved_rows(sheet: &Labelled<'_>, found: &mut [Option<u32>]) {
    let taken: BTreeSet<u32> = found.iter().flatten().copied().collect();
    for (i, place) in found.iter_mut().enumerate() {
        if place.is_some() {
            continue;
        }
        let mut free = sheet.rows.iter().filter(|(row, label)| {
            !taken.contains(row) && sheet.is(i, label) && sheet.fit(i, *row) == Fit::Yes
        });
        if let (Some((row, _)), None) = (free.next(), free.next()) {
            *place = Some(*row);
        }
    }
}

/// A row of a free-row table, by its content.
#[derive(Debug, Clone, PartialEq)]
pub enum RowContent {
    /// A data row with its key.
    Data { row: u32, key: String },
    /// A name and nothing else: a heading, or a row whose figures were left out.
    Bare { row: u32, key: String },
    /// Figures without a name.
    Nameless { row: u32 },
    /// The sum of a group of rows in the middle of the table.
    Subtotal { row: u32 },
    /// The row of column numbers once more, under a header repeated for another printed page.
    Numbering { row: u32 },
    /// The template's total row under another name, with figures.
    Overwritten { row: u32, key: String },
    /// The total row; nothing behind it belongs to the table, unless it is the first row.
    Total { row: u32 },
}

/// The rows of a free-row table, top to bottom, up to its total row; all of them where that leads. `anchors`: where the
/// template's names say its rows are, if it has them.
pub fn free(
    form: &Form,
    texts: &Texts<'_>,
    header: &Header,
    anchors: Option<&Anchors>,
    last: u32,
) -> Vec<RowContent> {
    let total = anchors.and_then(|anchors| anchors.total);
    let mut rows: Vec<RowContent> = Vec::new();
    let is_data = |row: u32| {
        row_key(form, texts, header, row).is_some() && has_values(form, texts, header, row)
    };
    // Somebody may have cleared the template's total row and typed another above it.
    let overwritten = total.and_then(|row| Some((row, item_name(form, texts, header, row)?)));
    let named = total.filter(|row| {
        sum_label(form, texts, header, *row).is_some()
            || has_figures(form, texts, header, *row) && overwritten.is_none()
    });
    let total = named
        .or_else(|| total_row(form, texts, header, last, is_data))
        .or(total)
        .filter(|_| form.keys.total.is_some());
    // Moved to the top by hand, it has the rows it adds up below it and ends nothing.
    let leads = total
        .filter(|total| !(header.data..*total).any(is_data) && (total + 1..=last).any(is_data));
    let total = total.filter(|_| leads.is_none());
    let words_only = has_words_only(form);
    let numbered = header.ordinal.is_some_and(|column| {
        let mut rows = header.data..=last;
        rows.any(|row| has_number(texts, row, column))
    });
    let mut inside = Inside {
        total,
        prepared: anchors.and_then(|anchors| anchors.last),
        gap: false,
        after_blank: false,
        signed: false,
    };
    for row in header.data..=last {
        if total == Some(row) {
            let name = overwritten.filter(|(at, _)| *at == row);
            rows.push(match name {
                Some((row, key)) => RowContent::Overwritten { row, key },
                None => RowContent::Total { row },
            });
            break;
        }
        let is_inside = inside.takes(form, texts, header, row);
        if leads == Some(row) {
            rows.push(RowContent::Total { row });
            continue;
        }
        if sum_label(form, texts, header, row).is_some() || is_carry(form, texts, header, row) {
            rows.push(RowContent::Subtotal { row });
            continue;
        }
        // All are the form's own print.
        if is_example(form, texts, header, row)
            || repeats_numbering(texts, header, row)
            || numbers_columns(form, texts, header, row)
        {
            rows.push(RowContent::Numbering { row });
            continue;
        }
        let key = row_key(form, texts, header, row);
        let ordinal = header
            .ordinal
            .is_some_and(|column| has_number(texts, row, column));
        match key {
            // Figures below the rows that the template prepared are those of its live checks.
            Some(_) if !is_inside && inside.prepared.is_some() => {}
            // A telephone number below a signature.
            Some(_) if inside.signed && !ordinal => {}
            Some(key) if ordinal || has_values(form, texts, header, row) => {
                rows.push(RowContent::Data { row, key });
            }
            Some(_) if repeats_header(form, texts, header, row) => {}
            Some(key) if is_inside && has_words(form, texts, header, row) => {
                rows.push(RowContent::Data { row, key });
            }
            Some(key) if is_inside && words_only => rows.push(RowContent::Data { row, key }),
            Some(key) if is_inside && !numbered => {
                rows.push(RowContent::Bare { row, key });
            }
            // A heading over a block of rows, a note or a signature: it has no figures and no
            // ordinal.
            Some(_) => {}
            None if !is_inside && inside.prepared.is_some() => {}
            None if has_figures(form, texts, header, row) => {
                rows.push(RowContent::Nameless { row })
            }
            // Blank, or prepared with formulas and never filled.
            None => {}
        }
    }
    rows
}

/// The first row of a table (from 0) that may be filled: behind what a list prints as examples.
pub(in crate::extract) fn first(form: &Form, texts: &Texts<'_>, header: &Header, last: u32) -> u32 {
    let mut rows = header.data..last;
    let is_own = |row: &u32| {
        !is_example(form, texts, header, *row) && !repeats_numbering(texts, header, *row)
    };
    let first = rows.find(is_own).filter(|_| form.is_free());
    first.unwrap_or(header.data)
}

/// Is this a row that the form prints to show how rows are filled, as it was printed?
fn is_example(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let key = form.key_column().and_then(|key| header.columns[key]);
    let name = key.and_then(|column| texts.own(row, column));
    let mut examples = form.file.layout.examples.iter();
    name.is_some_and(|name| examples.any(|example| label_key(example) == *name))
}

/// Which rows of words belong to the table: those above its total row, those the template prepared,
/// and those that follow the header without a gap and are no signature.
struct Inside {
    total: Option<u32>,
    prepared: Option<u32>,
    /// Was there a blank row, or one of the words below a table?
    gap: bool,
    /// Was the row above blank?
    after_blank: bool,
    /// Were there signatures below a table that nothing else ends?
    signed: bool,
}

/// Who signs below a table.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:người lập|lập biểu|thủ trưởng|giám đốc|hiệu trưởng|chủ tịch|kế toán|tm\.|kt\.|tl\.|\(ký)",
    )
    .expect("the pattern is a constant")
});

/// What is written below a table.
static BELOW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:người lập|lập biểu|thủ trưởng|giám đốc|hiệu trưởng|chủ tịch|kế toán|trưởng|phó|kt\.|tm\.|tl\.|q\.|nơi nhận|ghi chú|lưu ý|\(?\*|\(ký|[-–] )|ngày [ .…\d]*tháng",
    )
    .expect("the pattern is a constant")
});

impl Inside {
    fn takes(&mut self, form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
        let key = form.key_column().and_then(|key| header.columns[key]);
        let name = key.and_then(|column| texts.own(row, column));
        let mut own = name
            .into_iter()
            .chain(words(form, texts, header, row))
            .peekable();
        let blank = own.peek().is_none() && !has_values(form, texts, header, row);
        // Where names stand above, their rows are blank once they are read beside the figures.
        let gap = blank && (self.after_blank || !form.names_above());
        self.after_blank = blank;
        let own: Vec<&str> = own.collect();
        let signs = own.iter().filter(|text| SIGNED.is_match(text)).count();
        // A post may be an item.
        let signs = signs > 1 || signs == 1 && self.gap;
        self.signed |= self.ends_open() && signs && !has_values(form, texts, header, row);
        self.signed &= !repeats_header(form, texts, header, row);
        self.gap |= gap || own.iter().any(|text| BELOW.is_match(text));
        let above = |end: Option<u32>| end.is_some_and(|end| row <= end);
        let prepared = above(self.prepared);
        // Rows may be added right below those that were prepared.
        self.gap &= !prepared;
        above(self.total) || prepared || !self.gap
    }

    /// Does nothing say where the table ends?
    fn ends_open(&self) -> bool {
        self.total.is_none() && self.prepared.is_none()
    }
}

/// Has the form columns of words, dates and choices only, none of which must be filled?
fn has_words_only(form: &Form) -> bool {
    let columns = 0..form.file.columns.len();
    let mut fields = columns.filter_map(|column| form.field(None, column));
    fields.all(|field| !field.kind.is_numeric() && field.kind != FieldType::Flag)
}

/// The words beside a row's name, as comparison keys.
fn words<'a>(
    form: &Form,
    texts: &'a Texts<'_>,
    header: &'a Header,
    row: u32,
) -> impl Iterator<Item = &'a str> {
    let key = form.key_column();
    let columns = header.columns.iter().enumerate();
    let columns = columns.filter(move |(i, _)| Some(*i) != key);
    columns.filter_map(move |(_, column)| texts.own(row, (*column)?))
}

pub(super) fn has_words(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    words(form, texts, header, row).next().is_some()
}

/// How a row that adds others up is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SumLabel {
    /// As the form labels its total row.
    Total,
    /// In another usual way.
    Other,
}

/// The label of a sum in the ordinal or key column of a row.
pub(super) fn sum_label(
    form: &Form,
    texts: &Texts<'_>,
    header: &Header,
    row: u32,
) -> Option<SumLabel> {
    let total = form.keys.total.as_deref();
    let key = form.key_column().and_then(|key| header.columns[key]);
    let columns = header.ordinal.into_iter().chain(key);
    columns
        .filter_map(|column| match texts.effective(row, column)? {
            label if total.is_some_and(|total| is_total(label, total)) => Some(SumLabel::Total),
            "tổng cộng" | "tổng số" | "cộng" | "tổng" | "∑" | "total" => {
                Some(SumLabel::Other)
            }
            _ => None,
        })
        .next()
}

/// Is a label that of the total row, as it is or with how many rows there are behind it: «Tổng cộng: 12
/// hộ»?
fn is_total(label: &str, total: &str) -> bool {
    const LONGEST_COUNT: usize = 24;
    let behind = label.strip_prefix(total.trim_end_matches([':', ' ']));
    let counts = |behind: &str| {
        let count = behind.trim_start_matches([':', '(', ' ']);
        count.len() < behind.trim_start().len()
            && count.chars().count() <= LONGEST_COUNT
            && count.starts_with(|c: char| c.is_ascii_digit())
    };
    label == total || behind.is_some_and(counts)
}

/// The name of a row with figures, where it is no sum's.
fn item_name(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> Option<String> {
    let name = row_key(form, texts, header, row)?;
    let is_sum = sum_label(form, texts, header, row).is_some()
        || sum_names::is_sum(&name)
        || sum_names::may_be_sum(&name);
    (!is_sum && has_figures(form, texts, header, row)).then_some(name)
}

/// Does a row hand on what is above it to the next printed page, or take it over there?
fn is_carry(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let key = form.key_column().and_then(|key| header.columns[key]);
    let mut columns = header.ordinal.into_iter().chain(key);
    columns.any(|column| {
        texts
            .effective(row, column)
            .is_some_and(sum_names::is_carry)
    })
}

/// The total row among rows labelled as sums: the last with the form's own label, as long as there
/// are rows of the table between such rows; else the last of the others. The rest are sums of
/// groups.
fn total_row(
    form: &Form,
    texts: &Texts<'_>,
    header: &Header,
    last: u32,
    is_data: impl Fn(u32) -> bool,
) -> Option<u32> {
    let sums: Vec<(u32, SumLabel)> = (header.data..=last)
        .filter_map(|row| Some((row, sum_label(form, texts, header, row)?)))
        .collect();
    let own = sums.iter().any(|(_, label)| *label == SumLabel::Total);
    let wanted = if own {
        SumLabel::Total
    } else {
        SumLabel::Other
    };
    let mut candidates = sums.iter().filter(|(_, label)| *label == wanted);
    let (mut total, _) = *candidates.next()?;
    for (row, _) in candidates {
        if !(total + 1..*row).any(&is_data) {
            break;
        }
        total = *row;
    }
    Some(total)
}

/// Is the row one of a header that was repeated for another printed page?
fn repeats_header(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let is_header = |text: &str| {
        let mut columns = form.keys.columns.iter();
        columns.any(|(own, spanning)| own.iter().chain(spanning).any(|label| label == text))
    };
    words(form, texts, header, row).any(is_header) && words(form, texts, header, row).all(is_header)
}

/// Does the row repeat, text for text, the row of column numbers above the table?
pub(in crate::extract) fn repeats_numbering(texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    const LEAST: usize = 3;
    let Some(numbering) = header.data.checked_sub(1).filter(|above| *above != row) else {
        return false;
    };
    let mut same = 0;
    for column in header.columns.iter().flatten() {
        let text = |row| text_at(texts, row, *column);
        match (text(numbering), text(row)) {
            (None, None) => {}
            (Some(above), Some(here)) if above == here => {
                let digits = here.trim_matches(['(', ')', '[', ']']);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return false;
                }
                same += 1;
            }
            _ => return false,
        }
    }
    same >= LEAST
}

/// Does the row number the columns («(1)», «(2)», «(3)», or without brackets below a header that is
/// repeated), though the header above the table has no such row?
fn numbers_columns(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    const LEAST: u32 = 3;
    let places = header
        .ordinal
        .into_iter()
        .chain(header.columns.iter().flatten().copied());
    let places: BTreeSet<u32> = places.collect();
    let below_header = || row > header.data && repeats_header(form, texts, header, row - 1);
    let mut counted = 0;
    for column in places {
        let text = text_at(texts, row, column);
        let number = text.as_deref().and_then(|text| {
            let inside = text
                .strip_prefix('(')
                .and_then(|text| text.strip_suffix(')'));
            let number = inside.or(Some(text).filter(|_| below_header()))?;
            number.trim().parse::<u32>().ok()
        });
        // Letters over the columns of words, or nothing.
        let words = number.is_none()
            && counted == 0
            && text.is_none_or(|text| text.trim_matches(['(', ')']).chars().count() == 1);
        match number {
            Some(number) if number == counted + 1 => counted = number,
            _ if words => {}
            _ => return false,
        }
    }
    counted >= LEAST
}

/// Does a value column of the row hold a figure, or a mark such as "-" that means one?
pub(super) fn has_values(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    cells(form, texts, header, row).any(|cell| match &cell.content {
        Content::Text(text) => {
            // A signature or a date below the table is no value of it.
            let text = crate::text::normalise(text);
            matches!(text.as_str(), "-" | "x" | "không")
                || text.starts_with(|c: char| c.is_ascii_digit() || c == '\'')
        }
        Content::EmptyText => false,
        _ => true,
    })
}

/// The content of the row's value columns; text that a merge brings in from elsewhere does not.
fn cells<'a>(
    form: &Form,
    texts: &'a Texts<'_>,
    header: &'a Header,
    row: u32,
) -> impl Iterator<Item = &'a Cell> {
    let key = form.key_column();
    let columns = header
        .columns
        .iter()
        .enumerate()
        .filter(move |(i, _)| Some(*i) != key);
    columns.filter_map(move |(_, column)| {
        let address = CellAddress::new(row, (*column)?);
        texts.sheet.cells.get(&address)
    })
}

/// What identifies a free row; `None` for one without a name.
fn row_key(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> Option<String> {
    let text = |column: usize| text_at(texts, row, header.columns[column]?);
    let mut columns = form.key_columns();
    let name = text(columns.next()?)?;
    Some(joined_key(name, columns.filter_map(text)))
}

fn has_number(texts: &Texts<'_>, row: u32, column: u32) -> bool {
    texts.column_number(row, column).is_some()
}

/// The text of a cell as typed, for a free row's key; a figure used as a name is its digits.
fn text_at(texts: &Texts<'_>, row: u32, column: u32) -> Option<String> {
    let text = match &texts
        .sheet
        .cells
        .get(&CellAddress::new(row, column))?
        .content
    {
        Content::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Content::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}
