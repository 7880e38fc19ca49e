//! How much of a file is read at most. A workbook of a few kilobytes can unpack to gigabytes, and
//! one bad file must not stop the run of two thousand.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::problem::{FileProblem, TooLarge};

/// The most that is read of one file. The defaults are some hundred times what a commune sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file: 50 MB.
    pub file_bytes: u64,
    /// What one part of a zipped workbook unpacks to: 100 MB. Reading shared strings takes about
    /// three times this in memory.
    pub part_bytes: u64,
    /// What all parts together unpack to: 200 MB.
    pub unpacked_bytes: u64,
    /// Cells that hold something, in all sheets together: 1,000,000.
    pub cells: usize,
    /// Sheets: 100.
    pub sheets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50_000_000,
            part_bytes: 100_000_000,
            unpacked_bytes: 200_000_000,
            cells: 1_000_000,
            sheets: 100,
        }
    }
}

impl Limits {
    /// Unpacks every part and counts, because the sizes an archive declares may lie. Nothing is
    /// kept; a damaged part is found here too, by its checksum.
    pub(crate) fn check_parts<R: Read + Seek>(
        &self,
        archive: &mut ZipArchive<R>,
    ) -> Result<(), FileProblem> {
        let mut total = 0;
        for at in 0..archive.len() {
            let part = archive.by_index(at)?;
            let left = self.unpacked_bytes.saturating_sub(total);
            let most = self.part_bytes.min(left);
            let mut counted = part.take(most.saturating_add(1));
            let size =
                std::io::copy(&mut counted, &mut std::io::sink()).map_err(FileProblem::broken)?;
            if size > most {
                let limit = if size > left {
                    self.unpacked_bytes
                } else {
                    self.part_bytes
                };
                return Err(FileProblem::TooLarge(TooLarge::Unpacked(limit)));
            }
            total += size;
        }
        Ok(())
    }
}
