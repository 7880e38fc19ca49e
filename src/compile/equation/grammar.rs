//! Equations found in a text: each relation sign with what is before and behind it.

pub(crate) use super::token::Which;
use super::token::{Kind, Token, tokens};
use crate::model::Number;
use crate::schema::expression::{Comparison, Operator};
use crate::text::normalise;

/// Brackets within brackets, and signs in one equation; nobody prints a longer one.
const DEEPEST: usize = 12;
const MOST_TERMS: usize = 200;

/// A code or label that names a row or column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Symbol {
    /// What the word before it says it is.
    pub(crate) which: Option<Which>,
    /// The code (`3`, `I`, `01`) or the words of a label, as written.
    pub(crate) text: String,
    /// Is it words, to be found among labels?
    pub(crate) label: bool,
    /// Is it in brackets of its own, and therefore no figure?
    pub(crate) bracketed: bool,
}

/// One side of an equation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A figure, because it cannot be a code where it is.
    Number(Number),
    /// A code that may be a figure: an operand of `*` or `/` without brackets around it.
    Either(Symbol, Number),
    /// A code.
    Symbol(Symbol),
    /// `2+3+...+7`: every code from one behind the first two to the last.
    Through(Vec<Symbol>, Symbol),
    /// What the code had in the previous period.
    Previous(Symbol),
    /// `-x`
    Negate(Box<Node>),
    /// `x + y`
    Join(Operator, Box<Node>, Box<Node>),
}

/// An equation in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equation {
    /// What is before the sign; `None` if nothing is: the row or column it is written at.
    pub(crate) left: Option<Symbol>,
    pub(crate) relation: Comparison,
    /// What is behind the sign; `None` if that could not be read.
    pub(crate) right: Option<Node>,
    /// Codes of rows or columns where it does not apply: "(trừ dòng 1 và dòng 2)".
    pub(crate) except: Vec<Symbol>,
    /// Its place in the text, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Every equation in a text. A chain `a = b = c` is two equations of `a`.
pub(crate) fn find(text: &str) -> Vec<Equation> {
    let prepared = spoken_relations(text);
    let tokens = tokens(&prepared);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(relation) = relation(&tokens[at].kind) else {
            at += 1;
            continue;
        };
        let floor = found.last().map_or(0, |equation: &Equation| equation.end);
        if let Some((from, to)) = computed_left(&tokens, at, floor) {
            let (equation, next) = turned(&tokens, (from, to), at, relation);
            found.push(equation);
            at = next;
            continue;
        }
        let (left, start) = left_of(&tokens, at, floor);
        at = chain(&prepared, &tokens, at, (left, start, relation), &mut found);
    }
    if prepared.len() != text.len() {
        // Words were replaced by signs: places in the text are no longer what was found.
        for equation in &mut found {
            (equation.start, equation.end) = (0, text.len());
        }
    }
    found
}

/// The sum in the last brackets of a label without a sign of equality: "Trạm y tế (I+II)".
pub(crate) fn implied(text: &str) -> Option<Equation> {
    let open = text.rfind(['(', '{', '['])?;
    let inside = text[open + 1..].trim_end().strip_suffix([')', '}', ']'])?;
    let all = tokens(inside).iter().all(|token| {
        matches!(
            token.kind,
            Kind::Code(_) | Kind::Plus | Kind::Minus | Kind::Dots | Kind::Marker(_)
        )
    });
    if !all || !inside.contains('+') {
        return None;
    }
    let mut found = find(&format!("={inside}")).pop()?;
    (found.start, found.end) = (open, text.len());
    Some(found)
}

fn relation(kind: &Kind) -> Option<Comparison> {
    match kind {
        Kind::Equal => Some(Comparison::Equal),
        Kind::AtMost => Some(Comparison::LessOrEqual),
        Kind::AtLeast => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
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
        let bracketed = codes_in_brackets(tokens, at);
        let mut reader = Reader {
            tokens,
            at: at + 1,
            bracketed,
            terms: 0,
        };
        let side = reader.sum(0);
        let complete = side.is_some() && reader.is_at_end();
        let except = reader.exceptions();
        let end = tokens
            .get(reader.at.saturating_sub(1))
            .map_or(text.len(), |last| last.end);
        found.push(Equation {
            left: left.clone(),
            relation: sign,
            right: side.filter(|_| complete),
            except,
            start,
            end,
        });
        at = reader.at.max(at + 1);
        next = tokens.get(at).and_then(|token| relation(&token.kind));
    }
    at
}

