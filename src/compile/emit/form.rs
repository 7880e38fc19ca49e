//! The form file.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::rounding::{is_average_factor, is_rounded};
use super::rules::{Operands, SEEMS, Written, plain_columns};
use crate::compile::emit::expression::{name, text};
use crate::compile::found::Proposal;
use crate::compile::rule::{Candidate, Place};
use crate::compile::table::{Column, Figures, Part, Role, Row, RowKind, Table};
use crate::compile::words;
use crate::model::Number;
use crate::schema::FieldType;
use crate::schema::expression::Comparison;
use crate::text::normalise;

/// Notes of a form that are written into the file, and their length.
const MOST_NOTES: usize = 12;
const LONGEST_NOTE: usize = 500;

/// Everything a form file is written from.
pub(in crate::compile) struct Parts<'a> {
    pub(in crate::compile) table: &'a Table,
    pub(in crate::compile) file: &'a str,
    pub(in crate::compile) rules: &'a [Candidate],
    pub(in crate::compile) written: &'a [Written],
    pub(in crate::compile) ratios: &'a BTreeMap<Place, Operands>,
    pub(in crate::compile) proposals: &'a [Proposal],
    /// Columns of the total row without a formula although others have one.
    pub(in crate::compile) not_added: &'a [usize],
    /// Does the blank itself hold formulas that differ from those beside them? Then every filled form
    /// does.
    pub(in crate::compile) odd: bool,
}

/// The text of a form file.
pub(in crate::compile) fn toml(parts: &Parts<'_>) -> String {
    let mut out = String::new();
    head(parts, &mut out);
    for index in 0..parts.table.columns.len() {
        column(parts, index, &mut out);
    }
    for index in 0..parts.table.rows.len() {
        row(parts, index, &mut out);
    }
    rules(parts, &mut out);
    proposals(parts, &mut out);
    out
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| self::quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// One line of `key = value`. Writing to a string cannot fail.
fn put(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "{key} = {value}");
}

fn comment(out: &mut String, text: &str) {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let _ = writeln!(out, "# {plain}");
}

fn head(parts: &Parts<'_>, out: &mut String) {
    let table = parts.table;
    comment(
        out,
        &format!(
            "Biên dịch từ tệp {}, trang {}.",
            parts.file, table.sheet_name
        ),
    );
    put(out, "id", &quoted(&table.id));
    put(out, "version", "\"1\"");
    if let Some(code) = &table.code {
        put(out, "code", &quoted(code));
    }
    put(out, "title", &quoted(&table.title));
    put(out, "sheet", &quoted(&table.sheet_name));
    if let Some(unit) = &table.unit {
        put(out, "unit", &quoted(unit));
    }
    if let Some(basis) = &table.legal_basis {
        put(out, "legal_basis", &quoted(basis));
    }
    let notes = notes(table);
    if !notes.is_empty() {
        put(out, "notes", &list(&notes));
    }
    layout(table, out);
    out.push_str("\n[defaults]\nblank = \"nothing\"\ndash = \"nothing\"\nkhong = \"zero\"\nx = \"nothing\"\n");
    out.push('\n');
    comment(
        out,
        "Biểu không nói gì về so sánh với kỳ trước và với đơn vị khác; muốn hỏi thì đặt on = true.",
    );
    out.push_str("[checks]\nchange = { on = false }\npeers = { on = false }\nsize = { on = false }\nunchanged = { on = false }\nzeros = { on = false }\n");
    if parts.odd {
        comment(
            out,
            "Mẫu có sẵn công thức khác các ô cùng cột: bản điền nào cũng vậy.",
        );
        put(out, "off", "[\"cong-thuc-khac-cot\"]");
    }
}

