//! Reads the text of a rule: parsed by a kept Excel formula parser and reduced to the subset that
//! rules need. Only this file, `calculation` and `sheet_formula` name that parser.

use chrono::NaiveDate;
use formualizer_parse::{ASTNode, ASTNodeType, BinaryOperator, LiteralValue, UnaryOperator};

use super::days::calendar_day;
use super::expression::{Comparison, Expr, Name, Operator, Path};
use super::function::{FUNCTIONS, Function};
use super::slips::{self, ExpressionError};
use crate::model::{Message, Number, value::number_from_f64};

/// Parses an expression such as `tong = truc_tuyen + truc_tiep`.
///
/// # Errors
/// The first mistake in the text, with its offset.
pub fn parse(text: &str) -> Result<Expr, ExpressionError> {
    let plain = slips::in_signs_of_excel(text);
    if let Some(slip) = slips::find(&plain) {
        return Err(slip);
    }
    // The parser's own words are about its tokens, and so are its places.
    let ast = formualizer_parse::parse(format!("={plain}")).map_err(|_| ExpressionError {
        message: Message::new(
            format!(
                "không hiểu biểu thức `{text}`; viết như trong Excel, ví dụ `tong = a + b` hoặc `a <= SUM(b, c)`"
            ),
            format!(
                "expression `{text}` cannot be read; write it as in Excel, such as `tong = a + b` or `a <= SUM(b, c)`"
            ),
        ),
        offset: 0,
    })?;
    reduce(&ast)
}

fn reduce(node: &ASTNode) -> Result<Expr, ExpressionError> {
    match &node.node_type {
        ASTNodeType::Literal(literal) => reduce_literal(node, literal),
        ASTNodeType::Reference { original, .. } => Ok(Expr::Name(reduce_name(node, original)?)),
        ASTNodeType::UnaryOp { op, expr } => {
            let inner = reduce(expr)?;
            match op {
                UnaryOperator::Plus => Ok(inner),
                UnaryOperator::Minus => Ok(Expr::Negate(Box::new(inner))),
                UnaryOperator::Percent => Ok(Expr::Binary(
                    Operator::Divide,
                    Box::new(inner),
                    Box::new(Expr::Number(Number::ONE_HUNDRED)),
                )),
                other => Err(unsupported(node, other.as_str())),
            }
        }
        ASTNodeType::BinaryOp {
            op: BinaryOperator::Range,
            left,
            right,
        } => reduce_range(node, left, right),
        ASTNodeType::BinaryOp { op, left, right } => {
            let operator = reduce_operator(*op).ok_or_else(|| unsupported(node, op.as_str()))?;
            Ok(Expr::Binary(
                operator,
                Box::new(reduce(left)?),
                Box::new(reduce(right)?),
            ))
        }
        ASTNodeType::Function { name, args } => reduce_call(node, name, args),
        ASTNodeType::Omitted | ASTNodeType::Call { .. } | ASTNodeType::Array(_) => {
            Err(unsupported(node, "{}"))
        }
    }
}

fn reduce_literal(node: &ASTNode, literal: &LiteralValue) -> Result<Expr, ExpressionError> {
    match literal {
        LiteralValue::Int(int) => Ok(Expr::Number(Number::from(*int))),
        LiteralValue::Number(double) => number_from_f64(*double)
            .map(Expr::Number)
            .ok_or_else(|| unsupported(node, &double.to_string())),
        LiteralValue::Text(text) => Ok(Expr::Text(text.clone())),
        LiteralValue::Boolean(flag) => Ok(Expr::Flag(*flag)),
        other => Err(unsupported(node, &other.to_string())),
    }
}

