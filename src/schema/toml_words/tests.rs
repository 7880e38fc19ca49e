use serde::Deserialize;

use super::words;
use crate::schema::Form;
use crate::schema::source::Source;

/// The reader's own words for a form that begins so.
fn reported(text: &str) -> String {
    let error = Form::parse("a.toml", text).unwrap_err();
    error.message.vi
}

#[test]
fn the_usual_mistakes_are_reported_in_vietnamese() {
    for (text, part) in [
        ("idd = \"a\"", "không có khóa `idd`"),
        ("id = \"a\"\nid = \"b\"", "khai hai lần: `id`"),
        ("id = 1", "phải là chữ trong dấu nháy, không phải số `1`"),
        ("id = \"a\nversion = \"1\"", "dấu nháy"),
        ("id = \"a\"\nversion = \"1\"", "thiếu khóa `title`"),
        (
            "[layout]\nrows = \"fre\"",
            "không có giá trị `fre`; dùng được: `fixed`, `free`",
        ),
        ("[row]\nid = \"a\"", "viết `[[row]]`"),
        ("[[layout]]\nrows = \"fixed\"", "viết `[layout]`"),
    ] {
        let found = reported(text);
        assert!(found.contains(part), "{text}: {found}");
    }
    let period = words("`2025-13` is not a period; write 2025-09 or 2025", "", None);
    assert_eq!(
        period.vi,
        "kỳ `2025-13` viết sai; viết như 2025-09 hoặc 2025"
    );
}

/// One key of every type that form and campaign files have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Every {
    text: Option<String>,
    flag: Option<bool>,
    count: Option<u32>,
    share: Option<f64>,
    on: Option<chrono::NaiveDate>,
    list: Option<Vec<String>>,
    label: Option<crate::schema::file::Label>,
    table: Option<std::collections::BTreeMap<String, String>>,
    figure: Option<crate::schema::control::ExactFigure>,
    period: Option<crate::model::Period>,
}

