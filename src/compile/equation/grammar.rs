//! Equations found in a text: each relation sign with what is before and behind it.

use super::balance::balanced;
use super::left::{computed_left, first_of_list, left_of, listed_left};
use super::operand::{codes_in_brackets, is_time, relation};
use super::side::Reader;
use super::spoken::relations;
use super::token::{Kind, Token, tokens};
use super::tree::{Equation, Node, Symbol};
use crate::schema::expression::Comparison;
use crate::text::normalise;

/// Every equation in a text. A chain `a = b = c` is two equations of `a`.
pub(crate) fn find(text: &str) -> Vec<Equation> {
    let tokens = without_colons(with_sums(relations(tokens(text))), text);
    let tokens = with_ratios(tokens, text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(relation) = relation(&tokens[at].kind) else {
            at += 1;
            continue;
        };
        if counts_things(text, &tokens, at) {
            at += 1;
            continue;
        }
        let floor = found.last().map_or(0, |equation: &Equation| equation.end);
        if let Some((from, to)) = computed_left(&tokens, at, floor) {
            let (equations, next) = balanced(&tokens, (from, to), at);
            found.extend(equations);
            at = next;
            continue;
        }
        if let Some((lefts, start)) = listed_left(&tokens, at, floor) {
            at = bounded(&tokens, at, (lefts, start, relation), &mut found);
            continue;
        }
        let (left, start) = left_of(&tokens, at, floor);
        at = chain(text, &tokens, at, (left, start, relation), &mut found);
    }
    found
}

/// Is the number behind a relation said in words a count of things, or a day: "lấy 1 chữ số thập
/// phân", "không lớn hơn 5 chữ số", "lấy từ 1/1 đến 31/3"? Then it names no column or row.
fn counts_things(text: &str, tokens: &[Token], at: usize) -> bool {
    let said = text.get(tokens[at].start..tokens[at].end);
    let said = normalise(said.unwrap_or_default());
    if !said.starts_with(char::is_alphabetic) {
        return false;
    }
    let bare = match tokens.get(at + 1).map(|token| &token.kind) {
        Some(Kind::Code(code)) => code.chars().all(|c| c.is_ascii_digit()),
        _ => return false,
    };
    let words: Vec<&str> = tokens[at + 2..].iter().map_while(Token::word).collect();
    let noun = !words.is_empty() && !words.windows(2).any(is_time);
    bare && (noun || said.starts_with("lấy"))
}

/// Does a text relate two codes or more, so that it may say a rule even where none could be read?
pub(crate) fn relates_codes(text: &str) -> bool {
    let tokens = relations(tokens(text));
    let kind = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|token| &token.kind);
    let sides = |at: usize| (kind(at.checked_sub(1)), kind(Some(at + 1)));
    let (mut named, mut bare, mut related) = (0_usize, 0_usize, false);
    for (at, token) in tokens.iter().enumerate() {
        let (before, behind) = sides(at);
        match &token.kind {
            Kind::Code(_) => {
                let brackets = (before, behind) == (Some(&Kind::Open), Some(&Kind::Close));
                let marked = matches!(before, Some(Kind::Marker(_)));
                named += usize::from(brackets || marked);
                bare += usize::from([before, behind].into_iter().flatten().any(relates));
            }
            // "ghi bằng số" relates nothing.
            sign if relates(sign) => {
                related |= matches!(before, Some(Kind::Code(_) | Kind::Close))
                    || behind.is_some_and(names);
            }
            Kind::Word(word) if COMPUTED.contains(&word.as_str()) => {
                related |= tokens[at + 1..]
                    .iter()
                    .take(4)
                    .any(|next| names(&next.kind));
            }
            _ => {}
        }
    }
    related && (named >= 2 || bare >= 3)
}

/// Words before the codes that something is computed from.
const COMPUTED: [&str; 4] = ["tổng", "hiệu", "gồm", "phần"];

