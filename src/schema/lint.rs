//! What a form file must satisfy before any workbook is read: every mistake in it is told with its
//! place, not met later as a wrong figure.

use std::collections::HashMap;
use std::sync::Arc;

use toml::Spanned;

use super::builtin;
use super::expression::{Expr, Function, Name};
use super::field::MAX_DECIMALS;
use super::form::{FieldType, FormFile, Indicator, RowKind};
use super::kinds;
use super::linear::Linear;
use super::load::{Form, Forms, Rule, RuleScope, SchemaError, Source, scope_of};
use super::slips;
use crate::model::Message;
use crate::text::nearest;

/// Checks ids, keys, types: everything that needs no expression.
pub(super) fn shape(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
    identifier(source, &file.id)?;
    let mut seen: HashMap<&str, ()> = HashMap::new();
    for indicator in file.columns.iter().chain(&file.rows) {
        identifier(source, &indicator.id)?;
        if seen.insert(indicator.id.get_ref(), ()).is_some() {
            let id = indicator.id.get_ref();
            return Err(source.error(
                Some(indicator.id.span()),
                Message::new(
                    format!("mã `{id}` khai hai lần (hàng và cột dùng chung một bộ mã)"),
                    format!("id `{id}` is declared twice (rows and columns share one name space)"),
                ),
            ));
        }
        types(source, indicator)?;
        row_columns(source, file, indicator)?;
    }
    rows_and_keys(source, file)
}

fn identifier(source: &Source<'_>, id: &Spanned<String>) -> Result<(), SchemaError> {
    let text = id.get_ref();
    let valid = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if valid {
        return Ok(());
    }
    Err(source.error(
        Some(id.span()),
        Message::new(
            format!(
                "mã `{text}` chỉ được có chữ thường không dấu, chữ số và `_`, bắt đầu bằng chữ"
            ),
            format!("id `{text}` may hold only a-z, 0-9 and `_`, starting with a letter"),
        ),
    ))
}

fn types(source: &Source<'_>, indicator: &Indicator) -> Result<(), SchemaError> {
    let complain =
        |vi: &str, en: &str| Err(source.error(Some(indicator.id.span()), Message::new(vi, en)));
    let id = indicator.id.get_ref();
    if indicator.numerator.is_some() != indicator.denominator.is_some() {
        return complain(
            &format!("`{id}`: tỷ lệ phải có cả `numerator` và `denominator`"),
            &format!("`{id}`: a ratio needs both `numerator` and `denominator`"),
        );
    }
    if indicator.numerator.is_some() && indicator.kind != Some(FieldType::Percent) {
        return complain(
            &format!("`{id}`: chỉ `type = \"percent\"` mới có `numerator`, `denominator`"),
            &format!("`{id}`: only `type = \"percent\"` has `numerator` and `denominator`"),
        );
    }
    if indicator.kind == Some(FieldType::Choice) && indicator.choices.is_empty() {
        return complain(
            &format!("`{id}`: `type = \"choice\"` phải khai `choices`"),
            &format!("`{id}`: `type = \"choice\"` needs `choices`"),
        );
    }
    if indicator
        .decimals
        .is_some_and(|decimals| decimals > MAX_DECIMALS)
    {
        return complain(
            &format!("`{id}`: `decimals` nhiều nhất là {MAX_DECIMALS}"),
            &format!("`{id}`: `decimals` is at most {MAX_DECIMALS}"),
        );
    }
    Ok(())
}

/// A row may only name columns that exist.
fn row_columns(
    source: &Source<'_>,
    file: &FormFile,
    indicator: &Indicator,
) -> Result<(), SchemaError> {
    let known: Vec<&str> = file
        .columns
        .iter()
        .map(|c| c.id.get_ref().as_str())
        .collect();
    for wanted in indicator.columns.iter().flatten() {
        if !known.contains(&wanted.as_str()) {
            let hint = suggestion(wanted, &known);
            return Err(source.error(
                Some(indicator.id.span()),
                Message::new(
                    format!(
                        "hàng `{}`: không có cột `{wanted}`{}",
                        indicator.id.get_ref(),
                        hint.vi
                    ),
                    format!(
                        "row `{}`: no column `{wanted}`{}",
                        indicator.id.get_ref(),
                        hint.en
                    ),
                ),
            ));
        }
    }
    Ok(())
}

