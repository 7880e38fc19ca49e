use super::*;
use crate::workbook::{CellStyle, Format};

fn run(text: &str, font: Option<&str>, raised: bool) -> TextRun {
    TextRun {
        length: text.len(),
        font: font.map_or(RunFont::OfCell, RunFont::named),
        raised,
        struck: None,
    }
}

/// A workbook of one column: texts, their fonts and their runs.
fn read_column(cells: &[(&str, &str, &[TextRun])]) -> Sheet {
    let mut sheet = Sheet::new("BM01");
    for (row, (text, font, runs)) in (0..).zip(cells) {
        let address = CellAddress::new(row, 0);
        let style = CellStyle {
            font: Some((*font).to_owned()),
            ..CellStyle::default()
        };
        let cell = Cell {
            content: Content::Text((*text).into()),
            formula: None,
            style: Some(Arc::new(style)),
        };
        sheet.cells.insert(address, cell);
        if !runs.is_empty() {
            sheet.runs.insert(address, (*runs).into());
        }
    }
    let mut workbook = Workbook {
        sheets: vec![sheet],
        saved_at: None,
        format: Format::Xlsx,
        has_macros: false,
        names: Vec::new(),
    };
    read(&mut workbook);
    workbook.sheets.remove(0)
}

fn shown(sheet: &Sheet) -> Vec<&str> {
    sheet.cells.values().filter_map(Cell::text).collect()
}

fn rows(cells: &BTreeMap<CellAddress, OldFont>) -> Vec<u32> {
    cells.keys().map(|address| address.row).collect()
}

fn mark(parts: &[(&str, bool)]) -> (String, String) {
    without_marks(parts)
}

fn pair(text: &str, mark: &str) -> (String, String) {
    (text.to_owned(), mark.to_owned())
}

#[test]
fn raised_marks_leave_the_figure_and_the_label() {
    assert_eq!(mark(&[("66", false), ("2", true)]), pair("66", "2"));
    assert_eq!(mark(&[("66", false), (" (2)", true)]), pair("66", "(2)"));
    assert_eq!(mark(&[("66²", false)]), pair("66", "2"));
    assert_eq!(
        mark(&[("Tổng số", false), ("1,2", true), (" (hồ sơ)", false)]),
        pair("Tổng số (hồ sơ)", "1,2")
    );
    assert_eq!(mark(&[("Cộng", false), ("(*)", true)]), pair("Cộng", "(*)"));
}

#[test]
fn what_is_raised_and_no_mark_stays_raised() {
    assert_eq!(
        mark(&[("Diện tích (m", false), ("2", true), (")", false)]),
        pair("Diện tích (m²)", "")
    );
    assert_eq!(mark(&[("Đất, 5m²", false)]), pair("Đất, 5m²", ""));
    assert_eq!(
        mark(&[("ĐVT: 10", false), ("3", true), (" đồng", false)]),
        pair("ĐVT: 10³ đồng", "")
    );
    // Three digits may be part of the figure: 3259 with its end set wrong.
    assert_eq!(mark(&[("3", false), ("259", true)]), pair("3²⁵⁹", ""));
    assert_eq!(mark(&[("3²⁵⁹", false)]), pair("3²⁵⁹", ""));
    // Nothing else there: then it is no mark of anything.
    assert_eq!(mark(&[("66", true)]), pair("66", ""));
    assert_eq!(mark(&[("²", false)]), pair("²", ""));
}

#[test]
fn old_fonts_are_read_stretch_by_stretch() {
    let capital = [
        run("ñ", Some(".VnTimeH"), false),
        run("y ban", Some(".VnTime"), false),
    ];
    let split = [
        run("Hoa", None, false),
        run("ø b\u{ec}nh", Some("VNI-Times"), false),
    ];
    let sheet = read_column(&[
        ("X· Trµ Có", ".VnTime", &[]),
        ("ñy ban", "Calibri", &capital),
        ("Hoaø b\u{ec}nh", "VNI-Times", &split),
        ("Xã Trà Cú, µ và ¶", "Calibri", &[]),
        ("X· Trµ Có", "Calibri", &[]),
    ]);
    assert_eq!(
        shown(&sheet),
        [
            "Xã Trà Cú",
            "Ủy ban",
            "Hoà bình",
            "Xã Trà Cú, µ và ¶",
            "X· Trµ Có"
        ]
    );
    assert_eq!(rows(&sheet.old_fonts.read), [0, 1, 2]);
    assert!(sheet.old_fonts.unread.is_empty());
}

#[test]
fn a_mark_behind_old_letters_is_a_mark() {
    let runs = [run("Tæng sè", None, false), run("2", Some("Arial"), true)];
    let sheet = read_column(&[("Tæng sè2", ".VnTime", &runs)]);
    assert_eq!(shown(&sheet), ["Tổng số"]);
    assert_eq!(
        sheet.marks.values().map(|m| &**m).collect::<Vec<_>>(),
        ["2"]
    );
}

#[test]
fn a_font_left_over_changes_nothing() {
    // "Sè" alone could be Sè or Số; its neighbours decide.
    let left_over = read_column(&[("Tổng số", ".VnTime", &[]), ("Sè", ".VnTime", &[])]);
    assert_eq!(shown(&left_over), ["Tổng số", "Sè"]);
    assert_eq!(left_over.old_fonts, Default::default());
    let old = read_column(&[("Tæng sè", ".VnTime", &[]), ("Sè", ".VnTime", &[])]);
    assert_eq!(shown(&old), ["Tổng số", "Số"]);
    let both = read_column(&[
        ("Tæng sè", ".VnTime", &[]),
        ("Tổng số", ".VnTime", &[]),
        ("Sè", ".VnTime", &[]),
    ]);
    assert_eq!(shown(&both), ["Tổng số", "Tổng số", "Sè"]);
    assert_eq!(rows(&both.old_fonts.unread), [2]);
}

#[test]
fn what_cannot_be_read_as_a_whole_is_left() {
    let sheet = read_column(&[("X· H¬ng Mü", ".VnTime", &[]), ("3.259", ".VnTime", &[])]);
    assert_eq!(shown(&sheet), ["X· H¬ng Mü", "3.259"]);
    assert_eq!(rows(&sheet.old_fonts.unread), [0]);
    assert!(sheet.old_fonts.read.is_empty());
}

#[test]
fn runs_that_are_not_of_the_text_are_ignored() {
    let runs = [run("66", None, false), run(" 2", None, true)];
    let sheet = read_column(&[("662", "Calibri", &runs)]);
    assert_eq!(shown(&sheet), ["662"]);
    assert!(sheet.marks.is_empty());
}
