//! The tables of `docs/doc-so-lieu.md` that say how a cell is read: each of their cells, written
//! into a workbook, is read as the table says.

use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook};
use tonghop::judge::{Judged, Judging, judge, no_hurry};
use tonghop::model::{CellAddress, Severity, Value};
use tonghop::schema::Form;
use tonghop::workbook::Limits;

/// One column for each column of the tables; amounts with 1 and with 2 decimals share one.
const COLUMNS: [(&str, &str); 6] = [
    ("dem", "type = \"count\""),
    ("tien", "type = \"amount\""),
    ("tien_1", "type = \"amount\"\ndecimals = 1"),
    ("tien_2", "type = \"amount\"\ndecimals = 2"),
    ("tien_3", "type = \"amount\"\ndecimals = 3"),
    ("ty_le", "type = \"percent\""),
];

fn form() -> Arc<Form> {
    let mut text = String::from(
        "id = \"o\"\nversion = \"1\"\ntitle = \"Ô\"\nsheet = \"Ô\"\n[layout]\nrows = \"free\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n",
    );
    for (id, kind) in COLUMNS {
        text += &format!("[[column]]\nid = \"{id}\"\nlabel = \"Cột {id}\"\n{kind}\n");
    }
    Arc::new(Form::parse("o.toml", &text).unwrap())
}

/// A cell of the workbook.
#[derive(Debug, Clone)]
enum Typed {
    Text(String),
    Number(f64),
    /// A number shown as a percentage.
    Share(f64),
}

/// Every row holds one cell as many times as there are columns; the first is in row 2.
fn judged(rows: &[Typed]) -> Judged {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let share = Format::new().set_num_format("0.00%");
    let labels = COLUMNS.map(|(id, _)| format!("Cột {id}"));
    for (at, label) in ["Tên".to_owned()].iter().chain(&labels).enumerate() {
        sheet.write(0, u16::try_from(at).unwrap(), label).unwrap();
    }
    for (row, typed) in (1..).zip(rows) {
        sheet.write(row, 0, format!("dòng {row}")).unwrap();
        for column in 1..=6 {
            match typed {
                Typed::Text(text) => sheet.write(row, column, text),
                Typed::Number(number) => sheet.write(row, column, *number),
                Typed::Share(number) => sheet.write_with_format(row, column, *number, &share),
            }
            .unwrap();
        }
    }
    let forms = [form()];
    let judging = Judging {
        forms: &forms,
        campaign: None,
        limits: &Limits::default(),
        watch: &no_hurry,
        copy: false,
    };
    judge("o.xlsx", &book.save_to_buffer().unwrap(), judging)
}

/// What a cell of a table says.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    /// The rule whose finding is at the cell; `None` if there is none but a note.
    rule: Option<String>,
    /// Is the figure read?
    is_read: bool,
    /// The figure that is read or suggested, where the table prints it.
    figure: Option<Decimal>,
}

/// A figure as the guide prints it: 3.259,5.
fn figure(text: &str) -> Option<Decimal> {
    let text = text
        .trim_end_matches('?')
        .replace('.', "")
        .replace(',', ".");
    Decimal::from_str(&text).ok()
}

/// What a cell of a table says that refers to no other; `at` counts the texts of its row from 0.
fn told(cell: &str, at: usize) -> Told {
    let named = cell.split('`').nth(1).map(str::to_owned);
    let (kind, rest) = cell.split_once([':', ',', ' ']).unwrap_or((cell, ""));
    let (rule, is_read) = match kind {
        "đọc" if cell.contains("cảnh báo") => (named, true),
        "đọc" => (None, true),
        "cảnh" => (Some("nhieu-chu-so-thap-phan".to_owned()), true),
        "hỏi" => (named.or(Some("so-khong-ro".to_owned())), false),
        "từ" => (named.or(Some("sai-kieu-du-lieu".to_owned())), false),
        _ => panic!("{cell}"),
    };
    // The figures are behind the last of these words, one for each text of the row.
    let list = ["ghi chú: ", "có phải ", "đọc "].iter();
    let list = list
        .filter_map(|word| rest.rsplit_once(word))
        .map(|(_, list)| list);
    let list = list.min_by_key(|list| list.len()).unwrap_or(rest);
    let list: Vec<&str> = list.split("; ").collect();
    let own = list
        .get(at)
        .or(list.first())
        .and_then(|text| figure(text.split(" (").next().unwrap_or_default()));
    Told {
        rule,
        is_read,
        figure: own,
    }
}

/// A finding at a cell: its rule, how much it matters, and the figure it suggests.
type Report = (String, Severity, Option<Decimal>);

