//! A unit as the office sees it: its files, findings, messages, and what is done about it.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Multipart, Path as Route, Query, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::address::encoded;
use super::board::Now;
use super::officer::{Act, Fields, Officer, is_marked};
use super::shown::{self, day};
use super::standing::{of_inbox, standing_of};
use crate::campaign::Campaign;
use crate::commands::accept;
use crate::model::campaign_files::TEXT;
use crate::model::{Finding, Lang, Message, ReportingUnit, Severity, Submission, SubmissionStatus};
use crate::page::office::{
    DueForm, NoLinks, Room, StateCell, UnitDesk, UnitFile, UnitNote, UnitReceipt, unit_desk_page,
};
use crate::page::{self, Answer as PageAnswer, AnswerState, Asked, Downloads, FormState};
use crate::schema::campaign::Accept;
use crate::serve::answer::{file, workbook};
use crate::serve::desk::{Desk, Visitor, blocking};
use crate::serve::manner::LONGEST_WORDS;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Event, EventKind, Note, NoteKind, Role, Submitted, Verdict};
use crate::serve::{marked, submit, upload};

type Answer = Result<Response, Refusal>;
type Pairs = Vec<(String, String)>;

/// Events of a unit that its page shows.
const EVENTS: usize = 50;

/// Address of a unit's page.
pub(super) fn base(code: &str) -> String {
    format!("/don-vi/{}", encoded(code))
}

fn unit_of(campaign: &Campaign, code: &str) -> Result<Arc<ReportingUnit>, Refusal> {
    campaign
        .roster
        .by_code(code)
        .cloned()
        .ok_or(Refusal::NotFound)
}

/// The page of a unit.
pub(super) async fn show(
    officer: Officer,
    Route(code): Route<String>,
    Query(fields): Query<Pairs>,
) -> Answer {
    let said = shown::Said::of(Fields(fields).get("xong"));
    page_for(&officer, &code, said).await
}

async fn page_for(officer: &Officer, code: &str, said: shown::Said) -> Answer {
    let now = officer.now().await?;
    let unit = unit_of(&now.stand.campaign, code)?;
    let (desk, asked) = (officer.desk.clone(), unit.code.clone());
    let kept = blocking(move || {
        let receipts = desk.state.submissions_of(&asked)?;
        Ok((receipts, desk.state.events(Some(&asked), None, EVENTS)?))
    });
    let (receipts, events) = kept.await?;
    let look = Look {
        officer,
        now: &now,
        unit: &unit,
    };
    let page = look.page(&receipts, &events);
    let path = base(code);
    let place = (&*path, Room::Board);
    shown::page_of(officer, &now.stand.campaign, place, said, |frame, nav| {
        unit_desk_page(frame, nav, &page)
    })
}

/// What a unit's page is made of.
struct Look<'a> {
    officer: &'a Officer,
    now: &'a Now,
    unit: &'a Arc<ReportingUnit>,
}

impl Look<'_> {
    fn lang(&self) -> Lang {
        self.officer.manner.lang
    }

    fn page(&self, receipts: &[Submitted], events: &[Event]) -> UnitDesk {
        let (unit, lang, stand) = (self.unit, self.lang(), &self.now.stand);
        let campaign = &stand.campaign;
        let standing = standing_of(stand, &self.now.said, unit, self.now.today);
        let own = self.now.said.extensions.get(&unit.code).copied();
        let deadline = own.or(campaign.file.deadline);
        let kinds = &campaign.file.kinds;
        let kind = kinds.iter().find(|kind| kind.id == unit.kind);
        let state = |state: FormState| StateCell::of(state, lang);
        let forms = standing
            .as_ref()
            .map_or(&[][..], |standing| &standing.forms);
        let due = campaign
            .forms
            .iter()
            .zip(forms)
            .filter_map(|(form, state)| {
                let state = (*state)?;
                Some(DueForm {
                    title: form.file.title.clone(),
                    code: form.file.code.clone(),
                    state,
                    word: lang.of(&state.word()).to_owned(),
                    history: format!("{}/so-lieu/{}", base(&unit.code), encoded(form.id())),
                })
            });
        let notes = self.now.said.notes.get(&unit.code);
        UnitDesk {
            name: unit.name.clone(),
            code: unit.code.clone(),
            kind: kind.map_or(String::new(), |kind| kind.name.clone()),
            group: unit.group.clone(),
            base: base(&unit.code),
            state: standing.as_ref().map(|standing| state(standing.state)),
            overdue: standing.as_ref().is_some_and(|standing| standing.overdue),
            deadline: deadline.map(|deadline| day(deadline, lang)),
            deadline_iso: deadline.map_or(String::new(), |deadline| deadline.to_string()),
            extended: own.is_some(),
            closed: self.now.said.closed,
            forms: due.collect(),
            answer: self.answer(),
            links: NoLinks::default(),
            files: self.files(),
            receipts: receipts.iter().map(|one| receipt(one, lang)).collect(),
            notes: notes
                .into_iter()
                .flatten()
                .map(|note| self.note(note))
                .collect(),
            events: events
                .iter()
                .map(|event| shown::event(event, None, lang))
                .collect(),
            can_accept: campaign.folder.join(TEXT).is_file(),
            most: format!("{} MB", self.officer.desk.settings.bounds.body >> 20),
        }
    }

    /// Files of the unit, with their places among all submissions.
    fn own(&self) -> impl Iterator<Item = (usize, &Submission)> {
        let all = self.now.stand.run.submissions.iter().enumerate();
        all.filter(|(_, file)| {
            file.unit
                .as_ref()
                .is_some_and(|unit| unit.code == self.unit.code)
        })
    }

    /// The answer to the files that count.
    fn answer(&self) -> Option<PageAnswer> {
        let counts = self.own().map(|(_, file)| file);
        let counts = counts.filter(|file| file.status != SubmissionStatus::Superseded);
        let submissions: Vec<Submission> = counts.cloned().collect();
        let run = &self.now.stand.run;
        let sent = page::Sent::Checked {
            downloads: Downloads::default(),
        };
        (!submissions.is_empty()).then(|| {
            PageAnswer::of(&Asked {
                lang: self.lang(),
                definition: Some(&self.now.stand.campaign.definition),
                submissions: &submissions,
                findings: &run.findings,
                tables: &run.tables,
                sent: &sent,
                before: None,
                rule_base: Some("/quy-tac/"),
            })
        })
    }

    fn files(&self) -> Vec<UnitFile> {
        let lang = self.lang();
        let written = |file: &Submission| self.now.stand.written.get(of_inbox(file)).copied();
        let mut own: Vec<(usize, &Submission)> = self.own().collect();
        own.sort_by_key(|(_, file)| std::cmp::Reverse(written(file)));
        let line = |(_, file): (usize, &Submission)| {
            let (state, word) = state_of(file, lang);
            let address = |what: &str| format!("{}/{what}/{}", base(&self.unit.code), &file.sha256);
            let alone = file.archive.is_none();
            UnitFile {
                name: file.file.to_string(),
                at: written(file).map(|at| shown::moment_of(at, lang)),
                state,
                word,
                errors: file.errors,
                warnings: file.warnings,
                original: alone.then(|| address("tep")),
                marked: (alone && state.is_some()).then(|| address("danh-dau")),
            }
        };
        own.into_iter().map(line).collect()
    }

    fn note(&self, note: &Note) -> UnitNote {
        UnitNote {
            at: shown::time_of(&note.time, self.lang()),
            actor: note.actor.clone(),
            kind: note.kind.name(),
            text: note.text.clone(),
        }
    }
}

