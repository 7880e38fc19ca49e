//! "Quy tắc" of the master workbook: every rule with how often it held, failed and could not be
//! evaluated.

use super::book::Master;
use super::list::{Item, ListColumn, SheetList};
use super::lists::{column, severity_name};
use crate::model::Severity;
use crate::rules::Tally;
use crate::schema::checked::Idle;
use crate::schema::{Form, Rule};
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;

const COLUMNS: &[ListColumn] = &[
    column("STT", 6.0),
    column("Biểu", 16.0),
    column("Quy tắc", 36.0),
    column("Kiểm tra", 52.0),
    column("Chỉ khi", 30.0),
    column("Mức độ", 11.0),
    column("Tình trạng", 30.0),
    column("Đã hỏi", 10.0),
    column("Đúng", 10.0),
    column("Sai", 10.0),
    column("Chưa kiểm tra được", 12.0),
    column("Vì sao chưa kiểm tra được", 34.0),
    column("Nội dung", 64.0),
];

/// A line of the list.
struct RuleLine<'a> {
    form: &'a str,
    id: &'a str,
    text: String,
    when: String,
    severity: Option<Severity>,
    standing: String,
    asked: bool,
    tally: Tally,
    message: &'a str,
}

/// Writes every rule of the forms, those not in force with the reason, then the tool's own checks.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(sheet: &mut SheetWriter<'_>, master: &Master<'_>) -> Result<(), WriteError> {
    let mut list = SheetList::new(sheet, master, "Quy tắc kiểm tra", COLUMNS)?;
    for (index, line) in lines(master).iter().enumerate() {
        let count = |number: usize| match line.asked {
            true => Item::Count(number),
            false => Item::text(""),
        };
        let why = line.tally.not_evaluated.iter();
        let why: Vec<String> = why
            .map(|(lack, number)| format!("{number} {}", lack.words().vi))
            .collect();
        let items = [
            Item::Count(index + 1),
            Item::text(line.form),
            Item::text(line.id),
            Item::text(&line.text),
            Item::text(&line.when),
            Item::Status(line.severity.map_or("", severity_name).to_owned()),
            Item::text(&line.standing),
            count(line.tally.asked),
            count(line.tally.held),
            count(line.tally.failed),
            count(line.tally.unknown()),
            Item::text(why.join(", ")),
            Item::text(line.message),
        ];
        list.row(&items, line.severity.filter(|_| line.asked))?;
    }
    list.finish()
}

fn lines<'a>(master: &Master<'a>) -> Vec<RuleLine<'a>> {
    let mut lines = Vec::new();
    let forms = &master.input.consolidated.forms;
    for form in forms.iter().map(|table| &table.form) {
        lines.extend(form.written().map(|rule| of_rule(master, form, rule)));
        let idle = form.idle.iter();
        lines.extend(idle.map(|(rule, idle)| not_asked(master, form, rule, idle)));
        lines.extend(own_checks(master, form));
    }
    lines
}

fn of_rule<'a>(master: &Master<'a>, form: &'a Form, rule: &'a Rule) -> RuleLine<'a> {
    let tally = master.input.tallies.of(form.id(), &rule.id);
    let standing = match (rule.beta, tally) {
        (true, _) => "thử nghiệm, không tính là lỗi",
        (false, None) => "chưa được hỏi lần nào",
        (false, Some(_)) => "đang dùng",
    };
    RuleLine {
        form: &form.file.sheet,
        id: &rule.id,
        text: rule.text.clone(),
        when: rule
            .when
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        severity: Some(rule.severity),
        standing: match rule.filers().words() {
            Some(whom) => format!("{standing}; {whom}"),
            None => standing.to_owned(),
        },
        asked: true,
        tally: tally.cloned().unwrap_or_default(),
        message: rule.message.as_deref().unwrap_or_default(),
    }
}

fn not_asked<'a>(master: &Master<'a>, form: &'a Form, rule: &'a Rule, idle: &Idle) -> RuleLine<'a> {
    RuleLine {
        standing: idle.words().vi,
        asked: false,
        ..of_rule(master, form, rule)
    }
}

/// Checks of every form that are not written in it: total rows, percentages. One line for all
/// places of a check.
fn own_checks<'a>(master: &Master<'a>, form: &'a Form) -> Vec<RuleLine<'a>> {
    let written = |id: &str| {
        let idle = form.idle.iter().map(|(rule, _)| rule);
        form.written().chain(idle).any(|rule| rule.id == id)
    };
    let tallies = master.input.tallies.iter();
    tallies
        .filter(|(of, id, _)| *of == form.id() && !written(id))
        .map(|(_, id, tally)| RuleLine {
            form: &form.file.sheet,
            id,
            text: String::new(),
            when: String::new(),
            severity: None,
            standing: "có sẵn của chương trình".to_owned(),
            asked: true,
            tally: tally.clone(),
            message: "",
        })
        .collect()
}
