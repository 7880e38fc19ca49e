//! The secret in a unit's link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::campaign::ToolError;
use crate::model::Message;

/// 128 random bits, as 22 characters that every address takes. It is shown once; the state keeps
/// only [`Token::hash`], which says nothing about it. It has no `Debug`, so that no log shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one, from the system's source of randomness.
    ///
    /// # Errors
    /// The system gives none.
    pub fn new() -> Result<Token, ToolError> {
        random().map(Token)
    }

    /// The token as it stands in a link.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is kept of a token, of whatever was typed in its place, too. Looking it up by an index
    /// takes no longer for one that is nearly right: every bit of the hash depends on every one of
    /// the token's.
    pub fn hash(text: &str) -> [u8; 32] {
        Sha256::digest(text.as_bytes()).into()
    }
}

/// 128 random bits as 22 characters.
///
/// # Errors
/// The system gives none.
pub fn random() -> Result<String, ToolError> {
    Ok(URL_SAFE_NO_PAD.encode(random_bits()?))
}

/// 128 random bits.
///
/// # Errors
/// The system gives none.
pub fn random_bits() -> Result<[u8; 16], ToolError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|_| {
        ToolError::Other(Message::new(
            "máy không cho số ngẫu nhiên nên không tạo được đường dẫn",
            "the system gives no random numbers, so no link can be made",
        ))
    })?;
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_128_bits_and_differ() {
        let (one, other) = (Token::new().unwrap(), Token::new().unwrap());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.text()).unwrap().len(), 16);
        assert!(one != other);
        assert!(Token::hash(one.text()) != Token::hash(other.text()));
    }
}
