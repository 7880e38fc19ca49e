//! The workbook part: which sheets there are, and the result sheet as the first of them. Whatever
//! counts sheets by their place is counted anew.

use super::error::ReturnError;
use crate::package::edit::{Edits, Element};
use crate::package::xml::escape;
use crate::package::{PackageCopy, Relationship};

/// What Excel and its stricter twin call the same things.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// Namespace of workbook, sheets and styles.
    pub(super) main: &'static str,
    /// Namespace of relationship ids and kinds.
    pub(super) relations: &'static str,
}

const USUAL: Dialect = Dialect {
    main: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    relations: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
};
const STRICT: Dialect = Dialect {
    main: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    relations: "http://purl.oclc.org/ooxml/officeDocument/relationships",
};

/// One sheet of the workbook.
#[derive(Debug, Clone)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    /// Its part.
    pub(super) part: String,
    /// Id of the workbook's relationship to it.
    pub(super) relation: String,
    /// Worksheet, as opposed to a chart on a tab of its own.
    pub(super) has_cells: bool,
    number: u32,
}

/// The workbook part, read.
pub(super) struct Book {
    pub(super) part: String,
    pub(super) text: String,
    root: Element,
    pub(super) dialect: Dialect,
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) relations: Vec<Relationship>,
}

/// Which tab was in front, and which was the first to be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) active: Option<String>,
    pub(super) first: Option<String>,
}

impl Book {
    /// Reads the workbook part and where it leads.
    ///
    /// # Errors
    /// A part of the workbook is missing or cannot be read.
    pub(super) fn read(package: &mut PackageCopy<'_>) -> Result<Self, ReturnError> {
        let roots = package.relations("")?;
        let office = roots
            .into_iter()
            .rfind(|relation| relation.kind == "officeDocument");
        let part = office
            .ok_or_else(|| ReturnError::broken("no workbook in it"))?
            .part;
        let text = package.needed(&part)?;
        let root = Element::read(&text)?;
        let relations = package.relations(&part)?;
        let strict = root.tag(&text).text.contains(STRICT.main);
        let list = root.child("sheets");
        let entry = |sheet: &Element| {
            let read = |name| {
                sheet
                    .attribute(&text, name)
                    .unwrap_or_default()
                    .into_owned()
            };
            let relation = relations
                .iter()
                .rfind(|relation| relation.id == read("id"))?;
            Some(SheetEntry {
                name: read("name"),
                part: relation.part.clone(),
                relation: relation.id.clone(),
                has_cells: relation.kind == "worksheet",
                number: read("sheetId").parse().unwrap_or(0),
            })
        };
        let sheets = list.iter().flat_map(|list| list.all("sheet")).map(entry);
        let sheets = sheets.collect::<Option<Vec<_>>>();
        let sheets = sheets.ok_or_else(|| ReturnError::broken("a sheet has no part"))?;
        let dialect = if strict { STRICT } else { USUAL };
        Ok(Self {
            part,
            root,
            dialect,
            sheets,
            relations,
            text,
        })
    }

    /// The part that a relationship of a kind leads to.
    pub(super) fn related(&self, kind: &str) -> Option<&str> {
        let found = self.relations.iter().find(|relation| relation.kind == kind);
        found.map(|relation| relation.part.as_str())
    }

