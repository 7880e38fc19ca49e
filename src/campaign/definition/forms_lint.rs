//! `forms lint`: finds mistakes and doubtful things in form files, runs their examples, and
//! examines their rules together.

use std::path::Path;
use std::sync::Arc;

use super::campaign::Campaign;
use super::campaign_text::{CampaignText, is_campaign, is_campaign_book};
use super::fault_words::words;
use super::form_files::form_files;
use super::form_text::FormText;
use super::sent;
use crate::campaign::error::{ToolError, WrongBook};
use crate::model::{Message, Period, Place, Severity};
use crate::rules::{compose, example};
use crate::schema::campaign::RuleOff;
use crate::schema::checked::Idle;
use crate::schema::expression::Expr;
use crate::schema::ruleset::{self, Fault, RuleKey};
use crate::schema::source::Source;
use crate::schema::{Form, SchemaError, builtin, hints};
use crate::sheet_form::Mistake;

/// One thing wrong or doubtful in a form file.
#[derive(Debug, Clone)]
pub struct FormProblem {
    /// The form file, as given.
    pub file: String,
    /// Line and column, from 1, where known.
    pub place: Option<(usize, usize)>,
    /// The cell, of a form written in a workbook.
    pub cell: Option<Place>,
    /// How bad it is.
    pub severity: Severity,
    /// `form!rule` of the rules it is about.
    pub rules: Vec<String>,
    /// What it is.
    pub message: Message,
}

/// The outcome of checking form files.
#[derive(Debug, Default)]
pub struct Linted {
    /// Problems by file and place.
    pub problems: Vec<FormProblem>,
    /// Number of forms that could be loaded.
    pub forms: usize,
    /// Number of examples that were run.
    pub examples: usize,
    /// Number of rules examined as linear sums, and of rules that are none.
    pub rules: (usize, usize),
}

impl Linted {
    /// Is there an error among the problems?
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}

/// A form and its text.
struct Loaded {
    form: Arc<Form>,
    text: FormText,
}

/// Looks at a form file, a folder of them, a campaign, or (without a path) the built-in forms.
///
/// # Errors
/// The path cannot be read. Faults of a form are in the result.
pub fn lint(path: Option<&Path>) -> Result<Linted, ToolError> {
    let mut linted = Linted::default();
    let mut loaded = Vec::new();
    let mut kinds = None;
    match path {
        None => {
            for id in builtin::ids() {
                if let Some(text) = FormText::built_in(id) {
                    load(&mut linted, &mut loaded, text);
                }
            }
        }
        Some(path) if is_campaign(path) || is_campaign_book(path) => {
            let (own, folder) = match path.is_dir() {
                true => (CampaignText::read(path)?, path),
                false => {
                    let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
                    let folder = folder.unwrap_or(Path::new("."));
                    (CampaignText::of_workbook(path)?, folder)
                }
            };
            linted.problems.extend(own.notes().into_iter().map(of_book));
            let campaign = match Campaign::load_written(folder, &own, true) {
                Ok(campaign) => campaign,
                Err(ToolError::Schema(error)) => {
                    linted.problems.push(refused(error));
                    return Ok(linted);
                }
                Err(ToolError::Books(books)) => {
                    linted.problems.clear();
                    for WrongBook { file, mistakes } in books {
                        let told = mistakes.into_iter().map(|one| (file.clone(), one));
                        linted.problems.extend(told.map(of_book));
                    }
                    return Ok(linted);
                }
                Err(error) => return Err(error),
            };
            linted.problems.extend(of_office(&campaign));
            for form in &campaign.forms {
                let own = FormText::all(Path::new(&form.source)).ok();
                let own = own.and_then(|texts| FormText::of_id(texts, form.id()));
                let Some(text) = own.or_else(|| FormText::built_in(form.id())) else {
                    continue;
                };
                linted.problems.extend(told(&text));
                loaded.push(Loaded {
                    form: form.clone(),
                    text,
                });
            }
            let levels = loaded.iter().filter_map(|one| levels(&campaign, one));
            linted.problems.extend(levels);
            if campaign.file.made_of.is_some() {
                let concluded = loaded.iter().flat_map(concluded_last);
                linted.problems.extend(concluded);
            }
            let of = |kind: &crate::schema::campaign::Kind| kind.id.clone();
            kinds = Some(campaign.file.kinds.iter().map(of).collect::<Vec<String>>());
        }
        Some(path) => {
            for file in form_files(path)? {
                let texts = match path.is_dir() {
                    true => FormText::all(&file)?,
                    false => FormText::named(&file)?,
                };
                for text in texts {
                    load(&mut linted, &mut loaded, text);
                }
            }
        }
    }
    linted.forms = loaded.len();
    look(&mut linted, &loaded, kinds.as_deref());
    linted.problems.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(linted)
}

