//! Soft edit: heaping, counts that all end in 0, as estimates do.

use super::typed::Typed;
use crate::model::Lang;
use crate::model::value::Shown;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::rules::page::Page;
use crate::rules::scope::UnitTables;
use crate::schema::FieldType;

/// Id of the finding.
pub const ZEROS: &str = "moi-so-deu-tan-cung-0";

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Mọi số đều tận cùng bằng 0",
    rules: &[(ZEROS, "cảnh báo")],
    what: "Báo khi mọi số đếm từ 10 trở lên mà đơn vị gõ vào một biểu đều tận cùng bằng 0. Không xét số \
           tiền, số đo, tỷ lệ, ô có công thức, số nối từ kỳ trước.",
    why: "Số đếm thật tận cùng bằng 0 thì trung bình mười số có một. Sáu số liền như vậy (một phần triệu) \
          gần như chắc chắn là số ước lượng.",
    parameters: "`checks.zeros` ở đầu biểu; ở một cột, một dòng thì chỉ riêng số đó không tham gia:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không; đặt `false` cho số vốn là số tròn |\n\
                 | `least` | 6 | phải có ít nhất bấy nhiêu số từ 10 trở lên |\n\n\
                 ```toml\n[checks]\nzeros = { on = false }\n```",
    example: "Một xã ghi 120, 80, 40, 10, 250, 30, 60: bảy số đều tròn chục.",
    clerk: "Cán bộ đếm lại từ hệ thống hoặc sổ; nếu số thật đều tròn thì ghi lý do.",
};

/// The finding, if every count of the table is round; `typed` are its figures.
pub fn check(unit: &UnitTables<'_>, table: usize, typed: &[Typed<'_>]) -> Option<Finding> {
    let asked: Vec<(&Typed<'_>, u32)> = typed
        .iter()
        .filter(|figure| figure.field.kind == FieldType::Count && !figure.carried)
        .filter(|figure| figure.figure.abs() >= Number::TEN)
        .filter_map(|figure| Some((figure, figure.checks.zeros?)))
        .collect();
    let least = asked.iter().map(|(_, least)| *least).max()?;
    let round = asked
        .iter()
        .all(|(figure, _)| (figure.figure % Number::TEN).is_zero());
    if !round || asked.len() < usize::try_from(least).unwrap_or(usize::MAX) {
        return None;
    }
    let (first, _) = asked.first()?;
    let read = &unit.tables[table];
    let shown = |lang| {
        let first = asked.iter().take(5);
        let shown: Vec<String> = first.map(|(one, _)| one.figure.shown(lang)).collect();
        shown.join("; ")
    };
    let message = Message::new(
        format!(
            "Cả {} số từ 10 trở lên của biểu này đều tận cùng bằng 0 ({}...). Có phải số ước lượng? Hãy đếm lại; nếu đúng, đề nghị giải trình.",
            asked.len(),
            shown(Lang::Vi)
        ),
        format!(
            "All {} counts of 10 and more in this table end in 0 ({}...). Are they estimates? Count again; if they are right, please explain.",
            asked.len(),
            shown(Lang::En)
        ),
    );
    let finding = Finding::new(ZEROS, Class::Rule, Severity::Warning, &read.file, message)
        .of_form(read.form.id())
        .at(&read.sheet, first.address)
        .value(Some(Value::Number(first.figure)));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{form, rules, table};

    fn told(checks: &str, figures: [&str; 6]) -> Vec<String> {
        let rows: String = (0..6)
            .map(|i| format!("[[row]]\nid = \"r{i}\"\nlabel = \"Dòng {i}\"\n"))
            .collect();
        let rest = format!(
            "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n{checks}\n[[column]]\nid = \"so\"\nlabel = \"Số\"\n{rows}"
        );
        let form = form("abc", "fixed", &rest);
        let rows = figures.map(|figure| [figure]);
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        rules(&[table(&form, &rows)], None)
    }

    #[test]
    fn counts_that_all_end_in_0_are_asked_about() {
        let round = ["120", "80", "40", "10", "250", "30"];
        assert_eq!(told("", round), [ZEROS]);
        assert!(told("", ["120", "80", "40", "10", "250", "31"]).is_empty());
        let five = ["120", "80", "40", "10", "250", "3"];
        assert!(told("", five).is_empty(), "five of 10 and more");
        assert_eq!(told("[checks]\nzeros = { least = 5 }", five), [ZEROS]);
        assert!(told("[checks]\nzeros = { on = false }", round).is_empty());
    }
}
