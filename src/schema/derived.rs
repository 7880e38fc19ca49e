//! Edit rules derived from the fields of a form: a ratio is its quotient, a total row is the sum
//! of its rows. They are evaluated, explained, translated into live checks and searched for
//! suspects by the same code as written rules.

use super::checked::{Form, Origin, Rule};
use super::file::{Aggregate, Rounding};
use super::rule::ExpressionError;
use super::rule::expression::Path;
use super::rule::parser::parse;
use super::rule::site::{Places, RuleScope, Site};
use super::rule_text::BlankPolicy;
use crate::model::Severity;

/// Id of the rule that a ratio, such as a percentage, is its numerator over its denominator.
pub const RATIO: &str = "ty-le-sai";

/// Id of the rule that a total row is the sum of its rows.
pub const TOTAL: &str = "tong-cong-lech";

/// Every rule that follows from the fields of a form.
///
/// # Errors
/// An operand cannot be written as a part of a rule.
pub fn rules(form: &Form) -> Result<Vec<Rule>, ExpressionError> {
    let mut rules = totals(form)?;
    rules.extend(ratios(form)?);
    Ok(rules)
}

/// `column = SUM(column)` on the total row, for every column that is added up.
fn totals(form: &Form) -> Result<Vec<Rule>, ExpressionError> {
    if !form.is_free() || form.file.layout.total.is_none() {
        return Ok(Vec::new());
    }
    let mut rules = Vec::new();
    for (column, indicator) in form.file.columns.iter().enumerate() {
        let field = form.field(None, column);
        if !field.is_some_and(|field| field.kind.is_numeric() && field.aggregate == Aggregate::Sum)
        {
            continue;
        }
        let id = indicator.id.get_ref();
        let text = format!("{id} = SUM({id})");
        rules.push(Rule {
            id: TOTAL.to_owned(),
            check: parse(&text)?,
            text,
            when: None,
            severity: Severity::Error,
            blank: BlankPolicy::SkipAll,
            message: Some("Dòng tổng phải bằng tổng các dòng ở trên".to_owned()),
            scope: RuleScope::At(Site::Total),
            places: Places::default(),
            kinds: None,
            units: None,
            since: None,
            until: None,
            beta: false,
            origin: Origin::Total { column },
        });
    }
    Ok(rules)
}

/// One rule for a column of a free-row form, one for each cell of a fixed-row form: rows and columns
/// may each declare operands.
fn ratios(form: &Form) -> Result<Vec<Rule>, ExpressionError> {
    let mut rules = Vec::new();
    for (column, indicator) in form.file.columns.iter().enumerate() {
        let id = indicator.id.get_ref();
        if form.is_free() {
            let path = Path::One(id.clone());
            rules.extend(ratio(form, None, column, &path)?);
            continue;
        }
        for (row, of) in form.file.rows.iter().enumerate() {
            let path = Path::Cell {
                row: of.id.get_ref().clone(),
                column: id.clone(),
            };
            rules.extend(ratio(form, Some(row), column, &path)?);
        }
    }
    Ok(rules)
}

/// `p = ROUND(100 * n / d, decimals)` of a percentage, `p = ROUND(n / d, decimals)` of a plain ratio.
/// Rounded the other way it is only worth a note, so the rule holds. A figure typed with more decimals
/// is right, too, if the quotient rounds to it there, and so is one with fewer where the form leaves
/// them open. Where the denominator is 0 there
/// is no ratio, and 0 is accepted for it; the rule needs the numerator there, too.
fn ratio(
    form: &Form,
    row: Option<usize>,
    column: usize,
    p: &Path,
) -> Result<Option<Rule>, ExpressionError> {
    let Some(of) = form.ratio(row, column) else {
        return Ok(None);
    };
    let label = form.cell_label(row, column);
    let (n, d) = (of.numerator().to_string(), of.denominator().to_string());
    let (q, k) = (of.quotient((&n, &d), " "), of.decimals());
    let (declared, other) = (of.rounding().function(), of.rounding().other().function());
    // A figure with more decimals than declared, right at its own, rounds as the quotient does, except
    // where it ends in a 5 one place further: 59.247 typed as 59.25.
    let finer = match of.rounding() {
        Rounding::HalfUp => format!(", {p} = ROUND({q}, {})", k + 1),
        Rounding::Truncate => String::new(),
    };
    let coarser = (0..k).filter(|fewer| of.may_have(*fewer));
    let coarser: String = coarser
        .map(|fewer| format!(", {p} = {declared}({q}, {fewer})"))
        .collect();
    // Nor does it say which way a half is rounded then.
    let half = match of.leaves_decimals() {
        true => halves(p, &q, k),
        false => String::new(),
    };
    let check = format!(
        "IF({d} = 0, {p} = 0 * {n}, \
         OR({declared}({p}, {k}) = {declared}({q}, {k}), {p} = {other}({q}, {k}){finer}{coarser}{half}))"
    );
    Ok(Some(Rule {
        id: RATIO.to_owned(),
        text: format!("{p} = {declared}({q}, {k})"),
        check: parse(&check)?,
        when: None,
        severity: Severity::Error,
        blank: BlankPolicy::SkipAny,
        message: Some(format!(
            "«{label}» phải đúng bằng {} tính từ hai số của nó.",
            of.noun().vi
        )),
        scope: of.scope(),
        places: Places::default(),
        kinds: None,
        units: None,
        since: None,
        until: None,
        beta: false,
        origin: Origin::Ratio { row, column },
    }))
}

