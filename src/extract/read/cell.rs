//! One cell, read as its field requires: a value, a blank, or a finding.

use chrono::NaiveDate;

use super::number_text::{self, TextFigure};
use super::shares::BARE_SHARE;
use crate::model::value::message;
use crate::model::value::{LARGEST_EXACT, LARGEST_EXACT_F64, exact_f64, number_from_f64};
use crate::model::{Class, Message, Number, Severity, Value};
use crate::schema::field::MAX_DECIMALS;
use crate::schema::{Field, FieldType, Meaning};
use crate::text::{nearest, normalise};
use crate::workbook::{Cell, Content};

/// Id of the finding about a formula without a stored result.
pub const UNCOMPUTED: &str = "cong-thuc-chua-tinh";

/// The outcome of reading one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellReading {
    /// Blank, as the form allows.
    Blank,
    /// Blank, but the form requires a figure.
    Missing,
    /// A value.
    Value(Value),
    /// A value written in an unusual way (a figure as text): worth a note.
    Noted(Value),
    /// The content cannot be used as it is: a finding.
    Problem(Box<CellProblem>),
}

/// A cell that cannot be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct CellProblem {
    /// Id of the check.
    pub rule: &'static str,
    /// Sort of problem.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// The text of the cell.
    pub found: Option<Value>,
    /// What was probably meant, if there is a likely reading.
    pub suggestion: Option<Value>,
    /// What is wrong, and what to do.
    pub message: Message,
    /// The value that rules use all the same; `None` if the cell counts as unreadable.
    pub usable: Option<Value>,
}

/// Reads a cell; `None` is a cell that is not stored at all.
pub fn read(cell: Option<&Cell>, field: &Field) -> CellReading {
    let Some(cell) = cell else {
        return blank(field);
    };
    match &cell.content {
        Content::Number(double) => number(*double, cell, field),
        Content::Text(text) => read_text(text, field),
        Content::EmptyText => blank(field),
        Content::Bool(flag) if field.kind == FieldType::Flag => {
            CellReading::Value(Value::Flag(*flag))
        }
        Content::Bool(flag) => wrong_type(Value::Flag(*flag), field),
        Content::Date(moment) if field.kind == FieldType::Date => {
            CellReading::Value(Value::Date(moment.date()))
        }
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

fn formula_error(code: &str, field: &Field) -> CellReading {
    let none = match field.ratio {
        Some(_) => " Mẫu số bằng 0 thì để trống.",
        None => "",
    };
    problem(
        "o-loi-cong-thuc",
        Class::Parse,
        Some(Value::Text(code.to_owned())),
        None,
        Message::new(
            format!("Ô có công thức bị lỗi {code}. Hãy sửa công thức hoặc gõ số vào ô.{none}"),
            format!("The cell's formula gives {code}. Mend the formula or type the figure."),
        ),
    )
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
        return unholdable(Value::Text(double.to_string()));
    };
    // Checked on the double, because rounding it to 15 digits may bring it back below the bound.
    if field.kind.is_numeric() && double.abs() > LARGEST_EXACT_F64 {
        return unholdable(Value::Number(figure));
    }
    match field.kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            let hidden = cell
                .style
                .as_ref()
                .map_or(0, |style| style.hidden_thousands());
            if hidden > 0 && !figure.is_zero() {
                return shown_without_thousands(figure, hidden);
            }
            let shown_percent = cell.style.as_ref().is_some_and(|style| style.is_percent());
            match (field.kind, shown_percent) {
                (FieldType::Percent, true) => {
                    let shown = figure.checked_mul(Number::ONE_HUNDRED);
                    shown.map_or_else(
                        || unholdable(Value::Number(figure)),
                        |shown| figure_of(shown, true, field, false),
                    )
                }
                (_, true) if !figure.is_zero() => shown_as_percent(figure),
                _ => figure_of(figure, false, field, false),
            }
        }
        FieldType::Text | FieldType::Code => CellReading::Value(Value::Text(figure.to_string())),
        FieldType::Choice => choice(&figure.to_string(), field),
        FieldType::Flag | FieldType::Date => wrong_type(Value::Number(figure), field),
    }
}

