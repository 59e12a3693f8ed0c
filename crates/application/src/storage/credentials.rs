use async_trait::async_trait;
use varco_domain::{Password, Timestamp, UserId};

use super::StorageError;
use crate::{PasswordHash, SecretDigest};

/// A password as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPassword {
    /// Of the password; the password itself is not kept.
    pub hash: PasswordHash,
    /// When it was chosen, or made.
    pub changed_at: Timestamp,
    /// It lets the user do nothing but choose another.
    pub must_change: bool,
}

impl StoredPassword {
    /// Whether it still lets anybody in: a temporary one only for a time.
    pub fn works_at(&self, now: Timestamp) -> bool {
        !self.must_change || Password::is_temporary_at(self.changed_at, now)
    }
}

/// A PIN as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPin {
    /// Of the PIN; the PIN itself is not kept.
    pub hash: PasswordHash,
    /// Whether its user has used it.
    pub is_active: bool,
}

/// What a mailed link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// To activate an account.
    Activation,
    /// To choose a password in place of one that was forgotten.
    PasswordReset,
}

impl LinkPurpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Activation, Self::PasswordReset];

    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::PasswordReset => "password_reset",
        }
    }
}

/// A link that was mailed to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Of its token; the token itself is not kept.
    pub digest: SecretDigest,
    /// To whom.
    pub user: UserId,
    /// What for.
    pub purpose: LinkPurpose,
    /// From this instant it no longer works.
    pub expires_at: Timestamp,
}

/// Passwords, PINs and mailed links. All of a user's go with the account.
#[async_trait]
pub trait CredentialRepository: Send {
    /// Gives a user's password.
    async fn find_password(&mut self, user: UserId) -> Result<Option<StoredPassword>, StorageError>;

    /// Stores a password in place of whatever there was.
    async fn set_password(&mut self, user: UserId, password: &StoredPassword) -> Result<(), StorageError>;

    /// Stores a password in place of exactly this one, and says whether it was still there: of several
    /// calls that proved the same password one changes it.
    async fn replace_password(
        &mut self,
        user: UserId,
        current: &PasswordHash,
        password: &StoredPassword,
    ) -> Result<bool, StorageError>;

    /// Gives a user's PIN.
    async fn find_pin(&mut self, user: UserId) -> Result<Option<StoredPin>, StorageError>;

    /// Stores a PIN in place of whatever there was.
    async fn set_pin(&mut self, user: UserId, pin: &StoredPin) -> Result<(), StorageError>;

    /// Notes that the user has used exactly this PIN. Says whether it was still there, and inactive.
    async fn activate_pin(&mut self, user: UserId, current: &PasswordHash) -> Result<bool, StorageError>;

    /// Stores a link in place of an older one of the same user and purpose.
    async fn put_link(&mut self, link: &Link) -> Result<(), StorageError>;

    /// Gives the link with this digest if it works now, and leaves it.
    async fn find_link(
        &mut self,
        digest: &SecretDigest,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>, StorageError>;

    /// Uses up the link with this digest if it works now. Of several calls one gets it.
    async fn take_link(
        &mut self,
        digest: &SecretDigest,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>, StorageError>;

    /// Makes a user's link of this purpose useless.
    async fn delete_link(&mut self, user: UserId, purpose: LinkPurpose) -> Result<(), StorageError>;

    /// Deletes what was mailed to a user and never used: links, a temporary password, a PIN.
    async fn forget_mailed(&mut self, user: UserId) -> Result<(), StorageError>;

    /// Deletes everything that a user could prove itself by: password, PIN, links and identities elsewhere.
    async fn delete_all(&mut self, user: UserId) -> Result<(), StorageError>;
}
