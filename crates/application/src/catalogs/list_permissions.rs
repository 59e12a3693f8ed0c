use varco_domain::{CatalogPermission, OrganizationId, PermissionKey};

use super::CatalogError;
use crate::Environment;
use crate::storage::Page;

/// Permissions to list.
#[derive(Clone, Debug)]
pub struct ListPermissions {
    /// The organization.
    pub organization: OrganizationId,
    /// The last one seen.
    pub after: Option<PermissionKey>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the permissions that an organization can grant, by key.
pub async fn list_permissions(
    env: &Environment,
    command: &ListPermissions,
) -> Result<Page<CatalogPermission>, CatalogError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(CatalogError::OrganizationNotFound)?;
    Ok(work.catalogs().permissions(organization, command.after.as_ref(), command.limit).await?)
}
