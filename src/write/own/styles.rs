//! The looks of two workbooks in one: ours behind the office's, so that the office's keep their
//! numbers; and its cells' formats once more, locked or not.

use std::collections::{BTreeSet, HashMap};

use super::ranked::{Ranked, STYLES, items, list};
use crate::package::PackageProblem;
use crate::package::edit::{Element, with_attribute};

/// Ids of number formats below this are Excel's own.
const FIRST_OWN_NUMBER_FORMAT: u32 = 164;

/// The office's styles, being added to.
pub(super) struct Styles {
    part: Ranked,
    formats: Vec<String>,
    /// Where our cell formats begin among the office's.
    pub(super) first_format: usize,
    /// Where our formats of conditions begin among the office's.
    pub(super) first_condition: usize,
    locked: HashMap<(usize, bool), usize>,
}

impl Styles {
    /// The office's styles with ours behind them.
    ///
    /// # Errors
    /// One of the parts is no styles part.
    pub(super) fn joined(own: &str, ours: &str) -> Result<Self, PackageProblem> {
        let (mut own, ours) = (Ranked::read(own, STYLES)?, Ranked::read(ours, STYLES)?);
        let numbers = join_number_formats(&mut own, &ours)?;
        let mut first = HashMap::new();
        for name in ["fonts", "fills", "borders", "dxfs"] {
            let mut all = items(own.get(name))?;
            first.insert(name, all.len());
            all.extend(items(ours.get(name))?);
            own.put(name, list(name, &all));
        }
        let mut formats = items(own.get("cellXfs"))?;
        let first_format = formats.len();
        for format in items(ours.get("cellXfs"))? {
            formats.push(moved(&format, &first, &numbers)?);
        }
        Ok(Self {
            part: own,
            formats,
            first_format,
            first_condition: first["dxfs"],
            locked: HashMap::new(),
        })
    }

    /// The format `format` (index, from 0) of a cell that may be typed into, or may not.
    pub(super) fn locked(&mut self, format: usize, locked: bool) -> usize {
        if let Some(known) = self.locked.get(&(format, locked)) {
            return *known;
        }
        let own = self.formats.get(format).or(self.formats.first());
        let new = own.map(|own| with_protection(own, locked));
        let index = match new {
            Some(new) => {
                self.formats.push(new);
                self.formats.len() - 1
            }
            None => format,
        };
        self.locked.insert((format, locked), index);
        index
    }

    /// The part as it is now.
    pub(super) fn finish(mut self) -> String {
        self.part.put("cellXfs", list("cellXfs", &self.formats));
        self.part.finish()
    }
}

/// Formats (indices, from 0) of a styles part that show figures as percentages.
///
/// # Errors
/// It is no styles part.
pub(super) fn percentages(text: &str) -> Result<BTreeSet<usize>, PackageProblem> {
    let part = Ranked::read(text, STYLES)?;
    let said = |item: &str, name: &str| {
        let root = Element::read(item).ok()?;
        root.attribute(item, name).map(|value| value.into_owned())
    };
    // Excel's own numbers of 0% and 0.00%.
    let mut numbers = BTreeSet::from(["9".to_owned(), "10".to_owned()]);
    for format in items(part.get("numFmts"))? {
        let code = said(&format, "formatCode").unwrap_or_default();
        // A sign in quotes is a word.
        let mut plain = code.split('"').step_by(2);
        if plain.any(|plain| plain.contains('%')) {
            numbers.extend(said(&format, "numFmtId"));
        }
    }
    let formats = items(part.get("cellXfs"))?.into_iter().enumerate();
    let shows = |format: &str| said(format, "numFmtId").is_some_and(|id| numbers.contains(&id));
    Ok(formats
        .filter(|(_, format)| shows(format))
        .map(|(at, _)| at)
        .collect())
}

/// Adds our number formats; gives their new ids by the old ones.
fn join_number_formats(
    own: &mut Ranked,
    ours: &Ranked,
) -> Result<HashMap<u32, u32>, PackageProblem> {
    let id = |format: &str| {
        let root = Element::read(format)?;
        let id = root.attribute(format, "numFmtId");
        let id = id.and_then(|id| id.parse::<u32>().ok());
        id.ok_or_else(|| PackageProblem::broken("a number format without a number"))
    };
    let mut all = items(own.get("numFmts"))?;
    let mut next = FIRST_OWN_NUMBER_FORMAT;
    for format in &all {
        next = next.max(id(format)? + 1);
    }
    let mut new = HashMap::new();
    for format in items(ours.get("numFmts"))? {
        new.insert(id(&format)?, next);
        all.push(with_attribute(&format, "numFmtId", &next.to_string()));
        next += 1;
    }
    if !all.is_empty() {
        own.put("numFmts", list("numFmts", &all));
    }
    Ok(new)
}

