//! Campaigns written in a workbook.

use std::fs;
use std::path::Path;

use tonghop::campaign::Campaign;
use tonghop::sheet_form::campaign::read_campaign;
use tonghop::sheet_form::same::differences;
use tonghop::workbook::{Limits, workbook_from_bytes};

use crate::book::Book;

const TOML: &str = r#"
name = "dot-9"
title = "Báo cáo tháng 9"
period = "2025-09"
office = "Sở Khoa học và Công nghệ"
place = "Vĩnh Long"
deadline = "2025-10-10"
chart = [{ value = "van_ban!tong.trong_ky", top = 5 }]
[[kind]]
id = "xa"
name = "Xã, phường"
above = "Ủy ban nhân dân"
[[form]]
id = "van_ban"
kinds = ["xa"]
[[figure]]
id = "A01"
label = "Văn bản gửi"
value = "van_ban!gui.trong_ky"
unit = "văn bản"
[[appendix]]
title = "Văn bản theo xã"
sheet = "PL1"
form = "van_ban"
list = "units"
columns = ["gui.trong_ky", "nhan.trong_ky"]
total = "Tổng cộng"
[[control]]
id = "gui-lech"
cell = "van_ban!gui.trong_ky"
value = 120
source = "Trục liên thông"
"#;

pub fn right() -> Book {
    Book::of(&[
        (
            "Đợt",
            &[
                &["Mục", "Giá trị", "Tên loại", "In phía trên"],
                &["Mã đợt", "dot-9"],
                &["Tên báo cáo", "Báo cáo tháng 9"],
                &["Kỳ báo cáo", "tháng 9/2025"],
                &["Cơ quan", "Sở Khoa học và Công nghệ"],
                &["Nơi ký", "Vĩnh Long"],
                &["Hạn gửi", "10/10/2025"],
                &["Loại đơn vị", "xa", "Xã, phường", "Ủy ban nhân dân"],
                &[
                    "Khác",
                    "chart = [{ value = \"van_ban!tong.trong_ky\", top = 5 }]",
                ],
            ],
        ),
        (
            "Đơn vị",
            &[
                &["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"],
                &["A", "Xã An Bình", "xa"],
                &["B", "Xã Bình Minh", "xa"],
            ],
        ),
        ("Biểu", &[&["Mã biểu", "Loại đơn vị"], &["van_ban", "xa"]]),
        (
            "Số liệu báo cáo",
            &[
                &["Mã", "Tên", "Biểu thức", "Đơn vị tính"],
                &["A01", "Văn bản gửi", "van_ban!gui.trong_ky", "văn bản"],
            ],
        ),
        (
            "Phụ lục",
            &[
                &[
                    "Tên",
                    "Tên trang",
                    "Biểu",
                    "Mỗi dòng là",
                    "Các cột",
                    "Dòng tổng",
                ],
                &[
                    "Văn bản theo xã",
                    "PL1",
                    "van_ban",
                    "đơn vị",
                    "gui.trong_ky, nhan.trong_ky",
                    "Tổng cộng",
                ],
            ],
        ),
        (
            "Số kiểm soát",
            &[
                &["Mã", "Ô", "Giá trị", "Nguồn"],
                &[
                    "gui-lech",
                    "van_ban!gui.trong_ky",
                    "#120",
                    "Trục liên thông",
                ],
            ],
        ),
    ])
}

pub fn loaded(folder: &Path, book: &Book) -> Result<Campaign, String> {
    fs::write(folder.join("campaign.xlsx"), book.bytes()).unwrap();
    Campaign::load(folder).map_err(|error| error.to_string())
}

#[test]
fn a_campaign_in_a_workbook_says_what_its_text_would() {
    let workbook = workbook_from_bytes("", &right().bytes(), &Limits::default()).unwrap();
    let read = read_campaign(&workbook).unwrap();
    assert_eq!(read.mistakes, Vec::new());
    assert_eq!(differences(TOML, &read.toml).unwrap(), Vec::<String>::new());
    let folder = tempfile::tempdir().unwrap();
    let campaign = loaded(folder.path(), &right()).unwrap();
    assert_eq!(campaign.roster.units.len(), 2);
    assert_eq!(campaign.forms.len(), 1);
    assert!(campaign.stamps.contains_key("campaign.xlsx"));
}

#[test]
fn two_campaign_files_or_two_lists_of_units_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    loaded(folder.path(), &right()).unwrap();
    fs::write(
        folder.path().join("roster.csv"),
        "code,name,kind\nA,Xã A,xa\n",
    )
    .unwrap();
    let error = loaded(folder.path(), &right()).unwrap_err();
    assert!(error.contains("hãy để lại một danh sách"), "{error}");
    // Without the sheet the file is the list.
    let mut without = right();
    without.sheets.retain(|(name, _)| name != "Đơn vị");
    let campaign = loaded(folder.path(), &without).unwrap();
    assert_eq!(campaign.roster.units.len(), 1);
    fs::write(folder.path().join("campaign.toml"), TOML).unwrap();
    let error = loaded(folder.path(), &right()).unwrap_err();
    assert!(error.contains("hãy để lại một tệp"), "{error}");
}
