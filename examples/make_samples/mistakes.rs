//! Mistakes of the first round, each of a kind that people make. They are described here and made
//! when the workbooks are drawn; the second round brings the corrected workbooks and the late ones.

use super::figures::Figures;
use super::filled::{Filing, Input, TOTAL_ROW};

/// One mistake of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// Code of the unit.
    pub unit: &'static str,
    /// What is done to its workbook.
    pub kind: MistakeKind,
    /// What happened, for the reader of the sample.
    pub note: &'static str,
    /// Is the workbook sent again in the second round? Not if it can be read as it is.
    pub sent_again: bool,
}

/// What is done to a workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum MistakeKind {
    /// Cells that differ from the right figures.
    SetCells(Vec<CellChange>),
    /// The workbook was typed anew: no identity sheet, only the printed name of the unit.
    NameOnly { printed_name: &'static str },
    /// A second workbook of the same round beside the right one; these cells differ.
    DuplicateWith(Vec<CellChange>),
    /// The total row of a form is deleted.
    DropTotalRow { form: &'static str },
    /// Nothing came in the first round.
    NotFiled,
}

/// A cell and what the clerk puts into it. `row` is a row id, the key of a free row, or
/// [`TOTAL_ROW`]; a total row that is not named is the sum of the rows as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct CellChange {
    pub form: &'static str,
    pub row: &'static str,
    pub column: &'static str,
    pub input: Input,
}

/// The first round of `vinh-long-2025-09`.
pub fn vinh_long(filings: &[Filing]) -> Vec<Mistake> {
    let mut mistakes = arithmetic(filings);
    mistakes.extend(typing(filings));
    mistakes.extend(history(filings));
    mistakes.extend(identity(filings));
    mistakes
}

/// The first round of `vpubnd-2025-07`: the one workbook, with a figure in đồng.
pub fn vpubnd() -> Vec<Mistake> {
    vec![returned(
        "H61.01",
        "Nâng cấp Hệ thống thông tin báo cáo: ghi 2.000.000.000 (đồng) trong khi đơn vị tính là triệu đồng",
        vec![set(
            "kinh_phi",
            "Nâng cấp Hệ thống thông tin báo cáo",
            "su_nghiep",
            2e9,
        )],
    )]
}

/// Sums that do not come out.
fn arithmetic(filings: &[Filing]) -> Vec<Mistake> {
    let sum = |unit: &str, form: &str, column: &str| -> f64 {
        let form = filing(filings, unit).form(form).expect("filed");
        form.rows
            .iter()
            .filter_map(|row| figure(row.cell(column)?))
            .sum()
    };
    let f = |unit: &str, form, row, column| filing(filings, unit).number(form, row, column);
    vec![
        returned(
            "29551",
            "Phường Long Châu: dòng TỔNG CỘNG cộng thừa 10 hồ sơ ở cột tổng số nhận giải quyết",
            vec![set(
                "tthc",
                TOTAL_ROW,
                "tong",
                sum("29551", "tthc", "tong") + 10.0,
            )],
        ),
        returned(
            "H61.06",
            "Sở Nông nghiệp và Môi trường: lĩnh vực Đất đai, cột tổng số thiếu một hồ sơ",
            vec![set(
                "tthc",
                "Đất đai",
                "tong",
                f("H61.06", "tthc", "Đất đai", "tong") - 1.0,
            )],
        ),
        returned(
            "H61.03",
            "Sở Tư pháp: lũy kế hộp thư chép lại số kỳ trước, quên cộng số cấp mới",
            vec![set(
                "tai_khoan",
                "thu_dien_tu",
                "luy_ke",
                f("H61.03", "tai_khoan", "thu_dien_tu", "ky_truoc"),
            )],
        ),
        returned(
            "29771",
            "Phường Bình Minh: đổi chỗ hồ sơ trực tiếp và trực tuyến, tỷ lệ tính theo số đã đổi; chỉ lệch với biểu II.06a",
            swapped(filing(filings, "29771")),
        ),
        returned(
            "29821",
            "Xã Trà Ôn: ghi đạt 16 tiêu chí nhưng sót dấu x ở tiêu chí 05",
            vec![cell("kh02", "tc05", "ket_qua", Input::Blank)],
        ),
        Mistake {
            unit: "H61.07",
            kind: MistakeKind::DropTotalRow { form: "tthc" },
            note: "Sở Xây dựng: xóa mất dòng TỔNG CỘNG của biểu II.06a",
            sent_again: true,
        },
    ]
}

