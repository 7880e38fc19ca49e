use super::grammar::{find, implied};
use super::tree::{Equation, Node, Symbol, Which};
use crate::schema::expression::Operator;

fn symbol(symbol: &Symbol) -> String {
    let which = match symbol.which {
        Some(Which::Column) => "c",
        Some(Which::Row) => "d",
        None => "",
    };
    match symbol.label {
        true => format!("«{}»", symbol.text),
        false => format!("{which}{}", symbol.text),
    }
}

fn node(of: &Node) -> String {
    match of {
        Node::Number(number) => format!("#{number}"),
        Node::Either(code, number) => format!("{}|{number}", symbol(code)),
        Node::Share(code, number) => format!("{}|{number}%", symbol(code)),
        Node::Symbol(code) => symbol(code),
        Node::Through(first, last) => {
            let first: Vec<String> = first.iter().map(symbol).collect();
            format!("{}..{}", first.join("+"), symbol(last))
        }
        Node::Previous(code) => format!("prev({})", symbol(code)),
        Node::Negate(inner) => format!("-{}", node(inner)),
        Node::Join(operator, left, right) => {
            let text = format!("{} {} {}", node(left), operator.symbol(), node(right));
            match operator {
                Operator::Add => text,
                _ => format!("({text})"),
            }
        }
    }
}

fn shown(equation: &Equation) -> String {
    let left = equation.left.as_ref().map_or("·".to_owned(), symbol);
    let right = equation.right.as_ref().map_or("?".to_owned(), node);
    let except: Vec<String> = equation.except.iter().map(symbol).collect();
    let except = match except.is_empty() {
        true => String::new(),
        false => format!(" except {}", except.join(" ")),
    };
    let only: Vec<String> = equation.only.iter().map(symbol).collect();
    let only = match only.is_empty() {
        true => String::new(),
        false => format!(" only {}", only.join(" ")),
    };
    format!(
        "{left} {} {right}{except}{only}",
        equation.relation.symbol()
    )
}

fn all(text: &str) -> String {
    let equations: Vec<String> = find(text).iter().map(shown).collect();
    equations.join("; ")
}

#[test]
fn annotations_are_read() {
    for (text, read) in [
        ("1=2+3+ ...+7", "1 = 2+3..7"),
        ("1=2+3+…+7", "1 = 2+3..7"),
        (
            "9=11+12+13 =14+15 =18+22",
            "9 = 11 + 12 + 13; 9 = 14 + 15; 9 = 18 + 22",
        ),
        ("18 = 19+20+21", "18 = 19 + 20 + 21"),
        ("(7)=(6)x500.000", "7 = (6 * #500000)"),
        ("(5)=(4)/(3)*100", "5 = ((4 / 3) * #100)"),
        ("5=3x4", "5 = (3|3 * 4|4)"),
        ("5=3/1", "5 = (3|3 / 1|1)"),
        ("(5)=(4):(3) x 100%", "5 = ((4 / 3) * #100)"),
        ("Tổng số (3)=(4)+(5)", "3 = 4 + 5"),
        ("Cộng (=4+5+6)", "· = 4 + 5 + 6"),
        (
            "10. Lợi nhuận {30 = 20 + (21 - 22) - (25 + 26)}",
            "30 = (20 + (21 - 22) - 25 + 26)",
        ),
        ("TỔNG SỐ THU (A = I + II + III)", "A = I + II + III"),
        ("4=5-6", "4 = (5 - 6)"),
        ("Số dư (1a)=(1b)+(1c)", "1a = 1b + 1c"),
        ("Các khoản thu xã hưởng 100%", ""),
        ("Khối 6 - 9", ""),
        ("8=6+7+", "8 = ?"),
        ("(7)=(4)/(3) (%)", "7 = (4 / 3)"),
        ("(5)=(3)x10%", "5 = (3 * 10|10%)"),
        ("(5)=(3) x (4)%", "5 = (3 * (4 / #100))"),
        ("5=4/3 %", "5 = (4|4 / 3|3)"),
    ] {
        assert_eq!(all(text), read, "{text}");
    }
}

