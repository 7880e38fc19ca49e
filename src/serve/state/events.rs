//! What happened, in order: only ever added to.

use rusqlite::{Connection, params};

use super::State;
use crate::campaign::ToolError;
use crate::model::Message;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A link was made.
    LinkMade,
    /// A link was revoked.
    LinkRevoked,
    /// A unit submitted.
    Submitted,
    /// A submission could not be put in place, and does not count.
    Withdrawn,
    /// A unit gave reasons for what was found in a submission.
    Explained,
    /// An account was made.
    AccountMade,
    /// An account got another role.
    AccountChanged,
    /// An account may not sign in any more.
    AccountDisabled,
    /// An account may sign in again.
    AccountEnabled,
    /// A password was changed.
    PasswordChanged,
    /// Somebody signed in.
    SignedIn,
    /// Somebody gave a wrong password, or the name of no account.
    SignInFailed,
    /// The office sent a form back.
    Returned,
    /// The office wrote something down about a unit, or to it.
    Noted,
    /// The office accepted an error.
    Accepted,
    /// A unit got more time.
    Extended,
    /// The office submitted on behalf of a unit.
    UploadedFor,
    /// The office consolidated.
    Consolidated,
    /// The period was closed.
    Closed,
    /// A closed period was opened again.
    Reopened,
    /// Letters to units were made.
    LettersMade,
    /// A letter was mailed to a unit.
    MailSent,
    /// A letter could not be mailed to a unit.
    MailFailed,
    /// A campaign was made.
    CampaignMade,
    /// Something was taken out of the page.
    Downloaded,
}

/// Every kind with its name in the database and in words.
const KINDS: [(EventKind, &str, &str, &str); 25] = [
    (
        EventKind::LinkMade,
        "link-made",
        "tạo đường dẫn",
        "link made",
    ),
    (
        EventKind::LinkRevoked,
        "link-revoked",
        "thu hồi đường dẫn",
        "link revoked",
    ),
    (
        EventKind::Submitted,
        "submitted",
        "nộp báo cáo",
        "submitted",
    ),
    (
        EventKind::Withdrawn,
        "withdrawn",
        "không ghi được tệp nộp",
        "withdrawn",
    ),
    (EventKind::Explained, "explained", "giải trình", "explained"),
    (
        EventKind::AccountMade,
        "account-made",
        "tạo tài khoản",
        "account made",
    ),
    (
        EventKind::AccountChanged,
        "account-changed",
        "đổi quyền tài khoản",
        "account changed",
    ),
    (
        EventKind::AccountDisabled,
        "account-disabled",
        "khóa tài khoản",
        "account disabled",
    ),
    (
        EventKind::AccountEnabled,
        "account-enabled",
        "mở khóa tài khoản",
        "account enabled",
    ),
    (
        EventKind::PasswordChanged,
        "password-changed",
        "đổi mật khẩu",
        "password changed",
    ),
    (EventKind::SignedIn, "signed-in", "đăng nhập", "signed in"),
    (
        EventKind::SignInFailed,
        "sign-in-failed",
        "đăng nhập không được",
        "sign-in failed",
    ),
    (EventKind::Returned, "returned", "trả lại", "returned"),
    (EventKind::Noted, "noted", "ghi chú", "noted"),
    (
        EventKind::Accepted,
        "accepted",
        "chấp nhận lỗi",
        "error accepted",
    ),
    (
        EventKind::Extended,
        "extended",
        "gia hạn",
        "deadline extended",
    ),
    (
        EventKind::UploadedFor,
        "uploaded-for",
        "nộp thay đơn vị",
        "submitted on behalf",
    ),
    (
        EventKind::Consolidated,
        "consolidated",
        "tổng hợp",
        "consolidated",
    ),
    (EventKind::Closed, "closed", "chốt kỳ", "period closed"),
    (
        EventKind::Reopened,
        "reopened",
        "mở lại kỳ",
        "period reopened",
    ),
    (
        EventKind::LettersMade,
        "letters-made",
        "tạo thư",
        "letters made",
    ),
    (EventKind::MailSent, "mail-sent", "gửi thư", "letter sent"),
    (
        EventKind::MailFailed,
        "mail-failed",
        "không gửi được thư",
        "letter not sent",
    ),
    (
        EventKind::CampaignMade,
        "campaign-made",
        "lập đợt báo cáo",
        "campaign made",
    ),
    (EventKind::Downloaded, "downloaded", "tải về", "downloaded"),
];

