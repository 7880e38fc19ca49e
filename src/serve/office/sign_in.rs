//! Signing in and out, and the first account.

use std::sync::Arc;
use std::time::Instant;

use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::address::own;
use super::officer::{
    Act, Fields, SIGN_IN, cookie, csrf_of, is_marked, over_tls, redirect, set_cookie,
};
use super::{name, password};
use crate::campaign::{Campaign, ToolError};
use crate::model::Message;
use crate::page::Frame;
use crate::page::office::{SignIn, sign_in_page};
use crate::serve::desk::{Desk, blocking};
use crate::serve::manner::Manner;
use crate::serve::peer::Peer;
use crate::serve::place::Place;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Account, EventKind, random};
use crate::serve::views::{html, not_made};

type Shared = State<Arc<Desk>>;
type Pairs = Vec<(String, String)>;
type Answer = Result<Response, Refusal>;

/// Where the first account is made.
const FIRST: &str = "/thiet-lap";

/// The page to sign in, or to make the first account.
struct Before<'a> {
    desk: &'a Arc<Desk>,
    manner: &'a Manner,
    headers: &'a HeaderMap,
}

impl Before<'_> {
    /// Name of the cookie of somebody who is not signed in yet.
    fn cookie(&self) -> String {
        format!("{}-t", self.desk.staff.cookie)
    }

    /// The page, with what was wrong and what had been typed.
    async fn page(
        &self,
        first: bool,
        typed: &Fields,
        wrong: Option<(StatusCode, Message)>,
    ) -> Answer {
        let campaign: Option<Arc<Campaign>> = match self.manner.place {
            // Before all campaigns none is named, and none need be in order.
            Place::Lobby => None,
            _ => {
                let desk = self.desk.clone();
                Some(blocking(move || desk.campaign()).await?)
            }
        };
        let file = campaign.as_ref().map(|campaign| &campaign.file);
        let known = cookie(self.headers, &self.cookie()).filter(|known| known.len() == 22);
        let secret = match known {
            Some(known) => known.to_owned(),
            None => blocking(random).await?,
        };
        let csrf = csrf_of(&secret);
        let frame = Frame {
            lang: self.manner.lang,
            path: if first { FIRST } else { SIGN_IN },
            csrf: &csrf,
            base: self.manner.place.base(),
            title: file.map_or("", |file| &file.title),
            office: file.map_or("", |file| &file.office),
            contact: file.and_then(|file| file.contact.as_deref()),
        };
        let (status, wrong) = match wrong {
            Some((status, message)) => (status, Some(message)),
            None => (StatusCode::OK, None),
        };
        let page = SignIn {
            first,
            name: typed.get("name").to_owned(),
            to: own(typed.get("toi")).to_owned(),
            wrong: wrong.map(|message| self.manner.lang.of(&message).to_owned()),
        };
        let mut response = html(status, sign_in_page(&frame, &page).map_err(not_made)?);
        if known.is_none() {
            set_cookie(
                &mut response,
                &self.cookie(),
                &secret,
                over_tls(self.desk, self.headers),
            );
        }
        Ok(response)
    }

    fn is_marked(&self, fields: &Fields) -> bool {
        let secret = cookie(self.headers, &self.cookie()).unwrap_or_default();
        is_marked(fields.raw("csrf"), secret)
    }

    /// Signs an account in and goes on.
    async fn welcome(&self, account: Account, to: &str) -> Answer {
        let desk = self.desk.clone();
        let clock = desk.settings.clock;
        let token = blocking(move || {
            desk.staff
                .state
                .sign_in(&account, &clock.now(), clock.seconds())
        });
        let token = token.await?;
        let mut response = redirect(&self.manner.to(own(to)));
        let secure = over_tls(self.desk, self.headers);
        set_cookie(&mut response, &self.desk.staff.cookie, token.text(), secure);
        set_cookie(&mut response, &self.cookie(), "", secure);
        Ok(response)
    }
}

/// The page to sign in.
pub(super) async fn show(
    State(desk): Shared,
    manner: Manner,
    headers: HeaderMap,
    Query(fields): Query<Pairs>,
) -> Answer {
    if desk.staff.code().is_some() {
        let asked = desk.clone();
        if blocking(move || asked.staff.state.accounts())
            .await?
            .is_empty()
        {
            return Ok(redirect(&manner.to(FIRST)));
        }
    }
    let (desk, manner, headers) = (&desk, &manner, &headers);
    let before = Before {
        desk,
        manner,
        headers,
    };
    before.page(false, &Fields(fields), None).await
}