/// Are codes in the equation written in brackets of their own, so that bare numbers are figures?
fn codes_in_brackets(tokens: &[Token], at: usize) -> bool {
    let behind = tokens[at..]
        .iter()
        .take_while(|token| token.kind != Kind::Stop)
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

/// The tokens before the relation at `at` if they are more than one code: "cột 2 + cột 3 = cột 1".
fn computed_left(tokens: &[Token], at: usize, floor: usize) -> Option<(usize, usize)> {
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
            Kind::Word(word) if is_this_period(word) || word == "trước" => {}
            _ => break,
        }
        from -= 1;
    }
    // A dash before a listed sentence is no sign.
    while from < at && matches!(tokens[from].kind, Kind::Minus | Kind::Plus | Kind::Times) {
        from += 1;
        signs = signs.saturating_sub(1);
    }
    (signs > 0).then_some((from, at))
}

/// An equation with the computed side on the left, turned around if the right one is a single code;
/// else it is not read. Also where to go on.
fn turned(
    tokens: &[Token],
    (from, to): (usize, usize),
    at: usize,
    relation: Comparison,
) -> (Equation, usize) {
    let reader = |tokens, at| Reader {
        tokens,
        at,
        bracketed: codes_in_brackets(tokens, from),
        terms: 0,
    };
    let mut before = reader(&tokens[..to], from);
    let side = before.sum(0).filter(|_| before.at == to);
    let mut behind = reader(tokens, at + 1);
    let other = behind.sum(0).filter(|_| behind.is_at_end());
    let next = behind.at.max(at + 1);
    let end = tokens.get(next - 1).map_or(0, |last| last.end);
    let start = tokens.get(from).map_or(0, |first| first.start);
    let (left, right) = match (side, other) {
        (Some(side), Some(Node::Symbol(symbol))) => (Some(symbol), Some(side)),
        _ => (Some(Symbol::code(None, "?")), None),
    };
    let equation = Equation {
        left,
        relation: match relation {
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            relation => relation,
        },
        right,
        except: behind.exceptions(),
        start,
        end,
    };
    (equation, next)
}

/// The code or label before the relation at `at`, and where it begins.
fn left_of(tokens: &[Token], at: usize, floor: usize) -> (Option<Symbol>, usize) {
    let here = tokens[at].start;
    let mut end = at;
    // "Cột (6) kỳ này = ..."
    while end > 0 && matches!(&tokens[end - 1].kind, Kind::Word(word) if is_this_period(word)) {
        end -= 1;
    }
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
    match &last.kind {
        Kind::Code(code) => {
            let which = marker(end - 1);
            let start = which.map_or(last.start, |(_, start)| start);
            (
                Some(Symbol::code(which.map(|(which, _)| which), code)),
                start,
            )
        }
        Kind::Close if end >= 3 => match (&tokens[end - 3].kind, &tokens[end - 2].kind) {
            (Kind::Open, Kind::Code(code)) => {
                let which = marker(end - 3);
                let start = which.map_or(tokens[end - 3].start, |(_, start)| start);
                (
                    Some(Symbol::code(which.map(|(which, _)| which), code)),
                    start,
                )
            }
            _ => (None, here),
        },
        Kind::Word(_) => words_before(tokens, end, floor, here),
        _ => (None, here),
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
    let text: Vec<&str> = words.iter().rev().map(|token| token.shown()).collect();
    (Some(Symbol::words(text.join(" "))), first.start)
}

fn is_this_period(word: &str) -> bool {
    matches!(
        word,
        "kỳ" | "này" | "tháng" | "quý" | "phải" | "luôn" | "được"
    )
}

/// Relations said in words, as signs.
fn spoken_relations(text: &str) -> String {
    const PHRASES: [(&str, &str); 15] = [
        ("nhỏ hơn hoặc bằng", "≤"),
        ("bé hơn hoặc bằng", "≤"),
        ("không được lớn hơn", "≤"),
        ("không được vượt quá", "≤"),
        ("không lớn hơn", "≤"),
        ("không vượt quá", "≤"),
        ("không nhiều hơn", "≤"),
        ("lớn hơn hoặc bằng", "≥"),
        ("không được nhỏ hơn", "≥"),
        ("không nhỏ hơn", "≥"),
        ("không ít hơn", "≥"),
        ("lấy theo", "="),
        ("lấy từ", "="),
        ("phải bằng", "="),
        (" bằng ", " = "),
    ];
    // Lower case changes the length of some letters; then the words stay as they are.
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text.to_owned();
    }
    let mut out = text.to_owned();
    for (phrase, sign) in PHRASES {
        while let Some(at) = out.to_lowercase().find(phrase) {
            if out.to_lowercase().len() != out.len() {
                return out;
            }
            out.replace_range(at..at + phrase.len(), sign);
        }
    }
    out
}

