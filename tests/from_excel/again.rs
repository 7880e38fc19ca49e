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

/// A campaign of one blank of the walk, and that blank with one header and one row reworded.
fn campaign(root: &Path) -> (&'static str, std::path::PathBuf) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tu-excel");
    let name = "01-GD-truong-lop.xlsx";
    for file in [name, "danh-sach-don-vi.xlsx"] {
        fs::copy(samples.join(file), root.join(file)).unwrap();
    }
    let line = format!(
        "new dot-2025-09 --from-excel {name} --roster danh-sach-don-vi.xlsx --period 2025-09"
    );
    let made = run(root, &line);
    assert_eq!(made.code, 0, "{made:?}");
    fs::create_dir(root.join("moi")).unwrap();
    let new = root.join("moi").join(name);
    let texts = [("p 5</t>", "p 5 (m&#7899;i)</t>")];
    changed(&samples.join(name), &new, &texts);
    (name, new)
}

fn run(root: &Path, line: &str) -> Answer {
    let words: Vec<&str> = line.split(' ').collect();
    tonghop(root, &words)
}

#[test]
fn units_are_sent_the_blank_that_was_compiled_last() {
    let root = tempfile::tempdir().unwrap();
    let (name, new) = campaign(root.path());
    let schemas = root.path().join("dot-2025-09/schemas");
    let kept = schemas.join("mau").join(name);
    let read = |path: &Path| fs::read(path).unwrap();
    assert_ne!(read(&kept), read(&new));
    let answer = run(
        root.path(),
        &format!("forms from-excel moi/{name} --out dot-2025-09/schemas"),
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    assert_eq!(read(&kept), read(&new));
    // Nobody edited the file; what the office changed is told.
    assert!(!answer.out.contains("sửa tay"), "{answer:?}");
    let change = "Biểu đổi dòng «Lớp 5» thành «Lớp 5 (mới)»";
    assert!(answer.out.contains(change), "{answer:?}");
    let sent = run(root.path(), "template dot-2025-09 --out gui");
    assert_eq!(sent.code, 0, "{sent:?}");

    // Under another name the form file follows, and the old blank is gone.
    fs::rename(&new, root.path().join("moi/01 moi.xlsx")).unwrap();
    let path = "moi/01 moi.xlsx";
    let out = "dot-2025-09/schemas";
    let answer = tonghop(root.path(), &["forms", "from-excel", path, "--out", out]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let form = fs::read_to_string(schemas.join("bieu_01_gd.toml")).unwrap();
    assert!(
        form.contains("\ntemplate = \"mau/01 moi.xlsx\"\n"),
        "{form}"
    );
    assert!(schemas.join("mau/01 moi.xlsx").is_file() && !kept.exists());
}

#[test]
fn an_old_blank_in_the_place_of_the_new_is_told_with_what_to_do() {
    let root = tempfile::tempdir().unwrap();
    let (name, new) = campaign(root.path());
    let path = root.path().join("dot-2025-09/schemas/mau").join(name);
    let old = fs::read(&path).unwrap();
    run(
        root.path(),
        &format!(
            "forms from-excel {} --out dot-2025-09/schemas",
            new.display()
        ),
    );
    let blank =
        fs::read_to_string(root.path().join("dot-2025-09/schemas/bieu_01_gd.toml")).unwrap();
    let unlike = blank.replace("Lớp 5 (mới)", "Khối năm tuổi");
    fs::write(
        root.path().join("dot-2025-09/schemas/bieu_01_gd.toml"),
        unlike,
    )
    .unwrap();
    fs::write(&path, old).unwrap();
    let sent = run(root.path(), "template dot-2025-09 --out gui");
    assert_eq!(sent.code, 3, "{sent:?}");
    for said in ["không có cột hoặc dòng «Khối năm tuổi»", "from-excel"] {
        assert!(sent.err.contains(said), "{sent:?}");
    }
}

#[test]
fn the_next_period_can_compile_a_form_again() {
    let root = tempfile::tempdir().unwrap();
    let (name, _) = campaign(root.path());
    let next = run(root.path(), "next dot-2025-09 2025-10");
    assert_eq!(next.code, 0, "{next:?}");
    let line = format!("forms from-excel moi/{name} --out dot-2025-10/schemas");
    let answer = run(root.path(), &line);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("Biểu đổi dòng"), "{answer:?}");

    fs::remove_dir_all(root.path().join("dot-2025-10/schemas/.from-excel")).unwrap();
    let answer = run(root.path(), &line);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(
        answer.err.contains("không có bản ghi lần biên dịch trước"),
        "{answer:?}"
    );
}

#[test]
fn a_form_kept_in_a_workbook_gets_no_second_file() {
    let root = tempfile::tempdir().unwrap();
    let (name, new) = campaign(root.path());
    let schemas = root.path().join("dot-2025-09/schemas");
    let toml = schemas.join("bieu_01_gd.toml");
    let line = "forms to-excel dot-2025-09/schemas/bieu_01_gd.toml --out dot-2025-09/schemas";
    let made = run(root.path(), line);
    assert_eq!(made.code, 0, "{made:?}");
    fs::remove_file(&toml).unwrap();
    let kept = fs::read(schemas.join("mau").join(name)).unwrap();
    let again = format!("forms from-excel moi/{name} --out dot-2025-09/schemas");
    let refused = run(root.path(), &again);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(
        refused.err.contains("đang viết trong bảng tính này"),
        "{refused:?}"
    );
    assert!(!toml.exists());
    assert_eq!(fs::read(schemas.join("mau").join(name)).unwrap(), kept);

    // The way out that the message names.
    let line = "forms from-excel dot-2025-09/schemas/bieu_01_gd.xlsx --out khac";
    let text = run(root.path(), line);
    assert_eq!(text.code, 0, "{text:?}");
    fs::rename(root.path().join("khac/bieu_01_gd.toml"), &toml).unwrap();
    fs::remove_file(schemas.join("bieu_01_gd.xlsx")).unwrap();
    let answer = run(root.path(), &again);
    assert_eq!(answer.code, 0, "{answer:?}");
    let form = fs::read_to_string(&toml).unwrap();
    assert!(form.contains("Lớp 5 (mới)"), "{form}");
    let sent = fs::read(schemas.join("mau").join(name)).unwrap();
    assert_eq!(sent, fs::read(new).unwrap());
}
