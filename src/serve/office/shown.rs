//! Pages of the office, with what is around them.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::officer::Officer;
use crate::campaign::Campaign;
use crate::model::{Lang, Message};
use crate::page::Frame;
use crate::page::office::{EventLine, Nav, Room};
use crate::roster::Roster;
use crate::serve::place::Place;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Event, Role};
use crate::serve::views::{html, not_made};

/// What is said on top of a page.
#[derive(Debug, Default)]
pub(super) struct Said {
    done: Option<Message>,
    wrong: Option<Message>,
}

impl Said {
    /// What was done.
    pub(super) fn done(message: Message) -> Said {
        Said {
            done: Some(message),
            wrong: None,
        }
    }

    /// What could not be done.
    pub(super) fn wrong(message: Message) -> Said {
        Said {
            done: None,
            wrong: Some(message),
        }
    }

    /// What was done before this page was gone on to, by the word in its address.
    pub(super) fn of(word: &str) -> Said {
        const WORDS: [(&str, &str, &str); 9] = [
            ("mat-khau", "Đã đổi mật khẩu.", "The password was changed."),
            ("ghi", "Đã ghi.", "Written down."),
            (
                "gia-han",
                "Đã đổi hạn nộp của đơn vị này.",
                "The deadline of this unit was changed.",
            ),
            (
                "chap-nhan",
                "Đã chấp nhận và ghi vào tệp của đợt.",
                "Accepted, and written into the campaign's file.",
            ),
            (
                "nop-thay",
                "Đã nộp thay đơn vị; tệp ở mục «Tệp đã nhận».",
                "Submitted on behalf of the unit; the file is under “Files received”.",
            ),
            (
                "tong-hop",
                "Đã tổng hợp; kết quả ở dưới.",
                "Consolidated; the results are below.",
            ),
            ("chot", "Đã chốt kỳ.", "The period is closed."),
            (
                "mo-lai",
                "Đã mở lại kỳ; đơn vị nộp được.",
                "The period is open again.",
            ),
            (
                "duong-dan",
                "Đã đổi các đường dẫn.",
                "The links were changed.",
            ),
        ];
        let mut words = WORDS.iter();
        let known = words.find(|(known, ..)| *known == word);
        known.map_or(Said::default(), |(_, vi, en)| {
            Said::done(Message::new(*vi, *en))
        })
    }
}

/// That something was changed.
pub(super) fn changed() -> Message {
    Message::new("Đã ghi lại.", "Done.")
}

/// A page of the office at a path, in one of its rooms.
///
/// # Errors
/// The campaign cannot be loaded, or the page not be made.
pub(super) async fn page(
    officer: &Officer,
    place: (&str, Room),
    said: Said,
    make: impl FnOnce(&Frame<'_>, &Nav) -> Result<String, Message>,
) -> Result<Response, Refusal> {
    if officer.in_lobby() {
        return framed(officer, None, place, said, make);
    }
    let campaign = officer.campaign().await?;
    page_of(officer, &campaign, place, said, make)
}

/// [`page`], of a campaign that is loaded.
///
/// # Errors
/// The page cannot be made.
pub(super) fn page_of(
    officer: &Officer,
    campaign: &Campaign,
    place: (&str, Room),
    said: Said,
    make: impl FnOnce(&Frame<'_>, &Nav) -> Result<String, Message>,
) -> Result<Response, Refusal> {
    framed(officer, Some(campaign), place, said, make)
}

fn framed(
    officer: &Officer,
    campaign: Option<&Campaign>,
    (path, here): (&str, Room),
    said: Said,
    make: impl FnOnce(&Frame<'_>, &Nav) -> Result<String, Message>,
) -> Result<Response, Refusal> {
    let lang = officer.manner.lang;
    let frame = Frame {
        lang,
        path,
        csrf: &officer.csrf,
        base: officer.manner.place.base(),
        title: campaign.map_or("", |campaign| &campaign.file.title),
        office: campaign.map_or("", |campaign| &campaign.file.office),
        contact: None,
    };
    let text = |message: Message| lang.of(&message).to_owned();
    let status = match said.wrong {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let nav = Nav {
        who: officer.account.name.clone(),
        may_work: officer.account.role >= Role::Work,
        may_admin: officer.account.role >= Role::Admin,
        lobby: match officer.manner.place {
            Place::Room(_) | Place::Lobby => Some(lang.pick("/", "/?lang=en")),
            Place::Alone | Place::Unreadable => None,
        },
        in_campaign: campaign.is_some(),
        here,
        done: said.done.map(text),
        wrong: said.wrong.map(text),
    };
    Ok(html(status, make(&frame, &nav).map_err(not_made)?))
}

/// A moment that the state keeps, as a clock on the wall shows it.
pub(super) fn moment(time: &str) -> Option<NaiveDateTime> {
    let time = DateTime::parse_from_rfc3339(time).ok()?;
    Some(time.naive_local())
}

/// The day of a moment that the state keeps.
pub(super) fn day_of(time: &str, lang: Lang) -> String {
    moment(time).map_or(String::new(), |time| day(time.date(), lang))
}

/// A day.
pub(super) fn day(day: NaiveDate, lang: Lang) -> String {
    day.format(lang.pick("%d/%m/%Y", "%Y-%m-%d")).to_string()
}

/// A moment, to the minute.
pub(super) fn moment_of(at: NaiveDateTime, lang: Lang) -> String {
    at.format(lang.pick("%H:%M %d/%m/%Y", "%Y-%m-%d %H:%M"))
        .to_string()
}

/// A moment that the state keeps, to the minute.
pub(super) fn time_of(time: &str, lang: Lang) -> String {
    moment(time).map_or(String::new(), |at| moment_of(at, lang))
}

/// Something that happened, to a unit of the roster if it is to be named.
pub(super) fn event(event: &Event, roster: Option<&Roster>, lang: Lang) -> EventLine {
    let code = event.unit.as_deref().unwrap_or_default();
    let name = roster.and_then(|roster| roster.by_code(code));
    EventLine {
        number: event.number,
        at: moment(&event.time).map_or(String::new(), |at| {
            at.format(lang.pick("%H:%M:%S %d/%m/%Y", "%Y-%m-%d %H:%M:%S"))
                .to_string()
        }),
        actor: event.actor.clone().unwrap_or_default(),
        what: lang.of(&event.word()).to_owned(),
        unit: name.map_or(code.to_owned(), |unit| format!("{} ({code})", unit.name)),
        detail: event.detail.clone(),
    }
}
