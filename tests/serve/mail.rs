//! Letters mailed from the page, to a server on this machine.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::browser::{Browser, Office};
use crate::cli::tonghop;
use crate::mail_server::MailServer;
use crate::peers::Peer;
use crate::small::Small;

const FROM: &str = "Sở Nội vụ <baocao@tinh.vn>";

/// A campaign of which nobody has filed anything, with addresses by unit.
fn with_addresses(a: &str, b: &str, c: &str, s: &str) -> Small {
    let small = Small::empty();
    let roster = format!(
        "code,name,kind,Thư điện tử,Điện thoại\nA,Xã An Bình,xa,{a},0270\n\
         B,\"Xã Bình \"\"Mới\"\", An\",xa,{b},\nC,Phường Châu Thành,xa,{c},\nS,Sở Tư pháp,so,{s},\n"
    );
    fs::write(small.folder().join("roster.csv"), roster).unwrap();
    small
}

fn office(small: &Small, server: &MailServer, more: &[&str], set: &[(&str, &str)]) -> Office {
    let address = format!("smtp://{}", server.address);
    let options = [&["--smtp", &*address, "--smtp-from", FROM], more].concat();
    Office::start_with(&small.folder(), &options, set)
}

const REMINDER: [(&str, &str); 2] = [("kind", "nhac"), ("text", "")];

