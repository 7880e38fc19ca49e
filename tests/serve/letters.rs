use crate::browser::Office;
use crate::cli::tonghop;
use crate::client::get;
use crate::small::Small;

/// Links that a page shows, by the order of units.
fn links(page: &str) -> Vec<String> {
    let shown = page.split("<code class=\"once\">").skip(1);
    shown
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

#[test]
fn links_are_made_once_shown_to_who_made_them_and_work() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut other = office.with_role(&mut admin, "khac", "work");
    admin.get("/duong-dan");
    let made = admin.send("/duong-dan", &[("change", "make")]);
    assert_eq!(made.status, 303, "{}", made.text());
    let shown = links(&admin.get("/duong-dan").text());
    assert_eq!(shown.len(), 4);
    let base = format!("http://{}", office.address);
    let path = shown[0].strip_prefix(&base).unwrap();
    assert!(get(office.address, path).text().contains("Xã An Bình"));
    assert!(links(&other.get("/duong-dan").text()).is_empty());
    let none = admin.send("/duong-dan", &[("change", "revoke")]);
    assert_eq!(none.status, 422);
    // Whoever revokes it, it is shown and written into letters no more.
    other.send("/duong-dan", &[("change", "revoke"), ("unit", "A")]);
    assert_eq!(get(office.address, path).status, 404);
    let left = links(&admin.get("/duong-dan").text());
    assert!(left.len() == 3 && !left.contains(&shown[0]), "{left:?}");
    let invitation = [("kind", "moi"), ("format", "txt")];
    assert!(!admin.send("/thu", &invitation).text().contains(&shown[0]));
    let log = admin.get("/nhat-ky?unit=A").text();
    assert!(
        log.contains("thu hồi đường dẫn") && log.contains("khac"),
        "{log}"
    );
}

#[test]
fn letters_go_to_the_units_they_are_for_in_every_format() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    admin.get("/duong-dan");
    let mut letter = |kind: &str, format: &str, text: &str| {
        let fields = [("kind", kind), ("format", format), ("text", text)];
        admin.send("/thu", &fields)
    };
    let early = letter("moi", "txt", "");
    assert_eq!(early.status, 422);
    let reminder = letter("nhac", "txt", "").text();
    assert!(
        reminder.contains("Phường Châu Thành") && !reminder.contains("Xã An Bình"),
        "{reminder}"
    );
    let back = letter("tra-lai", "txt", "").text();
    assert!(back.contains("Xã Bình") && back.contains("ô C5"), "{back}");
    let own = letter("nhac", "csv", "Gửi {don_vi} mã {ma}: {khac}").text();
    assert!(own.contains("Gửi Phường Châu Thành mã C: {khac}"), "{own}");
    assert!(letter("bien-nhan", "docx", "").body.starts_with(b"PK"));
    assert!(letter("bien-nhan", "eml", "").body.starts_with(b"PK"));
    let wrong = letter("nhac", "exe", "");
    assert_eq!(wrong.status, 400);
    admin.send("/duong-dan", &[("change", "make")]);
    let fields = [
        ("kind", "moi"),
        ("format", "txt"),
        ("text", ""),
        ("address", "https://nop.tinh.gov.vn/"),
    ];
    let invitation = admin.send("/thu", &fields).text();
    assert!(
        invitation.contains("https://nop.tinh.gov.vn/n/"),
        "{invitation}"
    );
}

#[test]
fn who_may_only_look_makes_no_links_and_no_letters() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut viewer = office.with_role(&mut admin, "xem", "view");
    viewer.get("/duong-dan");
    assert_eq!(viewer.send("/duong-dan", &[("change", "make")]).status, 403);
    assert_eq!(
        viewer
            .send("/thu", &[("kind", "nhac"), ("format", "txt")])
            .status,
        403
    );
}

#[test]
fn links_begin_with_the_address_of_the_settings_whatever_the_browser_calls_the_server() {
    let small = Small::filled();
    let options = ["--address", "https://nop.tinh.vn/"];
    let office = Office::start_with(&small.folder(), &options, &[]);
    let mut admin = office.admin();
    admin.get("/duong-dan");
    admin.send("/duong-dan", &[("change", "make")]);
    let page = admin.get("/duong-dan").text();
    let shown = links(&page);
    assert!(shown[0].starts_with("https://nop.tinh.vn/n/"), "{shown:?}");
    assert!(page.contains("value=\"https://nop.tinh.vn\""), "{page}");
    let fields = [("kind", "moi"), ("format", "txt"), ("text", "")];
    let letters = admin.send("/thu", &fields).text();
    assert!(letters.contains("https://nop.tinh.vn/n/"), "{letters}");
    for wrong in [
        "nop.tinh.vn",
        "ftp://nop.tinh.vn",
        "https://nop.tinh.vn/x",
        "https://",
    ] {
        let answer = tonghop(small.root(), &["serve", "dot", "--address", wrong]);
        assert_eq!(answer.code, 2, "{wrong}");
    }
}
