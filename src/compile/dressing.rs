//! What the workbook reader passes over and a blank form says by it: notes of cells, lists to
//! choose from, and the number formats and borders of cells that hold nothing. Read from the
//! package of an `.xlsx`; other formats have none of it.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, Cursor};

use crate::model::CellAddress;
use crate::package::xml::{BytesStart, Step, Walk, attribute, walk, walk_texts};
use crate::package::{Package, PackageProblem};
use crate::workbook::builtin_format;

/// Cells of a sheet of which the looks are kept.
const MOST_CELLS: usize = 200_000;
/// Characters kept of a note.
const LONGEST_NOTE: usize = 2_000;

/// How a cell looks, whether it holds something or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Number format; empty for General.
    pub(super) format: String,
    /// Does it have a border on any side?
    pub(super) bordered: bool,
    /// Is it shaded grey, as cells are that are not to be filled?
    pub(super) grey: bool,
}

/// Cells whose value is chosen from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// First and last cell of each range.
    pub(super) ranges: Vec<(CellAddress, CellAddress)>,
    /// The list as the file writes it: `"a,b,c"` or a range.
    pub(super) list: String,
    /// The values in it; none where they are not known.
    pub(super) values: Vec<String>,
}

/// What is said about the cells of one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dressing {
    /// Notes (comments) by cell.
    pub(super) notes: BTreeMap<CellAddress, String>,
    /// Lists to choose from.
    pub(super) choices: Vec<Choice>,
    /// Cells that take whole numbers from 0 on only: first and last of each range.
    pub(super) whole: Vec<(CellAddress, CellAddress)>,
    /// Looks by cell.
    pub(super) looks: BTreeMap<CellAddress, Look>,
    /// Is it printed in landscape?
    pub(super) landscape: bool,
}

/// The dressing of every sheet by name; empty if the bytes are no package or a damaged one: the
/// form is then read without it.
pub(super) fn read(bytes: &[u8], part_bytes: u64, all_bytes: u64) -> HashMap<String, Dressing> {
    sheets(bytes, part_bytes, all_bytes).unwrap_or_default()
}

