//! Expressions over a small scope: values, blanks, what is not there.

use proptest::prelude::*;
use rust_decimal::dec;

use super::evaluate::{Entry, Lack, Scope, Trouble, evaluate, holds};
use super::expression::Name;
use super::function::Past;
use super::parser::parse;
use crate::model::Value;

/// `a` = 3, `b` = 6, `c` blank, `khong_doc` unreadable, `khong_hoi` not asked, `t` = "Sở", `x`
/// ticked, `ngay` = 30/9/2025; `so`, `trong` (blank) and `ten` are columns of which the second row
/// lacks the first two.
struct Cells {
    zero: bool,
}

impl Scope for Cells {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        Ok(match name.to_string().as_str() {
            "a" => Some(Value::Number(dec!(3))),
            "b" => Some(Value::Number(dec!(6))),
            "t" => Some(Value::Text("Sở".to_owned())),
            "x" => Some(Value::Flag(true)),
            "ngay" => chrono::NaiveDate::from_ymd_opt(2025, 9, 30).map(Value::Date),
            "khong_doc" => return Err(Trouble::Missing(Lack::Unreadable)),
            "khong_hoi" => return Err(Trouble::NotAsked),
            _ => None,
        })
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        let entry = |row, value| Entry {
            key: (row, 0),
            value: Some(value),
        };
        let text = |text: &str| Value::Text(text.to_owned());
        Ok(match name.to_string().as_str() {
            "so" => vec![
                entry(0, Value::Number(dec!(10))),
                entry(2, Value::Number(dec!(30))),
            ],
            "trong" => [0, 2]
                .map(|row| Entry {
                    key: (row, 0),
                    value: None,
                })
                .to_vec(),
            "ten" => vec![
                entry(0, text("A")),
                entry(1, text("B")),
                entry(2, text("B")),
            ],
            _ => return self.value(name).map(|value| Entry::numbered([value])),
        })
    }

    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble> {
        match past {
            Past::Previous => self.value(name),
            Past::YearBefore | Past::YearToDate => Err(Trouble::Missing(Lack::NoPrevious)),
        }
    }

    fn blank_is_zero(&self) -> bool {
        self.zero
    }
}

fn value(text: &str) -> Result<Option<Value>, Trouble> {
    evaluate(&parse(text).unwrap(), &Cells { zero: false })
}

fn truth(text: &str) -> Result<bool, Trouble> {
    holds(&parse(text).unwrap(), &Cells { zero: false })
}

#[test]
fn arithmetic_is_exact_and_rounds_as_excel_does() {
    for (text, number) in [
        ("a / 7 * 7", dec!(3)),
        ("1 / 3 + 1 / 3 + 1 / 3", dec!(1)),
        ("0.1 + 0.2", dec!(0.3)),
        ("ROUND(1499, -3)", dec!(1000)),
        ("ROUND(1500, -3)", dec!(2000)),
        ("ROUND(-15, -1)", dec!(-20)),
        ("ROUNDDOWN(1999, -1)", dec!(1990)),
        ("ROUNDDOWN(10 / 3, 2)", dec!(3.33)),
        ("ROUND(2 / 3, 2)", dec!(0.67)),
        ("ROUND(4, -2)", dec!(0)),
        ("SUM(a, b, c)", dec!(9)),
        ("MAX(a, b)", dec!(6)),
        ("COUNT(a, b, c, t)", dec!(2)),
        ("COUNTA(a, b, c, t)", dec!(3)),
        (
            "10000000000 * 10000000000 * 0.0000000001",
            dec!(10000000000),
        ),
    ] {
        assert_eq!(value(text), Ok(Some(Value::Number(number))), "{text}");
    }
    assert_eq!(truth("a / 3 * 3 = a"), Ok(true));
    assert_eq!(truth("a / b = 1 / 2"), Ok(true));
    let huge = "90000000000000000000 * 90000000000000000000";
    assert!(matches!(value(huge), Err(Trouble::Broken(_))), "{huge}");
    assert_eq!(truth(&format!("{huge} > 1")), Ok(true));
}

