//! One cell, read as its field requires: a value, a blank, or a finding.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::dates;
use super::marks;
use super::number_text::{self, TextFigure};
use super::reading::{CellReading, problem};
use super::refusals::{
    HeldAs, ambiguous, below_zero, formula_error, fraction_in_count, no_figure, rounded_count,
    share_in_percent, too_many_decimals, unholdable, wrong_type,
};
use super::shown::doubt;
use crate::model::value::{
    LARGEST_EXACT, LARGEST_EXACT_F64, echoed, exact_f64, message, number_from_f64,
};
use crate::model::{Class, Message, Number, Value};
use crate::schema::field::MAX_DECIMALS;
use crate::schema::rule::exact::round;
use crate::schema::{Field, FieldType, Meaning};
use crate::text::{nearest, normalise};
use crate::workbook::{Cell, Content};

/// Id of the finding about a formula without a stored result.
pub const UNCOMPUTED: &str = "cong-thuc-chua-tinh";

/// Reads a cell; `None` is a cell that is not stored at all.
pub fn read(cell: Option<&Cell>, field: &Field) -> CellReading {
    let Some(cell) = cell else {
        return blank(field);
    };
    match &cell.content {
        Content::Number(double) => number(*double, cell, field),
        Content::Text(text) if field.kind == FieldType::Flag => marks::ticked(text, cell)
            .map_or_else(
                || read_text(text, field),
                |ticked| CellReading::Value(Value::Flag(ticked)),
            ),
        Content::Text(text) => read_text(text, field),
        Content::EmptyText => blank(field),
        Content::Bool(flag) if field.kind == FieldType::Flag => {
            CellReading::Value(Value::Flag(*flag))
        }
        Content::Bool(flag) => {
            let shown = if *flag { "TRUE" } else { "FALSE" };
            wrong_type(Value::Text(shown.to_owned()), field)
        }
        Content::Date(moment) if field.kind == FieldType::Date => day(moment.date()),
        // What is typed as 3/9 becomes a date; where words are asked it is as good as any.
        Content::Date(moment) if field.kind == FieldType::Text => match in_words(cell, *moment) {
            Some(words) => CellReading::Value(Value::Text(words)),
            None => wrong_type(Value::Date(moment.date()), field),
        },
        Content::Date(moment) => wrong_type(Value::Date(moment.date()), field),
        Content::Error(code) => formula_error(code, field),
        Content::Uncached => problem(
            UNCOMPUTED,
            Class::Parse,
            None,
            None,
            Message::new(
                "Ô có công thức nhưng chưa có kết quả. Hãy mở tệp bằng Excel, bấm F9 rồi lưu lại.",
                "The cell's formula has no stored result. Open the file in Excel, press F9, save.",
            ),
        ),
    }
}

/// A moment as a person sees it, or all of it where the names of months and days depend on the
/// machine.
fn in_words(cell: &Cell, moment: NaiveDateTime) -> Option<String> {
    let time = match moment.time() {
        NaiveTime::MIN => String::new(),
        time => time.format(" %H:%M").to_string(),
    };
    let whole = || format!("{}{time}", Value::Date(moment.date()));
    let seen = cell.seen();
    seen.or_else(|| (moment.year() >= 1900).then(whole))
}

/// Excel counts days from 01/01/1900; before it lies the 0 of a formula that points to a blank cell.
/// A year typed alone, up to 2100, is a day before October 1905.
fn day(date: NaiveDate) -> CellReading {
    match date.year() {
        1900.. if (date.year(), date.month()) >= (1905, 10) => {
            CellReading::Value(Value::Date(date))
        }
        1900.. => {
            let shown = Value::Date(date);
            problem(
                "sai-kieu-du-lieu",
                Class::Type,
                Some(shown.clone()),
                None,
                message!(
                    shown;
                    "Ô ngày hiện {shown}: chắc là chỉ gõ năm hoặc gõ một con số. Hãy gõ đủ ngày/tháng/năm, ví dụ 08/9/2025.",
                    "The date cell shows {shown}: a year alone or a figure was typed, it seems. Type the whole date as day/month/year, such as 08/9/2025."
                ),
            )
        }
        _ => problem(
            "sai-kieu-du-lieu",
            Class::Type,
            None,
            None,
            Message::new(
                "Ô ngày chứa số 0 (Excel hiện 00/01/1900), thường do công thức trỏ tới ô trống. Hãy gõ ngày/tháng/năm, ví dụ 08/9/2025, hoặc xóa ô nếu chưa có ngày.",
                "The date cell holds 0 (shown as 00/01/1900), mostly because a formula points to a blank cell. Type the date as day/month/year, such as 08/9/2025, or clear the cell.",
            ),
        ),
    }
}