/// What was read at a cell of the workbook, and the rule of what was found there.
fn found(judged: &Judged, row: usize, column: usize) -> (Option<Decimal>, Vec<Report>) {
    let cell = CellAddress::from_str(&format!(
        "{}{}",
        ["B", "C", "D", "E", "F", "G"][column],
        row + 2
    ))
    .unwrap();
    let number = |value: &Value| match value {
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    };
    let facts = judged.facts.iter();
    let mut facts = facts.filter(|fact| {
        fact.source
            .as_ref()
            .is_some_and(|source| source.cell == cell)
    });
    let read = facts.next().and_then(|fact| number(&fact.value));
    let findings = judged
        .findings
        .iter()
        .filter(|finding| finding.cell == Some(cell));
    let findings = findings.filter(|finding| finding.rule != "so-dang-chu");
    let findings = findings.map(|finding| {
        let meant = finding
            .review
            .suspects
            .first()
            .and_then(|suspect| suspect.suggestion.as_ref());
        (
            finding.rule.clone(),
            finding.severity,
            meant.and_then(number),
        )
    });
    (read, findings.collect())
}

/// Compares one cell of the workbook with what the table says of it.
fn compare(judged: &Judged, row: usize, column: usize, told: &Told, what: &str) {
    let (read, findings) = found(judged, row, column);
    let rules: Vec<&str> = findings.iter().map(|(rule, ..)| rule.as_str()).collect();
    assert_eq!(
        rules,
        told.rule.as_deref().into_iter().collect::<Vec<_>>(),
        "{what}"
    );
    for (_, severity, meant) in &findings {
        let blocks = *severity == Severity::Error;
        assert_eq!(blocks, !told.is_read, "{what}");
        if let (true, Some(figure)) = (blocks, told.figure) {
            assert_eq!(*meant, Some(figure), "{what}");
        }
    }
    assert_eq!(read.is_some(), told.is_read, "{what}: {read:?}");
    if let (Some(read), Some(figure)) = (read, told.figure) {
        assert_eq!(read, figure, "{what}");
    }
}

/// The rows of the first table behind a heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let guide = include_str!("../../docs/doc-so-lieu.md");
    let (_, behind) = guide.split_once(heading).unwrap();
    let rows = behind.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

#[test]
fn texts_are_read_as_the_guides_table_says() {
    let rows = table("## Ô là chữ\n");
    let mut texts = Vec::new();
    let mut expected = Vec::new();
    for row in &rows {
        for (at, text) in row[0].split('`').skip(1).step_by(2).enumerate() {
            texts.push(Typed::Text(text.to_owned()));
            let mut cells: Vec<Told> = Vec::new();
            for cell in &row[1..] {
                cells.push(match *cell {
                    "như `count`" => cells[0].clone(),
                    "như bên" => cells.last().unwrap().clone(),
                    _ => told(cell, at),
                });
            }
            assert_eq!(cells.len(), 5, "{row:?}");
            // Amounts with 1 and with 2 decimals have one column in the guide.
            cells.insert(2, cells[2].clone());
            expected.push((text, cells));
        }
    }
    assert!(texts.len() >= 20, "{texts:?}");
    let judged = judged(&texts);
    for (row, (text, cells)) in expected.iter().enumerate() {
        for (column, told) in cells.iter().enumerate() {
            compare(
                &judged,
                row,
                column,
                told,
                &format!("«{text}» in {}: {told:?}", COLUMNS[column].0),
            );
        }
    }
}

#[test]
fn numbers_are_read_as_the_guides_table_says() {
    let rows = table("## Ô là số (Excel lưu là số)");
    let typed = [
        Typed::Number(3259.0),
        Typed::Number(0.0),
        Typed::Number(2.019),
        Typed::Number(53.2249),
        Typed::Number(12.1234567),
        Typed::Number(-5.0),
        Typed::Number(0.5322),
        Typed::Share(0.5322),
        Typed::Number(1.0),
        Typed::Number(9_007_199_254_740_994.0),
    ];
    assert_eq!(rows.len(), typed.len());
    let judged = judged(&typed);
    let mut above: Vec<Vec<Told>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut cells: Vec<Told> = Vec::new();
        for (column, cell) in row[1..].iter().enumerate() {
            let plain = |told: &Told| Told {
                figure: None,
                ..told.clone()
            };
            cells.push(match *cell {
                "như trên" => plain(&above[at - 1][column]),
                "như `count`" => cells[0].clone(),
                "đọc, như hàng 2,019" => plain(&above[2][column]),
                _ => told(cell, 0),
            });
        }
        // Count, amount with 2 decimals, percentage.
        for (column, told) in [0, 3, 5].into_iter().zip(&cells) {
            compare(
                &judged,
                at,
                column,
                told,
                &format!("{} in {}", row[0], COLUMNS[column].0),
            );
        }
        above.push(cells);
    }
}
