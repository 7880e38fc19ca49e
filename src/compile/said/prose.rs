//! Sentences under and over a table that say rules: "Cột (3) = (4) + (5)", "Dòng A lấy theo dòng D
//! của kỳ trước".

use super::build::{Context, Refused, rule};
use super::resolve::{Resolver, same_code};
use super::total_note;
use crate::compile::equation::{self, Equation, Symbol, Which};
use crate::compile::found::Found;
use crate::compile::names::without_equation;
use crate::compile::rule::{Evidence, Place, Source};
use crate::compile::table::{Column, Part, Role, Row, Table};
use crate::compile::words;
use crate::model::Message;
use crate::text::{begins_example, normalise};

/// Characters of a note that is read.
const LONGEST_NOTE: usize = 3_000;

/// What stands before a rule and says only that it is one.
const HEADS: [&str; 22] = [
    "ghi chú",
    "lưu ý",
    "trong đó",
    "chú thích",
    "hướng dẫn",
    "hướng dẫn ghi",
    "cách ghi",
    "cách tính",
    "công thức",
    "công thức tính",
    "kiểm tra",
    "kiểm tra số liệu",
    "quan hệ số liệu",
    "quy tắc",
    "quy tắc kiểm tra",
    "cân đối",
    "kiểm tra cân đối",
    "nguyên tắc cân đối",
    "quan hệ cân đối",
    "quan hệ giữa các cột",
    "yêu cầu",
    "yêu cầu cân đối",
];

/// Reads every note of a table.
pub(crate) fn read(table: &Table, found: &mut Found) {
    for note in &table.notes {
        if note.text.len() <= LONGEST_NOTE {
            read_note(table, note, found);
        }
    }
}

/// Does a note say rules of a table, all of which it has the codes for?
pub(crate) fn is_of(table: &Table, note: &Part) -> bool {
    let found = alone(table, note);
    !found.rules.is_empty() && found.asked.is_empty() && found.unread.is_empty()
}

/// Does a note say no rule of a table, but ask for codes that it lacks?
pub(crate) fn is_of_another(table: &Table, note: &Part) -> bool {
    let found = alone(table, note);
    found.rules.is_empty() && !found.asked.is_empty()
}

fn alone(table: &Table, note: &Part) -> Found {
    let mut found = Found::default();
    if note.text.len() <= LONGEST_NOTE {
        read_note(table, note, &mut found);
    }
    found
}

fn read_note(table: &Table, note: &Part, found: &mut Found) {
    for clause in clauses(&note.text) {
        if begins_example(clause) || total_note::read(table, note, clause, found) {
            continue;
        }
        // "(5) = (4)/(3), nếu (3) = 0 thì để trống"
        let said = without_undefined(clause);
        let equations = equation::find(said);
        let mut read = false;
        for equation in &equations {
            read |= read_equation(table, note, (said, equation), found);
        }
        let past = !equations.is_empty() && names_the_past(clause);
        let relates = past || equation::relates_codes(clause) || says_parts(table, clause);
        if !read && relates {
            found.not_understood(note.cell, clause);
        }
    }
}

/// "Tổng thụ lý gồm Cũ và Mới": does it say of what columns or rows another consists?
fn says_parts(table: &Table, clause: &str) -> bool {
    let words: String = normalise(clause)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = format!(" {} ", words.join(" "));
    let Some((_, parts)) = words.split_once(" gồm ") else {
        return false;
    };
    let parts = format!(" {parts}");
    let columns = table.columns.iter();
    let columns = columns.filter(|column| column.role == Role::Value);
    let columns = columns.map(|column| without_equation(column.own()));
    let rows = table.rows.iter();
    let rows = rows.map(|row| without_equation(&row.label.text));
    let named = |label: &&str| {
        let label = normalise(label);
        !label.is_empty() && parts.contains(&format!(" {label} "))
    };
    columns.filter(named).count() > 1 || rows.filter(named).count() > 1
}

/// "Số cũ kỳ này bằng số đã giải quyết kỳ trước"
fn names_the_past(clause: &str) -> bool {
    let plain = normalise(clause);
    ["kỳ trước", "tháng trước", "quý trước"]
        .iter()
        .any(|words| plain.contains(words))
}

/// Reads one equation of a clause; `false` if it was not understood, and nothing was said of it.
fn read_equation(
    table: &Table,
    note: &Part,
    (clause, equation): (&str, &Equation),
    found: &mut Found,
) -> bool {
    let Some(left) = &equation.left else {
        return false;
    };
    if words::is_conditional(clause) {
        let told = says_rule(clause, left);
        if told {
            found.ask(note.cell, clause, conditional());
        }
        return told;
    }
    let before = clause.get(..equation.start).unwrap_or_default();
    if is_denied(before) {
        found.ask(note.cell, clause, denied());
        return true;
    }
    let which = kind(table, left);
    let resolver = Resolver {
        by_ordinal: names_ordinal(table, left),
        ..Resolver::of(table)
    };
    // "Mục III = 1 + 2": of several rows 1 those under III are meant.
    let at = resolver.place(left, which).ok();
    let resolver = Resolver {
        at: at.filter(|place| matches!(place, Place::Row(_))),
        ..resolver
    };
    let evidence = Evidence {
        source: Source::Prose,
        cell: note.cell,
        words: note.text.clone(),
    };
    match rule(Context { resolver, which }, equation, evidence) {
        Ok(rule) => found.rules.push(rule),
        Err(Refused::Asked(why)) => found.ask(note.cell, clause, why),
        Err(Refused::Unread) if says_rule(clause, left) => {
            found.not_understood(note.cell, clause);
        }
        Err(Refused::Unread) => return false,
    }
    true
}

