//! What sort of value an expression has, so that a rule that adds words or compares a figure with a
//! word is refused when the form file is loaded.

use crate::model::{Message, Number};
use crate::schema::checked::Form;
use crate::schema::file::FieldType;
use crate::schema::resolve::{FieldRef, anywhere};
use crate::schema::rule::expression::{Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read, Written};
use crate::schema::rule::function::{Function, Past};

/// The sort of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprKind {
    /// A figure.
    Number,
    /// Words.
    Text,
    /// True or false, ticked or not.
    Flag,
    /// A day.
    Date,
    /// Not known here: another form's value, a row whose cells differ.
    Unknown,
}

impl ExprKind {
    fn name(self) -> (&'static str, &'static str) {
        match self {
            ExprKind::Number => ("số", "a figure"),
            ExprKind::Text => ("chữ", "text"),
            ExprKind::Flag => ("đánh dấu (đúng/sai)", "a flag"),
            ExprKind::Date => ("ngày", "a date"),
            ExprKind::Unknown => ("?", "?"),
        }
    }
}

/// The sort of an expression.
///
/// # Errors
/// What in it does not go together.
pub fn infer(expr: &Expr, form: &Form) -> Result<ExprKind, Message> {
    expr.fold(&mut Kinds { form }).kind
}

struct Kinds<'f> {
    form: &'f Form,
}

/// A part of an expression: as written, and its sort.
struct Sorted {
    text: String,
    kind: Result<ExprKind, Message>,
}

impl<'e> Algebra<'e> for Kinds<'_> {
    type Out = Sorted;

    fn number(&mut self, number: Number) -> Sorted {
        sorted(Written.number(number), ExprKind::Number)
    }

    fn text(&mut self, text: &'e str) -> Sorted {
        sorted(Written.text(text), ExprKind::Text)
    }

    fn flag(&mut self, flag: bool) -> Sorted {
        sorted(Written.flag(flag), ExprKind::Flag)
    }

    fn name(&mut self, read: Read<'e>) -> Sorted {
        let cells = anywhere(self.form, read.name);
        let mut kinds = cells
            .iter()
            .filter_map(FieldRef::field)
            .map(|field| field.kind);
        let part = Sorted {
            kind: Ok(common(kinds.clone().map(of))),
            text: read.name.to_string(),
        };
        let text = Written.name(read);
        let kind = match read.past {
            // Periods are added up, which only makes sense of what a total can be made of.
            Some(Past::YearToDate) if kinds.any(|kind| kind == FieldType::Percent) => {
                Err(Message::new(
                    format!(
                        "`{text}`: tỷ lệ không cộng qua các kỳ được; hãy tính lại từ tử số, mẫu số"
                    ),
                    format!(
                        "`{text}`: percentages of periods do not add up; compute it from its operands"
                    ),
                ))
            }
            Some(Past::YearToDate) => figure(&part),
            _ => part.kind,
        };
        Sorted { text, kind }
    }

    fn units(&mut self, form: &'e Name) -> Sorted {
        sorted(Written.units(form), ExprKind::Number)
    }

    fn negate(&mut self, inner: Sorted) -> Sorted {
        Sorted {
            kind: figure(&inner),
            text: Written.negate(inner.text),
        }
    }

    fn binary(&mut self, operator: Operator, left: Sorted, right: Sorted) -> Sorted {
        let kind = match operator {
            Operator::Compare(_) => compared(&left, &right),
            _ => figure(&left).and_then(|_| figure(&right)),
        };
        Sorted {
            kind,
            text: Written.binary(operator, left.text, right.text),
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Sorted>) -> Sorted {
        let kind = of_call(function, &arguments);
        let texts = arguments.into_iter().map(|argument| argument.text);
        Sorted {
            kind,
            text: Written.call(function, texts.collect()),
        }
    }
}

fn sorted(text: String, kind: ExprKind) -> Sorted {
    Sorted {
        text,
        kind: Ok(kind),
    }
}

fn of_call(function: Function, arguments: &[Sorted]) -> Result<ExprKind, Message> {
    use Function as F;
    match function {
        F::Sum | F::Min | F::Max | F::Abs | F::Round | F::RoundDown => {
            arguments
                .iter()
                .try_for_each(|argument| figure(argument).map(drop))?;
            Ok(ExprKind::Number)
        }
        F::Count | F::CountA | F::CountIf | F::SumIfs | F::Units => Ok(ExprKind::Number),
        F::And | F::Or | F::Not => {
            let mut kinds = arguments.iter().map(|argument| argument.kind.clone());
            kinds.try_for_each(|kind| kind.map(drop))?;
            Ok(ExprKind::Flag)
        }
        F::If => match arguments {
            [condition, then, ..] => condition.kind.clone().and_then(|_| then.kind.clone()),
            _ => Ok(ExprKind::Unknown),
        },
        F::IsBlank => Ok(ExprKind::Flag),
        // The fold hands these over as names.
        F::Prev | F::PrevYear | F::Ytd => Ok(ExprKind::Unknown),
    }
}

/// The sort of a comparison of two values.
fn compared(left: &Sorted, right: &Sorted) -> Result<ExprKind, Message> {
    let (l, r) = (left.kind.clone()?, right.kind.clone()?);
    // A flag may be compared with "x", as one writes it in Excel, and with 0 or 1.
    let same = l == r || l == ExprKind::Unknown || r == ExprKind::Unknown;
    let ticked = |a, b| a == ExprKind::Flag && b == ExprKind::Text;
    if same || ticked(l, r) || ticked(r, l) {
        return Ok(ExprKind::Flag);
    }
    let ((l_vi, l_en), (r_vi, r_en)) = (l.name(), r.name());
    let (left, right) = (&left.text, &right.text);
    Err(Message::new(
        format!("không so sánh được `{left}` ({l_vi}) với `{right}` ({r_vi})"),
        format!("`{left}` is {l_en} and `{right}` is {r_en}; they cannot be compared"),
    ))
}

/// A part that is computed with.
fn figure(part: &Sorted) -> Result<ExprKind, Message> {
    match part.kind.clone()? {
        ExprKind::Text | ExprKind::Date => Err(Message::new(
            format!("`{}` không phải là số nên không tính được", part.text),
            format!("`{}` is no figure and cannot be computed with", part.text),
        )),
        _ => Ok(ExprKind::Number),
    }
}

/// The one sort of several cells.
fn common(mut kinds: impl Iterator<Item = ExprKind>) -> ExprKind {
    let Some(first) = kinds.next() else {
        return ExprKind::Unknown;
    };
    if kinds.all(|kind| kind == first) {
        first
    } else {
        ExprKind::Unknown
    }
}

fn of(kind: FieldType) -> ExprKind {
    match kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent => ExprKind::Number,
        FieldType::Text | FieldType::Choice | FieldType::Code => ExprKind::Text,
        FieldType::Flag => ExprKind::Flag,
        FieldType::Date => ExprKind::Date,
    }
}
