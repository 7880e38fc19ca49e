//! What a code or label in an equation names in a table.

use crate::compile::equation::{Symbol, Which};
use crate::compile::names::without_equation;
use crate::compile::rule::Place;
use crate::compile::table::{Role, Row, Table};
use crate::compile::words;
use crate::model::Message;
use crate::text::label_key;

/// Why a code names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unresolved {
    /// No such code or label.
    Unknown(String),
    /// Several rows or columns have it.
    Ambiguous(String),
}

impl Unresolved {
    /// Why, for the person who made the form.
    pub(crate) fn message(&self, which: Which) -> Message {
        let (vi, en) = match which {
            Which::Column => ("cột", "column"),
            Which::Row => ("dòng", "row"),
        };
        match self {
            Unresolved::Unknown(text) => Message::new(
                format!("biểu không có {vi} «{text}»"),
                format!("the form has no {en} «{text}»"),
            ),
            Unresolved::Ambiguous(text) => Message::new(
                format!("biểu có nhiều {vi} «{text}», không rõ nói {vi} nào"),
                format!("the form has several {en}s «{text}»; which one is meant is not clear"),
            ),
        }
    }
}

/// Looks up codes of one table.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) table: &'a Table,
    /// Where the equation is written: codes of rows are looked for below it first.
    pub(crate) at: Option<Place>,
    /// Are rows named by their ordinals although they have codes, too: «3. Tổng số (3=1+2)» beside
    /// code 06?
    pub(crate) by_ordinal: bool,
}

impl<'a> Resolver<'a> {
    /// For an equation that is written at no row or column.
    pub(crate) fn of(table: &'a Table) -> Resolver<'a> {
        Resolver {
            table,
            at: None,
            by_ordinal: false,
        }
    }

    /// The place a symbol names; without a word before it, one of the kind `which`.
    pub(crate) fn place(&self, symbol: &Symbol, which: Which) -> Result<Place, Unresolved> {
        if symbol.label {
            return self.label(&symbol.text, which);
        }
        match symbol.which.unwrap_or(which) {
            // `(a+b)` over columns that are headed a and b.
            Which::Column => self
                .column(&symbol.text)
                .map(Place::Column)
                .or_else(|why| self.label(&symbol.text, which).map_err(|_| why)),
            Which::Row => self.row(&symbol.text).map(Place::Row).or_else(|why| {
                let called = numbered(&symbol.text).ok_or(why.clone())?;
                self.column(called).map(Place::Column).map_err(|_| why)
            }),
        }
    }

    /// The column of a printed number.
    pub(crate) fn column(&self, code: &str) -> Result<usize, Unresolved> {
        let with = |test: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let columns = self.table.columns.iter().enumerate();
            let with = columns.filter(|(_, column)| {
                let own = column.code.as_ref();
                own.is_some_and(|(own, _)| test(own))
            });
            with.map(|(index, _)| index).collect()
        };
        // Beside columns of words A, B there may be those of figures a, b.
        let exact = with(&|own| own.trim_matches(['(', ')', ' ']) == code);
        let same = with(&|own| same_code(own, code));
        match (exact.is_empty(), same.is_empty(), numbered(code)) {
            (false, ..) => one(exact, code),
            // «C1 = C2 + C3»
            (true, true, Some(number)) => {
                let called = with(&|own| same_code(own, number));
                one(called, code)
            }
            _ => one(same, code),
        }
    }

    /// The row of a printed code, else of an ordinal.
    pub(crate) fn row(&self, code: &str) -> Result<usize, Unresolved> {
        let rows = &self.table.rows;
        let with = |test: &dyn Fn(&Row) -> bool| -> Vec<usize> {
            let rows = rows.iter().enumerate().filter(|(_, row)| test(row));
            rows.map(|(index, _)| index).collect()
        };
        let coded = with(&|row| row.code.as_deref().is_some_and(|own| same_code(own, code)));
        if !coded.is_empty() && !self.by_ordinal {
            return one(coded, code);
        }
        let exact = with(&|row| row.ordinal.as_deref() == Some(code));
        let found = match exact.is_empty() {
            true => with(&|row| {
                row.ordinal
                    .as_deref()
                    .is_some_and(|own| same_code(own, code))
            }),
            false => exact,
        };
        let subtotals =
            with(&|row| words::subtotal_of(&row.label.text).is_some_and(|of| same_code(&of, code)));
        match found.as_slice() {
            // The figures of I are in the row «Cộng I», if there is one.
            [_] if subtotals.len() == 1 => Ok(subtotals[0]),
            [] => self.nested(code),
            [one] => Ok(*one),
            several => self
                .nearest(several)
                .ok_or_else(|| Unresolved::Ambiguous(code.to_owned())),
        }
    }

