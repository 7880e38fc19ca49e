//! A run over closed periods of the archive instead of files: the quarter of three closed months.
//! Every figure was judged when its own period was closed; no rule is evaluated again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definition::Campaign;
use super::error::ToolError;
use super::parts::{Absent, Parts, Whole};
use super::reading::inbox;
use super::tables::consolidated;
use crate::consolidate::{Consolidated, LineState};
use crate::extract::Table;
use crate::model::value::message;
use crate::model::{
    Class, Fact, Finding, Message, Period, ReportingUnit, Severity, UnitFiling, UnitStatus,
};
use crate::rules::compose::{Lacking, LeftBehind, PartGap};
use crate::schema::Form;

/// Id of the finding for a form of a unit, or figures of it, that a closed period lacks.
pub const MISSING_PART: &str = "thieu-ky-thanh-phan";
/// Id of the finding for a closed period that was closed while units were lacking.
pub const PROVISIONAL_PART: &str = "ky-thanh-phan-tam-chot";

/// Closed periods have figures of units that need not file the form in this campaign.
pub const PART_NOT_DUE: &str = "ky-thanh-phan-khong-yeu-cau";

/// Most cells or units a finding names one by one.
const NAMED: usize = 8;

/// The outcome of a run over closed periods.
pub(super) struct ComposedRun {
    pub(super) findings: Vec<Finding>,
    pub(super) units: Vec<UnitFiling>,
    pub(super) consolidated: Consolidated,
    pub(super) facts: Vec<Fact>,
    /// SHA-256 of what was read of the archive, by its path in it.
    pub(super) inputs: BTreeMap<Arc<str>, Option<String>>,
}

/// Puts the campaign's period together and consolidates it.
///
/// # Errors
/// The archive lacks one of the periods or cannot be read, or there are files in the inbox, which
/// nobody would read.
pub(super) fn run(campaign: &Campaign) -> Result<ComposedRun, ToolError> {
    refuse_files(campaign)?;
    let parts = Parts {
        archive: &campaign.archive,
        file: &campaign.file,
        roster: &campaign.roster,
        forms: &campaign.forms,
    };
    let whole = match parts.whole(campaign.file.period)? {
        Ok(whole) => whole,
        Err(absent) => return Err(ToolError::Other(not_closed(campaign, &absent))),
    };
    let mut tables: BTreeMap<(String, String), Table> = BTreeMap::new();
    let mut facts: BTreeMap<(&str, &str), Vec<&Fact>> = BTreeMap::new();
    for fact in &whole.composed.facts {
        let of = facts.entry((&*fact.unit, &*fact.form)).or_default();
        of.push(fact);
    }
    for (unit, id) in &whole.composed.complete {
        let form = campaign.forms.iter().find(|form| form.id() == id);
        if let Some(form) = form {
            let filed = facts.remove(&(unit.as_str(), id.as_str()));
            let table = Table::from_facts(form, filed.into_iter().flatten());
            tables.insert((unit.clone(), id.clone()), table);
        }
    }
    let consolidated = consolidated(campaign, &|unit, form| {
        let table = tables.get(&(unit.code.clone(), form.id().to_owned()));
        let state = table.map_or(LineState::Missing, |_| LineState::Accepted);
        (state, table)
    })?;
    let units = unit_filings(campaign, &whole.composed.complete);
    Ok(ComposedRun {
        findings: findings(campaign, &whole),
        units,
        consolidated,
        inputs: whole.inputs,
        facts: due(campaign, whole.composed.facts),
    })
}

/// The facts of forms that their unit must file in this campaign.
fn due(campaign: &Campaign, mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.retain(|fact| {
        let unit = campaign.roster.by_code(&fact.unit);
        unit.is_some_and(|unit| campaign.expects(unit, &fact.form))
    });
    facts
}

