use std::fs;

use crate::browser::{Browser, Office, PASSWORD, encoded};
use crate::client::{get, raw};
use crate::small::Small;

#[test]
fn the_first_account_needs_the_code_of_the_terminal_which_works_once() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    assert_eq!(office.code.len(), 14, "{}", office.code);
    let mut browser = Browser::new(office.address);
    let at_first = browser.get("/dang-nhap");
    assert_eq!(at_first.header("location"), Some("/thiet-lap"));
    browser.get("/thiet-lap");
    let fields = |code: &'static str| {
        [
            ("code", code),
            ("name", "an"),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ]
    };
    let wrong = browser.send("/thiet-lap", &fields("2222-2222-2222"));
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Mã không đúng"), "{}", wrong.text());
    let mut admin = office.admin();
    let board = admin.get("/");
    assert_eq!(board.status, 200);
    assert!(board.text().contains("quan.tri"), "{}", board.text());
    assert_eq!(get(office.address, "/thiet-lap").status, 404);
}

/// Every address of the office that its routes name, with what may be done there.
fn addresses() -> Vec<(String, bool)> {
    let routes = include_str!("../../src/serve/office/mod.rs")
        .split(".route(\"")
        .skip(1);
    let mut addresses = Vec::new();
    for route in routes {
        let (path, handlers) = route.split_once('"').unwrap();
        let handlers = handlers.lines().next().unwrap();
        // A part of an address that is asked for by name.
        let parts = path.split('/').map(|part| match part.starts_with('{') {
            true => "A",
            false => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let of = |handler: &str, posts| handlers.contains(handler).then_some((path.clone(), posts));
        addresses.extend([of("get(", false), of("post(", true)].into_iter().flatten());
    }
    addresses
}

#[test]
fn nothing_of_the_office_is_seen_or_done_without_signing_in() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    office.admin();
    let own = |path: &str| !["/dang-nhap", "/thiet-lap"].contains(&path);
    // Those before all campaigns are there for a folder of them only.
    let here = |path: &str| !path.starts_with("/moi");
    let addresses = addresses();
    assert!(addresses.len() > 30, "{addresses:?}");
    for (path, posts) in addresses {
        if !own(&path) || !here(&path) {
            continue;
        }
        if posts {
            let answer = Browser::new(office.address).send(&path, &[("name", "x")]);
            assert_eq!(answer.status, 403, "{path}");
            continue;
        }
        let answer = get(office.address, &path);
        let to = answer
            .header("location")
            .unwrap_or_else(|| panic!("{path}: {answer:?}"));
        assert_eq!(answer.status, 303, "{path}");
        assert!(to.starts_with("/dang-nhap"), "{path}: {to}");
        assert!(answer.body.is_empty(), "{path}");
    }
}

/// A page to sign in is anybody's: what it takes is short.
#[test]
fn a_form_without_files_is_short_and_a_long_name_is_no_account() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let mut browser = Browser::new(office.address);
    browser.get("/dang-nhap");
    let long = "a".repeat(1_000_000);
    let sent = browser.send("/dang-nhap", &[("name", &long), ("password", "x")]);
    assert_eq!(sent.status, 413, "{}", sent.text());
    let long = "a".repeat(1_000);
    let sent = browser.send("/dang-nhap", &[("name", &long), ("password", "x")]);
    assert_eq!(sent.status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let tried = |name: &str| {
        let mut browser = Browser::new(office.address);
        browser.get("/dang-nhap");
        let answer = browser.send(
            "/dang-nhap",
            &[("name", name), ("password", "không phải đâu")],
        );
        let page = answer.text().replace(&browser.csrf, "").replace(name, "");
        (answer.status, page)
    };
    let (known, unknown) = (tried("quan.tri"), tried("quan.tra"));
    assert_eq!(known.0, 401);
    assert_eq!(known, unknown);
}

#[test]
fn one_cannot_try_passwords_without_end() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let mut browser = Browser::new(office.address);
    browser.get("/dang-nhap");
    let mut status = |name: &str, password: &str| {
        browser
            .send("/dang-nhap", &[("name", name), ("password", password)])
            .status
    };
    let tries: Vec<u16> = (0..6)
        .map(|_| status("quan.tri", "không phải đâu"))
        .collect();
    assert_eq!(tries, [401, 401, 401, 401, 401, 429]);
    assert_eq!(
        status("quan.tri", PASSWORD),
        429,
        "the right one waits, too"
    );
    assert_eq!(status("nguoi.khac", "không phải đâu"), 401);
}

#[test]
fn right_passwords_use_up_none_of_the_tries() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let try_with = |password: &str| {
        let mut browser = Browser::new(office.address);
        browser.get("/dang-nhap");
        let fields = [("name", "quan.tri"), ("password", password)];
        browser.send("/dang-nhap", &fields).status
    };
    for _ in 0..8 {
        assert_eq!(try_with(PASSWORD), 303);
    }
    // A right one gives back its own try and no other.
    for _ in 0..4 {
        assert_eq!(try_with("không phải đâu"), 401);
    }
    assert_eq!(try_with(PASSWORD), 303);
    assert_eq!(try_with("không phải đâu"), 401);
    assert_eq!(try_with(PASSWORD), 429);
}

