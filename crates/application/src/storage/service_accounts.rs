use async_trait::async_trait;
use varco_domain::{OrganizationId, SecretId, ServiceAccount, ServiceAccountId, ServiceSecret, Timestamp, Username};

use super::{Page, StorageError};
use crate::SecretDigest;

/// An access token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// Of the token; the token itself is not kept.
    pub digest: SecretDigest,
    /// For whom.
    pub account: ServiceAccountId,
    /// For which of its secrets.
    pub secret: SecretId,
    /// From this instant it no longer works.
    pub expires_at: Timestamp,
}

/// What a stored token or secret proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretHolder {
    /// Whose it is.
    pub account: ServiceAccountId,
    /// What the account manages: an organization, or the platform.
    pub organization: Option<OrganizationId>,
    /// The secret, or the one that the token was issued for.
    pub secret: SecretId,
    /// When the secret or token stops to work.
    pub expires_at: Timestamp,
}

/// Service accounts, their secrets and tokens. `None` as organization is the platform.
#[async_trait]
pub trait ServiceAccountRepository: Send {
    /// Gives one with its secrets.
    async fn find(
        &mut self,
        organization: Option<OrganizationId>,
        id: ServiceAccountId,
    ) -> Result<Option<ServiceAccount>, StorageError>;

    /// Gives the id behind a username, wherever the account belongs.
    async fn find_by_username(&mut self, username: &Username) -> Result<Option<ServiceAccountId>, StorageError>;

    /// Says which of these service accounts belong to an organization, sorted.
    async fn existing_among(
        &mut self,
        organization: OrganizationId,
        ids: &[ServiceAccountId],
    ) -> Result<Vec<ServiceAccountId>, StorageError>;

    /// Lists by id, with secrets.
    async fn list(
        &mut self,
        organization: Option<OrganizationId>,
        after: Option<ServiceAccountId>,
        limit: usize,
    ) -> Result<Page<ServiceAccount>, StorageError>;

    /// Takes the rows of all operators until the end of the unit of work and gives them, so that
    /// two calls cannot each remove the other's last one.
    async fn lock_operators(&mut self) -> Result<Vec<ServiceAccount>, StorageError>;

    /// Stores a new one without secrets. Fails on its username.
    async fn insert(&mut self, account: &ServiceAccount) -> Result<(), StorageError>;

    /// Deletes one with its secrets and tokens. Its entries must be gone.
    async fn delete(&mut self, id: ServiceAccountId) -> Result<(), StorageError>;

    /// Stores a new secret.
    async fn insert_secret(
        &mut self,
        account: ServiceAccountId,
        secret: &ServiceSecret,
        digest: &SecretDigest,
    ) -> Result<(), StorageError>;

    /// Deletes a secret with the tokens issued for it.
    async fn delete_secret(&mut self, id: SecretId) -> Result<(), StorageError>;

    /// Finds the secret with this digest, of this account, that works now.
    async fn find_secret(
        &mut self,
        account: ServiceAccountId,
        digest: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<SecretHolder>, StorageError>;

    /// Stores a token, notes the use of its secret, and forgets tokens of the account that expired.
    async fn insert_token(&mut self, token: &IssuedToken, now: Timestamp) -> Result<(), StorageError>;

    /// Finds the token with this digest that works now.
    async fn find_token(&mut self, digest: &SecretDigest, now: Timestamp)
    -> Result<Option<SecretHolder>, StorageError>;
}
