//! What changed from one set of facts and findings to another: two submissions, or two periods.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::kept::KeptFinding;
use crate::model::{Fact, Number, Provenance, Value};
use crate::text::normalise;

/// One side of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Its facts.
    pub facts: Vec<Fact>,
    /// Its findings; `None` if they were not kept.
    pub findings: Option<Vec<KeptFinding>>,
}

/// What is different in the second side.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// Figures that are not the same, by unit and form, in the order of the workbook.
    pub figures: Vec<Change>,
    /// How many figures are the same.
    pub same: usize,
    /// What became of the findings; `None` if either side has none kept.
    pub findings: Option<FindingsChange>,
    /// Units that only the first side has, and how many figures of each; all of them are gone.
    pub only_first: BTreeMap<Arc<str>, usize>,
    /// Units that only the second side has; all their figures are new.
    pub only_second: BTreeMap<Arc<str>, usize>,
}

/// A figure that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Unit code.
    pub unit: Arc<str>,
    /// Form id.
    pub form: Arc<str>,
    /// Row id, or the row's key as typed.
    pub row: Arc<str>,
    /// Column id.
    pub column: Arc<str>,
    /// The earlier value; `None` for a figure that is new.
    pub old: Option<Value>,
    /// The later value; `None` for a figure that is gone.
    pub new: Option<Value>,
    /// Where: in the second side, else in the first.
    pub source: Option<Provenance>,
}

/// What happened to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// It was another.
    Changed,
    /// It is not there any more.
    Gone,
}

impl Change {
    /// What happened.
    pub fn kind(&self) -> ChangeKind {
        match (&self.old, &self.new) {
            (None, _) => ChangeKind::New,
            (_, None) => ChangeKind::Gone,
            _ => ChangeKind::Changed,
        }
    }

    /// New minus old, of figures.
    pub fn difference(&self) -> Option<Number> {
        let (old, new) = (self.old.as_ref()?, self.new.as_ref()?);
        new.as_number()?.checked_sub(old.as_number()?)
    }
}

/// What became of the findings that need an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FindingsChange {
    /// No longer found, in a form that was filed again.
    pub solved: Vec<KeptFinding>,
    /// Not found because the second side lacks the unit or its form: nothing says it was solved.
    pub not_filed: Vec<KeptFinding>,
    /// Still found, and now explained by the unit or accepted by the office.
    pub explained: Vec<KeptFinding>,
    /// Still found.
    pub open: Vec<KeptFinding>,
    /// Not found before.
    pub new: Vec<KeptFinding>,
}

impl Side {
    /// Leaves only what is about the units and forms wanted.
    pub fn choose(&mut self, wanted: &DiffFilter<'_>) {
        self.facts
            .retain(|fact| wanted(Some(&*fact.unit), Some(&*fact.form)));
        if let Some(findings) = &mut self.findings {
            findings.retain(|finding| wanted(finding.unit.as_deref(), finding.form.as_deref()));
        }
    }
}

/// Is something about this unit and form wanted?
pub type DiffFilter<'a> = dyn Fn(Option<&str>, Option<&str>) -> bool + 'a;

/// Unit, form, row, column, and which of several rows of that name.
type Key = (Arc<str>, Arc<str>, String, Arc<str>, usize);

/// Compares two sides. Without `by_unit` all facts are taken for one unit's.
pub fn compare(first: &Side, second: &Side, by_unit: bool) -> Difference {
    let old = keyed(&first.facts, by_unit);
    let new = keyed(&second.facts, by_unit);
    let was: HashMap<&Key, &Fact> = old.iter().map(|(key, fact)| (key, *fact)).collect();
    let is: HashMap<&Key, &Fact> = new.iter().map(|(key, fact)| (key, *fact)).collect();
    let mut difference = Difference::default();
    for (key, fact) in &new {
        match was.get(key) {
            Some(before) if before.value == fact.value => difference.same += 1,
            before => difference.figures.push(Change {
                old: before.map(|fact| fact.value.clone()),
                new: Some(fact.value.clone()),
                ..place(fact)
            }),
        }
    }
    let gone = old.iter().filter(|(key, _)| !is.contains_key(key));
    difference.figures.extend(gone.map(|(_, fact)| Change {
        old: Some(fact.value.clone()),
        ..place(fact)
    }));
    difference
        .figures
        .sort_by(|a, b| (&a.unit, &a.form).cmp(&(&b.unit, &b.form)));
    if by_unit {
        difference.only_first = units_beyond(&first.facts, &second.facts);
        difference.only_second = units_beyond(&second.facts, &first.facts);
    }
    difference.findings = match (&first.findings, &second.findings) {
        (Some(old), Some(new)) => {
            let filed = filed(&second.facts, new, by_unit);
            Some(findings(old, new, &filed, by_unit))
        }
        _ => None,
    };
    difference
}

