//! Compound files (`.xls`): chains that do not end, sizes that are not so.

use super::Made;

const SECTOR: usize = 512;

fn sample() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats/mau.xls");
    std::fs::read(path).unwrap()
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn set(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// The file position of a sector.
fn position(sector: u32) -> usize {
    (usize::try_from(sector).unwrap() + 1) * SECTOR
}

pub fn files() -> Vec<Made> {
    let sample = sample();
    let table = position(number(&sample, 76));
    let directory = number(&sample, 48);
    let mut files = Vec::new();
    let mut add = |name: String, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = sample.clone();
        change(&mut bytes);
        files.push((format!("{name}.xls"), bytes));
    };
    // Every chain of sectors comes back to its start, to the table, to itself.
    add("chains-to-first".into(), &|bytes| {
        for entry in 0..SECTOR / 4 {
            set(bytes, table + 4 * entry, 0);
        }
    });
    add("chains-to-self".into(), &|bytes| {
        for entry in 0..128_u32 {
            set(bytes, table + 4 * usize::try_from(entry).unwrap(), entry);
        }
    });
    add("chains-back".into(), &|bytes| {
        for entry in 1..128_u32 {
            set(
                bytes,
                table + 4 * usize::try_from(entry).unwrap(),
                entry - 1,
            );
        }
    });
    add("directory-to-self".into(), &|bytes| {
        set(
            bytes,
            table + 4 * usize::try_from(directory).unwrap(),
            directory,
        );
    });
    // Fields of the header: sector sizes, counts and starts of tables.
    for (field, at) in [
        ("shift", 30),
        ("mini-shift", 32),
        ("tables", 44),
        ("directory", 48),
        ("cutoff", 56),
        ("mini-start", 60),
        ("mini-count", 64),
        ("more-start", 68),
        ("more-count", 72),
        ("first-table", 76),
    ] {
        for (value, word) in [
            (0, "zero"),
            (u32::MAX, "full"),
            (0x7FFF_FFFF, "huge"),
            (1, "one"),
        ] {
            add(format!("header-{field}-{word}"), &|bytes| {
                set(bytes, at, value)
            });
        }
    }
    // Directory entries: left, right and child that are the entry itself, sizes beyond the file.
    let entries = position(directory);
    for entry in 0..4 {
        let at = entries + 128 * entry;
        add(format!("entry-{entry}-loop"), &|bytes| {
            for link in [68, 72, 76] {
                set(bytes, at + link, u32::try_from(entry).unwrap());
            }
        });
        add(format!("entry-{entry}-size"), &|bytes| {
            set(bytes, at + 120, u32::MAX);
            set(bytes, at + 124, u32::MAX);
        });
        add(format!("entry-{entry}-start"), &|bytes| {
            set(bytes, at + 116, 0xFFFF_FFF0)
        });
    }
    files.extend(bare());
    files
}

/// Records without a container: dimensions, rows, texts and continuations that lie.
fn bare() -> Vec<Made> {
    let record = |kind: u16, content: &[u8]| -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
    };
    let start = record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let file = |name: &str, middle: Vec<u8>| -> Made {
        (
            format!("bare-{name}.xls"),
            [start.clone(), middle, end.clone()].concat(),
        )
    };
    vec![
        file(
            "dimensions",
            record(
                0x0200,
                &[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0],
            ),
        ),
        file(
            "row-far",
            record(
                0x0203,
                &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F],
            ),
        ),
        file(
            "many-ranks",
            record(0x00BD, &[0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        file("texts", record(0x00FC, &[0xFF; 8])),
        file(
            "text-long",
            record(
                0x00FC,
                &[
                    1, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0x0D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                    0xFF,
                ],
            ),
        ),
        file("continued", record(0x003C, &[0; 100]).repeat(20_000)),
        file("starts", start.repeat(50_000)),
        file("length", vec![0x03, 0x02, 0xFF, 0xFF, 1, 2, 3]),
        file("merges", record(0x00E5, &[0xFF; 100])),
    ]
}
