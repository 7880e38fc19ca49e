use std::fs;

use crate::browser::{Browser, Office};
use crate::cli::tonghop;
use crate::client::get;
use crate::small::{Small, right_and_explained};

fn status(small: &Small, code: &str) -> String {
    let run = tonghop(small.root(), &["consolidate", "dot", "--format", "json"]).json();
    let units = run["units"].as_array().unwrap().iter();
    let mut units = units.filter(|unit| unit["code"] == code || unit["unit"] == code);
    units.next().unwrap()["status"].as_str().unwrap().to_owned()
}

/// Ids of the findings that can be accepted on a page.
fn findings(page: &str) -> Vec<String> {
    let ids = page.split("name=\"finding\" value=\"").skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// Sends workbooks as the page's form does.
fn upload(
    browser: &mut Browser,
    path: &str,
    csrf: &str,
    name: &str,
    text: &str,
) -> crate::client::Answer {
    let body = format!(
        "--GRENZE\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --GRENZE\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--GRENZE--\r\n"
    );
    let request = format!(
        "POST {path} HTTP/1.1\r\n{}Content-Type: multipart/form-data; boundary=GRENZE\r\n\
         Content-Length: {}\r\n\r\n{body}",
        browser.head(),
        body.len()
    );
    browser.ask(request.into_bytes())
}

#[test]
fn an_accepted_mistake_is_accepted_for_the_command_line_too_with_all_that_follows_from_it() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    assert_eq!(status(&small, "B"), "returned");
    for _ in 0..20 {
        let page = admin.get("/don-vi/B").text();
        let Some(finding) = findings(&page).into_iter().next() else {
            break;
        };
        let reason = [("finding", &*finding), ("reason", "đã gọi điện, \"đúng\"")];
        let done = admin.send("/don-vi/B/chap-nhan", &reason);
        assert_eq!(done.status, 303, "{}", done.text());
    }
    assert_eq!(status(&small, "B"), "accepted");
    let text = fs::read_to_string(small.folder().join("campaign.toml")).unwrap();
    assert!(
        text.contains("[[accept]]") && text.contains("by = \"quan.tri\""),
        "{text}"
    );
    let page = admin.get("/don-vi/B").text();
    assert!(
        page.contains("chấp nhận lỗi") && page.contains("đã gọi điện"),
        "{page}"
    );
}

#[test]
fn what_goes_back_is_returned_until_something_else_counts_and_the_unit_reads_why() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let token = crate::server::token(&small.folder(), "A");
    let page = |path: &str| get(office.address, path).text();
    let own = format!("/n/{token}");
    admin.get("/don-vi/A");
    let why = "Số người dự khác biên bản <b>họp</b>";
    let done = admin.send("/don-vi/A/ghi", &[("kind", "return"), ("text", why)]);
    assert_eq!(done.status, 303, "{}", done.text());
    let kept = admin.send("/don-vi/A/ghi", &[("kind", "note"), ("text", "chỉ nội bộ")]);
    assert_eq!(kept.status, 303);
    let desk = admin.get("/don-vi/A").text();
    assert!(
        desk.contains("trả lại") && desk.contains("chỉ nội bộ"),
        "{desk}"
    );
    assert!(
        page(&own).contains("Số người dự khác biên bản &lt;b&gt;họp"),
        "{}",
        page(&own)
    );
    assert!(!page(&own).contains("chỉ nội bộ"));
    let again = right_and_explained()
        .replace("0.1", "0.15")
        .replace("0.3", "0.35");
    small.receive("a.xls", &again);
    let desk = admin.get("/?state=returned").text();
    assert!(!desk.contains("Xã An Bình"), "{desk}");
}

