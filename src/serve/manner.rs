//! How somebody wants to be answered: as a page or as JSON, and in which language.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;

use super::place::Place;
use crate::model::Lang;
use crate::page::in_lang;

/// How somebody wants to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manner {
    /// As JSON?
    pub(super) json: bool,
    pub(super) lang: Lang,
    /// Path of the request.
    pub(super) path: String,
    /// Where in the house it is.
    pub(super) place: Place,
    /// What the sender calls this request's turn in the line.
    pub(super) turn: Option<String>,
}

/// What people type in a box, in characters; the boxes of the pages take no more.
pub(super) const LONGEST_WORDS: usize = 2_000;

/// The longest name of a turn.
const LONGEST_TURN: usize = 40;

impl Manner {
    pub(super) fn of(parts: &Parts) -> Manner {
        let accept = parts
            .headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok());
        let query = parts.uri.query().unwrap_or_default();
        let asked = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name));
        let turn = asked("turn=").filter(|turn| turn.len() <= LONGEST_TURN);
        Manner {
            json: accept.is_some_and(|accept| accept.contains("application/json")),
            lang: asked("lang=")
                .and_then(|lang| lang.parse().ok())
                .unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            place: parts.extensions.get().cloned().unwrap_or_default(),
            turn: turn.map(str::to_owned),
        }
    }
}

impl Manner {
    /// An address of ours, in the same campaign and the same language.
    pub(super) fn to(&self, address: &str) -> String {
        in_lang(&format!("{}{address}", self.place.base()), self.lang)
    }
}

impl<S: Sync> FromRequestParts<S> for Manner {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Manner, Infallible> {
        Ok(Manner::of(parts))
    }
}
