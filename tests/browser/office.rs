use std::fs;

use crate::browser::{Browser, ENTER, Kind};
use crate::office_http::{Office, PASSWORD};
use crate::server::token;
use crate::small::{Small, warned, wrong};

const MAIN: &str = "form.sign-in button.main";
const FILTER: &str = "form.filter button.main";
pub const ROWS: &str = ".board tbody tr";

/// The office in a browser.
pub struct Desk<'a> {
    pub browser: Browser,
    office: &'a Office,
}

impl Desk<'_> {
    /// Opens a browser; none if there is none here.
    pub fn open(kind: Kind, office: &Office) -> Option<Desk<'_>> {
        let browser = Browser::open(kind)?;
        Some(Desk { browser, office })
    }

    pub fn goto(&self, path: &str) {
        self.browser
            .goto(&format!("http://{}{path}", self.office.address));
    }

    /// Makes the first account with the code of the terminal.
    pub fn first_account(&self) {
        self.goto("/");
        self.type_first_account();
        self.browser.wait_for_count(ROWS, 4);
    }

    fn type_first_account(&self) {
        self.browser.type_into("#code", &self.office.code);
        self.browser.type_into("#name", "quan.tri");
        self.browser.type_into("#password", PASSWORD);
        self.browser.type_into("#again", PASSWORD);
        self.browser.click(MAIN);
    }

    fn sign_in(&self, name: &str, password: &str) {
        self.browser.type_into("#name", name);
        self.browser.type_into("#password", password);
        self.browser.click(MAIN);
    }

    /// Opens what is folded around an element.
    pub fn unfold(&self, selector: &str) {
        self.browser
            .click(&format!("details:has({selector}) > summary"));
    }

    pub fn says(&self, selector: &str, words: &str) {
        let text = self.browser.text_of(selector);
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// Accepts the first mistake of the unit whose page is open.
fn accept(desk: &Desk<'_>, reason: &str) {
    desk.browser.click("details.accept > summary");
    desk.browser.type_into("details.accept textarea", reason);
    desk.browser.click("details.accept button");
}

#[test]
fn the_office_goes_from_the_first_account_to_the_closed_period() {
    whole_path(Kind::Ordinary);
}

#[test]
fn the_office_needs_no_scripts() {
    whole_path(Kind::WithoutScripts);
}

fn whole_path(kind: Kind) {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let Some(desk) = Desk::open(kind, &office) else {
        return;
    };
    desk.first_account();
    looks_at_the_board(&desk);
    deals_with_units(&desk, &small);
    consolidates(&desk);
    closes_and_opens_again(&desk);
    signs_out_and_in(&desk);
}

fn looks_at_the_board(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.type_into("#q", "xa binh moi");
    browser.click(FILTER);
    browser.wait_for_count(ROWS, 1);
    desk.says(ROWS, "Xã Bình \"Mới\", An");
    browser.click("form.filter a.button");
    browser.wait_for_count(ROWS, 4);
    browser.click("#s option[value=not-filed]");
    browser.click(FILTER);
    browser.wait_for_count(ROWS, 1);
    desk.says(ROWS, "Phường Châu Thành");
    browser.click("#s option[value='']");
    browser.click("#o option[value=name]");
    browser.click(FILTER);
    browser.wait_for_count(ROWS, 4);
    desk.says(".board tbody tr:first-child", "Phường Châu Thành");
    desk.says(".board tbody tr:last-child", "Xã Bình");
}

fn deals_with_units(desk: &Desk<'_>, small: &Small) {
    let browser = &desk.browser;
    browser.click(".board a[href='/don-vi/B']");
    browser.wait_for_count("details.accept", 2);
    accept(desk, "Đã gọi điện hỏi");
    browser.wait_for("Đã chấp nhận và ghi vào tệp của đợt");
    browser.wait_for_count("details.accept", 1);
    let file = fs::read_to_string(small.folder().join("campaign.toml")).unwrap();
    assert!(file.contains("Đã gọi điện hỏi"), "{file}");

    desk.goto("/don-vi/A");
    desk.unfold("#tra");
    browser.type_into("#tra", "Biên bản ghi 3260 người");
    browser.click("form:has(#tra) button");
    browser.wait_for("Đã ghi.");
    desk.says("#trao-doi", "Biên bản ghi 3260 người");
    desk.says(".deadline", "trả lại");

    desk.goto("/don-vi/C");
    desk.unfold("#han");
    // Month, day, year: as the browser's language has them.
    browser.type_into("#han", "05202031");
    browser.click("form:has(#han) button.main");
    browser.wait_for("Đã đổi hạn nộp");
    desk.says(".deadline", "20/05/2031");
}

fn consolidates(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.click(".rooms a[href='/tong-hop']");
    browser.click(".totals tbody a");
    browser.click(".list tbody summary");
    browser.wait_for("B5");
    let part = browser.text_of(".list tbody tr");
    for words in ["Xã An Bình", "3.289", "inbox/dot-1/a.xls", "3.259"] {
        assert!(part.contains(words), "{words}: {part}");
    }
    browser.click(".list tbody th a");
    browser.wait_for("mã A");
    desk.goto("/tong-hop");
    browser.click("form[action='/tong-hop/chay'] button");
    browser.wait_for("Đã tổng hợp");
    browser.click("a[href='/tong-hop/tep/tong-hop.xlsx']");
    browser.click("a[href='/tong-hop/tat-ca.zip']");
    assert!(browser.downloaded("tong-hop.xlsx").starts_with(b"PK"));
}

fn closes_and_opens_again(desk: &Desk<'_>) {
    let browser = &desk.browser;
    let close = "form[action='/tong-hop/chot']";
    // Without a yes to both questions nothing happens.
    browser.click(&format!("{close} input[name=confirm]"));
    browser.click(&format!("{close} button"));
    assert_eq!(browser.count(&format!("{close}:invalid")), 1);
    browser.click(&format!("{close} input[name=provisional]"));
    browser.click(&format!("{close} button"));
    browser.wait_for("Đã chốt kỳ.");
    let again = "form[action='/tong-hop/mo-lai']";
    browser.click(&format!("{again} input[name=confirm]"));
    browser.click(&format!("{again} button"));
    browser.wait_for("Đã mở lại kỳ");
    browser.click(".rooms a[href='/nhat-ky']");
    for words in ["chốt kỳ", "mở lại", "trả lại", "Xã An Bình (A)"] {
        browser.wait_for(words);
    }
}

fn signs_out_and_in(desk: &Desk<'_>) {
    let browser = &desk.browser;
    browser.click(".leave button");
    browser.wait_for_count("#password", 1);
    desk.goto("/don-vi/B");
    desk.sign_in("quan.tri", "không phải đâu");
    browser.wait_for("không đúng");
    browser.click("#name");
    browser.type_into("#password", PASSWORD);
    browser.click(MAIN);
    // Back to what was asked for.
    browser.wait_for("mã B");
}

#[test]
fn a_unit_files_while_the_office_looks_and_two_officers_do_not_undo_each_other() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let desks = [(); 2].map(|()| Desk::open(Kind::Ordinary, &office));
    let [Some(one), Some(other)] = desks else {
        return;
    };
    let mut admin = office.admin();
    office.with_role(&mut admin, "hai", "work");
    one.goto("/");
    one.sign_in("quan.tri", PASSWORD);
    one.browser.wait_for_count(ROWS, 4);
    one.browser
        .wait_for_count(&format!("{ROWS} td:nth-child(2) .not-filed"), 1);

    other.goto(&format!("/n/{}", token(&small.folder(), "C")));
    let book = warned("20", "10", "50", "0.1");
    let book = book.replace("Xã An Bình", "Phường Châu Thành");
    let path = small.root().join("c.xls");
    fs::write(&path, book.replace(">A<", ">C<")).unwrap();
    other.browser.type_into("#tep", path.to_str().unwrap());
    other.browser.click("form.upload button.main");
    other.browser.wait_for("Đã nhận");
    one.goto("/");
    one.browser
        .wait_for_count(&format!("{ROWS} td:nth-child(2) .not-filed"), 0);

    other.goto("/don-vi/B");
    other.sign_in("hai", "câu của riêng tôi");
    for desk in [&one, &other] {
        desk.goto("/don-vi/B");
        desk.browser.wait_for_count("details.accept", 2);
    }
    // Both have the same page before them.
    accept(&one, "Người thứ nhất chấp nhận");
    one.browser.wait_for_count("details.accept", 1);
    accept(&other, "Người thứ hai cũng vậy");
    other.browser.wait_for("Chỗ này không còn");
    let file = fs::read_to_string(small.folder().join("campaign.toml")).unwrap();
    assert!(
        file.contains("Người thứ nhất") && !file.contains("Người thứ hai"),
        "{file}"
    );
    other.browser.wait_for("Người thứ nhất chấp nhận");
    assert_eq!(other.browser.count(".rooms a[href='/tai-khoan/tat-ca']"), 0);
}

