use super::*;
use crate::model::CellAddress;
use crate::workbook::{Content, Sheet, TooLarge, Visibility, workbook_from_bytes};

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A bare stream of one sheet: the globals, then the cells.
fn stream(version: u16, globals: &[Vec<u8>], name: &[u8], sheet: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind| record(0x0809, &words(&[version, kind, 0, 0]));
    let end = record(0x000A, &[]);
    let listed = |place: usize| {
        let place = u32::try_from(place).unwrap().to_le_bytes();
        record(0x0085, &[&place[..], &[1, 0], name].concat())
    };
    let before = [begin(5), globals.concat()].concat();
    let place = before.len() + listed(0).len() + end.len();
    [
        before,
        listed(place),
        end.clone(),
        begin(16),
        sheet.concat(),
        end,
    ]
    .concat()
}

fn biff8(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    stream(0x0600, globals, b"\x04\0BM01", sheet)
}

fn open(bytes: &[u8]) -> Result<Workbook, FileProblem> {
    workbook_from_bytes("bao-cao.xls", bytes, &Limits::default())
}

fn shown<'a>(sheet: &'a Sheet, address: &str) -> &'a Content {
    &sheet.cell(at(address)).unwrap().content
}

/// A cell: row, column and format, then what is in it.
fn cell(kind: u16, row: u16, column: u16, rest: &[u8]) -> Vec<u8> {
    record(kind, &[&words(&[row, column, 0])[..], rest].concat())
}

#[test]
fn workbooks_of_excel_5_are_read() {
    let font = record(0x0031, &[&[0; 14][..], b"\x07.VnTime"].concat());
    let globals = [
        record(0x0042, &words(&[1258])),
        font,
        record(0x00E0, &words(&[0, 10, 0, 0, 0, 0, 0, 0])),
    ];
    let label = cell(0x0204, 0, 0, b"\x08\0M\xFD\xF2 \xD0 (a)");
    let rich = cell(0x00D6, 0, 1, b"\x02\0ab\x01\0\0");
    let number = cell(0x0203, 1, 0, &0.5_f64.to_le_bytes());
    let bytes = stream(0x0500, &globals, b"\x04BM01", &[label, rich, number]);
    let workbook = open(&bytes).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(
        (&*sheet.name, sheet.visibility),
        ("BM01", Visibility::Hidden)
    );
    assert_eq!(sheet.text_at(at("A1")), Some("Mư\u{323} Đ (a"));
    assert_eq!(sheet.text_at(at("B1")), Some("ab"));
    let half = sheet.cell(at("A2")).unwrap();
    assert_eq!(half.content, Content::Number(0.5));
    let style = half.style.as_ref().unwrap();
    assert!(style.shown(1.0).percent);
    assert_eq!(style.font.as_deref(), Some(".VnTime"));
}

#[test]
fn texts_go_on_in_the_next_record() {
    // "Xã" in two bytes each, torn after the first; "Hộ" begins in one byte and goes on in two.
    let strings = [
        record(
            0x00FC,
            &[&[2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 1][..], b"X\0"].concat(),
        ),
        record(
            0x003C,
            &[&[1, 0xE3, 0][..], &[2, 0, 8, 1, 0], b"H"].concat(),
        ),
        record(0x003C, &[1, 0xD9, 0x1E, 0, 0]),
        record(
            0x003C,
            &[&[0, 0][..], &[1, 0, 4, 2, 0, 0, 0], b"z"].concat(),
        ),
        record(0x003C, &[0xAA, 0xBB]),
    ];
    let sheet = [0, 1, 2].map(|at: u16| cell(0x00FD, 0, at, &u32::from(at).to_le_bytes()));
    let workbook = open(&biff8(&strings, &sheet)).unwrap();
    let texts: Vec<_> = workbook.sheets[0]
        .cells
        .values()
        .map(|cell| cell.text().unwrap())
        .collect();
    assert_eq!(texts, ["Xã", "Hộ", "z"]);
}

