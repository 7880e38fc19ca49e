//! Blank forms compiled again after the office changed the workbook and people the form file.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::cli::{Answer, tonghop};
use crate::folders;

/// The blank with some of its texts changed.
fn changed(blank: &Path, to: &Path, texts: &[(&str, &str)]) {
    let mut archive = ZipArchive::new(File::open(blank).unwrap()).unwrap();
    let mut writer = ZipWriter::new(File::create(to).unwrap());
    let mut found = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name.ends_with(".xml") {
            let mut text = String::from_utf8(bytes).unwrap();
            for (from, to) in texts {
                found += text.matches(from).count();
                text = text.replace(from, to);
            }
            bytes = text.into_bytes();
        }
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap();
    assert!(found >= texts.len(), "{found} texts of {texts:?}");
}

fn compile(root: &Path, blank: &Path) -> Answer {
    tonghop(
        root,
        &[
            "forms",
            "from-excel",
            blank.to_str().unwrap(),
            "--out",
            "bieu",
        ],
    )
}

#[test]
fn a_form_compiled_again_unchanged_is_the_same_file() {
    for folder in folders() {
        let root = tempfile::tempdir().unwrap();
        let blank = folder.join("blank.xlsx");
        let first = compile(root.path(), &blank);
        let read = || {
            let mut files: Vec<_> = fs::read_dir(root.path().join("bieu"))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_file())
                .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
                .collect();
            files.sort();
            files
        };
        let before = read();
        let again = compile(root.path(), &blank);
        assert_eq!((again.code, &again.out), (first.code, &first.out));
        assert_eq!(read(), before, "{}", folder.display());
    }
}

#[test]
fn ids_rules_and_messages_of_people_stay_when_the_workbook_changes() {
    let root = tempfile::tempdir().unwrap();
    let folders = folders();
    let folder = folders
        .iter()
        .find(|folder| folder.ends_with("02-xu-ly-don-01xld"))
        .unwrap();
    let blank = folder.join("blank.xlsx");
    assert_eq!(compile(root.path(), &blank).code, 0);
    let file = root.path().join("bieu/bieu_01_xld.toml");
    let generated = fs::read_to_string(&file).unwrap();
    // A column renamed, a message of our own, a rule of our own, a rule taken out.
    let message = generated
        .lines()
        .find(|line| line.contains("22 = 23+24+25") && line.starts_with("message"))
        .unwrap();
    let edited = generated
        .replace("don_doc_giai_quyet", "don_doc")
        .replace(message, "message = \"Ba cách xử lý phải đủ.\"");
    let edited = format!(
        "{edited}\n# Phòng thêm tháng 9.\n[[rule]]\nid = \"don-doc-it\"\ncheck = \"don_doc <= so_don\"\n"
    );
    fs::write(&file, &edited).unwrap();
    let lint = tonghop(root.path(), &["forms", "lint", file.to_str().unwrap()]);
    assert_eq!(lint.code, 0, "{lint:?}");

    // The office retitles a column and mends an annotation.
    let second = root.path().join("blank.xlsx");
    let retitled = [
        ("18 = 19+20+21", "18 = 19+21"),
        (
            "H&#432;&#7899;ng d&#7851;n</t>",
            "H&#432;&#7899;ng d&#7851;n &#273;&#417;n</t>",
        ),
    ];
    changed(&blank, &second, &retitled);
    let answer = compile(root.path(), &second);
    let merged = fs::read_to_string(&file).unwrap();
    for kept in [
        "id = \"don_doc\"",
        "id = \"huong_dan\"\nlabel = ",
        "Hướng dẫn đơn",
        "message = \"Ba cách xử lý phải đủ.\"",
        "# Phòng thêm tháng 9.\n[[rule]]\nid = \"don-doc-it\"",
        "check = \"don_khong_thuoc_tham_quyen_tong_so = SUM(huong_dan:don_doc)\"",
        "check = \"don_thuoc_tham_quyen_tong_so = SUM(don_thuoc_tham_quyen_khieu_nai, don_thuoc_tham_quyen_kien_nghi_phan_anh)\"",
    ] {
        assert!(merged.contains(kept), "{kept}:\n{merged}\n{answer:?}");
    }
    assert!(!merged.contains("don_doc_giai_quyet"), "{merged}");
    assert_eq!(answer.code, 0, "{answer:?}");
    let lint = tonghop(root.path(), &["forms", "lint", file.to_str().unwrap()]);
    assert_eq!(lint.code, 0, "{lint:?}");

    // The same rule changed on both sides is asked about at its cell, and stays.
    let by_hand = merged.replace(
        "SUM(huong_dan:don_doc)\"",
        "SUM(huong_dan:don_doc)\"\nseverity = \"warning\"",
    );
    let by_hand = by_hand.replace(
        "check = \"don_khong_thuoc_tham_quyen_tong_so = SUM",
        "check = \"don_khong_thuoc_tham_quyen_tong_so >= SUM",
    );
    fs::write(&file, &by_hand).unwrap();
    let third = root.path().join("blank-3.xlsx");
    changed(&second, &third, &[("22 = 23+24+25", "22 = 23+25")]);
    let answer = compile(root.path(), &third);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(
        answer
            .out
            .contains("01XLD!W12 «22 = 23+25»: check: trước đây biểu ghi"),
        "{answer:?}"
    );
    let merged = fs::read_to_string(&file).unwrap();
    assert!(
        merged.contains("don_khong_thuoc_tham_quyen_tong_so >= SUM(huong_dan:don_doc)"),
        "{merged}"
    );
}

#[test]
fn a_form_file_that_was_not_compiled_here_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let blank = folders()[0].join("blank.xlsx");
    compile(root.path(), &blank);
    fs::remove_dir_all(root.path().join("bieu/.from-excel")).unwrap();
    let file = root.path().join("bieu/bieu_01_xld.toml");
    let text = fs::read_to_string(&file).unwrap() + "# sửa\n";
    fs::write(&file, &text).unwrap();
    let answer = compile(root.path(), &blank);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}
