//! Every kind of mistake people make in a form workbook, each with where and how it is told.

use tonghop::model::{CellAddress, Severity};
use tonghop::sheet_form::read;
use tonghop::workbook::Limits;

use crate::book::{Book, Put};

const F: &str = "Chỉ tiêu";
const R: &str = "Quy tắc";
const E: &str = "Ví dụ";

/// What is told: sheet, cell, words of the message.
type Wanted = &'static [(&'static str, &'static str, &'static str)];

pub struct Kind {
    pub name: &'static str,
    pub book: Book,
    pub wanted: Wanted,
}

pub fn kinds() -> Vec<Kind> {
    [shape(), fields(), rules()].into_iter().flatten().collect()
}

fn kind(name: &'static str, book: Book, wanted: Wanted) -> Kind {
    Kind { name, book, wanted }
}

fn cell(text: &str) -> CellAddress {
    text.parse().unwrap()
}

/// Mistakes in headings and in the shape of a sheet.
fn shape() -> Vec<Kind> {
    let right = Book::right;
    vec![
        kind(
            "heading misspelt",
            right().put(F, "D1", "Kiễuu"),
            &[(F, "D1", "có phải «Kiểu»")],
        ),
        kind(
            "heading unknown",
            right().put(F, "P1", "Màu chữ"),
            &[(F, "P1", "không có tiêu đề «Màu chữ»")],
        ),
        kind(
            "heading twice",
            right().put(F, "P1", "Kiểu"),
            &[(F, "P1", "có hai lần")],
        ),
        kind(
            "heading of rules misspelt",
            right().put(R, "D1", "Phép soo"),
            &[(R, "D1", "có phải «Phép so»")],
        ),
        kind(
            "value without a heading",
            right().put(F, "R12", "ghi thêm"),
            &[(F, "R12", "không có tiêu đề nên «ghi thêm» không được đọc")],
        ),
        kind(
            "blank line in the middle",
            right().gap(F, 13),
            &[(F, "A13", "dòng trống ở giữa")],
        ),
        kind(
            "heading row missing",
            no_heading(),
            &[(R, "A1", "không thấy hàng tiêu đề")],
        ),
        kind(
            "hidden line",
            hidden(),
            &[(R, "A3", "bị ẩn mà vẫn được đọc")],
        ),
        kind("merged over lines", merged(), &[(R, "I2", "bỏ gộp")]),
        kind(
            "struck out",
            struck(),
            &[(R, "I3", "gạch ngang mà vẫn được đọc")],
        ),
    ]
}

fn no_heading() -> Book {
    let mut book = Book::right();
    let rules = &mut book.sheets[1].1;
    rules.retain(|at, _| at.row > 0);
    book.sheets[2].1.retain(|at, _| at.row == 0);
    book
}

fn hidden() -> Book {
    let mut book = Book::right();
    book.hidden_rows.push((R.to_owned(), 2));
    book
}

fn struck() -> Book {
    let mut book = Book::right();
    book.struck.push((R.to_owned(), cell("I3")));
    book
}

fn merged() -> Book {
    let mut book = Book::right().put(R, "I3", "");
    book.merges.push((R.to_owned(), cell("I2"), cell("I3")));
    book
}

