//! OLE compound files: the container of `.xls`. Chains of sectors are followed no longer than the
//! file has sectors, so none is endless, and a stream is never larger than the file.

use super::FileProblem;
use super::bytes::{Bytes, utf16};

/// Marks no sector: the end of a chain and everything else that is no number of one.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// No entry in the directory.
const NO_ENTRY: u32 = 0xFFFF_FFFF;
const HEADER: usize = 512;
const DIRECTORY_ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Streams shorter than this are kept in the mini stream.
const MINI_STREAM_BELOW: u64 = 4096;

/// An opened compound file.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector_size: usize,
    /// What comes after each sector.
    next: Vec<u32>,
    mini_next: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    is_stream: bool,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

impl<'a> Compound<'a> {
    /// Reads the header and the directory of a compound file.
    ///
    /// # Errors
    /// The bytes are no compound file, or a damaged one.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FileProblem> {
        let mut header = Bytes(bytes);
        header.take(30)?;
        let sector_size = match header.u16()? {
            9 => 512,
            12 => 4096,
            _ => return Err(FileProblem::broken("no sector size")),
        };
        header.take(16)?;
        let directory = header.u32()?;
        header.take(8)?;
        let mini_table = header.u32()?;
        header.take(4)?;
        let mut more = header.u32()?;
        header.take(4)?;
        let mut file = Self {
            bytes,
            sector_size,
            next: Vec::new(),
            mini_next: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        let mut tables = numbers(header.take(HEADER - 76)?);
        // The list of tables goes on in sectors of its own, the last number of each being the next.
        for _ in 0..file.sectors() {
            let Some(sector) = file.sector(more) else {
                break;
            };
            tables.extend(numbers(sector));
            more = tables.pop().unwrap_or(NO_SECTOR);
        }
        // A table may be listed twice only by mistake or malice.
        tables.truncate(file.sectors());
        for table in tables {
            if let Some(sector) = file.sector(table) {
                let continued = numbers(sector);
                file.next.extend(continued);
            }
        }
        let directory = file.chain(directory, u64::MAX);
        file.entries = directory
            .chunks_exact(DIRECTORY_ENTRY)
            .map(entry)
            .collect::<Result<_, _>>()?;
        file.mini_next = numbers(&file.chain(mini_table, u64::MAX));
        if let Some(root) = file.entries.first() {
            file.mini_stream = file.chain(root.start, root.size);
        }
        Ok(file)
    }

    /// The content of the stream of the first of `names` that exists. Streams of embedded objects,
    /// which may be workbooks too, are in storages of their own and are not meant.
    pub(super) fn stream(&self, names: &[&str]) -> Option<Vec<u8>> {
        let top = self.top_entries();
        let entry = names.iter().find_map(|name| {
            top.iter()
                .find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name))
        })?;
        Some(if entry.size < MINI_STREAM_BELOW {
            self.mini_chain(entry.start, entry.size)
        } else {
            self.chain(entry.start, entry.size)
        })
    }

    /// Is there a stream or a storage of that name at the top?
    pub(super) fn has(&self, name: &str) -> bool {
        self.top_entries()
            .iter()
            .any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The entries directly under the root, by the tree they form.
    fn top_entries(&self) -> Vec<&Entry> {
        let mut seen = vec![false; self.entries.len()];
        let mut found = Vec::new();
        let mut waiting: Vec<u32> = self
            .entries
            .first()
            .map(|root| root.child)
            .into_iter()
            .collect();
        while let Some(id) = waiting.pop() {
            let Some(at) = index(id).filter(|_| id != NO_ENTRY) else {
                continue;
            };
            let (Some(entry), Some(seen)) = (self.entries.get(at), seen.get_mut(at)) else {
                continue;
            };
            if !std::mem::replace(seen, true) {
                found.push(entry);
                waiting.extend([entry.left, entry.right]);
            }
        }
        found
    }

    /// How many sectors the file has, the last perhaps cut short.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector_size + 1
    }

    /// The bytes of a sector; the header takes the place of one.
    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let id = index(id).filter(|_| id < NO_SECTOR)?;
        let start = id.checked_add(1)?.checked_mul(self.sector_size)?;
        let end = start.saturating_add(self.sector_size).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// At most `size` bytes of the chain that begins at `start`; what a damaged chain lacks is
    /// for the reader of the stream to miss.
    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        let sector = |id| self.sector(id);
        collect(start, size, self.sectors(), &self.next, sector)
    }

    fn mini_chain(&self, start: u32, size: u64) -> Vec<u8> {
        let sectors = self.mini_stream.len() / MINI_SECTOR + 1;
        let sector = |id| self.mini_stream.chunks(MINI_SECTOR).nth(index(id)?);
        collect(start, size, sectors, &self.mini_next, sector)
    }
}

fn collect<'s>(
    start: u32,
    size: u64,
    most: usize,
    next: &[u32],
    sector: impl Fn(u32) -> Option<&'s [u8]>,
) -> Vec<u8> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut stream = Vec::new();
    let mut id = start;
    for _ in 0..most {
        if stream.len() >= size {
            break;
        }
        let Some(bytes) = sector(id) else { break };
        stream.extend_from_slice(bytes);
        match index(id).and_then(|at| next.get(at)) {
            Some(following) => id = *following,
            None => break,
        }
    }
    stream.truncate(size);
    stream
}

fn entry(bytes: &[u8]) -> Result<Entry, FileProblem> {
    let mut bytes = Bytes(bytes);
    let name = bytes.take(64)?;
    let length = usize::from(bytes.u16()?).saturating_sub(2).min(name.len());
    let kind = bytes.u8()?;
    bytes.take(1)?;
    let (left, right, child) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
    bytes.take(36)?;
    let start = bytes.u32()?;
    // The upper half may hold anything in files with small sectors.
    let size = u64::from(bytes.u32()?);
    Ok(Entry {
        name: utf16(&name[..length]),
        is_stream: kind == 2,
        left,
        right,
        child,
        start,
        size,
    })
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect()
}

fn index(id: u32) -> Option<usize> {
    usize::try_from(id).ok()
}