/// A figure below zero. What a cell computes follows others, so no other figure is suggested
/// there: the mistake is in one of those.
fn below_zero(figure: Number, field: &Field) -> CellReading {
    let shown = Value::Number(figure);
    let (meant, message) = if field.computed {
        let message = message!(
        shown;
        "Số tính được là {shown}, nhỏ hơn 0; chỉ tiêu này không thể âm. Hãy xem lại các ô dùng để tính ra nó.",
        "The result, {shown}, is below zero; this indicator cannot be. Check the cells it is computed from."
        );
        (None, message)
    } else {
        let message = message!(
        shown;
        "Số {shown} nhỏ hơn 0, chỉ tiêu này không thể âm.",
        "{shown} is below zero; this indicator cannot be."
        );
        (Some(Value::Number(-figure)), message)
    };
    problem("so-am", Class::Type, Some(shown), meant, message)
}

/// Checks a figure against what its field can hold. `says_percent`: it was written with a percent
/// sign, so 0,5 means 0,5 % and not a half.
fn figure_of(figure: Number, says_percent: bool, field: &Field, from_text: bool) -> CellReading {
    if field.kind == FieldType::Percent && !says_percent && is_bare_share(figure) {
        return share_in_percent(figure);
    }
    // No spreadsheet holds more than this, whether it came as a number or as text.
    if figure.abs() > Number::from(LARGEST_EXACT) || exact_f64(figure).is_none() {
        return unholdable(Value::Number(figure));
    }
    if figure.is_sign_negative() && !figure.is_zero() && !field.negative {
        return below_zero(figure, field);
    }
    if field.kind == FieldType::Count && !figure.is_integer() {
        return fraction_in_count(figure);
    }
    if field.kind == FieldType::Amount && figure.scale() > field.decimals {
        return too_many_decimals(figure, field);
    }
    let value = Value::Number(figure);
    if from_text {
        CellReading::Noted(value)
    } else {
        CellReading::Value(value)
    }
}

/// 2.500.000 that the sheet shows as 2.500: which of the two was meant cannot be known.
fn shown_without_thousands(figure: Number, hidden: u32) -> CellReading {
    let stored = Value::Number(figure);
    let thousands =
        (0..hidden).try_fold(figure, |shown, _| shown.checked_div(Number::ONE_THOUSAND));
    let shown = thousands.map_or(Value::Number(figure), |shown| {
        Value::Number(shown.normalize())
    });
    let digits = hidden * 3;
    problem(
        "so-khong-ro",
        Class::Parse,
        Some(stored.clone()),
        Some(shown.clone()),
        message!(
            stored, shown;
            "Định dạng ô ẩn {digits} chữ số cuối nên ô hiện khoảng {shown}, số lưu trong ô là {stored}. Hãy đổi định dạng ô về số thường (#.##0) rồi ghi lại đúng số theo đơn vị tính của biểu.",
            "The cell's format hides {digits} digits: it shows about {shown} and stores {stored}. Set an ordinary number format and write the figure in the form's unit of measure."
        ),
    )
}

/// A 5 that the sheet shows as 500%: which of the two the unit meant cannot be known.
fn shown_as_percent(figure: Number) -> CellReading {
    let stored = Value::Number(figure);
    let shown = figure.checked_mul(Number::ONE_HUNDRED).map(Value::Number);
    let shown = shown.map_or(
        Message::new("", ""),
        |shown| message!(shown; " {shown}%", " {shown}%"),
    );
    problem(
        "so-khong-ro",
        Class::Parse,
        Some(stored.clone()),
        Some(stored.clone()),
        message!(
            shown, stored;
            "Ô định dạng phần trăm nên hiện{shown}, số lưu trong ô là {stored}; chỉ tiêu này không phải tỷ lệ phần trăm. Hãy đổi định dạng ô về số thường rồi xem lại số.",
            "The cell is formatted as a percentage: it shows{shown} and stores {stored}; this indicator is no percentage. Give the cell a plain number format, then check the figure."
        ),
    )
}

/// Is it a share such as 0,5322 where 53,22 is expected? 0 and 1 are no evidence.
fn is_bare_share(figure: Number) -> bool {
    figure > Number::ZERO && figure < Number::ONE
}

