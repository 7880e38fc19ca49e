//! The resolved description of one cell of a form, from defaults, column and row.

use super::file::{Aggregate, Defaults, FieldType, Indicator, Meaning, OverTime, Rounding};
use super::rule::expression::Expr;
use super::rule::interval::Interval;
use super::rule::site::RuleScope;
use crate::model::Number;

/// The resolved description of a cell.
#[derive(Debug, Clone)]
pub struct Field {
    /// What sort of figure.
    pub kind: FieldType,
    /// Declared decimals; 0 for a count.
    pub decimals: u32,
    /// How it is brought to its decimals.
    pub rounding: Rounding,
    /// Amount: does the form leave open how many decimals a figure has?
    pub any_decimals: bool,
    /// Was it brought to its decimals from a finer figure? Percentages and ratios are; an amount is where the
    /// form declares its `rounding`; anything else is exact.
    pub rounded: bool,
    /// Percentage, ratio: what is divided by what.
    pub ratio: Option<Ratio>,
    /// Values of a choice.
    pub choices: Vec<String>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// Unit of measure of its figures: its own; for an amount or a ratio else the one of money that
    /// its label prints in brackets, for an amount else the form's.
    pub measure: Option<String>,
    /// May it be below zero?
    pub negative: bool,
    /// Does the template hold a formula here?
    pub computed: bool,
    /// What a blank means.
    pub blank: Meaning,
    /// What "-" means.
    pub dash: Meaning,
    /// What "không" means.
    pub khong: Meaning,
    /// What "x" means.
    pub x: Meaning,
    /// How units' figures become the province's.
    pub aggregate: Aggregate,
    /// What a longer period has of the figures of shorter ones; `None` if the form does not say. A
    /// ratio with operands is computed anew whatever it says.
    pub over_time: Option<OverTime>,
    /// How to fill it.
    pub help: Option<String>,
}

/// Numerator and denominator of a percentage or another ratio.
#[derive(Debug, Clone)]
pub struct Ratio {
    /// What is divided.
    pub numerator: Expr,
    /// What it is divided by.
    pub denominator: Expr,
    /// To how many of the denominator it is: 100 for a percentage, 1 for a plain ratio.
    pub per: u32,
    /// Is a figure with fewer decimals than declared right, too, if the quotient rounds to it there?
    pub fewer_decimals: bool,
    /// Where both are evaluated: names of columns in the ratio's row, else names of rows in its
    /// column.
    pub on: RuleScope,
}

impl Ratio {
    /// `numerator x per / denominator`, not rounded; `None` if the denominator is 0.
    pub fn exact(&self, numerator: Number, denominator: Number) -> Option<Number> {
        numerator
            .checked_mul(self.per.into())?
            .checked_div(denominator)
    }
}

/// Most decimals a field may declare; more cannot be distinguished from typing noise.
pub const MAX_DECIMALS: u32 = 6;

impl Field {
    /// A figure that is computed and never filled in or added up: a column of an appendix.
    pub fn computed(decimals: u32, rounding: Rounding) -> Field {
        Field {
            kind: FieldType::Amount,
            decimals,
            rounding,
            any_decimals: false,
            rounded: false,
            ratio: None,
            choices: Vec::new(),
            unit: None,
            measure: None,
            negative: true,
            computed: true,
            blank: Meaning::Nothing,
            dash: Meaning::Refused,
            khong: Meaning::Refused,
            x: Meaning::Refused,
            aggregate: Aggregate::None,
            over_time: None,
            help: None,
        }
    }

