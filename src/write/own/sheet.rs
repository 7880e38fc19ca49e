//! A sheet of the office's with what a template adds to it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Cells, format_of, has_figure, has_formula, text_cell, with_format};
use super::columns::Columns;
use super::ranked::{Ranked, items, list};
use super::styles::Styles;
use crate::model::CellAddress;
use crate::package::PackageProblem;
use crate::package::edit::{Edits, Element, TagKind, walk_tags, with_attribute};
use crate::package::xml::Walk;
use crate::write::worksheet::CHILDREN;

/// What is done to a sheet of the office's; rows and columns from 0.
#[derive(Default)]
pub(super) struct Overlay {
    /// The first row that only we use.
    pub(super) below: u32,
    /// The first column that only we use.
    pub(super) beside: u32,
    /// Cells that may be typed into; true if not where they fill themselves. In rows that a unit adds
    /// it must be possible to copy formulas into a row.
    pub(super) open: BTreeMap<CellAddress, bool>,
    /// Words of the title block that are known now.
    pub(super) texts: BTreeMap<CellAddress, String>,
}

/// One of our sheets with the numbers that its looks and words have in the office's workbook:
/// `strings` are the texts that its cells name by number.
///
/// # Errors
/// The sheet is no well-formed XML.
pub(super) fn carried(
    text: &str,
    styles: &Styles,
    strings: &[String],
) -> Result<String, PackageProblem> {
    let mut edits = Edits::default();
    let moved = |value: Option<Cow<'_, str>>, first: usize| {
        let number = value.and_then(|value| value.parse::<usize>().ok());
        (number.unwrap_or_default() + first).to_string()
    };
    walk_tags(text, |tag| {
        if tag.kind == TagKind::Close {
            return Ok(Walk::On);
        }
        match tag.local {
            "c" => tag.set(
                &mut edits,
                "s",
                &moved(tag.attribute("s"), styles.first_format),
            ),
            "row" if tag.attribute("s").is_some() => {
                tag.set(
                    &mut edits,
                    "s",
                    &moved(tag.attribute("s"), styles.first_format),
                );
            }
            "col" if tag.attribute("style").is_some() => {
                let style = moved(tag.attribute("style"), styles.first_format);
                tag.set(&mut edits, "style", &style);
            }
            "cfRule" if tag.attribute("dxfId").is_some() => {
                let format = moved(tag.attribute("dxfId"), styles.first_condition);
                tag.set(&mut edits, "dxfId", &format);
            }
            _ => {}
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    with_texts(&edits.apply(text)?, strings)
}

/// A sheet whose cells hold their texts themselves.
fn with_texts(text: &str, strings: &[String]) -> Result<String, PackageProblem> {
    let mut part = Ranked::read(text, &CHILDREN)?;
    let mut cells = Cells::read(part.get("sheetData"))?;
    for cell in cells.0.values_mut().flat_map(|row| row.cells.values_mut()) {
        let root = Element::read(cell)?;
        if root.attribute(cell, "t").as_deref() != Some("s") {
            continue;
        }
        let number = root.child("v").map(|value| &cell[value.inner.clone()]);
        let number = number.and_then(|number| number.parse::<usize>().ok());
        let string = number.and_then(|number| strings.get(number));
        let string = string.ok_or_else(|| PackageProblem::broken("a cell without its text"))?;
        let tag = with_attribute(&cell[root.open.clone()], "t", "inlineStr");
        *cell = format!("{tag}<is>{string}</is></c>");
    }
    part.put("sheetData", cells.finish());
    Ok(part.finish())
}

/// The office's sheet `own` with ours (as [`carried`] gives it) laid over.
///
/// # Errors
/// One of the sheets is no well-formed XML.
pub(super) fn laid_over(
    own: &str,
    ours: &str,
    overlay: &Overlay,
    styles: &mut Styles,
) -> Result<String, PackageProblem> {
    let (mut own, ours) = (
        Ranked::read(own, &CHILDREN)?,
        Ranked::read(ours, &CHILDREN)?,
    );
    let mut columns = Columns::read(own.get("cols"))?;
    let cells = merged_cells(&own, &ours, overlay, &columns, styles)?;
    own.put("sheetData", cells.finish());
    for hidden in Columns::read(ours.get("cols"))?.hidden() {
        if hidden >= overlay.beside {
            columns.hide(hidden);
        }
    }
    if let Some(columns) = columns.finish() {
        own.put("cols", columns);
    }
    // What it says of the cells it has is no longer so.
    own.remove("dimension");
    if let Some(protection) = ours.get("sheetProtection") {
        let protection = with_password(protection, own.get("sheetProtection"))?;
        own.put("sheetProtection", protection);
    }
    let mut merges = items(own.get("mergeCells"))?;
    merges.extend(items(ours.get("mergeCells"))?);
    if !merges.is_empty() {
        own.put("mergeCells", list("mergeCells", &merges));
    }
    for condition in ours.all("conditionalFormatting") {
        own.add("conditionalFormatting", condition.to_owned());
    }
    let mut rules = items(own.get("dataValidations"))?;
    let covered = covered(&rules)?;
    for rule in items(ours.get("dataValidations"))? {
        rules.extend(outside(&rule, &covered)?);
    }
    if !rules.is_empty() {
        own.put("dataValidations", list("dataValidations", &rules));
    }
    Ok(own.finish())
}

/// Our protection, lifted by the office's password unless it has one itself.
fn with_password(ours: &str, own: Option<&str>) -> Result<String, PackageProblem> {
    const PASSWORD: [&str; 5] = [
        "password",
        "algorithmName",
        "hashValue",
        "saltValue",
        "spinCount",
    ];
    let mut protection = ours.to_owned();
    let Some(own) = own else {
        return Ok(protection);
    };
    let (root, old) = (Element::read(ours)?, Element::read(own)?);
    if PASSWORD
        .iter()
        .any(|name| root.attribute(ours, name).is_some())
    {
        return Ok(protection);
    }
    for name in PASSWORD {
        if let Some(value) = old.attribute(own, name) {
            protection = with_attribute(&protection, name, &value);
        }
    }
    Ok(protection)
}

fn merged_cells(
    own: &Ranked,
    ours: &Ranked,
    overlay: &Overlay,
    columns: &Columns,
    styles: &mut Styles,
) -> Result<Cells, PackageProblem> {
    let mut cells = Cells::read(own.get("sheetData"))?;
    let mut filled = BTreeSet::new();
    for (number, row) in Cells::read(ours.get("sheetData"))?.0 {
        if number >= overlay.below {
            let all = cells.row(number);
            // How tall it is, too.
            all.tag.clone_from(&row.tag);
            all.cells.extend(row.cells);
            continue;
        }
        let all = cells.row(number);
        let inherited = all.format();
        for (column, cell) in row.cells {
            let at = CellAddress::new(number, column);
            let old = all.cells.get(&column);
            if column >= overlay.beside {
                all.cells.insert(column, cell);
            } else if old.is_none_or(|old| !has_formula(old)) {
                let inherited = || inherited.unwrap_or(columns.format(column));
                let format = old.map_or_else(inherited, |old| format_of(old));
                all.cells.insert(column, with_format(&cell, format));
                filled.insert(at);
            }
        }
    }
    for (at, text) in &overlay.texts {
        let row = cells.row(at.row);
        let format = row.cells.get(&at.column).map_or(0, |cell| format_of(cell));
        row.cells.insert(at.column, text_cell(*at, format, text));
    }
    for (at, guarded) in &overlay.open {
        let row = cells.row(at.row);
        let inherited = row.format().unwrap_or(columns.format(at.column));
        let blank = || format!("<c r=\"{at}\" s=\"{inherited}\"/>");
        let cell = row.cells.entry(at.column).or_insert_with(blank);
        // A figure that the office has put there is not the unit's to change.
        let fills_itself = has_formula(cell) || has_figure(cell) || filled.contains(at);
        let locked = *guarded && fills_itself;
        *cell = with_format(cell, styles.locked(format_of(cell), locked));
    }
    Ok(cells)
}

/// The ranges of `A1:B2 C3`.
fn ranges(places: &str) -> Vec<(CellAddress, CellAddress)> {
    let range = |text: &str| {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    places.split_whitespace().filter_map(range).collect()
}

/// Where the office has said itself what may be typed.
fn covered(rules: &[String]) -> Result<Vec<(CellAddress, CellAddress)>, PackageProblem> {
    let mut covered = Vec::new();
    for rule in rules {
        let root = Element::read(rule)?;
        covered.extend(ranges(&root.attribute(rule, "sqref").unwrap_or_default()));
    }
    Ok(covered)
}

/// A rule of what may be typed, without the cells that others cover; none if no cell is left. Its
/// own ranges are of one column each.
fn outside(
    rule: &str,
    covered: &[(CellAddress, CellAddress)],
) -> Result<Option<String>, PackageProblem> {
    let root = Element::read(rule)?;
    let is_covered = |at: CellAddress| covered.iter().any(|range| at.is_within(*range));
    let mut left: Vec<(CellAddress, CellAddress)> = Vec::new();
    for (first, last) in ranges(&root.attribute(rule, "sqref").unwrap_or_default()) {
        for row in first.row..=last.row {
            let at = CellAddress::new(row, first.column);
            if is_covered(at) {
                continue;
            }
            match left.last_mut() {
                Some((_, end)) if end.column == at.column && end.row + 1 == row => *end = at,
                _ => left.push((at, at)),
            }
        }
    }
    if left.is_empty() {
        return Ok(None);
    }
    let places: Vec<String> = left.iter().map(|(a, b)| format!("{a}:{b}")).collect();
    let tag = with_attribute(&rule[root.open.clone()], "sqref", &places.join(" "));
    Ok(Some(format!("{tag}{}", &rule[root.open.end..])))
}

#[cfg(test)]
mod tests {
    use super::{outside, with_password};

    #[test]
    fn the_password_of_the_office_stays_unless_another_is_given() {
        let own = "<sheetProtection password=\"CC1A\" sheet=\"1\" sort=\"0\"/>";
        let ours = "<sheetProtection sheet=\"1\"/>";
        assert_eq!(
            with_password(ours, Some(own)).unwrap(),
            "<sheetProtection password=\"CC1A\" sheet=\"1\"/>"
        );
        let named = "<sheetProtection password=\"83AF\" sheet=\"1\"/>";
        assert_eq!(with_password(named, Some(own)).unwrap(), named);
        assert_eq!(with_password(ours, None).unwrap(), ours);
    }

    #[test]
    fn what_the_office_has_said_about_a_cell_stays() {
        let rule = "<dataValidation type=\"whole\" sqref=\"C5:C8 D5\"><formula1>0</formula1></dataValidation>";
        let covered = [("C6".parse().unwrap(), "E6".parse().unwrap())];
        assert_eq!(
            outside(rule, &covered).unwrap().as_deref(),
            Some(
                "<dataValidation type=\"whole\" sqref=\"C5:C5 C7:C8 D5:D5\"><formula1>0</formula1></dataValidation>"
            )
        );
        let all = [("A1".parse().unwrap(), "Z99".parse().unwrap())];
        assert_eq!(outside(rule, &all).unwrap(), None);
    }
}
