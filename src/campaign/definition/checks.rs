//! Checks of `campaign.toml` against forms and roster.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::placed::at;
use crate::campaign::error::ToolError;
use crate::model::Message;
use crate::roster::Roster;
use crate::schema::campaign::{AppendixText, CampaignFile};
use crate::schema::expression::Expr;
use crate::schema::source::Source;
use crate::schema::{Form, lint};

/// Kinds of units that are named exist.
///
/// # Errors
/// A form or setting names a kind of unit that the roster does not have.
pub(super) fn check_kinds(source: &Source<'_>, file: &CampaignFile) -> Result<(), ToolError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    for form in &file.forms {
        let kinds = form.kinds.iter().flatten().map(String::as_str);
        let unknown: Vec<&str> = kinds.filter(|kind| !known.contains(kind)).collect();
        if !unknown.is_empty() {
            let (kinds, hint) = lint::unknown_names(&unknown, &known);
            return Err(at(
                source,
                &form.id,
                Message::new(
                    format!(
                        "biểu `{}`: không có loại đơn vị {kinds}{}",
                        form.id.get_ref(),
                        hint.vi
                    ),
                    format!(
                        "form `{}`: no kind of unit {kinds}{}",
                        form.id.get_ref(),
                        hint.en
                    ),
                ),
            )
            .about("kinds")
            .into());
        }
    }
    Ok(())
}

/// Kinds in the roster and units named by forms must exist on both sides.
///
/// # Errors
/// A kind or a unit is named on one side only.
pub(super) fn check_roster(
    source: &Source<'_>,
    path: &Path,
    file: &CampaignFile,
    roster: &Roster,
) -> Result<(), ToolError> {
    let known: Vec<&str> = file.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let own = source.file_name();
    let unknown = roster.units.iter();
    let unknown = unknown.filter(|unit| !known.contains(&unit.kind.as_str()));
    let told = unknown.map(|unit| {
        let (code, kind) = (&unit.code, &unit.kind);
        let hint = lint::suggestion(kind, &known);
        Message::new(
            format!(
                "{}: đơn vị {code} có loại `{kind}` không khai trong {own}{}",
                path.display(),
                hint.vi
            ),
            format!(
                "{}: unit {code} is of kind `{kind}`, which {own} does not declare{}",
                path.display(),
                hint.en
            ),
        )
    });
    let told: Vec<Message> = told.collect();
    if !told.is_empty() {
        let side = |of: fn(&Message) -> &str| told.iter().map(of).collect::<Vec<_>>().join("\n");
        return Err(ToolError::Other(Message::new(
            side(|one| &one.vi),
            side(|one| &one.en),
        )));
    }
    for form in &file.forms {
        let named = form.units.iter().flatten().map(String::as_str);
        let unknown: Vec<&str> = named
            .filter(|code| roster.by_code(code).is_none())
            .collect();
        if !unknown.is_empty() {
            let codes: Vec<&str> = roster.units.iter().map(|unit| unit.code.as_str()).collect();
            let (codes, hint) = lint::unknown_names(&unknown, &codes);
            let id = form.id.get_ref();
            return Err(at(
                source,
                &form.id,
                Message::new(
                    format!(
                        "biểu `{id}`: không có đơn vị mã {codes} trong danh sách{}",
                        hint.vi
                    ),
                    format!("form `{id}`: no unit {codes} in the roster{}", hint.en),
                ),
            )
            .about("units")
            .into());
        }
    }
    Ok(())
}

/// Parses the expressions of the figures of a campaign.
///
/// # Errors
/// An expression of a figure does not parse, or names what no form has.
pub(super) fn load_figures(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<Vec<Expr>, ToolError> {
    let mut parsed = Vec::new();
    for (i, figure) in file.figures.iter().enumerate() {
        if file.figures[..i].iter().any(|other| other.id == figure.id) {
            return Err(at(
                source,
                &figure.value,
                Message::new(
                    format!("số liệu `{}` khai hai lần", figure.id),
                    format!("figure `{}` is declared twice", figure.id),
                ),
            )
            .about("id")
            .into());
        }
        let expr = source.expression(&figure.value)?;
        refuse_period(source, &figure.value, &expr)?;
        lint::figure_names(source, forms, None, &figure.value, &expr)?;
        parsed.push(expr);
    }
    Ok(parsed)
}

/// Every name in the appendices is one of the campaign.
///
/// # Errors
/// An appendix names what no form has.
pub(super) fn check_appendices(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<(), ToolError> {
    for appendix in &file.appendices {
        let wanted = appendix.form.get_ref();
        let Some(form) = forms.iter().find(|form| form.id() == wanted) else {
            let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
            let hint = lint::suggestion(wanted, &known);
            return Err(at(
                source,
                &appendix.form,
                Message::new(
                    format!("phụ lục: đợt này không có biểu `{wanted}`{}", hint.vi),
                    format!("appendix: the campaign has no form `{wanted}`{}", hint.en),
                ),
            )
            .into());
        };
        let computed = appendix.computed.values().map(|column| &column.value);
        for text in computed.chain(&appendix.filter) {
            let expr = source.expression(text)?;
            refuse_period(source, text, &expr)?;
            lint::figure_names(source, forms, Some(form), text, &expr)?;
        }
        check_order(source, appendix)?;
        let own = |name: &&String| !appendix.computed.contains_key(*name);
        for name in appendix.columns.iter().filter(own) {
            let known = match name.split_once('.') {
                Some((row, column)) => form
                    .column(column)
                    .is_some_and(|c| form.field(form.row(row), c).is_some()),
                None => form.column(name).is_some(),
            };
            if !known {
                let hint = lint::name_in(name, form);
                return Err(at(
                    source,
                    &appendix.form,
                    Message::new(
                        format!("phụ lục: biểu `{wanted}` không có `{name}`{}", hint.vi),
                        format!("appendix: form `{wanted}` has no `{name}`{}", hint.en),
                    ),
                )
                .about("columns")
                .into());
            }
        }
    }
    Ok(())
}

/// The days of the period are for rules: figures and appendices are also computed for closed
/// periods, whose days are others.
fn refuse_period(
    source: &Source<'_>,
    text: &Spanned<String>,
    expr: &Expr,
) -> Result<(), ToolError> {
    if !expr.reads_period() {
        return Ok(());
    }
    let message = Message::new(
        "PERIODSTART() và PERIODEND() chỉ dùng trong quy tắc của biểu; ở đây hãy viết ngày bằng DATE(năm, tháng, ngày)",
        "PERIODSTART() and PERIODEND() are for the rules of a form; write the day here by DATE(year, month, day)",
    );
    Err(at(source, text, message).into())
}

/// What an appendix is ordered by must be one of its columns.
fn check_order(source: &Source<'_>, appendix: &AppendixText) -> Result<(), ToolError> {
    let Some(order) = &appendix.order else {
        return Ok(());
    };
    let name = order.get_ref().trim_start_matches('-');
    if appendix.columns.iter().any(|column| column == name) {
        return Ok(());
    }
    let known: Vec<&str> = appendix.columns.iter().map(String::as_str).collect();
    let hint = lint::suggestion(name, &known);
    let message = Message::new(
        format!(
            "phụ lục: `order` phải là một cột trong `columns`, không có `{name}`{}",
            hint.vi
        ),
        format!(
            "appendix: `order` must be one of `columns`; there is no `{name}`{}",
            hint.en
        ),
    );
    Err(at(source, order, message).into())
}
