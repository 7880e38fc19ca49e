//! What every page owes a screen reader, a keyboard, a printer and a browser without scripts.

use std::collections::BTreeSet;

use tonghop::campaign::{Campaign, check};
use tonghop::model::Lang;
use tonghop::page::{
    Answer, Asked, CONTENT_SECURITY_POLICY, Refusal, assets, refusal_page, rule_page,
};
use tonghop::workbook::Limits;

use super::dom::Dom;
use super::small::{Small, book, class, table};
use super::{asked, common, frame, page, rendered, submitted};

/// A page of each kind, in both languages.
fn pages() -> Vec<(String, String)> {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let path = common::sample("vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx");
    let run = check(&[path], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    let sent = submitted();
    let mut pages = Vec::new();
    for lang in [Lang::Vi, Lang::En] {
        let asked = Asked {
            lang,
            ..asked(&campaign, &run, &sent)
        };
        let answer = Answer::of(&asked);
        pages.push((
            format!("answer {lang}"),
            rendered(lang, &page(Some(answer))),
        ));
        pages.push((format!("unit {lang}"), rendered(lang, &page(None))));
        for refusal in [
            Refusal::UnknownLink,
            Refusal::NotFound,
            Refusal::WrongMethod,
            Refusal::Foreign,
            Refusal::Expired,
            Refusal::NotAllowed,
            Refusal::Closed,
            Refusal::TooBig(50 << 20),
            Refusal::TooManyFiles(20),
            Refusal::NoFile,
            Refusal::Broken,
            Refusal::TooSlow,
            Refusal::TooMany(9),
            Refusal::Busy(3),
        ] {
            let html = refusal_page(&frame(lang), &refusal, None).unwrap();
            pages.push((format!("{refusal:?} {lang}"), html));
        }
        let rule =
            "# Tiêu đề\n\nLời `x`.\n\n# Nữa\n\n## Ví dụ\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n";
        let html = rule_page(&frame(lang), "x", rule, Some("/n/x")).unwrap();
        pages.push((format!("rule {lang}"), html));
    }
    pages
}

#[test]
fn every_page_reads_well_without_eyes() {
    for (what, html) in pages() {
        let dom = Dom::parse(&html);
        assert_eq!(dom.errors, Vec::<String>::new(), "{what}");
        let lang = dom.all("html").next().unwrap().attribute("lang").unwrap();
        assert!(what.ends_with(lang), "{what}: {lang}");
        assert!(
            !dom.all("title").next().unwrap().text.trim().is_empty(),
            "{what}"
        );
        assert_eq!(dom.all("main").count(), 1, "{what}");
        assert_headings(&dom, &what);
        assert_labels(&dom, &what);
        for cell in dom.all("th") {
            assert!(cell.attribute("scope").is_some(), "{what}: {}", cell.text);
        }
    }
}

/// Headings begin with one h1 and go down one level at a time.
fn assert_headings(dom: &Dom, what: &str) {
    let levels = dom.elements.iter().filter_map(|e| {
        let digit = e.name.strip_prefix('h')?;
        digit.parse::<usize>().ok()
    });
    let mut before = 0;
    for (at, level) in levels.enumerate() {
        assert!(level <= before + 1, "{what}: h{level} after h{before}");
        assert!(
            (level == 1) == (at == 0),
            "{what}: heading {at} is h{level}"
        );
        before = level;
    }
    assert!(before > 0, "{what}: no heading");
}

/// What can be filled in or pressed has a name.
fn assert_labels(dom: &Dom, what: &str) {
    let labelled: BTreeSet<&str> = dom
        .all("label")
        .filter_map(|l| l.attribute("for"))
        .collect();
    for element in &dom.elements {
        let named = match element.name.as_str() {
            "input" if element.attribute("type") == Some("hidden") => true,
            "input" | "textarea" | "select" => element
                .attribute("id")
                .is_some_and(|id| labelled.contains(id)),
            "button" | "a" => {
                let own = element.attribute("aria-label").unwrap_or(&element.text);
                !own.trim().is_empty()
            }
            _ => true,
        };
        assert!(named, "{what}: {element:?}");
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
    for (what, html) in pages() {
        let dom = Dom::parse(&html);
        assert_eq!(dom.all("style").count(), 0, "{what}");
        for element in &dom.elements {
            for (name, value) in &element.attributes {
                let inline = name.starts_with("on") || name == "style";
                assert!(!inline, "{what}: {name} of {}", element.name);
                let address = matches!(name.as_str(), "href" | "src" | "action" | "formaction");
                let abroad = value.contains("//") || value.starts_with("data:");
                assert!(!address || !abroad, "{what}: {value}");
            }
        }
        let script = dom.all("script").next().unwrap();
        assert!(script.text.is_empty(), "{what}");
        let known = |path: &str| assets().iter().any(|asset| asset.path == path);
        assert!(known(script.attribute("src").unwrap()), "{what}");
    }
    let script = assets()
        .iter()
        .find(|asset| asset.path.ends_with(".js"))
        .unwrap();
    let lines = script.bytes.iter().filter(|byte| **byte == b'\n').count();
    assert!(lines < 300, "{lines} lines of script");
}

#[test]
fn all_is_done_by_plain_forms() {
    let (_, html) = pages().swap_remove(0);
    let dom = Dom::parse(&html);
    let actions: Vec<&str> = dom
        .all("button")
        .filter_map(|b| b.attribute("formaction"))
        .collect();
    assert_eq!(actions, ["/n/x/check", "/n/x/submit"]);
    let upload = dom
        .all("form")
        .find(|form| form.has_class("upload"))
        .unwrap();
    assert_eq!(upload.attribute("enctype"), Some("multipart/form-data"));
    assert_eq!(upload.attribute("method"), Some("post"));
    let file = dom.by_id("tep").unwrap();
    assert_eq!(file.attribute("name"), Some("file"));
    assert!(file.attribute("multiple").is_some());
    // Every form carries the token, and what only a script does is hidden without one.
    let tokens = dom
        .all("input")
        .filter(|i| i.attribute("name") == Some("csrf"));
    assert_eq!(tokens.count(), dom.all("form").count());
    let scripted = dom.of_class("script");
    for element in scripted {
        assert!(element.attribute("hidden").is_some(), "{element:?}");
    }
    let (_, english) = pages()
        .into_iter()
        .find(|(what, _)| what == "unit en")
        .unwrap();
    let english = Dom::parse(&english);
    let check = english.all("button").next().unwrap();
    assert_eq!(check.attribute("formaction"), Some("/n/x/check?lang=en"));
}

#[test]
fn the_page_is_there_after_the_deadline_and_says_how_late_it_is() {
    for (today, words) in [
        (1, "còn 2 ngày"),
        (2, "còn 1 ngày"),
        (3, "hôm nay là ngày cuối"),
        (7, "quá hạn 4 ngày"),
    ] {
        let mut page = page(None);
        page.today = super::day(today);
        let dom = Dom::parse(&rendered(Lang::Vi, &page));
        let deadline = dom.of_class("deadline").next().unwrap();
        let text = deadline.text.split_whitespace().collect::<Vec<_>>();
        assert!(text.join(" ").contains(words), "{}", deadline.text);
    }
}

#[test]
fn reasons_are_asked_for_what_is_open_and_was_submitted() {
    let small = Small::empty();
    let row = || class("Mở cả tỉnh", "3259", "1629", "49.98", "0.1");
    let name = "Xã An Bình";
    small.receive(
        "a.xls",
        &book(&[table("Lớp học", name, "A", vec![row()], row())]),
    );
    let campaign = Campaign::load(&small.folder()).unwrap();
    let inbox = small.folder().join("inbox");
    let run = check(&[inbox], Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    let warned = run.findings.iter().find(|f| {
        let open = f.is_open() && !f.review.consequence && f.unit.is_some();
        open && f.severity == tonghop::model::Severity::Warning
    });
    let warned = warned.expect("more people than the form expects");
    let submission = run
        .submissions
        .iter()
        .find(|s| s.file == warned.file)
        .unwrap();
    for (sent, boxes) in [(submitted(), true), (super::checked(), false)] {
        let asked = Asked {
            submissions: std::slice::from_ref(submission),
            ..asked(&campaign, &run, &sent)
        };
        let dom = Dom::parse(&rendered(Lang::Vi, &page(Some(Answer::of(&asked)))));
        let field = format!("reason.{}", warned.id());
        let own = dom
            .all("textarea")
            .any(|t| t.attribute("name") == Some(&field));
        assert_eq!(own, boxes);
    }
}
