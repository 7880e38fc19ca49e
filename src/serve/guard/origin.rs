//! From where a form may be sent. A strange page knows neither the link of a unit nor the mark in the
//! forms of the office; what a browser says of where a form was sent from is looked at all the same.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Was it sent by a page of this server, or by no page at all?
pub(in crate::serve) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(ORIGIN.as_str()) {
        // Pages that send no referrer, as ours do, send forms with the origin `null`.
        None | Some("null") => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(HOST.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        is_own(&map)
    }

    #[test]
    fn forms_of_strange_pages_are_told_apart() {
        let host = ("host", "10.0.0.5:8080");
        assert!(own(&[host]));
        assert!(own(&[host, ("origin", "http://10.0.0.5:8080")]));
        assert!(own(&[
            host,
            ("origin", "null"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!own(&[
            host,
            ("origin", "null"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!own(&[
            host,
            ("origin", "http://10.0.0.5:8080"),
            ("sec-fetch-site", "same-site")
        ]));
        assert!(!own(&[host, ("origin", "https://evil.example")]));
        assert!(!own(&[host, ("origin", "10.0.0.5:8080")]));
    }
}