fn blank(field: &Field) -> CellReading {
    meaning(field.blank, None, field)
}

/// What a blank or a mark means in this field.
fn meaning(meaning: Meaning, mark: Option<&str>, field: &Field) -> CellReading {
    match meaning {
        Meaning::Missing => CellReading::Missing,
        Meaning::Nothing => CellReading::Blank,
        Meaning::Zero => CellReading::Value(Value::Number(Number::ZERO)),
        Meaning::Yes => CellReading::Value(Value::Flag(true)),
        Meaning::No => CellReading::Value(Value::Flag(false)),
        Meaning::Refused => wrong_type(Value::Text(mark.unwrap_or_default().to_owned()), field),
    }
}

fn number(double: f64, cell: &Cell, field: &Field) -> CellReading {
    let Some(figure) = number_from_f64(double) else {
        return no_figure(double);
    };
    // Checked on the double, because rounding it to 15 digits may bring it back below the bound.
    if field.kind.is_numeric() && double.abs() > LARGEST_EXACT_F64 {
        return unholdable(Value::Number(figure));
    }
    let source = match cell.formula {
        Some(_) => HeldAs::Formula,
        None => HeldAs::Number,
    };
    // What a formula gives is read as the form says that it is rounded.
    let figure = match source == HeldAs::Formula && field.kind == FieldType::Amount && field.rounded
    {
        true => round(figure, field.decimals, field.rounding),
        false => figure,
    };
    match field.kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            let look = cell.style.as_ref().map(|style| style.shown(double));
            if let Some(doubt) = look.as_ref().and_then(|look| doubt(figure, look, field)) {
                return problem(
                    "so-khong-ro",
                    Class::Parse,
                    Some(Value::Number(figure)),
                    doubt.meant.map(Value::Number),
                    doubt.message,
                );
            }
            if let Some(reading) = look
                .as_ref()
                .and_then(|look| rounded_count(figure, look, field))
            {
                return reading;
            }
            match (field.kind, look.is_some_and(|look| look.percent)) {
                (FieldType::Percent, true) => {
                    let shown = figure.checked_mul(Number::ONE_HUNDRED);
                    shown.map_or_else(
                        || unholdable(Value::Number(figure)),
                        |shown| figure_of(shown, true, field, source),
                    )
                }
                _ => figure_of(figure, false, field, source),
            }
        }
        FieldType::Text => {
            let seen = cell.seen().unwrap_or_else(|| figure.to_string());
            CellReading::Value(Value::Text(seen))
        }
        FieldType::Code => CellReading::Value(Value::Text(digits(figure, cell))),
        FieldType::Choice => choice(&digits(figure, cell), field),
        FieldType::Flag | FieldType::Date => wrong_type(Value::Number(figure), field),
    }
}

/// The digits of a number where words or a code are asked, with the zeros before it that a format
/// such as `00000` shows.
fn digits(figure: Number, cell: &Cell) -> String {
    let plain = figure.to_string();
    let format = cell.style.as_ref().and_then(|s| s.number_format.as_deref());
    let zeros = format.filter(|format| format.bytes().all(|byte| byte == b'0'));
    match zeros {
        Some(zeros) if figure.is_integer() && !figure.is_sign_negative() => {
            format!("{plain:0>width$}", width = zeros.len())
        }
        _ => plain,
    }
}

/// Checks a figure against what its field can hold. `says_percent`: it was written with a percent
/// sign, so 0,5 means 0,5 % and not a half.
fn figure_of(figure: Number, says_percent: bool, field: &Field, source: HeldAs) -> CellReading {
    if field.kind == FieldType::Percent && !says_percent && is_bare_share(figure) {
        return share_in_percent(figure);
    }
    // No spreadsheet holds more than this, whether it came as a number or as text.
    if figure.abs() > Number::from(LARGEST_EXACT) || exact_f64(figure).is_none() {
        return unholdable(Value::Number(figure));
    }
    if figure.is_sign_negative() && !figure.is_zero() && !field.negative {
        return below_zero(figure, field, source);
    }
    if field.kind == FieldType::Count && !figure.is_integer() {
        return fraction_in_count(figure);
    }
    let decimals = match field.any_decimals {
        true => MAX_DECIMALS,
        false => field.decimals,
    };
    if field.kind == FieldType::Amount && figure.scale() > decimals {
        return too_many_decimals(figure, field);
    }
    let value = Value::Number(figure);
    if source == HeldAs::Text {
        CellReading::Noted(value)
    } else {
        CellReading::Value(value)
    }
}

