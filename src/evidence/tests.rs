//! Filled workbooks made up here: figures that follow a form's rules, dense and with many zeros.

use std::sync::Arc;

use super::{Proposed, over_time, proposed, tested};
use crate::extract::Table;
use crate::rules::testing::{form, table};
use crate::schema::Form;

/// Figures that are the same on every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % most
    }

    /// A figure that is 0 so many times in a hundred.
    fn figure(&mut self, zeros: u64) -> u64 {
        match self.below(100) < zeros {
            true => 0,
            false => 1 + self.below(90),
        }
    }

    /// A figure parted into as many, some of them zero.
    fn parts(&mut self, whole: u64, count: usize) -> Vec<u64> {
        let mut left = whole;
        let mut parts: Vec<u64> = (1..count)
            .map(|_| {
                let part = match self.below(3) {
                    0 => 0,
                    _ => self.below(left + 1),
                };
                left -= part;
                part
            })
            .collect();
        parts.push(left);
        parts
    }
}

fn columns(ids: &[&str]) -> String {
    let column = |id: &&str| {
        format!(
            "[[column]]\nid = \"{id}\"\nlabel = \"Cột {id}\"\ntype = \"count\"\nblank = \"nothing\"\n"
        )
    };
    ids.iter().map(column).collect()
}

fn rows(ids: &[&str]) -> String {
    let row = |id: &&str| format!("[[row]]\nid = \"{id}\"\nlabel = \"Dòng {id}\"\n");
    ids.iter().map(row).collect()
}

/// A form of fixed rows whose columns are a whole in two partitions, a part and a column apart.
fn two_ways(rules: &str) -> Arc<Form> {
    let ids = ["tong", "a", "b", "c", "d", "e", "nu", "khac"];
    let rest = format!(
        "label = \"Chỉ tiêu\"\n{}{}{rules}",
        columns(&ids),
        rows(&["cong", "mot", "hai", "ba"])
    );
    form("abc", "fixed", &rest)
}

/// `tong = a + b + c = d + e`, `nu <= tong`, the first row adds up the others.
fn filled(form: &Arc<Form>, files: u64, zeros: u64) -> Vec<Vec<Table>> {
    let mut draws = Draws(0x1234_5678_9abc_def1);
    let one = |_: u64| {
        let mut lines: Vec<Vec<u64>> = (0..3)
            .map(|_| {
                let parts = [
                    draws.figure(zeros),
                    draws.figure(zeros),
                    draws.figure(zeros),
                ];
                let whole = parts.iter().sum();
                let other = draws.parts(whole, 2);
                let women = match draws.below(4) {
                    0 => whole,
                    _ => draws.below(whole + 1),
                };
                let mut line = vec![whole];
                line.extend(parts);
                line.extend(other);
                line.extend([women, draws.figure(zeros)]);
                line
            })
            .collect();
        let sum: Vec<u64> = (0..8)
            .map(|column| lines.iter().map(|line| line[column]).sum())
            .collect();
        lines.insert(0, sum);
        vec![laid(form, &lines)]
    };
    (0..files).map(one).collect()
}

fn laid(form: &Arc<Form>, lines: &[Vec<u64>]) -> Table {
    let texts: Vec<Vec<String>> = lines
        .iter()
        .map(|line| line.iter().map(ToString::to_string).collect())
        .collect();
    let texts: Vec<Vec<&str>> = texts
        .iter()
        .map(|line| line.iter().map(String::as_str).collect())
        .collect();
    let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
    table(form, &texts)
}

fn all(form: &Form, workbooks: &[Vec<Table>]) -> Vec<Proposed> {
    let workbooks: Vec<&[Table]> = workbooks.iter().map(Vec::as_slice).collect();
    proposed(form, &workbooks)
}

fn checks(form: &Form, workbooks: &[Vec<Table>]) -> Vec<String> {
    let proposed = all(form, workbooks);
    let mut checks: Vec<String> = proposed.into_iter().map(|one| one.check).collect();
    checks.sort_unstable();
    checks
}

const TRUE: [&str; 4] = [
    "cong = SUM(mot:ba)",
    "nu <= tong",
    "tong = SUM(a:c)",
    "tong = SUM(d, e)",
];

#[test]
fn what_the_figures_bear_out_is_proposed_and_nothing_else() {
    let form = two_ways("");
    for zeros in [0, 30, 60] {
        assert_eq!(
            checks(&form, &filled(&form, 139, zeros)),
            TRUE,
            "{zeros}% zeros"
        );
    }
}

