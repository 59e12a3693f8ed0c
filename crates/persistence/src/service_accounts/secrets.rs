use std::collections::HashMap;

use uuid::Uuid;
use varco_application::storage::{IssuedToken, StorageError};
use varco_domain::{ServiceAccount, ServiceSecret, Timestamp};

use super::IDS;
use super::row::{AccountRow, SecretRow};
use crate::batch::Batch;
use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;

impl SeaUnitOfWork {
    /// Reads accounts with their secrets, in the order of the accounts.
    pub(super) async fn accounts(&self, select: Sql) -> Result<Vec<ServiceAccount>, StorageError> {
        let accounts = self.rows::<AccountRow>(select).await?;
        let given = Batch::of(IDS, accounts.iter().map(|account| account.id().as_uuid()));
        let text = "SELECT s.id, s.account_id, s.created_at, s.expires_at, s.last_used_at \
            FROM given CROSS JOIN service_secrets s WHERE s.account_id = given.id ORDER BY s.created_at, s.id";
        let mut secrets: HashMap<Uuid, Vec<ServiceSecret>> = HashMap::new();
        for row in self.batch_rows::<SecretRow>(&[], given, text).await? {
            secrets.entry(row.account_id).or_default().push(row.into());
        }
        let whole = accounts.into_iter().map(|account| {
            let secrets = secrets.remove(&account.id().as_uuid()).unwrap_or_default();
            account.into_account(secrets)
        });
        whole.collect()
    }

    pub(super) async fn insert_service_token(&self, token: &IssuedToken, now: Timestamp) -> Result<(), StorageError> {
        let forget = sql("DELETE FROM service_tokens WHERE account_id = $1 AND expires_at <= $2");
        self.execute(forget.with(token.account.as_uuid()).with(now.as_micros())).await?;
        let insert = sql("INSERT INTO service_tokens (digest, account_id, secret_id, expires_at) \
             VALUES ($1, $2, $3, $4)")
        .with(token.digest.0.to_vec())
        .with(token.account.as_uuid())
        .with(token.secret.as_uuid())
        .with(token.expires_at.as_micros());
        self.execute(insert).await?;
        let note = sql("UPDATE service_secrets SET last_used_at = $1 WHERE id = $2");
        self.execute(note.with(now.as_micros()).with(token.secret.as_uuid())).await.map(drop)
    }
}
