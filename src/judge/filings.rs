//! Decides which submission counts for each unit and form, and which forms are still due.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::definition::Definition;
use super::differing;
use super::precedence;
use super::receive::Received;
use crate::extract::Table;
use crate::model::{
    Class, Finding, Message, ReportingUnit, Severity, Submission, SubmissionStatus,
};

/// Of files with the very same bytes the one of the latest round counts; the others are set aside.
pub fn set_copies_aside(received: &mut [Received], findings: &mut Vec<Finding>) {
    let mut kept: HashMap<String, (u32, Arc<str>)> = HashMap::new();
    for submission in received.iter().map(|file| &file.submission) {
        let newer = kept
            .get(&submission.sha256)
            .is_none_or(|(round, _)| submission.round > *round);
        if !submission.sha256.is_empty() && newer {
            kept.insert(
                submission.sha256.clone(),
                (submission.round, submission.file.clone()),
            );
        }
    }
    for file in received {
        let submission = &mut file.submission;
        let Some((_, original)) = kept.get(&submission.sha256) else {
            continue;
        };
        if *original == submission.file {
            continue;
        }
        let message = Message::new(
            format!("Tệp này giống hệt tệp «{original}», không tính lần nữa."),
            format!("This file is `{original}` byte for byte and is not counted again."),
        );
        findings.push(Finding::new(
            "trung-tep",
            Class::Roster,
            Severity::Info,
            &submission.file,
            message,
        ));
        submission.status = SubmissionStatus::Superseded;
        submission.superseded_by = Some(original.clone());
        file.tables.clear();
        file.findings.clear();
    }
}

/// The table of one form that counts for one unit.
pub struct Filed {
    /// The table as read.
    pub table: Table,
    /// The findings of reading its cells.
    pub findings: Vec<Finding>,
}

/// Unit code -> form id -> what counts.
pub type Filings = BTreeMap<String, BTreeMap<String, Filed>>;

/// Every table that counts, by unit and form.
pub fn tables(filings: Filings) -> Vec<Table> {
    let filed = filings.into_values().flat_map(BTreeMap::into_values);
    filed.map(|filed| filed.table).collect()
}

/// Settles for every unit and form which submission counts, and says what was replaced.
pub fn settle(
    campaign: &Definition,
    received: &mut [Received],
    findings: &mut Vec<Finding>,
) -> Filings {
    let mut candidates: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (i, file) in received.iter().enumerate() {
        let Some(unit) = &file.submission.unit else {
            continue;
        };
        for (table, _) in &file.tables {
            candidates
                .entry((unit.code.clone(), table.form.id().to_owned()))
                .or_default()
                .push(i);
        }
    }
    let mut filings = Filings::new();
    let mut replaced: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut tied: BTreeMap<(String, Vec<usize>), Vec<String>> = BTreeMap::new();
    for ((code, form), files) in &candidates {
        let Some(unit) = campaign.roster.by_code(code) else {
            continue;
        };
        let newest = newest(received, files);
        match newest.or_else(|tied| any_if_the_same(received, &tied).ok_or(tied)) {
            Ok(winner) => {
                for &loser in files.iter().filter(|i| **i != winner) {
                    replaced.entry(loser).or_default().push(winner);
                    let (winner, loser) = (&received[winner], &received[loser]);
                    let ordered = precedence::newer(&winner.submission, &loser.submission);
                    findings.extend(match ordered {
                        Some(_) => differing::note(winner, loser, form, unit),
                        None => Some(differing::same_note(winner, loser, unit))
                            .filter(|note| !findings.contains(note)),
                    });
                }
                if !campaign.expects(unit, form) {
                    findings.push(unexpected(&received[winner], unit, form, campaign));
                    continue;
                }
                let Some(filed) = take_table(&received[winner], form) else {
                    continue;
                };
                filings
                    .entry(code.clone())
                    .or_default()
                    .insert(form.clone(), filed);
            }
            Err(files) => tied
                .entry((code.clone(), files))
                .or_default()
                .push(form.clone()),
        }
    }
    for ((code, files), forms) in &tied {
        let Some(unit) = campaign.roster.by_code(code) else {
            continue;
        };
        findings.extend(unordered(received, unit, forms, files));
    }
    set_replaced_aside(received, &replaced);
    // Findings about a file as a whole count as long as the file is not replaced, whichever of its
    // forms count.
    for file in received
        .iter()
        .filter(|f| f.submission.superseded_by.is_none())
    {
        let made_good = |finding: &&Finding| is_made_good(finding, file, received, &filings);
        findings.extend(file.findings.iter().filter(|f| !made_good(f)).cloned());
    }
    filings
}