#[test]
fn why_something_went_back_stays_beside_it_once_another_is_submitted() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let own = format!("/n/{}", crate::server::token(&small.folder(), "A"));
    // Times of the office's clock are whole seconds.
    let next_second = || std::thread::sleep(std::time::Duration::from_millis(1_100));
    let submit = |text: &str| {
        let files: [(&str, &[u8]); 1] = [("a.xls", text.as_bytes())];
        let answer = crate::client::post(office.address, &format!("{own}/submit"), &files);
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    submit(&right_and_explained());
    next_second();
    admin.get("/don-vi/A");
    let why = "Số người dự khác biên bản họp";
    admin.send("/don-vi/A/ghi", &[("kind", "return"), ("text", why)]);
    let count = || get(office.address, &own).text().matches(why).count();
    assert_eq!(count(), 2, "above, and beside what went back");
    next_second();
    submit(
        &right_and_explained()
            .replace("0.1", "0.15")
            .replace("0.3", "0.35"),
    );
    assert_eq!(count(), 1, "{}", get(office.address, &own).text());
}

#[test]
fn a_unit_with_more_time_is_not_late_and_reads_its_own_last_day() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let token = crate::server::token(&small.folder(), "C");
    admin.get("/don-vi/C");
    let done = admin.send("/don-vi/C/gia-han", &[("day", "2031-05-20")]);
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(
        get(office.address, &format!("/n/{token}"))
            .text()
            .contains("20/05/2031")
    );
    assert!(admin.get("/").text().contains("20/05/2031"));
    admin.send("/don-vi/C/gia-han", &[("clear", "1")]);
    assert!(!admin.get("/").text().contains("20/05/2031"));
    assert_eq!(
        admin.send("/don-vi/C/gia-han", &[("day", "mai")]).status,
        422
    );
}

#[test]
fn what_came_by_mail_is_submitted_on_behalf_of_its_unit_only() {
    let small = Small::empty();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    admin.get("/don-vi/A");
    let csrf = admin.csrf.clone();
    let book = right_and_explained();
    let done = upload(&mut admin, "/don-vi/A/nop-thay", &csrf, "thư.xls", &book);
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(
        crate::server::filed(&small.folder()),
        ["inbox/dot-1/trang-web/A-xa-an-binh (1).xls"]
    );
    assert_eq!(status(&small, "A"), "accepted");
    let other = upload(&mut admin, "/don-vi/B/nop-thay", &csrf, "thư.xls", &book);
    assert_eq!(other.status, 422);
    assert!(other.text().contains("CHƯA được nộp"), "{}", other.text());
    let strange = upload(&mut admin, "/don-vi/C/nop-thay", "", "thư.xls", &book);
    assert_eq!(strange.status, 403);
    assert_eq!(crate::server::filed(&small.folder()).len(), 1);
    let mut viewer = office.with_role(&mut admin, "xem", "view");
    viewer.get("/don-vi/A");
    let csrf = viewer.csrf.clone();
    assert_eq!(
        upload(&mut viewer, "/don-vi/A/nop-thay", &csrf, "thư.xls", &book).status,
        403
    );
}

#[test]
fn an_error_is_accepted_in_a_campaign_that_is_a_workbook() {
    let small = Small::filled();
    let folder = small.folder();
    let made = tonghop(small.root(), &["forms", "to-excel", "dot", "--out", "sach"]);
    assert_eq!(made.code, 0, "{}", made.err);
    fs::copy(
        small.root().join("sach/campaign.xlsx"),
        folder.join("campaign.xlsx"),
    )
    .unwrap();
    for text in ["campaign.toml", "roster.csv"] {
        fs::remove_file(folder.join(text)).unwrap();
    }
    let office = Office::start(&folder);
    let mut admin = office.admin();
    let finding = findings(&admin.get("/don-vi/B").text())[0].clone();
    let fields = [("finding", &*finding), ("reason", "=đã \"gọi\", đúng")];
    let accepted = admin.send("/don-vi/B/chap-nhan", &fields);
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    let page = admin.get("/don-vi/B").text();
    assert!(!findings(&page).contains(&finding), "{page}");
    let list = fs::read_to_string(folder.join("chap-nhan.csv")).unwrap();
    assert!(list.contains("đã \"\"gọi\"\", đúng"), "{list}");
    // The command line sees it, too, and the workbook is as it was.
    let checked = tonghop(small.root(), &["consolidate", "dot", "--out", "kq"]);
    assert!(checked.code < 2, "{}", checked.err);
    let record = fs::read_to_string(small.root().join("kq/run.json")).unwrap();
    assert!(record.contains("chap-nhan.csv"), "{record}");
}