/// Units of some facts that others have not, with the number of their figures.
fn units_beyond(facts: &[Fact], others: &[Fact]) -> BTreeMap<Arc<str>, usize> {
    let known: HashSet<&str> = others.iter().map(|fact| &*fact.unit).collect();
    let mut beyond = BTreeMap::new();
    for fact in facts.iter().filter(|fact| !known.contains(&*fact.unit)) {
        *beyond.entry(fact.unit.clone()).or_default() += 1;
    }
    beyond
}

fn place(fact: &Fact) -> Change {
    Change {
        unit: fact.unit.clone(),
        form: fact.form.clone(),
        row: fact.row.clone(),
        column: fact.column.clone(),
        old: None,
        new: None,
        source: fact.source.clone(),
    }
}

fn keyed(facts: &[Fact], by_unit: bool) -> Vec<(Key, &Fact)> {
    let mut seen: HashMap<Key, usize> = HashMap::new();
    let key = |fact: &Fact| {
        let unit = if by_unit {
            fact.unit.clone()
        } else {
            "".into()
        };
        let row = normalise(&fact.row);
        (unit, fact.form.clone(), row, fact.column.clone(), 0)
    };
    let keyed = facts.iter().map(|fact| {
        let mut key = key(fact);
        let count = seen.entry(key.clone()).or_default();
        key.4 = *count;
        *count += 1;
        (key, fact)
    });
    keyed.collect()
}

/// Whose forms a side has: (unit, form) of every figure and of every cell that was judged, and
/// (unit, "") of every unit.
fn filed(facts: &[Fact], findings: &[KeptFinding], by_unit: bool) -> HashSet<(String, String)> {
    let unit = |code: &str| {
        if by_unit {
            code.to_owned()
        } else {
            String::new()
        }
    };
    let judged = findings.iter().filter(|finding| finding.cell.is_some());
    let judged = judged.map(|finding| {
        let form = finding.form.as_deref().unwrap_or_default();
        (
            unit(finding.unit.as_deref().unwrap_or_default()),
            form.to_owned(),
        )
    });
    let read = facts
        .iter()
        .map(|fact| (unit(&fact.unit), fact.form.to_string()));
    let forms: HashSet<(String, String)> = judged.chain(read).collect();
    let units = forms.iter().map(|(unit, _)| (unit.clone(), String::new()));
    units
        .collect::<HashSet<_>>()
        .union(&forms)
        .cloned()
        .collect()
}