/// Is it a share such as 0,5322 where 53,22 is expected? 0 and 1 are no evidence.
fn is_bare_share(figure: Number) -> bool {
    figure > Number::ZERO && figure < Number::ONE
}

fn read_text(text: &str, field: &Field) -> CellReading {
    let plain = normalise(text);
    // In a cell for words a mark is a word unless the form gives it a meaning.
    let words = matches!(field.kind, FieldType::Text | FieldType::Choice);
    let offered = field.choices.iter().any(|one| normalise(one) == plain);
    let is_mark = |meaning| !(offered || words && meaning == Meaning::Refused);
    match plain.as_str() {
        "" => return blank(field),
        "-" | "--" | "---" if is_mark(field.dash) => {
            return meaning(field.dash, Some(text), field);
        }
        "không" if is_mark(field.khong) => {
            return meaning(field.khong, Some(text), field);
        }
        "x" if is_mark(field.x) => return meaning(field.x, Some(text), field),
        _ => {}
    }
    match field.kind {
        FieldType::Text | FieldType::Code => CellReading::Value(Value::Text(tidy(text))),
        FieldType::Choice => choice(text, field),
        FieldType::Flag => wrong_type(Value::Text(echoed(text)), field),
        FieldType::Date => date(text, field),
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            match number_text::read(text, field) {
                TextFigure::Read(figure) => {
                    figure_of(figure, text.contains(['%', '％']), field, HeldAs::Text)
                }
                TextFigure::Ambiguous(likely) => ambiguous(text, likely),
                TextFigure::NotANumber => marks::below_zero_in_words(text, field)
                    .unwrap_or_else(|| wrong_type(Value::Text(echoed(text)), field)),
            }
        }
    }
}

fn choice(text: &str, field: &Field) -> CellReading {
    let wanted = normalise(text);
    if let Some(known) = field
        .choices
        .iter()
        .find(|known| normalise(known) == wanted)
    {
        return CellReading::Value(Value::Text(known.clone()));
    }
    let near = nearest(&wanted, field.choices.iter().map(String::as_str)).map(str::to_owned);
    let list = field.choices.join("; ");
    problem(
        "ngoai-danh-muc",
        Class::Type,
        Some(Value::Text(echoed(text))),
        near.map(Value::Text),
        Message::new(
            format!(
                "Ô ghi «{}», không có trong các lựa chọn: {list}.",
                echoed(text)
            ),
            format!(
                "The cell says `{}`, which is none of: {list}.",
                echoed(text)
            ),
        ),
    )
}

