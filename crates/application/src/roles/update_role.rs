use varco_domain::{Description, EventKind, Label, OrganizationId, RoleId, Version};

use super::{RoleError, lock_role, summarize};
use crate::storage::RoleSummary;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of a role.
#[derive(Clone, Debug)]
pub struct UpdateRole {
    /// The organization.
    pub organization: OrganizationId,
    /// The role.
    pub role: RoleId,
    /// As it was read.
    pub version: Version,
    /// Its new name, if it changes.
    pub name: Option<Label>,
    /// What it is for from now on, if that changes.
    pub description: Option<Description>,
}

/// Renames or describes a role.
pub async fn update_role(
    env: &Environment,
    caller: &Caller,
    command: &UpdateRole,
) -> Result<Written<RoleSummary>, RoleError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    let before = lock_role(&mut write, organization, command.role).await?;
    if before.version != command.version {
        return Err(RoleError::Stale);
    }

    let mut role = before.clone();
    role.name = command.name.clone().unwrap_or(role.name);
    role.description = command.description.clone().unwrap_or(role.description);
    if role != before {
        write.work().roles().update(&mut role).await?;
        let change = Change::updated(&before, &role);
        write.record(EventKind::RoleUpdated, Some(organization), &[("role", &role.id)], change);
    }
    let value = summarize(&mut write, role).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value, revision })
}
