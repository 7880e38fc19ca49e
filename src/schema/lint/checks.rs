//! Settings of `[checks]` that cannot be meant.

use toml::Spanned;

use crate::model::Message;
use crate::schema::checks::Checks;
use crate::schema::file::FormFile;
use crate::schema::source::{SchemaError, Source};

/// Refuses settings that cannot be meant.
///
/// # Errors
/// The first such setting, with its place in the file.
pub fn lint(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
    let indicators = file.columns.iter().chain(&file.rows);
    let all = std::iter::once((&file.id, &file.checks))
        .chain(indicators.map(|indicator| (&indicator.id, &indicator.checks)));
    for (id, checks) in all {
        let id: &Spanned<String> = id;
        if let Some(message) = mistake(checks) {
            return Err(source.error(Some(id.span()), message));
        }
    }
    Ok(())
}

/// The message about a setting that makes no sense: a setting of 0, or a factor so large that slips
/// of 1.000 and of 1.000.000 cannot be distinguished.
fn mistake(checks: &Checks) -> Option<Message> {
    let positive = [
        ("change.share", checks.change.share),
        ("peers.least", checks.peers.least),
        ("peers.limit", checks.peers.limit),
        ("size.factor", checks.size.factor),
        ("unchanged.least", checks.unchanged.least),
        ("zeros.least", checks.zeros.least),
    ];
    if let Some((key, _)) = positive.iter().find(|(_, set)| *set == Some(0)) {
        return Some(Message::new(
            format!("`checks.{key}` phải từ 1 trở lên; muốn bỏ phép kiểm tra thì ghi `on = false`"),
            format!("`checks.{key}` must be at least 1; `on = false` turns a check off"),
        ));
    }
    if checks.size.factor.is_some_and(|factor| factor > 30) {
        return Some(Message::new(
            "`checks.size.factor` phải từ 1 đến 30: lớn hơn thì lệch nghìn lần và lệch triệu lần lẫn vào nhau",
            "`checks.size.factor` must be 1 to 30: beyond that a thousand and a million overlap",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::schema::Form;

    const FORM: &str = r#"
id = "abc"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "fixed"
label = "Chỉ tiêu"
[defaults]
type = "count"
[checks]
change = { share = 50 }
zeros = { on = false }
[[column]]
id = "so"
label = "Số"
checks = { change = { floor = 20 }, peers = { on = false } }
[[row]]
id = "a"
label = "A"
[[row]]
id = "b"
label = "B"
checks = { change = { share = 300 }, peers = { on = true } }
"#;

    #[test]
    fn settings_that_cannot_be_meant_are_refused_where_they_stand() {
        let text = FORM.replace("share = 300", "share = 0");
        let error = Form::parse("abc.toml", &text).unwrap_err();
        assert!(
            error.message.vi.contains("`checks.change.share`"),
            "{error}"
        );
        assert_eq!(error.place, Some((22, 6)));
        let text = FORM.replace("share = 300", "shares = 300");
        let error = Form::parse("abc.toml", &text).unwrap_err();
        assert!(error.message.vi.contains("có phải `share`?"), "{error}");
    }
}
