//! The workbook part: the office's sheets, with ours behind them, and the names of both.

use super::ranked::{BOOK, Ranked, items};
use crate::model::CellAddress;
use crate::package::edit::{Element, with_attribute};
use crate::package::xml::escape;
use crate::package::{PackageCopy, PackageProblem, Relationship};

/// Namespace of relationship ids and kinds.
pub(super) const RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Namespace of workbooks of the standard's strict kind, whose parts cannot be mixed with ours.
const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";

/// Parts that belong to one sheet alone.
const OF_ONE_SHEET: [&str; 5] = [
    "comments",
    "drawing",
    "table",
    "threadedComment",
    "vmlDrawing",
];

/// A sheet of the workbook.
pub(super) struct SheetEntry {
    pub(super) name: String,
    /// Its part.
    pub(super) part: String,
    /// "hidden", "veryHidden", or nothing.
    pub(super) state: String,
    number: u32,
}

/// The workbook part, taken apart.
pub(super) struct Book {
    pub(super) part: String,
    text: Ranked,
    pub(super) sheets: Vec<SheetEntry>,
    relations: Vec<Relationship>,
}

impl Book {
    /// Reads the workbook part and where it leads.
    ///
    /// # Errors
    /// A part of the workbook is missing or cannot be read.
    pub(super) fn read(package: &mut PackageCopy<'_>) -> Result<Self, PackageProblem> {
        let roots = package.relations("")?.into_iter();
        let mut roots = roots.filter(|relation| relation.kind == "officeDocument");
        let root = roots.next_back();
        let part = root
            .ok_or_else(|| PackageProblem::broken("no workbook in it"))?
            .part;
        let text = package.needed(&part)?;
        if text.contains(STRICT) {
            return Err(PackageProblem::broken("a workbook of the strict kind"));
        }
        let text = Ranked::read(&text, BOOK)?;
        let relations = package.relations(&part)?;
        let mut sheets = Vec::new();
        for sheet in items(text.get("sheets"))? {
            let root = Element::read(&sheet)?;
            let said = |name| {
                root.attribute(&sheet, name)
                    .unwrap_or_default()
                    .into_owned()
            };
            let id = said("id");
            let relation = relations.iter().find(|relation| relation.id == id);
            let relation = relation.ok_or_else(|| PackageProblem::broken("a sheet has no part"))?;
            sheets.push(SheetEntry {
                name: said("name"),
                part: relation.part.clone(),
                state: said("state"),
                number: said("sheetId").parse().map_err(PackageProblem::broken)?,
            });
        }
        Ok(Self {
            part,
            text,
            sheets,
            relations,
        })
    }

    /// The part that a relationship of a kind leads to, and its id.
    pub(super) fn related(&self, kind: &str) -> Option<(&str, &str)> {
        let found = self.relations.iter().find(|relation| relation.kind == kind);
        found.map(|relation| (relation.part.as_str(), relation.id.as_str()))
    }