fn date(text: &str, field: &Field) -> CellReading {
    if let Some(date) = dates::in_words(text) {
        return CellReading::Value(Value::Date(date));
    }
    let mut words = text.split(|c: char| c.is_whitespace() || c == 'T');
    let day = words.next().unwrap_or_default();
    // A time of day may follow the date, nothing else: of a text with two dates neither is taken.
    let is_time = |word: &str| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, ':' | 'h' | 'g' | '.');
        matches!(word.to_lowercase().as_str(), "sa" | "ch" | "am" | "pm")
            || word.contains([':', 'h', 'g']) && word.chars().all(digits)
    };
    if !words.filter(|word| !word.is_empty()).all(is_time) {
        return wrong_type(Value::Text(echoed(text)), field);
    }
    let mut parts = day.split(['/', '-', '.']);
    let (d, m, y) = (parts.next(), parts.next(), parts.next());
    // 2025-03-05, as LibreOffice and programs export a day.
    let (d, y) = match d.is_some_and(|d| d.len() == 4) {
        true => (y, d),
        false => (d, y),
    };
    let parsed = || {
        let year: i32 = y.filter(|y| y.len() == 4)?.parse().ok()?;
        NaiveDate::from_ymd_opt(year, m?.parse().ok()?, d?.parse().ok()?)
    };
    match parsed() {
        Some(date) if parts.next().is_none() => CellReading::Value(Value::Date(date)),
        _ => wrong_type(Value::Text(echoed(text)), field),
    }
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Form;
    use crate::workbook::CellStyle;

    /// Fields of a form: a count, a count that the template computes, a box to tick.
    fn form() -> Form {
        let text = "id = \"f\"\nversion = \"1\"\ntitle = \"F\"\nsheet = \"F\"\n[layout]\nrows = \"free\"\n\
            [defaults]\ntype = \"count\"\nblank = \"missing\"\ndash = \"zero\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\ndash = \"refused\"\n\
            [[column]]\nid = \"a\"\nlabel = \"A\"\n\
            [[column]]\nid = \"b\"\nlabel = \"B\"\ncomputed = true\n\
            [[column]]\nid = \"c\"\nlabel = \"C\"\ntype = \"flag\"\n\
            [[rule]]\nid = \"r\"\ncheck = \"b = 2 * a\"\n";
        Form::parse("f.toml", text).unwrap()
    }

    fn reading(column: usize, content: Content, formula: Option<&str>) -> CellReading {
        let cell = Cell {
            content,
            formula: formula.map(Into::into),
            style: None,
        };
        read(Some(&cell), form().field(None, column).unwrap())
    }

    fn said(column: usize, content: Content, formula: Option<&str>) -> String {
        match reading(column, content, formula) {
            CellReading::Problem(problem) => problem.message.vi,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_defaults_say_of_figures_turns_no_word_into_zero() {
        let text = "id = \"f\"\nversion = \"1\"\ntitle = \"F\"\nsheet = \"F\"\n[layout]\nrows = \"free\"\n\
            [defaults]\ntype = \"count\"\nkhong = \"zero\"\ndash = \"zero\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"a\"\nlabel = \"A\"\n\
            [[column]]\nid = \"c\"\nlabel = \"C\"\ntype = \"choice\"\nchoices = [\"Có\", \"Không\"]\n";
        let form = Form::parse("f.toml", text).unwrap();
        let reading = |column, text| read_text(text, form.field(None, column).unwrap());
        let word = |text: &str| CellReading::Value(Value::Text(text.to_owned()));
        assert_eq!(reading(0, "không"), word("không"));
        assert_eq!(reading(0, "-"), CellReading::Blank);
        assert_eq!(reading(2, "không"), word("Không"));
        let zero = CellReading::Value(Value::Number(Number::ZERO));
        assert_eq!(reading(1, "không"), zero);
    }

    #[test]
    fn a_box_that_is_not_ticked_says_no() {
        let form = form();
        let flag = form.field(None, 3).unwrap();
        assert_eq!(read(None, flag), CellReading::Blank);
        let dash = reading(3, Content::Text("-".into()), None);
        assert_eq!(dash, CellReading::Value(Value::Flag(false)));
        assert_eq!(
            read(None, form.field(None, 1).unwrap()),
            CellReading::Missing
        );
    }

    #[test]
    fn messages_say_what_is_in_the_cell() {
        let typed = said(2, Content::Number(-5.0), None);
        assert!(typed.starts_with("Số -5 gõ vào ô này nhỏ hơn 0"), "{typed}");
        let computed = said(2, Content::Number(-5.0), Some("2*B3"));
        assert!(computed.starts_with("Số tính được là -5"), "{computed}");
        let truth = said(1, Content::Bool(true), None);
        assert!(
            truth.starts_with("Ô ghi «TRUE», ở đây cần một số nguyên"),
            "{truth}"
        );
        let none = said(1, Content::Error("".into()), None);
        assert!(
            none.starts_with("Tệp ghi ô này là số nhưng không ghi số nào"),
            "{none}"
        );
        for double in [f64::INFINITY, f64::NAN] {
            let none = said(1, Content::Number(double), None);
            assert!(!none.contains("inf") && !none.contains("NaN"), "{none}");
        }
        let long = said(1, Content::Text("7x".repeat(15_000).into()), None);
        assert!(long.chars().count() < 300, "{long}");
    }

    #[test]
    fn words_and_codes_are_read_as_their_format_shows_them() {
        let shown = |format: &str| {
            let style = CellStyle {
                number_format: Some(format.into()),
                ..CellStyle::default()
            };
            let cell = Cell {
                content: Content::Number(123.0),
                formula: None,
                style: Some(style.into()),
            };
            read(Some(&cell), form().field(None, 0).unwrap())
        };
        let text = |text: &str| CellReading::Value(Value::Text(text.into()));
        assert_eq!(shown("00000"), text("00123"));
        assert_eq!(shown("0"), text("123"));
        let day = NaiveDate::from_ymd_opt(2025, 9, 3).unwrap();
        let day = Content::Date(day.and_hms_opt(0, 0, 0).unwrap());
        assert_eq!(reading(0, day.clone(), None), text("03/09/2025"));
        let figure = said(1, day, None);
        assert!(figure.contains("Định dạng ô"), "{figure}");
    }

    #[test]
    fn invisible_letters_are_passed_over() {
        let figure = reading(1, Content::Text("\u{2060}2028\u{200E}".into()), None);
        assert_eq!(figure, CellReading::Noted(Value::Number(2028.into())));
    }
}
