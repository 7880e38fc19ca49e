//! Columns in groups that belong together: a sum and its parts, a balance, a share, an average.

use std::collections::BTreeSet;

use super::expression::{Ex, Fun, Order};
use super::seed::Rng;
use super::spec::{Aggregate, Blank, Column, Policy, Ratio, Rule, Severity, Type};
use super::words;

/// Columns of a form being made, with the rules that tie them together.
pub struct Columns {
    pub list: Vec<Column>,
    pub rules: Vec<Rule>,
    /// Counts and amounts that are added up over rows, by id.
    pub additive: Vec<String>,
    /// A column that is part of another: part, whole.
    pub parts: Vec<(String, String)>,
    /// What figures are unless a group says otherwise.
    pub figure: Type,
    /// What blanks of figures mean.
    pub blank: Blank,
    prefix: &'static str,
    labels: BTreeSet<Vec<String>>,
}

const PREFIXES: [&str; 7] = ["c", "cot_", "so_", "k", "e", "chi_tieu_", "r1c"];

impl Columns {
    pub fn new(rng: &mut Rng, figure: Type, blank: Blank) -> Columns {
        Columns {
            list: Vec::new(),
            rules: Vec::new(),
            additive: Vec::new(),
            parts: Vec::new(),
            figure,
            blank,
            prefix: rng.word(&PREFIXES),
            labels: BTreeSet::new(),
        }
    }

    /// Adds a column under a header path that no other column has; gives its id.
    pub fn add(&mut self, label: Vec<String>, kind: Type) -> String {
        let id = format!("{}{}", self.prefix, self.list.len() + 1);
        let mut label = label;
        while !self.labels.insert(label.clone()) {
            if let Some(own) = label.last_mut() {
                own.push_str(" khác");
            }
        }
        let optional = !kind.is_figure() || matches!(kind, Type::Percent { .. });
        let blank = if optional { Blank::Nothing } else { self.blank };
        self.list.push(Column {
            id: id.clone(),
            label,
            key: false,
            kind,
            computed: false,
            blank,
            bound: None,
            aggregate: None,
            unit: None,
            help: None,
        });
        id
    }

    fn last(&mut self) -> &mut Column {
        self.list.last_mut().expect("a column was just added")
    }

    fn figure_column(&mut self, label: Vec<String>) -> String {
        let id = self.add(label, self.figure.clone());
        self.additive.push(id.clone());
        id
    }

    /// A figure by itself.
    pub fn plain(&mut self, rng: &mut Rng) -> String {
        self.figure_column(vec![words::label(rng)])
    }

    /// A total and its parts under one header; parts may be totals of parts of their own.
    pub fn sum(&mut self, rng: &mut Rng) {
        let path = vec![words::label(rng)];
        let deep = rng.chance(35);
        self.sum_under(rng, &path, deep);
    }

    fn sum_under(&mut self, rng: &mut Rng, path: &[String], deep: bool) -> String {
        let under = |own: &str| [path, &[own.to_owned()]].concat();
        let last = rng.chance(25);
        let total = (!last).then(|| self.figure_column(under("Tổng số")));
        let among = rng.chance(30);
        let (mut parts, mut straight) = (Vec::new(), true);
        let first = self.list.len();
        for _ in 0..rng.between(2, 3) {
            let own = words::part(rng);
            if deep && rng.chance(40) {
                parts.push(self.sum_under(rng, &under(&own), false));
                straight = false;
                continue;
            }
            let label = match among {
                true => [path, &["Trong đó".to_owned(), own]].concat(),
                false => under(&own),
            };
            parts.push(self.figure_column(label));
        }
        straight &= self.list.len() - first == parts.len();
        let total = total.unwrap_or_else(|| self.figure_column(under("Tổng số")));
        for part in &parts {
            self.parts.push((part.clone(), total.clone()));
        }
        let right = added_up(rng, &parts, straight, false);
        self.define(rng, &total, right, "sum of columns");
        self.computed(rng, &total);
        total
    }

