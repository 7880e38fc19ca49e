//! Cases of `samples/loi-thuong-gap` about how a figure is written and where its table is found:
//! most of them look like mistakes and are read, the rest is reported.

use super::common_mistakes::{Case, Edit, case, cells, patched};
use super::filled::{Filing, Input};
use super::mistakes::{MistakeKind, cell, dotted, set};
use super::patch::{Change, Content, Patch, Place};

pub(super) fn cases(right: &Filing) -> Vec<Case> {
    let mut cases = figures(right);
    cases.extend(formulas(right));
    cases.extend(places());
    cases
}

fn figures(right: &Filing) -> Vec<Case> {
    let opening = dotted(right.number("tthc_ky", "tiep_nhan", "ky_truoc"));
    let received =
        |text: String| cells([cell("tthc_ky", "tiep_nhan", "ky_truoc", Input::Text(text))]);
    let share = right.number("tthc_ky", "ty_le_truc_tuyen", "trong_ky");
    let percent = format!("{share}%").replace('.', ",");
    let glued = right.number("van_ban", "gui", "trong_ky") * 10.0 + 2.0;
    let shares = Place::Fixed {
        row: "ty_le_truc_tuyen",
        column: "trong_ky",
    };
    let revoked = |text: &str| {
        cells([cell(
            "chu_ky_so",
            "to_chuc",
            "thu_hoi",
            Input::Text(text.to_owned()),
        )])
    };
    vec![
        case(
            "so-cach-khoang-trang",
            received(opening.replace('.', "\u{a0}")),
        ),
        case(
            "so-khong-o-dau",
            received(format!("'0{}", opening.replace('.', ""))),
        ),
        case("gach-ngang-thay-so-khong", revoked("-")),
        case("ghi-khong-bang-chu", revoked("Không")),
        case("o-chi-co-khoang-trang", revoked(" ")),
        case(
            "chu-so-toan-kho",
            received(full_width(&opening) + "\u{3000}"),
        ),
        case(
            "dau-chu-thich-dinh-so",
            cells([set("van_ban", "gui", "trong_ky", glued)]),
        ),
        case(
            "ty-le-kem-dau-phan-tram",
            cells([cell(
                "tthc_ky",
                "ty_le_truc_tuyen",
                "trong_ky",
                Input::Text(percent),
            )]),
        ),
        case(
            "ty-le-dinh-dang-phan-tram",
            patched(
                "tthc_ky",
                shares,
                Content::Percentage((100.0 * share).round() / 10_000.0),
            ),
        ),
        case(
            "so-qua-lon",
            cells([cell(
                "tthc_ky",
                "tiep_nhan",
                "ky_truoc",
                Input::Number(1e20),
            )]),
        ),
    ]
}

/// Figures as a keyboard for Chinese or Japanese types them.
fn full_width(text: &str) -> String {
    let wide = |digit: char| char::from_u32(u32::from(digit) - 0x30 + 0xFF10).expect("a digit");
    text.chars()
        .map(|c| if c.is_ascii_digit() { wide(c) } else { c })
        .collect()
}

fn formulas(right: &Filing) -> Vec<Case> {
    let luy_ke = |row, content| {
        Edit::Patch(Patch {
            form: "tthc_ky",
            change: Change::Cell(
                Place::Fixed {
                    row,
                    column: "luy_ke",
                },
                content,
            ),
        })
    };
    let sum = |row| {
        luy_ke(
            row,
            Content::Computed(
                "{ky_truoc}+{trong_ky}",
                right.number("tthc_ky", row, "luy_ke"),
            ),
        )
    };
    let opening = right.number("tthc_ky", "tiep_nhan", "ky_truoc");
    vec![
        case(
            "cong-thuc-khac-cot",
            vec![
                sum("tiep_nhan"),
                sum("lien_thong"),
                luy_ke(
                    "vneid",
                    Content::Computed("{ky_truoc}", right.number("tthc_ky", "vneid", "luy_ke")),
                ),
            ],
        ),
        case(
            "cong-thuc-bi-ghi-de",
            vec![
                sum("tiep_nhan"),
                sum("lien_thong"),
                luy_ke(
                    "vneid",
                    Content::Figure(right.number("tthc_ky", "vneid", "luy_ke") + 9.0),
                ),
            ],
        ),
        case(
            "cong-thuc-ghi-de-so-dung",
            vec![
                sum("tiep_nhan"),
                sum("lien_thong"),
                luy_ke(
                    "vneid",
                    Content::Figure(right.number("tthc_ky", "vneid", "luy_ke")),
                ),
            ],
        ),
        case(
            "loi-chia-cho-khong",
            patched(
                "tthc_ky",
                Place::Fixed {
                    row: "vneid",
                    column: "trong_ky",
                },
                Content::Fails("{ky_truoc}/0", "#DIV/0!"),
            ),
        ),
        case(
            "cong-thuc-ra-trong",
            vec![luy_ke(
                "vneid",
                Content::ShowsNothing("IFERROR({trong_ky}/0,&quot;&quot;)"),
            )],
        ),
        case(
            "cong-thuc-lay-tu-tep-khac",
            patched(
                "tthc_ky",
                Place::Fixed {
                    row: "tiep_nhan",
                    column: "ky_truoc",
                },
                Content::Computed("[1]TTHC!D13", opening),
            ),
        ),
    ]
}

fn places() -> Vec<Case> {
    let change = |form, change| Edit::Patch(Patch { form, change });
    let retyped = |form, place, words| {
        vec![
            Edit::Mistake(MistakeKind::NameOnly {
                printed_name: "UBND xã Càng Long",
            }),
            change(form, Change::Cell(place, Content::Words(words))),
        ]
    };
    vec![
        case(
            "doi-ten-trang",
            vec![Edit::SheetName("tthc", " PL 01 (mới)")],
        ),
        case(
            "an-cot",
            vec![change("van_ban", Change::HideColumn("ky_truoc"))],
        ),
        case("an-dong", vec![change("tthc_ky", Change::HideRow("vneid"))]),
        case("an-trang", vec![change("tai_khoan", Change::HideSheet)]),
        case("bo-gop-o", vec![change("tthc", Change::Unmerge)]),
        case(
            "ke-lai-bieu-doi-tieu-de",
            retyped("van_ban", Place::Header("trong_ky"), "Số phát sinh"),
        ),
        case(
            "ma-cua-bieu-khac",
            vec![change(
                "van_ban",
                Change::Cell(Place::Title, Content::Words("Biểu số II.06a/VPCP/KSTT")),
            )],
        ),
    ]
}
