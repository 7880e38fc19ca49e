//! What can be wrong with the archive, and what the office does about it.

use std::path::{Path, PathBuf};

use super::super::HistoryError;
use crate::model::why::Why;
use crate::model::{Message, Period};

pub(super) fn damaged_manifest(file: PathBuf, detail: &serde_json::Error) -> HistoryError {
    let why = detail.why();
    HistoryError {
        file,
        line: None,
        message: Message::new(
            format!(
                "tệp hỏng ({}), nên không biết số liệu kỳ này còn nguyên không. Hãy lấy lại tệp từ bản sao lưu, hoặc chốt lại kỳ này: tonghop close ... --reopen",
                why.vi
            ),
            format!(
                "the file is damaged ({}), so nobody knows whether the period is as it was closed. Restore it, or close the period again: tonghop close ... --reopen",
                why.en
            ),
        ),
    }
}

pub(super) fn emptied(folder: PathBuf) -> HistoryError {
    HistoryError {
        file: folder,
        line: None,
        message: Message::new(
            "thư mục của kỳ không còn tệp số liệu nào. Hãy lấy lại các tệp từ bản sao lưu; hoặc xóa thư mục trống này để dùng bản .ban-N có số lớn nhất bên cạnh",
            "the period's folder has no figures left. Restore its files; or delete the empty folder to use the .ban-N beside it with the highest number",
        ),
    }
}

pub(super) fn closed_already(folder: &Path, period: Period) -> HistoryError {
    let name = period.vietnamese();
    HistoryError {
        file: folder.to_owned(),
        line: None,
        message: Message::new(
            format!(
                "kỳ {name} đã chốt rồi. Muốn chốt lại thì thêm --reopen; bản đã chốt vẫn được giữ bên cạnh"
            ),
            format!(
                "{period} is closed already. Add --reopen to close it again; what it replaces is kept"
            ),
        ),
    }
}

pub(super) fn other_period(file: &Path, found: Option<Period>, wanted: Period) -> HistoryError {
    let found = found.map_or("?".to_owned(), |period| period.to_string());
    HistoryError {
        file: file.to_owned(),
        line: None,
        message: Message::new(
            format!(
                "tệp này là số liệu kỳ {found}, không phải kỳ {wanted}; có lẽ chép nhầm thư mục"
            ),
            format!("these are figures of {found}, not of {wanted}; probably the wrong folder"),
        ),
    }
}
