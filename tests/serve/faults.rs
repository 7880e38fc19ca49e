use std::fs;
use std::path::Path;

use crate::cli::tonghop;
use crate::client::{get, post};
use crate::server::{Server, filed};
use crate::small::{Small, right_and_explained};

/// Files that have harmed readers.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let deep = format!("<html>{}</html>", "<table><tr><td>".repeat(20_000)).into_bytes();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    bomb.start_file("xl/worksheets/sheet1.xml", options)
        .unwrap();
    let blank = vec![b' '; 1_000_000];
    for _ in 0..150 {
        std::io::Write::write_all(&mut bomb, &blank).unwrap();
    }
    let mut cfb = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    cfb.extend([0xFF; 2048]);
    vec![
        ("sau.html", deep),
        ("bom.xlsx", bomb.finish().unwrap().into_inner()),
        ("cu.xls", cfb),
        (
            "dai.csv",
            "so lieu;1;2;3;4;5;6;7;8;9\n".repeat(90_000).into_bytes(),
        ),
    ]
}

#[test]
fn hostile_files_take_neither_the_server_down_nor_good_ones_along() {
    let small = Small::empty();
    let mut server = Server::start(&small.folder());
    let path = format!("/n/{}/check", server.token("A"));
    let good = right_and_explained();
    for (name, bytes) in hostile() {
        let files: [(&str, &[u8]); 2] = [(name, &bytes), ("tot.xls", good.as_bytes())];
        let answer = post(server.address, &path, &files);
        assert_eq!(answer.status, 200, "{name}");
        let answer = answer.json();
        let mut statuses = answer["submissions"].as_array().unwrap().iter();
        let good = statuses.find(|one| one["file"] == "tot.xls").unwrap();
        assert_eq!(good["status"], "accepted", "{name}");
    }
    assert!(server.runs());
    assert_eq!(get(server.address, "/healthz").status, 200);
}

/// Can this user write where nobody may? Then rights cannot be tested.
fn rights_count(folder: &Path) -> bool {
    fs::write(folder.join("thu"), "").is_err()
}

#[cfg(unix)]
#[test]
fn an_inbox_that_cannot_be_written_is_told_and_nothing_is_received() {
    use std::os::unix::fs::PermissionsExt;
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    let book = right_and_explained();
    let inbox = small.folder().join("inbox/dot-1");
    // A file where the folder should be is in the way of every user.
    fs::write(inbox.join("trang-web"), "").unwrap();
    let path = format!("/n/{token}/submit");
    let refused = || {
        let answer = post(server.address, &path, &[("a.xls", book.as_bytes())]);
        assert_eq!(answer.status, 500, "{answer:?}");
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("CHƯA được nhận"), "{error}");
        assert!(!error.contains('/'), "{error}");
        assert_eq!(
            get(server.address, &format!("/n/{token}/receipt/1")).status,
            404
        );
    };
    refused();
    fs::remove_file(inbox.join("trang-web")).unwrap();
    fs::set_permissions(&inbox, fs::Permissions::from_mode(0o555)).unwrap();
    if rights_count(&inbox) {
        refused();
    }
    fs::set_permissions(&inbox, fs::Permissions::from_mode(0o755)).unwrap();
    let _ = fs::remove_file(inbox.join("thu"));
    let answer = post(server.address, &path, &[("a.xls", book.as_bytes())]);
    assert_eq!(answer.json()["receipt"]["number"], 1);
    assert_eq!(filed(&small.folder()).len(), 1);
}

#[test]
fn a_second_server_of_one_state_is_refused() {
    let small = Small::empty();
    let _server = Server::start(&small.folder());
    let answer = tonghop(small.root(), &["serve", "dot", "--listen", "127.0.0.1:0"]);
    assert_eq!(answer.code, 3);
    assert!(
        answer.err.contains("đang chạy với trạng thái này"),
        "{}",
        answer.err
    );
}

#[test]
fn a_campaign_that_is_being_changed_is_told_and_served_again_when_it_is_right() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}", server.token("A"));
    let file = small.folder().join("campaign.toml");
    let right = fs::read_to_string(&file).unwrap();
    fs::write(&file, "dang sua").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(3_200));
    assert_eq!(get(server.address, &path).status, 500);
    fs::write(&file, right).unwrap();
    assert_eq!(get(server.address, &path).status, 200);
}

#[test]
fn what_runs_beside_the_server_leaves_its_state_alone() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}", server.token("A"));
    let mau = small.folder().join("mau.md");
    fs::write(&mau, "x").unwrap();
    // Outputs in the campaign's own folder wait in the folder of the state.
    let facts = [
        "check",
        "dot/inbox",
        "--campaign",
        "dot",
        "--facts",
        "dot/so.csv",
    ];
    tonghop(small.root(), &facts);
    assert!(small.folder().join("so.csv").is_file());
    assert!(small.folder().join(".tonghop/trang-web.db").is_file());
    assert_eq!(get(server.address, &path).status, 200);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let (one, other) = (Small::empty(), Small::empty());
    let server = Server::start(&one.folder());
    let listen = server.address.to_string();
    let answer = tonghop(other.root(), &["serve", "dot", "--listen", &listen]);
    assert_eq!(answer.code, 3);
    assert!(
        answer
            .err
            .contains("cổng này đang có chương trình khác dùng"),
        "{}",
        answer.err
    );
}
