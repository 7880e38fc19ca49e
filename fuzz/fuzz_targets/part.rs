//! One part of a workbook replaced: behind the checksums and the compression that would otherwise
//! refuse almost every change. The first byte chooses the workbook, the second its part.
#![no_main]

use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const BOOKS: [&[u8]; 3] = [
    include_bytes!("../../tests/data/formats/mau.xlsx"),
    include_bytes!("../../tests/data/formats/mau.ods"),
    include_bytes!("../../samples/vinh-long-2025-09/inbox/dot-1/28870-xa-cho-lach-2025-09.xlsx"),
];

type Parts = Vec<(String, Vec<u8>)>;

fn books() -> &'static [Parts] {
    static PARTS: OnceLock<Vec<Parts>> = OnceLock::new();
    PARTS.get_or_init(|| BOOKS.iter().map(|book| parts(book)).collect())
}

fn parts(book: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let part = |at| {
        let mut part = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    (0..ZipArchive::new(Cursor::new(book)).unwrap().len()).map(part).collect()
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [book, part, content @ ..] = bytes else {
        return;
    };
    let book = &books()[usize::from(*book) % BOOKS.len()];
    let replaced = usize::from(*part) % book.len();
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, own)) in book.iter().enumerate() {
        zip.start_file(name, stored).unwrap();
        zip.write_all(if at == replaced { content } else { own }).unwrap();
    }
    tonghop_fuzz::read(&zip.finish().unwrap().into_inner());
});