fn relates(kind: &Kind) -> bool {
    matches!(kind, Kind::Strict | Kind::Plus) || relation(kind).is_some()
}

fn names(kind: &Kind) -> bool {
    matches!(kind, Kind::Marker(_) | Kind::Open | Kind::Code(_))
}

/// With "tổng" before the codes of "Các cột 1, 2 cộng lại bằng cột 3", in the place of "cộng lại".
fn with_sums(mut tokens: Vec<Token>) -> Vec<Token> {
    let said = |two: &[Token]| {
        two[0].word() == Some("cộng") && matches!(two[1].word(), Some("lại" | "dồn"))
    };
    while let Some(at) = tokens.windows(2).position(said) {
        let mut rest = tokens[at + 2..].iter();
        let relates = rest.find(|token| !matches!(token.word(), Some("phải" | "thì" | "luôn")));
        let from = first_of_list(&tokens[..at]);
        let Some(from) =
            from.filter(|_| relates.is_some_and(|sign| relation(&sign.kind).is_some()))
        else {
            return tokens;
        };
        let sum = Token {
            kind: Kind::Word("tổng".to_owned()),
            ..tokens[from].clone()
        };
        tokens.drain(at..at + 2);
        tokens.insert(from, sum);
    }
    tokens
}

/// Without the colon of "Cột 1: bằng cột 2 cộng cột 3", which divides nothing.
fn without_colons(tokens: Vec<Token>, text: &str) -> Vec<Token> {
    let next: Vec<bool> = tokens
        .iter()
        .skip(1)
        .map(|token| relation(&token.kind).is_some())
        .chain([false])
        .collect();
    let kept = tokens.into_iter().zip(next);
    let kept =
        kept.filter(|(token, before)| !(*before && text.get(token.start..token.end) == Some(":")));
    kept.map(|(token, _)| token).collect()
}

/// With a sign of equality for the colon of "Cột 6: tỷ lệ % cột 4 so với cột 1", and for "là".
fn with_ratios(mut tokens: Vec<Token>, text: &str) -> Vec<Token> {
    for at in 1..tokens.len() {
        let word = |ahead: usize| tokens.get(at + ahead).and_then(Token::word);
        let ratio = matches!((word(1), word(2)), (Some("tỷ" | "tỉ"), Some("lệ")));
        let said = text.get(tokens[at].start..tokens[at].end) == Some(":") || word(0) == Some("là");
        let of_code = matches!(tokens[at - 1].kind, Kind::Code(_) | Kind::Close);
        if ratio && said && of_code {
            tokens[at].kind = Kind::Equal;
        }
    }
    tokens
}

/// The sum at the end of a label without a sign of equality: "Trạm y tế (I+II)", "Cộng (1)+(2)",
/// "Chênh lệch (I - II)".
pub(crate) fn implied(text: &str) -> Option<Equation> {
    let tokens = tokens(text);
    let is_part = |token: &&Token| {
        matches!(
            token.kind,
            Kind::Code(_)
                | Kind::Plus
                | Kind::Minus
                | Kind::Dots
                | Kind::Marker(_)
                | Kind::Open
                | Kind::Close
        )
    };
    let length = tokens.iter().rev().take_while(is_part).count();
    let mut from = tokens.len() - length;
    // The label itself may end in a code, and a dash is no sign at the beginning.
    while let Some(token) = tokens.get(from).filter(|token| token.kind != Kind::Open) {
        let whole = !matches!(token.kind, Kind::Plus | Kind::Minus | Kind::Close)
            && matches!(
                tokens.get(from + 1).map(|next| &next.kind),
                Some(Kind::Plus | Kind::Minus)
            )
            && (1..tokens.len()).contains(&from);
        if whole {
            break;
        }
        from += 1;
    }
    let part = tokens.get(from..)?;
    let adds = part.iter().any(|token| token.kind == Kind::Plus);
    let subtracts = part.iter().any(|token| token.kind == Kind::Minus);
    if !(adds || subtracts && is_difference(&tokens[..from], part)) {
        return None;
    }
    let start = part.first()?.start;
    let mut found = find(&format!("={}", &text[start..])).pop()?;
    (found.start, found.end) = (start, text.len());
    Some(found)
}

