//! «Tổng cộng», «Chia ra» and «Trong đó» among rows.

use super::rule::rule;
use crate::compile::found::Found;
use crate::compile::names::without_equation;
use crate::compile::rule::{Place, Term};
use crate::compile::table::{Part, Row, RowKind, Table};
use crate::compile::words;
use crate::model::Message;
use crate::schema::expression::Comparison;
use crate::text::normalise;

pub(super) fn read(table: &Table, found: &mut Found) {
    for index in 0..table.rows.len() {
        let row = &table.rows[index];
        let label = without_equation(&row.label.text);
        if words::is_total(label) && label.len() == trimmed(&row.label.text).len()
            || words::subtotal_of(label).is_some()
            || headed(&table.rows, index).is_some()
        {
            total(table, index, found);
        } else if words::divides_rows(label) {
            division(table, index, found);
        } else if words::is_part(label) {
            part(table, index, found);
        } else if let Some(divided) = words::begins_list(&row.label.text) {
            listed(table, index, divided, found);
        }
    }
}

fn trimmed(text: &str) -> &str {
    without_equation(text.trim_end_matches([':', ' ', '.']))
}

/// How deep the mark before a label is: none, `-`, `+`, `*`.
fn mark(row: &Row) -> usize {
    match row.label.text.trim_start().chars().next() {
        Some('-' | '–') => 1,
        Some('+') => 2,
        Some('*' | '•') => 3,
        _ => 0,
    }
}

fn is_marked(row: &Row) -> bool {
    mark(row) > 0 || words::is_part(&row.label.text) || words::divides_rows(&row.label.text)
}

/// The row that a «Trong đó» or «Chia ra» is about: the nearest above it that is less indented by
/// its mark. Without a mark it is about a row that has none either; what is part of one of that row's
/// items is part of the row, too.
fn base(table: &Table, index: usize) -> Option<usize> {
    let own = mark(&table.rows[index]).max(1);
    let above = (0..index).rev();
    let level = table.rows[index].level;
    let mut outer = above.filter(|at| {
        let row = &table.rows[*at];
        let inner = level.is_some() && row.level > level;
        mark(row) < own
            && !inner
            && !words::is_part(&row.label.text)
            && !words::divides_rows(&row.label.text)
    });
    let base = outer.next()?;
    let base = divided(&table.rows, base).unwrap_or(base);
    Some(base).filter(|at| table.rows[*at].kind == RowKind::Line)
}

/// The row that an unmarked row is one of the items of, if the form says so by words alone: by a
/// «Chia ra: ...» that the items begin with, or by the same things being counted in all of them
/// («Tổng số hộ», «Hộ nông nghiệp», «Hộ phi nông nghiệp»). What is part of an item is part of it.
fn divided(rows: &[Row], item: usize) -> Option<usize> {
    if mark(&rows[item]) > 0 || rows[item].ordinal.is_some() {
        return None;
    }
    let is_new_total = |row: &Row| normalise(&row.label.text).starts_with("tổng");
    let begins = (0..item).rev().find(|at| {
        let row = &rows[*at];
        words::divides_rows(&row.label.text) || whole_of(&row.label.text).is_some()
    })?;
    if rows[begins + 1..=item].iter().any(is_new_total) {
        return None;
    }
    if words::divides_rows(&rows[begins].label.text) {
        let inline = words::behind_division(&rows[begins].label.text);
        let whole = begins.checked_sub(1)?;
        return (!inline.is_empty() && !is_marked(&rows[whole])).then_some(whole);
    }
    let counted = whole_of(&rows[begins].label.text)?;
    let same = |row: &Row| normalise(&row.label.text).starts_with(&counted);
    let items = &rows[begins + 1..=item];
    (items.len() >= 2 && items.iter().all(same)).then_some(begins)
}

