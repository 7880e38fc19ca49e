//! Rules that no figures could satisfy, and rules that are no comparison.

use toml::Spanned;

use super::kinds;
use crate::model::Message;
use crate::schema::checked::Form;
use crate::schema::logic::linear::Linear;
use crate::schema::resolve::{FieldRef, anywhere};
use crate::schema::rule::expression::{Expr, Name};
use crate::schema::source::{SchemaError, Source};

/// Refuses a rule that adds words, or compares what cannot be compared.
///
/// # Errors
/// The first such rule, with its place in the file.
pub fn sorts(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), SchemaError> {
    kinds::infer(expr, form)
        .map(|_| ())
        .map_err(|message| source.error(Some(source.inside(text, 0)), message))
}

/// Refuses a rule that no figures could satisfy.
///
/// # Errors
/// The first such rule, with its place in the file.
pub fn can_hold(
    source: &Source<'_>,
    form: &Form,
    text: &Spanned<String>,
    check: &Expr,
) -> Result<(), SchemaError> {
    if check.comparison().is_none() && !check.is_call() {
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
        let name = name.filter(|name| name.form.is_none());
        let fields = name.map_or(Vec::new(), |name| anywhere(form, name));
        let mut fields = fields.iter().filter_map(FieldRef::field).peekable();
        fields.peek().is_some() && !fields.any(|field| field.negative)
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