impl Symbol {
    fn code(which: Option<Which>, code: &str) -> Symbol {
        Symbol {
            which,
            text: code.to_owned(),
            label: false,
            bracketed: false,
        }
    }

    fn words(text: String) -> Symbol {
        Symbol {
            which: None,
            text,
            label: true,
            bracketed: false,
        }
    }
}

impl Token {
    /// The token as a word of a label.
    fn shown(&self) -> &str {
        match &self.kind {
            Kind::Word(word) | Kind::Code(word) => word,
            _ => "",
        }
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Codes are in brackets: bare operands of `*` and `/` are figures.
    bracketed: bool,
    terms: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let is = self.peek() == Some(kind);
        self.at += usize::from(is);
        is
    }

    /// Does the equation end here, rather than go on with something that could not be read?
    fn is_at_end(&self) -> bool {
        match self.peek() {
            None => true,
            Some(Kind::Plus | Kind::Minus | Kind::Times | Kind::Divide | Kind::Dots) => false,
            Some(Kind::Strict | Kind::Marker(_) | Kind::Code(_)) => false,
            Some(Kind::Open) => self.is_exception(),
            Some(_) => true,
        }
    }

    fn sum(&mut self, depth: usize) -> Option<Node> {
        let mut node = match self.take(&Kind::Minus) {
            true => Node::Negate(Box::new(self.product(depth)?)),
            false => self.product(depth)?,
        };
        loop {
            let operator = match self.peek() {
                Some(Kind::Plus) => Operator::Add,
                Some(Kind::Minus) => Operator::Subtract,
                Some(Kind::Dots) => {
                    self.at += 1;
                    node = self.through(node)?;
                    continue;
                }
                _ => return Some(node),
            };
            self.at += 1;
            if operator == Operator::Add && self.take(&Kind::Dots) {
                node = self.through(node)?;
                continue;
            }
            let right = self.product(depth)?;
            node = Node::Join(operator, Box::new(node), Box::new(right));
        }
    }

    /// What is behind the dots of `2+3+...+7`.
    fn through(&mut self, before: Node) -> Option<Node> {
        self.take(&Kind::Plus);
        let last = self.symbol()?;
        let mut first = Vec::new();
        plain_sum(&before, &mut first)?;
        (first.len() <= 3).then_some(Node::Through(first, last))
    }

    fn product(&mut self, depth: usize) -> Option<Node> {
        let mut node = self.factor(depth)?;
        loop {
            let operator = match self.peek() {
                Some(Kind::Times) => Operator::Multiply,
                Some(Kind::Divide) => Operator::Divide,
                _ => return Some(node),
            };
            self.at += 1;
            let right = self.factor(depth)?;
            node = Node::Join(
                operator,
                Box::new(self.figure_if_bare(node)),
                Box::new(self.figure_if_bare(right)),
            );
        }
    }

