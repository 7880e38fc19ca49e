//! What an officer does day by day in a browser: the two queues, letters, links, a workbook that came
//! by mail, lists to download, the text of the report. Without scripts: all of it is plain forms.

use std::fs;

use crate::browser::Kind;
use crate::office::{Desk, ROWS};
use crate::office_http::Office;
use crate::server::token;
use crate::small::{Small, warned};

#[test]
fn an_officer_goes_by_the_queues_writes_to_units_and_takes_lists_away() {
    let small = Small::filled();
    let folder = small.folder().join("bao-cao");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("loi.md"), "Có {{ T01 }} người dự.\n").unwrap();
    let office = Office::start(&small.folder());
    let Some(desk) = Desk::open(Kind::WithoutScripts, &office) else {
        return;
    };
    desk.first_account();
    goes_by_the_queues(&desk);
    writes_to_units(&desk);
    revokes_a_link(&desk, &small);
    submits_for_a_unit(&desk, &small);
    takes_lists_away(&desk);
}

fn goes_by_the_queues(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.click(".rooms a[href='/loi']");
    browser.wait_for("Chỗ cần xử lý");
    desk.says(".kind.error", "Xã Bình \"Mới\", An");
    browser.click("#m option[value=warning]");
    browser.click("form.filter button.main");
    browser.wait_for_count(".kind.error", 0);
    browser.click(".headline a[href='/loi?theo=don-vi']");
    desk.says(".list tbody tr", "trả lại");
    browser.click(".list tbody th a");
    browser.wait_for("mã B");
}

fn writes_to_units(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.click(".rooms a[href='/duong-dan']");
    desk.unfold("#l-nhac");
    browser.click("form:has(#l-nhac) button[value=txt]");
    let letters = String::from_utf8(browser.downloaded("thu-nhac-2025-09.txt")).unwrap();
    assert!(letters.contains("Phường Châu Thành"), "{letters}");
    assert!(!letters.contains("Xã An Bình"), "{letters}");
    browser.click("form:has(#l-nhac) button[value=docx]");
    assert!(
        browser
            .downloaded("thu-nhac-2025-09.docx")
            .starts_with(b"PK")
    );
}

fn revokes_a_link(desk: &Desk<'_>, small: &Small) {
    let browser = &desk.browser;
    let link = format!("/n/{}", token(&small.folder(), "C"));
    desk.goto(&link);
    browser.wait_for_count("#tep", 1);
    desk.goto("/duong-dan");
    browser.click("input[name=unit][value=C]");
    browser.click("button[value=revoke]");
    browser.wait_for("Đã đổi các đường dẫn");
    desk.goto(&link);
    browser.wait_for_count(".paper", 1);
    assert_eq!(browser.count("#tep"), 0);
}

fn submits_for_a_unit(desk: &Desk<'_>, small: &Small) {
    let browser = &desk.browser;
    let book = warned("20", "10", "50", "0.1").replace("Xã An Bình", "Phường Châu Thành");
    let path = small.root().join("thu.xls");
    fs::write(&path, book.replace(">A<", ">C<")).unwrap();
    desk.goto("/don-vi/C");
    desk.unfold("#tep-thay");
    browser.type_into("#tep-thay", path.to_str().unwrap());
    browser.click("form:has(#tep-thay) button");
    browser.wait_for("Đã nộp thay");
    desk.says("#nhat-ky", "quan.tri");
    desk.goto("/");
    browser.wait_for_count(&format!("{ROWS} td:nth-child(2) .not-filed"), 0);
}

fn takes_lists_away(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.click("#don-vi .headline a[download]");
    let list = browser.downloaded("bang-theo-doi-2025-09.xlsx");
    assert!(list.starts_with(b"PK"));
    desk.goto("/nhat-ky");
    browser.click(".headline a[download]");
    assert!(browser.downloaded("nhat-ky.xlsx").starts_with(b"PK"));
    desk.goto("/tong-hop");
    browser.click("form[action='/tong-hop/bao-cao'] button");
    let text = String::from_utf8(browser.downloaded("loi.md")).unwrap();
    assert!(text.contains("3.309 (tạm tính) người dự"), "{text}");
}