/// A mistake in a campaign's workbook.
fn of_book((file, mistake): (String, Mistake)) -> FormProblem {
    FormProblem {
        file,
        place: None,
        cell: Some(mistake.place),
        severity: mistake.severity,
        rules: Vec::new(),
        message: mistake.message,
    }
}

/// What of the office nobody has filled in.
fn of_office(campaign: &Campaign) -> Vec<FormProblem> {
    let (file, told) = campaign.not_filled_in();
    let told = told.into_iter().map(|message| FormProblem {
        file: file.clone(),
        place: None,
        cell: None,
        severity: Severity::Warning,
        rules: Vec::new(),
        message,
    });
    told.collect()
}

/// A form whose levels of units are doubtful: it is to be summed up and nobody sums up anybody, or
/// units of two levels file it and it does not say that one is the sum of the other.
fn levels(campaign: &Campaign, one: &Loaded) -> Option<FormProblem> {
    let id = one.form.id();
    let units = campaign.roster.units.iter();
    let mut due = units.filter(|unit| campaign.expects(unit, id));
    match one.form.file.sums_up {
        Some(true) if due.all(|unit| campaign.summed(unit, id).is_empty()) => {
            let message = Message::new(
                "biểu ghi `sums_up = true`, nhưng trong danh sách đơn vị không có đơn vị nào phải gửi biểu này mà tổng hợp đơn vị khác cũng phải gửi; hãy ghi cột «Tổng hợp bởi» của danh sách, hoặc bỏ `sums_up`",
                "the form says `sums_up = true`, but no unit of the roster that must file it sums up another that must; fill in the column `summed_by` of the roster, or remove `sums_up`",
            );
            Some(problem(one, Severity::Warning, None, message))
        }
        None => {
            let upper = due.find(|unit| !campaign.unsettled(unit, &one.form).is_empty())?;
            let (name, code) = (&upper.name, &upper.code);
            let message = Message::new(
                format!(
                    "{name} ({code}) và các đơn vị dưới cùng gửi biểu này, số của cả hai cấp được cộng; nếu số của {name} là tổng của các đơn vị dưới thì ghi `sums_up = true`, nếu là số của riêng {name} thì ghi `sums_up = false`"
                ),
                format!(
                    "{name} ({code}) and units below it file this form, and the figures of both levels are added up; if those of {name} are the sum of the others write `sums_up = true`, if they are its own write `sums_up = false`"
                ),
            );
            Some(problem(one, Severity::Info, None, message))
        }
        Some(_) => None,
    }
}

/// Columns of which a period put together from others has the last figure although the form does not
/// say so.
fn concluded_last(one: &Loaded) -> Vec<FormProblem> {
    let columns = compose::concluded_last(&one.form).into_iter();
    let said = columns.filter_map(|(column, read)| {
        let column = &one.form.file.columns.get(column)?.id;
        let id = column.get_ref();
        let message = Message::new(
            format!(
                "cột `{id}`: kỳ cộng từ các kỳ đã chốt lấy số của kỳ cuối, vì quy tắc đọc PREV({read}) như số đầu kỳ; nếu là số phát sinh trong kỳ thì ghi over_time = \"sum\", nếu đúng là số cuối kỳ thì ghi over_time = \"last\""
            ),
            format!(
                "column `{id}`: a period put together from closed ones has the last one's figure, as a rule reads PREV({read}) like an opening stock; write over_time = \"sum\" if it is a flow, over_time = \"last\" if it is a closing stock"
            ),
        );
        Some(problem(one, Severity::Info, Some(column.span()), message))
    });
    said.collect()
}

