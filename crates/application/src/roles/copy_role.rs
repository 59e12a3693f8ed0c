use varco_domain::{EventKind, Label, OrganizationId, Role, RoleId, RoleOrigin, Version};

use super::RoleError;
use crate::storage::RoleSummary;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A role to copy.
#[derive(Clone, Debug)]
pub struct CopyRole {
    /// The organization.
    pub organization: OrganizationId,
    /// What to copy.
    pub role: RoleId,
    /// The name of the copy.
    pub name: Label,
    /// Whether it happens.
    pub mode: Mode,
}

/// Copies a role under a new name, as a custom role that nobody holds yet.
pub async fn copy_role(
    env: &Environment,
    caller: &Caller,
    command: &CopyRole,
    once: Option<&Once<'_, RoleSummary>>,
) -> Result<Outcome<RoleSummary>, RoleError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(RoleError::OrganizationNotFound)?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }

    let original = write.work().roles().find(organization, command.role).await?.ok_or(RoleError::RoleNotFound)?;
    let role = Role {
        id: env.new_id(),
        name: command.name.clone(),
        origin: RoleOrigin::Custom,
        created_at: write.now(),
        version: Version::FIRST,
        ..original
    };
    write.work().roles().insert(&role).await?;
    write.record(EventKind::RoleCreated, Some(organization), &[("role", &role.id)], Change::created(&role));
    Ok(write.finish_once(command.mode, RoleSummary { role, holders: 0 }, once).await?)
}
