//! Loads form files and campaign files: TOML text to checked forms, or one error that says where.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use super::checks::{self, Checks, Settled};
use super::expression::{self, Comparison, Expr, Name, Past, Path};
use super::field::{Field, Ratio};
use super::form::{BlankPolicy, FormFile, Indicator, Label, RowKind};
use super::lifecycle::{Idle, RuleStatus};
use super::{example, lint, meanings, toml_words};
use crate::model::{Message, Period, Severity};
use crate::text::{fold, label_key, nearest};

/// A checked form: every name resolves, every rule can hold.
#[derive(Debug)]
pub struct Form {
    /// The form file.
    pub file: FormFile,
    /// Where it was read, for messages.
    pub source: String,
    /// The rules that are asked.
    pub rules: Vec<Rule>,
    /// Those that are not, and why; see [`Form::set_aside`].
    pub idle: Vec<(Rule, Idle)>,
    /// Resolved cells: `fields[row][column]`; one row of fields in a free-row form.
    fields: Vec<Vec<Option<Field>>>,
    columns: HashMap<String, usize>,
    rows: HashMap<String, usize>,
    /// Every text the form prints, as comparison keys.
    pub keys: LabelKeys,
}

/// The texts of a form normalised once, so that each workbook need not do it again.
#[derive(Debug)]
pub struct LabelKeys {
    /// Headers of the ordinal, label and unit-of-measure columns.
    pub fixed: [Option<String>; 3],
    /// Of each column: its own text and aliases, and the texts that span it.
    pub columns: Vec<(Vec<String>, Vec<String>)>,
    /// Of each fixed row: its own text and aliases.
    pub rows: Vec<Vec<String>>,
    /// Of the total row.
    pub total: Option<String>,
}

impl LabelKeys {
    /// The same texts without their marks, as people write who cannot type them. For naming what
    /// is near: different words may fold to one.
    pub fn folded(&self) -> LabelKeys {
        let all = |texts: &[String]| texts.iter().map(|text| fold(text)).collect::<Vec<_>>();
        let columns = self.columns.iter();
        LabelKeys {
            fixed: self.fixed.each_ref().map(|text| text.as_deref().map(fold)),
            columns: columns
                .map(|(own, spanning)| (all(own), all(spanning)))
                .collect(),
            rows: self.rows.iter().map(|texts| all(texts)).collect(),
            total: self.total.as_deref().map(fold),
        }
    }

    fn of(file: &FormFile) -> LabelKeys {
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
        LabelKeys {
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
            rows: file.rows.iter().map(own).collect(),
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
    /// Asked only where this holds.
    pub when: Option<Expr>,
    /// How bad it is if it does not.
    pub severity: Severity,
    /// What a blank does.
    pub blank: BlankPolicy,
    /// Why it must hold, in the clerk's words.
    pub message: Option<String>,
    /// Where it is asked.
    pub scope: RuleScope,
    /// The first period it is asked about.
    pub since: Option<Period>,
    /// The last period it is asked about.
    pub until: Option<Period>,
    /// On trial: told, never counted against anybody.
    pub beta: bool,
}

/// Where a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleScope {
    /// On every row, and on the total row: it names columns.
    EachRow,
    /// On every value column: it names rows.
    EachColumn,
    /// Once: it names cells, folds or other forms only.
    Once,
}

/// What is wrong with a form or campaign file, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaError {
    /// The file, as given.
    pub file: String,
    /// Line and column, from 1, if known.
    pub place: Option<(usize, usize)>,
    /// What is wrong and what to write instead.
    pub message: Message,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: ", self.file)?,
            None => write!(f, "{}: ", self.file)?,
        }
        f.write_str(&self.message.vi)
    }
}

impl std::error::Error for SchemaError {}

/// A TOML text being checked: turns byte ranges into lines and columns.
pub struct Source<'a> {
    /// The file, as shown in errors.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Source<'_> {
    /// An error at a byte range of the text.
    pub fn error(&self, span: Option<Range<usize>>, message: Message) -> SchemaError {
        let place = span.map(|span| {
            let mut start = span.start.min(self.text.len());
            while !self.text.is_char_boundary(start) {
                start -= 1;
            }
            let before = &self.text[..start];
            let line = before.matches('\n').count() + 1;
            let column = before
                .rsplit('\n')
                .next()
                .map_or(0, |last| last.chars().count())
                + 1;
            (line, column)
        });
        SchemaError {
            file: self.name.to_owned(),
            place,
            message,
        }
    }

    /// Deserialises the text, with the nearest valid key for an unknown one.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, SchemaError> {
        toml::from_str(self.text).map_err(|error| {
            let detail = error.message();
            let hint = unknown_key_hint(detail);
            self.error(
                error.span(),
                Message::new(
                    format!(
                        "tệp viết sai: {}{}",
                        toml_words::in_vietnamese(detail),
                        hint.as_deref()
                            .map_or(String::new(), |h| format!("; có phải `{h}`?"))
                    ),
                    format!(
                        "{detail}{}",
                        hint.as_deref()
                            .map_or(String::new(), |h| format!("; did you mean `{h}`?"))
                    ),
                ),
            )
        })
    }

    /// Parses an expression written in the file.
    pub fn expression(&self, text: &Spanned<String>) -> Result<Expr, SchemaError> {
        expression::parse(text.get_ref())
            .map_err(|error| self.error(Some(self.inside(text, error.offset)), error.message))
    }

    /// The place of a byte of a quoted string: after its opening quote.
    pub fn inside(&self, text: &Spanned<String>, offset: usize) -> Range<usize> {
        let start = text.span().start;
        let quoted = self.text.get(start..).unwrap_or_default();
        let quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") {
            3
        } else {
            1
        };
        start + quotes + offset..text.span().end
    }
}