/// The notes printed under the table, without signatures and dates.
fn notes(table: &Table) -> Vec<String> {
    let last = table.rows.last().map(|row| row.at);
    let last = last
        .or(table.lines.map(|(_, last)| last))
        .unwrap_or(table.top);
    let is_note = |part: &&Part| {
        let text = part.text.trim();
        let listed =
            text.starts_with(['-', '*', '+']) || text.to_lowercase().starts_with("ghi chú");
        part.cell.row > last && (listed || text.contains('=')) && text.len() <= LONGEST_NOTE
    };
    let notes = table.notes.iter().filter(is_note);
    notes
        .take(MOST_NOTES)
        .map(|part| part.text.clone())
        .collect()
}

/// The column of a role, if the form prints a header over it.
fn printed(table: &Table, role: Role) -> Option<&Column> {
    let mut columns = table.columns.iter();
    columns.find(|column| column.role == role && !column.path.is_empty())
}

fn layout(table: &Table, out: &mut String) {
    out.push_str("\n[layout]\n");
    let of = |role: Role| printed(table, role);
    let free = table.is_free();
    put(out, "rows", if free { "\"free\"" } else { "\"fixed\"" });
    if let Some(ordinal) = of(Role::Ordinal).or_else(|| of(Role::Code)) {
        put(out, "ordinal", &quoted(ordinal.own()));
    }
    if !free {
        // Rows are found by their labels where the sheet has no header over them.
        let label = of(Role::Label).map_or("Chỉ tiêu", Column::own);
        put(out, "label", &quoted(label));
    }
    if let Some(unit) = of(Role::Unit) {
        put(out, "unit_column", &quoted(unit.own()));
    }
    if table.numbering.is_some() {
        put(out, "numbering", "true");
    }
    if let Some(total) = &table.total {
        put(out, "total", &quoted(&total.text));
    }
    let examples: Vec<&str> = table.examples.iter().map(String::as_str).collect();
    let examples: Vec<&str> = examples
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    if !examples.is_empty() {
        put(out, "examples", &toml::Value::from(examples).to_string());
    }
    if let Some((first, last)) = table.lines {
        put(
            out,
            "prepared_rows",
            &(last - first + 1).clamp(1, 200).to_string(),
        );
    }
    if table.landscape {
        put(out, "orientation", "\"landscape\"");
    }
}

/// Does the column tell apart rows of one name, such as people?
fn tells_apart(table: &Table, column: &Column) -> bool {
    const BEGINNINGS: [&str; 6] = ["năm sinh", "địa chỉ", "thôn", "ấp", "địa điểm", "chức vụ"];
    let header = normalise(column.own());
    table.is_free()
        && column.role == Role::Value
        && column.kind == FieldType::Text
        && BEGINNINGS
            .iter()
            .any(|beginning| header.starts_with(beginning))
}

/// Is the column one of the form's, rather than of its layout?
fn is_listed(table: &Table, column: &Column) -> bool {
    match column.role {
        Role::Value => true,
        Role::Label => table.is_free(),
        Role::Code => table
            .columns
            .iter()
            .any(|other| other.role == Role::Ordinal),
        Role::Ordinal | Role::Subject | Role::Unit => false,
    }
}

