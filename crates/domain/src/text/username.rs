use std::fmt;

use super::fold;
use crate::id::has_form_of_id;

/// The name an account is known by: 3 to 64 of `a-z 0-9 . _ -`, first and last a letter or digit, and
/// not of the form of an identifier: nobody passes for somebody else's account.
///
/// Folded before it is checked, so names that differ in case or width alone are the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

/// Why a text is no username.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Under 3 or over 64 characters.
    #[error("must be 3 to 64 characters")]
    Length,
    /// Something else than a letter, digit, dot, underscore or hyphen.
    #[error("must consist of the letters a-z, digits, `.`, `_` and `-`")]
    Forbidden,
    /// The first or last character is a dot, underscore or hyphen.
    #[error("must begin and end with a letter or digit")]
    Edge,
    /// `sa_` and 26 characters, or another prefix.
    #[error("must not have the form of an identifier")]
    Identifier,
}

impl Username {
    /// In characters, which are bytes here.
    pub const MIN_LENGTH: usize = 3;
    /// In characters, which are bytes here.
    pub const MAX_LENGTH: usize = 64;

    /// Reads a username.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        if text.len() > Self::MAX_LENGTH * 4 {
            return Err(UsernameError::Length);
        }
        let folded = fold(text);
        if !folded.bytes().all(|byte| is_alphanumeric(byte) || matches!(byte, b'.' | b'_' | b'-')) {
            return Err(UsernameError::Forbidden);
        }
        if !(Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&folded.len()) {
            return Err(UsernameError::Length);
        }
        let bytes = folded.as_bytes();
        if !is_alphanumeric(bytes[0]) || !is_alphanumeric(bytes[bytes.len() - 1]) {
            return Err(UsernameError::Edge);
        }
        if has_form_of_id(&folded) {
            return Err(UsernameError::Identifier);
        }
        Ok(Self(folded))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
