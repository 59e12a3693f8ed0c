use varco_domain::{OrganizationId, PermissionKey, RoleId, Version};

use super::permissions::{refuse_unknown, replace_permissions};
use super::{RoleError, lock_role, summarize};
use crate::storage::RoleSummary;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// Permissions for a role to grant.
#[derive(Clone, Debug)]
pub struct SetPermissions {
    /// The organization.
    pub organization: OrganizationId,
    /// The role.
    pub role: RoleId,
    /// As it was read.
    pub version: Version,
    /// All that it shall grant, as given.
    pub permissions: Vec<PermissionKey>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Replaces all permissions of a role.
pub async fn set_permissions(
    env: &Environment,
    caller: &Caller,
    command: &SetPermissions,
) -> Result<Written<RoleSummary>, RoleError> {
    let mut write = Write::begin(env, caller).await?;
    let role = lock_role(&mut write, command.organization, command.role).await?;
    if role.version != command.version {
        return Err(RoleError::Stale);
    }
    refuse_unknown(&mut write, command.organization, &command.permissions).await?;

    let permissions = command.permissions.iter().cloned().collect();
    let role = replace_permissions(&mut write, role, permissions).await?;
    let value = summarize(&mut write, role).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value, revision })
}