/// The operator of rules that a parser's operator is; `None` for those that rules have not.
pub(super) fn reduce_operator(operator: BinaryOperator) -> Option<Operator> {
    Some(match operator {
        BinaryOperator::Add => Operator::Add,
        BinaryOperator::Subtract => Operator::Subtract,
        BinaryOperator::Multiply => Operator::Multiply,
        BinaryOperator::Divide => Operator::Divide,
        BinaryOperator::Equal => Operator::Compare(Comparison::Equal),
        BinaryOperator::NotEqual => Operator::Compare(Comparison::NotEqual),
        BinaryOperator::Less => Operator::Compare(Comparison::Less),
        BinaryOperator::LessEqual => Operator::Compare(Comparison::LessOrEqual),
        BinaryOperator::Greater => Operator::Compare(Comparison::Greater),
        BinaryOperator::GreaterEqual => Operator::Compare(Comparison::GreaterOrEqual),
        _ => return None,
    })
}

fn reduce_call(node: &ASTNode, name: &str, args: &[ASTNode]) -> Result<Expr, ExpressionError> {
    let upper = name.to_ascii_uppercase();
    let Some((_, function, least, most)) = FUNCTIONS
        .iter()
        .find(|(known, ..)| *known == upper)
        .copied()
    else {
        let known: Vec<&str> = FUNCTIONS.iter().map(|(known, ..)| *known).collect();
        let hint = crate::text::nearest(&upper, known.iter().copied()).unwrap_or("SUM");
        return Err(error_at(
            node,
            format!(
                "không có hàm `{name}`; có phải `{hint}`? Các hàm dùng được: {}",
                known.join(", ")
            ),
            format!(
                "no function `{name}`; did you mean `{hint}`? Known: {}",
                known.join(", ")
            ),
        ));
    };
    if args.len() < least || args.len() > most {
        return Err(error_at(
            node,
            format!("hàm {upper} cần {least} đối số, ở đây có {}", args.len()),
            format!("{upper} takes {least} arguments, found {}", args.len()),
        ));
    }
    let arguments: Vec<Expr> = args.iter().map(reduce).collect::<Result<_, _>>()?;
    if (function.past().is_some() || matches!(function, Function::Units | Function::IsBlank))
        && !matches!(arguments.as_slice(), [Expr::Name(_)])
    {
        return Err(error_at(
            node,
            format!("{upper}() nhận đúng một tên, ví dụ {upper}(luy_ke)"),
            format!("{upper}() takes exactly one name, such as {upper}(luy_ke)"),
        ));
    }
    if function == Function::Date && day_of(&arguments).is_none() {
        return Err(error_at(
            node,
            "không có ngày này; DATE viết là DATE(năm, tháng, ngày), ví dụ DATE(2025, 7, 1)".to_owned(),
            "there is no such day; DATE is written DATE(year, month, day), such as DATE(2025, 7, 1)".to_owned(),
        ));
    }
    if function.looks_for() {
        looked_for(node, function, &arguments)?;
    }
    Ok(Expr::Call(function, arguments))
}

/// The day that the arguments of DATE are, if they are written out and there is one.
fn day_of(arguments: &[Expr]) -> Option<NaiveDate> {
    let number = |argument: &Expr| match argument {
        Expr::Number(number) if number.fract().is_zero() => Some(*number),
        _ => None,
    };
    let [year, month, day] = arguments else {
        return None;
    };
    calendar_day(number(year)?, number(month)?, number(day)?)
}

/// What is looked for follows what it is looked for in, which is a name.
fn looked_for(
    node: &ASTNode,
    function: Function,
    arguments: &[Expr],
) -> Result<(), ExpressionError> {
    for (index, argument) in arguments.iter().enumerate() {
        if let (Expr::Text(words), false) = (argument, function.folds(index))
            && let Some(message) = slips::in_criterion(words)
        {
            return Err(error_at(node, message.vi, message.en));
        }
    }
    let first = usize::from(function == Function::SumIfs);
    let in_pairs = (arguments.len() - first).is_multiple_of(2);
    let is_name = |argument: &Expr| argument.as_name().is_some() || argument.as_past().is_some();
    let mut places = arguments.iter().enumerate();
    if in_pairs && places.all(|(index, argument)| !function.folds(index) || is_name(argument)) {
        return Ok(());
    }
    let (vi, en) = match function {
        Function::SumIfs => (
            "SUMIFS(cột số, cột, điều kiện, ...)",
            "SUMIFS(figures, name, wanted, ...)",
        ),
        Function::CountIfs => (
            "COUNTIFS(cột, điều kiện, cột, điều kiện, ...)",
            "COUNTIFS(name, wanted, name, wanted, ...)",
        ),
        _ => ("COUNTIF(cột, điều kiện)", "COUNTIF(name, wanted)"),
    };
    Err(error_at(
        node,
        format!("viết là {vi}, mỗi cột là một tên, ví dụ COUNTIF(so_nguoi, \">200\")"),
        format!("write {en}, with a name in each place, such as COUNTIF(so_nguoi, \">200\")"),
    ))
}

