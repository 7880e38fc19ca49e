//! Reasons that a unit gives on its page for what was found in a submission. They are kept in a file of
//! the campaign, where every other command sees them, too, and go on as those in a workbook do: they
//! hold for later submissions and periods until the figure changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;

use super::answer::document;
use super::desk::{Desk, Visitor};
use super::manner::{LONGEST_WORDS, Manner};
use super::refusal::Refusal;
use super::state::Submitted;
use super::submit::{self, Outcome};
use super::units::{Answer, Shared, as_received, earlier, found, receipt_entry};
use super::views::{Answered, Sent, Shown};
use super::{log, upload, views};
use crate::campaign::{Campaign, Run, ToolError, add_reasons};
use crate::model::{Finding, Reason, Severity};
use crate::report::json::run::document as run_document;
use crate::report::json::submit::SubmitDocument;

/// Fields of reasons are called so, and then the id of their finding.
const FIELD: &str = "reason.";

/// Keeps the reasons given for a submission of the unit and answers as to the submission itself.
pub(super) async fn explain(
    State(desk): Shared,
    Path(token): Path<String>,
    manner: Manner,
    form: Multipart,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    desk.still_takes().await?;
    let words = upload::words(form, &desk.settings.bounds).await?;
    let number = words.iter().find(|(name, _)| name == "submission");
    let number = number.and_then(|(_, number)| number.parse().ok());
    let number: i64 = number.ok_or(Refusal::Broken)?;
    let one = found(&earlier(&desk, &visitor).await?, number)?.clone();
    let given = given(words);
    let asked = visitor.clone();
    let explained = desk.in_line(move |desk| Ok(keep(desk, &asked, &one, &given)));
    let (campaign, run, count) = explained.await?.map_err(|error| {
        log::failed("tonghop serve", &error);
        Refusal::Failed(log::reasons_not_stored())
    })?;
    let earlier = earlier(&desk, &visitor).await?;
    let one = found(&earlier, number)?.clone();
    let outcome = Outcome {
        counts: submit::counts(&one, &earlier),
        kept: Some(one),
    };
    if manner.json {
        let run = run_document(&run, Some(&campaign), manner.lang);
        let receipt = receipt_entry(&visitor, &outcome);
        return Ok(document(StatusCode::OK, &SubmitDocument { run, receipt }));
    }
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    let answered = Answered {
        campaign: &campaign,
        run: &run,
        sent: Sent::Submitted(&outcome),
        reasons: Some(count),
    };
    views::unit(&shown, StatusCode::OK, &earlier, Some(&answered)).await
}

/// Reasons by the id of their finding; blank ones are none.
fn given(words: Vec<(String, String)>) -> BTreeMap<String, String> {
    let one = |(name, text): (String, String)| {
        let id = name.strip_prefix(FIELD)?;
        let text: String = text.trim().chars().take(LONGEST_WORDS).collect();
        (!text.is_empty()).then(|| (id.to_owned(), text))
    };
    words.into_iter().filter_map(one).collect()
}

/// Keeps the reasons that are for open warnings of a submission; gives what the submission comes to
/// then, and how many were kept.
fn keep(
    desk: &Desk,
    visitor: &Visitor,
    one: &Submitted,
    given: &BTreeMap<String, String>,
) -> Result<(Arc<Campaign>, Run, usize), ToolError> {
    let files = as_received(desk, one);
    let (campaign, run) = desk.check(visitor, &files)?;
    let reasons: Vec<Reason> = run
        .findings
        .iter()
        .filter_map(|finding| reason(visitor, finding, given.get(&finding.id())?))
        .collect();
    if reasons.is_empty() {
        return Ok((campaign, run, 0));
    }
    {
        let _one_at_a_time = desk.filing();
        add_reasons(&campaign.folder, &reasons)?;
    }
    let (campaign, run) = desk.check_anew(visitor, &files)?;
    let (code, now) = (&visitor.unit.code, desk.settings.clock.now());
    let judged = submit::judged(&run);
    desk.state
        .explained(code, one.number, &judged, reasons.len(), &now)?;
    Ok((campaign, run, reasons.len()))
}

/// A reason for a finding, if it is one that reasons settle.
fn reason(visitor: &Visitor, finding: &Finding, text: &str) -> Option<Reason> {
    let unit = &visitor.unit;
    let own = finding.unit.as_deref() == Some(&*unit.code);
    let asks = finding.severity == Severity::Warning && finding.is_open();
    let word = |word: &Option<Arc<str>>| word.as_deref().unwrap_or_default().to_owned();
    (own && asks).then(|| Reason {
        unit: unit.code.as_str().into(),
        form: word(&finding.form),
        rule: finding.rule.clone(),
        sheet: word(&finding.sheet),
        cell: finding.cell,
        found: finding
            .value
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        text: text.to_owned(),
        by: unit.name.clone(),
    })
}
