//! The form's own examples: their values as typed cell values, and a check that every name and
//! value in them is possible in the form.

use toml::Spanned;

use crate::model::{Message, Number, Value};
use crate::schema::checked::Form;
use crate::schema::field::Field;
use crate::schema::file::FieldType;
use crate::schema::rule_text::Example;
use crate::schema::source::{SchemaError, Source, suggestion};

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

/// Refuses names that are none, and values that their cell cannot hold.
///
/// # Errors
/// The first such name or value, with its place in the file.
pub fn lint(source: &Source<'_>, form: &Form) -> Result<(), SchemaError> {
    for example in &form.file.examples {
        let look = Look {
            source,
            form,
            example,
        };
        look.figures()?;
        look.rules()?;
    }
    Ok(())
}

struct Look<'a> {
    source: &'a Source<'a>,
    form: &'a Form,
    example: &'a Example,
}

impl Look<'_> {
    fn figures(&self) -> Result<(), SchemaError> {
        let (form, example) = (self.form, self.example);
        let wrong_key = match form.is_free() {
            true => example.cells.keys().next(),
            false => example.rows.iter().flat_map(|row| row.keys()).next(),
        };
        if let Some(name) = wrong_key {
            return Err(self.wrong_layout(name));
        }
        for (name, value) in &example.cells {
            self.cell(name, value)?;
        }
        for (name, value) in example.rows.iter().flatten() {
            let column = form.column(name.get_ref());
            match column.and_then(|column| form.field(None, column)) {
                Some(field) => self.fits(name, value, field)?,
                None => return Err(self.unknown(name, &columns(form))),
            }
        }
        let closed = [
            &example.previous,
            &example.year_before,
            &example.year_to_date,
        ];
        for (name, value) in closed.into_iter().flatten() {
            self.cell(name, value)?;
        }
        Ok(())
    }

    /// `row.column`; rows of a free-row form are whatever the unit calls them.
    fn cell(&self, name: &Spanned<String>, value: &toml::Value) -> Result<(), SchemaError> {
        let form = self.form;
        let field = name.get_ref().rsplit_once('.').and_then(|(row, column)| {
            let row = match form.is_free() {
                true => None,
                false => Some(form.row(row)?),
            };
            form.field(row, form.column(column)?)
        });
        match field {
            Some(field) => self.fits(name, value, field),
            None => Err(self.unknown(name, &cells(form, name.get_ref()))),
        }
    }

    fn fits(
        &self,
        name: &Spanned<String>,
        written: &toml::Value,
        field: &Field,
    ) -> Result<(), SchemaError> {
        let fits = match (value(written), field.kind) {
            (Some(Value::Number(_)), kind) => kind.is_numeric(),
            (Some(Value::Flag(_)), kind) => kind == FieldType::Flag,
            (Some(Value::Date(_)), kind) => kind == FieldType::Date,
            (Some(Value::Text(_)), FieldType::Text | FieldType::Code) => true,
            (Some(Value::Text(text)), FieldType::Choice) => field.choices.contains(&text),
            (Some(Value::Text(_)) | None, _) => false,
        };
        if fits {
            return Ok(());
        }
        let name = (name.get_ref(), name.span());
        let (vi, en) = match field.kind {
            FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => (
                "một số, ví dụ 12".to_owned(),
                "a figure, such as 12".to_owned(),
            ),
            FieldType::Flag => ("true hoặc false".to_owned(), "true or false".to_owned()),
            FieldType::Date => (
                "ngày không có dấu nháy, ví dụ 2025-09-30".to_owned(),
                "a day without quotes, such as 2025-09-30".to_owned(),
            ),
            FieldType::Text | FieldType::Code => (
                "chữ trong dấu nháy".to_owned(),
                "words in quotes".to_owned(),
            ),
            FieldType::Choice => {
                let choices = field.choices.join("», «");
                (format!("«{choices}»"), format!("«{choices}»"))
            }
        };
        Err(self.error(
            name.1,
            Message::new(
                format!("`{}` không thể là {written}; phải là {vi}", name.0),
                format!("`{}` cannot be {written}; it should be {en}", name.0),
            ),
        ))
    }

    fn rules(&self) -> Result<(), SchemaError> {
        let rules = self.form.rules.iter();
        let known: Vec<&str> = rules.map(|rule| &*rule.id).collect();
        let mut breaks = self.example.breaks.iter();
        match breaks.find(|rule| !known.contains(&rule.get_ref().as_str())) {
            None => Ok(()),
            Some(rule) => {
                let near = suggestion(rule.get_ref(), &known);
                let rule = (rule.get_ref(), rule.span());
                Err(self.error(
                    rule.1,
                    Message::new(
                        format!("không có quy tắc `{}`{}", rule.0, near.vi),
                        format!("there is no rule `{}`{}", rule.0, near.en),
                    ),
                ))
            }
        }
    }

    fn unknown(&self, name: &Spanned<String>, known: &[String]) -> SchemaError {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = suggestion(name.get_ref(), &known);
        let text = name.get_ref();
        self.error(
            name.span(),
            Message::new(
                format!("biểu không có ô, cột nào tên `{text}`{}", near.vi),
                format!("the form has no cell or column `{text}`{}", near.en),
            ),
        )
    }

    fn wrong_layout(&self, name: &Spanned<String>) -> SchemaError {
        let message = match self.form.is_free() {
            true => Message::new(
                "biểu có dòng tự thêm viết ví dụ bằng `rows = [{ cột = số }]`, không bằng `cells`",
                "a free-row form writes examples as `rows = [{ column = figure }]`, not `cells`",
            ),
            false => Message::new(
                "biểu có dòng cố định viết ví dụ bằng `cells = { \"dòng.cột\" = số }`, không bằng `rows`",
                "a fixed-row form writes examples as `cells = { \"row.column\" = figure }`, not `rows`",
            ),
        };
        self.error(name.span(), message)
    }

    fn error(&self, span: std::ops::Range<usize>, message: Message) -> SchemaError {
        let name = self.example.name.get_ref();
        let message = Message::new(
            format!("ví dụ «{name}»: {}", message.vi),
            format!("example «{name}»: {}", message.en),
        );
        self.source.error(Some(span), message)
    }
}

fn columns(form: &Form) -> Vec<String> {
    let ids = form.file.columns.iter();
    ids.map(|column| column.id.get_ref().clone()).collect()
}

/// The cells a name may have meant: all of a fixed-row form, the named row's of a free-row one.
fn cells(form: &Form, written: &str) -> Vec<String> {
    let free = written.rsplit_once('.').map_or("dòng", |(row, _)| row);
    let rows: Vec<&str> = match form.is_free() {
        true => vec![free],
        false => form
            .file
            .rows
            .iter()
            .map(|row| &**row.id.get_ref())
            .collect(),
    };
    let columns = columns(form);
    let named = |row: &&str| {
        columns
            .iter()
            .map(|c| format!("{row}.{c}"))
            .collect::<Vec<_>>()
    };
    rows.iter().flat_map(named).collect()
}
