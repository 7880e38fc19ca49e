//! Evaluates every edit rule on a unit's tables and turns failures into findings.

use super::blank_total::{self, Failed};
use super::instance::{self, Instance, Verdict};
use super::page::Page;
use super::past::renamed;
use super::ratio;
use super::scope::{CellRef, UnitTables};
use super::soft::{ask as soft, large};
use super::suspect;
use super::tally::{self, Tallies};
use super::unmultiplied;
use super::words::explain;
use super::words::pairs;
use crate::model::{Allowance, Class, Finding, Message, Severity, Value};
use crate::schema::expression::Comparison;

/// The page of the user guide about rules that form files write.
pub const PAGE: Page = Page {
    title: "Quy tắc của biểu mẫu",
    rules: &[],
    what: "Mỗi `[[rule]]` của biểu mẫu là một điều phải đúng, viết như công thức Excel. Quy tắc được hỏi ở mọi dòng, mọi cột, hoặc một lần; có `when` thì chỉ hỏi chỗ điều kiện đúng.",
    why: "Phần lớn số sai nằm trong những phép cộng mà chính biểu đã định nghĩa. Quy tắc chỉ ra ô, hai vế và chênh lệch, nên người điền không phải dò cả bảng.",
    parameters: "`check`, `when`, `severity`, `blank`, `message`: xem [cách viết biểu mẫu](../bieu-mau.md#quy-tắc). Vòng đời của quy tắc:\n\n```toml\n[[rule]]\nid = \"nu-nhieu-hon-tong\"\ncheck = \"nu <= so_nguoi\"\nsince = \"2025-07\"   # kỳ đầu tiên được hỏi; không ghi là mọi kỳ\nuntil = \"2026-12\"   # kỳ cuối cùng được hỏi\nstatus = \"beta\"     # thử nghiệm; mặc định \"active\"\n```\n\nQuy tắc thử nghiệm được hỏi và được kể, nhưng chỉ là ghi chú: không trả lại biểu, không tính vào số lỗi. Một đợt tắt được một quy tắc, bảng tổng hợp in lý do:\n\n```toml\n[[rule_off]]\nform = \"tap_huan\"\nrule = \"nu-nhieu-hon-tong\"\nreason = \"Kỳ này đếm lượt người.\"\nby = \"Phòng Kiểm soát TTHC\"\non = 2025-10-02\n```",
    example: "`tong = truc_tuyen + truc_tiep`: tổng ghi 45, hai phần là 40 và 3, vậy lệch 2.",
    clerk: "Vì sao phải đúng (lời trong `message`), ô nào ghi gì, phải bằng bao nhiêu, lệch bao nhiêu; dưới đó là ô nghi sai và số phù hợp. Quy tắc thử nghiệm ghi «Thử nghiệm, chưa phải sửa».",
};

/// The outcome of checking one unit.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What does not hold.
    pub findings: Vec<Finding>,
    /// How often each rule was evaluated, with what results.
    pub tallies: Tallies,
}

/// Checks all tables of one unit against all rules of their forms, within an allowance. Rules that
/// could not be evaluated in time are an error of their own; suspects that could not be looked for
/// are a note.
pub fn check_unit(unit: &UnitTables<'_>, allowance: &Allowance<'_>) -> Outcome {
    check_confirmed(unit, &[], allowance)
}

