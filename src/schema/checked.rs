//! A form whose file has been read and checked: its cells by index, its rules parsed, and which of
//! them a period or a campaign leaves out.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::campaign::RuleOff;
use super::checks::{Checks, SettledChecks};
use super::field::Field;
use super::file::{FormFile, Indicator, NamePlace, RowKind};
use super::parents::{Above, parents};
use super::rule::expression::Expr;
use super::rule::fold::Read;
pub use super::rule::site::{Places, RuleScope};
use super::rule_text::BlankPolicy;
use crate::model::{Message, Period, Severity};
use crate::text::{fold, label_key};

/// Between the words that together identify a free row.
pub const BETWEEN_KEYS: &str = " · ";

/// What identifies a free row: its name, and the words of further key columns that are filled.
pub fn joined_key(name: String, others: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = std::iter::once(name).chain(others).collect();
    words.join(BETWEEN_KEYS)
}

/// A checked form: every name resolves, every rule can hold.
#[derive(Debug, Clone)]
pub struct Form {
    /// The form file.
    pub file: FormFile,
    /// Where it was read, for messages.
    pub source: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The rules in force: those the form file writes, then those that follow from its fields.
    pub rules: Vec<Rule>,
    /// Rules that are not in force, and why; see [`Form::set_aside`].
    pub idle: Vec<(Rule, Idle)>,
    /// What the campaign says of checks; it goes before what the form says.
    pub campaign_checks: Checks,
    /// Resolved cells: `fields[row][column]`; one row of fields in a free-row form.
    pub(super) fields: Vec<Vec<Option<Field>>>,
    pub(super) columns: HashMap<String, usize>,
    pub(super) rows: HashMap<String, usize>,
    /// Every text the form prints, as comparison keys.
    pub keys: LabelKeys,
}

/// The texts of a form normalised once, so that each workbook need not do it again.
#[derive(Debug, Clone)]
pub struct LabelKeys {
    /// Headers of the ordinal, label and unit-of-measure columns.
    pub fixed: [Option<String>; 3],
    /// Of each column: its own text and aliases, and the texts that span it.
    pub columns: Vec<(Vec<String>, Vec<String>)>,
    /// Of each fixed row: its own text and aliases.
    pub rows: Vec<Vec<String>>,
    /// Of each fixed row: what tells it apart from others of its label.
    pub parents: Vec<Above>,
    /// Of the total row.
    pub total: Option<String>,
}

impl LabelKeys {
    /// Texts and aliases of all fixed rows.
    pub fn of_rows(&self) -> BTreeSet<&str> {
        self.rows.iter().flatten().map(String::as_str).collect()
    }

    /// The same texts without diacritics, as some people type them. Only to name near matches,
    /// because different words may become equal.
    pub fn folded(&self) -> LabelKeys {
        let all = |texts: &[String]| texts.iter().map(|text| fold(text)).collect::<Vec<_>>();
        let columns = self.columns.iter();
        LabelKeys {
            fixed: self.fixed.each_ref().map(|text| text.as_deref().map(fold)),
            columns: columns
                .map(|(own, spanning)| (all(own), all(spanning)))
                .collect(),
            rows: self.rows.iter().map(|texts| all(texts)).collect(),
            parents: self.parents.clone(),
            total: self.total.as_deref().map(fold),
        }
    }

    pub(super) fn of(file: &FormFile) -> LabelKeys {
        let key = |text: &Option<String>| text.as_deref().map(label_key);
        let own = |indicator: &Indicator| -> Vec<String> {
            let texts = std::iter::once(indicator.label.own())
                .chain(indicator.aliases.iter().map(String::as_str));
            texts.map(label_key).collect()
        };
        let spanning = |indicator: &Indicator| -> Vec<String> {
            let path = indicator.label.path();
            path[..path.len().saturating_sub(1)]
                .iter()
                .map(|text| label_key(text))
                .collect()
        };
        let rows: Vec<Vec<String>> = file.rows.iter().map(own).collect();
        LabelKeys {
            parents: parents(&file.rows, &rows),
            fixed: [
                key(&file.layout.ordinal),
                key(&file.layout.label),
                key(&file.layout.unit_column),
            ],
            columns: file
                .columns
                .iter()
                .map(|column| (own(column), spanning(column)))
                .collect(),
            rows,
            total: key(&file.layout.total),
        }
    }
}

