//! One workbook's figures on a bench: cells are changed, formulas follow, every hard rule is
//! evaluated again.

use std::collections::{BTreeMap, BTreeSet};

use tonghop::extract::{CellState, Table};
use tonghop::model::{Number, Severity, Value};
use tonghop::rules::PreviousFigures;
use tonghop::rules::instance::{self, Instance, Verdict};
use tonghop::rules::scope::{CellRef, UnitTables};
use tonghop::schema::checked::Origin;
use tonghop::schema::evaluate::number;
use tonghop::schema::expression::{Comparison, Expr};
use tonghop::schema::{Field, FieldType};

use super::book::{places, set, state};
use super::formulas::{Formula, figure, form_row, percentage, recompute};

pub struct Bench<'a> {
    unit: &'a str,
    previous: Option<&'a PreviousFigures>,
    tables: Vec<Table>,
    formulas: &'a [Formula],
    /// Hard rules, each at each place.
    rules: Vec<Instance>,
    shares: Vec<Share>,
}

/// A typed percentage.
struct Share {
    at: CellRef,
    rule: Instance,
    operands: Vec<CellRef>,
}

/// What does not hold.
pub struct Fault {
    failing: Vec<usize>,
    shares: Vec<usize>,
}

/// What happens to the rules when one typed cell moves.
pub struct Column {
    pub at: CellRef,
    /// Rules that read it, or read a formula that follows it.
    reads: BTreeSet<usize>,
    /// Equalities whose sides move apart, and by how much for each unit.
    moves: BTreeMap<usize, Number>,
    /// Percentages that read it.
    shares: BTreeSet<usize>,
}

impl Fault {
    /// Does everything hold?
    pub fn is_none(&self) -> bool {
        self.failing.is_empty() && self.shares.is_empty()
    }
}

