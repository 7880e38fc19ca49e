//! Links of units in the database.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::State;
use super::events::{self, EventKind};
use super::token::Token;
use crate::campaign::ToolError;

/// What to do with the links of some units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkChange {
    /// Make one for every unit that has none.
    Make,
    /// Make a new one for every unit; one it has is revoked.
    Replace,
    /// Revoke those there are.
    Revoke,
}

impl State {
    /// Changes the links of units; for each unit the token, if one was made. All of it happens, or
    /// nothing does.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn change_links(
        &self,
        units: &[&str],
        change: LinkChange,
        now: &str,
    ) -> Result<Vec<Option<Token>>, ToolError> {
        self.change_links_by(units, change, ("", now))
    }

    /// [`State::change_links`], done by an account.
    ///
    /// # Errors
    /// As for [`State::change_links`].
    pub fn change_links_by(
        &self,
        units: &[&str],
        change: LinkChange,
        by: (&str, &str),
    ) -> Result<Vec<Option<Token>>, ToolError> {
        let now = by.1;
        let tokens = units.iter().map(|_| Token::new());
        let tokens = tokens.collect::<Result<Vec<Token>, ToolError>>()?;
        self.change(|database| {
            let mut made = Vec::with_capacity(units.len());
            for (unit, token) in units.iter().zip(tokens) {
                if change != LinkChange::Make {
                    let sql = "UPDATE links SET revoked = ?2 WHERE unit = ?1 AND revoked IS NULL";
                    if database.execute(sql, params![unit, now])? > 0 {
                        events::by(database, by, EventKind::LinkRevoked, Some(unit), "")?;
                    }
                }
                if change == LinkChange::Revoke {
                    made.push(None);
                    continue;
                }
                let sql = "INSERT INTO links (unit, token_hash, created) VALUES (?1, ?2, ?3) \
                           ON CONFLICT (unit) WHERE revoked IS NULL DO NOTHING";
                let row = params![unit, Token::hash(token.text()), now];
                let new = database.execute(sql, row)? > 0;
                if new {
                    events::by(database, by, EventKind::LinkMade, Some(unit), "")?;
                }
                made.push(new.then_some(token));
            }
            Ok(made)
        })
    }

    /// The units that have a link, with when it was made (RFC 3339).
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn links(&self) -> Result<BTreeMap<String, String>, ToolError> {
        self.ask(|database| {
            let sql = "SELECT unit, created FROM links WHERE revoked IS NULL";
            let mut statement = database.prepare(sql)?;
            statement
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// The code of the unit whose link has this token; none for one that is unknown or revoked.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn unit_of(&self, token: &str) -> Result<Option<String>, ToolError> {
        let sql = "SELECT unit FROM links WHERE token_hash = ?1 AND revoked IS NULL";
        let hash = Token::hash(token);
        self.ask(|database| {
            let found = database.query_row(sql, params![hash], |row| row.get(0));
            found.optional()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2025-10-06T08:00:00+07:00";

    #[test]
    fn a_token_is_made_once_replaced_and_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let change = |units: &[&str], change| state.change_links(units, change, NOW).unwrap();
        let unit_of = |token: &Token| state.unit_of(token.text()).unwrap();
        let first = change(&["A", "B"], LinkChange::Make);
        let a = first[0].clone().unwrap();
        assert_eq!(unit_of(&a).as_deref(), Some("A"));
        assert!(
            change(&["A", "B"], LinkChange::Make)
                .iter()
                .all(Option::is_none)
        );
        let other = change(&["A"], LinkChange::Replace)[0].clone().unwrap();
        assert_eq!(unit_of(&a), None);
        assert_eq!(unit_of(&other).as_deref(), Some("A"));
        assert!(change(&["A"], LinkChange::Revoke)[0].is_none());
        assert_eq!(unit_of(&other), None);
        assert!(change(&["A"], LinkChange::Make)[0].is_some());
        assert_eq!(state.unit_of("").unwrap(), None);
    }

    #[test]
    fn questions_do_not_wait_for_a_change_that_waits_for_another_process() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let other = rusqlite::Connection::open(state.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| state.change_links(&["A"], LinkChange::Make, NOW));
            std::thread::sleep(std::time::Duration::from_millis(300));
            assert_eq!(state.unit_of("x").unwrap(), None);
            assert!(!waiting.is_finished());
            other.execute_batch("ROLLBACK").unwrap();
            assert!(waiting.join().unwrap().is_ok());
        });
    }

    #[test]
    fn no_file_of_the_state_holds_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let made = state.change_links(&["A"], LinkChange::Make, NOW).unwrap();
        let token = made[0].clone().unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(token.text()));
        }
    }
}
