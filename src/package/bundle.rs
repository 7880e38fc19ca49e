//! Files bundled into one archive.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::problem::PackageProblem;

/// An archive of files under their names; the same files give the same bytes.
///
/// # Errors
/// Two files have one name, or it would be too large for the format.
pub(crate) fn bundle(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, PackageProblem> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes).map_err(PackageProblem::broken)?;
    }
    Ok(writer.finish()?.into_inner())
}