fn share_in_percent(figure: Number) -> CellReading {
    let meant = (figure * Number::ONE_HUNDRED).normalize();
    problem(
        BARE_SHARE,
        Class::Parse,
        Some(Value::Number(figure)),
        Some(Value::Number(meant)),
        message!(
            figure, meant;
            "Ô tỷ lệ ghi {figure}: là {figure}% hay {meant}%? Hãy ghi theo phần trăm, ví dụ {meant}.",
            "The percentage says {figure}: {figure}% or {meant}%? Write it per hundred, for example {meant}."
        ),
    )
}

/// 3.259 typed on a machine with English settings is the number three and a bit.
fn fraction_in_count(figure: Number) -> CellReading {
    let thousandfold = figure * Number::ONE_THOUSAND;
    let one_group = figure.abs() < Number::ONE_THOUSAND;
    let meant =
        (one_group && thousandfold.is_integer()).then(|| Value::Number(thousandfold.normalize()));
    let message = match &meant {
        Some(meant) => message!(
            figure, meant;
            "Ô ghi {figure}, không phải số nguyên. Chỉ tiêu này đếm số lượng nên phải là số nguyên. Nghi gõ nhầm dấu phân cách: có phải {meant} không? Hãy gõ liền các chữ số, không gõ dấu chấm.",
            "The cell says {figure}, which is not a whole number. This indicator is a count and must be one. A separator may have slipped: is it {meant}? Type the digits without separators."
        ),
        None => message!(
            figure;
            "Ô ghi {figure}, không phải số nguyên. Chỉ tiêu này đếm số lượng nên phải là số nguyên. Hãy kiểm tra lại.",
            "The cell says {figure}, which is not a whole number. This indicator is a count and must be one. Check the figure."
        ),
    };
    problem(
        "so-le-trong-o-dem",
        Class::Type,
        Some(Value::Number(figure)),
        meant,
        message,
    )
}

fn too_many_decimals(figure: Number, field: &Field) -> CellReading {
    let (scale, taken) = (figure.scale(), field.decimals);
    let holdable = scale <= MAX_DECIMALS;
    let value = Value::Number(figure);
    CellReading::Problem(Box::new(CellProblem {
        rule: "nhieu-chu-so-thap-phan",
        class: Class::Type,
        severity: if holdable {
            Severity::Warning
        } else {
            Severity::Error
        },
        found: Some(value.clone()),
        suggestion: None,
        message: message!(
            value;
            "Ô ghi {value}, có {scale} chữ số sau dấu phẩy; biểu chỉ lấy {taken}. Hãy kiểm tra đơn vị tính và số liệu.",
            "The cell says {value}, with {scale} decimals; the form takes {taken}. Check the unit of measure and the figure."
        ),
        usable: holdable.then_some(value),
    }))
}

fn unholdable(found: Value) -> CellReading {
    problem(
        "so-qua-lon",
        Class::Type,
        Some(found.clone()),
        None,
        message!(
        found;
        "Số {found} quá lớn hoặc không phải là số; Excel không giữ được đúng. Hãy kiểm tra đơn vị tính.",
        "{found} is beyond what a spreadsheet holds exactly. Check the unit of measure."
        ),
    )
}

fn read_text(text: &str, field: &Field) -> CellReading {
    let plain = normalise(text);
    // In a cell for words a mark is a word unless the form gives it a meaning.
    let is_mark = |meaning| field.kind != FieldType::Text || meaning != Meaning::Refused;
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
        FieldType::Flag => match plain.as_str() {
            "có" | "đạt" | "✓" | "✔" | "√" => CellReading::Noted(Value::Flag(true)),
            _ => wrong_type(Value::Text(tidy(text)), field),
        },
        FieldType::Date => date(text, field),
        FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio => {
            match number_text::read(text, field) {
                TextFigure::Read(figure) => {
                    figure_of(figure, text.contains(['%', '％']), field, true)
                }
                TextFigure::Ambiguous(likely) => ambiguous(text, likely),
                TextFigure::NotANumber => wrong_type(Value::Text(tidy(text)), field),
            }
        }
    }
}