    /// An operand of `*` or `/` that may be a figure.
    fn figure_if_bare(&self, node: Node) -> Node {
        let Node::Symbol(symbol) = &node else {
            return node;
        };
        let bare = symbol.which.is_none() && !symbol.bracketed;
        let Some(number) = figure(&symbol.text).filter(|_| bare) else {
            return node;
        };
        match self.bracketed {
            true => Node::Number(number),
            false => Node::Either(symbol.clone(), number),
        }
    }

    fn factor(&mut self, depth: usize) -> Option<Node> {
        self.terms += 1;
        if depth > DEEPEST || self.terms > MOST_TERMS {
            return None;
        }
        if self.peek() == Some(&Kind::Open) {
            return self.brackets(depth);
        }
        if matches!(self.peek(), Some(Kind::Word(_))) {
            return self.label();
        }
        let symbol = self.symbol()?;
        self.take(&Kind::Percent);
        Some(self.in_time(symbol))
    }

    fn brackets(&mut self, depth: usize) -> Option<Node> {
        let from = self.at;
        self.at += 1;
        let inside = self.sum(depth + 1)?;
        if !self.take(&Kind::Close) {
            return None;
        }
        // `(6)` is a code; `(6 + 7)` is what it says.
        match inside {
            Node::Symbol(symbol) if self.at - from == 3 && !symbol.label => {
                Some(self.in_time(Symbol {
                    bracketed: true,
                    ..symbol
                }))
            }
            inside => Some(inside),
        }
    }

    fn symbol(&mut self) -> Option<Symbol> {
        let which = match self.peek() {
            Some(Kind::Marker(which)) => Some(*which),
            _ => None,
        };
        self.at += usize::from(which.is_some());
        let open = self.take(&Kind::Open);
        let Some(Kind::Code(code)) = self.peek() else {
            return None;
        };
        let symbol = Symbol {
            bracketed: open,
            ..Symbol::code(which, code)
        };
        self.at += 1;
        (!open || self.take(&Kind::Close)).then_some(symbol)
    }

    /// Words up to the next sign, as a label.
    fn label(&mut self) -> Option<Node> {
        let mut words = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match &token.kind {
                Kind::Word(_) | Kind::Code(_) => words.push(token.shown()),
                _ => break,
            }
            self.at += 1;
        }
        (words.len() <= 20).then(|| Node::Symbol(Symbol::words(words.join(" "))))
    }

    /// A code, or what it had in the previous period if the words behind it say so.
    fn in_time(&mut self, symbol: Symbol) -> Node {
        let words: Vec<&str> = self.tokens[self.at.min(self.tokens.len())..]
            .iter()
            .map_while(|token| match &token.kind {
                Kind::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .take(8)
            .collect();
        let before = words
            .windows(2)
            .position(|two| matches!(two, ["kỳ" | "tháng" | "quý" | "cáo" | "biểu", "trước"]));
        match before {
            Some(at) => {
                self.at += at + 2;
                Node::Previous(symbol)
            }
            None => Node::Symbol(symbol),
        }
    }

    fn is_exception(&self) -> bool {
        let word = |ahead: usize| match self.tokens.get(self.at + ahead).map(|token| &token.kind) {
            Some(Kind::Word(word)) => word.as_str(),
            Some(Kind::Minus) => "-",
            _ => "",
        };
        self.peek() == Some(&Kind::Open)
            && matches!((word(1), word(2)), ("trừ", _) | ("không" | "ngoại", _))
    }

    /// "(trừ dòng 1 và dòng 2)"
    fn exceptions(&mut self) -> Vec<Symbol> {
        if !self.is_exception() {
            return Vec::new();
        }
        let mut except = Vec::new();
        let mut which = None;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match &token.kind {
                Kind::Marker(marker) => which = Some(*marker),
                Kind::Code(code) => except.push(Symbol::code(which, code)),
                Kind::Close => break,
                _ => {}
            }
        }
        except
    }
}

/// The codes of a sum of codes; `None` if it is anything else.
fn plain_sum(node: &Node, codes: &mut Vec<Symbol>) -> Option<()> {
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
