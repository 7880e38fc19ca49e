//! Asks every rule of a unit's tables and turns what fails into findings.

use super::explain;
use super::instance::{self, Instance, Verdict};
use super::ratio;
use super::scope::{CellRef, UnitTables};
use super::soft;
use super::suspect;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::schema::expression::Comparison;

/// What checking one unit came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What does not hold.
    pub findings: Vec<Finding>,
    /// Rules asked, at all their places.
    pub asked: usize,
    /// Of these, not evaluated because a figure is missing.
    pub not_evaluated: usize,
}

/// Checks all tables of one unit against all rules of their forms.
pub fn check_unit(unit: &UnitTables<'_>) -> Outcome {
    let instances = instance::all(unit);
    let verdicts: Vec<Verdict> = instances.iter().map(|i| i.ask(unit, None)).collect();
    let mut outcome = Outcome {
        asked: instances.len(),
        ..Outcome::default()
    };
    for (i, verdict) in verdicts.iter().enumerate() {
        match verdict {
            Verdict::Pass => {}
            Verdict::Missing => outcome.not_evaluated += 1,
            Verdict::Broken(why) => outcome.findings.extend(broken(unit, &instances[i], why)),
            Verdict::Fail => {
                if let Some(mut finding) = failed(unit, &instances[i]) {
                    finding.suspects = suspect::of(unit, &instances, &verdicts, i);
                    outcome.findings.push(finding);
                }
            }
        }
    }
    outcome.findings.extend(ratio::check(unit));
    outcome.findings.extend(soft::check(unit));
    outcome
}

fn failed(unit: &UnitTables<'_>, instance: &Instance) -> Option<Finding> {
    let at = explain::subject(instance, unit)?;
    let mut message = explain::message(instance, unit);
    if let Some(more) = explain::overwritten(at, unit) {
        message.vi.push_str(&more.vi);
        message.en.push_str(&more.en);
    }
    let mut finding = at_cell(unit, instance, at, message)?;
    if let (Some((left, comparison, _)), Some((l, r))) = (
        instance.rule.check.comparison(),
        explain::sides(instance, unit),
    ) {
        // Only where the left side is the cell itself does the right side say what belongs there.
        if matches!(left, crate::schema::expression::Expr::Name(_)) {
            finding.expected = expected(comparison, r);
        }
        finding.difference = l.checked_sub(r).map(Value::Number);
    }
    Some(finding)
}

fn expected(comparison: Comparison, right: Number) -> Option<Value> {
    match comparison {
        Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => {
            Some(Value::Number(right))
        }
        Comparison::NotEqual | Comparison::Less | Comparison::Greater => None,
    }
}

fn broken(unit: &UnitTables<'_>, instance: &Instance, why: &Message) -> Option<Finding> {
    let at = explain::subject(instance, unit)?;
    let message = Message::new(
        format!(
            "Chưa kiểm tra được quy tắc «{}»: {}.",
            instance.rule.text, why.vi
        ),
        format!(
            "Rule `{}` could not be evaluated: {}.",
            instance.rule.text, why.en
        ),
    );
    let mut finding = at_cell(unit, instance, at, message)?;
    finding.severity = Severity::Info;
    Some(finding)
}

fn at_cell(
    unit: &UnitTables<'_>,
    instance: &Instance,
    at: CellRef,
    message: Message,
) -> Option<Finding> {
    let table = &unit.tables[at.table];
    let cell = unit.cell(at)?;
    let class = class(instance);
    let mut finding = Finding::new(
        &instance.rule.id,
        class,
        instance.rule.severity,
        &table.file,
        message,
    )
    .at(&table.sheet, cell.address?);
    finding.form = Some(unit.tables[instance.table].form.id().into());
    finding.value = cell.value().cloned();
    Some(finding)
}

/// A rule that reaches into the archive is about history, one that reaches into another form about
/// the two forms.
fn class(instance: &Instance) -> Class {
    let mut class = Class::Rule;
    instance.rule.check.names(&mut |name, previous| {
        if previous {
            class = Class::History;
        } else if name.form.is_some() {
            class = Class::CrossForm;
        }
    });
    class
}
