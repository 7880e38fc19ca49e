//! Writes errors that the office accepts into the campaign's file, where every command sees them.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::campaign::{Campaign, ToolError, add_accepted};
use crate::history::flush;
use crate::model::campaign_files::TEXT;
use crate::model::{Message, write_failure};
use crate::schema::campaign::Accept;

#[derive(Serialize)]
struct Entries<'a> {
    accept: &'a [Accept],
}

/// Adds an `[[accept]]` for each to the end of the file of the campaign in `folder`; the rest of it stays as it
/// is, and what would not load is not written. Where the campaign is a workbook, they go into a list
/// beside it.
///
/// # Errors
/// The file cannot be read or written.
pub fn accept(folder: &Path, accepts: &[Accept]) -> Result<(), ToolError> {
    let path = folder.join(TEXT);
    if !path.is_file() {
        return add_accepted(folder, accepts);
    }
    let before = fs::read_to_string(&path).map_err(ToolError::io(&path))?;
    let after = format!("{}\n\n{}", before.trim_end(), entries(accepts)?);
    Campaign::load_as(folder, &after)?;
    flush::replace(&path, after.as_bytes())
        .map_err(|error| ToolError::Other(write_failure(&path, &error)))
}

fn entries(accept: &[Accept]) -> Result<String, ToolError> {
    toml::to_string(&Entries { accept }).map_err(|error| {
        ToolError::Other(Message::new(
            format!("không ghi được lỗi được chấp nhận ({error})"),
            format!("the accepted error cannot be written ({error})"),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_reason_says_is_read_back_as_it_was() {
        #[derive(serde::Deserialize)]
        struct Read {
            accept: Vec<Accept>,
        }
        let accept = Accept {
            unit: "H01.2".into(),
            rule: "nu <= so_nguoi".into(),
            form: Some("lop".into()),
            cell: Some("C5".into()),
            reason: "hai dòng\n[[accept]]\n\"\"\" \\ = '''".into(),
            by: "an".into(),
            on: chrono::NaiveDate::from_ymd_opt(2025, 10, 6).unwrap(),
        };
        let read: Read = toml::from_str(&entries(std::slice::from_ref(&accept)).unwrap()).unwrap();
        assert_eq!(read.accept.len(), 1);
        assert_eq!(read.accept[0].reason, accept.reason);
        assert_eq!(read.accept[0].on, accept.on);
    }
}
