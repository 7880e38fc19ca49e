//! `tonghop new`, and the walk through a campaign that README shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tonghop::schema::builtin;

use crate::cli::tonghop;
use crate::common;

/// Every file below a folder, by its path in it; folders without files end in `/`.
fn tree(folder: &Path) -> BTreeSet<String> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).into_iter();
    let named = entries.map(|entry| entry.unwrap()).filter_map(|entry| {
        let below = entry.path().strip_prefix(folder).unwrap();
        let name = below.to_str().unwrap().replace('\\', "/");
        let is_empty =
            entry.file_type().is_dir() && fs::read_dir(entry.path()).unwrap().count() == 0;
        match entry.file_type().is_file() {
            true => Some(name),
            false => is_empty.then(|| format!("{name}/")),
        }
    });
    named.collect()
}

#[test]
fn a_new_campaign_is_the_sample_with_every_form_and_nothing_received() {
    let root = tempfile::tempdir().unwrap();
    for name in common::CAMPAIGNS {
        let answer = tonghop(root.path(), &["new", name, "--from", name]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
        let folder = root.path().join(name);
        let mut expected: BTreeSet<String> = ["campaign.toml", "roster.csv", "inbox/", "history/"]
            .map(str::to_owned)
            .into();
        expected.extend(builtin::ids().iter().map(|id| format!("schemas/{id}.toml")));
        expected.extend(["form", "campaign"].map(|of| format!("schemas/{of}.schema.json")));
        assert_eq!(tree(&folder), expected);

        let read = |path: PathBuf| fs::read(&path).unwrap_or_else(|_| panic!("{path:?}"));
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        for file in fs::read_dir(folder.join("schemas")).unwrap() {
            let name = file.unwrap().file_name();
            let copied = read(folder.join("schemas").join(&name));
            assert!(copied == read(sources.join(&name)), "{name:?} differs");
        }
        let roster = read(common::sample(name).join("roster.csv"));
        assert_eq!(read(folder.join("roster.csv")), roster);
    }
}

/// README: 124 communes and wards, 15 departments.
#[test]
fn without_from_it_is_the_provinces_campaign() {
    let root = tempfile::tempdir().unwrap();
    let answer = tonghop(root.path(), &["new", "t10"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let roster = fs::read_to_string(root.path().join("t10/roster.csv")).unwrap();
    let of = |kind: &str| roster.lines().filter(|line| line.contains(kind)).count();
    assert_eq!((of(",phuong,") + of(",xa,"), of(",so,")), (124, 15));
    let steps = "\
Đã tạo đợt báo cáo. Việc tiếp theo:
  1. Sửa campaign.toml (kỳ, biểu mẫu, số liệu), roster.csv (danh sách đơn vị), schemas/ (biểu mẫu)
  2. tonghop template t10 --out t10/mau
  3. Để các tệp nhận được vào inbox/
  4. tonghop consolidate t10
";
    assert_eq!(answer.out, steps);
    let english = tonghop(root.path(), &["new", "t11", "--lang", "en"]);
    assert!(
        english
            .out
            .starts_with("Campaign created. Next:\n  1. Edit"),
        "{english:?}"
    );
    let json = tonghop(root.path(), &["new", "t12", "--format", "json"]);
    assert_eq!(json.json(), json!({ "campaign": "t12" }));
}

#[test]
fn a_folder_with_files_in_it_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("trong")).unwrap();
    assert_eq!(tonghop(root.path(), &["new", "trong"]).code, 0);
    let before = tree(root.path());
    let answer = tonghop(root.path(), &["new", "trong"]);
    assert_eq!(
        (answer.code, answer.err.as_str()),
        (
            3,
            "Không làm được: trong: thư mục đã có tệp bên trong; hãy chọn thư mục khác\n"
        )
    );
    assert_eq!(tree(root.path()), before);
}

/// The six steps of README, with a template of one unit sent in as it was handed out.
#[test]
fn the_steps_of_readme_work_one_after_the_other() {
    let root = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let answer = tonghop(root.path(), arguments);
        (answer.code, answer.out + &answer.err)
    };
    assert_eq!(run(&["new", "t10"]).0, 0);
    let (code, told) = run(&["template", "t10", "--out", "t10/mau", "--unit", "28870"]);
    assert_eq!(code, 0, "{told}");
    let (code, told) = run(&["forms", "lint", "t10"]);
    assert_eq!(code, 0, "{told}");
    fs::create_dir(root.path().join("t10/inbox/dot-1")).unwrap();
    let own = "28870-xa-cho-lach-2025-09.xlsx";
    let accepted = common::sample("vinh-long-2025-09/inbox/dot-2").join(own);
    fs::copy(accepted, root.path().join("t10/inbox/dot-1").join(own)).unwrap();
    let (code, told) = run(&["consolidate", "t10"]);
    assert_eq!(code, 1, "138 units have sent nothing: {told}");
    assert!(
        told.contains("Đơn vị: 139 (1 đã nhận, 138 chưa gửi)"),
        "{told}"
    );
    let outputs: BTreeSet<String> = tree(&root.path().join("t10/out"));
    for name in [
        "tong-hop.xlsx",
        "phu-luc.xlsx",
        "phu-luc.docx",
        "findings.csv",
        "findings.json",
        "figures.csv",
        "justifications.csv",
        "facts.csv",
        "facts.parquet",
    ] {
        assert!(outputs.contains(name), "{name}: {outputs:?}");
    }
    fs::write(root.path().join("mau.md"), "Nhận {{ A01 }} văn bản.\n").unwrap();
    let (code, told) = run(&[
        "report",
        "t10",
        "--template",
        "mau.md",
        "--out",
        "bao-cao.md",
    ]);
    assert_eq!(code, 1, "{told}");
    assert!(root.path().join("bao-cao.md").is_file());
    let (code, told) = run(&["close", "t10"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("--provisional"), "{told}");
    let (code, told) = run(&["close", "t10", "--provisional"]);
    assert_eq!(code, 0, "{told}");
    let (code, told) = run(&["history", "t10"]);
    assert_eq!(code, 0);
    assert!(told.contains("2025-09: chốt"), "{told}");
}
