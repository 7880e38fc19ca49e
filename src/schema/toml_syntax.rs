//! Mistakes of writing TOML itself: quotation marks, brackets, numbers, one key a line.

use crate::model::Message;

/// What is wrong with the writing at byte `at`, for which the parser says `detail`; `None` for
/// messages that are not known.
pub(super) fn words(detail: &str, text: &str, at: usize) -> Option<Message> {
    let said = detail.split(", expected ").next().unwrap_or(detail);
    let place = FaultPosition::new(text, at);
    match said {
        "string values must be quoted"
        | "invalid boolean"
        | "invalid float"
        | "invalid mantissa"
        | "invalid fraction"
        | "invalid exponent"
        | "invalid date"
        | "invalid datetime"
        | "invalid date-time"
        | "invalid time"
        | "invalid offset"
        | "invalid integer number"
        | "unexpected leading zero"
        | "redundant numeric sign"
        | "redundant integer number prefix"
        | "`_` may only go between digits"
        | "radix must be lowercase"
        | "integers with a radix cannot be signed"
        | "invalid binary number"
        | "invalid octal number"
        | "invalid hexadecimal number"
        | "unexpected sign"
        | "missing value"
        | "invalid value"
        | "missing value for key"
        | "invalid string"
            if !escape(&place) =>
        {
            Some(unquoted(place.token()))
        }
        "invalid value" | "too few unicode value digits" | "missing escaped value" => {
            Some(Message::new(
                "dấu \\ trong chữ có nghĩa riêng; viết \\\\ cho một dấu \\, hoặc đặt chữ trong dấu \
                 nháy đơn '…'",
                "the sign \\ has a meaning of its own in a text; write \\\\ for one \\, or put the \
                 text in single quotation marks '…'",
            ))
        }
        "unexpected key or value"
        | "unexpected content"
        | "unexpected content between comment and newline"
        | "missing comment start" => Some(after_value(&place)),
        _ => by_table(said, &place),
    }
}

/// For a message that is not known.
pub(super) fn otherwise() -> Message {
    Message::new(
        "chỗ này viết sai; mỗi dòng có dạng khóa = giá trị, chữ đặt trong dấu nháy kép, danh sách \
         trong [ ]",
        "this is written wrongly; each line is key = value, with texts in quotation marks and \
         lists in [ ]",
    )
}

/// Messages whose words do not depend on what is written.
fn by_table(said: &str, place: &FaultPosition<'_>) -> Option<Message> {
    let (vi, en) = match said {
        "duplicate key" => return Some(twice(place)),
        "key with no value"
        | "missing assignment between key-value pairs"
        | "invalid key-value pair" => return Some(no_equals()),
        "extra `=`" | "extra assignment between key-value pairs" => (
            "thừa dấu =; viết khóa = giá trị",
            "an = too many; write key = value",
        ),
        "unquoted keys cannot be empty"
        | "missing key for inline table element"
        | "invalid inline table element" => (
            "thiếu tên khóa ở chỗ này",
            "the name of a key is missing here",
        ),
        "invalid unquoted key"
        | "invalid key"
        | "keys cannot be multi-line basic strings"
        | "keys cannot be multi-line literal strings" => (
            "tên khóa chỉ gồm chữ cái không dấu, chữ số, _ và -; tên khác phải đặt trong dấu nháy \
             kép",
            "the name of a key has unaccented letters, digits, _ and - only; any other name must \
             be in quotation marks",
        ),
        "invalid basic string"
        | "invalid literal string"
        | "invalid multi-line basic string"
        | "invalid multi-line literal string"
        | "missing opening quote" => return Some(quotes(place)),
        "unclosed table" | "unclosed array table" | "missing table open" | "invalid table" => (
            "tên bảng thiếu dấu ngoặc vuông; viết như [layout], hoặc [[row]] cho thứ có nhiều",
            "the name of the table lacks a bracket; write [layout], or [[row]] for what there are \
             several of",
        ),
        "unclosed array" | "missing array opening" => (
            "danh sách thiếu dấu ]; viết như [\"a\", \"b\"]",
            "the list lacks its ]; write [\"a\", \"b\"]",
        ),
        "missing comma between array elements" => (
            "thiếu dấu phẩy giữa hai phần tử của danh sách, hoặc thiếu dấu ] ở cuối danh sách; viết \
             như [\"a\", \"b\"]",
            "a comma between two elements of the list, or the ] at its end, is missing; write \
             [\"a\", \"b\"]",
        ),
        "extra comma in array" => (
            "thừa dấu phẩy trong danh sách; viết như [\"a\", \"b\"]",
            "a comma too many in the list; write [\"a\", \"b\"]",
        ),
        "unexpected `=` in array" => (
            "trong danh sách [ ] không có dấu =; bảng có khóa viết trong { }",
            "a list in [ ] has no =; a table of keys is written in { }",
        ),
        "unclosed inline table" | "missing inline table opening" => (
            "bảng trong { } thiếu dấu ngoặc; viết như { a = 1, b = 2 }",
            "the table in { } lacks a brace; write { a = 1, b = 2 }",
        ),
        "missing comma between key-value pairs" => (
            "thiếu dấu phẩy giữa hai khóa trong { }; viết như { a = 1, b = 2 }",
            "a comma between two keys in { } is missing; write { a = 1, b = 2 }",
        ),
        "extra comma in inline table" => (
            "thừa dấu phẩy trong { }; viết như { a = 1, b = 2 }",
            "a comma too many in { }; write { a = 1, b = 2 }",
        ),
        "invalid comment character" => (
            "trong ghi chú có ký tự điều khiển không nhìn thấy; xóa và gõ lại dòng này",
            "the comment has an invisible control character; delete the line and type it anew",
        ),
        "carriage return must be followed by newline" => (
            "dòng kết thúc bằng ký tự xuống dòng lạ; lưu lại tệp bằng trình soạn thảo văn bản",
            "the line ends in an unusual way; save the file again in a text editor",
        ),
        "cannot recurse further; max recursion depth met" | "recursion limit" => (
            "các dấu ngoặc lồng nhau quá sâu",
            "brackets are nested too deeply",
        ),
        "could not allocate for string" => ("chữ ở đây quá dài", "the text here is too long"),
        _ if said.starts_with("cannot extend value of type") => return Some(twice(place)),
        _ => return None,
    };
    Some(Message::new(vi, en))
}

