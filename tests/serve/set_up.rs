//! New campaigns, from blank forms and from the period before.

use std::fs;
use std::path::Path;

use crate::browser::{Browser, Office};
use crate::cli::tonghop;
use crate::client::{Answer, get};
use crate::server::token;
use crate::small::{Cell, Small, book};

/// A blank form with a rule in its header.
fn blank() -> String {
    let row = |cells: &[&'static str]| -> Vec<Cell<'static>> {
        cells
            .iter()
            .map(|text| match *text {
                "" => Cell::Blank,
                text => Cell::Text(text),
            })
            .collect()
    };
    let rows = vec![
        row(&["Biểu 01. Lớp tập huấn"]),
        row(&["STT", "Nội dung", "Tổng số", "Nam", "Nữ"]),
        row(&["A", "B", "1=2+3", "2", "3"]),
        row(&["1", "Kỹ năng số", "", "", ""]),
        row(&["2", "An toàn thông tin", "", "", ""]),
        row(&["3", "Dịch vụ công", "", "", ""]),
    ];
    book(&[("Biểu 01", rows)])
}

const ROSTER: &str = "code,name,kind\nA,Xã An Bình,xa\nB,Xã Bình Minh,xa\n";

/// Sends blank forms as the page does.
fn try_out(
    browser: &mut Browser,
    csrf: &str,
    name: &str,
    form: (&str, &str),
    roster: &str,
) -> Answer {
    let word = |name: &str, text: &str| {
        format!("--GRENZE\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let file = |field: &str, name: &str, text: &str| {
        format!(
            "--GRENZE\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
        )
    };
    let body = word("csrf", csrf)
        + &file("file", form.0, form.1)
        + &file("roster", "../../danh sách.csv", roster)
        + &word("period", "2025-10")
        + &word("name", name)
        + &word("office", "--Sở \"Tư pháp\"")
        + &word("place", "Vĩnh Long")
        + "--GRENZE--\r\n";
    let request = format!(
        "POST /moi/thu HTTP/1.1\r\n{}Content-Type: multipart/form-data; boundary=GRENZE\r\n\
         Content-Length: {}\r\n\r\n{body}",
        browser.head(),
        body.len()
    );
    browser.ask(request.into_bytes())
}

fn folders(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != ".tonghop").collect();
    names.sort();
    names
}

/// A folder with one campaign, and its office.
fn office() -> (Small, Office, Browser) {
    let small = Small::empty();
    let office = Office::start(small.root());
    let mut admin = office.admin();
    admin.get("/moi");
    (small, office, admin)
}

/// The draft on a page.
fn draft(page: &str) -> String {
    let rest = page.split("name=\"id\" value=\"").nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{page}"));
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_new_campaign_is_shown_first_and_made_once_it_is_confirmed() {
    let (small, office, mut admin) = office();
    let csrf = admin.csrf.clone();
    let form = ("../../bieu \"1\".xls", &*blank());
    let shown = try_out(&mut admin, &csrf, "dot-moi", form, ROSTER);
    assert_eq!(shown.status, 200, "{}", shown.text());
    let page = shown.text();
    for words in [
        "Xem lại trước khi lập",
        "2 đơn vị",
        "Xã An Bình",
        "1=2+3",
        "Chưa có gì được ghi",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(folders(small.root()), ["dot"]);
    let id = draft(&page);
    let other = office.with_role(&mut admin, "khac", "admin");
    let mut other = other;
    other.get("/moi");
    let stolen = other.send("/moi/lap", &[("id", &id)]);
    assert!(stolen.text().contains("không còn"), "{}", stolen.text());

    admin.get("/moi");
    let made = admin.send("/moi/lap", &[("id", &id)]);
    assert_eq!(
        made.header("location"),
        Some("/d/dot-moi/"),
        "{}",
        made.text()
    );
    assert_eq!(folders(small.root()), ["dot", "dot-moi"]);
    // It is served at once, and a second click makes nothing.
    assert!(admin.get("/d/dot-moi/").text().contains("Xã Bình Minh"));
    let unit = token(&small.root().join("dot-moi"), "A");
    assert_eq!(get(office.address, &format!("/n/{unit}")).status, 200);
    admin.get("/moi");
    let again = admin.send("/moi/lap", &[("id", &id)]);
    assert_eq!(again.status, 422);
    assert_eq!(folders(small.root()), ["dot", "dot-moi"]);
    // What the office goes on with is written for Excel.
    let made = folders(&small.root().join("dot-moi"));
    assert!(
        made.contains(&"campaign.xlsx".to_owned()) && !made.contains(&"campaign.toml".to_owned()),
        "{made:?}"
    );
    assert!(admin.get("/d/dot-moi/").text().contains("Tư pháp"));
    assert!(admin.get("/nhat-ky").text().contains("lập đợt báo cáo"));
    // What is tried out under a name that is taken by now is refused and nothing is replaced.
    let csrf = admin.csrf.clone();
    let page = try_out(&mut admin, &csrf, "dot", ("b.xls", &blank()), ROSTER).text();
    let refused = admin.send("/moi/lap", &[("id", &draft(&page))]);
    assert!(
        refused.text().contains("Đã có thư mục"),
        "{}",
        refused.text()
    );
}

#[test]
fn a_server_of_an_empty_folder_makes_its_first_campaign() {
    let root = tempfile::tempdir().unwrap();
    let office = Office::start(root.path());
    let mut admin = office.admin();
    assert!(admin.get("/").text().contains("Chưa có đợt nào"));
    admin.get("/moi");
    let csrf = admin.csrf.clone();
    let page = try_out(&mut admin, &csrf, "dot-1", ("b.xls", &blank()), ROSTER).text();
    let made = admin.send("/moi/lap", &[("id", &draft(&page))]);
    assert_eq!(
        made.header("location"),
        Some("/d/dot-1/"),
        "{}",
        made.text()
    );
    assert!(admin.get("/").text().contains("/d/dot-1/"));
    assert!(admin.get("/d/dot-1/").text().contains("Xã An Bình"));
    let unit = token(&root.path().join("dot-1"), "A");
    assert_eq!(get(office.address, &format!("/n/{unit}")).status, 200);
    drop(office);
    // It is there when the server starts again, and a folder of something else is none.
    let again = Office::start_with(root.path(), &["--first-account"], &[]);
    assert!(again.admin().get("/").text().contains("/d/dot-1/"));
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("ghi chép.txt"), "").unwrap();
    let refused = tonghop(other.path(), &["serve", ".", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("thư mục trống"), "{}", refused.err);
}

#[test]
fn what_cannot_be_a_campaign_says_why_and_leaves_nothing() {
    let (small, _office, mut admin) = office();
    let csrf = admin.csrf.clone();
    let blank = blank();
    for (name, form, roster, words) in [
        ("../ngoai", &*blank, ROSTER, "không làm tên thư mục được"),
        (".an", &*blank, ROSTER, "không làm tên thư mục được"),
        ("dot-moi", "đây không phải bảng tính", ROSTER, "b.xls"),
        ("dot-moi", &*blank, "không,có,cột\n1,2,3\n", "danh sách.csv"),
    ] {
        let answer = try_out(&mut admin, &csrf, name, ("b.xls", form), roster);
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
        assert_eq!(folders(small.root()), ["dot"], "{name}");
    }
    assert!(!small.root().parent().unwrap().join("ngoai").exists());
}

#[test]
fn the_next_period_is_made_beside_this_one_and_shares_its_archive() {
    let (small, _office, mut admin) = office();
    let page = admin.get("/moi").text();
    assert!(
        page.contains("value=\"2025-10\"") && page.contains("chưa chốt"),
        "{page}"
    );
    let next = [("from", "dot"), ("period", "2025-10"), ("name", "thang-10")];
    let made = admin.send("/moi/ky-sau", &next);
    assert_eq!(
        made.header("location"),
        Some("/d/thang-10/"),
        "{}",
        made.text()
    );
    let file = fs::read_to_string(small.root().join("thang-10/campaign.toml")).unwrap();
    assert!(file.contains("history = \"../dot/history\""), "{file}");
    assert!(admin.get("/d/thang-10/").text().contains("Xã An Bình"));
    admin.get("/moi");
    for (period, name) in [
        ("2025-10", "thang-10"),
        ("2025-08", "thang-8"),
        ("2025-13", "x"),
        ("2025-11", "../x"),
    ] {
        let fields = [("from", "dot"), ("period", period), ("name", name)];
        let refused = admin.send("/moi/ky-sau", &fields);
        assert_eq!(refused.status, 422, "{period} {name}: {}", refused.text());
    }
    assert_eq!(folders(small.root()), ["dot", "thang-10"]);
}

#[test]
fn only_an_administrator_sets_up_and_only_from_the_page() {
    let (small, office, mut admin) = office();
    let mut worker = office.with_role(&mut admin, "lam", "work");
    assert_eq!(worker.get("/moi").status, 403);
    worker.get("/");
    let csrf = worker.csrf.clone();
    let next = [("from", "dot"), ("period", "2025-10"), ("name", "thang-10")];
    assert_eq!(worker.send("/moi/ky-sau", &next).status, 403);
    assert_eq!(worker.send("/moi/lap", &[("id", "x")]).status, 403);
    let blank = blank();
    let form = ("b.xls", &*blank);
    assert_eq!(try_out(&mut worker, &csrf, "moi", form, ROSTER).status, 403);
    admin.get("/moi");
    assert_eq!(admin.send_as_is("/moi/ky-sau", &next).status, 403);
    assert_eq!(
        try_out(&mut admin, "AAAAAAAAAAAAAAAAAAAAAA", "moi", form, ROSTER).status,
        403
    );
    let mut stranger = Browser::new(office.address);
    assert_eq!(try_out(&mut stranger, "x", "moi", form, ROSTER).status, 403);
    assert_eq!(folders(small.root()), ["dot"]);
}

#[test]
fn what_a_killed_server_had_begun_to_make_is_no_campaign_and_goes() {
    let small = Small::empty();
    let half = small.root().join(".tonghop-moi-abc");
    fs::create_dir(&half).unwrap();
    fs::copy(
        small.folder().join("campaign.toml"),
        half.join("campaign.toml"),
    )
    .unwrap();
    let office = Office::start(small.root());
    let mut admin = office.admin();
    assert!(!admin.get("/").text().contains("tonghop-moi"));
    assert!(!half.exists());
}
