//! Names in expressions: each must mean a row, a column or a cell of its form, and together they
//! settle where a rule applies.

use std::sync::Arc;

use toml::Spanned;

use crate::model::Message;
use crate::schema::builtin;
use crate::schema::checked::{Form, Forms, Rule, RuleScope, scope_of};
use crate::schema::file::RuleText;
use crate::schema::rule::expression::{Expr, Function, Name, Path};
use crate::schema::source::{SchemaError, Source, suggestion};

/// Checks every name of an expression and settles where the rule is asked.
pub fn lint(
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
            if name.form.is_none() && matches!(name.path, Path::Range { .. }) {
                *scope = scope_of(form, name);
            }
        });
    }
    first_error.map_or(Ok(()), Err)
}

/// Visits names with whether they stand directly in a fold (SUM, COUNTIF...), where a column means
/// all its rows.
fn folded_names<'a>(expr: &'a Expr, folded: bool, visit: &mut dyn FnMut(&'a Name, bool)) {
    use crate::schema::rule::expression::Function as F;
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
    let hint = about_name(form, name)
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

/// Checks the names in numerators and denominators.
pub fn ratios(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    for indicator in form.file.columns.iter().chain(&form.file.rows) {
        for text in [&indicator.numerator, &indicator.denominator]
            .into_iter()
            .flatten()
        {
            let expr = source.expression(text)?;
            lint(source, form, text, &expr, &mut None)?;
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
    written: &RuleText,
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

/// What a name that is none was probably meant to be, where a nearest name is no help.
pub fn about_name(form: &Form, name: &Name) -> Option<Message> {
    match &name.path {
        Path::One(text) if is_address(text) => Some(Message::new(
            "; quy tắc dùng mã của hàng, của cột, không dùng địa chỉ ô",
            "; rules go by ids of rows and columns, not by cell addresses",
        )),
        Path::Range { first, last } if form.range(last, first).is_some() => Some(Message::new(
            format!("; viết theo thứ tự của biểu: `{last}:{first}`"),
            format!("; in the form's order it is `{last}:{first}`"),
        )),
        _ => None,
    }
}

/// "C5": what Excel calls a cell. Ids have small letters.
fn is_address(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - digits.len();
    (1..=3).contains(&letters) && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}
