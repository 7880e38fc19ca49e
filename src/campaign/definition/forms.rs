//! The form files of a campaign, and older versions of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::form_text::{FormText, is_form_file};
use super::placed::at;
use crate::campaign::error::ToolError;
use crate::model::{Message, Severity};
use crate::roster::Roster;
use crate::schema::campaign::{CampaignFile, CampaignForm};
use crate::schema::hints::Hint;
use crate::schema::lint::lifecycle;
use crate::schema::source::Source;
use crate::schema::{Form, Forms, SchemaError, builtin, hints, lint};

/// Loads the forms a campaign names.
///
/// # Errors
/// A form file cannot be read or is wrong.
pub(super) fn load(
    source: &Source<'_>,
    folder: &Path,
    file: &CampaignFile,
) -> Result<Vec<Arc<Form>>, ToolError> {
    let mut forms: Vec<Arc<Form>> = Vec::new();
    let mut texts = Vec::new();
    for asked in &file.forms {
        let text = form_text(source, folder, asked)?;
        let name = &text.name;
        let mut form = text.form()?;
        form.set_aside(Some(file.period), &file.off);
        form.campaign_checks = file.checks.clone();
        if form.id() != asked.id.get_ref() {
            return Err(at(
                source,
                &asked.id,
                Message::new(
                    format!(
                        "tệp {name} khai mã biểu `{}`, không phải `{}`",
                        form.id(),
                        asked.id.get_ref()
                    ),
                    format!(
                        "{name} declares form `{}`, not `{}`",
                        form.id(),
                        asked.id.get_ref()
                    ),
                ),
            )
            .into());
        }
        if forms.iter().any(|other| other.id() == form.id()) {
            return Err(at(
                source,
                &asked.id,
                Message::new(
                    format!("biểu `{}` khai hai lần", form.id()),
                    format!("form `{}` is listed twice", form.id()),
                ),
            )
            .into());
        }
        forms.push(Arc::new(form));
        texts.push(text);
    }
    let by_id: Forms = forms
        .iter()
        .map(|form| (form.id().to_owned(), form.clone()))
        .collect();
    for (form, text) in forms.iter().zip(&texts) {
        let at_cell = |error| text.at_cell(error);
        lint::cross_form(form, &text.text, &by_id).map_err(at_cell)?;
        check_row_kinds(form, &text.text, file).map_err(at_cell)?;
    }
    lint::checks::switches(source, &file.checks)?;
    lifecycle::check_off(source, &file.off, &forms)?;
    Ok(forms)
}

