//! Texts for people, in both languages at once.

/// One sentence in both languages of the product, built where the facts are known.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// For clerks and analysts.
    pub vi: String,
    /// For `--lang en`.
    pub en: String,
}

impl Message {
    /// A message in Vietnamese and English.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }
}

/// «một dòng», «hai dòng», «4 dòng»: a number of rows in words.
pub fn few_rows(count: u32) -> Message {
    let (vi, en) = match count {
        1 => ("một".to_owned(), "one row".to_owned()),
        2 => ("hai".to_owned(), "two rows".to_owned()),
        3 => ("ba".to_owned(), "three rows".to_owned()),
        _ => (count.to_string(), format!("{count} rows")),
    };
    Message::new(format!("{vi} dòng"), en)
}

/// «dòng 4», «dòng 4 đến 7»: rows of a sheet, from 1.
pub fn rows_from(first: u32, last: u32) -> Message {
    match first == last {
        true => Message::new(format!("dòng {first}"), format!("row {first}")),
        false => Message::new(
            format!("dòng {first} đến {last}"),
            format!("rows {first} to {last}"),
        ),
    }
}
