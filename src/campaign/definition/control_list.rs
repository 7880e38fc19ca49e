//! Control totals as a list: its columns, and a line of it by their names.

use super::lists;
use crate::model::{Message, Number};
use crate::text::list::{KnownColumn, ListRow, meaning, nearly};

/// The columns of a list of control totals, the first three of which it needs.
const KNOWN: [KnownColumn; 7] = [
    KnownColumn {
        name: "unit",
        also: &["ma don vi", "ma", "don vi"],
    },
    KnownColumn {
        name: "cell",
        also: &["o", "chi tieu"],
    },
    KnownColumn {
        name: "value",
        also: &["so", "so lieu", "gia tri"],
    },
    KnownColumn {
        name: "source",
        also: &["nguon"],
    },
    KnownColumn {
        name: "id",
        also: &["ten quy tac", "quy tac"],
    },
    KnownColumn {
        name: "label",
        also: &["ten goi", "noi dung"],
    },
    KnownColumn {
        name: "tolerance",
        also: &["duoc lech", "sai so"],
    },
];
const NEEDED: usize = 3;

/// Is a title that of a column that is read?
pub(super) fn is_column(title: &str) -> bool {
    meaning(title, &KNOWN).is_some()
}

/// What each column of the list is; `None` for one of the office's own.
pub(super) fn columns(heading: &[String]) -> Result<Vec<Option<&'static str>>, Message> {
    let layout = KNOWN.map(|column| column.name).join(",");
    let columns: Vec<Option<&str>> = heading.iter().map(|t| meaning(t, &KNOWN)).collect();
    let has = |name: &str| columns.contains(&Some(name));
    for (title, _) in heading.iter().zip(&columns).filter(|(_, c)| c.is_none()) {
        if let Some(near) = nearly(title, &KNOWN).filter(|near| !has(near)) {
            return Err(Message::new(
                format!("không có cột `{title}`; có phải `{near}`? Các cột dùng được: {layout}"),
                format!("no column `{title}`; did you mean `{near}`? Columns: {layout}"),
            ));
        }
    }
    match KNOWN[..NEEDED].iter().find(|column| !has(column.name)) {
        None => Ok(columns),
        Some(column) => {
            let (name, called) = (column.name, column.also[0]);
            Err(Message::new(
                format!(
                    "thiếu cột `{name}` (hoặc `{called}`); các cột: {layout}, cách nhau bằng dấu phẩy hoặc chấm phẩy"
                ),
                format!(
                    "column `{name}` is missing; columns: {layout}, separated by commas or semicolons"
                ),
            ))
        }
    }
}

/// A line by column names.
pub(super) struct ControlLine<'a> {
    pub(super) columns: &'a [Option<&'static str>],
    pub(super) row: &'a ListRow,
    pub(super) decimal_comma: bool,
}

impl<'a> ControlLine<'a> {
    /// The text in a column; `None` if it is blank.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let index = self.columns.iter().position(|name| *name == Some(column))?;
        let text = self.row.fields.get(index)?;
        (!text.is_empty()).then_some(text)
    }

    /// A figure as this list writes it. `3.259` between semicolons is 3259 to one program and 3,259
    /// to another, so it is refused with both readings.
    pub(super) fn figure(&self, text: &str) -> Result<Number, Message> {
        let two_ways = self.decimal_comma && lists::is_grouped(text);
        let plain = match self.decimal_comma {
            true => text.replace(',', "."),
            false => text.to_owned(),
        };
        match plain.parse() {
            Ok(figure) if !two_ways => Ok(figure),
            _ => {
                let comma = if self.decimal_comma { "53,22" } else { "53.22" };
                Err(Message::new(
                    format!(
                        "«{text}» không phải là số, hoặc hiểu được hai cách; viết 3259 hoặc {comma}, không ngăn hàng nghìn"
                    ),
                    format!(
                        "`{text}` is no figure, or may be two; write 3259 or {comma}, thousands not separated"
                    ),
                ))
            }
        }
    }
}