/// Signs somebody in. A wrong password and an account that does not exist or is disabled are
/// answered alike, after the same work.
pub(super) async fn sign_in(
    State(desk): Shared,
    Extension(Peer(peer)): Extension<Peer>,
    manner: Manner,
    headers: HeaderMap,
    Form(fields): Form<Pairs>,
) -> Answer {
    let fields = Fields(fields);
    let (desk, manner, headers) = (&desk, &manner, &headers);
    let before = Before {
        desk,
        manner,
        headers,
    };
    if !before.is_marked(&fields) {
        let old = Message::new(
            "Trang này để lâu quá. Hãy đăng nhập lại.",
            "This page was open for too long. Sign in again.",
        );
        return before
            .page(false, &fields, Some((StatusCode::FORBIDDEN, old)))
            .await;
    }
    // What is no name is that of no account, and is not remembered.
    let name = Some(name::plain(fields.get("name"))).filter(|name| name::refused(name).is_none());
    let name = name.unwrap_or_default();
    let now = Instant::now();
    if let Err(seconds) = desk.staff.take_try(peer, &name, now) {
        let often = Message::new(
            format!("Thử quá nhiều lần. Hãy đợi {seconds} giây rồi đăng nhập lại."),
            format!("Too many tries. Wait {seconds} seconds and sign in again."),
        );
        return before
            .page(false, &fields, Some((StatusCode::TOO_MANY_REQUESTS, often)))
            .await;
    }
    let (asked, typed) = (desk.clone(), fields.raw("password").to_owned());
    let typed_name = name.clone();
    let turn = desk.staff.hashing().await;
    let found = blocking(move || {
        let found = asked.staff.state.account(&typed_name)?;
        let right = password::is(&turn, &typed, found.as_ref().map(|(_, secret)| secret))?;
        let account = found.map(|(account, _)| account);
        let account = account.filter(|account| right && account.disabled.is_none());
        // Whoever tries again and again is not written down each time.
        let is_told = || asked.staff.told.take(peer, Instant::now()).is_ok();
        if account.is_none() && is_told() {
            let now = asked.settings.clock.now();
            // What was typed in place of a name may be a password.
            asked.staff.state.note_event(
                ("", &now),
                EventKind::SignInFailed,
                None,
                &peer.to_string(),
            )?;
        }
        Ok(account)
    });
    match found.await? {
        Some(account) => {
            desk.staff.give_try_back(peer, &name);
            before.welcome(account, fields.get("toi")).await
        }
        None => {
            let wrong = Message::new(
                "Tên tài khoản hoặc mật khẩu không đúng.",
                "The name or the password is not right.",
            );
            before
                .page(false, &fields, Some((StatusCode::UNAUTHORIZED, wrong)))
                .await
        }
    }
}

/// Signs out.
pub(super) async fn sign_out(act: Act) -> Answer {
    let officer = act.officer;
    let (desk, secret) = (officer.desk.clone(), officer.secret.clone());
    blocking(move || desk.staff.state.sign_out(&secret)).await?;
    let mut response = officer.to(SIGN_IN);
    officer.set_session(&mut response, "");
    Ok(response)
}

/// The page that makes the first account, with the code from the terminal.
pub(super) async fn show_first(State(desk): Shared, manner: Manner, headers: HeaderMap) -> Answer {
    desk.staff.code().ok_or(Refusal::NotFound)?;
    let (desk, manner, headers) = (&desk, &manner, &headers);
    let before = Before {
        desk,
        manner,
        headers,
    };
    before.page(true, &Fields::default(), None).await
}

/// Makes the first account.
pub(super) async fn first(
    State(desk): Shared,
    Extension(Peer(peer)): Extension<Peer>,
    manner: Manner,
    headers: HeaderMap,
    Form(fields): Form<Pairs>,
) -> Answer {
    desk.staff.code().ok_or(Refusal::NotFound)?;
    let fields = Fields(fields);
    let (desk, manner, headers) = (&desk, &manner, &headers);
    let before = Before {
        desk,
        manner,
        headers,
    };
    if !before.is_marked(&fields) {
        return Ok(Refusal::Expired.into_response());
    }
    let tries = desk.staff.of_address.take(peer, Instant::now());
    tries.map_err(Refusal::TooMany)?;
    let name = name::plain(fields.get("name"));
    let (password, again) = (fields.raw("password"), fields.raw("again"));
    let wrong = name::refused(&name).or_else(|| password::refused(&name, password, again));
    if let Some(wrong) = wrong {
        return before
            .page(
                true,
                &fields,
                Some((StatusCode::UNPROCESSABLE_ENTITY, wrong)),
            )
            .await;
    }
    let turn = desk.staff.hashing().await;
    let typed = password.to_owned();
    let secret = blocking(move || password::kept(&turn, &typed)).await?;
    if !desk.staff.take_code(fields.get("code")) {
        let wrong = Message::new(
            "Mã không đúng. Mã là ba nhóm chữ hiện ở cửa sổ nơi chạy tonghop serve.",
            "The code is not right. It stands in the window where tonghop serve runs, in three groups.",
        );
        return before
            .page(
                true,
                &fields,
                Some((StatusCode::UNPROCESSABLE_ENTITY, wrong)),
            )
            .await;
    }
    let asked = desk.clone();
    let account = blocking(move || {
        let state = &asked.staff.state;
        state.make_admin(&name, &secret, &asked.settings.clock.now())?;
        let account = state.account(&name)?;
        account.map(|(account, _)| account).ok_or_else(gone)
    });
    before.welcome(account.await?, "/").await
}

fn gone() -> ToolError {
    ToolError::Other(Message::new("tài khoản không còn", "the account is gone"))
}
