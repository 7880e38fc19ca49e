//! The intermediate form of an expression's parts while it is translated into formula text.

use super::condition::{Condition, Joining};
use super::names::NoFormula;
use super::needs::Needs;
use super::slack::Slack;
use crate::model::Number;
use crate::schema::rule::fold::Read;

/// Most alternative ways of computing one figure (IF within IF); with more there is no formula.
const MOST_WAYS: usize = 12;

/// What a part of an expression becomes.
pub(super) enum FormulaPart<'e> {
    /// A figure, words, a day.
    Value(FormulaValue<'e>),
    /// True or false.
    Condition(Box<Condition>),
    /// A name inside a fold, which means all its cells, or one of several there.
    Names(Read<'e>),
}

impl From<Condition> for FormulaPart<'_> {
    fn from(condition: Condition) -> Self {
        FormulaPart::Condition(Box::new(condition))
    }
}

/// The sort of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Figure,
    Words,
    /// A box to tick.
    Flag,
}

/// A value as formula text: one way, or several of which the conditions of IF choose one.
pub(super) struct FormulaValue<'e> {
    pub sort: Sort,
    pub ways: Vec<Way>,
    /// The figure, if it is written in the rule.
    pub constant: Option<Number>,
    /// The words, if they are written in the rule.
    pub words: Option<&'e str>,
    /// The name, if it is nothing else.
    pub read: Option<Read<'e>>,
}

/// One way of computing a value.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Texts that must all be true; none if it is the only way.
    pub guards: Vec<String>,
    /// The value.
    pub text: String,
    /// What it needs.
    pub needs: Needs,
    /// The rounded figures in it; `None` if they are not a plain sum.
    pub slack: Option<Slack>,
}

impl Way {
    pub fn new(text: String, needs: Needs) -> Way {
        Way {
            guards: Vec::new(),
            text,
            needs,
            slack: Some(Slack::default()),
        }
    }

    /// With the rounded figures in it.
    pub fn rounded(self, slack: Option<Slack>) -> Way {
        Way { slack, ..self }
    }
}

impl<'e> FormulaValue<'e> {
    pub fn new(sort: Sort, way: Way) -> FormulaValue<'e> {
        FormulaValue {
            sort,
            ways: vec![way],
            constant: None,
            words: None,
            read: None,
        }
    }

    /// A figure with these alternative ways.
    pub fn figure(ways: Vec<Way>) -> Result<FormulaValue<'e>, NoFormula> {
        match ways.len() {
            1..=MOST_WAYS => Ok(FormulaValue {
                sort: Sort::Figure,
                ways,
                constant: None,
                words: None,
                read: None,
            }),
            _ => Err(NoFormula::Elsewhere),
        }
    }

    /// All that any way needs.
    pub fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        self.ways.iter().for_each(|way| needs.add(&way.needs));
        needs
    }

    /// One text, each way as `shape` writes it; shows nothing where no way is known.
    pub fn text(&self, how: Joining, shape: &dyn Fn(&str) -> String) -> String {
        match self.ways.as_slice() {
            [one] if one.guards.is_empty() => shape(&one.text),
            ways => ways.iter().rev().fold("\"\"".to_owned(), |rest, way| {
                let known = how.known(&way.needs, "1");
                let mut factors = way.guards.clone();
                factors.push(known);
                format!("IF(({})>0,{},{rest})", factors.join("*"), shape(&way.text))
            }),
        }
    }
}

/// Every combination of the ways of two values.
pub(super) fn pairs(left: &[Way], right: &[Way], join: impl Fn(&Way, &Way) -> Way) -> Vec<Way> {
    let pair = |l: &Way, r: &Way| Way {
        guards: [l.guards.clone(), r.guards.clone()].concat(),
        needs: l.needs.clone().and(&r.needs),
        ..join(l, r)
    };
    left.iter()
        .flat_map(|l| right.iter().map(move |r| (l, r)))
        .map(|(l, r)| pair(l, r))
        .collect()
}

/// No rounded figures if neither has any, else a tolerance that is not known.
pub(super) fn exact_only<'s>(slacks: impl IntoIterator<Item = &'s Option<Slack>>) -> Option<Slack> {
    let exact = |slack: &Option<Slack>| slack.as_ref().is_some_and(Slack::is_none);
    slacks.into_iter().all(exact).then(Slack::default)
}
