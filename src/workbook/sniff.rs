//! Recognises the format of a file by its content, because names are unreliable: portals save HTML
//! as `.xls`, people rename `.docx`.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::text::decode::decode;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Format {
    /// Excel 2007 and later, with or without macros.
    Xlsx,
    /// Excel binary workbook.
    Xlsb,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// OpenDocument spreadsheet in one XML file (`.fods`).
    FlatOds,
    /// A web page with a table, mostly saved as `.xls`.
    Html,
    /// Excel 2003 XML.
    SpreadsheetMl,
    /// Text with separators.
    Csv,
    /// An Office file that needs a password.
    EncryptedOffice,
    /// A zip that is no office document: an archive of files.
    ZipOther,
    /// An archive of files that we do not open.
    Rar,
    /// An archive of files that we do not open.
    SevenZip,
    /// PDF.
    Pdf,
    /// A Word document, `.docx`, `.doc`, `.odt` or `.rtf`.
    Docx,
    /// A presentation, `.pptx` or `.ppt`.
    Slides,
    /// A photograph or a scan.
    Image,
    /// A web page with all its parts in one file, as Excel saves "Single File Web Page", `.mht`.
    WebArchive,
    /// A web page without a table: one that asks to log in, or the frame around the sheets of a
    /// workbook that were saved beside it.
    WebPage,
    /// A link to a workbook that lies elsewhere (`.gsheet`, `.url`).
    Link,
    /// A workbook of Apple's Numbers.
    Numbers,
    /// Symbolic link text of old spreadsheets, `.slk`.
    Sylk,
    /// Plain text without separators.
    Text,
    /// Nothing.
    Empty,
    /// What Excel or LibreOffice leaves beside a workbook while it is open.
    LockFile,
    /// None of these.
    Unknown,
}

impl Format {
    /// What people call it, in Vietnamese and English.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Xlsx => ("bảng tính Excel (.xlsx)", "an Excel workbook (.xlsx)"),
            Self::Xlsb => (
                "bảng tính Excel nhị phân (.xlsb)",
                "an Excel binary workbook (.xlsb)",
            ),
            Self::Xls => (
                "bảng tính Excel 97-2003 (.xls)",
                "an Excel 97-2003 workbook (.xls)",
            ),
            Self::FlatOds => (
                "bảng tính OpenDocument dạng XML (.fods)",
                "an OpenDocument spreadsheet in XML (.fods)",
            ),
            Self::Ods => (
                "bảng tính OpenDocument (.ods)",
                "an OpenDocument spreadsheet (.ods)",
            ),
            Self::Html => ("trang web có bảng (HTML)", "a web page with a table (HTML)"),
            Self::SpreadsheetMl => ("bảng tính XML 2003", "an XML 2003 spreadsheet"),
            Self::Csv => ("văn bản CSV", "CSV text"),
            Self::EncryptedOffice => ("tệp Office có mật khẩu", "an Office file with a password"),
            Self::ZipOther => ("tệp nén (zip)", "a zip archive"),
            Self::Rar => ("tệp nén RAR", "a RAR archive"),
            Self::SevenZip => ("tệp nén 7z", "a 7z archive"),
            Self::Pdf => ("tệp PDF", "a PDF"),
            Self::Docx => ("văn bản Word", "a Word document"),
            Self::Slides => ("bản trình chiếu PowerPoint", "a presentation"),
            Self::WebArchive => (
                "trang web gộp một tệp (MHTML)",
                "a single-file web page (MHTML)",
            ),
            Self::WebPage => ("trang web không có bảng nào", "a web page without a table"),
            Self::Link => ("đường liên kết, không có số liệu", "a link without figures"),
            Self::Numbers => ("bảng tính của máy Apple (Numbers)", "a Numbers document"),
            Self::Sylk => ("tệp bảng tính kiểu cũ (.slk)", "a SYLK file"),
            Self::Image => ("ảnh chụp", "a picture"),
            Self::Text => (
                "văn bản thường (không có cột)",
                "plain text without columns",
            ),
            Self::Empty => ("tệp rỗng", "empty"),
            Self::LockFile => ("tệp tạm của Excel", "a lock file"),
            Self::Unknown => ("tệp không rõ loại", "of an unknown kind"),
        }
    }
}