    fn computed(&mut self, rng: &mut Rng, id: &str) {
        let computed = rng.chance(70);
        let column = self.list.iter_mut().find(|column| column.id == id);
        column.expect("it was added").computed = computed;
    }

    /// A rule that says what a column is.
    pub fn define(&mut self, rng: &mut Rng, id: &str, right: Ex, sort: &'static str) {
        let check = Ex::one(id).compared(Order::Equal, right);
        self.rule(
            rng,
            format!("{}-lech", id.replace('_', "-")),
            check,
            sort,
            true,
        );
    }

    fn rule(&mut self, rng: &mut Rng, id: String, check: Ex, sort: &'static str, defines: bool) {
        let message = rng
            .chance(50)
            .then(|| format!("{} phải khớp", words::label(rng)));
        self.rules.push(Rule {
            id,
            sort,
            check,
            when: None,
            severity: Severity::Error,
            blank: Policy::SkipAny,
            message,
            defines,
        });
    }

    /// A figure that is part of another: no larger.
    pub fn part(&mut self, rng: &mut Rng) {
        let Some(whole) = self.some_additive(rng) else {
            return;
        };
        let of = self.list.iter().find(|column| column.id == whole);
        let mut label = of.map_or(Vec::new(), |column| column.label.clone());
        let own = format!("Trong đó {}", words::part(rng).to_lowercase());
        match label.len() {
            1 => label = vec![format!("{}: {own}", label[0])],
            _ => label = vec![own],
        }
        let id = self.figure_column(label);
        let kind = self.list.iter().find(|column| column.id == whole);
        let kind = kind.map(|column| column.kind.clone());
        let column = self.last();
        column.bound = Some(Ex::one(&whole));
        column.kind = kind.unwrap_or(Type::Count);
        let check = Ex::one(&id).compared(Order::AtMost, Ex::one(&whole));
        let severity = if rng.chance(25) {
            Severity::Warning
        } else {
            Severity::Error
        };
        self.rule(
            rng,
            format!("{}-nhieu-hon", id.replace('_', "-")),
            check,
            "part of a whole",
            false,
        );
        self.rules.last_mut().expect("it was added").severity = severity;
        self.parts.push((id, whole));
    }

    /// Does a rule say what a column is?
    pub fn is_defined(&self, id: &str) -> bool {
        let left =
            |rule: &Rule| matches!(&rule.check, Ex::Compare(_, left, _) if **left == Ex::one(id));
        self.rules.iter().any(|rule| rule.defines && left(rule))
    }

    fn some_additive(&self, rng: &mut Rng) -> Option<String> {
        (!self.additive.is_empty()).then(|| rng.pick(&self.additive).clone())
    }

    /// A part as a share of its whole, or the whole to one or a thousand of the part.
    pub fn percent(&mut self, rng: &mut Rng) {
        if self.parts.is_empty() {
            return;
        }
        let (part, whole) = rng.pick(&self.parts).clone();
        let per = rng.chance(40).then(|| *rng.pick(&[1, 1000]));
        let (above, below) = match per {
            Some(1) => (&whole, &part),
            _ => (&part, &whole),
        };
        let kind = Type::Percent {
            decimals: u32::try_from(rng.below(4)).unwrap_or(2),
            truncate: rng.chance(20),
            ratio: Some(Ratio {
                numerator: Ex::one(above),
                denominator: Ex::one(below),
                per,
            }),
        };
        let name = words::part(rng).to_lowercase();
        let label = match per {
            None => format!("Tỷ lệ {name} (%)"),
            Some(per) => format!("Tỷ số {name} trên {per}"),
        };
        self.add(vec![label], kind);
        self.last().computed = rng.chance(70);
    }

