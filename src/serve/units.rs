//! What a unit asks for with its link.

use std::fs;
use std::sync::Arc;

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::answer::{document, workbook};
use super::desk::{Desk, Visitor, blocking, failed};
use super::kept::CheckedFiles;
use super::manner::Manner;
use super::refusal::Refusal;
use super::state::{StoredFile, Submitted};
use super::submit::{self, Outcome};
use super::views::{Answered, Sent, Shown};
use super::{findings, log, marked, upload, views};
use crate::campaign::ToolError;
use crate::commands::template::templates_of;
use crate::judge::ReceivedFile;
use crate::report::json::run::document as run_document;
use crate::report::json::submit::{ReceiptEntry, ReceiptFile, SubmitDocument};

pub(super) type Answer = Result<Response, Refusal>;
pub(super) type Shared = State<Arc<Desk>>;

/// How long the line before the checks is.
#[derive(Serialize)]
struct LineDocument {
    running: usize,
    waiting: usize,
    /// Checks before the turn that was asked for, if it waits.
    ahead: Option<usize>,
}

/// The page of a unit. Asking for it changes nothing: programs that look at mail follow links, too.
pub(super) async fn show(State(desk): Shared, Path(token): Path<String>, manner: Manner) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let earlier = earlier(&desk, &visitor).await?;
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    views::unit(&shown, StatusCode::OK, &earlier, None).await
}

/// How long the line before the checks is.
pub(super) async fn line(State(desk): Shared, Path(token): Path<String>, manner: Manner) -> Answer {
    desk.visitor(&token).await?;
    let line = desk.queue.line(manner.turn.as_deref());
    let line = LineDocument {
        running: line.running,
        waiting: line.waiting,
        ahead: line.ahead,
    };
    Ok(document(StatusCode::OK, &line))
}

/// A template of the unit, by its place among those it has, from 1.
pub(super) async fn template(
    State(desk): Shared,
    Path((token, number)): Path<(String, usize)>,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let made = desk
        .in_line(move |_| templates_of(&visitor.campaign, &visitor.unit))
        .await?;
    let one = number.checked_sub(1).and_then(|i| made.into_iter().nth(i));
    let (name, bytes) = one.ok_or(Refusal::NotFound)?;
    Ok(workbook(&name, bytes))
}

/// The unit's template; the first of them if it has several.
pub(super) async fn first_template(desk: Shared, Path(token): Path<String>) -> Answer {
    template(desk, Path((token, 1))).await
}

/// Checks what is sent and files nothing of it.
pub(super) async fn check(
    State(desk): Shared,
    Path(token): Path<String>,
    manner: Manner,
    form: Multipart,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let upload = upload::receive(form, &desk.scratch, &desk.settings.bounds).await?;
    let (asked, json, lang) = (visitor.clone(), manner.json, manner.lang);
    let checked = desk.in_line_as(manner.turn.clone(), move |desk| {
        // All of it is held here, its folder too.
        let upload = &upload;
        let (campaign, run) = desk.check(&asked, &upload.files)?;
        // Programs get no marked copies.
        let kept = match json {
            true => None,
            false => {
                let list =
                    findings::list(&desk.settings.clock, &asked.unit, &campaign, &run, lang)?;
                Some(CheckedFiles::of(&run, list, &desk.scratch)?)
            }
        };
        Ok((campaign, run, kept))
    });
    let (campaign, run, kept) = checked.await?;
    let Some(kept) = kept else {
        let checked = run_document(&run, Some(&campaign), manner.lang);
        return Ok(document(StatusCode::OK, &checked));
    };
    let names: Vec<String> = kept.files.iter().map(|(name, _)| name.clone()).collect();
    let has_list = kept.list.is_some();
    let id = desk.kept.keep(&visitor.unit.code, kept).map_err(failed)?;
    let address =
        |(i, name): (usize, String)| (name, format!("/n/{token}/r/{id}/marked/{}", i + 1));
    let sent = Sent::Checked {
        marked: names.into_iter().enumerate().map(address).collect(),
        findings: has_list.then(|| format!("/n/{token}/r/{id}/findings")),
    };
    let earlier = earlier(&desk, &visitor).await?;
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    let answered = Answered {
        campaign: &campaign,
        run: &run,
        sent,
        reasons: None,
    };
    views::unit(&shown, StatusCode::OK, &earlier, Some(&answered)).await
}

