//! The tables of the page: outcomes counted.

use std::fmt::Write;

use tonghop::model::Number;
use tonghop::model::value::{format_fixed, format_number};

use super::book::Way;
use super::judge::{Blind, Told};
use super::kinds::KINDS;
use super::measure::{Outcome, Rank};

pub const WAYS: [(Way, &str); 2] = [
    (Way::Typed, "số gõ tay cả"),
    (Way::Alive, "công thức còn chạy"),
];

/// Cells of a row, joined.
pub fn line(page: &mut String, cells: &[String]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("writing to a string");
}

pub fn head(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    line(page, &cells);
    writeln!(page, "|{}", "---|".repeat(cells.len())).expect("writing to a string");
}

/// A count as a Vietnamese reader writes it.
pub fn counted(count: usize) -> String {
    format_number(Number::from(count))
}

/// "91,5% (43/47)"; "-" out of nothing.
pub fn share(part: usize, of: usize) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    let percent = Number::from(part * 1000 / of) / Number::TEN;
    let (part, of) = (counted(part), counted(of));
    format!("{}% ({part}/{of})", format_fixed(percent, 1))
}

pub fn count(outcomes: &[&Outcome], is: impl Fn(&Outcome) -> bool) -> usize {
    outcomes.iter().filter(|outcome| is(outcome)).count()
}

fn picked(outcomes: &[Outcome], is: impl Fn(&Outcome) -> bool) -> Vec<&Outcome> {
    outcomes.iter().filter(|outcome| is(outcome)).collect()
}

fn blind(outcome: &Outcome, why: Blind) -> bool {
    outcome.judged.told == Told::Unseen(why)
}

fn unseen(outcome: &Outcome) -> bool {
    matches!(outcome.judged.told, Told::Unseen(_))
}

/// Is it a single mistake that the rules determine, and that is reported as an error?
fn clear(outcome: &Outcome) -> bool {
    outcome.kinds.len() == 1 && outcome.hard && outcome.judged.told == Told::Determined
}

/// What the goals are about.
pub struct Goals {
    /// Single mistakes that the rules determine.
    pub clear: usize,
    /// Of them: the wrong cell named before all others.
    pub first: usize,
    /// Single mistakes whose right figure the rules settle, too.
    pub pinned: usize,
    /// Of them: the right figure suggested for the wrong cell, named first.
    pub value: usize,
}

impl Goals {
    pub fn of(outcomes: &[Outcome]) -> Goals {
        let clear = picked(outcomes, clear);
        Goals {
            clear: clear.len(),
            first: count(&clear, |o| o.rank == Rank::First),
            pinned: count(&clear, |o| o.judged.pinned),
            value: count(&clear, |o| o.judged.pinned && o.value),
        }
    }
}

/// How much is seen.
pub fn detection(page: &mut String, outcomes: &[Outcome]) {
    head(
        page,
        &[
            "cách điền",
            "số lỗi trong tệp",
            "trường hợp",
            "báo lỗi",
            "chỉ cảnh báo",
            "im lặng",
            "không thể thấy: không quy tắc nào đọc ô",
            "không thể thấy: quy tắc vẫn đúng",
            "không thể thấy: công thức tính theo số sai",
            "thấy được mà không báo",
        ],
    );
    for (way, way_name) in WAYS {
        for mistakes in [1, 2] {
            let these = picked(outcomes, |o| o.way == way && o.kinds.len() == mistakes);
            let all = these.len();
            line(
                page,
                &[
                    way_name.to_owned(),
                    mistakes.to_string(),
                    counted(all),
                    share(count(&these, |o| o.hard), all),
                    share(count(&these, |o| !o.hard && o.soft), all),
                    share(count(&these, |o| !o.hard && !o.soft), all),
                    counted(count(&these, |o| blind(o, Blind::Unread))),
                    counted(count(&these, |o| blind(o, Blind::Holds))),
                    counted(count(&these, |o| blind(o, Blind::Followed))),
                    counted(count(&these, |o| !o.hard && !unseen(o))),
                ],
            );
        }
    }
}

