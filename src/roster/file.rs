//! A roster read from its file.

use std::path::Path;

use super::faults::{Faults, RosterError};
use super::units::Roster;
use crate::model::Message;
use crate::model::why::Why;

impl Roster {
    /// Reads a roster file; see [`Roster::parse`].
    ///
    /// # Errors
    /// The file cannot be read, or is wrong as for [`Roster::parse`].
    pub fn load(path: &Path) -> Result<Self, RosterError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::parse(&bytes, &name),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }
}

/// The error for a file that cannot even be read.
fn unreadable(file: &str, error: &std::io::Error) -> RosterError {
    let Message { vi, en } = error.why();
    let mut faults = Faults::new(file);
    faults.add(
        None,
        None,
        format!("không đọc được danh sách đơn vị ({vi}); kiểm tra lại đường dẫn"),
        format!("cannot read the roster ({en}); check the path"),
    );
    faults.into()
}
