//! An expression in words, with figures and cells in place of names, in both languages.

use super::closed::closed_words;
use super::criteria::{Wanted, called, compared};
use crate::model::value::message;
use crate::model::{CellAddress, Message, Number, Value};
use crate::rules::scope::{CellRef, InstanceScope, cell_label, distinct};
use crate::schema::rule::evaluate::{Datum, Given, Values};
use crate::schema::rule::expression::{Comparison, Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read};
use crate::schema::rule::function::{Function, Past};

/// Puts an expression into words where a rule is evaluated.
pub struct Words<'s>(pub &'s InstanceScope<'s>);

/// A part of an expression in words.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// Its value.
    value: Given,
    /// Figures and addresses in place of names.
    terms: Message,
    /// Precedence; brackets go around a phrase of lower precedence.
    binds: u8,
    /// As a condition that holds.
    holding: Message,
    sort: Sort,
    /// Cells of this period that it reads, each once.
    cells: Vec<CellRef>,
}

/// What a phrase is, as far as its words depend on it.
#[derive(Debug, Clone)]
enum Sort {
    /// Written in the rule.
    Written,
    /// A name: its one cell, if it means one.
    Name(Option<CellRef>),
    /// A figure of closed periods.
    Closed(Past),
    /// `ISBLANK` of this.
    IsBlank(Message),
    /// Anything else.
    Other,
}

impl Phrase {
    /// One side of a comparison: its terms with their cells, and their value.
    pub fn side(&self) -> Message {
        let terms = &self.terms;
        let computed = matches!(self.sort, Sort::Other | Sort::IsBlank(_));
        match self.value().filter(|_| computed) {
            None => terms.clone(),
            Some(Value::Flag(true)) => Message::new(
                format!("«x» (vì {})", terms.vi),
                format!("ticked (because {})", terms.en),
            ),
            Some(Value::Flag(false)) => Message::new(
                format!("để trống (vì {})", terms.vi),
                format!("blank (because {})", terms.en),
            ),
            // A day that the rule computes is its own term: 31/12/2025.
            Some(total) if total.to_string() == terms.vi => terms.clone(),
            Some(total) => {
                message!(total, terms; "{total} (= {terms})", "{total} (= {terms})")
            }
        }
    }

    /// Its value; `None` for a blank, and where it has none.
    pub fn value(&self) -> Option<Value> {
        match self.value.clone().one().ok()?? {
            Datum::Figure(figure) => figure.to_number().map(Value::Number),
            Datum::Plain(value) => Some(value),
        }
    }

    /// The cell, if it is nothing but the name of one.
    pub fn cell(&self) -> Option<CellRef> {
        match self.sort {
            Sort::Name(cell) => cell,
            _ => None,
        }
    }

    /// In brackets where it binds less than what it is part of.
    fn operand(&self, least: u8) -> Message {
        match self.binds < least {
            true => both(&self.terms, |text| format!("({text})")),
            false => self.terms.clone(),
        }
    }
}

/// What a comparison requires of its left side.
pub fn wanted(comparison: Comparison) -> Message {
    let (vi, en) = match comparison {
        Comparison::Equal => ("phải bằng", "should equal"),
        Comparison::NotEqual => ("phải khác", "should differ from"),
        Comparison::Less => ("phải nhỏ hơn", "should be below"),
        Comparison::LessOrEqual => ("không được lớn hơn", "should be at most"),
        Comparison::Greater => ("phải lớn hơn", "should be above"),
        Comparison::GreaterOrEqual => ("không được nhỏ hơn", "should be at least"),
    };
    Message::new(vi, en)
}

/// Why a rule with a condition applies here: "vì «Số hồ sơ» (ô C12) ghi 12, không nhỏ hơn 10".
/// Reported only if the condition looks at a cell that the rule itself does not.
pub fn condition(when: &Expr, named: &[CellRef], scope: &InstanceScope<'_>) -> Option<Message> {
    let when = when.fold(&mut Words(scope));
    let news = when.cells.iter().any(|cell| !named.contains(cell));
    news.then(|| {
        Message::new(
            format!(" Quy tắc này được xét ở đây vì {}.", when.holding.vi),
            format!(" The rule applies here because {}.", when.holding.en),
        )
    })
}

