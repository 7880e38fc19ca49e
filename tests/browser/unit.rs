use std::fs;
use std::io::Write;

use crate::browser::{Browser, ENTER, Kind, TAB};

use crate::server::Server;
use crate::small::{Small, book, class, table, warned, wrong};

const CHECK: &str = "form.upload button:not(.main)";
const SUBMIT: &str = "form.upload button.main";

/// A server, and workbooks to send to it.
struct Office {
    small: Small,
    server: Server,
}

impl Office {
    fn open() -> Office {
        let small = Small::empty();
        let server = Server::start(&small.folder());
        Office { small, server }
    }

    /// Address of a unit's page.
    fn page(&self, unit: &str) -> String {
        format!(
            "http://{}/n/{}",
            self.server.address,
            self.server.token(unit)
        )
    }

    /// Path of a workbook.
    fn workbook(&self, name: &str, text: &str) -> String {
        let path = self.small.root().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// Unit B, all of it right.
fn right() -> String {
    let row = |name| class(name, "20", "10", "50", "1.5");
    let (rows, total) = (vec![row("Lớp một")], row("Tổng cộng"));
    book(&[table("Lớp học", "Xã Bình \"Mới\", An", "B", rows, total)])
}

#[test]
fn a_unit_sees_its_mistake_mends_it_and_submits_again() {
    let Some(browser) = Browser::open(Kind::Ordinary) else {
        return;
    };
    let office = Office::open();
    let page = office.page("B");
    browser.goto(&page);
    assert!(browser.text_of(".forms").contains("chưa nộp"));
    browser.type_into("#tep", &office.workbook("b.xls", &wrong()));
    browser.click(CHECK);
    let verdict = browser.text_of("#ket-qua");
    assert!(verdict.contains("chỗ cần sửa"), "{verdict}");
    assert!(browser.text_of(".share").contains("số đúng"));
    assert!(browser.text().contains("tệp chưa được nộp"));

    // From the card to the cell and back.
    browser.click(".card.error a.cell");
    let cell = browser.hash();
    assert!(cell.starts_with("o-"), "{cell}");
    browser.click(&format!("#{cell} a"));
    assert!(browser.hash().starts_with("p-"));
    assert_eq!(browser.count(".card:target"), 1);
    browser.click(".card.error button.copy");
    browser.wait_for("Đã chép");

    // What was checked is still chosen.
    browser.click(SUBMIT);
    browser.wait_for("Trả lại");
    browser.wait_for("Biên nhận");
    assert!(browser.text_of(".earlier").contains("lần đầu"));

    browser.type_into("#tep", &office.workbook("b sua.xls", &right()));
    browser.click(SUBMIT);
    browser.wait_for("Đã nhận. Không thấy chỗ nào phải sửa");
    assert!(browser.text_of(".change").contains("chỗ đã xong"));
    assert!(browser.text_of(".forms").contains("đã nhận"));
    browser.goto(&format!("{page}/receipt/2"));
    assert!(browser.text().contains("SHA-256"));
    // An earlier submission is there to be seen again.
    browser.goto(&format!("{page}/s/1"));
    assert!(browser.text_of("#ket-qua").contains("Trả lại"));
}

fn explains(kind: Kind) {
    let Some(browser) = Browser::open(kind) else {
        return;
    };
    let office = Office::open();
    let page = office.page("A");
    browser.goto(&page);
    let first = warned("3259", "1629", "49.98", "0.1");
    browser.type_into("#tep", &office.workbook("a.xls", &first));
    browser.click(SUBMIT);
    browser.wait_for("1 chỗ cần xem lại hoặc giải trình");
    browser.type_into(".card.warning textarea", "Mở cả tỉnh, hai buổi.");
    browser.click("button[form=giai-trinh]");
    browser.wait_for("Đã ghi 1 giải trình");
    assert!(browser.text_of(".forms").contains("đã nhận"));

    let second = warned("3259", "1629", "49.98", "0.2");
    browser.type_into("#tep", &office.workbook("a 2.xls", &second));
    browser.click(SUBMIT);
    // The answer before was fine, too.
    browser.wait_for("Số 2,");
    browser.wait_for("Đã nhận. Không thấy chỗ nào phải sửa");
    assert_eq!(browser.count("textarea"), 0);

    let third = warned("3260", "1630", "50", "0.2");
    browser.type_into("#tep", &office.workbook("a 3.xls", &third));
    browser.click(SUBMIT);
    browser.wait_for("không còn hiệu lực");
    assert_eq!(browser.count("textarea"), 1);
}

#[test]
fn a_reason_is_given_on_the_page_and_stays_until_the_figure_changes() {
    explains(Kind::Ordinary);
}

#[test]
fn all_of_it_works_without_scripts() {
    explains(Kind::WithoutScripts);
    let Some(browser) = Browser::open(Kind::WithoutScripts) else {
        return;
    };
    let office = Office::open();
    browser.goto(&office.page("B"));
    browser.type_into("#tep", &office.workbook("b.xls", &wrong()));
    browser.click(CHECK);
    let verdict = browser.text_of("#ket-qua");
    assert!(verdict.contains("chỗ cần sửa"), "{verdict}");
    let hidden = browser.text();
    assert!(!hidden.contains("kéo tệp") && !hidden.contains("Chép địa chỉ"));
    browser.click(".card.error a.cell");
    assert_eq!(browser.count("td:target"), 1);
}

#[test]
fn two_browsers_at_once_see_their_own() {
    let browsers = [(); 2].map(|()| Browser::open(Kind::Ordinary));
    let [Some(one), Some(other)] = browsers else {
        return;
    };
    let office = Office::open();
    let a = office.workbook("a.xls", &warned("3259", "1629", "49.98", "0.1"));
    let b = office.workbook("b.xls", &right());
    one.goto(&office.page("A"));
    other.goto(&office.page("B"));
    one.type_into("#tep", &a);
    other.type_into("#tep", &b);
    one.click(SUBMIT);
    other.click(SUBMIT);
    other.wait_for("Đã nhận. Không thấy chỗ nào phải sửa");
    one.wait_for("1 chỗ cần xem lại hoặc giải trình");
    assert!(!one.text().contains("Xã Bình") && !other.text().contains("Xã An Bình"));
    assert!(!one.text().contains("b.xls") && !other.text().contains("a.xls"));
}

#[test]
fn the_keyboard_is_enough() {
    let Some(browser) = Browser::open(Kind::Ordinary) else {
        return;
    };
    let office = Office::open();
    browser.goto(&office.page("B"));
    browser.press(TAB);
    assert!(browser.has_focus("a.skip"));
    browser.press(ENTER);
    assert_eq!(browser.hash(), "noi-dung");
    browser.tab_to("#tep");
    // The system's own window for files is not part of the page.
    browser.type_into("#tep", &office.workbook("b.xls", &wrong()));
    browser.tab_to(CHECK);
    browser.press(ENTER);
    browser.text_of("#ket-qua");
    browser.wait_for("chỗ cần sửa");
    assert!(browser.has_focus("#ket-qua"), "the verdict is read first");
    browser.tab_to(".card.error a.cell");
    browser.press(ENTER);
    let cell = browser.hash();
    assert!(cell.starts_with("o-"), "{cell}");
    browser.tab_to(&format!("#{cell} a"));
    browser.press(ENTER);
    assert!(browser.hash().starts_with("p-"));
}

#[test]
fn several_workbooks_and_an_archive_are_sent_at_once() {
    let Some(browser) = Browser::open(Kind::Ordinary) else {
        return;
    };
    let office = Office::open();
    browser.goto(&office.page("B"));
    let files = [
        office.workbook("b.xls", &wrong()),
        office.workbook("hong.xlsx", "không phải Excel"),
    ];
    browser.type_into("#tep", &files.join("\n"));
    browser.wait_for_count(".chosen li", 2);
    browser.click(CHECK);
    browser.wait_for_count(".file-answer", 2);
    let verdict = browser.text_of("#ket-qua");
    assert!(verdict.contains("1 tệp chưa dùng được"), "{verdict}");

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    archive.start_file("lop/b.xls", plain).unwrap();
    archive.write_all(right().as_bytes()).unwrap();
    let path = office.small.root().join("tat ca.zip");
    fs::write(&path, archive.finish().unwrap().into_inner()).unwrap();
    browser.goto(&office.page("B"));
    browser.type_into("#tep", path.to_str().unwrap());
    browser.click(SUBMIT);
    browser.wait_for("Đã nhận. Không thấy chỗ nào phải sửa");
    assert!(browser.text_of(".earlier").contains("tat ca.zip/lop/b.xls"));
}

#[test]
fn nothing_is_wider_than_a_telephone() {
    let Some(browser) = Browser::open(Kind::Telephone) else {
        return;
    };
    let office = Office::open();
    let page = office.page("B");
    let fits = |what: &str| {
        let width = browser.script("return document.documentElement.scrollWidth");
        assert_eq!(width, 360, "{what}");
    };
    browser.goto(&page);
    fits("the page of a unit");
    browser.type_into("#tep", &office.workbook("b.xls", &wrong()));
    browser.click(SUBMIT);
    browser.wait_for("Trả lại");
    fits("an answer");
    for what in ["receipt/1", "s/1", "quy-tac/dien-thieu", "khong-co"] {
        browser.goto(&format!("{page}/{what}"));
        fits(what);
    }
    browser.goto(&format!("{page}x"));
    fits("a link that does not work");
}
