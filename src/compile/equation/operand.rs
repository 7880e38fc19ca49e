//! What sides of equations are put together from: codes, figures, words of time.

use super::token::{Kind, Token};
use super::tree::{Node, Symbol};
use crate::model::Number;
use crate::schema::expression::{Comparison, Operator};
use crate::text::normalise;

/// Words beside the codes where an equation applies.
pub(super) const LIMITS: [&str; 14] = [
    "chỉ", "áp", "dụng", "cho", "ở", "tại", "của", "các", "và", "tính", "theo", "tương", "ứng",
    "từng",
];

/// Words before the number or code of another form: "cột 3 của biểu 05".
pub(super) const PAPERS: [&str; 5] = ["biểu", "mẫu", "lục", "cáo", "bảng"];

/// Do words behind a code say that it is another form's: "của biểu 05", "báo cáo năm 2024"?
pub(super) fn is_elsewhere(rest: &[Token]) -> bool {
    let words: Vec<&str> = rest.iter().map_while(Token::word).take(8).collect();
    let Some(paper) = words.iter().position(|word| PAPERS.contains(word)) else {
        return false;
    };
    // "của báo cáo này", "của báo cáo kỳ trước"
    let own = words[paper + 1..]
        .iter()
        .any(|word| matches!(*word, "này" | "trước" | "trên"));
    let coded = matches!(
        rest.get(words.len()).map(|token| &token.kind),
        Some(Kind::Code(_) | Kind::Marker(_))
    );
    !own && coded
}

/// The codes of a list of codes; each is of the kind that the last word before it says.
pub(super) fn symbols(tokens: &[Token]) -> Vec<Symbol> {
    let mut which = None;
    let mut symbols = Vec::new();
    for token in tokens {
        match &token.kind {
            Kind::Marker(marker) => which = Some(*marker),
            Kind::Code(code) => {
                let codes = code.split(',').filter(|code| !code.is_empty());
                symbols.extend(codes.map(|code| Symbol::code(which, code)));
            }
            _ => {}
        }
    }
    symbols
}

/// "kỳ trước", "tháng trước"
pub(super) fn is_period_before(two: &[&str]) -> bool {
    matches!(two, ["kỳ" | "tháng" | "quý" | "cáo" | "biểu", "trước"])
}

/// "năm trước", "cùng kỳ": another year, whose figures the form does not hold.
pub(super) fn is_another_year(two: &[&str]) -> bool {
    matches!(two, ["năm", "trước"] | ["cùng", "kỳ"])
}

/// Words behind a code that say when its figure was.
pub(super) fn is_time(two: &[&str]) -> bool {
    is_period_before(two) || is_another_year(two) || two[0] == "kỳ"
}

pub(super) fn join(operator: Operator, left: Node, right: Node) -> Node {
    Node::Join(operator, Box::new(left), Box::new(right))
}

/// What is before a `%`: `10%` is 0.1, unless 10 is a column of percentages. "x 100%" says that a
/// quotient is shown as a percentage.
pub(super) fn hundredths(node: Node) -> Node {
    if let Node::Symbol(symbol) = &node
        && let Some(number) = bare_figure(symbol)
    {
        return match number == Number::ONE_HUNDRED {
            true => Node::Number(number),
            false => Node::Share(symbol.clone(), number),
        };
    }
    join(Operator::Divide, node, Node::Number(Number::ONE_HUNDRED))
}

/// The figure that a code without a word or brackets around it may be.
pub(super) fn bare_figure(symbol: &Symbol) -> Option<Number> {
    let bare = symbol.which.is_none() && !symbol.bracketed && !symbol.label;
    figure(&symbol.text).filter(|_| bare)
}

/// The codes of a sum of codes; `None` if it is anything else.
pub(super) fn plain_sum(node: &Node, codes: &mut Vec<Symbol>) -> Option<()> {
    match node {
        Node::Symbol(symbol) => codes.push(symbol.clone()),
        Node::Join(Operator::Add, left, right) => {
            plain_sum(left, codes)?;
            plain_sum(right, codes)?;
        }
        _ => return None,
    }
    Some(())
}

/// A number as printed in Vietnamese: 500.000 and 1,5; `None` for a code such as `1a`.
fn figure(text: &str) -> Option<Number> {
    let text = normalise(text);
    let (whole, decimals) = text.split_once(',').unwrap_or((&text, ""));
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() > 1 && groups[1..].iter().all(|group| group.len() == 3);
    let plain = match (groups.as_slice(), grouped) {
        ([one], _) => (*one).to_owned(),
        (_, true) => groups.concat(),
        (_, false) => whole.to_owned(),
    };
    let written = match decimals {
        "" => plain,
        decimals => format!("{plain}.{decimals}"),
    };
    written.parse().ok()
}

/// Are codes in the equation written in brackets of their own, so that bare numbers are figures?
pub(super) fn codes_in_brackets(tokens: &[Token], at: usize) -> bool {
    let behind = tokens[at..]
        .iter()
        .take_while(|token| !matches!(token.kind, Kind::Stop | Kind::Comma))
        .count();
    tokens[at..at + behind].windows(3).any(|three| {
        matches!(
            three,
            [
                Token {
                    kind: Kind::Open,
                    ..
                },
                Token {
                    kind: Kind::Code(_),
                    ..
                },
                Token {
                    kind: Kind::Close,
                    ..
                }
            ]
        )
    })
}

/// What a sign relates.
pub(super) fn relation(kind: &Kind) -> Option<Comparison> {
    match kind {
        Kind::Equal => Some(Comparison::Equal),
        Kind::AtMost => Some(Comparison::LessOrEqual),
        Kind::AtLeast => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}
