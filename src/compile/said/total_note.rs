//! Sentences about the total row: "Dòng Cộng chỉ cộng các cột thành tiền", "Dòng tổng không cộng
//! cột 3".

use super::resolve::Resolver;
use crate::compile::found::Found;
use crate::compile::table::{Column, Part, Table};
use crate::model::Message;
use crate::text::normalise;

/// Reads a clause of a note; is it about what the total row adds up?
pub(super) fn read(table: &Table, note: &Part, clause: &str, found: &mut Found) -> bool {
    const ROWS: [&str; 6] = [
        "dòng cộng",
        "dòng tổng",
        "hàng cộng",
        "hàng tổng",
        "tổng cộng",
        "cột tổng",
    ];
    let plain = normalise(clause).replace(['«', '»', '"', '“', '”'], "");
    if !ROWS.iter().any(|row| plain.contains(row)) {
        return false;
    }
    let behind = |words: &[&str]| {
        let at = words
            .iter()
            .find_map(|word| Some(plain.find(word)? + word.len()))?;
        Some(plain[at..].to_owned())
    };
    let only = behind(&["chỉ cộng", "chỉ tính", "chỉ tổng hợp", "chỉ lấy", "chỉ ghi"]);
    let without = behind(&[
        "không cộng",
        "không tính",
        "không tổng hợp",
        "không ghi",
        "bỏ trống",
    ]);
    let Some((listed, adds)) = only
        .map(|listed| (listed, true))
        .or_else(|| without.map(|listed| (listed, false)))
    else {
        return false;
    };
    let figures = (0..table.columns.len()).filter(|at| table.columns[*at].is_additive());
    match columns(table, &listed) {
        Some(named) => found
            .not_in_total
            .extend(figures.filter(|at| named.contains(at) != adds)),
        None => {
            found.not_in_total.extend(figures);
            let why = Message::new(
                "không rõ dòng tổng cộng những cột nào",
                "which columns the total row adds up is not clear",
            );
            found.ask(note.cell, clause, why);
        }
    }
    true
}

/// The columns of a list: by their numbers, or by words of their headers.
fn columns(table: &Table, listed: &str) -> Option<Vec<usize>> {
    const AROUND: [&str; 8] = [
        "các ",
        "cột ",
        "số liệu ",
        "những ",
        "ở ",
        "của ",
        "vào ",
        "đối với ",
    ];
    let mut columns = Vec::new();
    for item in listed
        .split([',', ';', '.'])
        .flat_map(|part| part.split(" và "))
    {
        let mut item = item.trim();
        while let Some(rest) = AROUND.iter().find_map(|word| item.strip_prefix(word)) {
            item = rest.trim_start();
        }
        let item = item.trim_matches(['(', ')', ' ', ':']);
        if item.is_empty() {
            continue;
        }
        let resolver = Resolver::of(table);
        if let Ok(column) = resolver.column(item) {
            columns.push(column);
            continue;
        }
        let says = |column: &Column| {
            column.is_additive()
                && column
                    .path
                    .iter()
                    .any(|part| normalise(&part.text).contains(item))
        };
        let found: Vec<usize> = (0..table.columns.len())
            .filter(|at| says(&table.columns[*at]))
            .collect();
        if found.is_empty() || item.chars().count() < 3 {
            return None;
        }
        columns.extend(found);
    }
    (!columns.is_empty()).then_some(columns)
}
