//! Counts of the overview as live formulas over the lists that hold what is counted.

use super::book::{FINDINGS, Master, SUBMISSIONS, UNITS};
use super::list;
use super::lists::{
    FOLLOWS, SUBMISSION_STATUS, UNIT_KIND, UNIT_STATUS, finding_column, severity_name, standing,
    submission_status_name, unit_status_name,
};
use super::plan::{LEAD, Plan};
use super::table::state_name;
use crate::consolidate::LineState;
use crate::model::{Finding, Severity, SubmissionStatus, UnitStatus};

/// Longest text that Excel takes inside a formula.
const LONGEST_TEXT: usize = 250;

/// A count, and how the workbook counts it; a number alone if a formula could count otherwise.
pub(super) struct Counted {
    pub number: usize,
    pub formula: Option<String>,
}

impl Counted {
    /// A number alone.
    pub fn plain(number: usize) -> Self {
        Counted {
            number,
            formula: None,
        }
    }

    /// What fulfils all of these: cells, and what they must hold.
    fn of(number: usize, asked: &[(String, Option<String>)]) -> Self {
        let pairs: Option<Vec<String>> = asked
            .iter()
            .map(|(cells, wanted)| Some(format!("{cells},{}", wanted.as_ref()?)))
            .collect();
        let name = if asked.len() == 1 {
            "COUNTIF"
        } else {
            "COUNTIFS"
        };
        Counted {
            number,
            formula: pairs.map(|pairs| format!("={name}({})", pairs.join(","))),
        }
    }
}

/// A text as a criterion of COUNTIF; `None` for one that it would take for more than a text.
fn exactly(text: &str) -> Option<String> {
    let special = text.contains(['*', '?', '~', '"']) || text.starts_with(['<', '>', '=']);
    let short = text.chars().count() <= LONGEST_TEXT;
    (!special && short && text.parse::<f64>().is_err()).then(|| format!("\"{text}\""))
}

/// Texts that begin so.
fn beginning(text: &str) -> Option<String> {
    Some(format!("\"{text}*\""))
}

/// Units of a kind in that state.
pub(super) fn units(master: &Master<'_>, kind: &str, status: UnitStatus) -> Counted {
    let units = &master.input.units;
    let name = master.kind_name(kind);
    let of_kind = |id: &str| id == kind;
    let count = units
        .iter()
        .filter(|filing| of_kind(&filing.unit.kind) && filing.status == status)
        .count();
    // Two kinds may be called alike.
    let alike = units.iter().any(|filing| {
        let other = &filing.unit.kind;
        !of_kind(other) && master.kind_name(other).to_lowercase() == name.to_lowercase()
    });
    let cells = |column| list::cells(UNITS, column, units.len());
    Counted::of(
        count,
        &[
            (cells(UNIT_KIND), exactly(name).filter(|_| !alike)),
            (cells(UNIT_STATUS), exactly(unit_status_name(status))),
        ],
    )
}

/// Units that owe a form.
pub(super) fn due(plan: &Plan<'_>) -> Counted {
    Counted {
        number: plan.table.lines.len(),
        formula: Some(format!("={}", plan.unit_count())),
    }
}

/// Units whose form is in that state.
pub(super) fn lines(plan: &Plan<'_>, state: LineState) -> Counted {
    let lines = plan.table.lines.iter();
    let count = lines.filter(|line| line.state == state).count();
    let column = crate::write::paper::count::count(LEAD.len()) - 1;
    Counted::of(count, &[(plan.beside(column), exactly(state_name(state)))])
}

/// Submissions in that state.
pub(super) fn submissions(master: &Master<'_>, status: SubmissionStatus) -> Counted {
    let submissions = master.input.submissions;
    let count = submissions.iter().filter(|own| own.status == status);
    let cells = list::cells(SUBMISSIONS, SUBMISSION_STATUS, submissions.len());
    Counted::of(
        count.count(),
        &[(cells, exactly(submission_status_name(status)))],
    )
}

fn finding_cells(master: &Master<'_>, header: &str) -> String {
    let column = finding_column(header);
    list::cells(FINDINGS, column, master.input.findings.len())
}

/// Findings that matter so much: all, and those nobody has explained.
pub(super) fn findings(master: &Master<'_>, severity: Severity) -> [Counted; 2] {
    let of = |finding: &&Finding| finding.severity == severity && finding.trial.is_none();
    let all = master.input.findings.iter().filter(of);
    let open = all.clone().filter(|finding| finding.is_open());
    let (cells, name) = (finding_cells(master, "Mức độ"), severity_name(severity));
    [
        Counted::of(all.count(), &[(cells.clone(), beginning(name))]),
        Counted {
            number: open.count(),
            formula: Some(format!(
                "=COUNTIF({cells},\"{name}\")+COUNTIF({cells},\"{name}, {FOLLOWS}\")"
            )),
        },
    ]
}

/// Findings of rules on trial.
pub(super) fn trials(master: &Master<'_>) -> Counted {
    let findings = master.input.findings.iter();
    let count = findings.filter(|finding| finding.trial.is_some()).count();
    let cells = finding_cells(master, "Mức độ");
    Counted::of(count, &[(cells, beginning("thử nghiệm"))])
}

/// The count of findings of a rule in a form; `number` is the value it must give.
pub(super) fn of_rule(
    master: &Master<'_>,
    number: usize,
    (severity, form, rule): (Severity, &str, &str),
) -> Counted {
    let form = master.form_name(form);
    let shown = |finding: &&Finding| {
        let of = finding.form.as_deref().unwrap_or_default();
        finding.rule == rule
            && master.form_name(of) == form
            && standing(finding).starts_with(severity_name(severity))
    };
    // What the list shows may be less than what is counted: a rule on trial, two forms of one name.
    if master.input.findings.iter().filter(shown).count() != number || form.is_empty() {
        return Counted::plain(number);
    }
    Counted::of(
        number,
        &[
            (finding_cells(master, "Quy tắc"), exactly(rule)),
            (finding_cells(master, "Biểu"), exactly(form)),
            (
                finding_cells(master, "Mức độ"),
                beginning(severity_name(severity)),
            ),
        ],
    )
}
