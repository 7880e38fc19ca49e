//! What happened, in order: only ever added to.

use rusqlite::{Connection, params};

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
}

impl EventKind {
    fn name(self) -> &'static str {
        match self {
            EventKind::LinkMade => "link-made",
            EventKind::LinkRevoked => "link-revoked",
            EventKind::Submitted => "submitted",
            EventKind::Withdrawn => "withdrawn",
        }
    }
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
    use super::super::State;
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
