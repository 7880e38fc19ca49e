//! Lists of codes: "tổng các cột 4, 5 và 6", "cột 2, 3 và cột 4".

use super::operand::join;
use super::side::Reader;
use super::token::{Kind, Which};
use super::tree::{Node, Symbol};
use crate::model::Number;
use crate::schema::expression::Operator;

impl Reader<'_> {
    /// "tổng các cột 4, 5 và 6", "tổng từ cột 4 đến cột 7", "hiệu của cột 2 và cột 3".
    pub(super) fn list(&mut self) -> Option<Node> {
        if let Some(ratio) = self.ratio() {
            return Some(ratio);
        }
        let operator = match self.peek() {
            Some(Kind::Word(word)) => match word.as_str() {
                "tổng" => Operator::Add,
                "hiệu" => Operator::Subtract,
                "tích" => Operator::Multiply,
                _ => return None,
            },
            _ => return None,
        };
        let from = self.at;
        self.at += 1;
        let which = self.before_list();
        let items = self.items(which);
        let items = items.filter(|items| match operator {
            Operator::Add => items.len() >= 2 || matches!(items.as_slice(), [Node::Through(..)]),
            _ => items.len() == 2,
        });
        let Some(items) = items else {
            self.at = from;
            return None;
        };
        items
            .into_iter()
            .reduce(|left, right| join(operator, left, right))
    }

    /// "tỷ lệ phần trăm giữa cột 4 và cột 3", "tỷ lệ % cột 4 so với cột 1".
    fn ratio(&mut self) -> Option<Node> {
        let from = self.at;
        let quotient = self.ratio_of_two();
        if quotient.is_none() {
            self.at = from;
        }
        quotient
    }

    fn ratio_of_two(&mut self) -> Option<Node> {
        let named = self.take_word(&["tỷ", "tỉ"]) && self.take_word(&["lệ"]);
        if !named {
            return None;
        }
        let percent = self.take(&Kind::Percent)
            || self.take_word(&["phần"]) && self.take_word(&["trăm"]) && {
                // "phần trăm (%)"
                let sign = [Kind::Open, Kind::Percent, Kind::Close];
                self.at += sign.len() * usize::from(self.kinds(3) == sign);
                true
            };
        let between = self.take_word(&["giữa"]);
        self.take_word(&["của"]);
        let over = self.symbol().filter(|over| over.which.is_some())?;
        let joined = match between {
            true => self.take_word(&["và", "với"]),
            false => {
                self.take_word(&["so"]) && self.take_word(&["với"])
                    || self.take_word(&["trên"])
                    || self.take(&Kind::Divide)
            }
        };
        let under = self.symbol().filter(|_| percent && joined)?;
        let under = Symbol {
            which: under.which.or(over.which),
            ..under
        };
        let quotient = join(Operator::Divide, Node::Symbol(over), Node::Symbol(under));
        let hundred = Node::Number(Number::ONE_HUNDRED);
        Some(join(Operator::Multiply, quotient, hundred))
    }

    /// What the next tokens are.
    fn kinds(&self, count: usize) -> Vec<Kind> {
        let next = self.tokens.iter().skip(self.at).take(count);
        next.map(|token| token.kind.clone()).collect()
    }

    /// Passes over the words before a list, and says what its codes are if they do: "các mã từ 02 đến
    /// 05".
    fn before_list(&mut self) -> Option<Which> {
        let mut which = None;
        loop {
            let behind = self.tokens.get(self.at + 1).map(|token| &token.kind);
            match (self.peek(), behind) {
                (Some(Kind::Marker(marker)), Some(Kind::Word(word))) if word == "từ" => {
                    which = Some(*marker);
                    self.at += 2;
                }
                _ if self.take_word(&["số", "cộng", "của", "các", "giữa", "từ"]) => {}
                _ => return which,
            }
        }
    }

    /// The codes of a list that names nothing else: "cột 2, 3 và cột 4", "cột 2 đến cột 5".
    pub(super) fn codes(&mut self) -> Option<Vec<Symbol>> {
        let which = self.before_list();
        let items = self.items(which)?;
        let codes = items.into_iter().map(|item| match item {
            Node::Symbol(symbol) => Some(vec![symbol]),
            Node::Through(first, last) => between(&first, &last),
            _ => None,
        });
        let codes: Option<Vec<Vec<Symbol>>> = codes.collect();
        codes.map(|codes| codes.concat())
    }

    /// The codes that follow one in a list, up to the end of the clause: "cột 2, cột 3". None if
    /// another relation follows.
    pub(super) fn others(&mut self) -> Vec<Symbol> {
        let from = self.at;
        let joined = self.take(&Kind::Comma) | self.take_word(&["và"]);
        let others = match joined && !self.another_follows() {
            true => self.codes(),
            false => None,
        };
        if others.is_none() {
            self.at = from;
        }
        others.unwrap_or_default()
    }

    /// The codes of a list; `which` is what the words before it say they are.
    fn items(&mut self, mut which: Option<Which>) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        loop {
            let symbol = self.symbol()?;
            which = symbol.which.or(which);
            // "cột 4,5" is read as one word.
            let codes = symbol.text.split(',').map(|code| Symbol {
                which,
                text: code.to_owned(),
                ..symbol.clone()
            });
            let mut codes: Vec<Symbol> = codes.collect();
            let last = codes.pop()?;
            items.extend(codes.into_iter().map(Node::Symbol));
            match self.take_word(&["đến"]) {
                true => {
                    let to = self.symbol()?;
                    items.push(Node::Through(
                        vec![last],
                        Symbol {
                            which: to.which.or(which),
                            ..to
                        },
                    ));
                }
                false => items.push(self.in_time(last)?),
            }
            let here = self.at;
            if self.take(&Kind::Comma) || self.take_word(&["và", "với"]) {
                self.take_word(&["và", "với"]);
                let goes_on = matches!(
                    self.peek(),
                    Some(Kind::Marker(_) | Kind::Code(_) | Kind::Open)
                );
                if goes_on {
                    continue;
                }
                self.at = here;
            } else if items.len() == 1 && self.take(&Kind::Plus) {
                // "tổng cột 4 + cột 5"
                continue;
            }
            return Some(items);
        }
    }
}

/// The codes from one to another, where they are numbers.
fn between(first: &[Symbol], last: &Symbol) -> Option<Vec<Symbol>> {
    let [first] = first else {
        return None;
    };
    let (from, to): (u32, u32) = (first.text.parse().ok()?, last.text.parse().ok()?);
    let width = first.text.len();
    let codes = (from..=to).map(|code| Symbol {
        text: format!("{code:0width$}"),
        ..first.clone()
    });
    (from < to && to - from < 100).then(|| codes.collect())
}
