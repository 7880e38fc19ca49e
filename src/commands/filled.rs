//! What filled workbooks say of compiled forms: how their rules fared, and what else holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::campaign::{ToolError, read_filled};
use crate::compile::{Compiled, CompiledForm, CompiledRule, RuleTested, Words};
use crate::evidence::{Proposed, RuleTest, over_time, proposed, tested};
use crate::extract::Table;
use crate::judge::Received;
use crate::model::value::message;
use crate::model::{CellAddress, Message, Severity};
use crate::schema::Form;
use crate::text::normalise;
use crate::workbook::Limits;

/// The filled workbooks that were looked at.
#[derive(Debug)]
pub struct FilledFiles {
    /// Number of workbooks with one of the forms.
    pub read: usize,
    /// Number of them that have one of the period before; `None` if no folder of these was given.
    pub paired: Option<usize>,
    /// Files without any, and why.
    pub skipped: Vec<LeftOut>,
}

/// Folders of filled workbooks.
#[derive(Debug, Clone, Copy)]
pub struct FilledFolders<'a> {
    /// Those of one period.
    pub now: &'a Path,
    /// Those of the period before: by the code or name of the unit that both state, else by the
    /// name of the file.
    pub before: Option<&'a Path>,
}

/// A file that was left out, and why.
pub type LeftOut = (Arc<str>, Message);

/// Reads the filled workbooks of a folder against compiled forms; notes how every rule fared, asks
/// about those that fail in most workbooks, and writes what else holds in all of them as comments
/// into the form files. No rule is adopted or dropped for what is in them.
///
/// # Errors
/// The folder cannot be listed.
pub fn weigh(
    compiled: &mut Compiled,
    folders: FilledFolders<'_>,
    limits: &Limits,
) -> Result<FilledFiles, ToolError> {
    let forms = compiled.forms.iter().map(|form| {
        let mut read = Form::parse(&format!("{}.toml", form.id), &form.toml)?;
        read.set_aside(None, &[]);
        Ok(Arc::new(read))
    });
    let forms = forms.collect::<Result<Vec<Arc<Form>>, ToolError>>()?;
    let (filled, mut skipped) = tables(read_filled(folders.now, &forms, limits)?);
    let earlier = match folders.before {
        Some(folder) => {
            let (earlier, left_out) = tables(read_filled(folder, &forms, limits)?);
            skipped.extend(left_out);
            Some(earlier)
        }
        None => None,
    };
    let pairs = pairs(&filled, earlier.as_deref().unwrap_or_default());
    let workbooks: Vec<&[Table]> = filled.iter().map(|one| one.tables.as_slice()).collect();
    let mut tests = tested(&workbooks);
    for (form, read) in compiled.forms.iter_mut().zip(&forms) {
        let has = |tables: &&&[Table]| tables.iter().any(|table| table.form.id() == form.id);
        let files = workbooks.iter().filter(has).count();
        if files == 0 {
            continue;
        }
        for rule in &mut form.rules {
            let test = tests.remove(&(form.id.clone(), rule.id.clone()));
            let test = test.unwrap_or_default();
            rule.tested = Some(RuleTested {
                files,
                held: test.held,
                failed: test.failed,
                untested: test.untested,
            });
            compiled.asked.extend(asked(rule, &test));
        }
        let mut proposals = proposed(read, &workbooks);
        proposals.extend(over_time(read, &pairs));
        propose(form, proposals, files);
    }
    Ok(FilledFiles {
        read: workbooks.len(),
        paired: earlier.as_ref().map(|_| pairs.len()),
        skipped,
    })
}

/// A filled workbook.
struct Filled {
    /// What tells the unit.
    unit: String,
    tables: Vec<Table>,
}

/// What tells the unit of a workbook: the code or name it states, else the name of the file.
fn unit(file: &Received) -> String {
    let stated = file.identity.unit_code.as_deref();
    let printed = [&file.identity.printed_code, &file.identity.printed_name];
    let printed = printed.into_iter().flatten();
    let stated = stated
        .into_iter()
        .chain(printed.map(|one| one.text.as_str()));
    let mut stated = stated.filter(|text| text.chars().any(char::is_alphanumeric));
    let name = || file.submission.file.rsplit('/').next().unwrap_or_default();
    normalise(stated.next().unwrap_or_else(name))
}

/// The workbooks of units that have one, and only one, in each period.
fn pairs<'a>(now: &'a [Filled], before: &'a [Filled]) -> Vec<(&'a [Table], &'a [Table])> {
    let by_unit = |all: &'a [Filled]| {
        let mut units: BTreeMap<&str, Vec<&'a [Table]>> = BTreeMap::new();
        for one in all {
            units.entry(&one.unit).or_default().push(&one.tables);
        }
        units
    };
    let before = by_unit(before);
    let both = by_unit(now).into_iter().filter_map(|(unit, now)| {
        match (now.as_slice(), before.get(unit)?.as_slice()) {
            ([now], [before]) => Some((*now, *before)),
            _ => None,
        }
    });
    both.collect()
}

