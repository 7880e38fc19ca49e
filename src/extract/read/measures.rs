//! Units of measure that a table prints in its headers, its row labels and its column of units,
//! compared with the form's. In another unit every figure is wrong by a power of ten.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use super::spanning::header_cells;
use crate::model::{CellAddress, Class, Message, Severity, Value};
use crate::schema::{Field, FieldType, Form, Indicator};
use crate::text::label_key;
use crate::text::measure::{Likeness, compare, is_of_many, stated};

const RULE: &str = "sai-don-vi-tinh-ghi-tren-bieu";
const OTHER_SIZE: ReadCheck = ReadCheck::new(RULE, Class::Structure, Severity::Error);
const OTHER_WORDS: ReadCheck = ReadCheck::new(RULE, Class::Structure, Severity::Warning);

/// The unit of measure in which the form requires a figure.
enum Wanted {
    Unit(String),
    /// Things are counted, whatever they are called.
    Ones,
    /// The form does not say, or no figure is due.
    Unknown,
}

impl Wanted {
    fn of(form: &Form, field: &Field, column: &Indicator, row: Option<&Indicator>) -> Wanted {
        if !field.kind.is_numeric() {
            return Wanted::Unknown;
        }
        let mut labels = row.into_iter().chain([column]);
        let in_label = labels.find_map(|one| {
            let mut path = one.label.path().iter().rev();
            path.find_map(|label| stated(label))
        });
        let own = in_label.map(str::to_owned);
        let own = own.or_else(|| field.measure.clone().or_else(|| field.unit.clone()));
        let of_form = || form.file.unit.clone();
        match (own, field.kind) {
            (Some(unit), _) => Wanted::Unit(unit),
            (None, FieldType::Percent) => Wanted::Unit("%".to_owned()),
            // A form in "trẻ" counts these; one in "triệu đồng" says nothing about its counts.
            (None, FieldType::Count) => match of_form().filter(|unit| stated(unit).is_none()) {
                Some(unit) => Wanted::Unit(unit),
                None => Wanted::Ones,
            },
            (None, _) => Wanted::Unknown,
        }
    }

    fn likeness(&self, printed: &str) -> Likeness {
        match self {
            Wanted::Unit(unit) => compare(unit, printed),
            Wanted::Ones if is_of_many(printed) => Likeness::Multiple,
            Wanted::Ones | Wanted::Unknown => Likeness::Other,
        }
    }

    fn named(&self) -> Message {
        match self {
            Wanted::Unit(unit) => Message::new(unit, unit),
            Wanted::Ones | Wanted::Unknown => Message::new("số đếm đủ", "plain counts"),
        }
    }
}

/// Of the units that some cells require, the one that the printed unit contradicts: it is another
/// size of that, and the same as none.
fn contradicted(wanted: Vec<Wanted>, printed: &str) -> Option<Wanted> {
    if wanted
        .iter()
        .any(|one| one.likeness(printed) == Likeness::Same)
    {
        return None;
    }
    let mut wanted = wanted.into_iter();
    wanted.find(|one| one.likeness(printed) == Likeness::Multiple)
}

/// Reports units of measure other than the form's. Gives the cells of which nothing else needs to be
/// said: those reported, and those that only add the form's own unit to the form's text. `places`:
/// the sheet row (from 0) of each fixed row.
pub(super) fn report_measures(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    places: &[Option<u32>],
) -> BTreeSet<CellAddress> {
    let mut reported = BTreeSet::new();
    let form = context.form.clone();
    for (column, place) in context.located.header.columns.iter().enumerate() {
        let Some(place) = *place else { continue };
        let (own, spanning) = &form.keys.columns[column];
        for (at, key) in header_cells(context, place) {
            if own.iter().chain(spanning).any(|known| *known == key) {
                continue;
            }
            let known: Vec<&String> = own.iter().chain(spanning).collect();
            let wanted = of_column(&form, column);
            report_header(context, log, &mut reported, at, (&known, wanted));
        }
    }
    for (row, place) in places.iter().enumerate() {
        let (Some(place), false) = (*place, form.file.rows[row].heading) else {
            continue;
        };
        if let Some(labels) = context.located.header.label {
            let there = context.texts.effective(place, labels);
            if there.is_some_and(|there| !form.keys.rows[row].iter().any(|own| own == there)) {
                let at = CellAddress::new(place, labels);
                let known: Vec<&String> = form.keys.rows[row].iter().collect();
                report_header(
                    context,
                    log,
                    &mut reported,
                    at,
                    (&known, of_row(&form, row)),
                );
            }
        }
        if let Some(column) = context.located.header.measure {
            report_unit_of_row(context, log, row, CellAddress::new(place, column));
        }
    }
    reported
}

/// The units that the cells of a column require.
fn of_column(form: &Form, column: usize) -> Vec<Wanted> {
    let own = &form.file.columns[column];
    if form.is_free() {
        let field = form.field(None, column);
        return field
            .map(|field| Wanted::of(form, field, own, None))
            .into_iter()
            .collect();
    }
    let rows = form.file.rows.iter().enumerate();
    rows.filter_map(|(row, indicator)| {
        let field = form.field(Some(row), column)?;
        Some(Wanted::of(form, field, own, Some(indicator)))
    })
    .collect()
}

