//! The page about a rule: what it checks and what to do about it, from the guide.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::frame::Frame;
use super::plain::Plain;
use crate::model::Message;

/// The page about a rule; `markdown` is what `explain` says of it, `back` the address of the page to
/// go back to.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn rule_page(
    frame: &Frame<'_>,
    rule: &str,
    markdown: &str,
    back: Option<&str>,
) -> Result<String, Message> {
    let (title, body) = split(markdown);
    let usual = frame.lang.pick(
        "Vì sao có nhắc nhở này?",
        "Why is this said? (in Vietnamese)",
    );
    let shown = Plain {
        heading: title
            .filter(|title| *title != rule)
            .unwrap_or(usual)
            .to_owned(),
        message: String::new(),
        back,
        html: Some(as_html(&for_clerks(body))),
    };
    shown.page(frame)
}

/// The first heading and what is below it.
fn split(markdown: &str) -> (Option<&str>, &str) {
    let heading = markdown.trim_start().strip_prefix("# ");
    match heading.map(|rest| rest.split_once('\n').unwrap_or((rest, ""))) {
        Some((heading, body)) => (Some(heading.trim()), body),
        None => (None, markdown),
    }
}

/// The page without what is for those who write forms: ids of rules and how they are declared.
fn for_clerks(body: &str) -> String {
    let mut parts = body.split("\n## ");
    let first = parts.next().unwrap_or_default().lines();
    let first: Vec<&str> = first.filter(|line| !line.starts_with('|')).collect();
    let parts = parts.filter(|part| !part.starts_with("Khai thế nào"));
    parts.fold(first.join("\n"), |text, part| text + "\n## " + part)
}

/// Markdown as HTML: what is written as HTML in it is shown as text, and links, which lead to files
/// of the guide, are words. Headings are below that of the page; nothing is styled in place.
fn as_html(markdown: &str) -> String {
    let is_first = |event: &Event<'_>| {
        let level = HeadingLevel::H1;
        matches!(event, Event::Start(Tag::Heading { level: own, .. }) if *own == level)
    };
    let events = || Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let lower = events().any(|event| is_first(&event));
    let safe = events().filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { .. } | Tag::Image { .. })
        | Event::End(TagEnd::Link | TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level: lowered(level, lower),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => {
            Some(Event::End(TagEnd::Heading(lowered(level, lower))))
        }
        Event::Start(Tag::Table(columns)) => {
            let columns = columns.iter().map(|_| Alignment::None).collect();
            Some(Event::Start(Tag::Table(columns)))
        }
        other => Some(other),
    });
    let mut text = String::new();
    html::push_html(&mut text, safe);
    text.replace("<th>", "<th scope=\"col\">")
}

fn lowered(level: HeadingLevel, lower: bool) -> HeadingLevel {
    let next = level as usize + usize::from(lower);
    HeadingLevel::try_from(next).unwrap_or(level)
}
