//! Checks of when a rule applies: from a period on, up to a period, or switched off for one campaign
//! by name and with a reason.

use crate::model::Message;
use crate::schema::campaign::RuleOff;
use crate::schema::checked::Form;
use crate::schema::rule_text::RuleText;
use crate::schema::source::{SchemaError, Source, suggestion};
use crate::schema::switches::{is_built_in, switchable};

/// Refuses a rule that ends before it begins.
///
/// # Errors
/// The rule ends before it begins.
pub fn lifespan(source: &Source<'_>, rule: &RuleText) -> Result<(), SchemaError> {
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

/// Checks that what a campaign switches off exists: each names a form of it and a rule of that.
///
/// # Errors
/// The first form or rule that does not exist.
pub fn check_off(
    source: &Source<'_>,
    off: &[RuleOff],
    forms: &[impl AsRef<Form>],
) -> Result<(), SchemaError> {
    for off in off {
        let wanted = off.form.get_ref();
        let form = forms.iter().map(AsRef::as_ref).find(|f| f.id() == wanted);
        let Some(form) = form else {
            let known: Vec<&str> = forms.iter().map(|form| form.as_ref().id()).collect();
            let hint = suggestion(wanted, &known);
            return Err(source.error(
                Some(off.form.span()),
                Message::new(
                    format!("tắt quy tắc: đợt này không có biểu `{wanted}`{}", hint.vi),
                    format!("rule_off: the campaign has no form `{wanted}`{}", hint.en),
                ),
            ));
        };
        let idle = form.idle.iter().map(|(rule, _)| rule);
        let known: Vec<&str> = form
            .written()
            .chain(idle)
            .map(|rule| rule.id.as_str())
            .collect();
        let rule = off.rule.get_ref();
        if !known.contains(&rule.as_str()) {
            if is_built_in(rule) {
                return Err(source.error(Some(off.rule.span()), built_in(rule)));
            }
            let hint = suggestion(rule, &known);
            return Err(source.error(
                Some(off.rule.span()),
                Message::new(
                    format!("biểu `{wanted}` không có quy tắc `{rule}`{}", hint.vi),
                    format!("form `{wanted}` has no rule `{rule}`{}", hint.en),
                ),
            ));
        }
        if off.reason.trim().is_empty() || off.by.trim().is_empty() {
            return Err(source.error(
                Some(off.rule.span()),
                Message::new(
                    format!(
                        "tắt quy tắc `{rule}` phải ghi lý do (`reason`) và người quyết định (`by`)"
                    ),
                    format!("switching off `{rule}` needs a `reason` and who decided it (`by`)"),
                ),
            ));
        }
    }
    Ok(())
}

/// What to write in place of a `[[rule_off]]` about a built-in check.
fn built_in(check: &str) -> Message {
    if !switchable().contains(&check) {
        return Message::new(
            format!("`{check}` là phép kiểm tra có sẵn, không tắt được"),
            format!("`{check}` is a built-in check that cannot be switched off"),
        );
    }
    Message::new(
        format!(
            "`{check}` là phép kiểm tra có sẵn, không phải quy tắc của biểu; muốn tắt thì ghi `off = [\"{check}\"]` trong `[checks]` của đợt hoặc của biểu"
        ),
        format!(
            "`{check}` is a built-in check, no rule of the form; to switch it off write `off = [\"{check}\"]` in `[checks]` of the campaign or the form"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "b"
version = "1"
title = "B"
sheet = "B"
[layout]
rows = "free"
[[column]]
id = "ten"
label = "Tên"
key = true
[[column]]
id = "a"
label = "A"
type = "count"
[[rule]]
id = "tu-quy-3"
check = "a > 0"
since = "2025-Q3"
until = "2025-12"
[[rule]]
id = "luon-hoi"
check = "a < 10"
status = "beta"
"#;

    fn asked(period: Option<&str>) -> Vec<String> {
        let mut form = Form::parse("b.toml", FORM).unwrap();
        form.set_aside(period.map(|period| period.parse().unwrap()), &[]);
        assert_eq!(form.rules.len() + form.idle.len(), 2);
        form.rules.iter().map(|rule| rule.id.clone()).collect()
    }

    #[test]
    fn a_rule_is_asked_about_periods_that_lie_wholly_between_its_first_and_its_last() {
        assert_eq!(asked(Some("2025-06")), ["luon-hoi"]);
        assert_eq!(asked(Some("2025-07")), ["tu-quy-3", "luon-hoi"]);
        assert_eq!(asked(Some("2025-12")), ["tu-quy-3", "luon-hoi"]);
        assert_eq!(asked(Some("2026-01")), ["luon-hoi"]);
        // Half of it lies before the rule begins.
        assert_eq!(asked(Some("2025")), ["luon-hoi"]);
        assert_eq!(asked(None), ["luon-hoi"]);
    }

    #[test]
    fn a_rule_that_ends_before_it_begins_is_refused() {
        let text = FORM.replace("until = \"2025-12\"", "until = \"2025-06\"");
        let error = Form::parse("b.toml", &text).unwrap_err();
        assert!(error.message.vi.contains("`until`"), "{error}");
        assert!(error.place.is_some());
    }
}
