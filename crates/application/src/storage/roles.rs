use async_trait::async_trait;
use varco_domain::{OrganizationId, PermissionKey, Role, RoleId};

use super::{Page, StorageError};

/// A role with how many hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSummary {
    /// The role.
    pub role: Role,
    /// How many subjects hold it directly in at least one unit.
    pub holders: u32,
}

/// Roles.
#[async_trait]
pub trait RoleRepository: Send {
    /// Gives one with its permissions.
    async fn find(&mut self, organization: OrganizationId, id: RoleId) -> Result<Option<Role>, StorageError>;

    /// Says which of these roles exist in an organization, sorted.
    async fn existing_among(
        &mut self,
        organization: OrganizationId,
        ids: &[RoleId],
    ) -> Result<Vec<RoleId>, StorageError>;

    /// Counts the subjects that hold a role directly.
    async fn count_holders(&mut self, organization: OrganizationId, id: RoleId) -> Result<u32, StorageError>;

    /// Lists roles, newest first; only predefined ones (`Some(true)`) or custom ones (`Some(false)`).
    async fn list(
        &mut self,
        organization: OrganizationId,
        predefined: Option<bool>,
        before: Option<RoleId>,
        limit: usize,
    ) -> Result<Page<RoleSummary>, StorageError>;

    /// Stores a new one with its permissions. Fails on its name.
    async fn insert(&mut self, role: &Role) -> Result<(), StorageError>;

    /// Stores name, description and permissions, and steps the version. Fails on its name, or as
    /// stale.
    async fn update(&mut self, role: &mut Role) -> Result<(), StorageError>;

    /// Deletes one. No entry may hold it.
    async fn delete(&mut self, organization: OrganizationId, id: RoleId) -> Result<(), StorageError>;

    /// Gives those of these permissions that some role of the organization, or of any if `None`,
    /// grants.
    async fn granted_among(
        &mut self,
        organization: Option<OrganizationId>,
        permissions: &[PermissionKey],
    ) -> Result<Vec<PermissionKey>, StorageError>;
}
