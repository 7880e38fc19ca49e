//! Number formats such as `#,##0.0,` or `[<1000]0;0,"K"`: what a person sees of a figure (ECMA-376
//! part 1, 18.8.31).

use crate::text::fold;

/// One of the sections a format separates by semicolons, without its dates and colours.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FormatSection {
    /// The comparison in brackets that chooses it, and with what.
    condition: Option<(String, f64)>,
    /// How many thousands it leaves out of what is shown: 1 for `#,##0,`, 2 for `0.0,,`.
    pub hidden_thousands: u32,
    /// Does it show hundredths?
    pub percent: bool,
    /// Does it show digits of the figure?
    pub shows_figure: bool,
    /// How many decimals it shows; nothing where as many as there is room for (General), and in
    /// fractions, powers of ten and dates.
    pub decimals: Option<u32>,
    /// Letters shown beside the figure: a unit of measure, a currency; or in place of it.
    pub words: String,
    /// Does it show digits of its own, or a point or comma of its own that groups no thousands, where a
    /// person takes them for those of the figure?
    pub adds_digits: bool,
    /// Does a minus sign or do parentheses stand around the figure, as around one below 0?
    pub looks_negative: bool,
    /// Does it show a figure below 0 without the minus sign, and not in red or with words either?
    pub drops_minus: bool,
    /// Does it show a time that has elapsed: 78216:00 for 3259?
    pub elapsed: bool,
    /// Is it red, as figures below 0 often are?
    red: bool,
}

/// What a section says of figures above 0 and below 0, without diacritics.
const RISES: &str = "tang";
const FALLS: &str = "giam";

/// The section of a format in which a figure is shown.
pub fn section_of(format: &str, figure: f64) -> FormatSection {
    chosen(format, figure).1
}

/// The section of a format in which a figure is shown, in pieces and as a whole.
pub(super) fn chosen(format: &str, figure: f64) -> (Vec<Piece>, FormatSection) {
    let mut pieces = split(format);
    let sections: Vec<FormatSection> = pieces.iter().map(|text| section(text)).collect();
    let holds = |at: usize| {
        sections
            .get(at)
            .is_some_and(|section| section.holds(figure))
    };
    let conditions: Vec<bool> = sections
        .iter()
        .take(2)
        .map(|s| s.condition.is_some())
        .collect();
    let at = match conditions.as_slice() {
        [true, ..] | [_, true] if holds(0) => 0,
        [true, ..] | [_, true] if holds(1) => 1,
        [true, true] => 2,
        [true, false] | [false, true] => 1,
        _ if figure < 0.0 && sections.len() > 1 => 1,
        _ if figure == 0.0 && sections.len() > 2 => 2,
        _ => 0,
    };
    // Where Excel has no section it shows ####.
    let below_zero_only = match conditions.as_slice() {
        [false, false] => at == 1,
        [_, _] => sections
            .get(at)
            .is_some_and(FormatSection::is_for_negatives),
        _ => false,
    };
    // «▼» or «(giảm)» says so where figures above 0 have other words.
    let others = sections.get(usize::from(at == 0));
    let words = |section: &FormatSection| section.words.trim().to_owned();
    let other_words = others.map(words).unwrap_or_default();
    let mut chosen = sections.into_iter().nth(at).unwrap_or_default();
    let own_words = words(&chosen);
    let says = |words: &str, what: &str| fold(words).contains(what);
    let turned = |rises: &str, falls: &str| says(rises, RISES) && says(falls, FALLS);
    chosen.looks_negative |= turned(&other_words, &own_words);
    let says_so = chosen.looks_negative
        || chosen.red
        || !own_words.is_empty()
            && own_words != other_words
            && !own_words.contains('+')
            && !turned(&own_words, &other_words);
    chosen.drops_minus = figure < 0.0 && below_zero_only && !says_so;
    let pieces = pieces.get_mut(at).map(std::mem::take);
    (pieces.unwrap_or_default(), chosen)
}

