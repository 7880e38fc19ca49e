//! The office of a campaign that was made and not filled in yet.

use std::ffi::OsStr;
use std::path::Path;

use super::campaign::Campaign;
use crate::model::Message;
use crate::sheet_form::words::campaign::CAMPAIGN_LINES;

/// The office and the place of signing, as they are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Where it signs.
    pub place: String,
}

impl Default for Office {
    /// What a new campaign says until somebody writes the right one.
    fn default() -> Self {
        Office {
            name: "Tên cơ quan ra báo cáo".to_owned(),
            place: "Nơi ký".to_owned(),
        }
    }
}

impl Campaign {
    /// The file that says what the campaign is, and of its office what nobody has filled in yet: it
    /// would be printed on templates, returned copies, appendices and reports.
    pub fn not_filled_in(&self) -> (String, Vec<Message>) {
        let file = self.folder.join(&*self.written_in).display().to_string();
        let Office { name, place } = Office::default();
        let keys = [
            ("office", &self.file.office, name),
            ("place", &self.file.place, place),
        ];
        let left = keys.into_iter().filter(|(_, is, left)| *is == left);
        let is_book = Path::new(&file).extension() == Some(OsStr::new("xlsx"));
        let told = left.map(|(key, _, text)| {
            // As the file calls it.
            let mut lines = CAMPAIGN_LINES.iter();
            let key = match lines.find(|line| line.path == key) {
                Some(line) if is_book => format!("«{}»", line.heading),
                _ => key.to_owned(),
            };
            Message::new(
                format!(
                    "{key}: còn là chữ mẫu «{text}», sẽ in trên mẫu gửi đơn vị, bản trả về, phụ lục, báo cáo; hãy ghi của cơ quan mình"
                ),
                format!(
                    "{key}: still the placeholder «{text}», which is printed on templates, returned copies, appendices and reports; write your own"
                ),
            )
        });
        (file, told.collect())
    }
}