fn sheets(
    bytes: &[u8],
    part_bytes: u64,
    all_bytes: u64,
) -> Result<HashMap<String, Dressing>, PackageProblem> {
    let mut package = Package::open(Cursor::new(bytes))?;
    package.check_sizes(part_bytes, all_bytes)?;
    let office = package.relations("")?;
    let office = office.into_iter().rfind(|one| one.kind == "officeDocument");
    let Some(book) = office.map(|one| one.part) else {
        return Ok(HashMap::new());
    };
    let relations = package.relations(&book)?;
    let mut listed: Vec<(String, String)> = Vec::new();
    walk(package.needed(&book)?, |step| {
        if let Step::Open(element) = step
            && element.local_name().as_ref() == "sheet"
        {
            let read = |name| attribute(element, name);
            listed.push((
                read("name")?.unwrap_or_default(),
                read("id")?.unwrap_or_default(),
            ));
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    let styles = relations.iter().find(|one| one.kind == "styles");
    let looks = match styles {
        Some(styles) => match package.part(&styles.part)? {
            Some(part) => read_looks(part)?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    let mut dressings = HashMap::new();
    for (name, id) in listed {
        let Some(relation) = relations.iter().find(|one| one.id == id) else {
            continue;
        };
        let part = relation.part.clone();
        let mut dressing = match package.part(&part)? {
            Some(lines) => read_sheet(lines, &looks)?,
            None => continue,
        };
        for of_sheet in package.relations(&part)? {
            if of_sheet.kind == "comments"
                && let Some(lines) = package.part(&of_sheet.part)?
            {
                dressing.notes = read_notes(lines)?;
            }
        }
        dressings.insert(name, dressing);
    }
    Ok(dressings)
}

/// The looks of `cellXfs`, in order.
fn read_looks(part: impl BufRead) -> Result<Vec<Look>, PackageProblem> {
    let mut formats: HashMap<String, String> = HashMap::new();
    let mut borders: Vec<bool> = Vec::new();
    let mut greys: Vec<bool> = Vec::new();
    let mut looks = Vec::new();
    let (mut in_borders, mut in_fills, mut in_cells) = (false, false, false);
    walk(part, |step| {
        match step {
            Step::Open(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let read = |name| attribute(element, name);
                    let id = read("numFmtId")?.unwrap_or_default();
                    formats.insert(id, read("formatCode")?.unwrap_or_default());
                }
                "fills" => in_fills = true,
                "fill" if in_fills => greys.push(false),
                "fgColor" if in_fills => {
                    let grey = is_grey(element)?;
                    if let Some(fill) = greys.last_mut() {
                        *fill = grey;
                    }
                }
                "borders" => in_borders = true,
                "border" if in_borders => borders.push(false),
                "left" | "right" | "top" | "bottom" if in_borders => {
                    let drawn = attribute(element, "style")?.is_some_and(|style| style != "none");
                    if let Some(border) = borders.last_mut() {
                        *border |= drawn;
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => looks.push(look(element, &formats, &borders, &greys)?),
                _ => {}
            },
            Step::Close("fills") => in_fills = false,
            Step::Close("borders") => in_borders = false,
            Step::Close("cellXfs") => in_cells = false,
            _ => {}
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    Ok(looks)
}

fn look(
    element: &BytesStart,
    formats: &HashMap<String, String>,
    borders: &[bool],
    greys: &[bool],
) -> Result<Look, PackageProblem> {
    let id = attribute(element, "numFmtId")?.unwrap_or_default();
    let border = attribute(element, "borderId")?.and_then(|id| id.parse::<usize>().ok());
    let fill = attribute(element, "fillId")?.and_then(|id| id.parse::<usize>().ok());
    let built_in = || id.parse().ok().and_then(builtin_format);
    let own = formats.get(&id).map(String::as_str);
    Ok(Look {
        format: own.or_else(built_in).unwrap_or_default().to_owned(),
        bordered: border
            .and_then(|id| borders.get(id))
            .is_some_and(|drawn| *drawn),
        grey: fill.and_then(|id| greys.get(id)).is_some_and(|grey| *grey),
    })
}

/// A shade between white and black: of red, green and blue alike, or the theme's white made darker.
fn is_grey(element: &BytesStart) -> Result<bool, PackageProblem> {
    if let Some(rgb) = attribute(element, "rgb")? {
        let digits = rgb.get(rgb.len().saturating_sub(6)..).unwrap_or_default();
        let part = |from: usize| {
            digits
                .get(from..from + 2)
                .and_then(|two| u8::from_str_radix(two, 16).ok())
        };
        return Ok(match (part(0), part(2), part(4)) {
            (Some(red), Some(green), Some(blue)) => {
                red.abs_diff(green) <= 6 && green.abs_diff(blue) <= 6 && (0x80..0xf8).contains(&red)
            }
            _ => false,
        });
    }
    let theme = attribute(element, "theme")?;
    let tint = attribute(element, "tint")?.and_then(|tint| tint.parse::<f64>().ok());
    Ok(theme.as_deref() == Some("0") && tint.is_some_and(|tint| tint < -0.04))
}

fn read_sheet(part: impl BufRead, looks: &[Look]) -> Result<Dressing, PackageProblem> {
    let mut dressing = Dressing::default();
    let mut validation: Option<Validation> = None;
    let (mut in_list, mut in_cells) = (false, false);
    walk_texts(part, |step| {
        match step {
            Step::Open(element) => match element.local_name().as_ref() {
                "c" if dressing.looks.len() < MOST_CELLS => {
                    let address = attribute(element, "r")?.and_then(|text| text.parse().ok());
                    let style =
                        attribute(element, "s")?.and_then(|text| text.parse::<usize>().ok());
                    let look = looks.get(style.unwrap_or_default());
                    if let (Some(address), Some(look)) = (address, look) {
                        dressing.looks.insert(address, look.clone());
                    }
                }
                "dataValidation" => {
                    validation = Some(Validation {
                        of: attribute(element, "type")?.unwrap_or_default(),
                        operator: attribute(element, "operator")?.unwrap_or_default(),
                        ranges: ranges(&attribute(element, "sqref")?.unwrap_or_default()),
                        first: String::new(),
                    });
                }
                "formula1" => in_list = true,
                // What came later than the format has its cells in an element.
                "sqref" => in_cells = true,
                "pageSetup" => {
                    let turned = attribute(element, "orientation")?;
                    dressing.landscape = turned.as_deref() == Some("landscape");
                }
                _ => {}
            },
            Step::Text(text) => {
                if let Some(validation) = validation.as_mut().filter(|_| in_list) {
                    validation.first.push_str(text);
                }
                if let Some(validation) = validation.as_mut().filter(|_| in_cells) {
                    validation.ranges.extend(ranges(text));
                }
            }
            Step::Close("formula1") => in_list = false,
            Step::Close("sqref") => in_cells = false,
            Step::Close("dataValidation") => {
                if let Some(validation) = validation.take() {
                    keep(validation, &mut dressing);
                }
            }
            Step::Close(_) => {}
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    Ok(dressing)
}

/// What cells may hold, as the file writes it.
struct Validation {
    /// `list`, `whole`, `decimal`...
    of: String,
    /// `greaterThan`...; blank where a first and a last value are given.
    operator: String,
    ranges: Vec<(CellAddress, CellAddress)>,
    /// The first formula: the list, or a bound.
    first: String,
}

fn keep(validation: Validation, dressing: &mut Dressing) {
    match validation.of.as_str() {
        "list" => dressing.choices.push(Choice {
            ranges: validation.ranges,
            list: validation.first,
            values: Vec::new(),
        }),
        "whole" if is_not_negative(&validation) => dressing.whole.extend(validation.ranges),
        _ => {}
    }
}

/// Is the least number a cell takes 0 or more?
fn is_not_negative(validation: &Validation) -> bool {
    let from = ["", "between", "greaterThan", "greaterThanOrEqual"];
    let first = validation.first.trim().parse::<u64>();
    from.contains(&validation.operator.as_str()) && first.is_ok()
}

/// `B5:B9 D5` as corners.
fn ranges(text: &str) -> Vec<(CellAddress, CellAddress)> {
    let range = |one: &str| {
        let (first, last) = one.split_once(':').unwrap_or((one, one));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    text.split_whitespace().filter_map(range).collect()
}

fn read_notes(part: impl BufRead) -> Result<BTreeMap<CellAddress, String>, PackageProblem> {
    let mut notes = BTreeMap::new();
    let mut note: Option<(CellAddress, String)> = None;
    let mut in_text = false;
    walk_texts(part, |step| {
        match step {
            Step::Open(element) => match element.local_name().as_ref() {
                "comment" => {
                    let at = attribute(element, "ref")?.and_then(|text| text.parse().ok());
                    note = at.map(|at| (at, String::new()));
                }
                "t" => in_text = true,
                _ => {}
            },
            Step::Text(text) => {
                if let Some((_, words)) = note.as_mut().filter(|_| in_text)
                    && words.len() < LONGEST_NOTE
                {
                    words.push_str(text);
                }
            }
            Step::Close("t") => in_text = false,
            Step::Close("comment") => notes.extend(note.take()),
            Step::Close(_) => {}
        }
        Ok::<_, PackageProblem>(Walk::On)
    })?;
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_on_other_sheets_are_read_as_newer_programs_write_them() {
        let sheet = r#"<worksheet xmlns="m" xmlns:x14="x" xmlns:xm="xm"><sheetData/>
            <dataValidations count="1"><dataValidation type="list" sqref="C5:C9">
            <formula1>"Có,Không"</formula1></dataValidation></dataValidations>
            <extLst><ext><x14:dataValidations count="2">
            <x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>'Danh mục'!$A$1:$A$3</xm:f>
            </x14:formula1><xm:sqref>D5:D9 D11</xm:sqref></x14:dataValidation>
            <x14:dataValidation type="whole"><x14:formula1><xm:f>1</xm:f></x14:formula1>
            <xm:sqref>E5:E9</xm:sqref></x14:dataValidation>
            </x14:dataValidations></ext></extLst></worksheet>"#;
        let dressing = read_sheet(sheet.as_bytes(), &[]).unwrap();
        let whole = dressing.whole.iter();
        let whole: Vec<String> = whole
            .map(|(first, last)| format!("{first}:{last}"))
            .collect();
        assert_eq!(whole, ["E5:E9"]);
        let choices = dressing.choices;
        let said: Vec<(String, Vec<String>)> = choices
            .iter()
            .map(|choice| {
                let ranges = choice.ranges.iter();
                let ranges = ranges.map(|(first, last)| format!("{first}:{last}"));
                (choice.list.trim().to_owned(), ranges.collect())
            })
            .collect();
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            said,
            [
                ("\"Có,Không\"".to_owned(), texts(&["C5:C9"])),
                (
                    "'Danh mục'!$A$1:$A$3".to_owned(),
                    texts(&["D5:D9", "D11:D11"])
                ),
            ]
        );
    }
}
