//! Letters mailed to units: shown with their number before anything is sent, sent one after another
//! while the page is looked at, and told for each unit.

use axum::http::HeaderMap;
use axum::response::Response;
use lettre::Address;

use super::letters::{self, LetterKind, Written};
use super::links::address;
use super::officer::{Act, Fields, Officer};
use super::shown::{self, Said, time_of};
use super::unit::base;
use crate::model::{Message, sha256};
use crate::page::office::{MailLine, Mailing, MailingDraft, Room, mailing_draft, mailing_page};
use crate::serve::desk::{Desk, blocking};
use crate::serve::log;
use crate::serve::mail::{MailServer, addresses};
use crate::serve::refusal::Refusal;
use crate::serve::state::{Mail, MailState, Role, State};

type Answer = Result<Response, Refusal>;

/// Where letters are sent, and what became of the last ones is shown.
pub(super) const HERE: &str = "/thu/gui";

/// So many mails in a row of which the server was not reached end a sending.
const ENOUGH: usize = 2;

/// A letter with where it goes.
struct Addressed {
    letter: Written,
    mail: Mail,
    to: Vec<Address>,
    /// The same letter has gone there before: whether that is certain, and when.
    before: Option<(MailState, String)>,
}

/// The letters of a kind, each with where it goes and whether it is to be sent.
async fn addressed(
    officer: &Officer,
    kind: LetterKind,
    fields: &Fields,
    to: &str,
) -> Result<(String, Vec<Addressed>), Refusal> {
    let now = officer.now().await?;
    let fresh = officer.desk.office.fresh(&officer.csrf);
    let made = letters::letters(kind, fields.get("text"), &now, &fresh, to);
    let subject = letters::subject(kind, &now.stand.campaign);
    let (desk, time) = (officer.desk.clone(), officer.doing().1);
    let again = fields.get("again") == "1";
    let known = blocking(move || desk.state.mailed()).await?;
    let all = made.into_iter().map(|letter| {
        let address = letter.emails.join(", ");
        let digest = sha256(format!("{address}\n{subject}\n{}", letter.text).as_bytes());
        let written: Vec<&str> = letter.emails.iter().map(String::as_str).collect();
        let (state, to, detail) = match (written.is_empty(), addresses(&written)) {
            (true, _) => (MailState::NoAddress, Vec::new(), String::new()),
            (false, Some(to)) => (MailState::Waiting, to, String::new()),
            (false, None) => (MailState::Failed, Vec::new(), no_address().vi),
        };
        let before = known.get(&digest).filter(|_| !again).cloned();
        let mail = Mail {
            number: 0,
            unit: letter.code.clone(),
            address,
            digest,
            state,
            time: time.clone(),
            detail,
        };
        Addressed {
            letter,
            mail,
            to,
            before,
        }
    });
    let all = all.collect();
    Ok((subject, all))
}

fn no_address() -> Message {
    Message::new(
        "địa chỉ thư trong danh sách đơn vị viết sai",
        "the address in the roster is not written as one",
    )
}

impl Addressed {
    fn is_to_go(&self) -> bool {
        self.mail.state == MailState::Waiting && self.before.is_none()
    }
}

/// Shows what would be sent; sends it when that was confirmed.
pub(super) async fn send(headers: HeaderMap, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let kind = LetterKind::of(fields.get("kind")).ok_or(Refusal::Broken)?;
    let server = officer.desk.settings.mail.clone();
    let server = server.ok_or(Refusal::NotFound)?;
    let to = match fields.get("address").trim_end_matches('/') {
        "" => address(&headers, &officer),
        typed => typed.to_owned(),
    };
    let (subject, all) = addressed(&officer, kind, &fields, &to).await?;
    let count = all.iter().filter(|one| one.is_to_go()).count();
    let shown = |said| draft(&officer, kind, &fields, (&to, &subject), &all, said);
    let confirmed = fields.get("count");
    if confirmed.is_empty() {
        return shown(Said::default()).await;
    }
    if confirmed != count.to_string() || count == 0 {
        let other = Message::new(
            "Số thư phải gửi không còn như lúc xem. Hãy xem lại rồi gửi.",
            "The number of letters is not what it was. Look again, then send.",
        );
        return shown(Said::wrong(other)).await;
    }
    let Some(turn) = officer.desk.office.mailing.begin() else {
        let busy = Message::new(
            "Đang có một lượt gửi thư chưa xong. Hãy đợi nó xong rồi gửi tiếp.",
            "Letters are being sent already. Wait until that is done.",
        );
        return shown(Said::wrong(busy)).await;
    };
    let (desk, by) = (officer.desk.clone(), officer.doing().0);
    let begun = blocking(move || {
        let mut kept: Vec<Addressed> = all;
        kept.retain(|one| one.before.is_none());
        let mut mails: Vec<Mail> = kept.iter().map(|one| one.mail.clone()).collect();
        desk.state.begin_sending(kind.name(), &mut mails)?;
        for (one, mail) in kept.iter_mut().zip(mails) {
            one.mail = mail;
        }
        kept.retain(Addressed::is_to_go);
        Ok(kept)
    });
    let kept = begun.await?;
    let desk = officer.desk.clone();
    // It goes on when nobody looks any more.
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        if let Err(error) = send_all(&desk, &server, &subject, &by, kept) {
            log::failed("tonghop serve", &error);
        }
    });
    Ok(officer.to(HERE))
}

