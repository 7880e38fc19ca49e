//! What a workbook is that is marked.

/// What the workbook is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    /// A submission of a unit.
    #[default]
    Submission,
    /// A form that its owner wrote.
    Form,
}
