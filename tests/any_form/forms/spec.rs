//! What a generated campaign is: forms, units, periods. Plain values, so that parts can be taken
//! out while a fault is looked for.

use super::exact::{self, Q};
use super::expression::{Ex, Fun, Name, Path};
use super::time::{Step, Time};

/// Kinds of unit every generated campaign has: id, name.
pub const KINDS: [(&str, &str); 2] = [("xa", "Xã"), ("phuong", "Phường")];

/// A campaign over one or more periods.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Figures follow from it and from ids.
    pub seed: u64,
    /// Length of a period.
    pub step: Step,
    /// The first period.
    pub first: Time,
    /// How many periods, one after the other.
    pub periods: usize,
    /// Earlier periods of which somebody wrote `facts.csv` into the archive by hand.
    pub archived: Vec<Time>,
    /// Reporting units, in roster order.
    pub units: Vec<Unit>,
    /// Forms, in campaign order.
    pub forms: Vec<Form>,
}

/// A reporting unit.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Code in the roster.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Id of its kind.
    pub kind: &'static str,
    /// Group for subtotals; may be empty.
    pub group: String,
    /// The first period it exists in; all before too if absent.
    pub from: Option<Time>,
    /// The last period it exists in.
    pub until: Option<Time>,
    /// Codes of the units it was made of.
    pub predecessors: Vec<String>,
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    pub id: String,
    pub title: String,
    pub sheet: String,
    pub code: Option<String>,
    /// Unit of measure of the whole table.
    pub unit: Option<String>,
    pub notes: Vec<String>,
    pub ordinal: Option<String>,
    /// Header of the label column (fixed rows).
    pub label: String,
    /// Header of the column of units of measure (fixed rows).
    pub unit_column: Option<String>,
    pub numbering: bool,
    /// Do the names of rows stand in the row above their figures?
    pub names_above: bool,
    pub landscape: bool,
    /// Kinds that file it; all if absent.
    pub kinds: Option<Vec<&'static str>>,
    pub rows: Rows,
    pub columns: Vec<Column>,
    pub rules: Vec<Rule>,
}

/// Rows of a form.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Listed in the form.
    Fixed(Vec<Row>),
    /// Added by the unit.
    Free {
        /// Label of the total row.
        total: Option<String>,
        /// Rows prepared in the template.
        prepared: usize,
    },
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub id: String,
    /// Header path, outermost first.
    pub label: Vec<String>,
    /// Names the rows the unit adds.
    pub key: bool,
    pub kind: Type,
    pub computed: bool,
    pub blank: Blank,
    /// Figures are drawn up to this, an expression over columns.
    pub bound: Option<Ex>,
    pub aggregate: Option<Aggregate>,
    pub unit: Option<String>,
    pub help: Option<String>,
}

/// A fixed row.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub label: String,
    /// Ordinal, if it is not counted.
    pub no: Option<String>,
    pub heading: bool,
    /// Goes before the column's.
    pub kind: Option<Type>,
    pub computed: bool,
    pub blank: Option<Blank>,
    /// Figures are drawn up to this, an expression over rows.
    pub bound: Option<Ex>,
    pub aggregate: Option<Aggregate>,
    /// The columns it has; all if absent.
    pub columns: Option<Vec<String>>,
    /// The kinds of unit that fill it in; all if absent.
    pub kinds: Option<Vec<&'static str>>,
    pub unit: Option<String>,
}

/// What sort of figure a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Count,
    Amount {
        decimals: u32,
        /// Declared as rounded half-up.
        rounded: bool,
    },
    Percent {
        decimals: u32,
        truncate: bool,
        ratio: Option<Ratio>,
    },
    Text,
    Choice(Vec<String>),
    Flag,
    Date,
    Code,
}

/// Numerator and denominator.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    pub numerator: Ex,
    pub denominator: Ex,
    /// Of a ratio that is no percentage: to how many of the denominator.
    pub per: Option<i64>,
}

impl Ratio {
    /// Times numerator over denominator.
    pub fn scale(&self) -> Q {
        exact::whole(self.per.unwrap_or(100))
    }
}

/// What a blank means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Missing,
    Nothing,
    Zero,
}

/// How figures of units become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    Sum,
    Ratio,
    Count,
    List,
    Last,
    None,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: String,
    /// What sort of rule it is, for distinguishing faults.
    pub sort: &'static str,
    pub check: Ex,
    pub when: Option<Ex>,
    pub severity: Severity,
    pub blank: Policy,
    pub message: Option<String>,
    /// The generator computes the figure on the left from the expression on the right.
    pub defines: bool,
}

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// What a blank among its names does to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    SkipAny,
    SkipAll,
    Zero,
}

/// Where a rule is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    EachRow,
    EachColumn,
    Once,
}

