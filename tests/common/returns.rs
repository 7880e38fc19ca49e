//! Returned copies, written to a folder.

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::campaign::{Run, returned_copies};
use tonghop::schema::campaign::CampaignFile;
use tonghop::workbook::Limits;

/// Writes a copy of every submission with findings; none may fail.
pub fn write(run: &Run, campaign: Option<&CampaignFile>, to: &Path) -> Vec<PathBuf> {
    let mut written = Vec::new();
    returned_copies(run, campaign, &Limits::default(), &mut |copy| {
        let path = to.join(&copy.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, copy.bytes.unwrap()).unwrap();
        written.push(path);
        Ok(())
    })
    .unwrap();
    written
}
