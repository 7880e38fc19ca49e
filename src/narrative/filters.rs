//! Filters of report templates, with Vietnamese names.

use std::error::Error as _;
use std::fmt;

use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, Value};

use super::figure::{self, ShownFigure};
use super::words::in_words;
use crate::model::value::{format_fixed, format_number, number_from_f64};
use crate::model::{Message, Number};
use crate::schema::evaluate::round;
use crate::schema::form::Rounding;

/// Names of the filters with what each does, for the guide and for "did you mean".
pub(super) const NAMES: [&str; 9] = [
    "so",
    "hai_chu_so",
    "phan_tram",
    "bang_chu",
    "ten_thuong",
    "viet_hoa_dau",
    "so_sanh",
    "so_sanh_so",
    "tang_giam",
];

/// Adds the filters.
pub(super) fn add(env: &mut Environment<'_>) {
    env.add_filter("so", so);
    env.add_filter("hai_chu_so", hai_chu_so);
    env.add_filter("phan_tram", phan_tram);
    env.add_filter("bang_chu", bang_chu);
    env.add_filter("ten_thuong", |name: String| common_noun(&name));
    env.add_filter("viet_hoa_dau", |text: String| capitalised(&text));
    env.add_filter("so_sanh", so_sanh);
    env.add_filter("so_sanh_so", so_sanh_so);
    env.add_filter("tang_giam", tang_giam);
    env.add_filter("danh_dau", danh_dau);
}

/// What a tag computes from figures, marked if one of them is provisional. The tool itself puts
/// this filter behind such tags, so it is not among [`NAMES`].
fn danh_dau(value: Value, figures: Rest<Value>) -> Value {
    let marks = figures.iter().filter_map(figure::of);
    let Some(mark) = marks
        .map(|figure| figure.mark())
        .find(|mark| !mark.is_empty())
    else {
        return value;
    };
    let text = super::figure::plain_number(&value).map_or_else(|| value.to_string(), format_number);
    match text.ends_with(mark) {
        true => value,
        false => Value::from(format!("{text}{mark}")),
    }
}

/// Why a filter refuses a value, carried through the engine as the source of its error.
#[derive(Debug)]
struct Refusal(Message);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.vi)
    }
}

impl std::error::Error for Refusal {}

fn refused(message: Message) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.vi.clone()).with_source(Refusal(message))
}

/// What a filter of ours said, if the error is one of them.
pub(super) fn refusal(error: &Error) -> Option<&Message> {
    let refusal = error.source()?.downcast_ref::<Refusal>()?;
    Some(&refusal.0)
}

/// What a filter works on: a number, and how to mark what becomes of it.
struct Subject {
    number: Option<Number>,
    decimals: Option<u32>,
    figure: Option<std::sync::Arc<ShownFigure>>,
}

impl Subject {
    fn of(value: &Value) -> Result<Subject, Error> {
        if let Some(figure) = figure::of(value) {
            if figure.number().is_none() && figure.figure.value.is_some() {
                let (id, text) = (&figure.figure.id, figure.figure.text());
                return Err(refused(Message::new(
                    format!("{id} là chữ («{text}»), không phải số"),
                    format!("{id} is a text (`{text}`), not a figure"),
                )));
            }
            return Ok(Subject {
                number: figure.number(),
                decimals: figure.figure.decimals,
                figure: Some(figure),
            });
        }
        let number = match i64::try_from(value.clone()) {
            Ok(whole) if value.is_integer() => Some(Number::from(whole)),
            _ => f64::try_from(value.clone()).ok().and_then(number_from_f64),
        };
        match number {
            Some(number) => Ok(Subject {
                number: Some(number),
                decimals: None,
                figure: None,
            }),
            None => Err(refused(Message::new(
                format!("«{value}» không phải số"),
                format!("`{value}` is no figure"),
            ))),
        }
    }

    /// The number as `shown` prints it, with the mark of a figure that is not final.
    fn print(&self, shown: impl FnOnce(Number) -> String) -> String {
        let text = self.number.map(shown).unwrap_or_default();
        match &self.figure {
            Some(figure) => figure.marked(&text),
            None => text,
        }
    }
}

/// `{{A01|so}}`: 3.259; `{{A39|so(1)}}`: 53,2.
fn so(value: &Value, decimals: Option<u32>) -> Result<String, Error> {
    let subject = Subject::of(value)?;
    let decimals = decimals.or(subject.decimals);
    Ok(subject.print(|number| match decimals {
        Some(decimals) => format_fixed(round(number, decimals, Rounding::HalfUp), decimals),
        None => format_number(number),
    }))
}

/// `{{A26|hai_chu_so}}`: 01, the custom for numbers from 1 to 9 in running text.
fn hai_chu_so(value: &Value) -> Result<String, Error> {
    Ok(Subject::of(value)?.print(two_digits))
}

fn two_digits(number: Number) -> String {
    let text = format_number(number);
    let small = number >= Number::ONE && number < Number::TEN && number.fract().is_zero();
    if small { format!("0{text}") } else { text }
}

/// `{{A39|phan_tram}}`: 53,22%, with the figure's decimals.
fn phan_tram(value: &Value, decimals: Option<u32>) -> Result<String, Error> {
    let subject = Subject::of(value)?;
    let decimals = decimals.or(subject.decimals);
    Ok(subject.print(|number| percent(number, decimals)))
}