/// Sends reminders to so many, and gives the page of what became of them.
fn remind(browser: &mut Browser, count: &str, more: &[(&str, &str)]) -> String {
    let fields = [&REMINDER[..], &[("count", count)], more].concat();
    let answer = browser.send("/thu/gui", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let begun = Instant::now();
    loop {
        let page = browser.get("/thu/gui").text();
        if !page.contains("http-equiv=\"refresh\"") {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{page}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn letters_are_mailed_once_confirmed_and_every_unit_is_told_of() {
    let server = MailServer::start(None);
    let small = with_addresses("a@xa.vn", "hong@xa.vn", "", "s@so.vn; s2@so.vn");
    let office = office(&small, &server, &[], &[]);
    let mut admin = office.admin();
    assert_eq!(admin.get("/thu/gui").status, 404);
    assert!(admin.get("/duong-dan").text().contains("/thu/gui"));
    let draft = admin.send("/thu/gui", &REMINDER).text();
    assert!(draft.contains("3 thư sẽ gửi"), "{draft}");
    assert!(draft.contains("không có địa chỉ"), "{draft}");
    assert!(draft.contains("Kính gửi: Xã An Bình"), "{draft}");
    assert!(server.arrived().is_empty());
    // Not the number that was shown.
    let other = [&REMINDER[..], &[("count", "4")]].concat();
    assert_eq!(admin.send("/thu/gui", &other).status, 422);
    let page = remind(&mut admin, "3", &[]);
    assert!(page.contains("2/4 đã gửi"), "{page}");
    assert!(
        page.contains("no such mailbox") && page.contains("mã 550"),
        "{page}"
    );
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2, "{arrived:?}");
    assert_eq!(arrived[1].to, ["s@so.vn", "s2@so.vn"]);
    assert!(arrived[0].head.contains("baocao@tinh.vn"), "{arrived:?}");
    assert!(
        arrived[0].text.contains("Kính gửi: Xã An Bình"),
        "{arrived:?}"
    );
    let log = admin.get("/nhat-ky").text();
    assert!(log.contains("gửi thư") && log.contains("a@xa.vn"), "{log}");
    assert!(log.contains("không gửi được thư"), "{log}");
}

#[test]
fn who_has_a_letter_gets_it_no_second_time_unless_that_is_asked_for() {
    let server = MailServer::start(None);
    let small = with_addresses("a@xa.vn", "hong@xa.vn", "", "s@so.vn");
    let office = office(&small, &server, &[], &[]);
    let mut admin = office.admin();
    admin.get("/duong-dan");
    remind(&mut admin, "3", &[]);
    // The roster is mended; only the unit that has no letter gets one.
    let roster = small.folder().join("roster.csv");
    let mended = fs::read_to_string(&roster).unwrap().replace("hong@", "b@");
    fs::write(&roster, mended).unwrap();
    let begun = Instant::now();
    loop {
        let draft = admin.send("/thu/gui", &REMINDER).text();
        if draft.contains("b@xa.vn") {
            assert!(draft.contains("1 thư sẽ gửi · 2 đơn vị"), "{draft}");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{draft}");
        std::thread::sleep(Duration::from_millis(300));
    }
    remind(&mut admin, "1", &[]);
    let to = |server: &MailServer| -> Vec<String> {
        let arrived = server.arrived().into_iter();
        arrived.flat_map(|mail| mail.to).collect()
    };
    assert_eq!(to(&server), ["a@xa.vn", "s@so.vn", "b@xa.vn"]);
    remind(&mut admin, "3", &[("again", "1")]);
    assert_eq!(server.arrived().len(), 6);
}

#[test]
fn a_wrong_password_is_tried_twice_at_most_and_the_password_is_nowhere() {
    let server = MailServer::start(Some("đúng"));
    let small = with_addresses("a@xa.vn", "b@xa.vn", "c@xa.vn", "s@so.vn");
    let login = ["--smtp-user", "an"];
    let wrong = [("TONGHOP_SMTP_PASSWORD", "sai bét")];
    let first = office(&small, &server, &login, &wrong);
    let mut admin = first.admin();
    admin.get("/duong-dan");
    let page = remind(&mut admin, "4", &[]);
    assert!(page.contains("0/4 đã gửi"), "{page}");
    assert!(
        page.contains("không cho đăng nhập") && page.contains("chưa thử, vì"),
        "{page}"
    );
    assert!(server.tries().len() <= 2, "{:?}", server.tries());
    for place in ["/nhat-ky", "/duong-dan", "/thu/gui"] {
        assert!(!admin.get(place).text().contains("sai bét"));
    }
    drop(first);
    let file = small.root().join("mat-khau.txt");
    fs::write(&file, "đúng\n").unwrap();
    let options = [
        "--smtp-user",
        "an",
        "--smtp-password-file",
        file.to_str().unwrap(),
    ];
    let second = office(
        &small,
        &server,
        &[&options[..], &["--first-account"]].concat(),
        &[],
    );
    let mut admin = second.admin();
    admin.get("/duong-dan");
    let page = remind(&mut admin, "4", &[]);
    assert!(page.contains("4/4 đã gửi"), "{page}");
}

#[test]
fn a_server_that_is_not_there_is_told_and_nothing_counts_as_sent() {
    let small = with_addresses("a@xa.vn", "b@xa.vn", "c@xa.vn", "không phải");
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://{}", gone.local_addr().unwrap());
    drop(gone);
    let options = ["--smtp", &*address, "--smtp-from", FROM];
    let office = Office::start_with(&small.folder(), &options, &[]);
    let mut admin = office.admin();
    admin.get("/duong-dan");
    let page = remind(&mut admin, "3", &[]);
    assert!(page.contains("0/4 đã gửi · 4 không gửi được"), "{page}");
    assert!(page.contains("không nối được tới máy chủ thư"), "{page}");
    assert!(page.contains("viết sai"), "{page}");
    let draft = admin.send("/thu/gui", &REMINDER).text();
    assert!(draft.contains("3 thư sẽ gửi · 0 đơn vị"), "{draft}");
}

#[test]
fn what_was_being_sent_when_the_server_ended_is_told_apart() {
    let server = MailServer::start(None);
    let small = with_addresses("cham@xa.vn", "b@xa.vn", "c@xa.vn", "");
    let first = office(&small, &server, &[], &[]);
    let mut admin = first.admin();
    admin.get("/duong-dan");
    let fields = [&REMINDER[..], &[("count", "3")]].concat();
    assert_eq!(admin.send("/thu/gui", &fields).status, 303);
    let busy = admin.send("/thu/gui", &fields);
    assert_eq!(busy.status, 422);
    let begun = Instant::now();
    while !admin.get("/thu/gui").text().contains(">đang gửi<") {
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
    drop(first);
    let second = office(&small, &server, &["--first-account"], &[]);
    let mut admin = second.admin();
    let page = admin.get("/thu/gui").text();
    assert!(page.contains("không rõ đã tới chưa"), "{page}");
    assert!(page.contains("đã dừng trước khi gửi"), "{page}");
    let draft = admin.send("/thu/gui", &REMINDER).text();
    assert!(draft.contains("2 thư sẽ gửi · 1 đơn vị"), "{draft}");
}

#[test]
fn who_may_only_look_sends_nothing_and_without_a_server_nobody_does() {
    let server = MailServer::start(None);
    let small = with_addresses("a@xa.vn", "", "", "");
    let first = office(&small, &server, &[], &[]);
    let mut admin = first.admin();
    let mut viewer = first.with_role(&mut admin, "xem", "view");
    viewer.get("/duong-dan");
    let fields = [&REMINDER[..], &[("count", "1")]].concat();
    assert_eq!(viewer.send("/thu/gui", &fields).status, 403);
    assert!(server.arrived().is_empty());
    drop(first);
    let second = Office::start_with(&small.folder(), &["--first-account"], &[]);
    let mut admin = second.admin();
    let page = admin.get("/duong-dan").text();
    assert!(
        !page.contains("formaction") && page.contains("--smtp"),
        "{page}"
    );
    assert_eq!(admin.send("/thu/gui", &fields).status, 404);
}

#[test]
fn mails_go_over_an_encrypted_connection_to_a_server_that_is_trusted_only() {
    if !Peer::OpenSsl.found() {
        return;
    }
    let small = with_addresses("a@xa.vn", "", "", "");
    let (cert, key) = ("thu.crt", "thu.key");
    let made = Command::new(Peer::OpenSsl.program())
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", "/CN=thu", "-out", cert, "-keyout", key])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(small.root())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let trusted = small.root().join(cert);
    let other = small.root().join("khac.crt");
    fs::write(&other, "").unwrap();
    for (roots, words) in [
        (&other, "không mã hóa được đường"),
        (&trusted, "1/4 đã gửi"),
    ] {
        let server = MailServer::encrypted(small.root(), cert, key);
        let address = format!("smtps://{}", server.address);
        let options = ["--smtp", &*address, "--smtp-from", FROM, "--first-account"];
        let set = [("SSL_CERT_FILE", roots.to_str().unwrap())];
        let office = Office::start_with(&small.folder(), &options, &set);
        let mut admin = office.admin();
        admin.get("/duong-dan");
        let page = remind(&mut admin, "1", &[]);
        assert!(page.contains(words), "{page}");
    }
}

#[test]
fn settings_of_mails_that_do_not_fit_are_told_at_the_start() {
    let small = Small::empty();
    let serve = |options: &[&str]| {
        let start = ["serve", "dot", "--listen", "127.0.0.1:0"];
        tonghop(small.root(), &[&start[..], options].concat())
    };
    let server = ["--smtp", "smtps://thu.tinh.vn"];
    let from = ["--smtp-from", FROM];
    assert_eq!(serve(&server).code, 2);
    assert_eq!(
        serve(&[&["--smtp", "thu.tinh.vn"], &from[..]].concat()).code,
        2
    );
    let login = ["--smtp-user", "an"];
    let without = serve(&[&server[..], &from, &login].concat());
    assert_eq!(without.code, 3);
    assert!(
        without.err.contains("TONGHOP_SMTP_PASSWORD"),
        "{}",
        without.err
    );
    let nobody = serve(&[&server[..], &["--smtp-from", "Sở"]].concat());
    assert_eq!(nobody.code, 3);
    assert!(
        nobody.err.contains("không phải địa chỉ thư"),
        "{}",
        nobody.err
    );
}
