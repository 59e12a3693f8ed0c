use varco_application::storage::StorageError;
use varco_domain::OrganizationId;

use crate::sql::{scoped, sql};
use crate::work::SeaUnitOfWork;

/// What goes with an organization, each before what it refers to. Search terms, permissions of
/// roles, secrets and tokens go by themselves.
const OWNED: [&str; 8] = [
    "DELETE FROM entry_roles WHERE organization_id = $1",
    "DELETE FROM entries WHERE organization_id = $1",
    "DELETE FROM roles WHERE organization_id = $1",
    "DELETE FROM units WHERE organization_id = $1",
    "DELETE FROM memberships WHERE organization_id = $1",
    "DELETE FROM subscriptions WHERE organization_id = $1",
    "DELETE FROM receipts WHERE caller_id IN (SELECT id FROM service_accounts WHERE organization_id = $1)",
    "DELETE FROM service_accounts WHERE organization_id = $1",
];

impl SeaUnitOfWork {
    pub(super) async fn delete_organization(&self, id: OrganizationId) -> Result<(), StorageError> {
        self.take_time().await?;
        for text in OWNED {
            self.execute(scoped(id, text)).await?;
        }
        self.execute(sql("DELETE FROM organizations WHERE id = $1").with(id.as_uuid())).await.map(drop)
    }
}
