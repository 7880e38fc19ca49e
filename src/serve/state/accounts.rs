//! People of the office, in the database.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::State;
use super::error::unreadable;
use super::events::{self, EventKind};
use crate::campaign::ToolError;

/// What an account may do; each role may what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Look at everything.
    View,
    /// Return, accept, consolidate, make links.
    Work,
    /// Accounts, closing, setting up.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Role; 3] = [Role::View, Role::Work, Role::Admin];

    /// As it is kept and sent.
    pub fn name(self) -> &'static str {
        match self {
            Role::View => "view",
            Role::Work => "work",
            Role::Admin => "admin",
        }
    }

    /// The role of a name.
    pub fn of(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What is kept of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Random bytes that went into the hash.
    pub salt: Vec<u8>,
    /// What argon2id made of both.
    pub hash: Vec<u8>,
}

/// Somebody of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Its name, in lower case.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Was its password given by somebody else, and is to be changed?
    pub given: bool,
    /// When it was made (RFC 3339).
    pub created: String,
    /// Since when it may not sign in (RFC 3339).
    pub disabled: Option<String>,
}

/// What becomes of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// It gets another role.
    Role(Role),
    /// It may not sign in any more.
    Disable,
    /// It may sign in again.
    Enable,
}

const COLUMNS: &str = "id, name, role, given, created, disabled";

impl State {
    /// Every account, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, ToolError> {
        self.ask(|database| {
            let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY name");
            let mut statement = database.prepare(&sql)?;
            statement.query_map((), account)?.collect()
        })
    }

    /// An account by its name, with what is kept of its password.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn account(&self, name: &str) -> Result<Option<(Account, Secret)>, ToolError> {
        self.ask(|database| {
            let sql = format!("SELECT {COLUMNS}, salt, hash FROM accounts WHERE name = ?1");
            let found = database.query_row(&sql, [name], |row| {
                let (salt, hash) = (row.get(6)?, row.get(7)?);
                Ok((account(row)?, Secret { salt, hash }))
            });
            found.optional()
        })
    }

    /// Makes an account; false if there is one of this name. `by` is who makes it, `given` whether
    /// its password is to be changed at the first sign-in.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn add_account(
        &self,
        name: &str,
        role: Role,
        secret: &Secret,
        given: bool,
        (by, now): (&str, &str),
    ) -> Result<bool, ToolError> {
        self.change(|database| {
            let row = params![name, role.name(), secret.salt, secret.hash, given, now];
            let sql = "INSERT INTO accounts (name, role, salt, hash, given, created) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO NOTHING";
            let made = database.execute(sql, row)? > 0;
            if made {
                let detail = format!("{name}: {}", role.name());
                events::by(database, (by, now), EventKind::AccountMade, None, &detail)?;
            }
            Ok(made)
        })
    }

    /// Changes a password, and signs the account out everywhere.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn change_password(
        &self,
        name: &str,
        secret: &Secret,
        given: bool,
        (by, now): (&str, &str),
    ) -> Result<(), ToolError> {
        self.change(|database| {
            let row = params![name, secret.salt, secret.hash, given];
            let sql = "UPDATE accounts SET salt = ?2, hash = ?3, given = ?4 WHERE name = ?1";
            database.execute(sql, row)?;
            sign_out(database, name)?;
            events::by(database, (by, now), EventKind::PasswordChanged, None, name)
        })
    }

    /// Changes what an account may do. The last account that may everything stays as it is: false.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn change_account(
        &self,
        name: &str,
        change: AccountChange,
        (by, now): (&str, &str),
    ) -> Result<bool, ToolError> {
        self.change(|database| {
            let others = "SELECT count(*) FROM accounts \
                          WHERE role = 'admin' AND disabled IS NULL AND name <> ?1";
            let others: i64 = database.query_row(others, [name], |row| row.get(0))?;
            let keeps = matches!(
                change,
                AccountChange::Role(Role::Admin) | AccountChange::Enable
            );
            if others == 0 && !keeps {
                return Ok(false);
            }
            let (kind, detail) = match change {
                AccountChange::Role(role) => {
                    let sql = "UPDATE accounts SET role = ?2 WHERE name = ?1";
                    database.execute(sql, params![name, role.name()])?;
                    (
                        EventKind::AccountChanged,
                        format!("{name}: {}", role.name()),
                    )
                }
                AccountChange::Disable => {
                    let sql = "UPDATE accounts SET disabled = ?2 WHERE name = ?1";
                    database.execute(sql, params![name, now])?;
                    (EventKind::AccountDisabled, name.to_owned())
                }
                AccountChange::Enable => {
                    let sql = "UPDATE accounts SET disabled = NULL WHERE name = ?1";
                    database.execute(sql, [name])?;
                    (EventKind::AccountEnabled, name.to_owned())
                }
            };
            sign_out(database, name)?;
            events::by(database, (by, now), kind, None, &detail)?;
            Ok(true)
        })
    }

    /// Makes an account that may everything; one of this name that is lost gets all rights again, and
    /// this password.
    ///
    /// # Errors
    /// The database cannot be written; nothing has changed then.
    pub fn make_admin(&self, name: &str, secret: &Secret, now: &str) -> Result<(), ToolError> {
        self.change(|database| {
            let role = Role::Admin.name();
            let row = params![name, role, secret.salt, secret.hash, now];
            let sql = "INSERT INTO accounts (name, role, salt, hash, given, created) \
                       VALUES (?1, ?2, ?3, ?4, 0, ?5) ON CONFLICT (name) DO UPDATE \
                       SET role = ?2, salt = ?3, hash = ?4, given = 0, disabled = NULL";
            database.execute(sql, row)?;
            sign_out(database, name)?;
            let detail = format!("{name}: {role}");
            events::by(database, (name, now), EventKind::AccountMade, None, &detail)
        })
    }
}

