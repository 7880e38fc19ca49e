//! Is a form that has been laid out still the same form? Two form texts compared by what they say.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::{Table, Value};

use super::finish::SheetForm;
use super::lay::{Laid, LaidSheet, Shown};
use super::read::{Sheets, written};
use super::told::Mistake;
use crate::model::CellAddress;
use crate::workbook::{Cell, Content, Sheet};

/// Where two form texts say different things, as paths; none if they say the same. `None` if one of
/// them is no TOML.
pub fn differences(one: &str, other: &str) -> Option<Vec<String>> {
    let [one, other] = [one, other].map(|text| toml::from_str::<Table>(text).ok());
    let mut found = BTreeSet::new();
    compare("", &Value::Table(one?), &Value::Table(other?), &mut found);
    Some(found.into_iter().collect())
}

/// What a workbook does not say as `text`, when it was read back as `back` with `mistakes`; nothing
/// if it says the same.
pub fn lost(text: &str, back: &str, mistakes: &[Mistake]) -> Vec<String> {
    let told = mistakes.iter().map(|mistake| mistake.message.vi.clone());
    let unlike = differences(text, back).unwrap_or_else(|| vec![UNREADABLE.to_owned()]);
    told.chain(unlike).collect()
}

/// What is lost of a workbook that cannot be read back at all.
pub const UNREADABLE: &str = "tệp Excel vừa viết không đọc lại được";

fn compare(path: &str, one: &Value, other: &Value, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Table(one), Value::Table(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let path = format!("{path}.{key}");
                match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => compare(&path, one, other, found),
                    _ => {
                        found.insert(path);
                    }
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}.{index}"), one, other, found);
            }
        }
        _ if same(path, one, other) => {}
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// Do two values say the same? Numbers by their size, labels of one part by that part, expressions
/// without their spaces.
fn same(path: &str, one: &Value, other: &Value) -> bool {
    let key = path.rsplit('.').next().unwrap_or_default();
    match (one, other) {
        (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
            number(one) == number(other)
        }
        (Value::String(one), Value::String(other)) => {
            let expression = ["check", "when", "numerator", "denominator"].contains(&key);
            one == other || expression && without_spaces(one) == without_spaces(other)
        }
        (Value::String(text), Value::Array(parts)) | (Value::Array(parts), Value::String(text)) => {
            key == "label" && parts.len() == 1 && parts[0].as_str() == Some(text)
        }
        _ => one == other,
    }
}

/// An expression without the spaces that say nothing: those outside quotation marks.
fn without_spaces(expression: &str) -> String {
    let mut parts = expression.split('"').enumerate();
    let kept = parts.by_ref().map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().collect::<String>(),
        _ => part.to_owned(),
    });
    kept.collect::<Vec<_>>().join("\"")
}

fn number(value: &Value) -> Option<crate::model::Number> {
    value
        .to_string()
        .parse::<crate::model::Number>()
        .ok()
        .map(|number| number.normalize())
}

/// The form that is read back from laid sheets, without writing them.
pub fn read_back(laid: &Laid) -> SheetForm {
    let [fields, rules, examples] = [&laid.fields, &laid.rules, &laid.examples].map(sheet);
    let sheets = Sheets {
        fields: Some(&fields),
        rules: Some(&rules),
        examples: (!laid.examples.lines.is_empty()).then_some(&examples),
    };
    written("", &sheets, &fields)
}

/// A laid sheet as a reader sees it.
fn sheet(laid: &LaidSheet) -> Sheet {
    let mut sheet = Sheet::new(laid.name);
    let mut put = |row: usize, column: usize, content: Content| {
        if let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) {
            let cell = Cell {
                content,
                formula: None,
                style: None,
            };
            sheet.cells.insert(CellAddress::new(row, column), cell);
        }
    };
    for (column, key) in laid.keys.iter().enumerate() {
        put(0, column, Content::Text(Arc::from(key.heading)));
    }
    for (row, line) in laid.lines.iter().enumerate() {
        for (heading, shown) in line {
            let column = laid.keys.iter().position(|key| key.heading == *heading);
            let content = match shown {
                Shown::Text(text) => Content::Text(Arc::from(text.as_str())),
                Shown::Number(number) => Content::Number(*number),
                Shown::Flag(flag) => Content::Bool(*flag),
                Shown::Day(day) => Content::Date(day.and_time(chrono::NaiveTime::MIN)),
            };
            if let Some(column) = column {
                put(row + 1, column, content);
            }
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::lay::lay;
    use super::*;
    use crate::schema::builtin;

    /// What is lost or changed on the way into sheets and back.
    fn lost(text: &str) -> Vec<String> {
        let laid = lay(text).unwrap();
        let back = read_back(&laid);
        let told = back
            .mistakes
            .iter()
            .map(|one| format!("{:?} {}", one.place, one.message.vi));
        let mut told: Vec<String> = told.collect();
        told.extend(differences(text, &back.toml).unwrap());
        told
    }

    #[test]
    fn forms_that_are_built_in_survive_the_way_into_sheets_and_back() {
        for id in builtin::ids() {
            let text = builtin::text(id).unwrap();
            assert_eq!(lost(text), Vec::<String>::new(), "{id}");
        }
    }

    #[test]
    fn what_differs_is_named_by_its_path() {
        let one = "a = 1\nlabel = \"x\"\n[[rule]]\ncheck = \"a=b\"\n[[rule]]\ncheck = \"a = c\"";
        let other =
            "a = 1.0\nlabel = [\"x\"]\n[[rule]]\ncheck = \"a = b\"\n[[rule]]\ncheck = \"a <= c\"";
        assert_eq!(
            differences(one, other),
            Some(vec![".rule.1.check".to_owned()])
        );
    }
}
