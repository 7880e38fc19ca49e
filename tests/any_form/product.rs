//! The product, as this test uses it.

use std::path::{Path, PathBuf};

use tonghop::campaign::{self, Campaign, Run, ToolError, check, consolidate};
use tonghop::model;
use tonghop::workbook::Limits;
use tonghop::write::{TemplateInput, TemplateLayout, write_template};

use crate::forms::exact;
use crate::forms::world::Value;

/// Loads a campaign folder.
pub fn load(folder: &Path) -> Result<Campaign, String> {
    Campaign::load(folder).map_err(|error| error.to_string())
}

/// Writes the template of a unit as `tonghop template` does.
pub fn template(campaign: &Campaign, code: &str, path: &Path) -> Result<TemplateLayout, String> {
    let unit = campaign.roster.by_code(code).ok_or("no such unit")?;
    let asked = |form: &&std::sync::Arc<_>| campaign.expects(unit, tonghop_id(form));
    let forms: Vec<_> = campaign.forms.iter().filter(asked).cloned().collect();
    let created = campaign.file.period.last_day().and_hms_opt(8, 0, 0);
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: Some(unit),
        forms: &forms,
        fill: None,
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    write_template(&input, created.ok_or("no such time")?, path).map_err(|e| e.to_string())
}

fn tonghop_id(form: &tonghop::schema::Form) -> &str {
    form.id()
}

/// Checks one file as what a unit filed.
pub fn check_file(campaign: &Campaign, path: &Path) -> Result<Run, String> {
    let paths: Vec<PathBuf> = vec![path.to_owned()];
    check(&paths, Some(campaign), &Limits::default(), &|_, _| {}).map_err(said)
}

/// Consolidates what is in the inbox.
pub fn whole(campaign: &Campaign) -> Result<Run, String> {
    consolidate(campaign, &Limits::default(), &|_, _| {}).map_err(said)
}

/// Closes the period.
pub fn close(campaign: &Campaign, run: &Run) -> Result<(), String> {
    match campaign::close(campaign, run, "2026-01-01T08:00:00+07:00", false, false).map_err(said)? {
        campaign::CloseOutcome::Closed(..) => Ok(()),
        campaign::CloseOutcome::Lacking(units) => Err(format!("{units:?}")),
    }
}

fn said(error: ToolError) -> String {
    error.to_string()
}

/// A value of the product's as one of ours.
pub fn value(value: &model::Value) -> Value {
    match value {
        model::Value::Number(number) => {
            Value::Number(exact::parse(&number.to_string()).expect("a decimal is digits"))
        }
        model::Value::Text(text) => Value::Text(text.clone()),
        model::Value::Flag(flag) => Value::Flag(*flag),
        model::Value::Date(date) => Value::Date(*date),
    }
}