/// Does a newer file supply the form that this finding is about?
fn is_made_good(
    finding: &Finding,
    file: &Received,
    received: &[Received],
    filings: &Filings,
) -> bool {
    let (Some(form), Some(unit)) = (&finding.form, &file.submission.unit) else {
        return false;
    };
    let filed = filings.get(&unit.code).and_then(|filed| filed.get(&**form));
    let counts = filed.and_then(|filed| {
        received
            .iter()
            .find(|other| other.submission.file == filed.table.file)
    });
    counts.is_some_and(|counts| {
        precedence::newer(&counts.submission, &file.submission)
            .is_some_and(std::cmp::Ordering::is_gt)
    })
}

fn take_table(file: &Received, form: &str) -> Option<Filed> {
    let (table, found) = file
        .tables
        .iter()
        .find(|(table, _)| table.form.id() == form)?;
    Some(Filed {
        table: table.clone(),
        findings: found.clone(),
    })
}

/// The submission that is newer than every other, or those that nothing can order.
fn newest(received: &[Received], files: &[usize]) -> Result<usize, Vec<usize>> {
    let beats = |a: usize, b: usize| {
        precedence::newer(&received[a].submission, &received[b].submission)
            .is_some_and(std::cmp::Ordering::is_gt)
    };
    let unbeaten: Vec<usize> = files
        .iter()
        .copied()
        .filter(|a| !files.iter().any(|b| beats(*b, *a)))
        .collect();
    match unbeaten.as_slice() {
        [one] => Ok(*one),
        // Stamps, rounds and names that contradict one another in a circle.
        [] => Err(files.to_vec()),
        _ => Err(unbeaten),
    }
}

/// The first of some submissions that nothing orders, if all of them have the same figures of the same
/// forms.
fn any_if_the_same(received: &[Received], files: &[usize]) -> Option<usize> {
    let (first, others) = files.split_first()?;
    let tables = |at: usize| received[at].tables.iter().map(|(table, _)| table);
    let has = |at: usize, own: &Table| {
        tables(at).any(|other| other.form.id() == own.form.id() && differing::same(own, other))
    };
    let same = |at: &usize| {
        tables(*at).count() == tables(*first).count() && tables(*first).all(|own| has(*at, own))
    };
    others.iter().all(same).then_some(*first)
}

/// A submission all of whose forms were replaced is superseded as a whole.
fn set_replaced_aside(received: &mut [Received], replaced: &BTreeMap<usize, Vec<usize>>) {
    let names: Vec<Arc<str>> = received
        .iter()
        .map(|file| file.submission.file.clone())
        .collect();
    for (&loser, winners) in replaced {
        let file = &mut received[loser];
        if winners.len() == file.tables.len() {
            file.submission.status = SubmissionStatus::Superseded;
            file.submission.superseded_by = winners.last().map(|winner| names[*winner].clone());
        }
    }
}