impl<'a> Bench<'a> {
    pub fn new(
        unit: &'a str,
        previous: Option<&'a PreviousFigures>,
        tables: Vec<Table>,
        formulas: &'a [Formula],
    ) -> Bench<'a> {
        let mut bench = Bench {
            unit,
            previous,
            tables,
            formulas,
            rules: Vec::new(),
            shares: Vec::new(),
        };
        let hard = |instance: &Instance| {
            let rule = &instance.rule;
            rule.severity == Severity::Error && !rule.beta
        };
        let mut rules = instance::all(&bench.unit_tables());
        rules.retain(hard);
        let is_share = |instance: &Instance| matches!(instance.rule.origin, Origin::Ratio { .. });
        let (shares, rules) = rules.into_iter().partition(is_share);
        bench.rules = rules;
        bench.shares = bench.typed_shares(shares);
        bench
    }

    fn unit_tables(&self) -> UnitTables<'_> {
        UnitTables {
            unit: self.unit,
            kind: None,
            tables: &self.tables,
            previous: self.previous,
        }
    }

    fn typed_shares(&self, rules: Vec<Instance>) -> Vec<Share> {
        let typed = self.typed();
        let share = |rule: Instance| {
            let at = rule.subject().filter(|at| typed.contains(at))?;
            let operands = rule.cells.iter().copied().filter(|cell| *cell != at);
            Some(Share {
                at,
                operands: operands.collect(),
                rule,
            })
        };
        rules.into_iter().filter_map(share).collect()
    }

    pub fn state(&self, at: CellRef) -> Option<&CellState> {
        state(&self.tables, at)
    }

    fn field(&self, at: CellRef) -> Option<&Field> {
        let form = &self.tables.get(at.table)?.form;
        form.field(form_row(form, at.row), at.column)
    }

    /// Cells that no formula fills.
    pub fn typed(&self) -> Vec<CellRef> {
        let follows = |at: CellRef| self.formulas.iter().any(|formula| formula.at == at);
        let cells = places(&self.tables).into_iter().map(|(at, _)| at);
        cells.filter(|at| !follows(*at)).collect()
    }

    /// Does a hard rule read the cell, or a formula that follows it?
    pub fn is_read(&self, at: CellRef) -> bool {
        let reach = self.reach(at);
        self.rules
            .iter()
            .any(|rule| rule.cells.iter().any(|cell| reach.contains(cell)))
            || self
                .shares
                .iter()
                .any(|share| share.at == at || share.operands.contains(&at))
    }

    /// The cell and every formula that follows it.
    fn reach(&self, at: CellRef) -> BTreeSet<CellRef> {
        let mut reach = BTreeSet::from([at]);
        for formula in self.formulas {
            if formula.reads.iter().any(|cell| reach.contains(cell)) {
                reach.insert(formula.at);
            }
        }
        reach
    }

    /// Could the cell hold this figure at all?
    pub fn fits(&self, at: CellRef, figure: Number) -> bool {
        self.field(at).is_some_and(|field| {
            let decimals = match field.kind {
                FieldType::Count => 0,
                _ => field.decimals,
            };
            figure.normalize().scale() <= decimals && (field.negative || figure >= Number::ZERO)
        })
    }

    /// One unit of the last decimal a cell has.
    pub fn smallest_step(&self, at: CellRef) -> Number {
        let decimals = self.field(at).map_or(0, |field| match field.kind {
            FieldType::Count => 0,
            _ => field.decimals,
        });
        Number::new(1, decimals)
    }

    /// Puts something into a cell for good; formulas follow.
    pub fn put(&mut self, at: CellRef, now: &CellState) {
        set(&mut self.tables, at, now.clone());
        self.follow();
    }

    fn follow(&mut self) {
        recompute(&mut self.tables, self.unit, self.previous, self.formulas);
    }

    /// Rules that fail now.
    fn failing(&self) -> Vec<usize> {
        let unit = self.unit_tables();
        let fails = |rule: &Instance| rule.ask(&unit, &[]) == Verdict::Fail;
        (0..self.rules.len())
            .filter(|i| fails(&self.rules[*i]))
            .collect()
    }

    /// Percentages that are wrong now.
    fn wrong_shares(&self) -> Vec<usize> {
        let unit = self.unit_tables();
        let wrong = |share: &Share| share.rule.ask(&unit, &[]) == Verdict::Fail;
        (0..self.shares.len())
            .filter(|i| wrong(&self.shares[*i]))
            .collect()
    }

    /// What does not hold now.
    pub fn fault(&self) -> Fault {
        Fault {
            failing: self.failing(),
            shares: self.wrong_shares(),
        }
    }

    /// Do all hard rules hold?
    pub fn holds(&self) -> bool {
        self.failing().is_empty() && self.wrong_shares().is_empty()
    }

    /// Would they with this in these cells, formulas following?
    pub fn holds_with(&mut self, put: &[(CellRef, CellState)]) -> bool {
        self.with(put, true, |bench| bench.holds())
    }

    /// Would they with this in these cells, nothing else changing?
    pub fn holds_as_it_stands(&mut self, put: &[(CellRef, CellState)]) -> bool {
        self.with(put, false, |bench| bench.holds())
    }

    fn with<T>(
        &mut self,
        put: &[(CellRef, CellState)],
        follow: bool,
        ask: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let touched = put.iter().map(|(at, _)| *at);
        let touched = touched.chain(self.formulas.iter().map(|formula| formula.at));
        let before: Vec<(CellRef, CellState)> = touched
            .filter_map(|at| Some((at, self.state(at)?.clone())))
            .collect();
        for (at, now) in put {
            set(&mut self.tables, *at, now.clone());
        }
        if follow && !self.formulas.is_empty() {
            self.follow();
        }
        let answer = ask(self);
        for (at, state) in before {
            set(&mut self.tables, at, state);
        }
        answer
    }

    /// How far apart the sides of an equality are.
    fn apart(&self, rule: usize) -> Option<Number> {
        let instance = &self.rules[rule];
        let (left, _, right) = instance.rule.check.comparison()?;
        let unit = self.unit_tables();
        let scope = instance.scope(&unit, &[]);
        number(left, &scope)
            .ok()?
            .checked_sub(number(right, &scope).ok()?)
    }

    /// What each typed cell moves.
    pub fn columns(&mut self) -> Vec<Column> {
        let cells = self.typed();
        cells.into_iter().filter_map(|at| self.column(at)).collect()
    }

    fn column(&mut self, at: CellRef) -> Option<Column> {
        let moved = self.moved(at)?;
        let reach = self.reach(at);
        let reads = |rule: &Instance| rule.cells.iter().any(|cell| reach.contains(cell));
        let reads: BTreeSet<usize> = (0..self.rules.len())
            .filter(|i| reads(&self.rules[*i]))
            .collect();
        let before: Vec<(usize, Option<Number>)> = reads
            .iter()
            .map(|rule| (*rule, self.apart(*rule)))
            .collect();
        let moves = self.with(&[(at, moved)], true, |bench| {
            let moves = before.iter().filter_map(|(rule, before)| {
                let by = bench.apart(*rule)?.checked_sub((*before)?)?;
                (!by.is_zero()).then_some((*rule, by))
            });
            moves.collect()
        });
        let of = |share: &Share| share.at == at || share.operands.contains(&at);
        let shares = (0..self.shares.len()).filter(|i| of(&self.shares[*i]));
        Some(Column {
            at,
            reads,
            moves,
            shares: shares.collect(),
        })
    }

    /// The cell with one more, or its tick turned round.
    fn moved(&self, at: CellRef) -> Option<CellState> {
        let flag = self.field(at)?.kind == FieldType::Flag;
        match self.state(at)? {
            CellState::Value(Value::Number(number)) => {
                Some(CellState::Value(Value::Number(number + Number::ONE)))
            }
            CellState::Value(Value::Flag(ticked)) => Some(CellState::Value(Value::Flag(!ticked))),
            CellState::Blank if flag => Some(CellState::Value(Value::Flag(true))),
            _ => None,
        }
    }

    /// Can a change of this cell alone mend everything?
    pub fn mends(&mut self, column: &Column, fault: &Fault) -> bool {
        if fault
            .failing
            .iter()
            .any(|rule| !column.reads.contains(rule))
            || fault
                .shares
                .iter()
                .any(|share| !column.shares.contains(share))
        {
            return false;
        }
        let states = self.candidates(column, fault);
        states
            .into_iter()
            .any(|now| self.holds_with(&[(column.at, now)]))
    }

    /// What a cell could hold so that one failing rule holds.
    fn candidates(&self, column: &Column, fault: &Fault) -> Vec<CellState> {
        let at = column.at;
        let Some(own) = figure(&self.tables, at) else {
            return self.moved(at).into_iter().collect();
        };
        let mut figures = Vec::new();
        for rule in &fault.failing {
            let by = column.moves.get(rule).zip(self.apart(*rule));
            figures.extend(by.and_then(|(by, apart)| Some(own - apart.checked_div(*by)?)));
            figures.extend(constants(&self.rules[*rule].rule.check));
        }
        for share in &fault.shares {
            figures.extend(self.share_figures(&self.shares[*share], at, own));
        }
        let mut figures: Vec<Number> = figures.iter().map(|n| n.normalize()).collect();
        figures.sort_unstable();
        figures.dedup();
        figures.retain(|figure| *figure != own && self.fits(at, *figure));
        let state = |figure| CellState::Value(Value::Number(figure));
        figures.into_iter().map(state).collect()
    }

    /// What the percentage or one of its operands would have to be.
    fn share_figures(&self, share: &Share, at: CellRef, own: Number) -> Vec<Number> {
        if share.at == at {
            return self.share_now(share).into_iter().collect();
        }
        let Some(told) = figure(&self.tables, share.at) else {
            return Vec::new();
        };
        let unit = self.unit_tables();
        let gap = |supposed: Number| {
            let suppose = [(at, Value::Number(supposed))];
            let of = percentage(&self.tables, share.at)?;
            let scope = share.rule.scope(&unit, &suppose);
            let (numerator, denominator) = of.operands(&scope).ok()?;
            numerator
                .checked_mul(Number::ONE_HUNDRED)?
                .checked_sub(denominator.checked_mul(told)?)
        };
        let solved = gap(own)
            .zip(gap(own + Number::ONE))
            .and_then(|(here, next)| Some(own - here.checked_div(next.checked_sub(here)?)?));
        solved.map_or(Vec::new(), |figure| vec![figure.floor(), figure.ceil()])
    }

    fn share_now(&self, share: &Share) -> Option<Number> {
        let unit = self.unit_tables();
        percentage(&self.tables, share.at)?.value(&share.rule.scope(&unit, &[]))
    }

    /// Can a change of both cells mend everything?
    pub fn mend_together(&mut self, one: &Column, other: &Column, fault: &Fault) -> bool {
        let read = |rule: &usize| one.reads.contains(rule) || other.reads.contains(rule);
        let shared = |share: &usize| one.shares.contains(share) || other.shares.contains(share);
        if !fault.failing.iter().all(read) || !fault.shares.iter().all(shared) {
            return false;
        }
        if let Some((a, b)) = self.solve(one, other, fault) {
            let put = [(one.at, a), (other.at, b)]
                .map(|(at, figure)| (at, CellState::Value(Value::Number(figure))));
            let fit = [(one.at, a), (other.at, b)]
                .iter()
                .all(|(at, figure)| self.fits(*at, *figure));
            return fit && self.holds_with(&put);
        }
        // Ticks and percentages do not move in proportion: one is put right, then the other.
        self.one_then(one, other, fault) || self.one_then(other, one, fault)
    }

    /// A tick turned round, or a percentage, and the rest mended by the other cell.
    fn one_then(&mut self, first: &Column, second: &Column, fault: &Fault) -> bool {
        let flag = figure(&self.tables, first.at).is_none();
        if flag {
            let Some(turned) = self.moved(first.at) else {
                return false;
            };
            return self.with(&[(first.at, turned)], true, |bench| {
                let left = bench.fault();
                bench.mends(second, &left)
            });
        }
        let Some(share) = self.shares.iter().position(|share| share.at == first.at) else {
            return false;
        };
        if fault
            .failing
            .iter()
            .any(|rule| !second.reads.contains(rule))
        {
            return false;
        }
        let rest = Fault {
            failing: fault.failing.clone(),
            shares: fault
                .shares
                .iter()
                .copied()
                .filter(|i| *i != share)
                .collect(),
        };
        let candidates = self.candidates(second, &rest);
        candidates.into_iter().any(|now| {
            let at = second.at;
            let told = self.with(&[(at, now.clone())], true, |bench| {
                bench.share_now(&bench.shares[share])
            });
            told.is_some_and(|told| {
                let told = CellState::Value(Value::Number(told));
                self.holds_with(&[(at, now), (first.at, told)])
            })
        })
    }

    /// The two figures that close every gap, if they are settled by the equalities.
    fn solve(&self, one: &Column, other: &Column, fault: &Fault) -> Option<(Number, Number)> {
        let (x, y) = (
            figure(&self.tables, one.at)?,
            figure(&self.tables, other.at)?,
        );
        let equal = |rule: &usize| {
            let comparison = self.rules[*rule].rule.check.comparison();
            matches!(comparison, Some((_, Comparison::Equal, _)))
        };
        let rules: BTreeSet<usize> = one
            .moves
            .keys()
            .chain(other.moves.keys())
            .copied()
            .collect();
        let rules = rules
            .into_iter()
            .chain(fault.failing.iter().copied())
            .filter(equal);
        let by =
            |column: &Column, rule: usize| column.moves.get(&rule).copied().unwrap_or(Number::ZERO);
        let rows: Vec<(Number, Number, Number)> = rules
            .filter_map(|rule| Some((by(one, rule), by(other, rule), self.apart(rule)?)))
            .collect();
        for (i, (a, b, p)) in rows.iter().enumerate() {
            for (c, d, q) in &rows[i + 1..] {
                let determinant = a.checked_mul(*d)?.checked_sub(b.checked_mul(*c)?)?;
                if determinant.is_zero() {
                    continue;
                }
                let dx = (b * q - d * p).checked_div(determinant)?;
                let dy = (c * p - a * q).checked_div(determinant)?;
                return Some(((x + dx).normalize(), (y + dy).normalize()));
            }
        }
        None
    }
}

/// Figures written in a rule's text.
fn constants(expr: &Expr) -> Vec<Number> {
    match expr {
        Expr::Number(number) => vec![*number],
        Expr::Negate(inner) => constants(inner),
        Expr::Binary(_, left, right) => [constants(left), constants(right)].concat(),
        Expr::Call(_, arguments) => arguments.iter().flat_map(constants).collect(),
        Expr::Name(_) | Expr::Text(_) | Expr::Flag(_) => Vec::new(),
    }
}