fn sign_out(database: &Connection, name: &str) -> rusqlite::Result<()> {
    let sql = "DELETE FROM sessions WHERE account = (SELECT id FROM accounts WHERE name = ?1)";
    database.execute(sql, [name]).map(drop)
}

/// An account of the first columns of a row, [`COLUMNS`].
pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let role: String = row.get(2)?;
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        role: Role::of(&role).ok_or_else(|| unreadable(2, format!("role `{role}`")))?,
        given: row.get(3)?,
        created: row.get(4)?,
        disabled: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: (&str, &str) = ("an", "2025-10-06T08:00:00+07:00");

    fn secret(text: &str) -> Secret {
        Secret {
            salt: vec![1],
            hash: text.into(),
        }
    }

    #[test]
    fn an_account_is_made_once_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let made = |name, role| {
            state
                .add_account(name, role, &secret("x"), false, NOW)
                .unwrap()
        };
        assert!(made("an", Role::Admin));
        assert!(!made("an", Role::View));
        assert!(made("binh", Role::View));
        let change = |name, change| state.change_account(name, change, NOW).unwrap();
        assert!(change("binh", AccountChange::Role(Role::Work)));
        assert!(change("binh", AccountChange::Disable));
        let (binh, _) = state.account("binh").unwrap().unwrap();
        assert_eq!((binh.role, binh.disabled.is_some()), (Role::Work, true));
        state
            .change_password("binh", &secret("y"), true, NOW)
            .unwrap();
        let (binh, kept) = state.account("binh").unwrap().unwrap();
        assert!(binh.given && kept == secret("y"));
        assert!(state.account("cuong").unwrap().is_none());
    }

    #[test]
    fn the_last_account_that_may_everything_stays() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        state
            .add_account("an", Role::Admin, &secret("x"), false, NOW)
            .unwrap();
        let change = |name, change| state.change_account(name, change, NOW).unwrap();
        assert!(!change("an", AccountChange::Disable));
        assert!(!change("an", AccountChange::Role(Role::Work)));
        state
            .add_account("binh", Role::Admin, &secret("x"), false, NOW)
            .unwrap();
        assert!(change("an", AccountChange::Disable));
        assert!(!change("binh", AccountChange::Disable));
    }
}