/// A rule, parsed and with its scope known.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Id; names the defect.
    pub id: String,
    /// The rule as written.
    pub text: String,
    /// What must hold.
    pub check: Expr,
    /// Evaluated only where this holds.
    pub when: Option<Expr>,
    /// How bad it is if it does not.
    pub severity: Severity,
    /// What a blank does.
    pub blank: BlankPolicy,
    /// Why it must hold, in the clerk's words.
    pub message: Option<String>,
    /// Where it is evaluated.
    pub scope: RuleScope,
    /// Which of the places of its scope.
    pub places: Places,
    /// Kinds of unit whose figures must satisfy it; see [`Rule::filers`].
    pub kinds: Option<Vec<String>>,
    /// Codes of the units whose figures must satisfy it.
    pub units: Option<Vec<String>>,
    /// The first period it is in force.
    pub since: Option<Period>,
    /// The last period it is in force.
    pub until: Option<Period>,
    /// On trial: reported, never counted against a unit.
    pub beta: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl Rule {
    /// What it says and, if it has one, its condition.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.check).chain(&self.when)
    }

    /// Every name that it and its condition read.
    pub fn reads(&self) -> impl Iterator<Item = Read<'_>> {
        self.exprs().flat_map(|expr| expr.reads())
    }

    /// Is it about a column of the total row?
    pub fn is_total(&self) -> bool {
        matches!(self.origin, Origin::Total { .. })
    }

    /// Does it round the figures itself, so that rounding allows nothing beside what it says?
    pub fn rounds_itself(&self) -> bool {
        matches!(self.origin, Origin::Ratio { .. })
    }
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The form file writes it.
    Written,
    /// The field of a ratio declares what is divided by what; of the form file, from 0.
    Ratio {
        /// Row; `None` in a free-row form.
        row: Option<usize>,
        /// Column.
        column: usize,
    },
    /// The total row adds up a column, of the form file, from 0.
    Total {
        /// Column.
        column: usize,
    },
}

impl Form {
    /// Form id.
    pub fn id(&self) -> &str {
        self.file.id.get_ref()
    }

    /// Does the unit add its own rows?
    pub fn is_free(&self) -> bool {
        self.file.layout.rows == RowKind::Free
    }

    /// Do names of rows stand alone in the row above the figures?
    pub fn names_above(&self) -> bool {
        self.file.layout.names == NamePlace::Above
    }

    /// The rules in force that the form file writes.
    pub fn written(&self) -> impl Iterator<Item = &Rule> {
        let rules = self.rules.iter();
        rules.filter(|rule| rule.origin == Origin::Written)
    }

    /// Index of a column by id.
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.get(id).copied()
    }

    /// Index of a row by id.
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rows.get(id).copied()
    }

    /// The field of a cell by row and column of the form file, from 0; `None` where the form has no
    /// cell (a heading row, a column the row lacks). In a free-row form `row` is ignored.
    pub fn field(&self, row: Option<usize>, column: usize) -> Option<&Field> {
        let row = if self.is_free() { 0 } else { row? };
        self.fields.get(row)?.get(column)?.as_ref()
    }

    /// The settings of the checks of a cell by row and column of the form file, from 0; in a
    /// free-row form `row` is ignored.
    pub fn checks(&self, row: Option<usize>, column: usize) -> SettledChecks {
        let row = row.filter(|_| !self.is_free());
        let row = row.and_then(|row| self.file.rows.get(row));
        let indicators = row.into_iter().chain(self.file.columns.get(column));
        let layers: Vec<&Checks> = std::iter::once(&self.campaign_checks)
            .chain(indicators.map(|indicator| &indicator.checks))
            .chain([&self.file.checks])
            .collect();
        Checks::settle(&layers)
    }

    /// Does the form or its campaign switch a built-in check off?
    pub fn switches_off(&self, check: &str) -> bool {
        let levels = [&self.campaign_checks, &self.file.checks];
        levels.into_iter().any(|checks| checks.switches_off(check))
    }

    /// Index of the column that names a free row.
    pub fn key_column(&self) -> Option<usize> {
        self.key_columns().next()
    }

    /// The columns (of the form file, from 0) that together identify a free row: the one that names
    /// it, then those that tell rows of one name apart.
    pub fn key_columns(&self) -> impl Iterator<Item = usize> {
        let columns = self.file.columns.iter().enumerate();
        columns.filter(|(_, column)| column.key).map(|(at, _)| at)
    }

    /// Rows or columns of a range (of the form file, from 0, both ends included), in form order;
    /// `None` if the ends are not both rows or both columns.
    pub fn range(
        &self,
        first: &str,
        last: &str,
    ) -> Option<(RuleScope, std::ops::RangeInclusive<usize>)> {
        if let (Some(first), Some(last)) = (self.row(first), self.row(last)) {
            return (first <= last).then_some((RuleScope::EachColumn, first..=last));
        }
        let (first, last) = (self.column(first)?, self.column(last)?);
        (first <= last).then_some((RuleScope::EachRow, first..=last))
    }

    /// Every name a rule may use, for suggestions.
    pub fn known_names(&self) -> Vec<&str> {
        let ids = self.file.columns.iter().chain(&self.file.rows);
        ids.map(|indicator| indicator.id.get_ref().as_str())
            .collect()
    }

    /// How a fixed row (of the form file, from 0) is called in a message: "Kế hoạch", or "Trường A ›
    /// Kế hoạch" where others have its label.
    pub fn row_label(&self, row: usize) -> String {
        let label = |row: usize| self.file.rows.get(row).map_or("", |row| row.label.own());
        match self.keys.parents.get(row) {
            Some(Above::Row(above)) => format!("{} › {}", label(*above), label(row)),
            _ => label(row).to_owned(),
        }
    }

    /// How a cell is called in a message: "Tổng số" or "Tiếp nhận › Lũy kế". Row and column of the
    /// form file, from 0; `row` is `None` in a free-row form.
    pub fn cell_label(&self, row: Option<usize>, column: usize) -> String {
        let own = self
            .file
            .columns
            .get(column)
            .map_or(String::new(), |c| c.label.full());
        match row {
            Some(row) => format!("{} › {own}", self.row_label(row)),
            None => own,
        }
    }
}

