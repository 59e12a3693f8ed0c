//! Service accounts, their secrets and tokens.

mod row;
mod secrets;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::SecretDigest;
use varco_application::storage::{IssuedToken, Page, SecretHolder, ServiceAccountRepository, StorageError};
use varco_domain::{OrganizationId, SecretId, ServiceAccount, ServiceAccountId, ServiceSecret, Timestamp, Username};

use crate::batch::{Batch, Columns, Kind};
use crate::existing::among;
use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;
use row::{AccountRow, HolderRow};

const IDS: Columns = &[("id", Kind::Uuid)];

/// Reads accounts of one organization, or operators.
fn select(organization: Option<OrganizationId>) -> Sql {
    let mut select = sql("SELECT id, username, organization_id, created_at FROM service_accounts");
    match organization {
        Some(organization) => _ = select.push(" WHERE organization_id = ").bind(organization.as_uuid()),
        None => _ = select.push(" WHERE organization_id IS NULL"),
    }
    select
}

#[async_trait]
impl ServiceAccountRepository for SeaUnitOfWork {
    async fn find(
        &mut self,
        organization: Option<OrganizationId>,
        id: ServiceAccountId,
    ) -> Result<Option<ServiceAccount>, StorageError> {
        let mut find = select(organization);
        find.push(" AND id = ").bind(id.as_uuid());
        Ok(self.accounts(find).await?.pop())
    }

    async fn find_by_username(&mut self, username: &Username) -> Result<Option<ServiceAccountId>, StorageError> {
        let find = sql("SELECT id, username, organization_id, created_at FROM service_accounts WHERE username = $1");
        let row = self.row::<AccountRow>(find.with(username.as_str())).await?;
        Ok(row.map(|row| row.id()))
    }

    async fn existing_among(
        &mut self,
        organization: OrganizationId,
        ids: &[ServiceAccountId],
    ) -> Result<Vec<ServiceAccountId>, StorageError> {
        let given = Batch::of(IDS, ids.iter().map(ServiceAccountId::as_uuid));
        let text = "SELECT given.id FROM given CROSS JOIN service_accounts a \
            WHERE a.organization_id = $1 AND a.id = given.id";
        Ok(among(self, organization, given, text).await?.map(ServiceAccountId::from_uuid).collect())
    }

    async fn list(
        &mut self,
        organization: Option<OrganizationId>,
        after: Option<ServiceAccountId>,
        limit: usize,
    ) -> Result<Page<ServiceAccount>, StorageError> {
        let mut list = select(organization);
        list.push(" AND id > ").bind(after.map_or(Uuid::nil(), |after| after.as_uuid()));
        list.push(" ORDER BY id").limit(limit);
        Ok(Page::of(self.accounts(list).await?, limit))
    }

    async fn lock_operators(&mut self) -> Result<Vec<ServiceAccount>, StorageError> {
        let lock = "UPDATE service_accounts SET lock_count = lock_count + 1 WHERE organization_id IS NULL";
        self.execute(sql(lock)).await?;
        let mut list = select(None);
        list.push(" ORDER BY id");
        self.accounts(list).await
    }

    async fn insert(&mut self, account: &ServiceAccount) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO service_accounts (id, username, organization_id, created_at) \
             VALUES ($1, $2, $3, $4)")
        .with(account.id.as_uuid())
        .with(account.username.as_str())
        .with(account.organization.map(|organization| organization.as_uuid()))
        .with(account.created_at.as_micros());
        self.execute(insert).await.map(drop)
    }

    async fn delete(&mut self, id: ServiceAccountId) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM receipts WHERE caller_id = $1").with(id.as_uuid())).await?;
        self.execute(sql("DELETE FROM service_accounts WHERE id = $1").with(id.as_uuid())).await.map(drop)
    }

    async fn insert_secret(
        &mut self,
        account: ServiceAccountId,
        secret: &ServiceSecret,
        digest: &SecretDigest,
    ) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO service_secrets (id, account_id, digest, created_at, expires_at, last_used_at) \
             VALUES ($1, $2, $3, $4, $5, $6)")
        .with(secret.id.as_uuid())
        .with(account.as_uuid())
        .with(digest.0.to_vec())
        .with(secret.created_at.as_micros())
        .with(secret.expires_at.as_micros())
        .with(secret.last_used_at.map(Timestamp::as_micros));
        self.execute(insert).await.map(drop)
    }

    async fn delete_secret(&mut self, id: SecretId) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM service_secrets WHERE id = $1").with(id.as_uuid())).await.map(drop)
    }

    async fn find_secret(
        &mut self,
        account: ServiceAccountId,
        digest: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<SecretHolder>, StorageError> {
        let find = sql("SELECT a.id AS account_id, a.organization_id, s.id AS secret_id, s.expires_at \
             FROM service_secrets s JOIN service_accounts a ON a.id = s.account_id \
             WHERE s.account_id = $1 AND s.digest = $2 AND s.expires_at > $3")
        .with(account.as_uuid())
        .with(digest.0.to_vec())
        .with(now.as_micros());
        Ok(self.row::<HolderRow>(find).await?.map(SecretHolder::from))
    }

    async fn insert_token(&mut self, token: &IssuedToken, now: Timestamp) -> Result<(), StorageError> {
        self.insert_service_token(token, now).await
    }

    async fn find_token(
        &mut self,
        digest: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<SecretHolder>, StorageError> {
        let find = sql("SELECT a.id AS account_id, a.organization_id, t.secret_id, t.expires_at \
             FROM service_tokens t JOIN service_accounts a ON a.id = t.account_id \
             WHERE t.digest = $1 AND t.expires_at > $2")
        .with(digest.0.to_vec())
        .with(now.as_micros());
        Ok(self.row::<HolderRow>(find).await?.map(SecretHolder::from))
    }
}
