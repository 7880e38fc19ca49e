//! An expression in words, with figures and cells in place of names, in both languages.

use crate::model::value::message;
use crate::model::{Message, Value};
use crate::rules::instance::collect;
use crate::rules::scope::{CellRef, InstanceScope, cell_label};
use crate::schema::evaluate::{Scope, evaluate};
use crate::schema::expression::{Comparison, Expr, Function, Operator, Past};

/// One side of a comparison: its terms with their cells, and their value.
pub fn side(expr: &Expr, scope: &InstanceScope<'_>) -> Message {
    let terms = terms(expr, scope);
    let total = evaluate(expr, scope).ok().flatten();
    match (expr, total) {
        (Expr::Number(_) | Expr::Name(_) | Expr::Text(_) | Expr::Flag(_), _) | (_, None) => terms,
        (Expr::Call(function, _), Some(_)) if function.past().is_some() => terms,
        (_, Some(Value::Flag(flag))) => {
            let (vi, en) = if flag {
                ("«x»", "ticked")
            } else {
                ("để trống", "blank")
            };
            Message::new(
                format!("{vi} (vì {})", terms.vi),
                format!("{en} (because {})", terms.en),
            )
        }
        (_, Some(total)) => message!(total, terms; "{total} (= {terms})", "{total} (= {terms})"),
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
pub fn condition(when: &Expr, told: &[CellRef], scope: &InstanceScope<'_>) -> Option<Message> {
    let mut cells = Vec::new();
    collect(when, false, scope, &mut cells);
    let news = cells.iter().any(|cell| !told.contains(cell));
    news.then(|| {
        let holds = holding(when, scope);
        Message::new(
            format!(" Quy tắc này được xét ở đây vì {}.", holds.vi),
            format!(" The rule applies here because {}.", holds.en),
        )
    })
}

/// A condition that holds, in words.
fn holding(expr: &Expr, scope: &InstanceScope<'_>) -> Message {
    match expr {
        Expr::Binary(Operator::Compare(comparison), left, right) => {
            let (left, right) = (named(left, scope), named(right, scope));
            let (vi, en) = match comparison {
                Comparison::Equal => ("bằng", "equals"),
                Comparison::NotEqual => ("khác", "differs from"),
                Comparison::Less => ("nhỏ hơn", "is below"),
                Comparison::LessOrEqual => ("không lớn hơn", "is at most"),
                Comparison::Greater => ("lớn hơn", "is above"),
                Comparison::GreaterOrEqual => ("không nhỏ hơn", "is at least"),
            };
            Message::new(
                format!("{} {vi} {}", left.vi, right.vi),
                format!("{} {en} {}", left.en, right.en),
            )
        }
        Expr::Call(Function::And, arguments) => {
            let all: Vec<Message> = arguments.iter().map(|one| holding(one, scope)).collect();
            joined(&all, " và ", " and ")
        }
        Expr::Call(Function::Not, arguments) => match arguments.as_slice() {
            [Expr::Call(Function::IsBlank, inner)] => match inner.first() {
                Some(inner) => {
                    let inner = named(inner, scope);
                    Message::new(
                        format!("{} không để trống", inner.vi),
                        format!("{} is not blank", inner.en),
                    )
                }
                None => terms(expr, scope),
            },
            _ => terms(expr, scope),
        },
        Expr::Call(Function::IsBlank, arguments) if !arguments.is_empty() => {
            let inner = named(&arguments[0], scope);
            Message::new(
                format!("{} để trống", inner.vi),
                format!("{} is blank", inner.en),
            )
        }
        Expr::Name(_) => {
            let inner = named(expr, scope);
            Message::new(
                format!("{} có đánh dấu", inner.vi),
                format!("{} is ticked", inner.en),
            )
        }
        other => terms(other, scope),
    }
}

/// A single cell by its label and place, anything else by its figures.
fn named(expr: &Expr, scope: &InstanceScope<'_>) -> Message {
    let Expr::Name(name) = expr else {
        return side(expr, scope);
    };
    match scope.cells(name, false).as_slice() {
        [one] => {
            let (label, place) = (cell_label(*one, scope.unit), place(*one, scope));
            let value = scope.value(name).ok().flatten();
            match value.filter(|value| value.as_number().is_some()) {
                Some(value) => message!(
                    place, value;
                    "{label}{place} ghi {value},",
                    "{label}{place}, which is {value},"
                ),
                None => both(&place, |place| format!("{label}{place}")),
            }
        }
        _ => side(expr, scope),
    }
}

/// The expression with figures and addresses in place of names.
fn terms(expr: &Expr, scope: &InstanceScope<'_>) -> Message {
    match expr {
        Expr::Number(number) => message!(number; "{number}", "{number}"),
        Expr::Text(text) => same(format!("«{text}»")),
        Expr::Flag(true) => Message::new("đúng", "true"),
        Expr::Flag(false) => Message::new("sai", "false"),
        Expr::Name(name) => match scope.cells(name, false).as_slice() {
            [one] => {
                let value = scope.value(name).ok().flatten();
                let (value, place) = (shown(value.as_ref()), place(*one, scope));
                Message::new(value.vi + &place.vi, value.en + &place.en)
            }
            _ => same(format!("«{name}»")),
        },
        Expr::Negate(inner) => {
            let inner = operand(inner, scope, binds(expr) + 1);
            both(&inner, |inner| format!("-{inner}"))
        }
        Expr::Binary(operator, left, right) => {
            let symbol = match operator {
                Operator::Multiply => "×",
                Operator::Divide => ":",
                other => other.symbol(),
            };
            // a - (b - c) is not a - b - c, nor a : (b × c) a : b × c.
            let tighter = u8::from(matches!(operator, Operator::Subtract | Operator::Divide));
            let left = operand(left, scope, binds(expr));
            let right = operand(right, scope, binds(expr) + tighter);
            Message::new(
                format!("{} {symbol} {}", left.vi, right.vi),
                format!("{} {symbol} {}", left.en, right.en),
            )
        }
        Expr::Call(function, arguments) => match function.past() {
            Some(past) => past_text(past, expr, arguments, scope),
            None => fold_text(*function, arguments, scope),
        },
    }
}

/// A part of an expression, in brackets where it binds less than what encloses it.
fn operand(expr: &Expr, scope: &InstanceScope<'_>, least: u8) -> Message {
    let text = terms(expr, scope);
    match binds(expr) < least {
        true => both(&text, |text| format!("({text})")),
        false => text,
    }
}

/// How strongly an expression holds together.
fn binds(expr: &Expr) -> u8 {
    match expr {
        Expr::Binary(Operator::Compare(_), ..) => 0,
        Expr::Binary(Operator::Add | Operator::Subtract, ..) => 1,
        Expr::Binary(Operator::Multiply | Operator::Divide, ..) => 2,
        Expr::Negate(_) => 3,
        _ => 5,
    }
}

/// "182 (số đã chốt kỳ trước)".
fn past_text(past: Past, expr: &Expr, arguments: &[Expr], scope: &InstanceScope<'_>) -> Message {
    let (closed, of) = closed_words(past);
    let value = evaluate(expr, scope).ok().flatten();
    match (value, arguments.first()) {
        (Some(value), _) => message!(value, closed; "{value} ({closed})", "{value} ({closed})"),
        (None, Some(Expr::Name(name))) => Message::new(
            format!("{} của «{name}»", of.vi),
            format!("{} of `{name}`", of.en),
        ),
        (None, _) => of,
    }
}

/// What of the archive a figure is, and of a name when there is none.
fn closed_words(past: Past) -> (Message, Message) {
    match past {
        Past::Previous => (
            Message::new("số đã chốt kỳ trước", "closed last period"),
            Message::new("kỳ trước", "last period"),
        ),
        Past::YearBefore => (
            Message::new(
                "số cùng kỳ năm trước đã chốt",
                "closed for the same period of last year",
            ),
            Message::new("cùng kỳ năm trước", "the same period of last year"),
        ),
        Past::YearToDate => (
            Message::new(
                "lũy kế từ đầu năm đến hết kỳ trước đã chốt",
                "closed periods of this year so far",
            ),
            Message::new("lũy kế từ đầu năm", "the year to date"),
        ),
    }
}

/// "tổng các ô C9:C24 trang «II.06a»", "số ô đánh dấu trong C9:C24".
fn fold_text(function: Function, arguments: &[Expr], scope: &InstanceScope<'_>) -> Message {
    let mut cells = Vec::new();
    arguments
        .iter()
        .for_each(|argument| collect(argument, true, scope, &mut cells));
    let closed = arguments.iter().find_map(|argument| match argument {
        Expr::Call(function, _) if cells.is_empty() => function.past(),
        _ => None,
    });
    if let (Function::Sum, Some(past)) = (function, closed) {
        let (closed, _) = closed_words(past);
        return Message::new(
            format!("tổng {}", closed.vi),
            format!("sum of {}", closed.en),
        );
    }
    let (vi, en) = match function {
        Function::Sum | Function::SumIfs => ("tổng các ô", "sum of"),
        Function::CountIf => ("số ô đánh dấu trong", "matching cells in"),
        Function::Count | Function::CountA => ("số ô có ghi trong", "filled cells in"),
        Function::Min => ("số nhỏ nhất trong", "least of"),
        Function::Max => ("số lớn nhất trong", "greatest of"),
        other => {
            let inner: Vec<Message> = arguments.iter().map(|a| terms(a, scope)).collect();
            let inner = joined(&inner, "; ", "; ");
            return both(&inner, |inner| format!("{}({inner})", other.name()));
        }
    };
    let whence = whence(&cells, scope);
    Message::new(format!("{vi} {}", whence.vi), format!("{en} {}", whence.en))
}

/// "C9:C24", with the sheet if it is another one.
fn whence(cells: &[CellRef], scope: &InstanceScope<'_>) -> Message {
    let addresses: Vec<_> = cells
        .iter()
        .filter_map(|at| scope.unit.cell(*at)?.address)
        .collect();
    let range = match (addresses.first(), addresses.last()) {
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
