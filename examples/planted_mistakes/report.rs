//! The page of the user guide with the figures, in Vietnamese.

use std::fmt::Write;

use tonghop::model::Number;
use tonghop::model::Severity;
use tonghop::model::value::format_fixed;

use super::book::Way;
use super::books::Sample;
use super::judge::{Blind, Told};
use super::kinds::KINDS;
use super::measure::{Outcome, Rank};

/// The whole page.
pub fn page(sample: &Sample, outcomes: &[Outcome]) -> String {
    let mut page = String::new();
    detection(&mut page, outcomes);
    accuracy(&mut page, outcomes);
    by_kind(&mut page, outcomes);
    alarms(&mut page, sample);
    page
}

const WAYS: [(Way, &str); 2] = [(Way::Typed, "gõ tay cả"), (Way::Alive, "công thức còn")];
const SIZES: [(usize, &str); 2] = [(1, "một"), (2, "hai")];

fn line(page: &mut String, cells: &[String]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("writing to a string");
}

fn head(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    line(page, &cells);
    writeln!(page, "|{}", "---|".repeat(cells.len())).expect("writing to a string");
}

/// "43 (91,5%)"; "-" out of nothing.
fn share(part: usize, of: usize) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    let percent = Number::from(part * 1000 / of) / Number::TEN;
    format!("{part} ({}%)", format_fixed(percent, 1))
}

fn count(outcomes: &[&Outcome], is: impl Fn(&Outcome) -> bool) -> usize {
    outcomes.iter().filter(|outcome| is(outcome)).count()
}

fn blind(outcome: &Outcome, why: Blind) -> bool {
    outcome.judged.told == Told::Unseen(why)
}

fn unseen(outcome: &Outcome) -> bool {
    matches!(outcome.judged.told, Told::Unseen(_))
}

fn detection(page: &mut String, outcomes: &[Outcome]) {
    page.push_str("\n## Thấy được bao nhiêu\n\n");
    head(
        page,
        &[
            "cách điền",
            "số lỗi",
            "trường hợp",
            "báo lỗi",
            "chỉ cảnh báo",
            "không báo",
            "quy tắc thấy được mà không báo",
            "không quy tắc nào đọc ô",
            "quy tắc vẫn đúng",
            "công thức tính theo",
        ],
    );
    for (way, way_name) in WAYS {
        for (size, size_name) in SIZES {
            let these: Vec<&Outcome> = outcomes
                .iter()
                .filter(|o| o.way == way && o.kinds.len() == size)
                .collect();
            let all = these.len();
            line(
                page,
                &[
                    way_name.to_owned(),
                    size_name.to_owned(),
                    all.to_string(),
                    share(count(&these, |o| o.hard), all),
                    share(count(&these, |o| !o.hard && o.soft), all),
                    share(count(&these, |o| !o.hard && !o.soft), all),
                    count(&these, |o| !o.hard && !unseen(o)).to_string(),
                    count(&these, |o| blind(o, Blind::Unread)).to_string(),
                    count(&these, |o| blind(o, Blind::Holds)).to_string(),
                    count(&these, |o| blind(o, Blind::Followed)).to_string(),
                ],
            );
        }
    }
}

fn accuracy(page: &mut String, outcomes: &[Outcome]) {
    page.push_str("\n## Chỉ đúng ô đến đâu\n\n");
    head(
        page,
        &[
            "cách điền",
            "số lỗi",
            "quy tắc nói được gì",
            "trường hợp",
            "đúng ô, đứng đầu",
            "đứng đầu cùng ô khác",
            "trong ba ô đầu",
            "số gợi ý đúng",
            "mọi phát hiện chỉ đúng ô",
            "thành một nhóm",
        ],
    );
    let classes: [(&str, fn(&Told) -> bool); 4] = [
        ("xác định", |told| *told == Told::Determined),
        ("không xác định", |told| {
            matches!(told, Told::Ambiguous(_))
        }),
        ("ít ô hơn cũng đủ", |told| *told == Told::Fewer),
        ("nhiều ô, không xét", |told| *told == Told::Untried),
    ];
    for (size, size_name) in SIZES {
        for (way, way_name) in WAYS {
            for (class, is) in classes {
                let these: Vec<&Outcome> = outcomes
                    .iter()
                    .filter(|o| {
                        o.way == way && o.kinds.len() == size && o.hard && is(&o.judged.told)
                    })
                    .collect();
                let mut cells = vec![way_name.to_owned(), size_name.to_owned(), class.to_owned()];
                cells.extend(precision(&these));
                line(page, &cells);
            }
        }
    }
}

fn precision(these: &[&Outcome]) -> Vec<String> {
    let all = these.len();
    let pinned = count(these, |o| o.judged.pinned);
    let grouped = count(these, |o| o.groups.is_some());
    vec![
        all.to_string(),
        share(count(these, |o| o.rank == Rank::First), all),
        share(count(these, |o| o.rank == Rank::Tied), all),
        share(count(these, |o| o.rank <= Rank::InThree), all),
        share(count(these, |o| o.value && o.judged.pinned), pinned),
        share(count(these, |o| o.straight), all),
        share(count(these, |o| o.groups == Some(1)), grouped),
    ]
}

fn by_kind(page: &mut String, outcomes: &[Outcome]) {
    page.push_str("\n## Từng kiểu lỗi\n\n");
    for (way, way_name) in WAYS {
        writeln!(page, "\n### {way_name}\n").expect("writing to a string");
        head(
            page,
            &[
                "kiểu lỗi",
                "trọng số",
                "trường hợp",
                "báo lỗi",
                "chỉ cảnh báo",
                "xác định",
                "đúng ô, đứng đầu",
                "đứng đầu cùng ô khác",
                "trong ba ô đầu",
                "số gợi ý đúng",
                "mọi phát hiện chỉ đúng ô",
                "thành một nhóm",
                "không xác định: đứng đầu",
            ],
        );
        for (index, kind) in KINDS.iter().enumerate() {
            let these: Vec<&Outcome> = outcomes
                .iter()
                .filter(|o| o.way == way && o.kinds == [index])
                .collect();
            let all = these.len();
            let clear: Vec<&Outcome> = these
                .iter()
                .copied()
                .filter(|o| o.hard && o.judged.told == Told::Determined)
                .collect();
            let open: Vec<&Outcome> = these
                .iter()
                .copied()
                .filter(|o| o.hard && matches!(o.judged.told, Told::Ambiguous(_)))
                .collect();
            let mut cells = vec![
                kind.name.to_owned(),
                kind.weight.to_string(),
                all.to_string(),
                share(count(&these, |o| o.hard), all),
                share(count(&these, |o| !o.hard && o.soft), all),
            ];
            cells.extend(precision(&clear));
            cells.push(share(count(&open, |o| o.rank == Rank::First), open.len()));
            line(page, &cells);
        }
    }
}

fn alarms(page: &mut String, sample: &Sample) {
    let of = |severity| {
        sample
            .alarms
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    };
    writeln!(
        page,
        "\n## Báo nhầm\n\n{} tệp sạch: {} lỗi, {} cảnh báo.",
        sample.books.len(),
        of(Severity::Error),
        of(Severity::Warning)
    )
    .expect("writing to a string");
}
