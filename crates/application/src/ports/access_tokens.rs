use std::fmt;

use varco_domain::{OrganizationId, SessionId, Timestamp, UserId};

use super::PlainSecret;

/// What an access token of a user says, once it is verified. Instants are whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whose it is.
    pub user: UserId,
    /// The session that it was issued for. It works no longer than that.
    pub session: SessionId,
    /// Where the session is.
    pub organization: OrganizationId,
    /// Names the token.
    pub id: uuid::Uuid,
    /// Before this instant it does not work.
    pub issued_at: Timestamp,
    /// From this instant it no longer works.
    pub expires_at: Timestamp,
}

/// A pair of keys as it is stored: the private one is sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// Names the pair in tokens and in the published set: the thumbprint of the public key (RFC 7638).
    pub id: String,
    /// The public key, as it is published.
    pub public: Vec<u8>,
    /// The private key, encrypted for this installation.
    pub sealed_private: Vec<u8>,
}

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedKey({})", self.id)
    }
}

/// Why a text is no access token that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefused {
    /// It is forged, malformed, for somebody else, or its time is not now.
    Invalid,
    /// It may be a token, but its key is none of those given.
    UnknownKey,
}

/// A sealed key was sealed by another installation, or is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signing key cannot be opened: secrets.master_key is not the one that it was sealed with")]
pub struct KeyUnusable;

/// Signs and verifies the access tokens of users: JWTs (RFC 9068) signed with Ed25519. Who issues
/// them and for whom is settled when the port is built.
pub trait AccessTokens: Send + Sync {
    /// Makes a new pair of keys.
    fn generate_key(&self) -> SealedKey;

    /// Says whether a pair of keys can be opened.
    fn check(&self, key: &SealedKey) -> Result<(), KeyUnusable>;

    /// Writes a token.
    fn sign(&self, key: &SealedKey, claims: &Claims) -> Result<PlainSecret, KeyUnusable>;

    /// Reads a token that one of these keys signed and whose time is now.
    fn verify(&self, keys: &[&SealedKey], unverified: &str, now: Timestamp) -> Result<Claims, TokenRefused>;
}
