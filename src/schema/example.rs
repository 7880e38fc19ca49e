//! The values that a form's own examples hold, as a cell would hold them.

use crate::model::{Number, Value};

/// A value written in an example; `None` for what no cell can hold.
pub fn value(written: &toml::Value) -> Option<Value> {
    Some(match written {
        toml::Value::Integer(number) => Value::Number((*number).into()),
        toml::Value::Float(number) => Value::Number(number.to_string().parse::<Number>().ok()?),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        toml::Value::String(text) if text == "x" => Value::Flag(true),
        toml::Value::String(text) => Value::Text(text.clone()),
        toml::Value::Datetime(date) => Value::Date(date.to_string().get(..10)?.parse().ok()?),
        toml::Value::Array(_) | toml::Value::Table(_) => return None,
    })
}
