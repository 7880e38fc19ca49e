//! Tolerance of a comparison of rounded figures, as formula text: a live check allows for rounding
//! exactly what the tool's own check allows.
//!
//! Only sums are taken apart: each rounded figure adds its half unit (or, cut short, its unit) to
//! the room below or above. A rule that multiplies or divides rounded figures is left to the tool.

use super::names::NamedCells;
use crate::model::Number;
use crate::schema::expression::Comparison;
use crate::schema::form::Rounding;

/// One side of the room around a difference.
#[derive(Debug, Default)]
struct Room {
    /// What adds up to it, as formula text.
    terms: Vec<String>,
    /// Does its end not belong to it?
    open: bool,
}

impl Room {
    fn add(&mut self, width: Number, count: &str, open: bool) {
        if width.is_zero() {
            return;
        }
        self.terms.push(match count {
            "1" => width.normalize().to_string(),
            count => format!("{}*{count}", width.normalize()),
        });
        self.open |= open;
    }

    fn text(&self) -> String {
        match self.terms.is_empty() {
            true => "0".to_owned(),
            false => self.terms.join("+"),
        }
    }
}

/// So many times a number of figures rounded alike.
#[derive(Debug, Clone)]
struct Rounded {
    rounding: Rounding,
    decimals: u32,
    /// May they be below zero?
    signed: bool,
    /// How many they are, as formula text.
    count: String,
    factor: Number,
}

/// The rounded figures in a sum.
#[derive(Debug, Clone, Default)]
pub struct Slack(Vec<Rounded>);

impl Slack {
    /// The room of `count` figures (formula text); none if they are exact.
    pub(super) fn figures(found: &NamedCells, count: &str) -> Slack {
        let rounded = found.rounded.map(|rounding| Rounded {
            rounding,
            // As much as a figure without decimals may be off.
            decimals: match found.any_decimals {
                true => 0,
                false => found.decimals,
            },
            signed: found.signed,
            count: count.to_owned(),
            factor: Number::ONE,
        });
        Slack(rounded.into_iter().collect())
    }

    /// Room of a total row's figure over the sum of a column's; `None` if both are exact.
    pub fn of_total(total: &NamedCells, column: &NamedCells) -> Option<Slack> {
        let rows = Slack::figures(column, &format!("COUNT({})", column.cells));
        let slack = Slack::figures(total, "1").plus(rows.times(Number::NEGATIVE_ONE)?);
        (!slack.is_none()).then_some(slack)
    }

    /// Is every figure exact?
    pub(super) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The room of a sum of two.
    pub(super) fn plus(mut self, other: Slack) -> Slack {
        self.0.extend(other.0);
        self
    }

    /// The room of a multiple; `None` if the factor is beyond all bounds.
    pub(super) fn times(mut self, by: Number) -> Option<Slack> {
        for rounded in &mut self.0 {
            rounded.factor = rounded.factor.checked_mul(by)?;
        }
        self.0.retain(|rounded| !rounded.factor.is_zero());
        Some(self)
    }

    /// The room of a fraction; `None` if it cannot be computed.
    pub(super) fn over(mut self, by: Number) -> Option<Slack> {
        for rounded in &mut self.0 {
            rounded.factor = rounded.factor.checked_div(by)?;
        }
        Some(self)
    }

    /// `difference` relates so to 0 for some of the figures that print like these.
    pub fn comparison(&self, difference: &str, comparison: Comparison) -> String {
        let [below, above] = self.rooms();
        let low = format!("ROUND({difference}-({}),9)", below.text());
        let high = format!("ROUND({difference}+({}),9)", above.text());
        let reaches_down = format!("({low}<{}0)", if below.open { "" } else { "=" });
        let reaches_up = format!("({high}>{}0)", if above.open { "" } else { "=" });
        match comparison {
            Comparison::Equal => format!("({reaches_down}*{reaches_up}>0)"),
            // Rounded figures may always differ a little, so `<>` can hold.
            Comparison::NotEqual => format!("(({}+{})>0)", below.text(), above.text()),
            Comparison::Less => format!("({low}<0)"),
            Comparison::LessOrEqual => reaches_down,
            Comparison::Greater => format!("({high}>0)"),
            Comparison::GreaterOrEqual => reaches_up,
        }
    }

    /// Figures are taken to be of their field's usual sign; one that may be below zero is given
    /// both ends.
    fn rooms(&self) -> [Room; 2] {
        let [mut below, mut above] = [Room::default(), Room::default()];
        for rounded in &self.0 {
            let unit = Number::new(1, rounded.decimals);
            let half = unit / Number::TWO;
            let (down, up) = match rounded.rounding {
                Rounding::HalfUp => (half, half),
                Rounding::Truncate if rounded.signed => (unit, unit),
                Rounding::Truncate => (Number::ZERO, unit),
            };
            let (size, count) = (rounded.factor.abs(), rounded.count.as_str());
            let open = !rounded.signed;
            match rounded.factor.is_sign_positive() {
                true => {
                    below.add(down * size, count, false);
                    above.add(up * size, count, open);
                }
                false => {
                    below.add(up * size, count, open);
                    above.add(down * size, count, false);
                }
            }
        }
        [below, above]
    }
}
