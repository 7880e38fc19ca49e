//! Rules on whether cells are filled, because figures go together or exclude one another: the
//! message of a rule on whether cells are filled (`ISBLANK(a) = ISBLANK(b)`, `(a > 0) = (b > 0)`,
//! `OR(ISBLANK(a), ISBLANK(b))`).
//!
//! Such a rule has no two sides with a difference. It is reported at the cell that should be filled
//! if filling one mends it, else at the last that should not be.

use super::explain::{add_condition, why};
use super::terms::{joined, shown};
use crate::model::{Message, Number, Value};
use crate::rules::instance::{Instance, Verdict};
use crate::rules::page::Page;
use crate::rules::scope::{CellRef, UnitTables, cell_label};
use crate::schema::expression::{Expr, Function, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read};

/// The page of the user guide about pairs.
pub const PAGE: Page = Page {
    title: "Số liệu phải đi cùng nhau, hoặc không được cùng có",
    rules: &[],
    what: "Cặp bắt buộc: đã ghi một bên thì phải ghi bên kia. Cặp loại trừ: không được ghi cả hai. Thông báo đứng ở ô còn thiếu; với cặp loại trừ, ở ô ghi sau cùng.",
    why: "Thiếu một nửa thông tin (có số văn bản mà không có ngày ký, có vốn mà không có dự án) không phép cộng nào thấy được, và thường chỉ bị hỏi lại khi báo cáo đã ký.",
    parameters: "Viết bằng quy tắc thường, với `ISBLANK(tên)` là \"ô để trống\":\n\n```toml\ncheck = \"ISBLANK(so) = ISBLANK(ngay)\"             # có cả hai hoặc không có gì\ncheck = \"OR(ISBLANK(moi), ISBLANK(cu))\"          # không được có cả hai\ncheck = \"NOT(ISBLANK(so))\"                        # với when = \"du_an > 0\": có cái này thì phải có cái kia\ncheck = \"(von > 0) = (du_an > 0)\"                # với blank = \"zero\": trống và 0 như nhau\n```",
    example: "Cột «Số văn bản» ghi 12/HD, cột «Ngày ký» để trống: báo ở ô «Ngày ký».",
    clerk: "«Đã ghi số văn bản thì phải ghi ngày ký, và ngược lại. «Một › Ngày ký» để trống, trong khi «Một › Số văn bản» (ô B5) ghi «12/HD».» Cán bộ ghi nốt, hoặc xóa bên đã ghi nhầm.",
};

/// The cell and the message of a failed rule about what is filled; `None` if it is another sort.
pub fn explain(instance: &Instance, unit: &UnitTables<'_>) -> Option<(CellRef, Message)> {
    if !is_about_filling(&instance.rule.check) {
        return None;
    }
    let placed = |at: &&CellRef| unit.cell(**at).is_some_and(|cell| cell.address.is_some());
    let cells: Vec<CellRef> = instance.cells.iter().filter(placed).copied().collect();
    let own: Vec<CellRef> = cells
        .iter()
        .filter(|at| at.table == instance.table)
        .copied()
        .collect();
    let to_fill = own
        .iter()
        .find(|at| !filled(unit, **at) && mends(unit, instance, **at));
    let to_clear = own.iter().rev().find(|at| filled(unit, **at));
    let at = *to_fill.or(to_clear).or(own.first())?;
    let others = cells.iter().filter(|other| **other != at);
    let others: Vec<Message> = others.map(|other| stated(unit, *other, true)).collect();
    let why =
        why(instance).unwrap_or_else(|| plainly(instance, to_fill.is_some(), others.is_empty()));
    let here = stated(unit, at, false);
    let mut message = Message::new(why.vi + &here.vi, why.en + &here.en);
    if !others.is_empty() {
        let others = joined(&others, ", ", ", ");
        message.vi.push_str(&format!(", trong khi {}", others.vi));
        message.en.push_str(&format!(", while {}", others.en));
    }
    message.vi.push('.');
    message.en.push('.');
    let scope = instance.scope(unit, &[]);
    Some((at, add_condition(message, instance, &scope)))
}

