//! Page numbers from the second page on (Nghị định 30/2020/NĐ-CP, Phụ lục I): rust_xlsxwriter has
//! no setting for a different first page, so the finished package is edited.

use std::borrow::Cow;

use crate::model::Message;
use crate::package::{PackageCopy, PackageProblem};
use crate::write::paper::error::{WriteError, unforeseen};

/// The workbook with no header on the first page of its sheets; every other part byte for byte.
///
/// # Errors
/// The workbook cannot be read back or packed.
pub(super) fn without_number(workbook: &[u8]) -> Result<Vec<u8>, WriteError> {
    edit(workbook).map_err(|_| {
        let Message { vi, en } = unforeseen();
        WriteError::new(
            format!("không tạo được bảng tính: {vi}"),
            format!("the workbook cannot be built: {en}"),
        )
    })
}

fn edit(workbook: &[u8]) -> Result<Vec<u8>, PackageProblem> {
    let mut copy = PackageCopy::of(workbook, u64::MAX)?;
    let parts = copy.parts().map(Cow::into_owned);
    let sheets: Vec<String> = parts
        .filter(|name| name.starts_with("xl/worksheets/sheet"))
        .collect();
    for name in sheets {
        let text = copy.needed(&name)?;
        // A first header that is not there is an empty one.
        let text = text.replace("<headerFooter>", "<headerFooter differentFirst=\"1\">");
        copy.set(&name, text);
    }
    copy.finish()
}