    /// One figure divided by another, computed at every row, added up nowhere.
    pub fn average(&mut self, rng: &mut Rng) {
        let (Some(above), Some(below)) = (self.some_additive(rng), self.some_additive(rng)) else {
            return;
        };
        if above == below {
            return;
        }
        let decimals = u32::try_from(rng.between(1, 2)).unwrap_or(1);
        let kind = Type::Amount {
            decimals,
            rounded: false,
        };
        let id = self.add(
            vec![format!("Bình quân {}", words::part(rng).to_lowercase())],
            kind,
        );
        let column = self.last();
        column.aggregate = Some(Aggregate::None);
        column.computed = true;
        let quotient = Ex::one(&above).op('/', Ex::one(&below));
        let rounded = Ex::call(Fun::Round, vec![quotient, Ex::whole(decimals.into())]);
        let nothing = Ex::one(&below).compared(Order::Equal, Ex::whole(0));
        let right = Ex::call(Fun::If, vec![nothing, Ex::whole(0), rounded]);
        self.define(rng, &id, right, "average");
    }

    /// Left over, new, done, left at the end; and what there was so far this year.
    pub fn balance(&mut self, rng: &mut Rng) {
        let path = words::label(rng);
        let label = |own: &str| vec![path.clone(), own.to_owned()];
        let opening = self.figure_column(label("Đầu kỳ"));
        let new = self.figure_column(label("Trong kỳ"));
        let done = self.figure_column(label("Đã giải quyết"));
        let there = Ex::one(&opening).op('+', Ex::one(&new));
        self.last().bound = Some(there.clone());
        let closing = self.figure_column(label("Cuối kỳ"));
        self.define(rng, &closing, there.op('-', Ex::one(&done)), "balance");
        self.computed(rng, &closing);
        if rng.chance(75) {
            let past = Ex::call(Fun::Prev, vec![Ex::one(&closing)]);
            self.define(rng, &opening, past, "PREV");
        }
        if rng.chance(40) {
            let year = self.figure_column(label("Lũy kế từ đầu năm"));
            let past = Ex::call(Fun::Ytd, vec![Ex::one(&new)]);
            self.define(rng, &year, past.op('+', Ex::one(&new)), "YTD");
        }
    }

    /// So far, new, so far with the new.
    pub fn running(&mut self, rng: &mut Rng) {
        let path = words::label(rng);
        let label = |own: &str| vec![path.clone(), own.to_owned()];
        let before = self.figure_column(label("Lũy kế đến kỳ trước"));
        let new = self.figure_column(label("Trong kỳ"));
        let so_far = self.figure_column(label("Lũy kế"));
        let sum = Ex::one(&before).op('+', Ex::one(&new));
        self.define(rng, &so_far, sum, "running total");
        self.computed(rng, &so_far);
        let past = Ex::call(Fun::Prev, vec![Ex::one(&so_far)]);
        self.define(rng, &before, past, "PREV");
    }

    /// Something that is no figure.
    pub fn words(&mut self, rng: &mut Rng) {
        let choices = [
            "Đang làm",
            "Đã xong",
            "Tạm dừng",
            "Chưa giao",
            "Làm lại từ đầu, chờ vốn",
        ];
        let kind = match rng.below(5) {
            0 => Type::Text,
            1 => Type::Choice(
                choices[..rng.between(2, 5)]
                    .iter()
                    .map(|c| (*c).to_owned())
                    .collect(),
            ),
            2 => Type::Flag,
            3 => Type::Date,
            _ => Type::Code,
        };
        let own = match kind {
            Type::Text => "Ghi chú",
            Type::Choice(_) => "Tình trạng",
            Type::Flag => "Đã hoàn thành",
            Type::Date => "Ngày bắt đầu",
            _ => "Mã số",
        };
        self.add(vec![own.to_owned()], kind);
    }
}

/// The parts added up, in one of the ways people write it. Columns are not listed in `SUM(a, b)`:
/// there each means all its rows.
pub fn added_up(rng: &mut Rng, parts: &[String], straight: bool, rows: bool) -> Ex {
    let names = || parts.iter().map(|id| Ex::one(id)).collect::<Vec<Ex>>();
    match rng.below(3) {
        0 if rows => Ex::call(Fun::Sum, names()),
        1 if straight && parts.len() > 1 => {
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            Ex::call(Fun::Sum, vec![Ex::range(first, last)])
        }
        _ => Ex::added(names()),
    }
}
