//! A rule's own expression as the text of an Excel formula, with cells in place of names. Blanks
//! are skipped or waited for exactly as when the tool itself evaluates the rule.
//!
//! Only functions that Excel 2010 and LibreOffice have, and no array formulas: a table the unit
//! adds rows to is checked as a whole inside SUMPRODUCT, where a row that cannot be computed gives
//! an error, and `ISNUMBER(1/...)` takes errors for "not wrong".

use super::condition::{Condition, Joining, Shape};
use super::names::{FormulaSite, Names, NoFormula};
use super::needs::{Needs, or_waits};
use super::part::{FormulaValue, Sort};
use super::ratio;
use super::translate::RuleTexts;
use crate::schema::expression::{Comparison, Expr};
use crate::schema::ratio::RatioCell;
use crate::schema::rule_text::BlankPolicy;

/// Turns the expressions of one rule at one place into formula text.
pub struct Translator<'a> {
    names: &'a Names<'a>,
    site: FormulaSite,
    how: Joining,
    exact: bool,
}

/// A condition as formula text.
pub struct Decided {
    condition: Condition,
    how: Joining,
}

/// A value as formula text.
pub struct Computed<'e> {
    value: FormulaValue<'e>,
    how: Joining,
    needs: Needs,
}

/// The formula text to show for each outcome of a condition.
pub struct Outcomes<'t> {
    /// It holds, for some of the figures that print like these.
    pub holds: &'t str,
    /// It fails.
    pub fails: &'t str,
    /// It is not known yet.
    pub waits: &'t str,
    /// It does not concern this place.
    pub absent: &'t str,
}

impl<'a> Translator<'a> {
    /// For a rule at a place of a form.
    pub fn new(names: &'a Names<'a>, site: FormulaSite, blank: BlankPolicy) -> Self {
        Translator {
            names,
            site,
            how: Joining {
                blank,
                whole: site == FormulaSite::FreeRows,
                below_zero_is_unknown: false,
            },
            exact: false,
        }
    }

    /// The same translator without room for rounding, for rules that round their figures
    /// themselves.
    pub fn exactly(self) -> Self {
        Translator {
            exact: true,
            ..self
        }
    }

