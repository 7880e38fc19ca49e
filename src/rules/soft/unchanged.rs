//! Soft edit: the previous period's figures sent again.

use super::typed::Typed;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::rules::page::Page;
use crate::rules::scope::UnitTables;

/// Id of the finding.
pub const UNCHANGED: &str = "so-lieu-ky-truoc-gui-lai";

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Gửi lại số liệu của kỳ trước",
    rules: &[(UNCHANGED, "cảnh báo")],
    what: "Báo khi mọi số phát sinh trong kỳ của một biểu đều giống hệt kỳ trước đã chốt. Chỉ xét số đơn \
           vị gõ; không xét ô có công thức, ô số kỳ trước, và số mà quy tắc của biểu nối sang kỳ sau \
           (số hiện có, số tồn): những số này đứng yên là chuyện thường. Các số khác 0 phải có đủ \
           chữ số, vì vài số nhỏ trùng nhau không nói lên điều gì.",
    why: "Mở tệp kỳ trước, sửa kỳ báo cáo rồi gửi: mọi phép cộng đều đúng, chỉ có số liệu là cũ.",
    parameters: "`checks.unchanged` ở đầu biểu; ở một cột, một dòng thì chỉ riêng số đó không tham gia:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không; đặt `false` ở chỉ tiêu là số hiện có |\n\
                 | `least` | 8 | các số khác 0 cộng lại phải có ít nhất bấy nhiêu chữ số |\n\n\
                 ```toml\n[checks]\nunchanged = { least = 12 }\n\n[[row]]\nid = \"so_tram_hien_co\"\nlabel = \"Số trạm hiện có\"\nchecks = { unchanged = { on = false } }\n```",
    example: "Biểu thủ tục hành chính có 24 số gõ vào, cả 24 số trùng với kỳ trước, trong đó 15 số khác 0, gồm 22 chữ số.",
    clerk: "Cán bộ xem lại có mở nhầm tệp cũ không. Nếu quả thật hai kỳ giống nhau thì ghi lý do.",
};

/// The finding, if the table repeats last period's; `typed` are its figures.
pub fn check(unit: &UnitTables<'_>, table: usize, typed: &[Typed<'_>]) -> Option<Finding> {
    let asked: Vec<(&Typed<'_>, u32)> = typed
        .iter()
        .filter(|figure| !figure.carried)
        .filter_map(|figure| Some((figure, figure.checks.unchanged?)))
        .collect();
    let telling: Vec<&(&Typed<'_>, u32)> = asked
        .iter()
        .filter(|(figure, _)| !figure.figure.is_zero())
        .collect();
    // Small figures repeat by chance, large ones hardly ever, so the digits of the repeated figures
    // are counted.
    let digits: usize = telling.iter().map(|(typed, _)| digits(typed.figure)).sum();
    // The largest number that any cell declares applies to the whole table.
    let least = asked.iter().map(|(_, least)| *least).max()?;
    let repeated = asked
        .iter()
        .all(|(figure, _)| figure.previous == Some(figure.figure));
    if !repeated || digits < usize::try_from(least).unwrap_or(usize::MAX) {
        return None;
    }
    let (first, _) = telling.first()?;
    let read = &unit.tables[table];
    let message = Message::new(
        format!(
            "Cả {} số phát sinh trong kỳ của biểu này giống hệt kỳ trước ({} số khác 0). Có phải đã gửi lại số liệu kỳ trước? Hãy điền số kỳ này; nếu quả thật không đổi, đề nghị giải trình.",
            asked.len(),
            telling.len()
        ),
        format!(
            "All {} figures of this period in the table are exactly last period's ({} of them not 0). Was last period's table sent again? Fill in this period's figures; if nothing changed indeed, please explain.",
            asked.len(),
            telling.len()
        ),
    );
    // At a cell, so that an explanation lapses once the figures change.
    let (class, severity) = (Class::History, Severity::Warning);
    let finding = Finding::new(UNCHANGED, class, severity, &read.file, message)
        .of_form(read.form.id())
        .at(&read.sheet, first.address)
        .value(Some(Value::Number(first.figure)));
    Some(finding)
}

/// Digits before the decimal point and after it.
fn digits(figure: Number) -> usize {
    let text = figure.normalize().to_string();
    text.chars().filter(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{closed, form, rules, table};

    #[test]
    fn last_periods_workbook_sent_again_is_asked_about_once() {
        let of = |checks: &str| {
            let rest = format!(
                "[defaults]\ntype = \"count\"\n{checks}\n\
                 [[column]]\nid = \"ten\"\nlabel = \"Việc\"\ntype = \"text\"\nkey = true\n\
                 [[column]]\nid = \"ton\"\nlabel = \"Tồn đầu\"\n\
                 [[column]]\nid = \"nhan\"\nlabel = \"Nhận\"\n\
                 [[rule]]\nid = \"ton-lech\"\ncheck = \"ton = PREV(ton)\"\n"
            );
            form("abc", "free", &rest)
        };
        let plain = of("");
        let again: [&[&str]; 2] = [&["a", "7", "1431"], &["b", "9", "2762"]];
        let last = closed(&table(&plain, &again));
        let told = |form: &std::sync::Arc<crate::schema::Form>, rows: &[&[&str]]| {
            rules(&[table(form, rows)], Some(&last))
        };
        assert_eq!(told(&plain, &again), [UNCHANGED]);
        // One figure of its own, and what must not change by rule says nothing.
        assert!(told(&plain, &[&["a", "7", "1432"], &["b", "9", "2762"]]).is_empty());
        // Seven digits happen.
        let few: [&[&str]; 2] = [&["a", "7", "143"], &["b", "9", "2762"]];
        let last_few = closed(&table(&plain, &few));
        assert!(rules(&[table(&plain, &few)], Some(&last_few)).is_empty());
        assert!(told(&of("[checks]\nunchanged = { on = false }"), &again).is_empty());
        assert!(told(&of("[checks]\nunchanged = { least = 9 }"), &again).is_empty());
    }
}
