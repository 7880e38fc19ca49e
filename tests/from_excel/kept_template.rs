//! The office's own workbook stays what units are sent, whatever the form is written into.

use std::fs;
use std::path::Path;

use crate::cli::tonghop;

#[test]
fn the_template_is_kept_through_a_form_workbook_and_when_compiled_again() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tu-excel");
    let name = "01-GD-truong-lop.xlsx";
    fs::copy(samples.join(name), root.join(name)).unwrap();
    fs::write(
        root.join("don-vi.csv"),
        "code,name,kind\n01,Xã An Bình,xa\n",
    )
    .unwrap();
    let run = |line: &str| {
        let arguments: Vec<&str> = line.split(' ').collect();
        let answer = tonghop(root, &arguments);
        assert_eq!(answer.code, 0, "{line}: {answer:?}");
    };
    run(&format!(
        "new dot --from-excel {name} --roster don-vi.csv --period 2025-09"
    ));
    let template = format!("template = \"mau/{name}\"");
    let has = |path: &str| {
        let text = fs::read_to_string(root.join(path)).unwrap();
        assert!(text.contains(&template), "{path}: {text}");
    };
    let form = "dot/schemas/bieu_01_gd.toml";
    has(form);
    // As a workbook and back.
    run(&format!("forms to-excel {form} --out viet"));
    run("forms from-excel viet/bieu_01_gd.xlsx --out doc");
    has("doc/bieu_01_gd.toml");
    // Edited by hand, and the blank compiled again.
    let text = fs::read_to_string(root.join(form)).unwrap();
    let edited = text.replacen("title = ", "# Sửa tay.\ntitle = ", 1);
    fs::write(root.join(form), edited).unwrap();
    run(&format!("forms from-excel {name} --out dot/schemas"));
    has(form);
    // The form workbook in the place of the text.
    fs::remove_file(root.join(form)).unwrap();
    fs::copy(
        root.join("viet/bieu_01_gd.xlsx"),
        root.join("dot/schemas/bieu_01_gd.xlsx"),
    )
    .unwrap();
    run("template dot --out mau-gui");
    let sent = fs::read_dir(root.join("mau-gui")).unwrap();
    let names: Vec<String> = sent
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        names.len() == 1 && names[0].ends_with("-01-gd-truong-lop.xlsx"),
        "{names:?}"
    );
}
