//! The ports to what is slow to guess: passwords and PINs.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::PlainSecret;

/// Hashes passwords and PINs, slowly and with a key that storage does not hold.
///
/// What is presented may be composed in any Unicode form: the hasher normalizes it. Nothing starts
/// for a caller who has gone away: dropping the future before its turn costs nothing.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a new password or PIN.
    async fn hash(&self, secret: PlainSecret) -> Result<PasswordHash, HasherBusy>;

    /// Compares what was presented with what was stored. `None` as the stored hash costs the same
    /// and never matches, so that an absent account takes as long as a wrong password.
    async fn verify(&self, stored: Option<PasswordHash>, presented: PlainSecret) -> Result<Verified, HasherBusy>;
}

/// What became of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is not the secret.
    No,
    /// It is.
    Yes,
    /// It is, and what is stored was made with weaker parameters than today's: hash it anew.
    YesButOutdated,
}

/// There is more to hash than can be done soon. Nothing was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being verified")]
pub struct HasherBusy {
    /// When it is worth trying again.
    pub retry_after: Duration,
}

/// What is stored of a password or PIN.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Knows the passwords that everybody uses.
pub trait PasswordRules: Send + Sync {
    /// Whether this is one of them; `folded` is in the form of `varco_domain::fold`.
    fn is_common(&self, folded: &str) -> bool;
}
