//! What is done about a unit: notes, more time, findings accepted, workbooks submitted for it.

use std::sync::Arc;

use axum::extract::{Multipart, Path as Route, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::board::Now;
use super::officer::{Act, Officer, is_marked};
use super::shown;
use super::unit::{Look, base, page_for, unit_of};
use crate::campaign::Run;
use crate::commands::accept;
use crate::model::{Finding, Message, Severity, SubmissionStatus};
use crate::schema::campaign::Accept;
use crate::serve::desk::{Desk, Visitor, blocking};
use crate::serve::manner::LONGEST_WORDS;
use crate::serve::refusal::Refusal;
use crate::serve::state::{EventKind, Note, NoteKind, Role};
use crate::serve::{submit, upload};

type Answer = Result<Response, Refusal>;

/// Writes a note: a return, a message, or one for the office alone.
pub(super) async fn note(Route(code): Route<String>, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let kind = NoteKind::of(fields.get("kind")).ok_or(Refusal::Broken)?;
    if kind == NoteKind::Return {
        officer.desk.still_takes().await?;
    }
    let text: String = fields.get("text").chars().take(LONGEST_WORDS).collect();
    if text.is_empty() {
        let empty = Message::new("Chưa ghi nội dung.", "Nothing was written.");
        return page_for(&officer, &code, shown::Said::wrong(empty)).await;
    }
    let now = officer.now().await?;
    let unit = unit_of(&now.stand.campaign, &code)?;
    let look = Look {
        officer: &officer,
        now: &now,
        unit: &unit,
    };
    let counts = look.own().map(|(_, file)| file);
    let counts = counts.filter(|file| file.status != SubmissionStatus::Superseded);
    let (actor, time) = officer.doing();
    let note = Note {
        time,
        actor,
        kind,
        text,
        files: match kind {
            NoteKind::Return => counts.map(|file| file.sha256.clone()).collect(),
            NoteKind::Message | NoteKind::Note => Vec::new(),
        },
    };
    let desk = officer.desk.clone();
    let owner = unit.code.clone();
    blocking(move || desk.state.add_note(&owner, &note)).await?;
    Ok(officer.to(&format!("{}?xong=ghi#trao-doi", base(&code))))
}

/// Gives a unit more time, or takes that back.
pub(super) async fn extend(Route(code): Route<String>, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let campaign = officer.campaign().await?;
    let unit = unit_of(&campaign, &code)?;
    let day = match fields.get("clear") {
        "1" => None,
        _ => match fields.get("day").parse::<NaiveDate>() {
            Ok(day) => Some(day),
            Err(_) => {
                let wrong = Message::new("Chưa chọn ngày.", "No day was chosen.");
                return page_for(&officer, &code, shown::Said::wrong(wrong)).await;
            }
        },
    };
    let (desk, (by, time)) = (officer.desk.clone(), officer.doing());
    blocking(move || desk.state.extend(&unit.code, day, (&by, &time))).await?;
    Ok(officer.to(&format!("{}?xong=gia-han", base(&code))))
}

/// Accepts a finding for a reason: writes it into the campaign's file.
pub(super) async fn accept_one(Route(code): Route<String>, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    officer.desk.still_takes().await?;
    let reason: String = fields.get("reason").chars().take(LONGEST_WORDS).collect();
    if reason.is_empty() {
        let empty = Message::new("Chưa ghi lý do chấp nhận.", "No reason was given.");
        return page_for(&officer, &code, shown::Said::wrong(empty)).await;
    }
    let now = officer.now().await?;
    let unit = unit_of(&now.stand.campaign, &code)?;
    let findings = mistake(&now, &unit.code, fields.get("finding"));
    let Some(first) = findings.first() else {
        let gone = Message::new(
            "Chỗ này không còn: tệp hoặc biểu đã đổi. Hãy xem lại trang.",
            "This is no longer there: the file or the form has changed. Look at the page again.",
        );
        return page_for(&officer, &code, shown::Said::wrong(gone)).await;
    };
    let place = first.cell.map_or(String::new(), |cell| cell.to_string());
    let detail = format!("{} {place}: {reason}", first.rule);
    let entry = |finding: &&Finding| Accept {
        unit: unit.code.clone(),
        rule: finding.rule.clone(),
        form: finding.form.as_deref().map(str::to_owned),
        cell: finding.cell.map(|cell| cell.to_string()),
        reason: reason.clone(),
        by: officer.account.name.clone(),
        on: now.today,
    };
    let entries: Vec<Accept> = findings.iter().map(entry).collect();
    let owner = unit.code.clone();
    let (by, time) = officer.doing();
    let desk = officer.desk.clone();
    // What is wrong with the campaign's file is for whoever asked.
    let done = blocking(move || {
        let _one_at_a_time = desk.filing();
        let done = accept(&desk.settings.campaign, &entries);
        if done.is_ok() {
            desk.forget_campaign();
            let kind = EventKind::Accepted;
            desk.state
                .note_event((&by, &time), kind, Some(&owner), &detail)?;
        }
        Ok(done.map_err(|error| error.message()))
    });
    match done.await? {
        Ok(()) => Ok(officer.to(&format!("{}?xong=chap-nhan#loi", base(&code)))),
        Err(why) => page_for(&officer, &code, shown::Said::wrong(why)).await,
    }
}

/// The open findings of one mistake of a unit: the one of this id, and what follows from it, which
/// stands behind it in the order of a run.
fn mistake<'a>(now: &'a Now, unit: &str, id: &str) -> Vec<&'a Finding> {
    let findings = now.stand.run.findings.iter();
    let own = findings.filter(|finding| finding.unit.as_deref() == Some(unit));
    let mut from = own.skip_while(|finding| finding.id() != id);
    let Some(first) = from.next() else {
        return Vec::new();
    };
    let follow =
        from.take_while(|finding| finding.review.consequence && finding.file == first.file);
    let all = std::iter::once(first).chain(follow);
    all.filter(|finding| finding.is_open() && finding.severity != Severity::Info)
        .collect()
}

