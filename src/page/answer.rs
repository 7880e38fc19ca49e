//! The answer to workbooks that were sent: one verdict, then what is wrong with each file.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDateTime;
use serde::Serialize;

use super::card::{Card, Making};
use super::change::{Change, OpenFinding};
use super::fault::{self, Fault};
use super::marks::{self, Mark, Marks};
use super::sheet::{Anchors, Drawing, MiniSheet, Past, anchors, figures};
use super::state::AnswerState;
use super::words;
use crate::extract::Table;
use crate::judge::Definition;
use crate::model::{Finding, Lang, Place, Severity, Submission};

/// Cards of one file that are shown at most; the list of findings has the rest.
const CARDS: usize = 300;

/// What an answer is made of.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// The campaign, for the figures of the last period.
    pub definition: Option<&'a Definition>,
    /// The files that were sent.
    pub submissions: &'a [Submission],
    /// What was found, in the order of a run; findings about other files are left out. Of a workbook
    /// of another unit than the one that sends, that it is one (`Received::only_of`).
    pub findings: &'a [Finding],
    /// The tables that were read; those of other files are left out.
    pub tables: &'a [Table],
    /// What was done with the files.
    pub sent: &'a Sent,
    /// What was open in the submission before, if there was one and that is known.
    pub before: Option<&'a BTreeSet<OpenFinding>>,
    /// Address of the pages about rules, to which a rule's id is added; `None`: there are none.
    pub rule_base: Option<&'a str>,
}

/// What was done with the files.
#[derive(Debug, Clone)]
pub enum Sent {
    /// They were looked at and nothing was kept.
    Checked {
        /// What can be downloaded.
        downloads: Downloads,
    },
    /// They were received.
    Submitted {
        /// Number of the submission.
        number: String,
        /// When, by the office's clock.
        at: NaiveDateTime,
        /// What can be downloaded.
        downloads: Downloads,
    },
}

/// Addresses of what belongs to an answer; `None`: there is no such thing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Downloads {
    /// The workbooks with the findings marked in them.
    pub marked: Vec<Download>,
    /// The list of findings as a workbook.
    pub findings: Option<String>,
    /// The receipt.
    pub receipt: Option<String>,
}

/// Something to download.
#[derive(Debug, Clone, Serialize)]
pub struct Download {
    /// Name of the workbook it is of.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// The answer to workbooks that were sent, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    state: AnswerState,
    submitted: bool,
    number: Option<String>,
    at: Option<String>,
    downloads: Downloads,
    /// Files of which nothing can be used.
    unusable: usize,
    /// Places to correct in the others.
    errors: usize,
    /// Places to explain.
    warnings: usize,
    /// Figures that nothing speaks against, and all figures that were read or are due.
    right: usize,
    all: usize,
    change: Option<Change>,
    files: Vec<FileAnswer>,
}

/// What is wrong with one file.
#[derive(Debug, Clone, Serialize)]
struct FileAnswer {
    name: String,
    faults: Vec<Fault>,
    /// Mistakes that are not told because of the faults.
    set_aside: usize,
    groups: Vec<Group>,
    /// Mistakes beyond those shown.
    left_out: usize,
    sheets: Vec<MiniSheet>,
    /// Colours of all files, told at the first that has any.
    legend: Vec<Mark>,
    right: usize,
    all: usize,
    errors: usize,
    warnings: usize,
}

/// Cards of one gravity.
#[derive(Debug, Clone, Serialize)]
struct Group {
    level: Level,
    cards: Vec<Card>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Error,
    Warning,
    Note,
    Settled,
}

impl Level {
    const ALL: [Level; 4] = [Level::Error, Level::Warning, Level::Note, Level::Settled];

    fn of(finding: &Finding) -> Level {
        match finding.severity {
            Severity::Info => Level::Note,
            _ if !finding.is_open() => Level::Settled,
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        }
    }
}

/// A mistake: the finding that reports it, and those that follow from it.
type Mistake<'a> = (&'a Finding, Vec<&'a Finding>);

