//! Who is signed in, in the database.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::State;
use super::accounts::{Account, account};
use super::events::{self, EventKind};
use super::token::Token;
use crate::campaign::ToolError;

/// Whoever does nothing for so long is signed out.
pub const IDLE: Duration = Duration::from_secs(8 * 3600);
/// However busy, after so long one signs in again.
pub const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// That somebody was seen is written no more often than this.
const NOTED: i64 = 300;

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

impl State {
    /// Signs an account in; gives the secret of the cookie, which is known only here. `moment` is in
    /// seconds since 1970.
    ///
    /// # Errors
    /// The database cannot be written, or the system gives no random numbers.
    pub fn sign_in(&self, account: &Account, now: &str, moment: i64) -> Result<Token, ToolError> {
        let token = Token::new()?;
        self.change(|database| {
            let old = "DELETE FROM sessions WHERE seen < ?1 OR begun < ?2";
            let (idle, longest) = (moment - seconds(IDLE), moment - seconds(LONGEST));
            database.execute(old, params![idle, longest])?;
            let row = params![Token::hash(token.text()), account.id, moment];
            let sql = "INSERT INTO sessions (hash, account, begun, seen) VALUES (?1, ?2, ?3, ?3)";
            database.execute(sql, row)?;
            events::by(
                database,
                (&account.name, now),
                EventKind::SignedIn,
                None,
                "",
            )
        })?;
        Ok(token)
    }

    /// Whose cookie this is; none for one that is unknown, too old, or of a disabled account.
    ///
    /// # Errors
    /// The database cannot be read or written.
    pub fn signed_in(&self, secret: &str, moment: i64) -> Result<Option<Account>, ToolError> {
        let hash = Token::hash(secret);
        let found = self.ask(|database| {
            let sql = "SELECT id, name, role, given, created, disabled, begun, seen \
                       FROM sessions JOIN accounts ON account = id \
                       WHERE sessions.hash = ?1 AND disabled IS NULL";
            let found = database.query_row(sql, params![hash], |row| {
                Ok((account(row)?, row.get::<_, i64>(6)?, row.get::<_, i64>(7)?))
            });
            found.optional()
        })?;
        let Some((account, begun, seen)) = found else {
            return Ok(None);
        };
        if moment - seen > seconds(IDLE) || moment - begun > seconds(LONGEST) {
            return Ok(None);
        }
        if (moment - seen).abs() > NOTED {
            let sql = "UPDATE sessions SET seen = ?2 WHERE hash = ?1";
            self.change(|database| database.execute(sql, params![hash, moment]))?;
        }
        Ok(Some(account))
    }

    /// Signs out whoever has this cookie.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn sign_out(&self, secret: &str) -> Result<(), ToolError> {
        let hash = Token::hash(secret);
        self.change(|database| {
            let sql = "DELETE FROM sessions WHERE hash = ?1";
            database.execute(sql, params![hash]).map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::accounts::{AccountChange, Role, Secret};
    use super::*;

    const NOW: &str = "2025-10-06T08:00:00+07:00";

    fn with_account(state: &State, name: &str) -> Account {
        let (salt, hash) = (vec![1], vec![2]);
        let secret = Secret { salt, hash };
        let by = ("", NOW);
        state
            .add_account(name, Role::Admin, &secret, false, by)
            .unwrap();
        state.account(name).unwrap().unwrap().0
    }

    #[test]
    fn a_session_ends_by_rest_by_age_by_leaving_and_with_its_account() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let an = with_account(&state, "an");
        let binh = with_account(&state, "binh");
        let who = |token: &Token, at| {
            let found = state.signed_in(token.text(), at).unwrap();
            found.map(|account| account.name)
        };
        let token = state.sign_in(&an, NOW, 1_000).unwrap();
        assert_eq!(who(&token, 1_000).as_deref(), Some("an"));
        assert_eq!(who(&token, 1_000 + seconds(IDLE) + 1), None);
        let mut at = 1_000;
        while at < 1_000 + seconds(LONGEST) - 3_600 {
            at += 3_600;
            assert!(who(&token, at).is_some(), "{at}");
        }
        assert_eq!(who(&token, at + 3_601), None);
        let token = state.sign_in(&binh, NOW, at).unwrap();
        state.sign_out(token.text()).unwrap();
        assert_eq!(who(&token, at), None);
        let token = state.sign_in(&binh, NOW, at).unwrap();
        state
            .change_account("binh", AccountChange::Disable, ("an", NOW))
            .unwrap();
        state
            .change_account("binh", AccountChange::Enable, ("an", NOW))
            .unwrap();
        assert_eq!(who(&token, at), None);
        assert_eq!(state.signed_in("", at).unwrap(), None);
    }
}