#[test]
fn the_office_works_by_keyboard_on_a_screen_of_360_pixels() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let Some(desk) = Desk::open(Kind::Telephone, &office) else {
        return;
    };
    let browser = &desk.browser;
    let fits = |what: &str| {
        let width = browser.script("return document.documentElement.scrollWidth");
        assert_eq!(width, 360, "{what}");
    };
    desk.goto("/");
    fits("the first account");
    let fields = [
        ("#code", &*office.code),
        ("#name", "quan.tri"),
        ("#password", PASSWORD),
        ("#again", PASSWORD),
    ];
    for (field, text) in fields {
        browser.tab_to(field);
        browser.type_into(field, text);
    }
    browser.press(ENTER);
    browser.wait_for_count(ROWS, 4);
    fits("the board");
    browser.tab_to("#q");
    browser.type_into("#q", "binh moi");
    browser.press(ENTER);
    browser.wait_for_count(ROWS, 1);
    browser.tab_to(".board th a");
    browser.press(ENTER);
    browser.wait_for_count("details.accept", 2);
    fits("a unit");
    browser.tab_to("details.accept summary");
    browser.press(ENTER);
    browser.tab_to("details.accept textarea");
    browser.type_into("details.accept textarea", "Đã gọi điện hỏi");
    browser.tab_to("details.accept button");
    browser.press(ENTER);
    browser.wait_for("Đã chấp nhận");
    for path in [
        "/loi",
        "/tong-hop",
        "/duong-dan",
        "/nhat-ky",
        "/tai-khoan",
        "/tai-khoan/tat-ca",
        "/tong-hop/bieu/lop/0",
        "/don-vi/B/so-lieu/lop",
    ] {
        desk.goto(path);
        browser.wait_for_count(".rooms", 1);
        fits(path);
    }
}

