//! What pages show, from what the state and a run hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate};

use super::by_hand::HandFile;
use super::desk::{Desk, Visitor, failed};
use super::log;
use super::manner::Manner;
use super::refusal::Refusal;
use super::state::{Note, NoteKind, StoredFile, Submitted, Verdict};
use super::submit::Outcome;
use crate::campaign::{Campaign, Run, ToolError};
use crate::model::Message;
use crate::page::{
    self, Answer, AnswerState, Asked, Change, Download, Downloads, Earlier, EarlierLinks, FormLine,
    FormState, Frame, OpenFinding, Receipt, ReceiptFile, UnitLinks, UnitPage,
};

/// A page.
pub(super) fn html(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// Whose page it is, and how it is to look.
pub(super) struct Shown<'a> {
    desk: &'a Arc<Desk>,
    visitor: &'a Visitor,
    token: &'a str,
    manner: &'a Manner,
}

/// The answer to what was just sent, or to an earlier submission.
pub(super) struct Answered<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) run: &'a Run,
    pub(super) sent: Sent<'a>,
    /// How many reasons were kept just now, if any were sent.
    pub(super) reasons: Option<usize>,
}

/// What was done with what was sent.
pub(super) enum Sent<'a> {
    /// Checked only.
    Checked {
        /// Names and addresses of the marked copies.
        marked: Vec<(String, String)>,
        /// Address of the list of what was found.
        findings: Option<String>,
    },
    /// Submitted, or refused.
    Submitted(&'a Outcome),
}

