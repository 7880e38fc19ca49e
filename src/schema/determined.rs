//! Cells that a rule of the form determines: `x = a + b` makes `x` a sum, `x = PREV(y)` last
//! period's figure of `y`.

use super::checked::{Form, Rule, RuleScope};
use super::resolve::{FieldRef, Site, resolve};
use super::rule::expression::{Comparison, Expr, Name};
use super::rule::function::Past;

/// The rule that determines a cell.
#[derive(Clone, Copy)]
pub struct Determined<'f> {
    /// The rule.
    pub rule: &'f Rule,
    /// The expression that gives the cell: the right side of `=`.
    pub right: &'f Expr,
    /// The site at which the rule is evaluated for the cell.
    pub site: Site,
}

/// The figure of closed periods that a cell repeats.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'f> {
    /// The closed periods it is read from.
    pub past: Past,
    /// The figure.
    pub name: &'f Name,
    /// Where the name is resolved.
    pub site: Site,
}

impl Form {
    /// The cells of the form itself that a name means at a site, as [`resolve`] gives them; none if
    /// it is of another form.
    pub fn own_cells(&self, name: &Name, folded: bool, site: Site) -> Vec<FieldRef<'_>> {
        match name.form {
            None => resolve(name, folded, site, Some(self), &|_: &str| None).unwrap_or_default(),
            Some(_) => Vec::new(),
        }
    }

    /// The one cell of the form itself that a name means at a site, outside a fold.
    pub fn own_cell(&self, name: &Name, site: Site) -> Option<FieldRef<'_>> {
        match self.own_cells(name, false, site).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The rule that determines the cell at row and column of the form file (from 0; `row` is
    /// `None` in a free-row form): its name alone is left of `=`, and the right side is `wanted`
    /// where the rule is evaluated. The cell's own name goes before its row's, its row's before its
    /// column's.
    pub fn determined_by(
        &self,
        row: Option<usize>,
        column: usize,
        wanted: &dyn Fn(&Expr, Site) -> bool,
    ) -> Option<Determined<'_>> {
        let rank = |found: &Determined<'_>| match found.rule.scope {
            RuleScope::Once | RuleScope::At(_) => 0,
            RuleScope::EachColumn => 1,
            RuleScope::EachRow => 2,
        };
        let says = |rule| {
            let found = self.says(rule, row, column)?;
            wanted(found.right, found.site).then_some(found)
        };
        self.rules.iter().filter_map(says).min_by_key(rank)
    }

    /// What the rule determines the cell to be; `None` if it does not determine it.
    fn says<'f>(
        &'f self,
        rule: &'f Rule,
        row: Option<usize>,
        column: usize,
    ) -> Option<Determined<'f>> {
        let (left, comparison, right) = rule.check.comparison()?;
        if comparison != Comparison::Equal || rule.when.is_some() || !rule.filers().are_all() {
            return None;
        }
        let (name, site) = (left.as_name()?, self.site_of(rule.scope, row, column)?);
        if !rule.places.has(site) {
            return None;
        }
        let cell = self.own_cell(name, site)?;
        (cell.row() == row && cell.column == column).then_some(Determined { rule, right, site })
    }

    /// The figure of closed periods that a cell repeats: `y` of a rule `x = PREV(y)` where the cell
    /// is `x`, or of `x = YTD(y)`.
    pub fn opening(&self, row: Option<usize>, column: usize) -> Option<Opening<'_>> {
        let found = self.determined_by(row, column, &|right, _| right.as_past().is_some())?;
        let (past, name) = found.right.as_past()?;
        Some(Opening {
            past,
            name,
            site: found.site,
        })
    }
}
