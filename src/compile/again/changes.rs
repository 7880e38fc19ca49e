//! What a form says otherwise than when it was compiled last.

use toml::Value;

use super::merge::pairs;
use super::sections::{Section, Sections};
use crate::model::Message;

/// Kinds of sections with what people call one.
const KINDS: [(&str, &str, &str); 3] = [
    ("column", "cột", "column"),
    ("row", "dòng", "row"),
    ("rule", "quy tắc", "rule"),
];

/// Columns, rows and rules that came, went or read otherwise, from two texts that were generated.
pub fn changes(then: &str, new: &str) -> Vec<Message> {
    let (Some(then), Some(new)) = (Sections::of(then), Sections::of(new)) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for (kind, vi, en) in KINDS {
        let before: Vec<&Section> = then.of_kind(kind).collect();
        let now: Vec<&Section> = new.of_kind(kind).collect();
        let of = pairs(&now, &before);
        let gone = (0..before.len()).filter(|at| !of.contains(&Some(*at)));
        for was in gone.filter_map(|at| before.get(at)) {
            let shown = shown(was);
            changes.push(Message::new(
                format!("Biểu bỏ {vi} {shown}"),
                format!("The form no longer has the {en} {shown}"),
            ));
        }
        for (is, at) in now.iter().zip(of) {
            let was = at.and_then(|at| before.get(at)).map(|was| shown(was));
            let is = shown(is);
            changes.extend(match was {
                None => Some(Message::new(
                    format!("Biểu thêm {vi} {is}"),
                    format!("The form has a new {en} {is}"),
                )),
                Some(was) if was != is => Some(Message::new(
                    format!("Biểu đổi {vi} {was} thành {is}"),
                    format!("The form changed the {en} {was} to {is}"),
                )),
                Some(_) => None,
            });
        }
    }
    changes
}

/// The label of a column or row, the expression of a rule.
fn shown(section: &Section) -> String {
    if let Some(check) = section.text("check") {
        return format!("`{check}`");
    }
    let text = match section.table.get("label") {
        Some(Value::Array(texts)) => {
            let texts = texts.iter().filter_map(Value::as_str);
            texts.collect::<Vec<_>>().join(" / ")
        }
        Some(Value::String(text)) => text.clone(),
        _ => section.id().unwrap_or_default().to_owned(),
    };
    format!("«{text}»")
}
