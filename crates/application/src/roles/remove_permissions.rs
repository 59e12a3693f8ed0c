use varco_domain::{OrganizationId, PermissionKey, RoleId};

use super::permissions::replace_permissions;
use super::{RoleError, lock_role, summarize};
use crate::storage::RoleSummary;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// Permissions to remove from a role.
#[derive(Clone, Debug)]
pub struct RemovePermissions {
    /// The organization.
    pub organization: OrganizationId,
    /// The role.
    pub role: RoleId,
    /// What it shall no longer grant.
    pub permissions: Vec<PermissionKey>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Removes permissions from a role and leaves the others as they are.
pub async fn remove_permissions(
    env: &Environment,
    caller: &Caller,
    command: &RemovePermissions,
) -> Result<Written<RoleSummary>, RoleError> {
    let mut write = Write::begin(env, caller).await?;
    let role = lock_role(&mut write, command.organization, command.role).await?;

    let mut permissions = role.permissions.clone();
    for permission in &command.permissions {
        permissions.remove(permission);
    }
    let role = replace_permissions(&mut write, role, permissions).await?;
    let value = summarize(&mut write, role).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value, revision })
}
