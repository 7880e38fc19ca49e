//! Names of sheets spelled otherwise, and sheets of ours that are not read.

use tonghop::model::Severity;
use tonghop::sheet_form::{SheetForm, read};
use tonghop::workbook::Limits;

use crate::book::Book;
use crate::campaign_book::{loaded, right};

fn form(book: &Book) -> SheetForm {
    let forms = read("bieu.xlsx", &book.bytes(), &Limits::default()).unwrap();
    forms.into_iter().next().unwrap()
}

fn errors(form: &SheetForm) -> Vec<String> {
    let errors = form.mistakes.iter();
    let errors = errors.filter(|mistake| mistake.severity == Severity::Error);
    errors.map(|mistake| mistake.message.vi.clone()).collect()
}

#[test]
fn sheets_are_read_however_their_names_are_spelled() {
    let wanted = form(&Book::right()).toml;
    for (sheet, names) in [
        (
            "Quy tắc",
            [
                "Qui tắc",
                "Quy tắt",
                "Các quy tắc",
                "QUY TAC ",
                "Quy tắc (2)",
            ],
        ),
        (
            "Chỉ tiêu",
            [
                "Chi tieu",
                "Các chỉ tiêu",
                "CHỈ TIÊU1",
                "Chỉ tiu",
                "Danh mục chỉ tiêu",
            ],
        ),
        (
            "Ví dụ",
            ["Vi du", "Các ví dụ", "VÍ DỤ", "Ví dụ 1", "Ví  dụ"],
        ),
    ] {
        for name in names {
            let form = form(&Book::right().renamed(sheet, name));
            assert_eq!(errors(&form), [""; 0], "{name}");
            assert_eq!(form.toml, wanted, "{name}");
        }
    }
}

#[test]
fn a_sheet_of_rules_under_another_name_is_told() {
    let told = errors(&form(&Book::right().renamed("Quy tắc", "Luật")));
    assert!(
        told.iter()
            .any(|told| told.contains("hãy đổi tên trang thành «Quy tắc»")),
        "{told:?}"
    );
    let mut two = Book::right();
    let (_, rules) = two.sheets[1].clone();
    two.sheets.push(("Quy tắc cũ".to_owned(), rules));
    let told = errors(&form(&two));
    assert!(
        told.iter()
            .any(|told| told.contains("vì đã có trang «Quy tắc»")),
        "{told:?}"
    );
}

#[test]
fn sheets_of_a_campaign_are_read_however_their_names_are_spelled() {
    let folder = tempfile::tempdir().unwrap();
    for (sheet, name) in [
        ("Đơn vị", "Danh sách đơn vị"),
        ("Biểu", "Các biểu"),
        ("Phụ lục", "PHU LUC"),
        ("Số kiểm soát", "Số kiễm soát"),
        ("Đợt", "Đợt báo cáo"),
    ] {
        let campaign = loaded(folder.path(), &right().renamed(sheet, name));
        let campaign = campaign.unwrap_or_else(|told| panic!("{name}: {told}"));
        assert_eq!(campaign.file.appendices.len(), 1, "{name}");
        assert_eq!(campaign.roster.units.len(), 2, "{name}");
    }
    let told = loaded(folder.path(), &right().renamed("Phụ lục", "Bảng in")).unwrap_err();
    assert!(told.contains("hãy đổi tên trang thành «Phụ lục»"), "{told}");
}
