//! The scope in which rules are evaluated: it resolves names to cells ([`FieldRef`]) and takes
//! their values from a [`Figures`].

use super::checked::Form;
use super::resolve::{FieldRef, FormLookup, Rows, Site, Unbound, resolve};
use super::rule::evaluate::{Entry, Lack, Scope, Trouble};
use super::rule::expression::Name;
use super::rule::function::Past;
use super::rule::interval::Interval;
use super::rule::ranges::Printed;
use crate::model::{Number, Value};

/// Figures, by cell.
pub trait Figures<'f>: FormLookup<'f> {
    /// The value at a field; `None` for a blank. For every row a unit added it is the value of
    /// the column outside a fold: its total, or its one row.
    ///
    /// # Errors
    /// The unit need not fill in the cell, or there is no value for it.
    fn value(&self, at: &FieldRef<'f>) -> Result<Option<Value>, Trouble>;

    /// All values at a field in a fold, each under its row (any number that two columns of one
    /// table share); the one value if not overridden.
    ///
    /// # Errors
    /// As for [`Figures::value`].
    fn values(&self, at: &FieldRef<'f>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        Ok(vec![(0, self.value(at)?)])
    }

    /// The value of closed periods at a field.
    ///
    /// # Errors
    /// The archive does not have it.
    fn past(&self, _: Past, _: &FieldRef<'f>) -> Result<Option<Value>, Trouble> {
        Err(Trouble::Missing(Lack::NoPrevious))
    }

    /// All values of closed periods at a field in a fold, each under its row; the one value if not
    /// overridden.
    ///
    /// # Errors
    /// The archive does not have them.
    fn past_values(
        &self,
        past: Past,
        at: &FieldRef<'f>,
    ) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        Ok(vec![(0, self.past(past, at)?)])
    }

    /// How many units must file a form.
    ///
    /// # Errors
    /// Figures of one unit know nothing of others.
    fn units(&self, _form: &str) -> Result<Number, Trouble> {
        Err(Trouble::NotAsked)
    }

    /// Were all rows and columns of the form's table found? What was not cannot be added up.
    fn is_whole(&self, _form: &Form) -> bool {
        true
    }

    /// How many closed periods a year to date adds up.
    fn periods_to_date(&self) -> usize {
        1
    }
}

/// Figures seen from where a rule is evaluated.
pub struct At<'a, 'f, F: Figures<'f>> {
    /// The figures.
    pub figures: &'a F,
    /// The form that names without a form are of.
    pub own: Option<&'f Form>,
    /// Where.
    pub site: Site,
    /// Does a blank count as 0?
    pub blank_is_zero: bool,
}

impl<'f, F: Figures<'f>> At<'_, 'f, F> {
    /// The cells a name means here.
    ///
    /// # Errors
    /// There are none, or their form is not there.
    pub fn cells(&self, name: &Name, folded: bool) -> Result<Vec<FieldRef<'f>>, Trouble> {
        let cells = resolve(name, folded, self.site, self.own, self.figures);
        cells.map_err(|unbound| match unbound {
            Unbound::NoForm => Trouble::Missing(Lack::NoForm),
            Unbound::NoCell => Trouble::NotAsked,
        })
    }

    fn one(&self, name: &Name) -> Result<FieldRef<'f>, Trouble> {
        match self.cells(name, false)?.as_slice() {
            [one] => Ok(*one),
            // A name of several cells has no single value outside a fold.
            _ => Err(Trouble::Missing(Lack::Blank)),
        }
    }

    /// Every value of a fold with its field; cells that the unit need not fill in are left out.
    fn folded(&self, name: &Name, past: Option<Past>) -> Result<Vec<Folded<'f>>, Trouble> {
        let cells = self.cells(name, true)?;
        let several = cells.len() > 1 || cells.iter().any(|at| at.rows == Rows::Each);
        let broken = |at: &FieldRef<'_>| !self.figures.is_whole(at.form);
        if past.is_none() && several && cells.iter().any(broken) {
            return Err(Trouble::Missing(Lack::Incomplete));
        }
        let mut all = Vec::new();
        let mut asked = false;
        for at in cells {
            let values = match past {
                None => self.figures.values(&at),
                Some(past) => self.figures.past_values(past, &at),
            };
            match values {
                Err(Trouble::NotAsked) => {}
                Err(trouble) => return Err(trouble),
                Ok(values) => {
                    asked = true;
                    all.extend(values.into_iter().map(|(row, value)| Folded {
                        at,
                        key: (at.place, row),
                        value,
                    }));
                }
            }
        }
        match asked {
            true => Ok(all),
            false => Err(Trouble::NotAsked),
        }
    }
}

/// One value of a fold.
struct Folded<'f> {
    at: FieldRef<'f>,
    key: (usize, usize),
    value: Option<Value>,
}

fn entries(folded: Vec<Folded<'_>>) -> Vec<Entry> {
    let entry = |one: Folded<'_>| Entry {
        key: one.key,
        value: one.value,
    };
    folded.into_iter().map(entry).collect()
}

impl<'f, F: Figures<'f>> Scope for At<'_, 'f, F> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        self.figures.value(&self.one(name)?)
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        self.folded(name, None).map(entries)
    }

    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble> {
        self.figures.past(past, &self.one(name)?)
    }

    fn past_values(&self, past: Past, name: &Name) -> Result<Vec<Entry>, Trouble> {
        self.folded(name, Some(past)).map(entries)
    }

    fn units(&self, form: &Name) -> Result<Number, Trouble> {
        self.figures.units(&form.to_string())
    }

    fn blank_is_zero(&self) -> bool {
        self.blank_is_zero
    }
}

impl<'f, F: Figures<'f>> Printed for At<'_, 'f, F> {
    fn intervals(
        &self,
        name: &Name,
        past: Option<Past>,
        folded: bool,
    ) -> Result<Vec<Entry<Interval>>, Trouble> {
        if folded {
            let all = self.folded(name, past)?.into_iter();
            let entry = |one: Folded<'_>| Entry {
                key: one.key,
                value: one.value.and_then(|value| printed(&one.at, &value)),
            };
            return Ok(all.map(entry).collect());
        }
        let at = self.one(name)?;
        let value = match past {
            None => self.figures.value(&at)?,
            Some(past) => self.figures.past(past, &at)?,
        };
        let interval = value.as_ref().and_then(|value| printed(&at, value));
        // The year to date of one cell is the sum of as many printed figures as periods.
        let total = value.and_then(|value| value.as_number());
        let interval = match (past, interval, total) {
            (Some(Past::YearToDate), Some(interval), Some(total)) => {
                Some(interval.spread(total, self.figures.periods_to_date()))
            }
            (_, interval, _) => interval,
        };
        Ok(vec![Entry {
            key: (0, 0),
            value: interval,
        }])
    }
}

/// What a printed value may have been before it was rounded; `None` if it is no figure.
pub fn printed(at: &FieldRef<'_>, value: &Value) -> Option<Interval> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Flag(flag) => Number::from(u8::from(*flag)),
        Value::Text(_) | Value::Date(_) => return None,
    };
    let field = at.field();
    Some(field.map_or_else(|| Interval::point(number), |field| field.interval(number)))
}
