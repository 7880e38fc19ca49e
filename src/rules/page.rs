//! Pages of the user guide, one for each kind of check. A page is in the file that makes the check,
//! so that whoever changes one sees the other; `guide.rs` gathers them.

/// The page of the user guide about one kind of check. Texts are Vietnamese Markdown for the
/// clerk and the analyst, without headings.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Heading: "Dòng tổng khác tổng các dòng".
    pub title: &'static str,
    /// Ids of the rules whose findings this kind of check makes, each with its usual severity in
    /// Vietnamese: `("tong-cong-lech", "lỗi")`. Empty where form files name the rules.
    pub rules: &'static [(&'static str, &'static str)],
    /// What it does.
    pub what: &'static str,
    /// Why it matters: which wrong figure it keeps out of a signed report, and the evidence for
    /// that.
    pub why: &'static str,
    /// How it is declared and set: keys of the form or campaign file with their defaults, and a
    /// TOML example; empty where nothing is to be set.
    pub parameters: &'static str,
    /// An example with figures.
    pub example: &'static str,
    /// What the clerk reads and what the clerk does about it.
    pub clerk: &'static str,
}

impl Page {
    /// The page as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        if !self.rules.is_empty() {
            text += "\n| Quy tắc | Mức |\n|---|---|\n";
            for (rule, severity) in self.rules {
                text += &format!("| `{rule}` | {severity} |\n");
            }
        }
        let parts = [
            ("Kiểm tra gì", self.what),
            ("Vì sao", self.why),
            ("Khai thế nào", self.parameters),
            ("Ví dụ", self.example),
            ("Cán bộ thấy gì", self.clerk),
        ];
        for (heading, words) in parts.iter().filter(|(_, words)| !words.is_empty()) {
            text += &format!("\n## {heading}\n\n{words}\n");
        }
        text + "\n[Các phép kiểm tra](../quy-tac.md)\n"
    }
}