/// What a rule without words of its own requires.
fn plainly(instance: &Instance, to_fill: bool, alone: bool) -> Message {
    let (vi, en) = match (to_fill, alone) {
        (true, _) => ("Phải ghi ô này. ", "This cell should be filled. "),
        (false, _) if !instance.rule.check.fold(&mut Sorts).is_about_marks => {
            let text = &instance.rule.text;
            return Message::new(
                format!("Không đúng quy tắc {text}. "),
                format!("The rule {text} does not hold. "),
            );
        }
        (false, true) => ("Phải để trống ô này. ", "This cell should be blank. "),
        (false, false) => (
            "Không được cùng ghi các ô này. ",
            "These cells should not be filled together. ",
        ),
    };
    Message::new(vi, en)
}

/// Does a rule compare conditions instead of figures?
fn is_about_filling(check: &Expr) -> bool {
    let is_truth = |expr: &Expr| expr.fold(&mut Sorts).is_truth;
    match check.comparison() {
        Some((left, _, right)) => is_truth(left) || is_truth(right),
        None => is_truth(check),
    }
}

/// What a part of a rule is about.
struct Sort {
    /// True or false, as comparisons and conditions are.
    is_truth: bool,
    /// Only about blanks and ticks, so that emptying a cell can satisfy it.
    is_about_marks: bool,
}

struct Sorts;

impl<'e> Algebra<'e> for Sorts {
    type Out = Sort;

    fn number(&mut self, _: Number) -> Sort {
        figure()
    }

    fn text(&mut self, _: &'e str) -> Sort {
        figure()
    }

    fn flag(&mut self, _: bool) -> Sort {
        mark()
    }

    fn name(&mut self, read: Read<'e>) -> Sort {
        match read.past {
            Some(_) => figure(),
            None => mark(),
        }
    }

    fn units(&mut self, _: &'e Name) -> Sort {
        figure()
    }

    fn negate(&mut self, _: Sort) -> Sort {
        figure()
    }