fn refuse_files(campaign: &Campaign) -> Result<(), ToolError> {
    if !campaign.folder.join("inbox").is_dir() {
        return Ok(());
    }
    let files = inbox::of_campaign(&campaign.folder)?;
    let Some(first) = files.first() else {
        return Ok(());
    };
    let (count, name) = (files.len(), first.name.to_string());
    Err(ToolError::Other(message!(
     count;
     "đợt này lấy số liệu từ các kỳ đã chốt (made_of, «Cộng từ» trong tệp campaign), không nhận tệp, nhưng trong inbox có {count} tệp, ví dụ {name}; hãy chuyển tệp sang đợt của kỳ đó, hoặc bỏ made_of",
     "this campaign takes its figures from closed periods (made_of of the campaign file) and receives no files, but there are {count} in its inbox, for example {name}; move them to the campaign of their period, or remove made_of"
    )))
}

fn not_closed(campaign: &Campaign, absent: &Absent) -> Message {
    let archive = campaign.archive.folder().display().to_string();
    let period = campaign.file.period.to_string();
    let periods = match absent {
        Absent::NotMade => Vec::new(),
        Absent::Periods(periods) => periods.clone(),
    };
    let periods = listed(&periods);
    Message::new(
        format!(
            "kho lưu trữ {archive} chưa có kỳ {periods}, nên chưa cộng được {period}; hãy chốt các kỳ đó trước: tonghop close ĐỢT"
        ),
        format!(
            "the archive {archive} lacks {periods}, so {period} cannot be put together; close these periods first: tonghop close CAMPAIGN"
        ),
    )
}

fn listed(periods: &[Period]) -> String {
    let periods: Vec<String> = periods.iter().map(Period::to_string).collect();
    periods.join(", ")
}

fn findings(campaign: &Campaign, whole: &Whole) -> Vec<Finding> {
    let mut findings = Vec::new();
    for period in &whole.provisional {
        let period = period.to_string();
        let message = Message::new(
            format!(
                "Kỳ {period} được chốt tạm khi còn thiếu đơn vị; khi có đủ thì chốt lại kỳ đó (tonghop close --reopen) rồi tổng hợp lại đợt này."
            ),
            format!(
                "The period {period} was closed provisionally while units were lacking; once they are there close it again (tonghop close --reopen) and consolidate this campaign again."
            ),
        );
        let file = campaign.written_in.clone();
        let note = Finding::new(
            PROVISIONAL_PART,
            Class::History,
            Severity::Info,
            &file,
            message,
        );
        findings.push(note);
    }
    let due = |gap: &&PartGap| campaign.expects(&gap.unit, gap.form.id());
    for gap in whole.composed.gaps.iter().filter(due) {
        let (severity, message) = words(gap);
        let file = campaign.written_in.clone();
        let finding = Finding::new(MISSING_PART, Class::History, severity, &file, message);
        findings.push(finding.of_unit(&gap.unit.code).of_form(gap.form.id()));
    }
    for left in &whole.composed.left_behind {
        findings.push(left_behind(campaign, left));
    }
    findings.extend(
        campaign
            .forms
            .iter()
            .filter_map(|form| not_due(campaign, whole, form)),
    );
    findings
}

/// Names of at most [`NAMED`] units.
fn names<'a>(campaign: &Campaign, codes: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = codes.len() > NAMED;
    let name = |code: &String| match campaign.roster.by_code(code) {
        Some(unit) => format!("{} ({code})", unit.name),
        None => code.clone(),
    };
    let mut names: Vec<String> = codes.take(NAMED).map(name).collect();
    if more {
        names.push("...".to_owned());
    }
    names.join(", ")
}

fn left_behind(campaign: &Campaign, left: &LeftBehind) -> Finding {
    let count = left.units.len();
    let units = names(campaign, left.units.iter());
    let title = &left.form.file.title;
    let periods: Vec<Period> = left.periods.iter().copied().collect();
    let (periods, whole) = (listed(&periods), campaign.file.period.to_string());
    let message = message!(
        count;
        "Biểu «{title}»: {count} đơn vị có số liệu trong {periods} nhưng đến cuối kỳ {whole} không còn và không có đơn vị nào nhận: {units}. Số liệu đó không được cộng vào kỳ này; nếu đơn vị đã nhập vào nơi khác thì ghi ở cột predecessors của nơi nhận trong danh sách đơn vị.",
        "Form `{title}`: {count} units have figures in {periods} but do not exist at the end of {whole}, and no unit took them over: {units}. These figures are not added to this period; if a unit was merged, name it in `predecessors` of the unit it went into."
    );
    let file = campaign.written_in.clone();
    Finding::new(
        MISSING_PART,
        Class::History,
        Severity::Error,
        &file,
        message,
    )
    .of_form(left.form.id())
}