#[test]
fn what_the_form_says_is_not_proposed_again() {
    let rules = "[[rule]]\nid = \"x\"\ncheck = \"tong = a + b + c\"\n\
                 [[rule]]\nid = \"y\"\ncheck = \"cong = mot + hai + ba\"\n\
                 [[rule]]\nid = \"z\"\ncheck = \"nu <= tong\"\n";
    let form = two_ways(rules);
    assert_eq!(checks(&form, &filled(&form, 60, 30)), ["tong = SUM(d, e)"]);
}

#[test]
fn a_sum_that_may_lack_a_column_of_zeros_is_not_proposed() {
    let form = two_ways("");
    let mut workbooks = filled(&form, 60, 0);
    // Column c is gone everywhere, its figures taken from the whole: `tong = a + b` holds.
    for tables in &mut workbooks {
        let lines: Vec<Vec<u64>> = tables[0]
            .rows
            .iter()
            .map(|row| {
                let figure = |at: usize| {
                    let number = row.cells[at].value().unwrap().as_number().unwrap();
                    number.to_string().parse::<u64>().unwrap()
                };
                let mut line: Vec<u64> = (0..8).map(figure).collect();
                line[0] -= line[3];
                line[3] = 0;
                (line[4], line[5], line[6]) = (line[0] / 3, line[0] - line[0] / 3, line[0] / 2);
                line
            })
            .collect();
        tables[0] = laid(&form, &lines);
    }
    let checks = checks(&form, &workbooks);
    assert!(
        !checks.iter().any(|check| check.starts_with("tong = SUM(a")),
        "{checks:?}"
    );
}

#[test]
fn columns_of_nothing_and_columns_that_are_the_same_propose_nothing() {
    let form = two_ways("");
    let mut draws = Draws(77);
    let workbooks: Vec<Vec<Table>> = (0..60)
        .map(|_| {
            let mut line = || {
                let figure = draws.figure(20);
                vec![figure, 0, figure, 0, 0, 0, 0, 0]
            };
            let lines = [line(), line(), line(), line()];
            vec![laid(&form, &lines)]
        })
        .collect();
    assert_eq!(checks(&form, &workbooks), [""; 0]);
}

#[test]
fn small_figures_of_few_workbooks_are_sums_by_chance_only() {
    let form = two_ways("");
    let mut draws = Draws(99);
    for _ in 0..30 {
        let workbooks: Vec<Vec<Table>> = (0..2)
            .map(|_| {
                let lines: Vec<Vec<u64>> = (0..4)
                    .map(|_| (0..8).map(|_| draws.below(4)).collect())
                    .collect();
                vec![laid(&form, &lines)]
            })
            .collect();
        assert_eq!(checks(&form, &workbooks), [""; 0]);
    }
}

#[test]
fn one_workbook_in_which_it_fails_is_enough_against_a_proposal() {
    let form = two_ways("");
    let mut workbooks = filled(&form, 60, 0);
    let text = |figure: &str| [figure, "1", "1", "1", "2", "2", "0", "5"].map(str::to_owned);
    let lines = [text("9"), text("3"), text("3"), text("3")];
    let lines: Vec<Vec<u64>> = lines
        .iter()
        .map(|line| line.iter().map(|figure| figure.parse().unwrap()).collect())
        .collect();
    workbooks.push(vec![laid(&form, &lines)]);
    let checks = checks(&form, &workbooks);
    assert!(checks.contains(&"nu <= tong".to_owned()), "{checks:?}");
    assert!(
        checks
            .iter()
            .all(|check| !check.contains('=') || check.contains("<=")),
        "{checks:?}"
    );
}

#[test]
fn percentages_and_products_are_proposed_with_their_operands() {
    let rest = format!(
        "{}[[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"tl\"\nlabel = \"Tỷ lệ (%)\"\ntype = \"percent\"\ndecimals = 1\n",
        columns(&["so", "gia", "tien", "dat"])
    );
    let form = form("abc", "free", &rest);
    let mut draws = Draws(5);
    let workbooks: Vec<Vec<Table>> = (0..20)
        .map(|file| {
            let lines: Vec<Vec<String>> = (0..4)
                .map(|line| {
                    let (count, price) = (2 + draws.below(80), 3 + draws.below(500));
                    let reached = 1 + draws.below(count);
                    let share = (reached * 2000 / count).div_ceil(2);
                    let share = format!("{}.{}", share / 10, share % 10);
                    [count, price, count * price, reached]
                        .map(|figure| figure.to_string())
                        .into_iter()
                        .chain([format!("r{file}-{line}"), share])
                        .collect()
                })
                .collect();
            let lines: Vec<Vec<&str>> = lines
                .iter()
                .map(|line| line.iter().map(String::as_str).collect())
                .collect();
            let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
            vec![table(&form, &lines)]
        })
        .collect();
    let checks = checks(&form, &workbooks);
    assert!(checks.contains(&"tien = so * gia".to_owned()), "{checks:?}");
    assert!(
        checks.contains(&"tl = ROUND(dat / so * 100, 1)".to_owned()),
        "{checks:?}"
    );
}