/// Submits on behalf of a unit what came another way.
pub(super) async fn submit_for(
    State(desk): State<Arc<Desk>>,
    officer: Officer,
    Route(code): Route<String>,
    mut form: Multipart,
) -> Answer {
    // The mark stands before the files: without it nothing of them is read.
    let first = form
        .next_field()
        .await
        .map_err(|_| Refusal::Broken)?
        .ok_or(Refusal::Broken)?;
    let is_mark = first.name() == Some("csrf");
    let mark = first.text().await.map_err(|_| Refusal::Broken)?;
    if !is_mark || !is_marked(&mark, &officer.secret) {
        return Ok(Refusal::Expired.into_response());
    }
    officer.may(Role::Work)?;
    let campaign = officer.campaign().await?;
    let unit = unit_of(&campaign, &code)?;
    let upload = upload::receive(form, &desk.scratch, &desk.settings.bounds).await?;
    let visitor = Visitor { unit, campaign };
    let (by, time) = officer.doing();
    let done = desk.in_line(move |desk| {
        // All of it is held here, its folder too.
        let upload = &upload;
        if let Some(closed) = desk.closed()? {
            return Ok(Err(closed));
        }
        let (campaign, run) = desk.check(&visitor, &upload.files)?;
        let outcome = submit::submit(desk, &visitor, &campaign, &run)?;
        let Some(kept) = outcome.kept else {
            return Ok(Err(why_not(&run)));
        };
        let detail = kept.number.to_string();
        let kind = EventKind::UploadedFor;
        desk.state
            .note_event((&by, &time), kind, Some(&visitor.unit.code), &detail)?;
        Ok(Ok(()))
    });
    match done.await? {
        Ok(()) => Ok(officer.to(&format!("{}?xong=nop-thay#tep", base(&code)))),
        Err(why) => page_for(&officer, &code, shown::Said::wrong(why)).await,
    }
}

/// Why nothing of what was sent could be filed: what was found, in full.
fn why_not(run: &Run) -> Message {
    let told = |of: fn(&Message) -> &String| {
        let findings = run
            .findings
            .iter()
            .filter(|finding| finding.blocks())
            .take(5);
        let lines: Vec<String> = findings
            .map(|finding| format!("{}: {}", finding.file, of(&finding.message)))
            .collect();
        lines.join("\n")
    };
    Message::new(
        format!("Tệp CHƯA được nộp.\n{}", told(|message| &message.vi)),
        format!(
            "The file was NOT submitted.\n{}",
            told(|message| &message.en)
        ),
    )
}
