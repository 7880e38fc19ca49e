//! Figures that go together, or must not: what is told of a rule that asks whether cells are
//! filled (`ISBLANK(a) = ISBLANK(b)`, `(a > 0) = (b > 0)`, `OR(ISBLANK(a), ISBLANK(b))`).
//!
//! Such a rule has no two sides with a difference. It is told at the cell that should be filled if
//! filling one mends it, else at the last that should not be.

use super::explain::cell_label;
use super::instance::{Instance, Verdict};
use super::page::Page;
use super::scope::{CellRef, UnitTables};
use crate::model::{Message, Number, Value};
use crate::schema::expression::{Expr, Function, Operator};

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
    let join = |pick: fn(&Message) -> &str| others.iter().map(pick).collect::<Vec<_>>().join(", ");
    let (vi, en) = (join(|m| &m.vi), join(|m| &m.en));
    let why = match instance.rule.message.as_deref() {
        Some(why) => format!("{}. ", why.trim_end_matches('.')),
        None => format!("Không đúng quy tắc {}. ", instance.rule.text),
    };
    let here = stated(unit, at, false);
    let message = match others.is_empty() {
        true => Message::new(format!("{why}{}.", here.vi), format!("{why}{}.", here.en)),
        false => Message::new(
            format!("{why}{}, trong khi {vi}.", here.vi),
            format!("{why}{}, while {en}.", here.en),
        ),
    };
    Some((at, message))
}

/// Does a rule ask about truths, not about a figure and what it should be?
fn is_about_filling(check: &Expr) -> bool {
    match check {
        Expr::Binary(Operator::Compare(_), left, right) => is_truth(left) || is_truth(right),
        other => is_truth(other),
    }
}

fn is_truth(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Binary(Operator::Compare(_), ..)
            | Expr::Call(
                Function::And | Function::Or | Function::Not | Function::IsBlank,
                _
            )
    )
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
        Some(value) => Message::new(
            format!("{label}{place_vi} ghi {value}"),
            format!("{label}{place_en} is {value}"),
        ),
        None => Message::new(
            format!("{label}{place_vi} để trống"),
            format!("{label}{place_en} is blank"),
        ),
    }
}
