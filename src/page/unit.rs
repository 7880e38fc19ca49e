//! The page of a reporting unit: what is due and when, where it uploads, the answer, what it sent
//! before.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::answer::Answer;
use super::change::Change;
use super::engine;
use super::frame::Frame;
use super::state::{AnswerState, FormState};
use super::words;
use crate::model::{Lang, Message, Period};

/// What the page of a unit shows.
#[derive(Debug, Clone)]
pub struct UnitPage {
    /// Name of the unit.
    pub unit: String,
    /// The reference period.
    pub period: Period,
    /// The last day on which this unit may file.
    pub deadline: Option<NaiveDate>,
    /// The day by the office's clock.
    pub today: NaiveDate,
    /// May nothing be submitted any more? Checking stays possible.
    pub closed: bool,
    /// The forms that are due.
    pub forms: Vec<FormLine>,
    /// Names of files of the unit that reached the office another way, with when that was.
    pub received: Vec<(String, Option<NaiveDateTime>)>,
    /// Where forms of the page go.
    pub links: UnitLinks,
    /// The most bytes that one upload may have.
    pub most_bytes: u64,
    /// Checks that wait in line.
    pub waiting: usize,
    /// What was done just now, in one sentence.
    pub notice: Option<Message>,
    /// The answer to what was sent.
    pub answer: Option<Answer>,
    /// What was submitted before, the newest first.
    pub earlier: Vec<Earlier>,
}

/// A form that is due.
#[derive(Debug, Clone)]
pub struct FormLine {
    /// Its title.
    pub title: String,
    /// Its official code.
    pub code: Option<String>,
    /// How far it has come.
    pub state: FormState,
}

/// Where forms of a unit's page go; addresses without a query.
#[derive(Debug, Clone, Serialize)]
pub struct UnitLinks {
    /// Takes workbooks to look at.
    pub check: String,
    /// Takes workbooks to keep.
    pub submit: String,
    /// Takes reasons; empty: they are written into the workbook.
    pub explain: String,
    /// Says how long the line before the checks is, as JSON.
    pub queue: String,
    /// The unit's own template; `None`: there is none.
    pub template: Option<String>,
}

/// A submission of the unit.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Its number.
    pub number: String,
    /// When it was received, by the office's clock.
    pub at: NaiveDateTime,
    /// Names of its files.
    pub files: Vec<String>,
    /// What became of it.
    pub state: AnswerState,
    /// Places to correct.
    pub errors: usize,
    /// Places to explain.
    pub warnings: usize,
    /// What is different from the submission before it.
    pub change: Option<Change>,
    /// What the office said about it, the oldest first.
    pub said: Vec<Message>,
    /// Addresses of what belongs to it.
    pub links: EarlierLinks,
}

/// Addresses of what belongs to a submission; `None`: there is no such thing.
#[derive(Debug, Clone, Serialize)]
pub struct EarlierLinks {
    /// The answer to it.
    pub view: String,
    /// Its receipt.
    pub receipt: String,
    /// The marked copy.
    pub marked: Option<String>,
    /// The list of findings.
    pub findings: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    unit: String,
    period: String,
    deadline: Option<String>,
    /// Days to the deadline, below zero after it.
    days: Option<i64>,
    /// Days after the deadline.
    late: Option<u64>,
    closed: bool,
    forms: Vec<ShownForm>,
    received: Vec<(String, Option<String>)>,
    links: &'a UnitLinks,
    most: String,
    most_bytes: u64,
    waiting: usize,
    notice: Option<String>,
    answer: Option<&'a Answer>,
    earlier: Vec<ShownEarlier<'a>>,
}

#[derive(Serialize)]
struct ShownForm {
    title: String,
    code: Option<String>,
    state: FormState,
    word: String,
}

#[derive(Serialize)]
struct ShownEarlier<'a> {
    number: String,
    at: String,
    files: Vec<String>,
    state: AnswerState,
    word: String,
    errors: usize,
    warnings: usize,
    change: Option<Change>,
    said: Vec<String>,
    links: &'a EarlierLinks,
}

/// The page of a unit.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn unit_page(frame: &Frame<'_>, page: &UnitPage) -> Result<String, Message> {
    engine::render("unit.html", frame, &shown(page, frame.lang))
}

fn shown(page: &UnitPage, lang: Lang) -> Shown<'_> {
    let form = |form: &FormLine| ShownForm {
        title: words::name(&form.title),
        code: form.code.as_deref().map(words::name),
        state: form.state,
        word: lang.of(&form.state.word()).to_owned(),
    };
    let days = |deadline: NaiveDate| (deadline - page.today).num_days();
    Shown {
        unit: words::name(&page.unit),
        period: words::period(page.period, lang),
        deadline: page.deadline.map(|day| words::day(day, lang)),
        days: page.deadline.map(days),
        late: page.deadline.map(|deadline| days(deadline).unsigned_abs()),
        closed: page.closed,
        forms: page.forms.iter().map(form).collect(),
        received: page
            .received
            .iter()
            .map(|(name, at)| (words::name(name), at.map(|at| words::moment(at, lang))))
            .collect(),
        links: &page.links,
        most: words::size(page.most_bytes, lang),
        most_bytes: page.most_bytes,
        waiting: page.waiting,
        notice: page.notice.as_ref().map(|m| words::message(m, lang)),
        answer: page.answer.as_ref(),
        earlier: page.earlier.iter().map(|e| earlier(e, lang)).collect(),
    }
}

fn earlier(earlier: &Earlier, lang: Lang) -> ShownEarlier<'_> {
    ShownEarlier {
        number: words::name(&earlier.number),
        at: words::moment(earlier.at, lang),
        files: earlier.files.iter().map(|file| words::name(file)).collect(),
        state: earlier.state,
        word: lang.of(&earlier.state.word()).to_owned(),
        errors: earlier.errors,
        warnings: earlier.warnings,
        change: earlier.change,
        said: earlier
            .said
            .iter()
            .map(|m| words::message(m, lang))
            .collect(),
        links: &earlier.links,
    }
}
