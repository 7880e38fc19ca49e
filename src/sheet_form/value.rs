//! What is written in a cell, as the form language writes it.

use chrono::{Datelike, NaiveDate};

use super::cells::{Entry, Shape};
use super::formula::computed;
use super::lines::short;
use super::text::{list, quoted};
use super::words::{FIELDS, FLAGS, Key, Kind, RULES, Word};
use crate::extract::{TextFigure, figure_alone, printed_period};
use crate::model::{Message, Period};
use crate::text::{fold, nearest};

/// The literal of a key's value; `None` where the key's value is no plain literal.
///
/// # Errors
/// The cell holds what the key does not take.
pub(super) fn literal(key: &Key, entry: &Entry) -> Result<Option<String>, Message> {
    let written = of_kind(key, entry);
    match (entry.known(), written) {
        (_, Ok(None)) => Ok(None),
        (Err(unknown), _) => Err(unknown),
        (Ok(()), written) => written.map_err(|why| computed(why, entry.formula.as_deref())),
    }
}

fn of_kind(key: &Key, entry: &Entry) -> Result<Option<String>, Message> {
    Ok(Some(match key.kind {
        Kind::Text => quoted(&worded(key, entry)?),
        Kind::Texts => list(&texts(&words(entry)?)),
        Kind::Label => label(&words(entry)?),
        Kind::Whole => whole(key, entry)?,
        Kind::Flag => choice(key, FLAGS, entry)?.value.to_owned(),
        Kind::Word(words) => quoted(choice(key, words, entry)?.value),
        Kind::Id => quoted(words(entry)?.trim()),
        Kind::Rules | Kind::Codes => list(&codes(&words(entry)?)),
        Kind::Period => quoted(&period(entry)?.to_string()),
        Kind::Day => quoted(&day(entry)?.to_string()),
        Kind::Figure => figure(key, entry)?,
        Kind::Columns | Kind::Expression | Kind::Other | Kind::Aside | Kind::Own => {
            return Ok(None);
        }
    }))
}

/// Words, as they are typed.
///
/// # Errors
/// Excel has made a day of them, or they are a formula whose value is not known.
pub(super) fn words(entry: &Entry) -> Result<String, Message> {
    entry.known()?;
    match entry.shape {
        Shape::Day(_) => Err(Message::new(
            format!(
                "Excel đã đổi nội dung ô này thành ngày ({}); đặt định dạng ô là chữ rồi gõ lại",
                entry.text
            ),
            format!(
                "Excel has made a day ({}) of this; format the cell as text and type it again",
                entry.text
            ),
        )),
        _ => Ok(entry.text.clone()),
    }
}

/// Is it yes or no, and no words to be printed?
pub(super) fn is_answer(text: &str) -> bool {
    ["có", "không"].contains(&&*text.trim().to_lowercase())
}

/// Words that are printed or shown: no yes or no.
fn worded(key: &Key, entry: &Entry) -> Result<String, Message> {
    let text = words(entry)?;
    if !is_answer(&text) && !matches!(entry.shape, Shape::Flag(_)) {
        return Ok(text);
    }
    let (heading, help) = (key.heading, key.help);
    let (vi, en) = match help {
        "" => (String::new(), String::new()),
        help => (format!(": {help}"), format!(": {help}")),
    };
    let text = text.trim();
    Err(Message::new(
        format!("«{heading}» phải là chữ, không phải có hay không như «{text}»{vi}"),
        format!("«{heading}» takes words, not yes or no as «{text}»{en}"),
    ))
}

