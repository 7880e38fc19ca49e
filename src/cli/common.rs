//! Options every command takes.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::model::Lang;

/// Options every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Dạng in ra.
    #[arg(long, value_enum, default_value_t, global = true)]
    pub(super) format: Format,
    /// Ngôn ngữ của thông báo.
    #[arg(long, default_value_t, global = true, value_parser = lang())]
    pub(super) lang: Lang,
}

/// `vi` or `en`; clap lists the choices.
fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["vi", "en"]).try_map(|text| text.parse::<Lang>())
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Chữ, cho người đọc.
    #[default]
    Text,
    /// JSON, cho chương trình khác.
    Json,
}
