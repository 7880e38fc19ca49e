//! The closed previous period's figures, looked up the way rules ask for them.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Fact, Value};
use crate::text::normalise;

/// Figures of one closed period by unit, form, row and column.
#[derive(Debug, Clone, Default)]
pub struct PreviousFigures {
    units: HashMap<String, HashMap<String, Rows>>,
}

/// Row key (normalised) -> column id -> value.
type Rows = BTreeMap<String, HashMap<String, Value>>;

impl PreviousFigures {
    /// Indexes the facts of a closed period.
    pub fn new(facts: &[Fact]) -> Self {
        let mut previous = PreviousFigures::default();
        for fact in facts {
            previous
                .units
                .entry(fact.unit.to_string())
                .or_default()
                .entry(fact.form.to_string())
                .or_default()
                .entry(normalise(&fact.row))
                .or_default()
                .insert(fact.column.to_string(), fact.value.clone());
        }
        previous
    }

    /// One figure; `None` if the archive has none.
    pub fn value(&self, unit: &str, form: &str, row: &str, column: &str) -> Option<&Value> {
        self.units
            .get(unit)?
            .get(form)?
            .get(&normalise(row))?
            .get(column)
    }

    /// All figures of a column; `None` if the archive has nothing of the form for this unit.
    pub fn column(&self, unit: &str, form: &str, column: &str) -> Option<Vec<Value>> {
        let rows = self.units.get(unit)?.get(form)?;
        Some(
            rows.values()
                .filter_map(|cells| cells.get(column).cloned())
                .collect(),
        )
    }
}
