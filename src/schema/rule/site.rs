//! Where rules are evaluated.

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
