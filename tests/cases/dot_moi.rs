//! A campaign of three forms that nobody had tried (`dot-moi`): what is reported of its files of
//! two months.

use std::path::PathBuf;
use std::process::Command;

use super::{case, changed, check, rules, suggested, told_of};

fn month(file: &str) -> (i32, serde_json::Value) {
    let campaign = case("dot-moi/t9");
    check(&[campaign.join("inbox").join(file)], &campaign)
}

#[test]
fn a_percentage_beside_its_operands_is_computed() {
    let (code, told) = month("TH03.xlsx");
    assert_eq!(code, 1);
    let findings = told["findings"].as_array().unwrap().iter();
    let wrong = findings.filter(|one| one["rule"] == "ty-le-sai");
    let at = wrong.into_iter().find(|one| one["cell"] == "H18").unwrap();
    assert_eq!(
        (&at["value"], &at["expected"]),
        (&48.5.into(), &44.59.into())
    );
}

/// Percentages were typed because that template computed none of them, and the count of ticks in
/// the total row is the template's own.
#[test]
fn what_the_template_wrote_or_never_had_is_not_noted() {
    for file in ["TH04.xlsx", "TH08.xlsx", "TR01.xlsx", "TH05.xlsx"] {
        let (_, told) = month(file);
        for rule in ["cong-thuc-bi-ghi-de", "so-ngoai-bang"] {
            assert_eq!(told_of(&told, rule), [], "{file}");
        }
    }
}

#[test]
fn amounts_in_dong_are_asked_about_at_their_cell() {
    let (code, told) = month("TH05.xlsx");
    let found = told_of(&told, "ghi-bang-dong");
    assert_eq!((code, found.len(), found[0].1), (1, 1, "F13"), "{told:#}");
}

/// A building site may have begun in any month.
#[test]
fn dates_outside_the_period_by_nature_are_not_swapped_ones() {
    let (_, told) = month("TH08.xlsx");
    assert!(!rules(&told).contains(&"ngay-thang-dao"), "{told:#}");
}

#[test]
fn many_blanks_are_one_finding() {
    let (code, told) = month("TR04.xlsx");
    let found = told_of(&told, "thieu-so-lieu");
    assert_eq!((code, rules(&told)), (1, vec!["thieu-so-lieu"]), "{told:#}");
    assert_eq!(found[0].1, "C23");
    assert!(found[0].2.contains("20 ô để trống"), "{found:?}");
    assert!(found[0].2.contains("C23:G26"), "{found:?}");
}

/// Millions printed as milliards with three decimals show three decimals.
#[test]
fn an_appendix_in_larger_units_shows_its_decimals() {
    let out = tempfile::tempdir().unwrap();
    let out: PathBuf = out.path().join("ket-qua");
    let run = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg("consolidate")
        .arg(case("dot-moi/t10"))
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let book = std::fs::File::open(out.join("phu-luc.xlsx")).unwrap_or_else(|_| panic!("{run:?}"));
    let mut parts = zip::ZipArchive::new(book).unwrap();
    let mut styles = String::new();
    let mut part = parts.by_name("xl/styles.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut styles).unwrap();
    assert!(styles.contains("#,##0.000"), "{styles}");
}

/// The newer of two files of one round counts; the older was not withdrawn by anybody.
#[test]
fn two_files_of_one_round_are_compared() {
    let campaign = case("dot-moi/t9");
    let (_, told) = check(&[campaign.join("hai-tep")], &campaign);
    let found = told_of(&told, "hai-tep-khac-so");
    assert_eq!((found.len(), found[0].1), (1, "D16"), "{told:#}");
    for part in ["TR03-a.xlsx", "6 ô", "ô D16 564 → 569"] {
        assert!(found[0].2.contains(part), "{part}: {found:?}");
    }
}

/// One cell that was dragged takes its name along, and no other cell of its row or column.
#[test]
fn a_dragged_cell_moves_neither_its_row_nor_its_column() {
    let (_, kept) = month("TR01.xlsx");
    let (_folder, file) = changed(
        &case("dot-moi/t9/inbox").join("TR01.xlsx"),
        &[(
            r"(th_truong_lop__lop1__hoc_sinh[^>]*>[^<]*)\$D\$17",
            "${1}$$L$$40",
        )],
    );
    let (code, told) = check(&[file], &case("dot-moi/t9"));
    assert_eq!((code, rules(&told)), (0, rules(&kept)), "{told:#}");
}

/// Doses of the third shot exceed those of the first: which figure is wrong, nobody can say.
#[test]
fn a_doubt_about_an_inequality_suggests_no_figure() {
    let merged = case("dot-moi/t10");
    let merged = check(
        &[merged.join("inbox/dot-1/TH20-xa-binh-hoa-2025-10.xlsx")],
        &merged,
    );
    for (_, told) in [month("TH05.xlsx"), merged] {
        assert!(rules(&told).contains(&"mui-sau-nhieu-hon-mui-truoc"));
        assert_eq!(suggested(&told), [], "{told:#}");
    }
}

/// A total typed over, percentages that were right before that, and one percentage that is wrong by
/// itself: two cells mend all four findings.
#[test]
fn two_cells_that_hang_together_are_found_among_many() {
    let (_, told) = month("TH03.xlsx");
    assert!(
        !rules(&told).contains(&"chua-tim-het-o-nghi-sai"),
        "{told:#}"
    );
    let found = suggested(&told);
    for (cell, figure) in [("D16", "643"), ("H18", "44.59")] {
        assert!(
            found.contains(&(cell.to_owned(), figure.to_owned())),
            "{found:?}"
        );
    }
}

/// A school without pupils of a level: its template divided by 0, or a 0 was typed in place of that.
#[test]
fn an_average_of_nothing_is_a_blank() {
    for file in ["TR04-chia-0.xlsx", "TR04b.xlsx"] {
        let (_, told) = month(file);
        for rule in ["o-loi-cong-thuc", "cong-thuc-bi-ghi-de"] {
            assert_eq!(told_of(&told, rule), [], "{file}");
        }
    }
}
