//! Figures that arrive as text. What a person reads without doubt is read; what two people could
//! read differently is a question.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Number;
use crate::schema::{Field, FieldType};
use crate::text::is_invisible;

/// What a text in a figure's cell turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum TextFigure {
    /// A figure that can be read one way only.
    Read(Number),
    /// It could be read in two ways; the more likely one is offered.
    Ambiguous(Number),
    /// No figure.
    NotANumber,
}

/// 3.259 or 3 259: every group behind the first has three digits.
static GROUPED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[1-9]\d{0,2}(?:\.\d{3})+$|^[1-9]\d{0,2}(?: \d{3})+$"));
/// 0.900 or 012.500: thousands with a 0 in front, or decimals.
static ZERO_LED: LazyLock<Regex> = LazyLock::new(|| regex(r"^0\d{0,2}(?:[. ]\d{3})+$"));
/// 0,900: only a decimal comma has a 0 alone in front.
static ZERO_COMMA: LazyLock<Regex> = LazyLock::new(|| regex(r"^0,\d+$"));
/// 3.259,5 or 3259,5: Vietnamese thousands, then a decimal comma.
static DECIMAL_COMMA: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(\d+|[1-9]\d{0,2}(?:[. ]\d{3})+),(\d+)$"));
/// 21.15: one dot that cannot separate thousands.
static DECIMAL_DOT: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\d+)\.(\d{1,2}|\d{4,})$"));
/// 3.259 with one dot before exactly three digits.
static DOT_OR_GROUP: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\d{1,3})\.(\d{3})$"));
/// 3,259 or 3,259,000: the English way, or a decimal comma.
static COMMA_GROUPED: LazyLock<Regex> = LazyLock::new(|| regex(r"^\d{1,3}(?:,\d{3})+$"));
/// 1,500.5 or 1,234,567.25: the English way, and no other.
static ENGLISH: LazyLock<Regex> = LazyLock::new(|| regex(r"^[1-9]\d{0,2}(?:,\d{3})+\.\d+$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
}

/// Reads a text in a cell of the given field. The field's type decides, never the text alone.
pub fn read(text: &str, field: &Field) -> TextFigure {
    // Of a change «+5» is as usual as «-5».
    let plus = text.trim_start().strip_prefix('+').map(str::trim_start);
    let plus = plus.filter(|rest| field.negative && rest.starts_with(|c: char| c.is_ascii_digit()));
    with_sign(plus.unwrap_or(text), |body| unsigned(body, field))
}

/// Reads a text of which nothing says how many decimals it may have: «1.234» is ambiguous, «0,125»
/// and «1.234.567» are not.
pub fn read_alone(text: &str) -> TextFigure {
    with_sign(text, |body| {
        if is_digits(body) {
            return parse(body);
        }
        match (amount(body, 1), amount(body, 3)) {
            (few, many) if few == many => few,
            (TextFigure::Read(figure) | TextFigure::Ambiguous(figure), _)
            | (_, TextFigure::Read(figure) | TextFigure::Ambiguous(figure)) => {
                TextFigure::Ambiguous(figure)
            }
            (TextFigure::NotANumber, TextFigure::NotANumber) => TextFigure::NotANumber,
        }
    })
}

fn with_sign(text: &str, unsigned: impl Fn(&str) -> TextFigure) -> TextFigure {
    let clean = tidy(text);
    let (negative, body) = match clean.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, clean.as_str()),
    };
    let signed = |figure: Number| if negative { -figure } else { figure };
    match unsigned(body) {
        TextFigure::Read(figure) => TextFigure::Read(signed(figure)),
        TextFigure::Ambiguous(figure) => TextFigure::Ambiguous(signed(figure)),
        TextFigure::NotANumber => TextFigure::NotANumber,
    }
}

fn is_digits(body: &str) -> bool {
    !body.is_empty() && body.chars().all(|c| c.is_ascii_digit())
}

