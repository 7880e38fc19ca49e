//! Comparisons as formula text: how far apart two figures lie, given the room that rounding leaves.

use super::condition::{Can, Condition, Shape};
use super::names::NoFormula;
use super::part::{FormulaPart, FormulaValue, Sort, Way};
use super::translate::{Result, RuleTexts};
use crate::model::Number;
use crate::schema::expression::Comparison;
use crate::schema::field::MAX_DECIMALS;
use crate::schema::rule_text::BlankPolicy;

impl<'e> RuleTexts<'_> {
    /// A comparison of two figures, texts or conditions.
    pub(super) fn compare(
        &self,
        left: FormulaPart<'e>,
        comparison: Comparison,
        right: FormulaPart<'e>,
    ) -> Result<Condition> {
        let equal = match comparison {
            Comparison::Equal => Some(true),
            Comparison::NotEqual => Some(false),
            _ => None,
        };
        let (left, right) = match (left, right, equal) {
            (FormulaPart::Condition(left), FormulaPart::Condition(right), Some(equal)) => {
                return Ok(self.how.same(*left, *right, equal));
            }
            (left, right, _) => (self.value(Ok(left))?, self.value(Ok(right))?),
        };
        let figures = left.sort == Sort::Figure || right.sort == Sort::Figure;
        // A flag compared with "x" is compared with "ticked".
        let flags = left.sort == Sort::Flag || right.sort == Sort::Flag;
        let side = |value: &FormulaValue<'_>, way: &Way| match value.words.filter(|_| flags) {
            Some(words) if words.trim().eq_ignore_ascii_case("x") => "TRUE".to_owned(),
            Some(_) => "FALSE".to_owned(),
            None => way.text.clone(),
        };
        let mut ways = Vec::new();
        for l in &left.ways {
            for r in &right.ways {
                let needs = l.needs.clone().and(&r.needs);
                let shape = match figures {
                    true => self.difference(l, comparison, r)?,
                    false => Shape::Plain {
                        text: format!(
                            "({}{}{})",
                            side(&left, l),
                            comparison.symbol(),
                            side(&right, r)
                        ),
                        can: None,
                    },
                };
                let guards = [l.guards.clone(), r.guards.clone()].concat();
                let condition = Condition {
                    shape,
                    needs,
                    absent: false,
                };
                ways.push((guards, condition));
            }
        }
        Ok(self.one_of(ways.into_iter()))
    }

    /// A comparison of two figures.
    fn difference(&self, left: &Way, comparison: Comparison, right: &Way) -> Result<Shape> {
        let difference = format!("{}-{}", left.text, right.text);
        let exact = |comparison: Comparison| {
            let symbol = comparison.symbol();
            format!("(ROUND({difference},{MAX_DECIMALS}){symbol}0)")
        };
        let text = exact(comparison);
        if self.exact {
            return Ok(Shape::Plain { text, can: None });
        }
        let (left, right) = left
            .slack
            .clone()
            .zip(right.slack.clone())
            .ok_or(NoFormula::Elsewhere)?;
        let right = right
            .times(Number::NEGATIVE_ONE)
            .ok_or(NoFormula::Elsewhere)?;
        let slack = left.plus(right);
        let can = (!slack.is_none()).then(|| {
            let hold = slack.comparison(&difference, comparison);
            let fail = slack.comparison(&difference, comparison.opposite());
            match self.how.blank {
                BlankPolicy::SkipAny => Can { hold, fail },
                // Where all are blank there is no room, and the ends of the room are left out.
                BlankPolicy::SkipAll | BlankPolicy::Zero => Can {
                    hold: format!("(({text}+{hold})>0)"),
                    fail: format!("(((1-{text})+{fail})>0)"),
                },
            }
        });
        Ok(Shape::Plain { text, can })
    }
}
