//! Setting up: a new campaign from blank forms and a list of units, tried out and shown before it is
//! made; and the campaign of the next period.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;

use super::officer::{Act, Fields, Officer, is_marked};
use super::shown::{self, Said};
use crate::campaign::file_names::usable;
use crate::campaign::{Campaign, ToolError};
use crate::commands::next::{beside, next};
use crate::judge::ReceivedFile;
use crate::model::{Lang, Message, Period};
use crate::page::office::{
    Draft as DraftPage, DraftForm, NextForm, Room as Nav, SetUp, Words, draft_page, set_up_page,
};
use crate::serve::desk::{Desk, blocking};
use crate::serve::making::{Draft, Wanted, copy, folder_name};
use crate::serve::refusal::Refusal;
use crate::serve::rooms::{Room, Rooms};
use crate::serve::state::{EventKind, Role};
use crate::serve::upload::{self, Sent};

type Answer = Result<Response, Refusal>;
type Here = Extension<Arc<Rooms>>;

/// What the form of a new campaign sends.
const FORM: upload::Fields = upload::Fields {
    files: &["file", "roster"],
    words: true,
};
/// Where campaigns are set up.
const PATH: &str = "/moi";

/// The page of setting up.
pub(super) async fn show(
    officer: Officer,
    Extension(rooms): Here,
    Query(fields): Query<Vec<(String, String)>>,
) -> Answer {
    officer.may(Role::Admin)?;
    page(&officer, &rooms, &Fields(fields), Said::default()).await
}

async fn page(officer: &Officer, rooms: &Arc<Rooms>, typed: &Fields, said: Said) -> Answer {
    let asked = rooms.clone();
    let next = blocking(move || {
        Ok(asked
            .all()
            .iter()
            .filter_map(|room| next_form(room))
            .collect())
    });
    let page = SetUp {
        name: typed.get("name").to_owned(),
        period: typed.get("period").to_owned(),
        office: typed.get("office").to_owned(),
        place: typed.get("place").to_owned(),
        most: format!("{} MB", officer.desk.settings.bounds.body >> 20),
        next: next.await?,
    };
    shown::page(officer, (PATH, Nav::SetUp), said, |frame, nav| {
        set_up_page(frame, nav, &page)
    })
    .await
}

/// What the next period of a campaign would be; none where it cannot be told.
fn next_form(room: &Room) -> Option<NextForm> {
    let campaign = room.desk.campaign().ok()?;
    let now = campaign.file.period;
    let period = now.following();
    let folder = period.map(|period| beside(&room.desk.settings.campaign, now, period));
    let name = folder.as_ref().and_then(|folder| folder.file_name());
    Some(NextForm {
        from: room.name.clone(),
        title: campaign.file.title.clone(),
        now: now.vietnamese(),
        period: period.map_or(String::new(), |period| period.to_string()),
        name: name.map_or(String::new(), |name| name.to_string_lossy().into_owned()),
        left_out: campaign.file.accepts.len() + campaign.file.controls.len(),
        closed: room.desk.is_closed().ok()?,
    })
}