/// The quotient in the brackets at the end of a header: "Tỷ lệ % (4/1)".
pub(crate) fn implied_quotient(text: &str) -> Option<Equation> {
    let (start, inside) = text
        .trim_end()
        .strip_suffix(')')?
        .rsplit_once('(')
        .map(|(head, inside)| (head.len(), inside))?;
    let kinds: Vec<Kind> = tokens(inside).into_iter().map(|token| token.kind).collect();
    let divides = matches!(
        kinds.as_slice(),
        [Kind::Code(_), Kind::Divide, Kind::Code(_)]
    );
    let mut found = find(&format!("={inside}")).pop().filter(|_| divides)?;
    (found.start, found.end) = (start, text.len());
    Some(found)
}

/// Is a dash between codes a sign, rather than "from ... to"?
fn is_difference(label: &[Token], part: &[Token]) -> bool {
    let first = |token: &Token| matches!(&token.kind, Kind::Word(word) if ["chênh", "còn", "số", "kết", "tồn", "lãi", "lợi", "thặng", "thâm", "cân"].contains(&word.as_str()));
    let remains = label
        .iter()
        .find(|token| matches!(token.kind, Kind::Word(_)));
    let figures = part.iter().any(
        |token| matches!(&token.kind, Kind::Code(code) if code.chars().all(|c| c.is_ascii_digit())),
    );
    remains.is_some_and(first) || !figures
}

/// Reads the right sides of a chain that begins with the relation at `at`; where to go on.
fn chain(
    text: &str,
    tokens: &[Token],
    mut at: usize,
    (left, start, first): (Option<Symbol>, usize, Comparison),
    found: &mut Vec<Equation>,
) -> usize {
    let mut next = Some(first);
    while let Some(sign) = next {
        let mut reader = Reader::new(tokens, at + 1, codes_in_brackets(tokens, at));
        reader.labelled = left.as_ref().is_some_and(|left| left.bracketed);
        let side = reader.sum(0);
        let others = match sign {
            Comparison::Equal => Vec::new(),
            _ => reader.others(),
        };
        let (right, (except, only)) = reader.whole(side);
        let end = tokens
            .get(reader.at.saturating_sub(1))
            .map_or(text.len(), |last| last.end);
        let equation = Equation {
            left: left.clone(),
            relation: sign,
            right,
            except,
            only,
            balances: false,
            start,
            end,
        };
        let others = others.into_iter().map(|other| Equation {
            right: equation.right.is_some().then_some(Node::Symbol(other)),
            ..equation.clone()
        });
        let others: Vec<Equation> = others.collect();
        found.push(equation);
        found.extend(others);
        at = reader.at.max(at + 1);
        next = tokens.get(at).and_then(|token| relation(&token.kind));
    }
    at
}

/// What is said of each of several codes, as an equation of each; where to go on. A list that is
/// equal to something may be meant as its sum: it is not read.
fn bounded(
    tokens: &[Token],
    at: usize,
    (lefts, start, relation): (Vec<Symbol>, usize, Comparison),
    found: &mut Vec<Equation>,
) -> usize {
    let mut reader = Reader::new(tokens, at + 1, codes_in_brackets(tokens, at));
    let side = reader.sum(0).filter(|_| relation != Comparison::Equal);
    let (right, (except, only)) = reader.whole(side);
    let next = reader.at.max(at + 1);
    let end = tokens.get(next - 1).map_or(0, |last| last.end);
    for left in lefts {
        found.push(Equation {
            left: Some(left),
            relation,
            right: right.clone(),
            except: except.clone(),
            only: only.clone(),
            balances: false,
            start,
            end,
        });
    }
    next
}
