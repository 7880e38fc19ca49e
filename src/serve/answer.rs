//! Answers: JSON, files to download, and refusals in the manner that was asked for.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::log;
use super::manner::Manner;
use super::refusal::{Refusal, status};
use super::views::{self, html};
use crate::report::json;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Why something was refused, for programs.
#[derive(Serialize)]
struct Refused<'a> {
    error: &'a str,
}

/// A document, as the command line prints it.
pub(super) fn document(status: StatusCode, document: &impl Serialize) -> Response {
    match json::print(document) {
        Ok(text) => {
            let kind = (CONTENT_TYPE, "application/json; charset=utf-8");
            (status, [kind], text).into_response()
        }
        Err(error) => {
            log::failed("json", &error);
            Refusal::Failed(log::not_now()).into_response()
        }
    }
}

/// A workbook to download under a name.
pub(super) fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    download(name, XLSX, bytes)
}

/// A file of whatever kind to download under a name.
pub(super) fn file(name: &str, bytes: Vec<u8>) -> Response {
    download(name, "application/octet-stream", bytes)
}

fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&attachment(name)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// A refusal, in the manner asked for.
pub(super) fn refused(refusal: &Refusal, manner: &Manner) -> Response {
    let (status, message) = (status(refusal), refusal.message());
    let mut response = match manner.json {
        true => {
            let error = manner.lang.of(&message);
            document(status, &Refused { error })
        }
        false => match views::refusal(manner, refusal) {
            Ok(page) => html(status, page),
            Err(message) => {
                log::failed("trang", &message.vi);
                status.into_response()
            }
        },
    };
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The name of a download: plain letters for old browsers, all of it for others.
fn attachment(name: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || " .-_()".contains(c) => c,
        _ => '_',
    };
    let ascii: String = name.chars().map(plain).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() || b".-_".contains(&b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("Xã \"A\"\r\nX: y.xlsx"),
            "attachment; filename=\"X_ _A___X_ y.xlsx\"; \
             filename*=UTF-8''X%C3%A3%20%22A%22%0D%0AX%3A%20y.xlsx"
        );
    }
}