impl<'a> Shown<'a> {
    pub(super) fn new(
        desk: &'a Arc<Desk>,
        visitor: &'a Visitor,
        token: &'a str,
        manner: &'a Manner,
    ) -> Shown<'a> {
        Shown {
            desk,
            visitor,
            token,
            manner,
        }
    }

    fn frame<'b>(&'b self, path: &'b str) -> Frame<'b> {
        let file = &self.visitor.campaign.file;
        Frame {
            lang: self.manner.lang,
            path,
            csrf: "",
            base: "",
            title: &file.title,
            office: &file.office,
            contact: file.contact.as_deref(),
        }
    }

    /// Address of something of the unit's; of its page, if nothing is named.
    fn address(&self, what: &str) -> String {
        match what {
            "" => format!("/n/{}", self.token),
            what => format!("/n/{}/{what}", self.token),
        }
    }

    fn page(
        &self,
        earlier: &[Submitted],
        by_hand: &[HandFile],
        answer: Option<Answer>,
    ) -> Result<UnitPage, Refusal> {
        let campaign = &self.visitor.campaign;
        let told = told(self.desk, self.visitor, earlier).map_err(failed)?;
        let sent_back = told.note.as_ref().map(|note| note.kind) == Some(NoteKind::Return);
        let returned = earlier.first().filter(|_| sent_back);
        Ok(UnitPage {
            unit: self.visitor.unit.name.clone(),
            period: campaign.file.period,
            deadline: told.extended.or(campaign.file.deadline),
            today: self.desk.settings.clock.moment().date(),
            closed: told.closed,
            forms: self.forms(earlier, by_hand, returned),
            received: by_hand
                .iter()
                .map(|file| (file.name.clone(), file.at))
                .collect(),
            links: UnitLinks {
                check: self.address("check"),
                submit: self.address("submit"),
                explain: self.address("explain"),
                queue: self.address("queue"),
                template: Some(self.address("template")),
            },
            most_bytes: u64::try_from(self.desk.settings.bounds.body).unwrap_or(u64::MAX),
            waiting: self.desk.queue.line(None).waiting,
            notice: told
                .note
                .as_ref()
                .map(|note| office_says(&note.text, note.kind)),
            answer,
            earlier: earlier
                .iter()
                .enumerate()
                .map(|(at, one)| {
                    let next = at.checked_sub(1).and_then(|at| earlier.get(at));
                    let said = said(&told.notes, one, next);
                    self.earlier(one, earlier.get(at + 1), said)
                })
                .collect(),
        })
    }

    /// The forms that are due, with what the newest submission that has each came to; of what was
    /// never submitted on the page, what came another way. The office may have `returned` one.
    fn forms(
        &self,
        earlier: &[Submitted],
        by_hand: &[HandFile],
        returned: Option<&Submitted>,
    ) -> Vec<FormLine> {
        let Visitor { unit, campaign } = self.visitor;
        let due = campaign
            .forms
            .iter()
            .filter(|form| campaign.expects(unit, form.id()));
        let state = |id: &str| {
            let has = |one: &&Submitted| {
                let mut files = one.files.iter();
                files.any(|file| file.forms.iter().any(|form| form == id))
            };
            let Some(newest) = earlier.iter().find(has) else {
                let mut files = by_hand.iter();
                let has = files.find(|file| file.forms.iter().any(|form| form == id));
                return has.map_or(FormState::NotFiled, |file| file.state);
            };
            match newest.judged.verdict {
                _ if returned.is_some_and(|one| one.number == newest.number) => FormState::Returned,
                Verdict::Received => FormState::Received,
                Verdict::ToExplain => FormState::ToExplain,
                Verdict::Returned => FormState::Returned,
            }
        };
        due.map(|form| FormLine {
            title: form.file.title.clone(),
            code: form.file.code.clone(),
            state: state(form.id()),
        })
        .collect()
    }

    fn earlier(&self, one: &Submitted, before: Option<&Submitted>, said: Vec<Message>) -> Earlier {
        let number = one.number;
        let single = one.files.len() == 1 && one.judged.verdict != Verdict::Received;
        Earlier {
            number: number.to_string(),
            at: one.time.naive_local(),
            files: one
                .files
                .iter()
                .map(|file| file.sent_name.clone())
                .collect(),
            state: state(one.judged.verdict),
            errors: one.judged.errors,
            warnings: one.judged.warnings,
            change: before.and_then(|before| {
                let (before, now) = (&before.judged.open, &one.judged.open);
                Some(Change::between(before.as_ref()?, now.as_ref()?))
            }),
            said,
            links: EarlierLinks {
                view: self.address(&format!("s/{number}")),
                receipt: self.address(&format!("receipt/{number}")),
                marked: single.then(|| self.address(&format!("s/{number}/marked/1"))),
                findings: (one.judged.verdict != Verdict::Received)
                    .then(|| self.address(&format!("s/{number}/findings"))),
            },
        }
    }
}

/// The page of a unit, with an answer.
///
/// # Errors
/// The page cannot be made.
pub(super) async fn unit(
    shown: &Shown<'_>,
    status: StatusCode,
    earlier: &[Submitted],
    answered: Option<&Answered<'_>>,
) -> Result<Response, Refusal> {
    let by_hand = shown.desk.by_hand(shown.visitor).await;
    let answer = answered.map(|answered| answer(shown, earlier, answered));
    let mut page = shown.page(earlier, &by_hand, answer)?;
    page.notice = answered.and_then(notice).or(page.notice);
    let path = shown.address("");
    let text = page::unit_page(&shown.frame(&path), &page).map_err(not_made)?;
    Ok(html(status, text))
}

/// What the office has said to a unit.
struct Told {
    extended: Option<NaiveDate>,
    closed: bool,
    /// What holds still.
    note: Option<Note>,
    /// All of it, the newest first.
    notes: Vec<Note>,
}