/// What a «Tổng số» counts: "hộ" of "Tổng số hộ".
fn whole_of(text: &str) -> Option<String> {
    let text = words::without_marks(text);
    let counted = text.strip_prefix("tổng số ")?.trim();
    let counted = counted
        .split([',', '(', ':'])
        .next()
        .unwrap_or_default()
        .trim();
    (!counted.is_empty()).then(|| counted.to_owned())
}

/// Are the figures of two rows of one kind, as far as the form says?
fn same_unit(table: &Table, one: usize, other: usize) -> bool {
    // «Số con» and «Sản lượng» of one item are no figures of one kind.
    let subject = |row: usize| table.rows[row].subject.is_some();
    let label = |row: usize| normalise(&table.rows[row].label.text);
    if subject(one) && subject(other) && label(one) != label(other) {
        return false;
    }
    let unit = |row: usize| table.rows[row].unit.as_deref().map(normalise);
    match (unit(one), unit(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Does a label go on with a mark behind its «Trong đó:»?
fn lists(label: &str) -> bool {
    label
        .split_once(':')
        .is_some_and(|(_, rest)| rest.trim_start().starts_with(['-', '+', '*']))
}

/// The rows listed under a «Chia ra:» or «Trong đó:» about the row `base`: with dashes, with ordinals
/// deeper than its own, or without either where it has one.
fn items(table: &Table, index: usize, base: usize) -> Vec<usize> {
    let rows = &table.rows;
    let Some(first) = rows.get(index + 1) else {
        return Vec::new();
    };
    let of = mark(first);
    let plain =
        |row: &Row| !words::is_part(&row.label.text) && !words::divides_rows(&row.label.text);
    if first.level.is_some() {
        let inside = first.level > rows[base].level && rows[base].level.is_some();
        let below = (index + 1..rows.len()).take_while(|at| {
            let row = &rows[*at];
            inside && (row.level.is_none() || row.level >= first.level) && !is_any_total(row)
        });
        return below
            .filter(|at| rows[*at].level == first.level && plain(&rows[*at]))
            .collect();
    }
    if of == 0 {
        let below = (index + 1..rows.len())
            .take_while(|at| rows[*at].level.is_none() && !is_any_total(&rows[*at]));
        let items = below.filter(|at| mark(&rows[*at]) == 0 && plain(&rows[*at]));
        return match rows[base].level {
            Some(_) => items.collect(),
            None => Vec::new(),
        };
    }
    // "Trong đó: phụ nữ" between two items is about the one before it and ends no list.
    let within = |row: &Row| {
        let label = without_equation(&row.label.text);
        words::is_part(label) && !words::behind_part(label).is_empty() && !lists(label)
    };
    (index + 1..rows.len())
        .take_while(|at| {
            let row = &rows[*at];
            row.level.is_none() && (mark(row) >= of || within(row))
        })
        .filter(|at| mark(&rows[*at]) == of && !words::is_part(&rows[*at].label.text))
        .collect()
}

fn division(table: &Table, index: usize, found: &mut Found) {
    let Some(base) = base(table, index) else {
        return;
    };
    let label = &table.rows[index].label.text;
    let mut members = match words::behind_division(label).is_empty() || lists(label) {
        true => items(table, index, base),
        false => Vec::new(),
    };
    if !words::behind_division(label).is_empty() {
        // "Chia ra: - Lương" begins its list; without a dash only the next ordinal ends it.
        if !lists(label) {
            members = unmarked(table, index, base);
        }
        members.insert(0, index);
    }
    if members.len() < 2 || !members.iter().all(|member| same_unit(table, base, *member)) {
        return;
    }
    let sum = Term::sum_of(members.into_iter().map(Place::Row).collect());
    let words = [&table.rows[index].label, &table.rows[base].label];
    found
        .rules
        .push(rule(Place::Row(base), Comparison::Equal, sum, &words));
}

/// The rows behind a «Chia ra: Nam» about a row with an ordinal, none of them with one: up to the next
/// ordinal. None if one of them counts something else, as its name says.
fn unmarked(table: &Table, index: usize, base: usize) -> Vec<usize> {
    let rows = &table.rows;
    let begins = rows.get(index + 1);
    if rows[base].ordinal.is_none() || begins.is_none_or(|row| mark(row) > 0 || row.level.is_some())
    {
        return Vec::new();
    }
    let counts = |row: &Row| {
        let label = normalise(&row.label.text);
        ["tổng", "số "].iter().any(|word| label.starts_with(word))
    };
    let items = items(table, index, base);
    match items.iter().any(|at| counts(&rows[*at])) {
        true => Vec::new(),
        false => items,
    }
}

fn part(table: &Table, index: usize, found: &mut Found) {
    let row = &table.rows[index];
    let alone = words::behind_part(without_equation(&row.label.text)).is_empty();
    let Some(base) = base(table, index) else {
        let why = Message::new(
            "không rõ «Trong đó» là một phần của dòng nào",
            "which row it is a part of is not clear",
        );
        return found.ask(row.label.cell, &row.label.text, why);
    };
    let parts = match alone {
        true => items(table, index, base),
        // "Trong đó: - Lương" begins a list.
        false if lists(&row.label.text) => {
            let mut parts = vec![index];
            parts.extend(items(table, index, base));
            parts
        }
        false => vec![index],
    };
    at_most(table, base, index, &parts, found);
}

/// Each part is at most the row `base`, as the row `index` says.
fn at_most(table: &Table, base: usize, index: usize, parts: &[usize], found: &mut Found) {
    let row = &table.rows[index];
    for part in parts.iter().copied() {
        if !same_unit(table, base, part) {
            continue;
        }
        let own = Some(&table.rows[part].label).filter(|_| part != index);
        let words: Vec<&Part> = [Some(&row.label), own].into_iter().flatten().collect();
        let (left, right) = (Place::Row(part), Term::At(Place::Row(base)));
        found
            .rules
            .push(rule(left, Comparison::LessOrEqual, right, &words));
    }
}

/// «Tổng số hộ, chia ra:» with the list below it.
fn listed(table: &Table, index: usize, divided: bool, found: &mut Found) {
    let members = items(table, index, index);
    if !divided {
        return at_most(table, index, index, &members, found);
    }
    let same = members
        .iter()
        .all(|member| same_unit(table, index, *member));
    if members.len() >= 2 && same {
        let sum = Term::sum_of(members.into_iter().map(Place::Row).collect());
        let label = &table.rows[index].label;
        found
            .rules
            .push(rule(Place::Row(index), Comparison::Equal, sum, &[label]));
    }
}

/// A total row is the sum of the rows above it, back to the total before; as the first row, of all
/// rows below.
fn total(table: &Table, index: usize, found: &mut Found) {
    let rows = &table.rows;
    let is_total = |at: &usize| is_any_total(&rows[*at]) || headed(rows, *at).is_some();
    let lines_above = (0..index).any(|at| rows[at].kind == RowKind::Line);
    let own = words::subtotal_of(&rows[index].label.text);
    let of = |row: &Row| {
        row.ordinal
            .as_ref()
            .is_some_and(|other| Some(other.to_uppercase()) == own)
    };
    let section = (0..index).rev().find(|at| of(&rows[*at]));
    let section = section.or_else(|| headed(rows, index));
    let extent: Vec<usize> = match lines_above {
        _ if section.is_some() => (section.map_or(0, |at| at + 1)..index).collect(),
        false => below(rows, index),
        // Where the first row is a total, others add up what is below them, too.
        true if heads_rows(&rows[0]) && heads_rows(&rows[index]) && index + 1 < rows.len() => {
            below(rows, index)
        }
        true => {
            let before = (0..index).rev().find(is_total);
            match before {
                // Only totals since the last lines: it adds up those.
                Some(last) if last + 1 == index => (0..index).filter(is_total).collect::<Vec<_>>(),
                before => (before.map_or(0, |before| before + 1)..index).collect(),
            }
        }
    };
    let members = match extent.iter().all(is_total) {
        true => extent,
        false => outermost(rows, &extent),
    };
    if members.len() < 2 {
        return;
    }
    let label = &rows[index].label;
    if !members
        .windows(2)
        .all(|two| same_unit(table, two[0], two[1]))
    {
        let why = Message::new(
            "các dòng có đơn vị tính khác nhau, không rõ dòng tổng cộng những dòng nào",
            "the rows have different units of measure; which ones the total adds up is not clear",
        );
        return found.ask(label.cell, &label.text, why);
    }
    let sum = Term::sum_of(members.into_iter().map(Place::Row).collect());
    found
        .rules
        .push(rule(Place::Row(index), Comparison::Equal, sum, &[label]));
}

/// The rows below a total: up to the next one, and to the next of its own depth in the outline.
fn below(rows: &[Row], index: usize) -> Vec<usize> {
    let own = rows[index].level.filter(|_| rows[index].ordinal.is_some());
    let ends = |at: &usize| {
        let row = &rows[*at];
        let beside = own.is_some() && row.level.is_some_and(|level| Some(level) <= own);
        heads_rows(row) || normalise(&row.label.text).starts_with("tổng số ") || beside
    };
    (index + 1..rows.len()).take_while(|at| !ends(at)).collect()
}

/// «Tổng số» may be above what it adds up, «Cộng» is below.
fn heads_rows(row: &Row) -> bool {
    is_any_total(row) && words::without_marks(&row.label.text).starts_with("tổng")
}

/// The heading that a row names as what it adds up: «Cộng khu vực 1» below «Khu vực 1».
fn headed(rows: &[Row], index: usize) -> Option<usize> {
    let own = words::without_marks(&rows[index].label.text);
    let named = words::summed_name(&own)?;
    let mut above = (0..index).rev();
    above.find(|at| {
        rows[*at].kind == RowKind::Heading && words::without_marks(&rows[*at].label.text) == named
    })
}

fn is_any_total(row: &Row) -> bool {
    words::is_total(without_equation(&row.label.text))
        || words::subtotal_of(&row.label.text).is_some()
}

/// The outermost rows of a stretch; of a heading those under it.
fn outermost(rows: &[Row], extent: &[usize]) -> Vec<usize> {
    let candidates = extent
        .iter()
        .copied()
        .filter(|at| !is_marked(&rows[*at]) && !is_any_total(&rows[*at]));
    let candidates: Vec<usize> = candidates.collect();
    let lines = |at: &usize| rows[*at].kind == RowKind::Line;
    let leveled: Vec<usize> = candidates
        .iter()
        .copied()
        .filter(|at| rows[*at].level.is_some())
        .collect();
    if leveled.is_empty() {
        return candidates.into_iter().filter(lines).collect();
    }
    let mut members = Vec::new();
    let mut position = 0;
    while let Some(at) = leveled.get(position).copied() {
        position += 1;
        let outer_line = members
            .last()
            .is_some_and(|last: &usize| rows[*last].level < rows[at].level);
        if rows[at].kind == RowKind::Line && !outer_line {
            members.push(at);
        }
        if rows[at].kind == RowKind::Heading {
            // Its rows are taken in its place, even if they are deeper than those before.
            let level = rows[at].level;
            let inside: Vec<usize> = leveled[position..]
                .iter()
                .copied()
                .take_while(|other| rows[*other].level > level)
                .collect();
            let least = inside
                .iter()
                .filter(|at| lines(at))
                .filter_map(|at| rows[*at].level)
                .min();
            members.extend(
                inside
                    .iter()
                    .copied()
                    .filter(|at| lines(at) && rows[*at].level == least),
            );
            position += inside.len();
        }
    }
    members
}
