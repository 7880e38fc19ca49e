//! Checks `made_of`: a period put together from closed ones.

use std::sync::Arc;

use super::placed::at;
use crate::campaign::error::ToolError;
use crate::model::{Message, PartLength};
use crate::rules::compose::without_course;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;
use crate::schema::source::Source;

/// Refuses a period that is not made of such parts, forms that do not say how their figures go on
/// in time, and control totals, which are compared with what units file.
///
/// # Errors
/// The first of these, at its place in `campaign.toml`.
pub(super) fn check(
    source: &Source<'_>,
    file: &CampaignFile,
    forms: &[Arc<Form>],
) -> Result<(), ToolError> {
    let Some(made_of) = &file.made_of else {
        return Ok(());
    };
    if file.period.parts(*made_of.get_ref()).is_none() {
        let period = file.period.to_string();
        let message = Message::new(
            format!(
                "kỳ {period} không gồm nhiều tháng (\"months\") hay quý (\"quarters\") trọn vẹn; made_of chỉ dùng cho quý, 6 tháng, 9 tháng, năm, hoặc khoảng ngày gồm các tháng trọn vẹn"
            ),
            format!(
                "the period {period} is not made of several whole months (\"months\") or quarters (\"quarters\"); made_of is for a quarter, half, nine months, a year, or days that are whole months"
            ),
        );
        return Err(at(source, made_of, message).into());
    }
    for (asked, form) in file.forms.iter().zip(forms) {
        let columns = without_course(form);
        if columns.is_empty() {
            continue;
        }
        let (id, columns) = (form.id(), columns.join(", "));
        let (part, en) = match made_of.get_ref() {
            PartLength::Months => ("tháng", "month"),
            PartLength::Quarters => ("quý", "quarter"),
        };
        let message = Message::new(
            format!(
                "biểu `{id}` chưa nói cả kỳ có gì từ số của các {part} ở cột: {columns}; trong tệp biểu mẫu hãy ghi cho từng cột over_time = \"sum\" (cộng các {part}), \"first\" (số của {part} đầu, như đầu kỳ) hoặc \"last\" (số của {part} cuối, như cuối kỳ, lũy kế)"
            ),
            format!(
                "form `{id}` does not say what the whole period has of the {en}s' figures in columns {columns}; in the form file give each over_time = \"sum\" (added up), \"first\" (of the first {en}, such as an opening stock) or \"last\" (of the last {en}, such as a closing stock or a year to date)"
            ),
        );
        return Err(at(source, &asked.id, message).into());
    }
    if !file.controls.is_empty() {
        let message = Message::new(
            "đợt cộng từ các kỳ đã chốt không đối chiếu số kiểm soát; hãy để [[control]] ở đợt của từng kỳ",
            "a campaign put together from closed periods compares no control totals; keep [[control]] in the campaigns of these periods",
        );
        return Err(at(source, made_of, message).into());
    }
    Ok(())
}
