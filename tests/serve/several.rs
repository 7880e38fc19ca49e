//! Several campaigns of one server, and copies of the state while it runs.

use std::fs;

use crate::browser::{Browser, Office, PASSWORD};
use crate::cli::tonghop;
use crate::client::{get, post};
use crate::server::{Server, filed, token};
use crate::small::{Small, right_and_explained, wrong};

/// The small campaign beside one of another title.
fn two() -> Small {
    let small = Small::empty();
    let (from, to) = (small.folder(), small.root().join("dot-hai"));
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(&from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(target).unwrap(),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
    let file = to.join("campaign.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, text.replace("đợt nhỏ", "đợt thứ hai")).unwrap();
    small
}

#[test]
fn the_link_says_which_of_several_campaigns_is_meant() {
    let small = two();
    let (one, other) = (small.folder(), small.root().join("dot-hai"));
    let server = Server::start(small.root());
    let (first, second) = (token(&one, "A"), token(&other, "A"));
    for (token, title, strange) in [
        (&first, "đợt nhỏ", "đợt thứ hai"),
        (&second, "đợt thứ hai", "đợt nhỏ"),
    ] {
        let page = get(server.address, &format!("/n/{token}"));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(title) && !page.text().contains(strange));
    }
    let book = right_and_explained();
    let path = format!("/n/{second}/submit");
    let answer = post(server.address, &path, &[("a.xls", book.as_bytes())]);
    assert_eq!(answer.json()["receipt"]["number"], 1);
    assert_eq!((filed(&one).len(), filed(&other).len()), (0, 1));
    let strange = get(server.address, &format!("/n/{first}/receipt/1"));
    assert_eq!(strange.status, 404);
    assert_eq!(get(server.address, "/n/khong-co").status, 404);
    assert_eq!(get(server.address, "/healthz").status, 200);
}

#[test]
fn a_folder_without_campaigns_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ghi chép.txt"), "").unwrap();
    let answer = tonghop(folder.path(), &["serve", ".", "--listen", "127.0.0.1:0"]);
    assert_eq!(answer.code, 3);
    assert!(
        answer.err.contains("cũng không có đợt nào"),
        "{}",
        answer.err
    );
}

#[test]
fn the_state_is_copied_while_the_server_runs() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, book) = (server.token("A"), right_and_explained());
    let path = format!("/n/{token}/submit");
    post(server.address, &path, &[("a.xls", book.as_bytes())]);
    let backup = ["serve", "backup", "sao-luu.db", "--campaign", "dot"];
    let answer = tonghop(small.root(), &backup);
    assert_eq!(answer.code, 0, "{}", answer.err);
    // Never over a file that is there.
    let again = tonghop(small.root(), &backup);
    assert_eq!(again.code, 3);
    server.kill();
    // All is lost but the folder and the copy.
    let state = small.folder().join(".tonghop");
    fs::remove_dir_all(&state).unwrap();
    fs::create_dir(&state).unwrap();
    fs::copy(small.root().join("sao-luu.db"), state.join("trang-web.db")).unwrap();
    let server = Server::start(&small.folder());
    let receipt = get(server.address, &format!("/n/{token}/receipt/1"));
    assert_eq!(receipt.status, 200);
}

/// Addresses of links and forms of a page.
fn addresses(page: &str) -> Vec<String> {
    let of = |name: &str| -> Vec<String> {
        let begin = format!("{name}=\"/");
        let rest = page.split(&*begin).skip(1);
        rest.map(|rest| format!("/{}", rest.split('"').next().unwrap()))
            .collect()
    };
    [of("href"), of("action"), of("formaction"), of("src")].concat()
}

