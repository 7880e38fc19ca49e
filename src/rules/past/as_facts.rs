//! Figures that were put together, as facts.

use std::sync::Arc;

use super::previous::FormFigures;
use crate::model::{Fact, Period};
use crate::schema::Form;
use crate::text::normalise;

/// The figures of one form of one unit as facts without a source, row by row as they were filed or
/// as the form lists them. `parts`: with what lacks a part too?
pub(super) fn facts_of(
    unit: &str,
    form: &Form,
    figures: &FormFigures,
    period: Period,
    parts: bool,
) -> Vec<Fact> {
    let (unit, id): (Arc<str>, Arc<str>) = (unit.into(), form.id().into());
    let listed = form
        .file
        .rows
        .iter()
        .map(|row| row.id.get_ref().as_str().into());
    let rows: Vec<Arc<str>> = match form.is_free() {
        true => figures.keys.clone(),
        false => listed.collect(),
    };
    let mut facts = Vec::new();
    for row in &rows {
        let Some(cells) = figures.rows.get(&normalise(row)) else {
            continue;
        };
        for column in &form.file.columns {
            let column = column.id.get_ref();
            let known = cells.get(column).filter(|found| parts || !found.partial);
            let values = known.iter().flat_map(|found| &found.all);
            facts.extend(values.map(|value| Fact {
                period: Some(period),
                unit: unit.clone(),
                form: id.clone(),
                row: row.clone(),
                column: column.as_str().into(),
                value: value.clone(),
                source: None,
            }));
        }
    }
    facts
}
