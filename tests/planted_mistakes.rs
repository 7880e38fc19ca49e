//! How often the wrong cell is named, on fewer cases than `docs/do-chinh-xac.md`, and the two
//! oddities of the printed reports. What is planted and how it is judged: examples/planted_mistakes.

#[path = "../examples/planted_mistakes/bench.rs"]
mod bench;
#[path = "../examples/planted_mistakes/book.rs"]
mod book;
#[path = "../examples/planted_mistakes/books.rs"]
mod books;
#[path = "../examples/planted_mistakes/digits.rs"]
mod digits;
#[path = "../examples/planted_mistakes/forms.rs"]
#[allow(dead_code, reason = "the page is written by the example")]
mod forms;
#[path = "../examples/planted_mistakes/formulas.rs"]
mod formulas;
#[path = "../examples/planted_mistakes/ground.rs"]
mod ground;
#[path = "../examples/planted_mistakes/judge.rs"]
mod judge;
#[path = "../examples/planted_mistakes/kinds.rs"]
mod kinds;
#[path = "../examples/planted_mistakes/measure.rs"]
mod measure;
#[path = "../examples/planted_mistakes/plant.rs"]
mod plant;
#[path = "../examples/planted_mistakes/printed.rs"]
#[allow(dead_code, reason = "its books are measured by the example")]
mod printed;
#[path = "../examples/planted_mistakes/random.rs"]
mod random;
#[path = "../examples/planted_mistakes/report.rs"]
#[allow(dead_code, reason = "the page is written by the example")]
mod report;
#[path = "../examples/planted_mistakes/tables.rs"]
#[allow(dead_code, reason = "the page is written by the example")]
mod tables;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rust_decimal::{Decimal, dec};
use tonghop::campaign::Campaign;
use tonghop::model::{Finding, Severity, Value};
use tonghop::rules::scope::CellRef;
use tonghop::workbook::Workbook;

use book::{Book, Change, Typed, Way, ask};
use judge::{Judged, Told, judge};
use tables::Goals;

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The sample campaign and its accepted workbooks, read once for all tests.
static SAMPLE: LazyLock<(Campaign, books::Sample)> = LazyLock::new(|| {
    let campaign = Campaign::load(&folder("samples/vinh-long-2025-09")).unwrap();
    let sample = books::accepted(&campaign).unwrap();
    (campaign, sample)
});

#[test]
fn planted_mistakes_are_traced_to_their_cells() {
    let (campaign, sample) = &*SAMPLE;
    assert_eq!(sample.books.len(), 139);
    let of = |severity| sample.alarms.iter().filter(move |f| f.severity == severity);
    assert_eq!(of(Severity::Error).count(), 0);
    assert!(of(Severity::Warning).count() <= 1, "{:?}", sample.alarms);
    let cases = plant::cases(campaign, &sample.books, 7, 150, 0);
    let outcomes = measure::measure(campaign, &sample.books, &cases);
    let unseen = |outcome: &&measure::Outcome| !matches!(outcome.judged.told, Told::Unseen(_));
    assert!(outcomes.iter().filter(unseen).all(|outcome| outcome.hard));
    let goals = Goals::of(&outcomes);
    assert!(goals.clear >= 80, "{}", goals.clear);
    let told = |part: usize, of: usize| tables::share(part, of);
    assert!(
        goals.first * 100 >= goals.clear * 90,
        "first: {}",
        told(goals.first, goals.clear)
    );
    assert!(
        goals.value * 100 >= goals.pinned * 85,
        "value: {}",
        told(goals.value, goals.pinned)
    );
}

/// The cell of a form's row and column.
fn cell(book: &Book, form: &str, row: &str, column: &str) -> CellRef {
    let tables = &book.variant(Way::Typed).tables;
    let table = tables
        .iter()
        .position(|table| table.form.id() == form)
        .unwrap();
    let form = &tables[table].form;
    CellRef {
        table,
        row: tonghop::rules::scope::RowRef::Row(form.row(row).unwrap()),
        column: form.column(column).unwrap(),
    }
}

