//! Cases of `samples/loi-thuong-gap` about letters: marks, fonts, spellings of names and labels.

use super::common_mistakes::{Case, Edit, case, cells, patched};
use super::filled::{Filing, Input};
use super::mistakes::{MistakeKind, cell};
use super::patch::{Change, Content, Patch, Place};

pub(super) fn cases(right: &Filing) -> Vec<Case> {
    let mut cases = letters(right);
    cases.extend(names());
    cases.extend(labels());
    cases
}

/// Marks and fonts.
fn letters(right: &Filing) -> Vec<Case> {
    let sent = Place::Fixed {
        row: "gui",
        column: "trong_ky",
    };
    let figure = right.number("van_ban", "gui", "trong_ky").to_string();
    let label =
        |row, font, words| patched("van_ban", Place::Label(row), Content::InFont(font, words));
    let starred = Input::Text(format!("{figure}*"));
    let named = |printed_name| vec![Edit::Mistake(MistakeKind::NameOnly { printed_name })];
    vec![
        case(
            "dau-chu-thich",
            patched("van_ban", sent, Content::Marked(figure, "2")),
        ),
        case(
            "dau-sao-sau-so",
            cells([cell("van_ban", "gui", "trong_ky", starred)]),
        ),
        case("phong-vntime", label("nhan", ".VnTime", "V¨n b¶n nhËn")),
        case("phong-vni", label("nhan", "VNI-Times", "Vaên baûn nhaän")),
        Case {
            unit: "28870",
            ..case(
                "ten-unicode-to-hop",
                named("UBND x\u{e3} Ch\u{1a1}\u{323} La\u{301}ch"),
            )
        },
        Case {
            unit: "28870",
            ..case("ten-chu-phong-cu", named("UBND X· Chî L¸ch"))
        },
    ]
}

/// A workbook drawn anew that bears only a name.
fn named(printed_name: &'static str) -> Vec<Edit> {
    vec![Edit::Mistake(MistakeKind::NameOnly { printed_name })]
}

/// The name of a unit in other spellings, and names that are nobody's.
fn names() -> Vec<Case> {
    let of = |unit, folder, printed_name| Case {
        unit,
        ..case(folder, named(printed_name))
    };
    vec![
        of(
            "28870",
            "ten-unicode-nfd",
            "UBND xa\u{303} Cho\u{31B}\u{323} La\u{301}ch",
        ),
        of("29857", "ten-i-ngan-y-dai", "UBND xã Lục Sỹ Thành"),
        of("29536", "ten-chu-eth", "UBND xã Ðông Hải"),
        of("28861", "ten-viet-hoa", "UBND XÃ TIÊN THỦY"),
        of("29266", "ten-viet-tat-x-p", "X. Càng Long"),
        of("29266", "ten-khong-dau", "UBND xa Cang Long"),
        of("29266", "ten-gan-giong", "UBND xã Hương Mĩ"),
        of("29266", "xa-tinh-khac", "UBND xã Yên Thành"),
    ]
}

/// Labels of columns and rows in other spellings.
fn labels() -> Vec<Case> {
    let words = |place, words| {
        Edit::Patch(Patch {
            form: "van_ban",
            change: Change::Cell(place, Content::Words(words)),
        })
    };
    let old = |form, row, font, words| {
        Edit::Patch(Patch {
            form,
            change: Change::Cell(Place::Label(row), Content::InFont(font, words)),
        })
    };
    let respelt = |folder, more: Vec<Edit>| {
        // Without the template's names only the labels identify rows and columns.
        let mut edits = named("UBND xã Càng Long");
        edits.extend(more);
        case(folder, edits)
    };
    vec![
        respelt(
            "nhan-khoang-trang-cung",
            vec![
                words(Place::Header("trong_ky"), "\u{A0}Trong\u{A0}kỳ\u{200B} "),
                words(Place::Label("nhan"), "VĂN\u{A0}BẢN  NHẬN:"),
            ],
        ),
        respelt(
            "nhan-unicode-nfd",
            vec![
                words(
                    Place::Header("luy_ke"),
                    "Lu\u{303}y ke\u{302}\u{301} đe\u{302}\u{301}n cuo\u{302}\u{301}i ky\u{300}",
                ),
                words(Place::Label("gui"), "Va\u{306}n ba\u{309}n gư\u{309}i"),
            ],
        ),
        respelt(
            "nhan-ten-goi-khac",
            vec![
                words(Place::Header("luy_ke"), "Lũy kế đến nay"),
                words(Place::Label("nhan"), "Văn bản đến"),
            ],
        ),
        case(
            "phong-vntimeh",
            vec![
                old("van_ban", "tong", ".VnTimeH", "tæng sè v¨n b¶n göi vµ nhËn"),
                // The letter ư is a soft hyphen, which many programs drop.
                old("tthc_ky", "vneid", ".VnTime", "Lît tra cøu qua VNeID"),
            ],
        ),
    ]
}