/// The units that the cells of a fixed row require.
fn of_row(form: &Form, row: usize) -> Vec<Wanted> {
    let own = &form.file.rows[row];
    let columns = form.file.columns.iter().enumerate();
    columns
        .filter_map(|(column, indicator)| {
            let field = form.field(Some(row), column)?;
            Some(Wanted::of(form, field, indicator, Some(own)))
        })
        .collect()
}

/// The text of a cell of a header, of the merged range that covers it.
fn text_of(context: &ReadContext<'_>, at: CellAddress) -> Option<String> {
    let text = context.sheet.effective(at)?.text()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Is the text one of the form's, with only a unit of measure added?
fn only_adds(text: &str, printed: &str, known: &[&String]) -> bool {
    let Some(at) = text.rfind(printed) else {
        return false;
    };
    let bare = |text: &str| {
        let kept = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
        label_key(kept.trim_end_matches([' ', '(']))
    };
    let key = bare(&text[..at]);
    let unnamed = key
        .strip_suffix("đvt")
        .or_else(|| key.strip_suffix("đơn vị tính"));
    let key = unnamed.map_or(key.clone(), bare);
    known.iter().any(|own| **own == key)
}

/// `known`: keys of the form's own texts for the cell; `wanted`: the units that its figures require.
fn report_header(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    reported: &mut BTreeSet<CellAddress>,
    at: CellAddress,
    (known, wanted): (&[&String], Vec<Wanted>),
) {
    let Some(text) = text_of(context, at) else {
        return;
    };
    let Some(printed) = stated(&text) else {
        return;
    };
    let is_same = |one: &Wanted| one.likeness(printed) == Likeness::Same;
    if wanted.iter().any(is_same) && only_adds(&text, printed, known) {
        reported.insert(at);
        return;
    }
    let Some(wanted) = contradicted(wanted, printed) else {
        return;
    };
    if reported.insert(at) {
        let message = of_other_size(&wanted.named(), printed);
        log.report_value(
            context,
            OTHER_SIZE,
            at,
            Some(Value::Text(text.clone())),
            message,
        );
    }
}

/// What the column of units prints in a row.
fn report_unit_of_row(context: &ReadContext<'_>, log: &mut ReadLog, row: usize, at: CellAddress) {
    let Some(printed) = text_of(context, at) else {
        return;
    };
    // Marks that repeat what is above.
    let words = |c: char| c.is_alphabetic() || matches!(c, '%' | '‰' | '₫');
    let same_as_above = ["nt", "nhu tren"].contains(&crate::text::fold(&printed).trim());
    if !printed.contains(words) || same_as_above {
        return;
    }
    let form = context.form;
    let mut fields =
        (0..form.file.columns.len()).filter_map(|column| form.field(Some(row), column));
    let own = fields.find_map(|field| field.unit.clone());
    let wanted = match own.or_else(|| form.file.unit.clone()) {
        Some(unit) => Wanted::Unit(unit),
        None => Wanted::Ones,
    };
    let (check, message) = match (wanted.likeness(&printed), &wanted) {
        (Likeness::Multiple, _) => (OTHER_SIZE, of_other_size(&wanted.named(), &printed)),
        (Likeness::Other, Wanted::Unit(unit)) => (OTHER_WORDS, in_other_words(unit, &printed)),
        _ => return,
    };
    log.report_value(context, check, at, Some(Value::Text(printed)), message);
}

fn of_other_size(wanted: &Message, printed: &str) -> Message {
    let (vi, en) = (&wanted.vi, &wanted.en);
    Message::new(
        format!(
            "Ô này ghi đơn vị tính là «{printed}», biểu mẫu yêu cầu {vi}. Nếu các số được ghi theo {printed}, hãy đổi các số sang {vi} rồi ghi lại ô này như mẫu; nếu các số đã theo {vi} thì chỉ ghi lại ô này."
        ),
        format!(
            "The cell prints the unit of measure `{printed}`; the form asks for {en}. Convert the figures and write the cell as in the template, or only correct the cell if the figures are in {en}."
        ),
    )
}

fn in_other_words(unit: &str, printed: &str) -> Message {
    Message::new(
        format!(
            "Ô này ghi đơn vị tính là «{printed}», biểu mẫu ghi «{unit}». Hãy kiểm tra các số của dòng có đúng là {unit} không."
        ),
        format!(
            "The cell prints the unit of measure `{printed}` in place of `{unit}`. Check that the figures of the row are in `{unit}`."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_added_to_the_forms_own_text_is_known() {
        let own = "vốn đầu tư".to_owned();
        let adds = |text: &str| only_adds(text, stated(text).unwrap(), &[&own]);
        for text in [
            "VỐN ĐẦU TƯ (triệu đồng)",
            "Vốn đầu tư - tr.đ",
            "Vốn đầu tư\ntriệu đồng",
            "Vốn đầu tư (ĐVT: triệu đồng)",
            "Vốn đầu tư, đơn vị tính: triệu đồng",
        ] {
            assert!(adds(text), "{text}");
        }
        for text in ["Giải ngân (triệu đồng)", "triệu đồng"] {
            assert!(!adds(text), "{text}");
        }
    }
}