    /// `I.2`: the row numbered 2 under the row numbered I.
    fn nested(&self, code: &str) -> Result<usize, Unresolved> {
        let unknown = || Unresolved::Unknown(code.to_owned());
        let (outer, inner) = code.rsplit_once('.').ok_or_else(unknown)?;
        let outer = self.row(outer)?;
        let below = self.below(outer);
        let rows = &self.table.rows;
        let with = below.filter(|row| rows[*row].ordinal.as_deref() == Some(inner));
        one(with.collect(), code)
    }

    /// Of several rows with one ordinal, that under the row where the equation is written, or the
    /// one beside it.
    fn nearest(&self, several: &[usize]) -> Option<usize> {
        let Some(Place::Row(at)) = self.at else {
            return None;
        };
        let inside: Vec<usize> = self.below(at).filter(|row| several.contains(row)).collect();
        if let [one] = inside.as_slice() {
            return Some(*one);
        }
        // Of several below, those one level deeper are meant.
        let least = inside
            .iter()
            .filter_map(|row| self.table.rows[*row].level)
            .min();
        let outer: Vec<usize> = inside
            .iter()
            .copied()
            .filter(|row| self.table.rows[*row].level == least)
            .collect();
        if let [one] = outer.as_slice() {
            return Some(*one);
        }
        if !inside.is_empty() {
            return None;
        }
        let parent = self.parent(at)?;
        let beside: Vec<usize> = self
            .below(parent)
            .filter(|row| several.contains(row))
            .collect();
        match beside.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The rows under a row in the outline.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let rows = &self.table.rows;
        let level = rows[at].level.unwrap_or(0);
        let end = (at + 1..rows.len()).find(|row| rows[*row].level.is_some_and(|own| own <= level));
        at + 1..end.unwrap_or(rows.len())
    }

    fn parent(&self, at: usize) -> Option<usize> {
        let rows = &self.table.rows;
        let level = rows[at].level?;
        (0..at)
            .rev()
            .find(|row| rows[*row].level.is_some_and(|own| own < level))
    }

    /// The row of a code of letters, which reads like a word: «NNP = SXN + LNP».
    fn lettered(&self, word: &str) -> Option<usize> {
        let rows = self.table.rows.iter();
        let is = |row: &Row| row.code.as_deref().is_some_and(|own| same_code(own, word));
        one(
            rows.enumerate()
                .filter(|(_, row)| is(row))
                .map(|(at, _)| at)
                .collect(),
            word,
        )
        .ok()
    }

    /// The column or row of a label, if one has it.
    fn label(&self, text: &str, which: Which) -> Result<Place, Unresolved> {
        if let Some(row) = self.lettered(text) {
            return Ok(Place::Row(row));
        }
        let key = label_key(text);
        let is = |label: &str| label_key(without_equation(label)) == key || label_key(label) == key;
        let columns = self.table.columns.iter().enumerate();
        let columns = columns.filter(|(_, column)| {
            // «Cho vay trong tháng» is «Trong tháng» under «Cho vay».
            let path: Vec<&str> = column.path.iter().map(|part| part.text.as_str()).collect();
            column.role == Role::Value && (is(column.own()) || is(&path.join(" ")))
        });
        let columns: Vec<Place> = columns.map(|(index, _)| Place::Column(index)).collect();
        let rows = self.table.rows.iter().enumerate();
        let rows = rows.filter(|(_, row)| is(&row.label.text));
        let rows: Vec<Place> = rows.map(|(index, _)| Place::Row(index)).collect();
        match (columns.is_empty(), rows.is_empty(), which) {
            (true, true, _) => Err(Unresolved::Unknown(text.to_owned())),
            (false, true, _) | (false, false, Which::Column) => one(columns, text),
            (true, false, _) | (false, false, Which::Row) => one(rows, text),
        }
    }
}

/// The number of «c1», as columns are called for short.
fn numbered(code: &str) -> Option<&str> {
    let number = code.strip_prefix(['c', 'C'])?;
    let whole = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    whole.then_some(number)
}

fn one<T>(mut found: Vec<T>, code: &str) -> Result<T, Unresolved> {
    match (found.len(), found.pop()) {
        (1, Some(found)) => Ok(found),
        (0, _) | (_, None) => Err(Unresolved::Unknown(code.to_owned())),
        _ => Err(Unresolved::Ambiguous(code.to_owned())),
    }
}

/// Equal, or equal as numbers: a cell of numbers loses the 0 of `01`.
pub(crate) fn same_code(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        text.trim()
            .trim_matches(['(', ')', '.', ' '])
            .to_lowercase()
    };
    let (one, other) = (plain(one), plain(other));
    let number = |text: &str| text.parse::<u32>().ok();
    one == other || number(&one).is_some() && number(&one) == number(&other)
}
