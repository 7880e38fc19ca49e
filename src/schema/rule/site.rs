//! Where rules are evaluated.

use std::collections::BTreeSet;

/// Where a rule is evaluated. Rows and columns of the form file, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Site {
    /// On a fixed row: names of columns are its cells.
    Row(usize),
    /// On each row the unit adds.
    FreeRow,
    /// On the total row.
    Total,
    /// On a column: names of rows are its cells.
    Column(usize),
    /// Once for the form.
    Once,
}

/// Where a rule is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleScope {
    /// On every row, and on the total row where it holds for sums of rows: it names columns.
    EachRow,
    /// On every value column: it names rows.
    EachColumn,
    /// Once: it names cells, folds or other forms only.
    Once,
    /// At this place only.
    At(Site),
}

/// Which places of its scope a rule is evaluated at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Rows of the form file (of a rule over columns) or columns (of a rule over rows), from 0;
    /// all if `None`.
    pub only: Option<BTreeSet<usize>>,
    /// Is it evaluated on the total row? If `None`, where it holds for sums of rows.
    pub total: Option<bool>,
}

impl Places {
    /// Is the site among them? Whether a rule is evaluated on the total row is for
    /// `Form::asks_total` to say.
    pub fn has(&self, site: Site) -> bool {
        let (Some(only), Site::Row(at) | Site::Column(at)) = (&self.only, site) else {
            return true;
        };
        only.contains(&at)
    }
}