/// Mistakes in settings, columns and rows.
fn fields() -> Vec<Kind> {
    let right = Book::right;
    vec![
        kind(
            "line without a sort",
            right().put(F, "A12", ""),
            &[(F, "A12", "chưa ghi loại")],
        ),
        kind(
            "sort misspelt",
            right().put(F, "A17", "Dòngg"),
            &[(F, "A17", "có phải «Dòng»")],
        ),
        kind(
            "setting unknown",
            right().put(F, "B4", "Tên bểu"),
            &[
                (F, "B4", "có phải «Tên biểu»"),
                (F, "B1", "thiếu dòng loại «Biểu» có mã «Tên biểu»"),
            ],
        ),
        kind(
            "setting missing",
            right().put(F, "A3", "").put(F, "B3", "").put(F, "C3", ""),
            &[(F, "A3", "dòng trống"), (F, "B1", "«Phiên bản»")],
        ),
        kind(
            "setting twice",
            right().put(F, "B5", "Tên biểu"),
            &[(F, "C5", "đã khai ở ô C4"), (F, "B1", "«Tên trang»")],
        ),
        kind(
            "setting without a name",
            right().put(F, "B7", ""),
            &[(F, "B7", "phải ghi ở cột «Mã» điều được khai")],
        ),
        kind(
            "setting with a value in the wrong column",
            right().put(F, "D7", "STT"),
            &[(F, "D7", "ghi nhầm cột")],
        ),
        kind(
            "choice of a setting that is none",
            right().put(F, "C6", "dòng cứng"),
            &[(F, "C6", "dùng được: «dòng cố định»")],
        ),
        kind(
            "type misspelt",
            right().put(F, "D14", "tỷ lệẹ %"),
            &[(F, "D14", "có phải «tỷ lệ %»")],
        ),
        kind(
            "value of another column",
            right().put(F, "D11", "cắt bỏ"),
            &[(F, "D11", "giá trị của cột «Làm tròn», có lẽ ghi nhầm cột")],
        ),
        kind(
            "decimals that are no number",
            right().put(F, "E14", "hai"),
            &[(F, "E14", "phải là số nguyên không âm")],
        ),
        kind(
            "decimals with a fraction",
            right().set(F, "E14", Put::Number(1.5)),
            &[(F, "E14", "phải là số nguyên không âm")],
        ),
        kind(
            "too many decimals",
            right().set(F, "E14", Put::Number(8.0)),
            &[(F, "E14", "nhiều nhất là 6")],
        ),
        kind(
            "id missing",
            right().put(F, "B11", ""),
            &[
                (F, "B11", "chưa ghi mã; ví dụ tong_so"),
                (F, "I14", "biểu không có cột «tong»"),
                (R, "G4", "`tong`"),
                (E, "G2", "dan_so.tong"),
            ],
        ),
        kind(
            "id twice",
            right().put(F, "B12", "tong"),
            &[(F, "B12", "đã có ở ô B11"), (E, "G3", "dan_so.nam")],
        ),
        kind(
            "id with marks",
            right().put(F, "B12", "Năm"),
            &[(F, "B12", "chữ thường không dấu")],
        ),
        kind(
            "spaces around an id",
            right().put(F, "B12", "nam "),
            &[(F, "B12", "thừa dấu cách")],
        ),
        kind(
            "label missing",
            right().put(F, "C12", ""),
            &[(F, "C12", "chưa ghi tên của «nam»")],
        ),
        kind(
            "label turned into a day",
            right().set(F, "C12", Put::Day(45_931.0)),
            &[(F, "C12", "Excel đã đổi nội dung ô này thành ngày")],
        ),
        kind(
            "number of a row turned into a day",
            right().set(F, "J16", Put::Day(45_658.0)),
            &[
                (F, "J16", "đặt định dạng ô là chữ"),
                (R, "E3", "biểu không có dòng «1.1»"),
            ],
        ),
        kind(
            "cell with an error",
            right().set(F, "M12", Put::Text("#REF!")),
            &[],
        ),
        kind(
            "numerator unknown",
            right().put(F, "H14", "nuu"),
            &[(F, "H14", "biểu không có cột «nuu»; có phải «nu»")],
        ),
        kind(
            "denominator missing",
            right().put(F, "I14", ""),
            &[(F, "H14", "«Tử số» và «Mẫu số»")],
        ),
        kind(
            "columns of a row unknown",
            right().put(F, "O16", "tong; nam; nữu"),
            &[(F, "O16", "biểu không có cột «nữu»")],
        ),
        kind(
            "other keys badly written",
            right().put(F, "N12", "negative: true"),
            &[(F, "N12", "phải có dạng khóa = giá trị")],
        ),
        kind(
            "other key unknown",
            right().put(F, "N12", "negativ = true"),
            &[(F, "N12", "không có khóa `negativ`")],
        ),
        kind(
            "meaning that does not fit the type",
            right()
                .put(F, "A18", "Cột")
                .put(F, "B18", "ghi_chu")
                .put(F, "C18", "Ghi chú")
                .put(F, "D18", "chữ")
                .put(F, "G18", "số 0"),
            &[(F, "G18", "không hợp")],
        ),
        kind(
            "aggregation that does not fit the type",
            right().put(F, "L14", "cộng"),
            &[(F, "L14", "cộng")],
        ),
        kind("number typed as words", right().put(F, "E14", "2 "), &[]),
        kind(
            "formula without a value",
            right().set(F, "E14", Put::Formula("=B99")),
            &[(F, "E14", "công thức =B99 đang báo lỗi #NAME?")],
        ),
        kind(
            "yes for words",
            right().put(F, "C7", "có"),
            &[(F, "C7", "phải là chữ, không phải có hay không")],
        ),
        kind(
            "no columns",
            no_columns(),
            &[
                (F, "A1", "chưa có dòng nào có loại «Cột»"),
                (F, "A11", "dòng trống"),
            ],
        ),
    ]
}

