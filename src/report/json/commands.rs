//! What `new`, `template`, `report` and `forms lint` did, as JSON.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::campaign::{Linted, Since};
use crate::compile::{Compiled, Words};
use crate::model::{Lang, Message, Severity};

/// What `explain` says of a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained<'a> {
    /// Its name.
    pub rule: &'a str,
    /// The page, in Vietnamese Markdown.
    pub text: &'a str,
}

/// The campaign that `new` or `next` made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Created<'a> {
    /// Its folder.
    pub campaign: &'a Path,
}

/// The workbooks that `template` wrote.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TemplatesDocument {
    /// File names, in the order of the roster.
    pub templates: Vec<String>,
}

/// The workbooks that `forms to-excel` wrote.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ToExcelDocument<'a> {
    /// The files, in the order of the form files.
    pub files: &'a [PathBuf],
}

/// The report that `report` wrote.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportDocument<'a> {
    /// The file.
    pub report: &'a Path,
    /// Ids of figures in it that are provisional or missing, and are marked so.
    pub provisional: &'a [String],
    /// What has changed since the results of the last `consolidate`; null if there are none to
    /// compare with.
    pub since_results: Option<&'a Since>,
}

/// What `forms lint` found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LintDocument<'a> {
    /// Number of forms that could be loaded.
    forms: usize,
    /// Number of examples evaluated.
    examples: usize,
    /// Number of rules examined together.
    rules_examined: usize,
    /// Number of rules that are no sums, and were not.
    rules_not_examined: usize,
    /// What is wrong or doubtful, by file and place.
    problems: Vec<ProblemEntry<'a>>,
}

/// One thing wrong or doubtful in a form file.
#[derive(Debug, Serialize, JsonSchema)]
struct ProblemEntry<'a> {
    /// The form file, as given.
    file: &'a str,
    /// Line, from 1.
    line: Option<usize>,
    /// Character in the line, from 1.
    column: Option<usize>,
    /// Of a form written in a workbook: the sheet.
    sheet: Option<&'a str>,
    /// The cell, as in A1.
    cell: Option<String>,
    /// How bad it is.
    severity: Severity,
    /// The rules it is about, as `form!rule`.
    rules: &'a [String],
    /// What it is.
    message: &'a str,
}

/// What `forms lint` found.
pub fn lint(linted: &Linted, lang: Lang) -> LintDocument<'_> {
    let problems = linted.problems.iter().map(|problem| ProblemEntry {
        file: &problem.file,
        line: problem.place.map(|(line, _)| line),
        column: problem.place.map(|(_, column)| column),
        sheet: problem.cell.as_ref().map(|place| &*place.sheet),
        cell: problem.cell.as_ref().map(|place| place.cell.to_string()),
        severity: problem.severity,
        rules: &problem.rules,
        message: lang.of(&problem.message),
    });
    LintDocument {
        forms: linted.forms,
        examples: linted.examples,
        rules_examined: linted.rules.0,
        rules_not_examined: linted.rules.1,
        problems: problems.collect(),
    }
}

/// What `forms from-excel` made of blank forms.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FromExcelDocument<'a> {
    /// One form a table.
    forms: Vec<FormEntry<'a>>,
    /// What a person must decide: words that contradict the table or something else said.
    asked: Vec<AskedEntry<'a>>,
    /// Words that look like rules and were not understood.
    not_understood: Vec<WordsEntry<'a>>,
    /// Files of filled workbooks that were left out.
    left_out: Vec<LeftOutEntry<'a>>,
}

/// A filled workbook that was not looked at.
#[derive(Debug, Serialize, JsonSchema)]
struct LeftOutEntry<'a> {
    /// The file.
    file: &'a str,
    /// Why.
    why: &'a str,
}

/// A form made from a table.
#[derive(Debug, Serialize, JsonSchema)]
struct FormEntry<'a> {
    /// Its id.
    id: &'a str,
    /// The form file; only its name if it was not written.
    path: &'a Path,
    /// The spreadsheet it was made from.
    file: &'a str,
    /// The sheet.
    sheet: &'a str,
    /// Its rules.
    rules: Vec<CompiledRuleEntry<'a>>,
}

/// A rule of a form made from a table.
#[derive(Debug, Serialize, JsonSchema)]
struct CompiledRuleEntry<'a> {
    /// Its id.
    id: &'a str,
    /// What must hold, in the language of rules.
    text: &'a str,
    /// `stated` or `structural`; `written` if people wrote it as a rule; `proposed` if only filled
    /// workbooks bear it out, and it is not adopted.
    strength: &'a str,
    /// The words it follows from.
    evidence: WordsEntry<'a>,
    /// How it fared in filled workbooks; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    tested: Option<TestedEntry>,
}

/// How a rule fared in filled workbooks.
#[derive(Debug, Serialize, JsonSchema)]
struct TestedEntry {
    /// Workbooks that have the form.
    files: usize,
    /// Places where it held and could have failed.
    held: usize,
    /// Places where it failed.
    failed: usize,
    /// Places where it could not be evaluated or could not have failed.
    untested: usize,
}

/// Words of a form.
#[derive(Debug, Serialize, JsonSchema)]
struct WordsEntry<'a> {
    /// Sheet.
    sheet: &'a str,
    /// Cell, as in A1.
    cell: String,
    /// What is written there.
    words: &'a str,
}

/// Words of a form that somebody must look at.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedEntry<'a> {
    /// Sheet.
    sheet: &'a str,
    /// Cell, as in A1.
    cell: String,
    /// What is written there.
    words: &'a str,
    /// What is wrong with it.
    why: &'a str,
}

/// What `forms from-excel` made of blank forms.
pub fn from_excel<'a>(
    compiled: &'a Compiled,
    paths: &'a [PathBuf],
    left_out: &'a [(Arc<str>, Message)],
    lang: Lang,
) -> FromExcelDocument<'a> {
    fn words(words: &Words) -> WordsEntry<'_> {
        WordsEntry {
            sheet: &words.sheet,
            cell: words.cell.to_string(),
            words: &words.words,
        }
    }
    let forms = compiled
        .forms
        .iter()
        .zip(paths)
        .map(|(form, path)| FormEntry {
            id: &form.id,
            path,
            file: &form.file,
            sheet: &form.sheet,
            rules: form
                .rules
                .iter()
                .chain(&form.proposals)
                .filter_map(|rule| {
                    Some(CompiledRuleEntry {
                        id: &rule.id,
                        text: &rule.text,
                        strength: rule.strength,
                        evidence: words(rule.evidence.first()?),
                        tested: rule.tested.map(|tested| TestedEntry {
                            files: tested.files,
                            held: tested.held,
                            failed: tested.failed,
                            untested: tested.untested,
                        }),
                    })
                })
                .collect(),
        });
    FromExcelDocument {
        forms: forms.collect(),
        asked: compiled
            .asked
            .iter()
            .map(|(of, why)| AskedEntry {
                sheet: &of.sheet,
                cell: of.cell.to_string(),
                words: &of.words,
                why: lang.of(why),
            })
            .collect(),
        not_understood: compiled.not_understood.iter().map(words).collect(),
        left_out: left_out
            .iter()
            .map(|(file, why)| LeftOutEntry {
                file,
                why: lang.of(why),
            })
            .collect(),
    }
}
