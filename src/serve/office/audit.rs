//! What happened, and all of it as a workbook.

use std::sync::Arc;

use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDateTime;

use super::address::encoded;
use super::officer::{Fields, Officer};
use super::shown::{self, event, moment};
use crate::campaign::Campaign;
use crate::model::Lang;
use crate::page::office::{Audit, Room, audit_page};
use crate::serve::answer::workbook;
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Event, EventKind};
use crate::write::{ListBook, ListCell, ListColumn, ListSheet, list_bytes};

/// Events on one page.
const PAGE: usize = 200;
/// Events in a workbook, the newest; a year of an office has a tenth of them.
const MOST: usize = 100_000;

/// The page of what happened.
pub(super) async fn show(
    officer: Officer,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let fields = Fields(fields);
    let unit = fields.get("unit").to_owned();
    let before = fields.get("truoc").parse().ok();
    let (log, asked) = (
        officer.log(),
        Some(unit.clone()).filter(|unit| !unit.is_empty()),
    );
    let events = blocking(move || log.events(asked.as_deref(), before, PAGE)).await?;
    let campaign = campaign(&officer).await?;
    let roster = campaign.as_ref().map(|campaign| &campaign.roster);
    let last = events
        .last()
        .filter(|_| events.len() == PAGE)
        .map(|event| event.number);
    let page = Audit {
        events: events
            .iter()
            .map(|one| event(one, roster, officer.manner.lang))
            .collect(),
        older: last.map(|number| format!("/nhat-ky?unit={}&truoc={number}", encoded(&unit))),
        export: format!("/nhat-ky.xlsx?unit={}", encoded(&unit)),
        unit,
    };
    let said = shown::Said::default();
    let place = ("/nhat-ky", Room::Audit);
    shown::page(&officer, place, said, |frame, nav| {
        audit_page(frame, nav, &page)
    })
    .await
}

/// The campaign that it is about; none before all of them.
async fn campaign(officer: &Officer) -> Result<Option<Arc<Campaign>>, Refusal> {
    match officer.in_lobby() {
        true => Ok(None),
        false => Ok(Some(officer.campaign().await?)),
    }
}

/// All of it as a workbook. That it was taken is written down, too.
pub(super) async fn export(
    officer: Officer,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let unit = Some(Fields(fields).get("unit").to_owned()).filter(|unit| !unit.is_empty());
    let campaign = campaign(&officer).await?;
    let (log, (by, time)) = (officer.log(), officer.doing());
    let lang = officer.manner.lang;
    let made = officer.desk.in_line(move |desk| {
        let events = log.events(unit.as_deref(), None, MOST)?;
        let kind = EventKind::Downloaded;
        log.note_event((&by, &time), kind, unit.as_deref(), "nhat-ky.xlsx")?;
        let created = desk.settings.clock.moment();
        let book = book(&events, campaign.as_deref(), created, lang);
        Ok(list_bytes(&book)?)
    });
    Ok(workbook("nhat-ky.xlsx", made.await?))
}

/// Events as a workbook, which says if there may be more.
fn book(
    events: &[Event],
    campaign: Option<&Campaign>,
    created: NaiveDateTime,
    lang: Lang,
) -> ListBook {
    let row = |one: &Event| {
        let line = event(one, campaign.map(|campaign| &campaign.roster), lang);
        vec![
            ListCell::Code(one.number.to_string()),
            ListCell::Moment(moment(&one.time)),
            ListCell::Code(line.actor),
            ListCell::text(line.what),
            ListCell::text(line.unit),
            ListCell::text(line.detail),
        ]
    };
    let column = |vi: &str, en: &str, width| ListColumn::new(lang.pick(vi, en), width);
    let title = lang.pick("Nhật ký", "Log").to_owned();
    let file = campaign.map(|campaign| &campaign.file);
    let mut about = file.map_or(String::new(), |file| file.title.clone());
    if events.len() == MOST {
        let cut = lang.pick("chỉ có những việc gần đây nhất", "only the newest events");
        about.push_str(&format!(" ({cut}: {MOST})"));
    }
    ListBook {
        title: title.clone(),
        author: file.map_or(String::new(), |file| file.office.clone()),
        created,
        sheets: vec![ListSheet {
            name: title.clone(),
            about,
            title,
            columns: vec![
                column("Số", "No.", 8.0),
                column("Lúc", "When", 20.0),
                column("Ai", "Who", 16.0),
                column("Việc", "What", 24.0),
                column("Đơn vị", "Unit", 34.0),
                column("Chi tiết", "Details", 70.0),
            ],
            rows: events.iter().map(row).collect(),
        }],
    }
}