#[test]
fn a_campaign_is_chosen_and_the_next_one_set_up_on_the_page() {
    let small = Small::filled();
    let office = Office::start(small.root());
    let Some(desk) = Desk::open(Kind::Telephone, &office) else {
        return;
    };
    let browser = &desk.browser;
    let fits = |what: &str| {
        let width = browser.script("return document.documentElement.scrollWidth");
        assert_eq!(width, 360, "{what}");
    };
    desk.goto("/");
    desk.type_first_account();
    browser.wait_for("Các đợt báo cáo");
    fits("the campaigns");
    desk.says("header", "Tổng hợp báo cáo");
    let title = browser.script("return document.title");
    assert_eq!(title, "Các đợt báo cáo");
    browser.click(".list a[href='/d/dot/']");
    browser.wait_for_count(ROWS, 4);
    desk.goto("/moi");
    browser.wait_for_count("#bieu", 1);
    fits("setting up");
    let form = small.root().join("bieu.xls");
    fs::write(&form, wrong()).unwrap();
    let roster = small.root().join("ds.csv");
    fs::write(&roster, "code,name,kind\nA,Xã An Bình,xa\n").unwrap();
    browser.type_into("#bieu", form.to_str().unwrap());
    browser.type_into("#ds", roster.to_str().unwrap());
    for (field, text) in [
        ("#ky", "2025-10"),
        ("#ten", "moi"),
        ("#cq", "Sở X"),
        ("#noi", "Y"),
    ] {
        browser.type_into(field, text);
    }
    browser.click("form.upload-plain button");
    browser.wait_for("Xem lại trước khi lập");
    fits("a new campaign");
    browser.click("form[action='/moi/lap'] button");
    browser.wait_for_count(ROWS, 1);
    desk.goto("/moi");
    desk.unfold("#ky-1");
    browser.click("form:has(#ky-1) button");
    browser.wait_for_count(ROWS, 4);
    browser.click(".rooms a[href='/']");
    browser.wait_for_count(".list tbody tr", 3);
}