/// A value without quotation marks, or a number written otherwise than TOML has it.
pub(super) fn unquoted(token: &str) -> Message {
    if token.is_empty() || token == "-" {
        return Message::new(
            "sau dấu = chưa có giá trị; viết cùng dòng, chữ trong dấu nháy kép",
            "there is no value after the =; write it on the same line, a text in quotation marks",
        );
    }
    if let Some(date) = as_date(token) {
        return Message::new(
            format!("`{token}` phải đặt trong dấu nháy kép; nếu là ngày, viết \"{date}\""),
            format!("`{token}` must be in quotation marks; if it is a date, write \"{date}\""),
        );
    }
    let marks = ['“', '”', '„', '‘', '’', '«', '»', '"', '\''];
    let bare = token.trim_matches(marks).replace(['"', '\\'], "");
    if token.starts_with(['“', '”', '„', '‘', '’', '«']) {
        return Message::new(
            format!("dấu nháy của `{token}` là dấu nháy cong; dùng dấu nháy thẳng: \"{bare}\""),
            format!("`{token}` has curly quotation marks; use straight ones: \"{bare}\""),
        );
    }
    match bare.to_lowercase().as_str() {
        word @ ("true" | "false") => Message::new(
            format!("viết `{word}`, chữ thường, không có dấu nháy"),
            format!("write `{word}` in small letters, without quotation marks"),
        ),
        "có" | "không" | "yes" | "no" | "đúng" | "sai" => Message::new(
            format!("viết true (có) hoặc false (không); nếu là chữ, viết \"{bare}\""),
            format!("write true or false; if it is a text, write \"{bare}\""),
        ),
        _ if token
            .chars()
            .all(|c| c.is_ascii_digit() || " .,+-_%".contains(c)) =>
        {
            Message::new(
                format!(
                    "số `{token}` viết sai; viết liền các chữ số, dấu chấm cho phần lẻ: 50000 hoặc \
                 12.5; nếu là chữ, viết \"{bare}\""
                ),
                format!(
                    "the number `{token}` is written wrongly; write the digits together, with a point \
                 for decimals: 50000 or 12.5; if it is a text, write \"{bare}\""
                ),
            )
        }
        _ => Message::new(
            format!("chữ phải đặt trong dấu nháy kép: \"{bare}\", không phải `{token}`"),
            format!("texts must be in quotation marks: \"{bare}\", not `{token}`"),
        ),
    }
}

/// A date as texts of TOML files must give it, from one written day first; `None` if it is none.
pub(super) fn as_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (year, day) = match (first.len(), last.len()) {
        (4, 1..=2) => (first, last),
        (1..=2, 4) => (last, first),
        _ => return None,
    };
    let day =
        chrono::NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(day?.format("%Y-%m-%d").to_string())
}

