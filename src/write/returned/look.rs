//! What the result sheet looks like: its fonts, fills, borders and the formats made of them.
//!
//! They are always written the same way and in one block, so that a later round knows them and
//! takes them out again.

use super::colours::Shade;
use super::list::StyleList;

/// Indices at which the look's own fonts, fills, borders and formats begin.
pub(super) struct Look {
    pub(super) font: usize,
    pub(super) fill: usize,
    pub(super) border: usize,
    pub(super) format: usize,
}

/// What a cell of the result sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Title,
    Line,
    /// What a colour means.
    Legend,
    BoldLine,
    Header,
    Number,
    Wrong,
    Doubtful,
    Consequence,
    Known,
    Text,
    Link,
    Figure,
    /// Where the unit writes.
    Input,
    /// Where it need not.
    Closed,
    Hidden,
}

/// Font, fill (if any), border (if any) and the rest of each format, in the order of [`Use`].
type Recipe = (usize, Option<usize>, bool, &'static str);

const LEFT: &str = "horizontal=\"left\" vertical=\"center\" wrapText=\"1\" indent=\"1\"";
const CENTRE: &str = "horizontal=\"center\" vertical=\"center\" wrapText=\"1\"";
const RIGHT: &str = "horizontal=\"right\" vertical=\"center\" wrapText=\"1\" indent=\"1\"";

const RECIPES: [Recipe; 16] = [
    (0, None, false, "vertical=\"center\""),
    (1, None, false, "vertical=\"center\" wrapText=\"1\""),
    (1, None, false, LEFT),
    (2, None, false, "vertical=\"center\" wrapText=\"1\""),
    (3, Some(4), true, CENTRE),
    (1, None, true, CENTRE),
    (2, Some(0), true, CENTRE),
    (2, Some(1), true, CENTRE),
    (2, Some(2), true, CENTRE),
    (2, Some(3), true, CENTRE),
    (1, None, true, LEFT),
    (4, None, true, CENTRE),
    (1, None, true, RIGHT),
    (1, Some(6), true, LEFT),
    (1, Some(5), true, LEFT),
    (1, None, false, ""),
];

impl Look {
    /// The look whose items come after those of the lists.
    pub(super) fn after(
        fonts: &StyleList,
        fills: &StyleList,
        borders: &StyleList,
        formats: &StyleList,
    ) -> Self {
        Self {
            font: fonts.items.len(),
            fill: fills.items.len(),
            border: borders.items.len(),
            format: formats.items.len(),
        }
    }

    /// Index of the format for a use.
    pub(super) fn of(&self, what: Use) -> usize {
        self.format + what as usize
    }

    pub(super) fn formats(&self, p: &str) -> Vec<String> {
        let format = |(at, (font, fill, border, alignment)): (usize, &Recipe)| {
            let input = at == Use::Input as usize;
            // A reason that begins with "=" or looks like a date is still a text.
            let number = if input { 49 } else { 0 };
            let fill = fill.map_or(0, |fill| self.fill + fill);
            let border = if *border { self.border } else { 0 };
            let alignment = match *alignment {
                "" => String::new(),
                some => format!("<{p}alignment {some}/>"),
            };
            let open = if input {
                format!("<{p}protection locked=\"0\"/>")
            } else {
                String::new()
            };
            format!(
                "<{p}xf numFmtId=\"{number}\" fontId=\"{}\" fillId=\"{fill}\" borderId=\"{border}\" \
                 xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" \
                 applyBorder=\"1\" applyAlignment=\"1\" applyProtection=\"1\">{alignment}{open}</{p}xf>",
                self.font + font,
            )
        };
        RECIPES.iter().enumerate().map(format).collect()
    }
}

/// Title, text, bold, header, link, small. One font by name: the workbook's own may be one that
/// has no Unicode letters.
pub(super) fn fonts(p: &str) -> Vec<String> {
    let font = |style: &str, size: u32, colour: &str| {
        let style = style.replace('<', &format!("<{p}"));
        format!(
            "<{p}font>{style}<{p}sz val=\"{size}\"/><{p}color rgb=\"FF{colour}\"/>\
             <{p}name val=\"Times New Roman\"/><{p}family val=\"1\"/></{p}font>"
        )
    };
    vec![
        font("<b/>", 16, "1F3864"),
        font("", 12, "000000"),
        font("<b/>", 12, "000000"),
        font("<b/>", 12, "FFFFFF"),
        font("<u/>", 12, "0563C1"),
    ]
}

/// Every shade, header, closed cell, open cell.
pub(super) fn fills(p: &str) -> Vec<String> {
    let shades = Shade::ALL.map(|shade| format!("{:06X}", shade.base()));
    let others = ["1F4E78", "E7E6E6", "FFF2CC"].map(str::to_owned);
    let colours = shades.into_iter().chain(others);
    let fill = |colour: String| {
        format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{colour}\"/>\
             <{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        )
    };
    colours.map(fill).collect()
}

/// A thin line all around.
pub(super) fn borders(p: &str) -> Vec<String> {
    let side =
        |name: &str| format!("<{p}{name} style=\"thin\"><{p}color rgb=\"FF8497B0\"/></{p}{name}>");
    let sides: String = ["left", "right", "top", "bottom"].map(side).concat();
    vec![format!("<{p}border>{sides}<{p}diagonal/></{p}border>")]
}
