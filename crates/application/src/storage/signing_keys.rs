use async_trait::async_trait;
use varco_domain::Timestamp;

use super::StorageError;
use crate::SealedKey;

/// A pair of keys that signs access tokens, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The pair.
    pub key: SealedKey,
    /// Its place in the order of their making, from 1. No two have the same.
    pub generation: u32,
    /// When it was made and published.
    pub created_at: Timestamp,
}

/// The keys that sign access tokens. They belong to the installation, not to an organization.
#[async_trait]
pub trait SigningKeyRepository: Send {
    /// Lists all, in the order of their making.
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError>;

    /// Stores a new one. Fails on its generation, if another replica was faster.
    async fn insert(&mut self, key: &SigningKey) -> Result<(), StorageError>;

    /// Deletes one, and says whether it was there.
    async fn delete(&mut self, id: &str) -> Result<bool, StorageError>;
}