/// The forms of a campaign, by id.
pub type Forms = HashMap<String, Arc<Form>>;

/// Why a rule of a form is not in force.
#[derive(Debug, Clone, PartialEq)]
pub enum Idle {
    /// The period does not lie wholly behind the first period of the rule.
    NotYet(Period),
    /// The period reaches beyond the last period of the rule.
    Over(Period),
    /// The rule has a first or last period, or reads the days of the period, and the period of the
    /// figures is not known.
    Undated,
    /// The campaign has switched it off.
    Off(RuleOff),
}

impl Idle {
    /// In words, for lists.
    pub fn words(&self) -> Message {
        match self {
            Idle::NotYet(since) => Message::new(
                format!("chưa áp dụng; bắt đầu từ {}", since.vietnamese()),
                format!("not yet in force; begins with {since}"),
            ),
            Idle::Over(until) => Message::new(
                format!("hết áp dụng sau {}", until.vietnamese()),
                format!("no longer in force after {until}"),
            ),
            Idle::Undated => Message::new(
                "phụ thuộc kỳ báo cáo, mà không rõ kỳ của số liệu",
                "it depends on the period, and the period is not known",
            ),
            Idle::Off(off) => {
                let on = crate::model::period::day(off.on);
                Message::new(
                    format!("đã tắt trong đợt này: {} ({}, {on})", off.reason, off.by),
                    format!(
                        "switched off in this campaign: {} ({}, {})",
                        off.reason, off.by, off.on
                    ),
                )
            }
        }
    }
}

impl Rule {
    /// The rule with the days of the period in it, if it reads them.
    fn in_period(self, period: Option<Period>) -> Rule {
        match period {
            Some(period) if self.exprs().any(Expr::reads_period) => Rule {
                check: self.check.in_period(period),
                when: self.when.map(|when| when.in_period(period)),
                ..self
            },
            _ => self,
        }
    }

    /// Why the rule is not in force in a period; `None` if it is. A period counts as covered only
    /// if all of it lies between the first and the last period of the rule.
    pub fn idle_in(&self, period: Option<Period>) -> Option<Idle> {
        let reads_period = self.exprs().any(Expr::reads_period);
        if self.since.is_none() && self.until.is_none() && !reads_period {
            return None;
        }
        let Some(period) = period else {
            return Some(Idle::Undated);
        };
        let early = |since: &Period| period.first_day() < since.first_day();
        let late = |until: &Period| period.last_day() > until.last_day();
        match (self.since.filter(early), self.until.filter(late)) {
            (Some(since), _) => Some(Idle::NotYet(since)),
            (None, Some(until)) => Some(Idle::Over(until)),
            (None, None) => None,
        }
    }
}

impl Form {
    /// Sets the rules aside that are not in force in `period`: templates, checks and formulas see
    /// only those that stay.
    pub fn set_aside(&mut self, period: Option<Period>, off: &[RuleOff]) {
        for rule in std::mem::take(&mut self.rules) {
            let switched = off
                .iter()
                .find(|off| off.form.get_ref() == self.id() && *off.rule.get_ref() == rule.id);
            match switched
                .map(|off| Idle::Off(off.clone()))
                .or_else(|| rule.idle_in(period))
            {
                Some(idle) => self.idle.push((rule, idle)),
                None => self.rules.push(rule.in_period(period)),
            }
        }
    }
}