    /// `wanted`, or with a number if a sheet is called that.
    pub(super) fn free_sheet_name(&self, wanted: &str) -> String {
        let taken = |name: &str| {
            self.sheets
                .iter()
                .any(|sheet| sheet.name.to_lowercase() == name.to_lowercase())
        };
        let numbered = (2_u32..).map(|number| format!("{wanted} ({number})"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or_default()
    }

    /// Makes a sheet the first and the one in front. Of what is printed, `header` is the row (from
    /// 1) for the top of every page and `corner` the last cell.
    ///
    /// # Errors
    /// The workbook part cannot be changed.
    pub(super) fn insert_first(
        &self,
        name: &str,
        relation: &str,
        header: u32,
        corner: &str,
    ) -> Result<String, ReturnError> {
        let (text, mut edits) = (&self.text, Edits::default());
        let list = self
            .root
            .child("sheets")
            .ok_or_else(|| ReturnError::broken("no sheets"))?;
        let p = self.root.tag(text).prefix();
        let number = self
            .sheets
            .iter()
            .map(|sheet| sheet.number)
            .max()
            .unwrap_or(0)
            + 1;
        let sheet = format!(
            "<{p}sheet xmlns:r=\"{}\" name=\"{}\" sheetId=\"{number}\" r:id=\"{relation}\"/>",
            self.dialect.relations,
            escape(name)
        );
        list.tag(text).fill(&mut edits, list.inner.start, &sheet);
        self.show_first(&mut edits);
        self.shift_names(&mut edits, |index| Some(index + 1));
        let quoted = escape(&name.replace('\'', "''"));
        let local = |name: &str, place: &str| {
            format!(
                "<{p}definedName name=\"_xlnm.{name}\" localSheetId=\"0\">{place}</{p}definedName>"
            )
        };
        let area = local("Print_Area", &format!("'{quoted}'!$A$1:{corner}"));
        let titles = local("Print_Titles", &format!("'{quoted}'!${header}:${header}"));
        self.add_names(&mut edits, p, &format!("{area}{titles}"));
        Ok(edits.apply(text)?)
    }

    /// Puts the first tab in front.
    fn show_first(&self, edits: &mut Edits) {
        for window in self.windows() {
            for name in ["activeTab", "firstSheet"] {
                if window
                    .attribute(&self.text, name)
                    .is_some_and(|place| place != "0")
                {
                    edits.set(&self.text, window, name, "0");
                }
            }
        }
    }

    /// Which tab is in front, unless it is the first.
    pub(super) fn view(&self) -> View {
        let place = |name: &str| {
            let places = self
                .windows()
                .filter_map(|window| window.attribute(&self.text, name));
            places
                .filter(|place| place != "0")
                .map(|place| place.into_owned())
                .next()
        };
        View {
            active: place("activeTab"),
            first: place("firstSheet"),
        }
    }

    fn windows(&self) -> impl Iterator<Item = &Element> {
        self.root
            .child("bookViews")
            .into_iter()
            .flat_map(|views| views.all("workbookView"))
    }

    fn names(&self) -> impl Iterator<Item = &Element> {
        self.root
            .child("definedNames")
            .into_iter()
            .flat_map(|names| names.all("definedName"))
    }

    /// Renumbers the sheets that names are local to; names of a sheet that goes go with it.
    fn shift_names(&self, edits: &mut Edits, place: impl Fn(usize) -> Option<usize>) {
        for name in self.names() {
            let local = name.attribute(&self.text, "localSheetId");
            let Some(index) = local.and_then(|index| index.parse().ok()) else {
                continue;
            };
            match place(index) {
                Some(new) => edits.set(&self.text, name, "localSheetId", &new.to_string()),
                None => edits.remove(name.outer.clone()),
            }
        }
    }

    fn add_names(&self, edits: &mut Edits, p: &str, added: &str) {
        const BEFORE: [&str; 3] = ["sheets", "functionGroups", "externalReferences"];
        if let Some(names) = self.root.child("definedNames") {
            names.append(&self.text, edits, added);
            return;
        }
        let before = self
            .root
            .children
            .iter()
            .rfind(|c| BEFORE.contains(&c.local.as_str()));
        let at = before.map_or(self.root.inner.end, |before| before.outer.end);
        edits.replace(
            at..at,
            format!("<{p}definedNames>{added}</{p}definedNames>"),
        );
    }

    /// Takes the sheet at `index` out; the tab in front is the one it was, as `view` says, unless
    /// somebody has turned to another since. Also returns whether that sheet must be marked as
    /// being in front.
    ///
    /// # Errors
    /// The workbook part cannot be changed.
    pub(super) fn without(&self, index: usize, view: &View) -> Result<(String, bool), ReturnError> {
        let (text, mut edits) = (&self.text, Edits::default());
        let list = self
            .root
            .child("sheets")
            .ok_or_else(|| ReturnError::broken("no sheets"))?;
        let sheet = list.all("sheet").nth(index);
        edits.remove(
            sheet
                .ok_or_else(|| ReturnError::broken("no such sheet"))?
                .outer
                .clone(),
        );
        let closed = |place: usize| match place.cmp(&index) {
            std::cmp::Ordering::Less => Some(place),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(place - 1),
        };
        let left = self.sheets.len() - 1;
        let mut was_in_front = false;
        for window in self.windows() {
            for (name, old) in [("activeTab", &view.active), ("firstSheet", &view.first)] {
                let value = window.attribute(text, name);
                let shown = value
                    .as_deref()
                    .and_then(|value| value.parse().ok())
                    .unwrap_or(0);
                let old = old
                    .as_deref()
                    .and_then(|old| old.parse().ok())
                    .filter(|old| *old < left);
                was_in_front |= name == "activeTab" && shown == index;
                let new = closed(shown).or(old).unwrap_or(0).to_string();
                if value.as_deref().unwrap_or("0") != new {
                    edits.set(text, window, name, &new);
                }
            }
        }
        let all_go = self.names().all(|name| {
            name.attribute(text, "localSheetId")
                .is_some_and(|local| local == index.to_string())
        });
        match self.root.child("definedNames") {
            Some(names) if all_go => edits.remove(names.outer.clone()),
            _ => self.shift_names(&mut edits, closed),
        }
        Ok((
            edits.apply(text)?,
            was_in_front || self.windows().next().is_none(),
        ))
    }
}
