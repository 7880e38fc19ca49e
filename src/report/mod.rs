//! The outcome of a run, for people and for programs: terminal text, JSON, CSV.

pub mod archive;
pub mod diff;
pub mod json;
pub mod lists;
pub mod since;
pub mod text;

pub use crate::text::safe::plain;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::safe::is_unsafe;

    #[test]
    fn a_workbook_does_not_command_the_terminal() {
        let hostile = "Xã\u{1b}[2J\u{9b}31m\u{202E}fdp.exe\u{2066}\u{2028}\r\n";
        assert_eq!(plain(hostile), "Xã·[2J·31m·fdp.exe····");
        // Letters and their marks stay, however they are put together.
        assert_eq!(
            plain("Hương Mỹ e\u{0323}\u{0302}"),
            "Hương Mỹ e\u{0323}\u{0302}"
        );
    }

    #[test]
    fn json_says_the_same_without_commanding_the_terminal() {
        let hostile = "Xã\u{9b}31m\u{202E}\u{7f}\u{E0041}\n\"";
        let printed = json::plain(&format!("{:#}", serde_json::json!({ "x": hostile })));
        assert!(
            !printed.chars().any(|c| c != '\n' && is_unsafe(c)),
            "{printed:?}"
        );
        let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(read["x"], hostile);
    }
}