fn unsigned(body: &str, field: &Field) -> TextFigure {
    if is_digits(body) {
        return parse(body);
    }
    match field.kind {
        FieldType::Percent => percent(body),
        FieldType::Amount | FieldType::Ratio if field.decimals > 0 => amount(body, field.decimals),
        // 0.900 of a measure without decimals may have been meant as less than 1 all the same.
        FieldType::Amount | FieldType::Ratio if ZERO_LED.is_match(body) => {
            ambiguous(&body.replace(['.', ' '], ""))
        }
        _ => count(body),
    }
}

/// A whole number: dots and spaces can only separate thousands, a comma says nothing for sure.
fn count(body: &str) -> TextFigure {
    if GROUPED.is_match(body) {
        return parse(&body.replace(['.', ' '], ""));
    }
    // Exports of forms whose format puts the dot write 0.393; no other reading is a count.
    if ZERO_LED.is_match(body) {
        return parse(&body.replace(['.', ' '], ""));
    }
    if COMMA_GROUPED.is_match(body) {
        return ambiguous(&body.replace(',', ""));
    }
    TextFigure::NotANumber
}

/// Money or a measure with declared decimals.
fn amount(body: &str, decimals: u32) -> TextFigure {
    let three_decimals_possible = decimals >= 3;
    if ZERO_COMMA.is_match(body) {
        return parse(&body.replace(',', "."));
    }
    if ZERO_LED.is_match(body) {
        return match body.starts_with("0.") && DOT_OR_GROUP.is_match(body) {
            true => ambiguous(body),
            false => ambiguous(&body.replace(['.', ' '], "")),
        };
    }
    if DOT_OR_GROUP.is_match(body) && three_decimals_possible {
        return ambiguous(&body.replace('.', ""));
    }
    if GROUPED.is_match(body) {
        return parse(&body.replace(['.', ' '], ""));
    }
    if COMMA_GROUPED.is_match(body) && !three_decimals_possible {
        return ambiguous(&body.replace(',', ""));
    }
    if let Some(parts) = DECIMAL_COMMA.captures(body) {
        return parse(&format!(
            "{}.{}",
            parts[1].replace(['.', ' '], ""),
            &parts[2]
        ));
    }
    if DECIMAL_DOT.is_match(body) {
        return parse(body);
    }
    if ENGLISH.is_match(body) {
        return ambiguous(&body.replace(',', ""));
    }
    TextFigure::NotANumber
}

/// A percentage: dot and comma are both decimal separators, a percent sign changes nothing.
fn percent(body: &str) -> TextFigure {
    let bare = body.trim_end_matches('%').trim_end();
    if bare.chars().all(|c| c.is_ascii_digit()) || DECIMAL_DOT.is_match(bare) {
        return parse(bare);
    }
    if DOT_OR_GROUP.is_match(bare) || DECIMAL_COMMA.is_match(bare) {
        return parse(&bare.replace(',', "."));
    }
    TextFigure::NotANumber
}

fn parse(digits: &str) -> TextFigure {
    figure(digits).map_or(TextFigure::NotANumber, TextFigure::Read)
}

fn ambiguous(digits: &str) -> TextFigure {
    figure(digits).map_or(TextFigure::NotANumber, TextFigure::Ambiguous)
}

/// Zeros at the end of decimals are none that anybody counts.
fn figure(digits: &str) -> Option<Number> {
    let figure: Number = digits.parse().ok()?;
    Some(figure.normalize())
}

