//! What units submitted, in the database.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::State;
use super::error::unreadable;
use super::events::{self, EventKind};
use crate::campaign::ToolError;
use crate::model::{Submission, SubmissionStatus};
use crate::page::OpenFinding;

/// What a submission came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Received,
    /// Read; the unit has to explain something.
    ToExplain,
    /// Read; something is wrong.
    Returned,
}

impl Verdict {
    /// As it is kept, and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Received => "received",
            Verdict::ToExplain => "to-explain",
            Verdict::Returned => "returned",
        }
    }

    fn of(name: &str) -> Option<Verdict> {
        let all = [Verdict::Received, Verdict::ToExplain, Verdict::Returned];
        all.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// What the files of a submission came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// In one word.
    pub verdict: Verdict,
    /// Places to correct.
    pub errors: usize,
    /// Places to explain.
    pub warnings: usize,
    /// What was open; `None` where that was not kept.
    pub open: Option<BTreeSet<OpenFinding>>,
}

/// What a unit submitted at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Number of the receipt, from 1.
    pub number: i64,
    /// When, by the clock of the office.
    pub time: DateTime<FixedOffset>,
    /// What its files came to.
    pub judged: Judged,
    /// Its files.
    pub files: Vec<StoredFile>,
}

/// A workbook of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name as it was sent.
    pub sent_name: String,
    /// Path under which it waited in the inbox; none if an earlier submission had put it there.
    pub waiting_path: Option<String>,
    /// Path in the campaign.
    pub stored_path: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Saved-at stamp inside it (RFC 3339).
    pub saved_at: Option<String>,
    /// Round of the inbox.
    pub round: u32,
    /// Ids of the forms in it.
    pub forms: Vec<String>,
}

impl Judged {
    fn written_open(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        Some(serde_json::json!(open).to_string())
    }
}

impl Submitted {
    /// Its time as it is kept, and in JSON: RFC 3339 in whole seconds.
    pub fn written_time(&self) -> String {
        self.time.to_rfc3339_opts(SecondsFormat::Secs, false)
    }
}

impl StoredFile {
    /// As a run sees it, as far as it matters for which of two counts.
    pub fn as_submission(&self) -> Submission {
        Submission {
            file: self.stored_path.as_str().into(),
            archive: None,
            sha256: self.sha256.clone(),
            unit: None,
            status: SubmissionStatus::Accepted,
            forms: self.forms.iter().map(|form| form.as_str().into()).collect(),
            errors: 0,
            warnings: 0,
            round: self.round,
            saved_at: self.saved_at.clone(),
            superseded_by: None,
        }
    }
}

impl State {
    /// Keeps a submission; gives its number. The number in `new` counts for nothing.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn add_submission(&self, unit: &str, new: &Submitted) -> Result<i64, ToolError> {
        self.change(|database| {
            let time = new.written_time();
            let judged = &new.judged;
            let open = judged.written_open();
            let verdict = judged.verdict.name();
            let row = params![unit, time, verdict, judged.errors, judged.warnings, open];
            let sql = "INSERT INTO submissions (unit, time, verdict, errors, warnings, \
                       open_findings) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            database.execute(sql, row)?;
            let number = database.last_insert_rowid();
            for file in &new.files {
                add_file(database, number, file)?;
            }
            let names: Vec<&str> = new.files.iter().map(|f| &*f.stored_path).collect();
            let detail = format!("{number}: {}", names.join(", "));
            events::add(database, &time, EventKind::Submitted, unit, &detail)?;
            Ok(number)
        })
    }

    /// Takes back a submission that could not be put in place.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn withdraw(&self, unit: &str, number: i64, now: &str) -> Result<(), ToolError> {
        self.change(|database| {
            database.execute("DELETE FROM files WHERE submission = ?1", [number])?;
            database.execute("DELETE FROM submissions WHERE number = ?1", [number])?;
            events::add(
                database,
                now,
                EventKind::Withdrawn,
                unit,
                &number.to_string(),
            )
        })
    }

    /// What a submission comes to once the unit has given reasons, `count` of them.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn explained(
        &self,
        unit: &str,
        number: i64,
        judged: &Judged,
        count: usize,
        now: &str,
    ) -> Result<(), ToolError> {
        self.change(|database| {
            let sql = "UPDATE submissions SET verdict = ?2, errors = ?3, warnings = ?4, \
                       open_findings = ?5 WHERE number = ?1";
            let (verdict, open) = (judged.verdict.name(), judged.written_open());
            let row = params![number, verdict, judged.errors, judged.warnings, open];
            database.execute(sql, row)?;
            let detail = format!("{number}: {count}");
            events::add(database, now, EventKind::Explained, unit, &detail)
        })
    }

    /// A file got another name than it was to have.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn rename_stored(&self, waiting: &str, stored: &str) -> Result<(), ToolError> {
        self.change(|database| {
            let sql = "UPDATE files SET stored_path = ?2 WHERE waiting_path = ?1";
            database.execute(sql, [waiting, stored]).map(drop)
        })
    }

    /// Where a file that waits in the inbox belongs, if it is of a submission that is kept.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn place_of_waiting(&self, waiting: &str) -> Result<Option<String>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT stored_path FROM files WHERE waiting_path = ?1";
            database
                .query_row(sql, [waiting], |row| row.get(0))
                .optional()
        })
    }

    /// Paths in the campaign of everything that was submitted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn stored_paths(&self) -> Result<BTreeSet<String>, ToolError> {
        self.ask(|database| {
            let mut statement = database.prepare("SELECT stored_path FROM files")?;
            statement.query_map((), |row| row.get(0))?.collect()
        })
    }

    /// What a unit submitted, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn submissions_of(&self, unit: &str) -> Result<Vec<Submitted>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT number, time, verdict, errors, warnings, open_findings \
                       FROM submissions WHERE unit = ?1 ORDER BY number DESC";
            let mut statement = database.prepare(sql)?;
            let found = statement.query_map([unit], submitted)?;
            let mut found = found.collect::<rusqlite::Result<Vec<Submitted>>>()?;
            for one in &mut found {
                one.files = files_of(database, one.number)?;
            }
            Ok(found)
        })
    }
}