impl Answer {
    /// Turns what was judged into what is shown.
    pub fn of(asked: &Asked<'_>) -> Answer {
        let mut used = HashSet::new();
        let files = asked.submissions.iter().enumerate();
        let mut files: Vec<FileAnswer> = files
            .map(|(at, submission)| {
                let file = OneFile {
                    asked,
                    submission,
                    number: at + 1,
                };
                file.answer(&mut used)
            })
            .collect();
        tell_colours(&mut files);
        let (number, at, downloads) = match asked.sent {
            Sent::Checked { downloads } => (None, None, downloads),
            Sent::Submitted {
                number,
                at,
                downloads,
            } => (Some(number.clone()), Some(*at), downloads),
        };
        let sent = |found: &&Finding| asked.submissions.iter().any(|s| s.file == found.file);
        let after = OpenFinding::among(asked.findings.iter().filter(sent));
        let sum = |of: fn(&FileAnswer) -> usize| files.iter().map(of).sum();
        let (errors, warnings) = (sum(|file| file.errors), sum(|file| file.warnings));
        let unusable = files.iter().filter(|file| !file.faults.is_empty()).count();
        // What was not read is not solved.
        let before = asked
            .before
            .filter(|_| unusable == 0 && sum(|file| file.all) > 0);
        Answer {
            state: match (unusable, errors, warnings) {
                (some, ..) if some == files.len() => AnswerState::Refused,
                (0, 0, 0) => AnswerState::Fine,
                (0, 0, _) => AnswerState::ToExplain,
                _ => AnswerState::ToCorrect,
            },
            submitted: number.is_some(),
            number,
            at: at.map(|at| words::moment(at, asked.lang)),
            downloads: downloads.clone(),
            unusable,
            errors,
            warnings,
            right: sum(|file| file.right),
            all: sum(|file| file.all),
            change: before.map(|before| Change::between(before, &after)),
            files,
        }
    }

    /// What became of the files.
    pub fn state(&self) -> AnswerState {
        self.state
    }

    /// Places to correct, and files of which nothing can be used.
    pub fn errors(&self) -> usize {
        self.errors + self.unusable
    }

    /// Places to explain.
    pub fn warnings(&self) -> usize {
        self.warnings
    }
}

/// One file of an answer.
struct OneFile<'a> {
    asked: &'a Asked<'a>,
    submission: &'a Submission,
    /// From 1, in the order in which the files are shown.
    number: usize,
}

