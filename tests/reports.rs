//! The text of the report, from the templates of both samples: every printed figure is in it as a
//! reader expects, the Word file says what the Markdown file says, and what cannot be filled is
//! reported with its place.

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use regex::Regex;
use tonghop::campaign::{Campaign, Run, past_figures};
use tonghop::consolidate::PastFigures;
use tonghop::narrative::{self, Report};

struct Office {
    campaign: Campaign,
    run: Run,
    previous: Option<PastFigures>,
}

impl Office {
    fn open(folder: &Path) -> Office {
        let campaign = Campaign::load(folder).unwrap();
        let previous = past_figures::previous(&campaign).unwrap();
        Office {
            run: common::run(folder),
            campaign,
            previous,
        }
    }

    fn fill(&self, template: &Path) -> Result<Report, String> {
        narrative::write(template, &self.campaign, &self.run, self.previous.as_ref())
            .map_err(|error| error.message().vi)
    }

    /// Fills a Markdown template.
    fn text(&self, template: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mau.md");
        fs::write(&path, template).unwrap();
        let report = self.fill(&path);
        report
            .map(|report| String::from_utf8(report.bytes).unwrap())
            .map_err(|error| error.replace(&path.display().to_string(), "mau.md"))
    }
}

/// A sample campaign, consolidated once for all tests.
fn office(name: &str) -> &'static Office {
    static OFFICES: [OnceLock<Office>; 2] = [OnceLock::new(), OnceLock::new()];
    let at = common::CAMPAIGNS
        .iter()
        .position(|campaign| *campaign == name)
        .unwrap();
    OFFICES[at].get_or_init(|| Office::open(&common::sample(name)))
}

fn template(name: &str, ending: &str) -> PathBuf {
    common::sample(name)
        .join("bao-cao")
        .join(format!("bao-cao.{ending}"))
}

/// Paragraphs of a document's text.
fn paragraphs(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    let paragraph = Regex::new(r"(?s)<w:p[ >].*?</w:p>").unwrap();
    let words = Regex::new(r"(?s)<w:t(?: [^>]*)?>(.*?)</w:t>").unwrap();
    let text = |p: &str| {
        words
            .captures_iter(p)
            .map(|w| w[1].to_owned())
            .collect::<String>()
    };
    let texts = paragraph.find_iter(&xml).map(|p| text(p.as_str()));
    texts
        .map(|text| {
            text.replace("&#x2f;", "/")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
        })
        .collect()
}

/// The printed figures of a report: 3.259, 53,22, 01 where the report prints two digits.
fn printed() -> BTreeMap<String, String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/make_samples/printed_figures.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut figures = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let two_digits = record[6]
            .strip_prefix("printed 0")
            .map(|rest| rest[..1].to_owned());
        let text = match two_digits {
            Some(digit) => format!("0{digit}"),
            None => match record[4].split_once('.') {
                Some((whole, fraction)) => format!("{},{fraction}", dotted(whole)),
                None => dotted(&record[4]),
            },
        };
        figures.insert(record[0].to_owned(), text);
    }
    figures
}

fn dotted(plain: &str) -> String {
    if !plain.bytes().all(|b| b.is_ascii_digit()) {
        return plain.to_owned();
    }
    let groups: Vec<&str> = plain
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|g| std::str::from_utf8(g).unwrap())
        .collect();
    groups.join(".")
}

#[test]
fn both_reports_say_every_printed_figure_as_a_reader_expects_it() {
    let mut said = 0;
    for name in common::CAMPAIGNS {
        let office = office(name);
        let report = office.fill(&template(name, "md")).unwrap();
        assert_eq!(report.provisional, Vec::<String>::new());
        let text = String::from_utf8(report.bytes).unwrap();
        let expected = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data")
            .join(format!("bao-cao-{name}.md"));
        if std::env::var_os("TONGHOP_WRITE_EXPECTED").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&expected).unwrap(), "{name}");
        let asked = fs::read_to_string(template(name, "md")).unwrap();
        for figure in &office.campaign.file.figures {
            assert!(
                asked.contains(&figure.id),
                "{} is not in the report",
                figure.id
            );
            let shown = &printed()[&figure.id];
            let word = Regex::new(&format!(
                r"(^|[^\d.,]){}([^\d]|[.,]\D|$)",
                regex::escape(shown)
            ));
            assert!(
                word.unwrap().is_match(&text),
                "{}: `{shown}` is not said",
                figure.id
            );
            said += 1;
        }
    }
    assert_eq!(said, 66);
}