impl<'e> Algebra<'e> for Words<'_> {
    type Out = Phrase;

    fn number(&mut self, number: Number) -> Phrase {
        let words = message!(number; "{number}", "{number}");
        written(self.values().number(number), words)
    }

    fn text(&mut self, text: &'e str) -> Phrase {
        written(self.values().text(text), same(format!("«{text}»")))
    }

    fn flag(&mut self, flag: bool) -> Phrase {
        let words = match flag {
            true => Message::new("đúng", "true"),
            false => Message::new("sai", "false"),
        };
        written(self.values().flag(flag), words)
    }

    fn name(&mut self, read: Read<'e>) -> Phrase {
        let value = self.values().name(read);
        if let Some(past) = read.past {
            return closed(past, read.name, value, &self.inherited(past, read.name));
        }
        let cells = self.0.cells(read.name, read.folded);
        let cell = match cells.as_slice() {
            [one] if !read.folded => Some(*one),
            _ => None,
        };
        let mut phrase = Phrase {
            value,
            terms: same(format!("«{}»", read.name)),
            binds: LEAF,
            holding: same(""),
            sort: Sort::Name(cell),
            cells,
        };
        if let Some(cell) = cell {
            let (value, place) = (shown(phrase.value().as_ref()), place(cell, self.0));
            phrase.terms = Message::new(value.vi + &place.vi, value.en + &place.en);
        }
        let named = self.named(&phrase);
        phrase.holding = Message::new(
            format!("{} có đánh dấu", named.vi),
            format!("{} is ticked", named.en),
        );
        phrase
    }

    fn units(&mut self, form: &'e Name) -> Phrase {
        let value = self.values().units(form);
        let terms = same(format!("{}(«{form}»)", Function::Units.name()));
        computed(value, terms, LEAF, &[])
    }

    fn negate(&mut self, inner: Phrase) -> Phrase {
        let terms = both(&inner.operand(NEGATED + 1), |inner| format!("-{inner}"));
        let value = self.values().negate(inner.value.clone());
        computed(value, terms, NEGATED, &[inner])
    }

    fn binary(&mut self, operator: Operator, left: Phrase, right: Phrase) -> Phrase {
        let (symbol, binds) = match operator {
            Operator::Multiply => ("×", 2),
            Operator::Divide => (":", 2),
            Operator::Add | Operator::Subtract => (operator.symbol(), 1),
            Operator::Compare(_) => (operator.symbol(), 0),
        };
        // a - (b - c) is not a - b - c, nor a : (b × c) a : b × c.
        let tighter = u8::from(matches!(operator, Operator::Subtract | Operator::Divide));
        let (l, r) = (left.operand(binds), right.operand(binds + tighter));
        let terms = Message::new(
            format!("{} {symbol} {}", l.vi, r.vi),
            format!("{} {symbol} {}", l.en, r.en),
        );
        let (l, r) = (left.value.clone(), right.value.clone());
        let value = self.values().binary(operator, l, r);
        let holding = match operator {
            Operator::Compare(comparison) => {
                let (l, r) = (self.named(&left), self.named(&right));
                let (vi, en) = compared(comparison);
                Message::new(
                    format!("{} {vi} {}", l.vi, r.vi),
                    format!("{} {en} {}", l.en, r.en),
                )
            }
            _ => terms.clone(),
        };
        Phrase {
            holding,
            ..computed(value, terms, binds, &[left, right])
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Phrase>) -> Phrase {
        let values = arguments.iter().map(|part| part.value.clone()).collect();
        let value = self.values().call(function, values);
        let terms = match (function, &value) {
            (Function::Date, Given::One(Ok(Some(Datum::Plain(day))))) => {
                message!(day; "{day}", "{day}")
            }
            _ => self.called(function, &arguments),
        };
        let holding = match (function, arguments.as_slice()) {
            (Function::And, all) => {
                let all: Vec<Message> = all.iter().map(|one| one.holding.clone()).collect();
                joined(&all, " và ", " and ")
            }
            (Function::Not, [inner]) => match &inner.sort {
                Sort::IsBlank(inner) => Message::new(
                    format!("{} không để trống", inner.vi),
                    format!("{} is not blank", inner.en),
                ),
                _ => terms.clone(),
            },
            (Function::IsBlank, [inner]) => {
                let inner = self.named(inner);
                Message::new(
                    format!("{} để trống", inner.vi),
                    format!("{} is blank", inner.en),
                )
            }
            _ => terms.clone(),
        };
        let sort = match (function, arguments.as_slice()) {
            (Function::IsBlank, [inner]) => Sort::IsBlank(self.named(inner)),
            _ => Sort::Other,
        };
        Phrase {
            holding,
            sort,
            ..computed(value, terms, LEAF, &arguments)
        }
    }
}

