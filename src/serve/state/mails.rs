//! Letters that are mailed to units: what was to be sent, and what became of it.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use super::State;
use super::error::unreadable;
use super::events::{self, EventKind};
use crate::campaign::ToolError;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It was not sent yet.
    Waiting,
    /// It was begun, and nobody knows whether it arrived.
    Sending,
    /// The server took it.
    Sent,
    /// It could not be sent.
    Failed,
    /// The unit has no address.
    NoAddress,
}

impl MailState {
    const ALL: [MailState; 5] = [
        MailState::Waiting,
        MailState::Sending,
        MailState::Sent,
        MailState::Failed,
        MailState::NoAddress,
    ];

    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            MailState::Waiting => "waiting",
            MailState::Sending => "sending",
            MailState::Sent => "sent",
            MailState::Failed => "failed",
            MailState::NoAddress => "no-address",
        }
    }
}

/// A mail to a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its number.
    pub number: i64,
    /// Code of the unit.
    pub unit: String,
    /// Where it goes; blank if the unit has no address.
    pub address: String,
    /// SHA-256 of the address, the subject and the text.
    pub digest: String,
    /// What became of it.
    pub state: MailState,
    /// When that was (RFC 3339).
    pub time: String,
    /// Why it could not be sent.
    pub detail: String,
}

/// Everything that was to be sent at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Its number, from 1.
    pub number: i64,
    /// The kind of the letters, as it is kept.
    pub kind: String,
    /// One for each unit, in the order in which they are sent.
    pub mails: Vec<Mail>,
}

impl State {
    /// Writes down what is going to be sent, and gives each its number.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn begin_sending(&self, kind: &str, mails: &mut [Mail]) -> Result<(), ToolError> {
        self.change(|database| {
            let sql = "SELECT coalesce(max(sending), 0) + 1 FROM mails";
            let sending: i64 = database.query_row(sql, (), |row| row.get(0))?;
            for mail in &mut *mails {
                let sql = "INSERT INTO mails (sending, kind, unit, address, digest, state, time, detail) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
                let state = mail.state.name();
                database.execute(
                    sql,
                    params![
                        sending,
                        kind,
                        mail.unit,
                        mail.address,
                        mail.digest,
                        state,
                        mail.time,
                        mail.detail
                    ],
                )?;
                mail.number = database.last_insert_rowid();
            }
            Ok(())
        })
    }

    /// A mail is about to be sent.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn mail_begins(&self, number: i64, now: &str) -> Result<(), ToolError> {
        self.change(|database| {
            let sql = "UPDATE mails SET state = ?2, time = ?3 WHERE id = ?1";
            let state = MailState::Sending.name();
            database.execute(sql, params![number, state, now]).map(drop)
        })
    }

    /// A mail was sent, or was not: `mail` has its new state.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn mail_ended(
        &self,
        mail: &Mail,
        subject: &str,
        (by, now): (&str, &str),
    ) -> Result<(), ToolError> {
        self.change(|database| {
            let sql = "UPDATE mails SET state = ?2, time = ?3, detail = ?4 WHERE id = ?1";
            let state = mail.state.name();
            database.execute(sql, params![mail.number, state, now, mail.detail])?;
            let kind = match mail.state {
                MailState::Sent => EventKind::MailSent,
                _ => EventKind::MailFailed,
            };
            let why = match mail.detail.as_str() {
                "" => String::new(),
                why => format!(" – {why}"),
            };
            let detail = format!("{subject} → {}{why}", mail.address);
            events::by(database, (by, now), kind, Some(&mail.unit), &detail)
        })
    }

    /// The letters that were sent, or may have been: when, by their digest.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn mailed(&self) -> Result<BTreeMap<String, (MailState, String)>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT digest, state, time FROM mails \
                       WHERE state IN ('sent', 'sending') ORDER BY state = 'sent', id";
            let mut statement = database.prepare(sql)?;
            let found =
                statement.query_map((), |row| Ok((row.get(0)?, (state(row, 1)?, row.get(2)?))))?;
            found.collect()
        })
    }

    /// What was to be sent last.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn last_sending(&self) -> Result<Option<Sending>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT sending, kind FROM mails ORDER BY id DESC LIMIT 1";
            let last = database.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?)));
            let Some((number, kind)) = last.optional()? else {
                return Ok(None);
            };
            let sql = "SELECT id, unit, address, digest, state, time, detail FROM mails \
                       WHERE sending = ?1 ORDER BY id";
            let mut statement = database.prepare(sql)?;
            let mails = statement.query_map([number], |row| {
                Ok(Mail {
                    number: row.get(0)?,
                    unit: row.get(1)?,
                    address: row.get(2)?,
                    digest: row.get(3)?,
                    state: state(row, 4)?,
                    time: row.get(5)?,
                    detail: row.get(6)?,
                })
            })?;
            Ok(Some(Sending {
                number,
                kind,
                mails: mails.collect::<rusqlite::Result<_>>()?,
            }))
        })
    }
}

fn state(row: &Row<'_>, at: usize) -> rusqlite::Result<MailState> {
    let name: String = row.get(at)?;
    let mut states = MailState::ALL.into_iter();
    let known = states.find(|state| state.name() == name);
    known.ok_or_else(|| unreadable(at, format!("mail `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2025-10-06T08:00:00+07:00";

    #[test]
    fn a_mail_that_was_begun_may_have_arrived_and_one_that_failed_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let mail = |unit: &str, state| Mail {
            number: 0,
            unit: unit.into(),
            address: format!("{unit}@tinh.vn"),
            digest: unit.into(),
            state,
            time: NOW.into(),
            detail: String::new(),
        };
        let mut mails = ["A", "B", "C", "D"].map(|unit| mail(unit, MailState::Waiting));
        mails[3].state = MailState::NoAddress;
        state.begin_sending("nhac", &mut mails).unwrap();
        for mail in &mut mails[..2] {
            state.mail_begins(mail.number, NOW).unwrap();
            mail.state = MailState::Sending;
        }
        mails[0].state = MailState::Sent;
        state.mail_ended(&mails[0], "Nhắc", ("an", NOW)).unwrap();
        let known = state.mailed().unwrap();
        assert_eq!(known["A"].0, MailState::Sent);
        assert_eq!(known["B"].0, MailState::Sending);
        assert_eq!(known.len(), 2);
        mails[1].state = MailState::Failed;
        mails[1].detail = "không có hộp thư".into();
        state.mail_ended(&mails[1], "Nhắc", ("an", NOW)).unwrap();
        assert_eq!(state.mailed().unwrap().len(), 1);
        let last = state.last_sending().unwrap().unwrap();
        assert_eq!((last.number, &*last.kind), (1, "nhac"));
        assert_eq!(last.mails, mails);
        let told = state.events(None, None, 10).unwrap();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].detail, "Nhắc → B@tinh.vn – không có hộp thư");
    }
}
