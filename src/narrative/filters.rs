//! Filters of report templates, named as the office speaks.

use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, Value};

use super::figure::{self, Shown};
use super::words::in_words;
use crate::model::Number;
use crate::model::value::{format_fixed, format_number, number_from_f64};
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

fn refused(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.into())
}

/// What a filter works on: a number, and how to mark what becomes of it.
struct Subject {
    number: Option<Number>,
    decimals: Option<u32>,
    figure: Option<std::sync::Arc<Shown>>,
}

impl Subject {
    fn of(value: &Value) -> Result<Subject, Error> {
        if let Some(figure) = figure::of(value) {
            if figure.number().is_none() && figure.figure.value.is_some() {
                return Err(refused(format!(
                    "{} là chữ («{}»), không phải số",
                    figure.figure.id,
                    figure.figure.text()
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
            None => Err(refused(format!("«{value}» không phải số"))),
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
fn compared(value: &Value) -> Result<(std::sync::Arc<Shown>, Number, Number), Error> {
    let figure =
        figure::of(value).ok_or_else(|| refused("chỉ so sánh được số liệu khai ở [[figure]]"))?;
    let id = figure.figure.id.clone();
    let now = figure
        .number()
        .ok_or_else(|| refused(format!("{id} chưa có số liệu kỳ này để so sánh")))?;
    let before = figure.previous.ok_or_else(|| {
        refused(format!(
            "{id} không có số liệu kỳ trước để so sánh; đặt câu trong {{% if {id}.co_ky_truoc %}}"
        ))
    })?;
    Ok((figure, now, before))
}

fn difference(now: Number, before: Number) -> Result<Number, Error> {
    now.checked_sub(before).ok_or_else(|| refused("số quá lớn"))
}

/// `{{A01|tang_giam}}`: tăng, giảm or không đổi.
fn tang_giam(value: &Value) -> Result<String, Error> {
    let (_, now, before) = compared(value)?;
    Ok(direction(now, before).to_owned())
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
    let (figure, now, before) = compared(value)?;
    if now == before {
        return Ok(figure.marked("không đổi so với kỳ trước"));
    }
    let change = difference(now, before)?.abs();
    let Some(share) = change
        .checked_mul(Number::ONE_HUNDRED)
        .and_then(|change| change.checked_div(before.abs()))
    else {
        return so_sanh_so(value);
    };
    let share = percent(share, Some(2));
    Ok(figure.marked(&format!(
        "{} {share} so với kỳ trước",
        direction(now, before)
    )))
}

/// `{{A01|so_sanh_so}}`: tăng 161 hồ sơ so với kỳ trước.
fn so_sanh_so(value: &Value) -> Result<String, Error> {
    let (figure, now, before) = compared(value)?;
    if now == before {
        return Ok(figure.marked("không đổi so với kỳ trước"));
    }
    let change = format_number(difference(now, before)?.abs());
    let unit = figure.figure.unit.as_deref();
    let unit = unit.map_or(String::new(), |unit| format!(" {unit}"));
    let way = direction(now, before);
    Ok(figure.marked(&format!("{way} {change}{unit} so với kỳ trước")))
}
