//! Percentages in expressions over many units: neither their sum nor their mean is the percentage of
//! all.

use crate::model::{Message, Number};
use crate::schema::checked::Form;
use crate::schema::resolve::{FieldRef, FormLookup, Site, resolve};
use crate::schema::rule::expression::{Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read, Written};
use crate::schema::rule::function::Function;

/// Why an expression over many units adds up or averages percentages: the first place where it does,
/// with the right form; `None` if it does not.
pub fn added<'f>(
    expr: &Expr,
    home: Option<&'f Form>,
    forms: &dyn FormLookup<'f>,
) -> Option<(usize, Message)> {
    let mut shares = Shares {
        home,
        forms,
        found: None,
    };
    expr.fold(&mut shares);
    shares.found
}

struct Shares<'s, 'f> {
    home: Option<&'f Form>,
    forms: &'s dyn FormLookup<'f>,
    found: Option<(usize, Message)>,
}

impl<'e> Algebra<'e> for Shares<'_, '_> {
    /// The name, if a part is nothing else.
    type Out = Option<Read<'e>>;

    fn number(&mut self, _: Number) -> Self::Out {
        None
    }

    fn text(&mut self, _: &'e str) -> Self::Out {
        None
    }

    fn flag(&mut self, _: bool) -> Self::Out {
        None
    }

    fn name(&mut self, read: Read<'e>) -> Self::Out {
        Some(read)
    }

    fn units(&mut self, _: &'e Name) -> Self::Out {
        None
    }

    fn negate(&mut self, _: Self::Out) -> Self::Out {
        None
    }

    fn binary(&mut self, _: Operator, _: Self::Out, _: Self::Out) -> Self::Out {
        None
    }

    fn call(&mut self, function: Function, arguments: Vec<Self::Out>) -> Self::Out {
        let figures = match function {
            Function::Sum | Function::Average => arguments.len(),
            Function::SumIfs => 1,
            _ => 0,
        };
        for read in arguments.into_iter().take(figures).flatten() {
            if self.found.is_none() && self.is_share(read) {
                self.found = Some((read.name.span.start, refused(function, read)));
            }
        }
        None
    }
}

impl Shares<'_, '_> {
    fn is_share(&self, read: Read<'_>) -> bool {
        let cells = resolve(read.name, true, Site::Once, self.home, self.forms);
        let cells = cells.unwrap_or_default();
        let mut fields = cells.iter().filter_map(FieldRef::field);
        fields.any(|field| field.kind.is_ratio())
    }
}

fn refused(function: Function, read: Read<'_>) -> Message {
    let (name, function) = (Written.name(read), function.name());
    Message::new(
        format!(
            "{function}: `{name}` là tỷ lệ, tỷ số; tổng hay bình quân của chúng không phải là tỷ lệ chung. Viết `{name}` (tính lại từ tổng tử số, tổng mẫu số), hoặc chia hai tổng: `SUM(biểu!tử_số) / SUM(biểu!mẫu_số)`"
        ),
        format!(
            "{function}: `{name}` is a percentage or ratio; neither the sum nor the mean of those is that of all. Write `{name}` (computed from the totals of its operands), or divide two sums: `SUM(form!numerator) / SUM(form!denominator)`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rule::parser::parse;

    const FORM: &str = r#"
id = "f"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "free"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "a"
label = "A"
[[column]]
id = "b"
label = "B"
[[column]]
id = "p"
label = "P"
type = "percent"
numerator = "a"
denominator = "b"
"#;

    #[test]
    fn percentages_of_units_are_neither_added_nor_averaged() {
        let form = Form::parse("f.toml", FORM).unwrap();
        let forms = |id: &str| (id == "f").then_some(&form);
        let refused = |text: &str| added(&parse(text).unwrap(), None, &forms);
        for text in [
            "AVERAGE(f!p)",
            "1 + SUM(f!a, PREV(f!p))",
            "SUMIFS(f!p, f!ten, \"A\")",
        ] {
            let (_, message) = refused(text).expect(text);
            assert!(message.vi.contains("tính lại từ tổng tử số"), "{text}");
        }
        for text in [
            "f!p",
            "MIN(f!p)",
            "COUNT(f!p)",
            "AVERAGE(f!a)",
            "COUNTIF(f!p, \">50\")",
            "100 * SUM(f!a) / SUM(f!b)",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
    }
}
