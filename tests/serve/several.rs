//! Several campaigns of one server, and copies of the state while it runs.

use std::fs;

use crate::cli::tonghop;
use crate::client::{get, post};
use crate::server::{Server, filed, token};
use crate::small::{Small, right_and_explained};

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
