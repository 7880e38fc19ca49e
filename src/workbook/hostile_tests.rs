//! Damaged files of every format: whatever is said of them, it is said soon and without a panic.

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

/// Reading a damaged file of a few kilobytes may not take longer (in a debug build).
const SOON: Duration = Duration::from_secs(2);

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    let mut samples: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    samples.push(("mau.xlsb".to_owned(), xlsb::tests::sample()));
    samples
}

/// Reads past the door that catches panics, so that one is seen here.
fn read(name: &str, bytes: &[u8]) -> Result<Workbook, FileProblem> {
    let started = Instant::now();
    let read = open::dispatch(sniff(name, bytes), bytes, &Limits::default());
    assert!(started.elapsed() < SOON, "{name}");
    read
}

#[test]
fn files_cut_anywhere() {
    for (name, bytes) in samples() {
        for end in (0..bytes.len()).step_by(bytes.len() / 400 + 1) {
            let read = read(&name, &bytes[..end]);
            // What has an end can be seen to lack it; a page and plain text have none.
            if !matches!(
                sniff(&name, &bytes),
                Format::Html | Format::Csv | Format::Xls
            ) {
                assert!(read.is_err(), "{name} cut at {end}");
            }
        }
    }
}

#[test]
fn bytes_changed_anywhere() {
    // A generator of its own: the same changes in every run.
    let mut state = 0x2025_0930_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for (name, bytes) in samples() {
        let whole = read(&name, &bytes);
        assert!(whole.is_ok(), "{name}");
        let mut other = 0;
        for round in 0..600 {
            let mut changed = bytes.clone();
            for _ in 0..=round % 8 {
                let place = next(changed.len());
                changed[place] = match next(4) {
                    0 => 0,
                    1 => 0xFF,
                    2 => changed[place] ^ (1 << next(8)),
                    _ => u8::try_from(next(256)).unwrap(),
                };
            }
            other += usize::from(read(&name, &changed) != whole);
        }
        assert!(other > 0, "{name}: no change of its bytes is seen");
    }
}

/// Changes inside the parts of archives, where checksums would otherwise catch them first.
#[test]
fn parts_changed_anywhere() {
    let mut state = 7_usize;
    let mut packages = samples();
    packages.retain(|(_, bytes)| bytes.starts_with(b"PK"));
    assert!(packages.len() >= 3, "xlsx, xlsb and ods are packages");
    for (name, bytes) in packages {
        let damaged = (0..300).map(|round| rezipped(&bytes, &mut state, round));
        let refused = damaged.filter(|bytes| read(&name, bytes).is_err()).count();
        assert!((1..300).contains(&refused), "{name}: {refused} of 300");
    }
}

fn rezipped(bytes: &[u8], state: &mut usize, round: usize) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if at % 3 == round % 3 && !content.is_empty() && name != "mimetype" {
            *state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let place = (*state >> 8) % content.len();
            content[place] = content[place].wrapping_add(u8::try_from(round % 255).unwrap() + 1);
            if round.is_multiple_of(10) {
                content.truncate(place);
            }
        }
        changed.start_file(name, stored).unwrap();
        changed.write_all(&content).unwrap();
    }
    changed.finish().unwrap().into_inner()
}