#[test]
fn who_may_only_look_changes_nothing() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let finding = findings(&admin.get("/don-vi/B").text())[0].clone();
    let before = fs::read_to_string(small.folder().join("campaign.toml")).unwrap();
    let mut viewer = office.with_role(&mut admin, "xem", "view");
    let page = viewer.get("/don-vi/B").text();
    assert!(
        findings(&page).is_empty() && !page.contains("/chap-nhan"),
        "{page}"
    );
    for (path, fields) in [
        ("/don-vi/B/ghi", vec![("kind", "return"), ("text", "x")]),
        ("/don-vi/B/gia-han", vec![("day", "2031-01-01")]),
        (
            "/don-vi/B/chap-nhan",
            vec![("finding", &*finding), ("reason", "x")],
        ),
    ] {
        assert_eq!(viewer.send(path, &fields).status, 403, "{path}");
    }
    assert_eq!(
        fs::read_to_string(small.folder().join("campaign.toml")).unwrap(),
        before
    );
}

#[test]
fn only_files_of_the_unit_itself_are_handed_out() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let page = admin.get("/don-vi/B").text();
    let path = page
        .split("href=\"/don-vi/B/tep/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let got = admin.get(&format!("/don-vi/B/tep/{path}"));
    assert_eq!(got.body, crate::small::wrong().as_bytes());
    assert!(
        got.header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    for strange in [
        format!("/don-vi/A/tep/{path}"),
        "/don-vi/B/tep/..%2Fcampaign.toml".into(),
        "/don-vi/X".into(),
    ] {
        assert_eq!(admin.get(&strange).status, 404, "{strange}");
    }
    let marked = admin.get(&format!("/don-vi/B/danh-dau/{path}"));
    assert_eq!(marked.status, 200);
    assert!(marked.body.starts_with(b"PK"));
}

#[test]
fn figures_of_closed_periods_stand_beside_this_one() {
    let small = Small::complete();
    let file = small.folder().join("campaign.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("2025-09", "2025-08")).unwrap();
    for entry in fs::read_dir(small.folder().join("inbox/dot-1")).unwrap() {
        let path = entry.unwrap().path();
        let book = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            book.replace("tháng 9 năm 2025", "tháng 8 năm 2025")
                .replace("2025-09", "2025-08"),
        )
        .unwrap();
    }
    let closed = tonghop(small.root(), &["close", "dot"]);
    assert_eq!(closed.code, 0, "{closed:?}");
    fs::write(&file, text).unwrap();
    small.receive(
        "a.xls",
        &right_and_explained()
            .replace("3259", "3269")
            .replace("3289", "3299"),
    );
    let office = Office::start(&small.folder());
    let page = office.admin().get("/don-vi/A/so-lieu/lop").text();
    assert!(page.contains("3.289") && page.contains("3.299"), "{page}");
    assert!(
        page.contains("2025-08") && page.contains("2025-09"),
        "{page}"
    );
}

#[test]
fn a_page_shown_in_english_says_nothing_in_vietnamese_of_its_own() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let page = admin.get("/?lang=en").text();
    assert!(
        page.contains("returned") && !page.contains("trả lại"),
        "{page}"
    );
    let page = admin.get("/don-vi/B?lang=en").text();
    assert!(
        page.contains("Return with a note") && !page.contains("Trả lại kèm"),
        "{page}"
    );
}
