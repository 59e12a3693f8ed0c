use varco_domain::{OrganizationId, RoleId};

use super::RoleError;
use crate::Environment;
use crate::storage::{Page, RoleSummary};

/// Roles to list.
#[derive(Clone, Copy, Debug)]
pub struct ListRoles {
    /// The organization.
    pub organization: OrganizationId,
    /// Only predefined ones (`Some(true)`) or custom ones (`Some(false)`).
    pub predefined: Option<bool>,
    /// The last one seen.
    pub before: Option<RoleId>,
    /// How many at most.
    pub limit: usize,
}

/// Gives one role with how many hold it.
pub async fn find_role(env: &Environment, organization: OrganizationId, id: RoleId) -> Result<RoleSummary, RoleError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(RoleError::OrganizationNotFound)?;
    let role = work.roles().find(organization, id).await?.ok_or(RoleError::RoleNotFound)?;
    let holders = work.roles().count_holders(organization, id).await?;
    Ok(RoleSummary { role, holders })
}

/// Lists roles, newest first.
pub async fn list_roles(env: &Environment, command: &ListRoles) -> Result<Page<RoleSummary>, RoleError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(RoleError::OrganizationNotFound)?;
    Ok(work.roles().list(organization, command.predefined, command.before, command.limit).await?)
}
