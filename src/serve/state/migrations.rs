//! The tables, version by version. A version that has been released is never edited: what changes
//! is appended as the next one.

use rusqlite::Transaction;

use crate::campaign::ToolError;
use crate::model::Message;

/// What takes the database from one version to the next, from an empty one on.
const STEPS: [&str; 4] = [
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
];

/// Brings the database to the last version; or says, inside, that it is of a later one.
pub(super) fn apply(transaction: &Transaction<'_>) -> rusqlite::Result<Result<(), ToolError>> {
    let version: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let Some(steps) = STEPS.get(version..) else {
        return Ok(Err(ToolError::Other(Message::new(
            "trạng thái của trang web do một bản tonghop mới hơn ghi; hãy dùng bản mới đó",
            "the state of the page was written by a later tonghop; use that one",
        ))));
    };
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len())?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::super::State;

    #[test]
    fn a_state_of_a_later_version_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        state
            .change(|transaction| transaction.pragma_update(None, "user_version", 99))
            .unwrap();
        drop(state);
        let error = State::open(folder.path()).err().unwrap();
        assert!(
            error.message().vi.contains("bản tonghop mới hơn"),
            "{error}"
        );
        let database = rusqlite::Connection::open(folder.path().join("trang-web.db")).unwrap();
        let version: i64 = database
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, 99);
    }

    #[test]
    fn opening_again_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            State::open(folder.path()).unwrap();
        }
    }

    #[test]
    fn what_is_no_database_is_told_in_words() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("trang-web.db"), "không phải").unwrap();
        let error = State::open(folder.path()).err().unwrap();
        assert!(error.message().vi.contains("đã hỏng"), "{error}");
    }
}