/// `a:b` of two names that do not look like cell addresses arrives as an operator.
fn reduce_range(node: &ASTNode, left: &ASTNode, right: &ASTNode) -> Result<Expr, ExpressionError> {
    match (reduce(left)?, reduce(right)?) {
        (
            Expr::Name(Name {
                form,
                path: Path::One(first),
                span,
            }),
            Expr::Name(Name {
                form: None,
                path: Path::One(last),
                span: end,
            }),
        ) => Ok(Expr::Name(Name {
            form,
            path: Path::Range { first, last },
            span: span.start..end.end,
        })),
        _ => Err(unsupported(node, ":")),
    }
}

/// Splits `form!row.column` as written; `tc01` and `tc01:tc16` look like cell addresses to Excel
/// and are names here, so only the text counts.
fn reduce_name(node: &ASTNode, original: &str) -> Result<Name, ExpressionError> {
    let (form, rest) = match original.split_once('!') {
        Some((form, rest)) => (Some(form.trim_matches('\'').to_owned()), rest),
        None => (None, original),
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let path = match parts.as_slice() {
        [one] => match one.split_once('.') {
            Some((row, column)) => Path::Cell {
                row: row.to_owned(),
                column: column.to_owned(),
            },
            None => Path::One((*one).to_owned()),
        },
        [first, last] => Path::Range {
            first: (*first).to_owned(),
            last: (*last).to_owned(),
        },
        _ => return Err(unsupported(node, original)),
    };
    let start = offset(node);
    Ok(Name {
        form,
        path,
        span: start..start + original.len(),
    })
}

/// Byte offset of a node in the rule text; the parser was given one `=` more in front.
fn offset(node: &ASTNode) -> usize {
    node.source_token
        .as_ref()
        .map_or(0, |token| token.start.saturating_sub(1))
}

fn error_at(node: &ASTNode, vi: String, en: String) -> ExpressionError {
    ExpressionError {
        message: Message::new(vi, en),
        offset: offset(node),
    }
}

fn unsupported(node: &ASTNode, what: &str) -> ExpressionError {
    error_at(
        node,
        format!("quy tắc không dùng được `{what}`"),
        format!("`{what}` cannot be used in a rule"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        parse(text).unwrap().names(&mut |name, previous| {
            found.push(if previous {
                format!("PREV {name}")
            } else {
                name.to_string()
            });
        });
        found
    }

    #[test]
    fn names_stand_for_cells_rows_columns_ranges_and_other_forms() {
        assert_eq!(
            names("tong = truc_tuyen + PREV(tong)"),
            ["tong", "truc_tuyen", "PREV tong"]
        );
        assert_eq!(
            names("COUNTIF(tc01:tc16,\"x\") = SUM(gui:nhan)"),
            ["tc01:tc16", "gui:nhan"]
        );
        assert_eq!(
            names("a.trong_ky = SUM(tthc!tong)"),
            ["a.trong_ky", "tthc!tong"]
        );
        assert_eq!(names("100 * kh02!a.b / UNITS(kh02)"), ["kh02!a.b"]);
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_the_nearest_name() {
        let error = parse("tong = SUMM(a)").unwrap_err();
        assert_eq!(error.offset, 7);
        assert!(
            error.message.vi.contains("có phải `SUM`"),
            "{}",
            error.message.vi
        );
        assert!(parse("a + (b").is_err());
        assert!(parse("a & b").is_err());
    }
}