/// Figures of units that need not file the form in this campaign: left out, and said so.
fn not_due(campaign: &Campaign, whole: &Whole, form: &Arc<Form>) -> Option<Finding> {
    let complete = whole.composed.complete.iter();
    let has = |code: &str| {
        whole
            .composed
            .facts
            .iter()
            .any(|fact| *fact.unit == *code && *fact.form == *form.id())
    };
    let units: Vec<&String> = complete
        .filter(|(_, id)| id == form.id())
        .map(|(unit, _)| unit)
        .filter(|code| {
            let unit = campaign.roster.by_code(code);
            has(code) && unit.is_some_and(|unit| !campaign.expects(unit, form.id()))
        })
        .collect();
    if units.is_empty() {
        return None;
    }
    let count = units.len();
    let (title, units) = (&form.file.title, names(campaign, units.into_iter()));
    let message = message!(
        count;
        "Biểu «{title}»: {count} đơn vị có số liệu trong các kỳ đã chốt nhưng đợt này không yêu cầu báo cáo biểu này nên không cộng: {units}.",
        "Form `{title}`: {count} units have figures in the closed periods but need not file it in this campaign, so they are not added up: {units}."
    );
    let file = campaign.written_in.clone();
    let note = Finding::new(PART_NOT_DUE, Class::History, Severity::Info, &file, message);
    Some(note.of_form(form.id()))
}

fn words(gap: &PartGap) -> (Severity, Message) {
    let (unit, title) = (gap.unit.name.clone(), gap.form.file.title.clone());
    match &gap.lacking {
        Lacking::Form(periods) => {
            let periods = listed(periods);
            let message = Message::new(
                format!(
                    "{unit} không có biểu «{title}» trong kỳ đã chốt {periods} (chưa nộp, bị trả lại, hoặc đơn vị đã chia tách), nên biểu này của đơn vị chưa được cộng; hãy bổ sung và chốt lại kỳ đó."
                ),
                format!(
                    "{unit} has no form `{title}` in the closed {periods} (not filed, returned, or the unit was split), so its form is not added up; have it filed and close that period again."
                ),
            );
            (Severity::Error, message)
        }
        Lacking::Cells(cells) => {
            let count = cells.len();
            let mut names: Vec<String> = cells.iter().take(NAMED).cloned().collect();
            if count > NAMED {
                names.push("...".to_owned());
            }
            let names = names.join("; ");
            let message = message!(
             count;
             "{unit}, biểu «{title}»: {count} ô không cộng được qua các kỳ, vì có kỳ thiếu số hoặc có hai dòng cùng tên: {names}. Các ô này để trống.",
             "{unit}, form `{title}`: {count} cells cannot be added up over the periods, as one lacks the figure or has two rows of one name: {names}. They are left blank."
            );
            (Severity::Error, message)
        }
    }
}

fn unit_filings(campaign: &Campaign, complete: &BTreeSet<(String, String)>) -> Vec<UnitFiling> {
    let filing = |unit: &Arc<ReportingUnit>| {
        let due = campaign.forms.iter();
        let due: Vec<_> = due
            .filter(|form| campaign.expects(unit, form.id()))
            .collect();
        let status = match due.is_empty() {
            true => UnitStatus::NotExpected,
            false
                if due
                    .iter()
                    .all(|form| complete.contains(&(unit.code.clone(), form.id().to_owned()))) =>
            {
                UnitStatus::Accepted
            }
            false => UnitStatus::Missing,
        };
        UnitFiling {
            unit: unit.clone(),
            status,
            file: None,
        }
    };
    campaign.units_in_order().iter().map(filing).collect()
}
