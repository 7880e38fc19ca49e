//! Rules compared by meaning: both are evaluated on the same made-up figures. The language is that
//! of `truth.json` and of form files alike: names, figures, `+ - * /`, `SUM`, `PREV`, `ROUND`.

use std::collections::HashMap;

/// What a name is: the column or row of the sheet, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Named {
    Column(u32),
    Row(u32),
}

pub type Names = HashMap<String, Named>;

/// A rule with its names.
pub struct Check<'a> {
    pub text: &'a str,
    pub names: &'a Names,
}

/// The place a rule is evaluated at: a row of the sheet, or a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    Row(u32),
    Column(u32),
    Once,
}

/// Made-up figures: one for each cell, period and trial, the same on every run.
fn figure(row: u32, column: u32, previous: bool, trial: u32) -> f64 {
    let mut seed =
        u64::from(row) * 7919 + u64::from(column) * 104_729 + u64::from(trial) * 15_485_863;
    seed += u64::from(previous) * 32_452_843;
    for _ in 0..3 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
    }
    1.0 + (seed >> 40) as f64 / 1e4
}

impl Check<'_> {
    /// Left minus right side in a few trials, with the relation; `None` if it cannot be evaluated
    /// at this place.
    fn residuals(&self, at: At) -> Option<(String, Vec<f64>)> {
        let relation = ["<=", ">=", "="]
            .into_iter()
            .find(|sign| self.text.contains(sign))?;
        let (left, right) = self.text.split_once(relation)?;
        let residual = |trial| {
            let side = |text: &str| {
                let mut reader = Reader {
                    rest: text,
                    names: self.names,
                    at,
                    previous: false,
                    trial,
                };
                let value = reader.sum()?;
                reader.rest.trim().is_empty().then_some(value)
            };
            Some(side(left)? - side(right)?)
        };
        let residuals = (0..4).map(residual).collect::<Option<Vec<f64>>>()?;
        Some((relation.to_owned(), residuals))
    }

    /// Do two rules say the same at a place? Sides may be exchanged.
    pub fn same(&self, other: &Check<'_>, at: At) -> bool {
        let (Some((sign, one)), Some((other_sign, two))) =
            (self.residuals(at), other.residuals(at))
        else {
            return false;
        };
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()));
        let equal = one.iter().zip(&two).all(|(a, b)| close(*a, *b));
        let opposite = one.iter().zip(&two).all(|(a, b)| close(*a, -b));
        match sign == other_sign {
            true => equal || sign == "=" && opposite,
            false => sign != "=" && other_sign != "=" && opposite,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    names: &'a Names,
    at: At,
    previous: bool,
    trial: u32,
}

impl Reader<'_> {
    fn take(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(sign);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = match self.take('-') {
            true => -self.product()?,
            false => self.product()?,
        };
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        loop {
            if self.take('*') {
                value *= self.factor()?;
            } else if self.take('/') {
                value /= self.factor()?;
            } else {
                return Some(value);
            }
        }
    }

    fn word(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
            .unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn factor(&mut self) -> Option<f64> {
        if self.take('(') {
            let value = self.sum()?;
            return self.take(')').then_some(value);
        }
        let word = self.word()?;
        if let Ok(number) = word.parse::<f64>() {
            return Some(number);
        }
        if !self.rest.trim_start().starts_with('(') {
            return self.value(&word);
        }
        self.take('(');
        match word.as_str() {
            "PREV" => {
                self.previous = true;
                let value = self.sum()?;
                self.previous = false;
                self.take(')').then_some(value)
            }
            "ROUND" => {
                let value = self.sum()?;
                self.take(',').then_some(())?;
                self.word()?;
                self.take(')').then_some(value)
            }
            "SUM" => self.range_or_list(),
            _ => None,
        }
    }

    fn range_or_list(&mut self) -> Option<f64> {
        let start = self.rest;
        if let Some(first) = self.word()
            && self.take(':')
        {
            let last = self.word()?;
            let value = match (self.named(&first)?, self.named(&last)?) {
                (Named::Column(a), Named::Column(b)) => (a..=b)
                    .map(|c| self.cell(Named::Column(c)))
                    .sum::<Option<f64>>()?,
                (Named::Row(a), Named::Row(b)) => {
                    // Rows of the form between the two, not rows of the sheet.
                    let mut rows: Vec<u32> = self
                        .names
                        .values()
                        .filter_map(|named| match named {
                            Named::Row(row) if (a..=b).contains(row) => Some(*row),
                            _ => None,
                        })
                        .collect();
                    rows.sort_unstable();
                    rows.dedup();
                    rows.into_iter()
                        .map(|r| self.cell(Named::Row(r)))
                        .sum::<Option<f64>>()?
                }
                _ => return None,
            };
            return self.take(')').then_some(value);
        }
        self.rest = start;
        let mut value = self.sum()?;
        while self.take(',') {
            value += self.sum()?;
        }
        self.take(')').then_some(value)
    }

    fn named(&self, name: &str) -> Option<Named> {
        self.names.get(name).copied()
    }

    fn value(&self, name: &str) -> Option<f64> {
        if let Some(named) = self.named(name) {
            return self.cell(named);
        }
        let (row, column) = name.split_once('.')?;
        match (self.named(row)?, self.named(column)?) {
            (Named::Row(row), Named::Column(column)) => {
                Some(figure(row, column, self.previous, self.trial))
            }
            _ => None,
        }
    }

    fn cell(&self, named: Named) -> Option<f64> {
        let (row, column) = match (named, self.at) {
            (Named::Column(column), At::Row(row)) => (row, column),
            (Named::Row(row), At::Column(column)) => (row, column),
            _ => return None,
        };
        Some(figure(row, column, self.previous, self.trial))
    }
}
