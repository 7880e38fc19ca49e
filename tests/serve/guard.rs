use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::client::{ask, form, get, post, raw};
use crate::server::Server;
use crate::small::{Small, right_and_explained};

#[test]
fn every_answer_has_the_headers_that_keep_a_browser_safe() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    let book = right_and_explained();
    let files: [(&str, &[u8]); 1] = [("a.xls", book.as_bytes())];
    for answer in [
        get(server.address, "/healthz"),
        get(server.address, &format!("/n/{token}")),
        get(server.address, "/n/khong-co"),
        get(server.address, "/khong-co"),
        get(server.address, &format!("/n/{token}/check")),
        get(server.address, &format!("/n/{token}/s/chu")),
        post(server.address, &format!("/n/{token}/check"), &files),
        post(server.address, &format!("/n/{token}/submit"), &[]),
    ] {
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}: {answer:?}");
        }
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn what_is_refused_says_why_as_a_page_and_as_json() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    let check = format!("/n/{token}/check");
    let json = "Accept: application/json";
    let one: [(&str, &[u8]); 1] = [("a.xls", b"x")];
    let many: Vec<(&str, &[u8])> = vec![("a.xls", b"x"); 21];
    let address = server.address;
    let strange = form(address, &check, &[json, "Sec-Fetch-Site: cross-site"], &one);
    let origin = form(
        address,
        &check,
        &[json, "Origin: https://evil.example"],
        &one,
    );
    let cut = {
        let mut cut = form(address, &check, &[json], &one);
        let end = cut.len() - 20;
        cut.truncate(end);
        let text = String::from_utf8(cut).unwrap();
        let length = |text: &str| {
            text.split("\r\n\r\n")
                .skip(1)
                .collect::<Vec<_>>()
                .join("\r\n\r\n")
                .len()
        };
        let old = text
            .lines()
            .find(|line| line.starts_with("Content-Length"))
            .unwrap()
            .to_owned();
        text.replace(&old, &format!("Content-Length: {}", length(&text)))
            .into_bytes()
    };
    let no_form = format!(
        "POST {check} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{json}\r\nContent-Length: 2\r\n\r\nhi"
    );
    for (request, status, word) in [
        (
            form(address, "/n/khong-co/check", &[json], &one),
            404,
            "Đường dẫn này không dùng được",
        ),
        (form(address, &check, &[json], &[]), 400, "Chưa có tệp nào"),
        (
            form(address, &check, &[json], &many),
            413,
            "Mỗi lần chỉ nhận 20 tệp",
        ),
        (strange, 403, "từ một trang khác"),
        (origin, 403, "từ một trang khác"),
        (cut, 400, "đứt giữa chừng"),
        (no_form.into_bytes(), 400, "đứt giữa chừng"),
    ] {
        let answer = raw(address, &request).unwrap();
        assert_eq!(answer.status, status, "{word}: {answer:?}");
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(word), "{error}");
    }
    let page = get(address, "/n/khong-co");
    assert!(
        page.text().contains("Đường dẫn này không dùng được"),
        "{}",
        page.text()
    );
    let english = get(address, "/n/khong-co?lang=en");
    assert!(english.text().contains("This link"), "{}", english.text());
    let wrong = ask(address, "DELETE", &format!("/n/{token}"), &[json]);
    assert_eq!(wrong.status, 405);
    assert!(wrong.json()["error"].is_string());
}

#[test]
fn a_body_that_is_too_long_is_refused_whether_it_says_so_or_not() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}/submit", server.token("A"));
    let long = vec![b'x'; 26_300_000];
    let answer = post(server.address, &path, &[("to.xlsx", &long)]);
    assert_eq!(answer.status, 413);
    assert!(answer.json()["error"].as_str().unwrap().contains("25 MB"));
    // The same without saying how long it is.
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: application/json\r\n\
         Transfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=G\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let begin = b"--G\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let chunk =
        |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let _ = stream.write_all(&chunk(begin));
    for _ in 0..30 {
        if stream.write_all(&chunk(&long[..1_000_000])).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
    assert_eq!(get(server.address, "/healthz").status, 200);
}

#[test]
fn one_link_may_not_ask_without_end_and_others_do_not_suffer() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (busy, other) = (server.token("A"), server.token("B"));
    let asked = (0..80).map(|_| get(server.address, &format!("/n/{busy}/queue")));
    let refused: Vec<_> = asked.filter(|answer| answer.status != 200).collect();
    assert!(!refused.is_empty());
    assert!(refused.iter().all(|answer| answer.status == 429));
    assert!(
        refused[0]
            .header("retry-after")
            .unwrap()
            .parse::<u64>()
            .unwrap()
            >= 1
    );
    assert_eq!(get(server.address, &format!("/n/{other}")).status, 200);
}

#[test]
fn connections_that_say_nothing_do_not_keep_others_out() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}", server.token("A"));
    let mut idle = Vec::new();
    for number in 0..600 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        // Some begin a request and never end it.
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost:");
        }
        idle.push(stream);
    }
    assert_eq!(get(server.address, &path).status, 200);
    // What says nothing is closed after some seconds.
    let last = idle.last_mut().unwrap();
    last.set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut rest = Vec::new();
    let _ = last.read_to_end(&mut rest);
    assert_eq!(get(server.address, &path).status, 200);
}

#[test]
fn paths_lead_nowhere_but_to_what_is_served() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    for path in [
        "/../campaign.toml",
        "/n/../../etc/passwd",
        "/n/%2e%2e/%2e%2e/etc/passwd",
        "/.tonghop/trang-web.db",
        &format!("/n/{token}/r/..%2f..%2f/marked/1"),
        &format!("/n/{token}/s/1/marked/..%2f"),
        &format!("/n/{token}/template/999999999999999999999999"),
        &format!("/n/{token}/template/0"),
        &format!("/n/{token}/s/-1"),
    ] {
        assert_eq!(get(server.address, path).status, 404, "{path}");
    }
}
