//! Good files of every format, cut at their boundaries and changed at random places.

use std::fs;
use std::path::Path;

use super::Made;

/// Changes of each sample.
const CHANGES: usize = 24;

pub fn files() -> Vec<Made> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    let mut samples: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    samples.sort();
    let mut files = Vec::new();
    for path in samples {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(&path).unwrap();
        for at in boundaries(&bytes) {
            files.push((format!("cut-{at}-{name}"), bytes[..at].to_vec()));
        }
        let mut state = 0x2025_0930_u64;
        for round in 0..CHANGES {
            let changed = change(&bytes, round, &mut state);
            files.push((format!("changed-{round}-{name}"), changed));
        }
    }
    files
}

/// Where one thing ends and the next begins: parts of a zip, sectors, tags, lines.
fn boundaries(bytes: &[u8]) -> Vec<usize> {
    let found: Vec<usize> = if bytes.starts_with(b"PK") {
        let starts = |at: &usize| bytes[*at..].starts_with(b"PK");
        (1..bytes.len()).filter(starts).collect()
    } else if bytes.starts_with(&[0xD0, 0xCF]) {
        (512..bytes.len()).step_by(512).collect()
    } else {
        let ends = |at: &usize| matches!(bytes[*at - 1], b'>' | b'\n');
        (1..bytes.len()).filter(ends).collect()
    };
    assert!(!found.is_empty());
    found
}

/// A few bytes changed; the same in every run.
fn change(bytes: &[u8], round: usize, state: &mut u64) -> Vec<u8> {
    let mut next = |below: usize| {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap() % below
    };
    let mut changed = bytes.to_vec();
    for _ in 0..=round % 12 {
        let at = next(changed.len());
        changed[at] = u8::try_from(next(256)).unwrap();
    }
    changed
}
