use varco_domain::{EventKind, OrganizationId, RoleId};

use super::{RoleError, lock_role};
use crate::assignments::revoke_role_everywhere;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A role to delete.
#[derive(Clone, Copy, Debug)]
pub struct DeleteRole {
    /// The organization.
    pub organization: OrganizationId,
    /// The role.
    pub role: RoleId,
    /// Even if it is held: it is revoked everywhere first.
    pub force: bool,
    /// Whether it happens.
    pub mode: Mode,
}

/// Deletes a role. Gives from how many entries it was revoked.
pub async fn delete_role(env: &Environment, caller: &Caller, command: &DeleteRole) -> Result<Written<u32>, RoleError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    let role = lock_role(&mut write, organization, command.role).await?;
    let holders = write.work().roles().count_holders(organization, role.id).await?;
    if holders > 0 && !command.force {
        return Err(RoleError::InUse { holders });
    }

    let revoked_entries = revoke_role_everywhere(&mut write, organization, role.id).await?;
    write.work().roles().delete(organization, role.id).await?;
    write.record(EventKind::RoleDeleted, Some(organization), &[("role", &role.id)], Change::deleted(&role));
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: u32::try_from(revoked_entries).unwrap_or(u32::MAX), revision })
}
