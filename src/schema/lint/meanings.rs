//! What blanks and marks may mean in a cell of some type.

use toml::Spanned;

use crate::model::Message;
use crate::schema::checked::Form;
use crate::schema::file::{FieldType, Indicator, Meaning};
use crate::schema::source::{SchemaError, Source};

/// One of the marks, as an indicator declares it.
type Declared = fn(&Indicator) -> Option<Meaning>;

const MARKS: [(&str, Declared); 4] = [
    ("blank", |indicator| indicator.blank),
    ("dash", |indicator| indicator.dash),
    ("khong", |indicator| indicator.khong),
    ("x", |indicator| indicator.x),
];

/// Refuses a meaning that is impossible for every cell to which it applies: a blank date is not 0.
///
/// # Errors
/// The first such meaning, with its place in the file.
pub fn lint(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    let (rows, columns) = (&form.file.rows, &form.file.columns);
    let row_count = if form.is_free() { 1 } else { rows.len() };
    for (key, declared) in MARKS {
        for (c, column) in columns.iter().enumerate() {
            // What the row says goes first.
            let own = |r: &usize| rows.get(*r).and_then(declared).is_none();
            let kinds = (0..row_count).filter(own);
            let kinds = kinds.filter_map(|r| Some(form.field(Some(r), c)?.kind));
            judge(source, &column.id, key, declared(column), kinds.collect())?;
        }
        for (r, row) in rows.iter().enumerate() {
            let kinds = (0..columns.len()).filter_map(|c| Some(form.field(Some(r), c)?.kind));
            judge(source, &row.id, key, declared(row), kinds.collect())?;
        }
    }
    Ok(())
}

fn judge(
    source: &Source<'_>,
    id: &Spanned<String>,
    key: &str,
    declared: Option<Meaning>,
    kinds: Vec<FieldType>,
) -> Result<(), SchemaError> {
    let (Some(meaning), Some(kind)) = (declared, kinds.first()) else {
        return Ok(());
    };
    if kinds.iter().any(|kind| fits(meaning, *kind)) {
        return Ok(());
    }
    let all = [
        Meaning::Missing,
        Meaning::Nothing,
        Meaning::Zero,
        Meaning::Yes,
        Meaning::No,
        Meaning::Refused,
    ];
    let allowed = all.into_iter().filter(|meaning| fits(*meaning, *kind));
    let allowed: Vec<String> = allowed
        .map(|meaning| format!("`{}`", word(meaning)))
        .collect();
    let (allowed, id, span) = (allowed.join(", "), id.get_ref(), id.span());
    let (meaning, kind) = (word(meaning), word(kind));
    Err(source.error(
        Some(span),
        Message::new(
            format!(
                "`{id}`: `{key} = \"{meaning}\"` không hợp với `type = \"{kind}\"`; dùng được: {allowed}"
            ),
            format!(
                "`{id}`: `{key} = \"{meaning}\"` does not fit `type = \"{kind}\"`; what does: {allowed}"
            ),
        ),
    ))
}

fn fits(meaning: Meaning, kind: FieldType) -> bool {
    if kind == FieldType::Flag {
        // A box that is not ticked says no: nothing can be missing.
        return meaning.fits_flag();
    }
    match meaning {
        Meaning::Missing | Meaning::Nothing | Meaning::Refused => true,
        Meaning::Zero => kind.is_numeric(),
        Meaning::Yes | Meaning::No => false,
    }
}

/// A word of the form file's own, as it is written there.
pub(super) fn word(of: impl std::fmt::Debug) -> String {
    format!("{of:?}").to_lowercase()
}
