//! A workbook made from an older version of a form is read by that version while the campaign's
//! `schemas/` still has it, and told clearly when it has not.

mod common;

use std::fs;

use tonghop::campaign::Run;
use tonghop::model::UnitStatus;
use tonghop::schema::builtin;

const OLD: &str = "id = \"van_ban\"\n";

/// The form with one more row that the old templates do not have.
fn newer() -> String {
    let text = builtin::text("van_ban").unwrap();
    assert!(
        text.contains(OLD),
        "the form declares its id on a line of its own"
    );
    let version = text
        .lines()
        .find(|line| line.starts_with("version"))
        .unwrap();
    let row =
        "\n[[row]]\nid = \"thu_hoi\"\nlabel = \"Văn bản thu hồi\"\ncolumns = [\"trong_ky\"]\n";
    text.replace(version, "version = \"99\"")
        .replacen("\n[[rule]]", &format!("{row}\n[[rule]]"), 1)
}

fn accepted(run: &Run) -> usize {
    run.units
        .iter()
        .filter(|filing| filing.status == UnitStatus::Accepted)
        .count()
}

#[test]
fn an_older_version_is_read_while_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), some());
    let schemas = folder.path().join("schemas");
    fs::create_dir_all(&schemas).unwrap();
    fs::write(schemas.join("van_ban.toml"), newer()).unwrap();

    let refused = common::run(folder.path());
    let told = refused
        .findings
        .iter()
        .find(|finding| finding.rule == "mau-cu")
        .unwrap();
    assert!(
        told.message.vi.contains("tonghop template"),
        "{}",
        told.message.vi
    );
    // Workbooks without the template's record are read as they stand, and lack the new row.
    assert!(
        refused
            .findings
            .iter()
            .any(|finding| finding.rule == "khong-thay-dong")
    );
    assert_eq!(accepted(&refused), 0);

    fs::write(
        schemas.join("van_ban-1.toml"),
        builtin::text("van_ban").unwrap(),
    )
    .unwrap();
    let read = common::run(folder.path());
    assert!(read.findings.iter().all(|finding| finding.rule != "mau-cu"));
    assert!(accepted(&read) > 120, "{}", accepted(&read));
    let table = &read.consolidated.as_ref().unwrap().forms;
    let table = table
        .iter()
        .find(|table| table.form.id() == "van_ban")
        .unwrap();
    assert_eq!(table.form.file.version, "99");
    let total = |row: &str, column: &str| {
        let (row, column) = (table.form.row(row), table.form.column(column).unwrap());
        let field = table
            .fields
            .iter()
            .position(|f| f.row == row && f.column == column)
            .unwrap();
        table.total[field].clone()
    };
    assert!(total("gui", "trong_ky").is_some());
    assert_eq!(total("thu_hoi", "trong_ky"), None);
}
