//! What a form file must satisfy before its expressions are read: ids, keys, types.

use std::collections::HashMap;

use toml::Spanned;

use crate::model::Message;
use crate::schema::field::MAX_DECIMALS;
use crate::schema::file::{FieldType, FormFile, Indicator, RowKind};
use crate::schema::source::{SchemaError, Source, suggestion};

/// Checks ids, keys, types: everything that needs no expression.
///
/// # Errors
/// The first mistake, with its place in the file.
pub fn lint(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
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
    for column in &file.columns {
        not_of_columns(source, column)?;
    }
    rows_and_keys(source, file)?;
    further_keys(source, file)
}

/// Columns that tell rows of one name apart hold words, which are the same however they are typed.
fn further_keys(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
    let further = file.columns.iter().filter(|column| column.key).skip(1);
    for column in further {
        let kind = column.kind.or(file.defaults.kind);
        let is_words = |kind| matches!(kind, FieldType::Text | FieldType::Choice | FieldType::Code);
        if kind.is_some_and(|kind| !is_words(kind)) {
            let id = column.id.get_ref();
            return Err(source.error(
                Some(column.id.span()),
                Message::new(
                    format!(
                        "cột `{id}`: cột `key = true` thứ hai trở đi phải là chữ (`type = \"text\"`, `\"choice\"` hoặc `\"code\"`)"
                    ),
                    format!(
                        "column `{id}`: a further `key = true` column must be of words (`type = \"text\"`, `\"choice\"` or `\"code\"`)"
                    ),
                ),
            ));
        }
    }
    Ok(())
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
    if indicator.numerator.is_some() && !indicator.kind.is_some_and(FieldType::is_ratio) {
        return complain(
            &format!(
                "`{id}`: chỉ `type = \"percent\"` và `type = \"ratio\"` mới có `numerator`, `denominator`"
            ),
            &format!(
                "`{id}`: only `type = \"percent\"` and `type = \"ratio\"` have `numerator` and `denominator`"
            ),
        );
    }
    if indicator.per.is_some() && indicator.kind != Some(FieldType::Ratio) {
        return complain(
            &format!(
                "`{id}`: chỉ `type = \"ratio\"` mới có `per`; `type = \"percent\"` luôn tính trên 100"
            ),
            &format!("`{id}`: only `type = \"ratio\"` has `per`; a percentage is always per 100"),
        );
    }
    if indicator.fewer_decimals.is_some() && !indicator.kind.is_some_and(FieldType::is_ratio) {
        return complain(
            &format!(
                "`{id}`: chỉ `type = \"percent\"` và `type = \"ratio\"` mới có `fewer_decimals`"
            ),
            &format!(
                "`{id}`: only `type = \"percent\"` and `type = \"ratio\"` have `fewer_decimals`"
            ),
        );
    }
    if indicator.any_decimals && indicator.kind.is_some_and(|kind| kind != FieldType::Amount) {
        return complain(
            &format!("`{id}`: chỉ `type = \"amount\"` mới có `any_decimals`"),
            &format!("`{id}`: only `type = \"amount\"` has `any_decimals`"),
        );
    }
    if indicator.per == Some(0) {
        return complain(
            &format!("`{id}`: `per` phải từ 1 trở lên, ví dụ 1000 là tính trên 1.000"),
            &format!("`{id}`: `per` is at least 1; 1000 means per 1000 of the denominator"),
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

/// Only rows are filled by some units and not by others.
fn not_of_columns(source: &Source<'_>, column: &Indicator) -> Result<(), SchemaError> {
    if column.kinds.is_none() && column.units.is_none() {
        return Ok(());
    }
    let id = column.id.get_ref();
    Err(source.error(
        Some(column.id.span()),
        Message::new(
            format!(
                "cột `{id}`: `kinds`, `units` chỉ khai ở dòng, ở quy tắc, hoặc ở `[[form]]` của campaign.toml; mọi đơn vị điền cùng các cột"
            ),
            format!(
                "column `{id}`: `kinds` and `units` belong to rows, rules and the `[[form]]` of campaign.toml; every unit fills the same columns"
            ),
        ),
    ))
}

/// A ratio without its operands: nothing says what its figure for several units is.
pub fn no_operands(source: &Source<'_>, indicator: &Indicator) -> SchemaError {
    let id = indicator.id.get_ref();
    source.error(
        Some(indicator.id.span()),
        Message::new(
            format!("`{id}`: `type = \"ratio\"` phải có `numerator` và `denominator`"),
            format!("`{id}`: `type = \"ratio\"` needs `numerator` and `denominator`"),
        ),
    )
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
        RowKind::Free if keys == 0 => Some((
            "biểu có dòng tự thêm (`rows = \"free\"`) cần một cột `key = true` đặt tên dòng",
            "a free-row form needs a column with `key = true` that names the rows",
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
