//! A part of a workbook as the list of what its root holds, in the order that the standard asks for
//! (ECMA-376 part 1, annex A.2).

use crate::package::PackageProblem;
use crate::package::edit::{Element, prefix};

/// What a styles part holds.
pub(super) const STYLES: &[&str] = &[
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
];
/// What a workbook part holds.
pub(super) const BOOK: &[&str] = &[
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
];

/// A part, taken apart.
pub(super) struct Ranked {
    open: String,
    items: Vec<(String, String)>,
    close: String,
    order: &'static [&'static str],
}

impl Ranked {
    /// Takes a part apart.
    ///
    /// # Errors
    /// The part is no well-formed XML, or names its elements with a prefix, which is rare.
    pub(super) fn read(text: &str, order: &'static [&'static str]) -> Result<Self, PackageProblem> {
        let root = Element::read(text)?;
        if !prefix(&text[root.open.clone()]).is_empty() {
            return Err(PackageProblem::broken("elements have a prefix"));
        }
        let items = root.children.iter();
        let items = items.map(|child| (child.local.clone(), text[child.outer.clone()].to_owned()));
        let open = text[..root.open.end].trim_end().to_owned();
        Ok(Self {
            items: items.collect(),
            // An empty element gets an end.
            open: match open.strip_suffix("/>") {
                Some(tag) if root.open == root.outer => format!("{tag}>"),
                _ => open,
            },
            close: format!("</{}>", root.local),
            order,
        })
    }

    /// The first element of a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All elements of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.items.iter().filter(move |(local, _)| local == name);
        found.map(|(_, text)| text.as_str())
    }

    /// Puts an element in the place of the one of its name; where there is none, in its order.
    pub(super) fn put(&mut self, name: &str, text: String) {
        match self.items.iter_mut().find(|(local, _)| local == name) {
            Some((_, old)) => *old = text,
            None => self.add(name, text),
        }
    }

    /// Adds an element behind those of its name.
    pub(super) fn add(&mut self, name: &str, text: String) {
        let rank = |name: &str| self.order.iter().position(|known| *known == name);
        let own = rank(name);
        // What the list does not name comes behind all that it does.
        let behind =
            |(local, _): &(String, String)| rank(local).is_none_or(|rank| Some(rank) > own);
        let at = self.items.iter().position(behind);
        let at = at.unwrap_or(self.items.len());
        self.items.insert(at, (name.to_owned(), text));
    }

    /// Takes the elements of a name out.
    pub(super) fn remove(&mut self, name: &str) {
        self.items.retain(|(local, _)| local != name);
    }

    /// The text of the part.
    pub(super) fn finish(self) -> String {
        let items = self.items.iter().map(|(_, text)| text.as_str());
        let items: String = items.collect();
        format!("{}{items}{}", self.open, self.close)
    }
}

/// The elements within a list such as `<fonts count="2">`.
///
/// # Errors
/// The list is no well-formed XML.
pub(super) fn items(list: Option<&str>) -> Result<Vec<String>, PackageProblem> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let root = Element::read(list)?;
    let items = root.children.iter();
    Ok(items
        .map(|item| list[item.outer.clone()].to_owned())
        .collect())
}

/// A list of elements with their number.
pub(super) fn list(name: &str, items: &[String]) -> String {
    format!(
        "<{name} count=\"{}\">{}</{name}>",
        items.len(),
        items.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::worksheet::CHILDREN;

    #[test]
    fn what_is_added_stands_where_the_standard_wants_it() {
        let text = "<worksheet x=\"1\"><sheetData/><pageMargins/><drawing/></worksheet>";
        let mut part = Ranked::read(text, &CHILDREN).unwrap();
        part.add("mergeCells", "<mergeCells/>".to_owned());
        part.add("sheetProtection", "<sheetProtection/>".to_owned());
        part.put("sheetData", "<sheetData>1</sheetData>".to_owned());
        part.remove("drawing");
        assert_eq!(
            part.finish(),
            "<worksheet x=\"1\"><sheetData>1</sheetData><sheetProtection/><mergeCells/>\
             <pageMargins/></worksheet>"
        );
    }
}