/// Texts with a mistake, and a part of what must be said about each.
const MISTAKES: &[(&str, &str)] = &[
    ("text = fixed", "chữ phải đặt trong dấu nháy kép: \"fixed\""),
    ("text = count", "\"count\""),
    ("text = Mầm non", "\"Mầm non\""),
    ("text = nothing", "\"nothing\""),
    ("text = indeed", "\"indeed\""),
    ("text = t9", "\"t9\""),
    ("text = “x”", "dấu nháy thẳng: \"x\""),
    ("text = 2025-Q3", "\"2025-Q3\""),
    ("text = 2025-09", "\"2025-09\""),
    ("text = 2025-09-01", "viết \"2025-09-01\""),
    ("text = 12:30", "\"12:30\""),
    ("text = 1.0", "không phải số `1.0`"),
    ("text =", "chưa có giá trị"),
    ("text = -", "chưa có giá trị"),
    ("text = #x", "chưa có giá trị"),
    ("text =\n\"x\"", "cùng dòng"),
    ("text \"x\"", "khóa = giá trị"),
    ("text : \"x\"", "khóa = giá trị"),
    ("text = = 1", "thừa dấu ="),
    ("text = \"x\" số", "thừa `số` sau giá trị"),
    ("text = \"x\";", "thừa `;` sau giá trị"),
    ("text = \"Số \"lớp\"\"", "viết là \\\""),
    ("text = \"x\" // chú", "ghi chú bắt đầu bằng dấu #"),
    ("text = \"x", "thiếu dấu nháy đóng"),
    ("text = 'x\"", "thiếu dấu nháy đóng"),
    ("text = \"\"\"x", "thiếu dấu nháy đóng"),
    ("text = '''x", "thiếu dấu nháy đóng"),
    ("text = \"C:\\Users\"", "viết \\\\"),
    ("text = \"C:\\qsers\"", "viết \\\\"),
    ("text = \"\\ud800\"", "viết \\\\"),
    ("text = \"x\u{7}\"", "ký tự điều khiển"),
    ("# a\u{7}b", "ký tự điều khiển"),
    ("text = {a}", "khóa = giá trị"),
    ("text = {a=1", "thiếu dấu ngoặc"),
    ("table = {a=\"x\" b=\"y\"}", "thiếu dấu phẩy giữa hai khóa"),
    ("table = {,}", "thừa dấu phẩy"),
    ("table = {a=\"x\", a=\"y\"}", "khai hai lần: `a`"),
    (
        "table = [1]",
        "phải là bảng có các khóa, không phải danh sách",
    ),
    ("flag = True", "viết `true`"),
    ("flag = có", "true (có)"),
    ("flag = \"true\"", "true hoặc false"),
    ("count = 1,5", "số `1,5` viết sai"),
    ("count = 01", "số `01` viết sai"),
    ("count = 1__0", "số `1__0` viết sai"),
    ("count = --1", "số `--1` viết sai"),
    ("count = -1", "số nguyên không âm"),
    ("count = 999999999999999999999999", "số nguyên không âm"),
    ("count = 0x", "quá lớn hoặc viết dở"),
    ("count = 0xg", "0xg"),
    ("share = 1.", "số `1.` viết sai"),
    ("share = .5", "số `.5` viết sai"),
    ("share = 1.000.000", "số `1.000.000` viết sai"),
    ("share = 12%", "số `12%` viết sai"),
    ("share = 50 000", "số `50 000` viết sai"),
    ("share = 1e", "1e"),
    ("share = 1e400", "quá lớn"),
    ("on = \"10/10/2025\"", "\"2025-10-10\""),
    ("on = 10/10/2025", "\"2025-10-10\""),
    ("on = 2025-10-10", "\"2025-10-10\""),
    ("on = \"2025-10\"", "năm-tháng-ngày"),
    ("on = \"2025-02-30\"", "không có trong lịch"),
    ("on = \"2025-10-10x\"", "năm-tháng-ngày"),
    ("on = 5", "năm-tháng-ngày"),
    ("list = \"x\"", "danh sách trong [ ]"),
    ("list = [x]", "\"x\""),
    ("list = ['A' 'B']", "thiếu dấu phẩy"),
    ("list = [\"A\", \"B\"", "thiếu dấu ]"),
    ("list = [\"A\"\nflag = true", "thiếu dấu ]"),
    ("list = [,]", "thừa dấu phẩy"),
    ("list = [\"x\" = 1]", "không có dấu ="),
    ("label = 1", "danh sách các chữ"),
    ("figure = \"abc\"", "`abc` không phải là số"),
    ("figure = true", "số như 3259"),
    ("figure = 1e300", "quá lớn"),
    ("period = \"2025-13\"", "kỳ `2025-13` viết sai"),
    ("[[table]", "thiếu dấu ngoặc vuông"),
    ("[table", "thiếu dấu ngoặc vuông"),
    ("[table]]", "thừa `]` sau tên bảng"),
    ("[]", "thiếu tên khóa"),
    ("= 1", "thiếu tên khóa"),
    ("nhãn = \"x\"", "chữ cái không dấu"),
    ("\"\"\"a\"\"\" = 1", "chữ cái không dấu"),
    ("[table]\n[table]", "khai hai lần: `table`"),
    ("text = 1\ntext.a = 1", "khai hai lần"),
];

/// Words of the libraries that read the file.
const THEIRS: &[&str] = &[
    "invalid",
    "expected",
    "unclosed",
    "missing",
    "unexpected",
    "input",
    "formatted",
    "untagged",
    "redundant",
    "NaN",
];

#[test]
fn every_mistake_of_writing_has_words_and_a_place() {
    let fallback = super::toml_syntax::otherwise().vi;
    for (text, part) in MISTAKES {
        let source = Source {
            name: "a.toml",
            text,
        };
        let error = source.parse::<Every>().expect_err(text);
        let vi = &error.message.vi;
        assert!(vi.contains(part), "{text}: {vi}");
        assert!(!vi.contains(&fallback), "{text}: {vi}");
        assert!(error.place.is_some(), "{text}: no place");
        for word in THEIRS {
            assert!(!vi.contains(word), "{text}: {vi}");
        }
        assert!(
            !error.message.en.contains("expected"),
            "{}",
            error.message.en
        );
    }
}

#[test]
fn a_message_that_is_not_known_has_plain_words() {
    let unknown = words(
        "unexpected flux in the capacitor, expected `x`",
        "a = 1",
        Some(0..1),
    );
    assert_eq!(unknown, super::toml_syntax::otherwise());
}