/// Checks what is sent, files what can count, and gives a receipt for it.
pub(super) async fn submit(
    State(desk): Shared,
    Path(token): Path<String>,
    manner: Manner,
    form: Multipart,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    desk.still_takes().await?;
    let upload = upload::receive(form, &desk.scratch, &desk.settings.bounds).await?;
    let asked = visitor.clone();
    let submitted = desk.in_line_as(manner.turn.clone(), move |desk| {
        // All of it is held here, its folder too.
        let upload = &upload;
        let (campaign, run) = desk.check(&asked, &upload.files)?;
        // Why nothing could be written is for the office; that nothing was received, for the unit.
        let outcome = submit::submit(desk, &asked, &campaign, &run);
        Ok((campaign, run, outcome))
    });
    let (campaign, run, outcome) = submitted.await?;
    let outcome = outcome.map_err(|error| {
        log::failed("tonghop serve", &error);
        Refusal::Failed(log::not_stored())
    })?;
    // What was sent can be read as a request, but none of it can be filed.
    let status = match outcome.kept {
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if manner.json {
        let run = run_document(&run, Some(&campaign), manner.lang);
        let receipt = receipt_entry(&visitor, &outcome);
        return Ok(document(status, &SubmitDocument { run, receipt }));
    }
    let earlier = earlier(&desk, &visitor).await?;
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    let sent = Sent::Submitted(&outcome);
    let answered = Answered {
        campaign: &campaign,
        run: &run,
        sent,
        reasons: None,
    };
    views::unit(&shown, status, &earlier, Some(&answered)).await
}

pub(super) fn receipt_entry<'a>(
    visitor: &'a Visitor,
    outcome: &'a Outcome,
) -> Option<ReceiptEntry<'a>> {
    let kept = outcome.kept.as_ref()?;
    let file = |(file, counts): (&'a StoredFile, &bool)| ReceiptFile {
        file: &file.sent_name,
        stored: &file.stored_path,
        sha256: &file.sha256,
        counts: *counts,
    };
    Some(ReceiptEntry {
        number: kept.number,
        unit: &visitor.unit.code,
        time: kept.written_time(),
        verdict: kept.judged.verdict.name(),
        files: kept.files.iter().zip(&outcome.counts).map(file).collect(),
    })
}

/// An earlier submission, checked again as things are now.
pub(super) async fn earlier_one(
    State(desk): Shared,
    Path((token, number)): Path<(String, i64)>,
    manner: Manner,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let earlier = earlier(&desk, &visitor).await?;
    let one = found(&earlier, number)?.clone();
    let asked = visitor.clone();
    let files = as_received(&desk, &one);
    let (campaign, run) = desk.in_line(move |desk| desk.check(&asked, &files)).await?;
    let outcome = Outcome {
        counts: submit::counts(&one, &earlier),
        kept: Some(one),
    };
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    let answered = Answered {
        campaign: &campaign,
        run: &run,
        sent: Sent::Submitted(&outcome),
        reasons: None,
    };
    views::unit(&shown, StatusCode::OK, &earlier, Some(&answered)).await
}

/// The receipt of a submission.
pub(super) async fn receipt(
    State(desk): Shared,
    Path((token, number)): Path<(String, i64)>,
    manner: Manner,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let earlier = earlier(&desk, &visitor).await?;
    let one = found(&earlier, number)?;
    if manner.json {
        let counts = submit::counts(one, &earlier);
        let outcome = Outcome {
            kept: Some(one.clone()),
            counts,
        };
        return Ok(document(StatusCode::OK, &receipt_entry(&visitor, &outcome)));
    }
    let shown = Shown::new(&desk, &visitor, &token, &manner);
    views::receipt(&shown, one)
}

