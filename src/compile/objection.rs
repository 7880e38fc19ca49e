//! Why an equation cannot be meant: it contradicts the table that it is written in.

use super::names::without_equation;
use super::rule::{Candidate, Place, Source};
use super::table::{Column, Table};
use super::words;
use crate::model::Message;
use crate::schema::FieldType;
use crate::text::normalise;

/// Why a rule cannot be meant.
pub(super) fn objection(table: &Table, rule: &Candidate) -> Option<Message> {
    let mut named = Vec::new();
    rule.right.places(&mut named);
    if rule.right.reads_now(rule.left) {
        return Some(Message::new(
            "phép tính lấy chính ô được tính",
            "the equation reads the cell it computes",
        ));
    }
    if rule.right.plain_sum().is_some_and(|places| {
        let mut distinct = places.clone();
        distinct.sort_unstable();
        distinct.dedup();
        distinct.len() < places.len()
    }) {
        return Some(Message::new(
            "phép cộng kể một số hai lần",
            "the sum names a figure twice",
        ));
    }
    let left_percent = match rule.left {
        Place::Column(column) | Place::Cell(_, column) => {
            table.columns[column].kind == FieldType::Percent
        }
        Place::Row(_) | Place::Other(_) => false,
    };
    let divides = rule.right.quotient().is_some();
    for place in &named {
        if let Some(column) = column_of(table, *place)
            && !column.is_additive()
            && !(left_percent && column.kind == FieldType::Percent && !divides)
            && !rule.right.takes_share(*place)
        {
            let header = column.own();
            return Some(Message::new(
                format!("phép tính lấy cột «{header}», không phải cột số"),
                format!(
                    "the equation reads the column «{header}», which holds no figures to compute with"
                ),
            ));
        }
    }
    if let Some(column) = column_of(table, rule.left)
        && matches!(
            column.kind,
            FieldType::Text | FieldType::Date | FieldType::Code
        )
    {
        let header = column.own();
        return Some(Message::new(
            format!("cột «{header}» không phải cột số mà có phép tính"),
            format!("the column «{header}» holds no figures but has an equation"),
        ));
    }
    if let Some(column) = column_of(table, rule.left)
        && words::is_total(without_equation(column.own()))
        && rule.right.quotient().is_some()
    {
        let header = column.own();
        return Some(Message::new(
            format!("cột «{header}» là tổng mà phép tính là phép chia"),
            format!("the column «{header}» is a total but its equation divides"),
        ));
    }
    if let Some(why) = unlike_its_header(table, rule) {
        return Some(why);
    }
    let Some(places) = rule.right.plain_sum() else {
        return mixed_units(table, rule).or_else(|| of_another(table, rule, &named));
    };
    let counts = places
        .iter()
        .any(|place| column_of(table, *place).is_some_and(Column::is_additive));
    if left_percent && counts && rule.is_equal() && places.len() > 1 {
        return Some(Message::new(
            "cột tỷ lệ mà phép tính là phép cộng",
            "the column holds percentages but its equation adds up",
        ));
    }
    mixed_units(table, rule)
        .or_else(|| added_decrease(table, &places))
        .or_else(|| mixed_group(table, rule, &places))
        .or_else(|| overlapping_parts(table, rule, &places))
}

/// A header and an equation that cannot both be meant: «Chênh lệch» divides nothing, «Tổng số» is no
/// difference of two, «Thành tiền» adds no price, a percentage subtracts no figure from a quotient.
fn unlike_its_header(table: &Table, rule: &Candidate) -> Option<Message> {
    if rule.is_of_cells() || !rule.is_equal() {
        return None;
    }
    let label = label_of(table, rule.left);
    let told = |vi: &str, en: &str| {
        Some(Message::new(
            format!("«{label}» mà phép tính {vi}"),
            format!("«{label}», but the equation {en}"),
        ))
    };
    let percent = match rule.left {
        Place::Column(column) | Place::Cell(_, column) => {
            table.columns[column].kind == FieldType::Percent
        }
        Place::Row(row) => table.is_percent_row(row),
        Place::Other(_) => false,
    };
    let divides = rule.right.quotient().is_some();
    if normalise(label).starts_with("chênh lệch") && divides && !percent {
        return told("là phép chia", "divides");
    }
    if percent && !divides && rule.right.multiplies() && rule.right.subtracts_figure() {
        return told(
            "trừ một số sau phép chia, không rõ số ấy là số hay là cột",
            "subtracts something from a quotient; whether that is a figure or a column is not clear",
        );
    }
    if percent && !rule.right.multiplies() && rule.right.subtracts() {
        return told("là phép trừ", "subtracts");
    }
    let own = without_equation(label);
    let mut named = Vec::new();
    rule.right.places(&mut named);
    if words::is_total(own) && named.len() == 2 && rule.right.subtracts() {
        return told("là phép trừ", "subtracts");
    }
    // «Mức hỗ trợ» is money of each row, which may be added to other money.
    let rate = |place: &Place| {
        let label = without_equation(label_of(table, *place));
        words::is_rate_header(label) && !words::is_level_header(label)
    };
    let sum = rule.right.plain_sum().filter(|places| places.len() > 1);
    match sum.is_some_and(|places| places.iter().any(rate) && !places.iter().all(rate)) {
        true => told("cộng cả đơn giá, tỷ lệ", "adds up prices or rates, too"),
        false => None,
    }
}

