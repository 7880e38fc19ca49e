//! What is before a relation: a code, a name, a list of codes, something computed.

use super::operand::PAPERS;
use super::side::Reader;
use super::token::{Kind, Token, Which};
use super::tree::Symbol;

/// Words before a list of codes that are put together.
const COMPUTED_LISTS: [&str; 3] = ["tổng", "hiệu", "tích"];

/// Words in a list of codes.
const LIST_WORDS: [&str; 9] = ["và", "với", "các", "của", "số", "cộng", "giữa", "từ", "đến"];

/// The codes before the relation at `at` if there are several, each of which it is said of: "cột 4
/// và cột 5 không lớn hơn cột 3"; also where the first begins.
pub(super) fn listed_left(
    tokens: &[Token],
    at: usize,
    floor: usize,
) -> Option<(Vec<Symbol>, usize)> {
    let end = without_fillers(tokens, at);
    let first = tokens[..end]
        .iter()
        .position(|token| token.start >= floor)?;
    let first = first + first_of_list(&tokens[first..end])?;
    let mut reader = Reader::new(&tokens[..end], first, false);
    let codes = reader.codes()?;
    let whole = reader.at == end && codes.len() > 1;
    whole.then(|| (codes, tokens[first].start))
}

/// Where the list of codes begins that tokens end with.
pub(super) fn first_of_list(tokens: &[Token]) -> Option<usize> {
    let is_listed = |token: &&Token| {
        let word = || token.word().is_some_and(|word| LIST_WORDS.contains(&word));
        matches!(
            token.kind,
            Kind::Code(_) | Kind::Marker(_) | Kind::Open | Kind::Close | Kind::Comma
        ) || word()
    };
    let length = tokens.iter().rev().take_while(is_listed).count();
    let from = tokens.len() - length;
    let mut list = tokens[from..].iter();
    let first =
        list.position(|token| matches!(token.kind, Kind::Marker(_) | Kind::Open | Kind::Code(_)))?;
    Some(from + first)
}

/// The tokens before the relation at `at` if they are more than one code: "cột 2 + cột 3 = cột 1".
pub(super) fn computed_left(tokens: &[Token], at: usize, floor: usize) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    let mut from = at;
    let mut signs = 0_usize;
    while let Some(token) = from.checked_sub(1).map(|before| &tokens[before]) {
        if token.start < floor {
            break;
        }
        match &token.kind {
            Kind::Close => depth += 1,
            Kind::Open if depth == 0 => break,
            Kind::Open => depth -= 1,
            Kind::Plus | Kind::Minus | Kind::Times | Kind::Divide => signs += 1,
            Kind::Code(_) | Kind::Marker(_) | Kind::Dots | Kind::Percent => {}
            Kind::Word(word) if is_filler(word) || word == "trước" => {}
            Kind::Word(word) if depth == 0 && COMPUTED_LISTS.contains(&word.as_str()) => {
                let is_code = |token: &&Token| matches!(token.kind, Kind::Code(_));
                let codes = tokens[from..at].iter().filter(is_code).count();
                return (codes > 1).then_some((from - 1, at));
            }
            Kind::Word(word) if LIST_WORDS.contains(&word.as_str()) => {}
            Kind::Comma => {}
            _ => break,
        }
        from -= 1;
    }
    // "Cột 1 = cột 2 + cột 3 và cột 4 = ..."
    let listed = |token: &Token| {
        token.kind == Kind::Comma || token.word().is_some_and(|word| LIST_WORDS.contains(&word))
    };
    if let Some(last) = tokens[from..at].iter().rposition(listed) {
        from += last + 1;
        let sign = |token: &&Token| {
            matches!(
                token.kind,
                Kind::Plus | Kind::Minus | Kind::Times | Kind::Divide
            )
        };
        signs = tokens[from..at].iter().filter(sign).count();
    }
    // A dash before a listed sentence is no sign.
    while from < at && matches!(tokens[from].kind, Kind::Minus | Kind::Plus | Kind::Times) {
        from += 1;
        signs = signs.saturating_sub(1);
    }
    (signs > 0).then_some((from, at))
}