/// The marked copy of a workbook that was only checked.
pub(super) async fn marked_of_check(
    State(desk): Shared,
    Path((token, id, number)): Path<(String, String, usize)>,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let files = desk
        .kept
        .get(&id, &visitor.unit.code)
        .ok_or(Refusal::NotFound)?;
    let at = number.checked_sub(1).ok_or(Refusal::NotFound)?;
    let (name, path) = files.files.get(at).cloned().ok_or(Refusal::NotFound)?;
    let made = desk.in_line(move |desk| {
        let made = marked::copy(desk, &path);
        drop(files);
        made
    });
    marked_answer(&name, made.await?)
}

/// The marked copy of a workbook that was submitted.
pub(super) async fn marked_of_submission(
    State(desk): Shared,
    Path((token, number, file)): Path<(String, i64, usize)>,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let earlier = earlier(&desk, &visitor).await?;
    let files = &found(&earlier, number)?.files;
    let file = file
        .checked_sub(1)
        .and_then(|i| files.get(i))
        .ok_or(Refusal::NotFound)?;
    let path = desk.settings.campaign.join(&file.stored_path);
    let made = desk.in_line(move |desk| marked::copy(desk, &path)).await?;
    marked_answer(&file.sent_name, made)
}

/// What was found in workbooks that were only checked, as a list.
pub(super) async fn list_of_check(
    State(desk): Shared,
    Path((token, id)): Path<(String, String)>,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let files = desk.kept.get(&id, &visitor.unit.code);
    let files = files.ok_or(Refusal::NotFound)?;
    // They are kept until the list was read.
    let list = blocking(move || match &files.list {
        Some(list) => fs::read(list).map(Some).map_err(ToolError::io(list)),
        None => Ok(None),
    });
    Ok(workbook(LIST, list.await?.ok_or(Refusal::NotFound)?))
}

/// What is found in a submission as things are now, as a list.
pub(super) async fn list_of_submission(
    State(desk): Shared,
    Path((token, number)): Path<(String, i64)>,
    manner: Manner,
) -> Answer {
    let visitor = desk.visitor(&token).await?;
    let earlier = earlier(&desk, &visitor).await?;
    let files = as_received(&desk, found(&earlier, number)?);
    let list = desk.in_line(move |desk| {
        let (campaign, run) = desk.check(&visitor, &files)?;
        let clock = &desk.settings.clock;
        findings::list(clock, &visitor.unit, &campaign, &run, manner.lang)
    });
    Ok(workbook(LIST, list.await?.ok_or(Refusal::NotFound)?))
}

/// Name of a list of findings.
const LIST: &str = "cho can sua.xlsx";

/// A copy under the name of its workbook.
fn marked_answer(name: &str, made: Option<Vec<u8>>) -> Answer {
    let bytes = made.ok_or(Refusal::NotFound)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(workbook(&format!("{stem} - da danh dau.xlsx"), bytes))
}

pub(super) async fn earlier(
    desk: &Arc<Desk>,
    visitor: &Visitor,
) -> Result<Vec<Submitted>, Refusal> {
    let (asked, code) = (desk.clone(), visitor.unit.code.clone());
    blocking(move || asked.state.submissions_of(&code)).await
}

/// One of the unit's own submissions: those of others are not looked at.
pub(super) fn found(earlier: &[Submitted], number: i64) -> Result<&Submitted, Refusal> {
    let mut earlier = earlier.iter();
    earlier
        .find(|one| one.number == number)
        .ok_or(Refusal::NotFound)
}

/// The files of a submission, under the names they were sent with.
pub(super) fn as_received(desk: &Desk, one: &Submitted) -> Vec<ReceivedFile> {
    let received = |file: &StoredFile| ReceivedFile {
        path: desk.settings.campaign.join(&file.stored_path),
        name: file.sent_name.as_str().into(),
        round: 0,
    };
    one.files.iter().map(received).collect()
}