/// «Tỷ lệ thực hiện» that is no ratio of the column «Thực hiện»: its numbers are likely those of an older
/// form.
fn of_another(table: &Table, rule: &Candidate, named: &[Place]) -> Option<Message> {
    let mut evidence = rule.evidence.iter();
    let annotated = evidence.all(|one| one.source == Source::Annotation);
    let column = column_of(table, rule.left).filter(|_| annotated && rule.is_equal())?;
    rule.right.quotient()?;
    let plain = |text: &str| {
        let bare = without_equation(text);
        normalise(bare.split('(').next().unwrap_or_default().trim())
    };
    let own = plain(column.own());
    let of = ["tỷ lệ ", "tỉ lệ "]
        .iter()
        .find_map(|ratio| own.strip_prefix(ratio))?;
    let meant = table
        .columns
        .iter()
        .position(|other| other.is_additive() && plain(other.own()) == of)?;
    let read = named.iter().any(
        |place| matches!(place, Place::Column(column) | Place::Cell(_, column) if *column == meant),
    );
    (!read).then(|| {
        let (header, other) = (column.own(), table.columns[meant].own());
        Message::new(
            format!("cột «{header}» không lấy cột «{other}», nên các số cột có thể là của mẫu cũ"),
            format!("the column «{header}» is not computed from «{other}»; its numbers may be of an older form"),
        )
    })
}

/// A total that adds up the parts under «Trong đó», of which women are one and men are not: they
/// overlap with the others.
fn overlapping_parts(table: &Table, rule: &Candidate, places: &[Place]) -> Option<Message> {
    if rule.is_of_cells() || !matches!(rule.left, Place::Column(_)) || places.len() < 2 {
        return None;
    }
    let parts = places.iter().all(|place| {
        column_of(table, *place).is_some_and(|column| {
            let outer = column.path.len().saturating_sub(1);
            column.path[..outer]
                .iter()
                .any(|part| words::is_part(&part.text))
        })
    });
    let says = |word: &str| {
        places.iter().any(|place| {
            let label = normalise(label_of(table, *place));
            label.split(' ').any(|part| part == word)
        })
    };
    (parts && says("nữ") && !says("nam")).then(|| {
        Message::new(
            "phép cộng lấy các cột «Trong đó», có thể trùng nhau",
            "the sum takes columns under «Trong đó», which may overlap",
        )
    })
}

/// Figures of different units of measure added up, subtracted or compared.
fn mixed_units(table: &Table, rule: &Candidate) -> Option<Message> {
    if rule.right.multiplies() {
        return None;
    }
    let unit = |place: &Place| {
        let column = column_of(table, *place)?;
        column
            .path
            .iter()
            .rev()
            .find_map(|part| words::unit_in(&part.text))
    };
    let places = rule.places();
    let mut units = places.iter().filter_map(unit);
    let first = units.next()?;
    let other = units.find(|other| *other != first)?;
    Some(Message::new(
        format!("phép tính lấy các cột có đơn vị tính khác nhau («{first}», «{other}»)"),
        format!("the equation takes columns of different units of measure («{first}», «{other}»)"),
    ))
}

fn column_of(table: &Table, place: Place) -> Option<&Column> {
    match place {
        Place::Column(column) | Place::Cell(_, column) => table.columns.get(column),
        Place::Row(_) | Place::Other(_) => None,
    }
}

fn label_of(table: &Table, place: Place) -> &str {
    match place {
        Place::Column(column) => table.columns[column].own(),
        Place::Row(row) | Place::Cell(row, _) => &table.rows[row].label.text,
        Place::Other(other) => &table.others[other],
    }
}

/// An increase and a decrease added up.
fn added_decrease(table: &Table, places: &[Place]) -> Option<Message> {
    let says = |word: &str| {
        places.iter().find(|place| {
            let label = normalise(label_of(table, **place));
            label.split(' ').take(3).any(|part| part == word)
        })
    };
    says("tăng")?;
    let less = label_of(table, *says("giảm")?);
    Some(Message::new(
        format!("phép cộng có cả số tăng lẫn số giảm («{less}»)"),
        format!("the sum adds a decrease («{less}») to an increase"),
    ))
}

/// A «Tổng số» under a spanning header that adds up some columns under it and some that are not.
fn mixed_group(table: &Table, rule: &Candidate, places: &[Place]) -> Option<Message> {
    let column = match rule.left {
        Place::Column(column) if rule.is_from(Source::Annotation) => &table.columns[column],
        _ => return None,
    };
    let own = without_equation(column.own());
    let outer = column
        .path
        .len()
        .checked_sub(2)
        .and_then(|at| column.path.get(at))?;
    if !words::is_total(own) || words::is_part(&outer.text) {
        return None;
    }
    let inside = |place: &&Place| {
        column_of(table, **place)
            .is_some_and(|other| other.path.iter().any(|part| part.cell == outer.cell))
    };
    let count = places.iter().filter(inside).count();
    (count > 0 && count < places.len()).then(|| {
        let group = &outer.text;
        Message::new(
            format!("phép cộng lấy cả cột ngoài nhóm «{group}»"),
            format!("the sum takes columns that are not under «{group}», too"),
        )
    })
}