fn judged(campaign: &Campaign, book: &Book, way: Way, at: CellRef, typed: Typed) -> Judged {
    let variant = book.variant(way);
    let changes = [Change { at, typed }];
    let workbook = variant.planted(campaign, &book.unit, &changes);
    let answer = ask(campaign, &book.file, &workbook);
    judge(
        variant,
        &book.unit,
        campaign.previous.as_ref(),
        answer.tables,
        &answer.reading,
        &changes,
    )
}

#[test]
fn what_the_rules_can_tell_is_found_by_trying() {
    let (campaign, sample) = &*SAMPLE;
    let book = sample
        .books
        .iter()
        .find(|book| book.unit == "28870")
        .unwrap();
    let tell = |form, row, column, way, typed| {
        judged(campaign, book, way, cell(book, form, row, column), typed).told
    };
    let number = |n: i64| Typed::Number(Decimal::from(n));
    // 914 + 42 = 956, and the total row adds both up.
    assert_eq!(
        tell("van_ban", "nhan", "luy_ke", Way::Typed, number(965)),
        Told::Determined
    );
    // 100 + 0 = 100: with the opening known, either of the other two may be wrong.
    assert_eq!(
        tell("tai_khoan", "qlvb", "luy_ke", Way::Typed, number(110)),
        Told::Ambiguous(1)
    );
    // With live formulas the cumulated figure follows, and nothing else reads the cell.
    assert_eq!(
        tell("tai_khoan", "qlvb", "trong_ky", Way::Alive, number(10)),
        Told::Unseen(judge::Blind::Followed)
    );
    assert_eq!(
        tell(
            "kh02",
            "duoc_ho_tro",
            "ket_qua",
            Way::Typed,
            Typed::Flag(true)
        ),
        Told::Unseen(judge::Blind::Unread)
    );
    // Only the cell itself can mend that it is no whole number.
    assert_eq!(
        tell(
            "van_ban",
            "nhan",
            "luy_ke",
            Way::Typed,
            Typed::Number(dec!(0.956))
        ),
        Told::Determined
    );
}

/// What is reported of report 1 with a figure typed over the printed one.
fn report_1(row: &str, column: &str, figure: Decimal) -> Vec<Finding> {
    let campaign = printed::campaign(&folder("tests/data/bao-cao-da-in")).unwrap();
    let unit = campaign.roster.by_code("BC1").unwrap().clone();
    let (file, mut workbook): (_, Workbook) = printed::filled(&campaign, &unit).unwrap();
    let tables = ask(&campaign, &file, &workbook).tables;
    let form = &tables[0].form;
    let (row, column) = (form.row(row).unwrap(), form.column(column).unwrap());
    let address = tables[0].rows[row].cells[column].address.unwrap();
    printed::put(&mut workbook, &tables[0].sheet, address, figure);
    ask(&campaign, &file, &workbook).findings
}

#[test]
fn a_footnote_mark_glued_to_66_is_named() {
    let findings = report_1("duoc_ho_tro", "luy_ke", dec!(662));
    let errors: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    assert!(!errors.is_empty());
    let suspects = errors
        .iter()
        .find_map(|finding| finding.review.suspects.first());
    let suspect = suspects.expect("a cell is suspected");
    assert_eq!(suspect.value, Some(Value::Number(dec!(662))));
    assert_eq!(suspect.suggestion, Some(Value::Number(dec!(66))));
    assert!(
        suspect.reason.vi.contains("chú thích"),
        "{}",
        suspect.reason.vi
    );
}

#[test]
fn the_printed_53_22_is_explained_as_truncated() {
    let findings = report_1("ty_le", "luy_ke", dec!(53.22));
    let told: Vec<(&str, Severity, &str)> = findings
        .iter()
        .filter(|finding| finding.rule != "cong-thuc-bi-ghi-de")
        .map(|finding| (&*finding.rule, finding.severity, &*finding.message.vi))
        .collect();
    let [(rule, severity, message)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((*rule, *severity), ("ty-le-lam-tron-khac", Severity::Info));
    assert!(
        message.contains("cắt bớt") && message.contains("53,23"),
        "{message}"
    );
}
