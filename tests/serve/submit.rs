use std::fs;
use std::io::Write;

use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::client::{Answer, ask, get, post, post_page};
use crate::server::{Server, filed};
use crate::small::{Small, department, right_and_explained, wrong};

fn submit(server: &Server, token: &str, files: &[(&str, &[u8])]) -> Answer {
    post(server.address, &format!("/n/{token}/submit"), files)
}

/// What the command line says of the whole inbox.
fn inbox(small: &Small) -> Json {
    let arguments = [
        "check",
        "dot/inbox",
        "--campaign",
        "dot",
        "--format",
        "json",
    ];
    tonghop(small.root(), &arguments).json()
}

#[test]
fn what_is_submitted_is_in_the_inbox_before_there_is_a_receipt() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, book) = (server.token("A"), right_and_explained());
    let answer = submit(&server, &token, &[("Xã A.xls", book.as_bytes())]);
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    let receipt = &answer["receipt"];
    assert_eq!(
        (&receipt["number"], &receipt["unit"]),
        (&Json::from(1), &Json::from("A"))
    );
    assert_eq!(receipt["verdict"], "received");
    let file = &receipt["files"][0];
    assert_eq!(
        (&file["file"], &file["counts"]),
        (&Json::from("Xã A.xls"), &Json::from(true))
    );
    let stored = "inbox/dot-1/trang-web/A-xa-an-binh (1).xls";
    assert_eq!(file["stored"], stored);
    assert_eq!(file["sha256"], answer["submissions"][0]["sha256"]);
    assert_eq!(
        fs::read(small.folder().join(stored)).unwrap(),
        book.as_bytes()
    );
    assert_eq!(filed(&small.folder()), [stored]);
    let seen = &inbox(&small)["submissions"][0];
    assert_eq!(
        (&seen["unit"], &seen["status"]),
        (&Json::from("A"), &Json::from("accepted"))
    );
    let receipt = get(server.address, &format!("/n/{token}/receipt/1"));
    assert!(receipt.status == 200 && receipt.text().contains(file["sha256"].as_str().unwrap()));
    assert_eq!(get(server.address, &format!("/n/{token}/s/1")).status, 200);
    let other = server.token("B");
    for path in ["receipt/1", "s/1", "s/1/marked/1"] {
        assert_eq!(
            get(server.address, &format!("/n/{other}/{path}")).status,
            404
        );
    }
}

#[test]
fn what_is_wrong_is_filed_and_returned_as_in_the_inbox() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, book) = (server.token("B"), wrong());
    let answer = submit(&server, &token, &[("b.xls", book.as_bytes())]).json();
    assert_eq!(answer["receipt"]["verdict"], "returned");
    assert_eq!(inbox(&small)["submissions"][0]["status"], "returned");
    let copy = get(server.address, &format!("/n/{token}/s/1/marked/1"));
    assert!(copy.status == 200 && copy.body.starts_with(b"PK"));
}

#[test]
fn the_later_submission_counts_and_the_same_bytes_get_the_same_receipt() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("B");
    let (first, second) = (wrong(), wrong().replace("45", "10"));
    let number = |book: &str| {
        let answer = submit(&server, &token, &[("b.xls", book.as_bytes())]).json();
        let receipt = &answer["receipt"];
        (
            receipt["number"].clone(),
            receipt["files"][0]["counts"].clone(),
        )
    };
    assert_eq!(number(&first), (1.into(), true.into()));
    assert_eq!(number(&first), (1.into(), true.into()));
    assert_eq!(number(&second), (2.into(), true.into()));
    // The first one again: it is there, and the second one still counts.
    assert_eq!(number(&first), (1.into(), false.into()));
    assert_eq!(filed(&small.folder()).len(), 2);
    let run = inbox(&small);
    let status = |i: usize| run["submissions"][i]["status"].as_str().unwrap().to_owned();
    assert_eq!(status(0), "superseded");
    assert!(
        run["submissions"][1]["file"]
            .as_str()
            .unwrap()
            .ends_with("(2).xls")
    );
    assert_ne!(status(1), "superseded");
}