/// The same, where control totals confirm the sums of some cells: nothing is suggested that would
/// change these.
pub fn check_confirmed(
    unit: &UnitTables<'_>,
    confirmed: &[Vec<CellRef>],
    allowance: &Allowance<'_>,
) -> Outcome {
    let instances = instance::all(unit);
    let in_time = instances.iter().take_while(|_| !allowance.is_late());
    let verdicts: Vec<Verdict> = in_time.map(|i| i.ask(unit, &[])).collect();
    let mut outcome = Outcome::default();
    for (instance, verdict) in instances.iter().zip(&verdicts) {
        let note = noted(unit, instance, verdict);
        let answer = match note {
            Some(_) => Some(Ok(false)),
            None => tally::answer(verdict),
        };
        if let Some(answer) = answer {
            let form = unit.tables[instance.table].form.id();
            outcome.tallies.count(form, &instance.rule.id, answer);
        }
        outcome.findings.extend(note);
    }
    let mut causes = suspect::causes(unit, confirmed, allowance, &instances, &verdicts);
    let mut fails: Vec<Failed> = Vec::new();
    for (i, verdict) in verdicts.iter().enumerate() {
        match verdict {
            Verdict::Pass | Verdict::NotAsked | Verdict::Missing(_) => {}
            Verdict::Broken(why) => outcome.findings.extend(broken(unit, &instances[i], why)),
            Verdict::Fail => {
                let cause = causes.remove(&i).unwrap_or_default();
                let finding = failed(unit, &instances[i]);
                fails.extend(finding.map(|finding| {
                    let finding = match &cause.words {
                        Some(words) => finding.adding(words),
                        None => finding,
                    };
                    let finding = finding.suspecting(cause.suspects).caused_by(cause.place);
                    (i, finding)
                }));
            }
        }
    }
    outcome.findings.extend(blank_total::fold(
        unit,
        &instances,
        unmultiplied::fold(unit, &instances, fails),
    ));
    outcome.findings.extend(renamed::check(unit));
    let asked = soft::check(unit);
    let is_wrong = |one: &Finding| {
        let mut errors = outcome.findings.iter();
        errors.any(|error| {
            error.severity == Severity::Error
                && error.file == one.file
                && error.place() == one.place()
        })
    };
    // What is wrong by a rule of the form need not be asked about.
    let asked: Vec<Finding> = asked
        .into_iter()
        .filter(|one| one.rule != large::LARGE || !is_wrong(one))
        .collect();
    outcome.findings.extend(asked);
    outcome.findings.extend(cut_short(
        unit,
        allowance,
        verdicts.len() < instances.len(),
        &outcome.findings,
    ));
    outcome
}

/// Says that the allowance was not enough.
fn cut_short(
    unit: &UnitTables<'_>,
    allowance: &Allowance<'_>,
    unasked: bool,
    findings: &[Finding],
) -> Option<Finding> {
    if !allowance.is_late() && !allowance.is_spent() {
        return None;
    }
    let (rule, severity, message) = if unasked {
        (
            tally::TOO_LONG,
            Severity::Error,
            Message::new(
                "Hỏi các quy tắc của đơn vị này quá lâu nên chưa hỏi hết; số liệu chưa được tính. Hãy xem tệp có thừa rất nhiều dòng không, hoặc chạy lại với --max-seconds lớn hơn.",
                "Asking this unit's rules took too long and they were not all asked; its figures do not count. See whether the file has very many rows too many, or run again with a larger --max-seconds.",
            ),
        )
    } else {
        (
            suspect::SUSPECTS_CUT,
            Severity::Info,
            Message::new(
                "Có quá nhiều chỗ sai nên chưa tìm hết ô nghi sai; các chỗ sai vẫn được kể đủ. Hãy sửa những chỗ đã rõ rồi kiểm tra lại.",
                "So much is wrong that not every suspected cell was looked for; everything wrong is told. Mend what is clear, then check again.",
            ),
        )
    };
    let file = match findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
    {
        Some(finding) => finding.file.clone(),
        None => unit.tables.first()?.file.clone(),
    };
    Some(Finding::new(rule, Class::Rule, severity, &file, message))
}

/// Notes about an instance whose rule holds.
fn noted(unit: &UnitTables<'_>, instance: &Instance, verdict: &Verdict) -> Option<Finding> {
    let of = ratio::of(instance, unit).filter(|_| *verdict == Verdict::Pass);
    of?.finding(verdict)
}

