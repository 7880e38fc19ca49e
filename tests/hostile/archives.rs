//! Archives of files, and lies in the directory of a zip.

use super::Made;
use super::office::zip_of;

pub fn files() -> Vec<Made> {
    let zip = |name: &str, bytes: Vec<u8>| (format!("{name}.zip"), bytes);
    let empty: &[u8] = b"";
    let many: Vec<String> = (0..3_000).map(|i| format!("{i}.xlsx")).collect();
    let spaces = vec![b' '; 30_000_000];
    let bombs = [
        "a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx", "f.xlsx", "g.xlsx",
    ];
    let inner = zip_of([("trong.zip", zip_of([("a.xlsx", empty)]).as_slice())]);
    let plain = zip_of([
        ("a.xlsx", b"x,y\n1,2".as_slice()),
        ("b.xlsx", b"z".as_slice()),
    ]);
    let central = plain.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let last = plain.windows(4).position(|w| w == b"PK\x05\x06").unwrap();
    let changed = |changes: &[(usize, u8)]| {
        let mut bytes = plain.clone();
        for (at, value) in changes {
            bytes[*at] = *value;
        }
        bytes
    };
    vec![
        zip(
            "files-many",
            zip_of(many.iter().map(|name| (name.as_str(), empty))),
        ),
        zip("bombs", zip_of(bombs.map(|name| (name, spaces.as_slice())))),
        zip("nested", zip_of([("ngoai.zip", inner.as_slice())])),
        zip(
            "ways-out",
            zip_of([
                ("../../../../tmp/thoat.xlsx", empty),
                ("/etc/thoat.xlsx", empty),
                ("C:\\thoat.xlsx", empty),
                ("\\\\192.0.2.1\\x\\thoat.xlsx", empty),
            ]),
        ),
        zip(
            "names-odd",
            zip_of([
                ("\u{1b}[2J\u{202E}xslx.exe", b"a,b".as_slice()),
                ("=cmd|' /c calc'!A1.csv", b"a,b".as_slice()),
                ("CON.xlsx", b"a,b".as_slice()),
                (&"n".repeat(60_000), b"a,b".as_slice()),
            ]),
        ),
        zip(
            "entries-lie",
            changed(&[
                (last + 8, 0xFF),
                (last + 9, 0xFF),
                (last + 10, 0xFF),
                (last + 11, 0xFF),
            ]),
        ),
        zip(
            "directory-elsewhere",
            changed(&[(last + 16, 0xFF), (last + 17, 0xFF), (last + 18, 0xFF)]),
        ),
        zip(
            "size-lies",
            changed(&[
                (central + 24, 0xFF),
                (central + 25, 0xFF),
                (central + 26, 0xFF),
                (central + 27, 0x7F),
            ]),
        ),
        zip(
            "packed-size-lies",
            changed(&[(central + 20, 0xFF), (central + 21, 0xFF)]),
        ),
        zip("method-unknown", changed(&[(8, 99), (central + 10, 99)])),
        zip("encrypted", changed(&[(6, 1), (central + 8, 1)])),
        zip("header-elsewhere", changed(&[(central + 42, 0xFF)])),
        zip("checksum", changed(&[(central + 16, 0xAA)])),
        zip(
            "nothing",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
        ),
        zip(
            "comment-lies",
            [&plain[..last + 20], &[0xFF, 0xFF]].concat(),
        ),
        ("rar.rar".into(), b"Rar!\x1a\x07\x01\0rest".to_vec()),
        ("seven.7z".into(), b"7z\xBC\xAF\x27\x1Crest".to_vec()),
        ("nothing.xlsx".into(), Vec::new()),
        ("zeros.xlsx".into(), vec![0; 1_000_000]),
    ]
}
