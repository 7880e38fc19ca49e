//! Links of units: which there are, made, replaced, revoked; letters that carry them, remind, return
//! or confirm.

use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;

use super::board::Now;
use super::letters::{self, Format, LetterKind};
use super::officer::{Act, Fields, Officer};
use super::shared::Fresh;
use super::shown::{self, Said, day_of};
use super::unit::base;
use crate::model::Message;
use crate::page::office::{LetterForm, LinkLine, Links, Room, links_page};
use crate::serve::answer::file;
use crate::serve::desk::blocking;
use crate::serve::links::{path_of, refuse_made_of};
use crate::serve::refusal::Refusal;
use crate::serve::state::{EventKind, LinkChange, Role};

type Answer = Result<Response, Refusal>;

/// The page of links and letters.
pub(super) async fn show(
    officer: Officer,
    headers: HeaderMap,
    Query(fields): Query<Vec<(String, String)>>,
) -> Answer {
    let said = Said::of(Fields(fields).get("xong"));
    page(&officer, &address(&headers, &officer), said).await
}

/// The address of this server: that of its settings, or as the browser knows it.
pub(super) fn address(headers: &HeaderMap, officer: &Officer) -> String {
    if let Some(address) = &officer.desk.settings.address {
        return address.clone();
    }
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let scheme = if officer.over_tls() { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("127.0.0.1:8080"))
}

async fn page(officer: &Officer, address: &str, said: Said) -> Answer {
    let now = officer.now().await?;
    let desk = officer.desk.clone();
    let asked = move || Ok((desk.state.links()?, desk.state.last_sending()?.is_some()));
    let (links, mailed) = blocking(asked).await?;
    let fresh = officer.desk.office.fresh(&officer.csrf);
    let lang = officer.manner.lang;
    let units = now.stand.campaign.units_in_order();
    let lines = units.iter().map(|unit| LinkLine {
        code: unit.code.clone(),
        name: unit.name.clone(),
        href: base(&unit.code),
        made: links.get(&unit.code).map(|made| day_of(made, lang)),
        fresh: fresh.get(&unit.code).map(|path| format!("{address}{path}")),
    });
    let forms = LetterKind::ALL.into_iter().map(|kind| LetterForm {
        kind: kind.name(),
        title: lang.of(&kind.word()).to_owned(),
        about: lang.of(&kind.about()).to_owned(),
        text: kind.text().to_owned(),
        units: letters::units_of(kind, &now, &fresh).len(),
    });
    let mail = officer.desk.settings.mail.as_ref();
    let page = Links {
        fresh: fresh.len(),
        without: units
            .iter()
            .filter(|unit| !links.contains_key(&unit.code))
            .count(),
        address: address.to_owned(),
        links: lines.collect(),
        mail_server: mail.map(|server| server.name().to_owned()),
        mailed,
        letters: forms.collect(),
    };
    let campaign = &now.stand.campaign;
    shown::page_of(
        officer,
        campaign,
        ("/duong-dan", Room::Links),
        said,
        |frame, nav| links_page(frame, nav, &page),
    )
}

/// Makes, replaces or revokes links.
pub(super) async fn change(headers: HeaderMap, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let change = match fields.get("change") {
        "make" => LinkChange::Make,
        "replace" => LinkChange::Replace,
        "revoke" => LinkChange::Revoke,
        _ => return Err(Refusal::Broken),
    };
    let campaign = officer.campaign().await?;
    let chosen: Vec<&str> = fields.all("unit").collect();
    // Without a choice links are made for all that have none; replacing all takes a choice of all.
    let units = campaign.units_in_order();
    let units = units.iter().filter(|unit| {
        chosen.contains(&&*unit.code) || (chosen.is_empty() && change == LinkChange::Make)
    });
    let codes: Vec<String> = units.map(|unit| unit.code.clone()).collect();
    if codes.is_empty() {
        let none = Message::new("Chưa chọn đơn vị nào.", "No unit was chosen.");
        return page(&officer, &address(&headers, &officer), Said::wrong(none)).await;
    }
    let (desk, (by, time)) = (officer.desk.clone(), officer.doing());
    let session = officer.csrf.clone();
    let changed = blocking(move || {
        refuse_made_of(&campaign)?;
        let units: Vec<&str> = codes.iter().map(String::as_str).collect();
        let tokens = desk.state.change_links_by(&units, change, (&by, &time))?;
        let made = codes.iter().zip(tokens);
        let made = made.filter_map(|(code, token)| Some((code.clone(), path_of(&token?))));
        // A unit that has a link keeps it where links are made.
        let made: Fresh = made.collect();
        let changed = codes
            .into_iter()
            .filter(|code| change != LinkChange::Make || made.contains_key(code));
        let changed: Vec<String> = changed.collect();
        desk.office.keep(&session, &changed, made);
        Ok(())
    });
    changed.await?;
    Ok(officer.to("/duong-dan?xong=duong-dan"))
}

/// Letters to units, as a file.
pub(super) async fn letters(headers: HeaderMap, Act { officer, fields }: Act) -> Answer {
    officer.may(Role::Work)?;
    let kind = LetterKind::of(fields.get("kind")).ok_or(Refusal::Broken)?;
    let format = Format::of(fields.get("format")).ok_or(Refusal::Broken)?;
    let address = match fields.get("address").trim_end_matches('/') {
        "" => address(&headers, &officer),
        typed => typed.to_owned(),
    };
    let now: Now = officer.now().await?;
    let fresh = officer.desk.office.fresh(&officer.csrf);
    let made = letters::letters(kind, fields.get("text"), &now, &fresh, &address);
    if made.is_empty() {
        let none = match kind {
            LetterKind::Invitation => Message::new(
                "Chưa có đường dẫn nào vừa tạo trong phiên này. Đường dẫn chỉ hiện một lần: hãy tạo, hoặc thay cho đơn vị đã có, rồi tải thư ngay.",
                "No link was made in this session. Links are shown once: make them, or replace those there are, and download the letters then.",
            ),
            _ => Message::new(
                "Không có đơn vị nào cần thư này.",
                "No unit needs this letter.",
            ),
        };
        return page(&officer, &address, Said::wrong(none)).await;
    }
    let campaign = now.stand.campaign.clone();
    let (desk, (by, time)) = (officer.desk.clone(), officer.doing());
    let file_made = blocking(move || {
        let (name, bytes) = letters::file(kind, format, &made, &campaign, &desk.settings.clock)?;
        let detail = format!("{name}: {}", made.len());
        desk.state
            .note_event((&by, &time), EventKind::LettersMade, None, &detail)?;
        Ok((name, bytes))
    });
    let (name, bytes) = file_made.await?;
    Ok(file(&name, bytes))
}
