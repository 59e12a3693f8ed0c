use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::{fold, is_forbidden};

/// An email address as it is stored (NFKC) and as it is compared (folded as well).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    shown: String,
    folded: String,
}

/// Why a text is no email address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Not of the form `local@domain`.
    #[error("must be an address of the form `name@domain`")]
    Malformed,
    /// Over 254 bytes (RFC 5321 section 4.5.3.1.3, less the brackets), or the local part over 64.
    #[error("must be at most 254 bytes, at most 64 of them before the `@`")]
    TooLong,
}

impl Email {
    /// In bytes.
    pub const MAX_LENGTH: usize = 254;
    const MAX_LOCAL_LENGTH: usize = 64;

    /// Reads an address. Normalized before it is checked: a full-width `＠` counts as `@`, so that
    /// none can appear after the check. Comments, quoted locals and address literals are refused.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        if text.len() > Self::MAX_LENGTH * 4 {
            return Err(EmailError::TooLong);
        }
        let shown: String = text.trim().nfkc().collect();
        let folded = fold(&shown);
        for form in [&shown, &folded] {
            check(form)?;
        }
        Ok(Self { shown, folded })
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// As it is compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

fn check(address: &str) -> Result<(), EmailError> {
    let (local, domain) = address.split_once('@').ok_or(EmailError::Malformed)?;
    if address.len() > Email::MAX_LENGTH || local.len() > Email::MAX_LOCAL_LENGTH {
        return Err(EmailError::TooLong);
    }
    let is_bad =
        |character: char| character.is_whitespace() || is_forbidden(character) || "@()<>[]:;\\,\"".contains(character);
    let has_bad_dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    let is_bad_part = |part: &str| part.is_empty() || part.contains(is_bad) || has_bad_dots(part);
    let is_bad_host = |host: &str| host.starts_with('-') || host.ends_with('-');
    if is_bad_part(local) || is_bad_part(domain) || !domain.contains('.') || domain.split('.').any(is_bad_host) {
        return Err(EmailError::Malformed);
    }
    Ok(())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}
