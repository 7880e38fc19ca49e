//! The office's own workbook in which units are sent a form.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::model::Message;
use crate::schema::Form;

/// Path of the office's own workbook that a form is sent in, if it has one.
pub fn own_workbook(form: &Form) -> Option<PathBuf> {
    let name = form.file.template.as_ref()?;
    let folder = Path::new(&form.source).parent();
    Some(folder.unwrap_or(Path::new("")).join(name))
}

/// Why a form cannot be sent in the workbook it names, and where its text does; nothing where the
/// workbook is there.
pub(super) fn missing(form: &Form, text: &str) -> Option<(Option<Range<usize>>, Message)> {
    let path = own_workbook(form).filter(|path| !path.is_file())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).display();
    let message = Message::new(
        format!(
            "không thấy tệp gửi đơn vị {}: chép tệp {name} vào thư mục {folder}, hoặc bỏ dòng `template` để chương trình tự vẽ mẫu",
            path.display()
        ),
        format!(
            "the workbook that units are sent, {}, is missing: copy {name} into {folder}, or remove `template`",
            path.display()
        ),
    );
    Some((named_at(text), message))
}

/// Where a form's text names the workbook.
fn named_at(text: &str) -> Option<Range<usize>> {
    const KEY: &str = "template";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix(KEY);
        if rest.is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return Some(at..at + KEY.len());
        }
        at += line.len();
    }
    None
}
