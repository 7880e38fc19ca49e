//! The template engine as pages use it: every value escaped, every unknown name refused, both
//! languages of a phrase beside each other in the template.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::assets;
use super::frame::Frame;
use super::words;
use crate::model::{Lang, Message};

const TEMPLATES: [(&str, &str); 25] = [
    ("base.html", include_str!("html/base.html")),
    ("unit.html", include_str!("html/unit.html")),
    ("answer.html", include_str!("html/answer.html")),
    ("card.html", include_str!("html/card.html")),
    ("sheet.html", include_str!("html/sheet.html")),
    ("receipt.html", include_str!("html/receipt.html")),
    ("plain.html", include_str!("html/plain.html")),
    ("office.html", include_str!("html/office.html")),
    (
        "office-sign-in.html",
        include_str!("html/office-sign-in.html"),
    ),
    ("office-own.html", include_str!("html/office-own.html")),
    (
        "office-mistakes.html",
        include_str!("html/office-mistakes.html"),
    ),
    ("office-audit.html", include_str!("html/office-audit.html")),
    (
        "office-totals.html",
        include_str!("html/office-totals.html"),
    ),
    ("office-parts.html", include_str!("html/office-parts.html")),
    ("office-links.html", include_str!("html/office-links.html")),
    ("office-mails.html", include_str!("html/office-mails.html")),
    (
        "office-mailing.html",
        include_str!("html/office-mailing.html"),
    ),
    (
        "office-mailing-draft.html",
        include_str!("html/office-mailing-draft.html"),
    ),
    ("office-unit.html", include_str!("html/office-unit.html")),
    (
        "office-history.html",
        include_str!("html/office-history.html"),
    ),
    (
        "office-set-up.html",
        include_str!("html/office-set-up.html"),
    ),
    ("office-draft.html", include_str!("html/office-draft.html")),
    ("office-lobby.html", include_str!("html/office-lobby.html")),
    ("office-board.html", include_str!("html/office-board.html")),
    (
        "office-accounts.html",
        include_str!("html/office-accounts.html"),
    ),
];

/// Renders a template; `page` is what it shows.
///
/// # Errors
/// The template and what it is given do not fit: a mistake of the program's.
pub(super) fn render(
    template: &str,
    frame: &Frame<'_>,
    page: &impl Serialize,
) -> Result<String, Message> {
    render_within(template, frame, &(), page)
}

/// [`render`], with what is around the page beside its frame: `nav`.
///
/// # Errors
/// As for [`render`].
pub(super) fn render_within(
    template: &str,
    frame: &Frame<'_>,
    nav: &impl Serialize,
    page: &impl Serialize,
) -> Result<String, Message> {
    // Not in full: that lists what the page was to show, the address with its secret among it.
    rendered(template, frame, nav, page).map_err(|error| {
        Message::new(
            format!("Chương trình không dựng được trang này ({error}). Hãy báo cơ quan tổng hợp."),
            format!("The program could not make this page ({error}). Tell the office."),
        )
    })
}

fn rendered(
    template: &str,
    frame: &Frame<'_>,
    nav: &impl Serialize,
    page: &impl Serialize,
) -> Result<String, minijinja::Error> {
    let env = environment(frame.lang, frame.base)?;
    let [style, script, icon, office_style] = assets::paths();
    let other = frame.lang.pick("en", "vi");
    env.get_template(template)?.render(context! {
        lang => frame.lang.to_string(),
        other,
        other_path => format!("{}{}?lang={other}", frame.base, frame.path),
        base => frame.base,
        csrf => frame.csrf,
        title => words::name(frame.title),
        office => words::name(frame.office),
        contact => frame.contact.map(words::name),
        style,
        script,
        icon,
        office_style,
        nav => Value::from_serialize(nav),
        page => Value::from_serialize(page),
    })
}

fn environment(lang: Lang, base: &str) -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    // A phrase of the page in both languages: `{{ t("Nộp", "Submit") }}`.
    env.add_function("t", move |vi: String, en: String| match lang {
        Lang::Vi => vi,
        Lang::En => en,
    });
    // An address of ours, in the campaign and the language of the page.
    let base = base.to_owned();
    env.add_filter("here", move |address: String| {
        let base = if address.starts_with('/') { &*base } else { "" };
        in_lang(&format!("{base}{address}"), lang)
    });
    // Words of workbooks, rosters and people: one line, or a text.
    env.add_filter("name", |text: String| words::name(&text));
    env.add_filter("long", |text: String| words::sentence(&text));
    for (name, text) in TEMPLATES {
        env.add_template(name, text)?;
    }
    Ok(env)
}

/// An address of ours, for a page in a language.
pub fn in_lang(address: &str, lang: Lang) -> String {
    if lang == Lang::Vi {
        return address.to_owned();
    }
    let (page, place) = match address.split_once('#') {
        Some((page, place)) => (page, format!("#{place}")),
        None => (address, String::new()),
    };
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}lang=en{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_stands_before_the_place_on_the_page() {
        for (address, english) in [
            ("/", "/?lang=en"),
            ("/?q=1", "/?q=1&lang=en"),
            ("/a?xong=ghi#trao-doi", "/a?xong=ghi&lang=en#trao-doi"),
            ("/a#b", "/a?lang=en#b"),
        ] {
            assert_eq!(in_lang(address, Lang::En), english);
            assert_eq!(in_lang(address, Lang::Vi), address);
        }
    }

    #[test]
    fn what_keeps_a_page_from_being_made_tells_nothing_of_what_is_on_it() {
        let frame = Frame {
            lang: Lang::Vi,
            path: "/n/mat",
            csrf: "",
            base: "",
            title: "",
            office: "",
            contact: None,
        };
        let page = serde_json::json!({"unit": "/n/mat", "period": "/n/mat"});
        let error = render("unit.html", &frame, &page).unwrap_err();
        assert!(!error.vi.contains("/n/mat"), "{}", error.vi);
        assert!(error.vi.contains("unit.html"), "{}", error.vi);
    }

    #[test]
    fn every_template_parses() {
        for lang in [Lang::Vi, Lang::En] {
            environment(lang, "").unwrap();
        }
    }
}
