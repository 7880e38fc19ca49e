//! Number formats: the data styles of a document, rewritten as Excel writes formats, so that what a
//! cell shows is understood in one place. A display factor of 1000 becomes the comma of `#,##0,`.

use std::collections::HashMap;

use crate::package::xml::{BytesStart, attribute};
use crate::workbook::FileProblem;

/// Digits, decimals and commas kept of a format.
const MOST_DIGITS: usize = 30;
/// Characters kept of a format.
const LONGEST: usize = 255;

/// The formats of a document by the names it gives them.
#[derive(Debug, Default)]
pub(super) struct Formats {
    codes: HashMap<String, String>,
    open: Option<DataStyle>,
}

/// A data style that has begun and not ended.
#[derive(Debug, Default)]
struct DataStyle {
    name: String,
    /// Shows it hundredths, or time that has elapsed?
    percent: bool,
    elapsed: bool,
    red: bool,
    /// What it shows where none of `maps` applies.
    code: String,
    literal: Option<String>,
    figure: Figure,
    /// Conditions, and the names of the styles they choose.
    maps: Vec<(String, String)>,
}

/// The digits of a figure.
#[derive(Debug, Default)]
struct Figure {
    whole: Option<usize>,
    decimals: Option<usize>,
    fixed_decimals: Option<usize>,
    grouped: bool,
    /// How many thousands are left out.
    thousands: usize,
    /// Texts between the digits, each with the number of digits behind it.
    embedded: Vec<(usize, String)>,
}

impl Formats {
    /// The format of that name.
    pub(super) fn code(&self, name: &str) -> Option<&String> {
        self.codes.get(name)
    }

