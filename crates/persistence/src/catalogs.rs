//! Catalogs.

mod row;
mod write;

use async_trait::async_trait;
use varco_application::storage::{CatalogRepository, Page, StorageError};
use varco_domain::{Catalog, CatalogKey, CatalogPermission, OrganizationId, PermissionKey, PredefinedRole};

use crate::batch::Batch;
use crate::permissions::{PERMISSIONS, read_permissions};
use crate::sql::{scoped, sql};
use crate::work::SeaUnitOfWork;
use row::{CatalogRow, OfferedRow, RoleRow};

const PERMISSIONS_OFFERED: &str = "SELECT permission, description FROM catalog_permissions p WHERE EXISTS \
    (SELECT 1 FROM subscriptions WHERE organization_id = $1 AND catalog_key = p.catalog_key)";

#[async_trait]
impl CatalogRepository for SeaUnitOfWork {
    async fn lock(&mut self, key: &CatalogKey) -> Result<Option<Catalog>, StorageError> {
        self.execute(sql("UPDATE catalogs SET lock_count = lock_count + 1 WHERE key = $1").with(key.as_str())).await?;
        CatalogRepository::find(self, key).await
    }

    async fn find(&mut self, key: &CatalogKey) -> Result<Option<Catalog>, StorageError> {
        let find = sql("SELECT key, display_name, version, applied_at FROM catalogs WHERE key = $1");
        let Some(row) = self.row::<CatalogRow>(find.with(key.as_str())).await? else { return Ok(None) };
        let mut catalog = Catalog::try_from(row)?;
        let permissions = sql("SELECT permission, description FROM catalog_permissions \
             WHERE catalog_key = $1 ORDER BY permission");
        let rows = self.rows::<OfferedRow>(permissions.with(key.as_str())).await?;
        catalog.permissions = rows.into_iter().map(CatalogPermission::try_from).collect::<Result<_, _>>()?;
        let roles = sql("SELECT key, name, description, permissions FROM catalog_roles \
             WHERE catalog_key = $1 ORDER BY place");
        let rows = self.rows::<RoleRow>(roles.with(key.as_str())).await?;
        catalog.predefined_roles = rows.into_iter().map(PredefinedRole::try_from).collect::<Result<_, _>>()?;
        Ok(Some(catalog))
    }

    async fn list(&mut self, after: Option<&CatalogKey>, limit: usize) -> Result<Page<Catalog>, StorageError> {
        let mut list = sql("SELECT key, display_name, version, applied_at FROM catalogs WHERE key > ");
        list.bind(after.map_or("", CatalogKey::as_str)).push(" ORDER BY key").limit(limit);
        let rows = self.rows::<CatalogRow>(list).await?;
        let catalogs = rows.into_iter().map(Catalog::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(catalogs, limit))
    }

    async fn insert(&mut self, catalog: &Catalog) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO catalogs (key, display_name, version, applied_at) VALUES ($1, $2, $3, $4)")
            .with(catalog.key.as_str())
            .with(catalog.display_name.as_str())
            .with(i64::from(catalog.version))
            .with(catalog.applied_at.as_micros());
        self.execute(insert).await?;
        self.insert_contents(catalog).await
    }

    async fn update(&mut self, catalog: &Catalog) -> Result<(), StorageError> {
        let update = sql("UPDATE catalogs SET display_name = $2, version = $3, applied_at = $4 WHERE key = $1")
            .with(catalog.key.as_str())
            .with(catalog.display_name.as_str())
            .with(i64::from(catalog.version))
            .with(catalog.applied_at.as_micros());
        self.execute_if_current(update).await?;
        self.delete_contents(&catalog.key).await?;
        self.insert_contents(catalog).await
    }

    async fn permissions(
        &mut self,
        organization: OrganizationId,
        after: Option<&PermissionKey>,
        limit: usize,
    ) -> Result<Page<CatalogPermission>, StorageError> {
        let mut list = scoped(organization, PERMISSIONS_OFFERED);
        list.push(" AND permission > ").bind(after.map_or("", PermissionKey::as_str));
        list.push(" ORDER BY permission").limit(limit);
        let rows = self.rows::<OfferedRow>(list).await?;
        let permissions = rows.into_iter().map(CatalogPermission::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(permissions, limit))
    }

    async fn grantable_among(
        &mut self,
        organization: OrganizationId,
        permissions: &[PermissionKey],
    ) -> Result<Vec<PermissionKey>, StorageError> {
        let given = Batch::of(PERMISSIONS, permissions.iter().map(PermissionKey::as_str));
        let text = "SELECT p.permission FROM given CROSS JOIN catalog_permissions p \
            CROSS JOIN subscriptions s WHERE p.permission = given.permission \
            AND s.organization_id = $1 AND s.catalog_key = p.catalog_key";
        let rows = self.batch_rows(&[organization.as_uuid().into()], given, text).await?;
        read_permissions("catalog_permissions", rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn no_page_of_permissions_costs_more_than_the_first() {
        let mut list = scoped(OrganizationId::from_uuid(uuid::Uuid::nil()), PERMISSIONS_OFFERED);
        list.push(" AND permission > ").bind("a").push(" ORDER BY permission").limit(50);
        assert_indexed(list).await;
    }
}