/// Tries a new campaign out and shows what was understood. Nothing of it is among the others yet.
pub(super) async fn try_out(
    State(desk): State<Arc<Desk>>,
    officer: Officer,
    Extension(rooms): Here,
    mut form: Multipart,
) -> Answer {
    // The mark stands before the files: without it nothing of them is read.
    let first = form.next_field().await.map_err(|_| Refusal::Broken)?;
    let first = first.ok_or(Refusal::Broken)?;
    let is_mark = first.name() == Some("csrf");
    let mark = first.text().await.map_err(|_| Refusal::Broken)?;
    if !is_mark || !is_marked(&mark, &officer.secret) {
        return Ok(Refusal::Expired.into_response());
    }
    officer.may(Role::Admin)?;
    let sent = upload::receive_with(form, FORM, &desk.scratch, &desk.settings.bounds).await?;
    let fields = Fields(sent.words.clone());
    let wanted = match blocking(move || wanted(sent)).await? {
        Ok(wanted) => wanted,
        Err(why) => return page(&officer, &rooms, &fields, Said::wrong(why)).await,
    };
    let (period, lang) = (wanted.period, officer.manner.lang);
    let made = desk.in_line(move |desk| {
        let most = Duration::from_secs(6 * desk.settings.bounds.limits.seconds);
        // What is wrong with the files is for whoever sent them.
        Ok(tried(wanted, &desk.settings.program, lang, most).map_err(|error| error.message()))
    });
    let (draft, campaign) = match made.await? {
        Ok(made) => made,
        Err(why) => return page(&officer, &rooms, &fields, Said::wrong(why)).await,
    };
    let mut shown = draft_of(&draft, &campaign, period, lang);
    let (account, kept) = (officer.account.name.clone(), rooms.clone());
    shown.id = blocking(move || kept.drafts.keep(&account, draft)).await?;
    shown::page(
        &officer,
        (PATH, Nav::SetUp),
        Said::default(),
        |frame, nav| draft_page(frame, nav, &shown),
    )
    .await
}

fn tried(
    wanted: Wanted,
    program: &Path,
    lang: Lang,
    most: Duration,
) -> Result<(Draft, Campaign), ToolError> {
    let draft = Draft::of(wanted, program, lang, most)?;
    let campaign = Campaign::load(&draft.campaign())?;
    Ok((draft, campaign))
}

/// Sorts what was sent: every file in a folder of its own, under a name made of that it was sent with.
fn wanted(sent: Sent) -> Result<Result<Wanted, Message>, ToolError> {
    let fields = Fields(sent.words);
    let name = match folder_name(fields.get("name")) {
        Ok(name) => name,
        Err(why) => return Ok(Err(why)),
    };
    let Ok(period) = fields.get("period").parse::<Period>() else {
        return Ok(Err(Message::new(
            "Kỳ báo cáo chưa đúng cách ghi. Ví dụ: 2025-10 (tháng), 2025-Q3 (quý), 2025 (năm).",
            "The period is not written as it should be. Examples: 2025-10, 2025-Q3, 2025.",
        )));
    };
    let folder = sent.folder;
    let place = |kind: &str, at: usize, file: &ReceivedFile| -> Result<PathBuf, ToolError> {
        let way = Path::new(kind).join(at.to_string());
        let own = folder.path().join(&way);
        let named = usable(&file.name);
        let moved = std::fs::create_dir_all(&own)
            .and_then(|()| std::fs::rename(&file.path, own.join(&named)));
        moved.map_err(ToolError::io(&own))?;
        Ok(way.join(named))
    };
    let (mut forms, mut roster) = (Vec::new(), None);
    for (at, (field, file)) in sent.files.iter().enumerate() {
        match field.as_str() {
            "roster" => roster = Some(place("danh-sach", at, file)?),
            _ => forms.push(place("bieu", at, file)?),
        }
    }
    let Some(roster) = roster.filter(|_| !forms.is_empty()) else {
        return Ok(Err(Message::new(
            "Cần cả biểu trắng và danh sách đơn vị.",
            "Both blank forms and a list of units are needed.",
        )));
    };
    Ok(Ok(Wanted {
        folder,
        forms,
        roster,
        name,
        period,
        office: fields.get("office").to_owned(),
        place: fields.get("place").to_owned(),
    }))
}

