//! Names of accounts.

use crate::model::Message;

/// A name as it is kept: in lower case.
pub(super) fn plain(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Why it is no name of an account.
pub(super) fn refused(name: &str) -> Option<Message> {
    let known = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    let right = (2..=40).contains(&name.chars().count()) && name.chars().all(known);
    (!right).then(|| {
        Message::new(
            "Tên tài khoản gồm 2 đến 40 chữ, số, dấu chấm, gạch ngang; không có dấu cách.",
            "A name has 2 to 40 letters, digits, dots and dashes, and no blanks.",
        )
    })
}