fn failed(unit: &UnitTables<'_>, instance: &Instance) -> Option<Finding> {
    if let Some(of) = ratio::of(instance, unit) {
        return of.finding(&Verdict::Fail);
    }
    if let Some((at, message)) = pairs::explain(instance, unit) {
        let finding = at_cell(unit, instance, at, instance.rule.severity, message)?;
        return Some(on_trial(finding, instance));
    }
    let at = explain::subject(instance, unit)?;
    let mut message = explain::message(instance, unit);
    if let Some(more) = explain::overwritten(at, unit) {
        message.vi.push_str(&more.vi);
        message.en.push_str(&more.en);
    }
    let finding = at_cell(unit, instance, at, instance.rule.severity, message)?;
    let (Some((left, comparison, _)), Some((l, r))) = (
        instance.rule.check.comparison(),
        explain::sides(instance, unit),
    ) else {
        return Some(on_trial(finding, instance));
    };
    // Only if the left side is the cell alone is the right side the value expected there; a bound
    // does not say what it should be.
    let determined = left.as_name().is_some() && comparison == Comparison::Equal;
    let expected = determined.then_some(Value::Number(r));
    let difference = l.checked_sub(r).map(Value::Number);
    let finding = finding.expected(expected).difference(difference);
    Some(on_trial(finding, instance))
}

/// Turns the finding of a rule on trial into a note that records its intended severity.
fn on_trial(finding: Finding, instance: &Instance) -> Finding {
    match instance.rule.beta {
        true => finding.on_trial(),
        false => finding,
    }
}

fn broken(unit: &UnitTables<'_>, instance: &Instance, why: &Message) -> Option<Finding> {
    let at = explain::subject(instance, unit)?;
    let message = Message::new(
        format!(
            "Chưa kiểm tra được quy tắc «{}»: {}.",
            instance.rule.text, why.vi
        ),
        format!(
            "Rule `{}` could not be evaluated: {}.",
            instance.rule.text, why.en
        ),
    );
    at_cell(unit, instance, at, Severity::Info, message)
}

fn at_cell(
    unit: &UnitTables<'_>,
    instance: &Instance,
    at: CellRef,
    severity: Severity,
    message: Message,
) -> Option<Finding> {
    let table = &unit.tables[at.table];
    let cell = unit.cell(at)?;
    let (rule, class) = (&instance.rule.id, class(instance));
    let finding = Finding::new(rule, class, severity, &table.file, message)
        .of_form(unit.tables[instance.table].form.id())
        .at(&table.sheet, cell.address?)
        .value(cell.value().cloned());
    Some(finding)
}