/// Binds as strongly as a name.
const LEAF: u8 = 5;
const NEGATED: u8 = 3;

/// What is written in the rule.
fn written(value: Given, terms: Message) -> Phrase {
    Phrase {
        value,
        holding: terms.clone(),
        terms,
        binds: LEAF,
        sort: Sort::Written,
        cells: Vec::new(),
    }
}

/// What is computed from parts.
fn computed(value: Given, terms: Message, binds: u8, parts: &[Phrase]) -> Phrase {
    Phrase {
        value,
        holding: terms.clone(),
        terms,
        binds,
        sort: Sort::Other,
        cells: distinct(parts.iter().flat_map(|part| part.cells.iter().copied())),
    }
}

/// "182 (số đã chốt kỳ trước)"; of a merged unit "182 (số đã chốt kỳ trước của Xã A, Xã B cộng lại)".
fn closed(past: Past, name: &Name, value: Given, inherited: &[String]) -> Phrase {
    let mut phrase = written(value, same(""));
    let (closed, of) = closed_words(past, inherited);
    phrase.terms = match phrase.value() {
        Some(value) => message!(value, closed; "{value} ({closed})", "{value} ({closed})"),
        None => Message::new(
            format!("{} của «{name}»", of.vi),
            format!("{} of `{name}`", of.en),
        ),
    };
    phrase.holding = phrase.terms.clone();
    phrase.sort = Sort::Closed(past);
    phrase
}

impl<'s> Words<'s> {
    fn values(&self) -> Values<'s> {
        Values(self.0)
    }

    /// The former units whose figures a name of closed periods means.
    fn inherited(&self, past: Past, name: &Name) -> Vec<String> {
        let unit = self.0.unit;
        let own = || unit.tables[self.0.table].form.id();
        let form = name.form.as_deref().unwrap_or_else(own);
        let previous = unit.previous;
        previous.map_or(Vec::new(), |previous| {
            previous.inherited(past, unit.unit, form).to_vec()
        })
    }

    /// A single cell by its label and place, anything else by its figures.
    fn named(&self, phrase: &Phrase) -> Message {
        let Some(cell) = phrase.cell() else {
            return phrase.side();
        };
        let (label, place) = (cell_label(cell, self.0.unit), place(cell, self.0));
        let value = phrase.value();
        match value.filter(|value| value.as_number().is_some()) {
            Some(value) => message!(
                place, value;
                "{label}{place} ghi {value},",
                "{label}{place}, which is {value},"
            ),
            None => both(&place, |place| format!("{label}{place}")),
        }
    }

    /// "tổng các ô C9:C24 trang «II.06a»", "số ô đánh dấu trong C9:C24".
    fn called(&self, function: Function, arguments: &[Phrase]) -> Message {
        let cells = arguments.iter().flat_map(|argument| &argument.cells);
        let cells = distinct(cells.copied());
        let past = arguments.iter().find_map(|argument| match argument.sort {
            Sort::Closed(past) if cells.is_empty() => Some(past),
            _ => None,
        });
        if let (Function::Sum, Some(past)) = (function, past) {
            let (closed, _) = closed_words(past, &[]);
            return Message::new(
                format!("tổng {}", closed.vi),
                format!("sum of {}", closed.en),
            );
        }
        if function.looks_for() {
            return self.looked_for(function, arguments);
        }
        let (vi, en) = match function {
            Function::Sum => ("tổng các ô", "sum of"),
            Function::Count | Function::CountA => ("số ô có ghi trong", "filled cells in"),
            Function::Average => ("bình quân các ô", "average of"),
            Function::Min => ("số nhỏ nhất trong", "least of"),
            Function::Max => ("số lớn nhất trong", "greatest of"),
            other => {
                let inner: Vec<Message> = arguments.iter().map(|a| a.terms.clone()).collect();
                let inner = joined(&inner, "; ", "; ");
                return both(&inner, |inner| format!("{}({inner})", other.name()));
            }
        };
        // Beside names something computed: "số lớn nhất của 3 (ô C9) - 5 (ô D9); 0".
        let is_name = |one: &Phrase| matches!(one.sort, Sort::Name(_));
        if !arguments.iter().all(is_name) {
            let inner = arguments.iter().map(|one| match one.cell() {
                None if is_name(one) => whence(&one.cells, self.0),
                _ => one.terms.clone(),
            });
            let inner = joined(&inner.collect::<Vec<_>>(), "; ", "; ");
            return Message::new(
                format!("{} {}", vi.replace("trong", "của"), inner.vi),
                format!("{en} {}", inner.en),
            );
        }
        let whence = whence(&cells, self.0);
        Message::new(format!("{vi} {}", whence.vi), format!("{en} {}", whence.en))
    }

    /// SUMIFS, COUNTIF, COUNTIFS.
    fn looked_for(&self, function: Function, arguments: &[Phrase]) -> Message {
        let first = usize::from(function == Function::SumIfs);
        let figures = arguments.first().filter(|_| first == 1);
        let figures = figures.map_or(same(""), |figures| whence(&figures.cells, self.0));
        let pairs = arguments.get(first..).unwrap_or_default();
        let wanted = pairs.chunks_exact(2).map(|pair| Wanted {
            whence: whence(&pair[0].cells, self.0),
            boxes: pair[0].cells.iter().any(|at| self.0.unit.is_flag(*at)),
            value: pair[1].value(),
        });
        called(function, &figures, &wanted.collect::<Vec<_>>())
    }
}

