//! One side of an equation: sums and products of codes, labels and figures.

use super::operand::{
    LIMITS, bare_figure, hundredths, is_another_year, is_elsewhere, is_period_before, is_time,
    join, plain_sum, symbols,
};
use super::token::{Kind, Token, Which};
use super::tree::{Node, Symbol};
use crate::schema::expression::Operator;

/// Brackets within brackets, and signs in one equation; nobody prints a longer one.
const DEEPEST: usize = 12;
const MOST_TERMS: usize = 200;
/// Words of a label.
const LONGEST_LABEL: usize = 20;
/// Words that say when a figure was: "mà đơn vị đã báo cáo ở kỳ trước".
const LONGEST_TIME: usize = 16;

/// Codes of rows or columns where an equation does not apply, and where alone it does.
pub(super) type Limits = (Vec<Symbol>, Vec<Symbol>);

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    /// Codes are in brackets: bare operands of `*` and `/` are figures.
    bracketed: bool,
    /// What the word before brackets around several codes says that they are: "Cột (2+3)".
    which: Option<Which>,
    /// Names have their codes behind them, as the left side has: "Tổng số (cột 1) = Cũ (cột 2)".
    pub(super) labelled: bool,
    terms: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tokens: &'a [Token], at: usize, bracketed: bool) -> Reader<'a> {
        Reader {
            tokens,
            at,
            bracketed,
            which: None,
            labelled: false,
            terms: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<&'a Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn take(&mut self, kind: &Kind) -> bool {
        let is = self.peek() == Some(kind);
        self.at += usize::from(is);
        is
    }

    pub(super) fn take_word(&mut self, words: &[&str]) -> bool {
        let is = matches!(self.peek(), Some(Kind::Word(word)) if words.contains(&word.as_str()));
        self.at += usize::from(is);
        is
    }

    /// Does the equation end here, rather than go on with something that could not be read?
    pub(super) fn is_at_end(&self) -> bool {
        // Words that go on computing with what was not understood.
        const GO_ON: [&str; 14] = [
            "nhân", "chia", "cộng", "trừ", "với", "x", "lần", "thêm", "bớt", "hoặc", "giảm",
            "tăng", "và", "từ",
        ];
        if is_elsewhere(self.tokens.get(self.at..).unwrap_or_default()) {
            return false;
        }
        match self.peek() {
            None => true,
            Some(Kind::Plus | Kind::Minus | Kind::Times | Kind::Divide | Kind::Dots) => false,
            Some(Kind::Strict | Kind::Marker(_) | Kind::Code(_) | Kind::Open) => false,
            Some(Kind::Word(word)) if word == "và" => self.another_follows(),
            // "ở từng dòng", but "ở cột 1".
            Some(Kind::Word(word)) if ["ở", "tại", "cho", "đối"].contains(&word.as_str()) => {
                !self.names_codes()
            }
            Some(Kind::Word(word)) => !GO_ON.contains(&word.as_str()),
            Some(_) => true,
        }
    }

    /// A side with the brackets behind it that say where it applies; none if the text goes on with
    /// something that could not be read.
    pub(super) fn whole(&mut self, side: Option<Node>) -> (Option<Node>, Limits) {
        let nowhere = (None, Limits::default());
        let Some(side) = side else {
            return nowhere;
        };
        match self.behind() {
            Some(limits) if self.is_at_end() => (Some(side), limits),
            _ => nowhere,
        }
    }

    /// Was everything before `to` read, but for words such as "kỳ này phải"?
    pub(super) fn is_said_by(&self, to: usize) -> bool {
        let rest = self.tokens.get(self.at..to).unwrap_or_default();
        let filler = |token: &Token| {
            matches!(&token.kind, Kind::Word(word)
                if ["kỳ", "này", "tháng", "quý", "phải", "luôn", "được"].contains(&word.as_str()))
        };
        self.at <= to && rest.iter().all(filler)
    }

    /// Is there another relation in the same clause?
    pub(super) fn another_follows(&self) -> bool {
        let rest = self.tokens[self.at..].iter();
        rest.take_while(|token| token.kind != Kind::Stop)
            .any(|token| matches!(token.kind, Kind::Equal | Kind::AtMost | Kind::AtLeast))
    }

    /// Are codes named in the rest of the clause?
    fn names_codes(&self) -> bool {
        let rest = self.tokens[self.at..].iter();
        rest.take_while(|token| token.kind != Kind::Stop)
            .any(|token| matches!(token.kind, Kind::Code(_)))
    }

    pub(super) fn sum(&mut self, depth: usize) -> Option<Node> {
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
            node = join(operator, node, right);
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
        // `10% x 4`; a sign behind a quotient only says how it is shown.
        if self.take(&Kind::Percent) && self.peek() == Some(&Kind::Times) {
            node = hundredths(node);
        }
        loop {
            let operator = match self.peek() {
                Some(Kind::Times) => Operator::Multiply,
                Some(Kind::Divide) => Operator::Divide,
                _ => return Some(node),
            };
            self.at += 1;
            let right = self.factor(depth)?;
            let right = match self.take(&Kind::Percent) && operator == Operator::Multiply {
                true => hundredths(right),
                false => self.figure_if_bare(right),
            };
            node = join(operator, self.figure_if_bare(node), right);
        }
    }

    /// An operand of `*` or `/` that may be a figure.
    fn figure_if_bare(&self, node: Node) -> Node {
        let Node::Symbol(symbol) = &node else {
            return node;
        };
        let Some(number) = bare_figure(symbol) else {
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
        if let Some(list) = self.list() {
            return Some(list);
        }
        let behind = self.tokens.get(self.at + 1).map(|token| &token.kind);
        match (self.peek(), behind) {
            (Some(Kind::Word(_)), _) | (Some(Kind::Marker(_)), Some(Kind::Word(_))) => {
                return self.label();
            }
            (Some(Kind::Code(_)), Some(Kind::Word(_))) if self.begins_label() => {
                return self.label();
            }
            (Some(Kind::Marker(which)), Some(Kind::Open)) if !self.is_one_code(self.at + 1) => {
                self.at += 1;
                let outer = self.which.replace(*which);
                let inside = self.brackets(depth);
                self.which = outer;
                return inside;
            }
            _ => {}
        }
        let symbol = self.symbol()?;
        self.in_time(symbol)
    }

    /// Is a number the first word of a label that is added to another: "6 tháng đầu năm + Quý III"?
    fn begins_label(&self) -> bool {
        let rest = &self.tokens[self.at + 1..];
        let words = rest.iter().map_while(|token| match &token.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        });
        let words: Vec<&str> = words.collect();
        let added = rest.get(words.len()).map(|token| &token.kind);
        matches!(added, Some(Kind::Plus | Kind::Minus)) && !words.windows(2).any(is_time)
    }

    /// `(6)`
    fn is_one_code(&self, at: usize) -> bool {
        let kind = |ahead: usize| self.tokens.get(at + ahead).map(|token| &token.kind);
        matches!(
            (kind(0), kind(1), kind(2)),
            (Some(Kind::Open), Some(Kind::Code(_)), Some(Kind::Close))
        )
    }

    fn brackets(&mut self, depth: usize) -> Option<Node> {
        let one = self.is_one_code(self.at);
        self.at += 1;
        let inside = self.sum(depth + 1)?;
        if !self.take(&Kind::Close) {
            return None;
        }
        // `(6)` is a code; `(6 + 7)` is what it says.
        match inside {
            Node::Symbol(symbol) if one && !symbol.label => self.in_time(Symbol {
                bracketed: true,
                ..symbol
            }),
            inside => Some(inside),
        }
    }

    pub(super) fn symbol(&mut self) -> Option<Symbol> {
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
            ..Symbol::code(which.or(self.which), code)
        };
        self.at += 1;
        (!open || self.take(&Kind::Close)).then_some(symbol)
    }

    /// Words up to the next sign, as a label; "cột tồn cuối kỳ của kỳ trước" is what that column
    /// had in the previous period.
    fn label(&mut self) -> Option<Node> {
        let which = match self.peek() {
            Some(Kind::Marker(which)) => Some(*which),
            _ => self.which,
        };
        self.at += usize::from(matches!(self.peek(), Some(Kind::Marker(_))));
        let mut words = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match &token.kind {
                Kind::Word(_) | Kind::Code(_) => words.push(token.shown()),
                _ => break,
            }
            self.at += 1;
        }
        if words.len() > LONGEST_LABEL {
            return None;
        }
        if self.labelled
            && let Some(code) = self.code_behind()
        {
            return self.in_time(code);
        }
        let before = words.windows(2).position(is_period_before);
        let label = |words: &[&str]| {
            let words = match words {
                [rest @ .., "của" | "ở" | "tại"] => rest,
                all => all,
            };
            Symbol {
                which,
                ..Symbol::words(words.join(" "))
            }
        };
        match before {
            Some(0) => None,
            // "của báo cáo kỳ trước"
            Some(at) => {
                let end = words[..at].iter().rposition(|word| *word == "của");
                let end = end.filter(|end| *end > 0).unwrap_or(at);
                Some(Node::Previous(label(&words[..end])))
            }
            None => Some(Node::Symbol(label(&words))),
        }
    }

    /// The code in brackets behind a name.
    fn code_behind(&mut self) -> Option<Symbol> {
        let marked = matches!(
            self.tokens.get(self.at + 1).map(|token| &token.kind),
            Some(Kind::Marker(_))
        );
        let code = self.at + 1 + usize::from(marked);
        let brackets = (
            self.peek(),
            self.tokens.get(code + 1).map(|token| &token.kind),
        );
        if brackets != (Some(&Kind::Open), Some(&Kind::Close)) {
            return None;
        }
        let from = self.at;
        self.at += 1;
        match self.symbol().filter(|_| self.take(&Kind::Close)) {
            Some(symbol) => Some(Symbol {
                bracketed: true,
                ..symbol
            }),
            None => {
                self.at = from;
                None
            }
        }
    }

    /// A code, or what it had in the previous period if the words behind it say so; nothing if they
    /// name another year.
    pub(super) fn in_time(&mut self, symbol: Symbol) -> Option<Node> {
        let words: Vec<&str> = self.tokens[self.at.min(self.tokens.len())..]
            .iter()
            .map_while(|token| match &token.kind {
                Kind::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .take(LONGEST_TIME)
            .collect();
        if words.windows(2).any(is_another_year) {
            return None;
        }
        Some(match words.windows(2).position(is_period_before) {
            Some(at) => {
                self.at += at + 2;
                Node::Previous(symbol)
            }
            None => Node::Symbol(symbol),
        })
    }

    /// Codes in brackets behind an equation: where it does not apply ("trừ dòng 1 và dòng 2"), where
    /// alone it applies ("cột 1, 2, 4"). Brackets with words only say in what it is measured. `None`
    /// if they say something else.
    pub(super) fn behind(&mut self) -> Option<Limits> {
        if self.peek() != Some(&Kind::Open) {
            return Some((Vec::new(), Vec::new()));
        }
        let from = self.at + 1;
        let length = self.tokens[from..]
            .iter()
            .position(|token| matches!(token.kind, Kind::Close | Kind::Open | Kind::Stop))?;
        let inside = &self.tokens[from..from + length];
        if inside.is_empty() || self.tokens[from + length].kind != Kind::Close {
            return None;
        }
        let word = |at: usize| match inside.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => word.as_str(),
            _ => "",
        };
        let excepts = matches!(word(0), "trừ" | "không" | "ngoại" | "loại");
        let symbols = symbols(inside);
        let limits = inside.iter().all(|token| {
            matches!(&token.kind, Kind::Marker(_) | Kind::Code(_) | Kind::Comma)
                || matches!(&token.kind, Kind::Word(word) if LIMITS.contains(&word.as_str()))
        });
        let measures = inside
            .iter()
            .all(|token| matches!(token.kind, Kind::Word(_) | Kind::Percent | Kind::Divide));
        let found = match symbols.is_empty() {
            false if excepts => (symbols, Vec::new()),
            false if limits && symbols.iter().all(|one| one.which.is_some()) => {
                (Vec::new(), symbols)
            }
            true if measures && !excepts && inside.len() <= 4 => (Vec::new(), Vec::new()),
            _ => return None,
        };
        self.at = from + length + 1;
        Some(found)
    }
}
