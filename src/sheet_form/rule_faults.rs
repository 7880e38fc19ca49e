//! What is told of a line of rules that cannot be read.

use super::names::Axis;
use crate::model::Message;

/// `=4+5` typed into Excel is 9, which nobody means.
pub(super) fn only_figures(formula: &str) -> Message {
    Message::new(
        format!(
            "«={formula}» chỉ có con số; là cột, dòng thì ghi {formula} không có dấu =, là con số thì ghi «số 9»"
        ),
        format!("«={formula}» has only figures; write {formula} without = for columns or rows"),
    )
}

/// «3 > 0», meant as a column or row of that number, is always so.
pub(super) fn constant(words: &str) -> Message {
    Message::new(
        format!(
            "điều kiện «{words}» chỉ có con số nên lúc nào cũng như nhau; là cột, dòng thì ghi «cột 3 > 0», «dòng 2 > 0» hay mã của nó"
        ),
        format!(
            "the condition «{words}» has only figures and is always the same; write «cột 3 > 0» for a column"
        ),
    )
}

/// «4; 5» = «6» may be said of each of them or of their sum.
pub(super) fn listed_left(axis: Axis) -> Message {
    let word = axis.word();
    Message::new(
        format!(
            "không rõ phép so nói về từng {0} hay về tổng; là tổng thì ghi «4 + 5», là từng {0} thì ghi mỗi {0} một dòng",
            word.vi
        ),
        format!(
            "whether each {} is meant or their sum is not clear; write «4 + 5», or a line for each",
            word.en
        ),
    )
}

pub(super) fn no_left(axis: Axis) -> Message {
    let word = axis.word();
    Message::new(
        format!(
            "vế trái phải ghi một {} (hoặc phép cộng trừ các {})",
            word.vi, word.vi
        ),
        format!("the left side must be a {} or a sum of them", word.en),
    )
}