impl OneFile<'_> {
    fn answer(&self, used: &mut HashSet<String>) -> FileAnswer {
        let lang = self.asked.lang;
        let file = &self.submission.file;
        let findings = self.asked.findings.iter();
        let findings: Vec<&Finding> = findings.filter(|found| found.file == *file).collect();
        let tables = self.asked.tables.iter().filter(|table| table.file == *file);
        let tables: Vec<&Table> = tables.collect();
        let is_fault = |f: &Finding| fault::is_fundamental(f, self.submission, !tables.is_empty());
        let (faults, others): (Vec<&Finding>, Vec<&Finding>) =
            findings.into_iter().partition(|finding| is_fault(finding));
        if !faults.is_empty() {
            let nowhere = Anchors::default();
            let making = self.making(&nowhere, lang);
            let told = faults.iter();
            let told = told.map(|found| fault::of(found, making.rule_href(&found.rule), lang));
            let asks = |found: &&&Finding| found.is_open() && found.severity != Severity::Info;
            return self.refused(told.collect(), others.iter().filter(asks).count());
        }
        self.read(&mistakes(&others), &tables, used)
    }

    fn refused(&self, faults: Vec<Fault>, set_aside: usize) -> FileAnswer {
        FileAnswer {
            name: words::name(&self.submission.file),
            errors: 0,
            faults,
            set_aside,
            groups: Vec::new(),
            left_out: 0,
            sheets: Vec::new(),
            legend: Vec::new(),
            right: 0,
            all: 0,
            warnings: 0,
        }
    }

    fn making<'b>(&'b self, anchors: &'b Anchors, lang: Lang) -> Making<'b> {
        Making {
            lang,
            anchors,
            boxes: matches!(self.asked.sent, Sent::Submitted { .. }),
            before: self.asked.before,
            rule_base: self.asked.rule_base,
        }
    }

    /// The answer to a file whose tables were read.
    fn read(
        &self,
        mistakes: &[Mistake<'_>],
        tables: &[&Table],
        used: &mut HashSet<String>,
    ) -> FileAnswer {
        let lang = self.asked.lang;
        let (anchors, slugs) = anchors(tables, self.number);
        let mut marks = Marks::new();
        for (lead, follow) in mistakes {
            marks::add(&mut marks, lead, follow);
        }
        let drawing = Drawing {
            lang,
            anchors: &anchors,
            slugs: &slugs,
            marks: &marks,
            past: self.past(),
        };
        let sheets = tables.iter().map(|table| drawing.sheet(table, used));
        let mut sheets: Vec<MiniSheet> = sheets.collect();
        sheets.sort_by_key(|sheet| !sheet.is_marked());
        let making = self.making(&anchors, lang);
        let count = |level| {
            mistakes
                .iter()
                .filter(|(lead, _)| Level::of(lead) == level)
                .count()
        };
        let (mut groups, mut shown) = (Vec::new(), 0);
        for level in Level::ALL {
            let of_level = mistakes.iter().filter(|(lead, _)| Level::of(lead) == level);
            let room = of_level.take(CARDS - shown);
            let cards: Vec<Card> = room
                .map(|(lead, follow)| making.card(lead, follow))
                .collect();
            shown += cards.len();
            if !cards.is_empty() {
                groups.push(Group { level, cards });
            }
        }
        let (right, all) = tally(mistakes, &anchors);
        FileAnswer {
            name: words::name(&self.submission.file),
            faults: Vec::new(),
            set_aside: 0,
            groups,
            left_out: mistakes.len() - shown,
            sheets,
            legend: Vec::new(),
            right,
            all,
            errors: count(Level::Error),
            warnings: count(Level::Warning),
        }
    }

    fn past(&self) -> Option<Past<'_>> {
        let unit = self.submission.unit.as_ref()?;
        let figures = self.asked.definition?.previous.as_ref()?;
        Some(Past {
            figures,
            unit: &unit.code,
        })
    }
}

/// Says once on a page what its colours mean.
fn tell_colours(files: &mut [FileAnswer]) {
    let marks = |file: &FileAnswer| -> BTreeSet<Mark> {
        let marks = file.sheets.iter().flat_map(MiniSheet::marks);
        marks.filter(|mark| *mark != Mark::Note).collect()
    };
    let all: BTreeSet<Mark> = files.iter().flat_map(marks).collect();
    if let Some(first) = files.iter_mut().find(|file| !marks(file).is_empty()) {
        first.legend = all.into_iter().collect();
    }
}

/// Findings by mistake: in the order of a run what follows from a mistake stands behind the finding
/// that reports it.
fn mistakes<'a>(findings: &[&'a Finding]) -> Vec<Mistake<'a>> {
    let mut mistakes: Vec<Mistake<'a>> = Vec::new();
    for finding in findings {
        match mistakes.last_mut() {
            Some((_, follow)) if finding.review.consequence => follow.push(finding),
            _ => mistakes.push((finding, Vec::new())),
        }
    }
    mistakes
}

/// Figures that nothing speaks against, and all that were read or are asked for. What cannot be read
/// and nothing names, as in a form that is not filled, is no figure.
fn tally(mistakes: &[Mistake<'_>], anchors: &Anchors) -> (usize, usize) {
    let asks = |level| matches!(level, Level::Error | Level::Warning);
    let leads = mistakes.iter().filter(|(lead, _)| asks(Level::of(lead)));
    let places: HashSet<Place> = leads.filter_map(|(lead, _)| lead.place()).collect();
    let named = places.iter().filter_map(|place| anchors.get(place));
    let named: Vec<_> = named.filter(|cell| cell.is_numeric).collect();
    let due = named.iter().filter(|cell| !cell.is_filled).count();
    match figures(anchors) {
        0 => (0, 0),
        read => (read + due - named.len(), read + due),
    }
}