/// What became of a file; none if another took its place.
fn state_of(file: &Submission, lang: Lang) -> (Option<AnswerState>, String) {
    let (state, vi, en) = match file.status {
        SubmissionStatus::Accepted => (Some(AnswerState::Fine), "được tính", "counts"),
        SubmissionStatus::Returned => (Some(AnswerState::ToCorrect), "có lỗi", "has errors"),
        SubmissionStatus::Superseded => (None, "đã có bản khác thay", "replaced"),
        SubmissionStatus::Unreadable => {
            (Some(AnswerState::Refused), "không đọc được", "not readable")
        }
        SubmissionStatus::Unidentified => (
            Some(AnswerState::Refused),
            "chưa rõ đơn vị",
            "of no known unit",
        ),
    };
    (state, lang.pick(vi, en).to_owned())
}

fn receipt(one: &Submitted, lang: Lang) -> UnitReceipt {
    let state = match one.judged.verdict {
        Verdict::Received => AnswerState::Fine,
        Verdict::ToExplain => AnswerState::ToExplain,
        Verdict::Returned => AnswerState::ToCorrect,
    };
    UnitReceipt {
        number: one.number,
        at: shown::moment_of(one.time.naive_local(), lang),
        files: one
            .files
            .iter()
            .map(|file| file.sent_name.clone())
            .collect(),
        state,
        word: lang.of(&state.word()).to_owned(),
    }
}

/// A file of the unit in the inbox, by its hash: nothing else can be asked for.
async fn own_file(officer: &Officer, code: &str, sha256: &str) -> Result<Arc<str>, Refusal> {
    let now = officer.now().await?;
    let unit = unit_of(&now.stand.campaign, code)?;
    let look = Look {
        officer,
        now: &now,
        unit: &unit,
    };
    let mut own = look.own().filter(|(_, file)| file.archive.is_none());
    let found = own.find(|(_, file)| file.sha256 == sha256);
    found
        .map(|(_, file)| file.file.clone())
        .ok_or(Refusal::NotFound)
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A file of the unit as it came.
pub(super) async fn original(
    officer: Officer,
    Route((code, sha256)): Route<(String, String)>,
) -> Answer {
    let name = own_file(&officer, &code, &sha256).await?;
    let path = officer.desk.settings.campaign.join(&*name);
    let read =
        blocking(move || std::fs::read(&path).map_err(crate::campaign::ToolError::io(&path)));
    Ok(file(last(&name), read.await?))
}

/// The marked copy of a file of the unit.
pub(super) async fn marked_copy(
    officer: Officer,
    Route((code, sha256)): Route<(String, String)>,
) -> Answer {
    let name = own_file(&officer, &code, &sha256).await?;
    let path = officer.desk.settings.campaign.join(&*name);
    let made = officer
        .desk
        .in_line(move |desk| marked::copy(desk, &path))
        .await?;
    let stem = Path::new(last(&name))
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    Ok(workbook(
        &format!("{stem} - da danh dau.xlsx"),
        made.ok_or(Refusal::NotFound)?,
    ))
}

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
fn why_not(run: &crate::campaign::Run) -> Message {
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