fn no_columns() -> Book {
    let mut book = Book::right();
    book.sheets[0]
        .1
        .retain(|at, _| !(10..=13).contains(&at.row));
    book.sheets.truncate(1);
    book
}

/// Mistakes in rules and examples.
fn rules() -> Vec<Kind> {
    let right = Book::right;
    vec![
        kind(
            "column unknown",
            right().put(R, "F2", "4 + 9"),
            &[(R, "F2", "biểu không có cột «9»")],
        ),
        kind(
            "column misspelt",
            right().put(R, "C2", "tongg"),
            &[(R, "C2", "có phải «tong»")],
        ),
        kind(
            "row unknown",
            right().put(R, "E3", "1.1 + 1.7"),
            &[(R, "E3", "biểu không có dòng «1.7»")],
        ),
        kind(
            "row where a column is due",
            right().put(R, "F2", "tre_em"),
            &[(R, "F2", "đó là dòng `tre_em`, có lẽ ghi nhầm cột")],
        ),
        kind(
            "condition of figures alone",
            right().put(R, "H2", "3 > 0"),
            &[(R, "H2", "lúc nào cũng như nhau")],
        ),
        kind(
            "list of columns that is equal to something",
            right().put(R, "C2", "4; 5").put(R, "D2", "="),
            &[(R, "C2", "không rõ phép so nói về từng cột hay về tổng")],
        ),
        kind(
            "exception unknown",
            right().put(R, "B2", "* trừ 1.5"),
            &[(R, "B2", "biểu không có dòng «1.5»")],
        ),
        kind(
            "figure taken for a column",
            right().put(R, "F2", "200").put(R, "D2", "<="),
            &[(R, "F2", "thì ghi «số 200»")],
        ),
        kind(
            "columns typed as a formula of figures",
            right().set(R, "F2", Put::Formula("=4+5")),
            &[(R, "F2", "ghi 4+5 không có dấu =")],
        ),
        kind(
            "row number cut short by a cell of numbers",
            right()
                .put(F, "J17", "1.10")
                .put(R, "E3", "1.1 + 1.10")
                .put(R, "C2", "3")
                .set(R, "B2", Put::Number(1.1)),
            &[(R, "B2", "không phân biệt 1.1 với 1.10")],
        ),
        kind(
            "sign missing",
            right().put(R, "D2", ""),
            &[(R, "D2", "chưa ghi phép so")],
        ),
        kind(
            "sign that is none",
            right().put(R, "D2", "~"),
            &[(R, "D2", "«Phép so» không thể là «~»")],
        ),
        kind(
            "right side missing",
            right().put(R, "F2", ""),
            &[(R, "F2", "chưa ghi vế phải")],
        ),
        kind(
            "left side missing",
            right().put(R, "C2", ""),
            &[(R, "C2", "vế trái phải ghi một cột")],
        ),
        kind(
            "rule in two ways",
            right().put(R, "D4", "="),
            &[(R, "D4", "đã có «Biểu thức»")],
        ),
        kind(
            "both sides multiply",
            right().put(R, "B2", "1").put(R, "E2", "1.1 + 1.2"),
            &[(R, "F2", "không cả hai")],
        ),
        kind(
            "rule that can never hold",
            right().put(R, "G4", "tong = tong + 1"),
            &[(R, "G4", "không bao giờ đúng được")],
        ),
        kind(
            "no comparison",
            right().put(R, "G4", "tong + nam"),
            &[(R, "G4", "phải là một phép so sánh")],
        ),
        kind(
            "name unknown in an expression",
            right().put(R, "G4", "tong <= namm"),
            &[(R, "G4", "`namm`; có phải `nam`")],
        ),
        kind(
            "function unknown",
            right().put(R, "G4", "tong <= SUMM(nam)"),
            &[(R, "G4", "có phải `SUM`")],
        ),
        kind(
            "bracket missing",
            right().put(R, "G4", "tong <= (nam + nu"),
            &[(R, "G4", "thiếu dấu đóng ngoặc")],
        ),
        kind(
            "decimal comma",
            right().put(R, "G4", "tong <= 1,5 * nam"),
            &[(R, "G4", "dấu chấm")],
        ),
        kind(
            "condition with an unknown name",
            right().put(R, "H4", "namm > 0"),
            &[(R, "H4", "có phải `nam`")],
        ),
        kind(
            "severity that is none",
            right().put(R, "J2", "nặng"),
            &[(R, "J2", "dùng được: «lỗi», «cảnh báo»")],
        ),
        kind(
            "period misspelt",
            right().put(R, "K4", "tháng 13/2025"),
            &[(R, "K4", "kỳ «tháng 13/2025» viết sai")],
        ),
        kind(
            "period of a thirteenth month in figures",
            right().put(R, "K4", "2025-13"),
            &[(R, "K4", "kỳ «2025-13» viết sai")],
        ),
        kind(
            "last period of a month that is none",
            right().put(R, "L4", "năm 2025-99"),
            &[(R, "L4", "kỳ «năm 2025-99» viết sai")],
        ),
        kind(
            "period that ends before it begins",
            right().put(R, "L4", "2025-01"),
            &[(R, "L4", "")],
        ),
        kind(
            "rule id twice",
            right().put(R, "M3", "gioi-lech"),
            &[(R, "M3", "khai hai lần")],
        ),
        kind(
            "label that several have",
            right()
                .put(F, "C13", "Chia ra › Nam")
                .put(R, "F2", "«Nam» + 5"),
            &[(R, "F2", "nhiều cột «Nam»")],
        ),
        kind(
            "example without a name",
            right().put(E, "A2", ""),
            &[
                (E, "A2", "chưa có tên"),
                (E, "A3", "chưa có tên"),
                (E, "A4", "chưa có tên"),
            ],
        ),
        kind(
            "cell of an example unknown",
            right().put(E, "F3", "namm"),
            &[(E, "G3", "có phải `dan_so.nam`")],
        ),
        kind(
            "value without its cell",
            right().put(E, "E3", "").put(E, "F3", ""),
            &[(E, "E3", "chưa rõ của ô nào")],
        ),
        kind(
            "value that its cell cannot hold",
            right().put(E, "G3", "bốn"),
            &[(E, "G3", "phải là một số")],
        ),
        kind(
            "part that is none",
            right().put(E, "D3", "tháng trước"),
            &[(E, "D3", "dùng được: «số liệu»")],
        ),
        kind(
            "example breaks an unknown rule",
            right().put(E, "C2", "gioi-lec"),
            &[(E, "C2", "có phải `gioi-lech`")],
        ),
    ]
}