/// Recognises what a file is. Only lock files go by their name, which is all that marks them.
pub fn sniff(file_name: &str, bytes: &[u8]) -> Format {
    if is_lock_file(file_name) {
        return Format::LockFile;
    }
    match bytes {
        [] => Format::Empty,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => sniff_zip(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => sniff_compound(bytes),
        [b'%', b'P', b'D', b'F', b'-', ..] => Format::Pdf,
        [b'7', b'z', 0xBC, 0xAF, ..] => Format::SevenZip,
        [b'R', b'a', b'r', b'!', ..] => Format::Rar,
        [b'{', b'\\', b'r', b't', b'f', ..] => Format::Docx,
        _ if is_image(bytes) => Format::Image,
        // A bare BIFF stream: Excel 2 to 4, or 5 and 8 written without a container.
        [9, 0 | 2 | 4 | 8, ..] => Format::Xls,
        _ => sniff_text(bytes),
    }
}

/// The pictures that phones and scanners make.
fn is_image(bytes: &[u8]) -> bool {
    const STARTS: [&[u8]; 7] = [
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
        b"BM",
        b"RIFF",
    ];
    let no_bitmap = bytes.starts_with(b"BM") && bytes.get(6..10) != Some(&[0; 4]);
    let no_picture = bytes.starts_with(b"RIFF") && bytes.get(8..12) != Some(b"WEBP");
    let heif = bytes.get(4..8) == Some(b"ftyp");
    heif || (STARTS.iter().any(|start| bytes.starts_with(start)) && !no_bitmap && !no_picture)
}

/// Is this the name of the file that Excel (`~$x.xlsx`) or LibreOffice (`.~lock.x.xlsx#`) keeps
/// beside an open workbook?
pub(super) fn is_lock_file(file_name: &str) -> bool {
    file_name.starts_with("~$") || (file_name.starts_with(".~lock.") && file_name.ends_with('#'))
}

fn sniff_zip(bytes: &[u8]) -> Format {
    let names: Vec<String> = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive
            .file_names()
            .filter_map(Result::ok)
            .map(|name| name.replace('\\', "/").to_ascii_lowercase())
            .collect(),
        // The directory is at the end, so a truncated file has none; the name of its first part
        // still identifies a workbook, which the reader then reports as damaged.
        Err(_) => vec![first_part(bytes)],
    };
    let any = |wanted: &dyn Fn(&str) -> bool| names.iter().any(|name| wanted(name));
    let in_sheets = |name: &str| name.contains("worksheets/");
    // An OpenDocument file opens with its type, unpacked; one that was zipped again may not.
    let open_document = open_document_type(bytes, &names);
    if open_document.contains("opendocument.spreadsheet") {
        Format::Ods
    } else if any(&|name| {
        name.ends_with("workbook.bin")
            || (in_sheets(name)
                && name.ends_with(".bin")
                && name.starts_with("xl/worksheets/sheet"))
    }) {
        Format::Xlsb
    } else if any(&|name| {
        name.ends_with("workbook.xml") || (in_sheets(name) && name.ends_with(".xml"))
    }) {
        Format::Xlsx
    } else if any(&|name| name.starts_with("word/")) || open_document.contains("opendocument.text")
    {
        Format::Docx
    } else if any(&|name| name.starts_with("ppt/")) {
        Format::Slides
    } else if any(&|name| name.starts_with("index/") && name.ends_with(".iwa"))
        || any(&|name| name == "index.zip") && any(&|name| name.starts_with("metadata/"))
    {
        Format::Numbers
    } else if names == ["[content_types].xml"] || names == ["_rels/.rels"] {
        Format::Xlsx // truncated, and some kind of Office file: most probably what was asked for
    } else {
        Format::ZipOther
    }
}

