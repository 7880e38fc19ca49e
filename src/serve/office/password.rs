//! Passwords: hashed by argon2id, compared in constant time.

use std::sync::PoisonError;

use argon2::{Algorithm, Argon2, Params, Version};

use super::shared::Staff;
use crate::campaign::ToolError;
use crate::model::Message;
use crate::serve::guard::equal::same;
use crate::serve::state::{Secret, random};

/// Shorter passwords are not taken, and longer ones are no passwords.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=200;

/// What is kept of a password.
///
/// # Errors
/// The system gives no random numbers, or not the memory.
pub(super) fn kept(staff: &Staff, password: &str) -> Result<Secret, ToolError> {
    let salt = random()?.into_bytes();
    let hash = hashed(staff, password, &salt)?;
    Ok(Secret { salt, hash })
}

/// Is it the password? For an account that does not exist it takes as long to say no.
///
/// # Errors
/// The system gives not the memory.
pub(super) fn is(staff: &Staff, password: &str, kept: Option<&Secret>) -> Result<bool, ToolError> {
    let salt = kept.map_or(&b"0123456789abcdefghijkl"[..], |kept| &kept.salt);
    let hash = hashed(staff, password, salt)?;
    Ok(kept.is_some_and(|kept| same(&kept.hash, &hash)))
}

/// Why it is not taken as a new password.
pub(super) fn refused(name: &str, password: &str, again: &str) -> Option<Message> {
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        let least = LENGTH.start();
        return Some(Message::new(
            format!("Mật khẩu phải dài từ {least} chữ trở lên. Một câu dễ nhớ là mật khẩu tốt."),
            format!("A password has at least {least} characters. A sentence is a good one."),
        ));
    }
    if password.to_lowercase().contains(name) {
        return Some(Message::new(
            "Mật khẩu không được chứa tên tài khoản.",
            "The password must not contain the name of the account.",
        ));
    }
    (password != again).then(|| {
        Message::new(
            "Hai lần gõ mật khẩu không giống nhau.",
            "The two passwords are not the same.",
        )
    })
}

fn hashed(staff: &Staff, password: &str, salt: &[u8]) -> Result<Vec<u8>, ToolError> {
    let _one_at_a_time = staff.hashing.lock().unwrap_or_else(PoisonError::into_inner);
    let mut hash = vec![0; 32];
    // The memory (KiB), passes and lanes that OWASP recommends.
    let made = Params::new(19_456, 2, 1, None).and_then(|params| {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(password.as_bytes(), salt, &mut hash)
    });
    made.map(|()| hash).map_err(|error| {
        ToolError::Other(Message::new(
            format!("máy không tính được mật khẩu ({error})"),
            format!("the password cannot be computed ({error})"),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::state::State;
    use std::sync::Arc;

    #[test]
    fn a_password_is_known_again_and_kept_differently_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let state = Arc::new(State::open(folder.path()).unwrap());
        let staff = Staff::new(state, folder.path(), false).unwrap();
        let one = kept(&staff, "trời hôm nay đẹp").unwrap();
        let other = kept(&staff, "trời hôm nay đẹp").unwrap();
        assert!(one != other);
        assert!(is(&staff, "trời hôm nay đẹp", Some(&one)).unwrap());
        assert!(!is(&staff, "trời hôm nay xấu", Some(&one)).unwrap());
        assert!(!is(&staff, "trời hôm nay đẹp", None).unwrap());
    }

    #[test]
    fn what_is_too_short_or_typed_two_ways_is_no_password() {
        assert!(refused("an", "ngắn", "ngắn").is_some());
        assert!(refused("minh", "minh1234567", "minh1234567").is_some());
        assert!(refused("minh", "trời hôm nay đẹp", "trời hôm nay").is_some());
        assert_eq!(
            refused("minh", "trời hôm nay đẹp", "trời hôm nay đẹp"),
            None
        );
    }
}
