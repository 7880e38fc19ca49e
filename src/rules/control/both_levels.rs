//! Figures of two levels of units that are both added up, though the form does not say that each unit
//! files its own.

use std::sync::Arc;

use crate::model::{Class, Finding, Message, Severity};
use crate::rules::reporter::Reporter;

/// Id of the question whether the upper level files the sum of the lower.
pub(super) const BOTH_ADDED: &str = "cong-ca-hai-cap";
/// How many units are named.
const NAMED: usize = 3;

/// One question for each form of which figures of both levels are in the totals; `file` is where the
/// campaign is written.
pub fn both_levels(reporters: &[Reporter<'_>], file: &Arc<str>) -> Vec<Finding> {
    let counts = |code: &str, form: &str| {
        let mut reporters = reporters.iter();
        reporters.any(|one| one.unit.code == code && one.counts(form))
    };
    let mut forms: Vec<(&str, Vec<&Reporter<'_>>)> = Vec::new();
    for reporter in reporters {
        for sum in &reporter.unsettled {
            let below = sum.of.iter().any(|unit| counts(&unit.code, sum.form));
            if !below || !reporter.counts(sum.form) {
                continue;
            }
            match forms.iter_mut().find(|(form, _)| *form == sum.form) {
                Some((_, uppers)) => uppers.push(reporter),
                None => forms.push((sum.form, vec![reporter])),
            }
        }
    }
    let asked = forms.iter().filter_map(|(form, uppers)| {
        let title = &uppers.first()?.table(form)?.form.file.title;
        let message = message(title, form, uppers);
        let (class, severity) = (Class::ControlTotal, Severity::Warning);
        Some(Finding::new(BOTH_ADDED, class, severity, file, message).of_form(form))
    });
    asked.collect()
}

fn message(title: &str, form: &str, uppers: &[&Reporter<'_>]) -> Message {
    let named = uppers.iter().take(NAMED);
    let named = named.map(|one| format!("{} ({})", one.unit.name, one.unit.code));
    let named: Vec<String> = named.collect();
    let named = named.join(", ");
    let (more_vi, more_en) = match uppers.len().saturating_sub(NAMED) {
        0 => (String::new(), String::new()),
        more => (
            format!(" và {more} đơn vị khác"),
            format!(" and {more} more"),
        ),
    };
    Message::new(
        format!(
            "Biểu «{title}»: số của {named}{more_vi} và số của các đơn vị mà danh sách ghi là do các đơn vị ấy tổng hợp đều đã được cộng vào tổng. Nếu đơn vị tổng hợp báo cáo tổng của các đơn vị dưới thì số toàn tỉnh bị cộng hai lần: hãy ghi `sums_up = true` ở đầu biểu mẫu `{form}` (biểu viết bằng Excel: dòng «Là biểu cộng của đơn vị dưới» ở trang «Chỉ tiêu» ghi «có»). Nếu đó là số của riêng đơn vị ấy thì ghi `sums_up = false` («không»)."
        ),
        format!(
            "Form `{title}`: the figures of {named}{more_en} and those of the units that they sum up by the roster are all added to the totals. If they file the sum of the units below, it is counted twice: write `sums_up = true` at the head of the form file `{form}`. If they file figures of their own, write `sums_up = false`."
        ),
    )
}