fn rows_and_keys(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
    let keys = file.columns.iter().filter(|column| column.key).count();
    let problem = match file.layout.rows {
        RowKind::Free if keys != 1 => Some((
            "biểu có dòng tự thêm (`rows = \"free\"`) cần đúng một cột `key = true`",
            "a free-row form needs exactly one column with `key = true`",
        )),
        RowKind::Free if !file.rows.is_empty() => Some((
            "biểu có dòng tự thêm (`rows = \"free\"`) không khai `[[row]]`",
            "a free-row form declares no `[[row]]`",
        )),
        RowKind::Fixed if file.rows.is_empty() => Some((
            "biểu có dòng cố định (`rows = \"fixed\"`) phải khai các `[[row]]`",
            "a fixed-row form needs its `[[row]]`s",
        )),
        RowKind::Fixed if keys > 0 => Some((
            "biểu có dòng cố định không có cột `key = true`; nhãn dòng khai bằng `layout.label`",
            "a fixed-row form has no `key` column; its row labels are `layout.label`",
        )),
        RowKind::Fixed if file.layout.label.is_none() => Some((
            "biểu có dòng cố định phải khai `layout.label` (tiêu đề cột nhãn dòng)",
            "a fixed-row form needs `layout.label`, the header of the label column",
        )),
        _ => None,
    };
    match problem {
        Some((vi, en)) => Err(source.error(Some(file.id.span()), Message::new(vi, en))),
        None => Ok(()),
    }
}

/// Checks every name of an expression and settles where the rule is asked.
pub(super) fn names(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
    scope: &mut Option<RuleScope>,
) -> Result<(), SchemaError> {
    let mut first_error = None;
    folded_names(expr, false, &mut |name, folded| {
        if name.form.is_some() || first_error.is_some() {
            return; // checked once the other form is known
        }
        match scope_of(form, name) {
            None => first_error = Some(unknown_name(source, form, text, name)),
            Some(_) if folded => {}
            Some(RuleScope::Once) => {}
            Some(own) => match scope {
                Some(settled) if *settled != own => first_error = Some(mixed(source, text, name)),
                _ => *scope = Some(own),
            },
        }
    });
    // A fold over a range of rows is asked on every column: SUM(gui:nhan) in each column.
    if scope.is_none() && first_error.is_none() {
        folded_names(expr, false, &mut |name, _| {
            if name.form.is_none() && matches!(name.path, super::expression::Path::Range { .. }) {
                *scope = scope_of(form, name);
            }
        });
    }
    first_error.map_or(Ok(()), Err)
}

/// Visits names with whether they stand directly in a fold (SUM, COUNTIF...), where a column means
/// all its rows.
fn folded_names<'a>(expr: &'a Expr, folded: bool, visit: &mut dyn FnMut(&'a Name, bool)) {
    use super::expression::Function as F;
    match expr {
        Expr::Name(name) => visit(name, folded),
        Expr::Negate(inner) => folded_names(inner, false, visit),
        Expr::Binary(_, left, right) => {
            folded_names(left, false, visit);
            folded_names(right, false, visit);
        }
        Expr::Call(F::Units, _) => {}
        Expr::Call(function, arguments) => {
            let fold = match function {
                F::Sum | F::SumIfs | F::Count | F::CountA | F::CountIf | F::Min | F::Max => true,
                F::Prev | F::PrevYear | F::Ytd => folded,
                _ => false,
            };
            arguments
                .iter()
                .for_each(|argument| folded_names(argument, fold, visit));
        }
        Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) => {}
    }
}

