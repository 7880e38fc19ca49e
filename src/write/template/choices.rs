//! Choices of a cell that do not fit into Excel's own list: it holds 255 characters and takes a
//! comma for the end of a choice. Such lists are on the very hidden identity sheet, one a column,
//! right of what readers need.

use crate::model::template_names::IDENTITY_SHEET;
use crate::model::{CellAddress, address::column_letters};
use crate::schema::FieldType;
use crate::write::formula::layout::TemplateLayout;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::{SheetWriter, sheet_reference};
use crate::write::paper::style;

/// First column of the lists.
const FIRST: u32 = 5;
/// Excel's limit for a list within a cell's own rule, in UTF-16 units.
const ROOM: usize = 255;

/// Can Excel hold these choices in the cell's own rule?
fn fit(choices: &[String]) -> bool {
    let whole = |choice: &String| !choice.contains([',', '"']);
    choices.iter().all(whole) && choices.join(",").encode_utf16().count() <= ROOM
}

/// The lists of a template that do not fit, each once, in the order of its forms.
fn lists(layout: &TemplateLayout) -> Vec<&[String]> {
    let mut lists: Vec<&[String]> = Vec::new();
    for place in &layout.sheets {
        let form = &place.form;
        for row in 0..form.file.rows.len().max(1) {
            for column in 0..form.file.columns.len() {
                let field = form.field(Some(row), column);
                let Some(field) = field.filter(|field| field.kind == FieldType::Choice) else {
                    continue;
                };
                if !fit(&field.choices) && !lists.contains(&&*field.choices) {
                    lists.push(&field.choices);
                }
            }
        }
    }
    lists
}

/// The place of choices that Excel cannot hold in the cell's own rule.
pub(super) fn range(layout: &TemplateLayout, choices: &[String]) -> Option<String> {
    if fit(choices) {
        return None;
    }
    let number = lists(layout).iter().position(|list| *list == choices)?;
    let column = column_letters(FIRST + count(number));
    let sheet = sheet_reference(IDENTITY_SHEET);
    Some(format!("={sheet}!${column}$1:${column}${}", choices.len()))
}

/// Writes the lists.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    layout: &TemplateLayout,
) -> Result<(), WriteError> {
    for (column, list) in (FIRST..).zip(lists(layout)) {
        for (row, choice) in (0..).zip(list) {
            sheet.text(CellAddress::new(row, column), choice, &style::base())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_would_cut_a_choice_in_two() {
        let list = |choices: &[&str]| choices.iter().map(|&c| c.to_owned()).collect::<Vec<_>>();
        assert!(fit(&list(&["Đạt", "Chưa đạt"])));
        assert!(!fit(&list(&["Đang làm, chưa xong", "Xong"])));
        assert!(!fit(&list(&["Gọi là \"tốt\"", "Khác"])));
        assert!(!fit(&vec!["Chưa đạt tiêu chí này".to_owned(); 12]));
    }
}
