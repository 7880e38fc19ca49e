//! The lists that a styles part is made of: fonts, fills, borders, formats.

use std::collections::BTreeSet;

use super::error::ReturnError;
use crate::package::edit::{Edits, Element};

/// A list of the part, such as `fonts`: its items as they are there, and those to be added.
pub(super) struct StyleList {
    /// The list and its items' places; `None` if the part has no such list.
    element: Option<Element>,
    pub(super) items: Vec<String>,
    /// Items that were there.
    old: usize,
    /// Items at the end of the old ones that go.
    dropped: usize,
    /// Places of old items that have changed.
    changed: BTreeSet<usize>,
}

/// A styles part with nothing in it yet.
pub(super) fn least(main_namespace: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <styleSheet xmlns=\"{main_namespace}\"></styleSheet>"
    )
}

/// The lists of the part in their order, and what the least of each is.
const LISTS: [(&str, &str); 5] = [
    (
        "fonts",
        "<font><sz val=\"11\"/><name val=\"Calibri\"/></font>",
    ),
    ("fills", "<fill><patternFill patternType=\"none\"/></fill>"),
    (
        "borders",
        "<border><left/><right/><top/><bottom/><diagonal/></border>",
    ),
    (
        "cellStyleXfs",
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>",
    ),
    (
        "cellXfs",
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>",
    ),
];

impl StyleList {
    pub(super) fn read(root: &Element, text: &str, name: &str) -> Self {
        let element = root.child(name).cloned();
        let children = element.iter().flat_map(|list| &list.children);
        let items: Vec<String> = children
            .map(|item| text[item.outer.clone()].to_owned())
            .collect();
        Self {
            element,
            old: items.len(),
            items,
            dropped: 0,
            changed: BTreeSet::new(),
        }
    }

    /// Adds an item and returns its index.
    pub(super) fn push(&mut self, item: String) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }

    /// Replaces the item at index `at` (from 0).
    pub(super) fn put(&mut self, at: usize, item: String) {
        self.items[at] = item;
        self.changed.insert(at);
    }

    /// Has it got items that were not there?
    pub(super) fn has_new(&self) -> bool {
        self.items.len() > self.old - self.dropped
    }

    /// Removes the last item that was there.
    pub(super) fn pop(&mut self) {
        self.items.pop();
        self.dropped += 1;
    }

    pub(super) fn write(&self, text: &str, edits: &mut Edits) {
        let Some(list) = &self.element else { return };
        let kept = self.old - self.dropped;
        for at in self.changed.range(..kept) {
            edits.replace(list.children[*at].outer.clone(), self.items[*at].as_str());
        }
        if self.items.len() == self.old && self.dropped == 0 {
            return;
        }
        if let Some(first) = list.children.get(kept) {
            edits.remove(first.outer.start..list.inner.end);
        }
        if list.attribute(text, "count").is_some() {
            edits.set(text, list, "count", &self.items.len().to_string());
        }
        list.append(text, edits, &self.items[kept..].concat());
    }

    /// Is anything to be written?
    pub(super) fn is_changed(&self) -> bool {
        self.has_new() || self.dropped > 0 || !self.changed.is_empty()
    }
}

/// The part with every list in it, for the few workbooks that do without.
///
/// # Errors
/// The part cannot be changed.
pub(super) fn complete(mut text: String) -> Result<(String, Element), ReturnError> {
    let mut root = Element::read(&text)?;
    let mut before = root.child("numFmts").map(|list| list.outer.end);
    for (name, item) in LISTS {
        if root.child(name).is_none_or(|list| list.children.is_empty()) {
            let mut edits = Edits::default();
            let p = root.tag(&text).prefix();
            let item = item
                .replace("</", "\u{0}")
                .replace('<', &format!("<{p}"))
                .replace('\u{0}', &format!("</{p}"));
            let list = format!("<{p}{name} count=\"1\">{item}</{p}{name}>");
            match root.child(name) {
                Some(empty) => edits.replace(empty.outer.clone(), list),
                None => {
                    let at = before.unwrap_or(root.inner.start);
                    root.tag(&text).fill(&mut edits, at, &list);
                }
            }
            text = edits.apply(&text)?;
            root = Element::read(&text)?;
        }
        before = root.child(name).map(|list| list.outer.end);
    }
    Ok((text, root))
}
