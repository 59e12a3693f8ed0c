use varco_domain::{Description, EventKind, Label, OrganizationId, PermissionKey, Role, RoleOrigin, Version};

use super::RoleError;
use super::permissions::{refuse_too_many, refuse_unknown};
use crate::storage::RoleSummary;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Once, Outcome};

/// A role to create.
#[derive(Clone, Debug)]
pub struct CreateRole {
    /// The organization.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Label,
    /// What it is for.
    pub description: Description,
    /// What it grants, as given.
    pub permissions: Vec<PermissionKey>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Creates a role.
pub async fn create_role(
    env: &Environment,
    caller: &Caller,
    command: &CreateRole,
    once: Option<&Once<'_, RoleSummary>>,
) -> Result<Outcome<RoleSummary>, RoleError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(RoleError::OrganizationNotFound)?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }

    refuse_unknown(&mut write, organization, &command.permissions).await?;
    let permissions = command.permissions.iter().cloned().collect();
    refuse_too_many(&permissions)?;
    let role = Role {
        id: env.new_id(),
        organization,
        name: command.name.clone(),
        description: command.description.clone(),
        permissions,
        origin: RoleOrigin::Custom,
        created_at: write.now(),
        version: Version::FIRST,
    };
    write.work().roles().insert(&role).await?;
    write.record(EventKind::RoleCreated, Some(organization), &[("role", &role.id)], Change::created(&role));
    Ok(write.finish_once(command.mode, RoleSummary { role, holders: 0 }, once).await?)
}
