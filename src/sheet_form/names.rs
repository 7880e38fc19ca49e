//! What rows and columns of a form are called: by id, by the number or code printed, by label.

use crate::compile::{Printed, same_code};
use crate::model::Message;
use crate::text::{fold, label_key, nearest};

/// Rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Columns.
    Columns,
    /// Rows.
    Rows,
}

impl Axis {
    pub(super) fn other(self) -> Axis {
        match self {
            Axis::Columns => Axis::Rows,
            Axis::Rows => Axis::Columns,
        }
    }

    /// "cột" or "dòng".
    pub(super) fn word(self) -> Message {
        match self {
            Axis::Columns => Message::new("cột", "column"),
            Axis::Rows => Message::new("dòng", "row"),
        }
    }
}

/// A row or column.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    pub(super) id: String,
    /// Numbers and codes printed at it.
    pub(super) codes: Vec<String>,
    /// Its own label, then its whole path and other names.
    pub(super) labels: Vec<String>,
}

/// The rows and columns of a form.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    pub(super) columns: Vec<Named>,
    pub(super) rows: Vec<Named>,
    /// Those of a compiled blank, whose printed numbers its compiler understands.
    pub(super) printed: Option<&'a Printed>,
}

/// Why a word names nothing.
enum Missing {
    Unknown,
    Several,
}

impl Names<'_> {
    pub(super) fn of(&self, axis: Axis) -> &[Named] {
        match axis {
            Axis::Columns => &self.columns,
            Axis::Rows => &self.rows,
        }
    }

    /// Is it an id?
    pub(super) fn has_id(&self, axis: Axis, id: &str) -> bool {
        self.of(axis).iter().any(|named| named.id == id)
    }

    /// `row.column`, both ids.
    pub(super) fn is_cell(&self, text: &str) -> bool {
        text.split_once('.').is_some_and(|(row, column)| {
            self.has_id(Axis::Rows, row) && self.has_id(Axis::Columns, column)
        })
    }

    /// The id a word names.
    ///
    /// # Errors
    /// Nothing is called so, or several things are.
    pub(super) fn find(&self, word: &str, axis: Axis) -> Result<String, Message> {
        let missing = match self.look_up(word, axis) {
            Ok(id) => return Ok(id),
            Err(missing) => missing,
        };
        let name = axis.word();
        let word = word.trim().trim_matches(MARKS);
        Err(match missing {
            Missing::Several => Message::new(
                format!(
                    "biểu có nhiều {} «{word}», không rõ nói {} nào; ghi mã",
                    name.vi, name.vi
                ),
                format!("the form has several {}s «{word}»; write the id", name.en),
            ),
            Missing::Unknown => {
                let near = self.near(word, axis);
                let (vi, en) = match near {
                    Some(near) => (
                        format!("; có phải «{near}»?"),
                        format!("; did you mean «{near}»?"),
                    ),
                    None => self.other_axis(word, axis),
                };
                Message::new(
                    format!("biểu không có {} «{word}»{vi}", name.vi),
                    format!("the form has no {} «{word}»{en}", name.en),
                )
            }
        })
    }

    /// A hint that the word is one of the other axis, or a figure.
    fn other_axis(&self, word: &str, axis: Axis) -> (String, String) {
        if let Ok(id) = self.look_up(word, axis.other()) {
            let other = axis.other().word();
            return (
                format!("; đó là {} `{id}`, có lẽ ghi nhầm cột", other.vi),
                format!("; that is the {} `{id}`", other.en),
            );
        }
        if word.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return (
                format!("; nếu là con số thì ghi «số {word}»"),
                format!("; write «số {word}» for the figure"),
            );
        }
        (String::new(), String::new())
    }

    fn near(&self, word: &str, axis: Axis) -> Option<&str> {
        let all = self.of(axis).iter();
        let all = all.flat_map(|named| std::iter::once(&named.id).chain(&named.labels));
        nearest(word, all.map(String::as_str))
    }

    fn look_up(&self, word: &str, axis: Axis) -> Result<String, Missing> {
        let (word, axis, is_label) = spelled(word, axis);
        let of = self.of(axis);
        if !is_label {
            if self.has_id(axis, word) {
                return Ok(word.to_owned());
            }
            let printed = self.printed.and_then(|printed| match axis {
                Axis::Columns => printed.column(word),
                Axis::Rows => printed.row(word),
            });
            if let Some(id) = printed {
                return Ok(id.to_owned());
            }
            let coded = of
                .iter()
                .filter(|named| named.codes.iter().any(|code| same_code(code, word)));
            match one(coded) {
                Err(Missing::Unknown) => {}
                found => return found,
            }
        }
        let key = label_key(word);
        let labelled = |named: &&Named| named.labels.iter().any(|label| label_key(label) == key);
        one(of.iter().filter(labelled))
    }
}