#[test]
fn figures_and_texts_are_paired_by_their_row() {
    let sum = |number| Ok(Some(Value::Number(number)));
    assert_eq!(value("SUMIFS(so, ten, \"B\")"), sum(dec!(30)));
    assert_eq!(value("SUMIFS(so, ten, \"A\")"), sum(dec!(10)));
    assert_eq!(value("SUMIFS(so, ten, \"*\")"), sum(dec!(40)));
    // No such row is 0; such a row without a figure is a blank.
    assert_eq!(value("SUMIFS(so, ten, \"C\")"), sum(dec!(0)));
    assert_eq!(
        value("SUMIFS(so, ten, \"B\", so, \">40\") + a"),
        sum(dec!(3))
    );
    assert_eq!(value("SUMIFS(trong, ten, \"B\")"), Ok(None));
    assert_eq!(value("SUMIFS(trong, ten, \"C\")"), sum(dec!(0)));
}

#[test]
fn conditions_have_three_values() {
    let blank = || Err(Trouble::Missing(Lack::Blank));
    for (text, wanted) in [
        ("AND(a > b, c > 0)", Ok(false)),
        ("AND(c > 0, a > b)", Ok(false)),
        ("OR(a < b, c > 0)", Ok(true)),
        ("OR(c > 0, a < b)", Ok(true)),
        ("AND(a < b, c > 0)", blank()),
        ("OR(a > b, c > 0)", blank()),
        ("NOT(c > 0)", blank()),
        ("NOT(AND(c > 0, a > b))", Ok(true)),
        ("OR(a / 0 = 1, a = 3)", Ok(true)),
        ("AND(PREVYEAR(a) = 1, a = 4)", Ok(false)),
        ("OR(khong_hoi > 0, khong_doc > 0, a > 0)", Ok(true)),
        ("IF(a > 0, TRUE, c > 0)", Ok(true)),
        ("IF(c > 0, TRUE, TRUE)", blank()),
    ] {
        assert_eq!(truth(text), wanted, "{text}");
    }
}

#[test]
fn the_weightiest_reason_is_told_whatever_the_order() {
    for (text, lack) in [
        ("khong_hoi", None),
        ("c = khong_doc", Some(Lack::Unreadable)),
        ("c = PREVYEAR(a)", Some(Lack::NoPrevious)),
        ("c = a / 0", Some(Lack::Blank)),
        ("a = a / 0", Some(Lack::NotComputable)),
        ("c = khong_hoi", None),
    ] {
        let both = [
            text.to_owned(),
            text.split(" = ")
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect::<Vec<_>>()
                .join(" = "),
        ];
        for text in both {
            let trouble = value(&text).unwrap_err();
            assert_eq!(trouble.lack(), lack, "{text}");
        }
    }
}

#[test]
fn a_blank_is_missing_or_zero_as_the_scope_says() {
    assert_eq!(truth("a > c"), Err(Trouble::Missing(Lack::Blank)));
    let zero = Cells { zero: true };
    assert_eq!(holds(&parse("a > c").unwrap(), &zero), Ok(true));
    assert_eq!(holds(&parse("ISBLANK(c)").unwrap(), &zero), Ok(true));
    assert_eq!(truth("ISBLANK(a)"), Ok(false));
    assert_eq!(truth("x = \"x\""), Ok(true));
}

/// `condition` over arguments that hold, do not, or cannot be evaluated.
fn condition() -> impl Strategy<Value = Vec<&'static str>> {
    let atom = prop_oneof![
        Just("a < b"),
        Just("a > b"),
        Just("c > 0"),
        Just("a / 0 = 1"),
        Just("PREVYEAR(a) = 1"),
        Just("khong_hoi > 0"),
    ];
    prop::collection::vec(atom, 1..=5)
}

