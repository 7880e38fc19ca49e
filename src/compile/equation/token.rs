//! The words and signs of an equation.

use crate::text::{is_roman, normalise};

/// Signs around a name, which say nothing more.
const QUOTES: [char; 7] = ['«', '»', '"', '“', '”', '‘', '’'];

/// What a word before a code says it is the code of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// "Cột"
    Column,
    /// "Dòng", "mã số", "chỉ tiêu", "mục"
    Row,
}

/// A word or sign, with the place of its first byte in the text and of the byte behind it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// "Cột", "dòng"
    Marker(Which),
    /// `3`, `1.1`, `IIa`, `500.000`
    Code(String),
    /// Any other word, normalised.
    Word(String),
    Open,
    Close,
    Plus,
    Minus,
    Times,
    Divide,
    Percent,
    Dots,
    Equal,
    AtMost,
    AtLeast,
    /// A strict comparison: never adopted, but it ends an equation.
    Strict,
    Comma,
    /// What ends a sentence or a part of one.
    Stop,
}

/// Splits a text. Nothing is refused: what is no word or sign of an equation is a word or a stop.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (kind, length) = match sign(rest) {
            Some(found) => found,
            None if first.is_whitespace() || QUOTES.contains(&first) => (None, first.len_utf8()),
            None if first.is_alphanumeric() => {
                let length = match times_figure(rest, tokens.last()) {
                    true => first.len_utf8(),
                    false => word_length(rest),
                };
                (Some(word(&rest[..length])), length)
            }
            None => (Some(Kind::Stop), first.len_utf8()),
        };
        if let Some(kind) = kind {
            let end = start + length;
            tokens.push(Token { kind, start, end });
        }
        rest = &rest[length..];
    }
    markers(tokens)
}

/// A sign at the beginning of a text, and its length.
fn sign(rest: &str) -> Option<(Option<Kind>, usize)> {
    const SIGNS: [(&str, Kind); 32] = [
        ("...", Kind::Dots),
        ("…", Kind::Dots),
        ("<=", Kind::AtMost),
        (">=", Kind::AtLeast),
        ("=<", Kind::AtMost),
        ("=>", Kind::AtLeast),
        ("≤", Kind::AtMost),
        ("≥", Kind::AtLeast),
        ("<", Kind::Strict),
        (">", Kind::Strict),
        ("≠", Kind::Strict),
        ("=", Kind::Equal),
        ("(", Kind::Open),
        ("[", Kind::Open),
        ("{", Kind::Open),
        (")", Kind::Close),
        ("]", Kind::Close),
        ("}", Kind::Close),
        ("+", Kind::Plus),
        ("-", Kind::Minus),
        ("–", Kind::Minus),
        ("−", Kind::Minus),
        ("—", Kind::Minus),
        ("*", Kind::Times),
        ("×", Kind::Times),
        ("/", Kind::Divide),
        ("÷", Kind::Divide),
        (":", Kind::Divide),
        ("%", Kind::Percent),
        (";", Kind::Stop),
        (",", Kind::Comma),
        ("\n", Kind::Stop),
    ];
    if rest.starts_with("..") {
        let length = rest.len() - rest.trim_start_matches('.').len();
        return Some((Some(Kind::Dots), length));
    }
    let found = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
    found.map(|(sign, kind)| (Some(kind.clone()), sign.len()))
}

/// `x500.000` behind an operand: a sign of multiplication that nobody spaced.
fn times_figure(rest: &str, before: Option<&Token>) -> bool {
    let mut chars = rest.chars();
    let is_sign = matches!(chars.next(), Some('x' | 'X'));
    is_sign && chars.next().is_some_and(|c| c.is_ascii_digit()) && before.is_some_and(ends_operand)
}

/// Length of the word or code a text begins with. A dot belongs to it between digits or letters
/// (`1.1`, `500.000`, `I.1`), not at its end.
fn word_length(rest: &str) -> usize {
    let mut length = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        // `3x4` is a product.
        if matches!(c, 'x' | 'X')
            && digit_before(rest, at)
            && next.is_some_and(|c| c.is_ascii_digit())
        {
            break;
        }
        let inside = c == '.' && at > 0 && next.is_some_and(char::is_alphanumeric)
            || c == ',' && digit_before(rest, at) && next.is_some_and(|c| c.is_ascii_digit());
        if c.is_alphanumeric() || inside {
            length = at + c.len_utf8();
        } else {
            break;
        }
    }
    length
}

fn digit_before(rest: &str, at: usize) -> bool {
    rest[..at]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_digit())
}

fn word(text: &str) -> Kind {
    match is_code(text) {
        true => Kind::Code(text.to_owned()),
        false => Kind::Word(normalise(text)),
    }
}

