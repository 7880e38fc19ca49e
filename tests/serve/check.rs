use std::fs;

use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::client::{get, post, post_page};
use crate::server::{Server, filed};
use crate::small::{Small, department, right_and_explained, wrong};

/// What the command line says of files under these names.
fn printed(small: &Small, files: &[(&str, &[u8])]) -> Json {
    let folder = small.root().join("tep");
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let campaign = small.folder();
    let mut arguments: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    arguments.splice(0..0, ["check"]);
    arguments.extend(["--format", "json", "--campaign", campaign.to_str().unwrap()]);
    tonghop(&folder, &arguments).json()
}

#[test]
fn a_check_answers_what_the_command_line_prints() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (right, wrong, other) = (right_and_explained(), wrong(), department());
    for (unit, name, bytes) in [
        ("A", "xã a.xls", right.as_bytes()),
        ("B", "b.xls", wrong.as_bytes()),
        ("S", "s.xls", other.as_bytes()),
        ("A", "hong.xlsx", b"PK\x03\x04 not a workbook"),
        ("A", "rong.xlsx", b""),
        ("A", "anh.png", b"\x89PNG\r\n\x1a\n"),
    ] {
        let path = format!("/n/{}/check", server.token(unit));
        let answer = post(server.address, &path, &[(name, bytes)]);
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.json(), printed(&small, &[(name, bytes)]), "{name}");
    }
    let path = format!("/n/{}/check", server.token("B"));
    let two: [(&str, &[u8]); 2] = [("b.xls", wrong.as_bytes()), ("hong.xlsx", b"PK\x03\x04")];
    assert_eq!(
        post(server.address, &path, &two).json(),
        printed(&small, &two)
    );
    // Nothing of all this was filed.
    assert_eq!(filed(&small.folder()), Vec::<String>::new());
}

#[test]
fn of_a_workbook_of_another_unit_nothing_is_told() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}/check", server.token("A"));
    let (own, other) = (right_and_explained(), wrong());
    let files: [(&str, &[u8]); 2] = [("a.xls", own.as_bytes()), ("b.xls", other.as_bytes())];
    let answer = post(server.address, &path, &files).json();
    let findings = answer["findings"].as_array().unwrap();
    let about: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["file"] == "b.xls")
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert_eq!(about, ["tep-cua-don-vi-khac"]);
    assert!(!answer.to_string().contains("9007199254740993"));
    let status = |i: usize| answer["submissions"][i]["status"].as_str().unwrap();
    assert_eq!((status(0), status(1)), ("accepted", "unidentified"));
}

#[test]
fn two_at_once_are_both_answered() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let jobs = [
        ("A", right_and_explained()),
        ("B", wrong()),
        ("S", department()),
    ];
    let jobs = jobs.map(|(unit, book)| (format!("/n/{}/check", server.token(unit)), unit, book));
    std::thread::scope(|scope| {
        for (path, unit, book) in jobs.iter().chain(&jobs) {
            let address = server.address;
            scope.spawn(move || {
                let answer = post(address, path, &[("x.xls", book.as_bytes())]).json();
                assert_eq!(answer["submissions"][0]["unit"], *unit);
            });
        }
    });
}

#[test]
fn a_page_of_an_answer_escapes_what_files_say() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}/check", server.token("A"));
    let hostile = right_and_explained().replace("Tên lớp", "<script>alert(1)</script>");
    let name = "<img src=x onerror=alert(1)>.xls";
    let answer = post_page(server.address, &path, &[(name, hostile.as_bytes())]);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let text = answer.text();
    assert!(
        !text.contains("<script>alert") && !text.contains("<img src=x"),
        "{text}"
    );
}

#[test]
fn a_marked_copy_of_what_was_only_checked_is_there_for_its_own_unit() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (own, other) = (server.token("B"), server.token("A"));
    let book = wrong();
    let answer = post_page(
        server.address,
        &format!("/n/{own}/check"),
        &[("b.xls", book.as_bytes())],
    );
    let text = answer.text().replace("&#x2f;", "/");
    let begin = text
        .find(&format!("/n/{own}/r/"))
        .unwrap_or_else(|| panic!("{text}"));
    let path: String = text[begin..]
        .chars()
        .take_while(|c| !"\"?#".contains(*c))
        .collect();
    let copy = get(server.address, &path);
    assert_eq!(copy.status, 200);
    assert!(copy.body.starts_with(b"PK"));
    assert!(
        copy.header("content-disposition")
            .unwrap()
            .contains("b - da danh dau.xlsx")
    );
    assert_eq!(get(server.address, &path.replace(&own, &other)).status, 404);
    assert_eq!(
        get(server.address, &path.replace("/marked/1", "/marked/2")).status,
        404
    );
}

#[test]
fn the_template_of_a_unit_is_that_of_the_command_line() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let token = server.token("S");
    let answer = get(server.address, &format!("/n/{token}/template"));
    assert_eq!(answer.status, 200);
    tonghop(
        small.root(),
        &["template", "dot", "--unit", "S", "--out", "mau"],
    );
    let made = fs::read_dir(small.root().join("mau")).unwrap();
    let made: Vec<_> = made.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(made.len(), 1);
    assert_eq!(fs::read(&made[0]).unwrap(), answer.body);
    let name = made[0].file_name().unwrap().to_str().unwrap();
    assert!(answer.header("content-disposition").unwrap().contains(name));
    assert_eq!(
        get(server.address, &format!("/n/{token}/template/2")).status,
        404
    );
}

#[test]
fn a_form_that_is_not_filled_has_no_figures_that_are_right() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let path = format!("/n/{}", server.token("S"));
    let template = get(server.address, &format!("{path}/template")).body;
    let path = format!("{path}/check");
    let page = post_page(server.address, &path, &[("mau.xlsx", &template)]).text();
    assert!(page.contains("chưa điền số liệu nào"), "{page}");
    assert!(
        !page.contains("số đúng") && !page.contains("<meter"),
        "{page}"
    );
    let page = post_page(server.address, &path, &[("s.xls", department().as_bytes())]).text();
    assert!(page.contains("<strong>2</strong> số đúng"), "{page}");
}

#[test]
fn what_was_not_read_is_not_compared_with_the_submission_before() {
    let small = Small::empty();
    let server = Server::start(&small.folder());
    let (path, book) = (format!("/n/{}", server.token("B")), wrong());
    let files: [(&str, &[u8]); 1] = [("b.xls", book.as_bytes())];
    post(server.address, &format!("{path}/submit"), &files);
    let check = |name: &str, bytes: &[u8]| {
        post_page(server.address, &format!("{path}/check"), &[(name, bytes)]).text()
    };
    assert!(check("b.xls", book.as_bytes()).contains("So với lần nộp trước"));
    let page = check("hong.xlsx", b"PK\x03\x04 not a workbook");
    assert!(!page.contains("So với lần nộp trước"), "{page}");
}