/// A quotient that ends in exactly a half at so many decimals or fewer, rounded down: 12 for 12.5.
fn halves(p: &Path, q: &str, decimals: u32) -> String {
    let half = |decimals: u32| format!("0.{}5", "0".repeat(usize::try_from(decimals).unwrap_or(0)));
    let down = |decimals: u32| {
        let (up, half) = (format!("ROUND({q}, {decimals})"), half(decimals));
        format!(", AND({p} = ROUNDDOWN({q}, {decimals}), {up} - ({q}) = {half})")
    };
    (0..=decimals).map(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "b"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "fixed"
label = "Chỉ tiêu"
[defaults]
type = "count"
[[column]]
id = "nu"
label = "Nữ"
[[column]]
id = "tong"
label = "Tổng"
[[column]]
id = "ty_le"
label = "Tỷ lệ"
type = "percent"
numerator = "nu"
denominator = "nu + tong"
[[row]]
id = "r1"
label = "Một"
[[row]]
id = "r2"
label = "Hai"
columns = ["nu"]
[[row]]
id = "r3"
label = "Ba"
type = "percent"
decimals = 1
rounding = "truncate"
numerator = "r1"
denominator = "r1.tong"
"#;

    #[test]
    fn a_ratio_is_to_one_or_to_so_many_as_it_declares() {
        let of = |kind: &str| {
            let text = FORM.replacen("\"percent\"", kind, 1);
            let form = Form::parse("b.toml", &text).unwrap();
            let first = |rule: &&Rule| rule.text.starts_with("r1.");
            form.rules.iter().find(first).unwrap().text.clone()
        };
        assert_eq!(of("\"ratio\""), "r1.ty_le = ROUND(nu / (nu + tong), 2)");
        let per_mille = of("\"ratio\"\nper = 1000");
        assert_eq!(per_mille, "r1.ty_le = ROUND(1000 * nu / (nu + tong), 2)");
    }

    #[test]
    fn each_percentage_is_a_rule_at_the_place_of_its_operands() {
        let form = Form::parse("b.toml", FORM).unwrap();
        let told: Vec<String> = form
            .rules
            .iter()
            .map(|rule| format!("{:?} {:?}: {}", rule.origin, rule.scope, rule.text))
            .collect();
        let at = |row, column| format!("Ratio {{ row: Some({row}), column: {column} }}");
        assert_eq!(
            told,
            [
                format!(
                    "{} At(Column(0)): r3.nu = ROUNDDOWN(100 * r1 / r1.tong, 1)",
                    at(2, 0)
                ),
                format!(
                    "{} At(Column(1)): r3.tong = ROUNDDOWN(100 * r1 / r1.tong, 1)",
                    at(2, 1)
                ),
                format!(
                    "{} At(Row(0)): r1.ty_le = ROUND(100 * nu / (nu + tong), 2)",
                    at(0, 2)
                ),
                format!(
                    "{} At(Column(2)): r3.ty_le = ROUNDDOWN(100 * r1 / r1.tong, 1)",
                    at(2, 2)
                ),
            ]
        );
        assert_eq!(form.written().count(), 0);
    }
}
