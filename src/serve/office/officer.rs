//! Who of the office asks, by the cookie of the session; and the forms they send.

use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::address::encoded;
use crate::campaign::Campaign;
use crate::serve::desk::{Desk, blocking};
use crate::serve::guard::equal::same;
use crate::serve::manner::Manner;
use crate::serve::place::Place;
use crate::serve::refusal::Refusal;
use crate::serve::state::{Account, Role, State};

/// Where one signs in, out, and changes one's password.
pub(super) const SIGN_IN: &str = "/dang-nhap";
pub(super) const SIGN_OUT: &str = "/dang-xuat";
pub(super) const OWN: &str = "/tai-khoan";

/// Somebody of the office who is signed in.
#[derive(Clone)]
pub(super) struct Officer {
    pub(super) account: Account,
    pub(super) manner: Manner,
    /// What the hidden field of every form must say.
    pub(super) csrf: String,
    /// The secret of the session.
    pub(super) secret: String,
    secure: bool,
    pub(super) desk: Arc<Desk>,
}

/// A form that somebody of the office sends, with the mark of their session in it.
pub(super) struct Act {
    pub(super) officer: Officer,
    pub(super) fields: Fields,
}

/// Names and values of a form or a query.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// A value without the blanks around it; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Every value of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter().filter(move |(known, _)| known == name);
        fields.map(|(_, value)| value.trim())
    }

    /// A value as it was typed: a password may begin with a blank.
    pub(super) fn raw(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

impl Officer {
    /// Does the browser speak over TLS?
    pub(super) fn over_tls(&self) -> bool {
        self.secure
    }

    /// Refuses what the account may not do.
    ///
    /// # Errors
    /// It may not.
    pub(super) fn may(&self, role: Role) -> Result<(), Refusal> {
        match self.account.role >= role {
            true => Ok(()),
            false => Err(Refusal::NotAllowed),
        }
    }

    /// Who does it, and when, for the list of events.
    pub(super) fn doing(&self) -> (String, String) {
        (self.account.name.clone(), self.desk.settings.clock.now())
    }

    /// Is it before all campaigns?
    pub(super) fn in_lobby(&self) -> bool {
        self.manner.place == Place::Lobby
    }

    /// What has happened here is in this state.
    pub(super) fn log(&self) -> Arc<State> {
        match self.in_lobby() {
            true => self.desk.staff.state.clone(),
            false => self.desk.state.clone(),
        }
    }

    /// The campaign as it is now.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub(super) async fn campaign(&self) -> Result<Arc<Campaign>, Refusal> {
        let desk = self.desk.clone();
        blocking(move || desk.campaign()).await
    }

    /// Has an answer carry the cookie of a session; without a secret the cookie goes.
    pub(super) fn set_session(&self, response: &mut Response, secret: &str) {
        set_cookie(response, &self.desk.staff.cookie, secret, self.secure);
    }

    /// To another page, in the same language, so that loading it again does nothing twice.
    pub(super) fn to(&self, address: &str) -> Response {
        redirect(&self.manner.to(address))
    }
}

/// To another page.
pub(super) fn redirect(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let value = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, value);
    response
}

/// The mark that forms of a session carry.
pub(super) fn csrf_of(secret: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"tonghop csrf ");
    hash.update(secret.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..16])
}

/// Is it the mark of this session?
pub(super) fn is_marked(sent: &str, secret: &str) -> bool {
    !secret.is_empty() && same(sent.as_bytes(), csrf_of(secret).as_bytes())
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Has an answer set a cookie for this site alone, which no script sees. Without a value it goes.
pub(super) fn set_cookie(response: &mut Response, name: &str, value: &str, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{ends}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// Does the browser speak over TLS, with us or with the proxy before us?
pub(super) fn over_tls(desk: &Desk, headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto");
    desk.settings.tls.is_some() || forwarded.is_some_and(|value| value == "https")
}

impl FromRequestParts<Arc<Desk>> for Officer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let manner = Manner::of(parts);
        let secret = cookie(&parts.headers, &desk.staff.cookie)
            .unwrap_or_default()
            .to_owned();
        let (asked, given) = (desk.clone(), secret.clone());
        let now = desk.settings.clock.seconds();
        let found = blocking(move || asked.staff.state.signed_in(&given, now)).await;
        let Some(account) = found.map_err(IntoResponse::into_response)? else {
            return Err(match parts.method {
                Method::GET => redirect(&to_sign_in(parts, &manner)),
                _ => Refusal::Expired.into_response(),
            });
        };
        if account.given && ![OWN, SIGN_OUT].contains(&parts.uri.path()) {
            return Err(redirect(&manner.to(OWN)));
        }
        Ok(Officer {
            csrf: csrf_of(&secret),
            account,
            manner,
            secret,
            secure: over_tls(desk, &parts.headers),
            desk: desk.clone(),
        })
    }
}

/// Where one signs in, to come back to what was asked for.
fn to_sign_in(parts: &Parts, manner: &Manner) -> String {
    let asked = parts
        .uri
        .path_and_query()
        .map_or("/", |asked| asked.as_str());
    match asked {
        "/" => manner.to(SIGN_IN),
        asked => manner.to(&format!("{SIGN_IN}?toi={}", encoded(asked))),
    }
}

impl FromRequest<Arc<Desk>> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let officer = Officer::from_request_parts(&mut parts, desk).await?;
        let request = Request::from_parts(parts, body);
        let form = Form::<Vec<(String, String)>>::from_request(request, desk).await;
        let Form(fields) = form.map_err(|_| Refusal::Broken.into_response())?;
        let fields = Fields(fields);
        match is_marked(fields.raw("csrf"), &officer.secret) {
            true => Ok(Act { officer, fields }),
            false => Err(Refusal::Expired.into_response()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_marked_by_its_own_session_only() {
        assert!(is_marked(&csrf_of("a"), "a"));
        assert!(!is_marked(&csrf_of("a"), "b"));
        assert!(!is_marked("", "a") && !is_marked(&csrf_of(""), ""));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("x=1; tonghop=abc"));
        headers.append(COOKIE, HeaderValue::from_static("tong=2"));
        assert_eq!(cookie(&headers, "tonghop"), Some("abc"));
        assert_eq!(cookie(&headers, "tong"), Some("2"));
        assert_eq!(cookie(&headers, "hop"), None);
    }
}