#[test]
fn one_sign_in_opens_every_campaign_and_each_keeps_to_its_own_addresses() {
    let small = two();
    small.receive("b.xls", &wrong());
    fs::copy(
        small.folder().join("inbox/dot-1/b.xls"),
        small.root().join("dot-hai/inbox/dot-1/b.xls"),
    )
    .unwrap();
    let office = Office::start(small.root());
    let mut admin = office.admin();
    let list = admin.get("/").text();
    for words in ["đợt nhỏ", "đợt thứ hai", "/d/dot/", "/d/dot-hai/"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    admin.get("/d/dot-hai/tong-hop");
    assert_eq!(admin.send("/d/dot-hai/tong-hop/chay", &[]).status, 303);
    let pages = [
        "",
        "loi",
        "loi?theo=don-vi",
        "tong-hop",
        "tong-hop/bieu/lop/0",
        "duong-dan",
        "nhat-ky",
        "tai-khoan",
        "tai-khoan/tat-ca",
        "don-vi/B",
        "don-vi/B/so-lieu/lop",
        "dang-nhap",
        "quy-tac/nu-nhieu-hon-tong",
        "?lang=en",
    ];
    for page in pages {
        let answer = admin.get(&format!("/d/dot-hai/{page}"));
        assert_eq!(answer.status, 200, "{page}: {}", answer.text());
        for address in addresses(&answer.text()) {
            let own = address.starts_with("/d/dot-hai/") || address.starts_with("/a/");
            let lobby = ["/", "/?lang=en"].contains(&&*address);
            assert!(own || lobby, "{page}: {address}");
        }
    }
    admin.get("/d/dot-hai/don-vi/A");
    let note = [("kind", "note"), ("text", "chỉ của đợt hai")];
    let done = admin.send("/d/dot-hai/don-vi/A/ghi", &note);
    let to = done.header("location").unwrap();
    assert!(to.starts_with("/d/dot-hai/don-vi/A"), "{to}");
    assert!(
        admin
            .get("/d/dot-hai/don-vi/A")
            .text()
            .contains("chỉ của đợt hai")
    );
    assert!(
        !admin
            .get("/d/dot/don-vi/A")
            .text()
            .contains("chỉ của đợt hai")
    );
    assert!(admin.get("/nhat-ky").text().contains("tạo tài khoản"));
    for nothing in [
        "/tong-hop",
        "/don-vi/A",
        "/d/khong-co/",
        "/d/..%2Fdot/",
        "/d/",
        "/d",
    ] {
        assert_eq!(admin.get(nothing).status, 404, "{nothing}");
    }
    // The code of the terminal has made the only account there is, for all.
    let strange = get(office.address, "/d/dot/tong-hop");
    let to = strange.header("location").unwrap();
    assert_eq!(to, "/d/dot/dang-nhap?toi=%2Ftong-hop");
    let mut browser = Browser::new(office.address);
    browser.get(to);
    let who = [
        ("name", "quan.tri"),
        ("password", PASSWORD),
        ("toi", "/tong-hop"),
    ];
    let done = browser.send("/d/dot/dang-nhap", &who);
    assert_eq!(done.header("location"), Some("/d/dot/tong-hop"));
    assert_eq!(browser.get("/d/dot-hai/").status, 200);
}

#[test]
fn a_state_that_cannot_be_read_is_told_and_no_other_campaign_answers_for_it() {
    let small = two();
    let (one, other) = (small.folder(), small.root().join("dot-hai"));
    let server = Server::start(small.root());
    let (first, second) = (token(&one, "A"), token(&other, "A"));
    let page = |token: &str| get(server.address, &format!("/n/{token}"));
    assert_eq!(page("khong-co").status, 404);
    let database = rusqlite::Connection::open(one.join(".tonghop/trang-web.db")).unwrap();
    database.execute_batch("DROP TABLE links").unwrap();
    assert_eq!(page(&second).status, 200);
    // It may be a link of the campaign that cannot be read.
    for token in [&first, "khong-co"] {
        let answer = page(token);
        assert_eq!(answer.status, 500, "{}", answer.text());
        assert!(
            answer.text().contains("chưa trả lời được"),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn a_campaign_that_cannot_be_read_now_does_not_keep_the_office_from_the_others() {
    let small = two();
    let office = Office::start(small.root());
    fs::write(small.folder().join("campaign.toml"), "title = ").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(3200));
    let mut admin = office.admin();
    let list = admin.get("/").text();
    assert!(
        list.contains("chưa đọc được") && list.contains("campaign.toml"),
        "{list}"
    );
    assert_eq!(admin.get("/d/dot-hai/").status, 200);
    assert_eq!(admin.get("/d/dot/").status, 500);
}