#[test]
fn a_right_workbook_has_no_mistake() {
    let forms = read("bieu.xlsx", &Book::right().bytes(), &Limits::default()).unwrap();
    assert_eq!(forms[0].mistakes, Vec::new());
    let form = forms[0].form.as_ref().unwrap();
    let checks: Vec<&str> = form.written().map(|rule| rule.text.as_str()).collect();
    assert_eq!(
        checks,
        [
            "tong = nam + nu",
            "dan_so = tre_em + nguoi_lon",
            "tong <= 1000"
        ]
    );
}

#[test]
fn every_kind_of_mistake_is_told_at_its_cell() {
    let kinds = kinds();
    assert!(kinds.len() >= 60, "{} kinds", kinds.len());
    let mut wrong = Vec::new();
    for kind in &kinds {
        let forms = read("bieu.xlsx", &kind.book.bytes(), &Limits::default()).unwrap();
        let told = &forms[0].mistakes;
        let is = |mistake: &tonghop::sheet_form::Mistake,
                  (sheet, at, words): &(&str, &str, &str)| {
            &*mistake.place.sheet == *sheet
                && mistake.place.cell == cell(at)
                && mistake.message.vi.contains(words)
        };
        let missing = kind
            .wanted
            .iter()
            .filter(|wanted| !told.iter().any(|one| is(one, wanted)));
        let missing: Vec<_> = missing.collect();
        let more = told
            .iter()
            .filter(|one| !kind.wanted.iter().any(|wanted| is(one, wanted)));
        let more: Vec<String> = more
            .map(|one| format!("{}!{} {}", one.place.sheet, one.place.cell, one.message.vi))
            .collect();
        if !missing.is_empty() || !more.is_empty() {
            wrong.push(format!(
                "{}:\n  missing {missing:?}\n  told {more:#?}",
                kind.name
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        kinds.len(),
        wrong.join("\n")
    );
}

#[test]
fn several_mistakes_are_told_in_one_go() {
    let book = Book::right()
        .put(F, "D14", "tỷ lệẹ %")
        .put(R, "F2", "4 + 9")
        .put(R, "G4", "tong <= namm")
        .put(R, "J3", "nặng")
        .put(E, "G3", "bốn");
    let forms = read("bieu.xlsx", &book.bytes(), &Limits::default()).unwrap();
    let errors = forms[0].mistakes.iter();
    let errors = errors.filter(|mistake| mistake.severity == Severity::Error);
    let cells: Vec<String> = errors
        .map(|one| format!("{}!{}", one.place.sheet, one.place.cell))
        .collect();
    for at in ["Chỉ tiêu!D14", "Quy tắc!F2", "Quy tắc!G4", "Quy tắc!J3"] {
        assert!(
            cells.contains(&at.to_owned()),
            "{at} is not among {cells:?}"
        );
    }
}

#[test]
fn rules_are_read_as_people_write_them() {
    let written = |book: Book| {
        let forms = read("bieu.xlsx", &book.bytes(), &Limits::default()).unwrap();
        assert_eq!(forms[0].mistakes, Vec::new());
        let form = forms[0].form.as_ref().unwrap();
        let rule = form.written().next().unwrap();
        let file = &form.file.rules[0];
        let places = |ids: &Option<Vec<toml::Spanned<String>>>| {
            ids.iter()
                .flatten()
                .map(|id| id.get_ref().clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        format!(
            "{} | {} | {} | {} | {}",
            rule.text,
            places(&file.rows),
            places(&file.except_rows),
            places(&file.columns),
            places(&file.except_columns)
        )
    };
    let right = Book::right;
    for (book, wanted) in [
        (
            right().put(R, "B2", "* trừ 1.1; 1.2"),
            "tong = nam + nu |  | tre_em nguoi_lon |  | ",
        ),
        (
            right().put(R, "B2", "1, 1.1"),
            "tong = nam + nu | dan_so tre_em |  |  | ",
        ),
        (
            right().put(R, "B2", "Dân số"),
            "tong = nam + nu | dan_so |  |  | ",
        ),
        (
            right().put(R, "B2", "").put(R, "F2", "cột 4 + «Nữ»"),
            "tong = nam + nu |  |  |  | ",
        ),
        (
            right().put(R, "D2", "không lớn hơn").put(R, "F2", "số 200"),
            "tong <= 200 |  |  |  | ",
        ),
        (
            right().put(R, "D2", "≥").put(R, "F2", "SUM(4:5)"),
            "tong >= SUM(nam:nu) |  |  |  | ",
        ),
        (
            right().put(R, "F2", "kỳ_trước").put(R, "F2", "PREV(3)"),
            "tong = PREV(tong) |  |  |  | ",
        ),
        (
            right()
                .put(R, "B2", "1")
                .put(R, "E2", "1.1 + 1.2")
                .put(R, "F2", "3"),
            "dan_so.tong = tre_em.tong + nguoi_lon.tong |  |  |  | ",
        ),
        (
            right().set(R, "F2", Put::Formula("=nam+nu")),
            "tong = nam+nu |  |  |  | ",
        ),
        (
            right()
                .set(R, "C2", Put::Number(3.0))
                .set(R, "F2", Put::Text("=nam * 2")),
            "tong = nam * 2 |  |  |  | ",
        ),
    ] {
        // The example goes by the rule as it was.
        assert_eq!(
            written(
                book.put(E, "C2", "")
                    .put(E, "A2", "")
                    .put(E, "G2", "")
                    .without_examples()
            ),
            wanted
        );
    }
}
