use async_trait::async_trait;
use varco_domain::{CatalogKey, Organization, OrganizationId};

use super::{Page, StorageError};

/// Organizations, their seats and subscriptions.
#[async_trait]
pub trait OrganizationRepository: Send {
    /// Takes the organization's row until the end of the unit of work, so that no other write in
    /// it can come in between, and gives it as it is then.
    async fn lock(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// Gives one.
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// Lists by id; only the children of `parent` if one is given.
    async fn list(
        &mut self,
        parent: Option<OrganizationId>,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<Organization>, StorageError>;

    /// Stores a new one (without its root unit). Fails on its name.
    async fn insert(&mut self, organization: &Organization) -> Result<(), StorageError>;

    /// Stores name, display name and policies, and steps the version. Fails on its name, or as stale.
    async fn update(&mut self, organization: &mut Organization) -> Result<(), StorageError>;

    /// Stores limits and use of both pools. The row must be locked.
    async fn update_seats(&mut self, organization: &Organization) -> Result<(), StorageError>;

    /// Says whether any organization has this one as parent.
    async fn has_children(&mut self, id: OrganizationId) -> Result<bool, StorageError>;

    /// Deletes it with its units, roles, entries, memberships, subscriptions and service accounts.
    /// Accounts that live there must be gone.
    async fn delete(&mut self, id: OrganizationId) -> Result<(), StorageError>;

    /// Adds a subscription. Fails if it is there.
    async fn subscribe(&mut self, id: OrganizationId, catalog: &CatalogKey) -> Result<(), StorageError>;

    /// Ends a subscription. Says whether there was one.
    async fn unsubscribe(&mut self, id: OrganizationId, catalog: &CatalogKey) -> Result<bool, StorageError>;

    /// Every organization that subscribes to a catalog, by id.
    async fn subscribers(&mut self, catalog: &CatalogKey) -> Result<Vec<OrganizationId>, StorageError>;
}
