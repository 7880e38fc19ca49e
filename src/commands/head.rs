//! Keys at the head of a form file, before its tables.

/// The form file with `line` for a key of its head: in the place of the line that gives it, or before
/// the one that names its sheet; without the key if there is no line.
pub(super) fn with_key(toml: &str, key: &str, line: Option<String>) -> String {
    let mut lines: Vec<String> = toml.lines().map(str::to_owned).collect();
    let head = lines.iter().take_while(|line| !line.starts_with('['));
    let key_of = |line: &String| line.split('=').next().unwrap_or_default().trim().to_owned();
    let keys: Vec<String> = head.map(key_of).collect();
    let of = |key: &str| keys.iter().position(|known| known == key);
    match (of(key), of("sheet")) {
        (Some(at), _) => drop(lines.splice(at..=at, line)),
        (None, Some(at)) => drop(lines.splice(at..at, line)),
        (None, None) => {}
    }
    lines.join("\n") + "\n"
}