/// serde says "unknown field `x`, expected one of `a`, `b`": picks the nearest of those.
fn unknown_key_hint(detail: &str) -> Option<String> {
    let mut quoted = detail.split('`').skip(1).step_by(2);
    let unknown = detail.starts_with("unknown").then(|| quoted.next())??;
    let known: Vec<&str> = quoted.collect();
    nearest(unknown, known.iter().copied()).map(str::to_owned)
}

impl Form {
    /// Loads a form from TOML text; `name` is shown in errors.
    pub fn parse(name: &str, text: &str) -> Result<Form, SchemaError> {
        let source = Source { name, text };
        let file: FormFile = source.parse()?;
        lint::shape(&source, &file)?;
        checks::lint(&source, &file)?;
        let columns = index(&file.columns);
        let rows = index(&file.rows);
        let fields = resolve_fields(&source, &file)?;
        let mut form = Form {
            keys: LabelKeys::of(&file),
            source: name.to_owned(),
            rules: Vec::new(),
            idle: Vec::new(),
            fields,
            columns,
            rows,
            file,
        };
        form.rules = parse_rules(&source, &form)?;
        lint::ratios(&source, &form)?;
        meanings::lint(&source, &form)?;
        example::lint(&source, &form)?;
        Ok(form)
    }

    /// Form id.
    pub fn id(&self) -> &str {
        self.file.id.get_ref()
    }

    /// Does the unit add its own rows?
    pub fn is_free(&self) -> bool {
        self.file.layout.rows == RowKind::Free
    }

    /// Index of a column by id.
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.get(id).copied()
    }

    /// Index of a row by id.
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rows.get(id).copied()
    }

    /// What a cell holds; `None` where the form has no cell (a heading row, a column the row lacks).
    /// In a free-row form `row` is ignored.
    pub fn field(&self, row: Option<usize>, column: usize) -> Option<&Field> {
        let row = if self.is_free() { 0 } else { row? };
        self.fields.get(row)?.get(column)?.as_ref()
    }

    /// The settings of the checks of a cell; in a free-row form `row` is ignored.
    pub fn checks(&self, row: Option<usize>, column: usize) -> Settled {
        let row = row.filter(|_| !self.is_free());
        let of = |indicator: Option<&Indicator>| indicator.map(|indicator| indicator.checks);
        let row = of(row.and_then(|row| self.file.rows.get(row)));
        let column = of(self.file.columns.get(column));
        let layers: Vec<Checks> = row
            .into_iter()
            .chain(column)
            .chain([self.file.checks])
            .collect();
        Checks::settle(&layers.iter().collect::<Vec<_>>())
    }

    /// The figure of closed periods that a cell repeats: `y` of a rule `x = PREV(y)` where the cell
    /// is `x`, or of `x = YTD(y)`.
    pub fn opening(&self, row: Option<usize>, column: usize) -> Option<(Past, &Name)> {
        let rule = self.determined_by(row, column, &|expr| closed(expr).is_some())?;
        closed(rule.check.comparison()?.2)
    }

    /// The rule that says what a cell is: its name alone stands left of `=`, and what stands right
    /// of it is `wanted`. The cell's own name goes before its row's, its row's before its column's.
    pub fn determined_by(
        &self,
        row: Option<usize>,
        column: usize,
        wanted: &dyn Fn(&Expr) -> bool,
    ) -> Option<&Rule> {
        let id = |of: Option<&Indicator>| of.map(|indicator| indicator.id.get_ref().clone());
        let column = id(self.file.columns.get(column));
        let row = id(row.and_then(|row| self.file.rows.get(row)));
        let rank = |rule: &Rule| {
            let (Expr::Name(name), Comparison::Equal, right) = rule.check.comparison()? else {
                return None;
            };
            if name.form.is_some() || rule.when.is_some() || !wanted(right) {
                return None;
            }
            match &name.path {
                Path::Cell { row: r, column: c } => {
                    (row.as_ref() == Some(r) && column.as_ref() == Some(c)).then_some(0)
                }
                Path::One(id) if row.as_ref() == Some(id) => Some(1),
                Path::One(id) if column.as_ref() == Some(id) => Some(2),
                Path::One(_) | Path::Range { .. } => None,
            }
        };
        let ranked = self
            .rules
            .iter()
            .filter_map(|rule| Some((rank(rule)?, rule)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, rule)| rule)
    }

    /// Index of the column that names a free row.
    pub fn key_column(&self) -> Option<usize> {
        self.file.columns.iter().position(|column| column.key)
    }

    /// Rows or columns of a range, in form order; `None` if the ends are not of one sort.
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

    /// How a cell is called in a message: "Tổng số" or "Tiếp nhận › Lũy kế".
    pub fn cell_label(&self, row: Option<usize>, column: usize) -> String {
        let own = self
            .file
            .columns
            .get(column)
            .map_or(String::new(), |c| c.label.full());
        match row.and_then(|row| self.file.rows.get(row)) {
            Some(row) => format!("{} › {own}", row.label.own()),
            None => own,
        }
    }
}

