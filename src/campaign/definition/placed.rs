//! Errors of a campaign's definition at their place in `campaign.toml`.

use toml::Spanned;

use crate::model::Message;
use crate::schema::SchemaError;
use crate::schema::source::Source;

/// An error at a text of the file.
pub(super) fn at<T>(source: &Source<'_>, spanned: &Spanned<T>, message: Message) -> SchemaError {
    source.error(Some(spanned.span()), message)
}
