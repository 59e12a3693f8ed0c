//! The keys that sign access tokens.

use async_trait::async_trait;
use sea_orm::FromQueryResult;
use varco_application::SealedKey;
use varco_application::storage::{SigningKey, SigningKeyRepository, StorageError};
use varco_domain::Timestamp;

use crate::place::Place;
use crate::sql::sql;
use crate::work::SeaUnitOfWork;

#[derive(FromQueryResult)]
struct KeyRow {
    id: String,
    generation: i64,
    public_key: Vec<u8>,
    sealed_private_key: Vec<u8>,
    created_at: i64,
}

impl TryFrom<KeyRow> for SigningKey {
    type Error = StorageError;

    fn try_from(row: KeyRow) -> Result<Self, StorageError> {
        let generation = Place::new("signing_keys", &row.id).parsed("generation", u32::try_from(row.generation))?;
        Ok(Self {
            key: SealedKey { id: row.id, public: row.public_key, sealed_private: row.sealed_private_key },
            generation,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

#[async_trait]
impl SigningKeyRepository for SeaUnitOfWork {
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError> {
        let list = "SELECT id, generation, public_key, sealed_private_key, created_at FROM signing_keys \
                    ORDER BY generation";
        self.rows::<KeyRow>(sql(list)).await?.into_iter().map(SigningKey::try_from).collect()
    }

    async fn insert(&mut self, key: &SigningKey) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO signing_keys (id, generation, public_key, sealed_private_key, created_at) \
             VALUES ($1, $2, $3, $4, $5)")
        .with(key.key.id.as_str())
        .with(i64::from(key.generation))
        .with(key.key.public.clone())
        .with(key.key.sealed_private.clone())
        .with(key.created_at.as_micros());
        self.execute(insert).await.map(drop)
    }

    async fn delete(&mut self, id: &str) -> Result<bool, StorageError> {
        Ok(self.execute(sql("DELETE FROM signing_keys WHERE id = $1").with(id)).await? > 0)
    }
}
