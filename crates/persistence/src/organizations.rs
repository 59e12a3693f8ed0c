//! Organizations, their seats and subscriptions.

mod delete;
mod row;

use async_trait::async_trait;
use varco_application::storage::{OrganizationRepository, Page, StorageError};
use varco_domain::{CatalogKey, Organization, OrganizationId};

use crate::sql::{scoped, sql};
use crate::work::SeaUnitOfWork;
use row::{OrganizationRow, SELECT, SubscriberRow, micros};

#[async_trait]
impl OrganizationRepository for SeaUnitOfWork {
    async fn lock(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let lock = sql("UPDATE organizations SET lock_count = lock_count + 1 WHERE id = $1").with(id.as_uuid());
        if self.execute(lock).await? == 0 {
            return Ok(None);
        }
        // Read after the lock is there: what the update itself returns may be older around the row.
        OrganizationRepository::find(self, id).await
    }

    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let mut find = sql(SELECT);
        find.push(" WHERE id = ").bind(id.as_uuid());
        self.row::<OrganizationRow>(find).await?.map(Organization::try_from).transpose()
    }

    async fn list(
        &mut self,
        parent: Option<OrganizationId>,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<Organization>, StorageError> {
        let mut list = sql(SELECT);
        list.push(" WHERE id > ").bind(after.map_or(uuid::Uuid::nil(), |after| after.as_uuid()));
        if let Some(parent) = parent {
            list.push(" AND parent_id = ").bind(parent.as_uuid());
        }
        list.push(" ORDER BY id").limit(limit);
        let rows = self.rows::<OrganizationRow>(list).await?;
        let organizations = rows.into_iter().map(Organization::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(organizations, limit))
    }

    async fn insert(&mut self, organization: &Organization) -> Result<(), StorageError> {
        let policies = &organization.policies;
        let insert = sql("INSERT INTO organizations (id, name, name_folded, app_display_name, parent_id, \
             root_unit_id, activation_link_ttl_micros, pin_required, max_password_age_micros, \
             max_session_age_micros, app_seat_limit, app_seats_used, back_office_seat_limit, \
             back_office_seats_used, created_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
        .with(organization.id.as_uuid())
        .with(organization.name.as_str())
        .with(organization.name.folded())
        .with(organization.app_display_name.as_ref().map(|name| name.as_str().to_owned()))
        .with(organization.parent.map(|parent| parent.as_uuid()))
        .with(organization.root_unit.as_uuid())
        .with(micros(policies.activation_link_ttl))
        .with(policies.pin_required)
        .with(policies.max_password_age.map(micros))
        .with(micros(policies.max_session_age))
        .with(organization.app_seats.limit.map(i64::from))
        .with(i64::from(organization.app_seats.used))
        .with(organization.back_office_seats.limit.map(i64::from))
        .with(i64::from(organization.back_office_seats.used))
        .with(organization.created_at.as_micros())
        .with(organization.version.get());
        self.execute(insert).await.map(drop)
    }

    async fn update(&mut self, organization: &mut Organization) -> Result<(), StorageError> {
        let policies = &organization.policies;
        let update = sql("UPDATE organizations SET name = $1, name_folded = $2, app_display_name = $3, \
             activation_link_ttl_micros = $4, pin_required = $5, max_password_age_micros = $6, \
             max_session_age_micros = $7, version = version + 1 WHERE id = $8 AND version = $9")
        .with(organization.name.as_str())
        .with(organization.name.folded())
        .with(organization.app_display_name.as_ref().map(|name| name.as_str().to_owned()))
        .with(micros(policies.activation_link_ttl))
        .with(policies.pin_required)
        .with(policies.max_password_age.map(micros))
        .with(micros(policies.max_session_age))
        .with(organization.id.as_uuid())
        .with(organization.version.get());
        self.execute_if_current(update).await?;
        organization.version = organization.version.next();
        Ok(())
    }

    async fn update_seats(&mut self, organization: &Organization) -> Result<(), StorageError> {
        let update = sql("UPDATE organizations SET app_seat_limit = $1, app_seats_used = $2, \
             back_office_seat_limit = $3, back_office_seats_used = $4 WHERE id = $5")
        .with(organization.app_seats.limit.map(i64::from))
        .with(i64::from(organization.app_seats.used))
        .with(organization.back_office_seats.limit.map(i64::from))
        .with(i64::from(organization.back_office_seats.used))
        .with(organization.id.as_uuid());
        self.execute_if_current(update).await
    }

    async fn has_children(&mut self, id: OrganizationId) -> Result<bool, StorageError> {
        self.has_rows(sql("SELECT id FROM organizations WHERE parent_id = $1 LIMIT 1").with(id.as_uuid())).await
    }

    async fn delete(&mut self, id: OrganizationId) -> Result<(), StorageError> {
        self.delete_organization(id).await
    }

    async fn subscribe(&mut self, id: OrganizationId, catalog: &CatalogKey) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO subscriptions (organization_id, catalog_key) VALUES ($1, $2)");
        self.execute(insert.with(id.as_uuid()).with(catalog.as_str())).await.map(drop)
    }

    async fn unsubscribe(&mut self, id: OrganizationId, catalog: &CatalogKey) -> Result<bool, StorageError> {
        let delete = scoped(id, "DELETE FROM subscriptions WHERE organization_id = $1 AND catalog_key = $2");
        Ok(self.execute(delete.with(catalog.as_str())).await? > 0)
    }

    async fn subscribers(&mut self, catalog: &CatalogKey) -> Result<Vec<OrganizationId>, StorageError> {
        let list = sql("SELECT organization_id FROM subscriptions WHERE catalog_key = $1 ORDER BY organization_id");
        let rows = self.rows::<SubscriberRow>(list.with(catalog.as_str())).await?;
        Ok(rows.into_iter().map(|row| OrganizationId::from_uuid(row.organization_id)).collect())
    }
}
