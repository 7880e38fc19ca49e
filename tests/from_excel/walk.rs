//! The walk of `docs/tu-excel.md` from three blanks of an office to what its units are sent: every
//! command of the page, in a copy of the folder that it names.

use std::fs;
use std::path::Path;

use crate::cli::tonghop;

const PAGE: &str = include_str!("../../docs/tu-excel.md");

/// The commands of the page: its indented lines that begin with the program's name.
fn commands() -> Vec<Vec<&'static str>> {
    // What is between quotation marks is one word.
    let words = |line: &'static str| {
        let parts = line.split('"').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        words.collect()
    };
    let lines = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("    tonghop "));
    lines.map(words).collect()
}

#[test]
fn the_commands_of_the_walk_lead_from_blanks_to_templates() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tu-excel");
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, root.join(path.file_name().unwrap())).unwrap();
    }
    let commands = commands();
    let [new, template, check, consolidate] = commands.as_slice() else {
        panic!("{commands:?}");
    };
    let made = tonghop(root, new);
    assert_eq!(made.code, 0, "{made:?}");
    for quoted in PAGE.lines().filter(|line| line.starts_with("    ")) {
        let said = quoted.trim();
        if !said.starts_with("tonghop ") {
            assert!(made.out.contains(said), "{said}\n{}", made.out);
        }
    }
    for nothing in ["Cần người quyết định", "Chưa hiểu", "vẽ lại"] {
        assert!(!made.out.contains(nothing), "{}", made.out);
    }
    let sent = tonghop(root, template);
    assert_eq!((sent.code, sent.err.as_str()), (0, ""), "{sent:?}");
    // Three workbooks for each of eight units.
    assert_eq!(fs::read_dir(root.join("mau-gui-di")).unwrap().count(), 24);
    // Nothing has been received yet.
    let received = root.join("bao-cao-t9/inbox/an-binh.xlsx");
    fs::copy(
        root.join("mau-gui-di/TH01-xa-an-binh-2025-09-01-gd-truong-lop.xlsx"),
        received,
    )
    .unwrap();
    for command in [check, consolidate] {
        let answer = tonghop(root, command);
        assert_eq!(answer.code, 1, "{answer:?}");
        assert!(answer.out.contains("Xã An Bình"), "{answer:?}");
    }
    assert!(root.join("bao-cao-t9/out/tong-hop.xlsx").exists());
}

#[test]
fn a_broken_rule_is_told_in_the_labels_of_the_form() {
    let root = tempfile::tempdir().unwrap();
    let blank =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tu-excel/01-GD-truong-lop.xlsx");
    let made = tonghop(
        root.path(),
        &["forms", "from-excel", blank.to_str().unwrap(), "--out", "."],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let form = fs::read_to_string(root.path().join("bieu_01_gd.toml")).unwrap();
    for message in [
        "«Nữ» không được lớn hơn «Tổng số» (theo biểu, ô E9: «Trong đó»).",
        "«Tiểu học» phải bằng tổng của 5 chỉ tiêu, từ «Lớp 1» đến «Lớp 5» (theo biểu, ô C12: «=SUM(C13:C17)»).",
        "«TỔNG CỘNG (I + II)» phải bằng «Tiểu học» + «Trung học cơ sở» (theo biểu, ô B23: «TỔNG CỘNG (I + II)»).",
    ] {
        assert!(form.contains(&format!("message = \"{message}\"")), "{form}");
    }
}
