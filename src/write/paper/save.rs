//! Files written whole or not at all.

use std::io::Write;
use std::path::Path;

use super::error::WriteError;
use crate::history::flush;
use crate::model::write_failure;

/// Writes a file whole or not at all: into a file beside it, then renamed.
///
/// # Errors
/// The file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = |error: std::io::Error| WriteError {
        message: write_failure(path, &error),
    };
    let mut file = flush::beside(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
