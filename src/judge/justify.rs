//! Justification (giải trình): a unit's reason settles a warning, the office's acceptance settles
//! an error. A reason lapses when the figure it was given for changes, and a finding says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Definition;
use super::receive::Received;
use crate::extract::Explanation;
use crate::model::campaign_files::{ACCEPTED, BOOK};
use crate::model::{Class, Finding, Justification, Message, Reason, Severity};
use crate::schema::campaign::Accept;

/// Every reason the units gave: those kept with the closed period, then those in the inbox, older
/// submissions first. Where two are about one finding the later one counts.
pub fn reasons(campaign: &Definition, received: &[Received]) -> Vec<Reason> {
    let mut given: Vec<(&Received, &Explanation)> = received
        .iter()
        .flat_map(|file| {
            file.explanations
                .iter()
                .map(move |explanation| (file, explanation))
        })
        .collect();
    given.sort_by_key(|(file, _)| (file.submission.round, file.submission.saved_at.clone()));
    let fresh = given.into_iter().filter_map(|(file, explanation)| {
        let unit = file.submission.unit.as_ref()?;
        Some(Reason {
            unit: unit.code.as_str().into(),
            form: explanation.form.clone(),
            rule: explanation.rule.clone(),
            sheet: explanation.sheet.clone(),
            cell: explanation.cell,
            found: explanation.found.clone(),
            text: explanation.text.clone(),
            by: unit.name.clone(),
        })
    });
    let mut all: Vec<Reason> = campaign.reasons.clone();
    all.extend(fresh);
    all
}

/// Marks what is justified or accepted, and says which reasons have lapsed and which acceptances
/// nothing needs any more.
pub fn apply(findings: &mut Vec<Finding>, reasons: &[Reason], accepts: &[Accept], file: &Arc<str>) {
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.severity == Severity::Warning)
    {
        let mut about = reasons
            .iter()
            .rev()
            .filter(|reason| reason.is_about(finding));
        match about.clone().find(|reason| reason.still_holds(finding)) {
            Some(reason) => {
                finding.review.justification = Some(Justification {
                    reason: reason.text.clone(),
                    by: reason.by.clone(),
                    accepted: false,
                });
            }
            None => {
                if let Some(reason) = about.next() {
                    *finding = finding.clone().adding(&lapsed(reason));
                }
            }
        }
    }
    for accept in accepts {
        let mut used = false;
        for finding in findings
            .iter_mut()
            .filter(|finding| covers(accept, finding))
        {
            used = true;
            finding.review.justification = Some(Justification {
                reason: accept.reason.clone(),
                by: format!("{}, {}", accept.by, crate::model::period::day(accept.on)),
                accepted: true,
            });
        }
        if !used {
            findings.push(unused(accept, file));
        }
    }
}

fn covers(accept: &Accept, finding: &Finding) -> bool {
    let cell = finding.cell.map(|cell| cell.to_string());
    finding.unit.as_deref() == Some(accept.unit.as_str())
        && finding.rule == accept.rule
        && accept
            .form
            .as_deref()
            .is_none_or(|form| finding.form.as_deref() == Some(form))
        && accept.cell == cell
}

/// Says that a reason given earlier no longer holds.
fn lapsed(reason: &Reason) -> Message {
    Message::new(
        format!(
            " Giải trình trước đây («{}», cho số {}) không còn hiệu lực vì số liệu đã đổi; hãy giải trình lại.",
            reason.text, reason.found
        ),
        format!(
            " The earlier explanation (`{}`, for {}) has lapsed because the figure changed; explain it again.",
            reason.text, reason.found
        ),
    )
}

fn unused(accept: &Accept, file: &Arc<str>) -> Finding {
    let cell = accept.cell.as_deref().unwrap_or_default();
    let (list, what) = match file.ends_with(BOOK) {
        true => (ACCEPTED, ("dòng", "line")),
        false => (&**file, ("mục [[accept]]", "entry of [[accept]]")),
    };
    let message = Message::new(
        format!(
            "{list} chấp nhận «{}» của đơn vị {} tại ô {cell}, nhưng không còn phát hiện nào như vậy. Hãy bỏ {} này.",
            accept.rule, accept.unit, what.0
        ),
        format!(
            "{list} accepts `{}` of unit {} at {cell}, but there is no such finding any more. Remove this {}.",
            accept.rule, accept.unit, what.1
        ),
    );
    Finding::new(
        "chap-nhan-thua",
        Class::Roster,
        Severity::Info,
        file,
        message,
    )
}

/// Reasons by finding id, for the returned copy.
pub fn by_finding(findings: &[Finding]) -> BTreeMap<String, String> {
    let given = findings.iter().filter_map(|finding| {
        let justification = finding.review.justification.as_ref()?;
        Some((finding.id(), justification.reason.clone()))
    });
    given.collect()
}
