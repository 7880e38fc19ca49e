//! Tables that were laid out otherwise than the form: merged figures, columns and rows exchanged,
//! headers renamed, rows without ordinals, limits that a total row may well exceed.

use super::campaign::Campaign;
use super::{asked, case, changed, check, rules, statuses, told_of};

#[test]
fn a_figure_merged_over_two_rows_is_neither_rows() {
    let file = case("24-gop-o-so-lieu").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!(code, 1);
    let errors = asked(&told);
    assert_eq!(errors.len(), 1, "{told:#}");
    let found = told_of(&told, "thieu-so-lieu");
    assert_eq!((found.len(), found[0].1), (1, "D12"), "{told:#}");
    assert!(found[0].2.contains("gộp với ô D11 (ghi 84)"), "{found:?}");
}

#[test]
fn columns_and_rows_exchanged_with_their_labels_are_read_by_these() {
    let file = case("44-dao-thu-tu-dong-cot").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!((code, rules(&told)), (0, vec![]), "{told:#}");
    assert_eq!(statuses(&told), ["accepted"]);
}

/// The same with a figure that only the right columns and rows make wrong.
#[test]
fn exchanged_columns_are_checked_as_what_they_are() {
    let (_folder, file) = changed(
        &case("44-dao-thu-tu-dong-cot").join("bao-cao.xlsx"),
        &[(r#"(<c r="C12"[^>]*><v>)5(</v>)"#, "${1}6${2}")],
    );
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!(code, 1, "{told:#}");
    let found = told_of(&told, "luy-ke-lech-ky-truoc-va-trong-ky");
    assert!(found.iter().any(|(_, cell, _)| *cell == "E12"), "{found:?}");
}

/// Every row is full; that its figures cannot be read is the header's fault.
#[test]
fn a_full_table_without_its_column_of_names_is_not_called_blank() {
    let file = case("56-quy-tac-cot-hoi-ca-dong-tong").join("doi-ten-cot.xlsx");
    let (code, told) = check(&[file], &case("dot/th"));
    assert_eq!(
        (code, rules(&told)),
        (1, vec!["khong-thay-cot"]),
        "{told:#}"
    );
    let found = told_of(&told, "khong-thay-cot");
    assert!(found[0].2.contains("«Lớp học»"), "{found:?}");
}

/// Rows of a fixed table are known by their labels, whatever is written above these.
#[test]
fn a_renamed_header_of_the_row_labels_does_no_harm() {
    let (_folder, file) = changed(
        &case("44-dao-thu-tu-dong-cot").join("bao-cao.xlsx"),
        &[(r">Ch[^<]{1,10} ti[^<]{1,10}u<", ">Danh mục<")],
    );
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!((code, rules(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn a_limit_for_one_row_is_not_asked_of_the_total_row() {
    let file = case("56-quy-tac-cot-hoi-ca-dong-tong").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/th"));
    assert_eq!((code, rules(&told)), (0, vec![]), "{told:#}");
}

/// A row with a name and a note, but no ordinal and no figure, vanished.
#[test]
fn a_named_row_whose_figure_is_blank_is_asked_for_it() {
    for (file, cell) in [("dien.xlsx", "B13"), ("dien2.xlsx", "C13")] {
        let campaign = case("quy-tac/p4");
        let (code, told) = check(&[campaign.join(file)], &campaign);
        assert_eq!(code, 1, "{told:#}");
        assert_eq!(rules(&told), ["thieu-so-lieu"], "{file}: {told:#}");
        assert_eq!(told_of(&told, "thieu-so-lieu")[0].1, cell);
    }
}

/// 5 and an x below a name that stands above them look like column numbers.
#[test]
fn a_figure_beside_a_tick_below_its_name_is_no_row_of_column_numbers() {
    let campaign = Campaign {
        form: "id = \"the\"\nversion = \"1\"\ntitle = \"Thẻ\"\nsheet = \"Thẻ\"\n\
               [layout]\nrows = \"fixed\"\nlabel = \"Chỉ tiêu\"\nnames = \"above\"\n\
               [[column]]\nid = \"so\"\nlabel = \"Trước hạn\"\ntype = \"count\"\nblank = \"missing\"\n\
               [[column]]\nid = \"xong\"\nlabel = \"Hoàn thành\"\ntype = \"flag\"\nblank = \"nothing\"\n\
               [[row]]\nid = \"d1\"\nlabel = \"Đơn thư trước hạn\"\n",
        id: "the",
        unit: ("X1", "Xã Một"),
    };
    for figures in ["5;x", "1;x"] {
        let head = "Đơn vị báo cáo: Xã Một;;\nChỉ tiêu;Trước hạn;Hoàn thành\nĐơn thư trước hạn;;\n";
        let (_, told) = campaign.found("x1.csv", format!("{head};{figures}\n"));
        // Everything in CSV is text.
        assert_eq!(rules(&told), ["so-dang-chu"], "{figures}: {told:#}");
        assert_eq!(statuses(&told), ["accepted"], "{figures}");
    }
}
