//! Translates the error messages of the TOML parser, which are in English, into Vietnamese.

/// The message in Vietnamese; unchanged if it is none of the usual ones.
pub(super) fn in_vietnamese(detail: &str) -> String {
    let all: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
    let first = all.first().copied().unwrap_or_default();
    let rest = all.get(1..).unwrap_or_default();
    let usable = rest
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if detail.starts_with("unknown field") {
        return format!("không có khóa `{first}`; các khóa dùng được ở đây: {usable}");
    }
    if detail.starts_with("unknown variant") {
        return format!("không có giá trị `{first}`; dùng được: {usable}");
    }
    if detail.starts_with("missing field") {
        return format!("thiếu khóa `{first}`");
    }
    if detail.starts_with("duplicate") {
        return format!("khóa khai hai lần{}", named(first));
    }
    if let Some((text, how)) = detail.split_once(" is not a period; write ") {
        return format!(
            "kỳ {text} viết sai; viết như {}",
            how.replace(" or ", " hoặc ")
        );
    }
    let typed = detail.strip_prefix("invalid type: ");
    let valued = || detail.strip_prefix("invalid value: ");
    if let Some((found, wanted)) = typed
        .or_else(valued)
        .and_then(|d| d.split_once(", expected "))
    {
        return format!("phải là {}, không phải {}", want(wanted), thing(found));
    }
    if detail.starts_with("invalid basic string") || detail.starts_with("invalid literal string") {
        return "thiếu dấu nháy đóng chữ, hoặc trong chữ có dấu nháy cùng loại".to_owned();
    }
    if detail.starts_with("string values must be quoted") || detail == "wanted string or table" {
        return "chữ phải đặt trong dấu nháy kép".to_owned();
    }
    detail.to_owned()
}

fn named(name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!(": `{name}`"),
    }
}

/// What was found: "integer `1`", "string \"a\"".
fn thing(found: &str) -> String {
    let (sort, value) = found.split_once(' ').unwrap_or((found, ""));
    match sort {
        "integer" => format!("số {value}"),
        "floating" => format!("số {}", value.trim_start_matches("point ")),
        "string" => format!("chữ {value}"),
        "boolean" => value.to_owned(),
        "sequence" => "danh sách".to_owned(),
        "map" => "bảng".to_owned(),
        _ => found.to_owned(),
    }
}

/// What was expected: "a string", "u32".
fn want(wanted: &str) -> String {
    match wanted {
        "a string" => "chữ trong dấu nháy".to_owned(),
        "a boolean" => "true hoặc false".to_owned(),
        "a sequence" => "danh sách trong [ ]".to_owned(),
        _ if wanted.starts_with("struct") || wanted == "a map" => "bảng có các khóa".to_owned(),
        _ if wanted.starts_with(['u', 'i']) && wanted[1..].parse::<u8>().is_ok() => {
            "số nguyên không âm".to_owned()
        }
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_vietnamese;
    use crate::schema::Form;

    /// The reader's own words for a form that begins so.
    fn told(text: &str) -> String {
        let error = Form::parse("a.toml", text).unwrap_err();
        error.message.vi
    }

    #[test]
    fn the_usual_mistakes_are_told_in_vietnamese() {
        for (text, part) in [
            ("idd = \"a\"", "không có khóa `idd`"),
            ("id = \"a\"\nid = \"b\"", "khai hai lần"),
            ("id = 1", "phải là chữ trong dấu nháy, không phải số `1`"),
            ("id = \"a\nversion = \"1\"", "dấu nháy"),
            ("id = \"a\"\nversion = \"1\"", "thiếu khóa `title`"),
            (
                "[layout]\nrows = \"fre\"",
                "không có giá trị `fre`; dùng được: `fixed`, `free`",
            ),
        ] {
            let told = told(text);
            assert!(told.contains(part), "{text}: {told}");
        }
        let period = in_vietnamese("`2025-13` is not a period; write 2025-09 or 2025");
        assert_eq!(period, "kỳ `2025-13` viết sai; viết như 2025-09 hoặc 2025");
    }
}