/// Figures typed wrong.
fn typing(filings: &[Filing]) -> Vec<Mistake> {
    let f = |unit: &str, form, row, column| filing(filings, unit).number(form, row, column);
    vec![
        returned(
            "28870",
            "Xã Chợ Lách: đảo hai chữ số cuối của lũy kế văn bản nhận",
            vec![set(
                "van_ban",
                "nhan",
                "luy_ke",
                transposed(f("28870", "van_ban", "nhan", "luy_ke")),
            )],
        ),
        Mistake {
            sent_again: false,
            ..returned(
                "29341",
                "Xã Tiểu Cần: lũy kế hồ sơ lưu dạng chữ, có dấu chấm ngăn cách hàng nghìn",
                vec![cell(
                    "tthc_ky",
                    "tiep_nhan",
                    "luy_ke",
                    Input::Text(dotted(f("29341", "tthc_ky", "tiep_nhan", "luy_ke"))),
                )],
            )
        },
        returned(
            "29461",
            "Xã Trà Cú: gõ dấu chấm trên máy dùng dấu chấm thập phân, lũy kế kỳ trước thành số lẻ",
            vec![set(
                "tthc_ky",
                "tiep_nhan",
                "ky_truoc",
                f("29461", "tthc_ky", "tiep_nhan", "ky_truoc") / 1000.0,
            )],
        ),
        Mistake {
            sent_again: false,
            ..returned(
                "29050",
                "Xã Bình Đại: tỷ lệ hồ sơ trực tuyến cắt bớt chữ số thay vì làm tròn",
                vec![set(
                    "tthc_ky",
                    "ty_le_truc_tuyen",
                    "trong_ky",
                    truncated_share(filing(filings, "29050")),
                )],
            )
        },
        returned(
            "29110",
            "Xã Ba Tri: không thu hồi chữ ký số nào nhưng để trống, không ghi 0",
            vec![cell("chu_ky_so", "to_chuc", "thu_hoi", Input::Blank)],
        ),
        returned(
            "29512",
            "Phường Duyên Hải: ghi x vào ô phải ghi số chữ ký số thay đổi thông tin",
            vec![cell(
                "chu_ky_so",
                "ca_nhan",
                "thay_doi",
                Input::Text("x".to_owned()),
            )],
        ),
        returned(
            "H61.11",
            "Sở Y tế: gõ số văn bản nhận trong kỳ vào ô văn bản gửi",
            vec![set(
                "van_ban",
                "gui",
                "trong_ky",
                f("H61.11", "van_ban", "nhan", "trong_ky"),
            )],
        ),
    ]
}

/// Figures that do not go on from last period.
fn history(filings: &[Filing]) -> Vec<Mistake> {
    let f = |column| filing(filings, "28903").number("tai_khoan", "qlvb", column);
    vec![returned(
        "28903",
        "Xã Mỏ Cày: số tài khoản kỳ trước cao hơn số đã báo cáo 4 tài khoản, trong biểu vẫn cân",
        vec![
            set("tai_khoan", "qlvb", "ky_truoc", f("ky_truoc") + 4.0),
            set("tai_khoan", "qlvb", "luy_ke", f("luy_ke") + 4.0),
        ],
    )]
}