impl FormatSection {
    /// Is it chosen for nothing but figures below 0? It has to show their sign itself.
    fn is_for_negatives(&self) -> bool {
        match &self.condition {
            Some((comparison, bound)) if comparison == "<" => *bound <= 0.0,
            Some((comparison, bound)) if comparison == "<=" => *bound < 0.0,
            _ => false,
        }
    }

    fn holds(&self, figure: f64) -> bool {
        let Some((comparison, bound)) = &self.condition else {
            return false;
        };
        match comparison.as_str() {
            "<" => figure < *bound,
            "<=" => figure <= *bound,
            ">" => figure > *bound,
            ">=" => figure >= *bound,
            "<>" => figure != *bound,
            _ => figure == *bound,
        }
    }
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// `0`, `#` or `?`.
    Digit(char),
    /// General, or a date's letter.
    Figure,
    Comma,
    Point,
    Percent,
    /// What is shown as it is.
    Literal(String),
    /// What is in brackets.
    Bracket(String),
}

/// The texts of the sections.
fn split(format: &str) -> Vec<Vec<Piece>> {
    let mut sections = vec![Vec::new()];
    let mut characters = format.chars().peekable();
    while let Some(c) = characters.next() {
        let piece = match c {
            ';' => {
                sections.push(Vec::new());
                continue;
            }
            '"' => {
                let literal = characters.by_ref().take_while(|c| *c != '"').collect();
                Piece::Literal(literal)
            }
            '[' => Piece::Bracket(characters.by_ref().take_while(|c| *c != ']').collect()),
            '\\' => Piece::Literal(characters.next().into_iter().collect()),
            // Room for a character, and a character that fills the cell.
            '_' | '*' => {
                characters.next();
                continue;
            }
            '0' | '#' | '?' => Piece::Digit(c),
            ',' => Piece::Comma,
            '.' => Piece::Point,
            '%' => Piece::Percent,
            // A fraction; the digits of its denominator are no digits of the figure.
            '/' => {
                while characters.next_if(|c| c.is_ascii_digit()).is_some() {}
                Piece::Figure
            }
            // The letters of dates, times, powers of ten and General show the figure in one way or
            // another.
            c if c.is_ascii_alphabetic() || c == '@' => Piece::Figure,
            c => Piece::Literal(c.to_string()),
        };
        if let Some(section) = sections.last_mut() {
            section.push(piece);
        }
    }
    sections
}

fn section(pieces: &[Piece]) -> FormatSection {
    let mut section = FormatSection::default();
    let (mut before, mut behind) = (String::new(), String::new());
    let mut commas = 0;
    // Digits behind the point so far, and behind a point or comma that is shown as it is.
    let mut decimals = None;
    let mut grouped = None;
    for piece in pieces {
        match piece {
            Piece::Digit(_) | Piece::Figure => {
                decimals = decimals.map(|count| count + u32::from(*piece != Piece::Figure));
                grouped = grouped.map(|count: u32| count + 1);
                // Between digits a literal is a separator unless it is made of digits.
                section.adds_digits |= section.shows_figure && has_digit(&behind);
                behind.clear();
                (section.shows_figure, commas) = (true, 0);
            }
            Piece::Comma if section.shows_figure => commas += 1,
            Piece::Point => {
                (section.hidden_thousands, commas) = (section.hidden_thousands + commas, 0);
                decimals = decimals.or(Some(0));
            }
            Piece::Percent => section.percent = true,
            Piece::Comma => {}
            Piece::Literal(text) => {
                section.words.push_str(text);
                if section.shows_figure && matches!(text.trim(), "." | ",") {
                    section.adds_digits |= grouped.is_some_and(|count| count != 3);
                    grouped = Some(0);
                }
                let side = if section.shows_figure {
                    &mut behind
                } else {
                    &mut before
                };
                side.push_str(text);
            }
            Piece::Bracket(text) => {
                // [h] is all the hours of a time.
                let elapsed = text
                    .chars()
                    .all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                section.elapsed |= elapsed && !text.is_empty();
                section.shows_figure |= section.elapsed;
                section.red |= is_red(text);
                section.condition = section.condition.take().or_else(|| condition(text));
                // [$₫-42A]: the sign of a currency, and the language.
                if let Some(currency) = text.strip_prefix('$') {
                    section
                        .words
                        .push_str(currency.split('-').next().unwrap_or_default());
                }
            }
        }
    }
    section.hidden_thousands += commas;
    section.adds_digits |= grouped.is_some_and(|count| !matches!(count, 0 | 3));
    let spelled_out = pieces.iter().any(|piece| matches!(piece, Piece::Digit(_)))
        && !pieces.contains(&Piece::Figure);
    section.decimals = spelled_out.then(|| decimals.unwrap_or(0));
    let separator = |c: char| c == '.' || c == ',' || c.is_whitespace();
    section.adds_digits |= behind
        .trim_start_matches(separator)
        .starts_with(|c: char| c.is_numeric())
        || before
            .trim_end_matches(separator)
            .ends_with(|c: char| c.is_numeric());
    section.looks_negative = looks_negative(before.trim(), behind.trim());
    section
}

