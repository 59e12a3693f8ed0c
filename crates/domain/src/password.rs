use std::fmt;
use std::time::Duration;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{Email, Label, Organization, Timestamp, User, Username, fold};

/// What a person chose to sign in with: NFKC, 15 to 128 code points of any script, with no rule on
/// what they are. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

/// Why a text is no password that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Under the least length.
    #[error("must be at least {min} characters")]
    TooShort {
        /// The least length, in characters.
        min: usize,
    },
    /// Over the greatest length.
    #[error("must be at most {} characters", Password::MAX_LENGTH)]
    TooLong,
    /// It is made of what everybody knows of this account.
    #[error("must not be made of the username, the email or the name of the organization or product")]
    MadeOfNames,
    /// It is on the list of common passwords.
    #[error("is one of the passwords that are tried first")]
    Common,
}

/// What a password is held against: for whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordContext {
    min_length: usize,
    /// Folded, without what separates words, the longest first.
    names: Vec<String>,
}

impl Password {
    /// In code points, when it is all that is asked for.
    pub const MIN_LENGTH: usize = 15;
    /// In code points, when a PIN is asked for as well.
    pub const MIN_LENGTH_WITH_PIN: usize = 8;
    /// In code points, which are at most 512 bytes.
    pub const MAX_LENGTH: usize = 128;

    /// In bytes as given. The NFKC form of what is longer may fit, but is never computed.
    const MAX_GIVEN: usize = 2048;

    /// How long a temporary one works, which travels by mail as an activation link does.
    pub const TEMPORARY_TTL: Duration = Duration::from_hours(7 * 24);

    /// Whether one that was made and mailed at an instant still works.
    pub fn is_temporary_at(made_at: Timestamp, now: Timestamp) -> bool {
        now < made_at.plus(Self::TEMPORARY_TTL)
    }

    /// Reads a new password. `is_common` looks its folded form up in the list of common ones.
    pub fn parse(
        text: &str,
        context: &PasswordContext,
        is_common: impl FnOnce(&str) -> bool,
    ) -> Result<Self, PasswordError> {
        if text.len() > Self::MAX_GIVEN {
            return Err(PasswordError::TooLong);
        }
        let composed = compose(text);
        let length = composed.chars().count();
        if length < context.min_length {
            return Err(PasswordError::TooShort { min: context.min_length });
        }
        if length > Self::MAX_LENGTH {
            return Err(PasswordError::TooLong);
        }
        let folded = Zeroizing::new(fold(&composed));
        if context.is_made_of_names(&folded) {
            return Err(PasswordError::MadeOfNames);
        }
        if is_common(&folded) {
            return Err(PasswordError::Common);
        }
        Ok(Self(composed))
    }

    /// Whether a text as somebody typed it is this one.
    pub fn is(&self, text: &str) -> bool {
        text.len() <= Self::MAX_GIVEN && *compose(text) == *self.0
    }

    /// Shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The NFKC form, in memory that never moves: a text that grows leaves copies behind.
fn compose(text: &str) -> Zeroizing<String> {
    let length = text.nfkc().map(char::len_utf8).sum();
    let mut composed = Zeroizing::new(String::with_capacity(length));
    composed.extend(text.nfkc());
    composed
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

/// What the service is called.
const PRODUCT: &str = "Varco";

/// In characters. Shorter names are part of too many words.
const MIN_NAME: usize = 3;

/// How many characters beside names do not make a password of them: a year, say.
const MAX_REST: usize = 4;

impl PasswordContext {
    /// For an account, in the organization that decides what its sign-in demands.
    pub fn of(user: &User, organization: &Organization) -> Self {
        let labels = [Some(&organization.name), organization.app_display_name.as_ref()];
        let labels = labels.into_iter().flatten().map(Label::as_str);
        let names = names_of(&user.username, &user.email).into_iter().chain(labels);
        Self::new(organization.policies.pin_required, names)
    }

    /// With these names beside the product's. With a PIN as the second factor a password may be
    /// shorter.
    pub fn new<'a>(has_pin: bool, names: impl IntoIterator<Item = &'a str>) -> Self {
        let min_length = if has_pin { Password::MIN_LENGTH_WITH_PIN } else { Password::MIN_LENGTH };
        let names = names.into_iter().chain([PRODUCT]).map(|name| without_separators(&fold(name)));
        let mut names: Vec<String> = names.filter(|name| name.chars().count() >= MIN_NAME).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self { min_length, names }
    }

    /// Whether next to nothing is left of a password without the names.
    fn is_made_of_names(&self, folded: &str) -> bool {
        let whole = Zeroizing::new(without_separators(folded));
        let mut rest = whole.clone();
        for name in &self.names {
            rest = Zeroizing::new(rest.replace(name.as_str(), ""));
        }
        rest.len() < whole.len() && rest.chars().count() <= MAX_REST
    }
}

/// What an account goes by: also what stands before the `@`.
fn names_of<'a>(username: &'a Username, email: &'a Email) -> [&'a str; 3] {
    let email = email.as_str();
    [username.as_str(), email, email.split('@').next().unwrap_or_default()]
}

fn without_separators(folded: &str) -> String {
    folded.chars().filter(|character| !character.is_whitespace() && !character.is_ascii_punctuation()).collect()
}

#[cfg(test)]
mod tests;
