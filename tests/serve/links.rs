use std::collections::BTreeSet;

use crate::cli::tonghop;
use crate::client::get;
use crate::server::Server;
use crate::small::Small;

fn links(small: &Small, options: &[&str]) -> Vec<(String, Option<String>)> {
    let arguments = [&["links", "dot", "--format", "json"], options].concat();
    let answer = tonghop(small.root(), &arguments);
    assert_eq!(answer.code, 0, "{answer:?}");
    let document = answer.json();
    let entry = |one: &serde_json::Value| {
        let token = one["token"].as_str().map(str::to_owned);
        let path = token.as_ref().map(|token| format!("/n/{token}"));
        assert_eq!(one["path"].as_str(), path.as_deref());
        assert!(one["name"].is_string());
        (one["unit"].as_str().unwrap().to_owned(), token)
    };
    document["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

#[test]
fn every_unit_gets_a_token_that_is_shown_once() {
    let small = Small::empty();
    let made = links(&small, &[]);
    let units: Vec<&str> = made.iter().map(|(unit, _)| &**unit).collect();
    assert_eq!(units, ["A", "B", "C", "S"]);
    let tokens: BTreeSet<&String> = made.iter().flat_map(|(_, token)| token).collect();
    assert_eq!(tokens.len(), 4);
    assert!(tokens.iter().all(|token| token.len() == 22));
    assert!(links(&small, &[]).iter().all(|(_, token)| token.is_none()));
    assert!(small.folder().join(".tonghop/trang-web.db").is_file());
}

#[test]
fn a_link_works_until_it_is_replaced_or_revoked_and_asking_consumes_nothing() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let status = |token: &str| get(server.address, &format!("/n/{token}")).status;
    let first = links(&small, &["--unit", "A"])[0].1.clone().unwrap();
    assert_eq!([status(&first), status(&first), status(&first)], [200; 3]);
    let second = links(&small, &["--unit", "A", "--new"])[0]
        .1
        .clone()
        .unwrap();
    assert_eq!((status(&first), status(&second)), (404, 200));
    assert_eq!(
        links(&small, &["--unit", "A", "--revoke"]),
        [("A".to_owned(), None)]
    );
    assert_eq!(status(&second), 404);
    // What is revoked and what never was are answered alike, to the letter.
    let revoked = get(server.address, &format!("/n/{second}"));
    let unknown = get(server.address, "/n/AAAAAAAAAAAAAAAAAAAAAA");
    let without_date = |answer: &crate::client::Answer| {
        let headers = answer.headers.iter().filter(|(name, _)| name != "date");
        headers.cloned().collect::<Vec<_>>()
    };
    assert_eq!(without_date(&revoked), without_date(&unknown));
    assert_eq!(
        revoked.text().replace(&second, ""),
        unknown.text().replace("AAAAAAAAAAAAAAAAAAAAAA", "")
    );
}

#[test]
fn a_unit_that_is_not_there_is_refused_and_no_link_is_made() {
    let small = Small::empty();
    let answer = tonghop(small.root(), &["links", "dot", "--unit", "X"]);
    assert_eq!(answer.code, 3);
    assert!(
        answer.err.contains("không có đơn vị mã `X`"),
        "{}",
        answer.err
    );
    assert!(links(&small, &[]).iter().all(|(_, token)| token.is_some()));
}

#[test]
fn links_and_server_share_a_state_elsewhere() {
    let small = Small::empty();
    let made = links(&small, &["--state", "rieng", "--unit", "B"])[0]
        .1
        .clone()
        .unwrap();
    assert!(!small.folder().join(".tonghop").exists());
    let state = small.root().join("rieng");
    let server = Server::start_with(&small.folder(), &["--state", state.to_str().unwrap()]);
    assert_eq!(get(server.address, &format!("/n/{made}")).status, 200);
}
