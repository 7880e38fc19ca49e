//! What several test files need: the sample campaigns, copied where they may be changed.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

pub mod package;
pub mod peers;
pub mod returns;

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::campaign::{Campaign, Run, consolidate};
use tonghop::workbook::Limits;

/// The sample campaigns.
pub const CAMPAIGNS: [&str; 2] = ["vinh-long-2025-09", "vpubnd-2025-07"];

/// A sample folder.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(name)
}

/// Consolidates a campaign folder.
pub fn run(folder: &Path) -> Run {
    let campaign = Campaign::load(folder).unwrap_or_else(|error| panic!("{error}"));
    consolidate(&campaign, &Limits::default(), &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

/// Copies a campaign without its results; `keep` chooses among the files of the inbox.
pub fn copy(name: &str, to: &Path, keep: impl Fn(&Path) -> bool) {
    let from = sample(name);
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap();
        let below = entry.path().strip_prefix(&from).unwrap();
        let wanted = !below.starts_with("inbox") || keep(below);
        if entry.file_type().is_file() && !below.starts_with("out") && wanted {
            let target = to.join(below);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