/// The type that an OpenDocument file states, in its first part or wherever that part was put;
/// empty for other files.
fn open_document_type(bytes: &[u8], names: &[String]) -> String {
    const LONGEST_TYPE: u64 = 200;
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    if start.contains("opendocument.") || !names.iter().any(|name| name == "content.xml") {
        return start.into_owned();
    }
    let read = || -> Option<String> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut text = String::new();
        let part = archive.by_name("mimetype").ok()?;
        part.take(LONGEST_TYPE).read_to_string(&mut text).ok()?;
        Some(text)
    };
    read().unwrap_or_default()
}

/// The name in the first local header of a zip file.
fn first_part(bytes: &[u8]) -> String {
    let length = bytes.get(26..28).map_or(0, |field| {
        usize::from(field[0]) + 256 * usize::from(field[1])
    });
    let name = bytes.get(30..30 + length).unwrap_or_default();
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

/// Distinguishes OLE containers by the streams they list. Directory entries are 128 bytes long and
/// begin at multiples of that, so they are found without following chains that may be endless.
fn sniff_compound(bytes: &[u8]) -> Format {
    // Names are compared without case, as the format demands.
    let lists = |name: &str| {
        let encoded: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = encoded.len() + 2; // with the closing zero
        bytes.chunks_exact(128).skip(4).any(|entry| {
            entry[..encoded.len()].eq_ignore_ascii_case(&encoded)
                && usize::from(entry[64]) + 256 * usize::from(entry[65]) == length
                && matches!(entry[66], 1 | 2)
        })
    };
    if lists("EncryptedPackage") {
        Format::EncryptedOffice
    } else if lists("Workbook") || lists("Book") {
        Format::Xls
    } else if lists("WordDocument") {
        Format::Docx
    } else if lists("PowerPoint Document") {
        Format::Slides
    } else if is_cut_short(bytes) {
        // Without its directory nothing says what it was; the reader reports it as damaged.
        Format::Xls
    } else {
        Format::Unknown
    }
}

/// Does the directory of an OLE container lie beyond its end?
fn is_cut_short(bytes: &[u8]) -> bool {
    let directory = || {
        let shift = u32::from(*bytes.get(30)?);
        let sector = u32::from_le_bytes(bytes.get(48..52)?.try_into().ok()?);
        let start = (u64::from(sector) + 1).checked_shl(shift.min(32))?;
        Some(start >= u64::try_from(bytes.len()).ok()?)
    };
    directory() == Some(true)
}

fn sniff_text(bytes: &[u8]) -> Format {
    const ENOUGH: usize = 65_536;
    let text = decode(&bytes[..bytes.len().min(ENOUGH)]);
    // Bytes of old 8-bit encodings pass: what matters here is ASCII.
    let is_binary = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    if text.contains(is_binary) {
        return Format::Unknown;
    }
    let lower = text.trim_start().to_ascii_lowercase();
    if lower.starts_with('<') {
        const OF_A_PAGE: [&str; 6] = ["<table", "<body", "<meta", "<head", "<style", "<tr"];
        let has = |tag: &str| lower.contains(tag);
        let whole = bytes.len() <= ENOUGH;
        return if whole && (has("<html") || has("<!doctype html")) && !has("<table") && !has("<tr")
        {
            Format::WebPage
        } else if has("<html") || has("<!doctype html") {
            Format::Html
        } else if has("<office:document") && has("opendocument.spreadsheet") {
            Format::FlatOds
        } else if has("urn:schemas-microsoft-com:office:spreadsheet") {
            Format::SpreadsheetMl
        } else if OF_A_PAGE.into_iter().any(has) {
            Format::Html
        } else {
            Format::Unknown
        };
    }
    let of_mail = [
        "mime-version:",
        "content-type: multipart/",
        "from: <saved by",
    ];
    if of_mail.into_iter().any(|start| lower.starts_with(start)) {
        return Format::WebArchive;
    }
    let is_link = lower.starts_with('{') && lower.contains("\"url\"") && lower.contains("http");
    if is_link || lower.starts_with("[internetshortcut]") {
        return Format::Link;
    }
    if is_sylk(&lower) {
        return Format::Sylk;
    }
    match is_separated(&lower) {
        true => Format::Csv,
        false => Format::Text,
    }
}

/// Is this symbolic link text, of which every line is a record? A table may begin with «ID;Phường».
fn is_sylk(text: &str) -> bool {
    const RECORDS: [&str; 9] = ["b;", "c;", "e", "f;", "nn;", "nu;", "o;", "p;", "w;"];
    let mut lines = text.lines();
    let first = lines.next().is_some_and(|line| line.starts_with("id;p"));
    first
        && lines.next().is_some_and(|line| {
            RECORDS
                .iter()
                .any(|own| line.starts_with(own) && (*own != "e" || line == "e"))
        })
}

/// Does the first line have separators, or, below a title, two lines as many of the same?
fn is_separated(text: &str) -> bool {
    const LINES: usize = 50;
    const SEPARATORS: [char; 3] = [',', ';', '\t'];
    let mut lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES);
    if lines.next().is_some_and(|line| line.contains(SEPARATORS)) {
        return true;
    }
    let counts: Vec<[usize; 3]> = lines
        .map(|line| SEPARATORS.map(|separator| line.matches(separator).count()))
        .collect();
    (0..SEPARATORS.len()).any(|at| {
        let like = |pair: &[[usize; 3]]| pair[0][at] >= 2 && pair[0][at] == pair[1][at];
        counts.windows(2).any(like)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn zip_of(parts: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in parts {
            zip.start_file(*part, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(b"<x/>").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn compound_with(stream: &str) -> Vec<u8> {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.resize(1024, 0);
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes[640..640 + name.len()].copy_from_slice(&name);
        bytes[640 + 64] = u8::try_from(name.len() + 2).unwrap();
        bytes[640 + 66] = 2;
        bytes
    }

    #[test]
    fn archives_go_by_their_parts() {
        let office =
            |part: &str| sniff("x", &zip_of(&["[Content_Types].xml", "_rels/.rels", part]));
        assert_eq!(office("xl/workbook.xml"), Format::Xlsx);
        assert_eq!(office("XL\\Workbook.xml"), Format::Xlsx);
        assert_eq!(office("xl/workbook.bin"), Format::Xlsb);
        assert_eq!(office("word/document.xml"), Format::Docx);
        assert_eq!(
            sniff("bao-cao.xlsx", &zip_of(&["xa-a.xlsx", "xa-b.xlsx"])),
            Format::ZipOther
        );
        let whole = zip_of(&["[Content_Types].xml", "xl/workbook.xml"]);
        assert_eq!(sniff("x", &whole[..60]), Format::Xlsx, "truncated");
    }

    #[test]
    fn old_office_files_go_by_their_streams() {
        assert_eq!(
            sniff("x.xlsx", &compound_with("EncryptedPackage")),
            Format::EncryptedOffice
        );
        assert_eq!(sniff("x.xlsx", &compound_with("Workbook")), Format::Xls);
        assert_eq!(sniff("x.xls", &compound_with("WordDocument")), Format::Docx);
        assert_eq!(sniff("x.xls", &compound_with("Notebook")), Format::Unknown);
    }

    #[test]
    fn text_goes_by_how_it_starts() {
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("<html><table>".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(sniff("bao-cao.xls", &utf16), Format::Html);
        assert_eq!(
            sniff("bao-cao.xls", b"\xEF\xBB\xBF\n<TABLE id=tableToExcel>"),
            Format::Html
        );
        let xml = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        assert_eq!(sniff("bao-cao.xls", xml), Format::SpreadsheetMl);
        assert_eq!(sniff("x.xlsx", "Mã;Tên\n1;Xã A".as_bytes()), Format::Csv);
        assert_eq!(sniff("x.xlsx", "Kính gửi".as_bytes()), Format::Text);
        let titled = "Báo cáo tháng 9\n\nMã;Tên;Số\n1;Xã A;5\n";
        assert_eq!(sniff("x.csv", titled.as_bytes()), Format::Csv);
        let letter = "Kính gửi\nTheo công văn, xin gửi số liệu\nTrân trọng";
        assert_eq!(sniff("x.txt", letter.as_bytes()), Format::Text);
        assert_eq!(sniff("x.xlsx", b"%PDF-1.7"), Format::Pdf);
        assert_eq!(sniff("x.xlsx", b"\x00\x01\x02,"), Format::Unknown);
    }

    #[test]
    fn what_people_send_instead_is_named() {
        let like = |bytes: &[u8]| sniff("bao-cao.xlsx", bytes);
        assert_eq!(like(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Format::Image);
        assert_eq!(like(b"\xFF\xD8\xFF\xE0\0\x10JFIF\0"), Format::Image);
        assert_eq!(like(b"\0\0\0\x18ftypheic\0\0\0\0"), Format::Image);
        assert_eq!(like(b"BM\x36\0\0\0\0\0\0\0\x36\0"), Format::Image);
        // A code in the first cell is no bitmap.
        assert_eq!(like(b"BM01,BM02,BM03\n1,2,3\n"), Format::Csv);
        assert_eq!(like(b"Rar!\x1a\x07\x01\0"), Format::Rar);
        assert_eq!(like(b"7z\xBC\xAF\x27\x1C"), Format::SevenZip);
        assert_eq!(like(b"{\\rtf1\\ansi k\xednh g\x1ei}"), Format::Docx);
        assert_eq!(
            like(&zip_of(&["[Content_Types].xml", "ppt/x.xml"])),
            Format::Slides
        );
        assert_eq!(like(&compound_with("PowerPoint Document")), Format::Slides);
    }

    #[test]
    fn a_single_file_web_page_is_no_csv() {
        let page = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"a;b\"\r\n\r\n--a;b\r\n1;2\r\n3;4\r\n";
        assert_eq!(sniff("bao-cao.xls", page), Format::WebArchive);
    }

    #[test]
    fn what_only_leads_to_a_workbook_is_no_table() {
        let like = |text: &str| sniff("bao-cao.xlsx", text.as_bytes());
        let login = "<!DOCTYPE html><html><body>Bạn cần đăng nhập <form></form></body></html>";
        assert_eq!(like(login), Format::WebPage);
        let frames = "<html><frameset><frame src=\"a_files/sheet001.htm\"></frameset></html>";
        assert_eq!(like(frames), Format::WebPage);
        let link = r#"{"url":"https://docs.google.com/spreadsheets/d/a","doc_id":"a"}"#;
        assert_eq!(like(link), Format::Link);
        assert_eq!(
            like("[InternetShortcut]\r\nURL=https://a.vn\r\n"),
            Format::Link
        );
        assert_eq!(like("ID;PCALCOOO32\nC;X1;Y1;K\"A\"\n"), Format::Sylk);
        assert_eq!(like("ID;Phường;Số\n1;Châu Thành;5\n"), Format::Csv);
        let numbers = [
            "Index/Document.iwa",
            "Index/Tables/DataList.iwa",
            "preview.jpg",
        ];
        assert_eq!(sniff("bao-cao.numbers", &zip_of(&numbers)), Format::Numbers);
    }

    #[test]
    fn files_that_hold_no_report() {
        assert_eq!(sniff("~$bao-cao.xlsx", b"anything"), Format::LockFile);
        assert_eq!(sniff(".~lock.bao-cao.xlsx#", b",x,y"), Format::LockFile);
        assert_eq!(sniff("bao-cao.xlsx", b""), Format::Empty);
    }
}
