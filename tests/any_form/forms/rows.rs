//! Rows of fixed-row forms: totals on several levels, headings, shares and averages of rows.

use super::blocks::{Columns, added_up};
use super::expression::{Ex, Fun, Order};
use super::seed::Rng;
use super::spec::{Aggregate, Blank, Policy, Ratio, Row, Rule, Severity, Type};
use super::words;

/// Rows being made.
pub struct Tree<'a> {
    pub rows: Vec<Row>,
    pub rules: Vec<Rule>,
    columns: &'a Columns,
    /// Are ordinals written ("1.2") or counted?
    numbered: bool,
}

/// How deep rows nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Flat,
    Total,
    Levels,
    Headings,
}

impl<'a> Tree<'a> {
    pub fn new(columns: &'a Columns, numbered: bool) -> Tree<'a> {
        Tree {
            rows: Vec::new(),
            rules: Vec::new(),
            columns,
            numbered,
        }
    }

    /// All rows of a form.
    pub fn grow(&mut self, rng: &mut Rng) {
        let shapes = [Shape::Flat, Shape::Total, Shape::Levels, Shape::Headings];
        let shape = *rng.pick(&shapes);
        match shape {
            Shape::Flat => {
                for number in 1..=rng.between(2, 5) {
                    self.leaf(rng, number.to_string());
                }
            }
            Shape::Total => {
                let total = self.add("Tổng số".to_owned(), "I".to_owned());
                let parts = self.leaves(rng, "");
                self.total(rng, &total, &parts, true);
            }
            Shape::Levels => self.levels(rng),
            Shape::Headings => {
                for (number, mark) in (1..=rng.between(1, 2)).zip(["A", "B"]) {
                    self.add(words::label(rng), mark.to_owned());
                    self.last().heading = true;
                    let own = format!("{number}.");
                    let total = rng
                        .chance(50)
                        .then(|| self.add("Cộng".to_owned(), own.clone()));
                    let parts = self.leaves(rng, &own);
                    if let Some(total) = total {
                        self.total(rng, &total, &parts, true);
                    }
                }
            }
        }
        self.shares(rng);
        if rng.chance(15) {
            self.leaf(rng, "99".to_owned());
            self.last().kinds = Some(vec!["phuong"]);
        }
    }

    /// A total of totals.
    fn levels(&mut self, rng: &mut Rng) {
        let below = rng.chance(30);
        let total = (!below).then(|| self.add("Tổng cộng".to_owned(), String::new()));
        let mut groups = Vec::new();
        for number in 1..=rng.between(2, 3) {
            let group = self.add(words::label(rng), number.to_string());
            let parts = self.leaves(rng, &format!("{number}."));
            self.total(rng, &group, &parts, true);
            groups.push(group);
        }
        let total = total.unwrap_or_else(|| self.add("Tổng cộng".to_owned(), String::new()));
        self.total(rng, &total, &groups, false);
    }

    fn leaves(&mut self, rng: &mut Rng, under: &str) -> Vec<String> {
        let numbers = 1..=rng.between(2, 3);
        numbers
            .map(|number| self.leaf(rng, format!("{under}{number}")))
            .collect()
    }

    fn leaf(&mut self, rng: &mut Rng, no: String) -> String {
        self.add(words::label(rng), no)
    }

    fn add(&mut self, label: String, no: String) -> String {
        let id = format!("d{}", self.rows.len() + 1);
        let mut label = label;
        while self.rows.iter().any(|row| row.label == label) {
            label.push_str(" khác");
        }
        self.rows.push(Row {
            id: id.clone(),
            label,
            no: self.numbered.then_some(no).filter(|no| !no.is_empty()),
            heading: false,
            kind: None,
            computed: false,
            blank: None,
            bound: None,
            aggregate: None,
            columns: None,
            kinds: None,
            unit: None,
        });
        id
    }

    fn last(&mut self) -> &mut Row {
        self.rows.last_mut().expect("a row was just added")
    }

    /// Says that a row is the sum of others, in the columns that add up.
    fn total(&mut self, rng: &mut Rng, total: &str, parts: &[String], straight: bool) {
        let columns = &self.columns.list;
        let figures = columns.iter().filter(|column| column.kind.is_figure());
        let figures: Vec<String> = figures.map(|column| column.id.clone()).collect();
        let additive = self.columns.additive.clone();
        let computed = rng.chance(70);
        // A rule over rows leaves percentages and averages out by itself.
        let plain = figures.len() == additive.len() || rng.chance(50);
        let row = self.rows.iter_mut().find(|row| row.id == total);
        let row = row.expect("it was added");
        row.computed = computed;
        if figures.len() < columns.len() {
            row.columns = Some(figures);
        }
        let right = added_up(rng, parts, straight, true);
        if plain && rng.chance(70) {
            let check = Ex::one(total).compared(Order::Equal, right);
            self.rule(format!("{total}-lech"), check, "sum of rows", true);
            return;
        }
        for column in &additive {
            let cells = parts.iter().map(|part| Ex::cell(part, column)).collect();
            let sum = match right {
                Ex::Call(..) => Ex::call(Fun::Sum, cells),
                _ => Ex::added(cells),
            };
            let check = Ex::cell(total, column).compared(Order::Equal, sum);
            let id = format!("{total}-{}-lech", column.replace('_', "-"));
            self.rule(id, check, "sum of cells", true);
        }
    }

    fn rule(&mut self, id: String, check: Ex, sort: &'static str, defines: bool) {
        self.rules.push(Rule {
            id,
            sort,
            check,
            when: None,
            severity: Severity::Error,
            blank: Policy::SkipAny,
            message: None,
            defines,
        });
    }

    /// Rows that are part of another, its share, its average.
    fn shares(&mut self, rng: &mut Rng) {
        let figures = self.rows.iter().filter(|row| !row.heading);
        let figures: Vec<String> = figures.map(|row| row.id.clone()).collect();
        let additive = self.columns.additive.clone();
        if additive.is_empty() || !rng.chance(40) {
            return;
        }
        // Percentages do not add up over a year, so a column of which there is `YTD` has none.
        if self
            .columns
            .rules
            .iter()
            .any(|rule| rule.check.calls(Fun::Ytd))
        {
            return;
        }
        // A rule over columns would be evaluated on the share, too: there it has one column only.
        let filled = additive.iter().filter(|id| !self.columns.is_defined(id));
        let filled: Vec<&String> = filled.collect();
        let one = (!self.columns.rules.is_empty()).then(|| vec![(*rng.pick(&filled)).clone()]);
        let some = (additive.len() < self.columns.list.len()).then_some(additive);
        let only = one.or(some);
        let whole = rng.pick(&figures).clone();
        let part = self.add(
            format!("Trong đó {}", words::part(rng).to_lowercase()),
            String::new(),
        );
        let row = self.last();
        row.bound = Some(Ex::one(&whole));
        row.columns.clone_from(&only);
        let check = Ex::one(&part).compared(Order::AtMost, Ex::one(&whole));
        self.rule(
            format!("{part}-nhieu-hon"),
            check,
            "part of a whole, rows",
            false,
        );
        if rng.chance(60) {
            self.add("Tỷ lệ (%)".to_owned(), String::new());
            let computed = rng.chance(70);
            let row = self.last();
            row.kind = Some(Type::Percent {
                decimals: 2,
                truncate: false,
                ratio: Some(Ratio {
                    numerator: Ex::one(&part),
                    denominator: Ex::one(&whole),
                    per: None,
                }),
            });
            row.blank = Some(Blank::Nothing);
            row.computed = computed;
            row.columns.clone_from(&only);
        }
        if rng.chance(25) {
            self.average(&part, &whole, only);
        }
    }

    fn average(&mut self, above: &str, below: &str, only: Option<Vec<String>>) {
        let id = self.add("Bình quân".to_owned(), String::new());
        let row = self.last();
        row.kind = Some(Type::Amount {
            decimals: 1,
            rounded: false,
        });
        row.aggregate = Some(Aggregate::None);
        row.computed = true;
        row.columns = only;
        let quotient = Ex::one(above).op('/', Ex::one(below));
        let rounded = Ex::call(Fun::Round, vec![quotient, Ex::whole(1)]);
        let nothing = Ex::one(below).compared(Order::Equal, Ex::whole(0));
        let right = Ex::call(Fun::If, vec![nothing, Ex::whole(0), rounded]);
        let check = Ex::one(&id).compared(Order::Equal, right);
        self.rule(format!("{id}-lech"), check, "average of rows", true);
    }
}