#[test]
fn sentences_are_read() {
    for (text, read) in [
        (
            "Cột 6 = cột 1 + cột 2 (trừ dòng 1 và dòng 2).",
            "c6 = c1 + c2 except d1 d2",
        ),
        (
            "Cột (3) = (4) + (5) + (6) = (7) + (11)",
            "c3 = 4 + 5 + 6; c3 = 7 + 11",
        ),
        (
            "dòng A lấy theo dòng D của thông báo kỳ trước",
            "dA = prev(dD)",
        ),
        ("Cột (6) kỳ này bằng cột (11) kỳ trước", "c6 = prev(c11)"),
        (
            "Hồ sơ cũ (cột 6) phải bằng hồ sơ tồn (cột 11) mà đơn vị đã báo cáo ở kỳ trước",
            "c6 = prev(c11)",
        ),
        ("Mã số 100 = 110 + 120", "d100 = 110 + 120"),
        ("Cột 4 không vượt quá cột 1", "c4 <= c1"),
        ("Tổng số = Nam + Nữ", "«tổng số» = «nam» + «nữ»"),
        ("Cột 2 + cột 3 = cột 1", "c1 = c2 + c3"),
        ("Cột 1 cộng cột 2 ≥ cột 3", "c3 <= c1 + c2"),
        ("Cột 4 nhỏ hơn hoặc bằng cột 1", "c4 <= c1"),
        ("Cột 4 không được nhiều hơn cột 1", "c4 <= c1"),
        ("Cột 4 phải lớn hơn hoặc bằng cột 1", "c4 >= c1"),
        ("Cột 4 lớn hơn cột 1", ""),
        ("Cột 1 bằng tổng các cột 4, 5 và 6", "c1 = c4 + c5 + c6"),
        ("Cột 1 bằng tổng từ cột 4 đến cột 7", "c1 = c4..c7"),
        ("Cột 6 bằng hiệu của cột 4 và cột 5", "c6 = (c4 - c5)"),
        ("Cột 1 = Cột (2+3)", "c1 = c2 + c3"),
        ("Cột 1 = cột 2 nhân với đơn giá", "c1 = ?"),
        ("Cột 1 = cột 2 cùng kỳ năm trước", "c1 = ?"),
        (
            "Mã số 01 = 02 + 05 (cột 1, 2, 4)",
            "d01 = 02 + 05 only c1 c2 c4",
        ),
        (
            "Tồn đầu kỳ lấy theo tồn cuối kỳ của kỳ trước",
            "«tồn đầu kỳ» = prev(«tồn cuối kỳ»)",
        ),
        ("Cột 4 + cột 5 không vượt quá cột 2", "c2 >= c4 + c5"),
        (
            "Cột (4) và cột (5) không được lớn hơn cột (3)",
            "c4 <= c3; c5 <= c3",
        ),
        ("Cột 2, 3 ≤ cột 1", "c2 <= c1; c3 <= c1"),
        (
            "Cột 6 tính bằng cột 4 chia cột 1 nhân 100",
            "c6 = ((c4 / c1) * 100|100)",
        ),
        (
            "Cột 5 được tính bằng cách lấy cột 1 trừ đi cột 4.",
            "c5 = (c1 - c4)",
        ),
        (
            "Các cột từ 2 đến 4 đều phải nhỏ hơn hoặc bằng cột 1",
            "c2 <= c1; c3 <= c1; c4 <= c1",
        ),
        (
            "Cột 1 không được nhỏ hơn cột 4 và cột 5",
            "c1 >= c4; c1 >= c5",
        ),
        ("Cột 1 không nhỏ hơn cột 2, cột 3", "c1 >= c2; c1 >= c3"),
        ("Cột 2 và cột 3 bằng cột 1", "c2 = ?; c3 = ?"),
        ("Tổng cột 2 và 3 bằng cột 1", "c1 = c2 + c3"),
        ("Tổng các cột 4, 5 = cột 1", "c1 = c4 + c5"),
        (
            "Tổng cột 4 và cột 5 không được vượt quá cột 1",
            "c1 >= c4 + c5",
        ),
        (
            "Cột 1 = cột 2 + cột 3 và cột 4 + cột 5 = cột 6",
            "c1 = c2 + c3; c6 = c4 + c5",
        ),
        (
            "- Dòng B = dòng 3 + dòng 4 - dòng 5.",
            "dB = (d3 + d4 - d5)",
        ),
    ] {
        assert_eq!(all(text), read, "{text}");
    }
}

