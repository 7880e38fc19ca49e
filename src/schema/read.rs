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
use crate::text::measure::in_label;

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
            // What a row says of its figures is not meant for the remarks beside them.
            let row = row.filter(|row| !has_words_beside(file, column, row));
            let ratio = parse_ratio(source, file, columns, (column, row))?;
            let mut field = Field::resolve(&file.defaults, column, row, ratio);
            field.measure = measure(file, &field, column, row);
            Ok(Some(field))
        });
        cells.collect()
    };
    match file.layout.rows {
        RowKind::Free => Ok(vec![resolve(None)?]),
        RowKind::Fixed => file.rows.iter().map(|row| resolve(Some(row))).collect(),
    }
}

/// Is the column one of words, marks or dates, although the row is one of figures? In a form that has
/// columns for figures such a column keeps its own type.
fn has_words_beside(file: &FormFile, column: &Indicator, row: &Indicator) -> bool {
    let is_other = |one: &Indicator| one.kind.is_some_and(|kind| !kind.is_numeric());
    let figures = row.kind.is_some_and(FieldType::is_numeric);
    figures && is_other(column) && !file.columns.iter().all(is_other)
}

/// The unit of measure of a cell's figures.
fn measure(
    file: &FormFile,
    field: &Field,
    column: &Indicator,
    row: Option<&Indicator>,
) -> Option<String> {
    let labels = row.into_iter().chain([column]);
    let printed = || {
        let mut parts = labels.flat_map(|one| one.label.path().iter().rev());
        parts.find_map(|label| in_label(label)).map(str::to_owned)
    };
    let own = field.measure.clone();
    match field.kind {
        FieldType::Amount => own.or_else(printed).or_else(|| file.unit.clone()),
        FieldType::Ratio => own.or_else(printed),
        _ => own,
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
    // A row may say anew to how many of the column's denominator it is.
    let per = |one: &Indicator| match std::ptr::eq(one, column) {
        true => row.and_then(|row| row.per).or(column.per),
        false => one.per,
    };
    let fewer = row.and_then(|row| row.fewer_decimals);
    let fewer_decimals = fewer.or(column.fewer_decimals).unwrap_or(false);
    match declaring.and_then(|one| Some((per(one), operands(one)?))) {
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
                fewer_decimals,
                on,
            }))
        }
        None if kind == Some(FieldType::Ratio) => {
            let of_row = row.filter(|row| row.kind.is_some());
            Err(shape::no_operands(source, of_row.unwrap_or(column)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(columns: &str, rows: &str) -> Result<Form, SchemaError> {
        let text = format!(
            "id = \"b\"\nversion = \"1\"\ntitle = \"B\"\nsheet = \"B\"\nunit = \"triệu đồng\"\n\
             [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n{columns}\n\
             [[row]]\nid = \"r1\"\nlabel = \"Một\"\n{rows}\n"
        );
        Form::parse("b.toml", &text)
    }

    #[test]
    fn remarks_beside_figures_keep_their_type_whatever_the_row_is() {
        let remarks = "[[column]]\nid = \"ghi_chu\"\nlabel = \"Ghi chú\"\ntype = \"text\"";
        let row = "[[row]]\nid = \"r2\"\nlabel = \"Hai\"\ntype = \"ratio\"\nunit = \"bản\"\n\
                   numerator = \"r1\"\ndenominator = \"r1\"";
        let form = parse(remarks, row).unwrap();
        let (figure, words) = (form.field(Some(1), 0), form.field(Some(1), 2));
        assert_eq!(figure.unwrap().kind, FieldType::Ratio);
        let words = words.unwrap();
        assert_eq!((words.kind, &words.unit), (FieldType::Text, &None));
        assert!(words.ratio.is_none());
    }

    #[test]
    fn a_row_says_anew_to_how_many_a_ratio_is() {
        let ratio = "[[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"ratio\"\n\
                     numerator = \"a\"\ndenominator = \"b\"\nper = 100";
        let row = "[[row]]\nid = \"r2\"\nlabel = \"Hai\"\ntype = \"ratio\"\nper = 1000\n\
                   columns = [\"p\"]";
        let form = parse(ratio, row).unwrap();
        let per = |row| form.ratio(Some(row), 2).unwrap().per();
        assert_eq!((per(0), per(1)), (100, 1000));
    }

    #[test]
    fn what_lacks_its_operands_is_named() {
        let column = "[[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"ratio\"";
        let error = parse(column, "").unwrap_err().to_string();
        assert!(error.contains("`p`: `type = \"ratio\"`"), "{error}");
        let row = "[[row]]\nid = \"r2\"\nlabel = \"Hai\"\ntype = \"ratio\"";
        let error = parse("", row).unwrap_err().to_string();
        assert!(error.contains("`r2`: `type = \"ratio\"`"), "{error}");
    }

    #[test]
    fn a_unit_printed_in_the_label_goes_before_the_one_of_the_form() {
        let amounts = "[[column]]\nid = \"c\"\nlabel = \"Chi (nghìn đồng)\"\ntype = \"amount\"\n\
                       [[column]]\nid = \"d\"\nlabel = \"Thu\"\ntype = \"amount\"";
        let form = parse(amounts, "").unwrap();
        let measure = |column| form.field(Some(0), column).unwrap().measure.clone();
        assert_eq!(measure(2).as_deref(), Some("nghìn đồng"));
        assert_eq!(measure(3).as_deref(), Some("triệu đồng"));
        assert_eq!(measure(0), None, "counts are no money");
    }
}