    /// An element begins.
    pub(super) fn begin(&mut self, element: &BytesStart) -> Result<(), FileProblem> {
        let name = element.local_name();
        match (&mut self.open, name.as_ref()) {
            (Some(style), part) => style.part(part, element)?,
            (None, kind) if is_data_style(kind) => {
                let overflow = attribute(element, "truncate-on-overflow")?;
                self.open = Some(DataStyle {
                    name: attribute(element, "name")?.unwrap_or_default(),
                    percent: kind == "percentage-style",
                    elapsed: overflow.as_deref() == Some("false"),
                    ..DataStyle::default()
                });
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// A text of the document.
    pub(super) fn text(&mut self, text: &str) {
        let literal = self.open.as_mut().and_then(|style| style.literal.as_mut());
        if let Some(literal) = literal.filter(|literal| literal.len() < LONGEST) {
            literal.push_str(text);
        }
    }

    /// An element ends.
    pub(super) fn end(&mut self, name: &str) {
        if !is_data_style(name) {
            self.open.iter_mut().for_each(|style| style.end(name));
        } else if let Some(style) = self.open.take() {
            let code = style.finish(&self.codes);
            self.codes
                .insert(style.name, code.chars().take(LONGEST).collect());
        }
    }
}

fn is_data_style(name: &str) -> bool {
    let kind = name.strip_suffix("-style").unwrap_or_default();
    matches!(
        kind,
        "number" | "currency" | "percentage" | "date" | "time" | "boolean" | "text"
    )
}

impl DataStyle {
    fn part(&mut self, name: &str, element: &BytesStart) -> Result<(), FileProblem> {
        let is_long = attribute(element, "style")?.as_deref() == Some("long");
        let either = |short: &'static str, long: &'static str| match is_long {
            true => long,
            false => short,
        };
        let shown = match name {
            "number" | "scientific-number" => {
                self.figure = Figure::of(element)?;
                return Ok(());
            }
            "embedded-text" => {
                let place = count(element, "position")?.unwrap_or_default();
                self.figure.embedded.push((place, String::new()));
                self.literal = Some(String::new());
                return Ok(());
            }
            "text" | "currency-symbol" => {
                self.literal = Some(String::new());
                return Ok(());
            }
            "text-properties" => {
                let colour = attribute(element, "color")?.unwrap_or_default();
                self.red |= colour.eq_ignore_ascii_case("#ff0000");
                return Ok(());
            }
            "map" => {
                let condition = attribute(element, "condition")?.unwrap_or_default();
                let chosen = attribute(element, "apply-style-name")?.unwrap_or_default();
                let condition = condition.replace("value()", "").replace("!=", "<>");
                self.maps.push((condition, chosen));
                return Ok(());
            }
            "fraction" => "# ?/?",
            "text-content" => "@",
            "boolean" => "General",
            "day" => either("d", "dd"),
            "day-of-week" => either("ddd", "dddd"),
            "month" if attribute(element, "textual")?.as_deref() == Some("true") => {
                either("mmm", "mmmm")
            }
            "month" => either("m", "mm"),
            "year" => either("yy", "yyyy"),
            "hours" if self.elapsed => "[h]",
            "hours" => either("h", "hh"),
            "minutes" => either("m", "mm"),
            "seconds" => either("s", "ss"),
            "am-pm" => "AM/PM",
            _ => return Ok(()),
        };
        self.code.push_str(shown);
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "number" => self.code.push_str(&self.figure.code()),
            "scientific-number" => {
                self.code.push_str(&self.figure.code());
                self.code.push_str("E+00");
            }
            "embedded-text" => {
                let text = self.literal.take().unwrap_or_default();
                if let Some((_, place)) = self.figure.embedded.last_mut() {
                    *place = text;
                }
            }
            "text" | "currency-symbol" => {
                let text = self.literal.take().unwrap_or_default();
                let mut pieces = text.split('%');
                self.code
                    .push_str(&quoted(pieces.next().unwrap_or_default()));
                for piece in pieces {
                    let sign = if self.percent { "%" } else { "\\%" };
                    self.code.push_str(sign);
                    self.code.push_str(&quoted(piece));
                }
            }
            _ => {}
        }
    }

    /// The format, with a section for each condition.
    fn finish(&self, codes: &HashMap<String, String>) -> String {
        let own = match self.red {
            true => format!("[Red]{}", self.code),
            false => self.code.clone(),
        };
        let conditions: Vec<&str> = self.maps.iter().map(|(c, _)| c.as_str()).collect();
        // The conditions that sections have unless they name others.
        let usual = matches!(
            conditions.as_slice(),
            [">=0"] | [">0", "<0"] | [">0", "<0", "=0"]
        );
        let mut format = String::new();
        for (condition, chosen) in self.maps.iter().take(3) {
            if !usual {
                format.push_str(&format!("[{condition}]"));
            }
            format.push_str(codes.get(chosen).map_or("", String::as_str));
            format.push(';');
        }
        format + &own
    }
}

impl Figure {
    fn of(element: &BytesStart) -> Result<Self, FileProblem> {
        let factor = attribute(element, "display-factor")?;
        let mut factor: f64 = factor.and_then(|text| text.parse().ok()).unwrap_or(1.0);
        let mut thousands = 0;
        while factor >= 1000.0 && thousands < MOST_DIGITS {
            (factor, thousands) = (factor / 1000.0, thousands + 1);
        }
        Ok(Self {
            whole: count(element, "min-integer-digits")?,
            decimals: count(element, "decimal-places")?,
            fixed_decimals: count(element, "min-decimal-places")?,
            grouped: attribute(element, "grouping")?.as_deref() == Some("true"),
            thousands,
            embedded: Vec::new(),
        })
    }

    fn code(&self) -> String {
        if self.decimals.is_none() && !self.grouped && self.thousands == 0 {
            return "General".to_owned();
        }
        let zeros = self.whole.unwrap_or(1);
        let farthest = self.embedded.iter().map(|(place, _)| place + 1).max();
        let least = if self.grouped { 4 } else { 1 };
        let mut code = String::new();
        for behind in (0..zeros.max(least).max(farthest.unwrap_or(0))).rev() {
            code.push(if behind < zeros { '0' } else { '#' });
            if self.grouped && behind > 0 && behind % 3 == 0 {
                code.push(',');
            }
            let texts = self.embedded.iter().filter(|(place, _)| *place == behind);
            texts.for_each(|(_, text)| code.push_str(&quoted(text)));
        }
        // Of a figure whose decimals are not said all are shown.
        let most = self.decimals.unwrap_or(MOST_DIGITS);
        let fixed = self.fixed_decimals.or(self.decimals).unwrap_or(0).min(most);
        if most > 0 {
            code.push('.');
            code.extend(std::iter::repeat_n('0', fixed));
            code.extend(std::iter::repeat_n('#', most - fixed));
        }
        code.extend(std::iter::repeat_n(',', self.thousands));
        code
    }
}

fn count(element: &BytesStart, name: &str) -> Result<Option<usize>, FileProblem> {
    let said = attribute(element, name)?.and_then(|text| text.parse().ok());
    Ok(said.map(|count: usize| count.min(MOST_DIGITS)))
}

/// A text as formats hold it.
fn quoted(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("\"{}\"", text.replace('"', "\"\\\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::xml::{Step, Walk, walk_texts};

    fn code(styles: &str, name: &str) -> String {
        let mut formats = Formats::default();
        walk_texts(styles.as_bytes(), |step| {
            match step {
                Step::Open(element) => formats.begin(element)?,
                Step::Text(text) => formats.text(text),
                Step::Close(name) => formats.end(name),
            }
            Ok::<_, FileProblem>(Walk::On)
        })
        .unwrap();
        formats.code(name).unwrap().clone()
    }

    fn of_number(inside: &str) -> String {
        let style =
            format!("<number:number-style style:name=\"N1\">{inside}</number:number-style>");
        code(&style, "N1")
    }

    #[test]
    fn data_styles_are_written_as_formats_of_excel() {
        for (inside, format) in [
            (
                "<number:number number:min-integer-digits=\"1\"/>",
                "General",
            ),
            (
                "<number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\" number:grouping=\"true\" number:display-factor=\"1000\"/>",
                "#,##0,",
            ),
            (
                "<number:number number:decimal-places=\"2\" number:min-decimal-places=\"1\" number:min-integer-digits=\"3\"/>",
                "000.0#",
            ),
            (
                "<number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\"/><number:text> tỷ</number:text>",
                "0\" tỷ\"",
            ),
            (
                "<number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\"><number:embedded-text number:position=\"3\">.</number:embedded-text></number:number>",
                "#\".\"##0",
            ),
            (
                "<number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\"/><number:text>%</number:text>",
                "0\\%",
            ),
            ("<number:text/>", ""),
        ] {
            assert_eq!(of_number(inside), format, "{inside}");
        }
        let percent = "<number:percentage-style style:name=\"N2\"><number:number number:decimal-places=\"2\" number:min-integer-digits=\"1\"/><number:text>%</number:text></number:percentage-style>";
        assert_eq!(code(percent, "N2"), "0.00%");
        let day = "<number:date-style style:name=\"N3\"><number:month number:style=\"long\"/><number:text>/</number:text><number:year number:style=\"long\"/></number:date-style>";
        assert_eq!(code(day, "N3"), "mm\"/\"yyyy");
        let elapsed = "<number:time-style style:name=\"N4\" number:truncate-on-overflow=\"false\"><number:hours/><number:text>:</number:text><number:minutes number:style=\"long\"/></number:time-style>";
        assert_eq!(code(elapsed, "N4"), "[h]\":\"mm");
    }

    #[test]
    fn styles_under_conditions_become_sections() {
        let digits = "<number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\"/>";
        let both = |condition: &str| {
            format!(
                "<number:number-style style:name=\"N1P0\">{digits}</number:number-style>\
                 <number:number-style style:name=\"N1\"><style:text-properties fo:color=\"#ff0000\"/>{digits}\
                 <style:map style:condition=\"value(){condition}\" style:apply-style-name=\"N1P0\"/></number:number-style>"
            )
        };
        assert_eq!(code(&both("&gt;=0"), "N1"), "0;[Red]0");
        assert_eq!(code(&both("&gt;=1000"), "N1"), "[>=1000]0;[Red]0");
    }
}