fn unknown_name(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    name: &Name,
) -> SchemaError {
    let hint = slips::about_name(form, name)
        .unwrap_or_else(|| suggestion(&name.to_string(), &form.known_names()));
    source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!("không có hàng, cột hay ô nào tên `{name}`{}", hint.vi),
            format!("no row, column or cell named `{name}`{}", hint.en),
        ),
    )
}

fn mixed(source: &Source<'_>, text: &Spanned<String>, name: &Name) -> SchemaError {
    source.error(
        Some(source.inside(text, name.span.start)),
        Message::new(
            format!("quy tắc dùng lẫn tên hàng và tên cột; viết `hàng.cột` thay cho `{name}`"),
            format!("the rule mixes rows and columns; write `row.column` in place of `{name}`"),
        ),
    )
}

/// Refuses a rule that adds words, or compares what cannot be compared.
pub(super) fn sorts(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    kinds::infer(expr, form)
        .map(|_| ())
        .map_err(|message| source.error(Some(source.inside(text, 0)), message))
}

/// Refuses a rule that ends before it begins.
pub(super) fn lifespan(
    source: &Source<'_>,
    rule: &super::form::RuleText,
) -> Result<(), SchemaError> {
    match (rule.since, rule.until) {
        (Some(since), Some(until)) if until.last_day() < since.first_day() => Err(source.error(
            Some(rule.id.span()),
            Message::new(
                format!(
                    "`until` ({until}) đứng trước `since` ({since}): quy tắc không kỳ nào được hỏi"
                ),
                format!("`until` ({until}) lies before `since` ({since}): the rule is never asked"),
            ),
        )),
        _ => Ok(()),
    }
}

/// Refuses a rule that no figures could satisfy.
pub(super) fn can_hold(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    check: &Expr,
) -> Result<(), SchemaError> {
    if check.comparison().is_none() && !matches!(check, Expr::Call(..)) {
        return Err(source.error(
            Some(source.inside(text, 0)),
            Message::new(
                "quy tắc phải là một phép so sánh, ví dụ `tong = a + b`",
                "a rule must be a comparison, such as `tong = a + b`",
            ),
        ));
    }
    let Some((linear, comparison)) = Linear::of_comparison(check) else {
        return Ok(());
    };
    let at_least_zero = |name: Option<&Name>| {
        name.is_some_and(|name| name.form.is_none() && !may_be_negative(form, name))
    };
    if linear.can_hold(comparison, at_least_zero) {
        return Ok(());
    }
    Err(source.error(
        Some(source.inside(text, 0)),
        Message::new(
            format!("quy tắc `{}` không bao giờ đúng được", text.get_ref()),
            format!("rule `{}` can never hold", text.get_ref()),
        ),
    ))
}

fn may_be_negative(form: &Form, name: &Name) -> bool {
    let text = name.to_string();
    let named = |indicator: &&Indicator| {
        text.split(['.', ':'])
            .any(|id| id == indicator.id.get_ref())
    };
    form.file
        .columns
        .iter()
        .chain(&form.file.rows)
        .filter(named)
        .any(|i| i.negative)
}

/// Checks the names in numerators and denominators.
pub(super) fn ratios(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    for indicator in form.file.columns.iter().chain(&form.file.rows) {
        for text in [&indicator.numerator, &indicator.denominator]
            .into_iter()
            .flatten()
        {
            let expr = source.expression(text)?;
            names(source, form, text, &expr, &mut None)?;
        }
    }
    Ok(())
}

/// Checks names that reach into other forms, once all forms of a campaign are loaded.
pub fn cross_form(form: &Form, text: &str, forms: &Forms) -> Result<(), SchemaError> {
    let source = Source {
        name: &form.source,
        text,
    };
    for rule in &form.rules {
        let mut texts = form.file.rules.iter();
        if let Some(written) = texts.find(|text| *text.id.get_ref() == rule.id) {
            cross_form_rule(&source, rule, written, forms)?;
        }
    }
    Ok(())
}