#[test]
fn numbers_and_results_of_every_kind() {
    let result =
        |column, result: [u8; 8]| cell(0x0006, 0, column, &[&result[..], &[0; 8]].concat());
    let special = |kind, value| [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
    let rk = |number: u32| (number << 2 | 2).to_le_bytes();
    let many = [
        &words(&[1, 0, 0])[..],
        &rk(7),
        &words(&[0]),
        &rk(8),
        &words(&[1]),
    ]
    .concat();
    let sheet = [
        result(0, 6518_f64.to_le_bytes()),
        result(1, special(0, 0)),
        record(0x0207, b"\x01\0\0x"),
        result(2, special(0, 0)), // whose text never comes
        result(3, special(1, 1)),
        result(4, special(2, 0x17)),
        result(5, special(3, 0)),
        record(0x00BD, &many),
        cell(0x0205, 2, 0, &[0x2A, 1]),
        cell(0x0205, 2, 1, &[0, 0]),
        record(0x00E5, &words(&[2, 3, 4, 0, 1, 5, 5, 0, 0])),
        record(0x007D, &words(&[2, 3, 0, 0, 1])),
        record(0x0208, &words(&[2, 0, 0, 0, 0, 0, 0x20, 0])),
    ];
    let workbook = open(&biff8(&[], &sheet)).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(*shown(sheet, "A1"), Content::Number(6518.0));
    assert_eq!(*shown(sheet, "B1"), Content::Text("x".into()));
    assert_eq!(*shown(sheet, "C1"), Content::Uncached);
    assert_eq!(*shown(sheet, "D1"), Content::Bool(true));
    assert_eq!(*shown(sheet, "E1"), Content::Error("#REF!".into()));
    assert_eq!(*shown(sheet, "F1"), Content::EmptyText);
    assert_eq!(*shown(sheet, "A2"), Content::Number(7.0));
    assert_eq!(*shown(sheet, "B2"), Content::Number(8.0));
    assert_eq!(*shown(sheet, "A3"), Content::Error("#N/A".into()));
    assert_eq!(*shown(sheet, "B3"), Content::Bool(false));
    assert_eq!(sheet.merges.len(), 1, "a single cell is no merge");
    assert!(sheet.is_hidden(at("C1")) && sheet.is_hidden(at("A3")) && !sheet.is_hidden(at("E1")));
}

#[test]
fn passwords_old_versions_and_lies_are_told() {
    let locked = biff8(&[record(0x002F, &words(&[1, 1, 1]))], &[]);
    assert_eq!(open(&locked), Err(FileProblem::Encrypted));
    assert!(matches!(
        open(&[9, 4, 6, 0, 0, 0, 16, 0, 0, 0]),
        Err(FileProblem::Broken(_))
    ));
    // A count of strings that would take sixty gigabytes, and one string.
    let lie = record(0x00FC, &[&[0xFF; 8][..], &[1, 0, 0, b'x']].concat());
    let workbook = open(&biff8(&[lie], &[cell(0x00FD, 0, 0, &[0; 4])])).unwrap();
    assert_eq!(workbook.sheets[0].text_at(at("A1")), Some("x"));
    let missing = biff8(&[], &[cell(0x00FD, 0, 0, &[0; 4])]);
    assert!(matches!(open(&missing), Err(FileProblem::Broken(_))));
    let far = biff8(&[], &[cell(0x0203, 0, 0xFFFF, &[0; 8])]);
    assert!(matches!(open(&far), Err(FileProblem::BeyondGrid(_))));
    let limits = Limits {
        cells: 1,
        ..Limits::default()
    };
    let two = biff8(&[], &[0, 1].map(|at: u16| cell(0x0203, 0, at, &[0; 8])));
    let problem = workbook_from_bytes("x.xls", &two, &limits).unwrap_err();
    assert_eq!(problem, FileProblem::TooLarge(TooLarge::Cells(1)));
}

/// A workbook of Excel's in its container, and changes of it whose chains of sectors do not end.
fn endless() -> (Vec<u8>, Vec<Vec<u8>>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats/mau.xls");
    let whole = std::fs::read(path).unwrap();
    let with = |place: usize, number: u32| {
        let mut changed = whole.clone();
        changed[place..place + 4].copy_from_slice(&number.to_le_bytes());
        changed
    };
    let mut changed = Vec::new();
    // Every number in the table of sectors, made to lead to each of the first sectors.
    let table = 512 + 512 * usize::from(whole[76]);
    for entry in 0..16 {
        changed.extend((0..16).map(|target| with(table + 4 * entry, target)));
    }
    // The list of tables and the directory lead to themselves.
    for place in [48, 60, 68] {
        changed.extend((0..16).map(|target| with(place, target)));
    }
    let name: Vec<u8> = "Workbook"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut windows = whole.windows(name.len());
    let entry = windows.position(|window| window == name).unwrap();
    changed.push(with(entry + 120, u32::MAX));
    (whole, changed)
}

/// The test below, in a process that may take a minute and 2 GB: a chain followed without end
/// fails it instead of keeping it going.
#[cfg(unix)]
#[test]
fn chains_without_end_come_to_an_end() {
    let own = "workbook::xls::tests::chains_without_end_are_read_no_further_than_the_file";
    let limited = "ulimit -t 60 && ulimit -v 2000000 && exec \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", limited, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([own, "--exact", "--include-ignored", "--test-threads=1"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{}: {told}",
        output.status
    );
}

#[test]
#[cfg_attr(unix, ignore = "may not end; run within limits by the test above")]
fn chains_without_end_are_read_no_further_than_the_file() {
    let (whole, changed) = endless();
    let right = read(&whole, &Limits::default()).unwrap();
    let (mut same, mut broken, mut unseen) = (0, 0, 0);
    for bytes in &changed {
        if let Ok(file) = Compound::open(bytes) {
            let stream = file.stream(&["Workbook", "Book"]).unwrap_or_default();
            assert!(stream.len() <= bytes.len() + 512, "{}", stream.len());
        }
        // Not through the door that catches panics, so that one is seen here.
        match read(bytes, &Limits::default()) {
            // The stamp of saving has a chain of its own; what is lost of it changes no figure.
            Ok(workbook) if workbook.sheets == right.sheets => same += 1,
            // A workbook without a sheet to see is refused further on.
            Ok(workbook) => {
                let seen = |sheet: &Sheet| sheet.visibility == Visibility::Visible;
                assert!(!workbook.sheets.iter().any(seen), "read, but not rightly");
                unseen += 1;
            }
            Err(FileProblem::Broken(_)) => broken += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(same > 0 && broken > 0, "{same} {broken}");
    assert_eq!(same + broken + unseen, changed.len());
}
