//! A figure of the report as a template sees it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::Value;
use minijinja::value::{Object, ValueKind};

use crate::consolidate::Figure;
use crate::model::Number;
use crate::model::value::{exact_f64, format_number, number_from_f64};

/// A figure, what it was in the closed previous period, and whether the text shows it.
#[derive(Debug)]
pub(super) struct ShownFigure {
    pub figure: Figure,
    /// The same figure of the period before; `None` if the archive does not have that period. It
    /// has no value where the archive has the period but not this figure.
    pub before: Option<Figure>,
    /// Has the text used it?
    pub used: AtomicBool,
}

impl ShownFigure {
    /// Does it lack units, or have no value at all?
    pub fn is_provisional(&self) -> bool {
        !self.figure.lacking.is_empty() || self.figure.value.is_none()
    }

    /// What is printed behind a figure that is not final.
    pub fn mark(&self) -> &'static str {
        self.used.store(true, Ordering::Relaxed);
        match (&self.figure.value, self.figure.lacking.is_empty()) {
            (Some(_), true) => "",
            (Some(_), false) => " (tạm tính)",
            (None, _) => "",
        }
    }

    /// `text` with its mark; a figure that is not there says so.
    pub fn marked(&self, text: &str) -> String {
        match self.figure.value {
            Some(_) => format!("{text}{}", self.mark()),
            None => {
                self.used.store(true, Ordering::Relaxed);
                "(chưa có số liệu)".to_owned()
            }
        }
    }

    /// What it was in the period before, if that is known and a number.
    pub fn previous(&self) -> Option<Number> {
        self.before.as_ref()?.number()
    }

    /// Words that compare it with the period before, with its mark and that of the period before.
    pub fn compared(&self, text: &str) -> String {
        let before = self.before.as_ref();
        let mark = match before.is_some_and(|before| !before.lacking.is_empty()) {
            true => " (số kỳ trước tạm tính)",
            false => "",
        };
        format!("{}{mark}", self.marked(text))
    }

    /// The figure, if it is a number.
    pub fn number(&self) -> Option<Number> {
        self.figure.number()
    }
}

/// A number for comparing and computing in a template; exact for whole numbers.
pub(super) fn template_number(number: Number) -> Value {
    let number = number.normalize();
    if number.scale() == 0
        && let Ok(whole) = i64::try_from(number)
    {
        return Value::from(whole);
    }
    exact_f64(number).map_or(Value::UNDEFINED, Value::from)
}

impl Object for ShownFigure {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let figure = &self.figure;
        Some(match key.as_str()? {
            "gia_tri" => {
                self.used.store(true, Ordering::Relaxed);
                match (self.number(), &figure.value) {
                    (Some(number), _) => template_number(number),
                    (None, Some(text)) => Value::from(text.to_string()),
                    (None, None) => return None,
                }
            }
            "ky_truoc" => template_number(self.previous()?),
            "chenh_lech" => template_number(self.number()?.checked_sub(self.previous()?)?),
            "co_so" => Value::from(figure.value.is_some()),
            "co_ky_truoc" => Value::from(self.previous().is_some() && self.number().is_some()),
            "tam_tinh" => Value::from(self.is_provisional()),
            "nhan" => Value::from(figure.label.as_str()),
            "don_vi_tinh" => Value::from(figure.unit.as_deref().unwrap_or_default()),
            _ => return None,
        })
    }

    /// `{% if A01 %}`: is it there and not 0?
    fn is_true(self: &Arc<Self>) -> bool {
        match (self.number(), &self.figure.value) {
            (Some(number), _) => !number.is_zero(),
            (None, value) => value.is_some(),
        }
    }

    /// As a report prints it: 3.259, 53,22, words.
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.marked(&self.figure.text()))
    }
}

/// The figure behind a template's value, if it is one.
pub(super) fn of(value: &Value) -> Option<Arc<ShownFigure>> {
    value.downcast_object::<ShownFigure>()
}

/// A number as words and signs of a report: 3.259.
pub(super) fn printed(number: Number) -> String {
    format_number(number)
}

/// A number computed in the template, printed the Vietnamese way.
pub(super) fn plain_number(value: &Value) -> Option<Number> {
    if value.kind() != ValueKind::Number {
        return None;
    }
    match i64::try_from(value.clone()) {
        Ok(whole) if value.is_integer() => Some(whole.into()),
        _ => number_from_f64(f64::try_from(value.clone()).ok()?),
    }
}