fn cross_form_rule(
    source: &Source<'_>,
    rule: &Rule,
    written: &super::form::RuleText,
    forms: &Forms,
) -> Result<(), SchemaError> {
    let mut error = None;
    rule.check.names(&mut |name, _| {
        let Some(other) = &name.form else { return };
        let at = Some(source.inside(&written.check, name.span.start));
        // A form that is not part of this campaign leaves the rule unasked; a wrong name does not.
        let Some(other) = forms.get(other) else {
            if builtin::text(other).is_none() && error.is_none() {
                let hint = suggestion(other, &builtin::ids());
                error = Some(source.error(
                    at,
                    Message::new(
                        format!("không có biểu `{other}`{}", hint.vi),
                        format!("no form `{other}`{}", hint.en),
                    ),
                ));
            }
            return;
        };
        let bare = Name {
            form: None,
            ..name.clone()
        };
        if error.is_none() && scope_of(other, &bare).is_none() {
            let hint = suggestion(&bare.to_string(), &other.known_names());
            error = Some(source.error(
                at,
                Message::new(
                    format!("biểu `{}` không có tên `{bare}`{}", other.id(), hint.vi),
                    format!("form `{}` has no name `{bare}`{}", other.id(), hint.en),
                ),
            ));
        }
    });
    error.map_or(Ok(()), Err)
}

/// Checks the names of a report figure: each is `form!row.column`, or `form!column` of a free-row
/// form; `UNITS(form)` names a form.
pub fn figure_names(
    source: &Source<'_>,
    forms: &[Arc<Form>],
    home: Option<&Arc<Form>>,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    let mut error = unknown_units(source, forms, text, expr);
    expr.names(&mut |name, _| {
        let form = match &name.form {
            Some(id) => forms.iter().find(|form| form.id() == id),
            None => home,
        };
        let bare = Name {
            form: None,
            ..name.clone()
        };
        if error.is_some() || form.is_some_and(|form| scope_of(form, &bare).is_some()) {
            return;
        }
        let hint = match form {
            Some(form) => suggestion(&bare.to_string(), &form.known_names()),
            None => {
                let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
                suggestion(name.form.as_deref().unwrap_or_default(), &known)
            }
        };
        error = Some(source.error(
            Some(source.inside(text, name.span.start)),
            Message::new(
                format!(
                    "không có `{name}` trong các biểu của đợt (viết `biểu!hàng.cột`){}",
                    hint.vi
                ),
                format!(
                    "no `{name}` among the campaign's forms (write `form!row.column`){}",
                    hint.en
                ),
            ),
        ));
    });
    error.map_or(Ok(()), Err)
}

/// `UNITS(form)` of a form the campaign does not have.
fn unknown_units(
    source: &Source<'_>,
    forms: &[Arc<Form>],
    text: &Spanned<String>,
    expr: &Expr,
) -> Option<SchemaError> {
    let of = |inner: &Expr| unknown_units(source, forms, text, inner);
    match expr {
        Expr::Negate(inner) => of(inner),
        Expr::Binary(_, left, right) => of(left).or_else(|| of(right)),
        Expr::Call(Function::Units, arguments) => match arguments.as_slice() {
            [Expr::Name(name)] if !forms.iter().any(|form| form.id() == name.to_string()) => {
                let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
                let hint = suggestion(&name.to_string(), &known);
                Some(source.error(
                    Some(source.inside(text, name.span.start)),
                    Message::new(
                        format!("UNITS: đợt này không có biểu `{name}`{}", hint.vi),
                        format!("UNITS: the campaign has no form `{name}`{}", hint.en),
                    ),
                ))
            }
            _ => None,
        },
        Expr::Call(_, arguments) => arguments.iter().find_map(of),
        Expr::Name(_) | Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) => None,
    }
}

/// "; có phải `x`?" if something is near.
pub fn suggestion(wanted: &str, known: &[&str]) -> Message {
    match nearest(wanted, known.iter().copied()) {
        Some(near) => Message::new(
            format!("; có phải `{near}`?"),
            format!("; did you mean `{near}`?"),
        ),
        None => Message::new("", ""),
    }
}