fn load(linted: &mut Linted, loaded: &mut Vec<Loaded>, text: FormText) {
    linted.problems.extend(told(&text));
    match text.parse() {
        Ok(form) => loaded.push(Loaded {
            form: Arc::new(form),
            text,
        }),
        // Of a workbook it has been told already.
        Err(_) if text.is_wrong() => {}
        Err(error) => linted.problems.push(refused(error)),
    }
}

/// What is wrong with the workbook a form is written in.
fn told(text: &FormText) -> Vec<FormProblem> {
    let mistakes = text.mistakes().iter().map(|mistake| FormProblem {
        file: text.name.clone(),
        place: None,
        cell: Some(mistake.place.clone()),
        severity: mistake.severity,
        rules: Vec::new(),
        message: mistake.message.clone(),
    });
    mistakes.collect()
}

/// Problems by file and place: sheets by their names, cells as people read.
fn order(problem: &FormProblem) -> impl Ord + '_ {
    let cell = problem
        .cell
        .as_ref()
        .map(|place| (&place.sheet, place.cell));
    (&problem.file, problem.place, cell, problem.severity)
}

fn refused(error: SchemaError) -> FormProblem {
    FormProblem {
        file: error.file.into(),
        place: error.place,
        cell: error.cell,
        severity: Severity::Error,
        rules: Vec::new(),
        message: error.message,
    }
}

fn look(linted: &mut Linted, loaded: &[Loaded], kinds: Option<&[String]>) {
    let forms: Vec<&Form> = loaded.iter().map(|one| &*one.form).collect();
    let ids: Vec<&str> = forms.iter().map(|form| form.id()).collect();
    let known_kinds: Option<Vec<&str>> =
        kinds.map(|kinds| kinds.iter().map(String::as_str).collect());
    for one in loaded {
        let form = &one.form;
        let mut found = hints::of(form);
        if let Some(kinds) = &known_kinds {
            found.extend(hints::kinds(form, kinds));
        }
        // Rules that name other forms are only checked for forms of a campaign: a form by itself
        // has no others to look up.
        if known_kinds.is_some() || loaded.len() > 1 {
            found.extend(hints::other_forms(form, &ids));
        }
        let others: Vec<&Form> = forms
            .iter()
            .copied()
            .filter(|f| f.id() != form.id())
            .collect();
        found.extend(hints::untouched(form, &others));
        if let Some((at, message)) = sent::missing(form, &one.text.text) {
            let told = problem(one, Severity::Warning, at, message);
            linted.problems.push(told);
        }
        for hint in found {
            let rules = hint.rule.iter().map(|rule| format!("{}!{rule}", form.id()));
            linted.problems.push(FormProblem {
                rules: rules.collect(),
                ..problem(one, hint.severity, hint.span, hint.message)
            });
        }
        run_examples(linted, one);
    }
    let verdict = ruleset::examine(forms.iter().copied());
    linted.rules = (verdict.examined, verdict.opaque);
    for fault in &verdict.faults {
        linted.problems.extend(of_fault(loaded, fault));
    }
}

fn problem(
    one: &Loaded,
    severity: Severity,
    span: Option<std::ops::Range<usize>>,
    message: Message,
) -> FormProblem {
    let source = Source {
        name: &one.form.source,
        text: &one.text.text,
    };
    let placed = one.text.at_cell(source.error(span, message));
    FormProblem {
        severity,
        ..refused(placed)
    }
}

/// The form as it is in the period of an example: the rules in force then, with its days.
fn in_period(one: &Loaded, period: Period) -> Option<Arc<Form>> {
    let mut form = one.text.parse().ok()?;
    let idle = one.form.idle.iter();
    let off: Vec<RuleOff> = idle
        .filter_map(|(_, why)| match why {
            Idle::Off(off) => Some(off.clone()),
            _ => None,
        })
        .collect();
    form.set_aside(Some(period), &off);
    Some(Arc::new(form))
}