/// Sends letters one after another, and writes down what became of each before the next.
fn send_all(
    desk: &Desk,
    server: &MailServer,
    subject: &str,
    by: &str,
    all: Vec<Addressed>,
) -> Result<(), crate::campaign::ToolError> {
    let state: &State = &desk.state;
    let now = || desk.settings.clock.now();
    let (mut in_a_row, mut why_none): (usize, Option<String>) = (0, None);
    for Addressed {
        letter,
        mut mail,
        to,
        ..
    } in all
    {
        if let Some(why) = &why_none {
            mail.state = MailState::Failed;
            mail.detail.clone_from(why);
            state.mail_ended(&mail, subject, (by, &now()))?;
            continue;
        }
        state.mail_begins(mail.number, &now())?;
        match server.send(&to, subject, &letter.text) {
            Ok(()) => {
                in_a_row = 0;
                mail.state = MailState::Sent;
            }
            Err(not) => {
                in_a_row = if not.for_all { in_a_row + 1 } else { 0 };
                mail.state = MailState::Failed;
                if in_a_row >= ENOUGH {
                    why_none = Some(format!("chưa thử, vì {}", not.why.vi));
                }
                mail.detail = not.why.vi;
            }
        }
        state.mail_ended(&mail, subject, (by, &now()))?;
    }
    Ok(())
}

/// What would be sent, to be confirmed.
async fn draft(
    officer: &Officer,
    kind: LetterKind,
    fields: &Fields,
    (to, subject): (&str, &str),
    all: &[Addressed],
    said: Said,
) -> Answer {
    let lang = officer.manner.lang;
    let lines = all.iter().map(|one| MailLine {
        name: one.letter.name.clone(),
        code: one.letter.code.clone(),
        href: base(&one.letter.code),
        address: one.mail.address.clone(),
        state: match &one.before {
            Some((MailState::Sent, _)) => "before",
            Some(_) => "perhaps",
            None => one.mail.state.name(),
        },
        at: one
            .before
            .as_ref()
            .map(|(_, at)| time_of(at, lang))
            .unwrap_or_default(),
        detail: one.mail.detail.clone(),
    });
    let count = |is: &dyn Fn(&Addressed) -> bool| all.iter().filter(|one| is(one)).count();
    let server = officer.desk.settings.mail.as_ref();
    let page = MailingDraft {
        kind: kind.name(),
        title: lang.of(&kind.word()).to_owned(),
        subject: subject.to_owned(),
        text: fields.get("text").to_owned(),
        address: to.to_owned(),
        server: server
            .map(|server| server.name().to_owned())
            .unwrap_or_default(),
        from: server.map(MailServer::from).unwrap_or_default(),
        again: fields.get("again") == "1",
        to_go: count(&Addressed::is_to_go),
        before: count(&|one| one.before.is_some()),
        lacking: count(&|one| matches!(one.mail.state, MailState::NoAddress | MailState::Failed)),
        example: all
            .iter()
            .find(|one| one.is_to_go())
            .map(|one| one.letter.text.clone()),
        lines: lines.collect(),
    };
    let place = ("/duong-dan", Room::Links);
    shown::page(officer, place, said, |frame, nav| {
        mailing_draft(frame, nav, &page)
    })
    .await
}

/// What became of the letters that were sent last.
pub(super) async fn show(officer: Officer) -> Answer {
    let desk = officer.desk.clone();
    // Before the letters are read: what ends in between is not taken for broken off.
    let is_busy = desk.office.mailing.is();
    let last = blocking(move || desk.state.last_sending()).await?;
    let last = last.ok_or(Refusal::NotFound)?;
    let campaign = officer.campaign().await?;
    let lang = officer.manner.lang;
    let lines = last.mails.iter().map(|mail| MailLine {
        name: campaign
            .roster
            .by_code(&mail.unit)
            .map_or(String::new(), |unit| unit.name.clone()),
        code: mail.unit.clone(),
        href: base(&mail.unit),
        address: mail.address.clone(),
        state: match (mail.state, is_busy) {
            // A server that was ended sends nothing more.
            (MailState::Waiting, false) => "ended",
            (MailState::Sending, false) => "perhaps",
            (state, _) => state.name(),
        },
        at: time_of(&mail.time, lang),
        detail: mail.detail.clone(),
    });
    let count = |state| last.mails.iter().filter(|mail| mail.state == state).count();
    let title = LetterKind::of(&last.kind).map(|kind| lang.of(&kind.word()).to_owned());
    let page = Mailing {
        title: title.unwrap_or_default(),
        is_busy,
        all: last.mails.len(),
        sent: count(MailState::Sent),
        failed: count(MailState::Failed),
        lacking: count(MailState::NoAddress),
        lines: lines.collect(),
    };
    let place = (HERE, Room::Links);
    shown::page_of(&officer, &campaign, place, Said::default(), |frame, nav| {
        mailing_page(frame, nav, &page)
    })
}
