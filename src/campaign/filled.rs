//! Reads filled workbooks against forms that no campaign has yet.

use std::path::Path;
use std::sync::Arc;

use super::error::ToolError;
use super::reading::{Against, Reading, inbox, receive_all};
use crate::judge::receive::Received;
use crate::model::Message;
use crate::schema::Form;
use crate::workbook::Limits;

/// Reads every workbook of a folder and of the folders and archives in it, in the order of their
/// names. Files are read in this process, because those of its own know only the forms of a
/// campaign; a file that cannot be read is received as unreadable.
///
/// # Errors
/// The folder cannot be listed, or has more files than the limits allow.
pub fn read_filled(
    folder: &Path,
    forms: &[Arc<Form>],
    limits: &Limits,
) -> Result<Vec<Received>, ToolError> {
    let files = inbox::of_paths(&[folder.to_owned()])?;
    let (count, most) = (files.len(), limits.files);
    if count > most {
        let shown = folder.display();
        return Err(ToolError::Other(Message::new(
            format!(
                "{shown}: có {count} tệp, nhiều nhất {most} tệp được đọc làm căn cứ; hãy bớt tệp"
            ),
            format!("{shown}: {count} files, at most {most} are read as evidence; leave some out"),
        )));
    }
    let against = Against {
        campaign: None,
        forms,
    };
    let reading = Reading {
        keep: false,
        ..Reading::here(limits)
    };
    Ok(receive_all(&files, against, &reading, &|_, _| {})?.received)
}
