//! Facts as CSV: period,unit,form,row,column,value,text,file,sheet,cell.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::{HistoryError, broken};
use crate::model::{Fact, Message, Provenance, Value};

/// Columns of a file of facts, in order.
pub const COLUMNS: [&str; 10] = [
    "period", "unit", "form", "row", "column", "value", "text", "file", "sheet", "cell",
];

/// Writes facts as CSV in UTF-8. `value` holds figures (a dot before decimals), `text` the rest.
///
/// # Errors
/// The output cannot be written.
pub fn write_facts(facts: &[Fact], to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(COLUMNS)?;
    for fact in facts {
        writer.write_record(record(fact))?;
    }
    writer.flush()?;
    Ok(())
}

/// A fact as the ten fields of a record.
fn record(fact: &Fact) -> [String; 10] {
    let (value, text) = columns(&fact.value);
    let source = fact.source.as_ref();
    [
        fact.period
            .map_or(String::new(), |period| period.to_string()),
        guard(&fact.unit),
        guard(&fact.form),
        guard(&fact.row),
        guard(&fact.column),
        value,
        guard(&text),
        source.map_or(String::new(), |s| guard(&s.file)),
        source.map_or(String::new(), |s| guard(&s.sheet)),
        source.map_or(String::new(), |s| s.cell.to_string()),
    ]
}

/// A value as figure and text columns.
pub(super) fn columns(value: &Value) -> (String, String) {
    match value {
        Value::Number(number) => (number.normalize().to_string(), String::new()),
        Value::Date(date) => (String::new(), date.to_string()),
        other => (String::new(), other.to_string()),
    }
}

/// Text from a workbook must not become a formula when somebody opens the CSV in Excel.
pub fn guard(text: &str) -> String {
    match is_guarded(text) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// Could it be taken for a formula, now or once quotes before it are taken away?
fn is_guarded(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    // Excel takes the wide forms of keyboards for East Asian letters too.
    bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Text as it was before [`guard`].
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_guarded(rest) => rest,
        _ => text,
    }
}

/// Reads back what [`write_facts`] wrote.
///
/// # Errors
/// The file cannot be read, or a line of it is no fact.
pub(super) fn read_facts(path: &Path) -> Result<Vec<Fact>, HistoryError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| broken(path, &error))?;
    let headers = reader
        .headers()
        .map_err(|error| broken(path, &error))?
        .clone();
    if headers
        .iter()
        .map(|h| h.trim_start_matches('\u{feff}'))
        .ne(COLUMNS)
    {
        let wanted = COLUMNS.join(",");
        return Err(HistoryError {
            file: path.to_owned(),
            line: Some(1),
            message: Message::new(
                format!("dòng đầu phải là đúng như sau, các cột cách nhau bằng dấu phẩy: {wanted}"),
                format!("the first line must be, with commas: {wanted}"),
            ),
        });
    }
    let mut facts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(path, &error))?;
        let line = record.position().map(csv::Position::line);
        facts.push(parse(&record).map_err(|message| HistoryError {
            file: path.to_owned(),
            line,
            message,
        })?);
    }
    Ok(facts)
}

fn parse(record: &csv::StringRecord) -> Result<Fact, Message> {
    let field = |i: usize| unguard(record.get(i).unwrap_or_default().trim());
    let arc = |i: usize| Arc::<str>::from(field(i));
    let period = Some(field(0).parse().map_err(|en: String| {
        let vi = format!("`period` là «{}», phải là kỳ như 2025-09", field(0));
        Message::new(vi, en)
    })?);
    let value = match (field(5), field(6)) {
        ("", "") => {
            return Err(Message::new(
                "cả `value` và `text` đều trống; ô trống thì bỏ hẳn dòng này",
                "both `value` and `text` are blank; a blank cell has no line",
            ));
        }
        ("", text) => Value::Text(text.to_owned()),
        (figure, _) => Value::Number(figure.parse().map_err(|_| {
            Message::new(
                format!("`value` là «{figure}», phải là số như 3259 hoặc 53.22"),
                format!("`value` is `{figure}`; write 3259 or 53.22"),
            )
        })?),
    };
    let source = match field(9).parse() {
        Ok(cell) => Some(Provenance {
            file: arc(7),
            sheet: arc(8),
            cell,
        }),
        Err(_) => None,
    };
    Ok(Fact {
        period,
        unit: arc(1),
        form: arc(2),
        row: arc(3),
        column: arc(4),
        value,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_a_formula() {
        assert_eq!(
            guard("=HYPERLINK(\"http://x\")"),
            "'=HYPERLINK(\"http://x\")"
        );
        assert_eq!(unguard(&guard("-5 xã")), "-5 xã");
        assert_eq!(guard("Hộ tịch"), "Hộ tịch");
    }
}
