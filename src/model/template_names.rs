//! Names that templates carry and readers look for: sheets that are no form's, and the defined
//! names of cells. Written by `write`, read back by `extract`; written down only here.
//!
//! The scheme of defined names, all of them workbook-scoped:
//!
//! | name | what it refers to |
//! |---|---|
//! | `th_<form>__<row>__<column>` | a cell of a fixed row |
//! | `thcot_<form>__<column>` | the rows of a column of a free-row table |
//! | `thtong_<form>__<column>` | a cell of the total row |
//! | `thkt_<form>` | the results of the live checks |
//!
//! Ids hold `a-z`, `0-9` and `_` only, so every name is valid in Excel, and the underscore behind
//! the prefix keeps it from looking like a cell address, as `tc01` alone would.

/// How the headings of columns begin in which a template repeats last period's figures beside its
/// table.
pub const REPEATED: &str = "Kỳ trước đã báo cáo";

/// The very hidden sheet that says whose workbook it is.
pub const IDENTITY_SHEET: &str = "_tonghop";
/// The very hidden sheet of last period's rows, for tables the unit adds rows to.
pub const PREVIOUS_SHEET: &str = "_kytruoc";
/// The sheet that says how to fill the workbook.
pub const GUIDE_SHEET: &str = "Hướng dẫn";
/// The sheet in which a unit explains unusual figures.
pub const EXPLANATION_SHEET: &str = "Giải trình";

/// Headers of its table: which sheet, which cell, what it says, why.
pub const EXPLANATION_HEADERS: [&str; 4] = ["Trang", "Ô", "Số liệu", "Lý do"];

/// Is this one of the template's own sheets, which hold no form?
pub fn is_own_sheet(name: &str) -> bool {
    [
        IDENTITY_SHEET,
        PREVIOUS_SHEET,
        GUIDE_SHEET,
        EXPLANATION_SHEET,
    ]
    .contains(&name)
}

/// Name of a cell of a fixed row.
pub fn cell(form: &str, row: &str, column: &str) -> String {
    format!("th_{form}__{row}__{column}")
}

/// Name of the rows of a column of a free-row table.
pub fn column(form: &str, column: &str) -> String {
    format!("thcot_{form}__{column}")
}

/// Name of a cell of the total row.
pub fn total(form: &str, column: &str) -> String {
    format!("thtong_{form}__{column}")
}

/// Name of the results of a form's live checks.
pub fn checks(form: &str) -> String {
    format!("thkt_{form}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_looks_like_a_cell_address() {
        for name in [
            cell("kh02", "tc01", "ket_qua"),
            column("a1", "b2"),
            total("a1", "b2"),
            checks("r1c1"),
        ] {
            assert!(name.starts_with("th") && name.contains('_'), "{name}");
            assert!(name.len() <= 255);
        }
    }

    #[test]
    fn the_sheets_of_the_tool_are_known() {
        assert!(is_own_sheet(GUIDE_SHEET) && !is_own_sheet("II.06a"));
    }
}
