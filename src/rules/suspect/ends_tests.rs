//! Looking for suspects ends, whatever the rules are, and leaves nothing out that failed.

use std::sync::Arc;

use proptest::prelude::*;

use super::SUSPECTS_CUT;
use crate::model::Allowance;
use crate::rules::check::check_unit;
use crate::rules::tally::TOO_LONG;
use crate::rules::testing::{form, table, unit, with_total};
use crate::schema::Form;

/// A twentieth of what a unit is given, because tests are not optimised.
const STEPS: u64 = 100_000;

/// Rules that hang together in every way: sums, products, divisions, limits, comparisons of
/// comparisons, conditions.
const CHECKS: [&str; 14] = [
    "a = b + c",
    "b = c + d",
    "a / b * b = a",
    "(a > 5) = (b > 5)",
    "(a > 5) <> (b > 50)",
    "SUM(a, b) = 17",
    "a * b = c",
    "a <= 20",
    "b <= 20",
    "MAX(a:d) = d",
    "OR(a = b, c = d)",
    "NOT(a = c)",
    "IF(a > b, c, d) = 7",
    "ROUND(a / 3, 0) = b",
];

fn random_form(chosen: &[(usize, bool, bool)]) -> Arc<Form> {
    let columns: String = ["a", "b", "c", "d"]
        .map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"))
        .concat();
    let rules: String = chosen
        .iter()
        .enumerate()
        .map(|(i, (check, hard, when))| {
            let severity = if *hard { "error" } else { "warning" };
            let when = if *when { "when = \"d > 3\"\n" } else { "" };
            let check = CHECKS[*check];
            format!(
                "[[rule]]\nid = \"r{i}\"\n{when}check = \"{check}\"\nseverity = \"{severity}\"\nblank = \"zero\"\n"
            )
        })
        .collect();
    let rest = format!(
        "total = \"Tổng cộng\"\n[defaults]\ntype = \"amount\"\ndecimals = 2\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n{columns}{rules}"
    );
    form("bm", "free", &rest)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_set_of_rules_is_explained_in_bounded_work(
        chosen in prop::collection::vec((0..CHECKS.len(), any::<bool>(), any::<bool>()), 1..6),
        figures in prop::collection::vec(prop::array::uniform4(0u32..60), 1..4),
    ) {
        let form = random_form(&chosen);
        let rows: Vec<Vec<String>> = figures
            .iter()
            .enumerate()
            .map(|(i, row)| {
                std::iter::once(format!("dòng {i}"))
                    .chain(row.iter().map(ToString::to_string))
                    .collect()
            })
            .collect();
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let tables = [with_total(table(&form, &rows), &["", "99", "99", "99", "99"])];
        let told = check_unit(&unit(&tables), &Allowance::of(STEPS));
        // The same rules are reported as broken when no suspect is looked for.
        let late = check_unit(&unit(&tables), &Allowance::until(&|| true));
        prop_assert!(late.findings.iter().any(|f| f.rule == TOO_LONG));
        let failed: usize = told.tallies.iter().map(|(_, _, tally)| tally.failed).sum();
        let own = told
            .findings
            .iter()
            .filter(|f| form.rules.iter().any(|rule| rule.id == f.rule) || f.rule == "tong-cong-lech");
        prop_assert!(own.count() >= failed);
        prop_assert!(told.findings.iter().filter(|f| f.rule == SUSPECTS_CUT).count() <= 1);
    }
}
