//! How the figures of units become the province's: refused where a cell's type has no such sum.

use super::meanings::word;
use crate::model::Message;
use crate::schema::checked::Form;
use crate::schema::file::{Aggregate, FieldType, Indicator};
use crate::schema::source::{SchemaError, Source};

/// Refuses an `aggregate` under which a cell would have a false consolidated figure, or none: the
/// sum of ratios, the count of words.
///
/// # Errors
/// The first such `aggregate`, with the place of the indicator that declares it.
pub fn lint(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    let (rows, columns) = (&form.file.rows, &form.file.columns);
    for (c, column) in columns.iter().enumerate() {
        if form.is_free() {
            judge(source, column, None, form.field(None, c).map(|f| f.kind))?;
        }
        for (r, row) in rows.iter().enumerate() {
            // What the row declares goes before what the column does.
            let (declaring, other) = match row.aggregate {
                Some(_) => (row, column),
                None => (column, row),
            };
            let kind = form.field(Some(r), c).map(|field| field.kind);
            judge(source, declaring, Some(other), kind)?;
        }
    }
    Ok(())
}

/// `other`: the row or column in which `declaring` meets the cell, if the cell has both.
fn judge(
    source: &Source<'_>,
    declaring: &Indicator,
    other: Option<&Indicator>,
    kind: Option<FieldType>,
) -> Result<(), SchemaError> {
    let (Some(aggregate), Some(kind)) = (declaring.aggregate, kind) else {
        return Ok(());
    };
    if fits(aggregate, kind) {
        return Ok(());
    }
    let (aggregate, usual) = (word(aggregate), word(Aggregate::usual(kind)));
    let (id, kind) = (id(declaring), word(kind));
    let (vi, en) = match other.map(self::id) {
        Some(other) => (
            format!(" (ô giao với `{other}`)"),
            format!(" (where it meets `{other}`)"),
        ),
        None => (String::new(), String::new()),
    };
    Err(source.error(
        Some(declaring.id.span()),
        Message::new(
            format!(
                "`{id}`{vi}: `aggregate = \"{aggregate}\"` không hợp với `type = \"{kind}\"`; hãy dùng `aggregate = \"{usual}\"` hoặc \"none\""
            ),
            format!(
                "`{id}`{en}: `aggregate = \"{aggregate}\"` does not fit `type = \"{kind}\"`; use `aggregate = \"{usual}\"` or \"none\""
            ),
        ),
    ))
}

fn fits(aggregate: Aggregate, kind: FieldType) -> bool {
    match aggregate {
        Aggregate::Sum => matches!(kind, FieldType::Count | FieldType::Amount),
        Aggregate::Ratio => kind.is_ratio(),
        Aggregate::Count => kind == FieldType::Flag,
        Aggregate::Last | Aggregate::List | Aggregate::None => true,
    }
}

fn id(indicator: &Indicator) -> &str {
    indicator.id.get_ref()
}