/// What is shown of a new campaign.
fn draft_of(draft: &Draft, campaign: &Campaign, period: Period, lang: Lang) -> DraftPage {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let words = |json: &Json| Words {
        sheet: text(&json["sheet"]),
        cell: text(&json["cell"]),
        words: text(&json["words"]),
        why: text(&json["why"]),
    };
    let title = |id: &str| {
        let form = campaign.forms.iter().find(|form| form.id() == id);
        form.map_or(id.to_owned(), |form| form.file.title.clone())
    };
    let form = |json: &Json| DraftForm {
        title: title(&text(&json["id"])),
        file: text(&json["file"]),
        sheet: text(&json["sheet"]),
        rules: list(&json["rules"])
            .iter()
            .map(|rule| {
                let said = words(&rule["evidence"]);
                (text(&rule["text"]), said)
            })
            .collect(),
    };
    let said = &draft.understood;
    let units = campaign.units_in_order();
    DraftPage {
        id: String::new(),
        name: draft.name.clone(),
        period: match lang {
            Lang::Vi => period.vietnamese(),
            Lang::En => period.to_string(),
        },
        units: units.len(),
        first_units: units.iter().take(8).map(|unit| unit.name.clone()).collect(),
        forms: list(&said["forms"]).iter().map(form).collect(),
        asked: list(&said["asked"]).iter().map(words).collect(),
        not_understood: list(&said["not_understood"]).iter().map(words).collect(),
    }
}

/// Makes a campaign that was tried out.
pub(super) async fn confirm(Extension(rooms): Here, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    let Some(draft) = rooms.drafts.take(fields.get("id"), &officer.account.name) else {
        let gone = Message::new(
            "Bản thử này không còn: đã lập rồi (xem trang «Các đợt»), hoặc đã để quá 30 phút. Chưa lập thì hãy gửi lại các tệp.",
            "This draft is gone: it was made already (see the campaigns), or is older than 30 minutes. If it was not, send the files again.",
        );
        return page(&officer, &rooms, &fields, Said::wrong(gone)).await;
    };
    let name = draft.name.clone();
    let made = made(&officer, &rooms, name, move |folder| {
        copy(&draft.campaign(), folder)
    })
    .await?;
    match made {
        Ok(room) => Ok(officer.to(&format!("{}/", room.base()))),
        Err(why) => page(&officer, &rooms, &fields, Said::wrong(why)).await,
    }
}

/// Makes the campaign of the next period.
pub(super) async fn next_period(Extension(rooms): Here, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Admin)?;
    let from = rooms
        .all()
        .into_iter()
        .find(|room| room.name == fields.get("from"));
    let from = from.ok_or(Refusal::Broken)?;
    let name = folder_name(fields.get("name"));
    let period = fields.get("period").parse::<Period>();
    let (name, period) = match (name, period) {
        (Ok(name), Ok(period)) => (name, period),
        (Err(why), _) => return page(&officer, &rooms, &Fields::default(), Said::wrong(why)).await,
        (_, Err(why)) => {
            let why = Message::new(
                format!("Kỳ báo cáo chưa đúng cách ghi: {why}"),
                format!("The period is not written as it should be: {why}"),
            );
            return page(&officer, &rooms, &Fields::default(), Said::wrong(why)).await;
        }
    };
    let old = from.desk.settings.campaign.clone();
    let made = made(&officer, &rooms, name, move |folder| {
        next(&old, period, Some(folder)).map(drop)
    });
    match made.await? {
        Ok(room) => Ok(officer.to(&format!("{}/", room.base()))),
        Err(why) => page(&officer, &rooms, &Fields::default(), Said::wrong(why)).await,
    }
}

/// Puts a new campaign among the others; why it could not be is for whoever asked.
async fn made(
    officer: &Officer,
    rooms: &Arc<Rooms>,
    name: String,
    make: impl FnOnce(&Path) -> Result<(), ToolError> + Send + 'static,
) -> Result<Result<Arc<Room>, Message>, Refusal> {
    let (log, (by, time), rooms) = (officer.log(), officer.doing(), rooms.clone());
    blocking(move || {
        let made = rooms.put(&name, make);
        if made.is_ok() {
            log.note_event((&by, &time), EventKind::CampaignMade, None, &name)?;
        }
        Ok(made.map_err(|error| error.message()))
    })
    .await
}