/// "III = I + II" where rows have codes 01, 02, too: is a code an ordinal only?
fn names_ordinal(table: &Table, left: &Symbol) -> bool {
    let code = Some(left.text.as_str());
    let mut rows = table.rows.iter();
    let is_code = |row: &Row| {
        row.code
            .as_deref()
            .is_some_and(|own| same_code(own, &left.text))
    };
    !left.label
        && !table.rows.iter().any(is_code)
        && rows.any(|row| row.code.is_some() && row.ordinal.as_deref() == code)
}

/// "Không được ghi cột 4 = cột 1"
fn is_denied(before: &str) -> bool {
    const DENIALS: [&str; 6] = [
        "không được",
        "không ghi",
        "không phải",
        "không nhất thiết",
        "không để",
        "tránh",
    ];
    let words = format!(" {} ", normalise(before));
    DENIALS
        .iter()
        .any(|denial| words.contains(&format!(" {denial} ")))
}

fn denied() -> Message {
    Message::new(
        "câu này nói điều không được ghi, không rõ số liệu phải thế nào mới đúng",
        "this says what must not be; what must hold instead is not clear",
    )
}

/// Why what holds under a condition is not adopted.
pub(crate) fn conditional() -> Message {
    Message::new(
        "phép tính có điều kiện, không rõ đúng ở những dòng nào; hãy viết thành quy tắc có `when`",
        "the equation holds under a condition; where is not clear. Write a rule with `when`",
    )
}

/// A clause without the words about where there is nothing to compute.
fn without_undefined(clause: &str) -> &str {
    const NOTHING: [&str; 6] = [
        "để trống",
        "bỏ trống",
        "không ghi",
        "không tính",
        "ghi 0",
        "ghi dấu",
    ];
    let lower = clause.to_lowercase();
    // Lower case changes the length of some letters; then places are not the same.
    if lower.len() != clause.len() {
        return clause;
    }
    let at = ["nếu ", "trường hợp ", "khi "]
        .iter()
        .filter_map(|word| lower.find(word))
        .min();
    match at {
        Some(at) if at > 0 && NOTHING.iter().any(|words| lower[at..].contains(words)) => {
            clause[..at].trim_end_matches([' ', ',', '(', '-'])
        }
        _ => clause,
    }
}

/// The parts of a note that are read by themselves.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split([';', '\n']);
    text.flat_map(sentences).map(|clause| {
        let clause = clause.trim().trim_start_matches(['-', '+', '*', ' ']);
        let behind = clause.split_once(':').filter(|(head, _)| {
            let head = normalise(head);
            HEADS.contains(&head.as_str())
        });
        behind
            .map_or(clause, |(_, rest)| rest.trim())
            .trim_start_matches(['-', '+', '*', ' '])
    })
}

/// Parts of a line that end in a dot; three of them stand for what is left out.
fn sentences(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(". ") {
        if line[..at].ends_with('.') {
            continue;
        }
        sentences.push(&line[from..at]);
        from = at + 2;
    }
    sentences.push(&line[from..]);
    sentences
}

/// Codes without a word before them: of columns if the first is in brackets or only columns have
/// it, else of rows.
fn kind(table: &Table, left: &Symbol) -> Which {
    if let Some(which) = left.which {
        return which;
    }
    // `01` is a row coded so before it is column 1.
    let code = Some(left.text.as_str());
    let column = |column: &Column| column.code.as_ref().map(|(own, _)| own.trim()) == code;
    let coded = table.rows.iter().any(|row| row.code.as_deref() == code);
    let resolver = Resolver::of(table);
    let headed = table.columns.iter().any(column);
    match resolver.column(&left.text) {
        Ok(_) if headed || !coded => Which::Column,
        _ => Which::Row,
    }
}

/// Does a clause that was not understood look like a rule at all?
fn says_rule(clause: &str, left: &Symbol) -> bool {
    let signed = clause.contains(['=', '≤', '≥']);
    if left.label && signed {
        return true;
    }
    let plain = normalise(clause);
    let named = ["cột", "dòng", "mã số", "chỉ tiêu"]
        .iter()
        .any(|word| plain.contains(word));
    named
        && (signed || !left.label)
        && clause
            .chars()
            .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
}
