//! Letters mailed from the page in a browser, without scripts: every page of it is a plain form.

use std::fs;

use crate::browser::{Browser, Kind};
use crate::mail_server::MailServer;
use crate::office_http::{Office, PASSWORD};
use crate::small::Small;

#[test]
fn reminders_are_mailed_after_a_look_at_what_would_be_sent() {
    let small = Small::empty();
    let roster = "code,name,kind,Email\nA,Xã An Bình,xa,a@xa.vn\n\
                  B,\"Xã Bình \"\"Mới\"\", An\",xa,b@xa.vn\nC,Phường Châu Thành,xa,\nS,Sở Tư pháp,so,s@so.vn\n";
    fs::write(small.folder().join("roster.csv"), roster).unwrap();
    let server = MailServer::start(None);
    let address = format!("smtp://{}", server.address);
    let options = ["--smtp", &*address, "--smtp-from", "baocao@tinh.vn"];
    let office = Office::start_with(&small.folder(), &options, &[]);
    let Some(browser) = Browser::open(Kind::WithoutScripts) else {
        return;
    };
    let goto = |path: &str| browser.goto(&format!("http://{}{path}", office.address));
    goto("/");
    for (field, text) in [
        ("#code", &*office.code),
        ("#name", "an"),
        ("#password", PASSWORD),
        ("#again", PASSWORD),
    ] {
        browser.type_into(field, text);
    }
    browser.click("form.sign-in button.main");
    browser.wait_for("Sở Tư pháp");
    goto("/duong-dan");
    browser.click("details:has(#l-nhac) > summary");
    browser.click("details:has(#l-nhac) button[formaction]");
    browser.wait_for("3 thư sẽ gửi");
    browser.wait_for("Kính gửi: Xã An Bình");
    browser.wait_for("Nhắc nộp báo cáo: Báo cáo lớp học, đợt nhỏ");
    assert!(server.arrived().is_empty());
    browser.click("button[name=count]");
    browser.wait_for("3/4 đã gửi");
    browser.wait_for("không có địa chỉ");
    assert_eq!(server.arrived().len(), 3);
}
