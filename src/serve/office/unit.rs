//! A unit as the office sees it: its files, findings, messages, and what is done about it.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as Route, Query};
use axum::response::Response;

use super::address::encoded;
use super::board::Now;
use super::officer::{Fields, Officer};
use super::shown::{self, day};
use super::standing::{of_inbox, standing_of};
use crate::campaign::Campaign;
use crate::model::{Lang, ReportingUnit, Submission, SubmissionStatus};
use crate::page::office::{
    DueForm, NoLinks, Room, StateCell, UnitDesk, UnitFile, UnitNote, UnitReceipt, unit_desk_page,
};
use crate::page::{self, Answer as PageAnswer, AnswerState, Asked, Downloads, FormState};
use crate::serve::answer::{file, workbook};
use crate::serve::desk::blocking;
use crate::serve::marked;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Event, Note, Submitted, Verdict};

type Answer = Result<Response, Refusal>;
type Pairs = Vec<(String, String)>;

/// Events of a unit that its page shows.
const EVENTS: usize = 50;

/// Address of a unit's page.
pub(super) fn base(code: &str) -> String {
    format!("/don-vi/{}", encoded(code))
}

pub(super) fn unit_of(campaign: &Campaign, code: &str) -> Result<Arc<ReportingUnit>, Refusal> {
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

pub(super) async fn page_for(officer: &Officer, code: &str, said: shown::Said) -> Answer {
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
pub(super) struct Look<'a> {
    pub(super) officer: &'a Officer,
    pub(super) now: &'a Now,
    pub(super) unit: &'a Arc<ReportingUnit>,
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
            most: format!("{} MB", self.officer.desk.settings.bounds.body >> 20),
        }
    }

    /// Files of the unit, with their places among all submissions.
    pub(super) fn own(&self) -> impl Iterator<Item = (usize, &Submission)> {
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
