//! Counts how often each rule was evaluated and with what results, so that a rule that could not be
//! evaluated is not mistaken for one that holds.

use std::collections::BTreeMap;

use super::instance::Verdict;
use super::page::Page;
pub use crate::schema::rule::trouble::Lack;

/// Id of the finding for a unit whose rules took too long to evaluate.
pub const TOO_LONG: &str = "hoi-quy-tac-qua-lau";

/// The page of the user guide about rules that could not be evaluated.
pub const PAGE: Page = Page {
    title: "Quy tắc chưa kiểm tra được",
    rules: &[(TOO_LONG, "lỗi")],
    what: "Đếm mỗi quy tắc đã hỏi bao nhiêu lần, đúng, sai, và bao nhiêu lần không hỏi được vì: có ô để trống, có ô không đọc được, chưa có số kỳ trước, chưa có biểu khác, bảng thiếu dòng hoặc cột, không tính được (chia cho 0). Hỏi các quy tắc của một đơn vị quá thời gian cho phép thì số liệu của đơn vị chưa được tính, và đó là lỗi.",
    why: "Không báo lỗi chưa chắc là đúng. Quy tắc chưa hỏi được không bao giờ là lỗi của đơn vị, nhưng người tổng hợp cần biết có bao nhiêu chỗ chưa ai kiểm tra.",
    parameters: "`blank` của quy tắc nói ô trống nghĩa là gì: `\"skip-any\"` (mặc định) một ô trống là không hỏi; `\"skip-all\"` mọi ô trống mới không hỏi; `\"zero\"` luôn hỏi, ô trống là 0.",
    example: "`Chưa kiểm tra được (không phải lỗi): 22/540 (14 có ô để trống, 8 chưa có số kỳ trước)`: một dòng ở cuối kết quả in ra. Từng quy tắc ở trang «Quy tắc» của bảng tổng hợp và ở `rules` của `--format json`.",
    clerk: "Không gì cả: đơn vị không phải làm gì với những chỗ này. Chỉ khi hỏi quá lâu thì xem tệp có thừa rất nhiều dòng không.",
};

/// The outcomes of one rule over all places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of times it was to be evaluated: held, failed and not evaluated together.
    pub asked: usize,
    /// Number of times it held.
    pub held: usize,
    /// Number of times it failed.
    pub failed: usize,
    /// Number of times it could not be evaluated, by reason.
    pub not_evaluated: BTreeMap<Lack, usize>,
}

impl Tally {
    /// Counts one answer.
    pub fn count(&mut self, answer: Result<bool, Lack>) {
        self.asked += 1;
        match answer {
            Ok(true) => self.held += 1,
            Ok(false) => self.failed += 1,
            Err(lack) => *self.not_evaluated.entry(lack).or_default() += 1,
        }
    }

    /// Number of times it could not be evaluated, for whatever reason.
    pub fn unknown(&self) -> usize {
        self.not_evaluated.values().sum()
    }

    fn add(&mut self, other: &Tally) {
        self.asked += other.asked;
        self.held += other.held;
        self.failed += other.failed;
        for (lack, count) in &other.not_evaluated {
            *self.not_evaluated.entry(*lack).or_default() += count;
        }
    }
}

/// The tally of every rule evaluated, by form and rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies(BTreeMap<(String, String), Tally>);

impl Tallies {
    /// Counts one answer of a rule of a form.
    pub fn count(&mut self, form: &str, rule: &str, answer: Result<bool, Lack>) {
        self.0
            .entry((form.to_owned(), rule.to_owned()))
            .or_default()
            .count(answer);
    }

    /// Adds the tally of another unit's check.
    pub fn merge(&mut self, other: &Tallies) {
        for (key, tally) in &other.0 {
            self.0.entry(key.clone()).or_default().add(tally);
        }
    }

    /// The tally of one rule; `None` if it was never evaluated.
    pub fn of(&self, form: &str, rule: &str) -> Option<&Tally> {
        self.0.get(&(form.to_owned(), rule.to_owned()))
    }

    /// (form, rule, tally) of every rule evaluated, by form and rule.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Tally)> {
        self.0
            .iter()
            .map(|((form, rule), tally)| (form.as_str(), rule.as_str(), tally))
    }

    /// All rules together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.0.values().for_each(|tally| total.add(tally));
        total
    }
}

/// How a verdict counts; `None` if the rule does not apply at all: its condition does not hold, or
/// the form, or this unit, has no such cell.
pub fn answer(verdict: &Verdict) -> Option<Result<bool, Lack>> {
    match verdict {
        Verdict::Pass => Some(Ok(true)),
        Verdict::Fail => Some(Ok(false)),
        Verdict::NotAsked => None,
        Verdict::Missing(lack) => Some(Err(*lack)),
        Verdict::Broken(_) => Some(Err(Lack::NotComputable)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::check_unit;
    use super::super::testing::{PAIRS, table, unit};
    use super::*;
    use crate::schema::Form;

    #[test]
    fn what_could_not_be_asked_is_counted_with_its_reason() {
        let form = Arc::new(Form::parse("b.toml", PAIRS).unwrap());
        let rows: [&[&str]; 3] = [
            &["a", "", "", "", "", "", "", "5"],
            &["b", "", "", "", "", "", "", ""],
            &["c", "12", "?", "", "", "", "", ""],
        ];
        let tables = [table(&form, &rows)];
        let outcome = check_unit(&unit(&tables), &crate::model::Allowance::default());
        assert!(outcome.findings.is_empty(), "{:#?}", outcome.findings);
        let of = |rule: &str| outcome.tallies.of("b", rule).cloned().unwrap();
        let fell = of("luy-ke-giam");
        assert_eq!(fell.not_evaluated.get(&Lack::NoPrevious), Some(&3));
        // A condition that cannot be evaluated is not one that does not hold.
        let when = of("du-an-ma-khong-co-so");
        assert_eq!((when.asked, when.held, when.unknown()), (3, 0, 3));
        assert_eq!(when.not_evaluated.get(&Lack::Blank), Some(&3));
        // A cell that could not be read is reported once, by the reader.
        let pair = of("so-va-ngay-khong-di-cung");
        assert_eq!((pair.held, pair.failed), (2, 0));
        assert_eq!(pair.not_evaluated.get(&Lack::Unreadable), Some(&1));
    }
}