fn findings(
    old: &[KeptFinding],
    new: &[KeptFinding],
    filed: &HashSet<(String, String)>,
    by_unit: bool,
) -> FindingsChange {
    let mut was: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    let open = |finding: &&KeptFinding| !finding.settled;
    for (at, finding) in old.iter().enumerate().filter(|(_, f)| open(f)) {
        was.entry(finding.key(by_unit)).or_default().push(at);
    }
    let mut change = FindingsChange::default();
    for finding in new {
        let before = was.get_mut(&finding.key(by_unit)).and_then(Vec::pop);
        match (before, finding.settled) {
            (Some(_), true) => change.explained.push(finding.clone()),
            (Some(_), false) => change.open.push(finding.clone()),
            (None, true) => {}
            (None, false) => change.new.push(finding.clone()),
        }
    }
    let mut ended: Vec<usize> = was.into_values().flatten().collect();
    ended.sort_unstable();
    let judged_again = |finding: &&KeptFinding| {
        let form = finding.form.clone().unwrap_or_default();
        match &finding.unit {
            // About the batch, which the second side is too.
            None if by_unit => true,
            unit => {
                let unit = unit.clone().filter(|_| by_unit);
                filed.contains(&(unit.unwrap_or_default(), form))
            }
        }
    };
    let ended = ended.into_iter().map(|at| &old[at]);
    let (solved, not_filed): (Vec<_>, Vec<_>) = ended.partition(judged_again);
    change.solved = solved.into_iter().cloned().collect();
    change.not_filed = not_filed.into_iter().cloned().collect();
    change
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use proptest::prelude::*;

    fn fact(row: &str, column: &str, value: i64) -> Fact {
        Fact {
            period: None,
            unit: "u".into(),
            form: "b".into(),
            row: row.into(),
            column: column.into(),
            value: Value::Number(value.into()),
            source: None,
        }
    }

    fn side(facts: Vec<Fact>) -> Side {
        Side {
            facts,
            findings: None,
        }
    }

    #[test]
    fn figures_are_new_changed_or_gone() {
        let old = side(vec![
            fact("a", "x", 1),
            fact("b", "x", 2),
            fact("c", "x", 3),
        ]);
        let new = side(vec![
            fact("a", "x", 1),
            fact("B", "x", 5),
            fact("d", "x", 4),
        ]);
        let difference = compare(&old, &new, true);
        let told: Vec<_> = difference
            .figures
            .iter()
            .map(|c| (c.row.to_string(), c.kind(), c.difference()))
            .collect();
        assert_eq!(
            told,
            [
                ("B".into(), ChangeKind::Changed, Some(3.into())),
                ("d".into(), ChangeKind::New, None),
                ("c".into(), ChangeKind::Gone, None),
            ]
        );
        assert_eq!(difference.same, 1);
    }

    #[test]
    fn rows_of_one_name_are_told_apart_by_their_order() {
        let old = side(vec![fact("a", "x", 1), fact("a", "x", 2)]);
        let new = side(vec![fact("a", "x", 1), fact("a", "x", 3)]);
        let difference = compare(&old, &new, true);
        assert_eq!(difference.figures.len(), 1);
        assert_eq!(difference.figures[0].old, Some(Value::Number(2.into())));
    }

    #[test]
    fn a_finding_is_the_same_though_its_cell_has_moved() {
        let finding = |rule: &str, cell: &str, settled| KeptFinding {
            unit: Some("u".into()),
            form: Some("b".into()),
            rule: rule.into(),
            severity: Severity::Error,
            sheet: Some("Biểu".into()),
            cell: Some(cell.into()),
            row: Some("a".into()),
            column: Some("x".into()),
            settled,
            vi: String::new(),
            en: String::new(),
        };
        let side = |findings| Side {
            facts: vec![fact("a", "x", 1)],
            findings: Some(findings),
        };
        let old = side(vec![
            finding("tong-lech", "C5", false),
            finding("so-am", "C5", false),
            finding("lon-bat-thuong", "C5", false),
        ]);
        let new = side(vec![
            finding("tong-lech", "C6", false),
            finding("lon-bat-thuong", "C6", true),
            finding("thieu-so-lieu", "C6", false),
        ]);
        let change = compare(&old, &new, true).findings.unwrap();
        let rules = |list: &[KeptFinding]| -> Vec<String> {
            list.iter().map(|finding| finding.rule.clone()).collect()
        };
        assert_eq!(rules(&change.solved), ["so-am"]);
        assert_eq!(rules(&change.explained), ["lon-bat-thuong"]);
        assert_eq!(rules(&change.open), ["tong-lech"]);
        assert_eq!(rules(&change.new), ["thieu-so-lieu"]);
    }

    #[test]
    fn what_was_wrong_in_a_form_not_sent_again_is_not_solved() {
        let finding = |unit: &str, form: &str| KeptFinding {
            unit: Some(unit.into()),
            form: Some(form.into()),
            rule: "tong-lech".into(),
            severity: Severity::Error,
            sheet: None,
            cell: None,
            row: None,
            column: None,
            settled: false,
            vi: String::new(),
            en: String::new(),
        };
        let old = Side {
            facts: Vec::new(),
            findings: Some(vec![
                finding("u", "b"),
                finding("u", "c"),
                finding("v", "b"),
            ]),
        };
        let new = Side {
            facts: vec![fact("a", "x", 1)],
            findings: Some(Vec::new()),
        };
        let change = compare(&old, &new, true).findings.unwrap();
        assert_eq!(change.solved, [finding("u", "b")]);
        assert_eq!(change.not_filed, [finding("u", "c"), finding("v", "b")]);
        // Two workbooks: whoever they say they are from.
        let change = compare(&old, &new, false).findings.unwrap();
        assert_eq!(change.solved, [finding("u", "b"), finding("v", "b")]);
        assert_eq!(change.not_filed, [finding("u", "c")]);
    }

    fn facts() -> impl Strategy<Value = Vec<Fact>> {
        prop::collection::vec(("[abc]", "[xy]", 0i64..4), 0..12)
            .prop_map(|cells| cells.iter().map(|(r, c, v)| fact(r, c, *v)).collect())
    }

    proptest! {
        /// What is new one way is gone the other, differences change their sign, and no fact of
        /// either side is left out.
        #[test]
        fn comparing_the_other_way_round_is_the_mirror(a in facts(), b in facts()) {
            let (there, back) = (
                compare(&side(a.clone()), &side(b.clone()), true),
                compare(&side(b.clone()), &side(a.clone()), true),
            );
            let count = |d: &Difference, kind| d.figures.iter().filter(|c| c.kind() == kind).count();
            prop_assert_eq!(count(&there, ChangeKind::New), count(&back, ChangeKind::Gone));
            prop_assert_eq!(count(&there, ChangeKind::Changed), count(&back, ChangeKind::Changed));
            let moved = |d: &Difference| d.figures.iter().filter_map(Change::difference).sum::<Number>();
            prop_assert_eq!(moved(&there), -moved(&back));
            let of_b = there.same + count(&there, ChangeKind::New) + count(&there, ChangeKind::Changed);
            prop_assert_eq!(of_b, b.len());
            let of_a = there.same + count(&there, ChangeKind::Gone) + count(&there, ChangeKind::Changed);
            prop_assert_eq!(of_a, a.len());
        }

        #[test]
        fn nothing_differs_from_itself(a in facts()) {
            let difference = compare(&side(a.clone()), &side(a.clone()), true);
            prop_assert!(difference.figures.is_empty());
            prop_assert_eq!(difference.same, a.len());
        }
    }
}
