//! What the user guide says about a kind of check. It stands in the file that does the check, so
//! that whoever changes one sees the other; the guide's pages are generated from it.

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
    /// Why it matters: which damage it keeps from a signed report, from which evidence.
    pub why: &'static str,
    /// How it is declared and set: keys of the form or campaign file with their defaults, and a
    /// TOML example; empty where nothing is to be set.
    pub parameters: &'static str,
    /// An example with figures.
    pub example: &'static str,
    /// What the clerk reads and what the clerk does about it.
    pub clerk: &'static str,
}