fn one<'n>(found: impl Iterator<Item = &'n Named>) -> Result<String, Missing> {
    let found: Vec<&Named> = found.collect();
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(Missing::Unknown),
        _ => Err(Missing::Several),
    }
}

/// Quotation marks around a label.
const MARKS: [char; 5] = ['«', '»', '"', '“', '”'];

/// A word without quotation marks and without «cột», «dòng» before it; is it a label for sure?
fn spelled(word: &str, axis: Axis) -> (&str, Axis, bool) {
    let word = word.trim();
    if word.starts_with(MARKS) {
        return (word.trim_matches(MARKS).trim(), axis, true);
    }
    const BEFORE: [(&str, Axis); 6] = [
        ("cot", Axis::Columns),
        ("dong", Axis::Rows),
        ("hang", Axis::Rows),
        ("chi tieu", Axis::Rows),
        ("ma so", Axis::Rows),
        ("muc", Axis::Rows),
    ];
    for (before, of) in BEFORE {
        let words = before.split(' ').count();
        let mut parts = word.splitn(words + 1, ' ');
        let head: Vec<&str> = parts.by_ref().take(words).collect();
        if let (true, Some(rest)) = (fold(&head.join(" ")) == before, parts.next()) {
            return (rest.trim().trim_matches(['(', ')']), of, false);
        }
    }
    (word.trim_matches(['(', ')']), axis, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names<'static> {
        let named = |id: &str, code: &str, label: &str| Named {
            id: id.to_owned(),
            codes: vec![code.to_owned()],
            labels: vec![label.to_owned()],
        };
        Names {
            columns: vec![
                named("tong", "(3)", "Tổng số"),
                named("nu", "4", "Trong đó nữ"),
            ],
            rows: vec![
                named("gui", "01", "Văn bản gửi"),
                named("nhan", "02", "Văn bản nhận"),
            ],
            printed: None,
        }
    }

    #[test]
    fn rows_and_columns_are_found_by_what_is_printed() {
        let names = names();
        for (word, axis, id) in [
            ("3", Axis::Columns, "tong"),
            ("cột 4", Axis::Columns, "nu"),
            ("1", Axis::Rows, "gui"),
            ("Mã số 02", Axis::Rows, "nhan"),
            ("«Văn bản nhận»", Axis::Rows, "nhan"),
            ("văn bản  nhận:", Axis::Rows, "nhan"),
            ("trong đó nữ", Axis::Columns, "nu"),
            ("dòng 01", Axis::Columns, "gui"),
        ] {
            assert_eq!(names.find(word, axis).unwrap(), id, "{word}");
        }
    }

    #[test]
    fn what_is_not_there_is_told_with_the_nearest() {
        let told = |word, axis| names().find(word, axis).unwrap_err().vi;
        assert_eq!(
            told("tongg", Axis::Columns),
            "biểu không có cột «tongg»; có phải «tong»?"
        );
        // Without its marks it may be another word.
        assert!(told("van ban nhan", Axis::Rows).ends_with("có phải «Văn bản nhận»?"));
        assert!(told("02", Axis::Columns).ends_with("đó là dòng `nhan`, có lẽ ghi nhầm cột"));
        assert!(told("200", Axis::Columns).ends_with("ghi «số 200»"));
    }
}
