use varco_domain::{OrganizationId, PermissionKey, RoleId};

use super::permissions::{refuse_unknown, replace_permissions};
use super::{RoleError, lock_role, summarize};
use crate::storage::RoleSummary;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// Permissions to add to a role.
#[derive(Clone, Debug)]
pub struct AddPermissions {
    /// The organization.
    pub organization: OrganizationId,
    /// The role.
    pub role: RoleId,
    /// What it shall grant beside what it grants, as given.
    pub permissions: Vec<PermissionKey>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Adds permissions to a role. The lock makes edits of the same role follow each other, so all count.
pub async fn add_permissions(
    env: &Environment,
    caller: &Caller,
    command: &AddPermissions,
) -> Result<Written<RoleSummary>, RoleError> {
    let mut write = Write::begin(env, caller).await?;
    let role = lock_role(&mut write, command.organization, command.role).await?;
    refuse_unknown(&mut write, command.organization, &command.permissions).await?;

    let mut permissions = role.permissions.clone();
    permissions.extend(command.permissions.iter().cloned());
    let role = replace_permissions(&mut write, role, permissions).await?;
    let value = summarize(&mut write, role).await?;
    let revision = write.finish(command.mode).await?;
    Ok(Written { value, revision })
}
