//! A workbook made from an older version of a form is read by that version while the campaign's
//! `schemas/` still has it, and reported clearly when it has not.

mod common;

use std::fs;
use std::path::Path;

use tonghop::campaign::{Campaign, Run};
use tonghop::model::UnitStatus;
use tonghop::schema::builtin;
use tonghop::write::{Fill, GridRow, Input, TemplateInput, write_template};

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

fn quarter(file: &Path) -> bool {
    let name = file.as_os_str().as_encoded_bytes();
    name.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 4 == 0
}

#[test]
fn an_older_version_is_read_while_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    // A quarter of the workbooks holds those with the template's record and those without.
    common::copy("vinh-long-2025-09", folder.path(), quarter);
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
    // Workbooks without the template's record are read as they are, and lack the new row.
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
    let (all, accepted) = (read.submissions.len(), accepted(&read));
    assert!(all > 25 && accepted * 10 > all * 8, "{accepted} of {all}");
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

/// A form of two rows, and one of which a row was put in front.
fn two_rows(version: &str, more: &str) -> String {
    let head = "id = \"so\"\nversion = \"VERSION\"\ntitle = \"Sổ\"\nsheet = \"Sổ\"\n\
                [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\n\
                [defaults]\ntype = \"count\"\n\
                [[column]]\nid = \"v\"\nlabel = \"Số\"\n";
    let rows = "[[row]]\nid = \"a\"\nlabel = \"Hồ sơ\"\n[[row]]\nid = \"b\"\nlabel = \"Đơn\"\n";
    format!("{}{more}{rows}", head.replace("VERSION", version))
}

struct Filled(f64);

impl Fill for Filled {
    fn cell(&self, _: &str, row: GridRow<'_>, _: &str) -> Option<Input> {
        let new = matches!(row, GridRow::Fixed(id) if id == "moi");
        (!new).then_some(Input::Number(self.0))
    }
}

#[test]
fn a_control_total_adds_up_the_same_row_of_every_version() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("schemas")).unwrap();
    fs::create_dir_all(folder.join("inbox")).unwrap();
    fs::write(
        folder.join("roster.csv"),
        "code,name,kind\nA,Xã An,xa\nB,Xã Bình,xa\n",
    )
    .unwrap();
    let campaign = |value: u32| {
        let text = format!(
            "name = \"so\"\ntitle = \"Sổ\"\nperiod = \"2025-09\"\noffice = \"Văn phòng\"\nplace = \"Vĩnh Long\"\n\
             [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"so\"\n\
             [[control]]\nid = \"da-biet\"\ncell = \"so!a.v\"\nvalue = {value}\nsource = \"Sổ\"\n"
        );
        fs::write(folder.join("campaign.toml"), text).unwrap();
    };
    campaign(30);
    let file = |unit: &str, figure: f64| {
        let campaign = Campaign::load(folder).unwrap();
        let filled = Filled(figure);
        let input = TemplateInput {
            campaign: &campaign.file,
            unit: campaign.roster.by_code(unit).map(|unit| &**unit),
            forms: &campaign.forms,
            fill: Some(&filled),
            identity: true,
            previous: None,
            password: None,
        };
        let day = campaign
            .file
            .period
            .last_day()
            .and_hms_opt(8, 0, 0)
            .unwrap();
        write_template(&input, day, &folder.join(format!("inbox/{unit}.xlsx"))).unwrap();
    };
    fs::write(folder.join("schemas/so.toml"), two_rows("1", "")).unwrap();
    file("A", 10.0);
    let front = "[[row]]\nid = \"moi\"\nlabel = \"Mới\"\nblank = \"nothing\"\n";
    fs::rename(
        folder.join("schemas/so.toml"),
        folder.join("schemas/so-1.toml"),
    )
    .unwrap();
    fs::write(folder.join("schemas/so.toml"), two_rows("2", front)).unwrap();
    file("B", 20.0);
    let found = || {
        let run = common::run(folder);
        assert_eq!(accepted(&run), 2, "{:?}", run.findings);
        let ours = run.findings.iter().filter(|one| one.rule == "da-biet");
        ours.map(|one| one.message.vi.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(), Vec::<String>::new());
    campaign(31);
    assert!(found()[0].contains("30"), "{:?}", found());
}
