//! Options every command takes.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::language::both;
use crate::model::Lang;

/// Options every command takes.
#[derive(Debug, Args)]
pub struct Common {
    #[arg(long, value_enum, default_value_t, global = true, value_name = both!("DẠNG", "FORMAT"), help = both!(
        "Dạng in ra: text là chữ cho người đọc, json cho chương trình khác",
        "What is printed: text for people, json for programs",
    ))]
    pub(super) format: OutputFormat,
    #[arg(long, default_value_t, global = true, value_parser = lang(), value_name = both!("TIẾNG", "LANG"), help = both!(
        "Ngôn ngữ của thông báo và hướng dẫn; không ghi thì theo biến môi trường TONGHOP_LANG",
        "Language of messages and help; without it, that of the environment variable TONGHOP_LANG",
    ))]
    pub(super) lang: Lang,
}

/// `vi` or `en`; clap lists the choices.
fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["vi", "en"]).try_map(|text| text.parse::<Lang>())
}

/// What is printed. The help of the option says what each is: clap would show that of values in
/// one language only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    // Text, for people.
    #[default]
    Text,
    // JSON, for programs.
    Json,
}