fn ambiguous(text: &str, likely: Number) -> CellReading {
    let text = tidy(text);
    let likely = Value::Number(likely);
    problem(
        "so-khong-ro",
        Class::Parse,
        Some(Value::Text(text.clone())),
        Some(likely.clone()),
        message!(
        likely;
        "Ô ghi «{text}», không rõ dấu phẩy hay dấu chấm là phần nghìn hay phần lẻ. Có phải {likely} không? Hãy gõ liền các chữ số.",
        "`{text}` can be read in two ways. Is it {likely}? Type the digits without separators."
        ),
    )
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
        Some(Value::Text(tidy(text))),
        near.map(Value::Text),
        Message::new(
            format!(
                "Ô ghi «{}», không có trong các lựa chọn: {list}.",
                tidy(text)
            ),
            format!("The cell says `{}`, which is none of: {list}.", tidy(text)),
        ),
    )
}

fn date(text: &str, field: &Field) -> CellReading {
    let mut words = text.split_whitespace();
    let day = words.next().unwrap_or_default();
    // A time of day may follow the date, nothing else: of a text with two dates neither is taken.
    let is_time = |word: &str| {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, ':' | 'h' | 'g' | '.');
        matches!(word.to_lowercase().as_str(), "sa" | "ch" | "am" | "pm")
            || word.contains([':', 'h', 'g']) && word.chars().all(digits)
    };
    if !words.all(is_time) {
        return wrong_type(Value::Text(tidy(text)), field);
    }
    let mut parts = day.split(['/', '-', '.']);
    let (d, m, y) = (parts.next(), parts.next(), parts.next());
    let parsed = || {
        let year: i32 = y.filter(|y| y.len() == 4)?.parse().ok()?;
        NaiveDate::from_ymd_opt(year, m?.parse().ok()?, d?.parse().ok()?)
    };
    match parsed() {
        Some(date) if parts.next().is_none() => CellReading::Noted(Value::Date(date)),
        _ => wrong_type(Value::Text(tidy(text)), field),
    }
}

/// The value is of another sort than the field.
fn wrong_type(found: Value, field: &Field) -> CellReading {
    let (wanted, wanted_en) = match field.kind {
        FieldType::Count => ("một số nguyên, ví dụ 3259", "a whole number, such as 3259"),
        FieldType::Amount | FieldType::Ratio => ("một số", "a figure"),
        FieldType::Percent => (
            "một tỷ lệ phần trăm, ví dụ 53,22",
            "a percentage, such as 53.22",
        ),
        FieldType::Date => (
            "ngày/tháng/năm, ví dụ 08/9/2025",
            "a date as day/month/year, such as 08/9/2025",
        ),
        FieldType::Flag => ("đánh dấu «x» hoặc để trống", "the mark `x`, or nothing"),
        FieldType::Choice => ("một trong các lựa chọn", "one of the choices"),
        FieldType::Text | FieldType::Code => ("chữ", "text"),
    };
    let (none, none_en) = match (field.kind.is_numeric(), field.blank) {
        (true, Meaning::Nothing) if field.ratio.is_some() => (
            " Mẫu số bằng 0 thì để trống.",
            " Leave it blank where the denominator is 0.",
        ),
        (true, Meaning::Nothing) => (
            " Không có thì để trống.",
            " Leave it blank if there is none.",
        ),
        (true, _) => (
            " Nếu không phát sinh, hãy ghi 0.",
            " Write 0 if there is none.",
        ),
        (false, _) => ("", ""),
    };
    problem(
        "sai-kieu-du-lieu",
        Class::Type,
        Some(found.clone()),
        None,
        message!(
        found;
        "Ô ghi «{found}», ở đây cần {wanted}.{none}",
        "The cell says `{found}`; what is needed here is {wanted_en}.{none_en}"
        ),
    )
}

fn problem(
    rule: &'static str,
    class: Class,
    found: Option<Value>,
    suggestion: Option<Value>,
    message: Message,
) -> CellReading {
    CellReading::Problem(Box::new(CellProblem {
        rule,
        class,
        severity: Severity::Error,
        found,
        suggestion,
        message,
        usable: None,
    }))
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