/// Older versions of the campaign's forms: files of `schemas/`, whatever they are called, that
/// declare the id of one of its forms and another version.
///
/// # Errors
/// A form file of the folder cannot be read or is wrong.
pub(super) fn load_older(
    folder: &Path,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<Vec<Arc<Form>>, ToolError> {
    let schemas = folder.join("schemas");
    if !schemas.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&schemas).map_err(ToolError::io(&schemas))? {
        let path = entry.map_err(ToolError::io(&schemas))?.path();
        if is_form_file(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    let mut older: Vec<Arc<Form>> = Vec::new();
    let texts = paths.iter().map(|path| FormText::all(path));
    for text in texts.collect::<Result<Vec<_>, _>>()?.iter().flatten() {
        let mut form = text.form()?;
        form.set_aside(Some(file.period), &file.off);
        form.campaign_checks = file.checks.clone();
        let current = forms.iter().find(|current| current.id() == form.id());
        if current.is_some_and(|current| current.file.version != form.file.version) {
            older.push(Arc::new(form));
        }
    }
    Ok(older)
}

/// The text of a form file: the path given, `schemas/<id>.toml` or `.xlsx` of the campaign, or the
/// built-in.
fn form_text(
    source: &Source<'_>,
    folder: &Path,
    asked: &CampaignForm,
) -> Result<FormText, ToolError> {
    let id = asked.id.get_ref();
    let path = match &asked.path {
        Some(path) => Some(folder.join(path)),
        None => own_file(source, folder, asked)?,
    };
    let built_in = || FormText::built_in(id);
    if let Some(path) = path.as_ref().filter(|path| !path.exists()) {
        let path = path.display();
        let message = Message::new(
            format!("không có tệp {path}; kiểm tra lại tên tệp của biểu `{id}`"),
            format!("there is no file {path}; check the name of the file of form `{id}`"),
        );
        return Err(at(source, &asked.id, message).about("path").into());
    }
    let text = match &path {
        Some(path) => FormText::of_id(FormText::named(path)?, id),
        None => built_in(),
    };
    if let Some(text) = text {
        return Ok(text);
    }
    let message = match path {
        Some(path) => {
            let name = path.display();
            Message::new(
                format!("tệp {name} không có biểu `{id}`"),
                format!("{name} has no form `{id}`"),
            )
        }
        None => {
            let hint = lint::suggestion(id, &builtin::ids());
            Message::new(
                format!(
                    "không có biểu mẫu `{id}`: không thấy schemas/{id}.toml hay schemas/{id}.xlsx trong đợt và không có sẵn trong chương trình{}",
                    hint.vi
                ),
                format!(
                    "no form `{id}`: neither schemas/{id}.toml nor schemas/{id}.xlsx nor a built-in form{}",
                    hint.en
                ),
            )
        }
    };
    Err(at(source, &asked.id, message).into())
}

/// The form file of an id in the campaign's own folder of forms.
fn own_file(
    source: &Source<'_>,
    folder: &Path,
    asked: &CampaignForm,
) -> Result<Option<PathBuf>, ToolError> {
    let id = asked.id.get_ref();
    let own = ["toml", "xlsx"].map(|ending| folder.join("schemas").join(format!("{id}.{ending}")));
    let mut there = own.into_iter().filter(|path| path.is_file());
    match (there.next(), there.next()) {
        (Some(_), Some(_)) => Err(at(
            source,
            &asked.id,
            Message::new(
                format!(
                    "có cả schemas/{id}.toml và schemas/{id}.xlsx; xóa bớt một, hoặc ghi tệp cần dùng ở `path`"
                ),
                format!("there are both schemas/{id}.toml and schemas/{id}.xlsx; remove one, or name one as `path`"),
            ),
        )
        .into()),
        (one, _) => Ok(one),
    }
}

/// Rows must not name kinds of unit that no unit is of.
fn check_row_kinds(form: &Form, text: &str, file: &CampaignFile) -> Result<(), SchemaError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    refuse_first(form, text, hints::kinds(form, &known))
}

/// Units that rows and rules of a form name must be in the roster: nobody would fill such a row.
///
/// # Errors
/// A row or rule names a code that no unit has.
pub(super) fn check_named_units(
    source: &Source<'_>,
    folder: &Path,
    file: &CampaignFile,
    forms: &[Arc<Form>],
    roster: &Roster,
) -> Result<(), ToolError> {
    let units = roster.units.iter();
    let known: Vec<(&str, &str)> = units
        .map(|unit| (unit.code.as_str(), unit.name.as_str()))
        .collect();
    for (asked, form) in file.forms.iter().zip(forms) {
        let wrong = hints::unit_codes(form, &known);
        if !wrong.is_empty() {
            let text = form_text(source, folder, asked)?;
            refuse_first(form, &text.text, wrong).map_err(|error| text.at_cell(error))?;
        }
    }
    Ok(())
}

/// Refuses a form for the first error among what is doubtful in it.
fn refuse_first(form: &Form, text: &str, hints: Vec<Hint>) -> Result<(), SchemaError> {
    let source = Source {
        name: &form.source,
        text,
    };
    let mut hints = hints.into_iter();
    match hints.find(|hint| hint.severity == Severity::Error) {
        Some(wrong) => Err(source.error(wrong.span, wrong.message)),
        None => Ok(()),
    }
}