/// Do the texts around a figure say that it is below 0?
fn looks_negative(before: &str, behind: &str) -> bool {
    let minus = ['-', '−', '–'];
    let bracket = before.starts_with('(') || before.ends_with('(');
    before.starts_with(minus)
        || before.ends_with(minus)
        || behind.chars().all(|c| minus.contains(&c)) && !behind.is_empty()
        || bracket && !before.contains(')') && behind.ends_with(')')
}

fn is_red(bracket: &str) -> bool {
    ["red", "color3"]
        .into_iter()
        .any(|red| bracket.eq_ignore_ascii_case(red))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// `>=1000` in the brackets of a section.
fn condition(text: &str) -> Option<(String, f64)> {
    let number = text.trim_start_matches(['<', '>', '=']);
    let comparison = &text[..text.len() - number.len()];
    let bound = number.trim().parse().ok()?;
    (!comparison.is_empty()).then(|| (comparison.to_owned(), bound))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hidden(format: &str, figure: f64) -> u32 {
        section_of(format, figure).hidden_thousands
    }

    #[test]
    fn hidden_thousands_are_those_of_the_section_that_shows_the_figure() {
        for (format, figure, thousands) in [
            ("#,##0", 5.0, 0),
            ("#,##0,", 5.0, 1),
            ("0.0,,", 5.0, 2),
            ("#,##0,\" nghìn\"", 5.0, 1),
            ("#,##0,;#,##0", 5.0, 1),
            ("#,##0,;#,##0", -5.0, 0),
            ("\"a,\"0", 5.0, 0),
            ("0\\,", 5.0, 0),
            ("[<1000]0.0;#,##0.0, \"nghìn\"", 5.0, 0),
            ("[<1000]0.0;#,##0.0, \"nghìn\"", 5000.0, 1),
            ("[>=1000000]0.0,,\"M\";[>=1000]0.0,\"K\";0", 34.9, 0),
            ("[>=1000000]0.0,,\"M\";[>=1000]0.0,\"K\";0", 34900.0, 1),
            ("[>=1000000]0.0,,\"M\";[>=1000]0.0,\"K\";0", 3e6, 2),
            ("[Red][>=1000]0,;0", 2000.0, 1),
        ] {
            assert_eq!(hidden(format, figure), thousands, "{format} {figure}");
        }
    }

    #[test]
    fn decimals_are_counted_where_digits_are_spelled_out() {
        for (format, decimals) in [
            ("0", Some(0)),
            ("#,##0.00", Some(2)),
            ("0.0#%", Some(2)),
            ("#\\.##0", Some(0)),
            ("0.0,", Some(1)),
            ("General", None),
            ("General\" đ\"", None),
            ("0.00E+00", None),
            ("# ?/?", None),
            ("dd/mm/yyyy", None),
            ("@", None),
        ] {
            assert_eq!(section_of(format, 5.0).decimals, decimals, "{format}");
        }
    }

    #[test]
    fn a_percent_sign_in_a_text_is_a_word() {
        assert!(section_of("0.00%", 1.0).percent);
        assert!(!section_of("0\" %\"", 1.0).percent);
        assert!(!section_of("0\\%", 1.0).percent);
    }

    #[test]
    fn what_hides_the_figure_or_adds_digits_to_it_is_known() {
        for (format, figure, shows, adds) in [
            (";;;", 5.0, false, false),
            ("0;;", -5.0, false, false),
            ("\"đã kiểm tra\"", 5.0, false, false),
            ("General", 5.0, true, false),
            ("General\" đ\"", 5.0, true, false),
            ("dd/mm/yyyy", 5.0, true, false),
            (
                "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-",
                5.0,
                true,
                false,
            ),
            ("0\"000\"", 5.0, true, true),
            ("#,##0\".000\"", 5.0, true, true),
            ("\"1\"0", 5.0, true, true),
            ("0\"0\"0", 5.0, true, true),
            ("0\".\"0", 5.0, true, true),
            ("#\\,00", 5.0, true, true),
            ("#\".\"###\".\"#0", 5.0, true, true),
            ("#\".\"##0", 5.0, true, false),
            ("#\\.###\\.##0", 5.0, true, false),
            ("0\\.", 5.0, true, false),
            ("0\" m2\"", 5.0, true, false),
            ("\"Q1: \"0", 5.0, true, false),
            ("0\"-\"000", 5.0, true, false),
            ("# ?/8", 5.0, true, false),
            ("# ??/16", 5.0, true, false),
            ("[h]", 5.0, true, false),
        ] {
            let section = section_of(format, figure);
            assert_eq!(
                (section.shows_figure, section.adds_digits),
                (shows, adds),
                "{format}"
            );
        }
        assert_eq!(section_of("#,##0\" đồng\"", 5.0).words, " đồng");
        assert_eq!(section_of("[$₫-42A]#,##0", 5.0).words, "₫");
    }

    #[test]
    fn a_sign_that_is_not_the_figure_s_is_known() {
        for (format, figure, negative, drops) in [
            ("(#,##0)", 5.0, true, false),
            ("\"(\"0.0\")\"", 5.0, true, false),
            ("-#,##0", 5.0, true, false),
            ("\"-\"0.0", 5.0, true, false),
            ("[<0]0.0;\"-\"0.0", 5.0, true, false),
            ("0\"-\"000", 5.0, false, false),
            ("\"(x) \"0", 5.0, false, false),
            ("General\" (x)\"", 5.0, false, false),
            ("0;(0)", 5.0, false, false),
            ("#,##0;#,##0", -5.0, false, true),
            ("[<0]0.0;0.0", -5.0, false, true),
            ("#,##0", -5.0, false, false),
            ("#,##0;-#,##0", -5.0, true, false),
            ("#,##0_);(#,##0)", -5.0, true, false),
            ("#,##0;[Red]#,##0", -5.0, false, false),
            ("\"▲\"0;\"▼\"0", -5.0, false, false),
            ("0;0\" (giảm)\"", -5.0, false, false),
            ("\"tăng \"0;\"giảm \"0", -5.0, true, false),
            ("\"tăng \"0;\"giảm \"0", 5.0, false, false),
            ("\"giảm \"0;\"tăng \"0", 5.0, true, false),
            ("\"giảm \"0;\"tăng \"0", -5.0, false, true),
            ("\"giảm \"0", 5.0, false, false),
            ("0\" đ\";0\" đ\"", -5.0, false, true),
            ("-0;+0", -5.0, false, true),
            ("[>=1000]0,;0", -5.0, false, false),
        ] {
            let section = section_of(format, figure);
            assert_eq!(
                (section.looks_negative, section.drops_minus),
                (negative, drops),
                "{format} {figure}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_text_is_a_format(format in "[0#?.,;%\"\\[\\]<>=a-zđ1-9_*]{0,40}", figure: f64) {
            section_of(&format, figure);
        }
    }
}