    fn texts(&self) -> RuleTexts<'a> {
        RuleTexts {
            names: self.names,
            site: self.site,
            how: self.how,
            decimals: 0,
            exact: self.exact,
        }
    }

    /// What a rule checks.
    ///
    /// # Errors
    /// It has no formula here.
    pub fn check(&self, expr: &Expr) -> Result<Decided, NoFormula> {
        self.decided(expr, self.how)
    }

    /// The condition under which a rule applies.
    ///
    /// # Errors
    /// It has no formula here.
    pub fn when(&self, expr: &Expr) -> Result<Decided, NoFormula> {
        let how = Joining {
            below_zero_is_unknown: true,
            ..self.how
        };
        self.decided(expr, how)
    }

    fn decided(&self, expr: &Expr, how: Joining) -> Result<Decided, NoFormula> {
        let mut texts = RuleTexts {
            how,
            ..self.texts()
        };
        let part = expr.fold(&mut texts);
        let condition = texts.condition(part)?;
        Ok(Decided { condition, how })
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// It has no formula here.
    pub fn value<'e>(&self, expr: &'e Expr) -> Result<Computed<'e>, NoFormula> {
        let mut texts = self.texts();
        let part = expr.fold(&mut texts);
        let value = texts.value(part)?;
        Ok(Computed {
            needs: value.needs(),
            value,
            how: self.how,
        })
    }

    /// The formula of a cell that shows a ratio; nothing as long as an operand is lacking.
    ///
    /// # Errors
    /// An operand has no formula here.
    pub fn ratio(&self, of: &RatioCell<'_>) -> Result<String, NoFormula> {
        let (n, d) = (self.value(of.numerator())?, self.value(of.denominator())?);
        let waits = waits(self.how, &n.needs.clone().and(&d.needs));
        let plain = |one: &Computed<'_>| one.value.text(one.how, &str::to_owned);
        Ok(ratio::formula(of, (&plain(&n), &plain(&d)), waits))
    }

    /// The condition under which a ratio has nothing to be divided by: its denominator is 0.
    ///
    /// # Errors
    /// An operand has no formula here.
    pub fn no_quotient(&self, of: &RatioCell<'_>) -> Result<String, NoFormula> {
        let below = self.value(of.denominator())?;
        let text = below.value.text(self.how, &str::to_owned);
        let waits = waits(self.how, &below.needs);
        Ok(or_waits(waits, "FALSE", format!("({text})=0")))
    }

    /// Over a whole table: a factor of a product that is above 0 on the rows where a ratio has both
    /// operands and something to be divided by.
    ///
    /// # Errors
    /// An operand has no formula here.
    pub fn rows_with_quotient(&self, of: &RatioCell<'_>) -> Result<String, NoFormula> {
        let (above, below) = (self.value(of.numerator())?, self.value(of.denominator())?);
        let needs = above.needs.clone().and(&below.needs);
        let mut factors = needs.known(self.how.blank);
        let text = below.value.text(self.how, &str::to_owned);
        factors.push(format!("(({text})<>0)"));
        Ok(factors.join("*"))
    }

    /// Over a whole table: a factor of a product that is above 0 on the rows where a ratio has
    /// nothing to be divided by.
    ///
    /// # Errors
    /// An operand has no formula here.
    pub fn rows_without_quotient(&self, of: &RatioCell<'_>) -> Result<String, NoFormula> {
        let below = self.value(of.denominator())?;
        let mut factors = below.needs.known(self.how.blank);
        let text = below.value.text(self.how, &str::to_owned);
        factors.push(format!("(({text})=0)"));
        Ok(factors.join("*"))
    }

    /// Both sides of a comparison of figures, and the most decimals any of them has; `None` if it
    /// compares something else.
    pub fn sides(&self, check: &Expr) -> Option<(String, Comparison, String, u32)> {
        let (left, comparison, right) = check.comparison()?;
        let mut texts = self.texts();
        let mut sides = Vec::new();
        let mut figures = false;
        for side in [left, right] {
            let part = side.fold(&mut texts);
            let value = texts.value(part).ok()?;
            figures |= value.sort == Sort::Figure;
            sides.push(value.text(self.how, &str::to_owned));
        }
        let [left, right] = <[String; 2]>::try_from(sides).ok()?;
        figures.then_some((left, comparison, right, texts.decimals))
    }

    /// The condition under which none of the cells of a rule that it waits for is filled: a form
    /// not begun is not wrong yet, whatever a blank counts as.
    pub fn not_begun(&self, check: &Decided, when: Option<&Decided>) -> Option<String> {
        let needs = match when {
            Some(when) => check.needs().clone().and(when.needs()),
            None => check.needs().clone(),
        };
        if self.how.blank == BlankPolicy::SkipAny && !needs.tests {
            return None;
        }
        let none = needs.all_blank()?;
        // A blank total row below named rows is already wrong.
        Some(
            match self.begun().filter(|_| self.site == FormulaSite::Total) {
                Some(names) if self.how.blank == BlankPolicy::Zero => {
                    format!("AND({none},COUNTA({names})=0)")
                }
                _ => none,
            },
        )
    }

    /// The names of the rows a unit adds: none as long as it has not begun.
    fn begun(&self) -> Option<String> {
        let place = self.names.place;
        let key = place.form.key_column()?;
        place.grid.reach(place.grid.column(key), "")
    }
}

impl Decided {
    fn needs(&self) -> &Needs {
        &self.condition.needs
    }

    /// The condition under which a check is passed over because all its cells are blank.
    fn passed_over(&self) -> Option<String> {
        let skips = self.how.blank == BlankPolicy::SkipAll && !self.needs().never_blank;
        self.needs().all_blank().filter(|_| skips)
    }

    /// The formula text that shows how a check turns out.
    pub fn shown(&self, show: &Outcomes<'_>) -> String {
        let (held, failed) = (show.holds, show.fails);
        let (text, mut waits) = match &self.condition.shape {
            Shape::Plain { text, can } => {
                let text = can.as_ref().map_or(text, |can| &can.hold);
                let text = format!("IF({text},{held},{failed})");
                (text, self.needs().unknown(self.how.blank))
            }
            Shape::Joined { holds, fails, can } => {
                let failed = match can {
                    Some(can) => format!("IF({},{held},{failed})", can.hold),
                    None => failed.to_owned(),
                };
                let unknown = self.unknown(show);
                let text = format!("IF({holds},{held},IF({fails},{failed},{unknown}))");
                (text, Vec::new())
            }
        };
        waits.splice(0..0, self.needs().below_zero());
        waits.extend(self.passed_over());
        or_waits(waits, show.waits, text)
    }

    /// The formula text that shows `then` where a condition applies, for all of the figures that
    /// print like these.
    pub fn applies(&self, then: &str, show: &Outcomes<'_>) -> String {
        match &self.condition.shape {
            Shape::Plain { text, can } => {
                let text = match can {
                    Some(can) => format!("NOT({})", can.fail),
                    None => text.clone(),
                };
                let text = format!("IF({text},{then},{})", show.absent);
                let mut waits = self.needs().unknown(self.how.blank);
                waits.splice(0..0, self.needs().below_zero());
                or_waits(waits, show.waits, text)
            }
            Shape::Joined { holds, fails, can } => {
                let must = match can {
                    Some(can) => format!("({holds}*(1-{}))", can.fail),
                    None => holds.clone(),
                };
                let (absent, unknown) = (show.absent, self.unknown(show));
                let not = match can {
                    Some(_) => format!("(({holds}+{fails})>0)"),
                    None => fails.clone(),
                };
                format!("IF({must},{then},IF({not},{absent},{unknown}))")
            }
        }
    }