fn percent(number: Number, decimals: Option<u32>) -> String {
    match decimals {
        Some(decimals) => format!(
            "{}%",
            format_fixed(round(number, decimals, Rounding::HalfUp), decimals)
        ),
        None => format!("{}%", format_number(number)),
    }
}

/// `{{B26|bang_chu("triệu đồng")}}`: bảy nghìn ba trăm triệu đồng.
fn bang_chu(value: &Value, unit: Option<String>) -> Result<String, Error> {
    let unit = unit.map_or(String::new(), |unit| format!(" {unit}"));
    Ok(Subject::of(value)?.print(|number| format!("{}{unit}", in_words(number))))
}

/// `{{"Phường Bình Minh"|ten_thuong}}`: phường Bình Minh. The common noun of a unit's name is lower
/// case unless a number follows (Nghị định 30/2020/NĐ-CP, Phụ lục II, mục II).
pub(super) fn common_noun(name: &str) -> String {
    let mut words = name.splitn(2, ' ');
    let (noun, rest) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let lower = noun.to_lowercase();
    let common = [
        "xã",
        "phường",
        "thị",
        "huyện",
        "quận",
        "thành",
        "tỉnh",
        "đặc",
    ];
    let numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    if common.contains(&lower.as_str()) && !numbered && !rest.is_empty() {
        format!("{lower} {rest}")
    } else {
        name.to_owned()
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A figure and what it was, both numbers.
struct Compared {
    figure: std::sync::Arc<figure::ShownFigure>,
    now: Number,
    before: Number,
}

/// The text where the archive has the previous period but not this figure.
const UNKNOWN_BEFORE: &str = "không có số kỳ trước";

/// A figure with that of the previous period; `None` if the archive has the period but not this
/// figure.
fn compared(value: &Value) -> Result<Option<Compared>, Error> {
    let figure = figure::of(value).ok_or_else(|| {
        refused(Message::new(
            "chỉ so sánh được số liệu khai ở [[figure]]",
            "only figures declared in [[figure]] can be compared",
        ))
    })?;
    let id = figure.figure.id.clone();
    let now = figure.number().ok_or_else(|| {
        refused(Message::new(
            format!("{id} chưa có số liệu kỳ này để so sánh"),
            format!("{id} has no figure of this period to compare"),
        ))
    })?;
    if figure.before.is_none() {
        return Err(refused(Message::new(
            format!(
                "{id} không có số liệu kỳ trước để so sánh; đặt câu trong {{% if {id}.co_ky_truoc %}}"
            ),
            format!(
                "{id} has no figure of the period before to compare; put the sentence in {{% if {id}.co_ky_truoc %}}"
            ),
        )));
    }
    let before = figure.previous();
    Ok(before.map(|before| Compared {
        figure,
        now,
        before,
    }))
}

fn difference(now: Number, before: Number) -> Result<Number, Error> {
    now.checked_sub(before)
        .ok_or_else(|| refused(Message::new("số quá lớn", "the figure is too large")))
}

/// `{{A01|tang_giam}}`: tăng, giảm or không đổi.
fn tang_giam(value: &Value) -> Result<String, Error> {
    let word = match compared(value)? {
        Some(Compared { now, before, .. }) => direction(now, before),
        None => UNKNOWN_BEFORE,
    };
    Ok(word.to_owned())
}

fn direction(now: Number, before: Number) -> &'static str {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => "tăng",
        std::cmp::Ordering::Less => "giảm",
        std::cmp::Ordering::Equal => "không đổi",
    }
}

/// `{{A01|so_sanh}}`: tăng 5,20% so với kỳ trước. From 0 there is no percentage: the number is said.
fn so_sanh(value: &Value) -> Result<String, Error> {
    let Some(compared) = compared(value)? else {
        return Ok(UNKNOWN_BEFORE.to_owned());
    };
    let change = difference(compared.now, compared.before)?.abs();
    let share = change
        .checked_mul(Number::ONE_HUNDRED)
        .and_then(|change| change.checked_div(compared.before.abs()));
    Ok(compared.told(match share {
        Some(share) => percent(share, Some(2)),
        None => compared.number(change),
    }))
}

/// `{{A01|so_sanh_so}}`: tăng 161 hồ sơ so với kỳ trước.
fn so_sanh_so(value: &Value) -> Result<String, Error> {
    let Some(compared) = compared(value)? else {
        return Ok(UNKNOWN_BEFORE.to_owned());
    };
    let change = difference(compared.now, compared.before)?.abs();
    Ok(compared.told(compared.number(change)))
}

impl Compared {
    /// The change in words: tăng `by` so với kỳ trước; without `by` if nothing has changed.
    fn told(&self, by: String) -> String {
        let way = direction(self.now, self.before);
        let change = match self.now == self.before {
            true => way.to_owned(),
            false => format!("{way} {by}"),
        };
        self.figure.compared(&format!("{change} so với kỳ trước"))
    }

    /// A number of the figure's unit of measure: 161 hồ sơ. Percentages differ by percentage points.
    fn number(&self, number: Number) -> String {
        let unit = self.figure.figure.unit.as_deref().map(str::trim);
        let unit = unit.map(|unit| match unit.strip_prefix(['%', '％']) {
            Some(_) => "điểm phần trăm",
            None if unit == "phần trăm" => "điểm phần trăm",
            None => unit,
        });
        let unit = unit.map_or(String::new(), |unit| format!(" {unit}"));
        format!("{}{unit}", format_number(number))
    }
}