fn run_examples(linted: &mut Linted, one: &Loaded) {
    for example in &one.form.file.examples {
        linted.examples += 1;
        let dated = example.period.and_then(|period| in_period(one, period));
        let form = dated.as_ref().unwrap_or(&one.form);
        let idle = |rule: &String| form.idle.iter().any(|(idle, _)| idle.id == *rule);
        let expected = example
            .breaks
            .iter()
            .map(|rule| rule.get_ref())
            .filter(|rule| !idle(rule))
            .cloned()
            .collect();
        let broken = example::run(form, example).broken;
        let too_many: Vec<&String> = broken.difference(&expected).collect();
        let lacking: Vec<&String> = expected.difference(&broken).collect();
        let parts = [
            (too_many, "phạm cả", "also breaks"),
            (lacking, "không phạm", "does not break"),
        ];
        for (rules, vi, en) in parts.into_iter().filter(|(rules, ..)| !rules.is_empty()) {
            let name = example.name.get_ref();
            let quoted: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
            let quoted = quoted.join(", ");
            let mut message = Message::new(
                format!("ví dụ «{name}» {vi} {quoted}"),
                format!("example `{name}` {en} {quoted}"),
            );
            let undated = |rule: &crate::schema::Rule| {
                rules.contains(&&rule.id) && rule.exprs().any(Expr::reads_period)
            };
            if form.rules.iter().any(undated) {
                message.vi.push_str("; quy tắc dùng ngày của kỳ báo cáo: ghi kỳ của ví dụ, ví dụ `period = \"2025-09\"`");
                message.en.push_str("; the rule reads days of the period: write the period of the example, such as `period = \"2025-09\"`");
            }
            let rules = rules.iter().map(|rule| format!("{}!{rule}", form.id()));
            linted.problems.push(FormProblem {
                rules: rules.collect(),
                ..problem(one, Severity::Error, Some(example.name.span()), message)
            });
        }
    }
}

fn of_fault(loaded: &[Loaded], fault: &Fault) -> Option<FormProblem> {
    let (severity, first, rules) = match fault {
        Fault::Contradiction(rules) | Fault::ContradictionWhere(rules) => {
            (Severity::Error, rules.first()?, rules.clone())
        }
        Fault::OnlyZero { rules, .. } => (Severity::Warning, rules.first()?, rules.clone()),
        Fault::NeverFails(rule) => (Severity::Warning, rule, vec![rule.clone()]),
        Fault::NoPlace(rule) => (Severity::Error, rule, vec![rule.clone()]),
        Fault::Implied { rule, by } => (Severity::Info, rule, with(rule, by)),
        Fault::ConditionNeverHolds { rule, by } => (Severity::Error, rule, with(rule, by)),
    };
    let one = loaded.iter().find(|one| one.form.id() == first.0)?;
    let span = hints::span_of(&one.form, &first.1);
    Some(FormProblem {
        rules: rules
            .iter()
            .map(|(form, rule)| format!("{form}!{rule}"))
            .collect(),
        ..problem(one, severity, span, words(fault))
    })
}

fn with(rule: &RuleKey, by: &[RuleKey]) -> Vec<RuleKey> {
    std::iter::once(rule).chain(by).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const FORM: &str = r#"
id = "vd"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "free"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "ngay"
label = "Ngày"
type = "date"
[[rule]]
id = "trong-ky"
check = "AND(ngay >= PERIODSTART(), ngay <= PERIODEND())"
[[example]]
name = "ngoài kỳ"
period = "2025-09"
rows = [{ ten = "a", ngay = 2025-10-01 }]
breaks = ["trong-ky"]
[[example]]
name = "trong kỳ"
period = "2025-09"
rows = [{ ten = "a", ngay = 2025-09-30 }]
[[example]]
name = "thiếu kỳ"
rows = [{ ten = "a", ngay = 2025-10-01 }]
breaks = ["trong-ky"]
"#;

    #[test]
    fn an_example_has_a_period_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vd.toml");
        fs::write(&path, FORM).unwrap();
        let linted = lint(Some(&path)).unwrap();
        assert_eq!(linted.examples, 3);
        let errors = linted.problems.iter();
        let errors = errors.filter(|problem| problem.severity == Severity::Error);
        let errors: Vec<&str> = errors.map(|problem| problem.message.vi.as_str()).collect();
        let [error] = errors.as_slice() else {
            panic!("{errors:?}")
        };
        assert!(
            error.starts_with("ví dụ «thiếu kỳ» không phạm `trong-ky`; ")
                && error.contains("`period = \"2025-09\"`"),
            "{error}"
        );
    }
}