#[test]
fn sides_that_are_both_computed_are_solved_for_a_code() {
    for (text, read) in [
        (
            "Cột (2) + cột (3) = cột (4) + cột (5)",
            "c2 = (c4 + c5 - c3)",
        ),
        ("Cột 2 - cột 3 = cột 4 - cột 5", "c2 = (c4 - c5) + c3"),
        (
            "Cột 2 cộng cột 3 bằng cột 4 cộng cột 5",
            "c2 = (c4 + c5 - c3)",
        ),
        (
            "Cột (2) + cột (3) = cột (4) + cột (5) = cột (1).",
            "c1 = c2 + c3; c1 = c4 + c5",
        ),
        (
            "Tổng các cột 2, 3 = tổng các cột 4, 5",
            "c2 = (c4 + c5 - c3)",
        ),
        (
            "Cột 2 + cột 3 không vượt quá cột 4 + cột 5",
            "c2 <= (c4 + c5 - c3)",
        ),
        ("Cột 2 + cột 3 = cột 4 + cột 5 kỳ trước", "? = ?"),
        ("Cột 2 x cột 3 = cột 4 + cột 5", "? = ?"),
        ("Cột 2 + cột 3 ≤ cột 4 + cột 5 = cột 1", "? = ?"),
        ("Cột 2 + cột 3 = cột 4 + cột 5 nhân đơn giá", "? = ?"),
    ] {
        assert_eq!(all(text), read, "{text}");
    }
}

#[test]
fn sums_said_in_plain_words_are_read() {
    for (text, read) in [
        ("Các cột 1, 2 cộng lại bằng cột 3", "c3 = c1 + c2"),
        (
            "Cột 1, cột 2 và cột 4 cộng lại phải bằng cột 3",
            "c3 = c1 + c2 + c4",
        ),
        (
            "Tổng (cột 3) bằng Kế hoạch (cột 1) cộng Bổ sung (cột 4)",
            "c3 = c1 + c4",
        ),
        ("Cột 3: Ghi tổng số cột 1 và cột 2.", "c3 = c1 + c2"),
        ("Cột 3 ghi tổng của các cột 1, 2", "c3 = c1 + c2"),
        ("Cột 3: Ghi tổng số vụ trong kỳ", ""),
        ("Cột 3: ghi số cộng lại của sổ", ""),
    ] {
        assert_eq!(all(text), read, "{text}");
    }
}

#[test]
fn counts_days_and_other_forms_are_no_columns() {
    for text in [
        "Cột 8 lấy 1 chữ số thập phân.",
        "Các cột lấy 2 chữ số thập phân",
        "Cột 6 lấy đến 2 chữ số sau dấu phẩy",
        "Cột 2: lấy từ 1/1 đến 31/3.",
        "Cột 2 lấy số 5 tháng đầu năm",
        "Cột 4 lấy theo 2 tiêu chí",
        "Cột 1: lấy bằng 2 nguồn",
        "Cột 1 không lớn hơn 5 chữ số",
    ] {
        assert_eq!(all(text), "", "{text}");
    }
    for text in [
        "Số liệu cột 1 phải khớp với số liệu cột 3 biểu 05",
        "Cột 1 = cột 3 của biểu 05",
        "Mục 1 lấy từ mục 2 của báo cáo năm 2024",
    ] {
        assert!(all(text).ends_with('?'), "{text}: {}", all(text));
    }
}

#[test]
fn sums_in_brackets_need_no_sign_of_equality() {
    let read = |text: &str| implied(text).as_ref().map(shown);
    assert_eq!(read("TRẠM Y TẾ (I+II)").as_deref(), Some("· = I + II"));
    assert_eq!(read("Tổng cộng (1+2+...+9)").as_deref(), Some("· = 1+2..9"));
    assert_eq!(read("Giai đoạn (2021-2025)"), None);
    assert_eq!(read("Lứa tuổi 6 - 9"), None);
    assert_eq!(read("Cộng (1)+(2)+(3)").as_deref(), Some("· = 1 + 2 + 3"));
    assert_eq!(read("Chênh lệch (I - II)").as_deref(), Some("· = (I - II)"));
    assert_eq!(read("Đơn vị (A)"), None);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_fault(text in "[ (){}=+*/x0-9aAIcộtdòng.…;,<≤-]{0,60}") {
        for equation in find(&text) {
            proptest::prop_assert!(equation.start <= equation.end && equation.end <= text.len());
        }
        let _ = implied(&text);
    }
}
