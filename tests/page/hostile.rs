//! Names and texts of strangers do not become part of a page.

use tonghop::campaign::{Campaign, check};
use tonghop::model::{Lang, Message};
use tonghop::page::{
    Answer, Asked, Receipt, ReceiptFile, Refusal, receipt_page, refusal_page, rule_page,
};
use tonghop::workbook::Limits;

use super::dom::Dom;
use super::small::{Small, book, class, table};
use super::{asked, frame, moment, page, rendered, submitted};

const SCRIPT: &str = "<script>alert(1)</script>\"'&\u{202E}</textarea><img src=x onerror=a>";

/// No element and no attribute came from a text.
fn assert_harmless(dom: &Dom, what: &str) {
    assert_eq!(dom.errors, Vec::<String>::new(), "{what}");
    assert_eq!(dom.all("script").count(), 1, "{what}");
    assert_eq!(dom.all("img").count(), 0, "{what}");
    for element in &dom.elements {
        let inline = element
            .attributes
            .iter()
            .find(|(name, _)| name.starts_with("on") || name == "style");
        assert_eq!(inline, None, "{what}: {}", element.name);
        assert!(
            !element.text.contains('\u{202E}') || element.name == "none",
            "{what}"
        );
    }
}

#[test]
fn words_of_a_workbook_are_escaped_and_cut() {
    let small = Small::empty();
    let long = format!("{SCRIPT}{}", "dài ".repeat(300_000));
    let rows = vec![
        class(SCRIPT, "20", "45", "225", "1.5"),
        class(&long, "5", "9", "7", "1"),
    ];
    let total = class("Tổng cộng", "21", "45", "225", "1.5");
    let text = book(&[table(&long, "Xã An Bình", "A", rows, total)]);
    small.receive("a'\"><b>.xls", &text);
    let campaign = Campaign::load(&small.folder()).unwrap();
    let inbox = small.folder().join("inbox");
    let run = check(&[inbox], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    assert!(!run.findings.is_empty());
    let sent = submitted();
    for lang in [Lang::Vi, Lang::En] {
        let asked = Asked {
            lang,
            ..asked(&campaign, &run, &sent)
        };
        let html = rendered(lang, &page(Some(Answer::of(&asked))));
        assert!(html.len() < 300_000, "{} bytes", html.len());
        let dom = Dom::parse(&html);
        assert_harmless(&dom, "a workbook");
        assert!(dom.of_class("card").count() > 0);
        assert!(html.contains("&lt;script&gt;"));
    }
}

#[test]
fn every_other_page_escapes_too() {
    let receipt = Receipt {
        number: SCRIPT.into(),
        at: moment(),
        unit: SCRIPT.into(),
        code: SCRIPT.into(),
        period: "2025-09".parse().unwrap(),
        files: vec![ReceiptFile {
            name: SCRIPT.into(),
            bytes: 1,
            sha256: SCRIPT.into(),
            forms: vec![SCRIPT.into()],
        }],
        state: tonghop::page::AnswerState::Fine,
        errors: 0,
        warnings: 0,
        back: "/n/x\"><script>".into(),
    };
    let mut hostile = frame(Lang::Vi);
    (hostile.title, hostile.office, hostile.contact) = (SCRIPT, SCRIPT, Some(SCRIPT));
    let html = receipt_page(&hostile, &receipt).unwrap();
    assert_harmless(&Dom::parse(&html), "a receipt");
    let refusal = Refusal::Failed(Message::new(SCRIPT, SCRIPT));
    let html = refusal_page(&hostile, &refusal, Some("/n/x\"><script>")).unwrap();
    assert_harmless(&Dom::parse(&html), "a refusal");
    let markdown =
        format!("# a\n\n{SCRIPT}\n\n[x](javascript:alert(1)) `{SCRIPT}`\n\n<img src=x>\n");
    let html = rule_page(&hostile, SCRIPT, &markdown, None).unwrap();
    assert!(!html.contains("javascript:"));
    let dom = Dom::parse(&html);
    assert_eq!((dom.all("script").count(), dom.all("img").count()), (1, 0));
}

#[test]
fn the_longest_of_tables_does_not_fill_the_page() {
    let small = Small::empty();
    let names: Vec<String> = (0..1_900).map(|n| format!("Lớp {n}")).collect();
    let rows = names
        .iter()
        .map(|name| class(name, "20", "45", "225", "1.5"));
    let total = class("Tổng cộng", "1", "1", "100", "1");
    let text = book(&[table("Lớp", "Xã An Bình", "A", rows.collect(), total)]);
    small.receive("a.xls", &text);
    let campaign = Campaign::load(&small.folder()).unwrap();
    let inbox = small.folder().join("inbox");
    let run = check(&[inbox], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    let sent = submitted();
    let html = rendered(
        Lang::Vi,
        &page(Some(Answer::of(&asked(&campaign, &run, &sent)))),
    );
    assert!(html.len() < 4 << 20, "{} bytes", html.len());
    let dom = Dom::parse(&html);
    assert_eq!(dom.errors, Vec::<String>::new());
    assert!(dom.of_class("card").count() <= 300);
}
