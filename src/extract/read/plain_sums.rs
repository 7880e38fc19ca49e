//! Sums under a name that says no more than that («Cộng», «Tổng cộng») among the rows of a list.

use super::context::ReadContext;
use super::subtotals;
use crate::extract::sum_names::is_of_all;
use crate::extract::table::{TableCell, TableRow};

/// Such a sum.
pub(super) struct PlainSum {
    /// Its row of the sheet, from 0.
    pub(super) row: u32,
    /// The row of the one before it.
    pub(super) behind: Option<u32>,
    /// Does it stand right below another? Then it adds up the groups above both.
    pub(super) of_all: bool,
    pub(super) cells: Vec<TableCell>,
}

impl PlainSum {
    /// The rows it adds up: those above it since the last sum, or all above it, where its figures or
    /// its name say so; those of the sum right above it, `before`, where it repeats that on the next
    /// page. `named`: sums of other groups, each with its row of the sheet.
    pub(super) fn addends(
        &self,
        context: &ReadContext<'_>,
        rows: &[TableRow],
        named: &[(u32, Vec<TableCell>)],
        before: Vec<TableRow>,
    ) -> Vec<TableRow> {
        let above = named.iter().map(|(line, _)| *line);
        let above = above.filter(|line| *line < self.row);
        let behind = above.chain(self.behind).max().filter(|_| !self.of_all);
        let group = rows_between(rows, behind, self.row);
        let all = || rows_between(rows, None, self.row);
        let agrees = |rows: &[TableRow]| subtotals::agrees(context, &self.cells, rows);
        match group.as_slice() {
            [] => all(),
            group if agrees(group) => group.to_vec(),
            _ if self.of_all && agrees(&before) => before,
            _ if self.is_named_of_all(context) || agrees(&all()) => all(),
            _ => group,
        }
    }

    fn is_named_of_all(&self, context: &ReadContext<'_>) -> bool {
        let header = &context.located.header;
        let key = context
            .form
            .key_column()
            .and_then(|key| header.columns[key]);
        let mut columns = header.ordinal.into_iter().chain(key);
        columns.any(|column| {
            let text = context.texts.effective(self.row, column);
            text.is_some_and(is_of_all)
        })
    }
}

/// The rows of a table between two rows of its sheet (from 0), neither included.
fn rows_between(rows: &[TableRow], behind: Option<u32>, before: u32) -> Vec<TableRow> {
    let line = |row: &TableRow| row.cells.iter().find_map(|cell| cell.address);
    let between = |row: &&TableRow| {
        line(row).is_some_and(|at| at.row < before && behind.is_none_or(|behind| at.row > behind))
    };
    rows.iter().filter(between).cloned().collect()
}
