//! Which of several possible explanations is named first, and what follows from a cell without a
//! figure.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::extract::Table;
use crate::model::{Allowance, Fact, Finding, Value};
use crate::rules::PreviousFigures;
use crate::rules::check::check_unit;
use crate::rules::scope::UnitTables;
use crate::rules::testing::{UNIT, form, table, unit, with_total};
use crate::schema::Form;

pub(super) fn checked(tables: &[Table]) -> Vec<Finding> {
    check_unit(&unit(tables), &Allowance::default()).findings
}

/// "B5 → 500" of the first finding's suspects.
pub(super) fn named(findings: &[Finding]) -> Vec<String> {
    let told = findings[0].review.suspects.iter().map(|suspect| {
        let meant = suspect.suggestion.as_ref().map(ToString::to_string);
        format!("{} → {}", suspect.cell, meant.unwrap_or_default())
    });
    told.collect()
}

/// A free-row form with one column of figures and a total row.
fn budget(kind: &str) -> Arc<Form> {
    let rest = format!(
        "total = \"Tổng cộng\"\n[defaults]\ntype = \"{kind}\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"so\"\nlabel = \"Số\"\n"
    );
    form("bm", "free", &rest)
}

fn listed(form: &Arc<Form>, figures: &[&str], total: &str) -> Table {
    let names = ["a", "b", "c", "d", "e", "f"];
    let rows: Vec<[&str; 2]> = names
        .iter()
        .zip(figures)
        .map(|(name, figure)| [*name, *figure])
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    with_total(table(form, &rows), &["", total])
}

/// Among round figures the one that is not round is the odd one, and equal round figures are no
/// copies of one another.
#[test]
fn the_figure_that_breaks_round_ones_is_named_before_the_other_rows() {
    let form = budget("amount");
    let tables = [listed(
        &form,
        &["2000", "2000", "1000", "1000", "462", "800"],
        "7300",
    )];
    let named = named(&checked(&tables));
    assert_eq!(named[..2], ["B7 → 7.262", "B5 → 500"]);
}

/// A zero lost at the end of a round figure is likelier than a 9 in place of a 0.
#[test]
fn a_lost_zero_is_named_before_an_unlikely_digit() {
    let form = budget("amount");
    let tables = [listed(
        &form,
        &["2000", "2000", "1000", "100", "500", "800"],
        "7300",
    )];
    let named = named(&checked(&tables));
    assert_eq!(named[0], "B4 → 1.000", "{named:?}");
}

/// 2 typed as 0, keys that lie side by side, in one of two cells.
#[test]
fn a_zero_may_be_a_slip_of_the_finger_too() {
    let columns =
        ["a", "b", "c"].map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n{}[[row]]\nid = \"r\"\nlabel = \"R\"\n\
         [[rule]]\nid = \"lech\"\ncheck = \"a + b + c = 12\"\n",
        columns.concat()
    );
    let tables = [table(&form("bm", "fixed", &rest), &[&["6", "0", "4"]])];
    assert_eq!(named(&checked(&tables))[0], "B1 → 2");
}

