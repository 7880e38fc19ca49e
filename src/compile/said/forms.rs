//! Notes that say which forms a form adds up: "Số liệu biểu này được tổng hợp từ biểu 02/TH và
//! biểu 03/TH".

use crate::compile::found::Found;
use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::{Column, Part, Role, RowKind, Table};
use crate::model::Message;
use crate::schema::expression::Comparison;
use crate::text::normalise;

/// Cells that are compared with other forms.
const MOST_CELLS: usize = 200;

/// Reads every note of a table; `others` are all other tables of the files compiled together.
pub(crate) fn read(table: &mut Table, others: &[&Table], found: &mut Found) {
    for note in table.notes.clone() {
        let codes = codes(&normalise(&note.text));
        if codes.is_empty() {
            continue;
        }
        match added(table, &codes, others) {
            Ok(forms) => cells(table, &forms, &note, found),
            Err(why) => found.ask(note.cell, &note.text, why),
        }
    }
}

/// The codes of the forms a note says are added up: `02/th` and `03/th`.
fn codes(note: &str) -> Vec<String> {
    const ADDS: [&str; 5] = ["tổng hợp từ", "là tổng", "bằng tổng", "cộng từ", "cộng các"];
    const BETWEEN: [&str; 8] = ["biểu", "mẫu", "số", "và", "các", "của", "từ", "liệu"];
    let Some(behind) = ADDS
        .iter()
        .find_map(|word| Some(&note[note.find(word)? + word.len()..]))
    else {
        return Vec::new();
    };
    if !behind.contains("biểu") && !behind.contains("mẫu") {
        return Vec::new();
    }
    let words = behind
        .split([' ', ',', ';', ':', '(', ')'])
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty());
    let words = words.take_while(|word| BETWEEN.contains(word) || is_code(word));
    let mut codes: Vec<String> = words
        .filter(|word| is_code(word))
        .map(str::to_owned)
        .collect();
    // "02, 03, 04/XLD": what is behind the last belongs to all.
    let suffix = codes
        .last()
        .and_then(|last| last.split_once('/'))
        .map(|(_, suffix)| suffix.to_owned());
    if let Some(suffix) = suffix {
        for code in codes.iter_mut().filter(|code| !code.contains('/')) {
            *code = format!("{code}/{suffix}");
        }
    }
    codes
}

fn is_code(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Is it the code of a form, as far as both are written out?
fn same_code(form: &str, code: &str) -> bool {
    let parts = |text: &str| {
        let text = normalise(text);
        let (number, rest) = text.split_once('/').unwrap_or((&text, ""));
        (number.trim_start_matches('0').to_owned(), rest.to_owned())
    };
    let ((form, of), (code, named)) = (parts(form), parts(code));
    form == code && (named.is_empty() || of == named)
}

/// The forms of some codes, which must have the table's own columns and rows.
fn added<'a>(
    table: &Table,
    codes: &[String],
    others: &[&'a Table],
) -> Result<Vec<&'a Table>, Message> {
    let mut forms = Vec::new();
    for code in codes {
        let mut with = others.iter().filter(|other| {
            let own = other.code.as_deref();
            own.is_some_and(|own| same_code(own, code))
        });
        let (Some(form), None) = (with.next(), with.next()) else {
            return Err(Message::new(
                format!(
                    "biểu «{code}» không có, hoặc có nhiều, trong các tệp biên dịch cùng lúc; hãy biên dịch cùng với tệp của biểu ấy"
                ),
                format!(
                    "the form «{code}» is not, or more than once, among the files compiled together; compile them with its file"
                ),
            ));
        };
        let values = |table: &Table| -> Vec<String> {
            let columns = table.columns.iter().filter(|column| column.is_additive());
            columns.map(|column| column.id.clone()).collect()
        };
        let rows = |table: &Table| -> Vec<String> {
            table.rows.iter().map(|row| row.id.clone()).collect()
        };
        let alike = values(form) == values(table) && rows(form) == rows(table);
        if !alike || table.is_free() {
            return Err(Message::new(
                format!("biểu «{code}» không có cùng các cột và dòng, không rõ cộng những ô nào"),
                format!(
                    "the form «{code}» has not the same columns and rows; which cells are added up is not clear"
                ),
            ));
        }
        forms.push(*form);
    }
    Ok(forms)
}

/// Each cell is the sum of its like in the other forms.
fn cells(table: &mut Table, forms: &[&Table], note: &Part, found: &mut Found) {
    let columns = table.columns.iter().enumerate();
    let columns: Vec<usize> = columns
        .filter(|(_, column)| column.role == Role::Value && Column::is_additive(column))
        .map(|(at, _)| at)
        .collect();
    let rows = table.rows.iter().enumerate();
    let rows: Vec<usize> = rows
        .filter(|(_, row)| row.kind == RowKind::Line)
        .map(|(at, _)| at)
        .collect();
    if columns.len() * rows.len() > MOST_CELLS {
        let why = Message::new(
            "biểu quá lớn để so từng ô với biểu khác; hãy tự viết quy tắc cho các ô cần so",
            "the form is too large to be compared with others cell by cell; write rules for the cells that matter",
        );
        return found.ask(note.cell, &note.text, why);
    }
    let cells = rows
        .iter()
        .flat_map(|row| columns.iter().map(move |column| (*row, *column)));
    let cells: Vec<(usize, usize)> = cells
        .filter(|(row, column)| table.wants(*row, *column))
        .collect();
    for (row, column) in cells {
        let mut places = Vec::new();
        for form in forms {
            let (row, column) = (&table.rows[row].id, &table.columns[column].id);
            table.others.push(format!("{}!{row}.{column}", form.id));
            places.push(Place::Other(table.others.len() - 1));
        }
        found.rules.push(Candidate {
            left: Place::Cell(row, column),
            relation: Comparison::Equal,
            right: Term::sum_of(places),
            at: None,
            within_year: false,
            evidence: vec![Evidence {
                source: Source::Prose,
                cell: note.cell,
                words: note.text.clone(),
            }],
        });
    }
}