    fn unknown<'t>(&self, show: &Outcomes<'t>) -> &'t str {
        match self.condition.absent {
            true => show.absent,
            false => show.waits,
        }
    }

    /// Over a whole table: factors of a product that is above 0 on the rows where a check can be
    /// evaluated, and a factor that is so on those where it fails.
    pub fn rows(&self) -> (Vec<String>, String) {
        let mut asked = self.rows_known();
        if self.how.blank == BlankPolicy::SkipAll {
            asked.extend(self.needs().rows_not_blank());
        }
        asked.extend(self.needs().rows_not_below_zero());
        match &self.condition.shape {
            Shape::Plain { text, can } => {
                let text = can.as_ref().map_or(text, |can| &can.hold);
                (asked, format!("(1-{text})"))
            }
            Shape::Joined { holds, fails, can } => {
                asked.push(format!("(({holds}+{fails})>0)"));
                let fails = match can {
                    Some(can) => format!("{fails}*(1-{})", can.hold),
                    None => fails.clone(),
                };
                (asked, fails)
            }
        }
    }

    /// Over a whole table: the condition under which a row lacks a figure that the check needs and
    /// has another; `None` if there can be no such row.
    pub fn rows_left_out(&self) -> Option<String> {
        let known = match &self.condition.shape {
            Shape::Plain { .. } => self.needs().known(self.how.blank).join("*"),
            Shape::Joined { holds, fails, .. } => format!("(({holds}+{fails})>0)"),
        };
        let filled = self.needs().rows_filled();
        (!known.is_empty() && filled.len() > 1)
            .then(|| format!("SUMPRODUCT((({})>0)*(1-({known})))>0", filled.join("+")))
    }

    /// Over a whole table: factors of a product that is above 0 on the rows where a rule applies.
    pub fn rows_applied(&self) -> Vec<String> {
        match &self.condition.shape {
            Shape::Plain { text, can } => {
                let mut factors = vec![match can {
                    Some(can) => format!("(1-{})", can.fail),
                    None => text.clone(),
                }];
                factors.extend(self.rows_known());
                factors.extend(self.needs().rows_not_below_zero());
                factors
            }
            Shape::Joined { holds, can, .. } => {
                let mut factors = vec![holds.clone()];
                factors.extend(can.as_ref().map(|can| format!("(1-{})", can.fail)));
                factors.extend(self.needs().matched.iter().cloned());
                factors
            }
        }
    }

    fn rows_known(&self) -> Vec<String> {
        let needs = self.needs();
        let mut known = match &self.condition.shape {
            Shape::Plain { .. } => needs.known(self.how.blank),
            Shape::Joined { .. } => Vec::new(),
        };
        known.extend(needs.matched.iter().cloned());
        known
    }
}

impl Computed<'_> {
    /// Is it words, not a figure and not a condition?
    pub fn is_words(&self) -> bool {
        self.value.sort == Sort::Words
    }

    /// Does the value need something in its own row (of the sheet, from 0), whichever way it is
    /// computed? Then a blank row shows nothing.
    pub fn waits_for_row(&self, row: u32) -> bool {
        let number = (row + 1).to_string();
        let here = |cell: &str| cell.trim_start_matches(|c: char| !c.is_ascii_digit()) == number;
        let here = |cells: &String| !cells.contains('!') && cells.split([',', ':']).all(here);
        self.value.ways.iter().all(|way| {
            let needs = &way.needs;
            let needs = [&needs.figures, &needs.words, &needs.days, &needs.folded];
            needs.into_iter().flatten().any(here)
        })
    }

    /// The formula of a cell that shows the value, as `shape` writes it; nothing as long as a figure
    /// is lacking, or where it would be divided by 0.
    pub fn formula(&self, shape: &dyn Fn(&str) -> String) -> String {
        let text = match self.value.needs().divides {
            true => format!("IFERROR({},\"\")", self.value.text(self.how, shape)),
            false => self.value.text(self.how, shape),
        };
        match self.value.ways.as_slice() {
            [one] if one.guards.is_empty() => {
                let waits = waits(self.how, &self.needs);
                format!("={}", or_waits(waits, "\"\"", text))
            }
            _ => format!("={text}"),
        }
    }
}

/// Conditions under which nothing is known.
fn waits(how: Joining, needs: &Needs) -> Vec<String> {
    let mut waits = needs.unknown(how.blank);
    waits.splice(0..0, needs.below_zero());
    waits
}