#[test]
fn the_word_report_says_what_the_markdown_report_says() {
    for name in common::CAMPAIGNS {
        let office = office(name);
        let document = office.fill(&template(name, "docx")).unwrap();
        let found = paragraphs(&document.bytes);
        let text = String::from_utf8(office.fill(&template(name, "md")).unwrap().bytes).unwrap();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let plain = line
                .trim_start_matches("# ")
                .trim_start_matches('#')
                .trim()
                .replace("**", "");
            assert!(
                found.contains(&plain),
                "{name}: «{plain}» is not in the document: {found:#?}"
            );
        }
        assert!(
            found
                .iter()
                .all(|text| !text.contains("{{") && !text.contains("{%"))
        );
    }
}

#[test]
fn unknown_placeholders_are_all_told_with_their_places() {
    let office = office("vpubnd-2025-07");
    let error = office
        .text("Có {{ B01 }} tin\n\nvà {{ B99 }} bài,\n{{ pat_hien.loi }} lỗi\n")
        .unwrap_err();
    assert_eq!(
        error,
        "mau.md: dòng 3: không có số liệu hay danh sách tên `B99`; có phải `B09`?\n\
         mau.md: dòng 4: không có số liệu hay danh sách tên `pat_hien`; có phải `phat_hien`?"
    );
    let error = office.text("{{ B01 | hai_chu_xo }}").unwrap_err();
    assert!(
        error.contains("mau.md: dòng 1") && error.contains("hai_chu_so"),
        "{error}"
    );
    let error = office.text("{{ B01 | so_sanh }}").unwrap_err();
    assert!(error.contains("không có số liệu kỳ trước"), "{error}");
    let error = office.text("dòng một\n{% if B01 %}\nhai").unwrap_err();
    assert!(error.starts_with("mau.md: dòng"), "{error}");
}

#[test]
fn filters_print_as_the_office_writes() {
    let office = office("vinh-long-2025-09");
    let cases = [
        (
            "{{ A26 }} {{ A26|hai_chu_so }} {{ A20|hai_chu_so }}",
            "1 01 0",
        ),
        (
            "{{ A39 }} {{ A39|phan_tram }} {{ A39|so(1) }}",
            "53,22 53,22% 53,2",
        ),
        (
            "{{ A01|bang_chu|viet_hoa_dau }}",
            "Ba nghìn hai trăm năm mươi chín",
        ),
        (
            "{{ A35|bang_chu(\"chữ ký số\") }}",
            "mười một nghìn ba trăm chín mươi ba chữ ký số",
        ),
        ("{{ A04|so_sanh }}", "tăng 0,99% so với kỳ trước"),
        ("{{ A04|so_sanh_so }}", "tăng 3.259 hồ sơ so với kỳ trước"),
        ("{{ A23|so_sanh }}", "không đổi so với kỳ trước"),
        ("{{ A02 + A03 }} {{ A02 + A03 - A01 }}", "3.259 0"),
        (
            "{% if A01 > 3000 and A20 == 0 %}nhiều{% else %}ít{% endif %}",
            "nhiều",
        ),
        ("{% if A20 %}có{% else %}không{% endif %}", "không"),
        ("{{ A24 }}", "hoạt động bình thường"),
        (
            "{{ \"Phường 1\"|ten_thuong }}, {{ \"Xã Trà Ôn\"|ten_thuong }}",
            "Phường 1, xã Trà Ôn",
        ),
        (
            "{{ A01.nhan }} ({{ A01.don_vi_tinh }})",
            "Hệ thống thông tin giải quyết TTHC: hồ sơ tiếp nhận trong kỳ (hồ sơ)",
        ),
    ];
    for (template, shown) in cases {
        assert_eq!(office.text(template).as_deref(), Ok(shown), "{template}");
    }
}

#[test]
fn a_provisional_figure_is_marked_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let late = |path: &Path| !path.to_string_lossy().contains("dot-2");
    common::copy("vinh-long-2025-09", folder.path(), late);
    let office = Office::open(folder.path());
    let text = office
        .text("{{ A12 }}; {{ A26|hai_chu_so }}; {{ A12|so_sanh }}")
        .unwrap();
    assert!(text.contains(" (tạm tính); 01; "), "{text}");
    assert!(text.ends_with("so với kỳ trước (tạm tính)"), "{text}");
    let computed = [
        (
            "{{ (100 * A12 / A12) | phan_tram(2) }}",
            "100,00% (tạm tính)",
        ),
        ("{{ A12 - A12 + 1000 }}", "1.000 (tạm tính)"),
        ("{{ A26 + 1000 }}", "1.001"),
        ("{% if A12 > 0 %}có{% endif %}", "có"),
    ];
    for (template, shown) in computed {
        assert_eq!(office.text(template).as_deref(), Ok(shown), "{template}");
    }
    let path = folder.path().join("mau.md");
    fs::write(&path, "{{ A12 }} {{ A26 }}").unwrap();
    assert_eq!(office.fill(&path).unwrap().provisional, ["A12"]);
    let text = office
        .text("{{ don_vi.chua_nop|map(attribute=\"ten_thuong\")|join(\", \") }}")
        .unwrap();
    assert_eq!(
        text,
        "Thanh tra tỉnh, xã Lục Sĩ Thành, xã Thạnh Phong, xã Đông Hải"
    );
}