/// Five boxes and their count.
fn boxes() -> Arc<Form> {
    let rows =
        ["a", "b", "c", "d", "e"].map(|id| format!("[[row]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"flag\"\nblank = \"no\"\n[[column]]\nid = \"k\"\nlabel = \"k\"\n{}\
         [[row]]\nid = \"dem\"\nlabel = \"Đếm\"\ntype = \"count\"\n\
         [[rule]]\nid = \"lech\"\ncheck = 'dem = COUNTIF(a:e, \"x\")'\n",
        rows.concat()
    );
    form("bm", "fixed", &rest)
}

fn last_period(form: &Form, figures: &[(&str, &str, Value)]) -> PreviousFigures {
    let fact = |(row, column, value): &(&str, &str, Value)| Fact {
        period: None,
        unit: UNIT.into(),
        form: form.id().into(),
        row: (*row).into(),
        column: (*column).into(),
        value: value.clone(),
        source: None,
    };
    PreviousFigures::new(&figures.iter().map(fact).collect::<Vec<_>>())
}

/// A criterion that was met last period and is not ticked now is the first to look at.
#[test]
fn a_box_that_was_ticked_last_period_is_named_first() {
    let form = boxes();
    let tables = [table(&form, &[&[""], &[""], &[""], &["x"], &["x"], &["3"]])];
    let ticks = ["a", "b", "c", "d", "e"]
        .map(|row| (row, "k", Value::Flag(["c", "d", "e"].contains(&row))));
    let previous = last_period(&form, &ticks);
    let unit = UnitTables {
        previous: Some(&previous),
        ..unit(&tables)
    };
    let found = check_unit(&unit, &Allowance::default()).findings;
    let first = &found[0].review.suspects[0];
    assert_eq!(first.cell.to_string(), "A3", "{:?}", named(&found));
    assert!(first.reason.vi.contains("kỳ trước"), "{}", first.reason.vi);
}

/// Where the other figures of a column are what they were, that one more is says nothing.
#[test]
fn a_stock_that_rarely_changes_is_no_forgotten_figure() {
    let form = budget("count");
    let tables = [listed(&form, &["312", "447", "185", "266"], "1310")];
    let before = [("a", "312"), ("b", "447"), ("c", "185"), ("d", "366")]
        .map(|(row, figure)| (row, "so", Value::Number(figure.parse().unwrap())));
    let previous = last_period(&form, &before);
    let unit = UnitTables {
        previous: Some(&previous),
        ..unit(&tables)
    };
    let found = check_unit(&unit, &Allowance::default()).findings;
    let reasons: Vec<&str> = found[0]
        .review
        .suspects
        .iter()
        .map(|s| &*s.reason.vi)
        .collect();
    assert!(
        reasons.iter().all(|why| !why.contains("kỳ trước")),
        "{reasons:?}"
    );
    assert_eq!(named(&found)[1], "B4 → 366");
}

/// A total that others were added up from by hand is no likelier than a part: both it and they
/// would have to change.
#[test]
fn a_subtotal_under_a_total_typed_by_hand_is_not_preferred() {
    let rows = [
        ("tong", true),
        ("chuyen", true),
        ("xong", false),
        ("cho", false),
        ("tu_choi", false),
    ];
    let rows = rows.map(|(id, computed)| {
        format!("[[row]]\nid = \"{id}\"\nlabel = \"{id}\"\ncomputed = {computed}\n")
    });
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n[[column]]\nid = \"so\"\nlabel = \"Số\"\n{}\
         [[rule]]\nid = \"t\"\ncheck = \"tong = chuyen + tu_choi\"\n\
         [[rule]]\nid = \"c\"\ncheck = \"chuyen = xong + cho\"\n",
        rows.concat()
    );
    let tables = [table(
        &form("bm", "fixed", &rest),
        &[&["69"], &["54"], &["54"], &["7"], &["15"]],
    )];
    let found = checked(&tables);
    let first: Vec<String> = found[0]
        .review
        .suspects
        .iter()
        .filter(|suspect| suspect.rank == 1)
        .map(|suspect| suspect.cell.to_string())
        .collect();
    assert_eq!(first, ["A3"]);
}

/// Procedures with two computed parts, all computed cells formulas.
const TWO_PARTS: &str = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\nblank = \"missing\"\n\
    [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
    [[column]]\nid = \"nhan\"\nlabel = \"Nhận\"\n\
    [[column]]\nid = \"da\"\nlabel = \"Đã\"\ncomputed = true\n\
    [[column]]\nid = \"da_a\"\nlabel = \"Đã a\"\n[[column]]\nid = \"da_b\"\nlabel = \"Đã b\"\n\
    [[column]]\nid = \"dang\"\nlabel = \"Đang\"\ncomputed = true\n\
    [[column]]\nid = \"dang_a\"\nlabel = \"Đang a\"\n[[column]]\nid = \"dang_b\"\nlabel = \"Đang b\"\n\
    [[rule]]\nid = \"nhan-lech\"\ncheck = \"nhan = da + dang\"\n\
    [[rule]]\nid = \"da-lech\"\ncheck = \"da = da_a + da_b\"\n\
    [[rule]]\nid = \"dang-lech\"\ncheck = \"dang = dang_a + dang_b\"\n";

/// A blank cell, so the formula over it shows nothing and the total leaves it out: the blank is the
/// mistake, which reading reports, and the total row is not evaluated.
#[test]
fn a_total_that_leaves_out_an_empty_formula_is_no_second_mistake() {
    let form = form("bm", "free", TWO_PARTS);
    let rows: [&[&str]; 2] = [
        &["x", "3", "1", "1", "0", "", "", "0"],
        &["y", "5", "3", "2", "1", "2", "1", "1"],
    ];
    let total = ["", "8", "4", "3", "1", "2", "1", "1"];
    let mut tables = [with_total(table(&form, &rows), &total)];
    let formulas = [
        "C1", "F1", "C2", "F2", "B3", "C3", "D3", "E3", "F3", "G3", "H3",
    ];
    tables[0].formulas = formulas.map(|at| at.parse().unwrap()).into();
    assert_eq!(checked(&tables), []);
}

