//! What `check` says about cells that cannot be read or hold nothing: which row, and what belongs
//! there.

use crate::cli::tonghop;
use crate::small::Cell::{self, Blank, Number, Text};
use crate::small::{Small, book, table};

/// What is said of one workbook of unit A.
fn said(rows: Vec<Vec<Cell<'_>>>, total: Vec<Cell<'_>>) -> String {
    let small = Small::empty();
    let text = book(&[table("Lớp học", "Xã An Bình", "A", rows, total)]);
    small.receive("a.xls", &text);
    let check = ["check", "dot/inbox", "--campaign", "dot"];
    tonghop(small.root(), &check).out
}

#[test]
fn a_ratio_in_words_or_blank_is_computed_from_its_operands_and_the_row_is_named() {
    let row = |name, share| vec![Text(name), Number("45"), Number("20"), share, Number("1")];
    let rows = vec![row("Lớp một", Text("gần nửa")), row("Lớp hai", Blank)];
    let total = ["90", "40", "44.44", "2"].map(Number);
    let total = [vec![Text("Tổng cộng")], total.to_vec()].concat();
    let said = said(rows, total);
    for expected in [
        "«Lớp một › Tỷ lệ nữ (%)»: Ô ghi «gần nửa»",
        "nghi ô D5 (gần nửa) → có phải 44,44?: tử số chia mẫu số",
        "«Lớp hai › Tỷ lệ nữ (%)»: ô để trống",
        "nghi ô D6 → có phải 44,44?: tử số chia mẫu số",
    ] {
        assert!(said.contains(expected), "{expected}:\n{said}");
    }
}

#[test]
fn a_share_of_nothing_is_a_question_about_the_nothing() {
    let row = vec![
        Text("Lớp một"),
        Number("0"),
        Number("20"),
        Number("44.44"),
        Number("1"),
    ];
    let total = [vec![Text("Tổng cộng")], row[1..].to_vec()].concat();
    let said = said(vec![row], total);
    let check = "Hãy kiểm tra mẫu số; nếu mẫu số đúng là 0 thì để trống tỷ lệ.";
    assert!(said.contains(check), "{said}");
}
