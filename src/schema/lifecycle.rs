//! When a rule is asked: from a period on, up to a period, on trial, or switched off for one
//! campaign by name and with a reason.

use schemars::JsonSchema;
use serde::Deserialize;

use super::campaign::RuleOff;
use super::lint::suggestion;
use super::load::{Form, Rule, SchemaError, Source};
use crate::model::{Message, Period};

/// How far a rule is to be trusted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleStatus {
    /// In force.
    #[default]
    Active,
    /// On trial: asked and told, never counted against anybody.
    Beta,
}

/// Why a rule of a form is not asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Idle {
    /// The period does not lie wholly behind the first period of the rule.
    NotYet(Period),
    /// The period reaches beyond the last period of the rule.
    Over(Period),
    /// The rule has a first or last period, and the period of the figures is not known.
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
                "chỉ áp dụng cho một số kỳ, mà không rõ kỳ của số liệu",
                "in force for some periods only, and the period is not known",
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
    /// Why the rule says nothing about a period; `None` if it does. A period counts as covered
    /// only if all of it lies between the first and the last period of the rule.
    pub fn idle_in(&self, period: Option<Period>) -> Option<Idle> {
        if self.since.is_none() && self.until.is_none() {
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
    /// Sets the rules aside that are not asked about `period`: templates, checks and formulas see
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
                None => self.rules.push(rule),
            }
        }
    }
}

/// Checks that what a campaign switches off exists: each names a form of it and a rule of that.
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
            .rules
            .iter()
            .chain(idle)
            .map(|rule| rule.id.as_str())
            .collect();
        let rule = off.rule.get_ref();
        if !known.contains(&rule.as_str()) {
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
