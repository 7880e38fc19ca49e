//! The Excel text of a percentage: one for a template's cells, its total row, the master workbook and
//! the appendices.

use super::needs::or_waits;
use crate::schema::percentage::Percentage;

/// The formula of a cell that shows a percentage, given its operands as text; nothing where one of
/// the conditions `waits` holds, or the denominator is 0.
pub(super) fn formula(of: &Percentage<'_>, (n, d): (&str, &str), waits: Vec<String>) -> String {
    let text = format!(
        "IF({d}=0,\"\",{}(100*{n}/{d},{}))",
        of.rounding().function(),
        of.decimals()
    );
    format!("={}", or_waits(waits, "\"\"", text))
}
