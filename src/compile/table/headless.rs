//! Lists without a header: «1 | Số nhân khẩu», «2 | Trong đó: nữ». What they ask for is read by people,
//! but no column has a name, and the first row is none.

use crate::compile::page::Page;
use crate::model::CellAddress;

/// Rows that such a list has at least.
const FEWEST: usize = 3;

/// Is a row one of a numbered list: a number, with the next or the one before in the row below or
/// above, beside words in both?
pub(super) fn is_item(page: &Page<'_>, row: u32) -> bool {
    let Some((column, number)) = numbered(page, row) else {
        return false;
    };
    let beside = |other: Option<u32>, wanted: Option<u32>| {
        other.is_some_and(|other| {
            numbered(page, other)
                .is_some_and(|at| Some(at) == wanted.map(|number| (column, number)))
        })
    };
    beside(row.checked_add(1), number.checked_add(1))
        || beside(row.checked_sub(1), number.checked_sub(1))
}

/// Where the lists of a sheet begin; each has some rows at least.
pub(crate) fn lists(page: &Page<'_>) -> Vec<CellAddress> {
    let mut lists = Vec::new();
    let mut open: Option<(CellAddress, usize)> = None;
    for row in 0..=page.last_row() + 1 {
        let item = numbered(page, row).filter(|_| is_item(page, row));
        open = match (item, open) {
            (Some(_), Some((first, rows))) => Some((first, rows + 1)),
            (Some((column, 1)), None) => Some((CellAddress::new(row, column), 1)),
            (_, Some((first, rows))) => {
                lists.extend((rows >= FEWEST).then_some(first));
                None
            }
            (_, None) => None,
        };
    }
    lists
}

/// The number that a row begins with, if words are behind it, and its column.
fn numbered(page: &Page<'_>, row: u32) -> Option<(u32, u32)> {
    let mut cells = page.row(row);
    let (column, text) = cells.next()?;
    let number = text.trim().trim_end_matches(['.', ')']).parse().ok()?;
    let words = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let (_, label) = cells.next()?;
    words(label).then_some((column, number))
}
