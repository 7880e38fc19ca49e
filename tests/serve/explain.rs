//! Reasons given on the page: kept where the command line sees them, carried forward, lapsing when the
//! figure changes. And what is different between submissions.

use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::client::{Answer, get, post, post_page, post_words};
use crate::server::Server;
use crate::small::{Small, warned, wrong};

fn submit(server: &Server, token: &str, book: &str) -> Json {
    let path = format!("/n/{token}/submit");
    post(server.address, &path, &[("a.xls", book.as_bytes())]).json()
}

fn explain(server: &Server, token: &str, number: &str, id: &str, text: &str) -> Answer {
    let field = format!("reason.{id}");
    let words = [("submission", number), (&field, text)];
    post_words(server.address, &format!("/n/{token}/explain"), &words)
}

/// Id of the only warning.
fn warning(answer: &Json) -> String {
    let findings = answer["findings"].as_array().unwrap().iter();
    let warnings: Vec<&Json> = findings.filter(|f| f["severity"] == "warning").collect();
    assert_eq!(warnings.len(), 1, "{answer}");
    warnings[0]["id"].as_str().unwrap().to_owned()
}

/// Warnings that the command line counts in the newest workbook of the inbox.
fn warnings_of_inbox(small: &Small) -> Json {
    let arguments = [
        "check",
        "dot/inbox",
        "--campaign",
        "dot",
        "--format",
        "json",
    ];
    let run = tonghop(small.root(), &arguments).json();
    let submissions = run["submissions"].as_array().unwrap();
    submissions.last().unwrap()["warnings"].clone()
}

#[test]
fn a_reason_of_the_page_settles_a_warning_until_the_figure_changes() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    let first = submit(&server, &token, &warned("3259", "1629", "49.98", "0.1"));
    assert_eq!(first["receipt"]["verdict"], "to-explain");
    assert_eq!(warnings_of_inbox(&small), 1);
    let id = warning(&first);

    let text = "=Mở \"cả tỉnh\",\nhai buổi";
    let answer = explain(&server, &token, "1", &id, text);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["receipt"]["verdict"], "received");
    assert_eq!(warnings_of_inbox(&small), 0);
    let kept = std::fs::read_to_string(small.folder().join("giai-trinh.csv")).unwrap();
    assert!(kept.contains("hai buổi"), "{kept}");

    // Another figure of the workbook changes; the reason stays.
    let second = submit(&server, &token, &warned("3259", "1629", "49.98", "0.2"));
    assert_eq!(second["receipt"]["number"], 2);
    assert_eq!(second["receipt"]["verdict"], "received", "{second}");
    let page = get(server.address, &format!("/n/{token}/s/2")).text();
    assert!(page.contains("hai buổi"), "{page}");

    // The figure itself changes; it lapses, and says so.
    let third = submit(&server, &token, &warned("3260", "1630", "50", "0.2"));
    assert_eq!(third["receipt"]["verdict"], "to-explain");
    assert!(third.to_string().contains("không còn hiệu lực"), "{third}");
    assert_eq!(warnings_of_inbox(&small), 1);
}

#[test]
fn reasons_are_kept_only_for_what_is_open_and_ones_own() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, other) = (server.token("A"), server.token("B"));
    let first = submit(&server, &token, &warned("3259", "1629", "49.98", "0.1"));
    let id = warning(&first);
    assert_eq!(explain(&server, &other, "1", &id, "x").status, 404);
    assert_eq!(explain(&server, &token, "chữ", &id, "x").status, 400);
    for (id, text) in [("0000000000", "x"), (&*id, " \n ")] {
        let answer = explain(&server, &token, "1", id, text);
        assert_eq!(answer.json()["receipt"]["verdict"], "to-explain", "{text}");
    }
    let bad = submit(&server, &other, &wrong());
    let findings = bad["findings"].as_array().unwrap();
    let error = findings.iter().find(|f| f["severity"] == "error").unwrap();
    let answer = explain(&server, &other, "2", error["id"].as_str().unwrap(), "x");
    assert_eq!(answer.json()["receipt"]["verdict"], "returned");
    assert!(!small.folder().join("giai-trinh.csv").exists());
}

#[test]
fn the_page_says_what_is_solved_still_open_and_new() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("B");
    submit(&server, &token, &wrong());
    let mended = wrong().replace("9007199254740993", "7");
    let files: [(&str, &[u8]); 1] = [("b.xls", mended.as_bytes())];
    let page = post_page(server.address, &format!("/n/{token}/submit"), &files).text();
    assert!(page.contains("So với lần nộp trước"), "{page}");
    assert!(page.contains("chỗ đã xong"), "{page}");
    assert!(page.contains("vẫn còn"), "{page}");
    let page = get(server.address, &format!("/n/{token}")).text();
    assert!(
        page.contains("lần đầu") && page.contains("đã xong"),
        "{page}"
    );
}

#[test]
fn what_was_found_is_there_as_a_list_for_its_own_unit() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, other) = (server.token("B"), server.token("A"));
    let book = wrong();
    let files: [(&str, &[u8]); 1] = [("b.xls", book.as_bytes())];
    let page = post_page(server.address, &format!("/n/{token}/check"), &files).text();
    let page = page.replace("&#x2f;", "/");
    let begin = page.find(&format!("/n/{token}/r/")).unwrap();
    let id = page[begin..].split('/').nth(4).unwrap().to_owned();
    submit(&server, &token, &book);
    for path in [format!("r/{id}/findings"), "s/1/findings".to_owned()] {
        let list = get(server.address, &format!("/n/{token}/{path}"));
        assert!(list.status == 200 && list.body.starts_with(b"PK"), "{path}");
        let strange = get(server.address, &format!("/n/{other}/{path}"));
        assert_eq!(strange.status, 404, "{path}");
    }
}