fn add_file(database: &Connection, number: i64, file: &StoredFile) -> rusqlite::Result<()> {
    let forms = serde_json::Value::from(file.forms.clone()).to_string();
    let row = params![
        number,
        file.sent_name,
        file.waiting_path,
        file.stored_path,
        file.sha256,
        file.bytes,
        file.saved_at,
        file.round,
        forms
    ];
    let sql = "INSERT INTO files (submission, sent_name, waiting_path, stored_path, sha256, bytes, \
               saved_at, round, forms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    database.execute(sql, row).map(drop)
}

fn files_of(database: &Connection, number: i64) -> rusqlite::Result<Vec<StoredFile>> {
    let sql = "SELECT sent_name, waiting_path, stored_path, sha256, bytes, saved_at, round, forms \
               FROM files WHERE submission = ?1 ORDER BY id";
    let mut statement = database.prepare(sql)?;
    let found = statement.query_map([number], |row| {
        let forms: String = row.get(7)?;
        Ok(StoredFile {
            sent_name: row.get(0)?,
            waiting_path: row.get(1)?,
            stored_path: row.get(2)?,
            sha256: row.get(3)?,
            bytes: row.get(4)?,
            saved_at: row.get(5)?,
            round: row.get(6)?,
            forms: serde_json::from_str(&forms).map_err(|error| unreadable(7, error))?,
        })
    })?;
    found.collect()
}

fn submitted(row: &Row<'_>) -> rusqlite::Result<Submitted> {
    let (time, verdict): (String, String) = (row.get(1)?, row.get(2)?);
    let open: Option<String> = row.get(5)?;
    let open = open.map(|open| serde_json::from_str(&open));
    Ok(Submitted {
        number: row.get(0)?,
        time: DateTime::parse_from_rfc3339(&time).map_err(|error| unreadable(1, error))?,
        judged: Judged {
            verdict: Verdict::of(&verdict).ok_or_else(|| unreadable(2, verdict))?,
            errors: row.get(3)?,
            warnings: row.get(4)?,
            open: open.transpose().map_err(|error| unreadable(5, error))?,
        },
        files: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted_with(files: &[(&str, Option<&str>)]) -> Submitted {
        let file = |(name, waiting): &(&str, Option<&str>)| StoredFile {
            sent_name: (*name).to_owned(),
            waiting_path: waiting.map(str::to_owned),
            stored_path: format!("inbox/{name}"),
            sha256: "0".into(),
            bytes: 3,
            saved_at: None,
            round: 1,
            forms: vec!["a".into(), "b".into()],
        };
        Submitted {
            number: 0,
            time: DateTime::parse_from_rfc3339("2025-10-06T08:00:00+07:00").unwrap(),
            judged: Judged {
                verdict: Verdict::ToExplain,
                errors: 0,
                warnings: 2,
                open: Some(BTreeSet::new()),
            },
            files: files.iter().map(file).collect(),
        }
    }

    #[test]
    fn a_submission_comes_back_as_it_was_and_to_its_unit_only() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let new = submitted_with(&[("x.xlsx", Some("w1")), ("y.xlsx", None)]);
        let number = state.add_submission("A", &new).unwrap();
        let kept = state.submissions_of("A").unwrap();
        assert_eq!(kept, [Submitted { number, ..new }]);
        assert_eq!(state.submissions_of("B").unwrap(), []);
        assert_eq!(
            state.place_of_waiting("w1").unwrap().as_deref(),
            Some("inbox/x.xlsx")
        );
        assert_eq!(state.place_of_waiting("w2").unwrap(), None);
    }

    #[test]
    fn a_time_that_is_none_is_an_error_and_no_other_time() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        state.add_submission("A", &submitted_with(&[])).unwrap();
        state
            .change(|t| t.execute("UPDATE submissions SET time = 'hôm qua'", ()))
            .unwrap();
        assert!(state.submissions_of("A").is_err());
    }

    #[test]
    fn numbers_of_withdrawn_submissions_are_not_given_again() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let first = state
            .add_submission("A", &submitted_with(&[("x", Some("w"))]))
            .unwrap();
        state
            .withdraw("A", first, "2025-10-06T08:00:01+07:00")
            .unwrap();
        assert_eq!(state.submissions_of("A").unwrap(), []);
        let second = state
            .add_submission("A", &submitted_with(&[("x", Some("w"))]))
            .unwrap();
        assert_eq!(second, first + 1);
    }
}