/// The code or label before the relation at `at`, and where it begins.
pub(super) fn left_of(tokens: &[Token], at: usize, floor: usize) -> (Option<Symbol>, usize) {
    let here = tokens[at].start;
    let end = without_fillers(tokens, at);
    let Some(last) = end.checked_sub(1).map(|last| &tokens[last]) else {
        return (None, here);
    };
    if last.start < floor {
        return (None, here);
    }
    let marker = |at: usize| match at.checked_sub(1).map(|at| &tokens[at]) {
        Some(Token {
            kind: Kind::Marker(which),
            start,
            ..
        }) => Some((*which, *start)),
        _ => None,
    };
    let code = |code: &str, at: usize| {
        let which = marker(at);
        let start = which.map_or(tokens[at].start, |(_, start)| start);
        let symbol = Symbol::code(which.map(|(which, _)| which), code);
        (Some(symbol), start)
    };
    // "Tổng số (cột 1) = ...", "Tổng số (1) = ...": a name with its code.
    let labelled = |symbol: Symbol, open: usize| {
        let before = open.checked_sub(1).map(|at| &tokens[at]);
        let bracketed =
            before.is_some_and(|token| token.start >= floor && matches!(token.kind, Kind::Word(_)));
        Symbol {
            bracketed,
            ..symbol
        }
    };
    let names_paper = |at: usize| {
        let word = at.checked_sub(1).and_then(|before| tokens[before].word());
        word.is_some_and(|word| PAPERS.contains(&word))
    };
    match &last.kind {
        Kind::Code(_) if names_paper(end - 1) => (None, here),
        Kind::Code(own) => code(own, end - 1),
        Kind::Close if end >= 3 => match (&tokens[end - 3].kind, &tokens[end - 2].kind) {
            (Kind::Open, Kind::Code(own)) => {
                let (symbol, start) = code(own, end - 3);
                (symbol.map(|symbol| labelled(symbol, end - 3)), start)
            }
            (Kind::Marker(_), Kind::Code(own))
                if end >= 4 && tokens[end - 4].kind == Kind::Open =>
            {
                let (symbol, _) = code(own, end - 2);
                let symbol = symbol.map(|symbol| labelled(symbol, end - 4));
                (symbol, tokens[end - 4].start)
            }
            _ => (None, here),
        },
        Kind::Word(_) => words_before(tokens, end, floor, here),
        _ => (None, here),
    }
}

/// Where the name before a relation ends: "Cột (6) kỳ này phải luôn = ...", but "Tồn cuối kỳ = ...".
fn without_fillers(tokens: &[Token], at: usize) -> usize {
    let word = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => word.as_str(),
        _ => "",
    };
    let mut end = at;
    loop {
        let last = end.checked_sub(1).map_or("", word);
        let before = end.checked_sub(2).map_or("", word);
        end -= match (before, last) {
            (_, "phải" | "luôn" | "được" | "cũng" | "đều") => 1,
            ("kỳ" | "tháng" | "quý", "này") => 2,
            _ => return end,
        };
    }
}

/// "Tổng số tiền = ...": the words back to the last stop, as a label.
fn words_before(
    tokens: &[Token],
    end: usize,
    floor: usize,
    here: usize,
) -> (Option<Symbol>, usize) {
    let is_part = |token: &&Token| {
        token.start >= floor && matches!(token.kind, Kind::Word(_) | Kind::Code(_))
    };
    let words: Vec<&Token> = tokens[..end].iter().rev().take_while(is_part).collect();
    let Some(first) = words.last() else {
        return (None, here);
    };
    let before = (end - words.len()).checked_sub(1).map(|at| &tokens[at]);
    let which: Option<Which> = match before.map(|token| &token.kind) {
        Some(Kind::Marker(which)) => Some(*which),
        _ => None,
    };
    let text: Vec<&str> = words.iter().rev().map(|token| token.shown()).collect();
    let symbol = Symbol {
        which,
        ..Symbol::words(text.join(" "))
    };
    (Some(symbol), first.start)
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "kỳ" | "này" | "tháng" | "quý" | "phải" | "luôn" | "được"
    )
}