    fn binary(&mut self, operator: Operator, left: Sort, right: Sort) -> Sort {
        match operator {
            Operator::Compare(_) => Sort {
                is_truth: true,
                is_about_marks: left.is_truth && left.is_about_marks && right.is_about_marks,
            },
            _ => figure(),
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Sort>) -> Sort {
        match function {
            Function::IsBlank => Sort {
                is_truth: true,
                is_about_marks: true,
            },
            Function::And | Function::Or | Function::Not => Sort {
                is_truth: true,
                is_about_marks: arguments.iter().all(|part| part.is_about_marks),
            },
            _ => figure(),
        }
    }
}

fn figure() -> Sort {
    Sort {
        is_truth: false,
        is_about_marks: false,
    }
}

fn mark() -> Sort {
    Sort {
        is_truth: false,
        is_about_marks: true,
    }
}

/// Blank, 0 and an unticked box all say "nothing here".
fn filled(unit: &UnitTables<'_>, at: CellRef) -> bool {
    match unit.cell(at).and_then(|cell| cell.value()) {
        None | Some(Value::Flag(false)) => false,
        Some(Value::Number(number)) => !number.is_zero(),
        Some(_) => true,
    }
}

fn mends(unit: &UnitTables<'_>, instance: &Instance, at: CellRef) -> bool {
    instance.ask(unit, &[(at, Value::Number(Number::ONE))]) == Verdict::Pass
}

/// "«Ngày ký» để trống", "«Số văn bản» (ô C5) ghi 12".
fn stated(unit: &UnitTables<'_>, at: CellRef, placed: bool) -> Message {
    let label = cell_label(at, unit);
    let cell = unit.cell(at);
    let (place_vi, place_en) = match cell.and_then(|cell| cell.address).filter(|_| placed) {
        Some(address) => (format!(" (ô {address})"), format!(" ({address})")),
        None => Default::default(),
    };
    match cell.and_then(|cell| cell.value()) {
        Some(Value::Text(text)) => Message::new(
            format!("{label}{place_vi} ghi «{text}»"),
            format!("{label}{place_en} is `{text}`"),
        ),
        Some(value) => {
            let value = shown(Some(value));
            Message::new(
                format!("{label}{place_vi} ghi {}", value.vi),
                format!("{label}{place_en} is {}", value.en),
            )
        }
        None => Message::new(
            format!("{label}{place_vi} để trống"),
            format!("{label}{place_en} is blank"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{PAIRS, example};

    #[test]
    fn a_pair_is_told_at_the_cell_that_is_missing() {
        let right = "rows = [{ ten = \"a\" }, { ten = \"b\", so = \"12/HD\", ngay = 2025-09-02 }]";
        assert_eq!(example(PAIRS, right), []);
        let [told] = &example(PAIRS, "rows = [{ ten = \"a\", so = \"12/HD\" }]")[..] else {
            panic!()
        };
        assert_eq!(
            (told.rule.as_str(), told.cell.as_str()),
            ("so-va-ngay-khong-di-cung", "C1")
        );
        assert_eq!(
            told.vi,
            "Đã ghi số văn bản thì phải ghi ngày ký, và ngược lại. «a › Ngày ký» để trống, trong khi «a › Số văn bản» (ô B1) ghi «12/HD»."
        );
        let [told] = &example(PAIRS, "rows = [{ ten = \"a\", von = 5, du_an = 0 }]")[..] else {
            panic!()
        };
        assert_eq!(
            (told.rule.as_str(), told.cell.as_str()),
            ("von-ma-khong-co-du-an", "E1")
        );
        let told = &told.vi;
        assert!(
            told.ends_with("«a › Số dự án» ghi 0, trong khi «a › Vốn» (ô D1) ghi 5."),
            "{told}"
        );
    }

    #[test]
    fn what_excludes_one_another_is_told_at_the_last_of_it() {
        let told = &example(PAIRS, "rows = [{ ten = \"a\", moi = true, cu = true }]")[0];
        assert_eq!(
            (told.rule.as_str(), told.cell.as_str()),
            ("vua-moi-vua-cu", "G1")
        );
        let right = "rows = [{ ten = \"a\", moi = true }, { ten = \"b\" }]";
        assert_eq!(example(PAIRS, right), []);
    }

    #[test]
    fn a_conditional_rule_says_which_condition_holds() {
        assert_eq!(
            example(PAIRS, "rows = [{ ten = \"a\", von = 0, du_an = 0 }]"),
            []
        );
        let told = &example(PAIRS, "rows = [{ ten = \"a\", von = 1, du_an = 2 }]")[0];
        assert_eq!(
            told.vi,
            "Có dự án thì phải ghi số văn bản. «a › Số văn bản» để trống. Quy tắc này được xét ở đây vì «a › Số dự án» (ô E1) ghi 2, lớn hơn 0."
        );
        assert_eq!(told.cell, "B1");
    }

    #[test]
    fn a_rule_without_words_of_its_own_asks_in_plain_ones() {
        let words = |line: &&str| !line.starts_with("message");
        let silent: Vec<&str> = PAIRS.lines().filter(words).collect();
        let silent = silent.join("\n");
        let told = &example(&silent, "rows = [{ ten = \"a\", von = 1, du_an = 2 }]")[0];
        assert!(told.vi.starts_with("Phải ghi ô này. "), "{}", told.vi);
        assert!(
            told.en.starts_with("This cell should be filled. "),
            "{}",
            told.en
        );
        let told = &example(&silent, "rows = [{ ten = \"a\", moi = true, cu = true }]")[0];
        let told = &told.vi;
        assert!(
            told.starts_with("Không được cùng ghi các ô này. "),
            "{told}"
        );
    }
}