/// One of our cell formats with the numbers that its parts have now.
fn moved(
    format: &str,
    first: &HashMap<&str, usize>,
    numbers: &HashMap<u32, u32>,
) -> Result<String, PackageProblem> {
    let root = Element::read(format)?;
    let number = |name: &str| {
        let value = root.attribute(format, name)?;
        value.parse::<usize>().ok()
    };
    let mut tag = format[root.open.clone()].to_owned();
    for (name, list) in [
        ("fontId", "fonts"),
        ("fillId", "fills"),
        ("borderId", "borders"),
    ] {
        let new = number(name).unwrap_or_default() + first[list];
        tag = with_attribute(&tag, name, &new.to_string());
    }
    let number_format = number("numFmtId").and_then(|id| u32::try_from(id).ok());
    if let Some(new) = number_format.and_then(|id| numbers.get(&id)) {
        tag = with_attribute(&tag, "numFmtId", &new.to_string());
    }
    // Our cell styles are not taken over.
    tag = with_attribute(&tag, "xfId", "0");
    for apply in ["applyFont", "applyFill", "applyBorder", "applyNumberFormat"] {
        tag = with_attribute(&tag, apply, "1");
    }
    Ok(format!("{tag}{}", &format[root.open.end..]))
}

/// A cell format of a cell that is locked, or is not.
fn with_protection(format: &str, locked: bool) -> String {
    let protection = format!("<protection locked=\"{}\"/>", u8::from(locked));
    let Ok(root) = Element::read(format) else {
        return format.to_owned();
    };
    let tag = with_attribute(&format[root.open.clone()], "applyProtection", "1");
    if root.open == root.outer {
        return format!("{}>{protection}</xf>", tag.trim_end_matches("/>"));
    }
    let children = root.children.iter();
    let alignment: String = children
        .filter(|child| child.local == "alignment")
        .map(|child| &format[child.outer.clone()])
        .collect();
    format!("{tag}{alignment}{protection}</xf>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"170\" \
        formatCode=\"0.0\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/>\
        </fills><borders count=\"1\"><border/></borders><cellXfs count=\"1\"><xf numFmtId=\"170\" \
        fontId=\"0\"><alignment wrapText=\"1\"/></xf></cellXfs></styleSheet>";
    const OURS: &str = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"164\" \
        formatCode=\"0.00\"/></numFmts><fonts count=\"2\"><font/><font><b/></font></fonts>\
        <fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders>\
        <cellXfs count=\"1\"><xf numFmtId=\"164\" fontId=\"1\" fillId=\"0\" borderId=\"0\" \
        xfId=\"0\"/></cellXfs><dxfs count=\"1\"><dxf/></dxfs></styleSheet>";

    #[test]
    fn our_formats_come_behind_and_keep_their_meaning() {
        let styles = Styles::joined(OWN, OURS).unwrap();
        assert_eq!((styles.first_format, styles.first_condition), (1, 0));
        let text = styles.finish();
        assert!(
            text.contains("<numFmt numFmtId=\"171\" formatCode=\"0.00\"/>"),
            "{text}"
        );
        assert!(
            text.contains("numFmtId=\"171\" fontId=\"2\" fillId=\"1\" borderId=\"1\""),
            "{text}"
        );
        assert!(
            text.ends_with("<dxfs count=\"1\"><dxf/></dxfs></styleSheet>"),
            "{text}"
        );
    }

    #[test]
    fn formats_of_percentages_are_known() {
        let part = "<styleSheet><numFmts count=\"2\"><numFmt numFmtId=\"170\" \
            formatCode=\"0.0%\"/><numFmt numFmtId=\"171\" formatCode=\"0.0&quot;%&quot;\"/>\
            </numFmts><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"10\"/>\
            <xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>";
        assert_eq!(percentages(part).unwrap(), BTreeSet::from([1, 2]));
    }

    #[test]
    fn a_cell_that_may_be_typed_into_keeps_its_look() {
        let mut styles = Styles::joined(OWN, OURS).unwrap();
        let open = styles.locked(0, false);
        assert_eq!(styles.locked(0, false), open, "one format for all alike");
        assert_eq!(
            styles.formats[open],
            "<xf applyProtection=\"1\" numFmtId=\"170\" fontId=\"0\"><alignment wrapText=\"1\"/>\
             <protection locked=\"0\"/></xf>"
        );
    }
}