fn told(desk: &Desk, visitor: &Visitor, earlier: &[Submitted]) -> Result<Told, ToolError> {
    let unit = &visitor.unit.code;
    let notes = desk.state.told(unit)?;
    let newest = notes.first().cloned();
    // What went back is over once something else was submitted.
    let since = earlier.first().map(|one| one.time);
    let holds = |note: &Note| {
        let written = DateTime::parse_from_rfc3339(&note.time);
        // Better a word too much than one that is not heard.
        written.map_or(true, |written| since.is_none_or(|since| written > since))
    };
    Ok(Told {
        extended: desk.state.extension_of(unit)?,
        closed: desk.is_closed()?,
        note: newest.filter(holds),
        notes,
    })
}

/// What the office said between a submission and the next one, the oldest first.
fn said(notes: &[Note], one: &Submitted, next: Option<&Submitted>) -> Vec<Message> {
    let about = |note: &&Note| {
        let written = DateTime::parse_from_rfc3339(&note.time);
        written.is_ok_and(|at| at >= one.time && next.is_none_or(|next| at < next.time))
    };
    let notes = notes.iter().rev().filter(about);
    notes
        .map(|note| office_says(&note.text, note.kind))
        .collect()
}

fn office_says(text: &str, kind: NoteKind) -> Message {
    let (vi, en) = match kind {
        NoteKind::Return => (
            "Cơ quan tổng hợp trả lại báo cáo",
            "The office returns the report",
        ),
        NoteKind::Message | NoteKind::Note => ("Cơ quan tổng hợp nhắn", "The office says"),
    };
    Message::new(format!("{vi}: {text}"), format!("{en}: {text}"))
}

/// What was open in the submission before one; in the newest, for what is none.
fn before(earlier: &[Submitted], number: Option<i64>) -> Option<&BTreeSet<OpenFinding>> {
    let mut earlier = earlier.iter();
    let before = earlier.find(|one| number.is_none_or(|number| one.number < number));
    before?.judged.open.as_ref()
}

fn answer(shown: &Shown<'_>, earlier: &[Submitted], answered: &Answered<'_>) -> Answer {
    let run = answered.run;
    let kept = match &answered.sent {
        Sent::Checked { .. } => None,
        Sent::Submitted(outcome) => outcome.kept.as_ref(),
    };
    let sent = match (kept, &answered.sent) {
        (Some(one), _) => page::Sent::Submitted {
            number: one.number.to_string(),
            at: one.time.naive_local(),
            downloads: Downloads {
                marked: marked_of(shown, one, run),
                findings: (!run.findings.is_empty())
                    .then(|| shown.address(&format!("s/{}/findings", one.number))),
                receipt: Some(shown.address(&format!("receipt/{}", one.number))),
            },
        },
        (None, Sent::Checked { marked, findings }) => page::Sent::Checked {
            downloads: Downloads {
                marked: marked
                    .iter()
                    .map(|(name, address)| download(name, address))
                    .collect(),
                findings: findings.clone(),
                ..Downloads::default()
            },
        },
        // Nothing was received; the notice says so.
        (None, Sent::Submitted(_)) => page::Sent::Checked {
            downloads: Downloads::default(),
        },
    };
    Answer::of(&Asked {
        lang: shown.manner.lang,
        definition: Some(&answered.campaign.definition),
        submissions: &run.submissions,
        findings: &run.findings,
        tables: &run.tables,
        sent: &sent,
        before: before(earlier, kept.map(|one| one.number)),
        rule_base: Some(&shown.address("quy-tac/")),
    })
}