/// Two equalities in different rows, the figures of one column exchanged between them: one mistake.
#[test]
fn figures_that_changed_places_between_two_rules_are_one_mistake() {
    let columns =
        ["a", "b", "c"].map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n{}\
         [[row]]\nid = \"r\"\nlabel = \"R\"\n[[row]]\nid = \"s\"\nlabel = \"S\"\n\
         [[rule]]\nid = \"lech\"\ncheck = \"a = b + c\"\n",
        columns.concat()
    );
    let form = form("bm", "fixed", &rest);
    // 148 and 352 belong in each other's place.
    let tables = [table(
        &form,
        &[&["375", "148", "23"], &["219", "352", "71"]],
    )];
    let found = checked(&tables);
    let causes: Vec<String> = found
        .iter()
        .filter_map(|finding| Some(finding.review.cause.as_ref()?.cell.to_string()))
        .collect();
    assert_eq!(causes, ["B1", "B1"], "{found:#?}");
    assert_eq!(named(&found)[..2], ["B1 → 352", "B2 → 148"]);
}

/// However strong the evidence for one cell is, the others that would do are listed behind it.
#[test]
fn three_candidates_are_listed_if_there_are_as_many() {
    let form = budget("count");
    let tables = [listed(&form, &["1494", "207", "318"], "2469")];
    let found = checked(&tables);
    assert_eq!(found[0].review.suspects.len(), 3, "{:?}", named(&found));
    let mut ranks = found[0].review.suspects.iter().map(|suspect| suspect.rank);
    assert_eq!(ranks.next(), Some(1));
    assert!(ranks.all(|rank| rank > 1));
}

/// A lower bound says nothing of the cell beside.
#[test]
fn a_bound_of_one_cell_suspects_no_neighbour() {
    let columns = ["a", "b"].map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n{}[[row]]\nid = \"r\"\nlabel = \"R\"\n\
         [[rule]]\nid = \"it\"\ncheck = \"b >= 200\"\n",
        columns.concat()
    );
    let tables = [table(&form("bm", "fixed", &rest), &[&["471", "36"]])];
    assert!(
        named(&checked(&tables))
            .iter()
            .all(|at| at.starts_with("B1"))
    );
}

/// A negative figure where none is allowed: the sum of its row shows nothing, which counts as 0, and
/// the totals disagree only because of it.
#[test]
fn a_total_and_a_bound_over_an_empty_sum_point_at_the_unreadable_cell() {
    let rest = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\nblank = \"zero\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"tong\"\nlabel = \"Tổng\"\ncomputed = true\n\
        [[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n\
        [[rule]]\nid = \"lech\"\ncheck = \"tong = a + b\"\n\
        [[rule]]\nid = \"qua\"\ncheck = \"b <= tong\"\n";
    let form = form("bm", "free", rest);
    // -900 in C2 is not read; the formula over it shows nothing, the total of its column adds it.
    let rows: [&[&str]; 3] = [
        &["x", "30", "0", "30"],
        &["y", "0", "?", "300"],
        &["z", "75", "75", "0"],
    ];
    let total = ["", "105", "-825", "330"];
    let mut tables = [with_total(table(&form, &rows), &total)];
    let formulas = ["B1", "B2", "B3", "B4", "C4", "D4"];
    tables[0].formulas = formulas.map(|at| at.parse().unwrap()).into();
    let found = checked(&tables);
    let causes: Vec<String> = found
        .iter()
        .filter_map(|finding| Some(finding.review.cause.as_ref()?.cell.to_string()))
        .collect();
    assert_eq!(causes.len(), 3, "{found:#?}");
    assert!(causes.iter().all(|cause| cause == "C2"), "{causes:?}");
}