proptest! {
    #[test]
    fn the_order_of_arguments_makes_no_difference(arguments in condition(), and in any::<bool>()) {
        let name = if and { "AND" } else { "OR" };
        let of = |arguments: &[&str]| truth(&format!("{name}({})", arguments.join(", ")));
        let mut sorted = arguments.clone();
        sorted.sort_unstable();
        let mut reversed = arguments.clone();
        reversed.reverse();
        prop_assert_eq!(of(&arguments), of(&sorted));
        prop_assert_eq!(of(&arguments), of(&reversed));
        // Not all hold = some does not hold.
        let negated: Vec<String> = arguments.iter().map(|one| format!("NOT({one})")).collect();
        let other = if and { "OR" } else { "AND" };
        let turned = truth(&format!("{other}({})", negated.join(", ")));
        prop_assert_eq!(of(&arguments).map(|holds| !holds), turned);
    }
}

#[test]
fn averages_and_counts_pass_over_blanks() {
    for (text, number) in [
        ("AVERAGE(so)", dec!(20)),
        ("AVERAGE(a, b, c)", dec!(4.5)),
        ("AVERAGE(so) - a", dec!(17)),
        ("COUNTIF(so, \">10\")", dec!(1)),
        ("COUNTIF(so, \">=10\")", dec!(2)),
        ("COUNTIF(so, 30)", dec!(1)),
        ("COUNTIF(ten, \"b\")", dec!(2)),
        // The second row has no figure.
        ("COUNTIFS(ten, \"b\", so, \">0\")", dec!(1)),
        ("COUNTIFS(ten, \"*\", so, \"<=10\")", dec!(1)),
        ("SUMIFS(so, ten, \"*\", so, \">10\")", dec!(30)),
    ] {
        assert_eq!(value(text), Ok(Some(Value::Number(number))), "{text}");
    }
    // Nothing to average is not 0, even where blanks count as 0.
    for zero in [false, true] {
        let average = evaluate(&parse("AVERAGE(c)").unwrap(), &Cells { zero });
        assert_eq!(average, Err(Trouble::Missing(Lack::Blank)));
    }
}

#[test]
fn what_is_looked_for_follows_a_name() {
    for text in [
        "COUNTIFS(so, 1, ten)",
        "COUNTIFS(so + 1, 1)",
        "SUMIFS(so, ten)",
        "SUMIFS(so, ten, \"A\", so)",
        "COUNTIF(3, 3)",
    ] {
        let error = parse(text).unwrap_err();
        let vi = error.message.vi;
        assert!(
            vi.contains("viết là") || vi.contains("đối số"),
            "{text}: {vi}"
        );
    }
}

#[test]
fn days_are_compared_and_counted() {
    let period = "2025-09".parse().unwrap();
    for (text, holds_so) in [
        ("ngay <= DATE(2025, 9, 30)", true),
        ("ngay < DATE(2025, 9, 30)", false),
        ("AND(ngay >= PERIODSTART(), ngay <= PERIODEND())", true),
        ("ngay - PERIODSTART() = 29", true),
        ("PERIODEND() - ngay = 0", true),
        ("ngay + a = DATE(2025, 10, 3)", true),
        ("ngay - 30 = DATE(2025, 8, 31)", true),
        ("NOT(FIRSTPERIOD())", true),
    ] {
        let expr = parse(text).unwrap().in_period(period);
        assert!(!expr.reads_period(), "{text}");
        assert_eq!(holds(&expr, &Cells { zero: false }), Ok(holds_so), "{text}");
    }
    assert_eq!(truth("ngay > PERIODSTART()"), Err(Trouble::NotAsked));
    for (period, first) in [
        ("2025-01", true),
        ("2025-Q1", true),
        ("2025-Q2", false),
        ("2025", true),
    ] {
        let expr = parse("FIRSTPERIOD()").unwrap();
        let expr = expr.in_period(period.parse().unwrap());
        assert_eq!(holds(&expr, &Cells { zero: false }), Ok(first), "{period}");
    }
    let written = parse("ngay <= PERIODEND()").unwrap().in_period(period);
    assert_eq!(written.to_string(), "(ngay <= DATE(2025, 9, 30))");
    for text in [
        "a = DATE(2025, 2, 29)",
        "a = DATE(2025, b, 1)",
        "a = DATE(2025, 1.5, 1)",
    ] {
        let error = parse(text).unwrap_err();
        assert!(
            error.message.vi.contains("DATE(năm, tháng, ngày)"),
            "{text}"
        );
    }
}
