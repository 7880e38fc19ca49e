//! The little of a page's styles that changes what a cell means: font, number format, hiding.

use std::collections::HashMap;

use crate::workbook::content::named_format;

/// Characters kept of a font name or a number format.
const LONGEST: usize = 255;
/// Classes kept of a style sheet. Excel writes one for each kind of cell.
const MOST_CLASSES: usize = 4096;

/// Declarations, of an attribute or of a class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Css {
    pub(super) font: Option<String>,
    pub(super) number_format: Option<String>,
    pub(super) hidden: bool,
    pub(super) struck: bool,
}

impl Css {
    /// Reads `font-family:.VnTime; mso-number-format:"0\.00%"`.
    pub(super) fn parse(text: &str) -> Self {
        let mut css = Self::default();
        for declaration in declarations(text) {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "font-family" => css.font = font(value),
                "mso-number-format" => css.number_format = Some(number_format(value)),
                "text-decoration" | "text-decoration-line" => {
                    css.struck = value.to_ascii_lowercase().contains("line-through");
                }
                "display" => css.hidden |= value.eq_ignore_ascii_case("none"),
                "visibility" => css.hidden |= value.eq_ignore_ascii_case("hidden"),
                _ => {}
            }
        }
        css
    }

    /// Takes what is not declared here from there.
    pub(super) fn or(self, other: Option<&Self>) -> Self {
        let Some(other) = other else { return self };
        Self {
            font: self.font.or_else(|| other.font.clone()),
            number_format: self.number_format.or_else(|| other.number_format.clone()),
            hidden: self.hidden || other.hidden,
            struck: self.struck || other.struck,
        }
    }
}

/// The first of a list of fonts.
pub(super) fn font(list: &str) -> Option<String> {
    let first = list.split(',').next().unwrap_or_default();
    let name: String = first
        .trim()
        .trim_matches(['"', '\''])
        .chars()
        .take(LONGEST)
        .collect();
    (!name.is_empty()).then_some(name)
}

/// Declarations, parted by the semicolons outside of quotes.
fn declarations(text: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    text.split(move |c: char| {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        quote.is_none() && c == ';'
    })
}

/// Excel escapes nearly every sign with a backslash, quotes as `\0022`, and has names for some
/// formats.
fn number_format(value: &str) -> String {
    let bare = value.trim_matches(['"', '\'']).replace("\\0022", "\"");
    if let Some(named) = named_format(&bare) {
        return named.to_owned();
    }
    let mut format = String::new();
    let mut characters = bare.chars();
    while let Some(c) = characters.next() {
        format.extend(if c == '\\' {
            characters.next()
        } else {
            Some(c)
        });
    }
    format.chars().take(LONGEST).collect()
}

/// Reads the rules for classes and for `td` (kept under that name) of a style sheet.
pub(super) fn classes(sheet: &str) -> HashMap<String, Css> {
    let mut classes = HashMap::new();
    for rule in sheet.split('}') {
        let Some((selectors, declarations)) = rule.split_once('{') else {
            continue;
        };
        let css = Css::parse(declarations);
        if css == Css::default() {
            continue;
        }
        for selector in selectors.split(',') {
            let selector = selector.trim().trim_start_matches("<!--").trim();
            let name = selector
                .rsplit_once('.')
                .map_or(selector, |(_, class)| class);
            let is_simple = !name.is_empty() && !name.contains([' ', '>', ':', '#']);
            if is_simple && (selector.contains('.') || name == "td") && classes.len() < MOST_CLASSES
            {
                classes.insert(name.to_owned(), css.clone());
            }
        }
    }
    classes
}
