//! A refusal returned by a handler becomes a page or JSON on the way out (`router::guarded`), where it
//! is known which was asked for.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(super) use crate::page::Refusal;

/// The status of a refusal.
pub(super) fn status(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = status(&self).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
