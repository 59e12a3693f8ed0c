use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{SecretHolder, StorageError};
use varco_domain::{OrganizationId, SecretId, ServiceAccount, ServiceAccountId, ServiceSecret, Timestamp, Username};

use crate::place::Place;

#[derive(FromQueryResult)]
pub(super) struct AccountRow {
    id: Uuid,
    username: String,
    organization_id: Option<Uuid>,
    created_at: i64,
}

#[derive(FromQueryResult)]
pub(super) struct SecretRow {
    id: Uuid,
    pub(super) account_id: Uuid,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
}

#[derive(FromQueryResult)]
pub(super) struct HolderRow {
    account_id: Uuid,
    organization_id: Option<Uuid>,
    secret_id: Uuid,
    expires_at: i64,
}

impl AccountRow {
    pub(super) fn id(&self) -> ServiceAccountId {
        ServiceAccountId::from_uuid(self.id)
    }

    pub(super) fn into_account(self, secrets: Vec<ServiceSecret>) -> Result<ServiceAccount, StorageError> {
        let id = self.id();
        let at = Place::new("service_accounts", id);
        Ok(ServiceAccount {
            id,
            username: at.parsed("username", Username::parse(&self.username))?,
            organization: self.organization_id.map(OrganizationId::from_uuid),
            secrets,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

impl From<SecretRow> for ServiceSecret {
    fn from(row: SecretRow) -> Self {
        Self {
            id: SecretId::from_uuid(row.id),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        }
    }
}

impl From<HolderRow> for SecretHolder {
    fn from(row: HolderRow) -> Self {
        Self {
            account: ServiceAccountId::from_uuid(row.account_id),
            organization: row.organization_id.map(OrganizationId::from_uuid),
            secret: SecretId::from_uuid(row.secret_id),
            expires_at: Timestamp::from_micros(row.expires_at),
        }
    }
}
