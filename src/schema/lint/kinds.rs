//! What sort of value an expression has, so that a rule that adds words or compares a figure with a
//! word is refused when the form file is loaded.

use crate::model::Message;
use crate::schema::checked::Form;
use crate::schema::file::FieldType;
use crate::schema::rule::expression::{Expr, Function, Name, Operator, Path};

/// The sort of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A figure.
    Number,
    /// Words.
    Text,
    /// True or false, ticked or not.
    Flag,
    /// A day.
    Date,
    /// Cannot be told here: another form's value, a row whose cells differ.
    Unknown,
}

impl Kind {
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Kind::Number => ("số", "a figure"),
            Kind::Text => ("chữ", "text"),
            Kind::Flag => ("đánh dấu (đúng/sai)", "a flag"),
            Kind::Date => ("ngày", "a date"),
            Kind::Unknown => ("?", "?"),
        }
    }
}

/// The sort of an expression, or what in it does not go together.
pub fn infer(expr: &Expr, form: &Form) -> Result<Kind, Message> {
    match expr {
        Expr::Number(_) => Ok(Kind::Number),
        Expr::Text(_) => Ok(Kind::Text),
        Expr::Flag(_) => Ok(Kind::Flag),
        Expr::Name(name) => Ok(of_name(name, form)),
        Expr::Negate(inner) => figure(inner, form),
        Expr::Binary(Operator::Compare(_), left, right) => {
            let (l, r) = (infer(left, form)?, infer(right, form)?);
            // A flag may be compared with "x", as one writes it in Excel, and with 0 or 1.
            let same = l == r || l == Kind::Unknown || r == Kind::Unknown;
            let ticked = |a, b| a == Kind::Flag && b == Kind::Text;
            if same || ticked(l, r) || ticked(r, l) {
                return Ok(Kind::Flag);
            }
            let ((l_vi, l_en), (r_vi, r_en)) = (l.name(), r.name());
            Err(Message::new(
                format!("không so sánh được `{left}` ({l_vi}) với `{right}` ({r_vi})"),
                format!("`{left}` is {l_en} and `{right}` is {r_en}; they cannot be compared"),
            ))
        }
        Expr::Binary(_, left, right) => {
            figure(left, form)?;
            figure(right, form)
        }
        Expr::Call(function, arguments) => of_call(*function, arguments, form),
    }
}

fn of_call(function: Function, arguments: &[Expr], form: &Form) -> Result<Kind, Message> {
    use Function as F;
    match function {
        F::Sum | F::Min | F::Max | F::Abs | F::Round | F::RoundDown => {
            for argument in arguments {
                figure(argument, form)?;
            }
            Ok(Kind::Number)
        }
        F::Count | F::CountA | F::CountIf | F::SumIfs | F::Units => Ok(Kind::Number),
        F::And | F::Or | F::Not => {
            for argument in arguments {
                infer(argument, form)?;
            }
            Ok(Kind::Flag)
        }
        F::If => {
            infer(&arguments[0], form)?;
            infer(&arguments[1], form)
        }
        F::IsBlank => Ok(Kind::Flag),
        F::Prev | F::PrevYear => infer(&arguments[0], form),
        F::Ytd => added_up(&arguments[0], form),
    }
}

/// Periods are added up, which only makes sense of what a total of periods can be made of.
fn added_up(expr: &Expr, form: &Form) -> Result<Kind, Message> {
    let shares = match expr {
        Expr::Name(name) => shares(name, form),
        _ => false,
    };
    if shares {
        return Err(Message::new(
            format!(
                "`YTD({expr})`: tỷ lệ không cộng qua các kỳ được; hãy tính lại từ tử số, mẫu số"
            ),
            format!(
                "`YTD({expr})`: percentages of periods do not add up; compute it from its operands"
            ),
        ));
    }
    figure(expr, form)
}

/// Does a name stand for percentages?
fn shares(name: &Name, form: &Form) -> bool {
    let id = match &name.path {
        Path::Cell { column, .. } => column,
        Path::One(id) => id,
        Path::Range { .. } => return false,
    };
    let rows = match &name.path {
        Path::Cell { row, .. } => form.row(row).map_or(0..0, |row| row..row + 1),
        _ => form
            .row(id)
            .map_or(0..form.file.rows.len().max(1), |row| row..row + 1),
    };
    let columns = form
        .column(id)
        .map_or(0..form.file.columns.len(), |c| c..c + 1);
    let fields = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
    let mut kinds = fields.filter_map(|(row, column)| form.field(Some(row), column));
    name.form.is_none() && kinds.any(|field| field.kind == FieldType::Percent)
}

fn figure(expr: &Expr, form: &Form) -> Result<Kind, Message> {
    match infer(expr, form)? {
        Kind::Text | Kind::Date => Err(Message::new(
            format!("`{expr}` không phải là số nên không tính được"),
            format!("`{expr}` is no figure and cannot be computed with"),
        )),
        _ => Ok(Kind::Number),
    }
}

fn of_name(name: &Name, form: &Form) -> Kind {
    if name.form.is_some() {
        return Kind::Unknown;
    }
    let rows = || 0..form.file.rows.len().max(1);
    let columns = || 0..form.file.columns.len();
    let cell =
        |row: usize, column: usize| form.field(Some(row), column).map(|field| of(field.kind));
    match &name.path {
        Path::Cell { row, column } => match (form.row(row), form.column(column)) {
            (Some(row), Some(column)) => cell(row, column).unwrap_or(Kind::Unknown),
            _ => Kind::Unknown,
        },
        Path::One(id) => match (form.column(id), form.row(id)) {
            (Some(column), _) => common(rows().filter_map(|row| cell(row, column))),
            (None, Some(row)) => common(columns().filter_map(|column| cell(row, column))),
            (None, None) => Kind::Unknown,
        },
        Path::Range { .. } => Kind::Unknown,
    }
}

/// The one sort of several cells.
fn common(mut kinds: impl Iterator<Item = Kind>) -> Kind {
    let Some(first) = kinds.next() else {
        return Kind::Unknown;
    };
    if kinds.all(|kind| kind == first) {
        first
    } else {
        Kind::Unknown
    }
}

fn of(kind: FieldType) -> Kind {
    match kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent => Kind::Number,
        FieldType::Text | FieldType::Choice | FieldType::Code => Kind::Text,
        FieldType::Flag => Kind::Flag,
        FieldType::Date => Kind::Date,
    }
}