/// A class of cases by what the rules determine.
type Class = (&'static str, fn(&Told) -> bool);

const CLASSES: [Class; 4] = [
    ("xác định", |told| *told == Told::Determined),
    ("nhiều cách giải thích", |told| {
        matches!(told, Told::Ambiguous(_))
    }),
    ("ít ô hơn cũng đủ", |told| *told == Told::Fewer),
    ("từ ba ô, không xét", |told| *told == Told::Untried),
];

const PRECISION: [&str; 6] = [
    "ô sai đứng đầu",
    "đứng đầu cùng ô khác",
    "trong ba ô đầu",
    "số gợi ý đúng",
    "mọi lỗi đều chỉ vào ô sai trước",
    "kể đúng số lỗi",
];

/// How well the wrong cell is named.
pub fn accuracy(page: &mut String, outcomes: &[Outcome]) {
    let mut titles = vec![
        "cách điền",
        "số lỗi trong tệp",
        "quy tắc nói được",
        "báo lỗi",
    ];
    titles.extend(PRECISION);
    head(page, &titles);
    for mistakes in [1, 2] {
        for (way, way_name) in WAYS {
            for (class, is) in CLASSES {
                let these = picked(outcomes, |o| {
                    o.way == way && o.kinds.len() == mistakes && o.hard && is(&o.judged.told)
                });
                if these.is_empty() {
                    continue;
                }
                let mut cells = vec![
                    way_name.to_owned(),
                    mistakes.to_string(),
                    class.to_owned(),
                    counted(these.len()),
                ];
                cells.extend(precision(&these));
                line(page, &cells);
            }
        }
    }
}

fn precision(these: &[&Outcome]) -> [String; 6] {
    let all = these.len();
    let pinned = count(these, |o| o.judged.pinned);
    [
        share(count(these, |o| o.rank == Rank::First), all),
        share(count(these, |o| o.rank == Rank::Tied), all),
        share(count(these, |o| o.rank <= Rank::InThree), all),
        share(count(these, |o| o.value && o.judged.pinned), pinned),
        share(count(these, |o| o.straight), all),
        share(count(these, |o| o.groups == o.kinds.len()), all),
    ]
}

/// Kind by kind, single mistakes of one way of filling.
pub fn by_kind(page: &mut String, outcomes: &[Outcome], way: Way) {
    let mut titles = vec![
        "kiểu lỗi",
        "trường hợp",
        "báo lỗi",
        "chỉ cảnh báo",
        "xác định",
    ];
    titles.extend(PRECISION);
    titles.push("nhiều cách giải thích: ô sai đứng đầu");
    head(page, &titles);
    for (index, kind) in KINDS.iter().enumerate() {
        let these = picked(outcomes, |o| o.way == way && o.kinds == [index]);
        if these.is_empty() {
            continue;
        }
        let determined: Vec<&Outcome> = these.iter().copied().filter(|o| clear(o)).collect();
        let open = |o: &&Outcome| o.hard && matches!(o.judged.told, Told::Ambiguous(_));
        let open: Vec<&Outcome> = these.iter().copied().filter(open).collect();
        let all = these.len();
        let mut cells = vec![
            kind.name.to_owned(),
            counted(all),
            share(count(&these, |o| o.hard), all),
            share(count(&these, |o| !o.hard && o.soft), all),
            counted(determined.len()),
        ];
        cells.extend(precision(&determined));
        cells.push(share(count(&open, |o| o.rank == Rank::First), open.len()));
        line(page, &cells);
    }
}

/// The kinds with their weights.
pub fn kinds(page: &mut String) {
    head(page, &["kiểu lỗi", "trọng số", "vì sao"]);
    for kind in KINDS {
        let cells = [kind.name, &kind.weight.to_string(), kind.why].map(str::to_owned);
        line(page, &cells);
    }
}
