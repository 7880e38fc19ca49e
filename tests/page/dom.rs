//! A page as a browser reads it.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element with what tests ask about it.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// All text in it.
    pub text: String,
    /// Names and ids of the elements it is in, outermost first.
    pub within: Vec<String>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn has_class(&self, class: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split(' ').any(|own| own == class)
    }
}

/// The elements of a page in order, and what the parser complains of.
pub struct Dom {
    pub elements: Vec<Element>,
    pub errors: Vec<String>,
}

impl Dom {
    pub fn parse(html: &str) -> Dom {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let mut elements = Vec::new();
        walk(&dom.document, &mut Vec::new(), &mut elements);
        let errors = dom.errors.borrow();
        Dom {
            elements,
            errors: errors.iter().map(ToString::to_string).collect(),
        }
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements
            .iter()
            .filter(move |element| element.name == name)
    }

    pub fn by_id(&self, id: &str) -> Option<&Element> {
        let mut elements = self.elements.iter();
        elements.find(|element| element.attribute("id") == Some(id))
    }

    /// Everything of this class, in order.
    pub fn of_class<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |e| e.has_class(class))
    }
}

fn walk(node: &Handle, within: &mut Vec<String>, elements: &mut Vec<Element>) {
    let depth = within.len();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes: Vec<(String, String)> = attrs
            .borrow()
            .iter()
            .map(|a| (a.name.local.to_string(), a.value.to_string()))
            .collect();
        let mut text = String::new();
        text_of(node, &mut text);
        let id = attributes.iter().find(|(key, _)| key == "id");
        let id = id.map(|(_, id)| format!("#{id}"));
        elements.push(Element {
            name: name.local.to_string(),
            attributes,
            text,
            within: within.clone(),
        });
        within.push(name.local.to_string());
        within.extend(id);
    }
    for child in node.children.borrow().iter() {
        walk(child, within, elements);
    }
    within.truncate(depth);
}

fn text_of(node: &Handle, text: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
    for child in node.children.borrow().iter() {
        text_of(child, text);
    }
}