#[test]
fn the_cookie_of_a_session_is_kept_from_scripts_and_other_sites() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let sign_in = |proxied: &str| {
        let mut browser = Browser::new(office.address);
        browser.get("/dang-nhap");
        let body = format!(
            "csrf={}&name=quan.tri&password={}",
            browser.csrf,
            crate::browser::encoded(PASSWORD)
        );
        let request = format!(
            "POST /dang-nhap HTTP/1.1\r\n{}{proxied}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            browser.head(),
            body.len()
        );
        let answer = browser.ask(request.into_bytes());
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookies = answer
            .headers
            .into_iter()
            .filter(|(name, _)| name == "set-cookie");
        let mut cookies = cookies.filter(|(_, value)| !value.contains("Max-Age=0"));
        cookies.next().unwrap().1
    };
    let plain = sign_in("");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(plain.contains(word), "{plain}");
    }
    assert!(
        !plain.contains("Secure") && !plain.contains("Domain"),
        "{plain}"
    );
    assert!(sign_in("X-Forwarded-Proto: https\r\n").contains("; Secure"));
}

#[test]
fn a_form_without_the_mark_of_its_session_changes_nothing() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    admin.get("/tai-khoan/tat-ca");
    let new = [("name", "binh"), ("role", "view")];
    assert_eq!(admin.send_as_is("/tai-khoan/them", &new).status, 403);
    let strange = [
        ("csrf", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("name", "binh"),
        ("role", "view"),
    ];
    assert_eq!(admin.send_as_is("/tai-khoan/them", &strange).status, 403);
    assert!(!admin.get("/tai-khoan/tat-ca").text().contains("binh"));
    assert_eq!(admin.send("/tai-khoan/them", &new).status, 200);
    assert!(admin.get("/tai-khoan/tat-ca").text().contains("binh"));
    // From a page of somebody else not even with the mark.
    let body = format!("csrf={}&name=cuong&role=admin", admin.csrf);
    let request = format!(
        "POST /tai-khoan/them HTTP/1.1\r\n{}Sec-Fetch-Site: cross-site\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        admin.head(),
        body.len()
    );
    assert_eq!(admin.ask(request.into_bytes()).status, 403);
}

#[test]
fn an_account_does_what_its_role_may_and_no_more() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut viewer = office.with_role(&mut admin, "xem", "view");
    assert_eq!(viewer.get("/").status, 200);
    assert_eq!(viewer.get("/tai-khoan/tat-ca").status, 403);
    let new = [("name", "ban.toi"), ("role", "admin")];
    assert_eq!(viewer.send("/tai-khoan/them", &new).status, 403);
    let change = [("name", "quan.tri"), ("change", "disable")];
    assert_eq!(viewer.send("/tai-khoan/doi", &change).status, 403);
    admin.get("/tai-khoan/tat-ca");
    let up = [("name", "xem"), ("change", "role"), ("role", "admin")];
    assert_eq!(admin.send("/tai-khoan/doi", &up).status, 200);
    // With other rights one signs in again.
    assert!(
        viewer
            .get("/")
            .header("location")
            .unwrap()
            .starts_with("/dang-nhap")
    );
}

#[test]
fn a_disabled_account_is_out_at_once_and_stays_out() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut other = office.with_role(&mut admin, "khac", "work");
    assert_eq!(other.get("/").status, 200);
    admin.get("/tai-khoan/tat-ca");
    admin.send("/tai-khoan/doi", &[("name", "khac"), ("change", "disable")]);
    assert_eq!(other.get("/").status, 303);
    other.get("/dang-nhap");
    let again = [("name", "khac"), ("password", "câu của riêng tôi")];
    assert_eq!(other.send("/dang-nhap", &again).status, 401);
}

#[test]
fn signing_out_ends_the_session_for_whoever_kept_its_cookie() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let kept = admin.cookies.clone();
    admin.get("/");
    assert_eq!(
        admin.send("/dang-xuat", &[]).header("location"),
        Some("/dang-nhap")
    );
    admin.cookies = kept;
    assert_eq!(admin.get("/").status, 303);
}

#[test]
fn no_file_of_the_state_holds_a_password_or_the_secret_of_a_session() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let admin = office.admin();
    let secret = &admin
        .cookies
        .iter()
        .find(|(_, value)| value.len() == 22)
        .unwrap()
        .1;
    for entry in fs::read_dir(small.folder().join(".tonghop")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(PASSWORD) && !text.contains(&**secret));
        }
    }
}

#[test]
fn after_signing_in_one_goes_on_only_to_a_page_of_ours() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    office.admin();
    let mut browser = Browser::new(office.address);
    browser.get("/dang-nhap");
    let with = |to| [("name", "quan.tri"), ("password", PASSWORD), ("toi", to)];
    let gone = browser.send("/dang-nhap", &with("//evil.example/"));
    assert_eq!(gone.header("location"), Some("/"));
    browser.get("/dang-nhap");
    let gone = browser.send("/dang-nhap", &with("/?state=returned"));
    assert_eq!(gone.header("location"), Some("/?state=returned"));
}

#[test]
fn behind_a_proxy_wrong_passwords_of_one_visitor_lock_no_other_out() {
    let small = Small::empty();
    let office = Office::start_with(&small.folder(), &["--behind-proxy"], &[]);
    office.admin();
    let mut browser = Browser::new(office.address);
    browser.get("/dang-nhap");
    let try_from = |address: &str, password: &str| {
        let body = format!(
            "csrf={}&name=quan.tri&password={}",
            browser.csrf,
            encoded(password)
        );
        let request = format!(
            "POST /dang-nhap HTTP/1.1\r\n{}X-Forwarded-For: 1.1.1.1, {address}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            browser.head(),
            body.len()
        );
        raw(office.address, request.as_bytes()).unwrap().status
    };
    for _ in 0..5 {
        assert_eq!(try_from("10.0.0.6", "sai"), 401);
    }
    assert_eq!(try_from("10.0.0.6", PASSWORD), 429);
    assert_eq!(try_from("10.0.0.7", PASSWORD), 303);
}