fn column(parts: &Parts<'_>, index: usize, out: &mut String) {
    let table = parts.table;
    let column = &table.columns[index];
    if !is_listed(table, column) {
        return;
    }
    out.push_str("\n[[column]]\n");
    put(out, "id", &quoted(&column.id));
    let path: Vec<String> = column.path.iter().map(|part| part.text.clone()).collect();
    match path.as_slice() {
        [] => put(out, "label", &quoted("Nội dung")),
        [one] => put(out, "label", &quoted(one)),
        path => put(out, "label", &list(path)),
    }
    // Where the form counts its columns otherwise than a drawn template would.
    let counted = (index + 1).to_string();
    let code = column.code.as_ref().map(|(code, _)| code.trim());
    if let Some(code) = code.filter(|code| !code.is_empty() && *code != counted) {
        put(out, "no", &quoted(code));
    }
    let ratio = parts.ratios.get(&Place::Column(index));
    if column.role == Role::Label || tells_apart(table, column) {
        put(out, "key", "true");
    }
    let kind = match (ratio, column.kind) {
        (Some(_), FieldType::Percent) => FieldType::Percent,
        (Some(_), _) => FieldType::Ratio,
        (None, kind) => kind,
    };
    put(out, "type", &quoted(kind_name(kind)));
    let decimals = match kind {
        FieldType::Ratio => column.shown.or(Some(2)),
        _ => column.decimals,
    };
    if let Some(decimals) = decimals.filter(|_| {
        matches!(
            kind,
            FieldType::Amount | FieldType::Percent | FieldType::Ratio
        )
    }) {
        put(out, "decimals", &decimals.to_string());
    }
    if kind == FieldType::Amount && column.any_decimals {
        put(out, "any_decimals", "true");
    }
    if let Some(ratio) = ratio {
        operands(ratio, kind, out);
        if column.shown.is_none() {
            put(out, "fewer_decimals", "true");
        }
    }
    let rounded = is_rounded(parts.table, parts.rules, Place::Column(index))
        || is_average_factor(parts.table, parts.rules, index);
    if kind == FieldType::Amount && rounded {
        put(out, "rounding", "\"half-up\"");
    }
    if !column.choices.is_empty() {
        put(out, "choices", &list(&column.choices));
    }
    let below_zero = matches!(
        kind,
        FieldType::Amount | FieldType::Percent | FieldType::Ratio
    ) && !column.whole;
    let headers = column.path.iter();
    let compared = kind == FieldType::Count
        && headers
            .map(|part| &part.text)
            .any(|text| words::may_be_negative(text));
    if below_zero || compared || subtracted(parts, Place::Column(index)) {
        put(out, "negative", "true");
    }
    if parts.not_added.contains(&index) && column.is_additive() && ratio.is_none() {
        put(out, "aggregate", "\"none\"");
    }
}

fn operands(ratio: &Operands, kind: FieldType, out: &mut String) {
    put(out, "numerator", &quoted(&ratio.numerator));
    put(out, "denominator", &quoted(&ratio.denominator));
    if kind == FieldType::Ratio && ratio.per != Number::ONE {
        put(out, "per", &ratio.per.normalize().to_string());
    }
}

fn kind_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Count => "count",
        FieldType::Amount => "amount",
        FieldType::Percent => "percent",
        FieldType::Ratio => "ratio",
        FieldType::Text => "text",
        FieldType::Date => "date",
        FieldType::Flag => "flag",
        FieldType::Choice => "choice",
        FieldType::Code => "code",
    }
}

/// Is a place computed by subtracting? Then it may be below zero.
fn subtracted(parts: &Parts<'_>, place: Place) -> bool {
    parts.rules.iter().any(|rule| {
        rule.left == place && rule.relation == Comparison::Equal && rule.right.subtracts()
    })
}

