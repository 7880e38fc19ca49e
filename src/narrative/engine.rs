//! The template engine as reports use it: one template text rendered, with figures printed the
//! Vietnamese way and every unknown name refused.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::context::Context;
use super::figure::plain_number;
use super::filters;
use super::place::{self, TemplatePlace};
use crate::campaign::ToolError;
use crate::model::value;

/// Renders one template text. `place` maps a line of it (from 1) to its place in the office's file.
///
/// # Errors
/// The template does not parse, or names what is unknown.
pub(super) fn render(
    name: &str,
    text: &str,
    context: &Context,
    escape: AutoEscape,
    place: &dyn Fn(usize) -> TemplatePlace,
) -> Result<String, ToolError> {
    let mut env = environment(escape);
    env.add_template_owned(name.to_owned(), text.to_owned())
        .map_err(|error| place::told(name, &error, text, context, place))?;
    let template = env
        .get_template(name)
        .map_err(|error| place::told(name, &error, text, context, place))?;
    let globals: Vec<&str> = env.globals().map(|(global, _)| global).collect();
    let mut unknown: Vec<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !context.has(name) && !globals.contains(&name.as_str()))
        .collect();
    unknown.sort();
    if !unknown.is_empty() {
        return Err(place::unknown(name, &unknown, text, context, place));
    }
    template
        .render(&context.root)
        .map_err(|error| place::told(name, &error, text, context, place))
}

fn environment<'a>(escape: AutoEscape) -> Environment<'a> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_keep_trailing_newline(true);
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(move |_| escape);
    env.set_formatter(|out, state, value| {
        let shown = plain_number(value).map_or_else(
            || Value::from(printable(&value.to_string())),
            |number| Value::from(value::format_number(number)),
        );
        if value.is_undefined() {
            return minijinja::escape_formatter(out, state, value);
        }
        minijinja::escape_formatter(out, state, &shown)
    });
    filters::add(&mut env);
    env
}

/// Text from workbooks without characters that no document may hold.
fn printable(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(kept).collect()
}