impl EventKind {
    fn name(self) -> &'static str {
        let mut kinds = KINDS.iter();
        kinds
            .find(|(kind, ..)| *kind == self)
            .map_or("", |(_, name, ..)| name)
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the order of events, from 1.
    pub number: i64,
    /// When (RFC 3339).
    pub time: String,
    /// Name of its kind.
    pub kind: String,
    /// The account that did it; none if it was a unit or a program.
    pub actor: Option<String>,
    /// The unit it is about.
    pub unit: Option<String>,
    /// What else there is to say.
    pub detail: String,
}

impl Event {
    /// Its kind in words; its name, if a later version wrote it.
    pub fn word(&self) -> Message {
        let mut kinds = KINDS.iter();
        let known = kinds.find(|(_, name, ..)| *name == self.kind);
        known.map_or_else(
            || Message::new(&self.kind, &self.kind),
            |(.., vi, en)| Message::new(*vi, *en),
        )
    }
}

impl State {
    /// What happened, the newest first: at most `most` events before the one of number `before`, of
    /// one unit if it is named.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn events(
        &self,
        unit: Option<&str>,
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<Event>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT id, time, kind, actor, unit, detail FROM events \
                       WHERE (?1 IS NULL OR unit = ?1) AND (?2 IS NULL OR id < ?2) \
                       ORDER BY id DESC LIMIT ?3";
            let mut statement = database.prepare(sql)?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let found = statement.query_map(params![unit, before, most], |row| {
                Ok(Event {
                    number: row.get(0)?,
                    time: row.get(1)?,
                    kind: row.get(2)?,
                    actor: row.get(3)?,
                    unit: row.get(4)?,
                    detail: row.get(5)?,
                })
            })?;
            found.collect()
        })
    }

    /// Writes down what an account did that is no change of the database.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn note_event(
        &self,
        (actor, now): (&str, &str),
        kind: EventKind,
        unit: Option<&str>,
        detail: &str,
    ) -> Result<(), ToolError> {
        self.change(|database| by(database, (actor, now), kind, unit, detail))
    }
}

/// Adds an event that an account did, in the change it is about.
pub(super) fn by(
    database: &Connection,
    (actor, now): (&str, &str),
    kind: EventKind,
    unit: Option<&str>,
    detail: &str,
) -> rusqlite::Result<()> {
    let actor = Some(actor).filter(|actor| !actor.is_empty());
    let row = params![now, kind.name(), actor, unit, detail];
    let sql = "INSERT INTO events (time, kind, actor, unit, detail) VALUES (?1, ?2, ?3, ?4, ?5)";
    database.execute(sql, row).map(drop)
}

/// Adds an event, in the change it is about. `detail` never holds a secret.
pub(super) fn add(
    database: &Connection,
    time: &str,
    kind: EventKind,
    unit: &str,
    detail: &str,
) -> rusqlite::Result<()> {
    let row = params![time, kind.name(), unit, detail];
    let sql = "INSERT INTO events (time, kind, unit, detail) VALUES (?1, ?2, ?3, ?4)";
    database.execute(sql, row).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_neither_changed_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        state
            .change(|t| add(t, "2025-10-06T08:00:00+07:00", EventKind::LinkMade, "A", ""))
            .unwrap();
        for sql in ["UPDATE events SET unit = 'B'", "DELETE FROM events"] {
            assert!(state.change(|t| t.execute(sql, ())).is_err(), "{sql}");
        }
        let count: i64 = state
            .ask(|d| {
                d.query_row("SELECT count(*) FROM events WHERE unit = 'A'", (), |r| {
                    r.get(0)
                })
            })
            .unwrap();
        assert_eq!(count, 1);
    }
}