/// Most cells that are listed one by one.
const MOST_LISTED: usize = 4;

/// How many cells the range from one to another has.
fn apart(first: &CellAddress, last: &CellAddress) -> usize {
    let across = |from: u32, to: u32| usize::try_from(from.abs_diff(to)).unwrap_or(usize::MAX);
    let (rows, columns) = (
        across(first.row, last.row).saturating_add(1),
        across(first.column, last.column).saturating_add(1),
    );
    rows.saturating_mul(columns)
}

/// "C9:C24", with the sheet if it is another one.
fn whence(cells: &[CellRef], scope: &InstanceScope<'_>) -> Message {
    let addresses: Vec<_> = cells
        .iter()
        .filter_map(|at| scope.unit.cell(*at)?.address)
        .collect();
    let range = match (addresses.first(), addresses.last()) {
        // Few cells that do not lie side by side are listed.
        (Some(first), Some(last))
            if addresses.len() <= MOST_LISTED && apart(first, last) > addresses.len() =>
        {
            let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            all.join(", ")
        }
        (Some(first), Some(last)) if first != last => format!("{first}:{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    match cells.first().filter(|at| at.table != scope.table) {
        Some(at) => {
            let sheet = &scope.unit.tables[at.table].sheet;
            Message::new(
                format!("{range} trang «{sheet}»"),
                format!("{range} on sheet «{sheet}»"),
            )
        }
        None => same(range),
    }
}

/// " (ô F6)", with the sheet if it is another one.
fn place(at: CellRef, scope: &InstanceScope<'_>) -> Message {
    let Some(address) = scope.unit.cell(at).and_then(|cell| cell.address) else {
        return same("");
    };
    if at.table == scope.table {
        return Message::new(format!(" (ô {address})"), format!(" ({address})"));
    }
    let sheet = &scope.unit.tables[at.table].sheet;
    Message::new(
        format!(" (ô {address} trang «{sheet}»)"),
        format!(" ({address} on sheet «{sheet}»)"),
    )
}

/// A value as a cell shows it, or that there is none.
pub fn shown(value: Option<&Value>) -> Message {
    match value {
        None => Message::new("trống", "blank"),
        Some(Value::Flag(false)) => Message::new("không đánh dấu", "not ticked"),
        Some(value) => message!(value; "{value}", "{value}"),
    }
}

fn same(text: impl ToString) -> Message {
    let text = text.to_string();
    Message::new(text.clone(), text)
}

fn both(message: &Message, with: impl Fn(&str) -> String) -> Message {
    Message::new(with(&message.vi), with(&message.en))
}

/// Messages one after another.
pub fn joined(messages: &[Message], vi: &str, en: &str) -> Message {
    let of = |pick: fn(&Message) -> &str, between: &str| {
        let parts: Vec<&str> = messages.iter().map(pick).collect();
        parts.join(between)
    };
    Message::new(of(|m| &m.vi, vi), of(|m| &m.en, en))
}