/// Something after a value that is complete.
fn after_value(place: &FaultPosition<'_>) -> Message {
    let rest = place.rest();
    if rest.starts_with("//") || rest.starts_with("--") || rest.starts_with("/*") {
        return Message::new("ghi chú bắt đầu bằng dấu #", "a comment begins with #");
    }
    if place.line.trim_start().starts_with('[') {
        return Message::new(
            format!("thừa `{rest}` sau tên bảng; viết như [layout], hoặc [[row]] cho thứ có nhiều"),
            format!(
                "`{rest}` after the name of the table is too much; write [layout], or [[row]] for \
                 what there are several of"
            ),
        );
    }
    let decimals = rest
        .strip_prefix(',')
        .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    if decimals {
        let number = place.value();
        return Message::new(
            format!(
                "số `{number}` viết sai; phần lẻ viết sau dấu chấm (12.5), hàng nghìn viết liền \
                 (50000)"
            ),
            format!(
                "the number `{number}` is written wrongly; decimals follow a point (12.5), and \
                 thousands are not separated (50000)"
            ),
        );
    }
    Message::new(
        format!(
            "thừa `{rest}` sau giá trị; mỗi dòng chỉ có một khóa và một giá trị, dấu nháy nằm trong \
             chữ viết là \\\""
        ),
        format!(
            "`{rest}` after the value is too much; a line has one key and one value, and a \
             quotation mark inside a text is written \\\""
        ),
    )
}

fn no_equals() -> Message {
    Message::new(
        "chỗ này phải có dạng khóa = giá trị, giá trị cùng dòng với khóa; ghi chú bắt đầu bằng dấu #",
        "key = value must be here, the value on the line of the key; a comment begins with #",
    )
}

fn twice(place: &FaultPosition<'_>) -> Message {
    let name = place.token();
    Message::new(
        format!("khóa khai hai lần: `{name}`; bỏ bớt một"),
        format!("the key `{name}` is given twice; remove one"),
    )
}

/// Quotation marks that do not close, or a character a text cannot hold.
fn quotes(place: &FaultPosition<'_>) -> Message {
    if place.line.contains('{') && !place.line.contains(['"', '\'']) {
        return no_equals();
    }
    if place.here().is_some_and(char::is_control) {
        return Message::new(
            "trong chữ có ký tự điều khiển không nhìn thấy; xóa và gõ lại chữ này",
            "the text has an invisible control character; delete the text and type it anew",
        );
    }
    Message::new(
        "thiếu dấu nháy đóng chữ, hoặc trong chữ có dấu nháy cùng loại",
        "the closing quotation mark is missing, or the text has a mark of the same kind inside",
    )
}

/// Whether the place is inside a text, at what follows a backslash.
fn escape(place: &FaultPosition<'_>) -> bool {
    let before = place.line.get(..place.column).unwrap_or_default();
    before.contains('"') && before.contains('\\')
}

/// A place of the text: its line, and where in it.
struct FaultPosition<'a> {
    /// The line, without its end.
    line: &'a str,
    /// Byte offset in the line.
    column: usize,
}

impl<'a> FaultPosition<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        FaultPosition {
            line: text.get(begin..end).unwrap_or_default(),
            column: at - begin,
        }
    }

    /// The character here; `None` at the end of the line.
    fn here(&self) -> Option<char> {
        self.line.get(self.column..)?.chars().next()
    }

    /// What is written from here on, cut if it is long.
    fn rest(&self) -> String {
        let rest = self.line.get(self.column..).unwrap_or_default().trim();
        let cut: String = rest.chars().take(40).collect();
        if cut.len() < rest.len() {
            cut + "…"
        } else {
            cut
        }
    }

    /// The value of the line: what follows its first `=`.
    fn value(&self) -> &'a str {
        let value = self
            .line
            .split_once('=')
            .map_or(self.line, |(_, value)| value);
        value.split('#').next().unwrap_or(value).trim()
    }

    /// What is written around here, up to the signs that part keys and values.
    fn token(&self) -> &'a str {
        let parts = ['=', ',', '[', ']', '{', '}', '#'];
        let before = self.line.get(..self.column).unwrap_or_default();
        let after = self.line.get(self.column..).unwrap_or_default();
        let from = before.rfind(parts).map_or(0, |at| at + 1);
        let to = after
            .find(parts)
            .map_or(self.line.len(), |at| self.column + at);
        self.line.get(from..to).unwrap_or_default().trim()
    }
}
