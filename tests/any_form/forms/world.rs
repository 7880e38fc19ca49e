//! The figures of a campaign: drawn where a clerk counts, computed where the form says what a cell
//! is. Every figure follows from the seed and from ids, never from the order of asking.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::evaluate::{self, Site};
use super::exact::{self, Q};
use super::expression::Ex;
use super::seed::{self, Rng};
use super::spec::{Aggregate, Blank, Campaign, Field, Policy, Ratio, Type};
use super::time::Time;
use super::words;

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Number(Q),
    Text(String),
    Flag(bool),
    Date(NaiveDate),
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// The form has no such cell, or units of this kind need not fill it in.
    Absent,
    Blank,
    Value(Value),
}

/// A row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowAt {
    /// Counted from 0.
    Row(usize),
    Total,
}

/// A cell of a unit's table in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    pub unit: usize,
    pub time: Time,
    pub form: usize,
    pub row: RowAt,
    pub column: usize,
}

/// A row a unit adds: whose it was first, which of its rows, its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    pub unit: usize,
    pub number: usize,
    pub name: String,
    /// What tells it from rows of the same name, if its form has such a column.
    pub place: Option<String>,
}

/// What a row is known by: its name, and what tells it apart.
pub fn joined(name: &str, place: Option<&str>) -> String {
    match place {
        Some(place) => format!("{name} · {place}"),
        None => name.to_owned(),
    }
}

/// All figures of a campaign, or what they are after some have been changed.
pub struct World<'a> {
    pub campaign: &'a Campaign,
    memo: RefCell<HashMap<At, State>>,
    changes: HashMap<At, State>,
    before: Option<(&'a World<'a>, Follow)>,
}

/// What becomes of the cells that hold formulas when figures are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// They are computed anew.
    Live,
    /// They stay: everything was typed.
    Typed,
}