/// An expression that is nothing but a figure of closed periods.
fn closed(expr: &Expr) -> Option<(Past, &Name)> {
    match expr {
        Expr::Call(function, arguments) => match arguments.as_slice() {
            [Expr::Name(name)] => Some((function.past()?, name)),
            _ => None,
        },
        _ => None,
    }
}

fn index(indicators: &[Indicator]) -> HashMap<String, usize> {
    let ids = indicators.iter().enumerate();
    ids.map(|(i, indicator)| (indicator.id.get_ref().clone(), i))
        .collect()
}

fn resolve_fields(
    source: &Source<'_>,
    file: &FormFile,
) -> Result<Vec<Vec<Option<Field>>>, SchemaError> {
    let resolve = |row: Option<&Indicator>| -> Result<Vec<Option<Field>>, SchemaError> {
        let cells = file.columns.iter().map(|column| {
            let absent = row.is_some_and(|row| {
                row.heading
                    || row
                        .columns
                        .as_ref()
                        .is_some_and(|has| !has.contains(column.id.get_ref()))
            });
            if absent {
                return Ok(None);
            }
            let ratio = parse_ratio(source, column, row)?;
            Ok(Some(Field::resolve(&file.defaults, column, row, ratio)))
        });
        cells.collect()
    };
    match file.layout.rows {
        RowKind::Free => Ok(vec![resolve(None)?]),
        RowKind::Fixed => file.rows.iter().map(|row| resolve(Some(row))).collect(),
    }
}

fn parse_ratio(
    source: &Source<'_>,
    column: &Indicator,
    row: Option<&Indicator>,
) -> Result<Option<Ratio>, SchemaError> {
    let of = |pick: fn(&Indicator) -> Option<&Spanned<String>>| {
        row.and_then(pick).or_else(|| pick(column))
    };
    match (of(|i| i.numerator.as_ref()), of(|i| i.denominator.as_ref())) {
        (Some(numerator), Some(denominator)) => Ok(Some(Ratio {
            numerator: source.expression(numerator)?,
            denominator: source.expression(denominator)?,
        })),
        _ => Ok(None),
    }
}

fn parse_rules(source: &Source<'_>, form: &Form) -> Result<Vec<Rule>, SchemaError> {
    let mut rules: Vec<Rule> = Vec::new();
    for text in &form.file.rules {
        if rules.iter().any(|rule| rule.id == *text.id.get_ref()) {
            return Err(source.error(
                Some(text.id.span()),
                Message::new(
                    format!("quy tắc `{}` khai hai lần", text.id.get_ref()),
                    format!("rule `{}` is declared twice", text.id.get_ref()),
                ),
            ));
        }
        let check = source.expression(&text.check)?;
        let when = text
            .when
            .as_ref()
            .map(|when| source.expression(when))
            .transpose()?;
        let mut scope = None;
        lint::names(source, form, &text.check, &check, &mut scope)?;
        if let (Some(spanned), Some(when)) = (&text.when, &when) {
            lint::names(source, form, spanned, when, &mut scope)?;
        }
        lint::sorts(source, form, &text.check, &check)?;
        lint::can_hold(source, form, &text.check, &check)?;
        lint::lifespan(source, text)?;
        rules.push(Rule {
            id: text.id.get_ref().clone(),
            text: text.check.get_ref().clone(),
            check,
            when,
            severity: text.severity,
            blank: text.blank,
            message: text.message.clone(),
            scope: scope.unwrap_or(RuleScope::Once),
            since: text.since,
            until: text.until,
            beta: text.status == RuleStatus::Beta,
        });
    }
    Ok(rules)
}

/// What a name without a form means in this form.
pub fn scope_of(form: &Form, name: &Name) -> Option<RuleScope> {
    match &name.path {
        Path::One(id) if form.column(id).is_some() => Some(RuleScope::EachRow),
        Path::One(id) if form.row(id).is_some() => Some(RuleScope::EachColumn),
        Path::One(_) => None,
        Path::Cell { row, column } => {
            form.field(Some(form.row(row)?), form.column(column)?)?;
            Some(RuleScope::Once)
        }
        Path::Range { first, last } => form.range(first, last).map(|(scope, _)| scope),
    }
}

/// The forms of a campaign, by id.
pub type Forms = HashMap<String, Arc<Form>>;

impl Label {
    /// Does a label that spans others come before this one?
    pub fn depth(&self) -> usize {
        self.path().len()
    }
}
