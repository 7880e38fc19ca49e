//! Makes the templates that units fill.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::campaign::file_names::usable;
use crate::campaign::outputs::Outputs;
use crate::campaign::{Campaign, Progress, ToolError, own_workbook};
use crate::model::{Message, ReportingUnit};
use crate::schema::Form;
use crate::text::slug;
use crate::workbook::{Limits, read_bytes};
use crate::write::{OwnWorkbook, TemplateInput, own_template_bytes, template_bytes};

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
            "đợt này lấy số liệu từ các kỳ đã chốt (made_of, «Cộng từ» trong tệp campaign), không có mẫu để gửi đơn vị",
            "this campaign takes its figures from closed periods (made_of of the campaign file); it has no templates for units",
        )));
    }
    let units = chosen(&campaign, options)?;
    let password = options.password.as_deref();
    let mut workbooks = OwnWorkbooks::default();
    let mut outputs = Outputs::of(&campaign);
    let place = outputs.among(&options.out)?;
    let (mut written, mut taken) = (Vec::new(), BTreeSet::new());
    for (done, unit) in units.iter().enumerate() {
        progress(done, units.len());
        let unit = unit.as_deref();
        for (name, bytes) in made(&campaign, unit, password, &mut workbooks, &mut taken)? {
            outputs.add(place, Path::new(&name), &bytes)?;
            written.push(name);
        }
    }
    progress(units.len(), units.len());
    outputs.place(None)?;
    Ok(Templates { campaign, written })
}

/// The templates of one unit: file names and bytes.
///
/// # Errors
/// If they cannot be made.
pub fn templates_of(
    campaign: &Campaign,
    unit: &ReportingUnit,
) -> Result<Vec<(String, Vec<u8>)>, ToolError> {
    let mut workbooks = OwnWorkbooks::default();
    made(
        campaign,
        Some(unit),
        None,
        &mut workbooks,
        &mut BTreeSet::new(),
    )
}

/// The templates of one unit, or of everybody; `taken` are the names that others have.
fn made(
    campaign: &Campaign,
    unit: Option<&ReportingUnit>,
    password: Option<&str>,
    workbooks: &mut OwnWorkbooks,
    taken: &mut BTreeSet<String>,
) -> Result<Vec<(String, Vec<u8>)>, ToolError> {
    let mut made = Vec::new();
    for (own, forms) in by_workbook(campaign, unit) {
        let input = TemplateInput {
            campaign: &campaign.file,
            unit,
            forms: &forms,
            fill: None,
            identity: true,
            previous: campaign.previous.as_ref(),
            password,
        };
        let bytes = match &own {
            None => template_bytes(&input, stamp(campaign))?.1,
            Some(path) => {
                let own = workbooks.read(path)?;
                own_template_bytes(&input, own, stamp(campaign))?.1
            }
        };
        made.push((free_name(campaign, unit, own.as_deref(), taken), bytes));
    }
    Ok(made)
}

/// The forms that a unit files, as they are sent: those that are drawn together, then those of each
/// workbook of the office's own.
fn by_workbook(
    campaign: &Campaign,
    unit: Option<&ReportingUnit>,
) -> Vec<(Option<PathBuf>, Vec<Arc<Form>>)> {
    let mut files: Vec<(Option<PathBuf>, Vec<Arc<Form>>)> = Vec::new();
    let expected = |form: &&Arc<Form>| unit.is_none_or(|unit| campaign.expects(unit, form.id()));
    for form in campaign.forms.iter().filter(expected) {
        let own = own_workbook(form);
        match files.iter_mut().find(|(known, _)| *known == own) {
            Some((_, forms)) => forms.push(form.clone()),
            None => files.push((own, vec![form.clone()])),
        }
    }
    files.sort_by_key(|(own, _)| own.is_some());
    files
}

/// The office's own workbooks, each read once.
#[derive(Default)]
struct OwnWorkbooks(BTreeMap<PathBuf, (String, Vec<u8>)>);

impl OwnWorkbooks {
    fn read(&mut self, path: &Path) -> Result<OwnWorkbook<'_>, ToolError> {
        let shown = path.display().to_string();
        let (name, bytes) = match self.0.entry(path.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let bytes = read_bytes(path, &Limits::default())
                    .map_err(|problem| ToolError::of_file(&shown, &problem.message()))?;
                new.insert((shown, bytes))
            }
        };
        Ok(OwnWorkbook { name, bytes })
    }
}

/// The stamp of a template is that of the period, so that making it again changes nothing.
fn stamp(campaign: &Campaign) -> chrono::NaiveDateTime {
    let day = campaign.file.period.last_day();
    day.and_hms_opt(8, 0, 0).unwrap_or_default()
}

fn free_name(
    campaign: &Campaign,
    unit: Option<&ReportingUnit>,
    own: Option<&Path>,
    taken: &mut BTreeSet<String>,
) -> String {
    let period = campaign.file.period;
    let stem = match unit {
        Some(unit) => format!("{}-{}-{period}", usable(&unit.code), slug(&unit.name)),
        None => format!("mau-chung-{period}"),
    };
    let own = own.and_then(Path::file_stem);
    let stem = match own {
        Some(own) => format!("{stem}-{}", slug(&own.to_string_lossy())),
        None => stem,
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
    let list = campaign.list_of_units();
    let find = |code: &String| {
        let unit = campaign.roster.by_code(code).cloned();
        unit.map(Some).ok_or_else(|| {
            ToolError::Other(Message::new(
                format!("không có đơn vị mã `{code}` trong {}", list.vi),
                format!("no unit `{code}` in {}", list.en),
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