#[test]
fn an_opening_and_a_closing_figure_are_an_equation_with_what_came_and_went() {
    let rest = format!(
        "label = \"Chỉ tiêu\"\n{}{}",
        columns(&["dau", "tang", "giam", "cuoi"]),
        rows(&["mot", "hai", "ba"])
    );
    let form = form("abc", "fixed", &rest);
    let mut draws = Draws(11);
    let workbooks: Vec<Vec<Table>> = (0..40)
        .map(|_| {
            let lines: Vec<Vec<u64>> = (0..3)
                .map(|_| {
                    let (opening, came) = (20 + draws.below(500), draws.figure(30));
                    let went = draws.below(opening);
                    vec![opening, came, went, opening + came - went]
                })
                .collect();
            vec![laid(&form, &lines)]
        })
        .collect();
    assert_eq!(checks(&form, &workbooks), ["cuoi = dau + tang - giam"]);
}

#[test]
fn a_rule_counts_as_tested_only_where_no_figure_is_zero() {
    let form = two_ways("[[rule]]\nid = \"x\"\ncheck = \"tong = a + b + c\"\n");
    let line = |figures: [u64; 4]| {
        let mut line = figures.to_vec();
        line.extend([0; 4]);
        line
    };
    let lines = [
        line([6, 1, 2, 3]),
        line([3, 1, 2, 0]),
        line([0, 0, 0, 0]),
        line([9, 1, 2, 3]),
    ];
    let workbook = [laid(&form, &lines)];
    let tests = tested(&[&workbook]);
    let test = &tests[&("abc".to_owned(), "x".to_owned())];
    assert_eq!((test.held, test.failed, test.untested), (1, 1, 2));
    // One workbook, as many places for it as against it.
    assert!(!test.is_refuted());
    let wrong = laid(&form, &[line([9, 1, 2, 3]), line([9, 1, 2, 3])]);
    let wrong = [wrong];
    let tests = tested(&[&workbook, &wrong, &wrong]);
    assert!(tests[&("abc".to_owned(), "x".to_owned())].is_refuted());
    let example = test.example.as_ref().unwrap();
    assert_eq!(example.cell.unwrap().to_string(), "A4");
    assert!(
        example.message.vi.contains("phải bằng 6"),
        "{}",
        example.message.vi
    );
}

/// Two periods of a form whose columns are an opening, what came, what went and a closing figure,
/// and of which another is cumulative.
fn two_periods(zeros: u64, rule: &str) -> Vec<String> {
    let ids = ["dau", "tang", "giam", "cuoi", "luy_ke"];
    let rest = format!(
        "label = \"Chỉ tiêu\"\n{}{}{rule}",
        columns(&ids),
        rows(&["mot", "hai", "ba"])
    );
    let form = form("abc", "fixed", &rest);
    let mut draws = Draws(0x5eed_5eed_5eed_5eed);
    let pairs: Vec<(Vec<Table>, Vec<Table>)> = (0..12)
        .map(|_| {
            let mut before = Vec::new();
            let mut now = Vec::new();
            for _ in 0..3 {
                let mut figure = || draws.figure(zeros);
                let (opening, came, went, cumulative) =
                    (90 + figure(), figure(), figure(), figure());
                let closing = opening + came - went;
                before.push(vec![opening, came, went, closing, cumulative + came]);
                let (more, less) = (figure(), figure());
                let end = closing + more - less.min(closing);
                now.push(vec![
                    closing,
                    more,
                    less.min(closing),
                    end,
                    cumulative + came + more,
                ]);
            }
            (vec![laid(&form, &now)], vec![laid(&form, &before)])
        })
        .collect();
    let pairs: Vec<(&[Table], &[Table])> = pairs
        .iter()
        .map(|(now, before)| (now.as_slice(), before.as_slice()))
        .collect();
    let proposed = over_time(&form, &pairs);
    proposed.into_iter().map(|one| one.check).collect()
}

#[test]
fn what_is_carried_over_and_what_is_cumulative_is_seen_in_two_periods() {
    for zeros in [0, 50] {
        let checks = two_periods(zeros, "");
        let wanted = ["dau = PREV(cuoi)", "luy_ke = PREV(luy_ke) + tang"];
        assert_eq!(checks, wanted, "{zeros}");
    }
    // What the form says is not proposed, nor what holds of the same few figures everywhere.
    let said = "[[rule]]\nid = \"x\"\ncheck = \"dau = PREV(cuoi)\"\n";
    assert_eq!(two_periods(0, said), ["luy_ke = PREV(luy_ke) + tang"]);
    assert_eq!(two_periods(100, ""), Vec::<String>::new());
}