/// The class of a rule's findings: history if it reads closed periods, cross-form if it reads
/// another form.
fn class(instance: &Instance) -> Class {
    let mut class = Class::Rule;
    instance.rule.check.names(&mut |name, previous| {
        if previous {
            class = Class::History;
        } else if name.form.is_some() {
            class = Class::CrossForm;
        }
    });
    class
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table};

    /// One row of four figures under one rule.
    fn told(rule: &str, figures: &[&str]) -> Vec<(String, String)> {
        let columns: String = ["a", "b", "c", "d"]
            .map(|id| {
                let label = id.to_uppercase();
                format!("[[column]]\nid = \"{id}\"\nlabel = \"{label}\"\nnegative = true\n")
            })
            .concat();
        let rest = format!(
            "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n{columns}[[row]]\nid = \"r\"\nlabel = \"Dòng\"\n\
             [[rule]]\nid = \"lech\"\n{rule}\n"
        );
        let form = form("abc", "fixed", &rest);
        let told = check(&[table(&form, &[figures])], None).into_iter();
        told.map(|told| (told.vi, told.en)).collect()
    }

    #[test]
    fn a_broken_rule_tells_cell_figure_what_it_should_be_and_the_difference() {
        let [(vi, en)] = &told("check = \"a = b + c\"", &["45", "40", "3", ""])[..] else {
            panic!()
        };
        assert_eq!(
            vi,
            "«Dòng › A» ghi 45, phải bằng 43 (= 40 (ô B1) + 3 (ô C1)); lệch 2."
        );
        assert_eq!(
            en,
            "«Dòng › A» is 45, should equal 43 (= 40 (B1) + 3 (C1)); off by 2."
        );
    }

    #[test]
    fn brackets_of_a_rule_stay_where_they_change_what_it_says() {
        let (vi, _) = &told("check = \"a = b - (c + d)\"", &["10", "20", "5", "2"])[0];
        assert!(
            vi.contains("13 (= 20 (ô B1) - (5 (ô C1) + 2 (ô D1)))"),
            "{vi}"
        );
        let (vi, _) = &told("check = \"a = (b + c) * d\"", &["1", "2", "3", "4"])[0];
        assert!(
            vi.contains("20 (= (2 (ô B1) + 3 (ô C1)) × 4 (ô D1))"),
            "{vi}"
        );
        let (vi, _) = &told("check = \"a = b + (c + d)\"", &["1", "2", "3", "4"])[0];
        assert!(vi.contains("9 (= 2 (ô B1) + 3 (ô C1) + 4 (ô D1))"), "{vi}");
    }

    #[test]
    fn a_condition_on_another_cell_is_told_and_one_on_the_same_is_not() {
        let other = "when = \"AND(d >= 10, NOT(ISBLANK(c)))\"\ncheck = \"a <= b\"";
        let (vi, en) = &told(other, &["9", "4", "1", "12"])[0];
        assert_eq!(
            vi,
            "«Dòng › A» ghi 9, không được lớn hơn 4 (ô B1). Quy tắc này được xét ở đây vì «Dòng › D» (ô D1) ghi 12, không nhỏ hơn 10 và «Dòng › C» (ô C1) ghi 1, không để trống."
        );
        assert_eq!(
            en,
            "«Dòng › A» is 9, should be at most 4 (B1). The rule applies here because «Dòng › D» (D1), which is 12, is at least 10 and «Dòng › C» (C1), which is 1, is not blank."
        );
        let same = "when = \"a > 0\"\ncheck = \"a <= 5\"";
        let (vi, _) = &told(same, &["9", "", "", ""])[0];
        assert_eq!(vi, "«Dòng › A» ghi 9, không được lớn hơn 5.");
    }

    #[test]
    fn functions_over_cells_of_a_row_say_which_cells_and_what_they_look_for() {
        for (check, words, en) in [
            (
                "a <= MAX(b, d)",
                "không được lớn hơn 4 (= số lớn nhất trong B1, D1)",
                "4 (= greatest of B1, D1)",
            ),
            (
                "a <= MAX(b - d, 0)",
                "0 (= số lớn nhất của 3 (ô B1) - 4 (ô D1); 0)",
                "0 (= greatest of 3 (B1) - 4 (D1); 0)",
            ),
            (
                "a <= SUM(b:d)",
                "7 (= tổng các ô B1:D1)",
                "7 (= sum of B1:D1)",
            ),
            (
                "a <= COUNTIF(b:d, \">=4\")",
                "1 (= số ô không nhỏ hơn 4 trong B1:D1)",
                "1 (= number of cells in B1:D1 each of which is at least 4)",
            ),
            (
                "a <= SUMIFS(b, b, \">1\", d, 4)",
                "3 (= tổng các ô B1 ở dòng có B1 lớn hơn 1 và D1 bằng 4)",
                "3 (= sum of B1 where B1 is above 1 and D1 equals 4)",
            ),
        ] {
            let rule = format!("check = '{check}'");
            let told = told(&rule, &["9", "3", "", "4"]);
            let (told_vi, told_en) = &told[0];
            assert!(told_vi.contains(words), "{check}: {told_vi}");
            assert!(told_en.contains(en), "{check}: {told_en}");
        }
    }

    #[test]
    fn each_rule_says_what_a_blank_does() {
        let asked = |blank: &str, figures: &[&str]| {
            let rule = format!("check = \"a = b + c\"\nblank = \"{blank}\"");
            told(&rule, figures).len()
        };
        let (one, all) = (["5", "", "3", ""], ["", "", "", ""]);
        assert_eq!((asked("skip-any", &one), asked("skip-any", &all)), (0, 0));
        assert_eq!((asked("skip-all", &one), asked("skip-all", &all)), (1, 0));
        assert_eq!((asked("zero", &one), asked("zero", &all)), (1, 0));
        assert_eq!(
            asked("skip-all", &["", "2", "3", ""]),
            1,
            "a blank total counts as 0"
        );
    }

    #[test]
    fn what_cannot_be_computed_is_a_note_and_never_bad_data() {
        let (vi, en) = &told("check = \"a = b / c\"", &["5", "10", "0", ""])[0];
        assert!(vi.starts_with("Chưa kiểm tra được quy tắc"), "{vi}");
        assert!(en.contains("could not be evaluated"), "{en}");
    }
}