/// What a cell of a form is, row and column put together.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub kind: &'a Type,
    pub computed: bool,
    pub blank: Blank,
    pub aggregate: Aggregate,
    /// What its figure is drawn up to, by its row and by its column.
    pub bounds: [Option<&'a Ex>; 2],
}

impl Type {
    /// A figure that can be added and compared.
    pub fn is_figure(&self) -> bool {
        matches!(
            self,
            Type::Count | Type::Amount { .. } | Type::Percent { .. }
        )
    }

    fn aggregate(&self) -> Aggregate {
        match self {
            Type::Count | Type::Amount { .. } => Aggregate::Sum,
            Type::Percent { .. } => Aggregate::Ratio,
            Type::Flag => Aggregate::Count,
            Type::Text | Type::Choice(_) => Aggregate::List,
            Type::Date | Type::Code => Aggregate::None,
        }
    }
}

impl Rule {
    /// The side right of `=`, if that is a figure of closed periods and nothing else.
    pub fn past_only(&self) -> Option<&Ex> {
        let Ex::Compare(_, _, right) = &self.check else {
            return None;
        };
        let past = |function| matches!(function, Fun::Prev | Fun::PrevYear | Fun::Ytd);
        match &**right {
            Ex::Call(function, _) if past(*function) => Some(right),
            _ => None,
        }
    }
}

impl Campaign {
    /// Index of a form by id.
    pub fn form(&self, id: &str) -> Option<usize> {
        self.forms.iter().position(|form| form.id == id)
    }

    /// The period after the last.
    pub fn end(&self) -> Time {
        self.first + Time::try_from(self.periods).expect("there are a few periods")
    }

    /// Does the unit exist at the end of a period?
    pub fn exists(&self, unit: usize, time: Time) -> bool {
        let unit = &self.units[unit];
        unit.from.is_none_or(|from| time >= from) && unit.until.is_none_or(|until| time <= until)
    }

    /// The units a unit was made of.
    pub fn predecessors(&self, unit: usize) -> Vec<usize> {
        let of = |code: &String| self.units.iter().position(|unit| unit.code == *code);
        self.units[unit]
            .predecessors
            .iter()
            .filter_map(of)
            .collect()
    }

    /// Must the unit file the form in this period?
    pub fn files(&self, unit: usize, form: usize, time: Time) -> bool {
        let kind = self.units[unit].kind;
        let asked = |kinds: &Vec<&str>| kinds.contains(&kind);
        self.exists(unit, time) && self.forms[form].kinds.as_ref().is_none_or(asked)
    }

    /// Is a period in the archive when the campaign of `now` is checked?
    pub fn is_closed(&self, time: Time, now: Time) -> bool {
        (time >= self.first && time < now) || self.archived.contains(&time)
    }
}

impl Form {
    pub fn is_free(&self) -> bool {
        matches!(self.rows, Rows::Free { .. })
    }

    /// The rows of a fixed-row form.
    pub fn fixed(&self) -> &[Row] {
        match &self.rows {
            Rows::Fixed(rows) => rows,
            Rows::Free { .. } => &[],
        }
    }

    /// Label of the total row.
    pub fn total(&self) -> Option<&str> {
        match &self.rows {
            Rows::Free { total, .. } => total.as_deref(),
            Rows::Fixed(_) => None,
        }
    }

    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    pub fn row(&self, id: &str) -> Option<usize> {
        self.fixed().iter().position(|row| row.id == id)
    }