/// The tables of each workbook, at most one of a form; workbooks without any, and why.
fn tables(received: Vec<Received>) -> (Vec<Filled>, Vec<LeftOut>) {
    let (mut all, mut skipped) = (Vec::new(), Vec::new());
    for file in received {
        let unit = unit(&file);
        let mut tables: Vec<Table> = Vec::new();
        for (table, _) in file.tables {
            if tables
                .iter()
                .all(|other| other.form.id() != table.form.id())
            {
                tables.push(table);
            }
        }
        if !tables.is_empty() {
            all.push(Filled { unit, tables });
            continue;
        }
        let errors = file.findings.into_iter();
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        let why = errors.next().map(|finding| finding.message.clone());
        let why = why.unwrap_or_else(|| {
            Message::new(
                "không thấy bảng nào của các biểu đã cho",
                "it has no table of these forms",
            )
        });
        skipped.push((file.submission.file, why));
    }
    (all, skipped)
}

/// The question about a rule that fails in most of the workbooks that test it.
fn asked(rule: &CompiledRule, test: &RuleTest) -> Option<(Words, Message)> {
    let example = test.example.as_ref().filter(|_| test.is_refuted())?;
    let words = rule.evidence.first()?.clone();
    let (failed, of) = (test.files_failed, test.files_failed + test.files_held);
    let (text, file, sheet) = (&rule.text, &example.file, &example.sheet);
    let cell = example
        .cell
        .map_or(String::new(), |cell| format!("!{cell}"));
    let message = Message::new(
        format!(
            "quy tắc {text} sai ở {failed} trong {of} tệp đã điền có số để thử; ví dụ {file}, {sheet}{cell}: {} Quy tắc vẫn ở trong biểu mẫu; hãy xem biểu ghi đúng chưa",
            example.message.vi
        ),
        format!(
            "the rule {text} fails in {failed} of the {of} filled workbooks that test it, for example {file}, {sheet}{cell}: {} It stays in the form file; see whether the form says it rightly",
            example.message.en
        ),
    );
    Some((words, message))
}

/// Writes proposals into a form file, as comments.
fn propose(form: &mut CompiledForm, proposals: Vec<Proposed>, files: usize) {
    let mut comments = String::new();
    for proposal in proposals {
        let id = unused_id(form, &comments, &proposal.about);
        let rule = section(&id, &proposal);
        // What the form file would not take is none.
        let with = format!("{}\n{rule}", form.toml);
        if Form::parse(&form.id, &with).is_err() {
            continue;
        }
        let counts = counts(&proposal);
        comments += &format!("#\n# {}\n", counts.vi);
        rule.lines()
            .for_each(|line| comments += &format!("# {line}\n"));
        form.proposals.push(CompiledRule {
            id,
            text: proposal.check,
            strength: "proposed",
            at: proposal.places.map(|(_, ids)| ids),
            evidence: vec![Words {
                file: form.file.clone(),
                sheet: form.sheet.clone(),
                cell: form
                    .heads
                    .get(&proposal.about)
                    .copied()
                    .unwrap_or(CellAddress::new(0, 0)),
                words: counts.vi,
            }],
            tested: Some(RuleTested {
                files,
                held: proposal.tested,
                failed: 0,
                untested: 0,
            }),
        });
    }
    if !comments.is_empty() {
        form.toml += &format!(
            "\n# Đề xuất từ {files} tệp đã điền: biểu không ghi, nhưng đúng ở mọi tệp. Chưa phải quy tắc.\n\
             # Đúng với biểu thì bỏ dấu # ở đầu các dòng.\n{comments}"
        );
    }
}

/// How often a proposal was tested, in words.
fn counts(proposal: &Proposed) -> Message {
    let (tested, files, of) = (proposal.tested, proposal.files, proposal.workbooks);
    if proposal.over_time {
        return message!(
            tested, files, of;
            "đúng ở cả {tested} chỗ thử được so với kỳ trước, ở {files}/{of} đơn vị có tệp của cả hai kỳ",
            "holds at all {tested} places that test it against the period before, for {files} of {of} units with files of both"
        );
    }
    message!(
        tested, files, of;
        "đúng ở cả {tested} chỗ thử được, trong {files}/{of} tệp đã điền",
        "holds at all {tested} places that test it, in {files} of {of} filled workbooks"
    )
}

fn section(id: &str, proposal: &Proposed) -> String {
    let mut text = format!("[[rule]]\nid = \"{id}\"\ncheck = \"{}\"\n", proposal.check);
    if let Some((key, ids)) = &proposal.places {
        let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
        text += &format!("{key} = [{}]\n", ids.join(", "));
    }
    if proposal.over_time && proposal.check.contains(" + ") {
        text += "# Lũy kế tính lại từ đầu năm thì thêm: when = \"NOT(FIRSTPERIOD())\"\n";
    }
    text
}

/// An id that neither the form file nor another proposal has.
fn unused_id(form: &CompiledForm, comments: &str, about: &str) -> String {
    let wanted = format!("{}-lech", about.replace(['_', '.'], "-"));
    let is_free = |id: &String| {
        let line = format!("id = \"{id}\"");
        !form.toml.contains(&line) && !comments.contains(&line)
    };
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    let mut ids = std::iter::once(wanted.clone()).chain(numbered);
    ids.find(is_free).unwrap_or(wanted)
}
