//! What requests of the office share beside the campaign and the state.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::stand::Stands;
use crate::campaign::ToolError;
use crate::model::sha256;
use crate::serve::guard::equal::same;
use crate::serve::guard::rate::Rate;
use crate::serve::state::{State, random_bits};

/// Paths of links by the unit's code.
pub(super) type Fresh = BTreeMap<String, String>;

/// Links that were made are shown for so long.
const FRESH: Duration = Duration::from_secs(30 * 60);

/// The people of the office: one set for all campaigns of a server.
pub(in crate::serve) struct Staff {
    /// Where their accounts and sessions are kept.
    pub(in crate::serve) state: Arc<State>,
    /// Name of the cookie: servers at other ports of this machine have others.
    pub(super) cookie: String,
    /// Tries to sign in by address and name, by name, and by address.
    pub(super) tries: Rate<(IpAddr, String)>,
    pub(super) of_name: Rate<String>,
    pub(super) of_address: Rate<IpAddr>,
    /// Failed tries that are written down, by address.
    pub(super) told: Rate<IpAddr>,
    hashing: Arc<Semaphore>,
    /// The code that makes the first account; none once it has.
    code: Mutex<Option<String>>,
}

/// The right to hash a password, which takes some memory: one has it at a time, and whoever waits for
/// it holds up nothing else.
#[derive(Default)]
pub(super) struct HashingTurn {
    _permit: Option<OwnedSemaphorePermit>,
}

/// Is a sending under way? One of a campaign at a time.
#[derive(Default)]
pub(super) struct Busy(Arc<AtomicBool>);

/// The one sending; over when dropped, however that comes.
pub(super) struct Turn(Arc<AtomicBool>);

impl Busy {
    pub(super) fn begin(&self) -> Option<Turn> {
        let was = self.0.swap(true, Ordering::SeqCst);
        (!was).then(|| Turn(self.0.clone()))
    }

    pub(super) fn is(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// What requests of the office about one campaign share.
pub(in crate::serve) struct Shared {
    /// Where results are put.
    pub(super) results: PathBuf,
    /// How things stood when it was last looked at.
    pub(super) stands: Stands,
    /// Are letters being sent?
    pub(super) mailing: Busy,
    /// Links that sessions have just made, by the mark of the session.
    fresh: Mutex<Vec<(String, Instant, Fresh)>>,
}

impl Shared {
    /// For the state in a folder.
    pub(in crate::serve) fn new(folder: &Path) -> Shared {
        Shared {
            results: folder.join("ket-qua"),
            stands: Stands::default(),
            mailing: Busy::default(),
            fresh: Mutex::new(Vec::new()),
        }
    }

    /// Paths of the links that a session has just made.
    pub(super) fn fresh(&self, session: &str) -> Fresh {
        let mut all = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, since, _)| since.elapsed() < FRESH);
        let own = all.iter().find(|(known, ..)| known == session);
        own.map(|(.., paths)| paths.clone()).unwrap_or_default()
    }

    /// Keeps the links that a session has made; the links that these units had before, whoever made
    /// them, are no more.
    pub(super) fn keep(&self, session: &str, changed: &[String], made: Fresh) {
        let mut all = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        for (.., paths) in all.iter_mut() {
            paths.retain(|unit, _| !changed.contains(unit));
        }
        let at = all.iter().position(|(known, ..)| known == session);
        let mut own = at.map(|at| all.remove(at).2).unwrap_or_default();
        own.extend(made);
        all.push((session.to_owned(), Instant::now(), own));
    }
}

impl Staff {
    /// For the state in a folder. With `first`, or without any account, there is a code for an
    /// account that may everything.
    ///
    /// # Errors
    /// The state cannot be read, or the system gives no random numbers.
    pub(in crate::serve) fn new(
        state: Arc<State>,
        folder: &Path,
        first: bool,
    ) -> Result<Staff, ToolError> {
        let first = first || state.accounts()?.is_empty();
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let mark = sha256(folder.to_string_lossy().as_bytes());
        Ok(Staff {
            state,
            cookie: format!("tonghop-{}", &mark[..8]),
            tries: Rate::new((5, 1.0 / 30.0)),
            of_name: Rate::new((30, 1.0 / 10.0)),
            // Behind a proxy everybody has one address.
            of_address: Rate::new((60, 0.5)),
            told: Rate::new((5, 1.0 / 600.0)),
            hashing: Arc::new(Semaphore::new(1)),
            code: Mutex::new(first.then(code).transpose()?),
        })
    }

    /// Takes one of the tries to sign in. It is taken before the password is looked at, so that many
    /// at once are no more tries than one after another.
    ///
    /// # Errors
    /// There is none; seconds until there is one again.
    pub(super) fn take_try(&self, peer: IpAddr, name: &str, now: Instant) -> Result<(), u64> {
        self.of_address.take(peer, now)?;
        self.tries.take((peer, name.to_owned()), now)?;
        self.of_name.take(name.to_owned(), now)
    }

    /// The password was right: only wrong ones use up the tries.
    pub(super) fn give_try_back(&self, peer: IpAddr, name: &str) {
        self.of_address.give_back(&peer);
        self.tries.give_back(&(peer, name.to_owned()));
        self.of_name.give_back(&name.to_owned());
    }

    /// Waits for the turn to hash a password.
    pub(super) async fn hashing(&self) -> HashingTurn {
        let permit = self.hashing.clone().acquire_owned().await;
        HashingTurn {
            // It is never closed.
            _permit: permit.ok(),
        }
    }

    /// The code that makes the first account, if one is wanted.
    pub(in crate::serve) fn code(&self) -> Option<String> {
        self.code
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Uses the code up; false if it is not this one.
    pub(super) fn take_code(&self, typed: &str) -> bool {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let typed = typed.to_ascii_uppercase();
        let mut code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        let known = code.as_deref().map(|code| code.replace('-', ""));
        let right = known.is_some_and(|known| same(known.as_bytes(), typed.as_bytes()));
        if right {
            *code = None;
        }
        right
    }
}

/// Twelve letters and digits, none of which looks like another, in three groups: 60 bits.
fn code() -> Result<String, ToolError> {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = |bits: &u8| char::from(LETTERS[usize::from(bits % 32)]);
    let bits = random_bits()?;
    let groups = bits.chunks_exact(4).take(3);
    let groups: Vec<String> = groups
        .map(|group| group.iter().map(letter).collect())
        .collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::state::{Role, Secret};

    #[test]
    fn the_code_of_the_terminal_works_once_however_it_is_typed() {
        let folder = tempfile::tempdir().unwrap();
        let state = Arc::new(State::open(folder.path()).unwrap());
        let open = |first| Staff::new(state.clone(), folder.path(), first).unwrap();
        let staff = open(false);
        let code = staff.code().unwrap();
        assert!(!staff.take_code("") && !staff.take_code("2222-2222-2222"));
        assert!(staff.take_code(&code.to_lowercase().replace('-', " ")));
        assert!(!staff.take_code(&code));
        let secret = Secret {
            salt: vec![1],
            hash: vec![2],
        };
        let by = ("", "2025-10-06T08:00:00+07:00");
        state
            .add_account("an", Role::Admin, &secret, false, by)
            .unwrap();
        assert_eq!(open(false).code(), None);
        assert!(open(true).code().is_some());
    }
}