    /// Index of the column that names rows the unit adds.
    pub fn key(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.key)
    }

    /// Index of the column that tells rows of one name apart.
    pub fn further_key(&self) -> Option<usize> {
        let mut keys = self.columns.iter().enumerate();
        keys.by_ref().find(|(_, column)| column.key)?;
        keys.find(|(_, column)| column.key).map(|(at, _)| at)
    }

    /// What a cell is; in a free-row form `row` is ignored.
    pub fn field(&self, row: usize, column: usize) -> Option<Field<'_>> {
        let of_column = self.columns.get(column)?;
        let row = self.fixed().get(row);
        if self.is_free() != row.is_none() {
            return None;
        }
        let has = |row: &Row| {
            let listed = |ids: &Vec<String>| ids.contains(&of_column.id);
            !row.heading && row.columns.as_ref().is_none_or(listed)
        };
        if !row.is_none_or(has) {
            return None;
        }
        let kind = row
            .and_then(|row| row.kind.as_ref())
            .unwrap_or(&of_column.kind);
        let own = row.and_then(|row| row.aggregate);
        Some(Field {
            kind,
            computed: of_column.computed || row.is_some_and(|row| row.computed),
            blank: row.and_then(|row| row.blank).unwrap_or(of_column.blank),
            aggregate: own
                .or(of_column.aggregate)
                .unwrap_or_else(|| kind.aggregate()),
            bounds: [
                row.and_then(|row| row.bound.as_ref()),
                of_column.bound.as_ref(),
            ],
        })
    }

    /// Does a kind of unit have the row?
    pub fn asks(&self, row: usize, kind: &str) -> bool {
        let row = self.fixed().get(row);
        let kinds = row.and_then(|row| row.kinds.as_ref());
        kinds.is_none_or(|kinds| kinds.contains(&kind))
    }

    /// Is a rule over columns left out on a row, or a rule over rows on a column, because that makes
    /// percentages or averages of the figures it reads?
    pub fn leaves_out(&self, rule: &Rule, scope: Scope, index: usize) -> bool {
        let row_is = |row: &Row| {
            matches!(row.kind, Some(Type::Percent { .. })) || row.aggregate == Some(Aggregate::None)
        };
        let column_is = |column: &Column| {
            matches!(column.kind, Type::Percent { .. })
                || (column.kind.is_figure() && column.aggregate == Some(Aggregate::None))
        };
        let mut names = rule.check.names().into_iter();
        let mut ids = names.by_ref().filter_map(|name| match &name.path {
            Path::One(id) | Path::Range(id, _) if name.form.is_none() => Some(id),
            _ => None,
        });
        match scope {
            Scope::EachColumn => {
                let plain = |id: &String| {
                    let row = self.row(id).and_then(|row| self.fixed().get(row));
                    row.is_some_and(|row| row.kind.is_none() && !row_is(row))
                };
                column_is(&self.columns[index]) && ids.any(plain)
            }
            Scope::EachRow => {
                let plain = |id: &String| {
                    let column = self.column(id).map(|column| &self.columns[column]);
                    column.is_some_and(|column| !column_is(column))
                };
                self.fixed().get(index).is_some_and(row_is) && ids.any(plain)
            }
            Scope::Once => false,
        }
    }

    /// Rules that say what a cell is, the most particular first.
    pub fn definitions(&self, row: usize, column: usize) -> Vec<&Rule> {
        let index = (row, column);
        let row = self.fixed().get(row).map(|row| row.id.as_str());
        let column = &self.columns[column].id;
        let runs = |rule: &Rule, scope: Scope, at: usize| !self.leaves_out(rule, scope, at);
        let rank = |rule: &Rule| {
            let (Ex::Compare(_, left, _), true) = (&rule.check, rule.defines) else {
                return None;
            };
            match &**left {
                Ex::Name(Name { form: None, path }) => match path {
                    Path::Cell(r, c) => (row == Some(r) && column == c).then_some(0),
                    Path::One(id) if row == Some(id) => {
                        runs(rule, Scope::EachColumn, index.1).then_some(1)
                    }
                    Path::One(id) if column == id => {
                        runs(rule, Scope::EachRow, index.0).then_some(2)
                    }
                    _ => None,
                },
                _ => None,
            }
        };
        let mut found: Vec<(i32, &Rule)> = self
            .rules
            .iter()
            .filter_map(|rule| Some((rank(rule)?, rule)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, rule)| rule).collect()
    }

    /// Where a rule is evaluated: what its names are outside folds, else what its ranges are.
    pub fn scope(&self, rule: &Rule) -> Scope {
        let mut scope = None;
        let parts = [Some(&rule.check), rule.when.as_ref()];
        for ex in parts.into_iter().flatten() {
            self.scope_of(ex, false, &mut scope);
        }
        scope.unwrap_or_else(|| {
            let names = parts.into_iter().flatten().flat_map(Ex::names);
            let mut ranges = names.filter_map(|name| match &name.path {
                Path::Range(first, _) if name.form.is_none() => Some(first),
                _ => None,
            });
            match ranges.next() {
                Some(first) if self.column(first).is_some() => Scope::EachRow,
                Some(_) => Scope::EachColumn,
                None => Scope::Once,
            }
        })
    }

    fn scope_of(&self, ex: &Ex, folded: bool, scope: &mut Option<Scope>) {
        match ex {
            Ex::Number(_) | Ex::Word(_) => {}
            Ex::Name(Name {
                form: None,
                path: Path::One(id),
            }) if !folded => {
                let each = match self.column(id) {
                    Some(_) => Scope::EachRow,
                    None => Scope::EachColumn,
                };
                scope.get_or_insert(each);
            }
            Ex::Name(_) => {}
            Ex::Op(_, left, right) | Ex::Compare(_, left, right) => {
                self.scope_of(left, false, scope);
                self.scope_of(right, false, scope);
            }
            Ex::Call(function, arguments) => {
                let past = matches!(function, Fun::Prev | Fun::PrevYear | Fun::Ytd);
                let inner = function.folds() || (past && folded);
                for argument in arguments {
                    self.scope_of(argument, inner, scope);
                }
            }
        }
    }
}
