use async_trait::async_trait;
use varco_domain::{Catalog, CatalogKey, CatalogPermission, OrganizationId, PermissionKey};

use super::{Page, StorageError};

/// Catalogs.
#[async_trait]
pub trait CatalogRepository: Send {
    /// Takes the catalog's row until the end of the unit of work, if there is one, and gives it
    /// whole. Locked before any organization.
    async fn lock(&mut self, key: &CatalogKey) -> Result<Option<Catalog>, StorageError>;

    /// Gives one whole.
    async fn find(&mut self, key: &CatalogKey) -> Result<Option<Catalog>, StorageError>;

    /// Lists by key, without permissions and roles.
    async fn list(&mut self, after: Option<&CatalogKey>, limit: usize) -> Result<Page<Catalog>, StorageError>;

    /// Stores a new one. Fails on its key.
    async fn insert(&mut self, catalog: &Catalog) -> Result<(), StorageError>;

    /// Replaces one whole.
    async fn update(&mut self, catalog: &Catalog) -> Result<(), StorageError>;

    /// Lists the permissions of the catalogs that an organization subscribes to, by key.
    async fn permissions(
        &mut self,
        organization: OrganizationId,
        after: Option<&PermissionKey>,
        limit: usize,
    ) -> Result<Page<CatalogPermission>, StorageError>;

    /// Gives those of these permissions that an organization can grant, sorted.
    async fn grantable_among(
        &mut self,
        organization: OrganizationId,
        permissions: &[PermissionKey],
    ) -> Result<Vec<PermissionKey>, StorageError>;
}
