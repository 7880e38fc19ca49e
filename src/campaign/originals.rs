//! The bytes of received files as they were judged, kept for the copies that go back.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// Bytes that are kept in memory before a temporary file takes the rest.
const IN_MEMORY: usize = 256_000_000;

/// Bytes of files by the name of their submission.
#[derive(Debug, Default)]
pub struct Originals {
    kept: BTreeMap<Arc<str>, Kept>,
    in_memory: usize,
    /// A temporary file without a name, which disappears with this process.
    overflow: Option<File>,
}

#[derive(Debug)]
enum Kept {
    Memory(Vec<u8>),
    /// Place and length in the overflow file.
    Overflow(u64, usize),
}

impl Originals {
    /// Keeps the bytes of a submission.
    ///
    /// # Errors
    /// If the temporary file that takes what is too much for memory cannot be written.
    pub(super) fn keep(&mut self, name: Arc<str>, bytes: Vec<u8>) -> io::Result<()> {
        let kept = match self.in_memory.saturating_add(bytes.len()) <= IN_MEMORY {
            true => {
                self.in_memory += bytes.len();
                Kept::Memory(bytes)
            }
            false => self.put_away(&bytes)?,
        };
        self.kept.insert(name, kept);
        Ok(())
    }

    fn put_away(&mut self, bytes: &[u8]) -> io::Result<Kept> {
        let mut file = match self.overflow.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(bytes)?;
        self.overflow = Some(file);
        Ok(Kept::Overflow(at, bytes.len()))
    }

    /// The bytes of a submission; `None` if they were not kept.
    ///
    /// # Errors
    /// If the temporary file cannot be read.
    pub fn get(&self, name: &str) -> io::Result<Option<Cow<'_, [u8]>>> {
        match (self.kept.get(name), &self.overflow) {
            (Some(Kept::Memory(bytes)), _) => Ok(Some(Cow::Borrowed(bytes))),
            (Some(Kept::Overflow(at, length)), Some(file)) => {
                let mut file = file;
                let mut bytes = vec![0; *length];
                file.seek(SeekFrom::Start(*at))?;
                file.read_exact(&mut bytes)?;
                Ok(Some(Cow::Owned(bytes)))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_for_memory_comes_back_from_the_temporary_file() {
        let mut originals = Originals {
            in_memory: IN_MEMORY - 3,
            ..Originals::default()
        };
        originals.keep("a".into(), b"abc".to_vec()).unwrap();
        originals.keep("b".into(), b"defg".to_vec()).unwrap();
        originals.keep("c".into(), b"hi".to_vec()).unwrap();
        assert!(matches!(originals.kept["a"], Kept::Memory(_)));
        assert!(matches!(originals.kept["c"], Kept::Overflow(4, 2)));
        let get = |name: &str| originals.get(name).unwrap().map(Cow::into_owned);
        assert_eq!(get("a").unwrap(), b"abc");
        assert_eq!(get("b").unwrap(), b"defg");
        assert_eq!(get("c").unwrap(), b"hi");
        assert_eq!(get("d"), None);
    }
}
