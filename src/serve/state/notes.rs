//! What the office says to units and keeps for itself, more time, and periods opened again.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, params};

use super::State;
use super::error::unreadable;
use super::events::{self, EventKind};
use crate::campaign::ToolError;

/// What a note is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Its workbooks go back to the unit, which reads why.
    Return,
    /// The unit reads it.
    Message,
    /// Only the office reads it.
    Note,
}

impl NoteKind {
    const ALL: [NoteKind; 3] = [NoteKind::Return, NoteKind::Message, NoteKind::Note];

    /// As it is kept and sent.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::Return => "return",
            NoteKind::Message => "message",
            NoteKind::Note => "note",
        }
    }

    /// The kind of a name.
    pub fn of(name: &str) -> Option<NoteKind> {
        NoteKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A note about a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When (RFC 3339).
    pub time: String,
    /// The account that wrote it.
    pub actor: String,
    /// What it is for.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
    /// SHA-256 of the workbooks that go back.
    pub files: Vec<String>,
}

/// That a closed period was opened again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopened {
    /// When (RFC 3339).
    pub time: String,
    /// How many versions of its figures had been replaced by then, if that was kept.
    pub replaced: Option<usize>,
}

impl State {
    /// Keeps a note about a unit.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn add_note(&self, unit: &str, note: &Note) -> Result<(), ToolError> {
        let files = serde_json::Value::from(note.files.clone()).to_string();
        self.change(|database| {
            let kind = note.kind.name();
            let row = params![unit, note.time, note.actor, kind, note.text, files];
            let sql = "INSERT INTO notes (unit, time, actor, kind, text, files) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            database.execute(sql, row)?;
            let event = match note.kind {
                NoteKind::Return => EventKind::Returned,
                NoteKind::Message | NoteKind::Note => EventKind::Noted,
            };
            let by = (&*note.actor, &*note.time);
            events::by(database, by, event, Some(unit), &note.text)
        })
    }

    /// Every note, by unit, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn notes(&self) -> Result<BTreeMap<String, Vec<Note>>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT unit, time, actor, kind, text, files FROM notes ORDER BY id DESC";
            let mut statement = database.prepare(sql)?;
            let found = statement.query_map((), |row| Ok((row.get(0)?, note(row)?)))?;
            let mut notes: BTreeMap<String, Vec<Note>> = BTreeMap::new();
            for one in found {
                let (unit, note) = one?;
                notes.entry(unit).or_default().push(note);
            }
            Ok(notes)
        })
    }

    /// What the office says to a unit, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn told(&self, unit: &str) -> Result<Vec<Note>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT unit, time, actor, kind, text, files FROM notes \
                       WHERE unit = ?1 AND kind IN ('return', 'message') ORDER BY id DESC";
            let mut statement = database.prepare(sql)?;
            statement.query_map([unit], note)?.collect()
        })
    }

    /// The day until which a unit has more time, if it has.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn extension_of(&self, unit: &str) -> Result<Option<NaiveDate>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT unit, day FROM extensions WHERE unit = ?1";
            database.query_row(sql, [unit], extension).optional()
        })
        .map(|found| found.map(|(_, day)| day))
    }

    /// Gives a unit time until a day; without a day it has as much as the campaign gives.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn extend(
        &self,
        unit: &str,
        day: Option<NaiveDate>,
        by: (&str, &str),
    ) -> Result<(), ToolError> {
        self.change(|database| {
            let text = day.map(|day| day.to_string());
            match &text {
                Some(day) => database.execute(
                    "INSERT INTO extensions (unit, day) VALUES (?1, ?2) \
                     ON CONFLICT (unit) DO UPDATE SET day = ?2",
                    params![unit, day],
                )?,
                None => database.execute("DELETE FROM extensions WHERE unit = ?1", [unit])?,
            };
            let detail = text.as_deref().unwrap_or("-");
            events::by(database, by, EventKind::Extended, Some(unit), detail)
        })
    }

    /// Opens a closed period again, of which `replaced` versions have been replaced.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn reopen(&self, period: &str, replaced: usize, by: (&str, &str)) -> Result<(), ToolError> {
        let replaced = i64::try_from(replaced).unwrap_or(i64::MAX);
        self.change(|database| {
            let sql = "INSERT INTO reopened (period, time, replaced) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (period) DO UPDATE SET time = ?2, replaced = ?3";
            database.execute(sql, params![period, by.1, replaced])?;
            events::by(database, by, EventKind::Reopened, None, period)
        })
    }

    /// When a period was opened again, if it was.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn reopened(&self, period: &str) -> Result<Option<Reopened>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT time, replaced FROM reopened WHERE period = ?1";
            let found = database.query_row(sql, [period], |row| {
                let replaced: Option<i64> = row.get(1)?;
                Ok(Reopened {
                    time: row.get(0)?,
                    replaced: replaced.and_then(|count| usize::try_from(count).ok()),
                })
            });
            found.optional()
        })
    }

    /// The units that have more time, and until when.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn extensions(&self) -> Result<BTreeMap<String, NaiveDate>, ToolError> {
        self.ask(|database| {
            let mut statement = database.prepare("SELECT unit, day FROM extensions")?;
            statement.query_map((), extension)?.collect()
        })
    }
}

/// A unit and the day until which it has time.
fn extension(row: &Row<'_>) -> rusqlite::Result<(String, NaiveDate)> {
    let day: String = row.get(1)?;
    let day = day
        .parse()
        .map_err(|error: chrono::ParseError| unreadable(1, error))?;
    Ok((row.get(0)?, day))
}

fn note(row: &Row<'_>) -> rusqlite::Result<Note> {
    let (kind, files): (String, String) = (row.get(3)?, row.get(5)?);
    Ok(Note {
        time: row.get(1)?,
        actor: row.get(2)?,
        kind: NoteKind::of(&kind).ok_or_else(|| unreadable(3, format!("note `{kind}`")))?,
        text: row.get(4)?,
        files: serde_json::from_str(&files).map_err(|error| unreadable(5, error))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2025-10-06T08:00:00+07:00";

    #[test]
    fn notes_and_more_time_come_back_for_their_unit() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let note = |kind, text: &str| Note {
            time: NOW.into(),
            actor: "an".into(),
            kind,
            text: text.into(),
            files: vec!["0a".into()],
        };
        let (back, kept) = (
            note(NoteKind::Return, "xem lại"),
            note(NoteKind::Note, "đã gọi"),
        );
        state.add_note("A", &back).unwrap();
        state.add_note("A", &kept).unwrap();
        assert_eq!(
            state.notes().unwrap(),
            [("A".to_owned(), vec![kept, back])].into()
        );
        let day = NaiveDate::from_ymd_opt(2025, 10, 20);
        state.extend("A", day, ("an", NOW)).unwrap();
        assert_eq!(state.extensions().unwrap().get("A"), day.as_ref());
        state.extend("A", None, ("an", NOW)).unwrap();
        assert!(state.extensions().unwrap().is_empty());
        let told = state.events(Some("A"), None, 10).unwrap();
        assert_eq!(told.len(), 4);
        assert_eq!(told[3].actor.as_deref(), Some("an"));
    }
}