/// Several texts: one a line, or parted by semicolons on one line.
pub(super) fn texts(text: &str) -> Vec<String> {
    let text = text.trim();
    let parts: Vec<&str> = match text.contains('\n') {
        true => text.lines().collect(),
        false => text.split(';').collect(),
    };
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// Ids or codes: one a line, or parted by commas or semicolons.
pub(super) fn codes(text: &str) -> Vec<String> {
    let parts = text
        .split([',', ';', '\n'])
        .map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// A header with what spans it before it.
pub(super) fn label(text: &str) -> String {
    match text.contains('›') {
        true => {
            let parts = text.split('›').map(|part| part.trim().to_owned());
            list(&parts.collect::<Vec<_>>())
        }
        false => quoted(text),
    }
}

fn whole(key: &Key, entry: &Entry) -> Result<String, Message> {
    let number = match entry.shape {
        Shape::Number(number) if number.fract() == 0.0 && number >= 0.0 => {
            entry.text.parse::<u32>().ok()
        }
        Shape::Words => entry.trimmed().parse::<u32>().ok(),
        _ => None,
    };
    number.map(|number| number.to_string()).ok_or_else(|| {
        let belongs = elsewhere(key, entry);
        Message::new(
            format!(
                "«{}» phải là số nguyên không âm, không phải «{}»{}",
                key.heading,
                short(entry.trimmed()),
                belongs.vi
            ),
            format!(
                "«{}» must be a whole number that is not below zero, not «{}»{}",
                key.heading,
                short(entry.trimmed()),
                belongs.en
            ),
        )
    })
}

/// One of a few words.
///
/// # Errors
/// It is none of them; the nearest is named, and the column it belongs to if it is another's.
pub(super) fn choice(
    key: &Key,
    words: &'static [Word],
    entry: &Entry,
) -> Result<&'static Word, Message> {
    entry.known()?;
    if let Some(word) = meant(words, &entry.text) {
        return Ok(word);
    }
    let says: Vec<String> = words
        .iter()
        .map(|word| format!("«{}»", word.says))
        .collect();
    let says = says.join(", ");
    let near = nearest(entry.trimmed(), words.iter().map(|word| word.says));
    let hint = match near {
        Some(near) => Message::new(
            format!("; có phải «{near}»?"),
            format!("; did you mean «{near}»?"),
        ),
        None => elsewhere(key, entry),
    };
    let text = short(entry.trimmed());
    Err(Message::new(
        format!(
            "«{}» không thể là «{text}»{} (dùng được: {says})",
            key.heading, hint.vi
        ),
        format!(
            "«{}» cannot be «{text}»{} (write one of {says})",
            key.heading, hint.en
        ),
    ))
}

/// The choice that a word is most like.
pub(super) fn near(words: &'static [Word], entry: &Entry) -> Option<&'static Word> {
    let near = nearest(entry.trimmed(), words.iter().map(|word| word.says))?;
    words.iter().find(|word| word.says == near)
}

/// The choice a text is.
pub(super) fn meant(words: &'static [Word], text: &str) -> Option<&'static Word> {
    let text = fold(text);
    let says = words.iter().find(|word| fold(word.says) == text);
    says.or_else(|| {
        words
            .iter()
            .find(|word| word.value == text || word.also.contains(&&*text))
    })
}

/// The column a text is a choice of, if it stands in the wrong one.
fn elsewhere(key: &Key, entry: &Entry) -> Message {
    let text = fold(&entry.text);
    let others = FIELDS
        .iter()
        .chain(RULES)
        .filter(|other| other.heading != key.heading);
    let mut of = others.filter(|other| match other.kind {
        Kind::Word(words) => words.iter().any(|word| fold(word.says) == text),
        _ => false,
    });
    match of.next() {
        Some(other) => Message::new(
            format!(
                "; đó là giá trị của cột «{}», có lẽ ghi nhầm cột",
                other.heading
            ),
            format!("; that is a value of the column «{}»", other.heading),
        ),
        None => Message::new("", ""),
    }
}

fn day(entry: &Entry) -> Result<NaiveDate, Message> {
    let text = entry.trimmed();
    let written = || {
        let ways = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"];
        let mut days = ways
            .into_iter()
            .filter_map(|way| NaiveDate::parse_from_str(text, way).ok());
        // «10/10/25» is no day of the year 25.
        days.find(|day| day.year() >= 1900)
    };
    let read = match entry.shape {
        Shape::Day(day) => Some(day),
        Shape::Words => written(),
        Shape::Number(_) | Shape::Flag(_) => None,
    };
    read.ok_or_else(|| {
        let text = short(text);
        Message::new(
            format!("ngày «{text}» viết sai hoặc không có trong lịch; viết như 10/10/2025"),
            format!("«{text}» is no day; write 2025-10-10"),
        )
    })
}

/// A figure as it is typed: a number, or words that can be read as one figure only.
fn figure(key: &Key, entry: &Entry) -> Result<String, Message> {
    let text = entry.trimmed();
    if let Shape::Number(_) = entry.shape {
        return Ok(text.to_owned());
    }
    if entry.shape == Shape::Words
        && let TextFigure::Read(figure) = figure_alone(text)
    {
        return Ok(quoted(&figure.to_string()));
    }
    let text = short(text);
    Err(Message::new(
        format!(
            "«{}» phải là một con số gõ như số trong Excel, không phải «{text}»",
            key.heading
        ),
        format!(
            "«{}» must be a figure typed as a number, not «{text}»",
            key.heading
        ),
    ))
}

fn period(entry: &Entry) -> Result<Period, Message> {
    let text = entry.trimmed();
    let read = match entry.shape {
        // «7/2025» typed into Excel is its first day.
        Shape::Day(day) if day.day() == 1 => Some(day.format("%Y-%m").to_string()),
        _ => None,
    };
    let exact = read.as_deref().unwrap_or(text).parse().ok();
    exact.or_else(|| printed_period::only(text)).ok_or_else(|| {
        Message::new(
            format!(
                "kỳ «{}» viết sai; viết như 2025-07, tháng 7/2025, quý 3/2025, năm 2025",
                short(text)
            ),
            format!(
                "«{}» is no period; write 2025-07, 2025-Q3 or 2025",
                short(text)
            ),
        )
    })
}
