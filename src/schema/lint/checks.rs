//! Settings of `[checks]` that cannot be meant.

use toml::Spanned;

use crate::model::Message;
use crate::schema::checks::Checks;
use crate::schema::file::FormFile;
use crate::schema::source::{SchemaError, Source, suggestion};
use crate::schema::switches::{is_built_in, switchable};

/// Refuses settings that cannot be meant.
///
/// # Errors
/// The first such setting, with its place in the file.
pub fn lint(source: &Source<'_>, file: &FormFile) -> Result<(), SchemaError> {
    let indicators = file.columns.iter().chain(&file.rows);
    let all = std::iter::once((&file.id, &file.checks))
        .chain(indicators.map(|indicator| (&indicator.id, &indicator.checks)));
    switches(source, &file.checks)?;
    for (id, checks) in all {
        let id: &Spanned<String> = id;
        if let (Some(off), false) = (checks.off.first(), std::ptr::eq(checks, &file.checks)) {
            let message = Message::new(
                "`off` chỉ khai ở `[checks]` của biểu hoặc của đợt",
                "`off` is for `[checks]` of a form or a campaign only",
            );
            return Err(source.error(Some(off.span()), message));
        }
        if let Some(message) = mistake(checks) {
            return Err(source.error(Some(id.span()), message));
        }
    }
    Ok(())
}

/// Refuses to switch off what is no built-in check, or one that says that a figure is not known.
///
/// # Errors
/// The first such entry, with its place in the file.
pub fn switches(source: &Source<'_>, checks: &Checks) -> Result<(), SchemaError> {
    let switchable = switchable();
    let wrong = |off: &&Spanned<String>| !switchable.contains(&off.get_ref().as_str());
    let Some(off) = checks.off.iter().find(wrong) else {
        return Ok(());
    };
    let id = off.get_ref();
    let message = match is_built_in(id) {
        true => Message::new(
            format!(
                "không tắt được `{id}`: khi có lỗi này thì chưa biết số, đơn vị hoặc kỳ là gì, tắt đi sẽ mất số mà không ai hay"
            ),
            format!(
                "`{id}` cannot be switched off: it says that a figure, its unit or its period is not known, and figures would be missing without a word"
            ),
        ),
        false => {
            let hint = suggestion(id, &switchable);
            Message::new(
                format!(
                    "không có phép kiểm tra có sẵn nào tên `{id}`{}; quy tắc của biểu thì tắt bằng `[[rule_off]]` của đợt",
                    hint.vi
                ),
                format!(
                    "there is no built-in check `{id}`{}; rules of a form are switched off by `[[rule_off]]` of the campaign",
                    hint.en
                ),
            )
        }
    };
    Err(source.error(Some(off.span()), message))
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
        for (off, says) in [
            ("so-thu-tu-lec", "có phải `so-thu-tu-lech`?"),
            ("thieu-so-lieu", "không tắt được"),
        ] {
            let text = FORM.replace("zeros = {", &format!("off = [\"{off}\"]\nzeros = {{"));
            let error = Form::parse("abc.toml", &text).unwrap_err();
            assert!(error.message.vi.contains(says), "{error}");
            assert_eq!(error.place.map(|(line, _)| line), Some(13));
        }
        let text = FORM.replace("share = 300", "shares = 300");
        let error = Form::parse("abc.toml", &text).unwrap_err();
        assert!(error.message.vi.contains("có phải `share`?"), "{error}");
    }
}