/// Files of a unit that nothing orders: reported at each file, once if all its forms are concerned.
fn unordered(
    received: &[Received],
    unit: &ReportingUnit,
    forms: &[String],
    files: &[usize],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for own in files {
        let others = files.iter().filter(|other| *other != own);
        let others: Vec<&str> = others.map(|i| &*received[*i].submission.file).collect();
        let own = &received[*own].submission;
        let [name, count] = [unit.name.clone(), files.len().to_string()];
        let message = match others.as_slice() {
            [other] => Message::new(
                format!(
                    "{name} có hai tệp cùng biểu mà không rõ tệp nào mới hơn: tệp này và «{other}». Cả hai chưa được tính. Hãy giữ một tệp, hoặc để tệp mới hơn vào thư mục của lần gửi sau (ví dụ inbox/dot-2)."
                ),
                format!(
                    "{name} filed the same form twice and nothing tells which is newer: this file and `{other}`. Neither counts. Keep one of them, or put the newer one into the folder of a later round (for example inbox/dot-2)."
                ),
            ),
            others => Message::new(
                format!(
                    "{name} có {count} tệp cùng biểu mà không rõ tệp nào mới nhất: tệp này và «{}». Chưa tính tệp nào. Hãy giữ một tệp, hoặc để tệp mới nhất vào thư mục của lần gửi sau (ví dụ inbox/dot-2).",
                    others.join("», «")
                ),
                format!(
                    "{name} filed the same form {count} times and nothing tells which is newest: this file and `{}`. None counts. Keep one of them, or put the newest into the folder of a later round (for example inbox/dot-2).",
                    others.join("`, `")
                ),
            ),
        };
        let finding = Finding::new(
            "hai-tep-mot-don-vi",
            Class::Roster,
            Severity::Error,
            &own.file,
            message,
        )
        .of_unit(&unit.code);
        if forms.len() == own.forms.len() {
            findings.push(finding);
            continue;
        }
        findings.extend(forms.iter().map(|form| finding.clone().of_form(form)));
    }
    findings
}

fn unexpected(file: &Received, unit: &ReportingUnit, form: &str, campaign: &Definition) -> Finding {
    let title = campaign
        .forms
        .iter()
        .find(|f| f.id() == form)
        .map_or(form, |f| &f.file.title);
    let message = Message::new(
        format!(
            "{} không phải báo cáo biểu «{title}» trong đợt này; số liệu của biểu không được tính.",
            unit.name
        ),
        format!(
            "{} is not asked form `{form}` in this campaign; it is not counted.",
            unit.name
        ),
    );
    let file = &file.submission.file;
    Finding::new(
        "bieu-khong-yeu-cau",
        Class::Roster,
        Severity::Warning,
        file,
        message,
    )
    .of_unit(&unit.code)
    .of_form(form)
}

/// A unit that filed something owes all its forms. A form that a finding names already, `reported`,
/// is not reported missing again.
pub fn missing_forms(
    campaign: &Definition,
    filings: &Filings,
    submissions: &[Submission],
    reported: &[Finding],
) -> Vec<Finding> {
    let asked_about: BTreeSet<(&str, &str)> = reported
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| Some((&*finding.file, finding.form.as_deref()?)))
        .collect();
    let mut findings = Vec::new();
    for unit in &campaign.roster.units {
        let Some(file) = current_file(submissions, unit) else {
            continue;
        };
        for form in &campaign.forms {
            let filed = filings
                .get(&unit.code)
                .is_some_and(|filed| filed.contains_key(form.id()));
            let questioned = submissions.iter().any(|submission| {
                submission.unit.as_ref() == Some(unit)
                    && (submission.forms.iter().any(|f| **f == *form.id())
                        || asked_about.contains(&(&*submission.file, form.id())))
            });
            if filed || questioned || !campaign.expects(unit, form.id()) {
                continue;
            }
            let message = Message::new(
                format!("Thiếu biểu «{}». Hãy gửi bổ sung.", form.file.title),
                format!("Form `{}` is missing. Send it, too.", form.id()),
            );
            let finding = Finding::new(
                "thieu-bieu",
                Class::Structure,
                Severity::Error,
                &file,
                message,
            );
            findings.push(finding.of_unit(&unit.code).of_form(form.id()));
        }
    }
    findings
}

/// The newest submission of a unit that was not replaced.
pub fn current_file(submissions: &[Submission], unit: &ReportingUnit) -> Option<Arc<str>> {
    let own = submissions.iter().filter(|submission| {
        submission
            .unit
            .as_ref()
            .is_some_and(|u| u.code == unit.code)
            && submission.status != SubmissionStatus::Superseded
    });
    own.max_by_key(|submission| (submission.round, submission.saved_at.clone()))
        .map(|submission| submission.file.clone())
}