impl State {
    pub fn number(&self) -> Option<&Q> {
        match self {
            State::Value(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub fn value(&self) -> Option<&Value> {
        match self {
            State::Value(value) => Some(value),
            State::Absent | State::Blank => None,
        }
    }
}

impl<'a> World<'a> {
    /// The figures of a campaign.
    pub fn new(campaign: &'a Campaign) -> World<'a> {
        World {
            campaign,
            memo: RefCell::default(),
            changes: HashMap::new(),
            before: None,
        }
    }

    /// The same with other figures in some cells.
    pub fn changed(&'a self, changes: HashMap<At, State>, follow: Follow) -> World<'a> {
        World {
            campaign: self.campaign,
            memo: RefCell::default(),
            changes,
            before: Some((self, follow)),
        }
    }

    /// What a cell holds.
    pub fn cell(&self, at: At) -> State {
        if let Some(changed) = self.changes.get(&at) {
            return changed.clone();
        }
        if let Some((before, follow)) = self.before {
            let same_table = |changed: &At| changed.time == at.time && changed.unit == at.unit;
            let concerned = self.changes.keys().any(same_table);
            if follow == Follow::Typed || !concerned || !self.is_formula(at) {
                return before.cell(at);
            }
        }
        if let Some(known) = self.memo.borrow().get(&at) {
            return known.clone();
        }
        let state = self.make(at);
        self.memo.borrow_mut().insert(at, state.clone());
        state
    }

    /// Does the template compute the cell?
    pub fn is_formula(&self, at: At) -> bool {
        let form = &self.campaign.forms[at.form];
        match at.row {
            RowAt::Total => self
                .field(at)
                .is_some_and(|field| matches!(field.aggregate, Aggregate::Sum | Aggregate::Ratio)),
            RowAt::Row(row) => {
                let field = form.field(row, at.column);
                field.is_some_and(|field| field.computed) && !self.is_given(at)
            }
        }
    }

    /// Does the template say the figure itself, because it is one of closed periods?
    pub fn is_given(&self, at: At) -> bool {
        let RowAt::Row(row) = at.row else {
            return false;
        };
        let form = &self.campaign.forms[at.form];
        form.definitions(row, at.column).into_iter().any(|rule| {
            let site = Site::of_rule(form, rule, at);
            let past = rule.past_only();
            past.is_some_and(|ex| evaluate::number(self, &site, ex, Policy::SkipAny).is_ok())
        })
    }

    fn field(&self, at: At) -> Option<Field<'a>> {
        let row = match at.row {
            RowAt::Row(row) => row,
            RowAt::Total => 0,
        };
        self.campaign.forms[at.form].field(row, at.column)
    }

    /// How many rows a table has, without the total row.
    pub fn rows(&self, unit: usize, time: Time, form: usize) -> usize {
        let of = &self.campaign.forms[form];
        match of.is_free() {
            true => self.added(unit, time, form).len(),
            false => of.fixed().len(),
        }
    }

    /// The rows a unit adds in a period, in order; those of the units it was made of first.
    pub fn added(&self, unit: usize, time: Time, form: usize) -> Vec<Added> {
        let campaign = self.campaign;
        let mut rows = Vec::new();
        for code in &campaign.units[unit].predecessors {
            let of = campaign.units.iter().position(|unit| unit.code == *code);
            rows.extend(of.into_iter().flat_map(|of| self.added(of, time, form)));
        }
        let words = [
            "rows",
            campaign.forms[form].id.as_str(),
            campaign.units[unit].code.as_str(),
        ];
        let bits = seed::hash(campaign.seed, &words);
        let most = 1 + seed::below(bits, 5);
        for number in 0..most {
            let mut rng = Rng::new(bits.wrapping_add(u64::try_from(number).unwrap_or(0) + 1));
            let mut name = words::item(&mut rng, unit * 10 + number + 1);
            let place = campaign.forms[form].further_key().map(|_| {
                // Every two rows have one name.
                let pair = number / 2;
                let bits = bits.wrapping_add(1000 + u64::try_from(pair).unwrap_or(0));
                name = words::item(&mut Rng::new(bits), unit * 10 + pair + 1);
                format!("Ấp {}", number + 1)
            });
            // The first row is always there, others come and go.
            let from = Time::try_from(rng.below(4)).unwrap_or(0) - 2;
            let until = Time::try_from(rng.below(6)).unwrap_or(0);
            let since = time - campaign.first;
            if number == 0 || (since >= from && since <= until) {
                rows.push(Added {
                    unit,
                    number,
                    name,
                    place,
                });
            }
        }
        rows
    }

    /// What names a row: its id, or what the unit calls it.
    pub fn key(&self, unit: usize, time: Time, form: usize, row: usize) -> String {
        let of = &self.campaign.forms[form];
        match of.fixed().get(row) {
            Some(row) => row.id.clone(),
            None => {
                let row = &self.added(unit, time, form)[row];
                joined(&row.name, row.place.as_deref())
            }
        }
    }

    fn make(&self, at: At) -> State {
        let Some(field) = self.field(at) else {
            return State::Absent;
        };
        let RowAt::Row(row) = at.row else {
            return self.total(at, &field);
        };
        let form = &self.campaign.forms[at.form];
        if !form.asks(row, self.campaign.units[at.unit].kind) {
            return State::Absent;
        }
        let added = || self.added(at.unit, at.time, at.form).swap_remove(row);
        if form.key() == Some(at.column) {
            return State::Value(Value::Text(added().name));
        }
        if let (Some(place), true) = (form.further_key(), form.is_free())
            && place == at.column
        {
            return added()
                .place
                .map_or(State::Blank, |place| State::Value(Value::Text(place)));
        }
        if let Type::Percent {
            ratio: Some(ratio), ..
        } = field.kind
        {
            return self.percentage(at, &field, ratio);
        }
        self.defined(at, row)
            .unwrap_or_else(|| self.drawn(at, &field))
    }

    /// The figure a rule gives; `None` where no rule does, or what it needs is not there.
    fn defined(&self, at: At, row: usize) -> Option<State> {
        let form = &self.campaign.forms[at.form];
        for rule in form.definitions(row, at.column) {
            let Ex::Compare(_, _, right) = &rule.check else {
                continue;
            };
            let site = Site::of_rule(form, rule, at);
            let shown = self.is_formula(at) && !right.is_past();
            match evaluate::number(self, &site, right, rule.blank) {
                Ok(number) => return Some(State::Value(Value::Number(number))),
                // The template's formula waits for what it needs.
                Err(_) if shown => return Some(State::Blank),
                Err(_) => {}
            }
        }
        None
    }

    /// What its operands give, rounded as the field says; blank if there is nothing to divide.
    pub fn percentage(&self, at: At, field: &Field<'_>, ratio: &Ratio) -> State {
        let exact = self.quotient(at, ratio);
        let Type::Percent {
            decimals, truncate, ..
        } = field.kind
        else {
            return State::Absent;
        };
        match exact {
            Some(exact) if *truncate => number(exact::truncated(&exact, *decimals)),
            Some(exact) => number(exact::rounded(&exact, *decimals)),
            None => State::Blank,
        }
    }

    /// Numerator over denominator, times the scale.
    pub fn quotient(&self, at: At, ratio: &Ratio) -> Option<Q> {
        let form = &self.campaign.forms[at.form];
        let operand = |ex: &Ex| {
            let site = Site::of_expression(form, ex, at);
            evaluate::number(self, &site, ex, Policy::SkipAny).ok()
        };
        let (above, below) = (operand(&ratio.numerator)?, operand(&ratio.denominator)?);
        (below != exact::whole(0)).then(|| ratio.scale() * above / below)
    }

    /// A cell of the total row: the sum, or a percentage of sums. Nothing else is a figure there.
    fn total(&self, at: At, field: &Field<'_>) -> State {
        if let Type::Percent {
            ratio: Some(ratio), ..
        } = field.kind
        {
            return self.percentage(at, field, ratio);
        }
        match (field.kind.is_figure(), field.aggregate) {
            (false, _) => State::Absent,
            (true, Aggregate::Sum) => {
                let rows = 0..self.rows(at.unit, at.time, at.form);
                let row = |row| At {
                    row: RowAt::Row(row),
                    ..at
                };
                let cells: Vec<State> = rows.map(|index| self.cell(row(index))).collect();
                let sum = exact::sum(cells.iter().filter_map(State::number));
                sum.map_or(State::Blank, number)
            }
            (true, _) => State::Blank,
        }
    }

    /// What a clerk types.
    fn drawn(&self, at: At, field: &Field<'_>) -> State {
        let mut draw = Draw::new(self, at);
        let optional = field.blank != Blank::Missing && !field.computed;
        // A row the unit adds has something beside its name; a name alone is asked about.
        let form = &self.campaign.forms[at.form];
        let keeps_row =
            form.is_free() && form.columns.iter().position(|own| !own.key) == Some(at.column);
        if optional && !keeps_row && draw.steady.chance(12) {
            return match field.blank {
                Blank::Zero if draw.steady.chance(50) => number(exact::whole(0)),
                _ => State::Blank,
            };
        }
        match field.kind {
            Type::Count | Type::Amount { .. } => self.counted(at, field, &mut draw),
            Type::Percent { decimals, .. } => {
                let most = 99 * 10i64.pow(*decimals);
                let drawn = i64::try_from(draw.now.below(usize::try_from(most).unwrap_or(1)));
                number(exact::scaled(drawn.unwrap_or(0), *decimals) + exact::whole(1))
            }
            Type::Text => State::Value(Value::Text(words::remark(&mut draw.now))),
            Type::Choice(choices) => State::Value(Value::Text(draw.steady.pick(choices).clone())),
            Type::Flag if draw.now.chance(50) => State::Value(Value::Flag(true)),
            Type::Flag => State::Blank,
            Type::Date => {
                let day = self.campaign.step.first_day(at.time);
                let days = u64::try_from(draw.now.below(28)).unwrap_or(0);
                State::Value(Value::Date(day + Days::new(days)))
            }
            Type::Code => {
                let (chapter, number) = (draw.steady.below(9), draw.steady.below(9999));
                State::Value(Value::Text(format!("0{chapter}.{number:04}")))
            }
        }
    }

    /// What a clerk counts; a merged unit what those it was made of would have counted.
    fn counted(&self, at: At, field: &Field<'_>, draw: &mut Draw) -> State {
        let decimals = match field.kind {
            Type::Amount { decimals, .. } => *decimals,
            _ => 0,
        };
        let scale = Q::new(1.into(), 10i64.pow(decimals).into());
        let limit = self.limit(at, field);
        let parts = self.campaign.predecessors(at.unit);
        if parts.is_empty() || self.campaign.forms[at.form].is_free() {
            return number(draw.count(limit.map(|limit| limit / &scale)) * scale);
        }
        let of = |unit| self.drawn(At { unit, ..at }, field);
        let parts: Vec<State> = parts.into_iter().map(of).collect();
        let sum = exact::sum(parts.iter().filter_map(State::number)).unwrap_or(exact::whole(0));
        number(limit.map_or(sum.clone(), |limit| limit.min(sum)))
    }

    /// The figure a drawn one may not exceed.
    fn limit(&self, at: At, field: &Field<'_>) -> Option<Q> {
        let form = &self.campaign.forms[at.form];
        let limit = |bound: &Ex| {
            let site = Site::of_expression(form, bound, at);
            evaluate::number(self, &site, bound, Policy::Zero).ok()
        };
        field.bounds.into_iter().flatten().filter_map(limit).min()
    }
}

/// A figure.
pub fn number(number: Q) -> State {
    State::Value(Value::Number(number))
}

/// Choices of one cell: those that stay from period to period, and those of this one.
struct Draw {
    steady: Rng,
    now: Rng,
}

impl Draw {
    fn new(world: &World<'_>, at: At) -> Draw {
        let campaign = world.campaign;
        let form = &campaign.forms[at.form];
        let RowAt::Row(row) = at.row else {
            panic!("nothing is drawn in a total row")
        };
        // A row keeps its figures when the unit that had it is merged.
        let (owner, row) = match form.fixed().get(row) {
            Some(row) => (at.unit, row.id.clone()),
            None => {
                let added = &world.added(at.unit, at.time, at.form)[row];
                (added.unit, format!("#{}", added.number))
            }
        };
        let unit = &campaign.units[owner].code;
        let words = [form.id.as_str(), unit, &row, &form.columns[at.column].id];
        let steady = seed::hash(campaign.seed, &words);
        Draw {
            steady: Rng::new(steady),
            now: Rng::new(steady ^ seed::hash(7, &[&at.time.to_string()])),
        }
    }

    /// A whole figure that moves by a tenth from period to period and is at most `limit`.
    fn count(&mut self, limit: Option<Q>) -> Q {
        let part = |rng: &mut Rng, least, most| {
            exact::whole(i64::try_from(rng.between(least, most)).unwrap_or(0))
        };
        let wave = part(&mut self.now, 92, 108) / exact::whole(100);
        let base = match limit {
            // Nothing, all of it, or a share.
            Some(limit) => match self.steady.below(8) {
                0 => return exact::whole(0),
                1 => return exact::whole(exact::floor(&limit)),
                _ => limit * part(&mut self.steady, 20, 92) / exact::whole(100),
            },
            None => match self.steady.below(12) {
                0 => return exact::whole(0),
                1..=3 => part(&mut self.steady, 1, 30),
                4..=8 => part(&mut self.steady, 31, 900),
                9 | 10 => part(&mut self.steady, 901, 9_000),
                _ => part(&mut self.steady, 9_001, 2_000_000),
            },
        };
        exact::whole(exact::floor(&(base * wave)).max(0))
    }
}
