//! Messages about a wrong command line. Clap finds the mistakes, but its sentences are English
//! only, so they are made here in both languages.

use std::error::Error as _;
use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::language::{VARIABLE, side};
use super::output::complain;
use crate::model::{Lang, Message};

/// What a period says of a text that is none, before how one is written.
const NO_PERIOD: &str = " is not a period; write ";

/// Shows help, the version or what is wrong; the exit code is 2 for wrong usage.
pub fn answer(error: &Error, lang: Lang) -> ExitCode {
    use ErrorKind as K;
    match error.kind() {
        K::DisplayHelp | K::DisplayVersion | K::DisplayHelpOnMissingArgumentOrSubcommand => {
            // A reader that went away is no failure of ours.
            let _ = error.print();
        }
        _ => complain(&text(error, lang)),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What is wrong, what was meant perhaps, and how the command is called.
fn text(error: &Error, lang: Lang) -> String {
    let wrong = wrong(error, lang);
    let mut text = format!(
        "{}: {}",
        lang.pick("Gõ lệnh sai", "Wrong usage"),
        lang.of(&wrong)
    );
    for (kind, vi, en) in [
        (ContextKind::ValidValue, "Chọn một trong", "One of"),
        (ContextKind::ValidSubcommand, "Các lệnh", "Commands"),
        (ContextKind::SuggestedSubcommand, "Có phải là", "Is it"),
        (ContextKind::SuggestedArg, "Có phải là", "Is it"),
        (ContextKind::SuggestedValue, "Có phải là", "Is it"),
    ] {
        let values = shown(error, kind);
        if !values.is_empty() {
            text += &format!("\n  {}: {values}", lang.pick(vi, en));
        }
    }
    let usage = shown(error, ContextKind::Usage);
    if !usage.is_empty() {
        let usage = usage.trim_start_matches("Usage: ");
        text += &format!("\n\n{}: {usage}", lang.pick("Cách dùng", "Usage"));
    }
    text + lang.pick("\n\nXem thêm: --help", "\n\nFor more: --help")
}

fn shown(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn wrong(error: &Error, lang: Lang) -> Message {
    use ErrorKind as K;
    let argument = shown(error, ContextKind::InvalidArg);
    let value = shown(error, ContextKind::InvalidValue);
    match error.kind() {
        K::InvalidValue if value.is_empty() => Message::new(
            format!("{argument} còn thiếu giá trị"),
            format!("{argument} lacks its value"),
        ),
        K::InvalidValue | K::ValueValidation => {
            let why = error
                .source()
                .map_or(String::new(), |source| format!(": {source}"));
            let why = side_behind(&why, lang);
            let why = match (lang, why.split_once(NO_PERIOD)) {
                (Lang::Vi, Some((_, how))) => {
                    format!(": kỳ viết sai; viết như {}", how.replace(" or ", " hoặc "))
                }
                _ => why,
            };
            // The value may come from the environment variable instead of the command line.
            let (vi, en) = match argument.starts_with("--lang") {
                true => (
                    format!(" (hoặc của biến môi trường {VARIABLE})"),
                    format!(" (or for the environment variable {VARIABLE})"),
                ),
                false => Default::default(),
            };
            Message::new(
                format!("không nhận giá trị '{value}' cho {argument}{vi}{why}"),
                format!("'{value}' is no value for {argument}{en}{why}"),
            )
        }
        K::UnknownArgument => Message::new(
            format!("không có tham số '{argument}'"),
            format!("there is no argument '{argument}'"),
        ),
        K::InvalidSubcommand => {
            let command = shown(error, ContextKind::InvalidSubcommand);
            Message::new(
                format!("không có lệnh '{command}'"),
                format!("there is no command '{command}'"),
            )
        }
        K::MissingSubcommand => Message::new("còn thiếu tên lệnh", "the command is missing"),
        K::MissingRequiredArgument => Message::new(
            format!("còn thiếu {argument}"),
            format!("{argument} is missing"),
        ),
        K::ArgumentConflict => conflict(argument, shown(error, ContextKind::PriorArg)),
        K::TooManyValues => Message::new(
            format!("thừa giá trị '{value}' cho {argument}"),
            format!("'{value}' is one value too many for {argument}"),
        ),
        K::TooFewValues | K::WrongNumberOfValues => Message::new(
            format!("{argument} còn thiếu giá trị"),
            format!("{argument} lacks values"),
        ),
        K::NoEquals => Message::new(
            format!("{argument} phải có dấu = trước giá trị"),
            format!("{argument} needs = before its value"),
        ),
        K::InvalidUtf8 => Message::new(
            "có tham số không phải chữ Unicode",
            "an argument is no text in Unicode",
        ),
        // Errors of input and output, and kinds that a later clap may bring.
        _ => Message::new(error.to_string(), error.to_string()),
    }
}

/// Two options that exclude each other, or one that was given twice.
fn conflict(argument: String, other: String) -> Message {
    if other.is_empty() || other == argument {
        return Message::new(
            format!("{argument} chỉ được ghi một lần"),
            format!("{argument} may be given only once"),
        );
    }
    Message::new(
        format!("{argument} không dùng cùng {other} được"),
        format!("{argument} cannot be used with {other}"),
    )
}

/// The side of what a value parser of ours says, behind the colon.
fn side_behind(why: &str, lang: Lang) -> String {
    match why.strip_prefix(": ") {
        Some(text) => format!(": {}", side(text, lang)),
        None => String::new(),
    }
}