/// Who filed, and how often.
fn identity(filings: &[Filing]) -> Vec<Mistake> {
    let boxes = |column| filing(filings, "29242").number("tai_khoan", "thu_dien_tu", column);
    let not_filed = |unit, note| Mistake {
        unit,
        kind: MistakeKind::NotFiled,
        note,
        sent_again: true,
    };
    vec![
        Mistake {
            unit: "28861",
            kind: MistakeKind::NameOnly {
                printed_name: "UBND xã Tiên Thuỷ",
            },
            note: "Xã Tiên Thủy: tự kẻ lại biểu, tên đơn vị đặt dấu kiểu mới (Thuỷ)",
            sent_again: false,
        },
        Mistake {
            unit: "29536",
            kind: MistakeKind::NameOnly {
                printed_name: "UBND xã Long Hải",
            },
            note: "Xã Đông Hải: tự kẻ lại biểu, ghi tên xã Long Hải, không có trong danh sách đơn vị",
            sent_again: true,
        },
        Mistake {
            unit: "29242",
            kind: MistakeKind::DuplicateWith(vec![
                set(
                    "tai_khoan",
                    "thu_dien_tu",
                    "trong_ky",
                    boxes("trong_ky") + 3.0,
                ),
                set("tai_khoan", "thu_dien_tu", "luy_ke", boxes("luy_ke") + 3.0),
            ]),
            note: "Phường Trà Vinh: gửi hai tệp có số hộp thư cấp mới khác nhau",
            sent_again: true,
        },
        not_filed("H61.13", "Thanh tra tỉnh: chưa gửi"),
        not_filed("29227", "Xã Thạnh Phong: chưa gửi"),
        not_filed("29857", "Xã Lục Sĩ Thành: chưa gửi"),
    ]
}

/// Does every mistake name a cell that exists, and change its content?
pub fn check(mistakes: &[Mistake], figures: &Figures) {
    for mistake in mistakes {
        let filing = filing(&figures.filings, mistake.unit);
        if let MistakeKind::SetCells(changes) | MistakeKind::DuplicateWith(changes) = &mistake.kind
        {
            for change in changes.iter().filter(|change| change.row != TOTAL_ROW) {
                let right = filing
                    .form(change.form)
                    .and_then(|f| f.cell(change.row, change.column));
                assert!(
                    right.is_some_and(|right| *right != change.input),
                    "{}: {change:?} changes nothing in {right:?}",
                    mistake.note
                );
            }
        }
    }
}

fn returned(unit: &'static str, note: &'static str, changes: Vec<CellChange>) -> Mistake {
    Mistake {
        unit,
        kind: MistakeKind::SetCells(changes),
        note,
        sent_again: true,
    }
}

pub fn cell(
    form: &'static str,
    row: &'static str,
    column: &'static str,
    input: Input,
) -> CellChange {
    CellChange {
        form,
        row,
        column,
        input,
    }
}

pub fn set(form: &'static str, row: &'static str, column: &'static str, number: f64) -> CellChange {
    cell(form, row, column, Input::Number(number))
}

fn filing<'a>(filings: &'a [Filing], unit: &str) -> &'a Filing {
    filings
        .iter()
        .find(|filing| filing.unit.code == unit)
        .expect("in the roster")
}

fn figure(input: &Input) -> Option<f64> {
    match input {
        Input::Number(number) => Some(*number),
        _ => None,
    }
}

/// Direct and online dossiers the other way round, the percentage computed from that.
fn swapped(filing: &Filing) -> Vec<CellChange> {
    let direct = filing.number("tthc_ky", "truc_tiep", "trong_ky");
    let online = filing.number("tthc_ky", "truc_tuyen", "trong_ky");
    let share = (10_000.0 * direct / (direct + online)).round() / 100.0;
    vec![
        set("tthc_ky", "truc_tiep", "trong_ky", online),
        set("tthc_ky", "truc_tuyen", "trong_ky", direct),
        set("tthc_ky", "ty_le_truc_tuyen", "trong_ky", share),
    ]
}

/// The share of online dossiers with what is behind two decimals dropped.
pub fn truncated_share(filing: &Filing) -> f64 {
    let online = filing.number("tthc_ky", "truc_tuyen", "trong_ky");
    let all = filing.number("tthc_ky", "tiep_nhan", "trong_ky");
    (10_000.0 * online / all).trunc() / 100.0
}

/// The last two digits the other way round.
pub fn transposed(number: f64) -> f64 {
    let (tens, ones) = ((number / 10.0).trunc() % 10.0, number % 10.0);
    number - 10.0 * tens - ones + 10.0 * ones + tens
}

/// 2381 as "2.381"; below a million.
pub fn dotted(number: f64) -> String {
    format!("{}.{:03}", (number / 1000.0).trunc(), number % 1000.0)
}