#[test]
fn what_cannot_count_is_refused_with_its_reason_and_nothing_is_kept() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("A");
    let other = wrong();
    let nobody = right_and_explained()
        .replace("Xã An Bình", "")
        .replace(">A<", "><");
    let no_form = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"x\"><Table><Row><Cell><Data ss:Type=\"String\">Mã đơn vị:</Data></Cell><Cell><Data ss:Type=\"String\">A</Data></Cell></Row></Table></Worksheet></Workbook>";
    for (bytes, rule) in [
        (other.as_bytes(), "tep-cua-don-vi-khac"),
        (b"PK\x03\x04 hong", ""),
        (b"", ""),
        (nobody.as_bytes(), ""),
        (no_form.as_bytes(), ""),
    ] {
        let answer = submit(&server, &token, &[("x.xls", bytes)]);
        assert_eq!(answer.status, 422, "{rule}");
        let answer = answer.json();
        assert_eq!(answer["receipt"], Json::Null);
        let findings = answer["findings"].as_array().unwrap();
        let mut errors = findings
            .iter()
            .filter(|finding| finding["severity"] == "error");
        assert!(
            errors.any(|f| f["rule"] == rule || rule.is_empty()),
            "{answer}"
        );
    }
    assert_eq!(filed(&small.folder()), Vec::<String>::new());
    assert_eq!(
        get(server.address, &format!("/n/{token}/receipt/1")).status,
        404
    );
}

#[test]
fn a_damaged_file_and_one_of_another_unit_do_not_keep_a_good_one_out() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (own, other) = (department(), wrong());
    let files: [(&str, &[u8]); 3] = [
        ("hong.xlsx", b"PK\x03\x04"),
        ("s.xls", own.as_bytes()),
        ("b.xls", other.as_bytes()),
    ];
    let answer = submit(&server, &server.token("S"), &files).json();
    let received = answer["receipt"]["files"].as_array().unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(
        (&received[0]["file"], &answer["receipt"]["verdict"]),
        (&"s.xls".into(), &"received".into())
    );
    assert_eq!(filed(&small.folder()).len(), 1);
}

#[test]
fn the_files_of_an_archive_are_filed_one_by_one() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("A/a.xls", right_and_explained()), ("../b.xls", wrong())] {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let answer = submit(&server, &server.token("A"), &[("tat ca.zip", &archive)]).json();
    let received = answer["receipt"]["files"].as_array().unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["file"], "tat ca.zip/A/a.xls");
    assert_eq!(
        filed(&small.folder()),
        ["inbox/dot-1/trang-web/A-xa-an-binh (1).xls"]
    );
}

#[test]
fn the_latest_round_takes_what_comes_in_and_no_file_is_overwritten() {
    let small = Small::empty();
    let folder = small.folder().join("inbox/dot-2/trang-web");
    fs::create_dir_all(&folder).unwrap();
    let there = folder.join("A-xa-an-binh (1).xls");
    fs::write(&there, "của người khác").unwrap();
    let server = Server::start(&small.folder());
    let book = right_and_explained();
    let answer = submit(&server, &server.token("A"), &[("a.xls", book.as_bytes())]).json();
    let stored = "inbox/dot-2/trang-web/A-xa-an-binh (2).xls";
    assert_eq!(answer["receipt"]["files"][0]["stored"], stored);
    assert_eq!(fs::read_to_string(&there).unwrap(), "của người khác");
}

#[test]
fn a_restart_keeps_links_and_receipts() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, book) = (server.token("A"), right_and_explained());
    submit(&server, &token, &[("a.xls", book.as_bytes())]);
    let json = |server: &Server| {
        let path = format!("/n/{token}/receipt/1");
        ask(server.address, "GET", &path, &["Accept: application/json"]).json()
    };
    let before = json(&server);
    server.kill();
    let server = Server::start(&small.folder());
    assert_eq!(json(&server), before);
    assert_eq!(before["number"], 1);
}

#[test]
fn the_page_after_a_submission_leads_to_its_receipt() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (token, book) = (server.token("A"), right_and_explained());
    let files: [(&str, &[u8]); 1] = [("a.xls", book.as_bytes())];
    let page = post_page(server.address, &format!("/n/{token}/submit"), &files);
    assert_eq!(page.status, 200);
    let text = page.text().replace("&#x2f;", "/");
    assert!(text.contains(&format!("/n/{token}/receipt/1")), "{text}");
}
