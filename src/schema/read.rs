//! Reads form files: TOML text to checked forms, or one error that says where.

use std::collections::HashMap;

use super::checked::{Form, LabelKeys, Origin, Rule, RuleScope};
use super::checks::Checks;
use super::derived;
use super::field::{Field, Ratio};
use super::file::{FieldType, FormFile, Indicator, RowKind};
use super::lint::{aggregates, checks, example, lifecycle, meanings, names, places, rules, shape};
use super::rule::expression::Path;
use super::rule_text::RuleStatus;
use super::source::{SchemaError, Source};
use crate::model::{Message, sha256};

impl Form {
    /// Loads a form from TOML text; `name` is shown in errors.
    ///
    /// # Errors
    /// The first mistake in the text, with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Form, SchemaError> {
        let source = Source { name, text };
        let file: FormFile = source.parse()?;
        shape::lint(&source, &file)?;
        checks::lint(&source, &file)?;
        let columns = index(&file.columns);
        let rows = index(&file.rows);
        let fields = resolve_fields(&source, &file, &columns)?;
        let mut form = Form {
            keys: LabelKeys::of(&file),
            source: name.to_owned(),
            sha256: sha256(text.as_bytes()),
            rules: Vec::new(),
            idle: Vec::new(),
            campaign_checks: Checks::default(),
            fields,
            columns,
            rows,
            file,
        };
        form.rules = parse_rules(&source, &form)?;
        names::ratios(&source, &form)?;
        let derived = derived::rules(&form).map_err(|error| source.error(None, error.message))?;
        form.rules.extend(derived);
        meanings::lint(&source, &form)?;
        aggregates::lint(&source, &form)?;
        example::lint(&source, &form)?;
        Ok(form)
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
    columns: &HashMap<String, usize>,
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
            let ratio = parse_ratio(source, file, columns, (column, row))?;
            let mut field = Field::resolve(&file.defaults, column, row, ratio);
            if field.kind == FieldType::Amount && field.measure.is_none() {
                field.measure.clone_from(&file.unit);
            }
            Ok(Some(field))
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
    file: &FormFile,
    columns: &HashMap<String, usize>,
    (column, row): (&Indicator, Option<&Indicator>),
) -> Result<Option<Ratio>, SchemaError> {
    let own = row.and_then(|row| row.kind).or(column.kind);
    let kind = own.or(file.defaults.kind);
    if !kind.is_some_and(FieldType::is_ratio) {
        return Ok(None);
    }
    let mut declaring = row.into_iter().chain([column]);
    let declaring = declaring.find(|one| one.numerator.is_some());
    let operands = |one: &Indicator| one.numerator.clone().zip(one.denominator.clone());
    match declaring.and_then(|one| Some((one.per, operands(one)?))) {
        Some((per, (numerator, denominator))) => {
            let numerator = source.expression(&numerator)?;
            let denominator = source.expression(&denominator)?;
            let mut reads = numerator.reads().into_iter().chain(denominator.reads());
            let of_row = reads
                .any(|read| matches!(&read.name.path, Path::One(id) if columns.contains_key(id)));
            let on = match of_row {
                true => RuleScope::EachRow,
                false => RuleScope::EachColumn,
            };
            Ok(Some(Ratio {
                numerator,
                denominator,
                per: match kind {
                    Some(FieldType::Percent) => 100,
                    _ => per.unwrap_or(1),
                },
                on,
            }))
        }
        None if kind == Some(FieldType::Ratio) => {
            Err(shape::no_operands(source, row.unwrap_or(column)))
        }
        None => Ok(None),
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
        names::lint(source, form, &text.check, &check, &mut scope)?;
        if let (Some(spanned), Some(when)) = (&text.when, &when) {
            names::lint(source, form, spanned, when, &mut scope)?;
        }
        rules::sorts(source, form, &text.check, &check)?;
        rules::can_hold(source, form, &text.check, &check)?;
        lifecycle::lifespan(source, text)?;
        let scope = scope.unwrap_or(RuleScope::Once);
        let reads = [Some(&check), when.as_ref()].into_iter().flatten();
        let places = places::settle(source, form, text, scope, reads)?;
        rules.push(Rule {
            id: text.id.get_ref().clone(),
            text: text.check.get_ref().clone(),
            check,
            when,
            severity: text.severity,
            blank: text.blank,
            message: text.message.clone(),
            scope,
            places,
            kinds: text.kinds.clone(),
            units: text.units.clone(),
            since: text.since,
            until: text.until,
            beta: text.status == RuleStatus::Beta,
            origin: Origin::Written,
        });
    }
    Ok(rules)
}