/// The percentage holds with the wrong sign and would not with the right one, so both change.
#[test]
fn a_flipped_sign_has_its_figure_although_a_percentage_follows_it() {
    let rows = "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n[[column]]\nid = \"so\"\nlabel = \"Số\"\n\
        [[row]]\nid = \"a\"\nlabel = \"A\"\n[[row]]\nid = \"b\"\nlabel = \"B\"\n\
        [[row]]\nid = \"nay\"\nlabel = \"Năm nay\"\n[[row]]\nid = \"c\"\nlabel = \"C\"\n\
        [[row]]\nid = \"d\"\nlabel = \"D\"\n[[row]]\nid = \"truoc\"\nlabel = \"Năm trước\"\n\
        [[row]]\nid = \"tang\"\nlabel = \"Tăng, giảm\"\nnegative = true\n\
        [[row]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\nnegative = true\n\
        numerator = \"tang\"\ndenominator = \"truoc\"\n\
        [[rule]]\nid = \"nay-lech\"\ncheck = \"nay = a + b\"\n\
        [[rule]]\nid = \"truoc-lech\"\ncheck = \"truoc = c + d\"\n\
        [[rule]]\nid = \"tang-lech\"\ncheck = \"tang = nay - truoc\"\n";
    let form = form("bm", "fixed", rows);
    let figures = ["317", "304", "621", "330", "341", "671", "50", "7.45"].map(|figure| [figure]);
    let found = checked(&[table(&form, &figures.each_ref().map(|row| row.as_slice()))]);
    assert_eq!(named(&found)[0], "A7 → -50", "{found:#?}");
}

/// A total typed over, beside a percentage that is a formula and follows it.
#[test]
fn a_total_typed_over_is_found_beside_live_quotients() {
    let rest = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"nguoi\"\nlabel = \"Người\"\n[[column]]\nid = \"nu\"\nlabel = \"Nữ\"\n\
        [[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"percent\"\ndecimals = 1\n\
        numerator = \"nu\"\ndenominator = \"nguoi\"\n";
    let form = form("bm", "free", rest);
    let rows: [&[&str]; 3] = [
        &["a", "40", "10", "25"],
        &["b", "37", "12", "32.4"],
        &["c", "16", "8", "50"],
    ];
    // 93 people, of whom 30 are women.
    let mut tables = [with_total(table(&form, &rows), &["", "50", "30", "60"])];
    let formulas = ["D1", "D2", "D3", "C4", "D4"];
    tables[0].formulas = formulas.map(|at| at.parse().unwrap()).into();
    let found = checked(&tables);
    assert_eq!(named(&found)[0], "B4 → 93", "{found:#?}");
}

/// Computed cells that were typed by hand change places like any others, and the figures they are
/// computed from, which agree with what else was computed from them, do not.
#[test]
fn computed_figures_typed_in_each_others_places_are_one_mistake() {
    let rest = "[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"lop\"\nlabel = \"Lớp\"\n[[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n\
        [[column]]\nid = \"nu\"\nlabel = \"Nữ\"\n\
        [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ nữ\"\ntype = \"percent\"\ncomputed = true\n\
        numerator = \"nu\"\ndenominator = \"hs\"\n\
        [[column]]\nid = \"bq\"\nlabel = \"Bình quân\"\ntype = \"ratio\"\ncomputed = true\n\
        numerator = \"hs\"\ndenominator = \"lop\"\n";
    let form = form("bm", "free", rest);
    // 28 and 40 belong in each other's place; so would 84 and 120, but for the share of girls.
    let rows: [&[&str]; 2] = [
        &["x", "3", "84", "41", "48.81", "40"],
        &["y", "3", "120", "55", "45.83", "28"],
    ];
    let found = checked(&[table(&form, &rows)]);
    let places: BTreeSet<String> = found
        .iter()
        .filter_map(|finding| Some(finding.review.cause.as_ref()?.cell.to_string()))
        .collect();
    assert_eq!(places.len(), 1, "{found:#?}");
    assert_eq!(named(&found)[0], "F1 → 28", "{found:#?}");
}

/// A share that was typed and agrees speaks for the figure it is a share of.
#[test]
fn a_figure_that_a_typed_share_agrees_with_is_not_suspected_first() {
    let rest = "[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"ke_hoach\"\nlabel = \"Kế hoạch\"\n[[column]]\nid = \"tiem\"\nlabel = \"Đã tiêm\"\n\
        [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\ncomputed = true\n\
        numerator = \"tiem\"\ndenominator = \"ke_hoach\"\n\
        [[column]]\nid = \"phan_ung\"\nlabel = \"Phản ứng\"\n\
        [[rule]]\nid = \"nhieu\"\ncheck = \"phan_ung <= tiem\"\n";
    let form = form("bm", "free", rest);
    let found = checked(&[table(&form, &[&["x", "41", "35", "85.37", "1000"]])]);
    assert_eq!(found.len(), 1, "{found:#?}");
    let first = found[0].review.suspects.first();
    assert!(
        first.is_none_or(|suspect| suspect.cell.to_string() == "E1"),
        "{found:#?}"
    );
}
