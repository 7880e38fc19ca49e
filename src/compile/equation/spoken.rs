//! Relations said in words: "không vượt quá", "nhỏ hơn hoặc bằng", "lấy theo".

use std::sync::LazyLock;

use regex::Regex;

use super::token::{Kind, Token};

/// Words a relation has at most.
const LONGEST: usize = 6;

/// Each relation as its words are normalised; the first that fits is meant.
static RELATIONS: LazyLock<Vec<(Regex, Kind)>> = LazyLock::new(|| {
    let patterns = [
        // Not at least: less. Never adopted.
        (r"không (?:được |thể )?\w+ hơn hoặc bằng", Kind::Strict),
        (
            r"không (?:được |thể )?(?:(?:lớn|nhiều|cao) hơn|(?:vượt|quá)(?: quá)?)|(?:nhỏ|bé|ít|thấp) hơn hoặc bằng|tối đa(?: là| bằng)?|nhiều nhất(?: là| bằng)",
            Kind::AtMost,
        ),
        (
            r"không (?:được |thể )?(?:nhỏ|bé|ít|thấp) hơn|(?:lớn|nhiều|cao) hơn hoặc bằng|tối thiểu(?: là| bằng)?|ít nhất(?: là| bằng)",
            Kind::AtLeast,
        ),
        (r"(?:lớn|nhiều|cao|nhỏ|bé|ít|thấp) hơn", Kind::Strict),
        (
            r"(?:phải )?(?:được )?(?:tính )?bằng(?: cách lấy)?|lấy(?:$| (?:theo|từ|bằng))|khớp (?:đúng )?với",
            Kind::Equal,
        ),
    ];
    let anchored = |pattern| Regex::new(&format!(r"^(?:{pattern})(?: |$)")).ok();
    let compiled = patterns.map(|(pattern, kind)| Some((anchored(pattern)?, kind)));
    compiled.into_iter().flatten().collect()
});

/// Puts a sign in the place of each relation said in words.
pub(super) fn relations(tokens: Vec<Token>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let said = relation(&tokens[at..]);
        let words = said.as_ref().map_or(1, |(_, words)| *words);
        let end = tokens[at + words - 1].end;
        let kind = said.map_or_else(|| token.kind.clone(), |(kind, _)| kind);
        out.push(Token {
            kind,
            start: token.start,
            end,
        });
        at += words;
    }
    out
}

/// The relation that tokens begin with, and how many words say it.
fn relation(tokens: &[Token]) -> Option<(Kind, usize)> {
    if is_said_to_be_computed(tokens) {
        return Some((Kind::Equal, 1));
    }
    let words = tokens
        .iter()
        .take(LONGEST)
        .map_while(|token| match &token.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        });
    let words = words.collect::<Vec<_>>().join(" ");
    RELATIONS.iter().find_map(|(pattern, kind)| {
        let said = pattern.find(&words)?.as_str();
        Some((kind.clone(), said.split_whitespace().count()))
    })
}

/// "là tổng của cột 2 và cột 3", "ghi tổng số cột 2 và cột 3", not "là tổng số vụ": columns or rows
/// follow.
fn is_said_to_be_computed(tokens: &[Token]) -> bool {
    const FILLERS: [&str; 6] = ["số", "cộng", "của", "các", "giữa", "từ"];
    let word = |token: &Token| match &token.kind {
        Kind::Word(word) => word.clone(),
        _ => String::new(),
    };
    let [is, computed, rest @ ..] = tokens else {
        return false;
    };
    let filler = |token: &&Token| FILLERS.contains(&word(token).as_str());
    let fillers = rest.iter().take_while(filler).count();
    let follows = rest.get(fillers).map(|token| &token.kind);
    matches!(word(is).as_str(), "là" | "ghi")
        && matches!(word(computed).as_str(), "tổng" | "hiệu" | "tích")
        && matches!(follows, Some(Kind::Marker(_) | Kind::Open))
}