/// What an answer cannot know: that nothing was received, or not what counts.
fn notice(answered: &Answered<'_>) -> Option<Message> {
    match answered.reasons {
        Some(0) => {
            return Some(Message::new(
                "Chưa có giải trình nào được ghi: các ô giải trình đều để trống.",
                "No reason was kept: all boxes were left blank.",
            ));
        }
        Some(count) => {
            return Some(Message::new(
                format!(
                    "Đã ghi {count} giải trình. Giải trình còn hiệu lực khi nộp lại, chừng nào số ấy chưa đổi."
                ),
                format!(
                    "{count} reasons were kept. They hold for later submissions, too, as long as the figure stays the same."
                ),
            ));
        }
        None => {}
    }
    let Sent::Submitted(outcome) = &answered.sent else {
        return None;
    };
    if outcome.kept.is_none() {
        return Some(Message::new(
            "Tệp CHƯA được nộp, vì lý do nêu dưới đây.",
            "The file was NOT submitted, for the reason below.",
        ));
    }
    outcome.counts.contains(&false).then(|| {
        Message::new(
            "Đơn vị đã nộp một bản lưu muộn hơn, bản ấy mới là bản được tính. Nếu bản này mới đúng, hãy mở ra, lưu lại rồi nộp lần nữa.",
            "A workbook that was saved later has been submitted, and counts. If this one is right, open it, save it again and submit it once more.",
        )
    })
}

/// The marked copies of a submission's files in which something was found.
fn marked_of(shown: &Shown<'_>, one: &Submitted, run: &Run) -> Vec<Download> {
    let found = |file: &StoredFile| {
        let mut findings = run.findings.iter();
        findings.any(|finding| *finding.file == *file.sent_name)
    };
    let files = one.files.iter().enumerate().filter(|(_, file)| found(file));
    let address = |i: usize| shown.address(&format!("s/{}/marked/{}", one.number, i + 1));
    files
        .map(|(i, file)| download(&file.sent_name, &address(i)))
        .collect()
}

fn download(name: &str, address: &str) -> Download {
    Download {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

/// A receipt.
///
/// # Errors
/// The page cannot be made.
pub(super) fn receipt(shown: &Shown<'_>, one: &Submitted) -> Result<Response, Refusal> {
    let campaign = &shown.visitor.campaign;
    let title = |id: &String| {
        let form = campaign.forms.iter().find(|form| form.id() == id);
        form.map_or(id.clone(), |form| form.file.title.clone())
    };
    let file = |file: &StoredFile| ReceiptFile {
        name: file.sent_name.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        forms: file.forms.iter().map(title).collect(),
    };
    let receipt = Receipt {
        number: one.number.to_string(),
        at: one.time.naive_local(),
        unit: shown.visitor.unit.name.clone(),
        code: shown.visitor.unit.code.clone(),
        period: campaign.file.period,
        files: one.files.iter().map(file).collect(),
        state: state(one.judged.verdict),
        errors: one.judged.errors,
        warnings: one.judged.warnings,
        back: shown.address(""),
    };
    let path = shown.address(&format!("receipt/{}", one.number));
    let text = page::receipt_page(&shown.frame(&path), &receipt).map_err(not_made)?;
    Ok(html(StatusCode::OK, text))
}

/// Why something was refused. The campaign is not named: whoever asks may not know of it.
///
/// # Errors
/// The page cannot be made.
pub(super) fn refusal(manner: &Manner, refusal: &Refusal) -> Result<String, Message> {
    let frame = Frame {
        lang: manner.lang,
        path: "/",
        csrf: "",
        base: "",
        title: "",
        office: "",
        contact: None,
    };
    page::refusal_page(&frame, refusal, None)
}

/// The page about a rule.
///
/// # Errors
/// The page cannot be made.
pub(super) fn rule(shown: &Shown<'_>, rule: &str, text: &str) -> Result<Response, Refusal> {
    let (path, back) = (shown.address(&format!("quy-tac/{rule}")), shown.address(""));
    let made = page::rule_page(&shown.frame(&path), rule, text, Some(&back));
    Ok(html(StatusCode::OK, made.map_err(not_made)?))
}

pub(super) fn not_made(message: Message) -> Refusal {
    log::failed("trang", &message.vi);
    Refusal::Failed(log::not_now())
}

fn state(verdict: Verdict) -> AnswerState {
    match verdict {
        Verdict::Received => AnswerState::Fine,
        Verdict::ToExplain => AnswerState::ToExplain,
        Verdict::Returned => AnswerState::ToCorrect,
    }
}
