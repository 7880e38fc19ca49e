//! What is wrong with rules taken together, in words.

use crate::model::Message;
use crate::schema::ruleset::{Fault, RuleKey};

/// What a fault is, for whoever writes the form.
pub(super) fn words(fault: &Fault) -> Message {
    let list = |rules: &[RuleKey]| {
        let rules: Vec<String> = rules
            .iter()
            .map(|(form, rule)| format!("`{form}!{rule}`"))
            .collect();
        rules.join(", ")
    };
    match fault {
        Fault::Contradiction(rules) => Message::new(
            format!("các quy tắc này không bao giờ cùng đúng: {}", list(rules)),
            format!("these rules can never all hold: {}", list(rules)),
        ),
        Fault::ContradictionWhere(rules) => Message::new(
            format!(
                "ở chỗ điều kiện `when` của quy tắc đầu đúng thì các quy tắc này không thể cùng đúng: {}",
                list(rules)
            ),
            format!(
                "where the condition of the first holds, these rules cannot all hold: {}",
                list(rules)
            ),
        ),
        Fault::OnlyZero { rules, cell } => Message::new(
            format!(
                "các quy tắc này chỉ cùng đúng khi `{cell}` bằng 0: {}",
                list(rules)
            ),
            format!(
                "these rules all hold only where `{cell}` is 0: {}",
                list(rules)
            ),
        ),
        Fault::NeverFails((_, rule)) => Message::new(
            format!("quy tắc `{rule}` không bao giờ sai được"),
            format!("rule `{rule}` can never fail"),
        ),
        Fault::NoPlace((_, rule)) => Message::new(
            format!("quy tắc `{rule}` không được hỏi ở đâu: biểu không có ô nào như vậy"),
            format!("rule `{rule}` is asked nowhere: the form has no such cells"),
        ),
        Fault::Implied { rule, by } => Message::new(
            format!(
                "quy tắc `{}` đã nằm trong các quy tắc khác khi đủ số liệu: {}",
                rule.1,
                list(by)
            ),
            format!(
                "rule `{}` follows from others where no cell is blank: {}",
                rule.1,
                list(by)
            ),
        ),
        Fault::ConditionNeverHolds { rule, by } => Message::new(
            format!(
                "điều kiện `when` của quy tắc `{}` không bao giờ đúng{}",
                rule.1,
                match by.is_empty() {
                    true => String::new(),
                    false => format!(" khi các quy tắc này đúng: {}", list(by)),
                }
            ),
            format!(
                "the condition of rule `{}` never holds{}",
                rule.1,
                match by.is_empty() {
                    true => String::new(),
                    false => format!(", given {}", list(by)),
                }
            ),
        ),
    }
}