/// Can it be the code of a row or column: digits (`01`, `1.2`, `1a`), a letter, a Roman number, or
/// letters and digits mixed (`A1`, `I.1`)?
pub(super) fn is_code(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".,Đđ".contains(c));
    let small = |text: &str| text.chars().all(|c| "ivx".contains(c));
    plain
        && match (letters, digits) {
            (0, _) => true,
            (1, _) => true,
            (_, true) => letters <= 4,
            (_, false) => letters <= 6 && (is_roman(text) || small(text)) || dotted(text),
        }
}

/// `I.a`, `A.II`: every part is a letter or a Roman number.
fn dotted(text: &str) -> bool {
    text.contains('.')
        && text
            .split('.')
            .all(|part| part.chars().count() <= 4 && is_code(part))
}

/// Words that say what a code names, and words that are signs.
fn markers(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(mut token) = tokens.next() {
        let next = tokens.peek();
        if let Kind::Word(word) = &token.kind {
            let second = match next.map(|token| &token.kind) {
                Some(Kind::Word(second)) => second.as_str(),
                _ => "",
            };
            let marker = match (word.as_str(), second) {
                ("mã", "số") | ("chỉ", "tiêu") | ("khoản", "mục") => {
                    Some((Which::Row, true))
                }
                ("cột", "số") => Some((Which::Column, true)),
                ("cột", _) => Some((Which::Column, false)),
                ("dòng" | "hàng", "số") => Some((Which::Row, true)),
                ("dòng" | "hàng" | "mục" | "ms", _) => Some((Which::Row, false)),
                ("mã", _) => Some((Which::Row, false)),
                _ => None,
            };
            if let Some((which, two)) = marker {
                if two && let Some(second) = tokens.next() {
                    token.end = second.end;
                }
                token.kind = Kind::Marker(which);
            }
        }
        out.push(token);
    }
    let mut out = without_padding(out);
    for at in 1..out.len().saturating_sub(1) {
        let named = || is_code_behind(&out[at + 1..]) && out[at - 1].kind == Kind::Close;
        let between = ends_operand(&out[at - 1]) && (begins_operand(&out[at + 1]) || named());
        if between && let Some(sign) = spoken_sign(&out[at].kind) {
            out[at].kind = sign;
        }
    }
    out
}

/// Without words that say nothing more: "số liệu tại cột 4" is "cột 4", "trừ đi cột 2" is "trừ cột 2".
fn without_padding(tokens: Vec<Token>) -> Vec<Token> {
    let word = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => word.as_str(),
        _ => "",
    };
    let is_marker = |at: usize| {
        let kind = tokens.get(at).map(|token| &token.kind);
        matches!(kind, Some(Kind::Marker(_)))
    };
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let padding = match (word(at), word(at + 1), word(at + 2)) {
            ("số", "liệu", "tại" | "ở" | "của" | "trong") if is_marker(at + 3) => 3,
            ("số", "liệu", _) | ("giá", "trị", _) if is_marker(at + 2) => 2,
            _ => 0,
        };
        if padding > 0 {
            at += padding;
            continue;
        }
        let mut token = token.clone();
        at += 1;
        let sign = matches!(word(at - 1), "cộng" | "trừ" | "nhân" | "chia");
        let between =
            out.last().is_some_and(ends_operand) && tokens.get(at + 1).is_some_and(begins_operand);
        if sign && between && matches!(word(at), "với" | "thêm" | "đi" | "cho" | "bớt") {
            token.end = tokens[at].end;
            at += 1;
        }
        out.push(token);
    }
    out
}

/// A sign written as a word or a letter between two operands: "cộng", "x".
fn spoken_sign(kind: &Kind) -> Option<Kind> {
    match kind {
        Kind::Word(word) => match word.as_str() {
            "cộng" => Some(Kind::Plus),
            "trừ" => Some(Kind::Minus),
            "nhân" => Some(Kind::Times),
            "chia" => Some(Kind::Divide),
            _ => None,
        },
        Kind::Code(code) if code == "x" || code == "X" => Some(Kind::Times),
        _ => None,
    }
}

/// A name with its code behind it: "Bổ sung (cột 4)".
fn is_code_behind(tokens: &[Token]) -> bool {
    let words = tokens.iter().take_while(|token| token.word().is_some());
    let words = words.count();
    let behind: Vec<&Kind> = tokens[words..]
        .iter()
        .take(4)
        .map(|token| &token.kind)
        .collect();
    words > 0
        && matches!(
            behind.as_slice(),
            [Kind::Open, Kind::Code(_), Kind::Close, ..]
                | [Kind::Open, Kind::Marker(_), Kind::Code(_), Kind::Close]
        )
}

fn ends_operand(token: &Token) -> bool {
    matches!(token.kind, Kind::Close | Kind::Code(_))
}

fn begins_operand(token: &Token) -> bool {
    matches!(token.kind, Kind::Open | Kind::Code(_) | Kind::Marker(_))
}

impl Token {
    /// The word that it is.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The token as a word of a label.
    pub(super) fn shown(&self) -> &str {
        match &self.kind {
            Kind::Word(word) | Kind::Code(word) => word,
            _ => "",
        }
    }
}
