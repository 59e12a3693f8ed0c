//! The ports to time, randomness and secrets.

mod access_tokens;
mod mailer;
mod passwords;
mod sso;
mod user_agents;
mod vault;

use std::fmt;

use varco_domain::Timestamp;

pub use access_tokens::{AccessTokens, Claims, KeyUnusable, SealedKey, TokenRefused};
pub use mailer::{Mailer, OutgoingMail};
pub use passwords::{HasherBusy, PasswordHash, PasswordHasher, PasswordRules, Verified};
pub use sso::{SsoAnswer, SsoChallenge, SsoClient, SsoFailure};
pub use user_agents::{Agent, UserAgents};
pub use vault::Vault;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes that nobody can foresee.
pub trait Entropy: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// Makes secrets, and digests those of 256 random bits. Such a secret cannot be guessed, so a plain
/// digest (SHA-256) is enough to store; temporary passwords and PINs go through `PasswordHasher`.
pub trait Secrets: Send + Sync {
    /// Makes a new secret of a service account.
    fn generate_secret(&self) -> PlainSecret;

    /// Makes a new access token.
    fn generate_token(&self) -> PlainSecret;

    /// Makes the token of a mailed link.
    fn generate_link_token(&self) -> PlainSecret;

    /// Makes a refresh token.
    fn generate_refresh_token(&self) -> PlainSecret;

    /// Makes the token of a sign-in that waits for its next step.
    fn generate_challenge_token(&self) -> PlainSecret;

    /// Makes what one single sign-on goes by. It travels in addresses, so it needs no escape there.
    fn generate_sso_secret(&self) -> PlainSecret;

    /// Makes a new temporary password, for a person to type from a mail.
    fn generate_temporary_password(&self) -> PlainSecret;

    /// Makes a new PIN.
    fn generate_pin(&self) -> PlainSecret;

    /// Digests a secret or token as presented.
    fn digest(&self, presented: &str) -> SecretDigest;
}

/// Seals page tokens, so that nobody can read or edit them.
pub trait Sealer: Send + Sync {
    /// Encrypts; what `context` says is bound to the result.
    fn seal(&self, context: &[u8], content: &[u8]) -> String;

    /// Decrypts what `seal` gave for the same context. `None` for anything else.
    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>>;
}

/// A secret in clear: shown once, never stored. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PlainSecret(zeroize::Zeroizing<String>);

impl PlainSecret {
    /// Takes a secret.
    pub fn new(text: String) -> Self {
        Self(zeroize::Zeroizing::new(text))
    }

    /// Shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PlainSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainSecret([redacted])")
    }
}

/// What is stored of a secret or token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretDigest(pub [u8; 32]);

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest")
    }
}
