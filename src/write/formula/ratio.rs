//! The Excel text of a percentage or another ratio: one for a template's cells, its total row, the
//! master workbook and the appendices.

use super::needs::or_waits;
use crate::schema::ratio::RatioCell;

/// The formula of a cell that shows a ratio, given its operands as text; nothing where one of
/// the conditions `waits` holds, or the denominator is 0.
pub(super) fn formula(of: &RatioCell<'_>, (n, d): (&str, &str), waits: Vec<String>) -> String {
    let text = format!(
        "IF({d}=0,\"\",{}({},{}))",
        of.rounding().function(),
        of.quotient((n, d), ""),
        of.decimals()
    );
    format!("={}", or_waits(waits, "\"\"", text))
}
