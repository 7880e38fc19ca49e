//! Makes the templates that units fill.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::campaign::file_names::usable;
use crate::campaign::outputs::Outputs;
use crate::campaign::{Campaign, Progress, ToolError};
use crate::model::{Message, ReportingUnit};
use crate::schema::Form;
use crate::text::slug;
use crate::write::{TemplateInput, template_bytes};

/// Options of [`template`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the templates.
    pub out: PathBuf,
    /// Codes of the units that get one; all units if empty.
    pub units: Vec<String>,
    /// One template for everybody instead, without name and code of a unit?
    pub blank: bool,
    /// Password of the locked sheets; locked without one if `None`.
    pub password: Option<String>,
}

/// The outcome of [`template`].
pub struct Templates {
    /// The campaign.
    pub campaign: Campaign,
    /// File names, in the order of the campaign's units.
    pub written: Vec<String>,
}

/// Makes the templates of the campaign in `folder`; all of them are put in place, or none.
/// `progress` counts templates.
///
/// # Errors
/// If the campaign cannot be loaded, a unit is unknown, or the templates not be written.
pub fn template(
    folder: &Path,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Templates, ToolError> {
    let campaign = Campaign::load(folder)?;
    if campaign.file.made_of.is_some() {
        return Err(ToolError::Other(Message::new(
            "đợt này lấy số liệu từ các kỳ đã chốt (made_of trong campaign.toml), không có mẫu để gửi đơn vị",
            "this campaign takes its figures from closed periods (made_of in campaign.toml); it has no templates for units",
        )));
    }
    let units = chosen(&campaign, options)?;
    let mut outputs = Outputs::of(&campaign);
    let place = outputs.among(&options.out)?;
    let (mut written, mut taken) = (Vec::new(), BTreeSet::new());
    for (done, unit) in units.iter().enumerate() {
        progress(done, units.len());
        let unit = unit.as_deref();
        let expected =
            |form: &&Arc<Form>| unit.is_none_or(|unit| campaign.expects(unit, form.id()));
        let forms: Vec<Arc<Form>> = campaign.forms.iter().filter(expected).cloned().collect();
        if forms.is_empty() {
            continue;
        }
        let name = free_name(&campaign, unit, &mut taken);
        let input = TemplateInput {
            campaign: &campaign.file,
            unit,
            forms: &forms,
            fill: None,
            identity: true,
            previous: campaign.previous.as_ref(),
            password: options.password.as_deref(),
        };
        let (_, bytes) = template_bytes(&input, stamp(&campaign))?;
        outputs.add(place, Path::new(&name), &bytes)?;
        written.push(name);
    }
    progress(units.len(), units.len());
    outputs.place(None)?;
    Ok(Templates { campaign, written })
}

/// The stamp of a template is that of the period, so that making it again changes nothing.
fn stamp(campaign: &Campaign) -> chrono::NaiveDateTime {
    let day = campaign.file.period.last_day();
    day.and_hms_opt(8, 0, 0).unwrap_or_default()
}

fn free_name(
    campaign: &Campaign,
    unit: Option<&ReportingUnit>,
    taken: &mut BTreeSet<String>,
) -> String {
    let period = campaign.file.period;
    let stem = match unit {
        Some(unit) => format!("{}-{}-{period}", usable(&unit.code), slug(&unit.name)),
        None => format!("mau-chung-{period}"),
    };
    let mut name = format!("{stem}.xlsx");
    let mut number = 2;
    // Some systems take names for the same that differ in capitals only.
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem} ({number}).xlsx");
        number += 1;
    }
    name
}

/// The units to make templates for; `None` is the template for everybody.
fn chosen(
    campaign: &Campaign,
    options: &Options,
) -> Result<Vec<Option<Arc<ReportingUnit>>>, ToolError> {
    if options.blank {
        return Ok(vec![None]);
    }
    if options.units.is_empty() {
        return Ok(campaign.units_in_order().into_iter().map(Some).collect());
    }
    let find = |code: &String| {
        let unit = campaign.roster.by_code(code).cloned();
        unit.map(Some).ok_or_else(|| {
            ToolError::Other(Message::new(
                format!("không có đơn vị mã `{code}` trong roster.csv"),
                format!("no unit `{code}` in roster.csv"),
            ))
        })
    };
    // A unit named twice gets one.
    let codes: BTreeSet<&String> = options.units.iter().collect();
    let named = campaign.units_in_order().into_iter();
    let order: Vec<String> = named.map(|unit| unit.code.clone()).collect();
    let mut codes: Vec<&String> = codes.into_iter().collect();
    codes.sort_by_key(|code| order.iter().position(|known| known == *code));
    codes.into_iter().map(find).collect()
}
