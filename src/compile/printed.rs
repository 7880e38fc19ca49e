//! The rows and columns of a compiled table by what is printed at them, for rules that people write
//! beside the form.

use super::said::resolve::{Resolver, Unresolved};
use super::table::{Role, Table};

/// What is printed at a row or column.
#[derive(Debug, Clone)]
pub struct PrintedName {
    /// Its id in the form file.
    pub id: String,
    /// Numbers and codes printed at it.
    pub codes: Vec<String>,
    /// Its own label, then that with what spans it.
    pub labels: Vec<String>,
}

/// The printed names of a compiled form.
#[derive(Debug, Clone)]
pub struct Printed {
    table: Table,
}

impl Printed {
    pub(super) fn of(table: &Table) -> Printed {
        Printed {
            table: table.clone(),
        }
    }

    /// Columns that are the form's, left to right.
    pub fn columns(&self) -> Vec<PrintedName> {
        let free = self.table.is_free();
        let columns = self.table.columns.iter();
        let columns = columns
            .filter(|column| column.role == Role::Value || free && column.role == Role::Label);
        let named = columns.map(|column| {
            let path: Vec<&str> = column.path.iter().map(|part| part.text.as_str()).collect();
            PrintedName {
                id: column.id.clone(),
                codes: column.code.iter().map(|(code, _)| code.clone()).collect(),
                labels: vec![column.own().to_owned(), path.join(" › ")],
            }
        });
        named.collect()
    }

    /// Fixed rows, top to bottom.
    pub fn rows(&self) -> Vec<PrintedName> {
        let rows = self.table.rows.iter().map(|row| PrintedName {
            id: row.id.clone(),
            codes: row.code.iter().chain(&row.ordinal).cloned().collect(),
            labels: vec![row.label.text.clone()],
        });
        rows.collect()
    }

    /// The column of a printed number, found as annotations of the form itself are.
    pub fn column(&self, code: &str) -> Option<&str> {
        let found = self.resolver().column(code).ok()?;
        Some(&self.table.columns.get(found)?.id)
    }

    /// The row of a printed code or ordinal, found as annotations of the form itself are.
    pub fn row(&self, code: &str) -> Option<&str> {
        let found: Result<usize, Unresolved> = self.resolver().row(code);
        Some(&self.table.rows.get(found.ok()?)?.id)
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver::of(&self.table)
    }
}