    /// Resolves a cell: a setting of the row overrides the column's, the column's overrides the
    /// form's defaults. `ratio` has been parsed by the loader.
    pub fn resolve(
        defaults: &Defaults,
        column: &Indicator,
        row: Option<&Indicator>,
        ratio: Option<Ratio>,
    ) -> Field {
        let pick = Pick {
            defaults,
            column,
            row,
        };
        let kind = pick
            .first(|i| i.kind, |d| d.kind)
            .unwrap_or(FieldType::Text);
        let is_flag = kind == FieldType::Flag;
        let mark = |of: fn(&Indicator) -> Option<Meaning>,
                    default: fn(&Defaults) -> Option<Meaning>| {
            // What defaults say of figures, that a blank is missing or a dash means 0, is not meant for
            // boxes to tick.
            let written = || pick.first(of, |_| None);
            match is_flag {
                true => written().or_else(|| default(defaults).filter(|m| m.fits_flag())),
                // Nor is a day or a word the figure 0.
                false => written().or_else(|| {
                    let meant = default(defaults);
                    match meant {
                        Some(Meaning::Zero) if !kind.is_numeric() => Some(Meaning::Nothing),
                        _ => meant,
                    }
                }),
            }
        };
        // «không» is an answer where words are asked for.
        let khong = match kind {
            FieldType::Text | FieldType::Choice => pick.first(|i| i.khong, |_| None),
            _ => mark(|i| i.khong, |d| d.khong),
        };
        Field {
            kind,
            decimals: match kind {
                FieldType::Percent | FieldType::Ratio => {
                    pick.first(|i| i.decimals, |d| d.decimals).unwrap_or(2)
                }
                FieldType::Amount => pick.first(|i| i.decimals, |d| d.decimals).unwrap_or(0),
                _ => 0,
            },
            rounding: pick
                .first(|i| i.rounding, |d| d.rounding)
                .unwrap_or_default(),
            any_decimals: kind == FieldType::Amount
                && (column.any_decimals || row.is_some_and(|row| row.any_decimals)),
            rounded: match kind {
                FieldType::Percent | FieldType::Ratio => true,
                FieldType::Amount => pick.first(|i| i.rounding, |d| d.rounding).is_some(),
                _ => false,
            },
            ratio,
            choices: match row {
                Some(row) if !row.choices.is_empty() => row.choices.clone(),
                _ => column.choices.clone(),
            },
            unit: pick.first(|i| i.unit.clone(), |_| None),
            measure: pick.first(|i| i.unit.clone(), |_| None),
            negative: column.negative || row.is_some_and(|row| row.negative),
            computed: column.computed || row.is_some_and(|row| row.computed),
            blank: mark(|i| i.blank, |d| d.blank).unwrap_or(Meaning::Nothing),
            dash: mark(|i| i.dash, |d| d.dash).unwrap_or(if is_flag {
                Meaning::No
            } else {
                Meaning::Refused
            }),
            khong: khong.unwrap_or(if is_flag {
                Meaning::No
            } else {
                Meaning::Refused
            }),
            x: mark(|i| i.x, |d| d.x).unwrap_or(if is_flag {
                Meaning::Yes
            } else {
                Meaning::Refused
            }),
            aggregate: pick
                .first(|i| i.aggregate, |_| None)
                .unwrap_or(Aggregate::usual(kind)),
            over_time: pick.first(|i| i.over_time, |_| None).or(match kind {
                kind if kind.is_numeric() => None,
                _ => Some(OverTime::Last),
            }),
            help: pick.first(|i| i.help.clone(), |_| None),
        }
    }
}

impl Field {
    /// What a figure in the cell may have been before it was rounded.
    pub fn interval(&self, number: Number) -> Interval {
        if self.rounded {
            let decimals = match self.any_decimals {
                true => number.normalize().scale(),
                false => self.decimals,
            };
            Interval::of_printed(number, decimals, self.rounding, self.negative)
        } else {
            Interval::point(number)
        }
    }
}

struct Pick<'a> {
    defaults: &'a Defaults,
    column: &'a Indicator,
    row: Option<&'a Indicator>,
}

impl Pick<'_> {
    fn first<T>(
        &self,
        of: impl Fn(&Indicator) -> Option<T>,
        default: impl Fn(&Defaults) -> Option<T>,
    ) -> Option<T> {
        self.row
            .and_then(&of)
            .or_else(|| of(self.column))
            .or_else(|| default(self.defaults))
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn an_amount_of_open_decimals_was_rounded_to_those_it_has() {
        let mut field = Field::computed(2, Rounding::HalfUp);
        field.rounded = true;
        let of = |field: &Field, number| field.interval(number);
        let half_up =
            |number, decimals| Interval::of_printed(number, decimals, Rounding::HalfUp, true);
        assert_eq!(of(&field, dec!(2.3)), half_up(dec!(2.3), 2));
        field.any_decimals = true;
        assert_eq!(of(&field, dec!(2.3)), half_up(dec!(2.3), 1));
        assert_eq!(of(&field, dec!(4.995)), half_up(dec!(4.995), 3));
    }
}