fn row(parts: &Parts<'_>, index: usize, out: &mut String) {
    let table = parts.table;
    let row = &table.rows[index];
    out.push_str("\n[[row]]\n");
    put(out, "id", &quoted(&row.id));
    match &row.subject {
        // The sheet prints the two in cells of their own.
        Some(subject) => {
            put(
                out,
                "label",
                &quoted(&format!("{subject} - {}", row.label.text)),
            );
            put(out, "aliases", &list(std::slice::from_ref(&row.label.text)));
        }
        None => put(out, "label", &quoted(&row.label.text)),
    }
    if let Some(no) = printed_number(table, row) {
        put(out, "no", &quoted(&no));
    }
    if row.kind == RowKind::Heading {
        put(out, "heading", "true");
        return;
    }
    if let Some(unit) = &row.unit {
        put(out, "unit", &quoted(unit));
    }
    if !row.closed.is_empty() {
        let open = table.columns.iter().enumerate();
        let open = open.filter(|(at, column)| is_listed(table, column) && !row.closed.contains(at));
        let open: Vec<String> = open.map(|(_, column)| column.id.clone()).collect();
        put(out, "columns", &list(&open));
    }
    let values = table.columns.iter();
    let mut values = values.filter(|column| column.role == Role::Value);
    let others = values.clone().any(|column| column.kind != FieldType::Count)
        && values.all(|column| !matches!(column.kind, FieldType::Percent | FieldType::Ratio));
    if table.is_percent_row(index) && plain_columns(table) {
        put(out, "type", "\"percent\"");
        if let Some(ratio) = parts.ratios.get(&Place::Row(index)) {
            operands(ratio, FieldType::Percent, out);
            if table.columns.iter().all(|column| column.shown.is_none()) {
                put(out, "fewer_decimals", "true");
            }
        }
    } else if is_rounded(parts.table, parts.rules, Place::Row(index)) {
        put(out, "type", "\"amount\"");
        put(out, "decimals", "2");
        put(out, "any_decimals", "true");
        put(out, "rounding", "\"half-up\"");
    } else if row.figures == Figures::Words && plain_columns(table) {
        put(out, "type", "\"text\"");
    } else if row.figures == Figures::Whole && others {
        put(out, "type", "\"count\"");
    }
    if subtracted(parts, Place::Row(index)) {
        put(out, "negative", "true");
    }
}

/// What is printed in the ordinal column; the code if that column is the one of codes.
fn printed_number(table: &Table, row: &Row) -> Option<String> {
    let has = |role: Role| printed(table, role).is_some();
    match (has(Role::Ordinal), has(Role::Code)) {
        (true, _) => Some(row.ordinal.clone().unwrap_or_default()),
        (false, true) => Some(row.code.clone().unwrap_or_default()),
        (false, false) => None,
    }
}

fn rules(parts: &Parts<'_>, out: &mut String) {
    for written in parts.written {
        out.push('\n');
        for evidence in &written.evidence {
            let (cell, words) = (evidence.cell, &evidence.words);
            comment(
                out,
                &format!("Căn cứ: {}!{cell} «{words}»", parts.table.sheet_name),
            );
        }
        if written.derived {
            let key = match written.id.starts_with(crate::schema::derived::TOTAL) {
                true => "`total` ở [layout]",
                false => "`numerator`, `denominator` ở trên",
            };
            comment(
                out,
                &format!(
                    "{}: {} (chương trình tự kiểm tra, từ {key})",
                    written.id, written.text
                ),
            );
            continue;
        }
        out.push_str("[[rule]]\n");
        put(out, "id", &quoted(&written.id));
        put(out, "check", &quoted(&written.text));
        if let Some((key, ids)) = &written.at {
            put(out, key, &list(ids));
        }
        if written.within_year {
            put(out, "when", "\"NOT(FIRSTPERIOD())\"");
        }
        if written.strength == SEEMS {
            put(out, "status", "\"beta\"");
        }
        put(out, "message", &quoted(&written.message));
    }
}

fn proposals(parts: &Parts<'_>, out: &mut String) {
    if parts.proposals.is_empty() {
        return;
    }
    out.push('\n');
    comment(
        out,
        "Đề xuất: chưa phải quy tắc. Đúng với biểu thì bỏ dấu # ở đầu các dòng.",
    );
    for proposal in parts.proposals {
        let rule = &proposal.rule;
        let left = name(parts.table, rule.left);
        comment(out, &proposal.why);
        comment(out, "[[rule]]");
        comment(
            out,
            &format!(
                "id = {}",
                quoted(&format!("{}-lech", left.replace(['_', '.'], "-")))
            ),
        );
        let check = format!(
            "{left} {} {}",
            rule.relation.symbol(),
            text(parts.table, &rule.right)
        );
        comment(out, &format!("check = {}", quoted(&check)));
    }
}