/// A document whose body is this XML.
fn document(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("mau.docx");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    for (name, text) in [
        ("word/document.xml", xml.as_str()),
        ("other.bin", "\u{1}{{ B99 }}"),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    path
}

fn runs(texts: &[&str]) -> String {
    let runs = texts
        .iter()
        .map(|text| format!("<w:r><w:t>{text}</w:t></w:r>"));
    format!("<w:p>{}</w:p>", runs.collect::<String>())
}

#[test]
fn a_placeholder_word_has_cut_into_runs_is_still_read() {
    let office = office("vpubnd-2025-07");
    let folder = tempfile::tempdir().unwrap();
    let body = runs(&[
        "Có {",
        "{ B0",
        "2 }",
        "} văn bản &amp; “",
        "{{ B26 | bang_chu(“triệu đồng”) }}”",
    ]);
    let report = office.fill(&document(folder.path(), &body)).unwrap();
    assert_eq!(
        paragraphs(&report.bytes),
        ["Có 22.281 văn bản & “bảy nghìn ba trăm triệu đồng”"]
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(&report.bytes)).unwrap();
    let mut other = String::new();
    archive
        .by_name("other.bin")
        .unwrap()
        .read_to_string(&mut other)
        .unwrap();
    assert_eq!(other, "\u{1}{{ B99 }}");
}

#[test]
fn rows_of_a_table_repeat_and_lines_of_logic_disappear() {
    let office = office("vinh-long-2025-09");
    let folder = tempfile::tempdir().unwrap();
    let row = |cells: &[&str]| {
        let cells = cells
            .iter()
            .map(|text| format!("<w:tc>{}</w:tc>", runs(&[text])));
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    let body = format!(
        "{}{}{}<w:tbl>{}{}{}{}</w:tbl>",
        runs(&["{% if A01 &gt; 5 %}"]),
        runs(&["Nhiều hơn năm"]),
        runs(&["{% endif %}"]),
        row(&["Khu vực", "Số xã, phường"]),
        row(&["{% for nhom in danh_sach.ho_tro.nhom %}", ""]),
        row(&["{{ nhom.ten }}", "{{ nhom.so }}"]),
        row(&["{% endfor %}", ""]),
    );
    let report = office.fill(&document(folder.path(), &body)).unwrap();
    assert_eq!(
        paragraphs(&report.bytes),
        [
            "Nhiều hơn năm",
            "Khu vực",
            "Số xã, phường",
            "Khu vực Vĩnh Long",
            "18",
            "Khu vực Bến Tre",
            "27",
            "Khu vực Trà Vinh",
            "21"
        ]
    );
}

#[test]
fn a_broken_tag_in_a_document_is_told_with_its_paragraph() {
    let office = office("vpubnd-2025-07");
    let folder = tempfile::tempdir().unwrap();
    let fill = |body: String| {
        office
            .fill(&document(folder.path(), &body))
            .map(drop)
            .unwrap_err()
    };
    let error = fill(format!(
        "{}{}",
        runs(&["Mở đầu"]),
        runs(&["Có {{ B0", "2 văn bản"])
    ));
    assert!(
        error.contains("đoạn 2 («Có {{ B02 văn bản»): thẻ mở mà không đóng"),
        "{error}"
    );
    let error = fill(format!(
        "{}{}",
        runs(&["Mở đầu"]),
        runs(&["Có {{ B98 }} văn bản"])
    ));
    assert!(
        error.contains("đoạn 2 («Có {{ B98 }} văn bản»): không có số liệu"),
        "{error}"
    );
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", runs(&[text]));
    let error = fill(format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        cell("{% if B01 > 9999 %}"),
        cell("x{% endif %}")
    ));
    assert!(error.contains("hai chỗ không cân nhau"), "{error}");
    let path = folder.path().join("mau.docx");
    fs::write(&path, "không phải Word").unwrap();
    let error = office.fill(&path).map(drop).unwrap_err();
    assert!(error.contains("không đọc được văn bản Word"), "{error}");
}