    /// Place (from 0) of the sheet of a name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let wanted = name.to_lowercase();
        let mut names = self.sheets.iter().map(|sheet| sheet.name.to_lowercase());
        names.position(|name| name == wanted)
    }

    /// Adds a sheet behind the others. `relation` is the id of the workbook's relationship to it.
    ///
    /// # Errors
    /// The workbook has no list of sheets.
    pub(super) fn add(
        &mut self,
        sheet: &SheetEntry,
        part: String,
        relation: &str,
    ) -> Result<(), PackageProblem> {
        let list = self.text.get("sheets");
        let list = list.ok_or_else(|| PackageProblem::broken("no sheets"))?;
        let highest = self.sheets.iter().map(|sheet| sheet.number).max();
        let number = highest.unwrap_or_default() + 1;
        let state = match sheet.state.is_empty() {
            true => String::new(),
            false => format!(" state=\"{}\"", escape(&sheet.state)),
        };
        let name = escape(&sheet.name);
        let line = format!(
            "<sheet xmlns:r=\"{RELATIONS}\" name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"{relation}\"/>"
        );
        let list = list.replace("</sheets>", &format!("{line}</sheets>"));
        self.text.put("sheets", list);
        self.sheets.push(SheetEntry {
            name: sheet.name.clone(),
            part,
            state: sheet.state.clone(),
            number,
        });
        Ok(())
    }

    /// Takes sheets out, with the names that are theirs.
    ///
    /// # Errors
    /// A part cannot be read or changed.
    pub(super) fn leave_out(
        &mut self,
        package: &mut PackageCopy<'_>,
        sheets: &[String],
    ) -> Result<(), PackageProblem> {
        for name in sheets {
            let Some(place) = self.place(name) else {
                continue;
            };
            let sheet = self.sheets.remove(place);
            for relation in package.relations(&sheet.part)? {
                if OF_ONE_SHEET.contains(&relation.kind.as_str()) && package.has(&relation.part) {
                    package.remove(&relation.part)?;
                }
            }
            package.remove(&sheet.part)?;
            let of_sheet = |relation: &&Relationship| relation.part == sheet.part;
            if let Some(relation) = self.relations.iter().find(of_sheet) {
                package.unrelate(&self.part, &relation.id)?;
            }
            let mut list = items(self.text.get("sheets"))?;
            list.remove(place);
            self.text
                .put("sheets", format!("<sheets>{}</sheets>", list.concat()));
            self.renumber_names(place)?;
            // Which sheet was open last is said by numbers, too.
            self.text.remove("bookViews");
        }
        Ok(())
    }

    /// Names after the sheet at `gone` was taken out.
    fn renumber_names(&mut self, gone: usize) -> Result<(), PackageProblem> {
        let mut names = Vec::new();
        for name in items(self.text.get("definedNames"))? {
            let root = Element::read(&name)?;
            let sheet = root.attribute(&name, "localSheetId");
            match sheet.and_then(|sheet| sheet.parse::<usize>().ok()) {
                Some(sheet) if sheet == gone => {}
                Some(sheet) if sheet > gone => {
                    let tag = &name[root.open.clone()];
                    let tag = with_attribute(tag, "localSheetId", &(sheet - 1).to_string());
                    names.push(format!("{tag}{}", &name[root.open.end..]));
                }
                _ => names.push(name),
            }
        }
        self.text.remove("definedNames");
        self.put_names(&names);
        Ok(())
    }

    /// Takes over the names of another workbook; those of a sheet are of the sheet of that name
    /// here, unless it has one of that name already.
    ///
    /// # Errors
    /// A list of names is no well-formed XML.
    pub(super) fn take_names(&mut self, other: &Book) -> Result<(), PackageProblem> {
        let mut names = items(self.text.get("definedNames"))?;
        let known: Vec<_> = names
            .iter()
            .map(|name| key(name))
            .collect::<Result<_, _>>()?;
        for name in items(other.text.get("definedNames"))? {
            let root = Element::read(&name)?;
            let sheet = root.attribute(&name, "localSheetId");
            let sheet = sheet.and_then(|sheet| other.sheets.get(sheet.parse::<usize>().ok()?));
            let here = sheet.and_then(|sheet| self.place(&sheet.name));
            let moved = match here {
                Some(here) => {
                    let tag = &name[root.open.clone()];
                    let tag = with_attribute(tag, "localSheetId", &here.to_string());
                    format!("{tag}{}", &name[root.open.end..])
                }
                None => name,
            };
            if !known.contains(&key(&moved)?) {
                names.push(moved);
            }
        }
        self.put_names(&names);
        Ok(())
    }

    /// Prints only the cells up to a corner of a sheet, unless it says itself what is printed.
    ///
    /// # Errors
    /// The list of names is no well-formed XML.
    pub(super) fn print_only(
        &mut self,
        sheet: usize,
        corner: CellAddress,
    ) -> Result<(), PackageProblem> {
        let mut names = items(self.text.get("definedNames"))?;
        let area = ("_xlnm.Print_Area".to_owned(), Some(sheet.to_string()));
        let known: Vec<_> = names
            .iter()
            .map(|name| key(name))
            .collect::<Result<_, _>>()?;
        let Some(entry) = self.sheets.get(sheet).filter(|_| !known.contains(&area)) else {
            return Ok(());
        };
        let name = escape(&entry.name.replace('\'', "''"));
        let (letters, row) = (corner.column_letters(), corner.row + 1);
        names.push(format!(
            "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"{sheet}\">'{name}'!$A$1:${letters}${row}</definedName>"
        ));
        self.put_names(&names);
        Ok(())
    }

    fn put_names(&mut self, names: &[String]) {
        if !names.is_empty() {
            let names = format!("<definedNames>{}</definedNames>", names.concat());
            self.text.put("definedNames", names);
        }
    }

    /// The text of the part; everything is computed anew when it is opened.
    pub(super) fn finish(mut self) -> String {
        let compute = "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>".to_owned();
        self.text.put("calcPr", compute);
        self.text.finish()
    }
}

/// What tells names apart: the name and the sheet it is of.
fn key(name: &str) -> Result<(String, Option<String>), PackageProblem> {
    let root = Element::read(name)?;
    let said = |attribute| {
        root.attribute(name, attribute)
            .map(|value| value.into_owned())
    };
    Ok((said("name").unwrap_or_default(), said("localSheetId")))
}
