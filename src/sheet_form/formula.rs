//! Cells in which a formula stands: what it says is known, its value not always.

use crate::model::Message;
use crate::workbook::{Cell, Content};

/// Why nobody knows what a cell holds; `None` if its value is known. A formula that was never
/// calculated has no value in the file, and an error is none.
pub fn without_value(cell: &Cell) -> Option<Message> {
    let formula = cell.formula.as_deref().filter(|text| !text.is_empty());
    match (&cell.content, formula) {
        (Content::Uncached, Some(formula)) => Some(Message::new(
            format!(
                "ô này là công thức ={formula} mà tệp không lưu giá trị của nó; mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị"
            ),
            format!(
                "the cell is a formula, ={formula}, whose value the file does not hold; open and save it in Excel, or type the value"
            ),
        )),
        (Content::Error(error), Some(formula)) => Some(Message::new(
            format!(
                "ô này là công thức ={formula} đang báo lỗi {error}, không có giá trị; sửa công thức, hoặc gõ thẳng giá trị"
            ),
            format!(
                "the cell is a formula, ={formula}, that shows {error} and has no value; mend it, or type the value"
            ),
        )),
        (Content::Error(error), None) => Some(Message::new(
            format!("ô báo lỗi {error}; gõ lại nội dung"),
            format!("the cell shows {error}; type it again"),
        )),
        _ => None,
    }
}

/// A message about a value that a formula gives, with the formula.
pub(super) fn computed(message: Message, formula: Option<&str>) -> Message {
    let Some(formula) = formula else {
        return message;
    };
    let Message { vi, en } = message;
    Message::new(
        format!("{vi} (giá trị này do công thức ={formula} trong ô tính ra)"),
        format!("{en} (the value is that of the formula ={formula} in the cell)"),
    )
}