/// Plain digits and separators: full-width digits, any kind of space, zero-width characters and the
/// apostrophe that marks text in Excel are people's and programs' noise.
fn tidy(text: &str) -> String {
    let plain = text.chars().filter_map(|c| match c {
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(c) - 0xFF10, 10),
        c if is_invisible(c) => None,
        '−' | '–' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    });
    plain
        .collect::<String>()
        .trim()
        .trim_start_matches('\'')
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Form;
    use TextFigure::{Ambiguous, NotANumber, Read};
    use rust_decimal::dec;

    fn field(kind: &str, decimals: u32) -> Field {
        let operands = match kind {
            "ratio" => "numerator = \"w\"\ndenominator = \"w\"\n",
            _ => "",
        };
        let text = format!(
            "id = \"a\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"free\"\n\
             [[column]]\nid = \"k\"\nlabel = \"K\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"v\"\nlabel = \"V\"\ntype = \"{kind}\"\ndecimals = {decimals}\n\
             {operands}[[column]]\nid = \"w\"\nlabel = \"W\"\ntype = \"count\"\n"
        );
        Form::parse("test", &text)
            .unwrap()
            .field(None, 1)
            .unwrap()
            .clone()
    }

    #[test]
    fn a_plus_sign_is_one_where_a_minus_sign_may_be() {
        let count = field("count", 0);
        let change = Field {
            negative: true,
            ..count.clone()
        };
        assert_eq!(read("+1.494", &change), Read(dec!(1494)));
        assert_eq!(read(" + 5", &change), Read(dec!(5)));
        assert_eq!(read("+-5", &change), NotANumber);
        assert_eq!(read("+5", &count), NotANumber);
    }

    #[test]
    fn counts_are_read_when_no_two_people_could_differ() {
        let count = field("count", 0);
        assert_eq!(read("3.259", &count), Read(dec!(3259)));
        assert_eq!(read("3\u{a0}259", &count), Read(dec!(3259)));
        assert_eq!(read("'02", &count), Read(dec!(2)));
        assert_eq!(read("1.494 ", &count), Read(dec!(1494)));
        assert_eq!(read("３２５９", &count), Read(dec!(3259)));
        assert_eq!(read("1.543.644", &count), Read(dec!(1543644)));
        assert_eq!(read("1,494", &count), Ambiguous(dec!(1494)));
        assert_eq!(read("21.15", &count), NotANumber);
        assert_eq!(read("0.900", &count), Read(dec!(900)));
        assert_eq!(read("012.500", &count), Read(dec!(12500)));
        assert_eq!(read("66 xã", &count), NotANumber);
        assert_eq!(read("3.25.9", &count), NotANumber);
    }

    #[test]
    fn a_figure_by_itself_is_read_when_its_decimals_are_plain() {
        assert_eq!(read_alone("0,125"), Read(dec!(0.125)));
        assert_eq!(read_alone("-120,5"), Read(dec!(-120.5)));
        assert_eq!(read_alone("12.50"), Read(dec!(12.5)));
        assert_eq!(read_alone("1.234.567"), Read(dec!(1234567)));
        assert_eq!(read_alone("1.234"), Ambiguous(dec!(1234)));
        assert_eq!(read_alone("1,234"), Ambiguous(dec!(1234)));
        assert_eq!(read_alone("0.125"), Ambiguous(dec!(0.125)));
        assert_eq!(read_alone("một trăm"), NotANumber);
    }

    #[test]
    fn percentages_take_either_decimal_separator() {
        let ratio = field("ratio", 1);
        assert_eq!(read("1.234,5", &ratio), Read(dec!(1234.5)), "as an amount");
        let percent = field("percent", 2);
        assert_eq!(read("53,22%", &percent), Read(dec!(53.22)));
        assert_eq!(read("53.22", &percent), Read(dec!(53.22)));
        assert_eq!(read("53,22 %", &percent), Read(dec!(53.22)));
    }

    #[test]
    fn amounts_ask_when_a_dot_could_be_either() {
        assert_eq!(read("2.000", &field("amount", 0)), Read(dec!(2000)));
        assert_eq!(read("0.900", &field("amount", 0)), Ambiguous(dec!(900)));
        assert_eq!(read("2.000", &field("amount", 3)), Ambiguous(dec!(2000)));
        assert_eq!(read("1.234,5", &field("amount", 1)), Read(dec!(1234.5)));
        assert_eq!(read("1,234", &field("amount", 1)), Ambiguous(dec!(1234)));
        assert_eq!(read("1,5", &field("amount", 1)), Read(dec!(1.5)));
        let english = read("1,234,500.5", &field("amount", 1));
        assert_eq!(english, Ambiguous(dec!(1234500.5)));
        assert_eq!(read("0,900", &field("amount", 1)), Read(dec!(0.9)));
        assert_eq!(read("0.900", &field("amount", 1)), Ambiguous(dec!(0.9)));
        assert_eq!(read("012.500", &field("amount", 1)), Ambiguous(dec!(12500)));
        assert_eq!(read("0.034.900,5", &field("amount", 1)), NotANumber);
    }
}
